"""The law of holds, apart from any web."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import FetchFailed, FetchKind
from bot.feeds.hosts import MOST_HOSTS, Host, Hosts
from support.fetching import StillClock

DAY = 86_400.0
NOW = 1_780_000_000.0


def held(host: Host, now: float = NOW) -> float:
    """Seconds for which a host is held; 0 where it may be asked."""
    try:
        host.check(now)
    except FetchFailed as failed:
        return failed.retry_after or 0.0
    return 0.0


def test_429_without_a_time_holds_a_host_for_a_minute_and_then_twice_as_long_up_to_an_hour() -> None:
    host, now, holds = Host(), NOW, []
    for _ in range(9):
        host.answered(429, None, now)
        holds.append(held(host, now))
        now += holds[-1]
        assert held(host, now) == 0
    assert holds == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
    host.answered(200, None, now)
    host.answered(429, None, now)
    assert held(host, now) == 60


@pytest.mark.parametrize(
    ("status", "said", "seconds"),
    [
        pytest.param(429, 7.0, 7.0, id="429 with a time"),
        pytest.param(429, 0.0, 60.0, id="429 with no time at all"),
        pytest.param(429, 1e7, DAY, id="429 with more than a day"),
        pytest.param(503, 7.0, 7.0, id="503 with a time"),
        pytest.param(503, 1e7, DAY, id="503 with more than a day"),
        pytest.param(503, None, 0.0, id="503 without a time"),
        pytest.param(503, 0.0, 0.0, id="503 with no time at all"),
        pytest.param(404, 7.0, 0.0, id="404, whatever it says"),
        pytest.param(301, 7.0, 0.0, id="a redirect, whatever it says"),
        pytest.param(200, 7.0, 0.0, id="200, whatever it says"),
    ],
)
def test_how_long_an_answer_holds_its_host(status: int, said: float | None, seconds: float) -> None:
    host = Host()
    host.answered(status, said, NOW)
    assert held(host) == seconds


def test_the_third_failure_in_a_row_holds_a_host_for_a_while_and_each_further_one_for_longer() -> None:
    host, now, holds = Host(), NOW, []
    for kind in [FetchKind.DNS, FetchKind.CONNECT, FetchKind.TLS, *[FetchKind.TIMEOUT] * 6]:
        host.failed(kind, now)
        holds.append(held(host, now))
        now += holds[-1]
    assert holds == [0, 0, 15, 30, 60, 120, 240, 300, 300]


@pytest.mark.parametrize("kind", [FetchKind.ADDRESS, FetchKind.CORRUPT, FetchKind.TOO_LARGE, FetchKind.STATUS])
def test_what_is_not_the_host_s_fault_as_a_whole_does_not_hold_it(kind: FetchKind) -> None:
    host = Host()
    for _ in range(9):
        host.failed(kind, NOW)
    assert held(host) == 0


@pytest.mark.parametrize("status", [200, 304, 404, 500, 503])
def test_any_answer_ends_a_row_of_failures_and_their_hold(status: int) -> None:
    host = Host()
    for _ in range(3):
        host.failed(FetchKind.CONNECT, NOW)
    assert held(host)
    host.answered(status, None, NOW)
    assert held(host) == 0
    host.failed(FetchKind.CONNECT, NOW)
    assert held(host) == 0


def test_what_was_on_its_way_when_a_host_was_held_makes_nothing_worse() -> None:
    refusing, down = Host(), Host()
    refusing.answered(429, None, NOW)
    refusing.answered(429, None, NOW)
    assert held(refusing) == 60
    for _ in range(5):
        down.failed(FetchKind.TIMEOUT, NOW)
    assert held(down) == 15


def test_a_good_answer_does_not_end_a_hold_that_was_asked_for() -> None:
    host = Host()
    host.answered(429, 600, NOW)
    host.answered(200, None, NOW + 1)
    assert held(host, NOW + 1) == 599


def test_a_clock_that_is_set_back_holds_nobody_for_longer_than_was_asked_for() -> None:
    host = Host()
    host.answered(429, 600, NOW)
    assert held(host, NOW - DAY) == 600
    assert held(host, NOW - DAY + 600) == 0


EVENTS = st.one_of(
    st.tuples(st.just("answer"), st.sampled_from([200, 301, 404, 429, 500, 503]), st.none() | st.floats(0, 1e9)),
    st.tuples(st.just("failure"), st.sampled_from(FetchKind), st.none()),
    st.tuples(st.just("wait"), st.floats(-1e6, 1e6), st.none()),
)


@given(st.lists(EVENTS, max_size=40))
def test_no_hold_is_longer_than_a_day_and_each_ends_when_it_says(events: list[tuple[str, Any, Any]]) -> None:
    host, now = Host(), NOW
    for event, what, said in events:
        if event == "answer":
            host.answered(what, said, now)
        elif event == "failure":
            host.failed(what, now)
        else:
            now += what
        left = held(host, now)
        assert left <= DAY
        if left:
            # Nothing but the failures' hold may be left once the longer one that was asked for is over.
            assert held(host, now + left + 0.001) <= 300


async def test_hosts_not_used_lately_are_forgotten_first() -> None:
    clock = StillClock()
    hosts = Hosts(clock, 2)
    async with hosts.turn("busy.example", 80) as busy:
        async with hosts.turn("refused.example", 80) as refused:
            refused.answered(429, DAY, clock.now())
        for number in range(2 * MOST_HOSTS):
            async with hosts.turn(f"host-{number}.example", 80):
                pass
            if number % 1_000 == 0:
                with pytest.raises(FetchFailed):
                    async with hosts.turn("refused.example", 80):
                        pass
        assert len(hosts) <= MOST_HOSTS
        assert busy.users == 1
        with pytest.raises(FetchFailed):
            async with hosts.turn("refused.example", 80):
                pass
        # Who is being asked is never forgotten: two at a time would become more.
        async with hosts.turn("busy.example", 80) as again:
            assert again is busy
