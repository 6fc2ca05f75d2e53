"""Chats that take nothing: why, since when, and when to look whether they do again."""

import sqlite_utils

from bot.domain.returns import OUT_OF_SERVER, heed_signs_at, look_again_at
from storage.database import row
from storage.lanes import open_lanes, shut_lane


def close(db: sqlite_utils.Database, chat_id: int, why: str, now: float, *, refused: bool) -> None:
    """A chat takes nothing: what waits there waits until it returns, or until it is looked at.

    What was told of it, or is known to be for good, is not replaced by what a message was `refused` with: that may have
    been under way meanwhile.
    """
    chat = row(db, "SELECT gone, gone_at, look_at FROM chats WHERE id = ?", chat_id)
    assert chat is not None
    since = chat["gone_at"] if chat["gone"] == why and chat["gone_at"] is not None else now
    look_at = look_again_at(why, since, now)
    is_for_good = chat["gone"] and chat["look_at"] is None
    if is_for_good and (refused or look_at is not None or chat["gone"] == OUT_OF_SERVER):
        return
    db.execute("UPDATE chats SET gone = ?, gone_at = ?, look_at = ? WHERE id = ?", (why, since, look_at, chat_id))
    shut_lane(db, chat_id)
    open_lanes(db, [chat_id], heed_signs_at(since, now))  # which queues it only where it is to be looked at


def took(db: sqlite_utils.Database, chat_id: int) -> None:
    """A chat took a message: if that was to see whether it would, it has returned."""
    sql = "UPDATE chats SET gone = '', gone_at = NULL, look_at = NULL WHERE id = ? AND look_at IS NOT NULL"
    db.execute(sql, (chat_id,))
