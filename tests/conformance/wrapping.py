"""What the tables of this folder share: the wrapping around a case's few words, and ways to look at what was read."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.stories import Entry, FeedDocument
from bot.feeds.parse import parse

URL = "https://outlet.example/feeds/world.xml"
XHTML = 'xmlns="http://www.w3.org/1999/xhtml"'
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
ATOM_1_0 = "http://www.w3.org/2005/Atom"
RSS_1_0 = "http://purl.org/rss/1.0/"
MODULES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "atom": ATOM_1_0,
        "content": "http://purl.org/rss/1.0/modules/content/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcterms": "http://purl.org/dc/terms/",
        "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
        "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "media": "http://search.yahoo.com/mrss/",
        "xhtml": "http://www.w3.org/1999/xhtml",
    }.items()
)


def cases(*rows: tuple[Any, ...]) -> list[Any]:
    """The parameters of a table: each row begins with its spoken name, which no other row has."""
    assert len({row[0] for row in rows}) == len(rows), "two rows of a table have one name"
    return [pytest.param(*row[1:], id=row[0]) for row in rows]


def read(document: str | bytes, *, content_type: str = "", url: str = URL) -> FeedDocument:
    return parse(document.encode() if isinstance(document, str) else document, content_type=content_type, url=url)


def only(document: str | bytes, *, content_type: str = "", url: str = URL) -> Entry:
    (entry,) = read(document, content_type=content_type, url=url).entries
    return entry


def titles(document: str | bytes, *, content_type: str = "", url: str = URL) -> list[str]:
    return [entry.title for entry in read(document, content_type=content_type, url=url).entries]


def story(entry: Entry) -> str:
    """The most that an entry tells: a short one has a summary only."""
    return entry.content or entry.summary


def instant(when: str | None) -> float | None:
    """Unix seconds of an ISO 8601 date, which is in UTC."""
    return datetime.fromisoformat(when).replace(tzinfo=UTC).timestamp() if when else None


def rss(inside: str, *, version: str = "2.0", attributes: str = MODULES) -> str:
    return f'<?xml version="1.0"?><rss version="{version}" {attributes}><channel>{inside}</channel></rss>'


def item(inside: str, *, head: str = "", attributes: str = "", url: str = URL) -> Entry:
    """The one item of an RSS 2.0 document."""
    return only(rss(f"<title>Outlet</title>{head}<item {attributes}>{inside}</item>"), url=url)


def atom(inside: str, *, attributes: str = "") -> str:
    return f'<?xml version="1.0"?><feed xmlns="{ATOM_1_0}" {MODULES} {attributes}>{inside}</feed>'


def entry(inside: str, *, head: str = "", attributes: str = "", feed: str = "") -> Entry:
    """The one entry of an Atom document; `attributes` are the entry's, `feed` the feed's."""
    return only(atom(f"<title>Outlet</title>{head}<entry {attributes}>{inside}</entry>", attributes=feed))


def rdf(inside: str, *, namespace: str = RSS_1_0, attributes: str = "") -> str:
    return f'<?xml version="1.0"?><rdf:RDF {RDF} xmlns="{namespace}" {MODULES} {attributes}>{inside}</rdf:RDF>'


def rdf_item(inside: str, *, head: str = "", about: str = "https://outlet.example/1") -> Entry:
    """The one item of an RSS 1.0 document; `head` stands in its channel."""
    channel = f'<channel rdf:about="https://outlet.example/"><title>Outlet</title>{head}</channel>'
    return only(rdf(f'{channel}<item rdf:about="{about}">{inside}</item>'))


def json_feed(*items: Any, **fields: Any) -> str:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Outlet", **fields, "items": items})


def json_item(**fields: Any) -> Entry:
    """The one item of a JSON Feed."""
    return only(json_feed({"id": "1", **fields}))
