"""Time, as the core asks for it."""

from typing import Protocol


class Clock(Protocol):
    """Time, which comes in at the root."""

    def now(self) -> float:
        """Unix seconds (UTC)."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds`."""
        ...
