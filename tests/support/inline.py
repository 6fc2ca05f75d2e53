"""A database whose work is done at once, in the thread that asks: loops in virtual time wait for no other.

And what most tests' databases begin as: all the migrations together take longer than most tests do.
"""

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

import sqlite_utils

from storage import Database

T = TypeVar("T")


class InlineDatabase(Database):
    """One connection for reading and writing."""

    async def open(self) -> None:
        """As `Database` does; nobody pulls the plug in virtual time, so the disk is not waited for."""
        make_database(self._path)
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


def make_database(path: Path) -> None:
    """Make an empty database there, as opening it would, unless something is there."""
    if not path.exists():
        path.write_bytes(_empty())


@cache
def _empty() -> bytes:
    with tempfile.TemporaryDirectory(prefix="tocsin-") as folder:
        path = Path(folder) / "tocsin.db"
        database = InlineDatabase(path)
        database._write(lambda _: None)
        database.shut()
        return path.read_bytes()
