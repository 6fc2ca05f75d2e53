"""The source packs and the catalogue that are shipped, as data; and what must hold of them.

    python -m bot.packs

checks them, and names what is wrong. Whether a feed is still there is not asked of anybody.
"""

import csv
import io
from importlib.resources import files
from typing import Final
from urllib.parse import urlsplit

from bot.domain.catalogue import ASKS, Catalogue, Listing
from bot.feeds.opml import NotAnOutlineError, read_list

DEFAULT: Final = "european-security"
PACKS: Final = (DEFAULT, "ukraine", "france", "eu-institutions", "defence")
_GRADES: Final = frozenset("ABCD")
_SURE: Final = frozenset("AB")
_DEFAULT_SIZE: Final = range(25, 41)
# Outlets whose terms ask a bot for permission, or allow personal use only.
_ASKING: Final = ("lemonde.fr", "france24.com", "kyivindependent.com", "interfax.com.ua", "aa.com.tr")
# Outlets whose distribution the EU forbids (Regulation 833/2014, Article 2f and Annex XV), by their sites.
_FORBIDDEN: Final = (
    "ria.ru", "rt.com", "sputniknews.com", "sputnikglobe.com", "lenta.ru", "iz.ru", "rg.ru", "tvzvezda.ru",
    "eadaily.com", "news-front.su", "southfront.press", "voiceofeurope.com",
)  # fmt: skip


def read_catalogue() -> Catalogue:
    """The catalogue."""
    return Catalogue(_listings((files("bot") / "packs" / "catalogue.csv").read_text("utf-8")))


def faults() -> list[str]:
    """What is wrong with the packs and the catalogue, a line each; none is as it must be."""
    listings = read_catalogue().listings
    known = {listing.url: listing for listing in listings}
    found = [fault for listing in listings for fault in _faults_of(listing)]
    if len(known) != len(listings):
        found.append("catalogue.csv: an address is listed twice")
    for pack in PACKS:
        found += [f"{pack}.opml: {fault}" for fault in _faults_of_pack(pack, known)]
    return found


def _listings(text: str) -> list[Listing]:
    listings = []
    for row in csv.DictReader(io.StringIO(text)):
        also = tuple(name.strip() for name in row.pop("also").split(";") if name.strip())
        listings.append(Listing(also=also, **row))
    return listings


def _faults_of(listing: Listing) -> list[str]:
    host = urlsplit(listing.url).hostname or ""
    checks = (
        (listing.url.startswith(("https://", "http://")) and "." in host, "is no address"),
        (bool(listing.outlet and listing.topic), "has no outlet or no topic"),
        (len(listing.country) in (2, 3) and listing.country.isupper(), "has no country"),
        (len(listing.language) == 2 and listing.language.islower(), "has no language"),
        (listing.grade in _GRADES, "has no grade"),
        (listing.terms == ASKS or not _lies_at(host, _ASKING), f"lacks the note that its outlet {ASKS}"),
        (not _lies_at(host, _FORBIDDEN), "may not be distributed in the EU"),
    )
    return [f"catalogue.csv: {listing.url} {fault}" for holds, fault in checks if not holds]


def _faults_of_pack(pack: str, known: dict[str, Listing]) -> list[str]:
    try:
        feeds = read_list((files("bot") / "packs" / f"{pack}.opml").read_bytes())
    except (OSError, NotAnOutlineError) as error:
        return [str(error)]
    found = [] if feeds.whole and feeds.title else ["it is not well-formed, or has no title"]
    for feed in feeds.feeds:
        listing = known.get(feed.url)
        if listing is None:
            found.append(f"{feed.url} is not in the catalogue")
        elif listing.terms == ASKS:
            found.append(f"{feed.url}: its outlet {ASKS}")
        elif pack == DEFAULT and (listing.grade not in _SURE or listing.terms):
            found.append(f"{feed.url} is not surely alive, or is under terms")
    if pack == DEFAULT and len(feeds.feeds) not in _DEFAULT_SIZE:
        found.append(f"it has {len(feeds.feeds)} feeds")
    return found


def _lies_at(host: str, sites: tuple[str, ...]) -> bool:
    return any(host == site or host.endswith(f".{site}") for site in sites)
