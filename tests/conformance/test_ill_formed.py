"""What is no XML: a tolerant reader gives what is there all the same; and what is no feed, which it says."""

import pytest
from wrapping import ATOM_1_0, cases, item, only, read, rss, titles

from bot.domain.errors import NotAFeed

TWO = "<item><title>One</title><link>/1</link></item><item><title>Two</title><link>/2</link></item>"
RSS = f'<rss version="2.0"><channel><title>Outlet</title>{TWO}</channel></rss>'
ATOM = (
    f'<feed xmlns="{ATOM_1_0}"><title>Outlet</title><entry><id>1</id><title>One</title></entry>'
    "<entry><id>2</id><title>Two</title></entry></feed>"
)

# Around the document


@pytest.mark.parametrize(
    "before",
    cases(
        ("a line", "\n"),
        ("spaces", "   \t"),
        ("many lines", "\r\n" * 50),
        ("a line before a declaration", '\n<?xml version="1.0"?>'),
        ("spaces before a declaration", '   <?xml version="1.0" encoding="utf-8"?>'),
        ("a byte order mark before spaces", '\ufeff  <?xml version="1.0"?>'),
        ("two byte order marks", "\ufeff\ufeff"),
        ("two declarations", '<?xml version="1.0"?><?xml version="1.0"?>'),
        ("a declaration of no version", "<?xml?>"),
        ("a declaration of another version", '<?xml version="1.1"?>'),
        ("a declaration of a version that is none", '<?xml version="2.0" encoding="utf-8"?>'),
        ("a declaration of an encoding that is none", '<?xml version="1.0" encoding="klingon"?>'),
        ("a declaration cut short", '<?xml version="1.0"'),
        ("a declaration in capitals", '<?XML VERSION="1.0"?>'),
        ("a comment before a declaration", '<!-- made today --><?xml version="1.0"?>'),
        ("a comment with hyphens", "<!-- a -- b --- c -->"),
        ("a comment that holds a feed", "<!-- <rss><channel><item><title>X</title></item></channel></rss> -->"),
        ("words", "Here it is: "),
        (
            "a warning of a program",
            "<br />\n<b>Warning</b>:  Undefined variable $a in <b>/a.php</b> on line <b>1</b><br />\n",
        ),
        ("a notice of a program in plain text", "Notice: Undefined index: a in /a.php on line 1\n"),
        ("an instruction of a program", "<?php echo 1 ?>"),
        ("a style sheet", '<?xml-stylesheet type="text/xsl" href="/a.xsl"?>'),
        ("a style sheet that is not closed well", '<?xml-stylesheet type="text/xsl" href="/a.xsl">'),
        ("a document type", "<!DOCTYPE rss>"),
        (
            "a document type of another kind",
            '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://d.example/x.dtd">',
        ),
        ("a document type of a page", "<!doctype html>"),
        ("a document type with a subset", '<!DOCTYPE rss [<!ELEMENT rss ANY><!ATTLIST rss a CDATA "b">]>'),
        ("a document type with an entity", '<!DOCTYPE rss [<!ENTITY a "b">]>'),
        ("a document type that is not closed", "<!DOCTYPE rss ["),
        ("control characters", "\x00\x01\x02"),
        ("a tag that is not closed", "<br>"),
    ),
)
@pytest.mark.parametrize("document", [pytest.param(RSS, id="RSS"), pytest.param(ATOM, id="Atom")])
def test_what_stands_before_a_document_spoils_nothing(before: str, document: str) -> None:
    assert titles(before + document) == ["One", "Two"]


@pytest.mark.parametrize(
    "behind",
    cases(
        ("lines", "\n\n\n"),
        ("NULs", "\x00\x00"),
        ("words", "That was it."),
        ("a comment", "<!-- made today -->"),
        ("a comment that is not closed", "<!-- made today"),
        ("a script", "<script>count()</script>"),
        ("an advertisement", '<div align="center"><a href="https://d.example/">Free hosting & more</a></div>'),
        ("a page", "<html><body><p>Bye</p></body></html>"),
        ("an end tag", "</channel></rss></feed>"),
        ("an ampersand", " & so on"),
        ("a less-than sign", " < "),
        ("half a tag", "<scr"),
        ("an instruction", "<?php die() ?>"),
        ("half a section", "<![CDATA[ so"),
    ),
)
@pytest.mark.parametrize("document", [pytest.param(RSS, id="RSS"), pytest.param(ATOM, id="Atom")])
def test_what_stands_behind_a_document_spoils_nothing(behind: str, document: str) -> None:
    assert titles(document + behind) == ["One", "Two"]


@pytest.mark.parametrize(
    ("document", "found"),
    cases(
        ("a root in capitals", RSS.replace("rss", "RSS"), ["One", "Two"]),
        ("all in capitals", "<RSS><CHANNEL><ITEM><TITLE>One</TITLE></ITEM></CHANNEL></RSS>", ["One"]),
        ("Atom in capitals", '<FEED><ENTRY><ID>1</ID><TITLE>One</TITLE><LINK HREF="/1"/></ENTRY></FEED>', ["One"]),
        (
            "start tags and end tags of different case",
            "<rss><channel><Item><Title>One</title></item></channel></rss>",
            ["One"],
        ),
        ("a channel without a root", f"<channel><title>Outlet</title>{TWO}</channel>", ["One", "Two"]),
        ("a root without a channel", f"<rss>{TWO}</rss>", ["One", "Two"]),
        ("a channel that ends too early", f"<rss><channel></channel>{TWO}</rss>", ["One", "Two"]),
        ("a root that ends too early", f"<rss><channel><title>Outlet</title></channel></rss>{TWO}", ["One", "Two"]),
        (
            "two feeds, one behind the other",
            RSS + RSS.replace("One", "Three").replace("Two", "Four"),
            ["One", "Two", "Three", "Four"],
        ),
        ("a feed in a page", f"<html><body>{RSS}</body></html>", ["One", "Two"]),
        ("a feed without its last end tags", RSS.removesuffix("</channel></rss>"), ["One", "Two"]),
        (
            "a feed with its last end tags exchanged",
            RSS.replace("</channel></rss>", "</rss></channel>"),
            ["One", "Two"],
        ),
        ("an end tag too many", RSS.replace("</item>", "</item></item>"), ["One", "Two"]),
        ("an end tag of nothing", RSS.replace("<item>", "</p><item>"), ["One", "Two"]),
        ("words between the items", RSS.replace("</item>", "</item> and & so < on "), ["One", "Two"]),
    ),
)
def test_a_document_s_frame_may_be_broken(document: str, found: list[str]) -> None:
    assert titles(document) == found


# Cut short


@pytest.mark.parametrize(
    "end",
    cases(
        ("behind the last item", "</item>"),
        ("within an end tag", "</ite"),
        ("within the last link", "<link>https://outlet.exam"),
        ("within a description", "<description>Ships le"),
        ("within a section", "<description><![CDATA[<p>Ships le"),
        ("within a tag in a section", '<description><![CDATA[<a href="/1'),
        ("within an attribute", '<enclosure url="https://outlet.exam'),
        ("within a tag", "<enclosu"),
        ("within an entity", "<description>Fish &am"),
        ("within a comment", "<!-- so"),
        ("behind a less-than sign", "<"),
        ("within the next item's tag", "</item><ite"),
        ("within the next title", "</item><item><title>Thr"),
        ("within the next title's section", "</item><item><title><![CDATA[Thr"),
    ),
)
def test_a_document_cut_short_gives_what_it_holds(end: str) -> None:
    start = "<rss><channel><item><title>One</title></item><item><title>Two</title>"
    assert titles(start + end)[:2] == ["One", "Two"]


def test_an_item_cut_off_before_it_says_anything_is_none() -> None:
    assert titles("<rss><channel><item><title>One</title></item><item>") == ["One"]


def test_a_letter_cut_in_two_is_left_out() -> None:
    body = "<rss><channel><item><title>Наші</title></item><item><title>Військові".encode()
    found = titles(body[:-1])
    assert found[0] == "Наші"
    assert "\ufffd" not in "".join(found)


def test_every_place_to_cut_leaves_what_stood_before() -> None:
    document = (
        '<rss version="2.0"><channel><item><title>One</title></item><item a="b"><title>T&amp;<![CDATA[wo]]></title>'
    )
    start = document.index("</item>")
    for end in range(start, len(document)):
        assert titles(document[:end])[0] == "One", document[:end]


# Tags


@pytest.mark.parametrize(
    "inside",
    cases(
        ("an item that is not closed", "<item><title>One</title><item><title>Two</title></item>"),
        ("items that are not closed", "<item><title>One</title><item><title>Two</title>"),
        ("a tag left open", "<item><title>One</title><b></item><item><title>Two</title></item>"),
        ("several tags left open", "<item><title>One</title><b><i><u></item><item><title>Two</title></item>"),
        (
            "a page's empty elements",
            "<item><title>One</title><br><hr><img src='a'></item><item><title>Two</title></item>",
        ),
        ("tags that overlap", "<item><title>One</title><b><i>x</b></i></item><item><title>Two</title></item>"),
        ("an end tag that was never opened", "<item></b><title>One</title></item><item><title>Two</title></item>"),
        ("an end tag with an attribute", '<item><title>One</title a="b"></item><item><title>Two</title></item>'),
        ("an end tag with a space", "<item ><title >One</title ></item ><item><title>Two</title\n></item>"),
        (
            "a description that is not closed",
            "<item><title>One</title><description>x</item><item><title>Two</title></item>",
        ),
        ("a link that is not closed", "<item><title>One</title><link>/1</item><item><title>Two</title></item>"),
        ("a slash too many", "<item/ ><title>One</title></item><item><title>Two</title></item>"),
        (
            "attributes without quotation marks",
            "<item id=1><title lang=en>One</title></item><item><title>Two</title></item>",
        ),
        ("an attribute without a value", "<item new><title>One</title></item><item><title>Two</title></item>"),
        ("an attribute twice", '<item a="1" a="2"><title>One</title></item><item><title>Two</title></item>'),
        (
            "attributes without a space between",
            '<item a="1"b="2"><title>One</title></item><item><title>Two</title></item>',
        ),
        (
            "an attribute with a less-than sign",
            '<item a="1<2"><title>One</title></item><item><title>Two</title></item>',
        ),
        (
            "an attribute with a greater-than sign",
            '<item a="1>2"><title>One</title></item><item><title>Two</title></item>',
        ),
        ("an attribute with an ampersand", '<item a="1&2"><title>One</title></item><item><title>Two</title></item>'),
        ("an attribute with a tag", '<item a="<b>"><title>One</title></item><item><title>Two</title></item>'),
        ("an attribute over lines", '<item a="1\n2"><title>One</title></item><item><title>Two</title></item>'),
        ("an attribute of an unknown prefix", '<item x:a="1"><title>One</title></item><item><title>Two</title></item>'),
        (
            "an element of an unknown prefix",
            "<item><x:y>z</x:y><title>One</title></item><item><title>Two</title></item>",
        ),
        ("a prefix that is empty", "<item><:y>z</:y><title>One</title></item><item><title>Two</title></item>"),
        ("two colons", "<item><x:y:z>z</x:y:z><title>One</title></item><item><title>Two</title></item>"),
        ("a name with a digit first", "<item><1a>z</1a><title>One</title></item><item><title>Two</title></item>"),
        ("a name with a sign", "<item><a!b>z</a!b><title>One</title></item><item><title>Two</title></item>"),
        ("a name in another script", "<item><ціна>z</ціна><title>One</title></item><item><title>Two</title></item>"),
        ("a comment with hyphens", "<item><!-- a -- b --><title>One</title></item><item><title>Two</title></item>"),
        ("a comment that closes badly", "<item><!-- a ---><title>One</title></item><item><title>Two</title></item>"),
        ("an empty comment", "<item><!----><title>One</title></item><item><title>Two</title></item>"),
        (
            "an instruction of XML's name",
            '<item><?xml version="1.0"?><title>One</title></item><item><title>Two</title></item>',
        ),
        ("a declaration", "<item><!ELEMENT a><title>One</title></item><item><title>Two</title></item>"),
        ("an end of a section", "<item>]]><title>One</title></item>]]><item><title>Two</title></item>"),
        ("control characters between", "<item>\x01\x02<title>One</title></item>\x00<item><title>Two</title></item>"),
        ("half a tag", "<item><title>One</title><</item><item><title>Two</title></item>"),
        ("less-than signs", "<item><title>One</title> < << <3 </item><item><title>Two</title></item>"),
        ("ampersands", "<item><title>One</title> & && &; &#; &#x; </item><item><title>Two</title></item>"),
    ),
)
def test_a_broken_tag_spoils_no_other(inside: str) -> None:
    assert titles(f"<rss><channel>{inside}</channel></rss>") == ["One", "Two"]


# Titles


@pytest.mark.parametrize(
    ("inside", "title"),
    cases(
        ("an ampersand", "Fish & chips", "Fish & chips"),
        ("a company's ampersand", "AT&T, R&D", "AT&T, R&D"),
        ("an ampersand at the end", "Fish &", "Fish &"),
        ("two ampersands", "Fish && chips", "Fish && chips"),
        ("an ampersand before a tag", "Fish &<b>chips</b>", "Fish &chips"),
        ("an ampersand in an address", "See /?a=1&b=2&c=3", "See /?a=1&b=2&c=3"),
        ("a named character that XML does not know", "Caf&eacute; &ndash; bar", "Café – bar"),
        ("a named space", "Ships&nbsp;leave", "Ships leave"),
        ("named quotation marks", "&ldquo;Ships&rdquo; &laquo;leave&raquo;", "“Ships” «leave»"),
        ("a named euro and ellipsis", "&euro; 5&hellip;", "€ 5…"),
        ("a named character that only pages of today know", "&rarr; Ships &check;", "→ Ships ✓"),
        ("a name in capitals", "Fish &AMP; chips &LT;3", "Fish & chips <3"),
        ("a name that nobody knows", "&ship; leaves", "&ship; leaves"),
        ("a name without a semicolon", "Fish &amp chips", "Fish & chips"),
        ("a number without a semicolon", "Caf&#233 bar", "Café bar"),
        ("a number that is none", "A &#; &#x; &#xyz; B", "A &#; &#x; &#xyz; B"),
        ("a number that may not be", "A&#0;&#8;&#xD800;&#xFFFF;B", "AB"),
        ("markup", "Less <b>noise</b> now", "Less noise now"),
        ("markup left open", "Less <b>noise", "Less noise"),
        ("markup of pages", "Ships<br>leave", "Ships leave"),
        ("markup in capitals", "Less <B>noise</b>", "Less noise"),
        ("a less-than sign", "3 < 4", "3 < 4"),
        ("a heart", "I <3 ships", "I <3 ships"),
        ("an arrow", "Odesa <- Kyiv", "Odesa <- Kyiv"),
        ("a greater-than sign", "4 > 3", "4 > 3"),
        ("a section that closes badly", "<![CDATA[Ships leave]]", "Ships leave"),
        ("a section within a section", "<![CDATA[Ships <![CDATA[leave]]> port]]>", "Ships leave port"),
        ("a section in lower case", "<![cdata[Ships leave]]>", "Ships leave"),
        ("a comment", "Ships <!-- a -- b -->leave", "Ships leave"),
        ("control characters", "Ships\x01\x08\x0b leave\x1f", "Ships leave"),
        ("a terminal's colours", "\x1b[31mShips\x1b[0m leave", "Ships leave"),
    ),
)
def test_a_title_that_is_no_xml_is_read_all_the_same(inside: str, title: str) -> None:
    document = rss(f"<item><title>{inside}</title><link>/1</link></item><item><title>Two</title></item>")
    assert titles(document) == [title, "Two"]


@pytest.mark.parametrize(
    ("document", "found"),
    cases(
        (
            "the next element begins",
            "<item><title>One<link>/1</link></item><item><title>Two</title></item>",
            ["One", "Two"],
        ),
        ("the item ends", "<item><title>One</item><item><title>Two</title></item>", ["One", "Two"]),
        ("it is opened twice", "<item><title>One<title></item><item><title>Two</title></item>", ["One", "Two"]),
        (
            "it is closed twice",
            "<item><title>One</title></title></item><item><title>Two</title></item>",
            ["One", "Two"],
        ),
        ("it is closed by another", "<item><title>One</titel></item><item><title>Two</title></item>", ["One", "Two"]),
    ),
)
def test_a_title_that_does_not_end_is_read_all_the_same(document: str, found: list[str]) -> None:
    assert titles(f"<rss><channel>{document}</channel></rss>") == found


# Texts, links and the rest


@pytest.mark.parametrize(
    ("inside", "text"),
    cases(
        ("markup", "<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("markup of pages", "<p>One.<br>and<img src=a.png> two.", "One. and two."),
        ("markup left open", "<p>One.<p>Two.", "One.\n\nTwo."),
        ("markup that overlaps", "<b>One <i>and</b> two.</i>", "One and two."),
        ("an ampersand", "One & two.", "One & two."),
        ("an address", '<a href="/?a=1&b=2">One</a>.', "One."),
        ("a named character", "<p>Caf&eacute;&nbsp;one.</p>", "Café one."),
        ("a document type", "<!DOCTYPE html><p>One.</p>", "One."),
        ("a script", "<p>One.</p><script>if (a < b && c) d()</script>", "One."),
        ("a script in a section", "<![CDATA[<p>One.</p><script>if (a < b && c) d()</script>]]>", "One."),
        ("a whole page", "<html><head><title>x</title></head><body><p>One.</p></body></html>", "One."),
        ("a word processor's", "<o:p>One</o:p> <w:sdt><st1:place>and two.</st1:place></w:sdt>", "One and two."),
    ),
)
def test_a_description_that_is_no_xml_is_read_all_the_same(inside: str, text: str) -> None:
    document = rss(
        f"<item><title>Ships</title><description>{inside}</description></item><item><title>Two</title></item>"
    )
    found, following = read(document).entries
    assert (found.title, found.summary, following.title) == ("Ships", text, "Two")


@pytest.mark.parametrize(
    ("link", "url"),
    cases(
        ("ampersands", "/?a=1&b=2&c=3", "https://outlet.example/?a=1&b=2&c=3"),
        ("what only looks like a named character", "/?a=1&copy=2&lt=3", "https://outlet.example/?a=1&copy=2&lt=3"),
        ("half its ampersands", "/?a=1&amp;b=2&c=3", "https://outlet.example/?a=1&b=2&c=3"),
        ("an ampersand at the end", "/?a=1&", "https://outlet.example/?a=1&"),
        ("a control character", "/a\x01b", "https://outlet.example/ab"),
    ),
)
def test_a_link_that_is_no_xml_is_read_all_the_same(link: str, url: str) -> None:
    assert item(f"<title>Ships</title><link>{link}</link>").url == url
    document = f'<feed xmlns="{ATOM_1_0}"><entry><id>1</id><link href="{link}"/></entry></feed>'
    assert only(document).url == url


@pytest.mark.parametrize(
    ("attributes", "url"),
    cases(
        ("no quotation marks", "<link href=https://a.example/1>", "https://a.example/1"),
        ("no quotation marks, and closed", "<link rel=alternate href=https://a.example/1 />", "https://a.example/1"),
        ("no slash", '<link href="https://a.example/1">', "https://a.example/1"),
        ("capitals", '<LINK HREF="https://a.example/1"/>', "https://a.example/1"),
        ("apostrophes", "<link href='https://a.example/1'/>", "https://a.example/1"),
        ("spaces around the sign", '<link href = "https://a.example/1" />', "https://a.example/1"),
        (
            "an attribute twice",
            '<link rel="alternate" rel="alternate" href="https://a.example/1"/>',
            "https://a.example/1",
        ),
    ),
)
def test_an_attribute_that_is_no_xml_is_read_all_the_same(attributes: str, url: str) -> None:
    document = f'<feed xmlns="{ATOM_1_0}"><entry><id>1</id>{attributes}<title>One</title></entry></feed>'
    assert (only(document).title, only(document).url) == ("One", url)


@pytest.mark.parametrize(
    ("attribute", "category"),
    cases(
        ("an ampersand", "Sea & air", "Sea & air"),
        ("a named character that XML does not know", "Caf&eacute;", "Café"),
        ("a name without a semicolon", "Sea &amp air", "Sea & air"),
        ("a less-than sign", "Less < more", "Less < more"),
        ("a tag", "Less <b>noise</b>", "Less noise"),
    ),
)
def test_an_attribute_s_text_that_is_no_xml_is_read_all_the_same(attribute: str, category: str) -> None:
    inside = f'<id>1</id><category term="{attribute}"/><title>One</title>'
    found = only(f'<feed xmlns="{ATOM_1_0}"><entry>{inside}</entry></feed>')
    assert (found.title, found.categories) == ("One", (category,))


@pytest.mark.parametrize(
    "empty",
    [
        "<image/>",
        "<image></image>",
        "<textInput/>",
        "<textinput></textinput>",
        "<image>",
        "<textinput>",
        "<cloud>",
        "<skipHours/>",
        "<items/>",
    ],
)
def test_an_empty_element_of_the_channel_swallows_nothing(empty: str) -> None:
    document = f"<rss><channel>{empty}<title>Outlet</title><link>/</link>{TWO}</channel></rss>"
    assert titles(document) == ["One", "Two"]
    if empty.endswith("/>") or "</" in empty:
        assert read(document).title == "Outlet"


def test_a_section_that_never_ends_leaves_what_stood_before() -> None:
    item_without_end = "<item><title>Three</title><description><![CDATA[Ships</description></item>"
    assert titles(f"<rss><channel>{TWO}{item_without_end}</channel></rss>")[:2] == ["One", "Two"]


# Prefixes that nobody declared


def test_modules_without_declarations_are_known_by_their_prefixes() -> None:
    document = (
        '<rss version="2.0"><channel><item><title>Ships</title><dc:creator>Ana</dc:creator>'
        "<dc:date>2026-10-12</dc:date><dc:subject>Ports</dc:subject><description>Ships left.</description>"
        "<content:encoded><![CDATA[<p>Three ships left.</p>]]></content:encoded>"
        '<media:thumbnail url="/1.jpg"/><feedburner:origLink>/1</feedburner:origLink></item></channel></rss>'
    )
    found = only(document)
    assert (found.title, found.author, found.categories) == ("Ships", "Ana", ("Ports",))
    assert (found.summary, found.content) == ("Ships left.", "Three ships left.")
    assert (found.image, found.url) == ("https://outlet.example/1.jpg", "https://outlet.example/1")
    assert found.published is not None


def test_rdf_without_declarations_is_read() -> None:
    document = (
        "<rdf:RDF><channel rdf:about='x'><title>Outlet</title></channel>"
        "<item rdf:about='https://outlet.example/1'><title>One</title><dc:date>2026-10-12</dc:date></item></rdf:RDF>"
    )
    assert read(document).title == "Outlet"
    assert (only(document).title, only(document).guid) == ("One", "https://outlet.example/1")


def test_atom_with_an_undeclared_prefix_is_read() -> None:
    document = (
        "<atom:feed><atom:title>Outlet</atom:title><atom:entry><atom:id>1</atom:id><atom:title>One</atom:title>"
        '<atom:link href="/1"/></atom:entry></atom:feed>'
    )
    assert read(document).title == "Outlet"
    assert (only(document).title, only(document).url) == ("One", "https://outlet.example/1")


def test_the_undeclared_title_of_a_medium_is_not_the_item_s() -> None:
    document = "<rss><channel><item><media:title>A quay</media:title><title>Ships</title></item></channel></rss>"
    assert titles(document) == ["Ships"]


@pytest.mark.parametrize(
    "attributes",
    cases(
        ("twice the same", 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dc="http://purl.org/dc/elements/1.1/"'),
        ("empty", 'xmlns:dc=""'),
        ("no address", 'xmlns:dc="dc"'),
        ("a space within", 'xmlns:dc="http://purl.org/dc/elements/1.1/ "'),
        ("no quotation marks", "xmlns:dc=http://purl.org/dc/elements/1.1/ version=2.0"),
        ("a prefix that is reserved", 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xml="urn:x"'),
        ("a prefix that is empty", 'xmlns:="urn:x" xmlns:dc="http://purl.org/dc/elements/1.1/"'),
    ),
)
def test_a_declaration_that_is_wrong_hides_nothing(attributes: str) -> None:
    document = f"<rss {attributes}><channel><item><title>One</title><dc:creator>Ana</dc:creator></item></channel></rss>"
    assert (only(document).title, only(document).author) == ("One", "Ana")


# Hostile, but harmless


@pytest.mark.parametrize(
    "doctype",
    cases(
        ("an entity of itself", '<!ENTITY j "&j;">'),
        ("entities of each other", '<!ENTITY j "&k;"><!ENTITY k "&j;">'),
        ("a file", '<!ENTITY j SYSTEM "file:///etc/hostname">'),
        ("an address", '<!ENTITY j SYSTEM "http://127.0.0.1:9/x">'),
        ("a public name", '<!ENTITY j PUBLIC "-//X//Y" "http://127.0.0.1:9/x">'),
        ("a parameter", '<!ENTITY % p SYSTEM "http://127.0.0.1:9/x">%p;'),
        ("a tag", '<!ENTITY j "<title>Foreign</title>">'),
        ("half a tag", '<!ENTITY j "</title>">'),
        ("what is not parsed", '<!NOTATION n SYSTEM "x"><!ENTITY j SYSTEM "x.gif" NDATA n>'),
    ),
)
def test_an_entity_of_the_document_s_own_does_no_harm(doctype: str) -> None:
    document = f"<!DOCTYPE rss [{doctype}]><rss><channel><item><title>One &j; two</title></item></channel></rss>"
    (title,) = titles(document)
    assert title.startswith("One")
    assert title.endswith("two")
    assert len(title) < 60


@pytest.mark.parametrize(
    "inside",
    cases(
        ("elements within elements", "<a>" * 20_000),
        ("elements within elements, closed", "<a>" * 20_000 + "</a>" * 20_000),
        ("attributes", "<a " + " ".join(f'a{number}="1"' for number in range(20_000)) + "/>"),
        ("a name without end", f"<{'a' * 200_000}/>"),
        ("a number without end", f"&#{'9' * 200_000};"),
        ("ampersands", "&" * 200_000),
        ("less-than signs", "<" * 200_000),
        ("greater-than signs", ">" * 200_000),
        ("sections", "<![CDATA[]]>" * 20_000),
        ("openings of sections", "<![CDATA[" * 20_000),
        ("openings of comments", "<!--" * 20_000),
        ("instructions", "<?a?>" * 20_000),
        ("namespaces", "".join(f'<a xmlns:a{number}="urn:{number}"/>' for number in range(5_000))),
    ),
)
def test_what_is_endless_does_no_harm(inside: str) -> None:
    assert titles(f"<rss><channel><item><title>One</title></item>{inside}</channel></rss>")[0] == "One"


# What is no feed


@pytest.mark.parametrize(
    ("body", "seems"),
    cases(
        ("nothing", b"", "empty"),
        ("lines", b"\r\n\r\n", "empty"),
        ("NULs", b"\x00\x00\x00", "empty"),
        ("a byte order mark", b"\xef\xbb\xbf", "empty"),
        ("a byte order mark of sixteen bits", b"\xff\xfe", "empty"),
        ("a page", b"<!DOCTYPE html><html><head><title>Outlet</title></head><body><p>Hello</p></body></html>", "html"),
        ("a page without a document type", b"<html><body>Hello</body></html>", "html"),
        ("a page in capitals", b"<HTML><BODY>Hello</BODY></HTML>", "html"),
        ("a page behind lines", b"\n\n  <!doctype html>\n<html></html>", "html"),
        ("a page behind a comment", b"<!-- a --><!DOCTYPE html><html></html>", "html"),
        (
            "a page that is XML",
            b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><body/></html>",
            "html",
        ),
        ("a page with items", b"<html><body><ul><li>item</li></ul><p>feed, channel, rss</p></body></html>", "html"),
        (
            "a page that advertises a feed",
            b"<html><head><link rel='alternate' type='application/rss+xml' href='/rss'></head></html>",
            "html",
        ),
        ("a page of sixteen bits", "<!DOCTYPE html><html><body>Hello</body></html>".encode("utf-16"), "html"),
        (
            "an outline",
            b"<?xml version='1.0'?><opml version='2.0'><head/><body><outline text='a'/></body></opml>",
            "opml",
        ),
        (
            "a map of a site",
            b"<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>https://a.example/</loc></url></urlset>",
            "xml",
        ),
        (
            "an index of maps",
            b"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap/></sitemapindex>",
            "xml",
        ),
        ("a drawing", b"<svg xmlns='http://www.w3.org/2000/svg'><title>A</title></svg>", "xml"),
        ("a message", b"<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body/></s:Envelope>", "xml"),
        (
            "an error of a store of files",
            b"<?xml version='1.0'?><Error><Code>AccessDenied</Code><Message>No</Message></Error>",
            "xml",
        ),
        ("a service document", b"<service xmlns='http://www.w3.org/2007/app'><workspace/></service>", "xml"),
        (
            "a description of a search",
            b"<OpenSearchDescription xmlns='http://a9.com/-/spec/opensearch/1.1/'><ShortName>A</ShortName></OpenSearchDescription>",
            "xml",
        ),
        ("an object", b'{"a": 1}', "json"),
        ("a list", b"[1, 2, 3]", "json"),
        ("words", b"Not found", "unknown"),
        ("words about feeds", b"There is an rss feed with an item in its channel.", "unknown"),
        ("a picture", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01", "unknown"),
        ("an archive", b"PK\x03\x04\x14\x00\x00\x00\x08\x00", "unknown"),
        ("a document for print", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "unknown"),
        ("a table", b"title,link\nShips,https://outlet.example/1\n", "unknown"),
        ("a program", b"<?php header('Location: /'); ?>", "unknown"),
        ("all bytes", bytes(range(256)), "unknown"),
    ),
)
def test_what_is_no_feed_is_told(body: bytes, seems: str) -> None:
    with pytest.raises(NotAFeed) as caught:
        read(body)
    assert caught.value.seems == seems


@pytest.mark.parametrize("content_type", ["text/html", "text/plain", "application/octet-stream", "image/png", "", "x"])
@pytest.mark.parametrize("document", [pytest.param(RSS, id="RSS"), pytest.param(ATOM, id="Atom")])
def test_a_feed_is_one_whatever_its_media_type(content_type: str, document: str) -> None:
    assert titles(document, content_type=content_type) == ["One", "Two"]
