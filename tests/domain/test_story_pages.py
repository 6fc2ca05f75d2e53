"""Which articles are looked for, whose are not, and when again."""

from random import Random

import pytest

from bot.domain.pages import Exempt, next_try, wants_page
from bot.domain.stories import Entry

FEED = "https://www.example.org/news/rss"
PAGE = "https://example.org/news/a-story"
LEAD = Entry(url="https://outlet.example/a-story", summary="A lead.")


def test_an_article_is_looked_for_behind_a_lead_with_a_link_of_its_own() -> None:
    assert wants_page(LEAD, own_link=True)
    assert not wants_page(LEAD, own_link=False)
    assert not wants_page(Entry(summary="A lead."), own_link=True)
    assert not wants_page(Entry(url=LEAD.url, content="word " * 400), own_link=True)


@pytest.mark.parametrize(("attempts", "least", "most"), [(1, 120, 144), (2, 360, 432), (4, 3240, 3888)])
def test_pauses_grow(attempts: int, least: float, most: float) -> None:
    at = next_try(attempts, 0.0, Random(1))
    assert at is not None
    assert least <= at <= most


def test_a_servers_wish_counts_and_patience_ends() -> None:
    assert next_try(1, 0.0, Random(1), retry_after=900) == 900
    assert next_try(5, 0.0, Random(1)) is None


@pytest.mark.parametrize(
    ("named", "feed_url", "page_url", "covered"),
    [
        pytest.param([], FEED, PAGE, False, id="nobody is named"),
        pytest.param(["example.org"], FEED, PAGE, True, id="its site"),
        pytest.param(["www.Example.org"], FEED, PAGE, True, id="its site as people write it"),
        pytest.param(["example.org"], "https://rss.example.org/1", PAGE, True, id="below its site"),
        pytest.param(["example.org"], "https://feeds.example/1", PAGE, True, id="where the article is"),
        pytest.param(["example.org"], "https://notexample.org/1", "https://notexample.org/2", False, id="another site"),
        pytest.param(["rss.example.org"], FEED, PAGE, False, id="another part of its site"),
        pytest.param(["127.0.0.1"], "http://127.0.0.1:8080/rss", "http://127.0.0.1:8080/1", True, id="a number"),
        pytest.param([FEED], FEED, PAGE, True, id="its feed"),
        pytest.param(["HTTP://www.example.org/news/rss/"], FEED, PAGE, True, id="its feed, written in another way"),
        pytest.param(["https://www.example.org/sport/rss"], FEED, PAGE, False, id="another feed of its outlet"),
    ],
)
def test_who_is_exempt_is_named_by_site_or_feed(named: list[str], feed_url: str, page_url: str, covered: bool) -> None:
    assert Exempt.of(named).covers(feed_url, page_url) is covered


def test_everybody_can_be_exempt() -> None:
    assert Exempt(everybody=True).covers(FEED, PAGE)


@pytest.mark.parametrize("name", ["", "example", "example.org/news", "https://", "ftp://example.org/rss", "a b.org"])
def test_a_name_is_a_host_or_a_feed_s_address(name: str) -> None:
    with pytest.raises(ValueError, match="^" + name):
        Exempt.of(["example.org", name])
