"""Requests to Discord's REST API: each is made once, within its deadline; what comes back is the caller's to judge.

discord.py's client is not used for this: see docs/decisions/0017.
"""

import asyncio
import json
from typing import Any, Final

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, FormData

from bot import __version__
from handlers.calls import Document
from handlers.on_discord.outcomes import Answer

PUBLIC: Final = "https://discord.com/api/v10"
_CONNECT_DEADLINE: Final = 10.0
_AGENT: Final = f"DiscordBot (tocsin, {__version__})"


class Wire:
    """The API under one token, which stands in a header alone: no address and no error holds it."""

    def __init__(self, token: str, api_url: str | None) -> None:
        self._token = token.strip()
        self._base = (api_url or PUBLIC).rstrip("/")
        self._session: ClientSession | None = None

    async def request(
        self, method: str, path: str, deadline: float, body: Any = None, document: Document | None = None
    ) -> Answer:
        """Make one request, whose body and answer are JSON; a file goes along where there is one.

        Raises:
            Exception: aiohttp's and the network's own; `TimeoutError` after so many seconds.
        """
        headers = {"Authorization": f"Bot {self._token}"}
        given = {"json": body} if document is None else {"data": _form(body, document)}
        async with (
            asyncio.timeout(deadline),
            self._opened().request(method, self._base + path, headers=headers, **given) as response,
        ):
            text = await response.text("utf-8", "replace")
        try:
            said = json.loads(text) if text else None
        except ValueError:
            said = None
        return Answer(response.status, {name.lower(): value for name, value in response.headers.items()}, said)

    async def download(self, url: str, most: int) -> bytes | None:
        """A file at an address of which Discord has told, without the token; None where it has more than `most` bytes.

        Raises:
            Exception: as for `request`, or it is not there.
        """
        content = bytearray()
        async with self._opened().get(url, raise_for_status=True) as response:
            async for chunk in response.content.iter_any():
                content += chunk
                if len(content) > most:
                    return None
        return bytes(content)

    async def close(self) -> None:
        """Close the connections; a request after that opens them again."""
        if self._session is not None:
            await self._session.close()

    def _opened(self) -> ClientSession:
        if self._session is None or self._session.closed:
            self._session = ClientSession(
                cookie_jar=DummyCookieJar(),
                headers={"User-Agent": _AGENT},
                # Each request has a deadline of its own; this one tells what never reached Discord from what may have.
                timeout=ClientTimeout(total=None, sock_connect=_CONNECT_DEADLINE),
            )
        return self._session


def _form(body: Any, document: Document) -> FormData:
    form = FormData(quote_fields=False)  # Discord does not take its brackets quoted
    form.add_field("payload_json", json.dumps(body))
    form.add_field("files[0]", document.content, filename=document.name, content_type="application/octet-stream")
    return form
