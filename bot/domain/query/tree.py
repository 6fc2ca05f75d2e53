"""A query as a tree: what it consists of. It is read by `parser`, printed by `printed`, evaluated in `matching`.

Two trees are equal where they ask for the same; how a term was typed (`text`) is kept for people, and does not count.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from bot.domain.words import fold

# Soft hyphens, joiners and the like: written, but no character of the word.
_INVISIBLE: Final = re.compile("[\u00ad\u034f\u200b\u200c\u200d\u2060\ufeff\ufe00-\ufe0f]")


class Kind(StrEnum):
    """How a word compares."""

    INFLECTED = "inflected"  # in any form, whatever its case
    ACRONYM = "acronym"  # in capitals
    EXACT = "exact"  # to the character
    PREFIX = "prefix"  # any word that begins so


class Word(NamedTuple):
    """One word that a query asks for.

    `form` is what is compared: of an inflected word its lower case, accents kept; of an acronym its capitals without
    accents; of an exact word its characters in composed form; of a prefix its folded letters.
    """

    form: str
    kind: Kind = Kind.INFLECTED

    @property
    def folded(self) -> str:
        """The word where neither case nor accents count."""
        return fold(self.form)


class Scope(StrEnum):
    """What a part of a query is restricted to; the value is the prefix that is typed."""

    TITLE = "title"
    SOURCE = "source"
    LANG = "lang"
    AUTHOR = "author"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words side by side in this order; `text` is as it was typed, spaces made one."""

    text: str = field(compare=False)
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Exact:
    """Exactly these characters, at the bounds of words; spaces made one."""

    text: str
    words: tuple[Word, ...] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Site:
    """Stories of this host, and of those below it: "lemonde.fr" means www.lemonde.fr too."""

    host: str


@dataclass(frozen=True, slots=True)
class Language:
    """Stories in this language, a lower-case primary subtag."""

    code: str


@dataclass(frozen=True, slots=True)
class And:
    """All of these, anywhere in the story."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of these."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    """Not this."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class Near:
    """Both in one field, the later at most `words` words behind the earlier, in either order."""

    words: int
    one: "Node"
    other: "Node"


@dataclass(frozen=True, slots=True)
class Scoped:
    """This, but only there."""

    scope: Scope
    part: "Node"


Term = Phrase | Exact | Site | Language
Node = Term | And | Or | Not | Near | Scoped


def children(node: Node) -> "tuple[Node, ...]":
    """The parts that a node is put together of; a term has none."""
    match node:
        case And(parts) | Or(parts):
            return parts
        case Not(part) | Scoped(_, part):
            return (part,)
        case Near(_, one, other):
            return (one, other)
        case _:
            return ()


def terms(node: Node) -> Iterator[Term]:
    """The terms below a node, in order."""
    if isinstance(node, Phrase | Exact | Site | Language):
        yield node
    for child in children(node):
        yield from terms(child)


def with_terms(node: Node, change: Callable[[Term], Term]) -> Node:
    """The same tree with each term changed."""
    match node:
        case And(parts):
            return And(tuple(with_terms(part, change) for part in parts))
        case Or(parts):
            return Or(tuple(with_terms(part, change) for part in parts))
        case Not(part):
            return Not(with_terms(part, change))
        case Near(words, one, other):
            return Near(words, with_terms(one, change), with_terms(other, change))
        case Scoped(scope, part):
            return Scoped(scope, with_terms(part, change))
        case _:
            return change(node)


def visible(text: str) -> str:
    """A text in composed form without characters that cannot be seen."""
    return text if text.isascii() else unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


def all_of(parts: list[Node]) -> Node:
    """Their conjunction, the simplest that there is."""
    return _joined(And, parts)


def any_of(parts: list[Node]) -> Node:
    """Their disjunction, the simplest that there is."""
    return _joined(Or, parts)


def opposite(part: Node) -> Node:
    """Its negation; what is negated twice is itself."""
    return part.part if isinstance(part, Not) else Not(part)


def _joined(kind: type[And] | type[Or], parts: list[Node]) -> Node:
    flat: dict[Node, None] = {}
    for part in parts:
        flat.update(dict.fromkeys(part.parts if isinstance(part, kind) else (part,)))
    return next(iter(flat)) if len(flat) == 1 else kind(tuple(flat))
