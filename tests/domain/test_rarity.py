"""How rare words are in a window, and which stories hold the rare ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.rarity import Vocabulary

KEYS = st.lists(st.sampled_from(["the", "in", "harbour", "barge", "2", "1945", "з"]), unique=True, max_size=5)


def vocabulary(*stories: list[str]) -> Vocabulary:
    made = Vocabulary()
    for number, keys in enumerate(stories, 1):
        made.add(number, keys)
    return made


def test_before_any_story_long_words_and_numbers_are_rare_and_short_words_are_not() -> None:
    words = Vocabulary()

    assert words.rarity("harbour") == words.rarity("2") == pytest.approx(words.rarest)
    assert words.rarity("in") < words.rarity("the") < words.rarity("harbour")


def test_a_word_is_the_rarer_the_fewer_stories_hold_it() -> None:
    words = vocabulary(["harbour", "barge"], ["harbour"], ["harbour"])

    assert words.rarity("harbour") < words.rarity("barge") < words.rarity("pillar") == words.rarest


def test_the_story_that_shares_the_rarest_words_is_nearest() -> None:
    words = vocabulary(["harbour"], ["harbour", "barge"], ["pillar"], ["harbour"])

    assert words.near(["harbour", "barge"], 3) == [2, 1, 4]
    assert words.near(["harbour", "barge"], 1) == [2]
    assert words.near(["unheard"], 3) == []


def test_of_a_common_word_only_the_newest_stories_are_remembered() -> None:
    words = vocabulary(*([["harbour"]] * 100))

    assert sorted(words.near(["harbour"], 1_000)) == list(range(37, 101))
    words.remove(1, ["harbour"])
    words.remove(100, ["harbour"])
    assert sorted(words.near(["harbour"], 1_000)) == list(range(37, 100))
    assert len(words) == 98


def test_once_the_last_story_that_holds_a_word_is_removed_the_word_is_as_if_unheard() -> None:
    words = vocabulary(["harbour", "barge"], ["harbour"])
    words.remove(1, ["harbour", "barge"])

    assert words.rarity("barge") == words.rarity("unheard") > words.rarity("harbour")
    assert words.near(["barge"], 3) == []
    assert words.near(["harbour", "barge"], 3) == [2]


@given(st.lists(KEYS, max_size=20), st.lists(KEYS, max_size=5))
def test_what_is_removed_is_as_if_it_had_never_been(stories: list[list[str]], others: list[list[str]]) -> None:
    words, kept = vocabulary(*others, *stories), vocabulary(*others)
    for number, keys in enumerate(stories, len(others) + 1):
        words.remove(number, keys)
    keys = ["the", "in", "harbour", "barge", "2", "1945", "з"]

    assert [words.rarity(key) for key in keys] == [kept.rarity(key) for key in keys]
    assert words.near(keys, 10) == kept.near(keys, 10)
    assert len(words) == len(others)
