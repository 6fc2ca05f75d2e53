"""What goes wrong on the stand-in for Discord, and what that looks like to who asks."""

import asyncio
import json
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from aiohttp import web

if TYPE_CHECKING:
    from .discord_chats import Channel

Kind = Literal[
    "flood",
    "shared",
    "global",
    "cloudflare_429",
    "bad_gateway_html",
    "unavailable_html",
    "internal_error",
    "unavailable",
    "hang",
    "drop_before",
    "drop_after",
    "hang_after",
    "garbage",
    "unauthorized",
    "missing_access",
    "missing_permissions",
    "cannot_dm",
    "unknown_channel",
    "unknown_message",
    "too_old_to_edit",
    "invalid_form",
    "error",
]
Scope = Literal["user", "shared", "global"]


class Refused(Exception):
    """An answer that is no success; `errors` are by place, as `embeds.0.title`."""

    def __init__(
        self,
        status: int,
        code: int,
        message: str,
        *,
        errors: dict[str, str] | None = None,
        retry_after: float | None = None,
        scope: Scope = "user",
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors or {}
        self.retry_after = retry_after
        self.scope = scope
        self.headers = headers or {}


@dataclass(slots=True)
class Fault:
    """What goes wrong, for the next `times` requests that it is about."""

    operation: str
    kind: Kind
    times: float
    channel: "Channel | None"
    retry_after: float
    status: int
    code: int
    message: str
    error_at: dict[str, str] = field(default_factory=dict)


UNAUTHORIZED = (401, 0, "401: Unauthorized")
NOT_FOUND = (404, 0, "404: Not Found")
UNKNOWN_CHANNEL = (404, 10003, "Unknown Channel")
UNKNOWN_GUILD = (404, 10004, "Unknown Guild")
UNKNOWN_MESSAGE = (404, 10008, "Unknown Message")
UNKNOWN_WEBHOOK = (404, 10015, "Unknown Webhook")
UNKNOWN_INTERACTION = (404, 10062, "Unknown interaction")
ACKNOWLEDGED_ALREADY = (400, 40060, "Interaction has already been acknowledged.")
TOO_LARGE = (413, 40005, "Request entity too large")
MISSING_ACCESS = (403, 50001, "Missing Access")
NOT_THE_AUTHOR = (403, 50005, "Cannot edit a message authored by another user")
EMPTY_MESSAGE = (400, 50006, "Cannot send an empty message")
CANNOT_DM = (403, 50007, "Cannot send messages to this user")
NOT_IN_THIS_CHANNEL = (400, 50024, "Cannot execute action on this channel type")
MISSING_PERMISSIONS = (403, 50013, "Missing Permissions")
INVALID_FORM = (400, 50035, "Invalid Form Body")
ARCHIVED = (400, 50083, "Thread is archived")
TAG_REQUIRED = (400, 40067, "A tag is required to create a forum post in this channel")
TOO_MANY_FOLLOW_UPS = (400, 40094, "This interaction has reached the maximum number of follow up messages")
THREAD_HERE_ALREADY = (400, 160004, "A thread has already been created for this message")
TOO_MANY_THREADS = (400, 160006, "Maximum number of active threads reached")
TOO_OLD_TO_EDIT = (429, 30046, "Maximum number of edits to messages older than 1 hour reached. Try again later.")

_KNOWN: dict[Kind, tuple[int, int, str]] = {
    "internal_error": (500, 0, "500: Internal Server Error"),
    "unavailable": (503, 0, "503: Service Unavailable"),
    "unauthorized": UNAUTHORIZED,
    "missing_access": MISSING_ACCESS,
    "missing_permissions": MISSING_PERMISSIONS,
    "cannot_dm": CANNOT_DM,
    "unknown_channel": UNKNOWN_CHANNEL,
    "unknown_message": UNKNOWN_MESSAGE,
}
_CLOUDFLARE = (
    "<!DOCTYPE html>\n<html><head><title>{title}</title></head>"
    "<body><h1>{title}</h1><p>Cloudflare Ray ID: 0123456789abcdef</p></body></html>"
)


def too_many(retry_after: float, scope: Scope, headers: dict[str, str] | None = None) -> Refused:
    """A 429, as Discord itself answers it."""
    said = "The resource is being rate limited." if scope == "shared" else "You are being rate limited."
    return Refused(429, 0, said, retry_after=retry_after, scope=scope, headers=headers)


def as_json(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """An answer in JSON, whose type names no character set: discord.py takes it for text otherwise."""
    body = json.dumps(content).encode()
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")


def refusal(refused: Refused) -> web.Response:
    """A refusal as JSON, with the headers of a 429 where it is one."""
    body: dict[str, Any] = {"message": refused.message, "code": refused.code}
    headers = {"Via": "1.1 google"} | refused.headers
    if refused.status == 429:
        pause = refused.retry_after or 0.0
        body |= {"retry_after": pause, "global": refused.scope == "global"}
        headers |= {"Retry-After": str(math.ceil(pause)), "X-RateLimit-Scope": refused.scope}
        if refused.scope == "global":
            headers["X-RateLimit-Global"] = "true"
        if not refused.code:
            del body["code"]
    if refused.errors:
        body["errors"] = _tree(refused.errors)
    return as_json(body, refused.status, headers)


def cloudflare(status: int, title: str, **headers: str) -> web.Response:
    """An answer that never came from Discord."""
    page = _CLOUDFLARE.format(title=title)
    return web.Response(text=page, status=status, content_type="text/html", headers={"Server": "cloudflare"} | headers)


async def fail(fault: Fault, request: web.Request) -> web.StreamResponse:
    """Answer as the fault wants it, or raise the refusal that it is."""
    match fault.kind:
        case "hang":
            await asyncio.sleep(3600)
        case "drop_before":
            return drop(request)
        case "garbage":
            return web.Response(body=b'{"id": "1', content_type="application/json")
        case "bad_gateway_html":
            return cloudflare(502, "502 Bad Gateway")
        case "unavailable_html":
            return cloudflare(503, "503 Service Temporarily Unavailable")
        case "cloudflare_429":
            return cloudflare(429, "Access denied | Error 1015", **{"Retry-After": str(math.ceil(fault.retry_after))})
    raise _as_refusal(fault)


def _as_refusal(fault: Fault) -> Refused:
    match fault.kind:
        case "flood":
            return too_many(fault.retry_after, "user")
        case "shared":
            return too_many(fault.retry_after, "shared")
        case "global":
            return too_many(fault.retry_after, "global")
        case "too_old_to_edit":
            return Refused(*TOO_OLD_TO_EDIT, retry_after=fault.retry_after)
        case "invalid_form":
            return Refused(*INVALID_FORM, errors=fault.error_at or {"content": "This field is required"})
        case "error":
            return Refused(fault.status, fault.code, fault.message)
        case _:
            return Refused(*_KNOWN[fault.kind])


async def lose(fault: Fault, request: web.Request) -> web.StreamResponse:
    """Let no answer come to what was done."""
    if fault.kind == "hang_after":
        await asyncio.sleep(3600)
    return drop(request)


def drop(request: web.Request) -> web.StreamResponse:
    """Break the connection."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _tree(errors: dict[str, str]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for at, said in errors.items():
        here = tree
        for step in at.split("."):
            here = here.setdefault(step, {})
        here.setdefault("_errors", []).append({"code": "BASE_TYPE_INVALID", "message": said})
    return tree
