"""A query as we read it, in words: what somebody typed, said back before it is saved."""

from bot.domain.query import And, Exact, Kind, Language, Near, Node, Not, Or, Phrase, Query, Scope, Scoped, Site, Word
from bot.domain.rich import Text, join, plain
from bot.texts import Texts


def in_words(say: Texts, query: Query) -> Text:
    """What a query asks for: `military instructors (any form), or EUMAM (in capitals)`."""
    return _read(say, query.root)


def _read(say: Texts, node: Node, *, inside: bool = False) -> Text:
    match node:
        case Or(parts):
            return _enclosed(_listed(say, parts, say("reading-or")), inside=inside)
        case And(parts):
            return _enclosed(_all(say, parts), inside=inside)
        case Not(part):
            return say("reading-not", what=_read(say, part, inside=True))
        case Near(words, one, other):
            near = say(
                "reading-near", one=_read(say, one, inside=True), other=_read(say, other, inside=True), count=words
            )
            return _enclosed(near, inside=inside)
        case Scoped(scope, part):
            return _scoped(say, scope, _read(say, part, inside=True))
        case Exact(text, _):
            return say("reading-exact", text=text)
        case Site(host):
            return plain(host)
        case Language(code):
            return plain(say.language_name(code))
        case Phrase(text, words):
            return _phrase(say, text, words)


def _phrase(say: Texts, text: str, words: tuple[Word, ...]) -> Text:
    match {word.kind for word in words}:
        case kinds if kinds == {Kind.ACRONYM}:
            return say("reading-capitals", text=text)
        case kinds if Kind.PREFIX in kinds and len(words) == 1:
            return say("reading-prefix", text=text.rstrip("*"))
        case kinds if Kind.ACRONYM in kinds:
            capitals = " ".join(word.form for word in words if word.kind is Kind.ACRONYM)
            return say("reading-forms-and-capitals", text=text, capitals=capitals)
        case _:
            return say("reading-forms", text=text)


def _all(say: Texts, parts: tuple[Node, ...]) -> Text:
    wanted = tuple(part for part in parts if not isinstance(part, Not))
    unwanted = tuple(part.part for part in parts if isinstance(part, Not))
    if not unwanted:
        return _listed(say, wanted, say("reading-and"))
    without = say("reading-not", what=_listed(say, unwanted, say("reading-nor")))
    if not wanted:
        return without
    return join(" ", [_listed(say, wanted, say("reading-and")), without])


def _listed(say: Texts, parts: tuple[Node, ...], last: Text) -> Text:
    """The parts with commas between them, and a word before the last."""
    read = [_read(say, part, inside=True) for part in parts]
    if len(read) > 1:
        read[-1] = join(" ", [last, read[-1]])
    return join(", ", read)


def _scoped(say: Texts, scope: Scope, what: Text) -> Text:
    match scope:
        case Scope.TITLE:
            return say("reading-title", what=what)
        case Scope.AUTHOR:
            return say("reading-author", what=what)
        case Scope.SOURCE:
            return say("reading-source", what=what)
        case Scope.LANG:
            return say("reading-language", what=what)


def _enclosed(text: Text, *, inside: bool) -> Text:
    return join("", [plain("("), text, plain(")")]) if inside else text
