"""Upkeep: what goes and what stays, in slices that hold nobody up."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from zlib import compress

import pytest
import sqlite_utils

from bot.alerts import alert_message
from bot.domain.retention import DAY, UNSEEN, Keeping
from bot.domain.rhythm import HOUR
from bot.domain.stories import Entry
from bot.texts import Texts
from storage import Upkeep
from storage.database import Database, rows, scalar
from support.stored import EURACTIV, LE_MONDE, Stored, story

TEXT = "The course ended on Friday. EUMAM counted its graduates."


@pytest.fixture
async def stored(tmp_path: Path) -> AsyncIterator[Stored]:
    async with Stored.opened(tmp_path) as opened:
        yield opened


async def contents(stored: Stored, table: str) -> list[str]:
    found = await stored.sql(f"SELECT coalesce(json_extract(entry, '$.content'), '') FROM {table}")
    return sorted(text for (text,) in found)


async def test_a_told_story_goes_with_its_alerts_its_matches_and_its_event_and_is_known_still(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.publish(LE_MONDE, story("a", content=TEXT))
    await stored.deliver()
    went = await stored.tidy(after=61)
    assert (went.stories, went.alerts) == (2, 1)
    for table in ("stories", "alerts", "alert_filters", "matches", "versions"):
        assert await stored.count(table) == 0
    assert await stored.publish(LE_MONDE, story("a", content=TEXT)) == 0
    assert await stored.count("stories") == 0


async def test_nothing_goes_before_its_time_and_nothing_goes_twice(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.publish(LE_MONDE, story("a"))
    await stored.deliver()
    assert (await stored.tidy(after=59)).stories == 0
    assert (await stored.tidy(after=2)).stories == 2
    assert (await stored.tidy(after=1)).stories == 0


@pytest.mark.parametrize("held", ["due", "paused", "claimed", "withheld", "a state of another version"])
async def test_an_alert_that_is_not_settled_is_kept_with_all_of_its_event(stored: Stored, held: str) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE, EURACTIV], watches=["EUMAM"])
    if held == "paused":
        await stored.pause(alice)
    await stored.publish(LE_MONDE, story("a", content=TEXT))
    await stored.publish(EURACTIV, story("a", content=TEXT))
    if held == "claimed":
        await stored.claim()
    elif held not in {"due", "paused"}:
        await stored.database.write(lambda db: db.execute("UPDATE alerts SET state = ?", (held,)))
    await stored.tidy(after=300)
    assert (
        await stored.sql("SELECT json_extract(entry, '$.title') FROM stories") == [("EUMAM counts its graduates",)] * 2
    )
    assert TEXT in await contents(stored, "stories"), "what is to be shown is there"
    assert await stored.count("alerts") == 1


async def silent(stored: Stored) -> list[int]:
    """The numbers of the filters that are to be pointed out."""
    return [silence.number for _, silence in await stored.notices.silences(stored.now)]


async def test_a_filter_is_silent_by_what_it_brought_not_by_what_is_kept_of_it(stored: Stored) -> None:
    stored.upkeep = Upkeep(stored.database, Keeping(stories=10 * DAY, texts=10 * DAY))
    alice = await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    stored.later(30 * DAY)
    await stored.publish(LE_MONDE, story("a"))
    await stored.deliver()
    await stored.tidy(after=31)
    assert (await stored.count("alerts"), await silent(stored)) == (0, [])
    await stored.unwatch(alice, "EUMAM")
    await stored.watch_again(alice, 1)
    stored.later(28 * DAY)
    assert await silent(stored) == [], "a filter that was brought back is as it was"
    stored.later(2 * DAY)
    assert await silent(stored) == [1]


async def test_a_filters_silence_is_told_when_its_chat_can_be_told_for_it_may_end_before(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM", "coalition"])
    await stored.pause(alice)
    stored.later(61 * DAY)
    assert await silent(stored) == []
    await stored.publish(LE_MONDE, story("a"))
    await stored.resume(alice)
    assert await silent(stored) == [2]


async def test_a_filter_brings_what_another_alert_told_already(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE, EURACTIV], watches=["EUMAM"])
    await stored.publish(LE_MONDE, story("a"))
    before = await stored.sql("SELECT last_hit_at FROM filters")
    stored.later(2 * HOUR)
    assert await stored.publish(EURACTIV, story("a")) == 0
    assert await stored.sql("SELECT last_hit_at FROM filters") > before


async def test_a_story_that_goes_on_changing_stays_with_the_alerts_that_keep_it_from_being_told_again(
    stored: Stored,
) -> None:
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    for week in range(20):
        await stored.publish(LE_MONDE, story("live", f"EUMAM, week {week}", content=f"{TEXT} {week}"))
        await stored.deliver()
        await stored.tidy(after=7)
    assert await stored.sql("SELECT state FROM alerts") == [("sent",)]
    assert 7 <= await stored.count("versions") <= 8, "those of the last sixty days"
    assert len([text for text in await contents(stored, "versions") if text]) <= 2
    went = await stored.tidy(after=61)
    assert (went.stories, went.alerts, await stored.count("versions")) == (1, 1, 0)


async def test_texts_go_before_stories_and_headline_and_lead_stay(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.publish(LE_MONDE, story("a", summary="All of them.", content=TEXT))
    await stored.publish(LE_MONDE, story("a", "EUMAM, corrected", summary="All of them.", content=TEXT))
    await stored.deliver()
    await stored.tidy(after=13)
    assert await contents(stored, "stories") == ["", TEXT]
    assert (await stored.tidy(after=2)).texts == 2
    assert set(await contents(stored, "stories")) == set(await contents(stored, "versions")) == {""}
    chat = await stored.sql("SELECT id FROM chats")
    (found,) = await stored.chats.latest(chat[0][0], 10)
    assert (found.entry.title, found.entry.summary, found.entry.content) == ("EUMAM, corrected", "All of them.", "")
    assert await stored.publish(LE_MONDE, story("a", "EUMAM, corrected", summary="All of them.", content=TEXT)) == 0
    assert await stored.sql("SELECT max(version) FROM stories") == [(2,)], "a text that went is no change"


async def test_the_texts_of_pages_go_as_those_of_feeds_do(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.publish(LE_MONDE, story("a"))
    await stored.deliver()
    await stored.database.write(
        lambda db: db.execute(
            "INSERT INTO pages (story_id, text) SELECT max(id), ? FROM stories", (compress(b"EUMAM"),)
        )
    )
    await stored.tidy(after=13)
    assert await stored.sql("SELECT text IS NULL FROM pages") == [(0,)]
    assert (await stored.tidy(after=2)).texts == 1
    assert await stored.sql("SELECT text IS NULL FROM pages") == [(1,)]
    assert (await stored.tidy(after=1)).texts == 0


async def test_a_word_that_a_text_which_went_may_have_held_is_no_news(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE])
    await stored.publish(LE_MONDE, story("a", "Graduates are counted", content=TEXT))
    alice = await stored.chat("alice", watches=["EUMAM"])
    await stored.tidy(after=15)
    assert await stored.publish(LE_MONDE, story("a", "Graduates are counted again", content=TEXT)) == 0
    assert await stored.publish(LE_MONDE, story("a", "EUMAM's graduates are counted", content=TEXT)) == 0
    await stored.watch(alice, "harbour")
    assert await stored.publish(LE_MONDE, story("a", "The harbour is closed", content=TEXT)) == 1


async def test_an_alert_that_needs_a_text_which_went_can_be_written(stored: Stored) -> None:
    """The text goes once its alert is settled; what another alert's failure brings up again has none."""
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.publish(LE_MONDE, story("a", "Graduates are counted", content=TEXT))
    await stored.database.write(lambda db: db.execute("UPDATE alerts SET settled_at = 0, state = 'failed'"))
    await stored.tidy(after=15)
    await stored.database.write(lambda db: db.execute("UPDATE alerts SET settled_at = NULL, state = 'due'"))
    (alert,) = await stored.claim()
    assert alert.entry.content == ""
    assert "Graduates are counted" in str(alert_message(Texts(), alert))


async def test_what_a_feed_has_ceased_to_show_long_ago_is_forgotten_and_what_it_shows_is_not(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    shown = (story("shown"), story("twin", url=None, title="One"), story("twin", url=None, title="Two"))
    await stored.publish(LE_MONDE, *shown, story("gone", "EUMAM moves"))
    await stored.deliver()
    await stored.tidy(after=61)
    for month in range(10):
        await stored.publish(LE_MONDE, *shown, story(f"month {month}", "Something else"))
        await stored.tidy(after=31)
    known = {key for (key,) in await stored.sql("SELECT key FROM identities WHERE key LIKE 'guid:%'")}
    assert {"guid:shown", "guid:twin"} <= known
    assert "guid:gone" not in known
    assert await stored.publish(LE_MONDE, *shown) == 0
    for month in range(10, 20):
        await stored.publish(LE_MONDE, story(f"month {month}", "Something else"))
        await stored.tidy(after=31)
    assert await stored.sql("SELECT key FROM identities WHERE key IN ('guid:shown', 'guid:twin')") == []


async def test_a_feed_that_is_down_for_a_year_comes_back_with_all_that_it_had(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.publish(LE_MONDE, story("a"))
    await stored.deliver()
    await stored.tidy(after=61)
    for _ in range(6):
        await stored.tidy(after=61)
    assert await stored.publish(LE_MONDE, story("a")) == 0


async def test_a_feed_that_nobody_follows_goes_in_the_end_with_all_that_it_was_known_by(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE, EURACTIV], watches=["EUMAM"])
    await stored.publish(LE_MONDE, story("a"))
    await stored.publish(EURACTIV, story("b"))
    await stored.deliver()
    await stored.unfollow(alice, LE_MONDE)
    await stored.tidy(after=61)
    assert await stored.count("feeds") == 2
    await stored.tidy(after=UNSEEN / DAY + 1)
    assert await stored.sql("SELECT url FROM feeds") == [(EURACTIV,)]
    assert await stored.sql("SELECT count(*) FROM events WHERE gone_at IS NOT NULL") == [(1,)], "the newest"


async def test_no_number_is_given_twice(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    given: list[tuple[int, int]] = []
    for number in range(4):
        await stored.publish(LE_MONDE, story(f"{number}", f"EUMAM {number}"))
        await stored.deliver()
        given += await stored.sql("SELECT id, event_id FROM stories WHERE entry LIKE '%EUMAM%'")
        await stored.unfollow(alice, LE_MONDE)
        await stored.tidy(after=61)
        await stored.tidy(after=UNSEEN / DAY + 1)
        assert await stored.count("stories") == 0
        await stored.follow(alice, LE_MONDE)
    stories, events = zip(*given, strict=True)
    assert len(set(stories)) == len(stories) == 4
    assert len(set(events)) == 4


async def test_two_feeds_that_become_one_know_together_what_each_knew(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE, EURACTIV], watches=["EUMAM"])
    await stored.publish(LE_MONDE, story("a"))
    await stored.publish(EURACTIV, story("b", "EUMAM moves"))
    await stored.deliver()
    await stored.tidy(after=61)
    await stored.feeds.relocate((await stored.feed(LE_MONDE)).feed_id, EURACTIV)
    assert await stored.publish(EURACTIV, story("a"), story("b", "EUMAM moves")) == 0
    assert await stored.count("stories") == 0


async def test_a_known_key_that_turns_out_to_name_nothing_names_nothing(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.publish(LE_MONDE, story("a"))
    await stored.deliver()
    await stored.tidy(after=61)
    twins = (story("a", "EUMAM opens", url=None), story("a", "EUMAM closes", url=None))
    assert await stored.publish(LE_MONDE, *twins) == 2
    assert await stored.sql("SELECT story_id, former_id FROM identities WHERE key = 'guid:a'") == [(None, None)]


async def test_no_transaction_of_upkeep_changes_more_than_a_slice(
    stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        await stored.chat(f"chat{number}", follows=[LE_MONDE], watches=["EUMAM"])
    entries = [
        Entry(guid=f"{n}", url=f"https://outlet.example/{n}-article", title="EUMAM", content=TEXT) for n in range(40)
    ]
    await stored.publish(LE_MONDE, *entries)
    await stored.deliver()
    monkeypatch.setattr("storage.upkeep.CHANGED", 20)
    monkeypatch.setattr("storage.upkeep.LOOKED_AT", 7)
    largest = 0
    write = Database._write

    def watched(database: Database, work: Callable[[sqlite_utils.Database], Any]) -> Any:
        nonlocal largest
        db = database._connection(writable=True)
        count = "SELECT (SELECT count(*) FROM alerts) + (SELECT count(*) FROM stories)"
        before = scalar(db, count)
        done = write(database, work)
        largest = max(largest, before - scalar(db, count))
        return done

    monkeypatch.setattr(Database, "_write", watched)
    went = await stored.tidy(after=61)
    assert (went.alerts, went.stories) == (1200, 41)
    assert largest == 20


async def test_upkeep_is_due_once_a_day_whenever_the_bot_was_started(tmp_path: Path) -> None:
    async with Stored.opened(tmp_path) as stored:
        assert await stored.upkeep.is_due(stored.now)
        await stored.tidy()
        now = stored.now
    async with Stored.opened(tmp_path) as stored:
        assert not await stored.upkeep.is_due(now + DAY - 1)
        assert await stored.upkeep.is_due(now + DAY)


async def test_a_file_that_has_much_room_gives_it_back(stored: Stored, tmp_path: Path) -> None:
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    long = ("Reported" * 25 + ". ") * 400  # much room for few words and few commits
    await stored.publish(LE_MONDE, *(story(f"{n}", f"Report {n}", content=long) for n in range(100)))

    def pages(db: sqlite_utils.Database) -> int:
        return int(scalar(db, "PRAGMA page_count"))

    before = await stored.database.read(pages)
    await stored.tidy(after=61)
    assert before > 2_000
    assert await stored.database.read(pages) < before / 3
    assert await stored.database.read(lambda db: [tuple(found) for found in rows(db, "PRAGMA quick_check")]) == [
        ("ok",)
    ]


async def test_a_server_s_chats_are_kept_for_a_month_after_the_bot_was_removed(stored: Stored) -> None:
    for name in ("alice", "bob", "carol"):
        await stored.chat(name, follows=[LE_MONDE], watches=["EUMAM"])
    alice, bob, carol = [(await stored.chat(name)).address for name in ("alice", "bob", "carol")]
    await stored.chats.gone(alice, "removed", stored.later())
    await stored.chats.gone(bob, "removed", stored.later())
    await stored.chats.gone(carol, "blocked", stored.later())
    await stored.tidy()
    await stored.tidy(after=29)
    await stored.chats.returned(bob, stored.now)
    await stored.chats.gone(bob, "removed", stored.later())
    await stored.tidy(after=2)
    assert await stored.sql("SELECT chat FROM chats ORDER BY chat") == [("bob",), ("carol",)], "bob had been back"
    await stored.tidy(after=31)
    assert await stored.sql("SELECT chat FROM chats") == [("carol",)], "who blocked the bot may come back at any time"
    assert await stored.count("filters") == 1
