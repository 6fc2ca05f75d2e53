"""When a feed brings news, as its polls have taught: how much, at which hours and days, and what news leads to.

What comes of that for its next poll is not decided here. News is taken for a process that excites itself (Hawkes,
Biometrika 1971): a rate that follows the hours of the day and the days of the week, and with each event a chance of
more soon after. A rhythm is a value, and each poll makes a new one. Instants are Unix seconds (UTC), rates are per
second.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import exp
from typing import Final

HOUR: Final = 3_600.0
DAY: Final = 86_400.0
_WEEK: Final = 7
_FIRST_DAY: Final = 3  # the first of January 1970 was a Thursday; a week begins on Monday

_RATE_MEMORY: Final = 7 * DAY
_PROFILE_MEMORY: Final = 42 * DAY
# News that comes together is one event: an outlet that publishes in batches is not thereby in the midst of something.
_TOGETHER: Final = 60.0
# A feed of which nothing is known is taken for one of an event an hour; this counts as half an hour of watching it.
_PRIOR_EVENTS: Final = 0.5
_PRIOR_SECONDS: Final = 0.5 * HOUR
# With so many events, a feed's own hours and days count as much as the supposition that all are alike.
_PRIOR_PROFILE: Final = 60.0
# For how long news leads to more, in seconds: a story that develops, and a day on which much happens. How many events
# one leads to is learned, with this prior.
_ECHOES: Final = (20 * 60.0, 4 * HOUR)
_PRIOR_ECHO: Final = 0.1
_PRIOR_ECHO_EVENTS: Final = 20.0
_LOUDEST: Final = 0.85  # one event that led to one or more would never end
_LEAST_EVENTS: Final = 3.0  # of which a number of stories a day can be told
_LEAST: Final = 0.05  # of the usual rate: no silence is proof of more silence
_LONG_UNSEEN: Final = DAY
_LULL_FADES: Final = 0.98  # with each event


class Profile:
    """How much more or less than usual comes at an instant, by hour of the day and day of the week, from Monday.

    The fewer events are known, the more even. Hours are smoothed where they are asked for: a poll asks for few of them.
    """

    __slots__ = ("_days", "_hours", "_known")

    def __init__(self, hours: Sequence[float], days: Sequence[float]) -> None:
        """Of the events that came in each hour and on each day."""
        self._hours = hours
        self._days = days
        self._known = sum(hours) + _PRIOR_PROFILE

    def at(self, instant: float) -> float:
        """The factor at an instant; between the middles of two hours, in proportion."""
        position = instant / HOUR - 0.5
        whole = int(position)
        share = position - whole
        hour, hours, known = whole % 24, self._hours, self._known
        before, here, after, later = hours[hour - 1], hours[hour], hours[hour - 23], hours[hour - 22]
        this = (24 * (0.5 * here + 0.25 * (before + after)) + _PRIOR_PROFILE) / known
        following = (24 * (0.5 * after + 0.25 * (here + later)) + _PRIOR_PROFILE) / known
        day = (_WEEK * self._days[(int(instant / DAY) + _FIRST_DAY) % _WEEK] + _PRIOR_PROFILE) / known
        return (this * (1 - share) + following * share) * day


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What is remembered of a feed's news up to `at`; the older it is, the less it counts.

    `events`, and the `stories` that they were, in `seconds` of watching; the events by `hours` and `days`; for each
    echo how many events it still holds (`heat`), and how many it accounts for (`echoed`); when the `last` event was,
    and the longest `lull` between two of them, in seconds, of late.
    """

    at: float
    events: float = 0.0
    stories: float = 0.0
    seconds: float = 0.0
    hours: tuple[float, ...] = (0.0,) * 24
    days: tuple[float, ...] = (0.0,) * _WEEK
    heat: tuple[float, ...] = (0.0,) * len(_ECHOES)
    echoed: tuple[float, ...] = (0.0,) * len(_ECHOES)
    last: float | None = None
    lull: float = 0.0

    @property
    def rate(self) -> float:
        """Events a second, on average."""
        return (self.events + _PRIOR_EVENTS) / (self.seconds + _PRIOR_SECONDS)

    @property
    def known(self) -> float:
        """Events that were remembered when the last one came: silence makes them fade, and it none the less known."""
        silence = self.at - self.last if self.last is not None else 0.0
        return self.events * exp(min(silence / _RATE_MEMORY, 600.0))

    @property
    def size(self) -> float:
        """Stories an event."""
        return (self.stories + 1) / (self.events + 1)

    @property
    def stories_a_day(self) -> float | None:
        """How many stories it brings in a day; None where too few are known to tell."""
        return self.rate * self.size * DAY if self.known >= _LEAST_EVENTS else None

    @property
    def loudness(self) -> tuple[float, ...]:
        """How many events one leads to, by echo."""
        prior = _PRIOR_ECHO * _PRIOR_ECHO_EVENTS
        found = [(echoed + prior) / (self.events + _PRIOR_ECHO_EVENTS) for echoed in self.echoed]
        over = max(1.0, sum(found) / _LOUDEST)
        return tuple(value / over for value in found)

    @property
    def profile(self) -> Profile:
        """Its hours and days."""
        return Profile(self.hours, self.days)


def observe(rhythm: Rhythm | None, now: float, dates: Sequence[float], new: int) -> Rhythm:
    """What is known of a feed after a poll.

    Args:
        rhythm: what was known before; None before its first poll.
        now: when it was polled.
        dates: of the entries that its document holds, in any order; none where nothing was read.
        new: how many stories were new. Those without a date since the last poll are taken to be spread over the time
            since then.

    Of a feed that was not polled for long, or never, nothing is known of the time before its document's entries.
    """
    if rhythm is None or now - rhythm.at > _LONG_UNSEEN:
        window = newest([date for date in dates if date <= now])
        since = window[-1] if window else now
        if rhythm is None:
            rhythm = Rhythm(since)
        elif since > rhythm.at:
            rhythm = replace(rhythm, at=since)
        new = sum(date > rhythm.at for date in window)
    since = rhythm.at
    dated = sorted((date for date in dates if since < date <= now), reverse=True)[:new]
    undated = new - len(dated)
    spread = [since + (now - since) * (number + 0.5) / undated for number in range(undated)]
    return learn(rhythm, now, [*dated, *spread])


def learn(rhythm: Rhythm, now: float, times: Iterable[float]) -> Rhythm:
    """What is known once the time up to `now` was seen to bring stories at these times, in any order.

    Which events are an earlier one's echo is never known; each is divided by how likely it is (Veen and Schoenberg,
    JASA 2008; here one step an event, as they come).
    """
    since = rhythm.at
    now = max(now, since)
    ordered = sorted(min(max(time, since), now) for time in times)
    profile = rhythm.profile
    loudness = rhythm.loudness if ordered else ()  # most polls bring nothing
    unprompted = rhythm.rate * (1 - sum(loudness))
    fade, slow_fade = exp((since - now) / _RATE_MEMORY), exp((since - now) / _PROFILE_MEMORY)
    events, stories = rhythm.events * fade, rhythm.stories * fade
    hours = [count * slow_fade for count in rhythm.hours]
    days = [count * slow_fade for count in rhythm.days]
    echoed = [count * fade for count in rhythm.echoed]
    heat, at, last, lull = rhythm.heat, since, rhythm.last, rhythm.lull
    for time in ordered:
        stories += 1
        if last is not None and time - last < _TOGETHER:
            continue
        heat = _cooled(heat, time - at)
        parts = [loud * warm / echo for loud, warm, echo in zip(loudness, heat, _ECHOES, strict=True)]
        whole = unprompted * profile.at(time) + sum(parts)
        echoed = [count + part / whole for count, part in zip(echoed, parts, strict=True)]
        heat = tuple(warm + 1 for warm in heat)
        lull = max(lull * _LULL_FADES, time - last if last is not None else 0.0)
        at = last = time
        events += 1
        alone = 1 - sum(parts) / whole
        hours[int(time / HOUR) % 24] += alone
        days[(int(time / DAY) + _FIRST_DAY) % _WEEK] += alone
    return Rhythm(
        at=now,
        events=events,
        stories=stories,
        seconds=rhythm.seconds * fade + (now - since) * profile.at((since + now) / 2),
        hours=tuple(hours),
        days=tuple(days),
        heat=_cooled(heat, now - at),
        echoed=tuple(echoed),
        last=last,
        lull=lull,
    )


def newest(dates: Iterable[float]) -> list[float]:
    """The newest four fifths of a document's dates, from the newest on: feeds keep single old items at their end."""
    ordered = sorted(dates, reverse=True)
    return ordered[: max(2, round(len(ordered) * 0.8))]


class Forecast:
    """How many stories a feed is to bring, by what is known of it."""

    __slots__ = ("_excess", "_least", "_profile", "_rate", "_since", "_size")

    def __init__(self, rhythm: Rhythm) -> None:
        self._since = rhythm.at
        self._profile = rhythm.profile
        self._rate = rhythm.rate
        self._size = rhythm.size
        usual = self._rate * self._profile.at(rhythm.at)
        # What is above the usual, or below it after a silence, passes as its echo does; what it leads to in its turn
        # makes it last longer.
        self._excess = [
            (loud * (heat / echo - usual), (1 - loud) / echo)
            for loud, heat, echo in zip(rhythm.loudness, rhythm.heat, _ECHOES, strict=True)
        ]

    def at(self, instant: float) -> float:
        """Stories a second at an instant from now on; always some."""
        usual = self._rate * self._profile.at(instant)
        passed = self._since - instant
        found = usual
        for excess, fading in self._excess:
            found += excess * exp(fading * passed)
        return max(found, _LEAST * usual) * self._size


def _cooled(heat: Sequence[float], seconds: float) -> tuple[float, ...]:
    return tuple(warm * exp(-seconds / echo) for warm, echo in zip(heat, _ECHOES, strict=True))
