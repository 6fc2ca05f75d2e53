"""The program as it is run: how it starts, what it refuses, how it ends, and what it writes."""

import asyncio
import json
import logging
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import __version__
from bot.cli import cli
from bot.logs import set_up
from support.outlets import Outlets
from support.process import Process, environment
from support.telegram_server import TelegramServer
from support.world import World, until

TIME_TO_END = 15.0
"""Seconds: far less than a long poll or a feed that hangs would take, and enough for a machine that does much else."""


async def told_to_end(bot: Process, number: signal.Signals = signal.SIGTERM) -> None:
    """It ends in time, in good order."""
    bot.signal(number)
    assert await bot.ended(TIME_TO_END) == 0, bot.log


def titles(messages: list[str]) -> list[str]:
    return [text.partition("\n")[0] for text in messages if "▸" in text]


async def test_told_to_end_with_sends_in_hand_it_finishes_them_and_nothing_is_lost_or_repeated(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        chats = [await world.watching(name, feed, "EUMAM") for name in ("Alice", "Bob", "Carol")]
        await world.stop()
        async with Process.started(tmp_path, world.telegram) as bot:
            await bot.serving()
            world.telegram.delay = 2.0
            for number in (1, 2):
                feed.publish(title=f"EUMAM moves for the {number}. time")
            await until(lambda: all(chat.count > 2 for chat in chats), "nothing is being sent")
            await told_to_end(bot)
        in_time = [len(titles([one.text for one in chat.received])) for chat in chats]
        assert max(in_time) == 1, "a chat gets one message a second, so that the second was not sent any more"
        assert world.rows("SELECT count(*) FROM alerts WHERE state = 'claimed'") == [(0,)]
        world.telegram.delay = 0
        async with Process.started(tmp_path, world.telegram) as bot:
            await until(lambda: all(chat.count == 4 for chat in chats), "something is lost")
            await asyncio.sleep(1.2)
            await told_to_end(bot)
            assert "sent (again)" not in bot.log
        for chat in chats:
            heard = titles([one.text for one in chat.received])
            assert sorted(heard) == ["EUMAM moves for the 1. time", "EUMAM moves for the 2. time"]


async def test_told_to_end_it_ends_although_a_feed_and_the_platform_hang(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed, slow = world.feed("/news"), world.feed("/slow")
        chat = await world.watching("Alice", feed, "EUMAM")
        await chat.say(f"/sub {slow.url}")
        await world.stop()
        slow.hangs()
        async with Process.started(tmp_path, world.telegram) as bot:
            await bot.serving()
            world.telegram.delay = 30
            asked = slow.hits
            feed.publish(title="EUMAM moves")
            await until(lambda: chat.count == 4, "nothing is being sent")
            chat.post("/status")
            await until(lambda: slow.hits > asked or asked > 0, "the feed that hangs is not asked")
            await told_to_end(bot)
            assert "Some sends took too long to wait for; they are repeated at the next start" in bot.log
        world.telegram.delay = 0
        async with Process.started(tmp_path, world.telegram) as bot:
            await bot.said("1 alerts were in hand when the last run ended; they are sent (again) now")
            await until(lambda: len(titles([one.text for one in chat.received])) == 2, "it is not sent again")
            await told_to_end(bot)


async def test_a_second_process_on_the_same_database_is_refused_and_the_first_goes_on(
    tmp_path: Path,
) -> None:
    async with await TelegramServer.start() as telegram, Process.started(tmp_path, telegram) as first:
        await first.serving()
        polls = telegram.counts["getUpdates"]
        async with Process.started(tmp_path, telegram) as second:
            assert await second.ended() == 2
            (line,) = second.lines
            assert line == (
                f"tocsin: DATABASE_PATH: {tmp_path}/tocsin.db is served by another process already; stop that one first"
            )
        assert telegram.counts["getUpdates"] <= polls + 1
        assert "Filter #1 is set" in await telegram.private(telegram.person("Alice")).say("/watch EUMAM")
        await told_to_end(first, signal.SIGINT)
        assert telegram.violations == []


@pytest.fixture
def refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., list[str]]]:
    """What `tocsin run` writes, with these variables, before it ends with status 2: without starting a process."""
    monkeypatch.chdir(tmp_path)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def attempt(**variables: str) -> list[str]:
        result = CliRunner().invoke(cli, ["run"], env=environment(tmp_path, **variables))
        assert (result.exit_code, result.stdout) == (2, "")
        return result.stderr.splitlines()

    yield attempt
    root.handlers[:] = handlers
    root.setLevel(level)


def test_every_faulty_setting_is_named_on_a_line_of_its_own(refused: Callable[..., list[str]]) -> None:
    lines = refused(POLL_INTERVAL="5m", ACCESS="everyone", TIMEZONE="Kyiv", TELEGRAM_API_URL="localhost:8081")
    assert sorted(lines) == [
        "tocsin: ACCESS: 'everyone' is not private or open",
        "tocsin: POLL_INTERVAL: '5m' is not a number of seconds above 0, such as 60",
        "tocsin: TELEGRAM_API_URL: 'localhost:8081' is not an http(s) URL, such as http://127.0.0.1:8081",
        "tocsin: TIMEZONE: 'Kyiv' is not an IANA name, such as Europe/Kyiv",
    ]


@pytest.mark.parametrize(
    ("variables", "line"),
    [
        pytest.param({"SOURCE_PACK": "no-such-pack"}, "SOURCE_PACK: 'no-such-pack' ", id="a pack that is not there"),
        pytest.param({"SOURCE_PACK": "file/pack.opml"}, "SOURCE_PACK: 'file/pack.opml' ", id="a pack that is no file"),
        pytest.param({"SOURCE_PACK": "file"}, "SOURCE_PACK: 'file' ", id="a pack that is no outline"),
        pytest.param({"SOURCE_PACK": "."}, "SOURCE_PACK: '.' ", id="a pack that is a folder"),
        pytest.param({"DATABASE_PATH": "file/news.db"}, "DATABASE_PATH: file/news.db ", id="a folder that is a file"),
        pytest.param({"DATABASE_PATH": "."}, "DATABASE_PATH: '.' ", id="a database that is a folder"),
        pytest.param({"DATABASE_PATH": "file"}, "DATABASE_PATH: file ", id="a database that is no database"),
    ],
)
def test_what_cannot_be_opened_is_named_in_one_line(
    tmp_path: Path, refused: Callable[..., list[str]], variables: dict[str, str], line: str
) -> None:
    (tmp_path / "file").write_text("This is neither a folder, nor an outline, nor a database. " * 100)
    (said,) = refused(**variables)
    assert said.startswith(f"tocsin: {line}")


def test_a_process_that_is_refused_writes_its_lines_and_no_traceback(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "run"],
        env=environment(tmp_path, POLL_INTERVAL="5m", LOG_FORMAT="xml"),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert [line.split(":")[:2] for line in done.stderr.splitlines()] == [
        ["tocsin", " POLL_INTERVAL"],
        ["tocsin", " LOG_FORMAT"],
    ]


async def test_a_wrong_token_ends_the_program_with_a_line_that_names_the_variable(tmp_path: Path) -> None:
    async with await TelegramServer.start() as telegram:
        wrong = "7000000001:AAnother_token"
        async with Process.started(tmp_path, telegram, TELEGRAM_BOT_TOKEN=wrong) as bot:
            assert await bot.ended() == 1
            assert "error   Telegram refuses the token: set TELEGRAM_BOT_TOKEN to the one that" in bot.log
            assert wrong not in bot.log


async def test_a_log_in_json_is_an_object_a_line_and_never_holds_the_token(tmp_path: Path) -> None:
    async with await TelegramServer.start() as telegram, await Outlets.start() as outlets:
        feed = outlets.feed("/news")
        feed.publish(title="The old harbour clock is repaired")
        alice = telegram.private(telegram.person("Alice"))
        async with Process.started(tmp_path, telegram, LOG_LEVEL="debug", LOG_FORMAT="json") as bot:
            await bot.serving()
            await alice.say(f"/sub {feed.url}")
            for kind in ("internal_error", "garbage", "drop_before"):
                telegram.fail_next("sendMessage", kind)
                await alice.say("/watch EUMAM")
            telegram.fail_next("getUpdates", "bad_gateway_html")
            alice.post("/status")
            feed.fails(503)
            await bot.said("cannot be read (status-503)")
            await telegram.down()
            await bot.said("Telegram cannot be reached")
            await telegram.up()
            await until(lambda: not telegram.waiting, "it does not recover")
            await told_to_end(bot)
        lines = bot.lines
        assert len(lines) > 5
        assert telegram.token not in bot.log
        assert telegram.token.partition(":")[2] not in bot.log
        for line in lines:
            said = json.loads(line)
            assert set(said) - {"traceback"} == {"at", "level", "logger", "message"}
            assert datetime.fromisoformat(said["at"]).tzinfo is not None
            assert said["level"] in {"debug", "info", "warning", "error"}


def test_a_log_in_text_is_a_line_each_whatever_a_feed_wrote(
    refused: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    set_up("info", "text", ["AAsecret"])
    logging.getLogger("bot.pipeline").warning("%s fails", "http://a.example/\x1b[2J\r\n2026 error faked\u2028AAsecret")
    (line,) = capsys.readouterr().err.splitlines()
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00 warning http://a.example/ \[2J  2026 error faked \*\*\* fails",
        line,
    )


async def test_without_a_token_the_prompt_serves_until_its_input_ends(tmp_path: Path) -> None:
    async with Process.started(tmp_path, typed="/help\n/watch EUMAM\n/filters\n/status\n", ACCESS="private") as bot:
        assert await bot.ended() == 0
    assert "Tocsin alerts this chat to the stories that your keywords match" in bot.output
    assert "At work." in bot.output
    assert "Filter #1 is set: EUMAM." in bot.output
    assert "Your filter, with its alerts in 7 and in 30 days:\n#1 EUMAM" in bot.output
    assert not [line for line in bot.lines if " info " not in line]


async def test_the_prompt_shows_alerts_and_what_it_was_told_is_there_after_a_restart(tmp_path: Path) -> None:
    async with await Outlets.start() as outlets:
        feed = outlets.feed("/news")
        feed.publish(title="The old harbour clock is repaired")
        async with Process.started(tmp_path, None, "console", typed=f"{feed.url}\n/watch EUMAM\n") as bot:
            assert await bot.ended() == 0
        assert "You now follow An outlet." in bot.output
        async with Process.started(tmp_path, None, "console") as bot:
            await bot.said("1 filters are at work")
            feed.publish(title="EUMAM moves")
            await until(lambda: "🔔 EUMAM moves" in bot.output, "the alert is not shown")
            await told_to_end(bot)


async def test_who_claims_a_private_bot_with_the_code_of_its_log_is_served_from_then_on(tmp_path: Path) -> None:
    async with await TelegramServer.start() as telegram:
        alice, mallory = (telegram.private(telegram.person(name)) for name in ("Alice", "Mallory"))
        async with Process.started(tmp_path, telegram, ACCESS="private") as bot:
            await bot.serving()
            line = await bot.said("This bot has no operator yet.")
            found = re.search(r"/claim ([0-9A-F]{8})$", line)
            assert found, line
            assert "This bot has no operator yet" in await alice.say("/watch EUMAM")
            assert "That is not the code" in await mallory.say("/claim 00000000")
            assert "You are this bot's operator now" in await alice.say(f"/claim {found[1].lower()}")
            assert "has its operator already" in await mallory.say(f"/claim {found[1]}")
            assert "Filter #1 is set" in await alice.say("/watch EUMAM")
            assert "serves its operators only" in await mallory.say("/watch EUMAM")
            await told_to_end(bot)
        assert telegram.violations == []


@pytest.mark.parametrize(
    ("arguments", "status", "shown"),
    [
        pytest.param(["--version"], 0, f"tocsin {__version__}\n", id="its version"),
        pytest.param(
            ["--help"], 0, "Serve Telegram when TELEGRAM_BOT_TOKEN is set, Discord when DISCORD_BOT_TOKEN is", id="help"
        ),
        pytest.param(["check", "--help"], 0, "Exit status: 0 if anything was printed", id="help on a command"),
        pytest.param([], 2, "Usage: ", id="nothing"),
    ],
)
def test_the_program_says_what_it_is_and_what_it_can_do(arguments: list[str], status: int, shown: str) -> None:
    result = CliRunner().invoke(cli, arguments, env={"COLUMNS": "120"})
    assert result.exit_code == status
    assert shown in result.output
