"""The connection to Discord's gateway: discord.py's, kept up by a loop of our own.

discord.py speaks the protocol: it identifies, resumes, keeps the heart beating. Its own loop is not used, for it logs
each failure with a traceback, tries for ever where nobody is told, and knows one gateway for the whole process; nor is
its picture of servers and members, which nothing here needs.
"""

import asyncio
import warnings
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from functools import partial
from typing import Any, Final, NoReturn

import yarl
from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, ClientWSTimeout, DummyCookieJar

from bot.ports.clock import Clock

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # discord.py imports audioop, for voices
    import discord
    from discord.gateway import DiscordClientWebSocketResponse, DiscordWebSocket, ReconnectWebSocket
    from discord.http import HTTPClient

Json = Any

AUTHENTICATION_FAILED: Final = 4004
_CONNECT_DEADLINE: Final = 30.0
_BEFORE_IDENTIFYING: Final = 5.0  # seconds between two sessions: Discord begins one in five
_CLOSE_DEADLINE: Final = 1.0
_BEGINNINGS: Final = frozenset({"READY", "RESUMED"})


class Closed(Exception):
    """The connection ended; `code` is the gateway's where it said why, else 0."""

    def __init__(self, code: int, why: str) -> None:
        super().__init__(why)
        self.code = code


class Gateway:
    """One session at a time; what happens in it goes to `on_event(name, data)` at once and in its order.

    Only the events that are named to it are looked at. `on_event` must not raise.
    """

    def __init__(
        self, token: str, clock: Clock, on_event: Callable[[str, Json], None], events: AbstractSet[str]
    ) -> None:
        self._on_event = on_event
        self._http = _Http(token)
        self._client = _Client(self._http, clock, {name: partial(self._hear, name) for name in events | _BEGINNINGS})
        self._socket: DiscordWebSocket | None = None
        self._stands = False
        self._resumes = False

    async def run(self, url: str) -> NoReturn:
        """Connect and listen until the connection ends: resume the session that there was, or begin one at `url`.

        Raises:
            Closed: always, in the end.
        """
        self._stands = False
        try:
            await self._connect(url)
            while True:
                assert self._socket is not None
                await self._socket.poll_event()
        except ReconnectWebSocket as asked:
            self._resumes = asked.resume and (self._stands or self._resumes)
            raise Closed(0, "the connection was cut" if asked.resume else "the session is over") from None
        except discord.ConnectionClosed as closed:
            self._resumes = False
            raise Closed(closed.code, closed.reason or f"closed with {closed.code}") from None
        except (OSError, ClientError, TimeoutError) as error:
            self._resumes = self._stands or self._resumes
            raise Closed(0, type(error).__name__) from None

    async def _connect(self, url: str) -> None:
        old = self._socket
        given: dict[str, Any] = {"gateway": yarl.URL(url), "initial": old is None}
        if self._resumes and old is not None:
            # Discord names the address at which a session is resumed when it begins.
            given = {"gateway": old.gateway, "resume": True, "session": old.session_id, "sequence": old.sequence}
        self._client.loop = asyncio.get_running_loop()
        async with asyncio.timeout(_CONNECT_DEADLINE):
            self._socket = await DiscordWebSocket.from_client(self._client, **given)

    def _hear(self, name: str, data: Json) -> None:
        if name in _BEGINNINGS:
            self._stands = True
        self._on_event(name, data)

    def forget(self) -> None:
        """Begin a new session next time."""
        self._resumes = False

    async def close(self) -> None:
        """End the session."""
        if self._socket is not None:
            await self._socket.close(1000)
        await self._http.close()


class _Http(HTTPClient):
    """What discord.py asks the web for: the connection, and nothing else."""

    def __init__(self, token: str) -> None:
        super().__init__(asyncio.get_running_loop())
        self.token = token
        self._session: ClientSession | None = None

    async def ws_connect(self, url: str, *, compress: int = 0) -> ClientWebSocketResponse:
        if self._session is None:
            self._session = ClientSession(
                ws_response_class=DiscordClientWebSocketResponse, cookie_jar=DummyCookieJar(), trust_env=False
            )
        return await self._session.ws_connect(
            url,
            max_msg_size=0,
            timeout=ClientWSTimeout(ws_close=_CLOSE_DEADLINE),
            autoclose=False,
            headers={"User-Agent": self.user_agent},
            compress=compress,
        )

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


class _Client(discord.Client):
    """discord.py's client with the one intent that is needed: of servers come and gone, and of their channels."""

    def __init__(self, http: HTTPClient, clock: Clock, parsers: Mapping[str, Callable[[Json], None]]) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody speaks here
        super().__init__(intents=discord.Intents(guilds=True), max_messages=None)
        self.http = self._connection.http = http
        self._connection.parsers = dict(parsers)
        self._clock = clock

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Nobody listens to what discord.py makes of it."""

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002
        if not initial:
            await self._clock.sleep(_BEFORE_IDENTIFYING)
