"""Lists of feeds, as people bring them along and take them away."""

from dataclasses import dataclass


class NotAnOutlineError(Exception):
    """A list of feeds that is none, and why."""


@dataclass(frozen=True, slots=True)
class ListedFeed:
    """A feed in a list: where it is, what it is called there, its site's address, and the folders that it lies in.

    `folders` are named from the outermost on, and `also` are those of further places that it has in the list; `url` is
    absolute http(s), `site` too, or empty. `everything` says that every story of it is pushed. `category` is what the
    list says besides, as it stands there.
    """

    url: str
    title: str = ""
    site: str = ""
    folders: tuple[str, ...] = ()
    everything: bool = False
    also: tuple[tuple[str, ...], ...] = ()
    category: str = ""


@dataclass(frozen=True, slots=True)
class FeedList:
    """A list of feeds, each once. One that is not `whole` could not be read to its end, or holds more than is taken.

    `unusable` are what should be feeds, and have an address that is none of the web's: name and address. `empty` are
    the names of folders without a feed.
    """

    feeds: tuple[ListedFeed, ...] = ()
    title: str = ""
    whole: bool = True
    unusable: tuple[tuple[str, str], ...] = ()
    empty: tuple[str, ...] = ()
