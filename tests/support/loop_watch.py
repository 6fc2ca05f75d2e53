"""A watch over an event loop: whether anything held it up.

async with LoopWatch() as loop:
    ...
assert loop.longest < 0.1
"""

import asyncio
import gc
import time
from typing import Self


class LoopWatch:
    """The longest, in seconds, that the loop was busy without letting anybody else have a turn.

    Counted in the loop's own processor time, so that what else runs on the machine does not count; nor does the
    collector, whose work depends on what the tests before have left.
    """

    def __init__(self) -> None:
        self.longest = 0.0

    async def _watch(self) -> None:
        before = time.thread_time()
        while True:
            await asyncio.sleep(0.001)
            now = time.thread_time()
            self.longest, before = max(self.longest, now - before), now

    async def __aenter__(self) -> Self:
        gc.disable()
        self._watching = asyncio.ensure_future(self._watch())
        await asyncio.sleep(0.01)
        self.longest = 0.0
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.sleep(0.01)
        self._watching.cancel()
        await asyncio.wait([self._watching])
        gc.enable()
