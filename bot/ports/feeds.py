"""Feeds as the store knows them, and how they are met for the first time."""

from dataclasses import dataclass
from typing import Protocol

from bot.domain.health import History
from bot.domain.hits import NO_HITS, Hits
from bot.domain.moves import Move
from bot.domain.rhythm import Rhythm
from bot.domain.skips import NO_SKIPS, Skips
from bot.domain.stories import FeedDocument, Identified
from bot.ports.web import NO_VALIDATORS, Validators


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as stored; instants in Unix seconds.

    `digest` is of the entries and `body` of the bytes that were read last, at `read_at`; `primed` says that a poll
    which held stories was taken in, and `taken_at` when one was last, entry by entry; `window` is the time that its
    entries cover and `ttl` for how long its document wants to be left alone, in seconds; `move` is the permanent
    redirect that its polls end at; `rhythm` is what its polls have taught. It answered as a feed last at `well_at`, and
    its document held so many `entries`; of its `failures` in a row the first was at `failing_since`. `skips` is when it
    asks not to be asked; `readers` follow it, and its `hits` say how much of it they want. It is asked next at
    `due_at`, None where it is not.
    """

    feed_id: int
    url: str
    title: str = ""
    language: str | None = None
    validators: Validators = NO_VALIDATORS
    digest: str = ""
    body: str = ""
    read_at: float | None = None
    primed: bool = False
    taken_at: float | None = None
    polled_at: float | None = None
    news_at: float | None = None
    window: float | None = None
    ttl: float | None = None
    failures: int = 0
    error: str = ""
    move: Move | None = None
    rhythm: Rhythm | None = None
    readers: int = 1
    hits: Hits = NO_HITS
    well_at: float | None = None
    entries: int | None = None
    failing_since: float | None = None
    skips: Skips = NO_SKIPS
    due_at: float | None = None

    @property
    def history(self) -> History:
        """What its health is told from."""
        return History(
            self.polled_at, self.well_at, self.failures, self.error, self.entries, self.rhythm, self.failing_since
        )

    @property
    def host(self) -> str:
        """Name and port of the server that it is asked of."""
        return self.url.partition("://")[2].partition("/")[0].lower()


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll that ended at a feed: when, what its document's entries cover in seconds, and where it has moved.

    `rhythm` is what is known of its news after it; `entries` how many its document holds, None where none was read.
    """

    at: float
    due_at: float
    window: float | None
    rhythm: Rhythm
    move: Move | None = None
    entries: int | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """A document that was sent whole: its digest, and what to ask with next time."""

    digest: str
    validators: Validators = NO_VALIDATORS


class Feeds(Protocol):
    """Feeds and what a poll brings: commit 1."""

    async def due(
        self, now: float, limit: int, *, without: frozenset[str] = frozenset(), in_hand: frozenset[int] = frozenset()
    ) -> list[Feed]:
        """Followed feeds whose time has come, the longest due first, `without` those of some hosts or `in_hand`."""
        ...

    async def followed(self) -> int:
        """How many feeds somebody follows."""
        ...

    async def take_in(
        self,
        feed: Feed,
        document: FeedDocument,
        identified: Identified,
        *,
        now: float,
        max_age: float,
        if_first: bool = False,
    ) -> int:
        """Store what is new or changed in a document, with what its entries are known by; how many stories are new.

        A feed's first poll that holds stories stores them as silent, and so are stories older than `max_age` seconds.
        With `if_first`, nothing is done where such a poll was stored already.
        """
        ...

    async def polled(self, feed_id: int, poll: Poll, body: Body | None = None) -> None:
        """The feed answered, and with which document if it sent one: the last word on a poll, once all is stored."""
        ...

    async def failed(self, feed_id: int, *, now: float, due_at: float | None, error: str) -> None:
        """The feed did not answer as a feed, and why; without a time, it is not asked until it is followed anew."""
        ...

    async def postponed(self, feed_id: int, due_at: float) -> None:
        """The feed was not asked; ask it at `due_at`."""
        ...

    async def relocate(self, feed_id: int, to: str) -> None:
        """The feed has moved; where its new address is a feed that is known already, the two become one."""
        ...


@dataclass(frozen=True, slots=True)
class Introduction:
    """A feed as it answered when somebody asked to follow it; `moved_to` as for `Fetched`."""

    document: FeedDocument
    body: Body
    moved_to: str | None = None


class Introductions(Protocol):
    """How a feed is looked at before anybody follows it."""

    async def introduce(self, url: str) -> Introduction:
        """Look at a feed that somebody wants to follow.

        Raises:
            FetchFailed: it cannot be fetched.
            NotAFeed: what is there is no feed.
        """
        ...

    async def welcome(self, feed: Feed, introduction: Introduction) -> None:
        """Take in what a feed held when it was introduced: its first poll, which is silent."""
        ...
