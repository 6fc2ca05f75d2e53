"""What followers get to read of feeds in trouble and of filters that bring nothing: over real HTTP and SQLite."""

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from support.outlets import Feed
from support.telegram_chats import PrivateChat
from support.world import World, until

DAY = 86_400.0
PAGE = "<!doctype html><html><head><title>Meridian</title>{}</head><body>Hello</body></html>"
LINK = "<link rel='alternate' type='application/rss+xml' href='/fresh' title='All the news'>"


async def fails_for(world: World, days: float) -> None:
    """Let the first failure be so many days ago, once there is one."""
    await until(lambda: bool(world.rows("SELECT 1 FROM feeds WHERE failures >= 3")), "no feed fails")
    world.change("UPDATE feeds SET failing_since = failing_since - ? WHERE failing_since IS NOT NULL", days * DAY)


def refuses(status: int) -> Callable[[Feed], None]:
    return lambda feed: feed.fails(status)


def breaks(body: bytes, content_type: str = "application/rss+xml") -> Callable[[Feed], None]:
    return lambda feed: feed.answers(body, content_type)


@pytest.mark.parametrize(
    ("misbehave", "days", "words"),
    [
        pytest.param(refuses(503), 1.1, "its server answers 503, since ", id="an outage of a day"),
        pytest.param(refuses(401), 0.3, "its server wants a password (401), since ", id="a password wanted"),
        pytest.param(refuses(403), 0.3, "its server refuses us (403), since ", id="refused"),
        pytest.param(refuses(404), 1.1, "nothing is at its address any more (404), since ", id="nothing there"),
        pytest.param(
            refuses(404),
            8,
            "nothing is at its address any more (404), so it is not asked any more",
            id="nothing there for a week",
        ),
        pytest.param(breaks(PAGE.format("").encode(), "text/html"), 0.3, "a web page stands in its place", id="a page"),
        pytest.param(
            breaks(b"<rss><channel><title>M</title><item><title>A</title></item>"),
            1.1,
            "its document breaks off in the middle",
            id="half a feed",
        ),
    ],
)
async def test_a_misbehaviour_is_told_once_when_it_matters_and_that_it_is_over(
    tmp_path: Path, misbehave: Callable[[Feed], None], days: float, words: str
) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news", title="The Meridian Ledger")
        chat = await world.watching("Alice", feed)
        misbehave(feed)
        await until(lambda: bool(world.rows("SELECT 1 FROM feeds WHERE failures >= 3")), "it does not fail")
        assert len(chat.received) == 1, "a blip is nobody's business"
        await fails_for(world, days)
        notice = await chat.next_message()
        assert "⚠ A feed that this chat follows is in trouble:\n• The Meridian Ledger: " + words in notice.text
        assert words.removesuffix(", since ") in await chat.say("/list")
        if "not asked any more" in words:
            await until(lambda: world.rows("SELECT due_at FROM feeds") == [(None,)], "it is asked")
            hits = feed.hits
            feed.recovers()
            assert "Stop following" in notice.labels[0]
            assert "You now follow" in await chat.say(f"/sub {feed.url}")
            assert feed.hits > hits
        feed.recovers()
        feed.answers(b"", feed.content_type)
        assert "✓ All is well again with The Meridian Ledger" in (await chat.next_message()).text
        await world.quiet(feed)
        assert [one.text for one in chat.received if "⚠ A feed" in one.text] == [notice.text]


async def test_what_is_gone_is_told_at_once_and_never_asked_again(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        gone, other = world.feed("/gone", title="Gone"), world.feed("/other")
        chat = await world.watching("Alice", gone)
        await chat.say(f"/sub {other.url}")
        gone.fails(410)
        notice = await chat.next_message()
        assert "• Gone: it is gone for good, its server says (410), so it is not asked any more" in notice.text
        hits = gone.hits
        await world.quiet(other, 5)
        assert gone.hits == hits
        assert "You no longer follow Gone" in await chat.press("Stop following Gone")


async def test_what_its_site_offers_instead_is_one_tap_away(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed, fresh = world.feed("/news", title="Meridian"), world.feed("/fresh", title="Meridian, fresh")
        chat = await world.watching("Alice", feed)
        world.outlets.page("/", PAGE.format(LINK))
        feed.fails(404)
        await fails_for(world, 1.1)
        notice = await chat.next_message()
        assert "Its site offers this feed now: All the news" in notice.text
        assert "You now follow Meridian, fresh" in await chat.press("Follow All the news")
        assert fresh.hits


async def test_an_outage_of_many_is_one_message(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feeds = [world.feed(f"/{number}", title=f"Outlet {number}") for number in range(12)]
        chat = await world.watching("Alice", feeds[0])
        for feed in feeds[1:]:
            await chat.say(f"/sub {feed.url}")
        for feed in feeds:
            feed.fails(503)
        await until(lambda: len(world.rows("SELECT 1 FROM feeds WHERE failures >= 3")) == 12, "they do not fail")
        world.change("UPDATE feeds SET failing_since = failing_since - ? - id * 60", DAY)
        notice = await chat.next_message()
        assert "⚠ 12 feeds that this chat follows are in trouble:" in notice.text
        assert "… and 2 more: /list" in notice.text


async def test_a_feed_that_has_lost_its_stories_is_told(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news", title="Meridian")
        for ago in (7200, 60):
            feed.publish(title=f"It went on {ago} s ago", published=time.time() - ago)
        chat = await world.watching("Alice", feed)
        for item in list(feed.channel.items):
            feed.withdraw(item)
        assert "it answers, but holds no stories any more" in (await chat.next_message()).text
        feed.publish(title="It is back")
        assert "✓ All is well again with Meridian" in (await chat.next_message()).text


async def test_a_chat_that_is_paused_is_told_when_it_is_not(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news", title="Meridian")
        chat = await world.watching("Alice", feed)
        await chat.say("/pause")
        feed.fails(410)
        await until(lambda: bool(world.rows("SELECT 1 FROM notices")), "no notice is made")
        await world.restart()
        assert len(chat.received) == 2
        await chat.say("/resume")
        await until(lambda: any("is gone for good" in one.text for one in chat.received), "it is not told")
        await until(lambda: not world.rows("SELECT 1 FROM notices"), "it is not settled")


async def test_a_notice_survives_an_outage_of_the_platform_and_a_flood(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news", title="Meridian")
        chat = await world.watching("Alice", feed)
        world.telegram.fail_next("sendMessage", "flood")
        feed.fails(410)
        assert "is gone for good" in (await chat.next_message()).text


async def silent_for(world: World, chat: PrivateChat, days: float) -> None:
    world.change("UPDATE filters SET since = since - ?", days * DAY)
    world.change("UPDATE follows SET since = since - ?", days * DAY)


async def test_a_filter_that_brings_nothing_in_60_days_is_pointed_out_once(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        chat = await world.watching("Alice", feed, "EUMAM", "coalition")
        feed.publish(title="A coalition goes on")
        await chat.next_message()
        await silent_for(world, chat, 61)
        notice = await chat.next_message()
        assert "Your filter #1 has brought nothing in 60 days: EUMAM." in notice.text
        assert "#2" not in notice.text
        assert notice.labels == ["Try: EUMAM", "Remove it"]
        await world.quiet(feed, 10)
        assert "Filter #1 is removed" in await chat.press("Remove it")
        assert len([one for one in chat.received if "60 days" in one.text]) == 1


async def test_a_frozen_feed_which_answers_as_ever_is_told(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.outlets.feed("/news", title="Meridian")
        for hours in range(20 * 24, 10 * 24, -1):
            feed.publish(title=f"{hours} hours ago", published=time.time() - hours * 3600)
        chat = await world.watching("Alice", feed)
        world.change("UPDATE feeds SET news_at = news_at - ?", 10 * DAY)
        notice = await chat.next_message()
        assert "• Meridian: it answers, but has brought nothing new since" in notice.text
        assert "Meridian – ⚠ it answers, but has brought nothing new since" in await chat.say("/list")
        feed.publish(title="It goes on", published=time.time())
        assert "✓ All is well again with Meridian" in (await chat.next_message()).text


async def test_a_notice_says_the_time_by_its_chats_clocks(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        chat = await world.watching("Alice", feed, "EUMAM")
        await chat.say("/timezone Pacific/Kiritimati")  # fourteen hours ahead: the day tells as well
        await world.quiet(feed)
        feed.fails(503)
        await fails_for(world, 1.1)
        notice = await chat.next_message()
        (since,) = world.rows("SELECT well_at FROM feeds")[0]
        there = datetime.fromtimestamp(since, ZoneInfo("Pacific/Kiritimati"))
        assert f"since {there.day} {there:%b}, {there:%H:%M}" in notice.text
