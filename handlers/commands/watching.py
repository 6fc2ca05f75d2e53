"""Watching words: /watch, /unwatch, /filters, /latest."""

from typing import Final

from bot.alerts import byline, headline
from bot.analysis import analyse
from bot.domain.errors import UserError
from bot.domain.filters import FilterIndex, Match
from bot.domain.query import Query, QueryError, parse
from bot.domain.rich import Text, join, plain
from bot.domain.urls import canonical
from bot.ports import Chat, Filter, FoundStory
from handlers.calls import Reply
from handlers.commands.base import Call, page_of

_DAY: Final = 86_400.0
_TRIED_DAYS: Final = 30
_TRIED_STORIES: Final = 500  # the newest; a back-test over the whole archive needs stored analyses
_SAMPLES: Final = 3
_LATEST: Final = 5
_PAGE: Final = 25  # filters in one answer
_QUERY: Final = 100  # characters of a query in a list
_LATEST_MOST: Final = 20


async def watch(call: Call) -> Reply:
    """Set a keyword filter, and show what it would have found."""
    if not call.argument:
        raise QueryError("empty")
    query = parse(call.argument)
    chat = await call.enter()
    # In the index before it is stored: a story that comes between the two must not slip through.
    call.tools.index.add(query)
    try:
        limit = call.tools.limits.filters
        made, new = await call.tools.chats.watch(chat.chat_id, query, now=call.now, most=limit)
    except BaseException:
        call.tools.index.remove(str(query))
        raise
    if not new:
        call.tools.index.remove(str(query))
        return Reply(call.say("watch-already", number=str(made.number), query=made.query))
    found = await _back_test(call, chat, query, made.since)
    await call.tools.chats.remember([story.story_id for story, _ in found], [match for _, match in found])
    feeds = len(await call.tools.chats.follows(chat.chat_id))
    lines = [call.say("watch-done", number=str(made.number), query=made.query)]
    if not feeds:
        lines.append(call.say("watch-no-feeds"))
    elif found:
        week = sum(1 for story, _ in found if story.first_seen > call.now - 7 * _DAY)
        lines.append(call.say("watch-found", count=len(found), week=week, feeds=feeds))
        lines.extend(_line(call, story, [match]) for story, match in found[:_SAMPLES])
    else:
        lines.append(call.say("watch-none", feeds=feeds))
    return Reply(join("\n", lines))


async def _back_test(call: Call, chat: Chat, query: Query, made: float) -> list[tuple[FoundStory, Match]]:
    """The newest stories that the query holds for and that were seen before it was made, each article once."""
    since = made - _TRIED_DAYS * _DAY
    index = FilterIndex([query])
    found: dict[str, tuple[FoundStory, Match]] = {}
    for story in await call.tools.chats.recent(chat.chat_id, since=since, limit=_TRIED_STORIES):
        if story.first_seen > made:
            continue  # it is pushed
        for match in index.match(await analyse(story.entry)):
            found.setdefault(canonical(story.entry.url or f"story:{story.story_id}"), (story, match))
    return list(found.values())


async def unwatch(call: Call) -> Reply:
    """Remove a filter, named by its number or its words."""
    filters = await _filters(call)
    if not call.argument:
        raise UserError("unwatch-empty")
    chosen = next((made for made in filters if call.argument in (str(made.number), f"#{made.number}")), None)
    if chosen is None:
        chosen = next((made for made in filters if made.query == _canonical(call.argument)), None)
    if chosen is None or call.chat is None:
        raise UserError("unwatch-unknown", given=call.argument[:100])
    await call.tools.chats.unwatch(call.chat.chat_id, chosen.filter_id)
    call.tools.index.remove(chosen.query)
    chat = call.chat
    undo = await call.button(chat, call.say("button-watch-again"), f"/watch {chosen.query}")
    return Reply(call.say("unwatch-done", number=str(chosen.number), query=chosen.query), ((undo,),))


async def filters(call: Call) -> Reply:
    """The chat's filters, each with its number and its hits."""
    made = await _filters(call)
    if not made:
        return Reply(call.say("filters-empty"))
    shown, more = page_of(call, "filters", made, _PAGE)
    lines = [
        call.say(
            "filters-line", number=str(one.number), query=_cut(one.query), week=one.hits_week, month=one.hits_month
        )
        for one in shown
    ]
    return Reply(join("\n", [call.say("filters-title", count=len(made)), *lines, *more]))


def _cut(query: str) -> str:
    return query if len(query) <= _QUERY else query[: _QUERY - 1] + "…"


async def latest(call: Call) -> Reply:
    """The newest stories that the chat's filters match."""
    wanted = call.argument or str(_LATEST)
    if not wanted.isdecimal() or not 0 < int(wanted) <= _LATEST_MOST:
        raise UserError("latest-number", given=call.argument[:40], most=_LATEST_MOST)
    found = await call.tools.chats.latest(call.chat.chat_id, int(wanted)) if call.chat else []
    if not found:
        return Reply(call.say("latest-empty" if await _filters(call) else "filters-empty"))
    return Reply(join("\n", [call.say("latest-title"), *(_line(call, story, []) for story in found)]))


async def _filters(call: Call) -> list[Filter]:
    return await call.tools.chats.filters(call.chat.chat_id, call.now) if call.chat else []


def _line(call: Call, story: FoundStory, matches: list[Match]) -> Text:
    spans = [span for match in matches for span in match.spans]
    parts = [plain("• "), headline(story.entry, spans), plain(" — ")]
    parts.append(plain(byline(call.say, story.entry, story.outlet, story.first_seen)))
    if story.queries:
        parts.append(plain(f" ({', '.join(story.queries)})"))
    return join("", parts)


def _canonical(text: str) -> str:
    try:
        return str(parse(text))
    except QueryError:
        return text
