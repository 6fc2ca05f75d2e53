"""The outbox: due alerts by lanes, one a chat, so that no chat waits for another."""

import sqlite3
from typing import assert_never

import sqlite_utils

from bot.domain.chats import Address, ChatKind
from bot.domain.delivery import Decision, Done, GiveUp, Hold, Relocate, Retry
from bot.ports import ClaimedAlert
from storage.chats import move
from storage.database import Database, row, rows, scalar
from storage.entries import load_entry, load_match
from storage.stories import EVERYTHING, load_page, open_lanes, reconsider


class OutboxStore:
    """The `Outbox` port over SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def recover(self, platform: str, *, run: str, now: float) -> int:
        """See `bot.ports.Outbox`."""

        def work(db: sqlite_utils.Database) -> int:
            claimed = rows(
                db,
                """SELECT a.id FROM chats c JOIN alerts a ON a.chat_id = c.id AND a.state = 'claimed'
                   WHERE c.platform = ? AND a.run IS NOT ?""",
                platform,
                run,
            )
            for alert in claimed:
                db.execute("UPDATE alerts SET state = 'due', run = NULL WHERE id = ?", (alert["id"],))
            open_lanes(db, [chat["id"] for chat in rows(db, "SELECT id FROM chats")], now)
            return len(claimed)

        return await self._database.write(work)

    async def claim(self, platform: str, *, run: str, limit: int, now: float) -> list[ClaimedAlert]:
        """See `bot.ports.Outbox`."""

        def work(db: sqlite_utils.Database) -> list[ClaimedAlert]:
            ready = rows(
                db,
                "SELECT chat_id FROM lanes WHERE platform = ? AND ready_at <= ? ORDER BY ready_at LIMIT ?",
                platform,
                now,
                limit,
            )
            claimed = []
            for lane in ready:
                alert = _claim_next(db, lane["chat_id"], run, now)
                db.execute("DELETE FROM lanes WHERE chat_id = ?", (lane["chat_id"],))
                if alert is not None:
                    claimed.append(alert)
            return claimed

        return await self._database.write(work)

    async def next_ready(self, platform: str) -> float | None:
        """See `bot.ports.Outbox`."""
        sql = "SELECT min(ready_at) FROM lanes WHERE platform = ?"
        return await self._database.read(lambda db: scalar(db, sql, platform))

    async def mark(self, alert: ClaimedAlert, decision: Decision, *, now: float, next_at: float) -> None:
        """See `bot.ports.Outbox`."""

        def work(db: sqlite_utils.Database) -> None:
            stored = row(
                db,
                """SELECT a.chat_id, a.event_id, c.chat FROM alerts a JOIN chats c ON c.id = a.chat_id
                   WHERE a.id = ?""",
                alert.alert_id,
            )
            if stored is None:
                return  # its chat was erased meanwhile
            ready_at = next_at
            match decision:
                case Done(message_id):
                    _settle(db, alert.alert_id, "sent", now, message_id=message_id)
                case Retry(at, plain):
                    _put_back(db, alert, plain=plain)
                    ready_at = max(at, next_at)
                case GiveUp(why):
                    _settle(db, alert.alert_id, "failed", now, why=why)
                    reconsider(db, stored["chat_id"], stored["event_id"], now)
                case Hold(why):
                    _put_back(db, alert, plain=alert.plain)
                    if stored["chat"] == alert.address.chat:  # not where it was moved to meanwhile
                        db.execute("UPDATE chats SET gone = ? WHERE id = ?", (why, stored["chat_id"]))
                case Relocate(to):
                    _put_back(db, alert, plain=alert.plain)
                    move(db, alert.address, to, next_at)
                    stored = row(db, "SELECT chat_id FROM alerts WHERE id = ?", alert.alert_id)
                    assert stored is not None
                case _:
                    assert_never(decision)
            open_lanes(db, [stored["chat_id"]], ready_at)

        await self._database.write(work)


def _claim_next(db: sqlite_utils.Database, chat_id: int, run: str, now: float) -> ClaimedAlert | None:
    """The chat's oldest alert that it is still entitled to; those that it is not are withdrawn on the way."""
    while True:
        found = row(
            db,
            """SELECT a.id, a.attempts, a.plain, a.event_id, s.id AS story_id, s.first_seen, s.feed_id,
                      CASE WHEN s.pending AND v.entry IS NOT NULL THEN v.entry ELSE s.entry END AS entry,
                      f.title AS outlet, c.id AS chat_id, c.platform, c.chat, c.topic, c.kind
               FROM alerts a JOIN stories s ON s.id = a.story_id JOIN feeds f ON f.id = s.feed_id
               JOIN chats c ON c.id = a.chat_id
               -- What matched stands in the version that was matched last.
               LEFT JOIN versions v ON v.story_id = s.id AND v.version = s.matched
               WHERE a.chat_id = ? AND a.state = 'due' ORDER BY a.id LIMIT 1""",
            chat_id,
        )
        if found is None:
            return None
        claimed = _claimed(db, found)
        if claimed is not None:
            db.execute("UPDATE alerts SET state = 'claimed', run = ? WHERE id = ?", (run, claimed.alert_id))
            return claimed
        _settle(db, found["id"], "withdrawn", now)
        reconsider(db, chat_id, found["event_id"], now)


def _claimed(db: sqlite_utils.Database, found: sqlite3.Row) -> ClaimedAlert | None:
    """The alert with the filters that still ask for it; None where none does."""
    following = row(
        db, "SELECT everything_since FROM follows WHERE chat_id = ? AND feed_id = ?", found["chat_id"], found["feed_id"]
    )
    if following is None:
        return None
    asking = rows(
        db,
        """SELECT n.filter_id, q.text, m.spans FROM alert_filters n LEFT JOIN filters f ON f.id = n.filter_id
           LEFT JOIN queries q ON q.id = f.query_id
           LEFT JOIN matches m ON m.query_id = q.id AND m.story_id = ? WHERE n.alert_id = ? ORDER BY f.number""",
        found["story_id"],
        found["id"],
    )
    matches = tuple(load_match(asked["text"], asked["spans"] or "[]") for asked in asking if asked["text"] is not None)
    everything = following["everything_since"] is not None and any(asked["filter_id"] == EVERYTHING for asked in asking)
    if not matches and not everything:
        return None
    return ClaimedAlert(
        alert_id=found["id"],
        chat_id=found["chat_id"],
        address=Address(found["platform"], found["chat"], found["topic"]),
        kind=ChatKind(found["kind"]),
        attempts=found["attempts"],
        plain=bool(found["plain"]),
        story_id=found["story_id"],
        entry=load_entry(found["entry"]),
        page=load_page(scalar(db, "SELECT text FROM pages WHERE story_id = ?", found["story_id"])),
        also=_others(db, found["chat_id"], found["event_id"], found["story_id"]),
        outlet=found["outlet"],
        first_seen=found["first_seen"],
        matches=matches,
        everything=everything,
        reply_to=scalar(
            db,
            """SELECT message_id FROM alerts WHERE chat_id = ? AND event_id = ? AND state = 'sent'
               AND message_id IS NOT NULL ORDER BY id LIMIT 1""",
            found["chat_id"],
            found["event_id"],
        ),
    )


def _others(db: sqlite_utils.Database, chat_id: int, event_id: int, story_id: int) -> tuple[str, ...]:
    """The other outlets that report an event, of those that the chat follows, in the order of their coming."""
    found = rows(
        db,
        """SELECT f.title FROM stories s JOIN follows w ON w.feed_id = s.feed_id AND w.chat_id = ?
           JOIN feeds f ON f.id = s.feed_id WHERE s.event_id = ? GROUP BY f.title
           HAVING f.title != (SELECT f.title FROM stories s JOIN feeds f ON f.id = s.feed_id WHERE s.id = ?)
           ORDER BY min(s.first_seen), f.title""",
        chat_id,
        event_id,
        story_id,
    )
    return tuple(outlet["title"] for outlet in found if outlet["title"])


def _settle(
    db: sqlite_utils.Database, alert_id: int, state: str, now: float, *, message_id: str = "", why: str = ""
) -> None:
    db.execute(
        "UPDATE alerts SET state = ?, settled_at = ?, message_id = nullif(?, ''), why = nullif(?, '') WHERE id = ?",
        (state, now, message_id, why, alert_id),
    )
    if state != "sent":  # only what is due or delivered keeps another alert from naming the same filter
        db.execute("DELETE FROM alert_filters WHERE alert_id = ?", (alert_id,))


def _put_back(db: sqlite_utils.Database, alert: ClaimedAlert, *, plain: bool) -> None:
    db.execute(
        "UPDATE alerts SET state = 'due', run = NULL, attempts = attempts + 1, plain = ? WHERE id = ?",
        (plain, alert.alert_id),
    )
