"""What goes wrong on the stand-in for Telegram, and what that looks like to who asks."""

import asyncio
from dataclasses import dataclass
from typing import Any, Literal

from aiohttp import web

from .telegram_chats import Chat

Kind = Literal[
    "flood",
    "blocked",
    "kicked",
    "not_found",
    "migrated",
    "bad_gateway_html",
    "internal_error",
    "hang",
    "drop_before",
    "drop_after",
    "garbage",
    "unauthorized",
    "conflict",
    "rejected",
    "error",
]


class Refused(Exception):
    """An answer that is no success."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


@dataclass(slots=True)
class Fault:
    """What goes wrong, for the next `times` requests that it is about."""

    method: str
    kind: Kind
    times: float
    chat: "Chat | None"
    retry_after: int
    to: int
    code: int
    description: str


def refusal(refused: Refused) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": refused.code, "description": refused.description}
    if refused.parameters:
        body["parameters"] = refused.parameters
    return web.json_response(body, status=refused.code)


async def fail(fault: Fault, request: web.Request) -> web.StreamResponse:
    match fault.kind:
        case "hang":
            await asyncio.sleep(3600)
        case "drop_before":
            return drop(request)
        case "garbage":
            return web.Response(text='{"ok": tr', content_type="application/json")
        case "bad_gateway_html":
            page = "<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>"
            return web.Response(text=page, status=502, content_type="text/html")
    raise _as_refusal(fault)


def _as_refusal(fault: Fault) -> Refused:
    match fault.kind:
        case "flood":
            pause = fault.retry_after
            return Refused(429, f"Too Many Requests: retry after {pause}", retry_after=pause)
        case "migrated":
            said = "Bad Request: group chat was upgraded to a supergroup chat"
            return Refused(400, said, migrate_to_chat_id=fault.to)
        case "blocked":
            return Refused(403, "Forbidden: bot was blocked by the user")
        case "kicked":
            return Refused(403, "Forbidden: bot was kicked from the supergroup chat")
        case "not_found":
            return Refused(400, "Bad Request: chat not found")
        case "internal_error":
            return Refused(500, "Internal Server Error")
        case "unauthorized":
            return Refused(401, "Unauthorized")
        case "conflict":
            return Refused(409, "Conflict: terminated by other getUpdates request")
        case _:
            return Refused(fault.code, fault.description)


def drop(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
