"""The servers on the stand-in for Discord, with their channels, forums and threads."""

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from .discord_chats import Channel, Person, Received, offered, stamp
from .discord_interactions import NotOffered
from .discord_permissions import ALL_PERMISSIONS, MEMBERS, PERMISSIONS, permission_bits
from .listening import PATIENCE

if TYPE_CHECKING:
    from .discord_server import DiscordServer

Whose = Person | Literal["everyone", "role"] | None
"""Whose permissions: the bot's own, where nobody is named."""

OneGuildChannel = TypeVar("OneGuildChannel", bound="GuildChannel")


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
        self.everyone = MEMBERS
        self.bot_rights = MEMBERS
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

    def voice(self, name: str) -> "TextChannel":
        """A voice channel, in which one may write too."""
        channel = TextChannel(self, self.server.number(), name)
        channel.type = 2
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

    def promote(self, *names: str) -> None:
        """Give the bot a role with these permissions, of which it is told as of what concerns itself."""
        self.bot_rights |= permission_bits(names)
        self._tell("GUILD_MEMBER_UPDATE", self.member_json(self.server.bot) | {"guild_id": str(self.id)})

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
            "banner": None,
            "communication_disabled_until": None,
            "pending": False,
            "premium_since": None,
        }

    def partial_json(self) -> dict[str, Any]:
        """What an interaction shows of a server."""
        return {"id": str(self.id), "locale": self.locale, "features": []}

    def settings_json(self) -> dict[str, Any]:
        """As the REST API shows a server."""
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
            "nsfw": False,
            "home_header": None,
            "region": "deprecated",
            "widget_enabled": False,
            "widget_channel_id": None,
            "max_presences": None,
            "max_members": 500_000,
            "max_stage_video_channel_users": 50,
            "max_video_channel_users": 25,
            "premium_subscription_count": 0,
            "incidents_data": None,
        }

    def as_json(self) -> dict[str, Any]:
        """As the gateway shows a server, with all that is in it."""
        return self.settings_json() | {
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
        """Of a role or member, what is allowed and what is denied here."""

    @property
    def guild(self) -> Guild:
        """The server that it belongs to."""
        return self._guild

    def take(self, *names: str, of: Whose = None) -> None:
        """Take permissions here: from the bot itself, or from somebody else, from everyone, from the bot's role."""
        self._overwrite(of, 0, permission_bits(names))

    def give(self, *names: str, to: Whose = None) -> None:
        """Give permissions here: to the bot itself, or to somebody else, to everyone, to the bot's role."""
        self._overwrite(to, permission_bits(names), 0)

    def _overwrite(self, whose: Whose, allow: int, deny: int) -> None:
        if isinstance(whose, str):
            target = self.guild.id if whose == "everyone" else self.guild.bot_role
        else:
            target = (whose or self.server.bot).id
        allowed, denied = self._overwrites.get(target, (0, 0))
        self._overwrites[target] = (allowed & ~deny | allow, denied & ~allow | deny)
        self.changed()

    def permissions(self, who: Person) -> int:
        """What somebody may do here: what is said of everyone comes first, then of the role, then of the one."""
        bits = self.guild.base_permissions(who)
        if bits == ALL_PERMISSIONS:
            return bits
        roles = (self.guild.id, self.guild.bot_role) if who is self.server.bot else (self.guild.id,)
        for target in (*roles, who.id):
            allowed, denied = self._overwrites.get(target, (0, 0))
            bits = bits & ~denied | allowed
        return bits

    def owners(self, person: Person, described: dict[str, Any] | None) -> dict[str, str]:
        """For whom the app is installed here, where the person may use the command at all."""
        owners = {"0": str(self.guild.id)} if self.guild.joined else {}
        if person.installed:
            owners["1"] = str(person.id)
        if described is None:
            return owners
        owners = offered(described, owners, context=0)
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
                {
                    "id": str(target),
                    "type": 0 if target in (self.guild.id, self.guild.bot_role) else 1,
                    "allow": str(allow),
                    "deny": str(deny),
                }
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
        """What somebody may do here: a thread has its channel's permissions."""
        return self.parent.permissions(who)

    def _overwrite(self, whose: Whose, allow: int, deny: int) -> None:
        self.parent._overwrite(whose, allow, deny)

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
            "last_message_id": self.last_message,
            "message_count": len(self.messages.keys() - {self.id}),
            "total_message_sent": len(self.messages.keys() - {self.id}),
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
