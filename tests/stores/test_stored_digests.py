"""Many alerts that wait in one chat become a digest, of which nothing is dropped; what is held comes later."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.digests import digest_message
from bot.domain.delivery import Done, GiveUp, Hold, Retry, Scatter, Wait
from bot.domain.hours import Quiet
from bot.domain.telling import Mode
from bot.ports.chats import Chat
from bot.ports.outbox import ClaimedAlert, ClaimedDigest, Missed
from bot.texts import Texts
from support.stored import LE_MONDE, Stored, headlines, story


@pytest.fixture
async def stored(tmp_path: Path) -> AsyncIterator[Stored]:
    async with Stored.opened(tmp_path) as opened:
        yield opened


async def waiting(stored: Stored, number: int, name: str = "alice") -> Chat:
    """A chat in which so many alerts wait, numbered in the order in which they came; a feed names its newest first."""
    chat = await stored.chat(name, follows=[LE_MONDE], watches=["EUMAM"])
    await stored.publish(LE_MONDE, *(story(f"{name}-{one}", f"EUMAM {one}") for one in reversed(range(number))))
    return chat


async def claimed_digest(stored: Stored) -> ClaimedDigest:
    (claimed,) = await stored.claim_any()
    assert isinstance(claimed, ClaimedDigest)
    return claimed


async def test_twenty_alerts_that_wait_come_one_by_one(stored: Stored) -> None:
    await waiting(stored, 20)
    assert len(await stored.deliver()) == 20


async def test_one_more_and_they_come_as_a_digest_newest_first(stored: Stored) -> None:
    alice = await waiting(stored, 21)
    digest = await claimed_digest(stored)
    assert headlines(digest.alerts) == [f"EUMAM {number}" for number in reversed(range(21))]
    assert (digest.waiting, digest.rest) == (21, ())
    await stored.mark(digest, Done("m1"))
    assert await stored.states(alice) == ["sent"] * 21
    assert await stored.sql("SELECT DISTINCT message_id FROM alerts") == [("m1",)]
    assert await stored.claim() == []


async def test_what_a_message_has_no_room_for_follows_in_the_next_and_nothing_comes_singly_in_the_end(
    stored: Stored,
) -> None:
    alice = await waiting(stored, 100)
    told: list[ClaimedAlert] = []
    messages = 0
    while claimed := await stored.claim_any():
        (digest,) = claimed
        assert isinstance(digest, ClaimedDigest)
        assert digest.waiting == 100 - len(told)
        digest = digest.telling(15)
        await stored.mark(digest, Done(f"m{messages}"))
        told += digest.alerts
        messages += 1
    assert headlines(told) == [f"EUMAM {number}" for number in reversed(range(100))]
    assert messages == 7
    assert await stored.states(alice) == ["sent"] * 100


async def test_what_comes_while_a_digest_is_told_is_newer_and_comes_first(stored: Stored) -> None:
    await waiting(stored, 50)
    digest = (await claimed_digest(stored)).telling(10)
    await stored.mark(digest, Done("m1"))
    await stored.publish(LE_MONDE, story("new", "EUMAM, just in"))
    (alert,) = await stored.claim()
    assert headlines([alert]) == ["EUMAM, just in"]
    await stored.mark(alert, Done("m2"))
    assert (await claimed_digest(stored)).waiting == 40


async def test_a_last_one_that_is_left_of_a_digest_comes_as_it_would_alone(stored: Stored) -> None:
    await waiting(stored, 21)
    await stored.mark((await claimed_digest(stored)).telling(20), Done("m1"))
    assert headlines(await stored.claim()) == ["EUMAM 0"]


@pytest.mark.parametrize(
    ("decision", "after"),
    [
        pytest.param(Retry(0, 1), 0.0, id="tried again"),
        pytest.param(Retry(0, 1, plain=True), 0.0, id="tried again as plain text"),
        pytest.param(Wait(0, 1), 0.0, id="its chat waited"),
    ],
)
async def test_a_digest_that_was_not_taken_is_a_digest_again(
    stored: Stored, decision: Retry | Wait, after: float
) -> None:
    await waiting(stored, 21)
    digest = await claimed_digest(stored)
    await stored.mark(digest.telling(15), decision)
    stored.later(after)
    again = await claimed_digest(stored)
    assert headlines(again.alerts) == headlines(digest.alerts)
    assert again.attempts == 1
    assert again.plain == getattr(decision, "plain", False)


async def in_doubt(stored: Stored) -> tuple[Chat, ClaimedDigest]:
    """Of 26 alerts, twenty in a digest whose answer was lost."""
    alice = await waiting(stored, 26)
    digest = (await claimed_digest(stored)).telling(20)
    await stored.mark(digest, Retry(stored.now, 1, doubtful=True))
    return alice, digest


async def test_a_digest_that_may_have_arrived_is_the_very_same_again_whatever_has_come_since(stored: Stored) -> None:
    _, digest = await in_doubt(stored)
    await stored.publish(LE_MONDE, *(story(f"n{number}", f"EUMAM, new {number}") for number in range(21)))
    again = await claimed_digest(stored)
    assert (again.key, headlines(again.alerts)) == (digest.key, headlines(digest.alerts))
    assert digest_message(Texts(), again)[0].text == digest_message(Texts(), digest)[0].text
    await stored.mark(again, Wait(0, 2))
    assert (await claimed_digest(stored)).key == digest.key, "nor if its chat waited"
    await stored.outbox.recover("telegram", run="the next", now=stored.later())
    again = await claimed_digest(stored)
    assert again.key == digest.key, "nor after a crash"
    await stored.mark(again, Done("m1"))
    others = await claimed_digest(stored)
    assert (len(others.alerts), others.known_as) == (27, "")


async def test_what_of_it_is_muted_or_not_asked_for_is_told_no_more_and_the_rest_is_known_by_the_same_key(
    stored: Stored,
) -> None:
    alice, digest = await in_doubt(stored)
    await stored.telling.mute(alice.chat_id, "25", name="", until=None, now=stored.later())
    again = await claimed_digest(stored)
    assert again.key == digest.key
    assert headlines(again.alerts) == headlines(digest.alerts)[1:]
    await stored.mark(again, Retry(stored.now, 2, doubtful=True))
    await stored.unwatch(alice, "EUMAM")
    assert await stored.claim_any() == []
    assert sorted(await stored.states(alice)) == ["muted"] + ["withdrawn"] * 25


async def test_what_a_digest_that_may_have_arrived_has_room_for_no_more_waits_for_another(stored: Stored) -> None:
    _, digest = await in_doubt(stored)
    again = (await claimed_digest(stored)).telling(15)  # as plain text
    await stored.mark(again, Done("m1"))
    others = await claimed_digest(stored)
    assert len(others.alerts) == 11
    assert others.key != digest.key, "else a platform that knows this key would take them for told"


async def test_a_digest_that_may_have_arrived_and_is_rejected_then_comes_one_by_one(stored: Stored) -> None:
    await in_doubt(stored)
    await stored.mark(await claimed_digest(stored), Scatter("odd"))
    assert len(await stored.claim()) == 1


async def test_an_alert_that_may_have_arrived_is_tried_as_it_was_and_joins_no_digest(stored: Stored) -> None:
    await waiting(stored, 1)
    (alert,) = await stored.claim()
    await stored.mark(alert, Retry(stored.now, 1, doubtful=True))
    await stored.publish(LE_MONDE, *(story(f"n{number}", f"EUMAM, new {number}") for number in range(21)))
    (again,) = await stored.claim()
    assert headlines([again]) == headlines([alert])
    await stored.mark(again, Done("m1"))
    assert len((await claimed_digest(stored)).alerts) == 21


async def test_a_digest_that_is_scattered_comes_one_by_one_and_is_no_digest_again(stored: Stored) -> None:
    alice = await waiting(stored, 30)
    await stored.mark(await claimed_digest(stored), Scatter("rejected"))
    one, *others = await stored.claim()
    assert others == []
    await stored.mark(one, GiveUp("odd"))
    assert len(await stored.deliver()) == 29
    assert sorted(await stored.states(alice)) == ["failed"] + ["sent"] * 29


async def test_alerts_that_the_chat_is_entitled_to_no_more_are_in_no_digest(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM", "coalition"])
    await stored.publish(LE_MONDE, *(story(f"e{number}", f"EUMAM {number}") for number in reversed(range(15))))
    await stored.publish(LE_MONDE, *(story(f"c{number}", f"coalition {number}") for number in reversed(range(15))))
    await stored.unwatch(alice, "EUMAM")
    digest = await claimed_digest(stored)
    assert headlines(digest.alerts) == [f"coalition {number}" for number in reversed(range(15))]
    assert digest.waiting == 15
    await stored.unwatch(alice, "coalition")
    await stored.mark(digest, Wait(0))
    assert await stored.claim_any() == []
    assert await stored.states(alice) == ["withdrawn"] * 30


async def test_what_a_crash_left_in_hand_is_a_digest_again(stored: Stored) -> None:
    await waiting(stored, 60)
    assert len((await claimed_digest(stored)).alerts) == 30
    assert await stored.outbox.recover("telegram", run="the next", now=stored.later()) == 30
    assert (await claimed_digest(stored)).waiting == 60


async def test_many_alerts_in_one_chat_delay_nobody(stored: Stored) -> None:
    await waiting(stored, 500)
    await stored.chat("bob", follows=[LE_MONDE], watches=["coalition"])
    await stored.publish(LE_MONDE, story("c", "A coalition"))
    claimed = await stored.claim_any(limit=1)
    assert [one.address.chat for one in claimed] == ["bob"], "the newest matter goes first"


async def test_old_matter_has_its_turn_although_there_is_always_something_newer(stored: Stored) -> None:
    await waiting(stored, 1, "old")
    others = [await stored.chat(f"new {number}", follows=[LE_MONDE], watches=["coalition"]) for number in range(5)]
    served = []
    for number in range(len(others)):
        await stored.publish(LE_MONDE, story(f"c{number}", f"A coalition {number}"))
        (alert,) = await stored.claim(limit=1)
        served.append(alert.address.chat)
        await stored.mark(alert, Done("m"))
    assert "old" in served[:4]


# What waited while a chat took nothing


async def test_a_chat_that_returns_is_told_once_what_waited(stored: Stored) -> None:
    alice = await waiting(stored, 1)
    (alert,) = await stored.claim()
    since = (await stored.sql("SELECT made_at FROM alerts"))[0][0]
    await stored.mark(alert, Hold("blocked"))
    await stored.publish(LE_MONDE, story("b", "EUMAM two"))
    assert await stored.chats.returned(alice.address, stored.later())
    await stored.publish(LE_MONDE, story("c", "EUMAM three"))
    (first,) = await stored.claim()
    assert first.missed == Missed(since, 2), "the third came after its return"
    await stored.mark(first, Wait(0))
    (again,) = await stored.claim()
    assert again.missed == Missed(since, 2), "it was not told yet"
    await stored.mark(again, Done("m1"))
    assert [alert.missed for alert in await stored.deliver()] == [None, None]


async def test_a_chat_for_which_nothing_waited_is_told_nothing(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.chats.gone(alice.address, "blocked", stored.later())
    assert await stored.chats.returned(alice.address, stored.later())
    await stored.publish(LE_MONDE, story("a"))
    (alert,) = await stored.claim()
    assert alert.missed is None


@pytest.mark.parametrize("held_by", ["quiet hours", "a digest"])
async def test_what_a_chat_has_missed_and_its_hours_hold_is_told_of_when_it_comes(stored: Stored, held_by: str) -> None:
    alice = await waiting(stored, 2)
    await stored.chats.gone(alice.address, "blocked", stored.now)
    in_an_hour = int(stored.now // 60 + 60) % 1440
    if held_by == "quiet hours":
        await stored.telling.set_quiet(alice.chat_id, Quiet((in_an_hour - 120) % 1440, in_an_hour), stored.now)
    else:
        filters = [one.filter_id for one in await stored.chats.filters(alice.chat_id, stored.now)]
        await stored.telling.set_modes(alice.chat_id, filters, Mode.DIGEST, stored.now)
        await stored.telling.set_digest(alice.chat_id, in_an_hour, stored.now)
    since = (await stored.sql("SELECT min(made_at) FROM alerts"))[0][0]
    assert await stored.chats.returned(alice.address, stored.later())
    assert await stored.claim_any() == []
    stored.later(3_600)
    missed = [alert.missed for alert in sorted(await stored.deliver(), key=lambda alert: alert.missed is None)]
    assert missed == [Missed(since, 2), None]


async def test_what_is_new_does_not_say_that_it_was_missed(stored: Stored) -> None:
    alice = await waiting(stored, 1)
    await stored.chats.gone(alice.address, "blocked", stored.now)
    assert await stored.chats.returned(alice.address, stored.later())
    stored.later(120)
    await stored.publish(LE_MONDE, story("new", "EUMAM anew"))
    new, old = await stored.deliver()
    assert (new.entry.title, new.missed) == ("EUMAM anew", None)
    assert old.missed == Missed(old.made_at, 1)


async def test_much_that_waited_is_told_of_by_the_first_digest(stored: Stored) -> None:
    alice = await waiting(stored, 50)
    await stored.chats.gone(alice.address, "blocked", stored.later())
    assert await stored.chats.returned(alice.address, stored.later())
    digest = await claimed_digest(stored)
    assert digest.alerts[0].missed is not None
    assert digest.alerts[0].missed.count == 50
    await stored.mark(digest, Done("m1"))
    assert (await claimed_digest(stored)).alerts[0].missed is None


# What is held


async def test_what_is_held_comes_when_its_time_has_come_and_says_why_it_was(stored: Stored) -> None:
    alice = await waiting(stored, 2)
    until = stored.now + 3_600
    assert await stored.outbox.hold(alice.chat_id, until=until, why="quiet") == 2
    assert await stored.claim() == []
    assert await stored.outbox.next_ready("telegram") == until
    await stored.outbox.recover("telegram", run="the next", now=stored.later())
    assert await stored.claim() == [], "nor after a restart"
    assert await stored.outbox.next_ready("telegram") == until
    stored.later(3_600)
    assert [(alert.held, alert.attempts) for alert in await stored.deliver()] == [("quiet", 0)] * 2


async def test_what_comes_while_others_are_held_comes_at_once(stored: Stored) -> None:
    alice = await waiting(stored, 2)
    await stored.outbox.hold(alice.chat_id, until=stored.now + 3_600, why="digest")
    await stored.publish(LE_MONDE, story("new", "EUMAM, just in"))
    assert headlines(await stored.deliver()) == ["EUMAM, just in"]
    stored.later(3_600)
    assert len(await stored.deliver()) == 2


async def test_a_pace_holds_what_is_released_too(stored: Stored) -> None:
    alice = await waiting(stored, 2)
    (alert,) = await stored.claim()
    await stored.mark(alert, Done("m1"), next_at=stored.now + 600)
    await stored.outbox.hold(alice.chat_id, until=stored.now + 60, why="quiet")
    stored.later(120)
    assert await stored.claim() == []
    stored.later(480)
    assert len(await stored.claim()) == 1


# Replies


async def reply_to(stored: Stored, parent_id: int, *, silent: bool = True) -> None:
    """As a development of the event would be put into the outbox."""
    await stored.database.write(
        lambda db: db.execute(
            """INSERT INTO alerts (chat_id, event_id, story_id, state, made_at, parent_id, silent)
               SELECT chat_id, event_id, story_id, 'due', ?, id, ? FROM alerts WHERE id = ?""",
            (stored.later(), silent, parent_id),
        )
    )


async def test_a_reply_points_to_its_alert_s_message_asks_in_its_name_and_makes_no_sound(stored: Stored) -> None:
    await waiting(stored, 1)
    (parent,) = await stored.deliver()
    await reply_to(stored, parent.alert_id)
    await stored.outbox.recover("telegram", run="the next", now=stored.later())
    (reply,) = await stored.claim()
    assert (reply.reply_to, reply.silent, reply.matches) == (f"m{parent.alert_id}", True, parent.matches)


async def test_a_reply_comes_after_what_it_replies_to(stored: Stored) -> None:
    await waiting(stored, 1)
    (parent,) = await stored.claim()
    await stored.mark(parent, Wait(0))
    stored.later(3_600)
    await reply_to(stored, parent.alert_id)
    order = [(alert.alert_id, alert.reply_to) for alert in await stored.deliver()]
    assert order == [(parent.alert_id, None), (parent.alert_id + 1, f"m{parent.alert_id}")]


async def test_a_reply_is_withdrawn_with_the_filter_in_whose_name_it_asks(stored: Stored) -> None:
    alice = await waiting(stored, 1)
    (parent,) = await stored.deliver()
    await reply_to(stored, parent.alert_id)
    await stored.unwatch(alice, "EUMAM")
    await stored.outbox.recover("telegram", run="the next", now=stored.later())
    assert await stored.claim() == []
    assert await stored.states(alice) == ["sent", "withdrawn"]
