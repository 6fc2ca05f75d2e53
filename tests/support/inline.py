"""A database whose work is done at once, in the thread that asks: loops in virtual time wait for no other."""

from collections.abc import Callable
from typing import TypeVar

import sqlite_utils

from storage import Database

T = TypeVar("T")


class InlineDatabase(Database):
    """One connection for reading and writing."""

    async def open(self) -> None:
        """As `Database` does; nobody pulls the plug in virtual time, so the disk is not waited for."""
        await super().open()
        self._connection(writable=True).execute("PRAGMA synchronous=OFF")

    async def write(self, work: Callable[[sqlite_utils.Database], T]) -> T:
        """As `Database` does, at once."""
        return self._write(work)

    async def read(self, work: Callable[[sqlite_utils.Database], T]) -> T:
        """As `Database` does, at once."""
        return self._write(work)

    def shut(self) -> None:
        """Close it, outside of any loop."""
        self._shut()
