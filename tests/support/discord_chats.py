"""The people on the stand-in for Discord, and the places where they and the bot write."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

from .discord_interactions import Answer, Choice, File, Interaction, NotOffered, options_of
from .discord_permissions import ALL_PERMISSIONS
from .listening import PATIENCE

if TYPE_CHECKING:
    from .discord_guilds import Guild, Thread
    from .discord_server import DiscordServer

EPHEMERAL = 1 << 6
LOADING = 1 << 7


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message; `action` is its custom id, or the address to which it leads."""

    label: str
    action: str
    disabled: bool = False
    is_link: bool = False


@dataclass(eq=False, slots=True)
class Received:
    """A message, as a person sees it; `at` is in Unix seconds, `body` is what was sent."""

    id: int
    channel: "Channel" = field(repr=False)
    author: "Person"
    content: str
    embeds: list[dict[str, Any]] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    files: dict[int, File] = field(default_factory=dict)
    flags: int = 0
    nonce: str | int | None = None
    reply_to: int | None = None
    body: dict[str, Any] = field(default_factory=dict)
    at: float = field(default_factory=time.time)
    edits: int = 0
    interaction: Interaction | None = field(default=None, repr=False)
    thread: "Thread | None" = field(default=None, repr=False)

    @property
    def ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def is_there(self) -> bool:
        """Whether it can still be seen."""
        return self.ephemeral or self.channel.find(self.id) is self

    @property
    def silent(self) -> bool:
        """Whether it notifies nobody."""
        return bool(self.flags & 1 << 12)

    @property
    def allowed_mentions(self) -> dict[str, Any] | None:
        """Whom it may mention, as it was sent."""
        return self.body.get("allowed_mentions")

    @property
    def embed(self) -> dict[str, Any]:
        """The only embed; {} where there is none."""
        assert len(self.embeds) <= 1, "there are several embeds"
        return self.embeds[0] if self.embeds else {}

    @property
    def text(self) -> str:
        """Everything there is to read, one below the other: the content, then each embed from author to footer."""
        texts: list[str | None] = [self.content]
        for embed in self.embeds:
            texts += [(embed.get("author") or {}).get("name"), embed.get("title"), embed.get("description")]
            texts += [f"{one['name']}\n{one['value']}" for one in embed.get("fields") or ()]
            texts += [(embed.get("footer") or {}).get("text")]
        return "\n".join(text for text in texts if text)

    @property
    def buttons(self) -> tuple[tuple[Button, ...], ...]:
        """The buttons, by row."""
        return tuple(
            tuple(
                Button(
                    one.get("label") or (one.get("emoji") or {}).get("name") or "",
                    one.get("custom_id") or one.get("url") or "",
                    bool(one.get("disabled")),
                    one.get("style") == 5,
                )
                for one in row.get("components", ())
                if one.get("type") == 2
            )
            for row in self.components
        )

    @property
    def labels(self) -> list[str]:
        """What the buttons say."""
        return [button.label for row in self.buttons for button in row]

    @property
    def attached(self) -> list[File]:
        """The files."""
        return list(self.files.values())

    def as_json(self) -> dict[str, Any]:
        """As the API shows a message."""
        server = self.channel.server
        shown: dict[str, Any] = {
            "id": str(self.id),
            "channel_id": str(self.channel.id),
            "author": self.author.as_json(),
            "content": self.content,
            "timestamp": stamp(self.at),
            "edited_timestamp": stamp(time.time()) if self.edits else None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [server.attachment_json(number, file) for number, file in self.files.items()],
            "embeds": [_shown_embed(embed) for embed in self.embeds],
            "components": _numbered(self.components, count(1)),
            "pinned": False,
            "type": 0 if self.interaction is None else 20,
            "flags": self.flags,
        }
        if self.nonce is not None:
            shown["nonce"] = self.nonce
        if self.reply_to is not None:
            shown |= {"type": 19, "message_reference": {"type": 0, "message_id": str(self.reply_to)}}
        if self.author is server.bot and self.interaction is not None:
            shown |= {"application_id": str(server.bot.id), "webhook_id": str(server.bot.id)}
        if self.thread is not None:
            shown["thread"] = self.thread.as_json()
        return shown

    def delete(self) -> None:
        """Let it be gone."""
        self.channel.messages.pop(self.id, None)
        self.channel.tell("MESSAGE_DELETE", {"id": str(self.id), "channel_id": str(self.channel.id)})


@dataclass(eq=False)
class Person:
    """Somebody with an account; `installed` where they have the app for themselves."""

    server: "DiscordServer" = field(repr=False)
    id: int
    name: str
    locale: str = "en-US"
    installed: bool = False
    is_bot: bool = False
    blocks: bool = False

    @property
    def dm(self) -> "DirectMessages":
        """The direct messages of this person and the bot."""
        return self.server.direct(self)

    def as_json(self) -> dict[str, Any]:
        """As the API shows a user."""
        return {
            "id": str(self.id),
            "username": re.sub(r"\W", "", self.name.lower()) or "someone",
            "discriminator": "0",
            "global_name": self.name,
            "avatar": None,
            "bot": self.is_bot,
            "public_flags": 0,
            "flags": 0,
            "primary_guild": None,
        }

    def install(self) -> None:
        """Add the app to this account."""
        self.installed = True

    def uninstall(self) -> None:
        """Take the app from this account."""
        self.installed = False

    def block(self) -> None:
        """Let the bot send no direct messages."""
        self.blocks = True

    def unblock(self) -> None:
        """Let the bot send direct messages again."""
        self.blocks = False

    def say(self, place: "Channel", text: str) -> Received:
        """Write something; the bot gets to read it in direct messages only, unless it may see contents."""
        message = Received(self.server.number(), place, self, text)
        place.keep(message)
        return message

    async def slash(self, place: "Channel", command: str, /, *, within: float = PATIENCE, **options: Any) -> Answer:
        """Use a command, as "watch" or "feeds add"; what the bot answers.

        An option's value is as a person gives it: text, a number, a person, a channel, a file, the name of a choice.
        Fails where the bot has not acknowledged in time, or leaves a deferred answer open for `within` seconds.
        """
        interaction = await self._command(place, command, options)
        return await interaction.answered(within)

    async def autocomplete(
        self, place: "Channel", command: str, /, *, focused: str | None = None, **options: Any
    ) -> list[Choice]:
        """What is proposed while somebody types the option `focused`, which is the last one where none is named."""
        interaction = await self._command(place, command, options, focused=focused or list(options)[-1])
        await interaction.acknowledged_in_time()
        return interaction.choices

    async def message_command(self, message: Received, command: str, *, within: float = PATIENCE) -> Answer:
        """Use a command on a message; what the bot answers."""
        described = self.server.command(command, kind=3)
        data = {
            "id": described["id"],
            "name": described["name"],
            "type": 3,
            "target_id": str(message.id),
            "resolved": {"messages": {str(message.id): message.as_json()}},
        }
        interaction = await self._interact(message.channel, 2, data, described)
        return await interaction.answered(within)

    async def press(self, message: Received, label: str, *, within: float = PATIENCE) -> Answer:
        """Press the button with this label; what the bot answers."""
        found = next((one for row in message.buttons for one in row if one.label == label), None)
        assert found, f"there is no button {label!r}, but {message.labels}"
        assert not found.disabled, f"the button {label!r} cannot be pressed"
        assert not found.is_link, f"the button {label!r} leads to {found.action}"
        data = {"custom_id": found.action, "component_type": 2, "id": 1}
        interaction = await self._interact(message.channel, 3, data, None, message=message)
        return await interaction.answered(within)

    async def choose(self, message: Received, *values: str, within: float = PATIENCE) -> Answer:
        """Choose from the message's menu, by label or value; what the bot answers."""
        menu = next(one for row in message.components for one in row.get("components", ()) if one["type"] == 3)
        known = {one["label"]: one["value"] for one in menu["options"]} | {
            one["value"]: one["value"] for one in menu["options"]
        }
        data = {"custom_id": menu["custom_id"], "component_type": 3, "values": [known[one] for one in values], "id": 1}
        interaction = await self._interact(message.channel, 3, data, None, message=message)
        return await interaction.answered(within)

    async def submit(self, modal: Answer, *, within: float = PATIENCE, **fields: str) -> Answer:
        """Fill in the form that the bot has answered with, by custom ids; what the bot answers."""
        form = modal.interaction.modal
        assert form, "the bot has shown no form"
        data = {"custom_id": form["custom_id"], "components": [_filled(row, fields) for row in form["components"]]}
        interaction = await self._interact(modal.interaction.place, 5, data, None, message=modal.interaction.message)
        return await interaction.answered(within)

    async def _command(
        self, place: "Channel", command: str, options: dict[str, Any], *, focused: str | None = None
    ) -> Interaction:
        name, *subcommands = command.split()
        described = self.server.command(name, kind=1)
        given, resolved = options_of(described, subcommands, options, focused, self.server)
        for number, shown in resolved.get("channels", {}).items():
            shown["permissions"] = str(self.server.channels[int(number)].permissions(self))
        data = {"id": described["id"], "name": name, "type": 1, "options": given}
        if resolved:
            data["resolved"] = resolved
        return await self._interact(place, 2 if focused is None else 4, data, described)

    async def _interact(
        self,
        place: "Channel",
        kind: int,
        data: dict[str, Any],
        described: dict[str, Any] | None,
        *,
        message: Received | None = None,
    ) -> Interaction:
        assert message is None or message.is_there, "this message is gone"
        interaction = Interaction(self.server, self, place, kind, data, message, owners=place.owners(self, described))
        await self.server.gateway.connected(PATIENCE)
        self.server.begin(interaction)
        return interaction


class Channel:
    """A place where the bot's messages arrive."""

    type = 0

    def __init__(self, server: "DiscordServer", channel_id: int, name: str) -> None:
        self.server = server
        self.id = channel_id
        self.name = name
        self.messages: dict[int, Received] = {}
        """Everything that stands here, of people and of the bot."""
        self.received: list[Received] = []
        """What the bot has sent, but for its answers to what people do."""
        self.arrivals: list[float] = []
        self.refusal: tuple[int, int, str] | None = None
        """With what this place refuses everything that is sent to it."""
        self._read = 0

    @property
    def guild(self) -> "Guild | None":
        """The server that it belongs to."""
        return None

    @property
    def mention(self) -> str:
        """As one writes it."""
        return f"<#{self.id}>"

    @property
    def last_message(self) -> str | None:
        """The newest message's identifier, as the API shows it."""
        return str(next(reversed(self.messages))) if self.messages else None

    @property
    def count(self) -> int:
        """How many messages arrived, recorded or not."""
        return len(self.arrivals)

    async def next_message(self, within: float = PATIENCE) -> Received:
        """The first message that nobody has looked at, when it is there; answers to interactions are none."""
        assert self.server.record, "messages are counted, not recorded"
        if not await self.server.until(lambda: len(self.received) > self._read, within):
            raise AssertionError(f"no message reached {self.name} within {within} s")
        self._read += 1
        return self.received[self._read - 1]

    def keep(self, message: Received) -> None:
        """Let a message stand here, and tell the bot."""
        bot = message.author is self.server.bot
        if bot and message.interaction is None:
            self.arrivals.append(message.at)
            if self.server.record:
                self.received.append(message)
        self.messages[message.id] = message
        self.tell("MESSAGE_CREATE", self.shown(message))

    def shown(self, message: Received) -> dict[str, Any]:
        """A message as the gateway shows it."""
        shown = message.as_json()
        if message.author is not self.server.bot and not self.server.gateway.reads_messages and self.guild is not None:
            shown |= {"content": "", "embeds": [], "attachments": [], "components": []}
        return shown

    def find(self, message_id: int) -> Received | None:
        """A message that stands here."""
        return self.messages.get(message_id)

    def permissions(self, who: Person) -> int:
        """What somebody may do here."""
        return ALL_PERMISSIONS

    def as_json(self) -> dict[str, Any]:
        """As the API shows a channel."""
        return {
            "id": str(self.id),
            "type": self.type,
            "name": self.name,
            "flags": 0,
            "last_message_id": self.last_message,
        }

    def owners(self, person: Person, described: dict[str, Any] | None) -> dict[str, str]:
        """For whom the app is installed here, where the person may use the command at all."""
        raise NotImplementedError

    def tell(self, event: str, data: dict[str, Any]) -> None:
        """Let the bot know of something that happened here."""
        guild = self.guild
        if guild is None:
            self.server.gateway.dispatch(event, data, direct=True)
        elif guild.joined and not guild.is_out:
            self.server.gateway.dispatch(event, {"guild_id": str(guild.id)} | data)


class DirectMessages(Channel):
    """One person and the bot."""

    type = 1

    def __init__(self, server: "DiscordServer", channel_id: int, person: Person) -> None:
        super().__init__(server, channel_id, person.name)
        self.person = person

    def as_json(self) -> dict[str, Any]:
        """As the API shows direct messages."""
        return {
            "id": str(self.id),
            "type": 1,
            "last_message_id": self.last_message,
            "flags": 0,
            "recipients": [self.person.as_json()],
        }

    def owners(self, person: Person, described: dict[str, Any] | None) -> dict[str, str]:
        """For whom the app is installed here."""
        assert person is self.person, f"these are not the direct messages of {person.name}"
        owners = {"0": "0"} | ({"1": str(person.id)} if person.installed else {})
        return offered(described, owners, context=1)


def _shown_embed(embed: dict[str, Any]) -> dict[str, Any]:
    shown = {"type": "rich"} | embed
    if "fields" in embed:
        shown["fields"] = [{"inline": False} | one for one in embed["fields"] or ()]
    return shown


def _numbered(components: list[dict[str, Any]], numbers: Iterator[int]) -> list[dict[str, Any]]:
    """Components with the numbers that Discord gives them."""
    return [
        {"id": next(numbers)}
        | one
        | ({"components": _numbered(one["components"], numbers)} if "components" in one else {})
        for one in components
    ]


def stamp(at: float) -> str:
    """A time as the API writes it."""
    return datetime.fromtimestamp(at, UTC).isoformat()


def _filled(part: dict[str, Any], fields: dict[str, str]) -> dict[str, Any]:
    """A part of a form, as it is handed in."""
    if "components" in part:
        return {"type": part["type"], "components": [_filled(one, fields) for one in part["components"]]}
    if "component" in part:
        return {"type": part["type"], "component": _filled(part["component"], fields)}
    value = fields.get(part["custom_id"], part.get("value") or "")
    return {"type": part["type"], "custom_id": part["custom_id"], "value": value}


def offered(described: dict[str, Any] | None, owners: dict[str, str], *, context: int) -> dict[str, str]:
    """Those of the installations for which the command exists in such a place."""
    if described is None:
        return owners
    contexts = described["contexts"]
    if contexts is not None and context not in contexts:
        raise NotOffered(f"{described['name']} is not offered in this kind of place")
    kinds = {str(kind) for kind in described["integration_types"]}
    found = {kind: owner for kind, owner in owners.items() if kind in kinds}
    if not found:
        raise NotOffered(f"{described['name']} is not installed here")
    return found
