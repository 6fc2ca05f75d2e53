"""What a chat does not want to be told: /mute, /unmute."""

import re
from contextlib import suppress
from dataclasses import replace

from bot.domain.errors import UserError
from bot.domain.muting import EVENT, Outlet, Wish, event_muted_until, read_mute, said_of
from bot.domain.rich import Text, join
from bot.ports.chats import Chat
from bot.ports.telling import Mute
from handlers.calls import Reply
from handlers.commands.base import Call, page_of

_LONGEST = 100  # characters of what is muted in an answer
_IN_A_LIST = 60
_MOST = 100  # mutes of a chat
_PAGE = 20  # mutes in one answer
_PAGE_OF = re.compile(r"page +(\d+)", re.IGNORECASE)


async def mute(call: Call) -> Reply:
    """Discard what has a word, or is of an outlet, or of an event, for a while or for good."""
    if not call.argument:
        raise UserError("mute-empty")
    chat = await call.enter()
    known = await call.tools.telling.mutes(chat.chat_id, call.now)
    if call.argument.startswith(EVENT):
        query, (name, until) = call.argument, await _event(call, chat)
    else:
        wish = read_mute(call.argument, await _outlets(call, chat))
        if wish.outlet is not None:
            return await _ask(call, chat, wish, wish.outlet)
        query, name = wish.query, ""
        until = None if wish.seconds is None else call.now + wish.seconds
    if len(known) >= _MOST and all(one.query != query for one in known):
        raise UserError("limit-mutes", limit=_MOST)
    made = await call.tools.telling.mute(chat.chat_id, query, name=name, until=until, now=call.now)
    undo = await call.button(chat, call.say("button-undo"), f"/unmute {query}")
    if name:
        return Reply(call.say("mute-event", name=name), ((undo,),))
    if until is None:
        return Reply(call.say("mute-done", what=_shown(made), number=str(made.number)), ((undo,),))
    return Reply(call.say("mute-until", what=_shown(made), when=call.say.when(until)), ((undo,),))


async def _ask(call: Call, chat: Chat, wish: Wish, outlet: str) -> Reply:
    """Let the person say whether the words are meant, or the outlet that may be called so."""
    shown = _short(wish.query)
    meant = (
        (wish.query, call.say("button-mute-words", what=shown)),
        (outlet, call.say("button-mute-named", what=shown)),
    )
    buttons = [await call.button(chat, label, f"/mute {said_of(query, wish.seconds)}") for query, label in meant]
    return Reply(call.say("mute-which", what=shown), tuple((button,) for button in buttons))


async def _outlets(call: Call, chat: Chat) -> list[Outlet]:
    """What the chat follows, with what the catalogue calls it."""
    follows = await call.tools.chats.follows(chat.chat_id)
    return [Outlet(follow.feed.url, follow.feed.title, _also(call, follow.feed.url)) for follow in follows]


def _also(call: Call, url: str) -> tuple[str, ...]:
    listing = call.tools.catalogue.at(url)
    return (listing.outlet, listing.outlet.partition(" (")[0], *listing.also) if listing is not None else ()


async def _event(call: Call, chat: Chat) -> tuple[str, float | None]:
    """What an event is called, and until when it is muted."""
    number = call.argument.removeprefix(EVENT)
    # Nine digits are more events than there will be, and fewer than a database's integer holds.
    known = number.isdecimal() and len(number) <= 9
    event = await call.tools.telling.event(chat.chat_id, int(number)) if known else None
    if event is None:
        raise UserError("mute-no-event")
    name, began = event
    return name or call.argument, event_muted_until(began, call.now)


async def unmute(call: Call) -> Reply:
    """Discard something no more, named by its number or its words; with nothing named, list what is muted."""
    mutes = await call.tools.telling.mutes(call.chat.chat_id, call.now) if call.chat else []
    if not call.argument:
        return await _list(call, mutes)
    chosen = _chosen(call.argument, mutes)
    if chosen is None and (page := _PAGE_OF.fullmatch(call.argument)):
        return await _list(replace(call, argument=page[1]), mutes)
    if chosen is None:
        chosen = await _understood(call, mutes)
    if chosen is None or call.chat is None:
        raise UserError("unmute-unknown", given=call.argument[:100])
    await call.tools.telling.unmute(call.chat.chat_id, chosen.mute_id)
    left = None if chosen.until is None else chosen.until - call.now
    again = await call.button(call.chat, call.say("button-mute-again"), f"/mute {said_of(chosen.query, left)}")
    return Reply(call.say("unmute-done", what=_shown(chosen), count=chosen.muted), ((again,),))


async def _understood(call: Call, mutes: list[Mute]) -> Mute | None:
    """The mute of what was typed, as it is understood when it is to be muted."""
    with suppress(UserError):
        wish = read_mute(call.argument, await _outlets(call, call.chat) if call.chat else [])
        return _chosen(wish.query, mutes) or _chosen(wish.outlet or "", mutes)
    return None


def _chosen(given: str, mutes: list[Mute]) -> Mute | None:
    """The mute of that number or query; in another case where none is so written (WHO is not who)."""
    exactly = (one for one in mutes if given in (one.query, str(one.number), f"#{one.number}"))
    likewise = (one for one in mutes if one.query.casefold() == given.casefold())
    return next(exactly, None) or next(likewise, None)


async def _list(call: Call, mutes: list[Mute]) -> Reply:
    if not mutes:
        return Reply(call.say("mutes-empty"))
    shown, more = page_of(call, "unmute page", mutes, _PAGE)
    return Reply(join("\n", [call.say("mutes-title"), *(_line(call, one) for one in shown), *more]))


def _line(call: Call, one: Mute) -> Text:
    key = "mutes-line" if one.until is None else "mutes-line-until"
    until = {} if one.until is None else {"when": call.say.when(one.until)}
    return call.say(key, number=str(one.number), what=_shown(one, _IN_A_LIST), count=one.muted, **until)


def _shown(one: Mute, longest: int = _LONGEST) -> str:
    return _short(one.name or one.query, longest)


def _short(shown: str, longest: int = _LONGEST) -> str:
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"
