"""From an update of Telegram's to what happened, or None where it does not concern us; pure, it asks nothing."""

import re
from dataclasses import dataclass

from bot.domain.chats import Address, ChatKind
from handlers.on_telegram.raw import Json
from handlers.on_telegram.sender import PLATFORM

ALLOWED = ["message", "channel_post", "callback_query", "my_chat_member"]
"""The kinds of updates that are asked for; edited messages are none of them."""

_KINDS = {"private": ChatKind.PRIVATE, "channel": ChatKind.CHANNEL}
_COMMAND = re.compile(r"/\w{1,32}(?:@(?P<bot>\w+))?(?=\s|$)", re.ASCII)
_OUT = frozenset({"left", "kicked"})


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who acts, and where; `may_change` None: Telegram has to be asked about `user`."""

    address: Address
    kind: ChatKind
    title: str
    person: str | None
    language: str | None
    user: int | None
    may_change: bool | None


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that somebody sent; `size` in bytes, where Telegram says it."""

    file_id: str
    name: str
    size: int | None


@dataclass(frozen=True, slots=True)
class Said:
    """A line meant for us; `message_id` is where an answer in a group points, `about` what it replies to.

    `document` is the file that was sent along, or that it replies to.
    """

    line: str
    speaker: Speaker
    message_id: str
    about: str | None = None
    document: SentFile | None = None

    @property
    def address(self) -> Address:
        """The chat that it belongs to."""
        return self.speaker.address


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button pressed; Telegram wants `callback_id` answered."""

    action: str
    speaker: Speaker
    callback_id: str

    @property
    def address(self) -> Address:
        """The chat that it belongs to."""
        return self.speaker.address


@dataclass(frozen=True, slots=True)
class Joined:
    """The bot was added to a group or a channel."""

    speaker: Speaker

    @property
    def address(self) -> Address:
        """The chat that it belongs to."""
        return self.speaker.address


@dataclass(frozen=True, slots=True)
class Left:
    """The bot was blocked or removed."""

    address: Address
    why: str


@dataclass(frozen=True, slots=True)
class Returned:
    """What takes messages may do so again: the bot was unblocked, got its rights back, or a topic was reopened."""

    address: Address


@dataclass(frozen=True, slots=True)
class Migrated:
    """A group became a supergroup; `address` is the old one."""

    address: Address
    to: str


Happening = Said | Pressed | Joined | Left | Returned | Migrated


def read(update: Json, username: str) -> Happening | None:
    """What an update says, for the bot of this name.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: it has not the shape of an update.
    """
    match update:
        case {"message": message}:
            return _message(message, username)
        case {"channel_post": post}:
            # It names nobody, but only a channel's administrators can write one.
            return _said(post, _speaker(post["chat"], None, may_change=True), username)
        case {"callback_query": query}:
            return _pressed(query)
        case {"my_chat_member": change}:
            return _membership(change)
    return None


def _message(message: Json, username: str) -> Happening | None:
    here = _identifier(message["chat"])
    if to := message.get("migrate_to_chat_id"):
        return Migrated(Address(PLATFORM, here), str(int(to)))
    if old := message.get("migrate_from_chat_id"):
        return Migrated(Address(PLATFORM, str(int(old))), here)
    if message.get("is_automatic_forward"):
        return None
    topic = _topic(message)
    if "forum_topic_reopened" in message:
        return Returned(Address(PLATFORM, here, topic))
    if as_chat := message.get("sender_chat"):
        # As a chat, not as a person: as the group itself (an anonymous administrator), or as some channel.
        anonymous_admin = _identifier(as_chat) == here
        return _said(message, _speaker(message["chat"], None, topic=topic, may_change=anonymous_admin), username)
    user = message.get("from")
    if user is None or user["is_bot"]:
        return None
    return _said(message, _speaker(message["chat"], user, topic=topic), username)


def _said(message: Json, speaker: Speaker, username: str) -> Said | None:
    line = message.get("text") or message.get("caption")
    about = message.get("reply_to_message")
    document = _file(message) or (_file(about) if about else None)
    if not line and document is not None and document.name.lower().endswith(".opml"):
        line = "/import" if speaker.kind is ChatKind.PRIVATE else None  # nothing else can be meant
    if not line:
        return None
    command = _COMMAND.match(line)
    if command is None and speaker.kind is not ChatKind.PRIVATE:
        return None
    if command is not None and (to := command["bot"]):
        if to.lower() != username.lower():
            return None
        line = line[: command.start("bot") - 1] + line[command.end() :]
    return Said(line, speaker, str(message["message_id"]), str(about["message_id"]) if about else None, document)


def _file(message: Json) -> SentFile | None:
    document = message.get("document")
    if not document:
        return None
    return SentFile(document["file_id"], document.get("file_name") or "", document.get("file_size"))


def _pressed(query: Json) -> Pressed | None:
    message = query.get("message")
    if message is None or not query.get("data"):
        return None
    return Pressed(query["data"], _speaker(message["chat"], query["from"], topic=_topic(message)), query["id"])


def _membership(change: Json) -> Joined | Left | Returned | None:
    chat, by, us = change["chat"], change["from"], change["new_chat_member"]
    was_out, is_out = _is_out(change["old_chat_member"]), _is_out(us)
    private = chat["type"] == "private"
    address = Address(PLATFORM, _identifier(chat))
    if is_out:
        if was_out:
            return None
        return Left(address, ("blocked" if private else "kicked") if us["status"] == "kicked" else "left")
    if was_out and not private:
        # A bot here is the one that stands for anonymous administrators.
        return Joined(_speaker(chat, None, may_change=True) if by["is_bot"] else _speaker(chat, by))
    # What we might do before is not asked: that a chat is gone may have another cause, as a group's permissions, which
    # an administrator is free of. To say it of a chat that was not gone changes nothing.
    return Returned(address) if _may_write(us, chat) else None


def _is_out(member: Json) -> bool:
    return member["status"] in _OUT or (member["status"] == "restricted" and not member.get("is_member", True))


def _may_write(member: Json, chat: Json) -> bool:
    if chat["type"] == "channel":
        return member["status"] == "administrator" and bool(member.get("can_post_messages", True))
    return member["status"] != "restricted" or bool(member.get("can_send_messages", True))


def _speaker(chat: Json, user: Json | None, *, topic: str = "", may_change: bool | None = None) -> Speaker:
    kind = _KINDS.get(chat["type"], ChatKind.GROUP)
    person = int(user["id"]) if user else None
    return Speaker(
        address=Address(PLATFORM, _identifier(chat), topic),
        kind=kind,
        title=chat.get("title") or _name(chat),
        person=f"{PLATFORM}:{person}" if person else None,
        language=user.get("language_code") if user else None,
        user=person,
        may_change=True if kind is ChatKind.PRIVATE else may_change,
    )


def _identifier(chat: Json) -> str:
    return str(int(chat["id"]))


def _name(chat: Json) -> str:
    return " ".join(part for part in (chat.get("first_name"), chat.get("last_name")) if part)


def _topic(message: Json) -> str:
    # Telegram sets a thread on replies outside of forums too.
    return str(message["message_thread_id"]) if message.get("is_topic_message") else ""
