"""How often the stand-in for Discord may be asked."""

import asyncio
import hashlib
import math
import time
from dataclasses import dataclass, field

from .discord_faults import too_many


@dataclass(frozen=True, slots=True)
class Limits:
    """How many requests Discord takes, in how many seconds: of an operation in one place, and of all."""

    usual: tuple[int, float] = (1000, 1.0)
    operations: dict[str, tuple[int, float]] = field(default_factory=dict)
    overall: tuple[int, float] | None = None


REAL_LIMITS = Limits(
    operations={
        "create_message": (5, 5.0),
        "update_message": (5, 5.0),
        "create_thread": (10, 15.0),
        "execute_webhook": (5, 2.0),
    },
    overall=(50, 1.0),
)
"""As Discord has them, as far as one knows; interactions are not counted in `overall`."""


@dataclass
class _Window:
    """Some seconds in which so many requests may come."""

    ends: float
    used: int = 0


class Counted:
    """The requests of late."""

    def __init__(self) -> None:
        self._windows: dict[str, _Window] = {}
        self._overall = _Window(-math.inf)

    def take(self, limits: Limits, operation: str, major: str, *, counts_overall: bool) -> dict[str, str]:
        """Count a request about `major`; the headers that say what is left.

        Raises:
            Refused: there were too many.
        """
        now = asyncio.get_running_loop().time()
        if limits.overall is not None and counts_overall:
            most, seconds = limits.overall
            if now >= self._overall.ends:
                self._overall = _Window(now + seconds)
            self._overall.used += 1
            if self._overall.used > most:
                raise too_many(round(self._overall.ends - now, 3), "global")
        most, seconds = limits.operations.get(operation, limits.usual)
        key = f"{operation}:{major}"
        window = self._windows.get(key)
        if window is None or now >= window.ends:
            window = self._windows[key] = _Window(now + seconds)
        window.used += 1
        left = round(window.ends - now, 3)
        headers = limit_headers(operation, most, max(most - window.used, 0), left)
        if window.used > most:
            raise too_many(left, "user", headers)
        return headers


def limit_headers(operation: str, most: int, remaining: int, seconds: float) -> dict[str, str]:
    """What every answer says of the limit that it came under."""
    return {
        "X-RateLimit-Limit": str(most),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": str(round(time.time() + seconds, 3)),
        "X-RateLimit-Reset-After": str(seconds),
        "X-RateLimit-Bucket": hashlib.md5(operation.encode(), usedforsecurity=False).hexdigest(),
        "Via": "1.1 google",
    }
