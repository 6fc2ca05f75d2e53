from ipaddress import ip_network

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.errors import FetchFailed, FetchKind
from bot.feeds.targets import credentials_of, host_of, origin_of, port_of, read_target

BASE = httpx.URL("https://outlet.example/feeds/world.xml?page=2")


@pytest.mark.parametrize(
    ("url", "read"),
    [
        pytest.param("https://outlet.example/rss", "https://outlet.example/rss", id="plain"),
        pytest.param("  HTTPS://Outlet.Example:443/rss \n", "https://outlet.example/rss", id="padded, in capitals"),
        pytest.param(
            "http://outlet.example/a%7Eb?x=%2B~'", "http://outlet.example/a%7Eb?x=%2B~'", id="already encoded"
        ),
        pytest.param("http://outlet.example/é?ü", "http://outlet.example/%C3%A9?%C3%BC", id="beyond ASCII"),
        pytest.param("http://bücher.example/", "http://xn--bcher-kva.example/", id="a name beyond ASCII"),
        pytest.param("http://новини.укр/", "http://xn--b1amarcd.xn--j1amh/", id="a name in Cyrillic"),
        pytest.param("http://b%C3%BCcher.example/", "http://xn--bcher-kva.example/", id="a name percent-encoded"),
        pytest.param("http://outl%65t.example/", "http://outlet.example/", id="ASCII percent-encoded"),
        pytest.param("http://xn--i-7iq.example/", "http://xn--i-7iq.example/", id="a name that IDNA 2008 has not"),
        pytest.param("http://a_b.example/", "http://a_b.example/", id="an underscore"),
        pytest.param("http://outlet.example/#top", "http://outlet.example/", id="a fragment is dropped"),
        pytest.param("http://[2606:4700::1111]:8080/", "http://[2606:4700::1111]:8080/", id="IPv6"),
    ],
)
def test_a_url_is_read(url: str, read: str) -> None:
    target = read_target(url)
    assert str(target) == read
    assert host_of(target).isascii()


@pytest.mark.parametrize(
    ("location", "read"),
    [
        pytest.param("/rss", "https://outlet.example/rss", id="a path"),
        pytest.param("other.xml", "https://outlet.example/feeds/other.xml", id="a sibling"),
        pytest.param("../rss", "https://outlet.example/rss", id="up"),
        pytest.param("../../../rss", "https://outlet.example/rss", id="up beyond the top"),
        pytest.param("?page=3", "https://outlet.example/feeds/world.xml?page=3", id="a query"),
        pytest.param("//cdn.example/rss", "https://cdn.example/rss", id="another host, the same scheme"),
        pytest.param("HTTP://cdn.example", "http://cdn.example", id="a whole URL"),
        pytest.param("/a b", "https://outlet.example/a%20b", id="a space"),
        pytest.param("/a%0d%0aX-Evil:%201", "https://outlet.example/a%0d%0aX-Evil:%201", id="an encoded line break"),
    ],
)
def test_a_redirect_is_read_where_it_stands(location: str, read: str) -> None:
    assert str(read_target(location, BASE)) == read


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("", id="nothing"),
        pytest.param("rss", id="no scheme"),
        pytest.param("//outlet.example/", id="no scheme, but a host"),
        pytest.param("ftp://outlet.example/rss", id="another scheme"),
        pytest.param("file:///etc/passwd", id="a file"),
        pytest.param("http:", id="a scheme alone"),
        pytest.param("http://", id="no host"),
        pytest.param("http:///rss", id="a path without a host"),
        pytest.param("http:\\\\outlet.example\\rss", id="backslashes"),
        pytest.param("http://[::/rss", id="half an address"),
        pytest.param("http://8.8.8.8:22/", id="a port that is not HTTP's"),
        pytest.param("http://8.8.8.8:99999/", id="a port that does not exist"),
        pytest.param("http://8.8.8.8:-1/", id="a port below any"),
        pytest.param("http://a b/", id="a space in its name"),
        pytest.param("http://a%20b/", id="an encoded space in its name"),
        pytest.param("http://a%2Fb/", id="an encoded slash in its name"),
        pytest.param("http://a%00b/", id="an encoded NUL in its name"),
        pytest.param("http://a%ffb/", id="bytes that are no text in its name"),
        pytest.param("http://outlet.example\r\nHost: evil/", id="a line break in its name"),
        pytest.param("http://outlet.example/\r\nX-Evil: 1", id="a line break in its path"),
        pytest.param("http://outlet.example/\x00", id="a NUL"),
        pytest.param("http://\ud800.example/", id="half a character in its name"),
        pytest.param("http://outlet.example/\ud800", id="half a character in its path"),
        pytest.param("http://" + "a" * 300 + "/", id="a name longer than any"),
        pytest.param("http://outlet.example/" + "a" * 9_000, id="longer than any"),
    ],
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(FetchFailed) as caught:
        read_target(url)
    assert caught.value.kind == FetchKind.ADDRESS


def read_or_refused(url: str, base: httpx.URL | None) -> httpx.URL | FetchKind:
    try:
        return read_target(url, base)
    except FetchFailed as failed:
        return failed.kind


@given(url=st.one_of(st.text(), st.text().map("http://".__add__), st.from_regex(r"\Ahttps?://[\w.:@%\[\]\\/?#-]*\Z")))
@example("http://%")
@example("http://[")
@example("http://@@:80:80/")
@example("http://xn--/")
def test_whatever_is_asked_for_it_is_a_web_address_or_refused(url: str) -> None:
    for base in (None, BASE):
        target = read_or_refused(url, base)
        if isinstance(target, httpx.URL):
            assert target.scheme in ("http", "https")
            assert host_of(target)
            assert 0 < port_of(target) < 65_536
            assert str(target).isascii()
            assert str(target).isprintable()
            assert not target.fragment
        else:
            assert target == FetchKind.ADDRESS


def test_where_a_network_is_allowed_its_addresses_are_read() -> None:
    assert host_of(read_target("http://192.168.7.9/rss", allow=[ip_network("192.168.7.0/24")])) == "192.168.7.9"


def test_a_port_belongs_to_an_origin_even_where_it_is_implied() -> None:
    assert origin_of(httpx.URL("https://a.example/")) == origin_of(httpx.URL("https://a.example:443/x"))
    assert origin_of(httpx.URL("https://a.example/")) != origin_of(httpx.URL("http://a.example/"))
    assert origin_of(httpx.URL("https://a.example/")) != origin_of(httpx.URL("https://a.example:8443/"))


def test_credentials_are_written_as_the_standard_has_it() -> None:
    assert credentials_of(httpx.URL("http://me:p%40ss@a.example/")) == b"Basic bWU6cEBzcw=="
    assert credentials_of(httpx.URL("http://a.example/")) is None
