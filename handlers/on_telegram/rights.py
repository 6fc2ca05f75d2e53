"""Who may change things in a group: Telegram is asked, and its answer kept for a minute at most."""

import logging

from bot.domain.chats import Address
from bot.ports.clock import Clock
from handlers.on_telegram.outcomes import classify
from handlers.on_telegram.raw import GetChatMember
from handlers.on_telegram.sender import Api

_log = logging.getLogger(__name__)

_ADMINISTRATORS = frozenset({"creator", "administrator"})
_DEADLINE = 10.0
# A right that was just given should hold at once, one that was taken may live a minute.
_KEEP_YES = 60.0
_KEEP_NO = 5.0
_MANY = 1000


class Rights:
    """Rights in groups and channels; when in doubt, none."""

    def __init__(self, api: Api, clock: Clock) -> None:
        self._api = api
        self._clock = clock
        self._kept: dict[tuple[str, int], tuple[float, bool]] = {}

    async def is_administrator(self, address: Address, user: int) -> bool:
        """Whether this user is an administrator of this chat; False where that cannot be found out."""
        key = (address.chat, user)
        until, known = self._kept.get(key, (0.0, False))
        if self._clock.now() < until:
            return known
        try:
            member = await self._api.request(GetChatMember(chat_id=int(address.chat), user_id=user), _DEADLINE)
        except Exception as error:  # noqa: BLE001 - whatever it is, the answer is no
            why = classify(error, self._api.secret)
            _log.warning("Telegram does not say who administers %s, so nobody does: %s", address, why)
            return False
        is_administrator = member.get("status") in _ADMINISTRATORS
        now = self._clock.now()
        if len(self._kept) >= _MANY:
            self._kept = {key: kept for key, kept in self._kept.items() if now < kept[0]}
        self._kept[key] = (now + (_KEEP_YES if is_administrator else _KEEP_NO), is_administrator)
        return is_administrator
