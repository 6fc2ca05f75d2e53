"""The catalogue and the source packs that are shipped."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from bot.domain.catalogue import ASKS
from bot.feeds.opml import read_list, read_pack
from bot.packs import DEFAULT, PACKS, _faults_of, _listings, faults, read_catalogue

SHARED = Path(__file__).parents[1].parent / "shared" / "data" / "catalogue"
FOLDER = Path(__file__).parents[1] / "bot" / "packs"
HEAD = "outlet,also,url,country,language,topic,grade,seen,terms\n"
CATALOGUE = read_catalogue()


def test_nothing_is_wrong_with_the_packs_and_the_catalogue() -> None:
    assert faults() == []
    checked = subprocess.run([sys.executable, "-m", "bot.packs"], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "well" in checked.stdout


def test_the_default_pack_speaks_several_languages() -> None:
    languages = {listing.url: listing.language for listing in CATALOGUE.listings}
    spoken = [languages[url] for url, _ in read_pack(DEFAULT)]
    assert {"en", "uk", "fr", "de", "pl"} <= set(spoken)
    assert spoken.count("en") < len(spoken) * 0.6


@pytest.mark.parametrize("pack", PACKS)
def test_each_pack_is_told_apart_by_its_feeds_and_says_their_languages(pack: str) -> None:
    assert len(read_pack(pack)) >= 9
    languages = {listing.url: listing.language for listing in CATALOGUE.listings}
    text = (FOLDER / f"{pack}.opml").read_text("utf-8")
    for url, language in ((feed.url, languages[feed.url]) for feed in read_list(text.encode()).feeds):
        assert f'language="{language}" xmlUrl="{url.replace("&", "&amp;")}"' in text


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        pytest.param("A,,https://a.example/rss,FR,fr,world,A,,", "", id="well"),
        pytest.param("A,,a.example/rss,FR,fr,world,A,,", "is no address", id="no scheme"),
        pytest.param(",,https://a.example/rss,FR,fr,world,A,,", "has no outlet", id="no outlet"),
        pytest.param("A,,https://a.example/rss,France,fr,world,A,,", "has no country", id="a country's name"),
        pytest.param("A,,https://a.example/rss,FR,*,world,A,,", "has no language", id="any language"),
        pytest.param("A,,https://a.example/rss,FR,fr,world,E,,", "has no grade", id="an unknown grade"),
        pytest.param("A,,https://www.lemonde.fr/rss,FR,fr,world,A,,", ASKS, id="a note that is missing"),
        pytest.param("A,,https://rt.com/rss,RU,en,world,A,,", "may not be distributed", id="forbidden"),
    ],
)
def test_a_fault_in_the_catalogue_is_named(row: str, fault: str) -> None:
    (listing,) = _listings(HEAD + row + "\n")
    assert [fault in found for found in _faults_of(listing)] == ([True] if fault else [])


@pytest.mark.skipif(not SHARED.is_dir(), reason="the facts that it was made from lie outside the repository")
def test_the_catalogue_is_what_is_known_without_what_is_not_to_be_used() -> None:
    with (SHARED / "catalogue.csv").open(encoding="utf-8", newline="") as file:
        facts = {row["feed_url"]: row for row in csv.DictReader(file)}
    with (SHARED / "do_not_use.csv").open(encoding="utf-8", newline="") as file:
        avoided = {word.strip(",;") for row in csv.DictReader(file) for word in row["feed"].split() if "://" in word}
    assert len(CATALOGUE.listings) >= 0.95 * len(facts)
    for listing in CATALOGUE.listings:
        fact = facts[listing.url]
        assert (listing.outlet, listing.language, listing.grade) == (
            fact["outlet"], fact["language"], fact["confidence"],
        )  # fmt: skip
        assert listing.url not in avoided
