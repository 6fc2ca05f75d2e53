"""How a feed is found by a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalogue import Catalogue, Listing

LISTINGS = (
    Listing("Ukrinform War (EN)", "https://www.ukrinform.net/rss/rubric-ato", grade="A"),
    Listing("Ukrinform (EN)", "https://www.ukrinform.net/rss/block-lastnews", grade="B"),
    Listing("Ukrinform (UK)", "https://www.ukrinform.ua/rss/block-lastnews", ("Укрінформ",), grade="A"),
    Listing("Le Monde (FR)", "https://www.lemonde.fr/rss/une.xml", grade="B"),
    Listing("Toute l'Europe", "https://www.touteleurope.eu/feed", grade="B"),
    Listing("Sueddeutsche", "https://rss.sueddeutsche.de/rss/Alles", ("Süddeutsche Zeitung",), grade="B"),
    Listing("BBC World", "https://feeds.bbci.co.uk/news/world/rss.xml", grade="A"),
    Listing("War on the Rocks", "https://warontherocks.com/feed", grade="B"),
    Listing("НВ", "https://nv.ua/ukr/rss/all.xml", grade="C"),
)
CATALOGUE = Catalogue(LISTINGS)


@pytest.mark.parametrize(
    ("name", "outlets"),
    [
        pytest.param("Ukrinform War (EN)", ["Ukrinform War (EN)"], id="in full"),
        pytest.param("ukrinform", ["Ukrinform (UK)", "Ukrinform (EN)", "Ukrinform War (EN)"], id="the surest first"),
        pytest.param("УКРІНФОРМ", ["Ukrinform (UK)"], id="in its own letters"),
        pytest.param("ukrinform.net", ["Ukrinform (EN)", "Ukrinform War (EN)"], id="its site"),
        pytest.param("lemonde", ["Le Monde (FR)"], id="without a space"),
        pytest.param("le  MONDE", ["Le Monde (FR)"], id="with one too many"),
        pytest.param("ukrinfrom", ["Ukrinform (UK)", "Ukrinform (EN)"], id="two letters the wrong way round"),
        pytest.param("ukrinfrm", ["Ukrinform (UK)", "Ukrinform (EN)"], id="a letter left out"),
        pytest.param("ukrinnform war", ["Ukrinform War (EN)"], id="a letter too many"),
        pytest.param("suddeutsche zeitung", ["Sueddeutsche"], id="without its dots"),
        pytest.param("süddeutsche", ["Sueddeutsche"], id="half of its name"),
        pytest.param("war rocks", ["War on the Rocks"], id="without the small words"),
        pytest.param("rocks war", ["War on the Rocks"], id="in another order"),
        pytest.param("toute leurope", ["Toute l'Europe"], id="without an apostrophe"),
        pytest.param("bcc", [], id="a short word must be right"),
        pytest.param("bbc w", [], id="a letter that begins nothing"),
        pytest.param("bbc wor", ["BBC World"], id="a word that is begun"),
        pytest.param("нв", ["НВ"], id="two letters that are all of it"),
        pytest.param("nobody's gazette", [], id="nobody"),
        pytest.param("", [], id="nothing"),
        pytest.param("?!", [], id="no word"),
    ],
)
def test_a_feed_is_found_by_what_people_call_it(name: str, outlets: list[str]) -> None:
    found = [listing.outlet for listing in CATALOGUE.find(name)]
    assert found[: len(outlets)] == outlets
    assert bool(found) == bool(outlets)


def test_no_more_are_offered_than_were_asked_for() -> None:
    assert len(CATALOGUE.find("ukrinform", most=2)) == 2


@pytest.mark.parametrize(
    ("url", "outlet"),
    [
        pytest.param("https://www.lemonde.fr/rss/une.xml", "Le Monde (FR)", id="as it is listed"),
        pytest.param("http://www.lemonde.fr/rss/une.xml/", "Le Monde (FR)", id="another spelling"),
        pytest.param("https://www.lemonde.fr/rss", None, id="another feed"),
    ],
)
def test_a_feed_is_known_by_its_address(url: str, outlet: str | None) -> None:
    listing = CATALOGUE.at(url)
    assert (listing and listing.outlet) == outlet


@given(st.sampled_from(LISTINGS), st.data())
def test_one_typo_in_a_long_name_does_not_lose_it(listing: Listing, data: st.DataObject) -> None:
    name = "Ukrinform War" if len(listing.outlet) < 8 else listing.outlet.partition(" (")[0]
    places = [place for place, letter in enumerate(name) if letter.isalpha()]
    place = data.draw(st.sampled_from(places))
    wrong = name[:place] + data.draw(st.sampled_from("xqz")) + name[place + 1 :]
    if len(name.replace(" ", "")) >= 8:
        assert any(found.outlet.startswith(name) for found in CATALOGUE.find(wrong)) or len(name) < 8


@given(st.text(max_size=60))
def test_whatever_is_typed_is_no_error(name: str) -> None:
    assert len(CATALOGUE.find(name)) <= 5
