"""Ten thousand alerts due over two thousand chats, of which fifty are flooded: how it is sent, and who has to wait.

    python benchmarks/pacing.py [--seconds 90] [--chats 2000] [--alerts 5] [--flooded 50]

The real bot sends over HTTP to a stand-in for Telegram that answers after 150 ms, and asks those who are flooded to
wait for 30 s each time. All is due at the start. Meanwhile a fresh alert is made every five seconds for a chat in which
nothing waits, and somebody says /status every two. Nothing leaves 127.0.0.1. It does not measure polling and matching.

Prints a line for each figure, and ends with status 0 if all hold, 1 if not.
"""

import argparse
import asyncio
import logging
import random
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

# What is measured is this checkout, whatever is installed: started by its path, a script finds only its own folder.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from delivery import ALLOWED, DELAY, LEAST_SHARE, StandIn, busiest_second, settings_of, started

from bot.app import Bot, opened, run, with_telegram
from storage import Database
from support.backlog import write_alert, write_backlog

LONGEST_FRESH: Final = 2.0  # seconds
LONGEST_ANSWER: Final = 1.0

_QUIET: Final = 40  # chats in which nothing waits


@dataclass(frozen=True, slots=True)
class Sample:
    """What was seen: the stand-in's notes, when fresh alerts were made (by chat), when what was said (by chat)."""

    seconds: float
    first: float
    taken: list[tuple[float, int, list[int]]]
    refused: list[tuple[float, int]]
    made: dict[int, float]
    said: list[tuple[float, int]]
    flooded: int

    def judged(self) -> bool:
        """Print the figures; whether all of them hold."""
        end = self.first + self.seconds
        sends = sorted([(at, chat) for at, chat, _ in self.taken] + self.refused)
        used = sum(at < end for at, _ in sends) / self.seconds / ALLOWED
        of_use = sum(at < end for at, _, _ in self.taken) / self.seconds / ALLOWED
        chats: defaultdict[int, list[float]] = defaultdict(list)
        for at, chat in sends:
            chats[chat].append(at)
        fresh = [min(at for at, to, _ in self.taken if to == chat) - made for chat, made in self.made.items()]
        answers = [self._answered(at, chat) - at for at, chat in self.said]
        overall, in_chat = busiest_second([at for at, _ in sends]), max(busiest_second(at) for at in chats.values())
        lines = [
            ("rate", f"{used:.1%} of {ALLOWED:g}/s", f">= {LEAST_SHARE:.0%}", used >= LEAST_SHARE),
            ("busiest second", f"{overall} messages", f"<= {ALLOWED:g}", overall <= ALLOWED),
            ("busiest second of a chat", f"{in_chat} messages", "<= 1", in_chat <= 1),
            ("a fresh alert waits", _span(fresh), f"<= {LONGEST_FRESH:g} s", max(fresh) <= LONGEST_FRESH),
            ("an answer waits", _span(answers), f"<= {LONGEST_ANSWER:g} s", max(answers) <= LONGEST_ANSWER),
        ]
        for name, figure, bound, holds in lines:
            print(f"{'PASS' if holds else 'FAIL'}  {name:26} {figure:46} {bound}")
        print(f"      {of_use:.1%} were taken; {len(self.refused)} refused to {self.flooded} flooded chats")
        return all(holds for *_, holds in lines)

    def _answered(self, said: float, chat: int) -> float:
        """When what was said in a chat was answered: the first thing to come that tells no story."""
        return min(
            (at for at, to, stories in self.taken if to == chat and at >= said and not stories), default=said + 99
        )


def _span(waits: list[float]) -> str:
    return f"{max(waits):.2f} s at most, {sorted(waits)[len(waits) // 2]:.2f} in the middle, of {len(waits)}"


async def set_up(path: Path, chats: list[int], alerts: int) -> None:
    """A file in which so many alerts are due in each chat but the quiet ones, the last."""
    database = Database(path)
    await database.open()
    names = [str(chat) for chat in chats]
    now = time.time() - 60
    try:
        await database.write(lambda db: write_backlog(db, names[:-_QUIET], due=alerts, now=now, quiet=names[-_QUIET:]))
    finally:
        await database.close()


async def fresh_alerts(bot: Bot, chats: list[int], alerts: int, made: dict[int, float]) -> None:
    """One every five seconds, each in a quiet chat of its own."""
    for number, chat in enumerate(chats[-_QUIET:]):
        await asyncio.sleep(5)
        made[chat] = time.monotonic()
        chat_id, story = len(chats) - _QUIET + 1 + number, alerts + 1 + number
        await bot.database.write(partial(write_alert, chat_id=chat_id, story=story, now=time.time()))
        for delivery in bot.deliveries:
            delivery.call()


async def commands(telegram: StandIn, chats: list[int], said: list[tuple[float, int]], lock: asyncio.Lock) -> None:
    """Somebody asks for /status every two seconds, in a chat in which alerts wait."""
    chance = random.Random(1)
    while True:
        await asyncio.sleep(2)
        chat = chance.choice(chats)
        async with lock:
            said.append(((await telegram.ask(f"say {chat} /status"))["said"], chat))


async def measure(seconds: float, chats: int, alerts: int, flooded: int) -> Sample:
    """Run the bot and look."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tocsin-benchmark-")))
        counts = (f"--chats={chats + _QUIET}", f"--delay={DELAY}", f"--flooded={flooded}")
        telegram = await stack.enter_async_context(started("telegram", *counts))
        at_telegram = await telegram.hear()
        people: list[int] = at_telegram["chats"]
        settings = settings_of(folder, at_telegram["url"], at_telegram["token"])
        await set_up(settings.database_path, people, alerts)
        bot = await stack.enter_async_context(opened(settings))
        with_telegram(bot)
        stop = asyncio.Event()
        made: dict[int, float] = {}
        said: list[tuple[float, int]] = []
        lock = asyncio.Lock()
        async with asyncio.TaskGroup() as group:
            group.create_task(run(bot, stop))
            try:
                await asyncio.sleep(3)
                tasks = [
                    group.create_task(fresh_alerts(bot, people, alerts, made)),
                    group.create_task(commands(telegram, people[flooded:-_QUIET], said, lock)),
                ]
                await asyncio.sleep(seconds)
                for task in tasks:
                    task.cancel()
                await asyncio.sleep(3)
                async with lock:
                    report: dict[str, Any] = await telegram.ask("report")
            finally:
                stop.set()
        taken = [(at, chat, stories) for at, chat, stories in report["taken"]]
        refused = [(at, chat) for at, chat in report["refused"]]
        return Sample(seconds, taken[0][0], taken, refused, made, said, flooded)


def _main() -> int:
    parser = argparse.ArgumentParser(description="How a large backlog is sent, and who has to wait meanwhile.")
    parser.add_argument("--seconds", type=float, default=90)
    parser.add_argument("--chats", type=int, default=2_000)
    parser.add_argument("--alerts", type=int, default=5, help="due in each chat (5)")
    parser.add_argument("--flooded", type=int, default=50, help="chats of those (50)")
    given = parser.parse_args()
    logging.basicConfig(level=logging.ERROR)
    sample = asyncio.run(measure(given.seconds, given.chats, given.alerts, given.flooded))
    return 0 if sample.judged() else 1


if __name__ == "__main__":
    sys.exit(_main())
