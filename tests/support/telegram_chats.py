"""The people on the stand-in for Telegram, and the places where they and the bot write."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from .listening import PATIENCE
from .telegram_markup import Entity

if TYPE_CHECKING:
    from .telegram_server import TelegramServer

_ANONYMOUS_ADMIN = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account."""

    id: int
    name: str
    language: str | None = None

    def as_json(self) -> dict[str, Any]:
        """As the API shows a user."""
        user: dict[str, Any] = {"id": self.id, "is_bot": False, "first_name": self.name}
        return user | ({"language_code": self.language} if self.language else {})


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message."""

    label: str
    action: str


@dataclass(slots=True)
class Received:
    """A message of the bot's, as a person sees it; `markup` is as it was sent, `at` in Unix seconds."""

    id: int
    text: str
    markup: str
    entities: tuple[Entity, ...]
    buttons: tuple[tuple[Button, ...], ...]
    silent: bool
    reply_to: int | None
    topic: str
    at: float
    edits: int = 0
    document: bytes | None = None

    @property
    def bold(self) -> list[str]:
        """What stands in bold."""
        return [entity.text for entity in self.entities if entity.kind in {"b", "strong"}]

    @property
    def links(self) -> dict[str, str]:
        """Where each linked text leads."""
        return {entity.text: entity.url or "" for entity in self.entities if entity.kind == "a"}

    @property
    def labels(self) -> list[str]:
        """What the buttons say."""
        return [button.label for row in self.buttons for button in row]


class Chat:
    """A place where the bot's messages arrive."""

    type = ""

    def __init__(self, server: "TelegramServer", chat_id: int, title: str) -> None:
        self.server = server
        self.id = chat_id
        self.title = title
        self.received: list[Received] = []
        self.arrivals: list[float] = []
        self.refusal: tuple[int, str] | None = None
        """With what this chat refuses everything that is sent to it."""
        self.topics: dict[int, Literal["open", "closed", "deleted"]] = {}
        self._read = 0

    @property
    def count(self) -> int:
        """How many messages arrived, recorded or not."""
        return len(self.arrivals)

    async def next_message(self, within: float = PATIENCE) -> Received:
        """The first message that nobody has looked at, when it is there; `say` and `press` look at what they answer."""
        assert self.server.record, "messages are counted, not recorded"
        if not await self.server.until(lambda: len(self.received) > self._read, within):
            raise AssertionError(f"no message reached {self.title} within {within} s")
        self._read += 1
        return self.received[self._read - 1]

    def as_json(self) -> dict[str, Any]:
        """As the API shows a chat."""
        return {"id": self.id, "type": self.type, "title": self.title}

    def message(self, sender: Person | None, text: str | None = None, **fields: Any) -> dict[str, Any]:
        """What somebody writes here, as the API shows it."""
        message: dict[str, Any] = {"message_id": self.server.number(), "date": int(time.time()), "chat": self.as_json()}
        if sender is not None:
            message["from"] = sender.as_json()
        if text is not None:
            message["text"] = text
        return message | fields

    async def answered(self, update_id: int, *, topic: str = "", within: float = PATIENCE, what: str = "") -> str:
        """The text of what comes back here; "" if the bot is done with the update and has said nothing."""
        start = len(self.received)

        def answers() -> list[str]:
            return [one.text for one in self.received[start:] if one.topic == topic]

        def done() -> bool:
            return self.server.is_confirmed(update_id) or bool(answers())

        if not await self.server.until(done, within):
            raise AssertionError(f"the bot left {what!r} without an answer for {within} s")
        self._read = len(self.received)
        return "\n\n".join(answers())

    async def press_as(self, person: Person, label: str, *, within: float = PATIENCE, topic: str = "") -> str:
        """Press the button with this label, of the newest message that has one; the bot's answer."""
        found = next(
            (
                (message, button)
                for message in reversed(self.received)
                for row in message.buttons
                for button in row
                if button.label == label and message.topic == topic
            ),
            None,
        )
        assert found, f"nothing in {self.title} has a button {label!r}"
        message, button = found
        shown = self.message(self.server.bot, message.text, message_id=message.id)
        if message.topic:
            shown |= {"message_thread_id": int(message.topic), "is_topic_message": True}
        query = {
            "id": str(self.server.number()),
            "from": person.as_json(),
            "chat_instance": "1",
            "message": shown,
            "data": button.action,
        }
        return await self.answered(
            self.server.push("callback_query", query), within=within, what=label, topic=message.topic
        )

    def membership(self, by: dict[str, Any], old: str, new: str, **rights: bool) -> int:
        """Tell the bot that its own standing here changed; each of `rights` is as given now and was not before."""
        were = {name: not right for name, right in rights.items()}
        change = {
            "chat": self.as_json(),
            "from": by,
            "date": int(time.time()),
            "old_chat_member": self.server.member(self.server.bot, old) | were,
            "new_chat_member": self.server.member(self.server.bot, new) | rights,
        }
        return self.server.push("my_chat_member", change)


class PrivateChat(Chat):
    """One person and the bot."""

    type = "private"

    def __init__(self, server: "TelegramServer", person: Person) -> None:
        super().__init__(server, person.id, person.name)
        self.person = person

    def as_json(self) -> dict[str, Any]:
        """As the API shows a chat."""
        return {"id": self.id, "type": "private", "first_name": self.title}

    def post(self, text: str, **fields: Any) -> int:
        """Write to the bot, and wait for nothing; the update's number."""
        return self.server.push("message", self.message(self.person, text, **fields))

    async def send(self, name: str, content: bytes, caption: str = "", *, within: float = PATIENCE) -> str:
        """Send a document; what the bot answers."""
        message = self.message(self.person, document=self.server.file(name, content), caption=caption)
        return await self.answered(self.server.push("message", message), within=within, what=name)

    async def say(self, text: str, *, within: float = PATIENCE, reply_to: Received | None = None) -> str:
        """Write to the bot, in reply to a message of its where one is given; what it answers."""
        fields = {"reply_to_message": self.message(self.server.bot, message_id=reply_to.id)} if reply_to else {}
        return await self.answered(self.post(text, **fields), within=within, what=text)

    async def press(self, label: str, *, within: float = PATIENCE) -> str:
        """Press a button; what the bot answers."""
        return await self.press_as(self.person, label, within=within)

    def block(self) -> int:
        """Block the bot."""
        self.refusal = (403, "Forbidden: bot was blocked by the user")
        return self.membership(self.person.as_json(), "member", "kicked")

    def unblock(self) -> int:
        """Let the bot write again."""
        self.refusal = None
        return self.membership(self.person.as_json(), "kicked", "member")


class GroupChat(Chat):
    """A group or supergroup; a forum once it has topics."""

    type = "supergroup"

    def __init__(self, server: "TelegramServer", chat_id: int, title: str, admins: list[Person]) -> None:
        super().__init__(server, chat_id, title)
        self.admins = admins

    def as_json(self) -> dict[str, Any]:
        """As the API shows a chat."""
        return super().as_json() | ({"is_forum": True} if self.topics else {})

    def post(self, person: Person, text: str, **fields: Any) -> int:
        """Write something, and wait for nothing; the update's number."""
        return self.server.push("message", self.message(person, text, **fields))

    async def say(self, person: Person, text: str, *, within: float = PATIENCE) -> str:
        """Write something; what the bot answers, "" if nothing."""
        return await self.answered(self.post(person, text), within=within, what=text)

    async def say_anonymously(self, text: str, *, within: float = PATIENCE) -> str:
        """Write as the group itself, as its anonymous administrators do."""
        message = self.message(None, text, sender_chat=self.as_json()) | {"from": _ANONYMOUS_ADMIN}
        return await self.answered(self.server.push("message", message), within=within, what=text)

    async def press(self, person: Person, label: str, *, within: float = PATIENCE) -> str:
        """Press a button; what the bot answers."""
        return await self.press_as(person, label, within=within)

    def topic(self) -> "Topic":
        """Open a topic."""
        thread = self.server.number()
        self.topics[thread] = "open"
        return Topic(self, thread)

    def add_bot(self, by: Person) -> int:
        """Add the bot."""
        self.refusal = None
        return self.membership(by.as_json(), "left", "member")

    def remove_bot(self, by: Person) -> int:
        """Throw the bot out."""
        self.refusal = (403, "Forbidden: bot was kicked from the supergroup chat")
        return self.membership(by.as_json(), "member", "kicked")

    def migrate(self) -> int:
        """Become a supergroup, with the new identifier that is returned."""
        old, self.id = self.id, self.server.new_group_id()
        self.server.migrated[old] = self.id
        self.server.chats[self.id] = self
        here = self.as_json()
        message = self.message(None)
        self.server.push("message", message | {"chat": here | {"id": old}, "migrate_to_chat_id": self.id})
        self.server.push("message", message | {"migrate_from_chat_id": old})
        return self.id


class Topic:
    """A forum's topic."""

    def __init__(self, group: GroupChat, thread: int) -> None:
        self.group = group
        self.id = thread

    @property
    def received(self) -> list[Received]:
        """What arrived in this topic."""
        return [message for message in self.group.received if message.topic == str(self.id)]

    async def say(self, person: Person, text: str, *, within: float = PATIENCE) -> str:
        """Write something; what the bot answers in this topic."""
        update = self.group.post(person, text, message_thread_id=self.id, is_topic_message=True)
        return await self.group.answered(update, topic=str(self.id), within=within, what=text)

    async def press(self, person: Person, label: str, *, within: float = PATIENCE) -> str:
        """Press a button; what the bot answers."""
        return await self.group.press_as(person, label, within=within, topic=str(self.id))

    def close(self) -> None:
        """Let nobody write any more."""
        self.group.topics[self.id] = "closed"

    def reopen(self, by: Person) -> int:
        """Let everybody write again."""
        self.group.topics[self.id] = "open"
        said = self.group.message(by, message_thread_id=self.id, is_topic_message=True, forum_topic_reopened={})
        return self.group.server.push("message", said)

    def delete(self) -> None:
        """Let it be gone."""
        self.group.topics[self.id] = "deleted"


class Channel(Chat):
    """A channel, in which only administrators write."""

    type = "channel"

    def post(self, text: str, **fields: Any) -> int:
        """Publish something, and wait for nothing; the update's number."""
        return self.server.push("channel_post", self.message(None, text, sender_chat=self.as_json(), **fields))

    async def say(self, text: str, *, within: float = PATIENCE) -> str:
        """Publish something; what the bot answers, "" if nothing."""
        return await self.answered(self.post(text), within=within, what=text)

    async def press(self, person: Person, label: str, *, within: float = PATIENCE) -> str:
        """Press a button; what the bot answers."""
        return await self.press_as(person, label, within=within)

    def add_bot(self, by: Person) -> int:
        """Make the bot an administrator."""
        self.refusal = None
        return self.membership(by.as_json(), "left", "administrator")
