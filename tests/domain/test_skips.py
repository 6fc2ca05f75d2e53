"""When a feed asks not to be asked."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.skips import Skips


def at(day: int, hour: int = 0, minute: int = 0) -> float:
    """An instant of November 2026, of which the 23rd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("skips", "instant", "free"),
    [
        pytest.param(Skips(), at(24, 3, 30), at(24, 3, 30), id="none"),
        pytest.param(Skips(frozenset({2, 3})), at(24, 5), at(24, 5), id="another hour"),
        pytest.param(Skips(frozenset({2, 3})), at(24, 2, 30), at(24, 4), id="two hours of the night"),
        pytest.param(Skips(frozenset({23, 0})), at(24, 23, 59), at(25, 1), id="over midnight"),
        pytest.param(Skips(days=frozenset({5, 6})), at(28, 12), at(30), id="the weekend"),
        pytest.param(Skips(frozenset({0}), frozenset({5, 6})), at(28, 12), at(30, 1), id="both"),
        pytest.param(Skips(days=frozenset(range(7))), at(28, 12), at(28, 12), id="always, which cannot be meant"),
    ],
)
def test_it_is_asked_when_it_does_not_mind(skips: Skips, instant: float, free: float) -> None:
    assert skips.free_at(instant) == free


@given(st.frozensets(st.integers(0, 23)), st.frozensets(st.integers(0, 6)), st.floats(0, 2e9))
def test_a_free_instant_is_not_before_and_is_free(hours: frozenset[int], days: frozenset[int], instant: float) -> None:
    free = Skips(hours, days).free_at(instant)
    assert instant <= free <= instant + 8 * 86_400
    assert Skips(hours, days).free_at(free) == free
