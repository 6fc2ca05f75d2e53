"""What commands are made of: the call, what it may use, and the table's row."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from enum import Enum
from typing import TypeVar

from bot.analysis import Analyst
from bot.domain.catalogue import Catalogue
from bot.domain.chats import Button
from bot.domain.errors import UserError
from bot.domain.filters import FilterIndex
from bot.domain.rich import Text, to_plain
from bot.ports.archive import Archive
from bot.ports.chats import Chat, Chats
from bot.ports.clock import Clock
from bot.ports.feeds import Introductions
from bot.ports.lists import Lists
from bot.ports.telling import Telling
from bot.texts import Texts
from bot.zones import zone_named
from handlers.calls import Caller, Option, Reply
from handlers.commands.access import Access

T = TypeVar("T")


class Right(Enum):
    """Who may use a command."""

    LOOK = "everyone in the chat"
    CHANGE = "the chat's administrators"
    ENTER = "anyone, even where the instance is private"


@dataclass(frozen=True, slots=True)
class Pack:
    """A ready-made list of feeds as (URL, title); an empty one is no pack."""

    name: str
    feeds: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one chat, and the instance, may hold."""

    feeds: int
    filters: int
    total_feeds: int


@dataclass(frozen=True, slots=True)
class Tools:
    """What commands use of the rest, passed in by the composition root.

    `on_feeds`, `on_stories` and `on_alerts` say that feeds, stories or alerts may be due; `platforms` tells each
    platform's state.
    """

    chats: Chats
    archive: Archive
    telling: Telling
    index: FilterIndex
    analyst: Analyst
    clock: Clock
    say: Texts
    feeds: Introductions
    access: Access
    pack: Pack
    catalogue: Catalogue
    lists: Lists
    limits: Limits
    on_feeds: Callable[[], None]
    on_stories: Callable[[], None]
    on_alerts: Callable[[], None]
    platforms: Callable[[], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Call:
    """A command as it was said: `argument` is what follows its name; `chat` what is stored of the chat, if anything."""

    argument: str
    caller: Caller
    chat: Chat | None
    tools: Tools
    commands: tuple["Command", ...]

    @property
    def say(self) -> Texts:
        """The chat's texts, with times by its clocks."""
        say = self.tools.say
        return say.in_zone(self.zone) if self.chat is not None and self.chat.zone else say

    @property
    def zone(self) -> tzinfo:
        """The zone of the chat's clocks."""
        return zone_named(self.chat.zone if self.chat is not None else "", self.tools.say.zone)

    @property
    def now(self) -> float:
        """Unix seconds."""
        return self.tools.clock.now()

    async def enter(self) -> Chat:
        """The chat, stored from now on if it was not."""
        caller = self.caller
        return await self.tools.chats.enter(caller.address, caller.kind, caller.title, now=self.now)

    async def button(self, chat: Chat, label: Text, line: str) -> Button:
        """A button that says `line` when it is pressed."""
        return Button(to_plain(label), await self.tools.chats.action(chat.chat_id, line))


def page_of(call: Call, command: str, items: Sequence[T], size: int) -> tuple[Sequence[T], list[Text]]:
    """The part of a list that the call's argument asks for, and a line that leads to the next one, where there is one.

    Raises:
        UserError: the argument is no number of a page.
    """
    last = -(-len(items) // size)
    asked = call.argument or "1"
    if not asked.isdecimal() or not 0 < int(asked) <= last:
        raise UserError("page-number", given=call.argument[:40], last=last, command=f"/{command}")
    page = int(asked)
    left = len(items) - page * size
    more = [call.say("page-more", count=left, next=f"/{command} {page + 1}")] if left > 0 else []
    return items[(page - 1) * size : page * size], more


@dataclass(frozen=True, slots=True)
class Command:
    """A row of the table of commands.

    What it does stands in the locale files: a line as `menu-<name>`, in full as `help-<name>`, and of each option, as
    platforms with forms for commands show it, `option-<name>-<option>`. `for_one` says that the answer concerns nobody
    but who asked, as what is only looked at does.
    """

    name: str
    do: Callable[[Call], Awaitable[Reply]]
    right: Right
    usage: str
    example: str
    aliases: tuple[str, ...] = ()
    in_menu: bool = True
    options: tuple[Option, ...] = ()
    for_one: bool = False
