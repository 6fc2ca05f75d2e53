"""Copies of the database: made while the bot runs, and put back so that nothing is sent twice.

A copy is whole or is not there: it grows under another name, is read through, and only then takes its own.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote

import sqlite_utils

from bot.ports.store import StoreFailed
from storage.database import beside, bring_up_to_date, check, lock, named_errors
from storage.migrations import MIGRATIONS
from storage.withheld import withhold

_LOGS: Final = ("-wal", "-shm")


class NotOurDatabase(StoreFailed):
    """A file that is no database of this program's."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: where the database is that was there before, if one was, and how many alerts it withheld."""

    aside: Path | None
    withheld: int


def back_up(path: Path, to: Path) -> None:
    """Copy the database at `path`, of one instant, whoever writes to it meanwhile; what is at `to` is replaced.

    Raises:
        DatabaseDamaged: the copy is not sound, so the database is not either; nothing is kept.
        StoreFailed: it cannot be read, or the copy cannot be written; nothing is kept.
    """
    with named_errors():
        if not path.is_file():
            raise StoreFailed("there is no such file")
        if to.exists() and to.samefile(path):
            raise StoreFailed("a database is no backup of itself")
        with _growing(to) as copy:
            _copy(path, copy)
            check(copy)
            _on_disk(copy)
            _put(copy, to)


def restore(path: Path, source: Path, *, now: float) -> Restored:
    """Put a copy in the place of the database at `path`, which is kept aside.

    What was to be sent when the copy was made may have been sent since: alerts are withheld, notices and edits are made
    anew where there is still reason for them. What turned up since is told by nobody: each feed's next poll is silent.

    Raises:
        DatabaseInUse: a bot has the database.
        NotOurDatabase, DatabaseDamaged, DatabaseNewer: the copy is none that could be used; nothing is changed.
        StoreFailed: it cannot be done; nothing is changed.
    """
    with named_errors():
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(lock(path)), _growing(path) as copy:
            _refuse_strangers(source)
            _copy(source, copy)
            check(copy)
            with closing(sqlite3.connect(copy)) as connection:
                connection.execute("PRAGMA foreign_keys=ON")
                db = sqlite_utils.Database(connection)
                bring_up_to_date(db)
                with db.atomic():
                    withheld = withhold(db)
                    _silence(db)
                    _say_nothing_else(db)
            _on_disk(copy)
            aside = _set_aside(path, now)
            _put(copy, path)
    return Restored(aside, withheld)


def _refuse_strangers(source: Path) -> None:
    if not source.is_file():
        raise NotOurDatabase("there is no such file")
    try:
        with closing(_read_only(source)) as connection:
            ours = bool(MIGRATIONS.applied(sqlite_utils.Database(connection)))
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
            raise NotOurDatabase("it is no database") from error
        raise
    if not ours:
        raise NotOurDatabase("it is no database of Tocsin's")


def _silence(db: sqlite_utils.Database) -> None:
    """Make what is stored, and what the next polls find, no news; what an edit brings into it later will be."""
    db.execute("UPDATE feeds SET primed = 0, digest = '', body = '', read_at = NULL, etag = NULL, last_modified = NULL")
    db.execute("UPDATE stories SET silent = 1, late = 1 WHERE silent = 0 OR late = 0")


def _say_nothing_else(db: sqlite_utils.Database) -> None:
    """Forget edits and notices that waited: they may have been made since. What is amiss still is noticed anew."""
    db.execute("DELETE FROM edits")
    db.execute(
        """DELETE FROM troubles WHERE (chat_id, feed_id) IN
           (SELECT n.chat_id, json_extract(t.value, '$.feed_id') FROM notices n, json_each(n.facts, '$.feeds') t)"""
    )
    db.execute(
        """UPDATE filters SET silence_told_at = NULL WHERE id IN
           (SELECT json_extract(t.value, '$.filter_id') FROM notices n, json_each(n.facts, '$.filters') t)"""
    )
    db.execute("DELETE FROM notices")


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True, timeout=10)


def _copy(source: Path, to: Path) -> None:
    # A reader's connection leaves the log as it is: it says whether the last run ended in good order.
    with closing(_read_only(source)) as original, closing(sqlite3.connect(to)) as copy:
        original.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, whatever the original is


@contextmanager
def _growing(to: Path) -> Iterator[Path]:
    """The name under which what is to become `to` grows; nothing stays there."""
    part = beside(to, ".part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))  # chats' own business
    try:
        yield part
    finally:
        for ending in ("", "-journal", *_LOGS):
            beside(part, ending).unlink(missing_ok=True)


def _put(part: Path, to: Path) -> None:
    part.replace(to)
    _on_disk(to.parent)


def _on_disk(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _set_aside(path: Path, now: float) -> Path | None:
    """Rename the database, with a log that it may have: a log that stayed would be written into the next."""
    if not path.exists():
        return None
    with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # a broken one keeps its log
    aside = beside(path, f".before-restore-{datetime.fromtimestamp(now, UTC):%Y%m%dT%H%M%SZ}")
    if aside.exists():
        raise StoreFailed(f"{aside} is there already")
    for ending in _LOGS:
        with suppress(FileNotFoundError):
            beside(path, ending).rename(beside(aside, ending))
    return path.rename(aside)
