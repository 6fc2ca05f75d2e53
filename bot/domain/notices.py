"""What chats are told besides alerts: which of their feeds are in trouble or back, and which filters bring nothing.

    what is known of feeds, and what was told before -> notices, one a chat

Each thing is told once, when it matters; what fails at once is told at once. Storing and sending are elsewhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.domain.errors import AdvertisedFeed
from bot.domain.health import Health, State
from bot.domain.rhythm import DAY, HOUR

SILENT_AFTER: Final = 60 * DAY
"""Seconds without an alert after which a filter is pointed out."""
_AT_ONCE: Final = HOUR


@dataclass(frozen=True, slots=True)
class Follower:
    """A chat that follows a feed, and of which state of it the chat was told last, None where of none."""

    chat_id: int
    told: State | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """A feed that is not well, or was not, with all who follow it; `failing_since` as in `bot.domain.health`."""

    feed_id: int
    url: str
    title: str
    health: Health
    error: str
    failing_since: float | None
    followers: tuple[Follower, ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """A feed of which a chat is told; `instead` is what its site names in its place.

    Its `state` is well where it is back; `since` in Unix seconds, None where that is not known.
    """

    feed_id: int
    url: str
    title: str
    state: State
    error: str = ""
    since: float | None = None
    instead: AdvertisedFeed | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """A filter that has brought nothing for long, by its number in its chat."""

    filter_id: int
    number: int
    query: str


@dataclass(frozen=True, slots=True)
class PauseOver:
    """A pause that has ended by itself: how many alerts of those it held may go `now`, and how many `later`."""

    now: int
    later: int


@dataclass(frozen=True, slots=True)
class Notice:
    """What one chat is told in one message."""

    chat_id: int
    feeds: tuple[Trouble, ...] = ()
    filters: tuple[Silence, ...] = ()
    pause_over: PauseOver | None = None


def plan(patients: Iterable[Patient], silences: Iterable[tuple[int, Silence]] = ()) -> list[Notice]:
    """The notices that are due.

    A chat is told of a feed when its state matters, and once more when it has ended; what began to fail within the
    hour of one that is told is told with it, so that an outage is one message. Then, that it is back.

    Args:
        patients: every followed feed that is not well, or of which somebody was told that it is not.
        silences: chats with filters that are to be pointed out.
    """
    feeds: dict[int, list[tuple[Patient, State | None]]] = {}
    for patient in patients:
        for follower in patient.followers:
            feeds.setdefault(follower.chat_id, []).append((patient, follower.told))
    filters: dict[int, list[Silence]] = {}
    for chat_id, silence in silences:
        filters.setdefault(chat_id, []).append(silence)
    notices = (
        Notice(chat_id, tuple(_worth_telling(feeds.get(chat_id, []))), tuple(filters.get(chat_id, ())))
        for chat_id in feeds | filters
    )
    return [notice for notice in notices if notice.feeds or notice.filters]


def _worth_telling(known: list[tuple[Patient, State | None]]) -> list[Trouble]:
    """Of one chat's feeds with what it was told of each, those of which it is to be told."""
    told = [patient for patient, before in known if _matters(patient.health, before)]
    began = [patient.failing_since for patient in told if patient.failing_since is not None]
    told += [
        patient
        for patient, before in known
        if before is None and patient not in told and patient.error and _is_near(patient.failing_since, began)
    ]
    told += [patient for patient, before in known if before is not None and patient.health.state is State.WELL]
    return [
        Trouble(patient.feed_id, patient.url, patient.title, patient.health.state, patient.error, patient.health.since)
        for patient in told
    ]


def _matters(health: Health, before: State | None) -> bool:
    if before is None:
        return health.matters
    return health.state is State.ENDED and before is not State.ENDED


def _is_near(instant: float | None, others: list[float]) -> bool:
    return instant is not None and any(abs(instant - other) <= _AT_ONCE for other in others)
