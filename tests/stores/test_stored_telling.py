"""What a chat says of when and how it is told holds for what is claimed: held, silent, in a digest, or discarded."""

import math
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.chats import Address
from bot.domain.delivery import Done, Retry
from bot.domain.hours import Quiet
from bot.domain.notices import Notice, PauseOver, Silence
from bot.domain.retention import DAY
from bot.domain.telling import Mode
from bot.ports.chats import Chat
from bot.ports.outbox import ClaimedAlert, ClaimedDigest, ClaimedEdit
from support.stored import EURACTIV, LE_MONDE, START, Stored, headlines, story

NIGHT = Quiet(22 * 60, 7 * 60)


@pytest.fixture
async def stored(tmp_path: Path) -> AsyncIterator[Stored]:
    async with Stored.opened(tmp_path) as opened:
        yield opened


def at(day: int, hour: int, minute: int = 0) -> float:
    """An instant of a January, which is later than the store's first."""
    return datetime(2027, 1, day, hour, minute, tzinfo=UTC).timestamp()


async def telling(stored: Stored, *queries: str, day: int = 20, hour: int = 12, name: str = "alice") -> Chat:
    """A chat that watches these queries, at this time of day."""
    alice = await stored.chat(name, follows=[LE_MONDE, EURACTIV], watches=queries or ["EUMAM"])
    stored.now = at(day, hour)
    return alice


async def told(stored: Stored) -> list[ClaimedAlert | ClaimedDigest]:
    """What can be delivered now, delivered."""
    delivered: list[ClaimedAlert | ClaimedDigest] = []
    while claimed := await stored.claim_any():
        for one in claimed:
            await stored.mark(one, Done(f"m{stored.now:.0f}"))
        delivered += claimed
    return delivered


async def by_mode(stored: Stored, chat: Chat, mode: Mode, *queries: str) -> None:
    made = await stored.chats.filters(chat.chat_id, stored.now)
    chosen = [one.filter_id for one in made if one.query in queries]
    await stored.telling.set_modes(chat.chat_id, chosen, mode, stored.later())


async def test_what_comes_in_quiet_hours_comes_when_they_end_and_says_so(stored: Stored) -> None:
    alice = await telling(stored, hour=21)
    await stored.telling.set_quiet(alice.chat_id, NIGHT, stored.now)
    await stored.publish(LE_MONDE, story("a", "EUMAM in the evening"))
    (before,) = await told(stored)
    stored.now = at(20, 22, 10)
    await stored.publish(LE_MONDE, story("b", "EUMAM at night"))
    assert await told(stored) == []
    assert (await stored.states(alice))[-1] == "held"
    assert await stored.outbox.next_ready("telegram") == at(21, 7)
    stored.now = at(21, 7)
    (after,) = await told(stored)
    assert isinstance(before, ClaimedAlert)
    assert isinstance(after, ClaimedAlert)
    assert (before.held, after.held) == ("", "quiet")
    assert at(20, 22, 10) <= after.made_at <= at(20, 22, 11)


async def test_quiet_hours_are_by_the_chats_clocks(stored: Stored) -> None:
    alice = await telling(stored, hour=20)
    await stored.telling.set_quiet(alice.chat_id, NIGHT, stored.now)
    await stored.telling.set_zone(alice.chat_id, "Europe/Kyiv", stored.now)  # where it is 22 o'clock
    await stored.publish(LE_MONDE, story("a"))
    assert await told(stored) == []
    stored.now = at(21, 5)
    assert len(await told(stored)) == 1


async def test_what_waited_through_the_night_comes_as_a_digest_where_it_is_much(stored: Stored) -> None:
    alice = await telling(stored, hour=23)
    await stored.telling.set_quiet(alice.chat_id, NIGHT, stored.now)
    await stored.publish(LE_MONDE, *(story(f"{number}", f"EUMAM {number}") for number in range(30)))
    assert await told(stored) == []
    stored.now = at(21, 7)
    (digest,) = await told(stored)
    assert isinstance(digest, ClaimedDigest)
    assert len(digest.alerts) == 30


async def test_what_a_pause_has_held_says_so_unless_quiet_hours_then_hold_it_on(stored: Stored) -> None:
    alice = await telling(stored, hour=12)
    await stored.pause(alice)
    await stored.publish(LE_MONDE, story("a"))
    await stored.resume(alice)
    await stored.publish(LE_MONDE, story("b"))
    assert [one.held for one in await told(stored) if isinstance(one, ClaimedAlert)] == ["pause", ""]
    await stored.pause(alice)
    await stored.publish(LE_MONDE, story("c"))
    await stored.telling.set_quiet(alice.chat_id, Quiet(12 * 60, 13 * 60), stored.now)
    await stored.resume(alice)
    assert await told(stored) == []
    stored.now = at(20, 13)
    assert [one.held for one in await told(stored) if isinstance(one, ClaimedAlert)] == ["quiet"]


async def test_a_pause_ends_by_itself_once_and_says_what_comes(stored: Stored) -> None:
    alice, bob = [await telling(stored, hour=12, name=name) for name in ("alice", "bob")]
    await stored.pause(bob)
    until = stored.now + 3_600
    await stored.chats.pause(alice.chat_id, paused=True, now=stored.now, until=until)
    await stored.publish(LE_MONDE, story("a"))
    stored.now = until - 1
    assert not await stored.telling.end_pauses(UTC, stored.now)
    assert await told(stored) == []
    stored.now = until
    assert await stored.telling.end_pauses(UTC, stored.now)
    assert [one.held for one in await told(stored) if isinstance(one, ClaimedAlert)] == ["pause"]
    assert not await stored.telling.end_pauses(UTC, stored.later())
    (notice,) = await stored.notices.due("telegram", stored.now, 10)
    assert notice.notice == Notice(alice.chat_id, pause_over=PauseOver(1, 0))
    assert [await paused(stored, name) for name in ("alice", "bob")] == [(False, None), (True, None)]


async def test_a_pause_that_ends_in_quiet_hours_says_at_their_end_what_comes_then(stored: Stored) -> None:
    alice = await telling(stored, hour=21)
    await stored.telling.set_quiet(alice.chat_id, NIGHT, stored.now)
    await stored.chats.pause(alice.chat_id, paused=True, now=stored.now, until=at(20, 23))
    await stored.publish(LE_MONDE, story("a"))
    stored.now = at(20, 23)
    assert await stored.telling.end_pauses(UTC, stored.now)
    assert await stored.notices.due("telegram", stored.now, 10) == []
    stored.now = at(21, 7)
    (notice,) = await stored.notices.due("telegram", stored.now, 10)
    assert notice.notice == Notice(alice.chat_id, pause_over=PauseOver(1, 0))
    assert len(await told(stored)) == 1


async def test_a_pause_that_is_ended_or_renewed_does_not_end_by_itself(stored: Stored) -> None:
    alice, bob = [await telling(stored, hour=12, name=name) for name in ("alice", "bob")]
    for chat in (alice, bob):
        await stored.chats.pause(chat.chat_id, paused=True, now=stored.now, until=stored.now + 60)
    await stored.resume(alice)
    await stored.pause(bob)
    assert not await stored.telling.end_pauses(UTC, stored.later(3_600))
    assert [await paused(stored, name) for name in ("alice", "bob")] == [(False, None), (True, None)]


@pytest.mark.parametrize(
    ("old", "new", "both"),
    [
        pytest.param(None, 60.0, 60.0, id="one of them"),
        pytest.param(90.0, 60.0, 90.0, id="both for a while"),
        pytest.param(math.inf, 60.0, None, id="one of them until it is ended"),
    ],
)
async def test_of_two_chats_that_become_one_the_longer_pause_counts(
    stored: Stored, old: float | None, new: float, both: float | None
) -> None:
    for name, seconds in (("old", old), ("new", new)):
        chat = await stored.chat(name)
        if seconds is not None:
            until = None if seconds == math.inf else START + seconds
            await stored.chats.pause(chat.chat_id, paused=True, now=stored.now, until=until)
    await stored.chats.moved(Address("telegram", "old"), "new", stored.later())
    assert await paused(stored, "new") == (True, None if both is None else START + both)


async def paused(stored: Stored, name: str) -> tuple[bool, float | None]:
    chat = await stored.chats.find(Address("telegram", name))
    assert chat is not None
    return chat.paused, chat.paused_until


async def test_no_quiet_hours_any_more_let_what_is_held_go_at_once(stored: Stored) -> None:
    alice = await telling(stored, hour=23)
    await stored.telling.set_quiet(alice.chat_id, NIGHT, stored.now)
    await stored.publish(LE_MONDE, story("a"))
    assert await told(stored) == []
    await stored.telling.set_quiet(alice.chat_id, None, stored.later())
    assert len(await told(stored)) == 1


async def test_an_alert_whose_try_failed_is_quiet_too_and_is_tried_when_the_hours_end(stored: Stored) -> None:
    alice = await telling(stored, hour=21)
    await stored.publish(LE_MONDE, story("a"))
    (alert,) = await stored.claim()
    await stored.mark(alert, Retry(at(20, 22, 5), 1))
    await stored.telling.set_quiet(alice.chat_id, NIGHT, stored.later())
    stored.now = at(20, 22, 6)
    assert await told(stored) == []
    stored.now = at(21, 7)
    assert len(await told(stored)) == 1


async def test_a_silent_filter_tells_without_a_sound_unless_another_that_is_not_asks_too(stored: Stored) -> None:
    alice = await telling(stored, "EUMAM", "graduates")
    await by_mode(stored, alice, Mode.SILENT, "EUMAM")
    await stored.publish(LE_MONDE, story("b", "EUMAM and its graduates"), story("a", "EUMAM alone"))
    alerts = {alert.entry.title: alert.silent for alert in await stored.deliver()}
    assert alerts == {"EUMAM alone": True, "EUMAM and its graduates": False}


async def test_a_filter_in_digest_mode_tells_once_a_day_in_one_message_newest_first(stored: Stored) -> None:
    alice = await telling(stored, "EUMAM", "coalition")
    await by_mode(stored, alice, Mode.DIGEST, "EUMAM")
    await stored.telling.set_digest(alice.chat_id, 8 * 60, stored.now)
    for number in range(3):
        await stored.publish(LE_MONDE, story(f"e{number}", f"EUMAM {number}"))
        assert await told(stored) == []
    await stored.publish(LE_MONDE, story("c", "a coalition"))
    (alert,) = await told(stored)
    assert isinstance(alert, ClaimedAlert), "of the other filter"
    stored.now = at(21, 8)
    (digest,) = await told(stored)
    assert isinstance(digest, ClaimedDigest)
    assert headlines(digest.alerts) == ["EUMAM 2", "EUMAM 1", "EUMAM 0"]
    await stored.publish(LE_MONDE, story("later", "EUMAM, later"))
    assert await told(stored) == [], "until tomorrow"
    stored.now = at(22, 8)
    assert len(await told(stored)) == 1


async def test_a_digest_whose_time_was_slept_through_comes_at_the_next_start(stored: Stored) -> None:
    alice = await telling(stored)
    await by_mode(stored, alice, Mode.DIGEST, "EUMAM")
    await stored.telling.set_digest(alice.chat_id, 8 * 60, stored.now)
    await stored.publish(LE_MONDE, story("a", "EUMAM 1"), story("b", "EUMAM 2"))
    stored.now = at(23, 15)  # none of it was claimed till then
    await stored.outbox.recover("telegram", run="the next", now=stored.now)
    assert len(await told(stored)) >= 1
    assert await stored.states(alice) == ["sent", "sent"]


async def test_another_time_or_mode_is_of_what_waits_already(stored: Stored) -> None:
    alice = await telling(stored)
    await by_mode(stored, alice, Mode.DIGEST, "EUMAM")
    await stored.telling.set_digest(alice.chat_id, 8 * 60, stored.now)
    await stored.publish(LE_MONDE, story("a", "EUMAM 1"), story("b", "EUMAM 2"))
    assert await told(stored) == []
    await stored.telling.set_digest(alice.chat_id, 18 * 60, stored.later())
    assert await told(stored) == []
    assert await stored.outbox.next_ready("telegram") == at(20, 18)
    await by_mode(stored, alice, Mode.INSTANT, "EUMAM")
    assert [type(one) for one in await told(stored)] == [ClaimedAlert, ClaimedAlert]


async def test_every_story_of_a_feed_is_told_at_once_whatever_the_digest(stored: Stored) -> None:
    alice = await telling(stored)
    await stored.follow(alice, EURACTIV, everything=True)
    await by_mode(stored, alice, Mode.DIGEST, "EUMAM")
    await stored.telling.set_digest(alice.chat_id, 8 * 60, stored.now)
    await stored.publish(EURACTIV, story("a"))
    assert len(await told(stored)) == 1


# Muting


async def mute(stored: Stored, chat: Chat, query: str, seconds: float | None = None) -> int:
    until = None if seconds is None else stored.now + seconds
    return (await stored.telling.mute(chat.chat_id, query, name="", until=until, now=stored.later())).mute_id


async def counted(stored: Stored, chat: Chat) -> dict[str, int]:
    return {mute.query: mute.muted for mute in await stored.telling.mutes(chat.chat_id, stored.now)}


@pytest.mark.parametrize(
    ("query", "left"),
    [
        pytest.param("graduate", ["EUMAM moves"], id="a word in any form"),
        pytest.param("source:elsewhere.example", ["EUMAM moves"], id="an outlet"),
        pytest.param("lecture", ["EUMAM moves"], id="a word of the text alone"),
        pytest.param('="Graduates"', ["EUMAM Graduates", "EUMAM moves"], id="in doubt, push: other characters"),
        pytest.param("football", ["EUMAM Graduates", "EUMAM moves"], id="what is not there"),
    ],
)
async def test_what_is_muted_is_discarded_and_counted(stored: Stored, query: str, left: list[str]) -> None:
    alice = await telling(stored)
    await mute(stored, alice, query)
    await stored.publish(
        LE_MONDE,
        story("b", "EUMAM moves"),
        story("a", "EUMAM graduate", url="https://elsewhere.example/a", content="A lecture."),
    )
    expected = [title.replace("Graduates", "graduate") for title in left]
    assert sorted(headlines(await stored.deliver())) == sorted(expected)
    assert await counted(stored, alice) == {query: 2 - len(left)}
    assert (await stored.chats.standing(alice.chat_id, stored.now)).muted == 2 - len(left)


async def test_an_event_of_which_one_outlet_is_muted_is_told_by_another(stored: Stored) -> None:
    alice = await telling(stored)
    await mute(stored, alice, 'source:"https://lemonde.example/rss"')
    await stored.publish(LE_MONDE, story("a"))
    assert await stored.deliver() == []
    await stored.publish(EURACTIV, story("a"))
    assert [alert.outlet for alert in await stored.deliver()] == [EURACTIV]
    assert await stored.states(alice) == ["muted", "sent"]


async def test_an_event_is_told_by_who_reported_it_before_the_outlet_that_is_muted_was_claimed(stored: Stored) -> None:
    alice = await telling(stored)
    await stored.pause(alice)
    await stored.publish(LE_MONDE, story("a", "EUMAM sport"))
    await stored.publish(EURACTIV, story("a", "EUMAM moves to the front"))
    await mute(stored, alice, "sport")
    await stored.resume(alice)
    assert headlines(await stored.deliver()) == ["EUMAM moves to the front"]
    assert await counted(stored, alice) == {"sport": 1}


async def test_an_event_that_everybody_tells_with_a_muted_word_is_discarded_and_counted_once(stored: Stored) -> None:
    alice = await telling(stored)
    await mute(stored, alice, "sport")
    for url in (LE_MONDE, EURACTIV):
        await stored.publish(url, story("a", "EUMAM sport"))
        assert await stored.deliver() == []
    assert await counted(stored, alice) == {"sport": 1}
    assert (await stored.chats.standing(alice.chat_id, stored.now)).muted == 1
    assert [one.hits_week for one in await stored.chats.filters(alice.chat_id, stored.now)] == [0]


async def test_what_was_discarded_is_not_told_after_the_mute_but_another_report_of_its_event_is(stored: Stored) -> None:
    alice = await telling(stored)
    muted = await mute(stored, alice, "sport")
    await stored.publish(LE_MONDE, story("a", "EUMAM sport"))
    assert await stored.deliver() == []
    await stored.telling.unmute(alice.chat_id, muted)
    (found,) = await stored.sql("SELECT id FROM stories WHERE entry LIKE '%EUMAM sport%'")
    await stored.database.write(lambda db: db.execute("UPDATE stories SET pending = 1 WHERE id = ?", found))
    await stored.settle()
    assert await stored.deliver() == [], "it is what it was"
    await stored.publish(EURACTIV, story("a", "EUMAM sport"))
    assert [alert.outlet for alert in await stored.deliver()] == [EURACTIV]


async def test_what_was_discarded_and_has_changed_is_matched_and_judged_anew(stored: Stored) -> None:
    alice = await telling(stored)
    await mute(stored, alice, "sport")
    await stored.publish(LE_MONDE, story("a", "EUMAM sport"))
    assert await stored.deliver() == []
    await stored.publish(LE_MONDE, story("a", "EUMAM sport, live"))
    assert await stored.deliver() == []
    assert await counted(stored, alice) == {"sport": 1}
    await stored.publish(LE_MONDE, story("a", "EUMAM moves to the front"))
    assert headlines(await stored.deliver()) == ["EUMAM moves to the front"]


async def test_what_one_outlet_reports_of_every_story_is_told_by_another_that_is_not_muted(stored: Stored) -> None:
    alice = await stored.chat("alice")
    for url in (LE_MONDE, EURACTIV):
        await stored.follow(alice, url, everything=True)
    await mute(stored, alice, "sport")
    await stored.publish(LE_MONDE, story("a", "Sport"))
    assert await stored.deliver() == []
    await stored.publish(EURACTIV, story("a", "A match"))
    assert headlines(await stored.deliver()) == ["A match"]


async def test_what_is_told_instead_is_in_the_digest_that_the_muted_would_have_been_in(stored: Stored) -> None:
    alice = await telling(stored, hour=9)
    await by_mode(stored, alice, Mode.DIGEST, "EUMAM")
    await stored.telling.set_digest(alice.chat_id, 8 * 60, stored.now)
    await stored.publish(LE_MONDE, story("a", "EUMAM sport"), story("b", "EUMAM also"))
    await stored.publish(EURACTIV, story("a", "EUMAM moves"))
    assert await told(stored) == []
    await mute(stored, alice, "sport")
    stored.now = at(21, 8)
    (digest,) = await told(stored)
    assert isinstance(digest, ClaimedDigest)
    assert sorted(headlines(digest.alerts)) == ["EUMAM also", "EUMAM moves"]


async def test_what_is_told_instead_waits_for_a_digest_where_its_filter_wants_that(stored: Stored) -> None:
    alice = await telling(stored, "EUMAM", "coalition", hour=9)
    await by_mode(stored, alice, Mode.DIGEST, "EUMAM")
    await stored.telling.set_digest(alice.chat_id, 8 * 60, stored.now)
    await stored.pause(alice)
    await stored.publish(LE_MONDE, story("a", "EUMAM coalition sport"))
    await stored.publish(EURACTIV, story("a", "EUMAM moves"))
    await mute(stored, alice, "sport")
    await stored.resume(alice)
    assert await told(stored) == []
    assert await stored.states(alice) == ["muted", "held"]
    stored.now = at(21, 8)
    (alert,) = await told(stored)
    assert isinstance(alert, ClaimedAlert)
    assert (alert.entry.title, alert.held) == ("EUMAM moves", "digest")


async def test_a_muted_event_is_told_again_by_what_comes_of_it_once_it_is_muted_no_more(stored: Stored) -> None:
    alice = await telling(stored, "EUMAM", "coalition")
    await stored.publish(LE_MONDE, story("a", "EUMAM counts"))
    (alert,) = await stored.deliver()
    muted = await mute(stored, alice, f"event:{alert.event_id}")
    await stored.publish(EURACTIV, story("a", "A coalition counts"))
    assert await stored.deliver() == []
    await stored.telling.unmute(alice.chat_id, muted)
    await stored.publish(LE_MONDE, story("a", "EUMAM and a coalition count"))
    assert [alert.entry.title for alert in await stored.deliver()] == ["EUMAM and a coalition count"]


async def test_what_changed_and_is_not_matched_anew_yet_is_discarded_for_the_words_that_it_had(stored: Stored) -> None:
    alice = await telling(stored)
    await stored.publish(LE_MONDE, story("a", "EUMAM in the harbour"))
    await stored.poll(LE_MONDE, story("a", "Graduates are counted"))
    await stored.telling.mute(alice.chat_id, "harbour", name="", until=None, now=stored.now)
    assert await stored.claim() == []
    assert [mute.muted for mute in await stored.telling.mutes(alice.chat_id, stored.now)] == [1]


async def test_a_mute_for_a_while_ends_by_itself(stored: Stored) -> None:
    alice = await telling(stored)
    await mute(stored, alice, "EUMAM", 3_600)
    await stored.publish(LE_MONDE, story("a"))
    assert await stored.deliver() == []
    stored.later(3_600)
    assert await counted(stored, alice) == {}
    await stored.publish(LE_MONDE, story("b"))
    assert len(await stored.deliver()) == 1


@pytest.mark.parametrize("held_by", ["quiet hours", "a digest", "a pause"])
async def test_what_was_made_while_it_was_muted_is_discarded_whatever_held_it_until_the_mute_was_over(
    stored: Stored, held_by: str
) -> None:
    alice = await telling(stored, hour=23)
    if held_by == "quiet hours":
        await stored.telling.set_quiet(alice.chat_id, NIGHT, stored.now)
    elif held_by == "a digest":
        await by_mode(stored, alice, Mode.DIGEST, "EUMAM")
        await stored.telling.set_digest(alice.chat_id, 7 * 60, stored.now)
    else:
        await stored.pause(alice)
    await stored.publish(LE_MONDE, story("before", "EUMAM sport before"))
    await mute(stored, alice, "sport", 3_600)
    await stored.publish(LE_MONDE, story("a", "EUMAM sport"), story("b", "EUMAM"))
    stored.later(3_600)
    await stored.publish(LE_MONDE, story("after", "EUMAM sport after"))
    assert await counted(stored, alice) == {}
    assert await told(stored) == []
    await mute(stored, alice, "sport", 3_600)  # the first is not forgotten for it
    await stored.tidy(after=0.1)
    stored.now = at(21, 7)
    await stored.resume(alice)
    alerts = [
        alert for one in await told(stored) for alert in (one.alerts if isinstance(one, ClaimedDigest) else (one,))
    ]
    assert sorted(headlines(alerts)) == ["EUMAM", "EUMAM sport after", "EUMAM sport before"]
    assert (await stored.chats.standing(alice.chat_id, stored.now)).muted == 1


async def test_what_is_muted_no_more_by_hand_comes_although_it_was_made_meanwhile(stored: Stored) -> None:
    alice = await telling(stored, hour=23)
    await stored.telling.set_quiet(alice.chat_id, NIGHT, stored.now)
    muted = await mute(stored, alice, "sport", 3_600)
    await stored.publish(LE_MONDE, story("a", "EUMAM sport"))
    assert await told(stored) == []
    await stored.telling.unmute(alice.chat_id, muted)
    stored.now = at(21, 7)
    assert len(await told(stored)) == 1


async def test_mutes_that_have_ended_go_once_nothing_waits_that_was_made_before(stored: Stored) -> None:
    alice = await telling(stored)
    await mute(stored, alice, "sport", 3_600)
    await mute(stored, alice, "football")
    await stored.pause(alice)
    await stored.publish(LE_MONDE, story("a", "EUMAM sport"))
    await stored.tidy(after=1)
    assert await stored.count("mutes") == 2
    await stored.resume(alice)
    assert await told(stored) == []
    await stored.tidy()
    assert await stored.sql("SELECT query FROM mutes") == [("football",)]


async def test_an_event_is_muted_with_all_that_is_still_to_come_of_it(stored: Stored) -> None:
    alice = await telling(stored, "EUMAM", "coalition")
    await stored.publish(LE_MONDE, story("a", "EUMAM counts"))
    (alert,) = await stored.deliver()
    ((began,),) = await stored.sql("SELECT first_seen FROM events WHERE id = ?", alert.event_id)
    assert await stored.telling.event(alice.chat_id, alert.event_id) == ("EUMAM counts", began)
    assert await stored.telling.event(alice.chat_id + 1, alert.event_id) is None
    await mute(stored, alice, f"event:{alert.event_id}")
    await stored.publish(EURACTIV, story("a", "A coalition counts"))
    assert await stored.deliver() == []
    assert await stored.states(alice) == ["sent", "muted"]


async def test_a_digest_has_none_of_what_is_muted(stored: Stored) -> None:
    alice = await telling(stored)
    await mute(stored, alice, "sport")
    await stored.publish(LE_MONDE, *(story(f"s{number}", f"EUMAM sport {number}") for number in range(10)))
    await stored.publish(LE_MONDE, *(story(f"n{number}", f"EUMAM {number}") for number in range(12)))
    (digest,) = await told(stored)
    assert isinstance(digest, ClaimedDigest)
    assert (len(digest.alerts), digest.waiting) == (12, 12)
    assert await counted(stored, alice) == {"sport": 10}


async def test_muting_again_is_until_another_instant_and_keeps_the_count(stored: Stored) -> None:
    alice = await telling(stored)
    first = await mute(stored, alice, "EUMAM", 60)
    await stored.publish(LE_MONDE, story("a"))
    assert await stored.deliver() == []
    assert await mute(stored, alice, "EUMAM") == first
    (one,) = await stored.telling.mutes(alice.chat_id, stored.now)
    assert (one.until, one.muted) == (None, 1)


async def test_an_alert_offers_to_mute_its_word_its_outlet_and_its_event_and_so_does_its_edit(stored: Stored) -> None:
    alice = await telling(stored)
    await stored.publish(LE_MONDE, story("a"))
    (alert,) = await stored.deliver()
    lines = [await stored.chats.line_of(alice.chat_id, offer.action) for offer in alert.mutes]
    assert lines == ['/mute "EUMAM" for good', "/mute source:lemonde.example for good", f"/mute event:{alert.event_id}"]
    await stored.outbox.want_edit(alert.alert_id, now=stored.later(100))
    (edit,) = await stored.claim_edits()
    assert isinstance(edit, ClaimedEdit)
    assert edit.alert.mutes == alert.mutes


@pytest.mark.parametrize(
    ("url", "title", "offered"),
    [
        pytest.param("https://lemonde.example/a", "Le Monde", "source:lemonde.example", id="its own site"),
        pytest.param("https://www.lemonde.example/a", "Le Monde", "source:lemonde.example", id="its own, with www"),
        pytest.param("https://live.lemonde.example/a", "Le Monde", "source:lemonde.example", id="below it"),
        pytest.param("https://github.example/tool", "Hacker News", 'source:"Hacker News"', id="another's"),
        pytest.param("https://github.example/tool", "", "source:lemonde.example", id="another's, without a name"),
        pytest.param(None, "Le Monde", 'source:"Le Monde"', id="no link"),
    ],
)
async def test_the_outlet_that_is_offered_is_the_feeds_whatever_it_links_to(
    stored: Stored, url: str | None, title: str, offered: str
) -> None:
    alice = await telling(stored)
    await stored.database.write(lambda db: db.execute("UPDATE feeds SET title = ? WHERE url = ?", (title, LE_MONDE)))
    await stored.publish(LE_MONDE, story("a", url=url))
    (alert,) = await stored.deliver()
    (outlet,) = [offer for offer in alert.mutes if offer.kind == "outlet"]
    assert await stored.chats.line_of(alice.chat_id, outlet.action) == f"/mute {offered} for good"
    await mute(stored, alice, offered)
    await stored.publish(LE_MONDE, story("b", "EUMAM anew", url=url and f"{url}-2"))
    assert await stored.deliver() == []


async def test_buttons_that_were_offered_long_ago_go(stored: Stored) -> None:
    alice = await telling(stored)
    await stored.publish(LE_MONDE, story("a"))
    await stored.deliver()
    kept = await stored.chats.action(alice.chat_id, "/pause")
    await stored.tidy(after=59)
    assert await stored.count("actions") == 4
    stored.later(2 * DAY)
    await stored.tidy()
    assert await stored.sql("SELECT line FROM actions") == [("/pause",)]
    assert await stored.chats.line_of(alice.chat_id, kept) == "/pause"


# Notices


async def test_notices_wait_for_the_end_of_quiet_hours_and_hold_up_nobody_elses(stored: Stored) -> None:
    alice = await telling(stored, hour=23)
    bob = await stored.chat("bob")
    await stored.telling.set_quiet(alice.chat_id, NIGHT, stored.now)
    for chat in (alice, bob):
        await stored.notices.tell([Notice(chat.chat_id, (), (Silence(1, 1, "EUMAM"),))], stored.later())

    async def due() -> list[int]:
        return [one.notice.chat_id for one in await stored.notices.due("telegram", stored.later(), 1)]

    assert await due() == [bob.chat_id]
    stored.now = at(21, 7)
    assert await due() == [alice.chat_id]


# Two chats that become one


async def test_of_two_chats_that_become_one_the_new_ones_wishes_count_and_the_old_ones_where_it_has_none(
    stored: Stored,
) -> None:
    old = await stored.chat("old", follows=[LE_MONDE], watches=["EUMAM"])
    new = await stored.chat("new", follows=[LE_MONDE], watches=["coalition"])
    await stored.telling.set_zone(old.chat_id, "Europe/Kyiv", stored.now)
    await stored.telling.set_quiet(old.chat_id, NIGHT, stored.now)
    await stored.telling.set_quiet(new.chat_id, Quiet(0, 60), stored.now)
    await stored.telling.set_digest(old.chat_id, 480, stored.now)
    await by_mode(stored, old, Mode.DIGEST, "EUMAM")
    for chat, queries in ((old, ("a", "b")), (new, ("b", "c"))):
        for query in queries:
            await mute(stored, chat, query)
    await stored.chats.moved(Address("telegram", "old"), "new", stored.later())
    merged = await stored.chats.find(Address("telegram", "new"))
    assert merged is not None
    assert (merged.zone, merged.quiet, merged.digest) == ("Europe/Kyiv", Quiet(0, 60), 480)
    assert [one.mode for one in await stored.chats.filters(new.chat_id, stored.now)] == [Mode.INSTANT, Mode.DIGEST]
    mutes = await stored.telling.mutes(new.chat_id, stored.now)
    assert [one.query for one in mutes] == ["b", "c", "a"]
    assert [one.number for one in mutes] == [1, 2, 3]
    await mute(stored, new, "d")
    assert [one.number for one in await stored.telling.mutes(new.chat_id, stored.now)] == [1, 2, 3, 5]


async def test_the_number_of_a_mute_is_never_given_to_another(stored: Stored) -> None:
    alice = await stored.chat("alice")
    await mute(stored, alice, "sport")
    await stored.telling.unmute(alice.chat_id, await mute(stored, alice, "opera"))
    await mute(stored, alice, "chess", seconds=60)
    await stored.tidy(after=1)
    await mute(stored, alice, "tennis")
    mutes = await stored.telling.mutes(alice.chat_id, stored.now)
    assert [(one.number, one.query) for one in mutes] == [(1, "sport"), (4, "tennis")]
