"""Trying words: /try, on what is stored or on one story; what a query would have told, and why a story was not."""

from typing import Final

from bot.alerts import byline, evidence, headline
from bot.domain.alternatives import respelled, scattered
from bot.domain.chats import Button
from bot.domain.errors import UserError
from bot.domain.explain import reasons
from bot.domain.filters import Analysis, Match
from bot.domain.matching import Places, holds, word_holds
from bot.domain.query import Query, QueryError, parse
from bot.domain.required import words_of
from bot.domain.rich import Text, join, plain
from bot.ports.archive import BackTest, Fate, FoundStory
from bot.ports.chats import Chat, Filter
from bot.reading import in_words
from handlers.calls import Reply
from handlers.commands.base import Call
from handlers.commands.typed import hinted, read

_SAMPLES: Final = 3
_FLOOD: Final = 20  # alerts a day above which a filter is said to be broad
_SILENCE: Final = 7.0  # days without a match after which a filter is said to be narrow
_LEAST: Final = 1 / 24  # days from which it is told how much a day would bring
_BUTTON: Final = 60  # characters of a query on a button
_REASONS: Final = 4  # that are named of why a filter did not match


async def try_(call: Call) -> Reply:
    """Show what a query would have told, without saving it; or why a story was told or not."""
    fate = await _story(call)
    if fate is not None:
        return await _explained(call, fate)
    if not call.argument:
        raise UserError("try-empty")
    query = await read(call, call.argument)
    chat = await call.enter()
    tried = await call.tools.archive.back_test(chat.chat_id, query, call.now)
    done = call.say("try-done", query=str(query))
    hints = await hinted(call, "try", call.argument)
    lines = [done, call.say("query-read", reading=in_words(call.say, query)), *hints, *found(call, tried)]
    watch = await call.button(chat, call.say("button-watch", query=_cut(str(query))), f"/watch {query}")
    return Reply(join("\n", lines), ((watch,), *await offers(call, chat, query, tried)))


def found(call: Call, tried: BackTest) -> list[Text]:
    """What a query would have told, in lines: how much over how long, samples, and what there is to be told of."""
    say = call.say
    if not tried.feeds:
        return [say("tried-no-feeds")]
    days = round(tried.days)
    lines = []
    if not tried.whole:
        lines.append(say("tried-partial", days=days, hours=round(tried.days * 24)))
    if tried.events:
        a_day = tried.events / max(tried.covered, _LEAST)
        key = "tried-found" if tried.whole else "tried-found-partial"
        lines.append(say(key, count=tried.events, days=days, week=_rounded(a_day * 7)))
        lines.extend(line_of(call, story, [match]) for story, match in tried.found[:_SAMPLES])
        if tried.covered < tried.days:
            lines.append(say("tried-uneven"))
        if a_day > _FLOOD:
            lines.append(say("tried-flood", day=round(a_day)))
    elif not tried.whole:
        lines.append(say("tried-none-partial"))
    else:
        lines.append(say("tried-none" if tried.days >= _SILENCE else "tried-none-yet", days=days))
    lines.append(say("tried-supply", feeds=tried.feeds, stories=_rounded(tried.stories_a_day)))
    return lines


async def offers(call: Call, chat: Chat, query: Query, tried: BackTest) -> tuple[tuple[Button, ...], ...]:
    """Where a query would have told nothing: others that would have, one tap away."""
    if tried.events or not tried.feeds:
        return ()
    rows: list[tuple[Button, ...]] = []
    spelled = respelled(query, tried.unknown)
    for other in (spelled, scattered(spelled or query)):
        if other is not None and (count := await _told(call, chat, other)):
            label = call.say("button-instead", query=_cut(str(other)), count=count)
            rows.append((await call.button(chat, label, f"/watch {other}"),))
    return tuple(rows)


async def _told(call: Call, chat: Chat, query: Query) -> int:
    """How much another query would have told; nothing where it is too long to be typed."""
    try:
        return (await call.tools.archive.back_test(chat.chat_id, parse(str(query)), call.now)).events
    except QueryError:
        return 0


async def _story(call: Call) -> Fate | None:
    """The story that the call is about: its link, or the alert that it replies to.

    Raises:
        UserError: there is no such story.
    """
    if call.argument.lower().startswith(("http://", "https://")) and len(call.argument.split()) == 1:
        fate = await call.tools.archive.story_at(call.chat.chat_id if call.chat else 0, call.argument)
        if fate is None:
            raise UserError("try-no-story", url=call.argument[:200])
        return fate
    if call.caller.about is None or call.chat is None:
        return None
    fate = await call.tools.archive.told_in(call.chat.chat_id, call.caller.about)
    if fate is None and not call.argument:
        raise UserError("try-no-alert")
    return fate


async def _explained(call: Call, fate: Fate) -> Reply:
    """Why each of the chat's filters matched a story or did not; or one query that was asked about."""
    story = fate.story
    analysis = await call.tools.analyst.analyse(
        story.entry, outlet=story.outlet, feed_url=fate.feed_url, page=fate.page
    )
    lines = [line_of(call, story, [])]
    if fate.followed_at is None:
        lines.append(call.say("try-not-followed"))
    if fate.shortened:
        lines.append(call.say("try-shortened"))
    if call.argument and not call.argument.lower().startswith("http"):
        query = await read(call, call.argument)
        lines.append(_verdict(call, str(query), query, fate, analysis)[0])
        return Reply(join("\n", lines))
    made = await call.tools.chats.filters(call.chat.chat_id, call.now) if call.chat else []
    if not made:
        lines.append(call.say("filters-empty"))
    for one in made:
        verdict, matched = _verdict(call, f"#{one.number} {one.query}", parse(one.query), fate, analysis)
        told = _told_of(call, one, fate, matched=matched)
        lines.append(join(" – ", [verdict, told]) if told else verdict)
    return Reply(join("\n", lines))


def _told_of(call: Call, one: Filter, fate: Fate, *, matched: bool) -> Text:
    """What became of a match of a filter, or why nothing did; nothing where that is not known.

    A filter that does not hold for what the story says now may have been told of another story of its event, of what
    this one said before, or of a part of it that is no longer kept.
    """
    alert = fate.alerts.get(one.filter_id)
    if alert is not None:
        told = call.say(f"try-{alert.state}", when=call.say.when(alert.at))
        if matched:
            return told
        key: str | None
        if alert.story_id != fate.story.story_id:
            key = "try-told-other"
        else:
            key = "try-told-gone" if fate.shortened else "try-told-earlier" if fate.edited else None
        return join(", ", [told, call.say(key)]) if key else told
    if not matched:
        return ()
    if fate.followed_at is None:
        return ()
    if fate.silent:
        return call.say("try-silent")
    if max(one.since, fate.followed_at) > fate.story.first_seen:
        return call.say("try-before", when=call.say.when(fate.story.first_seen))
    return ()


def _verdict(call: Call, name: str, query: Query, fate: Fate, analysis: Analysis) -> tuple[Text, bool]:
    """That a query holds for a story, by which of its words, or which of its parts do not; and whether it does."""
    places = _places(query, analysis)
    spans = holds(query, places, analysis.facts)
    if spans is None:
        failing = reasons(query, places, analysis.facts)[:_REASONS]
        told = [call.say(f"try-why-{reason.why}", part=reason.part) for reason in failing]
        return call.say("try-unmatched", name=name, why=join("; ", told)), False
    if not spans:  # by its source alone, or another thing that is none of its text
        return call.say("try-matched", name=name), True
    words, where = evidence(call.say, fate.story.entry, Match(str(query), spans), fate.page)
    return call.say("try-matched-words", name=name, words=", ".join(words), places=where), True


def _places(query: Query, analysis: Analysis) -> Places:
    forms = analysis.facts.forms
    return {
        word: {
            place: characters
            for written, found in analysis.places.items()
            if word_holds(word, written, analysis.language, forms)
            for place, characters in found.items()
        }
        for word in words_of(query)
    }


def line_of(call: Call, story: FoundStory, matches: list[Match]) -> Text:
    """A story in a line: headline, outlet, time, and which filters it matched where that is known."""
    spans = [span for match in matches for span in match.spans]
    parts = [plain("• "), headline(story.entry, spans), plain(" — ")]
    parts.append(plain(byline(call.say, story.entry, story.outlet, story.first_seen, story.language)))
    if story.queries:
        parts.append(plain(f" ({', '.join(story.queries)})"))
    return join("", parts)


def _rounded(number: float) -> float:
    """As people say it: with a decimal below ten."""
    return round(number, 1) if number < 10 else round(number)


def _cut(query: str) -> str:
    return query if len(query) <= _BUTTON else query[: _BUTTON - 1] + "…"
