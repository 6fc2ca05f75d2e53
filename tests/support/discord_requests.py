"""What the bot asks the stand-in for Discord, read, and what it is about."""

import json
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from . import discord_faults as faults
from .discord_chats import Channel, Person, Received
from .discord_faults import Refused
from .discord_guilds import Guild
from .discord_interactions import File
from .discord_permissions import permission_bits
from .discord_schema import Errors


@dataclass
class Asked:
    """A request, read."""

    path: dict[str, str]
    query: dict[str, str]
    body: Any
    files: dict[str, File]

    @property
    def fields(self) -> dict[str, Any]:
        """The body, where it is an object."""
        return self.body if isinstance(self.body, dict) else {}

    def number(self, name: str) -> int:
        """An identifier in the path."""
        if not self.path[name].isdecimal():
            raise Refused(*faults.INVALID_FORM, errors={name: f"Value {self.path[name]!r} is not snowflake."})
        return int(self.path[name])

    @property
    def major(self) -> str:
        """What the limit of an operation is counted for: the channel, the server or the interaction."""
        return next((self.path[one] for one in ("channel_id", "guild_id", "webhook_token") if one in self.path), "")

    @property
    def has_own_token(self) -> bool:
        """Whether it is about an interaction, whose token is in the path; the overall limit is without it."""
        return "webhook_token" in self.path or "interaction_token" in self.path


async def read(request: web.Request) -> Asked:
    """A request, with what it carries."""
    path, query = dict(request.match_info), dict(request.query)
    if request.content_type == "multipart/form-data":
        posted = await request.post()
        files = {
            name: File(one.filename, one.file.read()) for name, one in posted.items() if isinstance(one, web.FileField)
        }
        payload = posted.get("payload_json")
        text = payload.file.read().decode() if isinstance(payload, web.FileField) else str(payload or "{}")
        files.pop("payload_json", None)
    else:
        files, text = {}, await request.text()
    try:
        return Asked(path, query, json.loads(text) if text else None, files)
    except ValueError:
        return Asked(path, query, text, files)


def allow(errors: Errors) -> None:
    """Refuse what has errors."""
    if errors:
        raise Refused(*faults.INVALID_FORM, errors=errors)


class Operations(ABC):
    """What the operations of the API have in common: what they are about, and whether the bot may."""

    bot: Person
    people: dict[int, Person]
    guilds: dict[int, Guild]
    channels: dict[int, Channel]

    @abstractmethod
    def number(self) -> int:
        """An identifier that was not used before."""

    @abstractmethod
    def upload(self, file: File) -> int:
        """Keep a file; its number."""

    def _guild(self, asked: Asked) -> Guild:
        guild = self.guilds.get(asked.number("guild_id"))
        if guild is None:
            raise Refused(*faults.UNKNOWN_GUILD)
        if not guild.joined:
            raise Refused(*faults.MISSING_ACCESS)
        return guild

    def _channel(self, asked: Asked) -> Channel:
        channel = self.channels.get(asked.number("channel_id"))
        if channel is None:
            raise Refused(*faults.UNKNOWN_CHANNEL)
        if channel.guild is not None and not channel.guild.joined:
            raise Refused(*faults.MISSING_ACCESS)
        if not channel.permissions(self.bot) & permission_bits(["view_channel"]):
            raise Refused(*faults.MISSING_ACCESS)
        return channel

    def _found(self, asked: Asked) -> Received:
        message = self._channel(asked).find(asked.number("message_id"))
        if message is None:
            raise Refused(*faults.UNKNOWN_MESSAGE)
        return message

    def _need(self, channel: Channel, *names: str) -> None:
        needed = permission_bits(names)
        if channel.permissions(self.bot) & needed != needed:
            raise Refused(*faults.MISSING_PERMISSIONS)
