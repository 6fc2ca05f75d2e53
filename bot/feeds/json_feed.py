"""JSON Feed: simple enough to be read here, and its wrong types trip the fast parser up.

Source: https://www.jsonfeed.org/version/1.1/
"""

import json
from typing import Any

from bot.domain.errors import NotAFeed
from bot.domain.stories import FeedDocument
from bot.feeds.raw import MAX_ENTRIES, Raw, base_of, instant_of_iso, language_of, text_of, to_entry, to_feed


def read_json_feed(text: str, url: str) -> FeedDocument:
    """Read a JSON Feed of any version.

    Raises:
        NotAFeed: it is no JSON, or no JSON Feed.
    """
    try:
        found = json.loads(text.rstrip("\x00 \r\n\t"))
    except (ValueError, RecursionError):
        raise NotAFeed("unknown") from None
    items = found.get("items") if isinstance(found, dict) else None
    if not isinstance(items, list) or not _is_json_feed(found, items):
        raise NotAFeed("json")
    base = base_of("", url, found.get("home_page_url"))
    language = language_of(found.get("language"))
    entries = tuple(
        to_entry(_from_json(item), base, language) for item in items[:MAX_ENTRIES] if isinstance(item, dict)
    )
    feed = {"title": found.get("title"), "link": found.get("home_page_url")}
    return to_feed(feed, "", base, language, entries)


def _is_json_feed(found: dict[str, Any], items: list[Any]) -> bool:
    if "jsonfeed.org" in text_of(found.get("version")):
        return True
    # Without its version: items that are entries, and not just anything's items.
    return any(
        isinstance(i, dict) and i.get("url") and {"title", "content_html", "content_text"} & set(i) for i in items
    )


def _from_json(item: dict[str, Any]) -> Raw:
    authors = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    tags = item.get("tags") if isinstance(item.get("tags"), list) else []
    guid = item.get("id")
    content = text_of(item.get("content_html"))
    return Raw(
        guid=str(guid) if isinstance(guid, int | float) and not isinstance(guid, bool) else text_of(guid),
        link=text_of(item.get("url")) or text_of(item.get("external_url")),
        title=text_of(item.get("title")),
        summary=text_of(item.get("summary")),
        content=content or text_of(item.get("content_text")),
        content_type="text/html" if content else "text/plain",
        published=instant_of_iso(text_of(item.get("date_published")) or text_of(item.get("date_modified"))),
        author=", ".join(
            text_of(a.get("name")) for a in authors or () if isinstance(a, dict) and text_of(a.get("name"))
        ),
        categories=tuple(text_of(tag) for tag in tags or ()),
        language=language_of(item.get("language")),
        image=text_of(item.get("image")) or text_of(item.get("banner_image")),
    )
