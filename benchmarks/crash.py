"""Killed again and again: what is lost, and what is told twice.

    python benchmarks/crash.py [--platform telegram] [--kills 100] [--chats 300] [--stories 20] [--seed 1]

The real bot as a process, `kill -9` at random moments while it delivers to a stand-in for Telegram or Discord that
answers after 150 ms; then it is started again on the same file. When the kills are over it may finish; then each chat
must have been told each story. A send whose answer the killed process did not live to note may be repeated on Telegram,
so after each kill at most the 16 sends that were in flight. On Discord none may be: it knows a message by its nonce,
and a forum's post, of which every tenth chat gets one for each story, is looked for before it is made. There the bot
only delivers, it serves nobody.
Nothing leaves 127.0.0.1. It does not measure how fast anything is.

Prints a line for each figure, and ends with status 0 if all hold, 1 if not.
"""

import argparse
import asyncio
import json
import logging
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

# What is measured is this checkout, whatever is installed: started by its path, a script finds only its own folder.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from delivery import DELAY, StandIn, settings_of, started

import handlers.on_telegram  # noqa: F401 - loaded before there are processes, see `live`
from bot.app import Bot, opened, run, stop_on_signals, with_telegram
from bot.config import Settings
from bot.delivery import SENDS_AT_ONCE
from bot.limiter import Limiter
from handlers.on_discord import OVERALL, DiscordSender, lane_of, rates_of
from storage import Database
from support.backlog import write_backlog

_LONGEST_LIFE: Final = 1.5  # seconds after its first message, at the end of which a process is killed at the latest
_PATIENCE: Final = 120.0


class Nobody:
    """A front at which nobody speaks."""

    state = "serving"

    async def serve(self) -> None:
        """Wait to be cancelled."""
        await asyncio.Event().wait()


def deliver_to_discord(bot: Bot, api_url: str, token: str) -> None:
    """Let the bot deliver there, as fast as Discord allows."""
    sender = DiscordSender(token, api_url)
    bot.serve_on("discord", Nobody(), sender, Limiter(OVERALL, rates_of, lane_of))
    bot.closing.append(sender.close)


async def taken(platform: StandIn) -> list[tuple[float, int, tuple[int, ...]]]:
    """What has arrived: when, in which chat, and which stories it tells."""
    report = await platform.ask("report")
    return [(at, chat, tuple(stories)) for at, chat, stories in report["taken"]]


async def set_up(path: Path, platform: str, chats: list[int], stories: int) -> None:
    """A file in which so many stories are due in each chat."""
    database = Database(path)
    await database.open()
    names = [str(chat) for chat in chats]
    try:
        await database.write(lambda db: write_backlog(db, names, due=stories, now=time.time(), platform=platform))
    finally:
        await database.close()


async def arrived(platform: StandIn, more_than: int, within: float) -> int:
    """How many messages have arrived, once these are more, or the time is over."""
    deadline = time.monotonic() + within
    while True:
        number = int((await platform.ask("count"))["count"])
        if number > more_than or time.monotonic() > deadline:
            return number
        await asyncio.sleep(0.02)


def left(path: Path) -> tuple[Counter[str], int]:
    """How many alerts are in which state, and how many chats have something in hand."""
    connection = sqlite3.connect(path)
    try:
        states = connection.execute("SELECT state, count(*) FROM alerts GROUP BY state").fetchall()
        in_hand = connection.execute("SELECT count(DISTINCT chat_id) FROM alerts WHERE state = 'claimed'").fetchone()
        return Counter(dict(states)), in_hand[0]
    finally:
        connection.close()


async def measure(platform: str, kills: int, chats: int, stories: int, chance: random.Random) -> bool:
    """Kill and start; whether all holds."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tocsin-crash-")))
        stand_in = await stack.enter_async_context(started(platform, f"--chats={chats}", f"--delay={DELAY}"))
        at_platform = await stand_in.hear()
        path = settings_of(folder, "", "").database_path
        await set_up(path, platform, at_platform["chats"], stories)
        where = (str(folder), platform, at_platform["url"], at_platform["token"])
        lives = await stack.enter_async_context(started("--lives", *where, script=Path(__file__)))
        in_flight: list[int] = []
        number = 0
        for kill in range(kills):
            process = (await lives.ask("start"))["pid"]
            number = await arrived(stand_in, number, _PATIENCE)
            await asyncio.sleep(chance.uniform(0, _LONGEST_LIFE))
            os.kill(process, signal.SIGKILL)
            await lives.hear()
            await asyncio.sleep(2 * DELAY)  # what is on its way arrives, though nobody waits for the answer
            number = (await stand_in.ask("count"))["count"]
            in_flight.append(left(path)[1])
            print(f"\r{kill + 1} of {kills} kills, {number} messages", end="", file=sys.stderr, flush=True)
        process = (await lives.ask("start"))["pid"]
        await finished(path)
        os.kill(process, signal.SIGTERM)
        await lives.hear()
        print(file=sys.stderr)
        messages = await taken(stand_in)
        allowed = sum(in_flight) if platform == "telegram" else 0
        return judged(messages, at_platform["chats"], stories, in_flight, left(path)[0], allowed)


async def finished(path: Path) -> None:
    """Return when nothing is due any more."""
    deadline = time.monotonic() + 600
    while any(left(path)[0][state] for state in ("due", "held", "claimed")):
        if time.monotonic() > deadline:
            raise TimeoutError("the last run does not finish")
        await asyncio.sleep(0.5)


def live(folder: Path, platform: str, api_url: str, token: str) -> None:
    """Run the bot whenever told to start, in a process of its own, and say when it has ended.

    Each is forked from this one, which has loaded all that the bot consists of and opened nothing: so a start takes
    a moment, and not the seconds that it takes to load.
    """
    logging.basicConfig(level=logging.ERROR)
    settings = settings_of(folder, *((api_url, token) if platform == "telegram" else ("", "")))
    for _ in sys.stdin:
        process = os.fork()
        if not process:
            asyncio.run(a_life(settings, platform, api_url, token))
            os._exit(0)
        print(json.dumps({"pid": process}), flush=True)
        _, status = os.waitpid(process, 0)
        print(json.dumps({"status": status}), flush=True)


async def a_life(settings: Settings, platform: str, api_url: str, token: str) -> None:
    """Serve until told to stop."""
    async with opened(settings) as bot:
        if platform == "telegram":
            with_telegram(bot)
        else:
            deliver_to_discord(bot, api_url, token)
        await run(bot, stop_on_signals())


def judged(
    messages: list[tuple[float, int, tuple[int, ...]]],
    chats: list[int],
    stories: int,
    in_flight: list[int],
    states: Counter[str],
    allowed: int,
) -> bool:
    """Print the figures; whether all of them hold, with so many messages repeated at most."""
    told: Counter[tuple[int, int]] = Counter((chat, story) for _, chat, every in messages for story in every)
    wanted = {(chat, story) for chat in chats for story in range(1, stories + 1)}
    lost = len(wanted - told.keys())
    strange = len(told.keys() - wanted)
    again = sum(times - 1 for times in told.values())
    # A message is repeated where one of its alerts was told before.
    known: set[tuple[int, int]] = set()
    repeated = 0
    for _, chat, every in sorted(messages):
        repeated += any((chat, story) in known for story in every)
        known.update((chat, story) for story in every)
    kills = len(in_flight)
    most, sends = max(in_flight), sum(in_flight)
    lines: list[tuple[str, str, str, bool]] = [
        ("lost", f"{lost} of {len(wanted)} alerts", "0", lost == 0),
        ("in no state but sent", f"{sum(states.values()) - states['sent']} alerts", "0", set(states) == {"sent"}),
        ("of no story, in no chat", str(strange), "0", strange == 0),
        ("in flight at a kill", f"{most} at most, {sends} in all", f"<= {SENDS_AT_ONCE}", most <= SENDS_AT_ONCE),
        ("repeated messages", f"{repeated} over {kills} kills ({again} alerts)", f"<= {allowed}", repeated <= allowed),
    ]
    for name, figure, bound, holds in lines:
        print(f"{'PASS' if holds else 'FAIL'}  {name:24} {figure:36} {bound}")
    print(f"{len(messages)} messages, {kills} kills, {len(chats)} chats, {stories} stories")
    return all(holds for *_, holds in lines)


def _main() -> int:
    parser = argparse.ArgumentParser(description="kill -9 under load: nothing lost, little repeated.")
    parser.add_argument("--platform", choices=["telegram", "discord"], default="telegram")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--chats", type=int, default=300, help="chats, in each of which all is due (300)")
    parser.add_argument("--stories", type=int, default=20, help="stories; more than 20 come in digests (20)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--lives", nargs=4, metavar=("FOLDER", "PLATFORM", "URL", "TOKEN"), help="for the benchmark itself"
    )
    given = parser.parse_args()
    if given.lives:
        live(Path(given.lives[0]), *given.lives[1:])
        return 0
    chance = random.Random(given.seed)
    return 0 if asyncio.run(measure(given.platform, given.kills, given.chats, given.stories, chance)) else 1


if __name__ == "__main__":
    sys.exit(_main())
