"""Settling a story: who gets an alert on it, on which of its versions, and who has had one already."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.delivery import Done, GiveUp
from bot.domain.filters import Field, Match, Span
from support.stored import EURACTIV, LE_MONDE, Stored, named, story


@pytest.fixture
async def stored(tmp_path: Path) -> AsyncIterator[Stored]:
    async with Stored.opened(tmp_path) as opened:
        yield opened


PLAIN = story("a", "Instructors called for")
MATCHING = story("a", "EUMAM instructors called for")
CORRECTED = story("a", "EUMAM instructors were called for")
OLD = 100 * 3600.0


async def happen(stored: Stored, what: str) -> None:
    """Let things happen in this order to Alice, Le Monde and one of its stories; Bob follows Le Monde all along."""
    bob = await stored.chat("bob", follows=["https://bob.example/rss"])
    alice = await stored.chat("alice")
    await stored.follow(bob, LE_MONDE, primed="first-poll" not in what)
    published = stored.now - OLD
    for step in what.split():
        match step:
            case "follow":
                await stored.follow(alice, LE_MONDE, primed=False)
            case "follow-all":
                await stored.follow(alice, LE_MONDE, everything=True, primed=False)
            case "unfollow":
                await stored.unfollow(alice, LE_MONDE)
            case "watch":
                await stored.watch(alice, "EUMAM")
            case "unwatch":
                await stored.unwatch(alice, "EUMAM")
            case "first-poll":
                pass
            case "plain":
                await stored.poll(LE_MONDE, PLAIN)
            case "matching":
                await stored.poll(LE_MONDE, MATCHING)
            case "corrected":
                await stored.poll(LE_MONDE, CORRECTED)
            case "old-plain":
                await stored.poll(LE_MONDE, PLAIN._replace(published=published))
            case "old-matching":
                await stored.poll(LE_MONDE, MATCHING._replace(published=published))
            case "settle":
                await stored.settle()
            case _:
                raise AssertionError(step)


@pytest.mark.parametrize(
    ("what", "alerts"),
    [
        pytest.param("follow watch matching settle", 1, id="followed and watched before it came"),
        pytest.param("watch follow matching settle", 1, id="watched, then followed, before it came"),
        pytest.param("follow watch plain settle", 0, id="does not match"),
        pytest.param("follow matching settle", 0, id="nothing is watched"),
        pytest.param("watch matching settle", 0, id="not followed"),
        pytest.param("follow matching watch settle", 0, id="watched after it came"),
        pytest.param("watch matching follow settle", 0, id="followed after it came"),
        pytest.param("follow watch matching unwatch settle", 0, id="unwatched before it was matched"),
        pytest.param("follow watch matching unfollow settle", 0, id="unfollowed before it was matched"),
        pytest.param("follow watch matching unwatch watch settle", 0, id="watched anew after it came"),
        pytest.param("follow watch first-poll matching settle", 0, id="in the feed's first poll"),
        pytest.param("follow watch old-matching settle", 0, id="too old when it turned up"),
        pytest.param("follow watch matching settle matching settle", 1, id="seen again unchanged"),
        pytest.param("follow watch matching settle corrected settle", 1, id="edited after the alert"),
        pytest.param("follow watch plain settle matching settle", 1, id="an edit makes it match"),
        pytest.param("follow plain settle watch matching settle", 1, id="an edit after the filter makes it match"),
        pytest.param("watch plain settle follow matching settle", 1, id="an edit after the following makes it match"),
        pytest.param("follow plain settle matching watch settle", 0, id="watched after the edit that makes it match"),
        pytest.param(
            "follow matching settle watch corrected settle", 0, id="it matched before the filter, and is edited"
        ),
        pytest.param(
            "follow watch first-poll plain settle matching settle", 1, id="an edit makes a silent story match"
        ),
        pytest.param("follow watch first-poll matching settle corrected settle", 0, id="a silent match is edited"),
        pytest.param("follow watch old-matching settle corrected settle", 0, id="an old match is edited"),
        pytest.param(
            "follow watch old-plain settle old-matching settle", 0, id="an edit of an old story that stays old"
        ),
        pytest.param("follow watch matching settle plain settle matching settle", 1, id="matches, does not, matches"),
        pytest.param("follow watch plain matching settle", 1, id="edited before it was ever matched"),
        pytest.param("follow plain watch matching settle", 1, id="edited after the filter, and only then matched"),
        pytest.param(
            "follow plain settle watch matching corrected settle",
            1,
            id="the edit that makes it match is edited before anybody matched it",
        ),
        pytest.param(
            "follow watch first-poll plain matching corrected settle",
            1,
            id="so is a silent story's, never matched before",
        ),
        pytest.param("follow-all plain settle", 1, id="every story of the feed"),
        pytest.param("follow-all first-poll plain settle", 0, id="every story, but the first poll's"),
        pytest.param("follow-all old-plain settle", 0, id="every story, but old ones"),
        pytest.param("follow plain follow-all settle", 0, id="every story, from a time after it came"),
        pytest.param("follow-all plain follow settle", 0, id="every story no more"),
        pytest.param("follow-all plain settle matching settle", 1, id="every story, once though it is edited"),
        pytest.param("watch follow-all matching settle", 1, id="every story and a filter: one alert"),
        pytest.param("follow watch matching follow-all settle", 1, id="every story from now on: filters go on"),
        pytest.param("follow-all watch matching follow settle", 1, id="every story no more: filters go on"),
    ],
)
async def test_who_is_entitled_gets_one_alert(stored: Stored, what: str, alerts: int) -> None:
    await happen(stored, what)
    assert len(await stored.deliver()) == alerts


async def test_one_story_alerts_every_chat_that_is_entitled_and_no_other(stored: Stored) -> None:
    for name in ("alice", "bob"):
        await stored.chat(name, follows=[LE_MONDE], watches=["EUMAM"])
    await stored.chat("carol", follows=[LE_MONDE], watches=["sport"])
    await stored.chat("dave", follows=[EURACTIV], watches=["EUMAM"])
    assert await stored.publish(LE_MONDE, MATCHING) == 2
    assert sorted(alert.address.chat for alert in await stored.claim()) == ["alice", "bob"]


async def test_two_filters_of_a_chat_make_one_alert_that_names_both(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE], watches=["instructors", "EUMAM"])
    assert await stored.publish(LE_MONDE, MATCHING) == 1
    (alert,) = await stored.claim()
    assert named(alert) == ["instructors", "EUMAM"], "in the order in which the chat set them"
    assert alert.matches[1].spans == (Span(Field.TITLE, 0, 5),)


async def test_two_feeds_with_one_article_make_one_alert(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE, EURACTIV], watches=["EUMAM"])
    assert await stored.publish(LE_MONDE, MATCHING) == 1
    assert await stored.publish(EURACTIV, MATCHING._replace(guid="other", title="EUMAM: instructors wanted")) == 0


async def test_each_chat_hears_of_an_event_from_the_feed_that_it_follows(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.chat("bob", follows=[EURACTIV], watches=["EUMAM"])
    assert await stored.publish(LE_MONDE, MATCHING) == 1
    assert await stored.publish(EURACTIV, MATCHING) == 1
    assert sorted((alert.address.chat, alert.outlet) for alert in await stored.claim()) == [
        ("alice", LE_MONDE),
        ("bob", EURACTIV),
    ]


async def test_a_further_filter_of_a_later_story_of_the_event_replies_to_the_first_alert(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE, EURACTIV], watches=["EUMAM", "coalition"])
    await stored.publish(LE_MONDE, MATCHING)
    (first,) = await stored.claim()
    assert first.reply_to is None
    await stored.mark(first, Done("m1"))
    assert await stored.publish(EURACTIV, MATCHING._replace(title="EUMAM: a coalition is called for")) == 1
    (second,) = await stored.claim()
    assert (named(second), second.reply_to) == (["coalition"], "m1")
    await stored.mark(second, Done("m2"))
    assert await stored.publish(LE_MONDE, MATCHING._replace(title="EUMAM and a coalition")) == 0


async def test_every_story_of_a_feed_adds_nothing_to_an_event_that_the_chat_was_alerted_on(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.follow(alice, EURACTIV)
    await stored.follow(alice, EURACTIV, everything=True)
    assert await stored.publish(LE_MONDE, MATCHING) == 1
    assert await stored.publish(EURACTIV, PLAIN) == 0
    assert await stored.publish(EURACTIV, story("b", "Something else")) == 1


async def test_a_filter_adds_an_alert_to_an_event_that_came_as_every_story_of_a_feed(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.follow(alice, LE_MONDE, everything=True)
    (first,) = [await stored.publish(LE_MONDE, PLAIN)]
    (alert,) = await stored.deliver()
    assert (first, alert.everything, alert.matches) == (1, True, ())
    assert await stored.publish(LE_MONDE, MATCHING) == 1
    (alert,) = await stored.deliver()
    assert (alert.everything, named(alert)) == (False, ["EUMAM"])


async def test_settling_an_outdated_version_does_nothing(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.poll(LE_MONDE, MATCHING)
    (outdated,) = await stored.stories.unprocessed(1)
    await stored.poll(LE_MONDE, CORRECTED)
    match = Match("EUMAM", (Span(Field.TITLE, 0, 5),))
    assert await stored.settle_as(outdated, [match]) == 0
    assert await stored.count("matches") == 0
    (pending,) = await stored.stories.unprocessed(1)
    assert pending.version == 2
    assert await stored.settle() == 1


async def test_settling_twice_makes_no_second_alert(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.poll(LE_MONDE, MATCHING)
    (pending,) = await stored.stories.unprocessed(1)
    match = Match("EUMAM", (Span(Field.TITLE, 0, 5),))
    assert await stored.settle_as(pending, [match]) == 1
    assert await stored.settle_as(pending, [match]) == 0
    (alert,) = await stored.claim()
    await stored.mark(alert, GiveUp("no such parse mode"))
    assert await stored.settle_as(pending, [match]) == 0, "what was refused is not made again of the same version"


async def test_matches_are_those_of_the_newest_version(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM", "called"])
    await stored.publish(LE_MONDE, MATCHING)
    await stored.publish(LE_MONDE, PLAIN._replace(title="So they were called, in the end"))
    assert await stored.sql("SELECT q.text, m.spans FROM matches m JOIN queries q ON q.id = m.query_id") == [
        ("called", '[["title",13,19]]')
    ]


async def test_a_query_that_nobody_asks_any_more_is_passed_over(stored: Stored) -> None:
    """The index may know more queries than the store."""
    await stored.chat("alice", follows=[LE_MONDE])
    await stored.poll(LE_MONDE, MATCHING)
    (pending,) = await stored.stories.unprocessed(1)
    assert await stored.settle_as(pending, [Match("EUMAM", (Span(Field.TITLE, 0, 5),))]) == 0
    assert await stored.count("matches") == 0


async def test_a_story_stays_of_the_event_that_it_was_of_first(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    assert await stored.publish(LE_MONDE, MATCHING) == 1
    moved = CORRECTED._replace(url="https://outlet.example/moved-article")
    assert await stored.publish(LE_MONDE, moved) == 0
    assert await stored.publish(LE_MONDE, story("b")._replace(url=moved.url)) == 0, "and its new link is known"
