"""Which queries hold for a story, and where: the index beside an evaluation that knows no index."""

import unicodedata
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.filters import Analysis, Field, FilterIndex, Match, Span, texts
from bot.domain.forms import Folded
from bot.domain.matching import holds, lookup_keys, token_keys, word_holds
from bot.domain.query import And, Kind, Near, Not, Or, Phrase, Query, QueryError, Word, parse
from bot.domain.query.tree import Node
from bot.domain.required import required, words_of
from bot.domain.stories import Entry
from bot.domain.ways import Branching, Bucket, Way, ways_in
from bot.domain.words import fold, tokens, without_accents

# Queries are parsed while they are drawn, which takes a machine that does much else a while.
VOCABULARY = [
    "war", "War", "WAR", "who", "WHO", "EUMAM", "Eumam", "eumam", "Łódź", "LODZ", "о'б", "й", "и", "2026", "U.S.", "us",
    "F-16s", "F16", "10,000", "10000",
]  # fmt: skip
SEPARATORS = [" ", "  ", "\n\n", "-", ", ", ". ", " … "]
OUTLETS = ["Le Post", "War Daily", ""]


class Endings(Folded):
    """A language in which words end in -s or -ed, and one in which they do not."""

    def keys(self, word: str, language: str) -> tuple[str, ...]:
        """The word, and without its ending."""
        folded = fold(word)
        return tuple({folded, folded.removesuffix("s"), folded.removesuffix("ed")}) if language == "en" else (folded,)


def made(words: list[str], separators: list[str]) -> str:
    return "".join(word + separator for word, separator in zip(words, separators, strict=False))


SENTENCES = st.builds(
    made,
    st.lists(st.sampled_from(VOCABULARY), max_size=8),
    st.lists(st.sampled_from(SEPARATORS), min_size=8, max_size=8),
)
ENTRIES = st.builds(
    Entry,
    title=SENTENCES | SENTENCES.map(str.upper),
    summary=SENTENCES,
    content=SENTENCES,
    url=st.sampled_from([None, "https://www.post.example/a", "https://warpost.example/b"]),
    language=st.sampled_from([None, "en", "uk"]),
    author=st.sampled_from([None, "War Who", "Roe"]),
)


def parsed(typed: str) -> Query | None:
    try:
        return parse(typed)
    except QueryError:
        return None


def queries_of(words: Sequence[str]) -> st.SearchStrategy[Query]:
    phrase = st.lists(st.sampled_from(words), min_size=1, max_size=3).map(" ".join)
    typed = st.lists(phrase, min_size=1, max_size=4).map(", ".join)
    return typed.map(parsed).filter(lambda query: query is not None)  # type: ignore[return-value]  # mypy cannot narrow


WORDS = st.sampled_from([*VOCABULARY, "EUMAMs", "wa*", "eum*", '="War"', '="EUMAM, war"', "wars", "2026 war"])
BESIDE = st.sampled_from(
    ["lang:en", "lang:(uk, en)", "source:post.example", "source:post", 'source:"Le Post"', "author:war",
     "source:(NOT war)"]
)  # fmt: skip
TYPED = st.recursive(
    WORDS | st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=3).map(" ".join) | BESIDE,
    lambda inner: (
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({', '.join(parts)})")
        | st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({' AND '.join(parts)})")
        | inner.map(lambda part: f"(NOT {part})")
        | st.tuples(WORDS, st.integers(1, 4), WORDS, WORDS).map(lambda it: f"({it[0]} NEAR/{it[1]} ({it[2]}, {it[3]}))")
        | WORDS.map(lambda part: f"title:{part}")
    ),
    max_leaves=8,
)
QUERIES: st.SearchStrategy[Query] = TYPED.map(parsed).filter(lambda query: query is not None)  # type: ignore[assignment]  # mypy cannot narrow
PHRASES = queries_of(VOCABULARY)


def analysed(entry: Entry, **more: str) -> Analysis:
    return Analysis(entry, forms=Endings(), **more)  # type: ignore[arg-type]  # an outlet


def index_of(*queries: Query) -> FilterIndex:
    return FilterIndex(queries, forms=Endings())


def matches(typed: str, outlet: str = "", hosts: Sequence[str] = (), **fields: str) -> list[Match]:
    story = Analysis(Entry(**fields), forms=Endings(), outlet=outlet, hosts=hosts)  # type: ignore[arg-type]  # texts only
    return index_of(parse(typed)).match(story)


def found(typed: str, **fields: str) -> list[str]:
    """The characters that made the query hold, in reading order."""
    by_field = texts(Entry(**fields))  # type: ignore[arg-type]  # texts only
    return [by_field[s.field][s.start : s.end] for match in matches(typed, **fields) for s in match.spans]


def one_by_one(query: Query, analysis: Analysis) -> tuple[Span, ...] | None:
    """Whether a query holds, of each of its words asked of each word of the story."""
    facts = analysis.facts
    places = {
        word: {
            (number, position): (token.start, token.end)
            for number, written in enumerate(analysis.words)
            for position, token in enumerate(written)
            if word_holds(word, token.text, facts.language, facts.forms)
        }
        for word in words_of(query)
    }
    return holds(query, places, facts)


def logic(node: Node, analysis: Analysis) -> bool | None:
    """What a query of words, AND, OR, NOT and NEAR means, by hand; None of others."""
    match node:
        case And(parts):
            known = [logic(part, analysis) for part in parts]
            return None if None in known else all(known)
        case Or(parts):
            known = [logic(part, analysis) for part in parts]
            return None if None in known else any(known)
        case Not(part):
            inner = logic(part, analysis)
            return None if inner is None else not inner
        case Near(words, Phrase(_, (one,)), Or(parts)) if all(
            isinstance(p, Phrase) and len(p.words) == 1 for p in parts
        ):
            others = [part.words[0] for part in parts if isinstance(part, Phrase)]
            if analysis.facts.loud:
                return None
            at = [
                (number, i, j)
                for number, written in enumerate(analysis.words)
                for i, token in enumerate(written)
                for j, other in enumerate(written)
                if word_holds(one, token.text, analysis.language, analysis.facts.forms)
                and any(word_holds(word, other.text, analysis.language, analysis.facts.forms) for word in others)
            ]
            return any(0 < abs(i - j) <= words for _, i, j in at)
        case Phrase(_, (word,)) if not analysis.facts.loud:
            return any(
                word_holds(word, t.text, analysis.language, analysis.facts.forms) for w in analysis.words for t in w
            )
        case _:
            return None


@pytest.mark.parametrize(
    ("query", "text", "words"),
    [
        pytest.param("EUMAM", "the EUMAM mission", ["EUMAM"], id="an acronym"),
        pytest.param("EUMAM", "the Eumam mission", ["Eumam"], id="an acronym as a name"),
        pytest.param("EUMAM", "the eumam mission", [], id="never in small letters"),
        pytest.param("NATO", "NATOs and the NATO's", ["NATOs", "NATO"], id="an acronym with an ending"),
        pytest.param("ЗСУ", "про ЗСУ, ЗСУшний", ["ЗСУ"], id="a longer ending makes another word"),
        pytest.param("МЗС", "у МЗСі", ["МЗСі"], id="an acronym with a Ukrainian ending"),
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
        pytest.param("US", "Let us in, U.S.; the U.S.'s, US", ["U.S.", "U.S.", "US"], id="an acronym's full stops"),
        pytest.param("U.S.", "US, U.S.A., Us, us", ["US"], id="typed with full stops"),
        pytest.param("u.s. troops", "U.S. troops, us troops", ["U.S. troops"], id="typed so in small letters"),
        pytest.param(
            "Leonardo S.p.A., General a.D.",
            "Leonardo S.p.A.; General a. D.",
            ["Leonardo S.p.A", "General a. D"],
            id="typed as it is written",
        ),
        pytest.param("U.S. troops", "US troops, U.S. Troops", ["US troops", "U.S. Troops"], id="in a phrase"),
        pytest.param("USA, ONU", "l'O.N.U. et U.S.A.", ["O.N.U.", "U.S.A."], id="three letters and full stops"),
        pytest.param(
            "ЕС, РФ, Е.С. Сидоров", "Е. С. Сидоров и Р.Ф. Орлов в ЕС", ["Е. С. Сидоров", "ЕС"], id="Slavic initials"
        ),
        pytest.param("J.K. Rowling", "J. K. Rowling, JK Rowling", ["J. K. Rowling", "JK Rowling"], id="initials"),
        pytest.param("St. Petersburg", "in St Petersburg", ["St Petersburg"], id="an abbreviation"),
        pytest.param("example.com, Node.js", "Node.js at example.com.", ["Node.js", "example.com"], id="sites"),
        pytest.param("PM", "at 10 p.m.", [], id="small letters with full stops are no acronym"),
        pytest.param("F-16", "F-16s, F16's, Ф-16", ["F-16s", "F16", "Ф-16"], id="a name with a number"),
        pytest.param("f16", "F-16-х, F-16-Kampfjets", ["F-16-х", "F-16"], id="typed in small letters"),
        pytest.param("F-16 Kampfjets", "F-16-Kampfjets", ["F-16-Kampfjets"], id="a compound"),
        pytest.param("F-16", "F-16C, F-160, f 16, F 16", [], id="another name"),
        pytest.param("F-16*", "F-16C, F-15", ["F-16C"], id="with its variants"),
        pytest.param("A-10", "A 10-year-old, a 10, an A-10", ["A-10"], id="no article"),
        pytest.param("МіГ-29", "МіГ-29-го, МіГ 29", ["МіГ-29-го", "МіГ 29"], id="an ending behind the number"),
        pytest.param("Su-35, MiG-29", "Su-35S, MiG-29s", ["MiG-29s"], id="a plural is no variant"),
        pytest.param("MiG", "MiG-29s", ["MiG"], id="the first part of a name"),
        pytest.param("10,000 troops", "10 000 troops, 10.000 troops", ["10 000 troops", "10.000 troops"], id="groups"),
        pytest.param("10000, 5,5", "10\u00a0000, 10'000 and 5, 5", ["10\u00a0000", "10'000", "5", "5"], id="commas"),
        pytest.param('="U.S"', "US, U.S. troops", ["U.S"], id="exactly, without the last full stop"),
        pytest.param('="МіГ-29"', "МіГ-29С, МіГ-29-го", ["МіГ-29"], id="exactly, before an ending"),
        pytest.param('="F-16"', "F16, F-16s, F-16-х", ["F-16"], id="exactly, not in a plural"),
        pytest.param('="U.S. troops"', "US troops, U.S. troops", ["U.S. troops"], id="exactly, with full stops"),
        pytest.param('="10,000"', "10.000, 10,000", ["10,000"], id="exactly, with a comma"),
    ],
)
def test_a_query_holds_for_a_text(query: str, text: str, words: list[str]) -> None:
    assert found(query, content=text) == words


@pytest.mark.parametrize(
    ("query", "headline", "words"),
    [
        pytest.param("WHO", "WHO SAYS WHAT", [], id="three letters do not count"),
        pytest.param("NATO", "NATO MEETS", [], id="four letters do not count"),
        pytest.param("F-16", "F-16 DOWN", ["F-16"], id="a name with a number does"),
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


@pytest.mark.parametrize(
    ("title", "found"),
    [
        pytest.param("a b a", [], id="the first two, and a word of another place"),
        pytest.param("a b x", [], id="the first two, and a word of another phrase"),
        pytest.param("x b c d a", [], id="all but the last"),
        pytest.param("a b c a", ["a b c"], id="the shortest, and a word of another place"),
        pytest.param("a b c d e", ["a b c", "a b c d e"], id="a longer one"),
        pytest.param("x b c d e f", ["x b c d e"], id="the one that begins otherwise"),
    ],
)
def test_of_phrases_that_share_words_those_are_found_that_stand_to_their_ends(title: str, found: list[str]) -> None:
    index = FilterIndex(map(parse, ["x b c d e", "a b c d e", "a b c d f", "a b c d g", "a b c"]))
    assert [match.query for match in index.match(Analysis(Entry(title=title)))] == found


@pytest.mark.parametrize(
    ("queries", "title"),
    [
        pytest.param(
            ["military instructors", "military instructors NOT war", "military instructors, EUMAM"],
            "military instructors",
            id="one phrase",
        ),
        pytest.param(
            ["war AND peace", "war AND peace NOT snow", "war AND peace NOT rain"], "peace after a war", id="two words"
        ),
        pytest.param(
            ["war peace", "war talks", "war and peace", "war talks fail", "peace, war talks", "snow war"],
            "snow war peace, war and peace, war talks fail",
            id="phrases with a word in common",
        ),
        pytest.param(
            ["x", "x, rain", "w", "w, rain", "y", "y, rain", "snow", "x y z", "w y z"],
            "x y z, w y z, snow y z",
            id="phrases that end in a rare word",
        ),
        pytest.param(['="War"', "wa*", "warn*", "EUMAM", "war"], "War: EUMAM warns", id="words of every kind"),
        pytest.param(["a b c d e", "a b c d f", "x b c d e"], "a b c d e, a b c d f, x b c d e", id="long phrases"),
    ],
)
def test_of_queries_that_are_stored_side_by_side_one_goes_and_the_others_stay(queries: list[str], title: str) -> None:
    index = FilterIndex(map(parse, queries))
    story, other = Analysis(Entry(title=title)), Analysis(Entry(title="snow, talks, peace, rain: war; d c b a"))
    for gone, name in enumerate(queries):
        kept = sorted(str(parse(query)) for query in queries[gone:])
        assert [match.query for match in index.match(story)] == kept
        assert [match.query for match in index.match(other)] == [
            query for query in kept if one_by_one(parse(query), other) is not None
        ]
        index.remove(str(parse(name)))
    assert shape(index) == {}


def test_removing_what_is_not_stored_is_no_error() -> None:
    index = FilterIndex([parse("war")])
    index.remove("war, peace")
    index.remove("peace")
    assert [match.query for match in index.match(Analysis(Entry(title="war and peace")))] == ["war"]
    assert len(index) == 1


@pytest.mark.parametrize(
    ("query", "words"),
    [
        pytest.param("instructor", ["Instructors"], id="every form of a word"),
        pytest.param("Macron AND instructors", ["Macron", "Instructors"], id="AND, anywhere in the story"),
        pytest.param("Macron AND sport", [], id="AND, of which one is missing"),
        pytest.param("Macron, sport", ["Macron"], id="OR"),
        pytest.param("Macron NOT sport", ["Macron"], id="NOT what is missing"),
        pytest.param("Macron -train", [], id="NOT what is there, in another form and field"),
        pytest.param("Macron AND (NOT train, sport)", [], id="NOT what is there, or what is missing"),
        pytest.param("Macron AND (NOT sport, kyiv)", ["Macron", "Kyiv"], id="a negated part that holds adds no words"),
        pytest.param("Macron NEAR/2 instructors", ["Macron", "Instructors"], id="within so many words"),
        pytest.param("instructors NEAR/2 Macron", ["Macron", "Instructors"], id="in either order"),
        pytest.param("Macron NEAR/1 instructors", [], id="too far"),
        pytest.param("Macron NEAR/100 train", [], id="NEAR does not go from one field into the next"),
        pytest.param("Macron NEAR/2 Macron", [], id="no word is near itself"),
        pytest.param("Macron NEAR/2 (sends, kyiv)", ["Macron", "sends"], id="NEAR alternatives"),
        pytest.param("Macron NEAR/9 sport", [], id="NEAR what is missing"),
        pytest.param(
            "kyiv NEAR/1 (sends instructors to, sends)", ["sends Instructors to", "Kyiv"], id="NEAR a phrase or a word"
        ),
        pytest.param("macron NEAR/1 sends instructors", ["Macron", "sends Instructors"], id="NEAR a phrase"),
        pytest.param("kyiv NEAR/9 to NEAR/9 Macron", ["Macron", "to", "Kyiv"], id="NEAR in turn"),
        pytest.param("instruct*", ["Instructors"], id="a prefix"),
        pytest.param("sends instruct*", ["sends Instructors"], id="a prefix in a phrase"),
        pytest.param('="Macron sends"', ["Macron sends"], id="exactly"),
        pytest.param('="macron sends"', [], id="exactly, in another case"),
        pytest.param('="Macron, sends"', [], id="exactly, with a comma that is not there"),
        pytest.param('="Instructor"', [], id="exactly, a part of a word"),
        pytest.param('="Kyiv."', ["Kyiv."], id="exactly, with a full stop"),
        pytest.param('="(to Kyiv"', [], id="exactly, with a bracket that is not there"),
        pytest.param("title:Macron", ["Macron"], id="in the title"),
        pytest.param("title:trained", [], id="not in the title"),
        pytest.param("title:(Macron AND trained)", [], id="both in the title"),
        pytest.param("title:(Macron NOT trained)", ["Macron"], id="one in the title, the other not"),
        pytest.param('title:="Macron sends"', ["Macron sends"], id="exactly, in the title"),
        pytest.param("trained NOT title:trained", ["trained"], id="anywhere but in the title"),
        pytest.param("lang:en Macron", ["Macron"], id="in its language"),
        pytest.param("lang:uk Macron", [], id="in another language"),
        pytest.param("Macron source:post.example", ["Macron"], id="of its source"),
        pytest.param("Macron -source:post.example", [], id="not of its source"),
    ],
)  # fmt: skip
def test_a_query_holds_for_a_story(query: str, words: list[str]) -> None:
    story = {"title": "Macron sends Instructors to Kyiv.", "summary": "They trained, and trained."}
    more = {"language": "en", "url": "https://www.post.example/a"}
    assert list(dict.fromkeys(found(query, **story, **more))) == words


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        pytest.param("source:lemonde.fr", True, id="the link's host"),
        pytest.param("source:www.lemonde.fr", True, id="with www"),
        pytest.param("source:international.lemonde.fr", True, id="the link's own subdomain"),
        pytest.param("source:sport.lemonde.fr", False, id="another subdomain"),
        pytest.param("source:onde.fr", False, id="not the end of a name"),
        pytest.param("source:feeds.example", True, id="the feed's host"),
        pytest.param('source:"Le Monde"', True, id="the outlet's name"),
        pytest.param("source:monde", True, id="a word of its name"),
        pytest.param("source:lemonde", True, id="its host's name"),
        pytest.param('source:"lemonde feeds"', False, id="names of hosts stand beside nothing"),
        pytest.param("source:fr", False, id="its country"),
        pytest.param("source:127.0.0.1", True, id="a feed's host that is a number"),
        pytest.param("source:127.0.0.2", False, id="another number"),
        pytest.param('source:="Le Monde"', True, id="its name exactly"),
        pytest.param('source:="le monde"', False, id="its name exactly, in another case"),
        pytest.param("source:(NOT lemonde.fr), EUMAM source:x.example", None, id="a source alone, negated"),
        pytest.param("lang:fr", True, id="its language"),
        pytest.param("lang:(de, fr)", True, id="one of several languages"),
        pytest.param("lang:de", False, id="another language"),
        pytest.param("lang:fr lang:(NOT de)", True, id="a language and not another"),
        pytest.param("author:Dupont", True, id="its author"),
        pytest.param('author:"jean dupont"', True, id="its author, whatever the case"),
        pytest.param("author:Jean NOT author:Martin", True, id="one author and not another"),
        pytest.param("author:(Jean NEAR/2 Dupont)", True, id="words near in the author's name"),
        pytest.param("author:Monde", False, id="the outlet is not its author"),
        pytest.param("Dupont", False, id="the author is no text"),
        pytest.param("title:Dupont", False, id="nor the title"),
    ],
)  # fmt: skip
def test_a_query_asks_for_what_a_story_has_beside_its_texts(query: str, holds: bool | None) -> None:
    if holds is None:
        assert parsed(query) is None
        return
    fields = {"title": "x", "url": "https://international.lemonde.fr/a", "language": "fr", "author": "Jean Dupont"}
    result = matches(query, "Le Monde", ["FEEDS.example", "127.0.0.1"], **fields)
    assert result == ([Match(str(parse(query)), ())] if holds else [])


def test_exact_characters_may_be_broken_into_lines_and_composed_otherwise() -> None:
    assert found('="Le Défi, «Monde»"', content="Le\nDe\u0301fi, «Monde» x") == ["Le\nDe\u0301fi, «Monde»"]


@pytest.mark.parametrize(
    ("query", "written", "holds", "keys"),
    [
        pytest.param("instructor", "Instructors", True, {"instructor"}, id="another form"),
        pytest.param("instructor", "instruct", False, {"instructor"}, id="another word"),
        pytest.param("EUMAM", "Eumam", True, {"eumam"}, id="an acronym as a name"),
        pytest.param("EUMAM", "EUMAMs", True, {"eumam"}, id="an acronym with an ending"),
        pytest.param("EUMAM", "eumam", False, {"eumam"}, id="an acronym in small letters"),
        pytest.param("=Élan", "Élan", True, {"elan"}, id="exactly"),
        pytest.param("=Élan", "élan", False, {"elan"}, id="exactly, in another case"),
        pytest.param("instruct*", "INSTRUCTIONS", True, set(), id="a prefix"),
        pytest.param("instruct*", "struct", False, set(), id="what does not begin so"),
    ],
)
def test_one_word_of_a_query_is_asked_of_one_of_a_text(query: str, written: str, holds: bool, keys: set[str]) -> None:
    (word,) = words_of(parse(query))
    assert word_holds(word, written, "en", Endings()) is holds
    assert not holds or not keys or not keys.isdisjoint(token_keys(written, "en", Endings()))
    assert set(lookup_keys(word, "en", Endings())) == (keys | {"instructor"} if query == "instructor" else keys)


@pytest.mark.parametrize(
    ("query", "clauses"),
    [
        pytest.param("military EUMAM", [{"EUMAM"}, {"military"}], id="a phrase, its rarest word first"),
        pytest.param("war, peace talks", [{"war", "peace"}], id="alternatives"),
        pytest.param("war NOT peace", [{"war"}], id="an exclusion needs nothing"),
        pytest.param("(war, peace) AND EUMAM", None, id="the rarest of all"),
        pytest.param("source:a.example", None, id="a source"),
        pytest.param("source:a.example, war", None, id="a source, or a word"),
        pytest.param("source:a.example war", [{"war"}], id="a source, and a word"),
    ],
)
def test_what_a_query_requires(query: str, clauses: list[set[str]] | None) -> None:
    found = required(parse(query))
    if query.startswith("(war"):
        assert found is not None
        assert "EUMAM" in {word.form for word in found[0]}
    else:
        assert (found and [{word.form for word in clause} for clause in found]) == clauses


def test_words_that_were_made_before_are_not_made_again() -> None:
    entry = Entry(title="war in Kyiv", summary="peace")
    made = [tokens(text) for text in texts(entry).values()]
    assert FilterIndex([parse("war")]).match(Analysis(entry, words=made)) == [Match("war", (Span(Field.TITLE, 0, 3),))]


def test_a_story_is_matched_in_its_language() -> None:
    index = index_of(parse("instructor"))
    entry = Entry(title="instructors", language="en")
    assert index.match(analysed(entry))
    assert index.match(Analysis(entry, "uk", forms=Endings())) == []
    index.add(parse("instructors, instructored"))
    assert [match.query for match in index.match(analysed(entry))] == ["instructor", "instructors, instructored"]
    assert len(index.match(Analysis(entry, "uk", forms=Endings()))) == 1
    index.remove("instructors, instructored")
    assert [match.query for match in index.match(analysed(entry))] == ["instructor"]
    index.remove("instructor")
    assert shape(index) == {}


def test_languages_that_were_not_met_for_long_are_learned_anew() -> None:
    index = index_of(parse("instructor"))
    for number in range(60):
        assert bool(
            index.match(
                Analysis(Entry(title="instructors"), "en" if number % 30 == 0 else f"x{number}", forms=Endings())
            )
        ) is (number % 30 == 0)


def test_what_is_common_is_learned_and_what_was_stored_before_is_still_removed() -> None:
    index = index_of(parse("parliament NEAR/5 EUMAM"), parse("parliament AND sun"))
    for _ in range(200):
        index.match(analysed(Entry(title="the parliament meets")))
    for query in ("parliament AND war", "parliament AND sun", "sun AND parliament AND war", "the parliament, war"):
        index.add(parse(query))
    story = analysed(Entry(title="sun, war: the parliament"))
    assert [match.query for match in index.match(story)] == [
        "parliament AND sun", "parliament AND war", "sun AND parliament AND war", "the parliament, war",
    ]  # fmt: skip
    for name in ["parliament AND sun"] * 2 + [
        "parliament AND war",
        "sun AND parliament AND war",
        "the parliament, war",
    ]:
        index.remove(name)
    assert index.match(story) == []
    index.remove("parliament NEAR/5 EUMAM")
    assert shape(index) == {}


def shape(index: FilterIndex) -> dict[object, object]:
    """All that an index holds, by names."""

    def tree(term: Branching) -> list[tuple[str, int]]:
        sides = [there for side in (term.behind, term.before) for there in (side or {}).values()]
        below = [found for there in sides if isinstance(there, Branching) for found in tree(there)]
        return [
            *names(term.ends),
            *(found for there in sides if isinstance(there, Way) for found in names(there)),
            *below,
        ]

    def names(bucket: Bucket) -> list[tuple[str, int]]:
        return [(way.standing.name, len(way.phrase)) for way in ways_in(bucket)]

    held: dict[object, object] = {}
    for space, vocabulary in index._spaces.items():
        for word, term in vocabulary._terms.items():
            beside = {other.word: sorted(names(bucket)) for other, bucket in (term.beside or {}).items()}
            held[space, word] = (term.users, sorted(tree(term)), beside)
        found = [
            {
                key: {one.word for one in (terms if isinstance(terms, tuple) else (terms,))}
                for key, terms in held.items()
            }
            for held in (vocabulary._acronyms, vocabulary._folded, *vocabulary._languages.values())
        ]
        if any(found) or vocabulary._lengths or vocabulary._exact or vocabulary._prefixes:
            held[space] = (found, vocabulary._lengths, set(vocabulary._exact), set(vocabulary._prefixes))
    held.update({name: standing.users for name, standing in index._queries.items()})
    return held


@given(st.lists(QUERIES, max_size=5), st.lists(QUERIES, max_size=5), ENTRIES)
def test_adding_and_removing_leaves_the_index_as_it_was(kept: list[Query], passing: list[Query], entry: Entry) -> None:
    index, expected = index_of(*kept), index_of(*kept)
    for one in (index, expected):
        one.match(analysed(entry))  # so that the words are known in its language
    for query in passing:
        index.add(query)
    for query in reversed(passing):
        index.remove(str(query))
    assert shape(index) == shape(expected)
    assert index.match(analysed(entry)) == expected.match(analysed(entry))
    for query in kept:
        index.remove(str(query))
    assert shape(index) == {}


@given(st.lists(QUERIES, max_size=6), ENTRIES, st.sampled_from(OUTLETS))
@settings(max_examples=400)
def test_the_index_finds_what_evaluating_each_query_finds(queries: list[Query], entry: Entry, outlet: str) -> None:
    analysis = analysed(entry, outlet=outlet)
    expected = {str(query): spans for query in queries if (spans := one_by_one(query, analysis)) is not None}
    result = index_of(*queries).match(analysis)
    assert {match.query: match.spans for match in result} == expected
    assert [match.query for match in result] == sorted(expected)


@given(QUERIES, ENTRIES)
@settings(max_examples=400)
def test_a_query_holds_where_its_logic_does(query: Query, entry: Entry) -> None:
    analysis = analysed(entry)
    expected = logic(query.root, analysis)
    if expected is not None:
        assert (one_by_one(query, analysis) is not None) is expected


@given(QUERIES, ENTRIES)
@settings(max_examples=200)
def test_and_or_and_not_obey_logic(query: Query, entry: Entry) -> None:
    analysis = analysed(entry)
    held = one_by_one(query, analysis) is not None
    other = parse("war, WHO")
    too = one_by_one(other, analysis) is not None
    assert (one_by_one(Query(Not(query.root)), analysis) is not None) is not held
    assert (one_by_one(Query(And((query.root, other.root))), analysis) is not None) is (held and too)
    assert (one_by_one(Query(Or((query.root, other.root))), analysis) is not None) is (held or too)
    assert (one_by_one(Query(Not(And((query.root, other.root)))), analysis) is not None) is not (held and too)


def naive(query: Query, entry: Entry) -> list[Span]:
    """What the rules say of phrases without a language, word by word, with nothing made faster."""
    spans = set()
    for field, text in texts(entry).items():
        written = tokens(text)
        headline_shouts = field is Field.TITLE and len(written) > 1 and text.upper() == text != text.lower()
        for term in query.terms:
            assert isinstance(term, Phrase)
            for start in range(len(written) - len(term.words) + 1):
                window = written[start : start + len(term.words)]
                holds = True
                for word, token in zip(term.words, window, strict=True):
                    if fold(token.text) != word.folded:
                        holds = False
                    elif word.form.isupper():
                        bare = without_accents(token.text)
                        forms = {word.form} | ({word.form.capitalize()} if len(word.form) >= 4 else set())
                        any_word = len(word.form) < 5 and word.form.isalpha()
                        if bare not in forms or (headline_shouts and any_word):
                            holds = False
                if holds:
                    spans.add(Span(field, window[0].start, window[-1].end))
    order = [Field.TITLE, Field.DESCRIPTION, Field.CONTENT]
    return sorted(spans, key=lambda span: (order.index(span.field), span.start, span.end))


@given(st.lists(PHRASES, max_size=6), ENTRIES)
@settings(max_examples=200)
def test_the_index_finds_what_a_naive_matcher_finds(queries: list[Query], entry: Entry) -> None:
    expected = {str(query): tuple(spans) for query in queries if (spans := naive(query, entry))}
    result = FilterIndex(queries).match(Analysis(entry))
    assert {match.query: match.spans for match in result} == expected


CROWDED = st.lists(st.sampled_from(["a", "b", "rare"]), min_size=1, max_size=8).map(" ".join)


@given(st.lists(CROWDED.map(parse), max_size=12), st.lists(CROWDED.map(parse), max_size=8), CROWDED, CROWDED)
@settings(max_examples=300)
def test_phrases_of_the_same_few_words_are_told_apart(
    kept: list[Query], passing: list[Query], title: str, content: str
) -> None:
    story = analysed(Entry(title=title, content=content))
    index = index_of(*kept, *passing)
    expected = {str(query) for query in (*kept, *passing) if one_by_one(query, story) is not None}
    assert {match.query for match in index.match(story)} == expected
    for query in passing:
        index.remove(str(query))
    assert index.match(story) == index_of(*kept).match(story)
    for query in kept:
        index.remove(str(query))
    assert shape(index) == {}


@pytest.mark.parametrize(
    ("text", "held"),
    [
        pytest.param("president of the republic of a b c d", 4, id="the longest and its parts"),
        pytest.param("president of the republic of a b c c", 3, id="one that goes on otherwise"),
        pytest.param("the president of the", 3, id="with the word before"),
        pytest.param("in the president of", 3, id="with two words before"),
        pytest.param("president", 0, id="the rarest word alone"),
        pytest.param("of the president", 1, id="only the word before"),
    ],
)
def test_phrases_that_begin_alike_are_told_apart(text: str, held: int) -> None:
    typed = [
        "president of",
        "president of the",
        "president of the republic of a b c",
        "president of the republic of a b c d",
        "the president",
        "in the president of",
        "the president of a",
    ]
    assert len(index_of(*map(parse, typed)).match(analysed(Entry(title=text)))) == held


def test_phrases_that_differ_in_the_word_before_are_told_apart_by_it() -> None:
    index = index_of(*map(parse, ("president of", "the president of", "in president of", "a")))
    for title, held in {
        "the president of": 2,
        "a president of": 2,
        "in the president of": 2,
        "president of": 1,
    }.items():
        assert len(index.match(analysed(Entry(title=title)))) == held, title


@pytest.mark.parametrize(
    ("query", "held"),
    [
        pytest.param("war NOT peace", False, id="a word that is there"),
        pytest.param("war NOT (sport, peace)", False, id="one of several"),
        pytest.param("war NOT EUMAM", True, id="an acronym that is not there"),
        pytest.param("war NOT WHO", True, id="an acronym that a headline shouts"),
        pytest.param("war NOT civil peace", True, id="a phrase, of which one word is there"),
        pytest.param("war NOT title:talks", True, id="a word that is there, in another field"),
        pytest.param("(war NOT talks), peace", True, id="what is excluded from one alternative only"),
    ],
)
def test_what_is_excluded_rules_a_query_out(query: str, held: bool) -> None:
    assert bool(matches(query, title="WHO AT WAR", content="peace talks")) is held


@given(st.data(), QUERIES, ENTRIES)
@settings(max_examples=200)
def test_a_story_without_what_is_required_does_not_match(data: st.DataObject, query: Query, entry: Entry) -> None:
    rarity = data.draw(st.sampled_from([None, lambda word: float(len(word.form)), lambda word: -float(len(word.form))]))
    clauses = required(query, rarity)
    analysis = analysed(entry)
    written = [(token.text, analysis.language) for words in analysis.words for token in words]
    if one_by_one(query, analysis) is not None:
        for clause in clauses or ():
            assert any(word_holds(word, text, language, Endings()) for word in clause for text, language in written)


@given(
    QUERIES.flatmap(
        lambda query: st.tuples(
            st.just(query), st.sampled_from(sorted(words_of(query))) if words_of(query) else st.none()
        )
    ),
    st.sampled_from([*VOCABULARY, "wars", "warned"]),
)
def test_a_word_that_holds_is_found_under_its_keys(drawn: tuple[Query, Word | None], written: str) -> None:
    _, word = drawn
    if word is None or not word_holds(word, written, "en", Endings()):
        return
    keys = token_keys(written, "en", Endings())
    if word.kind is Kind.PREFIX:
        assert lookup_keys(word, "en", Endings()) == ()
        assert any(key.startswith(word.form) for key in keys)
    else:
        assert not set(lookup_keys(word, "en", Endings())).isdisjoint(keys)


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
    text = text.replace(".", "") + " war peace об'єкт ёж łódź"
    other = unicodedata.normalize(form, case(text)).replace(" ", data.draw(st.sampled_from(["\n", "  ", "\u00a0 "])))  # type: ignore[arg-type]  # it is one of the four
    assert forms(Entry(title=text, content=text)) == forms(Entry(title=other, content=other))
