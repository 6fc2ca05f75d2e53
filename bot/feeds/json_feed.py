"""JSON Feed of any version (https://www.jsonfeed.org/version/1.1/), whatever types its values have."""

import json
from typing import Any, Final

from bot.domain.errors import NotAFeed
from bot.domain.stories import Entry, FeedDocument
from bot.feeds.dates import instant_of
from bot.feeds.links import absolute
from bot.feeds.markup import Kind, to_line
from bot.feeds.raw import MAX_ENTRIES, language_of, names_image, says_something, string, to_entry

_MAX_VALUES: Final = 200_000  # objects and lists: each takes hundreds of bytes


def read_json_feed(text: str, url: str) -> FeedDocument:
    """Read a JSON Feed; `url` is where it was found, relative links are resolved against it.

    Raises:
        NotAFeed: it is no JSON, or no JSON Feed.
    """
    if text.count("{") + text.count("[") > _MAX_VALUES:
        raise NotAFeed("json")
    try:
        found = json.loads(text.rstrip("\x00 \r\n\t"), strict=False)
    except (ValueError, RecursionError):
        raise NotAFeed("unknown") from None
    items = found.get("items") if isinstance(found, dict) else None
    if not isinstance(items, list) or not _is_json_feed(found, items):
        raise NotAFeed("json")
    site = absolute(string(found.get("home_page_url")), url)
    base = url or site or ""
    language = language_of(found.get("language"))
    author = _author(found)
    entries = (_entry(item, base, author, language) for item in items[:MAX_ENTRIES] if isinstance(item, dict))
    return FeedDocument(
        title=to_line(string(found.get("title")), kind=Kind.PLAIN),
        site_url=site,
        language=language,
        entries=tuple(entry for entry in entries if says_something(entry)),
    )


def _is_json_feed(found: dict[str, Any], items: list[Any]) -> bool:
    if "jsonfeed.org" in string(found.get("version")):
        return True
    # Without its version: items that are entries, and not just anything's items.
    return any(
        isinstance(i, dict) and i.get("url") and {"title", "content_html", "content_text"} & set(i) for i in items
    )


def _entry(item: dict[str, Any], base: str, author: str, language: str | None) -> Entry:
    guid = item.get("id")
    markup, plain = string(item.get("content_html")), string(item.get("content_text"))
    tags = item.get("tags")
    return to_entry(
        base=base,
        # "If that's an integer, it must be coerced to a string", says the specification, and so are all numbers.
        guid=str(guid) if isinstance(guid, int | float) and not isinstance(guid, bool) else string(guid),
        links=tuple(link for name in ("url", "external_url") if (link := string(item.get(name)))),
        title=(string(item.get("title")), Kind.PLAIN),
        summary=(string(item.get("summary")), Kind.PLAIN),
        content=(markup, Kind.LOOSE) if markup else (plain, Kind.PLAIN),
        published=instant_of(string(item.get("date_published"))) or instant_of(string(item.get("date_modified"))),
        author=_author(item) or author,
        categories=tuple(string(tag) for tag in tags) if isinstance(tags, list) else (),
        language=language_of(item.get("language")) or language,
        image=string(item.get("image")) or string(item.get("banner_image")) or _attached_image(item),
    )


def _author(found: dict[str, Any]) -> str:
    """The names of the authors: a list since version 1.1, a single one before."""
    authors = found.get("authors") or found.get("author")
    people = authors if isinstance(authors, list) else [authors]
    names = (string(person.get("name")).strip() if isinstance(person, dict) else string(person) for person in people)
    return ", ".join(dict.fromkeys(name for name in names if name))


def _attached_image(item: dict[str, Any]) -> str:
    attachments = item.get("attachments")
    for attachment in attachments if isinstance(attachments, list) else ():
        if isinstance(attachment, dict):
            address = string(attachment.get("url"))
            if string(attachment.get("mime_type")).startswith("image/") or names_image(address):
                return address
    return ""
