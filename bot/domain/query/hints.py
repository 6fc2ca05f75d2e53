"""What of a query may be meant otherwise than it is read, though nothing is wrong with it."""

from itertools import takewhile
from typing import NamedTuple

from bot.domain.query.faults import QueryError
from bot.domain.query.lexer import Lexeme, Sign, lex
from bot.domain.query.outlets import Outlets
from bot.domain.query.parser import is_host, parse
from bot.domain.query.tree import Scope

_SMALL = {"and", "or", "not"}
_BEHIND = {Sign.WORD, Sign.QUOTED, Sign.EXACT, Sign.CLOSE}
_BEHIND_NOT = {Sign.AND, Sign.COMMA}  # what is excluded may follow on these too
_BEFORE = {Sign.WORD, Sign.QUOTED, Sign.EXACT, Sign.OPEN, Sign.FIELD, Sign.NOT, Sign.MINUS, Sign.PLUS}


class Hint(NamedTuple):
    """What is read otherwise than it may be meant: the key says how, `word` which, `example` is the other query."""

    key: str
    word: str
    example: str


def hints(text: str, outlets: Outlets | None = None) -> tuple[Hint, ...]:
    """The hints on a query that can be read: a small operator between words, a source of which one word was taken."""
    lexemes = lex(text)
    found = (_operators(text, lexemes), _source(text, lexemes, outlets or Outlets()))
    return tuple(hint for hint in found if hint is not None and _is_query(hint.example))


def _operators(text: str, lexemes: list[Lexeme]) -> Hint | None:
    """That "and" is a word; the example has all of them in capitals."""
    small = [
        lexeme
        for before, lexeme, behind in zip(lexemes, lexemes[1:], lexemes[2:], strict=False)
        if lexeme.sign is Sign.WORD and lexeme.text in _SMALL and behind.sign in _BEFORE
        if before.sign in _BEHIND or (lexeme.text == "not" and before.sign in _BEHIND_NOT)
    ]
    if not small:
        return None
    example = text
    for lexeme in small:
        example = example[: lexeme.at] + lexeme.text.upper() + example[lexeme.end :]
    return Hint("operator", small[0].text, example)


def _source(text: str, lexemes: list[Lexeme], outlets: Outlets) -> Hint | None:
    """That of "source:Le Monde" only Le is the source; the example has what may be its name in quotes."""
    for number, lexeme in enumerate(lexemes):
        if lexeme.sign is not Sign.FIELD or lexeme.text != Scope.SOURCE:
            continue
        words = list(takewhile(lambda one: one.sign is Sign.WORD, lexemes[number + 1 :]))
        if len(words) < 2 or is_host(words[0].text) or outlets.reach([word.text for word in words]):
            continue
        last = [*words[:2], *takewhile(lambda one: _is_name(one.text), words[2:])][-1]
        name = text[words[0].at : last.end]
        return Hint("source", words[0].text, f'{text[: words[0].at]}"{name}"{text[last.end :]}')
    return None


def _is_name(word: str) -> bool:
    return word[0].isupper() and not word.isupper()


def _is_query(text: str) -> bool:
    try:
        parse(text)
    except QueryError:
        return False
    return True
