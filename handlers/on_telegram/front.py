"""Serving Telegram: getUpdates -> ledger -> a queue per chat -> handled -> acknowledged.

aiogram's own polling is not used: it swallows a refused token and a conflict for ever, does not start without a
network, and acknowledges updates before they were handled.
"""

import asyncio
import itertools
import logging
import traceback
from collections import deque

from aiogram.exceptions import TelegramConflictError
from aiogram.methods import DeleteWebhook, GetMe, SetMyCommands
from aiogram.types import BotCommand
from aiogram.utils.token import TokenValidationError

from bot.domain.chats import Rejected, Throttled, Unreachable
from bot.ports.clock import Clock
from bot.ports.sending import Turns
from handlers.calls import Answering
from handlers.on_telegram.conversation import Conversation
from handlers.on_telegram.ledger import Ledger
from handlers.on_telegram.outcomes import classify, is_unauthorized
from handlers.on_telegram.raw import GetUpdates, Json
from handlers.on_telegram.sender import TelegramSender
from handlers.on_telegram.updates import ALLOWED, Happening, Pressed, Said, read

_log = logging.getLogger(__name__)

_LONG_POLL = 25
_REQUEST_DEADLINE = 10.0
_AT_ONCE = 100
"""What getUpdates gives at most; as it begins at the first unfinished update, no more than these are in hand, but for
what is acknowledged early of a flood."""
_OF_ONE_CHAT = 50
"""So many unfinished updates may one chat have; what it says beyond that goes unanswered."""
_HANDLER_DEADLINE = 600.0
# A long poll that brings nothing sooner than this was none: there are API servers that do not wait.
_HASTY = 0.5
# While something is unfinished, getUpdates answers at once, with what is known already: so often is it asked.
_SHORTEST_PAUSE = 0.25
_LONGEST_PAUSE = 1.0
_BACKOFF = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
_SETTLE = 2.0
_LAST_ACKNOWLEDGEMENT = 1.0
_MENU_LENGTH = 100
_MENU_DESCRIPTION = 256

CONNECTING = "connecting"
SERVING = "serving"
OFFLINE = "offline"
CONFLICT = "conflict"
UNAUTHORIZED = "unauthorized"


class _TokenRefused(Exception):
    """Telegram will not have us."""


class TelegramFront:
    """Serves Telegram until it is cancelled, or Telegram refuses the token.

    `state` says how it goes, for people: "connecting", "serving", "offline", "conflict", "unauthorized". `sender` sends
    the alerts too; one that is handed in is closed by who made it.
    """

    def __init__(
        self,
        token: str,
        api_url: str | None,
        *,
        answering: Answering,
        turns: Turns,
        clock: Clock,
        sender: TelegramSender | None = None,
    ) -> None:
        self.state = CONNECTING
        self.sender = sender or TelegramSender(token, api_url)
        self._closes_sender = sender is None
        self._answering = answering
        self._clock = clock
        self._conversation = Conversation(self.sender, answering, turns, clock)
        self._ledger = Ledger()
        self._acknowledged: int | None = None
        self._queues: dict[str, deque[tuple[int, Happening]]] = {}
        self._flooding: set[str] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._stopping = False
        self._username = ""
        self._references = itertools.count(1)

    async def serve(self) -> None:
        """Serve until cancelled; returns where the token is refused. Raises nothing but cancellation."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._doubt_the_token(), name="telegram token")
                try:
                    await self._connect()
                    group.create_task(self._set_menu(), name="telegram menu")
                    await self._poll(group)
                except asyncio.CancelledError:
                    # Still inside the group: its tasks go on until this block is left.
                    await self._settle()
                    raise
        except* _TokenRefused:
            self._turn_to(UNAUTHORIZED)
        finally:
            if self._closes_sender:
                await self.sender.close()

    async def _connect(self) -> None:
        """Return once Telegram knows us."""
        for pause in _backoff():
            try:
                me = await self.sender.api.request(GetMe(), _REQUEST_DEADLINE)
            except Exception as error:  # noqa: BLE001 - without a network everything can fail, and it is tried again
                await self._after_failure(error, pause)
            else:
                self._username = me.username or ""
                return

    async def _doubt_the_token(self) -> None:
        """Look into it when a message was refused for its token; one 401 amid an outage is no verdict."""
        while True:
            await self.sender.unauthorized.wait()
            self.sender.unauthorized.clear()
            await self._connect()

    async def _set_menu(self) -> None:
        commands = [
            BotCommand(command=entry.name.lower(), description=entry.what[:_MENU_DESCRIPTION])
            for entry in self._answering.menu()[:_MENU_LENGTH]
            if entry.listed and entry.what
        ]
        for pause in _backoff():
            try:
                await self.sender.api.request(SetMyCommands(commands=commands), _REQUEST_DEADLINE)
            except Exception as error:  # noqa: BLE001 - the menu is a courtesy: it is tried again, or does without
                outcome = classify(error, self.sender.api.secret)
                if isinstance(outcome, Rejected):
                    _log.warning("Telegram rejected the menu of commands: %s", outcome.why)
                    return
                await self._clock.sleep(outcome.seconds if isinstance(outcome, Throttled) else pause)
            else:
                return

    async def _poll(self, group: asyncio.TaskGroup) -> None:
        webhook_deleted = False
        pauses = _backoff()
        busy = _SHORTEST_PAUSE
        while True:
            try:
                updates = await self._fetch()
            except TelegramConflictError as error:
                if "webhook" in error.message.lower() and not webhook_deleted:
                    webhook_deleted = True
                    await self._delete_webhook()
                else:
                    await self._after_failure(error, next(pauses))
            except Exception as error:  # noqa: BLE001 - polling has to outlive whatever happens
                if is_unauthorized(error):
                    await self._connect()  # which stops everything where the token is indeed refused
                    await self._clock.sleep(next(pauses))
                else:
                    await self._after_failure(error, next(pauses))
            else:
                pauses = _backoff()
                self._turn_to(SERVING)
                news = [update for update in updates if self._take(update, group)]
                if len(updates) == _AT_ONCE:
                    self._let_floods_pass()
                busy = _SHORTEST_PAUSE if news else min(2 * busy, _LONGEST_PAUSE)
                await self._idle_for(busy)

    async def _fetch(self) -> list[Json]:
        offset = self._ledger.ask()
        # What is unfinished comes again at once: only with nothing in hand is there something to wait for. Nor is the
        # first answer waited for: until it is there, nobody can say whether we serve.
        timeout = 0 if len(self._ledger) or self.state != SERVING else _LONG_POLL
        loop = asyncio.get_running_loop()
        asked = loop.time()
        updates = await self.sender.api.request(
            GetUpdates(offset=offset, limit=_AT_ONCE, timeout=timeout, allowed_updates=ALLOWED),
            timeout + _REQUEST_DEADLINE,
        )
        self._acknowledged = offset
        if timeout and not updates and loop.time() - asked < _HASTY:
            await self._clock.sleep(_HASTY)
        return updates

    async def _idle_for(self, seconds: float) -> bool:
        """Wait until nothing is in hand, but no longer than that; whether nothing is."""
        try:
            async with asyncio.timeout(seconds):
                await self._idle.wait()
        except TimeoutError:
            return False
        return True

    def _take(self, raw: Json, group: asyncio.TaskGroup) -> bool:
        """Take up an update; False if it is known."""
        update_id = raw.get("update_id")
        if not isinstance(update_id, int) or not self._ledger.take(update_id):
            return False
        try:
            happening = read(raw, self._username)
        except Exception as error:  # noqa: BLE001 - one update that cannot be read must not hold up the others
            _log.warning("update %s of Telegram's cannot be read, it is skipped: %s", update_id, type(error).__name__)
            happening = None
        if happening is None:
            self._ledger.finish(update_id)
            return True
        chat = str(happening.address)
        if chat in self._queues:
            # What says how we stand with the chat is not said again: it is never too much.
            if len(self._queues[chat]) >= _OF_ONE_CHAT and isinstance(happening, Said | Pressed):
                self._ledger.finish(update_id)
                self._name_flood(chat)
                return True
            self._queues[chat].append((update_id, happening))
        else:
            self._queues[chat] = deque([(update_id, happening)])
            self._idle.clear()
            group.create_task(self._work(chat), name=f"telegram {chat}")
        return True

    def _name_flood(self, chat: str) -> None:
        if chat not in self._flooding:
            self._flooding.add(chat)
            _log.warning("Telegram: %s floods: beyond %d updates at a time it is not answered", chat, _OF_ONE_CHAT)

    def _let_floods_pass(self) -> None:
        """Acknowledge what is in hand of those who flood, for what comes behind it cannot be seen otherwise.

        It is answered all the same, but does not come again after a crash.
        """
        for chat in self._flooding:
            for update_id, _ in self._queues[chat]:
                self._ledger.finish(update_id)

    async def _work(self, chat: str) -> None:
        """Handle one chat's updates in their order, until there are none."""
        queue = self._queues[chat]
        try:
            while queue and not self._stopping:
                update_id, happening = queue[0]
                await self._handle(happening)
                self._ledger.finish(update_id)
                queue.popleft()
        finally:
            del self._queues[chat]
            self._flooding.discard(chat)
            if not self._queues:
                self._idle.set()

    async def _handle(self, happening: Happening) -> None:
        try:
            async with asyncio.timeout(_HANDLER_DEADLINE):
                await self._conversation.handle(happening)
        except Exception as error:  # noqa: BLE001 - a fault in one update is logged, and the next one is handled
            # Not by `exc_info`: a library's error may hold the request's address, and with it the token.
            story = self.sender.api.secret.scrub("".join(traceback.format_exception(error)))
            _log.error("T%d: an update of %s failed\n%s", next(self._references), happening.address, story)

    async def _after_failure(self, error: Exception, pause: float) -> None:
        """Say once what is wrong, then wait.

        Raises:
            _TokenRefused: getMe says so.
        """
        if isinstance(error, TokenValidationError) or is_unauthorized(error):
            raise _TokenRefused
        outcome = classify(error, self.sender.api.secret)
        if isinstance(error, TelegramConflictError):
            self._turn_to(CONFLICT)
        elif not isinstance(outcome, Throttled):
            self._turn_to(OFFLINE, outcome.why if isinstance(outcome, Unreachable) else str(outcome))
        await self._clock.sleep(outcome.seconds if isinstance(outcome, Throttled) else pause)

    async def _delete_webhook(self) -> None:
        _log.warning("Telegram sends the updates to a webhook: it is deleted, what waits there is kept")
        try:
            await self.sender.api.request(DeleteWebhook(drop_pending_updates=False), _REQUEST_DEADLINE)
        except Exception as error:  # noqa: BLE001 - then the conflict stays, and is named
            _log.warning("the webhook was not deleted: %s", classify(error, self.sender.api.secret))

    async def _settle(self) -> None:
        """Finish what is in hand, and acknowledge it: what is not, comes again at the next start."""
        self._stopping = True
        if not await self._idle_for(_SETTLE):
            in_hand = sum(len(queue) for queue in self._queues.values())
            _log.warning(
                "Telegram: answers to %d updates are cut short, %d of them come again", in_hand, len(self._ledger)
            )
        if self._ledger.offset in (None, self._acknowledged):
            return
        try:
            await self.sender.api.request(
                GetUpdates(offset=self._ledger.offset, limit=1, timeout=0, allowed_updates=ALLOWED),
                _LAST_ACKNOWLEDGEMENT,
            )
        except Exception as error:  # noqa: BLE001 - it is too late to try again: these updates come once more
            _log.warning("what was handled last may come again: %s", classify(error, self.sender.api.secret))

    def _turn_to(self, state: str, why: str = "") -> None:
        """Change the state, and log it where it is a change."""
        if state == self.state:
            return
        self.state = state
        match state:
            case "serving":
                _log.info("Telegram: serving as @%s", self._username)
            case "conflict":
                _log.error(
                    "Telegram: another instance polls with the same token, or a webhook is set; "
                    "stop the other one, or give this one a token of its own. Trying again"
                )
            case "unauthorized":
                _log.error(
                    "Telegram refuses the token: set TELEGRAM_BOT_TOKEN to the one that @BotFather shows, "
                    "and start again; Telegram is not served until then"
                )
            case _:
                _log.warning("Telegram cannot be reached, it is tried again: %s", why)


def _backoff() -> "itertools.chain[float]":
    return itertools.chain(_BACKOFF, itertools.repeat(_BACKOFF[-1]))
