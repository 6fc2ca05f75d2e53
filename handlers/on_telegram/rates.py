"""How often Telegram lets a bot send.

Source: Telegram's FAQ for bots: about 30 messages a second overall, one a second in a chat, 20 a minute in a group;
the exact limits are unspecified.
"""

from dataclasses import replace
from typing import Final

from bot.domain.chats import Address
from bot.domain.pacing import Ceiling, Rate
from handlers.on_telegram.sender import is_group

# 30 in 1.03 seconds rather than in one, for what jitters on the way: of messages that leave evenly, one that is held
# up may arrive up to 0.03 s closer to those behind it. The rate under this ceiling spreads them over the second, so
# that an answer to somebody need not wait for its end; its tolerance lets the line catch up where wake-ups come late.
OVERALL: Final = Rate(1 / 29.5, tolerance=0.1, ceiling=Ceiling(30, 1.03))
_CHAT: Final = Rate(1.04)  # one a second, with such room too
_GROUP: Final = Rate(3.75, tolerance=3 * 3.75)  # in any minute 20, four of them at once


def lane_of(address: Address) -> Address:
    """Which chats share their limits: the topics of a forum share what it may get."""
    return replace(address, topic="")


def rates_of(address: Address) -> tuple[Rate, ...]:
    """The limits of one chat, besides the overall one."""
    return (_CHAT, _GROUP) if is_group(address) else (_CHAT,)
