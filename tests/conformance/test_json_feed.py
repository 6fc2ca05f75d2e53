"""JSON Feed 1.1 and 1.0: what a reader of news should understand, and what it should survive."""

import json
from typing import Any

import pytest
from wrapping import URL, cases, instant, json_feed, json_item, only, read, story, titles

from bot.domain.errors import NotAFeed
from bot.domain.stories import Entry, FeedDocument

NONSENSE = cases(
    ("null", None),
    ("true", True),
    ("a number", 5),
    ("a fraction", 0.5),
    ("a list", ["x"]),
    ("an empty list", []),
    ("an object", {"x": 1}),
    ("a list of lists", [["x"]]),
    ("a list of nothing", [None]),
)

# What a feed says of itself


@pytest.mark.parametrize(
    "version",
    cases(
        ("1", "https://jsonfeed.org/version/1"),
        ("1.1", "https://jsonfeed.org/version/1.1"),
        ("one to come", "https://jsonfeed.org/version/2"),
        ("an insecure address", "http://jsonfeed.org/version/1"),
        ("the site's other name", "https://www.jsonfeed.org/version/1.1/"),
        ("none", None),
        ("a number", 1.1),
        ("one that nobody knows", "latest"),
    ),
)
def test_a_version_does_not_matter(version: Any) -> None:
    document = {
        "version": version,
        "title": "Outlet",
        "items": [{"id": "1", "url": "/1", "content_text": "Ships left."}],
    }
    found = only(json.dumps(document))
    assert (found.url, found.summary) == ("https://outlet.example/1", "Ships left.")


@pytest.mark.parametrize(
    ("fields", "title"),
    cases(
        ("plain", {"title": "Outlet"}, "Outlet"),
        ("an ampersand", {"title": "Sea & Air"}, "Sea & Air"),
        ("padding", {"title": "\n Sea   Air "}, "Sea Air"),
        ("empty", {"title": ""}, ""),
        ("null", {"title": None}, ""),
        ("another script", {"title": "Кур’єр"}, "Кур’єр"),
    ),
)
def test_a_feed_s_title(fields: dict[str, Any], title: str) -> None:
    assert read(json_feed(**fields)).title == title


@pytest.mark.parametrize(
    ("fields", "site"),
    cases(
        ("a home page", {"home_page_url": "https://outlet.example/"}, "https://outlet.example/"),
        ("a relative one", {"home_page_url": "/"}, "https://outlet.example/"),
        ("the feed's own address is none", {"feed_url": "https://outlet.example/feed.json"}, None),
        ("nonsense", {"home_page_url": 5}, None),
        ("null", {"home_page_url": None}, None),
        ("missing", {}, None),
    ),
)
def test_a_feed_s_site(fields: dict[str, Any], site: str | None) -> None:
    assert read(json_feed(**fields)).site_url == site


@pytest.mark.parametrize(
    ("feed", "item", "language"),
    cases(
        ("the feed's", "uk", None, "uk"),
        ("the feed's with its region", "en-US", None, "en"),
        ("the item's over the feed's", "en", "uk", "uk"),
        ("the item's with its region", "en", "pt-BR", "pt"),
        ("the item's nonsense", "en", "?", "en"),
        ("the item's number", "en", 5, "en"),
        ("the feed's number", 5, None, None),
        ("undetermined", "und", None, None),
        ("none", None, None, None),
    ),
)
def test_a_language(feed: Any, item: Any, language: str | None) -> None:
    assert only(json_feed({"id": "1", "language": item}, language=feed)).language == language


def test_a_feed_s_language() -> None:
    assert read(json_feed(language="en-US")).language == "en"


@pytest.mark.parametrize(
    "fields",
    cases(
        ("description", {"description": "News"}),
        ("user_comment", {"user_comment": "Read me"}),
        ("next_url", {"next_url": "https://outlet.example/feed.json?page=2"}),
        ("icon and favicon", {"icon": "/icon.png", "favicon": "/favicon.ico"}),
        ("expired", {"expired": True}),
        ("hubs", {"hubs": [{"type": "WebSub", "url": "https://hub.example/"}]}),
        ("an extension", {"_presses": {"about": "https://presses.example/", "title": "Foreign"}}),
        ("an unknown field", {"prize": {"items": [1]}}),
    ),
)
def test_what_a_feed_says_of_itself_is_not_its_item_s(fields: dict[str, Any]) -> None:
    assert read(json_feed({"id": "1", "title": "Ships"}, **fields)) == FeedDocument(
        title="Outlet", entries=(Entry(guid="1", title="Ships"),)
    )


# Items


@pytest.mark.parametrize(
    ("identifier", "guid"),
    cases(
        ("a word", "ships-1", "ships-1"),
        ("an address", "https://outlet.example/1", "https://outlet.example/1"),
        ("a number", 17, "17"),
        ("nought", 0, "0"),
        ("a large number", 12345678901234567890, "12345678901234567890"),
        ("padding", " 17\n", "17"),
    ),
)
def test_an_identifier_is_a_string(identifier: Any, guid: str) -> None:
    assert only(json_feed({"id": identifier, "title": "Ships"})).guid == guid


@pytest.mark.parametrize(
    "item",
    cases(
        ("no object at all", "X"),
        ("null", None),
        ("a list", ["X"]),
        ("an object without anything", {}),
    ),
)
def test_what_is_no_item_is_left_out(item: Any) -> None:
    assert titles(json_feed(item, {"id": "1", "title": "Ships"})) == ["Ships"]


@pytest.mark.parametrize(
    "item",
    cases(
        ("no identifier", {"title": "X", "url": "/x"}),
        ("an empty identifier", {"id": "", "title": "X"}),
        ("a blank identifier", {"id": "  ", "title": "X"}),
        ("null for an identifier", {"id": None, "title": "X"}),
        ("an object for an identifier", {"id": {"a": 1}, "title": "X"}),
        ("a list for an identifier", {"id": ["1"], "title": "X"}),
    ),
)
def test_an_item_without_an_identifier_is_read_for_what_it_says(item: Any) -> None:
    """The specification would drop it; but it is news, and there are other things to know it again by."""
    assert titles(json_feed(item, {"id": "1", "title": "Ships"})) == ["X", "Ships"]


@pytest.mark.parametrize(
    ("fields", "url"),
    cases(
        ("a page", {"url": "https://outlet.example/1"}, "https://outlet.example/1"),
        ("a relative one", {"url": "/1"}, "https://outlet.example/1"),
        (
            "a page before one elsewhere",
            {"url": "/1", "external_url": "https://else.example/"},
            "https://outlet.example/1",
        ),
        ("a page elsewhere", {"external_url": "https://else.example/"}, "https://else.example/"),
        ("an empty page", {"url": "", "external_url": "https://else.example/"}, "https://else.example/"),
        ("an identifier that is one", {"id": "https://outlet.example/1"}, "https://outlet.example/1"),
        ("a page before an identifier", {"id": "https://outlet.example/1", "url": "/2"}, "https://outlet.example/2"),
        ("a script", {"url": "javascript:alert(1)"}, None),
        ("a number", {"url": 5}, None),
        ("none", {}, None),
    ),
)
def test_an_item_links_to_its_page(fields: dict[str, Any], url: str | None) -> None:
    assert only(json_feed({"id": "1", "title": "Ships", **fields})).url == url


@pytest.mark.parametrize(
    ("said", "title"),
    cases(
        ("plain", "Ships leave port", "Ships leave port"),
        ("a comparison", "3 < 4 & 5 > 4", "3 < 4 & 5 > 4"),
        ("the name of an element", "Farewell to <blink>", "Farewell to <blink>"),
        ("a company's ampersand", "AT&T", "AT&T"),
        ("padding", " Ships\n leave\t", "Ships leave"),
        ("markup that should not be there", "Less <b>noise</b>", "Less noise"),
        ("an entity that should not be there", "Fish &amp; chips", "Fish & chips"),
        ("a letter by its number", "Caf\u00e9", "Café"),
        ("a bell", "🔔 Ships", "🔔 Ships"),
        ("empty", "", ""),
    ),
)
def test_an_item_s_title(said: str, title: str) -> None:
    assert json_item(title=said).title == title


@pytest.mark.parametrize(
    ("fields", "summary", "content"),
    cases(
        ("html", {"content_html": "<p>One.</p><p>Two.</p>"}, "One.\n\nTwo.", ""),
        ("text", {"content_text": "One.\n\nTwo."}, "One.\n\nTwo.", ""),
        ("a summary", {"summary": "Ships left."}, "Ships left.", ""),
        (
            "a summary and html",
            {"summary": "Ships left.", "content_html": "<p>Three ships left.</p>"},
            "Ships left.",
            "Three ships left.",
        ),
        (
            "a summary and text",
            {"summary": "Ships left.", "content_text": "Three ships left."},
            "Ships left.",
            "Three ships left.",
        ),
        ("html and text", {"content_html": "<p>One.</p><p>Two.</p>", "content_text": "One. Two."}, "One.\n\nTwo.", ""),
        ("empty html and text", {"content_html": "", "content_text": "One."}, "One.", ""),
        ("null for html and text", {"content_html": None, "content_text": "One."}, "One.", ""),
        ("a summary that is the text", {"summary": "One.", "content_text": "One."}, "One.", ""),
        ("a comparison in text", {"content_text": "3 < 4 & 5 > 4"}, "3 < 4 & 5 > 4", ""),
        ("the name of an element in text", {"content_text": "Farewell to <blink>"}, "Farewell to <blink>", ""),
        (
            "an address in text",
            {"content_text": "See\n\nhttps://a.example/?b=1&c=2"},
            "See\n\nhttps://a.example/?b=1&c=2",
            "",
        ),
        ("an entity in html", {"content_html": "Caf&eacute; &amp; bar"}, "Café & bar", ""),
        ("a comparison in html", {"content_html": "<p>3 &lt; 4</p>"}, "3 < 4", ""),
        ("a script in html", {"content_html": "<p>One.</p><script>two()</script>"}, "One.", ""),
        ("neither", {}, "", ""),
        ("nonsense", {"content_html": 5, "content_text": [], "summary": {}}, "", ""),
    ),
)
def test_an_item_s_summary_and_content(fields: dict[str, Any], summary: str, content: str) -> None:
    found = json_item(title="Ships", **fields)
    assert (found.summary, found.content) == (summary, content)


def test_a_long_content_without_a_summary_is_led_by_its_first_paragraphs() -> None:
    paragraphs = [f"Ship {number} left. " + "It was loaded with grain. " * 12 for number in range(9)]
    found = json_item(content_html="".join(f"<p>{paragraph}</p>" for paragraph in paragraphs))
    assert found.content == "\n\n".join(paragraph.strip() for paragraph in paragraphs)
    assert found.content.startswith(found.summary)
    assert 0 < len(found.summary) < len(found.content) / 2


@pytest.mark.parametrize(
    ("fields", "when"),
    cases(
        ("published", {"date_published": "2026-10-12T08:30:00Z"}, "2026-10-12 08:30"),
        ("published east of Greenwich", {"date_published": "2026-10-12T10:30:00+02:00"}, "2026-10-12 08:30"),
        ("a fraction", {"date_published": "2026-10-12T08:30:00.000Z"}, "2026-10-12 08:30"),
        ("modified", {"date_modified": "2026-10-12T08:30:00Z"}, "2026-10-12 08:30"),
        (
            "published before modified",
            {"date_modified": "2026-10-13T00:00:00Z", "date_published": "2026-10-12T08:30:00Z"},
            "2026-10-12 08:30",
        ),
        (
            "modified where published is nonsense",
            {"date_modified": "2026-10-12T08:30:00Z", "date_published": "soon"},
            "2026-10-12 08:30",
        ),
        ("a space for its letter", {"date_published": "2026-10-12 08:30:00Z"}, "2026-10-12 08:30"),
        ("the date of RSS", {"date_published": "Mon, 12 Oct 2026 08:30:00 GMT"}, "2026-10-12 08:30"),
        ("nonsense", {"date_published": "soon"}, None),
        ("a list", {"date_published": []}, None),
        ("null", {"date_published": None}, None),
        ("none", {}, None),
    ),
)
def test_an_item_is_dated(fields: dict[str, Any], when: str | None) -> None:
    assert json_item(title="Ships", **fields).published == instant(when)


@pytest.mark.parametrize(
    ("feed", "item", "author"),
    cases(
        ("an author", {}, {"authors": [{"name": "Ana"}]}, "Ana"),
        ("two authors", {}, {"authors": [{"name": "Ana"}, {"name": "Ben"}]}, "Ana, Ben"),
        ("one author twice", {}, {"authors": [{"name": "Ana"}, {"name": "Ana"}]}, "Ana"),
        ("an author of version 1", {}, {"author": {"name": "Ana"}}, "Ana"),
        ("authors before an author", {}, {"author": {"name": "Ben"}, "authors": [{"name": "Ana"}]}, "Ana"),
        ("an author where authors are empty", {}, {"author": {"name": "Ana"}, "authors": []}, "Ana"),
        (
            "an author with a page and a picture",
            {},
            {"authors": [{"url": "/a", "avatar": "/a.png", "name": "Ana"}]},
            "Ana",
        ),
        ("an author without a name", {}, {"authors": [{"url": "https://ana.example/"}]}, None),
        ("an author without a name beside one", {}, {"authors": [{"url": "/a"}, {"name": "Ana"}]}, "Ana"),
        ("the feed's authors", {"authors": [{"name": "Desk"}]}, {}, "Desk"),
        ("the feed's author of version 1", {"author": {"name": "Desk"}}, {}, "Desk"),
        ("the item's over the feed's", {"authors": [{"name": "Desk"}]}, {"authors": [{"name": "Ana"}]}, "Ana"),
        (
            "the item's of version 1 over the feed's",
            {"authors": [{"name": "Desk"}]},
            {"author": {"name": "Ana"}},
            "Ana",
        ),
        ("an author that is a string", {}, {"author": "Ana"}, "Ana"),
        ("authors that are strings", {}, {"authors": ["Ana", "Ben"]}, "Ana, Ben"),
        ("authors that are one object", {}, {"authors": {"name": "Ana"}}, "Ana"),
        ("a padded name", {}, {"authors": [{"name": " Ana  Ray "}]}, "Ana Ray"),
        ("a name that is a number", {}, {"authors": [{"name": 5}]}, None),
        ("none", {}, {}, None),
    ),
)
def test_an_author_is_a_name(feed: dict[str, Any], item: dict[str, Any], author: str | None) -> None:
    assert only(json_feed({"id": "1", "title": "Ships", **item}, **feed)).author == author


@pytest.mark.parametrize(
    ("tags", "categories"),
    cases(
        ("several in order", ["b", "a", "c"], ("b", "a", "c")),
        ("one twice", ["a", "b", "a"], ("a", "b")),
        ("padding", [" Sea  air "], ("Sea air",)),
        ("an ampersand", ["Sea & air"], ("Sea & air",)),
        ("an empty one", ["", "a"], ("a",)),
        ("one that is no string", [5, None, {"a": 1}, "a"], ("a",)),
        ("none", [], ()),
        ("null", None, ()),
        ("an object", {"a": 1}, ()),
        ("a number", 5, ()),
    ),
)
def test_tags_are_read_in_order(tags: Any, categories: tuple[str, ...]) -> None:
    assert json_item(title="Ships", tags=tags).categories == categories


@pytest.mark.parametrize(
    ("fields", "image"),
    cases(
        ("a picture", {"image": "https://outlet.example/1.jpg"}, "https://outlet.example/1.jpg"),
        ("a relative one", {"image": "/1.jpg"}, "https://outlet.example/1.jpg"),
        ("a banner", {"banner_image": "/b.jpg"}, "https://outlet.example/b.jpg"),
        ("a picture before a banner", {"banner_image": "/b.jpg", "image": "/1.jpg"}, "https://outlet.example/1.jpg"),
        (
            "an attached picture",
            {"attachments": [{"url": "/1.png", "mime_type": "image/png"}]},
            "https://outlet.example/1.png",
        ),
        (
            "a picture before an attached one",
            {"image": "/1.jpg", "attachments": [{"url": "/1.png", "mime_type": "image/png"}]},
            "https://outlet.example/1.jpg",
        ),
        (
            "an attached picture behind a recording",
            {
                "attachments": [
                    {"url": "/1.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 10, "duration_in_seconds": 1},
                    {"url": "/1.png", "mime_type": "image/png"},
                ]
            },
            "https://outlet.example/1.png",
        ),
        ("an attached recording", {"attachments": [{"url": "/1.mp3", "mime_type": "audio/mpeg"}]}, None),
        ("attached nonsense", {"attachments": [5, None, {}, {"url": 5, "mime_type": 5}]}, None),
        ("an object of attachments", {"attachments": {"url": "/1.png"}}, None),
        ("an empty address", {"image": ""}, None),
        ("an author's picture", {"authors": [{"name": "Ana", "avatar": "/a.png"}]}, None),
        ("nonsense", {"image": {"url": "/1.png"}}, None),
        ("none", {}, None),
    ),
)
def test_an_item_has_the_picture_that_it_announces(fields: dict[str, Any], image: str | None) -> None:
    assert json_item(title="Ships", **fields).image == image


@pytest.mark.parametrize(
    "field",
    [
        "url", "external_url", "title", "content_html", "content_text", "summary", "image", "banner_image",
        "date_published", "date_modified", "author", "authors", "tags", "language", "attachments", "_presses",
    ],
)  # fmt: skip
@pytest.mark.parametrize("value", NONSENSE)
def test_nonsense_in_one_field_spoils_no_other(field: str, value: Any) -> None:
    known = {"id": "1", "title": "Ships", "content_text": "Ships left.", "url": "/1"}
    (found, following) = read(json_feed({**known, field: value}, {"id": "2", "title": "Boats"})).entries
    assert (found.guid, following.title) == ("1", "Boats")
    if field != "title":
        assert found.title == "Ships"
    if field not in {"content_text", "content_html", "summary"}:
        assert story(found) == "Ships left."
    if field not in {"url", "external_url"}:
        assert found.url == "https://outlet.example/1"


@pytest.mark.parametrize("field", ["title", "home_page_url", "language", "author", "authors", "description", "hubs"])
@pytest.mark.parametrize("value", NONSENSE)
def test_nonsense_of_the_feed_spoils_no_item(field: str, value: Any) -> None:
    assert titles(json_feed({"id": "1", "title": "Ships"}, **{field: value})) == ["Ships"]


# Documents


def test_items_stand_in_their_order() -> None:
    assert titles(json_feed({"id": "2", "title": "B"}, {"id": "1", "title": "A"})) == ["B", "A"]


def test_a_feed_may_hold_no_items() -> None:
    assert read(json_feed()) == FeedDocument(title="Outlet")


@pytest.mark.parametrize(
    "body",
    cases(
        ("as it is", json_feed({"id": "1", "title": "Кораблі"}).encode()),
        (
            "letters as they are",
            json.dumps(json.loads(json_feed({"id": "1", "title": "Кораблі"})), ensure_ascii=False).encode(),
        ),
        ("a byte order mark", json_feed({"id": "1", "title": "Кораблі"}).encode("utf-8-sig")),
        ("sixteen bits", json_feed({"id": "1", "title": "Кораблі"}).encode("utf-16")),
        ("sixteen bits without their mark", json_feed({"id": "1", "title": "Кораблі"}).encode("utf-16-le")),
        ("thirty-two bits", json_feed({"id": "1", "title": "Кораблі"}).encode("utf-32")),
        ("padding", b" \r\n\t" + json_feed({"id": "1", "title": "Кораблі"}).encode() + b"\n\n"),
        ("NULs at its end", json_feed({"id": "1", "title": "Кораблі"}).encode() + b"\x00\x00"),
        ("indented", json.dumps(json.loads(json_feed({"id": "1", "title": "Кораблі"})), indent=2).encode()),
    ),
)
def test_a_document_is_read_in_its_encoding(body: bytes) -> None:
    assert titles(body) == ["Кораблі"]


@pytest.mark.parametrize(
    "content_type",
    ["application/feed+json", "application/json; charset=utf-8", "text/html", "application/rss+xml", "nonsense", ""],
)
def test_a_document_s_media_type_does_not_matter(content_type: str) -> None:
    assert titles(json_feed({"id": "1", "title": "Ships"}), content_type=content_type) == ["Ships"]


@pytest.mark.parametrize(
    ("text", "title"),
    cases(
        ("a pair of halves", r"\ud83d\udd14 Ships", "🔔 Ships"),
        ("a half alone", r"Ships\ud83d leave", "Ships leave"),
        ("a control character", r"Ships\u0000\u0007 leave", "Ships leave"),
        ("an escaped slash", r"Ships \/ boats", "Ships / boats"),
        ("an escaped quotation mark", r"\"Ships\"", '"Ships"'),
        ("a tab as it is", "Ships\tleave", "Ships leave"),
    ),
)
def test_a_string_is_read_as_json_writes_it(text: str, title: str) -> None:
    document = '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "' + text + '"}]}'
    assert titles(document) == [title]


@pytest.mark.parametrize(
    "body",
    cases(
        ("another object", '{"a": 1}'),
        ("a list", "[1, 2]"),
        ("a list of items", '[{"id": "1", "title": "Ships"}]'),
        ("another kind of items", '{"items": [{"price": 5}]}'),
        ("items that are no list", '{"version": "x", "items": 5}'),
        ("an error", '{"error": {"code": 404, "message": "not found"}}'),
        ("a web app's manifest", '{"name": "Outlet", "icons": [], "start_url": "/"}'),
        ("an empty object", "{}"),
        ("an empty list", "[]"),
        ("cut short", json_feed({"id": "1", "title": "Ships"})[:-3]),
        ("a brace", "{"),
        ("braces without end", "{" * 50_000),
        ("brackets without end", "[" * 50_000),
    ),
)
def test_what_is_no_json_feed_is_refused(body: str) -> None:
    with pytest.raises(NotAFeed):
        read(body)


def test_links_are_relative_to_where_the_feed_was_found() -> None:
    document = json_feed({"id": "1", "url": "1.html", "image": "../1.png"}, home_page_url="https://other.example/")
    found = only(document)
    assert (found.url, found.image) == ("https://outlet.example/feeds/1.html", "https://outlet.example/1.png")
    assert URL == "https://outlet.example/feeds/world.xml"


def test_a_podcast_is_read() -> None:
    found = only(
        json_feed(
            {
                "id": "https://outlet.example/talks/1",
                "title": "Talk 1: ports",
                "url": "https://outlet.example/talks/1",
                "content_text": "We talk of ports, and of those who built them.",
                "content_html": 'We talk of <a href="/ports">ports</a>, and of those who built them.',
                "summary": "A talk of ports.",
                "date_published": "2026-10-12T01:30:00-07:00",
                "attachments": [{"url": "/1.m4a", "mime_type": "audio/x-m4a", "size_in_bytes": 10}],
            },
            user_comment="Put this into your player.",
        )
    )
    assert found == Entry(
        guid="https://outlet.example/talks/1",
        url="https://outlet.example/talks/1",
        title="Talk 1: ports",
        summary="A talk of ports.",
        content="We talk of ports, and of those who built them.",
        published=instant("2026-10-12 08:30"),
    )


def test_a_short_note_is_read() -> None:
    found = only(
        json_feed(
            {
                "id": "2026",
                "url": "https://outlet.example/2026",
                "content_text": "Gulls. \n\nhttps://outlet.example/gulls",
            },
            authors=[{"name": "Ana", "url": "https://ana.example/", "avatar": "/ana.png"}],
        )
    )
    assert found == Entry(
        guid="2026",
        url="https://outlet.example/2026",
        summary="Gulls.\n\nhttps://outlet.example/gulls",
        author="Ana",
    )
