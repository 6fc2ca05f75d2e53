"""The archive: each story's words, so that a query is tried against all that is stored without analysing it again.

A story is kept as the ids of its words (`terms`), which are resolved once for a query: which of all words written in a
language the query's words hold for. What remains to be done for a story is a comparison of ids.
"""

import json
from collections.abc import Mapping, Sequence

import sqlite_utils

from bot.domain.words import fold
from bot.ports import StoryWords

FIELD_END = "|"
_AT_ONCE = 500


def file_away(
    db: sqlite_utils.Database, story_id: int, version: int, words: StoryWords, at: float, method: str
) -> None:
    """Keep the words of a story's version, in place of an earlier version's."""
    ids = _term_ids(db, words, method)
    terms = f" {FIELD_END} ".join(" ".join(str(ids[word]) for word in field) for field in words.fields)
    db.execute(
        """INSERT INTO analyses (story_id, version, language, at, terms) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET version = excluded.version, language = excluded.language, at = excluded.at,
           terms = excluded.terms""",
        (story_id, version, words.language, at, terms),
    )


def _term_ids(db: sqlite_utils.Database, words: StoryWords, method: str) -> dict[str, int]:
    """The id of every word of a story; words that no story of its language had are added, with their keys."""
    written = {word for field in words.fields for word in field}
    ids = _known(db, words.language, written)
    for word in sorted(written - ids.keys()):
        cursor = db.conn.execute(
            "INSERT INTO terms (language, written, folded) VALUES (?, ?, ?)", (words.language, word, fold(word))
        )
        assert cursor.lastrowid is not None
        ids[word] = cursor.lastrowid
        _key(db, words.language, ids[word], words.keys[word])
    return ids


def _known(db: sqlite_utils.Database, language: str, written: set[str]) -> dict[str, int]:
    sql = """SELECT t.written, t.id FROM json_each(?) w
             CROSS JOIN terms t ON t.language = ? AND t.written = w.value"""
    return dict(db.conn.execute(sql, (json.dumps(sorted(written), ensure_ascii=False), language)).fetchall())


def _key(db: sqlite_utils.Database, language: str, term_id: int, keys: Sequence[str]) -> None:
    db.conn.executemany(
        "INSERT OR IGNORE INTO term_keys VALUES (?, ?, ?)", [(language, key, term_id) for key in keys]
    )
