"""What becomes of what is to be delivered, after each try: the life of a row of the outbox.

    made --> due --claim--> claimed --+-- Sent ------------------------------> sent
     |       ^ ^               |      |-- Missing (an edit's message) --------> sent: there is nothing to edit
     |       | |               |      |-- Throttled, no turn ----> due, and its chat waits (an edit alone, where only
     |       | |               |      |                            edits were meant)
     v       | |               |      |-- Moved -----------------> due, at the chat's new identifier
    held ----+ |               |      |-- Gone ------------------> due, and its chat waits until it returns
     ^  its    |               |      |-- Rejected (formatted) --> held no longer than a moment, plain from now on
     |  instant|               |      |-- Rejected (plain digest)> due, each of its alerts by itself
     |  comes  |               |      |-- Rejected (plain) ----------------> failed
     |         |               |      |-- Unreachable -----------> held until its next try, others go meanwhile
     |         |               |      |                            (a digest that may have arrived: as it was)
     +---------|---------------|------+-- no answer that can be relied on, 30 times ------> failed
               +-- its run ended --+  entitled no more, when it is claimed ---> withdrawn
                                      muted, now or when it was made ---------> muted

What is due or held is delivered in the end; nothing is dropped but what its chat has muted, and what a platform refuses
twice, or never answers although it answers others: while it answers nobody, no failure counts. An edit that cannot be
made is let go: its alert was delivered. Sending and storing are elsewhere; until when a chat wants its alerts held is
decided in `bot.domain.telling`, whether one that takes nothing is looked at before a word of its return in
`bot.domain.returns`: what is due there is claimed then.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Final

from bot.domain.chats import Gone, Missing, Moved, Outcome, Rejected, Sent, Throttled, Unreachable

BACKLOG: Final = 20
"""A chat with more alerts than this that wait is told them in a digest."""
EDIT_INTERVAL: Final = 60.0
"""Seconds between two edits of one alert."""
EDITABLE: Final = 86_400.0
"""Seconds after which an alert is not edited any more."""

_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 300.0
_LONGEST_DOUBLINGS: Final = 9  # after which a pause is the longest
_JITTER: Final = 0.2
_PLAIN_TRIES: Final = 10  # after which what gets no answer is tried as plain text: it may be the content
_MOST_TRIES: Final = 30  # of an alert which may have arrived each time, while others are answered: some two hours
_MOST_EDIT_TRIES: Final = 5
_TOGETHER: Final = 60.0  # seconds


class Kind(StrEnum):
    """What is delivered: an alert, several as one message, or an alert's message brought up to date."""

    ALERT = "alert"
    DIGEST = "digest"
    EDIT = "edit"


class State(StrEnum):
    """Where an alert is in its life; see the drawing above."""

    DUE = "due"
    HELD = "held"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    MUTED = "muted"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try: of what, after how many that failed, and whether as plain text.

    `patience` is set where the platform answers nobody just now, so that a failure says nothing about this message:
    the seconds until it is tried again.
    """

    kind: Kind = Kind.ALERT
    attempts: int = 0
    plain: bool = False
    patience: float | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """It was delivered, as this message; "" where there was nothing to edit."""

    message_id: str


@dataclass(frozen=True, slots=True)
class Retry:
    """Try it again at this instant (Unix seconds), after so many failures, as plain text or not; others may go.

    `doubtful` says that it may have arrived: only the very same message may be tried, so that a platform which knows
    what it was sent knows this again.
    """

    at: float
    attempts: int = 0
    plain: bool = False
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """Its whole chat waits until this instant (Unix seconds); it has failed so many times."""

    at: float
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class GiveUp:
    """It cannot be delivered, and why."""

    why: str


@dataclass(frozen=True, slots=True)
class Scatter:
    """A digest is not taken: deliver each of its alerts by itself, and why."""

    why: str


@dataclass(frozen=True, slots=True)
class Hold:
    """Keep it until its chat returns: the chat takes nothing now, and why."""

    why: str


@dataclass(frozen=True, slots=True)
class Relocate:
    """Its chat has this identifier now; try again there."""

    to: str


Decision = Done | Retry | Wait | GiveUp | Scatter | Hold | Relocate


def decide(outcome: Outcome, attempt: Attempt, *, now: float, random: Random) -> Decision:
    """What to do after a try that ended so."""
    match outcome:
        case Sent(message_id):
            return Done(message_id)
        case Missing():
            return Done("")
        case Gone(why):
            return Hold(why)
        case Moved(to):
            return Relocate(to)
        case Throttled(seconds, everybody):
            at = now + _throttled(seconds, attempt.attempts) + random.random() * _JITTER
            if attempt.kind is Kind.EDIT and everybody is False:
                return _edit_throttled(at, attempt)
            return Wait(at, attempt.attempts + 1)
        case Unreachable(why, reached):
            return _unreachable(why, attempt, reached=reached, now=now, random=random)
        case Rejected(why):  # pragma: no branch - the last of the outcomes
            if not attempt.plain:
                return Retry(now, attempt.attempts, plain=True)
            return Scatter(why) if attempt.kind is Kind.DIGEST else GiveUp(why)


def state_after(decision: Decision) -> State:
    """Where a decision leaves an alert."""
    match decision:
        case Done():
            return State.SENT
        case GiveUp():
            return State.FAILED
        case Retry():
            return State.HELD
        case Wait() | Scatter() | Hold() | Relocate():  # pragma: no branch - the last of the decisions
            return State.DUE


def backoff(attempts: int, random: Random) -> float:
    """Seconds to wait after so many failed tries: doubling from one second to five minutes, with jitter."""
    pause: float = min(_FIRST_PAUSE * 2.0 ** min(attempts, _LONGEST_DOUBLINGS), _LONGEST_PAUSE)
    return pause * (1 + _JITTER * random.random())


def _throttled(seconds: float, attempts: int) -> float:
    """As long as the platform asks, and longer where it has asked again and again; never less than a moment."""
    asked = max(seconds, _FIRST_PAUSE)
    return max(asked, min(asked * 2.0 ** min(max(attempts - 1, 0), _LONGEST_DOUBLINGS), _LONGEST_PAUSE))


def _edit_throttled(at: float, attempt: Attempt) -> Decision:
    """The platform limits the edits of one chat apart from what is sent there: only the edit waits."""
    attempts = attempt.attempts + 1
    return Retry(at, attempts, attempt.plain) if attempts < _MOST_EDIT_TRIES else GiveUp("too many edits")


def _unreachable(why: str, attempt: Attempt, *, reached: bool, now: float, random: Random) -> Decision:
    if attempt.patience is not None:
        # One counts, however many fail: it says that nothing else holds what waits for its next try.
        return Retry(now + attempt.patience, max(attempt.attempts, 1), attempt.plain, doubtful=reached)
    attempts = attempt.attempts + 1
    if attempt.kind is Kind.EDIT and attempts >= _MOST_EDIT_TRIES:
        return GiveUp(why)
    if not reached:  # it cannot have arrived: patience costs nobody a repetition
        attempts = max(attempt.attempts, min(attempts, _LONGEST_DOUBLINGS))
    elif attempts >= _MOST_TRIES:
        return GiveUp(f"no answer to {attempts} tries, it may have arrived: {why}")
    plain = attempt.plain or attempts >= _PLAIN_TRIES
    return Retry(now + backoff(attempt.attempts, random), attempts, plain, doubtful=reached)


def editable_at(sent_at: float, edited_at: float | None, now: float) -> float | None:
    """When an alert's message may be edited next (Unix seconds, not before `now`); None: not any more."""
    at = now if edited_at is None else max(now, edited_at + EDIT_INTERVAL)
    return at if at - sent_at < EDITABLE else None


def is_backlog(waiting: int) -> bool:
    """Whether so many alerts that wait for one chat are told in a digest."""
    return waiting > BACKLOG


def next_of(waiting: Sequence[tuple[int, float]]) -> int:
    """Which of a chat's alerts goes next: of those made within a minute of the newest, the first.

    `waiting` are their numbers, which grow, and when they were made. What came together comes in its order; what
    has waited for longer does not hold up what is new.
    """
    newest = max(made_at for _, made_at in waiting)
    return min(number for number, made_at in waiting if made_at > newest - _TOGETHER)


class Reach:
    """Whether a platform can be reached at all: three chats in a row whose sends fail say that it cannot.

    While it is out, one send at a time looks whether it is back. Fewer chats may be in trouble of their own: nobody
    else waits for them, but what fails in them counts against a message only where somebody was answered meanwhile.
    Instants are any monotonic seconds.
    """

    _CHATS: Final = 3
    _LONGEST: Final = 30.0

    def __init__(self) -> None:
        self._failing: Counter[str] = Counter()  # the failures of each chat since the last answer to any
        self._looks = 0
        self._look_at = float("-inf")

    @property
    def is_out(self) -> bool:
        """Whether nobody is answered."""
        return len(self._failing) >= self._CHATS

    @property
    def look_at(self) -> float:
        """When the next send may look whether it is back; no sense while it is not out."""
        return self._look_at

    def patience(self, chat: str, now: float, random: Random) -> float | None:
        """Seconds to wait after a send to a chat that failed, if that says nothing about what was sent, else None.

        It does where somebody was answered since the chat's failure before: then the platform works.
        """
        if self.is_out:
            return max(self._look_at - now, 0.0)
        failures = self._failing[chat]
        return backoff(failures - 1, random) if failures > 1 else None

    def note(self, chat: str, outcome: Outcome, now: float, random: Random) -> None:
        """Take in what a send to a chat ended in."""
        if not isinstance(outcome, Unreachable):
            self._failing.clear()
            self._looks = 0
            return
        self._failing[chat] += 1
        if self.is_out:
            self._look_at = now + min(backoff(self._looks, random), self._LONGEST)
            self._looks += 1
