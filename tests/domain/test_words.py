"""Words: where they stand, and what does not count when they are compared."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.words import acronym_of, fold, tokens, with_capitals, without_accents

INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u202b\u2060\u2069\ufeff\ufe0f"
APOSTROPHES = "'’ʼ‘`´＇‛′ʹʻʽ"
LETTERS = "abcßéèçñłøœÆŁǿÅабвґєіїйёўЄЇЙЎαώΣसकिのがабن"
# What full stops, commas, hyphens, spaces and endings may make of letters and digits.
PIECES = st.lists(
    st.sampled_from([*"USÉsuФy10 .,-–\u00a0'北", "000", "10", "-х", "s ", "-го ", "MiG-"]), max_size=14
).map("".join)
WORDS = st.text(st.sampled_from(LETTERS + LETTERS.upper()), min_size=1, max_size=12)


def written(text: str) -> list[str | tuple[str, str]]:
    """The words of a text, each with how it is written where that is otherwise."""
    words = ((token.text, text[token.start : token.end]) for token in tokens(text))
    return [word if word == there else (word, there) for word, there in words]


def folded(text: str) -> list[str]:
    return [token.folded for token in tokens(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param(" … — «»!", [], id="punctuation alone"),
        pytest.param("Military instructors", ["Military", "instructors"], id="words"),
        pytest.param("EU-NATO", ["EU", "NATO"], id="a hyphen parts words"),
        pytest.param("snake_case", ["snake", "case"], id="an underscore parts words"),
        pytest.param("COVID-19, 2026", ["COVID", "19", "2026"], id="digits are words"),
        pytest.param("об'єкт", ["об'єкт"], id="a typewriter's apostrophe"),
        pytest.param("об’єкт", ["об’єкт"], id="a curly apostrophe"),
        pytest.param("обʼєкт", ["обʼєкт"], id="the letter apostrophe"),
        pytest.param("об‘єкт", ["об‘єкт"], id="an opening single quote"),
        pytest.param("об`єкт", ["об`єкт"], id="a backtick"),
        pytest.param("об´єкт", ["об´єкт"], id="an acute accent that stands alone"),
        pytest.param("об＇єкт", ["об＇єкт"], id="a full-width apostrophe"),
        pytest.param("'об'єкт'", ["об'єкт"], id="quoted with what is also inside"),
        pytest.param("l'armée", ["l", "armée"], id="a French article stands apart"),
        pytest.param("d’Ukraine", ["d", "Ukraine"], id="a French article with a curly apostrophe"),
        pytest.param("Instructor's", ["Instructor", "s"], id="an English genitive"),
        pytest.param("військо\u00adвий", ["військо\u00adвий"], id="a soft hyphen is inside a word"),
        pytest.param("\u200bword", ["word"], id="an invisible character before a word is no part of it"),
        pytest.param("हिन्दी भाषा", ["हिन्दी", "भाषा"], id="vowel signs belong to their word"),
        pytest.param("か\u3099く", ["か\u3099", "く"], id="a decomposed kana is one letter"),
        pytest.param("ｶﾞﾝ", ["ｶﾞ", "ﾝ"], id="half-width kana keep their voicing"),
        pytest.param("北京 訪問", ["北", "京", "訪", "問"], id="each Han character is a word"),
        pytest.param("EUMAMの任務", ["EUMAM", "の", "任", "務"], id="Latin letters among kana and Han"),
        pytest.param("𠮷野", ["𠮷", "野"], id="a Han character of the second plane"),
        pytest.param("ที่นี่", ["ที่", "นี่"], id="a Thai letter has its vowel and tone"),
        pytest.param("한국어 군사", ["한국어", "군사"], id="Korean parts words with spaces"),
        pytest.param("ＥＵＭＡＭ、２", ["ＥＵＭＡＭ", "２"], id="full-width letters and digits"),
        pytest.param("lʼarmée", ["l", "armée"], id="a French article with the letter apostrophe"),
        pytest.param("Oʻzbekiston", ["O", "zbekiston"], id="an apostrophe parts Latin letters"),
    ],
)
def test_a_text_is_parted_into_words(text: str, words: list[str]) -> None:
    assert [token.text for token in tokens(text)] == words


@pytest.mark.parametrize("apostrophe", APOSTROPHES)
def test_every_apostrophe_of_ukrainian_is_inside_its_word(apostrophe: str) -> None:
    assert folded(f"{apostrophe}об{apostrophe}єкт{apostrophe}и{apostrophe}") == [fold("обєкти")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("the U.S. troops", ["the", ("US", "U.S."), "troops"], id="full stops"),
        pytest.param("the U.S.'s own", ["the", ("US", "U.S."), "s", "own"], id="with a genitive"),
        pytest.param("U.S.-led, U.S.A, (U.K.)", [("US", "U.S."), "led", ("USA", "U.S.A"), ("UK", "U.K.")], id="signs"),
        pytest.param("the U.S. The end", ["the", ("US", "U.S."), "The", "end"], id="at the end of a sentence"),
        pytest.param("l'O.N.U., С.Ш.А.", ["l", ("ONU", "O.N.U."), ("США", "С.Ш.А.")], id="in French and Russian"),
        pytest.param("Washington, D.C.", ["Washington", ("DC", "D.C.")], id="a place"),
        pytest.param("J.K. Rowling", [("JK", "J.K."), "Rowling"], id="initials"),
        pytest.param("J. K. Rowling", [("JK", "J. K."), "Rowling"], id="initials with spaces"),
        pytest.param("Е.С. Сидоров, В. В. Путин", ["Е", "С", "Сидоров", "В", "В", "Путин"], id="a patronymic's"),
        pytest.param(
            "_U.S._, 在U.S.的, U.S们", [("US", "U.S."), "在", ("US", "U.S."), "的", ("US", "U.S"), "们"], id="no space"
        ),
        pytest.param("E\u0301.U.", [("E\u0301U", "E\u0301.U.")], id="a decomposed letter"),
        pytest.param("plan B. U.S. troops", ["plan", "B", ("US", "U.S."), "troops"], id="behind a single letter"),
        pytest.param("J. Smith, St. Ives", ["J", "Smith", "St", "Ives"], id="one initial, an abbreviation"),
        pytest.param("e.g. 10 a.m., z. B.", ["e", "g", "10", "a", "m", "z", "B"], id="small letters are no acronym"),
        pytest.param("Node.js, x.com, M.Sc.", ["Node", "js", "x", "com", "M", "Sc"], id="longer pieces are none"),
        pytest.param("v2.0, 1.5", ["v2", "0", "1", "5"], id="numbers are none"),
    ],
)
def test_an_acronym_is_a_word_with_its_full_stops(text: str, words: list[str | tuple[str, str]]) -> None:
    assert written(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("F-16, F16, F‑16", [("F16", "F-16"), "F16", ("F16", "F‑16")], id="with a hyphen or without"),
        pytest.param("F-16s, F-16's", [("F16", "F-16s"), ("F16", "F-16"), "s"], id="an English plural"),
        pytest.param("F-16-х, F-16-ами", [("F16", "F-16-х"), ("F16", "F-16-ами")], id="Ukrainian endings"),
        pytest.param("F-16-Kampfjets", [("F16", "F-16"), "Kampfjets"], id="a German compound"),
        pytest.param("Ф-16, С-300, Т-72s", [("F16", "Ф-16"), ("S300", "С-300"), ("T72", "Т-72s")], id="in Cyrillic"),
        pytest.param("F-16C, Ｆ－１６", [("F16C", "F-16C"), ("Ｆ１６", "Ｆ－１６")], id="a variant, and full width"),
        pytest.param("MiG-29s, МіГ-29-го", ["MiG", ("29", "29s"), "МіГ", ("29", "29-го")], id="a longer name"),
        pytest.param("Су-35-х, Су-35С", ["Су", ("35", "35-х"), "Су", "35С"], id="an ending is no variant"),
        pytest.param("Leopard 2s, 747s", ["Leopard", ("2", "2s"), ("747", "747s")], id="with a space"),
        pytest.param("COVID-19, ЗСУ-23", ["COVID", "19", "ЗСУ", "23"], id="longer names stay words of their own"),
        pytest.param("mid-30s, the 80s, 1980s", ["mid", "30s", "the", "80s", "1980s"], id="decades are no plurals"),
        pytest.param("24-та бригада", ["24", "та", "бригада"], id="an ordinal is no number"),
        pytest.param("A 10-year-old, 5-a-side", ["A", "10", "year", "old", "5", "a", "side"], id="no name"),
        pytest.param("ב-2022, в\u00a02022", ["ב", "2022", "в", "2022"], id="a preposition"),
        pytest.param("R9s新, 5s北, F-16-х", [("R9", "R9s"), "新", ("5", "5s"), "北", ("F16", "F-16-х")], id="no space"),
        pytest.param("T-34-85, X-F-16", [("T34", "T-34"), "85", "X", ("F16", "F-16")], id="more hyphens"),
    ],
)  # fmt: skip
def test_a_letter_and_a_number_are_one_name(text: str, words: list[str | tuple[str, str]]) -> None:
    assert written(text) == words


@pytest.mark.parametrize("mark", [",", ".", " ", "\u00a0", "\u202f", "\u2009", "'", "’"])
def test_a_number_in_groups_of_three_is_one(mark: str) -> None:
    (million, troops) = tokens(f"1{mark}234{mark}567 troops")
    assert million == ("1234567", "1234567", 0, 9)
    assert troops.text == "troops"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("1,234.56 1.234,56", ["1234", "56", "1234", "56"], id="decimals behind it"),
        pytest.param("10,000th, 1,000km", ["10000th", "1000km"], id="letters behind it"),
        pytest.param("10,5 1,2 3.14", ["10", "5", "1", "2", "3", "14"], id="decimals"),
        pytest.param("0.500 0,125", ["0", "500", "0", "125"], id="a part of one"),
        pytest.param("24.12.2022, 1,2,000", ["24", "12", "2022", "1", "2", "000"], id="dates and lists"),
        pytest.param("2022 100, 12 34", ["2022", "100", "12", "34"], id="other groups"),
        pytest.param("МиГ-29 100 штук", ["МиГ", "29", "100", "штук"], id="behind a name's number"),
        pytest.param("10 000m", ["10", "000m"], id="a distance"),
        pytest.param("10 000元", ["10000", "元"], id="where no space follows"),
    ],
)
def test_other_numbers_side_by_side_are_several(text: str, words: list[str]) -> None:
    assert [token.text for token in tokens(text)] == words


def test_acronyms_may_be_typed_small() -> None:
    assert with_capitals("u.s. troops in washington, d.c., e.g. ŉ.s.") == "U.S. troops in washington, D.C., E.G. ŉ.s."


@given(st.text(max_size=80) | PIECES)
def test_spans_slice_to_the_words_text(text: str) -> None:
    """But for the signs that a word is written with, an ending, and the letter of a name in another alphabet."""
    end = 0
    for token in tokens(text):
        assert token.start >= end, "words come in order and do not overlap"
        assert token.text
        assert set(token.text[1:]) <= set(text[token.start : token.end])
        assert token.folded == fold(token.text)
        end = token.end


@given(st.text(max_size=80) | PIECES)
def test_a_word_by_itself_is_that_word(text: str) -> None:
    for token in tokens(text):
        assert [again.text for again in tokens(token.text)] == [token.text]


@given(st.text(max_size=20) | PIECES)
def test_every_letter_and_digit_is_in_a_word(text: str) -> None:
    covered = {position for token in tokens(text) for position in range(token.start, token.end)}
    letters = (position for position, character in enumerate(text) if character.isalnum())
    assert {position for position in letters if text[position] not in APOSTROPHES} <= covered


@given(WORDS | st.text("łŁøØǿǾæǼœıґёйїўÅがßŉﬁ́̆", max_size=6))
@settings(max_examples=200)
def test_folding_twice_is_folding_once(word: str) -> None:
    assert fold(fold(word)) == fold(word)


@given(WORDS)
def test_case_does_not_count(word: str) -> None:
    assert fold(word.upper()) == fold(word.lower()) == fold(word)


@given(WORDS)
def test_the_unicode_form_does_not_count(word: str) -> None:
    assert folded(unicodedata.normalize("NFD", word)) == folded(unicodedata.normalize("NFC", word))


@given(WORDS, st.sampled_from(INVISIBLE), st.data())
def test_invisible_characters_do_not_count(word: str, character: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word)))
    assert fold(word[:at] + character + word[at:]) == fold(word)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("armée", "armee", id="acute"),
        pytest.param("MÜNCHEN", "munchen", id="umlaut in capitals"),
        pytest.param("Łódź", "lodz", id="a stroke"),
        pytest.param("Đoković", "dokovic", id="a Croatian d"),
        pytest.param("Søren", "soren", id="a Danish o"),
        pytest.param("Gallehǿj", "gallehoj", id="a Danish o with an accent"),
        pytest.param("cœur", "coeur", id="a ligature"),
        pytest.param("Ærø", "aero", id="a ligature that is a letter"),
        pytest.param("Straße", "STRASSE", id="sharp s"),
        pytest.param("Iğdır", "igdir", id="a dotless i"),
        pytest.param("ёлка", "елка", id="ё is е"),
        pytest.param("ґанок", "ганок", id="ґ is г"),
        pytest.param("за́мок", "замок", id="a stress mark"),
        pytest.param("ﬁnance", "finance", id="a typographer's ligature"),
        pytest.param("5㎒", "5mhz", id="a sign that stands for letters"),
        pytest.param("об'єкт", "обʼєкт", id="any apostrophe"),
        pytest.param("об’єкт", "обєкт", id="no apostrophe"),
        pytest.param("ＥＵＭＡＭ", "eumam", id="full-width letters"),
        pytest.param("ｶﾞ", "ガ", id="half-width kana"),
        pytest.param("Ｅ\u200eU", "eu", id="a mark of direction"),
    ],
)
def test_what_readers_take_for_one_word_is_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("йод", "иод", id="й and и"),
        pytest.param("Й", "И", id="Й and И in capitals"),
        pytest.param("и\u0306", "и", id="a decomposed й and и"),
        pytest.param("їх", "іх", id="ї and і"),
        pytest.param("і\u0308", "і", id="a decomposed ї and і"),
        pytest.param("ўсё", "усё", id="ў and у"),
        pytest.param("є", "е", id="є and е"),
        pytest.param("が", "か", id="voiced kana"),
        pytest.param("की", "का", id="vowel signs"),
        pytest.param("word", "words", id="inflection is not folded"),
    ],
)
def test_letters_of_their_own_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        pytest.param("ŁÓDŹ", "LODZ", id="Polish capitals"),
        pytest.param("ҐРУ", "ГРУ", id="a Ukrainian capital"),
        pytest.param("Æther", "AEther", id="a capital ligature"),
        pytest.param("МЗС\u00ad", "МЗС", id="an invisible character"),
        pytest.param("État", "Etat", id="French"),
        pytest.param("Й", "Й", id="a letter of its own"),
    ],
)
def test_without_accents_keeps_the_case(written: str, plain: str) -> None:
    assert without_accents(written) == plain


@pytest.mark.parametrize(
    ("written", "acronym"),
    [
        pytest.param("NATOs", "NATO", id="German and English genitives"),
        pytest.param("ONZu", "ONZ", id="a Polish genitive"),
        pytest.param("МЗСу", "МЗС", id="a Ukrainian genitive"),
        pytest.param("ТЕЦами", "ТЕЦ", id="a plural"),
        pytest.param("EUMAMу", "EUMAM", id="a Latin acronym in a Cyrillic text"),
        pytest.param("F16s", "F16", id="with a number"),
        pytest.param("ＮＡＴＯs", "NATO", id="full-width letters"),
        pytest.param("NATO", None, id="as it is"),
        pytest.param("ЗСУшного", None, id="another word made of it"),
        pytest.param("GmbH", None, id="mixed case"),
        pytest.param("As", None, id="one capital"),
        pytest.param("ЗСУs", None, id="a Latin ending behind Cyrillic"),
        pytest.param("who", None, id="a word"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_an_acronym_is_known_with_an_ending(written: str, acronym: str | None) -> None:
    assert acronym_of(written) == acronym


@given(st.text(max_size=12))
def test_what_an_ending_was_taken_from_begins_with_the_acronym(written: str) -> None:
    acronym = acronym_of(written)
    assert acronym is None or (len(acronym) > 1 and without_accents(written).startswith(acronym))
