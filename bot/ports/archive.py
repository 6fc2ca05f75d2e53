"""What is asked of the stories that are stored: back-tests, and what became of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.domain.filters import Match
from bot.domain.query import Query, Word
from bot.domain.stories import Entry


@dataclass(frozen=True, slots=True)
class FoundStory:
    """A stored story that matched, for a list: what it says, and whose feed it is from.

    `language` is the one that it was found to be in, whatever its feed declares; empty where that is not known.
    """

    story_id: int
    entry: Entry
    outlet: str
    first_seen: float
    queries: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class BackTest:
    """What a query would have alerted a chat on; `days` is over how many of the last days, at most 30.

    What is stored of these is as much as the feeds bring in so many days as are `covered`: on the first day some feeds'
    stories reach back further than others'.

    `events` counts what it would have told, each event once; `found` are the newest stories, with what matched in
    each; `feeds` and `stories_a_day` are what the chat follows and what these bring. `unknown` maps words of the query
    that no stored story holds to how stories spell the nearest one. Where it is not `whole`, there are older stories
    that were not looked at, for the query takes long.
    """

    events: int
    days: float
    covered: float
    whole: bool
    found: tuple[tuple["FoundStory", Match], ...]
    feeds: int
    stories_a_day: float
    unknown: Mapping[Word, str]


@dataclass(frozen=True, slots=True)
class Told:
    """An alert: the story that it tells, its state, and when it came to that, in Unix seconds."""

    story_id: int
    state: str
    at: float


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a story for a chat; instants in Unix seconds.

    `page` is the text of its article, where that was read. `followed_at` is when the chat began to follow its feed,
    None where it does not; `silent` says that it was no news when it turned up; `alerts` has the filters that an alert
    of the chat on its event names. `edited` says that it is not what it was at first, `shortened` that it was matched
    with more text than is kept.
    """

    story: FoundStory
    feed_url: str
    followed_at: float | None
    silent: bool
    alerts: Mapping[int, Told]
    page: str = ""
    edited: bool = False
    shortened: bool = False


class Archive(Protocol):
    """The stored stories' words, asked about."""

    async def back_test(self, chat_id: int, query: Query, now: float) -> BackTest:
        """Try a query against the stories of the last 30 days of the feeds that a chat follows."""
        ...

    async def told_in(self, chat_id: int, message_id: str) -> Fate | None:
        """The story that a message of ours told."""
        ...

    async def story_at(self, chat_id: int, url: str) -> Fate | None:
        """The story with this link, of the feeds that the chat follows before others."""
        ...
