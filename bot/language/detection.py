"""The language that a text is in: by its script and letters, by what its feed declares, by py3langid's n-grams.

In that order of cheapness, and right where the declaration is wrong: it is a hint that a short text follows, and a
longer one outvotes.
"""

import re
from pathlib import Path
from threading import Lock
from typing import Final

import numpy as np
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier
from py3langid.modelio import load_model

from bot.language.built import built, folder

UNKNOWN: Final = "und"
STEPS: Final = "detection.npy"
WEIGHTS: Final = "detection.npz"
_LOOKED_AT: Final = 500  # characters of a text that are enough
_LETTERS: Final = {
    script: re.compile(f"[{letters}]")
    for script, letters in {
        "latin": "A-Za-zÀ-ɏḀ-ỿ",
        "cyrillic": "Ѐ-ԯ",
        "greek": "Ͱ-Ͽἀ-῿",
        "kana": "ぁ-ヿｦ-ﾝ",
        "han": "㐀-䶿一-鿿",
        "hangul": "가-힣",
        "arabic": "\u0600-\u06ff\u0750-\u077f",
        "hebrew": "\u0590-\u05ff",
        "devanagari": "\u0900-\u097f",
        "thai": "\u0e00-\u0e7f",
        "georgian": "ა-ჿ",
        "armenian": "Ա-֏",
    }.items()
}
_JAPANESE: Final = 0.1  # of a text's characters that are kana: headlines have few
# Of scripts that one language has most of the news in; the others of each are believed where they are declared.
_BY_SCRIPT: Final = {
    "greek": ("el",),
    "han": ("zh", "ja", "yue", "wuu"),
    "kana": ("ja",),
    "hangul": ("ko",),
    "arabic": ("ar", "fa", "ur", "ps", "ug", "ku", "sd"),
    "hebrew": ("he", "yi"),
    "devanagari": ("hi", "mr", "ne", "sa"),
    "thai": ("th",),
    "georgian": ("ka",),
    "armenian": ("hy",),
}
# Languages that are guessed undeclared: of more of them, short texts would be mistaken for their neighbours.
_GUESSED: Final = {
    "latin": frozenset(
        ["en", "fr", "de", "pl", "es", "it", "pt", "nl", "sv", "da", "no", "fi", "cs", "sk", "ro", "hu"]
    ),
    "cyrillic": frozenset(["uk", "ru", "bg"]),
}
# Languages that are told where they are declared.
_TOLD: Final = {
    "latin": frozenset(
        [
            "af",
            "az",
            "bs",
            "ca",
            "cy",
            "et",
            "eu",
            "ga",
            "gl",
            "hr",
            "id",
            "is",
            "lb",
            "lt",
            "lv",
            "ms",
            "mt",
            "sl",
            "sq",
            "sr",
            "sw",
            "tl",
            "tr",
            "vi",
        ]
    ),
    "cyrillic": frozenset(["be", "kk", "ky", "mk", "mn", "sr", "tg", "tt"]),
}
# Letters that only one language of the news has, or that one of two lacks.
_UKRAINIAN: Final = re.compile("[іїєґІЇЄҐ]")
_RUSSIAN: Final = re.compile("[ыэёЫЭЁ]")  # Bulgarian has ъ
_NEITHER: Final = re.compile("[јљњђћџѓќѕәңғүұқөһҷӣӯ]", re.IGNORECASE)
_OUTVOTED: Final = (
    3  # times that one language's letters outnumber the other's, which may stand in a name or a quotation
)
# What a declaration weighs, in the model's own measure (logarithms of likelihoods).
_DECLARED: Final = 6.0
_SAME: Final = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "ji": "yi"}


class Detection:
    """Tells languages. The model is opened when letters do not decide; threads may share it."""

    def __init__(self, place: Path | None = None) -> None:
        """Look for the model in `place`, by default where the install step has put it."""
        self._place = place or folder()
        self._opening = Lock()
        self._model: LanguageIdentifier | None = None

    def language_of(self, text: str, declared: str | None = None) -> str:
        """The primary subtag of the language that a text is in.

        Args:
            text: Any text; its beginning is looked at.
            declared: The primary subtag that the text's feed or site declares, which may be wrong.

        Returns:
            A subtag; where the text tells nothing, the declared one or "und".
        """
        beginning = text[:_LOOKED_AT]
        declared = _SAME.get(declared, declared) if declared else None
        script = _script_of(beginning)
        if script is None:
            return declared or UNKNOWN
        if script in _BY_SCRIPT:
            return declared if declared in _BY_SCRIPT[script] else _BY_SCRIPT[script][0]
        if script == "cyrillic" and (language := _by_letters(beginning)):
            return language
        return self._by_model(beginning, script, declared)

    def open(self) -> None:
        """Open the model now, so that nobody waits for it later."""
        with self._opening:
            if self._model is None:
                self._model = _opened(self._place)

    def _by_model(self, text: str, script: str, declared: str | None) -> str:
        if self._model is None:
            self.open()
        assert self._model is not None
        possible = _GUESSED[script]
        told = declared if declared in possible or declared in _TOLD[script] else None
        scores = {
            language: score + (_DECLARED if language == told else 0)
            for language, score in self._model.rank(text)
            if language in possible or language == told
        }
        best: str = max(scores, key=lambda language: scores[language])
        return best


def _script_of(text: str) -> str | None:
    """The script that most letters of a text are in; the first that has half the text's characters, for speed."""
    most, script = 0, None
    for name, letters in _LETTERS.items():
        found = len(letters.findall(text))
        if found > most:
            most, script = found, name
        if found * 2 > len(text) or (name == "kana" and found > _JAPANESE * len(text)):
            return name
    return script


def _by_letters(text: str) -> str | None:
    """The language where letters tell: a text that has those of two languages, or of another, is left open."""
    ukrainian, russian = len(_UKRAINIAN.findall(text)), len(_RUSSIAN.findall(text))
    if "ў" in text:
        return "be"
    if _NEITHER.search(text):
        return None
    if ukrainian > _OUTVOTED * russian:
        return "uk"
    if russian > _OUTVOTED * ukrainian:
        return "ru"
    return None


def _opened(place: Path) -> LanguageIdentifier:
    steps = np.load(built(place / STEPS, write_steps), mmap_mode="r")
    with np.load(built(place / WEIGHTS, write_weights)) as weights:
        return LanguageIdentifier(
            weights["likelihoods"],
            weights["priors"],
            weights["languages"].tolist(),
            memoryview(steps),
            weights["features"].tolist(),
            tk_row=weights["rows"].tolist(),
        )


def write_steps(path: Path) -> None:
    """Write the part of py3langid's model that is mapped into memory: there it takes what is looked at."""
    _, _, _, steps, _, _ = load_model(MODEL_DIR / MODEL_FILE)
    with path.open("wb") as file:
        np.save(file, np.asarray(steps))


def write_weights(path: Path) -> None:
    """Write the part of py3langid's model that is read, of the languages that are told."""
    likelihoods, priors, languages, _, rows, features = load_model(MODEL_DIR / MODEL_FILE)
    told = frozenset[str]().union(*_GUESSED.values(), *_TOLD.values())
    kept = [number for number, language in enumerate(languages) if language in told]
    with path.open("wb") as file:
        np.savez(
            file,
            likelihoods=likelihoods[:, kept],
            priors=priors[kept],
            languages=np.array([languages[number] for number in kept]),
            rows=np.asarray(rows),
            features=np.asarray(features),
        )
