"""The local prompt: one private chat, its answers and its alerts, in a terminal or through pipes.

What a feed wrote is never markup here, nor can it reach the terminal as an escape sequence.
"""

import asyncio
import os
import re
import sys
import threading
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, contextmanager, suppress
from itertools import count, groupby
from pathlib import Path
from textwrap import shorten
from typing import TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.patch_stdout import patch_stdout
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text as Styled

from bot.domain.chats import Address, Button, ChatKind, Message, Missing, Outcome, Sent, Unreachable
from bot.domain.errors import UserError
from bot.domain.rich import Piece, Text, bare, plain, text_units, to_plain
from handlers.calls import MAX_DOCUMENT, Answering, Caller, Document, Reply

ADDRESS = Address("console", "local")
LOCAL_PERSON = "console:local"
_REMEMBERED = 200  # alerts of which is known what they say
_ABOUT = 60  # characters of a headline
LEAVING = ("/quit", "/exit")

_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor, modes
    r"|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC, DCS …: titles, clipboard, links
    r"|\x1b[ -/]*[0-~]"
)
# Control characters, those that turn the writing direction of the line around, and halves of characters.
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def clean(text: str) -> str:
    """`text` with nothing in it that a terminal obeys; line feeds stay, a tab becomes a space."""
    return _CONTROLS.sub("", _ESCAPES.sub("", text).replace("\t", " "))


class Screen:
    """Where the console's messages are shown; what is shown last says what the numbers of its buttons do."""

    def __init__(self, output: TextIO | None = None) -> None:
        self._output = sys.stdout if output is None else output
        self.terminal = self._output is sys.stdout and self._output.isatty()
        self.choices: tuple[Button, ...] = ()
        self._console = self._console_on(self._output)

    def answer(self, reply: Reply) -> None:
        """Show an answer."""
        self._offer(reply.buttons)
        self._show(reply.text, reply.buttons, head="", margin="")

    def alert(self, message: Message) -> None:
        """Show an alert, told apart from answers by its bell and the rule along it."""
        bell = "↳  " if message.reply_to else "🔕 " if message.silent else "🔔 "
        text = bare(message.text) if message.plain else message.text
        self._offer(message.buttons)
        self._show(text, message.buttons, head=bell, margin="│  ")

    def news(self, line: str) -> None:
        """Show what is new about an alert that was shown: here, what is written stays, and so do its buttons."""
        self._show(plain(line), (), head="✎  ", margin="│  ")

    @contextmanager
    def above_the_prompt(self) -> Iterator[None]:
        """While this holds, whatever is printed by anyone stands above the line that is being typed."""
        with patch_stdout(raw=True):
            console, self._console = self._console, self._console_on(sys.stdout)
            try:
                yield
            finally:
                self._console = console

    def _console_on(self, output: TextIO) -> Console:
        return Console(
            file=output,
            force_terminal=self.terminal,
            markup=False,
            emoji=False,
            highlight=False,
            soft_wrap=True,
            legacy_windows=False,
        )

    def _offer(self, buttons: Sequence[Sequence[Button]]) -> None:
        self.choices = tuple(button for row in buttons for button in row)

    def _show(self, text: Text, buttons: Sequence[Sequence[Button]], *, head: str, margin: str) -> None:
        lines = [*_lines(text), *_choices(buttons)]
        width = self._console.width - cell_len(margin) - 1 if self.terminal else None
        shown = Styled()
        before = Styled(head, style="yellow")
        for line in lines:
            for part in _wrapped(line, width):
                shown.append_text(before).append_text(part).append("\n")
                before = Styled(margin, style="yellow")
        encoding = self._output.encoding or "utf-8"
        if (writable := shown.plain.encode(encoding, "replace").decode(encoding)) != shown.plain:
            # "replace" gives one "?" for each character, so the styles still stand where they stood.
            shown.plain = writable
        self._console.print(shown)
        self._console.file.flush()


class ConsoleSender:
    """Sends alerts to the local prompt, and remembers the last ones: of an edit only what is new is shown."""

    def __init__(self, screen: Screen, run: str = "") -> None:
        """`run` tells its messages from those of other runs, which it does not know."""
        self._screen = screen
        self._run = run
        self._numbers = count(1)
        self._said: dict[str, frozenset[str]] = {}

    async def send(self, address: Address, message: Message) -> Outcome:  # noqa: ARG002 - there is one chat here
        """Show the message."""
        try:
            self._screen.alert(message)
        except (OSError, ValueError) as error:  # the pipe's reader has gone; ValueError: the stream is closed
            return Unreachable(str(error))
        message_id = f"{self._run}{next(self._numbers)}"
        self._said[message_id] = frozenset(to_plain(message.text).splitlines())
        if len(self._said) > _REMEMBERED:
            del self._said[next(iter(self._said))]
        return Sent(message_id)

    async def edit(self, address: Address, message_id: str, message: Message) -> Outcome:  # noqa: ARG002 - as above
        """Show in a line what the message has come to say."""
        said = self._said.get(message_id)
        if said is None:
            return Missing()
        now = to_plain(message.text).splitlines()
        try:
            if new := [line for line in now if line not in said]:
                self._screen.news(" · ".join(dict.fromkeys((_about(message.text, new), *new))))
        except (OSError, ValueError) as error:
            return Unreachable(str(error))
        self._said[message_id] = frozenset(now)
        return Sent(message_id)

    def units(self, text: Text) -> int:
        """See `bot.ports.Sender`: characters, as nothing here is limited."""
        return text_units(text)


class LocalFiles:
    """The files of this machine; paths are as in a shell, from where the bot was started."""

    async def load(self, name: str) -> Document:
        """See `handlers.calls.Files`."""
        try:
            return await asyncio.to_thread(_load, name)
        except (OSError, ValueError) as error:
            raise UserError("file-unreadable", path=name, why=_why(error)) from error

    async def save(self, name: str, document: Document) -> str:
        """See `handlers.calls.Files`."""
        name = name or document.name
        try:
            await asyncio.to_thread(_save, name, document.content)
        except FileExistsError as error:
            raise UserError("file-exists", path=name) from error
        except (OSError, ValueError) as error:
            raise UserError("file-unwritable", path=name, why=_why(error)) from error
        return name


def _about(text: Text, new: Sequence[str]) -> str:
    """An alert's headline, which is its link; no more of it than it takes to recognise it, unless it is new."""
    headline = "".join(piece.text for piece in text if piece.link) or to_plain(text).partition("\n")[0]
    return headline if headline in new else shorten(headline, _ABOUT, placeholder="…")


def _load(name: str) -> Document:
    path = Path(name).expanduser()
    with path.open("rb") as file:  # a device gives no size, and no end
        content = file.read(MAX_DOCUMENT + 1)
    if len(content) > MAX_DOCUMENT:
        raise UserError("import-too-large", limit=MAX_DOCUMENT // 1_000_000)
    return Document(path.name, content)


def _save(name: str, content: bytes) -> None:
    with Path(name).expanduser().open("xb") as file:
        file.write(content)


def _why(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


class ConsoleFront:
    """The conversation at the local prompt; who sits there may change everything."""

    state = "serving"

    def __init__(self, answering: Answering, screen: Screen, source: TextIO | None = None) -> None:
        self._answering = answering
        self._screen = screen
        self._source = sys.stdin if source is None else source
        self._caller = Caller(ADDRESS, ChatKind.PRIVATE, "console", LOCAL_PERSON, _always, files=LocalFiles())
        self._offered: tuple[Button, ...] | None = None

    async def serve(self) -> None:
        """Answer line by line until the end of input, `/quit` or `/exit`."""
        with suppress(BrokenPipeError):  # nobody reads the answers any more
            if self._screen.terminal and self._source is sys.stdin and self._source.isatty():
                with self._screen.above_the_prompt():
                    await self._converse(self._typed())
            else:
                await self._converse(_piped(self._source))

    async def _converse(self, lines: AsyncGenerator[str, None]) -> None:
        async with aclosing(lines):
            async for line in lines:
                said = line.strip()
                if said in LEAVING:
                    return
                reply = await self._reply(said) if said else None
                if reply is not None:
                    self._screen.answer(reply)

    async def _reply(self, said: str) -> Reply | None:
        choices = self._screen.choices if self._offered is None else self._offered
        actions = {str(number): button.action for number, button in enumerate(choices, 1)}
        if said in actions:
            return await self._answering.press(actions[said], self._caller)
        return await self._answering.answer(said, self._caller)

    async def _typed(self) -> AsyncGenerator[str, None]:
        menu = {f"/{entry.name}": entry.what for entry in self._answering.menu() if entry.listed}
        completer = WordCompleter([*menu, *LEAVING], meta_dict=menu, sentence=True)
        session: PromptSession[str] = PromptSession(
            FormattedText([("bold ansicyan", "tocsin> ")]), completer=completer, reserve_space_for_menu=5
        )
        session.default_buffer.on_text_changed += self._remember_choices
        while True:
            self._offered = None
            try:
                # Between two prompts Ctrl-C is a signal, which is the root's: nothing here may take its handler away.
                line = await session.prompt_async(handle_sigint=False)
            except (EOFError, KeyboardInterrupt):
                return
            yield line

    def _remember_choices(self, typed: Buffer) -> None:
        # An alert that arrives while a number is being typed must not change what the number presses.
        if not typed.text:
            self._offered = None
        elif self._offered is None:
            self._offered = self._screen.choices


async def _always() -> bool:
    return True


def _lines(text: Text) -> Iterator[Styled]:
    """The text line by line; the address of a line's only link stands under the line, several stand in place."""
    pieces: list[Piece] = []
    for piece in text:
        first, *more = clean(piece.text).split("\n")
        pieces.append(Piece(first, piece.bold, piece.italic, piece.code, piece.link))
        for part in more:
            yield from _line(pieces)
            pieces = [Piece(part, piece.bold, piece.italic, piece.code, piece.link)]
    yield from _line(pieces)


def _line(pieces: Sequence[Piece]) -> Iterator[Styled]:
    line = Styled()
    shown = [piece for piece in pieces if piece.text]
    runs = [(clean(link or ""), list(run)) for link, run in groupby(shown, key=lambda piece: piece.link)]
    hidden = [link for link, run in runs if link and "".join(piece.text for piece in run) != link]
    for link, run in runs:
        for piece in run:
            line.append(piece.text, style=_style(piece))
        if link in hidden and len(hidden) > 1:
            line.append(f" <{link}>", style="dim")
    yield line
    if len(hidden) == 1:
        yield Styled(hidden[0], style="dim")


def _style(piece: Piece) -> str:
    named = {"bold": piece.bold, "italic": piece.italic, "cyan": piece.code, "underline": piece.link is not None}
    return " ".join(name for name, wanted in named.items() if wanted)


def _choices(rows: Sequence[Sequence[Button]]) -> Iterator[Styled]:
    numbers = count(1)
    for row in rows:
        line = Styled()
        for button in row:
            line.append("  " if line else "").append(f"[{next(numbers)}]", style="bold cyan")
            line.append(f" {clean(button.label)}".replace("\n", " "))
        yield line


def _wrapped(line: Styled, width: int | None) -> Sequence[Styled]:
    """The line in parts of at most `width` cells; a word that is longer, as addresses are, is left whole."""
    if width is None:
        return [line]
    used = 0
    cuts = []
    for word in re.finditer(r"\S+\s*", line.plain):
        if used and used + cell_len(word.group().rstrip()) > width:
            cuts.append(word.start())
            used = 0
        used += cell_len(word.group())
    parts = list(line.divide(cuts))
    for part in parts:
        part.rstrip()
    return parts


async def _piped(source: TextIO) -> AsyncGenerator[str, None]:
    """The lines of a stream.

    A thread of its own reads, and reads no further than what is asked for. It is a daemon, and not the loop's
    executor, because a read cannot be cancelled: whoever shuts down does not wait for it.
    """
    loop = asyncio.get_running_loop()
    arrived: asyncio.Queue[str | None] = asyncio.Queue()
    wanted = threading.Semaphore(0)
    over = threading.Event()

    def read() -> None:
        # RuntimeError: the loop has closed. OSError, ValueError: so has the stream, which ends the input.
        with suppress(RuntimeError):
            with suppress(OSError, ValueError):
                for line in _read(source):
                    loop.call_soon_threadsafe(arrived.put_nowait, line)
                    wanted.acquire()
                    if over.is_set():
                        return
            loop.call_soon_threadsafe(arrived.put_nowait, None)

    threading.Thread(target=read, name="console input", daemon=True).start()
    try:
        while (line := await arrived.get()) is not None:
            yield line
            wanted.release()
    finally:
        over.set()
        wanted.release()


def _read(source: TextIO) -> Iterator[str]:
    try:
        descriptor = source.fileno()
    except OSError:  # a stream in memory
        yield from source
        return
    # Not through the stream: a thread that holds its lock when the interpreter ends would abort the process.
    rest = b""
    while data := os.read(descriptor, 65536):
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            yield line.decode(source.encoding, "replace")
    if rest:
        yield rest.decode(source.encoding, "replace")
