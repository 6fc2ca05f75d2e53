"""Dates as feeds write them: the formats of the specifications, and what outlets make of them.

Sources: RFC 822 and 2822 (RSS), RFC 3339 (Atom, JSON Feed), W3C's note on date and time (Dublin Core), RFC 850 and C's
asctime (old servers), ISO 8601's week and ordinal dates; names of months in the languages that outlets write.
"""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final

_EPOCH: Final = date(1970, 1, 1).toordinal()
_LONGEST: Final = 100  # characters: beyond that it is a text, not a date
_MILLISECONDS: Final = 100_000_000_000  # taken for seconds, this would be the year 5138

_OFFSET: Final = re.compile(r"[+-]\d\d:?\d\d")
_TIME: Final = re.compile(
    r"(?:(?P<before>오전|오후|上午|下午)\s*)?(?<![\d:])(?P<hour>\d{1,2})(?:(?:[:h]|시\s*|時)(?P<minute>\d{1,2})(?:분|分)?"
    r"(?:\s?[:]\s?(?P<second>\d{1,2})(?:[.,:](?P<fraction>\d{1,9}))?)?\s*(?P<after>[ap]\.?m\b\.?)?|\s*(?P<only>[ap]\.?m\b\.?))"
)
_ZONE: Final = re.compile(
    r"\s*(?P<name>[a-z]{1,5}\b)?\s*(?:(?P<sign>[+\u2212-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?(?![\d-]))?"
)
_ISO: Final = re.compile(
    r"(?P<year>\d{4})(?:-?w(?P<week>\d\d)(?:-?(?P<weekday>[1-7]))?|-?(?P<ordinal>\d{3})(?!\d)"
    r"|-(?P<month>\d\d?)(?:-(?P<day>\d\d?))?|(?P<month2>\d\d)(?P<day2>\d\d)?)?"
    r"(?:[t\s]\s*(?P<time>\d.*)?)?"
)
_ISO_TIME: Final = re.compile(
    r"(?P<hour>\d\d?)(?::?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?)?(?P<zone>[\sa-z+\u2212-].*)?"
)
_NUMERIC: Final = re.compile(r"(?<!\d)(\d{1,4})\s?([./-])\s?(\d{1,2})\s?[./-]\s?(\d{1,4})(?!\d)")
_EASTERN: Final = re.compile(r"(\d{4})\s*[年년][\s.]*(\d{1,2})\s*[月월][\s.]*(\d{1,2})\s*[日일]?")
_SECONDS: Final = re.compile(r"\d{9,10}\.\d{1,9}")
_LOGGED: Final = re.compile(r"(?<=/\d{4}):(?=\d\d:)")  # "12/Oct/2026:14:30:00", as servers' logs have it
_HANGUL: Final = re.compile(r"[\uac00-\ud7a3]")
_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_NUMBER: Final = re.compile(r"\d+")

_ZONES: Final = {
    name: float(hours)
    for hours, names in {
        "-10": "hst",
        "-9": "akst",
        "-8": "pst akdt pt",
        "-7": "mst pdt mt",
        "-6": "cst mdt ct",
        "-5": "est cdt et",
        "-4": "edt ast",
        "-3": "adt brt art",
        "0": "gmt ut utc wet z",
        "1": "cet bst west mez met wat",
        "2": "cest eet mesz mest sast cat",
        "3": "eest msk trt eat ast3",
        "4": "msd gst",
        "5": "pkt",
        "5.5": "ist",
        "7": "ict wib",
        "8": "sgt hkt awst pht",
        "9": "jst kst",
        "9.5": "acst",
        "10": "aest",
        "10.5": "acdt",
        "11": "aedt",
        "12": "nzst",
        "13": "nzdt",
    }.items()
    for name in names.split()
}
"""Hours east of Greenwich, of the zones that feeds name."""
_ZONES.update(
    {letter: -float(hours) for hours, letter in enumerate("abcdefghiklm", start=1)}
)  # RFC 822's, as it has them
_ZONES.update({letter: float(hours) for hours, letter in enumerate("nopqrstuvwxy", start=1)})
_SEOUL: Final = 9 * 3_600.0

_MONTH_STEMS: Final = (
    "jan janv янв січ ян ene gen sty led ιαν oca ian tammi",
    "feb fev febr fevr фев лют lut uno φεβ sub helmi",
    "mar mars marz mrz mrt maart maerz мар бер bre μαρ maalis",
    "apr avr abr апр кві kwi dub απρ nis huhti",
    "may mai maj mag mei май мая тра kve μαι μαϊ touko maio",
    "jun juin giu июн юни чер cze cvn cer cerven ιουν ιον haz iun kesa",
    "jul juil lug июл юли лип lip cvc cervenec ιουλ tem iul heina",
    "aug aout ago авг сер sie srp αυγ agu elo",
    "sep sept set szep сен вер wrz zar σεπ eyl syys",
    "oct okt ott out окт жов paz rij οκτ eki loka",
    "nov ноя ное лис lis νοε kas noi marras",
    "dec dez des dic дек гру gru pro δεκ ara joulu",
)


def instant_of(text: str) -> float | None:
    """Unix seconds of a date in any form; without a zone it is UTC.

    None for what is no date, and for what lies before 1970: placeholders, such as the year 1.
    """
    found = _common(text)
    if found is None and text[:4].isdecimal() and len(text) > 9:
        try:
            found = _instant(datetime.fromisoformat(text))
        except (ValueError, OverflowError):  # 24:00, a leap second
            found = None
    if found is None and len(text) <= _LONGEST:
        try:
            found = _read(_folded(text))
        except (ValueError, OverflowError):
            return None
    return found if found is not None and found > 0 else None


def _common(text: str) -> float | None:
    """The instant of an RFC 822 date as nearly every feed has it, "Mon, 12 Oct 2026 14:30:00 +0300"; None of others."""
    colon = text.find(":")
    at, seconds = _MINUTES.get(text[colon - 3 : colon + 4]), _SECOND.get(text[colon + 4 : colon + 7])
    if at is None or seconds is None:
        return None
    midnight = _midnight(text[: colon - 3], text[colon + 7 :])
    return None if midnight is None else midnight + at + seconds


_MINUTES: Final = {f" {at // 60:02}:{at % 60:02}:": at * 60.0 for at in range(24 * 60)}
_SECOND: Final = {f"{second:02} ": second for second in range(60)}


@lru_cache(maxsize=1_024)
def _midnight(date_said: str, zone: str) -> float | None:
    parts = date_said.split(" ")
    if parts[0][-1:] == ",":
        del parts[0]
    if len(parts) != 3:
        return None
    day, month, year = parts
    if not (len(year) == 4 and year.isdecimal() and len(day) <= 2 and day.isdecimal()):
        return None
    if not (_OFFSET.fullmatch(zone) or zone.lower() in _ZONES):
        return None
    try:
        return _at_midnight(date(int(year), _MONTHS[month.lower()], int(day))) - _east(zone.lower())
    except (ValueError, OverflowError, KeyError):
        return None  # a month of another language


def _instant(when: datetime) -> float:
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()


def _folded(text: str) -> str:
    """Lower case, without accents."""
    decomposed = unicodedata.normalize("NFKD", text.strip().lower())
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


def _read(text: str) -> float | None:
    """Read a folded date.

    Raises:
        ValueError, OverflowError: it is no date.
    """
    if text.isdecimal() and len(text) >= 9:
        return _of_digits(text)
    if _SECONDS.fullmatch(text):
        return float(text)
    text = _LOGGED.sub(" ", text)
    if iso := _ISO.fullmatch(text):
        return _of_iso(iso)
    time = _TIME.search(text)
    rest = text if time is None else text[: time.start()] + " ; " + text[time.end() :]
    zone = ""
    if time is not None and (said := _ZONE.match(text, time.end())) and said.group():
        zone = said.group()
        rest = text[: time.start()] + " ; " + text[said.end() if said["sign"] else time.end() :]
    day = _day_of(rest, american=bool(time and (time["after"] or time["only"])))
    if day is None:
        return None
    seconds = _seconds_of(time) if time else 0.0
    if not zone.strip() and _HANGUL.search(text):
        return _at_midnight(day) + seconds - _SEOUL
    return _at_midnight(day) + seconds - _east(zone)


def _of_digits(text: str) -> float | None:
    """A timestamp, or a date and time without anything between."""
    if len(text) == 14 and text[:2] in ("19", "20"):
        return _instant(datetime.strptime(text, "%Y%m%d%H%M%S"))  # noqa: DTZ007 - without a zone it is UTC
    if len(text) not in (9, 10, 13):
        return None
    number = int(text)
    return number / 1_000 if number >= _MILLISECONDS else float(number)


def _of_iso(match: re.Match[str]) -> float | None:
    year = int(match["year"])
    if match["week"]:
        day = date.fromisocalendar(year, int(match["week"]), int(match["weekday"] or 1))
    elif match["ordinal"]:
        day = date(year, 1, 1) + timedelta(days=int(match["ordinal"]) - 1)
        if day.year != year:
            return None
    else:
        day = date(year, int(match["month"] or match["month2"] or 1), int(match["day"] or match["day2"] or 1))
    if not match["time"]:
        return _at_midnight(day)
    time = _ISO_TIME.fullmatch(match["time"])
    if time is None:
        loose = _TIME.match(match["time"])
        if loose is None:
            return None
        return _at_midnight(day) + _seconds_of(loose) - _east(match["time"][loose.end() :])
    seconds = _clock(time["hour"], time["minute"], time["second"], time["fraction"])
    return _at_midnight(day) + seconds - _east(time["zone"] or "")


def _at_midnight(day: date) -> float:
    return (day.toordinal() - _EPOCH) * 86_400.0


def _seconds_of(time: re.Match[str]) -> float:
    half = (time["after"] or time["only"] or time["before"] or "")[:1]
    hour = int(time["hour"])
    if half in ("p", "下") or time["before"] == "오후":
        hour = hour % 12 + 12
    elif half:
        hour %= 12
    return _clock(hour, time["minute"], time["second"], time["fraction"])


def _clock(hour: str | int, minute: str | None, second: str | None, fraction: str | None) -> float:
    """Seconds since midnight; 24:00 and leap seconds are the moment after.

    Raises:
        ValueError: there is no such time.
    """
    hours, minutes, seconds = int(hour), int(minute or 0), int(second or 0)
    if hours > 24 or minutes > 59 or seconds > 60:
        raise ValueError("no time")
    return hours * 3_600 + minutes * 60 + seconds + (float(f"0.{fraction}") if fraction else 0.0)


@lru_cache(maxsize=256)
def _east(zone: str) -> float:
    """Seconds east of Greenwich, of a zone as it is written: "+0300", "GMT+3", "EST", "CET (+01:00)"."""
    match = _ZONE.match(zone.replace("(", " "))
    if match is None:
        return 0.0
    if match["sign"]:
        seconds = int(match["hours"]) * 3_600.0 + int(match["minutes"] or 0) * 60
        if seconds > 18 * 3_600:
            return 0.0
        return seconds if match["sign"] == "+" else -seconds
    return _ZONES.get(match["name"] or "", 0.0) * 3_600


def _day_of(text: str, *, american: bool) -> date | None:
    """The day that a text names, the time taken out of it.

    Raises:
        ValueError: there is no such day.
    """
    if eastern := _EASTERN.search(text):
        year, month, day = map(int, eastern.groups())
        return date(year, month, day)
    named = [found for word in _WORD.findall(text) if (found := _month(word))]
    if named:
        numbers = _NUMBER.findall(text)
        if len(numbers) < 2:
            return None
        year_at = next((at for at, number in enumerate(numbers[:3]) if len(number) == 4), 1)
        year_said, day_said = numbers[year_at], numbers[0 if year_at else 1]
        return date(_year(year_said), named[-1], int(day_said))
    numeric = _NUMERIC.search(text)
    if numeric is None:
        return None
    first, mark, second, third = numeric.groups()
    if len(first) == 4 or (mark == "-" and len(first) == len(third) == 2):
        return date(_year(first), int(second), int(third))
    day, month = int(first), int(second)
    if month > 12 or (mark == "/" and american and day <= 12):
        day, month = month, day
    return date(_year(third), month, day)


def _year(said: str) -> int:
    """The year, of which old feeds write only the last digits (RFC 2822, 4.3; the century as POSIX has it)."""
    year = int(said)
    if len(said) == 3:
        return year + 1_900
    return year if len(said) != 2 else year + (2_000 if year < 69 else 1_900)


def _month(word: str) -> int | None:
    """The month that a folded word names, or begins to name; 1 to 12."""
    for length in range(min(len(word), 8), 2, -1):
        if month := _MONTHS.get(word[:length]):
            return month
    return None


_MONTHS: Final = {_folded(stem): number for number, stems in enumerate(_MONTH_STEMS, start=1) for stem in stems.split()}
