import asyncio
import gzip
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from ipaddress import ip_network
from typing import Any

import pytest
from aiohttp import ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.domain.errors import FetchFailed, FetchKind
from bot.feeds.names import SystemNames
from bot.feeds.web import GuardedWeb
from bot.ports import Fetched, Unchanged, Validators
from support.outlets import Outlets

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


class StillClock:
    """A clock that moves only when somebody sleeps."""

    def __init__(self, now: float = 1_780_000_000.0) -> None:
        self.time = now
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


class Names(AbstractResolver):
    """A resolver of invented names; a list of answers is gone through, one a lookup, the last one for good."""

    def __init__(self, **names: list[str]) -> None:
        self.names = {name.replace("_", "."): answers for name, answers in names.items()}
        self.lookups = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.lookups += 1
        if host not in self.names:
            raise OSError(None, "no such name")
        answers = self.names[host]
        addresses = (answers.pop(0) if len(answers) > 1 else answers[0]).split()
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=0,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        pass


@asynccontextmanager
async def opened(clock: StillClock | None = None, **options: Any) -> AsyncIterator[GuardedWeb]:
    options.setdefault("allow_networks", LOOPBACK)
    async with GuardedWeb(clock or StillClock(), **options) as web:
        yield web


@pytest.fixture
async def outlets() -> AsyncIterator[Outlets]:
    async with await Outlets.start() as running:
        yield running


@pytest.fixture
async def web() -> AsyncIterator[GuardedWeb]:
    async with opened() as web:
        yield web


async def failure(web: GuardedWeb, url: str, validators: Validators = Validators()) -> FetchFailed:
    with pytest.raises(FetchFailed) as caught:
        await web.get(url, validators)
    return caught.value


async def document(web: GuardedWeb, url: str, validators: Validators = Validators()) -> Fetched:
    fetched = await web.get(url, validators)
    assert isinstance(fetched, Fetched)
    return fetched


# What is fetched


async def test_a_document_is_fetched_with_what_its_server_says_of_it(web: GuardedWeb, outlets: Outlets) -> None:
    feed = outlets.feed("/rss")
    feed.publish("Told")
    feed.headers["Cache-Control"] = "public, max-age=300"
    fetched = await document(web, feed.url)
    assert b"Told" in fetched.body
    assert fetched.url == feed.url
    assert fetched.content_type == "application/rss+xml; charset=utf-8"
    assert fetched.max_age == 300


async def test_what_did_not_change_is_not_sent_again(web: GuardedWeb, outlets: Outlets) -> None:
    feed = outlets.feed("/rss")
    feed.headers["Cache-Control"] = "max-age=60"
    first = await document(web, feed.url)
    assert await web.get(feed.url, first.validators) == Unchanged(max_age=60)
    feed.publish("New")
    assert b"New" in (await document(web, feed.url, first.validators)).body


@pytest.mark.parametrize("etag", ['"plain"', 'W/"weak"', "unquoted", '"žluť"', '"a,b"'])
async def test_validators_are_sent_back_verbatim(web: GuardedWeb, outlets: Outlets, etag: str) -> None:
    page = outlets.page("/rss", "x")
    page.headers["ETag"] = etag.encode().decode("latin-1")
    await web.get(page.url, (await document(web, page.url)).validators)
    assert page.requests[1].headers["if-none-match"] == etag.encode().decode("latin-1")
    assert page.requests[1].headers["if-modified-since"] == "Thu, 01 Jan 2026 00:00:00 GMT"


async def test_a_304_that_nobody_asked_for_is_a_failure(web: GuardedWeb, outlets: Outlets) -> None:
    page = outlets.page("/rss")
    page.fails(304)
    assert (await failure(web, page.url)).status == 304


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_compressed_bodies_are_read(web: GuardedWeb, outlets: Outlets, encoding: str) -> None:
    page = outlets.page("/rss", "told " * 1_000)
    page.encoding = encoding
    assert (await document(web, page.url)).body == b"told " * 1_000
    assert page.requests[0].headers["accept-encoding"] == "gzip, deflate"


async def test_gzip_in_several_members_is_read_to_its_end(web: GuardedWeb, outlets: Outlets) -> None:
    page = outlets.page("/rss")
    page.answers(gzip.compress(b"one ") + gzip.compress(b"two") + b"\x00\x00", Content_Encoding="gzip")
    assert (await document(web, page.url)).body == b"one two"


async def test_the_program_and_its_contact_are_named(outlets: Outlets) -> None:
    page = outlets.page("/rss", "x")
    async with opened(contact="https://example.org/bot\r\nX-Evil: 1") as web:
        await web.get(page.url)
    agent = page.requests[0].headers["user-agent"]
    assert agent.startswith("Tocsin/")
    assert agent.endswith("(+https://example.org/botX-Evil: 1)")
    assert "x-evil" not in page.requests[0].headers


async def test_cookies_are_not_kept(web: GuardedWeb, outlets: Outlets) -> None:
    page = outlets.page("/rss", "x")
    page.headers["Set-Cookie"] = "who=you; Path=/"
    await web.get(page.url)
    await web.get(page.url)
    assert "cookie" not in page.requests[1].headers


async def test_one_connection_serves_several_requests(web: GuardedWeb, outlets: Outlets) -> None:
    page = outlets.page("/rss", "x")
    for _ in range(3):
        await web.get(page.url)
    assert outlets.connections == 1


async def test_the_environment_s_proxies_are_not_used(
    monkeypatch: pytest.MonkeyPatch, web: GuardedWeb, outlets: Outlets
) -> None:
    page = outlets.page("/rss", "x")
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with opened() as fresh:
        assert (await document(fresh, page.url)).body == b"x"


# What goes wrong


@pytest.mark.parametrize("status", [201, 204, 206, 400, 401, 403, 404, 410, 429, 500, 503])
async def test_any_other_status_is_a_failure(web: GuardedWeb, outlets: Outlets, status: int) -> None:
    page = outlets.page("/rss")
    page.fails(status)
    failed = await failure(web, page.url)
    assert (failed.kind, failed.status, failed.retry_after) == (FetchKind.STATUS, status, None)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        pytest.param("120", 120, id="seconds"),
        pytest.param("Thu, 28 May 2026 20:27:40 GMT", 60, id="a date to come"),
        pytest.param("Thu, 28 May 2020 20:27:40 GMT", 0, id="a date gone by"),
        pytest.param("soon", None, id="no time at all"),
        pytest.param("-5", None, id="less than nothing"),
        pytest.param("9" * 400, 365 * 86_400, id="more than a float holds"),
    ],
)
async def test_retry_after_is_read(outlets: Outlets, said: str, seconds: float | None) -> None:
    page = outlets.page("/rss")
    page.fails(429, retry_after=said)
    async with opened(StillClock(1_780_000_000.0)) as web:
        assert (await failure(web, page.url)).retry_after == seconds


@pytest.mark.parametrize(
    ("misbehaviour", "kind"),
    [
        pytest.param("is_cut_short", FetchKind.CORRUPT, id="a body shorter than announced"),
        pytest.param("breaks_its_chunks", FetchKind.CORRUPT, id="a chunked body without its end"),
        pytest.param("sends_bad_gzip", FetchKind.CORRUPT, id="gzip that is none"),
        pytest.param("sends_cut_gzip", FetchKind.CORRUPT, id="gzip that ends in its middle"),
        pytest.param("sends_a_bomb", FetchKind.TOO_LARGE, id="a bomb"),
        pytest.param("never_ends", FetchKind.TOO_LARGE, id="a body without end"),
        pytest.param("drips", FetchKind.TIMEOUT, id="a body that drips"),
        pytest.param("hangs", FetchKind.TIMEOUT, id="a server that says nothing"),
    ],
)
async def test_half_a_feed_is_never_a_feed(outlets: Outlets, misbehaviour: str, kind: FetchKind) -> None:
    feed = outlets.feed("/rss")
    feed.publish("Told " * 1_000)
    getattr(feed, misbehaviour)()
    async with opened(deadline=1) as web:
        assert (await failure(web, feed.url)).kind == kind


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        pytest.param(b"", FetchKind.CONNECT, id="a server that hangs up"),
        pytest.param(b"SSH-2.0-OpenSSH_9.6\r\n", FetchKind.CONNECT, id="a server of something else"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000, FetchKind.CONNECT, id="a header without end"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Encoding: br\r\n\r\nx", FetchKind.CORRUPT, id="brotli"
        ),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\nx", FetchKind.TOO_LARGE, id="a giant"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nx", FetchKind.CONNECT, id="a length of words"),
    ],
)
async def test_a_server_that_speaks_http_wrongly_is_a_failure(
    web: GuardedWeb, outlets: Outlets, raw: bytes, kind: FetchKind
) -> None:
    page = outlets.page("/rss")
    page.sends(raw)
    assert (await failure(web, page.url)).kind == kind


async def test_after_a_failure_the_next_fetch_works(web: GuardedWeb, outlets: Outlets) -> None:
    feed = outlets.feed("/rss")
    for misbehaviour in ("is_cut_short", "never_ends", "sends_a_bomb"):
        getattr(feed, misbehaviour)()
        await failure(web, feed.url)
    feed.recovers()
    assert (await document(web, feed.url)).body.startswith(b"<?xml")


async def test_nobody_listening_is_a_failure_to_connect(web: GuardedWeb, outlets: Outlets) -> None:
    await outlets.aclose()
    assert (await failure(web, outlets.url("/"))).kind == FetchKind.CONNECT


async def test_a_name_that_does_not_exist_is_told_apart() -> None:
    async with opened(resolver=Names()) as web:
        assert (await failure(web, "http://nowhere.example/rss")).kind == FetchKind.DNS


async def test_a_server_without_tls_is_told_apart(web: GuardedWeb) -> None:
    async def answer_plainly(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer_plainly, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert (await failure(web, f"https://127.0.0.1:{port}/")).kind == FetchKind.TLS


async def test_cancellation_is_the_only_exception_that_leaves(web: GuardedWeb, outlets: Outlets) -> None:
    page = outlets.page("/rss")
    page.hangs()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(web.get(page.url), 0.1)
    page.recovers()
    await document(web, page.url)


async def test_an_error_is_told_apart_from_what_the_caller_was_handling(web: GuardedWeb, outlets: Outlets) -> None:
    page = outlets.page("/rss")
    page.sends(b"")
    try:
        raise TimeoutError
    except TimeoutError:
        assert (await failure(web, page.url)).kind == FetchKind.CONNECT


# Redirects and credentials


async def test_redirects_are_followed_to_where_the_document_is(web: GuardedWeb, outlets: Outlets) -> None:
    outlets.page("/old").redirects_to("/new?a=1", 302)
    outlets.page("/new?a=1").redirects_to(outlets.url("/rss"), 308)
    outlets.page("/rss", "told")
    fetched = await document(web, outlets.url("/old"))
    assert (fetched.url, fetched.body) == (outlets.url("/rss"), b"told")


async def test_five_redirects_are_enough(web: GuardedWeb, outlets: Outlets) -> None:
    for number in range(7):
        outlets.page(f"/{number}").redirects_to(f"/{number + 1}")
    outlets.page("/7", "told")
    assert (await document(web, outlets.url("/2"))).body == b"told"
    assert (await failure(web, outlets.url("/1"))).kind == FetchKind.REDIRECTS


@pytest.mark.parametrize("location", ["ftp://x.example/", "file:///etc/passwd", "javascript:1", "http://[::"])
async def test_a_redirect_to_no_web_page_is_refused(web: GuardedWeb, outlets: Outlets, location: str) -> None:
    outlets.page("/rss").redirects_to(location)
    assert (await failure(web, outlets.url("/rss"))).kind == FetchKind.ADDRESS


async def test_credentials_go_to_their_own_origin_only() -> None:
    async with await Outlets.start() as outlets, await Outlets.start() as others, opened() as web:
        secret = outlets.url("/rss", host="me:pass%40word@127.0.0.1")
        outlets.page("/rss").redirects_to("/moved")
        outlets.page("/moved").redirects_to(others.url("/rss"))
        others.page("/rss", "told")
        assert (await document(web, secret)).url == others.url("/rss")
        assert [request.headers.get("authorization") for request in outlets.requests] == ["Basic bWU6cGFzc0B3b3Jk"] * 2
        assert "authorization" not in others.requests[0].headers
        outlets.page("/moved", "told")
        assert (await document(web, secret)).url == outlets.url("/moved", host="me:pass%40word@127.0.0.1")


async def test_credentials_are_in_no_error(outlets: Outlets) -> None:
    async with opened(allow_networks=()) as web:
        for host in ("me:secret@127.0.0.1", "me:secret@nowhere.invalid", "me:secret@[::", "me:secret@127.1"):
            failed = await failure(web, outlets.url("/rss", host=host))
            assert "secret" not in str(failed) + failed.detail


# Addresses


@pytest.mark.parametrize(
    "url",
    [
        "",
        "rss",
        "ftp://example.com/rss",
        "file:///etc/passwd",
        "http://",
        "http:///rss",
        "http://[::/rss",
        "http://8.8.8.8:22/",
        "http://8.8.8.8:99999/",
        "http://a b/",
        "http://" + "a" * 9_000,
    ],
)
async def test_what_is_no_web_address_is_refused(web: GuardedWeb, url: str) -> None:
    assert (await failure(web, url)).kind == FetchKind.ADDRESS


@pytest.mark.parametrize(
    "host",
    [
        pytest.param("127.0.0.1", id="plain"),
        pytest.param("127.1", id="short"),
        pytest.param("2130706433", id="decimal"),
        pytest.param("0x7f000001", id="hexadecimal"),
        pytest.param("0x7f.0.0.1", id="partly hexadecimal"),
        pytest.param("0177.0.0.1", id="octal"),
        pytest.param("127.0.0.1.", id="with a final dot"),
        pytest.param("127.0.0.2", id="another of loopback"),
        pytest.param("0.0.0.0", id="this host"),
        pytest.param("0", id="this host, short"),
        pytest.param("１２７.0.0.1", id="full-width digits"),
        pytest.param("127。0。0。1", id="ideographic dots"),
        pytest.param("①②⑦.0.0.1", id="circled digits"),
        pytest.param("%31%32%37.0.0.1", id="percent-encoded"),
        pytest.param("[::1]", id="IPv6"),
        pytest.param("[::]", id="IPv6, this host"),
        pytest.param("[::ffff:127.0.0.1]", id="mapped"),
        pytest.param("[::ffff:7f00:1]", id="mapped, in hexadecimal"),
        pytest.param("[0:0:0:0:0:ffff:127.0.0.1]", id="mapped, at length"),
        pytest.param("[::127.0.0.1]", id="compatible"),
        pytest.param("[64:ff9b::7f00:1]", id="NAT64"),
        pytest.param("[2002:7f00:1::]", id="6to4"),
        pytest.param("[::1%25lo]", id="IPv6 with a zone"),
        pytest.param("localhost", id="a name"),
        pytest.param("localhost.", id="a name with a final dot"),
        pytest.param("LOCALHOST", id="a name in capitals"),
        pytest.param("evil.example", id="a stranger's name for it"),
        pytest.param("evil6.example", id="a stranger's name for it, in IPv6"),
        pytest.param("both.example", id="a stranger's name for it twice"),
        pytest.param("me@127.0.0.1", id="behind a user"),
        pytest.param("example.com@127.0.0.1", id="behind what looks like a host"),
    ],
)
@pytest.mark.parametrize("way", ["asked for", "redirected to"])
async def test_an_address_that_is_not_public_is_never_dialled(host: str, way: str) -> None:
    names = Names(
        evil_example=["127.0.0.1"],
        evil6_example=["::1"],
        both_example=["127.0.0.1 ::1"],
        localhost=["127.0.0.1 ::1"],
        **{"localhost.": ["127.0.0.1"], "LOCALHOST": ["127.0.0.1"]},
        allowed_example=["127.0.0.9"],
    )
    async with await Outlets.start("127.0.0.1") as canary, await Outlets.start("127.0.0.9") as allowed:
        async with opened(allow_networks=[ip_network("127.0.0.9/32")], resolver=names) as web:
            url = canary.url("/rss", host=host)
            if way == "redirected to":
                allowed.page("/rss").redirects_to(url)
                url = allowed.url("/rss", host="allowed.example")
            failed = await failure(web, url)
        assert failed.kind == FetchKind.ADDRESS, failed
        assert (canary.hits, canary.connections) == (0, 0)
        assert allowed.hits == (way == "redirected to")


async def test_a_name_that_changes_its_mind_gains_nothing() -> None:
    """DNS rebinding: what is checked is what is dialled, so a public first answer opens no door to the second."""
    names = Names(evil_example=["127.0.0.9", "127.0.0.1"])
    async with await Outlets.start("127.0.0.1") as canary, await Outlets.start("127.0.0.9") as public:
        public.port, port = canary.port, public.port
        public.page("/rss", "told")
        async with opened(allow_networks=[ip_network("127.0.0.9/32")], resolver=names) as web:
            await document(web, f"http://evil.example:{port}/rss")
            failed = await failure(web, canary.url("/rss", host="evil.example"))
        assert failed.kind == FetchKind.ADDRESS
        assert names.lookups == 2
        assert canary.connections == 0


async def test_of_a_name_s_addresses_only_the_public_ones_are_dialled() -> None:
    names = Names(mixed_example=["127.0.0.1 127.0.0.9"])
    async with await Outlets.start("127.0.0.9") as public:
        public.page("/rss", "told")
        async with opened(allow_networks=[ip_network("127.0.0.9/32")], resolver=names) as web:
            assert (await document(web, public.url("/rss", host="mixed.example"))).body == b"told"


async def test_ipv6_is_dialled_where_it_is_allowed() -> None:
    try:
        outlets = await Outlets.start("::1")
    except OSError:
        pytest.skip("no IPv6 here")
    async with outlets, opened() as web:
        outlets.page("/rss", "told")
        assert (await document(web, outlets.url("/rss"))).body == b"told"


# Names


@pytest.fixture
def silent_name_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A system whose name server never answers; the names that it is being asked for."""
    asked: list[str] = []
    over = threading.Event()

    def hangs(host: str, *_: object, **__: object) -> list[object]:
        asked.append(host)
        over.wait(30)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", hangs)
    yield asked
    over.set()


async def test_a_name_server_that_does_not_answer_holds_up_nothing_else(silent_name_server: list[str]) -> None:
    async with opened(deadline=0.5) as web:
        started = time.perf_counter()
        fetches = [asyncio.ensure_future(failure(web, f"http://slow-{number}.example/")) for number in range(40)]
        await asyncio.sleep(0.2)
        assert len(silent_name_server) == 16
        assert await asyncio.wait_for(asyncio.to_thread(lambda: "at once"), 0.25) == "at once"
        kinds = {failed.kind for failed in await asyncio.gather(*fetches)}
        assert kinds <= {FetchKind.TIMEOUT, FetchKind.DNS}
        assert time.perf_counter() - started < 2


def test_a_name_server_that_does_not_answer_does_not_hold_up_the_end(silent_name_server: list[str]) -> None:
    async def stopped_while_fetching() -> None:
        async with opened() as web:
            async with asyncio.timeout(0.2):
                await web.get("http://slow.example/")

    started = time.perf_counter()
    with pytest.raises(TimeoutError):
        asyncio.run(stopped_while_fetching())
    assert time.perf_counter() - started < 1
    assert silent_name_server == ["slow.example"]
    assert all(thread.daemon for thread in threading.enumerate() if thread.name == "names")


async def test_an_answer_that_comes_after_the_end_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    failures: list[object] = []
    monkeypatch.setattr(threading, "excepthook", failures.append)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(30) and [])

    async def left_behind() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(SystemNames().resolve("slow.example"), 0.1)

    await asyncio.to_thread(asyncio.run, left_behind())
    (thread,) = (thread for thread in threading.enumerate() if thread.name == "names")
    over.set()
    await asyncio.to_thread(thread.join, 5)
    assert not thread.is_alive()
    assert failures == []


async def test_names_resolve_as_the_system_says(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 80)),
        (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("2001:db8::1", 80, 0, 0)),
        (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("fe80::1", 80, 0, 1)),
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    monkeypatch.setattr(socket, "getnameinfo", lambda address, _: (f"{address[0]}%lo", str(address[1])))
    ours = await SystemNames().resolve("name.example", 80, socket.AF_UNSPEC)
    assert ours == await ThreadedResolver().resolve("name.example", 80, socket.AF_UNSPEC)
    assert [result["host"] for result in ours] == ["192.0.2.1", "2001:db8::1", "fe80::1%lo"]


async def test_a_name_that_does_not_exist_is_a_failure_of_its_own(
    monkeypatch: pytest.MonkeyPatch, web: GuardedWeb
) -> None:
    def knows_none(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", knows_none)
    assert (await failure(web, "http://nowhere.example/")).kind == FetchKind.DNS


# Politeness


async def test_requests_to_one_host_start_apart(outlets: Outlets) -> None:
    outlets.page("/a", "x")
    clock = StillClock()
    async with opened(clock, host_interval=2) as web:
        for _ in range(3):
            await web.get(outlets.url("/a"))
        assert clock.slept == [2, 2]
        clock.time += 100
        await web.get(outlets.url("/a"))
        assert clock.slept == [2, 2]


async def test_hosts_do_not_wait_for_each_other() -> None:
    clock = StillClock()
    async with await Outlets.start() as one, await Outlets.start("127.0.0.9") as other:
        one.page("/", "x")
        other.page("/", "x")
        async with opened(clock, host_interval=2) as web:
            await web.get(one.url("/"))
            await web.get(other.url("/"))
    assert clock.slept == []


async def test_a_redirect_waits_for_its_turn_too(outlets: Outlets) -> None:
    outlets.page("/old").redirects_to("/new")
    outlets.page("/new", "x")
    clock = StillClock()
    async with opened(clock, host_interval=2) as web:
        await web.get(outlets.url("/old"))
    assert clock.slept == [2]


async def test_a_clock_that_is_set_back_holds_nobody_up(outlets: Outlets) -> None:
    outlets.page("/a", "x")
    clock = StillClock()
    async with opened(clock, host_interval=2) as web:
        await web.get(outlets.url("/a"))
        clock.time -= 3_600
        await web.get(outlets.url("/a"))
    assert clock.slept == [2]


async def test_no_more_than_two_requests_run_at_one_host(outlets: Outlets) -> None:
    pages = [outlets.page(f"/{number}", "x") for number in range(4)]
    for page in pages:
        page.hangs()
    async with opened(deadline=0.3) as web:
        fetches = [asyncio.ensure_future(failure(web, page.url)) for page in pages]
        await asyncio.sleep(0.15)
        assert outlets.hits == 2
        assert [failed.kind for failed in await asyncio.gather(*fetches)] == [FetchKind.TIMEOUT] * 4
    assert outlets.hits == 4


async def test_hosts_not_used_lately_are_forgotten(outlets: Outlets) -> None:
    outlets.page("/a", "x")
    clock = StillClock()
    async with opened(clock, host_interval=2, resolver=Names()) as web:
        for number in range(4_200):
            async with web._turn(f"host-{number}"):
                clock.time += 1
        assert len(web._hosts) < 4_200
