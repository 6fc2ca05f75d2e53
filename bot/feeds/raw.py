"""What every parser's findings come to: from an entry with its markup and relative links to one without.

Dates, languages and links are read here, the same for all.
"""

import calendar
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from bot.domain.stories import Entry, FeedDocument
from bot.feeds.markup import clean, lead, to_line, to_text, unescape

MAX_ENTRIES = 10_000
"""Entries that are kept of a document, its first ones."""
_MAX_URL = 4_000
_MAX_HEAD = 50_000
_MAX_GUID = 2_000
_MAX_CATEGORIES = 50
_MAX_SUMMARY_OF_CONTENT = 600
TAG_LANGUAGE = re.compile(r"""\sxml:lang\s*=\s*["']([A-Za-z]{2,3})""")
_HEAD_LANGUAGE = re.compile(r"<(?:dc:)?language>\s*([A-Za-z][A-Za-z_-]{1,20})\s*<")
_HEAD_TTL = re.compile(r"<ttl>\s*(\d{1,7})(?:\.\d+)?\s*</ttl>")
_HEAD_IMAGE = re.compile(r"<image[\s>]")
_HEAD_TITLE = re.compile(r"<title>([^<]*)</title>")
_HEAD_LINK = re.compile(r"<link>([^<]*)</link>")
_HEAD_BASE = re.compile(r"""<(?:[\w.-]+:)?(?:rss|feed|rdf|RDF|channel)\s[^<>]*?xml:base\s*=\s*["']([^"'<>]+)["']""")
_DOUBLED_URL = re.compile(r"https?://[^/?#\s]*?(https?://.+)", re.IGNORECASE | re.DOTALL)
_BARE_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}(?=/)", re.IGNORECASE)
_MISNAMED_LANGUAGES = {"ua": "uk", "cz": "cs", "gr": "el", "dk": "da", "jp": "ja"}  # countries' codes for languages
_WORDS = re.compile(r"\W+")
_SCRIPTS_OF_NO_TEXT = ("image/", "audio/", "video/", "application/")


@dataclass(slots=True)
class Raw:
    """An entry on its way: what either parser found, still with its markup and its relative links."""

    guid: str = ""
    link: str = ""
    title: str = ""
    summary: str = ""
    content: str = ""
    content_type: str = ""
    published: float | None = None
    author: str = ""
    categories: tuple[str, ...] = ()
    language: str | None = None
    image: str = ""
    permalink: bool = True
    """Whether the guid, if it is a URL, is the entry's page."""


def to_feed(
    feed: Mapping[str, Any], head: str, base: str, language: str | None, entries: tuple[Entry, ...]
) -> FeedDocument:
    """The document: `feed` is what a parser says of it, `head` its source before the first entry."""
    ttl = _HEAD_TTL.search(head)
    entries = tuple(e for e in entries if e.title or e.summary or e.content or e.url or e.guid)
    own = _without_images(head[:_MAX_HEAD])
    # The fast parser finds neither where the whole document is in a namespace of its own.
    title, link = _HEAD_TITLE.search(own), _HEAD_LINK.search(own)
    return FeedDocument(
        title=to_line(text_of(feed.get("title")) or (unescape(title[1]) if title else "")),
        site_url=absolute(text_of(feed.get("link")) or (link[1] if link else ""), base),
        language=language,
        ttl=int(ttl[1]) * 60.0 if ttl and int(ttl[1]) else None,
        entries=entries,
    )


def to_entry(raw: Raw, base: str, language: str | None) -> Entry:
    """The entry as plain text and absolute links; `language` is its feed's."""
    guid = clean(raw.guid).strip()[:_MAX_GUID]
    content_type = raw.content_type.lower()
    markup = "xhtml" in content_type
    if content_type.startswith(_SCRIPTS_OF_NO_TEXT) and not markup and "xml" not in content_type:
        raw.content = ""
    summary = to_text(raw.summary)
    content = to_text(raw.content, certain=markup) if raw.content else ""
    if content and not summary:
        summary = lead(content, limit=_MAX_SUMMARY_OF_CONTENT)
    if len(_WORDS.sub("", content)) <= len(_WORDS.sub("", summary)):
        content = ""
    link = raw.link.strip()
    if not link and raw.permalink and guid.lower().startswith(("http://", "https://")):
        link = guid
    return Entry(
        guid=guid or None,
        url=absolute(link, base),
        title=to_line(raw.title),
        summary=summary,
        content=content,
        published=raw.published,
        author=to_line(raw.author, limit=200) or None,
        categories=tuple(_categories(raw.categories)),
        language=raw.language or language,
        image=absolute(raw.image, base),
    )


def _without_images(head: str) -> str:
    """Take out the feed's logo, which has a title and a link of its own; one expression for it would be quadratic."""
    kept: list[str] = []
    position = 0
    while opening := _HEAD_IMAGE.search(head, position):
        closing = head.find("</image>", opening.end())
        if closing < 0:
            break
        kept.append(head[position : opening.start()])
        position = closing + len("</image>")
    return "".join((*kept, head[position:]))


def _categories(found: tuple[str, ...]) -> Iterator[str]:
    lines = (to_line(text, limit=100) for text in found[:_MAX_CATEGORIES])
    yield from dict.fromkeys(line for line in lines if line)


def text_of(value: object) -> str:
    """A string as it is; "" for whatever else stands where one is expected."""
    return value if isinstance(value, str) else ""


def base_of(head: str, url: str, site: object) -> str:
    """What links are relative to: the document's `xml:base`, where it was found, or its site."""
    root = url if url.lower().startswith(("http://", "https://")) else ""
    declared = _HEAD_BASE.search(head)
    if declared:
        return absolute(declared[1], root) or root
    return root or absolute(text_of(site), "") or ""


def absolute(link: str, base: str) -> str | None:
    """An absolute http(s) URL; None where none can be made of it."""
    link = unescape("".join(clean(link).split()) if "\n" in link else clean(link).strip())
    if not link or len(link) > _MAX_URL:
        return None
    doubled = _DOUBLED_URL.match(link)
    if doubled:
        link = doubled[1]
    try:
        if not urlsplit(link).scheme and _BARE_HOST.match(link):
            link = "https://" + link
        link = urljoin(base, link)
        parts = urlsplit(link)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
        if "@" in parts.netloc:  # a feed's own user and password are not for its readers
            link = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    except ValueError:
        return None
    return link.replace(" ", "%20")


def image_of(entry: Mapping[str, Any]) -> str:
    """The address of an entry's picture, as it is announced; none is looked for in its text."""
    for media in (*(entry.get("media_thumbnail") or ()), *(entry.get("media_content") or ())):
        address = text_of(media.get("url"))
        if text_of(media.get("type")).startswith("image") or media.get("medium") == "image" or _names_image(address):
            return address
    for enclosure in entry.get("enclosures") or ():
        if text_of(enclosure.get("type")).startswith("image"):
            return text_of(enclosure.get("url")) or text_of(enclosure.get("href"))
    return ""


def _names_image(address: str) -> bool:
    return address.lower().partition("?")[0].endswith((".jpg", ".jpeg", ".png", ".webp", ".gif"))


def language_of(said: object) -> str | None:
    """A language's primary subtag, from what a feed declares."""
    subtag = re.split(r"[-_]", text_of(said).strip().lower(), maxsplit=1)[0]
    if not re.fullmatch(r"[a-z]{2,3}", subtag) or subtag in ("und", "mul", "mis", "zxx", "xx"):
        return None
    return _MISNAMED_LANGUAGES.get(subtag, subtag)


def language_of_head(head: str) -> str | None:
    """The language that a document's source declares before its first entry."""
    declared = _HEAD_LANGUAGE.search(head)
    if declared:
        return language_of(declared[1])
    root = re.search(r"<(?:[\w.-]+:)?(?:rss|feed|rdf|RDF|channel)\s[^<>]*>", head)
    tag = TAG_LANGUAGE.search(root.group()) if root else None
    return language_of(tag[1]) if tag else None


def instant_of_iso(text: str) -> float | None:
    """Unix seconds of an ISO 8601 date; without a zone it is UTC. None for what is no date or lies before 1970."""
    try:
        when = datetime.fromisoformat(text.strip())
        seconds = (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
    return seconds if seconds > 0 else None


def instant_of_struct(parsed: Any) -> float | None:
    """Unix seconds of the UTC fields that feedparser gives; None for what is no date or lies before 1970."""
    try:
        seconds = float(calendar.timegm(parsed)) if parsed else 0.0
    except (ValueError, OverflowError, TypeError):
        return None
    return seconds if seconds > 0 else None
