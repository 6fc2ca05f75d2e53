"""Who is let in, and how the first operator claims the instance."""

import logging
import secrets
from collections.abc import Set as AbstractSet

from bot.domain.chats import Address
from bot.domain.errors import UserError
from bot.ports.chats import Chat, Chats
from bot.ports.clock import Clock
from handlers.calls import Caller

log = logging.getLogger(__name__)


class Access:
    """Everyone is let in where the instance is open, else operators and the chats that they bring the bot to.

    `trusted` are let in as operators are, but leave the instance to be claimed: who sits at its own prompt.
    """

    def __init__(
        self,
        chats: Chats,
        clock: Clock,
        *,
        is_open: bool,
        operators: AbstractSet[str],
        trusted: AbstractSet[str] = frozenset(),
    ) -> None:
        self._chats = chats
        self._clock = clock
        self._open = is_open
        self._configured = frozenset(operators)
        self._trusted = trusted
        self._code = secrets.token_hex(4).upper()

    async def code(self) -> str | None:
        """What `/claim` takes; None once there is an operator."""
        return None if await self._operators() else self._code

    async def let_in(self, caller: Caller, known: Chat | None) -> Chat | None:
        """The chat, if it may be served; an operator who speaks in it lets it in.

        Raises:
            UserError: this instance is private, and nobody has let this chat in.
        """
        if (known is not None and known.admitted) or await self.serves(caller.address):
            return known
        operators = await self._operators()
        if caller.person not in operators | self._trusted:
            raise UserError("private-instance" if operators else "private-unclaimed")
        now = self._clock.now()
        return await self._chats.enter(caller.address, caller.kind, caller.title, now=now, admitted=True)

    async def serves(self, address: Address) -> bool:
        """Whether a chat needs nobody to be let in."""
        return self._open or await self._chats.is_admitted(address)

    async def may_let_in(self, caller: Caller) -> bool:
        """Whether this caller would be served in a chat of which nothing is stored."""
        return await self.serves(caller.address) or caller.person in await self._operators() | self._trusted

    async def claim(self, person: str, code: str) -> None:
        """Make a person the first operator.

        Raises:
            UserError: there is one already, or the code is wrong.
        """
        if await self._operators():
            raise UserError("claim-taken")
        if not secrets.compare_digest(code.strip().upper().encode(), self._code.encode()):
            raise UserError("claim-wrong")
        await self._chats.claim_instance(person)
        log.info("%s has claimed this instance", person)

    async def _operators(self) -> AbstractSet[str]:
        return self._configured | await self._chats.operators()
