"""From the outbox to Discord: the real store, the real delivery, and real HTTP; nothing lost, nothing twice."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest

from bot.clock import SystemClock
from bot.delivery import Delivery
from bot.domain.chats import Address
from bot.domain.forms import Folded
from bot.domain.pacing import Gcra, Rate
from bot.limiter import Limiter
from bot.texts import Texts
from handlers.on_discord import OVERALL, DiscordSender, lane_of, rates_of
from handlers.on_discord.rates import InvalidRequests
from storage import Database, OutboxStore
from storage.database import rows
from support.backlog import write_backlog
from support.discord_faults import Fault
from support.discord_requests import Asked
from support.discord_server import Channel, DiscordServer, Forum, Received
from support.inline import make_database

FAST = Rate(0.001, tolerance=1.0)


class Forgetful(DiscordServer):
    """Takes messages and posts, and of every third forgets to say so; asked again, it does say."""

    def _fault(self, operation: str, asked: Asked) -> Fault | None:
        if operation in ("create_message", "create_thread"):
            message = asked.fields.get("message", asked.fields)
            key = message["components"][0]["id"]
            self.asked.append(key)
            if self.asked.count(key) == 1 and len(set(self.asked)) % 3 == 0:
                self.lost += 1
                return Fault(operation, "drop_after", 1, None, 1, 0, 0, "")
        return super()._fault(operation, asked)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.asked: list[int] = []
        self.lost = 0


class Desk:
    """A delivery to Discord out of a file."""

    def __init__(self, database: Database, discord: DiscordServer, deadline: float) -> None:
        self.database = database
        self.outbox = OutboxStore(database, Folded())
        self.sender = DiscordSender(discord.token, discord.api_url, deadline=deadline, questions=FAST)
        self.limiter = Limiter(FAST, lambda _: (FAST,), lane_of)

    def delivery(self) -> Delivery:
        return Delivery(
            "discord", self.outbox, self.sender, self.limiter, SystemClock(), Random(1), Texts(), run_id="run"
        )

    async def states(self) -> Counter[str]:
        return Counter(
            await self.database.read(lambda db: [found["state"] for found in rows(db, "SELECT state FROM alerts")])
        )

    async def deliver(self, until: Callable[[Counter[str]], bool] = lambda states: set(states) == {"sent"}) -> None:
        """Deliver until the file says so."""
        async with asyncio.TaskGroup() as group:
            delivery = self.delivery()
            running = group.create_task(delivery.run())
            async with asyncio.timeout(60):
                while not until(await self.states()):  # noqa: ASYNC110 - the file tells nobody
                    await asyncio.sleep(0.02)
            await delivery.stop()
            running.cancel()


@asynccontextmanager
async def desk(
    folder: Path, discord: DiscordServer, *chats: Channel, due: int = 1, deadline: float = 10.0
) -> AsyncIterator[Desk]:
    """A file in which so many alerts are due in each of these channels."""
    make_database(folder / "tocsin.db")
    database = Database(folder / "tocsin.db")
    await database.open()
    try:
        names = [str(chat.id) for chat in chats]
        await database.write(lambda db: write_backlog(db, names, due=due, now=time.time(), platform="discord"))
        opened = Desk(database, discord, deadline)
        yield opened
        await opened.sender.close()
    finally:
        await database.close()


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    async with await DiscordServer.start() as server:
        yield server
        assert server.violations == []


def headlines(channel: Channel) -> list[str]:
    return [str(message.embed["title"]) for message in channel.received]


def first_headlines(forum: Forum) -> list[str]:
    return [str(post.first.embed["title"]) for post in forum.posts]


async def test_where_answers_are_lost_no_alert_is_told_twice_and_none_is_lost(tmp_path: Path) -> None:
    async with await Forgetful.start() as discord:
        guild = discord.guild("Newsroom")
        channels = [guild.text(f"news-{number}") for number in range(12)]
        async with desk(tmp_path, discord, *channels, due=8) as opened:
            await opened.deliver()
        assert discord.lost == 32
        for channel in channels:
            assert Counter(headlines(channel)) == Counter({f"Instructors arrive, No. {one}": 1 for one in range(1, 9)})
        assert discord.violations == []


async def test_of_posts_whose_answers_are_lost_none_is_made_twice(tmp_path: Path) -> None:
    async with await Forgetful.start() as discord:
        guild = discord.guild("Newsroom")
        forums = [guild.forum(f"alerts-{number}") for number in range(5)]
        async with desk(tmp_path, discord, *forums, due=6) as opened:
            await opened.deliver()
        assert discord.lost == 10
        for forum in forums:
            assert sorted(first_headlines(forum)) == [f"Instructors arrive, No. {one}" for one in range(1, 7)]
        assert discord.violations == []


async def test_an_alert_in_a_forum_is_edited_where_it_stands(tmp_path: Path, discord: DiscordServer) -> None:
    forum = discord.guild("Newsroom").forum("alerts", "instructors")
    async with desk(tmp_path, discord, forum) as opened:
        await opened.deliver()
        (post,) = forum.posts
        assert post.tags == ["instructors"]
        await opened.outbox.want_edit(1, now=time.time())
        edited: Callable[[], Received] = lambda: post.first  # noqa: E731
        await opened.deliver(lambda _: edited().edits == 1)


async def test_a_global_pause_is_everybodys_and_one_channels_is_its_own(tmp_path: Path, discord: DiscordServer) -> None:
    guild = discord.guild("Newsroom")
    flooded, other = guild.text("flooded"), guild.text("other")
    async with desk(tmp_path, discord, flooded, other) as opened:
        discord.fail_next("create_message", "flood", channel=flooded, retry_after=600)
        await opened.deliver(lambda _: len(other.received) == 1 and discord.counts["create_message"] == 2)
        assert flooded.received == []
        assert opened.limiter.closed() == 0
        pause = opened.limiter.pause(Address("discord", str(flooded.id)))
        assert pause == pytest.approx(600, abs=30)
    (tmp_path / "tocsin.db").unlink()
    async with desk(tmp_path, discord, flooded) as opened:
        discord.fail_next("create_message", "global", retry_after=600)
        await opened.deliver(lambda _: opened.limiter.closed() > 0)
        assert opened.limiter.closed() == pytest.approx(600, abs=30)


async def test_a_channel_that_had_its_last_for_now_is_left_alone_for_as_long_as_discord_says(
    tmp_path: Path, discord: DiscordServer
) -> None:
    channel = discord.guild("Newsroom").text("news")
    async with desk(tmp_path, discord, channel, due=7) as opened:
        discord.limits = type(discord.limits)(operations={"create_message": (3, 0.5)})
        await opened.deliver()
    assert len(channel.received) == 7
    assert discord.statuses[429] == 0


async def test_an_embed_that_discord_refuses_goes_plain(tmp_path: Path, discord: DiscordServer) -> None:
    channel = discord.guild("Newsroom").text("news")
    async with desk(tmp_path, discord, channel) as opened:
        discord.fail_next("create_message", "invalid_form", errors={"embeds.0.url": "Not a well formed URL."})
        await opened.deliver()
    (message,) = channel.received
    assert message.embeds == []
    assert message.content.startswith("Instructors arrive, No. 1 <https://outlet.example/1>\n")


async def test_a_backlog_comes_in_digests_of_which_none_is_cut(tmp_path: Path, discord: DiscordServer) -> None:
    channel = discord.guild("Newsroom").text("news")
    async with desk(tmp_path, discord, channel, due=100) as opened:
        await opened.deliver()
    told = "\n".join(message.text for message in channel.received)
    assert 4 <= len(channel.received) <= 20
    assert all(told.count(f"No. {number}](") == 1 for number in range(1, 101))


async def test_a_digest_whose_answer_was_lost_is_told_once_although_one_of_its_alerts_is_withdrawn_meanwhile(
    tmp_path: Path, discord: DiscordServer
) -> None:
    channel = discord.guild("Newsroom").text("news")
    async with desk(tmp_path, discord, channel, due=25) as opened:
        discord.fail_next("create_message", "drop_after")
        await opened.deliver(lambda states: states["held"] > 0)
        told = len(channel.received)
        await opened.database.write(lambda db: db.execute("DELETE FROM alert_filters WHERE alert_id = 25"))
        await opened.deliver(lambda states: states["sent"] == 24)
        assert told == 1
    text = "\n".join(message.text for message in channel.received)
    assert all(text.count(f"No. {number}](") == 1 for number in range(1, 26))


@pytest.mark.parametrize(
    ("rate", "seconds", "most"),
    [
        pytest.param(OVERALL, 1.0, 50, id="overall"),
        pytest.param(rates_of(Address("discord", "1"))[0], 5.0, 5, id="in a channel"),
    ],
)
def test_no_more_is_sent_than_discord_takes(rate: Rate, seconds: float, most: int) -> None:
    limit, at, sends = Gcra(rate), 0.0, []
    for _ in range(300):
        at = max(at, limit.free_at())
        limit.take(at)
        sends.append(at)
    assert max(sum(1 for other in sends if at <= other < at + seconds) for at in sends) <= most


def test_refusals_add_up_and_are_forgotten() -> None:
    invalid = InvalidRequests(most=3, seconds=600)
    for now in (0.0, 100.0, 200.0):
        assert invalid.closed(now) == 0
        invalid.note(now)
    assert invalid.closed(300.0) == 300.0
    assert invalid.closed(601.0) == 0
    invalid.note(601.0)
    assert invalid.closed(601.0) == 99.0
