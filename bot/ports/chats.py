"""Chats, what they follow and what they watch for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.domain.chats import Address, ChatKind
from bot.domain.filters import Match
from bot.domain.hours import Quiet
from bot.domain.lists import ListedFeed
from bot.domain.query import Query
from bot.domain.telling import Mode
from bot.ports.archive import FoundStory
from bot.ports.feeds import Feed


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat as stored.

    `paused_until` is when its pause ends by itself, None where it does not, or there is none.
    `gone` is why it takes nothing, "" where it does, and `gone_at` since when, where that is known. `zone` names its
    time zone, "" where it has not said; `digest` is when its digest comes, in minutes after midnight.
    """

    chat_id: int
    address: Address
    kind: ChatKind
    title: str = ""
    paused: bool = False
    paused_until: float | None = None
    gone: str = ""
    gone_at: float | None = None
    admitted: bool = False
    zone: str = ""
    quiet: Quiet | None = None
    digest: int | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """A chat's filter: its number in the chat, never used again, how it tells, and how many alerts it brought."""

    filter_id: int
    number: int
    query: str
    since: float
    hits_week: int = 0
    hits_month: int = 0
    mode: Mode = Mode.INSTANT


@dataclass(frozen=True, slots=True)
class Follow:
    """A feed that a chat follows; `everything` pushes each of its stories.

    `listed` is as what it came in a list, None where it came alone.
    """

    feed: Feed
    everything: bool
    since: float
    listed: ListedFeed | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a list's feeds: how many are followed anew, and were before, and those beyond a limit.

    `full` is the limit's key in the locale files ("limit-feeds", "limit-total-feeds"), empty where none was met.
    """

    new: int
    known: int
    beyond: tuple[ListedFeed, ...] = ()
    full: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a chat stands: what it follows and what was done for it, counted over all that is stored, `since` when.

    `held` says of each reason how many of those `due` it holds, and until when the first; `refusals` why some failed.
    """

    feeds: int
    filters: int
    stories_week: int
    matches_week: int
    sent: int
    due: int
    failed: int
    last_poll: float | None
    last_sent: float | None
    since: float = 0.0
    held: Mapping[str, tuple[int, float]] = field(default_factory=dict)
    muted: int = 0
    refusals: Mapping[str, int] = field(default_factory=dict)


class Chats(Protocol):
    """Chats, what they follow and what they watch."""

    async def find(self, address: Address) -> Chat | None:
        """The chat, if anything is stored of it."""
        ...

    async def enter(self, address: Address, kind: ChatKind, title: str, *, now: float, admitted: bool = False) -> Chat:
        """The chat, stored from now on; `admitted` is kept once given, and a title where another is not known."""
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

    async def follow_listed(
        self, chat_id: int, feeds: Sequence[ListedFeed], *, now: float, most: int, most_total: int
    ) -> Taken:
        """Follow feeds as a list has them, as many as the limits allow; nothing is asked of them first."""
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
        """Set a filter as of `now`; False when the chat has it already. `UserError` over the limit.

        Stories that were seen since then have to be matched again, and are marked so.
        """
        ...

    async def unwatch(self, chat_id: int, filter_id: int, now: float) -> None:
        """Remove a filter; alerts that are due for it alone are withdrawn when their turn comes."""
        ...

    async def removed(self, chat_id: int, number: int) -> Filter | None:
        """The filter of the chat that had this number, if it can be brought back."""
        ...

    async def watch_again(self, chat_id: int, number: int, *, now: float, most: int) -> tuple[Filter, bool]:
        """Bring the filter that had this number back as it was; the one that has its query now, and False, if any.

        Soon after it was removed, with all that it would have brought meanwhile. `UserError` over the limit, and where
        there is none.
        """
        ...

    async def filters(self, chat_id: int, now: float) -> list[Filter]:
        """The chat's filters by number."""
        ...

    async def queries(self) -> list[str]:
        """The query of every filter of every chat."""
        ...

    async def remember(self, story_ids: Sequence[int], matches: Sequence[Match]) -> None:
        """Store matches that a back-test found; `matches[i]` is of the story `story_ids[i]`."""
        ...

    async def latest(self, chat_id: int, limit: int) -> list[FoundStory]:
        """The newest stories that the chat's filters match, newest first."""
        ...

    async def pause(self, chat_id: int, *, paused: bool, now: float, until: float | None = None) -> None:
        """Hold the chat's alerts, until then where that is said, or let them go."""
        ...

    async def gone(self, address: Address, why: str, now: float) -> None:
        """The chat takes nothing any more: hold its alerts until it returns, as `bot.domain.returns` has it."""
        ...

    async def gone_from_others(self, platform: str, here: Collection[str], why: str, now: float) -> None:
        """Of the chats of this platform that have topics, only these are there still; the others take nothing."""
        ...

    async def returned(self, address: Address, now: float) -> bool:
        """The chat takes messages again, in all of its topics that were not closed on their own; False if it did."""
        ...

    async def may_have_returned(self, address: Address, now: float) -> bool:
        """What it may do has changed: where it takes nothing for want of that, look soon; False if it does nowhere."""
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
