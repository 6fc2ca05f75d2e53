"""The database file: locked, atomic, on disk before it counts, and its errors named."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlite_utils

from bot.domain.delivery import Done
from bot.domain.errors import UserError
from bot.ports.store import StoreFailed
from storage import Database, DatabaseInUse
from storage.database import check, rows, scalar, was_left_open
from storage.migrations import MIGRATIONS
from support.stored import LE_MONDE, Stored, story

HOLDER = """
import asyncio, sys
from pathlib import Path
from storage import Database, DatabaseInUse

async def main() -> None:
    database = Database(Path(sys.argv[1]))
    try:
        await database.open()
    except DatabaseInUse:
        print("in use", flush=True)
    else:
        print("opened", flush=True)
        sys.stdin.read()
        await database.close()

asyncio.run(main())
"""


@pytest.fixture
async def stored(tmp_path: Path) -> AsyncIterator[Stored]:
    async with Stored.opened(tmp_path) as opened:
        yield opened


@contextmanager
def another_process(path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Another process that opens the database and keeps it until its input ends; and what it said."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@contextmanager
def no_rights_in(folder: Path) -> Iterator[None]:
    """Nothing can be written to a folder, not even by root, to whom nothing is forbidden."""
    user = os.geteuid()
    folder.chmod(0o500)
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)
        folder.chmod(0o700)


def add_operator(db: sqlite_utils.Database, person: str = "telegram:1") -> None:
    db.execute("INSERT INTO operators VALUES (?)", (person,))


async def test_a_second_open_of_the_same_file_is_refused(stored: Stored, tmp_path: Path) -> None:
    second = Database(tmp_path / "tocsin.db")
    with pytest.raises(DatabaseInUse):
        await second.open()
    await second.close()
    await stored.database.write(add_operator)  # the first does not mind


async def test_another_process_is_refused_while_it_is_open_and_served_after_it_was_closed(tmp_path: Path) -> None:
    path = tmp_path / "tocsin.db"
    database = Database(path)
    await database.open()
    with another_process(path) as (_, said):
        assert said == "in use"
    await database.close()
    with another_process(path) as (_, said):
        assert said == "opened"


async def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "tocsin.db"
    with another_process(path) as (process, said):
        assert said == "opened"
        with pytest.raises(DatabaseInUse):
            await Database(path).open()
        process.kill()  # SIGKILL: it cleans nothing up
        process.wait()
        async with Stored.opened(tmp_path) as stored:
            await stored.chat("alice")


async def test_closing_twice_is_closing_once(tmp_path: Path) -> None:
    database = Database(tmp_path / "tocsin.db")
    await database.open()
    await database.close()
    await database.close()


async def test_a_commit_is_on_disk_before_it_counts_and_foreign_keys_hold(stored: Stored) -> None:
    def pragmas(db: sqlite_utils.Database) -> list[object]:
        return [scalar(db, f"PRAGMA {name}") for name in ("journal_mode", "synchronous", "foreign_keys")]

    assert await stored.database.write(pragmas) == ["wal", 2, 1]


async def test_a_closed_database_is_one_file(tmp_path: Path) -> None:
    async with Stored.opened(tmp_path) as stored:
        await stored.chat("alice")
        assert await stored.count("chats") == 1
    assert files_in(tmp_path) <= {"tocsin.db", "tocsin.db.lock"}


@pytest.mark.parametrize(
    ("error", "seen"),
    [
        pytest.param(UserError("limit-feeds", limit=1), UserError, id="a refusal passes as it is"),
        pytest.param(RuntimeError("a fault of ours"), RuntimeError, id="a fault of ours passes as it is"),
        pytest.param(sqlite3.OperationalError("disk I/O error"), StoreFailed, id="SQLite's error is named"),
        pytest.param(OSError("no space left"), StoreFailed, id="the system's error is named"),
    ],
)
async def test_a_write_that_fails_leaves_nothing(stored: Stored, error: Exception, seen: type[Exception]) -> None:
    def work(db: sqlite_utils.Database) -> None:
        add_operator(db)
        raise error

    with pytest.raises(seen) as caught:
        await stored.database.write(work)
    if seen is not StoreFailed:
        assert caught.value is error
    assert await stored.count("operators") == 0
    await stored.database.write(add_operator)  # it works again at once
    assert await stored.count("operators") == 1


async def test_a_row_that_refers_to_nothing_is_refused(stored: Stored) -> None:
    with pytest.raises(StoreFailed, match="FOREIGN KEY"):
        await stored.chats.follow(404, [(LE_MONDE, "")], everything=False, now=1, most=1, most_total=1)
    assert await stored.count("feeds") == 0


async def test_readers_see_what_was_committed_and_only_that(stored: Stored) -> None:
    seen_meanwhile: list[int] = []

    def work(db: sqlite_utils.Database) -> None:
        add_operator(db)
        reading = stored.database._readers.submit(
            stored.database._read, lambda db: scalar(db, "SELECT count(*) FROM operators")
        )
        seen_meanwhile.append(reading.result(timeout=10))

    await stored.database.write(work)
    assert seen_meanwhile == [0]
    assert await stored.count("operators") == 1


async def test_readers_cannot_write_and_are_none_the_worse_for_trying(stored: Stored) -> None:
    for _ in range(4):  # both readers, whichever takes it
        with pytest.raises(StoreFailed, match="readonly"):
            await stored.database.read(add_operator)
    await stored.database.write(add_operator)
    counts = await asyncio.gather(*(stored.count("operators") for _ in range(8)))
    assert set(counts) == {1}, "a reader stayed in the transaction that failed"


async def test_what_is_read_together_is_of_one_state(stored: Stored) -> None:
    def work(db: sqlite_utils.Database) -> tuple[int, int]:
        before = scalar(db, "SELECT count(*) FROM operators")
        stored.database._writer.submit(stored.database._write, add_operator).result(timeout=10)
        return before, scalar(db, "SELECT count(*) FROM operators")

    assert await stored.database.read(work) == (0, 0)
    assert await stored.count("operators") == 1


async def test_reopening_keeps_what_was_stored(tmp_path: Path) -> None:
    async with Stored.opened(tmp_path) as stored:
        await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
        assert await stored.publish(LE_MONDE, story("a")) == 1
    async with Stored.opened(tmp_path) as stored:
        stored.later(3600)
        assert [alert.entry.title for alert in await stored.claim()] == ["EUMAM counts its graduates"]


async def test_each_migration_is_applied_once(tmp_path: Path) -> None:
    for _ in range(3):
        async with Stored.opened(tmp_path) as stored:
            applied = await stored.sql("SELECT name FROM _sqlite_migrations")
            assert sorted(name for (name,) in applied) == sorted(
                migration.name for migration in await stored.database.write(MIGRATIONS.applied)
            )
            assert len(applied) == len(set(applied)) >= 1
            assert await stored.database.write(MIGRATIONS.pending) == []


def no_database(folder: Path) -> Path:
    (folder / "tocsin.db").write_text("This is a letter, and no database at all. " * 200)
    return folder / "tocsin.db"


def a_folder(folder: Path) -> Path:
    (folder / "tocsin.db").mkdir()
    return folder / "tocsin.db"


def in_a_file(folder: Path) -> Path:
    (folder / "data").write_text("")
    return folder / "data" / "tocsin.db"


def a_lock_that_is_none(folder: Path) -> Path:
    (folder / "tocsin.db.lock").write_text("This is a letter, and no lock at all. " * 200)
    return folder / "tocsin.db"


@pytest.mark.parametrize(
    "where",
    [
        pytest.param(no_database, id="a file that is no database"),
        pytest.param(a_folder, id="a folder"),
        pytest.param(in_a_file, id="inside a file"),
        pytest.param(a_lock_that_is_none, id="beside a lock file that is none"),
    ],
)
async def test_what_cannot_be_opened_is_said_to_be_so(tmp_path: Path, where: object) -> None:
    assert callable(where)
    path = where(tmp_path)
    with pytest.raises(StoreFailed, match=r"\w+Error: .+"):
        await Database(path).open()


async def test_a_folder_without_permission_is_said_to_be_so(tmp_path: Path) -> None:
    with no_rights_in(tmp_path), pytest.raises(StoreFailed):
        await Database(tmp_path / "tocsin.db").open()


async def test_a_failed_open_leaves_the_file_to_the_next(tmp_path: Path) -> None:
    path = no_database(tmp_path)
    with pytest.raises(StoreFailed):
        await Database(path).open()
    path.unlink()
    async with Stored.opened(tmp_path) as stored:
        assert await stored.count("chats") == 0


async def test_a_full_disk_writes_nothing_by_halves_and_works_again_once_there_is_room(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    before = await stored.feed(LE_MONDE)

    def room(db: sqlite_utils.Database, pages: int) -> None:
        scalar(db, f"PRAGMA max_page_count={scalar(db, 'PRAGMA page_count') + pages}")

    await stored.database.write(lambda db: room(db, 4))
    long = [story(f"s{number}", f"EUMAM's report {number}", content="Reported. " * 2000) for number in range(20)]
    with pytest.raises(StoreFailed, match="is full: make room on its disk"):
        await stored.poll(LE_MONDE, *long)
    assert await stored.count("stories") == 1
    assert await stored.feed(LE_MONDE) == before
    assert [chat.title for chat in [await stored.chats.find(alice.address)] if chat] == ["Alice"]

    await stored.database.write(lambda db: room(db, 100_000))
    assert await stored.publish(LE_MONDE, *long) == 20
    assert len(await stored.deliver()) == 20


async def test_a_lock_of_another_program_s_is_waited_for_and_then_named(stored: Stored, tmp_path: Path) -> None:
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.publish(LE_MONDE, story("a"))
    await stored.database.write(lambda db: rows(db, "PRAGMA busy_timeout=50"))
    other = sqlite3.connect(tmp_path / "tocsin.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(StoreFailed, match="is locked: another program writes to it"):
            await stored.claim()
    finally:
        other.close()
    assert len(await stored.claim()) == 1, "nothing was claimed by halves"


async def test_a_damaged_file_is_named_and_nothing_is_claimed_from_it(tmp_path: Path) -> None:
    path = tmp_path / "tocsin.db"
    async with Stored.opened(tmp_path) as stored:
        await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
        await stored.publish(LE_MONDE, *(story(f"{number}") for number in range(10)))
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))  # all but the first page, which says what the file is
    with pytest.raises(StoreFailed, match="malformed: the file is damaged; stop the bot"):
        async with Stored.opened(tmp_path) as stored:
            await stored.claim()


async def test_an_outcome_that_was_refused_can_be_marked_later(stored: Stored) -> None:
    """What the pipeline relies on when it keeps an outcome in memory until it is written."""
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.publish(LE_MONDE, story("a"))
    (alert,) = await stored.claim()
    await stored.database.write(lambda db: db.execute("PRAGMA query_only=ON"))
    with pytest.raises(StoreFailed):
        await stored.mark(alert, Done("m1"))
    await stored.database.write(lambda db: db.execute("PRAGMA query_only=OFF"))
    assert await stored.claim() == []
    await stored.mark(alert, Done("m1"))
    assert await stored.sql("SELECT state, message_id FROM alerts") == [("sent", "m1")]


async def test_upkeep_does_no_harm(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.database.tidy()
    assert await stored.publish(LE_MONDE, story("a")) == 1


async def test_a_run_that_ended_in_good_order_leaves_no_mark_and_a_killed_one_does(tmp_path: Path) -> None:
    path = tmp_path / "tocsin.db"
    assert not was_left_open(path), "there is none yet"
    async with Stored.opened(tmp_path) as stored:
        await stored.chat("alice")
    assert not was_left_open(path)
    with another_process(path) as (process, _):
        process.kill()
        process.wait()
        assert was_left_open(path) == (path.with_name("tocsin.db-wal").stat().st_size > 0)
    async with Stored.opened(tmp_path) as stored:
        await stored.chat("bob")
        assert was_left_open(path), "as it would be found if this run were killed now"
    assert not was_left_open(path)


async def test_a_check_takes_no_longer_than_it_may(stored: Stored, tmp_path: Path) -> None:
    await stored.chat("alice", follows=[LE_MONDE])
    await stored.publish(LE_MONDE, *(story(f"{n}", f"Report {n}", content="Reported. " * 2_000) for n in range(200)))
    check(tmp_path / "tocsin.db", 0.0)  # stopped at once, or done by then: neither is a fault
    check(tmp_path / "tocsin.db")


async def test_rows_have_names_and_a_scalar_of_nothing_is_none(stored: Stored) -> None:
    await stored.database.write(add_operator)
    found = await stored.database.read(lambda db: rows(db, "SELECT person FROM operators"))
    assert [row["person"] for row in found] == ["telegram:1"]
    assert await stored.database.read(lambda db: scalar(db, "SELECT 1 WHERE 0")) is None
