"""`tocsin demo`: the newsroom on loopback, the bot at a local prompt, and somebody who types the first commands."""

import asyncio
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final
from xml.sax.saxutils import quoteattr

from bot.app import Bot, opened, run, stop_on_signals, with_console
from bot.clock import SystemClock
from bot.config import Settings, read_settings
from bot.demo.newsroom import Newsroom
from bot.domain.chats import ChatKind
from bot.domain.rich import Piece, plain
from handlers.calls import Caller, Reply
from handlers.on_console import ADDRESS, LOCAL_PERSON, Screen

_FILTERS: Final = ("military instructors", "EUMAM")
_INTERVAL: Final = 2.0  # seconds between two stories, for who watches
_INTERVAL_PIPED: Final = 1.0
_LAST_ALERTS: Final = 5.0  # seconds for the last story to arrive as an alert
_TYPING: Final = 0.4


async def play() -> int:
    """Run the demo: with a terminal until the person leaves, without one until the newsroom has played once.

    Returns the exit status.
    """
    stop = stop_on_signals()
    terminal = sys.stdin.isatty() and sys.stdout.isatty()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tocsin-demo-")))
        newsroom = Newsroom(SystemClock(), interval=_INTERVAL if terminal else _INTERVAL_PIPED)
        await newsroom.start()
        stack.push_async_callback(newsroom.aclose)
        bot = await stack.enter_async_context(opened(_settings(folder, newsroom)))
        screen = Screen()
        with_console(bot, screen)
        async with asyncio.TaskGroup() as group:
            script = group.create_task(_script(bot, screen, newsroom, stop, stays=terminal))
            await run(bot, stop, without_fronts=not terminal)
            script.cancel()
    return 0


def _settings(folder: Path, newsroom: Newsroom) -> Settings:
    """Settings that reach nothing but the newsroom, whatever the environment says."""
    pack = folder / "invented-outlets.opml"
    outlines = "".join(f"<outline type='rss' xmlUrl={quoteattr(url)}/>" for url in newsroom.feeds[1:])
    pack.write_text(f"<opml version='2.0'><head/><body>{outlines}</body></opml>", "utf-8")
    return read_settings(
        _env_file=None,
        telegram_bot_token="",
        access="open",
        operators="",
        database_path=folder / "demo.db",
        source_pack=str(pack),
        poll_interval=0.5,
        max_poll_interval=1,
        host_interval=0,
        request_budget=100_000,
        feed_allow_networks="127.0.0.0/8",
        max_story_age=72,
        log_level="warning",
    )


async def _script(bot: Bot, screen: Screen, newsroom: Newsroom, stop: asyncio.Event, *, stays: bool) -> None:
    _tell(screen, f"Five invented outlets run on this machine; one of their feeds is {newsroom.feeds[0]}")
    for line in ("/start", f"/sub {newsroom.feeds[0]}", *(f"/watch {query}" for query in _FILTERS)):
        await asyncio.sleep(_TYPING)
        screen.answer(Reply((Piece(f"> {line}", bold=True),)))
        reply = await bot.commands.answer(line, Caller(ADDRESS, ChatKind.PRIVATE, "demo", LOCAL_PERSON, _always))
        if reply is not None:
            screen.answer(reply)
    await newsroom.wait_until_read()
    _tell(screen, "The newsroom publishes now, a story at a time. Type a command whenever you like: /help")
    await newsroom.publish_all()
    await asyncio.sleep(_LAST_ALERTS)
    if stays:
        _tell(screen, "The newsroom has told all its stories. Try /latest or /status; /quit leaves.")
    else:
        stop.set()


def _tell(screen: Screen, text: str) -> None:
    screen.answer(Reply(plain(text)))


async def _always() -> bool:
    return True
