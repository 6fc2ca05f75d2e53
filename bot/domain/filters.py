"""The index of standing queries: which of them hold for a story, and where.

Each query is stored once, under the rarest word of each way in which it may hold and then the second rarest (of a
phrase, the words around it), and evaluated only in stories that hold both: the idea of Lucene's Monitor and of
Elasticsearch's percolator. Which chat asked, and whether it is entitled, is not known here.
"""

from collections import ChainMap, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from bot.domain.fields import Field, Span, texts
from bot.domain.forms import Forms
from bot.domain.matching import FOLDED, Characters, Facts, Place, find, is_loud, spans_of
from bot.domain.query import Kind, Phrase, Query, Word
from bot.domain.query.tree import Term as QueryTerm
from bot.domain.query.tree import with_terms
from bot.domain.required import Branch, Need, Space, branches, by_length, forbidden, needs_of
from bot.domain.stories import Entry
from bot.domain.urls import site
from bot.domain.vocabulary import Vocabulary
from bot.domain.ways import Branching, Bucket, Standing, Term, Way, ways_in
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
    its link's (`host`) is added; `words` are the words of each field, where they were made before; `page` is the text
    of its article's page.
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
        page: str = "",
    ) -> None:
        by_field = tuple(texts(entry, page).values())
        self.language = (entry.language or "") if language is None else language
        self.words = tuple(map(tokens, by_field)) if words is None else words
        self.places: defaultdict[str, dict[Place, Characters]] = defaultdict(dict)
        for number, found in enumerate(self.words):
            for position, (written, _, start, end) in enumerate(found):
                self.places[written][number, position] = (start, end)
        self.keys = {written: forms.keys(written, self.language) for written in self.places}
        self.host = site(entry.url or "").lower()
        self.facts = Facts(
            by_field.__getitem__,
            loud=is_loud(entry.title, len(self.words[0])),
            language=self.language,
            author=entry.author or "",
            outlet=outlet,
            hosts=tuple(dict.fromkeys(host.lower() for host in (self.host, *hosts) if host)),
            forms=forms,
        )


class FilterIndex:
    """Standing queries. Adding and removing one costs its own size, and takes effect at once.

    `forms` have to be those with which the stories are analysed.
    """

    def __init__(self, queries: Iterable[Query] = (), *, forms: Forms = FOLDED) -> None:
        self._spaces = {space: Vocabulary(forms) for space in Space}
        self._queries: dict[str, Standing] = {}
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
        ways = tuple(_way(branch, terms) for branch in branches(query.root, self._rarity))
        absent = tuple(terms[need] for need in forbidden(query.root))
        self._queries[name] = Standing(name, with_terms(query.root, self._shared), ways, absent)
        for way in ways:
            way.store()

    def remove(self, name: str) -> None:
        """Count one user less of the query that prints so; the last one takes it out. An unknown one is no error."""
        standing = self._queries.get(name)
        if standing is None:
            return
        standing.users -= 1
        if standing.users:
            return
        del self._queries[name]
        for way in standing.ways:
            way.take_out()
        standing.ways = ()  # they know it, and would be kept until the garbage is collected
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
        """Minus the share of stories in which a word is expected: by its looks, by what was met, by who asks for it.

        What many ask for is common more often than not; and what is stored under the others is spread more evenly.
        """
        term = self._spaces[need.space].get(need.word)
        assert term is not None, "a word is held before it is weighed"
        looks = 2 ** (-by_length(need) / 1.6)
        met = (term.seen + looks * _PATIENCE) / (self._stories - term.born + _PATIENCE)
        return -(met + term.users / (len(self._queries) + _PATIENCE))

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
        self._found: dict[Standing, None] = {}
        self._present: set[Term] = {*self._written, *_beside(analysis.facts, spaces)}
        self.places = _Places(text, self._written, analysis)

    def candidates(self) -> Iterable[Standing]:
        """The queries of which all the words are there that one way of holding needs, and none that must not be."""
        for term in self._present:
            term.seen += 1
            if term.ends is not None:
                self._collect(term.ends)
            if term.beside is not None:
                for other in term.beside.keys() & self._present:
                    self._collect(term.beside[other])
        for words in self._analysis.words:
            self._phrases([self._terms.get(token.text, ()) for token in words])
        return self._found

    def _phrases(self, row: list[tuple[Term, ...]]) -> None:
        """Follow the trees of all words of a field, whatever they are."""
        row.append(())  # nothing stands behind the last word, nor before the first, which is the place -1
        for at, here in enumerate(row):
            for term in here:
                if term.behind is not None:
                    for other in row[at + 1]:
                        if other in term.behind:
                            self._follow(term.behind[other], row, at, at, at + 1)
                if term.before is not None:
                    for other in row[at - 1]:
                        if other in term.before:
                            self._follow(term.before[other], row, at, at - 1, at)

    def _follow(self, there: Way | Branching, row: Sequence[tuple[Term, ...]], at: int, first: int, last: int) -> None:
        """Go on from the words first to last, which are in the tree of the word at a place."""
        if isinstance(there, Way):
            if there.stands(row, at):
                self._collect(there)
            return
        for way in ways_in(there.ends):
            if way.stands(row, at):
                self._collect(way)
        if there.behind is not None:
            for other in row[last + 1]:
                if other in there.behind:
                    self._follow(there.behind[other], row, at, first, last + 1)
        if there.before is not None:
            for other in row[first - 1]:
                if other in there.before:
                    self._follow(there.before[other], row, at, first - 1, last)

    def _collect(self, bucket: Bucket) -> None:
        """Keep the queries whose other words are there too."""
        for way in ways_in(bucket):
            if self._present.issuperset(way.rest) and self._present.isdisjoint(way.standing.absent):
                self._found[way.standing] = None


class _Places(dict[Word, Mapping[Place, Characters]]):
    """The places of a query's words in a story, found when they are asked for."""

    def __init__(self, text: Vocabulary, written: Mapping[Term, list[str]], analysis: Analysis) -> None:
        super().__init__()
        self._text = text
        self._written = written
        self._analysis = analysis

    def get(  # type: ignore[override]  # of nothing else is it asked
        self, word: Word, default: Mapping[Place, Characters] = MappingProxyType({})
    ) -> Mapping[Place, Characters]:
        """The places of a word, `default` where it stands nowhere."""
        found = super().get(word)
        if found is None:
            term = self._text.get(word)
            forms = self._written.get(term, ()) if term is not None else ()
            by_form = [self._analysis.places[written] for written in forms]
            found = self[word] = by_form[0] if len(by_form) == 1 else dict(ChainMap(*by_form)) if by_form else default
        return found


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


def _way(branch: Branch, terms: Mapping[Need, Term]) -> Way:
    """What a way of a query hangs on: its rarest word, with the phrase that it is part of or the second rarest."""
    rarest, *others = branch.needs
    phrase = next((phrase for phrase in branch.phrases if rarest in phrase), ())
    if not phrase and others:
        second, *others = others
        return Way(terms[rarest], terms[second], tuple(terms[need] for need in others))
    rest = tuple(terms[need] for need in others if need not in phrase)
    return Way(terms[rarest], None, rest, tuple(terms[need] for need in phrase))
