"""What kind of text a headline announces: a report, or something around one.

A gallery, an explainer or a round-up shares its names and words with the report that it is about, and a preview shares
them with the report of what it looks forward to; yet who has read one has not read the other. Only what a headline
says of itself counts here; what is not recognised is a report.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final
from zlib import crc32

from bot.domain.numbers import in_digits
from bot.domain.words import tokens


class Kind(StrEnum):
    """What a headline announces."""

    REPORT = "report"
    PREVIEW = "preview"
    PICTURES = "pictures"
    EXPLAINER = "explainer"
    ROUNDUP = "roundup"


# In the order in which they are asked. English, then Ukrainian, Russian, French, German: the catalogue's languages.
_SIGNS: Final = (
    (
        Kind.ROUNDUP,
        r"\b(?:(?:morning|evening|daily|weekly|\w+day) briefing|newsletter|live updates|live blog|the papers|recap"
        r"|round-?up|wrap(?! up))\b|^live\b|\. And, "
        r"|\b(?:дайджест|онлайн-трансляція|онлайн-трансляция|головне за|главное за|revue de presse|newsblog|liveblog)\b"
        r"|\b(?:en direct|liveticker)\b",
    ),
    (Kind.PICTURES, r"\b(?:in pictures|photos?|in video|en images|in bildern|фоторепортаж|фото дня)\b"),
    (
        Kind.EXPLAINER,
        r"[?？]\W*$|^(?:how|why|what|(?-i:[Ww]ho)|where|when|which|inside|opinion|analysis|factbox|timeline|profile"
        r"|obituary|mapping|як|чому|що відомо|как|почему|что известно|comment|pourquoi|wie|warum|was)\b"
        r"|\b(?:explained|explainer|takeaways|(?:what|things|need|you) to know|what (?:we|you|happened|is|are)"
        r"|що відомо|что известно"
        r"|ce que l.on sait|was wir wissen)\b",
    ),
    (
        Kind.PREVIEW,
        r"\bset to\b|\bto (?:meet|hold|begin|start|resume|attend|host|vote|discuss|open|launch|visit|face)\b",
    ),
)
_KINDS: Final = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _SIGNS)
# Words after which a number says which one of a series it is, in their folded form.
_SERIAL: Final = frozenset({"day", "week", "round", "episode", "part", "день", "доба", "сутки", "jour", "tag"})
_NEXT: Final = 12 * 3_600.0


def kind_of(title: str) -> Kind:
    """What kind of text a headline announces."""
    for kind, signs in _KINDS:
        if signs.search(title):
            return kind
    return Kind.REPORT


@dataclass(frozen=True, slots=True)
class Series:
    """What tells the next of a series: a tally, a digest, a fixture.

    `pattern` is the same for headlines that differ in their numbers alone, `numbers` are these, `counts` is what a
    headline counts itself by: ("day 500",) of "What we know on day 500".
    """

    pattern: int
    numbers: tuple[str, ...]
    counts: tuple[str, ...]


def series_of(title: str) -> Series:
    """Of which series a headline would be, and which one of it."""
    words = [in_digits(token.folded) for token in tokens(title)]
    pairs = pairwise(words)
    return Series(
        crc32(" ".join("#" if word.isdigit() else word for word in words).encode()),
        tuple(word for word in words if word.isdigit()),
        tuple(f"{word} {number}" for word, number in pairs if word in _SERIAL and number.isdigit()),
    )


def may_be_one(one: Series, other: Series, *, seconds: float, same_outlet: bool) -> bool:
    """Whether two headlines, so many seconds apart, may report one thing: not if one is the next of the other's series.

    A toll that rises within hours is the same report; the same words with other numbers a day later are another one,
    and so are other words of the same outlet that share no number.
    """
    if one.counts and other.counts and one.counts != other.counts:
        return False
    if abs(seconds) < _NEXT or one.numbers == other.numbers:
        return True
    share_none = bool(one.numbers and other.numbers) and not set(one.numbers) & set(other.numbers)
    return one.pattern != other.pattern and not (same_outlet and share_none)
