"""An alert's words: what a chat reads of a story, and why it reads it."""

from dataclasses import replace
from typing import Final

from bot.domain.chats import Button, Card, Message
from bot.domain.filters import Field, Match, Span, texts
from bot.domain.query import QueryError, parse
from bot.domain.required import required
from bot.domain.rich import Piece, Text, join, plain, to_plain
from bot.domain.stories import Entry
from bot.domain.summary import emphasise, summarise
from bot.domain.urls import site
from bot.ports.outbox import ClaimedAlert
from bot.texts import Texts

_HEADLINE: Final = 300  # characters; a feed can put an article into its title
_NAMED: Final = 2  # outlets that are named of those that report it too
_BUTTON: Final = 20  # characters of a name on a button
_WORDS: Final = 3  # matched forms that the "why" line names for a filter


def alert_message(say: Texts, alert: ClaimedAlert) -> Message:
    """The alert as a message: headline, outlet and time, summary, and a line for each filter that asked."""
    spans = [span for match in alert.matches for span in match.spans]
    language = alert.language or alert.entry.language
    before = missed(say, alert)
    waited = held(say, alert)
    lines = [
        *([before, ()] if before else []),
        *([waited] if waited else []),
        headline(alert.entry, spans),
        plain(byline(say, alert.entry, alert.outlet, alert.first_seen, language)),
    ]
    summary = summarise(texts(alert.entry, alert.page), spans, language)
    if summary:
        lines.extend(((), summary))
    lines.append(())
    whys = [why(say, alert.entry, match, alert.page) for match in alert.matches]
    if alert.everything:
        whys.append(say("alert-everything", outlet=alert.outlet))
    lines.extend(whys)
    if alert.also:
        lines.append(also(say, alert.also))
    buttons = tuple(
        Button(to_plain(say(f"button-mute-{one.kind}", name=_cut(one.name))), one.action) for one in alert.mutes
    )
    return Message(
        join("\n", lines),
        (buttons,) if buttons else (),
        reply_to=alert.reply_to,
        silent=alert.silent,
        plain=alert.plain,
        card=Card(
            title=headline(alert.entry, spans),
            url=alert.entry.url,
            outlet=alert.outlet or site(alert.entry.url or ""),
            language=say.language_name(language) if language else "",
            published=told_at(alert.entry, alert.first_seen),
            notes=join("\n", [note for note in (before, waited) if note]),
            summary=summary,
            why=join("\n", whys),
            also=(to_plain(say("card-also")), _named(alert.also)) if alert.also else None,
            image=alert.entry.image,
            filters=tuple(match.query for match in alert.matches),
        ),
        # An alert's number alone may come again: in another file, after the first was lost.
        key=f"a{alert.alert_id}-{alert.made_at:.0f}",
    )


def held(say: Texts, alert: ClaimedAlert) -> Text:
    """Since when something held the alert, and what, where its chat wanted that."""
    key = f"alert-held-{alert.held}"
    return say(key, when=say.moment(alert.made_at)) if alert.held and say.has(key) else ()


def missed(say: Texts, alert: ClaimedAlert) -> Text:
    """What waited while the chat took nothing, where this is the first that it gets after its return."""
    if alert.missed is None:
        return ()
    return say("alert-missed", count=alert.missed.count, when=say.moment(alert.missed.since))


def headline(entry: Entry, spans: list[Span]) -> Text:
    """The title as a link; where there is none, the beginning of the text."""
    title = entry.title or entry.summary or entry.url or "—"
    marked = emphasise(title, Field.TITLE, spans if entry.title else ())
    cut: list[Piece] = []
    left = _HEADLINE
    for piece in marked:
        if left > 0:
            cut.append(replace(piece, text=piece.text[:left], bold=True, italic=piece.bold, link=entry.url))
        left -= len(piece.text)
    if left < 0:
        cut.append(Piece("…", bold=True, link=entry.url))
    return tuple(cut)


def told_at(entry: Entry, first_seen: float | None) -> float | None:
    """When a story came, as far as that can be believed: none was published after it was seen."""
    return min((at for at in (entry.published, first_seen) if at is not None), default=None)


def byline(say: Texts, entry: Entry, outlet: str, first_seen: float | None, language: str | None = None) -> str:
    """Outlet, time and language: the one that the story was found to be in, else the one that it declares."""
    at = told_at(entry, first_seen)
    parts = [outlet or site(entry.url or ""), say.when(at) if at is not None else ""]
    if language := language or entry.language:
        parts.append(say.language_name(language))
    return " · ".join(part for part in parts if part)


def also(say: Texts, outlets: tuple[str, ...]) -> Text:
    """Which others report it: the first two by name, the rest by number."""
    named = ", ".join(outlets[:_NAMED])
    more = len(outlets) - _NAMED
    return say("alert-also-more", outlets=named, count=more) if more > 0 else say("alert-also", outlets=named)


def _named(outlets: tuple[str, ...]) -> str:
    more = len(outlets) - _NAMED
    return ", ".join(outlets[:_NAMED]) + (f" +{more}" if more > 0 else "")


def why(say: Texts, entry: Entry, match: Match, page: str = "") -> Text:
    """Which filter, which of the story's words, and in which part of it; `page` is its article's text."""
    words, places = evidence(say, entry, match, page)
    if not words:
        return say("alert-why-beside" if _may_hold_without_words(match.query) else "alert-why-gone", query=match.query)
    if len(words) == 1 and words[0].casefold() == match.query.casefold():
        return say("alert-why", query=match.query, places=places)
    return say("alert-why-words", query=match.query, words=", ".join(words), places=places)


def evidence(say: Texts, entry: Entry, match: Match, page: str = "") -> tuple[list[str], Text]:
    """The first of the story's words that matched, each form once, and the parts of it in which any did."""
    where = list(dict.fromkeys(span.field for span in match.spans))
    fields = texts(entry, page)
    forms: dict[str, str] = {}
    for span in match.spans:
        form = fields[span.field][span.start : span.end]
        forms.setdefault(form.casefold(), form)
    return list(forms.values())[:_WORDS], join(", ", [say(f"field-{field}") for field in where])


def _may_hold_without_words(query: str) -> bool:
    """Whether it may be that no word of the story made a filter hold: its source did, or its language."""
    try:
        return required(parse(query)) is None
    except QueryError:
        return False


def _cut(name: str) -> str:
    return name if len(name) <= _BUTTON else name[: _BUTTON - 1].rstrip() + "…"
