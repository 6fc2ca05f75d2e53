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
import hashlib
import json
import math
import mimetypes
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

from . import discord_faults as faults
from . import discord_schema
from .discord_chats import (
    EPHEMERAL,
    LOADING,
    PATIENCE,
    Answer,
    Button,
    Channel,
    Choice,
    DirectMessages,
    File,
    Forum,
    Guild,
    GuildChannel,
    NotOffered,
    Person,
    Received,
    TextChannel,
    Thread,
    permission_bits,
)
from .discord_faults import Fault, Kind, Refused, as_json, fail, lose, refusal
from .discord_gateway import Gateway
from .discord_interactions import (
    AUTOCOMPLETION,
    DEFERRED,
    DEFERRED_UPDATE,
    MESSAGE,
    MODAL,
    UPDATE,
    Interaction,
)
from .discord_mentions import mentions_anyone

__all__ = [
    "PATIENCE",
    "REAL_LIMITS",
    "Answer",
    "Button",
    "Call",
    "Channel",
    "Choice",
    "DirectMessages",
    "DiscordServer",
    "File",
    "Forum",
    "Guild",
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

_FILE_LIMIT = 10 * 1024 * 1024

_ROUTES = (
    ("GET", "/gateway", "get_gateway"),
    ("GET", "/gateway/bot", "get_bot_gateway"),
    ("GET", "/users/@me", "get_my_user"),
    ("GET", "/users/@me/guilds", "list_my_guilds"),
    ("DELETE", "/users/@me/guilds/{guild_id}", "leave_guild"),
    ("POST", "/users/@me/channels", "create_dm"),
    ("GET", "/users/{user_id}", "get_user"),
    ("GET", "/oauth2/applications/@me", "get_my_oauth2_application"),
    ("GET", "/applications/@me", "get_my_application"),
    ("PUT", "/applications/{application_id}/commands", "bulk_set_application_commands"),
    ("GET", "/applications/{application_id}/commands", "list_application_commands"),
    (
        "GET",
        "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}/permissions",
        "get_guild_application_command_permissions",
    ),
    ("POST", "/interactions/{interaction_id}/{interaction_token}/callback", "create_interaction_response"),
    ("POST", "/webhooks/{webhook_id}/{webhook_token}", "execute_webhook"),
    ("GET", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", "get_original_webhook_message"),
    ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", "update_original_webhook_message"),
    ("DELETE", "/webhooks/{webhook_id}/{webhook_token}/messages/@original", "delete_original_webhook_message"),
    ("GET", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", "get_webhook_message"),
    ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", "update_webhook_message"),
    ("DELETE", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", "delete_webhook_message"),
    ("GET", "/channels/{channel_id}", "get_channel"),
    ("PATCH", "/channels/{channel_id}", "update_channel"),
    ("DELETE", "/channels/{channel_id}", "delete_channel"),
    ("GET", "/channels/{channel_id}/messages", "list_messages"),
    ("POST", "/channels/{channel_id}/messages", "create_message"),
    ("GET", "/channels/{channel_id}/messages/{message_id}", "get_message"),
    ("PATCH", "/channels/{channel_id}/messages/{message_id}", "update_message"),
    ("DELETE", "/channels/{channel_id}/messages/{message_id}", "delete_message"),
    ("POST", "/channels/{channel_id}/threads", "create_thread"),
    ("POST", "/channels/{channel_id}/messages/{message_id}/threads", "create_thread_from_message"),
    ("GET", "/channels/{channel_id}/threads/archived/public", "list_public_archived_threads"),
    ("POST", "/channels/{channel_id}/typing", "trigger_typing_indicator"),
    ("GET", "/guilds/{guild_id}", "get_guild"),
    ("GET", "/guilds/{guild_id}/channels", "list_guild_channels"),
    ("GET", "/guilds/{guild_id}/roles", "list_guild_roles"),
    ("GET", "/guilds/{guild_id}/threads/active", "get_active_guild_threads"),
    ("GET", "/guilds/{guild_id}/members/{user_id}", "get_guild_member"),
)
_CREATED = {"create_thread", "create_thread_from_message"}
_OPEN = {"get_gateway"}
"""What needs no token; nor does what has one of its own in its path."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request of the bot's."""

    operation: str
    path: dict[str, str]
    query: dict[str, str]
    body: Any
    files: dict[str, File]
    at: float


@dataclass(frozen=True, slots=True)
class Limits:
    """How many requests Discord takes, in how many seconds: of an operation in one place, and of all."""

    usual: tuple[int, float] = (1000, 1.0)
    operations: dict[str, tuple[int, float]] = field(default_factory=dict)
    overall: tuple[int, float] | None = None


REAL_LIMITS = Limits(
    operations={
        "create_message": (5, 5.0),
        "update_message": (5, 5.0),
        "create_thread": (10, 15.0),
        "execute_webhook": (5, 2.0),
    },
    overall=(50, 1.0),
)
"""As Discord has them, as far as one knows; interactions are not counted in `overall`."""


@dataclass
class _Window:
    """Some seconds in which so many requests may come."""

    ends: float
    used: int = 0


@dataclass
class Asked:
    """A request, read."""

    path: dict[str, str]
    query: dict[str, str]
    body: Any
    files: dict[str, File]

    @property
    def fields(self) -> dict[str, Any]:
        """The body, where it is an object."""
        return self.body if isinstance(self.body, dict) else {}

    def number(self, name: str) -> int:
        """An identifier in the path."""
        if not self.path[name].isdecimal():
            raise Refused(*faults.INVALID_FORM, errors={name: f"Value {self.path[name]!r} is not snowflake."})
        return int(self.path[name])

    @property
    def has_own_token(self) -> bool:
        """Whether it is about an interaction, whose token is in the path; the overall limit is without it."""
        return "webhook_token" in self.path or "interaction_token" in self.path


@dataclass
class DiscordServer:
    """The stand-in; `delay` is how many seconds every answer takes after what was asked has happened."""

    token: str
    record: bool = True
    url: str = ""
    delay: float = 0.0
    acknowledgement: float = 3.0
    """Seconds for which Discord waits for an interaction's acknowledgement."""
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
        self.began = time.time()
        self._last_number = 0
        self.bot = Person(self, self.number(), self.name, is_bot=True)
        self.people: dict[int, Person] = {}
        self.application_owner = self.person("Owner")
        self.gateway = Gateway(self)
        self._schema = discord_schema.load()
        self._uploads: dict[int, File] = {}
        self._direct: dict[int, DirectMessages] = {}
        self._nonces: dict[tuple[int, str], tuple[float, Received]] = {}
        self._windows: dict[str, _Window] = {}
        self._overall = _Window(-math.inf)
        self._faults: list[Fault] = []
        self._changed = asyncio.Event()
        self._runner: web.AppRunner
        self._site: web.TCPSite
        self._port = 0

    # For a test to set up and to look at.

    @classmethod
    async def start(
        cls,
        *,
        token: str = "MTEwMDAwMDAwMDAwMDAwMDAw.Stand_in.for-a-token-of-the-usual",
        record: bool = True,
        port: int = 0,
    ) -> Self:
        """Listen on loopback; with `record` off only counts and times of arrival are kept."""
        server = cls(token, record)
        app = web.Application(client_max_size=30 * 1024 * 1024)
        for method, path, operation in _ROUTES:
            app.router.add_route(method, f"/api/v10{path}", server._handler(method, path, operation))
        app.router.add_get("/gw", server.gateway.serve)
        app.router.add_get("/gw/", server.gateway.serve)
        app.router.add_get("/attachments/{number}/{name}", server._serve_file)
        app.router.add_route("*", "/{path:.*}", server._serve_nothing)
        server._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await server._runner.setup()
        server._port = port
        await server.up()
        return server

    async def stop(self) -> None:
        """Close everything."""
        await self.down()
        await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def up(self) -> None:
        """Listen, at the same address as before."""
        self._site = web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True)
        await self._site.start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self._port}"

    async def down(self) -> None:
        """Break all connections and refuse new ones, until `up`."""
        if self._site in self._runner.sites:
            await self._site.stop()
        assert self._runner.server is not None
        for connection in list(self._runner.server.connections):
            if connection.transport is not None:
                connection.transport.abort()
        await asyncio.sleep(0)

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

    async def until(self, condition: Callable[[], bool], within: float = PATIENCE) -> bool:
        """Wait for something that a request may bring about; whether it came."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while not condition():
                    await self._changed.wait()
        return condition()

    def ring(self) -> None:
        """Wake up whoever waits for something to change."""
        self._changed.set()
        self._changed = asyncio.Event()

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
        return self.bot.as_json() | {
            "verified": True,
            "mfa_enabled": False,
            "email": None,
            "flags": 0,
            "locale": "en-US",
            "banner": None,
            "accent_color": None,
        }

    # The REST API.

    def _handler(self, method: str, path: str, operation: str) -> Callable[[web.Request], Any]:
        async def handle(request: web.Request) -> web.StreamResponse:
            return await self._serve(request, method, path, operation)

        return handle

    async def _serve(self, request: web.Request, method: str, path: str, operation: str) -> web.StreamResponse:
        if self.invalid_requests >= self.invalid_allowed:
            return faults.cloudflare(429, "Access denied | Error 1015", **{"Retry-After": "3600"})
        asked = await _read(request)
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
            if not asked.has_own_token and operation not in _OPEN:
                self._authorize(request)
            if fault is not None and not after:
                answer = await fail(fault, request)
                self._count(answer.status)
                return answer
            headers = self._take(operation, asked)
            result = getattr(self, f"_{operation}")(asked)
        except Refused as refused:
            if refused.code == 50035 and (fault is None or after):
                self.violations += [f"{where}: {at}: {said}" for at, said in refused.errors.items()]
            if refused.status == 429 and not refused.code and refused.scope != "global" and not headers:
                headers = _limit_headers(operation, 5, 0, refused.retry_after or 0)
            answer = refusal(refused)
            self._count(refused.status, counts=refused.scope != "shared")
        except Exception as broken:
            self.violations.append(f"{where}: the stand-in cannot: {broken!r}")
            raise
        else:
            status = 201 if operation in _CREATED else 200
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

    def _take(self, operation: str, asked: Asked) -> dict[str, str]:
        """Count a request; the headers that say what is left."""
        now = asyncio.get_running_loop().time()
        if self.limits.overall is not None and not asked.has_own_token:
            most, seconds = self.limits.overall
            if now >= self._overall.ends:
                self._overall = _Window(now + seconds)
            self._overall.used += 1
            if self._overall.used > most:
                raise faults.too_many(round(self._overall.ends - now, 3), "global")
        major = next((asked.path[one] for one in ("channel_id", "guild_id", "webhook_token") if one in asked.path), "")
        most, seconds = self.limits.operations.get(operation, self.limits.usual)
        key = f"{operation}:{major}"
        window = self._windows.get(key)
        if window is None or now >= window.ends:
            window = self._windows[key] = _Window(now + seconds)
        window.used += 1
        left = round(window.ends - now, 3)
        headers = _limit_headers(operation, most, max(most - window.used, 0), left)
        if window.used > most:
            raise faults.too_many(left, "user", headers)
        return headers

    # The bot itself.

    def _get_gateway(self, asked: Asked) -> Any:
        return {"url": self.gateway_url}

    def _get_bot_gateway(self, asked: Asked) -> Any:
        limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        return {"url": self.gateway_url, "shards": 1, "session_start_limit": limit}

    def _get_my_user(self, asked: Asked) -> Any:
        return self.bot_json()

    def _get_user(self, asked: Asked) -> Any:
        found = self.people.get(asked.number("user_id"))
        if found is None:
            raise Refused(404, 10013, "Unknown User")
        return found.as_json()

    def _list_my_guilds(self, asked: Asked) -> Any:
        return [
            {"id": str(one.id), "name": one.name, "icon": None, "owner": False, "permissions": "0", "features": []}
            for one in self.guilds.values()
            if one.joined
        ]

    def _leave_guild(self, asked: Asked) -> None:
        self._guild(asked).remove_bot()

    def _get_my_application(self, asked: Asked) -> Any:
        return {
            "id": str(self.bot.id),
            "name": self.bot.name,
            "icon": None,
            "description": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": self.granted_flags,
            "owner": self.application_owner.as_json(),
            "team": None,
            "bot": self.bot_json(),
            "interactions_endpoint_url": None,
            "integration_types_config": {"0": {}, "1": {}},
            "approximate_guild_count": len(self.guilds),
        }

    def _get_my_oauth2_application(self, asked: Asked) -> Any:
        return self._get_my_application(asked)

    def _bulk_set_application_commands(self, asked: Asked) -> Any:
        self._own(asked)
        _allow(discord_schema.command_errors(asked.body))
        ids = {(one["name"], one["type"]): one["id"] for one in self.commands}
        self.commands = [self._as_command(one, ids) for one in asked.body]
        return self.commands

    def _as_command(self, given: dict[str, Any], ids: dict[tuple[str, int], str]) -> dict[str, Any]:
        kind = given.get("type") or 1
        allowed = given.get("default_member_permissions")
        return given | {
            "id": ids.get((given["name"], kind)) or str(self.number()),
            "application_id": str(self.bot.id),
            "version": str(self.number()),
            "type": kind,
            "description": given.get("description") or "",
            "default_member_permissions": None if allowed is None else str(allowed),
            "dm_permission": given.get("dm_permission", True),
            "contexts": given.get("contexts"),
            "integration_types": given.get("integration_types") or [0],
            "nsfw": given.get("nsfw", False),
        }

    def _list_application_commands(self, asked: Asked) -> Any:
        self._own(asked)
        return self.commands

    def _get_guild_application_command_permissions(self, asked: Asked) -> Any:
        self._own(asked)
        guild, wanted = self._guild(asked), asked.path["command_id"]
        settled = next((guild.adjusted.get(one["name"]) for one in self.commands if one["id"] == wanted), None)
        if settled is None:
            raise Refused(404, 10066, "Unknown application command permissions")
        return {
            "id": wanted,
            "application_id": str(self.bot.id),
            "guild_id": str(guild.id),
            "permissions": [{"id": str(person), "type": 2, "permission": True} for person in settled],
        }

    def _own(self, asked: Asked) -> None:
        if asked.path["application_id"] != str(self.bot.id):
            raise Refused(403, 20012, "You are not authorized to perform this action on this application")

    # Interactions.

    def _create_interaction_response(self, asked: Asked) -> Any:
        interaction = self.interactions.get(asked.path["interaction_token"])
        if interaction is None or str(interaction.id) != asked.path["interaction_id"] or interaction.expired:
            raise Refused(*faults.UNKNOWN_INTERACTION)
        if interaction.acknowledgement is not None:
            raise Refused(*faults.ACKNOWLEDGED_ALREADY)
        kind, data = asked.fields.get("type"), asked.fields.get("data") or {}
        match kind:
            case 4 | 5:
                interaction.pending = kind == DEFERRED
                if kind == MESSAGE:
                    self._check_message(data, asked.files, within="data.")
                body = data if kind == MESSAGE else {"flags": data.get("flags", 0) | LOADING}
                interaction.original = self._answer(interaction, body, asked.files)
            case 6 | 7:
                if interaction.message is None:
                    raise Refused(*faults.INVALID_FORM, errors={"type": "This interaction has no message to update"})
                interaction.original = interaction.message
                interaction.pending = kind == DEFERRED_UPDATE
                if kind == UPDATE:
                    self._change(interaction.message, data, asked.files)
                    interaction.settle(interaction.message)
            case 8:
                choices = data.get("choices") or []
                _allow(discord_schema.choice_errors(choices))
                interaction.choices = [Choice(one["name"], one["value"]) for one in choices]
            case 9:
                interaction.modal = data
            case _:
                raise Refused(*faults.INVALID_FORM, errors={"type": "Value must be one of 4 to 9"})
        if (kind == AUTOCOMPLETION) != (interaction.kind == 4):
            raise Refused(*faults.INVALID_FORM, errors={"type": "This is no answer to such an interaction"})
        interaction.acknowledgement = kind
        if asked.query.get("with_response", "").lower() not in {"true", "1"}:
            return None
        shown: dict[str, Any] = {"id": str(interaction.id), "type": interaction.kind}
        result: dict[str, Any] = {"interaction": shown}
        if interaction.original is not None and kind not in {AUTOCOMPLETION, MODAL}:
            shown |= {
                "response_message_id": str(interaction.original.id),
                "response_message_loading": kind == DEFERRED,
                "response_message_ephemeral": interaction.original.ephemeral,
            }
            result["resource"] = {"type": kind, "message": interaction.original.as_json()}
        return result

    def _answer(self, interaction: Interaction, body: dict[str, Any], files: dict[str, File]) -> Received:
        message = self._message(interaction.place, body, files, interaction)
        if not message.flags & LOADING:
            interaction.answers[message.id] = message
        if not message.ephemeral:
            interaction.place.keep(message)
        return message

    def _execute_webhook(self, asked: Asked) -> Any:
        interaction = self._interaction(asked)
        self._check_message(asked.fields, asked.files)
        if interaction.pending and interaction.original is not None and interaction.acknowledgement == DEFERRED:
            # The first thing that is said after a deferral takes its place, and is seen by whom this was for.
            return self._settle(interaction, interaction.original, asked)
        interaction.pending = False
        interaction.follow_ups += 1
        if interaction.is_foreign and interaction.follow_ups > 5:
            raise Refused(*faults.TOO_MANY_FOLLOW_UPS)
        return self._answer(interaction, asked.fields, asked.files).as_json()

    def _settle(self, interaction: Interaction, message: Received, asked: Asked) -> Any:
        message.flags &= ~LOADING
        self._change(message, asked.fields, asked.files)
        interaction.settle(message)
        return message.as_json()

    def _get_original_webhook_message(self, asked: Asked) -> Any:
        return self._of_interaction(asked)[1].as_json()

    def _update_original_webhook_message(self, asked: Asked) -> Any:
        interaction, message = self._of_interaction(asked)
        self._check_message(asked.fields, asked.files, old=message)
        return self._settle(interaction, message, asked)

    def _delete_original_webhook_message(self, asked: Asked) -> None:
        interaction, message = self._of_interaction(asked)
        interaction.pending = False
        interaction.answers.pop(message.id, None)
        message.delete()

    _get_webhook_message = _get_original_webhook_message
    _update_webhook_message = _update_original_webhook_message
    _delete_webhook_message = _delete_original_webhook_message

    def _interaction(self, asked: Asked) -> Interaction:
        interaction = self.interactions.get(asked.path["webhook_token"])
        if interaction is None or asked.path["webhook_id"] != str(self.bot.id):
            raise Refused(*faults.UNKNOWN_WEBHOOK)
        if interaction.expired:
            raise Refused(401, 50027, "Invalid Webhook Token")
        if interaction.acknowledgement is None:
            raise Refused(*faults.UNKNOWN_WEBHOOK)
        return interaction

    def _of_interaction(self, asked: Asked) -> tuple[Interaction, Received]:
        interaction = self._interaction(asked)
        message = interaction.original
        if "message_id" in asked.path and (message is None or message.id != asked.number("message_id")):
            message = interaction.answers.get(asked.number("message_id"))
        if message is None:
            raise Refused(*faults.UNKNOWN_MESSAGE)
        return interaction, message

    # Channels, threads and servers.

    def _get_channel(self, asked: Asked) -> Any:
        return self._channel(asked).as_json()

    def _update_channel(self, asked: Asked) -> Any:
        channel = self._channel(asked)
        _allow(discord_schema.channel_errors(asked.fields))
        if isinstance(channel, Thread):
            self._change_thread(channel, asked.fields)
        elif isinstance(channel, GuildChannel):
            self._need(channel, "manage_channels")
            channel.name = asked.fields.get("name") or channel.name
            if isinstance(channel, Forum) and "available_tags" in asked.fields:
                channel.tags = {
                    int(one.get("id") or self.number()): one["name"] for one in asked.fields["available_tags"]
                }
            channel.changed()
        else:
            raise Refused(*faults.NOT_IN_THIS_CHANNEL)
        return channel.as_json()

    def _change_thread(self, thread: Thread, given: dict[str, Any]) -> None:
        own = thread.owner is self.bot and not thread.locked
        if not own or "locked" in given:
            self._need(thread, "manage_threads")
        if thread.archived and given.get("archived", True):
            raise Refused(*faults.ARCHIVED)
        thread.archived = given.get("archived", thread.archived)
        thread.locked = given.get("locked", thread.locked)
        thread.name = given.get("name") or thread.name
        thread.auto_archive = given.get("auto_archive_duration") or thread.auto_archive
        if "applied_tags" in given:
            thread.applied = self._tags(thread.parent, given["applied_tags"] or [])
        thread.changed()

    def _delete_channel(self, asked: Asked) -> Any:
        channel = self._channel(asked)
        if not isinstance(channel, GuildChannel):
            return channel.as_json()
        self._need(channel, "manage_threads" if isinstance(channel, Thread) else "manage_channels")
        channel.delete()
        return channel.as_json()

    def _create_dm(self, asked: Asked) -> Any:
        number = asked.fields.get("recipient_id")
        person = self.people.get(int(number or 0))
        if person is None:
            raise Refused(*faults.INVALID_FORM, errors={"recipient_id": "Unknown user"})
        return self.direct(person).as_json()

    def _create_thread(self, asked: Asked) -> Any:
        channel = self._channel(asked)
        _allow(discord_schema.thread_errors(asked.fields))
        if not isinstance(channel, GuildChannel) or isinstance(channel, Thread):
            raise Refused(*faults.NOT_IN_THIS_CHANNEL)
        if not isinstance(channel, Forum):
            self._need(channel, "create_public_threads")
            return self._open_thread(channel, asked.fields).as_json()
        body = asked.fields.get("message") or {}
        self._need(channel, "send_messages", *_needs(body, asked.files))
        self._check_message(body, asked.files, within="message.")
        tags = self._tags(channel, asked.fields.get("applied_tags") or [])
        if channel.requires_tag and not tags:
            raise Refused(*faults.TAG_REQUIRED)
        thread = self._open_thread(channel, asked.fields, tags)
        message = self._message(thread, body, asked.files)
        message.id = thread.id
        thread.keep(message)
        channel.arrivals.append(message.at)
        return thread.as_json() | {"message": message.as_json()}

    def _create_thread_from_message(self, asked: Asked) -> Any:
        message = self._found(asked)
        _allow(discord_schema.thread_errors(asked.fields))
        if not isinstance(message.channel, TextChannel):
            raise Refused(*faults.NOT_IN_THIS_CHANNEL)
        self._need(message.channel, "create_public_threads")
        if message.thread is not None:
            raise Refused(*faults.THREAD_HERE_ALREADY)
        return self._open_thread(message.channel, asked.fields, message=message).as_json()

    def _open_thread(
        self,
        channel: GuildChannel,
        given: dict[str, Any],
        tags: list[int] | None = None,
        message: Received | None = None,
    ) -> Thread:
        active = [one for one in channel.guild.threads.values() if not one.archived]
        if len(active) >= channel.guild.thread_limit:
            raise Refused(*faults.TOO_MANY_THREADS)
        return channel.thread(given["name"], owner=self.bot, message=message, tags=tags or [])

    def _tags(self, channel: GuildChannel, given: list[str]) -> list[int]:
        known = channel.tags if isinstance(channel, Forum) else {}
        tags = [int(one) for one in given]
        if any(tag not in known for tag in tags):
            raise Refused(*faults.INVALID_FORM, errors={"applied_tags": "Unknown tag"})
        moderated = channel.moderated if isinstance(channel, Forum) else set()
        if moderated.intersection(tags):
            self._need(channel, "manage_threads")
        return tags

    def _list_public_archived_threads(self, asked: Asked) -> Any:
        channel = self._channel(asked)
        assert isinstance(channel, GuildChannel)
        self._need(channel, "read_message_history")
        archived = [one for one in channel.guild.threads.values() if one.parent is channel and one.archived]
        most = int(asked.query.get("limit", "50"))
        newest = sorted(archived, key=lambda one: -one.id)
        return {
            "threads": [one.as_json() for one in newest[:most]],
            "members": [],
            "has_more": len(newest) > most,
        }

    def _trigger_typing_indicator(self, asked: Asked) -> None:
        self._need(self._channel(asked), "send_messages")

    def _get_guild(self, asked: Asked) -> Any:
        return self._guild(asked).as_json()

    def _list_guild_channels(self, asked: Asked) -> Any:
        return [channel.as_json() for channel in self._guild(asked).channels.values()]

    def _list_guild_roles(self, asked: Asked) -> Any:
        return self._guild(asked).roles_json()

    def _get_guild_member(self, asked: Asked) -> Any:
        guild = self._guild(asked)
        if asked.path["user_id"] == str(self.bot.id):
            return guild.member_json(self.bot)
        person = self.people.get(asked.number("user_id"))
        if person is None:
            raise Refused(404, 10007, "Unknown Member")
        return guild.member_json(person)

    def _get_active_guild_threads(self, asked: Asked) -> Any:
        active = [one for one in self._guild(asked).threads.values() if not one.archived]
        return {"threads": [one.as_json() for one in sorted(active, key=lambda one: -one.id)], "members": []}

    def _guild(self, asked: Asked) -> Guild:
        guild = self.guilds.get(asked.number("guild_id"))
        if guild is None:
            raise Refused(*faults.UNKNOWN_GUILD)
        if not guild.joined:
            raise Refused(*faults.MISSING_ACCESS)
        return guild

    def _channel(self, asked: Asked) -> Channel:
        channel = self.channels.get(asked.number("channel_id"))
        if channel is None:
            raise Refused(*faults.UNKNOWN_CHANNEL)
        if channel.guild is not None and not channel.guild.joined:
            raise Refused(*faults.MISSING_ACCESS)
        if not channel.permissions(self.bot) & permission_bits(["view_channel"]):
            raise Refused(*faults.MISSING_ACCESS)
        return channel

    def _need(self, channel: Channel, *names: str) -> None:
        needed = permission_bits(names)
        if channel.permissions(self.bot) & needed != needed:
            raise Refused(*faults.MISSING_PERMISSIONS)

    # Messages.

    def _create_message(self, asked: Asked) -> Any:
        channel = self._channel(asked)
        body = asked.fields
        if channel.refusal:
            raise Refused(*channel.refusal)
        if isinstance(channel, DirectMessages) and channel.person.blocks:
            raise Refused(*faults.CANNOT_DM)
        if isinstance(channel, Forum):
            raise Refused(400, 50008, "Cannot send messages in a non-text channel")
        thread = isinstance(channel, Thread)
        self._need(channel, "send_messages_in_threads" if thread else "send_messages", *_needs(body, asked.files))
        self._check_message(body, asked.files)
        reply = body.get("message_reference") or {}
        if reply and channel.find(int(reply["message_id"])) is None and reply.get("fail_if_not_exists", True):
            raise Refused(*faults.INVALID_FORM, errors={"message_reference": "Unknown message"})
        if isinstance(channel, Thread) and channel.archived:
            if channel.locked:
                raise Refused(*faults.ARCHIVED)
            channel.reopen()
        said_before = self._said_before(channel, body)
        if said_before is not None:
            return said_before.as_json()
        message = self._message(channel, body, asked.files)
        channel.keep(message)
        if body.get("nonce") is not None:
            now = asyncio.get_running_loop().time()
            self._nonces[channel.id, str(body["nonce"])] = (now, message)
        return message.as_json()

    def _said_before(self, channel: Channel, body: dict[str, Any]) -> Received | None:
        """The message with the same nonce, where it is to be sent once."""
        if body.get("nonce") is None or not body.get("enforce_nonce"):
            return None
        at, message = self._nonces.get((channel.id, str(body["nonce"])), (-math.inf, None))
        return message if asyncio.get_running_loop().time() - at < self.nonce_memory else None

    def _list_messages(self, asked: Asked) -> Any:
        channel = self._channel(asked)
        if not channel.permissions(self.bot) & permission_bits(["read_message_history"]):
            return []
        found = sorted(channel.messages.values(), key=lambda one: -one.id)
        before, after = asked.query.get("before"), asked.query.get("after")
        if before:
            found = [one for one in found if one.id < int(before)]
        most = int(asked.query.get("limit", "50"))
        if after:
            found = [one for one in found if one.id > int(after)][-most:]
        return [channel.shown(one) for one in found[:most]]

    def _get_message(self, asked: Asked) -> Any:
        message = self._found(asked)
        self._need(message.channel, "read_message_history")
        return message.channel.shown(message)

    def _update_message(self, asked: Asked) -> Any:
        message = self._found(asked)
        if message.author is not self.bot:
            raise Refused(*faults.NOT_THE_AUTHOR)
        if isinstance(message.channel, Thread) and message.channel.archived:
            raise Refused(*faults.ARCHIVED)
        self._check_message(asked.fields, asked.files, old=message)
        self._change(message, asked.fields, asked.files)
        for interaction in self.interactions.values():
            if interaction.pending and interaction.original is message:
                interaction.settle(message)
        return message.as_json()

    def _delete_message(self, asked: Asked) -> None:
        message = self._found(asked)
        if message.author is not self.bot:
            self._need(message.channel, "manage_messages")
        message.delete()

    def _found(self, asked: Asked) -> Received:
        message = self._channel(asked).find(asked.number("message_id"))
        if message is None:
            raise Refused(*faults.UNKNOWN_MESSAGE)
        return message

    def _check_message(
        self, body: dict[str, Any], files: dict[str, File], *, old: Received | None = None, within: str = ""
    ) -> None:
        errors = discord_schema.message_errors(body)
        _allow({f"{within}{at}": said for at, said in errors.items()})
        kept = {} if old is None else {"content": old.content, "embeds": old.embeds, "components": old.components}
        whole = kept | body
        says = [(whole.get("content") or "").strip(), *(whole.get(name) for name in ("embeds", "components", "poll"))]
        if sum(len(file.content) for file in files.values()) > _FILE_LIMIT:
            raise Refused(*faults.TOO_LARGE)
        if not (any(says) or files or body.get("attachments") or (old is not None and old.files)):
            raise Refused(*faults.EMPTY_MESSAGE)

    def _message(
        self, channel: Channel, body: dict[str, Any], files: dict[str, File], interaction: Interaction | None = None
    ) -> Received:
        reply = (body.get("message_reference") or {}).get("message_id")
        return Received(
            id=self.number(),
            channel=channel,
            author=self.bot,
            content=(body.get("content") or "").strip(),
            embeds=body.get("embeds") or [],
            components=body.get("components") or [],
            files={self.upload(file): file for file in files.values()},
            flags=body.get("flags") or 0,
            nonce=body.get("nonce"),
            reply_to=None if reply is None else int(reply),
            body=body,
            interaction=interaction,
        )

    def _change(self, message: Received, body: dict[str, Any], files: dict[str, File]) -> None:
        if "content" in body:
            message.content = (body["content"] or "").strip()
        if "embeds" in body:
            message.embeds = body["embeds"] or []
        if "components" in body:
            message.components = body["components"] or []
        if "attachments" in body:
            kept = {int(one["id"]) for one in body["attachments"] or ()}
            message.files = {number: file for number, file in message.files.items() if number in kept}
        message.files |= {self.upload(file): file for file in files.values()}
        if "flags" in body:
            message.flags = (body["flags"] or 0) | message.flags & EPHEMERAL
        message.body = message.body | body
        message.edits += 1
        if message.interaction is not None:
            message.interaction.edits += 1
        if not message.ephemeral:
            message.channel.tell("MESSAGE_UPDATE", message.channel.shown(message))


async def _read(request: web.Request) -> Asked:
    path, query = dict(request.match_info), dict(request.query)
    if request.content_type == "multipart/form-data":
        posted = await request.post()
        files = {
            name: File(one.filename, one.file.read()) for name, one in posted.items() if isinstance(one, web.FileField)
        }
        payload = posted.get("payload_json")
        text = payload.file.read().decode() if isinstance(payload, web.FileField) else str(payload or "{}")
        files.pop("payload_json", None)
    else:
        files, text = {}, await request.text()
    try:
        return Asked(path, query, json.loads(text) if text else None, files)
    except ValueError:
        return Asked(path, query, text, files)


def _allow(errors: discord_schema.Errors) -> None:
    if errors:
        raise Refused(*faults.INVALID_FORM, errors=errors)


def _limit_headers(operation: str, most: int, remaining: int, seconds: float) -> dict[str, str]:
    """What every answer says of the limit that it came under."""
    return {
        "X-RateLimit-Limit": str(most),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": str(round(time.time() + seconds, 3)),
        "X-RateLimit-Reset-After": str(seconds),
        "X-RateLimit-Bucket": hashlib.md5(operation.encode(), usedforsecurity=False).hexdigest(),
        "Via": "1.1 google",
    }


def _needs(body: dict[str, Any], files: dict[str, File]) -> list[str]:
    """The permissions that a message needs beside the one to send it."""
    return [*(["embed_links"] if body.get("embeds") else []), *(["attach_files"] if files else [])]
