"""Following feeds by name, and what /list says of them: over real HTTP and real SQLite."""

import time
from pathlib import Path

import pytest

from bot.domain.catalogue import ASKS, Catalogue, Listing
from support.fronts import PLATFORMS
from support.world import World, until


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> list[Listing]:
    """The catalogue's listings, to be filled before the bot starts."""
    listings: list[Listing] = []
    monkeypatch.setattr("bot.app.read_catalogue", lambda: Catalogue(listings))
    return listings


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_name_that_means_one_feed_follows_it_and_says_what_its_terms_ask(
    tmp_path: Path, platform: str, known: list[Listing]
) -> None:
    async with World.opened(tmp_path, platform, running=False) as world:
        feed = world.feed("/news", title="Meridian")
        known.append(Listing("The Meridian Ledger", feed.url, terms=ASKS, language="en"))
        await world.start()
        answer = await world.chat("Alice").say("/sub meridian ledger")
        assert "You now follow Meridian." in answer
        assert "⚠ The terms of The Meridian Ledger ask for permission" in answer
        assert world.rows("SELECT url FROM feeds") == [(feed.url,)]


@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_name_that_means_several_feeds_offers_them(tmp_path: Path, platform: str, known: list[Listing]) -> None:
    async with World.opened(tmp_path, platform, running=False) as world:
        feeds = [world.feed(f"/{code}", title=f"Meridian {code}") for code in ("en", "uk")]
        known.extend(Listing(f"Meridian ({feed.url[-2:].upper()})", feed.url, language=feed.url[-2:]) for feed in feeds)
        await world.start()
        chat = world.chat("Alice")
        answer = await chat.say("/sub Meridian all")
        assert "Several feeds that we know of could be “Meridian”" in answer
        assert "• Meridian (UK) (Ukrainian)" in answer
        assert "/watch Meridian" in answer
        assert world.rows("SELECT * FROM feeds") == []
        answer = await chat.press("Follow Meridian (UK)")
        assert "You now follow Meridian uk." in answer
        assert "Every new story of it is pushed" in answer
        assert "terms" not in answer


async def test_words_that_are_no_name_are_offered_to_watch(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        answer = await world.private("Alice").say("/sub military instructors")
        assert "neither a feed's URL nor the name of an outlet" in answer
        assert "/watch military instructors" in answer


async def test_list_says_what_a_feed_brings_and_how_often_it_is_asked(tmp_path: Path) -> None:
    async with World.opened(tmp_path, poll_interval=300, max_poll_interval=600) as world:
        feed = world.outlets.feed("/news", title="Meridian")
        now = time.time()
        for number in range(48):
            feed.publish(title=f"Story {number}", published=now - number * 3600)
        chat = await world.watching("Alice", feed)
        answer = await chat.say("/list")
        assert "1. Meridian – answered " in answer
        assert "about 24 stories a day, asked every " in answer
        assert "⚠" not in answer


async def test_list_warns_of_a_feed_whose_document_covers_less_than_the_pause(tmp_path: Path) -> None:
    async with World.opened(tmp_path, poll_interval=3600, max_poll_interval=3600) as world:
        feed = world.outlets.feed("/news", title="Meridian")
        now = time.time()
        for number in range(20):
            feed.publish(title=f"Story {number}", published=now - number * 60)
        chat = await world.watching("Alice", feed)
        assert "⚠ its document covers only 15 min of news" in await chat.say("/list")


@pytest.mark.parametrize(
    ("published", "said"),
    [
        pytest.param(1_615_543_200.0, "⚠ Its newest story is of 12 Mar 2021, 10:00: it may not be", id="for years"),
        pytest.param(-60 * 86_400.0, "⚠ Its newest story is of ", id="for two months"),
        pytest.param(-20 * 86_400.0, " · newest ", id="for weeks, as some are"),
    ],
)
async def test_who_follows_a_feed_that_has_long_been_silent_is_told_so(
    tmp_path: Path, published: float, said: str
) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.outlets.feed("/news", title="Meridian")
        feed.publish(title="The last one", published=published if published > 0 else time.time() + published)
        chat = world.chat("Alice")
        answer = await chat.say(f"/sub {feed.url}")
        assert said in answer
        assert answer.count("newest") == 1


async def test_a_feed_that_holds_nothing_any_more_is_named(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news", title="Meridian")
        chat = await world.watching("Alice", feed)
        for item in list(feed.channel.items):
            feed.withdraw(item)
        await until(lambda: world.rows("SELECT entries FROM feeds") == [(0,)], "it is not noticed")
        assert "1. Meridian – ⚠ it answers, but holds no stories any more" in await chat.say("/list")
        assert "⚠ Meridian: it answers, but holds no stories any more" in await chat.say("/status")


async def test_what_is_no_feed_here_is_answered_by_what_there_is(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        chat = await world.watching("Alice", world.feed("/news"))
        only = "There is no feed “x” here. The only one that this chat follows goes with /unsub 1"
        assert only in await chat.say("/unsub x")
        await chat.say(f"/sub {world.feed('/more').url}")
        several = "There is no feed “3” here. /list shows the 2 that there are with their numbers, /unsub 1 to /unsub 2"
        assert several in await chat.say("/unsub 3")
