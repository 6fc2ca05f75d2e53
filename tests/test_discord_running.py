"""The program as it is run on Discord: how it starts, whom it lets in, what it writes, and how it ends."""

import json
import re
import signal
from pathlib import Path

from support.discord_server import DiscordServer
from support.process import Process
from support.telegram_server import TelegramServer


async def test_a_process_serves_discord_alone_and_ends_in_good_order(tmp_path: Path) -> None:
    async with await DiscordServer.start() as server:
        alice = server.person("Alice")
        async with Process.started(
            tmp_path,
            ACCESS="private",
            LOG_LEVEL="debug",
            LOG_FORMAT="json",
            DISCORD_BOT_TOKEN=server.token,
            DISCORD_API_URL=server.api_url,
        ) as bot:
            await bot.said("Discord: serving as ")
            line = await bot.said("This bot has no operator yet.")
            found = re.search(r"/claim ([0-9A-F]{8})\"", line)
            assert found, line
            assert await server.until(lambda: bool(server.commands))
            answer = await alice.slash(alice.dm, "claim", code=found[1])
            assert "You are this bot's operator now" in answer
            assert "Tocsin" in await alice.slash(alice.dm, "start")
            await server.gateway.drop()
            assert "no filter yet" in await alice.slash(alice.dm, "filters")
            bot.signal(signal.SIGTERM)
            assert await bot.ended() == 0
        assert server.token not in bot.log
        assert not any(token in bot.log for token in server.interactions)
        assert {json.loads(line)["level"] for line in bot.lines} <= {"debug", "info", "warning"}
        assert server.violations == []


async def test_a_wrong_token_ends_the_program_where_nothing_else_is_served_and_else_does_not(tmp_path: Path) -> None:
    async with await DiscordServer.start() as server, await TelegramServer.start() as telegram:
        wrong, url = "MTEw.another.token", server.api_url
        async with Process.started(tmp_path, DISCORD_BOT_TOKEN=wrong, DISCORD_API_URL=url) as bot:
            assert await bot.ended() == 1
            assert "error   Discord refuses the token: set DISCORD_BOT_TOKEN" in bot.log
        async with Process.started(tmp_path, telegram, DISCORD_BOT_TOKEN=wrong, DISCORD_API_URL=url) as bot:
            await bot.said("Discord refuses the token")
            await bot.serving()
            chat = telegram.private(telegram.person("Alice"))
            assert "⚠ discord: unauthorized." in await chat.say("/start") + await chat.say("/status")
            bot.signal(signal.SIGTERM)
            assert await bot.ended() == 0
