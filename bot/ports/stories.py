"""Stories as the store keeps them, from their arrival to the event that they are settled in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.filters import Match
from bot.domain.gist import Story
from bot.domain.stories import Entry


@dataclass(frozen=True, slots=True)
class StoredStory:
    """A story's newest version, what it was when it was matched last (None for a new one), and its feed.

    `own_link` says that its link tells it apart from its feed's other stories, `own_number` that the outlet's number
    in it does; `page` is the text of its article, where that was read.
    """

    story_id: int
    own_link: bool
    own_number: bool
    feed_id: int
    version: int
    entry: Entry
    previous: Entry | None
    outlet: str = ""
    feed_url: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class StoryWords:
    """A story's words as they are kept: its language, the words of each field as written, and how they are found again.

    `loud` says that its headline is all capitals. `keys` gives the keys of a word, made by the method of this name;
    another method makes others. `host` is its link's, `author` who wrote it; empty where that is not known.
    """

    language: str
    loud: bool
    fields: tuple[tuple[str, ...], ...]
    keys: Callable[[str], tuple[str, ...]]
    method: str
    host: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """What commit 2 did: the event that the story belongs to, None where a newer version decides; how many alerts."""

    event_id: int | None = None
    alerts: int = 0


@dataclass(frozen=True, slots=True)
class DuePage:
    """A story whose article is to be read at `url`, after so many tries that failed."""

    story: StoredStory
    url: str
    attempts: int


class Stories(Protocol):
    """Stories, their matches and events: commit 2."""

    async def unprocessed(self, limit: int, skip: frozenset[int] = frozenset()) -> list[StoredStory]:
        """Stories that were taken in and not matched yet, oldest first, without those to skip."""
        ...

    async def settle(
        self,
        story: StoredStory,
        *,
        words: StoryWords,
        event_key: str,
        event_id: int | None = None,
        is_development: bool = False,
        wants_page: bool = False,
        matches: Sequence[Match],
        fresh: frozenset[str],
        now: float,
    ) -> Settled:
        """Store the story's words, what matched, and an alert for each chat that is entitled to one.

        It joins the event of `event_key`, else `event_id`, else is its own. Alerts on the event name its outlet from
        then on; if it `is_development`, chats that know of the event get a silent reply, at most three an event.
        `fresh` names the queries that no earlier version of the story matched. If it `wants_page` and is news, its
        page is due from now on.
        """
        ...

    async def window(self, since: float) -> list[tuple[Story, int]]:
        """The settled stories of the events that began since, each with its event, in the order of their coming."""
        ...

    async def due_pages(self, now: float, limit: int) -> list[DuePage]:
        """Pages to be read, the longest due first."""
        ...

    async def page_read(
        self, due: DuePage, *, text: str, words: StoryWords, matches: Sequence[Match], now: float
    ) -> int:
        """Store a page's text and what matched with it, and the alerts that follow; how many.

        Nothing of it where the story has changed meanwhile: its page is due again.
        """
        ...

    async def page_failed(self, due: DuePage, *, why: str, due_at: float | None) -> None:
        """Store why a page has not been read, and when it is to be tried again, if at all."""
        ...
