"""Whether what is known of an event has changed: a toll has risen, an agreement was reached.

A few facts are read from a story, by the words that news has for them; what is not recognised is no development. Which
event a story belongs to is not decided here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import takewhile
from types import MappingProxyType
from typing import Final, Generic, TypeVar

from bot.domain.numbers import in_digits
from bot.domain.words import fold, tokens

Meaning = TypeVar("Meaning")


class Toll(StrEnum):
    """Who is counted."""

    DEAD = "dead"
    HURT = "hurt"
    MISSING = "missing"


class State(StrEnum):
    """What has come about."""

    AGREED = "agreed"
    CEASED = "ceased"
    HELD = "held"
    CHARGED = "charged"
    SENTENCED = "sentenced"
    FREED = "freed"
    RESIGNED = "resigned"
    DIED = "died"
    APPROVED = "approved"
    REJECTED = "rejected"


# The words that say so, in English, Ukrainian and Russian, French, German; a star stands for any ending.
_TOLLS: Final = {
    Toll.DEAD: "dead death deaths kill* fatalit* загибл* загину* вбит* погиб* убит* morts tués tuées décès tote toten"
    " getötet*",
    Toll.HURT: "injur* wound* hurt поранен* постраждал* травмован* ранен* пострадав* blessés blessées verletz*",
    Toll.MISSING: "missing зникл* пропав* disparus disparues vermisst*",
}
_STATES: Final = {
    State.AGREED: "agree agrees agreed agreement accord deal pact угод* домовил* соглаш* договорил* einig* abkommen",
    State.CEASED: "ceasefire truce перемир* trêve waffenruhe",
    State.HELD: "arrest* detain* затрим* арешт* задерж* арест* interpell* arrêté* festgenommen verhaftet",
    State.CHARGED: "charged charges indict* підозр* обвинувач* обвинен* inculpé* angeklagt",
    State.SENTENCED: "sentenc* convict* guilty acquit* засуд* вирок* приговор* осужд* condamné* verurteil*",
    State.FREED: "freed releases released rescued звільнен* врятов* освобожд* спасен* libéré* befreit freigelassen",
    State.RESIGNED: "resign* oust* impeach* відставк* отставк* démission* rücktritt zurückgetreten",
    State.DIED: "dies died помер* умер* décédé* meurt gestorben",
    State.APPROVED: "approv* ratif* ухвал* схвал* одобр* approuv* gebilligt beschlossen",
    State.REJECTED: "reject* veto* відхил* отклон* rejett* abgelehnt",
}
# Words of a headline that say so of a toll, in the same languages.
_RISING: Final = (
    "rise rises risen rose climb climbs climbed grows grew increases increased зросл* зроста* збільшил*"
    " возросл* выросл* увеличил* alourdi* grimpe steigt stieg gestiegen"
)
# What in a headline says that something is not so, in the same languages and Polish; no "no" and no "kein", which count
# as often ("no deaths").
_DENIES: Final = re.compile(r"\b(?:not|never|cannot|не|pas|jamais|nicht|nie)\b|n['’]t\b", re.IGNORECASE)
# "rises to five", "зросла до п'яти": what is counted stands before the verb.
_REACHES: Final = frozenset({"to", "до", "a", "auf"})
# "kills at least 28"
_HEDGES: Final = frozenset(
    {*("at", "least", "more", "than", "nearly", "almost", "about", "over"), *("понад", "майже", "около", "более")}
)
_AHEAD: Final = 3
_BEHIND: Final = 12
_DIGITS: Final = 6


class _Lexicon(Generic[Meaning]):
    """What words mean, as a whole or by how they begin."""

    def __init__(self, table: Mapping[Meaning, str]) -> None:
        listed = [(word, meaning) for meaning, words in table.items() for word in words.split()]
        self._whole = {fold(word): meaning for word, meaning in listed if not word.endswith("*")}
        self._begun = {fold(word[:-1]): meaning for word, meaning in listed if word.endswith("*")}
        self._lengths = sorted({len(beginning) for beginning in self._begun})

    def meaning(self, folded: str) -> Meaning | None:
        """What a folded word means, if anything."""
        if folded in self._whole:
            return self._whole[folded]
        return next((self._begun[cut] for length in self._lengths if (cut := folded[:length]) in self._begun), None)


_WHO: Final = _Lexicon(_TOLLS)
_WHAT: Final = _Lexicon(_STATES)
_RISEN: Final = _Lexicon({True: _RISING})


@dataclass(frozen=True, slots=True)
class Facts:
    """What stories say: the highest count of each toll, and the states that they name.

    `headline` are the states that a headline names: in a lead they may be background. `denies`: a headline says that
    something is not so, or will not be.
    """

    tolls: Mapping[Toll, int] = field(default_factory=lambda: MappingProxyType({}))
    states: frozenset[State] = frozenset()
    headline: frozenset[State] = frozenset()
    denies: bool = False

    def __or__(self, other: "Facts") -> "Facts":
        """What both say together."""
        tolls = {toll: max(self.tolls.get(toll, 0), other.tolls.get(toll, 0)) for toll in (*self.tolls, *other.tolls)}
        return Facts(
            MappingProxyType(tolls),
            self.states | other.states,
            self.headline | other.headline,
            self.denies or other.denies,
        )


def facts_of(title: str, lead: str) -> Facts:
    """What a story says, as far as it is recognised."""
    headline, text = _words(title), _words(lead)
    in_headline = _states(headline)
    # A lead tells of earlier attacks too: it counts for those only whom the headline does not count.
    tolls = _tolls(text) | _tolls(headline)
    return Facts(MappingProxyType(tolls), in_headline | _states(text), in_headline, _DENIES.search(title) is not None)


@dataclass(frozen=True, slots=True)
class Count:
    """Whom a headline counts and how many, sorted by whom; `risen` where it says that there were fewer."""

    tolls: tuple[tuple[Toll, int], ...] = ()
    risen: bool = False


NO_COUNT: Final = Count()


def count_of(title: str) -> Count:
    """What a headline counts."""
    words = _words(title)
    tolls = _tolls(words)
    if not tolls:
        return NO_COUNT
    return Count(tuple(sorted(tolls.items())), any(map(_RISEN.meaning, words)))


def develops(story: Facts, so_far: Facts) -> bool:
    """Whether a story says what its event's stories did not: a toll has risen, its first dead, a new state of things.

    Or that something is not so: "will not meet" after "will meet".

    A lower count is another account and no development; so is a state that stands in a lead only.
    """
    risen = any(count > so_far.tolls[toll] for toll, count in story.tolls.items() if toll in so_far.tolls)
    first_dead = bool(so_far.tolls) and Toll.DEAD in story.tolls and Toll.DEAD not in so_far.tolls
    denies = story.denies and not so_far.denies
    return risen or first_dead or denies or not story.headline <= so_far.states


def _words(text: str) -> list[str]:
    return [in_digits(token.folded) for token in tokens(text)]


def _states(words: Sequence[str]) -> frozenset[State]:
    return frozenset(state for word in words if (state := _WHAT.meaning(word)) is not None)


def _tolls(words: Sequence[str]) -> dict[Toll, int]:
    found: dict[Toll, int] = {}
    for place, word in enumerate(words):
        # What is longer is no number of people.
        if word.isdecimal() and len(word) <= _DIGITS and (toll := _counted(words, place)) is not None:
            found[toll] = max(found.get(toll, 0), int(word))
    return found


def _counted(words: Sequence[str], place: int) -> Toll | None:
    """Who is counted by the number at a place, judged by the words around it."""
    before = place - 1
    while before >= 0 and words[before] in _HEDGES:
        before -= 1
    if before >= 0:
        if words[before] in _REACHES:
            risen = next(_named(reversed(words[max(0, before - _BEHIND) : before])), None)
            if risen is not None:
                return risen
        # "kills four, injures 20", but "four killed, 20 injured": there the number before has the word already.
        is_taken = before > 0 and words[before - 1].isdecimal() and not words[before].endswith(("s", "ing"))
        toll = _WHO.meaning(words[before])
        if toll is not None and not is_taken:
            return toll
    return next(_named(takewhile(_is_word, words[place + 1 : place + 1 + _AHEAD])), None)


def _is_word(word: str) -> bool:
    return not word.isdecimal()


def _named(words: Iterable[str]) -> Iterator[Toll]:
    return (toll for word in words if (toll := _WHO.meaning(word)) is not None)
