"""Characters of a stranger's text: what can be shown, and whether there is anything to see."""

import pytest

from bot.domain.characters import clean, is_seen


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        pytest.param("a\tb\nc", "a\tb\nc", id="tabs and line feeds stay"),
        pytest.param("a\x00b\x1b\x7f\x9fc", "abc", id="control characters"),
        pytest.param("a\ud83db", "ab", id="half of a pair"),
        pytest.param("a\u202eb", "ab", id="what turns the direction around"),
        pytest.param("a\u2028b\x0bc\r\nd", "a\nb c\nd", id="odd breaks still break"),
    ],
)
def test_what_platforms_reject_is_left_out(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a", True),
        ("…", True),
        ("\U0001f5de", True),
        ("", False),
        (" \n", False),
        ("\u200b\u2060\xad", False),
        ("\u2800", False),
    ],
)
def test_a_text_may_have_nothing_to_see(text: str, seen: bool) -> None:
    assert is_seen(text) is seen
