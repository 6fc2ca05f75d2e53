"""What a feed is worth to those who follow it: of its stories, their filters want many or few.

Who waits for news waits for what filters match; but what has matched nothing so far may do so any day, and a feed that
nobody's filter wants is no reason to ask it never. So it counts, and within bounds.
"""

from dataclasses import dataclass
from typing import Final

_USUAL: Final = 0.05
"""The share of its stories that is taken for a feed's until it has shown its own: it neither gains nor loses by it."""

_TAKEN_FOR: Final = 20.0  # stories that the usual share counts for
_KEPT: Final = 1 - 1 / 200  # of what is known, with each story: the last few hundred count


@dataclass(frozen=True, slots=True)
class Hits:
    """How many stories a feed has brought, and to how many chats they were of interest; older ones count for less."""

    stories: float = 0.0
    wanted: float = 0.0

    def after(self, chats: int) -> "Hits":
        """With a story more, which so many chats are entitled to."""
        return Hits(self.stories * _KEPT + 1, self.wanted * _KEPT + chats)


NO_HITS: Final = Hits()


def weight_of(readers: int, hits: Hits = NO_HITS) -> float:
    """As how many readers those who follow a feed count: half as many where they want nothing of it, up to twice.

    With s the share of its stories that a reader wants, on average, and u the usual one: 2·(s + u/2) / (s + 2u).
    """
    readers = max(1, readers)
    wanted = min(hits.wanted / readers, hits.stories)
    share = (wanted + _USUAL * _TAKEN_FOR) / (hits.stories + _TAKEN_FOR)
    return readers * 2 * (share + _USUAL / 2) / (share + 2 * _USUAL)
