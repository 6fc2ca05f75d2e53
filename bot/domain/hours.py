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
_BETWEEN: Final = r"(?:\s*(?:[-‐‑‒–—―−~/]|\b(?:to|till|until|до|à)\b)\s*|\s+)"
_RANGE: Final = re.compile(rf"(?:(?:from|between|з|із|de)\s+)?{_TIME}{_BETWEEN}{_TIME}", re.IGNORECASE)
_SPAN: Final = re.compile(
    r"(?:(\d{1,4})\s*|(?:an?|one)\s+)(m|h|d|w|mins?|minutes?|hrs?|hours?|days?|wks?|weeks?)", re.IGNORECASE
)
_UNTIL: Final = re.compile(r"(?:till|until|to)\s+(tomorrow(?:\s+at)?\s+)?(.+)", re.IGNORECASE)
_FOR: Final = re.compile(r"^for\s+", re.IGNORECASE)
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
    """Quiet hours as people type them ("22:00-07:00", "from 22 to 7", "10 pm – 7 am"); None where they are none or all.

    Half a day that only the end names is the start's too ("10-11pm"), unless that would put the start behind the end:
    "11-7am" begins in the evening.
    """
    found = _RANGE.fullmatch(text.strip())
    if found is None:
        return None
    starts, ends = found.groups()[:3], found.groups()[3:]
    start, end = _minute(*starts), _minute(*ends)
    if ends[2] is not None and starts[2] is None:
        start = _before(starts, ends[2], end)
    return Quiet(start, end) if start is not None and end is not None and start != end else None


def _before(time: tuple[str, ...], half: str, end: int | None) -> int | None:
    """A time of day of which only the half of the end is known that it stands before."""
    if not 1 <= int(time[0]) <= 12:
        return _minute(*time)  # it has said which half it is in
    same = _minute(time[0], time[1], half)
    other = _minute(time[0], time[1], "p" if half[0] in "aA" else "a")
    return same if same is None or end is None or same < end else other


def read_span(text: str) -> float | None:
    """A span as people type it ("30m", "24 h", "7 days", "a week"), in seconds; None where it is none."""
    found = _SPAN.fullmatch(text.strip())
    return int(found[1] or 1) * _SECONDS[found[2][0].lower()] or None if found else None


def read_until(text: str, now: float, zone: tzinfo) -> float | None:
    """When it is over what lasts as people type it ("24h", "for 3 days", "until 18:00"); None where that is no time.

    Hours are hours, days are those of the calendar: in three days, it is over when clocks show what they show now.
    """
    text = text.strip()
    if (until := _UNTIL.fullmatch(text)) is not None:
        minute = read_time(until[2])
        if minute is None:
            return None
        midnight = next_time(0, now, zone) - 1 if until[1] else now
        return next_time(minute, midnight, zone)
    text = _FOR.sub("", text)
    found, seconds = _SPAN.fullmatch(text), read_span(text)
    if found is None or seconds is None:
        return None
    if found[2][0] not in "dDwW":
        return now + seconds
    return (datetime.fromtimestamp(now, zone) + timedelta(seconds=seconds)).timestamp()


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
