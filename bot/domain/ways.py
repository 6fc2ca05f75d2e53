"""The ways in which standing queries may hold, hung on the words that a story must have for them.

A way of two words that may stand anywhere hangs on the rarer, by the other. A phrase hangs on its rarest word: from
there a tree goes on by the words behind it, and then by those before it, as far as is needed to tell phrases apart.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from bot.domain.query import Node, Phrase, Word

_DEEPEST: Final = 4  # words from the rarest on by which phrases are told apart; longer ones are few


class Standing:
    """A query with how many ask for it, the ways in which it may hold, and what must not stand in a story's texts."""

    __slots__ = ("absent", "name", "root", "users", "ways")

    def __init__(self, name: str, root: Node, ways: "tuple[Way, ...]", absent: "tuple[Term, ...]") -> None:
        self.name = name
        self.root = root
        self.users = 1
        self.ways = ways
        self.absent = absent
        for way in ways:
            way.standing = self


class Way:
    """A way in which a query may hold: `first` is its rarest word, `second` the next, if it has two.

    Of a phrase `first` is the word at `offset`, and no `second` is needed. `rest` are the other words that are needed
    anywhere.
    """

    __slots__ = ("first", "offset", "phrase", "rest", "second", "standing")

    def __init__(
        self,
        first: "Term",
        second: "Term | None" = None,
        rest: "tuple[Term, ...]" = (),
        phrase: "tuple[Term, ...]" = (),
    ) -> None:
        self.first = first
        self.second = second
        self.rest = rest
        self.phrase = phrase
        self.offset = phrase.index(first) if phrase else 0
        self.standing: Standing

    def store(self) -> None:
        """Hang it on its words."""
        if self.phrase:
            _put(self.first, self, 0)
        elif self.second is None:
            self.first.ends = _with(self.first.ends, self)
        else:
            beside = self.first.beside
            if beside is None:
                beside = self.first.beside = {}
            beside[self.second] = _with(beside.get(self.second), self)

    def take_out(self) -> None:
        """Take it from its words."""
        if self.phrase:
            _take(self.first, self, 0)
        elif self.second is None:
            self.first.ends = _without(self.first.ends, self)
        else:
            beside = self.first.beside
            assert beside is not None, "it hangs there"
            left = _without(beside[self.second], self)
            if left is not None:
                beside[self.second] = left
            else:
                del beside[self.second]
                self.first.beside = beside or None

    def step(self, number: int) -> "tuple[bool, Term] | None":
        """By what the tree goes on from its rarest word: whether that is behind, and the word; None at the end."""
        behind = self.offset + 1 + number
        before = len(self.phrase) - 2 - number
        if number == _DEEPEST or (behind >= len(self.phrase) and before < 0):
            return None
        return (True, self.phrase[behind]) if behind < len(self.phrase) else (False, self.phrase[before])

    def stands(self, row: "Sequence[Sequence[Term]]", at: int) -> bool:
        """Whether the phrase stands in a row of words, of which its rarest is at this place; none ends a row."""
        if len(self.phrase) <= 2:  # the tree has seen both
            return True
        start = at - self.offset
        return start >= 0 and all(
            term in here for term, here in zip(self.phrase, row[start : start + len(self.phrase)], strict=False)
        )


Bucket = Way | dict[Way, None] | None
"""Ways in one place: mostly one, which needs no dictionary."""


class Branching:
    """A place in a tree of phrases: the ways that end there, and what goes on by the word behind or before."""

    __slots__ = ("before", "behind", "ends")

    def __init__(self) -> None:
        self.ends: Bucket = None
        self.behind: dict[Term, Way | Branching] | None = None
        self.before: dict[Term, Way | Branching] | None = None


class Term(Branching):
    """A word that queries ask for, with how many do, in how many stories it was met since when, and their ways.

    Those of `ends` are to be tried wherever it stands, those of `beside` where that other word stands in the story too.
    """

    __slots__ = ("beside", "born", "phrase", "seen", "users", "word")

    def __init__(self, word: Word, born: int) -> None:
        super().__init__()
        self.word = word
        self.phrase = Phrase("", (word,))  # which all queries for it alone share
        self.users = 0
        self.born = born
        self.seen = 0
        self.beside: dict[Term, Bucket] | None = None


def ways_in(bucket: Bucket) -> Iterable[Way]:
    """The ways of a bucket."""
    return bucket if isinstance(bucket, dict) else () if bucket is None else (bucket,)


def _put(tree: Branching, way: Way, number: int) -> None:
    """Hang a phrase in a tree, after so many steps; what was alone in its place goes on to make room."""
    step = way.step(number)
    if step is None:
        tree.ends = _with(tree.ends, way)
        return
    is_behind, term = step
    side = tree.behind if is_behind else tree.before
    if side is None:
        side = {}
        if is_behind:
            tree.behind = side
        else:
            tree.before = side
    there = side.get(term)
    if there is None:
        side[term] = way
    elif isinstance(there, Way):
        side[term] = branching = Branching()
        _put(branching, there, number + 1)
        _put(branching, way, number + 1)
    else:
        _put(there, way, number + 1)


def _take(tree: Branching, way: Way, number: int) -> None:
    step = way.step(number)
    if step is None:
        tree.ends = _without(tree.ends, way)
        return
    is_behind, term = step
    side = tree.behind if is_behind else tree.before
    assert side is not None, "it hangs there"
    there = side[term]
    if isinstance(there, Branching):
        _take(there, way, number + 1)
        if there.ends or there.behind or there.before:
            return
    del side[term]
    if not side:
        if is_behind:
            tree.behind = None
        else:
            tree.before = None


def _with(bucket: Bucket, way: Way) -> Bucket:
    if bucket is None:
        return way
    if isinstance(bucket, Way):
        return {bucket: None, way: None}
    bucket[way] = None
    return bucket


def _without(bucket: Bucket, way: Way) -> Bucket:
    if not isinstance(bucket, dict):
        return None
    del bucket[way]
    return bucket or None
