"""From formatted text to Discord's markdown: `rich.Text` -> clean -> escaped -> cut.

Whatever a piece holds, the result is within the limit, and nothing in it is markup, a mention, an emoji or a link but
what the pieces say. No text is written here, only shown.

Source of the rules: Discord's help on its markdown, and simple-markdown, from which its clients' parser is made: a
backslash takes the meaning from any ASCII punctuation.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import Final

from bot.domain.characters import clean, is_seen
from bot.domain.rich import Piece, Text, to_plain, truncate, utf16_length

__all__ = ["MAX_CONTENT", "PLACEHOLDER", "clean", "fit", "to_markdown"]

MAX_CONTENT: Final = 2000
PLACEHOLDER: Final = "…"
"""What stands for a text in which nothing can be seen, which Discord would refuse as empty."""

_MAX_LINK: Final = 2048
_LINK: Final = re.compile(r"https?://[^\s/?#]\S*", re.IGNORECASE)
# What would end a link's address, or a bold text around it, early.
_IN_ADDRESS: Final = str.maketrans({character: f"%{ord(character):02X}" for character in "<>()[]\\*`\"'|"})
# A bracket cannot be escaped in a link's words, nor a backtick in code, which is of one line.
_IN_LINK: Final = str.maketrans("[]", "()")
_IN_CODE: Final = str.maketrans("`\n", "ˋ ")
_ANYWHERE: Final = re.compile(r"[\\*_~`|<>\[\]@]|(?<=\])\(|:(?=//|[\w+-]+:)", re.ASCII)
_AT_LINE_START: Final = re.compile(r"^[^\S\n]*(?:[-+#]|[0-9]+[.)])", re.MULTILINE)
_LATEST: Final = 4_102_444_800.0  # the year 2100
_STYLES: Final = ("link", "code", "bold", "italic")  # from the outside to the inside
_WORD_END: Final = re.compile(r"[0-9A-Za-z]\Z")
_WORD_START: Final = re.compile(r"[0-9A-Za-z]")
_APART: Final = "\u200b"
"""Is not seen, and keeps apart what would be markup together, or, as an underscore inside of a word, none."""


def to_markdown(text: Text, limit: int = MAX_CONTENT) -> str:
    """`text` in Discord's markdown, at most `limit` characters with all markup; a mark for the reader where it is cut.

    Discord does not say what a character is; counted are UTF-16 units, of which no text has fewer.
    """
    # An instant may take less room as Discord has it than in words: what is cut by its words was not too long.
    spared = sum(utf16_length(piece.text) for piece in text if piece.at is not None)
    pieces = fit(text, limit + spared)
    rendered = _render(pieces)
    if utf16_length(rendered) <= limit:
        return rendered
    # Markup takes room too, and how much is only known once it is there.
    fits, too_long = 0, utf16_length(to_plain(pieces))
    best = PLACEHOLDER[:limit]
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        rendered = _render(truncate(pieces, middle))
        if utf16_length(rendered) <= limit:
            fits, best = middle, rendered
        else:
            too_long = middle
    return best


def fit(text: Text, limit: int = MAX_CONTENT) -> Text:
    """`text` as it will be read: clean, never empty, at most `limit` UTF-16 units."""
    pieces = tuple(replace(piece, text=clean(piece.text)) for piece in text)
    return truncate(pieces if is_seen(to_plain(pieces)) else (Piece(PLACEHOLDER),), limit)


@dataclass(frozen=True, slots=True)
class _Run:
    """Characters as they are written, and their style."""

    written: str
    link: str | None
    code: bool
    bold: bool
    italic: bool


def _render(pieces: Iterable[Piece]) -> str:
    pieces = [_possible(piece) for piece in pieces if piece.text]
    escaped = _escaped(to_plain(pieces))
    runs: list[_Run] = []
    at = 0
    for piece in pieces:
        end = at + len(piece.text)
        if piece.text == piece.link:  # Discord shows no words as a link that look like one
            runs.append(_Run(f"<{_address(piece.link)}>", None, piece.code, piece.bold, piece.italic))
        else:
            written = _moment(piece) or (piece.text if piece.code else "".join(escaped[at:end]))
            runs.append(_Run(written, piece.link, piece.code, piece.bold, piece.italic))
        at = end
    return _nested(runs, _STYLES)


def _possible(piece: Piece) -> Piece:
    """A piece in a style that Discord can show."""
    if piece.link and _is_link(piece.link):
        if piece.text == piece.link:
            return replace(piece, code=False)
        return replace(piece, text=piece.text.translate(_IN_LINK), code=False)
    if piece.code:
        # A link before it would not end where it does.
        return Piece(piece.text.translate(_IN_CODE).replace("](", f"]{_APART}("), code=True)
    return replace(piece, link=None)


def _moment(piece: Piece) -> str:
    """An instant, which each reader sees in their own zone and language."""
    if piece.at is None or piece.code or piece.link is not None:
        return ""
    return f"<t:{min(max(piece.at, 0.0), _LATEST):.0f}:f>"


def _escaped(text: str) -> list[str]:
    """Each character as it is written to be read as itself."""
    written = list(text)
    marks = {match.end() - 1 for match in _AT_LINE_START.finditer(text)}
    for at in marks.union(match.start() for match in _ANYWHERE.finditer(text)):
        written[at] = "\\" + written[at]
    return written


def _nested(runs: Sequence[_Run], styles: Sequence[str]) -> str:
    """The runs with their markup; what neighbours have in common is marked once, around them."""
    if not styles:
        return "".join(run.written for run in runs)
    style, *inner = styles
    parts: list[str] = []
    for value, group in groupby(runs, attrgetter(style)):
        part = _marked(_nested(list(group), inner), style, value)
        if style == "italic" and parts and _would_be_inside(parts[-1], part):
            parts.append(_APART)
        parts.append(part)
    return "".join(parts)


def _would_be_inside(before: str, after: str) -> bool:
    """Whether the underscore at which these two meet, of whom one is in italics, stands inside of a word."""
    return (after.startswith("_") and _WORD_END.search(before) is not None) or (
        before.endswith("_") and _WORD_START.match(after) is not None
    )


def _marked(body: str, style: str, value: object) -> str:
    """`body` in a style, blanks at its ends outside: next to them, markup is none."""
    words = body.strip()
    if not value or not words:
        return body
    before, after = body[: body.index(words)], body[body.index(words) + len(words) :]
    match style:
        case "link":
            return f"{before}[{words}](<{_address(str(value))}>){after}"
        case "code":
            return f"{before}`{words}`{after}"
        case "bold":
            return f"{before}**{words}**{after}"
        case _:
            return f"{before}_{words}_{after}"


def _address(url: str) -> str:
    return url.translate(_IN_ADDRESS)


def _is_link(url: str) -> bool:
    return len(url) <= _MAX_LINK and clean(url) == url and _LINK.fullmatch(url) is not None
