"""What the core asks of the outside, as protocols; adapters fulfil them, and only `bot.app` knows which."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from enum import IntEnum, StrEnum
from hashlib import blake2b
from typing import Protocol

from bot.domain.chats import Address, ChatKind, Message, Outcome
from bot.domain.delivery import Decision
from bot.domain.filters import Match
from bot.domain.gist import Story
from bot.domain.health import History
from bot.domain.hits import NO_HITS, Hits
from bot.domain.hours import Quiet
from bot.domain.lists import FeedList, ListedFeed
from bot.domain.moves import Move
from bot.domain.notices import Notice, Patient, Silence
from bot.domain.query import Query, Word
from bot.domain.rhythm import Rhythm
from bot.domain.rich import Text
from bot.domain.skips import NO_SKIPS, Skips
from bot.domain.stories import Entry, FeedDocument, Identified
from bot.domain.telling import Mode


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


Permit = Callable[[str], Awaitable[None]]
"""Is asked whether a URL may be fetched, and raises where it may not."""


class Web(Protocol):
    """The guarded way to strangers' servers."""

    async def get(self, url: str, validators: Validators = Validators()) -> Fetched | Unchanged:
        """Fetch a document.

        Raises:
            FetchFailed: whatever the reason; no other exception leaves.
        """
        ...


class NoTextKind(StrEnum):
    """Why a page has no text for us; each is for good, as far as anybody can tell."""

    ROBOTS = "robots"  # its outlet's robots.txt asks us not to read it
    GONE = "gone"  # there is no such page, or no way to it
    NOT_HTML = "not-html"
    TOO_LARGE = "too-large"
    TIMEOUT = "time-out"  # it would take too long to read
    CONSENT = "consent"
    LOGIN = "login"
    CHALLENGE = "challenge"
    PAYWALL = "paywall"
    NO_ARTICLE = "no-article"
    IRRELEVANT = "irrelevant"  # nobody could be waiting for a word of it, so it was not read


@dataclass(frozen=True, slots=True)
class NoText:
    """A page without a text, and why."""

    kind: NoTextKind


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of the article at a page: paragraphs separated by a blank line, as in an `Entry`; `url` after redirects.

    `language` is what the page declares, a code of two or three letters.
    """

    url: str
    text: str
    language: str | None = None


class Pages(Protocol):
    """The articles behind entries."""

    async def text(self, url: str, could_matter: Callable[[str], Awaitable[bool]] | None = None) -> PageText | NoText:
        """Fetch an article's page, and read the article in it.

        Args:
            url: an entry's link.
            could_matter: is asked, with more than the article's words, whether reading the article is worth while.

        Raises:
            FetchFailed: it may be there another time; `retry_after` says when to ask at the soonest, where known.
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

    def units(self, text: Text) -> int:
        """How much of what one message holds, which is 4,000 of these units, `text` takes with all its markup."""
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

    def hold(self, address: Address, seconds: float, *, everybody: bool | None = None) -> None:
        """Its platform asked for a pause of so many seconds: give this chat no turn, or nobody.

        Where it does not say of whom it asks that, that nobody gets one follows from how many chats it asks.
        """
        ...

    def lane(self, address: Address) -> Address:
        """What shares one chat's limits: chats with the same lane go one after the other."""
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
    validators: Validators = Validators()
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
    validators: Validators = Validators()


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


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat as stored.

    `gone` is why it takes nothing, "" where it does, and `gone_at` since when, where that is known. `zone` names its
    time zone, "" where it has not said; `digest` is when its digest comes, in minutes after midnight.
    """

    chat_id: int
    address: Address
    kind: ChatKind
    title: str = ""
    paused: bool = False
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


class Lists(Protocol):
    """Lists of feeds, as people bring them along and take them away."""

    async def fetch(self, url: str) -> bytes:
        """The document at an address.

        Raises:
            FetchFailed: it cannot be fetched.
        """
        ...

    async def read(self, document: bytes) -> FeedList:
        """The feeds of a list.

        Raises:
            NotAnOutlineError: it is none.
        """
        ...

    async def write(self, feeds: FeedList) -> bytes:
        """The list as a document."""
        ...


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

    async def pause(self, chat_id: int, *, paused: bool, now: float) -> None:
        """Hold the chat's alerts, or let them go."""
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


@dataclass(frozen=True, slots=True)
class Mute:
    """What a chat does not want to be told, `since` and `until` when (None: for good), and how much that has discarded.

    `muted` counts events. `query` is a query as it prints, or "event:7" for an event; `name` what it is called where
    that says nothing.
    """

    mute_id: int
    number: int
    query: str
    name: str
    until: float | None
    muted: int = 0
    since: float = 0.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many alerts of a chat that it still asks for may go `now`, and how many its wishes hold for `later`."""

    now: int
    later: int


class Telling(Protocol):
    """When and how chats want to be told, and what not.

    What is held while such a wish changes is decided on anew.
    """

    async def waiting(self, chat_id: int, zone: tzinfo, now: float) -> Waiting:
        """What waits in a chat, were it not paused; `zone` is of chats that have not said theirs."""
        ...

    async def set_zone(self, chat_id: int, zone: str, now: float) -> None:
        """Have the chat's times be of this zone, by its IANA name."""
        ...

    async def set_quiet(self, chat_id: int, quiet: Quiet | None, now: float) -> None:
        """Let the chat be quiet in these hours, or in none."""
        ...

    async def set_digest(self, chat_id: int, minute: int | None, now: float) -> None:
        """Let the chat's digest come at this time of day, or never: then what was for it comes at once."""
        ...

    async def set_modes(self, chat_id: int, filter_ids: Sequence[int], mode: Mode, now: float) -> None:
        """Have these of the chat's filters tell so."""
        ...

    async def mute(self, chat_id: int, query: str, *, name: str, until: float | None, now: float) -> Mute:
        """Discard what this query matches and is made until then, whenever its turn comes.

        Where it is muted already, until another instant.
        """
        ...

    async def unmute(self, chat_id: int, mute_id: int) -> None:
        """Discard it no more."""
        ...

    async def mutes(self, chat_id: int, now: float) -> list[Mute]:
        """The chat's mutes that are in force, by number."""
        ...

    async def event(self, chat_id: int, event_id: int) -> tuple[str, float] | None:
        """How an event is headed of which the chat was alerted, and when it began; None where it was not."""
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
    that a chat gets after its return, `held` where something held it back ("quiet", "digest" …) since `made_at`. `zone`
    is the chat's, as in `Chat`. `mutes` are what it offers to mute: of which kind, by what name, by which action.
    `language` is as in `FoundStory`.
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
    page: str = ""
    also: tuple[str, ...] = ()
    event_id: int = 0
    silent: bool = False
    missed: Missed | None = None
    held: str = ""
    made_at: float = 0.0
    zone: str = ""
    mutes: tuple["MuteOffer", ...] = ()
    language: str = ""
    feed_url: str = ""


@dataclass(frozen=True, slots=True)
class MuteOffer:
    """A mute one tap away: of a "word", an "outlet" or the "event", what that is called, and the button's action."""

    kind: str
    name: str
    action: str


@dataclass(frozen=True, slots=True)
class ClaimedDigest:
    """Alerts of one chat in hand that are to be told in one message, newest first; at least one.

    `waiting` counts all that wait to be told so in this chat, these included; `rest` names those that the message has
    no room for: they wait as before. `known_as` is the key under which an earlier try may have arrived, with these
    alerts and no others.
    """

    alerts: tuple[ClaimedAlert, ...]
    waiting: int
    rest: tuple[int, ...] = ()
    known_as: str = ""

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

    @property
    def key(self) -> str:
        """What tells its message from all others, at most 25 characters: which alerts it tells, or told at first."""
        if self.known_as:
            return self.known_as
        told = " ".join(f"{alert.alert_id}-{alert.made_at:.0f}" for alert in self.alerts)
        return "d" + blake2b(told.encode(), digest_size=8).hexdigest()

    def telling(self, number: int) -> "ClaimedDigest":
        """The digest of its first `number` alerts."""
        rest = tuple(alert.alert_id for alert in self.alerts[number:])
        return replace(self, alerts=self.alerts[:number], rest=self.rest + rest)


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


@dataclass(frozen=True, slots=True)
class DueNotice:
    """A notice that is to be sent; `attempts` counts the tries before this one, `zone` is the chat's, as in `Chat`."""

    notice_id: int
    address: Address
    notice: Notice
    attempts: int
    plain: bool
    zone: str = ""


class Notices(Protocol):
    """What chats are told besides alerts."""

    async def patients(self, now: float) -> list[Patient]:
        """Followed feeds that are not well, or of which somebody was told that they are not."""
        ...

    async def silences(self, now: float) -> list[tuple[int, Silence]]:
        """Filters that have brought nothing for long and were not pointed out yet, each with its chat."""
        ...

    async def tell(self, notices: Sequence[Notice], now: float) -> None:
        """Let these be sent, and remember that they were told."""
        ...

    async def due(self, platform: str, now: float, limit: int) -> list[DueNotice]:
        """Notices whose time has come, of chats that take messages, and are neither paused nor in their quiet hours."""
        ...

    async def settle(self, notice_id: int, decision: Decision) -> None:
        """Store what became of a try: a notice that was sent, or cannot be, goes."""
        ...


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
