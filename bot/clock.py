"""The real clock: the one place where time comes in."""

import asyncio
import time


class SystemClock:
    """The `Clock` port."""

    def now(self) -> float:
        """See `bot.ports.Clock`."""
        return time.time()  # noqa: TID251 - this is the root that the rule speaks of

    async def sleep(self, seconds: float) -> None:
        """See `bot.ports.Clock`."""
        await asyncio.sleep(seconds)
