"""The whole bot at its own prompt."""

import asyncio
import io
import time
from pathlib import Path

import pytest

from bot.app import opened, run, with_console
from bot.config import read_settings
from handlers.on_console import Screen
from support.listening import PATIENCE
from support.telegram_server import TelegramServer
from support.world import settings_for


@pytest.mark.parametrize("access", ["private", "open"])
async def test_who_sits_at_the_prompt_is_served_whoever_else_may_be(tmp_path: Path, access: str) -> None:
    output = io.StringIO()
    async with await TelegramServer.start() as telegram:
        settings = settings_for(tmp_path, telegram, access=access)
        async with opened(settings) as bot:
            with_console(bot, Screen(output), io.StringIO("/start\n/watch EUMAM\n/filters\n"))
            await asyncio.wait_for(run(bot, asyncio.Event()), PATIENCE)
            assert await bot.access.code() is not None, "the instance is still to be claimed"
    assert "Filter #1 is set: EUMAM" in output.getvalue()
    assert "#1 EUMAM – 0 / 0" in output.getvalue()


async def test_a_timer_that_fires_as_the_bot_is_told_to_stop_is_no_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = read_settings(
        _env_file=None, database_path=tmp_path / "tocsin.db", source_pack="", poll_interval=0.08, telegram_bot_token=""
    )
    stop = asyncio.Event()

    async def told_to_stop_just_before_a_tick() -> None:
        await asyncio.sleep(0.05)
        asyncio.get_running_loop().call_later(0.001, stop.set)
        time.sleep(0.06)  # noqa: ASYNC251 - the loop is late: both are due at once

    async with opened(settings) as bot, asyncio.TaskGroup() as group:
        group.create_task(told_to_stop_just_before_a_tick())
        await run(bot, stop, without_fronts=True)
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []
