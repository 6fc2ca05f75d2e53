"""A stand-in for outlets' servers: real HTTP on loopback, whose edits read as English, and which can misbehave.

    async with await Outlets.start() as outlets:
        feed = outlets.feed("/rss")
        feed.publish(title="Instructors called for", summary="A lead.", url=outlets.url("/a"))
        ...                     # fetch feed.url
        assert feed.hits == 1
        feed.fails(503, retry_after="60")
        feed.recovers()

It speaks HTTP by hand, so that it can also speak it wrongly.
"""

import asyncio
import gzip
import socket
import ssl
import struct
import zlib
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256
from types import TracebackType
from typing import Any, Self
from xml.sax.saxutils import escape

import brotli

Respond = Callable[["Request", asyncio.StreamWriter], Coroutine[Any, Any, None]]

COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
}


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came in; header names in lower case."""

    path: str
    headers: dict[str, str]


@dataclass(slots=True)
class Item:
    """An entry of a feed; `published` in Unix seconds."""

    guid: str
    title: str
    summary: str = ""
    url: str = ""
    content: str = ""
    published: float | None = None


class Page:
    """A resource at a path: a fixed body, with validators, and every way of failing that servers know."""

    def __init__(self, url: str, body: bytes = b"", content_type: str = "text/html; charset=utf-8") -> None:
        self.url = url
        self.fixed = body
        self.content_type = content_type
        self.headers: dict[str, str] = {}
        """Headers that every answer gets."""
        self.validators = True
        """Whether answers carry an ETag and a Last-Modified, and requests that hold them are answered 304."""
        self.encoding = ""
        """"gzip", "deflate" or "br", the Content-Encoding of good answers."""
        self.requests: list[Request] = []
        self._misbehaviour: Respond | None = None

    @property
    def hits(self) -> int:
        """How often it was asked for."""
        return len(self.requests)

    def body(self) -> bytes:
        """The document as it is now."""
        return self.fixed

    def answers(self, body: bytes, content_type: str | None = None, **headers: str) -> None:
        """From now on the body is this, whatever was published; underscores in header names become hyphens."""
        self.fixed = body
        self.content_type = content_type or self.content_type
        self.headers |= {name.replace("_", "-"): value for name, value in headers.items()}

    def recovers(self) -> None:
        """Answer properly again."""
        self._misbehaviour = None

    def fails(self, status: int, *, retry_after: str | None = None) -> None:
        """Answer with a status and nothing else."""
        self._raw(
            _head(
                status,
                {"Retry-After": retry_after} if retry_after is not None else {},
                None if status in (204, 304) else b"no",
            )
        )

    def redirects_to(self, location: str, status: int = 301) -> None:
        """Answer with a redirect."""
        self._raw(_head(status, {"Location": location}, b""))

    def hangs(self) -> None:
        """Take the request and say nothing."""
        self._misbehaviour = _never

    def waits(self, until: asyncio.Event) -> None:
        """Take the request, and answer it properly once the event is set."""

        async def respond(_: Request, writer: asyncio.StreamWriter) -> None:
            await until.wait()
            writer.write(_head(200, {"Content-Type": self.content_type, "Connection": "close"}, self.body()))
            await writer.drain()

        self._misbehaviour = respond

    def drips(self, every: float = 0.02) -> None:
        """Send one byte at a time, for ever."""

        async def respond(_: Request, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 1000000\r\n\r\n")
            while True:
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(every)

        self._misbehaviour = respond

    def never_ends(self) -> None:
        """Send without end, as fast as it is taken."""

        async def respond(_: Request, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n")
            while True:
                writer.write(b" " * 65_536)
                await writer.drain()

        self._misbehaviour = respond

    def is_cut_short(self) -> None:
        """Announce the whole length and send half of it."""
        whole = _head(200, {}, self.body())
        self._raw(whole[: len(whole) - len(self.body()) // 2])

    def is_longer_than_announced(self, excess: bytes = b"</rss>") -> None:
        """Send more than the whole length that was announced."""
        self._raw(_head(200, {"Content-Type": self.content_type}, self.body()) + excess)

    def stalls(self) -> None:
        """Send half of its body, and then nothing, without hanging up."""
        whole = _head(200, {}, self.body())

        async def respond(_: Request, writer: asyncio.StreamWriter) -> None:
            writer.write(whole[: len(whole) - len(self.body()) // 2])
            await asyncio.Event().wait()

        self._misbehaviour = respond

    def drops(self, *, announced: bool = True) -> None:
        """Send half of its body, and reset the connection; without a length where it is not `announced`."""
        whole = _head(200, {}, self.body()) if announced else b"HTTP/1.1 200 OK\r\n\r\n" + self.body()

        async def respond(_: Request, writer: asyncio.StreamWriter) -> None:
            writer.write(whole[: len(whole) - len(self.body()) // 2])
            await writer.drain()
            await asyncio.sleep(0.05)  # a reset overtakes what is on its way
            end: socket.socket = writer.get_extra_info("socket")
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

        self._misbehaviour = respond

    def breaks_its_chunks(self) -> None:
        """Send one good chunk of a chunked body, then hang up."""
        half = self.body()[: max(1, len(self.body()) // 2)]
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        self._raw(head + b"%x\r\n" % len(half) + half + b"\r\n")

    def sends_bad_gzip(self) -> None:
        """Send bytes that are no gzip under its name."""
        self._raw(_head(200, {"Content-Encoding": "gzip"}, b"this was never compressed"))

    def sends_cut_gzip(self) -> None:
        """Send a gzip body that ends in its middle, under a Content-Length that agrees with it."""
        packed = gzip.compress(self.body())
        self._raw(_head(200, {"Content-Encoding": "gzip"}, packed[: len(packed) * 2 // 3]))

    def sends_a_bomb(self, size: int = 50_000_000) -> None:
        """Send a small gzip body that is `size` bytes once decompressed."""
        self._raw(_head(200, {"Content-Encoding": "gzip"}, gzip.compress(bytes(size))))

    def sends(self, raw: bytes) -> None:
        """Send exactly these bytes, head and all, and hang up."""
        self._raw(raw)

    def _raw(self, raw: bytes) -> None:
        async def respond(_: Request, writer: asyncio.StreamWriter) -> None:
            writer.write(raw)
            await writer.drain()

        self._misbehaviour = respond

    async def respond(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; True if the connection may be used for another."""
        self.requests.append(request)
        if self._misbehaviour is not None:
            await self._misbehaviour(request, writer)
            return False
        body = self.body()
        headers = {"Content-Type": self.content_type, **self.headers}
        if self.validators:
            etag = f'"{sha256(body).hexdigest()[:16]}"'
            headers = {"ETag": etag, "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT", **headers}
            if request.headers.get("if-none-match") == headers["ETag"]:
                writer.write(_head(304, headers, None))
                await writer.drain()
                return True
        if self.encoding:
            headers["Content-Encoding"] = self.encoding
            body = COMPRESS[self.encoding](body)
        writer.write(_head(200, headers, body))
        await writer.drain()
        return True


@dataclass(slots=True)
class _Channel:
    title: str
    language: str | None
    ttl: int | None
    items: list[Item] = field(default_factory=list)


class Feed(Page):
    """An RSS 2.0 feed, newest item first."""

    def __init__(self, url: str, title: str, language: str | None, ttl: int | None) -> None:
        super().__init__(url, content_type="application/rss+xml; charset=utf-8")
        self.channel = _Channel(title, language, ttl)

    def publish(
        self,
        title: str,
        summary: str = "",
        *,
        url: str | None = None,
        guid: str | None = None,
        published: float | None = None,
        content: str = "",
    ) -> Item:
        """Add an item on top; without a guid or url it gets its own."""
        number = len(self.channel.items) + 1
        link = f"{self.url}/story-{number}" if url is None else url
        item = Item(link if guid is None else guid, title, summary, link, content, published)
        self.channel.items.insert(0, item)
        return item

    def edit(self, item: Item, **changes: str | float | None) -> None:
        """Change fields of an item that was published."""
        for name, value in changes.items():
            setattr(item, name, value)

    def withdraw(self, item: Item) -> None:
        """Take an item out."""
        self.channel.items.remove(item)

    def body(self) -> bytes:
        """The document as it is now."""
        return self.fixed or _rss(self.channel, self.url)


class Outlets:
    """One server on loopback with any number of feeds and pages; what is at no path is answered 404."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.requests: list[Request] = []
        self.connections = 0
        self.host = "127.0.0.1"
        self.port = 0
        self.scheme = "http"
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    @classmethod
    async def start(cls, host: str = "127.0.0.1", *, tls: ssl.SSLContext | None = None) -> Self:
        """Listen on a free port; with the certificate in `tls`, for https."""
        outlets = cls()
        outlets.host = host
        outlets.scheme = "https" if tls is not None else "http"
        outlets._server = await asyncio.start_server(outlets._serve, host, 0, ssl=tls)
        outlets.port = outlets._server.sockets[0].getsockname()[1]
        return outlets

    async def aclose(self) -> None:
        """Stop listening and hang up on everyone."""
        if self._server is not None:
            self._server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    def hangs_up(self) -> None:
        """Close the connections that there are; who wants something has to dial anew."""
        for task in list(self._open):
            task.cancel()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    @property
    def hits(self) -> int:
        """Requests in all, to whatever path."""
        return len(self.requests)

    def url(self, path: str = "/", *, host: str | None = None) -> str:
        """The address of a path here; `host` for another name or notation of this server."""
        shown = host or (f"[{self.host}]" if ":" in self.host else self.host)
        return f"{self.scheme}://{shown}:{self.port}{path}"

    def feed(self, path: str, *, title: str = "An outlet", language: str | None = None, ttl: int | None = None) -> Feed:
        """Open a feed at a path; `ttl` in minutes, as RSS has it."""
        feed = Feed(self.url(path), title, language, ttl)
        self.pages[path] = feed
        return feed

    def page(self, path: str, body: str | bytes = b"", content_type: str = "text/html; charset=utf-8") -> Page:
        """Put a page at a path."""
        page = Page(self.url(path), body.encode() if isinstance(body, str) else body, content_type)
        self.pages[path] = page
        return page

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            while (request := await _read(reader)) is not None:
                self.requests.append(request)
                page = self.pages.get(request.path)
                if page is None:
                    writer.write(_head(404, {}, b"nothing here"))
                    await writer.drain()
                elif not await page.respond(request, writer):
                    break
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(task)
            writer.close()


async def _never(_: Request, __: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def _read(reader: asyncio.StreamReader) -> Request | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    return Request(first.split(" ")[1], {name.lower(): value.strip() for name, _, value in pairs})


def _head(status: int, headers: dict[str, str], body: bytes | None) -> bytes:
    """A whole answer; without a body and its length where `body` is None."""
    lines = [f"HTTP/1.1 {status} Status", *(f"{name}: {value}" for name, value in headers.items())]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    head = "\r\n".join([*lines, "", ""])
    return head.encode("latin-1" if all(ord(character) < 256 for character in head) else "utf-8") + (body or b"")


def _rss(channel: _Channel, url: str) -> bytes:
    head = [f"<title>{escape(channel.title)}</title>", f"<link>{escape(url)}</link>", "<description/>"]
    if channel.language:
        head.append(f"<language>{channel.language}</language>")
    if channel.ttl is not None:
        head.append(f"<ttl>{channel.ttl}</ttl>")
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>\n'
        + "\n".join(head + [_item(item) for item in channel.items])
        + "\n</channel></rss>\n"
    ).encode()


def _item(item: Item) -> str:
    fields = {"title": item.title, "link": item.url, "description": item.summary, "content:encoded": item.content}
    if item.published is not None:
        fields["pubDate"] = format_datetime(datetime.fromtimestamp(item.published, UTC), usegmt=True)
    inside = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in fields.items() if value)
    guid = f'<guid isPermaLink="false">{escape(item.guid)}</guid>' if item.guid else ""
    return f"<item>{inside}{guid}</item>"
