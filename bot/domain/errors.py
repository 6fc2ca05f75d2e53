"""What can go wrong and is expected to: each error carries what its reader needs to act."""

from enum import StrEnum


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


class NotAFeed(Exception):
    """What was fetched is no feed; `seems` says what it seems to be: "html", "empty", "json", "unknown"."""

    def __init__(self, seems: str) -> None:
        super().__init__(seems)
        self.seems = seems
