"""The catalogue of known feeds, and how one is found by its name."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.domain.urls import feed_key, site
from bot.domain.words import tokens

ASKS: Final = "asks for permission"
"""What `Listing.terms` says of an outlet that asks whoever passes its headlines on for permission."""
_MOST: Final = 5
_TYPOS: Final = ((4, 0), (8, 1))  # in words shorter than so many letters at most so many; in longer ones two
_LEAST_BEGINNING: Final = 3  # letters of a word that stand for all of it
_PREFIX, _TYPO, _EXTRA = 1.0, 2.0, 0.1


@dataclass(frozen=True, slots=True)
class Listing:
    """A feed of the catalogue: its outlet, its other names, and what it carries.

    `grade` says how surely it was alive: A, fetched by somebody in 2026; B, in a list that checks; C, seen in code;
    D, contradictory. `terms` says what its outlet asks of those who pass its headlines on, as far as that is known.
    """

    outlet: str
    url: str
    also: tuple[str, ...] = ()
    country: str = ""
    language: str = ""
    topic: str = ""
    grade: str = ""
    seen: str = ""
    terms: str = ""


class Catalogue:
    """Listings, by name."""

    def __init__(self, listings: Iterable[Listing]) -> None:
        self.listings = tuple(listings)
        self._by_feed = {feed_key(listing.url): listing for listing in reversed(self.listings)}
        self._names = [(listing, _names(listing)) for listing in self.listings]

    def at(self, url: str) -> Listing | None:
        """The feed at this address."""
        return self._by_feed.get(feed_key(url))

    def find(self, name: str, most: int = _MOST) -> tuple[Listing, ...]:
        """The feeds that a name may mean, the likeliest first.

        Neither case, accents nor spaces count; a word may be left out or only begun, and long words may hold a typo.
        Of equally likely ones those with the shortest names come first, and then those more surely alive.
        """
        wanted = tuple(token.folded for token in tokens(name))
        if not any(wanted):
            return ()
        costs = [
            (cost, len(tokens(listing.outlet)), listing.grade, number, listing)
            for number, (listing, names) in enumerate(self._names)
            if (cost := min((found for known in names if (found := _cost(wanted, known)) is not None), default=None))
            is not None
        ]
        return tuple(listing for *_, listing in sorted(costs, key=lambda found: found[:4])[:most])


def _names(listing: Listing) -> list[tuple[str, ...]]:
    """The words of each name of a feed; its site's address is one."""
    host = site(listing.url)
    given = (listing.outlet, listing.outlet.partition(" (")[0], *listing.also, host, host.rpartition(".")[0])
    return list(dict.fromkeys(words for name in given if (words := tuple(token.folded for token in tokens(name)))))


def _cost(wanted: tuple[str, ...], known: tuple[str, ...]) -> float | None:
    """How far what was asked for is from a name; None where it is another."""
    whole = "".join(wanted)
    together = _distance(whole, "".join(known))
    if together is not None and len(whole) >= _LEAST_BEGINNING:
        return together
    left, cost = list(known), 0.0
    for word in wanted:
        best = min(
            (
                (found, place)
                for place, other in enumerate(left)
                if (found := _distance(word, other, begun=True)) is not None
            ),
            default=None,
        )
        if best is None:
            return None
        cost += best[0]
        del left[best[1]]
    return cost + _EXTRA * len(left)


def _distance(word: str, other: str, *, begun: bool = False) -> float | None:
    """Nothing for the same word, more for its beginning and for typos; None for another word."""
    if word == other:
        return 0.0
    if begun and len(word) >= _LEAST_BEGINNING and other.startswith(word):
        return _PREFIX
    allowed = next((typos for letters, typos in _TYPOS if len(word) < letters), 2)
    typos = _typos(word, other, allowed)
    return None if typos is None else _TYPO * typos


def _typos(word: str, other: str, most: int) -> int | None:
    """Letters that are wrong, missing, too many or the wrong way round (optimal string alignment); None for more."""
    if abs(len(word) - len(other)) > most:
        return None
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(word, 1):
        earlier, before, row = before, row, [place]
        for column, facing in enumerate(other, 1):
            found = min(before[column] + 1, row[-1] + 1, before[column - 1] + (letter != facing))
            if place > 1 and column > 1 and letter == other[column - 2] and word[place - 2] == facing:
                found = min(found, earlier[column - 2] + 1)
            row.append(found)
        if min(row) > most:
            return None
    return row[-1] if row[-1] <= most else None
