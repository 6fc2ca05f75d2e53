"""Where what was built lies, and how it comes there: whole or not at all, however many build it at once."""

import logging
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

_FORMAT: Final = 2  # to be counted up where what is built becomes another
_LIBRARIES: Final = ("simplemma", "lemminflect", "py3langid")


def folder() -> Path:
    """The folder of what was built, in the environment that Python runs in, else in the user's cache.

    Its name says which libraries it was built from: with newer ones it is built anew.
    """
    name = "-".join([f"language-{_FORMAT}", *map(version, _LIBRARIES)])
    for base in (Path(sys.prefix) / "var", Path.home() / ".cache", Path(tempfile.gettempdir())):
        place = base / "tocsin" / name
        with suppress(OSError):
            place.mkdir(parents=True, exist_ok=True)
            if os.access(place, os.W_OK):
                return place
    return Path(tempfile.mkdtemp(prefix="tocsin-"))


def built(path: Path, build: Callable[[Path], None]) -> Path:
    """The path of a file, which is built now where it is missing, and logged.

    Args:
        path: Where the file belongs.
        build: Writes it to the path that it is given.
    """
    if not path.exists():
        log.warning("%s is missing: building it now, which takes up to a minute (make install does this)", path.name)
        write(path, build)
    return path


def write(path: Path, build: Callable[[Path], None]) -> None:
    """Build a file beside its place, and put it there when it is whole."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    os.close(handle)
    half = Path(name)
    try:
        build(half)
        half.chmod(0o644)  # whoever installs, others may run
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
