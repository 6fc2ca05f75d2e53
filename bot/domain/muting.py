"""What a chat mutes: a query as any other, made of a word, an outlet's name or address, or of an alert that it got."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

from bot.domain.errors import UserError
from bot.domain.fields import Field, Span
from bot.domain.hours import read_span
from bot.domain.query import QueryError, parse
from bot.domain.urls import site

EVENT: Final = "event:"
"""What the mute of an event is called by in place of a query, with the event's number behind it."""

# Units that no span is given in are among them.
_LIKE_A_SPAN: Final = re.compile(
    r"\d+\s?(?:m|h|d|w|y|mo|mins?|minutes?|hrs?|hours?|days?|wks?|weeks?|secs?|seconds?|months?|yrs?|years?)",
    re.IGNORECASE,
)
_FOR_GOOD: Final = "for good"
_WITHOUT_QUOTES: Final = str.maketrans("", "", '"“”„«»')
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
    what, seconds = _apart(argument.strip())
    if _HOST.fullmatch(what):
        host = site(what if "://" in what else f"https://{what}")
        return outlet_to_mute(host) or str(parse(what)), seconds
    named = next((outlet for outlet in outlets if outlet.casefold() == what.casefold()), None)
    return (outlet_to_mute(named) if named else None) or str(parse(what)), seconds


def _apart(argument: str) -> tuple[str, float | None]:
    """What is to be muted, and the span that stands behind it, if one does: "24h", "2 days", "for a week", "for good".

    Raises:
        UserError: what stands there is like a span, and is none.
    """
    for words in (2, 1):
        what, *last = argument.rsplit(maxsplit=words)
        if len(last) < words:
            continue  # it would be all that there is
        span = " ".join(last)
        rest, *before = what.rsplit(maxsplit=1)
        says_for = bool(before) and before[0].lower() == "for"
        if says_for:
            what = rest
        elif span.lower() == _FOR_GOOD:
            return what, None
        seconds = read_span(span) if says_for or span[0].isdecimal() else None
        if seconds is not None:
            return what, seconds
        if _LIKE_A_SPAN.fullmatch(span):
            phrase = f"{what[:60]} {span[:20]}".translate(_WITHOUT_QUOTES)
            raise UserError("mute-span", given=span[:20], what=what[:60], words=phrase)
    return argument, None


def said_of(query: str) -> str:
    """What is said behind `/mute` to have this mute for good: words as words, whatever they end with or name."""
    if query.startswith(EVENT):
        return query
    with suppress(QueryError):
        if str(parse(f'"{query}"')) == query:
            return f'"{query}"'
    return f"{query} {_FOR_GOOD}"


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
