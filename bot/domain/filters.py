"""The index of standing queries: which of them hold for a story, and where.

Each phrase is stored once, under one of its words, and verified only in stories that hold this word: the idea of
Lucene's Monitor and of Elasticsearch's percolator. Which chat asked, and whether it is entitled, is not known here.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.domain.query import Phrase, Query, Word
from bot.domain.stories import Entry
from bot.domain.words import Token, tokens

_LOUD_ACRONYM: Final = 5  # letters that an acronym needs to count in a headline that is all capitals


class Field(StrEnum):
    """The part of a story in which something matched."""

    TITLE = "title"
    DESCRIPTION = "description"
    CONTENT = "content"
    PAGE = "page"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Matched characters: `text[start:end]` of a story's field."""

    field: Field
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Match:
    """A query that holds for a story (`query` as it prints), and every place that made it hold."""

    query: str
    spans: tuple[Span, ...]


def texts(entry: Entry, page: str = "") -> dict[Field, str]:
    """What is searched of a story, in the order in which a reader meets it; `page` is its article's text."""
    fields = {Field.TITLE: entry.title, Field.DESCRIPTION: entry.summary, Field.CONTENT: entry.content}
    return fields | {Field.PAGE: page} if page else fields


class Analysis:
    """A story's words, made once and asked by every query."""

    def __init__(self, entry: Entry) -> None:
        self.fields: list[tuple[Field, list[Token], bool]] = []
        self.places: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, (field, text) in enumerate(texts(entry).items()):
            found = tokens(text)
            loud = field is Field.TITLE and len(found) > 1 and text.isupper()
            self.fields.append((field, found, loud))
            for position, token in enumerate(found):
                self.places[token.folded].append((number, position))


class FilterIndex:
    """Standing queries by key. Adding and removing one costs its own size, and takes effect at once."""

    def __init__(self, queries: Iterable[Query] = ()) -> None:
        self._queries: dict[str, Query] = {}
        self._users: Counter[str] = Counter()
        self._by_key: dict[str, dict[str, list[Phrase]]] = {}
        for query in queries:
            self.add(query)

    def __len__(self) -> int:
        return len(self._queries)

    def add(self, query: Query) -> None:
        """Count one more user of this query; the first one stores it."""
        name = str(query)
        self._users[name] += 1
        if name not in self._queries:
            self._queries[name] = query
            for phrase in query.phrases:
                self._by_key.setdefault(_key(phrase), {}).setdefault(name, []).append(phrase)

    def remove(self, name: str) -> None:
        """Count one user less of the query that prints so; the last one takes it out. An unknown one is no error."""
        self._users[name] -= 1
        if self._users[name] > 0:
            return
        del self._users[name]
        query = self._queries.pop(name, None)
        for phrase in query.phrases if query else ():
            key = _key(phrase)
            stored = self._by_key.get(key, {})
            stored.pop(name, None)
            if not stored:
                self._by_key.pop(key, None)

    def match(self, analysis: Analysis) -> list[Match]:
        """Every query that holds, each once, with its spans in reading order."""
        spans: defaultdict[str, list[Span]] = defaultdict(list)
        for key in analysis.places.keys() & self._by_key.keys():
            for name, phrases in self._by_key[key].items():
                for phrase in phrases:
                    spans[name].extend(_spans(phrase, analysis))
        order = list(Field)
        return [
            Match(name, tuple(sorted(set(found), key=lambda span: (order.index(span.field), span.start, span.end))))
            for name, found in sorted(spans.items())
            if found
        ]


def _key(phrase: Phrase) -> str:
    """The word under which a phrase is stored: its longest, which is most likely its rarest."""
    return max((word.folded for word in phrase.words), key=len)


def _spans(phrase: Phrase, analysis: Analysis) -> Iterable[Span]:
    key = _key(phrase)
    offset = [word.folded for word in phrase.words].index(key)
    for number, position in analysis.places[key]:
        field, found, loud = analysis.fields[number]
        start = position - offset
        window = found[max(start, 0) : start + len(phrase.words)]
        if len(window) == len(phrase.words) and all(
            _holds(word, token, loud=loud) for word, token in zip(phrase.words, window, strict=True)
        ):
            yield Span(field, window[0].start, window[-1].end)


def _holds(word: Word, token: Token, *, loud: bool) -> bool:
    if word.folded != token.folded:
        return False
    if loud and word.acronym is not None and len(word.acronym) < _LOUD_ACRONYM:
        return False
    return word.holds_for(token)
