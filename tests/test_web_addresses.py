"""No address that is not public is dialled, in whichever notation, by whichever name, and however one is led there."""

from collections.abc import AsyncIterator
from ipaddress import ip_network

import pytest

from bot.domain.errors import FetchKind
from bot.feeds.web import GuardedWeb
from support.fetching import Names, document, failure, opened
from support.outlets import Outlets

ALLOWED = [ip_network("127.0.0.9/32")]


@pytest.fixture
async def web() -> AsyncIterator[GuardedWeb]:
    async with opened() as web:
        yield web


@pytest.mark.parametrize(
    "host",
    [
        pytest.param("127.0.0.1", id="plain"),
        pytest.param("127.1", id="short"),
        pytest.param("127.0.1", id="less short"),
        pytest.param("2130706433", id="decimal"),
        pytest.param("0x7f000001", id="hexadecimal"),
        pytest.param("0X7F000001", id="hexadecimal, in capitals"),
        pytest.param("0x7f.0.0.1", id="partly hexadecimal"),
        pytest.param("0177.0.0.1", id="octal"),
        pytest.param("017700000001", id="octal, in one"),
        pytest.param("0x7f.0.01", id="mixed and short"),
        pytest.param("127.0.0.01", id="with a leading zero"),
        pytest.param("127.0.0.1.", id="with a final dot"),
        pytest.param("127.0.0.1..", id="with two final dots"),
        pytest.param("2130706433.", id="decimal with a final dot"),
        pytest.param("127.0.0.2", id="another of loopback"),
        pytest.param("0.0.0.0", id="this host"),
        pytest.param("0", id="this host, short"),
        pytest.param("0x0", id="this host, hexadecimal"),
        pytest.param("１２７.0.0.1", id="full-width digits"),
        pytest.param("127。0。0。1", id="ideographic dots"),
        pytest.param("127．0．0．1", id="full-width dots"),
        pytest.param("①②⑦.0.0.1", id="circled digits"),
        pytest.param("%31%32%37.0.0.1", id="percent-encoded"),
        pytest.param("127%2e0%2e0%2e1", id="percent-encoded dots"),
        pytest.param("%EF%BC%91%EF%BC%92%EF%BC%97.0.0.1", id="percent-encoded full-width digits"),
        pytest.param("[::1]", id="IPv6"),
        pytest.param("[0:0:0:0:0:0:0:1]", id="IPv6 at length"),
        pytest.param("[::]", id="IPv6, this host"),
        pytest.param("[::ffff:127.0.0.1]", id="mapped"),
        pytest.param("[::ffff:7f00:1]", id="mapped, in hexadecimal"),
        pytest.param("[0:0:0:0:0:ffff:127.0.0.1]", id="mapped, at length"),
        pytest.param("[::ffff:0:127.0.0.1]", id="translated"),
        pytest.param("[::127.0.0.1]", id="compatible"),
        pytest.param("[64:ff9b::7f00:1]", id="NAT64"),
        pytest.param("[64:ff9b::127.0.0.1]", id="NAT64, dotted"),
        pytest.param("[2002:7f00:1::]", id="6to4"),
        pytest.param("[2001:0:7f00:1::]", id="Teredo"),
        pytest.param("[2606:4700::5efe:7f00:1]", id="ISATAP"),
        pytest.param("[::1%25lo]", id="IPv6 with a zone"),
        pytest.param("[::1%lo]", id="IPv6 with a bare zone"),
        pytest.param("[fe80::1%25eth0]", id="link-local with a zone"),
        pytest.param("169.254.169.254", id="a cloud's metadata"),
        pytest.param("100.64.0.1", id="carrier-grade NAT"),
        pytest.param("localhost", id="a name"),
        pytest.param("localhost.", id="a name with a final dot"),
        pytest.param("LOCALHOST", id="a name in capitals"),
        pytest.param("ｌｏｃａｌｈｏｓｔ", id="a name in full width"),
        pytest.param("evil.example", id="a stranger's name for it"),
        pytest.param("evil6.example", id="a stranger's name for it, in IPv6"),
        pytest.param("mapped.example", id="a stranger's name for it, mapped"),
        pytest.param("both.example", id="a stranger's name for it twice"),
        pytest.param("me@127.0.0.1", id="behind a user"),
        pytest.param("example.com@127.0.0.1", id="behind what looks like a host"),
        pytest.param("example.com:80@127.0.0.1", id="behind what looks like a host and a port"),
        pytest.param("example.com%2F@127.0.0.1", id="behind what looks like a host and a path"),
        pytest.param("example.com\\@127.0.0.1", id="behind a host and a backslash"),
        pytest.param("127.0.0.1\\@evil.example", id="before a backslash"),
    ],
)
@pytest.mark.parametrize("way", ["asked for", "redirected to"])
async def test_an_address_that_is_not_public_is_never_dialled(host: str, way: str) -> None:
    names = Names(
        evil_example=["127.0.0.1"],
        evil6_example=["::1"],
        mapped_example=["::ffff:127.0.0.1"],
        both_example=["127.0.0.1 ::1"],
        localhost=["127.0.0.1 ::1"],
        **{"localhost.": ["127.0.0.1"], "127.0.0.1..": ["127.0.0.1"]},
        allowed_example=["127.0.0.9"],
    )
    async with await Outlets.start("127.0.0.1") as canary, await Outlets.start("127.0.0.9") as allowed:
        async with opened(allow_networks=ALLOWED, resolver=names) as web:
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
        async with opened(allow_networks=ALLOWED, resolver=names) as web:
            await document(web, f"http://evil.example:{port}/rss")
            failed = await failure(web, canary.url("/rss", host="evil.example"))
        assert failed.kind == FetchKind.ADDRESS
        assert names.lookups == 2
        assert canary.connections == 0


async def test_of_a_name_s_addresses_only_the_public_ones_are_dialled() -> None:
    names = Names(mixed_example=["127.0.0.1 127.0.0.9"])
    async with await Outlets.start("127.0.0.9") as public:
        public.page("/rss", "told")
        async with opened(allow_networks=ALLOWED, resolver=names) as web:
            assert (await document(web, public.url("/rss", host="mixed.example"))).body == b"told"


async def test_ipv6_is_dialled_where_it_is_allowed() -> None:
    try:
        outlets = await Outlets.start("::1")
    except OSError:
        pytest.skip("no IPv6 here")
    async with outlets, opened() as web:
        outlets.page("/rss", "told")
        assert (await document(web, outlets.url("/rss"))).url == outlets.url("/rss")


async def test_what_is_no_web_address_is_refused(web: GuardedWeb) -> None:
    for url in ("", "rss", "ftp://example.com/rss", "http:///rss", "http://8.8.8.8:22/", "http://a b/"):
        assert (await failure(web, url)).kind == FetchKind.ADDRESS


@pytest.mark.parametrize("url", ["http://127.0.0.1/\r\nX-Evil: 1", "http://127.0.0.1\r\nX-Evil: 1/"])
async def test_a_url_injects_no_header(web: GuardedWeb, url: str) -> None:
    assert (await failure(web, url)).kind == FetchKind.ADDRESS
