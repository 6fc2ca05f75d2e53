"""Databases of older versions, as they were written then: each is brought up to date, and works.

A file in `tests/data/databases` is a dump of what the version whose newest migration it is named after had written: two
chats, one of them paused, with filters, follows and a button; alerts sent, due, and in hand when the run was killed; a
story that waits to be matched, one with a former version, and a guid that two entries shared.
"""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlite_utils

from bot.domain.chats import Address
from bot.domain.rhythm import DAY, Rhythm
from bot.ports.store import StoreFailed
from storage import Database
from storage.migrations import MIGRATIONS
from storage.rhythms import load_rhythm
from support.stored import EURACTIV, LE_MONDE, Stored, headlines, story

DUMPS = sorted((Path(__file__).parents[1] / "data" / "databases").glob("*.sql"))
NOW = 1_800_000_100.0


def written(dump: Path, path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(dump.read_text("utf-8"))
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


def test_there_are_some() -> None:
    assert DUMPS


@pytest.mark.parametrize("dump", DUMPS, ids=lambda dump: dump.stem)
async def test_what_an_older_version_wrote_survives_and_works(dump: Path, tmp_path: Path) -> None:
    written(dump, tmp_path / "tocsin.db")
    async with Stored.opened(tmp_path) as stored:
        stored.now = NOW
        assert await stored.database.write(MIGRATIONS.pending) == []
        assert await stored.sql("PRAGMA foreign_key_check") == []
        assert await stored.sql("SELECT story_id FROM analyses WHERE site_id = 0 OR byline_id = 0") == []
        alice = await stored.chats.find(Address("telegram", "alice"))
        bob = await stored.chats.find(Address("telegram", "bob"))
        assert alice is not None
        assert bob is not None
        assert bob.paused
        assert [found.query for found in await stored.chats.filters(alice.chat_id, NOW)] == [
            "EUMAM",
            "military instructors",
        ]
        assert {follow.feed.url for follow in await stored.chats.follows(alice.chat_id)} == {LE_MONDE, EURACTIV}
        assert await stored.chats.line_of(alice.chat_id, "1") == "/pause"
        assert await stored.chats.operators() == {"telegram:1"}

        # What was due or in hand is sent, in order; what is held is when it is let go.
        assert await stored.outbox.recover("telegram", run="the next", now=NOW) == 1
        assert headlines(await stored.deliver()) == ["Military instructors wanted", "EUMAM, in other words"]
        await stored.resume(bob)
        assert headlines(await stored.deliver()) == ["EUMAM counts its graduates", "Military instructors wanted"]
        assert await stored.settle() == 0, "what waited to be matched was told already"

        # What was known is known, and what is new is told.
        known = (
            story("told", "EUMAM counts its graduates", published=1_799_996_418.0),
            story("due", "Military instructors wanted", content="EUMAM wants more.", published=1_800_000_018.0),
        )
        assert await stored.publish(LE_MONDE, *known) == 0
        assert await stored.publish(LE_MONDE, *known, story("new", "EUMAM moves")) == 2
        shared = story("shared", "Three, on EUMAM", url="https://outlet.example/three-article")
        assert await stored.publish(EURACTIV, shared) == 1, "its guid names none"
        await stored.deliver()

        # And it is kept as any other.
        went = await stored.tidy(after=61)
        assert went.stories == await stored.count("former_stories") > 7
        assert await stored.publish(LE_MONDE, *known) == 0


async def test_an_update_that_fails_halfway_leaves_the_file_to_the_version_before(tmp_path: Path) -> None:
    path = tmp_path / "tocsin.db"
    written(DUMPS[0], path)
    with closing(sqlite3.connect(path)) as beside:
        beside.execute("CREATE TABLE removed_filters (id)")  # in the way of a late migration
        before = list(beside.iterdump())
        with pytest.raises(StoreFailed, match="removed_filters already exists"):
            await Database(path).open()
        assert list(beside.iterdump()) == before
        beside.execute("DROP TABLE removed_filters")
    async with Stored.opened(tmp_path) as stored:
        assert await stored.database.write(MIGRATIONS.pending) == []


def test_a_filter_without_an_alert_is_silent_since_the_oldest_story_that_was_kept() -> None:
    db = sqlite_utils.Database(memory=True)
    MIGRATIONS.apply(db, stop_before="m0020_last_hits")
    for script in (
        "INSERT INTO feeds (id, url, title) VALUES (1, 'http://1', '')",
        """INSERT INTO chats (id, platform, chat, topic, kind, title, entered_at)
           VALUES (1, 'telegram', 'a', '', 'group', '', 0)""",
        "INSERT INTO queries VALUES (1, 'EUMAM'), (2, 'drone'), (3, 'coalition')",
        "INSERT INTO filters (id, chat_id, query_id, number, since) VALUES (1, 1, 1, 1, 5), (2, 1, 2, 2, 5)",
        """INSERT INTO removed_filters (id, chat_id, query_id, number, since, mode, removed_at)
           VALUES (3, 1, 3, 3, 5, 'instant', 6)""",
        "INSERT INTO events (id, key, first_seen) VALUES (1, 'a', 70)",
        """INSERT INTO stories (id, feed_id, version, entry, digest, first_seen, changed_at, silent, late, pending)
           VALUES (1, 1, 1, '{}', '', 50, 50, 0, 0, 0), (2, 1, 1, '{}', '', 70, 70, 0, 0, 0)""",
        "INSERT INTO alerts (id, chat_id, event_id, story_id, state, made_at) VALUES (1, 1, 1, 2, 'sent', 70)",
        "INSERT INTO alert_filters VALUES (1, 1, 1, 1)",
    ):
        db.execute(script)
    MIGRATIONS.apply(db)
    sql = "SELECT number, last_hit_at FROM filters UNION SELECT number, last_hit_at FROM removed_filters"
    assert db.execute(sql).fetchall() == [(1, 70), (2, 50), (3, 50)]


def test_rhythms_that_were_text_are_kept() -> None:
    db = sqlite_utils.Database(memory=True)
    MIGRATIONS.apply(db, stop_before="m0012_rhythms_as_numbers")
    hours, days = [0.0] * 23 + [3.5], [0.5] * 7
    for feed_id, last in ((1, 1_799_999_000.125), (2, None)):
        text = json.dumps([NOW, 3.0, 4.0, 86_400.0, hours, days, [0.1, 0.2], [0.3, 0.4], last, 60.0])
        db.execute(
            "INSERT INTO feeds (id, url, title, rhythm) VALUES (?, ?, '', ?)", (feed_id, f"http://{feed_id}", text)
        )
    db.execute("INSERT INTO feeds (id, url, title) VALUES (3, 'http://3', '')")
    MIGRATIONS.apply(db)
    stored = [load_rhythm(found) for (found,) in db.execute("SELECT rhythm FROM feeds ORDER BY id").fetchall()]
    known = Rhythm(NOW, 3, 4, DAY, tuple(hours), tuple(days), (0.1, 0.2), (0.3, 0.4), 1_799_999_000.125, 60)
    assert stored == [known, replace(known, last=None), None]
