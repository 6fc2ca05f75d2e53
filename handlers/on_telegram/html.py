"""From formatted text to what Telegram takes: `rich.Text` -> clean -> fit -> HTML.

Whatever a piece holds, the result is valid markup within the limits; no text is written here, only shown.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import escape

from bot.domain.characters import clean, is_seen
from bot.domain.rich import Piece, Text, plain, to_plain, truncate

MAX_UNITS = 4096
MAX_ENTITIES = 100
"""Telegram ignores what comes after so many entities, without a word."""

# What stands for a text in which nothing can be seen, which Telegram would refuse as empty.
PLACEHOLDER = "…"

_MAX_LINK = 2048
_LINK = re.compile(r"https?://[^\s/?#]\S*", re.IGNORECASE)


def fit(text: Text) -> Text:
    """`text` as it will be read: clean, never empty, at most 4096 UTF-16 units."""
    pieces = tuple(replace(piece, text=clean(piece.text)) for piece in text)
    if not is_seen(to_plain(pieces)):
        return plain(PLACEHOLDER)
    return truncate(pieces, MAX_UNITS)


def to_html(text: Text) -> str:
    """`text` in Telegram's HTML, within its limits: 4096 UTF-16 units, 100 entities of which links come first."""
    runs = tuple(_runs(fit(text)))
    links = min(sum(1 for run in runs if run.link), MAX_ENTITIES)
    others = MAX_ENTITIES - links
    rendered: list[str] = []
    for run in runs:
        body = escape(run.text, quote=False)
        if run.code and others:
            others -= 1
            body = f"<code>{body}</code>"
        if run.italic and others:
            others -= 1
            body = f"<i>{body}</i>"
        if run.bold and others:
            others -= 1
            body = f"<b>{body}</b>"
        if run.link and links:
            links -= 1
            body = f'<a href="{escape(run.link)}">{body}</a>'
        rendered.append(body)
    return "".join(rendered)


def _runs(text: Iterable[Piece]) -> Iterator[Piece]:
    """The pieces in styles that Telegram can nest, neighbours of one style as one run: each style costs an entity."""
    run: Piece | None = None
    for piece in map(_nestable, text):
        if run is not None and replace(run, text=piece.text) == piece:
            run = replace(run, text=run.text + piece.text)
            continue
        if run is not None:
            yield run
        run = piece
    if run is not None:
        yield run


def _nestable(piece: Piece) -> Piece:
    if not piece.text.strip():
        return Piece(piece.text)
    link = piece.link if piece.link and _is_link(piece.link) else None
    if link:
        return replace(piece, code=False, link=link)
    if piece.code:  # Telegram lets code hold, and be held by, nothing else
        return Piece(piece.text, code=True)
    return replace(piece, link=None)


def _is_link(url: str) -> bool:
    return len(url) <= _MAX_LINK and clean(url) == url and _LINK.fullmatch(url) is not None
