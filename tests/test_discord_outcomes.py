"""What Discord's answers mean for a message: each of them, and none of them a secret."""

from typing import Any

import pytest
from aiohttp import (
    ClientConnectionError,
    ClientConnectorError,
    ClientOSError,
    ClientPayloadError,
    ServerDisconnectedError,
)
from aiohttp.client_reqrep import ConnectionKey

from bot.domain.chats import Gone, Missing, Outcome, Rejected, Sent, Throttled, Unreachable
from handlers.on_discord.outcomes import NO_TEXT_CHANNEL, UNAUTHORIZED, Answer, classify, of_edit, of_failure

FORM = {
    "code": 50035,
    "message": "Invalid Form Body",
    "errors": {
        "embeds": {"0": {"title": {"_errors": [{"code": "BASE_TYPE_MAX_LENGTH", "message": "256 or fewer"}]}}},
        "content": {"_errors": [{"code": "BASE_TYPE_MAX_LENGTH", "message": "2000 or fewer"}]},
    },
}


def refused(status: int, code: int, message: str = "No", **more: Any) -> Answer:
    return Answer(status, {"content-type": "application/json"}, {"code": code, "message": message, **more})


def too_many(body: Any = None, **headers: str) -> Answer:
    return Answer(429, {name.replace("_", "-"): value for name, value in headers.items()}, body)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        pytest.param(Answer(200, {}, {"id": "7"}), Sent("7"), id="taken"),
        pytest.param(
            Answer(200, {"x-ratelimit-remaining": "0", "x-ratelimit-reset-after": "1.5"}, {"id": "7"}),
            Sent("7", 1.5),
            id="taken, and it was the last for now",
        ),
        pytest.param(
            Answer(200, {"x-ratelimit-remaining": "4", "x-ratelimit-reset-after": "1.5"}, {"id": "7"}),
            Sent("7"),
            id="taken, and there may be more",
        ),
        pytest.param(
            Answer(200, {"x-ratelimit-remaining": "0", "x-ratelimit-reset-after": "soon"}, {"id": "7"}),
            Sent("7"),
            id="taken, with a header that is none",
        ),
        pytest.param(
            Answer(200), Unreachable("not an answer of Discord's", reached=True), id="an answer that cannot be read"
        ),
        pytest.param(Answer(200, {}, ["x"]), Unreachable("not an answer of Discord's", reached=True), id="no message"),
        pytest.param(
            too_many({"retry_after": 2.5, "global": False}, x_ratelimit_scope="user"),
            Throttled(2.5, everybody=False),
            id="429 of a route",
        ),
        pytest.param(
            too_many({"retry_after": 2.5, "global": False}, x_ratelimit_scope="shared"),
            Throttled(2.5, everybody=False),
            id="429 that is shared",
        ),
        pytest.param(
            too_many({"retry_after": 2.5, "global": True}, x_ratelimit_scope="global"),
            Throttled(2.5, everybody=True),
            id="429 of everything",
        ),
        pytest.param(
            too_many({"retry_after": 2.5}, x_ratelimit_global="true"),
            Throttled(2.5, everybody=True),
            id="429 of everything, by its header alone",
        ),
        pytest.param(too_many({}, retry_after="3"), Throttled(3.0, everybody=False), id="429 named in a header"),
        pytest.param(too_many({}), Throttled(5.0, everybody=False), id="429 of no length"),
        pytest.param(too_many({"retry_after": True}), Throttled(5.0, everybody=False), id="429 of a strange length"),
        pytest.param(too_many(None, retry_after="40"), Throttled(40.0, everybody=True), id="429 of Cloudflare's"),
        pytest.param(too_many(None), Throttled(60.0, everybody=True), id="429 of Cloudflare's, of no length"),
        pytest.param(
            too_many({"code": 30046, "message": "Maximum number of edits", "retry_after": 9}),
            Throttled(9.0, everybody=False),
            id="too many edits of old messages, as a 429",
        ),
        pytest.param(refused(400, 30046), Throttled(5.0, everybody=False), id="too many edits of old messages"),
        pytest.param(
            refused(400, 20016, retry_after=11), Throttled(11.0, everybody=False), id="slow mode, and for how long"
        ),
        pytest.param(refused(403, 20028), Throttled(5.0, everybody=False), id="the channel's write limit"),
        pytest.param(refused(400, 160006), Throttled(300.0, everybody=False), id="too many active threads"),
        pytest.param(Answer(500), Unreachable("Discord: 500", reached=True), id="500"),
        pytest.param(Answer(502), Unreachable("Discord: 502", reached=True), id="502 of Cloudflare's"),
        pytest.param(refused(503, 0), Unreachable("Discord: 503", reached=True), id="503"),
        pytest.param(refused(401, 0), UNAUTHORIZED, id="401"),
        pytest.param(refused(403, 50001), Gone("no-access"), id="the channel is not seen"),
        pytest.param(refused(403, 50013), Gone("no-rights"), id="nothing may be said there"),
        pytest.param(refused(403, 50007), Gone("direct-messages-closed"), id="a person takes no direct messages"),
        pytest.param(refused(403, 50278), Gone("no-server-in-common"), id="no server in common any more"),
        pytest.param(refused(403, 99999), Gone("forbidden"), id="403 of a code that nobody knows"),
        pytest.param(refused(403, 40333), Unreachable("Cloudflare blocks us"), id="Cloudflare blocks us, says Discord"),
        pytest.param(Answer(403), Unreachable("not Discord: 403"), id="403 of Cloudflare's"),
        pytest.param(refused(404, 10003), Gone("channel-not-found"), id="the channel was deleted"),
        pytest.param(refused(404, 0), Unreachable("Discord: 404 0"), id="no such path"),
        pytest.param(refused(400, 50008), NO_TEXT_CHANNEL, id="a forum"),
        pytest.param(refused(400, 50024), NO_TEXT_CHANNEL, id="a channel of another type"),
        pytest.param(refused(400, 50083), Gone("thread-archived"), id="an archived thread that is locked"),
        pytest.param(refused(403, 160005), Gone("thread-locked"), id="a locked thread"),
        pytest.param(refused(400, 40067), Gone("tag-required"), id="a forum that wants a tag and has none"),
        pytest.param(
            Answer(400, {}, FORM), Rejected("50035 Invalid Form Body: embeds.0.title, content"), id="an invalid form"
        ),
        pytest.param(refused(400, 50006, "Empty"), Rejected("50006 Empty"), id="an empty message"),
        pytest.param(Answer(413), Rejected("413"), id="too large for what stands before Discord"),
        pytest.param(Answer(400), Unreachable("not Discord: 400"), id="400 of a proxy's"),
        pytest.param(Answer(302), Unreachable("not Discord: 302"), id="a redirect"),
    ],
)
def test_an_answer_means(answer: Answer, outcome: Outcome) -> None:
    assert classify(answer) == outcome


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        pytest.param(Answer(200, {}, {"id": "7"}), Sent("5/7"), id="it says so from now on"),
        pytest.param(refused(404, 10008), Missing(), id="the message was deleted"),
        pytest.param(refused(403, 50005), Missing(), id="the message is another's"),
        pytest.param(refused(404, 10003), Gone("channel-not-found"), id="the channel was deleted"),
        pytest.param(refused(400, 50083), Sent("5/7"), id="in an archived thread there is nothing to do"),
        pytest.param(refused(403, 160005), Sent("5/7"), id="nor in a locked one"),
        pytest.param(refused(403, 50013), Gone("no-rights"), id="nothing may be said there"),
        pytest.param(refused(400, 30046), Throttled(5.0, everybody=False), id="too many edits of old messages"),
    ],
)
def test_an_answer_to_an_edit_means(answer: Answer, outcome: Outcome) -> None:
    assert of_edit(classify(answer), "5/7") == outcome


_KEY = ConnectionKey("discord.com", 443, is_ssl=True, ssl=True, proxy=None, proxy_auth=None, proxy_headers_hash=None)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        pytest.param(TimeoutError(), Unreachable("timeout", reached=True), id="no answer in time"),
        pytest.param(
            ClientConnectorError(_KEY, OSError(111, "refused")),
            Unreachable("network: ClientConnectorError"),
            id="no way",
        ),
        pytest.param(ConnectionRefusedError(), Unreachable("network: ConnectionRefusedError"), id="refused"),
        pytest.param(
            ServerDisconnectedError(), Unreachable("network: ServerDisconnectedError", reached=True), id="broken off"
        ),
        pytest.param(
            ClientPayloadError(),
            Unreachable("network: ClientPayloadError", reached=True),
            id="broken off in the answer",
        ),
        pytest.param(ClientOSError(104, "reset"), Unreachable("network: ClientOSError", reached=True), id="reset"),
        pytest.param(RuntimeError("closed"), Unreachable("network: RuntimeError", reached=True), id="whatever else"),
        pytest.param(ValueError("header"), Rejected("ValueError"), id="no request could be made of it"),
    ],
)
def test_a_request_without_an_answer_means(error: Exception, outcome: Outcome) -> None:
    assert of_failure(error) == outcome


@pytest.mark.parametrize(
    ("answer", "invalid"),
    [
        pytest.param(Answer(401), True, id="401"),
        pytest.param(Answer(403), True, id="403"),
        pytest.param(too_many({}), True, id="429"),
        pytest.param(too_many({}, x_ratelimit_scope="shared"), False, id="429 that is shared"),
        pytest.param(Answer(404), False, id="404"),
        pytest.param(Answer(200), False, id="taken"),
    ],
)
def test_what_discord_bans_for_is_counted(answer: Answer, invalid: bool) -> None:
    assert answer.is_invalid is invalid


def test_no_secret_is_in_what_is_logged() -> None:
    assert len(str(classify(refused(400, 1, "x" * 5000)))) < 300
    assert "secret" not in str(of_failure(ClientConnectionError("Bot secret-token")))
