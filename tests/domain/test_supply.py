"""What feeds bring, and how far what is stored of it reaches."""

import pytest

from bot.domain.rhythm import DAY, HOUR, Rhythm, learn
from bot.domain.supply import Brought, Supply, supply_of

NOW = 100 * DAY


def brought(stories: int, days: float, rhythm: Rhythm | None = None) -> Brought:
    return Brought(stories, NOW - days * DAY, rhythm)


@pytest.mark.parametrize(
    ("feeds", "supply"),
    [
        pytest.param([], Supply(0, 0, 0), id="no feed"),
        pytest.param([Brought(0, None, None)], Supply(0, 0, 0), id="a feed of which nothing is stored"),
        pytest.param([brought(60, 30)], Supply(2, 30, 30), id="a month that came at once"),
        pytest.param([brought(60, 0)], Supply(60, 1, 1), id="stories without a date, which all came at once"),
        pytest.param([brought(60, 30), brought(30, 10)], Supply(5, 30, 18), id="two that reach back unlike"),
        pytest.param([brought(60, 30), brought(48, 25)], Supply(3.92, 30, 30), id="two that reach back alike"),
        pytest.param([brought(60, 30), Brought(0, None, None)], Supply(2, 30, 30), id="and one that brings nothing"),
    ],
)
def test_a_supply_is_reckoned_feed_by_feed(feeds: list[Brought], supply: Supply) -> None:
    assert supply_of(feeds, NOW) == pytest.approx(supply)


def test_where_a_feeds_rhythm_is_known_it_says_what_the_feed_brings() -> None:
    since = NOW - 3 * HOUR
    wire = learn(Rhythm(since), NOW, [since + number * HOUR / 10 for number in range(30)])
    supply = supply_of([brought(30, 0.125, wire), brought(20, 30)], NOW)
    assert supply.stories_a_day == pytest.approx(240, rel=0.25)
    assert supply.days == 30
    assert supply.covered == pytest.approx(50 / supply.stories_a_day)


def test_a_rhythm_of_which_too_little_is_known_says_nothing() -> None:
    assert Rhythm(NOW).stories_a_day is None
    assert supply_of([brought(60, 30, Rhythm(NOW))], NOW) == Supply(2, 30, 30)
