"""What polling costs where nothing is new: 1,000 feeds on loopback that answer 304, in one run with the bare client.

    python benchmarks/polling.py [--feeds 1000] [--rounds 5]

The bot's own `Polling`, store and guarded web, against the same web with the same settings looping over the same
addresses with the same validators, as many at once. Rounds alternate. It measures processor time of this process, all
threads together; the servers are another process.
"""

import argparse
import asyncio
import gc
import json
import statistics
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from ipaddress import ip_network
from pathlib import Path
from random import Random

from bot.clock import SystemClock
from bot.domain.budget import Budget, least_price
from bot.domain.chats import Address, ChatKind
from bot.domain.schedule import Bounds
from bot.domain.stories import FeedDocument
from bot.feeds.reader import FeedReader
from bot.feeds.web import GuardedWeb
from bot.pipeline import Polling
from bot.ports.web import Unchanged, Validators
from storage import ChatStore, Database, FeedStore
from storage.database import rows

MOST_CPU = 1.5  # times the client alone
MOST_STALL = 0.020  # seconds above an idle loop's
HOSTS = 50
AT_ONCE = 200
BOUNDS = Bounds(3_600, 7_200)
_BEAT = 0.002


class CountingReader(FeedReader):
    """Counts what is parsed."""

    def __init__(self) -> None:
        super().__init__()
        self.parsed = 0

    async def read(self, body: bytes, *, content_type: str = "", url: str = "") -> FeedDocument:
        """See `bot.ports.Reader`."""
        self.parsed += 1
        return await super().read(body, content_type=content_type, url=url)


async def measured(work: Callable[[], Awaitable[None]]) -> tuple[float, float]:
    """Processor seconds that it takes, and the longest time for which the loop answers nothing meanwhile."""
    worst = 0.0
    over = asyncio.Event()

    async def watch() -> None:
        nonlocal worst
        while not over.is_set():
            asked = time.perf_counter()
            await asyncio.sleep(_BEAT)
            worst = max(worst, time.perf_counter() - asked - _BEAT)

    async with asyncio.TaskGroup() as group:
        group.create_task(watch())
        before = time.process_time()
        await work()
        spent = time.process_time() - before
        over.set()
    return spent, worst


async def serving(stack: AsyncExitStack, feeds: int) -> list[str]:
    """The addresses of feeds, served by another process."""
    script = Path(__file__).with_name("stand_ins.py")
    said = [sys.executable, str(script), "feeds", "--feeds", str(feeds), "--hosts", str(HOSTS)]
    process = await asyncio.create_subprocess_exec(*said, stdin=PIPE, stdout=PIPE, limit=2**20)
    stack.push_async_callback(_end, process)
    assert process.stdout is not None
    urls: list[str] = json.loads(await process.stdout.readline())["urls"]
    return urls


async def _end(process: Process) -> None:
    assert process.stdin is not None
    process.stdin.close()
    await process.wait()


class Bench:
    """The bot's polling and the bare client, over the same feeds."""

    def __init__(self, web: GuardedWeb, database: Database, reader: CountingReader, urls: list[str]) -> None:
        self.web = web
        self.database = database
        self.reader = reader
        self.urls = urls
        self.polling = Polling(
            FeedStore(database),
            web,
            reader,
            SystemClock(),
            Random(1),
            bounds=BOUNDS,
            budget=Budget(10_000_000, least=least_price(BOUNDS)),
            takes_turns=False,
            max_age=259_200,
            on_stories=lambda: None,
        )
        self.validators: dict[str, Validators] = {}

    async def follow(self) -> None:
        """Let a chat follow all feeds."""
        chats = ChatStore(self.database)
        chat = await chats.enter(Address("console", "local"), ChatKind.PRIVATE, "", now=0)
        feeds = [(url, url) for url in self.urls]
        most = len(feeds)
        await chats.follow(chat.chat_id, feeds, everything=False, now=0, most=most, most_total=most)

    async def let_all_be_due(self) -> None:
        """As time would."""
        await self.database.write(lambda db: db.execute("UPDATE feeds SET due_at = 0"))

    async def ours(self) -> None:
        """Poll all feeds once."""
        began = time.time()
        sql = "SELECT count(*) FROM feeds WHERE due_at = 0"
        while (await self.database.read(lambda db: rows(db, sql)[0][0])) > 0:
            self.polling.call()
            await asyncio.sleep(0.1)
            assert time.time() - began < 120, "the feeds are not polled"

    async def bare(self) -> None:
        """Ask for all feeds once, and do nothing with the answers."""
        waiting = iter(self.urls)

        async def work() -> None:
            for url in waiting:
                answer = await self.web.get(url, self.validators[url])
                assert isinstance(answer, Unchanged)

        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(work())

    async def learn(self) -> None:
        """The first polls, which bring what is there; and what to ask with from then on."""
        await self.let_all_be_due()
        await self.ours()
        sql = "SELECT url, etag, last_modified FROM feeds"
        known = await self.database.read(lambda db: rows(db, sql))
        self.validators = {found["url"]: Validators(found["etag"], found["last_modified"]) for found in known}

    async def changes(self) -> tuple[int, int]:
        """What was parsed so far, and how many stories are stored, with their versions."""
        sql = "SELECT count(*) + coalesce(sum(version), 0) + coalesce(max(id), 0) FROM stories"
        return self.reader.parsed, await self.database.read(lambda db: int(rows(db, sql)[0][0]))


async def bench(feeds: int, rounds: int) -> bool:
    """Measure, print, and say whether all holds."""
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        urls = await serving(stack, feeds)
        database = Database(Path(folder) / "tocsin.db")
        await database.open()
        stack.push_async_callback(database.close)
        loopback = (ip_network("127.0.0.0/8"),)
        web = GuardedWeb(SystemClock(), contact="", allow_networks=loopback, host_interval=0)
        await stack.enter_async_context(web)
        reader = CountingReader()
        stack.push_async_callback(reader.aclose)
        this = Bench(web, database, reader, urls)
        await this.follow()
        async with asyncio.TaskGroup() as group:
            polling = group.create_task(this.polling.run())
            await this.learn()
            await this.bare()
            before = await this.changes()
            gc.collect()
            gc.freeze()  # as the bot does
            _, idle = await measured(lambda: asyncio.sleep(3))
            bare, ours, stalls = [], [], []
            for _ in range(rounds):
                bare.append((await measured(this.bare))[0] / feeds)
                await this.let_all_be_due()
                spent, stall = await measured(this.ours)
                ours.append(spent / feeds)
                stalls.append(stall)
            after = await this.changes()
            polling.cancel()
    times = [one / other for one, other in zip(ours, bare, strict=True)]
    print(f"{feeds} feeds on {HOSTS} hosts, {rounds} rounds, processor time a poll (median of rounds)")
    print(f"  the client alone {statistics.median(bare) * 1e6:8.0f} µs")
    print(f"  the bot          {statistics.median(ours) * 1e6:8.0f} µs, {statistics.median(times):.2f} times")
    print(f"  longest stall    {max(stalls) * 1e3:8.1f} ms; of an idle loop {idle * 1e3:.1f} ms")
    checks = {
        f"at most {MOST_CPU} times the client alone": statistics.median(times) <= MOST_CPU,
        "no body parsed, no row of a story written": before == after,
        f"a stall at most {MOST_STALL * 1e3:.0f} ms above an idle loop's": max(stalls) - idle <= MOST_STALL,
    }
    for what, holds in checks.items():
        print(f"{'PASS' if holds else 'FAIL'}: {what}")
    return all(checks.values())


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    sys.exit(not asyncio.run(bench(given.feeds, given.rounds)))


if __name__ == "__main__":
    _main()
