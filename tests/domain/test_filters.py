"""Which queries hold for a story, and where: the index beside a matcher that knows no index."""

import unicodedata
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.filters import Analysis, Field, FilterIndex, Match, Span, texts
from bot.domain.query import Query, QueryError, parse
from bot.domain.stories import Entry
from bot.domain.words import fold, tokens, without_accents

VOCABULARY = ["war", "War", "WAR", "who", "WHO", "EUMAM", "Eumam", "eumam", "Łódź", "LODZ", "о'б", "й", "и", "2026"]
SEPARATORS = [" ", "  ", "\n\n", "-", ", ", ". ", " … "]


def made(words: list[str], separators: list[str]) -> str:
    return "".join(word + separator for word, separator in zip(words, separators, strict=False))


SENTENCES = st.builds(
    made,
    st.lists(st.sampled_from(VOCABULARY), max_size=8),
    st.lists(st.sampled_from(SEPARATORS), min_size=8, max_size=8),
)
ENTRIES = st.builds(Entry, title=SENTENCES | SENTENCES.map(str.upper), summary=SENTENCES, content=SENTENCES)


def parsed(typed: str) -> Query | None:
    try:
        return parse(typed)
    except QueryError:
        return None


def queries_of(words: Sequence[str]) -> st.SearchStrategy[Query]:
    phrase = st.lists(st.sampled_from(words), min_size=1, max_size=3).map(" ".join)
    typed = st.lists(phrase, min_size=1, max_size=4).map(", ".join)
    return typed.map(parsed).filter(lambda query: query is not None)  # type: ignore[return-value]  # mypy cannot narrow


QUERIES = queries_of(VOCABULARY)


def matches(typed: str, **fields: str) -> list[Match]:
    return FilterIndex([parse(typed)]).match(Analysis(Entry(**fields)))  # type: ignore[arg-type]  # texts only


def found(typed: str, **fields: str) -> list[str]:
    """The characters that made the query hold, in reading order."""
    by_field = texts(Entry(**fields))  # type: ignore[arg-type]  # texts only
    return [by_field[s.field][s.start : s.end] for match in matches(typed, **fields) for s in match.spans]


def naive(query: Query, entry: Entry) -> list[Span]:
    """What the rules say, word by word, with nothing made faster."""
    spans = set()
    for field, text in texts(entry).items():
        written = tokens(text)
        headline_shouts = field is Field.TITLE and len(written) > 1 and text.upper() == text != text.lower()
        for phrase in query.phrases:
            for start in range(len(written) - len(phrase.words) + 1):
                window = written[start : start + len(phrase.words)]
                holds = True
                for word, token in zip(phrase.words, window, strict=True):
                    if fold(token.text) != word.folded:
                        holds = False
                    elif word.acronym is not None:
                        bare = without_accents(token.text)
                        forms = {word.acronym} | ({word.acronym.capitalize()} if len(word.acronym) >= 4 else set())
                        if bare not in forms or (headline_shouts and len(word.acronym) < 5):
                            holds = False
                if holds:
                    spans.add(Span(field, window[0].start, window[-1].end))
    order = [Field.TITLE, Field.DESCRIPTION, Field.CONTENT]
    return sorted(spans, key=lambda span: (order.index(span.field), span.start, span.end))


@pytest.mark.parametrize(
    ("query", "text", "words"),
    [
        pytest.param("EUMAM", "the EUMAM mission", ["EUMAM"], id="an acronym"),
        pytest.param("EUMAM", "the Eumam mission", ["Eumam"], id="an acronym as a name"),
        pytest.param("EUMAM", "the eumam mission", [], id="never in small letters"),
        pytest.param("WHO", "the WHO says", ["WHO"], id="three letters"),
        pytest.param("WHO", "who says, Who said", [], id="WHO is not who"),
        pytest.param("NATO", "la Nato, nato", ["Nato"], id="four letters as a name"),
        pytest.param("who", "WHO, Who, who", ["WHO", "Who", "who"], id="a small word in any case"),
        pytest.param("Who", "WHO, Who, who", ["WHO", "Who", "who"], id="a name in any case"),
        pytest.param("instructor", "instructors, coinstructor", [], id="whole words only"),
        pytest.param("military instructors", "Military\n\nINSTRUCTORS", ["Military\n\nINSTRUCTORS"], id="spacing"),
        pytest.param("military instructors", "military-instructors", ["military-instructors"], id="a hyphen parts"),
        pytest.param("military instructors", "instructors military", [], id="in this order only"),
        pytest.param("military instructors", "military and instructors", [], id="side by side only"),
        pytest.param("bora bora", "bora bora bora", ["bora bora", "bora bora"], id="overlapping"),
        pytest.param("a bb a", "a bb a bb a", ["a bb a", "a bb a"], id="a phrase that begins as it ends"),
        pytest.param("b long", "long", [], id="cut off at the beginning"),
        pytest.param("long b", "a long", [], id="cut off at the end"),
        pytest.param("об’єкт", "Об'єкти, ОБʼЄКТ", ["ОБʼЄКТ"], id="any apostrophe"),
        pytest.param("armée", "L'ARMEE", ["ARMEE"], id="accents do not count"),
        pytest.param("ŁOT", "LOT, ŁOT, Lot", ["LOT", "ŁOT"], id="an acronym's accents do not count"),
        pytest.param("йод", "иод", [], id="й is not и"),
        pytest.param("їх", "іх", [], id="ї is not і"),
        pytest.param("ёлка", "елка", ["елка"], id="ё is е"),
        pytest.param("EU mission", "eu mission, EU Mission", ["EU Mission"], id="an acronym in a phrase"),
        pytest.param("war, peace", "Peace and war", ["Peace", "war"], id="either, in reading order"),
        pytest.param("war, civil war", "civil war", ["civil war", "war"], id="one inside the other"),
        pytest.param("2026", "in 2026.", ["2026"], id="a number"),
    ],
)
def test_a_query_holds_for_a_text(query: str, text: str, words: list[str]) -> None:
    assert found(query, content=text) == words


@pytest.mark.parametrize(
    ("query", "headline", "words"),
    [
        pytest.param("WHO", "WHO SAYS WHAT", [], id="three letters do not count"),
        pytest.param("NATO", "NATO MEETS", [], id="four letters do not count"),
        pytest.param("EUMAM", "EUMAM TRAINS", ["EUMAM"], id="five letters do"),
        pytest.param("who", "WHO SAYS WHAT", ["WHO"], id="a word that is no acronym does"),
        pytest.param("WHO", "WHO", ["WHO"], id="a headline of one word is that acronym"),
        pytest.param("WHO", "WHO says what", ["WHO"], id="a headline that does not shout"),
        pytest.param("МЗС", "МЗС ЗАЯВЛЯЄ", [], id="in Cyrillic"),
        pytest.param("EU", "EU 2026", [], id="numbers do not lower its voice"),
    ],
)
def test_in_a_headline_that_shouts_only_long_acronyms_count(query: str, headline: str, words: list[str]) -> None:
    assert found(query, title=headline) == words


def test_only_the_headline_shouts() -> None:
    assert found("WHO", summary="WHO SAYS WHAT", content="WHO SAYS WHAT") == ["WHO", "WHO"]


def test_a_phrase_does_not_run_from_one_field_into_the_next() -> None:
    assert matches("military instructors", title="military", summary="instructors") == []


def test_a_match_names_its_query_and_every_place_in_reading_order() -> None:
    assert matches("b, a", title="a b", summary="x a", content="b") == [
        Match(
            "b, a",
            (
                Span(Field.TITLE, 0, 1),
                Span(Field.TITLE, 2, 3),
                Span(Field.DESCRIPTION, 2, 3),
                Span(Field.CONTENT, 0, 1),
            ),
        )
    ]


def test_a_story_without_words_matches_nothing() -> None:
    assert matches("a") == []


def test_each_query_that_holds_is_named_once_and_others_are_not() -> None:
    index = FilterIndex(map(parse, ["war", "war, peace", "peace", "EUMAM"]))
    assert len(index) == 4
    assert [match.query for match in index.match(Analysis(Entry(title="War")))] == ["war", "war, peace"]


def test_a_query_is_kept_while_anybody_uses_it() -> None:
    index = FilterIndex([parse("war"), parse("war")])
    story = Analysis(Entry(title="war"))
    assert len(index) == 1
    index.remove("war")
    assert [match.query for match in index.match(story)] == ["war"]
    index.remove("war")
    assert index.match(story) == []
    assert len(index) == 0


def test_removing_what_is_not_stored_is_no_error() -> None:
    index = FilterIndex([parse("war")])
    index.remove("war, peace")
    index.remove("peace")
    assert [match.query for match in index.match(Analysis(Entry(title="war and peace")))] == ["war"]
    assert len(index) == 1


@given(st.lists(QUERIES, max_size=5), st.lists(QUERIES, max_size=5), ENTRIES)
def test_adding_and_removing_leaves_the_index_as_it_was(kept: list[Query], passing: list[Query], entry: Entry) -> None:
    index, expected = FilterIndex(kept), FilterIndex(kept)
    for query in passing:
        index.add(query)
    for query in reversed(passing):
        index.remove(str(query))
    assert index._users == expected._users
    assert index._by_key == expected._by_key
    assert index.match(Analysis(entry)) == expected.match(Analysis(entry))
    for query in kept:
        index.remove(str(query))
    assert index._users == {}
    assert index._by_key == {}


@given(st.lists(QUERIES, max_size=6), ENTRIES)
@settings(max_examples=200)
def test_the_index_finds_what_a_naive_matcher_finds(queries: list[Query], entry: Entry) -> None:
    expected = {str(query): tuple(spans) for query in queries if (spans := naive(query, entry))}
    result = FilterIndex(queries).match(Analysis(entry))
    assert {match.query: match.spans for match in result} == expected
    assert [match.query for match in result] == sorted(expected)


@given(QUERIES, ENTRIES)
def test_spans_slice_to_words_that_fold_to_a_phrase(query: Query, entry: Entry) -> None:
    by_field = texts(entry)
    wanted = {tuple(word.folded for word in phrase.words) for phrase in query.phrases}
    for match in FilterIndex([query]).match(Analysis(entry)):
        for span in match.spans:
            piece = by_field[span.field][span.start : span.end]
            assert tuple(token.folded for token in tokens(piece)) in wanted


@given(queries_of(["war", "peace", "Łódź", "об'єкт", "й", "Ёж", "2026"]), SENTENCES, st.data())
def test_neither_case_spacing_nor_unicode_form_counts(query: Query, text: str, data: st.DataObject) -> None:
    def forms(entry: Entry) -> list[list[str]]:
        by_field = texts(entry)
        return [
            [fold(token.text) for token in tokens(by_field[span.field][span.start : span.end])]
            for match in FilterIndex([query]).match(Analysis(entry))
            for span in match.spans
        ]

    case = data.draw(st.sampled_from([str.upper, str.lower, str.title]))
    form = data.draw(st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
    text += " war peace об'єкт ёж łódź"
    other = unicodedata.normalize(form, case(text)).replace(" ", data.draw(st.sampled_from(["\n", "  ", "\u00a0 "])))  # type: ignore[arg-type]  # it is one of the four
    assert forms(Entry(title=text, content=text)) == forms(Entry(title=other, content=other))
