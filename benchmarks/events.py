"""Which stories become one event: joined rightly, how fast, in how much memory.

    python benchmarks/events.py PAIRS.csv… [--data ../shared/data] [--pairs-only]

Each file of labelled pairs (both formats of `../shared/data/events`) has its own stream: its stories at their times,
among 5,000 others of the shared feeds and of the replay. Others of the same 72 hours keep their time, the rest are
spread over these hours at random, so that all are in the window at once. The production index takes up one story after
the other, as the line does: plan, apply, forget.

SAME, UPDATE and CONFLICTING_ACCOUNT are to be in one event, all else in two. Beside it, over the same stories with the
same stems, TF-IDF: headline and lead alike, or the headline counted twice, which does better. "neighbour" joins a story
to the event of its nearest earlier one, "pairwise" knows nothing of a stream and compares the two stories of each pair.
Each has its best threshold in hindsight: printed is its recall at a precision no less than the index's, and at .95.

Then what a story costs with 1,000, 10,000 and 100,000 stories in the window, and how much memory it takes: stories put
together from real ones, with invented names in them, as many as Heaps' law would have.

Ends with status 0 if English precision is at least .95, its recall .05 above any neighbour's, the cost grows at most 7
times, and a story takes at most 4 kB.
"""

import argparse
import gc
import math
import sys
import time
import tracemalloc
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

# What is measured is this checkout, whatever is installed: started by its path, a script finds only its own folder.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from event_data import SHARED, Pair, numbered, others, pairs_in, stem

from bot.domain.events import WINDOW, Events
from bot.domain.gist import Story, gist_of

LEAST_PRECISION: Final = 0.95
LEAST_GAIN: Final = 0.05
MOST_GROWTH: Final = 7.0
MOST_BYTES: Final = 4_000
OTHERS: Final = 5_000
WINDOWS: Final = (1_000, 10_000, 100_000)

THRESHOLDS: Final = [step / 100 for step in range(10, 100)]

_ENOUGH: Final = 20  # pairs from which on they are a measure
_TIMED: Final = 400
_COMMON: Final = 1_000  # stories that hold a word from which it finds the baseline no candidates, though it counts


class Figures(NamedTuple):
    """How pairs were judged: counts of those joined rightly, wrongly, and missed."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Of the pairs joined, the share that should be; 1 where none is joined."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Of the pairs that should be joined, the share that is."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 0.0


def judge(pairs: Sequence[Pair], is_joined: Callable[[Pair], bool]) -> Figures:
    """Count what was joined."""
    found = Counter((pair.is_joined, is_joined(pair)) for pair in pairs)
    return Figures(found[True, True], found[False, True], found[True, False])


@dataclass
class Stream:
    """Stories in the order of their times, with ids from 1 on, and the pairs among them."""

    stories: list[Story]
    pairs: list[Pair]


def stream_of(pairs: Sequence[Pair], rest: Sequence[Story], random: Random, *, most: int = OTHERS) -> Stream:
    """The stories of some pairs among so many others."""
    own = {_name(story): story for pair in pairs for story in (pair.one, pair.other)}
    times = [story.at for story in own.values() if story.at]
    until = max(times)
    since = until - WINDOW
    distinct = [story for story in rest if _name(story) not in own]
    contemporaries = [story for story in distinct if since <= story.at <= until]
    moved = [story for story in distinct if not since <= story.at <= until]
    moved = random.sample(moved, min(len(moved), max(0, most - len(contemporaries))))
    filling = contemporaries + [replace(story, at=random.uniform(since, until)) for story in moved]
    stories = numbered(sorted([*own.values(), *filling], key=lambda story: (story.at, _name(story))))
    by_name = {_name(story): story for story in stories}
    return Stream(
        stories,
        [Pair(by_name[_name(pair.one)], by_name[_name(pair.other)], pair.label) for pair in pairs],
    )


def _name(story: Story) -> tuple[str, str, float]:
    return story.outlet, story.title, story.at if story.title == "" else 0.0


def events_of(stories: Sequence[Story]) -> dict[int, int]:
    """The event of each story, by the production index."""
    events, decided = Events(stem), dict[int, int]()
    for story in stories:
        decision = events.plan(story)
        decided[story.story_id] = event_id = story.story_id if decision.event_id is None else decision.event_id
        events.apply(decision, event_id)
        events.forget(story.at - WINDOW)
    return decided


class Baseline:
    """TF-IDF over headline and lead, smoothed and sublinear; what is rare in a stream is known beforehand."""

    def __init__(self, stories: Sequence[Story], headline: int) -> None:
        """`headline` is how often the headline counts."""
        gists = {story.story_id: gist_of(story, stem) for story in stories}
        held = Counter(word for gist in gists.values() for word in gist.keys)
        rarity = {word: 1 + math.log((1 + len(stories)) / (1 + count)) for word, count in held.items()}
        self._vectors = dict[int, dict[str, float]]()
        for story_id, gist in gists.items():
            counts = dict.fromkeys(gist.keys, 1) | dict.fromkeys(gist.title, headline)
            vector = {word: (1 + math.log(count)) * rarity[word] for word, count in counts.items()}
            norm = math.sqrt(sum(weight**2 for weight in vector.values())) or 1.0
            self._vectors[story_id] = {word: weight / norm for word, weight in vector.items()}
        self._nearest = dict[int, tuple[float, int]]()
        places = defaultdict[str, list[int]](list)
        for story in stories:
            near: Counter[int] = Counter()
            vector = self._vectors[story.story_id]
            for word in vector:
                if held[word] <= _COMMON:
                    near.update(places[word])
                places[word].append(story.story_id)
            candidates = sorted(near, key=lambda other: (-near[other], other))[:200]
            if candidates:
                self._nearest[story.story_id] = max(
                    (self.cosine(story.story_id, other), -other) for other in candidates
                )

    def cosine(self, one: int, other: int) -> float:
        """How alike two stories are."""
        mine, its = self._vectors[one], self._vectors[other]
        return sum(weight * its[word] for word, weight in mine.items() if word in its)

    def neighbours(self, threshold: float) -> dict[int, int]:
        """The event of each story, if it joins that of its nearest earlier one from a threshold on."""
        decided = dict[int, int]()
        for story_id in self._vectors:
            cosine, other = self._nearest.get(story_id, (0.0, 0))
            decided[story_id] = decided[-other] if cosine >= threshold else story_id
        return decided


def best(figures: Sequence[Figures], precision: float) -> Figures:
    """Those with the best recall at no less than a precision."""
    return max(
        (found for found in figures if found.precision >= precision and found.right),
        key=lambda found: (found.recall, found.precision),
        default=Figures(0, 0, 1),
    )


def report(path: Path, rest: Sequence[Story], *, show: bool = False) -> bool:
    """Stream a file's pairs and print what became of them; whether what must hold does."""
    stream = stream_of(pairs_in(path), rest, Random(1))
    started = time.process_time()
    decided = events_of(stream.stories)
    taken = time.process_time() - started
    baselines = {
        name: [(_in_one(baseline.neighbours(step)), _alike(baseline, step)) for step in THRESHOLDS]
        for name, baseline in (("", Baseline(stream.stories, 1)), ("headline twice", Baseline(stream.stories, 2)))
    }
    sizes = Counter(Counter(decided.values()).values())
    joined = sum(size * count for size, count in sizes.items() if size > 1)
    print(f"\n{path.name}: {len(stream.pairs)} pairs, {len(stream.stories)} stories, {taken:.1f} s")
    print(f"{joined} stories are in events of several, the largest of {max(sizes)}")
    holds = True
    for languages in sorted({pair.languages for pair in stream.pairs}):
        pairs = [pair for pair in stream.pairs if pair.languages == languages]
        own = judge(pairs, _in_one(decided))
        print(
            f"{languages}: {len(pairs)} pairs, {own.right + own.missed} of one event:"
            f" precision {own.precision:.3f} ({own.right} of {own.right + own.wrong}), recall {own.recall:.3f}"
        )
        for name, judges in baselines.items():
            nearest, pairwise = ([judge(pairs, of_step[kind]) for of_step in judges] for kind in (0, 1))
            at_ours = best(nearest, own.precision).recall
            print(
                f"    TF-IDF {name or 'all alike':14} recall at {own.precision:.3f}: neighbour {at_ours:.3f},"
                f" pairwise {best(pairwise, own.precision).recall:.3f}; at {LEAST_PRECISION}:"
                f" {best(nearest, LEAST_PRECISION).recall:.3f}, {best(pairwise, LEAST_PRECISION).recall:.3f}"
            )
            if languages == "en-en" and len(pairs) >= _ENOUGH:
                holds = holds and own.precision >= LEAST_PRECISION and own.recall >= at_ours + LEAST_GAIN
        if show:
            for pair in pairs:
                if (is_joined := _in_one(decided)(pair)) != pair.is_joined:
                    verdict = "WRONG" if is_joined else "missed"
                    print(f"    {verdict} {pair.label}: {pair.one.title} ## {pair.other.title}")
    return holds


def _in_one(events: dict[int, int]) -> Callable[[Pair], bool]:
    return lambda pair: events[pair.one.story_id] == events[pair.other.story_id]


def _alike(baseline: Baseline, threshold: float) -> Callable[[Pair], bool]:
    return lambda pair: baseline.cosine(pair.one.story_id, pair.other.story_id) >= threshold


def made_up(real: Sequence[Story], random: Random) -> Iterator[Story]:
    """Stories without end, a second apart: a real headline with another's lead, and invented names."""
    names = 0
    for number in range(1, 10**9):
        head, body = random.choice(real), random.choice(real)
        words = [*head.title.split(), *body.lead[:300].split()]
        for _ in range(3):
            # Every tenth name is a new one, the others were heard of before: of the newest more often.
            names += random.random() < 0.3
            words[random.randrange(len(words))] = f"Name{int(names * random.random() ** 0.5)}"
        split = len(head.title.split())
        yield Story(number, head.outlet, "en", " ".join(words[:split]), " ".join(words[split:]), float(number))


def report_cost(real: Sequence[Story]) -> bool:
    """Print what a story costs in windows of growing size; whether that holds."""
    english = [story for story in real if story.language == "en"]
    stories = made_up(english, Random(1))
    events = Events(stem)
    costs = dict[int, float]()
    for window in WINDOWS:
        while len(events) < window:
            story = next(stories)
            events.restore(story, story.story_id)
        sample = [next(stories) for _ in range(_TIMED)]
        gc.collect()
        gc.disable()
        started = time.process_time()
        for story in sample:
            decision = events.plan(story)
            events.apply(decision, decision.event_id or story.story_id)
            events.forget(story.at - window)
        costs[window] = (time.process_time() - started) / len(sample)
        gc.enable()
        print(f"window of {window:7}: {costs[window] * 1e6:6.0f} µs a story")
    growth = costs[WINDOWS[-1]] / costs[WINDOWS[0]]
    print(f"growth {growth:.1f} times (at most {MOST_GROWTH:.0f})")
    return growth <= MOST_GROWTH


def report_memory(real: Sequence[Story], most: int = 20_000) -> bool:
    """Print what memory a story takes in the window; whether that holds."""
    english = [story for story in real if story.language == "en"]
    stories = made_up(english, Random(2))
    events = Events(stem)
    for _ in range(100):
        story = next(stories)
        events.restore(story, story.story_id)
    stem.cache_clear()
    gc.collect()
    tracemalloc.start()
    for _ in range(most):
        story = next(stories)
        events.restore(story, story.story_id)
    stem.cache_clear()
    gc.collect()
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"{taken / most:.0f} bytes a story (at most {MOST_BYTES})")
    return taken / most <= MOST_BYTES


def _main() -> int:
    parser = argparse.ArgumentParser(description="Which stories become one event.")
    parser.add_argument("pairs", type=Path, nargs="*", metavar="PAIRS.csv")
    parser.add_argument("--data", type=Path, default=SHARED, help="a folder like ../shared/data")
    parser.add_argument("--pairs-only", action="store_true", help="measure neither cost nor memory")
    parser.add_argument("--show", action="store_true", help="print each pair that was judged wrongly")
    given = parser.parse_args()
    rest = others(given.data)
    holds = [report(path, rest, show=given.show) for path in given.pairs]
    if not given.pairs_only:
        print()
        holds += [report_cost(rest), report_memory(rest)]
    print("PASS" if all(holds) else "FAIL")
    return 0 if all(holds) else 1


if __name__ == "__main__":
    sys.exit(_main())
