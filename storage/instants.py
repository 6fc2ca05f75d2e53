"""Instants that are stored, for a clock that was set: what waits is shifted, what lies in the future has happened."""

import sqlite_utils

from storage.database import Database, rows, scalar
from storage.lanes import FOR_ITS_NEXT_TRY, open_lanes
from storage.telling import decide_anew

_HAPPENED = {
    "alerts": ("made_at", "settled_at", "edited_at"),
    "chats": ("entered_at", "returned_at", "gone_at"),
    "events": ("first_seen",),
    "feeds": ("read_at", "polled_at", "news_at", "moved_since"),
    "filters": ("since", "last_hit_at"),
    "follows": ("since", "everything_since"),
    "mutes": ("since",),
    "removed_filters": ("since", "removed_at", "last_hit_at"),
    "stories": ("first_seen", "changed_at"),
    "versions": ("seen_at",),
}
_MINUTE = 60.0
_UNNOTICED = 5.0  # seconds for which a clock may have been set without anybody's notice; what was planned then is right
_LATEST = """
    SELECT max(at) FROM (
        SELECT * FROM (SELECT made_at AS at FROM alerts ORDER BY id DESC LIMIT 1) UNION ALL
        SELECT * FROM (SELECT entered_at FROM chats ORDER BY id DESC LIMIT 1) UNION ALL
        SELECT * FROM (SELECT since FROM filters ORDER BY id DESC LIMIT 1) UNION ALL
        SELECT * FROM (SELECT first_seen FROM stories ORDER BY id DESC LIMIT 1)
    )
"""


class InstantStore:
    """The `Instants` port over SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def latest(self) -> float | None:
        """See `bot.ports.Instants`."""
        return await self._database.read(lambda db: scalar(db, _LATEST))

    async def clock_was_set(self, by: float, *, now: float) -> None:
        """See `bot.ports.Instants`."""

        def work(db: sqlite_utils.Database) -> None:
            # Forward, what is due later than this was not put off by the old clock, or was for longer than it was set.
            before = now - _UNNOTICED if by > 0 else float("inf")
            lanes = rows(db, "DELETE FROM lanes RETURNING chat_id, free_at")
            db.execute(
                f"UPDATE alerts SET held_until = held_until + ? WHERE {FOR_ITS_NEXT_TRY} AND held_until < ?",  # noqa: S608
                (by, before),
            )
            db.execute("UPDATE edits SET due_at = due_at + ? WHERE due_at < ?", (by, before))
            db.execute("UPDATE chats SET look_at = look_at + ? WHERE look_at < ?", (by, before))
            for lane in lanes:
                free_at = lane["free_at"]
                open_lanes(db, [lane["chat_id"]], free_at + by if free_at < before else free_at)
            if by < 0:
                # Forward, hours that chats have named come sooner, and feeds are due sooner, which the budget spreads.
                for chat in rows(db, "SELECT DISTINCT chat_id FROM alerts WHERE state = 'held'"):
                    decide_anew(db, chat["chat_id"], now)
                db.execute("UPDATE feeds SET due_at = due_at + ? WHERE due_at IS NOT NULL", (by,))
                # In their order, into the last minute: to shift them would put them before what came before them.
                for table, columns in _HAPPENED.items():
                    for column in columns:
                        db.execute(
                            f"UPDATE {table} SET {column} = ?1 - ?2 * min((?3 - {column}) / ?4, 1) WHERE {column} > ?1",  # noqa: S608
                            (now, _MINUTE, now - by, -by),
                        )

        await self._database.write(work)
