"""What a front hands to the commands and gets back; the same for every platform."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from bot.domain.chats import Address, Button, ChatKind
from bot.domain.errors import UserError
from bot.domain.hours import read_span
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
    """An answer to a person, with its buttons in rows, and a file where one was asked for.

    `for_one` says that it concerns nobody but who asked: a platform that can show it to that person alone does.
    """

    text: Text
    buttons: tuple[tuple[Button, ...], ...] = ()
    document: Document | None = None
    for_one: bool = False


class Kind(StrEnum):
    """What an option of a command is filled with, where a platform has forms for commands."""

    TEXT = "text"
    NUMBER = "number"  # a whole one, from 1
    TIME = "time"
    SPAN = "span"  # how long
    CHOICE = "choice"
    FILE = "file"  # it is no part of the line: it is the caller's document
    SOURCE = "source"  # a feed that is not followed yet: an address, or a name of the catalogue
    FEED = "feed"  # one that the chat follows
    FILTER = "filter"  # one of the chat's
    MUTE = "mute"  # one of the chat's
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Option:
    """A part of what follows a command's name; `what` says in a line what it is, in the menu's language."""

    name: str
    kind: Kind
    required: bool = False
    choices: tuple[str, ...] = ()
    what: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A command as the menu shows it.

    `what` says in a line what it does; `changes` that only some may use it; `for_one` that its answer concerns who
    asks; one that is not `listed` is known to those who need it.
    """

    name: str
    what: str
    options: tuple[Option, ...] = ()
    changes: bool = False
    for_one: bool = False
    listed: bool = True

    def line(self, given: Mapping[str, str]) -> str:
        """What is typed where there are no forms; `given` are the options' values by name.

        Raises:
            UserError: what stands in a field for a span is none: in a line, it would be more of what stands before it.
        """
        said = dict(given)
        for option in self.options:
            span = said.get(option.name, "")
            if option.kind is Kind.SPAN and span:
                if read_span(span) is None:
                    raise UserError("span-unknown", given=span[:40])
                said[option.name] = f"for {span}"
        parts = (said.get(option.name, "") for option in self.options if option.kind is not Kind.FILE)
        return " ".join([f"/{self.name}", *(part for part in parts if part)])


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What an option may be filled with: what a person reads, and what is put in."""

    label: str
    value: str


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

    async def left_all_but(self, platform: str, servers: Collection[str], why: str) -> None:
        """The bot is in these servers and in no other."""
        ...

    async def returned(self, address: Address) -> None:
        """The chat takes messages again: it unblocked the bot, or gave it its rights back."""
        ...

    async def may_have_returned(self, address: Address) -> None:
        """What the bot may do here has changed; without a topic, in any of them."""
        ...

    async def moved(self, address: Address, to: str) -> None:
        """This chat has another identifier on its platform now."""
        ...

    def menu(self, language: str | None = None) -> tuple[Entry, ...]:
        """Every command, in the order of the menu; in the instance's language unless one is named."""
        ...

    async def suggest(self, kind: Kind, typed: str, caller: Caller) -> Sequence[Suggestion]:
        """What an option of this kind may be filled with that begins as `typed` does, the likeliest first.

        Raises nothing.
        """
        ...
