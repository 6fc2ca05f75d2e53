"""A query tried against what is stored: which of the stories of a chat's feeds it holds for.

For each of its words it is found out once which of all the words that are written in a language are forms of it; what
remains to be done for a story is a comparison of ids. Candidates come from an index of the ids (FTS5), by the rarest
words that the query requires.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import sqlite_utils

from bot.domain.fields import Span, texts
from bot.domain.forms import Forms
from bot.domain.matching import Facts, Place, holds, is_loud, lookup_keys, word_holds
from bot.domain.query import Exact, Kind, Node, Phrase, Query, Scope, Scoped, Site, Word
from bot.domain.query.tree import children
from bot.domain.required import required, words_of
from bot.domain.words import tokens
from storage.archive import FIELD_END
from storage.database import rows
from storage.entries import load_entry

_WORDS_AT_ONCE: Final = 200  # words in one question to the index, which for more takes longer than in proportion
_NEWEST: Final = 20_000  # stories that are looked at where the index cannot say which
_BEYOND: Final = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Hit:
    """A stored story for which a query holds; `at` is when it was published, as far as that can be believed."""

    story_id: int
    event_id: int | None
    at: float


class Trial:
    """One query, the feeds that a chat follows, and one state of the data."""

    def __init__(self, db: sqlite_utils.Database, chat_id: int, query: Query, forms: Forms) -> None:
        self._db = db
        self._chat_id = chat_id
        self._query = query
        self._forms = forms
        self._ids = {word: frozenset(_terms_of(db, word, forms)) for word in words_of(query)}
        self._words: defaultdict[str, list[Word]] = defaultdict(list)
        for word, ids in self._ids.items():
            for term in ids:
                self._words[term].append(word)
        sql = "SELECT f.id, f.title, f.url FROM follows w JOIN feeds f ON f.id = w.feed_id WHERE w.chat_id = ?"
        self._feeds = {feed["id"]: feed for feed in rows(db, sql, chat_id)}
        self._asks_more = _asks_more(query.root)

    @property
    def unknown(self) -> list[Word]:
        """The words of which no stored story holds any form."""
        return [word for word, ids in self._ids.items() if not ids]

    def hits(self, since: float) -> list[Hit]:
        """The stories published since for which the query holds, the newest first."""
        found = [
            Hit(story["story_id"], story["event_id"], story["at"])
            for story in self._candidates(since)
            if self._holds(story)
        ]
        return sorted(found, key=lambda hit: (hit.at, hit.story_id), reverse=True)

    def spans(self, story_id: int) -> tuple[Span, ...]:
        """Where in a story the query holds; nothing where it no longer does."""
        sql = f"{_STORY}, s.entry FROM analyses a JOIN stories s ON s.id = a.story_id WHERE s.id = ?"
        (story,) = rows(self._db, sql, story_id)
        return self._spans(story) or ()

    def _holds(self, story: sqlite3.Row) -> bool:
        if self._asks_more:
            return self._spans(story) is not None
        facts = Facts(text=lambda _: "", language=story["language"], forms=self._forms)
        return holds(self._query, self._places(story["terms"]), facts) is not None

    def _spans(self, story: sqlite3.Row) -> tuple[Span, ...] | None:
        entry = load_entry(story["entry"])
        fields = list(texts(entry).values())
        feed = self._feeds[story["feed_id"]]
        facts = Facts(
            text=lambda number: fields[number],
            loud=is_loud(entry.title),
            language=story["language"],
            author=entry.author or "",
            outlet=feed["title"],
            hosts=tuple({host for url in (entry.url, feed["url"]) if (host := _host(url))}),
            forms=self._forms,
        )
        return holds(self._query, self._places(story["terms"], fields), facts)

    def _places(self, terms: str, fields: Sequence[str] | None = None) -> dict[Word, list[Place]]:
        """Where the query's words stand in a story, with their characters where its texts are given."""
        places: dict[Word, list[Place]] = {}
        words = self._words
        number = position = 0
        for term in terms.split():
            if term == FIELD_END:
                number, position = number + 1, 0
                continue
            if term in words:
                for word in words[term]:
                    places.setdefault(word, []).append(Place(number, position, 0, 0))
            position += 1
        return places if fields is None else _with_characters(places, fields)

    def _candidates(self, since: float) -> Iterator[sqlite3.Row]:
        """Stories that may match, of the chat's feeds, as they were matched last."""
        story = f"{_STORY}{', s.entry' if self._asks_more else ''}"
        where = """JOIN stories s ON s.id = a.story_id AND s.version = a.version
                   WHERE a.at >= ? AND s.feed_id IN (SELECT feed_id FROM follows WHERE chat_id = ?)"""
        needed = required(self._query)
        if needed is None:
            newest = f"{story} FROM analyses a CROSS {where} ORDER BY a.at DESC LIMIT ?"
            yield from rows(self._db, newest, since, self._chat_id, _NEWEST)
            return
        clauses = sorted(({term for word in clause for term in self._ids[word]} for clause in needed), key=len)
        if not all(clauses):
            return
        # The index answers for few words at once; the shortest clause is asked about part by part.
        others = [clause for clause in clauses[1:] if len(clause) <= _WORDS_AT_ONCE]
        seen: set[int] = set()
        shortest = sorted(clauses[0])
        for first in range(0, len(shortest), _WORDS_AT_ONCE):
            asked = (shortest[first : first + _WORDS_AT_ONCE], *others)
            match = " AND ".join(f"({' OR '.join(clause)})" for clause in asked)
            sql = f"""{story} FROM postings p CROSS JOIN analyses a ON a.story_id = p.rowid CROSS {where}
                      AND postings MATCH ?"""
            for found in rows(self._db, sql, since, self._chat_id, match):
                if found["story_id"] not in seen:
                    seen.add(found["story_id"])
                    yield found


_STORY: Final = "SELECT a.story_id, a.language, a.at, a.terms, s.feed_id, s.event_id"


def _terms_of(db: sqlite_utils.Database, word: Word, forms: Forms) -> Iterator[str]:
    """The ids of all that stories write which this word of a query is."""
    if word.kind is Kind.PREFIX:
        sql = "SELECT id, language, written FROM terms WHERE folded >= ? AND folded < ?"
        for term in rows(db, sql, word.form, word.form + _BEYOND):
            yield str(term["id"])
        return
    for language in _languages(db):
        for key in lookup_keys(word, language, forms):
            sql = """SELECT t.id, t.written FROM term_keys k JOIN terms t ON t.id = k.term_id
                     WHERE k.language = ? AND k.key = ?"""
            for term in rows(db, sql, language, key):
                if word_holds(word, term["written"], language, forms):
                    yield str(term["id"])


def _languages(db: sqlite_utils.Database) -> list[str]:
    return [found["language"] for found in rows(db, "SELECT language FROM lexicons")]


def _with_characters(places: dict[Word, list[Place]], fields: Sequence[str]) -> dict[Word, list[Place]]:
    """The places with the characters that stand there; without those that the texts have no more."""
    written = [tokens(text) for text in fields]
    return {
        word: [
            place._replace(start=token.start, end=token.end)
            for place in found
            if place.field < len(written) and place.position < len(written[place.field])
            for token in (written[place.field][place.position],)
        ]
        for word, found in places.items()
    }


def _asks_more(node: Node) -> bool:
    """Whether words alone do not tell: the story's characters, its source, its author or its headline are asked for."""
    match node:
        case Exact() | Site():
            return True
        case Scoped(scope, _) if scope in {Scope.SOURCE, Scope.AUTHOR}:
            return True
        case Phrase(_, words):
            # In a headline that is all capitals, a short acronym may be any word.
            return any(word.kind is Kind.ACRONYM for word in words)
        case _:
            return any(map(_asks_more, children(node)))


def _host(url: str | None) -> str:
    try:
        return (urlsplit(url or "").hostname or "").lower()
    except ValueError:
        return ""
