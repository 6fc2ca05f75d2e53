"""The whole bot at its own prompt."""

import asyncio
import io
from pathlib import Path

import pytest

from bot.app import opened, run, with_console
from handlers.on_console import Screen
from support.telegram_server import TelegramServer
from support.world import settings_for


@pytest.mark.parametrize("access", ["private", "open"])
async def test_who_sits_at_the_prompt_is_served_whoever_else_may_be(tmp_path: Path, access: str) -> None:
    output = io.StringIO()
    async with await TelegramServer.start() as telegram:
        settings = settings_for(tmp_path, telegram, access=access)
        async with opened(settings) as bot:
            with_console(bot, Screen(output), io.StringIO("/start\n/watch EUMAM\n/filters\n"))
            await asyncio.wait_for(run(bot, asyncio.Event()), 10)
            assert await bot.access.code() is not None, "the instance is still to be claimed"
    assert "Filter #1 is set: EUMAM" in output.getvalue()
    assert "#1 EUMAM – 0 / 0" in output.getvalue()
