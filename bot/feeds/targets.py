"""URLs that may be asked for: read, and refused early and clearly where they could not be dialled anyway.

What may be dialled is decided at the socket, in `bot.feeds.wire`; here nothing is resolved.
"""

import base64
from collections.abc import Sequence
from urllib.parse import unquote

import httpx

from bot.domain.errors import FetchFailed, FetchKind
from bot.feeds.addresses import Network, is_public, literal_address

_MAX_URL = 8_000
_MAX_NAME = 253  # RFC 1035, less its two length bytes

# Ports of services that are not HTTP, as browsers refuse them (fetch.spec.whatwg.org, "bad port"); the commonest.
_BAD_PORT_NUMBERS = (
    "0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 "
    "123 135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 "
    "990 993 995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6379 6566 6665 6666 6667 6668 6669 6679 6697 "
    "10080 11211 "
)
_BAD_PORTS = frozenset(int(port) for port in _BAD_PORT_NUMBERS.split())


def read_target(url: str, base: httpx.URL | None = None, *, allow: Sequence[Network] = ()) -> httpx.URL:
    """Read a URL that somebody gave, or that a redirect at `base` leads to; its fragment is dropped.

    Raises:
        FetchFailed: it is no http(s) URL, or names an address or a port that is never dialled.
    """
    if len(url) > _MAX_URL:
        raise FetchFailed(FetchKind.ADDRESS, "URL too long")
    try:
        target = (base.join(url.strip()) if base is not None else httpx.URL(url.strip())).copy_with(fragment=None)
        if b"%" in target.raw_host and b":" not in target.raw_host:
            # A host may be percent-encoded, as the bytes beyond ASCII of a Location are by now.
            target = target.copy_with(host=unquote(host_of(target), errors="strict"))
        port = target.port
    except (httpx.InvalidURL, ValueError, TypeError):
        raise FetchFailed(FetchKind.ADDRESS, "not a URL") from None
    if target.scheme not in ("http", "https"):
        raise FetchFailed(FetchKind.ADDRESS, "neither http nor https")
    host = host_of(target)
    if not host or len(host) > _MAX_NAME or ("%" in host and ":" not in host):
        raise FetchFailed(FetchKind.ADDRESS, "no host")
    if port is not None and (port in _BAD_PORTS or not 0 < port < 65_536):
        raise FetchFailed(FetchKind.ADDRESS, f"port {port}")
    literal = literal_address(host)
    if literal is not None and not is_public(literal, allow):
        raise FetchFailed(FetchKind.ADDRESS, "not a public address")
    return target


def host_of(url: httpx.URL) -> str:
    """A URL's host as it is dialled: a name in ASCII and lower case, or an address without brackets."""
    return url.raw_host.decode("ascii")


def port_of(url: httpx.URL) -> int:
    """A URL's port, which its scheme implies where it has none."""
    return url.port or (443 if url.scheme == "https" else 80)


def origin_of(url: httpx.URL) -> tuple[str, str, int]:
    """What decides whether credentials may go along."""
    return url.scheme, host_of(url), port_of(url)


def credentials_of(url: httpx.URL) -> bytes | None:
    """A URL's user and password as the header `Authorization` (RFC 7617); None where it has none."""
    if not url.userinfo:
        return None
    return b"Basic " + base64.b64encode(f"{url.username}:{url.password}".encode())
