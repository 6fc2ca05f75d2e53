"""How a feed does, in words."""

import re
from typing import Final

from bot.domain.health import State, health_of
from bot.domain.rhythm import DAY, HOUR
from bot.domain.rich import Text, join
from bot.ports.chats import Follow
from bot.ports.feeds import Feed
from bot.texts import Texts

_MINUTE: Final = 60.0


def health(say: Texts, follow: Follow, now: float) -> Text:
    """A followed feed's health and rhythm: how it does, what it brings, how often it is asked, and what may be lost."""
    feed = follow.feed
    told = []
    if amiss := trouble(say, feed, now):
        # What answers and is amiss all the same has not failed.
        told.append(
            say("health-failing", why=amiss, count=max(1, feed.failures))
            if feed.error
            else say("health-amiss", why=amiss)
        )
    elif feed.polled_at is None:
        return say("health-new")
    else:
        told.append(say("health-well", when=say.moment(feed.polled_at)))
    if follow.everything:
        told.append(say("health-everything"))
    return join(" · ", [*told, *_rhythm(say, feed)])


def trouble(say: Texts, feed: Feed, now: float) -> Text:
    """What is amiss with a feed, nothing where nothing is.

    401, 403, 404, 410 and 429 each mean something of their own; a feed that answers can be empty, or frozen.
    """
    found = health_of(feed.history, now)
    return amiss(say, found.state, feed.error, found.since or now)


def amiss(say: Texts, state: State, error: str, since: float) -> Text:
    """What is amiss with a feed in this state since that instant, whose last poll ended with this error."""
    if error:
        why = _reason(say, error)
        return join(", ", [why, say("health-ended")]) if state is State.ENDED else why
    if state in (State.EMPTY, State.FROZEN):
        return say(f"health-{state}", when=say.moment(since))
    return ()


def _reason(say: Texts, error: str) -> Text:
    """What a poll's error, as it is stored, means."""
    kind, _, status = error.rpartition("-")
    for key in (error, kind if re.fullmatch(r"\d+", status) else ""):
        if key and say.has(f"health-{key}"):
            return say(f"health-{key}", status=status)
    return say("health-unexpected")


def _rhythm(say: Texts, feed: Feed) -> list[Text]:
    if feed.error or feed.polled_at is None or feed.due_at is None:
        return []
    pause = feed.due_at - feed.polled_at
    every = span(say, pause)
    a_day = feed.rhythm.stories_a_day if feed.rhythm is not None else None
    if a_day is not None:
        told = [say("health-rhythm", stories=round(a_day, 1) if a_day < 10 else round(a_day), every=every)]
    else:
        told = [say("health-asked", every=every)]
    if feed.window and pause > feed.window:
        told.append(say("health-window", window=span(say, feed.window)))
    return told


def span(say: Texts, seconds: float) -> Text:
    """A time that passes, in the unit in which people would say it."""
    if seconds < 1.5 * _MINUTE:
        return say("span-seconds", count=round(seconds, 1) if seconds < 10 else round(seconds))
    if seconds < 1.5 * HOUR:
        return say("span-minutes", count=round(seconds / _MINUTE))
    if seconds < 2 * DAY:
        return say("span-hours", count=round(seconds / HOUR))
    return say("span-days", count=round(seconds / DAY))
