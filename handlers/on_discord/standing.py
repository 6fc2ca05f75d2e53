"""What the bot may do in a channel of which an interaction does not say it: the server is asked, and it is worked out.

Source: Discord's documentation of permissions.
"""

from collections.abc import Mapping
from typing import Any, Final

from handlers.on_discord.permissions import ADMINISTRATOR, THREADS
from handlers.on_discord.rest import RequestFailed, Rest

Json = Mapping[str, Any]

_DEADLINE: Final = 5.0
_HIDDEN: Final = 50001
"""Discord's code for a channel that the bot cannot see."""


async def permissions_in(rest: Rest, bot: str, guild: str, channel: str) -> int | None:
    """The bot's permissions in a channel, as bits; None where they cannot be found out."""
    try:
        place = await rest.request("GET", f"/channels/{channel}", _DEADLINE)
        if place.get("type") in THREADS:
            place = await rest.request("GET", f"/channels/{place['parent_id']}", _DEADLINE)
        roles = await rest.request("GET", f"/guilds/{guild}/roles", _DEADLINE)
        member = await rest.request("GET", f"/guilds/{guild}/members/{bot}", _DEADLINE)
        return computed(bot, guild, place, {str(role["id"]): int(role["permissions"]) for role in roles}, member)
    except RequestFailed as error:
        return 0 if error.code == _HIDDEN else None
    except (KeyError, TypeError, ValueError, AttributeError):  # of a shape that is not known
        return None


def computed(who: str, guild: str, channel: Json, roles: Mapping[str, int], member: Json) -> int:
    """What a member may do in a channel: what everyone may and their roles, then what the channel says of these."""
    theirs = {str(role) for role in member["roles"]}
    bits = roles[guild]
    for role in theirs:
        bits |= roles.get(role, 0)
    if bits & ADMINISTRATOR:
        return bits
    overwrites = {
        str(one["id"]): (int(one["allow"]), int(one["deny"])) for one in channel.get("permission_overwrites") or []
    }
    for whose in ({guild}, theirs, {who}):
        said = [overwrites[one] for one in whose if one in overwrites]
        for _, deny in said:
            bits &= ~deny
        for allow, _ in said:
            bits |= allow
    return bits
