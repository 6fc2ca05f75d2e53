"""What polls teach of when a feed brings news."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.rhythm import DAY, HOUR, Forecast, Rhythm, learn, observe

MONDAY = 1_799_625_600.0  # 11 January 2027, 00:00 UTC
TIMES = st.lists(st.floats(MONDAY - DAY, MONDAY + 2 * DAY), max_size=30)


def watched(days: int, hours: tuple[float, ...], *, weekdays: tuple[int, ...] = tuple(range(7))) -> Rhythm:
    """A feed that was polled every hour for so many days from a Monday on, with news at these hours of these days."""
    rhythm = Rhythm(MONDAY)
    for hour in range(days * 24):
        since = MONDAY + hour * HOUR
        news = [since + HOUR / 2] if hour % 24 in hours and hour // 24 % 7 in weekdays else []
        rhythm = learn(rhythm, since + HOUR, news)
    return rhythm


def test_a_new_feed_is_taken_for_one_of_an_event_an_hour_and_soon_known_better() -> None:
    new = Rhythm(MONDAY)
    assert new.rate * HOUR == pytest.approx(1)
    assert learn(new, MONDAY + 6 * HOUR, []).rate * HOUR < 0.1
    quick = learn(new, MONDAY + HOUR, [MONDAY + minute * 60 for minute in range(0, 60, 6)])
    assert quick.rate * HOUR > 6


def test_the_first_document_tells_what_would_have_taken_days() -> None:
    dates = [MONDAY - number * 2 * HOUR for number in range(40)]
    rhythm = observe(None, MONDAY + 60, dates, 40)
    assert rhythm.rate * HOUR == pytest.approx(0.5, rel=0.1)
    assert rhythm.at == MONDAY + 60


def test_single_old_entries_and_dates_of_the_future_tell_nothing() -> None:
    dates = [MONDAY - number * HOUR for number in range(20)]
    plain = observe(None, MONDAY, dates, 20)
    assert observe(None, MONDAY, [*dates, MONDAY + 9 * DAY], 21).rate == pytest.approx(plain.rate, rel=0.1)
    pinned = [*dates, MONDAY - 900 * DAY]
    assert observe(None, MONDAY, pinned, 21).rate == pytest.approx(plain.rate, rel=0.1)


def test_a_document_without_dates_tells_nothing_at_first_and_later_how_many() -> None:
    first = observe(None, MONDAY, [], 30)
    assert (first.events, first.at) == (0, MONDAY)
    later = observe(first, MONDAY + HOUR, [], 3)
    assert later.events == 3
    assert later.last == MONDAY + HOUR * 5 / 6


def test_only_the_new_ones_among_a_documents_dates_are_learned() -> None:
    known = learn(Rhythm(MONDAY), MONDAY + HOUR, [MONDAY + 600])
    dates = [MONDAY + 600, MONDAY + HOUR + 60, MONDAY + HOUR + 900]
    assert observe(known, MONDAY + 2 * HOUR, dates, 0).stories == pytest.approx(1, rel=0.01)
    told = observe(known, MONDAY + 2 * HOUR, dates, 2)
    assert told.stories == pytest.approx(3, rel=0.01)
    assert told.last == MONDAY + HOUR + 900


def test_of_a_time_in_which_nobody_polled_only_what_the_document_still_covers_counts() -> None:
    busy = watched(7, tuple(range(24)))
    back = busy.at + 10 * DAY
    dates = [back - number * HOUR for number in range(30)]
    assert observe(busy, back, dates, 30).rate * HOUR == pytest.approx(1, rel=0.2)
    assert observe(busy, back, [], 0).at == back
    soon = busy.at + 1.5 * DAY
    overlapping = [soon - number * 4 * HOUR for number in range(30)]
    assert observe(busy, soon, overlapping, 9).stories < busy.stories + 12, "what was known is not counted again"


def test_a_feed_has_its_hours_and_its_days() -> None:
    rhythm = watched(28, (8, 9, 10, 11), weekdays=(0, 1, 2, 3, 4))
    forecast = Forecast(learn(rhythm, rhythm.at + DAY / 24, []))
    monday = rhythm.at
    assert forecast.at(monday + 34 * HOUR) > 3 * forecast.at(monday + 44 * HOUR), "ten in the morning, and at night"
    assert forecast.at(monday + 34 * HOUR) > 2 * forecast.at(monday + 5 * DAY + 34 * HOUR), "Tuesday and Sunday"
    hours = [rhythm.profile.at(MONDAY + (number + 0.5) * HOUR) for number in range(7 * 24)]
    assert sum(hours) == pytest.approx(7 * 24), "what one hour has more, others have less"


def test_between_the_middles_of_two_hours_a_profile_goes_in_proportion() -> None:
    profile = watched(7, (23,)).profile
    before, after = profile.at(MONDAY + 22.5 * HOUR), profile.at(MONDAY + 23.5 * HOUR)
    assert before < after
    assert profile.at(MONDAY + 22.75 * HOUR) == pytest.approx(0.75 * before + 0.25 * after)


def test_few_events_make_no_profile() -> None:
    profile = watched(2, (8,)).profile
    assert max(profile.at(MONDAY + (number + 0.5) * HOUR) for number in range(7 * 24)) < 1.8


def test_a_feed_whose_news_comes_in_rushes_is_known_for_it_and_one_that_publishes_evenly_for_that() -> None:
    random = Random(1)
    rushing = even = Rhythm(MONDAY)
    for day in range(60):
        since = MONDAY + day * DAY
        begin = since + random.random() * 20 * HOUR
        rushing = learn(rushing, since + DAY, [begin + minute * 60 for minute in (0, 4, 9, 13, 20, 26, 33, 39)])
        even = learn(even, since + DAY, [since + 3 * HOUR * number for number in range(8)])
    assert sum(rushing.loudness) > 0.5 > sum(even.loudness)
    now = rushing.at
    told = Forecast(learn(rushing, now + HOUR, [now + HOUR - 60]))
    quiet = Forecast(learn(rushing, now + HOUR, []))
    assert told.at(now + HOUR) > 3 * quiet.at(now + HOUR)
    assert told.at(now + HOUR) > told.at(now + 2 * HOUR) > told.at(now + 12 * HOUR)


def test_a_batch_is_one_event_of_many_stories() -> None:
    rhythm = Rhythm(MONDAY)
    for day in range(10):
        since = MONDAY + day * DAY
        rhythm = learn(rhythm, since + DAY, [since + 6 * HOUR + number for number in range(20)])
    assert rhythm.rate * DAY == pytest.approx(1, rel=0.3)
    assert rhythm.size == pytest.approx(20, rel=0.2)
    assert sum(rhythm.loudness) < 0.3


def test_what_is_long_past_counts_for_little() -> None:
    once_busy = watched(14, tuple(range(24)))
    now = once_busy.at
    for _ in range(21 * 24):
        now += HOUR
        once_busy = learn(once_busy, now, [])
    assert once_busy.rate * HOUR < 0.1


@given(TIMES, st.floats(0, 2 * DAY), st.randoms())
def test_the_order_of_stories_does_not_matter(times: list[float], span: float, random: Random) -> None:
    shuffled = random.sample(times, len(times))
    assert learn(Rhythm(MONDAY), MONDAY + span, times) == learn(Rhythm(MONDAY), MONDAY + span, shuffled)


@given(st.lists(st.tuples(st.floats(-HOUR, 3 * DAY), TIMES, st.integers(0, 40)), max_size=12))
def test_whatever_polls_bring_a_rhythm_stays_one(polls: list[tuple[float, list[float], int]]) -> None:
    rhythm: Rhythm | None = None
    now = MONDAY
    for span, dates, new in polls:
        now += span
        since = rhythm.at if rhythm else 0.0
        rhythm = observe(rhythm, now, dates, new)
        assert rhythm.at >= since
        assert rhythm.rate > 0
        assert rhythm.size >= 0.5
        assert 0 < sum(rhythm.loudness) <= 0.86
        assert all(count >= 0 for count in (*rhythm.hours, *rhythm.days, *rhythm.heat, *rhythm.echoed))
        forecast = Forecast(rhythm)
        assert all(forecast.at(now + later) > 0 for later in (0, 60, HOUR, DAY))
