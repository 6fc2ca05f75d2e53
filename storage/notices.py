"""What chats are told besides alerts: what is known for it, and what waits to be sent."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, tzinfo
from itertools import islice
from typing import Any, Final

import sqlite_utils

from bot.domain.chats import Address
from bot.domain.delivery import Decision, Done, GiveUp, Retry, Wait
from bot.domain.errors import AdvertisedFeed
from bot.domain.health import State, health_of
from bot.domain.hours import read_quiet
from bot.domain.notices import SILENT_AFTER, Follower, Notice, Patient, PauseOver, Silence, Trouble
from bot.domain.rhythm import DAY
from bot.ports.notices import DueNotice
from bot.zones import zone_named
from storage.database import Database, rows
from storage.feeds import COLUMNS, load_feed

_QUIET: Final = 3 * DAY  # without news; no feed is frozen sooner


class NoticeStore:
    """The `Notices` port over SQLite; `zone` is of chats that have not said theirs."""

    def __init__(self, database: Database, zone: tzinfo = UTC) -> None:
        self._database = database
        self._zone = zone

    async def patients(self, now: float) -> list[Patient]:
        """See `bot.ports.Notices`."""

        def work(db: sqlite_utils.Database) -> list[Patient]:
            suspects = rows(
                db,
                f"""SELECT {COLUMNS} FROM feeds WHERE polled_at IS NOT NULL
                    AND (error != '' OR entries = 0 OR news_at < ? OR id IN (SELECT feed_id FROM troubles))
                    AND EXISTS (SELECT 1 FROM follows w WHERE w.feed_id = feeds.id)""",  # noqa: S608 - the columns are ours
                now - _QUIET,
            )
            found = []
            for suspect in suspects:
                feed = load_feed(suspect)
                health = health_of(feed.history, now)
                followers = tuple(
                    Follower(follower["chat_id"], State(follower["state"]) if follower["state"] else None)
                    for follower in rows(
                        db,
                        """SELECT w.chat_id, t.state FROM follows w
                           LEFT JOIN troubles t ON t.chat_id = w.chat_id AND t.feed_id = w.feed_id
                           WHERE w.feed_id = ?""",
                        feed.feed_id,
                    )
                )
                if health.state is not State.WELL or any(follower.told for follower in followers):
                    found.append(
                        Patient(feed.feed_id, feed.url, feed.title, health, feed.error, feed.failing_since, followers)
                    )
            return found

        return await self._database.read(work)

    async def silences(self, now: float) -> list[tuple[int, Silence]]:
        """See `bot.ports.Notices`."""
        sql = """SELECT f.chat_id, f.id, f.number, q.text FROM filters f JOIN queries q ON q.id = f.query_id
                 WHERE f.silence_told_at IS NULL AND f.since < ?1
                 AND EXISTS (SELECT 1 FROM follows w WHERE w.chat_id = f.chat_id AND w.since < ?1)
                 AND EXISTS (SELECT 1 FROM chats c WHERE c.id = f.chat_id AND c.paused = 0 AND c.gone = '')
                 AND coalesce(f.last_hit_at, 0) < ?1"""
        return await self._database.read(
            lambda db: [
                (found["chat_id"], Silence(found["id"], found["number"], found["text"]))
                for found in rows(db, sql, now - SILENT_AFTER)
            ]
        )

    async def tell(self, notices: Sequence[Notice], now: float) -> None:
        """See `bot.ports.Notices`."""

        def work(db: sqlite_utils.Database) -> None:
            for notice in notices:
                store_notice(db, notice, now)
                for feed in notice.feeds:
                    if feed.state is State.WELL:
                        sql = "DELETE FROM troubles WHERE chat_id = ? AND feed_id = ?"
                        db.execute(sql, (notice.chat_id, feed.feed_id))
                    else:
                        db.execute(
                            """INSERT INTO troubles SELECT chat_id, feed_id, ? FROM follows
                               WHERE chat_id = ? AND feed_id = ? ON CONFLICT DO UPDATE SET state = excluded.state""",
                            (feed.state, notice.chat_id, feed.feed_id),
                        )
                for silence in notice.filters:
                    db.execute("UPDATE filters SET silence_told_at = ? WHERE id = ?", (now, silence.filter_id))

        await self._database.write(work)

    async def due(self, platform: str, now: float, limit: int) -> list[DueNotice]:
        """See `bot.ports.Notices`."""
        sql = """SELECT n.id, n.chat_id, n.facts, n.attempts, n.plain, c.chat, c.topic, c.zone, c.quiet FROM notices n
                 CROSS JOIN chats c ON c.id = n.chat_id
                 WHERE n.due_at <= ? AND c.platform = ? AND c.paused = 0 AND c.gone = '' ORDER BY n.due_at"""

        def work(db: sqlite_utils.Database) -> list[DueNotice]:
            due = rows(db, sql, now, platform)
            return [
                DueNotice(
                    notice_id=found["id"],
                    address=Address(platform, found["chat"], found["topic"]),
                    notice=_load(found["chat_id"], found["facts"]),
                    attempts=found["attempts"],
                    plain=bool(found["plain"]),
                    zone=found["zone"],
                )
                for found in islice((one for one in due if not self._is_quiet(one, now)), limit)
            ]

        return await self._database.read(work)

    def _is_quiet(self, chat: sqlite3.Row, now: float) -> bool:
        hours = read_quiet(chat["quiet"])
        return hours is not None and hours.until(now, zone_named(chat["zone"], self._zone)) is not None

    async def settle(self, notice_id: int, decision: Decision) -> None:
        """See `bot.ports.Notices`."""

        def work(db: sqlite_utils.Database) -> None:
            match decision:
                case Done() | GiveUp():
                    db.execute("DELETE FROM notices WHERE id = ?", (notice_id,))
                case Retry(at, attempts, plain):
                    db.execute(
                        "UPDATE notices SET due_at = ?, plain = ?, attempts = ? WHERE id = ?",
                        (at, plain, attempts, notice_id),
                    )
                case Wait(at, attempts):
                    db.execute("UPDATE notices SET due_at = ?, attempts = ? WHERE id = ?", (at, attempts, notice_id))
                case _:  # its chat is gone or has moved, which is noted there: it waits
                    pass

        await self._database.write(work)


def store_notice(db: sqlite_utils.Database, notice: Notice, now: float) -> None:
    """Let a notice be sent; who left since it was planned is told nothing."""
    db.execute(
        "INSERT INTO notices (chat_id, facts, made_at, due_at) SELECT id, ?, ?, ? FROM chats WHERE id = ?",
        (_dump(notice), now, now, notice.chat_id),
    )


def _dump(notice: Notice) -> str:
    facts: dict[str, Any] = {"feeds": [asdict(feed) for feed in notice.feeds]}
    facts["filters"] = [asdict(silence) for silence in notice.filters]
    if notice.pause_over is not None:
        facts["pause_over"] = asdict(notice.pause_over)
    return json.dumps(facts)


def _load(chat_id: int, facts: str) -> Notice:
    found: dict[str, Any] = json.loads(facts)
    pause_over = PauseOver(**found["pause_over"]) if "pause_over" in found else None
    feeds = []
    for given in found["feeds"]:
        instead = given.pop("instead")
        feeds.append(
            Trouble(**given | {"state": State(given["state"])}, instead=AdvertisedFeed(**instead) if instead else None)
        )
    return Notice(chat_id, tuple(feeds), tuple(Silence(**given) for given in found["filters"]), pause_over)
