"""Chats: what they follow and watch, what they are told of it, and what is left of them when they move or leave."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.chats import Address, ChatKind
from bot.domain.delivery import Done, GiveUp, Hold, Retry
from bot.domain.entitlement import REGRET
from bot.domain.errors import UserError
from bot.domain.filters import Match
from bot.domain.query import parse
from bot.domain.telling import Mode
from bot.ports.chats import Chat
from storage.database import scalar
from support.stored import EURACTIV, LE_MONDE, Stored, headlines, named, story


@pytest.fixture
async def stored(tmp_path: Path) -> AsyncIterator[Stored]:
    async with Stored.opened(tmp_path) as opened:
        yield opened


ALICE = Address("telegram", "alice")
NEW = Address("telegram", "-100")


async def numbers(stored: Stored, chat: Chat) -> list[tuple[int, str]]:
    return [(found.number, found.query) for found in await stored.chats.filters(chat.chat_id, stored.now)]


async def followed(stored: Stored, chat: Chat) -> list[tuple[str, bool]]:
    return [(follow.feed.url, follow.everything) for follow in await stored.chats.follows(chat.chat_id)]


# Entering


async def test_a_chat_is_found_once_it_entered(stored: Stored) -> None:
    assert await stored.chats.find(ALICE) is None
    entered = await stored.chats.enter(ALICE, ChatKind.GROUP, "Alice's", now=stored.now)
    assert await stored.chats.find(ALICE) == entered
    assert (entered.kind, entered.title, entered.admitted, entered.paused, entered.gone) == (
        ChatKind.GROUP,
        "Alice's",
        False,
        False,
        "",
    )


async def test_a_chat_that_enters_again_is_the_same_under_its_new_title(stored: Stored) -> None:
    first = await stored.chats.enter(ALICE, ChatKind.GROUP, "Alice's", now=stored.now)
    second = await stored.chats.enter(ALICE, ChatKind.GROUP, "Alice and friends", now=stored.later())
    assert (second.chat_id, second.title) == (first.chat_id, "Alice and friends")
    unnamed = await stored.chats.enter(ALICE, ChatKind.GROUP, "", now=stored.later())
    assert unnamed.title == "Alice and friends", "where none is known, the last one stays"


async def test_an_admission_is_kept_once_it_was_given(stored: Stored) -> None:
    admissions = [
        (await stored.chats.enter(ALICE, ChatKind.GROUP, "", now=stored.later(), admitted=admitted)).admitted
        for admitted in (False, True, False)
    ]
    assert admissions == [False, True, True]


async def test_topics_and_platforms_are_chats_of_their_own(stored: Stored) -> None:
    addresses = [ALICE, Address("telegram", "alice", "7"), Address("discord", "alice")]
    for address in addresses:
        await stored.chats.enter(address, ChatKind.GROUP, "", now=stored.now)
    found = [await stored.chats.find(address) for address in addresses]
    assert [chat.address for chat in found if chat] == addresses
    assert len({chat.chat_id for chat in found if chat}) == 3


# Filters


async def test_a_number_is_never_given_to_a_second_filter(stored: Stored) -> None:
    alice = await stored.chat("alice", watches=["EUMAM", "instructors", "coalition"])
    await stored.unwatch(alice, "instructors")
    await stored.unwatch(alice, "coalition")
    await stored.watch(alice, "instructors")
    assert await numbers(stored, alice) == [(1, "EUMAM"), (4, "instructors")]


async def test_a_filter_that_the_chat_has_is_given_back(stored: Stored) -> None:
    alice = await stored.chat("alice", watches=["EUMAM"])
    found, is_new = await stored.chats.watch(alice.chat_id, parse("EUMAM"), now=stored.later(), most=1)
    assert (found.number, is_new) == (1, False), "also at the limit"
    assert await numbers(stored, alice) == [(1, "EUMAM")]


async def test_a_filter_over_the_limit_is_refused_and_changes_nothing(stored: Stored) -> None:
    alice = await stored.chat("alice", watches=["EUMAM"])
    with pytest.raises(UserError) as refused:
        await stored.chats.watch(alice.chat_id, parse("coalition"), now=stored.later(), most=1)
    assert (refused.value.key, refused.value.args_shown) == ("limit-filters", {"limit": 1})
    assert await stored.chats.queries() == ["EUMAM"]
    assert await stored.count("queries") == 1
    await stored.watch(alice, "coalition")
    assert await numbers(stored, alice) == [(1, "EUMAM"), (2, "coalition")]


async def test_a_query_goes_with_its_last_filter_and_its_matches_once_nobody_brings_it_back(stored: Stored) -> None:
    alice, bob = [await stored.chat(name, follows=[LE_MONDE], watches=["EUMAM"]) for name in ("alice", "bob")]
    await stored.publish(LE_MONDE, story("a"))
    assert await stored.chats.queries() == ["EUMAM", "EUMAM"], "one for each filter, as the index counts them"
    await stored.unwatch(alice, "EUMAM")
    assert (await stored.count("queries"), await stored.count("matches")) == (1, 1)
    assert headlines(await stored.deliver()) == ["EUMAM counts its graduates"]
    await stored.unwatch(bob, "EUMAM")
    assert await stored.chats.queries() == []
    assert (await stored.count("queries"), await stored.count("matches")) == (1, 1)
    await stored.tidy(after=61)
    assert (await stored.count("removed_filters"), await stored.count("queries")) == (0, 0)
    assert await stored.count("matches") == 0


async def test_a_filter_that_is_brought_back_has_its_number_its_mode_and_what_waited_for_it(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    (before,) = await stored.chats.filters(alice.chat_id, stored.now)
    await stored.telling.set_modes(alice.chat_id, [before.filter_id], Mode.SILENT, stored.now)
    await stored.publish(LE_MONDE, story("a", "EUMAM one"), story("b", "EUMAM two"))
    await stored.unwatch(alice, "EUMAM")
    assert await stored.chats.removed(alice.chat_id, 1) == replace(before, mode=Mode.SILENT)
    await stored.publish(LE_MONDE, story("b", "EUMAM two, edited"), story("c", "EUMAM three"))
    await stored.watch_again(alice, 1)
    assert await stored.chats.removed(alice.chat_id, 1) is None
    await stored.settle()
    told = await stored.deliver()
    assert sorted(headlines(told)) == ["EUMAM one", "EUMAM three", "EUMAM two, edited"]
    assert all(alert.silent and alert.matches[0].spans for alert in told)
    (after,) = await stored.chats.filters(alice.chat_id, stored.now)
    assert (after.filter_id, after.number, after.since) == (before.filter_id, 1, before.since)
    assert await stored.settle() == 0
    assert await stored.deliver() == []


async def test_what_was_withdrawn_meanwhile_is_due_again_and_what_was_told_is_not(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.publish(LE_MONDE, story("a", "EUMAM one"))
    assert headlines(await stored.deliver()) == ["EUMAM one"]
    await stored.publish(LE_MONDE, story("b", "EUMAM two"))
    await stored.unwatch(alice, "EUMAM")
    assert await stored.deliver() == []
    assert await stored.states(alice) == ["sent", "withdrawn"]
    await stored.watch_again(alice, 1)
    await stored.settle()
    assert headlines(await stored.deliver()) == ["EUMAM two"]


async def test_a_filter_that_is_brought_back_long_after_asks_for_what_is_new_only(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.unwatch(alice, "EUMAM")
    await stored.publish(LE_MONDE, story("a", "EUMAM one"))
    stored.later(REGRET)
    await stored.watch_again(alice, 1)
    await stored.settle()
    assert await stored.deliver() == []
    await stored.publish(LE_MONDE, story("b", "EUMAM two"))
    assert headlines(await stored.deliver()) == ["EUMAM two"]


async def test_a_filter_that_was_set_anew_meanwhile_is_not_brought_back_beside_it(stored: Stored) -> None:
    alice = await stored.chat("alice", watches=["EUMAM", "coalition"])
    await stored.unwatch(alice, "EUMAM")
    await stored.watch(alice, "EUMAM")
    found, is_new = await stored.chats.watch_again(alice.chat_id, 1, now=stored.later(), most=2)
    assert (found.number, is_new) == (3, False)
    await stored.unwatch(alice, "coalition")
    await stored.watch(alice, "instructors")
    for number, key in ((2, "limit-filters"), (3, "watch-no-number"), (9, "watch-no-number")):
        with pytest.raises(UserError) as refused:
            await stored.chats.watch_again(alice.chat_id, number, now=stored.later(), most=2)
        assert refused.value.key == key
    assert await numbers(stored, alice) == [(3, "EUMAM"), (4, "instructors")]


async def test_a_chat_cannot_remove_another_chats_filter(stored: Stored) -> None:
    alice = await stored.chat("alice", watches=["EUMAM"])
    mallory = await stored.chat("mallory")
    (found,) = await stored.chats.filters(alice.chat_id, stored.now)
    await stored.chats.unwatch(mallory.chat_id, found.filter_id, stored.now)
    assert await numbers(stored, alice) == [(1, "EUMAM")]


async def test_a_filter_counts_the_alerts_that_it_brought(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM", "graduates"])
    for slug, days in (("a", 0), ("b", 10), ("c", 25)):
        stored.later(days * 86_400)
        await stored.publish(LE_MONDE, story(slug))
    await stored.publish(LE_MONDE, story("d", "EUMAM"))
    found = await stored.chats.filters(alice.chat_id, stored.now)
    assert [(one.query, one.hits_week, one.hits_month) for one in found] == [("EUMAM", 2, 3), ("graduates", 1, 2)]


# Following


@pytest.mark.parametrize(
    ("most", "most_total", "refusal"),
    [
        pytest.param(2, 100, ("limit-feeds", {"limit": 2}), id="of the chat"),
        pytest.param(100, 3, ("limit-total-feeds", {"limit": 3}), id="of the instance"),
    ],
)
async def test_feeds_over_the_limit_are_refused_and_nothing_changes(
    stored: Stored, most: int, most_total: int, refusal: tuple[str, dict[str, str | float]]
) -> None:
    await stored.chat("bob", follows=["https://bob.example/1", "https://bob.example/2"])
    alice = await stored.chat("alice", follows=[LE_MONDE])
    more = [(f"https://outlet.example/{number}", "") for number in (1, 2)]
    with pytest.raises(UserError) as refused:
        await stored.chats.follow(
            alice.chat_id, more, everything=False, now=stored.later(), most=most, most_total=most_total
        )
    assert (refused.value.key, refused.value.args_shown) == refusal
    assert await followed(stored, alice) == [(LE_MONDE, False)]
    assert await stored.count("feeds") == 3


async def test_following_tells_which_feeds_were_not_followed_before(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE])
    new = await stored.chats.follow(
        alice.chat_id,
        [(LE_MONDE, ""), (EURACTIV, "Euractiv"), (EURACTIV, "Euractiv")],
        everything=False,
        now=stored.later(),
        most=2,
        most_total=2,
    )
    assert [(feed.url, feed.title) for feed in new] == [(EURACTIV, "Euractiv")]
    assert await followed(stored, alice) == [(LE_MONDE, False), (EURACTIV, False)]


async def test_every_story_can_be_asked_for_and_no_more(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE])
    (before,) = await stored.chats.follows(alice.chat_id)
    await stored.follow(alice, LE_MONDE, everything=True)
    assert await followed(stored, alice) == [(LE_MONDE, True)]
    await stored.follow(alice, LE_MONDE, everything=False)
    assert await followed(stored, alice) == [(LE_MONDE, False)]
    assert (await stored.chats.follows(alice.chat_id))[0].since == before.since


async def test_a_feed_that_is_not_followed_can_be_unfollowed(stored: Stored) -> None:
    alice = await stored.chat("alice")
    await stored.chat("bob", follows=[LE_MONDE])
    await stored.unfollow(alice, LE_MONDE)
    assert await stored.next_due() is not None


# Looking back


async def test_the_latest_matches_come_newest_first_one_an_event_with_what_matched(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE, EURACTIV], watches=["EUMAM", "graduates"])
    await stored.publish(LE_MONDE, story("a", published=stored.now - 60))
    await stored.publish(LE_MONDE, story("b", "EUMAM again", published=stored.now))
    await stored.publish(EURACTIV, story("b", "EUMAM again", published=stored.now))
    await stored.publish(LE_MONDE, story("c", "Sport", published=stored.now))
    found = await stored.chats.latest(alice.chat_id, 10)
    assert [(one.entry.title, sorted(one.queries)) for one in found] == [
        ("EUMAM again", ["EUMAM"]),
        ("EUMAM counts its graduates", ["EUMAM", "graduates"]),
    ]
    assert len(await stored.chats.latest(alice.chat_id, 1)) == 1
    await stored.unfollow(alice, LE_MONDE)
    assert [(one.entry.title, one.outlet) for one in await stored.chats.latest(alice.chat_id, 10)] == [
        ("EUMAM again", EURACTIV)
    ]


async def test_what_a_back_test_found_is_remembered_once_and_pushed_to_nobody(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE])
    await stored.publish(LE_MONDE, story("a"))
    await stored.watch(alice, "EUMAM")
    ((found, match),) = (await stored.archive.back_test(alice.chat_id, parse("EUMAM"), stored.now)).found
    for _ in range(2):
        await stored.chats.remember([found.story_id], [match])
    await stored.chats.remember([found.story_id], [Match("nobody asks this", ())])
    await stored.chats.remember([], [])
    assert [one.queries for one in await stored.chats.latest(alice.chat_id, 10)] == [("EUMAM",)]
    assert await stored.count("matches") == 1
    assert await stored.deliver() == []


async def test_the_standing_of_a_chat_counts_what_is_its_own(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE, EURACTIV], watches=["EUMAM", "coalition"])
    await stored.chat("bob", follows=[LE_MONDE], watches=["EUMAM", "graduates"])
    feed = await stored.feed(LE_MONDE)
    for slug in ("a", "b", "c", "d"):
        await stored.publish(LE_MONDE, story(slug))
    sent = None
    for decision in (Done("m1"), GiveUp("rejected"), Retry(0)):
        (alert,) = [alert for alert in await stored.claim() if alert.chat_id == alice.chat_id]
        await stored.mark(alert, decision)
        sent = stored.now if isinstance(decision, Done) else sent
    await stored.feeds.failed(feed.feed_id, now=stored.later(), due_at=stored.now + 60, error="dns")
    polled = stored.now
    standing = await stored.chats.standing(alice.chat_id, stored.later())
    assert (standing.feeds, standing.filters) == (2, 2)
    assert (standing.stories_week, standing.matches_week) == (6, 4)
    assert (standing.sent, standing.due, standing.failed) == (1, 2, 1)
    assert (standing.last_poll, standing.last_sent) == (polled, sent)
    standing = await stored.chats.standing(alice.chat_id, stored.later(8 * 86_400))
    assert (standing.stories_week, standing.matches_week, standing.sent) == (0, 0, 1)


async def test_a_chat_that_has_nothing_stands_at_nothing(stored: Stored) -> None:
    standing = await stored.chats.standing((await stored.chat("alice")).chat_id, stored.now)
    assert (standing.feeds, standing.sent, standing.due, standing.last_poll, standing.last_sent) == (
        0,
        0,
        0,
        None,
        None,
    )


# Actions and operators


async def test_an_action_has_one_short_id_and_is_given_to_its_own_chat_only(stored: Stored) -> None:
    alice, mallory = await stored.chat("alice"), await stored.chat("mallory")
    action = await stored.chats.action(alice.chat_id, "/unwatch 3")
    assert await stored.chats.action(alice.chat_id, "/unwatch 3") == action
    assert await stored.chats.action(mallory.chat_id, "/unwatch 3") != action
    assert len(action.encode()) <= 20
    assert await stored.chats.line_of(alice.chat_id, action) == "/unwatch 3"
    assert await stored.chats.line_of(mallory.chat_id, action) is None
    for nonsense in ("", "0", "nonsense", "1 OR 1=1"):
        assert await stored.chats.line_of(alice.chat_id, nonsense) is None


async def test_a_button_from_before_a_chat_left_does_nothing_when_it_is_back(stored: Stored) -> None:
    alice = await stored.chat("alice")
    old = await stored.chats.action(alice.chat_id, "/pause")
    await stored.chats.erase(alice.chat_id)
    alice = await stored.chat("alice")
    assert await stored.chats.action(alice.chat_id, "/stop yes") != old
    assert await stored.chats.line_of(alice.chat_id, old) is None


async def test_operators_are_who_claimed_the_instance(stored: Stored) -> None:
    assert await stored.chats.operators() == frozenset()
    for person in ("telegram:1", "discord:2", "telegram:1"):
        await stored.chats.claim_instance(person)
    assert await stored.chats.operators() == {"telegram:1", "discord:2"}


# Leaving


async def busy(stored: Stored, name: str, *, topic: str = "") -> Chat:
    """A chat of which every table that can holds something: alerts sent, failed, in hand and due, a button, …"""
    chat = await stored.chat(name, topic=topic, follows=[LE_MONDE, EURACTIV], watches=["EUMAM", "graduates"])
    await stored.follow(chat, EURACTIV, everything=True)
    for decision in (Done("m1"), GiveUp("rejected"), None):
        await stored.publish(LE_MONDE, story(f"{name}{topic}{type(decision).__name__}"))
        for alert in await stored.claim():
            if decision is not None and alert.chat_id == chat.chat_id:
                await stored.mark(alert, decision)
    await stored.publish(EURACTIV, story(f"{name}{topic} due"))
    await stored.chats.action(chat.chat_id, "/pause")
    await stored.telling.mute(chat.chat_id, "sport", name="", until=None, now=stored.later())
    return chat


async def tables_of_chats(stored: Stored) -> list[str]:
    found = await stored.sql(
        """SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c
           WHERE m.type = 'table' AND c.name = 'chat_id'"""
    )
    return ["chats", *(name for (name,) in found)]


async def left_of(stored: Stored, chat: Chat) -> dict[str, int]:
    left = {}
    for table in await tables_of_chats(stored):
        column = "id" if table == "chats" else "chat_id"
        ((left[table],),) = await stored.sql(f"SELECT count(*) FROM {table} WHERE {column} = ?", chat.chat_id)
    return left


async def test_nothing_is_left_of_a_chat_that_is_erased(stored: Stored) -> None:
    alice = await busy(stored, "alice")
    await stored.database.write(
        lambda db: db.execute("INSERT OR IGNORE INTO lanes VALUES (?, 'telegram', 0, 0, 0, 0, 0)", (alice.chat_id,))
    )
    ((feed_id,),) = await stored.sql("SELECT min(feed_id) FROM follows WHERE chat_id = ?", alice.chat_id)
    for sql in (
        "INSERT INTO troubles VALUES (?, ?, 'down')",
        "INSERT INTO notices (chat_id, facts, made_at, due_at) VALUES (?, ?, 0, 0)",
    ):
        await stored.database.write(lambda db, sql=sql: db.execute(sql, (alice.chat_id, feed_id)))  # type: ignore[misc]
    await stored.watch(alice, "removed")
    await stored.unwatch(alice, "removed")
    before = await left_of(stored, alice)
    assert set(before) >= {"chats", "follows", "filters", "alerts", "alert_filters", "lanes", "actions"}
    assert all(before.values()), before
    assert sorted(set(await stored.states(alice))) == ["claimed", "due", "failed", "sent"]

    await stored.chats.erase(alice.chat_id)
    assert not any((await left_of(stored, alice)).values())
    assert (await stored.count("queries"), await stored.count("matches")) == (0, 0)
    assert await stored.next_due() is None, "its feeds are asked no more"
    assert await stored.claim() == []
    assert await stored.database.write(lambda db: scalar(db, "PRAGMA foreign_key_check")) is None


async def test_erasing_a_chat_leaves_the_others_as_they_were(stored: Stored) -> None:
    alice, bob = await busy(stored, "alice"), await busy(stored, "bob")
    before, filters = await left_of(stored, bob), await numbers(stored, bob)
    await stored.chats.erase(alice.chat_id)
    assert await left_of(stored, bob) == before
    assert await numbers(stored, bob) == filters
    assert len(await stored.feeds.due(stored.now + 1e6, 10)) == 2
    assert await stored.count("queries") == 2


async def test_a_chat_that_comes_back_after_it_was_erased_is_a_new_one(stored: Stored) -> None:
    alice = await busy(stored, "alice")
    await stored.chats.erase(alice.chat_id)
    again = await stored.chat("alice")
    assert again.chat_id != alice.chat_id
    assert await numbers(stored, again) == []


# Going and moving


async def test_who_is_gone_from_a_group_is_gone_from_its_topics_and_not_the_other_way_round(stored: Stored) -> None:
    for topic in ("", "7", "8"):
        await stored.chat("alice", topic=topic)
    await stored.chat("bob")
    await stored.chats.gone(Address("telegram", "alice", "7"), "topic closed", stored.later())
    assert await stored.sql("SELECT chat, topic FROM chats WHERE gone != ''") == [("alice", "7")]
    await stored.chats.gone(ALICE, "kicked", stored.later())
    assert await stored.sql("SELECT chat, topic FROM chats WHERE gone = 'kicked' ORDER BY topic") == [
        ("alice", ""),
        ("alice", "7"),
        ("alice", "8"),
    ]


async def test_a_group_moves_with_all_its_topics(stored: Stored) -> None:
    for topic in ("", "7"):
        chat = await stored.chat("alice", topic=topic, follows=[LE_MONDE], watches=["EUMAM"])
        await stored.chats.gone(chat.address, "migrated", stored.later())
    other = await stored.chat("alice", platform="discord")
    await stored.publish(LE_MONDE, story("a"))
    await stored.chats.moved(ALICE, "-100", stored.later())
    assert sorted(str(alert.address) for alert in await stored.deliver()) == ["telegram:-100", "telegram:-100:7"]
    assert await stored.chats.find(other.address) == other


async def test_a_chat_that_moves_to_where_it_is_stays(stored: Stored) -> None:
    alice = await busy(stored, "alice")
    before = await left_of(stored, alice)
    await stored.chats.moved(alice.address, alice.address.chat, stored.later())
    assert await left_of(stored, alice) == before


async def test_a_chat_that_is_not_stored_can_move(stored: Stored) -> None:
    await stored.chats.moved(ALICE, "-100", stored.later())
    assert await stored.count("chats") == 0


async def test_after_a_move_no_alert_replies_to_a_message_of_the_old_chat(stored: Stored) -> None:
    """Messages have other identifiers in the new chat: the old one would name some other message."""
    await stored.chat("alice", follows=[LE_MONDE, EURACTIV], watches=["EUMAM", "coalition"])
    await stored.publish(LE_MONDE, story("a"))
    assert len(await stored.deliver()) == 1
    await stored.chats.moved(ALICE, "-100", stored.later())
    await stored.publish(EURACTIV, story("a", "EUMAM coalition"))
    (alert,) = await stored.claim()
    assert (named(alert), alert.reply_to) == (["coalition"], None)


async def test_what_a_chat_has_joins_the_one_that_it_becomes(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE, EURACTIV], watches=["EUMAM", "coalition"])
    await stored.follow(alice, LE_MONDE, everything=True)
    action = await stored.chats.action(alice.chat_id, "/filters")
    await stored.chats.enter(ALICE, ChatKind.GROUP, "Alice", now=stored.later(), admitted=True)
    await stored.pause(alice)
    new = await stored.chat("-100", follows=[LE_MONDE, "https://new.example/rss"], watches=["sport", "EUMAM"])
    await stored.chats.gone(NEW, "kicked", stored.later())

    await stored.chats.moved(ALICE, "-100", stored.later())
    assert await stored.chats.find(ALICE) is None
    merged = await stored.chats.find(NEW)
    assert merged is not None
    assert (merged.chat_id, merged.admitted, merged.paused, merged.gone) == (new.chat_id, True, True, "")
    assert await numbers(stored, merged) == [(1, "sport"), (2, "EUMAM"), (4, "coalition")]
    assert sorted(await followed(stored, merged)) == [
        (EURACTIV, False),
        (LE_MONDE, True),
        ("https://new.example/rss", False),
    ]
    assert await stored.chats.line_of(new.chat_id, action) == "/filters"
    await stored.watch(merged, "defence")
    assert (await numbers(stored, merged))[-1] == (5, "defence")
    assert not any((await left_of(stored, alice)).values())


async def test_the_earlier_wish_counts_where_both_chats_had_it(stored: Stored) -> None:
    """What came between the two wishes, and is not matched yet, is still owed."""
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.poll(LE_MONDE, story("a"))
    await stored.chat("-100", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.chats.moved(ALICE, "-100", stored.later())
    assert await stored.settle() == 1


@pytest.mark.parametrize("filters", [(["EUMAM"], ["EUMAM"]), (["EUMAM"], ["graduates"])], ids=["same", "different"])
@pytest.mark.parametrize("old", ["due", "claimed", "sent"])
@pytest.mark.parametrize("new", ["due", "claimed", "sent"])
async def test_two_chats_that_become_one_get_an_event_once_for_each_filter(
    stored: Stored, filters: tuple[list[str], list[str]], old: str, new: str
) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE], watches=filters[0])
    other = await stored.chat("-100", follows=[LE_MONDE], watches=filters[1])
    await stored.publish(LE_MONDE, story("a"))
    in_hand = []
    for alert in await stored.claim():
        match old if alert.chat_id == alice.chat_id else new:
            case "due":
                await stored.mark(alert, Retry(0))
            case "sent":
                await stored.mark(alert, Done("m1"))
            case _:
                in_hand.append(alert)
    await stored.chats.moved(ALICE, "-100", stored.later())
    for alert in in_hand:
        await stored.mark(alert, Done("m2"))
    await stored.deliver()
    states = sorted(await stored.states(other))
    if filters[0] != filters[1] or {old, new} <= {"claimed", "sent"}:
        assert states == ["sent", "sent"], "nothing is lost, and what went out went out"
    else:
        assert states == ["sent", "withdrawn"], "nothing is told twice"
    each_once = [(1,)] * len({*filters[0], *filters[1]})
    assert await stored.sql("SELECT count(*) FROM alert_filters GROUP BY filter_id") == each_once
    assert await stored.publish(LE_MONDE, story("a", "EUMAM graduates")) == 0


async def test_a_chat_that_moved_while_it_was_held_gets_what_was_held(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.publish(LE_MONDE, story("a"))
    (alert,) = await stored.claim()
    await stored.mark(alert, Hold("the group was upgraded"))
    await stored.chats.moved(ALICE, "-100", stored.later())
    assert [delivered.address for delivered in await stored.deliver()] == [NEW]
