"""What is typed behind /mute, and what an alert offers to mute: queries, each of which can be read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import UserError
from bot.domain.fields import Field, Span, texts
from bot.domain.muting import discards, event_muted_until, outlet_to_mute, read_mute, word_to_mute
from bot.domain.query import QueryError, parse
from bot.domain.stories import Entry

DAY = 86_400.0
OUTLETS = ["Le Monde", "Corriere, Della", "Interfax-Ukraine"]


@pytest.mark.parametrize(
    ("typed", "query", "seconds"),
    [
        pytest.param("sport", "sport", None, id="a word, for good"),
        pytest.param("sport 24h", "sport", 86_400, id="a word for a day"),
        pytest.param("military instructors 1w", "military instructors", 604_800, id="a phrase for a week"),
        pytest.param("lemonde.fr", "source:lemonde.fr", None, id="an outlet's site"),
        pytest.param("https://www.lemonde.fr/x 2d", "source:lemonde.fr", 172_800, id="its address"),
        pytest.param("le monde 30m", 'source:"Le Monde"', 1_800, id="its name"),
        pytest.param("Corriere, Della", 'source:"Corriere, Della"', None, id="its name with a comma"),
        pytest.param("source:lemonde.fr 7d", "source:lemonde.fr", 604_800, id="as in a query"),
        pytest.param("sport, football", "sport, football", None, id="a query of several"),
        pytest.param("24h", "24h", None, id="a span alone is a word"),
        pytest.param("EUMAM 24", "EUMAM 24", None, id="a number is no span"),
    ],
)
def test_what_is_typed_is_a_query_and_for_how_long(typed: str, query: str, seconds: float | None) -> None:
    assert read_mute(typed, OUTLETS) == (query, seconds)


@pytest.mark.parametrize("typed", ["EUMAM 0h", "EUMAM 99999999999h", "military instructors 00D"])
def test_what_ends_like_a_span_and_is_none_is_refused_rather_than_taken_for_words(typed: str) -> None:
    with pytest.raises(UserError) as refused:
        read_mute(typed, OUTLETS)
    assert refused.value.key == "mute-span"


@pytest.mark.parametrize("typed", ["-sport", '"open 24h', "("])
def test_what_is_no_query_is_refused_with_what_is_wrong(typed: str) -> None:
    with pytest.raises(QueryError):
        read_mute(typed, OUTLETS)


@pytest.mark.parametrize("outlet", ["", '"', "“”"])
def test_an_outlet_without_a_name_cannot_be_muted(outlet: str) -> None:
    assert outlet_to_mute(outlet) is None


@pytest.mark.parametrize(
    ("until", "made_at", "now", "discarded"),
    [
        pytest.param(None, 5, 50, True, id="for good, whenever it was made"),
        pytest.param(20, 5, 15, True, id="in force, and it has waited"),
        pytest.param(20, 15, 50, True, id="ended, and it was made while it was in force"),
        pytest.param(20, 10, 20, True, id="made at the instant at which it began"),
        pytest.param(20, 20, 20, False, id="made at the instant at which it ended"),
        pytest.param(20, 5, 50, False, id="ended, and it was made before"),
        pytest.param(20, 30, 50, False, id="ended, and it was made later"),
    ],
)
def test_a_mute_discards_what_waits_while_it_is_in_force_and_what_was_made_then(
    until: float | None, made_at: float, now: float, discarded: bool
) -> None:
    assert discards(10, until, made_at, now) is discarded


@pytest.mark.parametrize(
    ("now", "until"),
    [
        pytest.param(0, 4 * DAY, id="at once: its 72 hours and a day"),
        pytest.param(2 * DAY, 4 * DAY, id="within them: the same"),
        pytest.param(50 * DAY, 51 * DAY, id="long after: a day"),
    ],
)
def test_an_event_is_muted_until_nothing_joins_it_any_more(now: float, until: float) -> None:
    assert event_muted_until(0.0, now) == until


TITLE = "EUMAM’s military  instructors return"


@pytest.mark.parametrize(
    ("query", "spans", "word"),
    [
        pytest.param("military instructors", [(8, 16)], "military instructors", id="a phrase as it was asked for"),
        pytest.param("instruct*", [(18, 29)], "instruct*", id="a prefix"),
        pytest.param("EUMAM, NATO", [(0, 5)], "EUMAM", id="of alternatives the one that stood there"),
        pytest.param("return AND military", [(8, 16), (30, 36)], "military", id="of several the first"),
        pytest.param("(military instructors), x", [(30, 36)], "return", id="brackets"),
        pytest.param("source:lemonde.fr", [], None, id="no word"),
        pytest.param("a, b", [(5, 6)], None, id="what stood there is no word"),
    ],
)
def test_an_alert_offers_the_word_that_made_it(query: str, spans: list[tuple[int, int]], word: str | None) -> None:
    fields = texts(Entry(title=TITLE))
    assert word_to_mute(query, fields, [Span(Field.TITLE, *span) for span in spans]) == word


def test_words_side_by_side_are_one_phrase() -> None:
    fields = texts(Entry(title="search and rescue"))
    spans = [Span(Field.TITLE, 0, 6), Span(Field.TITLE, 7, 10), Span(Field.TITLE, 11, 17)]
    assert word_to_mute('"search and rescue", x', fields, spans) == "search and rescue"


def test_a_word_too_long_for_a_button_is_not_offered() -> None:
    assert word_to_mute("x" * 70, texts(Entry(title="x" * 70)), [Span(Field.TITLE, 0, 70)]) is None


@given(st.text(min_size=1, max_size=40))
def test_whatever_can_be_muted_can_be_read_again(said: str) -> None:
    for query in (
        outlet_to_mute(said),
        word_to_mute("a, b", texts(Entry(title=said)), [Span(Field.TITLE, 0, len(said))]),
    ):
        if query is not None:
            assert str(parse(query)) == query
