"""How often Discord lets a bot send, and ask in vain.

Source: Discord's documentation of its rate limits: 50 requests a second overall; 5 messages in 5 seconds in a channel,
as its headers say; 10,000 invalid requests (401, 403, 429) in ten minutes ban the address.
"""

from collections import deque
from typing import Final

from bot.domain.chats import Address
from bot.domain.pacing import Ceiling, Rate

# Less than 50: what is sent evenly arrives less so, and questions count too.
OVERALL: Final = Rate(1 / 42, tolerance=0.1, ceiling=Ceiling(44, 1.1))
QUESTIONS: Final = Rate(1 / 6, tolerance=1.0)
"""What is asked before something is sent, as whether a forum's post is there already."""

_CHANNEL: Final = Rate(0.05, tolerance=0.2, ceiling=Ceiling(5, 5.2))


def rates_of(address: Address) -> tuple[Rate, ...]:  # noqa: ARG001 - every channel has the same
    """The limits of one channel, besides the overall one."""
    return (_CHANNEL,)


def lane_of(address: Address) -> Address:
    """Which chats share their limits: none, each channel and thread has its own."""
    return address


class InvalidRequests:
    """How many requests Discord has refused of late; instants are any monotonic seconds."""

    def __init__(self, most: int = 1_000, seconds: float = 600.0) -> None:
        self._seconds = seconds
        self._last: deque[float] = deque(maxlen=most)

    def note(self, now: float) -> None:
        """Count one."""
        self._last.append(now)

    def closed(self, now: float) -> float:
        """Seconds until another may be risked."""
        if len(self._last) < (self._last.maxlen or 0):
            return 0.0
        return max(0.0, self._last[0] + self._seconds - now)
