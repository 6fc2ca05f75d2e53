"""Notices: what chats are told besides alerts, made once in a while and sent until they arrive.

feeds and filters | plan | suggest   -> one transaction: notices, and what was told
due notices | render | pace | send   -> settled: sent, or when to try again
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import Final
from urllib.parse import urlsplit

from bot.domain.chats import Button, Message, Sent, Throttled, Unreachable
from bot.domain.delivery import Attempt, Decision, Done, GiveUp, Hold, Reach, Relocate, Retry, decide
from bot.domain.errors import AdvertisedFeed, FetchFailed, NotAFeed
from bot.domain.health import State
from bot.domain.notices import Notice, Trouble, plan
from bot.domain.rich import Piece, Text, join, to_plain
from bot.domain.urls import feed_key, logged, shown, site
from bot.feed_health import amiss
from bot.ports.chats import Chats
from bot.ports.clock import Clock
from bot.ports.feeds import Introductions
from bot.ports.notices import DueNotice, Notices
from bot.ports.sending import Sender, Turns, Urgency
from bot.ports.store import StoreFailed
from bot.texts import Texts
from bot.zones import zone_named

log = logging.getLogger(__name__)

_SUGGESTED: Final = 5  # feeds in one round for which their sites are asked what they offer instead
_REPLACED: Final = (State.PAGE, State.MISSING, State.ENDED, State.FROZEN, State.EMPTY)
_NAMED: Final = 10  # feeds that one notice names
_TITLE: Final = 80  # characters
_LABEL: Final = 30  # characters of a name on a button
_BUTTONS: Final = 5
_AT_A_TIME: Final = 20
_RECHECK: Final = 5.0  # seconds after which what waits is looked at although nobody called
_TURN_PATIENCE: Final = 3.0  # seconds that a notice waits for its chat's turn before it makes room for another
_STORE_PAUSE: Final = 1.0


class Noticing:
    """Makes notices."""

    def __init__(self, notices: Notices, feeds: Introductions, clock: Clock, *, on_notices: Callable[[], None]) -> None:
        self._notices = notices
        self._feeds = feeds
        self._clock = clock
        self._on_notices = on_notices
        self._called = asyncio.Event()

    def call(self) -> None:
        """Time has passed: look whether somebody is to be told something."""
        self._called.set()

    async def run(self) -> None:
        """Look whenever called, until cancelled."""
        while True:
            await self._called.wait()
            self._called.clear()
            try:
                await self.look()
            except StoreFailed as error:
                log.warning("Nobody is told of feeds in trouble, the store fails: %s", error)
            except Exception:
                log.exception("Looking for feeds in trouble failed in an unexpected way; alerts do not depend on it")

    async def look(self) -> None:
        """Plan what is to be told, and let it be sent.

        Raises:
            StoreFailed: nobody was told anything.
        """
        now = self._clock.now()
        planned = plan(await self._notices.patients(now), await self._notices.silences(now))
        if not planned:
            return
        instead: dict[int, AdvertisedFeed | None] = {}
        for feed in {feed.feed_id: feed for notice in planned for feed in notice.feeds}.values():
            if feed.state in _REPLACED and len(instead) < _SUGGESTED:
                instead[feed.feed_id] = await self._instead_of(feed)
        await self._notices.tell([_with(notice, instead) for notice in planned], now)
        self._on_notices()

    async def _instead_of(self, feed: Trouble) -> AdvertisedFeed | None:
        """Another feed that the page in its place, or its site, names now."""
        parts = urlsplit(feed.url)
        homepage = f"{parts.scheme}://{parts.netloc}/"
        for url in (feed.url, homepage) if feed.state is State.PAGE else (homepage,):
            try:
                introduction = await self._feeds.introduce(url)
            except NotAFeed as page:
                found: Sequence[AdvertisedFeed] = page.advertised
            except FetchFailed:
                continue
            else:
                found = [AdvertisedFeed(introduction.moved_to or url, introduction.document.title)]
            if other := next((one for one in found if feed_key(one.url) != feed_key(feed.url)), None):
                log.info("%s is in trouble; its site names %s", logged(feed.url), logged(other.url))
                return other
        return None


class NoticeDelivery:
    """Sends notices on one platform, one after the other; each as often as it takes until it has arrived."""

    def __init__(
        self,
        platform: str,
        notices: Notices,
        chats: Chats,
        sender: Sender,
        turns: Turns,
        clock: Clock,
        random: Random,
        say: Texts,
    ) -> None:
        self._platform = platform
        self._notices = notices
        self._chats = chats
        self._sender = sender
        self._turns = turns
        self._clock = clock
        self._random = random
        self._say = say
        self._reach = Reach()
        self._called = asyncio.Event()

    def call(self) -> None:
        """There may be notices to send."""
        self._called.set()

    async def run(self) -> None:
        """Send what is due whenever called, and once in a while, until cancelled."""
        while True:
            self._called.clear()
            try:
                for due in await self._notices.due(self._platform, self._clock.now(), _AT_A_TIME):
                    await self._patiently_settle(due, await self._send(due))
            except StoreFailed as error:
                log.error("Notices wait, the store fails: %s", error)
                await self._clock.sleep(_STORE_PAUSE)
            try:
                async with asyncio.timeout(_RECHECK):
                    await self._called.wait()
            except TimeoutError:
                pass

    async def _send(self, due: DueNotice) -> Decision:
        try:
            say = self._say.in_zone(zone_named(due.zone, self._say.zone))
            message = await notice_message(say, self._chats, due)
        except StoreFailed:
            raise
        except Exception:
            log.exception("Notice %d cannot be written", due.notice_id)
            return GiveUp("it cannot be written")
        try:
            async with asyncio.timeout(_TURN_PATIENCE):
                await self._turns.turn(due.address, Urgency.ALERT)
        except TimeoutError:
            return Retry(self._clock.now() + self._turns.pause(due.address), due.attempts, plain=due.plain)
        try:
            outcome = await self._sender.send(due.address, message)
        except Exception:
            log.exception("Notice %d cannot be sent", due.notice_id)
            outcome = Unreachable("unexpected")
        if isinstance(outcome, Throttled):
            self._turns.hold(due.address, outcome.seconds, everybody=outcome.everybody)
        elif isinstance(outcome, Sent) and outcome.pause:
            self._turns.hold(due.address, outcome.pause, everybody=False)
        lane, at = str(self._turns.lane(due.address)), asyncio.get_running_loop().time()
        self._reach.note(lane, outcome, at, self._random)
        attempt = Attempt(attempts=due.attempts, plain=due.plain, patience=self._reach.patience(lane, at, self._random))
        return decide(outcome, attempt, now=self._clock.now(), random=self._random)

    async def _patiently_settle(self, due: DueNotice, decision: Decision) -> None:
        """Store what became of it, however often that takes: what was sent must not be sent for ever."""
        match decision:
            case GiveUp(why):
                log.error("Notice %d to %s is given up, the platform rejects it: %s", due.notice_id, due.address, why)
            case Done():
                log.debug("Notice %d reached %s", due.notice_id, due.address)
            case _:
                log.info("Notice %d to %s waits: %s", due.notice_id, due.address, decision)
        while True:
            try:
                match decision:
                    case Hold(why):
                        await self._chats.gone(due.address, why, self._clock.now())
                    case Relocate(to):
                        await self._chats.moved(due.address, to, self._clock.now())
                    case _:
                        await self._notices.settle(due.notice_id, decision)
            except StoreFailed as error:
                log.error("No notice is sent until the store works again: %s", error)
                await self._clock.sleep(_STORE_PAUSE)
            else:
                return


async def notice_message(say: Texts, chats: Chats, due: DueNotice) -> Message:
    """A notice as a message, with what can be done about it as buttons."""
    notice = due.notice
    lines: list[Text] = []
    buttons: list[tuple[Button, ...]] = []

    async def offer(label: Text, line: str) -> Button:
        return Button(to_plain(label), await chats.action(notice.chat_id, line))

    troubled = [feed for feed in notice.feeds if feed.state is not State.WELL]
    back = [feed for feed in notice.feeds if feed.state is State.WELL]
    if troubled:
        lines.append(say("notice-trouble", count=len(troubled)))
    for feed in troubled[:_NAMED]:
        why = amiss(say, feed.state, feed.error, feed.since or 0.0)
        since = say("notice-since", when=say.moment(feed.since)) if feed.since and feed.error else ()
        lines.append((*say("notice-feed", title=_title(feed), why=why), *since))
        if feed.instead is not None:
            name = feed.instead.title[:_TITLE] or site(feed.instead.url)
            lines.append(say("notice-instead", title=(Piece(name, link=feed.instead.url),)))
            if len(buttons) < _BUTTONS:
                label = say("button-follow", title=name[:_LABEL])
                buttons.append((await offer(label, f"/sub {feed.instead.url}"),))
        elif feed.state is State.ENDED and len(buttons) < _BUTTONS:
            label = say("button-unfollow", title=(feed.title or site(feed.url))[:_LABEL])
            buttons.append((await offer(label, f"/unsub {feed.url}"),))
    if len(troubled) > _NAMED:
        lines.append(say("notice-more", count=len(troubled) - _NAMED))
    if back:
        lines.append(say("notice-back", count=len(back), titles=join(", ", [_title(feed) for feed in back[:_NAMED]])))
    if (over := notice.pause_over) is not None:
        lines.append(say("notice-resumed" if over.now or not over.later else "notice-resumed-on", held=over.now))
        if over.later:
            lines.append(say("resume-later", count=over.later))
    for silent in notice.filters:
        lines.append(say("notice-silent", number=str(silent.number), query=silent.query))
        if len(buttons) < _BUTTONS:
            query = silent.query if len(silent.query) <= _LABEL else silent.query[: _LABEL - 1] + "…"
            tries = await offer(say("button-try", query=query), f"/try {silent.query}")
            buttons.append((tries, await offer(say("button-unwatch"), f"/unwatch {silent.number}")))
    return Message(join("\n", lines), tuple(buttons), silent=True, plain=due.plain, key=f"n{due.notice_id}")


def _title(feed: Trouble) -> Text:
    return (Piece(feed.title[:_TITLE] or shown(feed.url), link=shown(feed.url)),)


def _with(notice: Notice, instead: dict[int, AdvertisedFeed | None]) -> Notice:
    return replace(notice, feeds=tuple(replace(feed, instead=instead.get(feed.feed_id)) for feed in notice.feeds))
