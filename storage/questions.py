"""What a query asks of the archive: of the index of the stories' words (FTS5) what it can say, the rest in SQL.

A question may be wider than the query, never narrower: what it cannot express (exact characters, nearness to what is
near a third, phrases whose forms make too many) is left to be evaluated on the stories that it names. No data is read
here.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, product
from math import prod
from typing import Final, NamedTuple

from bot.domain.matching import counts_in_capitals
from bot.domain.query import And, Exact, Near, Node, Not, Or, Phrase, Scope, Scoped, Site, Word
from bot.domain.query.tree import children

FIELDS: Final = ("title", "description", "content", "page")
"""The index's columns, by the fields' numbers."""
_TITLE: Final = frozenset({0})
_ALL: Final = frozenset(range(len(FIELDS)))
_MOST_PHRASES: Final = 600  # in one question to the index
_MOST_WORDS: Final = 64  # in one: of each story that it names, it looks at all of them
_PORTION: Final = 16  # words of one question where there are many


class Question(NamedTuple):
    """The stories that the index names for `match` (None: all) and of which `sql` is true (empty: all of these).

    `sql` is about `analyses a`. A `match` of "" names none. Where it is not `exact`, the query may not hold for some.
    """

    match: str | None = None
    sql: str = ""
    arguments: tuple[str, ...] = ()
    exact: bool = True

    @property
    def condition(self) -> str:
        """The whole of it in SQL."""
        if self.match is None:
            return f"({self.sql or 1})"
        asked = "a.story_id IN (SELECT rowid FROM postings WHERE postings MATCH ?)" if self.match else "0"
        return f"({asked} AND {self.sql})" if self.sql else asked

    @property
    def values(self) -> tuple[str, ...]:
        """The values of that."""
        return (self.match, *self.arguments) if self.match else self.arguments


NOTHING: Final = Question("")
_Spot = tuple[tuple[str, ...], frozenset[int]]
"""A phrase, as ids of written words, and the fields in which it counts."""


def question(root: Node, ids: Mapping[Word, Sequence[str]], beside: Callable[[Scoped | Site], Question]) -> Question:
    """A query's question; `ids` are of all that stories write which each of its words is.

    `beside` asks for what is restricted to a source or an author.
    """
    quiet, loud = (_Asking(ids, beside, loud=loud).of(root, _ALL) for loud in (False, True))
    if quiet == loud:
        return quiet
    # In a headline that is all capitals, a short acronym may be any word: of these stories, less is true.
    if _excludes(root):
        both = f"CASE a.loud WHEN 0 THEN {quiet.condition} ELSE {loud.condition} END"
        return Question(None, both, quiet.values + loud.values, quiet.exact and loud.exact)
    narrower = Question(None, f"(a.loud = 0 OR {loud.condition})", loud.values, loud.exact)
    return _all([quiet, narrower])


def _excludes(node: Node) -> bool:
    return isinstance(node, Not) or any(map(_excludes, children(node)))


class _Asking:
    """How stories are asked for whose headlines are all capitals, or are not."""

    def __init__(
        self, ids: Mapping[Word, Sequence[str]], beside: Callable[[Scoped | Site], Question], *, loud: bool
    ) -> None:
        self._ids = ids
        self._beside = beside
        self._loud = loud

    def of(self, node: Node, fields: frozenset[int]) -> Question:
        """A node's question, in these fields."""
        match node:
            case Phrase(_, words):
                return self._phrase(words, fields)
            case Exact(text, words):
                # A word without signs around it is told by its characters already.
                return self._phrase(words, fields)._replace(exact=[text] == [word.form for word in words])
            case And(parts):
                wanted = [self.of(part, fields) for part in parts if not isinstance(part, Not)]
                return _all(wanted, [self.of(part.part, fields) for part in parts if isinstance(part, Not)])
            case Or(parts):
                return _any([self.of(part, fields) for part in parts])
            case Not(part):
                return _all([], [self.of(part, fields)])
            case Near(words, one, other):
                return self._near(words, one, other, fields)
            case Scoped(Scope.TITLE, part):
                return self.of(part, fields & _TITLE)
            case Scoped(Scope.LANG, part):
                return self.of(part, frozenset())
            case Scoped() | Site():
                return self._beside(node)
            case _:
                return Question(sql="a.language = ?", arguments=(node.code,))

    def _heard(self, words: Sequence[Word], fields: frozenset[int]) -> frozenset[int]:
        return fields if not self._loud or all(map(counts_in_capitals, words)) else fields - _TITLE

    def _phrase(self, words: Sequence[Word], fields: frozenset[int]) -> Question:
        """Any of the phrases that the forms of the words make."""
        fields = self._heard(words, fields)
        ids = [self._ids[word] for word in words]
        if not fields or not all(ids):
            return NOTHING
        if len(words) == 1:
            return _word(ids[0], fields)
        if prod(map(len, ids)) <= _MOST_PHRASES:
            return Question(_or(_within(fields, _quoted(one)) for one in product(*ids)))
        pairs = [pair for pair in pairwise(range(len(ids))) if len(ids[pair[0]]) * len(ids[pair[1]]) <= _MOST_PHRASES]
        paired = {number for pair in pairs for number in pair}
        asked = [self._phrase([words[one], words[other]], fields) for one, other in pairs]
        asked += [_word(found, fields) for number, found in enumerate(ids) if number not in paired]
        return _all(asked)._replace(exact=False)

    def _near(self, words: int, one: Node, other: Node, fields: frozenset[int]) -> Question:
        """Both, near one another as the index understands it, which counts the words between them."""
        ones, others = list(self._spots(one, fields)), list(self._spots(other, fields))
        if None in ones or None in others or not _are_apart(ones, others) or len(ones) * len(others) > _MOST_PHRASES:
            return _all([self.of(one, fields), self.of(other, fields)])._replace(exact=False)
        pairs = [
            _within(both, f"NEAR({_quoted(mine)} {_quoted(its)}, {words - 1})")
            for (mine, my_fields), (its, its_fields) in product(filter(None, ones), filter(None, others))
            if (both := my_fields & its_fields)
        ]
        return Question(_or(pairs))

    def _spots(self, node: Node, fields: frozenset[int]) -> Iterator[_Spot | None]:
        """The phrases that a node holds for; None among them where that is not all that it asks for."""
        match node:
            case Phrase(_, words):
                ids = [self._ids[word] for word in words]
                if prod(map(len, ids)) > _MOST_PHRASES:
                    yield None
                else:
                    yield from ((found, self._heard(words, fields)) for found in product(*ids))
            case Or(parts):
                for part in parts:
                    yield from self._spots(part, fields)
            case Scoped(Scope.TITLE, part):
                yield from self._spots(part, fields & _TITLE)
            case _:
                yield None


def listed(columns: str, values: Iterable[object]) -> Question:
    """The stories of which these columns, comma-separated, have one of these values: tuples where they are several."""
    width = columns.count(",") + 1
    named = ", ".join(f"json_extract(value, '$[{number}]')" for number in range(width)) if width > 1 else "value"
    sql = f"({columns}) IN (SELECT {named} FROM json_each(?))"  # noqa: S608 - the words are ours
    return Question(sql=sql, arguments=(json.dumps(list(values)),))


def _word(ids: Sequence[str], fields: frozenset[int]) -> Question:
    if len(ids) <= _MOST_WORDS:
        return Question(_within(fields, _or(map(_quoted, zip(ids, strict=True)))))
    portions = [ids[first : first + _PORTION] for first in range(0, len(ids), _PORTION)]
    asked = [_within(fields, _or(map(_quoted, zip(portion, strict=True)))) for portion in portions]
    sql = """a.story_id IN (SELECT p.rowid FROM json_each(?) j CROSS JOIN postings p WHERE p.postings MATCH j.value)"""
    return Question(sql=sql, arguments=(json.dumps(asked),))


def _all(wanted: Sequence[Question], unwanted: Sequence[Question] = ()) -> Question:
    """All of these, and none of those."""
    if NOTHING in [one._replace(exact=True) for one in wanted]:
        return NOTHING
    exact = all(one.exact for one in (*wanted, *unwanted))
    excluded = [one for one in unwanted if one.exact and one.match != NOTHING.match]
    match = " AND ".join(f"({one.match})" for one in wanted if one.match) or None
    conditions = [(one.sql, one.arguments) for one in wanted if one.sql]
    if match and (words := [one.match for one in excluded if one.match and not one.sql]):
        match = f"({match}) NOT ({_or(map(_bracketed, words))})"
        excluded = [one for one in excluded if one.match is None or one.sql]
    conditions += [(f"NOT {one.condition}", one.values) for one in excluded]
    sql = " AND ".join(condition for condition, _ in conditions)
    return Question(match, sql, tuple(value for _, values in conditions for value in values), exact)


def _any(parts: Sequence[Question]) -> Question:
    """Any of these."""
    exact = all(one.exact for one in parts)
    found = [one for one in parts if one.match != NOTHING.match]
    if not found:
        return NOTHING
    words = [one.match for one in found if one.match and not one.sql]
    match = _or(map(_bracketed, words)) or None
    others = [one for one in found if one.match is None or one.sql]
    if not others:
        return Question(match, exact=exact)
    conditions = [*([Question(match)] if match else []), *others]
    sql = f"({' OR '.join(one.condition for one in conditions)})"
    return Question(None, sql, tuple(value for one in conditions for value in one.values), exact)


def _bracketed(asked: str) -> str:
    return f"({asked})"


def _or(asked: Iterable[str]) -> str:
    return " OR ".join(asked)


def _quoted(ids: Sequence[str]) -> str:
    return f'"{" ".join(ids)}"'


def _within(fields: frozenset[int], asked: str) -> str:
    """A question of the index about these fields."""
    if fields == _ALL:
        return asked
    return f"{{{' '.join(FIELDS[number] for number in sorted(fields))}}} : ({asked})"


def _are_apart(ones: Sequence[_Spot | None], others: Sequence[_Spot | None]) -> bool:
    """Whether no word can be of both: what shares a word with something is not near it."""
    mine, its = ({word for spot in spots if spot for word in spot[0]} for spots in (ones, others))
    return mine.isdisjoint(its)
