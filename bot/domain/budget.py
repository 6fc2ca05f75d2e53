"""What a request has to be worth, so that all feeds together keep within their budget; and which may be made now."""

from collections.abc import Iterable
from math import exp, sqrt
from typing import Final, NamedTuple

from bot.domain.pacing import Ceiling, Gcra, Rate
from bot.domain.schedule import Bounds, Pause

_HOUR: Final = 3_600.0
# What may be made at once after a lull, as a share of an hour's and in requests; the rest is spread.
_AT_ONCE: Final = 0.01
_LEAST_AT_ONCE: Final = 12
# A request may wait for its turn at its host for so many seconds, and fall into another hour.
_ON_THE_WAY: Final = 30.0
# Who brings so many stories an hour to one reader may be asked at the shortest interval, if the budget allows: that is
# what a request is worth at the least. Who brings less is asked less often, however much of the budget is left.
_BUSY: Final = 5.0
_CHEAPEST: Final = 1e-9  # for the price to find its way up again
_DEAREST: Final = 1e9
_STEP: Final = 16.0  # by which the price changes at most at once
_SETTLES_EVERY: Final = 10.0
# What few feeds want goes up and down with each of them: their price follows slowly, that of many at once.
_PATIENCE: Final = 100 * _HOUR  # seconds, divided by the number of feeds
_MOST_PATIENCE: Final = 4 * _HOUR
_CHANGING: Final = 0.25  # of the time since the start, in which all is new
_KEPT_UP: Final = 0.8  # of what is planned, at most, goes to asking every feed at the longest interval
_FORGOTTEN_AFTER: Final = 3.0  # of the longest pauses


def least_price(bounds: Bounds) -> float:
    """What a request must save at least, in seconds of a reader's waiting, for a server to be asked."""
    return bounds.shortest**2 * (_BUSY / _HOUR) / 2


def planned(per_hour: float) -> float:
    """What is planned of a budget, in requests an hour: chance needs its square root, and those who had to wait do."""
    return per_hour - min(1.5 * sqrt(per_hour), per_hour / 2)


class _Plan(NamedTuple):
    """When a feed was asked, its pull, and how often a second it is asked at the most and at the least."""

    at: float
    pull: float
    most: float
    least: float


class Budget:
    """The plans of all feeds, and the price at which they come to no more than the budget.

    `price` is in seconds of readers' waiting that a request must save. Kept in memory: after a start it is estimated
    from the feeds that were polled, and the number of all that are followed.
    """

    def __init__(self, per_hour: int, *, least: float = 0.0) -> None:
        """`per_hour` requests in any hour; `least` is the price where the budget would allow more than is worth it."""
        self._planned = planned(per_hour) / _HOUR
        self._least = max(least, _CHEAPEST)
        self.price = self._least
        self._settled_at = float("-inf")
        self._began_at: float | None = None
        self._followed = 0
        self._plans: dict[int, _Plan] = {}
        at_once = max(_LEAST_AT_ONCE, per_hour * _AT_ONCE)
        interval = _HOUR / per_hour
        self._rate = Rate(interval, at_once * interval, Ceiling(per_hour, _HOUR + _ON_THE_WAY))
        self._gate = Gcra(self._rate)

    def free_at(self) -> float:
        """When the next request may be made; in the past where it may be made at once."""
        return self._gate.free_at()

    def spend(self, now: float) -> None:
        """A request is made now."""
        self._gate.take(now)

    def within(self, bounds: Bounds) -> Bounds:
        """The operator's bounds, with a longer longest pause where the budget cannot keep to it for all feeds."""
        needed = self._followed / bounds.longest / (_KEPT_UP * self._planned)
        return Bounds(bounds.shortest, bounds.longest * max(1.0, needed))

    def plan(self, feed: int, pause: Pause, now: float) -> None:
        """A feed was asked now, and is asked again after this pause."""
        self._plans.pop(feed, None)
        self._plans[feed] = _Plan(now, pause.pull, 1 / pause.bounds.shortest, 1 / pause.bounds.longest)

    def is_settled(self, now: float) -> bool:
        """Whether the price is of late."""
        return 0 <= now - self._settled_at < _SETTLES_EVERY

    def settle(self, now: float, followed: int) -> None:
        """Bring the price nearer to where as many feeds as are `followed` spend what is planned.

        What is known of some feeds is taken to hold for all.
        """
        since, self._settled_at = self._settled_at, now
        if now < since:  # the clock was set back: what was spent is not to be waited for a second time
            self._gate = Gcra(self._rate)
        self._followed = followed
        self._forget(now)
        if not self._plans or not followed:
            return
        plans = self._plans.values()
        share = self._planned * min(1.0, len(plans) / followed)
        if self._began_at is None:
            self._began_at = now
            self.price = max((sum(plan.pull for plan in plans) / share) ** 2 / 2, self._least)
        patience = min(_PATIENCE / followed, _MOST_PATIENCE, _CHANGING * (now - self._began_at))
        part = 1 - exp(-max(0.0, now - since) / patience) if patience > 0 else 1.0
        self.price = min(max(self.price * _change(plans, self.price, share) ** part, self._least), _DEAREST)

    def _forget(self, now: float) -> None:
        """Leave out the feeds that nobody follows any more, or that fail: they were not asked for long."""
        old = []
        for feed, plan in self._plans.items():  # the longest planned come first
            if now - plan.at <= _FORGOTTEN_AFTER / plan.least:
                break
            old.append(feed)
        for feed in old:
            del self._plans[feed]


def _change(plans: Iterable[_Plan], price: float, share: float) -> float:
    """The factor to a price at which feeds come to `share` requests a second, by one of Newton's steps.

    Only the requests of feeds that no bound holds change with the price: as its square root does.
    """
    often = 1 / sqrt(2 * price)
    bound = free = 0.0
    for _, pull, most, least in plans:
        wanted = pull * often
        if wanted >= most:
            bound += most
        elif wanted <= least:
            bound += least
        else:
            free += wanted
    step = free / (share - bound) if free and share > bound else (bound + free) / share
    return min(max(step**2, 1 / _STEP), _STEP)
