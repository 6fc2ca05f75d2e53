"""One interaction's answer: acknowledged in time, shown to whom it concerns, in as many messages as it takes."""

import asyncio
import logging
from typing import Final

from bot.domain.rich import Text
from bot.ports.clock import Clock
from handlers.calls import Document, Reply
from handlers.on_discord.interactions import Asked, Pressed
from handlers.on_discord.replies import EPHEMERAL, Json, parts, said
from handlers.on_discord.rest import RequestFailed, Rest

_log = logging.getLogger(__name__)

ACKNOWLEDGE_AFTER: Final = 1.5
"""Seconds; Discord gives three, of which the way here and back takes some."""

_MESSAGE, _DEFERRED, _DEFERRED_UPDATE, _CHOICES = 4, 5, 6, 8
_CALLBACK_DEADLINE: Final = 2.5
_DEADLINE: Final = 20.0
_LEAST_PAUSE: Final = 1.0  # seconds between two edits that show progress
_TRIES: Final = 3
_LONGEST_PAUSE: Final = 15.0
_ACKNOWLEDGED_ALREADY: Final = 40060
_OVER: Final = {10062, 10015, 50027}
"""Codes for an interaction that was not acknowledged in time, or whose fifteen minutes are over."""


class TooLate(Exception):
    """Discord takes no answer to this interaction any more."""

    def __str__(self) -> str:
        return "it comes too late"


class Response:
    """How one interaction is answered.

    `aside` says that what is shown concerns who asked, where it is deferred before the answer is known; `private` that
    nobody else reads along anyway.
    """

    def __init__(self, rest: Rest, clock: Clock, asked: Asked, *, aside: bool, private: bool, afar: str = "") -> None:
        self._rest = rest
        self._clock = clock
        self._asked = asked
        self._aside = aside and not private
        self._private = private
        self._afar = afar
        self._turn = asyncio.Lock()
        self._acknowledged = False
        self._original = False
        """Whether a deferred answer waits to be filled in."""
        self._shown_at = float("-inf")

    async def acknowledge(self) -> None:
        """Ask for more time, if nothing has been said by now."""
        async with self._turn:
            if self._acknowledged:
                return
            if isinstance(self._asked, Pressed):
                await self._call_back({"type": _DEFERRED_UPDATE})
            else:
                await self._call_back({"type": _DEFERRED, "data": {"flags": EPHEMERAL if self._aside else 0}})
                self._original = True

    async def suggest(self, choices: list[Json]) -> None:
        """Propose what an option may be."""
        await self._call_back({"type": _CHOICES, "data": {"choices": choices}})

    async def progress(self, text: Text) -> None:
        """Show how far it is, in place of the answer to come; what comes too soon after the last is not shown."""
        if self._clock.now() - self._shown_at < _LEAST_PAUSE:
            return
        self._shown_at = self._clock.now()
        try:
            await self.acknowledge()
            async with self._turn:
                if self._original:
                    await self._webhook("PATCH", "/messages/@original", said(parts(text)[0]))
        except (TooLate, RequestFailed) as error:
            _log.debug("progress was not shown: %s", error)

    async def say(self, reply: Reply) -> None:
        """Give the answer.

        Raises:
            TooLate: Discord takes none any more.
            RequestFailed: it refuses it, or cannot be reached.
        """
        async with self._turn:
            aside = (reply.for_one or self._aside) and not self._private
            contents = parts(reply.text)
            for number, content in enumerate(contents, 1):
                last = number == len(contents)
                body = said(content, reply.buttons if last else (), ephemeral=aside, afar=self._afar)
                await self._show(body, reply.document if last else None, aside=aside)

    async def _show(self, body: Json, document: Document | None, *, aside: bool) -> None:
        """Show one message: as the answer itself, in the place of the deferred one, or after it."""
        if document is not None:
            body |= {"attachments": [{"id": 0, "filename": document.name}]}
        if not self._acknowledged:
            await self._call_back({"type": _MESSAGE, "data": body}, document)
            return
        if self._original:
            self._original = False
            if aside == self._aside:
                await self._webhook("PATCH", "/messages/@original", body, document)
                return
            # Who sees a deferred answer was settled with it: what concerns fewer, or more, is another message.
            await self._webhook("DELETE", "/messages/@original")
        await self._webhook("POST", "", body, document)

    async def _call_back(self, body: Json, document: Document | None = None) -> None:
        path = f"/interactions/{self._asked.interaction_id}/{self._asked.token}/callback"
        for left in range(_TRIES - 1, -1, -1):
            try:
                await self._rest.request("POST", path, _CALLBACK_DEADLINE, body=body, document=document)
            except RequestFailed as error:
                if error.code == _ACKNOWLEDGED_ALREADY:
                    break  # the answer to an earlier try was lost
                if error.code in _OVER:
                    raise TooLate from None
                if not left or not _is_passing(error):
                    raise
                await self._clock.sleep(error.retry_after or 0.0)
            else:
                break
        self._acknowledged = True

    async def _webhook(self, method: str, path: str, body: Json = None, document: Document | None = None) -> None:
        path = f"/webhooks/{self._asked.application}/{self._asked.token}{path}"
        for left in range(_TRIES - 1, -1, -1):
            try:
                await self._rest.request(method, path, _DEADLINE, body=body, document=document)
            except RequestFailed as error:
                if error.code in _OVER or error.status == 401:
                    raise TooLate from None
                # Once more what was not taken, or may be done twice.
                again = _is_passing(error) and (error.status == 429 or method != "POST" or not error.reached)
                if not left or not again:
                    raise
                await self._clock.sleep(min(error.retry_after or 1.0, _LONGEST_PAUSE))
            else:
                return


def _is_passing(error: RequestFailed) -> bool:
    return error.status in {0, 429} or error.status >= 500
