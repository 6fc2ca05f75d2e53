"""Edits that wait: an alert's message is to say what the alert says now; one an alert, however often wished for."""

import sqlite3

import sqlite_utils

from bot.domain.delivery import EDIT_INTERVAL, Decision, Done, Hold, Relocate, Retry, Wait, editable_at
from bot.ports.outbox import ClaimedEdit
from storage.chats import move
from storage.database import row, rows, scalar
from storage.gone import close


def want_edit(db: sqlite_utils.Database, alert_id: int, now: float) -> None:
    """Bring an alert's message up to date, as soon as that may be; an alert that is not sent yet needs none.

    One that was told in a digest has no message of its own, and is left as it is.
    """
    alert = row(
        db,
        """SELECT a.state, a.settled_at, a.edited_at, a.message_id, c.platform FROM alerts a
           JOIN chats c ON c.id = a.chat_id
           WHERE a.id = ? AND a.state IN ('claimed', 'sent') AND a.digest NOT IN (1, 3)""",
        alert_id,
    )
    if alert is None or (alert["state"] == "sent" and alert["message_id"] is None):
        return
    # In hand, it may go out as it was: whether it did is seen when the edit is claimed.
    at = editable_at(alert["settled_at"] or now, alert["edited_at"], now)
    if at is not None:
        db.execute(
            """INSERT INTO edits (alert_id, platform, due_at) VALUES (?, ?, ?)
               ON CONFLICT DO UPDATE SET version = version + 1""",
            (alert_id, alert["platform"], at),
        )


def claim_edits(db: sqlite_utils.Database, platform: str, run: str, limit: int, now: float) -> list[sqlite3.Row]:
    """Edits whose time has come, with their messages; those that cannot be made any more are let go."""
    due = rows(
        db,
        """SELECT e.alert_id, e.version, e.attempts, e.plain, a.state, a.message_id, a.settled_at, c.gone
           FROM (SELECT * FROM edits WHERE platform = ? AND run IS NULL AND due_at <= ? ORDER BY due_at LIMIT ?) e
           JOIN alerts a ON a.id = e.alert_id JOIN chats c ON c.id = a.chat_id""",
        platform,
        now,
        limit,
    )
    claimed = []
    for edit in due:
        sent = edit["state"] == "sent" and edit["message_id"] is not None and not edit["gone"]
        if sent and editable_at(edit["settled_at"], None, now) is not None:
            db.execute("UPDATE edits SET run = ? WHERE alert_id = ?", (run, edit["alert_id"]))
            claimed.append(edit)
        else:
            let_go(db, edit["alert_id"])
    return claimed


def mark_edit(db: sqlite_utils.Database, edit: ClaimedEdit, decision: Decision, now: float) -> None:
    """Store what became of an edit; one that was wished for anew meanwhile is due again."""
    alert_id = edit.alert.alert_id
    match decision:
        case Retry(at, attempts, plain):
            _put_back(db, alert_id, at, attempts, plain=plain)
            return
        case Wait(at, attempts):
            _put_back(db, alert_id, at, attempts, plain=edit.plain)
            return
        case Hold(why):
            sql = "SELECT c.id FROM alerts a JOIN chats c ON c.id = a.chat_id WHERE a.id = ? AND c.chat = ?"
            chat_id = scalar(db, sql, alert_id, edit.address.chat)
            if chat_id is not None:  # it was not erased, or moved, meanwhile
                close(db, chat_id, why, now, refused=True)
            let_go(db, alert_id)
            return
        case Relocate(to):  # messages have other identifiers there
            move(db, edit.address, to, now)
            let_go(db, alert_id)
            return
    if decision == Done(""):  # its message is gone: there is nothing to edit, ever
        db.execute("UPDATE alerts SET message_id = NULL WHERE id = ?", (alert_id,))
    db.execute("UPDATE alerts SET edited_at = ? WHERE id = ?", (now, alert_id))
    db.execute("DELETE FROM edits WHERE alert_id = ? AND version <= ?", (alert_id, edit.version))
    _put_back(db, alert_id, now + EDIT_INTERVAL, 0, plain=False)


def _put_back(db: sqlite_utils.Database, alert_id: int, at: float, attempts: int, *, plain: bool) -> None:
    db.execute(
        "UPDATE edits SET run = NULL, due_at = ?, attempts = ?, plain = ? WHERE alert_id = ?",
        (at, attempts, plain, alert_id),
    )


def let_go(db: sqlite_utils.Database, alert_id: int) -> None:
    """Leave an alert's message as it is."""
    db.execute("DELETE FROM edits WHERE alert_id = ?", (alert_id,))
