"""A clock that was set: what waits waits no longer, and who was entitled is."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.delivery import Retry, Wait
from bot.domain.hours import Quiet
from bot.domain.telling import Mode
from storage import InstantStore
from support.stored import LE_MONDE, Stored, headlines, story

DAY = 86_400.0


@pytest.fixture
async def stored(tmp_path: Path) -> AsyncIterator[Stored]:
    async with Stored.opened(tmp_path) as opened:
        yield opened


async def clock_set(stored: Stored, by: float) -> None:
    stored.now += by
    await InstantStore(stored.database).clock_was_set(by, now=stored.now)


async def test_nothing_is_stored_of_time_at_first(stored: Stored) -> None:
    assert await InstantStore(stored.database).latest() is None
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    latest = await InstantStore(stored.database).latest()
    assert latest is not None
    assert stored.now - 10 < latest <= stored.now


@pytest.mark.parametrize("by", [-DAY, DAY], ids=["set back", "set forward"])
@pytest.mark.parametrize("decision", [Retry, Wait], ids=["a try", "a chat"])
async def test_what_waits_a_minute_waits_a_minute_however_the_clock_is_set(
    stored: Stored, decision: type[Retry | Wait], by: float
) -> None:
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.publish(LE_MONDE, story("a"))
    (alert,) = await stored.claim()
    await stored.mark(alert, decision(stored.now + 60, 1))
    await clock_set(stored, by)
    stored.later(50)
    assert await stored.claim() == []
    stored.later(10)
    assert len(await stored.claim()) == 1


@pytest.mark.parametrize("decision", [Retry, Wait], ids=["a try", "a chat"])
async def test_what_was_planned_before_anybody_noticed_that_the_clock_was_set_forward_does_not_wait_once_more(
    stored: Stored, decision: type[Retry | Wait]
) -> None:
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.publish(LE_MONDE, story("a"))
    (alert,) = await stored.claim()
    stored.later(DAY)
    await stored.mark(alert, decision(stored.now + 60, 1))
    stored.later(2)
    await InstantStore(stored.database).clock_was_set(DAY, now=stored.now)
    stored.later(60)
    assert len(await stored.claim()) == 1


async def test_an_edit_that_was_planned_before_anybody_noticed_does_not_wait_once_more(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.publish(LE_MONDE, story("a"))
    (alert,) = await stored.deliver()
    stored.later(3_600)
    await stored.outbox.want_edit(alert.alert_id, now=stored.now)
    await InstantStore(stored.database).clock_was_set(3_600, now=stored.later(2))
    assert [edit.chat_id for edit in await stored.claim_edits()] == [alice.chat_id]


@pytest.mark.parametrize("paused", [False, True], ids=["told", "paused meanwhile"])
async def test_what_quiet_hours_hold_comes_at_their_end_by_the_clock_that_was_set_back(
    stored: Stored, paused: bool
) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    minute = int(stored.now // 60) % 1440
    await stored.telling.set_quiet(alice.chat_id, Quiet(minute, (minute + 60) % 1440), stored.now)
    await clock_set(stored, DAY)
    await stored.publish(LE_MONDE, story("a"))
    assert await stored.claim() == []
    if paused:
        await stored.pause(alice)
    await clock_set(stored, -DAY)
    await stored.resume(alice)
    assert await stored.claim() == []
    stored.later(3_600)
    assert len(await stored.claim()) == 1


async def test_a_digest_comes_when_the_clock_that_was_set_back_says_so(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    (watched,) = await stored.chats.filters(alice.chat_id, stored.now)
    await stored.telling.set_modes(alice.chat_id, [watched.filter_id], Mode.DIGEST, stored.now)
    minute = int(stored.now // 60) % 1440
    await stored.telling.set_digest(alice.chat_id, (minute + 60) % 1440, stored.now)
    await clock_set(stored, DAY)
    await stored.publish(LE_MONDE, story("a"))
    assert await stored.claim() == []
    await clock_set(stored, -DAY)
    assert await stored.claim() == []
    stored.later(3_600)
    assert len(await stored.claim()) == 1


async def test_who_asked_before_a_story_came_asked_before_it_after_the_clock_was_set_back(stored: Stored) -> None:
    await clock_set(stored, DAY)
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.poll(LE_MONDE, story("a", "EUMAM one"))
    await clock_set(stored, -DAY)
    await stored.settle()
    await stored.publish(LE_MONDE, story("b", "EUMAM two"))
    assert headlines(await stored.deliver()) == ["EUMAM one", "EUMAM two"]
    latest = await InstantStore(stored.database).latest()
    assert latest is not None
    assert latest <= stored.now


async def test_feeds_are_due_when_they_were_due(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE])
    await stored.answered(LE_MONDE, after=60)
    due_at = await stored.next_due()
    assert due_at is not None
    await clock_set(stored, -DAY)
    assert await stored.next_due() == due_at - DAY


async def test_after_a_start_no_try_waits_for_an_instant_of_a_clock_that_ran_ahead(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.publish(LE_MONDE, story("a"))
    (alert,) = await stored.claim()
    await stored.mark(alert, Retry(stored.now + 30 * DAY, 1))
    await stored.outbox.recover("telegram", run="the next", now=stored.later())
    assert await stored.outbox.next_ready("telegram") == stored.now + 3_600
