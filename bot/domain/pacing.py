"""How often may be sent: a GCRA, one number of state a limit; under a ceiling, with the last sends beside it.

And what refusals for sending too much say.

Source: the generic cell rate algorithm (ITU-T I.371), as "virtual scheduling": each send moves a theoretical arrival
time ahead by one interval; a send conforms when it comes no earlier than that time less the tolerance.
"""

from collections import deque
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Ceiling:
    """At most `number` sends in any span shorter than `seconds`."""

    number: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Rate:
    """One send every `interval` seconds in the long run, `tolerance` seconds early at most, and under the ceiling.

    In any span of `s` seconds at most `(s + tolerance) / interval + 1` sends conform.
    """

    interval: float
    tolerance: float = 0.0
    ceiling: Ceiling | None = None


class Gcra:
    """One limit's state. Instants are any monotonic seconds; they are always passed in."""

    __slots__ = ("_last", "_rate", "_theoretical")

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._theoretical = float("-inf")
        self._last: deque[float] = deque(maxlen=rate.ceiling.number if rate.ceiling else 0)

    def free_at(self) -> float:
        """The earliest instant at which a send conforms."""
        free_at = self._theoretical - self._rate.tolerance
        ceiling = self._rate.ceiling
        if ceiling is not None and len(self._last) == ceiling.number:
            return max(free_at, self._last[0] + ceiling.seconds)
        return free_at

    def ahead(self, now: float) -> bool:
        """Whether its state still matters at `now`: a new one would allow more."""
        ceiling = self._rate.ceiling
        if ceiling is not None and self._last and self._last[-1] + ceiling.seconds > now:
            return True
        return self._theoretical > now

    def take(self, now: float) -> None:
        """Count a send at `now`, which must conform."""
        self._theoretical = max(self._theoretical, now) + self._rate.interval
        self._last.append(now)

    def hold(self, until: float) -> None:
        """Let nothing conform before `until`."""
        self._theoretical = max(self._theoretical, until + self._rate.tolerance)


class Floods:
    """Refusals for sending too much: one does not say whose it is, the chat's or everybody's.

    Three chats that get one within ten seconds say that it is everybody's, unless by far the most of what was sent in
    that time was taken. Instants are any monotonic seconds.
    """

    _CHATS: Final = 3
    _SECONDS: Final = 10.0
    _SHARE: Final = 0.25  # of what was sent; less is the bad luck of the chats that it hits

    def __init__(self) -> None:
        self._sent: deque[float] = deque()
        self._refused: deque[tuple[float, str]] = deque()

    def sent(self, now: float) -> None:
        """Count a send, whatever will become of it."""
        self._sent.append(now)
        while self._sent[0] < now - self._SECONDS:
            self._sent.popleft()

    def refused(self, chat: str, now: float) -> bool:
        """Take in a refusal; whether everybody has to wait."""
        self._refused.append((now, chat))
        while self._refused[0][0] < now - self._SECONDS:
            self._refused.popleft()
        sent = sum(1 for at in self._sent if at >= now - self._SECONDS)
        everybody = len({chat for _, chat in self._refused}) >= self._CHATS
        return everybody and len(self._refused) >= self._SHARE * sent
