"""What it costs to read a feed: beside lxml's bare parse of the same bytes, and beside feedparser.

    python benchmarks/parsing.py [DIR] [--repetitions 7]

DIR holds feeds as they came over the wire (by default the shared ones, where they lie beside the repository). Each is
read whole: decoded, parsed, its markup turned into text, its entries identified. The tree alone is timed as well; of
what is not well-formed UTF-8 there is none at first, and all that it costs stands under the fields. Files that are no
XML feeds are left out, for neither lxml nor feedparser reads them. Everything runs in this one process, file by file
and turn by turn, and of the repetitions the quickest counts, in processor time: what else runs on the machine is mostly
left out.

Fetching and storing are not measured, nor what threads and processes add around the reader.

Prints one table, and ends with status 0 if the bounds hold, 1 if not.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from pathlib import Path
from statistics import median
from typing import Any, Final

# What is measured is this checkout, whatever is installed: started by its path, a script finds only its own folder.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import feedparser
from lxml import etree

from bot.domain.errors import NotAFeed
from bot.domain.stories import FeedDocument, identify
from bot.feeds.decode import decode
from bot.feeds.parse import parse
from bot.feeds.tree import tree_of

MOST_TIMES_LXML: Final = 3.0
LEAST_TIMES_FASTER: Final = 15.0  # than feedparser
MOST_FOR_UNCHANGED: Final = 0.05  # of what reading the feed costs

_SHARED: Final = Path(__file__).resolve().parents[2] / "shared" / "data" / "feeds"
_URL: Final = "https://outlet.example/feed.xml"


@dataclass
class Feed:
    """One file, and for each stage the seconds of its quickest run."""

    name: str
    body: bytes
    document: FeedDocument
    seconds: dict[str, float] = field(default_factory=dict)

    def measure(self, stage: str, run: Callable[[], Any]) -> None:
        """Run a stage once."""
        started = time.process_time()
        run()
        taken = time.process_time() - started
        self.seconds[stage] = min(taken, self.seconds.get(stage, taken))

    @property
    def whole(self) -> float:
        """Seconds that the reader takes: parsing, whatever the encoding, and identity."""
        return self.seconds["parse"] + self.seconds["identity"]


def feeds_in(folder: Path) -> list[Feed]:
    """The XML feeds of a folder."""
    found = []
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        body = path.read_bytes()
        try:
            document = parse(body, url=_URL)
        except NotAFeed:
            continue
        if not decode(body).lstrip("\ufeff\0 \t\r\n").startswith("{"):
            found.append(Feed(path.name, body, document))
    return found


def bare(body: bytes) -> None:
    """Parse with lxml and nothing else; what is ill-formed as far as it goes, else that would be almost free."""
    etree.fromstring(body, etree.XMLParser(recover=True))


def digest(body: bytes) -> str:
    """What a poll compares before it parses anything."""
    return blake2b(body, digest_size=16).hexdigest()


def measure(feeds: Sequence[Feed], repetitions: int) -> None:
    """Measure every stage of every feed, all stages of one in turn."""
    for _ in range(repetitions):
        for feed in feeds:
            feed.measure("lxml", partial(bare, feed.body))
            feed.measure("tree", partial(tree_of, feed.body.lstrip()))
            feed.measure("parse", partial(parse, feed.body, url=_URL))
            feed.measure("identity", partial(identify, feed.document.entries))
            feed.measure("hash", partial(digest, feed.body))
            feed.measure("feedparser", partial(feedparser.parse, feed.body))


def report(feeds: Sequence[Feed]) -> bool:
    """Print the table; whether the bounds hold."""
    total = {stage: sum(feed.seconds[stage] for feed in feeds) for stage in feeds[0].seconds}
    whole = sum(feed.whole for feed in feeds)
    size = sum(len(feed.body) for feed in feeds)
    entries = sum(len(feed.document.entries) for feed in feeds)
    print(f"{len(feeds)} feeds, {entries:,} entries, {size / 1e6:.1f} MB\n")
    print(f"{'':32}{'ms':>8}{'MB/s':>8}{'times lxml':>13}{'median':>9}")
    rows: dict[str, Callable[[Feed], float]] = {
        "lxml, bare": lambda feed: feed.seconds["lxml"],
        "tree": lambda feed: feed.seconds["tree"],
        "encoding, fields and texts": lambda feed: feed.seconds["parse"] - feed.seconds["tree"],
        "identity": lambda feed: feed.seconds["identity"],
        "the reader, whole": lambda feed: feed.whole,
        "feedparser": lambda feed: feed.seconds["feedparser"],
        "a hash, where nothing changed": lambda feed: feed.seconds["hash"],
    }
    for label, seconds_of in rows.items():
        seconds = sum(map(seconds_of, feeds))
        middle = median(seconds_of(feed) / feed.seconds["lxml"] for feed in feeds)
        print(f"{label:32}{seconds * 1e3:8.1f}{size / 1e6 / seconds:8.0f}{seconds / total['lxml']:13.2f}{middle:9.2f}")
    faster = median(feed.seconds["feedparser"] / feed.whole for feed in feeds)
    print(f"\nfaster than feedparser: {total['feedparser'] / whole:.1f} times, by the median feed {faster:.1f} times\n")
    bounds = {
        f"at most {MOST_TIMES_LXML:g} times lxml's bare parse": whole <= MOST_TIMES_LXML * total["lxml"],
        f"at least {LEAST_TIMES_FASTER:g} times faster than feedparser": total["feedparser"]
        >= LEAST_TIMES_FASTER * whole,
        f"unchanged, at most {MOST_FOR_UNCHANGED:.0%} of it": total["hash"] <= MOST_FOR_UNCHANGED * whole,
    }
    for bound, holds in bounds.items():
        print(f"{'PASS' if holds else 'FAIL'}  {bound}")
    return all(bounds.values())


def main() -> int:
    """Read the arguments, measure, report."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", nargs="?", type=Path, default=_SHARED, metavar="DIR")
    arguments.add_argument("--repetitions", type=int, default=7)
    given = arguments.parse_args()
    if not given.folder.is_dir():
        print(f"SKIP  there is no folder {given.folder}")
        return 0
    feeds = feeds_in(given.folder)
    if not feeds:
        print(f"SKIP  there is no XML feed in {given.folder}")
        return 0
    measure(feeds, given.repetitions)
    return 0 if report(feeds) else 1


if __name__ == "__main__":
    sys.exit(main())
