"""What is typed behind /mute, and what an alert offers to mute: queries, each of which can be read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import UserError
from bot.domain.fields import Field, Span, texts
from bot.domain.muting import (
    Outlet,
    Wish,
    discards,
    event_muted_until,
    outlet_to_mute,
    read_mute,
    said_of,
    word_to_mute,
)
from bot.domain.query import QueryError, parse
from bot.domain.stories import Entry

DAY = 86_400.0
OUTLETS = [
    Outlet("https://lemonde.example/rss", "Le Monde"),
    Outlet("https://corriere.example/rss", "Corriere, Della"),
    Outlet("https://interfax.example/rss", "Interfax-Ukraine"),
]


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
        pytest.param("sport 24 h", "sport", 86_400, id="its unit behind a space"),
        pytest.param("sport 24 Hours", "sport", 86_400, id="its unit as a word"),
        pytest.param("sport 1 day", "sport", 86_400, id="one day"),
        pytest.param("sport\u00a024h", "sport", 86_400, id="behind a space that does not break"),
        pytest.param("sport for 24h", "sport", 86_400, id="for so long"),
        pytest.param("sport for a week", "sport", 604_800, id="for a week"),
        pytest.param("le monde For 2 Weeks", 'source:"Le Monde"', 1_209_600, id="an outlet for two weeks"),
        pytest.param("article 5 24h", "article 5", 86_400, id="a number before the span"),
        pytest.param("waiting for peace", "waiting for peace", None, id="for something else"),
        pytest.param("once a week", "once a week", None, id="a week that is no span"),
        pytest.param('"the first 24 hours"', "the first 24 hours", None, id="in quotes, words"),
        pytest.param('"Le Monde"', "Le Monde", None, id="in quotes, no outlet's name"),
        pytest.param("sport for good", "sport", None, id="for good"),
        pytest.param("the first 24 hours for good", "the first 24 hours", None, id="words that end like a span"),
        pytest.param("EUMAM 24", "EUMAM 24", None, id="a number is no span"),
    ],
)
def test_what_is_typed_is_a_query_and_for_how_long(typed: str, query: str, seconds: float | None) -> None:
    assert read_mute(typed, OUTLETS) == Wish(query, seconds)


FOLLOWED = [
    Outlet("https://www.lemonde.fr/rss/une.xml", "Le Monde.fr - Actualités et Infos", ("Le Monde (FR)", "Le Monde")),
    Outlet("https://www.ledger.example/rss", "Ukraine | The Ledger"),
    Outlet("https://ukrinform.net/rss", "News", ("Ukrinform",)),
    Outlet("https://ukrinform.ua/rss", "Новини", ("Ukrinform", "Укрінформ")),
    Outlet("https://kyivgazette.example/rss", "Latest"),
    Outlet("https://feeds.feedburner.com/signal", "Signal: all of it", ("Signal Weekly",)),
]


@pytest.mark.parametrize(
    ("typed", "query", "outlet"),
    [
        pytest.param("le monde", "source:lemonde.fr", None, id="what the catalogue calls it"),
        pytest.param("Укрінформ", "source:ukrinform.ua", None, id="its name in another language"),
        pytest.param(
            "ukrinform", "source:ukrinform.net, source:ukrinform.ua", None, id="a name of feeds on several sites"
        ),
        pytest.param("Kyiv Gazette", "source:kyivgazette.example", None, id="what its site is called"),
        pytest.param("Le Monde.fr", "source:lemonde.fr", None, id="a site, as it looks"),
        pytest.param("News", "source:News", None, id="a feed's whole title"),
        pytest.param("ukraine", "ukraine", "source:ukraine", id="a title's beginning may be a topic"),
        pytest.param("The Ledger", "The Ledger", 'source:"The Ledger"', id="its end, behind a bar"),
        pytest.param("ledger", "ledger", "source:ledger", id="without its article"),
        pytest.param("signal", "signal", "source:signal", id="before a colon"),
        pytest.param("kyivgazette", "kyivgazette", "source:kyivgazette", id="its site's name in one word"),
        pytest.param(
            "Signal Weekly", "Signal Weekly", 'source:"Signal Weekly"', id="a site that it shares with others"
        ),
        pytest.param('"Ukraine"', "Ukraine", None, id="in quotes, words"),
        pytest.param("ukraine, sport", "ukraine, sport", None, id="a query is no name"),
        pytest.param("the ledger wins", "the ledger wins", None, id="more than a name"),
        pytest.param("ledg", "ledg", None, id="less than a word of it"),
    ],
)
def test_an_outlet_is_named_as_people_name_it_and_what_may_be_words_is_left_to_them(
    typed: str, query: str, outlet: str | None
) -> None:
    assert read_mute(typed, FOLLOWED) == Wish(query, None, outlet)
    assert read_mute(f"{typed} 24h", FOLLOWED) == Wish(query, 86_400, outlet)
    for each in filter(None, (query, outlet)):
        assert read_mute(said_of(each, 3_600), FOLLOWED) == Wish(each, 3_600), "what a button says is not asked again"


@pytest.mark.parametrize(
    "typed",
    [
        "EUMAM 0h",
        "EUMAM 99999999999h",
        "military instructors 00D",
        "EUMAM 2 years",
        "EUMAM for 1mo",
        "EUMAM 90 seconds",
        "EUMAM 0 hours",
    ],
)
def test_what_ends_like_a_span_and_is_none_is_refused_rather_than_taken_for_words(typed: str) -> None:
    with pytest.raises(UserError) as refused:
        read_mute(typed, OUTLETS)
    assert refused.value.key == "mute-span"


@pytest.mark.parametrize("typed", ["24h", "24 hours", "for 24h", "For a week", "for good"])
def test_a_span_that_names_nothing_is_refused_and_in_quotes_is_words(typed: str) -> None:
    with pytest.raises(UserError) as refused:
        read_mute(typed, OUTLETS)
    assert refused.value.key == "mute-span-alone"
    assert read_mute(f'"{typed}"', OUTLETS) == Wish(str(parse(f'"{typed}"')))


@pytest.mark.parametrize("typed", ["for", "The", "for Le Monde"])
def test_words_that_stand_before_spans_or_names_are_words_where_there_is_none(typed: str) -> None:
    assert read_mute(typed, OUTLETS).query == typed


def test_the_words_that_a_refusal_proposes_are_in_one_pair_of_quotes() -> None:
    with pytest.raises(UserError) as refused:
        read_mute('"search and rescue" 99999h', OUTLETS)
    assert refused.value.args_shown["words"] == "search and rescue 99999h"


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


@pytest.mark.parametrize(
    ("query", "said"),
    [
        pytest.param("le monde", '"le monde" for good', id="words that are an outlet's name"),
        pytest.param("the first 24h", '"the first 24h" for good', id="words that end like a span"),
        pytest.param("a, 24 hours", "a, 24 hours for good", id="a query that does"),
        pytest.param("source:lemonde.fr", "source:lemonde.fr for good", id="an outlet"),
        pytest.param('="Le Monde"', '="Le Monde" for good', id="characters"),
    ],
)
def test_what_a_button_says_mutes_exactly_what_it_stands_for(query: str, said: str) -> None:
    assert said_of(query) == said
    assert read_mute(said, OUTLETS) == Wish(query)


def test_an_event_is_said_as_it_is() -> None:
    assert said_of("event:7") == "event:7"


@given(st.text(min_size=1, max_size=40).filter(str.strip))
def test_whatever_can_be_muted_can_be_said_and_read_again(words: str) -> None:
    for typed in (words, f"{words}, EUMAM", f"{words} 24h"):
        try:
            wish = read_mute(typed, OUTLETS)
        except (QueryError, UserError):
            continue
        assert read_mute(said_of(wish.query), OUTLETS) == Wish(wish.query)


@given(st.text(min_size=1, max_size=40))
def test_whatever_can_be_muted_can_be_read_again(said: str) -> None:
    for query in (
        outlet_to_mute(said),
        word_to_mute("a, b", texts(Entry(title=said)), [Span(Field.TITLE, 0, len(said))]),
    ):
        if query is not None:
            assert str(parse(query)) == query
