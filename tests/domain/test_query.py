"""The query language: what may be typed, what is refused and with which words."""

import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.query import MAX_CHARACTERS, MAX_TERMS, Phrase, Query, QueryError, Word, parse
from bot.domain.words import tokens

PARTS = [
    "EUMAM", "who", "WHO", "NATO", "Łódź", "інструктор", "об'єкт", "F-16", "R&D", "OR", "AND", "NOT", "NEAR/8",
    "-sport", "+war", "-", "&", "(a", "b)", "in*", "*", "title:x", "=x", ",", ";", "|", "\n", " ", "  ", '"', "“", "”",
    "„", "«", "»", "‹", "›", "x”-y", "…", "'", "a", "\u200b",
]  # fmt: skip
TYPED = st.lists(st.sampled_from(PARTS), max_size=12).map("".join) | st.lists(st.sampled_from(PARTS), max_size=12).map(
    " ".join
)


def phrases(text: str) -> list[str]:
    return [phrase.text for phrase in parse(text).phrases]


def refusal(text: str) -> QueryError:
    with pytest.raises(QueryError) as caught:
        parse(text)
    return caught.value


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        pytest.param("EUMAM", ["EUMAM"], id="a word"),
        pytest.param("  military \t instructors ", ["military instructors"], id="a phrase, its spaces made one"),
        pytest.param("military instructors, EUMAM", ["military instructors", "EUMAM"], id="a comma"),
        pytest.param("a,b;c", ["a", "b", "c"], id="commas and semicolons without spaces"),
        pytest.param("a OR b", ["a", "b"], id="OR"),
        pytest.param("a or b", ["a or b"], id="a small or is a word"),
        pytest.param("ORBAN", ["ORBAN"], id="OR inside a word"),
        pytest.param("a | b|c", ["a", "b", "c"], id="bars"),
        pytest.param("a\nb\r\nc \n d", ["a", "b", "c", "d"], id="lines, whatever stands at their ends"),
        pytest.param(", ,a,, OR ,", ["a"], id="separators with nothing between them"),
        pytest.param("a, A b, a", ["a", "A b"], id="what is said twice counts once"),
        pytest.param("café, cafe", ["café"], id="what folds to the same counts once"),
        pytest.param('"search and rescue"', ["search and rescue"], id="straight quotes that nothing needs"),
        pytest.param("“search and rescue”", ["search and rescue"], id="curly quotes"),
        pytest.param("„search“, „rescue”", ["search", "rescue"], id="low quotes, closed in both ways"),
        pytest.param("«пошук», ‹rescue›", ["пошук", "rescue"], id="angle quotes"),
        pytest.param("”sök” hjälp", ["sök hjälp"], id="Swedish quotes, which open as they close"),
        pytest.param('"one, two"', ['"one, two"'], id="quotes keep a comma"),
        pytest.param('"a | b; c"', ['"a | b; c"'], id="quotes keep bars and semicolons"),
        pytest.param('"this OR that"', ['"this OR that"'], id="quotes keep an operator"),
        pytest.param('"-sport"', ['"-sport"'], id="quotes keep a hyphen"),
        pytest.param('the "Le Monde" paper', ["the Le Monde paper"], id="quotes inside a phrase"),
        pytest.param('"", a', ["a"], id="quotes with nothing in them"),
        pytest.param("5” gun", ["5 gun"], id="a closing quote that closes nothing"),
        pytest.param("rock - roll", ["rock - roll"], id="a dash that stands alone"),
        pytest.param("EU-NATO", ["EU-NATO"], id="a hyphen inside a word"),
        pytest.param("titles: none", ["titles: none"], id="a colon that is no field's"),
    ],
)
def test_a_query_is_read(typed: str, read: list[str]) -> None:
    assert phrases(typed) == read
    assert str(parse(typed)) == ", ".join(read)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        pytest.param("EUMAM", [Word("eumam", "EUMAM")], id="a word in capitals is an acronym"),
        pytest.param("Eumam", [Word("eumam")], id="a name is none"),
        pytest.param("МЗС", [Word("мзс", "МЗС")], id="in Cyrillic too"),
        pytest.param("ŁOT", [Word("lot", "LOT")], id="an acronym without its accents"),
        pytest.param("EUMAM mission", [Word("eumam", "EUMAM"), Word("mission")], id="an acronym in a phrase"),
        pytest.param("MILITARY INSTRUCTORS", [Word("military"), Word("instructors")], id="who shouts means words"),
        pytest.param('"MILITARY" INSTRUCTORS', [Word("military"), Word("instructors")], id="shouting with quotes"),
        pytest.param("EU-NATO", [Word("eu", "EU"), Word("nato", "NATO")], id="acronyms joined by a hyphen"),
        pytest.param("COVID19", [Word("covid19", "COVID19")], id="an acronym with digits"),
        pytest.param("2026", [Word("2026")], id="a number is no acronym"),
        pytest.param("«WHO \"»", [Word("who", "WHO")], id="a stray quotation mark is no word beside it"),
    ],
)  # fmt: skip
def test_words_in_capitals_are_acronyms_unless_all_shout(typed: str, words: list[Word]) -> None:
    assert list(parse(typed).phrases[0].words) == words


@pytest.mark.parametrize(
    ("typed", "operator", "at"),
    [
        pytest.param("Macron AND war", "AND", 8, id="AND"),
        pytest.param("EUMAM NOT sport", "NOT", 7, id="NOT"),
        pytest.param("a NEAR b", "NEAR", 3, id="NEAR"),
        pytest.param("a NEAR/8 b", "NEAR/8", 3, id="NEAR with a number"),
        pytest.param("a & b", "&", 3, id="an ampersand"),
        pytest.param("a && b", "&&", 3, id="two ampersands"),
        pytest.param("EUMAM -sport", "-sport", 7, id="a hyphen before a word"),
        pytest.param("EUMAM +war", "+war", 7, id="a plus before a word"),
        pytest.param('EUMAM -"search and rescue"', "-", 7, id="a hyphen before quotes"),
        pytest.param("EUMAM +«search»", "+", 7, id="a plus before quotes"),
        pytest.param("(a, b", "(a", 1, id="an opening bracket"),
        pytest.param("a, b)", "b)", 4, id="a closing bracket"),
        pytest.param('("a")', "(", 1, id="a bracket before quotes"),
        pytest.param('="Le Monde"', "=", 1, id="exactly, with quotes"),
        pytest.param("=Monde", "=Monde", 1, id="exactly, with a word"),
        pytest.param("a, instruct*", "instruct*", 4, id="a prefix"),
        pytest.param('"instruct"*', "*", 11, id="a prefix in quotes"),
        pytest.param("title:war", "title:war", 1, id="a title"),
        pytest.param("Source:lemonde.fr", "Source:lemonde.fr", 1, id="a source, whatever its case"),
        pytest.param("lang:fr", "lang:fr", 1, id="a language"),
        pytest.param('author:"A B"', "author:", 1, id="an author in quotes"),
    ],
)
def test_an_operator_that_is_not_understood_yet_is_refused_with_its_place(typed: str, operator: str, at: int) -> None:
    refused = refusal(typed)
    assert refused.key == "query-operator"
    assert refused.args_shown["operator"] == operator
    assert refused.args_shown["at"] == at
    assert parse(str(refused.args_shown["example"])).phrases


@pytest.mark.parametrize("operator", ["and", "And", "not", "near", "NEARBY", "ANDES", "NOTE", "-", "+"])
def test_what_only_looks_like_an_operator_is_a_word(operator: str) -> None:
    assert phrases(f"a {operator} b") == [f"a {operator} b"]


@pytest.mark.parametrize(
    "operator", ["AND", "NOT", "NEAR/8", "-x", "+x", "(x", "x)", "=x", "x*", "title:x", "OR", "x, y", "x | y", "x; y"]
)
def test_quotes_make_words_of_operators(operator: str) -> None:
    assert phrases(f'"{operator} zeta"') == [f'"{operator} zeta"']


@pytest.mark.parametrize(
    ("typed", "quote", "at", "shown"),
    [
        pytest.param('"search and rescue', '"', 1, '"search and rescue"', id="straight"),
        pytest.param("a, “ search", "“", 4, '"search"', id="curly"),
        pytest.param("„a‘", "„", 1, '"a‘"', id="low, closed by another kind"),
        pytest.param("«a “b", "«", 1, '"a b"', id="angle, with another inside"),
        pytest.param('a "', '"', 3, '"search and rescue"', id="at the end"),
        pytest.param('"…', '"', 1, '"search and rescue"', id="before no word"),
    ],
)
def test_a_quote_that_is_not_closed_is_refused_with_its_place(typed: str, quote: str, at: int, shown: str) -> None:
    refused = refusal(typed)
    assert refused.key == "query-quote"
    assert refused.args_shown == {"at": at, "quote": quote, "example": shown}
    assert parse(shown).phrases


@pytest.mark.parametrize("typed", ["", "  \n ", ",,", "OR", '""', "… !", "«»", "-"])
def test_a_query_without_a_word_is_empty(typed: str) -> None:
    refused = refusal(typed)
    assert refused.key == "query-empty"
    assert not refused.args_shown


def test_a_query_has_a_most_of_characters() -> None:
    assert parse("a" * MAX_CHARACTERS).phrases
    refused = refusal("a" * (MAX_CHARACTERS + 1))
    assert refused.key == "query-too-long"
    assert refused.args_shown == {"length": MAX_CHARACTERS + 1, "limit": MAX_CHARACTERS}


def test_a_query_that_prints_longer_than_it_may_be_is_refused_when_it_is_typed() -> None:
    """What is stored is what prints; it is read again at each start."""
    fits = ",".join(["a" * 98, "b" * 98, "c" * 98, "d" * 98, "e" * 100])
    assert len(str(parse(fits))) == MAX_CHARACTERS
    refused = refusal(fits + "x")
    assert refused.key == "query-too-long"
    assert refused.args_shown["length"] == MAX_CHARACTERS + 1


def test_a_query_has_a_most_of_terms() -> None:
    assert len(parse(",".join(f"w{number}" for number in range(MAX_TERMS))).phrases) == MAX_TERMS
    refused = refusal(",".join(f"w{number}" for number in range(MAX_TERMS + 1)))
    assert refused.key == "query-too-many"
    assert refused.args_shown == {"count": MAX_TERMS + 1, "limit": MAX_TERMS}


def test_what_is_said_twice_is_no_term_more() -> None:
    assert len(parse(",".join(["w"] * 200)).phrases) == 1


@given(TYPED | st.text(max_size=40) | st.text(string.printable, max_size=520))
@example("x”-y")
@example('«FOO "»')
@example("FOO”BAR")
@example(",".join("abcdefghijklmnopqrstuvwxyz"))
@settings(max_examples=200)
def test_reading_what_prints_gives_the_same_query(text: str) -> None:
    """And nothing that is typed raises anything but a QueryError."""
    try:
        query = parse(text)
    except QueryError as refused:
        check_refusal(text, refused)
        return
    assert parse(str(query)) == query
    assert len({phrase.words for phrase in query.phrases}) == len(query.phrases)
    assert all(phrase.words for phrase in query.phrases)


def check_refusal(text: str, refused: QueryError) -> None:
    assert refused.key in {"query-empty", "query-too-long", "query-too-many", "query-quote", "query-operator"}
    if refused.key in {"query-quote", "query-operator"}:
        at = refused.args_shown["at"]
        assert isinstance(at, int)
        assert text[at - 1 :].startswith(str(refused.args_shown.get("quote", refused.args_shown.get("operator"))))


@given(
    st.lists(
        st.lists(st.text("abcéбй'9", min_size=1, max_size=5).filter(tokens), min_size=1, max_size=4).map(" ".join),
        min_size=1,
        max_size=10,
    )
)
def test_a_query_of_words_holds_their_folded_forms(typed: list[str]) -> None:
    query = parse(", ".join(typed))
    read = [[token.folded for token in tokens(term)] for term in typed]
    once = [words for number, words in enumerate(read) if words not in read[:number]]
    assert [[word.folded for word in phrase.words] for phrase in query.phrases] == once


@pytest.mark.parametrize(
    ("acronym", "written", "holds"),
    [
        pytest.param("WHO", "WHO", True, id="as it is"),
        pytest.param("WHO", "who", False, id="never in small letters"),
        pytest.param("WHO", "Who", False, id="three letters are no name"),
        pytest.param("NATO", "Nato", True, id="four letters may be a name"),
        pytest.param("EUMAM", "Eumam", True, id="five letters may be a name"),
        pytest.param("EUMAM", "eumam", False, id="five letters in small ones"),
        pytest.param("EUMAM", "EUmam", False, id="mixed"),
        pytest.param("LOT", "ŁOT", True, id="accents do not count"),
        pytest.param("НАТО", "Нато", True, id="a name in Cyrillic"),
    ],
)
def test_an_acronym_is_never_a_lower_case_word(acronym: str, written: str, holds: bool) -> None:
    word = parse(acronym).phrases[0].words[0]
    (token,) = tokens(written)
    assert word.holds_for(token) is holds


def test_a_query_prints_its_phrases() -> None:
    assert str(Query((Phrase("a b", (Word("a"), Word("b"))), Phrase('"c, d"', (Word("c"),))))) == 'a b, "c, d"'
