"""Entries and matches as JSON columns."""

import json
from typing import Any

from bot.domain.filters import Field, Match, Span
from bot.domain.stories import Entry


def dump_entry(entry: Entry) -> str:
    """An entry as stored; what is empty takes no room."""
    filled = {name: value for name, value in entry._asdict().items() if value not in (None, "", ())}
    return json.dumps(filled, ensure_ascii=False, separators=(",", ":"))


def load_entry(text: str) -> Entry:
    """The entry that was stored."""
    found: dict[str, Any] = json.loads(text)
    found["categories"] = tuple(found.get("categories", ()))
    return Entry(**found)


def dump_spans(match: Match) -> str:
    """A match's spans as stored."""
    return json.dumps([[span.field, span.start, span.end] for span in match.spans], separators=(",", ":"))


def load_match(query: str, text: str) -> Match:
    """The match that was stored for this query."""
    return Match(query, tuple(Span(Field(field), start, end) for field, start, end in json.loads(text)))
