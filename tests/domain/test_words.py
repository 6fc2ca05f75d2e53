"""Words: where they stand, and what does not count when they are compared."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.words import acronym_of, fold, tokens, without_accents

INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u202b\u2060\u2069\ufeff\ufe0f"
APOSTROPHES = "'’ʼ‘`´＇‛′ʹʻʽ"
LETTERS = "abcßéèçñłøœÆŁǿÅабвґєіїйёўЄЇЙЎαώΣसकिのがабن"
WORDS = st.text(st.sampled_from(LETTERS + LETTERS.upper()), min_size=1, max_size=12)


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
        pytest.param("F-16, 2026", ["F", "16", "2026"], id="digits are words"),
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


@given(st.text(max_size=80))
def test_spans_slice_to_the_words_text(text: str) -> None:
    end = 0
    for token in tokens(text):
        assert token.start >= end, "words come in order and do not overlap"
        assert text[token.start : token.end] == token.text != ""
        assert token.folded == fold(token.text)
        end = token.end


@given(st.text(max_size=20))
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
