"""What a headline announces, and whether it is the next of a series."""

import pytest

from bot.domain.headlines import Kind, kind_of, may_be_one, series_of

HOUR = 3_600.0


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        pytest.param("Harbour bridge closed after barge hits pillar", Kind.REPORT, id="a report"),
        pytest.param("", Kind.REPORT, id="nothing"),
        pytest.param("WHO warns of measles", Kind.REPORT, id="an organisation, and no question"),
        pytest.param("Ministers wrap up talks", Kind.REPORT, id="an end, and no round-up"),
        pytest.param("Poisoner sentenced to life in prison", Kind.REPORT, id="a sentence, and no gallery"),
        pytest.param("Who pays for the bridge", Kind.EXPLAINER, id="a question without its mark"),
        pytest.param("Harbour bridge: the closure in pictures", Kind.PICTURES, id="a gallery"),
        pytest.param("What we know on day 500", Kind.EXPLAINER, id="what is known"),
        pytest.param("Is the harbour bridge safe?", Kind.EXPLAINER, id="a question"),
        pytest.param("Чому закрили міст", Kind.EXPLAINER, id="a question in Ukrainian, without its mark"),
        pytest.param("Your Monday Briefing", Kind.ROUNDUP, id="a briefing"),
        pytest.param("Bridge closed. And, ferry tickets cost more", Kind.ROUNDUP, id="a newsletter of two things"),
        pytest.param("Ministers to meet on harbour bridge", Kind.PREVIEW, id="a preview"),
    ],
)
def test_a_headline_says_what_it_announces(title: str, kind: Kind) -> None:
    assert kind_of(title) is kind


@pytest.mark.parametrize(
    ("one", "other", "hours", "same_outlet", "may"),
    [
        pytest.param("Summary of day 500", "Summary of day 501", 1, False, False, id="days of a war"),
        pytest.param("Summary of day 500", "Summary of day 500", 1, False, True, id="one day of a war"),
        pytest.param("Summary of day 500", "Rada votes", 1, False, True, id="one headline counts nothing"),
        pytest.param("Fire kills 5", "Fire kills 7", 3, False, True, id="a toll rises within hours"),
        pytest.param("Fire kills 5", "Fire kills 7", 20, False, False, id="the same words a day later"),
        pytest.param("Fire kills five", "Fire kills two", 20, False, False, id="the same words, numbers in words"),
        pytest.param("Fire kills 5", "Fire kills 5", 20, False, True, id="nothing but the time differs"),
        pytest.param("51 new cases", "New cases: 65 today", 24, True, False, id="another tally of one outlet"),
        pytest.param("51 new cases", "New cases: 65 today", 24, False, True, id="another outlet's tally"),
        pytest.param("51 new cases", "New cases: 65, not 51", 24, True, True, id="a number is shared"),
        pytest.param("51 new cases", "New cases reported", 24, True, True, id="one headline has no number"),
    ],
)
def test_the_next_of_a_series_is_another_report(
    one: str, other: str, hours: float, same_outlet: bool, may: bool
) -> None:
    for first, second, seconds in ((one, other, hours * HOUR), (other, one, -hours * HOUR)):
        found = may_be_one(series_of(first), series_of(second), seconds=seconds, same_outlet=same_outlet)
        assert found is may
