"""A process for work that may never end: one job at a time, and it is killed when a job takes too long.

What is not here: which work that is. Jobs are functions that can be imported, with arguments that can be pickled.
"""

import asyncio
import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import get_context
from typing import TypeVar

Made = TypeVar("Made")


class Worker:
    """The process starts with the first job and is kept; use it in one event loop."""

    def __init__(self, patience: float) -> None:
        """`patience` is the seconds that one job may take."""
        self._patience = patience
        self._closed = False
        self._turn = asyncio.Lock()
        self._process: ProcessPoolExecutor | None = None
        self._pid = 0

    @property
    def is_running(self) -> bool:
        """Whether there is a process."""
        return self._process is not None

    def close(self) -> None:
        """Kill the process for good; a job in hand is given up."""
        self._closed = True
        self._discard()

    async def run(self, job: Callable[[], Made]) -> Made:
        """Run one job in the process.

        Raises:
            TimeoutError: it took too long, and the process was killed.
            BrokenProcessPool: it took the process with it, or this worker is closed.
            Exception: whatever the job raised.
        """
        async with self._turn:
            if self._closed:
                raise BrokenProcessPool("closed")
            loop = asyncio.get_running_loop()
            finished = False
            try:
                process = self._process
                if process is None:
                    self._process = process = ProcessPoolExecutor(
                        1, mp_context=get_context("spawn"), initializer=_prepare
                    )
                    self._pid = await loop.run_in_executor(process, os.getpid)
                async with asyncio.timeout(self._patience):
                    made = await loop.run_in_executor(process, job)
                finished = True
            except (TimeoutError, BrokenProcessPool):
                raise
            except Exception:
                finished = True  # with the job's own failure
                raise
            finally:
                if not finished:
                    self._discard()  # cancelled, too: nobody is to wait behind a job that nobody waits for
            return made

    def _discard(self) -> None:
        """Kill the process; the next job starts another."""
        process, self._process = self._process, None
        if process is None:
            return
        if self._pid:
            with suppress(OSError):
                os.kill(self._pid, signal.SIGKILL)
            self._pid = 0
        process.shutdown(wait=False, cancel_futures=True)


def _prepare() -> None:
    """In the process: Ctrl-C at the terminal is for the program, which then ends this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
