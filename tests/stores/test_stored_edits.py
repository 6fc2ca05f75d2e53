"""Edits of alerts that were sent: at most one a minute, the newest version of many, none after a day."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.delivery import Decision, Done, GiveUp, Hold, Relocate, Retry, Wait
from bot.ports.outbox import ClaimedDigest
from support.stored import EURACTIV, LE_MONDE, Stored, story


@pytest.fixture
async def stored(tmp_path: Path) -> AsyncIterator[Stored]:
    async with Stored.opened(tmp_path) as opened:
        await opened.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
        yield opened


async def sent(stored: Stored) -> int:
    """An alert that was sent."""
    await stored.publish(LE_MONDE, story("a"))
    return (await stored.deliver())[-1].alert_id


async def wanted(stored: Stored, alert_id: int) -> None:
    await stored.outbox.want_edit(alert_id, now=stored.later())


async def test_an_alert_is_edited_once_for_many_wishes_and_then_a_minute_later(stored: Stored) -> None:
    alert_id = await sent(stored)
    for _ in range(3):
        await wanted(stored, alert_id)
    (edit,) = await stored.claim_edits()
    assert (edit.alert.alert_id, edit.message_id, edit.address.chat) == (alert_id, f"m{alert_id}", "alice")
    assert await stored.claim_edits() == [], "it is in hand"
    await stored.mark(edit, Done(edit.message_id))
    at = stored.now + 60
    await wanted(stored, alert_id)
    assert await stored.claim_edits() == []
    assert await stored.outbox.next_ready("telegram") == at
    stored.later(60)
    (edit,) = await stored.claim_edits()
    await stored.mark(edit, Done(edit.message_id))
    stored.later(120)
    assert await stored.claim_edits() == []
    assert await stored.outbox.next_ready("telegram") is None


async def test_a_wish_that_comes_while_the_edit_is_in_hand_is_fulfilled_a_minute_later(stored: Stored) -> None:
    alert_id = await sent(stored)
    await wanted(stored, alert_id)
    stored.later(60)
    (edit,) = await stored.claim_edits()
    await wanted(stored, alert_id)
    await stored.mark(edit, Done(edit.message_id))
    done_at = stored.now
    assert await stored.claim_edits() == []
    assert await stored.outbox.next_ready("telegram") == done_at + 60
    stored.later(60)
    (again,) = await stored.claim_edits()
    await stored.mark(again, Done(again.message_id))
    await wanted(stored, alert_id)
    assert await stored.claim_edits() == []
    stored.later(60)
    assert len(await stored.claim_edits()) == 1


@pytest.mark.parametrize(
    ("decision", "after", "attempts", "plain"),
    [
        pytest.param(Retry(0, 1), 1.0, 1, False, id="tried again"),
        pytest.param(Retry(0, 0, plain=True), 1.0, 0, True, id="tried again as plain text"),
        pytest.param(Wait(0, 2), 1.0, 2, False, id="its chat waited"),
    ],
)
async def test_an_edit_that_was_not_taken_is_tried_again(
    stored: Stored, decision: Decision, after: float, attempts: int, plain: bool
) -> None:
    await wanted(stored, await sent(stored))
    stored.later(60)
    (edit,) = await stored.claim_edits()
    await stored.mark(edit, decision)
    stored.later(after)
    (again,) = await stored.claim_edits()
    assert (again.attempts, again.plain) == (attempts, plain)


@pytest.mark.parametrize(
    "decision",
    [
        pytest.param(Done(""), id="its message is gone"),
        pytest.param(GiveUp("rejected"), id="rejected"),
        pytest.param(Hold("blocked"), id="its chat is gone"),
        pytest.param(Relocate("-100"), id="its chat moved, where messages have other numbers"),
    ],
)
async def test_an_edit_that_cannot_be_made_is_let_go_and_the_alert_stays_sent(
    stored: Stored, decision: Decision
) -> None:
    alert_id = await sent(stored)
    await wanted(stored, alert_id)
    stored.later(60)
    (edit,) = await stored.claim_edits()
    await stored.mark(edit, decision)
    stored.later(120)
    assert await stored.claim_edits() == []
    assert await stored.sql("SELECT state FROM alerts WHERE id = ?", alert_id) == [("sent",)]
    if decision == Done(""):
        await wanted(stored, alert_id)
        assert await stored.count("edits") == 0, "there is nothing to edit, ever"


async def test_nothing_is_edited_a_day_after_it_was_sent(stored: Stored) -> None:
    alert_id = await sent(stored)
    stored.later(86_399 - 60)
    await wanted(stored, alert_id)
    assert await stored.count("edits") == 1
    stored.later(120)
    assert await stored.claim_edits() == []
    await wanted(stored, alert_id)
    assert await stored.count("edits") == 0


async def test_what_is_not_sent_yet_needs_no_edit_but_what_is_in_hand_may(stored: Stored) -> None:
    await stored.publish(LE_MONDE, story("a"))
    ((alert_id,),) = await stored.sql("SELECT id FROM alerts")
    await wanted(stored, alert_id)
    assert await stored.count("edits") == 0
    (alert,) = await stored.claim()
    await wanted(stored, alert_id)
    await stored.mark(alert, Done("m1"))
    stored.later(60)
    (edit,) = await stored.claim_edits()
    assert edit.message_id == "m1"


async def test_what_went_back_to_wait_is_written_anew_and_needs_no_edit(stored: Stored) -> None:
    await stored.publish(LE_MONDE, story("a"))
    (alert,) = await stored.claim()
    await wanted(stored, alert.alert_id)
    await stored.mark(alert, Retry(stored.now + 600))
    stored.later(60)
    assert await stored.claim_edits() == []
    assert await stored.count("edits") == 0


async def test_an_alert_of_a_digest_has_no_message_of_its_own_to_edit(stored: Stored) -> None:
    await stored.publish(LE_MONDE, *(story(f"{number}") for number in range(30)))
    (digest,) = await stored.claim_any()
    assert isinstance(digest, ClaimedDigest)
    await stored.mark(digest, Done("m1"))
    await wanted(stored, digest.alerts[0].alert_id)
    assert await stored.count("edits") == 0


async def test_what_an_ended_run_had_in_hand_is_edited_by_the_next(stored: Stored) -> None:
    await wanted(stored, await sent(stored))
    stored.later(60)
    assert len(await stored.claim_edits()) == 1
    await stored.outbox.recover("telegram", run="the next", now=stored.later())
    assert len(await stored.claim_edits()) == 1


async def test_an_edit_of_an_alert_that_was_erased_meanwhile_is_forgotten(stored: Stored) -> None:
    await wanted(stored, await sent(stored))
    stored.later(60)
    (edit,) = await stored.claim_edits()
    await stored.chats.erase(edit.chat_id)
    for decision in (Done("m1"), Retry(0), Wait(0), GiveUp("x"), Hold("x"), Relocate("-100")):
        await stored.mark(edit, decision)
    assert await stored.count("edits") == 0


POLITICS = "https://www.lemonde.example/politics/rss"
NEWS = "https://euractiv.example/news/rss"


async def test_an_alert_names_each_other_outlet_once_by_the_feed_that_came_first_and_never_its_own(
    stored: Stored,
) -> None:
    alice = await stored.chat("alice", follows=[POLITICS, NEWS, EURACTIV])
    alert_id = await sent(stored)
    await stored.publish(POLITICS, story("a"))
    assert await stored.count("edits") == 0, "its own outlet's other feed tells nothing new"
    for url in (NEWS, EURACTIV):
        await stored.publish(url, story("a"))
    stored.later(60)
    (edit,) = await stored.claim_edits()
    assert (edit.chat_id, edit.alert.alert_id) == (alice.chat_id, alert_id)
    assert edit.alert.also == (NEWS,)


async def test_outlets_that_go_by_one_name_are_named_once(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[EURACTIV, "https://mirror.example/rss"])
    await stored.database.write(
        lambda db: db.execute("UPDATE feeds SET title = 'Euractiv' WHERE url != ?", (LE_MONDE,))
    )
    await sent(stored)
    for url in (EURACTIV, "https://mirror.example/rss"):
        await stored.publish(url, story("a"))
    stored.later(60)
    (edit,) = await stored.claim_edits()
    assert (edit.chat_id, edit.alert.also) == (alice.chat_id, ("Euractiv",))


async def test_an_edit_of_an_alert_that_its_chat_asks_for_no_more_is_let_go(stored: Stored) -> None:
    alert_id = await sent(stored)
    await stored.unwatch(await stored.chat("alice"), "EUMAM")
    await wanted(stored, alert_id)
    assert await stored.claim_edits() == []
    assert await stored.count("edits") == 0, "it would be in hand for ever"
