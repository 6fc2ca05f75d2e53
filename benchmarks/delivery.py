"""Delivery in bulk: how much of Telegram's rate the bot uses, and what it costs.

    python benchmarks/delivery.py [--seconds 120] [--stories 1000] [--chats 500]

The real bot, from a feed over HTTP to a Bot API over HTTP, with SQLite on disk in a temporary folder. Every story
matches a filter of every chat, so 1,000 stories in 500 chats are 500,000 alerts. The feed's server and Telegram's
stand-in run in processes of their own; nothing leaves 127.0.0.1. It does not measure how soon an alert arrives.

Prints a line for each figure, and ends with status 0 if all hold, 1 if not.
"""

import argparse
import asyncio
import json
import logging
import resource
import sys
import tempfile
import time
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

# What is measured is this checkout, whatever is installed: started by its path, a script finds only its own folder.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.app import Bot, opened, run, with_telegram
from bot.config import Settings, read_settings
from bot.domain.chats import Address, ChatKind
from bot.domain.query import parse
from storage import ChatStore, Database
from storage.database import scalar

ALLOWED: Final = 30.0  # messages a second, overall: Telegram's FAQ for bots
DELAY: Final = 0.15  # seconds after which the stand-in answers

LEAST_SHARE: Final = 0.95
MOST_GROWTH: Final = 64.0  # MB
MOST_STALL: Final = 0.050  # seconds above an idle loop's

_IDLE: Final = 10.0  # seconds for which the idle loop is looked at
_PATIENCE: Final = 60.0  # seconds in which the bot has to be ready, and the first alert to arrive
_PAUSE: Final = 0.002
_MB: Final = 2**20
_STAND_INS: Final = Path(__file__).with_name("stand_ins.py")


class StandIn:
    """A process of `stand_ins.py`, from this side."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def hear(self, within: float = _PATIENCE) -> Any:
        """The next line that it says."""
        assert self._process.stdout is not None
        async with asyncio.timeout(within):
            line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("a stand-in ended before its time")
        return json.loads(line)

    async def ask(self, what: str) -> Any:
        """Say a line, and hear the answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{what}\n".encode())
        return await self.hear()

    async def end(self) -> None:
        """Let it end, by force if need be."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            async with asyncio.timeout(5):
                await self._process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()


@asynccontextmanager
async def started(*arguments: str, script: Path = _STAND_INS) -> AsyncIterator[StandIn]:
    """A stand-in at work, which ends with this block."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(script), *arguments, stdin=pipe, stdout=pipe, limit=64 * _MB
    )
    stand_in = StandIn(process)
    try:
        yield stand_in
    finally:
        await stand_in.end()


@dataclass
class Watch:
    """What it is like on this loop, since it was started: how late timers come, and how large the process gets."""

    since: float = field(default_factory=time.monotonic)
    resident: float = field(default_factory=lambda: _resident())
    peak: float = 0.0
    late: list[tuple[float, float]] = field(default_factory=list)  # seconds late, and when

    async def look(self) -> None:
        """Look until cancelled."""
        while True:
            due = time.monotonic() + _PAUSE
            await asyncio.sleep(_PAUSE)
            now = time.monotonic()
            self.late.append((now - due, now - self.since))
            if len(self.late) > 1_000:  # what the watch keeps must not count as growth
                self.late = sorted(self.late, reverse=True)[:100]
            self.peak = max(self.peak, _resident())

    @property
    def longest(self) -> float:
        """The longest stall, in seconds."""
        return max(late for late, _ in self.late)

    @property
    def growth(self) -> float:
        """By how many MB the process grew, at its largest."""
        return self.peak - self.resident

    def worst(self, number: int) -> str:
        """The longest stalls in milliseconds, and when they were."""
        return ", ".join(f"{late * 1000:.0f} at {at:.1f} s" for late, at in sorted(self.late, reverse=True)[:number])


@asynccontextmanager
async def watched() -> AsyncIterator[Watch]:
    """A watch that looks as long as this block lasts."""
    watch = Watch()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(watch.look())
        try:
            yield watch
        finally:
            task.cancel()


@dataclass(frozen=True, slots=True)
class Sample:
    """What was measured."""

    seconds: float
    stories: int
    chats: frozenset[int]
    first: float
    taken: Sequence[tuple[float, int, tuple[int, ...]]]  # when, in which chat, which stories
    violations: Sequence[str] | None  # None where nothing was there to check against
    idle: Watch
    busy: Watch

    @property
    def within(self) -> list[float]:
        """The arrivals of the sample, which begins with the first of all."""
        return [at for at, _, _ in self.taken if at < self.first + self.seconds]

    @property
    def faults(self) -> int:
        """Messages in excess: told twice in a chat, of no story that was published, or in no chat that asked."""
        pairs = Counter((chat, story) for _, chat, stories in self.taken for story in stories or (-1,))
        again = sum(times - 1 for times in pairs.values())
        return again + sum(chat not in self.chats or not 1 <= story <= self.stories for chat, story in pairs)

    def busiest_chat(self) -> int:
        """The most messages that any chat got in a second."""
        arrivals: defaultdict[int, list[float]] = defaultdict(list)
        for at, chat, _ in self.taken:
            arrivals[chat].append(at)
        return max((busiest_second(instants) for instants in arrivals.values()), default=0)

    def judged(self) -> bool:
        """Print the figures; whether all of them hold."""
        number = len(self.within)
        share = number / self.seconds / ALLOWED
        overall = busiest_second([at for at, _, _ in self.taken])
        in_chat = self.busiest_chat()
        stall = self.busy.longest - self.idle.longest
        rate = f"{number} in {self.seconds:g} s, {share:.1%} of {ALLOWED:g}/s"
        memory = f"{self.busy.resident:.0f} MB, grown by {self.busy.growth:.1f} MB"
        stalls = f"{_ms(self.busy.longest)}, idle {_ms(self.idle.longest)}"
        lines = [
            ("rate", rate, f">= {LEAST_SHARE:.0%}", share >= LEAST_SHARE),
            ("busiest second", f"{overall} messages", f"<= {ALLOWED:g}", overall <= ALLOWED),
            ("busiest second of a chat", f"{in_chat} messages", "<= 1", in_chat <= 1),
            ("told twice, or wrongly", f"{self.faults} of {len(self.taken)}", "0", self.faults == 0),
            ("memory", memory, f"<= {MOST_GROWTH:g} MB", self.busy.growth <= MOST_GROWTH),
            ("longest stall", stalls, f"<= {_ms(MOST_STALL)} more", stall <= MOST_STALL),
        ]
        if self.violations is None:
            print("SKIP  violations of the Bot API: no description of it lies beside the repository")
        else:
            lines.append(("violations of the Bot API", f"{len(self.violations)}", "0", not self.violations))
        for name, figure, bound, holds in lines:
            print(f"{'PASS' if holds else 'FAIL'}  {name:26} {figure:38} {bound}")
        return all(holds for *_, holds in lines)


def busiest_second(instants: list[float]) -> int:
    """The most instants in any closed window [t, t + 1 s]; so neither [t, t + 1) nor (t, t + 1] holds more."""
    instants = sorted(instants)
    return max((bisect_right(instants, at + 1.0) - number for number, at in enumerate(instants)), default=0)


async def set_up(path: Path, chats: list[int], feed_url: str) -> None:
    """Chats that follow the feed; each has the filter that matches, and one of its own that does not."""
    database = Database(path)
    await database.open()
    store = ChatStore(database)
    now = time.time()
    try:
        for number in chats:
            address = Address("telegram", str(number))
            chat = await store.enter(address, ChatKind.PRIVATE, f"Reader {number}", now=now)
            await store.follow(chat.chat_id, [(feed_url, "")], everything=False, now=now, most=10, most_total=10)
            for text in ('"military instructors"', f"reader{number}"):
                await store.watch(chat.chat_id, parse(text), now=now, most=10)
    finally:
        await database.close()


def settings_of(folder: Path, api_url: str, token: str, **others: str) -> Settings:
    """Settings that reach nothing but the stand-ins, whatever the environment says; `others` are Discord's."""
    at_discord = {"discord_bot_token": "", "discord_api_url": "", "discord_gateway_url": ""} | others
    return read_settings(
        _env_file=None,
        telegram_bot_token=token,
        telegram_api_url=api_url,
        **at_discord,
        access="open",
        operators="",
        database_path=folder / "benchmark.db",
        source_pack="",
        poll_interval=1,
        max_poll_interval=2,
        host_interval=0,
        request_budget=100_000,
        feed_allow_networks="127.0.0.0/8",
        log_level="warning",
    )


async def ready(bot: Bot, chats: int) -> None:
    """Return when the bot serves, its filters are at work, and what the feed held at first was taken in."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        primed = await bot.database.read(lambda db: scalar(db, "SELECT min(primed) FROM feeds"))
        if primed and bot.fronts["telegram"].state == "serving" and len(bot.index) > chats:
            break
        if time.monotonic() > deadline:
            raise TimeoutError("the bot is not ready")
        await asyncio.sleep(0.1)
    await asyncio.sleep(2)


async def measure(seconds: float, stories: int, chats: int) -> Sample:
    """Run the bot and look."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tocsin-benchmark-")))
        telegram = await stack.enter_async_context(
            started("telegram", f"--chats={chats}", f"--delay={DELAY}", "--announces")
        )
        feed = await stack.enter_async_context(started("feed", f"--stories={stories}"))
        at_telegram, at_feed = await telegram.hear(), await feed.hear()
        settings = settings_of(folder, at_telegram["url"], at_telegram["token"])
        await set_up(settings.database_path, at_telegram["chats"], at_feed["url"])
        async with watched() as idle:
            await asyncio.sleep(_IDLE)
        bot = await stack.enter_async_context(opened(settings))
        with_telegram(bot)
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(run(bot, stop))
            try:
                await ready(bot, chats)
                async with watched() as busy:
                    size = await feed.ask("publish")
                    first = (await telegram.hear())["first"]
                    soon = first - busy.since
                    await asyncio.sleep(max(first + seconds - time.monotonic(), 0))
                report = await telegram.ask("report")
                alerts = await bot.database.read(lambda db: scalar(db, "SELECT count(*) FROM alerts"))
            finally:
                stop.set()
        print(f"{stories} stories in a feed of {size['bytes'] / 1000:.0f} kB: {alerts} alerts for {chats} chats")
        print(f"the first arrived after {soon:.1f} s; longest stalls, in ms from the publication on: {busy.worst(5)}")
        return Sample(
            seconds,
            stories,
            frozenset(at_telegram["chats"]),
            first,
            [(at, chat, tuple(stories)) for at, chat, stories in report["taken"]],
            report["violations"],
            idle,
            busy,
        )


def _resident() -> float:
    """How much memory of this process is in RAM, in MB."""
    pages = Path("/proc/self/statm").read_text("ascii").split()[1]
    return int(pages) * resource.getpagesize() / _MB


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


def _main() -> int:
    parser = argparse.ArgumentParser(
        description="How much of Telegram's rate delivery in bulk uses, and what it costs."
    )
    parser.add_argument("--seconds", type=float, default=120, help="length of the sample (120)")
    parser.add_argument("--stories", type=int, default=1_000, help="new stories, which all match (1000)")
    parser.add_argument("--chats", type=int, default=500, help="chats, which all ask for them (500)")
    given = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    return 0 if asyncio.run(measure(given.seconds, given.stories, given.chats)).judged() else 1


if __name__ == "__main__":
    sys.exit(_main())
