"""The index of standing queries: which of them hold for a story, and where.

Each query is stored once, under the rarest word of each way in which it may hold and then the second rarest (of a
phrase, two words side by side), and evaluated only in stories that hold both: the idea of Lucene's Monitor and of
Elasticsearch's percolator. Which chat asked, and whether it is entitled, is not known here.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.fields import Field, Span, texts
from bot.domain.forms import Forms
from bot.domain.matching import FOLDED, Facts, Place, find, spans_of
from bot.domain.query import Kind, Node, Phrase, Query, Word
from bot.domain.query.tree import Term as QueryTerm
from bot.domain.query.tree import with_terms
from bot.domain.required import Branch, Need, Space, branches, by_length, needs_of
from bot.domain.stories import Entry
from bot.domain.urls import site
from bot.domain.vocabulary import Term, Vocabulary
from bot.domain.words import Token, tokens

__all__ = ["Analysis", "Field", "FilterIndex", "Match", "Span", "texts"]

_PATIENCE: Final = 50  # stories after which what was met counts for more than what a word looks like


@dataclass(frozen=True, slots=True)
class Match:
    """A query that holds for a story (`query` as it prints), and every place that made it hold."""

    query: str
    spans: tuple[Span, ...]


class Analysis:
    """A story's words, made once and asked by every query.

    `language` is the one that the story is in, by default the one that it declares; `hosts` are its feed's, to which
    its link's is added; `words` are the words of each field, where they were made before.
    """

    def __init__(
        self,
        entry: Entry,
        language: str | None = None,
        *,
        forms: Forms = FOLDED,
        outlet: str = "",
        hosts: Iterable[str] = (),
        words: Sequence[Sequence[Token]] | None = None,
    ) -> None:
        by_field = tuple(texts(entry).values())
        self.language = (entry.language or "") if language is None else language
        self.words = tuple(map(tokens, by_field)) if words is None else words
        self.places: defaultdict[str, list[Place]] = defaultdict(list)
        for number, found in enumerate(self.words):
            for position, token in enumerate(found):
                self.places[token.text].append(Place(number, position, token.start, token.end))
        self.keys = {written: forms.keys(written, self.language) for written in self.places}
        self.facts = Facts(
            by_field.__getitem__,
            loud=len(self.words[0]) > 1 and entry.title.isupper(),
            language=self.language,
            author=entry.author or "",
            outlet=outlet,
            hosts=tuple(dict.fromkeys(host.lower() for host in (site(entry.url or ""), *hosts) if host)),
            forms=forms,
        )


class _Standing:
    """A query with how many ask for it, and the terms under which it is stored."""

    __slots__ = ("name", "places", "root", "users")

    def __init__(self, name: str, root: Node, places: tuple["_Key", ...]) -> None:
        self.name = name
        self.root = root
        self.users = 1
        self.places = places


_Bucket = _Standing | dict[_Standing, None] | None
_Key = tuple[Term, Term | None, bool]  # the rarest, the second, and whether that stands right behind it


class FilterIndex:
    """Standing queries. Adding and removing one costs its own size, and takes effect at once.

    `forms` have to be those with which the stories are analysed.
    """

    def __init__(self, queries: Iterable[Query] = (), *, forms: Forms = FOLDED) -> None:
        self._spaces = {space: Vocabulary(forms) for space in Space}
        self._queries: dict[str, _Standing] = {}
        self._stories = 0
        for query in queries:
            self.add(query)

    def __len__(self) -> int:
        return len(self._queries)

    def add(self, query: Query) -> None:
        """Count one more user of this query; the first one stores it."""
        name = str(query)
        standing = self._queries.get(name)
        if standing is not None:
            standing.users += 1
            return
        terms: dict[Need, Term] = {}
        for need in needs_of(query.root):
            if need not in terms:
                terms[need] = self._term(need)
        keys = tuple(dict.fromkeys(_key(branch, terms, self._rarity) for branch in branches(query.root, self._rarity)))
        standing = _Standing(name, with_terms(query.root, self._shared), keys)
        self._queries[name] = standing
        for key in keys:
            _store(key, standing)

    def remove(self, name: str) -> None:
        """Count one user less of the query that prints so; the last one takes it out. An unknown one is no error."""
        standing = self._queries.get(name)
        if standing is None:
            return
        standing.users -= 1
        if standing.users:
            return
        del self._queries[name]
        for key in standing.places:
            _take_out(key, standing)
        for need in dict.fromkeys(needs_of(standing.root)):
            vocabulary = self._spaces[need.space]
            term = vocabulary.get(need.word)
            assert term is not None, "a word is held as long as a query asks for it"
            term.users -= 1
            if not term.users:
                vocabulary.remove(term)

    def match(self, analysis: Analysis) -> list[Match]:
        """Every query that holds, each once, with its spans in reading order."""
        self._stories += 1
        story = _Story(analysis, self._spaces)
        matches = []
        for standing in story.candidates():
            found = find(standing.root, story.places, analysis.facts)
            if found is not None:
                matches.append(Match(standing.name, spans_of(found)))
        return sorted(matches, key=lambda match: match.query)

    def _term(self, need: Need) -> Term:
        """The term of a need, with one more user."""
        vocabulary = self._spaces[need.space]
        term = vocabulary.get(need.word)
        if term is None:
            term = Term(need.word, born=self._stories)
            vocabulary.add(term)
        term.users += 1
        return term

    def _rarity(self, need: Need) -> float:
        """Minus the share of stories in which a word is expected: what it looks like, then what was met."""
        term = self._spaces[need.space].get(need.word)
        assert term is not None, "a word is held before it is weighed"
        expected = 2 ** (-by_length(need) / 1.6)
        return -(term.seen + expected * _PATIENCE) / (self._stories - term.born + _PATIENCE)

    def _shared(self, part: QueryTerm) -> QueryTerm:
        """The same without what was typed, and with what queries that ask for the same words can share."""
        if not isinstance(part, Phrase):
            return part
        terms = [self._spaces[Space.TEXT].get(word) for word in part.words]
        if len(terms) == 1 and terms[0] is not None:
            return terms[0].phrase
        words = (term.word if term else word for term, word in zip(terms, part.words, strict=True))
        return Phrase("", tuple(words))


class _Story:
    """A story beside the standing queries: which of their words stand in it, and where."""

    def __init__(self, analysis: Analysis, spaces: Mapping[Space, Vocabulary]) -> None:
        self._analysis = analysis
        self._written: dict[Term, list[str]] = {}
        self._terms: dict[str, tuple[Term, ...]] = {}
        text = spaces[Space.TEXT]
        by_key = text.in_language(analysis.language)
        for written, keys in analysis.keys.items():
            terms = text.written(written, keys, by_key)
            if terms:
                self._terms[written] = terms
                for term in terms:
                    self._written.setdefault(term, []).append(written)
        self._present = {*self._written, *_beside(analysis.facts, spaces)}
        self.places = _Places(text, self._written, analysis)

    def candidates(self) -> Iterable[_Standing]:
        """The queries of which the rarest words are there."""
        found: dict[_Standing, None] = {}
        before: dict[str, list[dict[Term, _Bucket]]] = {}
        for term in self._present:
            term.seen += 1
            _collect(term.alone, found)
            if term.beside is not None:
                for other in term.beside.keys() & self._present:
                    _collect(term.beside[other], found)
            if term.before is not None:
                for written in self._written[term]:
                    before.setdefault(written, []).append(term.before)
        for words in self._analysis.words if before else ():
            waiting: list[dict[Term, _Bucket]] | None = None
            for token in words:
                if waiting is not None:
                    for term in self._terms.get(token.text, ()):
                        for behind in waiting:
                            _collect(behind.get(term), found)
                waiting = before.get(token.text)
        return found


class _Places(dict[Word, list[Place]]):
    """The places of a query's words in a story, found when they are asked for."""

    def __init__(self, text: Vocabulary, written: Mapping[Term, list[str]], analysis: Analysis) -> None:
        super().__init__()
        self._text = text
        self._written = written
        self._analysis = analysis

    def get(self, word: Word, default: Sequence[Place] = ()) -> Sequence[Place]:  # type: ignore[override]
        """The places of a word, `default` where it stands nowhere."""
        found = super().get(word)
        if found is None:
            term = self._text.get(word)
            forms = self._written.get(term, ()) if term is not None else ()
            found = self[word] = [place for written in forms for place in self._analysis.places[written]]
        return found or default


def _beside(facts: Facts, spaces: Mapping[Space, Vocabulary]) -> Iterator[Term]:
    """The words of queries that a story has beside its texts: those of its source and author, and its language."""
    for space, pieces in ((Space.AUTHOR, (facts.author_words,)), (Space.SOURCE, facts.source_words)):
        vocabulary = spaces[space]
        if len(vocabulary):
            by_key = vocabulary.in_language(facts.language)
            for token in (token for piece in pieces for token in piece):
                yield from vocabulary.written(token.text, facts.forms.keys(token.text, facts.language), by_key)
    named = [(Space.LANGUAGE, facts.language)]
    for host in facts.hosts:
        labels = host.split(".")
        named += ((Space.HOST, ".".join(labels[number:])) for number in range(len(labels)))
    for space, name in named:
        term = spaces[space].get(Word(name, Kind.EXACT))
        if term is not None:
            yield term


def _key(branch: Branch, terms: Mapping[Need, Term], rarity: Callable[[Need], float]) -> _Key:
    """Under what a way of a query is stored: its rarest word, with the one beside it or the second rarest."""
    rarest = branch.needs[0]
    pairs = [pair for pair in branch.adjacent if rarest in pair]
    if pairs:
        one, other = max(pairs, key=lambda pair: rarity(pair[0]) + rarity(pair[1]))
        return terms[one], terms[other], True
    second = terms[branch.needs[1]] if len(branch.needs) > 1 else None
    return terms[rarest], second, False


def _store(key: _Key, standing: _Standing) -> None:
    first, second, adjacent = key
    if second is None:
        first.alone = _with(first.alone, standing)
        return
    buckets = (first.before if adjacent else first.beside) or {}
    buckets[second] = _with(buckets.get(second), standing)
    if adjacent:
        first.before = buckets
    else:
        first.beside = buckets


def _take_out(key: _Key, standing: _Standing) -> None:
    first, second, adjacent = key
    if second is None:
        first.alone = _without(first.alone, standing)
        return
    buckets = first.before if adjacent else first.beside
    assert buckets is not None, "it is stored there"
    left = _without(buckets[second], standing)
    if left is not None:
        buckets[second] = left
        return
    del buckets[second]
    if not buckets and adjacent:
        first.before = None
    elif not buckets:
        first.beside = None


def _with(bucket: _Bucket, standing: _Standing) -> _Bucket:
    """A bucket with one more query: most hold one, which needs no dictionary."""
    if bucket is None:
        return standing
    if isinstance(bucket, _Standing):
        return {bucket: None, standing: None}
    bucket[standing] = None
    return bucket


def _without(bucket: _Bucket, standing: _Standing) -> _Bucket:
    if not isinstance(bucket, dict):
        return None
    del bucket[standing]
    return bucket or None


def _collect(bucket: _Bucket, found: dict[_Standing, None]) -> None:
    if isinstance(bucket, dict):
        found.update(bucket)
    elif bucket is not None:
        found[bucket] = None
