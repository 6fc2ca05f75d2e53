"""RFC 4287, section by section, and Atom 0.3 before it: what a reader of news should understand."""

import base64

import pytest
from wrapping import ATOM_1_0, XHTML, atom, cases, entry, instant, only, read, story, titles

from bot.domain.stories import Entry

PREFIXED = 'xmlns:h="http://www.w3.org/1999/xhtml"'


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


# Text constructs (3.1)


@pytest.mark.parametrize(
    ("element", "title"),
    cases(
        ("no type means text", "<title>Ships leave port</title>", "Ships leave port"),
        ("text", '<title type="text">Ships leave port</title>', "Ships leave port"),
        ("text with an ampersand", '<title type="text">Fish &amp; chips</title>', "Fish & chips"),
        ("text with a less-than sign", '<title type="text">3 &lt; 4</title>', "3 < 4"),
        ("text with a less-than sign by its number", '<title type="text">3 &#60; 4</title>', "3 < 4"),
        ("text with a less-than sign by its hexadecimal number", '<title type="text">3 &#x3C; 4</title>', "3 < 4"),
        ("text in a section", '<title type="text"><![CDATA[3 < 4 & 5 > 4]]></title>', "3 < 4 & 5 > 4"),
        ("text that names an element", "<title>Farewell to &lt;blink></title>", "Farewell to <blink>"),
        ("text that names an element of pages", "<title>The &lt;title> element</title>", "The <title> element"),
        ("text with quotation marks", "<title>&quot;Now&quot; &apos;or&apos; never</title>", "\"Now\" 'or' never"),
        ("text escaped once too often", "<title>Fish &amp;amp; chips</title>", "Fish & chips"),
        ("text partly in a section", "<title>Ships <![CDATA[leave]]> port</title>", "Ships leave port"),
        ("text in two sections", "<title><![CDATA[Ships ]]><![CDATA[leave]]></title>", "Ships leave"),
        ("text with a comment", "<title>Ships <!-- many -->leave</title>", "Ships leave"),
        ("text with an instruction", "<title>Ships <?x many?>leave</title>", "Ships leave"),
        ("text padded and broken", "<title>\n  Ships\n\tleave   port \n</title>", "Ships leave port"),
        ("text with elements that should not be there", "<title>Ships <b>leave</b> port</title>", "Ships leave port"),
        ("text of another script", "<title>Кораблі йдуть</title>", "Кораблі йдуть"),
        ("text written from right to left", "<title>ספינות עוזבות</title>", "ספינות עוזבות"),
        ("text with a bell by its number", "<title>&#128276; Ships</title>", "🔔 Ships"),
        ("text with the quotation marks of Windows by number", "<title>&#147;Now&#148;</title>", "“Now”"),
        ("html", '<title type="html">Less &lt;em&gt;noise&lt;/em&gt;</title>', "Less noise"),
        ("html in a section", '<title type="html"><![CDATA[Less <em>noise</em>]]></title>', "Less noise"),
        ("html with an ampersand", '<title type="html">Fish &amp;amp; chips</title>', "Fish & chips"),
        (
            "html with an ampersand in a section",
            '<title type="html"><![CDATA[Fish &amp; chips]]></title>',
            "Fish & chips",
        ),
        ("html with a less-than sign", '<title type="html">3 &amp;lt; 4</title>', "3 < 4"),
        ("html with a less-than sign by its number", '<title type="html">3 &amp;#60; 4</title>', "3 < 4"),
        ("html with a less-than sign in a section", '<title type="html"><![CDATA[3 &lt; 4]]></title>', "3 < 4"),
        ("html with a number in a section", '<title type="html"><![CDATA[3 &#x3c; 4]]></title>', "3 < 4"),
        ("html that names an element", '<title type="html">The &amp;lt;title> element</title>', "The <title> element"),
        ("html that names an unknown element", '<title type="html">&amp;lt;blink&amp;gt;</title>', "<blink>"),
        ("html with a named character", '<title type="html">Caf&amp;eacute; &amp;ndash; bar</title>', "Café – bar"),
        ("html with a bare ampersand", '<title type="html">R&amp;D &amp; more</title>', "R&D & more"),
        ("html escaped once too often", '<title type="html">Fish &amp;amp;amp; chips</title>', "Fish & chips"),
        ("html with a space that does not break", '<title type="html">A&amp;nbsp;call</title>', "A call"),
        ("html with a line break", '<title type="html">Ships&lt;br/&gt;leave</title>', "Ships leave"),
        (
            "html with blocks",
            '<title type="html">&lt;p&gt;Ships&lt;/p&gt;&lt;p&gt;leave&lt;/p&gt;</title>',
            "Ships leave",
        ),
        ("html with a picture", '<title type="html"><![CDATA[<img src="a.png" alt="A"/>Ships]]></title>', "Ships"),
        ("html with a script", '<title type="html"><![CDATA[A<script>b("c")</script> call]]></title>', "A call"),
        ("html with a comment", '<title type="html"><![CDATA[A<!-- no --> call]]></title>', "A call"),
        ("html with a tag left open", '<title type="html"><![CDATA[Less <em>noise]]></title>', "Less noise"),
        ("html with tags in capitals", '<title type="html"><![CDATA[Less <EM>noise</EM>]]></title>', "Less noise"),
        ("xhtml", f'<title type="xhtml"><div {XHTML}>Less <em>noise</em></div></title>', "Less noise"),
        ("xhtml with a less-than sign", f'<title type="xhtml"><div {XHTML}>3 &lt; 4</div></title>', "3 < 4"),
        ("xhtml with a number", f'<title type="xhtml"><div {XHTML}>3 &#60; 4</div></title>', "3 < 4"),
        ("xhtml with an ampersand", f'<title type="xhtml"><div {XHTML}>Fish &amp; chips</div></title>', "Fish & chips"),
        (
            "xhtml that names an element",
            f'<title type="xhtml"><div {XHTML}>The &lt;title> element</div></title>',
            "The <title> element",
        ),
        (
            "xhtml that shows markup",
            f'<title type="xhtml"><div {XHTML}>How &lt;b>bold&lt;/b> is made</div></title>',
            "How <b>bold</b> is made",
        ),
        ("xhtml with a section", f'<title type="xhtml"><div {XHTML}>3 <![CDATA[<]]> 4</div></title>', "3 < 4"),
        (
            "xhtml under a prefix",
            f'<title type="xhtml" {PREFIXED}><h:div>Less <h:em>noise</h:em></h:div></title>',
            "Less noise",
        ),
        ("xhtml without its div", f'<title type="xhtml" {PREFIXED}>Less <h:em>noise</h:em></title>', "Less noise"),
        ("xhtml without its namespace", '<title type="xhtml"><div>Less <em>noise</em></div></title>', "Less noise"),
        ("xhtml padded", f'<title type="xhtml">\n <div {XHTML}>\n  Ships\n  leave </div>\n</title>', "Ships leave"),
        ("xhtml that is escaped", '<title type="xhtml">Less &lt;em&gt;noise&lt;/em&gt;</title>', "Less noise"),
        ("a media type for text", '<title type="text/plain">3 &lt; 4</title>', "3 < 4"),
        ("a media type for html", '<title type="text/html">Less &lt;em&gt;noise&lt;/em&gt;</title>', "Less noise"),
        (
            "a media type for xhtml",
            f'<title type="application/xhtml+xml"><div {XHTML}>Less <em>noise</em></div></title>',
            "Less noise",
        ),
        ("a type in capitals", '<title type="HTML">Less &lt;em&gt;noise&lt;/em&gt;</title>', "Less noise"),
        ("an unknown type", '<title type="riddle">Ships leave port</title>', "Ships leave port"),
        ("an empty type", '<title type="">Ships leave port</title>', "Ships leave port"),
        ("an empty title", "<title></title>", ""),
        ("a closed title", "<title/>", ""),
        ("a title of spaces", '<title type="html"> &amp;nbsp; </title>', ""),
        ("no title", "", ""),
        ("the first of two titles", "<title>Ships leave</title><title>Ships return</title>", "Ships leave"),
    ),
)
def test_a_title_is_one_line_of_text(element: str, title: str) -> None:
    assert entry(f"<id>1</id>{element}").title == title
    assert read(atom(element + "<entry><id>1</id></entry>")).title == title


@pytest.mark.parametrize(
    ("inside", "summary", "content"),
    cases(
        ("a summary alone", "<summary>Three ships left.</summary>", "Three ships left.", ""),
        ("a content alone", "<content>Three ships left.</content>", "Three ships left.", ""),
        (
            "a summary and a content",
            "<summary>Ships left.</summary><content>Three ships left at noon.</content>",
            "Ships left.",
            "Three ships left at noon.",
        ),
        (
            "a content before its summary",
            "<content>Three ships left at noon.</content><summary>Ships left.</summary>",
            "Ships left.",
            "Three ships left at noon.",
        ),
        (
            "a content that repeats the summary",
            "<summary>Ships left.</summary><content>Ships left.</content>",
            "Ships left.",
            "",
        ),
        (
            "a content that repeats the summary in markup",
            '<summary>Ships left.</summary><content type="html">&lt;p&gt;Ships  left.&lt;/p&gt;</content>',
            "Ships left.",
            "",
        ),
        ("neither", "", "", ""),
        ("both empty", "<summary/><content></content>", "", ""),
        (
            "an empty summary and a content",
            "<summary></summary><content>Three ships left.</content>",
            "Three ships left.",
            "",
        ),
        ("a summary of html", '<summary type="html">&lt;b&gt;Ships&lt;/b&gt; left.</summary>', "Ships left.", ""),
        (
            "a summary of xhtml",
            f'<summary type="xhtml"><div {XHTML}><b>Ships</b> left.</div></summary>',
            "Ships left.",
            "",
        ),
        ("a summary in a section", '<summary type="html"><![CDATA[<b>Ships</b> left.]]></summary>', "Ships left.", ""),
        (
            "an extension's summary",
            "<summary>Ships left.</summary><media:description>A photograph.</media:description>",
            "Ships left.",
            "",
        ),
    ),
)
def test_a_summary_and_a_content_are_told_apart(inside: str, summary: str, content: str) -> None:
    found = entry(f"<id>1</id><title>Ships</title>{inside}")
    assert (found.summary, found.content) == (summary, content)


# Content (4.1.3)


@pytest.mark.parametrize(
    ("content", "text"),
    cases(
        ("text", "<content>Three ships left.</content>", "Three ships left."),
        ("text with a blank line", '<content type="text">One.\n\nTwo.</content>', "One.\n\nTwo."),
        ("text of a media type", '<content type="text/plain">3 &lt; 4</content>', "3 < 4"),
        ("text that names an element", '<content type="text">Farewell to &lt;blink></content>', "Farewell to <blink>"),
        ("html", '<content type="html">&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</content>', "One.\n\nTwo."),
        ("html in a section", '<content type="html"><![CDATA[<p>One.</p><p>Two.</p>]]></content>', "One.\n\nTwo."),
        ("html of a media type", '<content type="text/html">&lt;p&gt;One.&lt;/p&gt;</content>', "One."),
        (
            "html with parameters of its media type",
            '<content type="text/html; charset=utf-8">&lt;p&gt;One.&lt;/p&gt;</content>',
            "One.",
        ),
        ("html that shows a sign", '<content type="html">&lt;p&gt;3 &amp;lt; 4&lt;/p&gt;</content>', "3 < 4"),
        ("html with line breaks", '<content type="html"><![CDATA[One.<br/><br/>Two.]]></content>', "One.\n\nTwo."),
        ("html with a list", '<content type="html"><![CDATA[<ul><li>One<li>Two</ul>]]></content>', "One\n\nTwo"),
        (
            "html with a table",
            '<content type="html"><![CDATA[<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>]]>'
            "</content>",
            "a b\n\nc",
        ),
        (
            "html with a script and a style",
            '<content type="html"><![CDATA[<style>p {}</style><p>One.</p><script>two()</script>]]></content>',
            "One.",
        ),
        (
            "html that is not escaped",
            f'<content type="html"><div {XHTML}><p>One.</p><p>Two.</p></div></content>',
            "One.\n\nTwo.",
        ),
        (
            "html that is not escaped and has no namespace",
            '<content type="html"><p>One.</p><p>Two.</p></content>',
            "One.\n\nTwo.",
        ),
        (
            "html escaped once too often",
            '<content type="html">&amp;lt;p&amp;gt;One.&amp;lt;/p&amp;gt;'
            "&amp;lt;p&amp;gt;Two.&amp;lt;/p&amp;gt;</content>",
            "One.\n\nTwo.",
        ),
        ("xhtml", f'<content type="xhtml"><div {XHTML}><p>One.</p><p>Two.</p></div></content>', "One.\n\nTwo."),
        (
            "xhtml under a prefix",
            f'<content type="xhtml"><h:div {PREFIXED}><h:p>One.</h:p><h:p>Two.</h:p></h:div></content>',
            "One.\n\nTwo.",
        ),
        (
            "xhtml of a media type",
            f'<content type="application/xhtml+xml"><div {XHTML}><p>One.</p><p>Two.</p></div></content>',
            "One.\n\nTwo.",
        ),
        (
            "xhtml with text around its elements",
            f'<content type="xhtml"><div {XHTML}>One <i>and</i> two <b>and</b> three.</div></content>',
            "One and two and three.",
        ),
        (
            "xhtml with a line break",
            f'<content type="xhtml"><div {XHTML}>One.<br/><br/>Two.</div></content>',
            "One.\n\nTwo.",
        ),
        (
            "xhtml with a script and a style",
            f'<content type="xhtml"><div {XHTML}><style>p {{}}</style><p>One.</p><script>two()</script></div>'
            "</content>",
            "One.",
        ),
        (
            "xhtml with a drawing",
            f'<content type="xhtml"><div {XHTML}>One.<svg xmlns="http://www.w3.org/2000/svg"><title>A</title></svg></div></content>',
            "One.",
        ),
        (
            "xhtml that shows markup",
            f'<content type="xhtml"><div {XHTML}>Write &lt;p>so&lt;/p>.</div></content>',
            "Write <p>so</p>.",
        ),
        (
            "xhtml with elements named as the feed's",
            f'<content type="xhtml"><div {XHTML}><title>One.</title> <link href="/x"/><summary>Two.</summary></div>'
            "</content>",
            "One.\n\nTwo.",
        ),
        (
            "an entry within a content",
            f'<content type="application/xml"><entry xmlns="{ATOM_1_0}"><title>Inner</title></entry></content>',
            "Inner",
        ),
        ("xml of its own", '<content type="text/xml"><r xmlns="urn:r"><s>One.</s></r></content>', "One."),
        ("a picture", '<content type="image/png">iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ</content>', ""),
        ("an archive", f'<content type="application/zip">{encoded("PK, and so on")}</content>', ""),
        ("a page elsewhere", '<content type="text/html" src="https://outlet.example/1"/>', ""),
        ("a film elsewhere", '<content type="video/mp4" src="https://outlet.example/1.mp4"></content>', ""),
    ),
)
def test_a_content_is_text_with_paragraphs(content: str, text: str) -> None:
    found = entry(f"<id>1</id><title>Ships</title>{content}")
    assert (found.title, story(found)) == ("Ships", text)


def test_a_long_content_without_a_summary_is_led_by_its_first_paragraphs() -> None:
    paragraphs = [f"Ship {number} left. " + "It was loaded with grain. " * 12 for number in range(9)]
    content = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    found = entry(f'<id>1</id><content type="xhtml"><div {XHTML}>{content}</div></content>')
    assert found.content == "\n\n".join(paragraph.strip() for paragraph in paragraphs)
    assert found.content.startswith(found.summary)
    assert paragraphs[0].strip() in found.summary
    assert len(found.summary) < len(found.content) / 2


# Persons (3.2, 4.2.1)


@pytest.mark.parametrize(
    ("head", "inside", "author"),
    cases(
        ("an author", "", "<author><name>Ana</name></author>", "Ana"),
        ("two authors", "", "<author><name>Ana</name></author><author><name>Ben</name></author>", "Ana, Ben"),
        ("the same author twice", "", "<author><name>Ana</name></author><author><name>Ana</name></author>", "Ana"),
        (
            "an author with an address and a page",
            "",
            "<author><name>Ana</name><email>a@outlet.example</email><uri>https://outlet.example/ana</uri></author>",
            "Ana",
        ),
        (
            "an author whose name comes last",
            "",
            "<author><email>a@outlet.example</email><uri>https://outlet.example/ana</uri><name>Ana</name></author>",
            "Ana",
        ),
        ("an author with an address only", "", "<author><email>a@outlet.example</email></author>", "a@outlet.example"),
        ("an author with a page only", "", "<author><uri>https://outlet.example/ana</uri></author>", None),
        ("a padded name", "", "<author><name>\n  Ana  B. \n</name></author>", "Ana B."),
        ("a name in a section", "", "<author><name><![CDATA[Ana & Ben]]></name></author>", "Ana & Ben"),
        ("a name with an escaped letter", "", "<author><name>Ren&amp;eacute;</name></author>", "René"),
        ("an empty name", "", "<author><name/></author>", None),
        ("an author without elements", "", "<author>Ana</author>", "Ana"),
        ("an author's extension", "", "<author><name>Ana</name><media:title>Editor</media:title></author>", "Ana"),
        ("a contributor is no author", "", "<contributor><name>Ben</name></contributor>", None),
        (
            "an author beside a contributor",
            "",
            "<contributor><name>Ben</name></contributor><author><name>Ana</name></author>",
            "Ana",
        ),
        ("the feed's author for an entry without one", "<author><name>Desk</name></author>", "", "Desk"),
        (
            "the feed's two authors for an entry without one",
            "<author><name>Ana</name></author><author><name>Ben</name></author>",
            "",
            "Ana, Ben",
        ),
        (
            "the entry's author over the feed's",
            "<author><name>Desk</name></author>",
            "<author><name>Ana</name></author>",
            "Ana",
        ),
        ("the source's author", "", "<source><author><name>Agency</name></author></source>", "Agency"),
        (
            "the source's author over the feed's",
            "<author><name>Desk</name></author>",
            "<source><author><name>Agency</name></author></source>",
            "Agency",
        ),
        (
            "the entry's author over the source's",
            "",
            "<source><author><name>Agency</name></author></source><author><name>Ana</name></author>",
            "Ana",
        ),
        ("a feed's contributor is no author", "<contributor><name>Ben</name></contributor>", "", None),
        ("the feed's generator is no author", "<generator>Presses</generator>", "", None),
        ("Dublin Core's creator", "", "<dc:creator>Ana</dc:creator>", "Ana"),
    ),
)
def test_an_author_is_a_name(head: str, inside: str, author: str | None) -> None:
    assert entry(f"<id>1</id><title>Ships</title>{inside}", head=head).author == author


def test_an_entry_s_author_is_not_the_next_one_s() -> None:
    document = atom("<entry><id>1</id><author><name>Ana</name></author></entry><entry><id>2</id></entry>")
    assert [found.author for found in read(document).entries] == ["Ana", None]


# Categories (4.2.2)


@pytest.mark.parametrize(
    ("inside", "categories"),
    cases(
        ("a term", '<category term="ports"/>', ("ports",)),
        ("a label before its term", '<category term="pt" label="Ports"/>', ("Ports",)),
        ("an empty label", '<category term="ports" label=""/>', ("ports",)),
        ("a label alone", '<category label="Ports"/>', ("Ports",)),
        ("a scheme", '<category term="ports" scheme="https://outlet.example/topics"/>', ("ports",)),
        ("several in order", '<category term="b"/><category term="a"/><category term="c"/>', ("b", "a", "c")),
        ("one twice", '<category term="a"/><category term="b"/><category term="a"/>', ("a", "b")),
        ("one label twice", '<category term="1" label="Ports"/><category term="2" label="Ports"/>', ("Ports",)),
        ("an empty term", '<category term=""/>', ()),
        ("no attribute", "<category/>", ()),
        ("a scheme alone", '<category scheme="https://outlet.example/topics"/>', ()),
        ("a text, as in RSS", "<category>Ports</category>", ("Ports",)),
        ("an ampersand", '<category term="Sea &amp; air"/>', ("Sea & air",)),
        ("padding", '<category term="  Sea   air "/>', ("Sea air",)),
        ("another script", '<category term="порти" label="Порти"/>', ("Порти",)),
        ("the source's are not the entry's", '<source><category term="all"/></source><category term="a"/>', ("a",)),
        ("Dublin Core's subject", "<dc:subject>Ports</dc:subject>", ("Ports",)),
        ("none", "", ()),
    ),
)
def test_categories_are_read_in_order(inside: str, categories: tuple[str, ...]) -> None:
    assert entry(f"<id>1</id>{inside}", head='<category term="the feed&apos;s own"/>').categories == categories


# Identifiers (4.2.6)


@pytest.mark.parametrize(
    ("inside", "guid"),
    cases(
        ("a tag URI", "<id>tag:outlet.example,2026:1</id>", "tag:outlet.example,2026:1"),
        (
            "a UUID",
            "<id>urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a</id>",
            "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a",
        ),
        (
            "an address is kept letter by letter",
            "<id>HTTP://Outlet.Example/A%2fb/../c</id>",
            "HTTP://Outlet.Example/A%2fb/../c",
        ),
        ("padding", "<id>\n  tag:1 \n</id>", "tag:1"),
        ("a section", "<id><![CDATA[tag:a&b]]></id>", "tag:a&b"),
        ("an ampersand", "<id>https://outlet.example/?a=1&amp;b=2</id>", "https://outlet.example/?a=1&b=2"),
        ("a number", "<id>17</id>", "17"),
        ("an empty one", "<id/>", None),
        ("none", "", None),
        ("the source's is not the entry's", "<source><id>tag:agency</id></source><id>tag:1</id>", "tag:1"),
        ("the source's alone", "<source><id>tag:agency</id></source>", None),
    ),
)
def test_an_identifier_is_kept_as_it_is(inside: str, guid: str | None) -> None:
    assert entry(f"<title>Ships</title>{inside}").guid == guid


def test_an_identifier_is_relative_to_nothing() -> None:
    found = entry("<id>a/1</id><title>Ships</title>", attributes='xml:base="https://outlet.example/"')
    assert found.guid == "a/1"


# Links (4.2.7)


@pytest.mark.parametrize(
    ("inside", "url"),
    cases(
        ("no relation means alternate", '<link href="https://outlet.example/1"/>', "https://outlet.example/1"),
        ("alternate", '<link rel="alternate" href="https://outlet.example/1"/>', "https://outlet.example/1"),
        (
            "alternate in capitals",
            '<link rel="ALTERNATE" href="https://outlet.example/1"/>',
            "https://outlet.example/1",
        ),
        (
            "alternate by its registered address",
            '<link rel="http://www.iana.org/assignments/relation/alternate" href="https://outlet.example/1"/>',
            "https://outlet.example/1",
        ),
        ("an empty relation", '<link rel="" href="https://outlet.example/1"/>', "https://outlet.example/1"),
        ("a start tag and an end tag", '<link href="https://outlet.example/1"></link>', "https://outlet.example/1"),
        ("an ampersand", '<link href="https://outlet.example/?a=1&amp;b=2"/>', "https://outlet.example/?a=1&b=2"),
        ("padding", '<link href=" https://outlet.example/1\n"/>', "https://outlet.example/1"),
        ("a relative one", '<link href="/1"/>', "https://outlet.example/1"),
        ("a text, as in RSS", "<link>https://outlet.example/1</link>", "https://outlet.example/1"),
        ("self behind it", '<link href="/1"/><link rel="self" href="/1.atom"/>', "https://outlet.example/1"),
        ("self before it", '<link rel="self" href="/1.atom"/><link href="/1"/>', "https://outlet.example/1"),
        (
            "edit before it",
            '<link rel="edit" href="/edit/1"/><link rel="alternate" href="/1"/>',
            "https://outlet.example/1",
        ),
        (
            "enclosure before it",
            '<link rel="enclosure" type="audio/mpeg" length="1" href="/1.mp3"/><link rel="alternate" href="/1"/>',
            "https://outlet.example/1",
        ),
        ("related before it", '<link rel="related" href="/other"/><link href="/1"/>', "https://outlet.example/1"),
        (
            "via before it",
            '<link rel="via" href="https://agency.example/1"/><link href="/1"/>',
            "https://outlet.example/1",
        ),
        (
            "replies before it",
            '<link rel="replies" type="text/html" href="/1#c"/><link href="/1"/>',
            "https://outlet.example/1",
        ),
        (
            "a relation of one's own",
            '<link rel="urn:x:shop" href="/shop"/><link href="/1"/>',
            "https://outlet.example/1",
        ),
        (
            "the page rather than the data",
            '<link type="application/json" href="/1.json"/><link type="text/html" href="/1"/>',
            "https://outlet.example/1",
        ),
        (
            "the page rather than the document behind it",
            '<link type="text/html" href="/1"/><link type="application/pdf" href="/1.pdf"/>',
            "https://outlet.example/1",
        ),
        (
            "the page in its newer form",
            '<link type="application/pdf" href="/1.pdf"/><link type="application/xhtml+xml" href="/1"/>',
            "https://outlet.example/1",
        ),
        (
            "the untyped link rather than a feed",
            '<link type="application/atom+xml" href="/1.atom"/><link href="/1"/>',
            "https://outlet.example/1",
        ),
        (
            "a document where there is no page",
            '<link type="application/pdf" href="/1.pdf"/>',
            "https://outlet.example/1.pdf",
        ),
        ("self alone", '<link rel="self" href="/1.atom"/>', None),
        ("an enclosure alone", '<link rel="enclosure" type="audio/mpeg" href="/1.mp3"/>', None),
        ("an edit link alone", '<link rel="edit" href="/edit/1"/>', None),
        ("no address", '<link rel="alternate"/>', None),
        ("an empty address", '<link href=""/>', None),
        ("an empty address before one", '<link href=""/><link href="/1"/>', "https://outlet.example/1"),
        ("a mailbox", '<link href="mailto:a@outlet.example"/>', None),
        ("an identifier that is an address", "<id>https://outlet.example/1</id>", "https://outlet.example/1"),
        ("a link over an identifier", '<id>https://outlet.example/1</id><link href="/2"/>', "https://outlet.example/2"),
        (
            "an identifier over self",
            '<id>https://outlet.example/1</id><link rel="self" href="/1.atom"/>',
            "https://outlet.example/1",
        ),
        ("an identifier that is none", "<id>tag:outlet.example,2026:1</id>", None),
        ("the page that is the content", '<content type="text/html" src="/1"/>', "https://outlet.example/1"),
        (
            "a link over the content's",
            '<content type="text/html" src="/full"/><link href="/1"/>',
            "https://outlet.example/1",
        ),
        ("the source's is not the entry's", '<source><link href="https://agency.example/"/></source>', None),
        ("the author's is not the entry's", "<author><name>Ana</name><uri>https://ana.example/</uri></author>", None),
        ("none", "", None),
    ),
)
def test_an_entry_links_to_its_page(inside: str, url: str | None) -> None:
    assert entry(f"<title>Ships</title>{inside}").url == url


@pytest.mark.parametrize(
    ("head", "site"),
    cases(
        ("a link", '<link href="https://outlet.example/"/>', "https://outlet.example/"),
        (
            "alternate behind self",
            '<link rel="self" href="/feed"/><link rel="alternate" href="/"/>',
            "https://outlet.example/",
        ),
        (
            "alternate among others",
            '<link rel="hub" href="https://hub.example/"/><link rel="next" href="?p=2"/>'
            '<link rel="alternate" type="text/html" href="/"/><link rel="license" href="/licence"/>',
            "https://outlet.example/",
        ),
        ("a relative one", '<link href="../world/"/>', "https://outlet.example/world/"),
        (
            "relative to the feed's base",
            '<link xml:base="https://base.example/a/" href="b"/>',
            "https://base.example/a/b",
        ),
        ("self alone", '<link rel="self" href="https://outlet.example/feed"/>', None),
        ("none", "", None),
    ),
)
def test_a_feed_links_to_its_site(head: str, site: str | None) -> None:
    document = read(atom(f'<title>Outlet</title>{head}<entry><id>1</id><link href="/1"/></entry>'))
    assert document.site_url == site


# Dates (3.3, 4.2.9, 4.2.15)


@pytest.mark.parametrize(
    ("inside", "when"),
    cases(
        ("published", "<published>2026-10-12T08:30:00Z</published>", "2026-10-12 08:30"),
        ("updated", "<updated>2026-10-12T08:30:00Z</updated>", "2026-10-12 08:30"),
        (
            "published before updated",
            "<published>2026-10-12T08:30:00Z</published><updated>2026-10-13T09:00:00Z</updated>",
            "2026-10-12 08:30",
        ),
        (
            "published behind updated",
            "<updated>2026-10-13T09:00:00Z</updated><published>2026-10-12T08:30:00Z</published>",
            "2026-10-12 08:30",
        ),
        (
            "updated where published is nonsense",
            "<published>soon</published><updated>2026-10-12T08:30:00Z</updated>",
            "2026-10-12 08:30",
        ),
        (
            "updated where published is empty",
            "<published/><updated>2026-10-12T08:30:00Z</updated>",
            "2026-10-12 08:30",
        ),
        ("east of Greenwich", "<updated>2026-10-12T11:30:00+03:00</updated>", "2026-10-12 08:30"),
        ("west of Greenwich", "<updated>2026-10-12T04:30:00-04:00</updated>", "2026-10-12 08:30"),
        ("a fraction", "<updated>2026-10-12T08:30:00.00Z</updated>", "2026-10-12 08:30"),
        ("letters in lower case", "<updated>2026-10-12t08:30:00z</updated>", "2026-10-12 08:30"),
        ("padding", "<updated>\n 2026-10-12T08:30:00Z </updated>", "2026-10-12 08:30"),
        ("the date of RSS", "<updated>Mon, 12 Oct 2026 08:30:00 GMT</updated>", "2026-10-12 08:30"),
        (
            "the source's is not the entry's",
            "<source><updated>2020-01-01T00:00:00Z</updated></source><updated>2026-10-12T08:30:00Z</updated>",
            "2026-10-12 08:30",
        ),
        ("the source's alone", "<source><updated>2020-01-01T00:00:00Z</updated></source>", None),
        ("none", "", None),
    ),
)
def test_an_entry_is_dated(inside: str, when: str | None) -> None:
    found = entry(f"<id>1</id><title>Ships</title>{inside}", head="<updated>2026-11-01T00:00:00Z</updated>")
    assert found.published == instant(when)


# Languages (section 2)


@pytest.mark.parametrize(
    ("feed", "attributes", "inside", "language"),
    cases(
        ("the feed's", 'xml:lang="uk"', "", "", "uk"),
        ("the feed's with its region", 'xml:lang="pt-BR"', "", "", "pt"),
        ("the entry's", "", 'xml:lang="uk"', "", "uk"),
        ("the entry's over the feed's", 'xml:lang="en"', 'xml:lang="uk"', "", "uk"),
        ("the title's over the feed's", 'xml:lang="en"', "", '<title xml:lang="uk">Кораблі</title>', "uk"),
        ("the entry's none over the feed's", 'xml:lang="en"', 'xml:lang=""', "", None),
        ("in capitals", 'xml:lang="EN"', "", "", "en"),
        ("with an underscore", 'xml:lang="en_US"', "", "", "en"),
        ("Dublin Core's", 'xml:lang="en"', "", "<dc:language>uk</dc:language>", "uk"),
        ("undetermined", 'xml:lang="und"', "", "", None),
        ("nonsense", 'xml:lang="?"', "", "", None),
        ("none", "", "", "", None),
    ),
)
def test_an_entry_s_language_is_the_nearest(feed: str, attributes: str, inside: str, language: str | None) -> None:
    assert entry(f"<id>1</id>{inside}", attributes=attributes, feed=feed).language == language


def test_the_feed_s_language_is_its_root_s() -> None:
    assert read(atom('<entry xml:lang="uk"><id>1</id></entry>', attributes='xml:lang="en-GB"')).language == "en"


# Pictures


@pytest.mark.parametrize(
    ("inside", "image"),
    cases(
        (
            "an enclosed picture",
            '<link rel="enclosure" type="image/jpeg" href="/1.jpg"/>',
            "https://outlet.example/1.jpg",
        ),
        ("an enclosed recording", '<link rel="enclosure" type="audio/mpeg" href="/1.mp3"/>', None),
        ("a thumbnail", '<media:thumbnail url="/1.jpg"/>', "https://outlet.example/1.jpg"),
        ("the source's logo", "<source><logo>/logo.png</logo><icon>/icon.png</icon></source>", None),
        ("none", "", None),
    ),
)
def test_an_entry_has_the_picture_that_it_announces(inside: str, image: str | None) -> None:
    head = "<logo>/logo.png</logo><icon>/icon.png</icon>"
    assert entry(f"<id>1</id><title>Ships</title>{inside}", head=head).image == image


# An entry that was copied from elsewhere (4.2.11)

SOURCE = (
    "<source><id>tag:agency</id><title>Agency</title><subtitle>All of it</subtitle>"
    '<link href="https://agency.example/"/><link rel="self" href="https://agency.example/feed"/>'
    '<updated>2020-01-01T00:00:00Z</updated><category term="agencies"/><rights>Theirs</rights></source>'
)
COPIED = (
    '<id>tag:1</id><title>Ships</title><link href="/1"/><summary>Ships left.</summary>'
    '<updated>2026-10-12T08:30:00Z</updated><category term="ports"/>'
)


@pytest.mark.parametrize("inside", cases(("before", SOURCE + COPIED), ("behind", COPIED + SOURCE)))
def test_what_a_source_says_is_not_the_entry_s(inside: str) -> None:
    assert entry(inside) == Entry(
        guid="tag:1",
        url="https://outlet.example/1",
        title="Ships",
        summary="Ships left.",
        published=instant("2026-10-12 08:30"),
        categories=("ports",),
    )


# Extensions (section 6)


@pytest.mark.parametrize(
    "foreign",
    cases(
        ("a title of another kind", '<x:title xmlns:x="urn:x">Foreign</x:title>'),
        ("a link of another kind", '<x:link xmlns:x="urn:x" href="https://foreign.example/"/>'),
        ("a summary of another kind", '<x:summary xmlns:x="urn:x">Foreign</x:summary>'),
        ("an id of another kind", '<x:id xmlns:x="urn:x">foreign</x:id>'),
        ("a structure that holds a title", f'<x:box xmlns:x="urn:x"><title xmlns="{ATOM_1_0}">Foreign</title></x:box>'),
        (
            "a structure that holds an entry's elements",
            '<x:box xmlns:x="urn:x"><id>foreign</id><link href="https://foreign.example/"/>'
            '<updated>2020-01-01T00:00:00Z</updated><category term="foreign"/><summary>Foreign</summary></x:box>',
        ),
        ("an unknown element of Atom's", "<prize>Foreign</prize>"),
        ("an unknown element that holds text and elements", "<prize>Foreign <b>matter</b></prize>"),
        ("a default namespace of its own", '<box xmlns="urn:x"><title>Foreign</title></box>'),
        ("a drawing", '<svg xmlns="http://www.w3.org/2000/svg"><title>Foreign</title></svg>'),
        (
            "a threading reference",
            '<t:in-reply-to xmlns:t="http://purl.org/syndication/thread/1.0" ref="tag:0" href="/0"/>',
        ),
        ("an editing date", '<a:edited xmlns:a="http://www.w3.org/2007/app">2026-10-14T00:00:00Z</a:edited>'),
        ("a control", '<a:control xmlns:a="http://www.w3.org/2007/app"><a:draft>no</a:draft></a:control>'),
        ("rights", "<rights>Foreign</rights>"),
        ("a comment", "<!-- <title>Foreign</title> -->"),
        ("an instruction", "<?title Foreign?>"),
        ("an empty element", '<x:y xmlns:x="urn:x"/>'),
    ),
)
@pytest.mark.parametrize("where", ["before", "behind"])
def test_foreign_markup_changes_nothing(foreign: str, where: str) -> None:
    inside = foreign + COPIED if where == "before" else COPIED + foreign
    found = entry(inside)
    assert (found.guid, found.url, found.title) == ("tag:1", "https://outlet.example/1", "Ships")
    assert (found.summary, found.content, found.categories) == ("Ships left.", "", ("ports",))
    assert found.published == instant("2026-10-12 08:30")


def test_attributes_of_extensions_change_nothing() -> None:
    inside = '<id x:a="1">tag:1</id><title x:type="html" x:a="b">3 &lt; 4</title><link x:rel="self" href="/1"/>'
    found = entry(inside, attributes='x:b="c"', feed='xmlns:x="urn:x"')
    assert (found.guid, found.title, found.url) == ("tag:1", "3 < 4", "https://outlet.example/1")


@pytest.mark.parametrize(
    ("inside", "found"),
    cases(
        ("description", "<description>Ships left.</description>", Entry(summary="Ships left.")),
        ("pubDate", "<pubDate>Mon, 12 Oct 2026 08:30:00 GMT</pubDate>", Entry(published=instant("2026-10-12 08:30"))),
        ("guid", "<guid>17</guid>", Entry(guid="17")),
        ("enclosure", '<enclosure url="/1.png" type="image/png"/>', Entry(image="https://outlet.example/1.png")),
    ),
)
def test_words_of_rss_s_are_understood(inside: str, found: Entry) -> None:
    assert entry(f"<title>Ships</title>{inside}") == found._replace(title="Ships")


# Documents (2, 4.1.1)


@pytest.mark.parametrize(
    "namespace",
    cases(
        ("of RFC 4287", ATOM_1_0),
        ("with a secure scheme", "https://www.w3.org/2005/Atom"),
        ("with a slash at its end", "http://www.w3.org/2005/Atom/"),
        ("in lower case", "http://www.w3.org/2005/atom"),
        ("of Atom 0.3", "http://purl.org/atom/ns#"),
        ("of Atom 0.3 without its sign", "http://purl.org/atom/ns"),
        ("of Atom 0.1", "http://example.com/newformat#"),
        ("of Atom 0.2", "http://purl.org/pie/"),
        ("of Echo", "http://purl.org/echo/"),
        ("of Necho", "http://example.com/necho"),
        ("that nobody knows", "urn:nobody:knows"),
    ),
)
@pytest.mark.parametrize("prefix", ["", "a"])
def test_a_feed_is_read_in_a_namespace(namespace: str, prefix: str) -> None:
    colon = f"{prefix}:" if prefix else ""
    declaration = f"xmlns:{prefix}" if prefix else "xmlns"
    document = read(
        f'<{colon}feed {declaration}="{namespace}"><{colon}title>Outlet</{colon}title><{colon}link href="/"/>'
        f'<{colon}entry><{colon}id>1</{colon}id><{colon}title>Ships</{colon}title><{colon}link href="/1"/>'
        f"<{colon}author><{colon}name>Ana</{colon}name></{colon}author></{colon}entry></{colon}feed>"
    )
    assert (document.title, document.site_url) == ("Outlet", "https://outlet.example/")
    (found,) = document.entries
    assert (found.guid, found.title, found.url, found.author) == ("1", "Ships", "https://outlet.example/1", "Ana")


def test_a_feed_is_read_without_a_namespace() -> None:
    document = '<feed><title>Outlet</title><entry><title>Ships</title><link href="/1"/></entry></feed>'
    assert (read(document).title, only(document).title) == ("Outlet", "Ships")
    assert only(document).url == "https://outlet.example/1"


@pytest.mark.parametrize(
    ("document", "found"),
    cases(
        ("entries in their order", atom("<entry><title>B</title></entry><entry><title>A</title></entry>"), ["B", "A"]),
        ("no entries", atom("<title>Outlet</title>"), []),
        ("an entry that says nothing", atom("<entry/><entry><title>A</title></entry>"), ["A"]),
        ("an entry with an id only", atom("<entry><id>1</id></entry>"), [""]),
        (
            "entries of one id",
            atom("<entry><id>1</id><title>A</title></entry><entry><id>1</id><title>B</title></entry>"),
            ["A", "B"],
        ),
        ("what the feed says behind its entries", atom("<entry><title>A</title></entry><title>Outlet</title>"), ["A"]),
        ("an entry alone", f'<entry xmlns="{ATOM_1_0}"><id>1</id><title>A</title></entry>', ["A"]),
        (
            "an entry of another kind",
            atom('<x:entry xmlns:x="urn:x"><x:title>X</x:title></x:entry><entry><title>A</title></entry>'),
            ["A"],
        ),
        (
            "an entry in a wrapping of another kind is another's",
            atom(f'<x:box xmlns:x="urn:x"><y:feed xmlns:y="{ATOM_1_0}"/></x:box><entry><title>A</title></entry>'),
            ["A"],
        ),
        ("a document type", f'<!DOCTYPE feed><feed xmlns="{ATOM_1_0}"><entry><title>A</title></entry></feed>', ["A"]),
        (
            "a style sheet",
            f'<?xml-stylesheet href="s.xsl"?><feed xmlns="{ATOM_1_0}"><entry><title>A</title></entry></feed>',
            ["A"],
        ),
        (
            "a comment before it",
            f'<!-- <feed> --><feed xmlns="{ATOM_1_0}"><entry><title>A</title></entry></feed>',
            ["A"],
        ),
    ),
)
def test_a_document_holds_its_entries(document: str, found: list[str]) -> None:
    assert titles(document) == found


def test_what_a_feed_says_of_itself_may_stand_behind_its_entries() -> None:
    document = read(
        atom(
            "<entry><id>1</id><title>Ships</title></entry><author><name>Desk</name></author>"
            '<title>Outlet</title><link href="/"/>'
        )
    )
    assert (document.title, document.site_url) == ("Outlet", "https://outlet.example/")
    assert document.entries[0].author == "Desk"


def test_what_an_entry_says_is_not_the_feed_s() -> None:
    document = read(atom('<entry><id>1</id><title>Ships</title><link href="/1"/></entry>'))
    assert (document.title, document.site_url) == ("", None)


def test_what_a_feed_says_is_not_the_entry_s() -> None:
    head = (
        '<id>tag:outlet</id><link href="/"/><subtitle>News</subtitle><updated>2026-10-12T08:30:00Z</updated>'
        '<category term="news"/><icon>/i.png</icon><logo>/l.png</logo><rights>Ours</rights>'
        "<generator>Presses</generator>"
    )
    assert entry("<title>Ships</title>", head=head) == Entry(title="Ships")


def test_a_whole_entry_is_read() -> None:
    found = entry(
        '<id>tag:outlet.example,2026:1</id><title type="html">Ships &lt;i&gt;leave&lt;/i&gt;</title>'
        '<link rel="alternate" type="text/html" hreflang="en" href="/1"/>'
        '<link rel="enclosure" type="image/png" length="10" href="/1.png"/>'
        "<published>2026-10-12T08:30:00+02:00</published><updated>2026-10-12T09:00:00+02:00</updated>"
        "<author><name>Ana</name></author><contributor><name>Ben</name></contributor>"
        '<category term="ports"/><summary>Ships left.</summary>'
        f'<content type="xhtml" xml:lang="en"><div {XHTML}><p>Ships left.</p><p>They sail north.</p></div></content>'
        "<rights>Ours</rights>",
        feed='xml:lang="en"',
    )
    assert found == Entry(
        guid="tag:outlet.example,2026:1",
        url="https://outlet.example/1",
        title="Ships leave",
        summary="Ships left.",
        content="Ships left.\n\nThey sail north.",
        published=instant("2026-10-12 06:30"),
        author="Ana",
        categories=("ports",),
        language="en",
        image="https://outlet.example/1.png",
    )


# Atom 0.3


def old(inside: str, head: str = "") -> Entry:
    return only(f'<feed version="0.3" xmlns="http://purl.org/atom/ns#">{head}<entry>{inside}</entry></feed>')


@pytest.mark.parametrize(
    ("element", "title"),
    cases(
        ("no mode means xml", "<title>Fish &amp; chips</title>", "Fish & chips"),
        ("escaped", '<title type="text/html" mode="escaped">Less &lt;em&gt;noise&lt;/em&gt;</title>', "Less noise"),
        (
            "escaped in a section",
            '<title type="text/html" mode="escaped"><![CDATA[Less <em>noise</em>]]></title>',
            "Less noise",
        ),
        ("escaped text", '<title type="text/plain" mode="escaped">3 &lt; 4</title>', "3 < 4"),
        (
            "xml",
            f'<title type="application/xhtml+xml" mode="xml"><div {XHTML}>Less <em>noise</em></div></title>',
            "Less noise",
        ),
        ("xml without a type", f'<title mode="xml"><div {XHTML}>Less <em>noise</em></div></title>', "Less noise"),
        (
            "xml that names an element",
            f'<title type="application/xhtml+xml" mode="xml"><div {XHTML}>Farewell to &lt;blink></div></title>',
            "Farewell to <blink>",
        ),
        ("base64", f'<title type="text/plain" mode="base64">{encoded("Fish & chips")}</title>', "Fish & chips"),
        (
            "base64 of html",
            f'<title type="text/html" mode="base64">{encoded("Less <em>noise</em>")}</title>',
            "Less noise",
        ),
        (
            "base64 over lines",
            '<title type="text/plain" mode="base64">\n  RmlzaCAm\n  IGNoaXBz\n</title>',
            "Fish & chips",
        ),
        ("base64 of another script", f'<title mode="base64">{encoded("Кораблі")}</title>', "Кораблі"),
    ),
)
def test_a_title_of_the_older_atom(element: str, title: str) -> None:
    assert old(f"<id>1</id>{element}").title == title


@pytest.mark.parametrize(
    ("inside", "text"),
    cases(
        (
            "escaped",
            '<content type="text/html" mode="escaped">&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</content>',
            "One.\n\nTwo.",
        ),
        (
            "xml",
            f'<content type="application/xhtml+xml" mode="xml"><div {XHTML}><p>One.</p><p>Two.</p></div></content>',
            "One.\n\nTwo.",
        ),
        (
            "xml by default",
            f'<content type="application/xhtml+xml"><p {XHTML}>One.</p><p {XHTML}>Two.</p></content>',
            "One.\n\nTwo.",
        ),
        (
            "base64",
            f'<content type="text/html" mode="base64">{encoded("<p>One.</p><p>Two.</p>")}</content>',
            "One.\n\nTwo.",
        ),
        ("text", '<content type="text/plain">One.</content>', "One."),
        (
            "one of several forms",
            '<content type="multipart/alternative"><content type="text/plain">One &amp; two.</content>'
            '<content type="text/html" mode="escaped">One &lt;i&gt;&amp;amp;&lt;/i&gt; two.</content></content>',
            "One & two.",
        ),
        ("a summary", '<summary type="text/html" mode="escaped">&lt;b&gt;One.&lt;/b&gt;</summary>', "One."),
    ),
)
def test_a_content_of_the_older_atom(inside: str, text: str) -> None:
    assert story(old(f"<id>1</id><title>Ships</title>{inside}")) == text


@pytest.mark.parametrize(
    ("inside", "when"),
    cases(
        ("issued", "<issued>2026-10-12T08:30:00Z</issued>", "2026-10-12 08:30"),
        ("modified", "<modified>2026-10-12T08:30:00Z</modified>", "2026-10-12 08:30"),
        ("created", "<created>2026-10-12T08:30:00Z</created>", "2026-10-12 08:30"),
        (
            "issued before modified",
            "<modified>2026-10-13T00:00:00Z</modified><issued>2026-10-12T08:30:00Z</issued>",
            "2026-10-12 08:30",
        ),
        ("issued without a zone", "<issued>2026-10-12T08:30</issued>", "2026-10-12 08:30"),
        ("issued on a day", "<issued>2026-10-12</issued>", "2026-10-12 00:00"),
    ),
)
def test_a_date_of_the_older_atom(inside: str, when: str) -> None:
    assert old(f"<id>1</id>{inside}").published == instant(when)


def test_what_the_older_atom_says_of_a_feed() -> None:
    document = read(
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#" xml:lang="en"><title>Outlet</title>'
        '<tagline>News</tagline><link rel="alternate" type="text/html" href="https://outlet.example/"/>'
        "<modified>2026-10-12T08:30:00Z</modified><info>Read me</info><author><name>Desk</name></author>"
        '<entry><title>Ships</title><link rel="alternate" type="text/html" href="/1"/><id>1</id></entry></feed>'
    )
    assert (document.title, document.site_url, document.language) == ("Outlet", "https://outlet.example/", "en")
    assert document.entries == (
        Entry(guid="1", url="https://outlet.example/1", title="Ships", author="Desk", language="en"),
    )
