"""Telegram and Discord in one process, of which one is out: whether the other is delayed.

    python benchmarks/platforms.py [--out telegram|discord] [--minutes 10] [--chats 1000]

The real bot serves both over HTTP, with SQLite on disk in a temporary folder; the stand-ins, which answer after 150 ms,
run in processes of their own, and nothing leaves 127.0.0.1. Two alerts a second are made on each platform: one for the
next of all chats, one for the next of twenty that have much to read. One platform is out, for a quarter of the time
each: it refuses connections, it hangs, it answers with the page of what stands before it, it asks everybody to wait.
It does not measure polling and matching.

Prints a line for each figure, and ends with status 0 if all hold, 1 if not.
"""

import argparse
import asyncio
import logging
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

# What is measured is this checkout, whatever is installed: started by its path, a script finds only its own folder.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from delivery import DELAY, StandIn, settings_of, started

from bot.app import Bot, opened, run, with_discord, with_telegram
from bot.delivery import SENDS_AT_ONCE
from storage import Database
from storage.database import scalar
from support.backlog import write_alert, write_backlog, write_chats

PLATFORMS: Final = ("telegram", "discord")
WAYS: Final = ("refuses", "hangs", "page", "floods")
MARGINS: Final = {"median": 0.1, "95th": 0.3, "longest": 1.0}
"""Seconds by which each figure of the other platform may be above what it was before the outage."""

_BEFORE: Final = 60.0  # seconds; as long after the outage
_PAUSE: Final = 0.5  # seconds between two alerts of a platform
_SETTLING: Final = 5.0  # seconds after the start that do not count
_BUSY: Final = 20  # chats that get half of all alerts
_PATIENCE: Final = 60.0  # seconds in which the bot has to be ready
_CATCHING_UP: Final = 180.0  # seconds in which all that was missed has to arrive


@dataclass
class Sample:
    """What was seen: when each alert was made (by its story's number), and the stand-ins' notes; monotonic seconds."""

    out: str
    made: dict[str, dict[int, float]] = field(default_factory=lambda: {platform: {} for platform in PLATFORMS})
    began: float = 0.0
    ended: float = 0.0
    reports: dict[str, Any] = field(default_factory=dict)

    @property
    def other(self) -> str:
        """The platform that works all the time."""
        return next(platform for platform in PLATFORMS if platform != self.out)

    def arrivals(self, platform: str) -> dict[int, float]:
        """When each story arrived first."""
        arrived: dict[int, float] = {}
        for at, _, stories in self.reports[platform]["taken"]:
            for story in stories:
                arrived[story] = min(at, arrived.get(story, at))
        return arrived

    def delays(self, platform: str, since: float, until: float) -> list[float]:
        """How long what was made in this span took to arrive, in seconds and in order."""
        arrived = self.arrivals(platform)
        return sorted(arrived[story] - at for story, at in self.made[platform].items() if since <= at < until)

    def judged(self) -> bool:
        """Print the figures; whether all of them hold."""
        lost = {platform: self.made[platform].keys() - self.arrivals(platform).keys() for platform in PLATFORMS}
        lines = [("lost", f"{sum(map(len, lost.values()))}", "0", not any(lost.values()))]
        for platform, most in (("telegram", SENDS_AT_ONCE), ("discord", 0)):
            told = Counter(story for _, _, stories in self.reports[platform]["taken"] for story in set(stories))
            again = told.total() - len(told)
            lines.append((f"told again on {platform}", f"{again}", f"<= {most}", again <= most))
            if (violations := self.reports[platform]["violations"]) is None:
                print(f"SKIP  violations on {platform}: no description of its API lies beside the repository")
            else:
                lines.append((f"violations on {platform}", f"{len(violations)}", "0", not violations))
        if not any(lost.values()):
            lines += self._of_the_other()
        for name, figure, bound, holds in lines:
            print(f"{'PASS' if holds else 'FAIL'}  {name:26} {figure:46} {bound}")
        return all(holds for *_, holds in lines)

    def _of_the_other(self) -> Iterable[tuple[str, str, str, bool]]:
        """The lines on the platform that works, and what there is to say of the one that is out."""
        spans = {"before": (0.0, self.began), "during": (self.began, self.ended), "after": (self.ended, float("inf"))}
        seen = {name: self.delays(self.other, *span) for name, span in spans.items()}
        print(f"{self.out} is out for {self.ended - self.began:.0f} s; from being made to arriving, {self.other}:")
        for name, delays in seen.items():
            figures = ", ".join(f"{what} {_ms(figure)}" for what, figure in summary(delays).items())
            print(f"      {name:7} {figures}, of {len(delays)}")
        arrived = self.arrivals(self.out)
        missed = [story for story, at in self.made[self.out].items() if self.began <= at < self.ended]
        caught_up = max(arrived[story] for story in missed) - self.ended
        messages = sum(1 for _, _, stories in self.reports[self.out]["taken"] if set(stories) & set(missed))
        print(
            f"      {self.out} gets the {len(missed)} that it missed within {caught_up:.1f} s, in {messages} messages"
        )
        for what, margin in MARGINS.items():
            before, during = summary(seen["before"])[what], summary(seen["during"])[what]
            holds = during <= before + margin
            yield f"{what} during the outage", f"{_ms(during - before)} more", f"<= {_ms(margin)} more", holds


def summary(delays: list[float]) -> dict[str, float]:
    """Median, 95th percentile, and longest, of delays in order."""
    return {"median": delays[len(delays) // 2], "95th": delays[int(len(delays) * 0.95)], "longest": delays[-1]}


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


async def set_up(path: Path, telegram: list[int], discord: list[int]) -> None:
    """A file with these chats, in which nothing waits."""
    database = Database(path)
    await database.open()
    now, names, channels = time.time(), [str(chat) for chat in telegram], [str(chat) for chat in discord]
    try:
        await database.write(lambda db: write_backlog(db, names, due=0, now=now))
        await database.write(lambda db: write_chats(db, channels, now=now, platform="discord", first=len(names) + 1))
    finally:
        await database.close()


async def serving(bot: Bot) -> None:
    """Return when both platforms are served."""
    async with asyncio.timeout(_PATIENCE):
        while any(front.state != "serving" for front in bot.fronts.values()):  # noqa: ASYNC110 - they tell nobody
            await asyncio.sleep(0.1)


async def publish(bot: Bot, chats: int, made: dict[str, dict[int, float]]) -> None:
    """Make alerts, as evenly as the clock allows, until cancelled."""
    began = time.monotonic()
    tick = 0
    while True:
        number = tick // 2 % (chats if tick % 2 else _BUSY)
        for place, platform in enumerate(PLATFORMS):
            chat, story = place * chats + number + 1, tick * len(PLATFORMS) + place + 1
            made[platform][story] = time.monotonic()
            await bot.database.write(partial(write_alert, chat_id=chat, story=story, now=time.time()))
            for delivery in bot.deliveries:
                delivery.call()
        tick += 1
        await asyncio.sleep(max(0.0, began + tick * _PAUSE - time.monotonic()))


async def caught_up(bot: Bot) -> None:
    """Return when nothing waits any more, or it takes too long."""
    until = time.monotonic() + _CATCHING_UP
    while time.monotonic() < until:
        if not await bot.database.read(lambda db: scalar(db, "SELECT count(*) FROM alerts WHERE state <> 'sent'")):
            return
        await asyncio.sleep(1)


async def measure(out: str, minutes: float, chats: int) -> Sample:
    """Run the bot and look."""
    sample = Sample(out)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tocsin-benchmark-")))
        stand_ins: dict[str, StandIn] = {}
        told: dict[str, Any] = {}
        for platform in PLATFORMS:
            counts = (f"--chats={chats}", f"--delay={DELAY}", *(["--limited"] if platform == "discord" else []))
            stand_ins[platform] = await stack.enter_async_context(started(platform, *counts))
            told[platform] = await stand_ins[platform].hear()
        at_telegram, at_discord = told["telegram"], told["discord"]
        settings = settings_of(
            folder,
            at_telegram["url"],
            at_telegram["token"],
            discord_bot_token=at_discord["token"],
            discord_api_url=at_discord["url"],
            discord_gateway_url=at_discord["gateway"],
        )
        await set_up(settings.database_path, at_telegram["chats"], at_discord["chats"])
        bot = await stack.enter_async_context(opened(settings))
        with_telegram(bot)
        with_discord(bot)
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(run(bot, stop))
            try:
                await serving(bot)
                await asyncio.sleep(_SETTLING)
                publishing = group.create_task(publish(bot, chats, sample.made))
                await asyncio.sleep(_BEFORE)
                sample.began = time.monotonic()
                for way in WAYS:
                    await stand_ins[out].ask(f"break {way}")
                    await asyncio.sleep(minutes * 60 / len(WAYS))
                    await stand_ins[out].ask(f"mend {way}")
                sample.ended = time.monotonic()
                await asyncio.sleep(_BEFORE)
                publishing.cancel()
                await caught_up(bot)
                sample.reports = {platform: await stand_ins[platform].ask("report") for platform in PLATFORMS}
            finally:
                stop.set()
    return sample


def _main() -> int:
    parser = argparse.ArgumentParser(description="Whether the outage of one platform delays the other.")
    parser.add_argument("--out", choices=PLATFORMS, default="discord", help="which platform is out (discord)")
    parser.add_argument("--minutes", type=float, default=10, help="for how long (10)")
    parser.add_argument("--chats", type=int, default=1_000, help="on each platform (1000)")
    given = parser.parse_args()
    logging.basicConfig(level=logging.CRITICAL)  # an outage is what is wanted here
    sample = asyncio.run(measure(given.out, given.minutes, given.chats))
    print(f"the machine's load, of 1, 5 and 15 minutes: {', '.join(f'{load:.1f}' for load in os.getloadavg())}")
    return 0 if sample.judged() else 1


if __name__ == "__main__":
    sys.exit(_main())
