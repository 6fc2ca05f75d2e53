"""Time zones as people name them: IANA's names, cities and countries in their languages, and offsets of UTC."""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from babel import Locale

from bot.domain.words import fold
from bot.regions import Region, countries, pick, states

# English first: by its names of cities, those that a zone has besides (Europe/Belfast for London's) are told apart.
_LANGUAGES: Final = (
    "en uk fr ru de pl cs sk hu ro bg el it es pt nl da sv nb fi tr sr hr sl lt lv et be ka hy".split()  # noqa: SIM905
)
_NO_ZONES: Final = {"localtime", "Factory", "posixrules"}  # files of the database which say nothing that is meant
# Of summer time, and of what IANA has under no such name; what means different things in different places is left out.
_ABBREVIATIONS: Final = {
    "CEST": "CET",
    "EEST": "EET",
    "WEST": "WET",
    "MSK": "Europe/Moscow",
    "EST": "America/New_York",
    "EDT": "America/New_York",
    "CDT": "America/Chicago",
    "MDT": "America/Denver",
    "PST": "America/Los_Angeles",
    "PDT": "America/Los_Angeles",
    "JST": "Asia/Tokyo",
    "AEST": "Australia/Sydney",
    "AEDT": "Australia/Sydney",
    "Z": "UTC",
}
# Of large places that name no zone of their own; CLDR knows the others, in every language.
_PLACES: Final = {
    "Europe/Kyiv": "Kiev, Київ, Киев, Lviv, Львів, Львов, Kharkiv, Харків, Харьков, Odesa, Odessa, Одеса, Одесса, "
    "Dnipro, Дніпро, Днепр, Vinnytsia, Вінниця, Zaporizhzhia, Запоріжжя, Mykolaiv, Миколаїв, Kherson, Херсон, "
    "Chernihiv, Чернігів, Sumy, Суми, Poltava, Полтава, Ivano-Frankivsk, Івано-Франківськ, Ternopil, Тернопіль, "
    "Rivne, Рівне, Lutsk, Луцьк, Zhytomyr, Житомир, Chernivtsi, Чернівці, Uzhhorod, Ужгород, Kryvyi Rih, Кривий "
    "Ріг, Mariupol, Маріуполь",
    "Europe/Paris": "Lyon, Marseille, Strasbourg, Toulouse, Lille, Bordeaux, Nice, Nantes, Grenoble, Rennes, "
    "Montpellier",
    "Europe/Berlin": "Munich, München, Hamburg, Frankfurt, Cologne, Köln, Bonn, Stuttgart, Leipzig, Dresden, "
    "Düsseldorf, Hanover, Hannover, Bremen, Nuremberg, Nürnberg",
    "Europe/Warsaw": "Kraków, Krakow, Cracow, Gdańsk, Wrocław, Poznań, Łódź, Rzeszów, Lublin, Katowice, Szczecin",
    "Europe/Zurich": "Geneva, Genève, Genf, Bern, Berne, Basel, Lausanne",
    "Europe/Vienna": "Graz, Salzburg, Innsbruck, Linz",
    "Europe/London": "Edinburgh, Manchester, Cardiff, Glasgow, Birmingham, Liverpool, Leeds, Bristol, Oxford, "
    "Cambridge, UK, U.K., England, Scotland, Wales, Britain, Great Britain, BST",
    "Europe/Dublin": "Cork",
    "Europe/Madrid": "Barcelona, Valencia, Sevilla, Seville, Bilbao, Málaga",
    "Europe/Lisbon": "Porto",
    "Europe/Rome": "Milan, Milano, Naples, Napoli, Turin, Torino, Florence, Firenze, Venice, Venezia, Bologna, Palermo",
    "Europe/Amsterdam": "Rotterdam, The Hague, Den Haag, Hague, Utrecht, Eindhoven, Holland",
    "Europe/Brussels": "Antwerp, Antwerpen, Ghent, Gent, Brussel",
    "Europe/Prague": "Brno, Ostrava",
    "Europe/Bratislava": "Košice",
    "Europe/Bucharest": "Cluj, Cluj-Napoca, Iași, Timișoara",
    "Europe/Chisinau": "Kishinev, Tiraspol",
    "Europe/Sofia": "Plovdiv, Varna",
    "Europe/Athens": "Thessaloniki, Piraeus",
    "Europe/Copenhagen": "Aarhus",
    "Europe/Stockholm": "Gothenburg, Göteborg, Malmö",
    "Europe/Oslo": "Bergen, Trondheim",
    "Europe/Helsinki": "Tampere, Turku",
    "Europe/Vilnius": "Kaunas",
    "Europe/Belgrade": "Novi Sad, Pristina",
    "Europe/Moscow": "St. Petersburg, Saint Petersburg, Санкт-Петербург, Петербург, Sankt Petersburg, Petersburg",
    "Europe/Minsk": "Brest-Litovsk, Gomel, Гомель",
    "Europe/Istanbul": "Istanbul, Ankara, Izmir, Turkey",
    "Asia/Jerusalem": "Haifa, Tel Aviv",
    "Asia/Tbilisi": "Batumi",
    "Asia/Dubai": "Abu Dhabi, UAE, U.A.E.",
    "Asia/Riyadh": "Jeddah, Mecca",
    "Asia/Tehran": "Mashhad, Isfahan",
    "Asia/Karachi": "Islamabad, Lahore",
    "Asia/Kolkata": "Mumbai, Bombay, Delhi, New Delhi, Bangalore, Bengaluru, Chennai, Madras, Hyderabad, Pune, "
    "Ahmedabad",
    "Asia/Shanghai": "Beijing, Peking, Pekin, Пекін, Пекин, Guangzhou, Shenzhen, Chengdu, Wuhan, Tianjin, Nanjing",
    "Asia/Tokyo": "Osaka, Kyoto, Nagoya, Yokohama, Sapporo",
    "Asia/Seoul": "Busan",
    "Asia/Taipei": "Kaohsiung",
    "Asia/Ho_Chi_Minh": "Hanoi, Ha Noi, Saigon",
    "Australia/Sydney": "Canberra",
    "Pacific/Apia": "Samoa",
    "Pacific/Auckland": "Wellington",
    "Africa/Johannesburg": "Cape Town, Pretoria, Durban",
    "Africa/Cairo": "Alexandria",
    "Africa/Lagos": "Abuja",
    "Africa/Casablanca": "Rabat, Marrakesh",
    "Africa/Addis_Ababa": "Adis Abeba",
    "America/New_York": "Washington, Washington DC, D.C., Boston, Philadelphia, Miami, Atlanta, Baltimore, "
    "Pittsburgh, Cleveland, Orlando, Tampa, Charlotte",
    "America/Chicago": "Houston, Dallas, Austin, San Antonio, Minneapolis, New Orleans, St. Louis, Kansas City, "
    "Memphis",
    "America/Denver": "Salt Lake City, Albuquerque",
    "America/Los_Angeles": "Seattle, San Francisco, San Diego, San Jose, Las Vegas, Portland, Sacramento, Oakland",
    "America/Toronto": "Ottawa, Montreal, Montréal, Quebec, Québec",
    "America/Edmonton": "Calgary",
    "America/Sao_Paulo": "Rio de Janeiro, Brasília, Brasilia",
    "America/Mexico_City": "Guadalajara",
}
# By these alone somebody else may as well mean a place without a zone of its own: Spain's, France's, California's.
_AMBIGUOUS: Final = "Casey, Córdoba, Davis, Granada, La Rioja, Palmer, Vincennes"
_SHORT: Final = 4  # characters of what may be short for a state that is not known so ("Ont.", "Tex.")


def find_zone(text: str) -> tzinfo | None:
    """The zone of a name ("europe/kyiv", "Київ", "New York", "UTC+5:30"); None where none has it, or several may.

    Where a country or a state stands behind a city, the city in it is meant: "Paris, Texas" is not "Paris, France".
    As `str` it is what `zone_named` takes.
    """
    whole = _plain(text)
    city, *around = map(_plain, text.split(","))
    name = _names().get(whole)
    if name is None and around:
        regions = next(filter(None, map(_regions().get, around)), None)
        name = _names().get(city)
        if regions is not None:
            name = pick(name, regions)
        elif any(0 < len(each) <= _SHORT or _names().get(each, name) != name for each in around):
            return _at_offset(city)
    if name is not None:
        return zone_named(name, ZoneInfo(name))
    return _at_offset(whole) or (_at_offset(city) if around else None)


def zone_named(name: str, default: tzinfo) -> tzinfo:
    """The zone that is stored under a name of IANA's or an offset; `default` where there is none, or none any more."""
    if name.startswith("Etc/GMT"):
        # In these names the sign is as POSIX has it, west of Greenwich is positive: nobody reads them so.
        return _at_offset(name.removeprefix("Etc/").translate(str.maketrans("+-", "-+"))) or ZoneInfo("UTC")
    try:
        return _at_offset(name) or (ZoneInfo(name) if name else default)
    except (ZoneInfoNotFoundError, ValueError):
        return default


def _at_offset(text: str) -> tzinfo | None:
    """The zone of "UTC+2", "GMT -3:30", "+05:45"; None where that is no offset which some clocks have."""
    found = re.fullmatch(r"(?:utc|gmt)? ?([+-]) ?(\d\d?)(?::?([0134][05]))?", text, re.ASCII | re.IGNORECASE)
    if found is None:
        return None
    ahead = (1 if found[1] == "+" else -1) * timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    if not timedelta(hours=-12) <= ahead <= timedelta(hours=14):
        return None
    if not ahead:
        return ZoneInfo("UTC")
    return timezone(ahead, f"UTC{found[1]}{int(found[2])}" + (f":{found[3]}" if int(found[3] or 0) else ""))


def _plain(text: str) -> str:
    spaced = re.sub(r"\s*/\s*", "/", text.replace("_", " ").replace(".", " "))
    return " ".join(fold(word) for word in re.sub("[−‐‑–]", "-", spaced).split())


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """Every name's zone."""
    zones = sorted(
        zone for zone in available_timezones() - _NO_ZONES if not zone.startswith(("posix", "right", "System"))
    )
    located = {zone for zone in zones if "/" in zone and not zone.startswith("Etc/")}
    found = {_plain(zone): zone for zone in zones}
    for zone, places in _PLACES.items():
        found.update((_plain(place), zone) for place in places.split(", "))
    found.update((_plain(name), zone) for name, zone in _ABBREVIATIONS.items())
    for zone in sorted(located):
        found.setdefault(_plain(zone.rsplit("/", 1)[-1]), zone)
    locales = [Locale.parse(language) for language in _LANGUAGES]
    for name, zone in _cities(locales):
        # Of a zone's several names ("Asia/Calcutta"), the one that is called after the city counts.
        city = locales[0].time_zones.get(zone, {}).get("city") or zone.rsplit("/", 1)[-1]
        if zone in located:
            found.setdefault(_plain(name), found.get(_plain(city), zone))
    for name, country in countries(_LANGUAGES):
        plain = _plain(name)
        if (
            country.zone and name != country.country and "/" not in found.get(plain, "")
        ):  # no city of that name; "Poland" is a zone's name of old
            found[plain] = country.zone
    for place in _AMBIGUOUS.split(", "):
        found.pop(_plain(place), None)
    return found


def _cities(locales: Sequence[Locale]) -> Iterator[tuple[str, str]]:
    """What the cities of zones are called, in one language after the other."""
    for locale in locales:
        zones = locale.time_zones
        yield from ((str(city), str(zone)) for zone in zones if (city := zones[zone].get("city")))


@lru_cache(maxsize=1)
def _regions() -> dict[str, tuple[Region, ...]]:
    """The countries and states of every name: "Georgia" is one of each."""
    found: dict[str, tuple[Region, ...]] = {}
    for name, region in (*states(), *countries(_LANGUAGES)):
        plain = _plain(name)
        if region not in found.get(plain, ()):
            found[plain] = (*found.get(plain, ()), region)
    return found
