"""Time zones as people name them: IANA's names, and cities in the languages that the bot's readers write."""

import re
from datetime import tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from babel.dates import get_timezone_location

from bot.domain.words import fold

_LANGUAGES: Final = ("en", "uk", "fr", "ru", "de", "pl")
# Of large places that name no zone of their own; CLDR knows the others, in every language.
_PLACES: Final = {
    "Europe/Kyiv": "Kiev Київ Киев Lviv Львів Львов Kharkiv Харків Харьков Odesa Odessa Одеса Одесса "
    "Dnipro Дніпро Днепр Ukraine Україна",
    "Europe/Paris": "Lyon Marseille Strasbourg Toulouse Lille Bordeaux France",
    "Europe/Berlin": "Munich München Hamburg Frankfurt Cologne Köln Deutschland Germany Bonn Stuttgart",
    "Europe/Warsaw": "Kraków Krakow Cracow Gdańsk Wrocław Poznań Łódź Rzeszów Lublin Polska Poland",
    "Europe/Zurich": "Geneva Genève Genf Bern Berne Basel Lausanne",
    "Europe/London": "Edinburgh Manchester Cardiff Glasgow UK",
    "Europe/Madrid": "Barcelona Valencia Sevilla",
    "Europe/Rome": "Milan Milano Roma Naples Napoli Turin",
    "Europe/Amsterdam": "Rotterdam Hague",
    "Europe/Brussels": "Antwerp Antwerpen",
    "America/New_York": "Washington Boston Philadelphia Miami",
    "America/Los_Angeles": "Seattle",
    "America/Chicago": "Houston Dallas",
    "America/Toronto": "Ottawa Montreal Montréal",
    "Europe/Istanbul": "Ankara",
    "Asia/Jerusalem": "Haifa",
}


def find_zone(text: str) -> ZoneInfo | None:
    """The zone of a name ("europe/kyiv", "Kyiv", "Київ", "New York", "UTC+2"); None where none is known by it."""
    wanted = _plain(text)
    name = _names().get(wanted)
    return ZoneInfo(name) if name else _with_offset(wanted)


def zone_named(name: str, default: tzinfo) -> tzinfo:
    """The zone that is stored under an IANA name; `default` where there is none, or none any more."""
    try:
        return ZoneInfo(name) if name else default
    except (ZoneInfoNotFoundError, ValueError):
        return default


def _with_offset(text: str) -> ZoneInfo | None:
    found = re.fullmatch(r"(?:utc|gmt) ?([+-]) ?0?(\d|1[0-2])(?::?00)?", text, re.ASCII)
    # In these names the sign is as POSIX has it: west of Greenwich is positive.
    return ZoneInfo(f"Etc/GMT{'-' if found[1] == '+' else '+'}{found[2]}") if found else None


def _plain(text: str) -> str:
    return " ".join(fold(word) for word in text.replace("_", " ").replace("−", "-").split())


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Every name's zone."""
    zones = sorted(zone for zone in available_timezones() if not zone.startswith(("posix", "right", "System")))
    located = [zone for zone in zones if "/" in zone and not zone.startswith("Etc/")]
    found = {_plain(zone): zone for zone in zones}
    for zone, places in _PLACES.items():
        found.update((_plain(place), zone) for place in places.split())
    for zone in located:
        found.setdefault(_plain(zone.rsplit("/", 1)[-1]), zone)
    for zone in located:
        # Of a zone's several names ("Europe/Belfast"), the one that is called after the city counts.
        city = _plain(get_timezone_location(zone, locale="en", return_city=True))
        for language in _LANGUAGES:
            shown = get_timezone_location(zone, locale=language, return_city=True)
            found.setdefault(_plain(shown), found.get(city, zone))
    return found
