"""What the stand-in for Discord does with channels, threads and servers."""

from abc import abstractmethod
from typing import Any

from . import discord_faults as faults
from . import discord_schema
from .discord_chats import DirectMessages, Person, Received
from .discord_faults import Refused
from .discord_guilds import Forum, GuildChannel, TextChannel, Thread
from .discord_messages import Messages, needs
from .discord_requests import Asked, allow


class Places(Messages):
    """The operations on places."""

    @abstractmethod
    def direct(self, person: Person) -> DirectMessages:
        """The direct messages of a person and the bot."""

    def _get_channel(self, asked: Asked) -> Any:
        return self._channel(asked).as_json()

    def _update_channel(self, asked: Asked) -> Any:
        channel = self._channel(asked)
        allow(discord_schema.channel_errors(asked.fields))
        if isinstance(channel, Thread):
            self._change_thread(channel, asked.fields)
        elif isinstance(channel, GuildChannel):
            self._need(channel, "manage_channels")
            channel.name = asked.fields.get("name") or channel.name
            if isinstance(channel, Forum) and "available_tags" in asked.fields:
                channel.tags = {
                    int(one.get("id") or self.number()): one["name"] for one in asked.fields["available_tags"]
                }
            channel.changed()
        else:
            raise Refused(*faults.NOT_IN_THIS_CHANNEL)
        return channel.as_json()

    def _change_thread(self, thread: Thread, given: dict[str, Any]) -> None:
        own = thread.owner is self.bot and not thread.locked
        if not own or "locked" in given:
            self._need(thread, "manage_threads")
        if thread.archived and given.get("archived", True):
            raise Refused(*faults.ARCHIVED)
        thread.archived = given.get("archived", thread.archived)
        thread.locked = given.get("locked", thread.locked)
        thread.name = given.get("name") or thread.name
        thread.auto_archive = given.get("auto_archive_duration") or thread.auto_archive
        if "applied_tags" in given:
            thread.applied = self._tags(thread.parent, given["applied_tags"] or [])
        thread.changed()

    def _delete_channel(self, asked: Asked) -> Any:
        channel = self._channel(asked)
        if not isinstance(channel, GuildChannel):
            return channel.as_json()
        self._need(channel, "manage_threads" if isinstance(channel, Thread) else "manage_channels")
        channel.delete()
        return channel.as_json()

    def _create_dm(self, asked: Asked) -> Any:
        number = asked.fields.get("recipient_id")
        person = self.people.get(int(number or 0))
        if person is None:
            raise Refused(*faults.INVALID_FORM, errors={"recipient_id": "Unknown user"})
        return self.direct(person).as_json()

    def _create_thread(self, asked: Asked) -> Any:
        channel = self._channel(asked)
        allow(discord_schema.thread_errors(asked.fields))
        if not isinstance(channel, GuildChannel) or isinstance(channel, Thread):
            raise Refused(*faults.NOT_IN_THIS_CHANNEL)
        if not isinstance(channel, Forum):
            self._need(channel, "create_public_threads")
            return self._open_thread(channel, asked.fields).as_json()
        if channel.refusal:
            raise Refused(*channel.refusal)
        body = asked.fields.get("message") or {}
        self._need(channel, "send_messages", *needs(body, asked.files))
        self._check(body, asked.files, within="message.")
        tags = self._tags(channel, asked.fields.get("applied_tags") or [])
        if channel.requires_tag and not tags:
            raise Refused(*faults.TAG_REQUIRED)
        thread = self._open_thread(channel, asked.fields, tags)
        message = self._message(thread, body, asked.files)
        message.id = thread.id
        thread.keep(message)
        channel.arrivals.append(message.at)
        return thread.as_json() | {"message": message.as_json()}

    def _create_thread_from_message(self, asked: Asked) -> Any:
        message = self._found(asked)
        allow(discord_schema.thread_errors(asked.fields))
        if not isinstance(message.channel, TextChannel):
            raise Refused(*faults.NOT_IN_THIS_CHANNEL)
        self._need(message.channel, "create_public_threads")
        if message.thread is not None:
            raise Refused(*faults.THREAD_HERE_ALREADY)
        return self._open_thread(message.channel, asked.fields, message=message).as_json()

    def _open_thread(
        self,
        channel: GuildChannel,
        given: dict[str, Any],
        tags: list[int] | None = None,
        message: Received | None = None,
    ) -> Thread:
        active = [one for one in channel.guild.threads.values() if not one.archived]
        if len(active) >= channel.guild.thread_limit:
            raise Refused(*faults.TOO_MANY_THREADS)
        return channel.thread(given["name"], owner=self.bot, message=message, tags=tags or [])

    def _tags(self, channel: GuildChannel, given: list[str]) -> list[int]:
        known = channel.tags if isinstance(channel, Forum) else {}
        tags = [int(one) for one in given]
        if any(tag not in known for tag in tags):
            raise Refused(*faults.INVALID_FORM, errors={"applied_tags": "Unknown tag"})
        moderated = channel.moderated if isinstance(channel, Forum) else set()
        if moderated.intersection(tags):
            self._need(channel, "manage_threads")
        return tags

    def _list_public_archived_threads(self, asked: Asked) -> Any:
        channel = self._channel(asked)
        assert isinstance(channel, GuildChannel)
        self._need(channel, "read_message_history")
        archived = [one for one in channel.guild.threads.values() if one.parent is channel and one.archived]
        most = int(asked.query.get("limit", "50"))
        newest = sorted(archived, key=lambda one: -one.id)
        return {
            "threads": [one.as_json() for one in newest[:most]],
            "members": [],
            "has_more": len(newest) > most,
        }

    def _trigger_typing_indicator(self, asked: Asked) -> None:
        self._need(self._channel(asked), "send_messages")

    def _get_guild(self, asked: Asked) -> Any:
        return self._guild(asked).settings_json()

    def _list_guild_channels(self, asked: Asked) -> Any:
        return [channel.as_json() for channel in self._guild(asked).channels.values()]

    def _list_guild_roles(self, asked: Asked) -> Any:
        return self._guild(asked).roles_json()

    def _get_guild_member(self, asked: Asked) -> Any:
        guild = self._guild(asked)
        if asked.path["user_id"] == str(self.bot.id):
            return guild.member_json(self.bot)
        person = self.people.get(asked.number("user_id"))
        if person is None:
            raise Refused(404, 10007, "Unknown Member")
        return guild.member_json(person)

    def _get_active_guild_threads(self, asked: Asked) -> Any:
        active = [one for one in self._guild(asked).threads.values() if not one.archived]
        return {
            "threads": [one.as_json() for one in sorted(active, key=lambda one: -one.id)],
            "members": [],
            "has_more": False,
        }
