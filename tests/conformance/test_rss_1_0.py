"""RSS 1.0 and what is made like it (RSS 0.90, RSS 1.1): RDF, whose items stand beside their channel."""

import pytest
from wrapping import RDF, RSS_1_0, cases, instant, only, rdf, rdf_item, read, story, titles

from bot.domain.stories import Entry

CHANNEL = (
    '<channel rdf:about="https://outlet.example/rss"><title>Outlet</title><link>https://outlet.example/</link>'
    "<description>News</description><items><rdf:Seq><rdf:li rdf:resource='https://outlet.example/1'/>"
    "<rdf:li resource='https://outlet.example/2'/></rdf:Seq></items></channel>"
)
IMAGE = (
    '<image rdf:about="https://outlet.example/logo.png"><title>Logo</title><link>https://outlet.example/logo</link>'
    "<url>https://outlet.example/logo.png</url></image>"
)
FIELD = (
    '<textinput rdf:about="https://outlet.example/search"><title>Search</title><description>Seek</description>'
    "<name>q</name><link>https://outlet.example/search</link></textinput>"
)
ITEM = (
    '<item rdf:about="https://outlet.example/1"><title>Ships</title><link>https://outlet.example/1</link>'
    "<description>Ships left.</description></item>"
)
SHIPS = Entry(guid="https://outlet.example/1", url="https://outlet.example/1", title="Ships", summary="Ships left.")


@pytest.mark.parametrize(
    "inside",
    cases(
        ("the channel, then its items", CHANNEL + ITEM),
        ("an image between", CHANNEL + IMAGE + ITEM),
        ("an image and a search field", CHANNEL + IMAGE + ITEM + FIELD),
        ("an image and a search field first", IMAGE + FIELD + CHANNEL + ITEM),
        ("the items before the channel", ITEM + CHANNEL),
        ("an image within the channel", CHANNEL.replace("<items>", IMAGE + "<items>") + ITEM),
        (
            "an image and a search field referred to",
            CHANNEL.replace(
                "<items>",
                '<image rdf:resource="https://outlet.example/logo.png"/><textinput rdf:resource="https://outlet.example/search"/><items>',
            )
            + ITEM,
        ),
        ("the items within the channel", CHANNEL.replace("</channel>", ITEM + "</channel>")),
        (
            "a channel that lists nothing",
            '<channel rdf:about="x"><title>Outlet</title><link>https://outlet.example/</link></channel>' + ITEM,
        ),
        ("a channel without its subject", CHANNEL.replace(' rdf:about="https://outlet.example/rss"', "") + ITEM),
    ),
)
def test_a_document_is_read_in_any_order(inside: str) -> None:
    document = read(rdf(inside))
    assert (document.title, document.site_url) == ("Outlet", "https://outlet.example/")
    assert document.entries == (SHIPS,)


@pytest.mark.parametrize(
    "document",
    cases(
        ("the usual prefixes", rdf(CHANNEL + ITEM)),
        ("another prefix for RDF", rdf(CHANNEL + ITEM).replace("rdf:", "r:").replace("xmlns:rdf", "xmlns:r")),
        (
            "RDF as the default",
            '<RDF xmlns="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:s="http://purl.org/rss/1.0/">'
            "<s:channel><s:title>Outlet</s:title><s:link>https://outlet.example/</s:link></s:channel>"
            '<s:item about="https://outlet.example/1"><s:title>Ships</s:title><s:link>https://outlet.example/1</s:link>'
            "<s:description>Ships left.</s:description></s:item></RDF>",
        ),
        (
            "a prefix for everything",
            f'<rdf:RDF {RDF} xmlns:rss="{RSS_1_0}"><rss:channel rdf:about="x"><rss:title>Outlet</rss:title>'
            "<rss:link>https://outlet.example/</rss:link></rss:channel>"
            '<rss:item rdf:about="https://outlet.example/1"><rss:title>Ships</rss:title>'
            "<rss:link>https://outlet.example/1</rss:link><rss:description>Ships left.</rss:description>"
            "</rss:item></rdf:RDF>",
        ),
        ("a secure scheme in the namespace", rdf(CHANNEL + ITEM, namespace="https://purl.org/rss/1.0/")),
        ("a slash lost from the namespace", rdf(CHANNEL + ITEM, namespace="http://purl.org/rss/1.0")),
        ("a namespace of a draft", rdf(CHANNEL + ITEM, namespace="http://channel.netscape.com/rdf/simple/0.9/")),
        ("a namespace of RSS 0.90", rdf(CHANNEL + ITEM, namespace="http://my.netscape.com/rdf/simple/0.9/")),
        ("a namespace that nobody knows", rdf(CHANNEL + ITEM, namespace="urn:nobody:knows")),
        ("no namespace of its own", rdf(CHANNEL + ITEM, namespace="")),
        (
            "a default set on each element",
            f"<rdf:RDF {RDF}>{CHANNEL}{ITEM}</rdf:RDF>".replace("<channel", f'<channel xmlns="{RSS_1_0}"').replace(
                "<item ", f'<item xmlns="{RSS_1_0}" '
            ),
        ),
    ),
)
def test_a_document_is_read_under_any_prefix(document: str) -> None:
    found = read(document)
    assert (found.title, found.site_url) == ("Outlet", "https://outlet.example/")
    (entry,) = found.entries
    assert (entry.url, entry.title, entry.summary) == (SHIPS.url, SHIPS.title, SHIPS.summary)


def test_items_stand_in_the_document_s_order() -> None:
    second = ITEM.replace("/1", "/2").replace("Ships", "Boats")
    assert titles(rdf(CHANNEL + second + ITEM)) == ["Boats", "Ships"]


def test_a_document_may_hold_no_items() -> None:
    assert read(rdf(CHANNEL)).entries == ()


@pytest.mark.parametrize(
    ("inside", "guid", "url"),
    cases(
        (
            "its subject is its guid",
            "<link>https://outlet.example/1</link>",
            "https://outlet.example/1",
            "https://outlet.example/1",
        ),
        ("its subject is its link where there is none", "", "https://outlet.example/1", "https://outlet.example/1"),
        (
            "a link over its subject",
            "<link>https://outlet.example/2</link>",
            "https://outlet.example/1",
            "https://outlet.example/2",
        ),
        (
            "a padded link",
            "<link>\nhttps://outlet.example/2 </link>",
            "https://outlet.example/1",
            "https://outlet.example/2",
        ),
        ("an empty link", "<link/>", "https://outlet.example/1", "https://outlet.example/1"),
    ),
)
def test_an_item_is_named_by_its_subject(inside: str, guid: str, url: str) -> None:
    found = rdf_item(f"<title>Ships</title>{inside}")
    assert (found.guid, found.url) == (guid, url)


def test_a_subject_that_is_no_address_is_no_link() -> None:
    found = rdf_item("<title>Ships</title>", about="urn:x:1")
    assert (found.guid, found.url) == ("urn:x:1", None)


@pytest.mark.parametrize(
    ("inside", "title"),
    cases(
        ("plain", "<title>Ships leave</title>", "Ships leave"),
        ("an ampersand", "<title>Fish &amp; chips</title>", "Fish & chips"),
        ("a section", "<title><![CDATA[Fish & chips]]></title>", "Fish & chips"),
        ("escaped markup", "<title>Less &lt;b&gt;noise&lt;/b&gt;</title>", "Less noise"),
        ("padding", "<title>\n Ships\n  leave </title>", "Ships leave"),
        ("another script", "<title>船が出る</title>", "船が出る"),
        ("Dublin Core's alone", "<dc:title>Ships leave</dc:title>", "Ships leave"),
        ("beside Dublin Core's", "<dc:title>Boats</dc:title><title>Ships leave</title>", "Ships leave"),
        ("none", "", ""),
    ),
)
def test_an_item_s_title(inside: str, title: str) -> None:
    assert rdf_item(inside).title == title


@pytest.mark.parametrize(
    ("inside", "text"),
    cases(
        ("plain", "<description>Ships left.</description>", "Ships left."),
        ("escaped markup", "<description>&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;</description>", "One.\n\nTwo."),
        ("a section", "<description><![CDATA[<p>One.</p><p>Two.</p>]]></description>", "One.\n\nTwo."),
        ("Dublin Core's", "<dc:description>Ships left.</dc:description>", "Ships left."),
        ("an encoded content", "<content:encoded><![CDATA[<p>One.</p><p>Two.</p>]]></content:encoded>", "One.\n\nTwo."),
        (
            "an encoded content beside a description",
            "<description>Ships left.</description>"
            "<content:encoded>&lt;p&gt;Three ships left at noon.&lt;/p&gt;</content:encoded>",
            "Three ships left at noon.",
        ),
        ("an abstract", "<dcterms:abstract>Ships left.</dcterms:abstract>", "Ships left."),
        ("none", "", ""),
    ),
)
def test_an_item_s_text(inside: str, text: str) -> None:
    assert story(rdf_item(f"<title>Ships</title>{inside}")) == text


@pytest.mark.parametrize(
    ("inside", "author"),
    cases(
        ("a creator", "<dc:creator>Ana</dc:creator>", "Ana"),
        ("two creators", "<dc:creator>Ana</dc:creator><dc:creator>Ben</dc:creator>", "Ana, Ben"),
        ("a creator with an address", "<dc:creator>Ana (mailto:a@x.example)</dc:creator>", "Ana"),
        ("a contributor is none", "<dc:contributor>Ben</dc:contributor>", None),
        ("a publisher is none", "<dc:publisher>House</dc:publisher>", None),
        ("none", "", None),
    ),
)
def test_an_item_s_author(inside: str, author: str | None) -> None:
    assert rdf_item(f"<title>Ships</title>{inside}").author == author


@pytest.mark.parametrize(
    ("inside", "when"),
    cases(
        ("a date", "<dc:date>2026-10-12T10:30:00+02:00</dc:date>", "2026-10-12 08:30"),
        ("a date of a day", "<dc:date>2026-10-12</dc:date>", "2026-10-12 00:00"),
        ("a date of a minute", "<dc:date>2026-10-12T08:30Z</dc:date>", "2026-10-12 08:30"),
        ("issued", "<dcterms:issued>2026-10-12</dcterms:issued>", "2026-10-12 00:00"),
        ("the date of RSS 2.0", "<pubDate>Mon, 12 Oct 2026 08:30:00 GMT</pubDate>", "2026-10-12 08:30"),
        ("none", "", None),
    ),
)
def test_an_item_s_date(inside: str, when: str | None) -> None:
    head = "<dc:date>2026-11-01T00:00:00Z</dc:date>"
    assert rdf_item(f"<title>Ships</title>{inside}", head=head).published == instant(when)


@pytest.mark.parametrize(
    ("inside", "categories"),
    cases(
        ("a subject", "<dc:subject>Ports</dc:subject>", ("Ports",)),
        (
            "several subjects",
            "<dc:subject>b</dc:subject><dc:subject>a</dc:subject><dc:subject>b</dc:subject>",
            ("b", "a"),
        ),
        ("a category as in RSS 2.0", "<category>Ports</category>", ("Ports",)),
        ("none", "", ()),
    ),
)
def test_an_item_s_categories(inside: str, categories: tuple[str, ...]) -> None:
    found = rdf_item(f"<title>Ships</title>{inside}", head="<dc:subject>News</dc:subject>")
    assert found.categories == categories


@pytest.mark.parametrize(
    ("head", "attributes", "inside", "language"),
    cases(
        ("the channel's", "<dc:language>uk-UA</dc:language>", "", "", "uk"),
        ("the root's", "", 'xml:lang="uk"', "", "uk"),
        ("the channel's over the root's", "<dc:language>uk</dc:language>", 'xml:lang="en"', "", "uk"),
        ("the item's", "<dc:language>en</dc:language>", "", "<dc:language>uk</dc:language>", "uk"),
        ("the language of RSS 2.0", "<language>uk</language>", "", "", "uk"),
        ("none", "", "", "", None),
    ),
)
def test_an_item_s_language(head: str, attributes: str, inside: str, language: str | None) -> None:
    channel = f"<channel><title>Outlet</title>{head}</channel>"
    document = rdf(f"{channel}<item><title>Ships</title>{inside}</item>", attributes=attributes)
    assert only(document).language == language


@pytest.mark.parametrize(
    "foreign",
    cases(
        (
            "syndication",
            '<s:updateFrequency xmlns:s="http://purl.org/rss/1.0/modules/syndication/">2</s:updateFrequency>',
        ),
        (
            "taxonomy",
            '<t:topics xmlns:t="http://purl.org/rss/1.0/modules/taxonomy/"><rdf:Bag><rdf:li resource="https://d.example/"/></rdf:Bag></t:topics>',
        ),
        ("slash", '<s:section xmlns:s="http://purl.org/rss/1.0/modules/slash/">foreign</s:section>'),
        (
            "annotation",
            '<a:reference xmlns:a="http://purl.org/rss/1.0/modules/annotate/" rdf:resource="https://d.example/"/>',
        ),
        ("licence", '<c:license xmlns:c="http://web.resource.org/cc/" rdf:resource="https://d.example/"/>'),
        (
            "a person",
            '<f:Person xmlns:f="http://xmlns.com/foaf/0.1/"><f:name>Foreign</f:name><f:title>Dr</f:title></f:Person>',
        ),
        ("an item of another kind", '<x:item xmlns:x="urn:x"><x:title>Foreign</x:title></x:item>'),
        ("rights", "<dc:rights>Foreign</dc:rights>"),
        ("a source", "<dc:source>Foreign</dc:source>"),
        ("a type and a format", "<dc:type>text</dc:type><dc:format>text/html</dc:format>"),
    ),
)
def test_other_modules_change_nothing(foreign: str) -> None:
    document = rdf(CHANNEL.replace("<items>", foreign + "<items>") + ITEM.replace("<title>", foreign + "<title>"))
    found = read(document)
    assert (found.title, found.site_url, found.entries) == ("Outlet", "https://outlet.example/", (SHIPS,))


def test_a_licence_beside_the_items_is_no_item() -> None:
    licence = '<c:License xmlns:c="http://web.resource.org/cc/" rdf:about="https://d.example/"><c:permits/></c:License>'
    assert read(rdf(CHANNEL + ITEM + licence)).entries == (SHIPS,)


# RSS 0.90, the first of all: RDF, with neither subjects nor descriptions


def test_the_first_format_of_all_is_read() -> None:
    document = read(
        rdf(
            "<channel><title>Outlet</title><link>https://outlet.example/</link><description>News</description></channel>"
            "<image><title>Logo</title><url>/logo.png</url><link>/logo</link></image>"
            "<item><title>Ships</title><link>https://outlet.example/1</link></item>"
            "<item><title>Boats</title><link>https://outlet.example/2</link></item>"
            "<textinput><title>Search</title><description>Seek</description><name>q</name><link>/s</link></textinput>",
            namespace="http://my.netscape.com/rdf/simple/0.9/",
        )
    )
    assert (document.title, document.site_url) == ("Outlet", "https://outlet.example/")
    assert document.entries == (
        Entry(url="https://outlet.example/1", title="Ships"),
        Entry(url="https://outlet.example/2", title="Boats"),
    )


# RSS 1.1, whose root is the channel


def test_the_format_whose_root_is_the_channel_is_read() -> None:
    document = read(
        f'<Channel xmlns="http://purl.org/net/rss1.1#" {RDF} rdf:about="https://outlet.example/rss" xml:lang="en">'
        "<title>Outlet</title><link>https://outlet.example/</link><description>News</description>"
        '<image rdf:parseType="Resource"><title>Logo</title><url>/logo.png</url></image>'
        '<items rdf:parseType="Collection"><item rdf:about="https://outlet.example/1"><title>Ships</title>'
        "<link>https://outlet.example/1</link><description>Ships left.</description></item>"
        '<item rdf:about="https://outlet.example/2"><title>Boats</title><link>https://outlet.example/2</link></item>'
        "</items></Channel>"
    )
    assert (document.title, document.site_url, document.language) == ("Outlet", "https://outlet.example/", "en")
    assert [(entry.title, entry.url) for entry in document.entries] == [
        ("Ships", "https://outlet.example/1"),
        ("Boats", "https://outlet.example/2"),
    ]
