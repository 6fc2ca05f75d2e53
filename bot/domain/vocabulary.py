"""The words of all standing queries, and which of them a word of a story is.

Each is held once, however many queries ask for it; what queries hang on it is the index's business.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from bot.domain.forms import Forms
from bot.domain.matching import acronym_holds
from bot.domain.query import Kind, Word
from bot.domain.query.tree import visible
from bot.domain.ways import Term
from bot.domain.words import acronym_of, fold

_MOST_LANGUAGES: Final = 24  # whose forms are kept: a feed may declare any


Held = Term | tuple[Term, ...]
"""The terms under one key: mostly one."""


class Vocabulary:
    """Terms by their words. Adding and removing one costs its own size, in each language that was met."""

    def __init__(self, forms: Forms) -> None:
        self._forms = forms
        self._terms: dict[Word, Term] = {}
        self._acronyms: dict[str, Held] = {}
        self._prefixes: dict[str, Term] = {}
        self._lengths: Counter[int] = Counter()
        self._exact: dict[str, Term] = {}
        self._folded: dict[str, Held] = {}
        self._languages: dict[str, dict[str, Held]] = {}

    def __len__(self) -> int:
        return len(self._terms)

    def get(self, word: Word) -> Term | None:
        """The term of a word that somebody asks for."""
        return self._terms.get(word)

    def add(self, term: Term) -> None:
        """Hold a term whose word is not held yet."""
        word = term.word
        self._terms[word] = term
        match word.kind:
            case Kind.INFLECTED:
                _put(self._folded, word.folded, term)
                for language, by_key in self._languages.items():
                    self._learn(term, language, by_key)
            case Kind.ACRONYM:
                _put(self._acronyms, word.folded, term)
            case Kind.EXACT:
                self._exact[word.form] = term
            case _:
                self._prefixes[word.form] = term
                self._lengths[len(word.form)] += 1

    def remove(self, term: Term) -> None:
        """Hold a term no more."""
        word = term.word
        del self._terms[word]
        match word.kind:
            case Kind.INFLECTED:
                _take(self._folded, word.folded, term)
                for language, by_key in self._languages.items():
                    for key in self._others(word, language):
                        _take(by_key, key, term)
            case Kind.ACRONYM:
                _take(self._acronyms, word.folded, term)
            case Kind.EXACT:
                del self._exact[word.form]
            case _:
                del self._prefixes[word.form]
                self._lengths[len(word.form)] -= 1
                self._lengths += Counter()  # those that are nought go

    def in_language(self, language: str) -> dict[str, Held]:
        """The inflected terms by what keys they have in a language beside the folded word, which all languages share.

        It is made when the language is met first, and when it was long ago.
        """
        by_key = self._languages.pop(language, None)
        if by_key is None:
            by_key = {}
            for term in self._terms.values():
                if term.word.kind is Kind.INFLECTED:
                    self._learn(term, language, by_key)
            if len(self._languages) == _MOST_LANGUAGES:
                del self._languages[next(iter(self._languages))]
        self._languages[language] = by_key  # at the end: the first is the one that was not met for longest
        return by_key

    def written(self, text: str, keys: Sequence[str], by_key: dict[str, Held]) -> tuple[Term, ...]:
        """The terms that a word of a story is, as it is written there; `by_key` are those of the story's language."""
        found: tuple[Term, ...] = ()
        for by in (self._folded, by_key):
            for key in keys:
                if (held := by.get(key)) is not None:
                    more = (held,) if isinstance(held, Term) else held
                    found = tuple(dict.fromkeys(found + more)) if found else more
        if self._acronyms and not text[0].islower():
            for folded in {fold(text), fold(acronym_of(text) or "")}:
                held = self._acronyms.get(folded, ())
                acronyms = (held,) if isinstance(held, Term) else held
                found += tuple(term for term in acronyms if acronym_holds(term.word.form, text))
        if self._exact and (exact := self._exact.get(visible(text))):
            found += (exact,)
        if self._lengths:
            folded = fold(text)
            beginnings = (self._prefixes.get(folded[:length]) for length in self._lengths if length <= len(folded))
            found += tuple(term for term in beginnings if term is not None)
        return found

    def _learn(self, term: Term, language: str, by_key: dict[str, Held]) -> None:
        for key in self._others(term.word, language):
            _put(by_key, key, term)

    def _others(self, word: Word, language: str) -> list[str]:
        """The keys of a word beside the folded word itself: none of most."""
        folded = word.folded
        return [key for key in self._forms.keys(word.form, language) if key != folded]


def _put(by_key: dict[str, Held], key: str, term: Term) -> None:
    held = by_key.get(key)
    by_key[key] = term if held is None else (held, term) if isinstance(held, Term) else (*held, term)


def _take(by_key: dict[str, Held], key: str, term: Term) -> None:
    held = by_key[key]
    left = () if isinstance(held, Term) else tuple(one for one in held if one is not term)
    if left:
        by_key[key] = left if len(left) > 1 else left[0]
    else:
        del by_key[key]
