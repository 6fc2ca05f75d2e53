"""The whole bot over real HTTP and real SQLite: a Telegram, outlets, and what people say, in one place.

async with World.opened(tmp_path) as world:
    chat = world.private("Alice")
    feed = world.feed("/news")
    await chat.say(f"/sub {feed.url}")
    await chat.say("/watch EUMAM")
    feed.publish(title="EUMAM counts its graduates")
    assert "EUMAM" in (await chat.next_message()).text
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.app import Bot, opened, run, with_telegram
from bot.config import Settings, read_settings
from support.outlets import Feed, Outlets
from support.telegram_server import GroupChat, Person, PrivateChat, TelegramServer

PATIENCE = 30.0  # seconds: far more than anything takes, for machines that do much else


def settings_for(folder: Path, telegram: TelegramServer, **changes: Any) -> Settings:
    """Settings that reach only what runs on loopback, whatever the environment holds."""
    given: dict[str, Any] = {
        "_env_file": None,
        "telegram_bot_token": telegram.token,
        "telegram_api_url": telegram.url,
        "access": "open",
        "operators": "",
        "database_path": folder / "tocsin.db",
        "source_pack": "",
        "poll_interval": 0.05,
        "max_poll_interval": 1,
        "host_interval": 0,
        "request_budget": 1_000_000,
        "feed_allow_networks": "127.0.0.0/8",
        "max_story_age": 72,
    }
    return read_settings(**(given | changes))


class World:
    """A running bot and its surroundings; `restart` ends the bot as SIGTERM would, and starts it anew."""

    def __init__(self, folder: Path, telegram: TelegramServer, outlets: Outlets, changes: dict[str, Any]) -> None:
        self.folder = folder
        self.telegram = telegram
        self.outlets = outlets
        self.changes = changes
        self.bot: Bot | None = None
        self._stop = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    @classmethod
    @asynccontextmanager
    async def opened(cls, folder: Path, *, running: bool = True, **changes: Any) -> AsyncIterator["World"]:
        """The world, with a bot that runs unless told otherwise; nothing is left of it at the end."""
        async with await TelegramServer.start() as telegram, await Outlets.start() as outlets:
            world = cls(folder, telegram, outlets, changes)
            if running:
                await world.start()
            try:
                yield world
            finally:
                await world.stop()
            assert telegram.violations == []

    async def start(self) -> None:
        """Start the bot."""
        self._stop = asyncio.Event()
        started = asyncio.Event()
        self._running = asyncio.create_task(self._run(started))
        waiting = asyncio.create_task(started.wait())
        await asyncio.wait([self._running, waiting], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if self._running.done():
            await self._running

    async def _run(self, started: asyncio.Event) -> None:
        async with opened(settings_for(self.folder, self.telegram, **self.changes)) as bot:
            self.bot = bot
            with_telegram(bot, rates=lambda _: ())  # people in tests type faster than a chat may be answered
            started.set()
            await run(bot, self._stop)

    async def stop(self) -> None:
        """End the bot as SIGTERM would."""
        self._stop.set()
        if self._running is not None:
            await self._running
            self._running = None

    async def restart(self) -> None:
        """End the bot and start it anew, on the same database."""
        await self.stop()
        await self.start()

    def private(self, name: str, *, language: str | None = "en") -> PrivateChat:
        """A person's private chat with the bot."""
        return self.telegram.private(self.telegram.person(name, language=language))

    def group(self, title: str, *, admin: Person) -> GroupChat:
        """A group with one administrator."""
        return self.telegram.group(title, admins=[admin])

    def feed(self, path: str, **options: Any) -> Feed:
        """A feed that holds an old story, so that its first poll is silent."""
        feed = self.outlets.feed(path, **options)
        feed.publish(title="The old harbour clock is repaired")
        return feed

    async def watching(self, name: str, feed: Feed, *queries: str) -> PrivateChat:
        """A private chat that follows the feed and watches the queries."""
        chat = self.private(name)
        assert "You now follow" in await chat.say(f"/sub {feed.url}")
        for query in queries:
            assert "is set" in await chat.say(f"/watch {query}")
        return chat

    async def quiet(self, feed: Feed, polls: int = 3) -> None:
        """Return when the feed was polled some more times, and what that brought was matched and sent."""
        enough = feed.hits + polls
        await until(lambda: feed.hits >= enough, "the feed is not polled")
        await self.settled()

    async def settled(self) -> None:
        """Return when no story waits to be matched and no alert to be sent (held ones apart)."""
        busy = (
            "SELECT 1 FROM stories WHERE pending = 1 UNION ALL SELECT 1 FROM lanes "
            "UNION ALL SELECT 1 FROM alerts WHERE state = 'claimed'"
        )
        await until(lambda: not self.rows(busy), "the bot does not settle")

    def rows(self, sql: str, *parameters: Any) -> list[Any]:
        """Rows of the bot's database, read beside it."""
        connection = sqlite3.connect(self.folder / "tocsin.db")
        try:
            return connection.execute(sql, parameters).fetchall()
        finally:
            connection.close()


async def until(condition: Callable[[], bool], otherwise: str) -> None:
    """Return when the condition holds; fail with `otherwise` when it does not in time."""
    for _ in range(int(PATIENCE / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(otherwise)
