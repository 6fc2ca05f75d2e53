"""Whatever happens in whatever order, each match reaches each chat that is entitled to it, and none twice.

A hypothesis state machine over the real stores and the real delivery, with a platform that is scripted: stories come
and change, chats and the topics of a forum watch, mute, pause, are quiet, want digests, move, block and leave; messages
are taken, refused, forbidden, flooded, and taken with the answer lost; the store fails, the process dies before or
after any commit, the clock is set. In half of the runs the platform knows again what it was sent, as Discord does. What
is in a chat at the end is compared with what it was entitled to: what it muted was discarded and counted, what was held
has come, twice there is only what was in flight at a crash or a lost answer. Once all faults are over and time has
passed, nothing waits.

`TOCSIN_MACHINE=1000,60 pytest tests/stores/test_store_machine.py` runs so many examples of so many steps.
"""

import asyncio
import os
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.delivery import SENDS_AT_ONCE, Delivery
from bot.digests import digest_message
from bot.domain.hours import Quiet
from bot.domain.muting import read_mute
from bot.domain.telling import Mode
from bot.ports.chats import Chat
from bot.ports.outbox import Claimed, ClaimedAlert, ClaimedDigest, ClaimedEdit
from bot.ports.store import StoreFailed
from bot.texts import Texts
from storage import InstantStore
from support.scripted import SENDING, AtOnce, Died, Fragile, Platform
from support.stored import EURACTIV, LE_MONDE, START, Stored, story
from support.wishes import Wishes

T = TypeVar("T")

FEEDS = st.sampled_from([LE_MONDE, EURACTIV])
HOMES = {"alice": ("alice", ""), "bob": ("bob", ""), "carol": ("forum", "1"), "dave": ("forum", "2")}  # chat, topic
NAMES = st.sampled_from(list(HOMES))
QUERIES = st.sampled_from(["EUMAM", "coalition"])
TITLES = st.sampled_from(["EUMAM", "coalition", "EUMAM coalition", "Sport"])
MUTES = st.sampled_from(["EUMAM", "coalition", "coalition 24h", "reported 1h", "lemonde.example"])
MOODS = st.sampled_from(
    ["takes", "takes", "takes and the answer is lost", "floods", "is out", "forbids it", "rejects", "rejects plain too"]
)
MISPLACED = """
    SELECT n.* FROM alert_filters n LEFT JOIN alerts a ON a.id = n.alert_id
    WHERE a.id IS NULL OR a.chat_id != n.chat_id OR a.event_id != n.event_id
    OR a.state NOT IN ('due', 'held', 'claimed', 'sent', 'muted')
"""
WAITING = """
    SELECT c.id, c.platform FROM chats c WHERE paused = 0 AND (gone = '' OR look_at IS NOT NULL)
    AND EXISTS (SELECT 1 FROM alerts WHERE chat_id = c.id AND state IN ('due', 'held'))
    AND NOT EXISTS (SELECT 1 FROM alerts WHERE chat_id = c.id AND state = 'claimed') ORDER BY 1
"""
# What a chat asks for now and has not got: the filter or the follow that asks, and the story. Whether it asked before
# the story came is not read from the file, whose instants a clock may have spoiled: the machine has counted its steps.
OWED = """
    SELECT f.chat_id, s.id, 'filter ' || f.id, 'follow ' || w.chat_id || ' ' || w.feed_id
    FROM stories s JOIN matches m ON m.story_id = s.id
    JOIN filters f ON f.query_id = m.query_id JOIN follows w ON w.chat_id = f.chat_id AND w.feed_id = s.feed_id
    WHERE s.pending = 0 AND s.silent = 0
    AND NOT EXISTS (SELECT 1 FROM alerts a WHERE a.chat_id = f.chat_id AND a.story_id = s.id AND a.state = 'failed')
    AND NOT EXISTS (SELECT 1 FROM alert_filters n
                    WHERE n.chat_id = f.chat_id AND n.event_id = s.event_id AND n.filter_id = f.id)
    AND NOT EXISTS (SELECT 1 FROM alerts a JOIN discarded d ON d.alert_id = a.id
                    WHERE a.chat_id = f.chat_id AND a.story_id = s.id AND d.filter_id = f.id)
    UNION ALL
    SELECT w.chat_id, s.id, 'everything ' || w.chat_id || ' ' || w.feed_id, 'follow ' || w.chat_id || ' ' || w.feed_id
    FROM stories s JOIN follows w ON w.feed_id = s.feed_id AND w.everything_since IS NOT NULL
    WHERE s.pending = 0 AND s.silent = 0
    AND NOT EXISTS (SELECT 1 FROM alerts a WHERE a.chat_id = w.chat_id AND a.story_id = s.id AND a.state = 'failed')
    AND NOT EXISTS (SELECT 1 FROM alert_filters n WHERE n.chat_id = w.chat_id AND n.event_id = s.event_id)
    AND NOT EXISTS (SELECT 1 FROM alerts a JOIN discarded d ON d.alert_id = a.id
                    WHERE a.chat_id = w.chat_id AND a.story_id = s.id AND d.filter_id = 0)
"""
DAY = 86_400.0
WAITS = """
    SELECT 'alert', id, state FROM alerts WHERE state IN ('due', 'held', 'claimed')
    UNION ALL SELECT 'lane', chat_id, ready_at FROM lanes UNION ALL SELECT 'edit', alert_id, due_at FROM edits
"""
HELD_TOO_LONG = "SELECT id, held, held_until FROM alerts WHERE state = 'held' AND held_until > ?"
LOOKED_AT_WRONGLY = """
    SELECT gone, look_at FROM chats
    WHERE look_at > ? OR (look_at IS NOT NULL) != (gone IN ('no-rights', 'topic-closed'))
"""
TRIED_TOO_LATE = """
    SELECT 'alert', id, held_until FROM alerts WHERE state = 'held' AND held = '' AND held_until > ?1
    UNION ALL SELECT 'lane', chat_id, free_at FROM lanes WHERE free_at > ?1
    UNION ALL SELECT 'edit', alert_id, due_at FROM edits WHERE due_at > ?1
"""
THERE_IS = """
    SELECT 'filter ' || id FROM filters UNION ALL SELECT 'follow ' || chat_id || ' ' || feed_id FROM follows
    UNION ALL SELECT 'everything ' || chat_id || ' ' || feed_id FROM follows WHERE everything_since IS NOT NULL
    UNION ALL SELECT 'story ' || id FROM stories
"""


class StoredClock:
    """The clock of the stores' verbs."""

    def __init__(self, stored: Stored) -> None:
        self.stored = stored

    def now(self) -> float:
        return self.stored.now

    async def sleep(self, seconds: float) -> None:
        self.stored.later(seconds)


class Loop(asyncio.SelectorEventLoop):
    """A loop whose seconds pass as the stores' do."""

    ahead = 0.0

    def time(self) -> float:
        return super().time() + self.ahead


class Stores(RuleBasedStateMachine):
    """Two chats and two topics of a forum, two feeds, two queries, a few stories; what each rule does is its name."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="tocsin-")
        self.path = Path(self.folder.name) / "tocsin.db"
        self.loop = Loop()
        self.runner = asyncio.Runner(loop_factory=lambda: self.loop)
        self.platform = Platform()
        self.chats: dict[str, Chat] = {}
        self.in_hand: list[Claimed] = []
        self.told: Counter[int] = Counter()  # alerts
        self.doubtful: Counter[int] = Counter()
        self.names: dict[tuple[int, ...], int] = {}  # chat, event, filter: the alert that told it
        self.excused: set[tuple[int, int]] = set()
        self.known: list[tuple[Any, ...]] = []
        self.moves = 0
        self.step = 0
        self.since: dict[str, int] = {}  # in which step there first was each filter, follow and story that there is
        self.now = START
        self.starts()

    # The process

    def starts(self) -> None:
        self.database = Fragile(self.path)
        self.stored = Stored(self.path, self.database)
        self.stored.now = self.now
        self.runner.run(self.database.open())
        self.beside = sqlite3.connect(self.path, isolation_level=None)
        self.delivery = Delivery(
            "telegram",
            self.stored.outbox,
            self.platform,
            AtOnce(),
            StoredClock(self.stored),
            Random(1),
            Texts(),
            run_id=f"run {self.now}",
        )
        self.runner.run(self.delivery._recover())

    def ends(self) -> None:
        """As it would on SIGKILL: SQLite's file is all that is left."""
        self.database.strike = None
        self.beside.close()
        self.runner.run(self.database.close())
        self.in_hand.clear()
        self.now = self.stored.later()

    def run(self, work: Coroutine[Any, Any, T]) -> T | None:
        """Do it, if the process lives and the store works; where it dies, another starts."""
        done = None
        try:
            done = self.runner.run(work)
        except StoreFailed:
            pass  # whoever asked is told, and asks again or not
        except Died:
            self.ends()
            self.starts()
        self.look_what_there_is()
        self.look_where_the_chats_are()
        return done

    def sql(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """What the file holds; read in this thread, as it is asked for after every step, and others wake late."""
        return self.beside.execute(sql, parameters).fetchall()

    @initialize(restarts=st.booleans(), knows_again=st.booleans())
    def chats_follow_two_feeds(self, restarts: bool, knows_again: bool) -> None:
        self.restarts_in_the_end = restarts
        self.platform.knows_again = knows_again
        for name, (chat, topic) in HOMES.items():
            self.chats[name] = self.runner.run(
                self.stored.chat(chat, topic=topic, follows=[LE_MONDE, EURACTIV], watches=["EUMAM", "coalition"])
            )
        self.look_what_there_is()
        self.look_where_the_chats_are()

    @rule(after=st.integers(0, 3), committed=st.booleans(), dies=st.booleans())
    def a_commit_to_come_fails_or_kills(self, after: int, committed: bool, dies: bool) -> None:
        def strike() -> None:
            raise Died if dies else StoreFailed("disk full")

        self.database.after, self.database.committed, self.database.strike = after, committed, strike

    @rule()
    def the_run_ends_and_another_starts(self) -> None:
        self.ends()
        self.starts()
        assert self.sql("SELECT 1 FROM alerts WHERE state = 'claimed'") == []

    @rule(by=st.sampled_from([-86_400.0, 86_400.0, -3_600.0, 3_600.0]), noticed=st.booleans())
    def the_clock_is_set(self, by: float, noticed: bool) -> None:
        """At once, or after what was in hand was sent, and planned anew, by the clock that was set."""
        self.stored.now += by
        self.database.strike = None
        if not noticed:
            self.all_in_hand_is_sent()
        self.database.strike = None
        self.run(InstantStore(self.database).clock_was_set(by, now=self.stored.now))

    @rule(seconds=st.sampled_from([3.0, 70.0, 400.0, 30_000.0]))
    def time_passes(self, seconds: float) -> None:
        self.stored.later(seconds)
        self.loop.ahead += seconds

    # Stories and their delivery

    @rule(url=FEEDS, slug=st.sampled_from("abc"), title=TITLES, matched=st.booleans())
    def a_story_comes_or_changes(self, url: str, slug: str, title: str, matched: bool) -> None:
        self.run(self.stored.poll(url, story(slug, title)))
        if matched:
            self.run(self.stored.settle())

    @rule(url=FEEDS, wave=st.integers(1, 3))
    def a_whole_wave_of_stories_comes(self, url: str, wave: int) -> None:
        long = "EUMAM " + "reported again and again " * 6  # so that no message has room for all of them
        self.run(self.stored.poll(url, *(story(f"wave-{wave}-{number}", long) for number in range(30))))
        self.run(self.stored.settle())

    @rule(url=FEEDS, slug=st.sampled_from("defgh"), moods=st.tuples(MOODS, MOODS, MOODS))
    def a_story_is_told_to_chats_in_their_moods(self, url: str, slug: str, moods: tuple[str, str, str]) -> None:
        for name, mood in zip(self.chats, moods, strict=False):
            self.platform.moods[self.chats[name].address.chat] = mood
        self.run(self.stored.poll(url, story(slug, "EUMAM coalition")))
        self.run(self.stored.settle())
        self.all_that_can_be_is_sent()

    @rule(url=FEEDS, slug=st.sampled_from("ijk"), name=NAMES)
    def a_story_comes_while_the_clock_is_a_day_ahead(self, url: str, slug: str, name: str) -> None:
        self.the_clock_is_set(86_400.0, noticed=True)
        self.a_filter_is_set_or_removed(name, "coalition", removed=True)
        self.a_filter_is_set_or_removed(name, "coalition", removed=False)
        self.run(self.stored.poll(url, story(slug, "coalition")))
        self.the_clock_is_set(-86_400.0, noticed=True)
        self.run(self.stored.settle())

    @rule()
    def alerts_are_claimed(self) -> None:
        wishes = Wishes(self.sql, self.stored.now)
        claimed = self.run(self.delivery._claim()) or []
        alerts = [alert for one in claimed if not isinstance(one, ClaimedEdit) for alert in alerts_of(one)]
        wishes.are_kept_by(self.sql, alerts)
        wishes.are_kept_by_what_is_muted(self.sql)
        chats = [one.chat_id for one in claimed if not isinstance(one, ClaimedEdit)]
        assert len(set(chats)) == len(chats), "one of a chat at a time"
        for one in claimed:
            self.delivery._take_in_hand(one)
            self.in_hand.append(one)
        assert len(self.in_hand) <= SENDS_AT_ONCE

    @rule(url=FEEDS, slug=st.sampled_from("lmn"))
    def a_claim_fails_although_it_was_committed(self, url: str, slug: str) -> None:
        self.database.strike = None
        self.run(self.stored.poll(url, story(slug, "EUMAM coalition")))
        self.run(self.stored.settle())
        self.a_commit_to_come_fails_or_kills(0, committed=True, dies=False)
        self.alerts_are_claimed()
        self.all_in_hand_is_sent()
        self.alerts_are_claimed()

    @rule()
    def one_in_hand_is_sent(self) -> None:
        if self.in_hand:
            self.send([self.in_hand.pop(0)])

    @rule()
    def all_in_hand_is_sent(self) -> None:
        in_hand, self.in_hand = self.in_hand, []
        self.send(in_hand)

    @rule()
    def all_that_can_be_is_sent(self) -> None:
        for _ in range(50):  # more than a wave in chats that all refuse it needs
            self.alerts_are_claimed()
            if not self.in_hand:
                break
            self.all_in_hand_is_sent()
        assert not self.in_hand, "it goes on for ever"

    def send(self, together: list[Claimed]) -> None:
        """As a run does: what is in hand together is sent together."""
        before, run = len(self.platform.taken), self.database
        told = {id(one): self.told_by(one) for one in together}
        names = {
            alert.alert_id: self.sql(
                "SELECT chat_id, event_id, filter_id FROM alert_filters WHERE alert_id = ?", alert.alert_id
            )
            for alerts in told.values()
            for alert in alerts
        }
        self.run(self.deliver(together))
        died = self.database is not run
        for taken in self.platform.taken[before:]:
            for alert in told.pop(id(taken.claimed)):  # once each
                self.told[alert.alert_id] += 1
                self.doubtful[alert.alert_id] += taken.lost or died
                for name in names[alert.alert_id]:
                    first = self.names.setdefault(name, alert.alert_id)
                    # Of one whose answer was lost nobody knows that it was told: withdrawn, it keeps nothing back.
                    assert first == alert.alert_id or self.doubtful[first], "an event was told twice"

    def told_by(self, claimed: Claimed) -> tuple[ClaimedAlert, ...]:
        """The alerts that its message will tell: a digest's may have no room for all."""
        match claimed:
            case ClaimedAlert():
                return (claimed,)
            case ClaimedDigest():
                return digest_message(Texts(), claimed)[1].alerts
            case ClaimedEdit():
                return ()

    async def deliver(self, together: list[Claimed]) -> None:
        sends = [self.loop.create_task(self.deliver_one(one)) for one in together]
        try:
            await asyncio.gather(*sends)
        finally:  # where the process dies, all of it does
            for send in sends:
                send.cancel()
            await asyncio.gather(*sends, return_exceptions=True)

    async def deliver_one(self, claimed: Claimed) -> None:
        SENDING.set(claimed)
        await self.delivery._deliver_in_hand(claimed)

    @rule(pick=st.randoms())
    def an_alert_is_not_what_it_was(self, pick: Random) -> None:
        alerts = self.sql("SELECT id FROM alerts WHERE state IN ('sent', 'claimed')")
        if alerts:
            self.run(self.stored.outbox.want_edit(pick.choice(alerts)[0], now=self.stored.later()))

    # The platform

    @rule(name=NAMES, mood=MOODS)
    def a_chat_is_in_a_mood(self, name: str, mood: str) -> None:
        self.platform.moods[self.chats[name].address.chat] = mood

    @rule(name=NAMES, blocks=st.booleans(), told=st.booleans())
    def a_chat_blocks_or_returns(self, name: str, blocks: bool, told: bool) -> None:
        address = self.chats[name].address
        if blocks:
            self.platform.blocked.add(address.chat)
            if told:
                self.run(self.stored.chats.gone(address, "blocked", self.stored.later()))
        else:
            self.platform.blocked.discard(address.chat)
            self.run(self.stored.chats.returned(address, self.stored.later()))

    @rule(name=NAMES, closes=st.booleans())
    def a_topic_closes_or_opens(self, name: str, closes: bool) -> None:
        address = self.chats[name].address
        if not address.topic:
            return
        if closes:
            self.platform.closed.add((address.chat, address.topic))
        else:
            self.platform.closed.discard((address.chat, address.topic))
            self.run(self.stored.chats.returned(address, self.stored.later()))

    @rule(name=NAMES, topics=st.booleans())
    def what_may_be_done_in_a_chat_may_have_changed(self, name: str, topics: bool) -> None:
        address = self.chats[name].address
        place = replace(address, topic="") if topics else address
        self.run(self.stored.chats.may_have_returned(place, self.stored.later()))

    @rule(name=NAMES, onto=st.none() | NAMES, told=st.booleans())
    def a_chat_moves(self, name: str, onto: str | None, told: bool) -> None:
        address = self.chats[name].address
        self.moves += 1
        to = self.chats[onto].address.chat if onto else f"-{self.moves}"
        if to != address.chat and to not in self.platform.moved:  # no group moves in a circle
            self.platform.moved[address.chat] = to
            if told:
                self.run(self.stored.chats.moved(address, to, self.stored.later()))

    # Chats

    @rule(name=NAMES, text=QUERIES, removed=st.booleans())
    def a_filter_is_set_or_removed(self, name: str, text: str, removed: bool) -> None:
        self.run((self.stored.unwatch if removed else self.stored.watch)(self.chats[name], text))

    @rule(name=NAMES, pick=st.randoms())
    def a_filter_that_was_removed_is_brought_back(self, name: str, pick: Random) -> None:
        chat = self.chats[name]
        removed = self.sql("SELECT number FROM removed_filters WHERE chat_id = ? ORDER BY number", chat.chat_id)
        if removed:
            self.run(self.stored.watch_again(chat, pick.choice(removed)[0]))

    @rule(name=NAMES, url=FEEDS, how=st.sampled_from(["filtered", "everything", "not at all"]))
    def a_feed_is_followed(self, name: str, url: str, how: str) -> None:
        if how == "not at all":
            self.run(self.stored.unfollow(self.chats[name], url))
        else:
            self.run(self.stored.follow(self.chats[name], url, everything=how == "everything"))

    @rule(name=NAMES, paused=st.booleans())
    def a_chat_pauses_or_resumes(self, name: str, paused: bool) -> None:
        self.run((self.stored.pause if paused else self.stored.resume)(self.chats[name]))

    @rule(name=NAMES, hours=st.integers(0, 23))
    def a_chat_s_quiet_hours_begin_or_end(self, name: str, hours: int) -> None:
        begin = self.minute()
        quiet = Quiet(begin, (begin + hours * 60) % 1440) if hours else None
        self.run(self.stored.telling.set_quiet(self.chats[name].chat_id, quiet, self.stored.later()))

    @rule(name=NAMES, text=QUERIES, mode=st.sampled_from(Mode))
    def a_filter_tells_so(self, name: str, text: str, mode: Mode) -> None:
        chat_id = self.chats[name].chat_id
        sql = "SELECT f.id FROM filters f JOIN queries q ON q.id = f.query_id WHERE f.chat_id = ? AND q.text = ?"
        filters = [filter_id for (filter_id,) in self.sql(sql, chat_id, text)]
        self.run(self.stored.telling.set_modes(chat_id, filters, mode, self.stored.later()))

    @rule(name=NAMES, hours=st.none() | st.integers(1, 23))
    def a_digest_comes_at(self, name: str, hours: int | None) -> None:
        minute = None if hours is None else (self.minute() + hours * 60) % 1440
        self.run(self.stored.telling.set_digest(self.chats[name].chat_id, minute, self.stored.later()))

    def minute(self) -> int:
        return int(self.stored.now // 60) % 1440

    @rule(name=NAMES, what=MUTES)
    def a_word_or_an_outlet_is_muted(self, name: str, what: str) -> None:
        wish = read_mute(what, [])
        self.mute(name, wish.query, wish.seconds)

    @rule(name=NAMES, pick=st.randoms())
    def an_event_is_muted(self, name: str, pick: Random) -> None:
        events = self.sql("SELECT id FROM events ORDER BY id")
        if events:
            self.mute(name, f"event:{pick.choice(events)[0]}", None)

    def mute(self, name: str, query: str, seconds: float | None) -> None:
        now = self.stored.later()
        until = None if seconds is None else now + seconds
        self.run(self.stored.telling.mute(self.chats[name].chat_id, query, name="", until=until, now=now))

    @rule(name=NAMES)
    def a_chat_mutes_nothing_more(self, name: str) -> None:
        chat_id = self.chats[name].chat_id
        for mute in self.runner.run(self.stored.telling.mutes(chat_id, self.stored.later())):
            self.run(self.stored.telling.unmute(chat_id, mute.mute_id))

    @rule(name=NAMES)
    def a_chat_leaves(self, name: str) -> None:
        self.run(self.stored.chats.erase(self.chats[name].chat_id))

    def look_what_there_is(self) -> None:
        self.step += 1
        self.since = {what: self.since.get(what, self.step) for (what,) in self.sql(THERE_IS)}

    def look_where_the_chats_are(self) -> None:
        """A chat that left or became another enters anew; who has two chats' wishes is owed by them from now on."""
        known = self.sql("SELECT id, chat, topic FROM chats ORDER BY id")
        if known == self.known or not self.chats:
            return
        strike, self.database.strike = self.database.strike, None
        found = {chat_id: (chat, topic) for chat_id, chat, topic in known}
        for name, chat in self.chats.items():
            home = found.get(chat.chat_id)
            if home is None:
                self.moves += 1
            self.chats[name] = self.runner.run(
                self.stored.chat(home[0], topic=home[1])
                if home
                else self.stored.chat(f"new-{self.moves}", follows=[LE_MONDE, EURACTIV], watches=["EUMAM"])
            )
        self.database.strike = strike
        self.look_what_there_is()
        self.known = self.sql("SELECT id, chat, topic FROM chats ORDER BY id")
        stories = [story_id for (story_id,) in self.sql("SELECT id FROM stories")]
        self.excused |= {(chat.chat_id, story_id) for chat in self.chats.values() for story_id in stories}

    # What always holds

    @invariant()
    def an_event_has_one_alert_for_each_chat_and_filter(self) -> None:
        assert self.sql(MISPLACED) == []

    @invariant()
    def who_waits_is_queued_and_who_does_not_is_not(self) -> None:
        if not self.delivery._doubtful:
            assert self.sql("SELECT chat_id, platform FROM lanes ORDER BY 1") == self.sql(WAITING)

    @invariant()
    def what_a_chat_is_entitled_to_is_due_or_was_tried(self) -> None:
        owed = [
            (chat_id, story_id)
            for chat_id, story_id, *asking in self.sql(OWED)
            if self.since[f"story {story_id}"] > max(self.since[what] for what in asking)
        ]
        assert [row for row in owed if row not in self.excused] == []

    @invariant()
    def what_is_claimed_is_in_hand(self) -> None:
        held: set[int] = set()
        for one in self.in_hand:
            match one:
                case ClaimedAlert(alert_id):
                    held.add(alert_id)
                case ClaimedDigest(alerts):
                    held.update(alert.alert_id for alert in alerts)
        claimed = {alert_id for (alert_id,) in self.sql("SELECT id FROM alerts WHERE state = 'claimed'")}
        assert self.delivery._doubtful or claimed <= held

    @invariant()
    def what_is_held_comes_within_a_day(self) -> None:
        assert self.sql(HELD_TOO_LONG, self.stored.now + DAY) == []

    @invariant()
    def who_takes_nothing_is_looked_at_within_a_day_if_that_can_end_without_a_word(self) -> None:
        assert self.sql(LOOKED_AT_WRONGLY, self.stored.now + DAY) == []

    @invariant()
    def no_try_is_put_off_for_longer_than_is_ever_planned(self) -> None:
        assert self.sql(TRIED_TOO_LATE, self.stored.now + 400) == []

    @invariant()
    def what_is_kept_as_sent_was_told(self) -> None:
        assert [id_ for (id_,) in self.sql("SELECT id FROM alerts WHERE state = 'sent'") if not self.told[id_]] == []

    @invariant()
    def nothing_is_told_twice_but_what_was_in_flight(self) -> None:
        again = {id_: times for id_, times in self.told.items() if times > 1 + self.doubtful[id_]}
        assert again == {}

    def teardown(self) -> None:
        """In the end, once nothing holds it and time has passed, all that is due was delivered."""
        try:
            if self.chats:
                self.all_is_well_again()
                for _ in range(100):
                    self.all_in_hand_is_sent()
                    self.all_that_can_be_is_sent()
                    if self.sql(WAITS) == []:
                        break
                    self.time_passes(3_600.0)
                assert self.sql(WAITS) == []
                self.what_a_chat_is_entitled_to_is_due_or_was_tried()
                self.what_is_kept_as_sent_was_told()
                self.nothing_is_told_twice_but_what_was_in_flight()
                assert self.sql("PRAGMA foreign_key_check") == []
        finally:
            self.beside.close()
            self.runner.run(self.database.close())
            self.runner.close()
            self.folder.cleanup()

    def all_is_well_again(self) -> None:
        self.database.strike = None
        if self.restarts_in_the_end:
            self.ends()
            self.starts()
        self.platform.moods.clear()
        self.platform.blocked.clear()
        self.platform.closed.clear()
        self.run(self.stored.settle())
        for name in list(self.chats):
            self.run(self.stored.resume(self.chats[name]))
            if not self.sql("SELECT 1 FROM chats WHERE id = ? AND look_at > 0", self.chats[name].chat_id):
                self.run(self.stored.chats.returned(self.chats[name].address, self.stored.later()))


def alerts_of(claimed: ClaimedAlert | ClaimedDigest) -> tuple[ClaimedAlert, ...]:
    return claimed.alerts if isinstance(claimed, ClaimedDigest) else (claimed,)


EXAMPLES, STEPS = map(int, os.environ.get("TOCSIN_MACHINE", "15,35").split(","))

TestStores = pytest.mark.timeout(max(600, 2 * EXAMPLES * STEPS))(Stores.TestCase)
TestStores.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
