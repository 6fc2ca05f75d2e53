"""Stored stories parted into words anew, where an earlier version has parted them otherwise."""

import sqlite_utils

from bot.domain.fields import texts
from bot.domain.forms import Forms
from bot.domain.matching import token_keys
from bot.domain.words import PARTING, tokens
from bot.ports.stories import StoryWords
from storage.archive import term_ids
from storage.database import row
from storage.entries import load_entry
from storage.questions import FIELDS
from storage.stories import load_page


def part_anew(db: sqlite_utils.Database, story_id: int, forms: Forms) -> None:
    """Part a story's texts into words once more, as they are parted now; where a text went, its words stay.

    What waits to be matched is left alone: its words are made then.
    """
    story = row(
        db,
        """SELECT a.language, a.loud, s.entry, g.text, t.title, t.description, t.content, t.page
           FROM analyses a JOIN stories s ON s.id = a.story_id AND s.version = a.version
           JOIN story_terms t ON t.story_id = a.story_id LEFT JOIN pages g ON g.story_id = a.story_id
           WHERE a.story_id = ?""",
        story_id,
    )
    db.execute("UPDATE analyses SET parting = ? WHERE story_id = ?", (PARTING, story_id))
    if story is None:
        return
    language = story["language"]
    fields = tuple(
        tuple(token.text for token in tokens(text))
        for text in texts(load_entry(story["entry"]), load_page(story["text"])).values()
    )
    words = StoryWords(language, bool(story["loud"]), fields, lambda word: token_keys(word, language, forms), "")
    ids = term_ids(db, words)
    kept = [story[name] for name in FIELDS]
    made = [" ".join(str(ids[word]) for word in field) or old for field, old in zip(fields, kept, strict=True)]
    if made != kept:
        sql = "UPDATE story_terms SET title = ?, description = ?, content = ?, page = ? WHERE story_id = ?"
        db.execute(sql, (*made, story_id))
