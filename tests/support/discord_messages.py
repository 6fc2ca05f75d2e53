"""What the stand-in for Discord does with messages: sent, shown, edited, deleted."""

import asyncio
import math
from typing import Any

from . import discord_faults as faults
from . import discord_schema
from .discord_chats import EPHEMERAL, Channel, DirectMessages, Received
from .discord_faults import Refused
from .discord_guilds import Forum, Thread
from .discord_interactions import File, Interaction
from .discord_permissions import permission_bits
from .discord_requests import Asked, Operations, allow

_FILE_LIMIT = 10 * 1024 * 1024


class Messages(Operations):
    """The operations on messages."""

    interactions: dict[str, Interaction]
    nonce_memory: float
    _nonces: dict[tuple[int, str], tuple[float, Received]]

    def _create_message(self, asked: Asked) -> Any:
        channel = self._channel(asked)
        body = asked.fields
        if channel.refusal:
            raise Refused(*channel.refusal)
        if isinstance(channel, DirectMessages) and channel.person.blocks:
            raise Refused(*faults.CANNOT_DM)
        if isinstance(channel, Forum):
            raise Refused(400, 50008, "Cannot send messages in a non-text channel")
        thread = isinstance(channel, Thread)
        self._need(channel, "send_messages_in_threads" if thread else "send_messages", *needs(body, asked.files))
        self._check(body, asked.files)
        reply = body.get("message_reference") or {}
        if reply and channel.find(int(reply["message_id"])) is None and reply.get("fail_if_not_exists", True):
            raise Refused(*faults.INVALID_FORM, errors={"message_reference": "Unknown message"})
        if isinstance(channel, Thread) and channel.archived:
            if channel.locked:
                raise Refused(*faults.ARCHIVED)
            channel.reopen()
        said_before = self._said_before(channel, body)
        if said_before is not None:
            return said_before.as_json()
        message = self._message(channel, body, asked.files)
        channel.keep(message)
        if body.get("nonce") is not None:
            now = asyncio.get_running_loop().time()
            self._nonces[channel.id, str(body["nonce"])] = (now, message)
        return message.as_json()

    def _said_before(self, channel: Channel, body: dict[str, Any]) -> Received | None:
        """The message with the same nonce, where it is to be sent once."""
        if body.get("nonce") is None or not body.get("enforce_nonce"):
            return None
        at, message = self._nonces.get((channel.id, str(body["nonce"])), (-math.inf, None))
        return message if asyncio.get_running_loop().time() - at < self.nonce_memory else None

    def _list_messages(self, asked: Asked) -> Any:
        channel = self._channel(asked)
        if not channel.permissions(self.bot) & permission_bits(["read_message_history"]):
            return []
        found = sorted(channel.messages.values(), key=lambda one: -one.id)
        before, after = asked.query.get("before"), asked.query.get("after")
        if before:
            found = [one for one in found if one.id < int(before)]
        most = int(asked.query.get("limit", "50"))
        if after:
            found = [one for one in found if one.id > int(after)][-most:]
        return [channel.shown(one) for one in found[:most]]

    def _get_message(self, asked: Asked) -> Any:
        message = self._found(asked)
        self._need(message.channel, "read_message_history")
        return message.channel.shown(message)

    def _update_message(self, asked: Asked) -> Any:
        message = self._found(asked)
        if message.author is not self.bot:
            raise Refused(*faults.NOT_THE_AUTHOR)
        if isinstance(message.channel, Thread) and message.channel.archived:
            raise Refused(*faults.ARCHIVED)
        self._check(asked.fields, asked.files, old=message)
        self._change(message, asked.fields, asked.files)
        for interaction in self.interactions.values():
            if interaction.pending and interaction.original is message:
                interaction.settle(message)
        return message.as_json()

    def _delete_message(self, asked: Asked) -> None:
        message = self._found(asked)
        if message.author is not self.bot:
            self._need(message.channel, "manage_messages")
        message.delete()

    def _check(
        self, body: dict[str, Any], files: dict[str, File], *, old: Received | None = None, within: str = ""
    ) -> None:
        errors = discord_schema.message_errors(body)
        allow({f"{within}{at}": said for at, said in errors.items()})
        kept = {} if old is None else {"content": old.content, "embeds": old.embeds, "components": old.components}
        whole = kept | body
        says = [(whole.get("content") or "").strip(), *(whole.get(name) for name in ("embeds", "components", "poll"))]
        if sum(len(file.content) for file in files.values()) > _FILE_LIMIT:
            raise Refused(*faults.TOO_LARGE)
        if not (any(says) or files or body.get("attachments") or (old is not None and old.files)):
            raise Refused(*faults.EMPTY_MESSAGE)

    def _message(
        self, channel: Channel, body: dict[str, Any], files: dict[str, File], interaction: Interaction | None = None
    ) -> Received:
        reply = (body.get("message_reference") or {}).get("message_id")
        return Received(
            id=self.number(),
            channel=channel,
            author=self.bot,
            content=(body.get("content") or "").strip(),
            embeds=body.get("embeds") or [],
            components=body.get("components") or [],
            files={self.upload(file): file for file in files.values()},
            flags=body.get("flags") or 0,
            nonce=body.get("nonce"),
            reply_to=None if reply is None else int(reply),
            body=body,
            interaction=interaction,
        )

    def _change(self, message: Received, body: dict[str, Any], files: dict[str, File]) -> None:
        if "content" in body:
            message.content = (body["content"] or "").strip()
        if "embeds" in body:
            message.embeds = body["embeds"] or []
        if "components" in body:
            message.components = body["components"] or []
        if "attachments" in body:
            kept = {int(one["id"]) for one in body["attachments"] or ()}
            message.files = {number: file for number, file in message.files.items() if number in kept}
        message.files |= {self.upload(file): file for file in files.values()}
        if "flags" in body:
            message.flags = (body["flags"] or 0) | message.flags & EPHEMERAL
        message.body = message.body | body
        message.edits += 1
        if not message.ephemeral:
            message.channel.tell("MESSAGE_UPDATE", message.channel.shown(message))


def needs(body: dict[str, Any], files: dict[str, File]) -> list[str]:
    """The permissions that a message needs beside the one to send it."""
    return [*(["embed_links"] if body.get("embeds") else []), *(["attach_files"] if files else [])]
