"""RSS 2.0, element by element: what a reader of news should understand."""

from collections.abc import Callable
from xml.sax.saxutils import escape

import pytest
from wrapping import MODULES, cases, entry, instant, item, only, read, rss, story, titles

from bot.domain.stories import Entry

# The channel


@pytest.mark.parametrize(
    ("inside", "title"),
    cases(
        ("plain", "<title>Outlet</title>", "Outlet"),
        ("with an ampersand", "<title>Sea &amp; Air</title>", "Sea & Air"),
        ("with an ampersand escaped twice", "<title>Sea &amp;amp; Air</title>", "Sea & Air"),
        ("in a section", "<title><![CDATA[Sea & Air]]></title>", "Sea & Air"),
        ("with markup", "<title>&lt;b&gt;Sea&lt;/b&gt; Air</title>", "Sea Air"),
        ("padded", "<title>\n\tSea   Air\n</title>", "Sea Air"),
        ("empty", "<title/>", ""),
        ("missing", "", ""),
        ("before a logo's", "<title>Outlet</title><image><title>Logo</title></image>", "Outlet"),
        ("behind a logo's", "<image><title>Logo</title></image><title>Outlet</title>", "Outlet"),
        ("a logo's alone", "<image><title>Logo</title></image>", ""),
        ("behind a search field's", "<textInput><title>Search</title></textInput><title>Outlet</title>", "Outlet"),
        ("before a search field's", "<title>Outlet</title><textInput><title>Search</title></textInput>", "Outlet"),
        ("behind an item's", "<item><title>Ships</title></item><title>Outlet</title>", "Outlet"),
        ("an item's alone", "<item><title>Ships</title></item>", ""),
        ("beside an extension's", "<media:title>Film</media:title><title>Outlet</title>", "Outlet"),
        ("beside a podcast's", "<itunes:title>Show</itunes:title><title>Outlet</title>", "Outlet"),
        ("Dublin Core's alone", "<dc:title>Outlet</dc:title>", "Outlet"),
    ),
)
def test_a_channel_s_title(inside: str, title: str) -> None:
    assert read(rss(inside)).title == title


@pytest.mark.parametrize(
    ("inside", "site"),
    cases(
        ("absolute", "<link>https://outlet.example/</link>", "https://outlet.example/"),
        ("padded", "<link>\n https://outlet.example/\n</link>", "https://outlet.example/"),
        ("in a section", "<link><![CDATA[https://outlet.example/?a=1&b=2]]></link>", "https://outlet.example/?a=1&b=2"),
        ("relative", "<link>/world/</link>", "https://outlet.example/world/"),
        ("empty", "<link/>", None),
        ("missing", "", None),
        ("behind a logo's", "<image><link>/logo</link></image><link>/</link>", "https://outlet.example/"),
        ("before a logo's", "<link>/</link><image><link>/logo</link></image>", "https://outlet.example/"),
        ("a logo's alone", "<image><link>/logo</link></image>", None),
        ("behind a search field's", "<textInput><link>/s</link></textInput><link>/</link>", "https://outlet.example/"),
        ("behind an item's", "<item><link>/1</link></item><link>/</link>", "https://outlet.example/"),
        (
            "behind the feed's own",
            '<atom:link rel="self" href="https://outlet.example/rss"/><link>/</link>',
            "https://outlet.example/",
        ),
        (
            "before the feed's own",
            '<link>/</link><atom:link rel="self" href="https://outlet.example/rss"/>',
            "https://outlet.example/",
        ),
        ("the feed's own alone", '<atom:link rel="self" href="https://outlet.example/rss"/>', None),
        ("a hub's", '<atom:link rel="hub" href="https://hub.example/"/><link>/</link>', "https://outlet.example/"),
        ("Atom's", '<atom:link rel="alternate" href="https://outlet.example/"/>', "https://outlet.example/"),
        ("no page", "<link>javascript:void(0)</link>", None),
        (
            "beside what explains the format",
            "<docs>https://docs.example/</docs><link>/</link>",
            "https://outlet.example/",
        ),
    ),
)
def test_a_channel_s_link(inside: str, site: str | None) -> None:
    assert read(rss(f"<title>Outlet</title>{inside}")).site_url == site


@pytest.mark.parametrize(
    ("declared", "language"),
    cases(
        ("a language", "<language>en</language>", "en"),
        ("a region", "<language>en-us</language>", "en"),
        ("a region in capitals", "<language>pt-BR</language>", "pt"),
        ("a script and a region", "<language>zh-Hans-CN</language>", "zh"),
        ("an underscore", "<language>fr_FR</language>", "fr"),
        ("capitals", "<language>UK</language>", "uk"),
        ("a country's code for its language", "<language>ua</language>", "uk"),
        ("padding", "<language>\n uk </language>", "uk"),
        ("a section", "<language><![CDATA[uk]]></language>", "uk"),
        ("three letters", "<language>ast</language>", "ast"),
        ("undetermined", "<language>und</language>", None),
        ("a name", "<language>English</language>", None),
        ("several", "<language>mul</language>", None),
        ("empty", "<language/>", None),
        ("missing", "", None),
        ("Dublin Core's", "<dc:language>uk</dc:language>", "uk"),
        ("behind the items", "<item><title>A</title></item><language>uk</language>", "uk"),
    ),
)
def test_a_channel_s_language_is_its_items(declared: str, language: str | None) -> None:
    document = read(rss(f"<title>Outlet</title>{declared}<item><title>Ships</title></item>"))
    assert document.language == language
    assert {found.language for found in document.entries} == {language}


@pytest.mark.parametrize(
    ("attributes", "channel", "attribute", "inside", "language"),
    cases(
        ("the root's", 'xml:lang="uk"', "", "", "", "uk"),
        ("the channel's element over the root's", 'xml:lang="en"', "<language>uk</language>", "", "", "uk"),
        ("the item's attribute", "", "<language>en</language>", 'xml:lang="uk"', "", "uk"),
        ("the item's element of Dublin Core", "", "<language>en</language>", "", "<dc:language>uk</dc:language>", "uk"),
        ("the item's element", "", "<language>en</language>", "", "<language>uk</language>", "uk"),
        ("the item's nonsense", "", "<language>en</language>", "", "<dc:language>?</dc:language>", "en"),
    ),
)
def test_an_item_s_language(attributes: str, channel: str, attribute: str, inside: str, language: str) -> None:
    document = rss(
        f"<title>Outlet</title>{channel}<item {attribute}><title>Ships</title>{inside}</item>",
        attributes=f"{MODULES} {attributes}",
    )
    assert only(document).language == language


@pytest.mark.parametrize(
    ("declared", "seconds"),
    cases(
        ("minutes", "<ttl>60</ttl>", 3600),
        ("one minute", "<ttl>1</ttl>", 60),
        ("padded", "<ttl>\n 15 </ttl>", 900),
        ("in a section", "<ttl><![CDATA[15]]></ttl>", 900),
        ("none", "<ttl>0</ttl>", None),
        ("less than none", "<ttl>-5</ttl>", None),
        ("a word", "<ttl>hourly</ttl>", None),
        ("empty", "<ttl/>", None),
        ("missing", "", None),
        ("behind the items", "<item><title>A</title></item><ttl>30</ttl>", 1800),
    ),
)
def test_a_channel_s_time_to_live_is_in_seconds(declared: str, seconds: float | None) -> None:
    assert read(rss(f"<title>Outlet</title>{declared}")).ttl == seconds


@pytest.mark.parametrize(
    "element",
    cases(
        ("description", "<description>All the news</description>"),
        ("copyright", "<copyright>Ours</copyright>"),
        ("managingEditor", "<managingEditor>e@outlet.example (Edith)</managingEditor>"),
        ("webMaster", "<webMaster>w@outlet.example (Webb)</webMaster>"),
        ("pubDate", "<pubDate>Mon, 12 Oct 2026 08:30:00 GMT</pubDate>"),
        ("lastBuildDate", "<lastBuildDate>Mon, 12 Oct 2026 08:30:00 GMT</lastBuildDate>"),
        ("category", '<category domain="d">News</category>'),
        ("generator", "<generator>Presses</generator>"),
        ("docs", "<docs>https://docs.example/</docs>"),
        ("cloud", '<cloud domain="c.example" port="80" path="/" registerProcedure="p" protocol="xml-rpc"/>'),
        ("image", "<image><url>/l.png</url><title>Logo</title><link>/l</link><description>L</description></image>"),
        ("rating", "<rating>(PICS-1.1)</rating>"),
        (
            "textInput",
            "<textInput><title>Search</title><description>S</description><name>q</name><link>/s</link></textInput>",
        ),
        ("skipHours", "<skipHours><hour>1</hour></skipHours>"),
        ("skipDays", "<skipDays><day>Sunday</day></skipDays>"),
        (
            "a podcast's",
            '<itunes:image href="/c.png"/><itunes:author>Show</itunes:author><itunes:summary>S</itunes:summary>',
        ),
        ("a medium's", '<media:thumbnail url="/c.png"/><media:category>News</media:category>'),
        ("Dublin Core's date", "<dc:date>2026-10-12</dc:date>"),
    ),
)
@pytest.mark.parametrize("where", ["before", "behind"])
def test_what_a_channel_says_of_itself_is_not_its_item_s(element: str, where: str) -> None:
    inside = "<item><title>Ships</title><link>/1</link></item>"
    found = only(rss(element + inside if where == "before" else inside + element))
    assert found.title == "Ships"
    assert found.url == "https://outlet.example/1"
    assert (found.summary, found.content, found.published) == ("", "", None)
    assert (found.categories, found.image) == ((), None)


# Titles


@pytest.mark.parametrize(
    ("inside", "title"),
    cases(
        ("plain", "Ships leave port", "Ships leave port"),
        ("padded", "\n\t Ships   leave\nport ", "Ships leave port"),
        ("an ampersand", "Fish &amp; chips", "Fish & chips"),
        ("an ampersand by its number", "Fish &#38; chips", "Fish & chips"),
        ("an ampersand by its hexadecimal number", "Fish &#x26; chips", "Fish & chips"),
        ("an ampersand escaped twice", "Fish &amp;amp; chips", "Fish & chips"),
        ("an ampersand escaped in a section", "<![CDATA[Fish &amp; chips]]>", "Fish & chips"),
        ("an ampersand in a section", "<![CDATA[Fish & chips]]>", "Fish & chips"),
        ("a company's ampersand", "<![CDATA[AT&T, R&D]]>", "AT&T, R&D"),
        ("a less-than sign", "3 &lt; 4", "3 < 4"),
        ("a less-than sign in a section", "<![CDATA[3 < 4]]>", "3 < 4"),
        ("a less-than sign escaped twice", "3 &amp;lt; 4", "3 < 4"),
        ("a less-than sign without spaces", "a&lt;b", "a<b"),
        ("a greater-than sign", "4 &gt; 3 > 2", "4 > 3 > 2"),
        ("a heart", "I &lt;3 ships", "I <3 ships"),
        ("an unknown element is text", "The &lt;Foo&gt; ship", "The <Foo> ship"),
        ("a list of generic types", "List&lt;String&gt; sails", "List<String> sails"),
        ("escaped markup", "Less &lt;b&gt;noise&lt;/b&gt;", "Less noise"),
        ("escaped markup in capitals", "Less &lt;B&gt;noise&lt;/B&gt;", "Less noise"),
        ("markup in a section", "<![CDATA[Less <b>noise</b>]]>", "Less noise"),
        ("markup with attributes", '<![CDATA[Less <font color="red">noise</font>]]>', "Less noise"),
        ("markup that is not escaped", "Less <b>noise</b> now", "Less noise now"),
        ("markup escaped twice", "Less &amp;lt;b&amp;gt;noise&amp;lt;/b&amp;gt;", "Less noise"),
        ("a line break", "<![CDATA[Ships<br>leave]]>", "Ships leave"),
        ("a link", '<![CDATA[<a href="/1">Ships leave</a>]]>', "Ships leave"),
        ("a picture", '<![CDATA[<img src="a.png"> Ships]]>', "Ships"),
        ("a comment", "Ships<!-- many --> leave", "Ships leave"),
        ("a section in the middle", "Ships <![CDATA[& boats]]> leave", "Ships & boats leave"),
        ("two sections", "<![CDATA[Ships]]> <![CDATA[leave]]>", "Ships leave"),
        ("a named character", "Caf&amp;eacute;", "Café"),
        ("a named character in a section", "<![CDATA[Caf&eacute; &ndash; bar]]>", "Café – bar"),
        ("a numbered character", "Caf&#233; &#8211; bar", "Café – bar"),
        ("a numbered character escaped twice", "&amp;#8220;Now&amp;#8221;", "“Now”"),
        ("an apostrophe escaped twice", "Ana&amp;#039;s ship", "Ana's ship"),
        ("quotation marks", "&quot;Now&quot;", '"Now"'),
        ("quotation marks escaped twice", "&amp;quot;Now&amp;quot;", '"Now"'),
        ("quotation marks of Windows by number", "&#147;Now&#148;", "“Now”"),
        ("the euro of Windows by number", "&#128; 5", "€ 5"),
        ("a space that does not break", "Ships&#160;leave", "Ships leave"),
        ("an ellipsis", "Ships leave&#8230;", "Ships leave…"),
        ("a bell", "&#x1F514; Ships", "🔔 Ships"),
        ("a bell as it is", "🔔 Ships", "🔔 Ships"),
        ("another script", "Військові інструктори", "Військові інструктори"),
        ("Arabic", "سفن تغادر", "سفن تغادر"),
        ("Japanese", "船が出る", "船が出る"),
        ("an unknown named character", "&amp;ship; leaves", "&ship; leaves"),
        ("what only looks like a named character", "?a=1&amp;copy=2", "?a=1&copy=2"),
        ("an element of pages that a story is about", "How &amp;lt;b&amp;gt; is used", "How <b> is used"),
        ("brackets", "[Update] Ships {all} (now)", "[Update] Ships {all} (now)"),
        ("a backslash", r"C:\ships\n", r"C:\ships\n"),
        ("a percent sign", "5 % of ships", "5 % of ships"),
        ("empty", "", ""),
        ("an empty section", "<![CDATA[]]>", ""),
        ("spaces", "  \n ", ""),
    ),
)
def test_an_item_s_title_is_one_line_of_text(inside: str, title: str) -> None:
    assert item(f"<title>{inside}</title><guid>1</guid>").title == title


def test_no_title_is_made_up() -> None:
    assert item("<description>Ships left.</description>").title == ""


def test_the_first_of_two_titles_counts() -> None:
    assert item("<title>Ships</title><title>Boats</title>").title == "Ships"


# Descriptions


@pytest.mark.parametrize(
    ("inside", "text"),
    cases(
        ("plain", "Ships left.", "Ships left."),
        ("paragraphs", "&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;", "One.\n\nTwo."),
        ("paragraphs in a section", "<![CDATA[<p>One.</p><p>Two.</p>]]>", "One.\n\nTwo."),
        ("paragraphs that are not closed", "<![CDATA[<p>One.<p>Two.]]>", "One.\n\nTwo."),
        ("paragraphs that are not escaped", "<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        (
            "paragraphs escaped twice",
            "&amp;lt;p&amp;gt;One.&amp;lt;/p&amp;gt;&amp;lt;p&amp;gt;Two.&amp;lt;/p&amp;gt;",
            "One.\n\nTwo.",
        ),
        ("paragraphs by blank lines", "One.\n\nTwo.", "One.\n\nTwo."),
        ("paragraphs by line breaks", "<![CDATA[One.<br><br/>Two.]]>", "One.\n\nTwo."),
        ("paragraphs by line breaks that are escaped", "One.&lt;br /&gt;&lt;br /&gt;Two.", "One.\n\nTwo."),
        ("a line break that is not escaped", "One.<br/>Two.", "One.\n\nTwo."),
        ("a single line of source", "One\ntwo.", "One two."),
        ("a named character that is not escaped twice", "<![CDATA[Caf&eacute;]]>", "Café"),
        ("a named character that is escaped twice", "Caf&amp;eacute;", "Café"),
        ("a picture before the text", '<![CDATA[<img src="/1.png" align="left"/>Ships left.]]>', "Ships left."),
        ("a picture alone", '<![CDATA[<img src="/1.png"/>]]>', ""),
        ("a link within the text", '<![CDATA[Ships <a href="/2">left</a>.]]>', "Ships left."),
        ("a quotation", "<![CDATA[<blockquote>One.</blockquote>Two.]]>", "One.\n\nTwo."),
        ("a heading", "<![CDATA[<h2>One</h2>Two.]]>", "One\n\nTwo."),
        ("a list", "<![CDATA[<ul><li>One</li><li>Two</li></ul>]]>", "One\n\nTwo"),
        ("a frame", '<![CDATA[One.<iframe src="/film">No film</iframe>]]>', "One."),
        ("a script", "<![CDATA[One.<script>if (1 < 2) two()</script>]]>", "One."),
        ("a comment in the markup", "<![CDATA[One.<!-- two -->]]>", "One."),
        ("a comparison", "3 &lt; 4 and 5 &gt; 4", "3 < 4 and 5 > 4"),
        ("a whole page", "<![CDATA[<html><head><title>T</title></head><body><p>One.</p></body></html>]]>", "One."),
        ("a section within a section, escaped", "&lt;![CDATA[One.]]&gt;", "One."),
        ("sections one behind the other", "<![CDATA[One ]]><![CDATA[and two.]]>", "One and two."),
        ("a bracket pair in the text", "<![CDATA[One ]] two.]]>", "One ]] two."),
        (
            "a counter's picture at the end",
            '<![CDATA[One.<img width="1" height="1" src="https://c.example/p"/>]]>',
            "One.",
        ),
        ("empty", "", ""),
        ("an empty section", "<![CDATA[]]>", ""),
        ("an empty paragraph", "<![CDATA[<p>&nbsp;</p>]]>", ""),
    ),
)
def test_a_description_is_text_with_paragraphs(inside: str, text: str) -> None:
    found = item(f"<title>Ships</title><description>{inside}</description>")
    assert (found.title, found.summary, found.content) == ("Ships", text, "")


def test_a_page_s_title_in_a_description_is_its_own() -> None:
    inside = "<description><title>Foreign</title><p>One.</p></description>"
    assert item(f"{inside}<title>Ships</title>").title == "Ships"


ELEMENTS = """
a abbr acronym address article aside b bdi bdo big blink blockquote center cite code dd del details dfn dir div dl dt
em fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 header hgroup i ins kbd label legend li listing main
mark marquee menu multicol nav nobr ol p pre q s samp section small span strike strong sub summary sup table tbody td
tfoot th thead time tr tt u ul var xmp
"""
VOID = "area base basefont bgsound br col embed frame hr img input link meta param source spacer track wbr"


@pytest.mark.parametrize("name", ELEMENTS.split())
def test_an_element_of_pages_is_no_text(name: str) -> None:
    for start, end in ((name, name), (name.upper(), name.upper()), (f'{name} class="x"', name)):
        inside = f"<![CDATA[<{start}>Ships</{end}> left.]]>"
        found = item(f"<title>{inside}</title><description>{inside}</description>")
        assert (found.title, found.summary.split()) == ("Ships left.", ["Ships", "left."])


@pytest.mark.parametrize("name", VOID.split())
def test_an_empty_element_of_pages_is_no_text(name: str) -> None:
    for element in (f"<{name}>", f"<{name}/>", f'<{name} id="x">', f'<{name.upper()} ID="x" />'):
        inside = f"<![CDATA[Ships {element} left.]]>"
        found = item(f"<title>{inside}</title><description>{inside}</description>")
        assert (found.title, found.summary.split()) == ("Ships left.", ["Ships", "left."])


@pytest.mark.parametrize("name", ["script", "style", "applet", "template"])
def test_what_no_page_shows_is_no_text(name: str) -> None:
    inside = f'<![CDATA[Ships <{name} type="x">foreign("matter") {{}}</{name}>left.]]>'
    found = item(f"<title>{inside}</title><description>{inside}</description>")
    assert (found.title, found.summary) == ("Ships left.", "Ships left.")


def by_number(markup: str) -> str:
    return "".join(f"&#{ord(character)};" if character in "<>&" else character for character in markup)


def by_hexadecimal_number(markup: str) -> str:
    return "".join(f"&#x{ord(character):X};" if character in "<>&" else character for character in markup)


def in_a_section(markup: str) -> str:
    return f"<![CDATA[{markup}]]>"


@pytest.mark.parametrize("wrapped", [escape, by_number, by_hexadecimal_number, in_a_section])
@pytest.mark.parametrize(
    ("markup", "text"),
    cases(
        ("an ampersand", "<b>1 &amp; 2</b>", "1 & 2"),
        ("a bare ampersand", "<b>1 & 2</b>", "1 & 2"),
        ("an ampersand by its number", "<b>1 &#38; 2</b>", "1 & 2"),
        ("an ampersand by its hexadecimal number", "<b>1 &#x26; 2</b>", "1 & 2"),
        ("a less-than sign", "<b>3 &lt; 4</b>", "3 < 4"),
        ("a less-than sign by its number", "<b>3 &#60; 4</b>", "3 < 4"),
        ("a less-than sign by its hexadecimal number", "<b>3 &#x3c; 4</b>", "3 < 4"),
        ("a greater-than sign", "<b>4 &gt; 3 > 2</b>", "4 > 3 > 2"),
        ("all at once", "<b>1 &amp; 2 & 3 &lt; 4</b> &quot;5&quot; &#39;6&apos;", "1 & 2 & 3 < 4 \"5\" '6'"),
        ("elements side by side", "<b>1</b>&amp;<b>2</b>&#38;<i>3</i>", "1&2&3"),
        ("an element that is named", "<b>The &lt;b&gt; element</b>", "The <b> element"),
        ("an attribute with an ampersand", '<a href="/?a=1&amp;b=2">Ships</a>', "Ships"),
        ("an attribute with a bare ampersand", '<a href="/?a=1&b=2">Ships</a>', "Ships"),
        ("an attribute with a greater-than sign", '<a title="1 > 0" href="/">Ships</a>', "Ships"),
        ("named characters", "<b>Caf&eacute;&nbsp;&mdash; bar</b>", "Café — bar"),
    ),
)
def test_markup_may_be_wrapped_in_any_way(wrapped: Callable[[str], str], markup: str, text: str) -> None:
    inside = wrapped(markup)
    of_rss = item(f"<title>{inside}</title><description>{inside}</description>")
    of_atom = entry(f'<title type="html">{inside}</title><summary type="html">{inside}</summary>')
    assert (of_rss.title, of_rss.summary) == (text, text)
    assert (of_atom.title, of_atom.summary) == (text, text)


@pytest.mark.parametrize(
    ("inside", "found"),
    cases(
        ("id", "<id>17</id>", Entry(guid="17")),
        ("published", "<published>2026-10-12T08:30:00Z</published>", Entry(published=instant("2026-10-12 08:30"))),
        ("updated", "<updated>2026-10-12T08:30:00Z</updated>", Entry(published=instant("2026-10-12 08:30"))),
        ("issued", "<issued>2026-10-12T08:30:00Z</issued>", Entry(published=instant("2026-10-12 08:30"))),
        ("modified", "<modified>2026-10-12T08:30:00Z</modified>", Entry(published=instant("2026-10-12 08:30"))),
        ("created", "<created>2026-10-12T08:30:00Z</created>", Entry(published=instant("2026-10-12 08:30"))),
        ("summary", "<summary>Ships left.</summary>", Entry(summary="Ships left.")),
        ("content", "<content>Ships left.</content>", Entry(summary="Ships left.")),
    ),
)
def test_words_of_atom_s_are_understood(inside: str, found: Entry) -> None:
    assert item(f"<title>Ships</title>{inside}") == found._replace(title="Ships")


# Links, guids: what they look like is in test_links.py


@pytest.mark.parametrize(
    ("inside", "guid", "url"),
    cases(
        ("a link alone", "<link>/1</link>", None, "https://outlet.example/1"),
        (
            "a permalink alone",
            "<guid>https://outlet.example/1</guid>",
            "https://outlet.example/1",
            "https://outlet.example/1",
        ),
        (
            "a permalink that says so",
            '<guid isPermaLink="true">https://outlet.example/1</guid>',
            "https://outlet.example/1",
            "https://outlet.example/1",
        ),
        (
            "a guid that is no permalink",
            '<guid isPermaLink="false">https://outlet.example/1</guid>',
            "https://outlet.example/1",
            None,
        ),
        (
            "a guid that is no permalink, in capitals",
            '<guid isPermaLink="False">https://outlet.example/1</guid>',
            "https://outlet.example/1",
            None,
        ),
        (
            "a guid that is no permalink, its attribute misspelt",
            '<guid ispermalink="false">https://outlet.example/1</guid>',
            "https://outlet.example/1",
            None,
        ),
        ("a guid that is no address", "<guid>ships-1</guid>", "ships-1", None),
        ("a guid that is a number", "<guid>17</guid>", "17", None),
        ("a guid that is a URN", "<guid>urn:uuid:1225c695</guid>", "urn:uuid:1225c695", None),
        ("a guid with a link", '<guid isPermaLink="false">17</guid><link>/1</link>', "17", "https://outlet.example/1"),
        (
            "a permalink with another link",
            "<guid>https://outlet.example/1</guid><link>/2</link>",
            "https://outlet.example/1",
            "https://outlet.example/2",
        ),
        (
            "a permalink with an empty link",
            "<guid>https://outlet.example/1</guid><link/>",
            "https://outlet.example/1",
            "https://outlet.example/1",
        ),
        ("a padded guid", "<guid>\n 17\n</guid>", "17", None),
        ("a guid in a section", "<guid><![CDATA[a&b]]></guid>", "a&b", None),
        ("a guid with an ampersand", "<guid>a&amp;b</guid>", "a&b", None),
        ("an empty guid", "<guid/><link>/1</link>", None, "https://outlet.example/1"),
        ("the source's link", '<source url="https://agency.example/rss">Agency</source>', None, None),
        ("the comments' link", "<comments>https://outlet.example/1#c</comments>", None, None),
        ("an enclosure's link", '<enclosure url="/1.mp3" length="1" type="audio/mpeg"/>', None, None),
        ("neither", "", None, None),
    ),
)
def test_a_guid_and_a_link(inside: str, guid: str | None, url: str | None) -> None:
    found = item(f"<title>Ships</title>{inside}")
    assert (found.guid, found.url) == (guid, url)


# Authors


@pytest.mark.parametrize(
    ("inside", "author"),
    cases(
        ("an address with a name", "<author>a@outlet.example (Ana Ray)</author>", "Ana Ray"),
        ("a name before an address in angle brackets", "<author>Ana Ray &lt;a@outlet.example&gt;</author>", "Ana Ray"),
        ("a name before an address in brackets", "<author>Ana Ray (a@outlet.example)</author>", "Ana Ray"),
        ("a quoted name before an address", '<author>"Ana Ray" &lt;a@outlet.example&gt;</author>', "Ana Ray"),
        ("an address in angle brackets before a name", "<author>&lt;a@outlet.example&gt; Ana Ray</author>", "Ana Ray"),
        ("an address beside a name", "<author>a@outlet.example Ana Ray</author>", "Ana Ray"),
        ("an address alone", "<author>a@outlet.example</author>", "a@outlet.example"),
        ("an address with empty brackets", "<author>a@outlet.example ()</author>", "a@outlet.example"),
        ("a name alone", "<author>Ana Ray</author>", "Ana Ray"),
        ("a name in a section", "<author><![CDATA[Ana & Ben]]></author>", "Ana & Ben"),
        ("a name with an escaped letter", "<author>Ren&amp;eacute;</author>", "René"),
        ("a name with its post in brackets", "<author>Ana Ray (Kyiv)</author>", "Ana Ray (Kyiv)"),
        ("a padded name", "<author>\n Ana   Ray </author>", "Ana Ray"),
        ("markup in a name", '<author><![CDATA[<a href="/ana">Ana Ray</a>]]></author>', "Ana Ray"),
        ("several names in one", "<author>Ana Ray, Ben Lee</author>", "Ana Ray, Ben Lee"),
        ("several authors", "<author>Ana Ray</author><author>Ben Lee</author>", "Ana Ray, Ben Lee"),
        ("one author twice", "<author>Ana Ray</author><author>Ana Ray</author>", "Ana Ray"),
        (
            "an address and a creator of the same name",
            "<author>a@x.example (Ana)</author><dc:creator>Ana</dc:creator>",
            "Ana",
        ),
        ("an address and a creator", "<author>a@x.example</author><dc:creator>Ana</dc:creator>", "Ana"),
        ("an author as in Atom", "<author><name>Ana Ray</name><email>a@x.example</email></author>", "Ana Ray"),
        ("empty", "<author/>", None),
        ("empty brackets", "<author>()</author>", None),
        ("missing", "", None),
        ("Dublin Core's creator", "<dc:creator>Ana Ray</dc:creator>", "Ana Ray"),
        ("Dublin Core's creator in a section", "<dc:creator><![CDATA[ Ana Ray ]]></dc:creator>", "Ana Ray"),
        ("Dublin Core's creator with an address", "<dc:creator>Ana Ray (mailto:a@x.example)</dc:creator>", "Ana Ray"),
        ("two creators", "<dc:creator>Ana</dc:creator><dc:creator>Ben</dc:creator>", "Ana, Ben"),
        ("a podcast's author", "<itunes:author>Ana Ray</itunes:author>", "Ana Ray"),
        ("Atom's author", "<atom:author><atom:name>Ana Ray</atom:name></atom:author>", "Ana Ray"),
        ("a contributor is no author", "<dc:contributor>Ben</dc:contributor>", None),
        ("a publisher is no author", "<dc:publisher>House</dc:publisher>", None),
        ("a picture's credit is no author", "<media:credit>Phil</media:credit>", None),
        ("the source is no author", '<source url="https://agency.example/rss">Agency</source>', None),
    ),
)
def test_an_author_is_a_name(inside: str, author: str | None) -> None:
    assert item(f"<title>Ships</title>{inside}").author == author


# Categories


@pytest.mark.parametrize(
    ("inside", "categories"),
    cases(
        ("one", "<category>Ports</category>", ("Ports",)),
        ("several in order", "<category>b</category><category>a</category>", ("b", "a")),
        ("one twice", "<category>a</category><category>b</category><category>a</category>", ("a", "b")),
        ("a domain", '<category domain="https://d.example/">Ports</category>', ("Ports",)),
        ("one in two domains", '<category domain="x">a</category><category domain="y">a</category>', ("a",)),
        ("a section", "<category><![CDATA[Sea & air]]></category>", ("Sea & air",)),
        ("an ampersand", "<category>Sea &amp; air</category>", ("Sea & air",)),
        ("an ampersand escaped twice", "<category>Sea &amp;amp; air</category>", ("Sea & air",)),
        ("a path", "<category>News/Sea</category>", ("News/Sea",)),
        ("padding", "<category>\n Sea   air </category>", ("Sea air",)),
        ("another script", "<category>Порти</category>", ("Порти",)),
        ("empty", "<category/>", ()),
        ("empty beside one", "<category> </category><category>a</category>", ("a",)),
        ("Atom's attributes", '<category term="ports" label="Ports"/>', ("Ports",)),
        ("Dublin Core's subject", "<dc:subject>Ports</dc:subject>", ("Ports",)),
        ("a category and a subject", "<category>a</category><dc:subject>b</dc:subject>", ("a", "b")),
        ("a category and the same subject", "<category>a</category><dc:subject>a</dc:subject>", ("a",)),
        ("none", "", ()),
    ),
)
def test_categories_are_read_in_order(inside: str, categories: tuple[str, ...]) -> None:
    assert item(f"<title>Ships</title>{inside}").categories == categories


# Dates: what they look like is in test_dates.py


@pytest.mark.parametrize(
    ("inside", "when"),
    cases(
        ("pubDate", "<pubDate>Mon, 12 Oct 2026 08:30:00 GMT</pubDate>", "2026-10-12 08:30"),
        ("pubDate in a section", "<pubDate><![CDATA[Mon, 12 Oct 2026 08:30:00 GMT]]></pubDate>", "2026-10-12 08:30"),
        ("pubDate over lines", "<pubDate>\n  Mon, 12 Oct 2026\n  08:30:00 GMT\n</pubDate>", "2026-10-12 08:30"),
        ("pubDate in the form of Atom", "<pubDate>2026-10-12T08:30:00Z</pubDate>", "2026-10-12 08:30"),
        ("pubDate misspelt", "<pubdate>Mon, 12 Oct 2026 08:30:00 GMT</pubdate>", "2026-10-12 08:30"),
        ("Dublin Core's date", "<dc:date>2026-10-12T08:30:00Z</dc:date>", "2026-10-12 08:30"),
        (
            "pubDate before Dublin Core's",
            "<dc:date>2026-10-13T00:00:00Z</dc:date><pubDate>Mon, 12 Oct 2026 08:30:00 GMT</pubDate>",
            "2026-10-12 08:30",
        ),
        (
            "Dublin Core's where pubDate is nonsense",
            "<pubDate>soon</pubDate><dc:date>2026-10-12T08:30:00Z</dc:date>",
            "2026-10-12 08:30",
        ),
        (
            "Dublin Core's where pubDate is empty",
            "<pubDate/><dc:date>2026-10-12T08:30:00Z</dc:date>",
            "2026-10-12 08:30",
        ),
        ("Atom's", "<atom:updated>2026-10-12T08:30:00Z</atom:updated>", "2026-10-12 08:30"),
        ("Atom's published", "<atom:published>2026-10-12T08:30:00Z</atom:published>", "2026-10-12 08:30"),
        ("issued", "<dcterms:issued>2026-10-12T08:30:00Z</dcterms:issued>", "2026-10-12 08:30"),
        ("created", "<dcterms:created>2026-10-12T08:30:00Z</dcterms:created>", "2026-10-12 08:30"),
        ("modified", "<dcterms:modified>2026-10-12T08:30:00Z</dcterms:modified>", "2026-10-12 08:30"),
        (
            "issued before modified",
            "<dcterms:modified>2026-10-13</dcterms:modified><dcterms:issued>2026-10-12T08:30:00Z</dcterms:issued>",
            "2026-10-12 08:30",
        ),
        ("an expiry is no date of publication", "<expirationDate>Mon, 12 Oct 2026 08:30:00 GMT</expirationDate>", None),
        ("a validity is no date of publication", "<dcterms:valid>2026-10-12</dcterms:valid>", None),
        ("nonsense", "<pubDate>soon</pubDate>", None),
        ("empty", "<pubDate/>", None),
        ("missing", "", None),
    ),
)
def test_an_item_is_dated(inside: str, when: str | None) -> None:
    found = item(f"<title>Ships</title>{inside}", head="<pubDate>Sun, 01 Nov 2026 00:00:00 GMT</pubDate>")
    assert found.published == instant(when)


# Enclosures


@pytest.mark.parametrize(
    ("inside", "image"),
    cases(
        ("a picture", '<enclosure url="/1.jpg" length="10" type="image/jpeg"/>', "https://outlet.example/1.jpg"),
        (
            "a picture of another type",
            '<enclosure url="/1.webp" length="10" type="image/webp"/>',
            "https://outlet.example/1.webp",
        ),
        ("a picture without its length", '<enclosure url="/1.jpg" type="image/jpeg"/>', "https://outlet.example/1.jpg"),
        ("a picture without its type", '<enclosure url="/1.jpg" length="10"/>', "https://outlet.example/1.jpg"),
        ("a picture whose type is in capitals", '<enclosure url="/1" type="IMAGE/JPEG"/>', "https://outlet.example/1"),
        ("a recording", '<enclosure url="/1.mp3" length="10" type="audio/mpeg"/>', None),
        ("a film", '<enclosure url="/1.mp4" length="10" type="video/mp4"/>', None),
        (
            "a recording and a picture",
            '<enclosure url="/1.mp3" type="audio/mpeg"/><enclosure url="/1.jpg" type="image/jpeg"/>',
            "https://outlet.example/1.jpg",
        ),
        (
            "the first of two pictures",
            '<enclosure url="/1.jpg" type="image/jpeg"/><enclosure url="/2.jpg" type="image/jpeg"/>',
            "https://outlet.example/1.jpg",
        ),
        ("an ampersand", '<enclosure url="/i?a=1&amp;b=2" type="image/png"/>', "https://outlet.example/i?a=1&b=2"),
        ("no address", '<enclosure type="image/jpeg"/>', None),
        ("an empty address", '<enclosure url="" type="image/jpeg"/>', None),
        ("a picture written into its address", '<enclosure url="data:image/gif;base64,R0lG" type="image/gif"/>', None),
        ("none", "", None),
    ),
)
def test_an_enclosed_picture_is_the_item_s(inside: str, image: str | None) -> None:
    assert item(f"<title>Ships</title>{inside}").image == image


# What does not concern a reader


@pytest.mark.parametrize(
    "element",
    cases(
        ("source", '<source url="https://agency.example/rss">Agency</source>'),
        ("comments", "<comments>https://outlet.example/1#c</comments>"),
        ("a picture with a title and a link", "<image><url>/l.png</url><title>Logo</title><link>/logo</link></image>"),
        ("an unknown element", "<prize>Foreign</prize>"),
        ("an unknown element that holds others", "<prize><title>Foreign</title><link>/foreign</link></prize>"),
        ("an element of an extension", '<x:prize xmlns:x="urn:x">Foreign</x:prize>'),
        ("an extension's title", '<x:title xmlns:x="urn:x">Foreign</x:title>'),
        ("an extension's link", '<x:link xmlns:x="urn:x">https://foreign.example/</x:link>'),
        ("an extension's description", '<x:description xmlns:x="urn:x">Foreign</x:description>'),
        ("an extension's guid", '<x:guid xmlns:x="urn:x">foreign</x:guid>'),
        ("an extension's date", '<x:pubDate xmlns:x="urn:x">Mon, 12 Oct 2026 08:30:00 GMT</x:pubDate>'),
        ("an extension's category", '<x:category xmlns:x="urn:x">foreign</x:category>'),
        ("an extension's structure", '<x:box xmlns:x="urn:x"><title>Foreign</title><link>/foreign</link></x:box>'),
        ("a default namespace of its own", '<box xmlns="urn:x"><title>Foreign</title><link>/foreign</link></box>'),
        ("a comment", "<!-- <title>Foreign</title> -->"),
        ("an instruction", "<?title Foreign?>"),
    ),
)
@pytest.mark.parametrize("where", ["before", "behind"])
def test_what_does_not_concern_a_reader_changes_nothing(element: str, where: str) -> None:
    known = "<title>Ships</title><link>/1</link><description>Ships left.</description><guid>17</guid>"
    found = item(element + known if where == "before" else known + element)
    assert (found.guid, found.url) == ("17", "https://outlet.example/1")
    assert (found.title, found.summary, found.content) == ("Ships", "Ships left.", "")
    assert (found.published, found.categories) == (None, ())


# Documents


@pytest.mark.parametrize("version", ["2.0", "2", "2.00", "2.0.1", "2.0.11", "2.1", "3.0", "", "banana"])
def test_a_version_does_not_matter(version: str) -> None:
    assert titles(rss("<item><title>Ships</title></item>", version=version)) == ["Ships"]


def test_no_version_does_not_matter() -> None:
    assert titles("<rss><channel><item><title>Ships</title></item></channel></rss>") == ["Ships"]


@pytest.mark.parametrize(
    "namespace",
    cases(
        ("of RSS 2.0 as some have it", "http://backend.userland.com/rss2"),
        ("of Userland's", "http://backend.userland.com/rss"),
        ("of Userland's in capitals", "http://backend.userland.com/RSS2"),
        ("of Harvard's", "http://blogs.law.harvard.edu/tech/rss"),
        ("of RSS 1.0", "http://purl.org/rss/1.0/"),
        ("of RSS 0.90", "http://my.netscape.com/rdf/simple/0.9/"),
        ("of Atom", "http://www.w3.org/2005/Atom"),
        ("of Atom 0.3", "http://purl.org/atom/ns#"),
        ("of RSS 0.91 as a module", "http://purl.org/rss/1.0/modules/rss091#"),
        ("that nobody knows", "urn:nobody:knows"),
        ("that is empty", ""),
    ),
)
def test_a_default_namespace_hides_nothing(namespace: str) -> None:
    document = rss(
        "<title>Outlet</title><link>/</link><item><title>Ships</title><link>/1</link><guid>17</guid>"
        "<description>Ships left.</description><pubDate>Mon, 12 Oct 2026 08:30:00 GMT</pubDate></item>",
        attributes=f'xmlns="{namespace}"',
    )
    found = read(document)
    assert (found.title, found.site_url) == ("Outlet", "https://outlet.example/")
    assert found.entries == (
        Entry(
            guid="17",
            url="https://outlet.example/1",
            title="Ships",
            summary="Ships left.",
            published=instant("2026-10-12 08:30"),
        ),
    )


def test_a_prefix_hides_nothing() -> None:
    document = (
        '<r:rss version="2.0" xmlns:r="http://backend.userland.com/rss2"><r:channel><r:title>Outlet</r:title>'
        "<r:item><r:title>Ships</r:title><r:link>/1</r:link></r:item></r:channel></r:rss>"
    )
    assert read(document).title == "Outlet"
    assert (only(document).title, only(document).url) == ("Ships", "https://outlet.example/1")


@pytest.mark.parametrize(
    ("document", "found"),
    cases(
        ("items in their order", rss("<item><title>B</title></item><item><title>A</title></item>"), ["B", "A"]),
        ("no items", rss("<title>Outlet</title>"), []),
        ("an empty channel", "<rss><channel/></rss>", []),
        ("no channel", "<rss/>", []),
        ("items behind the channel", "<rss><channel></channel><item><title>A</title></item></rss>", ["A"]),
        ("items without a channel", "<rss><item><title>A</title></item></rss>", ["A"]),
        (
            "items before what the channel says",
            rss("<item><title>A</title></item><title>Outlet</title><link>/</link>"),
            ["A"],
        ),
        (
            "two channels",
            "<rss><channel><title>X</title><item><title>A</title></item></channel>"
            "<channel><title>Y</title><item><title>B</title></item></channel></rss>",
            ["A", "B"],
        ),
        ("items in a list of their own", rss("<items><item><title>A</title></item></items>"), ["A"]),
        ("an item that says nothing", rss("<item/><item><title>A</title></item>"), ["A"]),
        ("an item with a description only", rss("<item><description>D</description></item>"), [""]),
        ("an item with a link only", rss("<item><link>/1</link></item>"), [""]),
        (
            "items of one guid",
            rss("<item><guid>1</guid><title>A</title></item><item><guid>1</guid><title>B</title></item>"),
            ["A", "B"],
        ),
        (
            "an item of another kind",
            rss('<x:item xmlns:x="urn:x"><x:title>X</x:title></x:item><item><title>A</title></item>'),
            ["A"],
        ),
        ("a channel alone", "<channel><title>X</title><item><title>A</title></item></channel>", ["A"]),
        ("a document type", "<!DOCTYPE rss><rss><channel><item><title>A</title></item></channel></rss>", ["A"]),
        (
            "a style sheet",
            '<?xml-stylesheet href="a.xsl"?>' + "<rss><channel><item><title>A</title></item></channel></rss>",
            ["A"],
        ),
        ("a comment before it", "<!-- <rss> --><rss><channel><item><title>A</title></item></channel></rss>", ["A"]),
        ("comments within it", rss("<!-- a --><item><!-- b --><title>A</title><!-- c --></item><!-- d -->"), ["A"]),
        (
            "a comment that holds an item",
            rss("<!-- <item><title>X</title></item> --><item><title>A</title></item>"),
            ["A"],
        ),
        (
            "a section that holds an item",
            rss("<description><![CDATA[<item><title>X</title></item>]]></description><item><title>A</title></item>"),
            ["A"],
        ),
        (
            "attributes everywhere",
            '<rss a="1"><channel b="2"><item c="3"><title d="4">A</title></item></channel></rss>',
            ["A"],
        ),
        ("line ends of Windows", rss("\r\n<item>\r\n<title>A\r\nB</title>\r\n</item>\r\n"), ["A B"]),
        ("line ends of old", rss("\r<item>\r<title>A\rB</title>\r</item>\r"), ["A B"]),
        ("all on one line", rss("<item><title>A</title></item>" * 3), ["A", "A", "A"]),
    ),
)
def test_a_document_holds_its_items(document: str, found: list[str]) -> None:
    assert titles(document) == found


def test_many_items_are_read() -> None:
    document = rss("".join(f"<item><title>Ship {number}</title></item>" for number in range(2_000)))
    assert titles(document) == [f"Ship {number}" for number in range(2_000)]


def test_an_entity_of_the_document_s_own_is_what_it_says() -> None:
    document = (
        '<!DOCTYPE rss [<!ENTITY outlet "The Courier"><!ENTITY pause "&#8212;">]>'
        "<rss><channel><item><title>Ships &pause; &outlet;</title></item></channel></rss>"
    )
    assert titles(document) == ["Ships — The Courier"]


def test_a_whole_item_is_read() -> None:
    found = item(
        "<title>Ships leave</title><link>https://outlet.example/1</link>"
        "<description>&lt;p&gt;Three ships left.&lt;/p&gt;</description>"
        "<author>a@outlet.example (Ana Ray)</author><category>Ports</category><category>Sea</category>"
        '<comments>https://outlet.example/1#c</comments><enclosure url="/1.jpg" length="10" type="image/jpeg"/>'
        '<guid isPermaLink="false">17</guid><pubDate>Mon, 12 Oct 2026 10:30:00 +0200</pubDate>'
        '<source url="https://agency.example/rss">Agency</source>',
        head="<language>en-gb</language>",
    )
    assert found == Entry(
        guid="17",
        url="https://outlet.example/1",
        title="Ships leave",
        summary="Three ships left.",
        published=instant("2026-10-12 08:30"),
        author="Ana Ray",
        categories=("Ports", "Sea"),
        language="en",
        image="https://outlet.example/1.jpg",
    )


def test_a_long_description_is_kept_whole() -> None:
    sentences = "It was loaded with grain. " * 400
    assert story(item(f"<title>Ships</title><description>{sentences}</description>")) == sentences.strip()
