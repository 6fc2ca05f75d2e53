"""Until when an alert is held, and for which reason: by quiet hours and digests, on clocks that go forward and back."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.hours import Quiet
from bot.domain.telling import HeldBack, Manner, Mode, as_told, held_back, mode_of

KYIV = ZoneInfo("Europe/Kyiv")
NIGHT = Quiet(22 * 60, 7 * 60)


def at(day: int, hour: int, minute: int = 0, zone: ZoneInfo = KYIV, month: int = 5) -> float:
    return datetime(2026, month, day, hour, minute, tzinfo=zone).timestamp()


@pytest.mark.parametrize(
    ("modes", "mode"),
    [
        pytest.param([Mode.DIGEST, Mode.SILENT], Mode.SILENT, id="the most urgent counts"),
        pytest.param([Mode.DIGEST, Mode.INSTANT, Mode.SILENT], Mode.INSTANT, id="whatever its place"),
        pytest.param([Mode.DIGEST], Mode.DIGEST, id="all the same"),
        pytest.param([], Mode.INSTANT, id="none"),
    ],
)
def test_an_alert_of_several_filters_is_told_as_the_most_urgent_wants(modes: list[Mode], mode: Mode) -> None:
    assert mode_of(modes) is mode


@pytest.mark.parametrize(
    ("mode", "quiet", "digest", "made", "now", "held"),
    [
        pytest.param(Mode.INSTANT, None, None, at(4, 23), at(4, 23), None, id="a chat that has said nothing"),
        pytest.param(Mode.INSTANT, NIGHT, None, at(4, 12), at(4, 12), None, id="by day"),
        pytest.param(Mode.INSTANT, NIGHT, None, at(4, 23), at(4, 23), HeldBack(at(5, 7), "quiet"), id="in quiet hours"),
        pytest.param(
            Mode.SILENT, NIGHT, None, at(4, 23), at(4, 23), HeldBack(at(5, 7), "quiet"), id="a silent one as well"
        ),
        pytest.param(
            Mode.INSTANT,
            NIGHT,
            None,
            at(4, 21),
            at(4, 23),
            HeldBack(at(5, 7), "quiet"),
            id="made before, claimed in them",
        ),
        pytest.param(Mode.INSTANT, NIGHT, None, at(4, 23), at(5, 7), None, id="when they end"),
        pytest.param(
            Mode.DIGEST, None, 480, at(4, 9), at(4, 9), HeldBack(at(5, 8), "digest"), id="for the next digest"
        ),
        pytest.param(Mode.DIGEST, None, 480, at(4, 9), at(5, 8), None, id="when its time has come"),
        pytest.param(Mode.DIGEST, None, 480, at(4, 9), at(6, 1), None, id="and passed"),
        pytest.param(Mode.DIGEST, None, None, at(4, 9), at(4, 9), None, id="a digest that has no time"),
        pytest.param(Mode.INSTANT, None, 480, at(4, 9), at(4, 9), None, id="another filter's digest"),
        pytest.param(
            Mode.DIGEST, NIGHT, 360, at(4, 9), at(5, 6), HeldBack(at(5, 7), "quiet"), id="a digest in quiet hours"
        ),
        pytest.param(
            Mode.DIGEST,
            NIGHT,
            480,
            at(4, 23),
            at(4, 23),
            HeldBack(at(5, 8), "digest"),
            id="in quiet hours, for a digest",
        ),
    ],
)
def test_an_alert_is_held_until_its_chat_wants_it(
    mode: Mode, quiet: Quiet | None, digest: int | None, made: float, now: float, held: HeldBack | None
) -> None:
    assert held_back(made, mode, Manner(KYIV, quiet, digest), now) == held


def test_nights_in_which_clocks_change_are_an_hour_shorter_or_longer() -> None:
    manner = Manner(KYIV, NIGHT, 480)
    spring, autumn = at(28, 22, month=3), at(24, 22, month=10)
    short, long = held_back(spring, Mode.INSTANT, manner, spring), held_back(autumn, Mode.INSTANT, manner, autumn)
    assert short is not None
    assert long is not None
    assert (short.until - spring, long.until - autumn) == (8 * 3600, 10 * 3600)
    digest = held_back(spring, Mode.DIGEST, manner, spring)
    assert digest == HeldBack(at(29, 8, month=3), "digest")


@given(
    st.sampled_from(list(Mode)),
    st.integers(0, 1439),
    st.integers(0, 1439),
    st.none() | st.integers(0, 1439),
    st.floats(1.7e9, 2.0e9),
    st.floats(0, 1e6),
)
def test_what_is_held_is_told_within_two_days(
    mode: Mode, start: int, end: int, digest: int | None, made: float, waited: float
) -> None:
    manner = Manner(KYIV, Quiet(start, end) if start != end else None, digest)
    now = made + waited
    releases = 0
    while held := held_back(made, mode, manner, now):
        assert held.until > now
        now = held.until
        releases += 1
        assert releases <= 2
    assert now - made - waited <= 2 * 86_400 + 7_200


def test_a_zone_without_daylight_saving_is_one_as_well() -> None:
    assert held_back(0.0, Mode.INSTANT, Manner(UTC, Quiet(0, 60)), 0.0) == HeldBack(3600.0, "quiet")


@pytest.mark.parametrize(
    ("mode", "digest", "told"),
    [
        (Mode.DIGEST, 480, Mode.DIGEST),
        (Mode.DIGEST, 0, Mode.DIGEST),
        (Mode.DIGEST, None, Mode.INSTANT),
        (Mode.SILENT, None, Mode.SILENT),
        (Mode.INSTANT, 480, Mode.INSTANT),
    ],
)
def test_a_filter_in_digest_mode_tells_at_once_where_no_digest_comes(
    mode: Mode, digest: int | None, told: Mode
) -> None:
    assert as_told(mode, digest) is told
