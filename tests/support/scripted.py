"""What a delivery deals with, on demand: a platform in moods, a limiter without limits, a database that is killed."""

from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path
from typing import NamedTuple, TypeVar

import sqlite_utils

from bot.domain.chats import Address, Gone, Message, Missing, Moved, Outcome, Rejected, Sent, Throttled, Unreachable
from bot.domain.rich import Text, text_units, to_plain
from bot.ports.outbox import Claimed
from storage import Database

T = TypeVar("T")

SENDING: ContextVar[Claimed | None] = ContextVar("what is being sent", default=None)


class Died(BaseException):
    """The process is killed here."""


class Fragile(Database):
    """A database whose process can die, or whose disk can fail, just before or just after a commit that is named."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.strike: Callable[[], None] | None = None
        self.after = 0
        self.committed = False

    def _connection(self, *, writable: bool) -> sqlite_utils.Database:
        db = super()._connection(writable=writable)
        db.execute("PRAGMA synchronous=OFF")  # who is killed loses nothing that the system has
        return db

    async def write(self, work: Callable[[sqlite_utils.Database], T]) -> T:
        self.after -= 1
        if self.strike is None or self.after >= 0:
            return await super().write(work)
        strike, self.strike = self.strike, None
        if self.committed:
            await super().write(work)
        strike()
        raise AssertionError("it strikes by raising")


class Taken(NamedTuple):
    """A message that the platform has taken: for what, where, and whether its answer was lost."""

    claimed: Claimed | None
    address: Address
    message_id: str
    silent: bool
    lost: bool


class Platform:
    """Takes messages, in the moods that its chats are put in; knows what it has taken, and what it could not tell.

    A mood, a move and a block are of a chat with all its topics; a topic can be closed by itself.
    """

    def __init__(self) -> None:
        self.moods: dict[str, str] = {}
        self.moved: dict[str, str] = {}
        self.blocked: set[str] = set()
        self.closed: set[tuple[str, str]] = set()
        self.knows_again = False  # by its key, what it has taken in a chat: it takes that once, as Discord does
        self.known: dict[tuple[Address, str], str] = {}
        self.messages: dict[str, str] = {}
        self.taken: list[Taken] = []
        self.number = 0

    async def send(self, address: Address, message: Message) -> Outcome:
        refused = self._refusal(address, message)
        if refused is not None:
            return refused
        if self.knows_again and (address, message.key) in self.known:
            return Sent(self.known[address, message.key])
        self.number += 1
        message_id = str(self.number)
        self.known[address, message.key] = message_id
        self.messages[message_id] = to_plain(message.text)
        lost = self._loses_the_answer(address)
        self.taken.append(Taken(SENDING.get(), address, message_id, message.silent, lost))
        return Unreachable("dropped", reached=True) if lost else Sent(message_id)

    async def edit(self, address: Address, message_id: str, message: Message) -> Outcome:
        refused = self._refusal(address, message)
        if refused is not None:
            return refused
        if message_id not in self.messages:
            return Missing()
        self.messages[message_id] = to_plain(message.text)
        return Unreachable("dropped", reached=True) if self._loses_the_answer(address) else Sent(message_id)

    def units(self, text: Text) -> int:
        return text_units(text)

    def _loses_the_answer(self, address: Address) -> bool:
        lost = self.moods.get(address.chat) == "takes and the answer is lost"
        if lost:
            self.moods[address.chat] = "takes"
        return lost

    def _refusal(self, address: Address, message: Message) -> Outcome | None:
        if address.chat in self.moved:
            return Moved(self.moved[address.chat])
        if address.chat in self.blocked:
            return Gone("blocked")
        if (address.chat, address.topic) in self.closed:
            return Gone("topic-closed")
        match self.moods.get(address.chat):
            case "floods":
                return Throttled(3)
            case "forbids it":
                return Gone("no-rights")
            case "is out":
                return Unreachable("refused")
            case "rejects" if not message.plain:
                return Rejected("odd")
            case "rejects plain too":
                return Rejected("odd")
        return None


class AtOnce:
    """A limiter that lets everything go."""

    async def turn(self, address: Address, urgency: object) -> None:
        """Now."""

    def hold(self, address: Address, seconds: float, *, everybody: bool | None = None) -> None:
        """Never."""

    def lane(self, address: Address) -> Address:
        """Its own."""
        return address

    def pause(self, address: Address) -> float:
        """None."""
        return 0.0

    def closed(self) -> float:
        """Never."""
        return 0.0
