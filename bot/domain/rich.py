"""Formatted text that no platform owns: each front renders it in its own markup.

A text is a tuple of pieces. What a piece holds is always literal: nothing in it can become markup.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import Final

_LONGEST_ADDRESS: Final = 1_000  # characters of a link that is written out: a longer one would leave no room for words


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters in one style; `link` is an absolute http(s) URL.

    `at` is the instant (Unix seconds) that they say, where they say one: a platform may show it in its readers' zones.
    """

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    link: str | None = None
    at: float | None = None


Text = tuple[Piece, ...]


def plain(text: str) -> Text:
    """`text` without any style; empty text is no piece at all."""
    return (Piece(text),) if text else ()


def to_plain(text: Iterable[Piece]) -> str:
    """The characters alone."""
    return "".join(piece.text for piece in text)


def bare(text: Iterable[Piece]) -> Text:
    """The text without any style, the address of each of its links behind the words: a link to itself alone."""
    pieces: list[Piece] = []
    for link, run in groupby(text, attrgetter("link")):
        words = to_plain(run)
        if not link or not words.strip() or len(link) > _LONGEST_ADDRESS:
            pieces += plain(words)
        elif words.strip() == link:
            pieces.append(Piece(link, link=link))
        else:
            pieces += [Piece(f"{words.rstrip()} "), Piece(link, link=link)]
    return tuple(pieces)


def join(separator: str, texts: Iterable[Text]) -> Text:
    """The texts with an unstyled separator between them."""
    pieces: list[Piece] = []
    for number, text in enumerate(texts):
        if number:
            pieces.extend(plain(separator))
        pieces.extend(text)
    return tuple(pieces)


def utf16_length(text: str) -> int:
    """How many UTF-16 code units `text` takes, the unit in which Telegram counts."""
    return len(text) + sum(1 for character in text if character > "\uffff")


def text_units(text: Iterable[Piece]) -> int:
    """How many UTF-16 code units the characters take, without any markup."""
    return utf16_length(to_plain(text))


def truncate(text: Text, units: int) -> Text:
    """At most `units` UTF-16 code units of `text`, an ellipsis in place of what was cut; no character is halved."""
    if utf16_length(to_plain(text)) <= units:
        return text
    if units < 1:
        return ()
    left = units - 1
    kept: list[Piece] = []
    for piece in text:  # pragma: no branch - it is too long, so some piece is cut
        size = utf16_length(piece.text)
        if size <= left:
            kept.append(piece)
            left -= size
            continue
        characters: list[str] = []
        for character in piece.text:  # pragma: no branch - this piece is too long
            left -= utf16_length(character)
            if left < 0:
                break
            characters.append(character)
        kept.append(replace(piece, text="".join(characters) + "…"))
        break
    return tuple(kept)
