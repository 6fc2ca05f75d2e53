"""A story's words, made without holding up the loop."""

import asyncio
from collections.abc import Callable
from typing import Final

from bot.domain.filters import Analysis, texts
from bot.domain.forms import Forms
from bot.domain.matching import token_keys
from bot.domain.stories import Entry
from bot.domain.urls import site
from bot.ports.stories import StoryWords

_LONG_TEXT: Final = 20_000  # characters from which they are made in a thread
_FREQUENT: Final = ("en", "uk", "fr", "de", "pl", "ru")
_LANGUAGE_TEXT: Final = 600  # characters that tell a language


class Analyst:
    """Makes stories' words, all in one way: `method` names it, and what other ways made is made anew."""

    def __init__(self, forms: Forms, language_of: Callable[[str, str | None], str], method: str) -> None:
        self.forms = forms
        self.method = method
        self._language_of = language_of
        self._met: set[str] = set()

    def open(self) -> None:
        """Have at hand what the most frequent languages take, so that no story waits for it."""
        for language in _FREQUENT:
            self.forms.keys("a", language)
        self._language_of("Nothing is said of its language", None)

    async def analyse(self, entry: Entry, *, outlet: str = "", feed_url: str = "", page: str = "") -> Analysis:
        """A story's words; the loop is let go between two stories.

        A long one's are made in a thread, and so is the first of a language, whose dictionary may have to be opened.
        """
        language = self._language(entry)
        if language not in self._met or sum(map(len, texts(entry, page).values())) > _LONG_TEXT:
            made = await asyncio.to_thread(self.analysis, entry, outlet=outlet, feed_url=feed_url, page=page)
            self._met.add(language)
            return made
        await asyncio.sleep(0)
        return self.analysis(entry, outlet=outlet, feed_url=feed_url, page=page)

    def analysis(self, entry: Entry, *, outlet: str = "", feed_url: str = "", page: str = "") -> Analysis:
        """A story's words, made here and now."""
        hosts = [site(feed_url)]
        return Analysis(entry, self._language(entry), forms=self.forms, outlet=outlet, hosts=hosts, page=page)

    def _language(self, entry: Entry) -> str:
        text = f"{entry.title}\n{entry.summary or entry.content[:_LANGUAGE_TEXT]}"[:_LANGUAGE_TEXT]
        return self._language_of(text, entry.language)

    def stem(self, word: str, language: str) -> str:
        """One key of a word, which its forms share for the most part: its first lemma, else itself. For events."""
        keys = self.forms.keys(word, language)
        return keys[1] if len(keys) > 1 else keys[0]

    def words(self, analysis: Analysis) -> StoryWords:
        """An analysis as it is kept."""
        fields = tuple(tuple(token.text for token in field) for field in analysis.words)

        def keys(word: str) -> tuple[str, ...]:
            return token_keys(word, analysis.language, self.forms)

        return StoryWords(
            analysis.language,
            analysis.facts.loud,
            fields,
            keys,
            self.method,
            host=analysis.host,
            author=analysis.facts.author,
        )
