"""When to ask which feed next.

What a poll is worth is counted in seconds that its readers wait less: a feed whose news is expected at a rate r by w
readers costs them r·w·t²/2 seconds of waiting between two polls that are t apart. Polls are best spent where one more
saves the same everywhere, which makes their number proportional to the square root of r·w (Cho and Garcia-Molina, TODS
2003; Sia, Cho and Cho, TKDE 2007); what one must save is the price that the budget gives (`bot.domain.budget`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from random import Random
from typing import Final

from bot.domain.rhythm import Forecast, newest
from bot.domain.skips import NO_SKIPS, Skips

_JITTER: Final = 0.1
_STEPS: Final = 6  # in which a forecast is followed: a sixth of the time passed each, and in proportion within
_BACKOFF: Final = 2.0
_DAY: Final = 86_400.0
_TOO_MANY: Final = 429
_AFTER_TOO_MANY: Final = 450.0  # seconds, doubled at the first failure
_REFUSALS: Final = (401, 403, 404)
_REFUSED_LONGER: Final = 4


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits of a pause in seconds: no feed is asked more often, and none that works less often."""

    shortest: float
    longest: float


@dataclass(frozen=True, slots=True)
class Pause:
    """How long a feed is left alone, in seconds, within which bounds; and its `pull`.

    That is the square root of its news a second times its readers: without bounds, it is asked `pull / sqrt(2·price)`
    times a second.
    """

    seconds: float
    bounds: Bounds
    pull: float


def bounds_of(
    bounds: Bounds, *, window: float | None = None, silence: float = 0.0, hint: float | None = None
) -> Bounds:
    """The bounds of one feed's pause.

    In this order of precedence: the operator's; the time that its document's entries cover (`window`), so that no
    story slips out between two polls; for how long it asks to be left alone (`hint`: max-age, ttl).

    As news comes in rushes, half the time from the window's oldest entry until now counts: half the window, and more
    the longer the `silence` since its newest lasts, up to the window itself.
    """
    longest = bounds.longest
    if window is not None and window > 0:
        longest = max(bounds.shortest, min(longest, (window + max(0.0, silence)) / 2, window))
    return Bounds(min(max(bounds.shortest, hint or 0.0), longest), longest)


def pause_of(forecast: Forecast, now: float, bounds: Bounds, *, price: float, weight: float = 1.0) -> Pause:
    """How long to leave a feed alone that has just answered, by what news it is expected to bring.

    It is asked once the unseen news outweighs what the time until then saves: with u stories unseen at a rate r for
    readers who count as w (`bot.domain.hits`), when u·w = sqrt(2·price·r·w). At a steady rate that is the square root's
    rule. Otherwise it is the optimum's first condition (Sia, Cho and Cho), by which a poll falls to the end of a rush,
    not into the quiet after.
    """
    shortest, longest = bounds.shortest, bounds.longest
    unseen = passed = 0.0
    rate = forecast.at(now)
    short = -2 * price * rate
    while passed < longest:
        before, lacked = rate, short
        step = min(max(shortest, passed) / _STEPS, longest - passed)
        passed += step
        rate = forecast.at(now + passed)
        unseen += (before + rate) / 2 * step
        short = unseen * unseen * weight - 2 * price * rate
        if passed >= shortest and short >= 0:
            if lacked < 0:
                passed -= step * short / (short - lacked)
            break
    seconds = min(max(passed, shortest), longest)
    free = price > 0 and shortest < seconds < longest
    return Pause(seconds, bounds, sqrt(2 * price) / seconds if free else sqrt(weight * unseen / seconds))


def after_success(now: float, pause: Pause, random: Random, skips: Skips = NO_SKIPS) -> float:
    """When to ask a feed again: after its pause, a little sooner or later, that feeds do not march in step.

    Hours at which it asks not to be asked (`skips`) are waited for as far as the pause's bounds allow.
    """
    shortest, longest = pause.bounds.shortest, pause.bounds.longest
    least, most = min(shortest * (1 + _JITTER), longest), max(longest * (1 - _JITTER), shortest)
    middle = min(max(pause.seconds, (shortest + least) / 2), (longest + most) / 2)
    seconds = min(max(middle * (1 + _JITTER * (random.random() - 0.5)), shortest), longest)
    return min(max(now + seconds, skips.free_at(now + seconds)), now + longest)


def after_failure(
    now: float,
    failures: int,
    bounds: Bounds,
    random: Random,
    *,
    status: int | None = None,
    retry_after: float | None = None,
) -> float:
    """When to ask a feed again that has failed `failures` times in a row; what its server asked for always counts.

    The pause doubles with each failure, up to the longest, which is longer where a server has said that nobody is to
    come (401, 403), or that nothing is there (404). Who asks for too much (429) begins with a quarter of an hour. A
    server's wish counts up to a day.
    """
    shortest, longest = bounds.shortest, max(bounds.longest, bounds.shortest)
    if status == _TOO_MANY:
        shortest = max(shortest, _AFTER_TOO_MANY)
        longest = max(longest, _DAY / 4)
    elif status in _REFUSALS:
        longest *= _REFUSED_LONGER
    pause = min(shortest * _BACKOFF ** min(failures, 30), longest) * (1 + _JITTER * random.random())
    return now + max(pause, min(retry_after or 0.0, _DAY))


def window_of(dates: Sequence[float]) -> float | None:
    """The time that a document's entries cover, in seconds; None where fewer than two are dated."""
    kept = newest(dates)
    return kept[0] - kept[-1] if len(kept) > 1 else None
