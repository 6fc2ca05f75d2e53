"""Stories, what matched them, and the alerts that follow."""

import json
import sqlite3
from collections.abc import Sequence

import sqlite_utils

from bot.domain.entitlement import StoryTimes, is_entitled
from bot.domain.filters import Match
from bot.ports import StoredStory
from storage.database import Database, insert, row, rows, scalar
from storage.entries import dump_spans, load_entry
from storage.lanes import open_lanes

EVERYTHING = 0  # stands for the filter that a chat has which follows every story of a feed


class StoryStore:
    """The `Stories` port over SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def unprocessed(self, limit: int, skip: frozenset[int] = frozenset()) -> list[StoredStory]:
        """See `bot.ports.Stories`."""

        def work(db: sqlite_utils.Database) -> list[StoredStory]:
            found = rows(
                db,
                # Versions that nobody had matched before the next one came count for nothing.
                """SELECT s.id, s.feed_id, s.version, s.entry, v.entry AS previous, EXISTS (
                     SELECT 1 FROM identities i WHERE i.story_id = s.id AND i.key LIKE 'link:%') AS own_link, EXISTS (
                     SELECT 1 FROM identities i WHERE i.story_id = s.id AND i.key LIKE 'number:%') AS own_number
                   FROM stories s LEFT JOIN versions v ON v.story_id = s.id AND v.version = max(s.matched, 1)
                   WHERE s.pending = 1 AND s.id NOT IN (SELECT value FROM json_each(?)) ORDER BY s.id LIMIT ?""",
                json.dumps(sorted(skip)),
                limit,
            )
            return [
                StoredStory(
                    story_id=story["id"],
                    own_link=bool(story["own_link"]),
                    own_number=bool(story["own_number"]),
                    feed_id=story["feed_id"],
                    version=story["version"],
                    entry=load_entry(story["entry"]),
                    previous=load_entry(story["previous"]) if story["previous"] else None,
                )
                for story in found
            ]

        return await self._database.read(work)

    async def settle(
        self, story: StoredStory, *, event_key: str, matches: Sequence[Match], fresh: frozenset[str], now: float
    ) -> int:
        """See `bot.ports.Stories`."""

        def work(db: sqlite_utils.Database) -> int:
            stored = row(
                db,
                "SELECT * FROM stories WHERE id = ? AND version = ? AND pending = 1",
                story.story_id,
                story.version,
            )
            if stored is None:
                return 0  # settled already, or changed once more meanwhile: the newer version is pending, and decides
            event_id = stored["event_id"] or _event(db, event_key, now)
            db.execute(
                "UPDATE stories SET pending = 0, matched = version, event_id = ? WHERE id = ?",
                (event_id, story.story_id),
            )
            db.execute("DELETE FROM matches WHERE story_id = ?", (story.story_id,))
            times = _times(stored)  # its feed may have become part of another meanwhile: the stored one counts
            entitled: dict[int, list[int]] = {}
            for match in matches:
                query_id = scalar(db, "SELECT id FROM queries WHERE text = ?", match.query)
                if query_id is None:
                    continue
                db.execute("INSERT INTO matches VALUES (?, ?, ?)", (query_id, story.story_id, dump_spans(match)))
                for chat_id, filter_id, since in _watching(db, query_id, stored["feed_id"]):
                    if is_entitled(times, since, fresh=match.query in fresh):
                        entitled.setdefault(chat_id, []).append(filter_id)
            for chat_id, since in _following_everything(db, stored["feed_id"]):
                if is_entitled(times, since, fresh=False):
                    entitled.setdefault(chat_id, []).append(EVERYTHING)
            alerted = _alert(db, story.story_id, event_id, entitled, now)
            open_lanes(db, alerted, now)
            return len(alerted)

        return await self._database.write(work)


def reconsider(db: sqlite_utils.Database, chat_id: int, event_id: int, now: float) -> None:
    """Alert a chat on what an alert that was not delivered after all kept from it: the event's other stories.

    Opens no lane.
    """
    others = rows(
        db,
        """SELECT * FROM stories s WHERE event_id = ?1 AND NOT EXISTS
           (SELECT 1 FROM alerts WHERE event_id = ?1 AND chat_id = ?2 AND story_id = s.id AND state = 'failed')
           ORDER BY id""",
        event_id,
        chat_id,
    )
    for story in others:
        asking = db.conn.execute(
            """SELECT f.id, max(f.since, w.since) FROM matches m
               JOIN filters f ON f.query_id = m.query_id AND f.chat_id = ?1
               JOIN follows w ON w.chat_id = ?1 AND w.feed_id = ?2 WHERE m.story_id = ?3
               UNION ALL SELECT ?4, everything_since FROM follows
               WHERE chat_id = ?1 AND feed_id = ?2 AND everything_since IS NOT NULL""",
            (chat_id, story["feed_id"], story["id"], EVERYTHING),
        )
        # Which of an edit's matches were fresh is not kept: the story's own first sight counts.
        entitled = [filter_id for filter_id, since in asking if is_entitled(_times(story), since, fresh=False)]
        _alert(db, story["id"], event_id, {chat_id: entitled}, now)


def _times(story: sqlite3.Row) -> StoryTimes:
    return StoryTimes(story["first_seen"], story["changed_at"], bool(story["silent"]), bool(story["late"]))


def _event(db: sqlite_utils.Database, key: str, now: float) -> int:
    found = scalar(db, "SELECT id FROM events WHERE key = ?", key)
    return int(found) if found else insert(db, "INSERT INTO events (key, first_seen) VALUES (?, ?)", key, now)


def _watching(db: sqlite_utils.Database, query_id: int, feed_id: int) -> list[tuple[int, int, float]]:
    return db.conn.execute(
        """SELECT f.chat_id, f.id, max(f.since, w.since) FROM filters f
           JOIN follows w ON w.feed_id = ? AND w.chat_id = f.chat_id WHERE f.query_id = ?""",
        (feed_id, query_id),
    ).fetchall()


def _following_everything(db: sqlite_utils.Database, feed_id: int) -> list[tuple[int, float]]:
    sql = "SELECT chat_id, everything_since FROM follows WHERE feed_id = ? AND everything_since IS NOT NULL"
    return db.conn.execute(sql, (feed_id,)).fetchall()


def _alert(
    db: sqlite_utils.Database, story_id: int, event_id: int, entitled: dict[int, list[int]], now: float
) -> list[int]:
    """Put alerts in the outbox, less what an alert that is due or delivered names already; the chats alerted."""
    if not entitled:
        return []
    named = {
        (chat_id, filter_id)
        for chat_id, filter_id in db.conn.execute(
            "SELECT chat_id, filter_id FROM alert_filters WHERE event_id = ? AND chat_id IN "
            "(SELECT chat_id FROM alerts WHERE event_id = ?)",
            (event_id, event_id),
        )
    }
    alerted = {chat_id for chat_id, _ in named}
    alert_id = scalar(db, "SELECT seq FROM sqlite_sequence WHERE name = 'alerts'") or 0
    alerts: list[tuple[int, int]] = []
    filters: list[tuple[int, int, int]] = []
    for chat_id, filter_ids in entitled.items():
        new = [filter_id for filter_id in filter_ids if (chat_id, filter_id) not in named]
        # "Every story" asks for no filter's sake: a chat that has any alert on the event has seen the story.
        if new == [EVERYTHING] and chat_id in alerted:
            continue
        if new:
            alert_id += 1
            alerts.append((alert_id, chat_id))
            filters.extend((chat_id, filter_id, alert_id) for filter_id in new)
    # One statement for all: many short ones would take the interpreter's lock back before the event loop gets it.
    db.execute(
        """INSERT INTO alerts (id, chat_id, event_id, story_id, state, made_at)
           SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), ?, ?, 'due', ? FROM json_each(?)""",
        (event_id, story_id, now, json.dumps(alerts)),
    )
    db.execute(
        """INSERT INTO alert_filters SELECT json_extract(value, '$[0]'), ?, json_extract(value, '$[1]'),
           json_extract(value, '$[2]') FROM json_each(?)""",
        (event_id, json.dumps(filters)),
    )
    return [alert[1] for alert in alerts]
