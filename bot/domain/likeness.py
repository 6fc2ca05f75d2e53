"""How alike two stories are.

Three figures decide, with weights that `benchmarks/train_events.py` has learned:

- similarity: of the headlines and of the texts (cosine of keys weighted by rarity), and how much of each headline the
  other story says somewhere; their mean, for each alone is misled by short headlines, long leads or changed words,
- evidence: how rare the third-rarest key is that both hold; one or two shared names are no event yet,
- the days between: what happens again happens later.
"""

import math
from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from bot.domain.gist import Gist
from bot.domain.headlines import may_be_one

Rarity = Callable[[str], float]
"""The weight of a key, in nats: minus the logarithm of the share of stories that hold it."""

EVIDENCE: Final = 0.32
DAY: Final = 0.18

_SHARED: Final = 3
_RARE: Final = 1.5
_RARER: Final = 1.0  # nats
_PLACE: Final = 0.7  # of the greatest rarity: among 5,000 stories it is in the headlines of eight
_SAME_DAY: Final = 6 * 3_600.0  # later it may be the next attack on the same town
_LAG: Final = 2 * 3_600.0
_BEGINNING: Final = 4
_DAY_SECONDS: Final = 86_400.0


def contradict(one: Gist, other: Gist, rarity: Rarity, *, seconds: float, same_outlet: bool) -> bool:
    """Whether something in the headlines says that two stories are not of one event, however alike they are.

    They announce different kinds of text; one is the next of the other's series; or each names what the other story
    says nowhere, and what is rarer by far than any name that they share: it happened elsewhere, or to somebody else.
    An outlet fills its forms with new names, so that of its own stories those are kept apart as well that share some;
    and all outlets write of like things in the same words, so that two headlines are kept apart of which nothing but
    the names differs, or who does it and to whom it is done.
    """
    series = may_be_one(one.series, other.series, seconds=seconds, same_outlet=same_outlet)
    if one.kind is not other.kind or not series:
        return True
    if _has_turned(one, other) or _fills_one_form(one, other):
        return True
    mine, its = _unsaid(one.names, other.keys), _unsaid(other.names, one.keys)
    if not mine or not its:
        return False
    said = max(map(rarity, (one.names - mine) | (other.names - its)), default=0.0)
    return same_outlet or min(max(map(rarity, mine)), max(map(rarity, its))) >= said + _RARER


def _has_turned(one: Gist, other: Gist) -> bool:
    """Whether each headline begins with a name that the other has further on, in the same words: who did it to whom."""
    return (
        one.opening != other.opening
        and one.opening in other.names
        and other.opening in one.names
        and set(one.title) == set(other.title)
    )


def _fills_one_form(one: Gist, other: Gist) -> bool:
    """Whether two headlines are the same but for their names, and each has one that the other story says nowhere."""
    names, others = (gist.names | ({gist.opening} - {""}) for gist in (one, other))
    if set(one.title) - names != set(other.title) - others:
        return False
    return bool(_unsaid(names, other.keys) and _unsaid(others, one.keys))


def _unsaid(names: frozenset[str], keys: tuple[str, ...]) -> frozenset[str]:
    """The names that no key begins like: "china" is said where "chinese" is."""
    beginnings = {key[:_BEGINNING] for key in keys}
    return frozenset(name for name in names if name[:_BEGINNING] not in beginnings)


def agree(one: Gist, other: Gist, rarity: Rarity, *, rarest: float, seconds: float) -> bool:
    """Whether headlines of two languages, `one` so many seconds later, say so much alike that they report one thing.

    At least three marks, one of them a number, which together are rare; and no number of the one that has fewer is
    missing in the other. Or the name of a place that is seldom in the news, and the toll there: the same, or one that
    is said to have risen, or, as outlets are not equally quick, another within two hours.
    Measured to be right, and to find less than all: see `benchmarks/README.md`.
    """
    shared = one.marks & other.marks
    places = math.fsum(rarity(mark) for mark in shared if not mark.isdigit())
    if places >= _PLACE * rarest and abs(seconds) <= _SAME_DAY:
        counted = _counted(one, other)
        is_one = abs(seconds) <= _LAG or all(number == others for number, others in counted)
        if counted and (is_one or has_risen(one, other, seconds=seconds)):
            return True
    numbers, other_numbers = (frozenset(filter(str.isdigit, gist.marks)) for gist in (one, other))
    if len(shared) < _SHARED or not numbers or not (numbers <= other_numbers or other_numbers <= numbers):
        return False
    return bool(other_numbers) and math.fsum(map(rarity, shared)) >= _RARE * rarest


def has_risen(one: Gist, other: Gist, *, seconds: float) -> bool:
    """Whether the later headline says that a toll has risen, and counts no fewer than the other of whom both count.

    `seconds` is how much later `one` is.
    """
    later, earlier = (one, other) if seconds >= 0 else (other, one)
    shared = _counted(earlier, later)
    return later.count.risen and bool(shared) and all(before <= now for before, now in shared)


def _counted(one: Gist, other: Gist) -> list[tuple[int, int]]:
    """What two headlines count, of those whom both count."""
    others = dict(other.count.tolls)
    return [(number, others[toll]) for toll, number in one.count.tolls if toll in others]


class Likeness(NamedTuple):
    """What two stories share: see the module. `similarity` and `evidence` are from 0 to 1."""

    similarity: float
    evidence: float
    days: float

    @property
    def score(self) -> float:
        """All of it in one figure: the higher, the likelier it is that both report the same thing."""
        return self.similarity + EVIDENCE * self.evidence - DAY * self.days


def likeness(one: Gist, other: Gist, rarity: Rarity, *, rarest: float, seconds: float) -> Likeness:
    """Compare two stories of one language; `rarest` is the greatest rarity that there is."""
    title, text = set(one.title), set(one.keys)
    other_title, other_text = set(other.title), set(other.keys)
    weights = {key: rarity(key) for key in text | other_text}
    shared = sorted((weights[key] for key in text & other_text), reverse=True)
    similarity = (
        _cosine(title, other_title, weights)
        + _cosine(text, other_text, weights)
        + (_said(title, other_text, weights) + _said(other_title, text, weights)) / 2
    ) / 3
    evidence = shared[_SHARED - 1] / rarest if len(shared) >= _SHARED else 0.0
    return Likeness(similarity, evidence, abs(seconds) / _DAY_SECONDS)


def _cosine(one: AbstractSet[str], other: AbstractSet[str], weights: dict[str, float]) -> float:
    norms = _sum_of_squares(one, weights) * _sum_of_squares(other, weights)
    return _sum_of_squares(one & other, weights) / math.sqrt(norms) if norms else 0.0


def _sum_of_squares(keys: Iterable[str], weights: dict[str, float]) -> float:
    # Sets of strings have no order of their own; a sum in whatever order would differ in its last bits.
    return math.fsum(weights[key] * weights[key] for key in keys)


def _said(headline: AbstractSet[str], text: AbstractSet[str], weights: dict[str, float]) -> float:
    whole = math.fsum(weights[key] for key in headline)
    return math.fsum(weights[key] for key in headline & text) / whole if whole else 0.0
