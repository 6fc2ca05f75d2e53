"""Parsing off the event loop: the fast parser in a thread, the tolerant one in a process that can be killed.

Parsers hold the interpreter's lock for as long as they work, and there are documents over which they work for very
long: feedparser over many, the fast one over large ones only. In a process of its own such work delays nobody, and
there is an end to it.
"""

from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Self

from bot.domain.errors import NotAFeed
from bot.domain.stories import FeedDocument
from bot.feeds.parse import Reading, choose, parse_fast, parse_tolerant
from bot.feeds.threads import Threads
from bot.feeds.worker import Worker

Parser = Callable[..., Reading]

_LARGE = 1_000_000  # bytes of a document that even the fast parser reads in the process only
_LAST_MOMENT = 1.0  # seconds that closing gives the threads


class FeedReader:
    """Implements `bot.ports.Reader`. Threads and the process start when first needed; `aclose` ends them."""

    def __init__(self, *, patience: float = 20, fast: Parser = parse_fast, tolerant: Parser = parse_tolerant) -> None:
        """Nothing starts yet.

        Args:
            patience: seconds that a parser in the process may take over one document, before the process is killed.
            fast: the function that is asked first, in a thread or, for a large document, in the process.
            tolerant: the function that is asked next, in the process. Both must be importable there.
        """
        self._fast = fast
        self._tolerant = tolerant
        self._threads = Threads(2, "parse")
        self._worker = Worker(patience)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """End the process, and the threads unless one hangs; a document in hand is given up."""
        self._worker.close()
        await self._threads.aclose(_LAST_MOMENT)

    async def read(self, body: bytes, *, content_type: str = "", url: str = "") -> FeedDocument:
        """Parse a feed; `url` resolves relative links.

        Raises:
            NotAFeed: the bytes are no feed, or both parsers failed; no other exception leaves.
        """
        fast, tolerant = (
            partial(parser, body, content_type=content_type, url=url) for parser in (self._fast, self._tolerant)
        )
        try:
            first = await (self._worker.run(fast) if len(body) > _LARGE else self._threads.run(fast))
        except NotAFeed:
            raise
        except TimeoutError:
            raise NotAFeed("unknown") from None  # the tolerant parser would take longer still
        except Exception:  # noqa: BLE001 - whatever trips the fast parser up, the tolerant one is still to be asked
            first = Reading(None)
        if first.settled:
            return choose(first, first)
        try:
            second = await self._worker.run(tolerant)
        except Exception:  # noqa: BLE001 - the same, and the fast parser's reading is still there
            second = Reading(None)
        return choose(first, second)
