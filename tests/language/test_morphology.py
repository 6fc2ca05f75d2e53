"""Which words are forms of one another, in each language that is served."""

from itertools import combinations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.forms import Folded
from bot.domain.words import fold, tokens, without_accents
from bot.language.morphology import Morphology

SIX = ("en", "fr", "uk", "ru", "de", "pl")


@pytest.fixture(scope="module")
def morphology() -> Morphology:
    return Morphology()


def same(forms: Morphology, language: str, one: str, other: str) -> bool:
    """Whether two phrases of as many words match word by word."""
    pairs = zip(tokens(one), tokens(other), strict=True)
    return all(set(forms.keys(a.text, language)) & set(forms.keys(b.text, language)) for a, b in pairs)


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        pytest.param("en", ["military instructors", "military instructor", "Military Instructor"], id="English"),
        pytest.param(
            "uk",
            [
                "військові інструктори",
                "військовий інструктор",
                "військового інструктора",
                "військовому інструктору",
                "військовим інструктором",
                "військових інструкторів",
                "військовим інструкторам",
                "військовими інструкторами",
                "військових інструкторах",
                "ВІЙСЬКОВІ ІНСТРУКТОРИ",
            ],
            id="Ukrainian, all cases and numbers",
        ),
        pytest.param(
            "ru",
            [
                "военные инструкторы",
                "военный инструктор",
                "военного инструктора",
                "военному инструктору",
                "военным инструктором",
                "военном инструкторе",
                "военных инструкторов",
                "военным инструкторам",
                "военными инструкторами",
                "военных инструкторах",
            ],
            id="Russian, all cases and numbers",
        ),
        pytest.param("fr", ["instructeurs militaires", "instructeur militaire"], id="French"),
        pytest.param(
            "pl",
            [
                "instruktorzy wojskowi",
                "instruktor wojskowy",
                "instruktora wojskowego",
                "instruktorowi wojskowemu",
                "instruktorem wojskowym",
                "instruktorze wojskowym",
                "instruktorów wojskowych",
                "instruktorom wojskowym",
                "instruktorami wojskowymi",
                "instruktorach wojskowych",
                "instruktorow wojskowych",
            ],
            id="Polish, all cases and numbers",
        ),
        pytest.param(
            "de", ["Militärausbilder", "Militärausbildern", "Militärausbilders", "militärausbilder"], id="German"
        ),
    ],
)
def test_the_model_phrases_match_in_every_form(morphology: Morphology, language: str, forms: list[str]) -> None:
    for one, other in combinations(forms, 2):
        assert same(morphology, language, one, other), (one, other)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        pytest.param("en", "child", "children", id="English, irregular"),
        pytest.param("en", "leaf", "leaves", id="English, f becomes v"),
        pytest.param("en", "leave", "leaves", id="English, a form of two words"),
        pytest.param("en", "leave", "left", id="English, a past that is an adjective too"),
        pytest.param("en", "rise", "rose", id="English, a past that is a noun too"),
        pytest.param("en", "find", "found", id="English, a past that is a verb too"),
        pytest.param("en", "write", "writing", id="English, a participle that is a noun too"),
        pytest.param("en", "big", "bigger", id="English comparative"),
        pytest.param("en", "bad", "worst", id="English comparative, irregular"),
        pytest.param("en", "livestream", "livestreamed", id="English, a word that SPECIALIST does not know"),
        pytest.param("fr", "cheval", "chevaux", id="French -aux"),
        pytest.param("fr", "principal", "principales", id="French feminine plural"),
        pytest.param("fr", "actif", "active", id="French, where a verb has the same form"),
        pytest.param("fr", "français", "Francaises", id="French typed without accents"),
        pytest.param("de", "Haus", "Häusern", id="German umlaut"),
        pytest.param("de", "haus", "HÄUSER", id="German typed in lower case"),
        pytest.param("de", "Küche", "Kueche", id="German umlauts spelled out"),
        pytest.param("de", "Küche", "Kuechen", id="German umlauts spelled out, plural"),
        pytest.param("de", "gehen", "gegangen", id="German strong verb"),
        pytest.param("de", "festnehmen", "festgenommen", id="German separable verb"),
        pytest.param("de", "Selenskyj", "Selenskyjs", id="German, an unknown name"),
        pytest.param("pl", "premier", "premierze", id="Polish, where another word has the same form"),
        pytest.param("pl", "Tusk", "Tuskowi", id="Polish, a name"),
        pytest.param("pl", "Macron", "Macrona", id="Polish, an unknown name"),
        pytest.param("pl", "Zełenski", "Zełenskiego", id="Polish, a name like an adjective"),
        pytest.param("uk", "Зеленський", "Зеленського", id="Ukrainian, a name"),
        pytest.param("uk", "об'єкт", "об’єктами", id="Ukrainian apostrophes"),
        pytest.param("uk", "обʼєкт", "об`єкта", id="more Ukrainian apostrophes"),
        pytest.param("uk", "проєкт", "проекти", id="Ukrainian before and after the reform"),
        pytest.param("uk", "ґанок", "ганку", id="Ukrainian ґ typed as г"),
        pytest.param("uk", "за́мок", "замку", id="Ukrainian with a stress mark"),
        pytest.param("ru", "ёж", "ежами", id="Russian ё typed as е"),
        pytest.param("ru", "Шольц", "Шольца", id="Russian, an unknown name"),
        pytest.param("es", "elección", "elecciones", id="Spanish"),
        pytest.param("cs", "voják", "vojáci", id="Czech"),
        pytest.param("nb", "soldat", "soldater", id="Norwegian"),
        pytest.param("no", "soldat", "soldatene", id="Norwegian by its other code"),
    ],
)
def test_forms_of_a_word_match(morphology: Morphology, language: str, one: str, other: str) -> None:
    assert same(morphology, language, one, other)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        pytest.param("de", "Ausbilder", "Militärausbilder", id="German, inside a compound"),
        pytest.param("de", "Bericht", "berichtet", id="German, a verb of a noun"),
        pytest.param("en", "instructor", "instruction", id="English, a derived word"),
        pytest.param("en", "new", "news", id="English, another word that looks like a plural"),
        pytest.param("en", "singe", "singing", id="English, a lemma that is simplemma's mistake"),
        pytest.param("en", "Eumam", "Eumamov", id="an acronym inside another word"),
        pytest.param("uk", "документ", "документація", id="Ukrainian, a derived word"),
        pytest.param("ru", "чемпион", "чемпионат", id="Russian, a derived word"),
        pytest.param("fr", "président", "présent", id="French, another word"),
        pytest.param("zh", "words", "word", id="a language without rules"),
    ],
)
def test_other_words_do_not_match(morphology: Morphology, language: str, one: str, other: str) -> None:
    assert not same(morphology, language, one, other)


@given(st.text(max_size=20), st.sampled_from([*SIX, "zh", "", "xx"]))
@example("\x00", "en")  # what ends a key in the file of the dictionary
@example("\x00::", "en")
def test_the_folded_word_is_the_first_of_few_keys(word: str, language: str) -> None:
    keys = SHARED.keys(word, language)
    assert keys[0] == fold(word)
    assert len(keys) == len(set(keys)) < 16


@given(st.text("abcéèüñłøабвїёґ'’", min_size=1, max_size=12), st.sampled_from(SIX))
def test_neither_case_nor_accents_keep_a_word_from_itself(word: str, language: str) -> None:
    keys = set(SHARED.keys(word, language))
    assert keys & set(SHARED.keys(without_accents(word), language))
    assert keys & set(SHARED.keys(word.upper(), language))


def test_a_language_without_rules_has_folded_words(morphology: Morphology) -> None:
    assert morphology.keys("Élysée", "zh") == Folded().keys("Élysée", "zh") == ("elysee",)


def test_numbers_have_no_forms(morphology: Morphology) -> None:
    assert morphology.keys("F16", "en") == ("f16",)


SHARED = Morphology()
