"""Backups through real files and the command line: made while the bot runs, put back so that nothing is doubled."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.domain.delivery import Done
from bot.domain.health import State
from bot.domain.notices import Notice, Silence, Trouble
from storage.backup import back_up, restore
from storage.migrations import MIGRATIONS
from support.process import Process, environment
from support.stored import EURACTIV, LE_MONDE, START, Stored, story
from support.telegram_server import TelegramServer
from support.world import World


@pytest.fixture(autouse=True)
def _in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def tocsin(folder: Path, *arguments: str, status: int = 0) -> str:
    """What the command line says, on one stream or the other; never a traceback."""
    done = CliRunner().invoke(cli, arguments, env=environment(folder))
    assert done.exit_code == status, done.output
    return spoken(done.stdout, done.stderr, status)


def tocsin_beside(folder: Path, *arguments: str, status: int = 0) -> str:
    """The same in a process of its own, beside whatever runs."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        env=environment(folder),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stderr
    return spoken(done.stdout, done.stderr, status)


def spoken(output: str, errors: str, status: int) -> str:
    if status:
        assert output == ""
        assert len(errors.splitlines()) == 1, errors
    else:
        assert errors == ""
    return output + errors


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name.startswith(("tocsin.db", "copy"))}


async def a_past(folder: Path) -> None:
    """A database in which one alert was sent, one is due, one in hand, and a story waits to be matched."""
    async with Stored.opened(folder) as stored:
        await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
        await stored.chat("bob", follows=[LE_MONDE], watches=["EUMAM"])
        await stored.publish(LE_MONDE, story("sent", "EUMAM was sent"))
        await stored.deliver()
        await stored.publish(LE_MONDE, story("due", "EUMAM is due\x1b[2J"))
        await stored.claim(limit=1)
        await stored.poll(LE_MONDE, story("waits", "EUMAM waits"))
        # Nobody is to be dialled in a test.
        await stored.database.write(lambda db: db.execute("UPDATE feeds SET due_at = NULL"))


def damage(path: Path) -> None:
    """Overwrite pages in the middle of a file, as a disk that fails does."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        for at in range(4096, size, 4096):
            file.seek(at)
            file.write(b"\xa5" * 512)


async def test_a_backup_is_made_while_the_bot_runs_and_brings_all_of_it_back_without_telling_anything_twice(
    tmp_path: Path,
) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        chat = await world.watching("Alice", feed, "EUMAM")
        feed.publish("EUMAM before the backup")
        assert "before the backup" in (await chat.next_message()).text
        await world.settled()
        await world.stop()
        async with Process.started(tmp_path, world.telegram) as bot:
            await bot.serving()
            said = await asyncio.to_thread(tocsin_beside, tmp_path, "backup", "copy.db")
            assert said.startswith(f"{tmp_path}/tocsin.db is copied to copy.db (")
            feed.publish("EUMAM after the backup")
            assert "after the backup" in (await chat.next_message()).text
            refused = await asyncio.to_thread(tocsin_beside, tmp_path, "restore", "copy.db", status=2)
            assert "is served by another process already; stop that one first" in refused
            bot.signal(signal.SIGTERM)
            assert await bot.ended() == 0
        assert rows(tmp_path / "copy.db", "PRAGMA journal_mode") == [("delete",)], "it is one file"
        said = await asyncio.to_thread(tocsin_beside, tmp_path, "restore", "copy.db")
        assert "No alert is withheld." in said
        count = chat.count
        await world.start()
        await world.quiet(feed)
        assert chat.count == count, "what was told after the backup is not told again"
        feed.publish("EUMAM after the restore")
        assert "after the restore" in (await chat.next_message()).text


async def test_what_was_to_be_sent_is_withheld_and_listed_until_the_operator_decides(tmp_path: Path) -> None:
    await a_past(tmp_path)
    tocsin(tmp_path, "backup", "copy.db")
    said = tocsin(tmp_path, "restore", "copy.db").splitlines()
    assert said[0] == f"{tmp_path}/tocsin.db is now what it was when copy.db was made."
    assert said[1].startswith(f"The database that was there is kept as {tmp_path}/tocsin.db.before-restore-")
    assert said[2] == "The next poll of each feed alerts nobody."
    assert said[3] == "2 alerts are withheld: they were to be sent then, and may have been sent since."
    assert [line.strip().split("  ", 2)[-1] for line in said[4:6]] == [
        "telegram:alice (Alice)  EUMAM is due [2J",
        "telegram:bob (Bob)  EUMAM is due [2J",
    ]
    assert said[6].startswith("To send them: tocsin withheld --release; to drop them: tocsin withheld --drop")
    assert tocsin(tmp_path, "withheld").splitlines() == said[3:]
    async with Stored.opened(tmp_path) as stored:
        stored.later(1_000)
        await stored.outbox.recover("telegram", run="the next", now=stored.now)
        assert await stored.settle() == 0, "what waited to be matched may have been told since"
        assert await stored.publish(LE_MONDE, story("new", "EUMAM, when nobody listened")) == 0
        assert await stored.publish(LE_MONDE, story("newer", "EUMAM moves")) == 2
        assert [alert.entry.title for alert in await stored.deliver()] == ["EUMAM moves"] * 2
    alice, bob = (line.split()[0] for line in said[4:6])
    assert tocsin(tmp_path, "withheld", "--release", alice) == "1 released, to be sent when the bot runs.\n"
    assert f"{bob}  " in tocsin(tmp_path, "withheld")
    assert tocsin(tmp_path, "withheld", bob, "--drop") == "1 dropped.\n"
    assert tocsin(tmp_path, "withheld") == "No alert is withheld.\n"
    async with Stored.opened(tmp_path) as stored:
        stored.later(2_000)
        await stored.outbox.recover("telegram", run="the next but one", now=stored.now)
        assert [(alert.address.chat, alert.entry.title) for alert in await stored.deliver()] == [
            ("alice", "EUMAM is due\x1b[2J")
        ]


async def test_notices_and_edits_that_waited_are_not_made_again_but_where_there_is_reason(tmp_path: Path) -> None:
    (tmp_path / "restored").mkdir()
    async with Stored.opened(tmp_path) as stored:
        alice = await stored.chat("alice", follows=[LE_MONDE, EURACTIV], watches=["EUMAM", "coalition"])
        told, waits = [(await stored.feed(url)).feed_id for url in (LE_MONDE, EURACTIV)]
        for feed_id in (told, waits):
            trouble = Trouble(feed_id, "https://outlet.example/", "Outlet", State.MISSING)
            await stored.notices.tell([Notice(alice.chat_id, (trouble,), (Silence(feed_id, feed_id, ""),))], stored.now)
            for due in await stored.notices.due("telegram", stored.now, 10) if feed_id == told else ():
                await stored.notices.settle(due.notice_id, Done("m1"))
        await stored.publish(LE_MONDE, story("a"))
        await stored.deliver()
        await stored.publish(EURACTIV, story("a"))
        assert await stored.count("edits") == 1
        back_up(tmp_path / "tocsin.db", tmp_path / "copy.db")
    restore(tmp_path / "restored" / "tocsin.db", tmp_path / "copy.db", now=START)
    async with Stored.opened(tmp_path / "restored") as stored:
        assert await stored.claim_edits() == []
        assert await stored.notices.due("telegram", stored.now + 9, 10) == []
        assert await stored.sql("SELECT feed_id FROM troubles") == [(told,)]
        assert await stored.sql("SELECT id FROM filters WHERE silence_told_at IS NULL") == [(waits,)]


async def test_the_log_says_at_the_start_that_alerts_are_withheld(tmp_path: Path) -> None:
    await a_past(tmp_path)
    tocsin(tmp_path, "backup", "copy.db")
    tocsin(tmp_path, "restore", "copy.db")
    async with await TelegramServer.start() as telegram, Process.started(tmp_path, telegram) as bot:
        await bot.said("2 alerts are withheld since a backup was restored: `tocsin withheld` lists them")
        assert "2 alerts are withheld" in await asyncio.to_thread(tocsin_beside, tmp_path, "withheld")
        refused = await asyncio.to_thread(tocsin_beside, tmp_path, "withheld", "--release", status=2)
        assert "stop that one first" in refused
        assert telegram.counts["sendMessage"] == 0


async def test_the_database_that_was_there_is_kept_whole_with_what_only_its_log_holds(tmp_path: Path) -> None:
    await a_past(tmp_path)
    tocsin(tmp_path, "backup", "copy.db")
    async with await TelegramServer.start() as telegram, Process.started(tmp_path, telegram) as bot:
        await bot.serving()
        await telegram.private(telegram.person("Carol")).say("/watch harbour")
        await bot.kill()
    assert (tmp_path / "tocsin.db-wal").stat().st_size > 0
    tocsin(tmp_path, "restore", "copy.db")
    (aside,) = (name for name in names(tmp_path) if "before-restore" in name and not name.endswith(("-wal", "-shm")))
    assert ("harbour",) in rows(tmp_path / aside, "SELECT text FROM queries")
    assert ("harbour",) not in rows(tmp_path / "tocsin.db", "SELECT text FROM queries")


async def test_a_backup_is_never_written_over_unless_told_so_nor_over_the_database_itself(tmp_path: Path) -> None:
    await a_past(tmp_path)
    (tmp_path / "copy.db").write_text("My diary")
    assert tocsin(tmp_path, "backup", "copy.db", status=2) == (
        "tocsin: copy.db is there already; --force replaces it\n"
    )
    assert (tmp_path / "copy.db").read_text() == "My diary"
    tocsin(tmp_path, "backup", "copy.db", "--force")
    assert rows(tmp_path / "copy.db", "SELECT count(*) FROM chats") == [(2,)]
    assert "a database is no backup of itself" in tocsin(tmp_path, "backup", "tocsin.db", "--force", status=2)
    assert names(tmp_path) <= {"tocsin.db", "tocsin.db.lock", "copy.db", "tocsin.db-wal", "tocsin.db-shm"}


def test_what_cannot_be_backed_up_or_written_is_named_in_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    assert tocsin(tmp_path, "backup", "copy.db", status=2) == (
        f"tocsin: DATABASE_PATH: {tmp_path}/tocsin.db cannot be opened: there is no such file\n"
    )
    asyncio.run(a_past(tmp_path))
    assert "No such file or directory" in tocsin(tmp_path, "backup", "nowhere/copy.db", status=2)
    damage(tmp_path / "tocsin.db")
    assert "is damaged, or no database" in tocsin(tmp_path, "backup", "copy.db", status=2)
    assert not (tmp_path / "copy.db").exists()
    assert not (tmp_path / "copy.db.part").exists()


def a_letter(path: Path) -> None:
    path.write_text("This is a letter, and no database at all. " * 200)


def somebody_elses(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE diary (day TEXT)")


def of_a_newer_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('tocsin', 'm9999', '')"
        )
        connection.commit()


def nothing_at_all(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(a_letter, "it is no database", id="a letter"),
        pytest.param(nothing_at_all, "there is no such file", id="nothing"),
        pytest.param(damage, "", id="a broken copy"),
        pytest.param(of_a_newer_version, "it was written by a newer version of Tocsin (m9999)", id="a newer version's"),
    ],
)
async def test_a_file_that_is_no_backup_is_refused_in_one_line_and_nothing_is_changed(
    tmp_path: Path, change: object, said: str
) -> None:
    assert callable(change)
    await a_past(tmp_path)
    tocsin(tmp_path, "backup", "copy.db")
    change(tmp_path / "copy.db")
    assert f"tocsin: copy.db cannot be restored: {said}" in tocsin(tmp_path, "restore", "copy.db", status=2)
    assert rows(tmp_path / "tocsin.db", "SELECT count(*) FROM alerts WHERE state = 'withheld'") == [(0,)]
    assert not {name for name in names(tmp_path) if "before" in name or "part" in name}


def test_somebody_elses_database_is_refused(tmp_path: Path) -> None:
    somebody_elses(tmp_path / "copy.db")
    assert "it is no database of Tocsin's" in tocsin(tmp_path, "restore", "copy.db", status=2)
    assert "tocsin.db" not in names(tmp_path)


async def test_a_backup_is_restored_where_there_is_no_database_and_where_there_is_a_broken_one(tmp_path: Path) -> None:
    await a_past(tmp_path)
    tocsin(tmp_path, "backup", "copy.db")
    damage(tmp_path / "tocsin.db")
    assert "2 alerts are withheld" in tocsin(tmp_path, "restore", "copy.db")
    (tmp_path / "tocsin.db").unlink()
    said = tocsin(tmp_path, "restore", "copy.db")
    assert "is kept as" not in said
    assert "2 alerts are withheld" in said
    async with Stored.opened(tmp_path) as stored:
        assert await stored.count("chats") == 2


async def test_a_backup_of_an_older_version_is_brought_up_to_date(tmp_path: Path) -> None:
    dump = Path(__file__).parent / "data" / "databases" / "m0001.sql"
    with closing(sqlite3.connect(tmp_path / "copy.db")) as connection:
        connection.executescript(dump.read_text("utf-8"))
    assert "4 alerts are withheld" in tocsin(tmp_path, "restore", "copy.db")
    async with Stored.opened(tmp_path) as stored:
        assert await stored.database.write(MIGRATIONS.pending) == []


async def test_numbers_that_are_not_withheld_are_named_and_nothing_is_done(tmp_path: Path) -> None:
    await a_past(tmp_path)
    tocsin(tmp_path, "backup", "copy.db")
    tocsin(tmp_path, "restore", "copy.db")
    assert "no such alert is withheld: 77, 99" in tocsin(tmp_path, "withheld", "--drop", "99", "77", "3", status=2)
    assert "it cannot be both" in tocsin(tmp_path, "withheld", "--drop", "--release", status=2)
    said = tocsin(tmp_path, "withheld")
    assert "2 alerts are withheld: they were to be sent then" in said
    number = said.splitlines()[1].split()[0]
    assert "1 alert is withheld: it was to be sent then" in tocsin(tmp_path, "withheld", number)


async def test_a_broken_database_is_named_with_what_helps_after_a_run_that_was_killed(tmp_path: Path) -> None:
    await a_past(tmp_path)
    async with await TelegramServer.start() as telegram:
        async with Process.started(tmp_path, telegram) as bot:
            await bot.serving()
            await bot.kill()
        damage(tmp_path / "tocsin.db")
        async with Process.started(tmp_path, telegram) as bot:
            assert await bot.ended() == 2
            (line,) = bot.lines
            assert line.startswith(f"tocsin: DATABASE_PATH: {tmp_path}/tocsin.db is damaged, or no database (")
            assert line.endswith("put a backup in its place: tocsin restore FILE")


async def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    await a_past(tmp_path)
    of_a_newer_version(tmp_path / "tocsin.db")
    async with Process.started(tmp_path, None) as bot:
        assert await bot.ended() == 2
        assert bot.lines == [
            f"tocsin: DATABASE_PATH: {tmp_path}/tocsin.db cannot be opened: "
            "it was written by a newer version of Tocsin (m9999)"
        ]


async def test_a_backup_made_under_load_is_of_one_instant(tmp_path: Path) -> None:
    async with Stored.opened(tmp_path) as stored:
        await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
        copying = asyncio.create_task(asyncio.to_thread(tocsin_beside, tmp_path, "backup", "copy.db"))
        number = 0
        while not copying.done():
            number += 1
            await stored.publish(LE_MONDE, story(f"{number}", f"EUMAM, {number}"))
            await asyncio.sleep(0)
        await copying
    alerts, stories, waiting = rows(
        tmp_path / "copy.db",
        """SELECT (SELECT count(*) FROM alerts), (SELECT count(*) FROM stories),
           (SELECT count(*) FROM stories WHERE pending)""",
    )[0]
    assert alerts == stories - waiting - 1  # type: ignore[operator]
    assert rows(tmp_path / "copy.db", "PRAGMA foreign_key_check") == []
