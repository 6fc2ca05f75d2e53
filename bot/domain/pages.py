"""Which stories' articles are fetched from their pages, and when one that could not be is asked for again."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from typing import Final

from bot.domain.stories import Entry
from bot.domain.urls import feed_key, site

_WHOLE: Final = 1_500  # characters from which a feed's own text counts as the article
_FIRST_PAUSE: Final = 120.0
_FACTOR: Final = 3.0
_JITTER: Final = 0.2
_HOST: Final = re.compile(r"[\w-]+(?:\.[\w-]+)+")
_ADDRESS: Final = re.compile(r"https?://", re.IGNORECASE)
_MOST_TRIES: Final = 5  # over some four hours: what is not there by then is no news any more


@dataclass(frozen=True, slots=True)
class Exempt:
    """Whose articles are left unread: everybody's, those of some sites with all below them, those of some feeds."""

    everybody: bool = False
    sites: frozenset[str] = frozenset()
    feeds: frozenset[str] = frozenset()

    @classmethod
    def of(cls, names: Iterable[str]) -> "Exempt":
        """Those that are named, by their hosts ("example.org") or their feeds' addresses.

        Raises:
            ValueError: a name is neither.
        """
        sites, feeds = set(), set()
        for name in names:
            if _HOST.fullmatch(name):
                sites.add(name.lower().removeprefix("www."))
            elif _ADDRESS.match(name) and site(name):
                feeds.add(feed_key(name))
            else:
                raise ValueError(name)
        return cls(sites=frozenset(sites), feeds=frozenset(feeds))

    def covers(self, feed_url: str, page_url: str) -> bool:
        """Whether the article at `page_url`, of a story of the feed at `feed_url`, is to be left unread."""
        if self.everybody or feed_key(feed_url) in self.feeds:
            return True
        return any(f".{site(url)}".endswith(f".{name}") for url in (feed_url, page_url) for name in self.sites)


def wants_page(entry: Entry, *, own_link: bool) -> bool:
    """Whether an article is to be looked for behind an entry: its feed carries a lead only, and the link is its own."""
    return bool(entry.url) and own_link and len(entry.content) < _WHOLE


def next_try(attempts: int, now: float, random: Random, *, retry_after: float | None = None) -> float | None:
    """When to ask for a page again that could not be had `attempts` times (Unix seconds); None: not any more."""
    if attempts >= _MOST_TRIES:
        return None
    pause = _FIRST_PAUSE * _FACTOR ** (attempts - 1) * (1 + _JITTER * random.random())
    return now + max(pause, retry_after or 0.0)
