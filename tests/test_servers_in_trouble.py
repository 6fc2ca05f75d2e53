"""Servers that fail with all their feeds, and what their followers get to read: over real HTTP, TLS and SQLite."""

import ssl
from functools import partial
from pathlib import Path

import pytest

from bot.feeds.web import GuardedWeb
from support.certificates import certificate, serving
from support.clocks import LeapingClock
from support.fetching import Names
from support.outlets import Outlets
from support.world import World, until

DAY = 86_400.0


async def failing_for(world: World, error: str, days: float, feeds: int = 1) -> None:
    """Let feeds that fail so have failed for so many days, once they do."""
    failing = "SELECT 1 FROM feeds WHERE error = ?"
    await until(lambda: len(world.rows(failing, error)) == feeds, "the failures are not noted")
    sql = "UPDATE feeds SET failures = max(failures, 3), failing_since = failing_since - ? WHERE error = ?"
    world.change(sql, days * DAY, error)


async def test_a_certificate_that_runs_out_is_named_and_told_after_a_day_and_so_is_a_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = certificate(tmp_path, "outlet.example", subject="this year's")
    expired = certificate(tmp_path, "outlet.example", -1, subject="last year's")
    served, trusted = serving(good), ssl.create_default_context(cafile=str(good))
    trusted.load_verify_locations(str(expired))
    names = Names(outlet_example=["127.0.0.1"])
    monkeypatch.setattr("bot.app.GuardedWeb", partial(GuardedWeb, tls=trusted, resolver=names))
    clock = LeapingClock.of_the_bot(monkeypatch)
    async with World.opened(tmp_path) as world, await Outlets.start(tls=served) as outlets:
        feed = outlets.feed("/news", title="The Meridian Ledger")
        feed.publish(title="The old harbour clock is repaired")
        chat = world.private("Alice")
        url = outlets.url("/news", host="outlet.example")
        assert "You now follow" in await chat.say(f"/sub {url}")
        served.load_cert_chain(expired)
        outlets.hangs_up()
        await failing_for(world, "tls-expired", 0)
        words = "its certificate has run out"
        assert words in await chat.say("/list")
        assert f"⚠ The Meridian Ledger: {words}" in await chat.say("/status")
        assert not any("is in trouble" in one.text for one in chat.received), "it may be renewed within the day"
        await failing_for(world, "tls-expired", 1.1)
        clock.leapt += 60
        assert f"• The Meridian Ledger: {words}, since " in (await chat.next_message()).text
        served.load_cert_chain(good)
        clock.leapt += 3_600
        assert "✓ All is well again with The Meridian Ledger" in (await chat.next_message()).text


async def test_a_name_that_nobody_knows_is_told_after_a_day_and_ends_its_feed_after_a_week(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = Names(outlet_example=["127.0.0.1"])
    monkeypatch.setattr("bot.app.GuardedWeb", partial(GuardedWeb, resolver=names))
    clock = LeapingClock.of_the_bot(monkeypatch)
    async with World.opened(tmp_path) as world:
        world.feed("/news", title="The Meridian Ledger")
        other = world.feed("/other")
        chat = await world.watching("Alice", other)
        assert "You now follow" in await chat.say(f"/sub {world.outlets.url('/news', host='outlet.example')}")
        del names.names["outlet.example"]
        await world.restart()  # what was resolved is remembered for a while
        await failing_for(world, "dns", 1.1)
        words = "• The Meridian Ledger: its host's name is not found"
        assert words + ", since " in (await chat.next_message()).text
        assert "its host's name is not found" in await chat.say("/list")
        await failing_for(world, "dns", 7)
        assert words + ", so it is not asked any more" in (await chat.next_message()).text
        clock.leapt += 400  # its host is not looked up for as long
        await until(lambda: (None,) in world.rows("SELECT due_at FROM feeds"), "it is asked on")
        assert "so it is not asked any more" in await chat.say("/list")
        await world.quiet(other)


async def test_where_no_name_is_found_at_all_no_feed_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = Names(outlet_example=["127.0.0.1"])
    monkeypatch.setattr("bot.app.GuardedWeb", partial(GuardedWeb, resolver=names))
    clock = LeapingClock.of_the_bot(monkeypatch)
    async with World.opened(tmp_path) as world:
        world.feed("/news", title="The Meridian Ledger")
        chat = world.private("Alice")
        assert "You now follow" in await chat.say(f"/sub {world.outlets.url('/news', host='outlet.example')}")
        del names.names["outlet.example"]
        await world.restart()  # what was resolved is remembered for a while
        clock.leapt += 4_000
        await failing_for(world, "dns", 8)
        clock.leapt += 400
        failures = world.rows("SELECT failures FROM feeds")
        await until(lambda: world.rows("SELECT failures FROM feeds") > failures, "it is not asked any more")
        assert world.rows("SELECT 1 FROM feeds WHERE due_at IS NULL") == []
        names.names["outlet.example"] = ["127.0.0.1"]
        clock.leapt += 4_000
        await until(lambda: world.rows("SELECT error FROM feeds") == [("",)], "it does not recover")


async def test_who_asks_too_often_is_told_so_after_a_day_and_asks_less(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news", title="The Meridian Ledger")
        chat = await world.watching("Alice", feed)
        feed.fails(429)
        await failing_for(world, "status-429", 1.1)
        words = "its server says that we ask too often (429), so we ask less often"
        assert f"• The Meridian Ledger: {words}, since " in (await chat.next_message()).text
        assert words in await chat.say("/list")
        (pause,) = world.rows("SELECT due_at - polled_at FROM feeds")
        assert pause[0] > 400, "a quarter of an hour, less what chance takes"


async def test_a_server_that_is_down_takes_its_feeds_along_and_is_tried_with_one_request_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = LeapingClock.of_the_bot(monkeypatch)
    async with World.opened(tmp_path, host_interval=0.01) as world, await Outlets.start() as sound:
        feeds = [world.feed(f"/{number}", title=f"Outlet {number}") for number in range(6)]
        other = sound.feed("/other", title="Another server's")
        other.publish(title="The old harbour clock is repaired")
        chat = await world.watching("Alice", other)
        for feed in feeds:
            assert "You now follow" in await chat.say(f"/sub {feed.url}")
        for feed in feeds:
            feed.sends(b"")
        world.outlets.hangs_up()
        hits = world.outlets.hits

        def tries() -> int:
            return int(world.rows("SELECT sum(failures) FROM feeds WHERE error = 'connect'")[0][0] or 0)

        await until(lambda: tries() >= 3, "it is not asked")
        await world.quiet(other, 5)
        assert tries() == 3, "after the third failure it is left alone, by all of its feeds"
        assert "its server cannot be reached" in await chat.say("/list")
        for tried, after in ((3, 20), (4, 40)):  # it is left alone for 15 s, then for 30
            clock.leapt += after
            await until(lambda: tries() > tried, "it is not tried again")  # noqa: B023 - before the next
            await world.quiet(other, 5)
            assert tries() == tried + 1, "one feed looks whether it is back, for all"
        assert world.outlets.hits <= hits + 2 * 5, "a connection that is lost at once may be tried twice"
        for feed in feeds:
            feed.recovers()
        clock.leapt += 400
        await until(lambda: not world.rows("SELECT 1 FROM feeds WHERE error != ''"), "they do not recover")
        assert not any("is in trouble" in one.text for one in chat.received), "a blip is nobody's business"


async def test_a_feed_that_fails_is_asked_less_and_less_often(tmp_path: Path) -> None:
    async with World.opened(tmp_path, max_poll_interval=60) as world:
        feed = world.feed("/news", title="The Meridian Ledger")
        await world.watching("Alice", feed)
        feed.fails(500)
        await until(lambda: bool(world.rows("SELECT 1 FROM feeds WHERE failures >= 4")), "it is not asked")
        ((failures, pause),) = world.rows("SELECT failures, due_at - polled_at FROM feeds")
        assert 0.05 * 2**failures <= pause <= 0.05 * 2**failures * 1.1 + 0.01
        feed.recovers()
        await until(lambda: world.rows("SELECT failures FROM feeds") == [(0,)], "it does not recover")


async def test_a_page_in_a_feed_s_place_that_names_the_new_feed_offers_it(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed, fresh = world.feed("/news", title="Meridian"), world.feed("/fresh", title="Meridian, fresh")
        chat = await world.watching("Alice", feed)
        link = "<link rel='alternate' type='application/rss+xml' href='/fresh' title='All the news'>"
        feed.answers(f"<!doctype html><html><head>{link}</head><body>Hello</body></html>".encode(), "text/html")
        await failing_for(world, "not-a-feed-html", 0.3)
        notice = await chat.next_message()
        assert "• Meridian: a web page stands in its place, since " in notice.text
        assert "Its site offers this feed now: All the news" in notice.text
        assert "a web page stands in its place" in await chat.say("/list")
        assert "You now follow Meridian, fresh" in await chat.press("Follow All the news")
        assert fresh.hits
