"""The guarded way to strangers' servers: httpx as the API, aiohttp under it, and a law between the two.

    turn at the host -> URL checked -> name resolved -> address checked and dialled -> status -> body, counted

The address is checked where the socket is made, on the very address that is dialled: so a name that resolves to
something else the second time, a redirect, or a notation that only the C library understands gains nothing. What
a document says is not looked at here.
"""

import asyncio
import base64
import re
import socket
import ssl
import zlib
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC
from email.utils import parsedate_to_datetime
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Self

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver
from httpx_aiohttp import AiohttpTransport

from bot import __version__
from bot.domain.errors import FetchFailed, FetchKind
from bot.feeds.addresses import Network, is_public, literal_address
from bot.feeds.names import SystemNames
from bot.ports import Clock, Fetched, Unchanged, Validators

_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9,"
    " text/html;q=0.8, */*;q=0.5"
)
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_DOCUMENTS = frozenset((200, 203))
_MAX_URL = 8_000
_MAX_WAIT = 365 * 86_400.0
_MAX_HOSTS = 4_096
_STEP = 512 * 1024  # bytes decompressed in one go, between which others get their turn

# Ports of services that are not HTTP, as browsers refuse them (fetch.spec.whatwg.org, "bad port"); the commonest.
_BAD_PORT_NUMBERS = (
    "0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 "
    "123 135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 "
    "990 993 995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6379 6566 6665 6666 6667 6668 6669 6679 6697 "
    "10080 11211 "
)
_BAD_PORTS = frozenset(int(port) for port in _BAD_PORT_NUMBERS.split())


class AddressRefusedError(OSError):
    """An address is not public. The message is always the same: aiohappyeyeballs keeps an error only if all agree."""

    def __init__(self) -> None:
        super().__init__("not a public address")


@dataclass(slots=True)
class _Host:
    """What politeness knows of a host: when the next request may start (on the clock), and who is waiting or served."""

    free_at: float = 0.0
    users: int = 0
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))


class GuardedWeb:
    """Implements `bot.ports.Web`: one client for life; open it in the loop that it is used in."""

    def __init__(
        self,
        clock: Clock,
        *,
        contact: str = "",
        allow_networks: Sequence[Network] = (),
        host_interval: float = 0,
        deadline: float = 30,
        max_body: int = 10_000_000,
        max_redirects: int = 5,
        resolver: AbstractResolver | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Nothing is opened yet.

        Args:
            clock: for waiting at hosts, and for `Retry-After` where it is a date.
            contact: URL or address that the User-Agent names.
            allow_networks: networks that may be dialled although they are not public.
            host_interval: seconds between the starts of two requests to one host; 0 turns it off.
            deadline: seconds that a whole fetch may take, redirects included, waiting at hosts excluded.
            max_body: bytes of a body after decompression.
            max_redirects: redirects that are followed.
            resolver: in place of the system's, for names that tests invent.
            tls: in place of the certificates that httpx brings.
        """
        self._clock = clock
        self._agent = _agent(contact)
        self._allow = tuple(allow_networks)
        self._interval = host_interval
        self._deadline = deadline
        self._max_body = max_body
        self._max_redirects = max_redirects
        self._resolver = resolver
        self._tls = tls
        self._hosts: dict[str, _Host] = {}
        self._client: httpx.AsyncClient | None = None

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def open(self) -> None:
        """Make the client ready."""
        tls = self._tls or httpx.create_ssl_context(trust_env=False)
        session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=100,
                limit_per_host=2,
                ssl=tls,
                resolver=self._resolver or SystemNames(),
                socket_factory=self._socket,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
        )
        self._client = httpx.AsyncClient(
            transport=AiohttpTransport(client=session, verify=tls, trust_env=False),
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(connect=5, read=15, write=15, pool=None),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),  # httpx would keep cookies of its own
        )

    async def aclose(self) -> None:
        """Close every connection."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def get(self, url: str, validators: Validators = Validators()) -> Fetched | Unchanged:
        """Fetch a document.

        Args:
            url: http or https; a user and password in it are sent to its own origin only, and the URL that comes
                back has them if it lies there.
            validators: what the server gave the last time, to learn whether anything has changed.

        Raises:
            FetchFailed: whatever the reason; no other exception leaves but cancellation.
        """
        loop = asyncio.get_running_loop()
        left = self._deadline
        try:
            target = self._checked(url)
            origin, userinfo, credentials = _origin(target), target.userinfo, _credentials(target)
            for _ in range(self._max_redirects + 1):
                target = target.copy_with(userinfo=b"", fragment=None)
                async with self._turn(target.host):
                    started = loop.time()
                    home = _origin(target) == origin
                    async with asyncio.timeout(left):
                        answer = await self._ask(target, validators, credentials if home else None)
                    left -= loop.time() - started
                if isinstance(answer, Fetched) and home and userinfo:
                    return replace(answer, url=str(target.copy_with(userinfo=userinfo)))
                if not isinstance(answer, str):
                    return answer
                target = self._checked(answer, target)
        except FetchFailed:
            raise
        except Exception as error:
            raise _failure(error) from error
        raise FetchFailed(FetchKind.REDIRECTS, f"more than {self._max_redirects}")

    async def _ask(
        self, target: httpx.URL, validators: Validators, credentials: bytes | None
    ) -> Fetched | Unchanged | str:
        """Send one request; a redirect comes back as its location."""
        if self._client is None:
            raise RuntimeError("GuardedWeb is not open")
        headers = self._headers(validators, credentials)
        async with self._client.stream("GET", target, headers=headers) as response:
            status = response.status_code
            max_age = _max_age(response.headers)
            if status == 304 and (validators.etag or validators.last_modified):
                return Unchanged(max_age=max_age)
            if status in _REDIRECTS and (location := response.headers.get("location")):
                return str(location)
            if status not in _DOCUMENTS:
                wait = self._retry_after(response.headers.get("retry-after"))
                raise FetchFailed(FetchKind.STATUS, f"HTTP {status}", status=status, retry_after=wait)
            return Fetched(
                url=str(target),
                body=await self._body(response),
                content_type=response.headers.get("content-type", ""),
                validators=Validators(
                    etag=_verbatim(response, b"etag"), last_modified=_verbatim(response, b"last-modified")
                ),
                max_age=max_age,
            )

    def _headers(self, validators: Validators, credentials: bytes | None) -> list[tuple[bytes, bytes]]:
        headers = [
            (b"User-Agent", self._agent.encode()),
            (b"Accept", _ACCEPT.encode()),
            (b"Accept-Encoding", b"gzip, deflate"),
        ]
        if etag := _sendable(validators.etag):
            headers.append((b"If-None-Match", etag))
        if last_modified := _sendable(validators.last_modified):
            headers.append((b"If-Modified-Since", last_modified))
        if credentials is not None:
            headers.append((b"Authorization", credentials))
        return headers

    async def _body(self, response: httpx.Response) -> bytes:
        """Read a body, at most `max_body` bytes of it on the way and decompressed."""
        too_large = FetchFailed(FetchKind.TOO_LARGE, f"more than {self._max_body} bytes")
        length = response.headers.get("content-length", "")
        if length.isdecimal() and int(length[:18]) > self._max_body:
            raise too_large
        body = bytearray()
        received = 0
        inflate = [_Inflation(name) for name in reversed(_codings(response.headers))]
        async for chunk in response.aiter_raw():
            received += len(chunk)
            for piece in _through(inflate, chunk):
                body += piece
                if len(body) > self._max_body:
                    raise too_large
                await asyncio.sleep(0)
            if received > self._max_body:
                raise too_large
        if received and not all(step.complete for step in inflate):
            raise FetchFailed(FetchKind.CORRUPT, "compressed body is cut off")
        return bytes(body)

    def _checked(self, url: str, base: httpx.URL | None = None) -> httpx.URL:
        """Read a URL, refusing early and clearly what could not be dialled anyway."""
        if len(url) > _MAX_URL:
            raise FetchFailed(FetchKind.ADDRESS, "URL too long")
        try:
            target = base.join(url.strip()) if base is not None else httpx.URL(url.strip())
            host, port = target.host, target.port
        except (httpx.InvalidURL, ValueError, TypeError):
            raise FetchFailed(FetchKind.ADDRESS, "not a URL") from None
        if target.scheme not in ("http", "https"):
            raise FetchFailed(FetchKind.ADDRESS, "neither http nor https")
        if not host or ("%" in host and ":" not in host):
            raise FetchFailed(FetchKind.ADDRESS, "no host")
        if port is not None and port in _BAD_PORTS:
            raise FetchFailed(FetchKind.ADDRESS, f"port {port}")
        literal = literal_address(host)
        if literal is not None and not is_public(literal, self._allow):
            raise FetchFailed(FetchKind.ADDRESS, "not a public address")
        return target

    def _socket(self, info: tuple[int, int, int, str, tuple[str | int, ...]]) -> socket.socket:
        """Make the socket for an address that is about to be dialled, if it may be."""
        family, kind, protocol, _, address = info
        if not is_public(str(address[0]), self._allow):
            raise AddressRefusedError
        return socket.socket(family, kind, protocol)

    @asynccontextmanager
    async def _turn(self, name: str) -> AsyncIterator[None]:
        """Wait for a turn at a host: two requests at a time, and `host_interval` between their starts."""
        if len(self._hosts) > _MAX_HOSTS:
            now = self._clock.now()
            self._hosts = {name: host for name, host in self._hosts.items() if host.users or host.free_at > now}
        host = self._hosts.setdefault(name, _Host())
        host.users += 1
        try:
            async with host.slots:
                if self._interval > 0:
                    now = self._clock.now()
                    # Bounded, because a clock that is set back must not hold a host up.
                    wait = min(max(0.0, host.free_at - now), self._interval * host.users)
                    host.free_at = now + wait + self._interval
                    if wait > 0:
                        await self._clock.sleep(wait)
                yield
        finally:
            host.users -= 1
            if not host.users and self._interval <= 0:
                self._hosts.pop(name, None)

    def _retry_after(self, value: str | None) -> float | None:
        """Seconds to wait, from seconds or a date."""
        if value is None:
            return None
        value = value.strip()
        if value.isascii() and value.isdigit():
            return min(float(value[:18]), _MAX_WAIT)
        try:
            when = parsedate_to_datetime(value)
            seconds = (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() - self._clock.now()
        except (ValueError, TypeError, OverflowError, IndexError):
            return None
        return min(max(0.0, seconds), _MAX_WAIT)


class _Inflation:
    """One layer of Content-Encoding, undone piece by piece."""

    def __init__(self, name: str) -> None:
        if name not in ("gzip", "x-gzip", "deflate"):
            raise FetchFailed(FetchKind.CORRUPT, f"Content-Encoding {name[:40]!r}, which was not asked for")
        self._gzip = name != "deflate"
        self._decoder = zlib.decompressobj(zlib.MAX_WBITS | 16) if self._gzip else None
        self.complete = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Decompress what came in, in bounded pieces."""
        while data:
            if self.complete:
                if not (self._gzip and data.startswith(b"\x1f\x8b")):
                    return  # padding after the end, which is common and harmless
                self._decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
                self.complete = False
            if self._decoder is None:
                # "deflate" is zlib's format by the standard, and the bare one by some servers.
                bare = data[0] & 0x0F != 8 or data[0] >> 4 > 7
                self._decoder = zlib.decompressobj(-zlib.MAX_WBITS if bare else zlib.MAX_WBITS)
            try:
                yield self._decoder.decompress(data, _STEP)
            except zlib.error as error:
                raise FetchFailed(FetchKind.CORRUPT, "body is not compressed as its header says") from error
            self.complete = self._decoder.eof
            data = self._decoder.unused_data if self.complete else self._decoder.unconsumed_tail


def _through(steps: list[_Inflation], data: bytes) -> Iterator[bytes]:
    if not steps:
        yield data
        return
    for piece in steps[0].feed(data):
        yield from _through(steps[1:], piece)


def _codings(headers: httpx.Headers) -> list[str]:
    names = [name.strip().lower() for name in headers.get("content-encoding", "").split(",")]
    found = [name for name in names if name not in ("", "identity", "none")]
    if len(found) > 2:
        raise FetchFailed(FetchKind.CORRUPT, "compressed more than twice")
    return found


def _agent(contact: str) -> str:
    contact = "".join(character for character in contact if character.isascii() and character.isprintable())
    return f"Tocsin/{__version__} (+{contact})" if contact else f"Tocsin/{__version__}"


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _credentials(url: httpx.URL) -> bytes | None:
    """A URL's user and password as a header: aiohttp refuses them in a URL once it has headers."""
    if not url.userinfo:
        return None
    return b"Basic " + base64.b64encode(f"{url.username}:{url.password}".encode())


def _verbatim(response: httpx.Response, name: bytes) -> str | None:
    """A header byte for byte, to be sent back as it came."""
    value = next((value for key, value in response.headers.raw if key.lower() == name), b"")
    return value.decode("latin-1")[:1_000] or None


def _sendable(value: str | None) -> bytes | None:
    if not value or any(character in value for character in "\r\n\x00"):
        return None
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return None


def _max_age(headers: httpx.Headers) -> float | None:
    found = re.search(r"""(?:^|[\s,])max-age\s*=\s*"?(\d{1,12})""", headers.get("cache-control", ""), re.IGNORECASE)
    return min(float(found[1]), _MAX_WAIT) if found else None


def _failure(error: Exception) -> FetchFailed:
    """Tell what went wrong. The messages of third parties are left out: some name the URL, with its password."""
    chain = list(_causes(error))
    for kind, types in _KINDS:
        for cause in chain:
            if isinstance(cause, types):
                return FetchFailed(kind, _describe(cause))
    return FetchFailed(FetchKind.CONNECT, _describe(chain[-1]))


_KINDS: tuple[tuple[FetchKind, tuple[type[BaseException], ...]], ...] = (
    # httpx reads the location of a redirect before we do; its RemoteProtocolError says that it is no URL.
    (FetchKind.ADDRESS, (AddressRefusedError, aiohttp.InvalidURL, httpx.InvalidURL, httpx.UnsupportedProtocol)),
    (FetchKind.ADDRESS, (httpx.RemoteProtocolError,)),
    (FetchKind.DNS, (aiohttp.ClientConnectorDNSError, socket.gaierror)),
    (FetchKind.TLS, (aiohttp.ClientSSLError, ssl.SSLError, ssl.CertificateError)),
    # Not httpx.TimeoutException: its transport says so of any lost connection, and of names that do not resolve.
    (FetchKind.TIMEOUT, (TimeoutError, httpx.ReadTimeout, httpx.PoolTimeout, httpx.WriteTimeout)),
    (FetchKind.CORRUPT, (aiohttp.ClientPayloadError, aiohttp.http_exceptions.TransferEncodingError)),
)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and what caused it; not its context, which reaches into what our caller was handling."""
    seen: set[int] = set()
    left: list[BaseException] = [error]
    while left:
        cause = left.pop(0)
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        if isinstance(cause, BaseExceptionGroup):
            left.extend(cause.exceptions)
        if isinstance(cause, aiohttp.ClientConnectorError):
            left.append(cause.os_error)
        if cause.__cause__ is not None:
            left.append(cause.__cause__)


def _describe(error: BaseException) -> str:
    if isinstance(error, AddressRefusedError):
        return str(error)
    if isinstance(error, OSError) and error.strerror and not isinstance(error, aiohttp.ClientError):
        return error.strerror
    return type(error).__name__
