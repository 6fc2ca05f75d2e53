"""When it is looked whether a chat that takes nothing takes messages again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.returns import heed_signs_at, look_again_at

HOUR = 3_600.0
DAY = 24 * HOUR
NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    "why",
    [
        "forbidden",
        "no-access",
        "no-rights",
        "tag-required",
        "thread-archived",
        "thread-locked",
        "topic-closed",
        "verification-too-high",
        "write-forbidden",
    ],
)
def test_what_can_end_without_a_word_is_looked_at_an_hour_later(why: str) -> None:
    assert look_again_at(why, NOW, NOW) == NOW + HOUR


@pytest.mark.parametrize(
    "why",
    [
        "blocked",
        "kicked",
        "left",
        "removed",
        "deleted",
        "deactivated",
        "not-a-member",
        "never-started",
        "chat-not-found",
        "channel-not-found",
        "server-not-found",
        "user-not-found",
        "topic-deleted",
        "topic-not-found",
        "direct-messages-closed",
        "no-server-in-common",
        "something that nobody has ever read",
    ],
)
def test_who_would_have_to_say_so_is_not_looked_at_unasked(why: str) -> None:
    assert look_again_at(why, NOW - DAY, NOW) is None


def test_from_an_hour_on_each_pause_is_as_long_as_all_before_it_up_to_a_day() -> None:
    now, pauses = NOW, []
    for _ in range(9):
        at = look_again_at("no-rights", NOW, now)
        assert at is not None
        pauses.append((at - now) / HOUR)
        now = at
    assert pauses == [1, 1, 2, 4, 8, 16, 24, 24, 24]


def test_the_first_sign_is_heeded_at_once_and_many_that_mean_nothing_are_heeded_ever_more_rarely() -> None:
    assert heed_signs_at(NOW, NOW) == NOW
    assert heed_signs_at(NOW - 10, NOW) == NOW + 10
    assert heed_signs_at(NOW - 7 * DAY, NOW) == NOW + 300


@given(st.floats(-1e9, 1e9))
def test_whatever_the_clock_says_no_look_is_sooner_than_an_hour_or_later_than_a_day(ago: float) -> None:
    at = look_again_at("forbidden", NOW - ago, NOW)
    assert at is not None
    assert NOW + HOUR <= at <= NOW + DAY
    assert NOW <= heed_signs_at(NOW - ago, NOW) <= NOW + 300
