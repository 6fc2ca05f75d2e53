"""What every stand-in for a platform stands on: a server on loopback that can be gone for a while, and be waited for.

Which platform it is, and what it answers, is not here.
"""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Self

from aiohttp import web

PATIENCE = 60.0
"""Seconds for which a test waits for the bot: far more than it takes, for machines that do much else."""


class Listening:
    """A server that keeps its address, whether it is up or down; it closes everything where its block ends."""

    url: str

    def __post_init__(self) -> None:
        self._changed = asyncio.Event()
        self._runner: web.AppRunner
        self._site: web.TCPSite
        self._reserved: socket.socket | None = None
        self._port = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def listen(self, app: web.Application, port: int) -> None:
        """Serve this at a port of loopback, 0 for any that is free."""
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        self._port = port
        await self.up()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self._port}"

    async def stop(self) -> None:
        """Close everything."""
        await self.down()
        self._leave()
        await self._runner.cleanup()

    async def up(self) -> None:
        """Listen, at the same address as before."""
        self._leave()
        self._site = web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True)
        await self._site.start()

    async def down(self) -> None:
        """Break all connections and refuse new ones, until `up`."""
        if self._site in self._runner.sites:
            await self._site.stop()
            self._reserved = nobody_at(self._port)
        assert self._runner.server is not None
        for connection in list(self._runner.server.connections):
            if connection.transport is not None:
                connection.transport.abort()
        await asyncio.sleep(0)

    def _leave(self) -> None:
        """Let the address go, which was kept from other tests."""
        if self._reserved is not None:
            self._reserved.close()
            self._reserved = None

    async def until(self, condition: Callable[[], bool], within: float = PATIENCE) -> bool:
        """Wait for something that a request may bring about; whether it came."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while not condition():
                    await self._changed.wait()
        return condition()

    def ring(self) -> None:
        """Wake up whoever waits for something to change."""
        self._changed.set()
        self._changed = asyncio.Event()


def nobody_at(port: int = 0) -> socket.socket:
    """A port of loopback, 0 for any, at which nobody listens; nor does another test, until it is closed."""
    reserved = socket.socket()
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reserved.bind(("127.0.0.1", port))
    return reserved
