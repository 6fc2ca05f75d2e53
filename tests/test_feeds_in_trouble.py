"""Feeds that misbehave, and what the chats see of it: over real HTTP and real SQLite."""

from pathlib import Path

import pytest

from support.world import World, until

DAY = 86_400.0


def failing(world: World, error: str) -> bool:
    return bool(world.rows("SELECT 1 FROM feeds WHERE error = ?", error))


@pytest.mark.parametrize(
    ("status", "words"),
    [
        pytest.param(401, "its server wants a password (401)", id="a password wanted"),
        pytest.param(403, "its server refuses us (403)", id="refused"),
        pytest.param(404, "nothing is at its address any more (404)", id="nothing there"),
        pytest.param(410, "it is gone for good, its server says (410)", id="gone"),
        pytest.param(429, "its server says that we ask too often (429)", id="too many requests"),
        pytest.param(503, "its server answers 503", id="a server's own trouble"),
    ],
)
async def test_each_status_means_something_of_its_own_in_list_and_status(
    tmp_path: Path, status: int, words: str
) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news", title="The Meridian Ledger")
        chat = await world.watching("Alice", feed, "EUMAM")
        assert "⚠" not in await chat.say("/status")
        feed.fails(status)
        if status == 410:  # of which the chat is told at once, perhaps just when it asks
            assert words in (await chat.next_message()).text
        await until(lambda: failing(world, f"status-{status}"), "the failure is not noted")
        assert words in await chat.say("/list")
        assert f"⚠ The Meridian Ledger: {words}" in await chat.say("/status")


async def test_a_feed_that_is_gone_is_left_alone_and_one_in_trouble_is_not(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        gone, troubled = world.feed("/gone"), world.feed("/troubled")
        chat = await world.watching("Alice", gone, "EUMAM")
        await chat.say(f"/sub {troubled.url}")
        gone.fails(410)
        troubled.fails(500)
        await until(lambda: failing(world, "status-410") and failing(world, "status-500"), "the failures are not noted")
        hits = gone.hits
        await world.quiet(troubled, 3)
        assert gone.hits == hits
        troubled.recovers()
        troubled.publish(title="EUMAM goes on")
        notice = (await chat.next_message()).text
        assert "in trouble" in notice
        assert "EUMAM goes on" in (await chat.next_message()).text


async def test_half_a_feed_tells_nothing_and_the_whole_one_tells_it_once(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        chat = await world.watching("Alice", feed, "EUMAM")
        item = feed.publish(title="EUMAM goes on", summary="A lead.")
        whole = feed.body()
        feed.withdraw(item)
        feed.answers(whole[: whole.rindex(b"</channel>")], "application/rss+xml")
        await until(lambda: failing(world, "cut-off"), "the break is not noted")
        assert "its document breaks off in the middle" in await chat.say("/list")
        assert len(chat.received) == 3
        feed.answers(whole, "application/rss+xml")
        assert "EUMAM goes on" in (await chat.next_message()).text
        await world.quiet(feed)
        assert len(chat.received) == 4


async def test_a_feed_that_moved_for_good_is_followed_to_its_new_address_and_tells_nothing_again(
    tmp_path: Path,
) -> None:
    async with World.opened(tmp_path) as world:
        old, new = world.feed("/old", title="The Meridian Ledger"), world.feed("/new", title="The Meridian Ledger")
        chat = await world.watching("Alice", old, "EUMAM")
        for feed in (old, new):
            feed.publish(title="EUMAM goes on", guid="1", url="https://meridian.example/1")
        await chat.next_message()
        old.redirects_to(new.url)
        await until(lambda: bool(world.rows("SELECT 1 FROM feeds WHERE moved_polls >= 3")), "the move is not noted")
        assert world.rows("SELECT url FROM feeds") == [(old.url,)], "not within a day"
        await world.stop()
        world.change("UPDATE feeds SET moved_since = moved_since - ?", DAY)
        await world.start()
        await until(lambda: world.rows("SELECT url FROM feeds") == [(new.url,)], "the feed is not moved")
        received = len(chat.received)
        hits = old.hits
        await world.quiet(new)
        assert (len(chat.received), old.hits) == (received, hits)
        new.publish(title="EUMAM comes home")
        assert "EUMAM comes home" in (await chat.next_message()).text


async def test_an_address_that_leads_to_a_feed_that_is_followed_already_is_that_feed(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/new")
        await world.watching("Alice", feed, "EUMAM")
        moved = world.outlets.page("/old")
        moved.redirects_to(feed.url)
        other = world.private("Bob")
        assert "You now follow" in await other.say(f"/sub {moved.url}")
        assert "You now follow" in await world.private("Eve").say(f"/sub {feed.url.replace('/new', '/x/../new')}#top")
        assert world.rows("SELECT url FROM feeds") == [(feed.url,)]


async def test_a_page_offers_the_feeds_that_it_has(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news", title="The Meridian Ledger")
        page = world.outlets.page(
            "/",
            "<!doctype html><html><head><title>Meridian</title>"
            "<link rel='alternate' type='application/rss+xml' href='/news' title='All the news'></head></html>",
        )
        chat = world.private("Alice")
        answer = await chat.say(f"/sub {page.url}")
        assert "is a web page. It has this feed:" in answer
        assert "All the news" in answer
        assert world.rows("SELECT * FROM feeds") == []
        assert "You now follow The Meridian Ledger" in await chat.press("Follow All the news")
        assert world.rows("SELECT url FROM feeds") == [(feed.url,)]
