"""From the menu of commands to slash commands as Discord's API has them; pure, it asks nothing.

Source of the limits: Discord's documentation of application commands.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from handlers.calls import Entry, Kind, Option
from handlers.on_discord import permissions

HERE: Final = "channel"
"""The option that every command about a chat has besides its own: another channel of the server, a forum too."""

_DESCRIPTION: Final = 100
_MESSAGE_COMMAND: Final = 32
_CHOICES: Final = 25
_SLASH, _MESSAGE = 1, 3
_EVERYWHERE: Final = {"integration_types": [0, 1], "contexts": [0, 1, 2]}
"""Added to a server or to a person's account; in servers, in direct messages with the bot and in others."""

# Discord's codes of languages, where they are not ours.
_CODES: Final = {
    "en": ("en-GB", "en-US"),
    "es": ("es-ES", "es-419"),
    "pt": ("pt-BR",),
    "sv": ("sv-SE",),
    "nb": ("no",),
}

_TYPES: Final = {Kind.NUMBER: 4, Kind.FILE: 11}
_TEXT, _CHANNEL = 3, 7
_SUGGESTED: Final = {Kind.SOURCE, Kind.FEED, Kind.FILTER, Kind.MUTE, Kind.COMMAND}
# What alerts can be sent to: text, announcements, threads of either, public or not, and forums.
_CHANNELS: Final = [0, 5, 10, 11, 12, 15]
_ABOUT_NO_CHAT: Final = {"help", "claim"}


def commands(
    menu: Sequence[Entry],
    others: Mapping[str, Sequence[Entry]],
    *,
    why: str,
    channel: str,
) -> list[dict[str, Any]]:
    """What Discord is told of the commands; `others` are the menu in further languages, by the code of each.

    `why` names the command on a message, `channel` describes the option that every command has.
    """
    translated = {
        code: {entry.name: entry for entry in entries}
        for language, entries in others.items()
        for code in _CODES.get(language, (language,))
    }
    made = [
        _slash(entry, {code: entries[entry.name] for code, entries in translated.items()}, channel) for entry in menu
    ]
    return [*made, {"type": _MESSAGE, "name": why[:_MESSAGE_COMMAND], "contexts": [0, 1], "integration_types": [0, 1]}]


def _slash(entry: Entry, others: Mapping[str, Entry], channel: str) -> dict[str, Any]:
    options = [
        _option(option, {code: other.options[number].what for code, other in others.items()})
        for number, option in enumerate(entry.options)
    ]
    options.sort(key=lambda option: not option.get("required", False))  # Discord wants these first
    if entry.name not in _ABOUT_NO_CHAT:
        options.append(
            {"type": _CHANNEL, "name": HERE, "description": channel[:_DESCRIPTION], "channel_types": _CHANNELS}
        )
    return {
        "type": _SLASH,
        "name": entry.name,
        "description": entry.what[:_DESCRIPTION],
        **_localized({code: other.what for code, other in others.items()}),
        "options": options,
        "default_member_permissions": permissions.CHANGES if entry.changes else None,
        **_EVERYWHERE,
    }


def _option(option: Option, others: Mapping[str, str]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": _TYPES.get(option.kind, _TEXT),
        "name": option.name,
        "description": option.what[:_DESCRIPTION],
        **_localized(others),
    }
    if option.required:
        made["required"] = True
    if option.kind is Kind.NUMBER:
        made["min_value"] = 1
    if option.choices:
        made["choices"] = [{"name": choice, "value": choice} for choice in option.choices[:_CHOICES]]
    if option.kind in _SUGGESTED:
        made["autocomplete"] = True
    return made


def _localized(others: Mapping[str, str]) -> dict[str, Any]:
    found = {code: what[:_DESCRIPTION] for code, what in others.items()}
    return {"description_localizations": found} if found else {}


def is_known(wanted: Sequence[Mapping[str, Any]], known: object) -> bool:
    """Whether Discord knows these commands already; what it adds of its own, and what it leaves out, is no matter."""
    if not isinstance(known, list) or len(known) != len(wanted):
        return False
    by_name = {(one.get("type", _SLASH), one.get("name")): one for one in known if isinstance(one, dict)}
    return all(_says(one, by_name.get((one["type"], one["name"]), {})) for one in wanted)


def _says(wanted: object, known: object) -> bool:
    """Whether everything that is wanted is there; nothing, false and empty are the same."""
    if isinstance(wanted, Mapping):
        return isinstance(known, Mapping) and all(_says(value, known.get(key)) for key, value in wanted.items())
    if isinstance(wanted, list):
        ours, theirs = wanted, known or []
        if not isinstance(theirs, list) or len(ours) != len(theirs):
            return False
        if all(isinstance(one, int) for one in ours):  # of these the order says nothing
            return sorted(ours) == sorted(theirs)
        return all(_says(one, other) for one, other in zip(ours, theirs, strict=True))
    return str(wanted) == str(known) or (not wanted and not known)  # a number as text is that number
