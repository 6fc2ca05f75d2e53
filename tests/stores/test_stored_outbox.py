"""The outbox: who is claimed for, in which order, and what becomes of an alert after each outcome."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.chats import Address, ChatKind
from bot.domain.delivery import Done, GiveUp, Hold, Relocate, Retry, Wait
from bot.ports.chats import Chat
from bot.ports.outbox import ClaimedAlert
from support.stored import EURACTIV, LE_MONDE, Stored, headlines, named, story


@pytest.fixture
async def stored(tmp_path: Path) -> AsyncIterator[Stored]:
    async with Stored.opened(tmp_path) as opened:
        yield opened


async def publish(stored: Stored, *titles: str, feed: str = LE_MONDE) -> None:
    """Stories with these titles, one after the other."""
    for title in titles:
        await stored.publish(feed, story(title.replace(" ", "-"), title))


async def readers(stored: Stored, *names: str) -> list[Chat]:
    return [await stored.chat(name, follows=[LE_MONDE], watches=["EUMAM"]) for name in names]


async def lanes(stored: Stored) -> list[tuple[int, float]]:
    return [(chat_id, ready_at) for chat_id, ready_at in await stored.sql("SELECT chat_id, ready_at FROM lanes")]


# Claiming


async def test_a_chat_has_one_alert_in_hand_and_they_come_in_order(stored: Stored) -> None:
    await readers(stored, "alice")
    await publish(stored, "EUMAM one", "EUMAM two", "EUMAM three")
    seen = []
    for number in range(3):
        (alert,) = await stored.claim()
        assert await stored.claim() == []
        seen.append(alert)
        await stored.mark(alert, Done(f"m{number}"))
    assert headlines(seen) == ["EUMAM one", "EUMAM two", "EUMAM three"]
    assert await stored.claim() == []


async def test_no_more_are_claimed_than_are_asked_for_and_who_waits_longest_comes_first(stored: Stored) -> None:
    names = ["alice", "bob", "carol", "dave"]
    chats = await readers(stored, *names)
    await publish(stored, "EUMAM one")
    for alert in await stored.claim():
        wait = {"alice": 30, "bob": 10, "carol": 40, "dave": 20}[alert.address.chat]
        await stored.mark(alert, Wait(stored.now + wait))
    assert len(await lanes(stored)) == len(chats)
    stored.later(100)
    assert [alert.address.chat for alert in await stored.claim(limit=3)] == ["bob", "dave", "alice"]
    assert [alert.address.chat for alert in await stored.claim(limit=3)] == ["carol"]


async def test_who_got_one_goes_behind_those_who_wait(stored: Stored) -> None:
    await readers(stored, "alice", "bob")
    await publish(stored, "EUMAM one", "EUMAM two")
    order = []
    while claimed := await stored.claim(limit=1):
        order.append(claimed[0].address.chat)
        await stored.mark(claimed[0], Done("m"))
    assert order in (["alice", "bob"] * 2, ["bob", "alice"] * 2)


async def test_a_claim_holds_all_that_it_takes_to_write_the_alert(stored: Stored) -> None:
    (alice,) = await readers(stored, "alice")
    entry = story("a", "EUMAM on the move", summary="A lead.", author="A. Nother", language="en", published=stored.now)
    await stored.publish(LE_MONDE, entry)
    (alert,) = await stored.claim()
    assert (alert.chat_id, alert.address, alert.kind) == (alice.chat_id, alice.address, alice.kind)
    assert (alert.entry, alert.outlet) == (entry, LE_MONDE)
    assert (alert.attempts, alert.plain, alert.everything, alert.reply_to) == (0, False, False, None)
    assert named(alert) == ["EUMAM"]


async def test_an_alert_is_written_from_the_newest_version(stored: Stored) -> None:
    await readers(stored, "alice")
    await stored.publish(LE_MONDE, story("a", "EUMAM one"))
    await stored.publish(LE_MONDE, story("a", "EUMAM, corrected"))
    assert headlines(await stored.deliver()) == ["EUMAM, corrected"]


async def test_another_platforms_chats_are_left_to_it(stored: Stored) -> None:
    await readers(stored, "alice")
    await stored.chat("alice", platform="discord", follows=[LE_MONDE], watches=["EUMAM"])
    await publish(stored, "EUMAM one")
    (alert,) = await stored.claim(platform="discord")
    assert alert.address.platform == "discord"
    assert await stored.outbox.next_ready("discord") is None
    assert await stored.outbox.next_ready("telegram") is not None
    assert await stored.outbox.recover("telegram", run="the next", now=stored.later()) == 0
    assert await stored.claim(platform="discord") == [], "what is in hand on Discord stays in hand"
    assert len(await stored.claim()) == 1


async def test_a_paused_chat_is_not_claimed_for_until_it_resumes(stored: Stored) -> None:
    (alice,) = await readers(stored, "alice")
    await publish(stored, "EUMAM one")
    await stored.pause(alice)
    await publish(stored, "EUMAM two")
    assert await stored.claim() == []
    assert await stored.outbox.next_ready("telegram") is None
    assert await stored.outbox.recover("telegram", run="the next", now=stored.later()) == 0
    assert await stored.claim() == [], "nor after a restart"
    await stored.resume(alice)
    assert headlines(await stored.deliver()) == ["EUMAM one", "EUMAM two"]


async def test_a_pause_while_an_alert_is_in_hand_holds_the_next(stored: Stored) -> None:
    (alice,) = await readers(stored, "alice")
    await publish(stored, "EUMAM one", "EUMAM two")
    (alert,) = await stored.claim()
    await stored.pause(alice)
    await stored.mark(alert, Done("m1"))
    assert await stored.claim() == []
    await stored.resume(alice)
    await stored.resume(alice)
    assert headlines(await stored.deliver()) == ["EUMAM two"]


async def test_resuming_while_an_alert_is_in_hand_claims_no_second(stored: Stored) -> None:
    (alice,) = await readers(stored, "alice")
    await publish(stored, "EUMAM one", "EUMAM two")
    (alert,) = await stored.claim()
    await stored.pause(alice)
    await stored.resume(alice)
    assert await stored.claim() == []
    await stored.mark(alert, Done("m1"))
    assert len(await stored.claim()) == 1


async def test_a_chat_that_is_gone_is_held_until_it_returns(stored: Stored) -> None:
    (alice,) = await readers(stored, "alice")
    await stored.chats.gone(alice.address, "blocked", stored.later())
    await publish(stored, "EUMAM one", "EUMAM two")
    assert await stored.claim() == []
    assert await stored.chats.returned(alice.address, stored.later())
    assert headlines(await stored.deliver()) == ["EUMAM one", "EUMAM two"]


async def test_an_alert_whose_filter_was_removed_is_withdrawn_and_the_next_is_claimed(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM", "instructors"])
    await publish(stored, "EUMAM one", "instructors two")
    await stored.unwatch(alice, "EUMAM")
    assert headlines(await stored.deliver()) == ["instructors two"]
    assert await stored.states(alice) == ["withdrawn", "sent"]
    assert await lanes(stored) == []


async def test_an_alert_names_the_filters_that_are_left(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM", "instructors"])
    await publish(stored, "EUMAM instructors")
    await stored.unwatch(alice, "EUMAM")
    (alert,) = await stored.claim()
    assert named(alert) == ["instructors"]


async def test_an_alert_is_withdrawn_when_its_feed_is_unfollowed(stored: Stored) -> None:
    (alice,) = await readers(stored, "alice")
    await publish(stored, "EUMAM one")
    await stored.unfollow(alice, LE_MONDE)
    assert await stored.claim() == []
    assert await stored.states(alice) == ["withdrawn"]


async def test_every_story_is_withdrawn_when_every_story_is_asked_for_no_more(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE])
    await stored.follow(alice, LE_MONDE, everything=True)
    await publish(stored, "Anything")
    await stored.follow(alice, LE_MONDE, everything=False)
    assert await stored.claim() == []
    assert await stored.states(alice) == ["withdrawn"]


async def test_an_event_is_told_from_another_feed_when_the_first_one_was_unfollowed_before_the_alert(
    stored: Stored,
) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE, EURACTIV], watches=["EUMAM"])
    await stored.publish(LE_MONDE, story("a"))
    await stored.publish(EURACTIV, story("a"))
    await stored.unfollow(alice, LE_MONDE)
    (alert,) = await stored.claim()
    assert alert.outlet == EURACTIV
    assert await stored.claim() == []
    await stored.mark(alert, Done("m1"))
    assert await stored.states(alice) == ["withdrawn", "sent"]


async def test_an_event_is_told_as_every_story_of_a_feed_when_the_filter_that_told_it_was_removed(
    stored: Stored,
) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.follow(alice, EURACTIV)
    await stored.follow(alice, EURACTIV, everything=True)
    await stored.publish(LE_MONDE, story("a"))
    await stored.publish(EURACTIV, story("a"))
    await stored.unwatch(alice, "EUMAM")
    (alert,) = await stored.deliver()
    assert (alert.outlet, alert.everything, alert.matches) == (EURACTIV, True, ())


async def test_what_a_chat_was_not_entitled_to_is_not_told_in_another_alerts_place(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.chat("bob", follows=[EURACTIV])
    await stored.publish(EURACTIV, story("a"))
    await stored.follow(alice, EURACTIV)  # after it came there
    await stored.publish(LE_MONDE, story("a"))
    await stored.unfollow(alice, LE_MONDE)
    assert await stored.deliver() == []


# Outcomes


async def claimed_one(stored: Stored) -> ClaimedAlert:
    """Alice's first of two alerts, in hand."""
    await readers(stored, "alice")
    await publish(stored, "EUMAM one", "EUMAM two")
    (alert,) = await stored.claim()
    return alert


async def test_what_was_sent_is_kept_as_sent_and_the_next_waits_for_its_turn(stored: Stored) -> None:
    alert = await claimed_one(stored)
    await stored.mark(alert, Done("m1"), next_at=stored.now + 60)
    assert await stored.sql("SELECT message_id, settled_at FROM alerts WHERE state = 'sent'") == [("m1", stored.now)]
    assert await stored.claim() == []
    assert await stored.outbox.next_ready("telegram") == stored.now - 2 + 60
    stored.later(60)
    assert headlines(await stored.claim()) == ["EUMAM two"]


@pytest.mark.parametrize(
    ("at", "next_at", "ready_in"),
    [
        pytest.param(0, 0, 0, id="at once"),
        pytest.param(30, 0, 30, id="when the platform asks"),
        pytest.param(0, 40, 40, id="when the chat's turn comes"),
        pytest.param(30, 40, 40, id="when both allow it"),
    ],
)
async def test_what_is_tried_again_comes_first_when_it_is_time(
    stored: Stored, at: float, next_at: float, ready_in: float
) -> None:
    alert = await claimed_one(stored)
    now = stored.now
    await stored.mark(alert, Wait(now + at, attempts=1), next_at=now + next_at)
    assert await stored.outbox.next_ready("telegram") == now + ready_in
    stored.later(ready_in)
    (again,) = await stored.claim()
    assert again == replace(alert, attempts=1)


async def test_what_is_tried_again_later_lets_others_go_meanwhile(stored: Stored) -> None:
    alert = await claimed_one(stored)
    at = stored.now + 30
    await stored.mark(alert, Retry(at, attempts=1))
    (other,) = await stored.claim()
    assert headlines([other]) == ["EUMAM two"]
    await stored.mark(other, Done("m"))
    assert await stored.claim() == []
    assert await stored.outbox.next_ready("telegram") == at
    stored.later(30)
    assert await stored.claim() == [replace(alert, attempts=1)]


async def test_what_was_rejected_as_it_was_is_tried_plain_and_stays_plain(stored: Stored) -> None:
    alert = await claimed_one(stored)
    await stored.mark(alert, Retry(stored.now, 1, plain=True))
    (again,) = await stored.claim()
    assert (again.alert_id, again.plain, again.attempts) == (alert.alert_id, True, 1)
    await stored.mark(again, Hold("blocked"))
    await stored.chats.returned(again.address, stored.later())
    (again,) = await stored.claim()
    assert (again.alert_id, again.plain, again.attempts) == (alert.alert_id, True, 1)


async def test_what_is_given_up_says_why_and_lets_the_next_go(stored: Stored) -> None:
    alert = await claimed_one(stored)
    await stored.mark(alert, GiveUp("message is too long"))
    assert await stored.sql("SELECT why FROM alerts WHERE state = 'failed'") == [("message is too long",)]
    assert headlines(await stored.deliver()) == ["EUMAM two"]


async def test_what_is_given_up_keeps_no_other_alert_on_the_event_from_the_chat(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE, EURACTIV], watches=["EUMAM"])
    await stored.publish(LE_MONDE, story("a"))
    (alert,) = await stored.claim()
    await stored.mark(alert, GiveUp("rejected"))
    assert await stored.publish(EURACTIV, story("a")) == 1
    (alert,) = await stored.deliver()
    assert alert.reply_to is None


async def test_what_is_given_up_is_told_from_another_feed_that_had_it_already(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE, EURACTIV], watches=["EUMAM"])
    await stored.publish(LE_MONDE, story("a"))
    await stored.publish(EURACTIV, story("a"))
    outlets = []
    while claimed := await stored.claim():
        outlets += [alert.outlet for alert in claimed]
        await stored.mark(claimed[0], GiveUp("rejected"))
    assert outlets == [LE_MONDE, EURACTIV], "each is tried, and each once"
    assert await stored.states(alice) == ["failed", "failed"]


async def test_a_chat_that_takes_nothing_any_more_keeps_its_alerts(stored: Stored) -> None:
    alert = await claimed_one(stored)
    await stored.mark(alert, Hold("bot was blocked by the user"))
    alice = await stored.chats.find(alert.address)
    assert alice is not None
    assert alice.gone == "bot was blocked by the user"
    assert await stored.claim() == []
    assert await stored.chats.returned(alice.address, stored.later())
    assert headlines(await stored.deliver()) == ["EUMAM one", "EUMAM two"]


async def test_an_alert_follows_its_chat_to_its_new_identifier(stored: Stored) -> None:
    alert = await claimed_one(stored)
    await stored.mark(alert, Relocate("-100"))
    delivered = await stored.deliver()
    assert headlines(delivered) == ["EUMAM one", "EUMAM two"]
    assert {delivery.address for delivery in delivered} == {Address("telegram", "-100")}
    assert await stored.chats.find(alert.address) is None


async def test_an_alert_follows_its_chat_onto_one_that_is_stored_already(stored: Stored) -> None:
    alert = await claimed_one(stored)
    await stored.chat("-100", follows=[EURACTIV], watches=["coalition"])
    await publish(stored, "A coalition", feed=EURACTIV)
    await stored.mark(alert, Relocate("-100"))
    delivered = await stored.deliver()
    assert sorted(headlines(delivered)) == ["A coalition", "EUMAM one", "EUMAM two"]
    assert {delivery.address for delivery in delivered} == {Address("telegram", "-100")}


@pytest.mark.parametrize("there_already", [False, True], ids=["to a new identifier", "onto a chat that is stored"])
@pytest.mark.parametrize(
    ("decision", "left"),
    [
        (Done("m1"), ["EUMAM two"]),
        (Retry(0), ["EUMAM one", "EUMAM two"]),
        (GiveUp("rejected"), ["EUMAM two"]),
        (Hold("kicked"), ["EUMAM one", "EUMAM two"]),
        (Relocate("-100"), ["EUMAM one", "EUMAM two"]),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, list) else "",
)
async def test_an_outcome_finds_its_alert_although_the_chat_moved_while_it_was_in_hand(
    stored: Stored, decision: Done | Retry | GiveUp | Hold | Relocate, left: list[str], there_already: bool
) -> None:
    """Telegram tells of a move twice: to the chat, as a message, and to whoever sends to the old identifier."""
    alert = await claimed_one(stored)
    if there_already:
        await stored.chat("-100")
    await stored.chats.moved(alert.address, "-100", stored.later())
    assert await stored.claim() == [], "one is in hand"
    await stored.mark(alert, decision)
    assert headlines(await stored.deliver()) == left


async def test_an_outcome_for_a_chat_that_was_erased_meanwhile_is_forgotten(stored: Stored) -> None:
    alert = await claimed_one(stored)
    await stored.chats.erase(alert.chat_id)
    stranger = await stored.chat("stranger", follows=[LE_MONDE], watches=["EUMAM"])
    assert stranger.chat_id != alert.chat_id, "an identifier is not given again"
    for decision in (Done("m1"), Retry(0), GiveUp("rejected"), Hold("blocked"), Relocate("-100")):
        await stored.mark(alert, decision)
    assert await stored.count("alerts") == 0
    assert await stored.chats.find(stranger.address) == stranger


# Crashes


async def test_what_an_ended_run_had_in_hand_is_delivered_by_the_next(tmp_path: Path) -> None:
    async with Stored.opened(tmp_path) as stored:
        await readers(stored, "alice", "bob")
        await publish(stored, "EUMAM one", "EUMAM two")
        assert len(await stored.claim(run="first")) == 2
        now = stored.now
    async with Stored.opened(tmp_path) as stored:
        stored.now = now
        assert await stored.claim(run="second") == []
        assert await stored.outbox.recover("telegram", run="the next", now=stored.later()) == 2
        assert await stored.outbox.recover("telegram", run="the next", now=stored.later()) == 0
        delivered = await stored.deliver()
        assert sorted(headlines(delivered)) == ["EUMAM one"] * 2 + ["EUMAM two"] * 2
        assert {alert.attempts for alert in delivered} == {0}


async def test_a_start_opens_the_lane_of_every_chat_that_waits(stored: Stored) -> None:
    alice, bob = await readers(stored, "alice", "bob")
    await publish(stored, "EUMAM one")
    await stored.pause(bob)
    await stored.database.write(lambda db: db.execute("DELETE FROM lanes"))
    await stored.outbox.recover("telegram", run="the next", now=stored.later())
    assert await lanes(stored) == [(alice.chat_id, stored.now)]


async def test_who_returns_to_a_group_returns_to_its_topics_but_not_to_those_that_were_closed(stored: Stored) -> None:
    group, open_topic, closed = (Address("telegram", "group", topic) for topic in ("", "7", "8"))
    for topic in (open_topic, closed):
        await stored.chats.enter(topic, ChatKind.GROUP, "", now=stored.later())
    await stored.chats.gone(closed, "topic-closed", stored.later())
    await stored.chats.enter(group, ChatKind.GROUP, "", now=stored.later())
    await stored.chats.gone(open_topic, "kicked", stored.later())
    assert await stored.chats.returned(group, stored.later())
    reasons = [chat.gone for address in (group, open_topic, closed) if (chat := await stored.chats.find(address))]
    assert reasons == ["", "", "topic-closed"]
    assert not await stored.chats.returned(group, stored.later()), "it was here"
    assert await stored.chats.returned(closed, stored.later()), "it is spoken in again"
