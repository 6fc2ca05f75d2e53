"""Feeds and what their polls bring."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlite_utils

from bot.domain.entitlement import is_late
from bot.domain.hits import Hits
from bot.domain.moves import Move
from bot.domain.retention import as_it_was, face_of, is_to_be_looked_over
from bot.domain.skips import Skips
from bot.domain.stories import FeedDocument, Identified, Known, Sighting, recognise
from bot.ports.feeds import Body, Feed, Poll
from bot.ports.web import Validators
from storage.database import Database, insert, row, rows, scalar
from storage.entries import dump_entry, load_entry
from storage.rhythms import dump_rhythm, load_rhythm
from storage.together import Together

COLUMNS = (
    "id, url, title, language, etag, last_modified, digest, body, read_at, primed, taken_at, polled_at, news_at, "
    "window, ttl, failures, error, moved_to, moved_since, moved_polls, rhythm, well_at, entries, "
    "failing_since, skips, stories_brought, stories_wanted, due_at"
)


def load_feed(found: sqlite3.Row, readers: int = 1) -> Feed:
    """A feed from a row that begins with its columns: by their places, for a row looks through all to find a name."""
    feed_id, url, title, language, etag, last_modified, digest, body, read_at, primed = found[:10]
    taken_at, polled_at, news_at, window, ttl, failures, error = found[10:17]
    moved_to, moved_since, moved_polls, rhythm, well_at, entries = found[17:23]
    failing_since, skips, stories_brought, stories_wanted, due_at = found[23:28]
    return Feed(
        feed_id=feed_id,
        url=url,
        title=title,
        language=language,
        validators=Validators(etag, last_modified),
        digest=digest,
        body=body,
        read_at=read_at,
        primed=bool(primed),
        taken_at=taken_at,
        polled_at=polled_at,
        news_at=news_at,
        window=window,
        ttl=ttl,
        failures=failures,
        error=error,
        move=Move(moved_to, moved_since, moved_polls) if moved_to else None,
        rhythm=load_rhythm(rhythm),
        readers=readers,
        well_at=well_at,
        entries=entries,
        failing_since=failing_since,
        skips=_load_skips(skips),
        hits=Hits(stories_brought, stories_wanted),
        due_at=due_at,
    )


def _dump_skips(skips: Skips) -> str | None:
    return json.dumps([sorted(skips.hours), sorted(skips.days)]) if skips.hours or skips.days else None


def _load_skips(text: str | None) -> Skips:
    return Skips(*map(frozenset, json.loads(text))) if text else Skips()


class FeedStore:
    """The `Feeds` port over SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._polls = Together(database, _note_polls)

    async def due(
        self, now: float, limit: int, *, without: frozenset[str] = frozenset(), in_hand: frozenset[int] = frozenset()
    ) -> list[Feed]:
        """See `bot.ports.Feeds`."""
        sql = f"""SELECT {COLUMNS}, (SELECT count(*) FROM follows WHERE feed_id = feeds.id) AS readers FROM feeds
                  WHERE due_at IS NOT NULL AND due_at <= ? AND host NOT IN (SELECT value FROM json_each(?))
                  AND id NOT IN (SELECT value FROM json_each(?))
                  ORDER BY due_at LIMIT ?"""  # noqa: S608 - the columns are ours
        hosts, known = json.dumps(sorted(without)), json.dumps(sorted(in_hand))
        return await self._database.read(
            lambda db: [load_feed(found, found["readers"]) for found in rows(db, sql, now, hosts, known, limit)]
        )

    async def followed(self) -> int:
        """See `bot.ports.Feeds`."""
        sql = "SELECT count(*) FROM feeds WHERE due_at IS NOT NULL"
        return await self._database.read(lambda db: int(scalar(db, sql)))

    async def take_in(
        self,
        feed: Feed,
        document: FeedDocument,
        identified: Identified,
        *,
        now: float,
        max_age: float,
        if_first: bool = False,
    ) -> int:
        """See `bot.ports.Feeds`."""

        def work(db: sqlite_utils.Database) -> int:
            stored = row(db, "SELECT primed FROM feeds WHERE id = ?", feed.feed_id)
            if stored is None or (if_first and stored["primed"]):
                return 0
            memory = _remember(db, feed.feed_id, identified.all_keys)
            recognition = recognise(identified.without(memory.spoiled), memory.known)
            _note_as_shown(db, feed.feed_id, memory, now)
            new = 0
            for sighting in recognition.sightings:
                # What a first poll finds is no news, and neither is what was edited while nobody followed.
                late = not stored["primed"] or is_late(sighting.entry.published, now, max_age)
                if sighting.story_id is None:
                    new += 1
                    _insert(db, feed.feed_id, sighting, now, late=late)
                elif sighting.story_id in memory.former:
                    _update_former(db, feed.feed_id, sighting.story_id, sighting, now, late=late)
                else:
                    _update(db, feed.feed_id, sighting.story_id, sighting, now, late=late)
            _spoil(db, feed.feed_id, recognition.spoiled, now)
            db.execute(
                """UPDATE feeds SET title = coalesce(nullif(?, ''), title), language = coalesce(?, language),
                   ttl = ?, skips = ?, digest = ?, primed = max(primed, ?), taken_at = ?,
                   news_at = CASE WHEN ? THEN ? ELSE news_at END WHERE id = ?""",
                (
                    document.title,
                    document.language,
                    document.ttl,
                    _dump_skips(document.skips),
                    identified.digest,
                    bool(document.entries),
                    now,
                    new,
                    now,
                    feed.feed_id,
                ),
            )
            return new

        return await self._database.write(work)

    async def polled(self, feed_id: int, poll: Poll, body: Body | None = None) -> None:
        """See `bot.ports.Feeds`."""
        await self._polls.write((feed_id, poll, body))

    async def failed(self, feed_id: int, *, now: float, due_at: float | None, error: str) -> None:
        """See `bot.ports.Feeds`."""
        sql = """UPDATE feeds SET polled_at = ?, due_at = CASE WHEN due_at IS NULL THEN NULL ELSE ? END,
                 failing_since = coalesce(failing_since, ?), failures = failures + 1, error = ? WHERE id = ?"""
        await self._database.write(lambda db: db.execute(sql, (now, due_at, now, error, feed_id)))

    async def postponed(self, feed_id: int, due_at: float) -> None:
        """See `bot.ports.Feeds`."""
        sql = "UPDATE feeds SET due_at = ? WHERE id = ? AND due_at IS NOT NULL"
        await self._database.write(lambda db: db.execute(sql, (due_at, feed_id)))

    async def relocate(self, feed_id: int, to: str) -> None:
        """See `bot.ports.Feeds`."""

        def work(db: sqlite_utils.Database) -> None:
            if row(db, "SELECT 1 FROM feeds WHERE id = ?", feed_id) is None:
                return
            known = scalar(db, "SELECT id FROM feeds WHERE url = ?", to)
            if known is None:
                db.execute(
                    """UPDATE feeds SET url = ?, etag = NULL, last_modified = NULL, moved_to = NULL, moved_since = NULL,
                       moved_polls = NULL WHERE id = ?""",
                    (to, feed_id),
                )
            elif known != feed_id:
                _merge(db, feed_id, int(known))

        await self._database.write(work)


def _note_polls(db: sqlite_utils.Database, noted: Sequence[tuple[int, Poll, Body | None]]) -> None:
    """What polls have brought; of two polls of a feed, the later one comes later and counts."""
    waiting: dict[int, Poll] = {}
    for feed_id, poll, body in noted:
        if feed_id in waiting:
            _note_all(db, waiting)
            waiting.clear()
        waiting[feed_id] = poll
        if body is not None:
            db.conn.execute(
                "UPDATE feeds SET body = ?, etag = ?, last_modified = ?, read_at = ? WHERE id = ?",
                (body.digest, body.validators.etag, body.validators.last_modified, poll.at, feed_id),
            )
    _note_all(db, waiting)


def _note_all(db: sqlite_utils.Database, polls: Mapping[int, Poll]) -> None:
    """One statement for all: SQLite lets the other threads have their turn with each, and waits for its own."""
    values = [
        value
        for feed_id, poll in polls.items()
        for value in (
            feed_id,
            poll.at,
            poll.due_at,
            poll.window,
            dump_rhythm(poll.rhythm),
            poll.entries,
            *((poll.move.to, poll.move.since, poll.move.polls) if poll.move else (None, None, None)),
        )
    ]
    places = ", ".join(["(?, ?, ?, ?, ?, ?, ?, ?, ?)"] * len(polls))
    # A feed that was left by its last follower meanwhile (due_at NULL) stays unasked.
    db.conn.execute(
        f"""WITH polled (feed_id, at, due, covered, news, held, leads_to, since, polls) AS (VALUES {places})
            UPDATE feeds SET polled_at = at, due_at = CASE WHEN due_at IS NULL THEN NULL ELSE due END, window = covered,
            rhythm = news, well_at = at, entries = coalesce(held, entries), failures = 0, error = '',
            failing_since = NULL, moved_to = leads_to, moved_since = since, moved_polls = polls
            FROM polled WHERE id = feed_id""",  # noqa: S608 - only places are put in
        values,
    )


def _merge(db: sqlite_utils.Database, feed_id: int, into: int) -> None:
    """Make one feed part of another: its followers, its stories, and what they are known by."""
    old = row(db, "SELECT due_at, primed FROM feeds WHERE id = ?", feed_id)
    assert old is not None
    db.execute(
        """INSERT INTO follows (chat_id, feed_id, since, everything_since, title, site, folders, also, category)
           SELECT chat_id, ?, since, everything_since, title, site, folders, also, category
           FROM follows WHERE feed_id = ?
           ON CONFLICT DO UPDATE SET since = min(since, excluded.since), everything_since =
           coalesce(min(everything_since, excluded.everything_since), everything_since, excluded.everything_since)""",
        (into, feed_id),
    )
    db.execute("UPDATE OR IGNORE troubles SET feed_id = ? WHERE feed_id = ?", (into, feed_id))
    db.execute(
        """UPDATE analyses SET feed_id = ?1 FROM stories s
           WHERE s.feed_id = ?2 AND s.id = analyses.story_id""",
        (into, feed_id),
    )
    db.execute("UPDATE stories SET feed_id = ? WHERE feed_id = ?", (into, feed_id))
    db.execute("UPDATE former_stories SET feed_id = ? WHERE feed_id = ?", (into, feed_id))
    # Of a key that both know, the story counts that was seen last: one that nobody followed any more is out of date.
    named = "story_id, former_id, spoiled_at"
    db.execute(
        f"""INSERT INTO identities (feed_id, key, {named}) SELECT ?, key, {named} FROM identities WHERE feed_id = ?
            ON CONFLICT DO UPDATE SET ({named}) = (excluded.story_id, excluded.former_id, excluded.spoiled_at)
            WHERE (SELECT due_at FROM feeds WHERE id = excluded.feed_id) IS NULL""",  # noqa: S608 - the words are ours
        (into, feed_id),
    )
    db.execute("DELETE FROM feeds WHERE id = ?", (feed_id,))
    db.execute(
        "UPDATE feeds SET primed = max(primed, ?), digest = '', body = '', read_at = NULL WHERE id = ?",
        (old["primed"], into),
    )
    db.execute("UPDATE feeds SET due_at = ? WHERE id = ? AND due_at IS NULL", (old["due_at"], into))


@dataclass(slots=True)
class _Memory:
    """What is known of a document's keys: the stories under them, which of these are gone, and keys that name none.

    With what is gone and with such keys goes the instant at which they were noted as shown.
    """

    known: dict[str, Known] = field(default_factory=dict)
    former: dict[int, float] = field(default_factory=dict)
    spoiled: dict[str, float] = field(default_factory=dict)


def _remember(db: sqlite_utils.Database, feed_id: int, keys: set[str]) -> _Memory:
    sql = """SELECT i.key, i.spoiled_at, i.former_id, s.id, s.digest, s.entry FROM json_each(?) k
             CROSS JOIN identities i ON i.feed_id = ? AND i.key = k.value LEFT JOIN stories s ON s.id = i.story_id"""
    memory = _Memory()
    stories: dict[int, Known] = {}
    for key, spoiled_at, former_id, story_id, digest, stored in db.conn.execute(
        sql, (json.dumps(sorted(keys)), feed_id)
    ).fetchall():
        if former_id is not None:
            if former_id not in memory.former:
                # On its own: joined, a table that was small when it was last counted would be scanned.
                former = row(db, "SELECT digest, face, seen_at FROM former_stories WHERE id = ?", former_id)
                assert former is not None
                stories[former_id] = Known(former_id, former["digest"], load_entry(former["face"]))
                memory.former[former_id] = former["seen_at"]
            memory.known[key] = stories[former_id]
        elif story_id is None:
            memory.spoiled[key] = spoiled_at
        else:
            if story_id not in stories:
                stories[story_id] = Known(story_id, digest, load_entry(stored))
            memory.known[key] = stories[story_id]
    return memory


def _note_as_shown(db: sqlite_utils.Database, feed_id: int, memory: _Memory, now: float) -> None:
    """A feed goes on showing what is gone here: it is not to be forgotten. Once a month will do."""
    db.conn.executemany(
        "UPDATE former_stories SET seen_at = ? WHERE id = ?",
        [(now, story_id) for story_id, seen_at in memory.former.items() if is_to_be_looked_over(seen_at, now)],
    )
    db.conn.executemany(
        "UPDATE identities SET spoiled_at = ? WHERE feed_id = ? AND key = ?",
        [(now, feed_id, key) for key, at in memory.spoiled.items() if is_to_be_looked_over(at, now)],
    )


def _spoil(db: sqlite_utils.Database, feed_id: int, keys: frozenset[str], now: float) -> None:
    db.conn.executemany(
        """INSERT INTO identities (feed_id, key, spoiled_at) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET
           story_id = NULL, former_id = NULL, spoiled_at = coalesce(spoiled_at, excluded.spoiled_at)""",
        [(feed_id, key, now) for key in sorted(keys)],
    )


# A story that went keeps its number, so that what names it, a button say, never means another.
_NUMBER = "max(coalesce((SELECT max(id) FROM stories), 0), coalesce((SELECT max(id) FROM former_stories), 0)) + 1"


def _insert(db: sqlite_utils.Database, feed_id: int, sighting: Sighting, now: float, *, late: bool) -> None:
    story_id = insert(
        db,
        f"""INSERT INTO stories (id, feed_id, version, entry, digest, first_seen, changed_at, silent, late, pending)
           VALUES ({_NUMBER}, ?, 1, ?, ?, ?, ?, ?, ?, 1)""",  # noqa: S608 - the words are ours
        feed_id,
        dump_entry(sighting.entry),
        sighting.digest,
        now,
        now,
        late,
        late,
    )
    _identify(db, feed_id, story_id, sighting)


def _update(
    db: sqlite_utils.Database, feed_id: int, story_id: int, sighting: Sighting, now: float, *, late: bool
) -> None:
    _identify(db, feed_id, story_id, sighting)
    if not sighting.changed:
        # A mere other date is no version worth keeping, but what is shown is to be dated right.
        db.execute("UPDATE stories SET entry = ? WHERE id = ?", (dump_entry(sighting.entry), story_id))
        return
    old = row(db, "SELECT version, entry, digest, changed_at FROM stories WHERE id = ?", story_id)
    assert old is not None
    was = as_it_was(load_entry(old["entry"]), old["digest"], sighting.entry)
    db.execute(
        "INSERT INTO versions VALUES (?, ?, ?, ?)", (story_id, old["version"], dump_entry(was), old["changed_at"])
    )
    db.execute(
        """UPDATE stories SET version = version + 1, entry = ?, digest = ?, changed_at = ?, late = ?, pending = 1
           WHERE id = ?""",
        (dump_entry(sighting.entry), sighting.digest, now, late, story_id),
    )


def _update_former(
    db: sqlite_utils.Database, feed_id: int, former_id: int, sighting: Sighting, now: float, *, late: bool
) -> None:
    """A story that is gone here is shown with another date, or has changed.

    Then it is a story again, in its second version: it was told before, and only what is new in its headline is news.
    """
    face = dump_entry(face_of(sighting.entry))
    if not sighting.changed:
        db.execute("UPDATE former_stories SET face = ? WHERE id = ?", (face, former_id))
        db.conn.executemany(
            "INSERT OR IGNORE INTO identities (feed_id, key, former_id) VALUES (?, ?, ?)",
            [(feed_id, key, former_id) for key in sighting.keys],
        )
        return
    former = row(db, "SELECT face, digest, first_seen FROM former_stories WHERE id = ?", former_id)
    assert former is not None
    story_id = insert(
        db,
        f"""INSERT INTO stories
           (id, feed_id, version, entry, digest, first_seen, changed_at, silent, late, pending, matched)
           VALUES ({_NUMBER}, ?, 2, ?, ?, ?, ?, 1, ?, 1, 1)""",  # noqa: S608 - the words are ours
        feed_id,
        dump_entry(sighting.entry),
        sighting.digest,
        former["first_seen"],
        now,
        late,
    )
    was = as_it_was(load_entry(former["face"]), former["digest"], sighting.entry)
    db.execute("INSERT INTO versions VALUES (?, 1, ?, ?)", (story_id, dump_entry(was), former["first_seen"]))
    db.execute("UPDATE identities SET story_id = ?, former_id = NULL WHERE former_id = ?", (story_id, former_id))
    db.execute("DELETE FROM former_stories WHERE id = ?", (former_id,))
    _identify(db, feed_id, story_id, sighting)


def _identify(db: sqlite_utils.Database, feed_id: int, story_id: int, sighting: Sighting) -> None:
    db.conn.executemany(
        "INSERT OR IGNORE INTO identities (feed_id, key, story_id) VALUES (?, ?, ?)",
        [(feed_id, key, story_id) for key in sighting.keys],
    )
