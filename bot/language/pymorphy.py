"""Ukrainian and Russian words, by pymorphy's dictionaries; it also predicts how unknown words are inflected."""

import re
from typing import Final

from pymorphy3 import MorphAnalyzer

from bot.domain.words import fold, without_accents

_ANY_APOSTROPHE: Final = re.compile("['’ʼ‘`´＇‛′ʹʻʽ]")
_UNLIKELY: Final = 0.03  # of the readings that a corpus has counted
_CYRILLIC: Final = re.compile("[а-яёєіїґ']+")
# Names that are unknown and end in a consonant are declined with these: Шольц, Шольца, Шольцу, Шольцем.
_OF_A_NAME: Final = re.compile("(.{2,}[бвгджзйклмнпрстфхцчшщ])(?:а|у|ом|ем|ові|еві|е|і)")
# Written either way since the Ukrainian orthography of 2019.
_REFORMED: Final = ("проєк", "проек")


class Pymorphy:
    """One language's words. Reading is safe from several threads."""

    def __init__(self, language: str) -> None:
        """Open the dictionary of `language`, "uk" or "ru"."""
        self._analyzer = MorphAnalyzer(lang=language)

    def lemmas(self, word: str) -> list[str]:
        """The folded lemmas of every reading of a word but the unlikely; none of a word in other letters."""
        plain = _written(word)
        if not _CYRILLIC.fullmatch(plain):
            return []
        readings = self._analyzer.parse(plain)
        likely = [reading for reading in readings if reading.score >= _UNLIKELY] or readings[:1]
        lemmas = [fold(reading.normal_form).replace(*_REFORMED) for reading in likely]
        if not self._analyzer.word_is_known(plain) and (name := _OF_A_NAME.fullmatch(plain)):
            lemmas.append(fold(name[1]))
        return lemmas


def _written(word: str) -> str:
    """The word as pymorphy's dictionaries have it: one kind of apostrophe, no stress; it knows е for ё and г for ґ."""
    return "'".join(map(without_accents, _ANY_APOSTROPHE.split(word.lower())))
