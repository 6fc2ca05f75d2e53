"""What Discord tells of an interaction, read: who speaks, about which chat, and what is none of ours."""

from typing import Any

import pytest

from bot.domain.chats import Address, ChatKind
from handlers.on_discord.interactions import AskedWhy, Commanded, Pressed, read

GUILD, ROOM, FORUM, POST, DIRECT = "100", "200", "300", "400", "500"
MANAGES = 1 << 4


def told(**fields: Any) -> dict[str, Any]:
    """A command in a server's channel."""
    return {
        "id": "1",
        "application_id": "7",
        "token": "secret",
        "type": 2,
        "data": {"id": "2", "name": "list", "type": 1},
        "guild_id": GUILD,
        "channel_id": ROOM,
        "channel": {"id": ROOM, "type": 0, "name": "general"},
        "member": {"user": {"id": "9", "username": "alice", "global_name": None}, "permissions": str(MANAGES)},
        "locale": "en-GB",
        "app_permissions": "0",
        "context": 0,
        "authorizing_integration_owners": {"0": GUILD},
    } | fields


USER = {"guild_id": None, "member": None, "user": {"id": "9", "username": "alice"}}
IN_POST = {"channel_id": POST, "channel": {"id": POST, "type": 11, "name": "x", "parent_id": FORUM, "owner_id": "7"}}
PRESS = {"type": 3, "data": {"custom_id": "abc", "component_type": 2}, "message": {"id": "3"}}


@pytest.mark.parametrize(
    ("fields", "address", "kind"),
    [
        pytest.param({}, Address("discord", GUILD, ROOM), ChatKind.GROUP, id="a server's channel"),
        pytest.param(
            {"channel": {"id": ROOM, "type": 5, "name": "wire"}},
            Address("discord", GUILD, ROOM),
            ChatKind.CHANNEL,
            id="announcements",
        ),
        pytest.param(IN_POST, Address("discord", GUILD, FORUM), ChatKind.GROUP, id="a post of ours"),
        pytest.param(
            USER | {"channel_id": DIRECT, "context": 1},
            Address("discord", DIRECT),
            ChatKind.PRIVATE,
            id="direct messages with us",
        ),
        pytest.param(
            USER | {"channel_id": "600", "context": 2, "authorizing_integration_owners": {"1": "9"}},
            None,
            ChatKind.PRIVATE,
            id="direct messages with others",
        ),
        pytest.param(
            {"authorizing_integration_owners": {"1": "9"}}, None, ChatKind.PRIVATE, id="a server that we are not in"
        ),
    ],
)
def test_where_one_speaks_is_the_chat(fields: dict[str, Any], address: Address | None, kind: ChatKind) -> None:
    asked = read(told(**fields))
    assert isinstance(asked, Commanded)
    assert (asked.speaker.address, asked.speaker.kind) == (address, kind)
    assert (asked.speaker.person, asked.speaker.name, asked.speaker.language) == ("discord:9", "alice", "en")


@pytest.mark.parametrize(
    ("fields", "about", "rights"),
    [
        pytest.param({}, ROOM, MANAGES, id="here"),
        pytest.param({"data": {"custom_id": f"abc@{FORUM}"}}, FORUM, 0, id="about another channel"),
        pytest.param(IN_POST | {"data": {"custom_id": f"abc@{FORUM}"}}, FORUM, MANAGES, id="in a post of ours"),
        pytest.param(
            {"channel_id": POST, "channel": {"id": POST, "type": 11, "parent_id": FORUM}}
            | {"data": {"custom_id": f"abc@{FORUM}"}},
            FORUM,
            MANAGES,
            id="in a post of which nobody says whose it is",
        ),
    ],
)
def test_a_button_is_about_the_channel_that_it_names_where_rights_may_be_others(
    fields: dict[str, Any], about: str, rights: int
) -> None:
    asked = read(told(**(PRESS | fields)))
    assert isinstance(asked, Pressed)
    assert (asked.action, asked.speaker.address) == ("abc", Address("discord", GUILD, about))
    assert asked.speaker.rights == rights


@pytest.mark.parametrize(
    ("fields", "message_id"),
    [
        pytest.param({}, "3", id="in a channel"),
        pytest.param(IN_POST, f"{POST}/3", id="in a post, by the post's too"),
    ],
)
def test_a_message_is_asked_about_by_the_name_that_it_was_sent_under(fields: dict[str, Any], message_id: str) -> None:
    buttons = [{"type": 1, "components": [{"type": 2, "custom_id": f"abc@{FORUM}" if fields else "abc"}]}]
    resolved = {"messages": {"3": {"id": "3", "components": buttons}}}
    data = {"id": "2", "name": "Why this alert?", "type": 3, "target_id": "3", "resolved": resolved}
    asked = read(told(**fields, data=data))
    assert isinstance(asked, AskedWhy)
    assert asked.message_id == message_id


@pytest.mark.parametrize("kind", [1, 5, 99])
def test_what_is_none_of_ours_is_left_alone(kind: int) -> None:
    assert read(told(type=kind)) is None


def test_no_token_is_shown_with_an_interaction() -> None:
    assert "secret" not in repr(read(told()))
