"""The straight line's second look: a story whose feed carries only its lead is matched once more on its article.

    due pages | fetch | could it matter to anyone? | read | match   -> commit 2 again

What matched on the feed's own text was alerted before, and is not waited for. What is due stands in the store with the
story, so that a crash loses no page.
"""

import asyncio
import logging
from collections.abc import Callable
from random import Random
from typing import Final

from bot.analysis import Analyst
from bot.domain.errors import FetchFailed
from bot.domain.filters import Analysis, FilterIndex
from bot.domain.pages import Exempt, next_try
from bot.domain.urls import logged, site
from bot.ports.clock import Clock
from bot.ports.store import StoreFailed
from bot.ports.stories import DuePage, Stories
from bot.ports.web import NoText, Pages

log = logging.getLogger(__name__)

_AT_ONCE: Final = 8
_LOOKED_AT: Final = 200  # due pages among which those are chosen whose hosts are free
_STORE_PAUSE: Final = 1.0


class Articles:
    """From due pages to commit 2; a slow host holds up no other."""

    def __init__(
        self,
        stories: Stories,
        pages: Pages,
        index: FilterIndex,
        analyst: Analyst,
        clock: Clock,
        random: Random,
        *,
        exempt: Exempt,
        on_alerts: Callable[[], None],
    ) -> None:
        """What is `exempt` is not read, though it was to be when it was stored."""
        self._exempt = exempt
        self._stories = stories
        self._pages = pages
        self._index = index
        self._analyst = analyst
        self._clock = clock
        self._random = random
        self._on_alerts = on_alerts
        self._in_hand: dict[int, str] = {}
        self._called = asyncio.Event()

    def call(self) -> None:
        """Time has passed, or a story wants its page: look what is due."""
        self._called.set()

    async def run(self) -> None:
        """Read what is due whenever called, until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                await self._called.wait()
                self._called.clear()
                for due in await self._due():
                    group.create_task(self._read_in_hand(due))

    async def _due(self) -> list[DuePage]:
        """Pages to read now, one of a host, which are in hand from here on."""
        try:
            due = await self._stories.due_pages(self._clock.now(), _LOOKED_AT)
        except StoreFailed as error:
            log.error("Articles wait, the store fails: %s", error)
            return []
        chosen = []
        for page in due:
            host = site(page.url)
            if len(self._in_hand) >= _AT_ONCE:
                break
            if page.story.story_id not in self._in_hand and host not in self._in_hand.values():
                self._in_hand[page.story.story_id] = host
                chosen.append(page)
        return chosen

    async def _read_in_hand(self, due: DuePage) -> None:
        try:
            await self.read(due)
        except StoreFailed as error:
            log.error("The article of story %d is read again, the store fails: %s", due.story.story_id, error)
            await self._clock.sleep(_STORE_PAUSE)
        except Exception:
            log.exception("The article of story %d cannot be read", due.story.story_id)
            await self._failed(due, "unexpected")
        finally:
            del self._in_hand[due.story.story_id]
            self._called.set()

    async def read(self, due: DuePage) -> None:
        """Fetch an article and match its story once more, or note why there is none.

        Raises:
            StoreFailed: the page stays due.
        """
        if self._exempt.covers(due.story.feed_url, due.url):
            await self._stories.page_failed(due, why="off", due_at=None)
            return
        known = frozenset(match.query for match in self._index.match(await self._analyse(due, "")))

        async def could_matter(words: str) -> bool:
            found = self._index.match(await self._analyse(due, words))
            return any(match.query not in known for match in found)

        try:
            answer = await self._pages.text(due.url, could_matter)
        except FetchFailed as failure:
            await self._failed(due, str(failure.kind), failure.retry_after)
            return
        if isinstance(answer, NoText):
            log.debug("No article at %s: %s", logged(due.url), answer.kind)
            await self._stories.page_failed(due, why=answer.kind, due_at=None)
            return
        analysis = await self._analyse(due, answer.text)
        alerts = await self._stories.page_read(
            due,
            text=answer.text,
            words=self._analyst.words(analysis),
            matches=self._index.match(analysis),
            now=self._clock.now(),
        )
        if alerts:
            self._on_alerts()

    async def _analyse(self, due: DuePage, page: str) -> Analysis:
        story = due.story
        return await self._analyst.analyse(story.entry, outlet=story.outlet, feed_url=story.feed_url, page=page)

    async def _failed(self, due: DuePage, why: str, retry_after: float | None = None) -> None:
        due_at = next_try(due.attempts + 1, self._clock.now(), self._random, retry_after=retry_after)
        await self._stories.page_failed(due, why=why, due_at=due_at)
