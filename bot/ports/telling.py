"""When and how a chat wishes to be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Protocol

from bot.domain.hours import Quiet
from bot.domain.telling import Mode


@dataclass(frozen=True, slots=True)
class Mute:
    """What a chat does not want to be told, `since` and `until` when (None: for good), and how much that has discarded.

    `muted` counts events. `query` is a query as it prints, or "event:7" for an event; `name` what it is called where
    that says nothing.
    """

    mute_id: int
    number: int
    query: str
    name: str
    until: float | None
    muted: int = 0
    since: float = 0.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many alerts of a chat that it still asks for may go `now`, and how many its wishes hold for `later`."""

    now: int
    later: int


class Telling(Protocol):
    """When and how chats want to be told, and what not.

    What is held while such a wish changes is decided on anew.
    """

    async def waiting(self, chat_id: int, zone: tzinfo, now: float) -> Waiting:
        """What waits in a chat, were it not paused; `zone` is of chats that have not said theirs."""
        ...

    async def end_pauses(self, zone: tzinfo, now: float) -> bool:
        """End the pauses that last until now, each with a notice of what comes; whether there was one.

        `zone` is of chats that have not said theirs.
        """
        ...

    async def set_zone(self, chat_id: int, zone: str, now: float) -> None:
        """Have the chat's times be of this zone, by its IANA name."""
        ...

    async def set_quiet(self, chat_id: int, quiet: Quiet | None, now: float) -> None:
        """Let the chat be quiet in these hours, or in none."""
        ...

    async def set_digest(self, chat_id: int, minute: int | None, now: float) -> None:
        """Let the chat's digest come at this time of day, or never: then what was for it comes at once."""
        ...

    async def set_modes(self, chat_id: int, filter_ids: Sequence[int], mode: Mode, now: float) -> None:
        """Have these of the chat's filters tell so."""
        ...

    async def mute(self, chat_id: int, query: str, *, name: str, until: float | None, now: float) -> Mute:
        """Discard what this query matches and is made until then, whenever its turn comes.

        Where it is muted already, until another instant.
        """
        ...

    async def unmute(self, chat_id: int, mute_id: int) -> None:
        """Discard it no more."""
        ...

    async def mutes(self, chat_id: int, now: float) -> list[Mute]:
        """The chat's mutes that are in force, by number."""
        ...

    async def event(self, chat_id: int, event_id: int) -> tuple[str, float] | None:
        """How an event is headed of which the chat was alerted, and when it began; None where it was not."""
        ...
