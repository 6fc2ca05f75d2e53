"""Lanes: a row for each chat with alerts that wait and none in hand, so that no chat waits for another.

A lane is shut until `ready_at`; then it is open, and waits to be taken. `free_at` is from when its chat may be sent to,
whatever is due there: its pace, or what its platform asked for. A lane whose alerts are all held is shut until the
first of them is due. Who takes nothing has no lane, but where it is looked at times whether that is over: then it is
shut until the next such time, but may open sooner, from `free_at` on, for a sign that it is.
"""

import json
from collections.abc import Sequence
from typing import Final

import sqlite_utils

from storage.database import rows

_FAIR: Final = 4  # one in so many claims is for who has waited longest, the others for who has the newest matter

FOR_ITS_NEXT_TRY: Final = "state = 'held' AND (held = '' OR attempts > 0 OR plain = 1)"
"""Of an alert: that nothing holds it but that its last try failed."""

_SCATTER: Final = 2_654_435_761  # Knuth's multiplicative hashing: 2**32 over the golden ratio

_OPEN = f"""
    INSERT INTO lanes (chat_id, platform, free_at, ready_at, newest, place)
    SELECT chat_id, platform, ?1, max(?1, look_at, CASE WHEN newest IS NULL THEN released_at ELSE ?1 END),
      coalesce(newest, 0), (chat_id * {_SCATTER}) % 4294967296
    FROM (
      SELECT c.id AS chat_id, c.platform, coalesce(c.look_at, ?1) AS look_at,
        (SELECT made_at FROM alerts WHERE id = coalesce(
          (SELECT max(id) FROM alerts WHERE chat_id = c.id AND state = 'due' AND digest = 0),
          (SELECT max(id) FROM alerts WHERE chat_id = c.id AND state = 'due' AND digest = 2),
          (SELECT max(id) FROM alerts WHERE chat_id = c.id AND state = 'due' AND digest = 3),
          (SELECT max(id) FROM alerts WHERE chat_id = c.id AND state = 'due' AND digest = 1)
        )) AS newest, (SELECT min(held_until) FROM alerts WHERE chat_id = c.id AND state = 'held') AS released_at
      FROM json_each(?2) j CROSS JOIN chats c ON c.id = j.value
      WHERE c.paused = 0 AND (c.gone = '' OR c.look_at IS NOT NULL)
      AND NOT EXISTS (SELECT 1 FROM alerts WHERE chat_id = c.id AND state = 'claimed')
    ) WHERE newest IS NOT NULL OR released_at IS NOT NULL
    ON CONFLICT (chat_id) DO UPDATE SET newest = excluded.newest,
      ready_at = min(lanes.ready_at, max(lanes.free_at, excluded.ready_at))
"""  # noqa: S608 - it is ours


def open_lanes(db: sqlite_utils.Database, chat_ids: Sequence[int], free_at: float) -> None:
    """Queue chats for their next alert, unless they are held, or have one in hand; one that is queued keeps its place.

    Nothing leaves before `free_at`, or before what was said so when it was queued.
    """
    # One statement for all: many short ones would take the interpreter's lock back before the event loop gets it.
    db.execute(_OPEN, (free_at, json.dumps(list(chat_ids))))


def shut_lane(db: sqlite_utils.Database, chat_id: int) -> None:
    """Take a chat out of the queue."""
    db.execute("DELETE FROM lanes WHERE chat_id = ?", (chat_id,))


class Turnstile:
    """Chooses whose lane is next: who has the newest matter, but every fourth time who has waited longest.

    Of equally new matter, as what one story brought to many chats, who has waited longest goes first. With the newest
    alone, old matter would wait for as long as new matter comes faster than it can be sent.
    """

    def __init__(self) -> None:
        self._taken = 0

    def take(self, db: sqlite_utils.Database, platform: str, limit: int, now: float) -> list[tuple[int, float]]:
        """Take at most so many lanes off the queue: their chats, and until when each had to wait."""
        db.execute("UPDATE lanes SET open = 1 WHERE platform = ? AND open = 0 AND ready_at <= ?", (platform, now))
        first = "SELECT chat_id, free_at FROM lanes WHERE platform = ? AND open = 1 ORDER BY"
        newest = rows(db, f"{first} newest DESC, ready_at, place LIMIT ?", platform, limit)
        oldest = rows(db, f"{first} ready_at, place LIMIT ?", platform, 1 + limit // _FAIR)
        chosen: dict[int, float] = {}
        while len(chosen) < limit and (newest or oldest):
            self._taken += 1
            source = oldest if (oldest and self._taken % _FAIR == 0) or not newest else newest
            lane = source.pop(0)
            chosen.setdefault(lane["chat_id"], lane["free_at"])
        for chat_id in chosen:
            shut_lane(db, chat_id)
        return list(chosen.items())
