"""Learns the weights and thresholds of `bot.domain.likeness` and `bot.domain.events`, and shows whether they hold.

    python benchmarks/train_events.py PAIRS.csv… [--data ../shared/data]

Learns from the English pairs of the files, and from `event_labels.csv`: pairs of the shared feeds and of the replay,
drawn from all bands of likeness and labelled by reading them. Each pair counts twice: with words as rare as they are
among the stories of its month, as in a true window, and as rare as they are among all the stories of all years.

A logistic regression over the figures of `Likeness`, by Newton's method, with a little of a ridge. Cross-validated five
times over groups: pairs that share a story are in one fold. Prints the weights relative to that of the similarity,
what they are in each fold, and precision and recall over the pairs left out, by threshold on the score.
"""

import argparse
import math
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Final

# What is measured is this checkout, whatever is installed: started by its path, a script finds only its own folder.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from event_data import SHARED, Pair, key_of, labelled, others, pairs_in, stem

from bot.domain.gist import Story, gist_of
from bot.domain.likeness import contradict, likeness
from bot.domain.rarity import Vocabulary

FOLDS: Final = 5
_RIDGE: Final = 0.1
_STEPS: Final = 30
_LEAST: Final = 50  # stories of a month that make a window


@dataclass(frozen=True, slots=True)
class Example:
    """A pair's figures after a constant 1, and what it is; of which group and under which view of rarity."""

    figures: tuple[float, float, float, float]
    is_joined: bool
    group: int
    view: str
    pair: Pair


def examples_of(pairs: Sequence[Pair], stories: Sequence[Story]) -> list[Example]:
    """The examples to learn from: pairs that nothing in the headlines keeps apart, in both views."""
    groups = _groups(pairs)
    everything, months = Vocabulary(), defaultdict[str, Vocabulary](Vocabulary)
    known = {key_of(story): story for pair in pairs for story in (pair.one, pair.other)}
    known |= {key_of(story): story for story in stories if story.language == "en"}
    for number, story in enumerate(known.values()):
        keys = gist_of(story, stem).keys
        everything.add(number, keys)
        months[_month(story)].add(number, keys)
    found = []
    for pair, group in zip(pairs, groups, strict=True):
        one, other = gist_of(pair.one, stem), gist_of(pair.other, stem)
        seconds = pair.one.at - pair.other.at
        month = months[_month(pair.one)]
        for view, words in (("all years", everything), ("its month", month)):
            same_outlet = pair.one.outlet == pair.other.outlet
            if contradict(one, other, words.rarity, seconds=seconds, same_outlet=same_outlet):
                continue
            figures = likeness(one, other, words.rarity, rarest=words.rarest, seconds=seconds)
            if len(words) >= _LEAST:
                found.append(Example((1.0, *figures), pair.is_joined, group, view, pair))
    return found


def _month(story: Story) -> str:
    # The replay runs from the end of one month into the next.
    return datetime.fromtimestamp(story.at, UTC).strftime("%Y-%m").replace("2020-05", "2020-04")


def _groups(pairs: Sequence[Pair]) -> list[int]:
    """For each pair a number that it shares with every pair to which stories lead from it."""
    parents = list(range(len(pairs)))

    def root(place: int) -> int:
        while parents[place] != place:
            place = parents[place]
        return place

    first: dict[str, int] = {}
    for place, pair in enumerate(pairs):
        # Pairs drawn at random tie everything to everything, and teach nothing.
        for story in (pair.one, pair.other) if pair.label != "DIFF_RANDOM" else ():
            parents[root(place)] = root(first.setdefault(key_of(story), place))
    return [root(place) for place in range(len(pairs))]


def learn(examples: Sequence[Example]) -> list[float]:
    """The weights of a logistic regression, that of the constant first."""
    size = 4
    weights = [0.0] * size
    for _ in range(_STEPS):
        slope = [-_RIDGE * weight * (place > 0) for place, weight in enumerate(weights)]
        bend = [[_RIDGE * (row == column > 0) for column in range(size)] for row in range(size)]
        for example in examples:
            chance = 1 / (1 + math.exp(-_logit(weights, example)))
            for row, figure in enumerate(example.figures):
                slope[row] += (example.is_joined - chance) * figure
                for column, second in enumerate(example.figures):
                    bend[row][column] += max(chance * (1 - chance), 1e-6) * figure * second
        weights = [weight + step for weight, step in zip(weights, _solved(bend, slope), strict=True)]
    return weights


def _logit(weights: Sequence[float], example: Example) -> float:
    return sum(weight * figure for weight, figure in zip(weights, example.figures, strict=True))


def _solved(matrix: list[list[float]], vector: list[float]) -> list[float]:
    """Gauss and Jordan, without pivoting: the matrix is positive definite."""
    size = len(vector)
    rows = [[*row, value] for row, value in zip(matrix, vector, strict=True)]
    for place in range(size):
        rows[place] = [value / rows[place][place] for value in rows[place]]
        for row in range(size):
            if row != place:
                rows[row] = [a - rows[row][place] * b for a, b in zip(rows[row], rows[place], strict=True)]
    return [row[size] for row in rows]


def _shown(weights: Sequence[float]) -> str:
    constant, similarity, evidence, day = weights
    return (
        f"similarity 1 (of {similarity:5.2f}), evidence {evidence / similarity:5.2f}, day {day / similarity:5.2f},"
        f" even chance at {-constant / similarity:.3f}, nine in ten at {(math.log(9) - constant) / similarity:.3f}"
    )


def report(examples: Sequence[Example]) -> None:
    """Print what was learned, and what it is worth on what was left out."""
    print(f"{len(examples)} examples, {sum(example.is_joined for example in examples)} of one event")
    print(f"all     {_shown(learn(examples))}")
    groups = sorted({example.group for example in examples})
    Random(1).shuffle(groups)
    folds = {group: place % FOLDS for place, group in enumerate(groups)}
    left_out: list[tuple[float, Example]] = []
    for fold in range(FOLDS):
        weights = learn([example for example in examples if folds[example.group] != fold])
        print(f"fold {fold}  {_shown(weights)}")
        left_out += [
            (_logit(weights, example) / weights[1] - weights[0] / weights[1], example)
            for example in examples
            if folds[example.group] == fold
        ]
    print("\nover the pairs left out, by threshold on the score:")
    for view in ("its month", "all years"):
        for source, is_own in (("the files' pairs", False), ("event_labels.csv", True)):
            some = [
                (score, example)
                for score, example in left_out
                if example.view == view
                and (example.pair.label == "DIFF" or example.pair.is_joined or not is_own)
                and (example.pair in _OWN) is is_own
            ]
            for threshold in (0.50, 0.54, 0.56, 0.58, 0.60, 0.62, 0.66):
                joined = [example.is_joined for score, example in some if score >= threshold]
                whole = sum(example.is_joined for _, example in some)
                precision = sum(joined) / len(joined) if joined else 1.0
                print(
                    f"rarity in {view}, {source}, from {threshold:.2f}:"
                    f" precision {precision:.3f}, recall {sum(joined) / whole:.3f} of {whole}"
                )


_OWN: set[Pair] = set()


def _main() -> int:
    parser = argparse.ArgumentParser(description="Learn the weights of likeness.")
    parser.add_argument("pairs", type=Path, nargs="+", metavar="PAIRS.csv")
    parser.add_argument("--data", type=Path, default=SHARED, help="a folder like ../shared/data")
    given = parser.parse_args()
    stories = others(given.data)
    pairs = [pair for path in given.pairs for pair in pairs_in(path) if pair.languages == "en-en"]
    own = labelled(stories)
    _OWN.update(own)
    report(examples_of([*pairs, *own], stories))
    return 0


if __name__ == "__main__":
    sys.exit(_main())
