"""Chats, what they follow and what they watch."""

import json
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import replace

import sqlite_utils

from bot.domain.chats import Address, ChatKind
from bot.domain.entitlement import asks_since
from bot.domain.errors import UserError
from bot.domain.filters import Match
from bot.domain.hours import read_quiet
from bot.domain.lists import ListedFeed
from bot.domain.query import Query
from bot.domain.telling import Mode
from bot.domain.urls import feed_key
from bot.ports.archive import FoundStory
from bot.ports.chats import Chat, Filter, Follow, Standing, Taken
from bot.ports.feeds import Feed
from storage.database import Database, insert, row, rows, scalar
from storage.entries import dump_spans, load_entry
from storage.feeds import COLUMNS, load_feed
from storage.gone import close
from storage.lanes import FOR_ITS_NEXT_TRY, open_lanes, shut_lane

_DAY = 86_400.0
_FILTER = "id, chat_id, query_id, number, since, mode, silence_told_at, last_hit_at"  # of a filter, removed or not


class ChatStore:
    """The `Chats` port over SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, address: Address) -> Chat | None:
        """See `bot.ports.Chats`."""
        return await self._database.read(lambda db: _find(db, address))

    async def enter(self, address: Address, kind: ChatKind, title: str, *, now: float, admitted: bool = False) -> Chat:
        """See `bot.ports.Chats`."""

        def work(db: sqlite_utils.Database) -> Chat:
            db.execute(
                """INSERT INTO chats (platform, chat, topic, kind, title, entered_at, admitted)
                   VALUES (?, ?, ?, ?, ?, ?, ?)
                   ON CONFLICT DO UPDATE SET title = coalesce(nullif(excluded.title, ''), title),
                   admitted = max(admitted, excluded.admitted)""",
                (address.platform, address.chat, address.topic, kind, title, now, admitted),
            )
            entered = _find(db, address)
            assert entered is not None
            return entered

        return await self._database.write(work)

    async def is_admitted(self, address: Address) -> bool:
        """See `bot.ports.Chats`."""
        sql = "SELECT 1 FROM chats WHERE platform = ? AND chat = ? AND admitted = 1"
        return await self._database.read(lambda db: row(db, sql, address.platform, address.chat) is not None)

    async def follow(
        self,
        chat_id: int,
        feeds: Sequence[tuple[str, str]],
        *,
        everything: bool,
        now: float,
        most: int,
        most_total: int,
    ) -> list[Feed]:
        """See `bot.ports.Chats`."""

        def work(db: sqlite_utils.Database) -> list[Feed]:
            followed = []
            for url, title in feeds:
                feed = _feed(db, url, title, now)
                old = row(
                    db,
                    "SELECT everything_since FROM follows WHERE chat_id = ? AND feed_id = ?",
                    chat_id,
                    feed.feed_id,
                )
                everything_since = now if everything else None
                if old is None:
                    db.execute(
                        "INSERT INTO follows (chat_id, feed_id, since, everything_since) VALUES (?, ?, ?, ?)",
                        (chat_id, feed.feed_id, now, everything_since),
                    )
                    followed.append(feed)
                elif (old["everything_since"] is not None) != everything:
                    db.execute(
                        "UPDATE follows SET everything_since = ? WHERE chat_id = ? AND feed_id = ?",
                        (everything_since, chat_id, feed.feed_id),
                    )
            if followed and scalar(db, "SELECT count(*) FROM follows WHERE chat_id = ?", chat_id) > most:
                raise UserError("limit-feeds", limit=most)
            if followed and scalar(db, "SELECT count(*) FROM feeds WHERE due_at IS NOT NULL") > most_total:
                raise UserError("limit-total-feeds", limit=most_total)
            return followed

        return await self._database.write(work)

    async def follow_listed(
        self, chat_id: int, feeds: Sequence[ListedFeed], *, now: float, most: int, most_total: int
    ) -> Taken:
        """See `bot.ports.Chats`."""

        def work(db: sqlite_utils.Database) -> Taken:
            sql = "SELECT f.id, f.url FROM follows w JOIN feeds f ON f.id = w.feed_id WHERE w.chat_id = ?"
            follows = {feed_key(found["url"]): found["id"] for found in rows(db, sql, chat_id)}
            polled = scalar(db, "SELECT count(*) FROM feeds WHERE due_at IS NOT NULL")
            new = known = 0
            for number, listed in enumerate(feeds):
                feed_id = follows.get(feed_key(listed.url))
                if feed_id is None:
                    if len(follows) >= most:
                        return Taken(new, known, tuple(feeds[number:]), "limit-feeds")
                    is_polled = row(db, "SELECT 1 FROM feeds WHERE url = ? AND due_at IS NOT NULL", listed.url)
                    if is_polled is None and polled >= most_total:
                        return Taken(new, known, tuple(feeds[number:]), "limit-total-feeds")
                    polled += is_polled is None
                    feed_id = _feed(db, listed.url, listed.title, now).feed_id
                    db.execute(
                        "INSERT INTO follows (chat_id, feed_id, since, everything_since) VALUES (?, ?, ?, ?)",
                        (chat_id, feed_id, now, now if listed.everything else None),
                    )
                    follows[feed_key(listed.url)] = feed_id
                    new += 1
                else:
                    known += 1
                db.execute(
                    """UPDATE follows SET title = ?, site = ?, folders = ?, also = ?, category = ?
                       WHERE chat_id = ? AND feed_id = ?""",
                    (
                        listed.title,
                        listed.site,
                        json.dumps(listed.folders),
                        json.dumps(listed.also),
                        listed.category,
                        chat_id,
                        feed_id,
                    ),
                )
            return Taken(new, known)

        return await self._database.write(work)

    async def knows_feed(self, url: str) -> bool:
        """See `bot.ports.Chats`."""
        sql = "SELECT 1 FROM feeds WHERE url = ? AND due_at IS NOT NULL"
        return await self._database.read(lambda db: row(db, sql, url) is not None)

    async def unfollow(self, chat_id: int, feed_id: int) -> None:
        """See `bot.ports.Chats`."""

        def work(db: sqlite_utils.Database) -> None:
            db.execute("DELETE FROM follows WHERE chat_id = ? AND feed_id = ?", (chat_id, feed_id))
            db.execute("DELETE FROM troubles WHERE chat_id = ? AND feed_id = ?", (chat_id, feed_id))
            _rest_unfollowed(db, [feed_id])

        await self._database.write(work)

    async def follows(self, chat_id: int) -> list[Follow]:
        """See `bot.ports.Chats`."""
        columns = ", ".join(f"f.{column}" for column in COLUMNS.split(", "))
        sql = f"""SELECT {columns}, w.everything_since, w.since, w.title AS listed_title, w.site,
                  w.folders, w.also, w.category
                  FROM follows w JOIN feeds f ON f.id = w.feed_id WHERE w.chat_id = ? ORDER BY w.since, f.id"""  # noqa: S608 - the columns are ours
        return await self._database.read(lambda db: [_follow(found) for found in rows(db, sql, chat_id)])

    async def watch(self, chat_id: int, query: Query, *, now: float, most: int) -> tuple[Filter, bool]:
        """See `bot.ports.Chats`."""

        def work(db: sqlite_utils.Database) -> tuple[Filter, bool]:
            text = str(query)
            old = row(
                db,
                """SELECT f.id, f.number, f.since FROM filters f JOIN queries q ON q.id = f.query_id
                   WHERE f.chat_id = ? AND q.text = ?""",
                chat_id,
                text,
            )
            if old is not None:
                return Filter(old["id"], old["number"], text, old["since"]), False
            _check_room(db, chat_id, most)
            db.execute("INSERT OR IGNORE INTO queries (text) VALUES (?)", (text,))
            _match_anew(db, chat_id, now)  # what was matched while the filter was tried
            db.execute("UPDATE chats SET last_number = last_number + 1 WHERE id = ?", (chat_id,))
            number = scalar(db, "SELECT last_number FROM chats WHERE id = ?", chat_id)
            filter_id = insert(
                db,
                """INSERT INTO filters (chat_id, query_id, number, since)
                   SELECT ?, id, ?, ? FROM queries WHERE text = ?""",
                chat_id,
                number,
                now,
                text,
            )
            return Filter(filter_id, number, text, now), True

        return await self._database.write(work)

    async def unwatch(self, chat_id: int, filter_id: int, now: float) -> None:
        """See `bot.ports.Chats`."""

        def work(db: sqlite_utils.Database) -> None:
            # Its query stays with its matches, and the alerts that name it as they are, for it may be brought back.
            db.execute(
                f"""INSERT INTO removed_filters ({_FILTER}, removed_at)
                    SELECT {_FILTER}, ? FROM filters WHERE id = ? AND chat_id = ?""",  # noqa: S608 - ours
                (now, filter_id, chat_id),
            )
            db.execute("DELETE FROM filters WHERE id = ? AND chat_id = ?", (filter_id, chat_id))

        await self._database.write(work)

    async def removed(self, chat_id: int, number: int) -> Filter | None:
        """See `bot.ports.Chats`."""

        def work(db: sqlite_utils.Database) -> Filter | None:
            found = _removed(db, chat_id, number)
            return _filter(found) if found is not None else None

        return await self._database.read(work)

    async def watch_again(self, chat_id: int, number: int, *, now: float, most: int) -> tuple[Filter, bool]:
        """See `bot.ports.Chats`."""

        def work(db: sqlite_utils.Database) -> tuple[Filter, bool]:
            old = _removed(db, chat_id, number)
            if old is None:
                raise UserError("watch-no-number", number=str(number))
            sql = """SELECT f.*, q.text FROM filters f JOIN queries q ON q.id = f.query_id
                     WHERE f.chat_id = ? AND f.query_id = ?"""
            present = row(db, sql, chat_id, old["query_id"])
            if present is not None:
                return _filter(present), False
            _check_room(db, chat_id, most)
            since = asks_since(old["since"], old["removed_at"], now)
            sql = f"INSERT INTO filters ({_FILTER}) SELECT {_FILTER} FROM removed_filters WHERE id = ?"  # noqa: S608 - ours
            db.execute(sql, (old["id"],))
            db.execute("UPDATE filters SET since = ? WHERE id = ?", (since, old["id"]))
            db.execute("DELETE FROM removed_filters WHERE id = ?", (old["id"],))
            if since == old["since"]:
                _match_anew(db, chat_id, old["removed_at"])
                # What was withdrawn is due again; what still waits may have been matched without the filter.
                db.execute(
                    """UPDATE stories SET pending = 1 WHERE id IN (SELECT story_id FROM alerts WHERE chat_id = ?
                       AND (state IN ('due', 'held') OR (state = 'withdrawn' AND settled_at >= ?)))""",
                    (chat_id, old["removed_at"]),
                )
            else:
                _match_anew(db, chat_id, now)
            return replace(_filter(old), since=since), True

        return await self._database.write(work)

    async def filters(self, chat_id: int, now: float) -> list[Filter]:
        """See `bot.ports.Chats`."""
        sql = """SELECT f.id, f.number, q.text, f.since, f.mode, count(CASE WHEN a.made_at > ? THEN 1 END) AS week,
                 count(CASE WHEN a.made_at > ? THEN 1 END) AS month
                 FROM filters f JOIN queries q ON q.id = f.query_id
                 LEFT JOIN alert_filters n ON n.filter_id = f.id LEFT JOIN alerts a ON a.id = n.alert_id
                 WHERE f.chat_id = ? GROUP BY f.number ORDER BY f.number"""
        return await self._database.read(
            lambda db: [
                Filter(
                    found["id"],
                    found["number"],
                    found["text"],
                    found["since"],
                    found["week"],
                    found["month"],
                    Mode(found["mode"]),
                )
                for found in rows(db, sql, now - 7 * _DAY, now - 30 * _DAY, chat_id)
            ]
        )

    async def queries(self) -> list[str]:
        """See `bot.ports.Chats`."""
        sql = "SELECT q.text FROM filters f CROSS JOIN queries q ON q.id = f.query_id"
        return await self._database.read(lambda db: [found["text"] for found in rows(db, sql)])

    async def remember(self, story_ids: Sequence[int], matches: Sequence[Match]) -> None:
        """See `bot.ports.Chats`."""

        def work(db: sqlite_utils.Database) -> None:
            for story_id, match in zip(story_ids, matches, strict=True):
                db.execute(
                    "INSERT OR IGNORE INTO matches SELECT id, ?, ? FROM queries WHERE text = ?",
                    (story_id, dump_spans(match), match.query),
                )

        if story_ids:
            await self._database.write(work)

    async def latest(self, chat_id: int, limit: int) -> list[FoundStory]:
        """See `bot.ports.Chats`."""
        sql = """SELECT s.id, s.entry, d.title, s.first_seen, group_concat(q.text, char(10)) AS queries,
                   coalesce((SELECT a.language FROM analyses a WHERE a.story_id = s.id), '') AS language
                 FROM filters f JOIN matches m ON m.query_id = f.query_id JOIN queries q ON q.id = f.query_id
                 JOIN stories s ON s.id = m.story_id JOIN feeds d ON d.id = s.feed_id
                 JOIN follows w ON w.chat_id = f.chat_id AND w.feed_id = s.feed_id
                 WHERE f.chat_id = ? GROUP BY coalesce(s.event_id, -s.id)
                 ORDER BY coalesce(json_extract(s.entry, '$.published'), s.first_seen) DESC LIMIT ?"""
        return await self._database.read(
            lambda db: [
                FoundStory(
                    found["id"],
                    load_entry(found["entry"]),
                    found["title"],
                    found["first_seen"],
                    tuple(dict.fromkeys(found["queries"].split("\n"))),
                    found["language"],
                )
                for found in rows(db, sql, chat_id, limit)
            ]
        )

    async def pause(self, chat_id: int, *, paused: bool, now: float, until: float | None = None) -> None:
        """See `bot.ports.Chats`."""

        def work(db: sqlite_utils.Database) -> None:
            if not paused:
                resume(db, chat_id, now)
                return
            db.execute("UPDATE chats SET paused = 1, paused_until = ? WHERE id = ?", (until, chat_id))
            shut_lane(db, chat_id)

        await self._database.write(work)

    async def gone(self, address: Address, why: str, now: float) -> None:
        """See `bot.ports.Chats`."""

        def work(db: sqlite_utils.Database) -> None:
            # Who is gone from a group is gone from all its topics.
            sql = "SELECT id FROM chats WHERE platform = ? AND chat = ? AND (topic = ? OR ? = '')"
            for chat in rows(db, sql, address.platform, address.chat, address.topic, address.topic):
                close(db, chat["id"], why, now, refused=False)

        await self._database.write(work)

    async def returned(self, address: Address, now: float) -> bool:
        """See `bot.ports.Chats`."""

        def work(db: sqlite_utils.Database) -> bool:
            sql = """UPDATE chats SET gone = '', gone_at = NULL, look_at = NULL, returned_at = ?
                     WHERE platform = ? AND chat = ? AND gone != ''
                     AND (topic = ? OR gone NOT LIKE 'topic-%') RETURNING id"""
            returned = [chat["id"] for chat in rows(db, sql, now, address.platform, address.chat, address.topic)]
            for chat_id in returned:
                shut_lane(db, chat_id)
            open_lanes(db, returned, now)
            return bool(returned)

        return await self._database.write(work)

    async def may_have_returned(self, address: Address, now: float) -> bool:
        """See `bot.ports.Chats`."""

        def work(db: sqlite_utils.Database) -> bool:
            sql = """UPDATE chats SET look_at = ?1
                     WHERE platform = ?2 AND chat = ?3 AND (topic = ?4 OR ?4 = '') AND look_at > ?1 RETURNING id"""
            found = [chat["id"] for chat in rows(db, sql, now, address.platform, address.chat, address.topic)]
            open_lanes(db, found, now)
            return bool(found)

        return await self._database.write(work)

    async def gone_from_others(self, platform: str, here: Collection[str], why: str, now: float) -> None:
        """See `bot.ports.Chats`."""

        def work(db: sqlite_utils.Database) -> None:
            sql = """SELECT id FROM chats WHERE platform = ? AND topic != ''
                     AND chat NOT IN (SELECT value FROM json_each(?))"""
            for chat in rows(db, sql, platform, json.dumps(list(here))):
                close(db, chat["id"], why, now, refused=False)

        await self._database.write(work)

    async def moved(self, address: Address, to: str, now: float) -> None:
        """See `bot.ports.Chats`."""
        await self._database.write(lambda db: move(db, address, to, now))

    async def erase(self, chat_id: int) -> None:
        """See `bot.ports.Chats`."""
        await self._database.write(lambda db: erase(db, chat_id))

    async def standing(self, chat_id: int, now: float) -> Standing:
        """See `bot.ports.Chats`."""

        def work(db: sqlite_utils.Database) -> Standing:
            week = now - 7 * _DAY
            feeds = row(
                db,
                """SELECT count(*) AS feeds, max(f.polled_at) AS last_poll FROM follows w
                   JOIN feeds f ON f.id = w.feed_id WHERE w.chat_id = ?""",
                chat_id,
            )
            alerts = row(
                db,
                """SELECT count(CASE WHEN state = 'sent' THEN 1 END) AS sent,
                   count(CASE WHEN state IN ('due', 'held', 'claimed') THEN 1 END) AS due,
                   count(CASE WHEN state = 'failed' THEN 1 END) AS failed,
                   max(CASE WHEN state = 'sent' THEN settled_at END) AS last_sent FROM alerts WHERE chat_id = ?""",
                chat_id,
            )
            assert feeds is not None
            assert alerts is not None
            held = rows(
                db,
                f"""SELECT CASE WHEN {FOR_ITS_NEXT_TRY} THEN 'retry' ELSE held END AS why, count(*) AS number,
                    min(held_until) AS until FROM alerts WHERE chat_id = ? AND state = 'held' GROUP BY why""",  # noqa: S608 - ours
                chat_id,
            )
            refusals = rows(
                db,
                """SELECT why, count(*) AS number FROM alerts WHERE chat_id = ? AND state = 'failed' AND why IS NOT NULL
                   GROUP BY why ORDER BY number DESC LIMIT 3""",
                chat_id,
            )
            return Standing(
                feeds=feeds["feeds"],
                filters=scalar(db, "SELECT count(*) FROM filters WHERE chat_id = ?", chat_id),
                stories_week=scalar(
                    db,
                    """SELECT count(*) FROM follows w JOIN stories s ON s.feed_id = w.feed_id AND s.first_seen > ?
                       WHERE w.chat_id = ?""",
                    week,
                    chat_id,
                ),
                matches_week=scalar(
                    db,
                    """SELECT count(DISTINCT s.id) FROM filters f JOIN matches m ON m.query_id = f.query_id
                       JOIN stories s ON s.id = m.story_id AND s.first_seen > ?
                       JOIN follows w ON w.chat_id = f.chat_id AND w.feed_id = s.feed_id WHERE f.chat_id = ?""",
                    week,
                    chat_id,
                ),
                sent=alerts["sent"],
                due=alerts["due"],
                failed=alerts["failed"],
                last_poll=feeds["last_poll"],
                last_sent=alerts["last_sent"],
                since=scalar(db, "SELECT entered_at FROM chats WHERE id = ?", chat_id) or 0.0,
                held={found["why"]: (found["number"], found["until"]) for found in held},
                muted=scalar(
                    db, "SELECT count(DISTINCT event_id) FROM alerts WHERE chat_id = ? AND state = 'muted'", chat_id
                ),
                refusals={found["why"]: found["number"] for found in refusals},
            )

        return await self._database.read(work)

    async def action(self, chat_id: int, line: str) -> str:
        """See `bot.ports.Chats`."""

        def work(db: sqlite_utils.Database) -> str:
            db.execute("INSERT OR IGNORE INTO actions (chat_id, line) VALUES (?, ?)", (chat_id, line))
            return str(scalar(db, "SELECT id FROM actions WHERE chat_id = ? AND line = ?", chat_id, line))

        return await self._database.write(work)

    async def line_of(self, chat_id: int, action: str) -> str | None:
        """See `bot.ports.Chats`."""
        sql = "SELECT line FROM actions WHERE chat_id = ? AND id = ?"
        return await self._database.read(lambda db: scalar(db, sql, chat_id, action))

    async def operators(self) -> frozenset[str]:
        """See `bot.ports.Chats`."""
        sql = "SELECT person FROM operators"
        return await self._database.read(lambda db: frozenset(found["person"] for found in rows(db, sql)))

    async def claim_instance(self, person: str) -> None:
        """See `bot.ports.Chats`."""
        await self._database.write(lambda db: db.execute("INSERT OR IGNORE INTO operators VALUES (?)", (person,)))


def _removed(db: sqlite_utils.Database, chat_id: int, number: int) -> sqlite3.Row | None:
    sql = """SELECT r.*, q.text FROM removed_filters r JOIN queries q ON q.id = r.query_id
             WHERE r.chat_id = ? AND r.number = ?"""
    return row(db, sql, chat_id, number)


def _filter(found: sqlite3.Row) -> Filter:
    return Filter(found["id"], found["number"], found["text"], found["since"], mode=Mode(found["mode"]))


def _check_room(db: sqlite_utils.Database, chat_id: int, most: int) -> None:
    if scalar(db, "SELECT count(*) FROM filters WHERE chat_id = ?", chat_id) >= most:
        raise UserError("limit-filters", limit=most)


def _match_anew(db: sqlite_utils.Database, chat_id: int, since: float) -> None:
    """Have what has come since then be matched again, with a filter that there was not."""
    db.execute(
        """UPDATE stories SET pending = 1 WHERE first_seen >= ? AND pending = 0
           AND feed_id IN (SELECT feed_id FROM follows WHERE chat_id = ?)""",
        (since, chat_id),
    )


def resume(db: sqlite_utils.Database, chat_id: int, now: float) -> None:
    """End a chat's pause, if there is one, and let its alerts go."""
    sql = "UPDATE chats SET paused = 0, paused_until = NULL WHERE id = ? AND paused = 1 RETURNING id"
    if rows(db, sql, chat_id):  # a digest that may have arrived has to say what it said
        db.execute(
            "UPDATE alerts SET held = 'pause' WHERE chat_id = ? AND state = 'due' AND held = '' AND digest != 3",
            (chat_id,),
        )
    open_lanes(db, [chat_id], now)


def move(db: sqlite_utils.Database, address: Address, to: str, now: float) -> None:
    """Give a chat and all its topics another identifier; where both are stored, what the old one has joins the new."""
    if to == address.chat:
        return
    for old in rows(db, "SELECT id, topic FROM chats WHERE platform = ? AND chat = ?", address.platform, address.chat):
        new = row(
            db,
            "SELECT id, last_number, last_mute FROM chats WHERE platform = ? AND chat = ? AND topic = ?",
            address.platform,
            to,
            old["topic"],
        )
        # Messages have other identifiers there: what was sent cannot be replied to.
        db.execute("UPDATE alerts SET message_id = NULL WHERE chat_id = ?", (old["id"],))
        if new is None:
            db.execute(
                "UPDATE chats SET chat = ?, gone = '', gone_at = NULL, look_at = NULL WHERE id = ?", (to, old["id"])
            )
        else:
            _merge(db, old["id"], new, now)
        moved_id = new["id"] if new else old["id"]
        shut_lane(db, moved_id)
        open_lanes(db, [moved_id], now)


def erase(db: sqlite_utils.Database, chat_id: int) -> None:
    """Delete a chat with all that hangs on it; its feeds rest where nobody else follows them."""
    sql = (
        "SELECT query_id FROM filters WHERE chat_id = ?1 UNION SELECT query_id FROM removed_filters WHERE chat_id = ?1"
    )
    query_ids = [found[0] for found in rows(db, sql, chat_id)]
    feed_ids = [found[0] for found in rows(db, "SELECT feed_id FROM follows WHERE chat_id = ?", chat_id)]
    db.execute("DELETE FROM chats WHERE id = ?", (chat_id,))
    drop_unasked(db, query_ids)
    _rest_unfollowed(db, feed_ids)


def _merge(db: sqlite_utils.Database, old_id: int, new: sqlite3.Row, now: float) -> None:
    new_id = new["id"]
    # A filter that both have becomes the new one's, in the alerts that name it too.
    twins = rows(
        db,
        """SELECT o.id AS old, o.since, o.last_hit_at, n.id AS new FROM filters o
           JOIN filters n ON n.query_id = o.query_id AND n.chat_id = ? WHERE o.chat_id = ?""",
        new_id,
        old_id,
    )
    for twin in twins:
        db.execute("UPDATE OR IGNORE alert_filters SET filter_id = ? WHERE filter_id = ?", (twin["new"], twin["old"]))
        db.execute("UPDATE OR IGNORE discarded SET filter_id = ? WHERE filter_id = ?", (twin["new"], twin["old"]))
        db.execute(
            """UPDATE filters SET since = min(since, ?1),
               last_hit_at = coalesce(max(last_hit_at, ?2), last_hit_at, ?2) WHERE id = ?3""",
            (twin["since"], twin["last_hit_at"], twin["new"]),
        )
        db.execute("DELETE FROM filters WHERE id = ?", (twin["old"],))
    offset = new["last_number"]
    sql = "UPDATE removed_filters SET chat_id = ?, number = number + ? WHERE chat_id = ?"
    db.execute(sql, (new_id, offset, old_id))
    db.execute("UPDATE filters SET chat_id = ?, number = number + ? WHERE chat_id = ?", (new_id, offset, old_id))
    db.execute(
        """UPDATE chats SET gone = '', gone_at = NULL, look_at = NULL,
           last_number = chats.last_number + old.last_number, last_mute = chats.last_mute + old.last_mute,
           paused = max(chats.paused, old.paused), admitted = max(chats.admitted, old.admitted),
           paused_until = iif(chats.paused AND old.paused, max(chats.paused_until, old.paused_until),
             coalesce(chats.paused_until, old.paused_until)),
           zone = coalesce(nullif(chats.zone, ''), old.zone), quiet = coalesce(nullif(chats.quiet, ''), old.quiet),
           digest_at = coalesce(chats.digest_at, old.digest_at)
           FROM (SELECT * FROM chats WHERE id = ?) AS old WHERE chats.id = ?""",
        (old_id, new_id),
    )
    db.execute(
        """INSERT INTO follows (chat_id, feed_id, since, everything_since, title, site, folders, also, category)
           SELECT ?, feed_id, since, everything_since, title, site, folders, also, category
           FROM follows WHERE chat_id = ?
           ON CONFLICT DO UPDATE SET since = min(since, excluded.since), everything_since = coalesce(
             min(everything_since, excluded.everything_since), everything_since, excluded.everything_since)""",
        (new_id, old_id),
    )
    db.execute(
        """UPDATE mutes SET chat_id = ?1, number = number + ?4 WHERE chat_id = ?2
           AND query NOT IN (SELECT query FROM mutes WHERE chat_id = ?1 AND (until IS NULL OR until > ?3))""",
        (new_id, old_id, now, new["last_mute"]),
    )
    db.execute("UPDATE OR IGNORE actions SET chat_id = ? WHERE chat_id = ?", (new_id, old_id))
    db.execute("UPDATE OR IGNORE troubles SET chat_id = ? WHERE chat_id = ?", (new_id, old_id))
    db.execute("UPDATE notices SET chat_id = ? WHERE chat_id = ?", (new_id, old_id))
    # Of two alerts on one event for one filter, the one that went out (or is in hand) is the one that names it.
    db.execute(
        """DELETE FROM alert_filters WHERE chat_id = ?1
           AND alert_id IN (SELECT id FROM alerts WHERE chat_id = ?1 AND state IN ('due', 'held'))
           AND (event_id, filter_id) IN (SELECT n.event_id, n.filter_id FROM alert_filters n
             JOIN alerts a ON a.id = n.alert_id WHERE n.chat_id = ?2 AND a.state IN ('claimed', 'sent'))""",
        (new_id, old_id),
    )
    db.execute("UPDATE alerts SET chat_id = ? WHERE chat_id = ?", (new_id, old_id))
    db.execute("UPDATE OR IGNORE alert_filters SET chat_id = ? WHERE chat_id = ?", (new_id, old_id))
    db.execute("DELETE FROM chats WHERE id = ?", (old_id,))


def _find(db: sqlite_utils.Database, address: Address) -> Chat | None:
    found = row(
        db,
        "SELECT * FROM chats WHERE platform = ? AND chat = ? AND topic = ?",
        address.platform,
        address.chat,
        address.topic,
    )
    if found is None:
        return None
    return Chat(
        chat_id=found["id"],
        address=address,
        kind=ChatKind(found["kind"]),
        title=found["title"],
        paused=bool(found["paused"]),
        paused_until=found["paused_until"],
        gone=found["gone"],
        gone_at=found["gone_at"],
        admitted=bool(found["admitted"]),
        zone=found["zone"],
        quiet=read_quiet(found["quiet"]),
        digest=found["digest_at"],
    )


def _follow(found: sqlite3.Row) -> Follow:
    feed, everything = load_feed(found), found["everything_since"] is not None
    folders = tuple(json.loads(found["folders"]))
    listed = None
    if found["listed_title"] or folders:
        also = tuple(map(tuple, json.loads(found["also"])))
        listed = ListedFeed(
            feed.url, found["listed_title"], found["site"], folders, everything, also, found["category"]
        )
    return Follow(feed, everything, found["since"], listed)


def _feed(db: sqlite_utils.Database, url: str, title: str, now: float) -> Feed:
    db.execute("INSERT OR IGNORE INTO feeds (url, title) VALUES (?, ?)", (url, title))
    # A feed that nobody followed starts anew: what it brings first is no news to anyone.
    db.execute(
        """UPDATE feeds SET due_at = ?, primed = 0, digest = '', body = '', read_at = NULL, etag = NULL,
           last_modified = NULL, failures = 0, error = '', failing_since = NULL, moved_to = NULL,
           moved_since = NULL, moved_polls = NULL
           WHERE url = ? AND due_at IS NULL""",
        (now, url),
    )
    found = row(db, f"SELECT {COLUMNS} FROM feeds WHERE url = ?", url)  # noqa: S608 - the columns are ours
    assert found is not None
    return load_feed(found)


def _rest_unfollowed(db: sqlite_utils.Database, feed_ids: Sequence[int]) -> None:
    db.conn.executemany(
        "UPDATE feeds SET due_at = NULL WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM follows WHERE feed_id = ?1)",
        [(feed_id,) for feed_id in feed_ids],
    )


def drop_unasked(db: sqlite_utils.Database, query_ids: Sequence[int]) -> None:
    """Forget those of these queries that no filter has, nor one that may be brought back."""
    db.conn.executemany(
        """DELETE FROM queries WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM filters WHERE query_id = ?1)
           AND NOT EXISTS (SELECT 1 FROM removed_filters WHERE query_id = ?1)""",
        [(query_id,) for query_id in query_ids],
    )
