"""How long what is stored is kept: what may go when, and what is left of a story that went.

What goes, goes by the event: while anything of it is young, waits to be matched or is still to be delivered, all of it
stays, for its alerts are what keeps a chat from being told twice. Deleting is elsewhere.
"""

from dataclasses import dataclass
from typing import Final

from bot.domain.stories import Entry, digest_of

DAY: Final = 86_400.0
UNSEEN: Final = 180 * DAY
"""Seconds for which a feed is read without showing an entry until the entry may be forgotten."""
REMOVED: Final = 30 * DAY
"""Seconds for which the chats of a server that the bot was removed from are kept, for its return."""
LOOKED_OVER: Final = 30 * DAY
"""Seconds after which a document that never changes is taken in once more, so that what it shows counts as shown."""
TIDIED: Final = DAY
"""Seconds between two rounds of upkeep."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """For how many seconds stories with their alerts are kept, and for how many their texts."""

    stories: float
    texts: float


@dataclass(frozen=True, slots=True)
class EventFacts:
    """An event as far as its age goes, in Unix seconds.

    `changed_at` is when the newest version of any of its stories was seen, `settled_at` when the last of its alerts was
    sent or given up; None where it has none. `waiting` says that a story is still to be matched, or an alert to be
    delivered or decided on, whatever holds it.
    """

    changed_at: float | None
    settled_at: float | None
    waiting: bool


def event_may_go(event: EventFacts, now: float, keeping: Keeping) -> bool:
    """Whether an event, its stories and its alerts are all old enough."""
    newest = max(event.changed_at or 0.0, event.settled_at or 0.0)
    return not event.waiting and newest < now - keeping.stories


def text_may_go(seen_at: float, now: float, keeping: Keeping, *, waiting: bool) -> bool:
    """Whether the text of a version of a story that was seen then may go; `waiting` is as for its event."""
    return not waiting and seen_at < now - min(keeping.texts, keeping.stories)


def version_may_go(seen_at: float, now: float, keeping: Keeping, *, waiting: bool) -> bool:
    """Whether a former version of a story that stays, because it goes on changing, may go."""
    return not waiting and seen_at < now - keeping.stories


def is_forgotten(seen_at: float, read_at: float | None, now: float, *, followed: bool) -> bool:
    """Whether what was shown last at `seen_at` need not be known again.

    Time counts as long as the feed is read: one that has been down for a year may come back with all that it had. A
    feed that nobody follows starts anew with a silent poll, and is not read meanwhile.
    """
    until = now if not followed else min(read_at or 0.0, now)
    return seen_at < until - UNSEEN


def is_to_be_looked_over(taken_at: float | None, now: float) -> bool:
    """Whether a document is to be taken in, or what it shows to be noted as shown, although nothing in it is new."""
    return taken_at is not None and now - taken_at > LOOKED_OVER


def is_tidy(tidied_at: float | None, now: float) -> bool:
    """Whether the last round of upkeep was lately; a clock that was set back does not keep the next one waiting."""
    return tidied_at is not None and 0 <= now - tidied_at < TIDIED


def face_of(entry: Entry) -> Entry:
    """What a story is recognised by once it is gone: nothing that a reader would miss."""
    return Entry(guid=entry.guid, url=entry.url, title=entry.title, published=entry.published)


def without_text(entry: Entry) -> Entry:
    """A story whose text has gone: headline and lead stay."""
    return entry._replace(content="")


def as_it_was(entry: Entry, digest: str, newer: Entry) -> Entry:
    """An entry as it was before it changed to `newer`, though its text may have gone; `digest` is of the whole entry.

    What has gone counts as having said what the newer one says: words are news where they are known to be new.
    """
    if digest_of(entry) == digest:
        return entry
    return entry._replace(summary=entry.summary or newer.summary, content=entry.content or newer.content)
