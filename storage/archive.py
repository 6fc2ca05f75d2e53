"""The archive: each story's words, kept so that a query is tried against all that is stored with no new analysis.

A story is kept as the ids of its words as written (`terms`), each of which is kept once for its language with the keys
under which it is found (`term_keys`). `storage.trials` asks it.
"""

import json
from collections.abc import Sequence

import sqlite_utils

from bot.domain.words import fold
from bot.ports import StoryWords

_COLUMNS = 4  # title, description, content, page


def file_away(db: sqlite_utils.Database, story_id: int, version: int, words: StoryWords, at: float) -> None:
    """Keep the words of a story's version, in place of an earlier version's."""
    ids = _term_ids(db, words)
    terms = [" ".join(str(ids[word]) for word in field) for field in words.fields]
    db.execute(
        """INSERT INTO analyses SELECT id, feed_id, event_id, ?, ?, ?, ? FROM stories WHERE id = ?
           ON CONFLICT DO UPDATE SET feed_id = excluded.feed_id, event_id = excluded.event_id,
           version = excluded.version, language = excluded.language, loud = excluded.loud, at = excluded.at""",
        (version, words.language, words.loud, at, story_id),
    )
    db.execute(
        """INSERT INTO story_terms VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET title = excluded.title,
           description = excluded.description, content = excluded.content, page = excluded.page""",
        (story_id, *terms, *[""] * (_COLUMNS - len(terms))),
    )


def _term_ids(db: sqlite_utils.Database, words: StoryWords) -> dict[str, int]:
    """The id of every word of a story; words that no story of its language had are added, with their keys."""
    db.execute("INSERT OR IGNORE INTO lexicons VALUES (?, ?)", (words.language, words.method))
    written = {word for field in words.fields for word in field}
    sql = """SELECT t.written, t.id FROM json_each(?) w
             CROSS JOIN terms t ON t.language = ? AND t.written = w.value"""
    asked = json.dumps(sorted(written), ensure_ascii=False)
    ids: dict[str, int] = dict(db.conn.execute(sql, (asked, words.language)).fetchall())
    for word in sorted(written - ids.keys()):
        cursor = db.conn.execute(
            "INSERT INTO terms (language, written, folded) VALUES (?, ?, ?)", (words.language, word, fold(word))
        )
        assert cursor.lastrowid is not None
        ids[word] = cursor.lastrowid
        set_keys(db, words.language, ids[word], words.keys(word))
    return ids


def set_keys(db: sqlite_utils.Database, language: str, term_id: int, keys: Sequence[str]) -> None:
    """Have a word found under these keys."""
    db.conn.executemany("INSERT OR IGNORE INTO term_keys VALUES (?, ?, ?)", [(language, key, term_id) for key in keys])
