"""What a chat does not want to be told: /mute, /unmute."""

import re
from dataclasses import replace

from bot.domain.errors import UserError
from bot.domain.muting import event_muted_until, read_mute
from bot.domain.rich import Text, join
from bot.ports import Chat, Mute
from handlers.calls import Reply
from handlers.commands.base import Call, page_of

_EVENT = "event:"
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
    if call.argument.startswith(_EVENT):
        query, (name, until) = call.argument, await _event(call, chat)
    else:
        outlets = [follow.feed.title for follow in await call.tools.chats.follows(chat.chat_id)]
        (query, seconds), name = read_mute(call.argument, outlets), ""
        until = None if seconds is None else call.now + seconds
    if len(known) >= _MOST and all(one.query != query for one in known):
        raise UserError("limit-mutes", limit=_MOST)
    made = await call.tools.telling.mute(chat.chat_id, query, name=name, until=until, now=call.now)
    undo = await call.button(chat, call.say("button-undo"), f"/unmute {query}")
    if name:
        return Reply(call.say("mute-event", name=name), ((undo,),))
    if until is None:
        return Reply(call.say("mute-done", what=_shown(made), number=str(made.number)), ((undo,),))
    return Reply(call.say("mute-until", what=_shown(made), when=call.say.when(until)), ((undo,),))


async def _event(call: Call, chat: Chat) -> tuple[str, float | None]:
    """What an event is called, and until when it is muted."""
    number = call.argument.removeprefix(_EVENT)
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
        # An outlet's name, which was understood as such when it was muted.
        outlets = (
            [follow.feed.title for follow in await call.tools.chats.follows(call.chat.chat_id)] if call.chat else []
        )
        chosen = _chosen(_query_of(call.argument, outlets), mutes)
    if chosen is None or call.chat is None:
        raise UserError("unmute-unknown", given=call.argument[:100])
    await call.tools.telling.unmute(call.chat.chat_id, chosen.mute_id)
    again = await call.button(call.chat, call.say("button-mute-again"), f"/mute {chosen.query}")
    return Reply(call.say("unmute-done", what=_shown(chosen), count=chosen.muted), ((again,),))


def _query_of(text: str, outlets: list[str]) -> str:
    try:
        return read_mute(text, outlets)[0]
    except UserError:
        return text


def _chosen(given: str, mutes: list[Mute]) -> Mute | None:
    return next((one for one in mutes if given in (one.query, str(one.number), f"#{one.number}")), None)


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
    shown = one.name or one.query
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"
