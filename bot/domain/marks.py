"""What a headline says in any language: the names in it, as the consonants that survive transliteration, and numbers.

"Прилуках" and "Pryluky" are both "prlk". Nothing is translated, and a name that is another word in another language
(Germany, Німеччина) is missed.
"""

from typing import Final

from bot.domain.words import fold

_LETTERS: Final = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "є": "e", "ж": "zh", "з": "z", "и": "y", "і": "i",
        "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
        "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ю": "iu", "я": "ia", "ь": "",
        "ъ": "", "ы": "y", "э": "e", "ё": "e", "ў": "v",
    }
)  # fmt: skip
# What one language writes in one way and another in another: г is g in Russian and h in Ukrainian.
_ALIKE: Final = (
    ("sch", "s"), ("sh", "s"), ("zh", "z"), ("kh", "g"), ("ch", "c"), ("ts", "c"), ("ck", "k"), ("ph", "f"),
    ("h", "g"), ("w", "v"), ("q", "k"), ("x", "ks"), ("j", ""),
)  # fmt: skip
_VOWELS: Final = frozenset("aeiouy")
# Endings are cut off by taking the beginning alone.
_LENGTH: Final = 4


def skeleton(name: str) -> str:
    """The first four consonants of a name in Latin letters, none twice in a row; fewer where it has fewer."""
    latin = fold(name).translate(_LETTERS)
    for written, alike in _ALIKE:
        latin = latin.replace(written, alike)
    bones: list[str] = []
    for letter in latin:
        if letter not in _VOWELS and bones[-1:] != [letter]:
            bones.append(letter)
    return "".join(bones[:_LENGTH])
