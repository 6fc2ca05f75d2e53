"""RSS 0.91 to 0.94, of Netscape and of Userland. (RSS 0.90 is RDF: see test_rss_1_0.py.)"""

import pytest
from wrapping import cases, instant, only, read, rss, titles

from bot.domain.stories import Entry

NETSCAPE = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">'
USERLAND = '<!DOCTYPE rss SYSTEM "http://my.userland.com/publish/formats/rss-0.91.dtd">'


def netscape(inside: str) -> str:
    return f'<?xml version="1.0"?>{NETSCAPE}<rss version="0.91"><channel>{inside}</channel></rss>'


@pytest.mark.parametrize("version", ["0.91", "0.92", "0.93", "0.94"])
@pytest.mark.parametrize("doctype", cases(("no document type", ""), ("Netscape's", NETSCAPE), ("Userland's", USERLAND)))
def test_a_document_is_read_in_each_version(version: str, doctype: str) -> None:
    document = read(
        f'<?xml version="1.0"?>{doctype}<rss version="{version}"><channel><title>Outlet</title>'
        "<description>News</description><link>https://outlet.example/</link><language>en-us</language>"
        "<rating>(PICS-1.1)</rating><copyright>Ours</copyright><pubDate>Mon, 12 Oct 2026 08:30:00 GMT</pubDate>"
        "<lastBuildDate>Mon, 12 Oct 2026 08:30:00 GMT</lastBuildDate><docs>https://docs.example/</docs>"
        "<managingEditor>e@outlet.example</managingEditor><webMaster>w@outlet.example</webMaster>"
        "<image><title>Logo</title><url>/logo.png</url><link>/logo</link><width>88</width><height>31</height>"
        "<description>Our logo</description></image>"
        "<item><title>Ships</title><link>https://outlet.example/1</link><description>Ships left.</description></item>"
        "<textinput><title>Search</title><description>Seek</description><name>q</name><link>/s</link></textinput>"
        "<skipHours><hour>0</hour><hour>23</hour></skipHours><skipDays><day>Sunday</day></skipDays></channel></rss>"
    )
    assert (document.title, document.site_url, document.language) == ("Outlet", "https://outlet.example/", "en")
    (found,) = document.entries
    assert (found.url, found.title, found.summary) == ("https://outlet.example/1", "Ships", "Ships left.")
    assert (found.published, found.categories, found.image) == (None, (), None)


@pytest.mark.parametrize(
    ("inside", "title"),
    cases(
        ("a letter that the document type names", "Caf&eacute;", "Café"),
        ("a space that the document type names", "Ships&nbsp;leave", "Ships leave"),
        ("signs that the document type names", "&copy; 2026 &laquo;Ships&raquo; &euro; 5", "© 2026 «Ships» € 5"),
        ("quotation marks that the document type names", "&ldquo;Now&rdquo; &ndash; &hellip;", "“Now” – …"),
        ("Greek that the document type names", "&alpha; &Omega;", "α Ω"),
        ("what XML itself names", "&lt;3 &amp; &quot;more&quot; &apos;so&apos; &gt;", "<3 & \"more\" 'so' >"),
        ("a named letter escaped once more", "Caf&amp;eacute;", "Café"),
    ),
)
def test_the_entities_of_the_document_type_are_known(inside: str, title: str) -> None:
    assert titles(netscape(f"<item><title>{inside}</title></item>")) == [title]


@pytest.mark.parametrize(
    ("inside", "found"),
    cases(
        ("a description alone", "<description>Ships left.</description>", Entry(summary="Ships left.")),
        (
            "a description with a link in it",
            '<description>Ships &lt;a href="/1"&gt;left&lt;/a&gt;.</description>',
            Entry(summary="Ships left."),
        ),
        ("a link alone", "<link>/1</link>", Entry(url="https://outlet.example/1")),
        (
            "a source",
            '<title>Ships</title><source url="https://agency.example/rss">Agency</source>',
            Entry(title="Ships"),
        ),
        (
            "an enclosure",
            '<title>Ships</title><enclosure url="https://outlet.example/1.mp3" length="10" type="audio/mpeg"/>',
            Entry(title="Ships"),
        ),
        (
            "categories",
            '<title>Ships</title><category domain="https://d.example/">Ports</category><category>Sea</category>',
            Entry(title="Ships", categories=("Ports", "Sea")),
        ),
        (
            "a date of publication and one of expiry",
            "<title>Ships</title><expirationDate>Tue, 13 Oct 2026 08:30:00 GMT</expirationDate>"
            "<pubDate>Mon, 12 Oct 2026 08:30:00 GMT</pubDate>",
            Entry(title="Ships", published=instant("2026-10-12 08:30")),
        ),
        (
            "a description that gives its type",
            '<title>Ships</title><description type="text/html">&lt;p&gt;One.&lt;/p&gt;'
            "&lt;p&gt;Two.&lt;/p&gt;</description>",
            Entry(title="Ships", summary="One.\n\nTwo."),
        ),
        (
            "a description of plain text that gives its type",
            '<title>Ships</title><description type="text/plain">3 &lt; 4</description>',
            Entry(title="Ships", summary="3 < 4"),
        ),
    ),
)
@pytest.mark.parametrize("version", ["0.92", "0.93", "0.94"])
def test_an_item_holds_what_it_likes(version: str, inside: str, found: Entry) -> None:
    assert only(rss(f"<title>Outlet</title><item>{inside}</item>", version=version)) == found


@pytest.mark.parametrize(
    ("document", "found"),
    cases(
        (
            "items in their order",
            rss("<item><title>B</title></item><item><title>A</title></item>", version="0.91"),
            ["B", "A"],
        ),
        ("a root in capitals", "<RSS VERSION='0.91'><CHANNEL><ITEM><TITLE>A</TITLE></ITEM></CHANNEL></RSS>", ["A"]),
        (
            "a version without quotation marks",
            "<rss version=0.91><channel><item><title>A</title></item></channel></rss>",
            ["A"],
        ),
        (
            "the search field first",
            rss("<textInput><title>S</title></textInput><item><title>A</title></item>", version="0.91"),
            ["A"],
        ),
        (
            "a Latin document",
            '<?xml version="1.0" encoding="ISO-8859-1"?><rss version="0.91"><channel><item><title>A</title></item>'
            "</channel></rss>",
            ["A"],
        ),
    ),
)
def test_a_document_holds_its_items(document: str, found: list[str]) -> None:
    assert titles(document) == found


def test_a_latin_document_is_legible() -> None:
    body = netscape("<item><title>L’été à Besançon</title></item>").replace('"1.0"', '"1.0" encoding="ISO-8859-1"')
    assert titles(body.encode("cp1252")) == ["L’été à Besançon"]


def test_the_outliner_s_day_is_no_item() -> None:
    document = rss("<item><title>Ships</title></item><outline text='Foreign'/>", version="0.92")
    assert titles(document) == ["Ships"]
