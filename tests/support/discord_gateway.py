"""The gateway of the stand-in for Discord: sessions over WebSockets, which drop, resume, and miss nothing.

await server.gateway.drop()             # the connection breaks; the session can be resumed
await server.gateway.reconnect()        # the bot is asked to come again
await server.gateway.invalidate()       # the session is over
await server.gateway.close(4004)        # the bot is told why it cannot stay
server.gateway.acknowledges = False     # heartbeats get no answer any more
"""

import asyncio
import json
import secrets
import zlib
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from .discord_faults import cloudflare

if TYPE_CHECKING:
    from .discord_server import DiscordServer

INTENTS = {
    "guilds": 1 << 0,
    "members": 1 << 1,
    "presences": 1 << 8,
    "guild_messages": 1 << 9,
    "dm_messages": 1 << 12,
    "message_content": 1 << 15,
}
PRIVILEGED = INTENTS["members"] | INTENTS["presences"] | INTENTS["message_content"]
_LIMIT = 4096  # bytes of what a client sends at once


@dataclass(eq=False)
class Session:
    """What the bot has identified for; it lives on without a connection, until it is invalidated."""

    intents: int
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    socket: "Socket | None" = None
    events: list[str] = field(default_factory=list)
    """Everything that was dispatched; what stands at n has the sequence number n + 1."""

    def dispatch(self, event: str, data: dict[str, Any]) -> None:
        """Keep an event, and send it if there is a connection."""
        self.events.append(json.dumps({"op": 0, "s": len(self.events) + 1, "t": event, "d": data}))
        if self.socket is not None:
            self.socket.send(self.events[-1])


class Socket:
    """One connection; what is sent leaves in order."""

    def __init__(self, request: web.Request, response: web.WebSocketResponse) -> None:
        self._request = request
        self._response = response
        self._compressor = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None
        self._outgoing: asyncio.Queue[str | int] = asyncio.Queue()

    def send(self, text: str) -> None:
        """Send something, after everything that was sent before."""
        self._outgoing.put_nowait(text)

    def say(self, operation: int, data: Any = None) -> None:
        """Send what is no event."""
        self.send(json.dumps({"op": operation, "d": data, "s": None, "t": None}))

    def close(self, code: int) -> None:
        """Close the connection, after everything that was sent before."""
        self._outgoing.put_nowait(code)

    def abort(self) -> None:
        """Break the connection without a word."""
        if self._request.transport is not None:
            self._request.transport.abort()

    async def run(self) -> None:
        """Write what is to be sent, until the connection ends."""
        with suppress(ConnectionError):
            while isinstance(outgoing := await self._outgoing.get(), str):
                if self._compressor is None:
                    await self._response.send_str(outgoing)
                else:
                    data = self._compressor.compress(outgoing.encode()) + self._compressor.flush(zlib.Z_SYNC_FLUSH)
                    await self._response.send_bytes(data)
            await self._response.close(code=outgoing)


class Gateway:
    """The gateway; `granted` are the privileged intents that the application may ask for."""

    def __init__(self, server: "DiscordServer") -> None:
        self._server = server
        self.granted = 0
        self.heartbeat_interval = 41.25
        self.acknowledges = True
        self.is_out = False
        self.resumable = True
        """Whether a session outlives its connection."""
        self.heartbeats = 0
        self.identifies: list[dict[str, Any]] = []
        self.resumes: list[dict[str, Any]] = []
        self.refusals: list[int] = []
        """Close codes with which the next connections end at once, after they have identified."""
        self.sessions: list[Session] = []
        self._sockets: set[Socket] = set()

    # For a test to set up and to look at.

    @property
    def intents(self) -> int:
        """What the bot has asked for last."""
        return int(self.identifies[-1].get("intents", 0)) if self.identifies else 0

    @property
    def reads_messages(self) -> bool:
        """Whether the bot may read what people write to each other."""
        return bool(self.intents & INTENTS["message_content"])

    @property
    def asks_for_privileges(self) -> bool:
        """Whether the bot has asked for an intent that Discord must grant."""
        return bool(self.intents & PRIVILEGED)

    @property
    def is_connected(self) -> bool:
        """Whether a bot listens."""
        return any(session.socket is not None for session in self.sessions)

    async def connected(self, within: float = 30.0) -> None:
        """Wait until a bot listens."""
        if not await self._server.until(lambda: self.is_connected, within):
            raise AssertionError(f"no bot has connected to the gateway within {within} s")

    def dispatch(self, event: str, data: dict[str, Any], *, direct: bool = False) -> None:
        """Let every session know of something, that has asked for it."""
        for session in self.sessions:
            if session.intents & _needed(event, direct=direct) or not _needed(event, direct=direct):
                session.dispatch(event, data)

    async def drop(self) -> None:
        """Break the connections without a word."""
        for socket in list(self._sockets):
            self._detach(socket)
            socket.abort()
        await asyncio.sleep(0)

    async def close(self, code: int) -> None:
        """Close the connections with a code; what comes from 4004 on, but for 4007 to 4009, ends a client for good."""
        for socket in list(self._sockets):
            self._detach(socket)
            socket.close(code)
        await asyncio.sleep(0)

    async def reconnect(self) -> None:
        """Ask the bot to connect again and resume."""
        for socket in self._sockets:
            socket.say(7)

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Tell the bot that its session is over, or that it can be resumed."""
        if not resumable:
            for session in self.sessions:
                session.socket = None
            self.sessions.clear()
        for socket in self._sockets:
            socket.say(9, resumable)

    # The gateway.

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection, from its HELLO on."""
        if self.is_out:
            return cloudflare(503, "503 Service Temporarily Unavailable")
        response = web.WebSocketResponse(max_msg_size=_LIMIT, autoping=True)
        await response.prepare(request)
        socket = Socket(request, response)
        self._sockets.add(socket)
        writing = asyncio.create_task(socket.run())
        try:
            socket.say(10, {"heartbeat_interval": int(self.heartbeat_interval * 1000), "_trace": ["stand-in"]})
            async for message in response:
                code = self._receive(socket, message.data) if message.type is WSMsgType.TEXT else 4002
                if code is not None:
                    socket.close(code)
        finally:
            writing.cancel()
            self._sockets.discard(socket)
            if response.close_code in {1000, 1001}:  # who leaves with these words does not come back
                self.sessions = [one for one in self.sessions if one.socket is not socket]
            self._detach(socket)
        return response

    def _receive(self, socket: Socket, text: str) -> int | None:
        """What a client says; with which code the connection closes, if it does."""
        try:
            payload = json.loads(text)
            operation, data = payload["op"], payload.get("d")
        except (ValueError, KeyError, TypeError):
            return 4002
        match operation:
            case 1:
                self.heartbeats += 1
                if self.acknowledges:
                    socket.say(11)
            case 2:
                return self._identify(socket, data)
            case 6:
                return self._resume(socket, data)
            case 3 | 4:
                pass
            case 8:
                self._server.violations.append("gateway: the bot asks for members")
            case _:
                return 4001
        self._server.ring()
        return None

    def _identify(self, socket: Socket, data: dict[str, Any]) -> int | None:
        self.identifies.append(data)
        if self.refusals:
            return self.refusals.pop(0)
        if data.get("token") != self._server.token:
            return 4004
        intents = data.get("intents")
        if not isinstance(intents, int):
            return 4013
        if intents & PRIVILEGED & ~self.granted:
            return 4014
        session = Session(intents, socket=socket)
        self.sessions = [one for one in self.sessions if one.socket is not None or self.resumable]
        self.sessions.append(session)
        guilds = [guild for guild in self._server.guilds.values() if guild.joined]
        ready = {
            "v": 10,
            "user": self._server.bot_json(),
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self._server.gateway_url,
            "private_channels": [],
            "relationships": [],
            "application": {"id": str(self._server.bot.id), "flags": 0},
            "_trace": ["stand-in"],
        }
        if "shard" in data:
            ready["shard"] = data["shard"]
        session.dispatch("READY", ready)
        if intents & INTENTS["guilds"]:
            for guild in guilds:
                if not guild.is_out:
                    session.dispatch("GUILD_CREATE", guild.as_json())
        self._server.ring()
        return None

    def _resume(self, socket: Socket, data: dict[str, Any]) -> int | None:
        self.resumes.append(data)
        if data.get("token") != self._server.token:
            return 4004
        session = next((one for one in self.sessions if one.id == data.get("session_id")), None)
        if session is None or not self.resumable:
            socket.say(9, False)
            return None
        seen = data.get("seq") or 0
        if seen > len(session.events):
            return 4007
        session.socket = socket
        for event in session.events[seen:]:
            socket.send(event)
        session.dispatch("RESUMED", {"_trace": ["stand-in"]})
        self._server.ring()
        return None

    def _detach(self, socket: Socket) -> None:
        for session in self.sessions:
            if session.socket is socket:
                session.socket = None
        self._server.ring()


def _needed(event: str, *, direct: bool) -> int:
    """The intent that a bot needs to be told; 0 where it is told always."""
    if event.startswith("MESSAGE_"):
        return INTENTS["dm_messages" if direct else "guild_messages"]
    if event.startswith(("GUILD_", "CHANNEL_", "THREAD_")):
        return INTENTS["guilds"]
    return 0
