"""The four stores on a real SQLite file, with a newsroom's and a reader's verbs.

    async with Stored.opened(folder) as stored:
        alice = await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
        await stored.publish(LE_MONDE, story("a", "EUMAM counts its graduates"))
        (alert,) = await stored.claim()
        await stored.mark(alert, Done("1"))

No platform and no web; each verb takes a second, so that before and after are never the same instant.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

from bot.analysis import Analyst
from bot.domain.chats import Address, ChatKind
from bot.domain.delivery import Decision, Done
from bot.domain.filters import FilterIndex, Match
from bot.domain.forms import Folded
from bot.domain.moves import Move
from bot.domain.query import parse
from bot.domain.retention import DAY, Keeping
from bot.domain.rhythm import Rhythm
from bot.domain.stories import Entry, FeedDocument, event_key, identify
from bot.ports.chats import Chat, Filter
from bot.ports.feeds import Body, Feed, Poll
from bot.ports.outbox import Claimed, ClaimedAlert, ClaimedDigest, ClaimedEdit
from bot.ports.stories import StoredStory
from storage import (
    ArchiveStore,
    ChatStore,
    Database,
    FeedStore,
    NoticeStore,
    OutboxStore,
    StoryStore,
    TellingStore,
    Upkeep,
)
from storage.database import rows
from storage.feeds import COLUMNS, load_feed
from storage.upkeep import Tidied
from support.inline import make_database

LE_MONDE = "https://lemonde.example/rss"
EURACTIV = "https://euractiv.example/rss"
START = 1_800_000_000.0
MAX_AGE = 72 * 3600.0
ANALYST = Analyst(Folded(), lambda _, declared: declared or "", "folded")
RUN = "this run"


def story(slug: str, title: str = "EUMAM counts its graduates", **changes: Any) -> Entry:
    """An entry of whichever feed; the same slug is the same story, and its article the same event elsewhere."""
    return Entry(**({"guid": slug, "url": f"https://outlet.example/{slug}-article", "title": title} | changes))


class Stored:
    """An opened database and its stores, at an instant that each verb moves on."""

    def __init__(self, path: Path, database: Database | None = None) -> None:
        make_database(path)
        self.database = database or Database(path)
        self.feeds = FeedStore(self.database)
        self.stories = StoryStore(self.database)
        self.chats = ChatStore(self.database)
        self.notices = NoticeStore(self.database)
        self.outbox = OutboxStore(self.database, ANALYST.forms)
        self.telling = TellingStore(self.database)
        self.archive = ArchiveStore(self.database, ANALYST.forms)
        self.upkeep = Upkeep(self.database, Keeping(stories=60 * DAY, texts=14 * DAY))
        self.now = START

    @classmethod
    @asynccontextmanager
    async def opened(cls, folder: Path) -> AsyncIterator[Self]:
        """Open a folder's database, and close it at the end."""
        stored = cls(folder / "tocsin.db")
        await stored.database.open()
        try:
            yield stored
        finally:
            await stored.database.close()

    def later(self, seconds: float = 1.0) -> float:
        """Let time pass; what time it is then."""
        self.now += seconds
        return self.now

    async def sql(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """What the file holds, for whoever cannot be asked otherwise."""
        return await self.database.read(lambda db: [tuple(found) for found in rows(db, sql, *parameters)])

    async def count(self, table: str) -> int:
        """How many rows a table has."""
        return int((await self.sql(f"SELECT count(*) FROM {table}"))[0][0])

    async def next_due(self) -> float | None:
        """When the next followed feed is due."""
        return (await self.sql("SELECT min(due_at) FROM feeds WHERE due_at IS NOT NULL"))[0][0]  # type: ignore[no-any-return]

    async def tidy(self, *, after: float = 0.0) -> Tidied:
        """A round of upkeep, after so many days."""
        self.later(after * DAY)
        return await self.upkeep.run(self.now)

    # Chats

    async def chat(
        self,
        name: str,
        *,
        follows: Sequence[str] = (),
        watches: Sequence[str] = (),
        platform: str = "telegram",
        topic: str = "",
    ) -> Chat:
        """A chat that follows these feeds, which are primed, and watches these queries."""
        chat = await self.chats.enter(Address(platform, name, topic), ChatKind.GROUP, name.title(), now=self.later())
        for url in follows:
            await self.follow(chat, url)
        for text in watches:
            await self.watch(chat, text)
        return chat

    async def follow(self, chat: Chat, url: str, *, everything: bool = False, primed: bool = True) -> Feed:
        """Relocate one feed, which then has had its silent first poll unless it is to be as it was added."""
        await self.chats.follow(
            chat.chat_id, [(url, url)], everything=everything, now=self.later(), most=500, most_total=20_000
        )
        feed = await self.feed(url)
        if primed and not feed.primed:
            await self.poll(url, story(f"before {url}", "What came before"))
            await self.settle()
        return feed

    async def unfollow(self, chat: Chat, url: str) -> None:
        """Relocate this feed no more."""
        self.later()
        await self.chats.unfollow(chat.chat_id, (await self.feed(url)).feed_id)

    async def watch(self, chat: Chat, text: str) -> Filter:
        """Set a filter."""
        found, _ = await self.chats.watch(chat.chat_id, parse(text), now=self.later(), most=200)
        return found

    async def unwatch(self, chat: Chat, text: str) -> None:
        """Remove a filter by what it says."""
        for found in await self.chats.filters(chat.chat_id, self.later()):
            if found.query == text:
                await self.chats.unwatch(chat.chat_id, found.filter_id, self.later())

    async def watch_again(self, chat: Chat, number: int) -> Filter:
        """Bring a filter back that was removed, by its number."""
        found, _ = await self.chats.watch_again(chat.chat_id, number, now=self.later(), most=200)
        return found

    async def pause(self, chat: Chat) -> None:
        """Hold the chat's alerts."""
        await self.chats.pause(chat.chat_id, paused=True, now=self.later())

    async def resume(self, chat: Chat) -> None:
        """Let the chat's alerts go."""
        await self.chats.pause(chat.chat_id, paused=False, now=self.later())

    # Feeds and stories

    async def feed(self, url: str) -> Feed:
        """The feed as it is stored."""
        sql = f"SELECT {COLUMNS} FROM feeds WHERE url = ?"
        (found,) = await self.database.read(lambda db: [load_feed(found) for found in rows(db, sql, url)])
        return found

    async def poll(self, url: str, *entries: Entry) -> int:
        """Take in a document that holds these entries; how many are new."""
        return await self.feeds.take_in(
            await self.feed(url),
            FeedDocument(entries=entries),
            identify(entries),
            now=self.later(),
            max_age=MAX_AGE,
        )

    async def answered(
        self, url: str, *, after: float = 60, move: Move | None = None, body: Body | None = None
    ) -> None:
        """A poll that ended at a feed, which is due again `after` seconds."""
        now = self.later()
        await self.feeds.polled((await self.feed(url)).feed_id, Poll(now, now + after, None, Rhythm(now), move), body)

    async def settle(self) -> int:
        """Match what waits for it, as the pipeline does; how many alerts."""
        index = FilterIndex(map(parse, await self.chats.queries()))
        return sum([await self.settle_one(found, index) for found in await self.stories.unprocessed(1000)])

    async def settle_one(self, found: StoredStory, index: FilterIndex) -> int:
        """Match one story; how many alerts."""
        matches = index.match(ANALYST.analysis(found.entry))
        fresh: frozenset[str] = frozenset()
        if found.previous is not None:
            known = {match.query for match in index.match(ANALYST.analysis(found.previous))}
            fresh = frozenset(match.query for match in matches if match.query not in known)
        return await self.settle_as(found, matches, fresh)

    async def settle_as(
        self, found: StoredStory, matches: Sequence[Match] = (), fresh: frozenset[str] = frozenset()
    ) -> int:
        """Settle a story with matches that are given."""
        key = event_key(found.entry, found.story_id, own_link=found.own_link, own_number=found.own_number)
        words = ANALYST.words(ANALYST.analysis(found.entry))
        settled = await self.stories.settle(
            found, words=words, event_key=key, matches=matches, fresh=fresh, now=self.later()
        )
        return settled.alerts

    async def publish(self, url: str, *entries: Entry) -> int:
        """A poll that brings these entries, and the matching after it; how many alerts."""
        await self.poll(url, *entries)
        return await self.settle()

    # The outbox

    async def claim(self, *, limit: int = 100, platform: str = "telegram", run: str = RUN) -> list[ClaimedAlert]:
        """Take alerts in hand, of which so few wait that none is a digest."""
        alerts = []
        for claimed in await self.claim_any(limit=limit, platform=platform, run=run):
            assert isinstance(claimed, ClaimedAlert)
            alerts.append(claimed)
        return alerts

    async def claim_any(
        self, *, limit: int = 100, platform: str = "telegram", run: str = RUN
    ) -> list[ClaimedAlert | ClaimedDigest]:
        """Take alerts and digests in hand."""
        return await self.outbox.claim(platform, run=run, limit=limit, now=self.later())

    async def claim_edits(self, *, limit: int = 100) -> list[ClaimedEdit]:
        """Take edits in hand."""
        return await self.outbox.claim_edits("telegram", run=RUN, limit=limit, now=self.later())

    async def mark(self, claimed: Claimed, decision: Decision, *, next_at: float | None = None) -> None:
        """Store what became of one; the chat may have its next at once unless said otherwise."""
        now = self.later()
        await self.outbox.mark(claimed, decision, now=now, next_at=now if next_at is None else next_at)

    async def deliver(self, platform: str = "telegram") -> list[ClaimedAlert]:
        """Deliver all that can be, as messages "m1", "m2", …; what was delivered, in order."""
        delivered: list[ClaimedAlert] = []
        while claimed := await self.claim_any(platform=platform):
            for one in claimed:
                alerts = one.alerts if isinstance(one, ClaimedDigest) else (one,)
                await self.mark(one, Done(f"m{alerts[0].alert_id}"))
                delivered.extend(alerts)
        return delivered

    async def states(self, chat: Chat) -> list[str]:
        """The states of a chat's alerts, oldest first."""
        found = await self.sql("SELECT state FROM alerts WHERE chat_id = ? ORDER BY id", chat.chat_id)
        return [state for (state,) in found]


def headlines(alerts: Sequence[ClaimedAlert]) -> list[str]:
    """What alerts say first, in order."""
    return [alert.entry.title for alert in alerts]


def named(alert: ClaimedAlert) -> list[str]:
    """The queries that an alert names."""
    return [match.query for match in alert.matches]
