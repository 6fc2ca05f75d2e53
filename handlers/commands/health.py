"""How a feed does, in words."""

import re

from bot.domain.rich import Text, join
from bot.ports import Feed, Follow
from bot.texts import Texts


def health(say: Texts, follow: Follow) -> Text:
    """A followed feed's health: that it works and when it answered last, or why it does not."""
    feed = follow.feed
    if feed.error:
        return say("health-failing", why=trouble(say, feed), count=feed.failures)
    if feed.polled_at is None:
        return say("health-new")
    told = say("health-well", when=say.when(feed.polled_at))
    return join(" · ", [told, say("health-everything")]) if follow.everything else told


def trouble(say: Texts, feed: Feed) -> Text:
    """Why a feed does not work: 401, 403, 404, 410 and 429 each mean something of their own."""
    kind, _, status = feed.error.rpartition("-")
    for key in (feed.error, kind if re.fullmatch(r"\d+", status) else ""):
        if key and say.has(f"health-{key}"):
            return say(f"health-{key}", status=status)
    return say("health-unexpected")
