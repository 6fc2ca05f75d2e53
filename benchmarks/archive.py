"""A back-test over a large archive: how soon it answers, and what the line has of it meanwhile.

    python benchmarks/archive.py [--stories 500000] [--keep FILE]

Stores so many stories of fifty feeds, with words as frequent as in real text (Zipf) in forms that English inflects, and
tries queries of every kind against all of them, from rare to common. Then the real bot runs on that database, from a
feed over HTTP to a stand-in for Telegram: stories are published, and the time from there to the alert's arrival is
taken, alone and with one back-test after another beside it. Nothing leaves 127.0.0.1.

Filling takes ten minutes or more: `--keep FILE` stores the filled database, or uses what is there, for a day (then its
oldest stories are older than a back-test looks). The time a story takes is that of storing its words, which are made up
and not analysed.

Prints a line for each figure, and ends with status 0 if all hold, 1 if not.
"""

import argparse
import asyncio
import contextlib
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from statistics import median
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import sqlite_utils

from bot.app import analyst_of, opened, run, with_telegram
from bot.config import read_settings
from bot.domain.chats import Address, ChatKind
from bot.domain.matching import token_keys
from bot.domain.query import parse
from bot.domain.stories import Entry
from bot.ports.chats import Chat
from bot.ports.stories import StoryWords
from storage import ArchiveStore, ChatStore, Database
from storage.archive import file_away
from storage.entries import dump_entry
from support.outlets import Outlets
from support.telegram_server import TelegramServer

MOST_SECONDS: Final = 2.0
MOST_DELAY: Final = 0.25  # seconds that back-tests may add to a story's way, at the median
_WORDS: Final = 50_000
_SYLLABLES: Final = tuple(consonant + vowel for consonant in "bcdfghjklmnprstvwxyz" for vowel in "aeiou")
_ENDINGS: Final = ("", "", "", "", "", "s", "s", "ed", "ing")
_FEEDS: Final = 50
_AUTHORS: Final = 2_000
_AT_ONCE: Final = 5_000
_ALERTS: Final = 15
_LONGEST_START: Final = 600.0  # seconds in which the events of the last days are read
_DAY: Final = 86_400.0


def word(rank: int) -> str:
    """A made-up word, which English inflects: `rank` says how many are more frequent."""
    return "".join(_SYLLABLES[rank // place % 100] for place in (1, 100, 10_000)) + "n"


def host(feed: int) -> str:
    """The site of a feed, from 1 to as many as there are."""
    return f"{word(feed)}.example"


def stories(number: int, random: Random, now: float) -> Iterator[tuple[Entry, int, float]]:
    """Made-up stories of 60 words in any form, each with its feed, the oldest first, over the last 29 days."""
    weights = list(accumulate(1 / (rank + 3) for rank in range(_WORDS)))
    names = [word(rank) for rank in range(_WORDS)]
    for story in range(number):
        words = [name + random.choice(_ENDINGS) for name in random.choices(names, cum_weights=weights, k=60)]
        for place in random.sample(range(60), 6):
            words[place] = words[place].capitalize()
        words[random.randrange(10, 60)] = random.choice(names[:1_000]).upper()
        at = now - 29 * _DAY * (1 - story / number)
        feed = random.randint(1, _FEEDS)
        author = random.randint(1, _AUTHORS)
        entry = Entry(
            url=f"https://{host(feed)}/{story}-story-of-this-number",
            title=" ".join(words[:10]).capitalize(),
            summary=" ".join(words[10:]),
            author=f"{word(author).title()} {word(author % 40).title()}",
            published=at,
            language="en",
        )
        yield entry, feed, at


def w(*ranks: int, joined: str = " ") -> str:
    """These words, joined."""
    return joined.join(map(word, ranks))


_QUERIES: Final = (  # words are named by how many are more frequent
    ("a rare word", w(20_000)),
    ("a word of one story in thirty", w(120)),
    ("a word of one story in seven", w(20)),
    ("the most frequent word", w(0)),
    ("a phrase of frequent words", w(3, 5)),
    ("a phrase of four words", w(3, 5, 8, 2)),
    ("both, anywhere", w(12, 40, joined=" AND ")),
    ("the one without the other", w(60, 2, joined=" NOT ")),
    ("near one another", w(12, 40, joined=" NEAR/8 ")),
    ("phrases near one another", f"({w(3, 5)}, {w(9)}) NEAR/8 {w(2)}"),
    ("near what is near a third", w(12, 40, 5, joined=" NEAR/8 ")),
    ("a list of ten", w(*range(300, 310), joined=", ")),
    ("a beginning of 100 lemmas", f"{_SYLLABLES[19]}{_SYLLABLES[5]}*"),
    ("a beginning of 500 lemmas", f"{_SYLLABLES[19]}*"),
    ("a beginning of half of all stories", f"{_SYLLABLES[0]}*"),
    ("a phrase with a beginning", f"{_SYLLABLES[19]}* {w(2)}"),
    ("an acronym", w(500).upper()),
    ("an acronym and a word", f"{w(50).upper()} AND {w(2)}"),
    ("exactly one word", f'="{w(200)}"'),
    ("exactly a rare phrase", f'="{w(30, 60)}"'),
    ("exactly a frequent phrase", f'="{w(0, 1)}"'),
    ("in the title", f"title:{w(20)}"),
    ("of a source", f"source:{host(7)}"),
    ("of a source, by its name", f"source:{w(8)} AND {w(20)}"),
    ("by an author", f"author:{w(700)}"),
    ("of one source or with a word", f"source:{host(7)}, {w(20)}"),
    ("in the language of all", "lang:en"),
    ("in another language", f"lang:uk AND {w(1)}"),
    (
        "all together",
        f"({w(3, 5)}, {w(120)}, title:{w(20)}) AND (lang:en, author:{w(700)}) NOT ({w(2)}, ={chr(34)}{w(1)}{chr(34)})",
    ),
    ("nothing", "xyzzy plugh"),
)


async def fill(path: Path, number: int) -> None:
    """A database with so many matched stories of feeds that a chat follows; prints what a story took."""
    database = Database(path)
    await database.open()
    now = time.time()
    analyst = analyst_of()
    keys = cache(lambda written: token_keys(written, "en", analyst.forms))
    chats = ChatStore(database)
    try:
        chat = await chats.enter(Address("telegram", "1"), ChatKind.PRIVATE, "Reader", now=now)
        feeds = [(f"https://{host(feed)}/rss", word(feed).title()) for feed in range(1, _FEEDS + 1)]
        await chats.follow(chat.chat_id, feeds, everything=False, now=now, most=_FEEDS, most_total=_FEEDS)
        await chats.watch(chat.chat_id, parse("EUMAM"), now=now, most=9)
        await database.write(lambda db: db.execute("UPDATE feeds SET due_at = ?", (now + 99 * _DAY,)))
        await database.write(lambda db: db.execute("PRAGMA cache_size = -200000"))
        made = stories(number, Random(7), now)  # the same for everyone who measures
        begun = time.process_time()
        for first in range(0, number, _AT_ONCE):

            def store(db: sqlite_utils.Database, size: int = min(_AT_ONCE, number - first), first: int = first) -> None:
                for offset in range(size):
                    entry, feed, at = next(made)
                    story_id = first + offset + 1
                    db.conn.execute(
                        "INSERT INTO events (id, key, first_seen) VALUES (?, ?, ?)", (story_id, f"event:{story_id}", at)
                    )
                    db.conn.execute(
                        """INSERT INTO stories (id, feed_id, event_id, version, entry, digest, first_seen, changed_at,
                           silent, late, pending, matched) VALUES (?, ?, ?, 1, ?, ?, ?, ?, 1, 1, 0, 1)""",
                        (story_id, feed, story_id, dump_entry(entry), str(story_id), at, at),
                    )
                    fields = tuple(tuple(text.split()) for text in (entry.title, entry.summary))
                    words = StoryWords(
                        language="en",
                        loud=False,
                        fields=fields,
                        keys=keys,
                        method=analyst.method,
                        host=host(feed),
                        author=entry.author or "",
                    )
                    file_away(db, story_id, 1, words, at)

            await database.write(store)
        await database.tidy()
        each = (time.process_time() - begun) / number
    finally:
        await database.close()
    print(f"{number} stories stored: {each * 1e6:.0f} us each", flush=True)


async def lend(path: Path, feed_url: str, chat_id: str) -> Chat:
    """Let a chat of this run's stand-in have what is stored, and one of its feeds be the one that is published to."""
    database = Database(path)
    await database.open()
    try:
        await database.write(lambda db: db.execute("UPDATE feeds SET url = ?, due_at = 0 WHERE id = 1", (feed_url,)))
        await database.write(lambda db: db.execute("UPDATE chats SET chat = ? WHERE id = 1", (chat_id,)))
        chat = await ChatStore(database).find(Address("telegram", chat_id))
        assert chat is not None
        return chat
    finally:
        await database.close()


async def time_queries(path: Path, chat: Chat) -> bool:
    """Print the seconds that each query takes (the second time, as of a bot that runs); whether they hold."""
    database = Database(path)
    await database.open()
    holds = True
    try:
        archive = ArchiveStore(database, analyst_of().forms)
        for name, text in _QUERIES:
            for _ in range(2):
                begun = time.perf_counter()
                tried = await archive.back_test(chat.chat_id, parse(text), time.time())
                seconds = time.perf_counter() - begun
            holds &= seconds <= MOST_SECONDS
            verdict = "PASS" if seconds <= MOST_SECONDS else "FAIL"
            covered = "all" if tried.whole else f"{tried.days:.1f} days"
            print(f"{verdict}  {name:36} {seconds:6.3f} s  {tried.events:7} found in {covered}", flush=True)
    finally:
        await database.close()
    return holds


async def time_the_line(telegram: TelegramServer, outlets: Outlets, kept: Path, path: Path) -> bool:
    """Print the queries' figures, and the seconds from publishing to arrival, alone and beside back-tests."""
    async with AsyncExitStack() as stack:
        reader = telegram.private(telegram.person("Reader"))
        feed = outlets.feed("/news")
        feed.publish("The old harbour clock is repaired")
        shutil.copyfile(kept, path)
        chat = await lend(path, feed.url, str(reader.id))
        holds = await time_queries(path, chat)
        settings = read_settings(
            _env_file=None,
            telegram_bot_token=telegram.token,
            telegram_api_url=telegram.url,
            access="open",
            operators="",
            database_path=path,
            source_pack="",
            poll_interval=0.2,
            max_poll_interval=0.5,
            host_interval=0,
            request_budget=1_000_000,
            feed_allow_networks="127.0.0.0/8",
            log_level="warning",
        )
        bot = await stack.enter_async_context(opened(settings))
        with_telegram(bot, rates=lambda _: ())
        archive = ArchiveStore(bot.database, analyst_of().forms)
        stop = asyncio.Event()
        tried: list[float] = []

        async def alerts() -> list[float]:
            taken = []
            for _ in range(_ALERTS):
                begun = time.perf_counter()
                feed.publish(f"EUMAM reports {time.time_ns()}")
                await reader.next_message(within=60)
                taken.append(time.perf_counter() - begun)
            return taken

        async def try_on() -> None:
            while True:
                for _, text in _QUERIES:
                    begun = time.perf_counter()
                    await archive.back_test(chat.chat_id, parse(text), time.time())
                    tried.append(time.perf_counter() - begun)

        async with asyncio.TaskGroup() as group:
            group.create_task(run(bot, stop))
            feed_polled = feed.hits + 2
            while feed.hits < feed_polled:  # noqa: ASYNC110 - the feed's stand-in counts, and calls nobody
                await asyncio.sleep(0.1)
            begun = time.perf_counter()
            feed.publish("EUMAM reports that it begins")
            await reader.next_message(within=_LONGEST_START)
            print(f"      ready to match {time.perf_counter() - begun:.0f} s after the start", flush=True)
            await alerts()  # warms up what is made on first use
            alone = await alerts()
            trying = group.create_task(try_on())
            beside = await alerts()
            trying.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await trying
            stop.set()
        slower = median(beside) - median(alone)
        print(
            f"{'PASS' if slower <= MOST_DELAY else 'FAIL'}  from publishing to the alert: {median(alone):.3f} s alone, "
            f"{median(beside):.3f} s beside {len(tried)} back-tests of {max(tried, default=0):.2f} s at most "
            f"(longest {max(alone):.3f}, {max(beside):.3f})  <= {MOST_DELAY:g} s more"
        )
        return holds and slower <= MOST_DELAY


async def measure(number: int, kept: Path | None) -> bool:
    """Print the figures; whether they hold."""
    with tempfile.TemporaryDirectory(prefix="tocsin-benchmark-") as folder:
        filled = kept or Path(folder) / "filled.db"
        if not filled.exists():
            await fill(filled, number)
        print(f"{filled.stat().st_size / 1e6:.0f} MB", flush=True)
        async with await TelegramServer.start() as telegram, await Outlets.start() as outlets:
            return await time_the_line(telegram, outlets, filled, Path(folder) / "benchmark.db")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A back-test over a large archive, and the line beside it.")
    parser.add_argument("--stories", type=int, default=500_000)
    parser.add_argument("--keep", type=Path, metavar="FILE", help="store them here, or use what is stored here already")
    given = parser.parse_args()
    sys.exit(0 if asyncio.run(measure(given.stories, given.keep)) else 1)
