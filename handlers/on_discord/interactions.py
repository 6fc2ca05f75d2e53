"""From what Discord tells to what happened, or None where it does not concern us; pure, it asks nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot.domain.chats import Address, ChatKind
from handlers.on_discord.embeds import AFAR
from handlers.on_discord.forms import HERE
from handlers.on_discord.permissions import MANAGE_CHANNELS

Json = Any

PLATFORM: Final = "discord"

_ANNOUNCEMENTS: Final = 5
_THREADS: Final = {10, 11, 12}


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that somebody sent along: where it is, and its size in bytes."""

    name: str
    url: str
    size: int


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who does something, and about which chat.

    `address` is None where the app is not in the server: the chat is that user's direct messages then, which have to be
    opened first. `rights` are the user's there, None in direct messages, in which everything is theirs; `ours` are the
    bot's, None where Discord does not say. `afar` is the channel's id where the chat is not where one speaks.
    """

    user: str
    name: str
    address: Address | None
    kind: ChatKind
    title: str
    rights: int | None
    ours: int | None
    channel_type: int
    language: str | None = None
    afar: str = ""

    @property
    def person(self) -> str:
        """Who it is, whatever the platform."""
        return f"{PLATFORM}:{self.user}"

    @property
    def in_private(self) -> bool:
        """Whether nobody else reads along where one speaks."""
        return self.kind is ChatKind.PRIVATE and self.address is not None


@dataclass(frozen=True, slots=True)
class Interaction:
    """What Discord wants answered, within three seconds; `token` serves for fifteen minutes."""

    interaction_id: str
    application: str
    token: str = field(repr=False)
    speaker: Speaker = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Commanded(Interaction):
    """A slash command, with its options as text; the file where one was sent along."""

    command: str
    command_id: str
    given: Mapping[str, str]
    file: SentFile | None = None


@dataclass(frozen=True, slots=True)
class AskedWhy(Interaction):
    """The command on a message."""

    message_id: str


@dataclass(frozen=True, slots=True)
class Pressed(Interaction):
    """A button."""

    action: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Typing(Interaction):
    """Somebody types an option: what may it be?"""

    command: str
    option: str
    typed: str


Asked = Commanded | AskedWhy | Pressed | Typing


def read(raw: Json) -> Asked | None:
    """What is asked.

    Raises:
        Exception: whatever comes of a shape that Discord's are not known to have.
    """
    data = raw.get("data") or {}
    kind = raw["type"]
    if kind == 3:
        action, _, afar = str(data.get("custom_id") or "").partition(AFAR)
        message = raw.get("message") or {}
        return Pressed(*_common(raw), action, str(message.get("id") or ""), speaker=_speaker(raw, afar=afar))
    if kind == 2 and data.get("type", 1) == 3:
        target, here = str(data["target_id"]), str(raw["channel_id"])
        message = ((data.get("resolved") or {}).get("messages") or {}).get(target) or {}
        speaker = _speaker(raw, afar=_told_afar(message))
        # In a forum's post it is known by the post and its own id.
        return AskedWhy(*_common(raw), f"{here}/{target}" if speaker.afar else target, speaker=speaker)
    if kind not in {2, 4}:
        return None
    options = data.get("options") or []
    values = {one["name"]: str(one.get("value", "")) for one in options}
    here = values.pop(HERE, "")
    resolved = data.get("resolved") or {}
    if kind == 4:
        focused = next((one for one in options if one.get("focused")), None)
        if focused is None:
            return None
        speaker = _speaker(raw, afar=here)
        return Typing(*_common(raw), data["name"], focused["name"], str(focused.get("value", "")), speaker=speaker)
    files = [
        SentFile(one.get("filename") or "", one["url"], int(one.get("size") or 0))
        for one in (resolved.get("attachments") or {}).values()
    ]
    return Commanded(
        *_common(raw),
        data["name"],
        str(data["id"]),
        values,
        files[0] if files else None,
        speaker=_speaker(raw, there=(resolved.get("channels") or {}).get(here)),
    )


def _common(raw: Json) -> tuple[str, str, str]:
    return str(raw["id"]), str(raw["application_id"]), raw["token"]


def _speaker(raw: Json, *, there: Json = None, afar: str = "") -> Speaker:
    """Who speaks: here, about the channel `there` that they named, or about one that a button of ours names."""
    member = raw.get("member") or {}
    user = member.get("user") or raw["user"]
    channel = raw.get("channel") or {}
    owners = raw.get("authorizing_integration_owners") or {}
    guild = raw.get("guild_id")
    name = user.get("global_name") or user.get("username") or ""
    language = str(raw.get("locale") or "").partition("-")[0] or None
    here = str(raw["channel_id"])
    if guild and (owners.get("0") == str(guild) or not owners):
        rights = int(member.get("permissions") or 0)
        ours: int | None = int(raw.get("app_permissions") or 0)
        about = _about(raw, here)
        if there is not None and str(there["id"]) not in (here, about):
            about, channel, ours = str(there["id"]), there, None
            rights = int(there.get("permissions") or 0)
        elif afar and afar not in (here, about):
            if afar != channel.get("parent_id"):
                # Of that channel Discord says nothing here: whoever manages the server manages it.
                rights &= ~MANAGE_CHANNELS
            about, channel, ours = afar, {}, None
        kind = ChatKind.CHANNEL if channel.get("type") == _ANNOUNCEMENTS else ChatKind.GROUP
        return Speaker(
            user=str(user["id"]),
            name=name,
            address=Address(PLATFORM, str(guild), about),
            kind=kind,
            title=f"#{channel['name']}" if channel.get("name") else "",
            rights=rights,
            ours=ours,
            channel_type=int(channel.get("type") or 0),
            language=language,
            afar=about if about != here else "",
        )
    direct = not guild and raw.get("context", 1) == 1
    return Speaker(
        user=str(user["id"]),
        name=name,
        address=Address(PLATFORM, here) if direct else None,
        kind=ChatKind.PRIVATE,
        title=name,
        rights=None,
        ours=None,
        channel_type=int(channel.get("type") or 1),
        language=language,
    )


def _about(raw: Json, here: str) -> str:
    """The channel that is spoken about: the one where one speaks, or the forum whose post of ours that is."""
    channel = raw.get("channel") or {}
    is_ours = channel.get("type") in _THREADS and channel.get("owner_id") == raw["application_id"]
    return str(channel["parent_id"]) if is_ours and channel.get("parent_id") else here


def _told_afar(message: Json) -> str:
    """The channel that a message of ours is about where it stands in another: its buttons name it."""
    for row in message.get("components") or []:
        for button in row.get("components") or []:
            if afar := str(button.get("custom_id") or "").partition(AFAR)[2]:
                return afar
    return ""
