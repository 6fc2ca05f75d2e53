"""A day of 10,000 feeds in virtual time: is the budget kept, each host left in peace, and every feed asked in time?

    python benchmarks/planning.py [--feeds N] [--budget N] [--seed N]

The project's own `Polling` plans; its store, web and reader are stand-ins in memory, and time jumps (`tests/support`).
Rates are drawn from the measured ones beside the repository, each feed with its own hours and days (`arrivals.py`).
Feeds lie on hosts of very different size: the greatest has a twentieth of all. Every host answers after half a second,
one in fifty after 20 s. All are due at once at the start, as after a night in which the machine slept.

Must hold: in no span of an hour more requests than the budget; between two requests to a host no less than
HOST_INTERVAL, and no two of its feeds in hand at once; no feed left alone for half as long again as the longest pause
(MAX_POLL_INTERVAL, or what the budget makes of it for so many feeds), apart from the first round, which takes what the
budget takes; and all of it, the stand-ins included, in less than 1 % of a core. Ends with status 0 if so, else 1.
"""

import argparse
import asyncio
import heapq
import sys
import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any, Final
from zlib import crc32

# What is measured is this checkout, whatever is installed: started by its path, a script finds only its own folder.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from arrivals import HOUR, MONDAY, Published, make_up, measured_rates

from bot.domain.budget import Budget, least_price
from bot.domain.schedule import Bounds
from bot.domain.stories import Entry, FeedDocument, Identified
from bot.feeds.hosts import Hosts
from bot.pipeline import Polling
from bot.ports.feeds import Body, Feed, Poll
from bot.ports.web import Fetched, Unchanged, Validators
from support.virtual_time import run

BOUNDS: Final = Bounds(60, 3_600)
HOST_INTERVAL: Final = 2.0
_DAY: Final = 86_400.0
_LATER: Final = 1.5  # times the longest pause
_COST: Final = 0.01


class JumpingClock:
    """The `Clock` port in the loop's time, from a Monday on."""

    def now(self) -> float:
        """See `bot.ports.Clock`."""
        return MONDAY + asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        """See `bot.ports.Clock`."""
        await asyncio.sleep(seconds)


class Memory:
    """The `Feeds` port in memory: what is due, and what polls teach."""

    def __init__(self, feeds: Sequence[Published]) -> None:
        self.published = feeds
        self.feeds = [Feed(number, feed.name, readers=feed.readers) for number, feed in enumerate(feeds)]
        self.due_at = [MONDAY] * len(feeds)
        self._heap = [(MONDAY, number) for number in range(len(feeds))]
        self._seen = [0] * len(feeds)

    async def due(
        self, now: float, limit: int, *, without: frozenset[str] = frozenset(), in_hand: frozenset[int] = frozenset()
    ) -> list[Feed]:
        """See `bot.ports.Feeds`."""
        found: list[Feed] = []
        passed: list[tuple[float, int]] = []
        while self._heap and self._heap[0][0] <= now and len(found) < limit:
            due_at, number = heapq.heappop(self._heap)
            if due_at != self.due_at[number]:
                continue  # it was asked meanwhile
            passed.append((due_at, number))
            if self.feeds[number].host not in without and number not in in_hand:
                found.append(self.feeds[number])
        for entry in passed:
            heapq.heappush(self._heap, entry)
        return found

    async def followed(self) -> int:
        """See `bot.ports.Feeds`."""
        return len(self.feeds)

    async def take_in(self, feed: Feed, document: FeedDocument, identified: Identified, **_: Any) -> int:
        """See `bot.ports.Feeds`."""
        now = JumpingClock().now()
        until = bisect_right(self.published[feed.feed_id].times, now)
        new, self._seen[feed.feed_id] = until - self._seen[feed.feed_id], until
        return new

    async def polled(self, feed_id: int, poll: Poll, body: Body | None = None) -> None:
        """See `bot.ports.Feeds`."""
        self.feeds[feed_id] = replace(self.feeds[feed_id], rhythm=poll.rhythm, window=poll.window, polled_at=poll.at)
        self.due_at[feed_id] = poll.due_at
        heapq.heappush(self._heap, (poll.due_at, feed_id))

    async def failed(self, feed_id: int, *, now: float, due_at: float | None, error: str) -> None:
        """See `bot.ports.Feeds`."""
        raise AssertionError(error)

    async def postponed(self, feed_id: int, due_at: float) -> None:
        """See `bot.ports.Feeds`."""
        raise AssertionError(feed_id)

    async def relocate(self, feed_id: int, to: str) -> None:
        """See `bot.ports.Feeds`."""
        raise AssertionError(to)


class Outlets:
    """The `Web` and the `Reader` port: each feed's document of the moment; who was asked when."""

    def __init__(self, feeds: Sequence[Published]) -> None:
        self._feeds = {feed.name: feed for feed in feeds}
        self._at_once: dict[str, int] = defaultdict(int)
        self.asked: dict[str, list[float]] = defaultdict(list)
        self.hosts: dict[str, list[float]] = defaultdict(list)
        self.most_at_once = 0
        self._turns = Hosts(JumpingClock(), HOST_INTERVAL)

    async def get(self, url: str, validators: Validators = Validators()) -> Fetched | Unchanged:
        """See `bot.ports.Web`; hosts are left in peace by the same part as in the real one."""
        host = Feed(0, url).host
        async with self._turns.turn(host, 443):
            return await self._answer(url, host)

    async def _answer(self, url: str, host: str) -> Fetched | Unchanged:
        now = JumpingClock().now()
        self.asked[url].append(now)
        self.hosts[host].append(now)
        self._at_once[host] += 1
        self.most_at_once = max(self.most_at_once, self._at_once[host])
        await asyncio.sleep(20 if crc32(host.encode()) % 50 == 0 else 0.5)
        self._at_once[host] -= 1
        feed = self._feeds[url]
        until = bisect_right(feed.times, JumpingClock().now())
        return Unchanged() if not until else Fetched(url, str(until).encode())

    async def read(self, body: bytes, *, content_type: str = "", url: str = "") -> FeedDocument:
        """See `bot.ports.Reader`."""
        feed, until = self._feeds[url], int(body)
        times = feed.times[max(0, until - feed.entries) : until]
        return FeedDocument(entries=tuple(Entry(guid=f"{time}", published=time) for time in times))


@dataclass(frozen=True)
class Day:
    """What came of a day."""

    requests: int
    busiest: int
    nearest: float
    at_once: int
    latest: float
    longest: float
    first_round: float
    cost: float


def made_up(number: int, random: Random) -> list[Published]:
    """Feeds with the measured rates, on hosts of which few have many."""
    rates = [random.choice(measured_rates()) for _ in range(number)]
    feeds = make_up(rates, 2, random)
    hosts = max(1, number // 3)
    return [
        replace(feed, name=f"https://host{int(hosts * random.random() ** 4)}.example/{place}")
        for place, feed in enumerate(feeds)
    ]


async def day_of(feeds: Sequence[Published], per_hour: int) -> Day:
    """A day of polling."""
    memory, outlets, clock = Memory(feeds), Outlets(feeds), JumpingClock()
    budget = Budget(per_hour, least=least_price(BOUNDS))
    polling = Polling(
        memory,
        outlets,
        outlets,
        clock,
        Random(1),
        bounds=BOUNDS,
        budget=budget,
        max_age=_DAY,
        on_stories=lambda: None,
    )
    begun = time.process_time()
    async with asyncio.TaskGroup() as group:
        running = group.create_task(polling.run())
        for _ in range(int(_DAY)):
            polling.call()
            await asyncio.sleep(1)
        running.cancel()
    cost = (time.process_time() - begun) / _DAY
    asked = sorted(at for times in outlets.asked.values() for at in times)
    ends = [*(times[-1] for times in outlets.asked.values())]
    gaps = [after - before for times in outlets.asked.values() for before, after in pairwise(times)]
    assert len(outlets.asked) == len(feeds), "a feed was never asked"
    return Day(
        requests=len(asked),
        busiest=max(number - bisect_right(asked, at - HOUR) + 1 for number, at in enumerate(asked)),
        nearest=min(
            (after - before for times in outlets.hosts.values() for before, after in pairwise(times)),
            default=_DAY,
        ),
        at_once=outlets.most_at_once,
        latest=max(*gaps, *(MONDAY + _DAY - end for end in ends)),
        longest=budget.within(BOUNDS).longest,
        first_round=max(times[0] for times in outlets.asked.values()) - MONDAY,
        cost=cost,
    )


def main() -> int:
    """Play, print, judge."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--feeds", type=int, default=10_000)
    parser.add_argument("--budget", type=int, default=6_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    feeds = made_up(given.feeds, Random(given.seed))
    day = run(day_of(feeds, given.budget))
    print(f"{len(feeds)} feeds, {day.requests:,} requests, the first round took {day.first_round / 60:.0f} minutes")
    verdicts = [
        (day.busiest <= given.budget, f"{day.busiest} requests in the busiest hour (at most {given.budget})"),
        (
            day.nearest >= HOST_INTERVAL,
            f"{day.nearest:.1f} s between two requests to a host (at least {HOST_INTERVAL})",
        ),
        (day.at_once == 1, f"{day.at_once} feeds of a host at once (at most 1)"),
        (
            day.latest <= _LATER * day.longest,
            f"{day.latest / 60:.0f} minutes without a poll (longest pause: {day.longest / 60:.0f})",
        ),
        (day.cost <= _COST, f"{day.cost:.2%} of a core (at most {_COST:.0%})"),
    ]
    for holds, what in verdicts:
        print("PASS:" if holds else "FAIL:", what)
    return 0 if all(holds for holds, _ in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
