"""What it costs to match a story against many filters: beside analysing it alone, and beside a loop of substring tests.

    python benchmarks/matching.py [DIR] [--most 1000000] [--stories 40] [--seed 1]

DIR holds feeds as they came over the wire (by default the shared ones, where they lie beside the repository). From
their texts come the stories, and the words of the filters, as often as they stand there: names and phrases as they were
written, words joined by AND, by OR, with an exclusion. A filter that holds for one of the stories is left out, and for
each story the same few are put in that do, so that hits are equal however many filters there are. One index grows from
a thousand filters to a million in this one process; of the repetitions the quickest counts, in processor time.

Stories are analysed as the bot does it, with the dictionaries that the install step has built. All of them are
analysed once before anything is measured, which fills the caches of words' forms: these have a bound, whatever the
number of filters, and are emptied before it is counted what a filter takes. That is counted allocation by allocation in
an index of its own up to a hundred thousand; beyond, it is that and by what the process has grown since.

Prints three tables, and ends with status 0 if the bounds hold, 1 if not.
"""

import argparse
import gc
import os
import sys
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, Final

# What is measured is this checkout, whatever is installed: started by its path, a script finds only its own folder.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.app import analyst_of
from bot.domain.errors import NotAFeed
from bot.domain.filters import Analysis, FilterIndex, texts
from bot.domain.forms import Forms
from bot.domain.matching import FOLDED
from bot.domain.query import MAX_CHARACTERS, Query, QueryError, parse
from bot.domain.stories import Entry
from bot.domain.words import acronym_of, fold, tokens
from bot.feeds.parse import parse as parse_feed
from bot.language import Morphology

MOST_TIMES_LARGER: Final = 2.5  # a million beside ten thousand
MOST_TIMES_ANALYSIS: Final = 4.0  # ten thousand beside the analysis alone
MOST_TIMES_CHANGE: Final = 3.0  # adding or removing at the most beside at a thousand
MOST_BYTES: Final = 1_000  # a filter
MOST_TIMES_LINEAR: Final = 1.5  # a character of a long query beside one of a short query

_WORST: Final = (
    "aa, bb -cc ",
    "(aa) ",
    'aa NEAR/3 (bb, "cc") ',
    "title:aa & ",
    "1,000,",
    '="aa bb", ',
    "aa* NOT (",
    "- + * ( ",
)
_SIZES: Final = (1_000, 10_000, 100_000, 1_000_000)
_TRACED: Final = 100_000  # filters up to which allocations are counted, which takes three times as long
_CHANGES: Final = 1_000
_SHARED: Final = Path(__file__).resolve().parents[2] / "shared" / "data" / "feeds"


@dataclass(frozen=True)
class Row:
    """The figures of one number of filters, in seconds."""

    filters: int
    match: float
    add: float
    remove: float
    size: int


def entries_in(folder: Path) -> list[Entry]:
    """Every entry of a folder's feeds, each text once."""
    found: dict[str, Entry] = {}
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        try:
            document = parse_feed(path.read_bytes(), url="https://outlet.example/feed.xml")
        except NotAFeed:
            continue
        found.update((entry.title + entry.summary, entry) for entry in document.entries)
    return list(found.values())


class Writer:
    """Makes up filters of the words of real texts, as often as they stand there."""

    def __init__(self, entries: Sequence[Entry], random: Random) -> None:
        self._random = random
        self._texts = [words for entry in entries for text in texts(entry).values() if len(words := text.split()) > 3]
        counts = Counter(token.text for entry in entries for text in texts(entry).values() for token in tokens(text))
        self._words = [word for word in counts if len(word) > 2]
        self._weights = list(accumulate(counts[word] for word in self._words))
        self._sizes = list(accumulate(map(len, self._texts)))

    def filters(self) -> Iterator[Query]:
        """Distinct filters, without end."""
        seen: set[int] = set()
        while True:
            typed = self._random.choices(
                (self._phrase, self._name, self._all, self._any, self._without), (30, 20, 25, 15, 10)
            )[0]()
            try:
                query = parse(typed)
            except QueryError:
                continue
            if (key := hash(str(query))) not in seen:
                seen.add(key)
                yield query

    def _drawn(self) -> str:
        return self._random.choices(self._words, cum_weights=self._weights)[0]

    def _quoted(self, words: Sequence[str]) -> str:
        found = [token.text for token in tokens(" ".join(words))]
        return '"' + " ".join(found) + '"'

    def _phrase(self) -> str:
        words = self._random.choices(self._texts, cum_weights=self._sizes)[0]
        length = self._random.choice((2, 2, 3, 4))
        start = self._random.randrange(max(len(words) - length, 1))
        return self._quoted(words[start : start + length])

    def _name(self) -> str:
        return self._quoted([self._drawn().title() for _ in range(2)])

    def _all(self) -> str:
        return " AND ".join(self._drawn() for _ in range(self._random.choice((2, 2, 3))))

    def _any(self) -> str:
        kinds = self._random.choices((self._name, self._phrase), k=self._random.choice((2, 3, 4)))
        return ", ".join(kind() for kind in kinds)

    def _without(self) -> str:
        return f"{self._drawn()} {self._drawn()} NOT {self._drawn()}"


def long_words(entry: Entry) -> list[str]:
    """The words of a headline and lead that are no mere particles."""
    return [token.text for token in tokens(f"{entry.title} {entry.summary}") if len(token.text) > 3]


def is_ordinary(entry: Entry) -> bool:
    """Whether a story has enough words for what is planted, and no book of them."""
    return len(set(long_words(entry))) > 8 and sum(map(len, texts(entry).values())) < 20_000


def planted(entry: Entry) -> list[Query]:
    """A few filters that hold for a story."""
    words = long_words(entry)
    longest = sorted(words, key=len)[-4:]
    return [
        parse(f'"{longest[-1]}"'),
        parse(f'"{longest[0]}" AND "{longest[1]}"'),
        parse(f'"{longest[2]}" NOT absentword, "{longest[3]} absentword"'),
        parse(f'"{words[0]}", absentword'),
        parse(f'("{longest[0]}", absentword) AND "{longest[3]}"'),
    ]


def quickest(run: Callable[[], Any], repetitions: int) -> float:
    """Seconds of the quickest of several runs."""
    best = float("inf")
    for _ in range(repetitions):
        started = time.process_time_ns()
        run()
        best = min(best, time.process_time_ns() - started)
    return best / 1e9


def resident() -> int:
    """Bytes of memory that this process has."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class Lent:
    """Forms that are taken away again, with what they have cached."""

    def __init__(self) -> None:
        self.forms: Forms = Morphology()

    def keys(self, word: str, language: str) -> tuple[str, ...]:
        """The keys of the forms that are lent."""
        return self.forms.keys(word, language)


def allocated(typed: Sequence[str], analyses: Sequence[Analysis]) -> int:
    """Bytes that an index of these filters has allocated, with the words' keys in the languages of the stories."""
    tracemalloc.start()
    lent = Lent()
    index = FilterIndex(map(parse, typed), forms=lent)
    for analysis in analyses:
        index.match(analysis)
    lent.forms = FOLDED
    fold.cache_clear()
    acronym_of.cache_clear()
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size


def changes(index: FilterIndex, fresh: Sequence[Query]) -> tuple[float, float]:
    """Seconds that it takes to add a filter, and to remove it: the quickest of three turns, of filters that are new."""
    names = [str(query) for query in fresh]
    adding = removing = float("inf")
    for _ in range(3):
        started = time.process_time()
        for query in fresh:
            index.add(query)
        added = time.process_time()
        for name in names:
            index.remove(name)
        adding = min(adding, added - started)
        removing = min(removing, time.process_time() - added)
    return adding / len(fresh), removing / len(fresh)


def linear() -> tuple[float, float]:
    """Seconds a character of a short query and of the longest, of signs that make the most work."""
    costs = []
    for length in (MAX_CHARACTERS // 8, MAX_CHARACTERS):
        runs = []
        for piece in _WORST:
            text = (piece * MAX_CHARACTERS)[:length]

            def read(text: str = text) -> None:
                try:
                    parse(text)
                except QueryError:
                    return

            runs.append(quickest(read, 20) / length)
        costs.append(max(runs))
    return costs[0], costs[1]


def fill(index: FilterIndex, filters: Iterator[Query], size: int, needles: list[str]) -> None:
    """Add filters until there are so many; the first become `needles` as well."""
    while len(index) < size:
        query = next(filters)
        index.add(query)
        if len(needles) < 10_000:
            needles.append(str(query).casefold())


def measure(entries: Sequence[Entry], most: int, stories: int, random: Random, repetitions: int) -> bool:
    """Measure, print; whether the bounds hold."""
    analyst = analyst_of()
    for entry in entries:
        analyst.analysis(entry)
    chosen = random.sample([entry for entry in entries if is_ordinary(entry)], stories)
    analyses = [analyst.analysis(entry) for entry in chosen]
    alone = sum(quickest(lambda entry=entry: analyst.analysis(entry), repetitions) for entry in chosen)  # type: ignore[misc]
    filters = Writer(entries, random).filters()
    fresh = list(islice(filters, _CHANGES))
    hitting = [query for entry in chosen for query in planted(entry)]
    kept = set(map(str, hitting))
    needles: list[str] = []
    rows: list[Row] = []
    gc.collect()
    gc.disable()
    sizes = [size for size in _SIZES if size <= most]
    typed = list(map(str, islice(Writer(entries, Random(random.random())).filters(), min(most, _TRACED))))
    traced = {size: allocated(typed[:size], analyses) for size in sizes if size <= len(typed)}
    index = FilterIndex(hitting, forms=analyst.forms)
    for size in sizes:
        while len(index) < size:
            fill(index, filters, size, needles)
            # What holds by chance makes room for others.
            for name in {match.query for analysis in analyses for match in index.match(analysis)} - kept:
                index.remove(name)
        if size in traced:
            memory, before = traced[size], resident()
        else:
            memory = traced[max(traced)] + resident() - before
        add, remove = changes(index, fresh)
        gc.collect()
        gc.freeze()
        counts = [len(index.match(analysis)) for analysis in analyses]
        match = sum(quickest(lambda analysis=analysis: index.match(analysis), repetitions) for analysis in analyses)  # type: ignore[misc]
        rows.append(Row(len(index), match, add, remove, memory))
        print(f"{len(index):>10,} filters: {sum(counts)} hits, {match / stories * 1e6:.0f} µs a story", flush=True)
    loop = sum(
        quickest(lambda text="\n".join(texts(entry).values()).casefold(): [n for n in needles if n in text], 3)  # type: ignore[misc]
        for entry in chosen
    )
    return report(rows, alone, loop, analyses)


def report(rows: Sequence[Row], alone: float, loop: float, analyses: Sequence[Analysis]) -> bool:
    """Print the tables; whether the bounds hold."""
    count = len(analyses)
    words = median(sum(map(len, analysis.words)) for analysis in analyses)
    print(f"\n{count} stories, {words:.0f} words in the middle one\n")
    print(f"{'a story, in µs':34}{'µs':>8}{'times analysis':>16}")
    for label, seconds in {
        "its analysis alone": alone,
        **{f"matching {row.filters:,} filters": row.match for row in rows},
        "substring tests of 10,000": loop,
    }.items():
        print(f"{label:34}{seconds / count * 1e6:8.0f}{seconds / alone:16.2f}")
    print(f"\n{'a filter':>12}{'adding, µs':>14}{'removing, µs':>14}{'bytes':>8}")
    for row in rows:
        print(f"{row.filters:12,}{row.add * 1e6:14.1f}{row.remove * 1e6:14.1f}{row.size / row.filters:8.0f}")
    short, long = linear()
    print(f"\nreading a query: {short * 1e9:.0f} ns a character of a short one, {long * 1e9:.0f} of a long one\n")
    by_size = {row.filters: row for row in rows}
    small, middle, large = by_size[1_000], by_size[10_000], rows[-1]
    bounds = {
        f"{large.filters:,} filters at most {MOST_TIMES_LARGER:g} times 10,000": large.match
        <= MOST_TIMES_LARGER * middle.match,
        f"10,000 filters at most {MOST_TIMES_ANALYSIS:g} times the analysis alone": alone + middle.match
        <= MOST_TIMES_ANALYSIS * alone,
        f"adding at most {MOST_TIMES_CHANGE:g} times as at 1,000": large.add <= MOST_TIMES_CHANGE * small.add,
        f"removing at most {MOST_TIMES_CHANGE:g} times as at 1,000": large.remove <= MOST_TIMES_CHANGE * small.remove,
        f"at most {MOST_BYTES:,} bytes a filter": large.size <= MOST_BYTES * large.filters,
        f"a long query at most {MOST_TIMES_LINEAR:g} times a short one, by the character": long
        <= MOST_TIMES_LINEAR * short,
    }
    for bound, holds in bounds.items():
        print(f"{'PASS' if holds else 'FAIL'}  {bound}")
    return all(bounds.values())


def main() -> int:
    """Read the arguments, measure, report."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", nargs="?", type=Path, default=_SHARED, metavar="DIR")
    arguments.add_argument("--most", type=int, default=_SIZES[-1])
    arguments.add_argument("--stories", type=int, default=40)
    arguments.add_argument("--repetitions", type=int, default=7)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    if not given.folder.is_dir():
        print(f"SKIP  there is no folder {given.folder}")
        return 0
    entries = entries_in(given.folder)
    if not entries:
        print(f"SKIP  there is no feed in {given.folder}")
        return 0
    return 0 if measure(entries, given.most, given.stories, Random(given.seed), given.repetitions) else 1


if __name__ == "__main__":
    sys.exit(main())
