"""From an entry's link to its article's text, over real HTTP and a real process."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable

import pytest

from bot.domain.errors import FetchFailed
from bot.feeds.full_text import FullText
from bot.ports.web import NoText, NoTextKind, PageText
from support import articles
from support.articles import ENGLISH, UKRAINIAN
from support.fetching import StillClock, opened
from support.outlets import Outlets, Page

PATH = "/2026/11/24/a-school-for-instructors.html"


@pytest.fixture
async def outlets() -> AsyncIterator[Outlets]:
    async with await Outlets.start() as running:
        yield running


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
async def pages(clock: StillClock) -> AsyncIterator[FullText]:
    async with opened(clock, deadline=2) as web, FullText(web, clock) as running:
        yield running


def never_ready(body: bytes, content_type: str, url: str) -> PageText:
    if b"slow" in body:
        time.sleep(60)
    return PageText(url, f"in process {os.getpid()}")


def dies(body: bytes, content_type: str, url: str) -> PageText:
    os._exit(1)


def fails(body: bytes, content_type: str, url: str) -> PageText:
    raise ZeroDivisionError


async def kind(pages: FullText, url: str) -> NoTextKind:
    found = await pages.text(url)
    assert isinstance(found, NoText), found
    return found.kind


async def test_an_articles_text_is_found(pages: FullText, outlets: Outlets) -> None:
    page = outlets.page(PATH, articles.semantic(ENGLISH))
    found = await pages.text(page.url + "#part")
    assert found == PageText(page.url, "\n\n".join(ENGLISH.paragraphs), "en")


def test_what_reads_articles_is_loaded_in_the_process_only() -> None:
    loads = "import sys, bot.app; sys.exit('trafilatura' in sys.modules or 'bot.feeds.full_text' not in sys.modules)"
    loads = loads.replace("bot.app", "bot.app, bot.feeds.full_text")
    assert subprocess.run([sys.executable, "-c", loads], check=False).returncode == 0


async def test_nobody_waits_for_a_page_that_could_not_matter(pages: FullText, outlets: Outlets) -> None:
    page = outlets.page(PATH, articles.semantic(ENGLISH))
    asked: list[str] = []

    async def matters(words: str) -> bool:
        asked.append(words)
        return "vacuum" in words

    assert await pages.text(page.url, matters) == NoText(NoTextKind.IRRELEVANT)
    assert all(paragraph in asked[0] for paragraph in ENGLISH.paragraphs)

    async def matters_to_some(words: str) -> bool:
        return "EUMAM" in words

    assert isinstance(await pages.text(page.url, matters_to_some), PageText)


async def test_a_page_in_another_charset_is_read(pages: FullText, outlets: Outlets) -> None:
    body = articles.wordpress(UKRAINIAN).replace("utf-8", "windows-1251").encode("cp1251", "xmlcharrefreplace")
    page = outlets.page(PATH, body, "text/html; charset=iso-8859-1")
    found = await pages.text(page.url)
    assert isinstance(found, PageText)
    assert UKRAINIAN.paragraphs[-1] in found.text


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        pytest.param(lambda page: page.fails(404), NoTextKind.GONE, id="not found"),
        pytest.param(lambda page: page.fails(410), NoTextKind.GONE, id="gone"),
        pytest.param(lambda page: page.fails(401), NoTextKind.LOGIN, id="a password"),
        pytest.param(lambda page: page.fails(402), NoTextKind.PAYWALL, id="payment"),
        pytest.param(lambda page: page.fails(403), NoTextKind.CHALLENGE, id="refused"),
        pytest.param(lambda page: page.redirects_to(PATH), NoTextKind.GONE, id="a circle"),
        pytest.param(lambda page: page.redirects_to("ftp://x/"), NoTextKind.GONE, id="out of the web"),
        pytest.param(Page.never_ends, NoTextKind.TOO_LARGE, id="endless"),
        pytest.param(Page.sends_a_bomb, NoTextKind.TOO_LARGE, id="a bomb"),
        pytest.param(lambda page: page.answers(b"x" * 5_000_000), NoTextKind.TOO_LARGE, id="five megabytes"),
        pytest.param(lambda page: page.answers(b"%PDF", "application/pdf"), NoTextKind.NOT_HTML, id="a document"),
    ],
)
async def test_a_page_that_will_never_have_a_text_says_why(
    pages: FullText, outlets: Outlets, fault: Callable[[Page], None], why: NoTextKind
) -> None:
    page = outlets.page(PATH, articles.semantic(ENGLISH))
    fault(page)
    assert await kind(pages, page.url) == why


@pytest.mark.parametrize("url", ["", "nothing", "ftp://a.example/b", "http://", "http://[::1", "javascript:alert(1)"])
async def test_what_is_no_address_has_no_text(pages: FullText, url: str) -> None:
    assert await kind(pages, url) == NoTextKind.GONE


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(lambda page: page.fails(500), id="a fault"),
        pytest.param(lambda page: page.fails(503, retry_after="60"), id="busy"),
        pytest.param(lambda page: page.fails(429), id="too many requests"),
        pytest.param(Page.hangs, id="silence"),
        pytest.param(Page.drops, id="hung up"),
        pytest.param(Page.is_cut_short, id="cut off"),
    ],
)
async def test_what_may_be_better_later_is_an_error_and_then_a_text(
    pages: FullText, outlets: Outlets, clock: StillClock, fault: Callable[[Page], None]
) -> None:
    page = outlets.page(PATH, articles.semantic(ENGLISH))
    fault(page)
    with pytest.raises(FetchFailed):
        await pages.text(page.url)
    page.recovers()
    clock.time += 3_600
    assert isinstance(await pages.text(page.url), PageText)


async def test_robots_txt_is_obeyed_and_at_redirects_too(pages: FullText, outlets: Outlets) -> None:
    outlets.page("/robots.txt", "User-agent: Tocsin\nDisallow: /closed")
    closed = outlets.page("/closed/a", articles.semantic(ENGLISH))
    outlets.page("/open/a").redirects_to("/closed/a")
    assert await kind(pages, closed.url) == NoTextKind.ROBOTS
    assert await kind(pages, outlets.url("/open/a")) == NoTextKind.ROBOTS
    assert closed.hits == 0


async def test_where_robots_txt_cannot_be_read_the_page_waits(pages: FullText, outlets: Outlets) -> None:
    outlets.page("/robots.txt").fails(500)
    page = outlets.page(PATH, articles.semantic(ENGLISH))
    with pytest.raises(FetchFailed) as caught:
        await pages.text(page.url)
    assert caught.value.retry_after == 600
    assert page.hits == 0


async def test_a_crawl_delay_keeps_pages_of_a_host_apart(pages: FullText, outlets: Outlets, clock: StillClock) -> None:
    outlets.page("/robots.txt", "User-agent: *\nCrawl-delay: 7")
    page = outlets.page(PATH, articles.semantic(ENGLISH))
    for _ in range(3):
        await pages.text(page.url)
    assert clock.slept == [7, 7]
    clock.time -= 100_000
    await pages.text(page.url)
    assert clock.slept == [7, 7, 7]


async def test_pages_of_one_host_are_fetched_one_at_a_time(outlets: Outlets, clock: StillClock) -> None:
    page = outlets.page(PATH, articles.semantic(ENGLISH))
    async with opened(clock, host_interval=2) as web, FullText(web, clock) as pages:
        found = await asyncio.gather(*(pages.text(page.url) for _ in range(3)))
    assert all(isinstance(each, PageText) for each in found)
    assert clock.slept == [2, 2, 2], "robots.txt, and three pages"


async def test_a_page_that_takes_too_long_is_given_up_and_the_next_one_is_read(
    outlets: Outlets, clock: StillClock
) -> None:
    slow, quick = outlets.page("/a", "slow"), outlets.page("/b", "quick")
    async with opened(clock) as web, FullText(web, clock, patience=5, extract=never_ready) as pages:
        assert await kind(pages, slow.url) == NoTextKind.TIMEOUT
        assert isinstance(await pages.text(quick.url), PageText)


async def test_a_page_that_takes_the_process_with_it_is_an_error(outlets: Outlets, clock: StillClock) -> None:
    page = outlets.page("/a", "x")
    async with opened(clock) as web, FullText(web, clock, extract=dies) as pages:
        for _ in range(2):
            with pytest.raises(FetchFailed, match="process"):
                await pages.text(page.url)


async def test_a_fault_of_ours_is_a_page_without_an_article(outlets: Outlets, clock: StillClock) -> None:
    page = outlets.page("/a", "x")
    async with opened(clock) as web, FullText(web, clock, extract=fails) as pages:
        assert await kind(pages, page.url) == NoTextKind.NO_ARTICLE


async def test_the_process_is_kept_and_closing_ends_it(outlets: Outlets, clock: StillClock) -> None:
    page = outlets.page("/a", "x")
    async with opened(clock) as web:
        async with FullText(web, clock, extract=never_ready) as pages:
            first, second = await pages.text(page.url), await pages.text(page.url)
        assert first == second
        assert isinstance(first, PageText)
        assert str(os.getpid()) not in first.text
        with pytest.raises(FetchFailed, match="process"):
            await pages.text(page.url)
