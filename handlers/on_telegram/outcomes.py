"""From what a request to Telegram ended in to an outcome; it sends nothing and retries nothing."""

import re
from http import HTTPStatus

from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiohttp import ClientConnectorError, ConnectionTimeoutError

from bot.domain.chats import Gone, Missing, Moved, Outcome, Rejected, Sent, Throttled, Unreachable

UNAUTHORIZED = Unreachable("unauthorized")

# What Telegram's descriptions say, in lower case, and our key; the first that occurs holds. The API has no codes for
# these: the descriptions are gathered from the Bot API server's source (tdlib/telegram-bot-api) and from issues.
_GONE = (
    ("bot was blocked", "blocked"),
    ("user_is_blocked", "blocked"),
    ("user is deactivated", "deactivated"),
    ("user_deactivated", "deactivated"),
    ("bot was kicked", "kicked"),
    ("user_banned_in_channel", "kicked"),
    ("not a member", "not-a-member"),
    ("can't initiate conversation", "never-started"),
    ("can't send messages to bots", "is-a-bot"),
    ("can't send messages to the bot", "is-a-bot"),
    ("chat was deleted", "deleted"),
    ("group chat was deactivated", "deleted"),
    ("chat not found", "chat-not-found"),
    ("user not found", "chat-not-found"),
    ("peer_id_invalid", "peer-invalid"),
    ("channel_private", "not-a-member"),
    ("topic_closed", "topic-closed"),
    ("topic closed", "topic-closed"),
    ("message thread not found", "topic-not-found"),
    ("topic_deleted", "topic-not-found"),
    ("topic_id_invalid", "topic-not-found"),
    ("chat_write_forbidden", "write-forbidden"),
    ("chat_send_plain_forbidden", "write-forbidden"),
    ("chat_restricted", "write-forbidden"),
    ("not enough rights", "no-rights"),
    ("have no rights", "no-rights"),
    ("need administrator rights", "no-rights"),
    ("chat_admin_required", "no-rights"),
)
_MISSING = ("message to edit not found", "message can't be edited", "message_id_invalid", "message_edit_time_expired")
_UNCHANGED = "message is not modified"
_RETRY_AFTER = re.compile(r"retry after (\d+)", re.IGNORECASE)
_TOO_LARGE = "413 Request Entity Too Large"
_NEVER_CONNECTED = (ClientConnectorError, ConnectionTimeoutError)
_UNNAMED_PAUSE = 5.0
_DETAIL = 200


class Secret:
    """A bot's token, which appears in the address of each request: it takes it out of what is shown."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._parts = [part for part in (token, token.partition(":")[2]) if part]

    def __repr__(self) -> str:
        return "Secret()"

    def reveal(self) -> str:
        """The token itself, for the one who dials."""
        return self._token

    def scrub(self, text: str) -> str:
        """`text` without the token, or its secret half."""
        for part in self._parts:
            text = text.replace(part, "<token>")
        return text


def is_unauthorized(error: Exception) -> bool:
    """Whether Telegram refuses the token: 401, or the 404 that it has for the path of an impossible one."""
    return isinstance(error, TelegramUnauthorizedError) or (
        isinstance(error, TelegramNotFound) and error.message.strip().lower() == "not found"
    )


def classify(error: Exception, secret: Secret) -> Outcome:
    """What it means for a message that sending it ended in `error`; the token is in no outcome."""
    detail = secret.scrub(getattr(error, "message", "") or str(error) or type(error).__name__)[:_DETAIL]
    match error:
        case TimeoutError():
            return Unreachable("timeout", reached=True)
        case TelegramRetryAfter():
            return Throttled(float(error.retry_after))
        case TelegramMigrateToChat():
            return Moved(str(error.migrate_to_chat_id))
        case TelegramEntityTooLarge():
            return Rejected(detail)
        case ClientDecodeError():
            return _undecodable(error)
        case TelegramNetworkError():
            why = "timeout" if "timeout" in detail.lower() else f"network: {detail}"
            return Unreachable(why, reached=not isinstance(error.__cause__, _NEVER_CONNECTED))
        case TelegramForbiddenError():
            return Gone(_gone(error.message) or "forbidden")
        case TelegramBadRequest():
            return _bad_request(error.message, detail)
        case TelegramAPIError() if is_unauthorized(error):
            return UNAUTHORIZED
        case TelegramAPIError() if "too many requests" in error.message.lower():
            # `retry_after` is absent, or 0, which aiogram takes for absent.
            named = _RETRY_AFTER.search(error.message)
            return Throttled(float(named[1]) if named else _UNNAMED_PAUSE)
        case TelegramAPIError():
            return Unreachable(f"Telegram: {detail}", reached=isinstance(error, TelegramServerError))
        case OSError():
            return Unreachable(f"network: {detail}", reached=not isinstance(error, ConnectionRefusedError))
        case ValueError() | TypeError():  # it could not be made a request: neither will it later
            return Rejected(f"{type(error).__name__}: {detail}")
        case _:
            return Unreachable(f"{type(error).__name__}: {detail}", reached=True)


def of_edit(outcome: Outcome, message_id: str) -> Outcome:
    """What an edit's outcome is where a send's would be this: some refusals say that there is nothing to do."""
    match outcome:
        case Rejected(why) if _UNCHANGED in why.lower():
            return Sent(message_id)
        case Rejected(why) if any(said in why.lower() for said in _MISSING):
            return Missing()
        case _:
            return outcome


def _gone(description: str) -> str | None:
    lower = description.lower()
    return next((key for said, key in _GONE if said in lower), None)


def _bad_request(description: str, detail: str) -> Outcome:
    if "upgraded to a supergroup" in description.lower():
        # Its new identifier was not named; the service message that is on its way names it.
        return Unreachable("upgraded")
    key = _gone(description)
    return Gone(key) if key else Rejected(detail)


def _undecodable(error: ClientDecodeError) -> Outcome:
    """An answer that is no answer of the Bot API's: a gateway's page, garbage, or a message of an unknown shape."""
    match error.data:
        case {"ok": True, "result": {"message_id": int(message_id)}}:
            # It was sent; only aiogram's model does not know what it now looks like. To say otherwise sends it twice.
            return Sent(str(message_id))
        case {"ok": False, "error_code": int(code)}:
            return Unreachable(f"{code} that cannot be read", reached=True)
        case str(page) if _TOO_LARGE in page:
            return Rejected(f"{HTTPStatus.REQUEST_ENTITY_TOO_LARGE.value}")
        case _:
            return Unreachable("not an answer of the Bot API's", reached=True)
