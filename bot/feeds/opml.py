"""Lists of feeds as OPML."""

from importlib.resources import files
from pathlib import Path

from lxml import etree

from bot.domain.urls import site


class NotAnOutlineError(Exception):
    """A list of feeds that is none, and why."""


def read_opml(document: bytes) -> tuple[tuple[str, str], ...]:
    """The feeds of an OPML document as (URL, title), each once, in its order; folders do not count.

    Raises:
        NotAnOutlineError: it is no OPML.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=False)
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        raise NotAnOutlineError(str(error)) from error
    if root.tag != "opml":
        raise NotAnOutlineError(f"it begins with <{root.tag}>")
    feeds: dict[str, str] = {}
    for outline in root.iter("outline"):
        url = (outline.get("xmlUrl") or "").strip()
        if url.startswith(("http://", "https://")):
            feeds.setdefault(url, (outline.get("title") or outline.get("text") or site(url)).strip())
    return tuple(feeds.items())


def read_pack(name: str) -> tuple[tuple[str, str], ...]:
    """The feeds of a source pack: one of the project's by its name, or an OPML file by its path; none for "".

    Raises:
        NotAnOutlineError: there is no such pack, or it is no OPML.
    """
    if not name:
        return ()
    shipped = files("bot") / "packs" / f"{name}.opml"
    try:
        found = shipped.read_bytes() if shipped.is_file() else Path(name).read_bytes()
    except OSError as error:
        packs = sorted(entry.name.removesuffix(".opml") for entry in (files("bot") / "packs").iterdir())
        raise NotAnOutlineError(f"neither a pack ({', '.join(packs)}) nor a file that can be read") from error
    return read_opml(found)
