"""The line under trouble: what it does when its own store, one host or one alert fails. Outsides are scripted here."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from bot.domain.chats import Address, ChatKind, Message, Outcome, Sent
from bot.domain.delivery import Decision, Done, GiveUp, Retry
from bot.domain.filters import Match
from bot.domain.pacing import Rate
from bot.domain.schedule import Bounds
from bot.domain.stories import Entry, FeedDocument
from bot.limiter import Limiter
from bot.pipeline import Delivery, Polling
from bot.ports import ClaimedAlert, Feed, Fetched, StoreFailed, Unchanged, Urgency, Validators
from bot.texts import Texts
from support.virtual_time import run

ALERT = ClaimedAlert(
    alert_id=1,
    chat_id=1,
    address=Address("telegram", "1"),
    kind=ChatKind.PRIVATE,
    attempts=0,
    plain=False,
    story_id=1,
    entry=Entry(title="EUMAM moves"),
    outlet="The Ledger",
    first_seen=0.0,
    matches=(Match("EUMAM", ()),),
    everything=False,
    reply_to=None,
)


class LoopClock:
    def now(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class ScriptedOutbox:
    """Hands out alerts as told, and keeps what became of them."""

    def __init__(self, alerts: Sequence[ClaimedAlert] = ()) -> None:
        self.alerts = list(alerts)
        self.claims = 0
        self.asked = asyncio.Event()
        self.marks: list[tuple[int, Decision]] = []
        self.claiming: asyncio.Event | None = None
        self.fails = False
        self.mark_fails = False

    async def recover(self, platform: str, *, run: str, now: float) -> int:
        return 0

    async def claim(self, platform: str, *, run: str, limit: int, now: float) -> list[ClaimedAlert]:
        self.claims += 1
        self.asked.set()
        if self.fails:
            raise StoreFailed("disk full")
        if self.claiming is not None:
            await self.claiming.wait()
        taken, self.alerts = self.alerts[:limit], self.alerts[limit:]
        return taken

    async def next_ready(self, platform: str) -> float | None:
        return 0.0 if self.alerts or self.fails else None

    async def mark(self, alert: ClaimedAlert, decision: Decision, *, now: float, next_at: float) -> None:
        if self.mark_fails:
            raise StoreFailed("disk full")
        self.marks.append((alert.alert_id, decision))


class ScriptedSender:
    def __init__(self) -> None:
        self.sent: list[Message] = []

    async def send(self, address: Address, message: Message) -> Outcome:
        self.sent.append(message)
        return Sent("1")


def delivery_of(outbox: ScriptedOutbox, sender: ScriptedSender, turns: Limiter | None = None) -> Delivery:
    turns = turns or Limiter(Rate(0.01), lambda _: ())
    return Delivery("telegram", outbox, sender, turns, LoopClock(), Random(1), Texts(), run_id="run")


async def test_what_was_claimed_while_the_bot_was_told_to_stop_is_not_sent() -> None:
    outbox, sender = ScriptedOutbox([ALERT]), ScriptedSender()
    outbox.claiming = asyncio.Event()
    delivery = delivery_of(outbox, sender)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(delivery.run())
        await asyncio.wait_for(outbox.asked.wait(), 5)
        await delivery.stop()
        outbox.claiming.set()
        await asyncio.sleep(0.02)
        running.cancel()
    assert sender.sent == []


async def test_an_alert_that_cannot_be_written_is_tried_plain_and_then_given_up(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> Message:
        raise ValueError("no words")

    monkeypatch.setattr("bot.pipeline.alert_message", broken)
    outbox, sender = ScriptedOutbox(), ScriptedSender()
    delivery = delivery_of(outbox, sender)
    first = await delivery.deliver(ALERT)
    assert isinstance(first, Retry)
    assert first.plain
    assert isinstance(await delivery.deliver(replace(ALERT, plain=True)), GiveUp)
    assert [decision for _, decision in outbox.marks][1] == GiveUp("it cannot be written")
    assert sender.sent == []
    assert "Alert 1 cannot be written" in caplog.text


def test_an_alert_that_waits_long_for_its_chats_turn_makes_room() -> None:
    async def scene() -> None:
        turns = Limiter(Rate(0.01), lambda _: (Rate(60.0),))
        await turns.turn(ALERT.address, Urgency.ANSWER)
        outbox, sender = ScriptedOutbox(), ScriptedSender()
        started = asyncio.get_running_loop().time()
        decision = await delivery_of(outbox, sender, turns).deliver(ALERT)
        waited = asyncio.get_running_loop().time() - started
        assert waited < 5
        assert isinstance(decision, Retry)
        assert decision.at - started == pytest.approx(60.0, abs=0.1)
        assert sender.sent == []

    run(scene())


def test_a_store_that_fails_is_not_asked_in_a_busy_loop() -> None:
    async def scene() -> None:
        outbox = ScriptedOutbox([ALERT])
        outbox.fails = True
        async with asyncio.TaskGroup() as group:
            running = group.create_task(delivery_of(outbox, ScriptedSender()).run())
            await asyncio.sleep(10)
            running.cancel()
        assert 5 <= outbox.claims <= 12

    run(scene())


def test_while_an_outcome_cannot_be_written_nothing_more_is_sent_and_it_is_written_in_the_end() -> None:
    async def scene() -> None:
        outbox, sender = ScriptedOutbox([ALERT]), ScriptedSender()
        outbox.mark_fails = True
        delivery = delivery_of(outbox, sender)
        async with asyncio.TaskGroup() as group:
            running = group.create_task(delivery.run())
            await asyncio.sleep(5)
            outbox.alerts.append(replace(ALERT, alert_id=2))
            delivery.call()
            await asyncio.sleep(60)
            assert len(sender.sent) == 1, "the second alert waits for the outcome of the first"
            outbox.mark_fails = False
            await asyncio.sleep(10)
            running.cancel()
        assert outbox.marks == [(1, Done("1")), (2, Done("1"))]

    run(scene())


class ScriptedFeeds:
    """Feeds that are always due."""

    def __init__(self, feeds: Sequence[Feed]) -> None:
        self.feeds = feeds
        self.fails = False
        self.due_at: dict[int, float] = {}
        self.windows: list[float | None] = []

    async def due(self, now: float, limit: int) -> list[Feed]:
        return [feed for feed in self.feeds if self.due_at.get(feed.feed_id, 0.0) <= now][:limit]

    async def take_in(self, feed: Feed, document: FeedDocument, **_: Any) -> int:
        if self.fails:
            raise StoreFailed("disk full")
        return len(document.entries)

    async def polled(self, feed_id: int, *, now: float, due_at: float, window: float | None) -> None:
        self.due_at[feed_id] = due_at
        self.windows.append(window)

    async def failed(self, feed_id: int, *, now: float, due_at: float, error: str) -> None:
        self.due_at[feed_id] = due_at


class ScriptedWeb:
    """Hosts named slow take a minute to answer."""

    def __init__(self, answer: Fetched | Unchanged | None = None) -> None:
        self.asked: list[str] = []
        self.answer = answer

    async def get(self, url: str, validators: Validators = Validators()) -> Fetched | Unchanged:
        self.asked.append(url)
        if "slow" in url:
            await asyncio.sleep(60)
        return self.answer or Fetched(url, b"feed")


class ScriptedReader:
    async def read(self, body: bytes, *, content_type: str = "", url: str = "") -> FeedDocument:
        return FeedDocument(title="A feed", entries=(Entry(guid=url, title="A story"),))


def polling_of(feeds: ScriptedFeeds, web: ScriptedWeb) -> Polling:
    bounds = Bounds(60, 3600)
    return Polling(
        feeds, web, ScriptedReader(), LoopClock(), Random(1), bounds=bounds, max_age=1e6, on_stories=lambda: None
    )


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
        assert len([url for url in web.asked if "slow" in url]) <= 4

    run(scene())


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
