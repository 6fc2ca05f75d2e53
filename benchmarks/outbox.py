"""What claiming and marking cost with many delivered alerts in the table.

    python benchmarks/outbox.py [--few 10000] [--many 1000000] [--rounds 30]

Two files, alike but for how many alerts were delivered before. Alerts are claimed one at a time and marked as sent,
by turns in the one and the other, so that whatever else the machine does hits both. As in the real bot every commit is
on disk before it counts. No platform and no network; it does not measure matching.

Prints the medians, and ends with status 0 if the many cost at most 1.5 times the few, 1 if not.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

# What is measured is this checkout, whatever is installed: started by its path, a script finds only its own folder.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from bot.domain.delivery import Done
from storage import Database, OutboxStore
from support.backlog import write_backlog

MOST: Final = 1.5
_CHATS: Final = 1_000
_DUE: Final = 5  # in each chat
_BATCH: Final = 50  # alerts a turn


async def made(path: Path, sent: int) -> Database:
    """A file in which so many alerts were delivered, and some are due."""
    database = Database(path)
    await database.open()
    chats = [str(number) for number in range(1, _CHATS + 1)]
    await database.write(lambda db: write_backlog(db, chats, due=_DUE, sent=sent // _CHATS, now=time.time() - 60))
    await database.tidy()
    return database


async def turn(outbox: OutboxStore) -> tuple[float, float]:
    """Claim and mark a batch, one by one; the medians of both, in seconds."""
    claims, marks = [], []
    for _ in range(_BATCH):
        now = time.time()
        began = time.perf_counter()
        (claimed,) = await outbox.claim("telegram", run="benchmark", limit=1, now=now)
        between = time.perf_counter()
        await outbox.mark(claimed, Done("1"), now=now, next_at=now)
        marks.append(time.perf_counter() - between)
        claims.append(between - began)
    return statistics.median(claims), statistics.median(marks)


async def measure(few: int, many: int, rounds: int) -> bool:
    """Print what it costs; whether it holds."""
    with tempfile.TemporaryDirectory(prefix="tocsin-outbox-") as folder:
        sizes = (few, many)
        databases = [await made(Path(folder) / f"{size}.db", size) for size in sizes]
        outboxes = [OutboxStore(database) for database in databases]
        turns: list[list[tuple[float, float]]] = [[], []]
        for number in range(rounds):
            for which in (0, 1) if number % 2 else (1, 0):
                turns[which].append(await turn(outboxes[which]))
        for database in databases:
            await database.close()
    costs = []
    for size, taken in zip(sizes, turns, strict=True):
        claim, mark = (statistics.median(column) * 1e6 for column in zip(*taken, strict=True))
        costs.append(claim + mark)
        print(f"      {size:9,} delivered: {claim:7.0f} µs a claim, {mark:7.0f} µs a mark")
    ratio: float = costs[1] / costs[0]
    print(f"{'PASS' if ratio <= MOST else 'FAIL'}  {ratio:.2f} times, at most {MOST:g}")
    return ratio <= MOST


def _main() -> int:
    parser = argparse.ArgumentParser(description="What a long past costs a claim and a mark.")
    parser.add_argument("--few", type=int, default=10_000)
    parser.add_argument("--many", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=30, help=f"turns of {_BATCH} alerts each (30)")
    given = parser.parse_args()
    return 0 if asyncio.run(measure(given.few, given.many, given.rounds)) else 1


if __name__ == "__main__":
    sys.exit(_main())
