"""When and how chats want to be told, and what not; and what of it holds for an alert that is claimed."""

import sqlite3
from collections.abc import Sequence
from datetime import tzinfo
from functools import partial

import sqlite_utils

from bot.domain.forms import Forms
from bot.domain.hours import Quiet, read_quiet
from bot.domain.muting import EVENT, discards
from bot.domain.notices import Notice, PauseOver
from bot.domain.query import QueryError, parse
from bot.domain.stories import Entry
from bot.domain.telling import Manner, Mode, held_back, mode_of
from bot.ports.outbox import ClaimedAlert
from bot.ports.telling import Mute, Waiting
from bot.zones import zone_named
from storage.chats import resume
from storage.database import Database, row, rows
from storage.entries import load_entry
from storage.lanes import open_lanes
from storage.notices import store_notice
from storage.trials import Trial

_IN_FORCE = "(until IS NULL OR until > ?)"
_HEADLINE = 80  # characters of an event's headline that name a mute


class TellingStore:
    """The `Telling` port over SQLite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def set_zone(self, chat_id: int, zone: str, now: float) -> None:
        """See `bot.ports.Telling`."""
        await self._set(chat_id, "zone", zone, now)

    async def set_quiet(self, chat_id: int, quiet: Quiet | None, now: float) -> None:
        """See `bot.ports.Telling`."""
        await self._set(chat_id, "quiet", str(quiet or ""), now)

    async def set_digest(self, chat_id: int, minute: int | None, now: float) -> None:
        """See `bot.ports.Telling`."""
        await self._set(chat_id, "digest_at", minute, now)

    async def _set(self, chat_id: int, column: str, value: str | int | None, now: float) -> None:
        def work(db: sqlite_utils.Database) -> None:
            db.execute(f"UPDATE chats SET {column} = ? WHERE id = ?", (value, chat_id))  # noqa: S608 - the column is ours
            decide_anew(db, chat_id, now)

        await self._database.write(work)

    async def set_modes(self, chat_id: int, filter_ids: Sequence[int], mode: Mode, now: float) -> None:
        """See `bot.ports.Telling`."""

        def work(db: sqlite_utils.Database) -> None:
            for filter_id in filter_ids:
                db.execute("UPDATE filters SET mode = ? WHERE id = ? AND chat_id = ?", (mode, filter_id, chat_id))
            decide_anew(db, chat_id, now)

        await self._database.write(work)

    async def mute(self, chat_id: int, query: str, *, name: str, until: float | None, now: float) -> Mute:
        """See `bot.ports.Telling`."""

        def work(db: sqlite_utils.Database) -> Mute:
            found = row(
                db,
                f"UPDATE mutes SET until = ? WHERE chat_id = ? AND query = ? AND {_IN_FORCE} RETURNING *",  # noqa: S608 - ours
                until,
                chat_id,
                query,
                now,
            )
            if found is None:
                db.execute("UPDATE chats SET last_mute = last_mute + 1 WHERE id = ?", (chat_id,))
                found = row(
                    db,
                    """INSERT INTO mutes (chat_id, number, query, name, since, until)
                       SELECT id, last_mute, ?, ?, ?, ? FROM chats WHERE id = ? RETURNING *""",
                    query,
                    name,
                    now,
                    until,
                    chat_id,
                )
            assert found is not None
            return _mute(found)

        return await self._database.write(work)

    async def waiting(self, chat_id: int, zone: tzinfo, now: float) -> Waiting:
        """See `bot.ports.Telling`."""
        return await self._database.write(lambda db: _waiting(db, chat_id, zone, now, ""))

    async def end_pauses(self, zone: tzinfo, now: float) -> bool:
        """See `bot.ports.Telling`."""
        sql = "SELECT id FROM chats WHERE paused_until <= ?"

        def work(db: sqlite_utils.Database) -> None:
            for chat in rows(db, sql, now):
                # In quiet hours the notice comes when they end, and what they hold does too.
                waiting = _waiting(db, chat["id"], zone, now, "quiet")
                resume(db, chat["id"], now)
                store_notice(db, Notice(chat["id"], pause_over=PauseOver(waiting.now, waiting.later)), now)

        if not await self._database.read(lambda db: rows(db, f"{sql} LIMIT 1", now)):
            return False
        await self._database.write(work)
        return True

    async def unmute(self, chat_id: int, mute_id: int) -> None:
        """See `bot.ports.Telling`."""

        def work(db: sqlite_utils.Database) -> None:
            ended = row(db, "DELETE FROM mutes WHERE id = ? AND chat_id = ? RETURNING query", mute_id, chat_id)
            if ended is not None and ended["query"].startswith(EVENT):
                sql = "SELECT id FROM alerts WHERE event_id = ? AND chat_id = ? AND state = 'muted'"
                for alert in rows(db, sql, ended["query"].removeprefix(EVENT), chat_id):
                    let_others_tell(db, alert["id"])

        await self._database.write(work)

    async def mutes(self, chat_id: int, now: float) -> list[Mute]:
        """See `bot.ports.Telling`."""
        return await self._database.read(partial(mutes_of, chat_id=chat_id, now=now))

    async def event(self, chat_id: int, event_id: int) -> tuple[str, float] | None:
        """See `bot.ports.Telling`."""
        sql = """SELECT s.entry, e.first_seen FROM alerts a JOIN stories s ON s.id = a.story_id
                 JOIN events e ON e.id = a.event_id WHERE a.event_id = ? AND a.chat_id = ? ORDER BY a.id LIMIT 1"""

        def work(db: sqlite_utils.Database) -> tuple[str, float] | None:
            found = row(db, sql, event_id, chat_id)
            return (_called(load_entry(found["entry"])), found["first_seen"]) if found is not None else None

        return await self._database.read(work)


def _waiting(db: sqlite_utils.Database, chat_id: int, zone: tzinfo, now: float, but: str) -> Waiting:
    """What waits; what is held for `but` counts as what comes now."""
    release(db, chat_id, now)
    hold_back(db, chat_id, zone, now)
    found = row(db, _WAITING, but, chat_id)
    assert found is not None
    return Waiting(found["now"] or 0, found["later"] or 0)


def release(db: sqlite_utils.Database, chat_id: int, now: float) -> None:
    """Let what was held until now be due."""
    sql = "UPDATE alerts SET state = 'due' WHERE chat_id = ? AND state = 'held' AND held_until <= ?"
    db.execute(sql, (chat_id, now))


def hold_back(db: sqlite_utils.Database, chat_id: int, zone: tzinfo, now: float) -> None:
    """Hold those of a chat's due alerts that it does not want now; `zone` is of chats that have not said theirs."""
    chat = row(db, "SELECT zone, quiet, digest_at FROM chats WHERE id = ?", chat_id)
    if chat is None or (not chat["quiet"] and chat["digest_at"] is None):
        return
    manner = Manner(zone_named(chat["zone"], zone), read_quiet(chat["quiet"]), chat["digest_at"])
    quiet = held_back(now, Mode.INSTANT, manner, now)
    if manner.digest is not None:
        # Those that wait for a digest already are not among them: a digest is told when its time has come.
        for alert in rows(db, _TOLD_SINGLY, chat_id):
            held = held_back(alert["made_at"], mode_of(map(Mode, alert["modes"].split(","))), manner, now)
            if held is not None and held.why == "digest":
                sql = "UPDATE alerts SET state = 'held', held_until = ?, held = 'digest', digest = 1 WHERE id = ?"
                db.execute(sql, (held.until, alert["id"]))
    if quiet is not None:
        db.execute(
            """UPDATE alerts SET state = 'held', held_until = ?, held = iif(held IN ('', 'pause'), ?, held)
               WHERE chat_id = ? AND state = 'due'""",
            (quiet.until, quiet.why, chat_id),
        )


# A reply asks in the name of what it replies to; every story of a feed is told at once.
_TOLD_SINGLY = """
    SELECT a.id, a.made_at, group_concat(coalesce(f.mode, 'instant')) AS modes FROM alerts a
    JOIN alert_filters n ON n.alert_id = coalesce(a.parent_id, a.id) LEFT JOIN filters f ON f.id = n.filter_id
    WHERE a.chat_id = ? AND a.state = 'due' AND a.digest = 0 AND (f.id IS NOT NULL OR n.filter_id = 0) GROUP BY a.id
"""


# Of what the chat still asks for.
_WAITING = """
    SELECT sum(a.state != 'held' OR a.held IN ('', ?1)) AS now,
      sum(a.state = 'held' AND a.held NOT IN ('', ?1)) AS later FROM alerts a
    JOIN stories s ON s.id = a.story_id JOIN follows w ON w.chat_id = a.chat_id AND w.feed_id = s.feed_id
    WHERE a.chat_id = ?2 AND a.state IN ('due', 'held', 'claimed') AND EXISTS (
      SELECT 1 FROM alert_filters n LEFT JOIN filters f ON f.id = n.filter_id
      WHERE n.alert_id = coalesce(a.parent_id, a.id)
      AND (f.id IS NOT NULL OR (n.filter_id = 0 AND w.everything_since IS NOT NULL)))
"""


def mute_of(
    db: sqlite_utils.Database, mutes: Sequence[Mute], alert: ClaimedAlert, forms: Forms, now: float
) -> Mute | None:
    """The first of a chat's mutes, ended ones too, that discards an alert."""
    for mute in mutes:
        if not discards(mute.since, mute.until, alert.made_at, now):
            continue
        if mute.query.startswith(EVENT):
            if mute.query == f"{EVENT}{alert.event_id}":
                return mute
            continue
        try:
            query = parse(mute.query)
        except QueryError:
            continue  # it cannot be read any more: in doubt, push
        if Trial(db, alert.chat_id, query, forms).holds_for(alert.story_id):
            return mute
    return None


def let_others_tell(db: sqlite_utils.Database, alert_id: int) -> None:
    """Have a discarded alert keep back what its own story has for its filters, and no other story of the event."""
    db.execute("INSERT INTO discarded SELECT alert_id, filter_id FROM alert_filters WHERE alert_id = ?", (alert_id,))
    db.execute("DELETE FROM alert_filters WHERE alert_id = ?", (alert_id,))


def mutes_of(db: sqlite_utils.Database, chat_id: int, now: float) -> list[Mute]:
    """A chat's mutes that are in force, by number."""
    return [mute for mute in all_mutes_of(db, chat_id) if mute.until is None or mute.until > now]


def all_mutes_of(db: sqlite_utils.Database, chat_id: int) -> list[Mute]:
    """A chat's mutes by number, with those that ended while something waited that was made before."""
    sql = "SELECT * FROM mutes WHERE chat_id = ?"
    return sorted((_mute(found) for found in rows(db, sql, chat_id)), key=lambda mute: mute.number)


def _called(entry: Entry) -> str:
    """What a story is called in an alert: where it has no headline, by the beginning of its lead, or its address."""
    return (entry.title or entry.summary or entry.url or "")[:_HEADLINE]


def _mute(found: sqlite3.Row) -> Mute:
    return Mute(
        found["id"],
        found["number"],
        found["query"],
        found["name"],
        found["until"],
        found["muted"],
        found["since"],
    )


def decide_anew(db: sqlite_utils.Database, chat_id: int, now: float) -> None:
    """Let what is held for a chat's wish be due: whether it is held is decided when it is claimed."""
    db.execute(
        """UPDATE alerts SET state = 'due', held_until = NULL, digest = CASE digest WHEN 1 THEN 0 ELSE digest END
           WHERE chat_id = ? AND state = 'held' AND held != ''""",
        (chat_id,),
    )
    open_lanes(db, [chat_id], now)
