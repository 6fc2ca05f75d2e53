"""What grows with time is never read from end to end: the statements of a real run, and how SQLite would run them."""

import asyncio
import shutil
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC
from pathlib import Path

import pytest
import sqlite_utils

from bot.domain.chats import Address
from bot.domain.delivery import Decision, Done, GiveUp, Hold, Relocate, Retry, Scatter, Wait
from bot.domain.filters import FilterIndex, Match
from bot.domain.hours import Quiet
from bot.domain.notices import plan as plan_notices
from bot.domain.query import parse
from bot.domain.retention import DAY
from bot.domain.telling import Mode
from bot.ports.feeds import Body
from bot.ports.outbox import ClaimedDigest
from storage.database import rows
from storage.withheld import count_withheld
from support.inline import InlineDatabase, make_database
from support.stored import EURACTIV, LE_MONDE, Stored, story

# Whole scans that are meant: of what is small, or is read but once at the start.
MEANT = {
    "SCAN json_each VIRTUAL TABLE INDEX 1:",  # the stories to skip
    "SCAN k VIRTUAL TABLE INDEX 1:",  # the keys of one document
    "SCAN sqlite_sequence",  # a row a table
    "SCAN CONSTANT ROW",
    "SCAN s USING INDEX stories_pending",  # holds only what waits
    "SCAN feeds USING COVERING INDEX feeds_due",  # how many are followed
    "SCAN w VIRTUAL TABLE INDEX 1:",  # the words of one story
    "SCAN p VIRTUAL TABLE INDEX 0:M4",  # FTS5, by its own index
    "SCAN bylines",  # each author once
    "SCAN d",  # the sources of a chat's feeds
    "SCAN main.postings_config",  # FTS5's own, of a few rows
    "SCAN f USING COVERING INDEX sqlite_autoindex_feeds_1",  # who has a link: one look-up in each feed
    "SCAN lexicons",  # a row a language
    "SCAN polled",  # the polls that are noted together
    "SCAN lanes",  # at the start: chats that wait
    "SCAN edits",  # at the start: those that wait
    "SCAN alerts USING INDEX alerts_held",  # at the start: those that wait
    "SCAN j VIRTUAL TABLE INDEX 1:",  # the chats to queue, the alerts to claim
    "SCAN e",  # the edits that are claimed
    "SCAN chats",  # at the start: who has alerts that wait
    "SCAN chats USING COVERING INDEX sqlite_autoindex_chats_1",
    "SCAN f USING COVERING INDEX filters_query",  # at the start: all queries
    "SCAN q",
    "SCAN feeds",  # every few minutes: which are in trouble
    "SCAN troubles USING COVERING INDEX troubles_feed",  # holds only what was told and is not over
}


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a bot that has run for years."""
    path = tmp_path_factory.mktemp("past") / "tocsin.db"
    make_database(path)
    database = InlineDatabase(path)
    database._write(years_of_alerts)
    database.shut()
    return path


@pytest.fixture(params=[False, True], ids=["without statistics", "with statistics"])
async def stored(request: pytest.FixtureRequest, past: Path, tmp_path: Path) -> AsyncIterator[Stored]:
    """A store with a past: the planner is to choose well whether or not it knows of it."""
    shutil.copy(past, tmp_path / "tocsin.db")
    async with Stored.opened(tmp_path) as opened:
        if request.param:
            await opened.database.write(lambda db: db.execute("ANALYZE"))
        yield opened


def years_of_alerts(db: sqlite_utils.Database) -> None:
    """A hundred chats that follow ten feeds each, 2,000 stories of as many events, and 20,000 alerts that were sent."""
    numbered = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})"
    for sql in (
        "INSERT INTO feeds (id, url, title, due_at) SELECT i, 'https://past.example/' || i, '', NULL FROM n(100)",
        "INSERT INTO chats (id, platform, chat, topic, kind, title, entered_at, last_number) "
        "SELECT i, 'telegram', 'past' || i, '', 'group', '', 0, 1 FROM n(100)",
        "INSERT INTO queries (id, text) SELECT i, 'past' || i FROM n(100)",
        "INSERT INTO filters (id, chat_id, query_id, number, since) SELECT i, i, i, 1, 0 FROM n(100)",
        "INSERT INTO follows (chat_id, feed_id, since, everything_since) "
        "SELECT 1 + i / 10, 1 + i % 100, 0, NULL FROM n(989)",
        "INSERT INTO events (id, key, first_seen) SELECT i, 'past' || i, i FROM n(2000)",
        "INSERT INTO stories SELECT i, 1 + i % 100, i, 1, '{{}}', 'd', i, i, 0, 0, 0, 1 FROM n(2000)",
        "INSERT INTO identities (feed_id, key, story_id) SELECT 1 + i % 100, 'guid:past' || i, i FROM n(2000)",
        "INSERT INTO matches SELECT 1 + i % 100, i, '[]' FROM n(2000)",
        "INSERT INTO alerts (id, chat_id, event_id, story_id, state, made_at, message_id) "
        "SELECT i, 1 + i % 100, 1 + i / 10, 1 + i / 10, 'sent', i, 'm' FROM n(19989)",
        "INSERT INTO alert_filters SELECT 1 + i % 100, 1 + i / 10, 1 + i % 100, i FROM n(19989)",
    ):
        head, _, rest = sql.partition(" FROM n(")
        db.execute(f"{numbered.format(rest.rstrip(')'))} {head.replace('{{}}', '{}')} FROM n")


async def statements_of(stored: Stored, use: Callable[[Stored], Awaitable[None]]) -> set[str]:
    """The statements that a use case runs, whichever connection runs them."""
    ran: set[str] = set()

    def note(sql: str) -> None:
        if sql.split(None, 1)[0].upper() in {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}:
            ran.add(sql)

    together = threading.Barrier(2)  # so that both readers' connections are open
    await asyncio.gather(*(stored.database.read(lambda _: together.wait(10)) for _ in range(2)))
    for connection in stored.database._opened:
        connection.set_trace_callback(note)
    try:
        await use(stored)
    finally:
        for connection in stored.database._opened:
            connection.set_trace_callback(None)
    return ran


def plan(db: sqlite_utils.Database, sql: str) -> list[str]:
    return [step["detail"] for step in rows(db, f"EXPLAIN QUERY PLAN {sql}")]


async def plans_of(stored: Stored, use: Callable[[Stored], Awaitable[None]]) -> dict[str, list[str]]:
    """How SQLite runs each statement of a use case."""
    ran = await statements_of(stored, use)
    assert ran, "nothing was noted"
    return await stored.database.read(lambda db: {sql: plan(db, sql) for sql in sorted(ran)})


async def polling(stored: Stored) -> None:
    await stored.feeds.due(stored.now, 200)
    await stored.feeds.followed()
    await stored.poll(LE_MONDE, story("b"), story("a", "EUMAM, corrected"))
    feed = await stored.feed(LE_MONDE)
    await stored.answered(LE_MONDE, body=Body("b"))
    await stored.feeds.postponed(feed.feed_id, stored.now)
    await stored.feeds.failed(feed.feed_id, now=stored.now, due_at=stored.now, error="dns")


async def matching(stored: Stored) -> None:
    await stored.poll(LE_MONDE, story("b"), story("a", "EUMAM, corrected"))
    index = FilterIndex([parse("EUMAM")])
    for pending in await stored.stories.unprocessed(100, frozenset({404})):
        assert await stored.settle_one(pending, index) >= (pending.entry.guid == "b")


async def delivering(stored: Stored) -> None:
    alice = await stored.chats.find(Address("telegram", "alice"))
    assert alice is not None
    await stored.outbox.recover("telegram", run="the next", now=stored.later())
    decisions: list[Decision] = [
        Done("m1"),
        Retry(0),
        Retry(0, plain=True),
        GiveUp("rejected"),
        Relocate("-100"),
        Hold("blocked"),
    ]
    for number, decision in enumerate(decisions):
        await stored.publish(LE_MONDE, story(f"{number}"))
        await stored.outbox.next_ready("telegram")
        (alert,) = await stored.claim()
        await stored.mark(alert, decision)
    await stored.chats.returned(Address("telegram", "-100"), stored.later())
    sent = (await stored.deliver())[-1].alert_id
    for edited in (Done("m1"), Retry(0), Wait(0), Done("")):
        await stored.outbox.want_edit(sent, now=stored.later(100))
        await stored.outbox.next_ready("telegram")
        (edit,) = await stored.claim_edits()
        await stored.mark(edit, edited)
    await stored.outbox.hold(alice.chat_id, until=stored.now + 10, why="quiet")
    await stored.publish(LE_MONDE, *(story(f"many-{number}") for number in range(50)))
    stored.later(10)
    (digest,) = await stored.claim_any()
    assert isinstance(digest, ClaimedDigest)
    await stored.mark(digest.telling(10), Scatter("rejected"))
    await stored.unfollow(alice, LE_MONDE)
    assert await stored.claim() == [], "all are withdrawn"


async def talking(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[EURACTIV], watches=["coalition"])
    chat_id = alice.chat_id
    await stored.chats.pause(chat_id, paused=True, now=stored.now, until=stored.now + 1)
    await stored.telling.end_pauses(UTC, stored.later())
    await stored.chats.gone(alice.address, "no-rights", stored.later())
    await stored.chats.may_have_returned(alice.address, stored.later())
    await stored.chats.gone_from_others("telegram", ["alice"], "removed", stored.later())
    await stored.chats.returned(alice.address, stored.later())
    await stored.chats.follows(chat_id)
    await stored.chats.filters(chat_id, stored.now)
    await trying(stored, chat_id)
    await stored.chats.latest(chat_id, 10)
    await stored.chats.standing(chat_id, stored.now)
    await stored.chats.line_of(chat_id, await stored.chats.action(chat_id, "/pause"))
    await stored.unwatch(alice, "coalition")
    await stored.unfollow(alice, EURACTIV)


async def trying(stored: Stored, chat_id: int) -> None:
    await stored.publish(EURACTIV, story("t", "EUMAM counts its Soldiers"))
    for text in (
        "EUMAM",
        "soldier*",
        "source:euractiv.example",
        '="Soldiers of"',
        '="Soldiers"',
        "author:a OR lang:en",
        "nothing AND at, all",
        "EUMAN",
    ):
        tried = await stored.archive.back_test(chat_id, parse(text), stored.now)
    tried = await stored.archive.back_test(chat_id, parse("EUMAM"), stored.now)
    await stored.chats.remember([tried.found[0][0].story_id], [Match("EUMAM", ())])
    await stored.archive.story_at(chat_id, "https://outlet.example/t-article")
    await stored.archive.told_in(chat_id, "m1")


async def moving_and_leaving(stored: Stored) -> None:
    await stored.chats.moved(Address("telegram", "past1"), "past2", stored.later())
    await stored.chats.moved(Address("telegram", "past3"), "elsewhere", stored.later())
    for name in ("alice", "past2"):
        chat = await stored.chats.find(Address("telegram", name))
        assert chat is not None
        await stored.chats.erase(chat.chat_id)


async def feeds_moving(stored: Stored) -> None:
    feed = await stored.feed(LE_MONDE)
    await stored.chats.knows_feed(EURACTIV)
    await stored.feeds.relocate(feed.feed_id, "https://lemonde.example/new")
    await stored.chat("bob", follows=[EURACTIV])
    await stored.feeds.relocate(feed.feed_id, EURACTIV)


async def noticing(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE, EURACTIV])
    feed = await stored.feed(LE_MONDE)
    for _ in range(3):
        await stored.feeds.failed(feed.feed_id, now=stored.later(DAY), due_at=None, error="status-410")
    notices = plan_notices(await stored.notices.patients(stored.now), await stored.notices.silences(stored.now))
    assert notices
    await stored.notices.tell(notices, stored.now)
    due, *_ = await stored.notices.due("telegram", stored.now, 10)
    await stored.notices.settle(due.notice_id, Retry(stored.now))
    await stored.notices.settle(due.notice_id, Done("m1"))
    await stored.unfollow(alice, LE_MONDE)


async def telling(stored: Stored) -> None:
    """What holds a chat's alerts back, and what discards them."""
    alice = await stored.chats.find(Address("telegram", "alice"))
    assert alice is not None
    chat_id = alice.chat_id
    filters = await stored.chats.filters(chat_id, stored.now)
    await stored.telling.set_zone(chat_id, "Europe/Kyiv", stored.later())
    await stored.telling.set_modes(chat_id, [one.filter_id for one in filters], Mode.DIGEST, stored.later())
    hour = int(stored.now % 86_400 // 3_600 * 60)
    for quiet in (Quiet(hour, (hour + 180) % 1_440), None):
        await stored.telling.set_digest(chat_id, hour if quiet is None else None, stored.later())
        await stored.telling.set_quiet(chat_id, quiet, stored.later())
        await stored.publish(LE_MONDE, story(f"held-{quiet}"))
        await stored.claim()
    await stored.telling.set_digest(chat_id, None, stored.later())
    for query in ("EUMAM", "event:7", "source:outlet.example"):
        made = await stored.telling.mute(chat_id, query, name="", until=None, now=stored.later())
        await stored.publish(LE_MONDE, story(f"muted-{made.number}"))
        assert await stored.claim() == []
    await stored.telling.event(chat_id, 7)
    await stored.chats.standing(chat_id, stored.now)
    for one in await stored.telling.mutes(chat_id, stored.now):
        await stored.telling.unmute(chat_id, one.mute_id)


USES = [noticing, polling, feeds_moving, matching, delivering, telling, talking, moving_and_leaving]


@pytest.mark.parametrize("use", USES, ids=lambda use: use.__name__)
async def test_nothing_that_grows_is_scanned(stored: Stored, use: Callable[[Stored], Awaitable[None]]) -> None:
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.poll(LE_MONDE, story("a"))
    plans = await plans_of(stored, use)
    scans = [
        f"{step}: {sql}"
        for sql, steps in plans.items()
        for step in steps
        if step.startswith("SCAN") and step not in MEANT
    ]
    assert not scans, "\n\n".join(scans)


@pytest.mark.parametrize(
    ("what", "use", "said", "index"),
    [
        ("due feeds", polling, "ORDER BY due_at", "feeds USING INDEX feeds_due"),
        ("a known story", polling, "CROSS JOIN identities", "i USING PRIMARY KEY (feed_id=? AND key=?)"),
        ("unprocessed stories", matching, "s.pending = 1", "s USING INDEX stories_pending"),
        ("chats that become ready", delivering, "SET open = 1", "lanes USING INDEX lanes_shut"),
        ("chats with the newest matter", delivering, "ORDER BY newest", "lanes USING INDEX lanes_newest"),
        ("chats that have waited longest", delivering, "ORDER BY ready_at", "lanes USING INDEX lanes_open"),
        ("the next ready chat", delivering, "min(ready_at)", "lanes USING INDEX lanes_shut"),
        ("the next due edit", delivering, "min(due_at) FROM edits", "edits USING INDEX edits_due"),
        ("what is due in a chat", delivering, "SELECT id, made_at", "alerts USING INDEX alerts_due (chat_id=? AND"),
        ("what was held in a chat", delivering, "held_until <= ", "alerts USING INDEX alerts_held (chat_id=? AND"),
        ("what a digest is to tell", telling, "group_concat(coalesce", "a USING INDEX alerts_due (chat_id=? AND"),
        ("what a chat mutes", telling, "FROM mutes WHERE chat_id = ", "mutes USING INDEX mutes_chat"),
        ("edits whose time has come", delivering, "SELECT e.alert_id", "edits USING INDEX edits_due"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value and "=" not in value else "",
)
async def test_the_straight_line_takes_what_is_next_from_an_index(
    stored: Stored, what: str, use: Callable[[Stored], Awaitable[None]], said: str, index: str
) -> None:
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.poll(LE_MONDE, story("a"))
    plans = [steps for sql, steps in (await plans_of(stored, use)).items() if said in sql]
    assert plans, f"no statement says {said!r}"
    for steps in plans:
        assert any(index in step for step in steps), steps
        assert not any("TEMP B-TREE" in step for step in steps), f"{what}: sorted, so all of it is read: {steps}"


async def test_what_refers_to_a_row_is_found_by_an_index_when_the_row_goes(stored: Stored) -> None:
    """Deleting looks for what refers to the row, in no plan that EXPLAIN shows."""
    references = await stored.sql(
        """SELECT m.name, k."from" FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) k WHERE m.type = 'table'"""
    )
    assert len(references) > 10
    for table, column in references:
        sql = f"SELECT 1 FROM {table} WHERE {column} = 1"
        steps = await stored.database.read(lambda db, sql=sql: plan(db, sql))  # type: ignore[misc]
        assert all(step.startswith("SEARCH") for step in steps), f"{table}.{column}: {steps}"


async def a_year_goes_by(stored: Stored) -> None:
    """Upkeep, with something of everything that it looks at, and what polls ask of what went."""
    bob = await stored.chat("bob", follows=[LE_MONDE, EURACTIV])
    twins = (story("t", "One", url=None), story("t", "Two", url=None))
    await stored.publish(LE_MONDE, story("c", content="Text."), *twins)
    await stored.publish(LE_MONDE, story("c", "EUMAM, edited", content="Text."))
    await stored.deliver()
    await stored.tidy(after=20)
    await stored.tidy(after=61)
    await stored.poll(LE_MONDE, story("c", "EUMAM, edited", content="Text.", published=1.0), *twins)
    await stored.publish(LE_MONDE, story("c", "EUMAM, edited again"))
    await stored.unfollow(bob, EURACTIV)
    await stored.feeds.relocate((await stored.feed(LE_MONDE)).feed_id, "https://lemonde.example/new")
    await stored.tidy(after=400)
    await stored.tidy(after=400)
    await stored.database.read(count_withheld)


# What is looked at once a day, in portions.
ONCE_A_DAY = {
    "SCAN stories",
    "SCAN f",  # feeds that nobody follows
}


async def test_upkeep_looks_at_what_it_must_and_changes_what_it_found(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    plans = await plans_of(stored, a_year_goes_by)
    scans = [
        f"{step}: {sql}"
        for sql, steps in plans.items()
        for step in steps
        if step.startswith("SCAN") and step not in MEANT | ONCE_A_DAY
    ]
    assert not scans, "\n\n".join(scans)
    for said in ("(r.seen_at, r.id) >", "INDEXED BY identities_spoiled"):
        found = [step for sql, steps in plans.items() if said in sql for step in steps]
        assert found
        assert not any("TEMP B-TREE" in step for step in found), f"sorted, so all of it is read: {found}"
