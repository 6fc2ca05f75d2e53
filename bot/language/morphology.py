"""The forms of words, by dictionaries: pymorphy's for Ukrainian and Russian, simplemma's for the others.

The keys of a word are the folded word itself and the folded lemmas of every reading that it has. No context is looked
at: a form of two words is one of both. A language without a dictionary has folded words only.
"""

import logging
from functools import lru_cache, partial
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Final, Protocol

from bot.domain.words import fold
from bot.language.built import built, folder
from bot.language.lexicon import Lexicon, write_lexicon
from bot.language.pymorphy import Pymorphy

log = logging.getLogger(__name__)

BY_PYMORPHY: Final = ("uk", "ru")
# Built at install, longest first: what detection guesses. The others are built when a text declared so turns up.
BY_LEXICON: Final = (
    *("pl", "fi", "hu", "de", "sv", "sk", "pt", "da", "es", "nb", "cs", "nl", "ro", "fr", "it", "bg", "en"),
    *("el", "et", "lt", "lv", "sl"),
)
BUILT_AT_INSTALL: Final = BY_LEXICON[:17]
# Codes of languages that another's dictionary serves.
_SAME: Final = {"no": "nb", "nn": "nb"}
_CACHED: Final = 65_536  # words: what a day of news is made of mostly


class Readings(Protocol):
    """One language's dictionary."""

    def lemmas(self, word: str) -> list[str]:
        """The folded lemmas that a word may be a form of."""
        ...


class Morphology:
    """Implements `Forms`. Dictionaries are opened when their language is first asked for; threads may share it."""

    def __init__(self, place: Path | None = None) -> None:
        """Look for dictionaries in `place`, by default where the install step has put them."""
        self._place = place or folder()
        self._opening = Lock()
        self._open: dict[str, Readings | None] = {}
        self._keys = lru_cache(maxsize=_CACHED)(self._look_up)

    def keys(self, word: str, language: str) -> tuple[str, ...]:
        """The folded word, and the folded lemmas that it may be a form of."""
        return self._keys(word.casefold(), language)

    def open(self, languages: tuple[str, ...]) -> None:
        """Open the dictionaries of these languages now, so that nobody waits for them later."""
        for language in languages:
            self._readings(language)

    def _look_up(self, word: str, language: str) -> tuple[str, ...]:
        plain = fold(word)
        readings = self._readings(language)
        if readings is None or not plain or any(map(str.isdecimal, plain)):
            return (plain,)
        return tuple(dict.fromkeys((plain, *readings.lemmas(word))))

    def _readings(self, language: str) -> Readings | None:
        if language in self._open:
            return self._open[language]
        with self._opening:
            if language not in self._open:
                self._open[language] = self._opened(_SAME.get(language, language))
            return self._open[language]

    def _opened(self, language: str) -> Readings | None:
        if language in BY_PYMORPHY:
            return Pymorphy(language)
        if language not in BY_LEXICON:
            return None
        path = lexicon_path(self._place, language)
        try:
            return Lexicon(language, built(path, partial(write_lexicon, language)))
        except (OSError, RuntimeError) as fault:
            log.error("%s: no dictionary, words are compared as they are written: %s", path, fault)
            return None


def method() -> str:
    """By what words' keys are made: where it differs, they are to be made anew."""
    return f"{folder().name} pymorphy3-{version('pymorphy3')}"


def lexicon_path(place: Path, language: str) -> Path:
    """Where a language's dictionary lies."""
    return place / f"{language}.trie"
