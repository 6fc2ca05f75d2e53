"""Who watches the clock: what it says, and what it has done where the clock was set."""

import asyncio

import pytest

from bot.ports.store import StoreFailed
from bot.timekeeper import Timekeeper
from support.virtual_time import run


class SettableClock:
    """The loop's seconds, until somebody sets it."""

    def __init__(self, ahead: float = 1_800_000_000.0) -> None:
        self.ahead = ahead

    def now(self) -> float:
        return asyncio.get_running_loop().time() + self.ahead

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class ScriptedInstants:
    def __init__(self, latest: float | None = None, failures: int = 0) -> None:
        self.stored = latest
        self.failures = failures
        self.sets: list[tuple[float, float]] = []

    def _fail(self) -> None:
        if self.failures:
            self.failures -= 1
            raise StoreFailed("disk full")

    async def latest(self) -> float | None:
        self._fail()
        return self.stored

    async def clock_was_set(self, by: float, *, now: float) -> None:
        self._fail()
        self.sets.append((by, now))


def watched(instants: ScriptedInstants, clock: SettableClock, *sets: float) -> int:
    """Watch for a minute, in which the clock is set by so many seconds, ten apart; how often somebody was told."""
    told = 0

    def on_set() -> None:
        nonlocal told
        told += 1

    async def scene() -> None:
        async with asyncio.TaskGroup() as group:
            running = group.create_task(Timekeeper(instants, clock, on_set=on_set).run())
            for by in sets:
                await asyncio.sleep(10)
                clock.ahead += by
            await asyncio.sleep(60)
            running.cancel()

    run(scene())
    return told


def test_a_clock_that_runs_evenly_needs_no_word(caplog: pytest.LogCaptureFixture) -> None:
    instants = ScriptedInstants()
    assert watched(instants, SettableClock(), 0.5, -2.0, 1.5) == 0
    assert (instants.sets, caplog.text) == ([], "")


@pytest.mark.parametrize(
    ("by", "said"),
    [
        (-3_600.0, "The clock was set back by 3600 s"),
        (86_400.0, "The clock was set forward (or the machine slept) by 86400 s"),
    ],
)
def test_a_clock_that_is_set_is_named_once_and_what_is_stored_is_made_to_fit(
    by: float, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    instants, clock = ScriptedInstants(), SettableClock()
    assert watched(instants, clock, by) == 1
    ((set_by, now),) = instants.sets
    assert set_by == pytest.approx(by)
    assert now == pytest.approx(1_800_000_000 + by + 12, abs=3)
    assert caplog.text.count("The clock") == 1
    assert said in caplog.text


def test_each_jump_counts_by_itself() -> None:
    instants = ScriptedInstants()
    assert watched(instants, SettableClock(), 86_400.0, -86_400.0) == 2
    assert [by for by, _ in instants.sets] == pytest.approx([86_400.0, -86_400.0])


def test_a_clock_behind_what_is_stored_is_named_at_the_start(caplog: pytest.LogCaptureFixture) -> None:
    instants = ScriptedInstants(latest=1_800_003_600.0)
    assert watched(instants, SettableClock()) == 1
    assert [by for by, _ in instants.sets] == pytest.approx([-3_600.0])
    assert "The clock is 3600 s behind what is stored: it ran ahead then, or is wrong now" in caplog.text


def test_a_store_that_fails_is_tried_again_until_it_fits(caplog: pytest.LogCaptureFixture) -> None:
    instants = ScriptedInstants(latest=1_800_003_600.0, failures=3)
    assert watched(instants, SettableClock()) == 1
    assert len(instants.sets) == 1
    instants = ScriptedInstants()
    instants.failures = 1
    assert watched(instants, SettableClock(), 3_600.0) == 1
    assert "the store fails: disk full" in caplog.text
