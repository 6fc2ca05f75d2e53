"""Threads that nobody waits for: work that may hang, kept apart from what asyncio and Python join at their ends."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

Made = TypeVar("Made")


class Threads:
    """Runs blocking work, a daemon thread a piece, so many at once; use it in one event loop.

    A thread that hangs keeps its place, but neither the loop's end nor the program's waits for it.
    """

    def __init__(self, limit: int, name: str) -> None:
        self._limit = limit
        self._name = name
        self._waiting: deque[tuple[asyncio.Future[Any], Callable[[], Any]]] = deque()
        self._wanted: set[asyncio.Future[Any]] = set()
        self._running = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._closed = False

    async def run(self, work: Callable[[], Made]) -> Made:
        """Run `work` in a thread once there is room; cancelled, it goes on there unheard, or never starts."""
        if self._closed:
            raise RuntimeError(f"the threads for {self._name} are closed")
        future: asyncio.Future[Made] = asyncio.get_running_loop().create_future()
        self._wanted.add(future)
        self._waiting.append((future, work))
        try:
            self._start()
            return await future
        finally:
            self._wanted.discard(future)

    async def aclose(self, patience: float = 0) -> None:
        """Cancel whoever waits, and give the threads that still run `patience` seconds to end."""
        self._closed = True
        for future in self._wanted:
            future.cancel()
        self._waiting.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._idle.wait()

    def _start(self) -> None:
        """Start what there is room for."""
        while self._waiting and self._running < self._limit:
            future, work = self._waiting.popleft()
            if future.done():
                continue
            thread = threading.Thread(target=self._work, args=(future, work), name=self._name, daemon=True)
            try:
                thread.start()
            except RuntimeError as error:  # the system gives no more threads
                future.set_exception(error)
                continue
            self._running += 1
            self._idle.clear()

    def _work(self, future: asyncio.Future[Any], work: Callable[[], Any]) -> None:
        """In the thread."""
        result, failure = None, None
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is awaited
            failure = error
        with suppress(RuntimeError):  # the loop has been closed: nobody is there to hear of it
            future.get_loop().call_soon_threadsafe(self._ended, future, result, failure)

    def _ended(self, future: asyncio.Future[Any], result: Any, failure: BaseException | None) -> None:
        self._running -= 1
        if not self._running:
            self._idle.set()
        if not future.done():
            if failure is not None:
                future.set_exception(failure)
            else:
                future.set_result(result)
        self._start()
