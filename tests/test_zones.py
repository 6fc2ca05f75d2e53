"""Time zones as people name them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.zones import find_zone, zone_named


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        pytest.param("Europe/Kyiv", "Europe/Kyiv", id="IANA's name"),
        pytest.param(" europe/kyiv ", "Europe/Kyiv", id="in any case"),
        pytest.param("America/New York", "America/New_York", id="with a space"),
        pytest.param("New York", "America/New_York", id="a city"),
        pytest.param("Kyiv", "Europe/Kyiv", id="Kyiv"),
        pytest.param("Kiev", "Europe/Kyiv", id="Kyiv's former spelling"),
        pytest.param("Київ", "Europe/Kyiv", id="Kyiv in Ukrainian"),
        pytest.param("Львів", "Europe/Kyiv", id="a city that names no zone"),
        pytest.param("Варшава", "Europe/Warsaw", id="Warsaw in Ukrainian"),
        pytest.param("Bruxelles", "Europe/Brussels", id="Brussels in French"),
        pytest.param("munchen", "Europe/Berlin", id="without accents"),
        pytest.param("London", "Europe/London", id="not Belfast"),
        pytest.param("utc", "UTC", id="UTC"),
        pytest.param("UTC+2", "UTC+2", id="an offset east"),
        pytest.param("GMT -03:00", "UTC-3", id="an offset west"),
        pytest.param("utc−5", "UTC-5", id="with a minus as it is printed"),
        pytest.param("UTC+5:30", "UTC+5:30", id="an offset of half an hour"),
        pytest.param("+0545", "UTC+5:45", id="an offset alone"),
        pytest.param("UTC+0", "UTC", id="no offset at all"),
        pytest.param("Etc/GMT-2", "UTC+2", id="IANA's name of an offset, which reads the other way round"),
        pytest.param("UTC+15", None, id="an offset that no clock has"),
        pytest.param("UTC+2:07", None, id="nor that"),
        pytest.param("CEST", "CET", id="summer time"),
        pytest.param("EEST", "EET", id="summer time further east"),
        pytest.param("Mumbai", "Asia/Kolkata", id="Mumbai"),
        pytest.param("New Delhi", "Asia/Kolkata", id="New Delhi"),
        pytest.param("Beijing", "Asia/Shanghai", id="Beijing"),
        pytest.param("San Francisco", "America/Los_Angeles", id="San Francisco"),
        pytest.param("St. Petersburg", "Europe/Moscow", id="with a full stop"),
        pytest.param("Washington, D.C.", "America/New_York", id="with two and a comma"),
        pytest.param("The Hague", "Europe/Amsterdam", id="with an article"),
        pytest.param("Praha", "Europe/Prague", id="Prague in Czech"),
        pytest.param("Αθήνα", "Europe/Athens", id="Athens in Greek"),
        pytest.param("Istanbul", "Europe/Istanbul", id="Istanbul"),
        pytest.param("Kyiv, Ukraine", "Europe/Kyiv", id="a city and its country"),
        pytest.param("Paris, Texas", "America/Chicago", id="a city of that name in a state"),
        pytest.param("Paris, TX, USA", "America/Chicago", id="with the state's letters and the country"),
        pytest.param("Paris, Île-de-France, France", "Europe/Paris", id="with what is no state that we know"),
        pytest.param("Paris, Frankreich", "Europe/Paris", id="a city and its country in German"),
        pytest.param("Paris, Denmark", "Europe/Copenhagen", id="a city that lies in another country"),
        pytest.param("Paris, USA", None, id="a city in another country of several zones"),
        pytest.param("London, Ontario", "America/Toronto", id="a city in a province"),
        pytest.param("Portland, Oregon", "America/Los_Angeles", id="a city in its state"),
        pytest.param("Portland, Maine", "America/New_York", id="and one in another"),
        pytest.param("Moscow, Idaho", None, id="a city in a state of two zones"),
        pytest.param("Memphis, Tennessee", "America/Chicago", id="a city that is known in such a state"),
        pytest.param("Atlanta, Georgia", "America/New_York", id="a state that is called as a country is"),
        pytest.param("Tbilisi, Georgia", "Asia/Tbilisi", id="the country"),
        pytest.param("Springfield, Georgia", None, id="a city that may be in either"),
        pytest.param("Springfield, Illinois", "America/Chicago", id="a city that is known by its state only"),
        pytest.param("San Jose, USA", "America/Los_Angeles", id="a city and its large country"),
        pytest.param("Madrid, Spain", "Europe/Madrid", id="a country of several zones"),
        pytest.param("Kyiv, the centre", "Europe/Kyiv", id="a city and something else"),
        pytest.param("Paris, Tex.", None, id="what is short for a state that is not known"),
        pytest.param("London, Kyiv", None, id="two cities"),
        pytest.param("Kyiv,", "Europe/Kyiv", id="a comma and nothing"),
        pytest.param("Granada", None, id="what another language calls a country"),
        pytest.param("Granada, Spain", "Europe/Madrid", id="the same in its country"),
        pytest.param("Córdoba", None, id="a city of two countries"),
        pytest.param("Petersburg", "Europe/Moscow", id="a large city that a small one has a zone beside"),
        pytest.param("Samoa", "Pacific/Apia", id="a country, not the islands that had its name"),
        pytest.param("EST", "America/New_York", id="what people in New York say all year"),
        pytest.param("Berlin, DE", "Europe/Berlin", id="a country's code, which is a state's letters too"),
        pytest.param("Paris, IL", None, id="letters that may be either"),
        pytest.param("UTC+2, Kyiv", "UTC+2", id="an offset and a city"),
        pytest.param("Europe / Kyiv", "Europe/Kyiv", id="with spaces around the stroke"),
        pytest.param("Polska", "Europe/Warsaw", id="a country"),
        pytest.param("Poland", "Europe/Warsaw", id="a country that is a zone's name of old"),
        pytest.param("Germany", "Europe/Berlin", id="a country with an exclave"),
        pytest.param("United States", None, id="a country of several zones"),
        pytest.param("localtime", None, id="a file of the database that is the machine's own"),
        pytest.param("Factory", None, id="a file that is for nobody"),
        pytest.param("UTC+", None, id="no offset"),
        pytest.param("Atlantis", None, id="nowhere"),
        pytest.param("", None, id="nothing"),
        pytest.param("../../etc/passwd", None, id="a path"),
    ],
)
def test_zones_as_people_name_them(text: str, zone: str | None) -> None:
    found = find_zone(text)
    assert (str(found) if found else None) == zone


@pytest.mark.parametrize(
    ("stored", "shown", "hours"),
    [
        pytest.param("Europe/Kyiv", "Europe/Kyiv", 2.0, id="a place"),
        pytest.param("UTC+5:30", "UTC+5:30", 5.5, id="an offset"),
        pytest.param("UTC-3:30", "UTC-3:30", -3.5, id="an offset west"),
        pytest.param("Etc/GMT+4", "UTC-4", -4.0, id="an offset as it was stored once"),
        pytest.param("Etc/GMT", "UTC", 0.0, id="none as it was stored once"),
        pytest.param("", "Europe/Paris", 1.0, id="none"),
        pytest.param("Europe/Atlantis", "Europe/Paris", 1.0, id="one that there is no more"),
        pytest.param("../passwd", "Europe/Paris", 1.0, id="a path"),
    ],
)
def test_a_zone_is_stored_by_its_name(stored: str, shown: str, hours: float) -> None:
    zone = zone_named(stored, ZoneInfo("Europe/Paris"))
    assert str(zone) == shown
    assert datetime(2026, 1, 1, tzinfo=zone).utcoffset() == timedelta(hours=hours)
    assert zone_named(str(zone), UTC) == zone


@given(st.text(max_size=30))
def test_nothing_that_is_typed_raises(text: str) -> None:
    find_zone(text)
