"""From a story's arrival to its page's match the process may be killed at any commit: each alert comes, and comes once.

The real line over a real file: poll, match, read the page, match again, deliver. Two outlets, pages of which one is
late, a headline that changes. The line is run through once to count its commits, and then once for each of them, killed
just before or just after it; what the file and its log hold at that moment is all that the next run has.
"""

import asyncio
import shutil
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import TypeVar

import sqlite_utils

from bot.articles import Articles
from bot.delivery import Delivery
from bot.domain.budget import Budget
from bot.domain.chats import Address, Message, Missing, Outcome, Sent
from bot.domain.errors import FetchFailed, FetchKind
from bot.domain.events import WINDOW, Events
from bot.domain.filters import FilterIndex
from bot.domain.pages import Exempt
from bot.domain.query import parse
from bot.domain.rich import Text, text_units, to_plain
from bot.domain.schedule import Bounds
from bot.feeds.reader import FeedReader
from bot.pipeline import Matching, Polling
from bot.ports.web import Fetched, NoText, NoTextKind, PageText, Unchanged, Validators
from bot.texts import Texts
from storage import Database
from support.inline import InlineDatabase
from support.outlets import Feed
from support.scripted import AtOnce
from support.stored import ANALYST, START, Stored

T = TypeVar("T")

COURIER = "https://courier.example/rss"
HERALD = "https://herald.example/rss"
AGREED = "Ministers agree to send military instructors to Lviv in December"
AGREED_TOO = "EU ministers to send military instructors to Lviv region in December"
RETITLED = "Ministers agree to send four hundred military instructors to Lviv in December"
LEAD = "Defence ministers agreed on Tuesday in Brussels to send military instructors to the Lviv region in December."
HARBOUR = "A harbour crane is dismantled in Odesa"
SAY = Texts()
STORIES = {AGREED: "agreed", RETITLED: "agreed", AGREED_TOO: "agreed, says the Herald", HARBOUR: "harbour"}
ENTITLED = {
    ("readers", "agreed", "military instructors"): 1,
    ("watchers", "agreed", "EUMAM"): 1,
    ("watchers", "harbour", "EUMAM"): 1,
    ("both", "agreed", "military instructors"): 1,
    ("both", "agreed", "EUMAM"): 1,
    ("both", "harbour", "EUMAM"): 1,
    ("parliament", "agreed, says the Herald", "ratification"): 1,
}


class Killed(BaseException):
    """The process is killed here."""


class Doomed(InlineDatabase):
    """A database whose process is killed at one of its commits, while it is `armed`; `grave` is what is left then."""

    def __init__(self, path: Path, grave: Path, at: int | None = None, *, committed: bool = False) -> None:
        """Killed at the commit number `at`, just after it if it is to be `committed`."""
        super().__init__(path)
        self.armed = False
        self.commits = 0
        self._files = path, grave
        self._at = at
        self._committed = committed

    async def write(self, work: Callable[[sqlite_utils.Database], T]) -> T:
        """Write, or be killed at it."""
        number = self.commits
        self.commits += self.armed
        if not self.armed or number != self._at:
            return await super().write(work)
        if self._committed:
            await super().write(work)
        path, grave = self._files
        for ending in ("", "-wal"):
            shutil.copy(f"{path}{ending}", f"{grave}{ending}")
        raise Killed


@dataclass(slots=True)
class Outside:
    """What outlives the process: outlets with their feeds and pages, the messages in chats, and time."""

    now: float = START
    feeds: dict[str, Feed] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    late: set[str] = field(default_factory=set)  # pages that are not there when they are asked for first
    messages: dict[str, tuple[str, str]] = field(default_factory=dict)  # chat, text
    told: dict[tuple[str, str, str], int] = field(default_factory=dict)  # chat, story, filter

    # Outlets

    async def get(self, url: str, validators: Validators = Validators()) -> Fetched | Unchanged:
        body = self.feeds[url].body()
        etag = sha256(body).hexdigest()
        return Unchanged() if validators.etag == etag else Fetched(url, body, validators=Validators(etag))

    async def text(self, url: str, _could_matter: object = None) -> PageText | NoText:
        if url in self.late:
            self.late.discard(url)
            raise FetchFailed(FetchKind.TIMEOUT, "it takes its time")
        return PageText(url, self.pages[url]) if url in self.pages else NoText(NoTextKind.NO_ARTICLE)

    # The platform

    async def send(self, address: Address, message: Message) -> Outcome:
        text = to_plain(message.text)
        message_id = str(len(self.messages) + 1)
        self.messages[message_id] = (address.chat, text)
        headline, *rest = text.splitlines()
        for line in rest:
            if line.startswith("▸ "):
                told = (address.chat, STORIES[headline], line.removeprefix("▸ ").partition(",")[0].partition(":")[0])
                self.told[told] = self.told.get(told, 0) + 1
        return Sent(message_id)

    async def edit(self, address: Address, message_id: str, message: Message) -> Outcome:
        if message_id not in self.messages:
            return Missing()
        self.messages[message_id] = (address.chat, to_plain(message.text))
        return Sent(message_id)

    def units(self, text: Text) -> int:
        return text_units(text)

    # Time

    def now_(self) -> float:
        self.now += 0.001
        return self.now


@dataclass(frozen=True, slots=True)
class OutsideClock:
    """The clock that hangs there."""

    outside: Outside

    def now(self) -> float:
        return self.outside.now_()

    async def sleep(self, seconds: float) -> None:
        self.outside.now += seconds


class Run:
    """One run of the bot, on what an earlier one has left."""

    def __init__(self, database: Database, outside: Outside, reader: FeedReader, number: int) -> None:
        self.database = database
        self.outside = outside
        self.stored = Stored(Path(), database)
        self.index = FilterIndex()
        self.events = Events()
        clock, random = OutsideClock(outside), Random(1)
        self.clock = clock
        self.polling = Polling(
            self.stored.feeds,
            outside,
            reader,
            clock,
            random,
            bounds=Bounds(60, 60),
            budget=Budget(1_000_000),
            max_age=WINDOW,
            on_stories=_nothing,
        )
        self.matching = Matching(
            self.stored.stories,
            self.index,
            self.events,
            ANALYST,
            clock,
            exempt=Exempt(),
            on_alerts=_nothing,
            on_pages=_nothing,
        )
        self.articles = Articles(
            self.stored.stories, outside, self.index, ANALYST, clock, random, exempt=Exempt(), on_alerts=_nothing
        )
        self.delivery = Delivery(
            "telegram", self.stored.outbox, outside, AtOnce(), clock, random, SAY, run_id=f"run {number}"
        )

    async def start(self) -> None:
        """As `bot.app` does it."""
        await self.database.open()
        for query in await self.stored.chats.queries():
            self.index.add(parse(query))
        for story, event_id in await self.stored.stories.window(self.outside.now - WINDOW):
            self.events.restore(story, event_id)
        await self.stored.outbox.recover("telegram", run="", now=self.outside.now)

    async def line(self) -> None:
        """Once along the line: what is due is polled, matched, read and matched again."""
        self.outside.now += 70
        for feed in await self.stored.feeds.due(self.outside.now, 100):
            await self.polling.poll(feed)
        await self.matching.match_all()
        for due in await self.stored.stories.due_pages(self.outside.now, 100):
            await self.articles.read(due)

    async def deliver(self) -> None:
        """All that can be, edits as well."""
        outbox, clock = self.stored.outbox, self.clock
        while claimed := [
            *await outbox.claim("telegram", run="", limit=16, now=clock.now()),
            *await outbox.claim_edits("telegram", run="", limit=16, now=clock.now()),
        ]:
            for one in claimed:
                await self.delivery.deliver(one)

    async def is_at_rest(self) -> bool:
        waiting = """SELECT 1 FROM stories WHERE pending = 1 UNION ALL SELECT 1 FROM pages WHERE due_at IS NOT NULL
                     UNION ALL SELECT 1 FROM lanes UNION ALL SELECT 1 FROM edits"""
        return not await self.stored.sql(waiting)


def _nothing() -> None:
    """Nobody is to be called: what is due is looked for."""


async def test_an_alert_that_is_due_comes_once_whichever_commit_the_process_is_killed_at(tmp_path: Path) -> None:
    async with FeedReader() as reader:
        seed = tmp_path / "seed.db"
        await _readers_follow_and_watch(seed, reader)
        commits = await _lived(seed, "whole", reader, None, committed=False)
        lives = [
            _lived(seed, f"{at}-{committed}", reader, at, committed=committed)
            for at in range(commits)
            for committed in (False, True)
        ]
        await asyncio.gather(*lives)


async def _readers_follow_and_watch(path: Path, reader: FeedReader) -> None:
    """A file in which chats follow both feeds, whose first poll was silent."""
    outside = _outlets()
    run = Run(InlineDatabase(path), outside, reader, 0)
    await run.start()
    for name, watched in {
        "readers": ["military instructors"],
        "watchers": ["EUMAM"],
        "both": ["military instructors", "EUMAM"],
        "parliament": ["ratification"],
    }.items():
        await run.stored.chat(name, watches=watched)
        chat = await run.stored.chat(name)
        for url in (COURIER, HERALD):
            await run.stored.follow(chat, url, primed=False)
    await run.line()
    assert await run.is_at_rest()
    await run.database.close()


def _outlets() -> Outside:
    outside = Outside()
    for url, title in ((COURIER, "Courier"), (HERALD, "Herald")):
        outside.feeds[url] = Feed(url, title, "en", None)
        outside.feeds[url].publish("The old harbour clock is repaired")
    return outside


async def _lived(seed: Path, name: str, reader: FeedReader, at: int | None, *, committed: bool) -> int:
    """The news of a day, in a life that is cut short at a commit, and in the next; how many commits the first saw."""
    path, grave = seed.with_name(f"{name}.db"), seed.with_name(f"{name}-left.db")
    shutil.copy(seed, path)
    outside = _outlets()
    outside.now = START + 600
    database = Doomed(path, grave, at, committed=committed)
    async with AsyncExitStack() as lives:
        run = Run(database, outside, reader, 1)
        lives.push_async_callback(database.close)
        await run.start()
        for happen in (_two_stories, _the_same_elsewhere, _another_headline, _time_passes, _time_passes):
            happen(outside)
            database.armed = True
            try:
                await run.line()
            except Killed:
                run = Run(InlineDatabase(grave), outside, reader, 2)
                lives.push_async_callback(run.database.close)
                await run.start()
                await run.line()
            database.armed = False
            await run.deliver()
        assert await run.is_at_rest()
    assert outside.told == ENTITLED
    (told,) = [text for chat, text in outside.messages.values() if chat == "readers"]
    assert told.startswith(RETITLED)
    assert "also: Herald" in told
    return database.commits


def _two_stories(outside: Outside) -> None:
    courier = outside.feeds[COURIER]
    agreed = courier.publish(AGREED, LEAD)
    outside.pages[agreed.url] = f"{LEAD}\n\nThe courses are planned at the headquarters of EUMAM."
    outside.late.add(agreed.url)
    crane = courier.publish(HARBOUR, "Dockers took the first arm down this morning.")
    outside.pages[crane.url] = "Dockers took the first arm down.\n\nIt stood where EUMAM had its first office."


def _the_same_elsewhere(outside: Outside) -> None:
    agreed = outside.feeds[HERALD].publish(AGREED_TOO, LEAD)
    outside.pages[agreed.url] = f"{LEAD}\n\nThey leave once the ratification is through."


def _another_headline(outside: Outside) -> None:
    courier = outside.feeds[COURIER]
    (agreed,) = (item for item in courier.channel.items if item.title == AGREED)
    courier.edit(agreed, title=RETITLED)


def _time_passes(outside: Outside) -> None:
    outside.now += 600
