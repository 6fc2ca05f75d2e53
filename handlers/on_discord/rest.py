"""What the front asks of Discord's REST API: an answer, or a failure that says what came in its place; once each."""

import asyncio
from typing import Any

from bot.domain.chats import Throttled, Unreachable
from handlers.calls import Document
from handlers.on_discord.outcomes import classify, of_failure
from handlers.on_discord.wire import Wire

Json = Any

_DETAIL = 200


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
        self.retry_after = retry_after
        self.reached = reached


class Rest:
    """Requests over one wire."""

    def __init__(self, token: str, api_url: str | None = None) -> None:
        self._wire = Wire(token, api_url)

    async def request(
        self, method: str, path: str, deadline: float, *, body: Json = None, document: Document | None = None
    ) -> Json:
        """Make one request; what it answers as JSON, None where that is nothing.

        Raises:
            RequestFailed: it was refused, or brought no answer within the deadline.
        """
        try:
            answer = await self._wire.request(method, path, deadline, body, document)
        except Exception as error:  # noqa: BLE001 - whatever a library raises, there was no answer
            outcome = of_failure(error)
            reached = isinstance(outcome, Unreachable) and outcome.reached
            raise RequestFailed(0, 0, str(getattr(outcome, "why", outcome)), reached=reached) from None
        if answer.is_success:
            return answer.body
        told = answer.body.get("message") if isinstance(answer.body, dict) else None
        outcome = classify(answer)
        pause = outcome.seconds if isinstance(outcome, Throttled) else None
        raise RequestFailed(answer.status, answer.code, str(told or "refused")[:_DETAIL], retry_after=pause)

    async def download(self, url: str, most: int, deadline: float) -> bytes | None:
        """A file that somebody sent, from where Discord says that it is; None where it has more than `most` bytes.

        Raises:
            RequestFailed: as for `request`.
        """
        try:
            async with asyncio.timeout(deadline):
                return await self._wire.download(url, most)
        except Exception as error:  # noqa: BLE001 - as above
            raise RequestFailed(0, 0, type(error).__name__) from None

    async def close(self) -> None:
        """Close the connections; a request after that opens them again."""
        await self._wire.close()
