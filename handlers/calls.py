"""What a front hands to the commands and gets back; the same for every platform."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from bot.domain.chats import Address, Button, ChatKind
from bot.domain.rich import Text


@dataclass(frozen=True, slots=True)
class Caller:
    """Who says something, and where.

    `person` is the platform's name and the person's id ("telegram:123"), or None for one who is not named (an
    anonymous administrator, a channel's post). `may_change` asks the platform whether this person may change
    things in this chat; it is awaited only by commands that change something. `about` is the platform's id of the
    message that this is a reply to.
    """

    address: Address
    kind: ChatKind
    title: str
    person: str | None
    may_change: Callable[[], Awaitable[bool]]
    language: str | None = None
    about: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to a person, with its buttons in rows."""

    text: Text
    buttons: tuple[tuple[Button, ...], ...] = ()


class Answering(Protocol):
    """What every front talks to."""

    async def answer(self, line: str, caller: Caller) -> Reply | None:
        """Answer what was said, a command or not; None where nothing is to be said. Raises nothing."""
        ...

    async def press(self, action: str, caller: Caller) -> Reply | None:
        """Do what the button with this action id says. Raises nothing."""
        ...

    async def joined(self, caller: Caller) -> Reply | None:
        """The bot was added to a group or channel, by this caller."""
        ...

    async def left(self, address: Address, why: str) -> None:
        """The bot was blocked, or removed from this chat."""
        ...

    async def returned(self, address: Address) -> None:
        """The chat takes messages again: it unblocked the bot, or gave it its rights back."""
        ...

    async def moved(self, address: Address, to: str) -> None:
        """This chat has another identifier on its platform now."""
        ...

    def menu(self) -> tuple[tuple[str, str], ...]:
        """Each command's name and its one-line description, in the order of the menu."""
        ...
