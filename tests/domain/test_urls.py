"""URLs: when two of them lead to the same article."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.urls import (
    _NUMBERED,
    _may_be_numbered,
    article_id,
    canonical,
    is_below,
    is_same_feed,
    logged,
    names_an_article,
    publisher,
    shown,
    site,
    tidied,
)

BAD = [
    "", " ", "/", "://", "http://[bad", "http://x:port/a", "http://x:99999/a", "javascript:alert(1)", "not a url",
    "http://", "https://x/?a=\ud800", "https://\ud800.example/", "\x00", "http://[::1]:80/a", "mailto:a@b.example",
]  # fmt: skip
TEXT = (
    st.text(max_size=30) | st.text("htps:/?#&=%.[]@w \ud800", max_size=40).map("http:".__add__) | st.sampled_from(BAD)
)


@pytest.mark.parametrize(
    ("url", "form"),
    [
        pytest.param("https://team.a.example/x", "team.a.example/x", id="a host that begins as an edition's does"),
        pytest.param("https://x.example/a", "x.example/a", id="https"),
        pytest.param("http://x.example/a", "x.example/a", id="http"),
        pytest.param("https://www.x.example/a", "x.example/a", id="www"),
        pytest.param("https://WWW.X.Example/a", "x.example/a", id="the host's case"),
        pytest.param("https://WWW.Outlet.test:8080/a", "outlet.test:8080/a", id="a port"),
        pytest.param("https://x.example/A", "x.example/A", id="the path's case counts"),
        pytest.param("https://de.x.example/a", "de.x.example/a", id="another host stays another"),
        pytest.param("https://m.x.example/a", "x.example/a", id="the mobile edition"),
        pytest.param("https://mobile.x.example/a", "x.example/a", id="the mobile edition, spelt out"),
        pytest.param("https://m.example/a", "m.example/a", id="a host that is only called so"),
        pytest.param("https://amp.x.example/a", "x.example/a", id="the AMP edition by its host"),
        pytest.param("https://x.example/a/amp/", "x.example/a", id="the AMP edition by its path"),
        pytest.param("https://x.example/a/amp.html", "x.example/a", id="the AMP edition by its page"),
        pytest.param("https://x.example/amp/a", "x.example/a", id="the AMP edition by its folder"),
        pytest.param("https://x.example/a.amp", "x.example/a", id="the AMP edition by its ending"),
        pytest.param("https://x.example/a.amp.html", "x.example/a.html", id="the AMP edition by both endings"),
        pytest.param("https://x.example/a?amp=1&b=2", "x.example/a?b=2", id="the AMP edition by its query"),
        pytest.param("https://x.example/a?amp", "x.example/a", id="the AMP edition by a bare word"),
        pytest.param("https://x.example/amphora/camp", "x.example/amphora/camp", id="words that only begin so"),
        pytest.param("https://www.google.com/amp/s/www.x.example/a", "x.example/a", id="an AMP viewer"),
        pytest.param("https://a-b.cdn.ampproject.org/c/s/www.x.example/a?b=1", "x.example/a?b=1", id="an AMP cache"),
        pytest.param("https://x.example/a/index.html", "x.example/a", id="an index page"),
        pytest.param("https://x.example/%D0%B0%D1%82%D0%BE", "x.example/ато", id="letters that are escaped"),
        pytest.param("https://x.example/a%3Fb", "x.example/a%3Fb", id="a question mark that is escaped stays so"),
        pytest.param("https://x.example/live#post-12", "x.example/live#post-12", id="a numbered place on a page"),
        pytest.param("https://x.example/a#xtor=RSS-12", "x.example/a", id="tracking in the fragment"),
        pytest.param("https://x.example/a?ref=rss&source=123", "x.example/a?source=123", id="a reference to the feed"),
        pytest.param("https://me:secret@x.example/a", "x.example/a", id="credentials"),
        pytest.param("  https://x.example/a\n", "x.example/a", id="spaces around it"),
        pytest.param("https://x.example/a/", "x.example/a", id="a slash at the end"),
        pytest.param("https://x.example/a#comments", "x.example/a", id="a fragment"),
        pytest.param("https://x.example:443/a", "x.example/a", id="the port of https"),
        pytest.param("http://x.example:80/a", "x.example/a", id="the port of http"),
        pytest.param("http://x.example:8080/a", "x.example:8080/a", id="another port"),
        pytest.param("https://x.example/?p=12", "x.example?p=12", id="a query that counts"),
        pytest.param("https://x.example/a?b=2&a=1", "x.example/a?b=2&a=1", id="order is kept"),
        pytest.param("https://x.example/a?q=", "x.example/a?q=", id="an empty value counts"),
        pytest.param("https://x.example/a?utm_source=rss&id=7&fbclid=x", "x.example/a?id=7", id="tracking and not"),
        pytest.param("https://x.example/a?utm_source=rss", "x.example/a", id="tracking alone"),
        pytest.param("https://x.example/a?at_medium=RSS&at_campaign=KARANGA", "x.example/a", id="the BBC's"),
        pytest.param("https://x.example/a?at_bbc_team=x", "x.example/a?at_bbc_team=x", id="what only begins so counts"),
        pytest.param("https://x.example/a?UTM_Source=rss", "x.example/a", id="tracking in capitals"),
        pytest.param("https://x.example/a?xtor=RSS-3208", "x.example/a", id="Le Monde's"),
        pytest.param("https://x.example/a?mc_cid=1&mc_eid=2&gclid=3", "x.example/a", id="mail and advertisements"),
        pytest.param("https://x.example/a?partners=7", "x.example/a?partners=7", id="only whole names are tracking"),
        pytest.param("https://x.example", "x.example", id="a front page"),
        pytest.param("http://[bad", "http://[bad", id="what cannot be read is its own form"),
        pytest.param(" http://x:port/a ", "http://x:port/a", id="a port that is no number"),
        pytest.param("https://x.example/?a=\ud800", "x.example?a=\ud800", id="half a character"),
    ],
)  # fmt: skip
def test_what_varies_between_links_to_one_article_does_not_count(url: str, form: str) -> None:
    assert canonical(url) == form


@pytest.mark.parametrize(
    ("url", "names"),
    [
        pytest.param("https://x.example", False, id="a host"),
        pytest.param("https://x.example/", False, id="a front page"),
        pytest.param("https://www.x.example//#top", False, id="a front page with more slashes"),
        pytest.param("https://x.example/?utm_source=rss", False, id="a front page with tracking"),
        pytest.param("https://x.example/a", True, id="a path"),
        pytest.param("https://x.example/live", False, id="whatever is the latest"),
        pytest.param("https://x.example/world/latest/", False, id="the latest of a section"),
        pytest.param("https://x.example/live?p=7", True, id="one of them"),
        pytest.param("https://x.example/live#post-7", True, id="a place among them"),
        pytest.param("https://x.example/uk", False, id="the front page of a language"),
        pytest.param("https://x.example/?p=12", True, id="a query"),
    ],
)
def test_a_front_page_tells_no_articles_apart(url: str, names: bool) -> None:
    assert names_an_article(canonical(url)) is names


@pytest.mark.parametrize(
    ("path", "number"),
    [
        pytest.param("rubric-polytics/4012345-call-for-instructors.html", "#4012345", id="Ukrinform's"),
        pytest.param("international/article/2026/10/12/a-headline_6123456_3210.html", "#6123456", id="Le Monde's"),
        pytest.param("a/article/a-headline_5254073_4497186.html", "#5254073", id="Le Monde's, with a long section"),
        pytest.param("news/world-europe-52351234", "#52351234", id="the BBC's"),
        pytest.param("news/2026/10/12/7412345/", "#7412345", id="Ukrainska Pravda's"),
        pytest.param("nz/news/article.cfm?c_id=1&objectid=12332546", "?12332546", id="in the query"),
        pytest.param("a-headline-20200420-p54ljy.html", "#p54ljy", id="letters and digits"),
        pytest.param(
            "a/headline-a-1b2c3d4e-1111-2222-3333-123456789abc", "#1b2c3d4e-1111-2222-3333-123456789abc", id="a UUID"
        ),
        pytest.param("a/news-story/ef4233513309e3dd5bfee9fb671f3a5e", "#ef4233513309e3dd5bfee9fb671f3a5e", id="a hash"),
        pytest.param("news/article-8245887/A-headline.html", "#8245887", id="named"),
        pytest.param("2020/05/27/deaths-top-100000/", None, id="a round number in a headline"),
        pytest.param("2026/20261012/slug", None, id="a date"),
        pytest.param("news/covid19-figures", None, id="a word with a number"),
        pytest.param("news/top-10-of-2026", None, id="a year"),
        pytest.param("news/a-headline", None, id="none"),
        pytest.param("news/national/414696/a-headline", "#414696", id="before the headline"),
        pytest.param("news/metro/734800/a-headline/story/", "#734800", id="before the headline and a word"),
        pytest.param("202405/floods-hit-valencia", None, id="a month"),
        pytest.param("240501/a-headline", None, id="a day"),
        pytest.param("topic/12345/a-headline", None, id="a topic"),
        pytest.param("ukraine-war-10234567/a-headline", None, id="a topic with its name"),
        pytest.param("reviews/the-new-t90m2024", None, id="the name of a product"),
        pytest.param("show.php?pid=12345&slug=a", None, id="a section's number in the query"),
        pytest.param("news/a-quay-3088438.shtml", "#3088438", id="before an old page's ending"),
        pytest.param("news/version-2.0-is-out-3088438.html", "#3088438", id="behind a point"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_an_outlet_s_number_is_found(path: str, number: str | None) -> None:
    assert article_id(canonical(f"https://x.example/{path}")) == (f"x.example{number}" if number else None)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        pytest.param("https://www.ukrinform.net/rss", "ukrinform.net", id="without www"),
        pytest.param("https://WWW.Ukrinform.net:8080/rss", "ukrinform.net", id="without port and case"),
        pytest.param("https://rss.x.example/", "rss.x.example", id="another part stays"),
        pytest.param("", "", id="nothing"),
        pytest.param("ukrinform.net", "", id="no URL"),
        pytest.param("http://[bad", "", id="what cannot be read"),
    ],
)
def test_a_site_is_the_host_that_a_person_would_name(url: str, host: str) -> None:
    assert site(url) == host


@pytest.mark.parametrize(
    ("url", "told"),
    [
        pytest.param("https://x.example/a@b?c=d@e", "https://x.example/a@b?c=d@e", id="no password"),
        pytest.param("https://me:secret@x.example/a", "https://x.example/a", id="a user and password"),
        pytest.param("https://me@x.example", "https://x.example", id="a user"),
        pytest.param("https://me:p@ss@x.example/a", "https://x.example/a", id="a password with an at sign"),
        pytest.param("https://me:p#q@x.example/a", "https://x.example/a", id="a password that breaks the address"),
        pytest.param("https://me:p/q@x.example/a", "https://x.example/a", id="a password with a slash"),
        pytest.param("https://x.example:80/@me", "https://x.example:80/@me", id="a port, and somebody's page"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_no_password_is_shown(url: str, told: str) -> None:
    assert shown(url) == told


@pytest.mark.parametrize(
    ("url", "tidy"),
    [
        ("HTTPS://Me:Pw@O.Example:443/a/./b/../c/?q=A#top", "https://Me:Pw@o.example/a/c/?q=A"),
        ("http://o.example", "http://o.example/"),
        ("http://o.example:8080/../a/..", "http://o.example:8080/"),
        ("http://[bad", "http://[bad"),
    ],
)
def test_an_address_is_tidied(url: str, tidy: str) -> None:
    assert tidied(url) == tidy


@pytest.mark.parametrize(
    ("url", "other", "same"),
    [
        pytest.param("http://o.example/rss/", "https://o.example/rss", True, id="scheme and slash"),
        pytest.param("https://O.example:443/x/../rss#top", "https://o.example/rss", True, id="spelling"),
        pytest.param("https://o.example/f?feedname=world", "https://o.example/f?feedname=sport", False, id="a query"),
        pytest.param("https://me:pw@o.example/rss", "https://o.example/rss", False, id="credentials"),
    ],
)
def test_an_address_is_a_feed_s(url: str, other: str, same: bool) -> None:
    assert is_same_feed(url, other) is same


def test_viewers_within_viewers_end() -> None:
    assert canonical("https://" + "www.google.com/amp/" * 2_000 + "x.example/a") == "x.example/a"


@given(TEXT)
def test_no_text_is_too_bad_to_be_compared(url: str) -> None:
    assert isinstance(canonical(url), str)
    assert names_an_article(canonical(url)) in {True, False}
    article_id(canonical(url))
    assert "/" not in site(url) or "[" in url


@given(
    st.sampled_from(["http://", "https://", "HTTPS://www."]),
    st.from_regex(r"[a-z]{1,8}\.example", fullmatch=True),
    st.from_regex(r"(/[a-zA-Z0-9._-]{1,6}){0,3}", fullmatch=True),
    st.from_regex(r"(\?[a-d]=[0-9]{0,3}(&[a-d]=[0-9a-z%+]{0,3}){0,2})?", fullmatch=True),
    st.sampled_from(["", "/"]),
)
def test_the_canonical_form_of_a_canonical_form_is_itself(
    scheme: str, host: str, path: str, query: str, slash: str
) -> None:
    form = canonical(f"{scheme}{host}{path}{slash}{query}")
    assert canonical(f"https://{form}") == form


HOSTS = ("a.example", "www.a.example", "www2.a.example", "m.a.example", "team.a.example", "museum.www.a.example")
PIECES = ("/", "/amp", ".amp", "amp.", "a-b", "index", ".html", ".php", "?", "a=1", "é", "//", "%41", ":80")


@given(st.sampled_from(HOSTS), st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
def test_the_quick_way_to_a_canonical_form_comes_to_the_same_as_the_careful_one(host: str, rest: str) -> None:
    assert canonical(f"https://{host}/{rest}") == canonical(f"HTTPS://{host}/{rest}")


@given(
    st.lists(
        st.sampled_from(("a", "f", "0", "1", "9", "-", "_", "c", "12345", "20260101", "article", "deadbeef")),
        max_size=9,
    )
)
def test_no_number_is_left_out_for_looking_like_none(pieces: list[str]) -> None:
    segment = "".join(pieces)
    assert _may_be_numbered(segment) or _NUMBERED.fullmatch(segment) is None


@pytest.mark.parametrize(
    ("url", "told"),
    [
        pytest.param("https://a.example/rss", "https://a.example/rss", id="nothing to hide"),
        pytest.param("https://a.example/rss?token=s&x=1", "https://a.example/rss?…", id="a token"),
        pytest.param("https://me:secret@a.example/rss?t=s", "https://a.example/rss?…", id="a password and a token"),
    ],
)
def test_what_is_logged_of_an_address_holds_no_secret(url: str, told: str) -> None:
    assert logged(url) == told


@pytest.mark.parametrize(
    ("url", "who"),
    [
        pytest.param("https://www.lemonde.fr/rss/une.xml", "lemonde.fr", id="a site"),
        pytest.param("http://127.0.0.1:8080/a.xml", "http://127.0.0.1:8080/a.xml", id="a number"),
        pytest.param("http://localhost:8080/a.xml", "http://localhost:8080/a.xml", id="a bare name"),
    ],
)
def test_who_publishes_a_feed(url: str, who: str) -> None:
    assert publisher(url) == who


@pytest.mark.parametrize(
    ("host", "other", "below"),
    [
        ("example.org", "example.org", True),
        ("rss.example.org", "example.org", True),
        ("example.org", "rss.example.org", False),
        ("anexample.org", "example.org", False),
        ("", "", False),
        ("example.org", "", False),
    ],
)
def test_a_host_is_another_or_below_it(host: str, other: str, below: bool) -> None:
    assert is_below(host, other) is below
