"""From a site's address to its feed: pages as ten kinds of sites make them, over real HTTP."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from random import Random
from typing import cast

import pytest

from bot.discovery import discover
from bot.domain.budget import Budget
from bot.domain.errors import AdvertisedFeed, NotAFeed
from bot.domain.schedule import Bounds
from bot.feeds.parse import parse
from bot.feeds.reader import FeedReader
from bot.pipeline import Polling
from bot.ports.feeds import Feeds
from bot.ports.web import Web
from support.fetching import StillClock, document, opened
from support.outlets import Outlets

TEXT = "<p>The council met on Tuesday; what was said will be read in the minutes, which nobody reads.</p>" * 30

WORDPRESS = """<!DOCTYPE html>
<html lang="uk"><head><meta charset="UTF-8"><title>Новинарня</title>
<link rel="profile" href="https://gmpg.org/xfn/11"><meta name="generator" content="WordPress 6.8">
<link rel="alternate" type="application/rss+xml" title="Новинарня &raquo; стрічка" href="/feed/" />
<link rel="alternate" type="application/rss+xml" title="Новинарня &raquo; стрічка коментарів" href="/comments/feed/" />
<link rel="https://api.w.org/" href="/wp-json/" />
<link rel="alternate" title="JSON" type="application/json" href="/wp-json/wp/v2/pages/2" />
<link rel="alternate" title="oEmbed (JSON)" type="application/json+oembed" href="/wp-json/oembed/1.0/embed?url=x" />
</head><body class="home">{text}</body></html>"""
GHOST = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8" /><title>The Ledger</title>
<meta name="generator" content="Ghost 5.98"><link rel="canonical" href="/">
<link rel="alternate" type="application/rss+xml" title="The Ledger" href="/rss/">
<link rel="webmention" href="/webmentions/receive/"></head><body>{text}</body></html>"""
HUGO = """<!doctype html><html lang=en-gb><head><meta charset=utf-8><title>Notes from a harbour</title>
<meta name=generator content="Hugo 0.139.0"><link rel=alternate type=application/rss+xml href=/index.xml
title="Notes from a harbour">
</head><body>{text}</body></html>"""
JEKYLL = """<!DOCTYPE html><html lang="en"><head><title>A desk</title><meta name="generator" content="Jekyll v4.3.3" />
<link type="application/atom+xml" rel="alternate" href="/feed.xml" title="A desk" /></head><body>{text}</body></html>"""
DRUPAL = """<!DOCTYPE html><html lang="fr" dir="ltr"><head><meta charset="utf-8" /><title>Ministère | Accueil</title>
<meta name="Generator" content="Drupal 10 (https://www.drupal.org)" />
<link rel="alternate" hreflang="fr" href="/fr" /><link rel="alternate" hreflang="en" href="/en" />
<link rel="alternate" type="application/rss+xml" title="" href="/fr/rss.xml" />
</head><body>{text}</body></html>"""
BLOGGER = """<!DOCTYPE html><html dir='ltr' xmlns='http://www.w3.org/1999/xhtml'><head><title>Tanks, counted</title>
<meta content='blogger' name='generator'/>
<link rel="alternate" type="application/atom+xml" title="Tanks, counted - Atom" href="/feeds/posts/default" />
<link rel="alternate" type="application/rss+xml" title="Tanks, counted - RSS"
href="/feeds/posts/default?alt=rss" />
<link rel="service.post" type="application/atom+xml" title="Tanks, counted - Atom"
href="https://www.blogger.com/feeds/1/posts/default" />
</head><body>{text}</body></html>"""
SUBSTACK = """<!DOCTYPE html><html lang="en"><head><title>A letter | Substack</title>
<link rel="preload" as="style" href="/bundle/main.css"><link rel="alternate" type="application/rss+xml" href="/feed"
title="A letter"/>
</head><body><div id="entry">{text}</div>
<script>window._preloads = JSON.parse("{{\\"feed\\":\\"</link>\\"}}")</script>
</body></html>"""
MEDIUM = """<!doctype html><html lang="en"><head><title data-rh="true">An author – Medium</title>
<link data-rh="true" rel="search" type="application/opensearchdescription+xml" title="Medium" href="/osd.xml"/>
<link data-rh="true" rel="alternate" href="android-app://com.medium.reader/https/medium.com/@author"/>
<link id="feedLink" rel="alternate" type="application/rss+xml" title="RSS" href="/feed/@author"/>
</head><body>{text}</body></html>"""
NEWSPAPER = """<!DOCTYPE html><html><head><title>The Great Paper</title>
<!-- <link rel="alternate" type="application/rss+xml" href="/old.rss"> -->
{links}</head><body>{text}</body></html>"""
SECTIONS = ("Home", "World", "Europe", "Politics", "Business", "Sport", "Culture", "Science", "Opinion", "Weather")
BARE = """<!DOCTYPE html><html><head><title>A town's site</title></head><body>
<a href="/about">About</a>{text}</body></html>"""


@dataclass(frozen=True)
class Site:
    """What a page is to offer: addresses by their paths, with their titles."""

    page: str
    offers: tuple[tuple[str, str], ...]


SITES = {
    "WordPress": Site(
        WORDPRESS, (("/feed/", "Новинарня » стрічка"), ("/comments/feed/", "Новинарня » стрічка коментарів"))
    ),
    "Ghost": Site(GHOST, (("/rss/", "The Ledger"),)),
    "Hugo": Site(HUGO, (("/index.xml", "Notes from a harbour"),)),
    "Jekyll": Site(JEKYLL, (("/feed.xml", "A desk"),)),
    "Drupal": Site(DRUPAL, (("/fr/rss.xml", ""),)),
    "Blogger": Site(
        BLOGGER,
        (("/feeds/posts/default", "Tanks, counted - Atom"), ("/feeds/posts/default?alt=rss", "Tanks, counted - RSS")),
    ),
    "Substack": Site(SUBSTACK, (("/feed", "A letter"),)),
    "Medium": Site(MEDIUM, (("/feed/@author", "RSS"),)),
    "a great newspaper": Site(
        NEWSPAPER.replace(
            "{links}",
            "".join(
                f'<link rel="alternate" type="application/rss+xml" title="{name}" href="/rss/{name.lower()}">'
                for name in SECTIONS
            ),
        ),
        tuple((f"/rss/{name.lower()}", name) for name in SECTIONS),
    ),
    "none": Site(BARE, ()),
}  # fmt: skip


@pytest.fixture
async def outlets() -> AsyncIterator[Outlets]:
    async with await Outlets.start() as running:
        yield running


@pytest.mark.parametrize("kind", SITES)
async def test_a_page_names_its_sites_feeds(outlets: Outlets, kind: str) -> None:
    page = outlets.page("/", SITES[kind].page.format(text=TEXT))
    async with opened() as web:
        answer = await document(web, page.url)
    with pytest.raises(NotAFeed) as found:
        parse(answer.body, content_type=answer.content_type, url=answer.url)
    assert found.value.seems == "html"
    offered = tuple((feed.url.removeprefix(outlets.url("").rstrip("/")), feed.title) for feed in found.value.advertised)
    assert offered == SITES[kind].offers


@pytest.mark.parametrize("path", ["/feed", "/rss", "/feed.xml", "/index.xml", "/rss.xml", "/atom.xml"])
async def test_a_site_that_names_no_feed_is_asked_where_most_have_theirs(outlets: Outlets, path: str) -> None:
    outlets.page("/", BARE)
    feed = outlets.feed(path, title="The town's news")
    requests: list[None] = []
    async with opened() as web, FeedReader() as reader:
        found = await discover(web, reader, outlets.url("/"), on_request=lambda: requests.append(None))
    assert found == AdvertisedFeed(feed.url, "The town's news")
    assert len(requests) == outlets.hits <= 6


async def test_a_part_of_a_site_is_asked_first(outlets: Outlets) -> None:
    outlets.feed("/feed", title="All")
    feed = outlets.feed("/en/world/feed", title="World")
    async with opened() as web, FeedReader() as reader:
        assert await discover(web, reader, outlets.url("/en/world/")) == AdvertisedFeed(feed.url, "World")


async def test_a_place_that_has_moved_is_named_where_it_is(outlets: Outlets) -> None:
    feed = outlets.feed("/feeds/all", title="All")
    outlets.page("/feed").redirects_to(feed.url)
    async with opened() as web, FeedReader() as reader:
        assert await discover(web, reader, outlets.url("/")) == AdvertisedFeed(feed.url, "All")


async def test_a_site_that_answers_everything_with_a_page_has_none(outlets: Outlets) -> None:
    for path in ("/feed", "/rss", "/feed.xml", "/index.xml", "/rss.xml", "/atom.xml", "/feed.json"):
        outlets.page(path, BARE.format(text=TEXT))
    async with opened() as web, FeedReader() as reader:
        assert await discover(web, reader, outlets.url("/")) is None
    assert outlets.hits == 7


async def test_a_site_that_asks_to_be_left_alone_is_asked_no_further(outlets: Outlets) -> None:
    outlets.page("/feed").fails(429)
    outlets.feed("/rss")
    async with opened() as web, FeedReader() as reader:
        assert await discover(web, reader, outlets.url("/")) is None
    assert outlets.hits == 1


async def test_a_site_that_is_down_is_asked_no_further() -> None:
    async with await Outlets.start() as gone:
        url = gone.url("/")
    requests: list[None] = []
    async with opened() as web, FeedReader() as reader:
        assert await discover(web, reader, url, on_request=lambda: requests.append(None)) is None
    assert len(requests) == 1


async def test_who_sends_a_page_is_offered_the_feed_of_its_site(outlets: Outlets) -> None:
    outlets.page("/", BARE.format(text=TEXT))
    feed = outlets.feed("/rss", title="The town's news")
    async with opened() as web, FeedReader() as reader:
        polling = polling_with(web, reader)
        with pytest.raises(NotAFeed) as found:
            await polling.introduce(outlets.url("/"))
    assert found.value.advertised == (AdvertisedFeed(feed.url, "The town's news"),)


async def test_who_sends_a_page_of_a_site_without_a_feed_is_told_that_it_is_a_page(outlets: Outlets) -> None:
    outlets.page("/", BARE.format(text=TEXT))
    async with opened() as web, FeedReader() as reader:
        with pytest.raises(NotAFeed) as found:
            await polling_with(web, reader).introduce(outlets.url("/"))
    assert (found.value.seems, found.value.advertised) == ("html", ())


def polling_with(web: Web, reader: FeedReader) -> Polling:
    return Polling(
        cast("Feeds", None),  # an introduction stores nothing
        web,
        reader,
        StillClock(),
        Random(1),
        bounds=Bounds(60, 3600),
        budget=Budget(6_000),
        max_age=1e6,
        on_stories=lambda: None,
    )
