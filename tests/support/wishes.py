"""When and how chats want to be told, as the file says it at one instant; and whether a claim has kept to it.

Read with statements of its own, and words compared as they stand: what it judges must not judge itself.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from bot.domain.hours import read_quiet
from bot.domain.telling import Manner, Mode, held_back, mode_of
from bot.domain.urls import site
from bot.ports.outbox import ClaimedAlert

Sql = Callable[..., list[tuple[Any, ...]]]

_MUTED = """
    SELECT a.id, a.chat_id, a.event_id, a.made_at, f.url,
    CASE WHEN s.pending AND v.entry IS NOT NULL THEN v.entry ELSE s.entry END
    FROM alerts a JOIN stories s ON s.id = a.story_id JOIN feeds f ON f.id = s.feed_id
    LEFT JOIN versions v ON v.story_id = s.id AND v.version = s.matched WHERE a.state = 'muted'
"""
_ASKING = """
    SELECT a.id, a.silent, a.digest, n.filter_id, f.mode, w.everything_since IS NOT NULL
    FROM alerts a JOIN stories s ON s.id = a.story_id JOIN alert_filters n ON n.alert_id = a.id
    JOIN follows w ON w.chat_id = a.chat_id AND w.feed_id = s.feed_id
    LEFT JOIN filters f ON f.id = n.filter_id
    WHERE a.state IN ('due', 'held', 'claimed') AND (f.id IS NOT NULL OR n.filter_id = 0)
"""


@dataclass
class Asked:
    """How an alert is asked for: by filters with modes, by a wish for every story; whether it waits in a digest."""

    modes: list[Mode]
    everything: bool
    silent: bool
    in_digest: bool


class Wishes:
    """What was wished when this was made."""

    def __init__(self, sql: Sql, now: float) -> None:
        self._now = now
        chats = sql(
            "SELECT id, paused OR (gone != '' AND (look_at IS NULL OR look_at > ?)), quiet, digest_at FROM chats", now
        )
        self._paused = {chat_id for chat_id, shut, *_ in chats if shut}
        self._manners = {chat_id: Manner(UTC, read_quiet(quiet), digest) for chat_id, *_, quiet, digest in chats}
        self._mutes = sql("SELECT chat_id, query, since, coalesce(until, 1e99) FROM mutes")
        self._counts = counted(sql)
        self._muted = sql(_MUTED)
        self._asked = asked_for(sql)

    def are_kept_by(self, sql: Sql, claimed: Iterable[ClaimedAlert]) -> None:
        """Fail if one of these is claimed against its chat's wishes."""
        asked_for_now = asked_for(sql) | self._asked  # some were made on the way, instead of one that nobody asks for
        for alert in claimed:
            assert alert.chat_id not in self._paused, (
                "a chat that is paused, or gone, is told nothing but to see if it is still"
            )
            manner, asked = self._manners[alert.chat_id], asked_for_now[alert.alert_id]
            assert asked.modes or asked.everything, "nobody asks for it any more"
            modes = [*asked.modes, Mode.INSTANT] if asked.everything else asked.modes
            held = held_back(alert.made_at, mode_of(modes), manner, self._now)
            assert held is None or (held.why == "digest" and asked.in_digest), f"it is held until {held}"
            wants_silence = mode_of(modes) is Mode.SILENT or asked.silent
            assert alert.silent == wants_silence
            muted = self._falls_under_a_mute(
                alert.chat_id, alert.event_id, alert.made_at, alert.entry.title, alert.outlet
            )
            assert not muted, "it is muted"

    def are_kept_by_what_is_muted(self, sql: Sql) -> None:
        """Fail if something was discarded since that no mute is for, or an event of which some was is not counted."""
        before = {alert_id for alert_id, *_ in self._muted}
        events = {(chat_id, event_id) for _, chat_id, event_id, *_ in self._muted}
        for alert_id, chat_id, event_id, made_at, url, entry in sql(_MUTED):
            if alert_id not in before:
                title = json.loads(entry)["title"]
                assert self._falls_under_a_mute(chat_id, event_id, made_at, title, url), "no mute is for it"
                self._counts[chat_id] += (chat_id, event_id) not in events
                events.add((chat_id, event_id))
        assert counted(sql) == self._counts, "what was discarded is counted"

    def _falls_under_a_mute(self, chat_id: int, event_id: int, made_at: float, title: str, url: str) -> bool:
        return any(
            query in (f"event:{event_id}", f"source:{site(url)}", *title.split())
            and (self._now < until or since <= made_at < until)
            for muting, query, since, until in self._mutes
            if muting == chat_id
        )


def asked_for(sql: Sql) -> dict[int, Asked]:
    """How each alert that is not settled is asked for."""
    found: dict[int, Asked] = {}
    for alert_id, silent, digest, filter_id, mode, everything in sql(_ASKING):
        asked = found.setdefault(alert_id, Asked([], everything=False, silent=silent, in_digest=digest in (1, 3)))
        if filter_id:
            asked.modes.append(Mode(mode))
        else:
            asked.everything |= bool(everything)
    return found


def counted(sql: Sql) -> Counter[int]:
    """How many alerts of each chat its mutes say that they have discarded."""
    return Counter(dict(sql("SELECT chat_id, sum(muted) FROM mutes GROUP BY 1")))
