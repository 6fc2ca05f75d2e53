"""Why a query does not hold, part by part; and what might have been meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.alternatives import closest, respelled, scattered
from bot.domain.explain import reasons
from bot.domain.filters import Analysis
from bot.domain.matching import Places, holds, word_holds
from bot.domain.query import QueryError, Word, parse
from bot.domain.required import words_of
from bot.domain.stories import Entry

ENTRY = Entry(
    title="Military instructors reach Lviv",
    summary="Who sends them? The mission of the military, says Le Monde, not any eumam. Instructors stay.",
    author="Ann Bell",
    url="https://www.courier.example/a-story",
    language="en",
)


def places_of(text: str, analysis: Analysis) -> Places:
    return {
        word: {
            place: characters
            for written, found in analysis.places.items()
            if word_holds(word, written, analysis.language, analysis.facts.forms)
            for place, characters in found.items()
        }
        for word in words_of(parse(text))
    }


def why(text: str, entry: Entry = ENTRY) -> list[str]:
    analysis = Analysis(entry, outlet="The Courier")
    found = reasons(parse(text), places_of(text, analysis), analysis.facts)
    return [f"{reason.why}: {reason.part}" for reason in found]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("instructors", [], id="it holds"),
        pytest.param("NATO", ["absent: NATO"], id="a word is absent"),
        pytest.param("instructors military", ["apart: instructors military"], id="the words are apart"),
        pytest.param("military nurses", ["absent: military nurses"], id="a word of a phrase is absent"),
        pytest.param("EUMAM", ["small: EUMAM"], id="an acronym in small letters"),
        pytest.param("NATO, nurses", ["absent: NATO", "absent: nurses"], id="none of several"),
        pytest.param("instructors AND NATO", ["absent: NATO"], id="one of two"),
        pytest.param("instructors -lviv", ["present: lviv"], id="what was excluded"),
        pytest.param("reach NEAR/2 monde", ["far: reach NEAR/2 monde"], id="too far"),
        pytest.param("reach NEAR/2 nurses", ["absent: nurses"], id="nothing to be near to"),
        pytest.param('="le monde"', ['unlike: ="le monde"'], id="other letters"),
        pytest.param('="le temps"', ['absent: ="le temps"'], id="no such characters"),
        pytest.param("title:monde", ["title: monde"], id="not in the title"),
        pytest.param("title:nurses", ["absent: title:nurses"], id="nowhere, let alone in the title"),
        pytest.param("source:lemonde.fr", ["source: source:lemonde.fr"], id="another source"),
        pytest.param("lang:fr", ["language: lang:fr"], id="another language"),
        pytest.param("author:Smith", ["author: author:Smith"], id="another author"),
    ],
)
def test_each_part_that_fails_is_named(text: str, told: list[str]) -> None:
    assert why(text) == told


def test_in_a_headline_of_capitals_a_short_acronym_is_any_word() -> None:
    assert why("WHO", Entry(title="WHO IS IN CHARGE")) == ["small: WHO"]


@given(
    st.recursive(
        st.sampled_from(["instructors", "NATO", "military instructors", "instructors military", "title:lviv", "WHO"]),
        lambda parts: st.builds(
            lambda a, sign, b: f"({a}){sign}({b})", parts, st.sampled_from([" AND ", ", ", " NOT "]), parts
        ),
        max_leaves=5,
    )
)
def test_reasons_are_given_exactly_where_a_query_does_not_hold(text: str) -> None:
    try:
        query = parse(text)
    except QueryError:
        return
    analysis = Analysis(ENTRY)
    places = places_of(text, analysis)
    assert bool(reasons(query, places, analysis.facts)) == (holds(query, places, analysis.facts) is None)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        pytest.param("military instructors", "military AND instructors", id="a phrase"),
        pytest.param("EUMAM", None, id="a word"),
        pytest.param("military instructors, EUMAM", "military AND instructors, EUMAM", id="in a list"),
        pytest.param("title:(military instructors) AND x", "title:(military AND instructors) AND x", id="in a field"),
        pytest.param("military instructors NEAR/3 Kyiv", None, id="near"),
        pytest.param("Kyiv -military instructors", None, id="what is excluded"),
        pytest.param('="military instructors"', None, id="exactly"),
    ],
)
def test_the_same_words_anywhere(text: str, other: str | None) -> None:
    made = scattered(parse(text))
    assert (made and parse(str(made))) == (other and parse(other))


@pytest.mark.parametrize(
    ("text", "spellings", "other"),
    [
        pytest.param("instuctors", {"instuctors": "instructors"}, "instructors", id="a word"),
        pytest.param(
            "military instuctors, EUMAM", {"instuctors": "instructors"}, "military instructors, EUMAM", id="of a phrase"
        ),
        pytest.param("instuctors NEAR/3 Kyiv", {"instuctors": "instructors"}, "instructors NEAR/3 Kyiv", id="near"),
        pytest.param("military", {"instuctors": "instructors"}, None, id="none of its words"),
    ],
)
def test_words_spelled_otherwise(text: str, spellings: dict[str, str], other: str | None) -> None:
    made = respelled(parse(text), {Word(word): spelled for word, spelled in spellings.items()})
    assert (made and parse(str(made))) == (other and parse(other))


def test_the_closest_spelling() -> None:
    written = ["instruction", "instructors", "instead"]
    assert closest(Word("instuctors"), written) == "instructors"
    assert closest(Word("xyzzy"), written) is None
