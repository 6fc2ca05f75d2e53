"""Modules, in RSS and Atom alike: what of Dublin Core, Media RSS and so on a reader of news should understand."""

import pytest
from wrapping import ATOM_1_0, cases, entry, instant, item, only, read, rss, story

from bot.domain.stories import Entry

KNOWN = "<title>Ships</title><link>/1</link><description>Ships left.</description>"
SHIPS = Entry(url="https://outlet.example/1", title="Ships", summary="Ships left.")

# Under other prefixes, and under names that are almost right


@pytest.mark.parametrize(
    "uri",
    cases(
        ("as it is", "http://purl.org/dc/elements/1.1/"),
        ("of its first version", "http://purl.org/dc/elements/1.0/"),
        ("with a secure scheme", "https://purl.org/dc/elements/1.1/"),
        ("without its slash", "http://purl.org/dc/elements/1.1"),
        ("of its terms", "http://purl.org/dc/terms/"),
    ),
)
@pytest.mark.parametrize("prefix", ["dc", "d", "dublin-core"])
def test_dublin_core_is_known_under_a_prefix_and_a_name(prefix: str, uri: str) -> None:
    document = (
        f'<rss version="2.0" xmlns:{prefix}="{uri}"><channel><item><title>Ships</title>'
        f"<{prefix}:creator>Ana</{prefix}:creator><{prefix}:date>2026-10-12</{prefix}:date>"
        f"<{prefix}:subject>Ports</{prefix}:subject></item></channel></rss>"
    )
    found = only(document)
    assert (found.author, found.published, found.categories) == ("Ana", instant("2026-10-12"), ("Ports",))


@pytest.mark.parametrize(
    ("uri", "prefix"),
    cases(
        ("as it is", "http://purl.org/rss/1.0/modules/content/", "content"),
        ("another prefix", "http://purl.org/rss/1.0/modules/content/", "c"),
        ("a secure scheme", "https://purl.org/rss/1.0/modules/content/", "content"),
        ("no slash", "http://purl.org/rss/1.0/modules/content", "content"),
    ),
)
def test_an_encoded_content_is_known_under_a_prefix_and_a_name(uri: str, prefix: str) -> None:
    document = (
        f'<rss version="2.0" xmlns:{prefix}="{uri}"><channel><item><title>Ships</title>'
        f"<{prefix}:encoded>&lt;p&gt;One.&lt;/p&gt;</{prefix}:encoded></item></channel></rss>"
    )
    assert story(only(document)) == "One."


@pytest.mark.parametrize(
    ("uri", "prefix"),
    cases(
        ("as it is", "http://search.yahoo.com/mrss/", "media"),
        ("another prefix", "http://search.yahoo.com/mrss/", "m"),
        ("no slash", "http://search.yahoo.com/mrss", "media"),
        ("a secure scheme", "https://search.yahoo.com/mrss/", "media"),
        ("the board's", "http://www.rssboard.org/media-rss", "media"),
    ),
)
def test_a_thumbnail_is_known_under_a_prefix_and_a_name(uri: str, prefix: str) -> None:
    document = (
        f'<rss version="2.0" xmlns:{prefix}="{uri}"><channel><item><title>Ships</title>'
        f'<{prefix}:thumbnail url="/1.jpg"/></item></channel></rss>'
    )
    assert only(document).image == "https://outlet.example/1.jpg"


@pytest.mark.parametrize(
    "uri",
    [
        "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "http://www.itunes.com/DTDs/PodCast-1.0.dtd",
        "http://www.itunes.com/DTDs/Podcast-1.0.dtd",
        "https://www.itunes.com/dtds/podcast-1.0.dtd",
    ],
)
def test_a_podcast_is_known_under_a_name(uri: str) -> None:
    document = (
        f'<rss version="2.0" xmlns:i="{uri}"><channel><item><title>Ships</title><i:author>Ana</i:author>'
        '<i:image href="/1.jpg"/></item></channel></rss>'
    )
    assert (only(document).author, only(document).image) == ("Ana", "https://outlet.example/1.jpg")


def test_prefixes_may_be_exchanged() -> None:
    document = (
        '<rss version="2.0" xmlns:media="http://purl.org/dc/elements/1.1/" xmlns:dc="http://search.yahoo.com/mrss/">'
        '<channel><item><title>Ships</title><media:creator>Ana</media:creator><dc:thumbnail url="/1.jpg"/></item>'
        "</channel></rss>"
    )
    assert (only(document).author, only(document).image) == ("Ana", "https://outlet.example/1.jpg")


def test_a_namespace_may_be_declared_where_it_is_used() -> None:
    inside = '<title>Ships</title><c:creator xmlns:c="http://purl.org/dc/elements/1.1/">Ana</c:creator>'
    assert item(inside).author == "Ana"
    assert item('<title>Ships</title><creator xmlns="http://purl.org/dc/elements/1.1/">Ana</creator>').author == "Ana"


# Dublin Core


@pytest.mark.parametrize(
    ("inside", "title", "summary"),
    cases(
        ("a title alone", "<dc:title>Ships</dc:title>", "Ships", ""),
        ("a title behind the item's", "<title>Ships</title><dc:title>Boats</dc:title>", "Ships", ""),
        ("a title before the item's", "<dc:title>Boats</dc:title><title>Ships</title>", "Ships", ""),
        ("a title where the item's is empty", "<title/><dc:title>Ships</dc:title>", "Ships", ""),
        ("a description alone", "<dc:description>Ships left.</dc:description>", "", "Ships left."),
        (
            "a description beside the item's",
            "<dc:description>Boats left.</dc:description><description>Ships left.</description>",
            "",
            "Ships left.",
        ),
        (
            "a description with markup",
            "<dc:description>&lt;p&gt;Ships left.&lt;/p&gt;</dc:description>",
            "",
            "Ships left.",
        ),
    ),
)
def test_dublin_core_says_what_the_item_does_not(inside: str, title: str, summary: str) -> None:
    found = item(f"<guid>1</guid>{inside}")
    assert (found.title, found.summary) == (title, summary)


@pytest.mark.parametrize(
    "element", ["contributor", "publisher", "rights", "source", "type", "format", "relation", "coverage"]
)
def test_the_rest_of_dublin_core_changes_nothing(element: str) -> None:
    assert item(f"<dc:{element}>Foreign</dc:{element}>{KNOWN}") == SHIPS


# Contents


@pytest.mark.parametrize(
    ("inside", "summary", "content"),
    cases(
        (
            "an encoded content and a description",
            "<description>Ships left.</description><content:encoded><![CDATA[<p>Three ships left.</p>]]>"
            "</content:encoded>",
            "Ships left.",
            "Three ships left.",
        ),
        (
            "an encoded content before a description",
            "<content:encoded><![CDATA[<p>Three ships left.</p>]]></content:encoded>"
            "<description>Ships left.</description>",
            "Ships left.",
            "Three ships left.",
        ),
        (
            "an encoded content alone",
            "<content:encoded><![CDATA[<p>Three</p><p>ships.</p>]]></content:encoded>",
            "Three\n\nships.",
            "",
        ),
        (
            "an encoded content that is escaped",
            "<content:encoded>&lt;p&gt;Three&lt;/p&gt;&lt;p&gt;ships.&lt;/p&gt;</content:encoded>",
            "Three\n\nships.",
            "",
        ),
        (
            "an encoded content that is not escaped",
            "<content:encoded><p>Three</p><p>ships.</p></content:encoded>",
            "Three\n\nships.",
            "",
        ),
        (
            "an encoded content that repeats the description",
            "<description>Ships left.</description><content:encoded><![CDATA[<p>Ships left.</p>]]></content:encoded>",
            "Ships left.",
            "",
        ),
        (
            "an empty encoded content",
            "<description>Ships left.</description><content:encoded/>",
            "Ships left.",
            "",
        ),
        (
            "an encoded content and an empty description",
            "<description/><content:encoded>Three ships left.</content:encoded>",
            "Three ships left.",
            "",
        ),
        (
            "a body of XHTML",
            '<description>Ships left.</description><body xmlns="http://www.w3.org/1999/xhtml"><p>Three</p>'
            "<p>ships.</p></body>",
            "Ships left.",
            "Three\n\nships.",
        ),
        (
            "a body of XHTML under a prefix",
            "<description>Ships left.</description><xhtml:body><xhtml:p>Three</xhtml:p><xhtml:p>ships.</xhtml:p>"
            "</xhtml:body>",
            "Ships left.",
            "Three\n\nships.",
        ),
        (
            "a division of XHTML",
            "<description>Ships left.</description><xhtml:div><xhtml:p>Three</xhtml:p><xhtml:p>ships.</xhtml:p>"
            "</xhtml:div>",
            "Ships left.",
            "Three\n\nships.",
        ),
        ("a body of XHTML alone", "<xhtml:body><xhtml:p>Three ships.</xhtml:p></xhtml:body>", "Three ships.", ""),
        (
            "Atom's content",
            "<description>Ships left.</description>"
            '<atom:content type="html">&lt;p&gt;Three ships.&lt;/p&gt;</atom:content>',
            "Ships left.",
            "Three ships.",
        ),
        ("Atom's summary", "<atom:summary>Ships left.</atom:summary>", "Ships left.", ""),
        (
            "Atom's summary and a description",
            "<atom:summary>Ships left.</atom:summary><description>Three ships left at noon.</description>",
            "Ships left.",
            "Three ships left at noon.",
        ),
        (
            "a summary and a description",
            "<summary>Ships left.</summary><description>Three ships left at noon.</description>",
            "Ships left.",
            "Three ships left at noon.",
        ),
        (
            "the whole text for a search engine",
            "<description>Ships left.</description>"
            '<y:full-text xmlns:y="http://news.yandex.ru">Three ships left.</y:full-text>',
            "Ships left.",
            "Three ships left.",
        ),
        ("a podcast's summary", "<itunes:summary>Ships left.</itunes:summary>", "Ships left.", ""),
        ("a podcast's subtitle", "<itunes:subtitle>Ships left.</itunes:subtitle>", "Ships left.", ""),
        (
            "a podcast's summary beside a description",
            "<itunes:summary>A talk.</itunes:summary><description>Ships left.</description>",
            "Ships left.",
            "",
        ),
        (
            "a podcast's subtitle beside a description",
            "<description>Ships left.</description><itunes:subtitle>A talk.</itunes:subtitle>",
            "Ships left.",
            "",
        ),
        ("a medium's description", "<media:description>Ships left.</media:description>", "Ships left.", ""),
        (
            "a medium's description in its group",
            "<media:group><media:description>Ships left.</media:description></media:group>",
            "Ships left.",
            "",
        ),
        (
            "a medium's description beside the item's",
            "<media:description>A photograph.</media:description><description>Ships left.</description>",
            "Ships left.",
            "",
        ),
        (
            "a medium's description beside the item's, within",
            '<media:content url="/1.jpg"><media:description>A photograph.</media:description></media:content>'
            "<description>Ships left.</description>",
            "Ships left.",
            "",
        ),
    ),
)
def test_texts_of_modules_are_told_apart(inside: str, summary: str, content: str) -> None:
    found = item(f"<title>Ships</title>{inside}")
    assert (found.summary, found.content) == (summary, content)


# Media RSS


@pytest.mark.parametrize(
    ("inside", "image"),
    cases(
        ("a thumbnail", '<media:thumbnail url="/1.jpg"/>', "https://outlet.example/1.jpg"),
        (
            "a thumbnail with its size",
            '<media:thumbnail url="/1.jpg" width="10" height="10"/>',
            "https://outlet.example/1.jpg",
        ),
        (
            "a thumbnail without a suffix",
            '<media:thumbnail url="/picture?id=1"/>',
            "https://outlet.example/picture?id=1",
        ),
        ("a thumbnail as a text", "<media:thumbnail>/1.jpg</media:thumbnail>", "https://outlet.example/1.jpg"),
        (
            "the first of two thumbnails",
            '<media:thumbnail url="/1.jpg"/><media:thumbnail url="/2.jpg"/>',
            "https://outlet.example/1.jpg",
        ),
        (
            "a thumbnail in a group",
            '<media:group><media:thumbnail url="/1.jpg"/></media:group>',
            "https://outlet.example/1.jpg",
        ),
        (
            "a thumbnail in a content",
            '<media:content url="/1.mp4" type="video/mp4"><media:thumbnail url="/1.jpg"/></media:content>',
            "https://outlet.example/1.jpg",
        ),
        (
            "a thumbnail in a content in a group",
            '<media:group><media:content url="/1.mp4"><media:thumbnail url="/1.jpg"/></media:content></media:group>',
            "https://outlet.example/1.jpg",
        ),
        ("a content of a type", '<media:content url="/1" type="image/jpeg"/>', "https://outlet.example/1"),
        ("a content of a medium", '<media:content url="/1" medium="image"/>', "https://outlet.example/1"),
        ("a content with a suffix", '<media:content url="/1.png"/>', "https://outlet.example/1.png"),
        ("a content with a suffix in capitals", '<media:content url="/1.JPG"/>', "https://outlet.example/1.JPG"),
        (
            "a content with a suffix and a query",
            '<media:content url="/1.jpeg?w=10"/>',
            "https://outlet.example/1.jpeg?w=10",
        ),
        (
            "a content in a group",
            '<media:group><media:content url="/1" medium="image"/></media:group>',
            "https://outlet.example/1",
        ),
        (
            "a content with words",
            '<media:content url="/1.jpg" medium="image"><media:title>A quay</media:title>'
            "<media:credit>Phil</media:credit>"
            "</media:content>",
            "https://outlet.example/1.jpg",
        ),
        ("a film", '<media:content url="/1.mp4" type="video/mp4"/>', None),
        ("a film of a medium", '<media:content url="/1" medium="video"/>', None),
        ("a recording", '<media:content url="/1.mp3" type="audio/mpeg"/>', None),
        ("a player", '<media:player url="https://outlet.example/play/1"/>', None),
        (
            "a film and a picture",
            '<media:content url="/1.mp4" type="video/mp4"/><media:content url="/1.jpg" type="image/jpeg"/>',
            "https://outlet.example/1.jpg",
        ),
        ("a content without an address", '<media:content medium="image"/>', None),
        ("a podcast's picture", '<itunes:image href="/1.jpg"/>', "https://outlet.example/1.jpg"),
        ("a podcast's picture under another attribute", '<itunes:image url="/1.jpg"/>', "https://outlet.example/1.jpg"),
        (
            "Google's podcast's picture",
            '<g:image xmlns:g="http://www.google.com/schemas/play-podcasts/1.0" href="/1.jpg"/>',
            "https://outlet.example/1.jpg",
        ),
        ("an ampersand", '<media:thumbnail url="/i?a=1&amp;b=2"/>', "https://outlet.example/i?a=1&b=2"),
        (
            "an ampersand escaped twice",
            '<media:thumbnail url="/i?a=1&amp;amp;b=2"/>',
            "https://outlet.example/i?a=1&b=2",
        ),
        ("no scheme", '<media:thumbnail url="//i.example/1.jpg"/>', "https://i.example/1.jpg"),
        ("a script", '<media:thumbnail url="javascript:alert(1)"/>', None),
        (
            "the next where the first is none",
            '<media:thumbnail url="data:image/gif;base64,R0lG"/><media:content url="/1.jpg" medium="image"/>',
            "https://outlet.example/1.jpg",
        ),
    ),
)
def test_a_picture_is_found(inside: str, image: str | None) -> None:
    assert item(f"<title>Ships</title>{inside}").image == image


@pytest.mark.parametrize(
    "medium",
    cases(
        ("a title", "<media:title>A quay</media:title>"),
        ("a title with its type", '<media:title type="html">A quay</media:title>'),
        ("words in a content", '<media:content url="/1.mp4"><media:title>A quay</media:title></media:content>'),
        (
            "words in a group",
            "<media:group><media:title>A quay</media:title><media:credit>Phil</media:credit></media:group>",
        ),
        ("a credit", '<media:credit role="photographer">Phil</media:credit>'),
        ("rights", "<media:copyright>Theirs</media:copyright><media:rating>adult</media:rating>"),
        ("a text", "<media:text>What is said</media:text>"),
        ("a link", '<media:backLinks><media:backLink url="https://d.example/"/></media:backLinks>'),
        (
            "a community",
            '<media:community><media:starRating average="5"/><media:statistics views="9"/></media:community>',
        ),
        ("a player", '<media:player url="https://d.example/">A quay</media:player>'),
        ("a restriction", '<media:restriction type="country" relationship="deny">aq</media:restriction>'),
    ),
)
@pytest.mark.parametrize("where", ["before", "behind"])
def test_what_is_said_of_a_medium_is_not_said_of_the_item(medium: str, where: str) -> None:
    assert item(medium + KNOWN if where == "before" else KNOWN + medium) == SHIPS


def test_a_medium_s_title_serves_where_the_item_has_none() -> None:
    assert item("<guid>1</guid><media:title>Ships leave</media:title>").title == "Ships leave"


def test_a_film_of_a_video_site_is_read() -> None:
    found = entry(
        '<id>yt:video:1</id><y:videoId xmlns:y="http://www.youtube.com/xml/schemas/2015">1</y:videoId>'
        '<title>Ships leave</title><link rel="alternate" href="https://films.example/1"/>'
        "<author><name>Films</name><uri>https://films.example/c</uri></author>"
        "<published>2026-10-12T08:30:00+00:00</published>"
        "<updated>2026-10-13T08:30:00+00:00</updated><media:group><media:title>Ships leave</media:title>"
        '<media:content url="https://films.example/v/1" type="application/x-shockwave-flash" width="640" height="390"/>'
        '<media:thumbnail url="https://films.example/1.jpg" width="480" height="360"/>'
        "<media:description>Three ships left at noon.</media:description>"
        '<media:community><media:statistics views="9"/></media:community></media:group>'
    )
    assert found == Entry(
        guid="yt:video:1",
        url="https://films.example/1",
        title="Ships leave",
        summary="Three ships left at noon.",
        published=instant("2026-10-12 08:30"),
        author="Films",
        image="https://films.example/1.jpg",
    )


def test_an_item_of_a_weblog_is_read() -> None:
    found = item(
        "<title>Ships leave &#8211; at last</title><link>https://outlet.example/2026/10/ships/</link>"
        "<dc:creator><![CDATA[Ana Ray]]></dc:creator><pubDate>Mon, 12 Oct 2026 08:30:00 +0000</pubDate>"
        "<category><![CDATA[Sea & air]]></category><category><![CDATA[ports]]></category>"
        '<guid isPermaLink="false">https://outlet.example/?p=17</guid>'
        "<description><![CDATA[<p>Three ships left at noon. [&#8230;]</p>]]></description>"
        '<content:encoded><![CDATA[\n<p>Three ships left at noon.</p>\n\n\n\n<figure class="image">'
        '<img src="/1.jpg" alt="">'
        "<figcaption>A quay</figcaption></figure>\n\n\n\n<p>They sail north.</p>\n]]></content:encoded>"
        "<comments>https://outlet.example/2026/10/ships/#respond</comments>",
        head="<language>en-US</language>",
    )
    assert found == Entry(
        guid="https://outlet.example/?p=17",
        url="https://outlet.example/2026/10/ships/",
        title="Ships leave – at last",
        summary="Three ships left at noon. […]",
        content="Three ships left at noon.\n\nA quay\n\nThey sail north.",
        published=instant("2026-10-12 08:30"),
        author="Ana Ray",
        categories=("Sea & air", "ports"),
        language="en",
    )


def test_a_note_of_a_social_network_is_read() -> None:
    found = item(
        '<guid isPermaLink="true">https://social.example/@ana/17</guid><link>https://social.example/@ana/17</link>'
        "<pubDate>Mon, 12 Oct 2026 08:30:00 +0000</pubDate>"
        ""
        "<description>&lt;p&gt;Ships &lt;a href=&quot;/tags/ports&quot;&gt;#&lt;span&gt;ports&lt;/span&gt;"
        "&lt;/a&gt;&lt;/p&gt;"
        "</description><media:content url='/1.png' type='image/png' fileSize='9' medium='image'>"
        "<media:rating scheme='urn:simple'>nonadult</media:rating>"
        "<media:description type='plain'>A quay</media:description>"
        "</media:content><category>ports</category>"
    )
    assert found == Entry(
        guid="https://social.example/@ana/17",
        url="https://social.example/@ana/17",
        summary="Ships #ports",
        published=instant("2026-10-12 08:30"),
        categories=("ports",),
        image="https://outlet.example/1.png",
    )


def test_an_item_of_an_agency_is_read() -> None:
    found = item(
        "<title><![CDATA[ Військові інструктори їдуть у порт ]]></title>"
        "<link>https://outlet.example/1-porty.html</link>"
        "<guid>https://outlet.example/1-porty.html</guid><description><![CDATA[Дванадцять кораблів вийшли в море.]]>"
        "</description><category>Порти</category><pubDate>Mon, 12 Oct 2026 11:30:00 +0300</pubDate>"
        '<enclosure url="https://i.outlet.example/1.jpg" type="image/jpeg" length="0"/>'
        ""
        '<y:full-text xmlns:y="http://news.yandex.ru">Дванадцять кораблів вийшли в море.\n\nПорт порожній.'
        "</y:full-text>"
    )
    assert found == Entry(
        guid="https://outlet.example/1-porty.html",
        url="https://outlet.example/1-porty.html",
        title="Військові інструктори їдуть у порт",
        summary="Дванадцять кораблів вийшли в море.",
        content="Дванадцять кораблів вийшли в море.\n\nПорт порожній.",
        published=instant("2026-10-12 08:30"),
        categories=("Порти",),
        image="https://i.outlet.example/1.jpg",
    )


@pytest.mark.parametrize(
    ("inside", "categories"),
    cases(
        ("a medium's category", "<media:category>Ports</media:category>", ("Ports",)),
        ("a medium's keywords", "<media:keywords>ports, sea</media:keywords>", ("ports", "sea")),
        ("a podcast's keywords", "<itunes:keywords>ports, sea,, ports</itunes:keywords>", ("ports", "sea")),
        ("a podcast's category", '<itunes:category text="Ports"/>', ("Ports",)),
        (
            "the item's and a medium's",
            "<category>Sea</category><media:keywords>ports</media:keywords>",
            ("Sea", "ports"),
        ),
    ),
)
def test_modules_categorise_too(inside: str, categories: tuple[str, ...]) -> None:
    assert item(f"<title>Ships</title>{inside}").categories == categories


# Podcasts


@pytest.mark.parametrize(
    ("inside", "title"),
    cases(
        ("its title alone", "<itunes:title>Ships</itunes:title>", "Ships"),
        ("its title behind the item's", "<title>1: Ships</title><itunes:title>Ships</itunes:title>", "1: Ships"),
        ("its title before the item's", "<itunes:title>Ships</itunes:title><title>1: Ships</title>", "1: Ships"),
    ),
)
def test_a_podcast_s_title(inside: str, title: str) -> None:
    assert item(f"<guid>1</guid>{inside}").title == title


@pytest.mark.parametrize(
    ("inside", "author"),
    cases(
        ("its author", "<itunes:author>Ana</itunes:author>", "Ana"),
        (
            "the item's author before its own",
            "<author>a@x.example (Ana)</author><itunes:author>Show</itunes:author>",
            "Ana",
        ),
        ("the creator before its own", "<itunes:author>Show</itunes:author><dc:creator>Ana</dc:creator>", "Ana"),
        ("its owner is none", "<itunes:owner><itunes:name>Owner</itunes:name></itunes:owner>", None),
        (
            "its guests are none",
            '<p:person xmlns:p="https://podcastindex.org/namespace/1.0" role="guest">Ben</p:person>',
            None,
        ),
    ),
)
def test_a_podcast_s_author(inside: str, author: str | None) -> None:
    assert item(f"<title>Ships</title>{inside}").author == author


def test_a_podcast_s_feed_says_nothing_of_its_items() -> None:
    head = (
        "<itunes:subtitle>Talks</itunes:subtitle><itunes:author>Show</itunes:author>"
        "<itunes:summary>Talks</itunes:summary>"
        "<itunes:owner><itunes:name>Owner</itunes:name><itunes:email>o@x.example</itunes:email></itunes:owner>"
        '<itunes:image href="/show.jpg"/><itunes:category text="News"><itunes:category text="Sea"/></itunes:category>'
    )
    found = item(KNOWN, head=head)
    assert (found.title, found.summary, found.content) == ("Ships", "Ships left.", "")
    assert (found.image, found.categories) == (None, ())


# What is harmless


@pytest.mark.parametrize(
    ("declaration", "foreign"),
    cases(
        (
            "slash",
            'xmlns:s="http://purl.org/rss/1.0/modules/slash/"',
            "<s:comments>5</s:comments><s:section>X</s:section>",
        ),
        (
            "a comment's address",
            'xmlns:w="http://wellformedweb.org/CommentAPI/"',
            "<w:comment>/c</w:comment><w:commentRss>/c/rss</w:commentRss>",
        ),
        (
            "syndication",
            'xmlns:s="http://purl.org/rss/1.0/modules/syndication/"',
            "<s:updatePeriod>hourly</s:updatePeriod><s:updateBase>2000-01-01</s:updateBase>",
        ),
        ("threading", 'xmlns:t="http://purl.org/syndication/thread/1.0"', "<t:total>5</t:total>"),
        (
            "a place as a point",
            'xmlns:g="http://www.georss.org/georss"',
            "<g:point>50.45 30.52</g:point><g:featurename>Kyiv</g:featurename>",
        ),
        (
            "a place as a form",
            'xmlns:g="http://www.georss.org/georss" xmlns:m="http://www.opengis.net/gml"',
            "<g:where><m:Point><m:name>Kyiv</m:name><m:pos>50.45 30.52</m:pos></m:Point></g:where>",
        ),
        (
            "a place as two numbers",
            'xmlns:g="http://www.w3.org/2003/01/geo/wgs84_pos#"',
            "<g:lat>50.45</g:lat><g:long>30.52</g:long>",
        ),
        (
            "a licence",
            'xmlns:c="http://backend.userland.com/creativeCommonsRssModule"',
            "<c:license>https://d.example/</c:license>",
        ),
        (
            "a trackback",
            'xmlns:t="http://madskills.com/public/xml/rss/module/trackback/"',
            "<t:ping>https://d.example/</t:ping><t:about>https://d.example/</t:about>",
        ),
        (
            "a pingback",
            'xmlns:p="http://madskills.com/public/xml/rss/module/pingback/"',
            "<p:server>https://d.example/</p:server><p:target>https://d.example/</p:target>",
        ),
        (
            "a publication",
            'xmlns:p="http://prismstandard.org/namespaces/basic/2.0/"',
            "<p:section>X</p:section><p:number>5</p:number><p:publicationName>Y</p:publicationName>",
        ),
        ("a search", 'xmlns:o="http://a9.com/-/spec/opensearch/1.1/"', "<o:totalResults>5</o:totalResults>"),
        (
            "what FeedBurner says",
            'xmlns:f="http://rssnamespace.org/feedburner/ext/1.0"',
            '<f:info uri="x"/><f:feedFlare href="/f" src="/f.gif">Add</f:feedFlare>'
            "<f:browserFriendly>Read</f:browserFriendly>",
        ),
        (
            "Google's data",
            'xmlns:g="http://schemas.google.com/g/2005"',
            '<g:image rel="x" width="1" height="1" src="/a.gif"/><g:extendedProperty name="a" value="b"/>',
        ),
        (
            "a shop",
            'xmlns:g="http://base.google.com/ns/1.0"',
            "<g:id>5</g:id><g:title>Foreign</g:title><g:link>/foreign</g:link><g:price>9</g:price>",
        ),
        (
            "a calendar",
            'xmlns:e="http://purl.org/rss/1.0/modules/event/"',
            "<e:startdate>2020-01-01</e:startdate><e:location>X</e:location>",
        ),
        (
            "chapters",
            'xmlns:p="http://podlove.org/simple-chapters"',
            '<p:chapters><p:chapter start="0" title="Foreign" href="/foreign"/></p:chapters>',
        ),
        (
            "a podcast of the index",
            'xmlns:p="https://podcastindex.org/namespace/1.0"',
            '<p:transcript url="/t"/><p:season>1</p:season><p:soundbite startTime="0">Foreign</p:soundbite>',
        ),
        (
            "a source in another form",
            'xmlns:s="http://source.scripting.com/"',
            "<s:outline text='Foreign'/><s:account>Ben</s:account>",
        ),
        (
            "a weather report",
            'xmlns:y="http://xml.weather.yahoo.com/ns/rss/1.0"',
            '<y:condition text="Foreign" date="Mon, 12 Oct 2026 8:30 am EEST"/>',
        ),
        (
            "a person's card",
            'xmlns:f="http://xmlns.com/foaf/0.1/"',
            "<f:maker><f:Person><f:name>Ben</f:name></f:Person></f:maker>",
        ),
        (
            "a change of WordPress's",
            'xmlns:w="com-wordpress:feed-additions:1"',
            "<w:post-id>5</w:post-id><w:site>6</w:site>",
        ),
        ("mathematics", 'xmlns:m="http://www.w3.org/1998/Math/MathML"', "<m:math><m:mi>x</m:mi></m:math>"),
        (
            "a drawing",
            'xmlns:s="http://www.w3.org/2000/svg"',
            "<s:svg><s:title>Foreign</s:title><s:desc>Foreign</s:desc></s:svg>",
        ),
        (
            "a link between documents",
            'xmlns:x="http://www.w3.org/1999/xlink"',
            '<see x:type="simple" x:href="/foreign" x:title="Foreign"/>',
        ),
    ),
)
def test_other_modules_change_nothing(declaration: str, foreign: str) -> None:
    document = rss(f"<title>Outlet</title>{foreign}<item>{foreign}{KNOWN}{foreign}</item>", attributes=declaration)
    found = read(document)
    assert (found.title, found.site_url, found.entries) == ("Outlet", None, (SHIPS,))


# Atom within RSS


def test_atom_s_elements_say_what_rss_s_do_not() -> None:
    found = item(
        '<atom:id>tag:1</atom:id><atom:title type="html">Ships &lt;i&gt;leave&lt;/i&gt;</atom:title>'
        '<atom:link rel="alternate" href="/1"/><atom:published>2026-10-12T08:30:00Z</atom:published>'
        "<atom:author><atom:name>Ana</atom:name></atom:author><atom:summary>Ships left.</atom:summary>"
    )
    assert (found.title, found.url, found.summary, found.author) == (
        "Ships leave", "https://outlet.example/1", "Ships left.", "Ana",
    )  # fmt: skip
    assert found.published == instant("2026-10-12 08:30")


def test_atom_s_elements_under_another_prefix() -> None:
    inside = (
        "<guid>1</guid><title>Ships</title><a10:updated>2026-10-12T08:30:00Z</a10:updated>"
        "<a10:author><a10:name>Ana</a10:name></a10:author><a10:content type='text'>Three ships left.</a10:content>"
    )
    found = only(f'<rss version="2.0" xmlns:a10="{ATOM_1_0}"><channel><item>{inside}</item></channel></rss>')
    assert (found.published, found.author, story(found)) == (instant("2026-10-12 08:30"), "Ana", "Three ships left.")


def test_rss_s_elements_count_before_atom_s() -> None:
    found = item(
        "<atom:title>Boats</atom:title><title>Ships</title><atom:updated>2026-10-13T00:00:00Z</atom:updated>"
        "<pubDate>Mon, 12 Oct 2026 08:30:00 GMT</pubDate><atom:id>tag:1</atom:id><guid>17</guid>"
    )
    assert (found.title, found.published, found.guid) == ("Ships", instant("2026-10-12 08:30"), "17")
