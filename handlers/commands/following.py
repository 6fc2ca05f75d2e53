"""Following feeds: /sub, /unsub, /list."""

import re
from typing import Final

from bot.domain.errors import FetchFailed, FetchKind, NotAFeed, UserError
from bot.domain.rich import Piece, Text, join, plain
from bot.domain.stories import FeedDocument
from bot.domain.urls import canonical, shown, site
from bot.ports import Chat, Follow
from bot.texts import Texts
from handlers.calls import Reply
from handlers.commands.base import Call, page_of

_HOUR: Final = 3_600.0
_DAY: Final = 86_400.0
_LONGEST: Final = 200  # characters of an address in an answer
_TITLE: Final = 80  # characters of a feed's title
_PAGE: Final = 25  # feeds in one answer


async def sub(call: Call) -> Reply:
    """Follow a feed, with `all` every story of it."""
    words = call.argument.split()
    if not words:
        raise UserError("sub-empty")
    everything = len(words) > 1 and words[-1].lower() == "all"
    if len(words) > 1 + everything:
        raise UserError("sub-no-url", word=call.argument[:60])
    url = _url(words[0])
    chat = await call.enter()
    known = _followed(url, await call.tools.chats.follows(chat.chat_id))
    if known is not None and known.everything == everything:
        return Reply(call.say("sub-already", title=known.feed.title or shown(url)))
    url = known.feed.url if known is not None else url  # however it is spelled this time

    try:
        introduction = await call.tools.feeds.introduce(url)
    except FetchFailed as failure:
        raise UserError(
            f"fetch-{failure.kind}", url=shown(url)[:_LONGEST], status=str(failure.status or 0)
        ) from failure
    except NotAFeed as failure:
        raise UserError(f"not-a-feed-{failure.seems}", url=shown(url)[:_LONGEST]) from failure
    limits = call.tools.limits
    title = introduction.document.title or site(url)
    new = await call.tools.chats.follow(
        chat.chat_id,
        [(url, title)],
        everything=everything,
        now=call.now,
        most=limits.feeds,
        most_total=limits.total_feeds,
    )
    for feed in new:
        if not feed.primed:
            await call.tools.feeds.welcome(feed, introduction)
    call.tools.on_feeds()
    return Reply(await _welcome(call, chat, title, introduction.document, everything=everything))


async def _welcome(call: Call, chat: Chat, title: str, document: FeedDocument, *, everything: bool) -> Text:
    say = call.say
    facts = [say("sub-entries", count=len(document.entries))]
    if document.language:
        facts.append(plain(say.language_name(document.language)))
    dates = sorted(entry.published for entry in document.entries if entry.published is not None)
    if len(dates) > 1 and dates[-1] - dates[0] > _HOUR:
        facts.append(say("sub-rate", rate=round((len(dates) - 1) / (dates[-1] - dates[0]) * _DAY, 1)))
    if dates:
        facts.append(say("sub-newest", when=say.when(dates[-1])))
    lines = [say("sub-done", title=title), join(" · ", facts)]
    if everything:
        lines.append(say("sub-everything"))
    elif await call.tools.chats.filters(chat.chat_id, call.now):
        lines.append(say("sub-filtered"))
    else:
        lines.append(say("sub-no-filter"))
    return join("\n", lines)


async def unsub(call: Call) -> Reply:
    """Stop following a feed, named by its number in /list or its URL."""
    follows = await call.tools.chats.follows(call.chat.chat_id) if call.chat else []
    if not call.argument:
        raise UserError("unsub-empty")
    chosen = _chosen(call.argument, follows)
    if chosen is None or call.chat is None:
        raise UserError("unsub-unknown", given=call.argument[:100], count=len(follows))
    await call.tools.chats.unfollow(call.chat.chat_id, chosen.feed.feed_id)
    return Reply(call.say("unsub-done", title=chosen.feed.title or shown(chosen.feed.url)))


async def list_(call: Call) -> Reply:
    """The feeds that the chat follows, each with its health."""
    follows = await call.tools.chats.follows(call.chat.chat_id) if call.chat else []
    if not follows:
        return Reply(call.say("list-empty"))
    lines: list[Text] = [call.say("list-title", count=len(follows))]
    numbered, more = page_of(call, "list", list(enumerate(follows, 1)), _PAGE)
    for number, follow in numbered:
        title = (Piece(follow.feed.title[:_TITLE] or shown(follow.feed.url), link=shown(follow.feed.url)),)
        lines.append(call.say("list-line", number=str(number), title=title, health=_health(call.say, follow)))
    return Reply(join("\n", [*lines, *more]))


def _health(say: Texts, follow: Follow) -> Text:
    feed = follow.feed
    if feed.error:
        key = "health-" + re.sub(r"-\d+$", "", feed.error)
        status = feed.error.rpartition("-")[2]
        told = say(key if say.has(key) else "health-unexpected", status=status)
        return say("health-failing", why=told, count=feed.failures)
    if feed.polled_at is None:
        return say("health-new")
    told = say("health-well", when=say.when(feed.polled_at))
    return join(" · ", [told, say("health-everything")]) if follow.everything else told


def _chosen(given: str, follows: list[Follow]) -> Follow | None:
    if given.isdecimal():
        number = int(given)
        return follows[number - 1] if 0 < number <= len(follows) else None
    return _followed(given, follows)


def _followed(url: str, follows: list[Follow]) -> Follow | None:
    return next((follow for follow in follows if canonical(follow.feed.url) == canonical(url)), None)


def _url(word: str) -> str:
    """What a person typed as an address; the scheme may be left out."""
    if re.match(r"https?://[^\s/]", word, re.IGNORECASE):
        return word
    if "://" not in word and re.fullmatch(r"[^\s/@:]+\.[^\s/@:.]{2,}(?::\d+)?(?:/\S*)?", word):
        return "https://" + word
    if "://" in word:
        raise UserError(f"fetch-{FetchKind.ADDRESS}", url=word[:200], status="0")
    raise UserError("sub-no-url", word=word[:60])
