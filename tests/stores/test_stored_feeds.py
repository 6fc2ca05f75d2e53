"""Feeds: when each is due, and which of what a poll brings is new, changed or neither."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.filters import Match
from bot.domain.hits import Hits, weight_of
from bot.domain.moves import Move
from bot.domain.rhythm import DAY, Rhythm, observe
from bot.domain.stories import Entry, FeedDocument, identify
from bot.ports.feeds import Body, Feed, Poll
from bot.ports.web import Validators
from storage.rhythms import dump_rhythm, load_rhythm
from support.stored import EURACTIV, LE_MONDE, MAX_AGE, Stored, story


@pytest.fixture
async def stored(tmp_path: Path) -> AsyncIterator[Stored]:
    async with Stored.opened(tmp_path) as opened:
        yield opened


async def test_feeds_are_due_in_the_order_of_their_times(stored: Stored) -> None:
    alice = await stored.chat("alice")
    first, second, third = [await stored.follow(alice, f"https://outlet.example/{number}") for number in (1, 2, 3)]
    now = stored.now
    for feed, due_at in ((first, now + 30), (second, now + 10), (third, now + 20)):
        await stored.feeds.polled(feed.feed_id, Poll(now, due_at, None, Rhythm(now)))

    assert await stored.next_due() == now + 10
    assert await stored.feeds.due(now + 9, 10) == []
    assert [feed.feed_id for feed in await stored.feeds.due(now + 20, 10)] == [
        second.feed_id,
        third.feed_id,
    ]
    assert [feed.feed_id for feed in await stored.feeds.due(now + 60, 2)] == [second.feed_id, third.feed_id]


async def test_what_is_due_can_be_had_without_the_feeds_of_a_host(stored: Stored) -> None:
    alice = await stored.chat("alice")
    urls = ["https://big.example/1", "https://BIG.example/2", "https://big.example:8443/3", "http://small.example"]
    feeds = [await stored.follow(alice, url) for url in urls]
    for feed in feeds:
        without = [due.url for due in await stored.feeds.due(stored.now, 10, without=frozenset({feed.host}))]
        assert without == [url for url, other in zip(urls, feeds, strict=True) if other.host != feed.host]
    assert [feed.host for feed in feeds] == ["big.example", "big.example", "big.example:8443", "small.example"]


async def test_a_feed_that_is_due_knows_its_readers_and_what_its_polls_have_taught(stored: Stored) -> None:
    assert await stored.feeds.followed() == 0
    feed = await stored.follow(await stored.chat("alice"), LE_MONDE)
    await stored.follow(await stored.chat("bob"), LE_MONDE)
    rhythm = observe(None, stored.now, [stored.now - 5 * DAY, stored.now - DAY], 2)
    await stored.feeds.polled(feed.feed_id, Poll(stored.now, stored.now, None, rhythm))
    (due,) = await stored.feeds.due(stored.now, 9)
    assert due.readers == 2
    assert due.rhythm == rhythm
    assert await stored.feeds.followed() == 1


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param(None, id="none"),
        pytest.param(b"", id="empty"),
        pytest.param(dump_rhythm(Rhythm(1.0))[8:], id="with less to it"),
        pytest.param(dump_rhythm(Rhythm(1.0)) + bytes(8), id="with more to it"),
    ],
)
def test_a_rhythm_of_another_shape_is_learned_anew(stored: bytes | None) -> None:
    assert load_rhythm(stored) is None


@pytest.mark.parametrize(
    "rhythm",
    [
        pytest.param(Rhythm(5 * DAY), id="without news"),
        pytest.param(observe(None, 9 * DAY, [4 * DAY, 5 * DAY, 5 * DAY + 10, 8.5 * DAY], 4), id="with news"),
    ],
)
def test_a_rhythm_is_kept_as_it_was(rhythm: Rhythm) -> None:
    assert load_rhythm(dump_rhythm(rhythm)) == rhythm


async def test_a_feed_is_due_as_soon_as_somebody_follows_it(stored: Stored) -> None:
    assert await stored.next_due() is None
    feed = await stored.follow(await stored.chat("alice"), LE_MONDE, primed=False)
    assert [due.feed_id for due in await stored.feeds.due(stored.now, 10)] == [feed.feed_id]
    assert await stored.next_due() == stored.now


async def test_polls_are_counted_and_their_errors_kept_until_the_feed_answers(stored: Stored) -> None:
    feed = await stored.follow(await stored.chat("alice"), LE_MONDE)
    for failures in (1, 2):
        await stored.feeds.failed(feed.feed_id, now=stored.now, due_at=stored.now + 60, error="status-503")
        feed = await stored.feed(LE_MONDE)
        assert (feed.failures, feed.error, feed.polled_at) == (failures, "status-503", stored.now)
        assert await stored.next_due() == stored.now + 60
    await stored.answered(LE_MONDE, after=90)
    feed = await stored.feed(LE_MONDE)
    assert (feed.failures, feed.error, feed.polled_at, feed.well_at) == (0, "", stored.now, stored.now)
    assert await stored.next_due() == stored.now + 90
    well_at = stored.now
    await stored.feeds.failed(feed.feed_id, now=stored.later(), due_at=stored.now, error="dns")
    assert (await stored.feed(LE_MONDE)).well_at == well_at


async def test_how_many_entries_a_document_held_is_kept_until_the_next_is_read(stored: Stored) -> None:
    feed = await stored.follow(await stored.chat("alice"), LE_MONDE)
    for entries, kept in ((None, None), (7, 7), (None, 7), (0, 0)):
        poll = Poll(stored.now, stored.now, None, Rhythm(stored.now), entries=entries)
        await stored.feeds.polled(feed.feed_id, poll)
        assert (await stored.feed(LE_MONDE)).entries == kept


async def test_the_first_poll_of_a_feed_alerts_nobody_and_the_second_does(stored: Stored) -> None:
    alice = await stored.chat("alice", watches=["EUMAM"])
    await stored.follow(alice, LE_MONDE, primed=False)
    assert await stored.publish(LE_MONDE, story("a")) == 0
    assert await stored.publish(LE_MONDE, story("b"), story("a")) == 1


async def test_a_first_poll_that_holds_nothing_does_not_count_as_the_first(stored: Stored) -> None:
    alice = await stored.chat("alice", watches=["EUMAM"])
    await stored.follow(alice, LE_MONDE, primed=False)
    assert await stored.publish(LE_MONDE) == 0
    assert not (await stored.feed(LE_MONDE)).primed
    assert await stored.publish(LE_MONDE, story("a")) == 0
    assert (await stored.feed(LE_MONDE)).primed
    assert await stored.publish(LE_MONDE, story("b")) == 1


@pytest.mark.parametrize(
    ("hours", "alerts"),
    [
        pytest.param(1, 1, id="an hour old"),
        pytest.param(71, 1, id="almost too old"),
        pytest.param(73, 0, id="too old"),
        pytest.param(-5, 1, id="dated in the future"),
        pytest.param(None, 1, id="undated"),
    ],
)
async def test_an_old_story_that_turns_up_is_stored_and_not_pushed(
    stored: Stored, hours: float | None, alerts: int
) -> None:
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    published = None if hours is None else stored.now - hours * 3600
    assert await stored.publish(LE_MONDE, story("a", published=published)) == alerts
    assert await stored.count("stories") == 2


A = story("a")


@pytest.mark.parametrize(
    ("again", "new"),
    [
        pytest.param(A, 0, id="the same"),
        pytest.param(
            A._replace(url="https://outlet.example/moved-article"), 0, id="its link changed, its guid did not"
        ),
        pytest.param(A._replace(guid="another"), 0, id="its guid changed, its link did not"),
        pytest.param(A._replace(guid=None), 0, id="its guid was dropped"),
        pytest.param(A._replace(url=f"{A.url}?utm_source=rss"), 0, id="its link was decorated"),
        pytest.param(A._replace(guid="another", url="https://outlet.example/other-article"), 1, id="both changed"),
    ],
)
async def test_a_story_is_known_again_by_its_guid_or_by_its_link(stored: Stored, again: Entry, new: int) -> None:
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    assert await stored.publish(LE_MONDE, A) == 1
    assert await stored.poll(LE_MONDE, again) == new


async def test_a_story_is_known_by_whatever_it_was_ever_known_by(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE])
    await stored.poll(LE_MONDE, A)
    await stored.poll(LE_MONDE, A._replace(guid="another"))
    assert await stored.poll(LE_MONDE, A._replace(guid="another", url="https://outlet.example/moved-article")) == 0


async def test_two_feeds_know_their_stories_apart(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE, EURACTIV])
    assert await stored.poll(LE_MONDE, A) == 1
    assert await stored.poll(EURACTIV, A) == 1


async def test_a_retitled_story_is_a_new_version_and_the_old_one_is_kept(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE])
    await stored.publish(LE_MONDE, A)
    assert await stored.poll(LE_MONDE, A._replace(title="Instructors counted")) == 0
    (pending,) = await stored.stories.unprocessed(10)
    assert (pending.version, pending.entry.title) == (2, "Instructors counted")
    assert pending.previous == A


async def test_what_an_edit_is_compared_with_is_what_was_matched_last(stored: Stored) -> None:
    """An edit that nobody had matched before the next one came would else hide what it changed."""
    await stored.chat("alice", follows=[LE_MONDE])
    await stored.publish(LE_MONDE, A._replace(title="first"))
    for title in ("second", "third"):
        await stored.poll(LE_MONDE, A._replace(title=title))
    (pending,) = await stored.stories.unprocessed(10)
    assert pending.previous is not None
    assert (pending.version, pending.entry.title, pending.previous.title) == (3, "third", "first")
    await stored.publish(LE_MONDE, A._replace(title="fourth"))
    await stored.poll(LE_MONDE, A._replace(title="fifth"))
    (pending,) = await stored.stories.unprocessed(10)
    assert pending.previous is not None
    assert pending.previous.title == "fourth"


async def test_a_story_that_was_changed_before_it_was_ever_matched_is_compared_with_its_first_version(
    stored: Stored,
) -> None:
    await stored.chat("alice", follows=[LE_MONDE])
    for title in ("first", "second", "third"):
        await stored.poll(LE_MONDE, A._replace(title=title))
    (pending,) = await stored.stories.unprocessed(10)
    assert pending.previous is not None
    assert (pending.version, pending.previous.title) == (3, "first")


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(A._replace(published=1.0), id="a new date"),
        pytest.param(A._replace(author="A. Nother"), id="a new author"),
        pytest.param(A._replace(categories=("Defence",)), id="a new category"),
    ],
)
async def test_what_no_reader_would_call_a_change_makes_no_version(stored: Stored, again: Entry) -> None:
    await stored.chat("alice", follows=[LE_MONDE])
    await stored.publish(LE_MONDE, A)
    await stored.poll(LE_MONDE, again)
    assert await stored.stories.unprocessed(10) == []
    assert await stored.count("versions") == 0


async def test_unprocessed_stories_come_oldest_first_without_those_to_skip(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE])
    await stored.poll(LE_MONDE, story("c"), story("b"), story("a"))  # feeds list the newest first
    found = await stored.stories.unprocessed(10)
    assert [pending.entry.guid for pending in found] == ["a", "b", "c"]
    assert [pending.entry.guid for pending in await stored.stories.unprocessed(2)] == ["a", "b"]
    skipped = await stored.stories.unprocessed(10, frozenset({found[0].story_id}))
    assert [pending.entry.guid for pending in skipped] == ["b", "c"]


async def test_title_language_and_ttl_come_with_the_stories(stored: Stored) -> None:
    feed = await stored.follow(await stored.chat("alice"), LE_MONDE)
    document = FeedDocument(title="Le Monde", language="fr", ttl=900.0, entries=(A,))
    identified = identify(document.entries)
    await stored.feeds.take_in(feed, document, identified, now=stored.later(), max_age=MAX_AGE)
    taken = await stored.feed(LE_MONDE)
    assert (taken.title, taken.language, taken.ttl, taken.digest) == ("Le Monde", "fr", 900.0, identified.digest)
    assert taken.news_at == stored.now
    await stored.feeds.take_in(feed, FeedDocument(entries=(A,)), identified, now=stored.later(), max_age=MAX_AGE)
    taken = await stored.feed(LE_MONDE)
    assert (taken.title, taken.language, taken.ttl) == ("Le Monde", "fr", None)
    assert taken.news_at == stored.now - 1, "nothing was new"


async def test_what_a_server_gave_comes_with_the_last_word_on_a_poll(stored: Stored) -> None:
    await stored.follow(await stored.chat("alice"), LE_MONDE)
    validators = Validators('"abc"', "Mon, 01 Jan 2024 00:00:00 GMT")
    await stored.answered(LE_MONDE, body=Body("b", validators))
    feed = await stored.feed(LE_MONDE)
    assert (feed.body, feed.validators, feed.read_at) == ("b", validators, stored.now)
    read_at = stored.now
    await stored.answered(LE_MONDE)
    feed = await stored.feed(LE_MONDE)
    assert (feed.body, feed.validators, feed.read_at) == ("b", validators, read_at), "an unchanged one gives nothing"


async def test_a_poll_that_was_put_off_is_no_poll(stored: Stored) -> None:
    feed = await stored.follow(await stored.chat("alice"), LE_MONDE)
    before = await stored.feed(LE_MONDE)
    await stored.feeds.postponed(feed.feed_id, stored.now + 300)
    assert await stored.feed(LE_MONDE) == replace(before, due_at=stored.now + 300)
    assert await stored.next_due() == stored.now + 300


# Feeds that move

NEW_HOME = "https://www.lemonde.example/feed.xml"


async def test_a_move_is_remembered_until_a_poll_sees_none(stored: Stored) -> None:
    await stored.follow(await stored.chat("alice"), LE_MONDE)
    move = Move(NEW_HOME, 5.0, 2)
    await stored.answered(LE_MONDE, move=move)
    assert (await stored.feed(LE_MONDE)).move == move
    await stored.answered(LE_MONDE)
    assert (await stored.feed(LE_MONDE)).move is None


async def test_a_feed_that_moved_goes_on_elsewhere_as_the_same_feed(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.publish(LE_MONDE, A)
    await stored.answered(LE_MONDE, move=Move(NEW_HOME, 5.0, 3), body=Body("b", Validators('"abc"')))
    old = await stored.feed(LE_MONDE)
    await stored.feeds.relocate(old.feed_id, NEW_HOME)
    new = await stored.feed(NEW_HOME)
    assert (new.feed_id, new.move, new.validators) == (old.feed_id, None, Validators()), (
        "the validators were the old one's"
    )
    assert [follow.feed.url for follow in await stored.chats.follows(alice.chat_id)] == [NEW_HOME]
    assert await stored.publish(NEW_HOME, story("b"), A) == 1, "only what is new"


async def test_a_feed_that_moved_to_a_known_one_becomes_part_of_it(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    bob = await stored.chat("bob", watches=["EUMAM"])
    await stored.follow(bob, NEW_HOME)
    await stored.publish(LE_MONDE, A, story("old", "EUMAM long ago"))
    both = await stored.chat("both", follows=[LE_MONDE, NEW_HOME], watches=["EUMAM"])
    await stored.publish(NEW_HOME, A)
    old, known = await stored.feed(LE_MONDE), await stored.feed(NEW_HOME)
    await stored.feeds.relocate(old.feed_id, NEW_HOME)
    for chat in (alice, bob, both):
        assert [follow.feed.feed_id for follow in await stored.chats.follows(chat.chat_id)] == [known.feed_id]
    assert await stored.sql("SELECT count(*) FROM feeds WHERE url = ?", LE_MONDE) == [(0,)]
    assert await stored.publish(NEW_HOME, A, story("old", "EUMAM long ago")) == 0, "nobody is told anything again"
    assert await stored.publish(NEW_HOME, story("new"), A) == 3


async def test_a_feed_that_moved_to_one_which_nobody_followed_any_more_is_polled_on(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    bob = await stored.chat("bob", follows=[NEW_HOME])
    await stored.unfollow(bob, NEW_HOME)
    await stored.publish(LE_MONDE, A)
    await stored.answered(LE_MONDE)
    await stored.feeds.relocate((await stored.feed(LE_MONDE)).feed_id, NEW_HOME)
    assert await stored.next_due() is not None
    assert [follow.feed.url for follow in await stored.chats.follows(alice.chat_id)] == [NEW_HOME]
    assert await stored.publish(NEW_HOME, story("new"), A) == 1


async def test_what_came_with_the_poll_that_moved_a_feed_is_told(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.chat("bob", follows=[NEW_HOME])
    await stored.poll(LE_MONDE, story("new"), A)
    (_, pending) = await stored.stories.unprocessed(10)
    await stored.feeds.relocate((await stored.feed(LE_MONDE)).feed_id, NEW_HOME)
    assert await stored.settle_as(pending, [Match("EUMAM", ())]) == 1, (
        "although it was read before the feeds became one"
    )


async def test_a_feed_that_moved_to_one_which_never_answered_is_not_silent_again(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.follow(await stored.chat("bob"), NEW_HOME, primed=False)
    await stored.feeds.relocate((await stored.feed(LE_MONDE)).feed_id, NEW_HOME)
    assert await stored.publish(NEW_HOME, story("new")) == 1


async def test_a_feed_that_moved_to_itself_or_was_forgotten_meanwhile_stays_as_it_is(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE])
    feed = await stored.feed(LE_MONDE)
    await stored.feeds.relocate(feed.feed_id, LE_MONDE)
    await stored.feeds.relocate(404, NEW_HOME)
    assert await stored.sql("SELECT url FROM feeds") == [(LE_MONDE,)]


async def test_a_feed_left_by_its_last_follower_rests_and_starts_anew_when_followed_again(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    bob = await stored.chat("bob", follows=[LE_MONDE])
    await stored.poll(LE_MONDE, A)
    await stored.answered(LE_MONDE, body=Body("b", Validators('"abc"')))
    await stored.settle()
    await stored.unfollow(bob, LE_MONDE)
    assert await stored.next_due() is not None, "alice still follows it"
    await stored.unfollow(alice, LE_MONDE)
    assert await stored.next_due() is None
    assert await stored.feeds.due(stored.now + 1e9, 10) == []

    # A poll that was in hand meanwhile wakes nothing.
    feed = await stored.feed(LE_MONDE)
    await stored.answered(LE_MONDE)
    await stored.feeds.failed(feed.feed_id, now=stored.later(), due_at=stored.now + 60, error="dns")
    assert await stored.next_due() is None

    feed = await stored.follow(alice, LE_MONDE, primed=False)
    assert not feed.primed
    assert (feed.digest, feed.body, feed.validators, feed.failures, feed.error) == ("", "", Validators(), 0, "")
    assert await stored.next_due() == stored.now
    assert await stored.poll(LE_MONDE, story("b"), A) == 1, "the known story is not new"
    assert await stored.settle() == 0, "the first poll after the rest is silent"
    assert await stored.publish(LE_MONDE, story("c"), story("b"), A) == 1


async def test_a_feed_that_is_no_more_takes_nothing_in(stored: Stored) -> None:
    feed = await stored.follow(await stored.chat("alice"), LE_MONDE)
    lost = replace(feed, feed_id=404)
    taken = await stored.feeds.take_in(
        lost, FeedDocument(entries=(A,)), identify((A,)), now=stored.later(), max_age=MAX_AGE
    )
    assert taken == 0
    assert await stored.count("stories") == 1


ENTRIES = st.builds(
    Entry,
    guid=st.none() | st.sampled_from("abc"),
    url=st.none() | st.sampled_from([f"https://outlet.example/article-{number}" for number in range(3)]),
    title=st.sampled_from(["EUMAM", "Instructors", "'; DROP TABLE stories; --", "Військові \x00 🛡"]),
    summary=st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
    content=st.just(""),
    published=st.none() | st.floats(0, 4e9),
    author=st.none(),
    categories=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=3), max_size=2).map(tuple),
    language=st.none(),
    image=st.none(),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(document=st.lists(ENTRIES, max_size=5).map(tuple))
async def test_a_document_taken_in_twice_brings_nothing_the_second_time(
    document: tuple[Entry, ...], tmp_path_factory: pytest.TempPathFactory
) -> None:
    async with Stored.opened(tmp_path_factory.mktemp("stored")) as stored:
        await stored.follow(await stored.chat("alice"), LE_MONDE, primed=False)
        new = await stored.poll(LE_MONDE, *document)
        assert new == await stored.count("stories") <= len(document)
        assert {found.entry for found in await stored.stories.unprocessed(100)} <= set(document)
        await stored.settle()
        assert await stored.poll(LE_MONDE, *document) == 0
        assert await stored.stories.unprocessed(100) == []


async def due_feed(stored: Stored, url: str) -> Feed:
    found = await stored.feeds.due(stored.later(1e6), 10)
    return next(feed for feed in found if feed.url == url)


async def test_a_feed_is_handed_out_with_how_many_of_its_stories_chats_wanted(stored: Stored) -> None:
    for name in ("alice", "bob"):
        await stored.chat(name, follows=[LE_MONDE, EURACTIV], watches=["EUMAM"])
    await stored.chat("carol", watches=["EUMAM"])
    assert (await due_feed(stored, LE_MONDE)).hits == Hits(), "what a first poll finds is no news"
    await stored.publish(LE_MONDE, story("a"))
    await stored.publish(LE_MONDE, story("b", "Sport"))
    await stored.publish(EURACTIV, story("c", "Sport"))
    hits = (await due_feed(stored, LE_MONDE)).hits
    assert [hits.stories, hits.wanted] == pytest.approx([2, 2], rel=0.01)
    assert weight_of(2, hits) > 2 > weight_of(2, (await due_feed(stored, EURACTIV)).hits)


async def test_a_story_that_is_edited_into_a_hit_counts_then_and_once(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    for title in ("Sport", "EUMAM", "EUMAM again"):
        await stored.publish(LE_MONDE, story("a", title))
    assert (await due_feed(stored, LE_MONDE)).hits == Hits(1, 1)
