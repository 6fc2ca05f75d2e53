"""The one limiter, in virtual time: how much leaves in any second, and who goes first."""

import asyncio
from bisect import bisect_left
from collections.abc import Callable, Iterable
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.chats import Address
from bot.domain.pacing import Rate
from bot.limiter import Limiter
from bot.ports.sending import Urgency
from handlers.on_telegram import lane_of
from support.virtual_time import StuckError, run

OVERALL = Rate(1 / 29, tolerance=0.012)
CHAT = Rate(1.0)
GROUP = Rate(3.75, tolerance=3 * 3.75)
FREE = Rate(0.0)


class Wish(NamedTuple):
    """Somebody who wants to send: from when, where to, how urgently."""

    at: float
    chat: str
    urgency: Urgency = Urgency.ALERT
    topic: str = ""


class Left(NamedTuple):
    """A send that got its turn."""

    at: float
    chat: str
    urgency: Urgency


def limiter(overall: Rate = FREE, chat: Iterable[Rate] = (), group: Iterable[Rate] = ()) -> Limiter:
    """A limiter of two kinds of chats: those whose name begins with "-" are groups."""
    return Limiter(overall, lambda address: tuple(group if address.chat.startswith("-") else chat), lane_of)


def address(chat: str, topic: str = "") -> Address:
    return Address("telegram", chat, topic)


def leave(limits: Limiter, wishes: Iterable[Wish]) -> list[Left]:
    """When those who wish to send get their turns, in the order in which they do."""
    left: list[Left] = []

    async def send(wish: Wish) -> None:
        await asyncio.sleep(wish.at)
        await limits.turn(address(wish.chat, wish.topic), wish.urgency)
        left.append(Left(asyncio.get_running_loop().time(), wish.chat, wish.urgency))

    async def all_of_them() -> None:
        async with asyncio.TaskGroup() as group:
            for wish in wishes:
                group.create_task(send(wish))

    run(all_of_them())
    return left


def most_within(seconds: float, times: list[float]) -> int:
    """The most that any window of so many seconds holds, its end left out."""
    return max((bisect_left(times, start + seconds) - index for index, start in enumerate(times)), default=0)


def test_virtual_time_passes_exactly_and_at_once() -> None:
    async def hour() -> float:
        await asyncio.sleep(3600)
        return asyncio.get_running_loop().time()

    assert run(hour()) == pytest.approx(3600)


def test_virtual_time_tells_when_nothing_will_ever_happen() -> None:
    async def for_ever() -> None:
        await asyncio.Event().wait()

    with pytest.raises(StuckError):
        run(for_ever())


def test_who_comes_alone_goes_at_once() -> None:
    assert leave(limiter(OVERALL, [CHAT], [CHAT, GROUP]), [Wish(5.0, "1")]) == [Left(5.0, "1", Urgency.ALERT)]


def test_no_second_holds_more_than_the_overall_rate_with_many_chats() -> None:
    left = leave(limiter(OVERALL, [CHAT]), [Wish(0.0, str(number)) for number in range(300)])
    times = [one.at for one in left]
    assert len(times) == 300
    assert most_within(1.0, times) <= 30
    assert times[-1] == pytest.approx(299 / 29, abs=0.05), "and none waits longer than it has to"


def test_no_second_holds_more_than_one_to_one_chat() -> None:
    times = [one.at for one in leave(limiter(OVERALL, [CHAT]), [Wish(0.0, "1")] * 20)]
    assert times == pytest.approx(range(20))


def test_no_minute_holds_more_than_twenty_to_one_group() -> None:
    times = [one.at for one in leave(limiter(OVERALL, group=[CHAT, GROUP]), [Wish(0.0, "-1")] * 60)]
    assert most_within(1.0, times) == 1
    assert most_within(60.0, times) <= 20
    assert times[:4] == pytest.approx([0, 1, 2, 3]), "some may go in a row"


@given(
    st.lists(
        st.builds(
            Wish,
            st.floats(0, 5),
            st.sampled_from(["1", "2", "3", "-1", "-2", *map(str, range(10, 60))]),
            st.sampled_from(Urgency),
        ),
        max_size=120,
    )
)
@settings(max_examples=50)
def test_whoever_comes_when_no_window_holds_too_many_and_all_get_their_turn(wishes: list[Wish]) -> None:
    left = leave(limiter(OVERALL, [CHAT], [CHAT, GROUP]), wishes)
    assert sorted((one.chat, one.urgency) for one in left) == sorted((wish.chat, wish.urgency) for wish in wishes)
    assert most_within(1.0, [one.at for one in left]) <= 30
    for chat in {wish.chat for wish in wishes}:
        times = [one.at for one in left if one.chat == chat]
        assert most_within(1.0 - 1e-6, times) <= 1
        if chat.startswith("-"):
            assert most_within(60.0 - 1e-6, times) <= 20


def test_answers_go_before_alerts_and_alerts_before_edits() -> None:
    wishes = [
        Wish(0.0, "first"),
        *(Wish(0.1 + number / 100, f"edit {number}", Urgency.EDIT) for number in range(3)),
        *(Wish(0.2 + number / 100, f"alert {number}", Urgency.ALERT) for number in range(3)),
        *(Wish(0.3 + number / 100, f"answer {number}", Urgency.ANSWER) for number in range(3)),
    ]
    assert [one.chat for one in leave(limiter(Rate(1.0)), wishes)] == [
        "first", "answer 0", "answer 1", "answer 2", "alert 0", "alert 1", "alert 2", "edit 0", "edit 1", "edit 2",
    ]  # fmt: skip


def test_an_answer_goes_before_alerts_that_wait_for_the_same_chat() -> None:
    wishes = [Wish(0.0, "1"), Wish(0.1, "1"), Wish(0.2, "1"), Wish(0.3, "1", Urgency.ANSWER)]
    assert [(one.at, one.urgency) for one in leave(limiter(chat=[CHAT]), wishes)] == [
        (0.0, Urgency.ALERT),
        (1.0, Urgency.ANSWER),
        (2.0, Urgency.ALERT),
        (3.0, Urgency.ALERT),
    ]


def test_who_waits_for_its_own_chat_does_not_hold_up_others() -> None:
    limits = limiter(OVERALL, [Rate(100.0)])
    wishes = [*[Wish(0.0, "busy", Urgency.ANSWER)] * 3, Wish(0.5, "edited", Urgency.EDIT), Wish(101.0, "late")]
    left = leave(limits, wishes)
    assert [(one.chat, one.at) for one in left] == [
        ("busy", 0.0), ("edited", 0.5), ("busy", 100.0), ("late", 101.0), ("busy", 200.0),
    ]  # fmt: skip


def test_the_topics_of_a_chat_share_its_limits() -> None:
    wishes = [Wish(0.0, "-1", topic="7"), Wish(0.0, "-1", topic="8"), Wish(0.0, "-1"), Wish(0.0, "-2", topic="7")]
    assert [(one.chat, one.at) for one in leave(limiter(group=[CHAT]), wishes)] == [
        ("-1", 0.0), ("-2", 0.0), ("-1", 1.0), ("-1", 2.0),
    ]  # fmt: skip


def in_virtual_time(limits: Limiter, play: Callable[["Play"], None], seconds: float) -> list[Left]:
    """Let a play act on the limiter, and return who got a turn within so many seconds."""

    async def whole() -> list[Left]:
        async with asyncio.TaskGroup() as group:
            stage = Play(limits, group)
            play(stage)
            await asyncio.sleep(seconds)
            for task in stage.tasks:
                task.cancel()
        return stage.left

    return run(whole())


class Play:
    """What a test does with the limiter, at instants that it names."""

    def __init__(self, limits: Limiter, group: asyncio.TaskGroup) -> None:
        self.limits = limits
        self.left: list[Left] = []
        self.tasks: list[asyncio.Task[None]] = []
        self._group = group

    def send(self, chat: str, urgency: Urgency = Urgency.ALERT) -> asyncio.Task[None]:
        async def turn() -> None:
            await self.limits.turn(address(chat), urgency)
            self.left.append(Left(asyncio.get_running_loop().time(), chat, urgency))

        self.tasks.append(self._group.create_task(turn()))
        return self.tasks[-1]

    def at(self, instant: float, do: Callable[[], object]) -> None:
        asyncio.get_running_loop().call_at(instant, do)


def test_a_cancelled_waiter_takes_no_turn_and_frees_its_place() -> None:
    limits = limiter(Rate(1.0))

    def play(stage: Play) -> None:
        stage.send("first")
        cancelled = stage.send("cancelled")
        stage.send("last")
        stage.at(0.5, cancelled.cancel)

    assert [(one.chat, one.at) for one in in_virtual_time(limits, play, 10)] == [("first", 0.0), ("last", 1.0)]
    assert limits._waiting == []


def test_a_cancelled_waiter_is_forgotten_at_once() -> None:
    limits = limiter(OVERALL, [CHAT])

    async def waiting() -> int:
        limits.hold(address("held"), 1e6)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(limits.turn(address("held"), Urgency.ALERT)) for _ in range(5)]
            await asyncio.sleep(1)
            for task in tasks[1:]:
                task.cancel()
            await asyncio.sleep(1)
            left = len(limits._waiting)
            tasks[0].cancel()
        return left

    assert run(waiting()) == 1
    assert limits._waiting == []


def test_who_is_cancelled_just_before_its_turn_takes_none() -> None:
    """It was cancelled, and has not run since, when the limiter serves."""
    limits = limiter(Rate(1.0))

    def play(stage: Play) -> None:
        stage.send("first")
        cancelled = stage.send("cancelled")
        stage.at(1.0, lambda: (cancelled.cancel(), stage.send("last")))

    left = in_virtual_time(limits, play, 10)
    assert [(one.chat, one.at) for one in left] == [("first", 0.0), ("last", 1.0)]
    assert limits._waiting == []


def test_a_chat_that_is_held_gets_no_turn_before_its_time_and_others_do() -> None:
    limits = limiter(OVERALL, [CHAT])

    def play(stage: Play) -> None:
        stage.send("held")
        stage.at(0.5, lambda: stage.limits.hold(address("held"), 30))
        stage.at(0.6, lambda: [stage.send(chat) for chat in ("held", "other", "held")])

    left = in_virtual_time(limits, play, 60)
    assert [(one.chat, one.at) for one in left] == [
        ("held", 0.0), ("other", pytest.approx(0.6)), ("held", pytest.approx(30.5)), ("held", pytest.approx(31.5)),
    ]  # fmt: skip


def test_who_waits_already_is_held_too() -> None:
    limits = limiter(OVERALL, [CHAT])

    def play(stage: Play) -> None:
        stage.send("held")
        stage.send("held")
        stage.at(0.9, lambda: stage.limits.hold(address("held", "7"), 10))

    assert [one.at for one in in_virtual_time(limits, play, 60)] == [0.0, pytest.approx(10.9)]


@pytest.mark.parametrize(
    ("everybody", "other_at"),
    [
        pytest.param(True, 30.5, id="everybody, it says"),
        pytest.param(False, 0.6, id="this chat, it says"),
        pytest.param(None, 0.6, id="it does not say, and no other chat was asked"),
    ],
)
def test_a_platform_may_say_whom_it_asks_for_a_pause(everybody: bool | None, other_at: float) -> None:
    limits = limiter(OVERALL, [CHAT])

    def play(stage: Play) -> None:
        stage.at(0.5, lambda: stage.limits.hold(address("held"), 30, everybody=everybody))
        stage.at(0.6, lambda: stage.send("other"))

    assert [one.at for one in in_virtual_time(limits, play, 60)] == [pytest.approx(other_at)]


def test_a_pause_that_is_one_chats_says_nothing_of_the_others_however_many_get_one() -> None:
    async def closed() -> float:
        limits = limiter(OVERALL, [CHAT])
        for number in range(9):
            limits.hold(address(str(number)), 30, everybody=False)
        return limits.closed()

    assert run(closed()) == 0.0


def test_where_topics_have_limits_of_their_own_they_share_none() -> None:
    async def pauses() -> list[float]:
        limits = Limiter(Rate(0.001), lambda _: (CHAT,))
        await limits.turn(address("1", "7"), Urgency.ALERT)
        assert limits.lane(address("1", "7")) == address("1", "7")
        assert limiter(OVERALL, [CHAT]).lane(address("1", "7")) == address("1")
        return [limits.pause(address("1", "7")), limits.pause(address("1", "8"))]

    assert run(pauses()) == [pytest.approx(1.0), 0.0]


def test_a_pause_is_what_a_chats_own_limits_leave_to_wait() -> None:
    async def pauses() -> list[float]:
        limits = limiter(Rate(1000.0), [CHAT])
        found = [limits.pause(address("1"))]
        await limits.turn(address("1"), Urgency.ALERT)
        found.append(limits.pause(address("1", "7")))
        await asyncio.sleep(0.25)
        found.append(limits.pause(address("1")))
        await asyncio.sleep(2)
        found.append(limits.pause(address("1")))
        found.append(limits.pause(address("2")))
        limits.hold(address("2"), 40)
        found.append(limits.pause(address("2")))
        return found

    assert run(pauses()) == pytest.approx([0.0, 1.0, 0.75, 0.0, 0.0, 40.0])


def test_a_chat_without_limits_never_has_to_pause() -> None:
    async def pause() -> float:
        return limiter().pause(address("1"))

    assert run(pause()) == 0.0


@pytest.fixture
def few_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget chats once twenty are kept, so that a test need not have thousands."""
    monkeypatch.setattr("bot.limiter._KEPT", 20)


@pytest.mark.usefixtures("few_kept")
def test_chats_that_are_free_again_are_forgotten() -> None:
    limits = limiter(FREE, [CHAT])
    leave(limits, [Wish(number / 10, str(number)) for number in range(500)])
    assert len(limits._chats) <= 20


@pytest.mark.usefixtures("few_kept")
def test_a_chat_that_is_not_free_is_never_forgotten() -> None:
    limits = limiter(FREE, [CHAT])

    async def many() -> float:
        limits.hold(address("held"), 1e6)
        for number in range(300):
            await limits.turn(address(str(number)), Urgency.ALERT)
            await asyncio.sleep(0.1)
        return limits.pause(address("held"))

    assert run(many()) == pytest.approx(1e6 - 30)
    assert len(limits._chats) <= 21


@pytest.mark.usefixtures("few_kept")
def test_more_may_wait_than_are_remembered() -> None:
    left = leave(limiter(Rate(0.001), [CHAT]), [Wish(0.0, str(number % 60)) for number in range(100)])
    assert len(left) == 100
    for number in range(40):
        one, other = (turn.at for turn in left if turn.chat == str(number))
        assert other - one >= 1.0 - 1e-9


@pytest.mark.usefixtures("few_kept")
def test_looking_at_many_chats_remembers_few() -> None:
    limits = limiter(OVERALL, [CHAT])

    async def look() -> None:
        for number in range(500):
            assert limits.pause(address(str(number))) == 0.0

    run(look())
    assert len(limits._chats) <= 20


async def test_the_limiter_runs_in_real_time_too() -> None:
    limits = limiter(Rate(0.02))
    began = asyncio.get_running_loop().time()
    for _ in range(4):
        await limits.turn(address("1"), Urgency.ALERT)
    assert asyncio.get_running_loop().time() - began >= 0.06


def test_three_chats_that_their_platform_holds_hold_everybody_answers_too() -> None:
    limits = limiter(OVERALL, [CHAT])

    def play(stage: Play) -> None:
        for number in range(3):
            stage.send(str(number))
            stage.at(0.5 + number, lambda number=number: stage.limits.hold(address(str(number)), 20))  # type: ignore[misc]
        stage.at(1.0, lambda: stage.send("before"))
        stage.at(3.0, lambda: [stage.send("alert"), stage.send("answer", Urgency.ANSWER)])
        stage.at(4.0, lambda: closed.append(limits.closed()))

    closed: list[float] = []
    left = {one.chat: one.at for one in in_virtual_time(limits, play, 60)}
    assert left["before"] == 1.0
    assert left["answer"] == pytest.approx(22.5)
    assert left["alert"] == pytest.approx(22.5, abs=0.1)
    assert closed == pytest.approx([18.5])
