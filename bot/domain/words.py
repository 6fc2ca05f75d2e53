"""Words: where they stand in a text, and the form in which they are compared.

Spans always refer to the text as given. Inflection and languages are not here.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

# Characters that stand inside a word without being letters of it: soft hyphen, zero-width ones, joiners,
# variation selectors.
_INVISIBLE: Final = "\u00ad\u034f\u200b\u200c\u200d\u2060\ufeff\ufe00-\ufe0f"
# Marks belong to the letter before them, in every script: decomposed text has them, and Indic vowels always are some.
_MARKS: Final = "".join(mark for mark in map(chr, range(0x10000)) if unicodedata.category(mark) in {"Mn", "Mc"})
# Ukrainian writes об'єкт with any of these; in Latin scripts the same characters part words (l'armée).
_APOSTROPHES: Final = "'’ʼ‘`´＇"
_CYRILLIC: Final = "\u0400-\u052f"
_WORD: Final = re.compile(
    rf"[^\W_](?:[^\W_]|[{_MARKS}{_INVISIBLE}]|(?<=[{_CYRILLIC}])[{_APOSTROPHES}](?=[{_CYRILLIC}]))*"
)
_DROPPED: Final = re.compile(f"[{_INVISIBLE}{_APOSTROPHES}]")
# Letters that Unicode does not decompose, with what readers type for them.
_PLAIN: Final = {"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ґ": "г"}
_LETTERS: Final = str.maketrans(_PLAIN | {letter.upper(): plain.upper() for letter, plain in _PLAIN.items()})
# й, ї and ў decompose, yet they are letters of their own and no accented ones.
_LETTERS_WITH_MARKS: Final = {"й", "ї", "ў"}
# Classes of marks that make another letter and no accent: nukta, voicing of kana, virama.
_LETTER_MARKS: Final = {0, 7, 8, 9}


class Token(NamedTuple):
    """A word of a text: as written, as compared, and where it stands (`text[start:end]`)."""

    text: str
    folded: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The words of a text in order; everything between letters and digits parts words, hyphens too."""
    return [
        Token(written := match.group(), fold(written), match.start(), match.end()) for match in _WORD.finditer(text)
    ]


@lru_cache(maxsize=65_536)
def fold(word: str) -> str:
    """The form in which words are compared: neither case, accents, Unicode form nor invisible characters count."""
    if word.isascii():
        return _DROPPED.sub("", word).lower()
    return without_accents(word.casefold()).casefold()


def without_accents(word: str) -> str:
    """`word` in its own case, without accents and invisible characters."""
    composed = unicodedata.normalize("NFKC", _DROPPED.sub("", word))
    return "".join(map(_base, composed)).translate(_LETTERS)


@lru_cache(maxsize=4_096)
def _base(character: str) -> str:
    if character.lower() in _LETTERS_WITH_MARKS:
        return character
    decomposed = unicodedata.normalize("NFKD", character)
    return "".join(part for part in decomposed if unicodedata.combining(part) in _LETTER_MARKS)
