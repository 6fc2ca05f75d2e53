"""Time zones as people name them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.zones import find_zone


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
        pytest.param("UTC+2", "Etc/GMT-2", id="an offset east"),
        pytest.param("GMT -03:00", "Etc/GMT+3", id="an offset west"),
        pytest.param("UTC+5:30", None, id="half an hour has cities"),
        pytest.param("UTC+", None, id="no offset"),
        pytest.param("Atlantis", None, id="nowhere"),
        pytest.param("", None, id="nothing"),
        pytest.param("../../etc/passwd", None, id="a path"),
    ],
)
def test_zones_as_people_name_them(text: str, zone: str | None) -> None:
    found = find_zone(text)
    assert (found.key if found else None) == zone


@given(st.text(max_size=30))
def test_nothing_that_is_typed_raises(text: str) -> None:
    find_zone(text)
