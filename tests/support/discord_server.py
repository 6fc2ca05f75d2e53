"""A stand-in for Discord: its REST API and its gateway on loopback, and the people who use the bot.

    server = await DiscordServer.start()          # point the bot to server.api_url and server.gateway_url
    alice = server.person("Alice")
    room = server.guild("Newsroom", owner=alice).text("general")
    assert "EUMAM" in await alice.slash(room, "watch", query="EUMAM")
    server.fail_next("create_message", "flood", retry_after=2)

It refuses as the real one does, and notes in `violations` what the published description of the API, and the limits
that this does not state, do not allow. Operations are named as there: `create_message`, `update_message`,
`create_thread`, `create_dm`, `create_interaction_response`, and so on. It knows one bot and keeps everything in memory.
"""

import asyncio
import math
import mimetypes
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

from . import discord_faults as faults
from . import discord_schema
from .discord_chats import Button, Channel, DirectMessages, Person, Received
from .discord_faults import Fault, Kind, Refused, as_json, fail, lose, refusal
from .discord_gateway import Gateway
from .discord_guilds import Forum, Guild, GuildChannel, TextChannel, Thread
from .discord_interactions import Answer, Choice, File, Interaction, NotOffered
from .discord_limits import REAL_LIMITS, Counted, Limits, limit_headers
from .discord_mentions import mentions_anyone
from .discord_permissions import permission_bits
from .discord_requests import Asked, read
from .discord_rest import CREATED, OPEN, ROUTES, Rest
from .listening import Listening

__all__ = [
    "REAL_LIMITS",
    "Answer",
    "Asked",
    "Button",
    "Call",
    "Channel",
    "Choice",
    "DirectMessages",
    "DiscordServer",
    "Fault",
    "File",
    "Forum",
    "Guild",
    "GuildChannel",
    "Kind",
    "Limits",
    "NotOffered",
    "Person",
    "Received",
    "TextChannel",
    "Thread",
    "mentions_anyone",
    "permission_bits",
]

_EPOCH = 1_420_070_400_000  # milliseconds: the first second of 2015, from which identifiers count


@dataclass(frozen=True, slots=True)
class Call:
    """A request of the bot's."""

    operation: str
    path: dict[str, str]
    query: dict[str, str]
    body: Any
    files: dict[str, File]
    at: float


@dataclass(eq=False, repr=False)
class DiscordServer(Listening, Rest):
    """The stand-in; `delay` is how many seconds every answer takes after what was asked has happened."""

    token: str
    record: bool = True
    url: str = ""
    delay: float = 0.0
    acknowledgement: float = 10.0
    """Seconds for which an interaction's acknowledgement is waited for; Discord's three are few for a busy machine."""
    nonce_memory: float = 300.0
    """Seconds for which a nonce is remembered: Discord says a few minutes."""
    limits: Limits = field(default_factory=Limits)
    granted_flags: int = 0
    name: str = "Tocsin"
    violations: list[str] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    invalid_requests: int = 0
    """How many answers were 401, 403, or 429 (but for shared limits): Discord bans who gets 10,000 in ten minutes."""
    invalid_allowed: float = math.inf
    """From how many of these on Cloudflare lets nothing through any more: 10,000 in ten minutes, as Discord has it."""
    commands: list[dict[str, Any]] = field(default_factory=list)
    channels: dict[int, Channel] = field(default_factory=dict)
    guilds: dict[int, Guild] = field(default_factory=dict)
    interactions: dict[str, Interaction] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.began = time.time()
        self._last_number = 0
        self.bot = Person(self, self.number(), self.name, is_bot=True)
        self.people: dict[int, Person] = {}
        self.application_owner = self.person("Owner")
        self.gateway = Gateway(self)
        self._schema = discord_schema.load()
        self._uploads: dict[int, File] = {}
        self._direct: dict[int, DirectMessages] = {}
        self._nonces = {}
        self._counted = Counted()
        self._faults: list[Fault] = []

    # For a test to set up and to look at.

    @classmethod
    async def start(
        cls,
        *,
        token: str = "MTEwMDAwMDAwMDAwMDAwMDAw.Stand_in.for-a-token-of-the-usual",
        record: bool = True,
        port: int = 0,
    ) -> Self:
        """Listen on loopback; with `record` off requests and arrivals are counted and not kept."""
        server = cls(token, record)
        app = web.Application(client_max_size=30 * 1024 * 1024)
        for method, path, operation in ROUTES:
            app.router.add_route(method, f"/api/v10{path}", server._handler(method, path, operation))
        app.router.add_get("/gw", server.gateway.serve)
        app.router.add_get("/gw/", server.gateway.serve)
        app.router.add_get("/attachments/{number}/{name}", server._serve_file)
        app.router.add_route("*", "/{path:.*}", server._serve_nothing)
        await server.listen(app, port)
        return server

    @property
    def api_url(self) -> str:
        """What the REST API's paths are added to."""
        return f"{self.url}/api/v10"

    @property
    def gateway_url(self) -> str:
        """Where the gateway is."""
        return f"ws://127.0.0.1:{self._port}/gw"

    def person(self, name: str, *, locale: str = "en-US", installed: bool = False) -> Person:
        """Somebody new."""
        person = Person(self, self.number(), name, locale, installed)
        self.people[person.id] = person
        return person

    def guild(self, name: str, *, owner: Person | None = None, joined: bool = True) -> Guild:
        """A new server, which the bot is in or not."""
        guild = Guild(self, self.number(), name, owner or self.person(f"Owner of {name}"), joined=False)
        self.guilds[guild.id] = guild
        if joined:
            guild.add_bot()
        return guild

    def direct(self, person: Person) -> DirectMessages:
        """The direct messages of a person and the bot."""
        if person.id not in self._direct:
            self._direct[person.id] = DirectMessages(self, self.number(), person)
            self.channels[self._direct[person.id].id] = self._direct[person.id]
        return self._direct[person.id]

    def fail_next(
        self,
        operation: str,
        kind: Kind,
        times: float = 1,
        *,
        channel: Channel | None = None,
        retry_after: float = 1,
        status: int = 400,
        code: int = 50035,
        message: str = "Invalid Form Body",
        errors: dict[str, str] | None = None,
    ) -> None:
        """Let the next requests of this operation fail (`math.inf` of them: until `heal`), in one channel or anywhere.

        Operation "*" is every one. `retry_after` is for what has to do with limits; `errors` for an invalid form;
        `status`, `code` and `message` for an error of your own.
        """
        self._faults.append(Fault(operation, kind, times, channel, retry_after, status, code, message, errors or {}))

    def heal(self) -> None:
        """Let nothing fail any more."""
        self._faults.clear()

    def number(self) -> int:
        """An identifier that was not used before, and says when it came to be."""
        self._last_number = max(self._last_number + 1, (int(time.time() * 1000) - _EPOCH) << 22)
        return self._last_number

    def command(self, name: str, *, kind: int = 1) -> dict[str, Any]:
        """A command that the bot has registered."""
        found = next((one for one in self.commands if one["name"] == name and one["type"] == kind), None)
        if found is None:
            raise NotOffered(f"the bot has registered no {name!r}")
        return found

    def begin(self, interaction: Interaction) -> None:
        """Tell the bot that somebody does something."""
        interaction.id = self.number()
        self.interactions[interaction.token] = interaction
        self.gateway.dispatch("INTERACTION_CREATE", interaction.as_json())

    def upload(self, file: File) -> int:
        """Keep a file, to be fetched from the server; its number."""
        number = self.number()
        self._uploads[number] = file
        return number

    def attachment_json(self, number: int, file: File) -> dict[str, Any]:
        """A file, as the API shows it."""
        self._uploads[number] = file
        url = f"{self.url}/attachments/{number}/{file.name}"
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return {
            "id": str(number),
            "filename": file.name,
            "size": len(file.content),
            "url": url,
            "proxy_url": url,
            "content_type": kind,
        }

    def bot_json(self) -> dict[str, Any]:
        """The bot, as the API shows it to itself."""
        own = {"verified": True, "mfa_enabled": False, "email": None, "locale": "en-US"}
        return self.bot.as_json() | own | {"banner": None, "accent_color": None}

    # The REST API.

    def _handler(self, method: str, path: str, operation: str) -> Callable[[web.Request], Any]:
        async def handle(request: web.Request) -> web.StreamResponse:
            return await self._serve(request, method, path, operation)

        return handle

    async def _serve(self, request: web.Request, method: str, path: str, operation: str) -> web.StreamResponse:
        if self.invalid_requests >= self.invalid_allowed:
            return faults.cloudflare(429, "Access denied | Error 1015", **{"Retry-After": "3600"})
        asked = await read(request)
        where = f"{method} {path}"
        self.counts[operation] += 1
        if self.record:
            self.calls.append(Call(operation, asked.path, asked.query, asked.body, asked.files, time.time()))
        self.ring()
        if not asked.has_own_token and not request.headers.get("User-Agent", "").startswith("DiscordBot ("):
            self.violations.append(f"{where}: the user agent is not as Discord wants it")
        self.violations += self._schema.faults(method, path, asked.query, asked.body)
        fault = self._fault(operation, asked)
        after = fault is not None and fault.kind.endswith("_after")
        headers: dict[str, str] = {}
        try:
            if not asked.has_own_token and operation not in OPEN:
                self._authorize(request)
            if fault is not None and not after:
                answer = await fail(fault, request)
                self._count(answer.status)
                return answer
            headers = self._counted.take(self.limits, operation, asked.major, counts_overall=not asked.has_own_token)
            result = getattr(self, f"_{operation}")(asked)
        except Refused as refused:
            if refused.code == 50035 and (fault is None or after):
                self.violations += [f"{where}: {at}: {said}" for at, said in refused.errors.items()]
            if refused.status == 429 and not refused.code and refused.scope != "global" and not headers:
                headers = limit_headers(operation, 5, 0, refused.retry_after or 0)
            answer = refusal(refused)
            self._count(refused.status, counts=refused.scope != "shared")
        except Exception as broken:
            self.violations.append(f"{where}: the stand-in cannot: {broken!r}")
            raise
        else:
            status = 201 if operation in CREATED else 200
            answer = web.Response(status=204) if result is None else as_json(result, status)
            self._count(answer.status)
        answer.headers.update(headers)
        self.ring()
        if fault is not None and after:
            return await lose(fault, request)
        if self.delay:
            await asyncio.sleep(self.delay)
        return answer

    def _authorize(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Bot {self.token}":
            raise Refused(*faults.UNAUTHORIZED)

    async def _serve_nothing(self, request: web.Request) -> web.StreamResponse:
        self.violations.append(f"{request.method} {request.path}: the stand-in has no such route")
        return refusal(Refused(*faults.NOT_FOUND))

    async def _serve_file(self, request: web.Request) -> web.StreamResponse:
        file = self._uploads.get(int(request.match_info["number"]))
        if file is None or file.name != request.match_info["name"]:
            return web.Response(status=404)
        return web.Response(body=file.content)

    def _count(self, status: int, *, counts: bool = True) -> None:
        self.statuses[status] += 1
        if status in {401, 403, 429} and counts:
            self.invalid_requests += 1

    def _fault(self, operation: str, asked: Asked) -> Fault | None:
        for fault in self._faults:
            if fault.operation in {operation, "*"} and fault.channel in (None, self._place(asked)):
                fault.times -= 1
                if fault.times < 1:
                    self._faults.remove(fault)
                return fault
        return None

    def _place(self, asked: Asked) -> Channel | None:
        token = asked.path.get("webhook_token") or asked.path.get("interaction_token")
        if token in self.interactions:
            return self.interactions[token].place
        if "recipient_id" in asked.fields:
            return next(
                (one for one in self._direct.values() if str(one.person.id) == asked.fields["recipient_id"]), None
            )
        number = asked.path.get("channel_id", "")
        return self.channels.get(int(number)) if number.isdecimal() else None
