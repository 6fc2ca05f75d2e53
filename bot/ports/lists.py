"""Lists of feeds, as outlines hold them."""

from typing import Protocol

from bot.domain.lists import FeedList


class Lists(Protocol):
    """Lists of feeds, as people bring them along and take them away."""

    async def fetch(self, url: str) -> bytes:
        """The document at an address.

        Raises:
            FetchFailed: it cannot be fetched.
        """
        ...

    async def read(self, document: bytes) -> FeedList:
        """The feeds of a list.

        Raises:
            NotAnOutlineError: it is none.
        """
        ...

    async def write(self, feeds: FeedList) -> bytes:
        """The list as a document."""
        ...
