"""Times at which feeds publish: read from a file, or made up from measured rates.

What is made up follows each feed's own hours and days, in its own zone; stories are followed up; a few days' events
occupy many feeds at once; some outlets publish by the clock, a batch at a time. The scheduler's own picture of news
(`bot.domain.rhythm`) is not used here: follow-ups come after log-normal times, not exponential ones.
"""

import csv
import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

RATES: Final = Path(__file__).resolve().parents[2] / "shared" / "data" / "rates" / "rates.csv"
HOUR: Final = 3_600.0
DAY: Final = 86_400.0
MONDAY: Final = 1_757_894_400.0  # 15 September 2025, 00:00 UTC
ENTRIES: Final = 30  # of a document, where nobody has counted them

_ZONES: Final = (0, 0, 1, 1, 1, 2, 2, 3, -5, -5, -8, 5, 8, 10)
_BATCHING: Final = 0.15  # of the feeds
_EVENTS_A_DAY: Final = 0.4
_PRIORS: Final = (3.0, 10.0, 30.0, 100.0, 300.0, 1_000.0, 10_000.0)  # events


@dataclass(frozen=True)
class Published:
    """A feed's times of publishing (Unix seconds, in order), its readers, and how many entries its document holds.

    `expected` gives its stories a second at an instant, as who knows its rate and its hours would expect them.
    """

    name: str
    times: Sequence[float]
    readers: int
    entries: int
    expected: Callable[[float], float]


def read(path: Path) -> list[Published]:
    """The feeds of a CSV file with the columns `feed`, `seconds` and `readers`; `entries` may be there too."""
    times: dict[str, list[float]] = defaultdict(list)
    facts: dict[str, tuple[int, int]] = {}
    with path.open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            times[row["feed"]].append(float(row["seconds"]))
            facts[row["feed"]] = (int(float(row.get("readers") or 1)), int(row.get("entries") or ENTRIES))
    expected = _counted({name: sorted(found) for name, found in times.items()})
    return [Published(name, sorted(found), *facts[name], expected[name]) for name, found in sorted(times.items())]


def _counted(times: Mapping[str, Sequence[float]]) -> dict[str, Callable[[float], float]]:
    """What each feed's own counts say: its rate over all the time, and its hours and days of the week.

    Those of a day are counted on all other days, or the counts would be the arrivals themselves. How much they are
    drawn to even ones, where they are few, is what foretells the days that were left out best.
    """
    begin, end = min(map(min, times.values())), max(map(max, times.values()))
    counts = {name: _Counts(found, begin, end) for name, found in times.items()}
    prior = max(_PRIORS, key=lambda events: sum(count.foretold(events) for count in counts.values()))
    return {name: count.expecting(prior) for name, count in counts.items()}


class _Counts:
    """One feed's stories by day, by hour of day and by day of the week."""

    def __init__(self, times: Sequence[float], begin: float, end: float) -> None:
        self._first = int(begin // DAY)
        self._days = [[0] * 24 for _ in range(int(end // DAY) - self._first + 1)]
        for time in times:
            self._days[int(time // DAY) - self._first][int(time // HOUR) % 24] += 1
        self._hours = [sum(column) for column in zip(*self._days, strict=True)]
        self._rate = len(times) / max(end - begin, HOUR)

    def _factors(self, day: int, prior: float) -> list[float]:
        """By hour, how much more or less than usual comes on a day, by what came on all others."""
        own = self._days[day]
        kin = [number for number in range(day % 7, len(self._days), 7) if number != day]
        others = sum(self._hours) - sum(own)
        usual = others / max(1, len(self._days) - 1)
        weekday = (sum(sum(self._days[number]) for number in kin) + prior) / (len(kin) * usual + prior)
        return [
            (all_days - here + prior / 24) * 24 / (others + prior) * weekday
            for all_days, here in zip(self._hours, own, strict=True)
        ]

    def foretold(self, prior: float) -> float:
        """The logarithm of how likely its arrivals are."""
        return sum(
            count * math.log(factor) - self._rate * HOUR * factor
            for day, counts in enumerate(self._days)
            for count, factor in zip(counts, self._factors(day, prior), strict=True)
        )

    def expecting(self, prior: float) -> Callable[[float], float]:
        """Stories a second at an instant; between the middles of two hours in proportion."""
        rates = [self._rate * factor for day in range(len(self._days)) for factor in self._factors(day, prior)]

        def at(instant: float) -> float:
            position = instant / HOUR - self._first * 24 - 0.5
            hour = math.floor(position)
            before, after = (rates[min(max(place, 0), len(rates) - 1)] for place in (hour, hour + 1))
            return before + (after - before) * (position - hour)

        return at


def _rates(rate: float, hours: Sequence[float], days: Sequence[float], zone: int = 0) -> Callable[[float], float]:
    """A rate that follows hours and days; between the middles of two hours in proportion."""
    week = [rate * hours[hour % 24] * days[hour // 24 % 7] for hour in range(168)]

    def at(instant: float) -> float:
        position = (instant - MONDAY) / HOUR + zone - 0.5
        hour = math.floor(position)
        return week[hour % 168] + (week[(hour + 1) % 168] - week[hour % 168]) * (position - hour)

    return at


def measured_rates() -> list[tuple[str, float, int]]:
    """Outlets with their stories an hour and the entries of their documents."""
    with RATES.open(newline="", encoding="utf-8") as lines:
        return [
            (f"{row['outlet']} {row['date']}", float(row["items_per_hour"]), int(row["items"]))
            for row in csv.DictReader(lines)
        ]


def make_up(rates: Sequence[tuple[str, float, int]], days: float, random: Random) -> list[Published]:
    """Feeds with these names, stories an hour and entries in their documents, over so many days from a Monday on."""
    end = MONDAY + days * DAY
    breaking = [MONDAY + random.random() * days * DAY for _ in range(_poisson(_EVENTS_A_DAY * days, random))]
    feeds = []
    for name, an_hour, entries in rates:
        zone, rate = random.choice(_ZONES), an_hour / HOUR
        expected = _rates(rate, _day(random), _week(random), zone)
        by_the_clock = random.random() < _BATCHING
        times = _batches(expected, end, random) if by_the_clock else _stories(expected, breaking, end, random)
        readers = min(200, int(random.paretovariate(1.0)))
        feeds.append(Published(name, sorted(times), readers, entries, expected))
    return feeds


def _day(random: Random) -> list[float]:
    """A newsroom's day: a morning, an evening, and a night that is more or less of one."""
    morning, evening, night = random.uniform(7, 11), random.uniform(15, 20), random.uniform(0.02, 0.5)
    hours = [
        night
        + math.exp(-(((hour - morning) / 3) ** 2))
        + random.uniform(0.5, 1) * math.exp(-(((hour - evening) / 3.5) ** 2))
        for hour in range(24)
    ]
    return [hour * 24 / sum(hours) for hour in hours]


def _week(random: Random) -> list[float]:
    weekend = random.uniform(0.2, 1)
    days = [random.uniform(0.85, 1.15) * (weekend if day > 4 else 1) for day in range(7)]
    return [day * 7 / sum(days) for day in days]


def _stories(expected: Callable[[float], float], breaking: Sequence[float], end: float, random: Random) -> list[float]:
    """Stories, each of which may lead to others; in the hours after what occupies everybody there are more."""
    follow_ups = random.uniform(0.05, 0.6)
    shown = [moment for moment in breaking if random.random() < 0.5]
    waiting = []
    hour = MONDAY
    while hour < end:
        busy = 1 + sum(2 * math.exp(-(hour - moment) / (5 * HOUR)) for moment in shown if moment <= hour)
        count = _poisson(expected(hour + HOUR / 2) * HOUR * (1 - follow_ups) * busy, random)
        waiting += [hour + random.random() * HOUR for _ in range(count)]
        hour += HOUR
    times = []
    while waiting:
        time = waiting.pop()
        if time < end:
            times.append(time)
            waiting += [time + random.lognormvariate(math.log(1_500), 1.2) for _ in range(_poisson(follow_ups, random))]
    return times


def _batches(expected: Callable[[float], float], end: float, random: Random) -> list[float]:
    """Whatever was written since the last time, at the same minutes of each hour."""
    every = random.choice((HOUR / 2, HOUR, 3 * HOUR))
    moment = MONDAY + random.random() * every
    times = []
    while moment < end:
        times += [moment] * _poisson(expected(moment - every / 2) * every, random)
        moment += every
    return times


def _poisson(mean: float, random: Random) -> int:
    """How many, when so many are expected (Knuth's way: means here are small)."""
    count, left = 0, random.random()
    while left > math.exp(-mean):
        left *= random.random()
        count += 1
    return count
