"""aiohttp under httpx: connections to public addresses only, one answer to one request, and what errors mean.

An address is checked where its socket is made, on the very address that is dialled: so a name that resolves to
something else the second time, a redirect, or a notation that only the C library understands gains nothing.
"""

import functools
import os
import re
import socket
import ssl
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import aiohttp
import httpx
from aiohttp import http_exceptions
from aiohttp.abc import AbstractResolver
from aiohttp.client_proto import ResponseHandler
from aiohttp.http import RawResponseMessage
from aiohttp.streams import StreamReader
from yarl import URL

from bot.domain.errors import FetchFailed, FetchKind
from bot.feeds.addresses import Network, is_public

_MOST_CONNECTIONS = 200
_MAX_HEADER = 65_536  # bytes of one; policies of 10 kB are seen
_MOST_INTERIM = 20  # answers of 1xx before the one that counts
_CONNECT, _READ = 5.0, 15.0  # seconds of silence


class AddressRefusedError(OSError):
    """An address is not public. The message is always the same: aiohappyeyeballs keeps an error only if all agree."""

    def __init__(self) -> None:
        super().__init__("not a public address")


class Wire(httpx.AsyncBaseTransport):
    """Sends httpx's requests over aiohttp, each URL as it is; make it in the loop that it is used in.

    httpx-aiohttp does the same but for three things: it rewrites the URL (`%7E` becomes `~`), fails on a reason phrase
    that is not UTF-8, and calls a lost connection a timeout.
    """

    def __init__(self, *, allow: Sequence[Network], names: AbstractResolver, tls: ssl.SSLContext) -> None:
        """Dial public addresses and those in `allow`, as `names` resolves them."""
        self._allow = allow
        self._session = aiohttp.ClientSession(
            connector=_Connector(
                limit=_MOST_CONNECTIONS, limit_per_host=2, ssl=tls, resolver=names, socket_factory=self._socket
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            max_line_size=_MAX_HEADER,
            max_field_size=_MAX_HEADER,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT, sock_read=_READ),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """See `httpx.AsyncBaseTransport`; aiohttp's exceptions leave as they are, for `failure` to read."""
        url = request.url
        target = URL.build(
            scheme=url.scheme,
            authority=url.netloc.decode("ascii"),
            path=url.raw_path.partition(b"?")[0].decode("ascii"),
            query_string=url.query.decode("ascii"),
            encoded=True,
        )
        answer = await self._session.request(request.method, target, headers=request.headers, allow_redirects=False)
        headers = [
            (name, _ascii(value) if name.lower() == b"location" else value) for name, value in answer.raw_headers
        ]
        return httpx.Response(answer.status, headers=headers, stream=_Body(answer))

    async def aclose(self) -> None:
        """Close every connection."""
        await self._session.close()

    def _socket(self, info: tuple[int, int, int, str, tuple[str | int, ...]]) -> socket.socket:
        """Make the socket for an address that is about to be dialled, if it may be."""
        family, kind, protocol, _, address = info
        if not is_public(str(address[0]), self._allow):
            raise AddressRefusedError
        return socket.socket(family, kind, protocol)


def failure(error: Exception, *, answered: bool) -> FetchFailed:
    """Tell what went wrong, before or after the head of an answer had come.

    The messages of third parties are left out: some name the URL, with its password.
    """
    chain = list(_causes(error))
    # aiohttp's way to say that it had begun to read a head when the connection was lost.
    cut = isinstance(error, aiohttp.ServerDisconnectedError) and not isinstance(error.message, str)
    for kind, types in _KINDS_ANSWERED if answered else _KINDS:
        for cause in chain:
            if isinstance(cause, types):
                return FetchFailed(kind, _describe(cause))
    return FetchFailed(FetchKind.CORRUPT if answered or cut else FetchKind.CONNECT, _describe(chain[-1]))


class _Connector(aiohttp.TCPConnector):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        handler: type[ResponseHandler] = _OneAnswer
        self._factory = functools.partial(handler, loop=self._loop)


class _OneAnswer(ResponseHandler):
    """Takes one answer to one request, and closes on a server that goes on unasked.

    aiohttp itself loses a good answer when what follows it in the same piece is no HTTP (a body longer than its
    Content-Length), waits for the rest of a body whose chunks have broken, takes a body without a length for whole
    when its connection is reset, and an answer that nobody asked for as the one to the next request.
    """

    _answered = True
    _interim = 0

    def set_response_params(self, **params: Any) -> None:
        """A request is about to be sent."""
        self._answered, self._interim = False, 0
        super().set_response_params(**params)

    def data_received(self, data: bytes) -> None:
        """Give the parser a head for itself, and what follows it afterwards; empty data means to go on."""
        start = 0
        while not self._answered and self._exception is None and (end := data.find(b"\r\n\r\n", start) + 4) > 3:
            super().data_received(data[start:end])
            start = end
        if start < len(data) or not data:
            super().data_received(data[start:])

    def feed_data(self, data: tuple[RawResponseMessage, StreamReader], size: int = 0) -> None:
        """The parser has read a head."""
        if self._answered:
            self._hang_up()
            return
        code = data[0].code
        self._answered = not 100 <= code < 200 or code == 101
        if not self._answered:
            self._interim += 1
            if self._interim > _MOST_INTERIM:
                self.set_exception(http_exceptions.HttpProcessingError(message="interim answers without end"))
                self._hang_up()
                return
        super().feed_data(data, size)

    def set_exception(self, exc: BaseException, *cause: BaseException) -> None:
        """Something went wrong, of which whoever reads the body hears too."""
        super().set_exception(exc, *cause)
        self._fail_body(exc)

    def connection_lost(self, exc: BaseException | None) -> None:
        """The connection is closed, or has been broken, which is no way to end a body."""
        if exc is not None:
            self._fail_body(exc)
        super().connection_lost(exc)

    def _fail_body(self, exc: BaseException) -> None:
        if self._payload is not None and not self._payload.is_eof():
            self._payload.set_exception(exc)

    def _hang_up(self) -> None:
        self.force_close()
        if self.transport is not None:
            self.transport.close()


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._answer.content.iter_any():
            yield chunk

    async def aclose(self) -> None:
        self._answer.release()  # its connection is closed unless the body was read to its end


def _ascii(location: bytes) -> bytes:
    """A Location with its bytes beyond ASCII percent-encoded as they are, whatever their encoding, as browsers do."""
    return re.sub(rb"[\x80-\xff]", lambda byte: b"%%%02X" % ord(byte[0]), location)


_Kinds = tuple[tuple[FetchKind, tuple[type[BaseException], ...]], ...]
_KINDS_ANSWERED: _Kinds = ((FetchKind.TIMEOUT, (TimeoutError,)),)
_KINDS: _Kinds = (
    # httpx reads the location of a redirect before we do; its RemoteProtocolError says that it is no URL.
    (FetchKind.ADDRESS, (AddressRefusedError, aiohttp.InvalidURL, httpx.InvalidURL, httpx.RemoteProtocolError)),
    (FetchKind.DNS, (aiohttp.ClientConnectorDNSError, socket.gaierror)),
    (FetchKind.TLS, (aiohttp.ClientSSLError, ssl.SSLError)),
    *_KINDS_ANSWERED,
    (FetchKind.CORRUPT, (aiohttp.ClientResponseError,)),  # an answer that is no HTTP
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
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return str(getattr(error.certificate_error, "verify_message", "")) or "certificate is not valid"
    if isinstance(error, socket.gaierror) and error.strerror:
        return error.strerror
    if isinstance(error, OSError) and error.errno and not isinstance(error, aiohttp.ClientError):
        return os.strerror(error.errno)  # what asyncio makes of it names the address
    return type(error).__name__
