"""What tests of fetching share: a clock that stands still, invented names, and a web that may dial loopback."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_network
from typing import Any

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.domain.errors import FetchFailed
from bot.feeds.web import GuardedWeb
from bot.ports.web import Fetched, Validators

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
    """A web that may dial loopback, unless `options` say otherwise."""
    options.setdefault("allow_networks", LOOPBACK)
    async with GuardedWeb(clock or StillClock(), **options) as web:
        yield web


async def failure(web: GuardedWeb, url: str, validators: Validators = Validators()) -> FetchFailed:
    """What a fetch fails with, which it must."""
    with pytest.raises(FetchFailed) as caught:
        await web.get(url, validators)
    return caught.value


async def document(web: GuardedWeb, url: str, validators: Validators = Validators()) -> Fetched:
    """What a fetch brings, which must be a document."""
    fetched = await web.get(url, validators)
    assert isinstance(fetched, Fetched)
    return fetched
