"""What is fetched, and what is said of it. Faults, redirects, hosts and addresses have files of their own."""

import asyncio
import gzip
from collections.abc import AsyncIterator

import pytest

from bot.domain.errors import FetchFailed, FetchKind
from bot.feeds.web import GuardedWeb
from bot.ports.web import Fetched, Unchanged, Validators
from support.fetching import StillClock, document, failure, opened
from support.outlets import Outlets


@pytest.fixture
async def outlets() -> AsyncIterator[Outlets]:
    async with await Outlets.start() as running:
        yield running


@pytest.fixture
async def web() -> AsyncIterator[GuardedWeb]:
    async with opened() as web:
        yield web


async def test_a_document_is_fetched_with_what_its_server_says_of_it(web: GuardedWeb, outlets: Outlets) -> None:
    feed = outlets.feed("/rss")
    feed.publish("Told")
    feed.headers["Cache-Control"] = "public, max-age=300"
    feed.headers["Age"] = "60"
    fetched = await document(web, feed.url)
    assert b"Told" in fetched.body
    assert fetched.url == feed.url
    assert fetched.content_type == "application/rss+xml; charset=utf-8"
    assert fetched.max_age == 240
    assert fetched.moved_to is None


async def test_expires_counts_from_the_server_s_own_date(web: GuardedWeb, outlets: Outlets) -> None:
    page = outlets.page("/rss", "x")
    page.headers |= {"Date": "Thu, 01 Jan 2015 00:00:00 GMT", "Expires": "Thu, 01 Jan 2015 00:15:00 GMT"}
    assert (await document(web, page.url)).max_age == 900


async def test_a_document_of_no_bytes_is_a_document(web: GuardedWeb, outlets: Outlets) -> None:
    page = outlets.page("/rss", "")
    assert (await document(web, page.url)).body == b""
    page.headers["Content-Encoding"] = "gzip"
    assert (await document(web, page.url)).body == b""


# Asked again


async def test_what_did_not_change_is_not_sent_again(web: GuardedWeb, outlets: Outlets) -> None:
    feed = outlets.feed("/rss")
    feed.headers["Cache-Control"] = "max-age=60"
    first = await document(web, feed.url)
    assert await web.get(feed.url, first.validators) == Unchanged(max_age=60)
    feed.publish("New")
    assert b"New" in (await document(web, feed.url, first.validators)).body


@pytest.mark.parametrize("etag", ['"plain"', 'W/"weak"', "unquoted", '"žluť"', '"a,b"', '"a\tb"'])
async def test_validators_are_sent_back_verbatim(web: GuardedWeb, outlets: Outlets, etag: str) -> None:
    page = outlets.page("/rss", "x")
    page.headers["ETag"] = etag.encode().decode("latin-1")
    await web.get(page.url, (await document(web, page.url)).validators)
    assert page.requests[1].headers["if-none-match"] == etag.encode().decode("latin-1")
    assert page.requests[1].headers["if-modified-since"] == "Thu, 01 Jan 2026 00:00:00 GMT"


async def test_a_validator_longer_than_any_is_not_kept_rather_than_cut(web: GuardedWeb, outlets: Outlets) -> None:
    page = outlets.page("/rss", "x")
    page.headers["ETag"] = f'"{"a" * 2_000}"'
    fetched = await document(web, page.url)
    assert fetched.validators == Validators(last_modified="Thu, 01 Jan 2026 00:00:00 GMT")


async def test_a_304_that_nobody_asked_for_is_a_failure(web: GuardedWeb, outlets: Outlets) -> None:
    page = outlets.page("/rss")
    page.fails(304)
    assert (await failure(web, page.url)).status == 304
    unsendable = Validators(etag='"a"\r\nX-Evil: 1', last_modified="Ω")
    assert (await failure(web, page.url, unsendable)).status == 304
    assert "x-evil" not in page.requests[1].headers


# Compressed


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
async def test_compressed_bodies_are_read(web: GuardedWeb, outlets: Outlets, encoding: str) -> None:
    page = outlets.page("/rss", "told " * 500_000)
    page.encoding = encoding
    assert (await document(web, page.url)).body == b"told " * 500_000
    assert page.requests[0].headers["accept-encoding"] == "gzip, deflate, br"


async def test_gzip_in_several_members_is_read_to_its_end(web: GuardedWeb, outlets: Outlets) -> None:
    page = outlets.page("/rss")
    page.answers(gzip.compress(b"one ") + gzip.compress(b"two") + b"\x00\x00", Content_Encoding="gzip")
    assert (await document(web, page.url)).body == b"one two"


async def test_an_encoding_that_is_none_is_passed_over(web: GuardedWeb, outlets: Outlets) -> None:
    page = outlets.page("/rss", "told")
    page.headers["Content-Encoding"] = "UTF-8"
    assert (await document(web, page.url)).body == b"told"


# Servers as they are


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"HTTP/1.1 200 OK\r\n", id="no headers at all"),
        pytest.param(b"HTTP/1.0 200 OK\r\n", id="an old version"),
        pytest.param(b"HTTP/1.1 200\r\nContent-Length: 4\r\n", id="no reason"),
        pytest.param(b"HTTP/1.1 200 D\xe9j\xe0 vu\r\nContent-Length: 4\r\n", id="a reason in Latin-1"),
        pytest.param(b"HTTP/1.1 203 Someone Else's\r\nContent-Length: 4\r\n", id="from a proxy"),
        pytest.param(b"HTTP/1.1 200 OK\r\ncontent-length:4\r\nX:\r\n", id="headers in lower case, unspaced, empty"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX-Author: Zo\xeb\r\nContent-Length: 4\r\n", id="a header in Latin-1"),
        pytest.param(b"HTTP/1.1 200 OK\r\nUpgrade: h2c\r\nConnection: upgrade\r\nContent-Length: 4\r\n", id="an offer"),
        pytest.param(
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\n",
            id="hints before its answer",
        ),
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"Set-Cookie: a=b\r\n" * 100, id="a hundred headers"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Security-Policy: " + b"x" * 20_000 + b"\r\n", id="a policy of 20 kB"),
    ],
)
async def test_a_server_with_its_own_ways_is_read(web: GuardedWeb, outlets: Outlets, head: bytes) -> None:
    page = outlets.page("/rss")
    page.sends(head + b"\r\ntold")
    fetched = await document(web, page.url)
    assert fetched.body == b"told"
    assert fetched.content_type == ""


async def test_an_address_is_asked_for_as_it_is_written(web: GuardedWeb, outlets: Outlets) -> None:
    signed = "/rss/%7Eme/it%27s?sign=a%2Bb~'&empty=&&%zz"
    outlets.page(signed, "told")
    assert (await document(web, outlets.url(signed))).url == outlets.url(signed)


# What goes along


async def test_the_program_and_its_contact_are_named(outlets: Outlets) -> None:
    page = outlets.page("/rss", "x")
    async with opened(contact="https://example.org/bot\r\nX-Evil: 1") as web:
        await web.get(page.url)
    agent = page.requests[0].headers["user-agent"]
    assert agent.startswith("Tocsin/")
    assert agent.endswith("(+https://example.org/botX-Evil: 1)")
    assert "x-evil" not in page.requests[0].headers


async def test_nothing_goes_along_that_nobody_decided_on(web: GuardedWeb, outlets: Outlets) -> None:
    page = outlets.page("/rss", "x")
    await web.get(page.url)
    assert set(page.requests[0].headers) == {"host", "user-agent", "accept", "accept-encoding", "connection"}


async def test_cookies_are_neither_kept_nor_read(
    web: GuardedWeb, outlets: Outlets, caplog: pytest.LogCaptureFixture
) -> None:
    page = outlets.page("/rss", "x")
    for cookie in ("who=you; Path=/", "who is=you; Path=/"):
        page.headers["Set-Cookie"] = cookie
        await web.get(page.url)
        await web.get(page.url)
    assert all("cookie" not in request.headers for request in page.requests)
    assert not [record for record in caplog.records if record.levelname == "WARNING"]


async def test_the_environment_s_proxies_are_not_used(monkeypatch: pytest.MonkeyPatch, outlets: Outlets) -> None:
    page = outlets.page("/rss", "x")
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with opened() as web:
        assert (await document(web, page.url)).body == b"x"


async def test_one_connection_serves_several_requests(web: GuardedWeb, outlets: Outlets) -> None:
    page = outlets.page("/rss", "x")
    for _ in range(3):
        await web.get(page.url)
    assert outlets.connections == 1


# What is no document


@pytest.mark.parametrize("status", [101, 201, 204, 205, 206, 300, 305, 400, 401, 403, 404, 410, 429, 500, 503, 999])
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
        pytest.param("soon", None, id="no time at all"),
    ],
)
async def test_retry_after_is_told(outlets: Outlets, said: str, seconds: float | None) -> None:
    page = outlets.page("/rss")
    page.fails(429, retry_after=said)
    async with opened(StillClock(1_780_000_000.0)) as web:
        assert (await failure(web, page.url)).retry_after == seconds


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


# Limits and permits of one fetch


async def test_one_fetch_may_have_a_lower_limit_and_never_a_higher_one(outlets: Outlets) -> None:
    page = outlets.page("/a", "x" * 2_000)
    async with opened(max_body=2_000) as web:
        with pytest.raises(FetchFailed, match="more than 1999 bytes"):
            await web.get(page.url, max_body=1_999)
        fetched = await web.get(page.url, max_body=9_999)
        assert isinstance(fetched, Fetched)
        assert len(fetched.body) == 2_000
        page.fixed += b"y"
        with pytest.raises(FetchFailed, match="more than 2000 bytes"):
            await web.get(page.url, max_body=9_999)


@pytest.mark.parametrize("encoding", ["", "gzip", "br"])
async def test_what_is_too_long_is_cut_where_that_is_asked_for(outlets: Outlets, encoding: str) -> None:
    page = outlets.page("/a", "ab" * 2_000_000)
    page.encoding = encoding
    async with opened() as web:
        fetched = await web.get(page.url, max_body=1_001, cut=True)
    assert isinstance(fetched, Fetched)
    assert fetched.body == b"ab" * 500 + b"a"


async def test_a_permit_is_asked_for_each_hop_and_can_end_the_fetch(outlets: Outlets) -> None:
    outlets.page("/a").redirects_to("/b")
    outlets.page("/b").redirects_to("/c")
    page = outlets.page("/c", "x")
    asked: list[str] = []

    async def permit(url: str) -> None:
        asked.append(url)
        if url.endswith("/c"):
            raise PermissionError(url)

    async with opened() as web:
        with pytest.raises(PermissionError):
            await web.get(outlets.url("/a"), permit=permit)
    assert asked == [outlets.url(path) for path in ("/a", "/b", "/c")]
    assert page.hits == 0
