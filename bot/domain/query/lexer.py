"""From what is typed to lexemes: words, quotes, brackets and operators, in one pass.

What they mean together is the parser's business.
"""

import re
from enum import Enum
from typing import Final, NamedTuple

from bot.domain.query.faults import Fault
from bot.domain.words import COMMA_GROUPED, tokens

QUOTES: Final = {
    '"': '"',
    "“": "”",
    "„": "“”",
    "«": "»",
    "‹": "›",
    "「": "」",
    "『": "』",
    "＂": "＂",
    "”": "”",
    "»": "«",
    "›": "‹",
}
"""Opening marks with those that close them."""
LEAST_PREFIX: Final = 2  # letters: what begins with one is half of all words
MOST_NEAR: Final = 100

_ANYWHERE: Final = '"“„«‹「『＂'  # the others open only where a word may begin; elsewhere they close nothing
_MARKS: Final = re.compile("[" + "".join({*QUOTES, *"".join(QUOTES.values())}) + "]")
_RUN: Final = re.compile(rf"(?:{COMMA_GROUPED}|[^\s,;|(){_ANYWHERE}])+")  # the comma of 10,000 parts nothing
_DASHES: Final = "-–—−‐"
# A sign is one only before what it can apply to: "rock - roll" has a dash, and "5 + 3" a plus.
_OPERAND: Final = rf"(?=[^\W_]|[=('‘’#@$€£]|[{''.join(QUOTES)}])"
_MINUS: Final = re.compile(rf"[{_DASHES}]+{_OPERAND}")
_PLUS: Final = re.compile(rf"\++{_OPERAND}")
_AND: Final = re.compile("[&＆]+")
_FIELD: Final = re.compile(r"(?i:(title|source|lang|author))[^\S\n]?[:：][^\S\n]*")
_EXACT: Final = re.compile(rf"=+[^\S\n]*(?=[{''.join(QUOTES)}])|=+(?=[^\s=,;|()&])")
_NEAR: Final = re.compile(r"NEAR(?:/(.*))?")
_SIGNED_NAME: Final = re.compile(r"[^\W_]+[+#]{1,2}")  # C++, C#: the signs are part of the name
_PLAIN: Final = re.compile(r"[^\W_]+(?: [^\W_]+)*")
_DASHES_AT_A_BRACKET: Final = re.compile(rf"[{_DASHES}]+$")


class Sign(Enum):
    """What a lexeme is."""

    WORD = "word"
    QUOTED = "quoted"
    EXACT = "exact"
    FIELD = "field"
    OPEN = "("
    CLOSE = ")"
    COMMA = ","
    OR = "OR"
    AND = "AND"
    NOT = "NOT"
    MINUS = "-"
    PLUS = "+"
    NEAR = "NEAR"


class Lexeme(NamedTuple):
    """A piece of what was typed: `text` is what it says (of a quotation, what is inside), `[at:end]` where."""

    sign: Sign
    text: str
    at: int
    end: int


_OPERATORS: Final = {"AND": Sign.AND, "OR": Sign.OR, "NOT": Sign.NOT}
_NAMES: Final = {*_OPERATORS, "NEAR"}
_SINGLE: Final = {",": Sign.COMMA, ";": Sign.COMMA, "\n": Sign.COMMA, "|": Sign.OR, "(": Sign.OPEN, ")": Sign.CLOSE}


def lex(text: str) -> list[Lexeme]:
    """The lexemes of a text in order.

    Raises:
        Fault: a quotation mark is not closed, or an asterisk stands where it means nothing.
    """
    found: list[Lexeme] = []
    at = 0
    fresh = True  # after a space, a separator, a bracket or a sign: where an operator may stand
    while at < len(text):
        character = text[at]
        if character in _SINGLE:
            found.append(Lexeme(_SINGLE[character], character, at, at := at + 1))
            fresh = True
        elif character.isspace():
            at += 1
            fresh = True
        elif fresh and (lexeme := _sign(text, at)):
            found.append(lexeme)
            at = lexeme.end
            fresh = lexeme.sign is not Sign.EXACT
        elif character in _ANYWHERE or (fresh and character in QUOTES):
            lexeme = _quotation(text, at, Sign.QUOTED)
            found.append(lexeme)
            at = lexeme.end
            fresh = False
        else:
            run = _RUN.match(text, at)
            assert run is not None, "whatever else there is runs on"
            found.extend(_of_run(text, run, fresh=fresh))
            at = run.end()
            fresh = False
    return found


def is_plain(text: str) -> bool:
    """Whether a text is words and single spaces alone, as most queries are: then it needs no lexing."""
    return _PLAIN.fullmatch(text) is not None and _NAMES.isdisjoint(text.split(" "))


def spaced(text: str) -> str:
    """The text with spaces made one, and quotation marks, which are no words, left out."""
    return " ".join(_MARKS.sub(" ", text).split())


def _sign(text: str, at: int) -> Lexeme | None:
    """What stands before a word, where there is such a sign."""
    if text[at].isalnum():
        match = _FIELD.match(text, at)
        return Lexeme(Sign.FIELD, match[1].lower(), at, match.end()) if match else None
    for pattern, sign in ((_MINUS, Sign.MINUS), (_PLUS, Sign.PLUS), (_AND, Sign.AND)):
        if match := pattern.match(text, at):
            return Lexeme(sign, match.group(), at, match.end())
    if match := _EXACT.match(text, at):
        if text[match.end()] in QUOTES:
            lexeme = _quotation(text, match.end(), Sign.EXACT)
            return lexeme._replace(at=at)
        run = _RUN.match(text, match.end())
        assert run is not None, "the pattern ends before what runs on"
        return Lexeme(Sign.EXACT, run.group(), at, run.end())
    return None


def _quotation(text: str, at: int, sign: Sign) -> Lexeme:
    """What is inside quotation marks; an asterisk right behind them belongs to it."""
    closers = QUOTES[text[at]]
    end = min((found for closer in closers if (found := text.find(closer, at + 1)) >= 0), default=-1)
    if end < 0:
        rest = spaced(text[at + 1 :])
        mended = text[:at] + (f'"{rest}"' if tokens(rest) else "")
        raise Fault("quote", mended, at=at + 1, quote=text[at])
    inside = text[at + 1 : end]
    if sign is Sign.QUOTED and text.startswith("*", end + 1):
        return Lexeme(sign, f"{inside.rstrip()}*", at, end + 2)
    return Lexeme(sign, inside, at, end + 1)


def _of_run(text: str, run: re.Match[str], *, fresh: bool) -> list[Lexeme]:
    """The lexemes of what stands together: an operator, or a word with the signs that are stuck to its end."""
    written, at, end = run.group(), run.start(), run.end()
    if fresh and written in _OPERATORS:
        return [Lexeme(_OPERATORS[written], written, at, end)]
    if fresh and (near := _NEAR.fullmatch(written)):
        return [Lexeme(Sign.NEAR, near[1] or "", at, end)]
    if fresh and _SIGNED_NAME.fullmatch(written):
        return [Lexeme(Sign.EXACT, written, at, end)]
    behind: list[Lexeme] = []
    if (bare := written.rstrip("&＆")) != written and not text[end : end + 1].strip():
        behind = [Lexeme(Sign.AND, written[len(bare) :], at + len(bare), end)]
        written = bare
    elif text.startswith("(", end) and (dashes := _DASHES_AT_A_BRACKET.search(written)):
        behind = [Lexeme(Sign.MINUS, dashes.group(), at + dashes.start(), end)]
        written = written[: dashes.start()]
    _check_asterisks(text, written, at)
    return [*([Lexeme(Sign.WORD, written, at, at + len(written))] if written else []), *behind]


def _check_asterisks(text: str, written: str, at: int) -> None:
    if "*" not in written:
        return
    stems = {token.end: token.folded for token in tokens(written)}
    for star in re.finditer(r"\*", written):
        stem = stems.get(star.start(), "")
        if len(stem) < LEAST_PREFIX or written[star.end() : star.end() + 1].isalnum():
            end = at + len(written)
            mended = text[:at] + written.replace("*", " ").strip() + text[end:]
            raise Fault("prefix", mended, at=at + 1, word=written, least=LEAST_PREFIX)
