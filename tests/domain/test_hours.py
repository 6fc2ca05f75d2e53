"""Quiet hours, digests' times and spans: by the chat's clocks, on days of 23 and 25 hours too."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.hours import Quiet, clock_time, next_time, read_quiet, read_span, read_time, read_until, typed_span

KYIV = ZoneInfo("Europe/Kyiv")
ZONES = ["UTC", "Europe/Kyiv", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia", "Australia/Lord_Howe"]
MINUTES = st.integers(0, 1439)
INSTANTS = st.floats(1.5e9, 2e9)


def at(text: str, zone: ZoneInfo = KYIV) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()


@pytest.mark.parametrize(
    ("now", "until"),
    [
        pytest.param("2026-11-24T21:59", None, id="not yet"),
        pytest.param("2026-11-24T22:00", "2026-11-25T07:00", id="it begins"),
        pytest.param("2026-11-25T03:00", "2026-11-25T07:00", id="after midnight"),
        pytest.param("2026-11-25T07:00", None, id="it has ended"),
        pytest.param("2026-03-28T23:00", "2026-03-29T07:00", id="a night of eight hours"),
        pytest.param("2026-10-24T23:00", "2026-10-25T07:00", id="a night of ten hours"),
    ],
)
def test_quiet_over_midnight(now: str, until: str | None) -> None:
    assert Quiet(22 * 60, 7 * 60).until(at(now), KYIV) == (at(until) if until else None)


def test_quiet_within_a_day_ends_on_that_day() -> None:
    siesta = Quiet(13 * 60, 15 * 60)
    assert siesta.until(at("2026-11-24T14:00"), KYIV) == at("2026-11-24T15:00")
    assert siesta.until(at("2026-11-24T15:00"), KYIV) is None


@pytest.mark.parametrize(
    ("now", "then"),
    [
        pytest.param("2026-11-24T07:59", "2026-11-24T08:00", id="today"),
        pytest.param("2026-11-24T08:00", "2026-11-25T08:00", id="just now is tomorrow"),
        pytest.param("2026-03-28T12:00", "2026-03-29T08:00", id="clocks go forward"),
        pytest.param("2026-10-24T12:00", "2026-10-25T08:00", id="clocks go back"),
    ],
)
def test_the_next_digest(now: str, then: str) -> None:
    assert next_time(8 * 60, at(now), KYIV) == at(then)


def test_a_time_that_is_skipped_comes_as_much_later() -> None:
    assert datetime.fromtimestamp(next_time(3 * 60 + 30, at("2026-03-29T01:00"), KYIV), KYIV).hour == 4


def test_a_time_that_comes_twice_counts_once() -> None:
    first = next_time(3 * 60 + 30, at("2026-10-25T01:00"), KYIV)
    assert datetime.fromtimestamp(first, KYIV).fold == 0
    assert datetime.fromtimestamp(next_time(3 * 60 + 30, first, KYIV), KYIV).day == 26


@given(MINUTES, INSTANTS, st.sampled_from(ZONES))
def test_the_next_time_is_ahead_and_within_two_days(minute: int, now: float, name: str) -> None:
    assert now < next_time(minute, now, ZoneInfo(name)) <= now + 50 * 3600


@given(MINUTES, MINUTES, INSTANTS, st.sampled_from(ZONES))
def test_quiet_ends_and_is_over_when_it_has(start: int, end: int, now: float, name: str) -> None:
    zone = ZoneInfo(name)
    until = Quiet(start, (end + (start == end)) % 1440).until(now, zone)
    if until is not None:
        assert now < until <= now + 26 * 3600


@pytest.mark.parametrize(
    ("text", "read"),
    [
        pytest.param("22:00-07:00", "22:00-07:00", id="as printed"),
        pytest.param("22-7", "22:00-07:00", id="hours alone"),
        pytest.param("10 pm to 7 am", "22:00-07:00", id="halves of the day"),
        pytest.param("12am-12pm", "00:00-12:00", id="noon and midnight"),
        pytest.param("22h–7h30", "22:00-07:30", id="French"),
        pytest.param(" 22.15 — 24:00 ", "22:15-00:00", id="midnight as 24"),
        pytest.param("10-11pm", "22:00-23:00", id="the end's half of the day"),
        pytest.param("1-5 am", "01:00-05:00", id="by night"),
        pytest.param("10-7am", "22:00-07:00", id="the other half, where it would end before it begins"),
        pytest.param("9-5pm", "09:00-17:00", id="office hours"),
        pytest.param("12-1pm", "12:00-13:00", id="from noon"),
        pytest.param("22-7am", "22:00-07:00", id="a start that says its half"),
        pytest.param("0:30-7am", "00:30-07:00", id="just after midnight"),
        pytest.param("10:75-11pm", None, id="no such minute before a half"),
        pytest.param("10-13pm", None, id="no such end"),
        pytest.param("22:00−07:00", "22:00-07:00", id="a minus"),
        pytest.param("22:00‑07:00", "22:00-07:00", id="a hyphen that does not break"),
        pytest.param("22:00 07:00", "22:00-07:00", id="nothing between"),
        pytest.param("From 22 to 7", "22:00-07:00", id="from and to"),
        pytest.param("22:00 until 07:00", "22:00-07:00", id="until"),
        pytest.param("з 22 до 7", "22:00-07:00", id="Ukrainian"),
        pytest.param("de 22h à 7h", "22:00-07:00", id="French, in words"),
        pytest.param("2207", None, id="no hours at all"),
        pytest.param("7-7", None, id="never, or always"),
        pytest.param("25-7", None, id="no such hour"),
        pytest.param("22:60-7", None, id="no such minute"),
        pytest.param("13pm-7am", None, id="no such half"),
        pytest.param("7-24:30", None, id="after midnight's end"),
        pytest.param("night", None, id="a word"),
    ],
)
def test_quiet_hours_as_people_type_them(text: str, read: str | None) -> None:
    quiet = read_quiet(text)
    assert (str(quiet) if quiet else None) == read


@given(MINUTES, MINUTES)
def test_quiet_hours_are_read_as_they_print(start: int, end: int) -> None:
    quiet = Quiet(start, (end + (start == end)) % 1440)
    assert read_quiet(str(quiet)) == quiet


@given(MINUTES)
def test_a_time_is_read_as_it_prints(minute: int) -> None:
    assert read_time(clock_time(minute)) == minute


@pytest.mark.parametrize("text", ["", "eight", "8:5", "24:01", "-8", "8 8"])
def test_what_is_no_time(text: str) -> None:
    assert read_time(text) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30m", 1800),
        ("24h", 86_400),
        ("7 d", 604_800),
        ("2W", 1_209_600),
        ("90 minutes", 5_400),
        ("1 Hour", 3_600),
        ("an hour", 3_600),
        ("a week", 604_800),
        ("0h", None),
        ("0 days", None),
        ("h", None),
        ("week", None),
        ("1y", None),
        ("tomorrow", None),
    ],
)
def test_spans_as_people_type_them(text: str, seconds: float | None) -> None:
    assert read_span(text) == seconds


@pytest.mark.parametrize(
    ("seconds", "typed"),
    [
        pytest.param(0, "1m", id="no time is a minute"),
        pytest.param(61, "2m", id="no shorter than it is"),
        pytest.param(86_400, "1440m", id="a day"),
        pytest.param(30 * 86_400, "720h", id="too many minutes"),
        pytest.param(2 * 365 * 86_400, "730d", id="too many hours"),
        pytest.param(9_999 * 604_800, "9999w", id="the longest"),
        pytest.param(1e12, "9999w", id="longer than any"),
    ],
)
def test_a_span_is_typed_in_the_smallest_unit_that_it_fits(seconds: float, typed: str) -> None:
    assert typed_span(seconds) == typed
    assert (read_span(typed) or 0) >= min(seconds, 9_999 * 604_800)


@given(st.text(max_size=20))
def test_nothing_that_is_typed_raises(text: str) -> None:
    read_quiet(text)
    read_time(text)
    read_span(text)


@pytest.mark.parametrize(
    ("typed", "now", "over"),
    [
        pytest.param("24h", "2026-11-24T10:30", "2026-11-25T10:30", id="hours"),
        pytest.param(" for 30 min ", "2026-11-24T10:30", "2026-11-24T11:00", id="minutes"),
        pytest.param("24h", "2026-10-24T10:30", "2026-10-25T09:30", id="hours of a day that has 25"),
        pytest.param("3 days", "2026-10-24T10:30", "2026-10-27T10:30", id="days, one of which has 25 hours"),
        pytest.param("a week", "2026-03-28T10:30", "2026-04-04T10:30", id="a week that lacks an hour"),
        pytest.param("until 18:00", "2026-11-24T10:30", "2026-11-24T18:00", id="until later today"),
        pytest.param("Until 6 pm", "2026-11-24T18:00", "2026-11-25T18:00", id="until the same time tomorrow"),
        pytest.param("till 9", "2026-11-24T10:30", "2026-11-25T09:00", id="until tomorrow morning"),
        pytest.param("until tomorrow at 18:00", "2026-11-24T10:30", "2026-11-25T18:00", id="until tomorrow evening"),
        pytest.param("until tomorrow 0:00", "2026-11-24T10:30", "2026-11-25T00:00", id="until midnight"),
        pytest.param("until 03:30", "2026-03-28T23:00", "2026-03-29T04:30", id="until a time that is skipped"),
        pytest.param("until tomorrow", "2026-11-24T10:30", None, id="until some time"),
        pytest.param("until 25:00", "2026-11-24T10:30", None, id="until no time"),
        pytest.param("18:00", "2026-11-24T10:30", None, id="a time without a word"),
        pytest.param("0h", "2026-11-24T10:30", None, id="no time at all"),
        pytest.param("for ever", "2026-11-24T10:30", None, id="for ever"),
        pytest.param("", "2026-11-24T10:30", None, id="nothing"),
    ],
)
def test_when_it_is_over_as_people_type_it(typed: str, now: str, over: str | None) -> None:
    assert read_until(typed, at(now), KYIV) == (None if over is None else at(over))


@given(
    st.sampled_from(["5m", "1h", "a day", "2 weeks", "until 02:30", "until tomorrow 2:30"]),
    INSTANTS,
    st.sampled_from(ZONES),
)
def test_it_is_over_after_now(typed: str, now: float, name: str) -> None:
    over = read_until(typed, now, ZoneInfo(name))
    assert over is not None
    assert over > now
