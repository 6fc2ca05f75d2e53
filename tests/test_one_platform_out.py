"""Telegram and Discord in one process, of which one is out for ten minutes: real outbox and limiters, virtual time.

What a sender makes of each kind of outage is tested in `test_telegram_outcomes` and `test_discord_outcomes`; here it is
given, as is that Discord knows again what it was sent.
"""

import asyncio
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random

import pytest

from bot.delivery import Delivery
from bot.domain.chats import Address, Message, Outcome, Sent, Throttled, Unreachable
from bot.domain.delivery import BACKLOG
from bot.domain.rich import Text, text_units, to_plain
from bot.limiter import Limiter
from bot.texts import Texts
from handlers import on_discord, on_telegram
from handlers.on_discord.embeds import units
from storage import OutboxStore
from support.backlog import write_alert, write_backlog, write_chats
from support.inline import InlineDatabase
from support.virtual_time import run

CHATS = 1_000  # on each platform
BUSY = 5  # of those; half of all alerts are for them
BURST = 40  # chats to which one story goes at once, in mid-outage
PLATFORMS = ("telegram", "discord")
START = 1_800_000_000.0
BEGAN, BACK, END = 60.0, 660.0, 790.0  # seconds; the outage, and when all is over
LAST = 700  # seconds; until then an alert is made every two on each platform
DEADLINE = 30.0
ANSWER = 0.15
NUMBER = re.compile(r"No\. (\d+)")

KINDS = ("refuses", "hangs", "page", "floods")
MARGIN = 0.05
"""Seconds by which an alert on the platform that works may come later than in the same run without an outage."""
CATCHING_UP = 60.0
"""Seconds after the outage in which all that was missed arrives: the look whether it is over, and what is then due."""


class Clock:
    def now(self) -> float:
        return START + asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass
class Platform:
    """Answers after 150 ms; may be out for ten minutes."""

    name: str
    kind: str = ""
    told: list[tuple[float, str, list[int]]] = field(default_factory=list)  # when, to which chat, which stories
    tries: int = 0  # in vain
    known: set[str] = field(default_factory=set)

    async def send(self, address: Address, message: Message) -> Outcome:
        at = asyncio.get_running_loop().time()
        if not self.kind or not BEGAN <= at < BACK:
            self._take(at, address, message)
            await asyncio.sleep(ANSWER)
            return Sent(str(len(self.told)))
        self.tries += 1
        match self.kind:
            case "refuses":
                return Unreachable("network", reached=False)
            case "hangs":
                if self.name == "discord":  # it takes the message, and says nothing
                    self._take(at, address, message)
                await asyncio.sleep(DEADLINE)
                return Unreachable("timeout", reached=True)
            case "page":
                await asyncio.sleep(ANSWER)
                return Unreachable("503", reached=True)
            case _:
                await asyncio.sleep(ANSWER)
                return Throttled(30, everybody=True if self.name == "discord" else None)

    def _take(self, at: float, address: Address, message: Message) -> None:
        if self.name == "discord":
            if message.key in self.known:
                return
            self.known.add(message.key)
        self.told.append((at, address.chat, [int(one) for one in NUMBER.findall(to_plain(message.text))]))

    async def edit(self, address: Address, message_id: str, message: Message) -> Outcome:
        raise NotImplementedError

    def units(self, text: Text) -> int:
        return units(text) if self.name == "discord" else text_units(text)


@dataclass
class Seen:
    """When each alert was made, in which chat, by its story's number; and what the platforms were told."""

    platforms: dict[str, Platform]
    made: dict[str, dict[int, float]] = field(default_factory=lambda: {name: {} for name in PLATFORMS})
    chats: dict[int, str] = field(default_factory=dict)

    def delays(self, platform: str) -> dict[int, float]:
        """How long each alert took to be sent, in seconds."""
        arrived: dict[int, float] = {}
        for at, _, stories in self.platforms[platform].told:
            for story in stories:
                arrived.setdefault(story, at)
        return {story: arrived[story] - at for story, at in self.made[platform].items()}


def played(folder: Path, say: Texts, out: str = "", kind: str = "") -> Seen:
    """The whole scene, with one platform out or none."""
    database = InlineDatabase(folder / "tocsin.db")
    platforms = {name: Platform(name, kind if name == out else "") for name in PLATFORMS}
    seen = Seen(platforms)
    names = [f"1{number:04}" for number in range(CHATS)]

    async def publish(deliveries: list[Delivery]) -> None:
        for second in range(0, LAST, 2):
            next_one = second // 4 % BUSY if second % 4 == 0 else second % CHATS
            for number in range(BURST) if second == (BEGAN + BACK) // 2 else [next_one]:
                for place, name in enumerate(PLATFORMS):
                    story = len(seen.chats) + 1
                    seen.chats[story] = names[number]
                    seen.made[name][story] = asyncio.get_running_loop().time()
                    chat_id = place * CHATS + number + 1
                    await database.write(partial(write_alert, chat_id=chat_id, story=story, now=Clock().now()))
            for delivery in deliveries:
                delivery.call()
            await asyncio.sleep(2)

    async def scene() -> None:
        await database.open()
        await database.write(lambda db: write_backlog(db, names, due=0, now=START))
        await database.write(lambda db: write_chats(db, names, now=START, platform="discord", first=CHATS + 1))
        outbox = OutboxStore(database)
        turns = {
            "telegram": Limiter(on_telegram.OVERALL, on_telegram.rates_of, on_telegram.lane_of),
            "discord": Limiter(on_discord.OVERALL, on_discord.rates_of, on_discord.lane_of),
        }
        deliveries = [
            Delivery(name, outbox, platforms[name], turns[name], Clock(), Random(3), say, run_id="run")
            for name in PLATFORMS
        ]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one.run()) for one in deliveries]
            tasks.append(group.create_task(publish(deliveries)))
            await asyncio.sleep(END)
            for task in tasks:
                task.cancel()

    run(scene())
    database.shut()
    return seen


@pytest.fixture(scope="module")
def say() -> Texts:
    return Texts()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, say: Texts) -> Seen:
    return played(tmp_path_factory.mktemp("undisturbed"), say)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("out", PLATFORMS)
def test_one_platform_that_is_out_delays_no_alert_on_the_other_and_gets_its_own_once_it_is_back(
    tmp_path: Path, undisturbed: Seen, say: Texts, out: str, kind: str
) -> None:
    seen = played(tmp_path, say, out, kind)
    (other,) = (name for name in PLATFORMS if name != out)
    usual, now = undisturbed.delays(other), seen.delays(other)
    assert usual.keys() == now.keys()
    assert max(now[story] - usual[story] for story in now) <= MARGIN
    gone = seen.platforms[out]
    assert 3 <= gone.tries < 200, "it is looked for, and not stormed"
    told = Counter(story for _, _, stories in gone.told for story in stories)
    assert told == Counter(dict.fromkeys(seen.made[out], 1)), "each once, the oldest too"
    last = max(at + seen.delays(out)[story] for story, at in seen.made[out].items() if at < BACK)
    assert last < BACK + CATCHING_UP
    missed = defaultdict[str, list[int]](list)
    for story, at in seen.made[out].items():
        if BEGAN <= at < BACK:
            missed[seen.chats[story]].append(story)
    busy = [chat for chat, stories in missed.items() if len(stories) > BACKLOG + 4]
    assert len(busy) == BUSY
    for chat in busy:
        messages = [stories for at, to, stories in gone.told if to == chat and at >= BACK]
        assert max(map(len, messages)) > BACKLOG // 2, "a backlog comes as a digest"
