"""What a front hands to the commands and gets back; the same for every platform."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Protocol

from bot.domain.chats import Address, Button, ChatKind
from bot.domain.rich import Text

MAX_DOCUMENT: Final = 5_000_000
"""Bytes of a file that is taken from a person."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file, as it is sent and received."""

    name: str
    content: bytes


class Files(Protocol):
    """Files of the machine that the person sits at, where that is this one."""

    async def load(self, name: str) -> Document:
        """Read a file.

        Raises:
            UserError: it cannot be read.
        """
        ...

    async def save(self, name: str, document: Document) -> str:
        """Write a file that is not there yet, under the document's own name where none is given; which it is.

        Raises:
            UserError: there is one already, or it cannot be written.
        """
        ...


@dataclass(frozen=True, slots=True)
class Caller:
    """Who says something, and where.

    `person` is the platform's name and the person's id ("telegram:123"), or None for one who is not named (an
    anonymous administrator, a channel's post). `may_change` asks the platform whether this person may change
    things in this chat; it is awaited only by commands that change something. `about` is the platform's id of the
    message that this is a reply to.

    `document` fetches the file that was sent along, or that this is a reply to; `UserError` where that fails. What is
    given to `progress` is shown while the answer takes its time: in one place, where the platform can. `files` is there
    at the local prompt only.
    """

    address: Address
    kind: ChatKind
    title: str
    person: str | None
    may_change: Callable[[], Awaitable[bool]]
    language: str | None = None
    about: str | None = None
    document: Callable[[], Awaitable[Document]] | None = None
    progress: Callable[[Text], Awaitable[None]] | None = None
    files: Files | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to a person, with its buttons in rows, and a file where one was asked for."""

    text: Text
    buttons: tuple[tuple[Button, ...], ...] = ()
    document: Document | None = None


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
