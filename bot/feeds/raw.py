"""What every format's findings come to: from an entry with its markup and relative links to one without."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

from bot.domain.stories import Entry
from bot.feeds.links import absolute
from bot.feeds.markup import Kind, clean, lead, to_line, to_text

MAX_ENTRIES = 10_000
"""Entries that are kept of a document, its first ones."""
_MAX_GUID = 2_000
_MAX_CATEGORIES = 50
_MAX_NAME = 200  # characters of an author or a category
_MAX_SUMMARY_OF_CONTENT = 600
_MISNAMED_LANGUAGES = {"ua": "uk", "cz": "cs", "gr": "el", "dk": "da", "jp": "ja"}  # countries' codes for languages
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_NO_LANGUAGES = frozenset(("und", "mul", "mis", "zxx", "xx"))
_NOT_WORDS = re.compile(r"\W+")
_IMAGE_NAMES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif")


Text = tuple[str, Kind]
"""A text as a document has it: its markup, and how sure it is that it is any."""

NONE: Text = ("", Kind.LOOSE)


def to_entry(
    *,
    base: str,
    guid: str,
    links: Iterable[str],
    title: Text,
    summary: Text,
    content: Text,
    published: float | None,
    author: str,
    categories: Iterable[str],
    language: str | None,
    image: str,
    permalink: bool = True,
) -> Entry:
    """An entry as plain text and absolute links.

    Args:
        base: what its links are relative to.
        guid: its identifier.
        links: the first that leads anywhere is the entry's page.
        title: its headline.
        summary: its lead.
        content: its whole text.
        published: in Unix seconds.
        author: the names.
        categories: the names.
        language: a primary subtag, its own or its feed's; "" is said to be none.
        image: a link to a picture.
        permalink: whether the guid, if it is a URL, may be the entry's page.
    """
    guid = guid.strip()[:_MAX_GUID]
    if not guid.isprintable():
        guid = clean(guid).strip()
    markup, kind = summary
    lead_text = to_text(markup, kind=kind) if markup else ""
    markup, kind = content
    text = to_text(markup, kind=kind) if markup and content != summary else ""
    if text and not lead_text:
        lead_text = lead(text, limit=_MAX_SUMMARY_OF_CONTENT)
    if text and _only_repeats(text, lead_text):
        text = ""
    markup, kind = title
    url = None
    for link in links:
        if url := absolute(link, base):
            break
    else:
        if permalink and guid[:8].lower().startswith(("http://", "https://")):
            url = absolute(guid, base)
    return Entry(
        guid or None,
        url,
        to_line(markup, kind=kind),
        lead_text,
        text,
        published,
        (_name(author) or None) if author else None,
        tuple(_names(categories)) if categories else (),
        language or None,
        absolute(image, base) if image else None,
    )


def says_something(entry: Entry) -> bool:
    """Whether there is anything in an entry: real feeds hold empty ones."""
    return bool(entry.title or entry.summary or entry.url or entry.guid)


def _only_repeats(content: str, summary: str) -> bool:
    """Whether a content has no more letters than the summary."""
    if len(content) > 1.1 * len(summary) + 20:
        return False
    return content == summary or len(_NOT_WORDS.sub("", content)) <= len(_NOT_WORDS.sub("", summary))


def _names(found: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(filter(None, map(_name, islice(found, _MAX_CATEGORIES))))


def _name(markup: str) -> str:
    return _short_name(markup) if len(markup) <= _MAX_NAME else to_line(markup, limit=_MAX_NAME)


@lru_cache(maxsize=4_096)
def _short_name(markup: str) -> str:
    """The same names stand in entry after entry."""
    return to_line(markup)


def string(value: object) -> str:
    """A string as it is; "" for whatever else stands where one is expected."""
    return value if isinstance(value, str) else ""


def names_image(address: str) -> bool:
    """Whether a URL's path ends as pictures' do."""
    return address.lower().partition("?")[0].endswith(_IMAGE_NAMES)


def language_of(said: object) -> str | None:
    """A language's primary subtag, from what a feed declares."""
    return _language_of(said) if said and isinstance(said, str) and len(said) <= _MAX_NAME else None


@lru_cache(maxsize=1_024)
def _language_of(said: str) -> str | None:
    """The same declaration stands in entry after entry."""
    subtag = said.strip().lower().replace("_", "-").partition("-")[0]
    if not _LANGUAGE.fullmatch(subtag) or subtag in _NO_LANGUAGES:
        return None
    return _MISNAMED_LANGUAGES.get(subtag, subtag)
