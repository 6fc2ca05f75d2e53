"""How the invented outlets write their feeds and pages; what stands in them is decided elsewhere."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from html import escape

from lxml import etree

from bot.demo.outlets import Article, Channel, Format, Outlet

_ATOM = "http://www.w3.org/2005/Atom"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

MEDIA_TYPES = {
    Format.RSS: "application/rss+xml",
    Format.ATOM: "application/atom+xml",
    Format.JSON: "application/feed+json",
}


@dataclass(frozen=True, slots=True)
class Print:
    """An article as it stands in one channel; times in Unix seconds."""

    article: Article
    published: float
    updated: float


def article_path(outlet: Outlet, article: Article) -> str:
    """Where an article's page lies on its server."""
    return f"/{outlet.key}/{article.slug}"


def feed(channel: Channel, prints: Sequence[Print], site: str) -> bytes:
    """The channel's document, newest first; `site` is the server's address, which links begin with."""
    newest_first = sorted(prints, key=lambda entry: entry.published, reverse=True)
    match channel.format:
        case Format.RSS:
            return _rss(channel, newest_first, site)
        case Format.ATOM:
            return _atom(channel, newest_first, site)
        case Format.JSON:
            return _json(channel, newest_first, site)


def article_page(outlet: Outlet, article: Article) -> str:
    """The page that an article's link opens, with the whole text."""
    paragraphs = "\n".join(f"<p>{escape(text)}</p>" for text in (article.lead, *article.body))
    return _page(outlet, article.title, f"<article>\n<h1>{escape(article.title)}</h1>\n{paragraphs}\n</article>")


def front_page(outlet: Outlet, channels: Iterable[Channel], articles: Iterable[Article]) -> str:
    """An outlet's own page, which names its feeds as sites do."""
    feeds = "\n".join(
        f'<link rel="alternate" type="{MEDIA_TYPES[channel.format]}" title="{escape(channel.title)}"'
        f' href="{channel.path}">'
        for channel in channels
    )
    items = "\n".join(
        f'<li><a href="{article_path(outlet, article)}">{escape(article.title)}</a></li>' for article in articles
    )
    return _page(outlet, outlet.name, f"<h1>{escape(outlet.name)}</h1>\n<ul>\n{items}\n</ul>", head=feeds)


def _page(outlet: Outlet, title: str, body: str, head: str = "") -> str:
    return (
        f'<!doctype html>\n<html lang="{outlet.language}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title)}</title>\n{head}\n</head>\n<body>\n"
        f'<header><a href="/{outlet.key}/">{escape(outlet.name)}</a></header>\n<main>\n{body}\n</main>\n'
        "</body>\n</html>\n"
    )


def _whole(article: Article) -> str:
    return "".join(f"<p>{escape(text, quote=False)}</p>" for text in (article.lead, *article.body))


def _rfc822(seconds: float, channel: Channel) -> str:
    return format_datetime(datetime.fromtimestamp(seconds, timezone(timedelta(hours=channel.utc_offset))))


def _rfc3339(seconds: float, channel: Channel) -> str:
    zone = timezone(timedelta(hours=channel.utc_offset)) if channel.utc_offset else UTC
    return datetime.fromtimestamp(seconds, zone).isoformat(timespec="seconds")


def _add(parent: etree._Element, tag: str, text: str = "", **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, tag, attributes)
    element.text = text or None
    return element


def _written(root: etree._Element, encoding: str) -> bytes:
    document = etree.tostring(root, encoding=encoding, xml_declaration=True, pretty_print=True)
    assert isinstance(document, bytes)
    return document


def _rss(channel: Channel, prints: Sequence[Print], site: str) -> bytes:
    root = etree.Element("rss", {"version": "2.0"}, nsmap={"content": _CONTENT})
    top = _add(root, "channel")
    _add(top, "title", channel.title)
    _add(top, "link", f"{site}/{channel.outlet.key}/")
    _add(top, "description", channel.title)
    _add(top, "language", channel.outlet.language)
    for entry in prints:
        link = site + article_path(channel.outlet, entry.article)
        item = _add(top, "item")
        _add(item, "title", entry.article.title)
        _add(item, "link", link)
        _add(item, "guid", link, isPermaLink="true")
        _add(item, "pubDate", _rfc822(entry.published, channel))
        _add(item, "description", entry.article.lead)
        if entry.article.full:
            _add(item, f"{{{_CONTENT}}}encoded", _whole(entry.article))
    return _written(root, channel.encoding)


def _atom(channel: Channel, prints: Sequence[Print], site: str) -> bytes:
    default: dict[str, str] = {None: _ATOM}  # type: ignore[dict-item]  # lxml-stubs know no default namespace
    root = etree.Element(f"{{{_ATOM}}}feed", {_XML_LANG: channel.outlet.language}, nsmap=default)

    def add(parent: etree._Element, tag: str, text: str = "", **attributes: str) -> etree._Element:
        return _add(parent, f"{{{_ATOM}}}{tag}", text, **attributes)

    add(root, "id", f"{site}/{channel.outlet.key}/")
    add(root, "title", channel.title)
    add(root, "link", href=f"{site}/{channel.outlet.key}/")
    add(root, "link", rel="self", href=site + channel.path)
    add(root, "updated", _rfc3339(max(entry.updated for entry in prints), channel))
    add(add(root, "author"), "name", channel.outlet.name)
    for entry in prints:
        link = site + article_path(channel.outlet, entry.article)
        item = add(root, "entry")
        add(item, "id", link)
        add(item, "title", entry.article.title)
        add(item, "link", href=link)
        add(item, "published", _rfc3339(entry.published, channel))
        add(item, "updated", _rfc3339(entry.updated, channel))
        add(item, "summary", entry.article.lead)
        if entry.article.full:
            add(item, "content", _whole(entry.article), type="html")
    return _written(root, channel.encoding)


def _json(channel: Channel, prints: Sequence[Print], site: str) -> bytes:
    items = []
    for entry in prints:
        link = site + article_path(channel.outlet, entry.article)
        item = {
            "id": link,
            "url": link,
            "title": entry.article.title,
            "summary": entry.article.lead,
            "date_published": _rfc3339(entry.published, channel),
            "date_modified": _rfc3339(entry.updated, channel),
        }
        if entry.article.full:
            item["content_html"] = _whole(entry.article)
        else:
            item["content_text"] = entry.article.lead
        items.append(item)
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": f"{site}/{channel.outlet.key}/",
        "feed_url": site + channel.path,
        "language": channel.outlet.language,
        "items": items,
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode(channel.encoding)
