"""Alerts that a restore withholds: they were to be sent when the copy was made, and may have been sent since.

They stand in the outbox in a state of their own, in which nothing claims them; an operator lets them go, or drops them.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlite_utils

from bot.domain.chats import Address
from bot.ports.store import StoreFailed
from storage.database import bring_up_to_date, lock, named_errors, rows, scalar
from storage.entries import load_entry


@dataclass(frozen=True, slots=True)
class WithheldAlert:
    """One of them: to which chat, since when in Unix seconds, and on what."""

    alert_id: int
    address: Address
    chat: str
    made_at: float
    headline: str
    outlet: str


def withhold(db: sqlite_utils.Database) -> int:
    """Withhold every alert that is not settled; how many are withheld now."""
    db.execute("UPDATE alerts SET state = 'withheld', run = NULL WHERE settled_at IS NULL")
    db.execute("DELETE FROM lanes")
    return count_withheld(db)


def count_withheld(db: sqlite_utils.Database) -> int:
    """How many alerts are withheld."""
    return int(scalar(db, "SELECT count(*) FROM alerts WHERE state = 'withheld'"))


def withheld(path: Path) -> list[WithheldAlert]:
    """The alerts that are withheld in the database at `path`, by chat, oldest first.

    Raises:
        StoreFailed: it cannot be read.
    """
    with _opened(path) as db:
        return [
            WithheldAlert(
                found["id"],
                Address(found["platform"], found["chat"], found["topic"]),
                found["name"],
                found["made_at"],
                load_entry(found["entry"]).title,
                found["outlet"],
            )
            for found in rows(
                db,
                """SELECT a.id, c.platform, c.chat, c.topic, c.title AS name, a.made_at, s.entry, f.title AS outlet
                   FROM alerts a JOIN chats c ON c.id = a.chat_id JOIN stories s ON s.id = a.story_id
                   JOIN feeds f ON f.id = s.feed_id WHERE a.state = 'withheld' ORDER BY c.id, a.id""",
            )
        ]


def release(path: Path, alert_ids: Sequence[int] = ()) -> int:
    """Let these go, or all: they are sent when the bot runs; how many.

    Raises:
        DatabaseInUse: a bot has the database.
        StoreFailed: it cannot be written.
    """
    with _opened(path, alone=True) as db:
        return sum(
            db.execute("UPDATE alerts SET state = 'due' WHERE id = ?", (alert_id,)).rowcount
            for alert_id in _chosen(db, alert_ids)
        )


def drop(path: Path, alert_ids: Sequence[int] = (), *, now: float) -> int:
    """Settle these, or all, as never to be sent; how many. Raises as `release` does."""
    with _opened(path, alone=True) as db:
        # What they name stays named: their chats have had them, and are not to get another on the same event.
        sql = "UPDATE alerts SET state = 'dropped', settled_at = ? WHERE id = ?"
        return sum(db.execute(sql, (now, alert_id)).rowcount for alert_id in _chosen(db, alert_ids))


def _chosen(db: sqlite_utils.Database, alert_ids: Sequence[int]) -> list[int]:
    held = rows(db, "SELECT id FROM alerts WHERE state = 'withheld'")
    return [alert["id"] for alert in held if not alert_ids or alert["id"] in set(alert_ids)]


@contextmanager
def _opened(path: Path, *, alone: bool = False) -> Iterator[sqlite_utils.Database]:
    """The database as it is, in one transaction; `alone`: to be written, while no bot has it."""
    if not path.is_file():
        raise StoreFailed("there is no such file")
    with named_errors():
        held = lock(path) if alone else None
        try:
            with closing(sqlite3.connect(path, timeout=10)) as connection:
                db = sqlite_utils.Database(connection)
                if alone:
                    bring_up_to_date(db)
                else:
                    connection.execute("PRAGMA query_only=ON")
                with db.atomic():
                    yield db
        finally:
            if held is not None:
                held.close()
