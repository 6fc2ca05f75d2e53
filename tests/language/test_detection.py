"""Which language a text is in, whatever is declared."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.detection import UNKNOWN, Detection

TEXTS = Path(__file__).resolve().parents[3] / "shared" / "data" / "language"
SHARED = Detection()


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        pytest.param("Військові інструктори прибули до країни", None, "uk", id="Ukrainian by its letters"),
        pytest.param("Військові інструктори прибули до країни", "ru", "uk", id="Ukrainian declared Russian"),
        pytest.param("Военные инструкторы прибыли в страну", "uk", "ru", id="Russian declared Ukrainian"),
        pytest.param("Міністр відповів: «мы победим», і пішов далі своєю дорогою", None, "uk", id="a quotation"),
        pytest.param("Військовыя інструктары прыбылі ў краіну", None, "be", id="Belarusian by its letter"),
        pytest.param("Военните инструктори пристигнаха в страната вчера", None, "bg", id="Bulgarian"),
        pytest.param(
            "Des instructeurs militaires européens sont arrivés à Lviv", "en", "fr", id="French declared English"
        ),
        pytest.param("European military instructors have arrived in Lviv", "de", "en", id="English declared German"),
        pytest.param("Europejscy instruktorzy wojskowi przybyli do Lwowa", None, "pl", id="Polish"),
        pytest.param("Militärausbilder aus Europa sind in Lemberg angekommen", None, "de", id="German"),
        pytest.param("Europæiske militærinstruktører er ankommet til Lviv", "da", "da", id="Danish"),
        pytest.param("Avrupalı askeri eğitmenler Lviv'e geldi", "tr", "tr", id="a language told where it is declared"),
        pytest.param("EUMAM", "fr", "fr", id="a word of no language is declared right"),
        pytest.param("北京の軍事教官", None, "ja", id="Japanese by its kana"),
        pytest.param("北京军事教官", None, "zh", id="Chinese"),
        pytest.param("北京軍事教官", "ja", "ja", id="Han alone, declared Japanese"),
        pytest.param("군사 교관이 도착했다", None, "ko", id="Korean"),
        pytest.param("Στρατιωτικοί εκπαιδευτές", "en", "el", id="Greek declared English"),
        pytest.param("مدربون عسكريون", None, "ar", id="Arabic"),
        pytest.param("مربیان نظامی", "fa", "fa", id="Persian where it is declared"),
        pytest.param("", None, UNKNOWN, id="nothing"),
        pytest.param("2026 …", "uk", "uk", id="no letters"),
        pytest.param("soldatene", "nb", "no", id="Norwegian has one name"),
    ],
)
def test_a_text_is_told(text: str, declared: str | None, language: str) -> None:
    assert SHARED.language_of(text, declared) == language


@given(st.text(max_size=60), st.none() | st.text(max_size=5) | st.sampled_from(["en", "uk", "no"]))
def test_any_text_gets_some_language(text: str, declared: str | None) -> None:
    assert SHARED.language_of(text, declared)


@pytest.mark.skipif(not TEXTS.is_dir(), reason="the shared texts are not here")
@pytest.mark.parametrize("declared", [None, "en", "ru", "uk", "tr", "nonsense"])
def test_texts_of_forty_characters_are_told_whatever_is_declared(declared: str | None) -> None:
    rows = [row for path in TEXTS.glob("*.csv") for row in csv.DictReader(io.StringIO(path.read_text("utf-8")))]
    long = [row for row in rows if len(row["text"]) >= 40]
    told = sum(SHARED.language_of(row["text"], declared) == row["lang"] for row in long)
    assert told >= 0.97 * len(long)
