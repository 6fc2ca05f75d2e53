"""What the feeds of one host share: their turns, and the times in which it is left alone.

A host is a name and a port here: a port is a server of its own, and an address with a wrong port, which anybody may
follow, must not hold up what is read at the right one. Nothing is dialled here.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.domain.errors import FetchFailed, FetchKind
from bot.ports.clock import Clock

AT_ONCE = 2  # requests to one host
MOST_HOSTS = 10_000

_DAY = 86_400.0
_REFUSED, _REFUSED_LONGEST = 60.0, 3_600.0
_DOWN, _DOWN_LONGEST = 15.0, 300.0
_FAILURES_BORNE = 2
_BLAMED = frozenset((FetchKind.DNS, FetchKind.CONNECT, FetchKind.TLS, FetchKind.TIMEOUT))


@dataclass(slots=True)
class _Hold:
    """A time in which a host is left alone, up to `until` on the clock, and how many reasons in a row led to it."""

    until: float = 0.0
    seconds: float = 0.0
    in_a_row: int = 0

    def left(self, now: float) -> float:
        if self.until - now > self.seconds:  # the clock was set back
            self.until = now + self.seconds
        return max(0.0, self.until - now)

    def extend(self, now: float, seconds: float) -> None:
        if seconds > self.left(now):
            self.until, self.seconds = now + seconds, seconds


@dataclass(slots=True)
class Host:
    """What is known of one host, told by those whose turn it is; times on the clock."""

    free_at: float = 0.0
    users: int = 0
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _refusals: _Hold = field(default_factory=_Hold)
    _failures: _Hold = field(default_factory=_Hold)

    def answered(self, status: int, retry_after: float | None, now: float) -> None:
        """The host sent an answer, with `Retry-After` in seconds if it had one."""
        self._failures = _Hold()
        refusals = self._refusals
        if status == 429:
            if not refusals.in_a_row or not refusals.left(now):  # else it was on its way when the host was held
                refusals.in_a_row += 1
            doubled = min(_REFUSED * 2.0 ** min(refusals.in_a_row - 1, 10), _REFUSED_LONGEST)
            refusals.extend(now, min(retry_after or doubled, _DAY))
            return
        refusals.in_a_row = 0
        if status == 503 and retry_after:
            refusals.extend(now, min(retry_after, _DAY))

    def failed(self, kind: FetchKind, now: float) -> None:
        """No answer came; a name, a connection or a silence is the host's fault as a whole."""
        failures = self._failures
        if kind not in _BLAMED or failures.left(now):
            return
        failures.in_a_row += 1
        if failures.in_a_row > _FAILURES_BORNE:
            doublings = min(failures.in_a_row - _FAILURES_BORNE - 1, 10)
            failures.extend(now, min(_DOWN * 2.0**doublings, _DOWN_LONGEST))

    def check(self, now: float) -> None:
        """Refuse a request to a host that is held.

        Raises:
            FetchFailed: it is, for `retry_after` seconds.
        """
        for hold, why in ((self._refusals, "the host asked to be left alone"), (self._failures, "the host is down")):
            if (left := hold.left(now)) > 0:
                raise FetchFailed(FetchKind.HELD, why, retry_after=left)


class Hosts:
    """All hosts that were asked lately; the longest unused are forgotten where there are too many."""

    def __init__(self, clock: Clock, interval: float) -> None:
        """`interval` is the seconds between the starts of two requests to one host; 0 turns it off."""
        self._clock = clock
        self._interval = interval
        self._hosts: dict[tuple[str, int], Host] = {}

    def __len__(self) -> int:
        return len(self._hosts)

    @asynccontextmanager
    async def turn(self, name: str, port: int) -> AsyncIterator[Host]:
        """Wait for a turn at a host.

        Raises:
            FetchFailed: it is held; nothing may be dialled.
        """
        host = self._host(name.removesuffix("."), port)
        host.users += 1
        try:
            async with host.slots:
                await self._pace(host)
                yield host
        finally:
            host.users -= 1

    async def _pace(self, host: Host) -> None:
        now = self._clock.now()
        host.check(now)  # those before us may have learned something
        if self._interval <= 0:
            return
        # Bounded, because a clock that is set back must not hold a host up.
        wait = min(max(0.0, host.free_at - now), self._interval * host.users)
        host.free_at = now + wait + self._interval
        if wait > 0:
            await self._clock.sleep(wait)
            host.check(self._clock.now())

    def _host(self, name: str, port: int) -> Host:
        host = self._hosts.pop((name, port), None) or Host()
        self._hosts[name, port] = host  # the last one used is the last in the dict
        if len(self._hosts) > MOST_HOSTS:
            idle = [key for key, known in self._hosts.items() if not known.users and known is not host]
            for key in idle[: MOST_HOSTS // 4]:
                del self._hosts[key]
        return host
