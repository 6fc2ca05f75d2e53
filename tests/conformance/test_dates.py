"""Dates in every form: those of the specifications, and those that outlets write.

Sources: RFC 822 and 2822 (RSS), RFC 3339 (Atom, JSON Feed), W3C's note on date and time (Dublin Core), ISO 8601,
RFC 850 and C's asctime (old servers).
"""

import pytest
from wrapping import ATOM_1_0, cases, entry, instant, item, json_item, only, rdf_item

NOON = "2026-10-12 08:30"


def dated(text: str) -> float | None:
    """The date of an item whose pubDate is `text`, to the whole second."""
    published = item(f"<title>Ships</title><pubDate>{text}</pubDate>").published
    return None if published is None else float(int(published))


# RFC 822 and what is made like it


@pytest.mark.parametrize(
    ("text", "when"),
    cases(
        ("as the specification has it", "Mon, 12 Oct 2026 08:30:00 GMT", NOON),
        ("a zone by number", "Mon, 12 Oct 2026 08:30:00 +0000", NOON),
        ("a zone east of Greenwich", "Mon, 12 Oct 2026 11:30:00 +0300", NOON),
        ("a zone west of Greenwich", "Mon, 12 Oct 2026 01:30:00 -0700", NOON),
        ("a zone of half an hour", "Mon, 12 Oct 2026 14:00:00 +0530", NOON),
        ("a zone of half an hour in the west", "Mon, 12 Oct 2026 05:00:00 -0330", NOON),
        ("a zone of three quarters", "Mon, 12 Oct 2026 14:15:00 +0545", NOON),
        ("a zone with a colon", "Mon, 12 Oct 2026 11:30:00 +03:00", NOON),
        ("a zone with a colon in the west", "Mon, 12 Oct 2026 04:30:00 -04:00", NOON),
        ("a zone of hours alone", "Mon, 12 Oct 2026 11:30:00 +03", NOON),
        ("a zone that is unknown", "Mon, 12 Oct 2026 08:30:00 -0000", NOON),
        ("a zone without a space", "Mon, 12 Oct 2026 11:30:00+0300", NOON),
        ("a zone's letter without a space", "Mon, 12 Oct 2026 08:30:00Z", NOON),
        ("a zone's name without a space", "Mon, 12 Oct 2026 08:30:00GMT", NOON),
        ("a zone by number and name", "Mon, 12 Oct 2026 04:30:00 -0400 (EDT)", NOON),
        ("a zone by number and a longer name", "Mon, 12 Oct 2026 11:30:00 +0300 (Eastern European Time)", NOON),
        ("a zone counted from Greenwich", "Mon, 12 Oct 2026 11:30:00 GMT+0300", NOON),
        ("a zone counted from Greenwich with a colon", "Mon, 12 Oct 2026 11:30:00 GMT+03:00", NOON),
        ("a zone counted from Greenwich in the west", "Mon, 12 Oct 2026 04:30:00 GMT-04:00", NOON),
        ("a zone counted from universal time", "Mon, 12 Oct 2026 11:30:00 UTC+3", NOON),
        ("a zone of the zone files", "Mon, 12 Oct 2026 08:30:00 Etc/GMT", NOON),
        ("no zone", "Mon, 12 Oct 2026 08:30:00", NOON),
        ("no seconds", "Mon, 12 Oct 2026 08:30 GMT", NOON),
        ("no seconds and no zone", "Mon, 12 Oct 2026 08:30", NOON),
        ("no time", "Mon, 12 Oct 2026", "2026-10-12"),
        ("no weekday", "12 Oct 2026 08:30:00 GMT", NOON),
        ("no weekday and no time", "12 Oct 2026", "2026-10-12"),
        ("no comma", "Mon 12 Oct 2026 08:30:00 GMT", NOON),
        ("no space behind the comma", "Mon,12 Oct 2026 08:30:00 GMT", NOON),
        ("a comma behind the month", "Mon, 12 Oct, 2026 08:30:00 GMT", NOON),
        ("a comma behind the year", "Mon, 12 Oct 2026, 08:30:00 GMT", NOON),
        ("the wrong weekday", "Sun, 12 Oct 2026 08:30:00 GMT", NOON),
        ("no such weekday", "Xyz, 12 Oct 2026 08:30:00 GMT", NOON),
        ("a whole weekday", "Monday, 12 Oct 2026 08:30:00 GMT", NOON),
        ("a whole month", "Mon, 12 October 2026 08:30:00 GMT", NOON),
        ("a whole weekday and month", "Monday, 12 October 2026 08:30:00 GMT", NOON),
        ("a month with a point", "Mon, 12 Oct. 2026 08:30:00 GMT", NOON),
        ("a month of four letters", "Sat, 12 Sept 2026 08:30:00 GMT", "2026-09-12 08:30"),
        ("lower case", "mon, 12 oct 2026 08:30:00 gmt", NOON),
        ("capitals", "MON, 12 OCT 2026 08:30:00 GMT", NOON),
        ("one digit for the day", "Mon, 5 Oct 2026 08:30:00 GMT", "2026-10-05 08:30"),
        ("a nought before the day", "Mon, 05 Oct 2026 08:30:00 GMT", "2026-10-05 08:30"),
        ("a space before the day", "Mon,  5 Oct 2026 08:30:00 GMT", "2026-10-05 08:30"),
        ("one digit for the hour", "Mon, 12 Oct 2026 8:30:00 GMT", NOON),
        ("one digit for all", "Mon, 5 Oct 2026 8:3:5 GMT", "2026-10-05 08:03:05"),
        ("a fraction of a second", "Mon, 12 Oct 2026 08:30:00.250 GMT", NOON),
        ("many spaces", "Mon,  12   Oct 2026    08:30:00   GMT", NOON),
        ("line breaks", "Mon, 12 Oct 2026\n   08:30:00\tGMT", NOON),
        ("a space that does not break", "Mon, 12 Oct 2026 08:30:00&#160;GMT", NOON),
        ("hyphens", "Mon, 12-Oct-2026 08:30:00 GMT", NOON),
        ("slashes", "Mon, 12/Oct/2026 08:30:00 GMT", NOON),
        ("the log's form", "12/Oct/2026:08:30:00 +0000", NOON),
        ("the month before the day", "Mon, Oct 12 2026 08:30:00 GMT", NOON),
        ("the month before the day with a comma", "Oct 12, 2026 08:30:00 GMT", NOON),
        ("the whole month before the day", "October 12, 2026 08:30:00", NOON),
        ("the whole month before the day without a time", "October 12, 2026", "2026-10-12"),
        ("the whole weekday and month before the day", "Monday, October 12, 2026 08:30 GMT", NOON),
        ("a day that is counted", "12th October 2026 08:30:00", NOON),
        ("a month before a day that is counted", "October 12th, 2026", "2026-10-12"),
        ("an hour in the morning", "Mon, 12 Oct 2026 08:30:00 AM GMT", NOON),
        ("an hour in the evening", "Mon, 12 Oct 2026 08:30:00 PM GMT", "2026-10-12 20:30"),
        ("an hour in the evening in America", "Oct 12, 2026 8:30 PM", "2026-10-12 20:30"),
        ("an hour after noon with points", "October 12, 2026, 12:30 p.m.", "2026-10-12 12:30"),
        ("an hour after midnight", "Mon, 12 Oct 2026 12:30 AM GMT", "2026-10-12 00:30"),
        ("two digits for the year", "Mon, 12 Oct 26 08:30:00 GMT", NOON),
        ("two digits for a year of the last century", "Tue, 12 Oct 99 08:30:00 GMT", "1999-10-12 08:30"),
        ("two digits for the first years", "Thu, 01 Jan 04 19:48:21 GMT", "2004-01-01 19:48:21"),
        ("three digits for the year, as some programs count", "Mon, 12 Oct 126 08:30:00 GMT", NOON),
        ("midnight", "Mon, 12 Oct 2026 00:00:00 GMT", "2026-10-12"),
        ("the hour twenty-four", "Mon, 12 Oct 2026 24:00:00 GMT", "2026-10-13"),
        ("a leap second", "Sat, 31 Dec 2016 23:59:60 GMT", "2017-01-01"),
        ("a leap day", "Thu, 29 Feb 2024 08:30:00 GMT", "2024-02-29 08:30"),
        ("the day changes with the zone", "Tue, 13 Oct 2026 01:30:00 +0300", "2026-10-12 22:30"),
        ("the year changes with the zone", "Thu, 31 Dec 2026 22:00:00 -0500", "2027-01-01 03:00"),
    ),
)
def test_a_date_of_rfc_822(text: str, when: str) -> None:
    assert dated(text) == instant(when)


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        ("UT", 0), ("UTC", 0), ("GMT", 0), ("Z", 0), ("WET", 0),
        ("EST", -5), ("EDT", -4), ("CST", -6), ("CDT", -5), ("MST", -7), ("MDT", -6), ("PST", -8), ("PDT", -7),
        ("ET", -5), ("CT", -6), ("MT", -7), ("PT", -8), ("AST", -4), ("ADT", -3), ("AKST", -9), ("HST", -10),
        ("CET", 1), ("CEST", 2), ("MET", 1), ("MEST", 2), ("EET", 2), ("EEST", 3), ("WEST", 1), ("BST", 1),
        ("MSK", 3), ("MSD", 4), ("JST", 9), ("KST", 9), ("AEST", 10), ("AEDT", 11), ("NZST", 12), ("NZDT", 13),
        ("A", -1), ("M", -12), ("N", 1), ("Y", 12), ("est", -5), ("edt", -4), ("XYZ", 0),
    ],
)  # fmt: skip
def test_a_zone_has_a_name(zone: str, hours: int) -> None:
    noon = instant("2026-10-12 12:00")
    assert noon is not None
    assert dated(f"Mon, 12 Oct 2026 12:00:00 {zone}") == noon - 3_600 * hours


# W3C's note, RFC 3339, ISO 8601


@pytest.mark.parametrize(
    ("text", "when"),
    cases(
        ("a year", "2026", "2026-01-01"),
        ("a month", "2026-10", "2026-10-01"),
        ("a day", "2026-10-12", "2026-10-12"),
        ("a minute", "2026-10-12T08:30Z", NOON),
        ("a minute with a zone", "2026-10-12T11:30+03:00", NOON),
        ("a second", "2026-10-12T08:30:00Z", NOON),
        ("a second with a zone", "2026-10-12T11:30:00+03:00", NOON),
        ("a second with a zone in the west", "2026-10-12T04:30:00-04:00", NOON),
        ("a second without a zone", "2026-10-12T08:30:00", NOON),
        ("a minute without a zone", "2026-10-12T08:30", NOON),
        ("an hour", "2026-10-12T08Z", "2026-10-12 08:00"),
        ("a tenth", "2026-10-12T08:30:00.5Z", NOON),
        ("a thousandth", "2026-10-12T08:30:00.500Z", NOON),
        ("a millionth", "2026-10-12T08:30:00.500000Z", NOON),
        ("seven places", "2026-10-12T08:30:00.5000000Z", NOON),
        ("nine places", "2026-10-12T08:30:00.123456789+00:00", NOON),
        ("twenty places", "2026-10-12T08:30:00.12345678901234567890Z", NOON),
        ("a fraction without a zone", "2026-10-12T08:30:00.500", NOON),
        ("a fraction behind a comma", "2026-10-12T08:30:00,500Z", NOON),
        ("a fraction that is empty", "2026-10-12T08:30:00.Z", NOON),
        ("a zone without a colon", "2026-10-12T11:30:00+0300", NOON),
        ("a zone of hours", "2026-10-12T11:30:00+03", NOON),
        ("a zone behind a space", "2026-10-12T11:30:00 +03:00", NOON),
        ("a zone of nought", "2026-10-12T08:30:00+00:00", NOON),
        ("a zone of nought in the west", "2026-10-12T08:30:00-00:00", NOON),
        ("a zone of half an hour", "2026-10-12T14:00:00+05:30", NOON),
        ("a zone by its name", "2026-10-12T08:30:00 UTC", NOON),
        ("a zone by its name without a space", "2026-10-12T08:30:00GMT", NOON),
        ("a zone by an American name", "2026-10-12T04:30:00EDT", NOON),
        ("a minus sign for the hyphen", "2026-10-12T04:30:00\u221204:00", NOON),
        ("letters in lower case", "2026-10-12t08:30:00z", NOON),
        ("a space for the letter", "2026-10-12 08:30:00", NOON),
        ("a space for the letter, with a zone", "2026-10-12 11:30:00+03:00", NOON),
        ("a space for the letter, with a zone behind a space", "2026-10-12 11:30:00 +0300", NOON),
        ("a space for the letter, with a name", "2026-10-12 08:30:00 GMT", NOON),
        ("a space for the letter, in minutes", "2026-10-12 08:30", NOON),
        ("an underscore for the letter", "2026-10-12_08:30:00", NOON),
        ("a database's date", "2004-07-08 23:56:58.0", "2004-07-08 23:56:58"),
        ("a database's date with its zone", "2026-10-12 08:30:00.000000 +00:00", NOON),
        ("one digit for the month and the day", "2026-1-5T08:30:00Z", "2026-01-05 08:30"),
        ("one digit for the hour", "2026-10-12 8:30:00", NOON),
        ("padding", "  2026-10-12T08:30:00Z\n", NOON),
        ("midnight", "2026-10-12T00:00:00Z", "2026-10-12"),
        ("the hour twenty-four", "2026-10-12T24:00:00Z", "2026-10-13"),
        ("the hour twenty-four at the year's end", "2026-12-31T24:00Z", "2027-01-01"),
        ("a leap second", "2016-12-31T23:59:60Z", "2017-01-01"),
        ("a leap second in another zone", "2017-01-01T02:59:60+03:00", "2017-01-01"),
        ("a leap day", "2024-02-29", "2024-02-29"),
        ("no separators", "20261012T083000Z", NOON),
        ("no separators and no seconds", "20261012T0830Z", NOON),
        ("no separators, with a zone", "20261012T113000+0300", NOON),
        ("no separators and no time", "20261012", "2026-10-12"),
        ("no separators at all", "20261012083000", NOON),
        ("separators in the time only", "20261012T08:30:00Z", NOON),
        ("a day of the year", "2026-285", "2026-10-12"),
        ("a day of the year without separators", "2026285", "2026-10-12"),
        ("a day of the year with a time", "2026-285T08:30:00Z", NOON),
        ("the first day of the year", "2026-001", "2026-01-01"),
        ("the last day of a leap year", "2024-366", "2024-12-31"),
        ("a day of a week", "2026-W42-1", "2026-10-12"),
        ("a day of a week without separators", "2026W421", "2026-10-12"),
        ("a day of a week with a time", "2026-W42-1T08:30:00Z", NOON),
        ("a week", "2026-W42", "2026-10-12"),
        ("the first week of a year that begins before it", "2026-W01-1", "2025-12-29"),
        ("two digits for the year", "26-10-12", "2026-10-12"),
        ("two digits for the year and a time", "26-10-12T08:30:00Z", NOON),
        ("slashes", "2026/10/12 08:30:00", NOON),
        ("slashes without a time", "2026/10/12", "2026-10-12"),
        ("slashes behind a weekday", "Mon, 2026/10/12 08:30:00 GMT", NOON),
        ("slashes behind a weekday, in America", "Fri, 2006/09/15 08:19:53 EDT", "2006-09-15 12:19:53"),
        ("points", "2026.10.12 08:30:00", NOON),
        ("a weekday before it", "Mon, 2026-10-12 08:30:00", NOON),
        ("a month's name within it", "2026-Oct-12 08:30:00", NOON),
        ("the zone's region behind it", "2026-10-12T11:30:00+03:00[Europe/Kyiv]", NOON),
    ),
)
def test_a_date_of_iso_8601(text: str, when: str) -> None:
    assert dated(text) == instant(when)


# Old servers, and figures


@pytest.mark.parametrize(
    ("text", "when"),
    cases(
        ("C's", "Mon Oct 12 08:30:00 2026", NOON),
        ("C's with one digit for the day", "Mon Oct  5 08:30:00 2026", "2026-10-05 08:30"),
        ("C's with a zone by number", "Mon Oct 12 11:30:00 +0300 2026", NOON),
        ("C's with a zone by name", "Mon Oct 12 08:30:00 UTC 2026", NOON),
        ("C's with an American zone", "Mon Oct 12 04:30:00 EDT 2026", NOON),
        ("JavaScript's", "Mon Oct 12 2026 11:30:00 GMT+0300 (Eastern European Summer Time)", NOON),
        ("RFC 850's", "Monday, 12-Oct-26 08:30:00 GMT", NOON),
        ("RFC 850's with four digits", "Monday, 12-Oct-2026 08:30:00 GMT", NOON),
        ("RFC 850's with an American zone", "Monday, 12-Oct-26 04:30:00 EDT", NOON),
        ("a cookie's", "Mon, 12-Oct-26 08:30:00 GMT", NOON),
        ("a day and a month with points", "12.10.2026 08:30", NOON),
        ("a day and a month with points and seconds", "12.10.2026 08:30:00", NOON),
        ("a day and a month with points, and a comma", "12.10.2026, 08:30", NOON),
        ("a day and a month with points alone", "12.10.2026", "2026-10-12"),
        ("a day and a month with points, and a zone", "12.10.2026 11:30:00 +0300", NOON),
        ("a day and a month with points, one digit each", "5.1.2026 8:30", "2026-01-05 08:30"),
        ("a day and a month with slashes", "13/10/2026 08:30:00", "2026-10-13 08:30"),
        ("a month and a day with slashes", "10/13/2026 08:30:00", "2026-10-13 08:30"),
        ("a month and a day with slashes, in the evening", "10/13/2026 8:30:00 PM", "2026-10-13 20:30"),
        ("a day and a month with hyphens", "13-10-2026 08:30:00", "2026-10-13 08:30"),
        ("Unix seconds", "1791793800", NOON),
        ("Unix milliseconds", "1791793800000", NOON),
        ("Unix seconds with a fraction", "1791793800.25", NOON),
        ("Unix seconds of the last century", "946684800", "2000-01-01"),
    ),
)
def test_a_date_of_old_servers_and_figures(text: str, when: str) -> None:
    assert dated(text) == instant(when)


# Months and weekdays of other languages

MONTHS = {
    "German": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "German, short": "Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez",
    "German, shortened": "Jan. Febr. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.",
    "Austrian": "Jänner Feber März April Mai Juni Juli August September Oktober November Dezember",
    "French": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "French, shortened": "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "French, without accents": "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "Russian": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "Russian, nominative": "Январь Февраль Март Апрель Май Июнь Июль Август Сентябрь Октябрь Ноябрь Декабрь",
    "Russian, short": "янв фев мар апр май июн июл авг сен окт ноя дек",
    "Russian, shortened": "янв. февр. мар. апр. мая июн. июл. авг. сент. окт. нояб. дек.",
    "Ukrainian": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "Ukrainian, nominative": (
        "Січень Лютий Березень Квітень Травень Червень Липень Серпень Вересень Жовтень Листопад Грудень"
    ),
    "Ukrainian, short": "січ лют бер кві тра чер лип сер вер жов лис гру",
    "Ukrainian, shortened": "січ. лют. бер. квіт. трав. черв. лип. серп. вер. жовт. лист. груд.",
    "Polish": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "Polish, nominative": (
        "styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień"
    ),
    "Polish, short": "sty lut mar kwi maj cze lip sie wrz paź lis gru",
    "Spanish": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "Spanish, short": "ene feb mar abr may jun jul ago sep oct nov dic",
    "Italian": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "Italian, short": "gen feb mar apr mag giu lug ago set ott nov dic",
    "Portuguese": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "Dutch": "januari februari maart april mei juni juli augustus september oktober november december",
    "Dutch, short": "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "Swedish": "januari februari mars april maj juni juli augusti september oktober november december",
    "Greek": (
        "Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου "
        "Ιουλίου Αυγούστου Σεπτεμβρίου Οκτωβρίου Νοεμβρίου Δεκεμβρίου"
    ),
    "Greek, short": "Ιαν Φεβ Μαρ Απρ Μαι Ιουν Ιουλ Αυγ Σεπ Οκτ Νοε Δεκ",
    "Greek, short with accents": "Ιαν Φεβ Μάρ Απρ Μάι Ιούν Ιούλ Αύγ Σεπ Οκτ Νοέ Δεκ",
    "English": "January February March April May June July August September October November December",
    "English, short": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
}


@pytest.mark.parametrize("language", MONTHS)
def test_the_months_have_names_in(language: str) -> None:
    found = [dated(f"12 {name} 2026 08:30:00 +0000") for name in MONTHS[language].split()]
    assert found == [instant(f"2026-{month:02}-12 08:30") for month in range(1, 13)]


def test_the_months_have_names_in_hungarian() -> None:
    names = "január február március április május június július augusztus szeptember október november december"
    found = [dated(f"2026-{name}-13T9:15+02:00") for name in names.split()]
    assert found == [instant(f"2026-{month:02}-13 07:15") for month in range(1, 13)]


@pytest.mark.parametrize(
    ("text", "when"),
    cases(
        ("German with a weekday", "Mo, 12 Okt 2026 10:30:00 +0200", NOON),
        ("German with a whole weekday", "Montag, 12. Oktober 2026 08:30", NOON),
        ("German without a time", "12. Oktober 2026", "2026-10-12"),
        ("German with its word for the clock", "12. Oktober 2026, 08:30 Uhr", NOON),
        ("German at midnight", "Mi, 14 Okt 2026 00:00:00 +0200", "2026-10-13 22:00"),
        ("French with a weekday", "lun., 12 oct. 2026 10:30:00 +0200", NOON),
        ("French with a weekday without its point", "lun, 12 oct 2026 10:30:00 +0200", NOON),
        ("French with a weekday that is a month", "mar., 13 oct. 2026 10:30:00 +0200", "2026-10-13 08:30"),
        ("French with a whole weekday", "lundi 12 octobre 2026 08:30", NOON),
        ("French on the first", "1er octobre 2026", "2026-10-01"),
        ("Russian with a weekday", "Пн, 12 окт 2026 11:30:00 +0300", NOON),
        ("Russian with a whole weekday", "понедельник, 12 октября 2026 08:30", NOON),
        ("Russian with its word for the year", "12 октября 2026 г., 08:30", NOON),
        ("Russian in March", "Вт, 24 мар 2026 11:30:00 +0300", "2026-03-24 08:30"),
        ("Ukrainian with a weekday", "Пн, 12 жов 2026 11:30:00 +0300", NOON),
        ("Ukrainian with a whole weekday", "понеділок, 12 жовтня 2026, 08:30", NOON),
        ("Ukrainian with an apostrophe in its weekday", "п'ятниця, 16 жовтня 2026 08:30", "2026-10-16 08:30"),
        ("Ukrainian with its word for the year", "12 жовтня 2026 р. 08:30", NOON),
        ("Polish with a weekday", "pon, 12 paź 2026 10:30:00 +0200", NOON),
        ("Polish with a whole weekday", "poniedziałek, 12 października 2026 08:30", NOON),
        ("Spanish with a weekday", "lun, 12 oct 2026 10:30:00 +0200", NOON),
        ("Spanish with a weekday that is a month", "mar, 13 oct 2026 10:30:00 +0200", "2026-10-13 08:30"),
        ("Spanish with its prepositions", "12 de octubre de 2026 08:30", NOON),
        ("Italian with a weekday", "lun, 12 ott 2026 10:30:00 +0200", NOON),
        ("Italian with a whole weekday", "lunedì 12 ottobre 2026 08:30", NOON),
        ("Portuguese with a weekday", "seg, 12 out 2026 10:30:00 +0200", NOON),
        ("Dutch with a weekday", "ma, 12 okt 2026 10:30:00 +0200", NOON),
        ("Greek with a weekday", "Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11 17:00"),
        ("Greek with a whole weekday", "Δευτέρα, 12 Οκτωβρίου 2026 08:30", NOON),
        ("Hungarian with one digit for the hour", "2004-július-13T9:15-05:00", "2004-07-13 14:15"),
        ("Korean in words, where Seoul's time is meant", "2004년 05월 28일  01:31:15", "2004-05-27 16:31:15"),
        ("Korean in the afternoon, where Seoul's time is meant", "2004-05-25 오후 11:23:17", "2004-05-25 14:23:17"),
        ("Korean in the morning, where Seoul's time is meant", "2004-05-26 오전 09:23:17", "2004-05-26 00:23:17"),
        ("Japanese and Chinese in words", "2026年10月12日 08:30:00", NOON),
        ("capitals of another script", "ПН, 12 ОКТ 2026 11:30:00 +0300", NOON),
    ),
)
def test_a_date_of_another_language(text: str, when: str) -> None:
    assert dated(text) == instant(when)


@pytest.mark.parametrize(
    ("encoding", "text", "when"),
    cases(
        ("Greek", "iso-8859-7", "Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11 17:00"),
        ("Hungarian", "iso-8859-2", "2004-július-13T9:15-05:00", "2004-07-13 14:15"),
        ("Korean", "euc-kr", "2004년 05월 28일  01:31:15", "2004-05-27 16:31:15"),
        ("Ukrainian", "koi8-u", "12 жовтня 2026 08:30", NOON),
        ("Polish", "iso-8859-2", "12 października 2026 08:30", NOON),
    ),
)
def test_a_date_of_another_language_may_be_in_its_encoding(encoding: str, text: str, when: str) -> None:
    document = (
        f'<?xml version="1.0" encoding="{encoding}"?><rss><channel><item><title>Ships</title>'
        f"<pubDate>{text}</pubDate></item></channel></rss>"
    )
    assert only(document.encode(encoding)).published == instant(when)


# Bounds, and what is no date


@pytest.mark.parametrize(
    ("text", "when"),
    cases(
        ("soon", "Tue, 01 Jan 2030 00:00:00 GMT", "2030-01-01"),
        ("in many years", "Mon, 28 May 2096 20:27:40 GMT", "2096-05-28 20:27:40"),
        ("beyond the end of Unix's first time", "2038-01-19T03:14:08Z", "2038-01-19 03:14:08"),
        ("in the last year with four digits", "9999-12-31T23:59:59Z", "9999-12-31 23:59:59"),
        ("in the last year of RSS", "Fri, 31 Dec 9999 23:59:59 GMT", "9999-12-31 23:59:59"),
        ("a second after the beginning", "1970-01-01T00:00:01Z", "1970-01-01 00:00:01"),
        ("early, though its day is the last before", "1969-12-31T23:00:00-05:00", "1970-01-01 04:00"),
    ),
)
def test_a_date_may_be_far_away(text: str, when: str) -> None:
    assert dated(text) == instant(when)


@pytest.mark.parametrize(
    "text",
    cases(
        ("nothing", ""),
        ("spaces", "   "),
        ("a word", "yesterday"),
        ("a sentence", "We are not sure when that was, and on the whole would rather not say."),
        ("the beginning of Unix's time", "1970-01-01T00:00:00Z"),
        ("the beginning of Unix's time in RSS", "Thu, 01 Jan 1970 00:00:00 GMT"),
        ("before the beginning", "1969-12-31T23:59:59Z"),
        ("before the beginning in RSS", "Tue, 12 Oct 1965 08:30:00 GMT"),
        ("before the beginning by its zone", "1970-01-01T01:00:00+02:00"),
        ("the year 1", "0001-01-01T00:00:00Z"),
        ("the year 1 in RSS", "Mon, 01 Jan 0001 00:00:00 GMT"),
        ("the year 0", "0000-00-00 00:00:00"),
        ("the year 0 in RSS", "Wed, 30 Nov -0001 00:00:00 +0000"),
        ("the year 1900", "Mon, 01 Jan 1900 00:00:00 GMT"),
        ("nought", "0"),
        ("less than nought", "-1791793800"),
        ("a small figure", "20"),
        ("a year with five digits", "12 Oct 20266 08:30:00 GMT"),
        ("figures without end", "9" * 60),
        ("the thirteenth month", "2026-13-01T08:30:00Z"),
        ("no such month", "Mon, 12 Foo 2026 08:30:00 GMT"),
        ("the thirtieth of February", "2026-02-30T08:30:00Z"),
        ("the thirtieth of February in RSS", "Mon, 30 Feb 2026 08:30:00 GMT"),
        ("the twenty-ninth of February in a common year", "2026-02-29"),
        ("the thirty-second", "Mon, 32 Oct 2026 08:30:00 GMT"),
        ("the noughth", "Mon, 00 Oct 2026 08:30:00 GMT"),
        ("the day 366 of a common year", "2026-366"),
        ("the fifty-fourth week", "2026-W54-1"),
        ("the hour twenty-five", "2026-10-12T25:30:00Z"),
        ("the minute sixty", "2026-10-12T08:60:00Z"),
        ("the second sixty-one", "2026-10-12T08:30:61Z"),
        ("a time alone", "08:30:00"),
        ("a zone alone", "GMT"),
        ("a weekday alone", "Mon"),
        ("a month alone", "October"),
        ("a letter alone", "T"),
        ("signs", "--T::Z"),
        ("a version", "1.2.3"),
        ("a telephone number", "+380 44 123 45 67"),
        ("a very long text", "12 Oct 2026 " * 500),
        ("a placeholder of a template", "{{ item.date }}"),
        ("a program's word", "Invalid Date"),
        ("a program's other word", "NaN"),
        ("null", "null"),
    ),
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert dated(text) is None


# Every place where a date may stand


@pytest.mark.parametrize(
    "text", ["Mon, 12 Oct 2026 08:30:00 GMT", "2026-10-12T08:30:00Z", "1791793800", "12 жовтня 2026 08:30"]
)
def test_any_form_may_stand_anywhere(text: str) -> None:
    old = (
        f'<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><id>1</id><issued>{text}</issued></entry></feed>'
    )
    found = [
        item(f"<title>Ships</title><pubDate>{text}</pubDate>"),
        item(f"<title>Ships</title><dc:date>{text}</dc:date>"),
        item(f"<title>Ships</title><dcterms:created>{text}</dcterms:created>"),
        entry(f"<id>1</id><published>{text}</published>"),
        entry(f"<id>1</id><updated>{text}</updated>"),
        rdf_item(f"<title>Ships</title><dc:date>{text}</dc:date>"),
        json_item(date_published=text),
        json_item(date_modified=text),
        only(old),
        only(old.replace("http://purl.org/atom/ns#", ATOM_1_0)),
    ]
    assert {each.published for each in found} == {instant(NOON)}


@pytest.mark.parametrize(
    "elsewhere",
    cases(
        ("a title", "<title>12 October 2026</title>"),
        ("a guid", '<guid isPermaLink="false">2026-10-12</guid>'),
        ("a guid that is a figure", '<guid isPermaLink="false">1791793800</guid>'),
        ("a link", "<link>https://outlet.example/2026/10/12/ships</link>"),
        ("a description", "<description>Mon, 12 Oct 2026 08:30:00 GMT</description>"),
        ("a category", "<category>2026-10-12</category>"),
    ),
)
def test_no_date_is_made_up(elsewhere: str) -> None:
    assert item(f"{elsewhere}<title>Ships</title>").published is None
