"""Feeds as real ones are, and what their followers get to read of them: over real HTTP and SQLite."""

import time
from email.utils import formatdate
from pathlib import Path

import pytest

from support.outlets import Feed
from support.world import World, until

NOW = time.time()
OLD = (
    "<item><guid>old</guid><link>https://o.example/1-old</link><title>The old harbour clock is repaired</title></item>"
)
STORY = "https://o.example/news/4012345-eumam-moves.html"


def item(
    *, guid: str = "", link: str = STORY, title: str = "EUMAM moves north", ago: float = 600, more: str = ""
) -> str:
    return (
        f"<item>{guid and f'<guid>{guid}</guid>'}<link>{link}</link><title>{title}</title>"
        f"<pubDate>{formatdate(NOW - ago)}</pubDate>{more}</item>"
    )


def document(*items: str, head: str = "<language>en</language>", encoding: str = "utf-8") -> bytes:
    declared = f'<?xml version="1.0" encoding="{encoding}"?>' if encoding else ""
    return (
        f'{declared}<rss version="2.0"><channel><title>The Meridian Ledger</title>{head}'
        f"{''.join(items)}{OLD}</channel></rss>"
    ).encode(encoding or "windows-1251")


async def read(feed: Feed, world: World) -> None:
    """Return when what the feed holds now was read twice."""
    await world.quiet(feed)


@pytest.mark.parametrize(
    "documents",
    [
        pytest.param([item(), item()], id="without a guid"),
        pytest.param([item(guid="4012345@ledger"), item(guid="4012345@ledger")], id="with a guid that is no URL"),
        pytest.param([item(guid="https://o.example/?p=4012345")] * 2, id="with a guid that is another URL"),
        pytest.param(
            [item(guid=STORY.replace("https", "http")), item(guid=STORY)], id="whose guid moves from http to https"
        ),
        pytest.param(
            [
                item(guid="EUMAM moves north|4012345"),
                item(guid="EUMAM moves north, allies say|4012345", title="EUMAM moves north, allies say"),
            ],
            id="whose guid holds its headline, which is edited",
        ),
        pytest.param([item(guid=f"poll-{number}") for number in (1, 2, 3)], id="whose guid changes at each poll"),
        pytest.param(
            [item(link=f"{STORY}?utm_source=rss&amp;utm_campaign={name}") for name in ("noon", "dusk")],
            id="with tracking in its link",
        ),
        pytest.param([item(guid="1"), item(guid="1", title="EUMAM is to move north")], id="with another headline"),
        pytest.param([item(guid="1"), item(guid="1", ago=30)], id="with another date"),
        pytest.param(
            [item(guid="1"), item(guid="1", link="https://o.example/world/eumam-moves")], id="with another link"
        ),
        pytest.param(
            [item(), item(link="https://o.example/news/4012345-eumam-has-moved-north.html", ago=60)],
            id="whose address and date change as it develops, but for the number",
        ),
        pytest.param([item(guid="1"), "", item(guid="1")], id="that vanishes and comes back"),
        pytest.param(
            [item(guid="1"), item(guid="1") + "<lastBuildDate>today</lastBuildDate>"], id="in a document of other bytes"
        ),
    ],
)
async def test_a_story_is_told_once(tmp_path: Path, documents: list[str]) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.outlets.feed("/news")
        feed.answers(document())
        chat = await world.watching("Alice", feed, "EUMAM")
        feed.answers(document(documents[0]))
        alert = await chat.next_message()
        assert alert.text.startswith("EUMAM moves north\nThe Meridian Ledger · ")
        assert all(url.startswith("https://o.example/") for url in alert.links.values())
        for later in documents[1:]:
            feed.answers(document(later))
            await read(feed, world)
        assert sum("▸ EUMAM" in message.text for message in chat.received) == 1
        assert world.rows("SELECT count(*) FROM stories") == [(2,)]


async def test_what_changes_nothing_for_a_reader_is_not_written_anew(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.outlets.feed("/news")
        feed.answers(document(item(guid="1")))
        await world.watching("Alice", feed, "EUMAM")
        for number in range(3):
            feed.answers(document(item(guid="1"), head=f"<lastBuildDate>{formatdate(NOW + number)}</lastBuildDate>"))
            await read(feed, world)
        assert world.rows("SELECT max(version) FROM stories") == [(1,)]
        assert world.rows("SELECT * FROM versions") == []


async def test_two_stories_that_share_a_guid_are_told_both(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.outlets.feed("/news")
        feed.answers(document())
        chat = await world.watching("Alice", feed, "EUMAM")
        other = item(guid="news", link="https://o.example/4012399-b", title="EUMAM sells its ferries to a museum")
        feed.answers(document(item(guid="news"), other))
        told = {(await chat.next_message()).text.splitlines()[0] for _ in range(2)}
        assert told == {"EUMAM moves north", "EUMAM sells its ferries to a museum"}


@pytest.mark.parametrize(
    ("body", "content_type", "words"),
    [
        pytest.param(
            document(item(more="<description>&lt;p&gt;The &lt;b&gt;mission&lt;/b&gt; goes.&lt;/p&gt;</description>")),
            "application/rss+xml",
            "The mission goes.",
            id="markup in its descriptions",
        ),
        pytest.param(document(item(), head=""), "application/rss+xml", "EUMAM, in the title", id="no language"),
        pytest.param(
            document(item(title="Місія EUMAM рахує випускників"), encoding="windows-1251"),
            "text/xml",
            "Місія EUMAM рахує випускників",
            id="windows-1251",
        ),
        pytest.param(
            document(item(title="Місія EUMAM рахує випускників"), encoding=""),
            "text/xml; charset=utf-8",
            "Місія EUMAM рахує випускників",
            id="windows-1251 under another name",
        ),
        pytest.param(
            document(item(title="L’EUMAM fête ses élèves"), encoding="windows-1252").replace(
                b"windows-1252", b"ISO-8859-1"
            ),
            "text/xml",
            "L’EUMAM fête ses élèves",
            id="ISO-8859-1 which is windows-1252",
        ),
        pytest.param(
            document(item(title="EUMAM 训练教官"), encoding="gb2312"), "text/xml", "EUMAM 训练教官", id="GB2312"
        ),
        pytest.param(
            document(item(title="EUMAM & its <b>allies", more="<description>A&nbsp;lead</description>")),
            "application/rss+xml",
            "EUMAM & its allies",
            id="XML that is not well-formed",
        ),
    ],
)
async def test_a_feed_is_legible_with(tmp_path: Path, body: bytes, content_type: str, words: str) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.outlets.feed("/news")
        feed.answers(document())
        chat = await world.watching("Alice", feed, "EUMAM")
        feed.answers(body, content_type)
        assert words in (await chat.next_message()).text


@pytest.mark.parametrize(
    ("link", "leads_to"),
    [
        pytest.param("/news/4012345-eumam", "{site}/news/4012345-eumam", id="relative"),
        pytest.param("//o.example/4012345-eumam", "http://o.example/4012345-eumam", id="without a scheme"),
        pytest.param("o.example/4012345-eumam", "https://o.example/4012345-eumam", id="a host and a path"),
        pytest.param(
            "https://www.o.example.uahttps://www.o.example.ua/4012345-eumam",
            "https://www.o.example.ua/4012345-eumam",
            id="an address twice",
        ),
    ],
)
async def test_a_link_leads_where_its_outlet_meant_that_is(tmp_path: Path, link: str, leads_to: str) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.outlets.feed("/news")
        feed.answers(document())
        chat = await world.watching("Alice", feed, "EUMAM")
        feed.answers(document(item(link=link)))
        alert = await chat.next_message()
        assert set(alert.links.values()) == {leads_to.format(site=world.outlets.url("").rstrip("/"))}


async def test_a_story_of_the_future_is_told_now(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.outlets.feed("/news")
        feed.answers(document())
        chat = await world.watching("Alice", feed, "EUMAM")
        told = time.time()  # the hour may turn meanwhile
        feed.answers(document(item(ago=-40 * 86_400)))
        alert = await chat.next_message()
        assert alert.text.startswith("EUMAM moves north")
        seen = [
            time.strftime("%d %b, %H:", time.gmtime(at)).lstrip("0") for at in (told, alert.at)
        ]  # the hour may turn
        assert any(hour in alert.text.splitlines()[1] for hour in seen), "dated when it was seen"
        feed.answers(document(item(ago=-40 * 86_400), item(link="https://o.example/4012346-b", title="EUMAM rests")))
        assert (await chat.next_message()).text.startswith("EUMAM rests"), "nor does it hide what comes after it"


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        pytest.param(lambda feed: feed.answers(document(item(), head="<ttl>10</ttl>")), "asked every 1", id="ttl"),
        pytest.param(
            lambda feed: feed.answers(document(item()), Cache_Control="max-age=600"),
            "asked every 1",
            id="max-age",
        ),
        pytest.param(lambda feed: feed.fails(503, retry_after="600"), "its server answers 503", id="Retry-After"),
    ],
)
async def test_a_server_s_wish_to_be_left_alone_is_kept(tmp_path: Path, wish: object, told: str) -> None:
    assert callable(wish)
    async with World.opened(tmp_path, max_poll_interval=3_600) as world:
        feed = world.outlets.feed("/news", title="The Meridian Ledger")
        feed.publish(title="The old harbour clock is repaired")
        chat = await world.watching("Alice", feed)
        wish(feed)
        left_alone = "SELECT 1 FROM feeds WHERE due_at - polled_at >= 590"
        await until(lambda: bool(world.rows(left_alone)), "it is asked again at once")
        hits = feed.hits
        assert told in await chat.say("/list")
        assert feed.hits == hits


async def test_a_feed_is_asked_only_for_what_has_changed(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        await world.watching("Alice", feed)
        await world.quiet(feed)
        assert feed.requests[-1].headers["if-none-match"].startswith('"')
        assert feed.requests[-1].headers["if-modified-since"] == "Thu, 01 Jan 2026 00:00:00 GMT"
