"""Whether a query holds for a story, and which of its words made it hold: the same for live stories and stored ones.

What is evaluated are places, of each of the query's words in the story; how they were found is not known here. AND, NOT
and OR are about the whole story, phrases and NEAR about one field of it.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

from bot.domain.fields import Field, Span
from bot.domain.forms import Folded, Forms
from bot.domain.query import And, Exact, Kind, Near, Node, Not, Or, Phrase, Query, Scope, Scoped, Site, Word
from bot.domain.query.tree import terms, visible
from bot.domain.words import Token, acronym_of, fold, tokens, without_accents

FIELDS: Final = tuple(Field)
"""The fields by their numbers."""
FOLDED: Final = Folded()
_ACRONYM_AS_NAME: Final = 4  # letters from which outlets print an acronym as a name: Eumam
_MARGIN: Final = 600  # characters around a word, more than a query may have
_SPACES: Final = re.compile(r"\s+")
_LOUD_ACRONYM: Final = 5  # letters that an acronym needs to count in a headline that is all capitals


Place = tuple[int, int]
"""Where a word stands: the field's number, and the word's number in it."""
Characters = tuple[int, int]
"""Where it begins and ends among the characters of its field."""
Places = Mapping[Word, Mapping[Place, Characters]]
"""The places of each word of a query; a word that stands nowhere may be left out."""


@dataclass(frozen=True)
class Facts:
    """What a query may ask of a story beside its words.

    `text` gives a field's text by its number (asked only where a query wants exact characters); `loud` says that the
    headline is all capitals; `hosts` are those of the story's link and of its feed, in lower case.
    """

    text: Callable[[int], str]
    loud: bool = False
    language: str = ""
    author: str = ""
    outlet: str = ""
    hosts: tuple[str, ...] = ()
    forms: Forms = FOLDED

    @cached_property
    def source(self) -> tuple[str, ...]:
        """What `source:` finds words in: the outlet's name, and each name in its hosts ("lemonde")."""
        names = {name for host in self.hosts for name in host.removeprefix("www.").split(".")[:-1]}
        return (self.outlet, *sorted(names))

    @cached_property
    def source_words(self) -> list[list[Token]]:
        """The words of each of them."""
        return [tokens(name) for name in self.source]

    @cached_property
    def author_words(self) -> list[Token]:
        """The words of the author's name."""
        return tokens(self.author)


def holds(query: Query, places: Places, facts: Facts) -> tuple[Span, ...] | None:
    """The spans that make a query hold, in reading order; None where it does not.

    There is none where it holds by what is no text of the story: its source, its language, its author.
    """
    found = find(query.root, places, facts)
    return None if found is None else spans_of(found)


def word_holds(word: Word, written: str, language: str, forms: Forms) -> bool:
    """Whether a word of a query is this word of a text, as it is written there."""
    match word.kind:
        case Kind.INFLECTED:
            return not set(forms.keys(word.form, language)).isdisjoint(forms.keys(written, language))
        case Kind.PREFIX:
            return fold(written).startswith(word.form)
        case Kind.EXACT:
            return visible(written) == word.form
        case _:
            return acronym_holds(word.form, written)


def acronym_holds(acronym: str, written: str) -> bool:
    """Whether a word of a text is this acronym: in capitals, with an ending or without; never in small letters.

    One of four letters and more may also be printed as a name.
    """
    bare = without_accents(written)
    if bare == acronym or (len(acronym) >= _ACRONYM_AS_NAME and bare == acronym.capitalize()):
        return True
    return acronym_of(written) == acronym


def lookup_keys(word: Word, language: str, forms: Forms) -> tuple[str, ...]:
    """Under which of `token_keys` the words of texts are found that may be this word.

    A prefix has none: what begins with `word.form` when folded is to be looked up.
    """
    match word.kind:
        case Kind.INFLECTED:
            return forms.keys(word.form, language)
        case Kind.PREFIX:
            return ()
        case _:
            return (fold(word.form),)


def token_keys(written: str, language: str, forms: Forms) -> tuple[str, ...]:
    """The keys under which a word of a text is to be found by every kind of word that it may be."""
    acronym = acronym_of(written)
    acronyms = (fold(acronym),) if acronym else ()
    return tuple(dict.fromkeys((fold(written), *acronyms, *forms.keys(written, language))))


def counts_in_capitals(word: Word) -> bool:
    """Whether a word counts in a headline that is all capitals: there a short acronym may be any word, but for F16."""
    return word.kind is not Kind.ACRONYM or len(word.form) >= _LOUD_ACRONYM or not word.form.isalpha()


def is_loud(title: str, words: int) -> bool:
    """Whether a headline of so many words is all capitals; one of a single word is that word."""
    return words > 1 and title.isupper()


class _Part(NamedTuple):
    """A word or phrase at one place: its first and last word's position, its characters."""

    first: int
    last: int
    start: int
    end: int


class Stretch(NamedTuple):
    """Where something holds: a field, the positions from first to last, and what matched between them."""

    field: int
    first: int
    last: int
    parts: tuple[_Part, ...]


def find(node: Node, places: Places, facts: Facts, *, title_only: bool = False) -> list[Stretch] | None:
    """Every stretch that makes a node hold; None where it does not hold."""
    match node:
        case Phrase(_, words):
            return _phrases(words, places, facts, title_only=title_only) or None
        case And(parts):
            return _all(find(part, places, facts, title_only=title_only) for part in parts)
        case Or(parts):
            return _any(find(part, places, facts, title_only=title_only) for part in parts)
        case Not(part):
            return [] if find(part, places, facts, title_only=title_only) is None else None
        case Near(words, one, other):
            return _near(
                words,
                find(one, places, facts, title_only=title_only),
                find(other, places, facts, title_only=title_only),
            )
        case Exact(text, words):
            found = _phrases(words, places, facts, title_only=title_only)
            exactly = (_exactly(text, stretch, facts.text(stretch.field)) for stretch in found)
            return [stretch for stretch in exactly if stretch is not None] or None
        case Scoped(scope, part):
            return _scoped(scope, part, places, facts)
        case Site(host):
            return [] if any(one == host or one.endswith(f".{host}") for one in facts.hosts) else None
        case _:
            return [] if facts.language == node.code else None


def _scoped(scope: Scope, part: Node, places: Places, facts: Facts) -> list[Stretch] | None:
    match scope:
        case Scope.TITLE:
            return find(part, places, facts, title_only=True)
        case Scope.AUTHOR:
            beside = _holds_beside(part, (facts.author,), (facts.author_words,), facts)
        case Scope.SOURCE:
            beside = _holds_beside(part, facts.source, facts.source_words, facts)
        case _:
            beside = find(part, {}, facts) is not None
    return [] if beside else None


def spans_of(found: Iterable[Stretch]) -> tuple[Span, ...]:
    """The characters of stretches, each once, in reading order."""
    parts = {(stretch.field, part.start, part.end) for stretch in found for part in stretch.parts}
    return tuple(Span(FIELDS[number], start, end) for number, start, end in sorted(parts))


def _all(found: Iterable[list[Stretch] | None]) -> list[Stretch] | None:
    joined: list[Stretch] = []
    for stretches in found:
        if stretches is None:
            return None
        joined += stretches
    return joined


def _any(found: Iterable[list[Stretch] | None]) -> list[Stretch] | None:
    holding = [stretches for stretches in found if stretches is not None]
    return [stretch for stretches in holding for stretch in stretches] if holding else None


def _phrases(words: Sequence[Word], places: Places, facts: Facts, *, title_only: bool) -> list[Stretch]:
    """Where words stand side by side: around the places of the rarest, the others are looked for."""
    found = [_heard(word, places.get(word, {}), facts, title_only=title_only) for word in words]
    if len(words) == 1:
        return [
            Stretch(number, position, position, (_Part(position, position, start, end),))
            for (number, position), (start, end) in found[0].items()
        ]
    rarest = min(range(len(words)), key=lambda number: len(found[number]))
    stretches = []
    for number, position in found[rarest]:
        first = position - rarest
        if all((number, first + offset) in one for offset, one in enumerate(found)):
            last = first + len(words) - 1
            start, end = found[0][number, first][0], found[-1][number, last][1]
            stretches.append(Stretch(number, first, last, (_Part(first, last, start, end),)))
    return stretches


def _heard(
    word: Word, places: Mapping[Place, Characters], facts: Facts, *, title_only: bool
) -> Mapping[Place, Characters]:
    """The places that count: where a headline shouts, a short acronym may be any word."""
    if title_only:
        places = {place: characters for place, characters in places.items() if place[0] == 0}
    if facts.loud and not counts_in_capitals(word):
        return {place: characters for place, characters in places.items() if place[0] != 0}
    return places


def _exactly(exact: str, stretch: Stretch, text: str) -> Stretch | None:
    """The stretch with the signs around its words, where all the characters are as they were asked for."""
    before, inside, behind = _around(exact)
    (part,) = stretch.parts
    start, end = part.start, part.end
    # A word's full stop or ending may go beyond what was asked for: F-16-х is F-16, but F-16s is not.
    beyond = _spaced(text[start:end]).removeprefix(inside)
    if not beyond[:1].isalnum():
        end -= len(beyond)
    if (
        _spaced(text[start:end]) != inside
        or not _spaced(text[max(start - _MARGIN, 0) : start]).endswith(before)
        or not _spaced(text[end : end + _MARGIN]).startswith(behind)
    ):
        return None
    start -= len(before) if text.endswith(before, 0, start) else 0
    end += len(behind) if text.startswith(behind, end) else 0
    return stretch._replace(parts=(part._replace(start=start, end=end),))


@lru_cache(maxsize=1_024)
def _around(exact: str) -> tuple[str, str, str]:
    """The text from its first word to its last, with what stands before and behind these."""
    written = tokens(exact)
    start, end = written[0].start, written[-1].end
    return exact[:start], exact[start:end], exact[end:]


def _spaced(text: str) -> str:
    return _SPACES.sub(" ", visible(text))


def _holds_beside(node: Node, texts: Sequence[str], written: Sequence[Sequence[Token]], facts: Facts) -> bool:
    """Whether a node holds for texts that are no fields of a story."""
    places: dict[Word, dict[Place, Characters]] = {}
    for word in (word for term in terms(node) if isinstance(term, Phrase | Exact) for word in term.words):
        places[word] = {
            (number, position): (token.start, token.end)
            for number, found in enumerate(written)
            for position, token in enumerate(found)
            if word_holds(word, token.text, facts.language, facts.forms)
        }
    beside = Facts(texts.__getitem__, language=facts.language, hosts=facts.hosts)
    return find(node, places, beside) is not None


def _near(words: int, one: list[Stretch] | None, other: list[Stretch] | None) -> list[Stretch] | None:
    """What stands near something of the other, with what is farthest of that on either side.

    The farthest, for what is to be near both in turn is nearer to them then. Each side is gone through once.
    """
    if one is None or other is None:
        return None
    found = {*_pairs(words, one, other), *_pairs(words, other, one)}
    return sorted(found) or None


def _pairs(words: int, one: list[Stretch], other: list[Stretch]) -> Iterator[Stretch]:
    others = sorted(other)
    firsts = [(stretch.field, stretch.first) for stretch in others]
    longest = max(stretch.last - stretch.first for stretch in others)
    for stretch in one:
        least = bisect_left(firsts, (stretch.field, stretch.first - words - longest))
        most = bisect_right(firsts, (stretch.field, stretch.last + words))
        for numbers in (range(least, most), range(most - 1, least - 1, -1)):
            farthest = next((others[n] for n in numbers if _is_near(words, stretch, others[n])), None)
            if farthest is not None:
                yield Stretch(
                    stretch.field,
                    min(stretch.first, farthest.first),
                    max(stretch.last, farthest.last),
                    tuple(sorted({*stretch.parts, *farthest.parts})),
                )


def _is_near(words: int, one: Stretch, other: Stretch) -> bool:
    """Whether at most so many words lie from one to the other; what shares a word with it is it itself."""
    if other.first - one.last > words or one.first - other.last > words:
        return False
    return all(mine.last < its.first or its.last < mine.first for mine in one.parts for its in other.parts)
