"""The articles behind entries: from a link to a text, politely, and off the event loop.

    robots.txt -> a turn among the host's pages -> fetch -> words, quickly -> could they matter? -> the article

Who waits for a text, and what becomes of it, is not known here.
"""

import logging
from collections.abc import Awaitable, Callable
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from types import TracebackType
from typing import Final, Self, TypeVar

import httpx

from bot.domain.errors import FetchFailed, FetchKind
from bot.feeds import article
from bot.feeds.locks import Locks
from bot.feeds.robots import Disallowed, Robots
from bot.feeds.targets import host_of, port_of
from bot.feeds.web import GuardedWeb
from bot.feeds.worker import Worker
from bot.ports.clock import Clock
from bot.ports.web import Fetched, NoText, NoTextKind, PageText

log = logging.getLogger(__name__)

MAX_PAGE: Final = 3_000_000
"""Bytes of a page, on the way and decompressed."""

_MOST_DELAYED: Final = 10_000  # hosts whose last page is remembered
_LATER: Final = frozenset((408, 421, 425, 429))  # statuses below 500 that are said of now, not of the page
_FOR_GOOD: Final = {
    FetchKind.ADDRESS: NoTextKind.GONE,
    FetchKind.REDIRECTS: NoTextKind.GONE,
    FetchKind.TOO_LARGE: NoTextKind.TOO_LARGE,
}
_STATUSES: Final = {401: NoTextKind.LOGIN, 402: NoTextKind.PAYWALL, 403: NoTextKind.CHALLENGE}

Strip = Callable[..., str]
Extract = Callable[..., PageText | NoText]
Made = TypeVar("Made")


class FullText:
    """Implements `bot.ports.Pages`. The process starts when first needed and is kept; `aclose` ends it."""

    def __init__(
        self,
        web: GuardedWeb,
        clock: Clock,
        *,
        patience: float = 10,
        strip: Strip = article.strip,
        extract: Extract = article.extract,
    ) -> None:
        """Nothing starts yet.

        Args:
            web: it paces all requests to a host, feeds' and pages'.
            clock: for the delays that robots.txt ask for.
            patience: seconds that a page may take to be read, before the process that reads it is killed.
            strip: as in `bot.feeds.article`; must be importable in the process.
            extract: the same.
        """
        self._web = web
        self._clock = clock
        self._strip = strip
        self._extract = extract
        self._robots = Robots(web, clock)
        self._worker = Worker(patience)
        self._locks: Locks[tuple[str, int]] = Locks()
        self._free_at: dict[tuple[str, int], float] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """End the process; a page in hand is given up."""
        self._worker.close()

    async def text(self, url: str, could_matter: Callable[[str], Awaitable[bool]] | None = None) -> PageText | NoText:
        """Fetch an article's page, and read the article in it; see `bot.ports.Pages`.

        Raises:
            FetchFailed: it may be there another time.
        """
        try:
            fetched = await self._fetch(url)
        except Disallowed:
            return NoText(NoTextKind.ROBOTS)
        except FetchFailed as failure:
            kind = _for_good(failure)
            if kind is None:
                raise
            return NoText(kind)
        page = (fetched.body, fetched.content_type, fetched.url)
        if could_matter is not None:
            words = await self._read(partial(self._strip, *page))
            if isinstance(words, NoText):
                return words
            if words and not await could_matter(words):
                return NoText(NoTextKind.IRRELEVANT)
        return await self._read(partial(self._extract, *page))

    async def _read(self, job: Callable[[], Made]) -> Made | NoText:
        """Do it in the process.

        Raises:
            FetchFailed: the process ended meanwhile, which need not be this page's fault.
        """
        try:
            return await self._worker.run(job)
        except TimeoutError:
            return NoText(NoTextKind.TIMEOUT)
        except BrokenProcessPool:
            raise FetchFailed(FetchKind.CORRUPT, "the process that reads pages has ended") from None
        except Exception:
            log.exception("A page cannot be read")
            return NoText(NoTextKind.NO_ARTICLE)

    async def _fetch(self, url: str) -> Fetched:
        """Fetch a page in its turn.

        Raises:
            Disallowed: robots.txt asks us not to.
            FetchFailed: for whatever other reason.
        """
        try:
            target = httpx.URL(url.strip()).copy_with(fragment=None)
            host = host_of(target), port_of(target)
        except (httpx.InvalidURL, ValueError, TypeError):
            raise FetchFailed(FetchKind.ADDRESS, "not a URL") from None
        async with self._locks.of(host):
            await self._wait(str(target), host)
            answer = await self._web.get(url, max_body=MAX_PAGE, permit=self._robots.permit)
        assert isinstance(answer, Fetched), "nothing was sent that a server could call unchanged"
        return answer

    async def _wait(self, url: str, host: tuple[str, int]) -> None:
        """Wait for as long as the outlet wants between two pages."""
        delay = await self._robots.delay(url)
        if delay <= 0:
            return
        now = self._clock.now()
        wait = min(max(self._free_at.get(host, 0.0) - now, 0.0), delay)
        self._free_at.pop(host, None)
        self._free_at[host] = now + wait + delay
        if len(self._free_at) > _MOST_DELAYED:
            del self._free_at[next(iter(self._free_at))]
        if wait > 0:
            await self._clock.sleep(wait)


def _for_good(failure: FetchFailed) -> NoTextKind | None:
    """Why asking again would not help; None where it may."""
    if failure.kind in _FOR_GOOD:
        return _FOR_GOOD[failure.kind]
    if failure.kind != FetchKind.STATUS or failure.status is None:
        return None
    if failure.status in _LATER or failure.status >= 500:
        return None
    return _STATUSES.get(failure.status, NoTextKind.GONE)
