"""When to ask which feed next."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.rhythm import Forecast, Rhythm, learn
from bot.domain.schedule import Bounds, Pause, after_failure, after_success, bounds_of, pause_of, window_of

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


def steady(an_hour: float) -> Forecast:
    """What is expected of a feed that has brought so many stories an hour for weeks, evenly."""
    count = max(2, round(an_hour * 24 * 14))
    rhythm = Rhythm(NOW - 14 * DAY)
    for number in range(count):
        rhythm = learn(
            rhythm, NOW - 14 * DAY * (1 - (number + 1) / count), [NOW - 14 * DAY * (1 - (number + 0.5) / count)]
        )
    return Forecast(rhythm)


@pytest.mark.parametrize(
    ("facts", "shortest", "longest"),
    [
        pytest.param({}, 60, HOUR, id="the operator's"),
        pytest.param({"hint": 600.0}, 600, HOUR, id="its server asks for more"),
        pytest.param({"hint": 5.0}, 60, HOUR, id="its server allows more than the operator"),
        pytest.param({"hint": DAY}, HOUR, HOUR, id="its server asks for more than the operator"),
        pytest.param({"window": 1200.0}, 60, 600, id="half the window"),
        pytest.param({"window": 1200.0, "hint": 1800.0}, 600, 600, id="half the window goes before the hint"),
        pytest.param({"window": 40.0}, 60, 60, id="the operator goes before the window"),
        pytest.param({"window": 0.0}, 60, HOUR, id="entries of one instant say nothing"),
        pytest.param({"window": DAY}, 60, HOUR, id="a wide window says nothing"),
        pytest.param({"window": 1200.0, "silence": 600.0}, 60, 900, id="more after a silence"),
        pytest.param({"window": 1200.0, "silence": DAY}, 60, 1200, id="never more than the window"),
        pytest.param({"window": 1200.0, "silence": -DAY}, 60, 600, id="news of the future"),
    ],
)
def test_the_bounds_of_a_pause_follow_the_order_of_precedence(
    facts: dict[str, float], shortest: float, longest: float
) -> None:
    assert bounds_of(BOUNDS, **facts) == Bounds(shortest, longest)


@given(st.floats(1, 1e4), st.floats(0, 1e5), SPANS, st.floats(-1e6, 1e6), SPANS)
def test_the_bounds_of_a_feed_lie_within_the_operators(
    shortest: float, more: float, window: float | None, silence: float, hint: float | None
) -> None:
    found = bounds_of(Bounds(shortest, shortest + more), window=window, silence=silence, hint=hint)
    assert shortest <= found.shortest <= found.longest <= shortest + more
    assert found.longest <= max(shortest, window if window is not None and window > 0 else float("inf"))


def test_a_pause_halves_where_four_times_as_much_is_expected_or_four_times_as_many_read() -> None:
    pauses = [
        pause_of(steady(an_hour), NOW, Bounds(1, DAY), price=40, weight=readers).seconds
        for an_hour, readers in ((0.5, 1), (2, 1), (0.5, 4), (8, 1))
    ]
    assert pauses[0] / pauses[1] == pytest.approx(2, rel=0.15)
    assert pauses[0] / pauses[2] == pytest.approx(2, rel=0.15)
    assert pauses[1] / pauses[3] == pytest.approx(2, rel=0.15)
    assert pauses[1] == pytest.approx((2 * 40 / (2 / HOUR)) ** 0.5, rel=0.2), "the square root's rule"


@pytest.mark.parametrize(
    ("an_hour", "price", "seconds"),
    [
        pytest.param(60.0, 1e-6, 60.0, id="news at once for next to nothing"),
        pytest.param(0.01, 1e6, HOUR, id="news that is hardly worth its price"),
    ],
)
def test_whatever_is_expected_a_pause_is_no_shorter_and_no_longer_than_its_bounds(
    an_hour: float, price: float, seconds: float
) -> None:
    forecast = steady(an_hour)
    pause = pause_of(forecast, NOW, BOUNDS, price=price)
    unseen = forecast.at(NOW) * seconds
    assert pause.seconds == seconds
    assert pause.pull == pytest.approx((unseen / seconds) ** 0.5, rel=0.1), "its news a second, one reader"


def test_after_news_a_feed_is_asked_sooner_and_later_again_once_it_is_quiet() -> None:
    rhythm = Rhythm(NOW - 14 * DAY)
    for day in range(14):
        since = NOW - (14 - day) * DAY
        rhythm = learn(rhythm, since + DAY, [since + 12 * HOUR + minutes * 60 for minutes in (0, 5, 12, 20, 33)])

    def pause(rhythm: Rhythm) -> float:
        return pause_of(Forecast(rhythm), rhythm.at, BOUNDS, price=40).seconds

    quiet = pause(rhythm)
    told = learn(rhythm, NOW + 600, [NOW + 590])
    assert pause(told) < quiet / 2
    assert pause(told) < pause(learn(told, NOW + HOUR, [])) < pause(learn(told, NOW + 6 * HOUR, []))


def test_a_feed_is_asked_in_its_hours_rather_than_before() -> None:
    rhythm = Rhythm(NOW - 40 * DAY)
    midnight = NOW - NOW % DAY
    for day in range(40):
        morning = midnight - (40 - day) * DAY + 6 * HOUR
        rhythm = learn(rhythm, morning + 3 * HOUR, [morning + minutes * 60 for minutes in range(0, 120, 15)])

    def pause(hour: float) -> float:
        now = midnight + hour * HOUR
        return pause_of(Forecast(learn(rhythm, now, [])), now, BOUNDS, price=40).seconds

    assert pause(0) > 2 * pause(6.5)


@given(
    st.floats(0.001, 100), st.floats(1e-9, 1e9), st.integers(0, 10_000), st.floats(1, 1e4), st.floats(0, 1e5), CHANCE
)
def test_the_next_poll_keeps_within_its_bounds(
    an_hour: float, price: float, readers: int, shortest: float, more: float, random: Random
) -> None:
    rhythm = learn(Rhythm(NOW - HOUR / an_hour), NOW, [NOW - HOUR / an_hour / 2])
    bounds = Bounds(shortest, shortest + more)
    pause = pause_of(Forecast(rhythm), NOW, bounds, price=price, weight=max(1, readers))
    assert shortest - 1e-5 <= pause.seconds <= shortest + more + 1e-5
    assert pause.pull > 0
    assert shortest - 1e-5 <= after_success(NOW, pause, random) - NOW <= shortest + more + 1e-5


@pytest.mark.parametrize("seconds", [60, 61, 600, 3599, 3600])
def test_feeds_do_not_march_in_step(seconds: float) -> None:
    pause = Pause(seconds, BOUNDS, 1)
    early, late = (after_success(NOW, pause, Fixed(chance)) for chance in (0.0, 0.99))
    assert 0.03 * seconds < late - early < 0.11 * seconds


def test_a_pause_whose_bounds_meet_is_that() -> None:
    assert after_success(NOW, Pause(60, Bounds(60, 60), 1), Fixed(0.3)) == NOW + 60


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
