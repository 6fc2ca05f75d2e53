"""The local prompt, talked to through pipes and through a terminal."""

import asyncio
import io
import os
import select
import signal
import subprocess
import sys
import textwrap
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from typing import TextIO

import pytest

from bot.domain.chats import Address, Button, ChatKind, Message, Missing, Sent, Unreachable
from bot.domain.rich import Piece, Text, plain
from handlers.calls import Caller, Entry, Kind, Reply, Suggestion
from handlers.on_console import ADDRESS, ConsoleFront, ConsoleSender, Screen, clean

PATIENCE = 30.0  # seconds

BUTTONS = ((Button("Mute", "mute-1"), Button("Export", "export-1")), (Button("Undo", "undo-1"),))


class Answers:
    """Answers every line with the line, and offers buttons to who asks for them."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.pressed: list[str] = []
        self.callers: list[Caller] = []

    async def answer(self, line: str, caller: Caller) -> Reply | None:
        self.said.append(line)
        self.callers.append(caller)
        if line == "silence":
            return None
        return Reply(plain(f"You said {line}."), BUTTONS if line == "buttons" else ())

    async def press(self, action: str, caller: Caller) -> Reply | None:
        self.pressed.append(action)
        return Reply(plain(f"Done: {action}."))

    async def joined(self, caller: Caller) -> Reply | None:
        raise AssertionError

    async def returned(self, address: Address) -> None:
        raise AssertionError

    async def left(self, address: Address, why: str) -> None:
        raise AssertionError

    async def left_all_but(self, platform: str, servers: Collection[str], why: str) -> None:
        raise AssertionError

    async def may_have_returned(self, address: Address) -> None:
        raise AssertionError

    async def moved(self, address: Address, to: str) -> None:
        raise AssertionError

    def menu(self, language: str | None = None) -> tuple[Entry, ...]:
        return (Entry("watch", "set a filter"),)

    async def suggest(self, kind: Kind, typed: str, caller: Caller) -> list[Suggestion]:
        return []


class Pipe:
    """Both ends of a real pipe, the reading one as the console gets it."""

    def __init__(self, reading: TextIO, writing: TextIO) -> None:
        self.reading = reading
        self.writing = writing

    def type(self, text: str) -> None:
        self.writing.write(text)
        self.writing.flush()


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    reading, writing = os.pipe()
    with open(reading, encoding="utf-8") as source, open(writing, "w", encoding="utf-8") as typed:  # noqa: PTH123
        yield Pipe(source, typed)


async def talk(lines: str) -> tuple[Answers, str]:
    """What a conversation of these lines was understood as, and what it showed."""
    answers, shown = Answers(), io.StringIO()
    await ConsoleFront(answers, Screen(shown), io.StringIO(lines)).serve()
    return answers, shown.getvalue()


def shown_alert(text: Text, *, silent: bool = False) -> str:
    shown = io.StringIO()
    Screen(shown).alert(Message(text, silent=silent))
    return shown.getvalue()


async def until(shown: io.StringIO, text: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while text not in shown.getvalue():  # noqa: ASYNC110 - a stream tells nobody that it was written to
            await asyncio.sleep(0.01)


async def test_a_conversation_ends_with_the_end_of_input() -> None:
    answers, shown = await talk("/watch EUMAM\n\n  військові інструктори  \nsilence")
    assert answers.said == ["/watch EUMAM", "військові інструктори", "silence"]
    assert shown == "You said /watch EUMAM.\n\nYou said військові інструктори.\n\n"


@pytest.mark.parametrize("leaving", ["/quit", "/exit", " /quit "])
async def test_quit_and_exit_leave_and_what_follows_is_not_read(leaving: str) -> None:
    answers, _ = await talk(f"one\n{leaving}\ntwo\n")
    assert answers.said == ["one"]


async def test_who_sits_at_the_prompt_may_change_everything() -> None:
    answers, _ = await talk("hello\n")
    (caller,) = answers.callers
    assert (caller.address, caller.kind, caller.person) == (
        Address("console", "local"),
        ChatKind.PRIVATE,
        "console:local",
    )
    assert await caller.may_change()


async def test_a_number_presses_the_button_of_the_message_shown_last() -> None:
    answers, shown = await talk("buttons\n3\n1\nbuttons\n4\n" + "9" * 5000 + "\n")
    assert "[1] Mute  [2] Export\n[3] Undo\n" in shown
    assert answers.pressed == ["undo-1"]
    assert answers.said == ["buttons", "1", "buttons", "4", "9" * 5000]


async def test_lines_come_from_a_pipe_while_alerts_arrive(pipe: Pipe) -> None:
    answers, shown = Answers(), io.StringIO()
    screen = Screen(shown)
    front, sender = ConsoleFront(answers, screen, pipe.reading), ConsoleSender(screen)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(front.serve())
        pipe.type("one\ntw")
        await until(shown, "You said one.")
        assert await sender.send(ADDRESS, Message(plain("News"), BUTTONS)) == Sent("1")
        pipe.type("o\n2\n")
        await until(shown, "You said two.")
        assert await sender.send(ADDRESS, Message(plain("More news"), BUTTONS)) == Sent("2")
        pipe.type("2\nвісті")
        await until(shown, "Done: export-1.")
        pipe.writing.close()
    assert answers.said == ["one", "two", "2", "вісті"]
    assert "🔔 News\n│  [1] Mute  [2] Export\n│  [3] Undo\n" in shown.getvalue()


async def test_a_front_that_waits_for_input_can_be_cancelled(pipe: Pipe) -> None:
    async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as tasks:
        serving = tasks.create_task(ConsoleFront(Answers(), Screen(io.StringIO()), pipe.reading).serve())
        await asyncio.sleep(0.05)
        serving.cancel()
    assert serving.cancelled()


def test_a_program_whose_front_was_cancelled_ends_although_its_input_stays_open() -> None:
    program = """
        import asyncio
        from tests.test_console import Answers
        from handlers.on_console import ConsoleFront, Screen

        async def main():
            async with asyncio.TaskGroup() as tasks:
                serving = tasks.create_task(ConsoleFront(Answers(), Screen()).serve())
                await asyncio.sleep(0.2)
                serving.cancel()

        asyncio.run(main())
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)], stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.wait(PATIENCE) == 0
        assert process.stderr is not None
        assert process.stderr.read() == b""


@pytest.mark.parametrize(
    ("hostile", "harmless"),
    [
        pytest.param("a\x1b[31mred\x1b[0m", "ared", id="colours"),
        pytest.param("a\x1b[2J\x1b[1;1Hb", "ab", id="clear the screen"),
        pytest.param("a\x1b]0;owned\x07b", "ab", id="set the window's title"),
        pytest.param("a\x1b]52;c;cm0gLXJm\x1b\\b", "ab", id="write the clipboard"),
        pytest.param("a\x1bcb", "ab", id="reset the terminal"),
        pytest.param("a\x1b]0;never ended", "a0;never ended", id="unended"),
        pytest.param("a\x9b31mb", "a31mb", id="one-byte introducers"),
        pytest.param("a\x1b\x1b[[31mb", "a31mb", id="nested"),
        pytest.param("a\rb\x08c\x07d\x00e\x7f", "abcde", id="controls"),
        pytest.param("a\u202eb\u2066c", "abc", id="writing direction"),
        pytest.param("a\ud800b", "ab", id="half a character"),
        pytest.param("tab\there\nnew line, ї 🔔", "tab here\nnew line, ї 🔔", id="what may stay"),
    ],
)
def test_nothing_a_feed_wrote_commands_the_terminal(hostile: str, harmless: str) -> None:
    assert clean(hostile) == harmless
    assert shown_alert(plain(hostile)) == f"🔔 {harmless}\n\n".replace("\nnew", "\n│  new")
    linked = shown_alert((Piece("x", link=f"https://a.example/{hostile}"),))
    assert not set(linked) & set("\x1b\x9b\x07\r\u202e")


def test_markup_of_any_kind_is_shown_as_it_stands() -> None:
    text = "[bold]x[/bold] <b>y</b> :bell: &amp; [link=https://a.example]z[/link]"
    assert shown_alert(plain(text)) == f"🔔 {text}\n\n"


def test_the_address_of_a_lines_only_link_stands_under_it() -> None:
    link = "https://a.example/" + "long-" * 40
    headline = (Piece("Call for ", link=link), Piece("instructors", bold=True, link=link), Piece("\nLead"))
    assert shown_alert(headline) == f"🔔 Call for instructors\n│  {link}\n│  Lead\n\n"


def test_addresses_of_several_links_stand_beside_them_and_are_not_repeated() -> None:
    also = (
        Piece("also: "),
        Piece("One", link="https://1.example/"),
        Piece(", "),
        Piece("Two", link="https://2.example/"),
    )
    assert "also: One <https://1.example/>, Two <https://2.example/>\n" in shown_alert(also)
    bare = (Piece("https://1.example/", link="https://1.example/"),)
    assert shown_alert(bare).count("https://1.example/") == 1


def test_a_silent_alert_has_no_ringing_bell() -> None:
    assert shown_alert(plain("News"), silent=True).startswith("🔕 ")


async def test_what_the_stream_cannot_encode_becomes_a_question_mark() -> None:
    raw = io.BytesIO()
    with closing(io.TextIOWrapper(raw, encoding="latin-1")) as stream:
        outcome = await ConsoleSender(Screen(stream)).send(ADDRESS, Message(plain("Café в Києві")))
        assert outcome == Sent("1")
        assert raw.getvalue().decode("latin-1") == "? Café ? ?????\n\n"


async def test_a_stream_that_is_closed_is_an_outcome_and_no_exception() -> None:
    stream = io.StringIO()
    sender = ConsoleSender(Screen(stream))
    stream.close()
    assert isinstance(await sender.send(ADDRESS, Message(plain("News"))), Unreachable)


HEADLINE = "Ministers agree to send military instructors to the Lviv region in December"


def alert_of(title: str, *lines: str) -> Message:
    linked = Piece(title, bold=True, link="https://courier.example/1")
    return Message((linked, *plain("\n" + "\n".join(("Courier · 14:05", "", "A lead.", "", *lines)))), BUTTONS)


@pytest.mark.parametrize(
    ("edited", "line"),
    [
        pytest.param(
            alert_of(HEADLINE, "▸ EUMAM", "also: Herald"),
            "✎  Ministers agree to send military instructors to the Lviv… · also: Herald",
            id="another outlet",
        ),
        pytest.param(alert_of("Ministers agree", "▸ EUMAM"), "✎  Ministers agree", id="another headline"),
        pytest.param(
            alert_of("Ministers agree", "▸ EUMAM", "also: Herald"), "✎  Ministers agree · also: Herald", id="both"
        ),
        pytest.param(
            Message(plain(HEADLINE + "\n\nNo link.")),
            "✎  Ministers agree to send military instructors to the Lviv… · No link.",
            id="no link",
        ),
        pytest.param(alert_of(HEADLINE, "▸ EUMAM"), "", id="nothing new"),
    ],
)
async def test_of_an_edit_a_line_tells_what_is_new_and_the_buttons_stay(edited: Message, line: str) -> None:
    shown = io.StringIO()
    screen = Screen(shown)
    sender = ConsoleSender(screen, "run-")
    assert await sender.send(ADDRESS, alert_of(HEADLINE, "▸ EUMAM")) == Sent("run-1")
    before, choices = shown.getvalue(), screen.choices
    assert await sender.edit(ADDRESS, "run-1", edited) == Sent("run-1")
    told = shown.getvalue().removeprefix(before).rstrip("\n")
    assert told == line
    assert screen.choices == choices
    before = shown.getvalue()
    await sender.edit(ADDRESS, "run-1", edited)
    assert shown.getvalue() == before, "it is not new any more"


async def test_an_alert_of_another_run_or_of_long_ago_is_not_there_to_be_edited() -> None:
    shown = io.StringIO()
    sender = ConsoleSender(Screen(shown), "run-")
    assert await sender.edit(ADDRESS, "another-1", alert_of("News")) == Missing()
    for _ in range(201):
        await sender.send(ADDRESS, alert_of("News"))
    before = shown.getvalue()
    assert await sender.edit(ADDRESS, "run-1", alert_of("Other news")) == Missing()
    assert await sender.edit(ADDRESS, "run-2", alert_of("News")) == Sent("run-2")
    assert shown.getvalue() == before


TYPIST = """
    import asyncio, signal
    from bot.domain.chats import Button, Message
    from bot.domain.rich import Piece
    from handlers.on_console import ADDRESS, ConsoleFront, ConsoleSender, Screen
    from tests.test_console import Answers

    async def alert(sender):
        news = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, news.set)
        await news.wait()
        text = (Piece("News [b]now[/b] \\x1b]0;owned\\x07", bold=True), Piece("\\nA lead."))
        await sender.send(ADDRESS, Message(text, ((Button("Other", "other"),),)))

    async def main():
        screen, answers = Screen(), Answers()
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(alert(ConsoleSender(screen)))
            await ConsoleFront(answers, screen).serve()
            task.cancel()
        print("SAID", answers.said, "PRESSED", answers.pressed)

    asyncio.run(main())
"""


class Terminal:
    """A program in a terminal of its own."""

    def __init__(self, descriptor: int, process: "subprocess.Popen[bytes]") -> None:
        self.descriptor = descriptor
        self.process = process
        self.seen = ""
        self.position = 0

    def type(self, keys: str) -> None:
        os.write(self.descriptor, keys.encode())

    def wait_for(self, text: str) -> None:
        """Read on until `text` stands behind what was waited for before."""
        while text not in self.seen[self.position :]:
            assert select.select([self.descriptor], [], [], PATIENCE)[0], f"no {text!r} in {self.seen!r}"
            self.seen += os.read(self.descriptor, 65536).decode(errors="replace")
        self.position = self.seen.index(text, self.position) + len(text)


@contextmanager
def terminal(program: str) -> Iterator[Terminal]:
    mine, its = os.openpty()
    environment = os.environ | {"TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1", "COLUMNS": "80", "LINES": "24"}
    try:
        with subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(program)],
            stdin=its,
            stdout=its,
            stderr=its,
            env=environment,
            start_new_session=True,
        ) as process:
            try:
                yield Terminal(mine, process)
            finally:
                process.kill()
    finally:
        os.close(mine)
        os.close(its)


@pytest.mark.parametrize("leaving", ["\x04", "\x03", "/quit\r"], ids=["Ctrl-D", "Ctrl-C", "/quit"])
def test_an_alert_neither_garbles_the_line_being_typed_nor_changes_what_it_presses(leaving: str) -> None:
    with terminal(TYPIST) as screen:
        screen.wait_for("tocsin> ")
        screen.type("buttons\r")
        screen.wait_for("You said buttons.")
        screen.wait_for("tocsin> ")
        screen.type("1")
        screen.wait_for("m1\x1b")
        screen.process.send_signal(signal.SIGUSR1)
        screen.wait_for("News [b]now[/b]")
        screen.wait_for("tocsin> \x1b[0m1")
        screen.type("\r")
        screen.wait_for("Done: mute-1.")
        screen.wait_for("tocsin> ")
        screen.type(leaving)
        screen.wait_for("SAID ['buttons'] PRESSED ['mute-1']")
        assert screen.process.wait(PATIENCE) == 0
        assert "owned" not in screen.seen


def test_a_terminal_offers_the_commands_names_and_wraps_between_words() -> None:
    with terminal(TYPIST) as screen:
        screen.wait_for("tocsin> ")
        screen.type("/w")
        screen.wait_for("set a filter")
        screen.type("\t " + "word " * 30 + "\r")
        screen.wait_for("You said /watch word")
        screen.wait_for("word\r\nword")
        screen.wait_for("tocsin> ")
