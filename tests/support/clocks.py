"""Clocks: one for a running bot on which days go by at once, and one that stands still."""

from typing import Self

import pytest

from bot.clock import SystemClock


class LeapingClock(SystemClock):
    """The real clock, and what was leapt over."""

    def __init__(self) -> None:
        self.leapt = 0.0

    @classmethod
    def of_the_bot(cls, monkeypatch: pytest.MonkeyPatch) -> Self:
        """The clock of every bot that is started from now on."""
        leaping = cls()
        monkeypatch.setattr("bot.app.SystemClock", lambda: leaping)
        return leaping

    def now(self) -> float:
        return super().now() + self.leapt


class StillClock(SystemClock):
    """A clock that shows one instant, in Unix seconds."""

    def __init__(self, instant: float) -> None:
        self.instant = instant

    def now(self) -> float:
        return self.instant
