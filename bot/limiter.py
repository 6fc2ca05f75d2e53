"""The one limiter that everything sent to a platform passes: answers to people first, then alerts, then edits."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from bot.domain.chats import Address
from bot.domain.pacing import Floods, Gcra, Rate
from bot.ports.sending import Urgency

log = logging.getLogger(__name__)

# Chats whose limits are all free again are forgotten once so many are kept.
_KEPT: Final = 1_000


@dataclass(order=True, slots=True)
class _Waiter:
    urgency: Urgency
    number: int
    address: Address = field(compare=False)
    turn: asyncio.Future[None] = field(compare=False)


class Limiter:
    """The `Turns` port: one overall rate, and for each chat the rates that `rates_of` names.

    `lane_of` says which chats share these, where any do: those of one lane.

    Counts in the loop's monotonic seconds, so that a clock that is set never opens or shuts it. Who waits for a chat
    of its own does not hold up the others.
    """

    def __init__(
        self,
        overall: Rate,
        rates_of: Callable[[Address], tuple[Rate, ...]],
        lane_of: Callable[[Address], Address] = lambda address: address,
    ) -> None:
        self._overall = Gcra(overall)
        self._floods = Floods()
        self._rates_of = rates_of
        self._lane_of = lane_of
        self._chats: dict[Address, tuple[Gcra, ...]] = {}
        self._waiting: list[_Waiter] = []
        self._number = 0
        self._timer: asyncio.TimerHandle | None = None

    async def turn(self, address: Address, urgency: Urgency) -> None:
        """See `bot.ports.Turns`."""
        loop = asyncio.get_running_loop()
        self._number += 1
        waiter = _Waiter(urgency, self._number, address, loop.create_future())
        self._waiting.append(waiter)
        self._serve()
        try:
            await waiter.turn
        finally:
            if waiter in self._waiting:
                self._waiting.remove(waiter)

    def hold(self, address: Address, seconds: float, *, everybody: bool | None = None) -> None:
        """See `bot.ports.Turns`."""
        now = asyncio.get_running_loop().time()
        for limit in self._limits(address):
            limit.hold(now + seconds)
        if everybody is None:
            everybody = self._floods.refused(str(self._lane_of(address)), now)
        if everybody:
            log.warning("%s is sent too much: nothing is sent for %g s", address.platform, seconds)
            self._overall.hold(now + seconds)

    def lane(self, address: Address) -> Address:
        """See `bot.ports.Turns`."""
        return self._lane_of(address)

    def pause(self, address: Address) -> float:
        """See `bot.ports.Turns`."""
        now = asyncio.get_running_loop().time()
        return max([0.0, *(limit.free_at() - now for limit in self._limits(address))])

    def closed(self) -> float:
        """See `bot.ports.Turns`."""
        return max(0.0, self._overall.free_at() - asyncio.get_running_loop().time())

    def _serve(self) -> None:
        """Give turns to all who may go now, and come back when the next one may."""
        loop = asyncio.get_running_loop()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._waiting:
            now = loop.time()
            if self._overall.free_at() > now:  # nobody may go: with many waiting, asking each of them would be slow
                self._timer = loop.call_at(self._overall.free_at(), self._serve)
                return
            free_at, chosen = min((max(now, self._free_at(waiter.address)), waiter) for waiter in self._waiting)
            if free_at > now:
                self._timer = loop.call_at(free_at, self._serve)
                return
            self._waiting.remove(chosen)
            if chosen.turn.done():
                continue
            self._overall.take(now)
            self._floods.sent(now)
            for limit in self._limits(chosen.address):
                limit.take(now)
            chosen.turn.set_result(None)

    def _free_at(self, address: Address) -> float:
        return max((limit.free_at() for limit in self._limits(address)), default=0.0)

    def _limits(self, address: Address) -> tuple[Gcra, ...]:
        address = self._lane_of(address)
        limits = self._chats.get(address)
        if limits is None:
            if len(self._chats) >= _KEPT:
                self._forget()
            limits = self._chats[address] = tuple(Gcra(rate) for rate in self._rates_of(address))
        return limits

    def _forget(self) -> None:
        now = asyncio.get_running_loop().time()
        self._chats = {
            address: limits for address, limits in self._chats.items() if any(limit.ahead(now) for limit in limits)
        }
