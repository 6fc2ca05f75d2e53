"""The straight line that a story travels, from its feed to the chats that asked.

    due feeds | fetch | parse | new or changed?   -> commit 1: stories, with the feed's validators
    unprocessed stories | words | match | event   -> commit 2: matches, event, alerts in the outbox
    due alerts | claim | render | pace | send     -> commit 3: sent, or when to try again, or why not

Each step takes up what the one before has committed, so a crash anywhere resumes there. What is decided is decided in
`bot.domain`; what is stored, fetched and sent is behind `bot.ports`. The third line is `bot.delivery`.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from hashlib import blake2b
from random import Random
from typing import Final

from bot.analysis import Analyst
from bot.discovery import discover
from bot.domain.budget import Budget
from bot.domain.errors import FetchFailed, FetchKind, NotAFeed
from bot.domain.events import WINDOW, Events
from bot.domain.filters import Analysis, FilterIndex
from bot.domain.gist import Story
from bot.domain.health import EXPIRED, health_of, is_ended
from bot.domain.hits import weight_of
from bot.domain.moves import observe as observe_move
from bot.domain.pages import Exempt, wants_page
from bot.domain.retention import is_to_be_looked_over
from bot.domain.rhythm import Forecast, observe
from bot.domain.schedule import Bounds, after_failure, after_success, bounds_of, pause_of, window_of
from bot.domain.stories import Entry, FeedDocument, event_key, identify
from bot.domain.urls import logged, publisher
from bot.ports.clock import Clock
from bot.ports.feeds import Body, Feed, Feeds, Introduction, Poll
from bot.ports.store import StoreFailed
from bot.ports.stories import StoredStory, Stories
from bot.ports.web import Fetched, Reader, Unchanged, Validators, Web

log = logging.getLogger(__name__)

_POLLS_AT_ONCE: Final = 200
_BEGUN_AT_ONCE: Final = 2
_POLLS_AT_ONE_HOST: Final = 20  # where they do not take turns
_LOOKED_AT: Final = 100  # due feeds among which those are chosen, and for each that may be chosen
_LOOKED_AT_FOR_ONE: Final = 4
_STORIES_AT_ONCE: Final = 100
_CONNECTED: Final = (
    3_600.0  # seconds after a feed's answer in which names that are not found are not our network's fault
)
_BELIEVED: Final = 86_400.0  # seconds for which a server's "unchanged" is taken at its word
CUT_OFF: Final = "cut-off"
_CUT_POLLS: Final = 3  # polls after which a feed that breaks off is taken as it is
_LEAD: Final = 600  # characters of a text that stand for a lead where there is none
_BROKEN_PAUSE: Final = 3_600.0  # seconds before a story that could not be matched is tried again
_STORE_PAUSE: Final = 1.0  # seconds before a failed store is tried again


class Polling:
    """From due feeds to commit 1."""

    def __init__(
        self,
        feeds: Feeds,
        web: Web,
        reader: Reader,
        clock: Clock,
        random: Random,
        *,
        bounds: Bounds,
        budget: Budget,
        takes_turns: bool = True,
        max_age: float,
        on_stories: Callable[[], None],
    ) -> None:
        """With `takes_turns`, no two feeds of a host are asked at once."""
        self._feeds = feeds
        self._web = web
        self._reader = reader
        self._clock = clock
        self._random = random
        self._bounds = bounds
        self._budget = budget
        self._per_host = 1 if takes_turns else _POLLS_AT_ONE_HOST
        self._max_age = max_age
        self._on_stories = on_stories
        self._in_hand: dict[int, str] = {}
        self._called = asyncio.Event()
        self._answered_at = float("-inf")

    def call(self) -> None:
        """Time has passed, or a feed is new: look which feeds are due."""
        self._called.set()

    async def run(self) -> None:
        """Poll what is due whenever called, many at once, until cancelled; a slow server holds up no other."""
        async with asyncio.TaskGroup() as polls:
            while True:
                await self._called.wait()
                self._called.clear()
                for number, feed in enumerate(await self._due(), 1):
                    polls.create_task(self._poll_in_hand(feed))
                    if number % _BEGUN_AT_ONCE == 0:
                        await asyncio.sleep(0)  # a request takes its time to begin, and others want their turn

    async def _due(self) -> list[Feed]:
        """Feeds to poll now, which are in hand from here on: no more than the budget allows, the longest due first."""
        now = self._clock.now()
        try:
            if not self._budget.is_settled(now):
                self._budget.settle(now, await self._feeds.followed())
            if self._budget.free_at() > now:
                return []
            busy = Counter(self._in_hand.values())
            full = frozenset(host for host, polls in busy.items() if polls >= self._per_host)
            free = _POLLS_AT_ONCE - len(self._in_hand)
            if free <= 0:
                return []
            looked_at = min(_LOOKED_AT, _LOOKED_AT_FOR_ONE * free)
            due = await self._feeds.due(now, looked_at, without=full, in_hand=frozenset(self._in_hand))
        except StoreFailed as error:
            log.error("Feeds cannot be polled, the store fails: %s", error)
            return []
        chosen = []
        for feed in due:
            host = feed.host
            if len(self._in_hand) >= _POLLS_AT_ONCE or self._budget.free_at() > now:
                break
            if feed.feed_id not in self._in_hand and busy[host] < self._per_host:
                self._budget.spend(now)
                busy[host] += 1
                self._in_hand[feed.feed_id] = host
                chosen.append(feed)
        if chosen and len(due) == looked_at:
            self.call()  # behind those of one host there may be others
        return chosen

    async def _poll_in_hand(self, feed: Feed) -> None:
        try:
            await self.poll(feed)
        except StoreFailed as error:
            log.error("%s was not taken in, the store fails: %s", logged(feed.url), error)
            await self._clock.sleep(self._bounds.shortest)  # it is still due: a full disk is not the outlet's burden
        except Exception:
            log.exception("Polling %s failed in an unexpected way", logged(feed.url))
            await self._failed(feed, "unexpected")
        finally:
            del self._in_hand[feed.feed_id]
            if len(self._in_hand) == _POLLS_AT_ONCE // 2:
                self.call()  # others may be waiting for their turn

    async def poll(self, feed: Feed) -> None:
        """Fetch and parse one feed, and take in what is new.

        Raises:
            StoreFailed: what was not stored is asked for again; the feed stays due.
        """
        try:
            answer = await self._web.get(feed.url, self._validators(feed))
            if isinstance(answer, Unchanged):
                return await self._polled(feed, answer)
            body = _body_of(answer)
            if body.digest == feed.body and not feed.failures and not self._is_to_be_looked_over(feed):
                return await self._polled(feed, answer, body)
            document = await self._read(answer)
        except FetchFailed as failure:
            await self._failed(feed, failure)
        except NotAFeed as failure:
            await self._failed(feed, failure)
        else:
            if document.whole:
                new = await self._take_in(feed, document)
                await self._polled(feed, answer, body, document, new=new)
            else:
                await self._cut_off(feed, document)
        return None

    def _validators(self, feed: Feed) -> Validators:
        """What to ask with: nothing once a day, for there are servers that say "unchanged" for ever."""
        asked_lately = feed.read_at is not None and self._clock.now() - feed.read_at < _BELIEVED
        return feed.validators if asked_lately else Validators()

    def _is_to_be_looked_over(self, feed: Feed) -> bool:
        return is_to_be_looked_over(feed.taken_at, self._clock.now())

    async def _read(self, answer: Fetched) -> FeedDocument:
        return await self._reader.read(answer.body, content_type=answer.content_type, url=answer.url)

    async def introduce(self, url: str) -> Introduction:
        """Look at a feed that somebody wants to follow; for a page that names none, one is looked for on its site.

        Raises:
            FetchFailed: it cannot be fetched.
            NotAFeed: what is there is no feed; with the feeds that there are instead.
        """
        self._spend()
        answer = await self._web.get(url)
        assert isinstance(answer, Fetched), "nothing was sent that a server could call unchanged"
        try:
            document = await self._read(answer)
        except NotAFeed as failure:
            if failure.seems != "html" or failure.advertised:
                raise
            found = await discover(self._web, self._reader, answer.url, on_request=self._spend)
            raise NotAFeed(failure.seems, (found,) if found else ()) from None
        return Introduction(document, _body_of(answer), answer.moved_to)

    def _spend(self) -> None:
        self._budget.spend(self._clock.now())

    async def welcome(self, feed: Feed, introduction: Introduction) -> None:
        """Take in what a feed held when it was introduced: its first poll, which is silent.

        A poll that was quicker brought a newer document, and this one is let go; one that breaks off is none.
        """
        if introduction.document.whole:
            new = await self._take_in(feed, introduction.document, if_first=True)
            answer = Unchanged(moved_to=introduction.moved_to)
            await self._polled(feed, answer, introduction.body, introduction.document, new=new)

    async def _take_in(self, feed: Feed, document: FeedDocument, *, if_first: bool = False) -> int:
        identified = identify(document.entries)
        if identified.digest == feed.digest and not self._is_to_be_looked_over(feed):
            return 0
        new = await self._feeds.take_in(
            feed, document, identified, now=self._clock.now(), max_age=self._max_age, if_first=if_first
        )
        log.debug("%s brought %d new stories", logged(feed.url), new)
        self._on_stories()
        return new

    async def _cut_off(self, feed: Feed, document: FeedDocument) -> None:
        """Half a feed is an error, and waits for the whole; one that never comes whole is taken as it comes."""
        if feed.error == CUT_OFF and feed.failures >= _CUT_POLLS:
            await self._take_in(feed, document)
        await self._failed(replace(feed, failures=min(feed.failures, _CUT_POLLS)), CUT_OFF)

    async def _polled(
        self,
        feed: Feed,
        answer: Fetched | Unchanged,
        body: Body | None = None,
        document: FeedDocument | None = None,
        *,
        new: int = 0,
    ) -> None:
        """A poll ended at a feed, with a new document or without; decide when to ask again, and where."""
        now = self._clock.now()
        self._answered_at = now
        ttl, window, skips, dates = feed.ttl, feed.window, feed.skips, []
        if document is not None:
            dates = [entry.published for entry in document.entries if entry.published is not None]
            ttl, window, skips = document.ttl, window_of(dates), document.skips
        rhythm = observe(feed.rhythm, now, dates, new)
        bounds = bounds_of(
            self._budget.within(self._bounds),
            window=window,
            silence=now - rhythm.last if rhythm.last is not None else 0.0,
            hint=max(answer.max_age or 0.0, ttl or 0.0),
        )
        pause = pause_of(
            Forecast(rhythm), now, bounds, price=self._budget.price, weight=weight_of(feed.readers, feed.hits)
        )
        self._budget.plan(feed.feed_id, pause, now)
        move = observe_move(feed.move, answer.moved_to, now)
        due_at = after_success(now, pause, self._random, skips)
        poll = Poll(now, due_at, window, rhythm, move, None if document is None else len(document.entries))
        await self._feeds.polled(feed.feed_id, poll, body)
        if feed.failures:
            log.info("%s answers again after %d failures", logged(feed.url), feed.failures)
        if move is not None and move.is_settled(now):
            await self._feeds.relocate(feed.feed_id, move.to)
            log.info("%s has moved for good, and is polled at %s now", logged(feed.url), logged(move.to))

    async def _failed(self, feed: Feed, failure: FetchFailed | NotAFeed | str) -> None:
        now = self._clock.now()
        error, status, retry_after = _named(failure)
        if error == FetchKind.HELD:
            await self._feeds.postponed(feed.feed_id, now + (retry_after or self._bounds.shortest))
            return
        failures = feed.failures + 1
        due_at: float | None
        if self._has_ended(feed, now, failures, error):
            due_at = None
            log.warning(
                "%s has ended (%s): it is asked no more until somebody follows it anew", logged(feed.url), error
            )
        else:
            due_at = after_failure(now, failures, self._bounds, self._random, status=status, retry_after=retry_after)
        if due_at is not None and not feed.failures:
            log.warning("%s cannot be read (%s); it is asked again, less and less often", logged(feed.url), error)
        try:
            await self._feeds.failed(feed.feed_id, now=now, due_at=due_at, error=error)
        except StoreFailed as failed:
            log.error("The store fails: %s", failed)

    def _has_ended(self, feed: Feed, now: float, failures: int, error: str) -> bool:
        """Whether a feed that has failed again need not be asked any more."""
        since = feed.failing_since if feed.failing_since is not None else now
        history = replace(feed.history, polled_at=now, failures=failures, error=error, failing_since=since)
        if error == FetchKind.DNS and now - self._answered_at > _CONNECTED:
            return False  # no feed answers: it is our network that is missing
        return is_ended(health_of(history, now))


def _body_of(answer: Fetched) -> Body:
    return Body(blake2b(answer.body, digest_size=16).hexdigest(), answer.validators)


def _named(failure: FetchFailed | NotAFeed | str) -> tuple[str, int | None, float | None]:
    """A failure's name as it is stored and told, its HTTP status, and for how many seconds its server wants peace."""
    match failure:
        case FetchFailed(status=int(status)):
            return f"{failure.kind}-{status}", status, failure.retry_after
        case FetchFailed(kind=FetchKind.TLS) if "expired" in failure.detail.lower():
            return EXPIRED, None, failure.retry_after
        case FetchFailed():
            return str(failure.kind), None, failure.retry_after
        case NotAFeed():
            return f"not-a-feed-{failure.seems}", None, None
        case _:
            return failure, None, None


class Matching:
    """From unprocessed stories to commit 2.

    The index may know more queries than the store, never fewer: what a chat sets is in the index before it is
    stored, and whether the chat is entitled is decided in the commit.
    """

    def __init__(
        self,
        stories: Stories,
        index: FilterIndex,
        events: Events,
        analyst: Analyst,
        clock: Clock,
        *,
        exempt: Exempt,
        on_alerts: Callable[[], None],
        on_pages: Callable[[], None],
    ) -> None:
        """What is `exempt` wants no page."""
        self._stories = stories
        self._events = events
        self._exempt = exempt
        self._on_pages = on_pages
        self._analyst = analyst
        self._index = index
        self._clock = clock
        self._on_alerts = on_alerts
        self._called = asyncio.Event()
        self._broken: dict[int, float] = {}

    def call(self) -> None:
        """There are stories to match."""
        self._called.set()

    async def run(self) -> None:
        """Match stories as they come, until cancelled."""
        while True:
            self._called.clear()
            try:
                await self.match_all()
            except StoreFailed as error:
                log.error("Stories wait to be matched, the store fails: %s", error)
                await self._clock.sleep(_STORE_PAUSE)
                self._called.set()
            await self._called.wait()

    async def match_all(self) -> None:
        """Match every story that waits for it.

        Raises:
            StoreFailed: what was not settled stays to be matched.
        """
        now = self._clock.now()
        self._events.forget(now - WINDOW)
        self._broken = {story_id: until for story_id, until in self._broken.items() if until > now}
        while stories := await self._stories.unprocessed(_STORIES_AT_ONCE, frozenset(self._broken)):
            for story in stories:
                try:
                    await self._match(story)
                except StoreFailed:
                    raise
                except Exception:
                    log.exception("Story %d cannot be matched now; it is tried again later", story.story_id)
                    self._broken[story.story_id] = now + _BROKEN_PAUSE

    async def _match(self, story: StoredStory) -> None:
        analysis = await self._analyse(story, story.entry, story.page)
        matches = self._index.match(analysis)
        known: frozenset[str] = frozenset()
        if story.previous is not None and matches:
            before = await self._analyse(story, story.previous, story.page)
            known = frozenset(match.query for match in self._index.match(before))
        fresh = frozenset(match.query for match in matches) - known if story.previous is not None else frozenset()
        decided = self._events.plan(_as_of_events(story, analysis.language, self._clock.now()))
        settled = await self._stories.settle(
            story,
            words=self._analyst.words(analysis),
            event_key=event_key(story.entry, story.story_id, own_link=story.own_link, own_number=story.own_number),
            event_id=decided.event_id,
            is_development=decided.is_development,
            wants_page=wants_page(story.entry, own_link=story.own_link)
            and not self._exempt.covers(story.feed_url, story.entry.url or ""),
            matches=matches,
            fresh=fresh,
            now=self._clock.now(),
        )
        if settled.event_id is not None:
            self._events.apply(decided, settled.event_id)
        if settled.alerts:
            self._on_alerts()
        self._on_pages()

    async def _analyse(self, story: StoredStory, entry: Entry, page: str) -> Analysis:
        return await self._analyst.analyse(entry, outlet=story.outlet, feed_url=story.feed_url, page=page)


def _as_of_events(story: StoredStory, language: str, now: float) -> Story:
    """A story as events see it; one that is not dated, or in the future, is of now."""
    entry = story.entry
    at = now if entry.published is None else min(entry.published, now)
    lead = entry.summary or entry.content[:_LEAD]
    return Story(story.story_id, publisher(story.feed_url), language, entry.title, lead, at)
