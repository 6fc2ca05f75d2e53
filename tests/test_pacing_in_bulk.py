"""Ten thousand alerts due over two thousand chats, fifty of them flooded: real outbox and limiter, virtual time."""

import asyncio
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from random import Random

import pytest

from bot.delivery import Delivery
from bot.domain.chats import Address, Message, Outcome, Sent, Throttled
from bot.domain.rich import Text, text_units, to_plain
from bot.limiter import Limiter
from bot.ports.sending import Urgency
from bot.texts import Texts
from handlers.on_telegram import OVERALL, lane_of, rates_of
from storage import OutboxStore
from support.backlog import write_alert, write_backlog
from support.inline import InlineDatabase
from support.virtual_time import run

CHATS = [f"-{number}" for number in range(1, 201)] + [str(number) for number in range(201, 2_001)]
FLOODED = frozenset(CHATS[:50])  # neighbours, of which not all are met at once
QUIET = [str(number) for number in range(5_001, 5_012)]
STORIES = 5
SECONDS = 120.0
ALLOWED = 30.0  # messages a second
START = 1_800_000_000.0


class Clock:
    def now(self) -> float:
        return START + asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass
class Platform:
    """Answers after 150 ms; refuses what is sent to those that are flooded."""

    sends: list[tuple[float, str, str]] = field(default_factory=list)  # when, to which chat, its headline
    taken: list[float] = field(default_factory=list)

    async def send(self, address: Address, message: Message) -> Outcome:
        at = asyncio.get_running_loop().time()
        self.sends.append((at, address.chat, to_plain(message.text).partition("\n")[0]))
        await asyncio.sleep(0.15)
        if address.chat in FLOODED:
            return Throttled(30)
        self.taken.append(at)
        return Sent(str(len(self.sends)))

    async def edit(self, address: Address, message_id: str, message: Message) -> Outcome:
        raise NotImplementedError

    def units(self, text: Text) -> int:
        return text_units(text)


@dataclass
class Seen:
    """What there was to see: sends, when fresh alerts were made, and how long answers waited for their turns."""

    platform: Platform = field(default_factory=Platform)
    made: dict[str, float] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    answers: list[tuple[float, str]] = field(default_factory=list)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    database = InlineDatabase(tmp_path_factory.mktemp("bulk") / "tocsin.db")
    turns = Limiter(OVERALL, rates_of, lane_of)
    seen = Seen()

    async def fresh_alerts(delivery: Delivery) -> None:
        """One every ten seconds, in a chat in which nothing waits."""
        for number, chat in enumerate(QUIET):
            await asyncio.sleep(10)
            seen.made[chat] = asyncio.get_running_loop().time()
            chat_id, story, now = len(CHATS) + 1 + number, STORIES + 1 + number, Clock().now()
            await database.write(lambda db, c=chat_id, s=story, n=now: write_alert(db, c, s, n))  # type: ignore[misc]
            delivery.call()

    async def commands() -> None:
        """Somebody says something every three seconds, in a private chat in which alerts wait."""
        random = Random(2)
        while True:
            await asyncio.sleep(3)
            asked = asyncio.get_running_loop().time()
            chat = random.choice(CHATS[200:])
            await turns.turn(Address("telegram", chat), Urgency.ANSWER)
            seen.answers.append((asyncio.get_running_loop().time(), chat))
            seen.waits.append(seen.answers[-1][0] - asked)

    async def scene() -> None:
        await database.open()
        await database.write(lambda db: write_backlog(db, CHATS, due=STORIES, now=START - 60, quiet=QUIET))
        outbox = OutboxStore(database)
        delivery = Delivery("telegram", outbox, seen.platform, turns, Clock(), Random(3), Texts(), run_id="run")
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one) for one in (delivery.run(), fresh_alerts(delivery), commands())]
            await asyncio.sleep(SECONDS)
            for task in tasks:
                task.cancel()

    run(scene())
    database.shut()
    return seen


def most_within(seconds: float, times: list[float]) -> int:
    """The most that any window of so many seconds holds, its end left out."""
    return max(bisect_left(times, start + seconds) - index for index, start in enumerate(times))


def everything_that_left(seen: Seen) -> list[tuple[float, str]]:
    return sorted([(at, chat) for at, chat, _ in seen.platform.sends] + seen.answers)


def test_no_sliding_second_holds_more_than_the_platform_allows(seen: Seen) -> None:
    assert most_within(1.0, [at for at, _ in everything_that_left(seen)]) <= ALLOWED


def test_no_chat_gets_more_than_it_may(seen: Seen) -> None:
    times: defaultdict[str, list[float]] = defaultdict(list)
    for at, chat in everything_that_left(seen):
        times[chat].append(at)
    assert max(most_within(1.0, left) for left in times.values()) == 1
    assert max(most_within(60.0, left) for chat, left in times.items() if chat.startswith("-")) <= 20


def test_the_rate_that_is_allowed_is_used(seen: Seen) -> None:
    assert len(everything_that_left(seen)) / SECONDS >= 0.95 * ALLOWED
    assert (len(seen.platform.taken) + len(seen.answers)) / SECONDS >= 0.95 * ALLOWED, "and but little of it in vain"


def test_a_fresh_alert_for_a_quiet_chat_waits_two_seconds_at_most(seen: Seen) -> None:
    left = {chat: at for at, chat, _ in seen.platform.sends if chat in seen.made}
    assert left.keys() == set(QUIET)
    assert max(at - seen.made[chat] for chat, at in left.items()) <= 2


def test_an_answer_to_a_command_waits_a_second_at_most(seen: Seen) -> None:
    assert len(seen.waits) > 30
    assert max(seen.waits) <= 1.1, "one a second in a chat, which may just have got an alert"


def test_everybody_gets_something_before_anybody_gets_all(seen: Seen) -> None:
    first_round = [chat for _, chat, _ in seen.platform.sends[: len(CHATS) + 100]]
    assert len(set(first_round) & set(CHATS)) > 0.95 * len(CHATS)
