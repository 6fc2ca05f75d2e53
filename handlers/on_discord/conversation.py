"""One interaction, handled: what is asked -> the commands -> their answer -> shown; it keeps nothing of it."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Final
from weakref import WeakValueDictionary

from bot.domain.chats import Address, Gone, Message
from bot.domain.errors import UserError
from bot.domain.rich import join, to_plain
from bot.ports.clock import Clock
from bot.ports.sending import Sender, Turns, Urgency
from bot.texts import Texts
from handlers.calls import MAX_DOCUMENT, Answering, Caller, Document, Entry, Reply, Suggestion
from handlers.on_discord.interactions import PLATFORM, Asked, AskedWhy, Commanded, Pressed, SentFile, Speaker, Typing
from handlers.on_discord.permissions import may_change, missing
from handlers.on_discord.response import ACKNOWLEDGE_AFTER, Response, TooLate
from handlers.on_discord.rest import RequestFailed, Rest
from handlers.on_discord.rights import Rights
from handlers.on_discord.standing import permissions_in

_log = logging.getLogger(__name__)

_DEADLINE: Final = 10.0
_DOWNLOAD_DEADLINE: Final = 60.0
_CHOICES: Final = 25
_CHOICE: Final = 100  # characters of what is proposed
_SUBSCRIBE: Final = {"start", "watch", "sub", "import"}
"""Commands after which alerts come to the chat, so that it is said what keeps them from it; /status says it too."""


class Conversation:
    """What people ask on Discord, and what is answered."""

    def __init__(
        self, rest: Rest, sender: Sender, answering: Answering, turns: Turns, clock: Clock, say: Texts
    ) -> None:
        self._rest = rest
        self._sender = sender
        self._answering = answering
        self._turns = turns
        self._clock = clock
        self._say = say
        self._rights = Rights(rest, clock)
        self._menu: Mapping[str, Entry] = {entry.name: entry for entry in answering.menu()}
        self._in_turn: WeakValueDictionary[Address, asyncio.Lock] = WeakValueDictionary()

    async def handle(self, asked: Asked) -> None:
        """Answer."""
        if isinstance(asked, Typing):
            await self._suggest(asked)
            return
        speaker = asked.speaker
        elsewhere = speaker.address is None
        aside = elsewhere or isinstance(asked, AskedWhy) or self._is_for_one(asked)
        response = Response(self._rest, self._clock, asked, aside=aside, private=speaker.in_private, afar=speaker.afar)
        async with asyncio.TaskGroup() as group:
            timer = group.create_task(self._acknowledge_in_time(response))
            try:
                address = speaker.address or await self._direct_messages(speaker)
            except UserError as error:
                await self._show(None, speaker, response, Reply(self._say(error.key), for_one=True))
            else:
                reply = await self._answer(asked, speaker, address, response)
                if reply is not None and elsewhere:
                    text = join("\n", [self._say("discord-elsewhere"), reply.text])
                    reply = replace(reply, text=text, for_one=True)
                if reply is not None:
                    await self._show(address, speaker, response, reply)
            timer.cancel()

    def _is_for_one(self, asked: Asked) -> bool:
        entry = self._menu.get(asked.command) if isinstance(asked, Commanded) else None
        return entry is not None and entry.for_one

    async def _acknowledge_in_time(self, response: Response) -> None:
        await self._clock.sleep(ACKNOWLEDGE_AFTER)
        try:
            await response.acknowledge()
        except (TooLate, RequestFailed) as error:
            _log.warning("Discord: an interaction was not acknowledged: %s", error)

    async def _answer(self, asked: Asked, speaker: Speaker, address: Address, response: Response) -> Reply | None:
        caller = self._caller(asked, speaker, address)
        turn = self._in_turn.setdefault(address, asyncio.Lock())
        async with turn:  # what is said in a chat is answered in its order
            match asked:
                case Commanded(command=name, given=given, file=file):
                    entry = self._menu.get(name)
                    # One that is not known is of another version, as long as Discord has not heard of this one.
                    try:
                        line = entry.line(given) if entry is not None else f"/{name}"
                    except UserError as error:
                        return Reply(self._say(error.key, **error.args_shown), for_one=True)
                    document = partial(self._document, file) if file is not None else None
                    caller = replace(caller, document=document, progress=response.progress)
                    reply = await self._answering.answer(line, caller)
                    if reply is None or not (name == "status" or (name in _SUBSCRIBE and not reply.for_one)):
                        return reply
                    return await self._warned(reply, asked, speaker)
                case AskedWhy(message_id=message_id):
                    return await self._answering.answer("/try", replace(caller, about=message_id))
                case Pressed(action=action):
                    return await self._answering.press(action, replace(caller, progress=response.progress))
        return None

    def _caller(self, asked: Asked, speaker: Speaker, address: Address) -> Caller:
        async def may() -> bool:
            if speaker.rights is None or may_change(speaker.rights):
                return True
            if not isinstance(asked, Commanded) or speaker.afar:  # settled for where one speaks
                return False
            return await self._rights.are_settled(asked.application, address.chat, asked.command_id)

        return Caller(
            address=address,
            kind=speaker.kind,
            title=speaker.title,
            person=speaker.person,
            may_change=may,
            language=speaker.language,
        )

    async def _warned(self, reply: Reply, asked: Asked, speaker: Speaker) -> Reply:
        """The answer, with what keeps alerts from coming there, and what to grant."""
        ours = speaker.ours
        if ours is None and speaker.afar and speaker.address is not None:
            ours = await permissions_in(self._rest, asked.application, speaker.address.chat, speaker.afar)
        lacking = missing(ours, speaker.channel_type) if ours is not None else ()
        if not lacking:
            return reply
        rights = ", ".join(to_plain(self._say(f"discord-right-{right}")) for right in lacking)
        return replace(reply, text=join("\n", [reply.text, self._say("discord-missing", rights=rights)]))

    async def _direct_messages(self, speaker: Speaker) -> Address:
        """The direct messages with somebody.

        Raises:
            UserError: there can be none.
        """
        try:
            channel = await self._rest.request(
                "POST", "/users/@me/channels", _DEADLINE, body={"recipient_id": speaker.user}
            )
            return Address(PLATFORM, str(channel["id"]))
        except (RequestFailed, KeyError, TypeError) as error:
            _log.warning("Discord: direct messages with %s cannot be opened: %s", speaker.person, error)
            raise UserError("discord-no-direct-messages") from None

    async def _document(self, file: SentFile) -> Document:
        content = None
        if file.size <= MAX_DOCUMENT:
            try:
                content = await self._rest.download(file.url, MAX_DOCUMENT, _DOWNLOAD_DEADLINE)
            except RequestFailed as error:
                _log.warning("Discord: a document was not fetched: %s", error)
                raise UserError("import-unread") from None
        if content is None:
            raise UserError("import-too-large", limit=MAX_DOCUMENT // 1_000_000)
        return Document(file.name, content)

    async def _suggest(self, asked: Typing) -> None:
        entry = self._menu.get(asked.command)
        option = next((one for one in entry.options if one.name == asked.option), None) if entry is not None else None
        address = asked.speaker.address
        found = (
            await self._answering.suggest(option.kind, asked.typed, self._caller(asked, asked.speaker, address))
            if option is not None and address is not None
            else []
        )
        response = Response(self._rest, self._clock, asked, aside=True, private=False)
        try:
            await response.suggest([_choice(one) for one in found if len(one.value) <= _CHOICE][:_CHOICES])
        except (TooLate, RequestFailed) as error:
            _log.debug("nothing was proposed: %s", error)

    async def _show(self, address: Address | None, speaker: Speaker, response: Response, reply: Reply) -> None:
        try:
            await response.say(reply)
        except TooLate:
            # What concerns one person is not said to all; what is said to the chat may come as any message does.
            if address is None or (reply.for_one and not speaker.in_private):
                _log.warning("Discord takes no answer in %s any more: it came too late", address)
            else:
                await self._send(address, reply)
        except RequestFailed as error:
            _log.warning("Discord: an answer in %s was given up: %s", address, error)

    async def _send(self, address: Address, reply: Reply) -> None:
        """Say as a message what cannot be said as an answer; its file has to be asked for again."""
        await self._turns.turn(address, Urgency.ANSWER)
        outcome = await self._sender.send(address, Message(reply.text, buttons=reply.buttons))
        if isinstance(outcome, Gone):
            await self._answering.left(address, outcome.why)


def _choice(suggestion: Suggestion) -> dict[str, str]:
    label = suggestion.label if len(suggestion.label) <= _CHOICE else suggestion.label[: _CHOICE - 1] + "…"
    return {"name": label or suggestion.value, "value": suggestion.value}
