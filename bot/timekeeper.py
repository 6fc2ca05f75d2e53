"""Watches the clock: where it was set, what is stored of time is made to fit it, and the log says so.

A machine that slept looks the same as a clock that was set forward. It does not judge which clock is right.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from bot.ports.clock import Clock
from bot.ports.outbox import Instants
from bot.ports.store import StoreFailed

log = logging.getLogger(__name__)

_LOOK: Final = 2.0  # seconds between two looks
_SLACK: Final = 5.0  # seconds that a clock may be put right by, or run apart, without a word


class Timekeeper:
    """Compares the clock with the loop's monotonic seconds, which nobody can set."""

    def __init__(self, instants: Instants, clock: Clock, *, on_set: Callable[[], None]) -> None:
        self._instants = instants
        self._clock = clock
        self._on_set = on_set

    async def run(self) -> None:
        """Watch until cancelled."""
        await self._since_the_last_run()
        apart = self._apart()
        while True:
            await self._clock.sleep(_LOOK)
            by = self._apart() - apart
            if abs(by) > _SLACK:
                direction = "forward (or the machine slept)" if by > 0 else "back"
                log.warning("The clock was set %s by %.0f s", direction, abs(by))
                await self._fit(by)
                apart += by

    def _apart(self) -> float:
        return self._clock.now() - asyncio.get_running_loop().time()

    async def _since_the_last_run(self) -> None:
        while True:
            try:
                latest = await self._instants.latest()
                break
            except StoreFailed as error:
                log.error("The clock is not compared with what is stored, the store fails: %s", error)
                await self._clock.sleep(_LOOK)
        by = self._clock.now() - latest if latest is not None else 0.0
        if by < -_SLACK:
            log.warning("The clock is %.0f s behind what is stored: it ran ahead then, or is wrong now", -by)
            await self._fit(by)

    async def _fit(self, by: float) -> None:
        while True:
            try:
                await self._instants.clock_was_set(by, now=self._clock.now())
                break
            except StoreFailed as error:
                log.error("What is stored does not fit the clock yet, the store fails: %s", error)
                await self._clock.sleep(_LOOK)
        self._on_set()
