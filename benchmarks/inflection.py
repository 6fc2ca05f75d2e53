"""How well a keyword finds the forms of its words, and how well the language of a text is told.

    python benchmarks/inflection.py [DIR]

DIR holds gold queries, `*_queries.json`: each has a query of one or more words, the sentences that hold it in any
inflection, hard negatives (words that look like it) and random ones. By default the shared ones are read, where they
lie beside the repository; the project's own, in English, always are (`en_second`: written down before anything was
measured on it). A query holds for a sentence where its words stand there side by side, as forms of one another. Recall
is counted over the positive sentences, precision over all.

Texts of known language (`DIR/../language/*.csv`, columns lang and text) are told undeclared, declared rightly, and
declared wrongly: as every other language in turn.

Prints a table each, and what it takes to be ready: seconds and resident memory for six languages, in a process of its
own. Ends with status 0 if the bounds hold, 1 if not.
"""

import argparse
import csv
import io
import json
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

# What is measured is this checkout, whatever is installed: started by its path, a script finds only its own folder.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.domain.forms import Folded, Forms
from bot.domain.words import tokens
from bot.language import Detection, Morphology

LEAST_RECALL: Final = 0.97
LEAST_PRECISION: Final = 0.95
LEAST_TOLD: Final = 0.97
MOST_SECONDS: Final = 2.0
MOST_MEGABYTES: Final = 200.0
SIX: Final = ("en", "fr", "uk", "ru", "de", "pl")

_ROOT: Final = Path(__file__).resolve().parents[1]
_SHARED: Final = _ROOT.parent / "shared" / "data" / "morphology"
_OWN: Final = Path(__file__).resolve().parent / "data"
_LONG: Final = 40  # characters from which a text's language must be told
_READY: Final = """
import sys, time
sys.path.insert(0, {root!r})
started = time.perf_counter()
from bot.language import Detection, Morphology
morphology = Morphology()
morphology.open({six!r})
for language in {six!r}:
    morphology.keys("Instrukteurs", language)
detection = Detection()
detection.open()
detection.language_of("Military instructors")
taken = time.perf_counter() - started
print(taken, int(open("/proc/self/status").read().split("VmRSS:")[1].split()[0]) / 1024)
"""


@dataclass
class Score:
    """What was found of one kind of queries."""

    found: int = 0
    missed: int = 0
    false: int = 0

    @property
    def recall(self) -> float:
        """The part of the positive sentences that was found."""
        return self.found / ((self.found + self.missed) or 1)

    @property
    def precision(self) -> float:
        """The part of what was found that is positive."""
        return self.found / ((self.found + self.false) or 1)


def holds(query: Sequence[frozenset[str]], sentence: Sequence[frozenset[str]]) -> bool:
    """Whether the words of a query stand side by side in a sentence, each by a key in common."""
    starts = range(len(sentence) - len(query) + 1)
    return any(all(not word.isdisjoint(sentence[start + at]) for at, word in enumerate(query)) for start in starts)


def score(gold: Mapping[str, Any], forms: Forms) -> dict[int, Score]:
    """The scores of one language's queries, by how many words they have (2: two or more), and of all of them (0)."""

    def keys(text: str) -> list[frozenset[str]]:
        return [frozenset(forms.keys(token.text, gold["language"])) for token in tokens(text)]

    sentences = {name: keys(text) for name, text in gold["sentences"].items()}
    scores = {0: Score(), 1: Score(), 2: Score()}
    for entry in gold["queries"]:
        query = keys(entry["query"])
        found = sum(holds(query, sentences[name]) for name in entry["positive"])
        negatives = [*entry["hard_negative"], *entry["random_negative"]]
        false = sum(holds(query, sentences[name]) for name in negatives)
        for kind in (0, min(len(query), 2)):
            scores[kind].found += found
            scores[kind].missed += len(entry["positive"]) - found
            scores[kind].false += false
    return scores


def report_inflection(folders: Iterable[Path]) -> bool:
    """Print the table of recall and precision; whether the bounds hold."""
    morphology, folded = Morphology(), Folded()
    print(f"{'recall / precision':20}{'queries':>9}{'all':>14}{'one word':>14}{'two words':>14}{'folded words':>16}")
    good = True
    for path in sorted(path for folder in folders for path in folder.glob("*_queries.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        scores = score(gold, morphology)
        columns = [scores[0], scores[1], scores[2], score(gold, folded)[0]]
        cells = [f"{column.recall:.3f}/{column.precision:.3f}" for column in columns]
        name = path.name.removesuffix("_queries.json")
        print(f"{name:20}{len(gold['queries']):9}{cells[0]:>14}{cells[1]:>14}{cells[2]:>14}{cells[3]:>16}")
        good &= scores[0].recall >= LEAST_RECALL and scores[0].precision >= LEAST_PRECISION
    return good


def report_detection(folder: Path) -> bool | None:
    """Print the part of the texts whose language is told; whether the bound holds, None where there are no texts."""
    rows = [
        row for path in sorted(folder.glob("*.csv")) for row in csv.DictReader(io.StringIO(path.read_text("utf-8")))
    ]
    if not rows:
        return None
    detection = Detection()
    languages = sorted({row["lang"] for row in rows})

    def told(of: Sequence[Mapping[str, str]], *, declared: str) -> float:
        tries = right = 0
        for row in of:
            wrong = [language for language in languages if language != row["lang"]]
            declarations: dict[str, list[str | None]] = {"nothing": [None], "right": [row["lang"]], "wrong": [*wrong]}
            for says in declarations[declared]:
                tries += 1
                right += detection.language_of(row["text"], says) == row["lang"]
        return right / (tries or 1)

    parts = {
        f"{_LONG} characters or more": [row for row in rows if len(row["text"]) >= _LONG],
        "shorter": [row for row in rows if len(row["text"]) < _LONG],
    }
    print(f"\n{'language told':24}{'texts':>7}{'undeclared':>13}{'declared':>11}{'wrongly declared':>18}")
    good = True
    for name, part in parts.items():
        plain, right, wrong = (told(part, declared=declared) for declared in ("nothing", "right", "wrong"))
        print(f"{name:24}{len(part):7}{plain:13.3f}{right:11.3f}{wrong:18.3f}")
        if part and name != "shorter":
            good = min(plain, right, wrong) >= LEAST_TOLD
    started = time.process_time()
    for row in rows:
        detection.language_of(row["text"])
    print(f"a text takes {(time.process_time() - started) / len(rows) * 1e6:.0f} µs")
    return good


def ready() -> tuple[float, float]:
    """Seconds until six languages are ready in a new process, the quickest of three; megabytes that it then takes."""
    code = _READY.format(root=str(_ROOT), six=SIX)
    runs = []
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        seconds, megabytes = map(float, done.stdout.split())
        runs.append((seconds, megabytes))
    return min(seconds for seconds, _ in runs), max(megabytes for _, megabytes in runs)


def main() -> int:
    """Read the arguments, measure, report."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", nargs="?", type=Path, default=_SHARED, metavar="DIR")
    folder = arguments.parse_args().folder
    if not folder.is_dir():
        print(f"SKIP  there is no folder {folder}: the project's own queries only")
    bounds = {
        f"recall at least {LEAST_RECALL}, precision at least {LEAST_PRECISION}": report_inflection([folder, _OWN])
    }
    told = report_detection(folder.parent / "language")
    if told is not None:
        bounds[f"{LEAST_TOLD:.0%} of texts of {_LONG} characters or more told, whatever is declared"] = told
    seconds, megabytes = ready()
    print(f"\nready for {', '.join(SIX)} in {seconds:.2f} s, {megabytes:.0f} MB\n")
    bounds[f"ready within {MOST_SECONDS:g} s and {MOST_MEGABYTES:g} MB"] = (
        seconds <= MOST_SECONDS and megabytes <= MOST_MEGABYTES
    )
    for bound, holds_now in bounds.items():
        print(f"{'PASS' if holds_now else 'FAIL'}  {bound}")
    return 0 if all(bounds.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
