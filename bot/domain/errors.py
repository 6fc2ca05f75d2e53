"""What can go wrong and is expected to: each error carries what its reader needs to act."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class UserError(Exception):
    """A refusal that is shown to the person in the chat: a key of the locale files and its arguments."""

    def __init__(self, key: str, **args: str | float) -> None:
        super().__init__(key)
        self.key = key
        self.args_shown = args


class FetchKind(StrEnum):
    """Why a fetch failed; the value is also the key's tail in the locale files (`fetch-…`)."""

    ADDRESS = "address"  # not an http(s) URL, or one that lies on no public network
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    STATUS = "status"
    REDIRECTS = "redirects"
    TOO_LARGE = "too-large"
    CORRUPT = "corrupt"  # truncated, or not decodable as its Content-Encoding says
    HELD = "held"  # not asked: its host asked to be left alone for a while, or has failed again and again


class FetchFailed(Exception):
    """A fetch that brought no document.

    `status` is the HTTP status where there was one; `retry_after` the seconds that the server asked to wait.
    """

    def __init__(
        self, kind: FetchKind, detail: str = "", *, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(f"{kind}: {detail}" if detail else str(kind))
        self.kind = kind
        self.detail = detail
        self.status = status
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class AdvertisedFeed:
    """A feed that a page names in its head: where it is (an absolute http(s) URL), and what it is called."""

    url: str
    title: str = ""


SEEMS: Final = ("html", "consent", "challenge", "login", "opml", "xml", "json", "empty", "unknown")
"""What a document that is no feed may seem to be: a page, a wall that asks for consent, a check for robots, a page that
asks for a password, a list of feeds, some other vocabulary's XML, a JSON; the tails of keys in the locale files."""


class NotAFeed(Exception):
    """What was fetched is no feed: `seems` is one of `SEEMS`, `advertised` are the feeds that a page names."""

    def __init__(self, seems: str, advertised: tuple[AdvertisedFeed, ...] = ()) -> None:
        super().__init__(seems, advertised)
        self.seems = seems
        self.advertised = advertised

    def __str__(self) -> str:
        return self.seems
