"""When a feed asks not to be asked: RSS 2.0's skipHours and skipDays, in UTC."""

from dataclasses import dataclass
from typing import Final

DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HOUR: Final = 3_600.0
_DAY: Final = 24 * _HOUR
_THURSDAY: Final = 3  # 1 January 1970


@dataclass(frozen=True, slots=True)
class Skips:
    """Hours of the day (0 to 23) and days of the week (0 is Monday) at which a feed asks not to be asked.

    Source: RSS 2.0 (rssboard.org/rss-specification), where the hours and days are those of GMT.
    """

    hours: frozenset[int] = frozenset()
    days: frozenset[int] = frozenset()

    def free_at(self, instant: float) -> float:
        """The first instant from this one on (Unix seconds) at which it may be asked; the same where it never may."""
        at = instant
        for _ in range(7 * 24):
            if (int(at // _DAY) + _THURSDAY) % 7 in self.days:
                at = (at // _DAY + 1) * _DAY
            elif int(at % _DAY // _HOUR) in self.hours:
                at = (at // _HOUR + 1) * _HOUR
            else:
                return at
        return instant


NO_SKIPS: Final = Skips()
