"""Nothing is alerted again after a clean-up: the whole bot over real HTTP, and a clock that months go by on."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.retention import DAY
from support.clocks import LeapingClock
from support.outlets import Feed
from support.telegram_chats import Received
from support.telegram_server import PrivateChat
from support.world import World


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> LeapingClock:
    return LeapingClock.of_the_bot(monkeypatch)


@pytest.fixture
async def world(tmp_path: Path, clock: LeapingClock) -> AsyncIterator[World]:
    async with World.opened(tmp_path) as opened:
        yield opened


async def days_pass(world: World, clock: LeapingClock, feed: Feed, days: float) -> None:
    """Days go by, the feed is polled, upkeep is done, and the feed is polled again."""
    assert world.bot is not None
    clock.leapt += days * DAY
    await world.quiet(feed, 2)
    await world.bot.upkeep.run(clock.now())
    await world.quiet(feed, 2)


def alerts(chat: PrivateChat) -> int:
    """How many alerts a chat got: it is told of its silent filters as well."""
    return sum("▸" in message.text for message in chat.received)


async def next_alert(chat: PrivateChat) -> Received:
    """The next alert, whatever else the chat is told."""
    while "▸" not in (message := await chat.next_message()).text:
        pass
    return message


def stored(world: World, words: str) -> int:
    found: int = world.rows("SELECT count(*) FROM stories WHERE entry LIKE ?", f"%{words}%")[0][0]
    return found


async def told(world: World, feed: Feed) -> PrivateChat:
    """A chat that was alerted on two stories, dated and not, of a feed that also shows what is two years old."""
    feed.publish("EUMAM is two years old", published=time.time() - 730 * DAY)
    chat = await world.watching("Alice", feed, "EUMAM")
    for item in (feed.publish("EUMAM without a date"), feed.publish("EUMAM of today", published=time.time())):
        assert item.title in (await next_alert(chat)).text
    await world.settled()
    return chat


async def test_a_story_that_went_while_its_feed_goes_on_showing_it_is_not_alerted_again(
    world: World, clock: LeapingClock
) -> None:
    feed = world.feed("/news")
    chat = await told(world, feed)
    count = alerts(chat)
    await days_pass(world, clock, feed, 61)
    assert stored(world, "EUMAM without") == 0
    assert world.rows("SELECT count(*) FROM alerts") == [(0,)]
    feed.publish("EUMAM moves")
    assert "EUMAM moves" in (await next_alert(chat)).text
    await world.quiet(feed)
    assert alerts(chat) == count + 1
    assert stored(world, "EUMAM") == 1, "what is shown still is not taken for new"


async def test_a_story_that_went_vanishes_for_a_week_and_returns_unheard(world: World, clock: LeapingClock) -> None:
    feed = world.feed("/news")
    chat = await told(world, feed)
    count = alerts(chat)
    shown = list(feed.channel.items)
    await days_pass(world, clock, feed, 61)
    for item in shown[:3]:
        feed.withdraw(item)
    await days_pass(world, clock, feed, 7)
    feed.channel.items[:0] = shown[:3]
    await days_pass(world, clock, feed, 1)
    assert alerts(chat) == count


async def test_a_feed_that_shows_the_same_for_two_years_is_known_throughout(world: World, clock: LeapingClock) -> None:
    feed = world.feed("/news")
    chat = await told(world, feed)
    count = alerts(chat)
    for _ in range(6):
        await days_pass(world, clock, feed, 122)
    feed.edit(feed.channel.items[-1], title="The old harbour clock stands still")
    await world.quiet(feed)
    assert alerts(chat) == count
    assert world.rows("SELECT count(*) FROM former_stories") == [(3,)], "all but the one that has changed"


async def test_of_a_story_that_went_only_what_is_new_in_its_headline_is_news(world: World, clock: LeapingClock) -> None:
    feed = world.feed("/news")
    chat = await told(world, feed)
    plain = feed.publish("Graduates are counted", summary="All of them.", content="EUMAM counted them.")
    assert "Graduates" in (await next_alert(chat)).text
    await days_pass(world, clock, feed, 61)
    count = alerts(chat)
    feed.edit(plain, title="Graduates are counted again")
    await world.quiet(feed)
    assert (alerts(chat), stored(world, "counted again")) == (count, 1)
    assert "is set" in await chat.say("/watch harbour")
    feed.edit(feed.channel.items[-1], title="The harbour clock stands still", summary="Since noon.")
    await world.quiet(feed)
    feed.edit(feed.channel.items[-1], title="EUMAM mends the harbour clock")
    assert "EUMAM mends" in (await next_alert(chat)).text


async def test_an_article_that_another_feed_of_its_outlet_takes_up_after_the_clean_up_is_no_news(
    world: World, clock: LeapingClock
) -> None:
    feed, most_read = world.feed("/news"), world.feed("/most-read")
    chat = await told(world, feed)
    assert "You now follow" in await chat.say(f"/sub {most_read.url}")
    await days_pass(world, clock, feed, 61)
    count = alerts(chat)
    most_read.publish("EUMAM without a date, most read", url=feed.channel.items[1].url, guid="most-read-1")
    await world.quiet(most_read)
    assert (alerts(chat), stored(world, "most read")) == (count, 1)


async def test_what_is_held_is_kept_with_its_story_and_its_text_however_long(world: World, clock: LeapingClock) -> None:
    feed = world.feed("/news")
    chat = await told(world, feed)
    await chat.say("/pause")
    feed.publish("Graduates are counted", summary="All of them.", content="Nobody was left out. EUMAM counted them.")
    await world.quiet(feed)
    await days_pass(world, clock, feed, 200)
    await days_pass(world, clock, feed, 1)
    chat.post("/resume")
    assert "EUMAM counted them" in (await next_alert(chat)).text


async def test_why_a_story_was_told_whose_text_went_is_said(world: World, clock: LeapingClock) -> None:
    feed = world.feed("/news")
    chat = await told(world, feed)
    item = feed.publish("Graduates are counted", summary="All of them.", content="EUMAM counted them, and counts on.")
    assert "Graduates" in (await next_alert(chat)).text
    await world.settled()
    assert "✓ #1 EUMAM matches: “EUMAM”, in the article's text" in await chat.say(f"/try {item.url}")
    await days_pass(world, clock, feed, 20)
    heard = await chat.say(f"/try {item.url}")
    assert "Its full text is no longer kept" in heard
    assert "✗ #1 EUMAM does not match: no form of “EUMAM” is in it – alerted " in heard
    assert heard.endswith(", for what is no longer kept of it")
