"""Names to addresses by the system's resolver, in threads that nobody waits for.

aiohttp's own resolver works in the event loop's default executor: a few slow names hold up whatever else runs there,
and a name server that does not answer holds up the program's end.
"""

import socket

from aiohttp.abc import AbstractResolver, ResolveResult

from bot.feeds.threads import Threads

_MAX_LOOKUPS = 16  # at once
_FLAGS = socket.AI_ADDRCONFIG & getattr(socket, "AI_MASK", socket.AI_ADDRCONFIG)
_NUMERIC = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV


class SystemNames(AbstractResolver):
    """Resolves names as `socket.getaddrinfo` does; use it in one event loop."""

    def __init__(self) -> None:
        self._threads = Threads(_MAX_LOOKUPS, "names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Look a name up.

        Raises:
            OSError: it does not resolve.
        """
        return await self._threads.run(lambda: _look_up(host, port, family))

    async def close(self) -> None:
        """Give up what is being looked up."""
        await self._threads.aclose()


def _look_up(host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
    results: list[ResolveResult] = []
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family, flags=_FLAGS)
    except UnicodeError as error:  # an empty label, or one longer than any
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known") from error
    for kind, _, protocol, _, address in found:
        if kind == socket.AF_INET6 and len(address) < 3:
            continue  # a Python without IPv6
        numeric, number = str(address[0]), int(address[1])
        if len(address) == 4 and address[3]:
            # A link-local address goes with its scope, as in fe80::1%eth0.
            numeric, service = socket.getnameinfo(address, socket.NI_NUMERICHOST | socket.NI_NUMERICSERV)
            number = int(service)
        results.append(
            ResolveResult(hostname=host, host=numeric, port=number, family=kind, proto=protocol, flags=_NUMERIC)
        )
    return results
