"""Every text for people, from the locale files, with its arguments put in as they are.

A template may hold <b>, <i> and <code>; an argument never becomes markup, whatever it holds.
"""

import re
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from importlib.resources import files
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime
from fluent.runtime import FluentBundle, FluentResource

from bot.domain.rich import Piece, Text, plain
from bot.ports.clock import Clock

DEFAULT_LANGUAGE: Final = "en"
# Feeds say "0001-01-01" for no date: a day inside of what a date can hold, for the zones.
_EARLIEST: Final = -62_135_510_400.0
_LATEST: Final = 253_402_214_400.0
_TOKEN: Final = re.compile("(</?(?:b|i|code)>|\ue000\\d+\ue001)")


def languages() -> list[str]:
    """The codes of the languages that there are texts in."""
    return sorted(file.name.removesuffix(".ftl") for file in (files("bot") / "locales").iterdir())


class Texts:
    """One language's texts; what it lacks is missing loudly, here and in the tests.

    By `clock` the year of a date goes without saying that is the current one; without a clock, none does.
    """

    def __init__(self, language: str = DEFAULT_LANGUAGE, zone: tzinfo = UTC, clock: Clock | None = None) -> None:
        self.language = language
        self._zone = zone
        self._clock = clock
        source = (files("bot") / "locales" / f"{language}.ftl").read_text("utf-8")
        self._bundle = FluentBundle([language], use_isolating=False)
        self._bundle.add_resource(FluentResource(source))

    def __call__(self, key: str, **args: str | float | Text) -> Text:
        """The text under `key`, as pieces.

        Raises:
            KeyError: the language has no such text.
            ValueError: the text needs an argument that was not given.
        """
        if not self._bundle.has_message(key):
            raise KeyError(key)
        message = self._bundle.get_message(key)
        if message.value is None:
            raise KeyError(key)
        # Literal arguments pass the formatter as stand-ins, so that nothing in them can be taken for markup.
        literals: list[Text] = []
        passed: dict[str, str | float] = {}
        for name, value in args.items():
            if isinstance(value, str | tuple):
                passed[name] = f"\ue000{len(literals)}\ue001"
                literals.append(plain(value) if isinstance(value, str) else value)
            else:
                passed[name] = value
        formatted, faults = self._bundle.format_pattern(message.value, passed)
        if faults:
            raise ValueError(f"{key}: {faults}")
        return tuple(_pieces(str(formatted), literals))

    def in_zone(self, zone: tzinfo) -> "Texts":
        """The same texts with times of another zone."""
        if zone is self._zone:
            return self
        other = copy(self)
        other._zone = zone  # noqa: SLF001 - its own kind
        return other

    @property
    def zone(self) -> tzinfo:
        """The zone of the times."""
        return self._zone

    def has(self, key: str) -> bool:
        """Whether there is such a text."""
        return self._bundle.has_message(key)

    def when(self, instant: float) -> str:
        """An instant as a short date and time in the zone that was given, with its year where that is not this one."""
        date = self._date(instant)
        this_year = self._clock is not None and self._date(self._clock.now()).year == date.year
        return str(format_datetime(date, "d MMM, HH:mm" if this_year else "d MMM y, HH:mm", locale=self.language))

    def _date(self, instant: float) -> datetime:
        return datetime.fromtimestamp(min(max(instant, _EARLIEST), _LATEST), self._zone)

    def moment(self, instant: float) -> Text:
        """The same as a text, which still knows what it says."""
        return (Piece(self.when(instant), at=instant),)

    def language_name(self, code: str) -> str:
        """A language's name in this one ("Ukrainian"), or the code where it is not known."""
        try:
            return str(Locale.parse(code).get_display_name(self.language) or code)
        except (UnknownLocaleError, ValueError):
            return code


def _pieces(formatted: str, literals: list[Text]) -> list[Piece]:
    pieces: list[Piece] = []
    style = {"b": False, "i": False, "code": False}
    for token in _TOKEN.split(formatted):
        if token.startswith("<") and token.endswith(">") and _TOKEN.fullmatch(token):
            style[token.strip("</>")] = not token.startswith("</")
        elif token.startswith("\ue000"):
            pieces.extend(
                replace(
                    piece,
                    bold=piece.bold or style["b"],
                    italic=piece.italic or style["i"],
                    code=piece.code or style["code"],
                )
                for piece in literals[int(token[1:-1])]
            )
        elif token:
            pieces.append(Piece(token, bold=style["b"], italic=style["i"], code=style["code"]))
    return pieces
