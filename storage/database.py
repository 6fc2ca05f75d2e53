"""The database file: opened once, written by one thread, read by two; SQLite's own errors end here."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

import sqlite_utils

from bot.ports.store import StoreFailed
from storage.migrations import MIGRATIONS

T = TypeVar("T")
_READERS: Final = 2
# What SQLite or the system says, and what to do about it, for the log.
_HINTS: Final = (
    ("is full", ": make room on its disk, then it goes on by itself"),
    ("No space left", ": make room on its disk, then it goes on by itself"),
    ("is locked", ": another program writes to it; close that, then it goes on by itself"),
    ("malformed", ": the file is damaged; stop the bot, keep the file, and restore a backup"),
    ("not a database", ": DATABASE_PATH names a file of another kind, or a damaged one"),
    ("readonly", ": the bot may not write there; see to the rights of the file and its folder"),
    ("disk I/O error", ": its disk fails; look at the system's log before anything else"),
)
_LONGEST_LOG: Final = 16 * 2**20  # bytes of the write-ahead log that are kept once it was written back


_LONGEST_CHECK: Final = 10.0  # seconds for which a start waits to hear that a file is sound


class DatabaseInUse(Exception):
    """Another process serves this database; two would send everything twice."""


class DatabaseDamaged(StoreFailed):
    """The file is no database, or a broken one: what helps is a backup."""


class DatabaseNewer(StoreFailed):
    """The file was written by a newer version of this program, and is left alone."""


class Database:
    """One SQLite file in WAL mode, every commit on disk before it counts (`synchronous=FULL`).

    Connections belong to their threads: the writer's thread has one, each reader's its own, read-only.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="sqlite-writer")
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="sqlite-reader")
        self._connections = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._lock: sqlite3.Connection | None = None

    async def open(self) -> None:
        """Lock the file for this process, and bring its tables up to date.

        Raises:
            DatabaseInUse: another process has it.
            DatabaseDamaged: it is no database, or was found broken after a run that did not end in good order.
            DatabaseNewer: a newer version has written it.
            StoreFailed: it cannot be opened, and why.
        """
        with named_errors():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = lock(self._path)
        try:
            if was_left_open(self._path):
                await asyncio.to_thread(check, self._path, _LONGEST_CHECK)
            await self.write(lambda db: scalar(db, "SELECT 1"))
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Finish what was begun, and free the file."""
        await asyncio.to_thread(self._shut)

    def _shut(self) -> None:
        self._writer.shutdown()
        self._readers.shutdown()
        for connection in self._opened:
            connection.close()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    async def tidy(self) -> None:
        """Upkeep, once in a while: statistics for the query planner."""

        def work(db: sqlite_utils.Database) -> None:
            db.execute("PRAGMA optimize")

        await self.write(work)

    async def write(self, work: Callable[[sqlite_utils.Database], T]) -> T:
        """Run `work` in the writer's thread as one transaction.

        Raises:
            StoreFailed: SQLite could not; nothing of it was written.
        """
        return await asyncio.get_running_loop().run_in_executor(self._writer, self._write, work)

    async def read(self, work: Callable[[sqlite_utils.Database], T]) -> T:
        """Run `work` on a reader's connection: it neither waits for, nor holds up, the writer.

        Raises:
            StoreFailed: SQLite could not.
        """
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)

    def _write(self, work: Callable[[sqlite_utils.Database], T]) -> T:
        with named_errors():
            db = self._connection(writable=True)
            with db.atomic():
                return work(db)

    def _read(self, work: Callable[[sqlite_utils.Database], T]) -> T:
        with named_errors():
            db = self._connection(writable=False)
            with db.atomic():  # one state of the data for all that is read together
                return work(db)

    def _connection(self, *, writable: bool) -> sqlite_utils.Database:
        found: sqlite_utils.Database | None = getattr(self._connections, "db", None)
        if found is None:
            connection = sqlite3.connect(self._path, check_same_thread=False, timeout=10)
            self._opened.append(connection)
            connection.execute("PRAGMA foreign_keys=ON")
            found = sqlite_utils.Database(connection)
            if writable:
                connection.execute("PRAGMA auto_vacuum=INCREMENTAL")  # counts when the file is made
                found.enable_wal()
                connection.execute("PRAGMA synchronous=FULL")
                connection.execute(f"PRAGMA journal_size_limit={_LONGEST_LOG}")
                bring_up_to_date(found)
            else:
                connection.execute("PRAGMA query_only=ON")
            self._connections.db = found
        return found


def rows(db: sqlite_utils.Database, sql: str, *parameters: Any) -> list[sqlite3.Row]:
    """The rows of a query, their columns by name."""
    cursor = db.conn.execute(sql, parameters)
    cursor.row_factory = sqlite3.Row
    return cursor.fetchall()


def row(db: sqlite_utils.Database, sql: str, *parameters: Any) -> sqlite3.Row | None:
    """The first row of a query."""
    found = rows(db, sql, *parameters)
    return found[0] if found else None


def scalar(db: sqlite_utils.Database, sql: str, *parameters: Any) -> Any:
    """The first column of the first row of a query, or None."""
    found = db.conn.execute(sql, parameters).fetchone()
    return found[0] if found else None


def insert(db: sqlite_utils.Database, sql: str, *parameters: Any) -> int:
    """Run an INSERT; the id of the new row."""
    identifier = db.conn.execute(sql, parameters).lastrowid
    assert identifier is not None
    return identifier


def bring_up_to_date(db: sqlite_utils.Database) -> None:
    """Make the tables, or make them what this version expects: wholly, or not at all.

    Raises:
        DatabaseNewer: they are of a version that this one does not know.
    """
    known = {migration.name for migration in MIGRATIONS.pending(sqlite_utils.Database(memory=True))}
    unknown = {migration.name for migration in MIGRATIONS.applied(db)} - known
    if unknown:
        raise DatabaseNewer(f"it was written by a newer version of Tocsin ({min(unknown)})")
    with db.atomic():  # one wait for the disk, and an update that fails leaves a file that the version before reads
        MIGRATIONS.apply(db)


def was_left_open(path: Path) -> bool:
    """Whether the last run did not end in good order: who closes the file writes its log back, and removes it."""
    log = beside(path, "-wal")
    return log.exists() and log.stat().st_size > 0


def check(path: Path, seconds: float | None = None) -> None:
    """Read through a file, for at most so many seconds: what was sound till then is taken to be sound.

    Raises:
        DatabaseDamaged: it is not, and what SQLite says of it.
        StoreFailed: it cannot be read.
    """
    with named_errors():
        connection = sqlite3.connect(path, timeout=10, check_same_thread=False)
        timer = threading.Timer(seconds or 0, connection.interrupt)
        try:
            if seconds is not None:
                timer.start()
            (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
            said = "ok"
        finally:
            timer.cancel()
            connection.close()
    if said != "ok":
        raise DatabaseDamaged(" ".join(said.split()))


def beside(path: Path, ending: str) -> Path:
    """The file of the same name with an ending."""
    return path.with_name(path.name + ending)


def lock(path: Path) -> sqlite3.Connection:
    """Hold an exclusive lock on a database that ends with the process however it ends.

    On a file of its own beside the database: a lock on the database would shut our readers out as well.

    Raises:
        DatabaseInUse: another process holds it.
    """
    connection = sqlite3.connect(beside(path, ".lock"), timeout=0, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode=MEMORY")
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        connection.close()
        if "locked" in str(error):
            raise DatabaseInUse(str(path)) from error
        raise OSError(f"{path.name}.lock cannot be locked: {error}") from error
    return connection


_DAMAGED: Final = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


@contextmanager
def named_errors() -> Iterator[None]:
    """Turn what SQLite and the system raise into `StoreFailed`, and into `DatabaseDamaged` where that is why."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        hint = next((hint for said, hint in _HINTS if said in str(error)), "")
        damaged = getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED
        raise (DatabaseDamaged if damaged else StoreFailed)(f"{type(error).__name__}: {error}{hint}") from error
