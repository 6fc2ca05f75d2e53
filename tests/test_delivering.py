"""Delivery under trouble: what it does when its own store, its platform or one message fails. Outsides are scripted."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from bot.delivery import SENDS_AT_ONCE, Delivery
from bot.domain.chats import Address, ChatKind, Message, Outcome, Rejected, Sent, Throttled, Unreachable
from bot.domain.delivery import Decision, Done, GiveUp, Retry, Scatter, Wait
from bot.domain.filters import Match
from bot.domain.pacing import Rate
from bot.domain.rich import Text, text_units
from bot.domain.stories import Entry
from bot.limiter import Limiter
from bot.ports.outbox import Claimed, ClaimedAlert, ClaimedDigest, ClaimedEdit
from bot.ports.sending import Urgency
from bot.ports.store import StoreFailed
from bot.texts import Texts
from handlers.on_telegram import lane_of
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

    def __init__(self, alerts: Sequence[ClaimedAlert | ClaimedDigest] = (), edits: Sequence[ClaimedEdit] = ()) -> None:
        self.alerts = list(alerts)
        self.edits = list(edits)
        self.claims = 0
        self.recoveries = 0
        self.asked = asyncio.Event()
        self.marks: list[tuple[int, Decision]] = []
        self.marked: list[Claimed] = []
        self.claiming: asyncio.Event | None = None
        self.fails = False
        self.mark_fails = False

    async def recover(self, platform: str, *, run: str, now: float) -> int:
        self.recoveries += 1
        return 0

    async def claim(self, platform: str, *, run: str, limit: int, now: float) -> list[ClaimedAlert | ClaimedDigest]:
        self.claims += 1
        self.asked.set()
        if self.fails:
            raise StoreFailed("disk full")
        if self.claiming is not None:
            await self.claiming.wait()
        taken, self.alerts = self.alerts[:limit], self.alerts[limit:]
        return taken

    async def claim_edits(self, platform: str, *, run: str, limit: int, now: float) -> list[ClaimedEdit]:
        taken, self.edits = self.edits[:limit], self.edits[limit:]
        return taken

    async def want_edit(self, alert_id: int, *, now: float) -> None:
        raise NotImplementedError

    async def hold(self, chat_id: int, *, until: float, why: str) -> int:
        raise NotImplementedError

    async def next_ready(self, platform: str) -> float | None:
        return 0.0 if self.alerts or self.edits or self.fails else None

    async def mark(self, claimed: Claimed, decision: Decision, *, now: float, next_at: float) -> None:
        if self.mark_fails:
            raise StoreFailed("disk full")
        await asyncio.sleep(0.01)
        self.marked.append(claimed)
        self.marks.append((number_of(claimed), decision))


def number_of(claimed: Claimed) -> int:
    match claimed:
        case ClaimedAlert(alert_id):
            return alert_id
        case ClaimedDigest(alerts):
            return alerts[0].alert_id
        case ClaimedEdit(alert):
            return alert.alert_id


class ScriptedSender:
    """Answers as told after a tenth of a second, and says that it was sent where it is told nothing."""

    def __init__(self, answer: Callable[[Address], Outcome | None] = lambda _: None) -> None:
        self.sent: list[Message] = []
        self.edited: list[tuple[str, Message]] = []
        self.asked: list[tuple[float, Address]] = []
        self.answer = answer
        self.at_once = 0
        self.most_at_once = 0

    async def send(self, address: Address, message: Message) -> Outcome:
        self.sent.append(message)
        return await self._answer(address) or Sent("1")

    async def edit(self, address: Address, message_id: str, message: Message) -> Outcome:
        self.edited.append((message_id, message))
        return await self._answer(address) or Sent(message_id)

    def units(self, text: Text) -> int:
        return text_units(text)

    async def _answer(self, address: Address) -> Outcome | None:
        self.asked.append((asyncio.get_running_loop().time(), address))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await asyncio.sleep(0.1)
        self.at_once -= 1
        return self.answer(address)


def delivery_of(outbox: ScriptedOutbox, sender: ScriptedSender, turns: Limiter | None = None) -> Delivery:
    turns = turns or Limiter(Rate(0.01), lambda _: (), lane_of)
    return Delivery("telegram", outbox, sender, turns, LoopClock(), Random(1), Texts(), run_id="run")


def alert(number: int, chat: str = "", topic: str = "") -> ClaimedAlert:
    """An alert to a chat of its own, or to one that is named."""
    return replace(ALERT, alert_id=number, chat_id=number, address=Address("telegram", chat or str(number), topic))


def delivered(outbox: ScriptedOutbox, sender: ScriptedSender, seconds: float, turns: Limiter | None = None) -> None:
    """Let it deliver for so long in virtual time."""

    async def scene() -> None:
        async with asyncio.TaskGroup() as group:
            running = group.create_task(delivery_of(outbox, sender, turns).run())
            await asyncio.sleep(seconds)
            running.cancel()

    run(scene())


async def test_what_was_claimed_while_the_bot_was_told_to_stop_is_not_sent() -> None:
    outbox, sender = ScriptedOutbox([ALERT]), ScriptedSender()
    outbox.claiming = asyncio.Event()
    delivery = delivery_of(outbox, sender)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(delivery.run())
        await outbox.asked.wait()
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

    monkeypatch.setattr("bot.delivery.alert_message", broken)
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
        turns = Limiter(Rate(0.01), lambda _: (Rate(60.0),), lane_of)
        await turns.turn(ALERT.address, Urgency.ANSWER)
        outbox, sender = ScriptedOutbox(), ScriptedSender()
        started = asyncio.get_running_loop().time()
        decision = await delivery_of(outbox, sender, turns).deliver(ALERT)
        waited = asyncio.get_running_loop().time() - started
        assert waited < 5
        assert isinstance(decision, Wait)
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


def test_sixteen_are_in_flight_at_most() -> None:
    outbox, sender = ScriptedOutbox([alert(number) for number in range(100)]), ScriptedSender()
    delivered(outbox, sender, 10, Limiter(Rate(0.0), lambda _: (), lane_of))
    assert len(outbox.marks) == 100
    assert sender.most_at_once == SENDS_AT_ONCE


def test_claims_that_may_have_been_made_before_the_store_failed_are_freed_before_the_next() -> None:
    async def scene() -> None:
        outbox = ScriptedOutbox([ALERT])
        outbox.fails = True
        async with asyncio.TaskGroup() as group:
            running = group.create_task(delivery_of(outbox, ScriptedSender()).run())
            await asyncio.sleep(3)
            outbox.fails = False
            await asyncio.sleep(3)
            running.cancel()
        assert outbox.recoveries > 1
        assert outbox.marks == [(1, Done("1"))]

    run(scene())


def test_a_store_that_fails_for_long_is_named_once_a_minute_and_when_it_works_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")

    async def scene() -> None:
        outbox = ScriptedOutbox([ALERT])
        outbox.fails = True
        async with asyncio.TaskGroup() as group:
            running = group.create_task(delivery_of(outbox, ScriptedSender()).run())
            await asyncio.sleep(150)
            outbox.fails = False
            await asyncio.sleep(3)
            running.cancel()

    run(scene())
    assert caplog.text.count("Alerts wait, the store fails: disk full") == 3
    assert caplog.text.count("The store works again, after 15") == 1


# The platform as a whole


def test_three_chats_that_are_flooded_hold_everybody_for_as_long_as_is_asked() -> None:
    floods = Counter({"1": 1, "2": 1, "3": 1})

    def answer(address: Address) -> Outcome | None:
        floods[address.chat] -= 1
        return Throttled(20) if floods[address.chat] >= 0 else None

    outbox, sender = ScriptedOutbox([alert(number) for number in (1, 2, 3)]), ScriptedSender(answer)

    async def scene() -> None:
        async with asyncio.TaskGroup() as group:
            delivery = delivery_of(outbox, sender, Limiter(Rate(0.01), lambda _: (Rate(1),), lane_of))
            running = group.create_task(delivery.run())
            await asyncio.sleep(5)
            outbox.alerts.append(alert(4))
            delivery.call()
            await asyncio.sleep(25)
            running.cancel()

    run(scene())
    (at,) = (at for at, address in sender.asked if address.chat == "4")
    assert 20 <= at < 21


def test_what_is_due_since_before_the_start_may_have_been_sent_already() -> None:
    outbox = ScriptedOutbox([alert(1), replace(alert(2), made_at=1e9)])
    sender = ScriptedSender()
    delivered(outbox, sender, 1.0)
    assert [message.fresh for message in sender.sent] == [False, True]


def test_a_pause_that_is_everybodys_is_no_longer_for_what_one_alert_has_failed_before() -> None:
    answers: list[Outcome | None] = [Throttled(0.5, everybody=True)]
    outbox = ScriptedOutbox([replace(alert(1), attempts=6)])
    sender = ScriptedSender(lambda _: answers.pop() if answers else None)

    async def scene() -> None:
        async with asyncio.TaskGroup() as group:
            delivery = delivery_of(outbox, sender)
            running = group.create_task(delivery.run())
            await asyncio.sleep(0.3)
            outbox.alerts.append(alert(2))
            delivery.call()
            await asyncio.sleep(5)
            running.cancel()

    run(scene())
    (at,) = (at for at, address in sender.asked if address.chat == "2")
    assert 0.5 <= at < 1.5


def test_a_platform_that_is_out_is_asked_by_one_alert_at_a_time_and_gets_all_once_it_is_back() -> None:
    down = True

    def answer(_: Address) -> Outcome | None:
        return Unreachable("timeout", reached=True) if down else None

    outbox, sender = ScriptedOutbox([alert(number) for number in range(400)]), ScriptedSender(answer)

    async def scene() -> None:
        nonlocal down
        async with asyncio.TaskGroup() as group:
            running = group.create_task(delivery_of(outbox, sender).run())
            await asyncio.sleep(3600)
            assert len(sender.sent) < 16 + 10 + 3600 / 30, "half a minute apart"
            assert not any(isinstance(decision, GiveUp) for _, decision in outbox.marks)
            down = False
            await asyncio.sleep(45)
            running.cancel()

    run(scene())
    assert len(outbox.marks) == 400
    late = [decision.attempts for _, decision in outbox.marks[40:] if isinstance(decision, Retry)]
    assert set(late) == {1}, "that nobody was answered counts against no alert"


def test_an_alert_that_never_gets_an_answer_while_others_do_is_given_up_with_a_word(
    caplog: pytest.LogCaptureFixture,
) -> None:
    outbox = ScriptedOutbox()
    sender = ScriptedSender(lambda _: Unreachable("timeout", reached=True))
    run(delivery_of(outbox, sender).deliver(replace(ALERT, attempts=29, plain=True)))
    ((_, decision),) = outbox.marks
    assert isinstance(decision, GiveUp)
    assert "Alert 1 to telegram:1 is given up: no answer to 30 tries, it may have arrived: timeout" in caplog.text


def test_the_topics_of_a_busy_forum_keep_nobodys_place() -> None:
    topics = [alert(number, "-100", str(number)) for number in range(1, 31)]
    others = [alert(number) for number in range(100, 110)]
    outbox, sender = ScriptedOutbox([*topics, *others]), ScriptedSender()
    delivered(outbox, sender, 1.5, Limiter(Rate(0.01), lambda _: (Rate(4.0),), lane_of))
    assert {address.chat for _, address in sender.asked} == {"-100", *map(str, range(100, 110))}


def test_of_what_a_forum_has_in_hand_one_goes() -> None:
    outbox, sender = ScriptedOutbox([alert(number, "-100", str(number)) for number in range(1, 4)]), ScriptedSender()
    delivered(outbox, sender, 1.0)
    assert [decision for _, decision in outbox.marks if isinstance(decision, Done)] == [Done("1")]
    assert len(outbox.marks) == 3


def test_an_alert_goes_before_the_edits_of_its_chat_that_are_in_hand_with_it() -> None:
    # Each of them once made room for the others, and came back at the same moment as they: nothing was ever sent.
    edits = [ClaimedEdit(alert(number, "7"), f"m{number}", 1, 0, plain=False) for number in (1, 2)]
    outbox, sender = ScriptedOutbox([alert(3, "7")], edits), ScriptedSender()
    delivered(outbox, sender, 1.0)
    assert len(sender.sent) == 1
    assert not sender.edited
    assert sorted(number for number, decision in outbox.marks if isinstance(decision, Wait)) == [1, 2]


def test_of_the_edits_that_a_chat_has_in_hand_the_first_goes() -> None:
    edits = [ClaimedEdit(alert(number, "7"), f"m{number}", 1, 0, plain=False) for number in (1, 2)]
    outbox, sender = ScriptedOutbox(edits=edits), ScriptedSender()
    delivered(outbox, sender, 1.0)
    assert [message_id for message_id, _ in sender.edited] == ["m1"]


# Kinds


def digest(*numbers: int, **changes: Any) -> ClaimedDigest:
    return ClaimedDigest(tuple(replace(alert(number, "7"), **changes) for number in numbers), len(numbers))


def test_a_digest_tells_its_alerts_in_one_message_and_lets_go_of_those_that_have_no_room() -> None:
    many = [replace(alert(number, "7"), entry=Entry(title=f"{number} " + "long " * 60)) for number in range(40)]
    outbox, sender = ScriptedOutbox(), ScriptedSender()
    run(delivery_of(outbox, sender).deliver(ClaimedDigest(tuple(many), 100)))
    (marked,) = outbox.marked
    assert isinstance(marked, ClaimedDigest)
    assert len(sender.sent) == 1
    assert 10 < len(marked.alerts) < 40
    assert [one.alert_id for one in marked.alerts] + list(marked.rest) == list(range(40))


@pytest.mark.parametrize(
    ("plain", "decision"), [(False, Retry), (True, Scatter)], ids=["formatted: plain next", "plain: one by one"]
)
def test_a_digest_that_is_rejected_is_scattered_rather_than_given_up(plain: bool, decision: type[Decision]) -> None:
    outbox, sender = ScriptedOutbox(), ScriptedSender(lambda _: Rejected("too odd"))
    run(delivery_of(outbox, sender).deliver(digest(1, 2, 3, plain=plain)))
    assert isinstance(outbox.marks[0][1], decision)


def test_an_edit_goes_to_the_message_and_waits_behind_alerts() -> None:
    edits = [ClaimedEdit(alert(number), f"m{number}", 1, 0, plain=False) for number in range(50, 60)]
    outbox, sender = ScriptedOutbox([alert(number) for number in range(20)], edits), ScriptedSender()
    delivered(outbox, sender, 30, Limiter(Rate(0.1), lambda _: (), lane_of))
    order = [int(address.chat) for _, address in sender.asked]
    assert sorted(order) == [*range(20), *range(50, 60)]
    assert max(order[:16]) < 20
    assert [message_id for message_id, _ in sender.edited] == [f"m{number}" for number in order if number >= 50]


def test_an_edit_that_is_rejected_is_let_go_with_a_word(caplog: pytest.LogCaptureFixture) -> None:
    outbox, sender = ScriptedOutbox(), ScriptedSender(lambda _: Rejected("too odd"))
    run(delivery_of(outbox, sender).deliver(ClaimedEdit(alert(1), "m1", 1, 0, plain=True)))
    assert outbox.marks == [(1, GiveUp("too odd"))]
    assert "The edit of alert 1 in telegram:1 is let go: too odd" in caplog.text
