"""Chats that take nothing, as they are stored: when they are looked at, and what becomes of it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import pytest_asyncio

from bot.domain.chats import Address, ChatKind
from bot.domain.delivery import Done, Hold, Retry
from bot.ports.chats import Chat
from bot.ports.outbox import ClaimedAlert, ClaimedDigest, Missed
from storage import InstantStore
from support.stored import LE_MONDE, Stored, headlines, story

HOUR = 3_600.0
DAY = 24 * HOUR


@pytest_asyncio.fixture
async def stored(tmp_path: Path) -> AsyncIterator[Stored]:
    async with Stored.opened(tmp_path) as opened:
        yield opened


async def reader(stored: Stored, name: str = "alice", topic: str = "", platform: str = "telegram") -> Chat:
    return await stored.chat(name, topic=topic, platform=platform, follows=[LE_MONDE], watches=["EUMAM"])


async def refused(stored: Stored, why: str = "no-rights") -> ClaimedAlert:
    """A story comes, and its alert is refused; when that was is `stored.now`."""
    await stored.publish(LE_MONDE, story("a", "EUMAM one"))
    (alert,) = await stored.claim()
    await stored.mark(alert, Hold(why))
    return alert


async def gone(stored: Stored, chat: Chat) -> str:
    found = await stored.chats.find(chat.address)
    assert found is not None
    return found.gone


async def test_rights_that_were_given_back_are_found_with_what_is_due_at_growing_pauses(stored: Stored) -> None:
    alice = await reader(stored)
    await refused(stored)
    for pause in (1, 1, 2, 4, 8, 16, 24, 24):
        at = await stored.outbox.next_ready("telegram")
        assert at is not None
        assert at == pytest.approx(stored.now + pause * HOUR, abs=0.05 * HOUR), "nothing is tried before"
        assert await stored.claim() == []
        stored.now = at
        (again,) = await stored.claim()
        await stored.mark(again, Hold("no-rights"))
    stored.later(DAY)
    assert headlines(await stored.deliver()) == ["EUMAM one"]
    assert await gone(stored, alice) == ""
    await stored.publish(LE_MONDE, story("b", "EUMAM two"))
    assert headlines(await stored.deliver()) == ["EUMAM two"], "it has returned"


async def test_a_chat_for_which_nothing_is_due_is_not_looked_at_and_what_comes_later_goes_at_once(
    stored: Stored,
) -> None:
    alice = await reader(stored)
    await stored.chats.gone(alice.address, "no-rights", stored.later())
    assert await stored.outbox.next_ready("telegram") is None
    stored.later(5 * DAY)
    await stored.publish(LE_MONDE, story("a", "EUMAM one"))
    (alert,) = await stored.claim()
    assert alert.missed is None, "it has not waited"


@pytest.mark.parametrize("why", ["blocked", "kicked", "deactivated", "chat-not-found"])
async def test_who_would_have_to_say_so_is_left_alone(stored: Stored, why: str) -> None:
    alice = await reader(stored)
    await refused(stored, why)
    stored.later(40 * DAY)
    await stored.publish(LE_MONDE, story("b", "EUMAM two"))
    assert await stored.claim() == []
    assert not await stored.chats.may_have_returned(alice.address, stored.later()), "nor for its rights"
    assert await stored.claim() == []


async def test_the_look_that_succeeds_tells_what_was_missed(stored: Stored) -> None:
    await reader(stored)
    alert = await refused(stored)
    await stored.publish(LE_MONDE, story("b", "EUMAM two"))
    stored.later(HOUR)
    (first,) = await stored.claim()
    assert first.missed == Missed(alert.made_at, 2)
    await stored.mark(first, Done("m1"))
    (second,) = await stored.claim()
    assert second.missed is None


async def test_a_look_with_a_digest_that_succeeds_tells_what_was_missed_once(stored: Stored) -> None:
    alice = await reader(stored)
    await stored.publish(LE_MONDE, *(story(f"{number}", f"EUMAM number {number}") for number in range(50)))
    (digest,) = await stored.claim_any()
    await stored.mark(digest, Hold("no-rights"))
    assert await stored.claim_any() == []
    stored.later(HOUR)
    (digest,) = await stored.claim_any()
    assert isinstance(digest, ClaimedDigest)
    assert digest.alerts[0].missed is not None
    assert digest.alerts[0].missed.count == 50
    await stored.mark(digest, Done("m1"))
    assert await gone(stored, alice) == ""
    assert all(alert.missed is None for alert in await stored.deliver())


async def test_a_look_that_gets_no_answer_says_nothing_of_the_chat(stored: Stored) -> None:
    alice = await reader(stored)
    await refused(stored)
    stored.later(HOUR)
    (alert,) = await stored.claim()
    await stored.mark(alert, Retry(stored.now + 5, 1, doubtful=True))
    assert await gone(stored, alice) == "no-rights"
    stored.later(5)
    assert headlines(await stored.deliver()) == ["EUMAM one"]
    assert await gone(stored, alice) == ""


async def test_a_look_that_finds_another_reason_goes_by_that_one(stored: Stored) -> None:
    alice = await reader(stored)
    await refused(stored)
    stored.later(HOUR)
    (alert,) = await stored.claim()
    await stored.mark(alert, Hold("kicked"))
    stored.later(40 * DAY)
    assert await stored.claim() == []
    assert await gone(stored, alice) == "kicked"


async def test_a_paused_chat_is_not_looked_at(stored: Stored) -> None:
    alice = await reader(stored)
    await refused(stored)
    await stored.pause(alice)
    stored.later(DAY)
    assert await stored.claim() == []
    await stored.resume(alice)
    assert len(await stored.claim()) == 1


# Signs


async def test_a_sign_that_its_rights_have_changed_is_followed_at_once_in_that_topic_or_in_all(stored: Stored) -> None:
    chats = [await reader(stored, "server", topic) for topic in ("7", "8", "9")]
    await stored.publish(LE_MONDE, story("a", "EUMAM one"))
    for alert in await stored.claim():
        await stored.mark(alert, Hold("no-rights"))
    assert await stored.chats.may_have_returned(chats[1].address, stored.later())
    assert [alert.chat_id for alert in await stored.claim()] == [chats[1].chat_id]
    assert await stored.chats.may_have_returned(replace(chats[0].address, topic=""), stored.later())
    assert [alert.chat_id for alert in await stored.claim()] == [chats[0].chat_id, chats[2].chat_id]
    assert not await stored.chats.may_have_returned(Address("telegram", "another"), stored.later())


async def test_signs_that_come_all_the_time_and_mean_nothing_are_followed_ever_more_rarely(stored: Stored) -> None:
    alice = await reader(stored)
    await refused(stored)
    tried = []
    for _ in range(1_200):  # in an hour, one every three seconds
        stored.later(2)
        await stored.chats.may_have_returned(alice.address, stored.now)
        for alert in await stored.claim():
            tried.append(stored.now)
            await stored.outbox.mark(alert, Hold("no-rights"), now=stored.now, next_at=stored.now)
    pauses = [later - sooner for sooner, later in pairwise(tried)]
    assert len(tried) <= 20
    assert pauses[0] <= 6
    assert 300 <= pauses[-1] <= 310


async def test_a_word_is_followed_at_once_whatever_signs_there_were(stored: Stored) -> None:
    alice = await reader(stored)
    await refused(stored)
    stored.later(200)
    await stored.chats.may_have_returned(alice.address, stored.now)
    (alert,) = await stored.claim()
    await stored.mark(alert, Hold("no-rights"))
    assert await stored.chats.returned(alice.address, stored.later())
    assert len(await stored.claim()) == 1


# What was told of a chat while a message was under way


@pytest.mark.parametrize("told", ["removed", "kicked", "blocked", "topic-deleted"])
@pytest.mark.parametrize("why", ["no-access", "server-not-found"])
async def test_what_was_told_of_a_chat_is_not_replaced_by_what_a_message_under_way_was_refused_with(
    stored: Stored, told: str, why: str
) -> None:
    alice = await reader(stored, topic="7")
    await stored.publish(LE_MONDE, story("a", "EUMAM one"))
    (alert,) = await stored.claim()
    await stored.chats.gone(alice.address, told, stored.later())
    await stored.mark(alert, Hold(why))
    assert await gone(stored, alice) == told
    stored.later(2 * DAY)
    assert await stored.claim() == []


async def test_nor_is_it_by_what_an_edit_was_refused_with_or_undone_by_what_arrived(stored: Stored) -> None:
    alice = await reader(stored)
    await stored.publish(LE_MONDE, story("a", "EUMAM one"))
    (alert,) = await stored.deliver()
    await stored.outbox.want_edit(alert.alert_id, now=stored.later())
    (edit,) = await stored.claim_edits()
    await stored.publish(LE_MONDE, story("b", "EUMAM two"))
    (second,) = await stored.claim()
    await stored.chats.gone(alice.address, "removed", stored.later())
    await stored.mark(edit, Hold("no-access"))
    await stored.mark(second, Done("m2"))
    assert await gone(stored, alice) == "removed"


async def test_an_edit_that_is_refused_puts_off_what_is_due_there(stored: Stored) -> None:
    alice = await reader(stored)
    await stored.publish(LE_MONDE, story("a", "EUMAM one"))
    (alert,) = await stored.deliver()
    await stored.outbox.want_edit(alert.alert_id, now=stored.later())
    (edit,) = await stored.claim_edits()
    await stored.publish(LE_MONDE, story("b", "EUMAM two"))
    await stored.mark(edit, Hold("no-rights"))
    assert await gone(stored, alice) == "no-rights"
    assert await stored.claim() == []
    stored.later(HOUR)
    assert headlines(await stored.deliver()) == ["EUMAM two"]


async def test_who_is_not_among_those_that_are_here_is_gone_as_if_that_had_been_told(stored: Stored) -> None:
    here, left = await reader(stored, "here", "1", "discord"), await reader(stored, "left", "1", "discord")
    direct, elsewhere = await reader(stored, "dm", platform="discord"), await reader(stored, "group", "1")
    await stored.chats.gone(left.address, "no-access", stored.later())
    for _ in range(2):
        await stored.chats.gone_from_others("discord", {"here"}, "removed", stored.later())
    assert [await gone(stored, chat) for chat in (here, left, direct, elsewhere)] == ["", "removed", "", ""]
    found = await stored.chats.find(left.address)
    assert found is not None
    assert found.gone_at == stored.now - 1, "since it was seen first"


@pytest.mark.parametrize("why", ["no-access", "server-not-found"])
async def test_a_server_that_was_left_is_forgotten_a_month_later_whatever_was_under_way(
    stored: Stored, why: str
) -> None:
    alice = await reader(stored, topic="7")
    await stored.publish(LE_MONDE, story("a", "EUMAM one"))
    (alert,) = await stored.claim()
    await stored.chats.gone(alice.address, "removed", stored.later())
    await stored.mark(alert, Hold(why))
    await stored.tidy(after=29)
    assert await stored.chats.find(alice.address) is not None
    await stored.tidy(after=2)
    assert await stored.chats.find(alice.address) is None


# The file


async def test_who_moves_has_returned(stored: Stored) -> None:
    alice, bob = await reader(stored), await reader(stored, "bob")
    await refused_by_all(stored)
    await stored.chats.moved(alice.address, "-100", stored.later())
    await stored.chats.moved(bob.address, "-100", stored.later())
    assert await stored.sql("SELECT gone, gone_at, look_at FROM chats") == [("", None, None)]
    assert len(await stored.deliver()) == 1


async def refused_by_all(stored: Stored) -> None:
    await stored.publish(LE_MONDE, story("a", "EUMAM one"))
    for alert in await stored.claim():
        await stored.mark(alert, Hold("no-rights"))


async def test_since_when_it_takes_nothing_is_kept_for_each_reason(stored: Stored) -> None:
    address = Address("telegram", "alice")
    await stored.chats.enter(address, ChatKind.GROUP, "", now=stored.later())
    noted = []
    for why in ("no-rights", "no-rights", "no-access", "removed", "removed"):
        await stored.chats.gone(address, why, stored.later())
        found = await stored.chats.find(address)
        assert found is not None
        assert found.gone_at is not None
        noted.append(stored.now - found.gone_at)
    assert noted == [0, 1, 0, 0, 1]
    assert await stored.chats.returned(address, stored.later())
    found = await stored.chats.find(address)
    assert found is not None
    assert found.gone_at is None


async def test_a_clock_that_ran_ahead_puts_off_no_look(stored: Stored) -> None:
    await reader(stored)
    stored.now += 30 * DAY
    await refused(stored)
    stored.now -= 30 * DAY
    await stored.outbox.recover("telegram", run="the next", now=stored.now)
    stored.later(HOUR)
    assert len(await stored.claim()) == 1


@pytest.mark.parametrize("by", [-DAY, DAY])
async def test_a_clock_that_is_set_puts_off_no_look(stored: Stored, by: float) -> None:
    await reader(stored)
    await refused(stored)
    stored.now += by
    await InstantStore(stored.database).clock_was_set(by, now=stored.now)
    assert await stored.claim() == []
    assert await stored.sql("SELECT 1 FROM chats WHERE gone_at > ?", stored.now) == []
    stored.later(HOUR)
    assert len(await stored.claim()) == 1
