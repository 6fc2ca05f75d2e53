"""Whatever happens in whatever order, the stores owe each chat what it is entitled to, once.

A hypothesis state machine over real stores, without a platform: stories come and change, chats watch, pause, move and
leave, alerts are delivered, refused, and in hand when a run ends.
"""

import asyncio
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.domain.delivery import Decision, Done, GiveUp, Hold, Relocate, Retry
from bot.ports import Chat, ClaimedAlert
from support.stored import EURACTIV, LE_MONDE, Stored, story

T = TypeVar("T")

FEEDS = st.sampled_from([LE_MONDE, EURACTIV])
NAMES = st.sampled_from(["alice", "bob"])
QUERIES = st.sampled_from(["EUMAM", "coalition"])
TITLES = st.sampled_from(["EUMAM", "coalition", "EUMAM coalition", "Sport"])
DECISIONS = st.sampled_from([Done("m"), Done("m"), Retry(0), Retry(0, plain=True), GiveUp("rejected"), Hold("blocked")])

MISPLACED = """
    SELECT n.* FROM alert_filters n LEFT JOIN alerts a ON a.id = n.alert_id
    WHERE a.id IS NULL OR a.chat_id != n.chat_id OR a.event_id != n.event_id
    OR a.state NOT IN ('due', 'claimed', 'sent')
"""
WAITING = """
    SELECT c.id, c.platform FROM chats c WHERE paused = 0 AND gone = ''
    AND EXISTS (SELECT 1 FROM alerts WHERE chat_id = c.id AND state = 'due')
    AND NOT EXISTS (SELECT 1 FROM alerts WHERE chat_id = c.id AND state = 'claimed') ORDER BY 1
"""
OWED = """
    SELECT f.chat_id, s.id, s.event_id, f.id FROM stories s JOIN matches m ON m.story_id = s.id
    JOIN filters f ON f.query_id = m.query_id JOIN follows w ON w.chat_id = f.chat_id AND w.feed_id = s.feed_id
    WHERE s.pending = 0 AND s.silent = 0 AND s.first_seen > max(f.since, w.since)
    AND NOT EXISTS (SELECT 1 FROM alerts a WHERE a.chat_id = f.chat_id AND a.story_id = s.id AND a.state = 'failed')
    AND NOT EXISTS (SELECT 1 FROM alert_filters n
                    WHERE n.chat_id = f.chat_id AND n.event_id = s.event_id AND n.filter_id = f.id)
"""
OWED_AS_EVERYTHING = """
    SELECT w.chat_id, s.id, s.event_id, 0 FROM stories s JOIN follows w ON w.feed_id = s.feed_id
    WHERE s.pending = 0 AND s.silent = 0 AND s.first_seen > w.everything_since
    AND NOT EXISTS (SELECT 1 FROM alerts a WHERE a.chat_id = w.chat_id AND a.story_id = s.id AND a.state = 'failed')
    AND NOT EXISTS (SELECT 1 FROM alert_filters n WHERE n.chat_id = w.chat_id AND n.event_id = s.event_id)
"""


class Stores(RuleBasedStateMachine):
    """Two chats, two feeds, two queries, a few stories; what each rule does is its name."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="tocsin-")
        self.runner = asyncio.Runner()
        self.stored = Stored(Path(self.folder.name) / "tocsin.db")
        self.chats: dict[str, Chat] = {}
        self.in_hand: list[ClaimedAlert] = []
        self.sent: set[tuple[Any, ...]] = set()
        self.excused: set[tuple[int, int]] = set()
        self.moves = 0
        self.run(self.stored.database.open())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    def sql(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        return self.run(self.stored.sql(sql, *parameters))

    @initialize()
    def two_chats_follow_two_feeds(self) -> None:
        for name in ("alice", "bob"):
            self.chats[name] = self.run(
                self.stored.chat(name, follows=[LE_MONDE, EURACTIV], watches=["EUMAM", "coalition"])
            )

    # Stories and their delivery

    @rule(url=FEEDS, slug=st.sampled_from("abc"), title=TITLES, matched=st.booleans())
    def a_story_comes_or_changes(self, url: str, slug: str, title: str, matched: bool) -> None:
        self.run(self.stored.poll(url, story(slug, title)))
        if matched:
            self.run(self.stored.settle())

    @rule(limit=st.integers(1, 3))
    def alerts_are_claimed(self, limit: int) -> None:
        claimed = self.run(self.stored.claim(limit=limit))
        assert len(claimed) <= limit
        assert len({alert.chat_id for alert in claimed}) == len(claimed)
        self.in_hand += claimed

    @rule(decision=DECISIONS)
    def alerts_are_tried(self, decision: Decision) -> None:
        self.alerts_are_claimed(2)
        while self.in_hand:
            self.an_outcome_comes_in(decision)

    @precondition(lambda self: self.in_hand)
    @rule(decision=DECISIONS)
    def an_outcome_comes_in(self, decision: Decision) -> None:
        alert = self.in_hand.pop(0)
        if isinstance(decision, Done):
            self.note_sent(alert)
        self.run(self.stored.mark(alert, decision))

    @precondition(lambda self: self.in_hand)
    @rule(onto=st.none() | NAMES)
    def an_outcome_says_that_the_chat_moved(self, onto: str | None) -> None:
        alert = self.in_hand.pop(0)
        to = self.new_identifier(onto)
        self.run(self.stored.mark(alert, Relocate(to)))
        self.look_where_the_chats_are()

    def note_sent(self, alert: ClaimedAlert) -> None:
        names = self.sql("SELECT chat_id, event_id, filter_id FROM alert_filters WHERE alert_id = ?", alert.alert_id)
        assert self.sent.isdisjoint(names), "sent twice"
        self.sent.update(names)

    @rule()
    def the_run_ends_and_another_starts(self) -> None:
        self.run(self.stored.outbox.recover("telegram", run="the next", now=self.stored.later()))
        self.in_hand.clear()
        assert self.sql("SELECT 1 FROM alerts WHERE state = 'claimed'") == []

    # Chats

    @rule(name=NAMES, text=QUERIES, removed=st.booleans())
    def a_filter_is_set_or_removed(self, name: str, text: str, removed: bool) -> None:
        self.run((self.stored.unwatch if removed else self.stored.watch)(self.chats[name], text))

    @rule(name=NAMES, url=FEEDS, how=st.sampled_from(["filtered", "everything", "not at all"]))
    def a_feed_is_followed(self, name: str, url: str, how: str) -> None:
        if how == "not at all":
            self.run(self.stored.unfollow(self.chats[name], url))
        else:
            self.run(self.stored.follow(self.chats[name], url, everything=how == "everything"))

    @rule(name=NAMES, what=st.sampled_from(["pauses", "is gone", "is back"]))
    def a_chat_pauses_or_returns(self, name: str, what: str) -> None:
        chat = self.chats[name]
        match what:
            case "pauses":
                self.run(self.stored.pause(chat))
            case "is gone":
                self.run(self.stored.chats.gone(chat.address, "kicked"))
            case _:
                self.run(self.stored.resume(chat))
                self.run(self.stored.chats.returned(chat.address, self.stored.later()))

    @rule(name=NAMES, onto=st.none() | NAMES, leaves=st.just(value=False) | st.booleans())
    def a_chat_moves_or_leaves(self, name: str, onto: str | None, leaves: bool) -> None:
        chat = self.chats[name]
        if leaves:
            self.run(self.stored.chats.erase(chat.chat_id))
        else:
            self.run(self.stored.chats.moved(chat.address, self.new_identifier(onto), self.stored.later()))
        self.look_where_the_chats_are()

    def new_identifier(self, onto: str | None) -> str:
        self.moves += 1
        return self.chats[onto].address.chat if onto else f"-{self.moves}"

    def look_where_the_chats_are(self) -> None:
        """A chat that left or became another enters anew; who has two chats' wishes is owed by them from now on."""
        for name, chat in self.chats.items():
            found = self.sql("SELECT chat FROM chats WHERE id = ?", chat.chat_id)
            if found:
                self.chats[name] = self.run(self.stored.chat(found[0][0]))
            else:
                self.moves += 1
                self.chats[name] = self.run(
                    self.stored.chat(f"new-{self.moves}", follows=[LE_MONDE, EURACTIV], watches=["EUMAM"])
                )
        stories = [story_id for (story_id,) in self.sql("SELECT id FROM stories")]
        self.excused |= {(chat.chat_id, story_id) for chat in self.chats.values() for story_id in stories}

    # What always holds

    @invariant()
    def an_event_has_one_alert_for_each_chat_and_filter(self) -> None:
        assert self.sql(MISPLACED) == []

    @invariant()
    def who_waits_is_queued_and_who_does_not_is_not(self) -> None:
        assert self.sql("SELECT chat_id, platform FROM lanes ORDER BY 1") == self.sql(WAITING)

    @invariant()
    def what_a_chat_is_entitled_to_is_due_or_was_tried(self) -> None:
        owed = self.sql(OWED) + self.sql(OWED_AS_EVERYTHING)
        assert [row for row in owed if row[:2] not in self.excused] == []

    def teardown(self) -> None:
        """In the end, all that is due is delivered once nothing holds it."""
        try:
            if self.chats:
                self.the_run_ends_and_another_starts()
                for name in self.chats:
                    self.a_chat_pauses_or_returns(name, "is back")
                while claimed := self.run(self.stored.claim()):
                    for alert in claimed:
                        self.note_sent(alert)
                        self.run(self.stored.mark(alert, Done("m")))
                assert self.sql("SELECT 1 FROM alerts WHERE state IN ('due', 'claimed')") == []
                assert self.sql("SELECT 1 FROM lanes") == []
                self.what_a_chat_is_entitled_to_is_due_or_was_tried()
                assert self.run(self.stored.sql("PRAGMA foreign_key_check")) == []
        finally:
            self.run(self.stored.database.close())
            self.runner.close()
            self.folder.cleanup()


TestStores = Stores.TestCase
TestStores.settings = settings(
    max_examples=60,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
