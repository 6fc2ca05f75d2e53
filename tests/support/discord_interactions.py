"""What people do with the bot on the stand-in for Discord, and what it answers."""

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from .discord_chats import Channel, Person, Received
    from .discord_server import DiscordServer

MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, AUTOCOMPLETION, MODAL = 4, 5, 6, 7, 8, 9
"""The kinds of answers to an interaction."""

_KINDS: dict[int, type[Any]] = {3: str, 4: int, 5: bool, 10: float}


class NotOffered(AssertionError):
    """A command that a person does not see in a place, so that nobody can use it there."""


@dataclass(frozen=True, slots=True)
class File:
    """A file, as somebody attaches it."""

    name: str
    content: bytes


class Choice(NamedTuple):
    """What an autocompletion proposes."""

    name: str
    value: str | int | float


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot answers to something that a person did; more may come after it."""

    interaction: "Interaction"

    @property
    def messages(self) -> list["Received"]:
        """The answer and what followed, oldest first; or the message that the bot has changed in place of an answer."""
        return list(self.interaction.answers.values())

    @property
    def text(self) -> str:
        """Everything that the bot says in answer; "" where it says nothing."""
        return "\n\n".join(message.text for message in self.messages)

    @property
    def message(self) -> "Received":
        """The first message of the answer."""
        assert self.messages, "the bot has acknowledged without a message"
        return self.messages[0]

    @property
    def ephemeral(self) -> bool:
        """Whether only who has asked sees every part of the answer."""
        return all(message.ephemeral for message in self.messages)

    @property
    def deferred(self) -> bool:
        """Whether the bot has asked for more time."""
        return self.interaction.acknowledgement in {DEFERRED, DEFERRED_UPDATE}

    @property
    def updated(self) -> bool:
        """Whether the bot has changed the message with the button rather than sent another."""
        return self.interaction.message in self.messages

    @property
    def files(self) -> list["File"]:
        """Every file of the answer."""
        return [file for message in self.messages for file in message.attached]

    @property
    def labels(self) -> list[str]:
        """What the buttons say."""
        return [label for message in self.messages for label in message.labels]

    async def more(self, messages: int = 2, within: float = 30.0) -> "Answer":
        """Wait until the answer has so many messages."""
        if not await self.interaction.server.until(lambda: len(self.messages) >= messages, within):
            raise AssertionError(f"the answer has {len(self.messages)} messages, not {messages}, after {within} s")
        return self

    def __contains__(self, text: str) -> bool:
        return text in self.text

    def __str__(self) -> str:
        return self.text


@dataclass(eq=False)
class Interaction:
    """Something that a person does, from the moment on at which the bot is told."""

    server: "DiscordServer" = field(repr=False)
    person: "Person"
    place: "Channel" = field(repr=False)
    kind: int
    data: dict[str, Any]
    message: "Received | None" = None
    id: int = 0
    token: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    acknowledgement: int | None = None
    ephemeral: bool = False
    expired: bool = False
    """Whether it was not acknowledged in time, or 15 minutes have passed."""
    original: "Received | None" = None
    pending: bool = False
    """Whether the answer was deferred and nothing has come yet."""
    choices: list[Choice] = field(default_factory=list)
    modal: dict[str, Any] | None = None
    answers: dict[int, "Received"] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    """For whom the app is installed: a server under "0", the person under "1"."""
    follow_ups: int = 0

    @property
    def what(self) -> str:
        """The command or the button, in words."""
        return str(self.data.get("name") or self.data.get("custom_id"))

    async def acknowledged_in_time(self) -> None:
        """Fail where the bot does not acknowledge in as long as Discord waits."""
        patience = self.server.acknowledgement
        if not await self.server.until(lambda: self.acknowledgement is not None, patience):
            self.expired = True
            raise AssertionError(f"the bot has not acknowledged {self.what!r} within {patience} s")

    async def answered(self, within: float) -> Answer:
        """The answer, once something that can be read is there."""
        await self.acknowledged_in_time()
        if not await self.server.until(lambda: not self.pending, within):
            raise AssertionError(f"the bot left {self.what!r} without an answer for {within} s")
        return Answer(self)

    def settle(self, message: "Received") -> None:
        """Take a message, new or changed, for the answer that was still to come."""
        self.pending = False
        self.answers[message.id] = message

    def expire(self) -> None:
        """Let 15 minutes have passed, after which nothing can be answered any more."""
        self.expired = True

    @property
    def is_foreign(self) -> bool:
        """Whether the bot is not where this happens, so that it may follow up five times only."""
        return self.place.guild is not None and "0" not in self.owners

    def as_json(self) -> dict[str, Any]:
        """As the gateway shows it."""
        place, person, guild = self.place, self.person, self.place.guild
        shown: dict[str, Any] = {
            "id": str(self.id),
            "application_id": str(self.server.bot.id),
            "type": self.kind,
            "token": self.token,
            "version": 1,
            "data": self.data,
            "channel_id": str(place.id),
            "channel": place.as_json() | {"permissions": str(place.permissions(person))},
            "locale": person.locale,
            "entitlements": [],
            "entitlement_sku_ids": [],
            "authorizing_integration_owners": self.owners,
            "attachment_size_limit": 10 * 1024 * 1024,
            "context": 1 if guild is None else 0,
            "app_permissions": str(place.permissions(self.server.bot)),
        }
        if guild is None:
            shown["user"] = person.as_json()
        else:
            shown |= {
                "guild_id": str(guild.id),
                "guild": guild.partial_json(),
                "guild_locale": guild.locale,
                "member": guild.member_json(person) | {"permissions": str(place.permissions(person))},
            }
        if self.message is not None:
            shown["message"] = self.message.as_json()
        return shown


def options_of(
    described: dict[str, Any],
    subcommands: list[str],
    given: dict[str, Any],
    focused: str | None,
    server: "DiscordServer",
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """A command's options as an interaction has them, and what they refer to; only what Discord would let one type."""
    known = described.get("options") or []
    path = []
    for name in subcommands:
        found = next((one for one in known if one["name"] == name and one["type"] in {1, 2}), None)
        assert found, f"/{described['name']} has no {name!r}"
        path.append(found)
        known = found.get("options") or []
    assert not known or known[0]["type"] not in {1, 2}, f"/{described['name']} needs one of its subcommands"
    by_name = {one["name"].replace("-", "_"): one for one in known}
    assert given.keys() <= by_name.keys(), f"/{described['name']} has no {given.keys() - by_name.keys()}"
    missing = [name for name, one in by_name.items() if one.get("required") and name not in given]
    assert focused is not None or not missing, f"/{described['name']} needs {missing}"
    resolved: dict[str, Any] = {}
    options = []
    for name, value in given.items():
        option: dict[str, Any] = {"name": by_name[name]["name"], "type": by_name[name]["type"]}
        if name == focused:
            assert by_name[name].get("autocomplete"), f"/{described['name']} proposes nothing for {name!r}"
            option |= {"focused": True, "value": str(value)}
        else:
            option["value"] = _value(by_name[name], value, resolved, server)
        options.append(option)
    for one in reversed(path):
        options = [{"name": one["name"], "type": one["type"], "options": options}]
    return options, resolved


def _value(option: dict[str, Any], value: Any, resolved: dict[str, Any], server: "DiscordServer") -> Any:
    kind = option["type"]
    if kind == 11:
        file = value if isinstance(value, File) else File(*value)
        number = server.upload(file)
        resolved.setdefault("attachments", {})[str(number)] = server.attachment_json(number, file)
        return str(number)
    if kind == 6:
        resolved.setdefault("users", {})[str(value.id)] = value.as_json()
        return str(value.id)
    if kind == 7:
        allowed = option.get("channel_types")
        assert not allowed or value.type in allowed, f"{value.name} is no channel that {option['name']!r} allows"
        resolved.setdefault("channels", {})[str(value.id)] = value.as_json() | {
            "permissions": str(value.permissions(server.bot))
        }
        return str(value.id)
    choices = option.get("choices")
    if choices:
        found = next((one["value"] for one in choices if value in (one["name"], one["value"])), None)
        assert found is not None, f"{value!r} is no choice of {option['name']!r}"
        return found
    value = value.value if isinstance(value, Choice) else value
    if kind == 10 and isinstance(value, int):
        value = float(value)
    assert isinstance(value, _KINDS[kind]), f"{option['name']!r} cannot be {value!r}"
    size = float(len(value) if isinstance(value, str) else value)
    what = "length" if isinstance(value, str) else "value"
    least, most = option.get(f"min_{what}"), option.get(f"max_{what}")
    if most is None and what == "length":
        most = 6000
    assert least is None or size >= least, f"{option['name']!r} cannot be {value!r}"
    assert most is None or size <= most, f"{option['name']!r} cannot be {value!r:.80}"
    return value
