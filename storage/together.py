"""Writes that come together, in one transaction: a commit waits for the disk, and most polls have little to write."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, Generic, TypeVar

import sqlite_utils

from bot.ports.store import StoreFailed
from storage.database import Database

T = TypeVar("T")

_GATHERED: Final = 0.02  # seconds for which the first write waits for others


class Together(Generic[T]):
    """What is to be written of one kind; what comes while the first waits shares its transaction, and its failure."""

    def __init__(self, database: Database, apply: Callable[[sqlite_utils.Database, Sequence[T]], None]) -> None:
        self._database = database
        self._apply = apply
        self._waiting: list[tuple[T, asyncio.Future[None]]] = []

    async def write(self, item: T) -> None:
        """Return when it is written.

        Raises:
            StoreFailed: it is not, nor what came with it.
        """
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, written))
        if len(self._waiting) == 1:
            await self._write_all()
        await written

    async def _write_all(self) -> None:
        failure: StoreFailed | None = StoreFailed("it was told to stop")
        together = self._waiting
        try:
            try:
                await asyncio.sleep(_GATHERED)
            finally:
                self._waiting = []
            items = [item for item, _ in together]
            await self._database.write(lambda db: self._apply(db, items))
            failure = None
        except StoreFailed as error:
            failure = error
        finally:
            for _, written in together:
                if not written.done():  # who waited may have been told to stop
                    written.set_exception(failure) if failure else written.set_result(None)
                    if failure:
                        written.exception()  # nobody may be waiting any more
