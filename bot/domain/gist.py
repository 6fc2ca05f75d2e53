"""What of a story is compared with other stories: the keys of its headline, and those of headline and lead.

A key is a word's stem, or its number. What a stem is, is the caller's: folding alone does, a morphology does better.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from sys import intern
from typing import Final, NamedTuple

from bot.domain.developments import NO_COUNT, Count, count_of
from bot.domain.headlines import Kind, Series, kind_of, series_of
from bot.domain.marks import skeleton
from bot.domain.numbers import in_digits
from bot.domain.words import fold, tokens

Stem = Callable[[str, str], str]
"""From a word as written and its language ("uk", or "" where unknown) to the key under which its forms are one."""

# Of a lead: what stands further down is background, which related stories share.
LEAD: Final = 300
# After these a capital is no sign of a name. Prepositions and articles are plain in headlines that capitalise the rest.
_BEGINS: Final = re.compile(r"[.!?:;|\"“”‘«„]")
_SHORT: Final = 3


def folded(word: str, _language: str) -> str:
    """The stem of those who know no language."""
    return fold(word)


@dataclass(frozen=True, slots=True)
class Story:
    """A story as events see it; `at` is in Unix seconds, `language` a primary subtag or "" where unknown."""

    story_id: int
    outlet: str
    language: str
    title: str
    lead: str
    at: float


@dataclass(frozen=True, slots=True)
class Gist:
    """A story's keys, each once: `keys[:headline]` are the headline's, the rest occur in the lead only.

    `names` are those keys of the headline that are written as names. `opening` is the key of its first word where that
    has a capital, which says little: it is a name where it is an acronym, or where the lead has it as one. `marks` are
    what the headline says in any language, see `bot.domain.marks`; its numbers are among them.
    """

    keys: tuple[str, ...]
    headline: int
    names: frozenset[str]
    marks: frozenset[str]
    kind: Kind
    series: Series
    count: Count = NO_COUNT
    opening: str = ""

    @property
    def title(self) -> tuple[str, ...]:
        """The keys of the headline."""
        return self.keys[: self.headline]


class _Word(NamedTuple):
    """A word, and how it is written: as a name, with a capital where no sentence begins; or plainly, without one."""

    text: str
    folded: str
    is_name: bool
    is_plain: bool


def gist_of(story: Story, stem: Stem = folded) -> Gist:
    """The keys of a story."""
    title, lead = _written(story.title), _written(story.lead[:LEAD])
    in_title, in_lead = (_keys(words, story.language, stem) for words in (title, lead))
    names = {key for key, word in in_title if word.is_name}
    named = {key for key, word in in_lead if word.is_name}
    is_mixed = any(word.is_plain for word in title)
    if not is_mixed:
        # Where every word is written as a name, the lead tells which ones are.
        names &= named
    opening, first = in_title[0] if in_title else ("", None)
    if first is None or first is not title[0] or not first.text[0].isupper():
        opening = ""
    elif opening in named or (is_mixed and len(first.text) > 1 and first.text.isupper()):
        names.add(opening)
    keys = dict.fromkeys(key for key, _ in in_title)
    headline = len(keys)
    keys.update(dict.fromkeys(key for key, _ in in_lead))
    marks, kind, series, count = _marks(title), kind_of(story.title), series_of(story.title), count_of(story.title)
    return Gist(tuple(keys), headline, frozenset(names), marks, kind, series, count, opening)


def _marks(title: Iterable[_Word]) -> frozenset[str]:
    found = set()
    for word in title:
        mark = in_digits(word.folded)
        if not mark.isdigit():
            # A sentence's first word may be a name; one that is none finds nothing to meet in another language.
            mark = skeleton(word.text) if word.text[0].isupper() and len(word.text) >= _SHORT else ""
        if len(mark) > 1 or mark.isdigit():
            found.add(intern(mark))
    return frozenset(found)


def _written(text: str) -> list[_Word]:
    found = []
    end = 0
    for token in tokens(text):
        begins = not end or _BEGINS.search(text, end, token.start) is not None
        is_plain = len(token.text) > _SHORT and token.text[0].islower()
        found.append(_Word(token.text, token.folded, token.text[0].isupper() and not begins, is_plain))
        end = token.end
    return found


def _keys(words: Iterable[_Word], language: str, stem: Stem) -> list[tuple[str, _Word]]:
    keys = []
    for word in words:
        key = in_digits(word.folded)
        if not key.isdigit():
            key = stem(word.text, language)
        if len(key) > 1 or key.isdigit():
            keys.append((intern(key), word))
    return keys
