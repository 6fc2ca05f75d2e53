"""Chats, who speaks in them, and what is said to them; platforms are told apart by name only."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.rich import Text


class ChatKind(StrEnum):
    """What sort of place a chat is: it decides who may change things there."""

    PRIVATE = "private"
    GROUP = "group"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a chat is: the platform, its identifier there, and the forum topic, which is part of its identity."""

    platform: str
    chat: str
    topic: str = ""

    def __str__(self) -> str:
        return ":".join(part for part in (self.platform, self.chat, self.topic) if part)


@dataclass(frozen=True, slots=True)
class Button:
    """A choice under a message; `action` is the short id of a stored action (at most 64 bytes)."""

    label: str
    action: str


@dataclass(frozen=True, slots=True)
class Card:
    """An alert taken apart, for platforms that show the parts each in its place.

    `notes` say why it comes now and not earlier; `published` is in Unix seconds, `image` an absolute URL as its feed
    has it. `also` is a heading, and the others that report it under it; `filters` are the queries that asked for it.
    """

    title: Text
    url: str | None = None
    outlet: str = ""
    language: str = ""
    published: float | None = None
    notes: Text = ()
    summary: Text = ()
    why: Text = ()
    also: tuple[str, str] | None = None
    image: str | None = None
    filters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """What is said to a chat; `buttons` are rows, `reply_to` the platform's id of an earlier message.

    `plain` asks for the characters alone, with no formatting, and the addresses of its links written out: the second
    try of what a platform rejected. `card` says what `text` says. `key`, of at most 25 characters, tells what is sent
    from all else and is the same at each try, so that a platform which knows it takes it once. `fresh` says that no
    earlier process can have tried to send it.
    """

    text: Text
    buttons: tuple[tuple[Button, ...], ...] = ()
    reply_to: str | None = None
    silent: bool = False
    plain: bool = False
    card: Card | None = None
    key: str = ""
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform took the message; `message_id` is its id there.

    `pause` is for how many seconds it wants nothing more in this chat.
    """

    message_id: str
    pause: float = 0.0


@dataclass(frozen=True, slots=True)
class Gone:
    """The chat takes nothing from us any more: blocked, kicked, deleted, rights taken."""

    why: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat has another identifier now (a group that became a supergroup)."""

    to: str


@dataclass(frozen=True, slots=True)
class Throttled:
    """The platform asks for a pause of so many seconds: of this chat, of `everybody`, or it does not say of whom."""

    seconds: float
    everybody: bool | None = None


@dataclass(frozen=True, slots=True)
class Unreachable:
    """No answer that can be relied on: network, time-out, the platform's own failure.

    `reached` says that the platform may have had the request, and so the message may have arrived.
    """

    why: str
    reached: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """The message that was to be edited is not there any more, or may not be edited."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """The platform will not take this content."""

    why: str


Outcome = Sent | Gone | Moved | Throttled | Unreachable | Missing | Rejected
