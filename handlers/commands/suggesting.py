"""What an option of a command may be filled with, as one types, where a platform has forms for commands."""

from collections.abc import Sequence
from typing import Final

from bot.domain.rich import to_plain
from bot.domain.urls import shown, site
from bot.ports.chats import Chat
from handlers.calls import Kind, Suggestion
from handlers.commands.base import Tools
from handlers.commands.table import COMMANDS

_MOST: Final = 25  # that any platform shows
_ALL: Final = "all"


async def suggestions(tools: Tools, kind: Kind, typed: str, chat: Chat | None) -> Sequence[Suggestion]:
    """What is in the chat, the catalogue or the table of commands and holds what was typed; none for free text."""
    match kind:
        case Kind.SOURCE:
            found = tools.catalogue.find(typed, _MOST) if typed.strip() else tools.catalogue.listings[:_MOST]
            return [
                Suggestion(f"{listing.outlet} ({tools.say.language_name(listing.language)})", listing.url)
                for listing in found
            ]
        case Kind.COMMAND:
            lines = [
                Suggestion(f"/{one.name}: {to_plain(tools.say(f'menu-{one.name}'))}", one.name)
                for one in COMMANDS
                if one.in_menu
            ]
        case Kind.FILTER if chat is not None:
            made = await tools.chats.filters(chat.chat_id, tools.clock.now())
            lines = [Suggestion(f"#{one.number} {one.query}", str(one.number)) for one in made]
            if len(made) > 1:
                lines.append(Suggestion(_ALL, _ALL))
        case Kind.FEED if chat is not None:
            # By number: an address may be longer than what may be proposed, or hold a password, which is not shown.
            return [
                Suggestion(f"{number}. {follow.feed.title or site(follow.feed.url)}", str(number))
                for number, follow in enumerate(await tools.chats.follows(chat.chat_id), 1)
                if _holds(typed, str(number), follow.feed.title, shown(follow.feed.url))
            ][:_MOST]
        case Kind.MUTE if chat is not None:
            mutes = await tools.telling.mutes(chat.chat_id, tools.clock.now())
            lines = [Suggestion(f"{one.number} {one.name or one.query}", str(one.number)) for one in mutes]
        case _:
            return []
    return [line for line in lines if _holds(typed, line.label, line.value)][:_MOST]


def _holds(typed: str, *texts: str) -> bool:
    """Whether one of the texts holds what was typed."""
    wanted = typed.strip().casefold()
    return any(wanted in text.casefold() for text in texts)
