"""Links: what they look like, what they are relative to, and which of several is meant."""

from urllib.parse import unquote

import pytest
from wrapping import ATOM_1_0, MODULES, RDF, RSS_1_0, atom, cases, entry, item, json_feed, only, read, rss

# What they look like


@pytest.mark.parametrize(
    ("link", "url"),
    cases(
        ("absolute", "https://a.example/1", "https://a.example/1"),
        ("insecure", "http://a.example/1", "http://a.example/1"),
        ("with a port", "https://a.example:8443/1", "https://a.example:8443/1"),
        ("with a query", "https://a.example/?a=1&amp;b=2", "https://a.example/?a=1&b=2"),
        ("with a fragment", "https://a.example/1#part", "https://a.example/1#part"),
        ("with what a program keeps in a fragment", "https://a.example/#!/1?a=b", "https://a.example/#!/1?a=b"),
        ("to a host alone", "https://a.example", "https://a.example"),
        ("with escaped letters", "https://a.example/%D0%BF", "https://a.example/%D0%BF"),
        ("with an escaped slash", "https://a.example/a%2Fb", "https://a.example/a%2Fb"),
        ("with signs", "https://a.example/a,b;c=(d)'e'!$*~", "https://a.example/a,b;c=(d)'e'!$*~"),
        ("with brackets in its query", "https://a.example/?a[]=1", "https://a.example/?a[]=1"),
        ("with a plus sign", "https://a.example/a+b?c+d", "https://a.example/a+b?c+d"),
        ("to an address of four numbers", "http://192.0.2.7/1", "http://192.0.2.7/1"),
        ("to an address of six", "http://[2001:db8::7]/1", "http://[2001:db8::7]/1"),
        ("with doubled slashes in its path", "https://a.example//1", "https://a.example//1"),
        (
            "with a link in its query",
            "https://a.example/go?u=https://b.example/1",
            "https://a.example/go?u=https://b.example/1",
        ),
        (
            "with a link in its path",
            "https://a.example/web/https://b.example/1",
            "https://a.example/web/https://b.example/1",
        ),
        ("padded", "\n\t https://a.example/1 \n", "https://a.example/1"),
        ("padded with a space that does not break", "&#160;https://a.example/1&#160;", "https://a.example/1"),
        ("broken over lines", "https://a.example/\n   ships/1", "https://a.example/ships/1"),
        ("in a section", "<![CDATA[https://a.example/?a=1&b=2]]>", "https://a.example/?a=1&b=2"),
        ("in a padded section", "\n<![CDATA[ https://a.example/1 ]]>\n", "https://a.example/1"),
        ("with an ampersand by its number", "https://a.example/?a=1&#38;b=2", "https://a.example/?a=1&b=2"),
        ("with an ampersand escaped twice", "https://a.example/?a=1&amp;amp;b=2", "https://a.example/?a=1&b=2"),
        (
            "with an ampersand escaped in a section",
            "<![CDATA[https://a.example/?a=1&amp;b=2]]>",
            "https://a.example/?a=1&b=2",
        ),
        (
            "with what only looks like a named character",
            "https://a.example/?a=1&amp;copy=2",
            "https://a.example/?a=1&copy=2",
        ),
        ("with a slash by its number", "https:&#47;&#47;a.example/1", "https://a.example/1"),
        ("with an invisible sign before it", "&#8203;https://a.example/1", "https://a.example/1"),
        ("with a comment before it", "<!-- x -->https://a.example/1", "https://a.example/1"),
        ("relative to the root", "/1", "https://outlet.example/1"),
        ("relative", "1.html", "https://outlet.example/feeds/1.html"),
        ("relative with a point", "./1.html", "https://outlet.example/feeds/1.html"),
        ("relative to what is above", "../1.html", "https://outlet.example/1.html"),
        ("relative to what is above all", "../../../1.html", "https://outlet.example/1.html"),
        ("relative with a query alone", "?id=1", "https://outlet.example/feeds/world.xml?id=1"),
        ("relative with a folder", "ships/1", "https://outlet.example/feeds/ships/1"),
        ("without its scheme", "//a.example/1", "https://a.example/1"),
        ("with its host alone", "a.example/1", "https://a.example/1"),
        ("with its host alone, as people say it", "www.a.example/1", "https://www.a.example/1"),
        ("with its scheme in capitals", "HTTPS://a.example/1", "https://a.example/1"),
        ("with one slash", "https:/a.example/1", "https://a.example/1"),
        ("with three slashes", "https:///a.example/1", "https://a.example/1"),
        ("with slashes the other way", r"https:\\a.example/1", "https://a.example/1"),
        ("doubled", "https://www.a.examplehttps://a.example/1", "https://a.example/1"),
        ("with its scheme doubled", "https://https://a.example/1", "https://a.example/1"),
        ("with two schemes", "http://https://a.example/1", "https://a.example/1"),
        ("with a user", "https://me@a.example/1", "https://a.example/1"),
        ("with a user and a password", "https://me:pw@a.example/1", "https://a.example/1"),
        ("in markup", '&lt;a href="https://a.example/1"&gt;https://a.example/1&lt;/a&gt;', "https://a.example/1"),
        ("empty", "", None),
        ("spaces", "  \n ", None),
        ("an empty section", "<![CDATA[]]>", None),
        ("a scheme alone", "https://", None),
        ("a scheme and a path", "https:///", None),
        ("a script", "javascript:alert(1)", None),
        ("a script in capitals", "JavaScript:alert(1)", None),
        ("a script behind a tab", "java&#9;script:alert(1)", None),
        ("a mailbox", "mailto:a@b.example", None),
        ("a telephone", "tel:+380441234567", None),
        ("data", "data:text/html,Ships", None),
        ("a file", "file:///etc/passwd", None),
        ("a file server", "ftp://a.example/1", None),
        ("a blank page", "about:blank", None),
        ("a URN", "urn:isbn:0451450523", None),
        ("a tag", "tag:a.example,2026:1", None),
        ("a magnet", "magnet:?xt=urn:btih:1", None),
        ("half an address of six", "http://[::", None),
        ("no end", "https://a.example/" + "a" * 10_000, None),
    ),
)
def test_a_link_is_absolute_or_none(link: str, url: str | None) -> None:
    assert item(f"<title>Ships</title><link>{link}</link>").url == url


@pytest.mark.parametrize(
    ("link", "url"),
    cases(
        ("a path in another script", "https://a.example/новини/1", "https://a.example/новини/1"),
        ("a query in another script", "https://a.example/?q=новини", "https://a.example/?q=новини"),
        ("a space", "https://a.example/a b", "https://a.example/a b"),
        ("an escaped space", "https://a.example/a%20b", "https://a.example/a b"),
        ("quotation marks", 'https://a.example/"a"', 'https://a.example/"a"'),
        ("a bar", "https://a.example/?a|b", "https://a.example/?a|b"),
        ("braces", "https://a.example/{a}", "https://a.example/{a}"),
    ),
)
def test_a_link_may_be_escaped_or_not(link: str, url: str) -> None:
    assert unquote(item(f"<title>Ships</title><link>{link}</link>").url or "") == url


@pytest.mark.parametrize("link", ["https://новини.example/1", "https://xn--b1amarcd.example/1"])
def test_a_host_may_be_in_another_script(link: str) -> None:
    host = (item(f"<title>Ships</title><link>{link}</link>").url or "").removeprefix("https://").removesuffix("/1")
    assert host.encode("idna") == b"xn--b1amarcd.example"


@pytest.mark.parametrize(
    "link",
    cases(
        ("an empty host", "https://?a"),
        ("a port that is no number", "https://a.example:x/1"),
        ("brackets that do not match", "https://[a.example/1"),
        ("an at sign alone", "https://@/1"),
        ("a percent sign alone", "https://a.example/%"),
        ("points alone", "https://.../1"),
        ("a label too long", f"https://{'a' * 300}.example/1"),
    ),
)
def test_a_broken_link_spoils_nothing_else(link: str) -> None:
    assert item(f"<title>Ships</title><link>{link}</link>").title == "Ships"


# What they are relative to (RFC 4287, 2; XML Base)

BASE = 'xml:base="https://base.example/a/"'


@pytest.mark.parametrize(
    ("feed", "attributes", "link", "url"),
    cases(
        ("the feed's base", BASE, "", '<link href="1"/>', "https://base.example/a/1"),
        ("the entry's base", "", BASE, '<link href="1"/>', "https://base.example/a/1"),
        ("the link's base", "", "", f'<link {BASE} href="1"/>', "https://base.example/a/1"),
        (
            "the entry's over the feed's",
            'xml:base="https://other.example/"',
            BASE,
            '<link href="1"/>',
            "https://base.example/a/1",
        ),
        ("the entry's relative to the feed's", BASE, 'xml:base="b/"', '<link href="1"/>', "https://base.example/a/b/1"),
        ("the entry's from the feed's root", BASE, 'xml:base="/b/"', '<link href="1"/>', "https://base.example/b/1"),
        ("the entry's above the feed's", BASE, 'xml:base="../"', '<link href="1"/>', "https://base.example/1"),
        (
            "three relative to each other",
            BASE,
            'xml:base="b/"',
            '<link xml:base="c/" href="1"/>',
            "https://base.example/a/b/c/1",
        ),
        (
            "a base that is a page",
            'xml:base="https://base.example/a/index.html"',
            "",
            '<link href="1"/>',
            "https://base.example/a/1",
        ),
        ("a base that is a host", 'xml:base="https://base.example"', "", '<link href="1"/>', "https://base.example/1"),
        (
            "a base relative to where the feed is",
            'xml:base="b/"',
            "",
            '<link href="1"/>',
            "https://outlet.example/feeds/b/1",
        ),
        (
            "a base from the root of where the feed is",
            'xml:base="/b/"',
            "",
            '<link href="1"/>',
            "https://outlet.example/b/1",
        ),
        (
            "a base without its scheme",
            'xml:base="//base.example/a/"',
            "",
            '<link href="1"/>',
            "https://base.example/a/1",
        ),
        ("an empty base", BASE, 'xml:base=""', '<link href="1"/>', "https://base.example/a/1"),
        (
            "a base that is a script",
            'xml:base="javascript:alert(1)"',
            "",
            '<link href="1"/>',
            "https://outlet.example/feeds/1",
        ),
        ("a base that is broken", 'xml:base="http://[::"', "", '<link href="1"/>', "https://outlet.example/feeds/1"),
        ("a base that is a URN", 'xml:base="urn:x:y"', "", '<link href="1"/>', "https://outlet.example/feeds/1"),
        (
            "a base with a query",
            'xml:base="https://base.example/a/?b=c"',
            "",
            '<link href="1"/>',
            "https://base.example/a/1",
        ),
        (
            "a base with a user",
            'xml:base="https://me:pw@base.example/a/"',
            "",
            '<link href="1"/>',
            "https://base.example/a/1",
        ),
        ("an absolute link", BASE, "", '<link href="https://a.example/1"/>', "https://a.example/1"),
        ("a link from the root", BASE, "", '<link href="/1"/>', "https://base.example/1"),
        ("a link above the base", BASE, "", '<link href="../1"/>', "https://base.example/1"),
        ("a link without its scheme", BASE, "", '<link href="//a.example/1"/>', "https://a.example/1"),
        ("a link of a query", BASE, "", '<link href="?id=1"/>', "https://base.example/a/?id=1"),
        ("no base", "", "", '<link href="1"/>', "https://outlet.example/feeds/1"),
        (
            "another element's base",
            "",
            "",
            f'<title {BASE}>A</title><link href="1"/>',
            "https://outlet.example/feeds/1",
        ),
        (
            "a base that is no attribute of XML's",
            "",
            'base="https://x.example/"',
            '<link href="/1"/>',
            "https://outlet.example/1",
        ),
    ),
)
def test_a_link_is_relative_to_its_base(feed: str, attributes: str, link: str, url: str) -> None:
    assert entry(f"<id>1</id>{link}", attributes=attributes, feed=feed).url == url


def test_a_base_ends_with_its_element() -> None:
    document = atom(f'<entry {BASE}><id>1</id><link href="1"/></entry><entry><id>2</id><link href="2"/></entry>')
    assert [found.url for found in read(document).entries] == [
        "https://base.example/a/1",
        "https://outlet.example/feeds/2",
    ]


@pytest.mark.parametrize(
    "document",
    cases(
        ("of the root", f'<rss version="2.0" {BASE}><channel><item><link>1</link></item></channel></rss>'),
        ("of the channel", f'<rss version="2.0"><channel {BASE}><item><link>1</link></item></channel></rss>'),
        ("of the item", f'<rss version="2.0"><channel><item {BASE}><link>1</link></item></channel></rss>'),
        ("of the link", f'<rss version="2.0"><channel><item><link {BASE}>1</link></item></channel></rss>'),
        (
            "of RDF's root",
            f'<rdf:RDF {RDF} xmlns="{RSS_1_0}" {BASE}><item><title>A</title><link>1</link></item></rdf:RDF>',
        ),
        (
            "of RDF's item",
            f'<rdf:RDF {RDF} xmlns="{RSS_1_0}"><item {BASE}><title>A</title><link>1</link></item></rdf:RDF>',
        ),
    ),
)
def test_a_base_holds_in_rss_too(document: str) -> None:
    assert only(document).url == "https://base.example/a/1"


def test_a_picture_is_relative_to_its_base() -> None:
    found = entry('<id>1</id><link rel="enclosure" type="image/png" href="1.png"/>', attributes=BASE)
    assert found.image == "https://base.example/a/1.png"
    assert item('<title>Ships</title><enclosure url="1.png" type="image/png"/>', attributes=BASE).image == found.image
    assert item('<title>Ships</title><media:thumbnail url="1.png"/>', attributes=BASE).image == found.image


@pytest.mark.parametrize(
    ("head", "link", "url"),
    cases(
        ("from its root", "<link>https://site.example/news/</link>", "/1", "https://site.example/1"),
        ("from where it is", "<link>https://site.example/news/</link>", "1", "https://site.example/news/1"),
        ("nothing at all", "", "/1", None),
    ),
)
def test_a_feed_found_nowhere_is_relative_to_its_site(head: str, link: str, url: str | None) -> None:
    assert item(f"<title>Ships</title><link>{link}</link>", head=head, url="").url == url


def test_where_the_feed_was_found_counts_before_its_site() -> None:
    assert item("<title>Ships</title><link>/1</link>", head="<link>https://site.example/</link>").url == (
        "https://outlet.example/1"
    )


def test_the_feed_s_own_credentials_are_in_no_link() -> None:
    url = "https://me:secret@outlet.example/rss"
    document = rss(
        '<link>/</link><item><title>Ships</title><link>/1</link><enclosure url="/1.png" type="image/png"/></item>'
    )
    found = read(document, url=url)
    assert found.site_url == "https://outlet.example/"
    assert (found.entries[0].url, found.entries[0].image) == (
        "https://outlet.example/1",
        "https://outlet.example/1.png",
    )
    assert only(json_feed({"id": "1", "url": "/1"}), url=url).url == "https://outlet.example/1"
    assert only(atom('<entry><link href="/1"/></entry>'), url=url).url == "https://outlet.example/1"


# Which of several is meant


@pytest.mark.parametrize(
    ("inside", "url"),
    cases(
        ("the first of two", "<link>/1</link><link>/2</link>", "https://outlet.example/1"),
        ("the one that is not empty", "<link/><link>/1</link>", "https://outlet.example/1"),
        ("the one that is a page", "<link>mailto:a@b.example</link><link>/1</link>", "https://outlet.example/1"),
        ("one written as Atom's", '<link href="/1"/>', "https://outlet.example/1"),
        ("one of Atom's", '<atom:link href="/1"/>', "https://outlet.example/1"),
        ("one of Atom's that says what it is", '<atom:link rel="alternate" href="/1"/>', "https://outlet.example/1"),
        ("Atom's own", '<atom:link rel="self" href="/1.atom"/>', None),
        ("Atom's own beside it", '<atom:link rel="self" href="/1.atom"/><link>/1</link>', "https://outlet.example/1"),
        (
            "Atom's related one beside it",
            '<link>/1</link><atom:link rel="related" href="/2"/>',
            "https://outlet.example/1",
        ),
        ("its own before Atom's", '<atom:link rel="alternate" href="/2"/><link>/1</link>', "https://outlet.example/1"),
        ("Atom's where its own is empty", '<link/><atom:link rel="alternate" href="/1"/>', "https://outlet.example/1"),
        ("a logo's is not the item's", "<image><link>/logo</link></image>", None),
        ("a logo's beside it", "<image><link>/logo</link></image><link>/1</link>", "https://outlet.example/1"),
        (
            "the original one",
            "<link>/r/1</link><feedburner:origLink>/1</feedburner:origLink>",
            "https://outlet.example/1",
        ),
        (
            "the original one first",
            "<feedburner:origLink>/1</feedburner:origLink><link>/r/1</link>",
            "https://outlet.example/1",
        ),
        ("the original one alone", "<feedburner:origLink>/1</feedburner:origLink>", "https://outlet.example/1"),
        ("the original one padded", "<feedburner:origLink>\n /1 </feedburner:origLink>", "https://outlet.example/1"),
        ("the original one where it is empty", "<link>/1</link><feedburner:origLink/>", "https://outlet.example/1"),
        (
            "the original one where it is no page",
            "<link>/1</link><feedburner:origLink>mailto:a@b.example</feedburner:origLink>",
            "https://outlet.example/1",
        ),
        (
            "the original one of another service",
            '<link>/r/1</link><p:origLink xmlns:p="http://www.pheedo.com/namespace/pheedo">/1</p:origLink>',
            "https://outlet.example/1",
        ),
        (
            "a permalink where its own is no page",
            "<link>mailto:a@b.example</link><guid>https://outlet.example/1</guid>",
            "https://outlet.example/1",
        ),
        (
            "the original one over a permalink",
            "<guid>https://x.example/r</guid><feedburner:origLink>/1</feedburner:origLink>",
            "https://outlet.example/1",
        ),
    ),
)
def test_one_of_several_links_is_meant(inside: str, url: str | None) -> None:
    assert item(f"<title>Ships</title>{inside}").url == url


def test_the_original_link_is_meant_in_atom_too() -> None:
    inside = (
        '<id>1</id><link href="https://r.example/1"/><feedburner:origLink>https://a.example/1</feedburner:origLink>'
    )
    assert entry(inside).url == "https://a.example/1"


@pytest.mark.parametrize(
    ("guid", "url"),
    cases(
        ("an address", "<guid>https://a.example/1</guid>", "https://a.example/1"),
        ("an address that is padded", "<guid>\n https://a.example/1 </guid>", "https://a.example/1"),
        ("an address in capitals", "<guid>HTTPS://a.example/1</guid>", "https://a.example/1"),
        (
            "an address that is escaped twice",
            "<guid>https://a.example/?a=1&amp;amp;b=2</guid>",
            "https://a.example/?a=1&b=2",
        ),
        ("a word", "<guid>ships</guid>", None),
        ("a tag", "<guid>tag:a.example,2026:1</guid>", None),
        ("a mailbox", "<guid>a@b.example</guid>", None),
        ("a path", "<guid>/ships/1</guid>", None),
    ),
)
def test_a_guid_serves_as_a_link_where_it_is_one(guid: str, url: str | None) -> None:
    assert item(f"<title>Ships</title>{guid}").url == url


def test_a_channel_of_atom_s_elements_links_to_its_site() -> None:
    document = f'<rss version="2.0" {MODULES}><channel><a:link xmlns:a="{ATOM_1_0}" href="/"/></channel></rss>'
    assert read(document).site_url == "https://outlet.example/"
