"""Which stories' articles are fetched from their pages, and when one that could not be is asked for again."""

from random import Random
from typing import Final

from bot.domain.stories import Entry

_WHOLE: Final = 1_500  # characters from which a feed's own text counts as the article
_FIRST_PAUSE: Final = 120.0
_FACTOR: Final = 3.0
_JITTER: Final = 0.2
_MOST_TRIES: Final = 5  # over some four hours: what is not there by then is no news any more


def wants_page(entry: Entry, *, own_link: bool) -> bool:
    """Whether an article is to be looked for behind an entry: its feed carries a lead only, and the link is its own."""
    return bool(entry.url) and own_link and len(entry.content) < _WHOLE


def next_try(attempts: int, now: float, random: Random, *, retry_after: float | None = None) -> float | None:
    """When to ask for a page again that could not be had `attempts` times (Unix seconds); None: not any more."""
    if attempts >= _MOST_TRIES:
        return None
    pause = _FIRST_PAUSE * _FACTOR ** (attempts - 1) * (1 + _JITTER * random.random())
    return now + max(pause, retry_after or 0.0)
