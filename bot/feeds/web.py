"""The guarded way to strangers' servers: from a URL to a document, or to the reason why there is none.

    URL checked -> turn at its host -> address checked and dialled -> status -> body, counted
         ^---------------------- redirect -----------------------------'

Nothing but public addresses is dialled (`bot.feeds.wire`), each host is asked with patience (`bot.feeds.hosts`), and
half a body is never taken for a whole one. What a document says is not looked at here.
"""

import asyncio
import re
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, replace
from http.cookiejar import CookieJar
from types import TracebackType
from typing import Self

import httpx
from aiohttp.abc import AbstractResolver

from bot import __version__
from bot.domain.errors import FetchFailed, FetchKind
from bot.feeds.addresses import Network
from bot.feeds.freshness import max_age, retry_after
from bot.feeds.hosts import Host, Hosts
from bot.feeds.inflate import ACCEPTED, Inflation
from bot.feeds.names import SystemNames
from bot.feeds.targets import credentials_of, host_of, origin_of, port_of, read_target
from bot.feeds.wire import Wire, failure
from bot.ports.clock import Clock
from bot.ports.web import Fetched, Permit, Unchanged, Validators

PRODUCT = "Tocsin"
"""The name by which servers may speak of us, in robots.txt as well."""

_ACCEPT = (
    b"application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9,"
    b" text/html;q=0.8, */*;q=0.5"
)
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_PERMANENT = frozenset((301, 308))
_DOCUMENTS = frozenset((200, 203))
_MAX_VALIDATOR = 1_000
_MOST_CUT = 10_000_000  # bytes that are decompressed in vain, where a body is to be cut
_NO_HEADER = re.compile(r"[^\t -~\x80-\xff]")


@dataclass(frozen=True, slots=True)
class _Redirect:
    location: str
    permanent: bool


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
            clock: for waiting at hosts, for how long they are held, and for dates in headers.
            contact: URL or address that the User-Agent names.
            allow_networks: networks that may be dialled although they are not public.
            host_interval: seconds between the starts of two requests to one host; 0 turns it off.
            deadline: seconds that a whole fetch may take, redirects included, waiting at hosts excluded.
            max_body: bytes of a body, on the way and decompressed.
            max_redirects: redirects that are followed.
            resolver: in place of the system's, for names that tests invent.
            tls: in place of the certificates that httpx brings.
        """
        self._clock = clock
        self._headers = [
            (b"User-Agent", _agent(contact).encode()),
            (b"Accept", _ACCEPT),
            (b"Accept-Encoding", ACCEPTED.encode()),
        ]
        self._allow = tuple(allow_networks)
        self._hosts = Hosts(clock, host_interval)
        self._deadline = deadline
        self._max_body = max_body
        self._max_redirects = max_redirects
        self._resolver = resolver
        self._tls = tls
        self._names: AbstractResolver | None = None
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
        self._names = self._resolver or SystemNames()
        tls = self._tls or httpx.create_ssl_context(trust_env=False)
        self._client = httpx.AsyncClient(
            transport=Wire(allow=self._allow, names=self._names, tls=tls),
            trust_env=False,
            follow_redirects=False,
            cookies=_NoCookies(),
        )

    async def aclose(self) -> None:
        """Close every connection, and give up what is being looked up."""
        client, self._client = self._client, None
        names, self._names = self._names, None
        if client is not None:
            await client.aclose()
        if names is not None:
            await names.close()

    async def get(
        self,
        url: str,
        validators: Validators = Validators(),
        *,
        max_body: int | None = None,
        cut: bool = False,
        permit: Permit | None = None,
    ) -> Fetched | Unchanged:
        """Fetch a document.

        Args:
            url: http or https; a user and password in it are sent to its own origin only, and the URLs that come
                back have them if they lie there.
            validators: what the server gave the last time, to learn whether anything has changed.
            max_body: bytes of a body, where that is less than for all.
            cut: whether what is longer is read up to there, instead of not at all.
            permit: is asked before each request, those that redirects lead to as well; what it raises ends the fetch.

        Raises:
            FetchFailed: whatever the reason; no other exception leaves but cancellation, and what `permit` raises.
        """
        most = min(self._max_body, max_body or self._max_body)
        loop = asyncio.get_running_loop()
        left = self._deadline
        asked = moved = target = read_target(url, allow=self._allow)
        moving = True
        for _ in range(self._max_redirects + 1):
            home = origin_of(target) == origin_of(asked)
            # Only what the asked URL itself held: a redirect brings no credentials of its own.
            target = target.copy_with(userinfo=asked.userinfo if home else b"")
            if moving:
                moved = target
            if permit is not None:
                await permit(str(target))
            async with self._hosts.turn(host_of(target), port_of(target)) as host:
                started = loop.time()
                answer = await self._ask(host, target, validators, left, most, cut=cut)
                left -= loop.time() - started
            if not isinstance(answer, _Redirect):
                return replace(answer, moved_to=str(moved) if moved != asked else None)
            moving = moving and answer.permanent
            target = read_target(answer.location, target, allow=self._allow)
        raise FetchFailed(FetchKind.REDIRECTS, f"more than {self._max_redirects}")

    async def _ask(
        self, host: Host, target: httpx.URL, validators: Validators, patience: float, most: int, *, cut: bool
    ) -> Fetched | Unchanged | _Redirect:
        """Send one request, and tell its host how it went."""
        if self._client is None:
            raise RuntimeError("GuardedWeb is not open")
        conditions = _conditions(validators)
        headers = [*self._headers, *conditions]
        if (credentials := credentials_of(target)) is not None:
            headers.append((b"Authorization", credentials))
        answered = False
        try:
            async with (
                asyncio.timeout(patience),
                self._client.stream("GET", target.copy_with(userinfo=b""), headers=headers) as response,
            ):
                answered = True
                now = self._clock.now()
                wait = retry_after(response.headers.get("retry-after"), now)
                host.answered(response.status_code, wait, now)
                return await self._read(response, target, wait, most, conditional=bool(conditions), cut=cut)
        except FetchFailed:
            raise
        except Exception as error:
            failed = failure(error, answered=answered)
            # Whoever sends us on can leave the next host too little time, so a silence there is not held against it.
            hurried = failed.kind == FetchKind.TIMEOUT and patience < self._deadline
            if not answered and not hurried:
                host.failed(failed.kind, self._clock.now())
            raise failed from error

    async def _read(
        self,
        response: httpx.Response,
        target: httpx.URL,
        wait: float | None,
        most: int,
        *,
        conditional: bool,
        cut: bool,
    ) -> Fetched | Unchanged | _Redirect:
        """What an answer says, with its body where it has a document."""
        status = response.status_code
        fresh = max_age(response.headers, self._clock.now())
        if status == 304 and conditional:
            return Unchanged(max_age=fresh)
        if status in _REDIRECTS and (location := response.headers.get("location")):
            return _Redirect(location, status in _PERMANENT)
        if status not in _DOCUMENTS:
            raise FetchFailed(FetchKind.STATUS, f"HTTP {status}", status=status, retry_after=wait)
        return Fetched(
            url=str(target),
            body=await _body(response, most, cut=cut),
            content_type=response.headers.get("content-type", ""),
            validators=Validators(
                etag=_verbatim(response, b"etag"), last_modified=_verbatim(response, b"last-modified")
            ),
            max_age=fresh,
        )


class _NoCookies(CookieJar):
    """Keeps none: httpx would, whatever it is told."""

    def extract_cookies(self, *_: object) -> None:
        """Not even parsed."""


async def _body(response: httpx.Response, most: int, *, cut: bool) -> bytes:
    """Read a body to its end, at most so many bytes of it on the way and decompressed; with `cut`, up to there."""
    too_large = FetchFailed(FetchKind.TOO_LARGE, f"more than {most} bytes")
    length = response.headers.get("content-length", "")
    if not cut and length.isdecimal() and int(length[:18]) > most:
        raise too_large
    # What is cut is cut here, which an alarm on what is decompressed must not forestall.
    inflation = Inflation(response.headers.get("content-encoding", ""), most + _MOST_CUT if cut else most)
    body = bytearray()
    received = 0
    async for chunk in response.aiter_raw():
        received += len(chunk)
        for piece in inflation.feed(chunk):
            body += piece
            if max(received, len(body)) > most:
                if cut:
                    return bytes(body[:most])
                raise too_large
            await asyncio.sleep(0)
    if received and not inflation.complete:
        raise FetchFailed(FetchKind.CORRUPT, "compressed body is cut off")
    return bytes(body)


def _agent(contact: str) -> str:
    contact = "".join(character for character in contact if character.isascii() and character.isprintable())
    return f"{PRODUCT}/{__version__} (+{contact})" if contact else f"{PRODUCT}/{__version__}"


def _conditions(validators: Validators) -> list[tuple[bytes, bytes]]:
    """Validators as headers, byte for byte as they came; without those that no header could hold."""
    return [
        (name, text.encode("latin-1"))
        for name, text in ((b"If-None-Match", validators.etag), (b"If-Modified-Since", validators.last_modified))
        if text and not _NO_HEADER.search(text)
    ]


def _verbatim(response: httpx.Response, name: bytes) -> str | None:
    """A header byte for byte, to be sent back as it came; None where it is longer than anything that is meant so."""
    value = next((value for key, value in response.headers.raw if key.lower() == name), b"")
    return value.decode("latin-1") if 0 < len(value) <= _MAX_VALIDATOR else None
