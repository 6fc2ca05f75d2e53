"""A backlog by the thousand, written straight into the tables: so many chats, in each of which so many alerts wait."""

from collections.abc import Sequence

import sqlite_utils

from storage.lanes import open_lanes

_HEADLINE = "Instructors arrive, No. "
_STORY = f"""json_object('guid', 'g' || i, 'url', 'https://outlet.example/' || i, 'title', '{_HEADLINE}' || i)"""
_NUMBERED = "WITH RECURSIVE n(i) AS (SELECT {} UNION ALL SELECT i + 1 FROM n WHERE i < {})"


def write_backlog(
    db: sqlite_utils.Database,
    chats: Sequence[str],
    *,
    due: int,
    now: float,
    sent: int = 0,
    quiet: Sequence[str] = (),
    platform: str = "telegram",
) -> None:
    """Chats that watch one feed, numbered from one, and the quiet ones behind them.

    The feed's stories all match; in each chat so many are sent, the next ones due, and in the quiet ones none.
    """
    outlet = "INSERT INTO feeds (id, url, title, due_at, primed) VALUES (1, 'https://outlet.example/', 'Outlet', ?, 1)"
    db.execute(outlet, (now + 1e9,))
    db.execute("INSERT INTO queries (id, text) VALUES (1, 'instructors')")
    write_chats(db, [*chats, *quiet], now=now, platform=platform)
    if sent + due:
        write_stories(db, 1, sent + due, now)
    db.execute(
        """INSERT INTO alerts (chat_id, event_id, story_id, state, made_at, settled_at, message_id)
           SELECT c.id, s.id, s.id, iif(s.id <= ?1, 'sent', 'due'), ?2, iif(s.id <= ?1, ?2, NULL),
           iif(s.id <= ?1, s.id, NULL) FROM stories s, chats c WHERE c.id <= ?3 ORDER BY s.id, c.id""",
        (sent, now, len(chats)),
    )
    db.execute("INSERT INTO alert_filters SELECT chat_id, event_id, chat_id, id FROM alerts")
    open_lanes(db, range(1, len(chats) + 1), now)


def write_chats(db: sqlite_utils.Database, chats: Sequence[str], *, now: float, platform: str, first: int = 1) -> None:
    """More chats that watch the feed of a backlog, numbered from `first`, in which nothing waits."""
    db.conn.executemany(
        "INSERT INTO chats (id, platform, chat, topic, kind, title, entered_at, last_number) "
        "VALUES (?, ?, ?, '', 'private', '', ?, 1)",
        [(number, platform, chat, now) for number, chat in enumerate(chats, first)],
    )
    db.execute(
        "INSERT INTO filters (id, chat_id, query_id, number, since) SELECT id, id, 1, 1, ? FROM chats WHERE id >= ?",
        (now, first),
    )
    db.execute(
        "INSERT INTO follows (chat_id, feed_id, since, everything_since) "
        "SELECT id, 1, ?, NULL FROM chats WHERE id >= ?",
        (now, first),
    )


def write_stories(db: sqlite_utils.Database, first: int, last: int, now: float) -> None:
    """Stories with these numbers, each an event of its own, matched."""
    for into, values in (
        ("events (id, key, first_seen)", f"i, 'e' || i, {now}"),
        (
            "stories (id, feed_id, event_id, version, entry, digest, first_seen, changed_at, silent, late, pending, "
            "matched)",
            f"i, 1, i, 1, {_STORY}, 'd', {now}, {now}, 0, 0, 0, 1",
        ),
        ("matches (query_id, story_id, spans)", "1, i, '[]'"),
    ):
        db.execute(f"{_NUMBERED.format(first, last)} INSERT INTO {into} SELECT {values} FROM n")


def write_alert(db: sqlite_utils.Database, chat_id: int, story: int, now: float) -> None:
    """One more story, which is due in one chat."""
    write_stories(db, story, story, now)
    alert_id = db.execute(
        "INSERT INTO alerts (chat_id, event_id, story_id, state, made_at) VALUES (?, ?, ?, 'due', ?)",
        (chat_id, story, story, now),
    ).lastrowid
    db.execute("INSERT INTO alert_filters VALUES (?, ?, ?, ?)", (chat_id, story, chat_id, alert_id))
    open_lanes(db, [chat_id], now)
