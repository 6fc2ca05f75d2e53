"""How a chat is told of what its filters match: at once, without a sound, in a digest, and not in its quiet hours.

Decided anew each time an alert is claimed, so that what a chat says of it holds for what waits already. Instants are
Unix seconds. What is muted is not decided here: that is a matter of words.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum
from typing import Final

from bot.domain.hours import Quiet, next_time

DIGEST_AT: Final = 8 * 60
"""When the digest of a chat comes that wants one and has not said when: minutes after midnight."""


class Mode(StrEnum):
    """How a filter tells; the most urgent first."""

    INSTANT = "instant"
    SILENT = "silent"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Manner:
    """When a chat wants to be told, by the clocks of its zone; `digest` in minutes after midnight, None for never."""

    zone: tzinfo
    quiet: Quiet | None = None
    digest: int | None = None


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Not now but at this instant, and why: "quiet" or "digest"."""

    until: float
    why: str


def mode_of(modes: Iterable[Mode]) -> Mode:
    """How an alert is told that several filters ask for: as the most urgent of them wants; at once if none says."""
    order = list(Mode)
    return min(modes, key=order.index, default=Mode.INSTANT)


def as_told(mode: Mode, digest: int | None) -> Mode:
    """How a filter of this mode tells in a chat whose digest comes then, None for never: without one, at once."""
    return Mode.INSTANT if mode is Mode.DIGEST and digest is None else mode


def held_back(made_at: float, mode: Mode, manner: Manner, now: float) -> HeldBack | None:
    """Until when an alert that was made at `made_at` is held; None where it may go.

    A digest holds what was made since the one before. One whose time falls into the quiet hours comes at their end.
    """
    if mode is Mode.DIGEST and manner.digest is not None:
        told_at = next_time(manner.digest, made_at, manner.zone)
        if told_at > now:
            return HeldBack(told_at, "digest")
    quiet_until = manner.quiet.until(now, manner.zone) if manner.quiet is not None else None
    return HeldBack(quiet_until, "quiet") if quiet_until is not None else None
