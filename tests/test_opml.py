"""Lists of feeds as OPML: as programs and people write them, and as ours comes back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from bot.domain.lists import FeedList, ListedFeed
from bot.feeds.markup import to_line
from bot.feeds.opml import MAX_BYTES, MAX_FEEDS, NotAnOutlineError, read_list, read_opml, write_list
from support.effort import Effort

A, B = "https://a.example/rss", "https://b.example/feed"


def opml(body: str, *, before: str = "", head: str = "<head><title>Mine</title></head>") -> bytes:
    return f"{before}<opml version='2.0'>{head}<body>{body}</body></opml>".encode()


@pytest.mark.parametrize(
    ("body", "feeds"),
    [
        pytest.param(
            f"<outline type='rss' text='A' title='The A' xmlUrl='{A}' htmlUrl='https://a.example/'/>",
            [ListedFeed(A, "The A", "https://a.example/")],
            id="as the standard has it",
        ),
        pytest.param(f"<outline text='A' xmlUrl='{A}'/>", [ListedFeed(A, "A")], id="a text for a title"),
        pytest.param(f"<outline xmlUrl='{A}'/>", [ListedFeed(A, "a.example")], id="no title at all"),
        pytest.param(f"<outline text='A' xmlurl='{A}'/>", [ListedFeed(A, "A")], id="small letters"),
        pytest.param(f"<outline TEXT='A' XMLURL='{A}'/>", [ListedFeed(A, "A")], id="capitals"),
        pytest.param(f"<outline text='A' type='rss' url='{A}'/>", [ListedFeed(A, "A")], id="url for xmlUrl"),
        pytest.param(f"<outline text='A' type='link' url='{A}'/>", [], id="a mere link"),
        pytest.param(
            "<outline text='A' xmlUrl='feed://a.example/rss'/>", [ListedFeed("http://a.example/rss", "A")], id="feed://"
        ),
        pytest.param(f"<outline text='A' xmlUrl='feed:{A}'/>", [ListedFeed(A, "A")], id="feed:https"),
        pytest.param(f"<outline text='A' xmlUrl=' {A}&#10;'/>", [ListedFeed(A, "A")], id="blanks around it"),
        pytest.param("<outline text='A' xmlUrl='javascript:alert(1)'/>", [], id="no address"),
        pytest.param("<outline text='A' xmlUrl=''/>", [], id="an empty address"),
        pytest.param("<outline text='A' xmlUrl='file:///etc/passwd'/>", [], id="a file"),
        pytest.param(
            "<outline text='A' xmlUrl='https://me:secret@a.example/rss'/>", [ListedFeed(A, "A")], id="a password"
        ),
        pytest.param(
            f"<outline text='A' xmlUrl='{A}'/><outline text='B' xmlUrl='{A}'/>", [ListedFeed(A, "A")], id="twice"
        ),
        pytest.param(
            f"<outline text='News'><outline text='EU'><outline text='A' xmlUrl='{A}'/></outline></outline>"
            f"<outline text='B' xmlUrl='{B}'/>",
            [ListedFeed(A, "A", folders=("News", "EU")), ListedFeed(B, "B")],
            id="folders",
        ),
        pytest.param(
            f"<outline><outline text='EU'><outline text='A' xmlUrl='{A}'/></outline></outline>",
            [ListedFeed(A, "A", folders=("EU",))],
            id="a folder without a name",
        ),
        pytest.param(
            f"<outline text='A' xmlUrl='{A}'><outline text='B' xmlUrl='{B}'/></outline>",
            [ListedFeed(A, "A"), ListedFeed(B, "B")],
            id="a feed in a feed",
        ),
        pytest.param(
            f"<outline text='A' category='/News/EU,/Other' xmlUrl='{A}'/>",
            [ListedFeed(A, "A", folders=("News", "EU"), also=(("Other",),))],
            id="categories for folders",
        ),
        pytest.param(
            f"<outline text='A' category='news' xmlUrl='{A}'/>", [ListedFeed(A, "A", category="news")], id="a mere tag"
        ),
        pytest.param(
            f"<outline text='Press'><outline text='A' category='/News/EU,eu' xmlUrl='{A}'/></outline>",
            [ListedFeed(A, "A", folders=("Press",), category="/News/EU,eu")],
            id="a category beside a folder",
        ),
        pytest.param(
            f"<outline text='A' xmlUrl='{A}'/><outline text='Press'><outline text='B' xmlUrl='{A}'/></outline>"
            f"<outline text='EU'><outline text='A' category='eu' xmlUrl='{A}'/></outline>",
            [ListedFeed(A, "A", folders=("Press",), also=(("EU",),), category="eu")],
            id="one feed in several folders",
        ),
        pytest.param(
            f"<outline text='&lt;b&gt;A&lt;/b&gt; &amp;amp; Co' xmlUrl='{A}'/>", [ListedFeed(A, "A & Co")], id="markup"
        ),
        pytest.param(f"<Outline text='A' xmlUrl='{A}'/>", [ListedFeed(A, "A")], id="a capital element"),
        pytest.param(f"<outline text='A & B' xmlUrl='{A}'/>", None, id="a bare ampersand"),
    ],
)
def test_lists_are_read_whoever_wrote_them(body: str, feeds: list[ListedFeed] | None) -> None:
    found = read_list(opml(body))
    assert found.title == "Mine"
    assert [feed.url for feed in found.feeds] == [A] if feeds is None else list(found.feeds) == feeds
    assert found.whole == (feeds is not None)


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", ""),
        ("windows-1251", "windows-1251"),
        ("utf-16", "utf-16"),
        ("utf-8", "latin-1"),
    ],
)
def test_lists_are_read_in_whatever_encoding(encoding: str, declared: str) -> None:
    declaration = f"<?xml version='1.0' encoding='{declared}'?>" if declared else ""
    document = f"{declaration}<opml><body><outline text='Суспільне, новини' xmlUrl='{A}'/></body></opml>"
    assert read_list(document.encode(encoding)).feeds == (ListedFeed(A, "Суспільне, новини"),)


def test_three_hundred_feeds_come_in_one_go_with_their_folders() -> None:
    feeds = tuple(
        ListedFeed(
            f"https://outlet{number}.example/rss",
            f"Outlet {number}",
            f"https://outlet{number}.example/",
            (f"Folder {number % 7}",),
        )
        for number in range(300)
    )
    found = read_list(write_list(FeedList(feeds, "All of them")))
    assert set(found.feeds) == set(feeds)
    assert (found.title, found.whole, len(found.feeds)) == ("All of them", True, 300)


LAUGHS = "<!DOCTYPE opml [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{number} '{f'&a{number - 1};' * 10}'>" for number in range(1, 12)
) + "]>"  # fmt: skip


@pytest.mark.parametrize(
    ("document", "feeds"),
    [
        pytest.param(opml(f"<outline text='&a11;' xmlUrl='{A}'/>", before=LAUGHS), [A], id="a bomb of entities"),
        pytest.param(opml(f"<outline text='x' xmlUrl='{A}'/>&a11;", before=LAUGHS), [A], id="a bomb in the text"),
        pytest.param(
            opml(f"<outline text='x' xmlUrl='{A}'/>", before="<!DOCTYPE opml SYSTEM 'http://127.0.0.1:9/x.dtd'>"),
            [A],
            id="a document type elsewhere",
        ),
        pytest.param(
            opml(f"<outline text='x' xmlUrl='{A}'/>" + "<outline text='y'>" * 20_000),
            [A],
            id="very deep, and left open",
        ),
        pytest.param(
            opml("<outline text='y'>" * 50 + f"<outline text='x' xmlUrl='{A}'/>" + "</outline>" * 50), [A], id="deep"
        ),
        pytest.param(opml(f"<outline text='{'x' * 100_000}' xmlUrl='{A}'/>"), [A], id="a very long title"),
        pytest.param(
            opml(f"<outline text='x' xmlUrl='{A}'/><outline text='y' xmlUrl='https://b.exa"), [A], id="cut off"
        ),
        pytest.param(opml(f"<outline text='\x01x' xmlUrl='{A}'/>"), [A], id="a control character"),
    ],
)
def test_hostile_lists_do_no_harm(document: bytes, feeds: list[str]) -> None:
    found = read_list(document)
    assert [feed.url for feed in found.feeds] == feeds
    assert all(len(feed.title) <= 201 and len(feed.folders) <= 8 for feed in found.feeds)
    assert "haha" not in str(found)


@pytest.mark.parametrize("start", ["<!DOCTYPE ", "<!DOCTYPE a [", "<?xml "])
def test_a_list_of_nothing_but_beginnings_takes_no_long_time(start: str) -> None:
    document = (start * (4_000_000 // len(start))).encode()
    with Effort() as effort, pytest.raises(NotAnOutlineError):
        read_list(document)
    assert effort.seconds < 5


def test_more_feeds_than_anybody_reads_are_not_all_taken() -> None:
    found = read_list(
        opml("".join(f"<outline xmlUrl='https://a.example/{number}'/>" for number in range(MAX_FEEDS + 1)))
    )
    assert (len(found.feeds), found.whole) == (MAX_FEEDS, False)


@pytest.mark.parametrize(
    ("document", "why"),
    [
        pytest.param(b"", "empty", id="empty"),
        pytest.param(b"  \n", "empty", id="blank"),
        pytest.param(b"<?xml version='1.0'?>", "empty", id="a declaration"),
        pytest.param(b"<rss version='2.0'/>", "<rss>", id="a feed"),
        pytest.param(b"<html><body>list</body></html>", "<html>", id="a page"),
        pytest.param(b"PK\x03\x04\x00\x00", "not found", id="an archive"),
        pytest.param(b"https://a.example/rss", "not found", id="mere addresses"),
        pytest.param(b"x" * (MAX_BYTES + 1), "larger than 5 MB", id="huge"),
        pytest.param(b"<opml><body><outline", "line 1", id="cut before its first feed"),
    ],
)
def test_what_is_no_list_is_said_to_be_none(document: bytes, why: str) -> None:
    with pytest.raises(NotAnOutlineError, match=why):
        read_list(document)


LINES = (
    st.text(max_size=40)
    .map(lambda text: to_line(text, limit=200))
    .filter(lambda line: line == to_line(line, limit=200))
)
NAMES = LINES.filter(bool)
FEEDS = st.builds(
    ListedFeed,
    st.integers(0, 50).map(lambda number: f"https://a.example/rss?id={number}&b=ü"),
    NAMES,
    st.sampled_from(["", "https://a.example/"]),
    st.lists(st.sampled_from(["EU", "Новини", "a/b", "<&>", '"']), max_size=3).map(tuple),
    category=st.sampled_from(["", "eu,politics"]),
)
LISTS = st.builds(FeedList, st.lists(FEEDS, max_size=20, unique_by=lambda feed: feed.url).map(tuple), LINES)


@given(LISTS)
def test_a_round_trip_keeps_everything(feeds: FeedList) -> None:
    document = write_list(feeds)
    again = read_list(document)
    assert set(again.feeds) == set(feeds.feeds)
    assert (again.title, again.whole) == (feeds.title, True)
    assert write_list(again) == document, "and the second one nothing anew"
    assert etree.fromstring(document).get("version") == "2.0"


@given(st.text(), st.text(), st.lists(st.text(), max_size=3))
def test_whatever_a_title_holds_a_list_can_be_written_and_read(title: str, name: str, folders: list[str]) -> None:
    document = write_list(FeedList((ListedFeed(A, title, "", tuple(folders)),), name))
    assert read_opml(document)[0][0] == A


@given(
    st.binary(max_size=300)
    | st.text(alphabet="<>/&;='\" opmlbdyutinexU!?[]-\n", max_size=300).map(lambda text: ("<opml>" + text).encode())
)
def test_whatever_is_sent_is_a_list_or_is_said_to_be_none(document: bytes) -> None:
    try:
        read_list(document)
    except NotAnOutlineError:
        return


def test_folders_that_hold_no_feed_are_named() -> None:
    body = (
        "<outline text='Empty'/><outline text='Outer'><outline text='Inner'/></outline>"
        f"<outline text='Notes' url='{A}'/>"
        f"<outline text='Full'><outline text='A' xmlUrl='{A}'/></outline>"
        "<outline text='Broken'><outline text='B' xmlUrl='nowhere'/></outline>"
    )
    assert read_list(f"<opml><body>{body}</body></opml>".encode()).empty == ("Empty", "Inner")


def test_a_feed_in_several_folders_is_written_in_each() -> None:
    feed = ListedFeed(A, "A", "", ("News", "EU"), also=(("Press",), ("World",)), category="eu,/x/y")
    written = write_list(FeedList((feed,)))
    assert written.count(A.encode()) == 3
    assert read_list(written).feeds == (feed,)
