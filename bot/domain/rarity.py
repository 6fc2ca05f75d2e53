"""How rare words are in a window of stories, and which stories hold the rare ones.

Of each language on its own: a French article among English stories is no rarity.
"""

import math
from collections.abc import Iterable
from typing import Final

# Stories' worth of belief in what is known of words before any was seen: short ones are common, others are not.
_PRIOR: Final = 100.0
_SHARE_BY_LENGTH: Final = {1: 0.2, 2: 0.2, 3: 0.1}
_SHARE: Final = 0.005
# What is common says nothing of an event: of each key the newest stories are remembered, and only counted beyond.
_REMEMBERED: Final = 64
_ASKED: Final = 8


class Vocabulary:
    """The keys of the stories of one language: in how many of them each is, and in which of late."""

    def __init__(self) -> None:
        self._stories = 0
        self._counts: dict[str, int] = {}
        self._places: dict[str, list[int]] = {}

    def __len__(self) -> int:
        return self._stories

    @property
    def rarest(self) -> float:
        """The rarity of a key that no story holds, or nearly so."""
        return math.log((self._stories + _PRIOR) / (_SHARE * _PRIOR))

    def rarity(self, key: str) -> float:
        """Minus the logarithm of the share of stories that hold a key, in nats."""
        share = _SHARE if key.isdigit() else _SHARE_BY_LENGTH.get(len(key), _SHARE)
        return math.log((self._stories + _PRIOR) / (self._counts.get(key, 0) + share * _PRIOR))

    def add(self, story_id: int, keys: Iterable[str]) -> None:
        """Take in a story's keys, each given once."""
        self._stories += 1
        for key in keys:
            self._counts[key] = self._counts.get(key, 0) + 1
            places = self._places.setdefault(key, [])
            places.append(story_id)
            if len(places) > _REMEMBERED:
                del places[0]

    def remove(self, story_id: int, keys: Iterable[str]) -> None:
        """Forget a story that was added with these keys."""
        self._stories -= 1
        for key in keys:
            if self._counts[key] == 1:
                del self._counts[key], self._places[key]
                continue
            self._counts[key] -= 1
            if story_id in self._places[key]:
                self._places[key].remove(story_id)

    def near(self, keys: Iterable[str], most: int) -> list[int]:
        """The stories that share the most with these keys, judged by the rarest of the keys alone; the best first."""
        known = sorted((self._counts[key], key) for key in keys if key in self._counts)[:_ASKED]
        found: dict[int, float] = {}
        for _, key in known:
            weight = self.rarity(key)
            for story_id in self._places[key]:
                found[story_id] = found.get(story_id, 0.0) + weight
        return sorted(found, key=lambda story_id: (-found[story_id], story_id))[:most]
