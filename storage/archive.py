"""The archive: each story's words, kept so that a query is tried against all that is stored with no new analysis.

A story is kept as the ids of its words as written (`terms`), each of which is kept once for its language with the keys
under which it is found (`term_keys`). `storage.trials` asks it.
"""

import json
from collections.abc import Mapping, Sequence

import sqlite_utils

from bot.domain.words import PARTING, fold
from bot.ports.stories import StoryWords
from storage.database import scalar

_COLUMNS = 4  # title, description, content, page


def file_away(db: sqlite_utils.Database, story_id: int, version: int, words: StoryWords, at: float) -> None:
    """Keep the words of a story's version, in place of an earlier version's."""
    ids = term_ids(db, words)
    terms = [" ".join(str(ids[word]) for word in field) for field in words.fields]
    db.execute(
        """INSERT INTO analyses SELECT id, feed_id, event_id, ?, ?, ?, ?, ?, ?, ? FROM stories WHERE id = ?
           ON CONFLICT DO UPDATE SET feed_id = excluded.feed_id, event_id = excluded.event_id,
           version = excluded.version, language = excluded.language, loud = excluded.loud, at = excluded.at,
           site_id = excluded.site_id, byline_id = excluded.byline_id, parting = excluded.parting""",
        (version, words.language, words.loud, at, *_source(db, words), PARTING, story_id),
    )
    db.execute(
        """INSERT INTO story_terms VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET title = excluded.title,
           description = excluded.description, content = excluded.content, page = excluded.page""",
        (story_id, *terms, *[""] * (_COLUMNS - len(terms))),
    )


def _source(db: sqlite_utils.Database, words: StoryWords) -> tuple[int, int]:
    """The ids of where a story leads and of who wrote it."""
    db.execute("INSERT OR IGNORE INTO sites (host) VALUES (?)", (words.host,))
    db.execute("INSERT OR IGNORE INTO bylines (language, author) VALUES (?, ?)", (words.language, words.author))
    site_id: int = scalar(db, "SELECT id FROM sites WHERE host = ?", words.host)
    sql = "SELECT id FROM bylines WHERE language = ? AND author = ?"
    return site_id, scalar(db, sql, words.language, words.author)


def term_ids(db: sqlite_utils.Database, words: StoryWords) -> dict[str, int]:
    """The id of every word of a story; words that no story of its language had are added, with their keys."""
    db.execute("INSERT OR IGNORE INTO lexicons VALUES (?, ?)", (words.language, words.method))
    written = {word for field in words.fields for word in field}
    sql = """SELECT t.written, t.id FROM json_each(?) w
             CROSS JOIN terms t ON t.language = ? AND t.written = w.value"""
    asked = json.dumps(sorted(written), ensure_ascii=False)
    ids: dict[str, int] = dict(db.conn.execute(sql, (asked, words.language)).fetchall())
    if unknown := sorted(written - ids.keys()):
        last = scalar(db, "SELECT max(id) FROM terms") or 0
        new = {word: last + number for number, word in enumerate(unknown, 1)}
        db.conn.executemany(
            "INSERT INTO terms (id, language, written, folded) VALUES (?, ?, ?, ?)",
            [(term_id, words.language, word, fold(word)) for word, term_id in new.items()],
        )
        set_keys(db, words.language, {term_id: words.keys(word) for word, term_id in new.items()})
        ids |= new
    return ids


def set_keys(db: sqlite_utils.Database, language: str, keys: Mapping[int, Sequence[str]]) -> None:
    """Have words, each by its id, found under their keys."""
    db.conn.executemany(
        "INSERT OR IGNORE INTO term_keys VALUES (?, ?, ?)",
        [(language, key, term_id) for term_id, of_word in keys.items() for key in of_word],
    )
