"""One person and the bot, on each platform: what is said in a test is said there as people there say it.

    async with World.opened(tmp_path, platform="discord") as world:
        chat = world.chat("Alice")
        assert "is set" in await chat.say("/watch EUMAM")
        assert "is set" in await chat.press("Undo")

What differs by nature stands here, and nowhere else: `why_not`.
"""

import asyncio
import io
import queue
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest

from bot.domain.chats import Address, Message
from handlers.calls import Kind, Reply
from handlers.commands import COMMANDS
from handlers.on_console import ADDRESS, Screen
from support import discord_server as discord
from support.discord_markdown import read
from support.discord_server import DiscordServer
from support.listening import PATIENCE
from support.telegram_chats import PrivateChat
from support.telegram_server import TelegramServer

PLATFORMS = ("telegram", "discord", "prompt")

_TABLE = {command.name: command for command in COMMANDS}
_WHILE = re.compile(r"\d+[mhdw]")


def why_not(platform: str, line: str) -> str | None:
    """Why nobody can say this there; None where one can. The only list of what differs by nature."""
    match platform:
        case "discord":
            name, _, argument = line.partition(" ")
            command = _TABLE.get(name.removeprefix("/"))
            if not line.startswith("/"):
                return "Discord shows the bot commands only, and nothing of what is written beside them"
            if command is None:
                return "Discord offers the commands by their own names: no aliases, no others, in small letters"
            if argument.strip() and not command.options:
                return "Discord's form of this command has no field for it"
            needed = [option for option in command.options if option.required]
            if len(argument.split()) < len(needed):
                return "Discord itself asks for what a command requires"
            if any(option.kind is Kind.NUMBER for option in command.options) and argument:
                return None if argument.isdecimal() else "Discord's field takes numbers only"
            if line.startswith("/mode") and not line.endswith((" instant", " silent", " digest")):
                return "Discord's field takes these choices only"
        case "prompt":
            if "@" in line.partition(" ")[0]:
                return "nobody else is addressed at the prompt"
            if "\n" in line or "\ud800" in line:
                return "at the prompt it ends with the line, and is typed in UTF-8"
            if line.startswith("/claim"):
                return "who sits at the prompt is served anyway"
    return None


BUTTONS_STAY = ("telegram", "discord")
"""Where the buttons of older messages can be pressed: at the prompt, numbers are of what was shown last."""


def where(*lines: str) -> list[str]:
    """The platforms on which all of this can be said."""
    return [platform for platform in PLATFORMS if all(why_not(platform, line) is None for line in lines)]


def on_each(rows: Sequence[Any], said: int = 0) -> list[Any]:
    """Rows of a table of what is said, once for each platform on which it can be said; the platform goes first."""
    return [
        pytest.param(platform, *row.values, id=f"{platform}: {row.id}")
        for row in rows
        for platform in PLATFORMS
        if why_not(platform, row.values[said]) is None
    ]


class Heard(Protocol):
    """A message of the bot's, as a person reads it."""

    @property
    def text(self) -> str:
        """What stands there, without markup."""
        ...

    @property
    def markup(self) -> str:
        """As it was sent."""
        ...

    @property
    def labels(self) -> list[str]:
        """What its buttons say."""
        ...

    @property
    def document(self) -> bytes | None:
        """The file that came with it."""
        ...


class Talker(Protocol):
    """One person and the bot, wherever that is."""

    @property
    def address(self) -> Address:
        """What the bot knows the chat by."""
        ...

    @property
    def received(self) -> Sequence[Heard]:
        """Everything that the bot has said."""
        ...

    async def say(self, line: str) -> str:
        """Say something; what the bot answers."""
        ...

    async def press(self, label: str) -> str:
        """Press the newest button with this label; what the bot answers."""
        ...

    async def press_of(self, message: Heard, label: str) -> str:
        """Press a button of an older message; what the bot answers."""
        ...

    async def next_message(self) -> Heard:
        """The next message that is no answer."""
        ...

    async def send(self, name: str, content: bytes) -> str:
        """Hand over a list of feeds, to be followed; what the bot answers."""
        ...

    async def export(self) -> bytes:
        """Ask for the list of the feeds that are followed."""
        ...


class OnTelegram:
    """A private chat on Telegram."""

    def __init__(self, server: TelegramServer, name: str) -> None:
        self.chat: PrivateChat = server.private(server.person(name, language="en"))

    @property
    def address(self) -> Address:
        """See `Talker`."""
        return Address("telegram", str(self.chat.id))

    @property
    def received(self) -> Sequence[Heard]:
        """See `Talker`."""
        return self.chat.received

    async def say(self, line: str) -> str:
        """See `Talker`."""
        return await self.chat.say(line)

    async def press(self, label: str) -> str:
        """See `Talker`."""
        return await self.chat.press(label)

    async def press_of(self, message: Heard, label: str) -> str:
        """See `Talker`."""
        self.chat.received.append(next(one for one in self.chat.received if one is message))
        return await self.chat.press(label)

    async def next_message(self) -> Heard:
        """See `Talker`."""
        return await self.chat.next_message()

    async def send(self, name: str, content: bytes) -> str:
        """See `Talker`: a document, with the command as its caption."""
        await self.chat.send(name, content, "/import")
        answer = self.chat.received[-1]
        # Its progress may be shown in the message that is the answer in the end.
        await self.chat.server.until(lambda: " feeds …" not in answer.text, PATIENCE)
        return answer.text

    async def export(self) -> bytes:
        """See `Talker`."""
        await self.say("/export")
        document = self.chat.received[-1].document
        assert document is not None
        return document


@dataclass(frozen=True, slots=True)
class OnDiscordHeard:
    """A message in direct messages on Discord."""

    message: discord.Received

    @property
    def text(self) -> str:
        """See `Heard`."""
        return "".join(piece.text for piece in read(self.markup))

    @property
    def markup(self) -> str:
        """See `Heard`."""
        return self.message.text

    @property
    def labels(self) -> list[str]:
        """See `Heard`."""
        return self.message.labels

    @property
    def document(self) -> bytes | None:
        """See `Heard`."""
        return next((file.content for file in self.message.attached), None)


class OnDiscord:
    """Direct messages on Discord: commands are filled in forms. `is_busy` says that an answer is not over yet."""

    def __init__(self, server: DiscordServer, name: str, is_busy: Callable[[], bool]) -> None:
        self.server = server
        self.person = server.person(name)
        self.received: list[OnDiscordHeard] = []
        self._is_busy = is_busy

    @property
    def address(self) -> Address:
        """See `Talker`."""
        return Address("discord", str(self.person.dm.id))

    async def say(self, line: str) -> str:
        """See `Talker`."""
        assert (why := why_not("discord", line)) is None, why
        assert await self.server.until(lambda: bool(self.server.commands), PATIENCE), "no command is known"
        name, _, argument = line.removeprefix("/").partition(" ")
        return await self._heard(await self.person.slash(self.person.dm, name, **filled(name, argument)))

    async def press(self, label: str) -> str:
        """See `Talker`."""
        found = next((one for one in reversed(self.received) if label in one.labels), None)
        assert found, f"nothing has a button {label!r}"
        return await self.press_of(found, label)

    async def press_of(self, message: Heard, label: str) -> str:
        """See `Talker`."""
        assert isinstance(message, OnDiscordHeard)
        return await self._heard(await self.person.press(message.message, label))

    async def next_message(self) -> Heard:
        """See `Talker`."""
        heard = OnDiscordHeard(await self.person.dm.next_message())
        self.received.append(heard)
        return heard

    async def send(self, name: str, content: bytes) -> str:
        """See `Talker`: an attachment of the command."""
        assert await self.server.until(lambda: bool(self.server.commands), PATIENCE), "no command is known"
        file = discord.File(name, content)
        return await self._heard(await self.person.slash(self.person.dm, "import", document=file))

    async def export(self) -> bytes:
        """See `Talker`."""
        await self.say("/export")
        document = self.received[-1].document
        assert document is not None
        return document

    async def _heard(self, answer: discord.Answer) -> str:
        async with asyncio.timeout(PATIENCE):
            while self._is_busy():  # noqa: ASYNC110 - a long answer has several messages
                await asyncio.sleep(0.01)
        heard = [OnDiscordHeard(message) for message in answer.messages]
        self.received.extend(heard)
        return "\n".join(one.text for one in heard)


def filled(name: str, argument: str) -> dict[str, Any]:
    """A command's form, filled in with what is typed elsewhere."""
    given: dict[str, Any] = {}
    left = argument.strip()
    options = list(_TABLE[name].options)
    for option in reversed(options[1:]):  # what stands last is a word of its own
        words, _, last = left.rpartition(" ")
        fits = last in option.choices or (option.kind is Kind.SPAN and _WHILE.fullmatch(last))
        if name == "import":
            given[option.name], left = left, ""
        elif words and fits:
            given[option.name], left = last, words
    if left:
        given[options[0].name] = int(left) if options[0].kind is Kind.NUMBER else left
    return {option: value for option, value in given.items() if value != ""}


@dataclass(frozen=True, slots=True)
class AtThePrompt:
    """What the prompt has shown at once; its buttons are told apart from the text."""

    text: str
    labels: list[str]
    document: bytes | None = None

    @property
    def markup(self) -> str:
        """See `Heard`."""
        return self.text


class Keyboard(io.TextIOBase):
    """What is typed, line by line; `asked` counts how often another line was waited for."""

    def __init__(self) -> None:
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.asked = 0

    def type(self, line: str) -> None:
        """Type a line."""
        self._lines.put(line + "\n")

    def let_go(self) -> None:
        """End."""
        self._lines.put("")

    def readline(self, size: int | None = -1) -> str:  # type: ignore[override]  # of bytes, there
        """The next line, when it is typed."""
        self.asked += 1
        return self._lines.get()

    def __iter__(self) -> Iterator[str]:  # type: ignore[override]
        return iter(self.readline, "")


class Watched(Screen):
    """A screen that somebody looks at."""

    def __init__(self) -> None:
        self._paper = io.StringIO()
        super().__init__(self._paper)
        self.answers: list[AtThePrompt] = []
        self.alerts: list[AtThePrompt] = []
        self.everything: list[AtThePrompt] = []

    def answer(self, reply: Reply) -> None:
        """Show, and note."""
        begun = self._paper.tell()
        super().answer(reply)
        self._note(self.answers, begun)

    def alert(self, message: Message) -> None:
        """Show, and note."""
        begun = self._paper.tell()
        super().alert(message)
        self._note(self.alerts, begun)

    def _note(self, where: list[AtThePrompt], begun: int) -> None:
        labels = [button.label for button in self.choices]
        shown = self._paper.getvalue()[begun:].rstrip("\n")
        lines = [re.sub(r"^(?:🔔 |🔕 |↳  |│  )", "", line) for line in shown.split("\n")]
        where.append(AtThePrompt("\n".join(line for line in lines if not re.match(r"\[\d+\] ", line)), labels))
        self.everything.append(where[-1])


class OnPrompt:
    """Who sits at the prompt: one person, whatever the name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.screen = Watched()
        self.keyboard = Keyboard()
        self._read = 0

    @property
    def address(self) -> Address:
        """See `Talker`."""
        return ADDRESS

    @property
    def received(self) -> Sequence[Heard]:
        """See `Talker`."""
        return self.screen.everything

    async def say(self, line: str) -> str:
        """See `Talker`."""
        begun, asked = len(self.screen.answers), self.keyboard.asked
        if not asked:
            await self._until(lambda: self.keyboard.asked > 0)
            asked = self.keyboard.asked
        self.keyboard.type(line)
        await self._until(lambda: self.keyboard.asked > asked)
        return "\n\n".join(one.text for one in self.screen.answers[begun:])

    async def press(self, label: str) -> str:
        """See `Talker`."""
        found = next((one for one in reversed(self.screen.everything) if label in one.labels), None)
        assert found, f"nothing has a button {label!r}"
        return await self.press_of(found, label)

    async def press_of(self, message: Heard, label: str) -> str:
        """See `Talker`: what was shown last alone can be pressed there."""
        assert message is self.screen.everything[-1], "at the prompt, numbers are of what was shown last"
        return await self.say(str(message.labels.index(label) + 1))

    async def next_message(self) -> Heard:
        """See `Talker`."""
        await self._until(lambda: len(self.screen.alerts) > self._read)
        self._read += 1
        return self.screen.alerts[self._read - 1]

    async def send(self, name: str, content: bytes) -> str:
        """See `Talker`: a file of this machine."""
        (self.folder / name).write_bytes(content)
        return await self.say(f"/import {self.folder / name}")

    async def export(self) -> bytes:
        """See `Talker`: a file of this machine, which was not there."""
        path = self.folder / f"exported-{len(self.received)}.opml"
        await self.say(f"/export {path}")
        return path.read_bytes()

    async def _until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not condition():  # noqa: ASYNC110 - a thread reads, which rings no bell
                await asyncio.sleep(0.01)
