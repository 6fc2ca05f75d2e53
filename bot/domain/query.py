"""The query language: from what is typed to a query, and its errors.

Here are comma-separated keywords and phrases. The operators that the language reserves (AND, NOT, NEAR, brackets,
prefixes, fields) are refused by name rather than read as words, so that no saved filter changes its meaning when
they come.
"""

import re
from dataclasses import dataclass
from typing import Final

from bot.domain.errors import UserError
from bot.domain.words import Token, tokens, without_accents

MAX_CHARACTERS: Final = 500
MAX_TERMS: Final = 50
_ACRONYM_AS_NAME: Final = 4  # letters from which outlets print an acronym as a name: Eumam

_QUOTES: Final = {'"': '"', "“": "”", "„": "“”", "«": "»", "‹": "›", "”": "”"}
_MARKS: Final = re.compile("[" + "".join(_QUOTES) + "]")
_LEXEME: Final = re.compile(
    r"(?P<separator>[,;|\n]|(?<!\S)OR(?!\S))|(?P<quote>[\"“„«‹”])|(?P<space>[^\S\n]+)|(?P<word>[^\s,;|\"“„«‹]+)"
)
_RESERVED: Final = re.compile(
    r"(?:\w+[+#]+|AND|NOT|NEAR(?:/\d+)?|&+|[-+].+|[()].*|.*[()]|=.*|[^*]*\*+|(?i:title|source|lang|author):.*)",
    re.DOTALL,
)


class QueryError(UserError):
    """A query that cannot be read: the key says what is wrong, `at` where (1-based), `example` shows it right."""

    def __init__(self, key: str, **args: str | float) -> None:
        super().__init__(f"query-{key}", **args)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a phrase: how it compares, and the acronym that it is, where it is one."""

    folded: str
    acronym: str | None = None

    def holds_for(self, token: Token) -> bool:
        """Whether a word of a text, equal when folded, is this one: an acronym is never a lower-case word."""
        if self.acronym is None:
            return True
        written = without_accents(token.text)
        return written == self.acronym or (
            len(self.acronym) >= _ACRONYM_AS_NAME and written == self.acronym.capitalize()
        )


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words side by side in this order; `text` is as it was typed, spaces made one."""

    text: str
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """Holds where any of its phrases does."""

    phrases: tuple[Phrase, ...]

    def __str__(self) -> str:
        """The query as we read it; reading that again gives the same query."""
        return ", ".join(phrase.text for phrase in self.phrases)


def parse(text: str) -> Query:
    """Read a query.

    Raises:
        QueryError: it is empty, too long, has an unbalanced quote, or uses an operator that is not understood.
    """
    _check_length(text)
    phrases: dict[tuple[Word, ...], Phrase] = {}
    for term in map(_spaced, _terms(text)):
        words = _words(term)
        if words:
            phrases.setdefault(words, Phrase(_printed(term), words))
    if not phrases:
        raise QueryError("empty")
    if len(phrases) > MAX_TERMS:
        raise QueryError("too-many", count=len(phrases), limit=MAX_TERMS)
    query = Query(tuple(phrases.values()))
    _check_length(str(query))  # longer than what was typed by the spaces after commas; it has to be readable again
    return query


def _check_length(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise QueryError("too-long", length=len(text), limit=MAX_CHARACTERS)


def _terms(text: str) -> list[str]:
    """The parts between commas, `OR` and `|`; quotes keep what is inside them together."""
    terms = [""]
    at = 0
    while at < len(text):
        lexeme = _LEXEME.match(text, at)
        assert lexeme is not None, "every character is in one of the lexemes"
        at = lexeme.end()
        if lexeme["separator"]:
            terms.append("")
        elif lexeme["space"]:
            terms[-1] += " "
        elif opening := lexeme["quote"]:
            end = _closing(text, at, _QUOTES[opening])
            if end < 0:
                rest = _spaced(text[at:])
                example = f'"{rest}"' if tokens(rest) else '"search and rescue"'
                raise QueryError("quote", at=lexeme.start() + 1, quote=opening, example=example)
            terms[-1] += f" {text[at:end]} "
            at = end + 1
        else:
            word = lexeme["word"]
            if _RESERVED.fullmatch(word) or (word in {"-", "+"} and text[at : at + 1] in _QUOTES):
                raise QueryError(
                    "operator", at=lexeme.start() + 1, operator=word, example="military instructors, EUMAM"
                )
            terms[-1] += word
    return terms


def _closing(text: str, start: int, closers: str) -> int:
    found = [at for closer in closers if (at := text.find(closer, start)) >= 0]
    return min(found, default=-1)


def _words(term: str) -> tuple[Word, ...]:
    """A term's words; one in capitals is an acronym, unless several words shout together."""
    written = tokens(term)
    shouting = len(term.split()) > 1 and all(token.text.isupper() for token in written)
    return tuple(
        Word(token.folded, without_accents(token.text) if token.text.isupper() and not shouting else None)
        for token in written
    )


def _spaced(term: str) -> str:
    """The term with spaces made one; quotation marks are no words, so none is kept."""
    return " ".join(_MARKS.sub(" ", term).split())


def _printed(term: str) -> str:
    """The term as it can be typed again."""
    needs_quotes = any(mark in term for mark in ",;|") or any(
        word == "OR" or _RESERVED.fullmatch(word) for word in term.split()
    )
    return f'"{term}"' if needs_quotes else term
