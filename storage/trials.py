"""A query tried against what is stored: which of the stories of a chat's feeds it holds for.

For each of its words it is found out once which of all the words that are written in a language are forms of it. What
remains is a question about ids to the index of the stories' words (FTS5), which answers most queries exactly. What it
cannot express (nearness, exact characters, sources) is evaluated on the stories that it names.
"""

import sqlite3
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Final, NamedTuple

import sqlite_utils

from bot.domain.fields import Span, texts
from bot.domain.forms import Forms
from bot.domain.matching import Characters, Facts, Place, Places, holds, lookup_keys, word_holds
from bot.domain.query import And, Exact, Kind, Near, Node, Not, Or, Phrase, Query, Scope, Scoped, Word
from bot.domain.required import words_of
from bot.domain.urls import site
from bot.domain.words import tokens
from storage.database import row, rows, scalar
from storage.entries import load_entry

_MOST_IDS: Final = 1_000  # of one word, that the index is asked for: it takes longer than in proportion
_MOST_PHRASES: Final = 400  # that a phrase's words in all their forms make
_NEWEST: Final = 10_000  # stories that are evaluated one by one where the index cannot say which
_UNKNOWN: Final = (0, 0)
_BEYOND: Final = "\U0010ffff"
_COLUMNS: Final = "t.title, t.description, t.content, t.page"


@dataclass(frozen=True, slots=True)
class Hit:
    """A stored story for which a query holds; `at` is when it was published, as far as that can be believed."""

    story_id: int
    event_id: int | None
    at: float


class _Asked(NamedTuple):
    """A part of a query as the index is asked for it: "" for no story, None for any; and whether it says just that."""

    match: str | None
    exact: bool


class Trial:
    """One query, the feeds that a chat follows, and one state of the data."""

    def __init__(self, db: sqlite_utils.Database, chat_id: int, query: Query, forms: Forms) -> None:
        self._db = db
        self._chat_id = chat_id
        self._query = query
        self._forms = forms
        self._ids = {word: frozenset(_ids_of(db, word, forms)) for word in words_of(query)}
        self._words: defaultdict[str, list[Word]] = defaultdict(list)
        for word, ids in self._ids.items():
            for term_id in ids:
                self._words[term_id].append(word)
        self._has_acronym = any(word.kind is Kind.ACRONYM for word in self._ids)

    @property
    def unknown(self) -> list[Word]:
        """The words of which no stored story holds any form."""
        return [word for word, ids in self._ids.items() if not ids]

    def hits(self, since: float) -> tuple[list[Hit], float]:
        """The stories published since for which the query holds, the newest first; and since when all were seen."""
        asked = self._asked(self._query.root)
        if asked.match is None:
            found = self._candidates("FROM analyses a", since, "ORDER BY a.at DESC LIMIT ?", _NEWEST)
            if len(found) == _NEWEST:
                since = found[-1]["at"]
        elif asked.match:
            index = "FROM postings p CROSS JOIN analyses a ON a.story_id = p.rowid"
            found = self._candidates(index, since, "AND p.postings MATCH ?", asked.match)
        else:
            found = []
        hits = [
            Hit(story["story_id"], story["event_id"], story["at"])
            for story in found
            if self._told_by_index(story, asked) or self.spans(story["story_id"]) is not None
        ]
        return sorted(hits, key=lambda hit: (hit.at, hit.story_id), reverse=True), since

    def _told_by_index(self, story: sqlite3.Row, asked: _Asked) -> bool:
        # In a headline that is all capitals, a short acronym may be any word.
        return asked.exact and not (story["loud"] and self._has_acronym)

    def spans(self, story_id: int, page: str = "") -> tuple[Span, ...] | None:
        """Where in a story the query holds, `page` being its article's text if that counts; None where it does not."""
        story = row(
            self._db,
            f"""SELECT {_COLUMNS}, a.language, a.loud, a.version, s.version AS newest, s.entry, f.title AS outlet, f.url
                FROM analyses a JOIN story_terms t ON t.story_id = a.story_id JOIN stories s ON s.id = a.story_id
                JOIN feeds f ON f.id = s.feed_id WHERE a.story_id = ?""",  # noqa: S608 - the columns are ours
            story_id,
        )
        assert story is not None
        entry = load_entry(story["entry"])
        fields = list(texts(entry, page).values())
        facts = Facts(
            text=lambda number: fields[number],
            loud=bool(story["loud"]),
            language=story["language"],
            author=entry.author or "",
            outlet=story["outlet"],
            hosts=tuple({host for url in (entry.url, story["url"]) if (host := site(url or ""))}),
            forms=self._forms,
        )
        places = self._places(story)
        # A newer version that waits to be matched has other characters.
        return holds(
            self._query, _with_characters(places, fields) if story["newest"] == story["version"] else {}, facts
        )

    def holds_for(self, story_id: int) -> bool:
        """Whether the query holds for a story, its article's page included; False where its words are not stored."""
        if row(self._db, "SELECT 1 FROM analyses WHERE story_id = ?", story_id) is None:
            return False
        text = scalar(self._db, "SELECT text FROM pages WHERE story_id = ?", story_id)
        return self.spans(story_id, zlib.decompress(text).decode("utf-8") if text else "") is not None

    def _places(self, story: sqlite3.Row) -> dict[Word, dict[Place, Characters]]:
        """Where the query's words stand in a story; their characters are not known."""
        places: dict[Word, dict[Place, Characters]] = {}
        words = self._words
        for number in range(len(_COLUMNS.split(", "))):
            for position, term_id in enumerate(story[number].split()):
                for word in words.get(term_id, ()):
                    places.setdefault(word, {})[number, position] = _UNKNOWN
        return places

    def _candidates(self, source: str, since: float, further: str, argument: str | int) -> list[sqlite3.Row]:
        sql = f"""SELECT a.story_id, a.event_id, a.at, a.loud {source}
                  WHERE a.at >= ? AND a.feed_id IN (SELECT feed_id FROM follows WHERE chat_id = ?)
                  {further}"""  # noqa: S608 - the words are ours
        return rows(self._db, sql, since, self._chat_id, argument)

    def _asked(self, node: Node) -> _Asked:
        """How the index is asked for a node; where not just for that, then for more."""
        match node:
            case Phrase(_, words):
                return self._phrase(words)
            case Exact(_, words):
                return _Asked(self._phrase(words).match, exact=False)
            case And(parts):
                return self._all(parts)
            case Or(parts):
                return _any([self._asked(part) for part in parts])
            case Near(_, one, other):
                return _Asked(_both([self._asked(one), self._asked(other)]), exact=False)
            case Scoped(Scope.TITLE, part):
                asked = self._asked(part)
                return _Asked(f"{{title}} : ({asked.match})", asked.exact) if asked.match else asked
            case _:
                return _Asked(None, exact=False)

    def _phrase(self, words: Sequence[Word]) -> _Asked:
        """Any of the phrases that the forms of the words make."""
        ids = [sorted(self._ids[word]) for word in words]
        if not all(ids):
            return _Asked("", exact=True)
        if prod(map(len, ids)) <= (_MOST_PHRASES if len(ids) > 1 else _MOST_IDS):
            return _Asked(" OR ".join(f'"{" ".join(one)}"' for one in product(*ids)), exact=True)
        narrow = [" OR ".join(one) for one in ids if len(one) <= _MOST_IDS]
        return _Asked(" AND ".join(f"({one})" for one in narrow) or None, exact=False)

    def _all(self, parts: Sequence[Node]) -> _Asked:
        wanted = [self._asked(part) for part in parts if not isinstance(part, Not)]
        unwanted = [self._asked(part.part) for part in parts if isinstance(part, Not)]
        match = _both(wanted)
        exact = all(asked.exact for asked in (*wanted, *unwanted))
        if match is None:
            return _Asked(None, exact=False)
        for asked in unwanted if match else ():
            if asked.exact and asked.match:
                match = f"({match}) NOT ({asked.match})"
        return _Asked(match, exact)


def _both(parts: Sequence[_Asked]) -> str | None:
    asked = [part.match for part in parts if part.match is not None]
    if "" in asked:
        return ""
    return " AND ".join(f"({match})" for match in asked) or None


def _any(parts: Sequence[_Asked]) -> _Asked:
    if any(part.match is None for part in parts):
        return _Asked(None, exact=False)
    asked = [f"({part.match})" for part in parts if part.match]
    return _Asked(" OR ".join(asked), all(part.exact for part in parts))


def _ids_of(db: sqlite_utils.Database, word: Word, forms: Forms) -> Iterator[str]:
    """The ids of all that stories write which this word of a query is."""
    if word.kind is Kind.PREFIX:
        sql = "SELECT id FROM terms WHERE folded >= ? AND folded < ?"
        yield from (str(term["id"]) for term in rows(db, sql, word.form, word.form + _BEYOND))
        return
    for language in [found["language"] for found in rows(db, "SELECT language FROM lexicons")]:
        for key in lookup_keys(word, language, forms):
            sql = """SELECT t.id, t.written FROM term_keys k JOIN terms t ON t.id = k.term_id
                     WHERE k.language = ? AND k.key = ?"""
            for term in rows(db, sql, language, key):
                if word_holds(word, term["written"], language, forms):
                    yield str(term["id"])


def _with_characters(places: Places, fields: Sequence[str]) -> Places:
    """The places with the characters that stand there; without those that the texts no longer have."""
    written = [tokens(text) for text in fields]
    return {
        word: {
            (field, position): (written[field][position].start, written[field][position].end)
            for field, position in found
            if field < len(written) and position < len(written[field])
        }
        for word, found in places.items()
    }
