import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import SEEMS, AdvertisedFeed
from bot.feeds.pages import MAX_ADVERTISED, MAX_LINKED, seems
from support.effort import Effort

URL = "https://outlet.example/news/"
STORY = "<p>The council met on Monday to weigh the bridge, and put it off until the river has fallen again.</p>"
NEWS = "".join(f'<article><h2><a href="/story/{n}">Story {n}</a></h2>{STORY}</article>' for n in range(40))
NOTICE = (
    "<p>We and our 300 partners store cookies on your device. With your consent we use cookies to measure how the site "
    "is used. Choose which cookies you allow.</p><button>Accept all</button><button>Reject all</button>"
)


def page(body: str = "", head: str = "", title: str = "The Outlet") -> str:
    return f"<!DOCTYPE html>\n<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("", "empty", id="nothing"),
        pytest.param("\ufeff \r\n\x00", "empty", id="blanks"),
        pytest.param("<!DOCTYPE html><p>Hello", "html", id="a page"),
        pytest.param("<HTML><BODY>Hello</BODY></HTML>", "html", id="a page in capitals"),
        pytest.param("<!-- made by hand --><html>", "html", id="a comment before the page"),
        pytest.param(
            '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x.dtd"><html>',
            "html",
            id="XHTML",
        ),
        pytest.param('<html xmlns="http://www.w3.org/1999/xhtml"/>', "html", id="XHTML without a document type"),
        pytest.param("<h1>It works!</h1>", "html", id="a fragment of a page"),
        pytest.param("<br />\n<b>Warning</b>: mysql_connect()", "html", id="an error of PHP"),
        pytest.param("Notice: undefined index\n<!doctype html><html>", "html", id="a word before the page"),
        pytest.param('<?xml version="1.0"?><opml version="2.0"><body/></opml>', "opml", id="OPML"),
        pytest.param('<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>', "xml", id="a sitemap"),
        pytest.param("<soap:Envelope xmlns:soap='x'><soap:Body/></soap:Envelope>", "xml", id="SOAP"),
        pytest.param('<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="x"/>', "xml", id="SVG with a document type"),
        pytest.param("<Error><Code>AccessDenied</Code></Error>", "xml", id="an error of a store's"),
        pytest.param('{"items": 1}', "json", id="a JSON object"),
        pytest.param("[1, 2]", "json", id="a JSON array"),
        pytest.param("[Note] nothing here", "unknown", id="text in brackets"),
        pytest.param("Not found", "unknown", id="text"),
        pytest.param("%PDF-1.7 \ufffd\ufffd", "unknown", id="a PDF"),
        pytest.param("\ufffdPNG\r\n\x1a\n", "unknown", id="an image"),
        pytest.param("<rss version='2.0'>", "unknown", id="a feed that breaks off"),
        pytest.param("<3 cats", "unknown", id="a heart"),
    ],
)
def test_what_is_no_feed_is_said_to_be_what_it_seems(text: str, kind: str) -> None:
    assert seems(text).seems == kind


@pytest.mark.parametrize(
    ("title", "body"),
    [
        pytest.param(
            "Just a moment...", "<noscript>Enable JavaScript and cookies to continue</noscript>", id="Cloudflare"
        ),
        pytest.param("Nur einen Moment…", "<script>window._cf_chl_opt={}</script>", id="Cloudflare in German"),
        pytest.param(
            "Attention Required! | Cloudflare", "<h1>Sorry, you have been blocked</h1>", id="Cloudflare's block"
        ),
        pytest.param("DDoS-Guard", "<p>Checking your browser</p>", id="DDoS-Guard"),
        pytest.param("", '<iframe src="/_Incapsula_Resource?x">Incapsula incident ID: 4</iframe>', id="Imperva"),
        pytest.param("Access Denied", "<p>Reference #18.5f</p><p>https://errors.edgesuite.net/18.5f</p>", id="Akamai"),
        pytest.param("Access to this page has been denied.", '<div id="px-captcha"></div>', id="PerimeterX"),
        pytest.param("outlet.example", '<script src="https://ct.captcha-delivery.com/c.js"></script>', id="DataDome"),
        pytest.param("Making sure you're not a bot!", "<p>Loading…</p>", id="Anubis"),
        pytest.param("", "<script>window.gokuProps = {}</script>", id="AWS"),
        pytest.param("Are you a robot?", "<p>Tick the box below.</p>", id="some outlet's own"),
    ],
)
def test_a_check_for_robots_is_told_from_a_page(title: str, body: str) -> None:
    assert seems(page(body, title=title), URL).seems == "challenge"
    assert seems(page(body + NEWS, title="The Outlet"), URL).seems == "html", "a page that carries its script"


@pytest.mark.parametrize(
    ("title", "body", "url"),
    [
        pytest.param("Before you continue", NOTICE, "https://consent.google.com/ml?continue=x", id="Google's host"),
        pytest.param("Yahoo", "<form></form>", "https://guce.yahoo.com/consent", id="Yahoo's host"),
        pytest.param("Bevor Sie zu YouTube weitergehen", "<p>Wir verwenden Cookies</p>", URL, id="German"),
        pytest.param("Zustimmung erforderlich", "<p>Cookies … <a href='/abo'>Abo</a></p>", URL, id="pay or consent"),
        pytest.param("Avant d’accéder à la suite", "<p>des cookies</p>", URL, id="French"),
        pytest.param("Voordat je verdergaat", "<p>Wij gebruiken cookies</p>", URL, id="Dutch"),
        pytest.param("DPG Media Privacy Gate", "<p>cookies</p>", URL, id="a publisher's gate"),
        pytest.param("Cookie wall", "<p>Accept our cookies.</p>", URL, id="by its name"),
        pytest.param(
            "The Outlet", f"<script src='https://sdk.privacy-center.org/didomi.js'></script>{NOTICE}", URL, id="Didomi"
        ),
        pytest.param(
            "The Outlet", f"<script src='https://cdn.privacy-mgmt.com/x.js'></script>{NOTICE}", URL, id="Sourcepoint"
        ),
    ],
)
def test_a_wall_that_asks_for_consent_is_told(title: str, body: str, url: str) -> None:
    assert seems(page(body, title=title), url).seems == "consent"


@pytest.mark.parametrize(
    ("title", "body"),
    [
        pytest.param("The Outlet", "<script src='https://cdn.cookielaw.org/onetrust.js'></script>", id="a script"),
        pytest.param("The Outlet", f"<div id='onetrust-banner-sdk'>{NOTICE}</div>", id="a banner"),
        pytest.param("Before you continue: a word on cookies", NOTICE, id="a story about it"),
    ],
)
def test_a_news_page_that_asks_for_consent_as_well_is_a_page(title: str, body: str) -> None:
    assert seems(page(body + NEWS, title=title), URL).seems == "html"


def test_a_short_page_with_a_banner_is_a_page() -> None:
    banner = "<script src='cookiebot.js'></script><div>We use cookies. <button>Accept</button></div>"
    assert seems(page(banner + STORY), URL).seems == "html"


def test_a_page_that_is_drawn_by_its_scripts_is_a_page() -> None:
    assert seems(page('<div id="root"></div><script src="app.js"></script>'), URL).seems == "html"


def test_a_page_that_asks_for_nothing_but_a_password_is_a_login() -> None:
    form = "<form><input name=user><input type='Password' name=p><button>Sign in</button></form>"
    assert seems(page(form, title="Sign in"), URL).seems == "login"
    assert seems(page(form + NEWS), URL).seems == "html"


@pytest.mark.parametrize(
    ("head", "feed"),
    [
        pytest.param(
            '<link rel="alternate" type="application/rss+xml" title="News" href="/rss">',
            AdvertisedFeed("https://outlet.example/rss", "News"),
            id="RSS",
        ),
        pytest.param(
            "<LINK HREF='feed.atom' TITLE='All &amp; sundry' TYPE='application/atom+xml' REL='Alternate home'/>",
            AdvertisedFeed("https://outlet.example/news/feed.atom", "All & sundry"),
            id="Atom, in another order and in capitals",
        ),
        pytest.param(
            "<link rel=alternate type=application/feed+json href=//cdn.example/feed.json>",
            AdvertisedFeed("https://cdn.example/feed.json"),
            id="JSON Feed, without quotes or scheme",
        ),
        pytest.param(
            '<link rel="alternate" type="text/xml; charset=utf-8" href="/x?a=1&amp;b=2#top">',
            AdvertisedFeed("https://outlet.example/x?a=1&b=2"),
            id="as some XML, with an entity and a fragment",
        ),
        pytest.param(
            '<link rel="alternate" type="application/json" title="JSON Feed" href="/all.json">',
            AdvertisedFeed("https://outlet.example/all.json", "JSON Feed"),
            id="as some JSON that says it",
        ),
        pytest.param(
            '<link rel="feed" href="/rss">', AdvertisedFeed("https://outlet.example/rss"), id="by its relation"
        ),
        pytest.param(
            '<base href="https://www.outlet.example/en/"><link rel="alternate" type="application/rdf+xml" href="rdf">',
            AdvertisedFeed("https://www.outlet.example/en/rdf"),
            id="relative to a base",
        ),
        pytest.param(
            '<link rel="alternate" type="application/rss+xml" href="feed:https://outlet.example/rss">',
            AdvertisedFeed("https://outlet.example/rss"),
            id="feed: before a URL",
        ),
        pytest.param(
            '<link rel="alternate" type="application/rss+xml" href="feed://outlet.example/rss">',
            AdvertisedFeed("http://outlet.example/rss"),
            id="feed: for a scheme",
        ),
        pytest.param(
            "<link title='a > b' rel=alternate type=application/rss+xml href=/rss>",
            AdvertisedFeed("https://outlet.example/rss", "a > b"),
            id="a bracket in a title",
        ),
        pytest.param(
            "<link title=Bob's rel=alternate type=application/rss+xml href=/rss>",
            AdvertisedFeed("https://outlet.example/rss", "Bob"),
            id="a stray quote",
        ),
    ],
)
def test_a_page_s_feeds_are_found(head: str, feed: AdvertisedFeed) -> None:
    assert seems(page(NEWS, head), URL).advertised == (feed,)


@pytest.mark.parametrize(
    "head",
    [
        pytest.param('<!-- <link rel="alternate" type="application/rss+xml" href="/rss"> -->', id="in a comment"),
        pytest.param(
            '<script>\'<link rel="alternate" type="application/rss+xml" href="/rss">\'</script>', id="in a script"
        ),
        pytest.param('<link rel="stylesheet" type="application/rss+xml" href="/rss">', id="of another relation"),
        pytest.param('<link rel="alternate" hreflang="uk" type="text/html" href="/uk/">', id="another language"),
        pytest.param('<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">', id="an interface"),
        pytest.param('<link rel="alternate" type="text/xml" href="/oembed?format=xml">', id="a card"),
        pytest.param('<link rel="alternate" type="application/rss+xml" href="">', id="with no address"),
        pytest.param('<link rel="alternate" type="application/rss+xml" href="javascript:x">', id="with no web address"),
        pytest.param('<link rel="alternate" type="application/rss+xml" href="http://[1">', id="with a broken one"),
    ],
)
def test_what_names_no_feed_is_not_listed(head: str) -> None:
    assert seems(page(NEWS, head), URL).advertised == ()


def test_feeds_are_listed_once_and_those_of_comments_last() -> None:
    def link(url: str, title: str) -> str:
        return f'<link rel="alternate" type="application/rss+xml" title="{title}" href="{url}">'

    found = seems(
        page(
            head=link("/comments/feed/", "The Outlet")
            + link("/k", "Коментарі")
            + link("/feed/", "The Outlet")
            + link("https://outlet.example/feed", "again")
            + link("http://outlet.example/feed/#x", "and again")
            + link("/sport", "Sport")
        ),
        URL,
    )
    assert [feed.url.removeprefix("https://outlet.example") for feed in found.advertised] == [
        "/feed/",
        "/sport",
        "/comments/feed/",
        "/k",
    ]
    many = seems(page(head="".join(link(f"/feed/{n}", "") for n in range(50))), URL)
    assert len(many.advertised) == MAX_ADVERTISED


def test_where_a_page_declares_no_feed_its_links_to_some_are_listed() -> None:
    body = (
        '<a href="/rss/">RSS</a><a href="news.xml" title="x">no feed</a>'
        '<a href="/feeds/world.xml"> World &amp; more</a>'
        '<a href="/a.rss" title="A"><img></a><a href="/about#/feed">no</a>'
        '<a href="https://reader.example/add/https://outlet.example/rss">Follow</a>'
    )
    found = seems(page(body + NEWS), URL).advertised
    assert found == (
        AdvertisedFeed("https://outlet.example/rss/", "RSS"),
        AdvertisedFeed("https://outlet.example/feeds/world.xml", "World & more"),
        AdvertisedFeed("https://outlet.example/a.rss", "A"),
    )
    assert len(seems(page("".join(f'<a href="/{n}/rss">' for n in range(50))), URL).advertised) == MAX_LINKED
    declared = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    assert [feed.url for feed in seems(page(body, declared), URL).advertised] == ["https://outlet.example/feed"]


def test_links_of_a_page_from_nowhere_are_listed_where_they_are_whole() -> None:
    body = '<a href="/rss">a</a><a href="https://outlet.example/rss">b</a>'
    assert [feed.url for feed in seems(page(body)).advertised] == ["https://outlet.example/rss"]


def test_titles_are_one_clean_line() -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/rss" title="The\n &lt;b&gt;Outlet&lt;/b&gt;\u202e">'
    assert seems(page(head=link), URL).advertised[0].title == "The Outlet"


@given(
    st.lists(
        st.sampled_from(
            (
                *("<", ">", "<a ", "href=", "'", '"', "<!--", "-->", "<link ", "rel=alternate ", "type=text/xml "),
                *("<script>", "</script>", "<title>", "<html>", "<?xml", "?>", "<!doctype ", "[", "]", "/rss", "="),
                *(" ", "ї", "feed:", "http://", "<base ", "&amp;", "{", "\x00", "\ud800"),
            )
        ),
        max_size=40,
    ).map("".join),
    st.sampled_from(["", URL, "http://[", "x"]),
)
def test_whatever_it_is_something_is_said(text: str, url: str) -> None:
    found = seems(text, url)
    assert found.seems in SEEMS
    assert all(feed.url.startswith(("http://", "https://")) for feed in found.advertised)


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "<",
            "<a ",
            '<a x="',
            "<a x=\"'",
            "<!--",
            "<!---->",
            "<title>",
            "<title>a</title>",
            "<script></script>",
            "<?x?>",
        ),
        *("<!doctype x [", "<a href='/rss'>", "<link rel=alternate type=text/xml href=a>", "<a " + "x=" * 99, "<div>"),
        *("&amp;", " \n", "cookie ", "awswaf.com/", "rss", "[", "<base href='//x.example'>"),
    ],
)
def test_a_page_made_to_be_slow_is_read_in_time(piece: str) -> None:
    text = "<html><head>" + piece * (2_000_000 // len(piece))
    with Effort() as effort:
        seems(text, URL)
    assert effort.seconds < 5
