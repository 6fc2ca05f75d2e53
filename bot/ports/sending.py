"""The platforms: sending to them, and taking turns there."""

from enum import IntEnum
from typing import Protocol

from bot.domain.chats import Address, Message, Outcome
from bot.domain.rich import Text


class Sender(Protocol):
    """One platform's way of sending."""

    async def send(self, address: Address, message: Message) -> Outcome:
        """Send a message; every failure is an outcome, no exception leaves but cancellation."""
        ...

    async def edit(self, address: Address, message_id: str, message: Message) -> Outcome:
        """Let a message that was sent say this from now on; `Sent` also where it says so already.

        `Missing` where it is not there any more. Neither its silence nor what it replies to can be changed.
        """
        ...

    def units(self, text: Text) -> int:
        """How much of what one message holds, which is 4,000 of these units, `text` takes with all its markup."""
        ...


class Urgency(IntEnum):
    """Who goes first when several want to send; the smaller the sooner."""

    ANSWER = 0
    ALERT = 1
    EDIT = 2


class Turns(Protocol):
    """The one limiter that everything sent to a platform passes."""

    async def turn(self, address: Address, urgency: Urgency) -> None:
        """Return when a message to this chat may be sent."""
        ...

    def hold(self, address: Address, seconds: float, *, everybody: bool | None = None) -> None:
        """Its platform asked for a pause of so many seconds: give this chat no turn, or nobody.

        Where it does not say of whom it asks that, that nobody gets one follows from how many chats it asks.
        """
        ...

    def lane(self, address: Address) -> Address:
        """What shares one chat's limits: chats with the same lane go one after the other."""
        ...

    def pause(self, address: Address) -> float:
        """Seconds until this chat's own limits allow another message."""
        ...

    def closed(self) -> float:
        """Seconds until anybody may be sent anything."""
        ...
