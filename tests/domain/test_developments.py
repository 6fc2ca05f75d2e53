"""What stories say of an event, and whether a later one says that it has changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.developments import NO_COUNT, Count, Facts, State, Toll, count_of, develops, facts_of

HEADLINES = st.sampled_from(
    [
        "Fire in Ashford kills two",
        "Ashford fire: death toll rises to five, 12 injured",
        "Miners and ministers reach agreement",
        "Nothing happened in Ashford",
        "Man arrested over Ashford fire",
    ]
)


@pytest.mark.parametrize(
    ("title", "tolls"),
    [
        pytest.param("Missile kills four, injures 20", {Toll.DEAD: 4, Toll.HURT: 20}, id="the verb stands before"),
        pytest.param("Four killed, 20 injured", {Toll.DEAD: 4, Toll.HURT: 20}, id="the verb stands behind"),
        pytest.param("Killing four and injuring 20", {Toll.DEAD: 4, Toll.HURT: 20}, id="participles"),
        pytest.param("Blast kills at least 28 people", {Toll.DEAD: 28}, id="a hedge between"),
        pytest.param("At least 12 firemen injured", {Toll.HURT: 12}, id="a hedge in front of everything"),
        pytest.param("Death toll in the harbour town rises to five", {Toll.DEAD: 5}, id="a toll that reaches"),
        pytest.param("Prices in the harbour town rise to five", {}, id="something else that reaches"),
        pytest.param("20 die as 1,200 flee, 7 missing", {Toll.MISSING: 7}, id="a number that counts nobody"),
        pytest.param("More than 1,200 dead", {Toll.DEAD: 1200}, id="thousands"),
        pytest.param("Killed 4, then killed 6", {Toll.DEAD: 6}, id="the higher count"),
        pytest.param("Number 1234567 dead", {}, id="an identifier"),
        pytest.param("The 2026 season ends in a draw", {}, id="a year"),
        pytest.param("двоє загиблих, семеро поранених", {Toll.DEAD: 2, Toll.HURT: 7}, id="Ukrainian"),
        pytest.param(
            "кількість загиблих зросла до п'яти, 25 поранених", {Toll.DEAD: 5, Toll.HURT: 25}, id="Ukrainian, rising"
        ),
        pytest.param("25", {}, id="a number alone"),
    ],
)
def test_tolls_are_read_from_headlines(title: str, tolls: dict[Toll, int]) -> None:
    assert facts_of(title, "").tolls == tolls


def test_a_lead_counts_only_whom_the_headline_does_not() -> None:
    facts = facts_of("Fire kills two", "Three people were injured. A fire in 2019 had killed 40 people.")

    assert facts.tolls == {Toll.DEAD: 2, Toll.HURT: 3}


@pytest.mark.parametrize(
    ("so_far", "title", "lead", "is_one"),
    [
        pytest.param("Fire kills two", "Fire kills five", "", True, id="a toll has risen"),
        pytest.param("Fire kills five", "Fire kills four", "", False, id="a lower count is another account"),
        pytest.param("Fire kills two", "Fire kills two", "", False, id="the same count"),
        pytest.param("Fire injures two", "Fire kills one, injures two", "", False, id="one is no number"),
        pytest.param("Fire injures two", "Fire kills two", "", True, id="the first dead"),
        pytest.param("Fire in Ashford", "Fire kills two", "", False, id="who counts first is no development"),
        pytest.param("Miners strike", "Miners' strike: deal signed", "", True, id="an agreement"),
        pytest.param("Miners strike", "Miners strike on", "They agreed to nothing.", False, id="a state in the lead"),
        pytest.param("Deal ends strike", "Agreement ends strike", "", False, id="the same in other words"),
        pytest.param("Mayor under fire", "Mayor resigns", "", True, id="a resignation"),
        pytest.param("Mayor will come", "Mayor won’t come", "", True, id="a denial"),
        pytest.param("Мер приїде", "Мер не приїде", "", True, id="a denial in Ukrainian"),
        pytest.param("Mayor will not come", "Mayor won't come", "", False, id="a denial once more"),
        pytest.param("Mayor comes", "Mayor is here", "She did not say why.", False, id="a lead that denies something"),
    ],
)
def test_a_development_is_what_was_not_known(so_far: str, title: str, lead: str, is_one: bool) -> None:
    assert develops(facts_of(title, lead), facts_of(so_far, "")) is is_one


def test_a_state_that_an_earlier_lead_named_is_known() -> None:
    so_far = facts_of("Miners back to work", "An agreement was signed at night.")

    assert so_far.states == {State.AGREED}
    assert not develops(facts_of("Miners reach agreement", ""), so_far)


@given(HEADLINES, HEADLINES)
def test_what_was_said_once_is_no_development_again(one: str, other: str) -> None:
    said = Facts() | facts_of(one, "") | facts_of(other, "")

    assert not develops(facts_of(one, ""), said)
    assert not develops(facts_of(other, ""), said)
    assert said == facts_of(other, "") | facts_of(one, "")


@pytest.mark.parametrize(
    ("title", "count"),
    [
        ("Death toll rises to five, 25 injured", Count(((Toll.DEAD, 5), (Toll.HURT, 25)), risen=True)),
        ("Кількість загиблих зросла до п'яти", Count(((Toll.DEAD, 5),), risen=True)),
        ("Число погибших возросло до 5", Count(((Toll.DEAD, 5),), risen=True)),
        ("Le bilan s'alourdit à 5 morts", Count(((Toll.DEAD, 5),), risen=True)),
        ("Zahl der Toten steigt auf 5", Count(((Toll.DEAD, 5),), risen=True)),
        ("Strike kills two, injures 25", Count(((Toll.DEAD, 2), (Toll.HURT, 25)))),
        ("Prices rise by 5 percent", NO_COUNT),
        ("Ministers met", NO_COUNT),
    ],
)
def test_a_headline_counts_and_says_whether_there_were_fewer(title: str, count: Count) -> None:
    assert count_of(title) == count
