"""What outlets' robots.txt ask of us (RFC 9309), fetched through the guarded web and remembered for a day.

Only asked for pages: a feed is published for readers like us, and is not looked up here.
"""

import asyncio
import re
from dataclasses import dataclass
from typing import Final

import httpx
from protego import Protego

from bot.domain.errors import FetchFailed, FetchKind
from bot.feeds.locks import Locks
from bot.feeds.targets import origin_of
from bot.feeds.web import PRODUCT, GuardedWeb
from bot.ports.clock import Clock
from bot.ports.web import Fetched

LONGEST_DELAY: Final = 30.0
"""Seconds of a `Crawl-delay` that are honoured: news that came hours late would be none."""

_MAX_BODY: Final = 500_000  # bytes; RFC 9309 asks for 500 KiB at least
_DAY: Final = 86_400.0
_AGAIN: Final = 600.0  # seconds until a server that could not say is asked again
_STALE: Final = 7 * _DAY  # for how long what a server said last stands in while it cannot say
_MOST: Final = 1_000  # origins that are remembered
_MOST_CHARACTERS: Final = 2_000_000  # of robots.txt, all origins together
_SHORT: Final = 20_000  # characters that are read on the loop, in a few milliseconds
_OTHERS: Final = re.compile(
    rf"^[^\S\r\n]*user[ -]?agent(?![^\r\n]*(?:\*|{PRODUCT}))[^\r\n]*", re.IGNORECASE | re.MULTILINE
)


class Disallowed(Exception):
    """An outlet's robots.txt asks us not to fetch this."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of an origin: its rules, read at `at` (None where none could be), and why they could not be."""

    at: float
    until: float
    size: int = 0
    rules: Protego | None = None
    failure: FetchFailed | None = None


class Robots:
    """Asked before each page; use it in one event loop."""

    def __init__(self, web: GuardedWeb, clock: Clock) -> None:
        self._web = web
        self._clock = clock
        self._known: dict[tuple[str, str, int], _Known] = {}
        self._size = 0
        self._locks: Locks[tuple[str, str, int]] = Locks()

    def __len__(self) -> int:
        return len(self._known)

    async def permit(self, url: str) -> None:
        """Return if we may fetch this.

        Raises:
            Disallowed: we may not.
            FetchFailed: the server could not say, which counts as "no" for a while: `retry_after`.
        """
        known = await self._of(url)
        if known.failure is not None:
            left = max(known.until - self._clock.now(), 1.0)
            failure = known.failure
            raise FetchFailed(failure.kind, f"robots.txt: {failure.detail}", status=failure.status, retry_after=left)
        if known.rules is None:
            return
        ask = (url, PRODUCT)
        if known.size <= _SHORT:
            allowed = known.rules.can_fetch(*ask)
        else:
            allowed = await asyncio.to_thread(known.rules.can_fetch, *ask)
        if not allowed:
            raise Disallowed(url)

    async def delay(self, url: str) -> float:
        """Seconds that the outlet wants between two requests, within reason; 0 where it does not say."""
        rules = (await self._of(url)).rules
        return min((rules.crawl_delay(PRODUCT) if rules else None) or 0.0, LONGEST_DELAY)

    async def _of(self, url: str) -> _Known:
        target = httpx.URL(url)
        origin = origin_of(target)
        async with self._locks.of(origin):
            known = self._known.get(origin)
            now = self._clock.now()
            # Not from the future either: a clock that is set back must not make a day a year.
            if known is None or not known.at <= now < known.until:
                known = await self._ask(str(target.copy_with(raw_path=b"/robots.txt", fragment=None)), known)
                self._remember(origin, known)
        return known

    async def _ask(self, url: str, before: _Known | None) -> _Known:
        """Fetch a robots.txt, and say how long what came of it holds."""
        try:
            answer = await self._web.get(url, max_body=_MAX_BODY, cut=True)
        except FetchFailed as failure:
            now = self._clock.now()
            if _is_no_answer(failure):
                until = now + min(max(failure.retry_after or _AGAIN, 1.0), _DAY)
                if before is not None and before.failure is None and 0 <= now - before.at < _STALE:
                    return _Known(before.at, until, before.size, before.rules)
                return _Known(now, until, failure=failure)
            return _Known(now, now + _DAY)
        now = self._clock.now()
        assert isinstance(answer, Fetched), "nothing was sent that a server could call unchanged"
        text = answer.body.decode("utf-8-sig", "replace")
        rules = await asyncio.to_thread(_read, text) if len(text) > _SHORT else _read(text)
        return _Known(now, now + _DAY, len(text), rules)

    def _remember(self, origin: tuple[str, str, int], known: _Known) -> None:
        """Keep it, and forget those that were learned longest ago where there are too many."""
        self._forget(origin)
        self._known[origin] = known
        self._size += known.size
        while len(self._known) > _MOST or (self._size > _MOST_CHARACTERS and len(self._known) > 1):
            self._forget(next(iter(self._known)))

    def _forget(self, origin: tuple[str, str, int]) -> None:
        known = self._known.pop(origin, None)
        self._size -= known.size if known else 0


def _is_no_answer(failure: FetchFailed) -> bool:
    """Whether a server could not say, rather than that there is nothing to say (RFC 9309, section 2.3.1)."""
    if failure.kind == FetchKind.STATUS:
        return failure.status is None or failure.status >= 500 or failure.status == 429
    return failure.kind not in (FetchKind.REDIRECTS, FetchKind.ADDRESS)


def _read(text: str) -> Protego:
    # Groups for others are given one name: the library takes quadratic time over thousands of different ones.
    return Protego.parse(_OTHERS.sub("User-agent: others", text))
