"""What Discord is told of the commands, which of its limits that keeps, and what the bot lacks in a channel."""

import re
from typing import Any

import pytest

from bot.domain.errors import UserError
from bot.domain.rich import Piece, plain, to_plain
from bot.texts import Texts, languages
from handlers.calls import Entry, Kind, Option
from handlers.commands import COMMANDS
from handlers.commands.answering import _entry
from handlers.on_discord.forms import HERE, commands, is_known
from handlers.on_discord.permissions import (
    ADMINISTRATOR,
    EMBED,
    INVITE,
    MANAGE_CHANNELS,
    MANAGE_SERVER,
    SEND,
    SEND_IN_THREADS,
    VIEW,
    may_change,
    missing,
)
from handlers.on_discord.replies import parts
from support.discord_markdown import read

TEXT, NEWS, THREAD, FORUM = 0, 5, 11, 15


def menu(language: str) -> list[Entry]:
    say = Texts(language)
    return [_entry(say, command) for command in COMMANDS]


def told(others: dict[str, list[Entry]] | None = None) -> list[dict[str, Any]]:
    return commands(menu("en"), others or {}, why="Why this alert?", channel="another channel")


@pytest.mark.parametrize("language", languages())
def test_every_command_keeps_discords_limits_in_every_language(language: str) -> None:
    made = commands(menu(language), {}, why=to_plain(Texts(language)("discord-why")), channel="another channel")
    assert len(made) == len(COMMANDS) + 1 <= 100
    for one in made:
        if one["type"] == 3:
            assert 0 < len(one["name"]) <= 32
            continue
        options = one["options"]
        size = len(one["name"]) + len(one["description"]) + sum(len(o["name"]) + len(o["description"]) for o in options)
        assert size <= 8000
        assert len(options) <= 25
        for named in (one, *options):
            assert re.fullmatch(r"[-_a-z0-9]{1,32}", named["name"])
            assert 0 < len(named["description"]) <= 100
            assert not named["description"].endswith("…"), "it was not cut"
        required = [option.get("required", False) for option in options]
        assert required == sorted(required, reverse=True)


def test_commands_are_offered_everywhere_and_those_that_change_things_to_those_who_manage_channels() -> None:
    by_name = {one["name"]: one for one in told() if one["type"] == 1}
    assert set(by_name) == {command.name for command in COMMANDS}
    for one in by_name.values():
        assert (one["integration_types"], one["contexts"]) == ([0, 1], [0, 1, 2])
    changing = {name for name, one in by_name.items() if one["default_member_permissions"] == MANAGE_CHANNELS}
    assert set(by_name) - changing == {"help", "try", "filters", "list", "export", "latest", "status", "claim"}
    without_channel = {name for name, one in by_name.items() if HERE not in [each["name"] for each in one["options"]]}
    assert without_channel == {"help", "claim"}


def test_descriptions_come_in_every_language_that_there_are_texts_in() -> None:
    foreign = [
        Entry(entry.name, f"uk {entry.name}", tuple(Option(one.name, one.kind, what="uk") for one in entry.options))
        for entry in menu("en")
    ]
    watch = next(one for one in told({"uk": foreign, "es": foreign}) if one["name"] == "watch")
    assert watch["description_localizations"] == {"uk": "uk watch", "es-ES": "uk watch", "es-419": "uk watch"}
    assert watch["options"][0]["description_localizations"]["uk"] == "uk"


def test_commands_that_discord_knows_are_recognised_in_its_words_and_others_are_not() -> None:
    wanted = told()
    known = [
        one
        | {"id": "1", "version": "2", "nsfw": False, "description_localizations": None, "contexts": [2, 1, 0][-3:]}
        | ({"default_member_permissions": "16"} if one.get("default_member_permissions") else {})
        for one in reversed(wanted)
    ]
    for one in known:
        one["contexts"] = sorted(next(each for each in wanted if each["name"] == one["name"])["contexts"], reverse=True)
    assert is_known(wanted, known)
    assert not is_known(wanted, known[1:])
    assert not is_known(wanted, None)
    assert not is_known(wanted, [*known[1:], known[0] | {"name": "other"}])
    watch = next(number for number, one in enumerate(known) if one["name"] == "watch")
    changes: list[dict[str, Any]] = [
        {"description": "x"},
        {"options": []},
        {"default_member_permissions": None},
        {"contexts": [0]},
    ]
    for change in changes:
        assert not is_known(wanted, [one | change if number == watch else one for number, one in enumerate(known)])


def test_the_line_is_put_together_of_what_was_filled_in_in_the_order_of_the_table() -> None:
    sub = next(entry for entry in menu("en") if entry.name == "sub")
    assert sub.line({"stories": "all", "feed": "https://a.example/rss"}) == "/sub https://a.example/rss all"
    taking = next(entry for entry in menu("en") if entry.name == "import")
    assert taking.line({"document": "123"}) == "/import"
    assert Entry("x", "", (Option("a", Kind.TEXT),)).line({}) == "/x"


@pytest.mark.parametrize(
    ("duration", "line"),
    [
        pytest.param("", "/mute sport", id="none"),
        pytest.param("24h", "/mute sport for 24h", id="as it is printed"),
        pytest.param("2 weeks", "/mute sport for 2 weeks", id="in words"),
        pytest.param("tomorrow", None, id="no span"),
        pytest.param("0h", None, id="nothing at all"),
    ],
)
def test_what_stands_in_a_field_for_a_span_is_one_or_is_refused(duration: str, line: str | None) -> None:
    mute = next(entry for entry in menu("en") if entry.name == "mute")
    given = {"what": "sport", "duration": duration}
    if line is not None:
        assert mute.line(given) == line
    else:
        with pytest.raises(UserError, match="span-unknown"):
            mute.line(given)


@pytest.mark.parametrize(
    ("bits", "channel", "lacking"),
    [
        pytest.param(INVITE, TEXT, (), id="as invited"),
        pytest.param(INVITE & ~SEND_IN_THREADS, TEXT, (), id="threads do not matter in a channel"),
        pytest.param(INVITE & ~SEND, THREAD, (), id="nor a channel in a thread"),
        pytest.param(INVITE & ~SEND_IN_THREADS, THREAD, ("send-in-threads",), id="but threads do there"),
        pytest.param(INVITE & ~SEND & ~SEND_IN_THREADS, FORUM, ("send", "send-in-threads"), id="a forum needs both"),
        pytest.param(INVITE & ~EMBED & ~VIEW, NEWS, ("view", "embed"), id="announcements"),
        pytest.param(ADMINISTRATOR, TEXT, (), id="administrators may everything"),
        pytest.param(0, TEXT, ("view", "send", "embed", "history"), id="nothing"),
    ],
)
def test_what_the_bot_lacks_depends_on_the_channel(bits: int, channel: int, lacking: tuple[str, ...]) -> None:
    assert missing(bits, channel) == lacking


@pytest.mark.parametrize(
    ("bits", "may"),
    [
        pytest.param(0, False, id="nothing"),
        pytest.param(SEND | VIEW, False, id="members"),
        pytest.param(MANAGE_CHANNELS, True, id="channels"),
        pytest.param(MANAGE_SERVER, True, id="the server"),
        pytest.param(ADMINISTRATOR, True, id="everything"),
    ],
)
def test_who_manages_the_channel_or_the_server_may_change_things(bits: int, *, may: bool) -> None:
    assert may_change(bits) is may


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(plain("short"), id="short"),
        pytest.param(plain("\n".join(f"line {number} *with* [markup]" for number in range(300))), id="many lines"),
        pytest.param(plain("a word " * 2000), id="one long line"),
        pytest.param((Piece("x" * 5000, bold=True), Piece("*" * 3000)), id="no room to break"),
        pytest.param((Piece("A " * 700, link="https://a.example/" + "x" * 900), Piece("\nend")), id="a long link"),
        pytest.param((), id="nothing"),
    ],
)
def test_an_answer_is_told_whole_in_parts_that_fit(text: tuple[Piece, ...]) -> None:
    made = parts(text)
    assert all(len(part) <= 2000 for part in made)
    shown = "".join("".join(piece.text for piece in read(part)) for part in made)
    assert re.sub(r"\s", "", shown) == re.sub(r"\s", "", to_plain(text)) or not text
