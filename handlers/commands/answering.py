"""From what is said in a chat to the command that answers it, and what is said when none can."""

import logging
import secrets
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace

from bot.domain.chats import Address, ChatKind
from bot.domain.errors import UserError
from bot.domain.query import QueryError
from bot.domain.rich import to_plain
from bot.ports.chats import Chat
from bot.ports.store import StoreFailed
from bot.texts import Texts
from handlers.calls import Caller, Entry, Kind, Reply, Suggestion
from handlers.commands.base import Call, Command, Right, Tools
from handlers.commands.suggesting import suggestions
from handlers.commands.table import BY_NAME, COMMANDS

log = logging.getLogger(__name__)


class Commands:
    """What every front talks to; fulfils `handlers.calls.Answering`."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def menu(self, language: str | None = None) -> tuple[Entry, ...]:
        """See `handlers.calls.Answering`."""
        say = self._tools.say if language is None else Texts(language)
        return tuple(_entry(say, command) for command in COMMANDS)

    async def suggest(self, kind: Kind, typed: str, caller: Caller) -> Sequence[Suggestion]:
        """See `handlers.calls.Answering`."""
        try:
            chat = await self._tools.chats.find(caller.address)
            if chat is not None:
                await self._tools.access.let_in(caller, chat)
            return await suggestions(self._tools, kind, typed, chat)
        except (UserError, StoreFailed):
            return []  # what is typed will be answered
        except Exception:
            log.exception("Nothing could be suggested in %s", caller.address)
            return []

    async def answer(self, line: str, caller: Caller) -> Reply | None:
        """See `handlers.calls.Answering`."""
        said = line.encode("utf-8", "ignore").decode().strip()  # half a surrogate can be neither stored nor sent
        return await self._guarded(caller, lambda: self._answer(said, caller))

    async def press(self, action: str, caller: Caller) -> Reply | None:
        """See `handlers.calls.Answering`."""
        return await self._guarded(caller, lambda: self._press(action, caller))

    async def joined(self, caller: Caller) -> Reply | None:
        """See `handlers.calls.Answering`."""
        return await self._guarded(caller, lambda: self._welcome(caller))

    async def left(self, address: Address, why: str) -> None:
        """See `handlers.calls.Answering`."""
        try:
            await self._tools.chats.gone(address, why, self._tools.clock.now())
        except StoreFailed as error:
            log.error("%s is gone (%s), which a send will find out: the store fails: %s", address, why, error)

    async def returned(self, address: Address) -> None:
        """See `handlers.calls.Answering`."""
        try:
            await self._returned(address)
        except StoreFailed as error:
            log.error("%s takes messages again, which its next word will show: the store fails: %s", address, error)

    async def left_all_but(self, platform: str, servers: Collection[str], why: str) -> None:
        """See `handlers.calls.Answering`."""
        try:
            await self._tools.chats.gone_from_others(platform, servers, why, self._tools.clock.now())
        except StoreFailed as error:
            log.error("Who was left meanwhile (%s) is found out at the next start: the store fails: %s", why, error)

    async def may_have_returned(self, address: Address) -> None:
        """See `handlers.calls.Answering`."""
        try:
            if await self._tools.chats.may_have_returned(address, self._tools.clock.now()):
                self._tools.on_alerts()
        except StoreFailed as error:
            log.error("%s may take messages again, which is seen later: the store fails: %s", address, error)

    async def moved(self, address: Address, to: str) -> None:
        """See `handlers.calls.Answering`."""
        try:
            await self._tools.chats.moved(address, to, self._tools.clock.now())
        except StoreFailed as error:
            log.error("%s is %s now, which a send will find out: the store fails: %s", address, to, error)
        self._tools.on_alerts()

    async def _guarded(self, caller: Caller, work: Callable[[], Awaitable[Reply | None]]) -> Reply | None:
        say = self._tools.say
        try:
            return await work()
        except UserError as error:
            return Reply(say(error.key, **error.args_shown), for_one=True)
        except StoreFailed as error:
            log.error("%s could not be answered, the store fails: %s", caller.address, error)
            return Reply(say("error-store"), for_one=True)
        except Exception:
            reference = secrets.token_hex(3)
            log.exception("Answering %s failed (reference %s)", caller.address, reference)
            return Reply(say("error-unexpected", reference=reference), for_one=True)

    async def _press(self, action: str, caller: Caller) -> Reply | None:
        known = await self._heard(caller.address)
        line = await self._tools.chats.line_of(known.chat_id, action) if known else None
        if line is None:
            raise UserError("button-old")
        return await self._answer(line, caller)

    async def _answer(self, line: str, caller: Caller) -> Reply | None:
        known = await self._heard(caller.address)
        if not line.startswith("/"):
            if not line or caller.kind is not ChatKind.PRIVATE:
                return None
            if not _is_url(line):
                await self._tools.access.let_in(caller, known)
                raise UserError("no-command", said=line[:60])
            line = f"/sub {line}"
        if caller.kind is not ChatKind.PRIVATE and not _is_ours(line):
            return None  # in a group it may be another bot's
        command, argument = _read(line)
        return await self._do(command, argument, caller, known)

    async def _welcome(self, caller: Caller) -> Reply:
        # Who may add the bot may start it: that is what adding it means.
        return await self._do(BY_NAME["start"], "", replace(caller, may_change=_may), await self._heard(caller.address))

    async def _do(self, command: Command, argument: str, caller: Caller, known: Chat | None) -> Reply:
        if command.right is not Right.ENTER:
            known = await self._tools.access.let_in(caller, known)
        if command.right is Right.CHANGE and not await caller.may_change():
            raise UserError("only-administrators", command="/" + command.name)
        try:
            reply = await command.do(Call(argument, caller, known, self._tools, COMMANDS))
        except QueryError as error:
            if error.key == "query-empty" and self._tools.say.has(f"{command.name}-empty"):
                raise UserError(f"{command.name}-empty") from None  # which says what this command takes
            error.args_shown["command"] = command.name
            raise
        return replace(reply, for_one=command.for_one)

    async def _heard(self, address: Address) -> Chat | None:
        """The chat, if anything is stored of it; one that was gone and is heard of has returned."""
        known = await self._tools.chats.find(address)
        if known is not None and known.gone:
            await self._returned(address)
        return known

    async def _returned(self, address: Address) -> None:
        if await self._tools.chats.returned(address, self._tools.clock.now()):
            self._tools.on_alerts()


async def _may() -> bool:
    return True


def _entry(say: Texts, command: Command) -> Entry:
    return Entry(
        command.name,
        to_plain(say(f"menu-{command.name}")),
        tuple(
            replace(option, what=to_plain(say(f"option-{command.name}-{option.name}"))) for option in command.options
        ),
        changes=command.right is Right.CHANGE,
        for_one=command.for_one,
        listed=command.in_menu,
    )


def _is_ours(line: str) -> bool:
    return (line[1:].split(maxsplit=1) or [""])[0].lower() in BY_NAME


def _read(line: str) -> tuple[Command, str]:
    """The command that a line names, and its argument.

    Raises:
        UserError: there is no such command.
    """
    name, *rest = line[1:].split(maxsplit=1) or [""]
    argument = rest[0].strip() if rest else ""
    if name.lower() == "subscribe" and not argument:
        name = "start"
    command = BY_NAME.get(name.lower())
    if command is None:
        raise UserError("unknown-command", command="/" + name[:40])
    return command, argument


def _is_url(line: str) -> bool:
    words = line.split()
    return words[0].lower().startswith(("http://", "https://", "www.")) and (
        len(words) == 1 or (len(words) == 2 and words[1].lower() == "all")
    )
