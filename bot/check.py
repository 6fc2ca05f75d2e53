"""`tocsin check`: read feeds once, and print what would match."""

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot.alerts import byline, why
from bot.app import analyst_of
from bot.clock import SystemClock
from bot.config import Settings
from bot.domain.errors import FetchFailed, FetchKind, NotAFeed
from bot.domain.filters import FilterIndex, Match, texts
from bot.domain.query import Query, QueryError, parse
from bot.domain.rich import to_plain
from bot.domain.stories import Entry, FeedDocument
from bot.domain.summary import summarise
from bot.domain.urls import shown
from bot.feeds.parse import parse as parse_feed
from bot.feeds.web import GuardedWeb
from bot.ports.web import Fetched
from bot.texts import Texts

_LARGEST = 10_000_000  # bytes, as for what is fetched


async def check(sources: Sequence[str], queries: Sequence[str], settings: Settings, *, as_json: bool) -> int:
    """Print each story that matches, or every entry where there is no query.

    Returns the exit status: 0 if anything was printed, 1 if nothing was, 2 if a source or a query cannot be read.
    """
    clock = SystemClock()
    say = Texts(zone=settings.timezone, clock=clock)
    try:
        asked = [(text, parse(text)) for text in queries]
    except QueryError as error:
        _complain(to_plain(say(error.key, command="watch", **error.args_shown)))
        return 2
    printed = failed = False
    async with GuardedWeb(
        clock,
        contact=settings.contact,
        allow_networks=settings.feed_allow_networks,
        host_interval=settings.host_interval,
    ) as web:
        for source in sources:
            try:
                document = await _read(source, web)
            except (FetchFailed, NotAFeed, OSError) as error:
                failed = True
                _complain(f"{shown(source)}: {_told(error)}")
                continue
            if not document.whole:
                _complain(f"{shown(source)}: it breaks off; what came before is read")
            for entry in document.entries:
                for typed, matches in _matches(entry, asked):
                    printed = True
                    line = _json if as_json else _text
                    sys.stdout.write(line(say, source, document, entry, typed, matches) + "\n")
            sys.stdout.flush()
    if failed:
        return 2
    return 0 if printed else 1


async def _read(source: str, web: GuardedWeb) -> FeedDocument:
    if "://" not in source:
        with Path(source).open("rb") as file:  # noqa: ASYNC230 - nothing else runs on this loop
            body = file.read(_LARGEST + 1)
        if len(body) > _LARGEST:
            raise FetchFailed(FetchKind.TOO_LARGE)
        return parse_feed(body)
    answer = await web.get(source)
    assert isinstance(answer, Fetched), "nothing was sent that a server could call unchanged"
    return parse_feed(answer.body, content_type=answer.content_type, url=answer.url)


def _matches(entry: Entry, asked: Sequence[tuple[str, Query]]) -> list[tuple[str | None, list[Match]]]:
    if not asked:
        return [(None, [])]
    analyst = analyst_of()
    analysis = analyst.analysis(entry)
    found = [(typed, FilterIndex([query], forms=analyst.forms).match(analysis)) for typed, query in asked]
    return [(typed, matches) for typed, matches in found if matches]


def _json(
    _: Texts, source: str, document: FeedDocument, entry: Entry, typed: str | None, matches: Sequence[Match]
) -> str:
    fields = texts(entry)
    spans = [span for match in matches for span in match.spans]
    published = datetime.fromtimestamp(entry.published, UTC).isoformat() if entry.published is not None else None
    return json.dumps(
        {
            "query": typed,
            "source": shown(source),
            "story": {
                "id": entry.guid or entry.url,
                "url": entry.url,
                "title": entry.title,
                "published": published,
                "language": entry.language,
                "author": entry.author,
                "categories": entry.categories,
                "image": entry.image,
                "summary": entry.summary,
                "content": entry.content,
            },
            "feed": {"title": document.title, "url": document.site_url, "language": document.language},
            "matches": [{"field": span.field, "text": fields[span.field][span.start : span.end]} for span in spans],
            "summary": to_plain(summarise(texts(entry), spans, entry.language)),
        },
        ensure_ascii=False,
    )


def _text(
    say: Texts, source: str, document: FeedDocument, entry: Entry, typed: str | None, matches: Sequence[Match]
) -> str:
    spans = [span for match in matches for span in match.spans]
    lines = [entry.title or "—", byline(say, entry, document.title or shown(source), entry.published)]
    lines += [line for line in (entry.url, to_plain(summarise(texts(entry), spans, entry.language))) if line]
    lines += [to_plain(why(say, entry, match)) for match in matches if typed is not None]
    return "\n".join(lines) + "\n"


def _told(error: Exception) -> str:
    match error:
        case NotAFeed(advertised=()):
            return f"no feed (it seems to be: {error.seems})"
        case NotAFeed():
            feeds = ", ".join(feed.url for feed in error.advertised)
            return f"no feed (it seems to be: {error.seems}); it names {feeds}"
        case OSError():
            return error.strerror or type(error).__name__
        case _:
            return str(error)


def _complain(line: str) -> None:
    sys.stderr.write(f"tocsin check: {line}\n")
