"""Serving Discord: the gateway -> what happened -> handled, each interaction in a task of its own.

What is asked comes once: Discord does not repeat what was not answered within three seconds, so that nothing is kept
for after a crash. What it changed is stored before it is answered.
"""

import asyncio
import itertools
import logging
import traceback
from collections.abc import Coroutine, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final, Protocol

from bot.domain.chats import Address
from bot.domain.returns import OUT_OF_SERVER
from bot.domain.rich import to_plain
from bot.ports.clock import Clock
from bot.ports.sending import Sender, Turns
from bot.texts import Texts
from handlers.calls import Answering, Entry
from handlers.on_discord.conversation import Conversation
from handlers.on_discord.forms import commands, is_known
from handlers.on_discord.gateway import AUTHENTICATION_FAILED, Closed, Gateway
from handlers.on_discord.interactions import PLATFORM, Asked, read
from handlers.on_discord.permissions import invitation
from handlers.on_discord.rest import RequestFailed, Rest

_log = logging.getLogger(__name__)

Json = Any

CONNECTING: Final = "connecting"
SERVING: Final = "serving"
OFFLINE: Final = "offline"
REFUSED: Final = "refused"
UNAUTHORIZED: Final = "unauthorized"

_EVENTS: Final = frozenset(
    {
        "GUILD_CREATE",
        "GUILD_DELETE",
        "CHANNEL_DELETE",
        "THREAD_DELETE",
        # After which messages may be taken that were refused; of members, we are told of ourselves alone.
        "CHANNEL_UPDATE",
        "THREAD_UPDATE",
        "GUILD_ROLE_UPDATE",
        "GUILD_MEMBER_UPDATE",
        "INTERACTION_CREATE",
    }
)
_FOR_GOOD: Final = {4010, 4011, 4012, 4013, 4014}
"""Close codes after which to come again is of no use: sharding, a version, or intents that we may not have."""

_DEADLINE: Final = 10.0
_HANDLER_DEADLINE: Final = 600.0
_AT_ONCE: Final = 500
_STEADY: Final = 60.0
"""Seconds for which a connection has to stand for the next failure to count as the first."""
# A thousand sessions a day are one in 87 seconds, and the token is taken from who begins more.
_BACKOFF: Final = (0.0, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 120.0)
_RESUMES: Final = 3  # tries to resume, before a new session is begun
_SETTLE: Final = 2.0


class _TokenRefused(Exception):
    """Discord will not have us."""


class Sending(Sender, Protocol):
    """What sends messages too; `unauthorized` is set when its token was refused."""

    @property
    def unauthorized(self) -> asyncio.Event:
        """Set then, and cleared by who looks into it."""
        ...


class DiscordFront:
    """Serves Discord until it is cancelled, or Discord refuses the token, or us.

    `state` says how it goes, for people: "connecting", "serving", "offline", "unauthorized", "refused". `sender` is
    used where an interaction takes no answer any more, and closed by who made it. `menus` are the menu in further
    languages.
    """

    def __init__(
        self,
        token: str,
        api_url: str | None,
        gateway_url: str | None,
        *,
        answering: Answering,
        turns: Turns,
        clock: Clock,
        say: Texts,
        sender: Sending,
        menus: Mapping[str, Sequence[Entry]] | None = None,
    ) -> None:
        self.state = CONNECTING
        self._gateway_url = gateway_url
        self._answering = answering
        self._clock = clock
        self._sender = sender
        self._say = say
        self._menus = menus or {}
        self._token = token.strip()
        self._rest = Rest(token, api_url)
        self._conversation = Conversation(self._rest, sender, answering, turns, clock, say)
        self._group: asyncio.TaskGroup | None = None
        self._in_hand: set[asyncio.Task[None]] = set()
        self._guilds: set[str] = set()
        self._name = ""
        self._user = ""
        self._application = ""
        self._offered = False
        self._stood = False
        self._stopping = False
        self._flooded = False
        self._references = itertools.count(1)

    @property
    def is_busy(self) -> bool:
        """Whether anything that was asked or told is still in hand."""
        return bool(self._in_hand)

    async def serve(self) -> None:
        """Serve until cancelled; returns where the token is refused. Raises nothing but cancellation."""
        gateway = Gateway(self._token, self._clock, self._happened, _EVENTS)
        try:
            async with asyncio.TaskGroup() as group:
                self._group = group
                doubting = group.create_task(self._doubt_the_token(), name="discord token")
                try:
                    await self._listen(gateway)
                    doubting.cancel()
                except asyncio.CancelledError:
                    # Still inside the group: its tasks go on until this block is left.
                    await self._settle()
                    raise
        except* _TokenRefused:
            self._turn_to(UNAUTHORIZED)
        finally:
            await gateway.close()
            await self._rest.close()

    async def _listen(self, gateway: Gateway) -> None:
        pauses = _backoff()
        failures = 0
        loop = asyncio.get_running_loop()
        while self.state != REFUSED:
            self._stood, began = False, loop.time()
            try:
                await gateway.run(self._gateway_url or await self._named_gateway())
            except RequestFailed as error:
                if error.status == 401:
                    raise _TokenRefused from None
                why, pause = str(error), error.retry_after or 0.0
            except Closed as closed:
                why, pause = str(closed), 0.0
                if closed.code == AUTHENTICATION_FAILED:
                    raise _TokenRefused from None
                if closed.code in _FOR_GOOD:
                    self._turn_to(REFUSED, why)
            if self._stood:
                failures = 0
                if loop.time() - began >= _STEADY:
                    pauses = _backoff()
            else:
                failures += 1
                if failures >= _RESUMES:
                    gateway.forget()
            pause = max(pause, next(pauses))
            if pause and self.state != REFUSED:
                self._turn_to(OFFLINE, why)
                await self._clock.sleep(pause)

    async def _doubt_the_token(self) -> None:
        """Look into it when a message was refused for its token; one 401 amid an outage is no verdict."""
        while True:
            await self._sender.unauthorized.wait()
            self._sender.unauthorized.clear()
            try:
                await self._rest.request("GET", "/users/@me", _DEADLINE)
            except RequestFailed as error:
                if error.status == 401:
                    raise _TokenRefused from None

    async def _named_gateway(self) -> str:
        """The gateway that the API names, once it allows another session."""
        told = await self._rest.request("GET", "/gateway/bot", _DEADLINE)
        try:
            url, limit = str(told["url"]), told.get("session_start_limit") or {}
            left, pause = int(limit.get("remaining", 1)), float(limit.get("reset_after", 0)) / 1000
        except (KeyError, TypeError, ValueError, AttributeError):
            raise RequestFailed(0, 0, "the API names no gateway") from None
        if left <= 0:
            raise RequestFailed(0, 0, "so many sessions were begun today that no other may be", retry_after=pause)
        return url

    def _happened(self, name: str, data: Json) -> None:
        """Take up what the gateway tells; a fault in one event is logged, and the next one is looked at."""
        try:
            self._take(name, data)
        except Exception as error:  # noqa: BLE001 - whatever shape it has, it must not end the connection
            _log.warning("what Discord tells (%s) cannot be read, it is skipped: %s", name, type(error).__name__)

    def _take(self, name: str, data: Json) -> None:
        match name:
            case "READY":
                self._ready(data)
            case "RESUMED":
                self._stood = True
                self._turn_to(SERVING)
            case "INTERACTION_CREATE" if not self._stopping:
                if len(self._in_hand) >= _AT_ONCE:
                    if not self._flooded:
                        _log.warning("Discord: beyond %d questions at a time, none is answered", _AT_ONCE)
                    self._flooded = True
                elif (asked := read(data)) is not None:
                    self._flooded = False
                    self._begin(self._conversation.handle(asked), asked)
            case "GUILD_CREATE" if data["id"] not in self._guilds:
                self._guilds.add(data["id"])
                # Nothing is said unasked: it begins where somebody uses a command. What was there goes on.
                self._begin(self._answering.returned(Address(PLATFORM, data["id"])))
            case "GUILD_DELETE" if not data.get("unavailable"):
                self._guilds.discard(data["id"])
                self._begin(self._answering.left(Address(PLATFORM, data["id"]), OUT_OF_SERVER))
            case "CHANNEL_DELETE" | "THREAD_DELETE":
                self._begin(self._answering.left(Address(PLATFORM, data["guild_id"], data["id"]), "topic-deleted"))
            case "CHANNEL_UPDATE":
                self._begin(self._answering.may_have_returned(Address(PLATFORM, data["guild_id"], data["id"])))
            case "THREAD_UPDATE" if not (data["thread_metadata"]["archived"] or data["thread_metadata"]["locked"]):
                self._begin(self._answering.may_have_returned(Address(PLATFORM, data["guild_id"], data["id"])))
            case "GUILD_ROLE_UPDATE":
                self._begin(self._answering.may_have_returned(Address(PLATFORM, data["guild_id"])))
            case "GUILD_MEMBER_UPDATE" if data["user"]["id"] == self._user:
                self._begin(self._answering.may_have_returned(Address(PLATFORM, data["guild_id"])))

    def _ready(self, data: Json) -> None:
        self._name, self._user = data["user"]["username"], data["user"]["id"]
        self._application = str(data["application"]["id"])
        guilds = {str(guild["id"]) for guild in data["guilds"]}
        before, self._guilds = self._guilds, guilds
        # What changed while there was no connection, or no process: of a server that was never left it changes nothing.
        self._begin(self._catch_up(guilds, guilds - before))
        self._stood = True
        self._turn_to(SERVING)
        if not self._offered:
            self._offered = True
            self._begin(self._offer_commands())

    async def _catch_up(self, here: AbstractSet[str], returned: AbstractSet[str]) -> None:
        await self._answering.left_all_but(PLATFORM, here, OUT_OF_SERVER)
        for guild in returned:
            await self._answering.returned(Address(PLATFORM, guild))

    def _begin(self, work: Coroutine[Any, Any, None], asked: Asked | None = None) -> None:
        assert self._group is not None
        task = self._group.create_task(self._guarded(work, asked), name="discord")
        self._in_hand.add(task)
        task.add_done_callback(self._in_hand.discard)

    async def _guarded(self, work: Coroutine[Any, Any, None], asked: Asked | None) -> None:
        try:
            async with asyncio.timeout(_HANDLER_DEADLINE):
                await work
        except Exception as error:  # noqa: BLE001 - a fault in one is logged, and the next one is handled
            where = asked.speaker.address if asked is not None else "a server"
            story = "".join(traceback.format_exception(error))
            if asked is not None:
                story = story.replace(asked.token, "***")
            _log.error("D%d: what happened in %s was not handled\n%s", next(self._references), where, story)

    async def _offer_commands(self) -> None:
        """Tell Discord of the commands, if it does not know these very ones: it takes 200 a day."""
        say = self._say
        wanted = commands(
            self._answering.menu(),
            self._menus,
            why=to_plain(say("discord-why")),
            channel=to_plain(say("option-channel")),
        )
        path = f"/applications/{self._application}/commands"
        for pause in _backoff():
            try:
                if not is_known(wanted, await self._rest.request("GET", f"{path}?with_localizations=true", _DEADLINE)):
                    await self._rest.request("PUT", path, _DEADLINE, body=wanted)
                    _log.info("Discord: its commands are renewed")
            except RequestFailed as error:
                if 400 <= error.status < 500 and error.status != 429:
                    _log.warning("Discord rejects the commands: %s", error)
                    return
                await self._clock.sleep(max(1.0, pause, error.retry_after or 0.0))
            else:
                return

    async def _settle(self) -> None:
        """Finish what is in hand."""
        self._stopping = True
        if self._in_hand:
            _, late = await asyncio.wait(self._in_hand, timeout=_SETTLE)
            if late:
                _log.warning("Discord: %d answers are cut short", len(late))

    def _turn_to(self, state: str, why: str = "") -> None:
        """Change the state, and log it where it is a change."""
        if state == self.state:
            return
        self.state = state
        match state:
            case "serving":
                _log.info(
                    "Discord: serving as %s; to add it to a server: %s", self._name, invitation(self._application)
                )
            case "unauthorized":
                _log.error(
                    "Discord refuses the token: set DISCORD_BOT_TOKEN to the one that the developer portal shows, "
                    "and start again; Discord is not served until then"
                )
            case "refused":
                _log.error("Discord refuses the connection for good (%s); Discord is not served any more", why)
            case _:
                _log.warning("Discord cannot be reached, it is tried again: %s", why)


def _backoff() -> "itertools.chain[float]":
    return itertools.chain(_BACKOFF, itertools.repeat(_BACKOFF[-1]))
