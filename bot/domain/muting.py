"""What a chat mutes: a query as any other, made of a word, an outlet's name or address, or of an alert that it got."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from bot.domain.errors import UserError
from bot.domain.events import WINDOW
from bot.domain.fields import Field, Span
from bot.domain.hours import read_span
from bot.domain.query import QueryError, parse
from bot.domain.urls import site

_MARGIN: Final = 86_400.0  # seconds
_LIKE_A_SPAN: Final = re.compile(r"\d+[mhdw]", re.IGNORECASE)
_LONGEST: Final = 60  # characters of a word on a button
_SITE: Final = re.compile(r"[\w-]+(?:\.[\w-]+)+")
_HOST: Final = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[^\W\d_]{2,}(?:/\S*)?", re.IGNORECASE)


def read_mute(argument: str, outlets: Sequence[str]) -> tuple[str, float | None]:
    """What was typed behind `/mute`: the query as it prints, and for how many seconds, None for good.

    Args:
        argument: not empty.
        outlets: the names of those that the chat follows.

    Raises:
        QueryError: it is no query.
        UserError: it ends like a span of time, and is none ("0h"): as a word, it would mute nothing.
    """
    what, _, last = argument.rpartition(" ")
    seconds = read_span(last) if what.strip() else None
    if seconds is None and what.strip() and _LIKE_A_SPAN.fullmatch(last):
        raise UserError("mute-span", given=last[:20], what=what.strip()[:60])
    what = (what if seconds is not None else argument).strip()
    if _HOST.fullmatch(what):
        host = site(what if "://" in what else f"https://{what}")
        return outlet_to_mute(host) or str(parse(what)), seconds
    named = next((outlet for outlet in outlets if outlet.casefold() == what.casefold()), None)
    return (outlet_to_mute(named) if named else None) or str(parse(what)), seconds


def discards(since: float, until: float | None, made_at: float, now: float) -> bool:
    """Whether a mute of that time discards an alert that was made at `made_at` (Unix seconds).

    It does while it is in force; and afterwards what was made while it was, which something has held since.
    """
    return until is None or now < until or since <= made_at < until


def event_muted_until(began: float, now: float) -> float:
    """When the mute of an event ends that began then (Unix seconds): nothing joins it any more, and a margin."""
    return max(began + WINDOW, now) + _MARGIN


def outlet_to_mute(outlet: str) -> str | None:
    """The query for what an outlet publishes, by its site or its name; None where neither can be asked for."""
    try:
        return str(parse(f"source:{outlet}" if _SITE.fullmatch(outlet) else f'source:"{outlet}"'))
    except QueryError:
        return None


def word_to_mute(query: str, texts: Mapping[Field, str], spans: Sequence[Span]) -> str | None:
    """The word or phrase by which a story matched, as a query; None where no word made it match, or none that is short.

    Of a query that is one word or phrase that is all of it; else what stands first in the story.
    """
    candidates = [query] if not re.search(r"[,|&()+:=]|\b(?:OR|AND|NOT|NEAR)\b|(?:^|\s)-", query) else []
    if spans:
        first = spans[0]
        end = first.end
        for span in spans[1:]:
            if span.field is first.field and 0 <= span.start - end <= 1:
                end = span.end
        words = texts[first.field][first.start : end]
        candidates += [words, f'"{words}"']
    for candidate in candidates if spans else ():
        if len(candidate) <= _LONGEST and "\n" not in candidate:
            try:
                return str(parse(candidate))
            except QueryError:
                continue
    return None
