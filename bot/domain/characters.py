"""Which characters of a stranger's text can be shown; no platform's markup is known here."""

import unicodedata
from typing import Final

# C0, DEL and C1 but for tab and newline, what turns the direction of writing around, and halves of surrogate pairs.
_FORBIDDEN: Final = dict.fromkeys(
    [*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0xD800, 0xE000)]
)
_BREAKS: Final = {0x0B: " ", 0x0C: " ", 0x85: " ", 0x2028: "\n", 0x2029: "\n"}
_TABLE: Final[dict[int, str | None]] = {**_FORBIDDEN, **_BREAKS}
# Platforms count these as nothing, whatever Unicode says: a blank Braille cell, an object's place, Hangul fillers.
_UNSEEN: Final = frozenset("\u2800\ufffc\u115f\u1160\u3164\uffa0")


def clean(text: str) -> str:
    """`text` without the code points that platforms reject or drop, or that no UTF-8 holds."""
    return text.translate(_TABLE)


def is_seen(text: str) -> bool:
    """Whether there is anything in `text` that a reader sees."""
    return any(unicodedata.category(character)[0] not in "CZ" and character not in _UNSEEN for character in text)
