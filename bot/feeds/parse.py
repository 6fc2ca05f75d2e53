"""From a feed's bytes to a `FeedDocument`: pure, and without network.

    bytes -> text (whatever its encoding) -> mended XML -> fastfeedparser -> entries
                                                        -> feedparser, where the fast one is not to be trusted

The fast parser takes a document at its word and skips what it does not understand, so its input is mended first (the
entities that XML does not know, stray ampersands, comments, document types) and its output is checked against what
the document seems to hold. Which thread or process this runs in is `bot.feeds.reader`'s affair.
"""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import fastfeedparser
import feedparser

from bot.domain.errors import NotAFeed
from bot.domain.stories import FeedDocument
from bot.feeds.decode import decode
from bot.feeds.json_feed import read_json_feed
from bot.feeds.markup import to_text
from bot.feeds.mend import ITEM, ROOT, mend, without_foreign_names
from bot.feeds.raw import (
    MAX_ENTRIES,
    TAG_LANGUAGE,
    Raw,
    base_of,
    image_of,
    instant_of_iso,
    instant_of_struct,
    language_of,
    language_of_head,
    text_of,
    to_entry,
    to_feed,
)

_HTML_ROOT = re.compile(
    r"\s*(?:<\?xml[^<>]*\?>\s*)?(?:(?><!--.{0,2000}?-->)\s*+)*+<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
_FEED_ROOT = re.compile(r"<rss\s|<rdf:rdf\s|<feed\s", re.IGNORECASE)
_HTML_HINT = re.compile(r"<(?:html|head|body|!doctype\s+html)\b", re.IGNORECASE)
_INNER_MARKUP = re.compile(
    r"<(?P<name>title|description|summary|content:encoded)(?:\s[^<>]*+)?(?<!/)>[^<]*+<(?!/(?P=name)\s*>|!\[CDATA\[)"
)
_ENTRY_DATE = re.compile(
    r"<(?:[\w.-]+:)?(?:pubDate|date|published|issued|updated|modified|lastBuildDate)[\s>]", re.IGNORECASE
)
_NO_PERMALINK = re.compile(r"""<guid[^<>]*isPermaLink\s*=\s*["']false["']""", re.IGNORECASE)
_HAS_LINK = re.compile(r"<(?:[\w.-]+:)?link[\s>]", re.IGNORECASE)
_DC_LANGUAGE = re.compile(r"<dc:language>\s*([A-Za-z][A-Za-z_-]{1,20})\s*<")
_WORDS = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one parser made of a document; `settled` says that no other need be asked."""

    document: FeedDocument | None
    settled: bool = False

    @property
    def worth(self) -> tuple[int, int, int]:
        """Orders readings of one document: entries, then fewer unreadable characters, then more text."""
        if self.document is None:
            return (-1, 0, 0)
        texts = [text for entry in self.document.entries for text in (entry.title, entry.summary, entry.content)]
        return (len(self.document.entries), -sum(t.count("\ufffd") for t in texts), sum(map(len, texts)))


def parse(body: bytes, *, content_type: str = "", url: str = "") -> FeedDocument:
    """Parse a feed, both parsers in this process: for the command line and for tests.

    Args:
        body: the document, decompressed.
        content_type: the HTTP header; only its charset is looked at.
        url: where it was found; relative links are resolved against it.

    Raises:
        NotAFeed: the bytes are no feed; no other exception leaves.
    """
    fast = parse_fast(body, content_type=content_type, url=url)
    if fast.settled:
        return choose(fast, fast)
    return choose(fast, parse_tolerant(body, content_type=content_type, url=url))


def parse_fast(body: bytes, *, content_type: str = "", url: str = "") -> Reading:
    """Parse with the fast parser; where the reading is not settled, the tolerant one should be asked as well.

    Raises:
        NotAFeed: the bytes are no feed for sure.
    """
    text = decode(body, content_type)
    start = text.lstrip("\ufeff \t\r\n\x00")
    if not start:
        raise NotAFeed("empty")
    if start[0] in "{[":
        return Reading(read_json_feed(start, url), settled=True)
    html_page = _HTML_ROOT.match(start) and not _FEED_ROOT.search(start)
    if html_page or not ROOT.search(start):
        raise NotAFeed("html" if _HTML_HINT.search(text) else "unknown")
    mended, skeleton = mend(start)
    items = list(ITEM.finditer(skeleton))
    found = _ask_fast(without_foreign_names(mended, skeleton, items))
    if found is None:
        return Reading(None)
    head = skeleton[: items[0].start()] if items else skeleton
    chunks = [
        skeleton[item.start() : following.start() if following else len(skeleton)]
        for item, following in zip_longest(items, items[1:])
    ]
    document = _document(found, head, chunks, url)
    settled = len(document.entries) >= min(len(items), MAX_ENTRIES) and not _INNER_MARKUP.search(mended)
    if settled and "\ufffd" not in text:
        settled = not any("\ufffd" in entry.title + entry.summary for entry in document.entries)
    return Reading(document, settled=settled)


def parse_tolerant(body: bytes, *, content_type: str = "", url: str = "") -> Reading:
    """Parse with feedparser, which makes sense of almost anything and takes its time over it."""
    mended, skeleton = mend(decode(body, content_type).lstrip("\ufeff \t\r\n\x00"))
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        # A stream, because it would take a text for a URL to fetch, or for a file's name.
        found = feedparser.parse(
            io.BytesIO(mended.encode("utf-8", "replace")),
            response_headers=headers,
            resolve_relative_uris=False,
            sanitize_html=False,
        )
        if not found.entries and not found.version:
            return Reading(None, settled=True)
        item = ITEM.search(skeleton)
        head = skeleton[: item.start()] if item else skeleton
        base = base_of(head, url, found.feed.get("link"))
        language = language_of(found.feed.get("language")) or language_of_head(head)
        entries = tuple(to_entry(_from_tolerant(entry), base, language) for entry in found.entries[:MAX_ENTRIES])
        return Reading(to_feed(found.feed, head, base, language, entries), settled=True)
    except Exception:  # noqa: BLE001 - a stranger's bytes must stop nothing, whatever they trip up inside a parser
        return Reading(None, settled=True)


def choose(first: Reading, second: Reading) -> FeedDocument:
    """The better of two readings of one document.

    Raises:
        NotAFeed: neither parser made anything of it.
    """
    best = second if second.worth > first.worth else first
    if best.document is None:
        raise NotAFeed("unknown")
    return best.document


def _ask_fast(mended: str) -> Mapping[str, Any] | None:
    try:
        found = fastfeedparser.parse(mended.encode("utf-8", "replace"))
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001 - a panic in its Rust core is no Exception, and any failure means the same
        return None
    return found if isinstance(found, Mapping) else None


def _document(found: Mapping[str, Any], head: str, chunks: list[str], url: str) -> FeedDocument:
    feed = found["feed"]
    base = base_of(head, url, feed.get("link"))
    language = language_of_head(head) or language_of(feed.get("language"))
    entries = found["entries"][:MAX_ENTRIES]
    known = len(chunks) == len(found["entries"])
    return to_feed(
        feed,
        head,
        base,
        language,
        tuple(
            to_entry(_from_fast(entry, chunks[index] if known else None), base, language)
            for index, entry in enumerate(entries)
        ),
    )


def _from_fast(entry: Mapping[str, Any], chunk: str | None) -> Raw:
    """Take one entry over, corrected by the source of its item where that is known."""
    contents: Sequence[Mapping[str, Any]] = entry.get("content") or ({},)
    raw = Raw(
        guid=text_of(entry.get("id")),
        link=_fast_link(entry),
        title=text_of(entry.get("title")),
        summary=text_of(entry.get("description")),
        content=text_of(contents[0].get("value")),
        content_type=text_of(contents[0].get("type")),
        published=instant_of_iso(text_of(entry.get("published"))),
        author=text_of(entry.get("author")),
        categories=tuple(text_of(tag.get("label")) or text_of(tag.get("term")) for tag in entry.get("tags") or ()),
        language=language_of(contents[0].get("language")),
        image=image_of(entry),
    )
    if raw.content.strip() == raw.summary:
        raw.content = ""  # it repeats an RSS description as content
    elif _is_made_from(raw.summary, raw.content):
        raw.summary = ""
    if not raw.summary and not raw.content:
        raw.summary = next((text_of(media.get("description")) for media in entry.get("media_content") or ()), "")
    if chunk is not None:
        if not _ENTRY_DATE.search(chunk):
            raw.published = None  # it reads a date into guids such as "20"
        if raw.link == raw.guid and _NO_PERMALINK.search(chunk) and not _HAS_LINK.search(chunk):
            raw.link, raw.permalink = "", False
        language = TAG_LANGUAGE.search(chunk, 0, chunk.find(">")) or _DC_LANGUAGE.search(chunk)
        raw.language = language_of(language[1]) if language else raw.language
    return raw


def _fast_link(entry: Mapping[str, Any]) -> str:
    """The page that an entry is about, rather than the first link of whatever relation."""
    link = text_of(entry.get("link"))
    links = [item for item in entry.get("links") or () if item.get("href")]
    if any(item.get("rel") in ("enclosure", "replies", "hub") and item["href"] == link for item in links):
        return next((text_of(item["href"]) for item in links if item.get("rel") in (None, "alternate")), "")
    return link


def _is_made_from(summary: str, content: str) -> bool:
    """Whether the fast parser cut the summary out of the content, of which it takes 512 characters."""
    if not summary or not content or len(summary) > 512:
        return False
    start = _WORDS.sub("", to_text(content[:6_000], certain=True))
    words = _WORDS.sub("", summary)
    return start == words or (len(summary) > 480 and start.startswith(words[:300]))


def _from_tolerant(entry: Mapping[str, Any]) -> Raw:
    contents: Sequence[Mapping[str, Any]] = entry.get("content") or ()
    longest: Mapping[str, Any] = max(contents, key=lambda content: len(text_of(content.get("value"))), default={})
    detail = entry.get("title_detail") or {}
    raw = Raw(
        guid=text_of(entry.get("id")),
        link=text_of(entry.get("link")),
        title=text_of(entry.get("title")),
        summary=text_of(entry.get("summary")),
        content=text_of(longest.get("value")),
        content_type=text_of(longest.get("type")),
        published=instant_of_struct(entry.get("published_parsed") or entry.get("updated_parsed")),
        author=text_of(entry.get("author")),
        categories=tuple(text_of(tag.get("label")) or text_of(tag.get("term")) for tag in entry.get("tags") or ()),
        language=language_of(entry.get("language")) or language_of(detail.get("language")),
        image=image_of(entry),
        permalink=entry.get("guidislink") is not False,
    )
    if raw.content == raw.summary:
        raw.summary = ""  # it copies a content over where there is no summary
    return raw
