"""What a dictionary of forms leaves out, learned from what it has: stolen forms, and words that it does not know.

A dictionary that gives each form one lemma takes forms away from the others: if Polish "premierze" belongs to
"premiera", then "premier" has lost its locative. Words that end alike and share the forms that are left tell which one
is missing. They also tell how an unknown word may be inflected, as pymorphy's predictors do.

Pure computations over folded words. An edit (`Edit`) says how a form becomes its lemma, or a lemma its form.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

_ALIKE: Final = (3, 2, 1)  # letters that the lemmas of one inflection share at their end, the surest first
_LEAST_ALIKE: Final = 5  # lemmas whose testimony is enough
_AGREED: Final = 0.75  # of these lemmas that have a form, for one that lacks it to get it
_LEAST_KNOWN: Final = 2  # forms of a lemma that must be known to say what it is like
_ENDINGS: Final = 500  # that are told apart, the commonest: what irregular words have is nobody's else
_MODELS: Final = 400  # sets of endings that are compared with, the commonest first
_LONGEST_SUFFIX: Final = 5
_SHORTEST_STEM: Final = 3
_SUFFIX_SEEN: Final = 10  # forms with a suffix, for it to teach anything
_EDIT_SHARE: Final = 0.1  # of these forms, for an edit to be taken from them
_EDIT_SEEN: Final = 5
_EDITS: Final = 3  # of one suffix


class Edit(NamedTuple):
    """How one word becomes another: cut so many letters off its end, then add these."""

    cut: int
    add: str

    def of(self, word: str) -> str:
        """The word, edited."""
        return word[: len(word) - self.cut] + self.add


def edit(word: str, other: str) -> Edit:
    """The edit that makes `other` of `word`, with as many letters kept as they share."""
    same = min(len(word), len(other))  # most words differ in their last letters only: look from there
    while word[:same] != other[:same]:
        same -= 1
    return _edit(len(word) - same, other[same:])


_edit: Final = lru_cache(maxsize=65_536)(Edit)  # there are few for the millions of words that they are made of


def lost_forms(
    lemmas_of: Mapping[str, Iterable[str]], may_have: Callable[[str, str], bool]
) -> Iterator[tuple[str, str]]:
    """Pairs of a known form and a lemma that it lacks there.

    Args:
        lemmas_of: The lemmas of each form.
        may_have: Whether a form may be given to a lemma.
    """
    made: defaultdict[Edit, list[str]] = defaultdict(list)
    for form, lemmas in lemmas_of.items():
        for lemma in lemmas:
            ending = edit(lemma, form)
            if len(lemma) - ending.cut > 1:
                made[ending].append(lemma)
    edits = sorted(made, key=lambda ending: (-len(made[ending]), ending))[:_ENDINGS]
    endings: defaultdict[str, int] = defaultdict(int)  # of each lemma, as bits
    for number, ending in enumerate(edits):
        for lemma in made[ending]:
            endings[lemma] |= 1 << number
    judged: set[str] = set()
    for alike in _ALIKE:
        groups: defaultdict[str, defaultdict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        for lemma, has in endings.items():
            groups[lemma[-alike:]][has].append(lemma)
        for group in groups.values():
            models = sorted(((has, len(lemmas)) for has, lemmas in group.items()), key=lambda pair: -pair[1])[:_MODELS]
            for has, lemmas in group.items():
                left = [lemma for lemma in lemmas if lemma not in judged]
                if not left or has.bit_count() < _LEAST_KNOWN:
                    continue
                alike, seen = _testimony(has, models)
                if alike < _LEAST_ALIKE:
                    continue
                judged.update(left)
                for number, witnesses in seen.items():
                    if witnesses < _AGREED * alike:
                        continue
                    make = edits[number].of
                    # A lemma that lacks the form while another has it is no witness: it may have lost it too.
                    against = sum(make(lemma) not in lemmas_of for lemma in lemmas)
                    if witnesses < _AGREED * (alike + against):
                        continue
                    for lemma in left:
                        form = make(lemma)
                        if form in lemmas_of and lemma not in lemmas_of[form] and may_have(form, lemma):
                            yield form, lemma


def _testimony(has: int, models: Iterable[tuple[int, int]]) -> tuple[int, Counter[int]]:
    """Of the lemmas that have these endings and more: how many there are, and how many of them have each other one."""
    alike = 0
    seen: Counter[int] = Counter()
    for other, lemmas in models:
        if other != has and other & has == has:
            alike += lemmas
            more = other ^ has
            while more:
                lowest = more & -more
                seen[lowest.bit_length() - 1] += lemmas
                more ^= lowest
    return alike, seen


def suffix_edits(forms: Iterable[tuple[str, Edit]]) -> dict[str, list[Edit]]:
    """For the last letters of a form, the edits that may make its lemma, likeliest first.

    Args:
        forms: Known forms, each with an edit that makes its lemma.
    """
    counts: defaultdict[str, Counter[Edit]] = defaultdict(Counter)
    for form, made in forms:
        if len(form) - made.cut < _SHORTEST_STEM:
            continue
        for length in range(max(made.cut, 1), min(_LONGEST_SUFFIX, len(form) - 2) + 1):
            counts[form[-length:]][made] += 1
    learned = {}
    for suffix, edits in counts.items():
        total = edits.total()
        likely = [made for made, count in edits.most_common(_EDITS) if count >= max(_EDIT_SEEN, _EDIT_SHARE * total)]
        if total >= _SUFFIX_SEEN and likely:
            learned[suffix] = likely
    return learned


def suffixes(word: str) -> Iterator[str]:
    """The suffixes of an unknown word that may tell how it is inflected, longest first."""
    for length in range(min(_LONGEST_SUFFIX, len(word) - 2), 0, -1):
        yield word[-length:]
