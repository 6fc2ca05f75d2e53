"""When to ask which feed next."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.schedule import Bounds, Rhythm, after_failure, after_success, window_of

NOW = 1_800_000_000.0
HOUR, DAY = 3600.0, 86_400.0
BOUNDS = Bounds(60.0, HOUR)
SPANS = st.none() | st.floats(-1.0, 1e9)
CHANCE = st.integers().map(Random)


class Fixed(Random):
    """Chance that always falls the same way."""

    def __init__(self, value: float) -> None:
        super().__init__()
        self.value = value

    def random(self) -> float:
        return self.value


@pytest.mark.parametrize(
    ("rhythm", "pause"),
    [
        pytest.param(Rhythm(), 60, id="nothing known"),
        pytest.param(Rhythm(news_at=NOW), 60, id="news just now"),
        pytest.param(Rhythm(news_at=NOW - 3 * HOUR), 108, id="quiet for hours: a hundredth"),
        pytest.param(Rhythm(news_at=NOW - DAY), 864, id="quiet for a day"),
        pytest.param(Rhythm(news_at=NOW - 300 * DAY), HOUR, id="dead"),
        pytest.param(Rhythm(news_at=NOW + DAY), 60, id="news of the future"),
        pytest.param(Rhythm(hint=600), 600, id="its server asks for more"),
        pytest.param(Rhythm(hint=5), 60, id="its server allows more than the operator"),
        pytest.param(Rhythm(hint=DAY), HOUR, id="its server asks for more than the operator"),
        pytest.param(Rhythm(news_at=NOW - DAY, hint=100), 864, id="the longer of rhythm and hint"),
        pytest.param(Rhythm(hint=1800, window=1200), 600, id="half the window goes before the hint"),
        pytest.param(Rhythm(news_at=NOW - DAY, window=1000), 500, id="half the window goes before the rhythm"),
        pytest.param(Rhythm(window=40), 60, id="the operator goes before the window"),
        pytest.param(Rhythm(hint=600, window=0), 600, id="entries of one instant say nothing"),
        pytest.param(Rhythm(hint=600, window=DAY), 600, id="a wide window says nothing"),
    ],
)
def test_the_next_poll_follows_the_order_of_precedence(rhythm: Rhythm, pause: float) -> None:
    assert after_success(NOW, rhythm, BOUNDS, Fixed(0.0)) - NOW == pytest.approx(pause)


@given(st.builds(Rhythm, st.none() | st.floats(0, 2 * NOW), SPANS, SPANS), CHANCE, st.floats(1, 1e4), st.floats(0, 1e5))
def test_the_next_poll_keeps_within_the_operators_bounds(
    rhythm: Rhythm, random: Random, shortest: float, more: float
) -> None:
    pause = after_success(NOW, rhythm, Bounds(shortest, shortest + more), random) - NOW
    assert shortest - 1e-5 <= pause <= shortest + more + 1e-5


@given(st.floats(1.0, 1e6), CHANCE)
def test_no_story_slips_out_between_two_polls(window: float, random: Random) -> None:
    bounds = Bounds(0.1, 1e9)
    pause = after_success(NOW, Rhythm(news_at=0, window=window, hint=1e9), bounds, random) - NOW
    assert pause <= window * 0.56


def test_polls_are_spread() -> None:
    rhythm = Rhythm(hint=600)
    assert after_success(NOW, rhythm, BOUNDS, Fixed(0.99)) > after_success(NOW, rhythm, BOUNDS, Fixed(0.0)) + 50


def test_the_pause_after_a_failure_doubles_up_to_the_longest() -> None:
    pauses = [after_failure(NOW, failures, BOUNDS, Fixed(0.0)) - NOW for failures in range(1, 9)]
    assert pauses == [120, 240, 480, 960, 1920, 3600, 3600, 3600]


@given(st.integers(0, 10_000), CHANCE, st.floats(1, 1e4), st.floats(0, 1e5))
def test_the_pause_after_failures_grows_and_is_clamped(
    failures: int, random: Random, shortest: float, more: float
) -> None:
    bounds, same = Bounds(shortest, shortest + more), Fixed(random.random())
    one, next_ = (after_failure(NOW, count, bounds, same) - NOW for count in (failures, failures + 1))
    assert shortest - 1e-5 <= one <= next_ <= (shortest + more) * 1.1 + 1e-5


@given(st.integers(0, 100), st.floats(0, DAY), CHANCE)
def test_what_a_server_asks_for_is_always_honoured(failures: int, retry_after: float, random: Random) -> None:
    due_at = after_failure(NOW, failures, BOUNDS, random, retry_after=retry_after)
    assert due_at >= NOW + retry_after
    assert due_at >= after_failure(NOW, failures, BOUNDS, Fixed(0.0))


@pytest.mark.parametrize(
    ("retry_after", "pause"),
    [
        pytest.param(30 * DAY, DAY, id="more than a day"),
        pytest.param(float("inf"), DAY, id="for ever"),
        pytest.param(-5.0, 120, id="less than nothing"),
        pytest.param(float("nan"), 120, id="no number"),
        pytest.param(10.0, 120, id="less than the backoff"),
    ],
)
def test_a_servers_wish_counts_up_to_a_day(retry_after: float, pause: float) -> None:
    assert after_failure(NOW, 1, BOUNDS, Fixed(0.0), retry_after=retry_after) - NOW == pause


@pytest.mark.parametrize(
    ("status", "pauses"),
    [
        pytest.param(None, [120, 240, 3600], id="no answer"),
        pytest.param(503, [120, 240, 3600], id="a server's own trouble"),
        pytest.param(404, [120, 240, 4 * 3600], id="nothing there"),
        pytest.param(401, [120, 240, 4 * 3600], id="a password wanted"),
        pytest.param(403, [120, 240, 4 * 3600], id="refused"),
        pytest.param(410, [DAY, DAY, DAY], id="gone"),
        pytest.param(429, [900, 1800, DAY / 4], id="too many requests"),
    ],
)
def test_each_status_has_a_pause_of_its_own(status: int | None, pauses: list[float]) -> None:
    found = [after_failure(NOW, count, BOUNDS, Fixed(0.0), status=status) - NOW for count in (1, 2, 40)]
    assert found == pauses


@pytest.mark.parametrize(
    ("dates", "window"),
    [
        pytest.param([], None, id="nothing dated"),
        pytest.param([5.0], None, id="one dated"),
        pytest.param([5.0, 9.0], 4.0, id="two dated"),
        pytest.param([3.0, 9.0, 5.0], 4.0, id="three, of which the oldest may be pinned"),
        pytest.param([7.0, 7.0, 7.0], 0.0, id="all at once"),
        pytest.param([100.0, 90, 80, 70, 60, 50, 40, 30, 1, 0], 70.0, id="pinned ones at the end"),
    ],
)
def test_the_window_is_what_the_newest_entries_cover(dates: list[float], window: float | None) -> None:
    assert window_of(dates) == window


@given(st.lists(st.floats(0, 2e9), min_size=2), st.randoms())
def test_the_window_does_not_depend_on_the_order(dates: list[float], random: Random) -> None:
    shuffled = random.sample(dates, len(dates))
    window = window_of(shuffled)
    assert window == window_of(dates)
    assert window is not None
    assert 0 <= window <= max(dates) - min(dates)
