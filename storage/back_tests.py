"""What the archive answers: which stories a query would have told, and what became of one."""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from typing import Final

import sqlite_utils

from bot.domain.alternatives import closest
from bot.domain.filters import Match
from bot.domain.forms import Forms
from bot.domain.matching import token_keys
from bot.domain.query import Query, Word
from bot.domain.supply import Brought, supply_of
from bot.domain.urls import canonical
from bot.domain.words import PARTING
from bot.ports.archive import BackTest, Fate, FoundStory, Told
from storage.archive import set_keys
from storage.database import Database, rows, scalar
from storage.entries import load_entry
from storage.parting import part_anew
from storage.rhythms import load_rhythm
from storage.stories import load_page
from storage.trials import Trial

_DAY: Final = 86_400.0
_DAYS: Final = 30
_FOUND: Final = 50  # stories that are given back
_SECONDS: Final = 1.5  # that looking for what a query holds for may take
_PORTION: Final = 500  # words whose keys are made anew in one transaction
_STORIES: Final = 20  # that are parted into words anew in one transaction
_SPELLINGS: Final = 5_000  # words among which the nearest one is looked for


class ArchiveStore:
    """The `Archive` port over SQLite; `forms` have to be those with which stories are analysed.

    A query that takes more than so many `seconds` of `clock` is tried on the newest stories alone.
    """

    def __init__(
        self,
        database: Database,
        forms: Forms,
        *,
        seconds: float = _SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._forms = forms
        self._seconds = seconds
        self._clock = clock

    async def back_test(self, chat_id: int, query: Query, now: float) -> BackTest:
        """See `bot.ports.Archive`."""

        def work(db: sqlite_utils.Database) -> BackTest:
            trial = Trial(db, chat_id, query, self._forms)
            brought = _brought(db, chat_id, now - _DAYS * _DAY)
            supply = supply_of(brought, now)
            found = trial.find(now - _DAYS * _DAY, _FOUND, self._clock, self._seconds)
            name = str(query)
            # What there was time for may be less than a day.
            days = supply.days if found.whole else min(max(now - found.since, 0.0) / _DAY, supply.days)
            return BackTest(
                events=found.events,
                days=days,
                covered=min(supply.covered, days),
                whole=found.whole,
                found=tuple(
                    (_found(db, hit.story_id), Match(name, trial.spans(hit.story_id) or ())) for hit in found.newest
                ),
                feeds=len(brought),
                stories_a_day=supply.stories_a_day,
                unknown={
                    word: spelled
                    for word in ([] if found.events else trial.unknown)
                    if (spelled := closest(word, _spelled_alike(db, word)))
                },
            )

        return await self._database.read(work)

    async def renew(self, method: str) -> int:
        """Make words' keys anew where another method made them, a portion at a time; of how many words.

        What is tried meanwhile may find less. A language that is not finished is begun again.
        """
        made = 0
        while (language := await self._database.read(lambda db: _outdated(db, method))) is not None:
            made += await self._renew(language, method)
        return made

    async def part_anew(self) -> int:
        """Part stories into words anew that an earlier version has parted otherwise, a few at a time; of how many.

        The newest come first. What is tried meanwhile finds the others by the words that they had.
        """
        sql = """SELECT story_id, language FROM analyses WHERE parting < ?
                 ORDER BY parting DESC, story_id DESC LIMIT ?"""
        parted = 0
        opened: set[str] = set()
        while found := await self._database.read(lambda db: rows(db, sql, PARTING, _STORIES)):
            for language in {story["language"] for story in found} - opened:
                await asyncio.to_thread(self._forms.keys, "a", language)  # no write is to wait for its dictionary
                opened.add(language)
            await self._database.write(lambda db, found=found: self._part_anew(db, found))  # type: ignore[misc]
            parted += len(found)
        return parted

    def _part_anew(self, db: sqlite_utils.Database, found: list[sqlite3.Row]) -> None:
        for story in found:
            part_anew(db, story["story_id"], self._forms)

    async def _renew(self, language: str, method: str) -> int:
        while await self._database.write(lambda db: _drop_keys(db, language)):
            pass
        made = last = 0
        while words := await self._database.read(lambda db, at=last: _words_after(db, language, at)):  # type: ignore[misc]
            keys = {term_id: token_keys(written, language, self._forms) for term_id, written in words}
            await self._database.write(lambda db, keys=keys: set_keys(db, language, keys))  # type: ignore[misc]
            made += len(words)
            last = words[-1][0]
        sql = "UPDATE lexicons SET method = ? WHERE language = ?"
        await self._database.write(lambda db: db.execute(sql, (method, language)))
        return made

    async def told_in(self, chat_id: int, message_id: str) -> Fate | None:
        """See `bot.ports.Archive`."""
        sql = "SELECT story_id FROM alerts WHERE chat_id = ? AND message_id = ?"

        def work(db: sqlite_utils.Database) -> Fate | None:
            story_id = scalar(db, sql, chat_id, message_id)
            return _fate(db, chat_id, story_id) if story_id else None

        return await self._database.read(work)

    async def story_at(self, chat_id: int, url: str) -> Fate | None:
        """See `bot.ports.Archive`."""
        sql = """SELECT i.story_id FROM feeds f CROSS JOIN identities i ON i.feed_id = f.id AND i.key = ?
                 LEFT JOIN follows w ON w.feed_id = f.id AND w.chat_id = ? WHERE i.story_id IS NOT NULL
                 ORDER BY w.chat_id IS NULL, i.story_id DESC LIMIT 1"""

        def work(db: sqlite_utils.Database) -> Fate | None:
            story_id = scalar(db, sql, f"link:{canonical(url)}", chat_id)
            return _fate(db, chat_id, story_id) if story_id else None

        return await self._database.read(work)


def _outdated(db: sqlite_utils.Database, method: str) -> str | None:
    found: str | None = scalar(db, "SELECT language FROM lexicons WHERE method != ? ORDER BY language LIMIT 1", method)
    return found


def _drop_keys(db: sqlite_utils.Database, language: str) -> int:
    """Drop a portion of a language's keys; how many."""
    sql = """DELETE FROM term_keys WHERE (language, key, term_id) IN
             (SELECT language, key, term_id FROM term_keys WHERE language = ? LIMIT ?)"""
    return int(db.execute(sql, (language, _PORTION)).rowcount)


def _words_after(db: sqlite_utils.Database, language: str, term_id: int) -> list[tuple[int, str]]:
    sql = "SELECT id, written FROM terms WHERE id > ? AND language = ? ORDER BY id LIMIT ?"
    return [(term["id"], term["written"]) for term in rows(db, sql, term_id, language, _PORTION)]


def _brought(db: sqlite_utils.Database, chat_id: int, since: float) -> list[Brought]:
    """Of each feed that a chat follows, what is stored of the stories that were published since then."""
    found = rows(
        db,
        """SELECT f.rhythm, (SELECT count(*) FROM analyses a WHERE a.feed_id = w.feed_id AND a.at >= ?1) AS stories,
           (SELECT min(a.at) FROM analyses a WHERE a.feed_id = w.feed_id AND a.at >= ?1) AS oldest
           FROM follows w JOIN feeds f ON f.id = w.feed_id WHERE w.chat_id = ?2""",
        since,
        chat_id,
    )
    return [Brought(feed["stories"], feed["oldest"], load_rhythm(feed["rhythm"])) for feed in found]


def _found(db: sqlite_utils.Database, story_id: int) -> FoundStory:
    sql = """SELECT s.entry, f.title, s.first_seen, coalesce(a.language, '') AS language FROM stories s
             JOIN feeds f ON f.id = s.feed_id LEFT JOIN analyses a ON a.story_id = s.id WHERE s.id = ?"""
    (story,) = rows(db, sql, story_id)
    return FoundStory(
        story_id, load_entry(story["entry"]), story["title"], story["first_seen"], language=story["language"]
    )


def _spelled_alike(db: sqlite_utils.Database, word: Word) -> list[str]:
    """Words of stories that begin as this one does."""
    begins = word.folded[: max(1, min(3, len(word.folded) // 2))]
    sql = "SELECT DISTINCT folded FROM terms WHERE folded >= ? AND folded < ? LIMIT ?"
    return [found["folded"] for found in rows(db, sql, begins, begins + "\U0010ffff", _SPELLINGS)]


def _fate(db: sqlite_utils.Database, chat_id: int, story_id: int) -> Fate:
    (story,) = rows(
        db,
        """SELECT s.event_id, s.silent, s.version, f.url, w.since, g.text AS page,
             coalesce(t.content != '', 0) AS had_content, a.version = s.version AS is_known
           FROM stories s JOIN feeds f ON f.id = s.feed_id LEFT JOIN follows w ON w.feed_id = f.id AND w.chat_id = ?
           LEFT JOIN pages g ON g.story_id = s.id LEFT JOIN analyses a ON a.story_id = s.id
           LEFT JOIN story_terms t ON t.story_id = s.id WHERE s.id = ?""",
        chat_id,
        story_id,
    )
    alerts = rows(
        db,
        """SELECT d.filter_id, a.story_id, a.state, a.settled_at AS at FROM alerts a
           JOIN discarded d ON d.alert_id = a.id WHERE a.chat_id = ?1 AND a.story_id = ?2
           UNION ALL SELECT n.filter_id, a.story_id, a.state, coalesce(a.settled_at, a.made_at) FROM alert_filters n
           JOIN alerts a ON a.id = n.alert_id WHERE n.chat_id = ?1 AND n.event_id = ?3""",
        chat_id,
        story_id,
        story["event_id"],
    )
    found = _found(db, story_id)
    return Fate(
        found,
        story["url"],
        story["since"],
        bool(story["silent"]),
        {alert["filter_id"]: Told(alert["story_id"], alert["state"], alert["at"]) for alert in alerts},
        page=load_page(story["page"]),
        edited=story["version"] > 1,
        # The words of its newest version are kept when its text goes; those of one that is not matched yet are others.
        shortened=bool(story["is_known"] and story["had_content"] and not found.entry.content),
    )
