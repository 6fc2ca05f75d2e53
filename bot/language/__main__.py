"""Builds what is missing of the languages' dictionaries, with progress: `python -m bot.language [LANGUAGE …]`."""

import multiprocessing
import os
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from pathlib import Path

from bot.language.built import folder, write
from bot.language.detection import STEPS, WEIGHTS, write_steps, write_weights
from bot.language.lexicon import write_lexicon
from bot.language.morphology import BUILT_AT_INSTALL, lexicon_path


def main() -> int:
    """Build what is missing, one file a process; those that take longest first."""
    place = folder()
    jobs: dict[Path, Callable[[Path], None]] = {
        lexicon_path(place, language): partial(write_lexicon, language) for language in sys.argv[1:] or BUILT_AT_INSTALL
    }
    jobs |= {place / STEPS: write_steps, place / WEIGHTS: write_weights}
    missing = {path: build for path, build in jobs.items() if not path.exists()}
    if not missing:
        return 0
    print(f"Building dictionaries, {len(missing)} files, once ...", flush=True)  # noqa: T201 - the progress of an install
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(len(missing), os.cpu_count() or 1), mp_context=context, max_tasks_per_child=1) as pool:
        building = {pool.submit(write, path, build): path for path, build in missing.items()}
        for number, done in enumerate(as_completed(building), 1):
            done.result()
            print(f"  {number}/{len(missing)} {building[done].name}", flush=True)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
