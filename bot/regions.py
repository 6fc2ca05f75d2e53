"""Countries, and states of large ones, as people name them behind a city: "Paris, Texas", "London, Ontario"."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from babel import Locale
from babel.core import get_global

MAIN: Final = {
    "CN": "Asia/Shanghai",
    "DE": "Europe/Berlin",
    "ES": "Europe/Madrid",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon",
    "UA": "Europe/Kyiv",
    "UZ": "Asia/Tashkent",
}
"""The zone in which nearly all of a country lives that has several."""
_COUNTRIES: Final = {
    "USA",
    "U.S.A.",
    "US",
    "U.S.",
    "America",
    "UK",
    "U.K.",
    "Britain",
    "Great Britain",
    "UAE",
    "U.A.E.",
}
# States by the zone that nearly all of their people live in; "" where no zone is so.
_STATES: Final = {
    "US": {
        "America/New_York": "Connecticut, CT, Delaware, DE, Georgia, GA, Maine, ME, Maryland, MD, Massachusetts, MA, "
        "New Hampshire, NH, New Jersey, NJ, New York, NY, North Carolina, NC, Ohio, OH, Pennsylvania, PA, Rhode "
        "Island, RI, South Carolina, SC, Vermont, VT, Virginia, VA, West Virginia, WV, D.C., DC, Florida, FL",
        "America/Detroit": "Michigan, MI",
        "America/Chicago": "Alabama, AL, Arkansas, AR, Illinois, IL, Iowa, IA, Kansas, KS, Louisiana, LA, Minnesota, "
        "MN, Mississippi, MS, Missouri, MO, Nebraska, NE, North Dakota, ND, Oklahoma, OK, Texas, TX, Wisconsin, WI",
        "America/Denver": "Colorado, CO, Montana, MT, New Mexico, NM, Utah, UT, Wyoming, WY",
        "America/Phoenix": "Arizona, AZ",
        "America/Los_Angeles": "California, CA, Nevada, NV, Oregon, OR, Washington, WA",
        "America/Anchorage": "Alaska, AK",
        "Pacific/Honolulu": "Hawaii, HI",
        "": "Idaho, ID, Indiana, IN, Kentucky, KY, South Dakota, SD, Tennessee, TN, USA, U.S.A., US, U.S., America",
    },
    "CA": {
        "America/Halifax": "Nova Scotia, NS, New Brunswick, NB, Prince Edward Island, PE, PEI",
        "America/St_Johns": "Newfoundland, NL, Newfoundland and Labrador",
        "America/Toronto": "Ontario, ON, Quebec, Québec, QC",
        "America/Winnipeg": "Manitoba, MB",
        "America/Regina": "Saskatchewan, SK",
        "America/Edmonton": "Alberta, AB",
        "America/Vancouver": "British Columbia, BC, B.C.",
    },
    "AU": {
        "Australia/Sydney": "New South Wales, NSW",
        "Australia/Melbourne": "Victoria, VIC",
        "Australia/Brisbane": "Queensland, QLD",
        "Australia/Adelaide": "South Australia",
        "Australia/Hobart": "Tasmania, TAS",
        "Australia/Perth": "Western Australia",
        "Australia/Darwin": "Northern Territory",
    },
    "GB": {"Europe/London": "UK, U.K., England, Scotland, Wales, Northern Ireland, Britain, Great Britain"},
    "AE": {"Asia/Dubai": "UAE, U.A.E."},
}


@dataclass(frozen=True, slots=True)
class Region:
    """A country by its code, or a part of it; `zone` is where nearly all of its people live, "" where none is."""

    country: str
    zone: str
    is_part: bool = False


def countries(languages: Sequence[str]) -> Iterator[tuple[str, Region]]:
    """What countries are called in these languages, and by their codes."""
    zones_of = get_global("territory_zones")
    for locale in map(Locale.parse, languages):
        for code, name in locale.territories.items():
            if code in zones_of and code.isalpha():
                zones = zones_of[code]
                zone = MAIN.get(code, str(zones[0]) if len(zones) == 1 else "")
                yield str(name), Region(code, zone)
                yield code, Region(code, zone)


def states() -> Iterator[tuple[str, Region]]:
    """What states are called, and countries for short."""
    for country, zones in _STATES.items():
        for zone, names in zones.items():
            for name in names.split(", "):
                yield name, Region(country, zone, is_part=name not in _COUNTRIES)


def country_of(zone: str) -> str:
    """The code of the country that a zone of IANA's lies in; "" where it lies in none."""
    return str(get_global("zone_territories").get(zone, ""))


def pick(city: str | None, regions: Sequence[Region]) -> str | None:
    """The zone of a city, by the zone of the one that is known by its name, where it is said to be in a region.

    A region is a country or a state; where both have that name it is the city's. Of a city that lies elsewhere, and of
    one that is not known, the region's zone, if it has one; None where that cannot be told.
    """
    for region in regions:
        if (
            city is not None
            and country_of(city) == region.country
            and (not region.is_part or region.zone in ("", city))
        ):
            return city
    zones = {region.zone for region in regions}
    return next(iter(zones)) or None if len(zones) == 1 else None
