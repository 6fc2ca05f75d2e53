"""A back-test over a large archive: how soon it answers, and what the line has of it meanwhile.

    python benchmarks/archive.py [--stories 500000]

Stores so many stories of one feed, with words as frequent as in real text (Zipf), and tries queries from rare to common
against all of them. Then the real bot runs on that database, from a feed over HTTP to a stand-in for Telegram: stories
are published, and the time from there to the alert's arrival is taken, alone and with one back-test after another
beside it. Nothing leaves 127.0.0.1.

Prints a line for each figure, and ends with status 0 if all hold, 1 if not.
"""

import argparse
import asyncio
import contextlib
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
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
from bot.domain.query import parse
from bot.domain.stories import Entry
from bot.ports import Chat
from storage import ArchiveStore, ChatStore, Database
from storage.archive import file_away
from storage.entries import dump_entry
from support.outlets import Outlets
from support.telegram_server import TelegramServer

MOST_SECONDS: Final = 2.0
MOST_DELAY: Final = 0.25  # seconds that back-tests may add to a story's way, at the median
_WORDS: Final = 200_000
_AT_ONCE: Final = 5_000
_ALERTS: Final = 15
_DAY: Final = 86_400.0
_QUERIES: Final = (  # words are named by how frequent they are: w0 is the most frequent
    ("a rare word", "w20000"),
    ("a word of one story in thirty", "w120"),
    ("a word of one story in seven", "w20"),
    ("a phrase of frequent words", "w3 w5"),
    ("both, anywhere", "w12 AND w40"),
    ("the one without the other", "w60 NOT w2"),
    ("near one another", "w12 NEAR/8 w40"),
    ("a list of ten", ", ".join(f"w{number}" for number in range(300, 310))),
    ("a beginning of words", "w19*"),
    ("an acronym", "W500"),
    ("nothing", "xyzzy plugh"),
)


def stories(number: int, random: Random, now: float) -> Iterator[tuple[Entry, float]]:
    """Made-up stories of 60 words, the oldest first, over the last 30 days."""
    weights = list(accumulate(1 / (rank + 3) for rank in range(_WORDS)))
    names = [f"w{rank}" for rank in range(_WORDS)]
    for story in range(number):
        words = random.choices(names, cum_weights=weights, k=60)
        at = now - 29 * _DAY * (1 - story / number)
        entry = Entry(
            url=f"https://outlet.example/{story}-story-of-this-number",
            title=" ".join(words[:10]).capitalize(),
            summary=" ".join(words[10:]),
            published=at,
            language="en",
        )
        yield entry, at


async def fill(path: Path, number: int, feed_url: str, chat_id: str) -> tuple[Chat, float]:
    """A database with so many matched stories of a feed that a chat follows; the chat, and seconds per story."""
    database = Database(path)
    await database.open()
    now = time.time()
    analyst = analyst_of()
    chats = ChatStore(database)
    try:
        chat = await chats.enter(Address("telegram", chat_id), ChatKind.PRIVATE, "Reader", now=now)
        await chats.follow(chat.chat_id, [(feed_url, "Outlet")], everything=False, now=now, most=9, most_total=9)
        await chats.watch(chat.chat_id, parse("EUMAM"), now=now, most=9)
        made = stories(number, Random(7), now)  # the same for everyone who measures
        begun = time.process_time()
        for first in range(0, number, _AT_ONCE):

            def store(db: sqlite_utils.Database, size: int = min(_AT_ONCE, number - first), first: int = first) -> None:
                for offset in range(size):
                    entry, at = next(made)
                    story_id = first + offset + 1
                    db.conn.execute(
                        "INSERT INTO events (id, key, first_seen) VALUES (?, ?, ?)", (story_id, f"event:{story_id}", at)
                    )
                    db.conn.execute(
                        """INSERT INTO stories (id, feed_id, event_id, version, entry, digest, first_seen, changed_at,
                           silent, late, pending, matched) VALUES (?, 1, ?, 1, ?, ?, ?, ?, 1, 1, 0, 1)""",
                        (story_id, story_id, dump_entry(entry), str(story_id), at, at),
                    )
                    file_away(db, story_id, 1, analyst.words(analyst.analysis(entry)), at)

            await database.write(store)
        await database.tidy()
        return chat, (time.process_time() - begun) / number
    finally:
        await database.close()


async def time_queries(path: Path, chat: Chat) -> list[tuple[str, float, int]]:
    """Each query's name, the seconds that it takes (the second time, as of a bot that runs), and what it finds."""
    database = Database(path)
    await database.open()
    try:
        archive = ArchiveStore(database, analyst_of().forms)
        found = []
        for name, text in _QUERIES:
            for _ in range(2):
                begun = time.perf_counter()
                tried = await archive.back_test(chat.chat_id, parse(text), time.time())
                seconds = time.perf_counter() - begun
            found.append((name, seconds, tried.events))
        return found
    finally:
        await database.close()


async def time_the_line(
    folder: Path, number: int
) -> tuple[list[float], list[float], list[tuple[str, float, int]], float]:
    """Seconds from publishing to arrival, alone and beside back-tests; the queries' figures; seconds per story."""
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(await TelegramServer.start())
        outlets = await stack.enter_async_context(await Outlets.start())
        reader = telegram.private(telegram.person("Reader"))
        feed = outlets.feed("/news")
        feed.publish("The old harbour clock is repaired")
        settings = read_settings(
            _env_file=None,
            telegram_bot_token=telegram.token,
            telegram_api_url=telegram.url,
            access="open",
            operators="",
            database_path=folder / "benchmark.db",
            source_pack="",
            poll_interval=0.2,
            max_poll_interval=0.5,
            host_interval=0,
            feed_allow_networks="127.0.0.0/8",
            log_level="warning",
        )
        chat, each = await fill(settings.database_path, number, feed.url, str(reader.id))
        queries = await time_queries(settings.database_path, chat)
        bot = await stack.enter_async_context(opened(settings))
        with_telegram(bot, rates=lambda _: ())
        archive = ArchiveStore(bot.database, analyst_of().forms)
        stop = asyncio.Event()

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
                    await archive.back_test(chat.chat_id, parse(text), time.time())

        async with asyncio.TaskGroup() as group:
            group.create_task(run(bot, stop))
            feed_polled = feed.hits + 2
            while feed.hits < feed_polled:  # noqa: ASYNC110 - the feed's stand-in counts, and calls nobody
                await asyncio.sleep(0.1)
            await asyncio.sleep(1)
            await alerts()  # warms up what is made on first use
            alone = await alerts()
            trying = group.create_task(try_on())
            beside = await alerts()
            trying.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await trying
            stop.set()
        return alone, beside, queries, each


async def measure(number: int) -> bool:
    """Print the figures; whether they hold."""
    with tempfile.TemporaryDirectory(prefix="tocsin-benchmark-") as folder:
        alone, beside, queries, each = await time_the_line(Path(folder), number)
        size = (Path(folder) / "benchmark.db").stat().st_size
    print(f"{number} stories stored: {each * 1e6:.0f} us and {size / number:.0f} bytes each, the story itself included")
    holds = True
    for name, seconds, events in queries:
        holds &= seconds <= MOST_SECONDS
        verdict = "PASS" if seconds <= MOST_SECONDS else "FAIL"
        print(f"{verdict}  {name:32} {seconds:6.3f} s  {events:7} found  <= {MOST_SECONDS:g} s")
    slower = median(beside) - median(alone)
    holds &= slower <= MOST_DELAY
    print(
        f"{'PASS' if slower <= MOST_DELAY else 'FAIL'}  from publishing to the alert: {median(alone):.3f} s alone, "
        f"{median(beside):.3f} s beside back-tests (longest {max(alone):.3f}, {max(beside):.3f})  "
        f"<= {MOST_DELAY:g} s more"
    )
    return holds


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A back-test over a large archive, and the line beside it.")
    parser.add_argument("--stories", type=int, default=500_000)
    sys.exit(0 if asyncio.run(measure(parser.parse_args().stories)) else 1)
