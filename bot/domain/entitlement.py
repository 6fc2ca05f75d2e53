"""Who is entitled to an alert on a story.

What a chat holds back for later (a pause) is no matter of entitlement, and not decided here.
"""

from dataclasses import dataclass
from typing import Final

REGRET: Final = 86_400.0
"""Seconds for which a filter that was removed can be brought back as if it had not been."""


@dataclass(frozen=True, slots=True)
class StoryTimes:
    """When a story turned up, in Unix seconds.

    `silent` is set where its first version was stored without being news: a feed's first poll, or an old date.
    `changed_at` is when its newest version was seen; `late` whether that version was no news either.
    """

    first_seen: float
    changed_at: float
    silent: bool
    late: bool


def is_late(published: float | None, seen_at: float, max_age: float) -> bool:
    """Whether a story is older than `max_age` seconds when it turns up; an undated one never is at first sight."""
    return published is not None and seen_at - published > max_age


def is_entitled(story: StoryTimes, asked_since: float, *, fresh: bool) -> bool:
    """Whether a chat that has asked (followed the feed and set the filter) since then is to be alerted.

    `fresh` says that the newest version matches and none before it did: then the edit is the news, and the time of
    the edit counts. Otherwise the story's own first sight does.
    """
    if fresh:
        return story.changed_at > asked_since and not story.late
    return story.first_seen > asked_since and not story.silent


def asks_since(since: float, removed_at: float, now: float) -> float:
    """Since when a filter asks that asked since `since`, was removed, and is brought back (Unix seconds).

    Without a gap where that was a mistake, which is soon seen; later it would bring news that is none any more.
    """
    return since if now - removed_at < REGRET else now
