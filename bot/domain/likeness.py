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
_BEGINNING: Final = 4
_DAY_SECONDS: Final = 86_400.0


def contradict(one: Gist, other: Gist, rarity: Rarity, *, seconds: float, same_outlet: bool) -> bool:
    """Whether something in the headlines says that two stories are not of one event, however alike they are.

    They announce different kinds of text; one is the next of the other's series; or each names what the other story
    says nowhere, and what is rarer by far than any name that they share: it happened elsewhere, or to somebody else.
    An outlet fills its forms with new names, so that of its own stories those are kept apart as well that share some.
    """
    series = may_be_one(one.series, other.series, seconds=seconds, same_outlet=same_outlet)
    if one.kind is not other.kind or not series:
        return True
    mine, its = _unsaid(one.names, other.keys), _unsaid(other.names, one.keys)
    if not mine or not its:
        return False
    said = max(map(rarity, (one.names - mine) | (other.names - its)), default=0.0)
    return same_outlet or min(max(map(rarity, mine)), max(map(rarity, its))) >= said + _RARER


def _unsaid(names: frozenset[str], keys: tuple[str, ...]) -> frozenset[str]:
    """The names that no key begins like: "china" is said where "chinese" is."""
    beginnings = {key[:_BEGINNING] for key in keys}
    return frozenset(name for name in names if name[:_BEGINNING] not in beginnings)


def agree(one: Gist, other: Gist, rarity: Rarity, *, rarest: float) -> bool:
    """Whether headlines of two languages say so much alike that they report one thing.

    At least three marks, one of them a number, which together are rare; and no number of the one that has fewer is
    missing in the other. Measured to be right, and to find less than half: see `benchmarks/README.md`.
    """
    shared = one.marks & other.marks
    numbers, other_numbers = (frozenset(filter(str.isdigit, gist.marks)) for gist in (one, other))
    if len(shared) < _SHARED or not numbers or not (numbers <= other_numbers or other_numbers <= numbers):
        return False
    return bool(other_numbers) and math.fsum(map(rarity, shared)) >= _RARE * rarest


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
