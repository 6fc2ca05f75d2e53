"""The demo's outlets, asked over real HTTP, and the source pack that new chats follow."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import feedparser
import httpx
import pytest

from bot.demo.newsroom import Newsroom
from bot.demo.outlets import CHANNELS, EARLIER, SCRIPT, Channel, Format, Publish, Retitle

START = datetime(2026, 3, 14, 9, 30, tzinfo=UTC).timestamp()


class TurnedClock:
    """A clock that stands still until the test turns it; who sleeps is woken then."""

    def __init__(self) -> None:
        self.time = START
        self.slept: list[float] = []
        self.awake = asyncio.Semaphore(0)
        self.asleep = asyncio.Semaphore(0)

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.asleep.release()
        await self.awake.acquire()
        self.time += seconds

    async def turn(self) -> None:
        """Wake the sleeper and return when it sleeps again."""
        self.awake.release()
        await self.asleep.acquire()


@pytest.fixture
def clock() -> TurnedClock:
    return TurnedClock()


@pytest.fixture
async def newsroom(clock: TurnedClock) -> AsyncIterator[Newsroom]:
    newsroom = Newsroom(clock)
    await newsroom.start()
    yield newsroom
    await newsroom.aclose()


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as client:
        yield client


async def stories(http: httpx.AsyncClient, url: str) -> list[dict[str, str]]:
    """The feed's stories, newest first, read by a reader that is not ours."""
    response = await http.get(url)
    assert response.status_code == 200
    if response.headers["content-type"].startswith("application/feed+json"):
        document = json.loads(response.content)
        assert document["version"].startswith("https://jsonfeed.org/version/1")
        return [
            {
                "title": item["title"],
                "link": item["url"],
                "published": item["date_published"],
                "text": item["summary"] + item.get("content_html", ""),
            }
            for item in document["items"]
        ]
    parsed = feedparser.parse(
        response.content, response_headers={"content-type": response.headers["content-type"]}, sanitize_html=False
    )
    assert not parsed.bozo, parsed.get("bozo_exception")
    return [
        {
            "title": entry.title,
            "link": entry.link,
            "published": entry.published,
            "text": entry.summary + "".join(content.value for content in entry.get("content", ())),
        }
        for entry in parsed.entries
    ]


def feed_of(newsroom: Newsroom, path: str) -> str:
    return next(url for url in newsroom.feeds if url.endswith(path))


def by_path(channel: Channel) -> str:
    return channel.path


@pytest.mark.parametrize("channel", CHANNELS, ids=by_path)
async def test_each_feed_starts_with_two_or_three_earlier_stories_newest_first(
    newsroom: Newsroom, http: httpx.AsyncClient, channel: Channel
) -> None:
    found = await stories(http, feed_of(newsroom, channel.path))
    earlier = [publication for publication in EARLIER if publication.channel == channel]
    assert 2 <= len(found) <= 3
    assert [story["title"] for story in found] == [
        publication.article.title for publication in sorted(earlier, key=lambda publication: publication.hours_ago)
    ]


@pytest.mark.parametrize("channel", CHANNELS, ids=by_path)
async def test_dates_are_written_as_each_format_asks(
    newsroom: Newsroom, http: httpx.AsyncClient, channel: Channel
) -> None:
    found = await stories(http, feed_of(newsroom, channel.path))
    read = parsedate_to_datetime if channel.format is Format.RSS else datetime.fromisoformat
    earlier = sorted(publication.hours_ago for publication in EARLIER if publication.channel == channel)
    assert [read(story["published"]).timestamp() for story in found] == [START - hours * 3600 for hours in earlier]


async def test_the_ukrainian_feed_is_in_windows_1251_and_says_so(newsroom: Newsroom, http: httpx.AsyncClient) -> None:
    response = await http.get(feed_of(newsroom, "/maiak/rss.xml"))
    assert re.match(rb"<\?xml version='1.0' encoding='windows-1251'\?>", response.content)
    assert "charset" not in response.headers["content-type"]
    assert "Маяк на Подолі".encode("windows-1251") in response.content
    assert b"&#" not in response.content


async def test_stories_appear_one_by_one_as_the_script_publishes(clock: TurnedClock, http: httpx.AsyncClient) -> None:
    newsroom = Newsroom(clock, interval=4)
    await newsroom.start()
    url = feed_of(newsroom, "/meridian/news.xml")
    async with asyncio.TaskGroup() as tasks:
        publishing = tasks.create_task(newsroom.publish_all())
        await clock.asleep.acquire()
        assert len(await stories(http, url)) == 2
        await clock.turn()
        newest, *_ = found = await stories(http, url)
        assert len(found) == 3
        assert newest["title"] == "Call for a European coalition of military instructors in Ukraine"
        assert parsedate_to_datetime(newest["published"]).timestamp() == START + 4
        assert "EUMAM" not in newest["text"]
        assert "EUMAM" in (await http.get(newest["link"])).text
        publishing.cancel()
    assert clock.slept == [4, 4]
    await newsroom.aclose()


async def publish_everything(newsroom: Newsroom) -> None:
    for step in SCRIPT:
        newsroom.step(step)


async def test_the_whole_script_is_published_at_the_pace_asked_for(newsroom: Newsroom, clock: TurnedClock) -> None:
    for _ in SCRIPT:
        clock.awake.release()
    await newsroom.publish_all(0.5)
    assert clock.slept == [0.5] * len(SCRIPT)


async def test_a_feed_asked_with_its_etag_answers_304_until_it_changes(
    newsroom: Newsroom, http: httpx.AsyncClient
) -> None:
    for url in newsroom.feeds:
        first = await http.get(url)
        again = await http.get(url, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        await_change = {"If-None-Match": first.headers["etag"]}
        if url.endswith("feed.json"):
            await publish_everything(newsroom)
            assert (await http.get(url, headers=await_change)).status_code == 200


# What each filter has to find in the feeds' own text, once the script is through.
MATCHES = {
    "military instructors": {
        "norwegian-instructors-return",
        "coalition-of-instructors",
        "mandate-debate",
        "danish-winter-course",
        "what-trainers-earn",
    },
    "EUMAM": {"eumam-bilan", "training-moves-closer", "eumam-formateurs", "misiia-eumam", "eumam-figures"},
}


@pytest.mark.parametrize("words", MATCHES)
async def test_the_demo_filters_match_these_stories(newsroom: Newsroom, http: httpx.AsyncClient, words: str) -> None:
    await publish_everything(newsroom)
    found = {
        story["link"].rsplit("/", 1)[1]
        for url in newsroom.feeds
        for story in await stories(http, url)
        if words in re.sub(r"</?\w+>", "", story["title"] + " " + story["text"])
    }
    assert found == MATCHES[words]


async def test_every_published_link_opens_a_page_with_the_whole_article(
    newsroom: Newsroom, http: httpx.AsyncClient
) -> None:
    await publish_everything(newsroom)
    for url in newsroom.feeds:
        for story in await stories(http, url):
            page = await http.get(story["link"])
            assert page.status_code == 200
            assert "<script" not in page.text
            assert "<article>" in page.text


async def test_an_unknown_page_and_an_unknown_outlet_are_404(newsroom: Newsroom, http: httpx.AsyncClient) -> None:
    site = newsroom.feeds[0].removesuffix("/meridian/news.xml")
    for path in ("/meridian/nothing-here", "/nobody/", "/nobody/feed", "/meridian/coalition-of-instructors"):
        assert (await http.get(site + path)).status_code == 404


async def test_an_outlets_front_page_names_its_feeds(newsroom: Newsroom, http: httpx.AsyncClient) -> None:
    site = newsroom.feeds[0].removesuffix("news.xml")
    page = (await http.get(site)).text
    assert re.findall(r'rel="alternate" type="application/rss\+xml" title="[^"]+" href="([^"]+)"', page) == [
        "/meridian/news.xml",
        "/meridian/security.xml",
    ]


async def test_one_article_stands_in_two_feeds_of_its_outlet_under_one_link_and_date(
    newsroom: Newsroom, http: httpx.AsyncClient
) -> None:
    await publish_everything(newsroom)
    twice = [
        next(
            story
            for story in await stories(http, feed_of(newsroom, path))
            if story["link"].endswith("danish-winter-course")
        )
        for path in ("/meridian/news.xml", "/meridian/security.xml")
    ]
    assert twice[0] == twice[1]


async def test_a_retitled_story_keeps_its_link_and_date(newsroom: Newsroom, http: httpx.AsyncClient) -> None:
    retitling = next(step for step in SCRIPT if isinstance(step, Retitle))
    url = feed_of(newsroom, "/harbour/feed.json")
    for step in SCRIPT[: SCRIPT.index(retitling)]:
        newsroom.step(step)
    before = next(story for story in await stories(http, url) if story["link"].endswith(retitling.slug))
    newsroom.step(retitling)
    after = next(story for story in await stories(http, url) if story["link"].endswith(retitling.slug))
    assert after == before | {"title": retitling.title}
    assert after["title"] != before["title"]


async def test_who_has_read_every_feed_once_is_known(newsroom: Newsroom, http: httpx.AsyncClient) -> None:
    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(newsroom.wait_until_read())
        for url in newsroom.feeds:
            await asyncio.sleep(0)
            assert not waiting.done()
            await http.get(url)


def test_an_article_is_published_once_in_a_channel() -> None:
    published = [(step.channel, step.article.slug) for step in (*EARLIER, *SCRIPT) if isinstance(step, Publish)]
    assert len(set(published)) == len(published)
