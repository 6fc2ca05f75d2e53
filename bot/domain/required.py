"""What a story must hold before a query can: the few words to look for first, so that most stories are passed over.

Nothing here decides whether a query holds; a story without what is required is one for which it does not.
"""

from collections.abc import Callable, Iterator
from enum import IntEnum
from math import inf
from typing import NamedTuple

from bot.domain.query import And, Exact, Kind, Language, Near, Node, Not, Or, Phrase, Query, Scope, Scoped, Site, Word


class Space(IntEnum):
    """Where a word is required."""

    TEXT = 0
    AUTHOR = 1
    SOURCE = 2
    HOST = 3
    LANGUAGE = 4


class Need(NamedTuple):
    """Something without which a part of a query does not hold."""

    space: Space
    word: Word


class Branch(NamedTuple):
    """One way for a query to hold: all of these are needed, and those of each phrase stand side by side."""

    needs: tuple[Need, ...]
    phrases: tuple[tuple[Need, ...], ...] = ()


Rarity = Callable[[Need], float]
"""How rare something is: the greater the rarer."""


def words_of(query: Query) -> set[Word]:
    """Every word that a query asks for in a story's texts, those to be absent too."""
    return {need.word for need in needs_of(query.root) if need.space is Space.TEXT}


def needs_of(node: Node, space: Space = Space.TEXT) -> Iterator[Need]:
    """Every word of a node with where it is asked for, those to be absent too."""
    match node:
        case Phrase(_, words) | Exact(_, words):
            yield from (Need(space, word) for word in words)
        case Site(host):
            yield Need(Space.HOST, Word(host, Kind.EXACT))
        case Language(code):
            yield Need(Space.LANGUAGE, Word(code, Kind.EXACT))
        case Scoped(scope, part):
            yield from needs_of(part, _space(scope))
        case And(parts) | Or(parts):
            for part in parts:
                yield from needs_of(part, space)
        case Not(part):
            yield from needs_of(part, space)
        case _:
            yield from needs_of(node.one, space)
            yield from needs_of(node.other, space)


def required(query: Query, rarity: Callable[[Word], float] | None = None) -> tuple[frozenset[Word], ...] | None:
    """Sets of words: of each at least one must stand in a story's texts, else the query does not hold.

    The first is the rarest, by `rarity` or by length. None where a query may hold without any word in the texts, as
    one that asks for a source only.
    """

    def rare(need: Need) -> float:
        if need.space is not Space.TEXT:
            return -1.0
        return by_length(need) if rarity is None else rarity(need.word)

    ways = []
    for branch in branches(query.root, rare):
        words = [need.word for need in branch.needs if need.space is Space.TEXT]
        if not words:
            return None
        ways.append(words)
    return tuple(dict.fromkeys(frozenset(words) for words in zip(*ways, strict=False)))


def forbidden(node: Node) -> Iterator[Need]:
    """Words that a query excludes: with any of them in a story's texts it does not hold. There may be others."""
    match node:
        case And(parts):
            for part in parts:
                yield from forbidden(part)
        case Not(Or(parts)):
            for part in parts:
                yield from forbidden(Not(part))
        case Not(Phrase(_, (word,))) if word.kind is not Kind.ACRONYM:  # which may not count in a headline
            yield Need(Space.TEXT, word)


def by_length(need: Need) -> float:
    """How rare a word is as long as nothing is known of it: long ones are rare, and acronyms; beginnings are not."""
    match need.word.kind:
        case _ if need.space in {Space.SOURCE, Space.HOST, Space.LANGUAGE}:
            return 1.0
        case Kind.ACRONYM:
            return 2.0 * len(need.word.form) + 4
        case Kind.PREFIX:
            return 0.5 * len(need.word.form)
        case _:
            return float(len(need.word.form))


def branches(node: Node, rarity: Rarity) -> tuple[Branch, ...]:
    """The ways in which a query holds, each with what it needs, the rarest first; together they leave out none.

    A conjunction of several disjunctions is not multiplied out: it takes the ways of the rarest.
    """
    found = _ways(node, rarity, Space.TEXT)
    assert found is not None, "a query that holds for nothing at all is refused"
    return tuple(
        Branch(tuple(sorted(dict.fromkeys(way.needs), key=rarity, reverse=True)), way.phrases) for way in found
    )


def _ways(node: Node, rarity: Rarity, space: Space, *, negated: bool = False) -> list[Branch] | None:
    """The ways of a node or of its negation; None where it may hold without anything."""
    match node:
        case Not(part):
            return _ways(part, rarity, space, negated=not negated)
        case Scoped(scope, part):
            return _ways(part, rarity, _space(scope), negated=negated)
        case And(parts) | Or(parts):
            ways = [_ways(part, rarity, space, negated=negated) for part in parts]
            return _all(ways, rarity) if isinstance(node, And) is not negated else _any(ways)
        case _ if negated:
            return None
        case Near(_, one, other):
            return _all([_ways(one, rarity, space), _ways(other, rarity, space)], rarity)
        case Phrase() | Exact():
            needs = tuple(needs_of(node, space))
            return [Branch(needs, (needs,) if space is Space.TEXT and len(needs) > 1 else ())]
        case _:
            return [Branch(tuple(needs_of(node, space)))]


def _all(ways: list[list[Branch] | None], rarity: Rarity) -> list[Branch] | None:
    known = [found for found in ways if found is not None]
    if not known:
        return None
    several = [found for found in known if len(found) > 1]
    single = [found[0] for found in known if len(found) == 1]
    needs = tuple(dict.fromkeys(need for way in single for need in way.needs))
    phrases = tuple(phrase for way in single for phrase in way.phrases)
    chosen = max(several, key=lambda found: _rarest(found, rarity), default=[Branch(())])
    if len(needs) > 1 and max(map(rarity, needs)) >= _rarest(chosen, rarity):
        chosen = [Branch(())]  # two words are enough to look for
    return [Branch(way.needs + needs, way.phrases + phrases) for way in chosen]


def _any(ways: list[list[Branch] | None]) -> list[Branch] | None:
    joined: list[Branch] = []
    for found in ways:
        if found is None:
            return None
        joined += found
    return joined


def _rarest(found: list[Branch], rarity: Rarity) -> float:
    """How rare a disjunction is: as its commonest way."""
    return min(max(map(rarity, way.needs), default=-inf) for way in found)


def _space(scope: Scope) -> Space:
    match scope:
        case Scope.AUTHOR:
            return Space.AUTHOR
        case Scope.SOURCE:
            return Space.SOURCE
        case _:
            return Space.TEXT
