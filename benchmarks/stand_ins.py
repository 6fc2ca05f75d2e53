"""The outside of a benchmark, in processes of their own: Telegram's stand-in, Discord's, a server with feeds.

    python stand_ins.py telegram --chats 500 --delay 0.15
    python stand_ins.py discord --chats 500 --delay 0.15
    python stand_ins.py feed --stories 1000
    python stand_ins.py feeds --feeds 1000 --hosts 50

Each says a line of JSON when it is ready, obeys the lines that come in, and ends with its standard input, so that none
outlives the benchmark. They measure nothing but when messages arrive.
"""

import argparse
import asyncio
import json
import math
import re
import sys
import time
from email.utils import formatdate
from hashlib import sha256
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from aiohttp import web

# The stand-ins are the tests' own: they live where pytest finds them, which is no installed package.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from support import discord_schema, telegram_schema
from support.discord_faults import Kind as DiscordKind
from support.discord_server import REAL_LIMITS, Asked, DiscordServer, Received
from support.telegram_faults import Kind as TelegramKind
from support.telegram_faults import Refused
from support.telegram_server import Parameters, PrivateChat, TelegramServer

OLD_STORY = 0
_PAUSE = 30  # seconds for which a chat that is flooded asks
_OUTAGE_PAUSE = 30  # seconds for which a platform that is overrun asks everybody to wait
_TELEGRAM_OUT: dict[str, TelegramKind] = {"hangs": "hang", "page": "bad_gateway_html", "floods": "flood"}
_DISCORD_OUT: dict[str, DiscordKind] = {"hangs": "hang", "page": "unavailable_html", "floods": "global"}
_NUMBER = re.compile(r"No\. (\d+)")
_PARAGRAPH = (
    "The ministry said on Tuesday that military instructors of four countries would stay until the end of the year, "
    "that the brigade they have trained since spring is to be equipped by autumn, and that a second group arrives at "
    "the range in the east within weeks. Officials asked about the costs pointed to the budget that the parliament "
    "passed in June; the opposition wants to see the contracts before it agrees to a longer stay."
)


def tell(what: dict[str, Any]) -> None:
    """Say a line to the benchmark."""
    print(json.dumps(what), flush=True)


async def heard() -> str:
    """The next line from the benchmark; "" once it has ended."""
    line: str = await asyncio.to_thread(sys.stdin.readline)
    return line.strip()


async def break_down(server: TelegramServer | DiscordServer, how: str) -> None:
    """Let a platform be out, until it is mended: it "refuses" connections, "hangs", answers with a "page", "floods"."""
    if how == "refuses":
        await server.down()
    elif isinstance(server, DiscordServer):
        server.fail_next("*", _DISCORD_OUT[how], math.inf, retry_after=_OUTAGE_PAUSE)
    else:
        for method in ("sendMessage", "editMessageText", "getUpdates", "getMe"):
            server.fail_next(method, _TELEGRAM_OUT[how], math.inf, retry_after=_OUTAGE_PAUSE)


async def mend(server: TelegramServer | DiscordServer, how: str) -> None:
    """Let it answer again."""
    server.heal()
    if how == "refuses":
        await server.up()


class CountingServer(TelegramServer):
    """Notes of every message that it takes when it came, in which chat, and which stories it tells.

    What is sent to a chat that is flooded is noted as refused, and nothing else.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        self.taken: list[tuple[float, int, list[int]]] = []
        self.refused: list[tuple[float, int]] = []
        self.flooded: frozenset[int] = frozenset()
        self.announces = False

    def _send_message(self, given: Parameters, said: str = "text", document: bytes | None = None) -> dict[str, Any]:
        at = time.monotonic()  # the same clock in every process of this machine, and nobody sets it
        chat = given.integer("chat_id") or 0
        if chat in self.flooded:
            self.refused.append((at, chat))
            raise Refused(429, f"Too Many Requests: retry after {_PAUSE}", retry_after=_PAUSE)
        result = super()._send_message(given, said, document)
        if self.announces and not self.taken:
            tell({"first": at})
        self.taken.append((at, chat, [int(number) for number in _NUMBER.findall(given.text("text"))]))
        return result


async def telegram(chats: int, delay: float, flooded: int, *, announces: bool) -> None:
    """Serve a Bot API with so many private chats, of which so many are flooded.

    On "report", tell what arrived; on "count", how much; on "say CHAT WORDS", somebody says that there; on "break HOW"
    and "mend HOW", be out and back.
    """
    async with await CountingServer.start(record=False) as server:
        server.delay = delay
        server.announces = announces
        people = [server.private(server.person(f"Reader {number}")).id for number in range(chats)]
        server.flooded = frozenset(people[:flooded])
        tell({"url": server.url, "token": server.token, "chats": people})
        while line := await heard():
            what, _, rest = line.partition(" ")
            if what == "count":
                tell({"count": len(server.taken)})
            if what == "say":
                chat, _, words = rest.partition(" ")
                private = server.chats[int(chat)]
                assert isinstance(private, PrivateChat)
                private.post(words)
                tell({"said": time.monotonic()})
            if what == "break":
                await break_down(server, rest)
                tell({"broken": rest})
            if what == "mend":
                await mend(server, rest)
                tell({"mended": rest})
            if what == "report":
                # Without the description beside the repository nothing was checked, and no violation says nothing.
                violations = None if telegram_schema.load().is_empty else server.violations[:5]
                tell({"taken": server.taken, "refused": server.refused, "violations": violations})


class CountingDiscord(DiscordServer):
    """Notes of every message that it takes, and of every post, when it came, in which chat, and which stories it tells.

    What it knows by its nonce it does not take again.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        self.taken: list[tuple[float, int, list[int]]] = []

    def _create_message(self, asked: Asked) -> Any:
        channel = self._channel(asked)
        before = channel.count
        result = super()._create_message(asked)
        if channel.count > before:
            self._note(channel.id, asked.fields)
        return result

    def _create_thread(self, asked: Asked) -> Any:
        result = super()._create_thread(asked)
        self._note(int(asked.path["channel_id"]), asked.fields["message"])
        return result

    def _note(self, chat: int, body: dict[str, Any]) -> None:
        message = Received(0, self.channels[chat], self.bot, body["content"], body["embeds"])
        self.taken.append((time.monotonic(), chat, [int(number) for number in _NUMBER.findall(message.text)]))


async def discord(chats: int, delay: float, *, limited: bool) -> None:
    """Serve an API with so many channels, of which every tenth is a forum; obey as Telegram does, but for "say".

    With `limited`, no more is taken than Discord takes.
    """
    async with await CountingDiscord.start() as server:
        server.delay = delay
        if limited:
            server.limits = REAL_LIMITS
        channels: list[int] = []
        for number in range(chats):
            if number % 100 == 0:
                guild = server.guild(f"Server {number // 100}")
            channel = guild.forum(f"forum-{number}") if number % 10 == 9 else guild.text(f"channel-{number}")
            channels.append(channel.id)
        tell({"url": server.api_url, "gateway": server.gateway_url, "token": server.token, "chats": channels})
        while line := await heard():
            what, _, how = line.partition(" ")
            if what == "count":
                tell({"count": len(server.taken)})
            if what == "break":
                await break_down(server, how)
                tell({"broken": how})
            if what == "mend":
                await mend(server, how)
                tell({"mended": how})
            if what == "report":
                violations = None if discord_schema.load().is_empty else server.violations[:5]
                tell({"taken": server.taken, "refused": [], "violations": violations})


async def feed(stories: int) -> None:
    """Serve a feed with one old story; on "publish", with so many new ones, all at once."""
    body = _rss([OLD_STORY])

    async def serve(request: web.Request) -> web.Response:
        etag = sha256(body).hexdigest()[:16]
        known = any(tag.value == etag for tag in request.if_none_match or ())
        response = web.Response(status=304) if known else web.Response(body=body, content_type="application/rss+xml")
        response.etag = etag
        return response

    app = web.Application()
    app.router.add_get("/feed.xml", serve)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    tell({"url": f"http://{host}:{port}/feed.xml"})
    while line := await heard():
        if line == "publish":
            body = _rss([*range(stories, OLD_STORY, -1), OLD_STORY])
            tell({"bytes": len(body)})
    await runner.cleanup()


async def feeds(number: int, hosts: int) -> None:
    """Serve so many feeds that never change, spread over addresses of loopback."""
    body = _rss(list(range(20)))
    etag = sha256(body).hexdigest()[:16]

    async def serve(request: web.Request) -> web.Response:
        known = any(tag.value == etag for tag in request.if_none_match or ())
        response = web.Response(status=304) if known else web.Response(body=body, content_type="application/rss+xml")
        response.etag = etag
        return response

    app = web.Application()
    app.router.add_get("/{name}.xml", serve)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    for host in range(hosts):
        await web.TCPSite(runner, f"127.0.1.{host + 1}", 0).start()
    bases = [f"http://{address[0]}:{address[1]}" for address in runner.addresses]
    tell({"urls": [f"{bases[one % hosts]}/{one}.xml" for one in range(number)]})
    while await heard():
        pass
    await runner.cleanup()


def _rss(numbers: list[int]) -> bytes:
    now = time.time()
    items = "".join(
        f"<item><title>Military instructors reach the range, report No. {number}</title>"
        f"<link>http://outlet.example/2026/instructors-reach-the-range-{number}</link>"
        f"<guid isPermaLink='false'>outlet-{number}</guid><pubDate>{formatdate(now - 1)}</pubDate>"
        f"<description>{escape(_PARAGRAPH)}</description></item>"
        for number in numbers
    )
    head = "<title>The Benchmark Gazette</title><link>http://outlet.example/</link><language>en</language>"
    return f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel>{head}{items}</channel></rss>".encode()


def _main() -> None:
    parser = argparse.ArgumentParser(description="The outside of a benchmark; a benchmark starts it.")
    kinds = parser.add_subparsers(dest="kind", required=True)
    of_telegram = kinds.add_parser("telegram")
    of_telegram.add_argument("--chats", type=int, required=True)
    of_telegram.add_argument("--delay", type=float, required=True)
    of_telegram.add_argument("--flooded", type=int, default=0)
    of_telegram.add_argument("--announces", action="store_true", help="say when the first message arrives")
    of_discord = kinds.add_parser("discord")
    of_discord.add_argument("--chats", type=int, required=True)
    of_discord.add_argument("--delay", type=float, required=True)
    of_discord.add_argument("--limited", action="store_true", help="with Discord's limits")
    of_feed = kinds.add_parser("feed")
    of_feed.add_argument("--stories", type=int, required=True)
    of_feeds = kinds.add_parser("feeds")
    of_feeds.add_argument("--feeds", type=int, required=True)
    of_feeds.add_argument("--hosts", type=int, required=True)
    given = parser.parse_args()
    match given.kind:
        case "telegram":
            asyncio.run(telegram(given.chats, given.delay, given.flooded, announces=given.announces))
        case "discord":
            asyncio.run(discord(given.chats, given.delay, limited=given.limited))
        case "feed":
            asyncio.run(feed(given.stories))
        case _:
            asyncio.run(feeds(given.feeds, given.hosts))


if __name__ == "__main__":
    _main()
