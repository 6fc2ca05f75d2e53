"""Forms: which words of a language are the same word, inflected.

How a language inflects is not known here: adapters implement `Forms`, and `Folded` is what holds without rules.
"""

from typing import Protocol

from bot.domain.words import fold


class Forms(Protocol):
    """What is known of how words are inflected."""

    def keys(self, word: str, language: str) -> tuple[str, ...]:
        """The keys under which a word is compared in a language; two words are forms of one iff they share a key.

        `word` is as written, in any case, with accents or without; `language` is a primary subtag ("uk"). The folded
        word is one of them, there are rarely more than four, and the same word always has the same ones.
        """
        ...


class Folded:
    """No inflection: words are forms of one another where they fold alike."""

    def keys(self, word: str, language: str) -> tuple[str, ...]:  # noqa: ARG002 - the same in every language
        """The folded word."""
        return (fold(word),)
