"""What a chat mutes: a query as any other, made of a word, an outlet's name or address, or of an alert that it got."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from bot.domain.errors import UserError
from bot.domain.events import WINDOW
from bot.domain.fields import Field, Span
from bot.domain.hours import read_span, typed_span
from bot.domain.query import Phrase, QueryError, parse
from bot.domain.urls import publisher, site
from bot.domain.words import tokens

_MARGIN: Final = 86_400.0  # seconds
EVENT: Final = "event:"
"""What the mute of an event is called by in place of a query, with the event's number behind it."""

# Units that no span is given in are among them.
_LIKE_A_SPAN: Final = re.compile(
    r"\d+\s?(?:m|h|d|w|y|mo|mins?|minutes?|hrs?|hours?|days?|wks?|weeks?|secs?|seconds?|months?|yrs?|years?)",
    re.IGNORECASE,
)
FOR_GOOD: Final = "for good"
"""Said in place of a span of time."""
_WITHOUT_QUOTES: Final = str.maketrans("", "", '"“”„«»')
# Hosts that many have their feeds on.
_SHARED: Final = {
    "feeds.feedburner.com",
    "feeds.feedblitz.com",
    "news.google.com",
    "reddit.com",
    "youtube.com",
    "medium.com",
    "rss.app",
    "rsshub.app",
    "gov.uk",
}
_PART: Final = re.compile(r"\s+[-–—|·»:]+\s+|:\s+")  # between an outlet's name and what of it a feed holds
_SITES: Final = 10  # of one outlet that a query names
_LONGEST: Final = 60  # characters of a word on a button
_SITE: Final = re.compile(r"[\w-]+(?:\.[\w-]+)+")
_HOST: Final = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[^\W\d_]{2,}(?:/\S*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Outlet:
    """Where stories come from that a chat follows: a feed's address, its title, and what else its outlet is called."""

    url: str
    title: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be muted: a query as it prints, for how many seconds, None for good.

    `outlet` is the query for an outlet that may be meant instead: of "Kyiv", where "The Kyiv Gazette - News" is
    followed, nobody can tell.
    """

    query: str
    seconds: float | None = None
    outlet: str | None = None


def read_mute(argument: str, outlets: Sequence[Outlet]) -> Wish:
    """What was typed behind `/mute`.

    What a followed feed or its outlet is called, or what its site's name says in several words, is the outlet. A part
    of a title, or its site's name in one word, may be: `Wish.outlet`. In quotes, words are words.

    Args:
        argument: not empty.
        outlets: those that the chat follows.

    Raises:
        QueryError: it is no query.
        UserError: it ends like a span of time, and is none ("0h"): as a word, it would mute nothing. Or it is but a
            span, and names nothing that is to be muted for so long.
    """
    argument = argument.strip()
    if _is_but_a_span(argument):
        raise UserError("mute-span-alone", given=argument)
    what, seconds = _apart(argument)
    if _HOST.fullmatch(what):
        host = site(what if "://" in what else f"https://{what}")
        return Wish(outlet_to_mute(host) or str(parse(what)), seconds)
    named = next((one.title for one in outlets if one.title.casefold() == what.casefold()), None)
    if named is not None and (query := outlet_to_mute(named)) is not None:
        return Wish(query, seconds)
    read = parse(what)
    if not isinstance(read.root, Phrase) or what.translate(_WITHOUT_QUOTES) != what:
        return Wish(str(read), seconds)  # no name
    words = _words(what)
    if (query := _called(words, outlets)) is not None:
        return Wish(query, seconds)
    may_be = any(_may_be_called(words, one) for one in outlets)
    return Wish(str(read), seconds, outlet_to_mute(what) if may_be else None)


def _called(words: list[str], outlets: Sequence[Outlet]) -> str | None:
    """The query for the outlets that are called so, by their sites; None where none is."""
    sites = dict.fromkeys(
        own
        for one in outlets
        if (own := _own_site(one.url))
        and (words in map(_words, one.also) or (len(words) > 1 and "".join(words) == _name_of(own)))
    )
    queries = list(filter(None, map(outlet_to_mute, sites)))[:_SITES]
    return str(parse(", ".join(queries))) if queries else None


def _may_be_called(words: list[str], outlet: Outlet) -> bool:
    parts = (*_PART.split(outlet.title), outlet.title, *outlet.also)
    begins = any(words == _words(part)[: len(words)] for part in parts)
    return begins or words == [_name_of(_own_site(outlet.url))]


def _own_site(url: str) -> str:
    """The site that only one outlet's feeds are on; empty where there is none."""
    host = publisher(url)
    return host if host == site(url) and host not in _SHARED else ""


def _name_of(host: str) -> str:
    """What a site is called: "lemonde"."""
    return host.partition(".")[0]


def _words(name: str) -> list[str]:
    """The words of a name, without the article that people leave out."""
    words = [token.folded for token in tokens(name)]
    return words[1:] if words[:1] == ["the"] and len(words) > 1 else words


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
        elif span.lower() == FOR_GOOD:
            return what, None
        seconds = read_span(span) if says_for or span[0].isdecimal() else None
        if seconds is not None:
            return what, seconds
        if _LIKE_A_SPAN.fullmatch(span):
            phrase = f"{what[:60]} {span[:20]}".translate(_WITHOUT_QUOTES)
            raise UserError("mute-span", given=span[:20], what=what[:60], words=phrase)
    return argument, None


def _is_but_a_span(argument: str) -> bool:
    said = argument.lower()
    span = said.removeprefix("for ").strip()
    return said == FOR_GOOD or ((span != said or span[0].isdecimal()) and read_span(span) is not None)


def said_of(query: str, seconds: float | None = None) -> str:
    """What is said behind `/mute` to have exactly this muted: words as words, whatever they end with or name."""
    if query.startswith(EVENT):
        return query
    with suppress(QueryError):
        if str(parse(f'"{query}"')) == query:
            query = f'"{query}"'
    return f"{query} {FOR_GOOD if seconds is None else f'for {typed_span(seconds)}'}"


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
