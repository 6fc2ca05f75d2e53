"""The outbox: what is due by lanes, one chat at a time; edits, each when it may be made; and what became of them."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from typing import Final, assert_never

import sqlite_utils

from bot.domain.chats import Address, ChatKind
from bot.domain.delivery import (
    BACKLOG,
    Decision,
    Done,
    GiveUp,
    Hold,
    Relocate,
    Retry,
    Scatter,
    State,
    Wait,
    is_backlog,
    next_of,
    state_after,
)
from bot.domain.fields import texts
from bot.domain.forms import Forms
from bot.domain.matching import FOLDED
from bot.domain.muting import EVENT, outlet_to_mute, said_of, word_to_mute
from bot.domain.telling import Mode, mode_of
from bot.domain.urls import is_below, publisher, site
from bot.ports.outbox import Claimed, ClaimedAlert, ClaimedDigest, ClaimedEdit, Missed, MuteOffer
from bot.ports.telling import Mute
from storage.chats import move
from storage.database import Database, row, rows, scalar
from storage.edits import claim_edits, let_go, mark_edit, want_edit
from storage.entries import load_entry, load_match
from storage.gone import close, took
from storage.lanes import FOR_ITS_NEXT_TRY, Turnstile, open_lanes
from storage.stories import EVERYTHING, load_page, reconsider
from storage.telling import all_mutes_of, hold_back, let_others_tell, mute_of, release

_SINGLY: Final = 0
_DIGEST: Final = 1
_APART: Final = 2  # singly, whatever waits: a digest that held it was rejected, or it may have arrived
_AGAIN: Final = 3  # in the digest that held it, and may have arrived: with those that `doubt` names as well

_IN_ONE_DIGEST: Final = 30  # alerts, of which as many are told as the message has room for
_LONGEST_WAIT: Final = 3_600.0  # seconds after a start in which every try is made again, whatever the clock said before


class OutboxStore:
    """The `Outbox` port over SQLite.

    `forms` have to be those with which stories are analysed; `zone` is of chats that have not said theirs.
    """

    def __init__(self, database: Database, forms: Forms = FOLDED, zone: tzinfo = UTC) -> None:
        self._database = database
        self._forms = forms
        self._zone = zone
        self._turnstile = Turnstile()

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
            db.execute("UPDATE edits SET run = NULL WHERE platform = ? AND run IS NOT ?", (platform, run))
            _wait_no_longer(db, platform, now + _LONGEST_WAIT)
            open_lanes(db, [chat["id"] for chat in rows(db, "SELECT id FROM chats")], now)
            return len(claimed)

        return await self._database.write(work)

    async def claim(self, platform: str, *, run: str, limit: int, now: float) -> list[ClaimedAlert | ClaimedDigest]:
        """See `bot.ports.Outbox`."""

        def work(db: sqlite_utils.Database) -> list[ClaimedAlert | ClaimedDigest]:
            claimed: list[ClaimedAlert | ClaimedDigest] = []
            for chat_id, free_at in self._turnstile.take(db, platform, limit, now):
                release(db, chat_id, now)
                hold_back(db, chat_id, self._zone, now)
                barred = _Barred(chat_id, all_mutes_of(db, chat_id), self._forms, self._zone)
                found = _claim_next(db, chat_id, barred, now)
                if isinstance(found, ClaimedAlert):
                    found = _with_offers(db, found, now)
                if found is None:
                    open_lanes(db, [chat_id], free_at)  # some of its alerts may be held
                    continue
                told = found.alerts if isinstance(found, ClaimedDigest) else (found,)
                db.execute(
                    "UPDATE alerts SET state = 'claimed', run = ? WHERE id IN (SELECT value FROM json_each(?))",
                    (run, json.dumps([alert.alert_id for alert in told])),
                )
                claimed.append(found)
            return claimed

        return await self._database.write(work)

    async def claim_edits(self, platform: str, *, run: str, limit: int, now: float) -> list[ClaimedEdit]:
        """See `bot.ports.Outbox`."""
        if await self._database.read(lambda db: _next_edit(db, platform) > now):
            return []  # most of the time; and a write would cost a commit

        def work(db: sqlite_utils.Database) -> list[ClaimedEdit]:
            claimed = []
            for edit in claim_edits(db, platform, run, limit, now):
                alert = _load(db, edit["alert_id"])
                if alert is None:  # its chat asks for it no more
                    let_go(db, edit["alert_id"])
                    continue
                offered = _with_offers(db, alert, now)
                claimed.append(
                    ClaimedEdit(offered, edit["message_id"], edit["version"], edit["attempts"], bool(edit["plain"]))
                )
            return claimed

        return await self._database.write(work)

    async def want_edit(self, alert_id: int, *, now: float) -> None:
        """See `bot.ports.Outbox`."""
        await self._database.write(lambda db: want_edit(db, alert_id, now))

    async def hold(self, chat_id: int, *, until: float, why: str) -> int:
        """See `bot.ports.Outbox`."""

        def work(db: sqlite_utils.Database) -> int:
            held = db.conn.execute(
                "UPDATE alerts SET state = 'held', held_until = ?, held = ? WHERE chat_id = ? AND state = 'due'",
                (until, why, chat_id),
            ).rowcount
            lane = row(db, "DELETE FROM lanes WHERE chat_id = ? RETURNING free_at", chat_id)
            if lane is not None:
                open_lanes(db, [chat_id], lane["free_at"])
            return held

        return await self._database.write(work)

    async def next_ready(self, platform: str) -> float | None:
        """See `bot.ports.Outbox`."""

        def work(db: sqlite_utils.Database) -> float | None:
            if row(db, "SELECT 1 FROM lanes WHERE platform = ? AND open = 1", platform) is not None:
                return 0.0
            first = "SELECT min(ready_at) FROM lanes WHERE platform = ? AND open = 0"
            ready_at = min(scalar(db, first, platform) or float("inf"), _next_edit(db, platform))
            return None if ready_at == float("inf") else ready_at

        return await self._database.read(work)

    async def mark(self, claimed: Claimed, decision: Decision, *, now: float, next_at: float) -> None:
        """See `bot.ports.Outbox`."""

        def work(db: sqlite_utils.Database) -> None:
            if isinstance(claimed, ClaimedEdit):
                mark_edit(db, claimed, decision, now)
                return
            told = claimed.alerts if isinstance(claimed, ClaimedDigest) else (claimed,)
            rest = claimed.rest if isinstance(claimed, ClaimedDigest) else ()
            if rest:
                db.execute(
                    """UPDATE alerts SET state = 'due', run = NULL, digest = ?
                       WHERE id IN (SELECT value FROM json_each(?)) AND state = 'claimed'""",
                    (_DIGEST, json.dumps(rest)),
                )
            chat_ids: dict[int, None] = {}
            for alert in told:
                _mark(db, alert, decision, now, next_at, in_digest=_doubt(claimed))
                # Where it is now, which may be another chat than the one that it was claimed for; None: erased.
                chat_id = scalar(db, "SELECT chat_id FROM alerts WHERE id = ?", alert.alert_id)
                if chat_id is not None:
                    chat_ids[chat_id] = None
            open_lanes(db, list(chat_ids), max(decision.at, next_at) if isinstance(decision, Wait) else next_at)

        await self._database.write(work)


# Claiming


def _claim_next(
    db: sqlite_utils.Database, chat_id: int, barred: "_Barred", now: float
) -> ClaimedAlert | ClaimedDigest | None:
    """What the chat gets next; what it is not entitled to any more, or mutes, is settled on the way."""
    if is_backlog(len(_newest(db, chat_id, _SINGLY))):
        db.execute("UPDATE alerts SET digest = 1 WHERE chat_id = ? AND state = 'due' AND digest = 0", (chat_id,))
    found = (
        _claim_next_of(db, chat_id, _SINGLY, barred, now)
        or _claim_next_of(db, chat_id, _APART, barred, now)
        or _claim_again(db, chat_id, barred, now)
        or _claim_digest(db, chat_id, barred, now)
    )
    return None if found is None else _with_missed(db, found)


def _newest(db: sqlite_utils.Database, chat_id: int, how: int) -> list[sqlite3.Row]:
    """The newest of a chat's due alerts that are told so: a few, from which one sees whether they are many."""
    return rows(
        db,
        """SELECT id, made_at, parent_id FROM alerts WHERE chat_id = ? AND state = 'due' AND digest = ?
           ORDER BY id DESC LIMIT ?""",
        chat_id,
        how,
        BACKLOG + 1,
    )


def _claim_next_of(
    db: sqlite_utils.Database, chat_id: int, how: int, barred: "_Barred", now: float
) -> ClaimedAlert | None:
    """The next of the chat's alerts that are told so; a reply comes after what it replies to."""
    while waiting := _newest(db, chat_id, how):
        alert_id = next_of([(alert["id"], alert["made_at"]) for alert in waiting])
        (parent_id,) = (alert["parent_id"] for alert in waiting if alert["id"] == alert_id)
        claimed = _entitled(db, _due(db, parent_id) or alert_id, barred, now)
        if claimed is not None:
            return claimed
    return None


def _due(db: sqlite_utils.Database, alert_id: int | None) -> int | None:
    return scalar(db, "SELECT id FROM alerts WHERE id = ? AND state = 'due'", alert_id)  # type: ignore[no-any-return]


def _claim_digest(
    db: sqlite_utils.Database, chat_id: int, barred: "_Barred", now: float
) -> ClaimedAlert | ClaimedDigest | None:
    """The chat's newest alerts of those that wait for a digest; a single one is told as it would be alone."""
    due = "FROM alerts WHERE chat_id = ? AND state = 'due' AND digest = 1"
    while newest := rows(db, f"SELECT id {due} ORDER BY id DESC LIMIT ?", chat_id, _IN_ONE_DIGEST):
        alerts = _still_entitled(db, [found["id"] for found in newest], barred, now)
        if len(alerts) < len(newest):
            continue  # another may have come instead
        waiting = scalar(db, f"SELECT count(*) {due}", chat_id)
        return alerts[0] if len(alerts) == 1 == waiting else ClaimedDigest(alerts, waiting)
    return None


def _claim_again(db: sqlite_utils.Database, chat_id: int, barred: "_Barred", now: float) -> ClaimedDigest | None:
    """The chat's newest digest that may have arrived: of its alerts, and of no others, those to be told still.

    Under the key that it had, so that a platform which knows it does not take it for another.
    """
    due = "FROM alerts WHERE chat_id = ? AND state = 'due' AND digest = 3"
    while (doubt := scalar(db, f"SELECT doubt {due} ORDER BY id DESC LIMIT 1", chat_id)) is not None:
        held_by_it = rows(db, f"SELECT id {due} AND doubt = ? ORDER BY id DESC", chat_id, doubt)
        alerts = _still_entitled(db, [found["id"] for found in held_by_it], barred, now)
        if alerts:
            key, followed_by = doubt.split()
            return ClaimedDigest(alerts, len(alerts) + int(followed_by), known_as=key)
    return None


def _doubt(claimed: ClaimedAlert | ClaimedDigest) -> str | None:
    """A digest as its alerts name it: its key, and how many it said would follow; None for an alert by itself."""
    if isinstance(claimed, ClaimedAlert):
        return None
    return f"{claimed.key} {claimed.waiting - len(claimed.alerts)}"


def _still_entitled(
    db: sqlite_utils.Database, alert_ids: Sequence[int], barred: "_Barred", now: float
) -> tuple[ClaimedAlert, ...]:
    loaded = _load_all(db, alert_ids)
    found = (_entitled(db, alert_id, barred, now, loaded.get(alert_id)) for alert_id in alert_ids)
    return tuple(alert for alert in found if alert is not None)


def _with_missed(db: sqlite_utils.Database, found: ClaimedAlert | ClaimedDigest) -> ClaimedAlert | ClaimedDigest:
    """With what waited in a chat that has returned, or may have, on the first of it; what its hours hold waits too."""
    returned_at = scalar(db, "SELECT coalesce(look_at, returned_at) FROM chats WHERE id = ?", found.chat_id)
    if returned_at is None:
        return found
    waited = row(
        db,
        """SELECT count(*) AS number, min(made_at) AS since FROM alerts
           WHERE chat_id = ? AND state IN ('due', 'held') AND made_at <= ?""",
        found.chat_id,
        returned_at,
    )
    assert waited is not None
    if not waited["number"]:
        db.execute("UPDATE chats SET returned_at = NULL WHERE id = ?", (found.chat_id,))
        return found
    told = found.alerts if isinstance(found, ClaimedDigest) else (found,)
    if min(alert.made_at for alert in told) > returned_at:
        return found
    missed = Missed(waited["since"], waited["number"])
    if isinstance(found, ClaimedDigest):
        return replace(found, alerts=(replace(found.alerts[0], missed=missed), *found.alerts[1:]))
    return replace(found, missed=missed)


@dataclass(frozen=True, slots=True)
class _Barred:
    """What a chat mutes, or did, and by which clocks it is told."""

    chat_id: int
    mutes: Sequence[Mute]
    forms: Forms
    zone: tzinfo


def _entitled(
    db: sqlite_utils.Database, alert_id: int, barred: _Barred, now: float, loaded: ClaimedAlert | None = None
) -> ClaimedAlert | None:
    """A due alert, if its chat is still entitled to it and mutes nothing of it; it is settled where not."""
    claimed = loaded or _load(db, alert_id)
    if claimed is None:
        _settle(db, alert_id, State.WITHDRAWN, now)
        another = reconsider(db, alert_id)
    elif (mute := mute_of(db, barred.mutes, claimed, barred.forms, now)) is not None:
        another = _discard(db, claimed, mute, now)
    else:
        return claimed
    if another:  # it may be held
        hold_back(db, barred.chat_id, barred.zone, now)
    return None


def _discard(db: sqlite_utils.Database, alert: ClaimedAlert, mute: Mute, now: float) -> bool:
    """Settle an alert as muted, and count its event once; True if another story of the event has an alert instead.

    Who mutes an event mutes all of it; who mutes a word or an outlet is told the event by who has neither.
    """
    sql = "SELECT 1 FROM alerts WHERE chat_id = ? AND event_id = ? AND state = 'muted'"
    counted = row(db, sql, alert.chat_id, alert.event_id) is not None
    _settle(db, alert.alert_id, State.MUTED, now, why=mute.query)
    if not counted:
        db.execute("UPDATE mutes SET muted = muted + 1 WHERE id = ?", (mute.mute_id,))
    if mute.query.startswith(EVENT):
        return False
    let_others_tell(db, alert.alert_id)
    return reconsider(db, alert.alert_id)


def _with_offers(db: sqlite_utils.Database, alert: ClaimedAlert, now: float) -> ClaimedAlert:
    """An alert with what it offers to mute, as stored actions, which go when they are as old as stories may be."""
    offers = []
    for kind, name, query in _mutable(alert):
        action = scalar(
            db,
            """INSERT INTO actions (chat_id, line, at) VALUES (?, ?, ?)
               ON CONFLICT DO UPDATE SET at = excluded.at RETURNING id""",
            alert.chat_id,
            f"/mute {said_of(query)}",
            now,
        )
        offers.append(MuteOffer(kind, name, str(action)))
    return replace(alert, mutes=tuple(offers))


def _mutable(alert: ClaimedAlert) -> Iterator[tuple[str, str, str]]:
    """What of an alert can be muted: of which kind it is, what it is called, and the query."""
    fields = texts(alert.entry, alert.page)
    words = (word_to_mute(match.query, fields, match.spans) for match in alert.matches)
    if (word := next(filter(None, words), None)) is not None:
        yield "word", word, word
    # By its site where its feed is of that site; one that links to others, as an aggregator does, by its name.
    home, host = site(alert.feed_url), site(alert.entry.url or "")
    own = home if is_below(host, home) else host if is_below(home, host) else alert.outlet or home
    if (outlet := outlet_to_mute(own)) is not None:
        yield "outlet", alert.outlet or own, outlet
    yield "event", "", f"{EVENT}{alert.event_id}"


def _load(db: sqlite_utils.Database, alert_id: int) -> ClaimedAlert | None:
    """An alert with all that it takes to write it; None where its chat is not entitled to it any more."""
    alert = _load_all(db, [alert_id]).get(alert_id)
    if alert is None:
        return None
    also = _others(db, alert.chat_id, alert.event_id, alert.story_id)
    return replace(alert, reply_to=_reply_to(db, alert), also=also)


def _load_all(db: sqlite_utils.Database, alert_ids: Sequence[int]) -> dict[int, ClaimedAlert]:
    """Those alerts to which their chats are still entitled; what they reply to is left out."""
    # In few statements, however many alerts: between any two the event loop and the writer contend for the interpreter.
    wanted = json.dumps(list(alert_ids))
    asking: dict[int, list[sqlite3.Row]] = {}
    # A reply asks in the name of what it replies to.
    for asked in rows(
        db,
        """SELECT a.id, n.filter_id, q.text, m.spans, f.mode FROM json_each(?) j CROSS JOIN alerts a ON a.id = j.value
           JOIN alert_filters n ON n.alert_id = coalesce(a.parent_id, a.id) LEFT JOIN filters f ON f.id = n.filter_id
           LEFT JOIN queries q ON q.id = f.query_id
           LEFT JOIN matches m ON m.query_id = q.id AND m.story_id = a.story_id ORDER BY f.number""",
        wanted,
    ):
        asking.setdefault(asked["id"], []).append(asked)
    loaded = (
        _loaded(found, asking.get(found["id"], []))
        for found in rows(
            db,
            """SELECT a.*, s.first_seen, f.title AS outlet, f.url AS feed_url, c.platform, c.chat, c.topic, c.kind,
                      c.zone, w.everything_since, p.text AS page, coalesce(n.language, '') AS language,
                      CASE WHEN s.pending AND v.entry IS NOT NULL THEN v.entry ELSE s.entry END AS entry
               FROM json_each(?) j CROSS JOIN alerts a ON a.id = j.value JOIN stories s ON s.id = a.story_id
               JOIN feeds f ON f.id = s.feed_id JOIN chats c ON c.id = a.chat_id
               JOIN follows w ON w.chat_id = a.chat_id AND w.feed_id = s.feed_id
               -- What matched stands in the version that was matched last.
               LEFT JOIN versions v ON v.story_id = s.id AND v.version = s.matched
               LEFT JOIN pages p ON p.story_id = s.id LEFT JOIN analyses n ON n.story_id = s.id""",
            wanted,
        )
    )
    return {alert.alert_id: alert for alert in loaded if alert is not None}


def _loaded(found: sqlite3.Row, asking: Sequence[sqlite3.Row]) -> ClaimedAlert | None:
    """An alert with the filters that still ask for it; None where none does."""
    matches = tuple(load_match(asked["text"], asked["spans"] or "[]") for asked in asking if asked["text"] is not None)
    everything = found["everything_since"] is not None and any(asked["filter_id"] == EVERYTHING for asked in asking)
    if not matches and not everything:
        return None
    mode = mode_of(Mode(asked["mode"]) for asked in asking if asked["mode"] is not None)
    return ClaimedAlert(
        alert_id=found["id"],
        chat_id=found["chat_id"],
        address=Address(found["platform"], found["chat"], found["topic"]),
        kind=ChatKind(found["kind"]),
        attempts=found["attempts"],
        plain=bool(found["plain"]),
        story_id=found["story_id"],
        entry=load_entry(found["entry"]),
        page=load_page(found["page"]),
        outlet=found["outlet"],
        feed_url=found["feed_url"],
        first_seen=found["first_seen"],
        matches=matches,
        everything=everything,
        reply_to=None,
        event_id=found["event_id"],
        silent=bool(found["silent"]) or (mode is Mode.SILENT and not everything),
        held=found["held"],
        made_at=found["made_at"],
        zone=found["zone"],
        language=found["language"],
    )


def _others(db: sqlite_utils.Database, chat_id: int, event_id: int, story_id: int) -> tuple[str, ...]:
    """The other outlets that report an event, of those that the chat follows, in the order of their coming.

    Each by the feed that was first to report it: an outlet has several, of which some repeat each other.
    """
    own = scalar(db, "SELECT f.url FROM stories s JOIN feeds f ON f.id = s.feed_id WHERE s.id = ?", story_id)
    found = rows(
        db,
        """SELECT f.url, f.title FROM stories s JOIN follows w ON w.feed_id = s.feed_id AND w.chat_id = ?
           JOIN feeds f ON f.id = s.feed_id WHERE s.event_id = ? GROUP BY f.id ORDER BY min(s.first_seen), f.title""",
        chat_id,
        event_id,
    )
    names = {publisher(own): ""}
    for feed in found:
        names.setdefault(publisher(feed["url"]), feed["title"])
    return tuple(dict.fromkeys(filter(None, names.values())))


def _reply_to(db: sqlite_utils.Database, alert: ClaimedAlert) -> str | None:
    """The message that an alert replies to: its parent's, or that of the first alert on the event."""
    parent_id = scalar(db, "SELECT parent_id FROM alerts WHERE id = ?", alert.alert_id)
    if parent_id is not None:
        return scalar(db, "SELECT message_id FROM alerts WHERE id = ?", parent_id)  # type: ignore[no-any-return]
    return scalar(  # type: ignore[no-any-return]
        db,
        """SELECT message_id FROM alerts WHERE chat_id = ? AND event_id = ? AND state = 'sent' AND id != ?
           AND message_id IS NOT NULL ORDER BY id LIMIT 1""",
        alert.chat_id,
        alert.event_id,
        alert.alert_id,
    )


# What became of a try


def _mark(
    db: sqlite_utils.Database,
    alert: ClaimedAlert,
    decision: Decision,
    now: float,
    next_at: float,
    *,
    in_digest: str | None,
) -> None:
    stored = row(
        db,
        "SELECT a.chat_id, a.event_id, c.chat FROM alerts a JOIN chats c ON c.id = a.chat_id WHERE a.id = ?",
        alert.alert_id,
    )
    if stored is None:
        return  # its chat was erased meanwhile
    match decision:
        case Done(message_id):
            _settle(db, alert.alert_id, State.SENT, now, message_id=message_id)
            if alert.missed is not None:
                db.execute("UPDATE chats SET returned_at = NULL WHERE id = ?", (stored["chat_id"],))
            took(db, stored["chat_id"])
        case GiveUp(why):
            _settle(db, alert.alert_id, State.FAILED, now, why=why)
            reconsider(db, alert.alert_id)
        case Retry(at, attempts, plain, doubtful):
            doubt = in_digest if doubtful else None
            digest = (_APART if in_digest is None else _AGAIN) if doubtful else None
            _put_back(db, alert, decision, attempts=attempts, plain=plain, digest=digest, doubt=doubt, held_until=at)
        case Wait(_, attempts):
            _put_back(db, alert, decision, attempts=attempts)
        case Scatter():
            _put_back(db, alert, decision, digest=_APART)
        case Hold(why):
            _put_back(db, alert, decision)
            if stored["chat"] == alert.address.chat:  # not where it was moved to meanwhile
                close(db, stored["chat_id"], why, now, refused=True)
        case Relocate(to):
            _put_back(db, alert, decision)
            move(db, alert.address, to, next_at)
        case _:
            assert_never(decision)


def _settle(
    db: sqlite_utils.Database, alert_id: int, state: State, now: float, *, message_id: str = "", why: str = ""
) -> None:
    db.execute(
        "UPDATE alerts SET state = ?, settled_at = ?, message_id = nullif(?, ''), why = nullif(?, '') WHERE id = ?",
        (state, now, message_id, why, alert_id),
    )
    # Only what is due, delivered, or of a muted event keeps another alert from naming the same filter.
    if state not in (State.SENT, State.MUTED):
        db.execute("DELETE FROM alert_filters WHERE alert_id = ?", (alert_id,))


def _put_back(
    db: sqlite_utils.Database,
    alert: ClaimedAlert,
    decision: Decision,
    *,
    attempts: int | None = None,
    plain: bool | None = None,
    digest: int | None = None,
    doubt: str | None = None,
    held_until: float | None = None,
) -> None:
    """Let an alert wait again, with what has changed about it."""
    db.execute(
        """UPDATE alerts SET state = ?, run = NULL, attempts = coalesce(?, attempts), plain = coalesce(?, plain),
           digest = coalesce(?, digest), doubt = coalesce(?, doubt), held_until = ? WHERE id = ?""",
        (state_after(decision), attempts, plain, digest, doubt, held_until, alert.alert_id),
    )


def _wait_no_longer(db: sqlite_utils.Database, platform: str, than: float) -> None:
    """Let no retry and no pace wait for an instant that only a clock which ran ahead can have meant."""
    for lane in rows(db, "DELETE FROM lanes WHERE platform = ? RETURNING chat_id, free_at", platform):
        open_lanes(db, [lane["chat_id"]], min(lane["free_at"], than))
    db.execute(f"UPDATE alerts SET held_until = min(held_until, ?) WHERE {FOR_ITS_NEXT_TRY}", (than,))  # noqa: S608 - ours
    db.execute("UPDATE edits SET due_at = min(due_at, ?) WHERE platform = ?", (than, platform))
    db.execute("UPDATE chats SET look_at = min(look_at, ?) WHERE platform = ?", (than, platform))


def _next_edit(db: sqlite_utils.Database, platform: str) -> float:
    """When the next edit is due; infinity where none waits."""
    due_at = scalar(db, "SELECT min(due_at) FROM edits WHERE platform = ? AND run IS NULL", platform)
    return float("inf") if due_at is None else float(due_at)
