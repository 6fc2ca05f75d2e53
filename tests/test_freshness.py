from email.utils import formatdate

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.freshness import http_date, max_age, retry_after

NOW = 1_780_000_000.0  # Thu, 28 May 2026 20:26:40 GMT
YEAR = 365 * 86_400.0

TODAY = "Thu, 28 May 2026 20:26:40 GMT"
IN_TEN_MINUTES = "Thu, 28 May 2026 20:36:40 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        pytest.param([], None, id="nothing said"),
        pytest.param([("Cache-Control", "max-age=300")], 300, id="seconds"),
        pytest.param([("Cache-Control", "public, MAX-AGE=300")], 300, id="among others, in capitals"),
        pytest.param([("Cache-Control", "public"), ("Cache-Control", "max-age=300")], 300, id="on a line of its own"),
        pytest.param([("Cache-Control", 'max-age="300"')], 300, id="in quotes"),
        pytest.param([("Cache-Control", "max-age=0")], 0, id="none at all"),
        pytest.param([("Cache-Control", "max-age=60, max-age=300")], 60, id="twice: the first"),
        pytest.param([("Cache-Control", "s-maxage=300")], None, id="for shared caches"),
        pytest.param([("Cache-Control", "x-max-age=300")], None, id="another's"),
        pytest.param([("Cache-Control", 'ext="max-age=300", private')], None, id="within a quotation"),
        pytest.param([("Cache-Control", "max-age=soon")], None, id="no number"),
        pytest.param([("Cache-Control", "max-age=-1")], None, id="less than nothing"),
        pytest.param([("Cache-Control", "max-age")], None, id="without a number"),
        pytest.param([("Cache-Control", "max-age=" + "9" * 300)], YEAR, id="longer than a year"),
        pytest.param([("Cache-Control", "no-cache, max-age=300")], None, id="not without asking"),
        pytest.param([("Cache-Control", "max-age=300, no-store")], None, id="not to be stored"),
        pytest.param([("Cache-Control", "no-cache"), ("Expires", IN_TEN_MINUTES)], None, id="no-cache beats Expires"),
        pytest.param([("Cache-Control", "max-age=300"), ("Age", "120")], 180, id="less its age"),
        pytest.param([("Cache-Control", "max-age=300"), ("Age", "1000")], 0, id="too old"),
        pytest.param([("Cache-Control", "max-age=300"), ("Age", "old")], 300, id="no age"),
        pytest.param([("Expires", IN_TEN_MINUTES), ("Date", TODAY)], 600, id="a date"),
        pytest.param([("Expires", IN_TEN_MINUTES)], 600, id="a date, from now"),
        pytest.param(
            [("Expires", "Thu, 28 May 2015 20:36:40 GMT"), ("Date", "Thu, 28 May 2015 20:26:40 GMT")],
            600,
            id="a date by a clock that is wrong",
        ),
        pytest.param([("Expires", IN_TEN_MINUTES), ("Date", TODAY), ("Age", "60")], 540, id="a date less its age"),
        pytest.param([("Expires", IN_TEN_MINUTES), ("Cache-Control", "max-age=1")], 1, id="max-age beats Expires"),
        pytest.param([("Expires", IN_TEN_MINUTES), ("Cache-Control", "public")], 600, id="Expires beats silence"),
        pytest.param([("Expires", TODAY), ("Date", IN_TEN_MINUTES)], 0, id="expired"),
        pytest.param([("Expires", "0")], 0, id="expired, as 0"),
        pytest.param([("Expires", "-1")], 0, id="expired, as -1"),
        pytest.param([("Expires", "Fri, 31 Dec 9999 23:59:59 GMT")], YEAR, id="never"),
    ],
)
def test_how_long_an_answer_stays_fresh(headers: list[tuple[str, str]], seconds: float | None) -> None:
    assert max_age(httpx.Headers(headers), NOW) == seconds


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        pytest.param(None, None, id="nothing said"),
        pytest.param("120", 120, id="seconds"),
        pytest.param(" 120 ", 120, id="seconds, padded"),
        pytest.param(IN_TEN_MINUTES, 600, id="a date to come"),
        pytest.param("Thursday, 28-May-26 20:36:40 GMT", 600, id="a date of RFC 850"),
        pytest.param("Thu May 28 20:36:40 2026", 600, id="a date of asctime"),
        pytest.param("Thu, 28 May 2020 20:27:40 GMT", 0, id="a date gone by"),
        pytest.param("soon", None, id="no time at all"),
        pytest.param("", None, id="empty"),
        pytest.param("-5", None, id="less than nothing"),
        pytest.param("١٢", None, id="digits of another script"),
        pytest.param("9" * 400, YEAR, id="more than a float holds"),
    ],
)
def test_how_long_to_wait(said: str | None, seconds: float | None) -> None:
    assert retry_after(said, NOW) == seconds


HEADER = st.one_of(st.text(max_size=60), st.from_regex(r"\A[\w=\", :+-]{0,60}\Z"))


@given(cache=HEADER, expires=HEADER, date=HEADER, age=HEADER)
def test_whatever_a_header_holds_the_time_is_between_none_and_a_year(
    cache: str, expires: str, date: str, age: str
) -> None:
    headers = httpx.Headers(
        [
            (name, value.encode("utf-8", "ignore"))
            for name, value in ((b"Cache-Control", cache), (b"Expires", expires), (b"Date", date), (b"Age", age))
        ]
    )
    for seconds in (max_age(headers, NOW), retry_after(expires, NOW)):
        assert seconds is None or 0 <= seconds <= YEAR


@given(st.integers(0, 4_000_000_000))
def test_a_date_that_http_writes_is_read_as_it_was_meant(seconds: int) -> None:
    assert http_date(formatdate(seconds, usegmt=True)) == seconds
