"""Where a site's feed usually lies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.places import MOST, usual_places


def test_a_site_is_asked_where_most_sites_have_theirs() -> None:
    assert usual_places("https://outlet.example/") == (
        "https://outlet.example/feed",
        "https://outlet.example/rss",
        "https://outlet.example/feed.xml",
        "https://outlet.example/index.xml",
        "https://outlet.example/rss.xml",
        "https://outlet.example/atom.xml",
        "https://outlet.example/feed.json",
    )


@pytest.mark.parametrize(
    ("url", "first"),
    [
        pytest.param("http://outlet.example:8080", "http://outlet.example:8080/feed", id="a port"),
        pytest.param("https://outlet.example/en/world/", "https://outlet.example/en/world/feed", id="a section"),
        pytest.param("https://outlet.example/world.html", "https://outlet.example/feed", id="a page"),
        pytest.param("https://outlet.example/2026/11/24/eumam/", "https://outlet.example/feed", id="an article"),
        pytest.param("https://outlet.example/feed", "https://outlet.example/feed/feed", id="not what was asked for"),
        pytest.param("https://me:secret@outlet.example/", "https://outlet.example/feed", id="no password"),
        pytest.param(
            "https://medium.com/@author/a-story-1a2b", "https://medium.com/feed/@author", id="an author's Medium"
        ),
        pytest.param(
            "https://medium.com/publication", "https://medium.com/feed/publication", id="a Medium publication"
        ),
        pytest.param("https://author.medium.com/", "https://author.medium.com/feed", id="a Medium of one's own"),
        pytest.param("https://letter.substack.com/p/one", "https://letter.substack.com/feed", id="Substack"),
        pytest.param("http://blog.blogspot.com/2026/", "https://blog.blogspot.com/feeds/posts/default", id="Blogger"),
        pytest.param("https://github.com/a/b/issues", "https://github.com/a/b/releases.atom", id="releases"),
        pytest.param("https://www.reddit.com/r/europe/", "https://www.reddit.com/r/europe/.rss", id="a subreddit"),
        pytest.param(
            "https://www.youtube.com/channel/UC-1_x/videos",
            "https://www.youtube.com/feeds/videos.xml?channel_id=UC-1_x",
            id="a channel of videos",
        ),
    ],
)
def test_the_likeliest_place_comes_first(url: str, first: str) -> None:
    assert usual_places(url)[0] == first


@pytest.mark.parametrize("url", ["", "outlet.example", "ftp://outlet.example/", "https://[", "https://t.me/s/channel"])
def test_of_some_addresses_nothing_is_to_be_expected(url: str) -> None:
    assert usual_places(url) == ()


@given(st.text(max_size=60).map("https://outlet.example/".__add__) | st.text(max_size=60))
def test_places_are_few_and_each_is_named_once(url: str) -> None:
    places = usual_places(url)
    assert len(places) <= MOST
    assert len(set(places)) == len(places)
    assert url not in places
