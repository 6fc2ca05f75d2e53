"""Why a query does not hold for a story: which of its parts fail, and how."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from bot.domain.matching import FIELDS, Facts, Places, find
from bot.domain.query import And, Exact, Kind, Near, Node, Not, Or, Phrase, Query, Scope, Scoped
from bot.domain.query.printed import printed
from bot.domain.words import fold, tokens


class Why(StrEnum):
    """How a part of a query fails."""

    ABSENT = "absent"  # no form of it stands in the story
    APART = "apart"  # the words of a phrase do, but not side by side
    SMALL = "small"  # an acronym does, but not in capitals
    FAR = "far"  # both do, but too far from one another
    UNLIKE = "unlike"  # the words do, but not to the character
    PRESENT = "present"  # it was not to be there
    TITLE = "title"  # it stands in the story, but not in its title
    SOURCE = "source"  # the story is from elsewhere
    AUTHOR = "author"  # somebody else wrote it
    LANGUAGE = "language"  # it is in another language


class Reason(NamedTuple):
    """A part of a query, as it is typed, and how it fails."""

    why: Why
    part: str


def reasons(query: Query, places: Places, facts: Facts) -> tuple[Reason, ...]:
    """The parts that keep a query from holding, in its order; none where it holds.

    Of parts of which one would do, each is named.
    """
    return tuple(dict.fromkeys(_failing(query.root, places, facts)))


def _failing(node: Node, places: Places, facts: Facts) -> Iterator[Reason]:
    if find(node, places, facts) is not None:
        return
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _failing(part, places, facts)
        case Not(part):
            yield Reason(Why.PRESENT, printed(part))
        case Near(_, one, other):
            missing = [*_failing(one, places, facts), *_failing(other, places, facts)]
            yield from missing or [Reason(Why.FAR, printed(node))]
        case Scoped(scope, part):
            yield _failing_there(scope, part, places, facts)
        case Exact(_, words):
            present = all(fold(word.form) in _written(facts) for word in words)
            yield Reason(Why.UNLIKE if present else Why.ABSENT, printed(node))
        case Phrase():  # pragma: no branch - sources and languages stand in fields only
            yield Reason(_of_phrase(node, places, facts), printed(node))


def _of_phrase(phrase: Phrase, places: Places, facts: Facts) -> Why:
    missing = [word for word in phrase.words if not places.get(word)]
    if not missing:
        return Why.APART if len(phrase.words) > 1 else Why.SMALL  # a headline that is all capitals names no acronym
    if all(word.kind is Kind.ACRONYM and word.folded in _written(facts) for word in missing):
        return Why.SMALL
    return Why.ABSENT


def _failing_there(scope: Scope, part: Node, places: Places, facts: Facts) -> Reason:
    shown = printed(Scoped(scope, part))
    match scope:
        case Scope.TITLE:
            elsewhere = find(part, places, facts) is not None
            return Reason(Why.TITLE, printed(part)) if elsewhere else Reason(Why.ABSENT, shown)
        case Scope.SOURCE:
            return Reason(Why.SOURCE, shown)
        case Scope.AUTHOR:
            return Reason(Why.AUTHOR, shown)
        case _:
            return Reason(Why.LANGUAGE, shown)


def _written(facts: Facts) -> frozenset[str]:
    """The folded words of the story's texts."""
    return frozenset(token.folded for number in range(len(FIELDS)) for token in tokens(facts.text(number)))
