"""A query tried against what is stored: which of the stories of a chat's feeds it holds for.

For each of its words it is found out once which of all the words that are written in a language are forms of it, and
for each source and author that it names, which of all there are. What remains is a question about ids
(`storage.questions`), which most queries are exactly. What it cannot express is evaluated on the stories that it names,
the newest first, for as long as there is time.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from typing import Final

import sqlite_utils

from bot.domain.fields import Span, texts
from bot.domain.forms import Forms
from bot.domain.matching import Characters, Facts, Place, Places, find, holds, lookup_keys, word_holds
from bot.domain.query import Exact, Kind, Query, Scope, Scoped, Site, Word
from bot.domain.required import words_of
from bot.domain.urls import site
from bot.domain.words import PARTING, tokens
from storage.database import row, rows, scalar
from storage.entries import load_entry
from storage.questions import FIELDS, NOTHING, Question, listed, question
from storage.stories import load_page

_COUNTED: Final = 0.75  # of the time, after which what could be counted is read through instead
_READ: Final = 0.9  # of the time, after which the newest are evaluated without asking which
_STEPS: Final = 10_000  # of SQLite between two looks at the clock
_ANY: Final = Question(exact=False)
_MANY: Final = 5_000  # events
_UNKNOWN: Final = (0, 0)
_BEYOND: Final = "\U0010ffff"
_WORDS: Final = "t.title, t.description, t.content, t.page"
_EVENT: Final = "coalesce(a.event_id, -a.story_id)"
_FACTS: Final = "a.language, a.loud, a.version, f.title AS outlet, f.url, i.host, b.author"
_BESIDE: Final = """JOIN story_terms t ON t.story_id = a.story_id JOIN feeds f ON f.id = a.feed_id
    LEFT JOIN sites i ON i.id = a.site_id LEFT JOIN bylines b ON b.id = a.byline_id"""


@dataclass(frozen=True, slots=True)
class Hit:
    """An event of which a query holds for a story, the newest such: `at` is when that was published, if believed."""

    story_id: int
    at: float


@dataclass(frozen=True, slots=True)
class Found:
    """Of how many events a query holds for a story that was published since then; the newest of them.

    `whole` says that all was looked at that was asked for: else `since` is later than that.
    """

    events: int
    newest: tuple[Hit, ...]
    since: float
    whole: bool


class Trial:
    """One query, the feeds that a chat follows, and one state of the data."""

    def __init__(self, db: sqlite_utils.Database, chat_id: int, query: Query, forms: Forms) -> None:
        self._db = db
        self._chat_id = chat_id
        self._query = query
        self._forms = forms
        self._ids = {word: sorted(_ids_of(db, word, forms)) for word in words_of(query)}
        self._words: defaultdict[str, list[Word]] = defaultdict(list)
        for word, ids in self._ids.items():
            for term_id in ids:
                self._words[term_id].append(word)
        self._wants_characters = any(isinstance(term, Exact) for term in query.terms)

    @property
    def unknown(self) -> list[Word]:
        """The words of which no stored story holds any form."""
        return [word for word, ids in self._ids.items() if not ids]

    def find(self, since: float, most: int, clock: Callable[[], float], seconds: float) -> Found:
        """What the query holds for, with so many of the newest, after not much more than so many seconds of `clock`."""
        begun = clock()
        asked = question(self._query.root, self._ids, self._beside)
        if asked.match == NOTHING.match:
            return Found(0, (), since, whole=True)
        if asked.exact:
            with _until(self._db, clock, begun + seconds * _COUNTED):
                return self._count(asked, since, most)
        for share, narrowed in ((_READ, asked), (1.0, _ANY)):
            found = self._read(narrowed, since, most, clock, begun + seconds * share)
            if found is not None:
                return found
        return Found(0, (), inf, whole=False)

    def _count(self, asked: Question, since: float, most: int) -> Found:
        """Count what the question names: it is what the query holds for."""
        sql, values = self._named(asked, f"count(DISTINCT {_EVENT})", since)
        events: int = scalar(self._db, sql, *values)
        newest: dict[int, Hit] = {}
        # Where there are many, the newest are met soon on a walk; where there are few, it is quicker to sort them.
        sql, values = self._named(asked, f"a.story_id, a.at, {_EVENT} AS event", since, walk=events > _MANY)
        for story in _each(self._db, f"{sql} ORDER BY a.at DESC, a.story_id DESC", values):
            newest.setdefault(story["event"], Hit(story["story_id"], story["at"]))
            if len(newest) == min(events, most):
                break
        return Found(events, tuple(newest.values()), since, whole=True)

    def _read(
        self, asked: Question, since: float, most: int, clock: Callable[[], float], deadline: float
    ) -> Found | None:
        """Evaluate the stories that the question names, the newest first, until then; None where that is none."""
        last: sqlite3.Row | None = None
        told: dict[int, Hit] = {}
        sql, values = self._named(
            asked, f"a.story_id, a.at, {_EVENT} AS event, {_FACTS}, {_WORDS}", since, _BESIDE, walk=asked is _ANY
        )
        order = "p.rowid" if asked.match else "a.at"
        whole = False
        with _until(self._db, clock, deadline):
            for story in _each(self._db, f"{sql} ORDER BY {order} DESC", values):
                last = story
                if asked.exact or self._holds(story):
                    hit = Hit(story["story_id"], story["at"])
                    told[story["event"]] = max(told.get(story["event"], hit), hit, key=lambda hit: hit.at)
            whole = True
        if whole:
            reached = since
        elif last is None:
            return None
        elif asked.match:
            # Ids grow, and nothing is believed to be published after it was seen: what is not read yet is older.
            reached = scalar(self._db, "SELECT first_seen FROM stories WHERE id = ?", last["story_id"])
        else:
            reached = last["at"]
        newest = sorted(told.values(), key=lambda hit: (hit.at, hit.story_id), reverse=True)
        return Found(len(told), tuple(newest[:most]), reached, whole)

    def _named(
        self, asked: Question, columns: str, since: float, beside: str = "", *, walk: bool = False
    ) -> tuple[str, tuple[object, ...]]:
        """The statement that gives these columns of the stories that a question names, with its values.

        A walk goes through all stories by when they were published.
        """
        if asked.match and not walk:
            source = "postings p CROSS JOIN analyses a ON a.story_id = p.rowid"
            condition = f"p.postings MATCH ? AND ({asked.sql or 1})"
        else:
            source = "analyses a INDEXED BY analyses_at" if walk else "analyses a"
            condition = asked.condition
        return (
            f"""SELECT {columns} FROM {source} {beside} WHERE {condition} AND a.at >= ?
                AND +a.feed_id IN (SELECT feed_id FROM follows WHERE chat_id = ?)""",  # noqa: S608 - the words are ours
            (*asked.values, since, self._chat_id),
        )

    def holds_for(self, story_id: int) -> bool:
        """Whether the query holds for a story as it was matched last, though a newer version may wait to be.

        False where its words are not stored. Characters of what waits are not known: what asks for them does not hold.
        """
        story = row(
            self._db,
            f"SELECT a.story_id, {_WORDS}, {_FACTS} FROM analyses a {_BESIDE} WHERE a.story_id = ?",  # noqa: S608 - the words are ours
            story_id,
        )
        return story is not None and self._holds(story)

    def _holds(self, story: sqlite3.Row) -> bool:
        """Whether the query holds for a story; its article's page counts."""
        if self._wants_characters:
            return self.spans(story["story_id"]) is not None
        return find(self._query.root, self._places(story), self._facts(story)) is not None

    def spans(self, story_id: int) -> tuple[Span, ...] | None:
        """Where in a story the query holds; None where it does not, or its words are not stored.

        Its article's page counts as long as its text is kept.
        """
        story = row(
            self._db,
            f"""SELECT {_WORDS}, {_FACTS}, a.parting, s.version AS newest, s.entry, g.text
                FROM analyses a {_BESIDE} JOIN stories s ON s.id = a.story_id LEFT JOIN pages g ON g.story_id = s.id
                WHERE a.story_id = ?""",  # noqa: S608 - the words are ours
            story_id,
        )
        if story is None:
            return None
        fields = list(texts(load_entry(story["entry"]), load_page(story["text"])).values())
        # A newer version that waits to be matched has other characters, and another way of parting them other places.
        known = story["newest"] == story["version"] and story["parting"] == PARTING
        places = _with_characters(self._places(story), fields) if known else {}
        return holds(self._query, places, self._facts(story, fields))

    def _facts(self, story: sqlite3.Row, fields: Sequence[str] = ()) -> Facts:
        return _facts(story, self._forms, fields, loud=bool(story["loud"]))

    def _places(self, story: sqlite3.Row) -> dict[Word, dict[Place, Characters]]:
        """Where the query's words stand in a story; their characters are not known."""
        places: dict[Word, dict[Place, Characters]] = {}
        words = self._words
        for number, name in enumerate(FIELDS):
            for position, term_id in enumerate(story[name].split()):
                if term_id in words:
                    for word in words[term_id]:
                        places.setdefault(word, {})[number, position] = _UNKNOWN
        return places

    def _beside(self, node: Scoped | Site) -> Question:
        """The stories of the sources, or by the authors, for which a part of the query holds."""
        if isinstance(node, Scoped) and node.scope is Scope.AUTHOR:
            sql = "SELECT id, language, author, '' AS host, '' AS url, '' AS outlet FROM bylines"
            return listed("a.byline_id", [one["id"] for one in rows(self._db, sql) if self._is(node, one)])
        sql = """SELECT d.feed_id, d.site_id, d.language, i.host, f.url, f.title AS outlet, '' AS author
                 FROM (SELECT DISTINCT a.feed_id, a.site_id, a.language FROM follows w
                       CROSS JOIN analyses a ON a.feed_id = w.feed_id WHERE w.chat_id = ?) d
                 JOIN feeds f ON f.id = d.feed_id LEFT JOIN sites i ON i.id = d.site_id"""
        found = [one for one in rows(self._db, sql, self._chat_id) if self._is(node, one)]
        columns = ("feed_id", "site_id", "language")
        return listed("a.feed_id, a.site_id, a.language", [[one[column] for column in columns] for one in found])

    def _is(self, node: Scoped | Site, source: sqlite3.Row) -> bool:
        return find(node, {}, _facts(source, self._forms)) is not None


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


def _facts(story: sqlite3.Row, forms: Forms, fields: Sequence[str] = (), *, loud: bool = False) -> Facts:
    """What a query may ask of a story, or of all that are from one source, beside its words."""
    hosts = {story["host"] or "", site(story["url"]).lower()} - {""}
    return Facts(
        text=fields.__getitem__,
        loud=loud,
        language=story["language"],
        author=story["author"] or "",
        outlet=story["outlet"],
        hosts=tuple(hosts),
        forms=forms,
    )


def _each(db: sqlite_utils.Database, sql: str, values: Sequence[object]) -> Iterator[sqlite3.Row]:
    cursor = db.conn.execute(sql, values)
    cursor.row_factory = sqlite3.Row
    return cursor


@contextmanager
def _until(db: sqlite_utils.Database, clock: Callable[[], float], deadline: float) -> Iterator[None]:
    """End a statement that takes longer, and what is done with it, without an error."""
    db.conn.set_progress_handler(lambda: clock() > deadline, _STEPS)
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
    finally:
        db.conn.set_progress_handler(None, 0)
