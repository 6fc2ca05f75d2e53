"""The bot as a process of its own, with an environment of its own: to be ended, killed and restarted.

    async with Process.started(tmp_path, telegram) as bot:
        await bot.serving()
        bot.signal(signal.SIGTERM)
        assert await bot.ended() == 0

Whatever it is told, it dials nothing but loopback: it ends at once, with status 86, where it tries. A traceback, a
warning of Python's or the token in what it writes fails the test.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Self

from support.listening import PATIENCE
from support.telegram_server import TelegramServer

REPOSITORY = Path(__file__).parents[2]

DIALLED_OUT = 86

_GUARD = f"""
import os, sys

def stay_on_loopback(event, args):
    if event == "socket.connect" and isinstance(args[1], tuple):
        host = str(args[1][0])
    elif event == "socket.getaddrinfo" and args[0] is not None:
        host = args[0].decode() if isinstance(args[0], bytes) else str(args[0])
    else:
        return
    if not host.startswith(("127.", "::1", "localhost", "0.0.0.0")):
        os.write(2, f"this process dials {{host}}\\n".encode())
        os._exit({DIALLED_OUT})

sys.addaudithook(stay_on_loopback)
"""

_numbers = count(1)


def environment(folder: Path, **variables: str) -> dict[str, str]:
    """A whole environment: nothing of the one that the tests run in but the search path."""
    guard = folder / "guard"
    guard.mkdir(exist_ok=True)
    (guard / "sitecustomize.py").write_text(_GUARD)
    given = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "PYTHONPATH": f"{guard}{os.pathsep}{REPOSITORY}",
        "DATABASE_PATH": str(folder / "tocsin.db"),
        "SOURCE_PACK": "",
        "ACCESS": "open",
        "FEED_ALLOW_NETWORKS": "127.0.0.0/8",
        "POLL_INTERVAL": "0.1",
        "MAX_POLL_INTERVAL": "1",
        "HOST_INTERVAL": "0",
        "REQUEST_BUDGET": "1000000",
        "FULL_TEXT": "off",
        "LOG_LEVEL": "info",
        "PYTHONWARNINGS": "default::ResourceWarning",
    }
    return given | variables


def telegram_variables(telegram: TelegramServer) -> dict[str, str]:
    """What points the bot to the stand-in."""
    return {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_URL": telegram.url}


class Process:
    """One process; what it writes goes to files, so that it never waits for who reads it."""

    def __init__(self, process: asyncio.subprocess.Process, output: Path, log: Path) -> None:
        self._process = process
        self._output = output
        self._log = log

    @classmethod
    @asynccontextmanager
    async def started(
        cls,
        folder: Path,
        telegram: TelegramServer | None = None,
        *arguments: str,
        typed: str | None = None,
        program: Sequence[str] = (sys.executable, "-m", "bot"),
        **variables: str,
    ) -> AsyncIterator[Self]:
        """Start `python -m bot run`, or with other arguments, in the folder; it is killed in the end if it still runs.

        `typed` is what is piped into it, and then the pipe's end; None leaves the pipe open, and silent.
        """
        number = next(_numbers)
        output, log = folder / f"output-{number}.txt", folder / f"log-{number}.txt"
        given = environment(folder, **({} if telegram is None else telegram_variables(telegram)) | variables)
        with output.open("wb") as out, log.open("wb") as err:
            process = await asyncio.create_subprocess_exec(
                *program,
                *(arguments or ("run",)),
                stdin=asyncio.subprocess.PIPE,
                stdout=out,
                stderr=err,
                cwd=folder,
                env=given,
            )
        assert process.stdin is not None
        if typed is not None:
            process.stdin.write(typed.encode())
            process.stdin.close()
        started = cls(process, output, log)
        try:
            yield started
        finally:
            await started.kill()
            process.stdin.close()
        assert "Traceback" not in started.log, started.log
        assert "Warning" not in started.log, started.log
        if telegram is not None:
            assert telegram.token.partition(":")[2] not in started.log + started.output
        assert process.returncode != DIALLED_OUT, started.log

    @property
    def output(self) -> str:
        """What it has written to standard output."""
        return self._output.read_text("utf-8")

    @property
    def log(self) -> str:
        """What it has written to standard error."""
        return self._log.read_text("utf-8")

    @property
    def lines(self) -> list[str]:
        """Its log, line by line."""
        return self.log.splitlines()

    async def said(self, text: str, within: float = PATIENCE) -> str:
        """Wait until its log holds the text; the line that does."""
        for _ in range(int(within / 0.02)):
            for line in self.lines:
                if text in line:
                    return line
            assert self._process.returncode is None, f"it has ended without {text!r}: {self.log}"
            await asyncio.sleep(0.02)
        raise AssertionError(f"no {text!r} within {within} s in {self.log!r}")

    async def serving(self) -> Self:
        """Wait until it serves Telegram and its filters are at work."""
        await self.said("serving as @")
        await self.said("filters are at work")
        return self

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    async def ended(self, within: float = PATIENCE) -> int:
        """Wait until it has ended; its exit status."""
        try:
            return await asyncio.wait_for(self._process.wait(), within)
        except TimeoutError:
            raise AssertionError(f"it has not ended within {within} s: {self.log}") from None

    async def kill(self) -> None:
        """Kill it as `kill -9` does, if it still runs, and wait until it is gone."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
