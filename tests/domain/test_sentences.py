"""Where sentences end, and where they only seem to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.sentences import LONGEST, sentences
from support.effort import Effort


def told(text: str, language: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text, language)]


@pytest.mark.parametrize(
    ("language", "one"),
    [
        ("en", "Lt. Gen. Ida Vermeer of the U.S. Army spoke."),
        ("en", "It began at 5 p.m. Monday."),
        ("en", "It began at 5 p.m. on Monday."),
        ("en", "See rule No. 5 of the code."),
        ("en", "J. R. Smith of Acme Inc. Holdings left."),
        ("en", "Mr. Vermeer met Dr. Ode, i.e. Ms. Ode, vs. Prof. Lang."),
        ("en", "“Who?” he asked."),
        ("en", '"Who?" she asked.'),
        ("en", "It costs 3.5 billion, or $1.2 each."),
        ("en", "He left (or so it seems!) for Rome."),
        ("en", "The U.N. Security Council met."),
        ("en", "He left. !"),
        ("en", "“We came. We saw. We left.” That is all."[:-13]),
        ("fr", "Selon M. Delcourt et Mme. Roy, c'est fini."),
        ("fr", "« Non ! » dit-il."),
        ("fr", "« On y va. Tout de suite », a dit M. Delcourt."),
        ("fr", "J.-C. Delcourt est venu vers 5 h. du matin."),
        ("fr", "Voir le no. 5 de la revue."),
        ("uk", "Див. рис. 5 на с. 7."),
        ("uk", "За словами ген. Вермер, усе готово."),
        ("uk", "Зібрали 5 тис. осіб та 3 млн. грн."),
        ("uk", "«Ні!» — сказав він."),
        ("uk", "Пан С. Кравець живе на вул. Довгій у м. Луцьк."),
        ("uk", "У 2026 р. ухвалили ст. 5 кодексу."),
        ("ru", "По словам ген. Вермер, всё готово."),
        ("ru", "В 2026 г. на ул. Длинной было 5 тыс. человек."),
        ("ru", "«Нет!» — сказал он."),
        ("ru", "Пришли т.н. эксперты и т.д. и т.п."),
        ("de", "Am 24. November kamen z. B. Dr. Meier und z.B. Nr. 5."),
        ("de", "Der 2. Weltkrieg und der 1. FC Köln."),
        ("de", "Es kostet 5 Mio. Euro bzw. 3 Mrd. Kronen."),
        ("de", "Er sagte: „Nein!“ und ging."),
        ("pl", "W 2026 r. gen. Vermeer i 5 tys. osób, tj. m.in. prof. Nowak, przy ul. Długiej."),
        ("pl", "To 24. rocznica."),
        ("zz", "Mr. Vermeer spoke."),
    ],
)
def test_this_is_one_sentence(language: str, one: str) -> None:
    assert told(one, language) == [one]


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("en", "He left at 5 p.m.", "The rest stayed."),
        ("en", "He left the U.S.", "He came back."),
        ("en", "It was World War I.", "The next one was worse."),
        ("en", "They sold it to Acme Corp.", "The price is not known."),
        ("en", "Is it?", "It is."),
        ("en", "“We won.”", "The others lost."),
        ("fr", "C'est fini.", "Il est parti."),
        ("uk", "Вони пішли.", "Далі буде."),
        ("uk", "Зібрали все.", "5 осіб прийшли."),
        ("ru", "Они ушли.", "При этом всё стихло."),
        ("de", "Er kam 2026.", "Dann ging er."),
        ("pl", "Kosztuje 5 tys. zł.", "Potem nic."),
        ("en", "A heading", "Then a sentence."),
    ],
)
def test_these_are_two(language: str, first: str, second: str) -> None:
    separator = "\n" if first == "A heading" else " "
    assert told(first + separator + second, language) == [first, second]


@given(
    st.lists(
        st.sampled_from([*"«»“”.!?…5 \n\u2028", "word", "EUMAM", "Gen.", "24.", "M.", "г.", "x" * 50]), max_size=80
    ).map(" ".join)
    | st.text(max_size=300),
    st.sampled_from(["en", "uk", "de", "fr", "ru", "pl", "zz", ""]),
)
def test_sentences_are_the_text_in_order_and_nothing_is_lost(text: str, language: str) -> None:
    found = sentences(text, language)
    at = 0
    for start, end in found:
        assert at <= start < end
        assert not text[at:start].strip()
        assert text[start:end].strip() == text[start:end]
        assert end - start <= LONGEST + 1
        at = end
    assert not text[at:].strip()


@pytest.mark.parametrize("unit", ["word ", "a. ", "M. ", "« ", "x", "\n", "1. ", "“A. ", ". ", "No. 5 ", "и т.д. "])
def test_a_hostile_text_takes_time_in_proportion_to_its_length(unit: str) -> None:
    with Effort() as effort:
        sentences((unit * 100_000)[:200_000], "en")
    assert effort.seconds < 10
