"""When a chat wants to be told: quiet hours, the digest's time, and spans as people type them.

Instants are Unix seconds; times of day are minutes after midnight by the chat's clocks, daylight saving included. A
time that a day does not have, since clocks go forward over it, is read as if they had not yet; of one that a day has
twice, the first counts (PEP 495, fold 0).
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from math import ceil
from typing import Final

_TIME: Final = r"(\d{1,2})(?:[:.hH](\d{2})|[hH])?\s*([aApP]\.?[mM]\.?)?"
_AT: Final = re.compile(_TIME)
_RANGE: Final = re.compile(rf"{_TIME}\s*(?:-|–|—|to|до|à)\s*{_TIME}")
_SPAN: Final = re.compile(
    r"(?:(\d{1,4})\s*|(?:an?|one)\s+)(m|h|d|w|mins?|minutes?|hrs?|hours?|days?|wks?|weeks?)", re.IGNORECASE
)
_MOST: Final = 9_999  # of a unit
_SECONDS: Final = {"m": 60.0, "h": 3_600.0, "d": 86_400.0, "w": 604_800.0}


@dataclass(frozen=True, slots=True)
class Quiet:
    """The part of each day in which nothing is to be heard, which may reach over midnight; never empty."""

    start: int
    end: int

    def __str__(self) -> str:
        return f"{clock_time(self.start)}-{clock_time(self.end)}"

    def until(self, now: float, zone: tzinfo) -> float | None:
        """When the quiet ends that there is at `now`; None where there is none."""
        local = datetime.fromtimestamp(now, zone)
        # What began yesterday may still last.
        for days in (-1, 0):
            day = (local + timedelta(days=days)).date()
            begins = _instant(day.toordinal(), self.start, zone)
            ends = _instant(day.toordinal() + (self.end <= self.start), self.end, zone)
            if begins <= now < ends:
                return ends
        return None


def next_time(minute: int, now: float, zone: tzinfo) -> float:
    """The first instant after `now` at which clocks show this time of day."""
    today = datetime.fromtimestamp(now, zone).date().toordinal()
    return next(at for days in (0, 1, 2) if (at := _instant(today + days, minute, zone)) > now)


def clock_time(minute: int) -> str:
    """A time of day as it is typed and shown: "07:05"."""
    return f"{minute // 60:02}:{minute % 60:02}"


def read_time(text: str) -> int | None:
    """A time of day as people type it ("7", "07:30", "7h30", "7 pm"); None where it is none."""
    found = _AT.fullmatch(text.strip())
    return _minute(*found.groups()) if found else None


def read_quiet(text: str) -> Quiet | None:
    """Quiet hours as people type them ("22:00-07:00", "22 – 7", "10 pm to 7 am"); None where they are none, or all."""
    found = _RANGE.fullmatch(text.strip())
    if found is None:
        return None
    start, end = _minute(*found.groups()[:3]), _minute(*found.groups()[3:])
    return Quiet(start, end) if start is not None and end is not None and start != end else None


def read_span(text: str) -> float | None:
    """A span as people type it ("30m", "24 h", "7 days", "a week"), in seconds; None where it is none."""
    found = _SPAN.fullmatch(text.strip())
    return int(found[1] or 1) * _SECONDS[found[2][0].lower()] or None if found else None


def typed_span(seconds: float) -> str:
    """The shortest span as it is typed that is no shorter, in the smallest unit that has room for it."""
    for unit, length in _SECONDS.items():
        count = max(1, ceil(seconds / length))
        if count <= _MOST:
            return f"{count}{unit}"
    return f"{_MOST}w"


def _minute(hour: str, minute: str | None, half: str | None) -> int | None:
    hours, minutes = int(hour), int(minute or 0)
    if half is not None:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half[0] in "pP" else 0)
    if hours == 24 and not minutes:
        hours = 0
    return hours * 60 + minutes if hours < 24 and minutes < 60 else None


def _instant(ordinal: int, minute: int, zone: tzinfo) -> float:
    """The instant at which clocks show a time on a day (a proleptic Gregorian ordinal)."""
    return datetime.fromordinal(ordinal).replace(hour=minute // 60, minute=minute % 60, tzinfo=zone).timestamp()
