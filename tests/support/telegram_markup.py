"""Telegram's HTML, read as strictly as the Bot API reads it."""

import re
from dataclasses import dataclass
from html import unescape
from operator import itemgetter

_TAGS = {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "a", "tg-spoiler", "blockquote"}
_TOKEN = re.compile(r"<(/?)([a-zA-Z-]*)([^<>]*)>|&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);|<")
_HREF = re.compile(r"""\s*href\s*=\s*(?:"([^"]*)"|'([^']*)')\s*$""")
_MAX_ENTITIES = 100


class CannotParse(Exception):
    """The markup is broken; the text is what the Bot API would say."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A styled stretch of a text."""

    kind: str
    text: str
    url: str | None = None


def parse(markup: str) -> tuple[str, tuple[Entity, ...]]:
    """The characters and the entities; what is beyond the hundredth entity is not styled.

    Raises:
        CannotParse: as the Bot API refuses it.
    """
    text: list[str] = []
    length = 0
    opened: list[tuple[str, int, str | None]] = []
    entities: list[tuple[int, Entity]] = []
    position = 0

    def add(characters: str) -> None:
        nonlocal length
        text.append(characters)
        length += len(characters)

    def refuse(why: str, token: re.Match[str]) -> CannotParse:
        return CannotParse(f"{why} at byte offset {len(markup[: token.start()].encode('utf-8', 'replace'))}")

    for token in _TOKEN.finditer(markup):
        add(markup[position : token.start()])
        position = token.end()
        if token[0].startswith("&"):
            add(unescape(token[0]))
            continue
        tag = (token[2] or "").lower()
        if tag not in _TAGS:
            raise refuse(f'Unsupported start tag "{tag}"', token)
        if not token[1]:
            href = _HREF.match(token[3]) if tag == "a" else None
            if token[3].strip() and href is None:
                raise refuse("Unexpected attribute", token)
            opened.append((tag, length, unescape(href[1] or href[2] or "") if href else None))
            continue
        if not opened:
            raise refuse("Unexpected end tag", token)
        open_tag, since, url = opened.pop()
        if open_tag != tag:
            raise refuse(f'Unmatched end tag, expected "</{open_tag}>", found "</{tag}>",', token)
        held = "".join(text)[since:]
        if held:
            entities.append((since, Entity(tag, held, url)))
    if opened:
        raise CannotParse(f'Can\'t find end tag corresponding to start tag "{opened[-1][0]}"')
    add(markup[position:])
    return "".join(text), tuple(entity for _, entity in sorted(entities, key=itemgetter(0))[:_MAX_ENTITIES])
