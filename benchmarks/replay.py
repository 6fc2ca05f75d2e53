"""What days of real polls become: are any stories lost, told twice or mixed up?

    python benchmarks/replay.py DIR

DIR holds `manifest.csv`, a row for each poll (`utc_time`, `outlet`, `file`), and `replay.tar.xz` with the files. The
polls are played at their times, in virtual time, through the real pipeline, reader and SQLite file, and a chat for
each outlet asks for every story of it. Every other outlet's server knows ETags. What came of it is read from the
SQLite file and compared with what `replay_oracle` makes of the same documents; what an article, a repeat, a miss and
a wrong merge are stands there. Nothing is sent, and how long a poll or a match takes is not measured.

Prints a line for each outlet and then everything to be looked at by hand; ends with status 0 if there are no repeats,
misses and wrong merges, 1 if there are.
"""

import argparse
import asyncio
import csv
import json
import logging
import math
import resource
import sqlite3
import sys
import tarfile
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

# What is measured is this checkout, whatever is installed: started by its path, a script finds only its own folder.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from replay_oracle import Article, Item, Poll, Published, Told, Verdict, items_of, judge, published

from bot.app import analyst_of
from bot.domain.budget import Budget
from bot.domain.chats import Address, ChatKind
from bot.domain.events import Events
from bot.domain.filters import FilterIndex
from bot.domain.pages import Exempt
from bot.domain.schedule import Bounds
from bot.domain.stories import FeedDocument
from bot.feeds.reader import FeedReader
from bot.pipeline import Matching, Polling
from bot.ports.web import Fetched, Unchanged, Validators
from storage import ChatStore, Database, FeedStore, StoryStore

MAX_AGE: Final = 72 * 3600.0
_BOUNDS: Final = Bounds(60, 3600)
_SHOWN: Final = 4  # items of one article


class Row(NamedTuple):
    """One line of the manifest: an outlet's document at an instant in Unix seconds."""

    at: float
    outlet: str
    file: str


@dataclass
class VirtualClock:
    """The `Clock` port: the time of the poll that is played."""

    at: float

    def now(self) -> float:
        """See `bot.ports.Clock`."""
        return self.at

    async def sleep(self, seconds: float) -> None:
        """See `bot.ports.Clock`."""
        self.at += seconds


class ReplayedWeb:
    """The `Web` port: each address has the document that was put there last."""

    def __init__(self, with_etags: Iterable[str]) -> None:
        self._with_etags = frozenset(with_etags)
        self._bodies: dict[str, bytes] = {}

    def put(self, url: str, body: bytes) -> None:
        """Let this be there from now on."""
        self._bodies[url] = body

    async def get(self, url: str, validators: Validators = Validators()) -> Fetched | Unchanged:
        """See `bot.ports.Web`."""
        body = self._bodies[url]
        etag = f'"{sha256(body).hexdigest()[:16]}"' if url in self._with_etags else None
        if etag is not None and etag == validators.etag:
            return Unchanged()
        return Fetched(url, body, "application/xml", Validators(etag=etag))


class CountingReader:
    """The `Reader` port: the real one, and how often it was asked, by address."""

    def __init__(self, reader: FeedReader) -> None:
        self._reader = reader
        self.parsed: Counter[str] = Counter()

    async def read(self, body: bytes, *, content_type: str = "", url: str = "") -> FeedDocument:
        """See `bot.ports.Reader`."""
        self.parsed[url] += 1
        return await self._reader.read(body, content_type=content_type, url=url)


def url_of(outlet: str) -> str:
    """Where an outlet's feed is."""
    return f"https://{outlet}.example/feed.xml"


def manifest_of(folder: Path) -> list[Row]:
    """The polls of a replay, in the order of their times."""
    with (folder / "manifest.csv").open(newline="", encoding="utf-8") as lines:
        rows = [
            Row(datetime.fromisoformat(line["utc_time"]).timestamp(), line["outlet"], line["file"])
            for line in csv.DictReader(lines)
        ]
    return sorted(rows, key=lambda row: row.at)


async def play(rows: Sequence[Row], files: Path, database: Path) -> Counter[str]:
    """Play the polls into a new SQLite file; how many bodies were parsed, by outlet."""
    outlets = sorted({row.outlet for row in rows})
    clock = VirtualClock(rows[0].at - 60)
    web = ReplayedWeb(map(url_of, outlets[::2]))
    store = Database(database)
    await store.open()
    try:
        await _follow_everything(ChatStore(store), outlets, clock.now())
        async with FeedReader() as real_reader:
            reader, feeds = CountingReader(real_reader), FeedStore(store)
            analyst = analyst_of()
            matching = Matching(
                StoryStore(store),
                FilterIndex((), forms=analyst.forms),
                Events(),
                analyst,
                clock,
                exempt=Exempt(everybody=True),
                on_alerts=lambda: None,
                on_pages=lambda: None,
            )
            polling = Polling(
                feeds,
                web,
                reader,
                clock,
                Random(1),
                bounds=_BOUNDS,
                budget=Budget(1_000_000),
                max_age=MAX_AGE,
                on_stories=lambda: None,
            )
            for row in rows:
                clock.at = row.at
                web.put(url_of(row.outlet), (files / row.file).read_bytes())
                # Asked for what is due at the end of time, the store names them all.
                (feed,) = [due for due in await feeds.due(math.inf, len(outlets)) if due.url == url_of(row.outlet)]
                await polling.poll(feed)
                await matching.match_all()
    finally:
        await store.close()
    return Counter({outlet: reader.parsed[url_of(outlet)] for outlet in outlets})


async def _follow_everything(chats: ChatStore, outlets: Sequence[str], now: float) -> None:
    """A chat for each outlet: no outlet's alert on an event stands for another's."""
    for outlet in outlets:
        chat = await chats.enter(Address("console", outlet), ChatKind.PRIVATE, outlet, now=now)
        await chats.follow(
            chat.chat_id, [(url_of(outlet), outlet)], everything=True, now=now, most=1, most_total=len(outlets)
        )


def stories_of(database: Path) -> dict[str, list[Told]]:
    """What the bot stored, by outlet: each story with its versions, oldest first, and the alerts made on it."""
    found: dict[str, list[Told]] = defaultdict(list)
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as db:
        versions: dict[int, list[Item]] = defaultdict(list)
        for story_id, text in db.execute(
            """SELECT story_id, entry FROM (SELECT story_id, version, entry FROM versions
               UNION ALL SELECT id, version, entry FROM stories) ORDER BY story_id, version"""
        ):
            entry = json.loads(text)
            title = entry.get("title") or entry.get("summary") or entry.get("content") or ""
            versions[story_id].append(Item(entry.get("guid") or "", entry.get("url") or "", title))
        alerts = dict(db.execute("SELECT story_id, count(*) FROM alerts GROUP BY story_id"))
        for story_id, outlet in db.execute(
            "SELECT s.id, f.url FROM stories s JOIN feeds f ON f.id = s.feed_id ORDER BY s.id"
        ):
            found[outlet].append(Told(story_id, tuple(versions[story_id]), alerts.get(story_id, 0)))
    return found


@dataclass(frozen=True, slots=True)
class Outcome:
    """One outlet's replay: what was polled, what it published and what the bot made of it."""

    outlet: str
    polls: int
    parsed: int
    published: Published
    stories: list[Told]
    verdict: Verdict

    @property
    def figures(self) -> tuple[int, ...]:
        """The columns of its line."""
        return (
            self.polls,
            self.parsed,
            self.published.raw_sets,
            len(self.published.articles),
            len(self.stories),
            sum(len(story.versions) for story in self.stories),
            sum(story.alerts for story in self.stories),
            self.verdict.repeated,
            len(self.verdict.misses),
            len(self.verdict.merges),
        )


COLUMNS: Final = (
    "polls",
    "parsed",
    "raw sets",
    "articles",
    "stories",
    "versions",
    "alerts",
    "repeats",
    "misses",
    "merges",
)


def replay(folder: Path) -> list[Outcome]:
    """Play a replay, and judge what came of it, outlet by outlet."""
    rows = manifest_of(folder)
    with tempfile.TemporaryDirectory() as scratch:
        files, database = Path(scratch, "files"), Path(scratch, "tocsin.db")
        with tarfile.open(folder / "replay.tar.xz") as archive:
            archive.extractall(files, filter="data")
        parsed = asyncio.run(play(rows, files, database))
        items = {file: tuple(items_of((files / file).read_bytes())) for file in {row.file for row in rows}}
        stories = stories_of(database)
    outcomes = []
    for outlet in sorted(parsed):
        polls = [Poll(row.at, items[row.file]) for row in rows if row.outlet == outlet]
        of_outlet = published(polls)
        told = stories.get(url_of(outlet), [])
        outcomes.append(Outcome(outlet, len(polls), parsed[outlet], of_outlet, told, judge(of_outlet, told)))
    return outcomes


def report(outcomes: Sequence[Outcome]) -> None:
    """Print the table, and all that is to be looked at by hand."""
    width = max(len(outcome.outlet) for outcome in outcomes)
    print(" ".join([" " * width, *(f"{name:>8}" for name in COLUMNS)]))
    for outcome in outcomes:
        print(" ".join([f"{outcome.outlet:{width}}", *(f"{figure:8}" for figure in outcome.figures)]))
    sums = map(sum, zip(*(outcome.figures for outcome in outcomes), strict=True))
    print(" ".join([f"{'all':{width}}", *(f"{figure:8}" for figure in sums)]))
    for outcome in outcomes:
        verdict = outcome.verdict
        for article, stories in verdict.repeats:
            print(f"\nREPEAT, {outcome.outlet}: stories {_named(stories)} on one article")
            _show([article])
        for article, stories in verdict.misses:
            print(f"\nMISS, {outcome.outlet}: {f'no alert by story {_named(stories)}' if stories else 'no story'}")
            _show([article])
        for story, articles in verdict.merges:
            print(f"\nWRONG MERGE, {outcome.outlet}: story {_named([story])} of {len(articles)} articles")
            _show(articles)
        for story in verdict.strays:
            print(f"\nSTRAY, {outcome.outlet}: story {_named([story])} is no item that the outlet had")
            for version in story.versions:
                print(f"    {version.title!r}\n      guid {version.guid}\n      link {version.link}")
    for outcome in outcomes:
        for article in outcome.published.articles:
            if article.raw_sets > 1:
                print(f"\njoined by the rules on identity, {outcome.outlet}: {article.raw_sets} raw sets")
                _show([article])
        for pair in sorted(map(sorted, outcome.published.twins)):
            print(f"\ntwins, one or two, {outcome.outlet}:")
            _show([outcome.published.articles[place] for place in pair])
        for (kind, key), items in outcome.published.shared.items():
            titles = list(dict.fromkeys(item.title for item in items))
            print(f"\nconnects nothing, {outcome.outlet}: {kind} {key}, of {len(titles)} titles")
            print(*(f"    {title!r}" for title in titles[:_SHOWN]), sep="\n")


def _named(stories: Sequence[Told]) -> str:
    return ", ".join(f"{story.story_id} ({len(story.versions)} versions, {story.alerts} alerts)" for story in stories)


def _show(articles: Iterable[Article]) -> None:
    for article in articles:
        first, last = (
            datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
            for at in (article.first_seen, article.last_seen)
        )
        print(f"  seen {first} to {last}{', from the first document on' if article.in_first_document else ''}")
        for item in article.items[:_SHOWN]:
            print(f"    {item.title!r}, {item.date}\n      guid {item.guid}\n      link {item.link}")
        if len(article.items) > _SHOWN:
            print(f"    and {len(article.items) - _SHOWN} more")


def _main() -> int:
    parser = argparse.ArgumentParser(description="What days of real polls become, and whether any story is lost.")
    parser.add_argument("folder", type=Path, metavar="DIR", help="holds manifest.csv and replay.tar.xz")
    given = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    started = time.monotonic()
    outcomes = replay(given.folder)
    report(outcomes)
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    print(f"\n{time.monotonic() - started:.1f} s, at most {peak:.0f} MB")
    is_clean = all(outcome.verdict.is_clean for outcome in outcomes)
    print("PASS" if is_clean else "FAIL")
    return 0 if is_clean else 1


if __name__ == "__main__":
    sys.exit(_main())
