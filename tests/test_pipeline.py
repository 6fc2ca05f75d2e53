"""The line under trouble: what it does when its own store, or one host fails. Outsides are scripted here."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from math import inf
from random import Random
from typing import Any

import pytest

from bot.domain.budget import Budget
from bot.domain.errors import FetchFailed, FetchKind, NotAFeed
from bot.domain.moves import Move
from bot.domain.rhythm import Rhythm
from bot.domain.schedule import Bounds
from bot.domain.stories import Entry, FeedDocument, Identified
from bot.pipeline import Polling
from bot.ports.feeds import Body, Feed, Poll
from bot.ports.store import StoreFailed
from bot.ports.web import Fetched, Unchanged, Validators
from support.virtual_time import run

DAY = 86_400.0


class LoopClock:
    def now(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class ScriptedFeeds:
    """Feeds that are always due."""

    def __init__(self, feeds: Sequence[Feed]) -> None:
        self.feeds = feeds
        self.fails = False
        self.due_at: dict[int, float] = {}
        self.windows: list[float | None] = []
        self.rhythms: list[Rhythm] = []
        self.taken: list[str] = []
        self.bodies: list[Body | None] = []
        self.errors: list[str] = []
        self.moved: list[str] = []
        self.move: Move | None = None

    async def due(
        self, now: float, limit: int, *, without: frozenset[str] = frozenset(), in_hand: frozenset[int] = frozenset()
    ) -> list[Feed]:
        due = [
            feed
            for feed in self.feeds
            if self.due_at.get(feed.feed_id, 0.0) <= now and feed.host not in without and feed.feed_id not in in_hand
        ]
        return sorted(due, key=lambda feed: self.due_at.get(feed.feed_id, 0.0))[:limit]

    async def followed(self) -> int:
        return len(self.feeds)

    async def take_in(self, feed: Feed, document: FeedDocument, identified: Identified, **_: Any) -> int:
        if self.fails:
            raise StoreFailed("disk full")
        self.taken += [entry.title for entry in document.entries]
        return len(document.entries)

    async def polled(self, feed_id: int, poll: Poll, body: Body | None = None) -> None:
        self.due_at[feed_id] = poll.due_at
        self.windows.append(poll.window)
        self.rhythms.append(poll.rhythm)
        self.bodies.append(body)
        self.move = poll.move

    async def failed(self, feed_id: int, *, now: float, due_at: float | None, error: str) -> None:
        self.due_at[feed_id] = inf if due_at is None else due_at
        self.errors.append(error)

    async def postponed(self, feed_id: int, due_at: float) -> None:
        self.due_at[feed_id] = due_at

    async def relocate(self, feed_id: int, to: str) -> None:
        self.moved.append(to)


class ScriptedWeb:
    """Hosts named slow take a minute to answer."""

    def __init__(self, answer: Fetched | Unchanged | FetchFailed | None = None) -> None:
        self.asked: list[str] = []
        self.sent: list[Validators] = []
        self.answer = answer

    async def get(self, url: str, validators: Validators = Validators()) -> Fetched | Unchanged:
        self.asked.append(url)
        self.sent.append(validators)
        if "slow" in url:
            await asyncio.sleep(60)
        if isinstance(self.answer, FetchFailed):
            raise self.answer
        return self.answer or Fetched(url, b"feed")


class ScriptedReader:
    def __init__(self, *, whole: bool = True) -> None:
        self.whole = whole
        self.read_bodies: list[bytes] = []

    async def read(self, body: bytes, *, content_type: str = "", url: str = "") -> FeedDocument:
        self.read_bodies.append(body)
        if body == b"a page":
            raise NotAFeed("html")
        return FeedDocument(title="A feed", entries=(Entry(guid=url, title="A story"),), whole=self.whole)


def polling_of(
    feeds: ScriptedFeeds, web: ScriptedWeb, reader: ScriptedReader | None = None, *, budget: int = 6_000
) -> Polling:
    return Polling(
        feeds,
        web,
        reader or ScriptedReader(),
        LoopClock(),
        Random(1),
        bounds=Bounds(60, 3600),
        budget=Budget(budget),
        max_age=1e6,
        on_stories=lambda: None,
    )


FEED = Feed(1, "https://quick.example/rss", primed=True)


def polled(
    feed: Feed,
    answer: Fetched | Unchanged | FetchFailed,
    reader: ScriptedReader | None = None,
) -> tuple[ScriptedFeeds, ScriptedWeb, float]:
    """One poll of a feed, two days into time; what came of it, and how long the feed is left alone."""
    feeds, web = ScriptedFeeds([feed]), ScriptedWeb(answer)

    async def scene() -> float:
        await asyncio.sleep(2 * DAY)
        now = asyncio.get_running_loop().time()
        await polling_of(feeds, web, reader).poll(feed)
        return feeds.due_at[feed.feed_id] - now

    return feeds, web, run(scene())


async def ticking(polling: Polling, seconds: float) -> None:
    async with asyncio.TaskGroup() as group:
        running = group.create_task(polling.run())
        for _ in range(int(seconds)):
            polling.call()
            await asyncio.sleep(1)
        running.cancel()


def test_three_hundred_feeds_of_one_slow_host_hold_up_no_other() -> None:
    async def scene() -> None:
        slow = [Feed(number, f"https://slow.example/{number}") for number in range(300)]
        feeds, web = ScriptedFeeds([*slow, Feed(999, "https://quick.example/rss")]), ScriptedWeb()
        await ticking(polling_of(feeds, web), 10)
        assert "https://quick.example/rss" in web.asked
        assert len([url for url in web.asked if "slow" in url]) == 1

    run(scene())


def test_no_more_is_asked_than_the_budget_allows_and_what_waits_has_its_turn() -> None:
    async def scene() -> None:
        feeds = ScriptedFeeds([Feed(number, f"https://{number}.example/rss") for number in range(100)])
        web = ScriptedWeb()
        polling = polling_of(feeds, web, budget=60)
        await ticking(polling, 300)
        assert 12 <= len(web.asked) <= 12 + 5 + 1, "a few at once, and then one a minute"
        await ticking(polling, 6_000)
        assert len(set(web.asked)) == 100, "none is asked twice before all have been asked"

    run(scene())


def test_what_somebody_looks_at_counts_against_the_budget() -> None:
    async def scene() -> None:
        feeds, web = ScriptedFeeds([FEED]), ScriptedWeb()
        polling = polling_of(feeds, web, budget=1)
        for _ in range(20):
            await polling.introduce("https://other.example/rss")
        await ticking(polling, 60)
        assert FEED.url not in web.asked

    run(scene())


def test_what_a_poll_teaches_is_kept_with_it() -> None:
    feeds, _, _ = polled(FEED, Unchanged())
    assert feeds.rhythms == [Rhythm(2 * DAY)]
    feeds, _, _ = polled(replace(FEED, rhythm=Rhythm(1.9 * DAY)), Fetched(FEED.url, b"feed"))
    (rhythm,) = feeds.rhythms
    assert rhythm is not None
    assert (rhythm.at, rhythm.stories) == (2 * DAY, 1.0)


def test_a_full_disk_is_no_reason_to_ask_an_outlet_again_at_once() -> None:
    async def scene() -> None:
        feeds, web = ScriptedFeeds([Feed(1, "https://quick.example/rss")]), ScriptedWeb()
        feeds.fails = True
        await ticking(polling_of(feeds, web), 50)
        assert len(web.asked) == 1
        feeds.fails = False
        await ticking(polling_of(feeds, web), 50)
        assert feeds.due_at[1] > 0

    run(scene())


def test_an_unchanged_feed_is_asked_again_before_its_window_has_passed_whatever_its_server_wishes() -> None:
    async def scene() -> None:
        feed = Feed(1, "https://quick.example/rss", window=1_200.0, news_at=0.0)
        feeds = ScriptedFeeds([feed])
        now = asyncio.get_running_loop().time()
        await polling_of(feeds, ScriptedWeb(Unchanged(max_age=3_000.0))).poll(feed)
        assert feeds.due_at[1] - now <= 600 * 1.1
        assert feeds.windows == [1_200.0]

    run(scene())


# What an answer means


@pytest.mark.parametrize(
    ("read_at", "sent"),
    [
        pytest.param(1.5 * DAY, True, id="read within the day"),
        pytest.param(0.5 * DAY, False, id="not read for a day"),
        pytest.param(None, False, id="never read"),
    ],
)
def test_once_a_day_a_feed_is_asked_for_whatever_its_server_remembers(read_at: float | None, sent: bool) -> None:
    validators = Validators('"abc"', "Mon, 01 Jan 2024 00:00:00 GMT")
    _, web, _ = polled(replace(FEED, validators=validators, read_at=read_at), Fetched(FEED.url, b"feed"))
    assert web.sent == [validators if sent else Validators()]


def test_a_body_that_was_read_before_costs_a_hash() -> None:
    reader = ScriptedReader()
    feeds, _, _ = polled(FEED, Fetched(FEED.url, b"feed"), reader)
    (body,) = feeds.bodies
    assert body is not None
    again = replace(FEED, body=body.digest, window=7.0, ttl=600.0)
    feeds, _, _ = polled(again, Fetched(FEED.url, b"feed", validators=Validators('"new"')), reader)
    assert reader.read_bodies == [b"feed"], "the second was not parsed"
    assert feeds.bodies == [Body(body.digest, Validators('"new"'))]
    assert feeds.windows == [7.0]
    feeds, _, _ = polled(replace(again, failures=1), Fetched(FEED.url, b"feed"), reader)
    assert len(reader.read_bodies) == 2, "after a failure it is"


def test_what_a_feed_asks_for_counts_while_nothing_changes() -> None:
    _, _, pause = polled(replace(FEED, ttl=900.0, news_at=2 * DAY), Unchanged())
    assert 900 <= pause <= 990


def test_a_feed_that_breaks_off_is_an_error_until_it_plainly_never_comes_whole() -> None:
    reader = ScriptedReader(whole=False)
    failing = FEED
    for count in range(3):
        feeds, _, pause = polled(failing, Fetched(FEED.url, b"half a feed"), reader)
        assert (feeds.errors, feeds.taken, feeds.bodies) == (["cut-off"], [], [])
        failing = replace(failing, failures=count + 1, error="cut-off")
    for _ in range(2):
        feeds, _, pause = polled(failing, Fetched(FEED.url, b"half a feed"), reader)
        assert (feeds.errors, feeds.taken) == (["cut-off"], ["A story"]), "it is told, and what is there is taken in"
        assert pause < 1_100, "and asked again soon enough"
        failing = replace(failing, failures=failing.failures + 10)


def test_half_a_feed_welcomes_nobody() -> None:
    async def scene() -> None:
        feeds = ScriptedFeeds([FEED])
        polling = polling_of(feeds, ScriptedWeb(), ScriptedReader(whole=False))
        await polling.welcome(FEED, await polling.introduce(FEED.url))
        assert (feeds.taken, feeds.bodies) == ([], [])

    run(scene())


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        pytest.param(FetchFailed(FetchKind.STATUS, status=410), "status-410", id="a status"),
        pytest.param(FetchFailed(FetchKind.TIMEOUT), "timeout", id="no answer"),
        pytest.param(FetchFailed(FetchKind.TLS, "self-signed certificate"), "tls", id="a certificate of its own"),
        pytest.param(FetchFailed(FetchKind.TLS, "certificate has Expired"), "tls-expired", id="an old certificate"),
        pytest.param(Fetched(FEED.url, b"a page"), "not-a-feed-html", id="a page"),
    ],
)
def test_a_failure_is_kept_by_its_name(failure: Fetched | FetchFailed, error: str) -> None:
    feeds, _, _ = polled(FEED, failure)
    assert feeds.errors == [error]


def test_a_feed_whose_host_is_left_alone_waits_and_has_not_failed() -> None:
    feeds, _, pause = polled(FEED, FetchFailed(FetchKind.HELD, retry_after=300))
    assert (feeds.errors, pause) == ([], 300)


def test_what_has_been_seen_to_move_for_a_day_is_moved() -> None:
    to = "https://new.example/rss"
    feeds, _, _ = polled(FEED, Unchanged(moved_to=to))
    assert (feeds.move, feeds.moved) == (Move(to, 2 * DAY, 1), [])
    feeds, _, _ = polled(replace(FEED, move=Move(to, 1.5 * DAY, 5)), Fetched(to, b"feed", moved_to=to))
    assert (feeds.move, feeds.moved) == (Move(to, 1.5 * DAY, 6), [])
    feeds, _, _ = polled(replace(FEED, move=Move(to, 0.5 * DAY, 2)), Fetched(to, b"feed", moved_to=to))
    assert feeds.moved == [to]
    feeds, _, _ = polled(replace(FEED, move=Move(to, 0.5 * DAY, 2)), Fetched(to, b"a page", moved_to=to))
    assert feeds.moved == [], "what is there must be a feed"
