"""The invented outlets' server, on loopback: it serves their feeds and pages, and publishes the script step by step."""

import asyncio
from dataclasses import replace
from hashlib import sha256

from aiohttp import web

from bot.demo import documents
from bot.demo.documents import Print
from bot.demo.outlets import CHANNELS, EARLIER, SCRIPT, Article, Channel, Outlet, Publish, Step
from bot.ports.clock import Clock


class Newsroom:
    """A news world of its own at `http://127.0.0.1:port`; port 0 lets the system choose.

    It knows nothing of who reads it, but that they did: see `wait_until_read`.
    """

    def __init__(self, clock: Clock, *, port: int = 0, interval: float = 2.5) -> None:
        self._clock = clock
        self._port = port
        self._interval = interval
        self._site = ""
        self._runner: web.AppRunner | None = None
        self._prints: dict[Channel, list[Print]] = {channel: [] for channel in CHANNELS}
        self._unread = set(CHANNELS)
        self._read = asyncio.Event()

    async def start(self) -> None:
        """Serve the earlier stories."""
        for publication in EARLIER:
            self.step(publication)
        app = web.Application()
        for channel in CHANNELS:
            app.router.add_get(channel.path, self._feed)
        app.router.add_get("/{outlet}/", self._front_page)
        app.router.add_get("/{outlet}/{slug}", self._article)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        host, port = self._runner.addresses[0][:2]
        self._site = f"http://{host}:{port}"

    async def aclose(self) -> None:
        """Stop serving; does nothing when it never started."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def feeds(self) -> tuple[str, ...]:
        """The URLs of all feeds, once it has started."""
        return tuple(self._site + channel.path for channel in CHANNELS)

    async def wait_until_read(self) -> None:
        """Return when every feed was asked for once: what is published before that is silent, as the first poll is."""
        await self._read.wait()

    async def publish_all(self, interval: float | None = None) -> None:
        """Publish the whole script, pausing so many seconds before each step."""
        for step in SCRIPT:
            await self._clock.sleep(self._interval if interval is None else interval)
            self.step(step)

    def step(self, step: Step) -> None:
        """Do one step of the script at once."""
        now = self._clock.now()
        if isinstance(step, Publish):
            date = self._published(step) or now - step.hours_ago * 3600
            self._prints[step.channel].append(Print(step.article, date, date))
            return
        for channel, prints in self._prints.items():
            for number, entry in enumerate(prints):
                if channel.outlet == step.outlet and entry.article.slug == step.slug:
                    prints[number] = replace(entry, article=replace(entry.article, title=step.title), updated=now)

    def _published(self, step: Publish) -> float | None:
        """The date that the article has already, where another feed of its outlet carries it."""
        for channel, prints in self._prints.items():
            for entry in prints:
                if channel.outlet == step.channel.outlet and entry.article.slug == step.article.slug:
                    return entry.published
        return None

    def _articles(self, outlet: Outlet) -> dict[str, Article]:
        return {
            entry.article.slug: entry.article
            for channel, prints in self._prints.items()
            if channel.outlet == outlet
            for entry in prints
        }

    async def _feed(self, request: web.Request) -> web.Response:
        channel = next(channel for channel in CHANNELS if channel.path == request.path)
        self._unread.discard(channel)
        if not self._unread:
            self._read.set()
        body = documents.feed(channel, self._prints[channel], self._site)
        etag = sha256(body).hexdigest()[:16]
        known = request.if_none_match or ()
        if any(tag.value in {etag, "*"} for tag in known):
            response = web.Response(status=304)
        else:
            # No charset here: the XML declaration is what names the encoding.
            response = web.Response(body=body, content_type=documents.MEDIA_TYPES[channel.format])
        response.etag = etag
        return response

    async def _front_page(self, request: web.Request) -> web.Response:
        outlet = _outlet(request)
        channels = (channel for channel in CHANNELS if channel.outlet == outlet)
        return _html(documents.front_page(outlet, channels, self._articles(outlet).values()))

    async def _article(self, request: web.Request) -> web.Response:
        outlet = _outlet(request)
        article = self._articles(outlet).get(request.match_info["slug"])
        if article is None:
            raise web.HTTPNotFound
        return _html(documents.article_page(outlet, article))


def _outlet(request: web.Request) -> Outlet:
    for channel in CHANNELS:
        if channel.outlet.key == request.match_info["outlet"]:
            return channel.outlet
    raise web.HTTPNotFound


def _html(page: str) -> web.Response:
    return web.Response(text=page, content_type="text/html")
