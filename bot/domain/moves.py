"""When a feed that redirects has moved for good."""

from dataclasses import dataclass
from typing import Final

_POLLS: Final = 3
_SECONDS: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Move:
    """A permanent redirect that a feed's polls have ended at: since when (Unix seconds), and how many in a row."""

    to: str
    since: float
    polls: int

    def is_settled(self, now: float) -> bool:
        """Whether it has been seen often enough, for long enough: servers say "for good" by mistake, too."""
        return self.polls >= _POLLS and now - self.since >= _SECONDS


def observe(move: Move | None, moved_to: str | None, now: float) -> Move | None:
    """What is known of a feed's move after a poll that ended at a feed.

    Args:
        move: what was known before.
        moved_to: where this poll's permanent redirects led, None where there was none.
        now: Unix seconds.
    """
    if moved_to is None:
        return None
    if move is None or move.to != moved_to:
        return Move(moved_to, now, 1)
    return Move(moved_to, move.since, move.polls + 1)
