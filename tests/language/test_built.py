"""What is built once is found again, whole, and made where it is missing."""

import logging
import sys
from pathlib import Path

import pytest

from bot.language.built import built, folder, write
from bot.language.lexicon import Lexicon, write_lexicon
from bot.language.morphology import Morphology, lexicon_path
from bot.language.paradigms import Edit, edit, lost_forms, suffix_edits


def test_a_missing_dictionary_is_built_on_first_use_with_one_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        assert Morphology(tmp_path).keys("instructors", "en") == ("instructors", "instructor")
    assert len(caplog.records) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["en.trie"]


def test_what_fails_halfway_leaves_nothing(tmp_path: Path) -> None:
    def fail(path: Path) -> None:
        path.write_text("half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write(tmp_path / "x", fail)
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_not_built_again(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("whole")
    assert built(tmp_path / "x", lambda path: pytest.fail(str(path))).read_text() == "whole"


def test_a_spoilt_dictionary_is_an_error_in_the_log_and_words_are_folded(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    lexicon_path(tmp_path, "fr").write_bytes(b"spoilt")
    assert Morphology(tmp_path).keys("armées", "fr") == ("armees",)
    assert "fr.trie" in caplog.text


def test_the_folder_is_elsewhere_where_the_environment_is_read_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "prefix").write_text("no folder")
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "prefix"))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert folder().is_relative_to(tmp_path / ".cache" / "tocsin")


def test_a_lexicon_is_the_same_however_often_it_is_built(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_lexicon("en", tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert Lexicon("en", tmp_path / "one").lemmas("went") == ["go"]


@pytest.mark.parametrize(
    ("word", "other", "made"),
    [("houses", "house", Edit(1, "")), ("went", "go", Edit(4, "go")), ("go", "go", Edit(0, ""))],
)
def test_an_edit_makes_one_word_of_another(word: str, other: str, made: Edit) -> None:
    assert edit(word, other) == made
    assert made.of(word) == other


def test_a_form_that_another_word_has_is_found_by_words_alike() -> None:
    alike = [f"{stem}er" for stem in ["abacus", "cadet", "debit", "eclat", "fagot", "gamut"]]
    lemmas_of = {f"{lemma}{ending}": {lemma} for lemma in alike for ending in ("", "em", "owi", "ze")}
    lemmas_of |= {
        "premier": {"premier"},
        "premierem": {"premier"},
        "premierowi": {"premier"},
        "premierze": {"premiera"},
    }
    assert list(lost_forms(lemmas_of, lambda *_: True)) == [("premierze", "premier")]
    assert list(lost_forms(lemmas_of, lambda *_: False)) == []


def test_suffixes_teach_what_is_frequent_only() -> None:
    taught = suffix_edits([(f"word{number}ami", Edit(3, "")) for number in range(20)] + [("rareyx", Edit(2, ""))])
    assert taught["ami"] == [Edit(3, "")]
    assert "yx" not in taught
