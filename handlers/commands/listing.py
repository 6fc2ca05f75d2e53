"""Taking feeds along: /import, /export."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from bot.domain.errors import FetchFailed, UserError
from bot.domain.lists import FeedList, ListedFeed, NotAnOutlineError
from bot.domain.rich import Text, join
from bot.domain.urls import shown, site, tidied
from handlers.calls import Document, Reply
from handlers.commands.base import Call
from handlers.commands.following import unreachable

_AT_A_TIME: Final = 50  # feeds that are followed in one transaction
_NAMED: Final = 20  # feeds that could not be followed
_NAME: Final = 80  # characters
_FILE: Final = "tocsin.opml"


async def import_(call: Call) -> Reply:
    """Follow the feeds of a list; none of them is asked first."""
    try:
        feeds = await call.tools.lists.read(await _document(call))
    except NotAnOutlineError as error:
        raise UserError("import-not-a-list", why=str(error)) from error
    if not feeds.feeds and not feeds.unusable:
        raise UserError("import-no-feeds")
    chat = await call.enter()
    limits = call.tools.limits
    new = known = 0
    beyond: tuple[ListedFeed, ...] = ()
    full = ""
    for begun in range(0, len(feeds.feeds), _AT_A_TIME):
        if begun and call.caller.progress is not None:
            await call.caller.progress(call.say("import-progress", done=begun, count=len(feeds.feeds)))
        part = [_tidied(feed) for feed in feeds.feeds[begun : begun + _AT_A_TIME]]
        taken = await call.tools.chats.follow_listed(
            chat.chat_id, part, now=call.now, most=limits.feeds, most_total=limits.total_feeds
        )
        new, known, full = new + taken.new, known + taken.known, taken.full
        if full:
            beyond = (*taken.beyond, *feeds.feeds[begun + _AT_A_TIME :])
            break
    call.tools.on_feeds()
    lines = [call.say("import-done", count=new)]
    if known:
        lines.append(call.say("import-known", count=known))
    if not feeds.whole:
        lines.append(call.say("import-part"))
    lines.extend(_failures(call, feeds, beyond, full))
    if feeds.empty:
        named = ", ".join(name[:_NAME] for name in feeds.empty[:_NAMED])
        lines.append(call.say("import-empty-folders", count=len(feeds.empty), names=named))
    if new and not await call.tools.chats.filters(chat.chat_id, call.now):
        lines.append(call.say("sub-no-filter"))
    return Reply(join("\n", lines))


async def export(call: Call) -> Reply:
    """Give back the list of the feeds that the chat follows."""
    follows = await call.tools.chats.follows(call.chat.chat_id) if call.chat else []
    if not follows:
        return Reply(call.say("list-empty"))
    listed = [
        follow.listed
        or ListedFeed(follow.feed.url, follow.feed.title or site(follow.feed.url), everything=follow.everything)
        for follow in follows
    ]
    content = await call.tools.lists.write(FeedList(tuple(listed), call.caller.title))
    document = Document(_FILE, content)
    if call.caller.files is not None:
        path = await call.caller.files.save(call.argument, document)
        return Reply(call.say("export-saved", count=len(listed), path=path))
    return Reply(call.say("export-done", count=len(listed)), document=document)


async def _document(call: Call) -> bytes:
    """The list that is meant: sent along, at an address, or in a file of this machine."""
    if call.caller.document is not None:
        return (await call.caller.document()).content
    if call.argument.lower().startswith(("http://", "https://")):
        url = tidied(call.argument)
        try:
            return await call.tools.lists.fetch(url)
        except FetchFailed as failure:
            raise unreachable(call.say, url, failure) from failure
    if call.argument and call.caller.files is not None:
        return (await call.caller.files.load(call.argument)).content
    raise UserError("import-empty")


def _failures(call: Call, feeds: FeedList, beyond: tuple[ListedFeed, ...], full: str) -> Iterator[Text]:
    """What is not followed, with the reason; a limit once for all that are beyond it."""
    failed = [
        *((name, shown(url)) for name, url in feeds.unusable),
        *((feed.title, shown(feed.url)) for feed in beyond),
    ]
    if not failed:
        return
    yield call.say("import-failed", count=len(failed))
    for name, url in failed[: min(_NAMED, len(feeds.unusable))]:
        yield call.say("import-unusable", name=(name or url)[:_NAME], url=url[:_NAME])
    if full:
        limits = call.tools.limits
        limit = limits.feeds if full == "limit-feeds" else limits.total_feeds
        yield call.say("import-limit-feeds" if full == "limit-feeds" else "import-limit-total-feeds", limit=limit)
        room = max(0, _NAMED - len(feeds.unusable))
        for feed in beyond[:room]:
            yield call.say("import-beyond", name=(feed.title or shown(feed.url))[:_NAME])
    if len(failed) > _NAMED:
        yield call.say("import-failed-more", count=len(failed) - _NAMED)


def _tidied(feed: ListedFeed) -> ListedFeed:
    return replace(feed, url=tidied(feed.url))
