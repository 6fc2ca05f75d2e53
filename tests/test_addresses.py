from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.addresses import is_public, literal_address


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("8.8.8.8", id="an IPv4 address"),
        pytest.param("2606:4700::1111", id="an IPv6 address"),
        pytest.param("::ffff:8.8.8.8", id="IPv4 mapped into IPv6"),
        pytest.param("64:ff9b::808:808", id="IPv4 behind NAT64"),
    ],
)
def test_the_public_internet_may_be_dialled(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("127.0.0.1", id="loopback"),
        pytest.param("127.255.255.254", id="the far end of loopback"),
        pytest.param("0.0.0.0", id="this host"),
        pytest.param("10.1.2.3", id="private 10"),
        pytest.param("172.31.0.1", id="private 172"),
        pytest.param("192.168.1.1", id="private 192"),
        pytest.param("100.64.0.1", id="carrier-grade NAT"),
        pytest.param("169.254.169.254", id="a cloud's metadata"),
        pytest.param("192.0.0.8", id="IETF assignments"),
        pytest.param("192.0.2.1", id="documentation"),
        pytest.param("192.88.99.1", id="a 6to4 relay"),
        pytest.param("198.19.0.1", id="benchmarks"),
        pytest.param("224.0.0.1", id="multicast"),
        pytest.param("240.0.0.1", id="reserved"),
        pytest.param("255.255.255.255", id="broadcast"),
        pytest.param("::", id="unspecified IPv6"),
        pytest.param("::1", id="IPv6 loopback"),
        pytest.param("::127.0.0.1", id="IPv4-compatible"),
        pytest.param("::ffff:127.0.0.1", id="mapped loopback"),
        pytest.param("::ffff:a00:1", id="mapped private"),
        pytest.param("64:ff9b::7f00:1", id="loopback behind NAT64"),
        pytest.param("64:ff9b::a9fe:a9fe", id="metadata behind NAT64"),
        pytest.param("64:ff9b:1::808:808", id="local NAT64"),
        pytest.param("2002:7f00:1::", id="6to4 of loopback"),
        pytest.param("2002:808:808::", id="6to4 of a public address"),
        pytest.param("2001:0:7f00:1::", id="Teredo"),
        pytest.param("2606:4700::5efe:7f00:1", id="ISATAP of loopback"),
        pytest.param("2606:4700::200:5efe:808:808", id="ISATAP of a public address"),
        pytest.param("::ffff:0:8.8.8.8", id="IPv4 translated into IPv6"),
        pytest.param("fe80::5efe:7f00:1%2", id="link-local ISATAP with its zone"),
        pytest.param("2001:20::1", id="ORCHID"),
        pytest.param("2001:db8::1", id="IPv6 documentation"),
        pytest.param("3fff::1", id="newer IPv6 documentation"),
        pytest.param("fe80::1", id="link-local"),
        pytest.param("fe80::1%eth0", id="link-local with its zone"),
        pytest.param("fec0::1", id="site-local"),
        pytest.param("fc00::1", id="unique local"),
        pytest.param("fd12:3456::1", id="unique local, assigned"),
        pytest.param("ff02::1", id="IPv6 multicast"),
        pytest.param("5f00::1", id="segment routing"),
        pytest.param("100::1", id="discard"),
        pytest.param("", id="nothing"),
        pytest.param("localhost", id="a name"),
    ],
)
def test_what_is_not_public_may_not_be_dialled(address: str) -> None:
    assert not is_public(address)


def test_a_network_that_is_allowed_may_be_dialled_in_every_guise() -> None:
    allow = (ip_network("192.168.7.0/24"), ip_network("fd00::/8"))
    assert is_public("192.168.7.9", allow)
    assert is_public("::ffff:192.168.7.9", allow)
    assert is_public("fd00::1", allow)
    assert not is_public("192.168.8.9", allow)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        pytest.param("127.0.0.1", "127.0.0.1", id="dotted"),
        pytest.param("127.1", "127.0.0.1", id="short"),
        pytest.param("2130706433", "127.0.0.1", id="decimal"),
        pytest.param("0x7f000001", "127.0.0.1", id="hexadecimal"),
        pytest.param("0X7F.1", "127.0.0.1", id="mixed"),
        pytest.param("0177.0.0.1", "127.0.0.1", id="octal"),
        pytest.param("017700000001", "127.0.0.1", id="octal, in one"),
        pytest.param("0", "0.0.0.0", id="nothing but 0"),
        pytest.param("127.0.0.1.", "127.0.0.1", id="with a final dot"),
        pytest.param("[::1]", "::1", id="in brackets"),
        pytest.param("fe80::1%25eth0", "fe80::1", id="with a zone"),
    ],
)
def test_every_notation_of_an_address_is_read(host: str, address: str) -> None:
    assert literal_address(host) == ip_address(address)


@pytest.mark.parametrize("host", ["example.com", "1and1.example", "", "999.1.1.1", "a.b", "1.2.3.4.5"])
def test_a_name_is_no_address(host: str) -> None:
    assert literal_address(host) is None


@given(st.ip_addresses(v=4))
def test_mapping_an_address_into_ipv6_changes_nothing(address: IPv4Address) -> None:
    assert is_public(f"::ffff:{address}") == is_public(address) == is_public(f"64:ff9b::{address}")


@given(st.ip_addresses())
def test_only_what_python_calls_global_is_public(address: IPv4Address | IPv6Address) -> None:
    carries = isinstance(address, IPv6Address) and address in ip_network("64:ff9b::/96")
    assert not is_public(address) or address.is_global or carries
