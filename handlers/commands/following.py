"""Following feeds: /sub, /unsub, /list."""

import re
from collections.abc import Sequence
from math import ceil
from typing import Final

from bot.domain.catalogue import ASKS, Listing
from bot.domain.chats import Button
from bot.domain.errors import AdvertisedFeed, FetchFailed, FetchKind, NotAFeed, UserError
from bot.domain.rich import Piece, Text, join, plain
from bot.domain.stories import FeedDocument
from bot.domain.urls import is_same_feed, shown, site, tidied
from bot.feed_health import health
from bot.ports.chats import Chat, Follow
from bot.texts import Texts
from handlers.calls import Reply
from handlers.commands.base import Call, page_of

_HOUR: Final = 3_600.0
_DAY: Final = 86_400.0
_LONG_SILENT: Final = 30 * _DAY
_LONGEST: Final = 200  # characters of an address in an answer
_TITLE: Final = 80  # characters of a feed's title
_PAGE: Final = 25  # feeds in one answer
_OFFERED: Final = 5  # feeds of a page that are offered
_BUTTON: Final = 30  # characters of a title on a button


async def sub(call: Call) -> Reply:
    """Follow a feed, with `all` every story of it."""
    words = call.argument.split()
    if not words:
        raise UserError("sub-empty")
    everything = len(words) > 1 and words[-1].lower() == "all"
    words = words[: len(words) - everything]
    url = _url(words[0]) if len(words) == 1 else None
    if url is None:
        found = call.tools.catalogue.find(" ".join(words))
        if not found:
            raise UserError("sub-no-url", word=" ".join(words)[:60])
        if len(found) > 1:
            return await _choose(call, " ".join(words), found, everything=everything)
        url = found[0].url
    return await _follow(call, url, everything=everything)


async def _follow(call: Call, url: str, *, everything: bool) -> Reply:
    chat = await call.enter()
    known = _followed(url, await call.tools.chats.follows(chat.chat_id))
    if known is not None and known.everything == everything and known.feed.due_at is not None:
        return Reply(call.say("sub-already", title=known.feed.title or shown(url)))
    url = known.feed.url if known is not None else url  # however it is spelled this time

    try:
        introduction = await call.tools.feeds.introduce(url)
    except FetchFailed as failure:
        raise unreachable(call.say, url, failure) from failure
    except NotAFeed as failure:
        if failure.advertised:
            return await _offer(call, chat, url, failure.advertised, everything=everything)
        raise UserError(f"not-a-feed-{failure.seems}", url=shown(url)[:_LONGEST]) from failure
    if introduction.moved_to and await call.tools.chats.knows_feed(introduction.moved_to):
        url = introduction.moved_to
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
    lines = [await _welcome(call, chat, title, introduction.document, everything=everything)]
    listing = call.tools.catalogue.at(url)
    if listing is not None and listing.terms == ASKS:
        lines.append(call.say("sub-terms", outlet=listing.outlet))
    return Reply(join("\n", lines))


async def _choose(call: Call, name: str, found: Sequence[Listing], *, everything: bool) -> Reply:
    """A name means several feeds: say which, one tap away."""
    chat = await call.enter()
    lines = [call.say("sub-several", name=name[:60])]
    buttons: list[tuple[Button, ...]] = []
    for listing in found:
        outlet = (Piece(listing.outlet, link=listing.url),)
        lines.append(call.say("sub-listing", outlet=outlet, language=call.say.language_name(listing.language)))
        line = f"/sub {listing.url} all" if everything else f"/sub {listing.url}"
        buttons.append((await call.button(chat, call.say("button-follow", title=listing.outlet[:_BUTTON]), line),))
    lines.append(call.say("sub-or-watch", name=name[:60]))
    return Reply(join("\n", lines), tuple(buttons))


async def _welcome(call: Call, chat: Chat, title: str, document: FeedDocument, *, everything: bool) -> Text:
    say = call.say
    facts = [say("sub-entries", count=len(document.entries))]
    if document.language:
        facts.append(plain(say.language_name(document.language)))
    dates = sorted(entry.published for entry in document.entries if entry.published is not None)
    if len(dates) > 1 and dates[-1] - dates[0] > _HOUR:
        facts.append(say("sub-rate", rate=round((len(dates) - 1) / (dates[-1] - dates[0]) * _DAY, 1)))
    silent = bool(dates) and dates[-1] < call.now - _LONG_SILENT
    if dates and not silent:
        facts.append(say("sub-newest", when=say.when(dates[-1])))
    lines = [say("sub-done", title=title), join(" · ", facts)]
    if silent:
        lines.append(say("sub-silent", when=say.when(dates[-1])))
    if everything:
        lines.append(say("sub-everything"))
    elif await call.tools.chats.filters(chat.chat_id, call.now):
        lines.append(say("sub-filtered"))
    else:
        lines.append(say("sub-no-filter"))
    return join("\n", lines)


def unreachable(say: Texts, url: str, failure: FetchFailed) -> UserError:
    """What is said of an address that cannot be fetched."""
    key = f"fetch-{failure.kind}"
    if failure.status is not None and say.has(f"{key}-{failure.status}"):
        key = f"{key}-{failure.status}"
    minutes = ceil((failure.retry_after or 0.0) / 60)
    return UserError(key, url=shown(url)[:_LONGEST], status=str(failure.status or 0), minutes=minutes)


async def _offer(call: Call, chat: Chat, url: str, advertised: Sequence[AdvertisedFeed], *, everything: bool) -> Reply:
    """A page was named instead of a feed: say which feeds it has, one tap away."""
    lines = [call.say("page-advertises", url=shown(url)[:_LONGEST], count=len(advertised[:_OFFERED]))]
    buttons: list[tuple[Button, ...]] = []
    for feed in advertised[:_OFFERED]:
        title = feed.title[:_TITLE] or site(feed.url)
        lines.append(call.say("page-feed", title=(Piece(title, link=shown(feed.url)),)))
        line = f"/sub {feed.url} all" if everything else f"/sub {feed.url}"
        buttons.append((await call.button(chat, call.say("button-follow", title=title[:_BUTTON]), line),))
    return Reply(join("\n", lines), tuple(buttons))


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
        lines.append(call.say("list-line", number=str(number), title=title, health=health(call.say, follow, call.now)))
    return Reply(join("\n", [*lines, *more]))


def _chosen(given: str, follows: list[Follow]) -> Follow | None:
    if given.isdecimal():
        number = int(given)
        return follows[number - 1] if 0 < number <= len(follows) else None
    if (named := _followed(given, follows)) is not None:
        return named
    # As /list shows it, without the password that is in it.
    alike = [follow for follow in follows if is_same_feed(shown(follow.feed.url), given)]
    return alike[0] if len(alike) == 1 else None


def _followed(url: str, follows: list[Follow]) -> Follow | None:
    return next((follow for follow in follows if is_same_feed(follow.feed.url, url)), None)


def _url(word: str) -> str | None:
    """What a person typed as an address; the scheme may be left out. None where it is none."""
    if re.match(r"https?://[^\s/]", word, re.IGNORECASE):
        return tidied(word)
    if "://" not in word and re.fullmatch(r"[^\s/@:]+\.[^\s/@:.]{2,}(?::\d+)?(?:/\S*)?", word):
        return tidied("https://" + word)
    if "://" in word:
        raise UserError(f"fetch-{FetchKind.ADDRESS}", url=word[:200], status="0")
    return None
