"""What an alert tells of a story: how much of it, which sentences, and what is bold in them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.filters import Analysis, Field, FilterIndex, Span, texts
from bot.domain.query import parse
from bot.domain.rich import Piece, Text, to_plain
from bot.domain.stories import Entry
from bot.domain.summary import MAX_CHARACTERS, MAX_SENTENCES, emphasise, summarise

LEAD = "Ministers met in Paris on Monday."
SECOND = "They spoke for three hours."
THIRD = "Nobody left the room."
MATCHED = "The EU mission EUMAM would train them."
LATER = "EUMAM has trained 70,000 soldiers."

SENTENCES = st.lists(
    st.sampled_from(["war", "EUMAM", "Łódź", "😀", "війна", "Mr.", "3.5", "“who?”"]), min_size=1, max_size=60
).map(lambda words: " ".join(words) + ".")
PARAGRAPHS = st.lists(SENTENCES, max_size=6).flatmap(
    lambda sentences: st.sampled_from([" ", "\n\n", "  \n"]).map(lambda separator: separator.join(sentences))
)
ENTRIES = st.builds(
    Entry,
    title=SENTENCES,
    summary=PARAGRAPHS,
    content=PARAGRAPHS | st.text(max_size=700),
    language=st.sampled_from([None, "en", "uk", "zz", "x"]),
)


def spans_of(entry: Entry, query: str = "EUMAM, war, війна") -> list[Span]:
    found = FilterIndex([parse(query)]).match(Analysis(entry))
    return [span for match in found for span in match.spans]


def told(entry: Entry, query: str = "EUMAM") -> str:
    return to_plain(summarise(entry, spans_of(entry, query)))


def bold(text: Text) -> list[str]:
    return [piece.text for piece in text if piece.bold]


def paragraph(*sentences: str) -> str:
    return " ".join(sentences)


@pytest.mark.parametrize(
    ("entry", "summary"),
    [
        pytest.param(Entry(title="T"), "", id="nothing besides the title"),
        pytest.param(Entry(title="T", summary=LEAD), LEAD, id="a lead"),
        pytest.param(
            Entry(title="T", summary=paragraph(LEAD, SECOND, THIRD)), paragraph(LEAD, SECOND), id="a lead and the next"
        ),
        pytest.param(
            Entry(title="T", summary=paragraph(LEAD, SECOND, THIRD, MATCHED)),
            f"{LEAD} {SECOND} … {MATCHED}",
            id="the lead, the next, and what matched after a gap",
        ),
        pytest.param(
            Entry(title="T", summary=paragraph(LEAD, MATCHED, SECOND)),
            f"{LEAD} {MATCHED}",
            id="what matched follows the lead",
        ),
        pytest.param(
            Entry(title="T", summary=paragraph(MATCHED, SECOND, THIRD)),
            f"{MATCHED} {SECOND}",
            id="the lead is what matched",
        ),
        pytest.param(
            Entry(title="T", summary=paragraph(LEAD, SECOND, MATCHED, LATER, "EUMAM again.")),
            f"{LEAD} … {MATCHED} {LATER}",
            id="three sentences at most",
        ),
        pytest.param(
            Entry(title="T", summary=LEAD, content=f"{LEAD}\n\n{SECOND}\n\n{MATCHED}"),
            f"{LEAD} … {MATCHED}",
            id="the article repeats the lead",
        ),
        pytest.param(
            Entry(title="Ministers met in Paris on Monday", summary=paragraph(LEAD, SECOND)),
            SECOND,
            id="the lead repeats the title",
        ),
        pytest.param(Entry(title=LEAD.upper(), content=LEAD), "", id="all there is repeats the title"),
        pytest.param(Entry(title="T", summary="  \n\n ", content=LEAD), LEAD, id="blank text"),
        pytest.param(
            Entry(title="T", summary="Пан С. Кравець прибув. Далі буде.", language="uk"),
            "Пан С. Кравець прибув. Далі буде.",
            id="another language",
        ),
    ],
)
def test_a_summary_is_the_lead_and_what_matched(entry: Entry, summary: str) -> None:
    assert told(entry) == summary


def test_matched_words_are_bold_and_nothing_else_is() -> None:
    entry = Entry(title="EUMAM", summary=paragraph(LEAD, MATCHED, LATER))
    summary = summarise(entry, spans_of(entry, "EUMAM, train them"))
    assert bold(summary) == ["EUMAM", "train them", "EUMAM"]
    assert to_plain(summary) == paragraph(LEAD, MATCHED, LATER)


def test_what_matched_goes_before_a_lead_that_leaves_no_room_for_it() -> None:
    entry = Entry(title="T", summary="word " * 95 + "end.", content=MATCHED)
    assert told(entry) == MATCHED


def test_a_gap_counts_as_characters() -> None:
    lead, matched = "A" + "a" * 248 + ".", "EUMAM " + "b" * 242 + "."
    entry = Entry(title="T", summary=f"{lead} Between. {matched}")
    assert len(lead) + 1 + len(matched) == MAX_CHARACTERS
    assert told(entry) == f"Between. {matched}", "what fits only without the gap is left out, not cut"


@pytest.mark.parametrize("length", [499, 500, 501, 502, 600, 5000])
def test_a_single_sentence_that_is_too_long_is_cut_after_a_word(length: int) -> None:
    sentence = ("word " * 1001)[: length - 1].rstrip().ljust(length - 1, "x") + "."
    summary = told(Entry(title="T", summary=sentence))
    if length <= MAX_CHARACTERS:
        assert summary == sentence
    else:
        assert len(summary) <= MAX_CHARACTERS
        assert summary == " ".join(["word"] * (summary.count("word"))) + "…"


def test_a_sentence_without_spaces_is_cut_where_there_is_no_room() -> None:
    assert told(Entry(title="T", summary="x" * 600)) == "x" * 499 + "…"


@pytest.mark.parametrize("before", range(484, 502))
def test_a_cut_at_a_matched_word_stays_within_the_most(before: int) -> None:
    text = ("ab " * 200)[: before - 1] + " EUMAM " + "cd " * 30
    entry = Entry(title="T", summary=text)
    summary = summarise(entry, spans_of(entry, "EUMAM"))
    assert len(to_plain(summary)) <= MAX_CHARACTERS
    assert to_plain(summary).startswith("… ") or to_plain(summary).endswith("…")
    assert [piece.text for piece in summary if piece.bold] == ["EUMAM"]
    assert all(piece.text for piece in summary)


@given(ENTRIES)
@settings(max_examples=150)
def test_a_summary_keeps_to_its_measure_and_to_the_storys_words(entry: Entry) -> None:
    spans = spans_of(entry)
    summary = summarise(entry, spans)
    assert len(to_plain(summary)) <= MAX_CHARACTERS
    assert all(piece.text for piece in summary)
    assert all(piece.link is None and not piece.italic and not piece.code for piece in summary)
    by_field = texts(entry)
    matched = {by_field[span.field][span.start : span.end] for span in spans}
    whole = not to_plain(summary).endswith("…")
    for number, piece in enumerate(summary):
        if piece.text in {" ", " … ", "…"}:
            continue
        assert piece.text in entry.summary or piece.text in entry.content
        if piece.bold:
            last = number == len(summary) - 2 and not whole
            assert piece.text in matched or (last and any(text.startswith(piece.text) for text in matched))


@given(st.lists(st.sampled_from([LEAD, SECOND, THIRD, MATCHED, LATER]), max_size=9))
def test_a_summary_has_three_sentences_at_most_and_none_twice(sentences: list[str]) -> None:
    entry = Entry(title="T", content=paragraph(*sentences))
    summary = told(entry)
    counts = [summary.count(sentence) for sentence in (LEAD, SECOND, THIRD, MATCHED, LATER)]
    assert max(counts) <= 1
    assert sum(counts) <= MAX_SENTENCES
    assert counts[3] == (MATCHED in sentences)


@pytest.mark.parametrize(
    ("text", "spans", "pieces"),
    [
        pytest.param("", [], (), id="no text"),
        pytest.param("a bc d", [], (Piece("a bc d"),), id="no match"),
        pytest.param(
            "a bc d", [(2, 4)], (Piece("a "), Piece("bc", bold=True), Piece(" d")), id="a match in the middle"
        ),
        pytest.param("a b", [(0, 1), (2, 3)], (Piece("a", bold=True), Piece(" "), Piece("b", bold=True)), id="at ends"),
        pytest.param(
            "a b c", [(0, 3), (2, 5)], (Piece("a b", bold=True), Piece(" c", bold=True)), id="matches that overlap"
        ),
        pytest.param("a b c", [(0, 5), (2, 3)], (Piece("a b c", bold=True),), id="a match inside another"),
        pytest.param("ab", [(0, 9)], (Piece("ab", bold=True),), id="a match that is longer than the text"),
    ],
)
def test_emphasis_marks_what_matched(text: str, spans: list[tuple[int, int]], pieces: Text) -> None:
    assert emphasise(text, Field.TITLE, [Span(Field.TITLE, start, end) for start, end in spans]) == pieces


def test_emphasis_marks_only_its_own_field() -> None:
    assert emphasise("a b", Field.TITLE, [Span(Field.CONTENT, 0, 1)]) == (Piece("a b"),)


def test_of_a_sentence_that_is_too_long_the_words_around_the_match_are_shown() -> None:
    entry = Entry(title="T", summary="ab " * 400 + "EUMAM moves " + "cd " * 400)
    told = to_plain(summarise(entry, spans_of(entry, "EUMAM")))
    assert told.startswith("… ab ab")
    assert "ab EUMAM moves cd" in told
    assert told.endswith("cd…")


@pytest.mark.parametrize("paragraph", ["Ministers met. Nobody spoke. ", "Ministers met.\n\nNobody spoke.\n\n"])
@pytest.mark.parametrize("position", [0, 100, 2_000, 6_000])
def test_of_a_long_text_the_lead_and_the_sentence_that_matched_are_found(paragraph: str, position: int) -> None:
    parts = [paragraph] * 6_000
    parts.insert(position, "Hardly anyone saw that EUMAM moved on. ")
    entry = Entry(title="T", content="The lead comes first. " + "".join(parts))
    told = to_plain(summarise(entry, spans_of(entry, "EUMAM")))
    assert told.startswith("The lead comes first. ")
    assert "Hardly anyone saw that EUMAM moved on." in told


def test_of_a_long_text_in_which_everything_matches_no_sentence_is_cut() -> None:
    entry = Entry(title="T", content="".join(f"EUMAM moved on day {day}. " for day in range(2_000)))
    told = to_plain(summarise(entry, spans_of(entry, "EUMAM")))
    assert told == "EUMAM moved on day 0. EUMAM moved on day 1. EUMAM moved on day 2."
