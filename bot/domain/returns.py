"""A chat that takes nothing: whether to look if it takes messages again before a word of it comes, and when.

Who has blocked us, thrown us out, closed the account or is not there any more is left alone: that ends with a word,
from a person or from the platform. What ends without one is looked into with what is due there: hours in which nobody
may write, a right that was given back, a thread that was opened again.
"""

from typing import Final

OUT_OF_SERVER: Final = "removed"
"""Why the chats of a server take nothing that we were thrown out of: nothing but our return there ends it."""

_PASSING: Final = frozenset(
    {
        "forbidden",
        "no-access",
        "no-rights",
        "tag-required",
        "thread-archived",
        "thread-locked",
        "topic-closed",
        "verification-too-high",
        "write-forbidden",
    }
)
_SOONEST: Final = 3_600.0
_LATEST: Final = 86_400.0
_MOST_SIGNS: Final = 300.0


def look_again_at(why: str, since: float, now: float) -> float | None:
    """When to look, after a try that was refused now, whether a chat takes messages again; None: not unasked.

    `since` when it has taken nothing, in Unix seconds as all instants. It is left alone for as long again: an hour at
    least, a day at most.
    """
    return now + min(max(now - since, _SOONEST), _LATEST) if why in _PASSING else None


def heed_signs_at(since: float, now: float) -> float:
    """From when a sign that its rights may have changed is a reason to look sooner, after a try that was refused now.

    The first is heeded at once. Where they come all the time and mean nothing, as a role that changes its colour does,
    one is in as long again as the chat has taken nothing, but for no more than five minutes.
    """
    return now + min(max(now - since, 0.0), _MOST_SIGNS)
