"""One update, handled: happening -> the commands -> their answer -> its turn -> sent. It acknowledges nothing."""

import logging
from dataclasses import replace
from functools import partial

from aiogram.methods import AnswerCallbackQuery

from bot.domain.chats import Address, ChatKind, Gone, Message, Moved, Outcome, Rejected, Sent, Throttled, Unreachable
from bot.domain.errors import UserError
from bot.ports.clock import Clock
from bot.ports.sending import Turns, Urgency
from handlers.calls import MAX_DOCUMENT, Answering, Caller, Document, Reply
from handlers.on_telegram.outcomes import classify
from handlers.on_telegram.progress import Progress
from handlers.on_telegram.rights import Rights
from handlers.on_telegram.sender import TelegramSender
from handlers.on_telegram.updates import Happening, Joined, Left, Migrated, Pressed, Returned, Said, SentFile, Speaker

_log = logging.getLogger(__name__)

_CALLBACK_DEADLINE = 3.0
_DOWNLOAD_DEADLINE = 60.0
_THROTTLED_TRIES = 3
_LONGEST_PAUSE = 60.0
_UNREACHABLE_PAUSES = (1.0, 3.0)


class Conversation:
    """What is said to us, and what we say back."""

    def __init__(self, sender: TelegramSender, answering: Answering, turns: Turns, clock: Clock) -> None:
        self._sender = sender
        self._answering = answering
        self._turns = turns
        self._clock = clock
        self._rights = Rights(sender.api, clock)

    async def handle(self, happening: Happening) -> None:
        """Handle what happened, and send the answer."""
        match happening:
            case Said(line, speaker, message_id, about, file):
                reply_to = message_id if speaker.kind is ChatKind.GROUP else None
                progress = Progress(self._sender, self._turns, self._clock, speaker.address, reply_to)
                document = partial(self._document, file) if file is not None else None
                caller = replace(self._caller(speaker), about=about, document=document, progress=progress.show)
                await self._say(speaker.address, await self._answering.answer(line, caller), reply_to, progress)
            case Pressed(action, speaker, callback_id):
                await self._stop_the_spinner(callback_id)
                await self._say(speaker.address, await self._answering.press(action, self._caller(speaker)))
            case Joined(speaker):
                await self._say(speaker.address, await self._answering.joined(self._caller(speaker)))
            case Left(address, why):
                await self._answering.left(address, why)
            case Returned(address):
                await self._answering.returned(address)
            case Migrated(address, to):
                await self._answering.moved(address, to)

    def _caller(self, speaker: Speaker) -> Caller:
        async def may_change() -> bool:
            if speaker.may_change is not None:
                return speaker.may_change
            return speaker.user is not None and await self._rights.is_administrator(speaker.address, speaker.user)

        return Caller(
            address=speaker.address,
            kind=speaker.kind,
            title=speaker.title,
            person=speaker.person,
            may_change=may_change,
            language=speaker.language,
        )

    async def _document(self, file: SentFile) -> Document:
        content = None
        if (file.size or 0) <= MAX_DOCUMENT:
            try:
                content = await self._sender.api.download(file.file_id, MAX_DOCUMENT, _DOWNLOAD_DEADLINE)
            except Exception as error:  # noqa: BLE001 - whatever a library raises, it is to be sent again
                _log.warning("a document was not fetched: %s", classify(error, self._sender.api.secret))
                raise UserError("import-unread") from None  # the cause may hold the request's address, and the token
        if content is None:
            raise UserError("import-too-large", limit=MAX_DOCUMENT // 1_000_000)
        return Document(file.name, content)

    async def _stop_the_spinner(self, callback_id: str) -> None:
        try:
            await self._sender.api.request(AnswerCallbackQuery(callback_query_id=callback_id), _CALLBACK_DEADLINE)
        except Exception as error:  # noqa: BLE001 - it only spins on for a while, or the press is too old to
            _log.debug("a press was not answered: %s", self._sender.api.secret.scrub(str(error)))

    async def _say(
        self, address: Address, reply: Reply | None, reply_to: str | None = None, progress: Progress | None = None
    ) -> None:
        if reply is None:
            return
        message = Message(reply.text, buttons=reply.buttons, reply_to=reply_to)
        pauses = list(_UNREACHABLE_PAUSES)
        throttled = 0
        waited = 0.0
        while True:
            await self._turns.turn(address, Urgency.ANSWER)
            outcome = await self._send(address, message, reply, progress)
            match outcome:
                case Sent():
                    return
                case Throttled(seconds):
                    # Held in any case: the next alert to this chat has to wait as well.
                    self._turns.hold(address, seconds)
                    throttled += 1
                    waited += seconds
                    if throttled > _THROTTLED_TRIES or waited > _LONGEST_PAUSE:
                        break
                case Unreachable() if pauses:
                    await self._clock.sleep(pauses.pop(0))
                case Rejected(why) if not message.plain:
                    _log.warning("Telegram rejected an answer to %s, it goes without formatting: %s", address, why)
                    message = replace(message, plain=True)
                case Gone(why):
                    await self._answering.left(address, why)
                    return
                case Moved(to) if to != address.chat:
                    await self._answering.moved(address, to)
                    address = replace(address, chat=to)
                case _:
                    break
        _log.warning("an answer to %s was given up: %s", address, outcome)

    async def _send(self, address: Address, message: Message, reply: Reply, progress: Progress | None) -> Outcome:
        """Send an answer: with its file, in place of the progress that was shown, or as a message of its own."""
        if reply.document is not None:
            return await self._sender.send_document(address, message, reply.document)
        shown = await progress.finish(address, message) if progress is not None else None
        return shown or await self._sender.send(address, message)
