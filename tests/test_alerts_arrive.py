"""From a feed to a chat: the whole line over real HTTP and real SQLite."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from support.clocks import LeapingClock
from support.telegram_server import PrivateChat
from support.world import World, until


async def say_and_hear(chat: PrivateChat, line: str, *words: str) -> None:
    """Say something upon which alerts come, which may overtake the answer; all these words are heard then."""
    before = len(chat.received)
    await chat.say(line)
    await until(
        lambda: all(any(each in heard.text for heard in chat.received[before:]) for each in words),
        f"not all of {words}",
    )


async def test_a_story_that_matches_reaches_the_chat_once_with_what_matched(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news", title="The Meridian Ledger", language="en")
        chat = await world.watching("Alice", feed, "EUMAM")

        feed.publish(
            title="Brussels weighs its courses",
            summary="A paper lists three sites. The mandate of EUMAM is due for review.",
            url="https://meridian.example/courses",
        )

        alert = await chat.next_message()
        assert alert.text.startswith("Brussels weighs its courses\nThe Meridian Ledger · ")
        assert "The mandate of EUMAM is due for review." in alert.text
        assert "EUMAM" in alert.bold
        assert alert.links["Brussels weighs its courses"] == "https://meridian.example/courses"
        assert alert.text.endswith("▸ EUMAM, in the lead")
        await world.quiet(feed)
        assert len(chat.received) == 3, "the answers to /sub and /watch, and one alert"


async def test_two_filters_of_a_chat_that_match_one_story_give_one_alert_that_names_both(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        chat = await world.watching("Alice", feed, "EUMAM", "military instructors")
        feed.publish(title="Military instructors of EUMAM return")
        alert = await chat.next_message()
        assert "▸ EUMAM, in the title" in alert.text
        assert "▸ military instructors, in the title" in alert.text
        await world.quiet(feed)
        assert len(chat.received) == 4


async def test_first_poll_of_a_feed_alerts_nobody_and_its_stories_are_shown_to_a_new_filter(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        feed.publish(title="EUMAM was here before")
        chat = world.private("Alice")
        await chat.say(f"/sub {feed.url}")
        await world.settled()
        answer = await chat.say("/watch EUMAM")
        assert "it would have told you of one event" in answer
        assert "EUMAM was here before" in answer
        await world.quiet(feed)
        assert len(chat.received) == 2


async def test_a_feed_of_the_source_pack_is_silent_at_its_first_poll_too(tmp_path: Path) -> None:
    pack = tmp_path / "pack.opml"
    async with World.opened(tmp_path, running=False, source_pack=str(pack)) as world:
        feed = world.feed("/news")
        feed.publish(title="EUMAM was here before")
        pack.write_text(f"<opml version='2.0'><body><outline type='rss' xmlUrl='{feed.url}'/></body></opml>")
        await world.start()
        chat = world.private("Alice")
        assert "one feed" in await chat.say("/start")
        await chat.say("/watch EUMAM")
        await world.quiet(feed)
        feed.publish(title="EUMAM is here now")
        assert "here now" in (await chat.next_message()).text
        assert not any("here before" in message.text for message in chat.received if "▸" in message.text)


async def test_old_stories_that_turn_up_late_are_stored_and_not_pushed(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        chat = await world.watching("Alice", feed, "EUMAM")
        feed.publish(title="EUMAM a week ago", published=time.time() - 7 * 86_400)
        await world.quiet(feed)
        assert len(chat.received) == 2
        assert "EUMAM a week ago" in await chat.say("/latest")


async def test_nothing_is_pushed_without_a_filter_and_the_answer_says_so(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        chat = world.private("Alice")
        assert "Nothing is pushed until you set a filter" in await chat.say(f"/sub {feed.url}")
        feed.publish(title="EUMAM is here")
        await world.quiet(feed)
        assert len(chat.received) == 1


async def test_all_pushes_every_story_of_that_feed(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news", title="The Ledger")
        chat = world.private("Alice")
        assert "Every new story" in await chat.say(f"/sub {feed.url} all")
        feed.publish(title="The ferry sails again")
        alert = await chat.next_message()
        assert "The ferry sails again" in alert.text
        assert alert.text.endswith("▸ every story of The Ledger")


async def test_one_article_in_two_feeds_of_an_outlet_alerts_once(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        news, security = world.feed("/news"), world.feed("/security")
        chat = await world.watching("Alice", news, "EUMAM")
        await chat.say(f"/sub {security.url}")
        for feed in (news, security):
            feed.publish(title="EUMAM moves", url="https://ledger.example/eumam-moves?utm_source=rss", guid=feed.url)
        await chat.next_message()
        await world.quiet(news)
        await world.quiet(security)
        assert len([message for message in chat.received if "▸" in message.text]) == 1


async def test_stories_that_share_a_link_are_each_told(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/warnings")
        chat = await world.watching("Alice", feed, "storm")
        for coast in ("north", "south"):
            feed.publish(title=f"A storm in the {coast}", url="https://met.example/warnings", guid=coast)
        told = {(await chat.next_message()).text.splitlines()[0] for _ in range(2)}
        assert told == {"A storm in the north", "A storm in the south"}


async def test_what_was_edited_while_nobody_followed_is_not_pushed_to_who_follows_again(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        item = feed.publish(title="A mission moves")
        chat = await world.watching("Alice", feed, "EUMAM")
        await world.settled()
        await chat.say("/unsub 1")
        feed.edit(item, title="A mission moves: EUMAM")
        await chat.say(f"/sub {feed.url}")
        await world.quiet(feed)
        assert not any("▸" in message.text for message in chat.received)


async def test_a_story_that_its_outlet_retitles_does_not_alert_again(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        chat = await world.watching("Alice", feed, "EUMAM")
        item = feed.publish(title="EUMAM moves")
        await chat.next_message()
        feed.edit(item, title="EUMAM moves north")
        await world.quiet(feed)
        assert len(chat.received) == 3


async def test_a_story_that_is_edited_so_that_it_matches_alerts_then(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        chat = await world.watching("Alice", feed, "EUMAM")
        item = feed.publish(title="A mission moves")
        await world.quiet(feed)
        feed.edit(item, summary="The mission is EUMAM.")
        assert "The mission is EUMAM." in (await chat.next_message()).text


async def test_a_further_filter_that_an_edit_matches_replies_to_the_first_alert(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        chat = await world.watching("Alice", feed, "EUMAM", "winter course")
        item = feed.publish(title="EUMAM moves")
        first = await chat.next_message()
        feed.edit(item, summary="The winter course begins.")
        second = await chat.next_message()
        assert second.text.endswith("▸ winter course, in the lead")
        assert second.reply_to == first.id


async def test_what_a_chat_watches_from_now_on_is_not_pushed_for_what_was_seen_before(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        first = await world.watching("Alice", feed, "EUMAM")
        feed.publish(title="EUMAM moves")
        await first.next_message()
        second = await world.watching("Bob", feed, "EUMAM")
        await world.quiet(feed)
        assert len(second.received) == 2
        feed.publish(title="EUMAM moves again")
        for chat in (first, second):
            assert "again" in (await chat.next_message()).text


async def test_a_pause_holds_alerts_and_resume_delivers_them(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        chat = await world.watching("Alice", feed, "EUMAM")
        assert "Paused" in await chat.say("/pause")
        feed.publish(title="EUMAM moves")
        await world.quiet(feed)
        assert len(chat.received) == 3
        await say_and_hear(chat, "/resume", "One held alert comes now", "⏸ held since ", "EUMAM moves")


async def test_a_pause_for_a_while_ends_by_itself_after_a_crash_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = LeapingClock.of_the_bot(monkeypatch)
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        chat = await world.watching("Alice", feed, "EUMAM")
        said = await chat.say("/pause 24h")
        assert "What matches is held, nothing is lost: it is delivered then, or by /resume." in said
        until_then = said.partition(". What")[0]
        assert until_then.startswith("Paused until ")
        assert until_then in await chat.say("/status")
        assert "Alerts: paused until " in await chat.say("/settings")
        feed.publish(title="EUMAM moves")
        await until(lambda: bool(world.rows("SELECT 1 FROM alerts")), "no alert is made")
        await world.stop()
        clock.leapt += 25 * 3_600
        await world.start()
        told = sorted([(await chat.next_message()).text for _ in range(2)])
        assert told[0].startswith("⏸ held since ")
        assert told[1] == "▶ The pause is over. One held alert comes now."
        assert "At work." in await chat.say("/status")


async def test_the_end_of_a_pause_says_what_comes_now_and_what_later(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        chat = await world.watching("Alice", feed, "EUMAM", "coalition")
        await chat.say("/digest 08:00")
        await chat.say("/mode 2 digest")
        await chat.say("/pause")
        feed.publish(title="EUMAM moves")
        feed.publish(title="A coalition grows")
        await until(lambda: len(world.rows("SELECT 1 FROM alerts")) == 2, "no alerts are made")
        await say_and_hear(chat, "/start", "Resumed. One held alert comes now.", "One held alert comes later")
        await until(lambda: len(world.rows("SELECT 1 FROM alerts WHERE state = 'sent'")) == 1, "it does not come")
        await chat.say("/pause")
        await chat.say("/digest off")
        await say_and_hear(chat, "/resume", "One held alert comes now")


async def test_alerts_of_a_filter_that_was_removed_meanwhile_are_withdrawn(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        chat = await world.watching("Alice", feed, "EUMAM")
        await chat.say("/pause")
        feed.publish(title="EUMAM moves")
        await world.quiet(feed)
        await chat.say("/unwatch 1")
        assert "Nothing was held" in await chat.say("/resume")
        await world.quiet(feed)
        assert not any("▸" in message.text for message in chat.received)


async def test_after_a_restart_nothing_is_repeated_and_filters_still_work(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        chat = await world.watching("Alice", feed, "EUMAM")
        feed.publish(title="EUMAM moves")
        await chat.next_message()
        await world.restart()
        await world.quiet(feed)
        feed.publish(title="EUMAM moves again")
        assert "again" in (await chat.next_message()).text
        assert len([message for message in chat.received if "▸" in message.text]) == 2


async def test_a_stored_text_that_cannot_be_read_does_not_end_the_bot(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        chat = await world.watching("Alice", feed, "EUMAM")
        feed.publish(title="EUMAM moves")
        await chat.next_message()
        await world.stop()
        with closing(sqlite3.connect(tmp_path / "tocsin.db")) as db, db:
            db.execute("UPDATE analyses SET parting = 1")
            db.execute("INSERT OR REPLACE INTO pages (story_id, text) SELECT id, x'00' FROM stories")
        await world.start()
        feed.publish(title="EUMAM moves again")
        assert "again" in (await chat.next_message()).text
    assert "Stored stories keep the words that they had" in caplog.text


async def test_hostile_feed_text_never_breaks_an_alert(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        chat = await world.watching("Alice", feed, "EUMAM")
        feed.publish(
            title="EUMAM &amp;lt;b&amp;gt; <b>bold</b> \ue0000\ue001 { $query }",
            summary="<script>alert(1)</script><a href='javascript:x'>EUMAM</a> " + "&amp;" * 3000 + " 😀" * 3000,
        )
        alert = await chat.next_message()
        assert "script" not in alert.text
        assert set(alert.links.values()) <= {item for item in alert.links.values() if item.startswith("http")}
