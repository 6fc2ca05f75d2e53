"""What a page says of itself for machines: JSON-LD of schema.org, and a few meta elements.

Nothing is believed here; `bot.feeds.article` weighs it against what the page shows.
"""

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from lxml import html

from bot.feeds.markup import Kind, to_text

_MOST_NODES: Final = 5_000
_MOST_SCRIPTS: Final = 500
_MAX_SCRIPT: Final = 1_500_000  # characters
_WRAPPING: Final = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>|;)\s*$")
_BELOW: Final = ("@graph", "mainEntity", "mainEntityOfPage")
_MOST_UPDATES: Final = 500
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?![A-Za-z])")
_LOCKED_TIERS: Final = frozenset(("locked", "paid", "premium", "subscriber", "subscribers"))


@dataclass(slots=True)
class Declared:
    """What a page declares.

    `bodies` are the article's text, or the entries of a live blog, in plain text; `locked` are the classes of the
    parts that are not for everybody.
    """

    is_article: bool = False
    is_live: bool = False
    is_free: bool | None = None
    locked: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    language: str | None = None


def declared(root: html.HtmlElement) -> Declared:
    """Read what a page declares; never raises."""
    found = Declared()
    language = _LANGUAGE.match(root.get("lang") or root.get("xml:lang") or "")
    found.language = language[0].lower() if language else None
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        content = (meta.get("content") or "").strip().lower()
        if name == "og:type":
            found.is_article = found.is_article or content in ("article", "news", "newsarticle", "blog")
        elif name == "isaccessibleforfree":
            found.is_free = content not in ("false", "no", "0")
        elif name in ("article:content_tier", "content_tier", "article:opinion_tier") and content in _LOCKED_TIERS:
            found.is_free = False
    articles = [node for node in _nodes(root) if _is_article(node)]
    live = next((node for node in articles if "LiveBlogPosting" in _types(node)), None)
    main = live or next(iter(articles), None)
    if main is not None:
        found.is_article = True
        found.is_live = live is not None
        _read_access(main, found)
        _read_bodies(main, found)
    return found


def _nodes(root: html.HtmlElement) -> Iterator[Mapping[str, Any]]:
    """The objects that describe the page as a whole; what they list besides (other articles, comments) is left out."""
    seen = 0
    for script in list(root.iter("script"))[:_MOST_SCRIPTS]:
        kind = (script.get("type") or "").partition(";")[0].strip().lower()
        source = script.text or ""
        if kind != "application/ld+json" or len(source) > _MAX_SCRIPT:
            continue
        try:
            waiting: deque[Any] = deque([json.loads(_WRAPPING.sub("", _WRAPPING.sub("", source)), strict=False)])
        except (ValueError, RecursionError):
            continue
        while waiting and seen < _MOST_NODES:
            seen += 1
            node = waiting.popleft()
            if isinstance(node, list):
                waiting.extend(node[:_MOST_NODES])
            elif isinstance(node, dict):
                yield node
                waiting.extend(node[key] for key in _BELOW if isinstance(node.get(key), dict | list))


def _types(node: Mapping[str, Any]) -> list[str]:
    kind = node.get("@type")
    return [str(each).rpartition("/")[2] for each in (kind if isinstance(kind, list) else [kind])]


def _is_article(node: Mapping[str, Any]) -> bool:
    return any(
        kind.endswith(("Article", "BlogPosting")) or kind in ("Report", "NewsMediaReport") for kind in _types(node)
    )


def _read_access(node: Mapping[str, Any], found: Declared) -> None:
    free = _truth(node.get("isAccessibleForFree"))
    if free is not None:
        found.is_free = free
    parts = node.get("hasPart")
    for part in parts if isinstance(parts, list) else [parts]:
        if isinstance(part, dict) and _truth(part.get("isAccessibleForFree")) is False:
            selector = part.get("cssSelector")
            for each in selector if isinstance(selector, list) else [selector]:
                if isinstance(each, str):
                    found.locked.extend(re.findall(r"[.#]([\w-]{1,100})", each[:1_000]))


def _truth(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower().rpartition("/")[2]
    return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(text)


def _read_bodies(node: Mapping[str, Any], found: Declared) -> None:
    body = node.get("articleBody")
    if isinstance(body, str):
        found.bodies.append(to_text(body, kind=Kind.PLAIN))
    updates = node.get("liveBlogUpdate")
    for update in (updates if isinstance(updates, list) else [updates])[:_MOST_UPDATES]:
        if isinstance(update, dict):
            for key in ("headline", "articleBody"):
                if isinstance(update.get(key), str):
                    found.bodies.append(to_text(update[key], kind=Kind.PLAIN))
