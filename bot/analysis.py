"""A story's words, made without holding up the loop."""

import asyncio
from typing import Final

from bot.domain.filters import Analysis, texts
from bot.domain.stories import Entry

_LONG_TEXT: Final = 20_000  # characters from which they are made in a thread


async def analyse(entry: Entry) -> Analysis:
    """A story's words; a long one's are made in a thread, and the loop is let go between two short ones."""
    if sum(map(len, texts(entry).values())) > _LONG_TEXT:
        return await asyncio.to_thread(Analysis, entry)
    await asyncio.sleep(0)
    return Analysis(entry)
