"""The chat itself: /start, /pause, /resume, /status, /stop, /claim."""

from typing import Final

from bot.domain.chats import Button, ChatKind
from bot.domain.errors import UserError
from bot.domain.hours import read_until
from bot.domain.muting import FOR_GOOD
from bot.domain.query import Query, parse
from bot.domain.rich import Text, join, to_plain
from bot.domain.urls import site
from bot.feed_health import trouble
from bot.ports.chats import Chat, Standing
from handlers.calls import Reply
from handlers.commands.base import Call

# Ready-made filters, each a topic in several languages; the first phrase names it on its button.
PRESETS: Final = (
    "EUMAM",
    "military instructors, instructeurs militaires, військові інструктори, військових інструкторів",
    "coalition of the willing, coalition des volontaires, коаліція охочих, коаліції охочих",
)


# What to say, and to do, of a chat that took nothing until now; of others, that they are back.
_GONE: Final = {
    "forbidden": "rights",
    "no-rights": "rights",
    "verification-too-high": "rights",
    "write-forbidden": "rights",
    "no-access": "hidden",
    "thread-archived": "closed",
    "thread-locked": "closed",
    "topic-closed": "closed",
    "tag-required": "tag",
    "direct-messages-closed": "direct",
}

_WHY: Final = 100  # characters of what a platform said
_FAILING: Final = 5  # feeds that do not work which /status names


async def start(call: Call) -> Reply:
    """Welcome: follow the source pack, offer presets, say what to do next."""
    chat = await call.enter()
    tools = call.tools
    lines = [call.say("start-hello")]
    if chat.paused:
        lines += await _resumed(call, chat)
    follows = await tools.chats.follows(chat.chat_id)
    if not follows and tools.pack.feeds:
        limits = tools.limits
        followed = await tools.chats.follow(
            chat.chat_id,
            tools.pack.feeds[: limits.feeds],
            everything=False,
            now=call.now,
            most=limits.feeds,
            most_total=limits.total_feeds,
        )
        tools.on_feeds()
        lines.append(call.say("start-pack", count=len(followed), pack=tools.pack.name))
    elif follows:
        lines.append(call.say("start-follows", count=len(follows)))
    else:
        lines.append(call.say("start-no-feeds"))
    made = await tools.chats.filters(chat.chat_id, call.now)
    if made:
        lines.append(call.say("start-filters", count=len(made)))
        return Reply(join("\n", lines))
    lines.append(call.say("start-no-filter"))
    rows: list[tuple[Button, ...]] = []
    for preset in PRESETS:
        name = str(Query(parse(preset).terms[0]))
        rows.append((await call.button(chat, call.say("button-preset", name=name), f"/watch {preset}"),))
    return Reply(join("\n", lines), tuple(rows))


async def pause(call: Call) -> Reply:
    """Hold alerts until /resume, or until the time that is said."""
    until = None
    if call.argument and call.argument.lower() != FOR_GOOD:
        until = read_until(call.argument, call.now, call.zone)
        if until is None:
            raise UserError("pause-unknown", given=call.argument[:40])
    chat = await call.enter()
    await call.tools.chats.pause(chat.chat_id, paused=True, now=call.now, until=until)
    button = await call.button(chat, call.say("button-resume"), "/resume")
    if until is not None:
        said = call.say("pause-until", when=call.say.when(until))
    else:
        said = call.say("pause-already" if chat.paused and chat.paused_until is None else "pause-done")
    return Reply(said, ((button,),))


async def resume(call: Call) -> Reply:
    """Let held alerts go."""
    chat = await call.enter()
    return Reply(join("\n", await _resumed(call, chat)) if chat.paused else call.say("resume-already"))


async def _resumed(call: Call, chat: Chat) -> list[Text]:
    """End a pause; what to say of it."""
    waiting = await call.tools.telling.waiting(chat.chat_id, call.zone, call.now)
    await call.tools.chats.pause(chat.chat_id, paused=False, now=call.now)
    call.tools.on_alerts()
    if not waiting.later:
        return [call.say("resume-done", held=waiting.now)]
    come_now = [call.say("resume-done", held=waiting.now)] if waiting.now else [call.say("resume-on")]
    return [*come_now, call.say("resume-later", count=waiting.later)]


async def status(call: Call) -> Reply:
    """What was polled, matched, sent, held and failed for this chat."""
    if call.chat is None:
        return Reply(call.say("status-empty"))
    say = call.say
    standing = await call.tools.chats.standing(call.chat.chat_id, call.now)
    follows = await call.tools.chats.follows(call.chat.chat_id)
    failing = [(follow.feed, why) for follow in follows if (why := trouble(say, follow.feed, call.now))]
    never = to_plain(say("never"))
    lines = [
        *_at_work(call, call.chat),
        say(
            "status-feeds",
            count=standing.feeds,
            failing=len(failing),
            when=say.when(standing.last_poll) if standing.last_poll else never,
        ),
        say("status-stories", count=standing.stories_week, matches=standing.matches_week, filters=standing.filters),
        say(
            "status-alerts",
            sent=standing.sent,
            due=standing.due,
            failed=standing.failed,
            when=say.when(standing.last_sent) if standing.last_sent else never,
        ),
        *_held(call, standing),
        *await _discarded(call, standing),
        say("status-since", when=say.when(standing.since)),
    ]
    lines.extend(say("status-failing", title=feed.title or site(feed.url), why=why) for feed, why in failing[:_FAILING])
    if len(failing) > _FAILING:
        lines.append(say("status-failing-more", count=len(failing) - _FAILING))
    lines.extend(
        say("status-platform", platform=platform, state=state)
        for platform, state in call.tools.platforms().items()
        if state != "serving"
    )
    if not standing.filters:
        lines.append(say("status-no-filter"))
    return Reply(join("\n", lines))


def _at_work(call: Call, chat: Chat) -> list[Text]:
    """Whether alerts come, and what keeps them from it; as it was before this was asked, for that is a word of it."""
    say = call.say
    paused = []
    if chat.paused_until is not None:
        paused = [say("status-paused-until", when=say.when(chat.paused_until))]
    elif chat.paused:
        paused = [say("status-paused")]
    if not chat.gone:
        return paused or [say("status-on")]
    gone = say(f"status-gone-{_GONE.get(chat.gone, 'back')}", why=chat.gone)
    since = [say("status-gone-since", when=say.when(chat.gone_at))] if chat.gone_at is not None else []
    return [*paused, gone, *since]


def _held(call: Call, standing: Standing) -> list[Text]:
    """What is held and until when, and what failed for which reason."""
    say = call.say
    lines = [
        say(f"status-held-{why}", count=count, waiting=standing.due, when=say.when(until))
        for why, (count, until) in standing.held.items()
    ]
    lines.extend(say("status-refused", why=why[:_WHY], count=count) for why, count in standing.refusals.items())
    return lines


async def _discarded(call: Call, standing: Standing) -> list[Text]:
    """What was discarded, and where to end that if it still can be."""
    if not standing.muted or call.chat is None:
        return []
    lasts = await call.tools.telling.mutes(call.chat.chat_id, call.now)
    return [call.say("status-muted" if lasts else "status-muted-once", count=standing.muted)]


async def stop(call: Call) -> Reply:
    """Leave, and erase what is stored of the chat; asks once."""
    if call.chat is None:
        return Reply(call.say("stop-nothing"))
    standing = await call.tools.chats.standing(call.chat.chat_id, call.now)
    if call.argument.lower() != "yes":
        buttons = (
            (await call.button(call.chat, call.say("button-stop"), "/stop yes"),),
            (await call.button(call.chat, call.say("button-pause"), "/pause"),),
            (await call.button(call.chat, call.say("button-export"), "/export"),),
        )
        return Reply(
            call.say("stop-ask", feeds=standing.feeds, filters=standing.filters, due=standing.due),
            buttons if standing.feeds else buttons[:2],
        )
    made = await call.tools.chats.filters(call.chat.chat_id, call.now)
    await call.tools.chats.erase(call.chat.chat_id)
    for one in made:
        call.tools.index.remove(one.query)
    erased = call.say(
        "stop-done", feeds=standing.feeds, filters=standing.filters, alerts=standing.sent, due=standing.due
    )
    anew = await call.tools.access.may_let_in(call.caller)
    return Reply(join(" ", [erased, call.say("stop-anew") if anew else call.say("stop-anew-operator")]))


async def claim(call: Call) -> Reply:
    """Make who sends the code of the log the first operator."""
    if call.caller.person is None or call.caller.kind is not ChatKind.PRIVATE:
        raise UserError("claim-in-private")
    if not call.argument:
        raise UserError("claim-empty")
    await call.tools.access.claim(call.caller.person, call.argument)
    return Reply(call.say("claim-done"))
