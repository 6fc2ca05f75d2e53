"""Who may use a command that Discord offers to others than it does by default: the server's settings are asked."""

import logging
from typing import Final

from bot.ports.clock import Clock
from handlers.on_discord.rest import RequestFailed, Rest

_log = logging.getLogger(__name__)

_DEADLINE: Final = 5.0
_KEEP: Final = 60.0
_MANY: Final = 1000
_NOT_FOUND: Final = 404


class Rights:
    """What a server's administrators have settled, kept for a minute; when in doubt, nothing."""

    def __init__(self, rest: Rest, clock: Clock) -> None:
        self._rest = rest
        self._clock = clock
        self._kept: dict[tuple[str, str], tuple[float, bool]] = {}

    async def are_settled(self, application: str, guild: str, command: str) -> bool:
        """Whether administrators say who may use this command; then whoever could use it is one of these."""
        key = (guild, command)
        until, known = self._kept.get(key, (0.0, False))
        if self._clock.now() < until:
            return known
        settled = False
        for whose in (command, application):  # what is settled for the app as a whole holds for its commands
            path = f"/applications/{application}/guilds/{guild}/commands/{whose}/permissions"
            try:
                told = await self._rest.request("GET", path, _DEADLINE)
            except RequestFailed as error:
                if error.status != _NOT_FOUND:  # which is how Discord says that nothing is settled
                    _log.warning("Discord does not say who may use a command in %s, so no others: %s", guild, error)
                    return False
            else:
                settled = settled or bool(isinstance(told, dict) and told.get("permissions"))
        now = self._clock.now()
        if len(self._kept) >= _MANY:
            self._kept = {key: kept for key, kept in self._kept.items() if now < kept[0]}
        self._kept[key] = (now + _KEEP, settled)
        return settled
