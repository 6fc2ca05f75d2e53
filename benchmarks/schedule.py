"""How soon is news seen, by four schedulers that make equally many requests?

    python benchmarks/schedule.py [ARRIVALS.csv] [--interval SECONDS] [--days N] [--seed N]

ARRIVALS.csv has a row for each story: `feed,seconds,readers`. Without it, 14 days are made up from the measured rates
beside the repository (`arrivals.py`). All is played in virtual time, from publication to the poll that finds a story:

- fixed: each feed every SECONDS (600);
- halving: the interval is halved on news and doubled on none, the rule common in readers;
- ours: `bot.domain`, as the pipeline uses it, with the budget of the fixed interval, learning from its own polls alone;
- oracle: our rule on where to poll, but with each feed's true rate by hour and day of week, and the price of each hour
  solved exactly. Of a file, these are its own counts, those of each hour from all other days: it knows the rates and
  the hours, and not the arrivals.

All keep a feed's pause within a minute and an hour. The halving rule's bounds and the oracle's budget are adjusted
until the number of requests is that of the fixed interval. A document holds a feed's newest entries (30, or what the
rates' file or a column `entries` says): what falls out between two polls is missed.

Prints mean and 90th percentile of the delay in seconds: by story, with one reader a feed, and then with the readers as
they are, which is what polls are allotted by. Ends with status 0 if ours has at least 80 % of the oracle's gain over
the fixed interval in both means and misses nothing that the fixed interval finds, 1 if not.
"""

import argparse
import heapq
import math
import sys
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

# What is measured is this checkout, whatever is installed: started by its path, a script finds only its own folder.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from arrivals import HOUR, RATES, Published, make_up, measured_rates, read

from bot.domain.budget import Budget, planned
from bot.domain.hits import weight_of
from bot.domain.rhythm import Forecast, Rhythm, observe
from bot.domain.schedule import Bounds, after_success, bounds_of, pause_of, window_of

BOUNDS: Final = Bounds(60, 3_600)
_ENOUGH: Final = 0.8
_SAME: Final = 0.003  # of the requests: what counts as equally many


class Delay(NamedTuple):
    """Mean and 90th percentile in seconds, by story and weighted by readers."""

    mean: float
    p90: float
    read_mean: float
    read_p90: float


@dataclass
class Run:
    """What a scheduler did: its requests, and for each feed how long each story waited (None: it was missed)."""

    requests: int = 0
    waited: list[list[float | None]] = field(default_factory=list)

    def delay(self, feeds: Sequence[Published]) -> Delay:
        """The delays of the stories that were found."""
        found = sorted(
            (seconds, feed.readers)
            for feed, waits in zip(feeds, self.waited, strict=True)
            for seconds in waits
            if seconds is not None
        )
        readers = sum(weight for _, weight in found)
        passed = 0
        read_p90 = 0.0
        for seconds, weight in found:
            passed += weight
            if passed >= 0.9 * readers:
                read_p90 = seconds
                break
        return Delay(
            sum(seconds for seconds, _ in found) / len(found),
            found[math.ceil(0.9 * len(found)) - 1][0],
            sum(seconds * weight for seconds, weight in found) / readers,
            read_p90,
        )

    def missed(self, than: "Run") -> int:
        """How many stories it missed that another run found."""
        return sum(
            mine is None and theirs is not None
            for waits, others in zip(self.waited, than.waited, strict=True)
            for mine, theirs in zip(waits, others, strict=True)
        )


class Outlet:
    """One feed under one scheduler: each poll finds what was published since the last, if it is still there."""

    def __init__(self, feed: Published) -> None:
        self.feed = feed
        self.waited: list[float | None] = []

    def poll(self, now: float) -> int:
        """How many stories are new."""
        seen = len(self.waited)
        until = bisect_right(self.feed.times, now, seen)
        there = max(seen, until - self.feed.entries)
        self.waited += [None] * (there - seen)
        self.waited += [now - time for time in self.feed.times[there:until]]
        return until - there

    def document(self) -> Sequence[float]:
        """The dates of the entries that its document holds."""
        return self.feed.times[max(0, len(self.waited) - self.feed.entries) : len(self.waited)]


def play(
    feeds: Sequence[Published],
    begin: float,
    end: float,
    pauses: Callable[[Outlet], Callable[[float, int], float]],
    first: Callable[[], float],
) -> Run:
    """Poll each feed from its first time on, until a poll lies behind the end; `pauses` gives each feed's own rule."""
    run = Run()
    for feed in feeds:
        outlet = Outlet(feed)
        pause = pauses(outlet)
        now = begin + first()
        while True:
            run.requests += 1
            new = outlet.poll(now)
            if now >= end:
                break
            now += pause(now, new)
        run.waited.append(outlet.waited)
    return run


def fixed(feeds: Sequence[Published], begin: float, end: float, interval: float) -> Run:
    """Each feed at its interval."""
    random = Random(1)
    return play(feeds, begin, end, lambda _: lambda _now, _new: interval, lambda: random.random() * interval)


def halving(feeds: Sequence[Published], begin: float, end: float, interval: float, bounds: Bounds) -> Run:
    """Half the interval on news, twice the interval on none."""
    random = Random(1)

    def rule(_: Outlet) -> Callable[[float, int], float]:
        pause = interval

        def next_pause(_now: float, new: int) -> float:
            nonlocal pause
            pause = min(max(pause / 2 if new else pause * 2, bounds.shortest), bounds.longest)
            return pause

        return next_pause

    return play(feeds, begin, end, rule, lambda: random.random() * interval)


class Known(Forecast):
    """What is expected by who knows it."""

    def __init__(self, expected: Callable[[float], float]) -> None:
        self._expected = expected

    def at(self, instant: float) -> float:
        """See `Forecast`."""
        return max(self._expected(instant), 1e-9)


def oracle(feeds: Sequence[Published], begin: float, end: float, interval: float, a_second: float) -> Run:
    """Where our rule would poll if it knew each feed's rate at each hour; so many requests a second in each hour."""
    random = Random(1)
    prices = [
        _price([math.sqrt(feed.expected(begin + hour * HOUR) * feed.readers + 1e-12) for feed in feeds], a_second)
        for hour in range(math.ceil((end - begin) / HOUR) + 2)
    ]

    def rule(outlet: Outlet) -> Callable[[float, int], float]:
        known, readers = Known(outlet.feed.expected), outlet.feed.readers

        def next_pause(now: float, _new: int) -> float:
            return pause_of(known, now, BOUNDS, price=prices[int((now - begin) / HOUR)], weight=readers).seconds

        return next_pause

    return play(feeds, begin, end, rule, lambda: random.random() * interval)


def _price(pulls: Sequence[float], a_second: float) -> float:
    """The price at which feeds with these pulls, within their bounds, come to so many requests a second."""
    low, high = 1e-9, 1e9
    for _ in range(60):
        middle = math.sqrt(low * high)
        most = 1 / math.sqrt(2 * middle)
        wanted = sum(min(max(pull * most, 1 / BOUNDS.longest), 1 / BOUNDS.shortest) for pull in pulls)
        low, high = (middle, high) if wanted > a_second else (low, middle)
    return high


def ours(feeds: Sequence[Published], begin: float, end: float, interval: float, an_hour: int) -> Run:
    """The project's scheduler: one budget for all, each feed's rhythm from its own polls."""
    random = Random(1)
    run = Run()
    budget = Budget(an_hour)
    outlets = [Outlet(feed) for feed in feeds]
    rhythms: list[Rhythm | None] = [None] * len(feeds)
    due = [(begin + random.random() * interval, number) for number in range(len(feeds))]
    heapq.heapify(due)
    while due:
        now, number = heapq.heappop(due)
        if (free_at := budget.free_at()) > now:
            heapq.heappush(due, (free_at, number))
            continue
        budget.spend(now)
        run.requests += 1
        outlet = outlets[number]
        new = outlet.poll(now)
        if now >= end:
            continue
        if not budget.is_settled(now):
            budget.settle(now, len(feeds))
        dates = outlet.document()
        rhythm = rhythms[number] = observe(rhythms[number], now, dates, new)
        # Until the document is full of what was published here, it holds older entries as well.
        window = window_of(dates) if len(dates) == outlet.feed.entries else None
        bounds = bounds_of(BOUNDS, window=window, silence=now - (rhythm.last or now))
        pause = pause_of(Forecast(rhythm), now, bounds, price=budget.price, weight=weight_of(outlet.feed.readers))
        budget.plan(number, pause, now)
        heapq.heappush(due, (after_success(now, pause, random), number))
    run.waited = [outlet.waited for outlet in outlets]
    return run


def with_requests(wanted: int, low: float, high: float, run_at: Callable[[float], Run]) -> Run:
    """The run with so many requests, or as near as it comes; more of the argument is more of them."""
    best = run_at(high)
    for _ in range(12):
        if best.requests <= wanted and wanted - best.requests <= _SAME * wanted:
            break
        middle = math.sqrt(low * high)
        found = run_at(middle)
        low, high = (middle, high) if found.requests < wanted else (low, middle)
        if abs(found.requests - wanted) <= abs(best.requests - wanted):
            best = found
    return best


def equal_halving(feeds: Sequence[Published], begin: float, end: float, interval: float, wanted: int) -> Run:
    """The halving rule with so many requests: its shortest interval is raised, or else its longest lowered."""
    free = halving(feeds, begin, end, interval, BOUNDS)
    if free.requests > wanted:
        return with_requests(
            wanted, 1 / interval, 1 / BOUNDS.shortest,
            lambda often: halving(feeds, begin, end, interval, Bounds(1 / often, BOUNDS.longest)),
        )  # fmt: skip
    return with_requests(
        wanted, 1 / BOUNDS.longest, 1 / interval,
        lambda often: halving(feeds, begin, end, interval, Bounds(BOUNDS.shortest, 1 / often)),
    )  # fmt: skip


def equal_ours(feeds: Sequence[Published], begin: float, end: float, interval: float, wanted: int) -> Run:
    """Ours with so many requests, or as many fewer as the next larger budget would make too many."""
    budget = next(number for number in count(1) if planned(number) >= len(feeds) / interval * HOUR)
    found = ours(feeds, begin, end, interval, budget)
    while found.requests > wanted * (1 + _SAME):
        budget = min(budget - 1, int(budget * wanted / found.requests))
        found = ours(feeds, begin, end, interval, budget)
    while found.requests < wanted * (1 - _SAME):
        budget = max(budget + 1, int(budget * wanted / found.requests))
        more = ours(feeds, begin, end, interval, budget)
        if more.requests > wanted * (1 + _SAME):
            break
        found = more
    return found


def equal_oracle(feeds: Sequence[Published], begin: float, end: float, interval: float, wanted: int) -> Run:
    """The oracle with so many requests."""
    a_second = len(feeds) / interval
    found = oracle(feeds, begin, end, interval, a_second)
    for _ in range(4):
        if abs(found.requests - wanted) <= _SAME * wanted:
            break
        a_second *= wanted / found.requests
        found = oracle(feeds, begin, end, interval, a_second)
    return found


def main() -> int:
    """Play, print, judge."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("arrivals", nargs="?", type=Path)
    parser.add_argument("--interval", type=float, default=600.0, help="seconds of the fixed interval")
    parser.add_argument("--days", type=float, default=14.0, help="days that are made up")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    if given.arrivals is None and not RATES.is_file():
        print("SKIP: there are no measured rates to make arrivals up from")
        return 0
    feeds = read(given.arrivals) if given.arrivals else make_up(measured_rates(), given.days, Random(given.seed))
    times = [time for feed in feeds for time in feed.times]
    begin, end = math.floor(min(times) / HOUR) * HOUR, max(times)
    print(f"{len(feeds)} feeds, {len(times)} stories, {(end - begin) / 86_400:.1f} days")

    fails = compare(feeds, begin, end, given.interval, by_readers=False)
    if any(feed.readers != 1 for feed in feeds):
        fails += compare(feeds, begin, end, given.interval, by_readers=True)
    print("\n".join(f"FAIL: {fail}" for fail in fails) or "PASS")
    return 1 if fails else 0


def compare(feeds: Sequence[Published], begin: float, end: float, interval: float, *, by_readers: bool) -> list[str]:
    """Play one table, print it, and say what does not hold."""
    if not by_readers:
        feeds = [replace(feed, readers=1) for feed in feeds]
    base = fixed(feeds, begin, end, interval)
    wanted = base.requests
    runs = {
        "fixed": base,
        "halving": equal_halving(feeds, begin, end, interval, wanted),
        "ours": equal_ours(feeds, begin, end, interval, wanted),
        "oracle": equal_oracle(feeds, begin, end, interval, wanted),
    }
    print(f"\n{'readers as they are' if by_readers else 'one reader a feed':20} requests    mean     p90", end="")
    print("   by readers: mean     p90   missed" if by_readers else "   missed")
    delays = {name: run.delay(feeds) for name, run in runs.items()}
    for name, run in runs.items():
        delay = delays[name]
        print(f"{name:18} {run.requests:10,} {delay.mean:7.1f} {delay.p90:7.1f}", end="")
        print(f" {delay.read_mean:18.1f} {delay.read_p90:7.1f}" if by_readers else "", f"{run.missed(base):8}")
    share = _share(delays["fixed"].read_mean, delays["ours"].read_mean, delays["oracle"].read_mean)
    print(f"ours has {share:.0%} of the oracle's gain over the fixed interval")
    lost = runs["ours"].missed(base)
    return [
        *([f"{share:.0%} of the oracle's gain (at least {_ENOUGH:.0%})"] if share < _ENOUGH else []),
        *([f"{lost} stories missed that the fixed interval finds"] if lost else []),
        *(["more requests than the fixed interval"] if runs["ours"].requests > wanted * (1 + _SAME) else []),
    ]


def _share(fixed_delay: float, our_delay: float, best_delay: float) -> float:
    """Our part of the best gain; all of it where nothing was to be gained."""
    gain = fixed_delay - best_delay
    return (fixed_delay - our_delay) / gain if gain > 0 else 1.0


if __name__ == "__main__":
    sys.exit(main())
