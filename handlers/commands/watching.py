"""Watching words: /watch, /unwatch, /filters, /latest."""

import re
from typing import Final

from bot.domain.errors import UserError
from bot.domain.query import QueryError, parse
from bot.domain.rich import join
from bot.domain.telling import Mode, as_told
from bot.ports.chats import Filter
from bot.reading import in_words
from handlers.calls import Reply
from handlers.commands.base import Call, page_of
from handlers.commands.trying import found, line_of, offers
from handlers.commands.typed import hinted, read

_REMOVED: Final = re.compile(r"#(\d{1,9})")
_LATEST: Final = 5
_PAGE: Final = 25  # filters in one answer
_QUERY: Final = 100  # characters of a query in a list
_LATEST_MOST: Final = 20


async def watch(call: Call) -> Reply:
    """Set a keyword filter, tried before it is saved, and show what it would have found."""
    if not call.argument:
        raise QueryError("empty")
    if again := _REMOVED.fullmatch(call.argument):
        return await _watch_again(call, int(again[1]))
    query = await read(call, call.argument)
    chat = await call.enter()
    begun = call.now
    tried = await call.tools.archive.back_test(chat.chat_id, query, begun)
    # In the index before it is stored: a story that comes between the two must not slip through.
    call.tools.index.add(query)
    try:
        limit = call.tools.limits.filters
        made, new = await call.tools.chats.watch(chat.chat_id, query, now=begun, most=limit)
    except BaseException:
        call.tools.index.remove(str(query))
        raise
    if not new:
        call.tools.index.remove(str(query))
        return Reply(call.say("watch-already", number=str(made.number), query=made.query))
    call.tools.on_stories()
    await call.tools.chats.remember([story.story_id for story, _ in tried.found], [match for _, match in tried.found])
    done = call.say("watch-done", number=str(made.number), query=made.query)
    hints = await hinted(call, "watch", call.argument)
    lines = [done, call.say("query-read", reading=in_words(call.say, query)), *hints, *found(call, tried)]
    return Reply(join("\n", lines), await offers(call, chat, query, tried))


async def _watch_again(call: Call, number: int) -> Reply:
    """Bring back a filter that was removed, with its number and its mode: what the Undo of /unwatch says."""
    chat = await call.enter()
    removed = await call.tools.chats.removed(chat.chat_id, number)
    if removed is None:
        raise UserError("watch-no-number", number=str(number))
    call.tools.index.add(parse(removed.query))
    try:
        limit = call.tools.limits.filters
        made, new = await call.tools.chats.watch_again(chat.chat_id, number, now=call.now, most=limit)
    except BaseException:
        call.tools.index.remove(removed.query)
        raise
    if not new:
        call.tools.index.remove(removed.query)
        return Reply(call.say("watch-already", number=str(made.number), query=made.query))
    call.tools.on_stories()
    call.tools.on_alerts()
    return Reply(call.say("watch-again", number=str(made.number), query=made.query))


async def unwatch(call: Call) -> Reply:
    """Remove a filter, named by its number or its words."""
    filters = await _filters(call)
    if not call.argument:
        raise UserError("unwatch-empty")
    chosen = next((made for made in filters if call.argument in (str(made.number), f"#{made.number}")), None)
    if chosen is None:
        canonical = await _canonical(call)
        chosen = next((made for made in filters if made.query == canonical), None)
    if chosen is None or call.chat is None:
        raise UserError("unwatch-unknown", given=call.argument[:100])
    await call.tools.chats.unwatch(call.chat.chat_id, chosen.filter_id, call.now)
    call.tools.index.remove(chosen.query)
    chat = call.chat
    undo = await call.button(chat, call.say("button-watch-again"), f"/watch #{chosen.number}")
    return Reply(call.say("unwatch-done", number=str(chosen.number), query=chosen.query), ((undo,),))


async def filters(call: Call) -> Reply:
    """The chat's filters, each with its number and its hits."""
    made = await _filters(call)
    if not made:
        return Reply(call.say("filters-empty"))
    shown, more = page_of(call, "filters", made, _PAGE)
    digest = call.chat.digest if call.chat else None
    lines = [
        call.say(
            "filters-line",
            number=str(one.number),
            query=_cut(one.query),
            week=one.hits_week,
            month=one.hits_month,
            mode=()
            if (mode := as_told(one.mode, digest)) is Mode.INSTANT
            else call.say("filters-mode", mode=str(mode)),
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
    return Reply(join("\n", [call.say("latest-title"), *(line_of(call, story, []) for story in found)]))


async def _filters(call: Call) -> list[Filter]:
    return await call.tools.chats.filters(call.chat.chat_id, call.now) if call.chat else []


async def _canonical(call: Call) -> str:
    try:
        return str(await read(call, call.argument))
    except QueryError:
        return call.argument
