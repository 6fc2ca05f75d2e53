"""From what a request to Discord ended in to an outcome; it sends nothing and retries nothing.

Source: Discord's documentation of its error codes and rate limits, and what other bots have met with.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import ClientConnectorError, ConnectionTimeoutError

from bot.domain.chats import Gone, Missing, Outcome, Rejected, Sent, Throttled, Unreachable

UNAUTHORIZED: Final = Unreachable("unauthorized")
NO_TEXT_CHANNEL: Final = Gone("no-text-channel")
"""What may be a forum, which takes posts alone."""

_GONE: Final = {
    10003: "channel-not-found",
    10004: "server-not-found",
    10013: "user-not-found",
    50001: "no-access",
    50007: "direct-messages-closed",
    50009: "verification-too-high",
    50013: "no-rights",
    50083: "thread-archived",
    50278: "no-server-in-common",
    160005: "thread-locked",
    40067: "tag-required",
}
_CLOSED: Final = frozenset((_GONE[50083], _GONE[160005]))
_NOT_A_TEXT_CHANNEL: Final = frozenset((50008, 50024))
# Slow mode, the write limits of a channel and of a server, the edits of a channel's old messages, a busy resource, as
# many active threads as a server may have.
_THIS_CHAT_WAITS: Final = frozenset((20016, 20022, 20028, 20029, 30046, 40062, 160006))
# Unknown, of another author, of the system.
_NOTHING_TO_EDIT: Final = frozenset((10008, 50005, 50021))
_BLOCKED_BY_CLOUDFLARE: Final = 40333
_EDIT: Final = "no-message"
_UNNAMED_PAUSE: Final = 5.0
_BANNED_PAUSE: Final = 60.0
_LONG_PAUSE: Final = 300.0
_TOO_MANY_THREADS: Final = 160006
_DETAIL: Final = 200
_NEVER_CONNECTED: Final = (ClientConnectorError, ConnectionTimeoutError)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered with: headers by their names in lower case, and the JSON; None where it is none."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None

    @property
    def is_success(self) -> bool:
        """Whether it was done."""
        return 200 <= self.status < 300

    @property
    def code(self) -> int:
        """Discord's own code of what went wrong; 0 where it has none."""
        code = self.body.get("code") if isinstance(self.body, dict) else None
        return code if isinstance(code, int) else 0

    @property
    def pause(self) -> float:
        """Seconds until the next such request is allowed here: where this was the last for now, above 0."""
        if self.headers.get("x-ratelimit-remaining") != "0":
            return 0.0
        return _seconds(self.headers.get("x-ratelimit-reset-after"), 0.0)

    @property
    def is_invalid(self) -> bool:
        """Whether it counts among those of which 10,000 in ten minutes get an address banned."""
        return self.status in (401, 403) or (
            self.status == 429 and self.headers.get("x-ratelimit-scope", "").lower() != "shared"
        )


def classify(answer: Answer) -> Outcome:
    """What an answer means for the message that was sent."""
    if answer.is_success:
        match answer.body:
            case {"id": str(message_id)}:
                return Sent(message_id, answer.pause)
        return Unreachable("not an answer of Discord's", reached=True)
    if answer.status == 429:
        return _throttled(answer)
    if answer.status >= 500:
        return Unreachable(f"Discord: {answer.status}", reached=True)
    if answer.status == 401:
        return UNAUTHORIZED
    if not isinstance(answer.body, dict):
        # Not Discord, but what stands before it: it says nothing of the message, nor of the chat.
        return Rejected("413") if answer.status == 413 else Unreachable(f"not Discord: {answer.status}")
    return _refused(answer)


def of_edit(outcome: Outcome, message_id: str) -> Outcome:
    """What an edit's outcome is where a send's would be this."""
    match outcome:
        case Rejected(why) if why == _EDIT:
            return Missing()
        case Gone(why) if why in _CLOSED:
            # A thread that nobody writes in any more is not opened for an edit; it may still be for an alert.
            return Sent(message_id)
        case Sent(_, pause):
            return Sent(message_id, pause)
        case _:
            return outcome


def of_failure(error: Exception) -> Outcome:
    """What it means that a request brought no answer; nothing of the request is in it."""
    match error:
        case TimeoutError() if not isinstance(error, _NEVER_CONNECTED):
            return Unreachable("timeout", reached=True)
        case ValueError() | TypeError():  # it could not be made a request: neither will it later
            return Rejected(type(error).__name__)
        case _:
            reached = not isinstance(error, (*_NEVER_CONNECTED, ConnectionRefusedError))
            return Unreachable(f"network: {type(error).__name__}", reached=reached)


def _throttled(answer: Answer) -> Throttled:
    named = answer.headers.get("retry-after")
    if not isinstance(answer.body, dict):  # Cloudflare's page: the address is banned for a while
        return Throttled(_seconds(named, _BANNED_PAUSE), everybody=True)
    is_global = answer.body.get("global") is True or "x-ratelimit-global" in answer.headers
    seconds = _seconds(answer.body.get("retry_after"), _seconds(named, _UNNAMED_PAUSE))
    return Throttled(seconds, everybody=is_global or answer.headers.get("x-ratelimit-scope", "").lower() == "global")


def _refused(answer: Answer) -> Outcome:
    code = answer.code
    if code in _NOT_A_TEXT_CHANNEL:
        return NO_TEXT_CHANNEL
    if code in _THIS_CHAT_WAITS:
        unnamed = _LONG_PAUSE if code == _TOO_MANY_THREADS else _UNNAMED_PAUSE
        return Throttled(_seconds(answer.body.get("retry_after"), unnamed), everybody=False)
    if code in _NOTHING_TO_EDIT:
        return Rejected(_EDIT)
    if code in _GONE:
        return Gone(_GONE[code])
    if code == _BLOCKED_BY_CLOUDFLARE:
        return Unreachable("Cloudflare blocks us")
    if answer.status == 403:
        return Gone("forbidden")
    if answer.status == 404:  # without a code, no such path: the address of the API is wrong
        return Unreachable(f"Discord: 404 {code}")
    return Rejected(_said(answer))


def _said(answer: Answer) -> str:
    """What Discord says, and of which parts of the request; nothing of their contents."""
    places = ", ".join(_places(answer.body.get("errors")))
    said = f"{answer.code} {answer.body.get('message', '')}"
    return (f"{said}: {places}" if places else said)[:_DETAIL]


def _places(errors: object, path: str = "") -> Iterator[str]:
    if not isinstance(errors, dict):
        return
    for name, inner in errors.items():
        if name == "_errors":
            yield path
        else:
            yield from _places(inner, f"{path}.{name}" if path else str(name))


def _seconds(said: object, otherwise: float) -> float:
    """Seconds as a header or a body has them."""
    if isinstance(said, int | float | str) and not isinstance(said, bool):
        try:
            return max(0.0, float(said))
        except ValueError:
            pass
    return otherwise
