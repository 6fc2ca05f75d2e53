"""Which chats are told what of their feeds and filters."""

import pytest

from bot.domain.health import Health, State
from bot.domain.notices import Follower, Notice, Patient, Silence, plan
from bot.domain.rhythm import DAY, HOUR

NOW = 1_800_000_000.0


def patient(
    number: int,
    state: State,
    *told: State | None,
    matters: bool = False,
    error: str = "timeout",
    failed: float | None = DAY,
) -> Patient:
    """A feed that failed first so many seconds ago, with a follower for each thing that one was told."""
    since = None if failed is None else NOW - failed
    followers = tuple(Follower(chat_id, before) for chat_id, before in enumerate(told, 1))
    return Patient(
        number, f"https://{number}.example/", f"{number}", Health(state, since, matters), error, since, followers
    )


def told(notices: list[Notice]) -> dict[int, list[tuple[int, State]]]:
    return {notice.chat_id: [(feed.feed_id, feed.state) for feed in notice.feeds] for notice in notices}


DOWN, ENDED, WELL, BLIP = State.DOWN, State.ENDED, State.WELL, State.BLIP


@pytest.mark.parametrize(
    ("patients", "expected"),
    [
        pytest.param([], {}, id="all is well"),
        pytest.param([patient(1, BLIP, None)], {}, id="a blip"),
        pytest.param([patient(1, DOWN, None, matters=True)], {1: [(1, DOWN)]}, id="it matters"),
        pytest.param(
            [patient(1, DOWN, None, DOWN, matters=True)], {1: [(1, DOWN)]}, id="one knows it already, one does not"
        ),
        pytest.param([patient(1, ENDED, State.MISSING, matters=True)], {1: [(1, ENDED)]}, id="it has ended since"),
        pytest.param([patient(1, ENDED, ENDED, matters=True)], {}, id="that it has ended is told once"),
        pytest.param(
            [patient(1, State.EMPTY, None, matters=True, error="", failed=None), patient(2, DOWN, None)],
            {1: [(1, State.EMPTY)]},
            id="an empty one is no outage",
        ),
        pytest.param(
            [patient(1, DOWN, None, matters=True), patient(2, DOWN, None, failed=DAY - HOUR)],
            {1: [(1, DOWN), (2, DOWN)]},
            id="an outage of both, which is one message",
        ),
        pytest.param(
            [patient(1, DOWN, None, matters=True), patient(2, DOWN, None, failed=DAY - 2 * HOUR)],
            {1: [(1, DOWN)]},
            id="two troubles",
        ),
        pytest.param(
            [patient(1, DOWN, None, matters=True), patient(2, WELL, None, error="", failed=None)],
            {1: [(1, DOWN)]},
            id="another is well",
        ),
        pytest.param([patient(1, WELL, DOWN, None, error="")], {1: [(1, WELL)]}, id="it is back, for who knew"),
        pytest.param([patient(1, BLIP, DOWN)], {}, id="it was told, and is not back for good"),
    ],
)
def test_a_chat_is_told_once_when_it_matters(
    patients: list[Patient], expected: dict[int, list[tuple[int, State]]]
) -> None:
    assert told(plan(patients)) == expected


def test_filters_and_feeds_of_a_chat_are_one_notice() -> None:
    silence, other = Silence(7, 1, "EUMAM"), Silence(8, 2, "drone")
    notices = plan([patient(1, DOWN, None, matters=True)], [(1, silence), (1, other), (2, silence)])
    assert [(notice.chat_id, len(notice.feeds), notice.filters) for notice in notices] == [
        (1, 1, (silence, other)),
        (2, 0, (silence,)),
    ]
