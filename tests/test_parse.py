import gzip
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.errors import NotAFeed
from bot.domain.stories import Entry, FeedDocument
from bot.feeds.markup import to_text
from bot.feeds.parse import choose, parse, parse_fast, parse_tolerant
from support.effort import Effort

FEEDS = Path(__file__).parents[2] / "shared" / "data" / "feeds"
URL = "https://outlet.example/feeds/world.xml"
NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"'
)


def rss(items: str, head: str = "", declaration: str = '<?xml version="1.0" encoding="utf-8"?>') -> str:
    return f'{declaration}<rss version="2.0" {NAMESPACES}><channel><title>Outlet</title>{head}{items}</channel></rss>'


def atom(entries: str, attributes: str = "") -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><title>Outlet</title>{entries}</feed>'


def only(text: str | bytes, url: str = URL, content_type: str = "") -> Entry:
    """The one entry of a document; both parsers must agree that there is one."""
    body = text.encode() if isinstance(text, str) else text
    document = parse(body, url=url, content_type=content_type)
    (entry,) = document.entries
    return entry


def item(inside: str, head: str = "") -> Entry:
    return only(rss(f"<item>{inside}</item>", head))


# What a document carries


def test_an_rss_document_is_read_whole() -> None:
    head = "<link>https://outlet.example/</link><language>en-GB</language><ttl>15</ttl>"
    document = parse(
        rss(
            "<item><title>Instructors &amp; others</title><link>https://outlet.example/a</link>"
            "<guid isPermaLink='false'>a-1</guid><description>&lt;p&gt;A lead.&lt;/p&gt;</description>"
            "<content:encoded><![CDATA[<p>A lead.</p><p>And <b>more</b> of it.</p>]]></content:encoded>"
            "<pubDate>Thu, 28 May 2026 20:27:40 +0300</pubDate><dc:creator>Ana</dc:creator>"
            "<category>World</category><category>World</category><category>Europe</category>"
            "<enclosure url='/a.jpg' type='image/jpeg' length='1'/></item>",
            head,
        ).encode(),
        url=URL,
    )
    assert document == FeedDocument(
        title="Outlet",
        site_url="https://outlet.example/",
        language="en",
        ttl=900,
        entries=(
            Entry(
                guid="a-1",
                url="https://outlet.example/a",
                title="Instructors & others",
                summary="A lead.",
                content="A lead.\n\nAnd more of it.",
                published=datetime(2026, 5, 28, 17, 27, 40, tzinfo=UTC).timestamp(),
                author="Ana",
                categories=("World", "Europe"),
                language="en",
                image="https://outlet.example/a.jpg",
            ),
        ),
    )


def test_an_atom_document_is_read() -> None:
    entry = only(
        atom(
            "<entry xml:lang='uk-UA'><id>tag:1</id><title type='html'>&lt;b&gt;A&lt;/b&gt; call</title>"
            "<link rel='enclosure' href='a.mp3'/><link rel='alternate' href='/a'/>"
            "<updated>2026-05-28T20:27:40Z</updated>"
            "<content type='html'>&lt;p&gt;All of it.&lt;/p&gt;</content><author><name>Ana</name></author>"
            "<category term='world' label='World'/></entry>",
            "xml:lang='en'",
        )
    )
    assert (entry.guid, entry.url, entry.title) == ("tag:1", "https://outlet.example/a", "A call")
    assert (entry.summary, entry.content) == ("All of it.", "")
    assert (entry.language, entry.author, entry.categories) == ("uk", "Ana", ("World",))
    assert entry.published == datetime(2026, 5, 28, 20, 27, 40, tzinfo=UTC).timestamp()


def test_an_xhtml_title_and_content_are_read() -> None:
    entry = only(
        atom(
            "<entry><id>1</id><title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>A <b>call</b></div></title>"
            "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>One.</p><p>Two.</p></div></content></entry>"
        )
    )
    assert (entry.title, entry.summary) == ("A call", "One.\n\nTwo.")


def test_a_json_feed_is_read_whatever_its_types() -> None:
    document = parse(
        b"""{"version": "https://jsonfeed.org/version/1.1", "title": "Outlet", "language": "fr",
        "home_page_url": "https://outlet.example/", "items": [
        {"id": 7, "url": "/a", "title": "A <b>call</b>", "content_html": "<p>All.</p><p>Of it.</p>", "summary": "Lead",
         "date_published": "2026-05-28T20:27:40+03:00", "authors": [{"name": "Ana"}, 5], "tags": ["x", null],
         "image": "https://outlet.example/a.png", "language": "de"},
        "nonsense", {}, {"id": "8", "title": {"a": 1}, "authors": 5, "tags": 5, "url": 5, "date_published": 5}]}""",
        url=URL,
    )
    first, second = document.entries
    assert (first.guid, first.url, first.title, first.language) == ("7", "https://outlet.example/a", "A call", "de")
    assert (first.summary, first.content, first.author) == ("Lead", "All.\n\nOf it.", "Ana")
    assert first.published == datetime(2026, 5, 28, 17, 27, 40, tzinfo=UTC).timestamp()
    assert second == Entry(guid="8", language="fr")


def test_rdf_of_the_first_days_is_read() -> None:
    body = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">'
        "<channel><title>Outlet</title></channel><item><title>Told</title><link>http://a.example/1</link></item></rdf:RDF>"
    )
    assert only(body).title == "Told"


def test_a_namespace_of_its_own_hides_nothing() -> None:
    body = (
        '<rss version="2.0" xmlns="https://backend.example/rss2"><channel><image><title>Logo</title></image>'
        "<title>Outlet</title><link>https://outlet.example/</link><item><title>Told</title></item></channel></rss>"
    )
    document = parse(body.encode())
    assert (document.title, document.site_url) == ("Outlet", "https://outlet.example/")
    assert [entry.title for entry in document.entries] == ["Told"]


def test_a_document_without_entries_is_a_feed() -> None:
    assert parse(rss("").encode()).entries == ()


# Texts


@pytest.mark.parametrize(
    ("inside", "title"),
    [
        pytest.param("A &amp; B", "A & B", id="an entity"),
        pytest.param("A &amp;amp; B", "A & B", id="an entity escaped twice"),
        pytest.param("a &lt; b", "a < b", id="less than"),
        pytest.param("&lt;Foo&gt; &amp; bar", "<Foo> & bar", id="a word in angle brackets"),
        pytest.param("<![CDATA[  <b>Bold</b> call\n now ]]>", "Bold call now", id="a padded section"),
        pytest.param("A&nbsp;call &ndash; &rsquo;now&rsquo;", "A call – ’now’", id="entities that XML does not know"),
        pytest.param("AT&T, R&D & more", "AT&T, R&D & more", id="ampersands that are not escaped"),
        pytest.param("A <b>bold</b> call", "A bold call", id="markup that is not escaped"),
        pytest.param("A <!-- no --> call", "A call", id="a comment"),
        pytest.param("A<![CDATA[ call]]> now", "A call now", id="a section in the middle"),
        pytest.param("A \x07call\x00", "A call", id="control characters"),
        pytest.param("A&#7; call&#xFFFF;", "A call", id="references to control characters"),
        pytest.param("&unknown; call", "&unknown; call", id="an entity that nobody knows"),
    ],
)
def test_a_title_is_what_its_outlet_means(inside: str, title: str) -> None:
    assert item(f"<title>{inside}</title><link>http://a.example/</link>").title == title


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(rss("<item><title>Військові</title></item>").encode(), "", id="utf-8"),
        pytest.param(
            rss("<item><title>Військові</title></item>").encode(), "text/xml; charset=iso-8859-1", id="utf-8 misnamed"
        ),
        pytest.param(rss("<item><title>Військові</title></item>", declaration="").encode("utf-8-sig"), "", id="a mark"),
        pytest.param(rss("<item><title>Військові</title></item>").encode("utf-16"), "", id="utf-16"),
        pytest.param(
            rss("<item><title>Військові</title></item>").encode("utf-16-le"), "", id="utf-16 without its mark"
        ),
        pytest.param(
            rss(
                "<item><title>Військові</title></item>", declaration='<?xml version="1.0" encoding="windows-1251"?>'
            ).encode("cp1251"),
            "",
            id="windows-1251 declared",
        ),
        pytest.param(
            rss(
                "<item><title>Військові</title></item>", declaration='<?xml version="1.0" encoding="windows-1251"?>'
            ).encode("cp1251"),
            "text/xml; charset=ISO-8859-1",
            id="windows-1251 under a server's default",
        ),
        pytest.param(
            rss("<item><title>Військові</title></item>").encode("cp1251"),
            "text/xml; charset=windows-1251",
            id="windows-1251 by HTTP",
        ),
        pytest.param(rss("<item><title>Військові</title></item>").encode("cp1251"), "", id="windows-1251 undeclared"),
        pytest.param(
            rss("<item><title>Військові</title></item>").encode("koi8-u"), "text/xml; charset=koi8-u", id="koi8-u"
        ),
    ],
)
def test_a_title_is_legible_whatever_its_encoding(body: bytes, content_type: str) -> None:
    assert only(body, content_type=content_type).title == "Військові"


@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", "nonsense", "utf-16"])
def test_western_bytes_are_legible_whatever_is_declared(declared: str) -> None:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>'
    body = rss("<item><title>L’élève à Paris</title></item>", declaration=declaration).encode("cp1252")
    assert only(body).title == "L’élève à Paris"


def test_stray_bytes_spoil_only_themselves() -> None:
    body = rss("<item><title>Військові інструктори STRAYсловаSTRAY</title></item>").encode().replace(b"STRAY", b"\x94")
    assert only(body).title == "Військові інструктори ”слова”"


def test_chinese_is_read_under_its_old_name() -> None:
    body = rss("<item><title>军事教官</title></item>", declaration='<?xml version="1.0" encoding="gb2312"?>')
    assert only(body.encode("gb18030")).title == "军事教官"


def test_a_long_content_without_a_summary_gets_one() -> None:
    paragraphs = [f"Paragraph {number} " + "word " * 50 for number in range(10)]
    content = escape("".join(f"<p>{paragraph}</p>" for paragraph in paragraphs))
    entry = only(atom(f"<entry><id>1</id><title>x</title><content type='html'>{content}</content></entry>"))
    assert entry.content == "\n\n".join(paragraph.strip() for paragraph in paragraphs)
    assert entry.content.startswith(entry.summary)
    assert 250 < len(entry.summary) <= 610


def test_a_content_that_only_repeats_the_summary_is_none() -> None:
    entry = item("<title>x</title><description>Same words.</description><content:encoded>Same words.</content:encoded>")
    assert (entry.summary, entry.content) == ("Same words.", "")


def test_texts_and_entries_are_bounded() -> None:
    entry = item(f"<title>{'t' * 5_000}</title><description>{'word ' * 100_000}</description>")
    assert len(entry.title) == 1_000
    assert len(entry.summary) <= 200_000
    many = "".join(f"<item><title>{number}</title></item>" for number in range(10_050))
    assert [e.title for e in parse(rss(many).encode()).entries][-1] == "9999"


# Links, dates, languages


@pytest.mark.parametrize(
    ("inside", "url"),
    [
        pytest.param("<link>https://a.example/1</link>", "https://a.example/1", id="absolute"),
        pytest.param("<link>\n  https://a.example/1 \n</link>", "https://a.example/1", id="padded"),
        pytest.param("<link>/1</link>", "https://outlet.example/1", id="absolute path"),
        pytest.param("<link>1.html</link>", "https://outlet.example/feeds/1.html", id="relative"),
        pytest.param("<link>//a.example/1</link>", "https://a.example/1", id="without a scheme"),
        pytest.param("<link>a.example/1</link>", "https://a.example/1", id="a bare host"),
        pytest.param("<link>https://www.a.examplehttps://a.example/1</link>", "https://a.example/1", id="doubled"),
        pytest.param(
            "<link><![CDATA[https://a.example/?a=1&b=2]]></link>", "https://a.example/?a=1&b=2", id="ampersand"
        ),
        pytest.param(
            "<link>https://a.example/?a=1&amp;amp;b=2</link>", "https://a.example/?a=1&b=2", id="twice escaped"
        ),
        pytest.param("<link>https://a.example/?a=1&b=2</link>", "https://a.example/?a=1&b=2", id="not escaped"),
        pytest.param("<link>https://me:pw@a.example/1</link>", "https://a.example/1", id="with credentials"),
        pytest.param("<link>javascript:alert(1)</link>", None, id="a script"),
        pytest.param("<link>mailto:a@b.example</link>", None, id="a mailbox"),
        pytest.param("<link>http://[::</link>", None, id="broken"),
        pytest.param("<guid>https://a.example/1</guid>", "https://a.example/1", id="a permalink"),
        pytest.param("<guid isPermaLink='false'>https://a.example/1</guid>", None, id="a guid that is no permalink"),
        pytest.param("<guid>a-1</guid>", None, id="a guid that is no URL"),
        pytest.param(
            "<atom:link rel='self' href='https://a.example/self'/><link>https://a.example/1</link>",
            "https://a.example/1",
            id="beside a link of another relation",
        ),
    ],
)
def test_a_link_is_absolute_or_none(inside: str, url: str | None) -> None:
    assert item(f"<title>x</title>{inside}").url == url


def test_links_are_relative_to_what_the_document_says() -> None:
    body = atom("<entry><id>1</id><title>x</title><link href='a'/></entry>", "xml:base='https://other.example/b/'")
    assert only(body).url == "https://other.example/b/a"


def test_the_feed_s_credentials_are_in_no_link() -> None:
    body = rss("<item><title>x</title><link>/1</link></item>")
    assert only(body, url="https://me:secret@outlet.example/rss").url == "https://outlet.example/1"


@pytest.mark.parametrize(
    ("said", "when"),
    [
        pytest.param("Thu, 28 May 2026 20:27:40 GMT", datetime(2026, 5, 28, 20, 27, 40, tzinfo=UTC), id="RFC 822"),
        pytest.param(
            "Thu, 28 May 2026 20:27:40 +0300", datetime(2026, 5, 28, 17, 27, 40, tzinfo=UTC), id="with a zone"
        ),
        pytest.param(
            "28 May 2026 20:27:40 +03:00", datetime(2026, 5, 28, 17, 27, 40, tzinfo=UTC), id="with a colon in its zone"
        ),
        pytest.param("Thu, 28 May 2026 24:00:00 GMT", datetime(2026, 5, 29, tzinfo=UTC), id="at the end of a day"),
        pytest.param("Thu, 28 May 2026 20:27:60 GMT", datetime(2026, 5, 28, 20, 28, tzinfo=UTC), id="a leap second"),
        pytest.param("Thu,  28 May 2026 20:27:40 GMT", datetime(2026, 5, 28, 20, 27, 40, tzinfo=UTC), id="two spaces"),
        pytest.param("Thu, 28 May 2026 20:27:40", datetime(2026, 5, 28, 20, 27, 40, tzinfo=UTC), id="without one"),
        pytest.param("2026-05-28T20:27:40+02:00", datetime(2026, 5, 28, 18, 27, 40, tzinfo=UTC), id="ISO 8601"),
        pytest.param("2026-05-28 20:27:40", datetime(2026, 5, 28, 20, 27, 40, tzinfo=UTC), id="ISO 8601, loosely"),
        pytest.param("Thu, 28 May 2096 20:27:40 GMT", datetime(2096, 5, 28, 20, 27, 40, tzinfo=UTC), id="to come"),
        pytest.param("0001-01-01T00:00:00Z", None, id="a placeholder"),
        pytest.param("yesterday", None, id="no date"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_a_date_is_taken_as_it_is(said: str, when: datetime | None) -> None:
    assert item(f"<title>x</title><pubDate>{said}</pubDate>").published == (when.timestamp() if when else None)


@pytest.mark.parametrize("guid", ["20", "2026", "10:30", "12-11"])
def test_a_guid_is_no_date(guid: str) -> None:
    assert item(f"<title>x</title><guid isPermaLink='false'>{guid}</guid>").published is None


@pytest.mark.parametrize(
    ("declared", "language"),
    [("en-GB", "en"), ("uk_UA", "uk"), ("UA", "uk"), (" fr ", "fr"), ("und", None), ("English", None), ("", None)],
)
def test_a_language_is_a_primary_subtag(declared: str, language: str | None) -> None:
    document = parse(rss("<item><title>x</title></item>", f"<language>{declared}</language>").encode())
    assert document.language == document.entries[0].language == language


def test_an_entry_s_own_language_counts() -> None:
    assert item("<title>x</title><dc:language>fr</dc:language>", "<language>en</language>").language == "fr"


@pytest.mark.parametrize(
    "inside",
    [
        "<media:title>Caption</media:title><title>Told</title>",
        "<title>Told</title><media:title>Caption</media:title>",
        "<media:content url='http://a.example/a.jpg'><media:title>Caption</media:title></media:content><title>Told</title>",
    ],
)
def test_a_picture_s_title_is_not_the_story_s(inside: str) -> None:
    assert item(inside).title == "Told"


def test_a_picture_is_found() -> None:
    assert item("<title>x</title><media:thumbnail url='/a.jpg'/>").image == "https://outlet.example/a.jpg"
    assert item("<title>x</title><enclosure url='/a.mp3' type='audio/mpeg' length='1'/>").image is None


# What is broken


@pytest.mark.parametrize(
    ("body", "seems"),
    [
        pytest.param(b"", "empty", id="nothing"),
        pytest.param(b" \r\n\x00", "empty", id="white space"),
        pytest.param(b"\xef\xbb\xbf", "empty", id="a byte order mark"),
        pytest.param(b"<!DOCTYPE html><html><body>Hello</body></html>", "html", id="a page"),
        pytest.param(b"<!-- x --><html><head></head></html>", "html", id="a page behind a comment"),
        pytest.param(b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", "html", id="a page in XML"),
        pytest.param(b"<!doctype html><html><svg><feed></feed></svg></html>", "html", id="a page that holds a <feed>"),
        pytest.param(b'{"a": 1}', "json", id="an object"),
        pytest.param(b"[1, 2]", "json", id="a list"),
        pytest.param(b'{"items": [{"price": 5}]}', "json", id="another kind of items"),
        pytest.param(b"{", "unknown", id="a brace"),
        pytest.param(b"[" * 100_000, "unknown", id="brackets without end"),
        pytest.param(b"hello", "unknown", id="text"),
        pytest.param(b"<svg></svg>", "xml", id="other XML"),
        pytest.param(bytes(range(256)), "unknown", id="bytes"),
        pytest.param(gzip.compress(b"x", mtime=0), "unknown", id="gzip"),
        pytest.param(b"https://outlet.example/rss", "unknown", id="a URL, which nobody must fetch"),
        pytest.param(b"/etc/passwd", "unknown", id="a path, which nobody must open"),
    ],
)
def test_what_is_no_feed_is_told_apart(body: bytes, seems: str) -> None:
    with pytest.raises(NotAFeed) as caught:
        parse(body)
    assert caught.value.seems == seems


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(rss("<item><title>One</title><b></item><item><title>Two</title></item>"), id="a tag left open"),
        pytest.param(
            "junk\n" + rss("<item><title>One</title></item><item><title>Two</title></item>"), id="junk before"
        ),
        pytest.param(rss("<item><title>One</title></item><item><title>Two</title></item>") + "junk", id="junk behind"),
        pytest.param(
            " \n" + rss("<item><title>One</title></item><item><title>Two</title></item>"),
            id="space before the declaration",
        ),
        pytest.param(
            rss("<item><title>One</title></item><item><title>Two</title></item>").replace(NAMESPACES, ""), id="prefixes"
        ),
    ],
)
def test_a_broken_document_gives_what_it_holds(body: str) -> None:
    assert [entry.title for entry in parse(body.encode()).entries] == ["One", "Two"]


def test_a_document_that_breaks_off_holds_its_whole_entries_and_says_so() -> None:
    whole = rss(
        "<item><title>One</title></item><item><title>Two and a half</title><link>https://a.example/1</link></item>"
    )
    document = parse(whole[: whole.index(" and a half")].encode())
    assert [entry.title for entry in document.entries] == ["One"]
    assert not document.whole
    document = parse(whole[: whole.index("ample/1<")].encode())
    assert [(entry.title, entry.url) for entry in document.entries] == [("One", None), ("Two and a half", None)]
    assert not document.whole
    assert parse(whole.encode()).whole
    assert parse(whole.replace("One", "One <b>").encode()).whole, "broken, but not cut off"


@pytest.mark.parametrize(
    "doctype",
    [
        pytest.param(
            "<!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'>"
            + "".join(f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefghi", "bcdefghij", strict=True))
            + "]>",
            id="a bomb",
        ),
        pytest.param('<!DOCTYPE r [<!ENTITY j SYSTEM "file:///etc/passwd">]>', id="a file"),
        pytest.param('<!DOCTYPE r [<!ENTITY j SYSTEM "http://127.0.0.1:9/">]>', id="a URL"),
        pytest.param('<!DOCTYPE r SYSTEM "http://127.0.0.1:9/r.dtd">', id="a document type elsewhere"),
        pytest.param(
            '<!DOCTYPE r [<!ENTITY x "]>"><!ENTITY j SYSTEM "file:///etc/passwd">]>', id="a bracket in quotes"
        ),
    ],
)
def test_entities_that_a_document_defines_are_harmless(doctype: str) -> None:
    body = doctype + rss("<item><title>A &j; call</title></item>", declaration="")
    with Effort() as effort:
        for reading in (parse_fast(body.encode()), parse_tolerant(body.encode())):
            (entry,) = choose(reading, reading).entries
            assert entry.title == "A &j; call"
    assert effort.seconds < 2


@pytest.mark.parametrize(
    "piece",
    [
        "<item>",
        "<![CDATA[",
        "<!--",
        "<!---->",
        "<!DOCTYPE [",
        "<title>",
        "&",
        "<item><title>a",
        "<a:b ",
        "<image>",
        "<?x ",
    ],
)
def test_a_hostile_document_takes_no_unbounded_time(piece: str) -> None:
    pieces = piece * (500_000 // len(piece))
    with Effort() as effort:
        for body in ("<rss><channel>" + pieces, pieces + "<rss><channel></channel></rss>"):
            try:
                parse_fast(body.encode())
            except NotAFeed:
                continue
    assert effort.seconds < 10


@pytest.mark.parametrize(
    "head",
    [
        pytest.param("<image " * 7_000, id="logos left open"),
        pytest.param("<link>" + " " * 3_000 + "x", id="a link of spaces"),
        pytest.param("<!doctype[>" * 20_000, id="document types left open"),
    ],
)
def test_a_hostile_head_takes_no_time_worth_mentioning(head: str) -> None:
    with Effort() as effort:
        parse_fast((head + "<rss>" + head).encode())
    assert effort.seconds < 1


def test_the_surest_name_of_a_field_counts_wherever_it_stands() -> None:
    entry = item(
        "<atom:updated>2026-05-02T00:00:00Z</atom:updated><media:title>A picture</media:title>"
        "<author>Bo</author><title>The story</title><pubDate>Fri, 01 May 2026 00:00:00 GMT</pubDate>"
        "<dc:creator>Ana</dc:creator>"
    )
    assert entry.title == "The story"
    assert entry.published == datetime(2026, 5, 1, tzinfo=UTC).timestamp()
    assert entry.author == "Ana"


def test_one_entry_s_fields_are_never_another_s() -> None:
    body = rss(
        "<item><title>One</title><category>a</category></item><item><title>Two</title></item><item><guid>3</guid></item>"
    )
    assert [(e.title, e.categories, e.guid) for e in parse(body.encode()).entries] == [
        ("One", ("a",), None),
        ("Two", (), None),
        ("", (), "3"),
    ]


def test_what_stands_in_groups_within_groups_is_found() -> None:
    depth = 90
    inside = "<media:group>" * depth + '<media:thumbnail url="/1.jpg"/>' + "</media:group>" * depth
    assert (item(f"<title>x</title>{inside}").image or "").endswith("/1.jpg")


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param("<dc:title>a</dc:title><title>b</title>", id="names by turns"),
        pytest.param("<media:group><media:title>a</media:title></media:group>", id="groups"),
        pytest.param("<category>a</category>", id="one name"),
    ],
)
def test_an_entry_of_very_many_children_takes_time_by_their_number(pieces: str) -> None:
    def seconds(count: int) -> float:
        body = rss(f"<item>{pieces * count}</item>").encode()
        with Effort() as effort:
            parse_fast(body)
        return effort.seconds

    assert seconds(40_000) < 40 * seconds(4_000) + 0.1


def test_bases_within_bases_are_looked_up_once() -> None:
    depth = 2_000
    inside = "<a xml:base='b/'>" * depth + "<item><title>A</title><link>c</link></item>" * 5_000 + "</a>" * depth
    with Effort() as effort:
        parse_fast(f"<rss xml:base='/a/'><channel>{inside}</channel></rss>".encode(), url=URL)
    assert effort.seconds < 20


def test_a_text_of_very_many_lines_takes_time_by_its_length() -> None:
    def seconds(lines: int) -> float:
        with Effort() as effort:
            to_text("<br>a" * lines)
        return effort.seconds

    assert min(seconds(200_000) for _ in range(3)) < 8 * min(seconds(50_000) for _ in range(3))


def test_the_logo_s_title_is_not_the_feed_s() -> None:
    logos = "<image><title>Logo</title></image> <image x='1'><link>https://logo.example/</link></image>"
    document = parse(rss("", f"{logos}<link> https://outlet.example/ </link><image>").encode())
    assert (document.title, document.site_url) == ("Outlet", "https://outlet.example/")


def test_the_tolerant_parser_is_asked_only_where_it_might_know_better() -> None:
    assert parse_fast(rss("<item><title>A</title></item>").encode()).settled
    assert parse_fast(rss("").encode()).settled
    assert parse_fast(rss("<item><title>A <b>bold</b> call</title></item>").encode()).settled
    assert not parse_fast(b"<rss><channel><item><nothing></item></channel></rss>").settled


PIECES = """
<rss> <channel> <item> </item> <title> </title> <link> <feed> <entry> <![CDATA[ ]]> <!-- --> &amp; &#0; &x
<pubDate> 99 <b> é <description> </description> \0 <guid> http://a.example/ { "items": [ } \ud800 <?xml
"""
SOUP = st.lists(st.sampled_from([*PIECES.split(), " "]), max_size=40).map("".join)


@settings(max_examples=150)
@given(
    SOUP,
    st.sampled_from(["", "text/xml; charset=utf-8", "text/xml; charset=utf-16", "x; charset=hex", "x;charset=\x00"]),
)
@example("<rss><channel><item><guid>99</guid></item>", "")
def test_nothing_but_not_a_feed_leaves(soup: str, content_type: str) -> None:
    for body in (soup.encode("utf-8", "surrogatepass"), soup.encode("utf-16", "surrogatepass")):
        parse_tolerant(body, content_type=content_type)
        try:
            document = parse(body, content_type=content_type, url=URL)
        except NotAFeed:
            continue
        for entry in document.entries:
            (entry.title + entry.summary + entry.content + (entry.guid or "") + (entry.url or "")).encode()


@settings(max_examples=150)
@given(st.binary(max_size=200), st.text(max_size=30), st.text(max_size=30))
def test_no_bytes_break_the_parser(body: bytes, content_type: str, url: str) -> None:
    for whole in (body, b"<rss><channel><item><title>" + body):
        try:
            parse(whole, content_type=content_type, url=url)
        except NotAFeed:
            continue


@pytest.mark.skipif(not FEEDS.is_dir(), reason="the shared feeds are not here")
def test_real_feeds_are_read_in_silence(capsys: pytest.CaptureFixture[str]) -> None:
    refused = []
    for path in sorted(FEEDS.glob("*.*ml")) + sorted(FEEDS.glob("*.json")):
        try:
            document = parse(path.read_bytes(), url=URL)
        except NotAFeed:
            refused.append(path.name)
            continue
        assert document.entries, path.name
    assert refused == ["not-a-feed-html_undated.html"]
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")


def test_hours_and_days_at_which_a_feed_asks_not_to_be_asked_are_read() -> None:
    said = "<skipHours><hour>0</hour><hour>24</hour><hour>7</hour><hour>x</hour></skipHours>"
    said += "<skipDays><day>Saturday</day><day> sunday </day><day>Someday</day></skipDays>"
    document = f"<rss version='2.0'><channel><title>A</title>{said}<item><title>B</title></item></channel></rss>"
    skips = parse(document.encode()).skips
    assert (skips.hours, skips.days) == (frozenset({0, 7}), frozenset({5, 6}))
