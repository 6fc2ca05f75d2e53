"""Upkeep, once a day: what is older than it need be goes, in slices between which the line goes on.

A reader looks for what may go; the writer looks once more at each, for much can happen in between, and then does it,
a bounded number of rows a transaction. What may go when is decided in `bot.domain.retention`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import sqlite_utils

from bot.domain.retention import (
    REMOVED,
    UNSEEN,
    EventFacts,
    Keeping,
    event_may_go,
    face_of,
    is_forgotten,
    is_tidy,
    text_may_go,
    version_may_go,
    without_text,
)
from storage.chats import drop_unasked, erase
from storage.database import Database, row, rows, scalar
from storage.entries import dump_entry, load_entry

T = TypeVar("T")
LOOKED_AT: Final = 500
"""Rows that are looked at together."""
CHANGED: Final = 200
"""Rows that go, or change, in one transaction, give or take what hangs on them."""
_PAGES: Final = 256  # that are given back to the system in one transaction
_ROOMY: Final = 5  # one part in so many of the file may be free for what comes next


@dataclass(slots=True)
class Tidied:
    """How much went: stories, alerts, texts of stories and of their versions, and what stories had been known by."""

    stories: int = 0
    alerts: int = 0
    texts: int = 0
    forgotten: int = 0


@dataclass(frozen=True, slots=True)
class _Looked:
    """What a look found, and where the next begins; None where there is nothing more to look at."""

    found: list[tuple[Any, ...]]
    next: tuple[Any, ...] | None


class Upkeep:
    """What keeps the database as large as it need be, and no larger."""

    def __init__(self, database: Database, keeping: Keeping) -> None:
        self._database = database
        self._keeping = keeping

    async def is_due(self, now: float) -> bool:
        """Whether a day has passed since it was done last."""
        sql = "SELECT at FROM upkeep WHERE name = 'tidied'"
        return not is_tidy(await self._database.read(lambda db: scalar(db, sql)), now)

    async def run(self, now: float) -> Tidied:
        """Do it all.

        Raises:
            StoreFailed: what was done so far is done; the rest is due still.
        """
        tidied = Tidied()
        await self._let_events_go(now, tidied)
        await self._let_texts_go(now, tidied)
        await self._let_versions_go(now, tidied)
        await self._forget_stories(now, tidied)
        await self._forget_keys(now)
        await self._forget_events(now)
        await self._let_chats_go(now)
        await self._forget_feeds()
        await self._forget_filters(now)
        await self._let_mutes_go(now)
        await self._let_buttons_go(now)
        await self._shrink()
        await self._database.tidy()
        sql = "INSERT INTO upkeep VALUES ('tidied', ?) ON CONFLICT DO UPDATE SET at = excluded.at"
        await self._database.write(lambda db: db.execute(sql, (now,)))
        return tidied

    async def _walk(
        self,
        look: Callable[[sqlite_utils.Database, tuple[Any, ...]], _Looked],
        change: Callable[[sqlite_utils.Database, list[tuple[Any, ...]]], None],
        start: tuple[Any, ...],
    ) -> None:
        """From `start` to the end: look at some, change what was found in portions."""
        at: tuple[Any, ...] | None = start
        while at is not None:
            looked = await self._database.read(lambda db, at=at: look(db, at))  # type: ignore[misc]
            for first in range(0, len(looked.found), CHANGED):
                portion = looked.found[first : first + CHANGED]
                await self._database.write(lambda db, portion=portion: change(db, portion))  # type: ignore[misc]
            at = looked.next

    # Stories and alerts

    async def _let_events_go(self, now: float, tidied: Tidied) -> None:
        """Events with all that belongs to them, found by their stories: older ones have smaller numbers."""
        old = now - self._keeping.stories
        at: int | None = 0
        while at is not None:
            events, at = await self._database.read(lambda db, at=at: _old_events(db, at, old))  # type: ignore[misc]
            while events:
                events = await self._database.write(
                    lambda db, events=events: self._let_some_go(db, events, now, tidied)  # type: ignore[misc]
                )

    def _let_some_go(
        self, db: sqlite_utils.Database, events: Sequence[int], now: float, tidied: Tidied
    ) -> Sequence[int]:
        """As many as one transaction should; those that are left."""
        room = CHANGED
        for number, event_id in enumerate(events):
            if room <= 0:
                return events[number:]
            if not event_may_go(_facts(db, event_id), now, self._keeping):
                continue
            # Its alerts go before its stories, for they refer to them.
            sql = "DELETE FROM alerts WHERE id IN (SELECT id FROM alerts WHERE event_id = ? LIMIT ?)"
            alerts = db.execute(sql, (event_id, room)).rowcount
            tidied.alerts += alerts
            room -= alerts
            stories = _stories_of(db, event_id, room)
            for story_id in stories:
                _let_story_go(db, story_id, now)
            tidied.stories += len(stories)
            room -= len(stories)
            if room <= 0:
                return events[number:]
            _let_event_go(db, event_id, now)
        return ()

    async def _forget_filters(self, now: float) -> None:
        """Filters that were removed so long ago that nobody brings them back, and their queries."""
        old = now - self._keeping.stories

        def some(db: sqlite_utils.Database) -> int:
            sql = """DELETE FROM removed_filters WHERE id IN
                     (SELECT id FROM removed_filters WHERE removed_at < ? LIMIT ?) RETURNING query_id"""
            gone = [found["query_id"] for found in rows(db, sql, old, CHANGED)]
            drop_unasked(db, gone)
            return len(gone)

        while await self._database.write(some):
            pass

    async def _let_mutes_go(self, now: float) -> None:
        """Mutes that have ended, once nothing waits that was made while they were in force."""
        await self._while_some_go(
            """DELETE FROM mutes WHERE id IN (SELECT id FROM mutes m WHERE until <= ? AND NOT EXISTS
               (SELECT 1 FROM alerts a WHERE a.chat_id = m.chat_id AND a.state IN ('due', 'held', 'claimed', 'withheld')
                AND a.made_at < m.until) LIMIT ?)""",
            now,
        )

    async def _let_buttons_go(self, now: float) -> None:
        """What alerts offered goes with the alerts; buttons of answers are few, and stay."""
        old = now - self._keeping.stories

        def some(db: sqlite_utils.Database) -> int:
            sql = "SELECT id FROM actions INDEXED BY actions_at WHERE at > 0 AND at < ? LIMIT ?"
            found = db.conn.execute(sql, (old, CHANGED)).fetchall()
            db.conn.executemany("DELETE FROM actions WHERE id = ?", found)
            return len(found)

        while await self._database.write(some):
            pass

    # Texts

    async def _let_texts_go(self, now: float, tidied: Tidied) -> None:
        old = now - min(self._keeping.texts, self._keeping.stories)

        def look(db: sqlite_utils.Database, at: tuple[Any, ...]) -> _Looked:
            # Another table that holds stories' texts is asked here too, and emptied below.
            looked = rows(
                db,
                """SELECT id, first_seen, changed_at, json_extract(entry, '$.content') IS NOT NULL OR p.text IS NOT NULL
                   AS has_text FROM stories LEFT JOIN pages p ON p.story_id = id WHERE id > ? ORDER BY id LIMIT ?""",
                *at,
                LOOKED_AT,
            )
            ends = all(story["first_seen"] >= old for story in looked)
            return _Looked(
                [(story["id"],) for story in looked if story["changed_at"] < old and story["has_text"]],
                None if ends else (looked[-1]["id"],),
            )

        def change(db: sqlite_utils.Database, found: list[tuple[Any, ...]]) -> None:
            for (story_id,) in found:
                story = row(
                    db,
                    f"SELECT entry, changed_at, {_WAITING.format('s.id')} AS waiting FROM stories s WHERE s.id = ?",  # noqa: S608 - the words are ours
                    story_id,
                )
                if story and text_may_go(story["changed_at"], now, self._keeping, waiting=bool(story["waiting"])):
                    entry = without_text(load_entry(story["entry"]))
                    db.execute("UPDATE stories SET entry = ? WHERE id = ?", (dump_entry(entry), story_id))
                    db.execute("UPDATE pages SET text = NULL WHERE story_id = ?", (story_id,))
                    tidied.texts += 1

        await self._walk(look, change, (0,))

    async def _let_versions_go(self, now: float, tidied: Tidied) -> None:
        """Versions count only while the next one waits to be matched; their headlines and leads are kept with it."""
        old = now - min(self._keeping.texts, self._keeping.stories)

        def look(db: sqlite_utils.Database, at: tuple[Any, ...]) -> _Looked:
            looked = rows(
                db,
                """SELECT story_id, version, seen_at, json_extract(entry, '$.content') IS NOT NULL AS has_text
                   FROM versions WHERE (story_id, version) > (?, ?) ORDER BY story_id, version LIMIT ?""",
                *at,
                LOOKED_AT,
            )
            found = [
                (version["story_id"], version["version"])
                for version in looked
                if version["seen_at"] < now - self._keeping.stories
                or (version["has_text"] and version["seen_at"] < old)
            ]
            return _Looked(found, (looked[-1]["story_id"], looked[-1]["version"]) if looked else None)

        def change(db: sqlite_utils.Database, found: list[tuple[Any, ...]]) -> None:
            for story_id, number in found:
                version = row(
                    db,
                    f"""SELECT entry, seen_at, {_WAITING.format("v.story_id")} AS waiting FROM versions v
                        WHERE v.story_id = ? AND v.version = ?""",  # noqa: S608 - the words are ours
                    story_id,
                    number,
                )
                if version is None:
                    continue
                seen_at, waiting = version["seen_at"], bool(version["waiting"])
                if version_may_go(seen_at, now, self._keeping, waiting=waiting):
                    db.execute("DELETE FROM versions WHERE story_id = ? AND version = ?", (story_id, number))
                elif text_may_go(seen_at, now, self._keeping, waiting=waiting):
                    entry = dump_entry(without_text(load_entry(version["entry"])))
                    db.execute(
                        "UPDATE versions SET entry = ? WHERE story_id = ? AND version = ?", (entry, story_id, number)
                    )
                    tidied.texts += 1

        await self._walk(look, change, (0, 0))

    # What stories are known by

    async def _forget_stories(self, now: float, tidied: Tidied) -> None:
        def look(db: sqlite_utils.Database, at: tuple[Any, ...]) -> _Looked:
            looked = rows(
                db,
                """SELECT r.seen_at, r.id, f.taken_at, f.due_at IS NOT NULL AS followed
                   FROM former_stories r JOIN feeds f ON f.id = r.feed_id
                   WHERE r.seen_at < ? AND (r.seen_at, r.id) > (?, ?) ORDER BY r.seen_at, r.id LIMIT ?""",
                now - UNSEEN,
                *at,
                LOOKED_AT,
            )
            found = [
                (known["id"], known["seen_at"])
                for known in looked
                if is_forgotten(known["seen_at"], known["taken_at"], now, followed=known["followed"])
            ]
            return _Looked(found, (looked[-1]["seen_at"], looked[-1]["id"]) if looked else None)

        def change(db: sqlite_utils.Database, found: list[tuple[Any, ...]]) -> None:
            # One that was shown meanwhile, or is a story again, is not the one that was looked at.
            sql = """DELETE FROM former_stories WHERE id = ? AND seen_at = ?
                     AND id != (SELECT max(id) FROM former_stories)"""  # no number is given twice
            tidied.forgotten += db.conn.executemany(sql, found).rowcount

        await self._walk(look, change, (-1.0, 0))

    async def _forget_keys(self, now: float) -> None:
        """Keys that name nothing are forgotten as stories are."""

        def look(db: sqlite_utils.Database, at: tuple[Any, ...]) -> _Looked:
            looked = rows(
                db,
                """SELECT i.spoiled_at, i.feed_id, i.key, f.taken_at, f.due_at IS NOT NULL AS followed
                   FROM identities i INDEXED BY identities_spoiled JOIN feeds f ON f.id = i.feed_id
                   WHERE i.spoiled_at < ? AND (i.spoiled_at, i.feed_id, i.key) > (?, ?, ?)
                   ORDER BY i.spoiled_at, i.feed_id, i.key LIMIT ?""",
                now - UNSEEN,
                *at,
                LOOKED_AT,
            )
            found = [
                (key["feed_id"], key["key"], key["spoiled_at"])
                for key in looked
                if is_forgotten(key["spoiled_at"], key["taken_at"], now, followed=key["followed"])
            ]
            return _Looked(found, tuple(looked[-1])[:3] if looked else None)

        def change(db: sqlite_utils.Database, found: list[tuple[Any, ...]]) -> None:
            sql = "DELETE FROM identities WHERE feed_id = ? AND key = ? AND spoiled_at = ?"
            db.conn.executemany(sql, found)

        await self._walk(look, change, (-1.0, 0, ""))

    async def _forget_events(self, now: float) -> None:
        """Events that went, once nothing that is known could join them; not the newest: no number is given twice."""
        await self._while_some_go(
            """DELETE FROM events WHERE id IN (SELECT id FROM events e WHERE gone_at < ?
               AND NOT EXISTS (SELECT 1 FROM stories s WHERE s.event_id = e.id)
               AND id != (SELECT max(id) FROM events) LIMIT ?)""",
            now - UNSEEN,
        )

    async def _let_chats_go(self, now: float) -> None:
        """Chats of servers that the bot was removed from; whoever adds it again within a month finds all as it was."""
        noted = "UPDATE chats SET gone_at = ? WHERE gone = 'removed' AND gone_at IS NULL"
        await self._database.write(lambda db: db.execute(noted, (now,)))
        # At its return `gone_at` is cleared: who is removed anew has a month anew.
        old = "SELECT id FROM chats WHERE gone = 'removed' AND gone_at < ? LIMIT 1"

        def one(db: sqlite_utils.Database) -> bool:
            chat_id = scalar(db, old, now - REMOVED)
            if chat_id is not None:
                erase(db, chat_id)
            return chat_id is not None

        while await self._database.write(one):
            pass

    async def _forget_feeds(self) -> None:
        """Feeds that nobody follows, once nothing is left of what they brought."""
        await self._while_some_go(
            """DELETE FROM feeds WHERE id IN (SELECT id FROM feeds f WHERE due_at IS NULL
               AND NOT EXISTS (SELECT 1 FROM follows w WHERE w.feed_id = f.id)
               AND NOT EXISTS (SELECT 1 FROM stories s WHERE s.feed_id = f.id)
               AND NOT EXISTS (SELECT 1 FROM identities i WHERE i.feed_id = f.id) LIMIT ?)"""
        )

    async def _while_some_go(self, sql: str, *parameters: Any) -> None:
        gone = CHANGED
        while gone == CHANGED:
            gone = await self._database.write(lambda db: int(db.execute(sql, (*parameters, CHANGED)).rowcount))

    # The file

    async def _shrink(self) -> None:
        """Give back to the system what is free beyond what the next days will fill again.

        Files of before `auto_vacuum` was set keep it, for what comes; making them anew would stop the line.
        """

        def work(db: sqlite_utils.Database) -> bool:
            if not scalar(db, "PRAGMA auto_vacuum"):
                return False
            free, pages = scalar(db, "PRAGMA freelist_count"), scalar(db, "PRAGMA page_count")
            if free * _ROOMY <= pages + _PAGES * _ROOMY:
                return False
            db.conn.execute(f"PRAGMA incremental_vacuum({_PAGES})").fetchall()
            return True

        while await self._database.write(work):
            pass


# Whether the story with this number, or its alerts, wait: what they say must stand. Nothing settles but once.
_WAITING: Final = """(EXISTS (SELECT 1 FROM stories w WHERE w.id = {0} AND w.pending = 1)
    OR EXISTS (SELECT 1 FROM alerts a WHERE a.story_id = {0} AND a.settled_at IS NULL))"""


def _old_events(db: sqlite_utils.Database, after: int, old: float) -> tuple[Sequence[int], int | None]:
    """Events of the next stories that turned up before `old`, and the number of the last story that was looked at."""
    sql = "SELECT id, event_id, first_seen FROM stories WHERE id > ? ORDER BY id LIMIT ?"
    looked = rows(db, sql, after, LOOKED_AT)
    stories = [story for story in looked if story["first_seen"] < old]
    events = dict.fromkeys(story["event_id"] for story in stories if story["event_id"] is not None)
    return list(events), looked[-1]["id"] if stories else None


def _facts(db: sqlite_utils.Database, event_id: int) -> EventFacts:
    found = row(
        db,
        """SELECT (SELECT max(changed_at) FROM stories WHERE event_id = ?1) AS changed_at,
           (SELECT max(settled_at) FROM alerts WHERE event_id = ?1) AS settled_at,
           EXISTS (SELECT 1 FROM stories WHERE event_id = ?1 AND pending = 1)
           OR EXISTS (SELECT 1 FROM alerts WHERE event_id = ?1 AND settled_at IS NULL) AS waiting""",
        event_id,
    )
    assert found is not None
    return EventFacts(found["changed_at"], found["settled_at"], bool(found["waiting"]))


def _stories_of(db: sqlite_utils.Database, event_id: int, most: int) -> list[int]:
    sql = """SELECT id FROM stories s WHERE event_id = ?
             AND NOT EXISTS (SELECT 1 FROM alerts WHERE story_id = s.id) LIMIT ?"""
    return [story["id"] for story in rows(db, sql, event_id, max(most, 0))]


def _let_story_go(db: sqlite_utils.Database, story_id: int, now: float) -> None:
    """Delete a story, but for what it is recognised by."""
    story = row(db, "SELECT feed_id, entry, digest, first_seen FROM stories WHERE id = ?", story_id)
    assert story is not None
    db.execute(
        "INSERT INTO former_stories VALUES (?, ?, ?, ?, ?, ?)",
        (
            story_id,
            story["feed_id"],
            dump_entry(face_of(load_entry(story["entry"]))),
            story["digest"],
            story["first_seen"],
            now,
        ),
    )
    db.execute("UPDATE identities SET former_id = story_id, story_id = NULL WHERE story_id = ?", (story_id,))
    db.execute("DELETE FROM stories WHERE id = ?", (story_id,))


def _let_event_go(db: sqlite_utils.Database, event_id: int, now: float) -> None:
    """What nobody can join any more goes; of another its name is kept, so that who joins it has no news."""
    if scalar(db, "SELECT 1 FROM stories WHERE event_id = ?", event_id) is not None:
        return  # an alert of another event refers to its story: another day
    newest = scalar(db, "SELECT max(id) FROM events") == event_id
    if not newest and str(scalar(db, "SELECT key FROM events WHERE id = ?", event_id)).startswith("story:"):
        db.execute("DELETE FROM events WHERE id = ?", (event_id,))
    else:
        db.execute("UPDATE events SET gone_at = ? WHERE id = ?", (now, event_id))
