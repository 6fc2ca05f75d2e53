"""Which addresses are public: the law that every connection of `bot.feeds.web` is checked against.

Pure functions over `ipaddress`; nothing is resolved and nothing dialled here.
"""

import re
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Network = IPv4Network | IPv6Network

# From IANA's special-purpose registries. Written out, because what `is_global` says differs between Python's
# patch releases; both must agree before an address counts as public.
_PRIVATE_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local: the clouds' metadata services
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_PUBLIC_V6 = IPv6Network("2000::/3")
_PRIVATE_V6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # Teredo, ORCHID and others that carry or stand for something else
        "2001:db8::/32",
        "2002::/16",  # 6to4: an IPv4 address in disguise, and long out of use
        "3fff::/20",
    )
)
# Where DNS64 is in use every name of the IPv4 world resolves to this prefix, so it counts as what it carries.
_NAT64 = IPv6Network("64:ff9b::/96")

# ISATAP (RFC 5214): an IPv4 address behind any prefix, and long out of use.
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)

_NUMERIC_HOST = re.compile(r"(?:0[xX][0-9a-fA-F]*|[0-9]+)(?:\.(?:0[xX][0-9a-fA-F]*|[0-9]+)){0,3}\.?")


def is_public(address: str | IPv4Address | IPv6Address, allow: Sequence[Network] = ()) -> bool:
    """Say whether an address may be dialled: it is public, or lies in one of the networks in `allow`.

    What is not an IP address at all is not public.
    """
    try:
        ip = _carried(ip_address(address.partition("%")[0] if isinstance(address, str) else address))
    except ValueError:
        return False
    if any(ip in network for network in allow if network.version == ip.version):
        return True
    if not ip.is_global or ip.is_multicast:
        return False
    if isinstance(ip, IPv4Address):
        return not any(ip in network for network in _PRIVATE_V4)
    if int(ip) >> 32 & 0xFFFF_FFFF in _ISATAP:
        return False
    return ip in _PUBLIC_V6 and not any(ip in network for network in _PRIVATE_V6)


def literal_address(host: str) -> IPv4Address | IPv6Address | None:
    """Read a URL's host as an address, as the C library would: decimal, octal, hexadecimal and short forms too.

    Returns:
        The address; None for a name.
    """
    host = host.strip().removeprefix("[").removesuffix("]").partition("%")[0]
    try:
        return ip_address(host)
    except ValueError:
        pass
    if not _NUMERIC_HOST.fullmatch(host):
        return None
    try:
        return IPv4Address(socket.inet_aton(host.removesuffix(".")))
    except OSError:
        return None


def _carried(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 address carries where a packet to it goes there; otherwise the address itself."""
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None:
            return ip.ipv4_mapped
        if ip in _NAT64:
            return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip
