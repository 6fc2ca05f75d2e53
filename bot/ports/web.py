"""What the web gives: documents, pages and their texts."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.domain.stories import FeedDocument


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask with next time, sent back verbatim."""

    etag: str | None = None
    last_modified: str | None = None


NO_VALIDATORS = Validators()


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document: `url` is where it was found after redirects, `body` is decompressed, `max_age` in seconds.

    `moved_to` is where the address that was asked for has moved for good: the end of the permanent redirects that the
    way began with, None where it began with none.
    """

    url: str
    body: bytes
    content_type: str = ""
    validators: Validators = NO_VALIDATORS
    max_age: float | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The server says that nothing changed (304); the rest as for `Fetched`."""

    max_age: float | None = None
    moved_to: str | None = None


Permit = Callable[[str], Awaitable[None]]
"""Is asked whether a URL may be fetched, and raises where it may not."""


class Web(Protocol):
    """The guarded way to strangers' servers."""

    async def get(self, url: str, validators: Validators = NO_VALIDATORS) -> Fetched | Unchanged:
        """Fetch a document.

        Raises:
            FetchFailed: whatever the reason; no other exception leaves.
        """
        ...


class NoTextKind(StrEnum):
    """Why a page has no text for us; each is for good, as far as anybody can tell."""

    ROBOTS = "robots"  # its outlet's robots.txt asks us not to read it
    GONE = "gone"  # there is no such page, or no way to it
    NOT_HTML = "not-html"
    TOO_LARGE = "too-large"
    TIMEOUT = "time-out"  # it would take too long to read
    CONSENT = "consent"
    LOGIN = "login"
    CHALLENGE = "challenge"
    PAYWALL = "paywall"
    NO_ARTICLE = "no-article"
    IRRELEVANT = "irrelevant"  # nobody could be waiting for a word of it, so it was not read


@dataclass(frozen=True, slots=True)
class NoText:
    """A page without a text, and why."""

    kind: NoTextKind


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of the article at a page: paragraphs separated by a blank line, as in an `Entry`; `url` after redirects.

    `language` is what the page declares, a code of two or three letters.
    """

    url: str
    text: str
    language: str | None = None


class Pages(Protocol):
    """The articles behind entries."""

    async def text(self, url: str, could_matter: Callable[[str], Awaitable[bool]] | None = None) -> PageText | NoText:
        """Fetch an article's page, and read the article in it.

        Args:
            url: an entry's link.
            could_matter: is asked, with more than the article's words, whether reading the article is worth while.

        Raises:
            FetchFailed: it may be there another time; `retry_after` says when to ask at the soonest, where known.
        """
        ...


class Reader(Protocol):
    """From bytes to a feed's document, off the event loop."""

    async def read(self, body: bytes, *, content_type: str = "", url: str = "") -> FeedDocument:
        """Parse a feed; `url` resolves relative links.

        Raises:
            NotAFeed: the bytes are no feed; no other exception leaves.
        """
        ...
