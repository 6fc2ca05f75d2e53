"""What the core asks of the outside, as protocols; adapters fulfil them, and only `bot.app` knows which."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from bot.domain.chats import Address, ChatKind, Message, Outcome
from bot.domain.delivery import Decision
from bot.domain.filters import Match
from bot.domain.moves import Move
from bot.domain.query import Query
from bot.domain.stories import Entry, FeedDocument, Identified


class Clock(Protocol):
    """Time, which comes in at the root."""

    def now(self) -> float:
        """Unix seconds (UTC)."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds`."""
        ...


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask with next time, sent back verbatim."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document: `url` is where it was found after redirects, `body` is decompressed, `max_age` in seconds.

    `moved_to` is where the address that was asked for has moved for good: the end of the permanent redirects that the
    way began with, None where it began with none.
    """

    url: str
    body: bytes
    content_type: str = ""
    validators: Validators = Validators()
    max_age: float | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The server says that nothing changed (304); the rest as for `Fetched`."""

    max_age: float | None = None
    moved_to: str | None = None


class Web(Protocol):
    """The guarded way to strangers' servers."""

    async def get(self, url: str, validators: Validators = Validators()) -> Fetched | Unchanged:
        """Fetch a document.

        Raises:
            FetchFailed: whatever the reason; no other exception leaves.
        """
        ...


class Reader(Protocol):
    """From bytes to a feed's document, off the event loop."""

    async def read(self, body: bytes, *, content_type: str = "", url: str = "") -> FeedDocument:
        """Parse a feed; `url` resolves relative links.

        Raises:
            NotAFeed: the bytes are no feed; no other exception leaves.
        """
        ...


class Sender(Protocol):
    """One platform's way of sending."""

    async def send(self, address: Address, message: Message) -> Outcome:
        """Send a message; every failure is an outcome, no exception leaves but cancellation."""
        ...

    async def edit(self, address: Address, message_id: str, message: Message) -> Outcome:
        """Let a message that was sent say this from now on; `Sent` also where it says so already.

        `Missing` where it is not there any more. Neither its silence nor what it replies to can be changed.
        """
        ...


class Urgency(IntEnum):
    """Who goes first when several want to send; the smaller the sooner."""

    ANSWER = 0
    ALERT = 1
    EDIT = 2


class Turns(Protocol):
    """The one limiter that everything sent to a platform passes."""

    async def turn(self, address: Address, urgency: Urgency) -> None:
        """Return when a message to this chat may be sent."""
        ...

    def hold(self, address: Address, seconds: float) -> None:
        """Its platform asked for a pause: give this chat no turn for so many seconds, or nobody if it meant all."""
        ...

    def pause(self, address: Address) -> float:
        """Seconds until this chat's own limits allow another message."""
        ...

    def closed(self) -> float:
        """Seconds until anybody may be sent anything."""
        ...


class StoreFailed(Exception):
    """The store could not do it (disk full, locked, corrupt); nothing of the use case was written."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as stored; instants in Unix seconds.

    `digest` is of the entries and `body` of the bytes that were read last, at `read_at`; `primed` says that a poll
    which held stories was taken in; `window` is the time that its entries cover and `ttl` for how long its document
    wants to be left alone, in seconds; `move` is the permanent redirect that its polls end at.
    """

    feed_id: int
    url: str
    title: str = ""
    language: str | None = None
    validators: Validators = Validators()
    digest: str = ""
    body: str = ""
    read_at: float | None = None
    primed: bool = False
    polled_at: float | None = None
    news_at: float | None = None
    window: float | None = None
    ttl: float | None = None
    failures: int = 0
    error: str = ""
    move: Move | None = None


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll that ended at a feed: when, what its document's entries cover in seconds, and where it has moved."""

    at: float
    due_at: float
    window: float | None
    move: Move | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """A document that was sent whole: its digest, and what to ask with next time."""

    digest: str
    validators: Validators = Validators()


class Feeds(Protocol):
    """Feeds and what a poll brings: commit 1."""

    async def due(self, now: float, limit: int) -> list[Feed]:
        """Followed feeds whose time has come, the longest due first."""
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

    async def failed(self, feed_id: int, *, now: float, due_at: float, error: str) -> None:
        """The feed did not answer as a feed, and why."""
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


@dataclass(frozen=True, slots=True)
class StoredStory:
    """A story's newest version, what it was when it was matched last (None for a new one), and its feed.

    `own_link` says that its link tells it apart from its feed's other stories, `own_number` that the outlet's number
    in it does.
    """

    story_id: int
    own_link: bool
    own_number: bool
    feed_id: int
    version: int
    entry: Entry
    previous: Entry | None


class Stories(Protocol):
    """Stories, their matches and events: commit 2."""

    async def unprocessed(self, limit: int, skip: frozenset[int] = frozenset()) -> list[StoredStory]:
        """Stories that were taken in and not matched yet, oldest first, without those to skip."""
        ...

    async def settle(
        self, story: StoredStory, *, event_key: str, matches: Sequence[Match], fresh: frozenset[str], now: float
    ) -> int:
        """Store what matched, and an alert for each chat that is entitled to one; how many alerts.

        `fresh` names the queries that no earlier version of the story matched.
        """
        ...


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat as stored."""

    chat_id: int
    address: Address
    kind: ChatKind
    title: str = ""
    paused: bool = False
    gone: str = ""
    admitted: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A chat's filter: its number in the chat, never used again, and how many alerts it brought."""

    filter_id: int
    number: int
    query: str
    since: float
    hits_week: int = 0
    hits_month: int = 0


@dataclass(frozen=True, slots=True)
class Follow:
    """A feed that a chat follows; `everything` pushes each of its stories."""

    feed: Feed
    everything: bool
    since: float


@dataclass(frozen=True, slots=True)
class FoundStory:
    """A stored story that matched, for a list: what it says, and whose feed it is from."""

    story_id: int
    entry: Entry
    outlet: str
    first_seen: float
    queries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How a chat stands: what it follows and what was done for it, counted over all that is stored."""

    feeds: int
    failing: int
    filters: int
    stories_week: int
    matches_week: int
    sent: int
    due: int
    failed: int
    last_poll: float | None
    last_sent: float | None


class Chats(Protocol):
    """Chats, what they follow and what they watch."""

    async def find(self, address: Address) -> Chat | None:
        """The chat, if anything is stored of it."""
        ...

    async def enter(self, address: Address, kind: ChatKind, title: str, *, now: float, admitted: bool = False) -> Chat:
        """The chat, stored from now on; `admitted` is kept once given."""
        ...

    async def is_admitted(self, address: Address) -> bool:
        """Whether an operator let this chat in, in whichever of its topics."""
        ...

    async def follow(
        self,
        chat_id: int,
        feeds: Sequence[tuple[str, str]],
        *,
        everything: bool,
        now: float,
        most: int,
        most_total: int,
    ) -> list[Feed]:
        """Follow feeds (URL, title); those that were not followed before are returned. `UserError` over the limits."""
        ...

    async def knows_feed(self, url: str) -> bool:
        """Whether a feed at this very address is followed by anybody."""
        ...

    async def unfollow(self, chat_id: int, feed_id: int) -> None:
        """Follow this feed no more; one that nobody follows is polled no more."""
        ...

    async def follows(self, chat_id: int) -> list[Follow]:
        """What the chat follows, in the order in which it came."""
        ...

    async def watch(self, chat_id: int, query: Query, *, now: float, most: int) -> tuple[Filter, bool]:
        """Set a filter; False when the chat has it already. `UserError` over the limit."""
        ...

    async def unwatch(self, chat_id: int, filter_id: int) -> None:
        """Remove a filter; alerts that are due for it alone are withdrawn when their turn comes."""
        ...

    async def filters(self, chat_id: int, now: float) -> list[Filter]:
        """The chat's filters by number."""
        ...

    async def queries(self) -> list[str]:
        """The query of every filter of every chat."""
        ...

    async def recent(self, chat_id: int, *, since: float, limit: int) -> list[FoundStory]:
        """The newest stories of the feeds that the chat follows, for a back-test."""
        ...

    async def remember(self, story_ids: Sequence[int], matches: Sequence[Match]) -> None:
        """Store matches that a back-test found; `matches[i]` is of the story `story_ids[i]`."""
        ...

    async def latest(self, chat_id: int, limit: int) -> list[FoundStory]:
        """The newest stories that the chat's filters match, newest first."""
        ...

    async def pause(self, chat_id: int, *, paused: bool, now: float) -> None:
        """Hold the chat's alerts, or let them go."""
        ...

    async def gone(self, address: Address, why: str) -> None:
        """The chat takes nothing any more: hold its alerts until it returns."""
        ...

    async def returned(self, address: Address, now: float) -> bool:
        """The chat takes messages again, in all of its topics that were not closed on their own; False if it did."""
        ...

    async def moved(self, address: Address, to: str, now: float) -> None:
        """The chat has another identifier; where both are stored they become one."""
        ...

    async def erase(self, chat_id: int) -> None:
        """Forget everything that is stored of a chat."""
        ...

    async def standing(self, chat_id: int, now: float) -> Standing:
        """What `/status` tells."""
        ...

    async def action(self, chat_id: int, line: str) -> str:
        """The short id of the stored action that says `line` in this chat."""
        ...

    async def line_of(self, chat_id: int, action: str) -> str | None:
        """What a stored action says, if it is this chat's."""
        ...

    async def operators(self) -> frozenset[str]:
        """Persons who claimed this instance."""
        ...

    async def claim_instance(self, person: str) -> None:
        """Make a person an operator."""
        ...


@dataclass(frozen=True, slots=True)
class Missed:
    """What waited while a chat took nothing: since when, and how many alerts."""

    since: float
    count: int


@dataclass(frozen=True, slots=True)
class ClaimedAlert:
    """An alert in hand, with all that it takes to write it.

    `matches` are those of the chat's filters, which still exist; `everything` says that the chat follows all of the
    feed's stories. `attempts` counts the failed tries before this one. `missed` is set where this is the first thing
    that a chat gets after its return, `held` where something held it back ("quiet", "digest" …).
    """

    alert_id: int
    chat_id: int
    address: Address
    kind: ChatKind
    attempts: int
    plain: bool
    story_id: int
    entry: Entry
    outlet: str
    first_seen: float
    matches: tuple[Match, ...]
    everything: bool
    reply_to: str | None
    event_id: int = 0
    silent: bool = False
    missed: Missed | None = None
    held: str = ""


@dataclass(frozen=True, slots=True)
class ClaimedDigest:
    """Alerts of one chat in hand that are to be told in one message, newest first; at least one.

    `waiting` counts all that wait to be told so in this chat, these included; `rest` names those that the message has
    no room for: they wait as before.
    """

    alerts: tuple[ClaimedAlert, ...]
    waiting: int
    rest: tuple[int, ...] = ()

    @property
    def address(self) -> Address:
        """Where it goes."""
        return self.alerts[0].address

    @property
    def chat_id(self) -> int:
        """The chat that it goes to."""
        return self.alerts[0].chat_id

    @property
    def attempts(self) -> int:
        """How many tries have failed, at most, for any of its alerts."""
        return max(alert.attempts for alert in self.alerts)

    @property
    def plain(self) -> bool:
        """Whether it goes as plain text: one of its alerts does."""
        return any(alert.plain for alert in self.alerts)

    def telling(self, number: int) -> "ClaimedDigest":
        """The digest of its first `number` alerts."""
        rest = tuple(alert.alert_id for alert in self.alerts[number:])
        return ClaimedDigest(self.alerts[:number], self.waiting, self.rest + rest)


@dataclass(frozen=True, slots=True)
class ClaimedEdit:
    """An alert that was delivered as `message_id`, to be told anew there; `version` is what its edit has come to."""

    alert: ClaimedAlert
    message_id: str
    version: int
    attempts: int
    plain: bool

    @property
    def address(self) -> Address:
        """Where the message is."""
        return self.alert.address

    @property
    def chat_id(self) -> int:
        """The chat that it is in."""
        return self.alert.chat_id


Claimed = ClaimedAlert | ClaimedDigest | ClaimedEdit


class Outbox(Protocol):
    """What is still to be delivered: commit 3."""

    async def recover(self, platform: str, *, run: str, now: float) -> int:
        """At the start of `run`: free what other runs had claimed; how many alerts that were."""
        ...

    async def claim(self, platform: str, *, run: str, limit: int, now: float) -> list[ClaimedAlert | ClaimedDigest]:
        """Due alerts of at most `limit` chats: of most, those with the newest matter; of some, who waited longest.

        A chat's newest alert comes first; where too many wait in a chat, they come in digests. Entitlement is checked
        again: an alert whose filters are all gone is withdrawn instead.
        """
        ...

    async def claim_edits(self, platform: str, *, run: str, limit: int, now: float) -> list[ClaimedEdit]:
        """At most `limit` edits whose time has come; those that may not be made any more are let go."""
        ...

    async def want_edit(self, alert_id: int, *, now: float) -> None:
        """An alert is not what it was: bring its message up to date, if it was sent, as soon as that may be."""
        ...

    async def hold(self, chat_id: int, *, until: float, why: str) -> int:
        """Hold a chat's due alerts until an instant; how many. `why` is told with them ("quiet", "digest" …)."""
        ...

    async def next_ready(self, platform: str) -> float | None:
        """When the next chat is ready for an alert, or an edit due."""
        ...

    async def mark(self, claimed: Claimed, decision: Decision, *, now: float, next_at: float) -> None:
        """Store what became of a try; the chat's next alert is not before `next_at`."""
        ...


class Instants(Protocol):
    """What is stored of time, for a clock that was set."""

    async def latest(self) -> float | None:
        """The latest instant at which anything is stored to have happened."""
        ...

    async def clock_was_set(self, by: float, *, now: float) -> None:
        """The clock was set by so many seconds, to `now`: what waits for an instant waits no longer than before.

        Where it was set back, what is stored to have happened later than `now` happened, in its order, just before.
        """
        ...
