"""A language's dictionary of forms, as one file that is mapped into memory: what it takes is what was looked up.

The dictionaries are simplemma's, for English SPECIALIST's before it. simplemma gives each form one lemma, and looks
forms up as they are written; here a form has every lemma that it can be a form of, and is found in any case, and
without accents where it was typed so.
"""

import gc
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Final, TypeAlias

import marisa_trie
from simplemma.strategies.dictionaries import DefaultDictionaryFactory

from bot.domain.words import fold
from bot.language import specialist
from bot.language.paradigms import Edit, edit, lost_forms, suffix_edits, suffixes

# Languages that write compounds as one word, the part that is inflected last.
_COMPOUNDING: Final = frozenset({"da", "de", "fi", "hu", "et", "nb", "nl", "sv"})
_LEAST_FIRST: Final = 3  # letters of a compound before its last part
_LEAST_LAST: Final = 4
_SUFFIX: Final = "\x01"  # begins the key of a suffix: forms begin with letters
_TAUGHT_BY: Final = 400_000  # forms that suffixes are learned from, at most
# Bare imperatives (Bericht! of berichten) look like nouns, which news are full of, and news hardly command.
_IMPERATIVES: Final = {"de": ("en", "n")}
# Dictionaries that have every reading of a form that they know: simplemma's one does not count there, and none is lost.
_EVERY_READING: Final = {"en": specialist.readings}
# How umlauts are written where there are none: Kueche.
_SPELLED_OUT: Final = {"de": (("ae", "ä"), ("oe", "ö"), ("ue", "ü"))}
_NOUNS_IN_CAPITALS: Final = frozenset({"de", "lb"})  # where capitals do not tell names

_Lemmas: TypeAlias = dict[str, tuple[str, ...]]  # of each form: of most there is one, and a set is four times as large


def written(word: str) -> str:
    """The word as dictionaries are asked for it: lower case, composed."""
    return unicodedata.normalize("NFC", word).casefold()


class Lexicon:
    """The forms of one language. Reading is safe from several threads."""

    def __init__(self, language: str, path: Path) -> None:
        """Map the file that `write_lexicon` wrote.

        Raises:
            OSError: There is no such file, or it cannot be read.
            RuntimeError: It is no such file.
        """
        self._compounding = language in _COMPOUNDING
        self._spelled_out = _SPELLED_OUT.get(language, ())
        self._trie = marisa_trie.BytesTrie()
        self._trie.mmap(str(path))

    def lemmas(self, word: str) -> list[str]:
        """The folded lemmas of a word; of an unknown one, those that its last part or its ending suggest."""
        if not word.isprintable():  # the file has control characters of its own
            return []
        key = written(word)
        plain = fold(word)
        edits = self._edits(key) or self._edits(plain)
        if not edits and (other := self._with_umlauts(key)) != key and (edits := self._edits(other)):
            plain = fold(other)
            return [plain, *(made.of(plain) for made in edits)]
        if not edits and self._compounding:
            edits = self._edits_of_last_part(key)
        if not edits:
            edits = next(filter(None, (self._edits(_SUFFIX + suffix) for suffix in suffixes(plain))), [])
        return [made.of(plain) for made in edits if made.cut <= len(plain)]

    def _edits_of_last_part(self, key: str) -> list[Edit]:
        starts = range(_LEAST_FIRST, len(key) - _LEAST_LAST + 1)
        return next(filter(None, (self._edits(key[start:]) for start in starts)), [])

    def _with_umlauts(self, key: str) -> str:
        for spelled, letter in self._spelled_out:
            key = key.replace(spelled, letter)
        return key

    def _edits(self, key: str) -> list[Edit]:
        return [Edit(value[0], value[1:].decode()) for value in self._trie.get(key, ())]


def write_lexicon(language: str, path: Path) -> None:
    """Build a language's lexicon into a new file. Takes seconds, and hundreds of megabytes while it runs."""
    entries = DefaultDictionaryFactory(cache_max_size=1).get_dictionary(language)
    collecting = gc.isenabled()
    gc.disable()  # there are millions of objects and no cycles: collecting takes longer than all the rest
    try:
        marisa_trie.BytesTrie(_rows(language, entries)).save(str(path))
    finally:
        if collecting:
            gc.enable()


def _rows(language: str, entries: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    lemmas_of = _lemmas_of(language, entries)
    edits_of: defaultdict[str, set[Edit]] = defaultdict(set)  # of the forms that are written without their accents
    taught = len(lemmas_of) // _TAUGHT_BY + 1
    lesson = []
    plain_lemma = cache(_plain)
    for number, (form, lemmas) in enumerate(lemmas_of.items()):
        plain = _plain(form)
        for lemma in lemmas:
            made = edit(plain, plain_lemma(lemma))
            yield form, _value(made)
            if form != plain and plain not in lemmas_of:
                edits_of[plain].add(made)
            if number % taught == 0:
                lesson.append((plain, made))
    for plain, edits in edits_of.items():
        yield from ((plain, _value(made)) for made in edits)
    for suffix, likely in suffix_edits(lesson).items():
        yield from ((_SUFFIX + suffix, _value(made)) for made in likely)


def _lemmas_of(language: str, entries: Mapping[str, str]) -> _Lemmas:
    lemmas_of: _Lemmas = {}
    names: set[str] = set()
    alone = cache(_alone)  # each is the lemma of many forms
    capitals_tell_names = language not in _NOUNS_IN_CAPITALS
    for form, lemma in entries.items():
        if form.isalpha() and lemma.isalpha():
            key, given = written(form), alone(lemma)
            if lemmas_of.setdefault(key, given) is not given:
                _add(lemmas_of, key, given[0])
            if capitals_tell_names and form[0].isupper():
                names.add(key)
    for suffix in _IMPERATIVES.get(language, ()):
        for form, lemmas in lemmas_of.items():
            if form in lemmas:
                lemmas_of[form] = tuple(lemma for lemma in lemmas if lemma != form + suffix)
    if language in _EVERY_READING:
        every: _Lemmas = {}
        for form, lemma in _EVERY_READING[language]():
            if form.isalpha() and lemma.isalpha():
                _add(every, written(form), written(lemma))
        lemmas_of |= every
    else:
        for form, lemma in list(lost_forms(lemmas_of, _may_have(lemmas_of, names))):
            _add(lemmas_of, form, lemma)
    return lemmas_of


def _alone(lemma: str) -> tuple[str, ...]:
    return (written(lemma),)


def _add(lemmas_of: _Lemmas, form: str, lemma: str) -> None:
    lemmas = lemmas_of.get(form, ())
    if lemma not in lemmas:
        lemmas_of[form] = (*lemmas, lemma)


def _may_have(lemmas_of: _Lemmas, names: set[str]) -> Callable[[str, str], bool]:
    """What is a word itself (mesure, mesures) is no form of another (mesurer), but for names (Edwarda of Edward)."""
    forms = Counter(chain.from_iterable(lemmas_of.values()))

    def may_have(form: str, lemma: str) -> bool:
        return form not in lemmas_of[form] or forms[form] == 1 or (form in names and lemma in names)

    return may_have


class _PlainLetters(dict[int, str]):
    """What `fold` makes of each letter: of a composed word without any marks, it makes of the whole what these are."""

    def __missing__(self, letter: int) -> str:
        plain = self[letter] = fold(chr(letter))
        return plain


_PLAIN_LETTERS: Final = _PlainLetters()


def _plain(form: str) -> str:
    return form if form.isascii() else form.translate(_PLAIN_LETTERS)


@lru_cache(maxsize=65_536)
def _value(made: Edit) -> bytes:
    return bytes([made.cut]) + made.add.encode()
