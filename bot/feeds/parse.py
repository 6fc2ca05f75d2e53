"""From a document's bytes to a `FeedDocument`: pure, and without network.

    bytes -> UTF-8 (whatever their encoding) -> tree -> entries
                                             -> mended, where it is not well-formed -> tree -> entries
                                             -> feedparser, where nothing was found in what should hold something

Which thread or process this runs in is `bot.feeds.reader`'s affair.
"""

import codecs
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import feedparser

from bot.domain.errors import NotAFeed
from bot.domain.stories import Entry, FeedDocument
from bot.feeds.dates import instant_of
from bot.feeds.decode import decode, seems_utf8
from bot.feeds.json_feed import read_json_feed
from bot.feeds.links import absolute
from bot.feeds.markup import Kind, to_line
from bot.feeds.mend import MAX_ELEMENTS, ROOT, mend, with_entities_mended
from bot.feeds.pages import seems
from bot.feeds.raw import MAX_ENTRIES, language_of, says_something, string, to_entry
from bot.feeds.tree import tree_of
from bot.feeds.xml_feed import read_xml_feed

_BLANK: Final = "\ufeff \t\r\n\x00"
_ITEM: Final = re.compile(r"<(?:(?:rss|rss1|atom|a10|ns\d):)?(?:item|entry)(?=[\s>])[^<>]*(?<!/)>", re.IGNORECASE)
_ITEM_END: Final = re.compile(r"</(?:[A-Za-z][\w.-]*:)?(?:item|entry)\s*>", re.IGNORECASE)
_ELEMENT_END: Final = re.compile(r"</[A-Za-z][\w.:-]*\s*>")
_TITLE_END: Final = re.compile(r"</(?:[A-Za-z][\w.-]*:)?title\s*>", re.IGNORECASE)
_ROOT_END: Final = re.compile(r"</(?:[A-Za-z][\w.-]*:)?(?:rss|feed|rdf|channel)\s*>", re.IGNORECASE)
_HTML_ROOT: Final = re.compile(
    r"(?:<\?xml[^<>]*\?>\s*)?(?:(?><!--.{0,2000}?-->)\s*+)*+<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
_FEED_ROOT: Final = re.compile(r"<rss\s|<rdf:rdf\s|<feed\s", re.IGNORECASE)
_DOUBTED: Final = 500_000  # characters: feedparser takes seconds over longer ones
_SHORTEST: Final = 3  # bytes of a tag, on the average of "<a>" and "</a>", or of an attribute
_PROLOG: Final = 2_000  # bytes in which the root is looked for


@dataclass(frozen=True, slots=True)
class Reading:
    """What one parser made of a document; `settled` says that no other need be asked."""

    document: FeedDocument | None
    settled: bool = False


def parse(body: bytes, *, content_type: str = "", url: str = "") -> FeedDocument:
    """Parse a feed, all in this process: for the command line and for tests.

    Args:
        body: the document, decompressed.
        content_type: the HTTP header; only its charset is looked at.
        url: where it was found; relative links are resolved against it.

    Raises:
        NotAFeed: the bytes are no feed; no other exception leaves.
    """
    first = parse_fast(body, content_type=content_type, url=url)
    if first.settled:
        return choose(first, first)
    return choose(first, parse_tolerant(body, content_type=content_type, url=url))


def parse_fast(body: bytes, *, content_type: str = "", url: str = "") -> Reading:
    """Parse with our own reader; where the reading is not settled, the tolerant one should be asked as well.

    Raises:
        NotAFeed: the bytes are no feed for sure.
    """
    found = _at_once(body, content_type, url)
    if found is not None:
        return Reading(found, settled=True)
    text = decode(body, content_type).lstrip(_BLANK)
    if not text:
        raise NotAFeed("empty")
    if text[0] in "{[":
        return Reading(read_json_feed(text, url), settled=True)
    if _HTML_ROOT.match(text) and not _FEED_ROOT.search(text):
        raise seems(text, url)
    document = text.encode()
    tree = None if _is_huge(document) else tree_of(document) or tree_of(with_entities_mended(text).encode())
    if tree is None:
        return _parse_mended(text, url)
    found = read_xml_feed(tree, url)
    if found is None:
        raise seems(text, url)
    return Reading(found, settled=_is_settled(found, text))


def _at_once(body: bytes, content_type: str, url: str) -> FeedDocument | None:
    """Parse what is well-formed and in UTF-8, as nearly all feeds are, without decoding it first; None where in doubt.

    Whether it is valid UTF-8 expat sees as well as any.
    """
    document = body.removeprefix(codecs.BOM_UTF8).lstrip()
    if (
        document[:1] != b"<"
        or not seems_utf8(document, content_type)
        or _HTML_ROOT.match(document[:_PROLOG].decode("latin-1"))
    ):
        return None
    tree = None if _is_huge(document) else tree_of(document)
    found = read_xml_feed(tree, url) if tree is not None else None
    return found if found is not None and found.entries else None


def _parse_mended(text: str, url: str) -> Reading:
    """Parse what is not well-formed.

    Raises:
        NotAFeed: nothing of it seems to be a feed's.
    """
    if not ROOT.search(text):
        raise seems(text, url)
    whole = _ROOT_END.search(text, max(0, len(text) - 2_000)) is not None or _ROOT_END.search(text) is not None
    if not whole:
        text = _up_to_the_break(text)
    tree = tree_of(mend(text).encode("utf-8", "replace"))
    found = read_xml_feed(tree, url) if tree is not None else None
    if found is None:
        return Reading(None, settled=len(text) > _DOUBTED)
    return Reading(replace(found, whole=whole), settled=_is_settled(found, text))


def parse_tolerant(body: bytes, *, content_type: str = "", url: str = "") -> Reading:
    """Parse with feedparser, which makes sense of almost anything and takes its time over it."""
    text = decode(body, content_type).lstrip(_BLANK)
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        # A stream, because it would take a text for a URL to fetch, or for a file's name.
        found = feedparser.parse(
            io.BytesIO(mend(text).encode("utf-8", "replace")),
            response_headers=headers,
            resolve_relative_uris=False,
            sanitize_html=False,
        )
        if not found.entries and not found.version:
            return Reading(None, settled=True)
        site = absolute(string(found.feed.get("link")), url)
        language = language_of(found.feed.get("language"))
        entries = (_from_tolerant(entry, url or site or "", language) for entry in found.entries[:MAX_ENTRIES])
        document = FeedDocument(
            title=to_line(string(found.feed.get("title"))),
            site_url=site,
            language=language,
            entries=tuple(entry for entry in entries if says_something(entry)),
        )
        return Reading(document, settled=True)
    except Exception:  # noqa: BLE001 - a stranger's bytes must stop nothing, whatever they trip up inside a parser
        return Reading(None, settled=True)


def choose(first: Reading, second: Reading) -> FeedDocument:
    """The better of two readings of one document: the one with more entries, the first of equals.

    Raises:
        NotAFeed: neither parser made anything of it.
    """
    best = max(first, second, key=lambda r: -1 if r.document is None else len(r.document.entries))
    if best.document is None:
        raise NotAFeed("unknown")
    return best.document


def _is_settled(found: FeedDocument, text: str) -> bool:
    """Whether entries were found, or there seem to be none, or it would take too long to look again."""
    return bool(found.entries) or len(text) > _DOUBTED or _ITEM.search(text) is None


def _is_huge(document: bytes) -> bool:
    """Whether a document's tree would be, so that it is to be cut before any parser sees it."""
    most = 2 * MAX_ELEMENTS  # its tags, of which there are two to an element, and its attributes
    if len(document) < _SHORTEST * most:
        return False
    return document.count(b"<") + document.count(b"=") > most


def _up_to_the_break(text: str) -> str:
    """A document that is cut off, without what breaks off: half a link, or an entry whose title is not whole."""
    whole = max((end.end() for end in _ITEM_END.finditer(text)), default=0)
    closing = max((end.end() for end in _ELEMENT_END.finditer(text, whole)), default=0)
    return text[:closing] if closing and (_TITLE_END.search(text, whole) or not whole) else text[: whole or None]


def _from_tolerant(entry: Mapping[str, Any], base: str, language: str | None) -> Entry:
    contents = entry.get("content") or ()
    longest: Mapping[str, Any] = max(contents, key=lambda content: len(string(content.get("value"))), default={})
    content, summary = string(longest.get("value")), string(entry.get("summary"))
    return to_entry(
        base=base,
        guid=string(entry.get("id")),
        links=(string(entry.get("link")),),
        title=(string(entry.get("title")), Kind.LOOSE),
        # feedparser copies a content over where there is no summary.
        summary=("" if content == summary else summary, Kind.LOOSE),
        content=(content, Kind.LOOSE),
        published=instant_of(string(entry.get("published")) or string(entry.get("updated"))),
        author=string(entry.get("author")),
        categories=tuple(string(tag.get("label")) or string(tag.get("term")) for tag in entry.get("tags") or ()),
        language=language_of(entry.get("language")) or language,
        image="",
        permalink=entry.get("guidislink") is not False,
    )
