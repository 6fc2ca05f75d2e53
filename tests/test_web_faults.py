"""Faults over real HTTP: each ends soon, with the right reason, in bounded memory, and holds up nobody else."""

import asyncio
import gzip
import json
import shutil
import ssl
import subprocess
import sys
import time
import tracemalloc
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import brotli
import pytest

from bot.domain.errors import FetchKind
from bot.feeds.web import GuardedWeb
from support.certificates import certificate, serving, trusting
from support.fetching import Names, document, failure, opened
from support.listening import nobody_at
from support.loop_watch import LoopWatch
from support.outlets import COMPRESS, Feed, Outlets

MB = 1_000_000


@pytest.fixture
async def outlets() -> AsyncIterator[Outlets]:
    async with await Outlets.start() as running:
        yield running


@pytest.fixture
async def web() -> AsyncIterator[GuardedWeb]:
    async with opened() as web:
        yield web


SOON = 15.0
"""Seconds: much more than any of this takes on a machine that does much else, and half of a fetch's usual deadline."""


@contextmanager
def soon() -> Iterator[None]:
    """What is done here waits for no deadline but one of its own."""
    started = time.perf_counter()
    yield
    assert time.perf_counter() - started < SOON


@asynccontextmanager
async def served(respond: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any]) -> AsyncIterator[str]:
    """A server that does as it likes with each connection, and its address."""
    open_: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        open_.add(task)
        try:
            await respond(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            open_.discard(task)
            writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        for task in open_:
            task.cancel()
        await asyncio.gather(*open_)


# Half a feed


@pytest.mark.parametrize(
    ("misbehaviour", "kind"),
    [
        pytest.param(Feed.is_cut_short, FetchKind.CORRUPT, id="a body shorter than announced"),
        pytest.param(Feed.drops, FetchKind.CORRUPT, id="a connection reset in mid-body"),
        pytest.param(lambda feed: feed.drops(announced=False), FetchKind.CORRUPT, id="a reset instead of an end"),
        pytest.param(Feed.breaks_its_chunks, FetchKind.CORRUPT, id="a chunked body without its end"),
        pytest.param(Feed.sends_bad_gzip, FetchKind.CORRUPT, id="gzip that is none"),
        pytest.param(Feed.sends_cut_gzip, FetchKind.CORRUPT, id="gzip that ends in its middle"),
        pytest.param(Feed.sends_a_bomb, FetchKind.TOO_LARGE, id="a bomb"),
        pytest.param(Feed.never_ends, FetchKind.TOO_LARGE, id="a body without end"),
        pytest.param(Feed.drips, FetchKind.TIMEOUT, id="a body that drips"),
        pytest.param(Feed.stalls, FetchKind.TIMEOUT, id="a body that stalls in its middle"),
        pytest.param(Feed.hangs, FetchKind.TIMEOUT, id="a server that says nothing"),
    ],
)
async def test_half_a_feed_is_never_a_feed(
    outlets: Outlets, misbehaviour: Callable[[Feed], None], kind: FetchKind
) -> None:
    feed = outlets.feed("/rss")
    feed.publish("Told " * 1_000)
    misbehaviour(feed)
    deadline = 1 if kind == FetchKind.TIMEOUT else 30
    async with opened(deadline=deadline) as web:
        with soon():
            assert (await failure(web, feed.url)).kind == kind
        feed.recovers()
        assert (await document(web, feed.url)).body.startswith(b"<?xml")


@pytest.mark.parametrize("encoding", list(COMPRESS))
@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda packed: packed[: len(packed) // 2], id="cut in its middle"),
        pytest.param(lambda packed: packed[:-1], id="cut before its last byte"),
        pytest.param(lambda packed: packed[:1], id="cut after its first byte"),
        pytest.param(lambda packed: b"this was never compressed", id="never compressed"),
        pytest.param(lambda packed: packed[:20] + bytes(20) + packed[40:], id="overwritten in its middle"),
    ],
)
@pytest.mark.parametrize("framed", ["by its length", "in chunks", "by the end of the connection"])
async def test_what_is_compressed_and_damaged_is_no_document(
    web: GuardedWeb, outlets: Outlets, encoding: str, damage: Callable[[bytes], bytes], framed: str
) -> None:
    packed = damage(COMPRESS[encoding](b"".join(b"story %d told\n" % number for number in range(500))))
    head, body = b"", packed
    if framed == "by its length":
        head = b"Content-Length: %d\r\n" % len(packed)
    elif framed == "in chunks":
        head, body = b"Transfer-Encoding: chunked\r\n", b"%x\r\n%b\r\n0\r\n\r\n" % (len(packed), packed)
    page = outlets.page("/rss")
    page.sends(b"HTTP/1.1 200 OK\r\nContent-Encoding: %b\r\n%b\r\n%b" % (encoding.encode(), head, body))
    assert (await failure(web, page.url)).kind == FetchKind.CORRUPT


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"4\r\ntold\r\n", id="no last chunk"),
        pytest.param(b"4\r\ntold\r\n0\r\n", id="half a last chunk"),
        pytest.param(b"4\r\ntold\r\n5", id="half a size"),
        pytest.param(b"8\r\ntold", id="half a chunk"),
        pytest.param(b"4\r\ntold\r\nzz\r\nmore", id="a size that is none"),
        pytest.param(b"4\r\ntold\r\n-1\r\nmore", id="a size below nothing"),
        pytest.param(b"4\r\ntold\r\n" + b"f" * 20 + b"\r\nmore", id="a size beyond all"),
        pytest.param(b"4\r\ntoldmore\r\n0\r\n\r\n", id="a chunk longer than its size"),
    ],
)
@pytest.mark.parametrize("sent", ["at once", "bit by bit"])
async def test_chunks_that_break_are_no_document(web: GuardedWeb, body: bytes, sent: str) -> None:
    async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body
        for piece in [raw] if sent == "at once" else [raw[start : start + 16] for start in range(0, len(raw), 16)]:
            writer.write(piece)
            await asyncio.sleep(0.005)

    async with served(respond) as host:
        with soon():
            assert (await failure(web, f"http://{host}/rss")).kind == FetchKind.CORRUPT


# Wrong lengths


@pytest.mark.parametrize(
    "excess",
    [
        pytest.param(b"</rss>", id="more of the same"),
        pytest.param(b"\r\n\r\n", id="empty lines"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", id="another answer"),
    ],
)
@pytest.mark.parametrize("pause", [0, 0.05], ids=["at once", "later"])
async def test_what_is_longer_than_announced_ends_where_it_was_announced(
    web: GuardedWeb, excess: bytes, pause: float
) -> None:
    """And what comes after is not taken for the answer to the next request."""

    said = asyncio.Event()

    async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readline():
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntold")
            await asyncio.sleep(pause)
            writer.write(excess)
            said.set()

    async with served(respond) as host:
        for _ in range(3):
            said.clear()
            assert (await document(web, f"http://{host}/rss")).body == b"told"
            await said.wait()
            await asyncio.sleep(0.05)


async def test_a_feed_longer_than_announced_is_read_as_announced(web: GuardedWeb, outlets: Outlets) -> None:
    feed = outlets.feed("/rss")
    feed.publish("Told")
    feed.is_longer_than_announced(b"<!-- excess -->")
    assert (await document(web, feed.url)).body == feed.body()


# What is no HTTP


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        pytest.param(b"", FetchKind.CONNECT, id="a server that hangs up"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Le", FetchKind.CORRUPT, id="half a head"),
        pytest.param(b"SSH-2.0-OpenSSH_9.6\r\n", FetchKind.CORRUPT, id="a server of something else"),
        pytest.param(b"<rss version='2.0'/>", FetchKind.CORRUPT, id="a feed without a head"),
        pytest.param(b"HTTP/1.1 1000 Much\r\n\r\n", FetchKind.CORRUPT, id="a status beyond all"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000, FetchKind.CORRUPT, id="a header without end"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: " + b"y" * MB + b"\r\n\r\n", FetchKind.CORRUPT, id="a header of 1 MB"),
        pytest.param(b"HTTP/1.1 200 " + b"y" * MB + b"\r\n\r\n", FetchKind.CORRUPT, id="a reason of 1 MB"),
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 10_000 + b"\r\n", FetchKind.CORRUPT, id="10,000 headers"),
        pytest.param(b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000, FetchKind.CORRUPT, id="10,000 hints"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nx", FetchKind.CORRUPT, id="a length of words"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nx", FetchKind.CORRUPT, id="a length below nothing"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx", FetchKind.CORRUPT, id="two lengths"
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Encoding: zstd\r\n\r\nx", FetchKind.CORRUPT, id="zstd"
        ),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\nx", FetchKind.TOO_LARGE, id="a giant"),
    ],
)
async def test_a_server_that_speaks_http_wrongly_is_a_failure(
    web: GuardedWeb, outlets: Outlets, raw: bytes, kind: FetchKind
) -> None:
    page = outlets.page("/rss")
    page.sends(raw)
    with soon():
        assert (await failure(web, page.url)).kind == kind


@pytest.mark.parametrize(
    "endless",
    [
        pytest.param(b"HTTP/1.1 100 Continue\r\n\r\n", id="hints"),
        pytest.param(b"X: y\r\n", id="headers"),
        pytest.param(b"y", id="a status line"),
        pytest.param(b"\r\n", id="empty lines"),
    ],
)
async def test_a_head_that_never_ends_is_left(endless: bytes) -> None:
    async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        while True:
            writer.write(endless * 1_000)
            await writer.drain()
            await asyncio.sleep(0)

    async with served(respond) as host, opened(deadline=0.5) as web:
        with soon():
            failed = await failure(web, f"http://{host}/rss")
    assert failed.kind in (FetchKind.CORRUPT, FetchKind.TIMEOUT)


async def test_a_head_that_drips_takes_no_longer_than_any_other(outlets: Outlets) -> None:
    async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for byte in b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 300:  # 36 seconds
            writer.write(bytes((byte,)))
            await asyncio.sleep(0.02)

    async with served(respond) as host, opened(deadline=0.3) as web:
        with soon():
            assert (await failure(web, f"http://{host}/rss")).kind == FetchKind.TIMEOUT


async def test_the_deadline_is_for_all_redirects_together(outlets: Outlets) -> None:
    async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readline():
            await reader.readuntil(b"\r\n\r\n")
            await asyncio.sleep(0.2)
            writer.write(b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n")

    async with served(respond) as host, opened(deadline=0.5) as web:
        assert (await failure(web, f"http://{host}/rss")).kind == FetchKind.TIMEOUT


# No way there


async def test_nobody_listening_is_a_failure_to_connect(web: GuardedWeb) -> None:
    with nobody_at() as reserved:
        failed = await failure(web, f"http://127.0.0.1:{reserved.getsockname()[1]}/")
    assert (failed.kind, failed.detail) == (FetchKind.CONNECT, "Connection refused")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere this address is silent")
async def test_a_network_that_cannot_be_reached_is_a_failure_to_connect_at_once(web: GuardedWeb) -> None:
    with soon():
        failed = await failure(web, "http://127.255.255.255/rss")
    assert (failed.kind, failed.detail) == (FetchKind.CONNECT, "Network is unreachable")


async def test_where_one_of_a_name_s_addresses_does_not_answer_the_other_is_dialled(outlets: Outlets) -> None:
    outlets.page("/rss", "told")
    async with opened(resolver=Names(outlet_example=["::1 127.0.0.1"])) as web:
        assert (await document(web, outlets.url("/rss", host="outlet.example"))).body == b"told"


@pytest.mark.parametrize("host", ["six.example", "[2606:4700::1111]"])
def test_an_ipv6_only_name_with_no_route_fails_at_once(host: str) -> None:
    """In a network namespace of its own, where nothing has a route."""
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-rn", "true"], capture_output=True).returncode != 0:
        pytest.skip("no network namespaces here")
    done = subprocess.run(
        [unshare, "-rn", sys.executable, __file__, f"http://{host}/rss"],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    kind, detail, seconds = json.loads(done.stdout)
    assert kind == "connect", detail
    assert seconds < SOON


async def test_a_name_that_does_not_exist_is_told_apart() -> None:
    async with opened(resolver=Names()) as web:
        assert (await failure(web, "http://nowhere.example/rss")).kind == FetchKind.DNS


# TLS


@asynccontextmanager
async def behind_tls(made: Path, trusted: ssl.SSLContext | None) -> AsyncIterator[tuple[Outlets, GuardedWeb]]:
    async with await Outlets.start(tls=serving(made)) as outlets:
        outlets.page("/rss", "told")
        async with opened(resolver=Names(outlet_example=["127.0.0.1"]), tls=trusted) as web:
            yield outlets, web


async def test_a_good_certificate_is_trusted(tmp_path: Path) -> None:
    made = certificate(tmp_path, "outlet.example")
    async with behind_tls(made, trusting(made)) as (outlets, web):
        assert (await document(web, outlets.url("/rss", host="outlet.example"))).body == b"told"


@pytest.mark.parametrize(
    ("name", "days", "trusted", "detail"),
    [
        pytest.param("outlet.example", 2, False, "self-signed", id="self-signed"),
        pytest.param("outlet.example", -1, True, "expired", id="expired"),
        pytest.param("other.example", 2, True, "mismatch", id="another's name"),
    ],
)
async def test_a_bad_certificate_is_refused(tmp_path: Path, name: str, days: int, trusted: bool, detail: str) -> None:
    made = certificate(tmp_path, name, days)
    async with behind_tls(made, trusting(made) if trusted else None) as (outlets, web):
        with soon():
            failed = await failure(web, outlets.url("/rss", host="outlet.example"))
        assert failed.kind == FetchKind.TLS
        assert detail in failed.detail.lower().replace(" ", "-")
        assert outlets.hits == 0


async def test_a_redirect_to_a_bad_certificate_is_refused(tmp_path: Path, outlets: Outlets) -> None:
    async with behind_tls(certificate(tmp_path, "outlet.example"), None) as (secure, web):
        outlets.page("/rss").redirects_to(secure.url("/rss", host="outlet.example"))
        assert (await failure(web, outlets.url("/rss"))).kind == FetchKind.TLS
        assert secure.hits == 0


async def test_a_server_without_tls_is_told_apart(web: GuardedWeb) -> None:
    async def respond(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with served(respond) as host:
        assert (await failure(web, f"https://{host}/")).kind == FetchKind.TLS


# Bounds


def bomb(encoding: str, size: int) -> bytes:
    """Few bytes that become `size` many, at once for gzip by repeating a member."""
    if encoding == "gzip":
        return gzip.compress(bytes(size // 20)) * 20
    return bytes(brotli.compress(bytes(size), quality=1))


async def test_a_watch_over_the_loop_sees_a_stall() -> None:
    async with LoopWatch() as loop:
        stalled = time.thread_time()
        while time.thread_time() - stalled < 0.1:
            pass
    assert loop.longest >= 0.1


@pytest.mark.parametrize("encoding", ["gzip", "br"])
async def test_a_bomb_goes_off_in_bounded_memory(outlets: Outlets, encoding: str) -> None:
    page = outlets.page("/rss")
    page.answers(bomb(encoding, 400 * MB), Content_Encoding=encoding)
    async with opened(max_body=10 * MB) as web:
        tracemalloc.start()
        try:
            with soon():
                assert (await failure(web, page.url)).kind == FetchKind.TOO_LARGE
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 25 * MB


@pytest.mark.parametrize("encoding", ["gzip", "br"])
async def test_a_bomb_holds_up_nobody_while_it_goes_off(outlets: Outlets, encoding: str) -> None:
    page = outlets.page("/rss")
    page.answers(bomb(encoding, 150 * MB), Content_Encoding=encoding)
    async with opened(max_body=100 * MB) as web, LoopWatch() as loop:
        assert (await failure(web, page.url)).kind == FetchKind.TOO_LARGE
    assert loop.longest < 0.1


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "unannounced"])
async def test_fifty_megabytes_are_refused_in_bounded_memory(announced: bool) -> None:
    async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n" + b"Content-Length: %d\r\n" % (50 * MB) * announced + b"\r\n")
        for _ in range(500):
            writer.write(bytes(MB // 10))
            await writer.drain()

    async with served(respond) as host, opened() as web, LoopWatch() as loop:
        tracemalloc.start()
        try:
            with soon():
                assert (await failure(web, f"http://{host}/rss")).kind == FetchKind.TOO_LARGE
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 25 * MB
    assert loop.longest < 0.1


@pytest.mark.parametrize("encoding", ["", "gzip", "br"])
async def test_the_largest_body_that_is_allowed_holds_up_nobody(outlets: Outlets, encoding: str) -> None:
    page = outlets.page("/rss", bytes(10 * MB) if not encoding else bomb(encoding, 10 * MB))
    page.validators = False
    page.headers = {"Content-Encoding": encoding} if encoding else {}
    async with opened(max_body=10 * MB) as web, LoopWatch() as loop:
        fetched = await document(web, page.url)
    assert len(fetched.body) == 10 * MB
    assert loop.longest < 0.1


async def test_many_bad_feeds_at_once_hold_up_no_good_one(outlets: Outlets) -> None:
    async with await Outlets.start("127.0.0.2") as bad, opened() as web:
        for number, misbehaviour in enumerate((Feed.hangs, Feed.drips, Feed.stalls, Feed.never_ends) * 5):
            misbehaviour(bad.feed(f"/{number}"))
        good = outlets.page("/rss", "told")
        fetches = [asyncio.ensure_future(web.get(bad.url(f"/{number}"))) for number in range(20)]
        await asyncio.sleep(0.1)
        with soon():
            await document(web, good.url)
        for fetch in fetches:
            fetch.cancel()
        await asyncio.gather(*fetches, return_exceptions=True)


async def _fetched_alone(url: str) -> list[object]:
    async with opened(allow_networks=(), resolver=Names(six_example=["2606:4700::1111"])) as web:
        started = time.perf_counter()
        failed = await failure(web, url)
        return [failed.kind, failed.detail, time.perf_counter() - started]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(_fetched_alone(sys.argv[1]))))
