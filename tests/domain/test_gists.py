"""What of a story is compared: keys, names, marks."""

import pytest

from bot.domain.gist import Story, gist_of
from bot.domain.marks import skeleton
from bot.domain.numbers import in_digits


def story(title: str, lead: str = "", language: str = "en") -> Story:
    return Story(1, "Courier", language, title, lead, 0.0)


def test_the_headline_comes_first_and_each_key_is_there_once() -> None:
    gist = gist_of(story("Fire in Ashford", "A fire has closed the port of Ashford."))

    assert gist.title == ("fire", "in", "ashford")
    assert gist.keys == ("fire", "in", "ashford", "has", "closed", "the", "port", "of")


def test_stems_are_the_callers() -> None:
    gist = gist_of(story("Fires closed 3 ports"), lambda word, language: f"{language}:{word.lower().rstrip('s')}")

    assert gist.keys == ("en:fire", "en:closed", "3", "en:port")


@pytest.mark.parametrize(
    ("written", "key"),
    [
        pytest.param("U.S.", "us", id="an acronym with dots"),
        pytest.param("1,000", "1000", id="a number with a comma"),
        pytest.param("five", "5", id="a number in words"),
        pytest.param("п'ятеро", "5", id="a number in Ukrainian words"),
        pytest.param("7", "7", id="a digit"),
    ],
)
def test_what_is_written_in_two_ways_has_one_key(written: str, key: str) -> None:
    assert key in gist_of(story(f"Port takes {written} ships")).title


def test_a_single_letter_is_no_key() -> None:
    assert gist_of(story("Ashford's port")).title == ("ashford", "port")


@pytest.mark.parametrize(
    ("title", "lead", "names"),
    [
        pytest.param("Fire in Ashford kills two", "", {"ashford"}, id="a name"),
        pytest.param("Port: Fire kills two. Mayor says “Never again”", "", set(), id="capitals where something begins"),
        pytest.param("Big Fire in Ashford Kills Two", "", set(), id="capitals everywhere, and no lead"),
        pytest.param(
            "Big Fire in Ashford Kills Two", "The fire in Ashford spread.", {"ashford"}, id="the lead tells names apart"
        ),
        pytest.param("Ashford fire kills two", "", set(), id="a first word may be no name"),
        pytest.param(
            "Ashford fire kills two", "A fire in Ashford spread.", {"ashford"}, id="a first word of the lead's"
        ),
        pytest.param("ECB raises its rates", "", {"ecb"}, id="an acronym comes first"),
        pytest.param("ECB RAISES ITS RATES", "", set(), id="capitals throughout"),
    ],
)
def test_names_are_what_is_written_as_names(title: str, lead: str, names: set[str]) -> None:
    assert gist_of(story(title, lead)).names == names


@pytest.mark.parametrize(
    ("title", "opening"),
    [
        pytest.param("Ashford fire kills two", "ashford", id="a capital"),
        pytest.param("iPhone sales fall", "", id="none"),
        pytest.param("A fire in Ashford", "", id="a word that is no key"),
        pytest.param("", "", id="no headline"),
    ],
)
def test_a_headline_opens_with_what_may_be_a_name(title: str, opening: str) -> None:
    assert gist_of(story(title, "")).opening == opening


def test_marks_are_names_and_numbers_in_any_language() -> None:
    ours = gist_of(story("Two killed, 25 hurt in Pryluky"))
    theirs = gist_of(story("У Прилуках двоє загиблих, 25 поранених", language="uk"))

    assert ours.marks & theirs.marks == {"prlk", "2", "25"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Прилуках", "Pryluky", id="an ending"),
        pytest.param("Кременчуці", "Kremenchuk", id="a stem that changes"),
        pytest.param("Волгоградський", "Volgograd", id="an adjective"),
        pytest.param("Харків", "Kharkiv", id="kh"),
        pytest.param("Зеленського", "Zelensky", id="a surname"),
        pytest.param("Жмеринка", "Zhmerynka", id="zh"),
        pytest.param("Шредер", "Schröder", id="German sch"),
        pytest.param("Харкові", "Харьков", id="Ukrainian and Russian"),
    ],
)
def test_names_have_one_skeleton_in_all_scripts(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other) != ""


def test_numbers_in_words() -> None:
    assert in_digits("twelve") == "12"
    assert in_digits("town") == "town"
