"""Discord's REST API under one token: one request, one answer or one failure; nothing is retried or waited for."""

import asyncio
import json
from typing import Any, Final

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    DummyCookieJar,
    FormData,
)

from bot import __version__
from handlers.calls import Document

PUBLIC: Final = "https://discord.com/api/v10"
Json = Any

_AGENT: Final = f"DiscordBot (tocsin, {__version__})"
_CONNECT_DEADLINE: Final = 10.0
_DETAIL: Final = 200


class RequestFailed(Exception):
    """A request that Discord refused, or that brought no answer.

    `status` is 0 where there was no answer, `code` Discord's own where it gave one, `retry_after` the seconds that it
    asks to wait. `reached` says that Discord may have had the request.
    """

    def __init__(
        self, status: int, code: int, why: str, *, retry_after: float | None = None, reached: bool = True
    ) -> None:
        super().__init__(f"{status} {why}" if status else why)
        self.status = status
        self.code = code
        self.why = why
        self.retry_after = retry_after
        self.reached = reached


class Rest:
    """Requests to one server. The token stands in a header only, so that no address holds it."""

    def __init__(self, token: str, api_url: str | None = None) -> None:
        self.token = token.strip()
        self._base = (api_url or PUBLIC).rstrip("/")
        self._session: ClientSession | None = None

    @property
    def session(self) -> ClientSession:
        """The connections."""
        if self._session is None or self._session.closed:
            self._session = ClientSession(
                cookie_jar=DummyCookieJar(),
                headers={"User-Agent": _AGENT},
                timeout=ClientTimeout(total=None, sock_connect=_CONNECT_DEADLINE),
            )
        return self._session

    async def request(
        self, method: str, path: str, deadline: float, *, body: Json = None, document: Document | None = None
    ) -> Json:
        """Make one request; what it answers as JSON, None where that is nothing.

        Raises:
            RequestFailed: it was refused, or brought no answer within the deadline.
        """
        given: dict[str, Any] = {"json": body} if body is not None else {}
        if document is not None:
            given = {"data": _form(body, document)}
        try:
            async with (
                asyncio.timeout(deadline),
                self.session.request(
                    method, self._base + path, headers={"Authorization": f"Bot {self.token}"}, **given
                ) as answer,
            ):
                return await _read(answer)
        except TimeoutError as error:
            reached = not isinstance(error, ConnectionTimeoutError)
            raise RequestFailed(0, 0, "no answer in time", reached=reached) from None
        except (ClientError, OSError, ValueError) as error:
            reached = not isinstance(error, ClientConnectorError)
            raise RequestFailed(0, 0, type(error).__name__, reached=reached) from None

    async def download(self, url: str, most: int, deadline: float) -> bytes | None:
        """A file that somebody sent, from where Discord says that it is; None where it has more than `most` bytes.

        Raises:
            RequestFailed: as for `request`. The token is not sent along.
        """
        content = bytearray()
        try:
            async with asyncio.timeout(deadline), self.session.get(url) as answer:
                if answer.status != 200:
                    raise RequestFailed(answer.status, 0, "the file is not there")
                async for chunk in answer.content.iter_any():
                    content += chunk
                    if len(content) > most:
                        return None
        except (TimeoutError, ClientError, OSError, ValueError) as error:
            raise RequestFailed(0, 0, type(error).__name__) from None
        return bytes(content)

    async def close(self) -> None:
        """Close the connections; a request after that opens them again."""
        if self._session is not None:
            await self._session.close()


async def _read(answer: ClientResponse) -> Json:
    text = await answer.text("utf-8", "replace")
    try:
        said = json.loads(text) if text else None
    except ValueError:  # a page of what stands before Discord
        said = None
        if answer.ok:
            raise RequestFailed(0, 0, "its answer is no JSON") from None
    if answer.ok:
        return said
    told = said if isinstance(said, dict) else {}
    code, pause = told.get("code"), told.get("retry_after", answer.headers.get("Retry-After"))
    raise RequestFailed(
        answer.status,
        code if isinstance(code, int) else 0,
        str(told.get("message") or answer.reason or "")[:_DETAIL],
        retry_after=_seconds(pause) if answer.status == 429 else None,
    )


def _seconds(pause: object) -> float:
    try:
        return max(0.0, float(str(pause)))
    except ValueError:
        return 1.0


def _form(body: Json, document: Document) -> FormData:
    form = FormData(quote_fields=False)  # Discord does not take its brackets quoted
    form.add_field("payload_json", json.dumps(body))
    form.add_field("files[0]", document.content, filename=document.name, content_type="application/octet-stream")
    return form
