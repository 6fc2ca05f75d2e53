import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.feeds.markup import MAX_TEXT, Kind, _strip, _strip_carefully, lead, to_line, to_text
from support.effort import Effort

SOUP = (
    "told", "Two words ", "0", "'", '"', "=", "/", "<", ">", "&amp;", "&lt;p&gt;", " ", "\n\n",
    "<p>", "</p>", "<P>", '<p class="x">', "<p\n>", "<p", "</p", "<p/>", "</ p>", "<p class>", "<a b c>",
    "<br>", "<br />",
    '<a href="x">', '<a href="x>y">', "<a title=it's>", '<a title="it\'s">', "</a>", '<img alt="a > b" src=x>',
    '<a "', "<a =", "<td>", "</TD>", "<foo>", "<o:p>", "</o:p>", "<my-tag>", "<option selected>", "<3", "=>",
    "<script>", "<SCRIPT src='x'>", "</script >", "<style>", "</style>", '<iframe src="x">', "</iframe>", "</iframe>",
    "<svg>", "</svg>", "<!--", "-->", "<!-- <p> -->", "<!-->", "<!>", "<![CDATA[", "]]>", "<?php ?>", "<!DOCTYPE html>",
)  # fmt: skip


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        pytest.param("<p>One.</p><p>Two.</p>", "One.\n\nTwo.", id="paragraphs"),
        pytest.param("One.\n\n\nTwo\nthree.", "One.\n\nTwo three.", id="plain paragraphs"),
        pytest.param("<p>One\n\ntwo</p>", "One two", id="blank lines in markup mean nothing"),
        pytest.param("A <a href='x'>link</a>.\n\nNext.", "A link.\n\nNext.", id="blank lines beside inline markup"),
        pytest.param("one<br>two", "one two", id="a line break within a sentence"),
        pytest.param("One.<br/>Two.", "One.\n\nTwo.", id="a line break between sentences"),
        pytest.param("one<br><br>two", "one\n\ntwo", id="two line breaks"),
        pytest.param("<ul><li>a</li><li>b</li></ul>", "a\n\nb", id="a list"),
        pytest.param("<b>bold</b>er", "bolder", id="inline elements join nothing and part nothing"),
        pytest.param("<td>a</td><td>b</td>", "a b", id="cells"),
        pytest.param("a<script>if (1<2) {}</script>b<style>p{}</style>c", "abc", id="scripts and styles"),
        pytest.param("a<script>never closed", "a", id="a script left open"),
        pytest.param("a<iframe src='x'></iframe>b<IFRAME></iframe >c", "abc", id="frames"),
        pytest.param("a<iframe src='x'>b<p>c", "ab\n\nc", id="a frame left open"),
        pytest.param("a<svg><path d='M0'/><title>b</title></svg>c", "ac", id="drawings"),
        pytest.param("a<script><!-- b --></script>c", "ac", id="a comment in a script"),
        pytest.param("a<!-- b <script> c -->d</script>e", "ade", id="a script in a comment"),
        pytest.param("a<!-- <p>no</p> -->b", "ab", id="comments"),
        pytest.param("<![CDATA[told]]>", "told", id="a section left over"),
        pytest.param("a<!-- b", "a", id="a comment left open"),
        pytest.param("<p>a => b, c > d</p>", "a => b, c > d", id="arrows"),
        pytest.param('<img alt="a > b" src="x">told', "told", id="a bracket in an attribute"),
        pytest.param("<p>5 < 6 <b>and</b> 7 > 6</p>", "5 < 6 and 7 > 6", id="brackets beside tags"),
        pytest.param("<P CLASS='x'>One<BR/>two</P >three", "One two\n\nthree", id="tags in capitals"),
        pytest.param("<a title=it's>told</a> it's", "told it's", id="an apostrophe for a quotation mark"),
        pytest.param('<img alt="<b>x</b>" src="x">told', "told", id="a tag in an attribute"),
        pytest.param("told <a href=", "told", id="a tag cut off"),
        pytest.param("<o:p>office</o:p> <my-tag>x</my-tag>", "office x", id="elements with prefixes and hyphens"),
        pytest.param("a < b", "a < b", id="less than"),
        pytest.param("a<b and c>d", "a<b and c>d", id="less and greater without spaces"),
        pytest.param("<noindex>A note</noindex>", "A note", id="an element that only search engines know"),
        pytest.param("<Foo> & bar", "<Foo> & bar", id="an unknown element is text"),
        pytest.param("I <3 you", "I <3 you", id="a heart"),
        pytest.param("AT&T, R&D", "AT&T, R&D", id="bare ampersands"),
        pytest.param("Tom &amp; Ana&nbsp;&ndash;&#8217;", "Tom & Ana –’", id="entities"),
        pytest.param("Tom &amp;amp; Ana&amp;#039;s", "Tom & Ana's", id="entities escaped twice"),
        pytest.param("&lt;p&gt;One&lt;/p&gt;&lt;p&gt;two&lt;/p&gt;", "One\n\ntwo", id="markup escaped once more"),
        pytest.param("How &lt;b&gt; is used", "How <b> is used", id="a story about markup"),
        pytest.param("?a=1&copy=2", "?a=1&copy=2", id="what is no entity without its semicolon"),
        pytest.param("a&#0;b&#xD800;c&#x110000;d", "abcd", id="entities of no character"),
        pytest.param("a\x00b\x07\ud800\u202ec\ufeff", "abc", id="controls, halves and overrides"),
        pytest.param("they \x1b[1;31mare\x1b[0m out", "they are out", id="a terminal's colours"),
        pytest.param("they \x1b]0;owned\x07are out", "they are out", id="a terminal's title"),
        pytest.param("they \x1bare [31m out", "they are [31m out", id="an escape character that begins nothing"),
        pytest.param("soft\u00adly\u200b", "softly", id="invisible characters"),
        pytest.param(" \t \n ", "", id="nothing"),
    ],
)
def test_markup_becomes_text(markup: str, text: str) -> None:
    assert to_text(markup) == text


def test_a_title_is_one_line_of_bounded_length() -> None:
    assert to_line("<p>One</p>\n<p>two</p>") == "One two"
    assert len(to_line("word " * 10_000)) <= 1_000


def test_unknown_elements_are_tags_where_it_is_markup_for_sure() -> None:
    assert to_text("<content><xhtml:div>told</xhtml:div></content>", kind=Kind.XML) == "told"


def test_a_lead_is_whole_paragraphs() -> None:
    assert lead("One.\n\nTwo.\n\n" + "x" * 700) == "One.\n\nTwo."
    assert lead("word " * 400).endswith("…")


@pytest.mark.parametrize(
    "piece",
    ['<a "', "<a '", "<", "<!--", "<script>", "<iframe>", '<a b="<', "</p ", "&amp;", "<br>\n", "<br>a\n", " \n", "<p"],
)
def test_hostile_markup_is_read_in_linear_time(piece: str) -> None:
    with Effort() as effort:
        assert len(to_text(piece * (1_000_000 // len(piece)))) <= MAX_TEXT
    assert effort.seconds < 5


@settings(max_examples=1_000)
@example("<p>one >b> two</p>", Kind.LOOSE)
@example("<style a b c>told</style>", Kind.LOOSE)
@example("<b>told</b><!-->not told", Kind.LOOSE)
@given(st.lists(st.sampled_from(SOUP), max_size=14).map("".join), st.sampled_from(Kind))
def test_the_quick_way_to_take_tags_out_comes_to_the_same_as_the_careful_one(markup: str, kind: Kind) -> None:
    assert _strip(markup, kind) == _strip_carefully(markup, kind)


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("<>&;/!-[]\"'pbrscript\n "))))
def test_text_holds_nothing_that_it_should_not(markup: str) -> None:
    text = to_text(markup)
    text.encode()
    assert "\x00" not in text
    for paragraph in text.split("\n\n") if text else ():
        assert paragraph == " ".join(paragraph.split()) != ""


@given(st.lists(st.text(alphabet="abcdefg .", min_size=1).filter(str.strip), min_size=1))
def test_plain_text_survives(paragraphs: list[str]) -> None:
    wanted = "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
    assert to_text("\n\n".join(paragraphs)) == wanted
