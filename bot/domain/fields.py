"""The parts of a story that are searched, and places in them."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.stories import Entry


class Field(StrEnum):
    """The part of a story in which something matched."""

    TITLE = "title"
    DESCRIPTION = "description"
    CONTENT = "content"
    PAGE = "page"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Matched characters: `text[start:end]` of a story's field."""

    field: Field
    start: int
    end: int


def texts(entry: Entry, page: str = "") -> dict[Field, str]:
    """What is searched of a story, in the order in which a reader meets it; `page` is its article's text."""
    return {Field.TITLE: entry.title, Field.DESCRIPTION: entry.summary, Field.CONTENT: entry.content, Field.PAGE: page}
