"""Formatted text as Discord gets it: whatever a feed holds, its characters alone are shown, within the limits."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.rich import Piece, Text, plain, to_plain, utf16_length
from handlers.on_discord.markdown import MAX_CONTENT, PLACEHOLDER, clean, fit, to_markdown
from support.discord_markdown import Shown, read

APART = "\u200b"
ADDRESS = "https://example.org/"

snippets = st.sampled_from(
    [
        *"*_~`|<>[]()@#-+:\\/!&\"' \n\x00\ud800\u202e1.a🇺ж",
        *("@everyone", "@here", "<@123>", "<@&1>", "<#123>", ":smile:", "<:a:1>", "<t:1:R>", "https://example.org/x"),
        *("](", "[x](http://example.com)", "](http://example.com)", "||x||", "~~x~~", "\n# ", "\n> ", "\n- ", "\n1. "),
        *("```", "-# x", "__x__", "***x***", "</go:1>", "<https://example.com>"),
    ]
)
characters = st.lists(snippets | st.characters(), max_size=20).map("".join)
links = st.none() | st.sampled_from(
    [
        ADDRESS,
        "http://a.b/c_d*e**f(g)<h>|~~`\\i\"j'",
        "tg://user?id=1",
        "javascript:alert(1)",
        "https://",
        "https://a.b/c d",
    ]
)
texts = st.lists(st.builds(Piece, characters, st.booleans(), st.booleans(), st.booleans(), links), max_size=8).map(
    tuple
)
long_texts = st.lists(
    st.builds(
        lambda one, times, bold, link: Piece(one * times, bold=bold, link=link),
        st.sampled_from(["a", "*", "🇺", "\ud800", "é &", "]("]),
        st.integers(0, 1500),
        st.booleans(),
        links,
    ),
    max_size=5,
).map(tuple)


@given(texts)
def test_what_is_shown_is_what_the_pieces_say(text: Text) -> None:
    shown = [one for one in read(to_markdown(text, 100_000)) if one.text.strip()]
    written = "".join(one.text for one in read(to_markdown(text, 100_000))).replace(APART, "")

    in_code = str.maketrans("`\n", "ˋ ")
    in_links = str.maketrans("[]", "()")
    expected = "".join(
        piece.text.translate(in_links)
        if _is_web(piece.link)
        else piece.text.translate(in_code)
        if piece.code
        else piece.text
        for piece in fit(text, 100_000)
    ).replace(APART, "")
    assert written == expected
    assert {one.link for one in shown if one.link} <= {_address(piece.link) for piece in text if _is_web(piece.link)}


@given(texts | long_texts, st.integers(1, 300) | st.just(MAX_CONTENT))
def test_it_is_never_longer_than_allowed_nor_empty(text: Text, limit: int) -> None:
    markdown = to_markdown(text, limit)

    assert 0 < utf16_length(markdown) <= limit
    read(markdown)
    assert markdown.encode()


@given(characters)
def test_nothing_of_a_feeds_text_is_markup(text: str) -> None:
    shown = read(to_markdown(plain(text), 100_000))

    assert all(one == Shown(one.text) for one in shown)
    assert "".join(one.text for one in shown) == to_plain(fit(plain(text), 100_000))


@given(texts)
def test_styles_are_those_of_the_pieces(text: Text) -> None:
    shown = [one for one in read(to_markdown(text, 100_000)) if one.text.strip()]

    styles = {_style(piece) for piece in text if piece.text.strip()}
    assert {replace(one, text="") for one in shown} <= styles | {Shown("")}


def _style(piece: Piece) -> Shown:
    if _is_web(piece.link):
        return Shown("", piece.bold, piece.italic, link=_address(piece.link))
    return Shown("", code=True) if piece.code else Shown("", piece.bold, piece.italic)


def _is_web(link: str | None) -> bool:
    return link is not None and link.startswith("http") and " " not in link and link != "https://"


def _address(link: str | None) -> str:
    return "".join(f"%{ord(one):02X}" if one in "<>()[]\\*`\"'|" else one for one in link or "")


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        pytest.param(plain("a & b"), "a & b", id="plain"),
        pytest.param(plain("5 * 3_000 ~ `x` | <b>"), r"5 \* 3\_000 \~ \`x\` \| \<b\>", id="markup of a feed"),
        pytest.param(plain("@everyone <@1> <#2>"), r"\@everyone \<\@1\> \<#2\>", id="mentions"),
        pytest.param(plain("at 12:30 :tada:"), r"at 12:30 \:tada:", id="emoji, and a time of day"),
        pytest.param(plain("https://example.org/"), r"https\://example.org/", id="a link that is only text"),
        pytest.param(plain("[x](http://a.b)"), r"\[x\]\(http\://a.b)", id="a masked link"),
        pytest.param(
            plain("# a\n> b\n - c\n1. d\n2024. e"), "\\# a\n\\> b\n \\- c\n1\\. d\n2024\\. e", id="line starts"
        ),
        pytest.param(plain("well-known #1"), "well-known #1", id="not at line starts"),
        pytest.param((Piece("a", bold=True), Piece("b", italic=True)), "**a**_b_", id="neighbours"),
        pytest.param((Piece("a", bold=True), Piece("b", bold=True)), "**ab**", id="neighbours of one style"),
        pytest.param((Piece("a", bold=True, italic=True),), "**_a_**", id="two styles"),
        pytest.param((Piece("in "), Piece(" a ", bold=True), Piece("b")), "in  **a** b", id="blanks stay outside"),
        pytest.param((Piece("pre"), Piece("fix", italic=True)), f"pre{APART}_fix_", id="italic inside of a word"),
        pytest.param((Piece("*", italic=True), Piece("1")), f"_\\*_{APART}1", id="italic before a word"),
        pytest.param((Piece("a`b", code=True),), "`aˋb`", id="a backtick in code"),
        pytest.param((Piece("x_y*", bold=True, code=True),), "`x_y*`", id="code holds no other style"),
        pytest.param((Piece("[a] b", link=ADDRESS),), f"[(a) b](<{ADDRESS}>)", id="brackets in a link"),
        pytest.param(
            (Piece("a ", True, link=ADDRESS), Piece("b", True, True, link=ADDRESS), Piece(" c", True, link=ADDRESS)),
            f"[**a _b_ c**](<{ADDRESS}>)",
            id="a headline with a word that matched",
        ),
        pytest.param(
            (Piece("x "), Piece("http://a.b/c(d)", link="http://a.b/c(d)")), "x <http://a.b/c%28d%29>", id="an address"
        ),
        pytest.param(
            (Piece("x", link="https://a.b/c_(d)"),), "[x](<https://a.b/c_%28d%29>)", id="brackets in an address"
        ),
        pytest.param((Piece("since "), Piece("15 Jan", at=1_800_000_000.2)), "since <t:1800000000:f>", id="a time"),
        pytest.param((Piece("15 Jan", bold=True, at=-5.0),), "**<t:0:f>**", id="a time that nobody can have meant"),
        pytest.param((Piece("15 Jan", code=True, at=5.0),), "`15 Jan`", id="a time in code"),
        pytest.param(plain("<t:5:f>"), r"\<t\:5:f\>", id="a feed's time"),
        pytest.param((Piece("x", link="tg://user?id=1"),), "x", id="no link but to the web"),
        pytest.param((Piece("x", link="https://a.b/" + "c" * 3000),), "x", id="no endless link"),
        pytest.param((Piece(" ", bold=True),), PLACEHOLDER, id="a blank"),
        pytest.param((), PLACEHOLDER, id="nothing"),
    ],
)
def test_text_is_rendered(text: Text, markdown: str) -> None:
    assert to_markdown(text) == markdown


def test_a_text_is_cut_so_that_its_markup_is_whole() -> None:
    assert to_markdown((Piece("long " * 500, bold=True),), 30) == "**long long long long long …**"
    assert to_markdown((Piece("words "), Piece("x", link=ADDRESS + "y" * 50)), 20) == "words…"


def test_what_fits_as_discord_writes_it_is_whole_however_long_its_dates_are_in_words() -> None:
    dated = (Piece("• a story, "), Piece("15 December 1970, 08:00", at=5.0), Piece("\n"))
    text = (*dated * 90, Piece("the end"))
    assert utf16_length(to_plain(text)) > MAX_CONTENT
    assert to_markdown(text) == "• a story, <t:5:f>\n" * 90 + "the end"


def test_characters_that_cannot_be_shown_are_left_out() -> None:
    assert clean("a\x00b\ud83dc\x1b\u202ed\r\ne") == "abcd\ne"
