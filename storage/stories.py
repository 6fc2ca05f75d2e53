"""Stories, what matched them, and the alerts that follow."""

import json
import sqlite3
import zlib
from collections.abc import Sequence
from dataclasses import replace

import sqlite_utils

from bot.domain.entitlement import StoryTimes, is_entitled
from bot.domain.filters import Match
from bot.domain.gist import Story
from bot.domain.hits import Hits
from bot.domain.rhythm import HOUR
from bot.domain.urls import publisher
from bot.ports.stories import DuePage, Settled, StoredStory, StoryWords
from storage.archive import file_away
from storage.database import Database, insert, row, rows, scalar
from storage.edits import want_edit
from storage.entries import dump_spans, load_entry
from storage.lanes import open_lanes

_LEAD = 600  # characters of a text that stand for a lead where there is none
_DEVELOPMENTS = 3  # of an event that a chat is told of
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
                """SELECT s.id, s.feed_id, s.version, s.entry, v.entry AS previous, f.title, f.url,
                     p.text AS page, EXISTS (
                     SELECT 1 FROM identities i WHERE i.story_id = s.id AND i.key LIKE 'link:%') AS own_link, EXISTS (
                     SELECT 1 FROM identities i WHERE i.story_id = s.id AND i.key LIKE 'number:%') AS own_number
                   FROM stories s JOIN feeds f ON f.id = s.feed_id LEFT JOIN pages p ON p.story_id = s.id
                   LEFT JOIN versions v ON v.story_id = s.id AND v.version = max(s.matched, 1)
                   WHERE s.pending = 1 AND s.id NOT IN (SELECT value FROM json_each(?)) ORDER BY s.id LIMIT ?""",
                json.dumps(sorted(skip)),
                limit,
            )
            return [_stored_story(story) for story in found]

        return await self._database.read(work)

    async def settle(
        self,
        story: StoredStory,
        *,
        words: StoryWords,
        event_key: str,
        event_id: int | None = None,
        is_development: bool = False,
        wants_page: bool = False,
        matches: Sequence[Match],
        fresh: frozenset[str],
        now: float,
    ) -> Settled:
        """See `bot.ports.Stories`."""

        def work(db: sqlite_utils.Database) -> Settled:
            stored = row(
                db,
                "SELECT * FROM stories WHERE id = ? AND version = ? AND pending = 1",
                story.story_id,
                story.version,
            )
            if stored is None:
                return Settled()  # settled already, or changed once more meanwhile: the newer version decides
            joined = stored["event_id"] or _event(db, event_key, event_id, now)
            db.execute("INSERT OR IGNORE INTO event_keys VALUES (?, ?)", (event_key, joined))
            db.execute(
                "UPDATE stories SET pending = 0, matched = version, event_id = ? WHERE id = ?",
                (joined, story.story_id),
            )
            times = _times(stored)  # its feed may have become part of another meanwhile: the stored one counts
            if scalar(db, "SELECT gone_at FROM events WHERE id = ?", joined) is not None:
                times = replace(times, silent=True)  # the event was told, and went: who else tells it now has no news
                db.execute("UPDATE stories SET silent = 1 WHERE id = ?", (story.story_id,))
            if wants_page and not (times.silent and times.late):
                db.execute(
                    """INSERT INTO pages (story_id, due_at) VALUES (?, ?)
                       ON CONFLICT DO UPDATE SET due_at = excluded.due_at, attempts = 0""",
                    (story.story_id, now),
                )
            if stored["matched"] not in (0, story.version):  # what was discarded is not what it was
                sql = "DELETE FROM discarded WHERE alert_id IN (SELECT id FROM alerts WHERE story_id = ?)"
                db.execute(sql, (story.story_id,))
            entitled, alerted = _take_in(db, stored, times, joined, story, words, matches, fresh, now)
            _note_hits(db, stored, times, len(entitled) if stored["matched"] == 0 else alerted)
            if stored["event_id"] is None:
                _let_alerts_name(db, stored["feed_id"], joined, story.story_id, now)
                if is_development:
                    alerted += _tell_development(db, entitled, joined, story.story_id, now)
            else:
                _let_alerts_say_anew(db, story.story_id, now)
            return Settled(joined, alerted)

        return await self._database.write(work)

    async def window(self, since: float) -> list[tuple[Story, int]]:
        """See `bot.ports.Stories`."""
        sql = """SELECT s.id, s.entry, s.event_id, a.language, a.at, f.url FROM events e
                 JOIN stories s ON s.event_id = e.id JOIN analyses a ON a.story_id = s.id
                 JOIN feeds f ON f.id = s.feed_id WHERE e.first_seen > ? ORDER BY s.id"""

        def work(db: sqlite_utils.Database) -> list[tuple[Story, int]]:
            found = []
            for story in rows(db, sql, since):
                entry = load_entry(story["entry"])
                lead = entry.summary or entry.content[:_LEAD]
                told = Story(story["id"], publisher(story["url"]), story["language"], entry.title, lead, story["at"])
                found.append((told, story["event_id"]))
            return found

        return await self._database.read(work)

    async def due_pages(self, now: float, limit: int) -> list[DuePage]:
        """See `bot.ports.Stories`."""
        sql = """SELECT s.id, s.feed_id, s.version, s.entry, NULL AS previous, f.title, f.url, NULL AS page,
                   1 AS own_link, 0 AS own_number, p.attempts FROM pages p JOIN stories s ON s.id = p.story_id
                 JOIN feeds f ON f.id = s.feed_id WHERE p.due_at IS NOT NULL AND p.due_at <= ? AND s.pending = 0
                 ORDER BY p.due_at LIMIT ?"""

        def work(db: sqlite_utils.Database) -> list[DuePage]:
            return [
                DuePage(found, found.entry.url or "", story["attempts"])
                for story in rows(db, sql, now, limit)
                for found in (_stored_story(story),)
            ]

        return await self._database.read(work)

    async def page_read(
        self, due: DuePage, *, text: str, words: StoryWords, matches: Sequence[Match], now: float
    ) -> int:
        """See `bot.ports.Stories`."""

        def work(db: sqlite_utils.Database) -> int:
            story = due.story
            stored = row(
                db,
                "SELECT * FROM stories WHERE id = ? AND version = ? AND pending = 0",
                story.story_id,
                story.version,
            )
            if stored is None:
                return 0
            db.execute(
                "UPDATE pages SET due_at = NULL, why = '', text = ? WHERE story_id = ?",
                (zlib.compress(text.encode("utf-8", "replace")), story.story_id),
            )
            times = _times(stored)
            _, alerted = _take_in(db, stored, times, stored["event_id"], story, words, matches, frozenset(), now)
            _note_hits(db, stored, times, alerted)
            return alerted

        return await self._database.write(work)

    async def page_failed(self, due: DuePage, *, why: str, due_at: float | None) -> None:
        """See `bot.ports.Stories`."""
        sql = """UPDATE pages SET due_at = ?, attempts = attempts + 1, why = ? WHERE story_id = ? AND EXISTS
                 (SELECT 1 FROM stories s WHERE s.id = story_id AND s.version = ? AND s.pending = 0)"""
        arguments = (due_at, why, due.story.story_id, due.story.version)
        await self._database.write(lambda db: db.execute(sql, arguments))


def load_page(compressed: bytes | None) -> str:
    """The text of an article as it is stored; none is empty."""
    return zlib.decompress(compressed).decode("utf-8") if compressed else ""


def _stored_story(story: sqlite3.Row) -> StoredStory:
    return StoredStory(
        story_id=story["id"],
        own_link=bool(story["own_link"]),
        own_number=bool(story["own_number"]),
        feed_id=story["feed_id"],
        version=story["version"],
        entry=load_entry(story["entry"]),
        previous=load_entry(story["previous"]) if story["previous"] else None,
        outlet=story["title"],
        feed_url=story["url"],
        page=load_page(story["page"]),
    )


def _take_in(
    db: sqlite_utils.Database,
    stored: sqlite3.Row,
    times: StoryTimes,
    event_id: int,
    story: StoredStory,
    words: StoryWords,
    matches: Sequence[Match],
    fresh: frozenset[str],
    now: float,
) -> tuple[dict[int, list[int]], int]:
    """Store a story's words and matches, and the alerts that follow from them.

    Which filters of which chats are entitled to it, whether or not they were told of the event before; how many alerts.
    """
    published = story.entry.published
    at = stored["first_seen"] if published is None else min(published, stored["first_seen"])
    file_away(db, story.story_id, story.version, words, at)
    db.execute("DELETE FROM matches WHERE story_id = ?", (story.story_id,))
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
    _note_last_hits(db, entitled, now)
    alerted = _alert(db, story.story_id, event_id, entitled, now)
    open_lanes(db, alerted, now)
    return entitled, len(alerted)


def _note_last_hits(db: sqlite_utils.Database, entitled: dict[int, list[int]], now: float) -> None:
    """Note of filters that they bring something, told before or not; once an hour, for a burst need not be written."""
    found = [filter_id for filter_ids in entitled.values() for filter_id in filter_ids if filter_id != EVERYTHING]
    if found:
        db.execute(
            """UPDATE filters SET last_hit_at = ?1 WHERE id IN (SELECT value FROM json_each(?2))
               AND (last_hit_at IS NULL OR last_hit_at NOT BETWEEN ?1 - ?3 AND ?1)""",
            (now, json.dumps(found), HOUR),
        )


def _note_hits(db: sqlite_utils.Database, story: sqlite3.Row, times: StoryTimes, chats: int) -> None:
    """Note by its feed that so many chats more want a story; what was no news says nothing of what is wanted."""
    feed = row(db, "SELECT stories_brought, stories_wanted FROM feeds WHERE id = ?", story["feed_id"])
    if feed is None or times.silent:
        return
    hits = Hits(feed["stories_brought"], feed["stories_wanted"])
    hits = hits.after(chats) if story["matched"] == 0 else replace(hits, wanted=hits.wanted + chats)
    sql = "UPDATE feeds SET stories_brought = ?, stories_wanted = ? WHERE id = ?"
    db.execute(sql, (hits.stories, hits.wanted, story["feed_id"]))


def _let_alerts_name(db: sqlite_utils.Database, feed_id: int, event_id: int, story_id: int, now: float) -> None:
    """Have the alerts on an event name the outlet that reports it too, in the chats that follow it."""
    outlet = publisher(scalar(db, "SELECT url FROM feeds WHERE id = ?", feed_id))
    sql = """SELECT a.id, f.url FROM alerts a JOIN follows w ON w.chat_id = a.chat_id AND w.feed_id = ?
             JOIN stories s ON s.id = a.story_id JOIN feeds f ON f.id = s.feed_id
             WHERE a.event_id = ? AND a.story_id != ? AND a.parent_id IS NULL AND a.state IN ('claimed', 'sent')"""
    for alert in rows(db, sql, feed_id, event_id, story_id):
        if publisher(alert["url"]) != outlet:
            want_edit(db, alert["id"], now)


def _let_alerts_say_anew(db: sqlite_utils.Database, story_id: int, now: float) -> None:
    """Have the alerts that told a story tell what it has become."""
    for alert in rows(db, "SELECT id FROM alerts WHERE story_id = ? AND state IN ('claimed', 'sent')", story_id):
        want_edit(db, alert["id"], now)


def _tell_development(
    db: sqlite_utils.Database, entitled: dict[int, list[int]], event_id: int, story_id: int, now: float
) -> int:
    """Reply to the alerts on an event, without a sound, that what is known has changed; how many replies."""
    told: list[int] = []
    for chat_id, filter_ids in entitled.items():
        parent = row(
            db,
            """SELECT a.id FROM alerts a JOIN alert_filters n ON n.alert_id = a.id
               WHERE a.chat_id = ?1 AND a.event_id = ?2 AND a.state = 'sent' AND a.story_id != ?3
               AND n.filter_id IN (SELECT value FROM json_each(?4))
               AND (SELECT count(*) FROM alerts WHERE chat_id = ?1 AND event_id = ?2 AND parent_id IS NOT NULL
                    AND state != 'muted') < ?5
               AND NOT EXISTS (SELECT 1 FROM alerts WHERE chat_id = ?1 AND event_id = ?2 AND story_id = ?3)
               ORDER BY a.id LIMIT 1""",
            chat_id,
            event_id,
            story_id,
            json.dumps(filter_ids),
            _DEVELOPMENTS,
        )
        if parent is not None:
            db.execute(
                """INSERT INTO alerts (chat_id, event_id, story_id, state, made_at, parent_id, silent)
                   VALUES (?, ?, ?, 'due', ?, ?, 1)""",
                (chat_id, event_id, story_id, now, parent["id"]),
            )
            told.append(chat_id)
    open_lanes(db, told, now)
    return len(told)


def reconsider(db: sqlite_utils.Database, alert_id: int) -> bool:
    """Alert a chat on what an alert that was not delivered after all kept from it: the event's other stories.

    True if there is another now. It takes the place of the first, in its digest too, and is as old as its story, so
    that what the chat wished of it then holds. Opens no lane.
    """
    instead = row(db, "SELECT chat_id, event_id, digest FROM alerts WHERE id = ?", alert_id)
    assert instead is not None
    chat_id, event_id = instead["chat_id"], instead["event_id"]
    others = rows(
        db,
        """SELECT * FROM stories s WHERE event_id = ?1 AND NOT EXISTS
           (SELECT 1 FROM alerts WHERE event_id = ?1 AND chat_id = ?2 AND story_id = s.id AND state = 'failed')
           ORDER BY id""",
        event_id,
        chat_id,
    )
    alerted = False
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
        in_digest = instead["digest"] == 1
        alerted |= bool(
            _alert(db, story["id"], event_id, {chat_id: entitled}, story["first_seen"], in_digest=in_digest)
        )
    return alerted


def _times(story: sqlite3.Row) -> StoryTimes:
    return StoryTimes(story["first_seen"], story["changed_at"], bool(story["silent"]), bool(story["late"]))


def _event(db: sqlite_utils.Database, key: str, decided: int | None, now: float) -> int:
    """The event of an article that is known, else the one that was decided on, else a new one."""
    found = scalar(db, "SELECT event_id FROM event_keys WHERE key = ?", key)
    if found is None and decided is not None:
        found = scalar(db, "SELECT id FROM events WHERE id = ?", decided)
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
    db: sqlite_utils.Database,
    story_id: int,
    event_id: int,
    entitled: dict[int, list[int]],
    made_at: float,
    *,
    in_digest: bool = False,
) -> list[int]:
    """Put alerts in the outbox, less what an alert that is due or delivered names already; the chats alerted.

    What a chat has discarded of this very story is not made again.
    """
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
    named.update(
        db.conn.execute(
            "SELECT a.chat_id, d.filter_id FROM alerts a JOIN discarded d ON d.alert_id = a.id WHERE a.story_id = ?",
            (story_id,),
        )
    )
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
        """INSERT INTO alerts (id, chat_id, event_id, story_id, state, made_at, digest)
           SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), ?, ?, 'due', ?, ? FROM json_each(?)""",
        (event_id, story_id, made_at, in_digest, json.dumps(alerts)),
    )
    db.execute(
        """INSERT INTO alert_filters SELECT json_extract(value, '$[0]'), ?, json_extract(value, '$[1]'),
           json_extract(value, '$[2]') FROM json_each(?)""",
        (event_id, json.dumps(filters)),
    )
    return [alert[1] for alert in alerts]
