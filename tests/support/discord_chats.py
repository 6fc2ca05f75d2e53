"""The people on the stand-in for Discord, and the places where they and the bot write."""

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from .discord_interactions import Answer, Choice, File, Interaction, NotOffered, options_of

if TYPE_CHECKING:
    from .discord_server import DiscordServer

__all__ = [
    "PATIENCE",
    "Answer",
    "Button",
    "Channel",
    "Choice",
    "DirectMessages",
    "File",
    "Forum",
    "Guild",
    "NotOffered",
    "Person",
    "Received",
    "TextChannel",
    "Thread",
    "permission_bits",
]

PATIENCE = 30.0
"""Seconds for which a test waits for the bot."""

PERMISSIONS = {
    "administrator": 1 << 3,
    "manage_channels": 1 << 4,
    "manage_guild": 1 << 5,
    "view_channel": 1 << 10,
    "send_messages": 1 << 11,
    "manage_messages": 1 << 13,
    "embed_links": 1 << 14,
    "attach_files": 1 << 15,
    "read_message_history": 1 << 16,
    "mention_everyone": 1 << 17,
    "use_application_commands": 1 << 31,
    "manage_threads": 1 << 34,
    "create_public_threads": 1 << 35,
    "send_messages_in_threads": 1 << 38,
}
ALL_PERMISSIONS = (1 << 53) - 1

OneGuildChannel = TypeVar("OneGuildChannel", bound="GuildChannel")

EPHEMERAL = 1 << 6
LOADING = 1 << 7


def permission_bits(names: Iterable[str]) -> int:
    """Permissions, by the names that the documentation has in capitals, as a number."""
    bits = 0
    for name in names:
        bits |= PERMISSIONS[name]
    return bits


_MEMBERS = permission_bits(
    PERMISSIONS.keys() - {"administrator", "manage_channels", "manage_guild", "mention_everyone"}
)
_MEMBERS &= ~permission_bits(["manage_messages", "manage_threads"])


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
    channel: "Channel"
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
    interaction: Interaction | None = None
    thread: "Thread | None" = None

    @property
    def ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return bool(self.flags & EPHEMERAL)

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
            "embeds": [{"type": "rich"} | embed for embed in self.embeds],
            "components": self.components,
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

    server: "DiscordServer"
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
        return {"id": str(self.id), "type": self.type, "name": self.name, "flags": 0, "last_message_id": None}

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
            "last_message_id": None,
            "flags": 0,
            "recipients": [self.person.as_json()],
        }

    def owners(self, person: Person, described: dict[str, Any] | None) -> dict[str, str]:
        """For whom the app is installed here."""
        assert person is self.person, f"these are not the direct messages of {person.name}"
        owners = {"0": "0"} | ({"1": str(person.id)} if person.installed else {})
        return _offered(described, owners, context=1)


class Guild:
    """A server; the bot is in it where it has `joined`, and cannot see it where it `is_out`."""

    def __init__(self, server: "DiscordServer", guild_id: int, name: str, owner: Person, *, joined: bool) -> None:
        self.server = server
        self.id = guild_id
        self.name = name
        self.owner = owner
        self.joined = joined
        self.is_out = False
        self.locale = "en-US"
        self.everyone = _MEMBERS
        self.bot_rights = _MEMBERS
        self.bot_role = server.number()
        self.rights: dict[int, int] = {}
        self.channels: dict[int, GuildChannel] = {}
        self.threads: dict[int, Thread] = {}
        self.thread_limit = 1000
        self.adjusted: dict[str, set[int]] = {}
        """Who may use a command, where an administrator has said so."""

    def text(self, name: str) -> "TextChannel":
        """A text channel."""
        return self._add(TextChannel(self, self.server.number(), name))

    def news(self, name: str) -> "TextChannel":
        """An announcement channel."""
        channel = TextChannel(self, self.server.number(), name)
        channel.type = 5
        return self._add(channel)

    def forum(self, name: str, *tags: str, requires_tag: bool = False) -> "Forum":
        """A forum channel with tags."""
        forum = Forum(self, self.server.number(), name)
        forum.requires_tag = requires_tag
        forum.tags = {self.server.number(): tag for tag in tags}
        return self._add(forum)

    def _add(self, channel: "OneGuildChannel") -> "OneGuildChannel":
        self.channels[channel.id] = channel
        self.server.channels[channel.id] = channel
        channel.tell("CHANNEL_CREATE", channel.as_json())
        return channel

    def grant(self, person: Person, *names: str) -> None:
        """Give somebody permissions everywhere here."""
        self.rights[person.id] = self.rights.get(person.id, 0) | permission_bits(names)

    def take(self, *names: str) -> None:
        """Take permissions from the bot, everywhere here."""
        bits = permission_bits(names)
        self.everyone &= ~bits
        self.bot_rights &= ~bits
        self._roles_changed()

    def give(self, *names: str) -> None:
        """Give the bot permissions, everywhere here."""
        self.bot_rights |= permission_bits(names)
        self._roles_changed()

    def _roles_changed(self) -> None:
        for role in self.roles_json():
            self._tell("GUILD_ROLE_UPDATE", {"guild_id": str(self.id), "role": role})

    def adjust(self, command: str, *people: Person) -> None:
        """Say who may use a command, as an administrator does in the server's settings."""
        self.adjusted[command] = {person.id for person in people}

    def add_bot(self) -> None:
        """Add the bot."""
        self.joined = True
        self._tell("GUILD_CREATE", self.as_json())

    def remove_bot(self) -> None:
        """Throw the bot out."""
        self._tell("GUILD_DELETE", {"id": str(self.id)})
        self.joined = False

    def go_out(self) -> None:
        """Be unavailable, as a server is during an outage."""
        self._tell("GUILD_DELETE", {"id": str(self.id), "unavailable": True})
        self.is_out = True

    def come_back(self) -> None:
        """Be available again."""
        self.is_out = False
        self._tell("GUILD_CREATE", self.as_json())

    def _tell(self, event: str, data: dict[str, Any]) -> None:
        if self.joined and not self.is_out:
            self.server.gateway.dispatch(event, data)

    def base_permissions(self, who: Person) -> int:
        """What somebody may do, wherever no channel says otherwise."""
        if who is self.owner:
            return ALL_PERMISSIONS
        bits = self.everyone | (self.bot_rights if who is self.server.bot else self.rights.get(who.id, 0))
        return ALL_PERMISSIONS if bits & PERMISSIONS["administrator"] else bits

    def roles_json(self) -> list[dict[str, Any]]:
        """The roles, as the API shows them."""
        common = {
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "icon": None,
            "unicode_emoji": None,
            "mentionable": False,
            "flags": 0,
        }
        return [
            common
            | {
                "id": str(self.id),
                "name": "@everyone",
                "permissions": str(self.everyone),
                "position": 0,
                "managed": False,
            },
            common
            | {
                "id": str(self.bot_role),
                "name": self.server.bot.name,
                "permissions": str(self.bot_rights),
                "position": 1,
                "managed": True,
                "tags": {"bot_id": str(self.server.bot.id)},
            },
        ]

    def member_json(self, person: Person) -> dict[str, Any]:
        """Somebody as a member, as the API shows them."""
        return {
            "user": person.as_json(),
            "nick": None,
            "avatar": None,
            "roles": [str(self.bot_role)] if person is self.server.bot else [],
            "joined_at": stamp(self.server.began),
            "deaf": False,
            "mute": False,
            "flags": 0,
        }

    def partial_json(self) -> dict[str, Any]:
        """What an interaction shows of a server."""
        return {"id": str(self.id), "locale": self.locale, "features": []}

    def as_json(self) -> dict[str, Any]:
        """As the gateway shows a server."""
        return {
            "id": str(self.id),
            "name": self.name,
            "icon": None,
            "splash": None,
            "discovery_splash": None,
            "owner_id": str(self.owner.id),
            "afk_channel_id": None,
            "afk_timeout": 300,
            "verification_level": 1,
            "default_message_notifications": 1,
            "explicit_content_filter": 0,
            "roles": self.roles_json(),
            "emojis": [],
            "stickers": [],
            "features": [],
            "mfa_level": 0,
            "application_id": None,
            "system_channel_id": None,
            "system_channel_flags": 0,
            "rules_channel_id": None,
            "vanity_url_code": None,
            "description": None,
            "banner": None,
            "premium_tier": 0,
            "premium_progress_bar_enabled": False,
            "preferred_locale": self.locale,
            "public_updates_channel_id": None,
            "safety_alerts_channel_id": None,
            "nsfw_level": 0,
            "joined_at": stamp(self.server.began),
            "large": False,
            "unavailable": False,
            "member_count": 2,
            "voice_states": [],
            "members": [self.member_json(self.server.bot)],
            "channels": [channel.as_json() for channel in self.channels.values()],
            "threads": [
                thread.as_json()
                for thread in self.threads.values()
                if not thread.archived and thread.parent.permissions(self.server.bot) & PERMISSIONS["view_channel"]
            ],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }


class GuildChannel(Channel):
    """A channel of a server."""

    def __init__(self, guild: Guild, channel_id: int, name: str) -> None:
        super().__init__(guild.server, channel_id, name)
        self._guild = guild
        self._overwrites: dict[int, tuple[int, int]] = {}
        """Of a member, what is allowed and what is denied here."""

    @property
    def guild(self) -> Guild:
        """The server that it belongs to."""
        return self._guild

    def take(self, *names: str, of: Person | None = None) -> None:
        """Take permissions here, from the bot where nobody else is named."""
        self._overwrite(of, 0, permission_bits(names))

    def give(self, *names: str, to: Person | None = None) -> None:
        """Give permissions here, to the bot where nobody else is named."""
        self._overwrite(to, permission_bits(names), 0)

    def _overwrite(self, who: Person | None, allow: int, deny: int) -> None:
        target = (who or self.server.bot).id
        allowed, denied = self._overwrites.get(target, (0, 0))
        self._overwrites[target] = (allowed & ~deny | allow, denied & ~allow | deny)
        self.changed()

    def permissions(self, who: Person) -> int:
        """What somebody may do here."""
        bits = self.guild.base_permissions(who)
        if bits == ALL_PERMISSIONS:
            return bits
        allowed, denied = self._overwrites.get(who.id, (0, 0))
        return bits & ~denied | allowed

    def owners(self, person: Person, described: dict[str, Any] | None) -> dict[str, str]:
        """For whom the app is installed here, where the person may use the command at all."""
        owners = {"0": str(self.guild.id)} if self.guild.joined else {}
        if person.installed:
            owners["1"] = str(person.id)
        if described is None:
            return owners
        owners = _offered(described, owners, context=0)
        may = self.permissions(person)
        needed = int(described["default_member_permissions"] or 0)
        adjusted = self.guild.adjusted.get(described["name"])
        if "0" in owners and may != ALL_PERMISSIONS:
            if adjusted is not None and person.id not in adjusted:
                raise NotOffered(f"/{described['name']} is kept from {person.name}")
            if adjusted is None and (may & needed != needed or described["default_member_permissions"] == "0"):
                raise NotOffered(f"/{described['name']} is not for {person.name}")
        if not (may & PERMISSIONS["view_channel"] and may & PERMISSIONS["use_application_commands"]):
            raise NotOffered(f"{person.name} may use no commands in {self.name}")
        return owners

    def as_json(self) -> dict[str, Any]:
        """As the API shows a server's channel."""
        return super().as_json() | {
            "guild_id": str(self.guild.id),
            "position": 0,
            "parent_id": None,
            "nsfw": False,
            "topic": None,
            "rate_limit_per_user": 0,
            "permission_overwrites": [
                {"id": str(target), "type": 1, "allow": str(allow), "deny": str(deny)}
                for target, (allow, deny) in self._overwrites.items()
            ],
        }

    def changed(self) -> None:
        """Tell the bot what this channel is like now."""
        self.tell("CHANNEL_UPDATE", self.as_json())

    def rename(self, name: str) -> None:
        """Have another name."""
        self.name = name
        self.changed()

    def delete(self) -> None:
        """Be gone, with every thread."""
        for thread in [one for one in self.guild.threads.values() if one.parent is self]:
            thread.delete()
        del self.guild.channels[self.id]
        del self.server.channels[self.id]
        self.tell("CHANNEL_DELETE", self.as_json())

    def thread(
        self,
        name: str,
        *,
        owner: Person | None = None,
        message: Received | None = None,
        tags: Iterable[int] = (),
    ) -> "Thread":
        """Open a thread; `tags` are a forum's, by number."""
        number = self.server.number() if message is None else message.id
        thread = Thread(self, number, name, owner or self.guild.owner)
        thread.applied = list(tags)
        self.guild.threads[thread.id] = thread
        self.server.channels[thread.id] = thread
        if message is not None:
            message.thread = thread
        thread.tell("THREAD_CREATE", thread.as_json() | {"newly_created": True})
        return thread


class TextChannel(GuildChannel):
    """A text channel."""


class Forum(GuildChannel):
    """A forum channel, in which every message begins a post, which is a thread."""

    type = 15

    def __init__(self, guild: Guild, channel_id: int, name: str) -> None:
        super().__init__(guild, channel_id, name)
        self.tags: dict[int, str] = {}
        self.moderated: set[int] = set()
        self.requires_tag = False
        self._seen = 0

    def owners(self, person: Person, described: dict[str, Any] | None) -> dict[str, str]:
        """Nothing can be written in a forum, but in its posts."""
        raise NotOffered(f"{self.name} is a forum: commands are used in its posts")

    @property
    def posts(self) -> list["Thread"]:
        """The posts, oldest first."""
        return [thread for thread in self.guild.threads.values() if thread.parent is self]

    async def next_post(self, within: float = PATIENCE) -> "Thread":
        """The first post of the bot's that nobody has looked at, when it is there."""

        def posted() -> list[Thread]:
            return [one for one in self.posts if one.owner is self.server.bot]

        if not await self.server.until(lambda: len(posted()) > self._seen, within):
            raise AssertionError(f"no post reached {self.name} within {within} s")
        self._seen += 1
        return posted()[self._seen - 1]

    def as_json(self) -> dict[str, Any]:
        """As the API shows a forum."""
        return super().as_json() | {
            "flags": 1 << 4 if self.requires_tag else 0,
            "available_tags": [
                {
                    "id": str(number),
                    "name": name,
                    "moderated": number in self.moderated,
                    "emoji_id": None,
                    "emoji_name": None,
                }
                for number, name in self.tags.items()
            ],
            "default_reaction_emoji": None,
            "default_sort_order": None,
            "default_forum_layout": 0,
            "default_thread_rate_limit_per_user": 0,
        }


class Thread(GuildChannel):
    """A thread of a channel, or a forum's post."""

    type = 11

    def __init__(self, parent: GuildChannel, thread_id: int, name: str, owner: Person) -> None:
        super().__init__(parent.guild, thread_id, name)
        self.parent = parent
        self.owner = owner
        self.began = time.time()
        self.archived = False
        self.locked = False
        self.auto_archive = 1440
        self.applied: list[int] = []

    @property
    def first(self) -> Received:
        """The message that began a post."""
        return self.messages[self.id]

    @property
    def tags(self) -> list[str]:
        """The post's tags, by name."""
        assert isinstance(self.parent, Forum)
        return [self.parent.tags[one] for one in self.applied]

    def permissions(self, who: Person) -> int:
        """What somebody may do here."""
        return self.parent.permissions(who)

    def archive(self, *, locked: bool = False) -> None:
        """Let it be archived, so that whoever writes here opens it again, unless it is locked."""
        self.archived, self.locked = True, locked
        self.changed()

    def reopen(self) -> None:
        """Let it be open, and not locked."""
        self.archived = self.locked = False
        self.changed()

    def changed(self) -> None:
        """Tell the bot what this thread is like now."""
        self.tell("THREAD_UPDATE", self.as_json())

    def delete(self) -> None:
        """Be gone."""
        del self.guild.threads[self.id]
        del self.server.channels[self.id]
        gone = {"id": str(self.id), "parent_id": str(self.parent.id), "type": self.type}
        self.tell("THREAD_DELETE", gone)

    def as_json(self) -> dict[str, Any]:
        """As the API shows a thread."""
        return {
            "id": str(self.id),
            "type": self.type,
            "guild_id": str(self.guild.id),
            "parent_id": str(self.parent.id),
            "owner_id": str(self.owner.id),
            "name": self.name,
            "last_message_id": None,
            "message_count": len(self.messages),
            "total_message_sent": len(self.messages),
            "member_count": 1,
            "rate_limit_per_user": 0,
            "flags": 0,
            "applied_tags": [str(one) for one in self.applied],
            "thread_metadata": {
                "archived": self.archived,
                "auto_archive_duration": self.auto_archive,
                "archive_timestamp": stamp(self.began),
                "create_timestamp": stamp(self.began),
                "locked": self.locked,
            },
        }


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


def _offered(described: dict[str, Any] | None, owners: dict[str, str], *, context: int) -> dict[str, str]:
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
