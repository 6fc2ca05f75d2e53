"""Which of a page's words are its article's, over pages as outlets make them."""

import pytest

from bot.domain.words import tokens
from bot.feeds.article import extract, strip
from bot.ports.web import NoText, NoTextKind, PageText
from support import articles
from support.articles import ENGLISH, FOREIGN, STORIES, TEMPLATES, Story, Template, ld, link, page, paragraphs
from support.effort import Effort

URL = "https://outlet.example/2026/11/24/a-school-for-instructors.html"


def read(source: str | bytes, content_type: str = "text/html", url: str = URL) -> str:
    """The text of a page, which must have one."""
    body = source.encode() if isinstance(source, str) else source
    found = extract(body, content_type, url)
    assert isinstance(found, PageText), found
    return found.text


def reason(source: str | bytes, content_type: str = "text/html", url: str = URL) -> NoTextKind:
    found = extract(source.encode() if isinstance(source, str) else source, content_type, url)
    assert isinstance(found, NoText), found
    return found.kind


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.language)
@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES.keys())
def test_the_text_is_the_whole_article_and_nothing_else(template: Template, story: Story) -> None:
    text = read(template(story))
    for paragraph in story.paragraphs:
        assert paragraph in text
    assert [part for part, word in FOREIGN.items() if word in text] == []


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.language)
@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES.keys())
def test_every_word_of_the_text_is_in_the_quick_text(template: Template, story: Story) -> None:
    source = template(story)
    quick = {token.folded for token in tokens(strip(source.encode(), "text/html", URL))}
    assert {token.folded for token in tokens(read(source))} <= quick


# What outlets do besides

PARAGRAPHS = "".join(paragraphs(ENGLISH))
FOREIGN_PROSE = "EUMAM teasoria is what this long sentence is about, and it is no part of the article at all. " * 3
HEADLINE = f"<h1>{ENGLISH.title}</h1>"


def assert_whole(text: str, *more: str) -> None:
    for paragraph in (*ENGLISH.paragraphs, *more):
        assert paragraph in text
    assert [word for word in FOREIGN.values() if word in text] == []


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(
            f"<article>{HEADLINE}{PARAGRAPHS}</article><article><h1>Another</h1><p>{FOREIGN_PROSE}</p><p>{FOREIGN_PROSE}</p></article>",
            id="the next article follows in full",
        ),
        pytest.param(
            f"<main>{HEADLINE}<div>{PARAGRAPHS}</div><h2>Comments (3)</h2><div><b>Ann</b><p>{FOREIGN_PROSE}</p></div></main>",
            id="comments told by their heading only",
        ),
        pytest.param(
            f"<main>{HEADLINE}<div class='body'>{PARAGRAPHS}</div><div class='comments'>{f'<p>{FOREIGN_PROSE}</p>' * 30}</div></main>",
            id="more comments than article",
        ),
        pytest.param(f"<form id='aspnet'><div>{HEADLINE}{PARAGRAPHS}</div></form>", id="a form around everything"),
        pytest.param(
            f"<div class='content comment-page author-pages sidebar-left'>{HEADLINE}{PARAGRAPHS}</div>",
            id="a container with the names of what it is not",
        ),
        pytest.param(
            f"<article>{HEADLINE}{paragraphs(ENGLISH)[0]}<div class='rest' style='display:none'>"
            f"{''.join(paragraphs(ENGLISH)[1:])}</div></article>",
            id="the rest is shown by a script",
        ),
        pytest.param(
            f"<article>{HEADLINE}{PARAGRAPHS}</article><div style='display: none'><p>Our kukizela.</p></div>",
            id="something hidden",
        ),
        pytest.param(
            f"<div class='article'>{HEADLINE}{''.join(f'<section><div>{each}</div></section>' for each in paragraphs(ENGLISH))}</div>",
            id="each paragraph in a section",
        ),
        pytest.param(
            f"<article>{HEADLINE}{''.join(paragraphs(ENGLISH, tag='div'))}</article>",
            id="paragraphs that are divisions",
        ),
        pytest.param(
            f"<article>{HEADLINE}{PARAGRAPHS}<h3>More on this</h3><ul><li>{link(ENGLISH, 'teaser')}</li></ul>"
            f"<ul><li>{link(ENGLISH, 'teaser', 2)}</li><li>{link(ENGLISH, 'teaser', 3)}</li></ul></article>",
            id="a list of teasers below the text",
        ),
        pytest.param(
            f"<article>{HEADLINE}{PARAGRAPHS}<p>Editing by A. autorelka</p><p>Photo: fotokredo</p>"
            "<p>Follow us on teilomat</p><p>© 2026 impresso</p></article>",
            id="the outlet's own lines below the text",
        ),
        pytest.param(
            f"<article>{HEADLINE}{PARAGRAPHS}</article><div id='onetrust-consent-sdk'><p>{'Cookies kukizela. ' * 50}</p></div>",
            id="a long consent dialogue",
        ),
        pytest.param(
            f"<article>{HEADLINE}{PARAGRAPHS}</article><p class='hint'>Already a subscriber? Log in zahlwanda</p>",
            id="a notice for subscribers on a free page",
        ),
        pytest.param(
            f"<article>{HEADLINE}<div class='post-content'>{PARAGRAPHS}</div><div class='c-linkBox'>"
            f"<p>{FOREIGN_PROSE}</p></div><div class='entry__readMore'><p>{FOREIGN_PROSE}</p></div></article>",
            id="names in one word",
        ),
        pytest.param(
            f"<div class='story'>{HEADLINE}{PARAGRAPHS}</div><div class='bottom'><p>An outlet of impresso, on the air "
            "since 1999.</p></div>",
            id="a line about the outlet at the bottom",
        ),
        pytest.param(
            f"<main>{HEADLINE}<div class='text'>{''.join(paragraphs(ENGLISH)[:5])}</div>{paragraphs(ENGLISH)[5]}"
            "<div class='box'><p>Something about teasoria that is no part of it.</p></div></main>",
            id="the last paragraph stands outside",
        ),
        pytest.param(
            f"<h1>{ENGLISH.title}</h1>{PARAGRAPHS}<ul><li>{link(ENGLISH, 'teaser')}</li></ul>", id="nothing around it"
        ),
        pytest.param(
            f"<div class='paywall'>{HEADLINE}{PARAGRAPHS * 3}</div><div class='paywall-box'><p>zahlwanda</p></div>",
            id="a container called a paywall that holds the text",
        ),
    ],
)
def test_of_such_pages_the_article_is_found_whole(body: str) -> None:
    assert_whole(read(page(ENGLISH, body)))


@pytest.mark.parametrize(
    "last",
    [
        pytest.param("<p>EUMAM declined.</p>", id="a short one"),
        pytest.param("<p>EUMAM <a href='/x'>declined</a> <a href='/y'>to comment</a>.</p>", id="one with links"),
        pytest.param("<p><a href='/x'>EUMAM declined to say anything about it.</a></p>", id="one that is a link"),
        pytest.param("<blockquote><p>EUMAM declined.</p></blockquote>", id="a quotation"),
        pytest.param("<h3>And now?</h3><p>EUMAM declined.</p>", id="one below a heading of its own"),
        pytest.param("<ul><li>EUMAM declined.</li><li>So did others.</li></ul>", id="a list"),
        pytest.param("<div><p>EUMAM declined.</p></div>", id="one in a division"),
        pytest.param("<p><em>EUMAM declined.</em></p>", id="one in italics"),
        pytest.param("<table><tr><td>EUMAM declined.</td></tr></table>", id="a table"),
        pytest.param("EUMAM declined.", id="text of no paragraph"),
        pytest.param(f"<p>{link(ENGLISH, 'teaser')}</p><p>EUMAM declined.</p>", id="one behind a teaser"),
        pytest.param("<p>Read also <a href='/x'>a teasoria</a></p><p>EUMAM declined.</p>", id="one behind another"),
        pytest.param("<p><a href='/x'>What is teasoria?</a></p><p>EUMAM declined.</p>", id="one behind a question"),
        pytest.param("<p>READ | <a href='/x'>a teasoria.</a></p><p>EUMAM declined.</p>", id="one behind capitals"),
    ],
)
@pytest.mark.parametrize(
    "around", ["<article>{}</article>", "<div class='post-text'>{}</div>", "<div><div>{}</div></div>"]
)
def test_the_last_paragraph_belongs_to_the_text(around: str, last: str) -> None:
    text = read(
        page(ENGLISH, f"<nav>{link(ENGLISH, 'navigation')}</nav>" + around.format(HEADLINE + PARAGRAPHS + last))
    )
    assert "EUMAM declined" in text
    assert FOREIGN["teaser"] not in text


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param("<div class='live-post'><h2>At {0}</h2><p>{1}</p></div>", id="divisions"),
        pytest.param("<article><time>{0}</time><p>{1}</p></article>", id="articles with times"),
        pytest.param("<li class='entry'><span>{0}</span><div><p>{1}</p></div></li>", id="a list"),
        pytest.param(
            "<section><h3>{0}</h3><div class='text'><p>{1}</p><p>It said no more.</p></div></section>", id="sections"
        ),
    ],
)
def test_all_entries_of_a_live_blog_are_its_text(entry: str) -> None:
    entries = "".join(entry.format(f"1{n}:30", text) for n, text in enumerate(ENGLISH.paragraphs * 2))
    body = f"<main>{HEADLINE}<div class='liveblog'>{entries}</div><aside>{link(ENGLISH, 'teaser')}</aside></main>"
    assert_whole(read(page(ENGLISH, body)))


ELSEWHERE = "A sentence about teasoria, which another article tells in full and this one does not at all."
TEASERS = {
    "a linked headline": f"<h2><a href='/other-{{0}}'>Another {{0}}</a></h2><p>{ELSEWHERE}</p>",
    "a linked headline with a time": f"<time>1{{0}}:00</time><h2><a href='/other-{{0}}'>It {{0}}</a></h2><p>{ELSEWHERE}</p>",
    "all of it a link": f"<a href='/other-{{0}}'><h3>Another {{0}}</h3><p>{ELSEWHERE}</p></a>",
    "a plain headline": f"<h2>Another {{0}}</h2><p>{ELSEWHERE}</p><a href='/other-{{0}}'>Read</a>",
    "no headline": f"<p>{ELSEWHERE}</p><p><a href='/other-{{0}}'>Read the article</a></p>",
    "a headline that is a paragraph": f"<p><a href='https://www.outlet.example/o'>Another</a></p><p>{ELSEWHERE}</p>",
}
FIRST, REST = "".join(paragraphs(ENGLISH)[:3]), "".join(paragraphs(ENGLISH)[3:])


@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.parametrize(
    "around",
    [
        pytest.param(f"<article>{HEADLINE}{PARAGRAPHS}</article>{{}}", id="after it"),
        pytest.param(f"<main>{{}}<article>{HEADLINE}{PARAGRAPHS}</article></main>", id="before it"),
        pytest.param(f"<article>{HEADLINE}{PARAGRAPHS}{{}}</article>", id="at its end"),
        pytest.param(f"<article>{HEADLINE}{FIRST}{{}}{REST}</article>", id="in it"),
        pytest.param(f"<main>{HEADLINE}<div>{PARAGRAPHS}</div><div>{{}}</div></main>", id="beside a division"),
        pytest.param(f"<main>{HEADLINE}<article>{PARAGRAPHS}</article>{{}}</main>", id="the headline outside"),
    ],
)
@pytest.mark.parametrize("teaser", TEASERS.values(), ids=TEASERS.keys())
def test_an_article_that_leads_to_another_page_is_no_part_of_the_text(teaser: str, around: str, count: int) -> None:
    teasers = "".join(f"<article>{teaser.format(number)}</article>" for number in range(count))
    assert_whole(read(page(ENGLISH, around.format(teasers))))


@pytest.mark.parametrize(
    "part",
    [
        pytest.param("<h2>Part {0}</h2><p>{1}</p>", id="with headlines"),
        pytest.param("<h2><a href='#p{0}'>Part {0}</a></h2><p>{1}</p>", id="with links to themselves"),
        pytest.param("<a href='/part/{0}'><time>1{0}:00</time></a><p>{1}</p>", id="with times that are links"),
        pytest.param("<p><a href='/part/{0}'>24.11.2026, 1{0}:00</a></p><p>{1}</p>", id="with dates that are links"),
        pytest.param("<p>{1}</p><p><a href='{2}/part-{0}'>Part {0}</a></p>", id="with addresses below its own"),
        pytest.param(
            "<p>{1}</p><p><a href='https://twitter.example/{0}'>See it there</a></p>", id="with what is cited"
        ),
        pytest.param(
            "<div itemprop='articleBody'><p>{1}</p><p><a href='/x'>Read</a></p></div>", id="with declared text"
        ),
    ],
)
@pytest.mark.parametrize("around", ["<main>{}</main>", "<article>{}</article>"])
def test_an_article_that_is_made_of_articles_is_read_whole(part: str, around: str) -> None:
    parts = "".join(
        f"<article>{part.format(number, text, URL)}</article>" for number, text in enumerate(ENGLISH.paragraphs)
    )
    assert_whole(read(page(ENGLISH, around.format(HEADLINE + parts))))


@pytest.mark.parametrize(
    ("name", "more"), [pytest.param("liveblog", 1, id="in all"), pytest.param("entries", 3, id="in a few")]
)
def test_an_entry_of_a_live_blog_may_lead_elsewhere(name: str, more: int) -> None:
    def entry(number: int, text: str) -> str:
        link = "" if number % more else "<p><a href='/other'>Our report on it</a></p>"
        return f"<article><time>1{number}:00</time><p>{text}</p>{link}</article>"

    entries = "".join(entry(number, text) for number, text in enumerate(ENGLISH.paragraphs))
    assert_whole(read(page(ENGLISH, f"<main>{HEADLINE}<div class='{name}'>{entries}</div></main>")))


@pytest.mark.parametrize(
    "part",
    [
        pytest.param("<article><h2><a href='/other-{0}'>Part {0}</a></h2><p>{1}</p></article>", id="with headlines"),
        pytest.param(
            "<article><p>{1}</p><p><a href='/other-{0}'>Permalink</a></p></article>", id="with their addresses"
        ),
        pytest.param("<article><p>{1}</p><p><a href='/map'>See the map of it</a></p></article>", id="with a map each"),
        pytest.param("<article><p>{1}</p><p><a href='/x'>Read the full story</a></p></article>", id="with more on it"),
        pytest.param("<div class='card'><h3><a href='#{0}'>What {0}?</a></h3><p>{1}</p></div>", id="called cards"),
    ],
)
def test_parts_without_which_no_article_would_be_left_are_no_teasers(part: str) -> None:
    first, *rest = ENGLISH.paragraphs
    parts = "".join(part.format(number, text) for number, text in enumerate(rest))
    assert_whole(read(page(ENGLISH, f"<main>{HEADLINE}<p>{first}</p><div class='stream'>{parts}</div></main>")))


def test_a_briefing_of_which_each_part_leads_to_a_story_is_read_whole() -> None:
    first, *rest = ENGLISH.paragraphs
    parts = "".join(
        f"<section><h2><a href='/s/{n}'>It {n}</a></h2><p>{text}</p></section>" for n, text in enumerate(rest)
    )
    assert_whole(read(page(ENGLISH, f"<article>{HEADLINE}<p>{first}</p>{parts}</article>")))


def test_an_article_that_is_longer_than_a_teaser_is_none() -> None:
    long = [f"{text} {' '.join(ENGLISH.paragraphs[:4])}" for text in ENGLISH.paragraphs]
    parts = "".join(f"<article><p>{text}</p><p><a href='/r'>Read our report</a></p></article>" for text in long)
    found = read(
        page(ENGLISH, f"<main>{HEADLINE}{PARAGRAPHS}<div>{parts}</div></main>"), url="https://outlet.example/a"
    )
    assert all(text in found for text in long)


@pytest.mark.parametrize(
    "kept",
    [
        pytest.param("<article><p>{0}</p><p><a href='/people/v'>Ida Vermeer</a></p></article>", id="said by somebody"),
        pytest.param("<div class='teaser'><p>{0} <a href='/map'>A map</a></p></div>", id="called a teaser"),
    ],
)
def test_a_paragraph_with_a_link_in_the_text_is_no_teaser(kept: str) -> None:
    said = "“We shall know more in the spring, when all the papers are on the table,” she said."
    found = read(page(ENGLISH, f"<article>{HEADLINE}{FIRST}{kept.format(said)}{REST}</article>"))
    assert said in found


def test_a_part_that_links_to_another_site_under_the_same_suffix_is_no_teaser() -> None:
    said = "Seven of the ovens were sold in the first week, and the rest by the end of the month."
    part = f"<article><p>{said}</p><p><a href='https://baker.co.uk/'>Read more</a></p></article>"
    found = read(page(ENGLISH, f"<main>{HEADLINE}{PARAGRAPHS}{part}</main>"), url="https://www.outlet.co.uk/a-school")
    assert said in found


@pytest.mark.parametrize("name", ["live-blog", "newsticker"])
def test_headlines_of_a_live_blogs_entries_may_lead_elsewhere(name: str) -> None:
    long = f"<p>{' '.join(ENGLISH.paragraphs[:3])}</p>"
    entries = "".join(
        f"<article><h2><a href='/entry-{n}'>At {n}</a></h2><p>{text}</p></article>"
        for n, text in enumerate(ENGLISH.paragraphs)
    )
    assert_whole(read(page(ENGLISH, f"<main>{HEADLINE}{long}<div class='{name}'>{entries}</div></main>")))


def test_a_page_knows_its_own_headline_by_the_address_that_it_calls_its_own() -> None:
    head = "<link rel='canonical' href='https://outlet.example/a-school'>"
    article = f"<article><h2><a href='/a-school'>{ENGLISH.title}</a></h2>{FIRST}</article>"
    more = f"<div><p>{FOREIGN_PROSE}</p></div>" * 3
    assert ENGLISH.paragraphs[0] in read(page(ENGLISH, f"<main>{article}{more}</main>", head=head))


@pytest.mark.parametrize(
    "tags",
    [
        pytest.param(
            "<p><a href='/t/a'>teasoria</a>, <a href='/t/b'>Ukraine</a>, <a href='/t/c'>EU</a></p>", id="links"
        ),
        pytest.param("<p>Tags: <a href='/t/a'>teasoria</a>, <a href='/t/b'>Ukraine</a></p>", id="called so"),
        pytest.param("<p>Tags: teasoria, Ukraine, EU</p>", id="without links"),
        pytest.param("<div>Topics: <a href='/t/a'>teasoria</a> <a href='/t/b'>Ukraine</a></div>", id="topics"),
        pytest.param("<p><b>Related topics</b> <a href='/t/a'>teasoria</a></p>", id="without a colon"),
        pytest.param("<div><span>Tags</span> <span>teasoria</span> <span>EU</span></div>", id="without any sign"),
        pytest.param("<p>#teasoria #Ukraine #EU</p>", id="hashtags"),
        pytest.param("<p>Теги: teasoria, Україна</p>", id="in Ukrainian"),
        pytest.param("<p>Schlagwörter: teasoria, Ukraine</p>", id="in German"),
        pytest.param("<p>Mots-clés : teasoria, Ukraine</p>", id="in French"),
        pytest.param("<p>Filed under: <a href='/t/a'>teasoria</a></p>", id="filed"),
    ],
)
@pytest.mark.parametrize(
    "around",
    [
        pytest.param("<article>{}{}</article>", id="in the article"),
        pytest.param("<main><div class='text'>{}</div>{}</main>", id="below it"),
        pytest.param("<main><div class='text'>{}<div>{}</div></div></main>", id="in a division"),
    ],
)
def test_a_line_of_tags_is_no_part_of_the_text(tags: str, around: str) -> None:
    assert_whole(read(page(ENGLISH, around.format(HEADLINE + PARAGRAPHS, tags))))


@pytest.mark.parametrize(
    ("last", "kept"),
    [
        pytest.param("<p>Topics: EUMAM, its money and its future</p>", "EUMAM, its money", id="topics of a meeting"),
        pytest.param("<p>Tags: two soldiers wore them.</p>", "two soldiers", id="a sentence about tags"),
        pytest.param("<p>#EUMAM goes on, says #Brussels.</p>", "goes on", id="hashtags in a sentence"),
        pytest.param("<p><a href='/a'>EUMAM</a> and <a href='/b'>its school</a></p>", "its school", id="two links"),
    ],
)
def test_what_only_resembles_a_line_of_tags_is_read(last: str, kept: str) -> None:
    assert kept in read(page(ENGLISH, f"<article>{HEADLINE}{PARAGRAPHS}{last}</article>"))


@pytest.mark.parametrize(
    ("declared", "sent", "header"),
    [
        pytest.param("windows-1251", "windows-1251", "text/html", id="declared in the page"),
        pytest.param("utf-8", "windows-1251", "text/html; charset=utf-8", id="declared wrongly"),
        pytest.param("", "koi8-u", "text/html; charset=koi8-u", id="declared in the header"),
        pytest.param("windows-1251", "utf-8", "text/html; charset=windows-1251", id="UTF-8 declared as another"),
        pytest.param("", "utf-16", "text/html", id="two bytes a character"),
    ],
)
def test_a_wrong_charset_does_no_harm(declared: str, sent: str, header: str) -> None:
    source = (
        articles.wordpress(articles.UKRAINIAN).replace('charset="utf-8"', f'charset="{declared}"').replace("’", "'")
    )
    text = read(source.replace("ʼ", "'").encode(sent, "xmlcharrefreplace"), header)
    assert articles.UKRAINIAN.paragraphs[1] in text
    assert articles.UKRAINIAN.paragraphs[-1] in text


def test_the_language_that_a_page_declares_is_told() -> None:
    found = extract(page(ENGLISH, f"<article>{PARAGRAPHS}</article>", lang="en-GB").encode(), "", URL)
    assert isinstance(found, PageText)
    assert found.language == "en"


# Pages without a text


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.language)
@pytest.mark.parametrize(
    ("template", "kind"),
    [
        pytest.param(articles.paywall, NoTextKind.PAYWALL, id="a paywall that is declared"),
        pytest.param(lambda story: articles.paywall(story, declared=False), NoTextKind.PAYWALL, id="a paywall"),
        pytest.param(articles.consent_wall, NoTextKind.CONSENT, id="a consent wall"),
        pytest.param(articles.login, NoTextKind.LOGIN, id="a login"),
        pytest.param(articles.challenge, NoTextKind.CHALLENGE, id="a challenge"),
        pytest.param(articles.front, NoTextKind.NO_ARTICLE, id="a section's page"),
    ],
)
def test_a_page_without_an_article_says_why(template: Template, kind: NoTextKind, story: Story) -> None:
    assert reason(template(story)) == kind


@pytest.mark.parametrize(
    ("body", "content_type", "kind"),
    [
        pytest.param(b"%PDF-1.7 EUMAM", "application/pdf", NoTextKind.NOT_HTML, id="a PDF"),
        pytest.param(b"%PDF-1.7 EUMAM", "text/html", NoTextKind.NOT_HTML, id="a PDF that is said to be a page"),
        pytest.param(b'{"text": "EUMAM"}', "application/json", NoTextKind.NOT_HTML, id="data"),
        pytest.param(b"<rss/>", "application/rss+xml", NoTextKind.NOT_HTML, id="a feed"),
        pytest.param(b"\x89PNG\r\n", "", NoTextKind.NOT_HTML, id="a picture"),
        pytest.param(b"", "text/html", NoTextKind.NO_ARTICLE, id="nothing"),
        pytest.param(b"  \n ", "text/html", NoTextKind.NO_ARTICLE, id="white space"),
        pytest.param(b"EUMAM declined.", "text/html", NoTextKind.NO_ARTICLE, id="a sentence"),
        pytest.param(b"<!-- -->", "", NoTextKind.NO_ARTICLE, id="a comment"),
        pytest.param(b"<html></html>", "", NoTextKind.NO_ARTICLE, id="an empty page"),
        pytest.param(b"<frameset><frame src=x></frameset>", "", NoTextKind.NO_ARTICLE, id="frames"),
        pytest.param(b"\x00\xff\xfe<p>\x80" * 9, "", NoTextKind.NO_ARTICLE, id="rubbish"),
    ],
)
def test_what_is_no_page_says_so(body: bytes, content_type: str, kind: NoTextKind) -> None:
    assert reason(body, content_type) == kind
    strip(body, content_type)


def test_a_consent_dialogue_without_an_article_is_named_as_one() -> None:
    body = "<div id='consent-box'><h1>We value your choices</h1><p>We and our partners store cookies. Do you agree?</p></div>"
    assert reason(f"<html><body>{body}</body></html>") == NoTextKind.CONSENT


def test_a_short_article_below_a_headline_is_one() -> None:
    body = f"<h1>{ENGLISH.title}</h1><p>{ENGLISH.paragraphs[0]}</p><p>EUMAM declined.</p>"
    assert read(f"<html><body>{body}</body></html>") == f"{ENGLISH.paragraphs[0]}\n\nEUMAM declined."


def test_a_front_page_is_no_article_even_where_it_says_a_lot() -> None:
    source = page(ENGLISH, f"<article>{HEADLINE}{PARAGRAPHS}</article>")
    assert reason(source, url="https://outlet.example/") == NoTextKind.NO_ARTICLE
    assert_whole(read(source, url="https://outlet.example/?p=71"))


def test_text_that_is_declared_to_be_locked_but_is_there_is_read() -> None:
    head = ld(isAccessibleForFree=False, hasPart={"isAccessibleForFree": False, "cssSelector": ".for-some"})
    body = f"<article>{HEADLINE}<p>A lead.</p><div class='for-some'>{PARAGRAPHS}</div></article>"
    assert_whole(read(page(ENGLISH, body, head=head)))


def test_text_that_is_declared_behind_a_paywall_is_not_read_from_the_declaration() -> None:
    head = ld(isAccessibleForFree=False, articleBody=" ".join(ENGLISH.paragraphs) * 5)
    assert reason(page(ENGLISH, f"<article>{HEADLINE}<p>{ENGLISH.paragraphs[0]}</p></article>", head=head)) == (
        NoTextKind.PAYWALL
    )


def test_an_article_about_cookies_is_no_wall() -> None:
    sentence = "In case {} the court ruled that consent to cookies must be given freely before any cookie is set."
    told = "".join(f"<p>{sentence.format(number)}</p>" for number in range(9))
    body = f"<article><h1>Court rules on cookie consent</h1>{told}</article>"
    source = page(ENGLISH, body).replace(ENGLISH.title, "Cookie consent must be free")
    assert "must be given freely" in read(source)


@pytest.mark.parametrize(
    "script",
    [
        pytest.param('{"@type": "NewsArticle", ', id="cut off"),
        pytest.param("[" * 5_000, id="deep"),
        pytest.param(
            '{"@type": ["NewsArticle"], "hasPart": [1, {"cssSelector": [2]}], "articleBody": 7}', id="odd values"
        ),
        pytest.param('{"@graph": [[[]], "x", {"@type": null}]}', id="an odd graph"),
        pytest.param('<!-- {"@type": "NewsArticle", "articleBody": "line\nbreak"} -->', id="in a comment"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_a_page_declares_can_be_anything(script: str) -> None:
    head = f'<script type="application/ld+json">{script}</script>'
    assert_whole(read(page(ENGLISH, f"<article>{HEADLINE}{PARAGRAPHS}</article>", head=head)))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("<div>" * 100_000, id="deep"),
        pytest.param("<div>" * 250 + PARAGRAPHS, id="as deep as a tree may be"),
        pytest.param("<p>word word word</p>" * 100_000, id="many paragraphs"),
        pytest.param("<h2><a href=/x>word</a></h2>" * 50_000, id="many headlines"),
        pytest.param("<div class='related-x'><h2>Comments</h2>" * 20_000, id="many comments"),
        pytest.param("<ul><li><a href=/x>y</a>" * 50_000, id="nested lists"),
        pytest.param("read more " * 200_000, id="one phrase for ever"),
        pytest.param("<p>" + "the post " * 40_000, id="one phrase in a paragraph"),
        pytest.param("&#1;&amp;" * 200_000, id="entities"),
        pytest.param("<a href=/x>" * 100_000, id="open links"),
        pytest.param("<article><a href=/x>word</a>" * 10_000, id="nested articles"),
        pytest.param("<article><p>word</p><a href=/x>word</a></article>" * 5_000, id="many articles"),
        pytest.param("<article>" + "<p><a href=/x>word</a>, <a href=/x>word</a></p>" * 5_000, id="many tags"),
        pytest.param("<br>" * 400_000, id="line breaks"),
    ],
)
def test_a_hostile_page_takes_no_long_time(body: str) -> None:
    with Effort() as effort:
        source = page(ENGLISH, body).encode()
        strip(source, "text/html", URL)
        extract(source, "text/html", URL)
    assert effort.seconds < 20
