"""What a chat's feeds bring, and for how long what is stored of it stands: by which a back-test is put into days.

On the first day all that is stored was seen at once, though a feed's document may reach back a month, and another's
three hours: how often something comes is found from when stories were published, feed by feed.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from bot.domain.rhythm import DAY, Rhythm

_WHOLE: Final = 0.75  # of a span that is covered, from which it counts as covered


class Brought(NamedTuple):
    """How many stored stories of a feed were published in a span that ends now, when the oldest was, and its rhythm."""

    stories: int
    oldest: float | None
    rhythm: Rhythm | None


class Supply(NamedTuple):
    """What feeds bring together.

    `stories_a_day` is what they bring in a day; what is stored reaches back so many `days`, and is as much as they
    bring in so many days as are `covered`, which are fewer where some feeds' stories reach less far back.
    """

    stories_a_day: float
    days: float
    covered: float


def supply_of(feeds: Iterable[Brought], now: float) -> Supply:
    """The supply of these feeds: at least a day of it, where anything is stored."""
    a_day = 0.0
    stories = 0
    days = 0.0
    for feed in feeds:
        reach = max((now - feed.oldest) / DAY, 1.0) if feed.oldest is not None else 0.0
        told = feed.rhythm.stories_a_day if feed.rhythm is not None else None
        if told is None:
            told = feed.stories / reach if reach else 0.0
        a_day += told
        stories += feed.stories
        days = max(days, reach)
    covered = stories / a_day if a_day else days
    return Supply(a_day, days, covered if covered < _WHOLE * days else days)
