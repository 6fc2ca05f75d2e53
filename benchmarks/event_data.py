"""Real stories for the benchmarks of events: labelled pairs, and others to stream among.

Read from `../shared/data` with the project's own reader; of the publishers' texts nothing is kept here.
"""

import csv
import json
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Final

from bot.app import analyst_of
from bot.domain.errors import NotAFeed
from bot.domain.gist import Story
from bot.domain.stories import Entry
from bot.feeds.dates import instant_of
from bot.feeds.parse import parse

SHARED: Final = Path(__file__).resolve().parents[2] / "shared" / "data"
JOINED: Final = frozenset({"SAME", "UPDATE", "CONFLICTING_ACCOUNT"})
"""The labels of pairs that are one event; all others are two."""

LABELS: Final = Path(__file__).with_name("event_labels.csv")
_URL: Final = "https://outlet.example/feed.xml"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two stories, and whether somebody who read them calls them one event."""

    one: Story
    other: Story
    label: str

    @property
    def is_joined(self) -> bool:
        """Whether they are one event."""
        return self.label in JOINED

    @property
    def languages(self) -> str:
        """Such as "en-uk"."""
        return "-".join(sorted((self.one.language, self.other.language)))


stem = lru_cache(maxsize=200_000)(analyst_of().stem)
"""A word's key as the bot itself has it; a `bot.domain.gist.Stem`."""


def key_of(story: Story) -> str:
    """By what a labelled story is known again, without its text."""
    return blake2b(f"{story.outlet}\n{story.title}".encode(), digest_size=8).hexdigest()


def pairs_in(path: Path) -> list[Pair]:
    """The pairs of a file, in either of the formats of `../shared/data/events`; story ids are all 0."""
    with path.open(newline="", encoding="utf-8") as lines:
        return [Pair(_side(row, "a"), _side(row, "b"), row["label"]) for row in csv.DictReader(lines)]


def _side(row: dict[str, str], side: str) -> Story:
    link = row.get(f"link_{side}") or row.get(f"url_{side}") or ""
    at = instant_of(row.get(f"date_{side}") or row.get(f"published_{side}") or "")
    return Story(
        0,
        row.get(f"outlet_{side}") or link.split("/")[2],
        row.get(f"lang_{side}") or "en",
        row[f"title_{side}"],
        row.get(f"summary_{side}") or "",
        at or 0.0,
    )


def labelled(stories: Iterable[Story]) -> list[Pair]:
    """The pairs of `event_labels.csv` whose stories are among these: the label is theirs who wrote this benchmark."""
    known = {key_of(story): story for story in stories}
    with LABELS.open(newline="", encoding="utf-8") as lines:
        rows = [(row["label"], known.get(row["one"]), known.get(row["other"])) for row in csv.DictReader(lines)]
    return [Pair(one, other, label) for label, one, other in rows if one is not None and other is not None]


def others(data: Path = SHARED) -> list[Story]:
    """Every story of the feeds and the replay in a folder like `../shared/data`, each headline of an outlet once.

    Story ids are all 0.
    """
    found: dict[tuple[str, str], Story] = {}
    for story in (*_of_feeds(data / "feeds"), *_of_replay(data / "replay" / "replay.tar.xz")):
        found.setdefault((story.outlet, story.title), story)
    return list(found.values())


def _of_feeds(folder: Path) -> Iterator[Story]:
    with (folder / "index.csv").open(newline="", encoding="utf-8") as lines:
        index = {row["file"]: row for row in csv.DictReader(lines)}
    for path in sorted(folder.iterdir()):
        if path.name.endswith(".items.json"):
            for item in json.loads(path.read_text(encoding="utf-8"))["items"]:
                at = instant_of(item.get("published") or "") or 0.0
                outlet = item["url"].split("/")[2]
                yield Story(0, outlet, item["lang"], item["title"], item.get("summary") or "", at)
        elif path.name in index:
            row = index[path.name]
            yield from _stories(path.read_bytes(), row["outlet"], row["lang_detected"] or row["lang_declared"][:2])


def _of_replay(archive: Path) -> Iterator[Story]:
    with tarfile.open(archive) as files:
        for member in files.getmembers():
            body = files.extractfile(member)
            if body is not None:
                yield from _stories(body.read(), Path(member.name).parent.name, "en")


def _stories(body: bytes, outlet: str, language: str) -> Iterator[Story]:
    try:
        document = parse(body, url=_URL)
    except NotAFeed:
        return
    for entry in document.entries:
        if entry.title:
            yield _story(entry, outlet, language)


def _story(entry: Entry, outlet: str, language: str) -> Story:
    lead = entry.summary or entry.content
    return Story(0, outlet, language or entry.language or "", entry.title, lead, entry.published or 0.0)


def numbered(stories: Iterable[Story]) -> list[Story]:
    """The same with ids from 1 on, in this order."""
    return [replace(story, story_id=number) for number, story in enumerate(stories, 1)]
