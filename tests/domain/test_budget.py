"""The budget of requests, and the price at which it is kept."""

from math import sqrt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.budget import Budget, least_price, planned
from bot.domain.schedule import Bounds, Pause

NOW = 1_800_000_000.0
HOUR = 3_600.0
BOUNDS = Bounds(60, HOUR)


def wanted(pull: float, price: float, bounds: Bounds = BOUNDS) -> float:
    """Requests a second that a feed of this pull comes to."""
    return 1 / min(max(sqrt(2 * price) / pull, bounds.shortest), bounds.longest)


def settled(budget: Budget, pulls: list[float], *, followed: int | None = None, start: float = NOW) -> float:
    """The price once feeds of these pulls were planned and time has passed, and what they come to an hour at it."""
    now = start
    for _ in range(40):
        for number, pull in enumerate(pulls):
            budget.plan(number, Pause(1 / wanted(pull, budget.price), BOUNDS, pull), now)
        for _ in range(6):
            budget.settle(now, followed or len(pulls))
            now += 600
    return sum(wanted(pull, budget.price) for pull in pulls) * HOUR


@pytest.mark.parametrize(
    ("pulls", "per_hour"),
    [
        pytest.param([0.02] * 60, 360, id="alike"),
        pytest.param([0.001 * 1.1**number for number in range(60)], 360, id="unlike"),
        pytest.param([0.001] * 500 + [0.1] * 500, 6_000, id="many"),
        pytest.param([1.0] * 3 + [0.0001] * 200, 500, id="some at the shortest, most at the longest"),
    ],
)
def test_the_price_comes_to_where_what_is_planned_is_spent(pulls: list[float], per_hour: int) -> None:
    assert settled(Budget(per_hour), pulls) == pytest.approx(planned(per_hour), rel=0.02)


def test_with_a_budget_to_spare_no_more_is_asked_than_is_worth_it() -> None:
    budget = Budget(6_000, least=least_price(BOUNDS))
    settled(budget, [(5 / HOUR) ** 0.5, (1 / HOUR / 24) ** 0.5])
    assert budget.price == least_price(BOUNDS)
    assert 1 / wanted((5 / HOUR) ** 0.5, budget.price) == pytest.approx(60)
    assert 600 < 1 / wanted((1 / HOUR / 24) ** 0.5, budget.price) < 700


def test_a_budget_that_not_even_the_longest_pauses_meet_is_left_to_the_gate() -> None:
    budget = Budget(60)
    assert settled(budget, [0.01] * 200) == pytest.approx(200)
    assert settled(budget, [0.03] * 20, start=NOW + 40 * HOUR) == pytest.approx(planned(60), rel=0.1), (
        "and the price comes down again"
    )


@pytest.mark.parametrize(
    ("followed", "longest"),
    [
        pytest.param(0, HOUR, id="none"),
        pytest.param(4_000, HOUR, id="as many as it keeps"),
        pytest.param(10_000, 10_000 / (0.8 * planned(6_000)) * HOUR, id="more than it keeps"),
    ],
)
def test_with_more_feeds_than_the_budget_keeps_the_longest_pause_is_longer(followed: int, longest: float) -> None:
    budget = Budget(6_000)
    budget.settle(NOW, followed)
    assert budget.within(BOUNDS).shortest == 60
    assert budget.within(BOUNDS).longest == pytest.approx(longest)


def test_what_is_known_of_some_feeds_holds_for_all_that_are_followed() -> None:
    known, every = Budget(6_000), Budget(6_000)
    settled(known, [0.02] * 100, followed=1_000)
    settled(every, [0.02] * 1_000)
    assert known.price == pytest.approx(every.price, rel=0.05)


def test_nothing_is_settled_before_anything_is_known() -> None:
    budget = Budget(6_000, least=1.0)
    budget.settle(NOW, 10)
    budget.plan(1, Pause(60, BOUNDS, 0.1), NOW)
    budget.settle(NOW, 0)
    assert budget.price == 1.0


def test_the_price_of_few_feeds_does_not_follow_each_of_them() -> None:
    budget = Budget(30)
    settled(budget, [0.02] * 5)
    price = budget.price
    budget.plan(0, Pause(60, BOUNDS, 0.2), NOW + 40 * HOUR)
    budget.settle(NOW + 40 * HOUR, 5)
    budget.settle(NOW + 40 * HOUR + 60, 5)
    assert budget.price == pytest.approx(price, rel=0.15)


def test_feeds_that_are_asked_no_more_are_forgotten() -> None:
    few, both = Budget(360), Budget(360)
    for number in range(100):
        both.plan(1_000 + number, Pause(600, BOUNDS, 0.05), NOW - 4 * HOUR)
    assert settled(few, [0.02] * 60) == pytest.approx(settled(both, [0.02] * 60))
    assert few.price == pytest.approx(both.price, rel=0.02)


def test_a_price_is_of_late_for_some_seconds_and_not_when_the_clock_was_set_back() -> None:
    budget = Budget(60)
    assert not budget.is_settled(NOW)
    budget.settle(NOW, 1)
    assert budget.is_settled(NOW + 5)
    assert not budget.is_settled(NOW + 11)
    assert not budget.is_settled(NOW - 1)


def test_once_the_clock_is_set_back_nobody_waits_for_what_was_spent_before() -> None:
    budget = Budget(60)
    budget.settle(NOW + HOUR, 1)
    while budget.free_at() <= NOW + HOUR:
        budget.spend(NOW + HOUR)
    budget.settle(NOW, 1)
    assert budget.free_at() <= NOW


@given(st.integers(1, 400), st.floats(0.1, 600), st.integers(0, 2**32))
def test_no_hour_holds_more_requests_than_the_budget(per_hour: int, pause: float, seed: int) -> None:
    random, budget = Random(seed), Budget(per_hour)
    now, made = NOW, []
    for _ in range(1_000):
        now += random.expovariate(1 / pause)
        if budget.free_at() <= now:
            budget.spend(now)
            made.append(now)
    for first, later in zip(made, made[per_hour:], strict=False):
        assert later - first >= HOUR - 1e-6


def test_after_a_lull_what_is_due_is_spread() -> None:
    budget = Budget(6_000)
    made = []
    for second in range(600):
        while budget.free_at() <= NOW + second:
            budget.spend(NOW + second)
            made.append(second)
    assert made.count(0) == 61
    assert all(made.count(second) <= 2 for second in range(1, 600))
    assert len(made) == pytest.approx(61 + 1_000, abs=2)


@given(st.integers(1, 10**7))
def test_something_is_planned_of_every_budget_and_never_all_of_it(per_hour: int) -> None:
    assert per_hour / 2 <= planned(per_hour) < per_hour
