"""Lists of feeds as OPML: read, whoever wrote them, and written. Source: OPML 2.0 (opml.org/spec2.opml)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Final

from lxml import etree

from bot.domain.lists import FeedList, ListedFeed
from bot.domain.lists import NotAnOutlineError as NotAnOutlineError
from bot.domain.urls import site
from bot.feeds.decode import decode
from bot.feeds.links import absolute
from bot.feeds.markup import to_line

MAX_BYTES: Final = 5_000_000
MAX_FEEDS: Final = 10_000
_MAX_FOLDERS: Final = 8
_MAX_UNUSABLE: Final = 100
_MAX_EMPTY: Final = 100
_MAX_PLACES: Final = 8  # of one feed
_MAX_CATEGORY: Final = 500  # characters
_OURS: Final = "urn:tocsin"
_EVERYTHING: Final = f"{{{_OURS}}}everything"
_MAX_NAME: Final = 200  # characters
_BLANK: Final = "\ufeff \t\r\n\x00"
# Neither a document type nor what it declares is needed for a list, and entities can be bombs. Without a closing
# bracket nothing is taken for one.
_POSITION = re.compile(r" \(<string>, line \d+\)$")  # lxml says it twice
_DOCTYPE_BEGINS: Final = re.compile(r"<!DOCTYPE\s", re.IGNORECASE)
_DOCTYPE: Final = re.compile(r"<!DOCTYPE\s[^<>\[]*+(?:\[.{0,100000}?\]\s*+)?+>", re.IGNORECASE | re.DOTALL)
_DECLARATION: Final = re.compile(r"<\?xml\b[^<>?]*+\?>", re.IGNORECASE)


def read_list(document: bytes) -> FeedList:
    """The feeds of an OPML document in its order, each once, with their folders.

    Nothing is loaded and no entity is replaced. What is not well-formed is read as far as it makes sense.

    Raises:
        NotAnOutlineError: it is no OPML, or holds more than `MAX_BYTES`.
    """
    if len(document) > MAX_BYTES:
        raise NotAnOutlineError(f"it is larger than {MAX_BYTES // 1_000_000} MB")
    text = decode(document).lstrip(_BLANK)
    text = _without_doctype(_DECLARATION.sub("", text, count=1)).strip(_BLANK)
    if not text:
        raise NotAnOutlineError("it is empty")
    root, fault = _tree(text)
    if root is None:
        raise NotAnOutlineError(fault)
    if etree.QName(root).localname.lower() != "opml":
        raise NotAnOutlineError(f"it begins with <{etree.QName(root).localname}>")
    feeds: dict[str, ListedFeed] = {}
    unusable: list[tuple[str, str]] = []
    empty: list[str] = []
    whole = not fault
    for feed in _feeds(root, unusable, empty):
        if feed.url in feeds:
            feeds[feed.url] = _both(feeds[feed.url], feed)
        elif len(feeds) >= MAX_FEEDS:
            whole = False
            break
        else:
            feeds[feed.url] = feed
    if fault and not feeds:
        raise NotAnOutlineError(fault)
    title = to_line(root.findtext("{*}head/{*}title") or "", limit=_MAX_NAME)
    return FeedList(tuple(feeds.values()), title, whole, tuple(unusable), tuple(empty))


def write_list(feeds: FeedList) -> bytes:
    """A list of feeds as OPML 2.0; feeds of a folder come together, where its first one stands.

    A feed that has several places stands in each of them, which is how other programs say it too.
    """
    root = etree.Element("opml", {"version": "2.0"}, nsmap={"tocsin": _OURS})
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = _writable(feeds.title)
    folders: dict[tuple[str, ...], etree._Element] = {(): etree.SubElement(root, "body")}
    for feed, place in [(each, place) for each in feeds.feeds for place in (each.folders, *each.also)]:
        for depth in range(1, len(place) + 1):
            path = place[:depth]
            if path not in folders:
                name = _writable(path[-1])
                folders[path] = etree.SubElement(folders[path[:-1]], "outline", text=name, title=name)
        title = _writable(feed.title) or site(feed.url)
        outline = etree.SubElement(folders[place], "outline", text=title, title=title, type="rss")
        outline.set("xmlUrl", _writable(feed.url))
        if feed.site:
            outline.set("htmlUrl", _writable(feed.site))
        if feed.category:
            outline.set("category", _writable(feed.category))
        if feed.everything:
            outline.set(_EVERYTHING, "true")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def read_opml(document: bytes) -> tuple[tuple[str, str], ...]:
    """The feeds of an OPML document as (URL, title).

    Raises:
        NotAnOutlineError: it is no OPML.
    """
    return tuple((feed.url, feed.title) for feed in read_list(document).feeds)


def read_pack(name: str) -> tuple[tuple[str, str], ...]:
    """The feeds of a source pack: one of the project's by its name, or an OPML file by its path; none for "".

    Raises:
        NotAnOutlineError: there is no such pack, or it is no OPML.
    """
    if not name:
        return ()
    packs = files("bot") / "packs"
    shipped = packs / f"{name}.opml"
    try:
        found = shipped.read_bytes() if shipped.is_file() else Path(name).read_bytes()
    except OSError as error:
        names = sorted(entry.name.removesuffix(".opml") for entry in packs.iterdir() if entry.name.endswith(".opml"))
        raise NotAnOutlineError(f"neither a pack ({', '.join(names)}) nor a file that can be read") from error
    return read_opml(found)


def _without_doctype(text: str) -> str:
    """A document without its type, which is the first that it has: to try each of many takes minutes."""
    begins = _DOCTYPE_BEGINS.search(text)
    found = _DOCTYPE.match(text, begins.start()) if begins else None
    return text[: found.start()] + text[found.end() :] if found else text


def _tree(text: str) -> tuple[etree._Element | None, str]:
    """The root of a document, and what is not well-formed about it."""
    source = text.encode("utf-8", "replace")
    fault = ""
    for recover in (False, True):
        parser = etree.XMLParser(
            encoding="utf-8",
            recover=recover,
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(source, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            fault = fault or _POSITION.sub("", str(error))
        else:
            return root, fault
    return None, fault


def _feeds(root: etree._Element, unusable: list[tuple[str, str]], empty: list[str]) -> Iterator[ListedFeed]:
    """The feeds of a tree in its order, which have no address of the web's, and which folders hold nothing.

    However deep it is, nothing is called deeper for it.
    """
    folders: list[str] = []
    seen: list[int] = []  # of each folder: how many feeds came before it, usable or not
    feeds = 0
    for event, outline in etree.iterwalk(root, events=("start", "end"), tag=("{*}outline", "{*}Outline", "{*}OUTLINE")):
        if event == "end":
            name = folders.pop()
            if seen.pop() == feeds and name and not len(outline) and len(empty) < _MAX_EMPTY:
                empty.append(name)
            continue
        attributes = {str(name).lower(): str(value) for name, value in outline.attrib.items()}
        name = to_line(attributes.get("title") or "", limit=_MAX_NAME)
        name = name or to_line(attributes.get("text") or "", limit=_MAX_NAME)
        url = _address(attributes.get("xmlurl", "")) or _address(_url_of(attributes))
        seen.append(feeds)
        if url:
            feeds += 1
            inside, also, category = _places(folders, attributes.get("category", ""))
            homepage = _address(attributes.get("htmlurl", ""))
            everything = attributes.get(_EVERYTHING) == "true"
            yield ListedFeed(url, name or site(url), homepage, inside, everything, also, category)
        elif given := to_line(attributes.get("xmlurl") or "", limit=_MAX_NAME):
            feeds += 1
            if len(unusable) < _MAX_UNUSABLE:
                unusable.append((name, given))
        folders.append("" if url or "url" in attributes else name)


def _places(folders: Iterable[str], category: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], str]:
    """A feed's folders, its further ones, and what its category says besides.

    In a list without folders the attribute stands for them: "/Boston/Weather,/Sport".
    """
    inside = tuple(folder for folder in folders if folder)[:_MAX_FOLDERS]
    kept = to_line(category, limit=_MAX_CATEGORY)
    if inside:
        return inside, (), kept
    paths = [path for given in category.split(",") if (path := _path(given))][:_MAX_PLACES]
    return (paths[0], tuple(dict.fromkeys(paths[1:])), "") if paths else ((), (), kept)


def _both(feed: ListedFeed, again: ListedFeed) -> ListedFeed:
    """A feed that a list holds twice, in the places of both; else the first counts."""
    places = [place for place in (feed.folders, *feed.also, again.folders, *again.also) if place]
    first, *also = list(dict.fromkeys(places))[:_MAX_PLACES] or [()]
    return replace(feed, folders=first, also=tuple(also), category=feed.category or again.category)


def _url_of(attributes: dict[str, str]) -> str:
    """Where programs that do not know better have put a feed's address."""
    is_feed = attributes.get("type", "").lower() in ("rss", "atom", "rss1", "feed")
    return attributes.get("url", "") if is_feed else ""


def _address(given: str) -> str:
    given = given.strip()
    if given[:5].lower() == "feed:":  # feed:https://… and feed://…
        given = given[5:] if not given.startswith("//", 5) else "http:" + given[5:]
    url = absolute(given) or ""
    return "".join(character for character in url if character.isprintable())


def _path(given: str) -> tuple[str, ...]:
    """The folders of one of a feed's categories; a mere word is none."""
    if "/" not in given:
        return ()
    return tuple(name for part in given.split("/") if (name := to_line(part, limit=_MAX_NAME)))[:_MAX_FOLDERS]


def _writable(text: str) -> str:
    """A text without what no XML may hold."""
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]", "", text)
