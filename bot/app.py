"""The composition root: it puts the bot's parts together, starts and stops them.

Besides `bot.check`, which reads feeds without a bot, no other file names the adapters.
"""

import asyncio
import gc
import logging
import secrets
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from functools import cache
from pathlib import Path
from random import Random
from typing import Final, Protocol, TextIO, TypeVar

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.analysis import Analyst
from bot.articles import Articles
from bot.clock import SystemClock
from bot.config import ConfigurationError, Settings
from bot.delivery import Delivery
from bot.domain.budget import Budget, least_price
from bot.domain.chats import Address
from bot.domain.events import WINDOW, Events
from bot.domain.filters import FilterIndex
from bot.domain.pacing import Rate
from bot.domain.query import QueryError, parse
from bot.domain.retention import DAY, Keeping
from bot.domain.schedule import Bounds
from bot.feeds.full_text import FullText
from bot.feeds.lists import Outlines
from bot.feeds.opml import NotAnOutlineError, read_pack
from bot.feeds.reader import FeedReader
from bot.feeds.web import GuardedWeb
from bot.language import Detection, Morphology, method
from bot.limiter import Limiter
from bot.notices import NoticeDelivery, Noticing
from bot.packs import read_catalogue
from bot.pauses import Pauses
from bot.pipeline import Matching, Polling
from bot.ports.sending import Sender, Turns
from bot.ports.store import StoreFailed
from bot.texts import Texts, languages
from bot.timekeeper import Timekeeper
from handlers.calls import Answering
from handlers.commands import Access, Commands, Limits, Pack, Tools
from handlers.on_console import LOCAL_PERSON, ConsoleFront, ConsoleSender, Screen
from storage import (
    ArchiveStore,
    ChatStore,
    Database,
    FeedStore,
    InstantStore,
    NoticeStore,
    OutboxStore,
    StoryStore,
    TellingStore,
    Upkeep,
)
from storage.withheld import count_withheld

log = logging.getLogger(__name__)
T = TypeVar("T")

_LAST_SENDS: Final = 3.0  # seconds that sends in hand have to finish when the bot is told to stop
_TICK: Final = 1.0
_ARTICLES: Final = 5.0  # seconds after which due pages are looked for although nobody called
_LOOK: Final = 300.0  # seconds between two looks whether somebody is to be told of a feed in trouble
_PAUSES: Final = 5.0  # seconds between two looks whether a pause is over
_UPKEEP: Final = 600.0  # seconds between two looks whether upkeep is due
_CLAIMS: Final = {"telegram": "in a private chat on Telegram", "discord": "in direct messages on Discord"}
_SWITCH: Final = 0.0005  # seconds that a thread may go on while another waits


class Front(Protocol):
    """One platform's way in."""

    @property
    def state(self) -> str:
        """How it goes: "serving", "connecting", "offline", "conflict", "refused" or "unauthorized"."""
        ...

    async def serve(self) -> None:
        """Serve until cancelled; return where it cannot be served any more, or its people have left."""
        ...


@dataclass(slots=True)
class Bot:
    """The parts that every platform shares, open and at rest."""

    settings: Settings
    clock: SystemClock
    random: Random
    database: Database
    upkeep: Upkeep
    say: Texts
    index: FilterIndex
    analyst: Analyst
    polling: Polling
    matching: Matching
    stories: StoryStore
    events: Events
    articles: Articles | None
    archive: ArchiveStore
    outbox: OutboxStore
    notices: NoticeStore
    noticing: Noticing
    pauses: Pauses
    chats: ChatStore
    access: Access
    commands: Answering
    timekeeper: Timekeeper
    fronts: dict[str, Front] = field(default_factory=dict)
    deliveries: list[Delivery] = field(default_factory=list)
    notice_deliveries: list[NoticeDelivery] = field(default_factory=list)
    closing: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    run_id: str = field(default_factory=lambda: secrets.token_hex(4))

    def serve_on(self, platform: str, front: Front, sender: Sender, turns: Turns) -> None:
        """Serve a platform in the run to come."""
        self.fronts[platform] = front
        self.deliveries.append(
            Delivery(platform, self.outbox, sender, turns, self.clock, self.random, self.say, run_id=self.run_id)
        )
        self.notice_deliveries.append(
            NoticeDelivery(platform, self.notices, self.chats, sender, turns, self.clock, self.random, self.say)
        )


@cache
def analyst_of() -> Analyst:
    """How this program makes stories' words; dictionaries are opened once, when their language first turns up."""
    return Analyst(Morphology(), Detection().language_of, method())


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Bot]:
    """The bot's parts, put together; closed in the end, in the order that loses nothing.

    Raises:
        ConfigurationError: the source pack cannot be read.
        DatabaseInUse: another process has the database.
        StoreFailed: the database cannot be opened.
    """
    try:
        pack = Pack(Path(settings.source_pack).stem, read_pack(settings.source_pack))
    except NotAnOutlineError as error:
        raise ConfigurationError([f"SOURCE_PACK: {settings.source_pack!r} cannot be read: {error}"]) from error
    clock = SystemClock()
    random = Random()  # noqa: S311 - jitter, not secrets; this is the root at which chance comes in
    async with AsyncExitStack() as stack:
        database = Database(settings.database_path)
        await database.open()
        stack.push_async_callback(database.close)
        web = await stack.enter_async_context(
            GuardedWeb(
                clock,
                contact=settings.contact,
                allow_networks=settings.feed_allow_networks,
                host_interval=settings.host_interval,
            )
        )
        reader = FeedReader()
        stack.push_async_callback(reader.aclose)
        say = Texts(zone=settings.timezone, clock=clock)
        chats = ChatStore(database)
        analyst = analyst_of()
        index = FilterIndex(forms=analyst.forms)
        deliveries: list[Delivery] = []
        notice_deliveries: list[NoticeDelivery] = []
        notices, telling = NoticeStore(database, settings.timezone), TellingStore(database)
        fronts: dict[str, Front] = {}

        def on_alerts() -> None:
            for delivery in deliveries:
                delivery.call()
            on_notices()  # a chat that takes alerts again takes these

        def on_notices() -> None:
            for sending in notice_deliveries:
                sending.call()

        stories, events = StoryStore(database), Events(analyst.stem)
        articles: Articles | None = None
        if not settings.full_text.everybody:
            pages = await stack.enter_async_context(FullText(web, clock))
            articles = Articles(
                stories, pages, index, analyst, clock, random, exempt=settings.full_text, on_alerts=on_alerts
            )

        def on_pages() -> None:
            if articles is not None:
                articles.call()

        matching = Matching(
            stories,
            index,
            events,
            analyst,
            clock,
            exempt=settings.full_text,
            on_alerts=on_alerts,
            on_pages=on_pages,
        )
        bounds = Bounds(settings.poll_interval, settings.max_poll_interval)
        polling = Polling(
            FeedStore(database),
            web,
            reader,
            clock,
            random,
            bounds=bounds,
            budget=Budget(settings.request_budget, least=least_price(bounds)),
            takes_turns=settings.host_interval > 0,
            max_age=settings.max_story_age * 3600,
            on_stories=matching.call,
        )

        def on_clock_set() -> None:
            polling.call()
            on_alerts()

        access = Access(
            chats,
            clock,
            is_open=settings.access == "open",
            operators=settings.operators,
            trusted={LOCAL_PERSON},
        )
        archive = ArchiveStore(database, analyst.forms)
        tools = Tools(
            chats=chats,
            archive=archive,
            telling=telling,
            index=index,
            analyst=analyst,
            clock=clock,
            say=say,
            feeds=polling,
            access=access,
            pack=pack,
            catalogue=read_catalogue(),
            lists=Outlines(web),
            limits=Limits(settings.max_feeds, settings.max_filters, settings.max_total_feeds),
            on_feeds=polling.call,
            on_stories=matching.call,
            on_alerts=on_alerts,
            platforms=lambda: {platform: front.state for platform, front in fronts.items()},
        )
        yield Bot(
            settings=settings,
            clock=clock,
            random=random,
            database=database,
            upkeep=Upkeep(database, Keeping(settings.retention_days * DAY, settings.text_days * DAY)),
            say=say,
            index=index,
            analyst=analyst,
            polling=polling,
            matching=matching,
            stories=stories,
            events=events,
            articles=articles,
            archive=archive,
            outbox=OutboxStore(database, analyst.forms, settings.timezone),
            notices=notices,
            noticing=Noticing(notices, polling, clock, on_notices=on_notices),
            pauses=Pauses(telling, clock, settings.timezone, on_ended=on_alerts),
            chats=chats,
            access=access,
            commands=Commands(tools),
            timekeeper=Timekeeper(InstantStore(database), clock, on_set=on_clock_set),
            fronts=fronts,
            deliveries=deliveries,
            notice_deliveries=notice_deliveries,
        )


@contextmanager
def _uncollected() -> Iterator[None]:
    """Spare the import of thousands of classes the garbage collector: it takes a third as long again, for nothing."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def with_telegram(
    bot: Bot, overall: Rate | None = None, rates: Callable[[Address], tuple[Rate, ...]] | None = None
) -> None:
    """Serve Telegram, with the token of the settings, no faster than these rates, or Telegram's own, allow."""
    # Not above: aiogram takes seconds to import, and `check`, the demo and the prompt do without it.
    with _uncollected():
        from handlers.on_telegram import OVERALL, TelegramFront, TelegramSender, lane_of, rates_of

    token = bot.settings.telegram_bot_token.get_secret_value()
    api_url = bot.settings.telegram_api_url or None
    turns = Limiter(overall or OVERALL, rates or rates_of, lane_of)
    sender = TelegramSender(token, api_url)
    front = TelegramFront(token, api_url, answering=bot.commands, turns=turns, clock=bot.clock, sender=sender)
    bot.serve_on("telegram", front, sender, turns)
    bot.closing.append(sender.close)


def with_discord(
    bot: Bot, overall: Rate | None = None, rates: Callable[[Address], tuple[Rate, ...]] | None = None
) -> None:
    """Serve Discord, with the token of the settings, no faster than these rates, or Discord's own, allow."""
    from handlers.on_discord import (
        OVERALL,
        DiscordFront,
        DiscordSender,
        lane_of,
        rates_of,
    )  # not above, as for Telegram

    token = bot.settings.discord_bot_token.get_secret_value()
    api_url = bot.settings.discord_api_url or None
    turns = Limiter(overall or OVERALL, rates or rates_of, lane_of)
    sender = DiscordSender(token, api_url)
    front = DiscordFront(
        token,
        api_url,
        bot.settings.discord_gateway_url or None,
        answering=bot.commands,
        turns=turns,
        clock=bot.clock,
        say=bot.say,
        sender=sender,
        menus={code: bot.commands.menu(code) for code in languages() if code != bot.say.language},
    )
    bot.serve_on("discord", front, sender, turns)
    bot.closing.append(sender.close)


def with_console(bot: Bot, screen: Screen, source: TextIO | None = None) -> None:
    """Serve the local prompt; lines come from `source`, or from the terminal."""
    turns = Limiter(Rate(0.02), lambda _: ())
    bot.serve_on("console", ConsoleFront(bot.commands, screen, source), ConsoleSender(screen, f"{bot.run_id}-"), turns)


async def run(bot: Bot, stop: asyncio.Event, *, without_fronts: bool = False) -> None:
    """Serve until `stop` is set, or no front is left (unless told to go on `without_fronts`).

    Then nothing new is begun, what is in hand is finished, and everything is settled.
    """
    code = await bot.access.code()
    places = [where for platform, where in _CLAIMS.items() if platform in bot.fronts]
    if code is not None and places:
        log.warning(
            "This bot has no operator yet. Who sends it this %s becomes the first: /claim %s", " or ".join(places), code
        )
    if held := await bot.database.read(count_withheld):
        are = "1 alert is" if held == 1 else f"{held} alerts are"
        log.warning("%s withheld since a backup was restored: `tocsin withheld` lists them", are)
    _settle_memory()
    async with asyncio.TaskGroup() as group:
        tidying = asyncio.Event()
        scheduler = _timers(bot, tidying)
        lasting = [group.create_task(work) for work in (bot.polling.run(), _match(bot), _keep_tidy(bot, tidying))]
        lasting.append(group.create_task(_part_anew(bot)))
        lasting.append(group.create_task(bot.timekeeper.run()))
        lasting += [group.create_task(delivery.run()) for delivery in bot.deliveries]
        if bot.articles is not None:
            lasting.append(group.create_task(bot.articles.run()))
        lasting.append(group.create_task(bot.noticing.run()))
        lasting.append(group.create_task(bot.pauses.run()))
        lasting += [group.create_task(delivery.run()) for delivery in bot.notice_deliveries]
        fronts = [group.create_task(_serve(name, front)) for name, front in bot.fronts.items()]
        watch = None if without_fronts else group.create_task(_when_all_left(fronts, stop))
        scheduler.start()
        try:
            await stop.wait()
        finally:
            scheduler.pause()
            if watch is not None:
                watch.cancel()
            for task in fronts:
                task.cancel()
            await _finish(bot.deliveries)
            await asyncio.gather(*fronts, return_exceptions=True)
            for task in lasting:
                task.cancel()
            scheduler.shutdown(wait=False)  # not before the job in hand has had its turn: it would log a failure
    for close in bot.closing:
        await close()


def stop_on_signals() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


async def _patiently(bot: Bot, read: Callable[[], Awaitable[T]]) -> T:
    """What the store answers, once it does."""
    while True:
        try:
            return await read()
        except StoreFailed as error:
            log.error("What was stored cannot be read, the store fails: %s", error)
            await bot.clock.sleep(1)


async def _part_anew(bot: Bot) -> None:
    """Bring the archive's words up to date, beside all else, which a story that cannot be read must not end."""
    try:
        parted = await _patiently(bot, bot.archive.part_anew)
    except Exception:
        log.exception("Stored stories keep the words that they had; alerts do not depend on it")
        return
    if parted:
        log.info("Texts are parted into words otherwise than before: %d stored stories were parted anew", parted)


async def _match(bot: Bot) -> None:
    """Fill the index, while chats are served already, and then match."""
    await asyncio.to_thread(bot.analyst.open)
    queries = await _patiently(bot, bot.chats.queries)
    if renewed := await _patiently(bot, lambda: bot.archive.renew(bot.analyst.method)):
        log.info("The dictionaries are others than before: %d stored words were looked up anew", renewed)
    for number, query in enumerate(queries):
        try:
            bot.index.add(parse(query))
        except QueryError as error:
            log.error("The filter %r cannot be read any more (%s), so it matches nothing: set it anew", query, error)
        if number % 100 == 0:
            await asyncio.sleep(0)
    told = await _patiently(bot, lambda: bot.stories.window(bot.clock.now() - WINDOW))
    for number, (story, event_id) in enumerate(told):
        bot.events.restore(story, event_id)
        if number % 10 == 0:
            await asyncio.sleep(0)
    gc.freeze()  # the index stays as well
    log.info("%d filters are at work", len(queries))
    await bot.matching.run()


def _settle_memory() -> None:
    """Spare the garbage collector what the program itself consists of, and the loop the waiting for threads.

    A full collection walks through every object, aiogram's and pydantic's classes above all, and stops the loop for
    as long: 229 ms in `benchmarks/delivery.py`. What is there at the start stays to the end.
    """
    gc.collect()
    gc.freeze()
    # The writer's thread holds the interpreter by default 5 ms at a time, for each of which the loop waits.
    sys.setswitchinterval(_SWITCH)


async def _serve(name: str, front: Front) -> None:
    await front.serve()
    log.info("%s is served no more (%s)", name, front.state)


async def _when_all_left(fronts: list[asyncio.Task[None]], stop: asyncio.Event) -> None:
    await asyncio.wait(fronts)
    stop.set()


async def _finish(deliveries: list[Delivery]) -> None:
    try:
        async with asyncio.timeout(_LAST_SENDS):
            await asyncio.gather(*(delivery.stop() for delivery in deliveries))
    except TimeoutError:
        log.warning("Some sends took too long to wait for; they are repeated at the next start")


async def _keep_tidy(bot: Bot, called: asyncio.Event) -> None:
    """Whenever called, look whether upkeep is due, and do it."""
    while True:
        await called.wait()
        called.clear()
        now = bot.clock.now()
        try:
            if not await bot.upkeep.is_due(now):
                continue
            went = await bot.upkeep.run(now)
        except StoreFailed as error:
            log.warning("The database's upkeep waits, the store fails: %s", error)
        except Exception:
            log.exception("The database's upkeep fails in an unexpected way; alerts do not depend on it")
        else:
            log.info("Upkeep: %d stories, %d alerts and %d texts went", went.stories, went.alerts, went.texts)


def _timers(bot: Bot, tidying: asyncio.Event) -> AsyncIOScheduler:
    """A few timers, in memory: what is due, and when, stands in SQLite. A job begins work, it is not the work."""
    scheduler = AsyncIOScheduler(
        timezone=UTC, job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
    )
    tick = max(min(_TICK, bot.settings.poll_interval / 4), 0.02)
    _every(scheduler, bot.polling.call, seconds=tick)
    if bot.articles is not None:
        _every(scheduler, bot.articles.call, seconds=_ARTICLES)
    _every(scheduler, tidying.set, seconds=_UPKEEP)
    _every(scheduler, bot.noticing.call, seconds=min(_LOOK, bot.settings.poll_interval * 5))
    _every(scheduler, bot.pauses.call, seconds=min(_PAUSES, bot.settings.poll_interval * 5))
    return scheduler


def _every(scheduler: AsyncIOScheduler, work: Callable[[], object], *, seconds: float) -> None:
    async def job() -> None:  # a coroutine runs on the loop; a plain function would run in a thread
        work()

    scheduler.add_job(job, "interval", seconds=seconds)
