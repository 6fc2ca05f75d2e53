"""From an answer to Discord's messages: parts that are short enough, buttons in rows; pure, it sends nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from bot.domain.chats import Button, Message
from bot.domain.rich import Piece, Text, utf16_length
from handlers.on_discord.embeds import payload
from handlers.on_discord.markdown import MAX_CONTENT, to_markdown

Json = Any

EPHEMERAL: Final = 1 << 6
_NO_PREVIEWS: Final = 1 << 2
_NO_MENTIONS: Final[dict[str, list[str]]] = {"parse": []}
_WHOLE: Final = 1_000_000  # so long may nothing be that is measured
_WORDS: Final = 300  # characters of a line that is too long, in one step


def parts(text: Text, limit: int = MAX_CONTENT) -> list[str]:
    """A text as markdown, in as few messages as hold it, which end where a line does, if it fits into one."""
    made: list[str] = []
    held: list[Piece] = []
    for line in _lines(text, limit):
        longer = [*held, Piece("\n"), *line] if held else list(line)
        if held and _length(longer) > limit:
            made.append(to_markdown(tuple(held), limit))
            longer = list(line)
        held = longer
    made.append(to_markdown(tuple(held), limit))
    return made


def _lines(text: Text, limit: int) -> Iterator[Text]:
    """The lines; one that is too long for a message in several."""
    line: list[Piece] = []
    for piece in text:
        first, *more = piece.text.split("\n")
        line.append(replace(piece, text=first))
        for part in more:
            yield from _short(tuple(line), limit)
            line = [replace(piece, text=part)]
    yield from _short(tuple(line), limit)


def _short(line: Text, limit: int) -> Iterator[Text]:
    line = tuple(piece for piece in line if piece.text)
    if _length(line) <= limit:
        yield line
        return
    held: list[Piece] = []
    for piece in line:
        for begun in range(0, len(piece.text), _WORDS):
            bit = replace(piece, text=piece.text[begun : begun + _WORDS])
            if held and _length([*held, bit]) > limit:
                yield tuple(held)
                held = []
            held.append(bit)
    yield tuple(held)


def _length(text: Sequence[Piece]) -> int:
    return utf16_length(to_markdown(tuple(text), _WHOLE))


def said(
    content: str, buttons: Sequence[Sequence[Button]] = (), *, ephemeral: bool = False, afar: str = ""
) -> dict[str, Json]:
    """One message's body: nobody is mentioned by it, and no link in it is unfolded.

    `afar` is the channel that the buttons are about, where it is not the one that they are in.
    """
    return {
        "content": content,
        "flags": _NO_PREVIEWS | (EPHEMERAL if ephemeral else 0),
        "allowed_mentions": _NO_MENTIONS,
        "components": payload(Message((), tuple(tuple(row) for row in buttons)), about=afar)["components"],
    }
