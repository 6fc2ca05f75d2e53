"""From lexemes to a query: what binds how strongly, what may stand beside what, and the limits.

A comma binds loosest, then OR, AND, NOT, NEAR; words side by side are a phrase, other things side by side are both
wanted. Precedence climbing without a step back, so that the cost is that of the length; recursion goes as deep as
brackets may.
"""

import re
from collections.abc import Sequence
from itertools import takewhile
from typing import Final

from bot.domain.query.faults import Fault, QueryError
from bot.domain.query.lexer import LEAST_PREFIX, MOST_NEAR, Lexeme, Sign, is_plain, lex, spaced
from bot.domain.query.outlets import Outlets
from bot.domain.query.printed import Query, printed
from bot.domain.query.tree import (
    And,
    Exact,
    Kind,
    Language,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Scope,
    Scoped,
    Site,
    Word,
    all_of,
    any_of,
    children,
    opposite,
    visible,
)
from bot.domain.words import Token, tokens, with_capitals, without_accents

MAX_CHARACTERS: Final = 500
MAX_TERMS: Final = 50
MAX_DEPTH: Final = 10

_NEAR: Final = 8  # words, where NEAR does not say how many
_MENDED: Final = 5  # faults in one query that an example is mended of
_HOST: Final = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://)?(?:[^/@\s]*@)?\.?((?:[\w-]+\.)+[\w-]{2,}|(?:\d+\.){3}\d+)\.?(?:[:/?#]\S*)?"
)
_LANGUAGE: Final = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]+)*")
_EXAMPLES: Final = {
    "quote": '"search and rescue"',
    "open": "(Macron, Scholz) AND instructors",
    "close": "(Macron, Scholz) AND instructors",
    "deep": "(Macron, Scholz) AND instructors",
    "operator": "Macron AND instructors",
    "sign": "EUMAM NOT sport",
    "near": "Macron NEAR/8 instructors",
    "near-number": "Macron NEAR/8 instructors",
    "prefix": "instruct*",
    "field": "title:instructors",
    "source:": "source:lemonde.fr",
    "lang:": "EUMAM lang:fr",
    "author:": "author:Smith",
    "nested": "title:instructors",
    "language": "EUMAM lang:fr",
    "exact": '="Le Monde"',
    "negations": "EUMAM NOT sport",
}
_LOOSE: Final = " ,;|"  # what a mended text may have at its ends
_BETWEEN: Final = {Sign.COMMA, Sign.OR, Sign.CLOSE}
_WORDS: Final = {Sign.WORD, Sign.QUOTED}


def parse(text: str, outlets: Outlets | None = None) -> Query:
    """Read a query, at a cost that grows with its length; of these outlets the names need no quotes.

    Raises:
        QueryError: it is empty, beyond the limits, would hold for everything, or cannot be read; it says what is wrong,
            where, and shows a query that is right.
    """
    _check_length(text)
    try:
        return _read(text, outlets)
    except Fault as fault:
        example = {"example": _example(fault)} if fault.key in _EXAMPLES else {}
        raise QueryError(fault.key, **fault.args_shown, **example) from None


def _read(text: str, outlets: Outlets | None = None) -> Query:
    if is_plain(text) and (words := phrase(text)):
        return Query(words)
    parser = _Parser(text, outlets)
    root = parser.read()
    if root is None:
        raise Fault("empty", None)
    query = Query(root)
    if _holds_for_nothing(root):
        raise Fault("negations", _with_something_wanted(root), at=(parser.first_negation or 0) + 1)
    count = len(set(query.terms))
    if count > MAX_TERMS:
        raise Fault("too-many", None, count=count, limit=MAX_TERMS)
    # What prints is what is stored, and is read again: it may be longer than what was typed, and deeper.
    shown = str(query)
    _check_length(shown)
    if shown.count("(") > MAX_DEPTH and _brackets(lex(shown)) > MAX_DEPTH:
        raise Fault("deep", None, at=1, limit=MAX_DEPTH)
    return query


def _check_length(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise QueryError("too-long", length=len(text), limit=MAX_CHARACTERS)


def _brackets(lexemes: Sequence[Lexeme]) -> int:
    deepest = depth = 0
    for lexeme in lexemes:
        depth += (lexeme.sign is Sign.OPEN) - (lexeme.sign is Sign.CLOSE)
        deepest = max(deepest, depth)
    return deepest


def _example(fault: Fault) -> str:
    """What was typed, mended; or another query that shows how it is done."""
    fallback = _EXAMPLES.get(str(fault.args_shown.get("field")), _EXAMPLES[fault.key])
    for _ in range(_MENDED):
        if fault.mended is None:
            break
        mended = " ".join(fault.mended.split()).strip(_LOOSE)
        try:
            _check_length(mended)
            _read(mended)
        except QueryError:
            break
        except Fault as another:
            fault = another
        else:
            return mended
    return fallback


def _holds_for_nothing(node: Node) -> bool:
    """Whether a node holds for a story without a word: then it holds for almost every story."""
    match node:
        case Not(part):
            return not _holds_for_nothing(part)
        case And(parts):
            return all(map(_holds_for_nothing, parts))
        case Or(parts):
            return any(map(_holds_for_nothing, parts))
        case Scoped(_, part):
            return _holds_for_nothing(part)
        case _:
            return False


def _with_something_wanted(root: Node) -> str:
    """A query that only excludes, with something to exclude it from."""
    parts = root.parts if isinstance(root, Or) else (root,)
    wanted: list[Node] = [part for part in parts if not _holds_for_nothing(part)]
    excluding = [part for part in parts if _holds_for_nothing(part)]
    return printed(all_of([any_of(wanted) if wanted else phrase("EUMAM") or root, *excluding]))


def phrase(text: str) -> Phrase | None:
    """The words of a text as a phrase; None where there is none.

    One in capitals is an acronym, unless several words shout together, and so is one with full stops (u.s.); a single
    letter is one only alone.
    """
    text = spaced(text)
    written = tokens(with_capitals(text))
    shouting = len(text.split()) > 1 and len(written) > 1 and all(token.text.isupper() for token in written)
    words = tuple(_word(text, token, acronyms=not shouting, alone=len(written) == 1) for token in written)
    return Phrase(text, words) if words else None


def _word(text: str, token: Token, *, acronyms: bool, alone: bool) -> Word:
    behind = text[token.end : token.end + 2]
    if behind[:1] == "*" and not behind[1:].isalnum() and len(token.folded) >= LEAST_PREFIX:
        return Word(token.folded, Kind.PREFIX)
    if acronyms and token.text.isupper() and (alone or len(token.folded) > 1):
        return Word(without_accents(token.text), Kind.ACRONYM)
    return Word(visible(token.text).lower(), Kind.INFLECTED)


def exact(text: str) -> Exact | None:
    """Exactly these characters; None where there is no word among them."""
    text = " ".join(visible(text).split())
    words = tuple(Word(visible(token.text), Kind.EXACT) for token in tokens(text))
    return Exact(text, words) if words else None


class _Parser:
    """One reading of one text."""

    def __init__(self, text: str, outlets: Outlets | None) -> None:
        self._text = text
        self._outlets = outlets
        self._lexemes = lex(text)
        self._next = 0
        self._depth = 0
        self._scope: Scope | None = None
        self.first_negation: int | None = None

    def read(self) -> Node | None:
        """The whole; None where there is no word in it."""
        root = self._list()
        if self._peek() is Sign.CLOSE:
            raise self._fault("close", self._take(), "")
        return root

    def _peek(self) -> Sign | None:
        return self._lexemes[self._next].sign if self._next < len(self._lexemes) else None

    def _take(self) -> Lexeme:
        self._next += 1
        return self._lexemes[self._next - 1]

    def _fault(self, key: str, lexeme: Lexeme, mended: str | None, **args: str | float) -> Fault:
        """A fault of a lexeme, which is mended where `mended` stands in its place."""
        if mended is not None:
            mended = f"{self._text[: lexeme.at]} {mended} {self._text[lexeme.end :]}"
        return Fault(key, mended, at=lexeme.at + 1, **args)

    def _list(self) -> Node | None:
        """What commas and OR part. What a list of commas ends with excluding is excluded from all of it."""
        alternatives: list[list[tuple[Node, bool]]] = []
        comma = is_list = False
        while True:
            parts = self._all()
            if parts:
                is_list = is_list or (comma and bool(alternatives))
                comma = False
                alternatives.append(parts)
            if self._peek() not in {Sign.COMMA, Sign.OR}:
                break
            comma = (self._take().sign is Sign.COMMA) or comma
        excluded: list[Node] = []
        while is_list and alternatives[-1] and alternatives[-1][-1][1]:
            excluded.insert(0, alternatives[-1].pop()[0])
        wanted = [all_of([node for node, _ in parts]) for parts in alternatives if parts]
        return all_of([any_of(wanted), *excluded]) if wanted else None

    def _all(self) -> list[tuple[Node, bool]]:
        """What is wanted together, each part with whether it was typed as an exclusion."""
        parts: list[tuple[Node, bool]] = []
        waiting: Lexeme | None = None
        while self._peek() is not None and self._peek() not in _BETWEEN:
            if self._peek() is Sign.AND:
                waiting = self._take()
                if not parts:
                    break
            elif part := self._signed():
                parts.append(part)
                waiting = None
        if waiting is not None:
            raise self._fault("operator", waiting, "", operator=waiting.text)
        return parts

    def _signed(self) -> tuple[Node, bool] | None:
        """Something with the signs before it; a hyphen or plus is one word's, NOT that of all that is side by side."""
        sign: Lexeme | None = None
        negated = False
        while self._peek() in {Sign.MINUS, Sign.PLUS, Sign.NOT}:
            sign = self._take()
            if sign.sign is not Sign.PLUS:
                negated = not negated
                self.first_negation = sign.at if self.first_negation is None else self.first_negation
        part = self._near(single=sign is not None and sign.sign is not Sign.NOT)
        if part is None:
            if sign is not None:
                raise self._fault("sign", sign, "", operator=sign.text)
            return None
        return (opposite(part), True) if negated else (part, False)

    def _near(self, *, single: bool) -> Node | None:
        part = self._operand(single=single)
        while self._peek() is Sign.NEAR:
            near = self._take()
            while self._peek() is Sign.NEAR:
                near = self._take()
            written = self._text[near.at : near.end]
            words = _number(near.text)
            if words is None and written != "NEAR":
                raise self._fault("near-number", near, f"NEAR/{_NEAR}", operator=written, most=MOST_NEAR)
            other = self._operand(single=False)
            if part is None or other is None:
                raise self._fault("operator", near, "", operator=written)
            if not (_has_places(part) and _has_places(other)):
                raise self._fault("near", near, "AND", operator=written)
            part = Near(words or _NEAR, part, other)
        return part

    def _operand(self, *, single: bool) -> Node | None:
        """Words side by side, something in brackets, or a field's; None where none stands here or it has no word."""
        match self._peek():
            case Sign.OPEN:
                return self._group()
            case Sign.FIELD:
                return self._field(single=single)
            case Sign.EXACT:
                lexeme = self._take()
                found = exact(lexeme.text)
                if found is None:
                    raise self._fault("exact", lexeme, "")
                return found
            case Sign.WORD | Sign.QUOTED:
                first = last = self._take()
                pieces = [first.text]
                while not single and self._peek() in _WORDS:
                    last = self._take()
                    pieces.append(last.text)
                return self._term(" ".join(pieces), first, last)
            case _:
                return None

    def _group(self) -> Node | None:
        opening = self._take()
        if self._depth == MAX_DEPTH:
            raise self._fault("deep", opening, None, limit=MAX_DEPTH)
        self._depth += 1
        inside = self._list()
        self._depth -= 1
        if self._peek() is not Sign.CLOSE:
            raise Fault("open", f"{self._text})", at=opening.at + 1)
        self._take()
        return inside

    def _field(self, *, single: bool) -> Node:
        field = self._take()
        if self._scope is not None:
            raise self._fault("nested", field, "", field=f"{field.text}:")
        self._scope = scope = Scope(field.text)
        # Of a source or language one word; of the others what is side by side, unless quotes say how far it goes.
        single = single or scope in {Scope.SOURCE, Scope.LANG} or self._peek() is Sign.QUOTED
        part = (self._outlet() if scope is Scope.SOURCE else None) or self._operand(single=single)
        self._scope = None
        if part is None:
            raise self._fault("field", field, "", field=f"{field.text}:")
        return Scoped(scope, part)

    def _outlet(self) -> Node | None:
        """The name of an outlet that is known, where it has several words; None where none stands here."""
        if self._outlets is None:
            return None
        words = list(takewhile(lambda lexeme: lexeme.sign is Sign.WORD, self._lexemes[self._next :]))
        count = self._outlets.reach([lexeme.text for lexeme in words])
        if count < 2 or is_host(words[0].text):
            return None
        self._next += count
        return phrase(" ".join(lexeme.text for lexeme in words[:count]))

    def _term(self, text: str, first: Lexeme, last: Lexeme) -> Node | None:
        found = phrase(text)
        if found is None:
            return None
        if self._scope is Scope.LANG:
            code = _LANGUAGE.fullmatch(found.text.lower())
            if code is None:
                whole = first._replace(end=last.end)
                raise self._fault("language", whole, None, given=found.text)
            return Language(code[1])
        if self._scope is Scope.SOURCE and (host := _HOST.fullmatch(found.text.lower())):
            return Site(host[1].removeprefix("www."))
        return found


def is_host(word: str) -> bool:
    """Whether a word is a site's name or address rather than an outlet's name."""
    return _HOST.fullmatch(word.lower()) is not None


def _number(written: str) -> int | None:
    if not written.isdecimal() or len(written) > len(str(MOST_NEAR)):
        return None
    return int(written) if 1 <= int(written) <= MOST_NEAR else None


def _has_places(node: Node) -> bool:
    """Whether it stands somewhere in a text, so that something can be near it."""
    match node:
        case Phrase() | Exact():
            return True
        case Or() | Near() | Scoped(Scope.TITLE, _):
            return all(map(_has_places, children(node)))
        case _:
            return False
