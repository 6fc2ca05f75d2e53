"""What the followers of a feed in trouble are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.chats import Address
from bot.domain.delivery import Decision
from bot.domain.notices import Notice, Patient, Silence


@dataclass(frozen=True, slots=True)
class DueNotice:
    """A notice that is to be sent; `attempts` counts the tries before this one, `zone` is the chat's, as in `Chat`."""

    notice_id: int
    address: Address
    notice: Notice
    attempts: int
    plain: bool
    zone: str = ""


class Notices(Protocol):
    """What chats are told besides alerts."""

    async def patients(self, now: float) -> list[Patient]:
        """Followed feeds that are not well, or of which somebody was told that they are not."""
        ...

    async def silences(self, now: float) -> list[tuple[int, Silence]]:
        """Filters that have brought nothing for long and were not pointed out yet, each with its chat.

        Chats that are paused or gone are told of theirs when they are not.
        """
        ...

    async def tell(self, notices: Sequence[Notice], now: float) -> None:
        """Let these be sent, and remember that they were told."""
        ...

    async def due(self, platform: str, now: float, limit: int) -> list[DueNotice]:
        """Notices whose time has come, of chats that take messages, and are neither paused nor in their quiet hours."""
        ...

    async def settle(self, notice_id: int, decision: Decision) -> None:
        """Store what became of a try: a notice that was sent, or cannot be, goes."""
        ...
