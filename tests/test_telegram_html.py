"""Formatted text as Telegram gets it: whatever a feed holds, valid markup within the limits."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.characters import clean
from bot.domain.rich import Piece, Text, plain, to_plain, utf16_length
from handlers.on_telegram.html import MAX_ENTITIES, MAX_UNITS, PLACEHOLDER, fit, to_html
from support.telegram_markup import parse


class Reader(HTMLParser):
    """The characters of some HTML, and its tags, which have to be balanced."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.open: list[str] = []
        self.tags: list[str] = []
        self.links: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == [], f"left open: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in {"b", "i", "code", "a"}
        self.open.append(tag)
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


characters = st.text(st.characters() | st.sampled_from("<>&\"'\x00\ud800\u202e\n🇺"), max_size=60)
links = st.none() | st.sampled_from(
    ["https://example.org/?a=1&b=\"<'>", "http://example.org", "tg://user?id=1", "javascript:alert(1)", "https://"]
)
texts = st.lists(st.builds(Piece, characters, st.booleans(), st.booleans(), st.booleans(), links)).map(tuple)
long_texts = st.lists(
    st.builds(
        lambda one, times, bold, link: Piece(one * times, bold=bold, link=link),
        st.sampled_from(["a", "<", "🇺", "\ud800", "é &"]),
        st.integers(0, 3000),
        st.booleans(),
        links,
    ),
    max_size=8,
).map(tuple)
busy_texts = st.lists(
    st.builds(Piece, st.sampled_from("xyz"), st.booleans(), st.booleans(), st.booleans(), links), max_size=300
).map(tuple)


@given(texts | long_texts | busy_texts)
def test_any_text_becomes_balanced_markup_of_exactly_its_characters_within_the_limits(text: Text) -> None:
    read = Reader(to_html(text))

    assert read.text == to_plain(fit(text))
    assert read.text
    assert utf16_length(read.text) <= MAX_UNITS
    assert len(read.tags) <= MAX_ENTITIES


@given(texts | long_texts | busy_texts)
def test_telegram_itself_reads_the_same_characters(text: Text) -> None:
    read, entities = parse(to_html(text))

    assert read == to_plain(fit(text))
    assert all(entity.url is None or entity.url.startswith("http") for entity in entities)


@given(characters)
def test_what_is_clean_stays_as_it_is_and_can_be_encoded(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    clean(text).encode()


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param(plain("EUMAM & <co>"), "EUMAM &amp; &lt;co&gt;", id="literal"),
        pytest.param((Piece("EUMAM", bold=True),), "<b>EUMAM</b>", id="bold"),
        pytest.param((Piece("a", bold=True), Piece("b", italic=True)), "<b>a</b><i>b</i>", id="neighbours"),
        pytest.param((Piece("a", bold=True), Piece("b", bold=True)), "<b>ab</b>", id="neighbours of one style"),
        pytest.param((Piece("a", bold=True, italic=True),), "<b><i>a</i></b>", id="two styles"),
        pytest.param((Piece("/watch", bold=True, code=True),), "<code>/watch</code>", id="code holds no other style"),
        pytest.param(
            (Piece("x", code=True, link="http://a.b/"),), '<a href="http://a.b/">x</a>', id="a link beats code"
        ),
        pytest.param(
            (Piece("x", bold=True, link='https://a.b/?c="d"&e'),),
            '<a href="https://a.b/?c=&quot;d&quot;&amp;e"><b>x</b></a>',
            id="a linked word in bold",
        ),
        pytest.param((Piece("x", link="tg://user?id=1"),), "x", id="no link but to the web"),
        pytest.param((Piece("x", link="https://a.b/c d"),), "x", id="no link with a space in it"),
        pytest.param((Piece("x", link="https://a.b/" + "c" * 3000),), "x", id="no endless link"),
        pytest.param((Piece(" ", bold=True),), PLACEHOLDER, id="a blank"),
        pytest.param((), PLACEHOLDER, id="nothing"),
        pytest.param(plain("\u200b\u2060\xad\u2800\n"), PLACEHOLDER, id="nothing that is seen"),
        pytest.param(plain("a\x00b\ud83dc\x1b\u202ed\r\ne"), "abcd\ne", id="what Telegram rejects is left out"),
        pytest.param(plain("a\u2028b\x0bc"), "a\nb c", id="odd breaks still break"),
    ],
)
def test_text_is_rendered(text: Text, html: str) -> None:
    assert to_html(text) == html


@pytest.mark.parametrize(
    ("character", "kept"),
    [
        pytest.param("x", 4095, id="one unit"),
        pytest.param("😀", 2047, id="two units"),
        pytest.param("<", 4095, id="escaped"),
    ],
)
def test_length_is_counted_in_utf16_units_of_what_is_read(character: str, kept: int) -> None:
    assert Reader(to_html(plain(character * 5000))).text == character * kept + "…"


def test_what_just_fits_is_not_cut() -> None:
    assert to_html(plain("&" * 4096)) == "&amp;" * 4096


def test_links_are_kept_where_there_are_more_styles_than_telegram_takes() -> None:
    words = tuple(Piece(f"{number} ", bold=number % 2 == 0) for number in range(400))
    read = Reader(to_html((*words, Piece("the story", link="https://example.org/"))))

    assert read.links == ["https://example.org/"]
    assert len(read.tags) == MAX_ENTITIES
