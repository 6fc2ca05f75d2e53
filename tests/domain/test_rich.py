"""Formatted text that no platform owns."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.rich import Piece, Text, bare, join, plain, text_units, to_plain, truncate, utf16_length

CHARACTERS = st.text(st.sampled_from("ab é…й😀𝕏\u0301"), max_size=6)
PIECES = st.builds(
    Piece, CHARACTERS, st.booleans(), st.booleans(), st.booleans(), st.sampled_from([None, "https://x.example"])
)
TEXTS = st.lists(PIECES, max_size=6).map(tuple)


def styled(text: Text) -> list[tuple[str, bool, bool, bool, str | None]]:
    return [(char, piece.bold, piece.italic, piece.code, piece.link) for piece in text for char in piece.text]


def test_plain_text_is_one_piece_and_no_text_is_none() -> None:
    assert plain("a") == (Piece("a"),)
    assert plain("") == ()
    assert to_plain((Piece("a", bold=True), Piece("b"))) == "ab"


def test_texts_are_joined_by_what_has_no_style() -> None:
    one, other = (Piece("a", bold=True),), (Piece("b", link="https://x.example"),)
    assert join(", ", [one, other]) == (*one, Piece(", "), *other)
    assert join("", [one, other]) == (*one, *other)
    assert join(", ", []) == ()
    assert to_plain(join("\n", [one, (), other])) == "a\n\nb"


@given(st.text())
def test_length_is_counted_as_telegram_counts(text: str) -> None:
    assert utf16_length(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2


@pytest.mark.parametrize(
    ("text", "units", "kept"),
    [
        pytest.param((Piece("abc"),), 3, (Piece("abc"),), id="it fits"),
        pytest.param((Piece("abcd"),), 3, (Piece("ab…"),), id="it does not"),
        pytest.param((Piece("😀😀"),), 4, (Piece("😀😀"),), id="two units each"),
        pytest.param((Piece("😀😀"),), 3, (Piece("😀…"),), id="no character is halved"),
        pytest.param((Piece("😀😀"),), 2, (Piece("…"),), id="nor is the first"),
        pytest.param(
            (Piece("ab", bold=True), Piece("cd", link="https://x.example")),
            3,
            (Piece("ab", bold=True), Piece("…", link="https://x.example")),
            id="a cut between pieces",
        ),
        pytest.param((Piece("abc", bold=True), Piece("d")), 3, (Piece("ab…", bold=True),), id="a cut in a style"),
        pytest.param((Piece("ab"),), 1, (Piece("…"),), id="room for nothing else"),
        pytest.param((Piece("ab"),), 0, (), id="room for nothing"),
        pytest.param((Piece("ab"),), -5, (), id="less than room"),
        pytest.param((), 0, (), id="nothing to cut"),
    ],
)
def test_text_is_truncated_with_an_ellipsis(text: Text, units: int, kept: Text) -> None:
    assert truncate(text, units) == kept


def test_a_text_takes_the_units_of_its_characters_whatever_their_style() -> None:
    text = (Piece("ab", bold=True), Piece("😀", link="https://x.example"), Piece("й", code=True))
    assert text_units(text) == text_units(plain("ab😀й")) == 5


@given(TEXTS, st.integers(-1, 30))
@settings(max_examples=200)
def test_truncated_text_keeps_its_measure_its_characters_and_its_styles(text: Text, units: int) -> None:
    cut = truncate(text, units)
    whole = to_plain(text)
    assert utf16_length(to_plain(cut)) <= max(units, 0)
    if utf16_length(whole) <= units:
        assert cut == text
        return
    kept = styled(cut)[:-1]
    assert kept == styled(text)[: len(kept)], "what is kept is the beginning, as it was"
    if units > 0:
        assert to_plain(cut).endswith("…")
        following = whole[len(kept)]
        assert utf16_length(to_plain(cut)) + utf16_length(following) > units, "no more is cut than has to be"


LINK = "https://x.example/a"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param((Piece("a", bold=True), Piece("b", code=True)), "ab", id="no style"),
        pytest.param(
            (Piece("A "), Piece("head", link=LINK), Piece("line", True, link=LINK)), f"A headline {LINK}", id="one link"
        ),
        pytest.param((Piece("a", link=LINK), Piece(" – "), Piece("b", link=LINK)), f"a {LINK} – b {LINK}", id="two"),
        pytest.param((Piece(LINK, link=LINK),), LINK, id="what is its own address"),
        pytest.param((Piece(" ", link=LINK), Piece("b")), " b", id="a link without words"),
        pytest.param((Piece("a", link=LINK + "x" * 1000),), "a", id="an address longer than there is room for"),
    ],
)
def test_bare_text_names_the_addresses_of_its_links(text: Text, shown: str) -> None:
    pieces = bare(text)
    assert to_plain(pieces) == shown
    assert all(piece == Piece(piece.text, link=piece.link) for piece in pieces)
    assert {piece.text for piece in pieces if piece.link} == {piece.link for piece in pieces if piece.link}
    assert to_plain(bare(pieces)) == shown


@given(TEXTS)
def test_bare_text_loses_no_character(text: Text) -> None:
    said = to_plain(piece for piece in bare(text) if piece.link is None)
    assert "".join(said.split()) == "".join(to_plain(text).split())
