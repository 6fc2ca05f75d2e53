"""What every format's findings come to: from an entry with its markup and relative links to one without."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from bot.domain.stories import Entry
from bot.feeds.links import absolute
from bot.feeds.markup import Kind, clean, lead, to_line, to_text

MAX_ENTRIES = 10_000
"""Entries that are kept of a document, its first ones."""
_MAX_GUID = 2_000
_MAX_CATEGORIES = 50
_MAX_SUMMARY_OF_CONTENT = 600
_MISNAMED_LANGUAGES = {"ua": "uk", "cz": "cs", "gr": "el", "dk": "da", "jp": "ja"}  # countries' codes for languages
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_NO_LANGUAGES = frozenset(("und", "mul", "mis", "zxx", "xx"))
_NOT_WORDS = re.compile(r"\W+")
_IMAGE_NAMES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif")


class Text(NamedTuple):
    """A text as a document has it."""

    markup: str = ""
    kind: Kind = Kind.LOOSE


NONE = Text()


@dataclass(slots=True)
class Raw:
    """An entry on its way: what a document says, still with its markup and its relative links.

    `base` is what its links are relative to; of `links`, the first that leads anywhere is the entry's page;
    `permalink` says whether the guid, if it is a URL, may be. A `language` of "" is said to be none.
    """

    base: str = ""
    guid: str = ""
    links: tuple[str, ...] = ()
    title: Text = NONE
    summary: Text = NONE
    content: Text = NONE
    published: float | None = None
    author: str = ""
    categories: tuple[str, ...] = ()
    language: str | None = None
    image: str = ""
    permalink: bool = True


def to_entry(raw: Raw, language: str | None) -> Entry:
    """The entry as plain text and absolute links; `language` is its feed's."""
    guid = raw.guid.strip()[:_MAX_GUID]
    if not guid.isprintable():
        guid = clean(guid).strip()
    summary = to_text(raw.summary.markup, kind=raw.summary.kind)
    content = ""
    if raw.content.markup and raw.content != raw.summary:
        content = to_text(raw.content.markup, kind=raw.content.kind)
    if content and not summary:
        summary = lead(content, limit=_MAX_SUMMARY_OF_CONTENT)
    if content and _only_repeats(content, summary):
        content = ""
    links = raw.links
    if raw.permalink and guid[:8].lower().startswith(("http://", "https://")):
        links += (guid,)
    return Entry(
        guid=guid or None,
        url=next((url for link in links if (url := absolute(link, raw.base))), None),
        title=to_line(raw.title.markup, kind=raw.title.kind),
        summary=summary,
        content=content,
        published=raw.published,
        author=(to_line(raw.author, limit=200) or None) if raw.author else None,
        categories=tuple(_categories(raw.categories)) if raw.categories else (),
        language=(language if raw.language is None else raw.language) or None,
        image=absolute(raw.image, raw.base) if raw.image else None,
    )


def says_something(entry: Entry) -> bool:
    """Whether there is anything in an entry: real feeds hold empty ones."""
    return bool(entry.title or entry.summary or entry.url or entry.guid)


def _only_repeats(content: str, summary: str) -> bool:
    """Whether a content has no more letters than the summary."""
    if len(content) > 1.1 * len(summary) + 20:
        return False
    return content == summary or len(_NOT_WORDS.sub("", content)) <= len(_NOT_WORDS.sub("", summary))


def _categories(found: tuple[str, ...]) -> Iterator[str]:
    lines = (to_line(text, limit=100) for text in found[:_MAX_CATEGORIES])
    yield from dict.fromkeys(line for line in lines if line)


def string(value: object) -> str:
    """A string as it is; "" for whatever else stands where one is expected."""
    return value if isinstance(value, str) else ""


def names_image(address: str) -> bool:
    """Whether a URL's path ends as pictures' do."""
    return address.lower().partition("?")[0].endswith(_IMAGE_NAMES)


def language_of(said: object) -> str | None:
    """A language's primary subtag, from what a feed declares."""
    subtag = string(said).strip().lower().replace("_", "-").partition("-")[0]
    if not _LANGUAGE.fullmatch(subtag) or subtag in _NO_LANGUAGES:
        return None
    return _MISNAMED_LANGUAGES.get(subtag, subtag)
