"""What becomes of an alert after each try to send it.

    due --claim--> claimed --+-- Sent --------------> sent
     ^                       |-- Rejected (formatted) -> due, as plain text
     |                       |-- Rejected (plain) ----> failed
     |                       |-- Throttled, Unreachable -> due, later
     |                       |-- Moved --------------> due, at the chat's new identifier
     |                       |-- Gone ---------------> due, and its chat held until it returns
     +--- the run that claimed it has ended ---+

Nothing is dropped but what a platform refuses twice; sending and storing are elsewhere.
"""

from dataclasses import dataclass
from random import Random
from typing import Final

from bot.domain.chats import Gone, Moved, Outcome, Rejected, Sent, Throttled, Unreachable

_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 300.0
_JITTER: Final = 0.2


@dataclass(frozen=True, slots=True)
class Done:
    """It was delivered, as this message."""

    message_id: str


@dataclass(frozen=True, slots=True)
class Retry:
    """Try again at this instant (Unix seconds), as plain text where the formatted one was rejected."""

    at: float
    plain: bool = False


@dataclass(frozen=True, slots=True)
class GiveUp:
    """It cannot be delivered, and why."""

    why: str


@dataclass(frozen=True, slots=True)
class Hold:
    """Keep it until its chat returns: the chat takes nothing now, and why."""

    why: str


@dataclass(frozen=True, slots=True)
class Relocate:
    """Its chat has this identifier now; try again there."""

    to: str


Decision = Done | Retry | GiveUp | Hold | Relocate


def decide(outcome: Outcome, *, attempts: int, plain: bool, now: float, random: Random) -> Decision:
    """What to do with an alert that was tried `attempts` times before this; `plain` says that it went as plain text."""
    match outcome:
        case Sent(message_id):
            return Done(message_id)
        case Gone(why):
            return Hold(why)
        case Moved(to):
            return Relocate(to)
        case Throttled(seconds):
            return Retry(now + max(seconds, 0.0) + random.random() * _JITTER, plain=plain)
        case Unreachable():
            return Retry(now + backoff(attempts, random), plain=plain)
        case Rejected(why):  # pragma: no branch - the last of the outcomes
            return GiveUp(why) if plain else Retry(now, plain=True)


def backoff(attempts: int, random: Random) -> float:
    """Seconds to wait after so many failed tries: doubling from one second to five minutes, with jitter."""
    pause: float = min(_FIRST_PAUSE * 2.0 ** min(attempts, 30), _LONGEST_PAUSE)
    return pause * (1 + _JITTER * random.random())
