"""A query, and how it prints: so that reading what prints gives the same query."""

from dataclasses import dataclass
from typing import Final

from bot.domain.query.faults import Fault
from bot.domain.query.lexer import QUOTES, Sign, is_plain, lex
from bot.domain.query.tree import And, Exact, Near, Node, Not, Or, Phrase, Scoped, Site, Term, terms

# How strongly what stands around binds.
_IN_LIST: Final = 1
_IN_ALL: Final = 2
_IN_NOT: Final = 3
_IN_NEAR: Final = 4


@dataclass(frozen=True, slots=True)
class Query:
    """What a filter asks for."""

    root: Node

    def __str__(self) -> str:
        """The query as we read it; reading that again gives the same query."""
        return printed(self.root)

    @property
    def terms(self) -> tuple[Term, ...]:
        """Its terms as they stand in it."""
        return tuple(terms(self.root))


def printed(node: Node, around: int = 0) -> str:
    """A node as it can be typed, in brackets where what is `around` binds more strongly."""
    match node:
        case Or(parts):
            return _bracketed(_list(parts), needed=around >= _IN_LIST)
        case And(parts):
            return _bracketed(_all(parts), needed=around >= _IN_ALL)
        case Not(part):
            return _bracketed(f"NOT {printed(part, _IN_NOT)}", needed=around >= _IN_NOT)
        case Near(words, one, other):
            left = printed(one, _IN_ALL if isinstance(one, Near) else _IN_NEAR)
            return _bracketed(f"{left} NEAR/{words} {printed(other, _IN_NEAR)}", needed=around >= _IN_NEAR)
        case Scoped(scope, part):
            return f"{scope}:{_scoped(part)}"
        case _:
            return term(node)


def term(node: Term) -> str:
    """A term as it can be typed."""
    match node:
        case Phrase(text, _):
            return text if _reads_as_words(text) else f'"{text}"'
        case Exact(text, _):
            opening = next(mark for mark, closers in QUOTES.items() if not any(closer in text for closer in closers))
            return f"={opening}{text}{QUOTES[opening][0]}"
        case Site(host):
            return host
        case _:
            return node.code


def _list(parts: tuple[Node, ...]) -> str:
    # What a list ends with is excluded from all of it, unless that is in brackets.
    last = parts[-1]
    excludes = isinstance(last, Not) or (isinstance(last, And) and isinstance(last.parts[-1], Not))
    shown = [printed(part, _IN_LIST) for part in parts]
    shown[-1] = _bracketed(shown[-1], needed=excludes)
    return ", ".join(shown)


def _all(parts: tuple[Node, ...]) -> str:
    first, *others = parts
    behind = (f" {printed(part)}" if isinstance(part, Not) else f" AND {printed(part, _IN_ALL)}" for part in others)
    return printed(first, _IN_ALL) + "".join(behind)


def _scoped(part: Node) -> str:
    if isinstance(part, And | Or | Not | Near):
        return f"({printed(part)})"
    shown = printed(part)
    return f'"{shown}"' if isinstance(part, Phrase) and " " in shown and not shown.startswith('"') else shown


def _bracketed(shown: str, *, needed: bool) -> str:
    return f"({shown})" if needed else shown


def _reads_as_words(text: str) -> bool:
    if is_plain(text):
        return True
    try:
        return all(lexeme.sign is Sign.WORD for lexeme in lex(text))
    except Fault:
        return False
