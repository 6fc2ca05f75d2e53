"""Queries as they are typed in a chat: read with what it follows in mind, and what may be meant otherwise."""

from bot.domain.query import Outlets, Query, hints, parse
from bot.domain.rich import Text
from bot.domain.urls import site
from handlers.commands.base import Call

_SOURCE = "source"


async def read(call: Call, text: str) -> Query:
    """The query that is typed; an outlet that the chat follows or the catalogue has needs no quotes behind `source:`.

    Raises:
        QueryError: it cannot be read.
    """
    return parse(text, await _outlets(call, text))


async def hinted(call: Call, command: str, text: str) -> list[Text]:
    """A line for each thing in a query that is read otherwise than it may be meant, with the query that says that."""
    return [
        call.say(f"hint-{hint.key}", word=hint.word, command=command, example=hint.example)
        for hint in hints(text, await _outlets(call, text))
    ]


async def _outlets(call: Call, text: str) -> Outlets | None:
    if _SOURCE not in text.lower():
        return None  # few queries name one, and the others need not ask the store
    names = [name for listing in call.tools.catalogue.listings for name in (listing.outlet, *listing.also)]
    for follow in await call.tools.chats.follows(call.chat.chat_id) if call.chat else []:
        names += (follow.feed.title, site(follow.feed.url).rpartition(".")[0])
    return Outlets(names)
