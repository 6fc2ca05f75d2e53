"""When to ask which feed next."""

from dataclasses import dataclass
from random import Random
from typing import Final

# A feed that has been quiet for a time is asked again after a hundredth of it: news after a day of silence is then
# at most a quarter of an hour late, and a feed that is dead costs next to nothing.
_QUIET_SHARE: Final = 0.01
_JITTER: Final = 0.1
_BACKOFF: Final = 2.0
_DAY: Final = 86_400.0
_GONE: Final = 410
_TOO_MANY: Final = 429
_AFTER_TOO_MANY: Final = 450.0  # seconds, doubled at the first failure
_REFUSALS: Final = (401, 403, 404)
_REFUSED_LONGER: Final = 4


@dataclass(frozen=True, slots=True)
class Bounds:
    """The operator's limits, in seconds: no feed is asked more often, none that works less often."""

    shortest: float
    longest: float


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What is known of a feed after a poll; spans in seconds, instants in Unix seconds.

    `news_at` is when it last brought a new story; `window` the time that the entries of its document cover;
    `hint` what its server or document asks for (max-age, ttl).
    """

    news_at: float | None = None
    window: float | None = None
    hint: float | None = None


def after_success(now: float, rhythm: Rhythm, bounds: Bounds, random: Random) -> float:
    """When to ask a feed again that has just answered.

    In this order of precedence: the bounds; half the window, so that no story slips out between two polls; what the
    feed asks for; its rhythm.
    """
    quiet = now - rhythm.news_at if rhythm.news_at is not None else 0.0
    pause = max(quiet * _QUIET_SHARE, rhythm.hint or 0.0)
    if rhythm.window is not None and rhythm.window > 0:
        pause = min(pause, rhythm.window / 2)
    pause = max(pause, bounds.shortest) * (1 + _JITTER * random.random())
    return now + min(pause, bounds.longest)


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
    come (401, 403), or that nothing is there (404). What is gone (410) is asked for once a day, in case it returns,
    and who asks for too much (429) begins with a quarter of an hour. A server's wish counts up to a day.
    """
    shortest, longest = bounds.shortest, max(bounds.longest, bounds.shortest)
    if status == _GONE:
        shortest = longest = _DAY
    elif status == _TOO_MANY:
        shortest = max(shortest, _AFTER_TOO_MANY)
        longest = max(longest, _DAY / 4)
    elif status in _REFUSALS:
        longest *= _REFUSED_LONGER
    pause = min(shortest * _BACKOFF ** min(failures, 30), longest) * (1 + _JITTER * random.random())
    return now + max(pause, min(retry_after or 0.0, _DAY))


def window_of(dates: list[float]) -> float | None:
    """The time that a document's entries cover, in seconds; None where fewer than two are dated.

    Measured over the newest four fifths: feeds keep single old items pinned at their end.
    """
    newest = sorted(dates, reverse=True)[: max(2, round(len(dates) * 0.8))]
    return newest[0] - newest[-1] if len(newest) > 1 else None
