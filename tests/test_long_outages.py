"""A platform that is out for hours, where no more than one or two chats have anything due: nothing of it is lost.

Real outbox and delivery, virtual time; what a sender makes of an outage is given.
"""

import asyncio
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from bot.delivery import Delivery
from bot.domain.chats import Address, Message, Outcome, Sent, Unreachable
from bot.domain.delivery import BACKLOG
from bot.domain.notices import Notice, Silence
from bot.domain.rich import Text, text_units
from bot.limiter import Limiter
from bot.notices import NoticeDelivery
from bot.texts import Texts
from handlers import on_telegram
from storage import ChatStore, NoticeStore, OutboxStore
from storage.database import rows
from support.backlog import write_backlog
from support.inline import InlineDatabase
from support.virtual_time import run

HOURS = 3 * 3_600.0
START = 1_800_000_000.0
CATCHING_UP = 400.0  # seconds: the longest pause between two tries, and what is then due


class Clock:
    def now(self) -> float:
        return START + asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class Out:
    """Answers nobody for three hours, after so many seconds each time."""

    def __init__(self, outcome: Outcome, seconds: float) -> None:
        self.outcome, self.seconds = outcome, seconds
        self.tries = 0
        self.told: list[Message] = []

    async def send(self, address: Address, message: Message) -> Outcome:
        self.tries += 1
        if asyncio.get_running_loop().time() < HOURS:
            await asyncio.sleep(self.seconds)
            return self.outcome
        self.told.append(message)
        return Sent(str(len(self.told)))

    async def edit(self, address: Address, message_id: str, message: Message) -> Outcome:
        raise NotImplementedError

    def units(self, text: Text) -> int:
        return text_units(text)


PAGE = Unreachable("Telegram: 502", reached=True)
SILENCE = Unreachable("timeout", reached=True)


@pytest.mark.parametrize(
    ("outcome", "seconds", "chats", "due"),
    [
        pytest.param(PAGE, 0.2, 1, 1, id="a gateway's page for one alert"),
        pytest.param(PAGE, 0.2, 2, 1, id="for one in each of two chats"),
        pytest.param(SILENCE, 30.0, 1, 1, id="no answer to one alert"),
        pytest.param(SILENCE, 30.0, 2, BACKLOG + 5, id="nor to two digests"),
        pytest.param(Unreachable("network", reached=False), 0.2, 1, BACKLOG + 5, id="no connection for a digest"),
    ],
)
def test_an_outage_of_hours_loses_nothing_and_makes_nothing_plain(
    tmp_path: Path, outcome: Outcome, seconds: float, chats: int, due: int
) -> None:
    database = InlineDatabase(tmp_path / "tocsin.db")
    platform = Out(outcome, seconds)
    states: Counter[str] = Counter()

    async def scene() -> None:
        await database.open()
        names = [f"1{number}" for number in range(chats)]
        await database.write(lambda db: write_backlog(db, names, due=due, now=START))
        turns = Limiter(on_telegram.OVERALL, on_telegram.rates_of, on_telegram.lane_of)
        outbox = OutboxStore(database)
        delivery = Delivery("telegram", outbox, platform, turns, Clock(), Random(3), Texts(), run_id="run")
        async with asyncio.TaskGroup() as group:
            running = group.create_task(delivery.run())
            await asyncio.sleep(HOURS + CATCHING_UP)
            running.cancel()
        states.update(
            await database.read(lambda db: [found["state"] for found in rows(db, "SELECT state FROM alerts")])
        )

    run(scene())
    database.shut()
    assert states == {"sent": chats * due}
    assert len(platform.told) == chats, "each once"
    assert not any(message.plain for message in platform.told)
    assert platform.tries < chats * (HOURS / 250 + 12), "it is looked for, and not stormed"


def test_a_notice_survives_it_too(tmp_path: Path) -> None:
    database = InlineDatabase(tmp_path / "tocsin.db")
    platform = Out(PAGE, 0.2)

    async def scene() -> None:
        await database.open()
        await database.write(lambda db: write_backlog(db, ["11"], due=0, now=START))
        turns = Limiter(on_telegram.OVERALL, on_telegram.rates_of, on_telegram.lane_of)
        notices, chats = NoticeStore(database), ChatStore(database)
        await notices.tell([Notice(1, (), (Silence(1, 1, "instructors"),))], START)
        delivery = NoticeDelivery("telegram", notices, chats, platform, turns, Clock(), Random(3), Texts())
        async with asyncio.TaskGroup() as group:
            running = group.create_task(delivery.run())
            await asyncio.sleep(HOURS + CATCHING_UP)
            running.cancel()

    run(scene())
    database.shut()
    assert [message.plain for message in platform.told] == [False]
