"""When and how alerts come: /mode, /digest, /quiet, /timezone, /settings."""

import asyncio
from collections.abc import Sequence
from typing import Final

from bot.domain.chats import Button
from bot.domain.errors import UserError
from bot.domain.hours import clock_time, read_quiet, read_time
from bot.domain.rich import Text, join, plain, to_plain
from bot.domain.telling import DIGEST_AT, Mode, as_told
from bot.ports.chats import Chat, Filter
from bot.zones import find_zone
from handlers.calls import Reply
from handlers.commands.base import Call

_OFF: Final = {"off", "none", "no", "never"}
_ALL: Final = "all"
_QUIET: Final = "22:00-07:00"
_QUERY: Final = 100  # characters of a query in an answer


async def timezone(call: Call) -> Reply:
    """Have the chat's times be of a zone, which is named by IANA's name or a city's."""
    if not call.argument:
        raise UserError("timezone-empty", zone=_zone_of(call), now=call.say.when(call.now))
    zone = await asyncio.to_thread(find_zone, call.argument)  # the first time takes most of a second
    if zone is None:
        raise UserError("timezone-unknown", given=call.argument[:60])
    chat = await call.enter()
    await call.tools.telling.set_zone(chat.chat_id, str(zone), call.now)
    call.tools.on_alerts()
    return Reply(call.say("timezone-done", zone=str(zone), now=call.say.in_zone(zone).when(call.now)))


async def quiet(call: Call) -> Reply:
    """Hold alerts in these hours of the day, by the chat's clocks."""
    if not call.argument:
        now = call.chat.quiet if call.chat else None
        raise UserError("quiet-empty", hours=str(now or to_plain(call.say("none"))))
    hours = read_quiet(call.argument)
    if hours is None and call.argument.lower() not in _OFF:
        raise UserError("quiet-unknown", given=call.argument[:40])
    chat = await call.enter()
    await call.tools.telling.set_quiet(chat.chat_id, hours, call.now)
    call.tools.on_alerts()
    if hours is None:
        return Reply(call.say("quiet-off"))
    return Reply(call.say("quiet-done", hours=str(hours), zone=_zone_of(call)), await _off(call, chat, "quiet"))


async def digest(call: Call) -> Reply:
    """Tell once a day, at this time, what filters in digest mode matched."""
    if not call.argument:
        now = call.chat.digest if call.chat else None
        raise UserError("digest-empty", time=to_plain(call.say("none")) if now is None else clock_time(now))
    minute = read_time(call.argument)
    if minute is None and call.argument.lower() not in _OFF:
        raise UserError("digest-unknown", given=call.argument[:40])
    chat = await call.enter()
    await call.tools.telling.set_digest(chat.chat_id, minute, call.now)
    call.tools.on_alerts()
    made = await call.tools.chats.filters(chat.chat_id, call.now)
    concerned = sum(one.mode is Mode.DIGEST for one in made)
    if minute is None:
        return Reply(call.say("digest-off", count=concerned))
    if not made:
        return Reply(call.say("digest-done-unasked", time=clock_time(minute), zone=_zone_of(call)))
    lines = [call.say("digest-done", time=clock_time(minute), zone=_zone_of(call), count=concerned)]
    buttons: tuple[tuple[Button, ...], ...] = ()
    if not concerned:
        button = await call.button(chat, call.say("button-mode-digest"), f"/mode {_ALL} digest")
        buttons = ((button,),)
    return Reply(join("\n", lines), buttons)


async def mode(call: Call) -> Reply:
    """Have a filter, or all, tell at once, without a sound, or in the digest."""
    words = call.argument.lower().split()
    made = await call.tools.chats.filters(call.chat.chat_id, call.now) if call.chat else []
    if len(words) != 2 or words[1] not in list(Mode):
        raise UserError("mode-empty")
    named, wanted = words[0].removeprefix("#"), Mode(words[1])
    chosen = [one for one in made if named in (str(one.number), _ALL)]
    if not chosen or call.chat is None:
        raise UserError("mode-unknown", given=words[0][:40])
    chat = call.chat
    await call.tools.telling.set_modes(chat.chat_id, [one.filter_id for one in chosen], wanted, call.now)
    minute = chat.digest
    if wanted is Mode.DIGEST and minute is None:
        minute = DIGEST_AT
        await call.tools.telling.set_digest(chat.chat_id, minute, call.now)
    call.tools.on_alerts()
    time = "" if minute is None else clock_time(minute)
    what = call.say(f"mode-done-{wanted}", filters=_named(call, chosen), time=time)
    if wanted is not Mode.DIGEST or chat.digest is not None:
        return Reply(what)
    asked = call.say("mode-digest-when", time=time, zone=_zone_of(call))
    others = [await call.button(chat, plain(at), f"/digest {at}") for at in ("07:00", "12:00", "18:00")]
    return Reply(join("\n", [what, asked]), (tuple(others),))


def _on(call: Call, chat: Chat) -> Text:
    """Whether alerts come."""
    if chat.paused_until is not None:
        return call.say("settings-paused-until", when=call.say.when(chat.paused_until))
    return call.say("settings-paused" if chat.paused else "settings-on")


async def settings(call: Call) -> Reply:
    """How the chat is told, as a menu."""
    chat = call.chat or await call.enter()
    say = call.say
    made = await call.tools.chats.filters(chat.chat_id, call.now)
    none = to_plain(say("none"))
    lines = [
        say("settings-title"),
        _on(call, chat),
        say("settings-zone", zone=_zone_of(call), now=say.when(call.now)),
        say("settings-quiet", hours=str(chat.quiet or none)),
        say("settings-digest", time=none if chat.digest is None else clock_time(chat.digest)),
        *_modes(call, made, chat.digest),
        say("settings-mutes", count=len(await call.tools.telling.mutes(chat.chat_id, call.now))),
        say("settings-more"),
    ]
    rows = [
        [(say("button-resume"), "/resume") if chat.paused else (say("button-pause-now"), "/pause")],
        [
            (say("button-off", what="quiet"), "/quiet off")
            if chat.quiet
            else (say("button-quiet", hours=_QUIET), f"/quiet {_QUIET}"),
            (say("button-off", what="digest"), "/digest off")
            if chat.digest is not None
            else (say("button-digest", time=clock_time(DIGEST_AT)), f"/digest {clock_time(DIGEST_AT)}"),
        ],
        [(plain(city), f"/timezone {city}") for city in ("Kyiv", "Paris", "London")],
    ]
    if made:
        rows.append([(say(f"button-mode-{one}"), f"/mode {_ALL} {one}") for one in Mode])
    rows.append([(say("button-mutes"), "/unmute")])
    return Reply(
        join("\n", lines),
        tuple([tuple([await call.button(chat, label, line) for label, line in row]) for row in rows]),
    )


def _modes(call: Call, made: Sequence[Filter], digest: int | None) -> list[Text]:
    """How many filters tell how."""
    modes = [as_told(each.mode, digest) for each in made]
    return [call.say(f"settings-mode-{one}", count=count) for one in Mode if (count := modes.count(one))]


def _named(call: Call, chosen: Sequence[Filter]) -> Text:
    if len(chosen) > 1:
        return call.say("mode-filters", count=len(chosen))
    query = chosen[0].query
    return call.say(
        "mode-filter", number=str(chosen[0].number), query=query if len(query) <= _QUERY else query[:_QUERY]
    )


async def _off(call: Call, chat: Chat, command: str) -> tuple[tuple[Button, ...], ...]:
    return ((await call.button(chat, call.say("button-off", what=command), f"/{command} off"),),)


def _zone_of(call: Call) -> str:
    return str(call.zone)
