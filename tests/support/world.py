"""The whole bot over real HTTP and real SQLite: a Telegram or Discord, outlets, and what people say, in one place.

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
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path
from typing import Any

from bot.app import Bot, opened, run, with_console, with_discord, with_telegram
from bot.config import Settings, read_settings
from handlers.on_discord import DiscordFront
from support.discord_server import DiscordServer
from support.fronts import OnDiscord, OnPrompt, OnTelegram, Talker
from support.inline import make_database
from support.listening import PATIENCE
from support.outlets import Feed, Outlets
from support.telegram_server import GroupChat, Person, PrivateChat, TelegramServer


def settings_for(folder: Path, telegram: TelegramServer | None, **changes: Any) -> Settings:
    """Settings that reach only what runs on loopback, whatever the environment holds."""
    given: dict[str, Any] = {
        "_env_file": None,
        "telegram_bot_token": telegram.token if telegram else "",
        "telegram_api_url": telegram.url if telegram else "",
        "discord_bot_token": "",
        "discord_api_url": "",
        "discord_gateway_url": "",
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


def discord_settings(server: DiscordServer) -> dict[str, Any]:
    """Settings that point the bot to the stand-in."""
    return {
        "discord_bot_token": server.token,
        "discord_api_url": server.api_url,
        "discord_gateway_url": server.gateway_url,
    }


class World:
    """A running bot and its surroundings; `restart` ends the bot as SIGTERM would, and starts it anew.

    It serves Telegram, unless other platforms are named ("telegram", "discord", "prompt"), in `platforms` one or more.
    """

    def __init__(
        self,
        folder: Path,
        telegram: TelegramServer,
        discord: DiscordServer | None,
        outlets: Outlets,
        platforms: tuple[str, ...],
        changes: dict[str, Any],
    ) -> None:
        self.folder = folder
        self.telegram = telegram
        self._discord = discord
        self.outlets = outlets
        self.platforms = platforms
        self.changes = changes
        self.bot: Bot | None = None
        self._at_prompt = OnPrompt(folder)
        self._stop = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    @classmethod
    @asynccontextmanager
    async def opened(
        cls, folder: Path, *platforms: str, running: bool = True, **changes: Any
    ) -> AsyncIterator["World"]:
        """The world, with a bot that runs unless told otherwise; nothing is left of it at the end."""
        async with AsyncExitStack() as stack:
            telegram = await stack.enter_async_context(await TelegramServer.start())
            outlets = await stack.enter_async_context(await Outlets.start())
            discord = None
            if "discord" in platforms:
                discord = await stack.enter_async_context(await DiscordServer.start())
            world = cls(folder, telegram, discord, outlets, platforms or ("telegram",), changes)
            if running:
                await world.start()
            try:
                yield world
            finally:
                await world.stop()
            assert telegram.violations == []
            assert discord is None or discord.violations == []

    @property
    def discord(self) -> DiscordServer:
        """The stand-in for Discord."""
        assert self._discord is not None, "this world has no Discord"
        return self._discord

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
        discord = discord_settings(self._discord) if self._discord is not None else {}
        settings = settings_for(self.folder, self.telegram, **(discord | self.changes))
        make_database(settings.database_path)
        async with opened(settings) as bot:
            self.bot = bot
            # People in tests type faster than a chat may be answered.
            if "telegram" in self.platforms:
                with_telegram(bot, rates=lambda _: ())
            if "discord" in self.platforms:
                with_discord(bot, rates=lambda _: ())
            if "prompt" in self.platforms:
                self._at_prompt = OnPrompt(self.folder)
                with_console(bot, self._at_prompt.screen, self._at_prompt.keyboard)  # type: ignore[arg-type]  # a stream
            started.set()
            await run(bot, self._stop)

    async def stop(self) -> None:
        """End the bot as SIGTERM would."""
        self._stop.set()
        self._at_prompt.keyboard.let_go()
        if self._running is not None:
            await self._running
            self._running = None

    async def restart(self) -> None:
        """End the bot and start it anew, on the same database."""
        await self.stop()
        await self.start()

    def chat(self, name: str, platform: str | None = None) -> Talker:
        """A person and the bot, on the world's platform or on one of them; there is but one at the prompt."""
        match platform or self.platforms[0]:
            case "discord":
                return OnDiscord(self.discord, name, self._discord_is_busy)
            case "prompt":
                return self._at_prompt
        return OnTelegram(self.telegram, name)

    def _discord_is_busy(self) -> bool:
        assert self.bot is not None
        front = self.bot.fronts["discord"]
        assert isinstance(front, DiscordFront)
        return front.is_busy

    async def stranger(self, platform: str) -> Talker:
        """Somebody of whom nothing is known there."""
        chat = self.chat("Somebody", platform)
        if platform == "prompt":  # where there is but one
            await chat.say("/stop yes")
        return chat

    async def reading(self, name: str, feed: Feed, *queries: str, platform: str | None = None) -> Talker:
        """A chat that follows the feed and watches the queries."""
        chat = self.chat(name, platform)
        assert "You now follow" in await chat.say(f"/sub {feed.url}")
        for query in queries:
            assert "is set" in await chat.say(f"/watch {query}")
        return chat

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
        """Return when no story waits to be matched and no alert to be sent (but where it was refused)."""
        busy = (
            "SELECT 1 FROM stories WHERE pending = 1 "
            "UNION ALL SELECT 1 FROM lanes l JOIN chats c ON c.id = l.chat_id WHERE c.gone = '' "
            "UNION ALL SELECT 1 FROM alerts WHERE state = 'claimed'"
        )
        await until(lambda: not self.rows(busy), "the bot does not settle")

    def rows(self, sql: str, *parameters: Any) -> list[Any]:
        """Rows of the bot's database, read beside it."""
        with closing(sqlite3.connect(self.folder / "tocsin.db")) as connection:
            return connection.execute(sql, parameters).fetchall()

    def change(self, sql: str, *parameters: Any) -> None:
        """Change what the bot has stored, as time alone would, or as it can be said in no chat."""
        with closing(sqlite3.connect(self.folder / "tocsin.db", timeout=PATIENCE)) as connection, connection:
            connection.execute(sql, parameters)


async def until(condition: Callable[[], bool], otherwise: str) -> None:
    """Return when the condition holds; fail with `otherwise` when it does not in time."""
    for _ in range(int(PATIENCE / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(otherwise)
