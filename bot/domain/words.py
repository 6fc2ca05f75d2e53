"""Words: where they stand in a text, and the form in which they are compared.

Spans always refer to the text as given. What outlets write in several ways is one word: an acronym with full stops
(U.S.), a number in groups (10,000), a letter with a number (F-16). Inflection and languages are not here, but for what
is put behind acronyms and numbers.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

PARTING: Final = 3
"""Which way of parting texts into words this is. Where words are kept, so is it, and others' are made anew."""

# Characters that stand inside a word without being letters of it: soft hyphen, zero-width ones, joiners, marks of
# direction, variation selectors.
_INVISIBLE: Final = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufe00-\ufe0f"
# Marks belong to the letter before them, in every script: decomposed text has them, and Indic vowels always are some.
_MARKS: Final = "".join(mark for mark in map(chr, range(0x10000)) if unicodedata.category(mark) in {"Mn", "Mc"})
# Ukrainian writes об'єкт with any of these; in Latin scripts the same characters part words (l'armée).
_APOSTROPHES: Final = "'’ʼ‘`´＇‛′ʹʻʽ"
_CYRILLIC: Final = "\u0400-\u052f"
# Scripts that put no space between words. A character of theirs is a word by itself, so that what is looked for is
# found wherever it stands, as words side by side: Thai and Lao, Myanmar, Khmer, kana, Han, half-width kana.
_UNSPACED: Final = (
    "\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6\u0edc-\u0edf\u1000-\u102a\u1050-\u1055"
    "\u1780-\u17b3\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"
)
_LETTER: Final = rf"[^\W_{_UNSPACED}{_APOSTROPHES}]"
_INSIDE: Final = rf"[{_MARKS}{_INVISIBLE}]"
_GOES_ON: Final = rf"(?:{_LETTER}|{_INSIDE}|(?<=[{_CYRILLIC}])[{_APOSTROPHES}](?=[{_CYRILLIC}]))*"
_PLAIN_WORD: Final = re.compile(rf"{_LETTER}{_GOES_ON}|[{_UNSPACED}](?:{_INSIDE}|[\uff9e\uff9f])*")
_DROPPED: Final = re.compile(f"[{_INVISIBLE}{_APOSTROPHES}]")
# Letters that Unicode does not decompose, with what readers type for them.
_PLAIN: Final = {"ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ґ": "г"}
_LETTERS: Final = str.maketrans(_PLAIN | {letter.upper(): plain.upper() for letter, plain in _PLAIN.items()})
# й, ї and ў decompose, yet they are letters of their own and no accented ones.
_LETTERS_WITH_MARKS: Final = {"й", "ї", "ў"}
# An acronym with what is put behind it where it is inflected: NATOs, МЗСу. A longer ending makes another word.
_LATIN_ENDING: Final = "s|es|u|a|em|om|ie|owi|y|i|ami|ach"
_CYRILLIC_ENDING: Final = "у|ю|а|я|ом|ем|єм|ові|еві|і|ї|и|ы|е|є|ів|їв|ов|ев|ам|ям|ами|ями|ах|ях"
_INFLECTED: Final = re.compile(
    rf"(?:([A-Z][A-Z0-9]+)(?:{_LATIN_ENDING}|{_CYRILLIC_ENDING})|([А-ЯЁЄІЇҐ][А-ЯЁЄІЇҐ0-9]+)(?:{_CYRILLIC_ENDING}))"
)
# Classes of marks that make another letter and no accent: nukta, voicing of kana, virama.
_LETTER_MARKS: Final = {0, 7, 8, 9}

_NO_DIGIT: Final = rf"[^\W\d_{_UNSPACED}{_APOSTROPHES}]"
# Where a word may begin and end. What is written without spaces goes on with another word, not with this one.
_BEGINS: Final = rf"(?<!{_LETTER})"
_ENDS: Final = rf"(?!{_LETTER})"
# U.S., U.S.A, J.K. or, where every one of them is followed by a space, J. K., А. Б. В.
_ONE: Final = rf"{_NO_DIGIT}{_INSIDE}*"
_DOTTED: Final = rf"{_BEGINS}{_ONE}(?:\.{_ONE})+{_ENDS}\.?|{_BEGINS}{_ONE}\.(?:[ \u00a0\u202f]{_ONE}\.)+{_ENDS}"
_ACRONYM: Final = re.compile(_DOTTED)
_SLAVIC_INITIALS: Final = re.compile(f"[{_CYRILLIC}]{{2}}")
_HYPHEN: Final = "[-‐‑]"
_DASH: Final = "[-‐‑–－]"
COMMA_GROUPED: Final = rf"{_BEGINS}(?<!\d,)(?<!{_LETTER}{_HYPHEN})[1-9]\d{{0,2}}(?:,\d{{3}})+(?!\d|,\d)"
"""A number whose commas part groups of three digits: the pattern of 10,000, but not of 1,2 or 1,2,000."""
# Behind the number of a name, where a hyphen is between: МіГ-29-го, F-16-х, F-16-ów. Behind other numbers it tells
# which one it is of several («24-та бригада»), and parts the words as ever.
_NUMERAL_ENDING: Final = (
    rf"{_HYPHEN}(?:{_LATIN_ENDING}|ów|{_CYRILLIC_ENDING}|х|го|му|м|ми|й|ий|ый|ой|та|те|ті|ту|ти|тих|их|ых|им|ым|ої|ою)"
    rf"(?!{_LETTER}|{_HYPHEN}{_LETTER})"
)
_WORD: Final = re.compile(
    rf"{_NO_DIGIT}{{2}}{_GOES_ON}"  # most words, and nothing of what follows
    rf"|(?P<dotted>{_DOTTED})"
    # F-16, F16 and Ф-16; letters behind it make another one of it (F-16C), but for the English plural.
    rf"|(?P<name>[A-Za-z\u0400-\u04ff\uff21-\uff3a\uff41-\uff5a]{_DASH}?"
    rf"\d+(?:(?!s{_ENDS}){_LETTER}(?:{_LETTER}|{_INSIDE})*)?)(?:s{_ENDS})?(?:{_NUMERAL_ENDING})?"
    # 10,000, and with spaces 10 000. Zero begins decimals, and what is behind a hyphen may be a name's: "MiG-29 100".
    rf"|(?<!\d[.,'’])(?P<grouped>[1-9]\d{{0,2}}(?P<mark>[.,'’])\d{{3}}(?:(?P=mark)\d{{3}})*(?!\d|(?P=mark)\d){_LETTER}*"
    rf"|(?<!{_DASH})[1-9]\d{{0,2}}(?P<space>[ \u00a0\u202f\u2009])\d{{3}}(?:(?P=space)\d{{3}})*{_ENDS})"
    # MiG-29s, Leopard 2s; the 30s are years.
    rf"|(?P<plural>(?![1-9]0s)\d{{1,3}})s{_ENDS}|(?<=[^\W\d_]{_DASH})(?P<numbered>\d+){_NUMERAL_ENDING}"
    rf"|{_PLAIN_WORD.pattern}"
)
_BETWEEN: Final = re.compile(rf"[.,'’\s]|{_DASH}")
# The letter of a name like F-16, which Cyrillic texts write either way.
_IN_LATIN: Final = str.maketrans("АБВГДЕЗИІКЛМНОПРСТУФабвгдезиіклмнопрстуф", "ABVGDEZIIKLMNOPRSTUFabvgdeziiklmnoprstuf")


class Token(NamedTuple):
    """A word of a text: itself, as compared, and where it stands (`text[start:end]`).

    It is as it is written there, but for what does not belong to it: "U.S." is US, "10,000" 10000, "Ф-16-ті" F16.
    """

    text: str
    folded: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """The words of a text in order; everything between letters and digits parts words, hyphens too.

    Where a script has no spaces, each of its characters is a word.
    """
    found: list[Token] = []
    for match in _WORD.finditer(text):
        kind = match.lastgroup
        if kind is None:
            word = match.group()
        elif kind == "name":
            letter, rest = match[kind][0], match[kind][1:]
            word = letter.translate(_IN_LATIN) + _BETWEEN.sub("", rest)
        else:
            word = _BETWEEN.sub("", match[kind])
            if kind == "dotted" and not _is_acronym(word):
                found += (_token(plain.group(), plain) for plain in _PLAIN_WORD.finditer(text, *match.span()))
                continue
        found.append(_token(word, match))
    return found


def _is_acronym(word: str) -> bool:
    """Whether letters with full stops are one: not small ones (a.m., z. B.), nor the initials of В. В. Путин.

    Two letters are a name and a patronymic in Cyrillic texts, of which some are acronyms too (ЕС, РФ, ОП).
    """
    return word.isupper() and not _SLAVIC_INITIALS.fullmatch(without_accents(word))


def _token(word: str, match: re.Match[str]) -> Token:
    return Token(word, fold(word), match.start(), match.end())


def with_capitals(text: str) -> str:
    """`text` with its small dotted acronyms in capitals: who types u.s. means U.S., and who types S.p.A. just that."""
    return _ACRONYM.sub(lambda match: _in_capitals(match[0]), text)


def _in_capitals(written: str) -> str:
    large = written.upper()
    return large if written.islower() and len(large) == len(written) else written


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


@lru_cache(maxsize=16_384)
def acronym_of(written: str) -> str | None:
    """The acronym that a word is an inflected form of ("NATOs": "NATO"), or None, also where it is one as it is.

    The ending is in lower case, and one that a language of the script puts there: English and German -s, Polish
    -u, -em, -ie, Ukrainian and Russian -у, -ом, -ів.
    """
    match = _INFLECTED.fullmatch(without_accents(written))
    return (match[1] or match[2]) if match else None
