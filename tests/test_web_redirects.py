"""Redirects: where they lead, what for good, and what they may not take along."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.domain.errors import FetchKind
from bot.feeds.web import GuardedWeb
from bot.ports.web import Unchanged, Validators
from support.fetching import Names, document, failure, opened
from support.outlets import Outlets, Request

SECRET = "me:pass%40word@127.0.0.1"


@pytest.fixture
async def outlets() -> AsyncIterator[Outlets]:
    async with await Outlets.start() as running:
        yield running


@pytest.fixture
async def web() -> AsyncIterator[GuardedWeb]:
    async with opened() as web:
        yield web


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


@pytest.mark.parametrize("way", [("/a",), ("/b", "/a")], ids=["to itself", "to and fro"])
async def test_a_loop_is_left(web: GuardedWeb, outlets: Outlets, way: tuple[str, ...]) -> None:
    for path, location in zip(("/a", "/b"), way, strict=False):
        outlets.page(path).redirects_to(location)
    assert (await failure(web, outlets.url("/a"))).kind == FetchKind.REDIRECTS
    assert outlets.hits == 6


@pytest.mark.parametrize(
    ("statuses", "moved_to"),
    [
        pytest.param([], None, id="no redirect"),
        pytest.param([301], "/1", id="moved"),
        pytest.param([308], "/1", id="moved, by its newer name"),
        pytest.param([301, 308, 301], "/3", id="moved again and again"),
        pytest.param([302], None, id="elsewhere for now"),
        pytest.param([303], None, id="see another"),
        pytest.param([307], None, id="elsewhere for now, by its newer name"),
        pytest.param([301, 302], "/1", id="moved, and from there elsewhere for now"),
        pytest.param([301, 302, 301], "/1", id="moved beyond what is for now"),
        pytest.param([302, 301], None, id="elsewhere for now, which has moved"),
    ],
)
async def test_where_a_feed_has_moved_for_good(
    web: GuardedWeb, outlets: Outlets, statuses: list[int], moved_to: str | None
) -> None:
    for number, status in enumerate(statuses):
        outlets.page(f"/{number}").redirects_to(f"/{number + 1}#top", status)
    outlets.page(f"/{len(statuses)}", "told")
    expected = outlets.url(moved_to) if moved_to is not None else None
    fetched = await document(web, outlets.url("/0#latest"))
    assert (fetched.moved_to, fetched.url) == (expected, outlets.url(f"/{len(statuses)}"))
    assert await web.get(outlets.url("/0"), fetched.validators) == Unchanged(moved_to=expected)


async def test_what_comes_back_to_where_it_was_has_not_moved(web: GuardedWeb, outlets: Outlets) -> None:
    page, detour = outlets.page("/0", "told"), outlets.page("/1")
    page.redirects_to("/1")

    async def send_back(_: Request, writer: asyncio.StreamWriter) -> None:
        page.recovers()
        writer.write(b"HTTP/1.1 301 Moved\r\nLocation: /0\r\nContent-Length: 0\r\n\r\n")

    detour._misbehaviour = send_back
    fetched = await document(web, page.url)
    assert (fetched.body, fetched.url, fetched.moved_to) == (b"told", page.url, None)


# Credentials


async def test_credentials_go_to_their_own_origin_only() -> None:
    async with await Outlets.start() as outlets, await Outlets.start() as others, opened() as web:
        secret = outlets.url("/rss", host=SECRET)
        outlets.page("/rss").redirects_to("/moved")
        outlets.page("/moved").redirects_to(others.url("/rss"))
        others.page("/rss", "told")
        fetched = await document(web, secret)
        assert fetched.url == fetched.moved_to == others.url("/rss")
        assert [request.headers.get("authorization") for request in outlets.requests] == ["Basic bWU6cGFzc0B3b3Jk"] * 2
        assert "authorization" not in others.requests[0].headers
        outlets.page("/moved", "told")
        fetched = await document(web, secret)
        assert fetched.url == fetched.moved_to == outlets.url("/moved", host=SECRET)


async def test_a_way_that_leaves_its_origin_and_returns_finds_its_credentials_again() -> None:
    async with await Outlets.start() as outlets, await Outlets.start() as others, opened() as web:
        outlets.page("/rss").redirects_to(others.url("/gate"), 302)
        others.page("/gate").redirects_to(outlets.url("/inside"), 302)
        outlets.page("/inside", "told")
        fetched = await document(web, outlets.url("/rss", host=SECRET))
        assert fetched.url == outlets.url("/inside", host=SECRET)
        assert "authorization" not in others.requests[0].headers


@pytest.mark.parametrize("asked", ["127.0.0.1", SECRET], ids=["without any", "with its own"])
async def test_a_redirect_brings_no_credentials(outlets: Outlets, asked: str) -> None:
    async with await Outlets.start() as others, opened() as web:
        outlets.page("/rss").redirects_to(outlets.url("/home", host="eve:evil@127.0.0.1"))
        outlets.page("/home").redirects_to(others.url("/away", host="eve:evil@127.0.0.1"))
        others.page("/away", "told")
        fetched = await document(web, outlets.url("/rss", host=asked))
        assert fetched.url == fetched.moved_to == others.url("/away")
        sent = {request.headers.get("authorization") for request in (*outlets.requests, *others.requests)}
        assert sent == ({None} if asked == "127.0.0.1" else {None, "Basic bWU6cGFzc0B3b3Jk"})


async def test_credentials_are_in_no_error(outlets: Outlets) -> None:
    async with opened(allow_networks=(), resolver=Names()) as web:
        for host in ("me:secret@127.0.0.1", "me:secret@nowhere.invalid", "me:secret@[::", "me:secret@127.1"):
            failed = await failure(web, outlets.url("/rss", host=host))
            assert "secret" not in str(failed) + failed.detail


async def test_validators_go_along(web: GuardedWeb, outlets: Outlets) -> None:
    outlets.page("/old").redirects_to("/rss", 302)
    page = outlets.page("/rss", "told")
    await web.get(outlets.url("/old"), Validators(etag='"1"'))
    assert page.requests[0].headers["if-none-match"] == '"1"'


# Locations as they come


@pytest.mark.parametrize(
    ("location", "path"),
    [
        pytest.param("/café".encode(), "/caf%C3%A9", id="raw UTF-8"),
        pytest.param("/café".encode("latin-1"), "/caf%E9", id="raw Latin-1"),
        pytest.param("/новини".encode("cp1251"), "/%ED%EE%E2%E8%ED%E8", id="raw windows-1251"),
        pytest.param(b"/caf%E9?q=%zz", "/caf%E9?q=%zz", id="encoded already, and wrongly"),
        pytest.param(b"/a b|c", "/a%20b|c", id="a space"),
        pytest.param(b"rss", "/rss", id="relative"),
        pytest.param(b"  /rss\t", "/rss", id="padded"),
        pytest.param(b"/x%0d%0aX-Evil:%201", "/x%0d%0aX-Evil:%201", id="an encoded line break"),
    ],
)
async def test_a_location_leads_where_its_server_means(
    web: GuardedWeb, outlets: Outlets, location: bytes, path: str
) -> None:
    outlets.page("/old").sends(b"HTTP/1.1 302 Found\r\nX-Author: Zo\xeb\r\nLocation: " + location + b"\r\n\r\n")
    page = outlets.page(path, "told")
    assert (await document(web, outlets.url("/old"))).url == outlets.url(path)
    assert "x-evil" not in page.requests[0].headers


@pytest.mark.parametrize("host", ["bücher.example".encode(), b"xn--bcher-kva.example", b"B%C3%BCcher.EXAMPLE"])
async def test_a_location_may_name_its_host_in_any_script(outlets: Outlets, host: bytes) -> None:
    port = str(outlets.port).encode()
    outlets.page("/old").sends(b"HTTP/1.1 302 Found\r\nLocation: http://" + host + b":" + port + b"/rss\r\n\r\n")
    outlets.page("/rss", "told")
    async with opened(resolver=Names(**{"xn--bcher-kva_example": ["127.0.0.1"]})) as web:
        assert (await document(web, outlets.url("/old"))).url == outlets.url("/rss", host="xn--bcher-kva.example")


@pytest.mark.parametrize(
    "location",
    [
        "ftp://x.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/xml,<rss/>",
        "feed://127.0.0.1/",
        "http://[::",
        "http:\\\\127.0.0.1\\",
        "http://127.0.0.1:port/",
        "https://",
        "/a\tb",
    ],
)
async def test_a_redirect_to_no_web_page_is_refused(web: GuardedWeb, outlets: Outlets, location: str) -> None:
    outlets.page("/rss").redirects_to(location)
    assert (await failure(web, outlets.url("/rss"))).kind == FetchKind.ADDRESS
    assert outlets.hits == 1


@pytest.mark.parametrize("header", [b"Location: \r\n", b""], ids=["empty", "none"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_to_nowhere_is_a_failure(
    web: GuardedWeb, outlets: Outlets, status: int, header: bytes
) -> None:
    outlets.page("/rss").sends(b"HTTP/1.1 %d Moved\r\n%b\r\n" % (status, header))
    failed = await failure(web, outlets.url("/rss"))
    assert (failed.kind, failed.status) == (FetchKind.STATUS, status)


@pytest.mark.parametrize("injected", [b"/x\rX-Evil: 1", b"/x\x00", b"/x\x0b"], ids=["CR", "NUL", "VT"])
async def test_a_location_injects_no_header(web: GuardedWeb, outlets: Outlets, injected: bytes) -> None:
    outlets.page("/rss").sends(b"HTTP/1.1 302 Found\r\nLocation: " + injected + b"\r\n\r\n")
    assert (await failure(web, outlets.url("/rss"))).kind in (FetchKind.CORRUPT, FetchKind.ADDRESS)
    assert outlets.hits == 1
