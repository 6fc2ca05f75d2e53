"""A digest's words: many alerts as one message, by filter and event, newest first."""

from collections.abc import Callable, Iterable
from typing import Final

from bot.alerts import held, missed, told_at
from bot.domain.chats import Message
from bot.domain.rich import Piece, Text, bare, join, plain, text_units, to_plain
from bot.domain.urls import site
from bot.ports.outbox import ClaimedAlert, ClaimedDigest
from bot.texts import Texts

UNITS: Final = 4_000
"""What a digest takes at most, in the units in which its platform counts: every platform's messages hold as many."""

_HEADLINE: Final = 160  # characters
_OUTLET: Final = 40
_QUERY: Final = 80
_BETWEEN: Final = 4  # units of what may stand between a text and the next: line feeds, an indent


def digest_message(
    say: Texts, digest: ClaimedDigest, units: Callable[[Text], int] = text_units
) -> tuple[Message, ClaimedDigest]:
    """A message that tells as many of the digest's alerts as it has room for, and the digest of those.

    `units` is how much of a message's room a text takes.
    """
    lines = [_line(say, alert) for alert in digest.alerts]
    if digest.plain:  # their addresses take room as well
        lines = [bare(line) for line in lines]
    headings = [_heading(say, alert) for alert in digest.alerts]
    left = UNITS - units(_top(say, digest)) - _BETWEEN
    known: set[str] = set()
    told = 0
    for line, heading in zip(lines, headings, strict=True):
        name = to_plain(heading)
        left -= units(line) + _BETWEEN + (0 if name in known else units(heading) + _BETWEEN + 1)
        if left < 0 and told:
            break
        known.add(name)
        told += 1
    digest = digest.telling(told)
    groups: dict[str, tuple[Text, dict[int, list[Text]]]] = {}
    for alert, line, heading in zip(digest.alerts, lines, headings, strict=False):
        _, events = groups.setdefault(to_plain(heading), (heading, {}))
        events.setdefault(alert.event_id or -alert.alert_id, []).append(line)
    parts = [_top(say, digest)]
    parts += [join("\n", [heading, *_under(events.values())]) for heading, events in groups.values()]
    silent = all(alert.silent for alert in digest.alerts)
    return Message(join("\n\n", parts), silent=silent, plain=digest.plain, key=digest.key), digest


def _top(say: Texts, digest: ClaimedDigest) -> Text:
    """What this is: how many alerts, and whether others follow."""
    told = len(digest.alerts)
    follow = digest.waiting - told
    top = say("digest-some", told=told, follow=follow) if follow else say("digest-all", told=told)
    before = missed(say, digest.alerts[0])
    first = min(
        (alert for alert in digest.alerts if alert.held in ("quiet", "pause")),
        key=lambda alert: alert.made_at,
        default=None,
    )
    lines = [top, held(say, first)] if first is not None else [top]
    return join("\n\n", [before, join("\n", lines)]) if before else join("\n", lines)


def _under(events: Iterable[list[Text]]) -> list[Text]:
    """A group's lines, event by event: the newest of each, and what else there is on it indented."""
    return [
        line if number == 0 else join("", [plain("   "), line]) for event in events for number, line in enumerate(event)
    ]


def _heading(say: Texts, alert: ClaimedAlert) -> Text:
    """The filters in whose name an alert is told."""
    if not alert.matches:
        return say("digest-everything", outlet=_cut(alert.outlet, _OUTLET))
    return say("digest-filter", query=_cut(" · ".join(match.query for match in alert.matches), _QUERY))


def _line(say: Texts, alert: ClaimedAlert) -> Text:
    entry = alert.entry
    title = " ".join((entry.title or entry.summary or entry.url or "—").split())
    outlet = _cut(alert.outlet or site(entry.url or ""), _OUTLET)
    at = told_at(entry, alert.first_seen)
    byline = join(", ", [*([plain(outlet)] if outlet else []), *([say.moment(at)] if at is not None else [])])
    return (Piece("• "), Piece(_cut(title, _HEADLINE), link=entry.url), Piece(" – "), *byline)


def _cut(text: str, characters: int) -> str:
    return text if len(text) <= characters else text[: characters - 1].rstrip() + "…"
