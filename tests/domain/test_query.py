"""The query language: what may be typed, how it is read and printed, what is refused and with which words."""

import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.query import (
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_TERMS,
    And,
    Exact,
    Hint,
    Kind,
    Language,
    Near,
    Not,
    Or,
    Outlets,
    Phrase,
    Query,
    QueryError,
    Scope,
    Scoped,
    Site,
    Word,
    hints,
    parse,
)
from bot.domain.query.tree import all_of, any_of

PARTS = [
    "EUMAM", "who", "WHO", "NATO", "Łódź", "інструктор", "об'єкт", "F-16", "R&D", "C++", "OR", "AND", "NOT", "NEAR/8",
    "NEAR", "-sport", "+war", "-", "–", "&", "(", ")", "(a", "b)", "in*", "*", "title:", "title:x", "source:a.example",
    "lang:fr", "lang:", "author:", "=x", '="', ",", ";", "|", "\n", " ", "  ", "\u00a0", '"', "“", "”", "„", "«", "»",
    "NEAR/x", "‹", "›", "x”-y", "…", "'", "a", "\u200b", "!", "\ud800", "F 16", "U.S.", "u.s.",
    "10,000", "10", "000", "1,2", "source:Le", "Monde", "and",
]  # fmt: skip
TYPED = st.lists(st.sampled_from(PARTS), max_size=14).map("".join) | st.lists(st.sampled_from(PARTS), max_size=14).map(
    " ".join
)


def refusal(text: str) -> QueryError:
    with pytest.raises(QueryError) as caught:
        parse(text)
    return caught.value


def phrase(*forms: str) -> Phrase:
    return Phrase("", tuple(Word(form) for form in forms))


A, B, C, D = (phrase(letter * 2) for letter in "abcd")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        pytest.param("EUMAM", "EUMAM", id="a word"),
        pytest.param("  military \t instructors ", "military instructors", id="a phrase, its spaces made one"),
        pytest.param("military\u00a0instructors", "military instructors", id="a space that does not break"),
        pytest.param("military instructors, EUMAM", "military instructors, EUMAM", id="a comma"),
        pytest.param("a,b;c", "a, b, c", id="commas and semicolons without spaces"),
        pytest.param("Kyiv,Lviv", "Kyiv, Lviv", id="a comma between words"),
        pytest.param("10,000 troops", "10,000 troops", id="a comma inside a number"),
        pytest.param("€10,000, +1,000,000", "€10,000, 1,000,000", id="signs before a number"),
        pytest.param("1,2", "1, 2", id="a list of digits"),
        pytest.param("1,2,000", "1, 2, 000", id="a list that begins as no number"),
        pytest.param("1,000,5", "1, 000, 5", id="a list that ends as no number"),
        pytest.param("a1,000", "a1, 000", id="a list whose first word ends in a digit"),
        pytest.param("F-16,100", "F-16, 100", id="a list whose first word is a name"),
        pytest.param("a,10,000", "a, 10,000", id="a number in a list"),
        pytest.param("a OR b", "a, b", id="OR"),
        pytest.param("a or b", "a or b", id="a small or is a word"),
        pytest.param("search and rescue", "search and rescue", id="a small and is a word"),
        pytest.param("ORBAN", "ORBAN", id="OR inside a word"),
        pytest.param("a | b|c || d", "a, b, c, d", id="bars"),
        pytest.param("a\nb\r\nc \n d", "a, b, c, d", id="lines, whatever stands at their ends"),
        pytest.param(", ,a,, OR ,", "a", id="separators with nothing between them"),
        pytest.param("a, A b, a", "a, A b", id="what is said twice counts once"),
        pytest.param("Macron, macron", "Macron", id="whatever its case"),
        pytest.param('"search and rescue"', "search and rescue", id="straight quotes that nothing needs"),
        pytest.param("“search and rescue”", "search and rescue", id="curly quotes"),
        pytest.param("„search“, „rescue”", "search, rescue", id="low quotes, closed in both ways"),
        pytest.param("«пошук», ‹rescue›", "пошук, rescue", id="angle quotes"),
        pytest.param("»Ausbilder«, »Heer«", "Ausbilder, Heer", id="German angle quotes"),
        pytest.param("”sök” hjälp", "sök hjälp", id="Swedish quotes, which open as they close"),
        pytest.param('"one, two"', '"one, two"', id="quotes keep a comma"),
        pytest.param('"a | b; c"', '"a | b; c"', id="quotes keep bars and semicolons"),
        pytest.param('"this OR that"', '"this OR that"', id="quotes keep an operator"),
        pytest.param('"-sport"', '"-sport"', id="quotes keep a hyphen"),
        pytest.param('"say «hi» now"', "say hi now", id="quotes inside quotes"),
        pytest.param('the "Le Monde" paper', "the Le Monde paper", id="quotes inside a phrase"),
        pytest.param('"", a', "a", id="quotes with nothing in them"),
        pytest.param("(), a", "a", id="brackets with nothing in them"),
        pytest.param("5” gun", "5 gun", id="a closing quote that closes nothing"),
        pytest.param("rock - roll", "rock - roll", id="a dash that stands alone"),
        pytest.param("Kyiv — a city", "Kyiv — a city", id="a long dash that stands alone"),
        pytest.param("5 + 3", "5 + 3", id="a plus that stands alone"),
        pytest.param("a = b", "a = b", id="an equals sign that stands alone"),
        pytest.param("EU-NATO", "EU-NATO", id="a hyphen inside a word"),
        pytest.param("R&D, AT&T", "R&D, AT&T", id="an ampersand inside a word"),
        pytest.param("titles: none", "titles: none", id="a colon that is no field's"),
        pytest.param('="Le Monde"', '="Le Monde"', id="exactly"),
        pytest.param("=«Le  Monde»", '="Le Monde"', id="exactly, in other quotes"),
        pytest.param('= "Le Monde"', '="Le Monde"', id="exactly, with a space that slipped in"),
        pytest.param('=“say "hi"”', '=“say "hi"”', id="exactly, with quotes inside"),
        pytest.param("=Monde", '="Monde"', id="exactly one word"),
        pytest.param("C++, C# code", '="C++", ="C#" AND code', id="names whose signs count"),
        pytest.param("instruct*", "instruct*", id="a prefix"),
        pytest.param('"instruct"*', "instruct*", id="an asterisk behind quotes"),
        pytest.param("military instruct*", "military instruct*", id="a prefix in a phrase"),
        pytest.param("Macron AND instructors", "Macron AND instructors", id="AND"),
        pytest.param("Macron & instructors", "Macron AND instructors", id="an ampersand"),
        pytest.param("Macron &instructors", "Macron AND instructors", id="an ampersand before a word"),
        pytest.param("Macron& instructors", "Macron AND instructors", id="an ampersand behind a word"),
        pytest.param("Macron && instructors", "Macron AND instructors", id="two ampersands"),
        pytest.param("Macron AND AND instructors", "Macron AND instructors", id="AND twice"),
        pytest.param("Macron +instructors", "Macron AND instructors", id="a plus"),
        pytest.param("+Macron +instructors", "Macron AND instructors", id="two pluses"),
        pytest.param("EUMAM -sport", "EUMAM NOT sport", id="a hyphen"),
        pytest.param("EUMAM –sport", "EUMAM NOT sport", id="a hyphen that a phone made a dash"),
        pytest.param("EUMAM --sport", "EUMAM NOT sport", id="two hyphens"),
        pytest.param("EUMAM NOT sport", "EUMAM NOT sport", id="NOT"),
        pytest.param("EUMAM AND NOT sport", "EUMAM NOT sport", id="AND NOT"),
        pytest.param("EUMAM NOT NOT sport", "EUMAM AND sport", id="what is negated twice"),
        pytest.param("-sport EUMAM", "NOT sport AND EUMAM", id="a hyphen first"),
        pytest.param("(-sport EUMAM)", "NOT sport AND EUMAM", id="a hyphen at an opening bracket"),
        pytest.param("EUMAM-(sport, chess)", "EUMAM NOT (sport, chess)", id="a hyphen before a bracket"),
        pytest.param("(a, b)-sport", "(a, b) NOT sport", id="a hyphen behind a bracket"),
        pytest.param('EUMAM -"search and rescue"', "EUMAM NOT search and rescue", id="a hyphen before quotes"),
        pytest.param("EUMAM -=Sport", 'EUMAM NOT ="Sport"', id="a hyphen before an exact word"),
        pytest.param("EUMAM -source:a.example", "EUMAM NOT source:a.example", id="a hyphen before a field"),
        pytest.param("EUMAM -sport news", "EUMAM NOT sport AND news", id="a hyphen is one word's"),
        pytest.param("EUMAM NOT sport news", "EUMAM NOT sport news", id="NOT is a phrase's"),
        pytest.param("a, b -sport", "(a, b) NOT sport", id="a list that ends with a hyphen's word"),
        pytest.param("a, b, -sport", "(a, b) NOT sport", id="behind a comma"),
        pytest.param("a, b NOT sport NOT chess", "(a, b) NOT sport NOT chess", id="two exclusions"),
        pytest.param("a -x, b -y", "(a NOT x, b) NOT y", id="an exclusion in the middle is its word's"),
        pytest.param("a, (b -sport)", "a, (b NOT sport)", id="an exclusion in brackets is theirs"),
        pytest.param("a, (NOT b) c", "a, NOT b AND c", id="a negation that does not end the list"),
        pytest.param("a AND b OR c", "a AND b, c", id="AND binds more than OR"),
        pytest.param("a OR b -x", "a, (b NOT x)", id="OR makes no list"),
        pytest.param("x (a, b)", "x AND (a, b)", id="a bracket beside a word"),
        pytest.param("(a) (b)", "a AND b", id="brackets beside each other"),
        pytest.param("((a, b))", "a, b", id="brackets that nothing needs"),
        pytest.param("a AND (b AND c)", "a AND b AND c", id="what AND joins may be joined at once"),
        pytest.param("Macron NEAR/8 instructors", "Macron NEAR/8 instructors", id="NEAR"),
        pytest.param("Macron NEAR instructors", "Macron NEAR/8 instructors", id="NEAR without a number"),
        pytest.param("Macron NEAR/3 NEAR/8 war", "Macron NEAR/8 war", id="NEAR twice"),
        pytest.param("a b NEAR/3 c d", "a b NEAR/3 c d", id="NEAR between phrases"),
        pytest.param("a NEAR/3 b NEAR/4 c", "a NEAR/3 b NEAR/4 c", id="NEAR in turn"),
        pytest.param("a NEAR/3 (b NEAR/4 c)", "a NEAR/3 (b NEAR/4 c)", id="NEAR in brackets"),
        pytest.param("a NEAR/3 (b, c)", "a NEAR/3 (b, c)", id="NEAR alternatives"),
        pytest.param("x -a NEAR/3 b", "x NOT a NEAR/3 b", id="NEAR binds more than a hyphen"),
        pytest.param("title:war", "title:war", id="a title"),
        pytest.param("Title: war", "title:war", id="with a space behind"),
        pytest.param("titre, title : war", "titre, title:war", id="with a space before, as the French have it"),
        pytest.param("title:military instructors", 'title:"military instructors"', id="a phrase in the title"),
        pytest.param('title:"military instructors" war', 'title:"military instructors" AND war', id="quoted, it ends"),
        pytest.param("title:(war, peace)", "title:(war, peace)", id="alternatives in the title"),
        pytest.param("title:a NEAR/3 b", "title:a NEAR/3 b", id="NEAR what is in the title"),
        pytest.param("author:Jane Roe", 'author:"Jane Roe"', id="an author"),
        pytest.param("source:lemonde.fr EUMAM", "source:lemonde.fr AND EUMAM", id="a source is one word"),
        pytest.param("source:https://www.LeMonde.fr/rss?x=1", "source:lemonde.fr", id="a source's URL"),
        pytest.param('source:"Le Monde"', 'source:"Le Monde"', id="an outlet's name"),
        pytest.param("source:(a.example, b.example)", "source:(a.example, b.example)", id="several sources"),
        pytest.param("lang:FR war", "lang:fr AND war", id="a language"),
        pytest.param("lang:pt-BR", "lang:pt", id="a language with its region"),
        pytest.param("lang:(fr, uk) war", "lang:(fr, uk) AND war", id="several languages"),
        pytest.param("war -lang:ru", "war NOT lang:ru", id="not in a language"),
    ],
)  # fmt: skip
def test_a_query_is_read_and_prints(typed: str, read: str) -> None:
    assert str(parse(typed)) == read
    assert parse(read) == parse(typed)


@pytest.mark.parametrize(
    ("typed", "root"),
    [
        pytest.param("aa bb", phrase("aa", "bb"), id="a phrase"),
        pytest.param("Élysée", Phrase("", (Word("élysée"),)), id="accents are kept"),
        pytest.param("ＷＡＲ*", Phrase("", (Word("war", Kind.PREFIX),)), id="a prefix is folded"),
        pytest.param("=Élysée", Exact("Élysée", (Word("Élysée", Kind.EXACT),)), id="exactly"),
        pytest.param("aa, bb AND cc", Or((A, And((B, C)))), id="a comma binds loosest"),
        pytest.param("aa NOT bb NEAR/3 cc", And((A, Not(Near(3, B, C)))), id="NEAR binds most"),
        pytest.param("aa, bb, cc -dd", And((Or((A, B, C)), Not(D))), id="a list with an exclusion"),
        pytest.param("(aa, bb -cc) dd", And((Or((A, B)), Not(C), D)), id="a list in brackets"),
        pytest.param("title:(aa -bb)", Scoped(Scope.TITLE, And((A, Not(B)))), id="a field of brackets"),
        pytest.param("source:a.b.example", Scoped(Scope.SOURCE, Site("a.b.example")), id="a host"),
        pytest.param("source:127.0.0.1", Scoped(Scope.SOURCE, Site("127.0.0.1")), id="a host that is a number"),
        pytest.param("source:http://127.0.0.1:80/rss", Scoped(Scope.SOURCE, Site("127.0.0.1")), id="its URL"),
        pytest.param("lang:fr", Scoped(Scope.LANG, Language("fr")), id="a language"),
    ],
)
def test_a_query_is_a_tree(typed: str, root: object) -> None:
    assert parse(typed).root == root


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        pytest.param("EUMAM", [Word("EUMAM", Kind.ACRONYM)], id="a word in capitals is an acronym"),
        pytest.param("Eumam", [Word("eumam")], id="a name is none"),
        pytest.param("МЗС", [Word("МЗС", Kind.ACRONYM)], id="in Cyrillic too"),
        pytest.param("ŁOT", [Word("LOT", Kind.ACRONYM)], id="an acronym without its accents"),
        pytest.param("EUMAM mission", [Word("EUMAM", Kind.ACRONYM), Word("mission")], id="an acronym in a phrase"),
        pytest.param("MILITARY INSTRUCTORS", [Word("military"), Word("instructors")], id="who shouts means words"),
        pytest.param('"MILITARY" INSTRUCTORS', [Word("military"), Word("instructors")], id="shouting with quotes"),
        pytest.param("EU-NATO", [Word("EU", Kind.ACRONYM), Word("NATO", Kind.ACRONYM)], id="joined by a hyphen"),
        pytest.param("COVID19", [Word("COVID19", Kind.ACRONYM)], id="an acronym with digits"),
        pytest.param("2026", [Word("2026")], id="a number is no acronym"),
        pytest.param("X", [Word("X", Kind.ACRONYM)], id="a single letter is one"),
        pytest.param("F 16", [Word("f"), Word("16")], id="a single letter beside others is none"),
        pytest.param("F-16", [Word("F16", Kind.ACRONYM)], id="a letter with a number is a name"),
        pytest.param("f-16s", [Word("f16")], id="a name in small letters"),
        pytest.param("U. S.", [Word("US", Kind.ACRONYM)], id="one acronym does not shout"),
        pytest.param("Е. С.", [Word("е"), Word("с")], id="a Slavic name's initials are none"),
        pytest.param("и т.д.", [Word("и"), Word("т"), Word("д")], id="nor are two small ones"),
        pytest.param("u.s. troops", [Word("US", Kind.ACRONYM), Word("troops")], id="full stops make an acronym"),
        pytest.param("J. Smith", [Word("j"), Word("smith")], id="an initial is none"),
        pytest.param("10,000 troops", [Word("10000"), Word("troops")], id="a number with a comma"),
        pytest.param("10 000", [Word("10000")], id="a number with a space"),
        pytest.param("«WHO \"»", [Word("WHO", Kind.ACRONYM)], id="a stray quotation mark is no word beside it"),
        pytest.param("instruct*", [Word("instruct", Kind.PREFIX)], id="a prefix"),
        pytest.param('"f* k**k in*or"', [Word(form) for form in ("f", "k", "k", "in", "or")], id="stars in quotes"),
    ],
)  # fmt: skip
def test_words_in_capitals_are_acronyms_unless_all_shout(typed: str, words: list[Word]) -> None:
    (term,) = parse(typed).terms
    assert isinstance(term, Phrase)
    assert list(term.words) == words


@pytest.mark.parametrize(
    ("typed", "key", "at", "shown"),
    [
        pytest.param('"search and rescue', "quote", 1, '"search and rescue"', id="a straight quote"),
        pytest.param("a, “ search", "quote", 4, 'a, "search"', id="a curly quote"),
        pytest.param("„a‘", "quote", 1, '"a‘"', id="a low quote, closed by another kind"),
        pytest.param("«a “b", "quote", 1, '"a b"', id="an angle quote, with another inside"),
        pytest.param('a "', "quote", 3, "a", id="a quote at the end"),
        pytest.param('"…', "quote", 1, '"search and rescue"', id="a quote before no word"),
        pytest.param('="Le Monde', "quote", 2, '="Le Monde"', id="a quote of exact characters"),
        pytest.param("(a, b", "open", 1, "(a, b)", id="an open bracket"),
        pytest.param("a (b (c", "open", 6, "a (b (c))", id="two open brackets"),
        pytest.param("a, b)", "close", 5, "a, b", id="a bracket that closes none"),
        pytest.param("10,000 b)", "close", 9, "10,000 b", id="behind a number with a comma"),
        pytest.param("((((((((((((a", "deep", 11, "(Macron, Scholz) AND instructors", id="too deep"),
        pytest.param("AND a", "operator", 1, "a", id="AND first"),
        pytest.param("a AND", "operator", 3, "a", id="AND last"),
        pytest.param("a AND, b", "operator", 3, "a , b", id="AND before a comma"),
        pytest.param("a & (b &)", "operator", 8, "a & (b )", id="an ampersand before a bracket"),
        pytest.param("NEAR/3 a", "operator", 1, "a", id="NEAR first"),
        pytest.param("a NEAR/3", "operator", 3, "a", id="NEAR last"),
        pytest.param("a NEAR/3 -b", "operator", 3, "a -b", id="NEAR before a hyphen"),
        pytest.param("a NOT", "sign", 3, "a", id="NOT last"),
        pytest.param("a -'…'", "sign", 3, "a '…'", id="a hyphen before no word"),
        pytest.param("a NEAR/0 b", "near-number", 3, "a NEAR/8 b", id="NEAR nothing"),
        pytest.param("a NEAR/ b", "near-number", 3, "a NEAR/8 b", id="NEAR with no number"),
        pytest.param("a NEAR/x b", "near-number", 3, "a NEAR/8 b", id="NEAR with a word in the number's place"),
        pytest.param("a NEAR/3x b", "near-number", 3, "a NEAR/8 b", id="NEAR with a word behind the number"),
        pytest.param("a NEAR/101 b", "near-number", 3, "a NEAR/8 b", id="NEAR too far"),
        pytest.param("a NEAR/" + "9" * 99 + " b", "near-number", 3, "a NEAR/8 b", id="NEAR very far"),
        pytest.param("a NEAR/3 (b AND c)", "near", 3, "a AND (b AND c)", id="NEAR two things"),
        pytest.param("a NEAR/3 lang:fr", "near", 3, "a AND lang:fr", id="NEAR a language"),
        pytest.param("*", "prefix", 1, "instruct*", id="an asterisk alone"),
        pytest.param("a, b*", "prefix", 4, "a, b", id="one letter and an asterisk"),
        pytest.param("a in*or", "prefix", 3, "a in or", id="an asterisk in a word"),
        pytest.param("*ing", "prefix", 1, "ing", id="an asterisk before a word"),
        pytest.param("title:", "field", 1, "title:instructors", id="a field without a word"),
        pytest.param("source:", "field", 1, "source:lemonde.fr", id="a source without a name"),
        pytest.param("title: , b", "field", 1, "b", id="a field before a comma"),
        pytest.param("title:lang:fr", "nested", 7, "title: fr", id="a field of a field"),
        pytest.param("title:(a, lang:fr)", "nested", 11, "title:(a, fr)", id="a field inside another's brackets"),
        pytest.param("war lang:french", "language", 10, "EUMAM lang:fr", id="a language's name"),
        pytest.param('a =""', "exact", 3, "a", id="exactly nothing"),
        pytest.param("-sport", "negations", 1, "EUMAM NOT sport", id="only a negation"),
        pytest.param("-a -b", "negations", 1, "EUMAM NOT a NOT b", id="only negations"),
        pytest.param("-sport, a", "negations", 1, "a NOT sport", id="an alternative that only negates"),
        pytest.param("a OR NOT b", "negations", 6, "a NOT b", id="one or not the other"),
        pytest.param("lang:(NOT ru)", "negations", 7, "EUMAM AND lang:(NOT ru)", id="all languages but one"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_place_and_a_query_that_can(
    typed: str, key: str, at: int, shown: str
) -> None:
    refused = refusal(typed)
    assert refused.key == f"query-{key}"
    assert refused.args_shown["at"] == at
    assert refused.args_shown["example"] == shown
    assert parse(shown).terms


@given(st.lists(st.sampled_from([part for part in PARTS if part.isalnum()]), min_size=1).map(" ".join))
def test_words_alone_read_as_they_do_in_brackets(typed: str) -> None:
    def read(text: str) -> Query | str:
        try:
            return parse(text)
        except QueryError as error:
            return error.key

    assert read(typed) == read(f"({typed})")


@pytest.mark.parametrize(
    "operator", ["and", "And", "not", "near", "NEARBY", "near/x", "NEAR-x", "ANDES", "NOTE", "-", "+", "=", "–"]
)
def test_what_only_looks_like_an_operator_is_a_word(operator: str) -> None:
    assert str(parse(f"a {operator} b")) == f"a {operator} b"
    assert len(parse(f"a {operator} b").terms) == 1


@pytest.mark.parametrize(
    "operator",
    [
        "AND",
        "NOT",
        "NEAR/8",
        "NEAR/x",
        "NEAR",
        "-x",
        "+x",
        "(x",
        "x)",
        "=x",
        "*",
        "title:x",
        "OR",
        "x, y",
        "x | y",
        "x; y",
        "C++",
    ],
)
def test_quotes_make_words_of_operators(operator: str) -> None:
    assert str(parse(f'"{operator} zeta"')) == f'"{operator} zeta"'
    assert len(parse(f'"{operator} zeta"').terms) == 1


@pytest.mark.parametrize("typed", ["", "  \n ", ",,", "OR", '""', "… !", "«»", "-", "()", "(( ), )"])
def test_a_query_without_a_word_is_empty(typed: str) -> None:
    refused = refusal(typed)
    assert refused.key == "query-empty"
    assert not refused.args_shown


def test_a_query_has_a_most_of_characters() -> None:
    assert parse("a" * MAX_CHARACTERS).terms
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


def test_a_query_that_prints_deeper_than_it_may_be_is_refused_when_it_is_typed() -> None:
    nested = "a, b"
    for level in range(MAX_DEPTH):
        nested = f"({nested} -c{level}) AND d{level}, e{level}"
    assert parse(nested).terms
    refused = refusal(f"{nested} -z")
    assert refused.key == "query-deep"
    assert refused.args_shown["limit"] == MAX_DEPTH


def test_a_query_has_a_most_of_terms() -> None:
    assert len(parse(",".join(f"w{number}" for number in range(MAX_TERMS))).terms) == MAX_TERMS
    refused = refusal(",".join(f"w{number}" for number in range(MAX_TERMS + 1)))
    assert refused.key == "query-too-many"
    assert refused.args_shown == {"count": MAX_TERMS + 1, "limit": MAX_TERMS}


def test_what_is_said_twice_is_no_term_more() -> None:
    assert len(parse(",".join(["w"] * 200)).terms) == 1


def test_an_example_that_cannot_be_mended_is_another_query() -> None:
    assert refusal("(" * 10 + "a " * 200 + "NEAR/0").args_shown["example"] == "Macron NEAR/8 instructors"
    assert refusal("a* " * 9).args_shown["example"] == "instruct*"
    assert refusal("(" * 3 + "a" * 496).args_shown["example"] == "(Macron, Scholz) AND instructors"


OUTLETS = Outlets(["Le Monde.fr - Actualités", "The Kyiv Independent", "lemonde", "Reuters", "…"])


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        pytest.param("source:Le Monde", 'source:"Le Monde"', id="a part of a name"),
        pytest.param("source:le monde EUMAM", 'source:"le monde" AND EUMAM', id="what is behind a name is wanted too"),
        pytest.param("EUMAM -source:Le Monde", 'EUMAM NOT source:"Le Monde"', id="to be without"),
        pytest.param("source: Kyiv Independent", 'source:"Kyiv Independent"', id="without its article"),
        pytest.param("source:Le", "source:Le", id="a word of a name"),
        pytest.param("source:Reuters EUMAM", "source:Reuters AND EUMAM", id="a name of one word"),
        pytest.param("source:Le Figaro", "source:Le AND Figaro", id="no name"),
        pytest.param("source:lemonde.fr actualités", "source:lemonde.fr AND actualités", id="a site"),
        pytest.param('source:"Le" Monde', "source:Le AND Monde", id="quotes say where it ends"),
        pytest.param("source:(Le Monde, Reuters)", "source:(Le Monde, Reuters)", id="in brackets as ever"),
        pytest.param("title:Le Monde", 'title:"Le Monde"', id="another field"),
    ],
)
def test_an_outlet_that_is_known_needs_no_quotes(typed: str, read: str) -> None:
    assert str(parse(typed, OUTLETS)) == read
    assert parse(read) == parse(typed, OUTLETS)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        pytest.param("war and peace", [Hint("operator", "and", "war AND peace")], id="and"),
        pytest.param("war or peace and (x)", [Hint("operator", "or", "war OR peace AND (x)")], id="or, and another"),
        pytest.param("(war) not title:x", [Hint("operator", "not", "(war) NOT title:x")], id="not between others"),
        pytest.param("war AND not peace", [Hint("operator", "not", "war AND NOT peace")], id="not behind an operator"),
        pytest.param("war, peace, not x", [Hint("operator", "not", "war, peace, NOT x")], id="not behind a list"),
        pytest.param("war and -x", [Hint("operator", "and", "war AND -x")], id="and before a sign"),
        pytest.param("war and NOT x", [Hint("operator", "and", "war AND NOT x")], id="and before another"),
        pytest.param('"war and peace", search AND rescue', [], id="in quotes, in capitals"),
        pytest.param("and peace, war or", [], id="at an end"),
        pytest.param("Rock And Roll", [], id="with a capital"),
        pytest.param("war or not peace", [], id="what would be no query"),
        pytest.param("source:Le Figaro " + "x" * 483, [], id="what would be too long"),
        pytest.param("source:Le Figaro", [Hint("source", "Le", 'source:"Le Figaro"')], id="an outlet"),
        pytest.param(
            "source: Les Nouvelles Roses EUMAM war, x",
            [Hint("source", "Les", 'source: "Les Nouvelles Roses" EUMAM war, x')],
            id="as far as names go",
        ),
        pytest.param("x -source:le figaro", [Hint("source", "le", 'x -source:"le figaro"')], id="in small letters"),
        pytest.param("source:Le Monde, source:Reuters EUMAM", [], id="outlets that are known"),
        pytest.param('source:lefigaro.fr x, source:Figaro, source:"Le" Figaro', [], id="one word, a site, quotes"),
        pytest.param("lang:fr EUMAM", [], id="another field"),
    ],
)
def test_what_may_be_meant_otherwise_is_shown(typed: str, found: list[Hint]) -> None:
    assert list(hints(typed, OUTLETS)) == found


def test_no_outlet_need_be_known() -> None:
    assert [hint.key for hint in hints("source:Reuters EUMAM")] == ["source"]


@given(TYPED)
def test_hints_are_queries_too(text: str) -> None:
    try:
        query = parse(text, OUTLETS)
    except QueryError:
        return
    assert parse(str(query)) == query
    for hint in hints(text, OUTLETS):
        assert parse(hint.example) != parse(text)


@given(TYPED | st.text(max_size=60) | st.text(string.printable, max_size=520))
@example("x”-y")
@example('«FOO "»')
@example("FOO”BAR")
@example('="a“”„«»‹›「」『』＂”')
@example(",".join("abcdefghijklmnopqrstuvwxyz"))
@settings(max_examples=300)
def test_reading_what_prints_gives_the_same_query(text: str) -> None:
    """And nothing that is typed raises anything but a QueryError, whose example can be read."""
    try:
        query = parse(text)
    except QueryError as refused:
        at = refused.args_shown.get("at", 1)
        assert isinstance(at, int)
        assert 1 <= at <= max(len(text), 1)
        if "example" in refused.args_shown:
            assert parse(str(refused.args_shown["example"])).terms  # noqa: PT017 - it may be refused, and is not always
        return
    assert parse(str(query)) == query
    assert str(parse(str(query))) == str(query)


TERMS = st.sampled_from(
    ["aa", "bb cc", "EUMAM", "WHO DD", "in*", '="Le, Monde"', '"x, y"', "C++", "title:aa", 'title:"a b"']
).map(lambda typed: parse(typed).root)
BESIDE = st.sampled_from(["lang:fr", "source:a.example", "source:Post", "author:Roe"]).map(
    lambda typed: parse(typed).root
)
NODES = st.recursive(
    TERMS | BESIDE,
    lambda inner: (
        st.lists(inner, min_size=2, max_size=4).map(all_of)
        | st.lists(inner, min_size=2, max_size=4).map(any_of)
        | inner.map(lambda part: part.part if isinstance(part, Not) else Not(part))
        | st.builds(Near, st.integers(1, 100), TERMS, TERMS | st.lists(TERMS, min_size=2, max_size=3).map(any_of))
    ),
    max_leaves=12,
)  # fmt: skip


@given(NODES)
@settings(max_examples=300)
def test_whatever_can_be_built_prints_so_that_it_is_read_as_built(root: And | Or | Not) -> None:
    query = Query(root)
    try:
        read = parse(str(query))
    except QueryError as refused:
        assert refused.key in {"query-negations", "query-deep", "query-too-long"}  # noqa: PT017 - nothing else may be
        return
    assert read == query
