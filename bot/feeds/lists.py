"""Lists of feeds, fetched, read and written, off the event loop."""

import asyncio

from bot.domain.lists import FeedList
from bot.feeds.opml import read_list, write_list
from bot.ports.web import Fetched, Web


class Outlines:
    """The `Lists` port, in OPML."""

    def __init__(self, web: Web) -> None:
        self._web = web

    async def fetch(self, url: str) -> bytes:
        """See `bot.ports.Lists`."""
        answer = await self._web.get(url)
        assert isinstance(answer, Fetched), "nothing was sent that a server could call unchanged"
        return answer.body

    async def read(self, document: bytes) -> FeedList:
        """See `bot.ports.Lists`."""
        return await asyncio.to_thread(read_list, document)

    async def write(self, feeds: FeedList) -> bytes:
        """See `bot.ports.Lists`."""
        return await asyncio.to_thread(write_list, feeds)
