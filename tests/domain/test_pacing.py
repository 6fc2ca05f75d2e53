"""The generic cell rate algorithm: how many sends conform in any span."""

from bisect import bisect_left

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.pacing import Ceiling, Floods, Gcra, Rate


def sent(gcra: Gcra, wishes: list[float]) -> list[float]:
    """When sends leave that are wished for at these instants, each as early as it conforms."""
    times: list[float] = []
    now = 0.0
    for wish in wishes:
        now = max(now, wish, gcra.free_at())
        gcra.take(now)
        times.append(now)
    return times


def test_a_new_limit_lets_a_send_go_at_once() -> None:
    gcra = Gcra(Rate(1.0))
    assert gcra.free_at() < 0
    assert not gcra.ahead(0.0)


def test_without_tolerance_sends_are_an_interval_apart() -> None:
    assert sent(Gcra(Rate(2.0)), [5, 5, 5, 20]) == [5, 7, 9, 20]


def test_tolerance_allows_a_burst_and_then_the_rate() -> None:
    assert sent(Gcra(Rate(2.0, tolerance=4.0)), [5] * 5) == [5, 5, 5, 7, 9]


def test_a_silence_saves_up_no_more_than_the_tolerance() -> None:
    assert sent(Gcra(Rate(2.0, tolerance=2.0)), [0, 1000, 1000, 1000]) == [0, 1000, 1000, 1002]


def test_a_hold_lets_nothing_go_before_its_end_and_no_burst_after_it() -> None:
    gcra = Gcra(Rate(2.0, tolerance=4.0))
    gcra.hold(10.0)
    assert gcra.free_at() == 10.0
    assert sent(gcra, [5, 5, 5]) == [10, 12, 14]


def test_a_hold_never_shortens_a_wait() -> None:
    gcra = Gcra(Rate(60.0))
    gcra.take(0.0)
    gcra.hold(10.0)
    assert gcra.free_at() == 60.0


@pytest.mark.parametrize(
    ("now", "ahead"),
    [pytest.param(9.9, True, id="before"), pytest.param(10.0, False, id="at"), pytest.param(11.0, False, id="after")],
)
def test_a_limit_matters_until_a_new_one_would_allow_as_much(now: float, ahead: bool) -> None:
    gcra = Gcra(Rate(10.0, tolerance=5.0))
    gcra.take(0.0)
    assert gcra.ahead(now) is ahead


@given(
    st.integers(1, 50),
    st.integers(0, 200),
    st.lists(st.integers(0, 300), max_size=60).map(sorted),
    st.integers(0, 300),
)
def test_no_sliding_window_holds_more_than_the_rate_allows(
    interval: int, tolerance: int, wishes: list[int], span: int
) -> None:
    times = sent(Gcra(Rate(float(interval), float(tolerance))), [float(wish) for wish in wishes])
    for index, start in enumerate(times):
        inside = bisect_left(times, start + span + 0.5) - index
        assert inside <= (span + tolerance) / interval + 1
    assert all(time >= wish for time, wish in zip(times, wishes, strict=True))


@given(st.floats(0.01, 10), st.floats(0, 30), st.lists(st.floats(0, 100), max_size=60).map(sorted), st.floats(0, 60))
def test_neither_does_one_of_fractions(interval: float, tolerance: float, wishes: list[float], span: float) -> None:
    times = sent(Gcra(Rate(interval, tolerance)), wishes)
    for index, start in enumerate(times):
        inside = bisect_left(times, start + span) - index
        assert inside <= (span + tolerance) / interval + 1 + 1e-6


@given(st.floats(0.01, 10), st.floats(0, 30), st.lists(st.floats(0, 100), max_size=30).map(sorted))
def test_a_send_waits_only_for_the_rate(interval: float, tolerance: float, wishes: list[float]) -> None:
    """Each leaves when it is wished for, or with others so close before it that it would not have conformed."""
    times = sent(Gcra(Rate(interval, tolerance)), wishes)
    for index, (wish, time) in enumerate(zip(wishes, times, strict=True)):
        if time > max([wish, *times[:index]]):
            busiest = max((index - first + 1) * interval - (time - times[first]) for first in range(index))
            assert busiest >= tolerance + interval - 1e-6


def test_under_a_ceiling_a_span_is_full_although_the_rate_would_allow_more() -> None:
    gcra = Gcra(Rate(0.1, tolerance=10.0, ceiling=Ceiling(3, 2.0)))
    assert sent(gcra, [5.0] * 7) == [5, 5, 5, 7, 7, 7, 9]


def test_a_ceiling_matters_as_long_as_its_last_send_is_in_its_span() -> None:
    gcra = Gcra(Rate(0.1, ceiling=Ceiling(3, 2.0)))
    assert not gcra.ahead(0.0)
    gcra.take(5.0)
    assert gcra.ahead(6.9)
    assert not gcra.ahead(7.0)


@given(
    wishes=st.lists(st.floats(0, 30), max_size=80).map(sorted),
    number=st.integers(1, 8),
    seconds=st.floats(0.5, 5),
)
def test_no_span_shorter_than_the_ceilings_holds_more_than_it_allows(
    wishes: list[float], number: int, seconds: float
) -> None:
    times = sent(Gcra(Rate(0.2, tolerance=3.0, ceiling=Ceiling(number, seconds))), wishes)
    for first, beyond in zip(times, times[number:], strict=False):
        assert beyond - first >= seconds - 1e-9


def everybody_waits(sent: int, *refused: tuple[float, str]) -> bool:
    """Whether the last of these refusals (when, which chat) holds everybody, after so many sends at once."""
    floods = Floods()
    for _ in range(sent):
        floods.sent(0.0)
    return [floods.refused(chat, at) for at, chat in refused][-1]


@pytest.mark.parametrize(
    ("sent", "refused", "everybody"),
    [
        pytest.param(3, [(0, "a"), (1, "b")], False, id="two chats may be their own"),
        pytest.param(3, [(0, "a"), (1, "b"), (10, "c")], True, id="three within ten seconds"),
        pytest.param(3, [(0, "a"), (1, "b"), (10.1, "c")], False, id="three, but not within ten seconds"),
        pytest.param(9, [(0, "a"), (1, "a"), (2, "a"), (3, "a")], False, id="one chat again and again"),
        pytest.param(12, [(0, "a"), (1, "b"), (2, "c")], True, id="a quarter of what was sent"),
        pytest.param(13, [(0, "a"), (1, "b"), (2, "c")], False, id="by far the most was taken"),
        pytest.param(290, [(0, "a"), (1, "b"), (2, "c")], False, id="a few bad chats among many"),
    ],
)
def test_three_chats_that_are_refused_in_ten_seconds_say_that_everybody_is(
    sent: int, refused: list[tuple[float, str]], everybody: bool
) -> None:
    assert everybody_waits(sent, *refused) is everybody


def test_what_was_sent_long_before_says_nothing_of_now() -> None:
    floods = Floods()
    for _ in range(300):
        floods.sent(0.0)
    for _ in range(4):
        floods.sent(100.0)
    assert [floods.refused(chat, 101.0) for chat in "abc"] == [False, False, True]
