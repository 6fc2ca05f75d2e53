"""Ends the pauses that chats have set an end to, when it has come; what was held is sent by the deliveries."""

import asyncio
import logging
from collections.abc import Callable
from datetime import tzinfo

from bot.ports.clock import Clock
from bot.ports.store import StoreFailed
from bot.ports.telling import Telling

log = logging.getLogger(__name__)


class Pauses:
    """Until when each lasts stands in the store: after a crash it ends all the same, or is over at the start."""

    def __init__(self, telling: Telling, clock: Clock, zone: tzinfo, *, on_ended: Callable[[], None]) -> None:
        self._telling = telling
        self._clock = clock
        self._zone = zone
        self._on_ended = on_ended
        self._called = asyncio.Event()
        self._called.set()

    def call(self) -> None:
        """Time has passed: look whether a pause is over."""
        self._called.set()

    async def run(self) -> None:
        """Look at once and whenever called, until cancelled."""
        while True:
            await self._called.wait()
            self._called.clear()
            try:
                if await self._telling.end_pauses(self._zone, self._clock.now()):
                    self._on_ended()
            except StoreFailed as error:
                log.warning("No pause ends, the store fails: %s", error)
            except Exception:
                log.exception("Ending pauses failed in an unexpected way; it is tried again")
