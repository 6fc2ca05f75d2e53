"""How a feed's rhythm is stored: its numbers in the order of its parts, eight bytes each, so that all of it is kept."""

from math import isnan, nan
from struct import Struct
from typing import Final

from bot.domain.rhythm import Rhythm

_ECHOES: Final = len(Rhythm(0.0).heat)
_HOURS: Final = 4  # where the first of them stands
_DAYS: Final = _HOURS + 24
_HEAT: Final = _DAYS + 7
_ECHOED: Final = _HEAT + _ECHOES
_LAST: Final = _ECHOED + _ECHOES
_NUMBERS: Final = Struct(f"<{_LAST + 2}d")


def dump_rhythm(rhythm: Rhythm) -> bytes:
    """A rhythm as stored; no number stands for the last event where there was none."""
    return _NUMBERS.pack(
        rhythm.at,
        rhythm.events,
        rhythm.stories,
        rhythm.seconds,
        *rhythm.hours,
        *rhythm.days,
        *rhythm.heat,
        *rhythm.echoed,
        nan if rhythm.last is None else rhythm.last,
        rhythm.lull,
    )


def load_rhythm(stored: bytes | None) -> Rhythm | None:
    """The rhythm that was stored; None where there is none, or it is of another shape than rhythms have now."""
    if stored is None or len(stored) != _NUMBERS.size:
        return None
    numbers = _NUMBERS.unpack(stored)
    at, events, stories, seconds = numbers[:_HOURS]
    last, lull = numbers[_LAST:]
    return Rhythm(
        at=at,
        events=events,
        stories=stories,
        seconds=seconds,
        hours=numbers[_HOURS:_DAYS],
        days=numbers[_DAYS:_HEAT],
        heat=numbers[_HEAT:_ECHOED],
        echoed=numbers[_ECHOED:_LAST],
        last=None if isnan(last) else last,
        lull=lull,
    )
