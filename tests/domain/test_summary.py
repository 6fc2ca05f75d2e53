"""What an alert tells of a story: how much of it, which sentences, and what is bold in them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.filters import Analysis, Field, FilterIndex, Span, texts
from bot.domain.query import parse
from bot.domain.rich import Piece, Text, to_plain
from bot.domain.stories import Entry
from bot.domain.summary import MAX_CHARACTERS, MAX_SENTENCES, emphasise, summarise
from support.effort import Effort

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


def summary_of(entry: Entry, query: str = "EUMAM") -> Text:
    return summarise(texts(entry), spans_of(entry, query), entry.language)


def told(entry: Entry, query: str = "EUMAM") -> str:
    return to_plain(summary_of(entry, query))


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
            f"{LEAD} … {SECOND} {MATCHED}",
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
    summary = summary_of(entry, "EUMAM, train them")
    assert bold(summary) == ["EUMAM", "train them", "EUMAM"]
    assert to_plain(summary) == paragraph(LEAD, MATCHED, LATER)


def test_what_matched_goes_before_a_lead_that_leaves_no_room_for_it() -> None:
    entry = Entry(title="T", summary="word " * 95 + "end.", content=MATCHED)
    assert told(entry) == MATCHED


def test_a_gap_counts_as_characters() -> None:
    lead, matched = "A" + "a" * 248 + ".", "EUMAM " + "b" * 242 + "."
    entry = Entry(title="T", summary=f"{lead} Nobody spoke. {matched}")
    assert len(lead) + 1 + len(matched) == MAX_CHARACTERS
    assert told(entry) == f"Nobody spoke. {matched}", "what fits only without the gap is left out, not cut"


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
    summary = summary_of(entry, "EUMAM")
    assert len(to_plain(summary)) <= MAX_CHARACTERS
    assert to_plain(summary).startswith("… ") or to_plain(summary).endswith("…")
    assert [piece.text for piece in summary if piece.bold] == ["EUMAM"]
    assert all(piece.text for piece in summary)


@given(ENTRIES)
@settings(max_examples=150)
def test_a_summary_keeps_to_its_measure_and_to_the_storys_words(entry: Entry) -> None:
    spans = spans_of(entry)
    summary = summarise(texts(entry), spans, entry.language)
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
    told = to_plain(summary_of(entry, "EUMAM"))
    assert told.startswith("… ab ab")
    assert "ab EUMAM moves cd" in told
    assert told.endswith("cd…")


@pytest.mark.parametrize("paragraph", ["Ministers met. Nobody spoke. ", "Ministers met.\n\nNobody spoke.\n\n"])
@pytest.mark.parametrize("position", [0, 100, 2_000, 6_000])
def test_of_a_long_text_the_lead_and_the_sentence_that_matched_are_found(paragraph: str, position: int) -> None:
    parts = [paragraph] * 6_000
    parts.insert(position, "Hardly anyone saw that EUMAM moved on. ")
    entry = Entry(title="T", content="The lead comes first. " + "".join(parts))
    told = to_plain(summary_of(entry, "EUMAM"))
    assert told.startswith("The lead comes first. ")
    assert "Hardly anyone saw that EUMAM moved on." in told


def test_of_a_long_text_in_which_everything_matches_no_sentence_is_cut() -> None:
    entry = Entry(title="T", content="".join(f"EUMAM moved on day {day}. " for day in range(2_000)))
    told = to_plain(summary_of(entry, "EUMAM"))
    assert told == "EUMAM moved on day 0. EUMAM moved on day 1. EUMAM moved on day 2."


# What is told, and what is left out


def summary_from(
    *paragraphs: str, query: str = "EUMAM", language: str | None = "en", title: str = "T", lead: str = ""
) -> str:
    """The summary of a story whose article's page says this."""
    page = "\n\n".join(paragraphs)
    entry = Entry(title=title, summary=lead, language=language)
    analysed = FilterIndex([parse(query)]).match(Analysis(Entry(title=title, summary=lead, content=page)))
    places = {Field.TITLE: Field.TITLE, Field.DESCRIPTION: Field.DESCRIPTION, Field.CONTENT: Field.PAGE}
    spans = [Span(places[span.field], span.start, span.end) for match in analysed for span in match.spans]
    return to_plain(summarise(texts(entry, page), spans, language))


@pytest.mark.parametrize(
    ("language", "paragraphs", "summary"),
    [
        pytest.param(
            "en",
            ("Ministers met in Paris.", "Nobody else came. The mission has trained many. It is called EUMAM."),
            "Ministers met in Paris. … The mission has trained many. It is called EUMAM.",
            id="a pronoun in English",
        ),
        pytest.param(
            "fr",
            ("Les ministres se sont réunis.", "Rien de plus. La mission a formé des soldats. Elle s'appelle EUMAM."),
            "Les ministres se sont réunis. … La mission a formé des soldats. Elle s'appelle EUMAM.",
            id="in French",
        ),
        pytest.param(
            "uk",
            ("Міністри зустрілися в Парижі.", "Більше нікого. Місія навчила багатьох. Вона зветься EUMAM."),
            "Міністри зустрілися в Парижі. … Місія навчила багатьох. Вона зветься EUMAM.",
            id="in Ukrainian",
        ),
        pytest.param(
            "ru",
            ("Министры встретились в Париже.", "Больше никого. Миссия обучила многих. Она зовётся EUMAM."),
            "Министры встретились в Париже. … Миссия обучила многих. Она зовётся EUMAM.",
            id="in Russian",
        ),
        pytest.param(
            "de",
            ("Die Minister trafen sich in Paris.", "Sonst kam keiner. Die Mission bildete viele aus. Sie heißt EUMAM."),
            "Die Minister trafen sich in Paris. … Die Mission bildete viele aus. Sie heißt EUMAM.",
            id="in German",
        ),
        pytest.param(
            "pl",
            ("Ministrowie spotkali się w Paryżu.", "Nikt więcej. Misja wyszkoliła wielu. Ona zwie się EUMAM."),
            "Ministrowie spotkali się w Paryżu. … Misja wyszkoliła wielu. Ona zwie się EUMAM.",
            id="in Polish",
        ),
        pytest.param(
            None,
            ("Міністри зустрілися в Парижі.", "Більше нікого. Місія навчила багатьох. Вона зветься EUMAM."),
            "Міністри зустрілися в Парижі. … Місія навчила багатьох. Вона зветься EUMAM.",
            id="of a language that nobody told",
        ),
        pytest.param(
            None,
            ("Министры встретились в Париже.", "Больше никого. Миссия обучила многих. Она зовётся EUMAM."),
            "Министры встретились в Париже. … Миссия обучила многих. Она зовётся EUMAM.",
            id="of another that nobody told",
        ),
        pytest.param(
            "en",
            ("Ministers met in Paris. Nobody else came.", "Read also: a thing", "It is called EUMAM."),
            "Ministers met in Paris. Nobody else came. … It is called EUMAM.",
            id="a pronoun whose sentence stands elsewhere",
        ),
    ],
)
def test_what_begins_with_a_pronoun_is_told_with_what_comes_before(
    language: str | None, paragraphs: tuple[str, ...], summary: str
) -> None:
    assert summary_from(*paragraphs, language=language) == summary


@pytest.mark.parametrize(
    ("paragraphs", "summary"),
    [
        pytest.param(("KYIV, Nov 24 (Agency) - " + LEAD, MATCHED), f"{LEAD} {MATCHED}", id="where it was filed"),
        pytest.param(("EUMAM (AFP) - " + LEAD,), "EUMAM (AFP) - " + LEAD, id="where it was filed, if that matched"),
        pytest.param(
            ("By Ida Vermeer", LEAD, "Sign up for our newsletter", MATCHED), f"{LEAD} … {MATCHED}", id="asides"
        ),
        pytest.param((LEAD, "Read more: EUMAM in numbers"), LEAD, id="an aside that matched"),
        pytest.param(("What we know", LEAD, MATCHED), f"{LEAD} {MATCHED}", id="a heading"),
        pytest.param(("Berlin. " + LEAD, MATCHED), f"{LEAD} {MATCHED}", id="a place on its own"),
        pytest.param(
            (LEAD, "EUMAM in numbers", SECOND, MATCHED), f"{LEAD} … {SECOND} {MATCHED}", id="a heading that matched"
        ),
        pytest.param((LEAD, "70,000 for EUMAM", SECOND), f"{LEAD} 70,000 for EUMAM", id="a line that matched"),
        pytest.param(("They agreed on this:", "EUMAM goes on."), "EUMAM goes on.", id="a line that leads on"),
        pytest.param(
            (LEAD, "Ministers met in Par…", MATCHED), f"{LEAD} … {MATCHED}", id="a sentence that is broken off"
        ),
        pytest.param(("Ministers met in Par…",), "Ministers met in Par…", id="nothing but a sentence broken off"),
        pytest.param(("(Defence, Europe)", LEAD), LEAD, id="labels"),
        pytest.param(
            ("• " + "A call goes out to all" + " and to all" * 10, LEAD),
            LEAD,
            id="a heading behind a bullet, however long",
        ),
        pytest.param(("• " + LEAD, MATCHED), f"{LEAD} {MATCHED}", id="the bullet of a sentence"),
        pytest.param(("Photo: Agency",), "", id="nothing but an aside"),
        pytest.param(("A heading",), "A heading", id="nothing but a heading"),
    ],
)
def test_what_is_no_sentence_of_the_story_is_left_out(paragraphs: tuple[str, ...], summary: str) -> None:
    assert summary_from(*paragraphs) == summary


@pytest.mark.parametrize(
    ("language", "title", "lead", "query", "summary"),
    [
        pytest.param(
            "uk",
            "Дрони вдарили по місту",
            "Уночі дрони вдарили по місту. Про це повідомив начальник ОВА Петренко у Телеграмі. Загинули двоє людей.",
            "Петренко",
            "Уночі дрони вдарили по місту. Про це повідомив начальник ОВА Петренко у Телеграмі.",
            id="who is watched",
        ),
        pytest.param(
            "uk",
            "Дрони вдарили по місту",
            "Уночі дрони вдарили по місту. Про це повідомив начальник ОВА Петренко у Телеграмі. Загинули двоє людей.",
            "дрони",
            "Уночі дрони вдарили по місту. … Загинули двоє людей.",
            id="not who is not watched",
        ),
        pytest.param(
            "uk",
            "Петренко: двоє загинули",
            "Уночі дрони вдарили по місту. Про це повідомив Петренко у Телеграмі. Загинули двоє людей.",
            "Петренко",
            "Уночі дрони вдарили по місту. … Загинули двоє людей.",
            id="not whom the title names",
        ),
        pytest.param(
            "de",
            "Der Strom",
            "Der Strompreis sinkt im Mai. Das teilte Ministerin Lang am Montag mit. Lang sprach von einem guten Tag.",
            "Lang",
            "Der Strompreis sinkt im Mai. … Lang sprach von einem guten Tag.",
            id="not whom another sentence names",
        ),
        pytest.param(
            "ru",
            "Т",
            "Первое предложение здесь. Второе предложение тут. Переговоры пройдут в Женеве. Об этом сообщил Петров.",
            "Петров",
            "Первое предложение здесь. … Переговоры пройдут в Женеве. Об этом сообщил Петров.",
            id="with what it is that was said",
        ),
    ],
)
def test_the_source_of_a_story_is_told_where_its_name_matched(
    language: str, title: str, lead: str, query: str, summary: str
) -> None:
    entry = Entry(title=title, summary=lead, language=language)
    assert told(entry, query) == summary
    if query in summary:
        assert query in bold(summary_of(entry, query))


def test_a_lead_that_is_broken_off_gives_way_to_the_whole_sentence() -> None:
    assert summary_from(LEAD, MATCHED, lead="Ministers met in Paris on…") == f"{LEAD} {MATCHED}"


def test_of_two_sentences_that_say_the_same_the_one_that_matched_is_told() -> None:
    lead = "The mission will go on for two more years in three camps."
    longer = "The EUMAM mission will go on for two more years in three camps of the east."
    assert summary_from(longer, SECOND, lead=lead) == f"{longer} {SECOND}"
    other = lead.replace("two", "2")
    assert summary_from(longer.replace("two", "3"), SECOND, lead=other).startswith(other)


SHORT = "Ministers met in Paris on Monday evening"
FULL = "Ministers met in Paris on Monday evening for the first talks since March, and agreed on nothing."
LONG = "EUMAM" + " goes on" * 54 + "."


@pytest.mark.parametrize(
    ("paragraphs", "lead", "summary"),
    [
        pytest.param((FULL, SECOND), SHORT, f"{FULL} {SECOND}", id="the text says more than its standfirst"),
        pytest.param((FULL, MATCHED), SHORT, f"{FULL} {MATCHED}", id="and something else matched"),
        pytest.param(
            (FULL.replace("Paris", "EUMAM"), SECOND),
            SHORT.replace("Paris", "EUMAM"),
            f"{FULL.replace('Paris', 'EUMAM')} {SECOND}",
            id="and both matched",
        ),
        pytest.param(
            (FULL, SECOND),
            SHORT.replace("Paris", "EUMAM"),
            f"{SHORT.replace('Paris', 'EUMAM')} … {SECOND}",
            id="but the standfirst alone matched",
        ),
        pytest.param((FULL, LONG), SHORT, f"{SHORT} … {LONG}", id="and what matched leaves no room for it"),
        pytest.param(("Nobody knows why. " + FULL,), SHORT, f"{SHORT} … Nobody knows why.", id="but not at once"),
    ],
)
def test_where_the_text_begins_by_saying_more_than_its_standfirst_it_is_the_lead(
    paragraphs: tuple[str, ...], lead: str, summary: str
) -> None:
    assert summary_from(*paragraphs, lead=lead) == summary


def test_a_further_sentence_that_begins_with_a_pronoun_is_told_only_behind_the_one_before_it() -> None:
    further = "They were sent by EUMAM."
    assert summary_from(LEAD, MATCHED, f"Nobody left. {further}") == f"{LEAD} {MATCHED}"
    assert summary_from(LEAD, MATCHED, further) == f"{LEAD} {MATCHED} {further}"


def test_a_lead_that_is_too_long_gives_way_to_the_next_sentence() -> None:
    assert summary_from("word " * 110 + "end.", SECOND, query="nothing") == SECOND
    assert summary_from("word " * 110 + "end.", query="nothing").endswith("word…")


def test_a_sentence_that_is_too_long_begins_at_a_clause_before_the_match() -> None:
    told = summary_from("ab " * 200 + "ends here, and then EUMAM moves " + "cd " * 200)
    assert told.startswith("… and then EUMAM moves cd")


WORDS = [
    "He",
    "It",
    "Gen.",
    "5",
    "24.",
    "«Так»",
    "(AFP)",
    "-",
    "—",
    "Read more",
    "EUMAM",
    "war",
    "By Ida",
    "…",
    "A:",
    "w" * 120,
]
TEXTS = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=40).map(" ".join).flatmap(lambda text: st.sampled_from([text, text + ".", text + "!"])),
    max_size=9,
).flatmap(lambda parts: st.sampled_from([" ", "\n\n"]).map(lambda separator: separator.join(parts)))  # fmt: skip


@given(
    st.dictionaries(st.sampled_from(list(Field)), TEXTS | st.text(max_size=200)),
    st.lists(st.tuples(st.sampled_from(list(Field)), st.integers(0, 900), st.integers(0, 30)), max_size=6),
    st.sampled_from([None, "en", "uk", "de-AT", "zz", ""]),
)
@settings(max_examples=200)
def test_a_summary_is_sentences_of_the_story_whatever_it_holds(
    fields: dict[Field, str], places: list[tuple[Field, int, int]], language: str | None
) -> None:
    spans = [Span(field, start, start + length) for field, start, length in places if field in fields]
    summary = summarise(fields, spans, language)
    plain = to_plain(summary)
    assert len(plain) <= MAX_CHARACTERS
    said = [fields[field] for field in fields if field is not Field.TITLE]
    for piece in summary:
        assert piece.text in {" ", " … ", "… ", "…"} or any(piece.text in text for text in said)
        if piece.bold:
            assert any(piece.text in fields[span.field][span.start : span.end] for span in spans)
    separators = sum(not piece.bold and piece.text in {" ", " … "} for piece in summary)
    assert separators < MAX_SENTENCES or any(piece.bold for piece in summary)


@pytest.mark.parametrize("unit", ["word ", "EUMAM. ", "It is. ", "a\n\n", "“", "Read more. ", "x"])
def test_the_summary_of_a_hostile_text_takes_no_long_time(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    spans = [Span(Field.PAGE, at, at + 5) for at in range(0, 90_000, 9_000)]
    with Effort() as effort:
        summarise({Field.TITLE: "T", Field.CONTENT: text, Field.PAGE: text}, spans, "en")
    assert effort.seconds < 5
