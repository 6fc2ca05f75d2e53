"""How a feed does, by its history: what is amiss with it, since when, and whether that matters to who follows it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.domain.rhythm import DAY, HOUR, Rhythm

EXPIRED: Final = "tls-expired"
"""The error of a feed whose server's certificate has run out."""

# From the first failure on, in seconds. A blip is nobody's business; what a person can mend is told sooner than what
# will mend itself.
_BLIP: Final = 2 * HOUR
_TOLD_AFTER: Final = DAY
_PAGE_AFTER: Final = 6 * HOUR
_ENDS_AFTER: Final = 7 * DAY
# A feed is frozen when its silence is so many times the longest that it is known for, and so long at the least.
_FAR_LONGER: Final = 4.0
_FROZEN_AFTER: Final = 3 * DAY
_LEAST_EVENTS: Final = 5.0
_LEAST_FAILURES: Final = 3  # a machine that was off for a week, and fails once, has seen no week of failures


class State(StrEnum):
    """How a feed does; the value is also a key's tail in the locale files."""

    NEW = "new"  # it was never asked
    WELL = "well"
    BLIP = "blip"  # it has failed of late, as servers do
    EMPTY = "empty"  # it answers as a feed, and holds nothing
    FROZEN = "frozen"  # it answers as ever, and has brought nothing for far longer than its rhythm
    PAGE = "page"  # a page, or whatever else is no feed, stands in its place
    CUT_OFF = "cut-off"  # its document breaks off
    REFUSED = "refused"  # 401, 403: its server wants a password, or no robots
    BUSY = "busy"  # 429: its server was asked too much
    EXPIRED = "expired"  # its server's certificate has run out
    MISSING = "missing"  # 404, or a name that nobody knows: for now
    DOWN = "down"  # whatever else: an outage
    ENDED = "ended"  # it is gone for good


@dataclass(frozen=True, slots=True)
class History:
    """What is known of a feed; instants in Unix seconds.

    `error` is its last poll's, as it is stored ("status-404", "dns", "not-a-feed-html"), empty where that went well;
    `failures` are those in a row, the first of them at `failing_since`. It answered as a feed last at `well_at`, and
    holds so many `entries`.
    """

    polled_at: float | None = None
    well_at: float | None = None
    failures: int = 0
    error: str = ""
    entries: int | None = None
    rhythm: Rhythm | None = None
    failing_since: float | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """A feed's state, since when, and whether those who follow it are to be told.

    `since` is when it was last as it should be, or failed first where that is not known; None where neither is.
    """

    state: State
    since: float | None = None
    matters: bool = False


def health_of(history: History, now: float) -> Health:
    """How a feed does.

    An outage is told from a refusal, both from what has ended: a server that says so (410) ends a feed at once, a page
    that is missing (404) and a name that nobody knows do after a week.
    """
    if history.polled_at is None:
        return Health(State.NEW)
    if history.error:
        return _failing(history, now)
    rhythm = history.rhythm
    last = rhythm.last if rhythm is not None else None
    if history.entries == 0:
        # Many feeds begin so. One that brought stories and holds none any more has lost them.
        return Health(State.EMPTY, last, matters=last is not None)
    if last is not None and rhythm is not None and _is_frozen(rhythm, now - last):
        return Health(State.FROZEN, last, matters=True)
    return Health(State.WELL)


def is_ended(health: Health) -> bool:
    """Whether a feed need not be asked any more."""
    return health.state is State.ENDED


def _failing(history: History, now: float) -> Health:
    begun = history.failing_since if history.failing_since is not None else history.well_at
    since = history.well_at if history.well_at is not None else begun
    lasted = now - begun if begun is not None and history.failures >= _LEAST_FAILURES else 0.0
    kind, _, status = history.error.rpartition("-")
    match kind, status:
        case "status", "410":
            return Health(State.ENDED, since, matters=True)
        case "status", "401" | "403":
            state, told = State.REFUSED, _PAGE_AFTER
        case "status", "429":
            state, told = State.BUSY, _TOLD_AFTER
        case ("status", "404") | ("", "dns"):
            state, told = State.MISSING, _TOLD_AFTER
            if lasted >= _ENDS_AFTER:
                return Health(State.ENDED, since, matters=True)
        case _ if history.error == EXPIRED:
            state, told = State.EXPIRED, _TOLD_AFTER
        case _ if history.error.startswith("not-a-feed-"):
            state, told = State.PAGE, _PAGE_AFTER
        case _ if history.error == "cut-off":
            state, told = State.CUT_OFF, _TOLD_AFTER
        case _:
            state, told = State.DOWN, _TOLD_AFTER
    if state is State.DOWN and lasted < _BLIP:
        return Health(State.BLIP, since)
    return Health(state, since, matters=lasted >= told)


def _is_frozen(rhythm: Rhythm, silence: float) -> bool:
    """Whether a feed that answers is silent for far longer than it ever was of late; few events show no rhythm."""
    return rhythm.known >= _LEAST_EVENTS and silence > max(_FROZEN_AFTER, _FAR_LONGER * rhythm.lull)
