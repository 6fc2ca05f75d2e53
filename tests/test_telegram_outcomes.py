"""What sending to Telegram ends in: every refusal of the stand-in's, over real HTTP, as an outcome."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
from aiogram.exceptions import ClientDecodeError
from aiohttp import ClientError, ClientSession

from bot.domain.chats import (
    Address,
    Button,
    Gone,
    Message,
    Missing,
    Moved,
    Outcome,
    Rejected,
    Sent,
    Throttled,
    Unreachable,
)
from bot.domain.rich import Piece, plain
from handlers.on_telegram import TelegramSender, is_group
from handlers.on_telegram.outcomes import Secret, classify
from support.telegram_schema import load
from support.telegram_server import Kind, PrivateChat, TelegramServer

HELLO = Message(plain("Hello"))


@pytest_asyncio.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with await TelegramServer.start() as server:
        yield server
        assert server.violations == []


@pytest_asyncio.fixture
async def sender(server: TelegramServer) -> AsyncIterator[TelegramSender]:
    sender = TelegramSender(server.token, server.url, deadline=1.5)
    yield sender
    await sender.close()


@pytest.fixture
def chat(server: TelegramServer) -> PrivateChat:
    return server.private(server.person("Alice"))


def address(chat: PrivateChat) -> Address:
    return Address("telegram", str(chat.id))


async def test_a_message_arrives_as_it_was_meant(
    server: TelegramServer, sender: TelegramSender, chat: PrivateChat
) -> None:
    first = await sender.send(address(chat), Message((Piece("EUMAM", bold=True), Piece(" & co")), silent=True))
    assert isinstance(first, Sent)
    rows = ((Button("Mute", "a1"), Button("Undo", "a2")), (), (Button("\ud800", "a3"),))
    second = await sender.send(address(chat), Message(plain("More"), buttons=rows, reply_to=first.message_id))

    one, two = chat.received
    assert isinstance(second, Sent)
    assert (one.id, two.id) == (int(first.message_id), int(second.message_id))
    assert (one.text, one.markup, one.bold, one.silent) == ("EUMAM & co", "<b>EUMAM</b> &amp; co", ["EUMAM"], True)
    assert (two.silent, two.reply_to, two.labels) == (False, one.id, ["Mute", "Undo", "…"])
    assert [button.action for row in two.buttons for button in row] == ["a1", "a2", "a3"]
    assert '"is_disabled": true' in server.calls[0].parameters["link_preview_options"]
    assert '"allow_sending_without_reply": true' in server.calls[1].parameters["reply_parameters"]


async def test_a_plain_message_is_its_characters(
    server: TelegramServer, sender: TelegramSender, chat: PrivateChat
) -> None:
    await sender.send(address(chat), Message((Piece("a < b", bold=True, link="https://a.b/"), Piece("!")), plain=True))

    assert chat.received[0].text == "a < b https://a.b/!"
    assert "parse_mode" not in server.calls[0].parameters


async def test_a_message_to_a_topic_arrives_in_the_topic(server: TelegramServer, sender: TelegramSender) -> None:
    group = server.group("Newsroom")
    topic = group.topic()
    here = Address("telegram", str(group.id), str(topic.id))

    assert isinstance(await sender.send(here, HELLO), Sent)
    topic.close()
    closed = await sender.send(here, HELLO)
    topic.delete()
    deleted = await sender.send(here, HELLO)

    assert [message.text for message in topic.received] == ["Hello"]
    assert (closed, deleted) == (Gone("topic-closed"), Gone("topic-not-found"))


@pytest.mark.parametrize(
    ("kind", "options", "expected"),
    [
        pytest.param("flood", {"retry_after": 7}, Throttled(7.0), id="too many messages"),
        pytest.param("migrated", {"to": -100500}, Moved("-100500"), id="became a supergroup"),
        pytest.param("blocked", {}, Gone("blocked"), id="blocked"),
        pytest.param("kicked", {}, Gone("kicked"), id="kicked"),
        pytest.param("not_found", {}, Gone("chat-not-found"), id="unknown chat"),
        pytest.param("unauthorized", {}, Unreachable("unauthorized"), id="token refused"),
        pytest.param("hang", {}, Unreachable("timeout", reached=True), id="no answer in time"),
        pytest.param(
            "bad_gateway_html", {}, Unreachable("not an answer of the Bot API's", reached=True), id="a gateway's page"
        ),
        pytest.param("garbage", {}, Unreachable("not an answer of the Bot API's", reached=True), id="garbage"),
        pytest.param(
            "internal_error", {}, Unreachable("Telegram: Internal Server Error", reached=True), id="its own failure"
        ),
    ],
)
async def test_a_failure_becomes_an_outcome(
    kind: Kind,
    options: dict[str, Any],
    expected: Outcome,
    server: TelegramServer,
    sender: TelegramSender,
    chat: PrivateChat,
) -> None:
    server.fail_next("sendMessage", kind, **options)

    assert await sender.send(address(chat), HELLO) == expected
    assert chat.received == []
    assert isinstance(await sender.send(address(chat), HELLO), Sent), "the next one goes"


@pytest.mark.parametrize(
    ("code", "description", "expected"),
    [
        pytest.param(403, "Forbidden: user is deactivated", "deactivated", id="account deleted"),
        pytest.param(403, "Forbidden: bot is not a member of the channel chat", "not-a-member", id="no member"),
        pytest.param(403, "Forbidden: bot can't initiate conversation with a user", "never-started", id="no /start"),
        pytest.param(403, "Forbidden: bot was kicked from the channel chat", "kicked", id="out of the channel"),
        pytest.param(403, "Forbidden: the group chat was deleted", "deleted", id="group deleted, forbidden"),
        pytest.param(403, "Forbidden: something new", "forbidden", id="a reason not known yet"),
        pytest.param(400, "Bad Request: group chat was deleted", "deleted", id="group deleted"),
        pytest.param(400, "Bad Request: PEER_ID_INVALID", "peer-invalid", id="no such peer"),
        pytest.param(400, "Bad Request: not enough rights to send text messages to the chat", "no-rights", id="rights"),
        pytest.param(400, "Bad Request: have no rights to send a message", "no-rights", id="no rights"),
        pytest.param(400, "Bad Request: need administrator rights in the channel chat", "no-rights", id="no admin"),
        pytest.param(400, "Bad Request: CHAT_WRITE_FORBIDDEN", "write-forbidden", id="nobody may write"),
        pytest.param(400, "Bad Request: TOPIC_CLOSED", "topic-closed", id="topic closed"),
        pytest.param(400, "Bad Request: message thread not found", "topic-not-found", id="topic deleted"),
    ],
)
async def test_a_chat_that_takes_nothing_more_is_gone(
    code: int, description: str, expected: str, server: TelegramServer, sender: TelegramSender, chat: PrivateChat
) -> None:
    server.fail_next("sendMessage", "error", code=code, description=description)

    assert await sender.send(address(chat), HELLO) == Gone(expected)


@pytest.mark.parametrize(
    ("code", "description"),
    [
        pytest.param(400, "Bad Request: can't parse entities: Unsupported start tag", id="markup"),
        pytest.param(400, "Bad Request: message is too long", id="too long"),
        pytest.param(400, "Bad Request: BUTTON_DATA_INVALID", id="button"),
        pytest.param(413, "Request Entity Too Large", id="too large"),
    ],
)
async def test_content_that_is_not_taken_is_rejected(
    code: int, description: str, server: TelegramServer, sender: TelegramSender, chat: PrivateChat
) -> None:
    server.fail_next("sendMessage", "error", code=code, description=description)

    assert await sender.send(address(chat), HELLO) == Rejected(description)


@pytest.mark.parametrize(
    ("code", "description", "expected"),
    [
        pytest.param(429, "Too Many Requests: retry after 3", Throttled(3.0), id="named in words only"),
        pytest.param(429, "Too Many Requests", Throttled(5.0), id="not named"),
        pytest.param(404, "Not Found", Unreachable("unauthorized"), id="an impossible token"),
        pytest.param(409, "Conflict", Unreachable("Telegram: Conflict"), id="conflict"),
        pytest.param(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            Unreachable("upgraded"),
            id="moved, but nobody says where",
        ),
    ],
)
async def test_odd_answers_have_an_outcome_too(
    code: int,
    description: str,
    expected: Outcome,
    server: TelegramServer,
    sender: TelegramSender,
    chat: PrivateChat,
) -> None:
    server.fail_next("sendMessage", "error", code=code, description=description)

    assert await sender.send(address(chat), HELLO) == expected


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(Message(plain("x"), buttons=((Button("Mute", "a" * 65),),)), id="a button's action too long"),
        pytest.param(Message(plain("x"), buttons=((Button("Mute", "\ud800"),),)), id="a button's action no text"),
    ],
)
async def test_a_message_that_cannot_be_sent_at_all_is_rejected(
    message: Message, sender: TelegramSender, chat: PrivateChat
) -> None:
    assert isinstance(await sender.send(address(chat), message), Rejected)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        pytest.param(Address("telegram", "prompt"), Rejected, id="no chat's identifier"),
        pytest.param(Address("telegram", "1", "x"), Rejected, id="no topic's identifier"),
        pytest.param(Address("telegram", "@newsroom"), Gone, id="a channel's name that nobody has"),
    ],
)
async def test_an_address_that_cannot_be_one_has_an_outcome(
    where: Address, expected: type[Outcome], sender: TelegramSender
) -> None:
    assert isinstance(await sender.send(where, HELLO), expected)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        pytest.param(ConnectionResetError("reset"), Unreachable("network: reset", reached=True), id="the network"),
        pytest.param(ValueError("odd"), Rejected("ValueError: odd"), id="what no request can be made of"),
        pytest.param(
            RuntimeError("/bot1:key/"), Unreachable("RuntimeError: /bot<token>/", reached=True), id="a library's fault"
        ),
        pytest.param(
            ClientDecodeError("", ValueError(), "<h1>413 Request Entity Too Large</h1>"),
            Rejected("413"),
            id="a proxy's size limit",
        ),
        pytest.param(
            ClientDecodeError("", ValueError(), {"ok": False, "error_code": 500}),
            Unreachable("500 that cannot be read", reached=True),
            id="a failure of an unknown shape",
        ),
    ],
)
def test_whatever_a_library_raises_is_an_outcome(error: Exception, expected: Outcome) -> None:
    assert classify(error, Secret("1:key")) == expected


async def test_text_of_any_length_and_none_is_taken(sender: TelegramSender, chat: PrivateChat) -> None:
    await sender.send(address(chat), Message(plain("<😀" * 3000)))
    await sender.send(address(chat), Message(()))

    assert [len(message.text.encode("utf-16-le")) // 2 <= 4096 for message in chat.received] == [True, True]


@pytest.mark.parametrize(
    ("kind", "arrived"),
    [pytest.param("drop_before", 0, id="before it was taken"), pytest.param("drop_after", 1, id="after it was taken")],
)
async def test_a_connection_that_breaks_is_no_answer(
    kind: Kind, arrived: int, server: TelegramServer, sender: TelegramSender, chat: PrivateChat
) -> None:
    server.fail_next("sendMessage", kind)

    outcome = await sender.send(address(chat), HELLO)
    assert isinstance(outcome, Unreachable)
    assert outcome.reached, "nobody can know"
    assert chat.count == arrived


async def sent_before(sender: TelegramSender, chat: PrivateChat) -> str:
    outcome = await sender.send(address(chat), HELLO)
    assert isinstance(outcome, Sent)
    return outcome.message_id


async def test_an_edit_changes_the_message_and_makes_no_other(sender: TelegramSender, chat: PrivateChat) -> None:
    message_id = await sent_before(sender, chat)
    new = Message((Piece("EUMAM", bold=True),), buttons=((Button("Mute", "a1"),),), reply_to="7", silent=True)
    assert await sender.edit(address(chat), message_id, new) == Sent(message_id)
    (message,) = chat.received
    assert (message.text, message.bold, message.labels, message.edits) == ("EUMAM", ["EUMAM"], ["Mute"], 1)
    assert await sender.edit(address(chat), message_id, Message(plain("a < b"), plain=True)) == Sent(message_id)
    assert (message.text, message.labels) == ("a < b", [])


async def test_an_edit_that_changes_nothing_is_done(sender: TelegramSender, chat: PrivateChat) -> None:
    message_id = await sent_before(sender, chat)
    assert await sender.edit(address(chat), message_id, HELLO) == Sent(message_id)


@pytest.mark.parametrize(
    "description",
    [
        "Bad Request: message to edit not found",
        "Bad Request: message can't be edited",
        "Bad Request: MESSAGE_ID_INVALID",
    ],
)
async def test_an_edit_of_a_message_that_is_gone_says_so(
    description: str, server: TelegramServer, sender: TelegramSender, chat: PrivateChat
) -> None:
    server.fail_next("editMessageText", "error", description=description)
    assert await sender.edit(address(chat), "404", HELLO) == Missing()


async def test_a_send_is_never_taken_for_an_edit_that_had_nothing_to_do(
    server: TelegramServer, sender: TelegramSender, chat: PrivateChat
) -> None:
    server.fail_next("sendMessage", "error", description="Bad Request: MESSAGE_ID_INVALID")
    assert isinstance(await sender.send(address(chat), HELLO), Rejected)


@pytest.mark.parametrize(
    ("kind", "options", "expected"),
    [
        pytest.param("flood", {"retry_after": 7}, Throttled(7.0), id="too many"),
        pytest.param("blocked", {}, Gone("blocked"), id="blocked"),
        pytest.param(
            "rejected", {}, Rejected("Bad Request: can't parse entities: Unsupported start tag"), id="content"
        ),
        pytest.param("hang", {}, Unreachable("timeout", reached=True), id="no answer in time"),
    ],
)
async def test_an_edit_fails_as_a_send_does(
    kind: Kind,
    options: dict[str, Any],
    expected: Outcome,
    server: TelegramServer,
    sender: TelegramSender,
    chat: PrivateChat,
) -> None:
    server.fail_next("editMessageText", kind, **options)
    assert await sender.edit(address(chat), "1", HELLO) == expected


async def test_an_answer_of_a_new_shape_still_says_that_it_was_sent(
    sender: TelegramSender, chat: PrivateChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat, "as_json", lambda: {"id": "a new kind of identifier", "type": {"new": True}})

    assert isinstance(await sender.send(address(chat), HELLO), Sent)


async def test_a_server_that_is_down_is_unreachable_and_its_return_is_noticed(
    server: TelegramServer, sender: TelegramSender, chat: PrivateChat
) -> None:
    await server.down()
    refused = await sender.send(address(chat), HELLO)
    assert isinstance(refused, Unreachable)
    assert not refused.reached, "it cannot have arrived"
    await server.up()
    assert isinstance(await sender.send(address(chat), HELLO), Sent)


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("7000000001:wrong", id="another one's"),
        pytest.param("no token at all", id="none that could be one"),
        pytest.param("", id="empty"),
    ],
)
async def test_a_refused_token_is_told_to_the_front(token: str, server: TelegramServer, chat: PrivateChat) -> None:
    sender = TelegramSender(token, server.url)

    assert await sender.send(address(chat), HELLO) == Unreachable("unauthorized")
    assert sender.unauthorized.is_set()
    await sender.close()


async def test_the_token_is_in_no_outcome_no_log_and_no_repr(
    server: TelegramServer, chat: PrivateChat, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = server.token.partition(":")[2]
    sender = TelegramSender(server.token, server.url, deadline=2.0)
    leak = f"Bad Request: no such path /bot{server.token}/sendMessage"
    server.fail_next("sendMessage", "error", description=leak)
    outcomes = [await sender.send(address(chat), HELLO)]
    kinds: tuple[Kind, ...] = ("hang", "drop_before", "bad_gateway_html", "garbage", "internal_error")
    for kind in kinds:
        server.fail_next("sendMessage", kind)
        outcomes.append(await sender.send(address(chat), HELLO))
    await server.down()
    outcomes.append(await sender.send(address(chat), HELLO))
    await sender.close()

    assert outcomes[0] == Rejected("Bad Request: no such path /bot<token>/sendMessage")
    shown = f"{outcomes} {sender!r} {vars(sender)} {vars(sender.api)} {caplog.text}"
    assert secret not in shown
    assert repr(Secret(server.token)) == "Secret()"


async def test_cancelling_is_no_outcome(server: TelegramServer, sender: TelegramSender, chat: PrivateChat) -> None:
    server.fail_next("sendMessage", "hang")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await sender.send(address(chat), HELLO)


def test_groups_and_channels_are_told_from_people() -> None:
    assert is_group(Address("telegram", "-1001234"))
    assert not is_group(replace(Address("telegram", "-1001234"), chat="1234"))


# The stand-in itself: what it lets through has to be what Telegram lets through.


async def ask(server: TelegramServer, method: str, **parameters: object) -> Any:
    async with (
        ClientSession() as session,
        session.post(f"{server.url}/bot{server.token}/{method}", json=parameters) as answer,
    ):
        return await answer.json()


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        pytest.param({"text": " \n"}, "message text is empty", id="nothing"),
        pytest.param({"text": "😀" * 2049}, "message is too long", id="too long"),
        pytest.param({"text": "<b>x", "parse_mode": "HTML"}, "can't parse entities: Can't find end tag", id="open"),
        pytest.param({"text": "<b><i>x</b></i>", "parse_mode": "HTML"}, "Unmatched end tag", id="crossed"),
        pytest.param({"text": "<p>x</p>", "parse_mode": "HTML"}, "Unsupported start tag", id="a tag it has not"),
        pytest.param({"text": "a < b", "parse_mode": "HTML"}, "Unsupported start tag", id="not escaped"),
        pytest.param({"text": "x", "chat_id": 5}, "chat not found", id="an unknown chat"),
    ],
)
async def test_the_stand_in_refuses_as_telegram_does(
    parameters: dict[str, object], said: str, server: TelegramServer, chat: PrivateChat
) -> None:
    answer = await ask(server, "sendMessage", **{"chat_id": chat.id} | parameters)

    assert answer["error_code"] == 400
    assert said in answer["description"]


@pytest.mark.skipif(load().is_empty, reason="the published description of the API is not there")
@pytest.mark.parametrize(
    ("method", "parameters", "violation"),
    [
        pytest.param("sendMesage", {}, "sendMesage: there is no such method", id="method"),
        pytest.param("sendMessage", {"chat_id": 1}, "sendMessage: text is missing", id="missing"),
        pytest.param("getMe", {"colour": "red"}, "getMe: unknown parameter colour", id="unknown"),
        pytest.param(
            "deleteWebhook",
            {"drop_pending_updates": "no"},
            "deleteWebhook: drop_pending_updates is not Boolean: 'no'",
            id="wrong type",
        ),
        pytest.param(
            "setMyCommands",
            {"commands": [{"command": "x"}]},
            "setMyCommands: commands is not Array of BotCommand: [{'command': 'x'}]",
            id="wrong type inside",
        ),
    ],
)
async def test_the_stand_in_notes_what_the_api_does_not_describe(
    method: str, parameters: dict[str, object], violation: str, server: TelegramServer
) -> None:
    with suppress(ValueError, KeyError, ClientError):
        await ask(server, method, **parameters)

    assert server.violations == [violation]
    server.violations.clear()
