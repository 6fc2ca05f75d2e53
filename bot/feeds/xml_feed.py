"""RSS of every version, RDF and Atom: from a document's tree to its entries.

Sources: RFC 4287 (Atom), Atom 0.3's draft, RSS 2.0 (rssboard.org), RSS 1.0 and its modules (web.resource.org), RSS 0.90
to 0.94, Media RSS. The formats are read by one set of rules, because outlets mix them: what a feed means by a name
differs less between formats than between outlets.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from html import escape
from itertools import islice
from typing import NamedTuple

from lxml import etree

from bot.domain.stories import Entry, FeedDocument
from bot.feeds.dates import instant_of
from bot.feeds.links import absolute
from bot.feeds.markup import Kind, to_line
from bot.feeds.raw import MAX_ENTRIES, NONE, Raw, Text, language_of, names_image, says_something, to_entry
from bot.feeds.vocabulary import Names

Element = etree._Element  # noqa: SLF001 - lxml has no other name for the type

_XML = "{http://www.w3.org/XML/1998/namespace}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_HAS_OWN = etree.XPath("boolean(/*/@xml:base | /*/descendant::*/@xml:*)")
_ITEMS = tuple(f"{{*}}{name}" for name in ("item", "entry", "Item", "Entry", "ITEM", "ENTRY"))
_ITEM_NAMES = frozenset(("item", "entry", "atom:entry", "rdf:item"))
_ROOTS = frozenset(("rss", "feed", "rdf:rdf", "rdf", "channel", "atom:feed", "entry", "atom:entry"))
_TTL_MINUTES = re.compile(r"\s*(\d{1,7})")
_ADDRESS = re.compile(r"[^\s()<>\[\]]+@[^\s()<>\[\]]+")
_BRACKETS = re.compile(r"[()<>\[\]]")
_AT_ONCE = 50  # entries that are taken out of the tree before they are read: a tenth faster than by turns
_NO_TEXT = ("image/", "audio/", "video/", "application/")

_FIELDS = {
    "title": "title atom:title dc:title media:title itunes:title",
    "summary": "summary atom:summary description itunes:summary dc:description dcterms:abstract tagline "
    "itunes:subtitle media:description",
    "content": "content:encoded content atom:content xhtml:body body fullitem yandex:full-text xhtml:div",
    "guid": "guid",
    "id": "id atom:id dc:identifier",
    "origin": "feedburner:origlink pheedo:origlink",
    "link": "link atom:link",
    "published": "pubdate published dc:date atom:published issued dcterms:date dcterms:issued dcterms:created created "
    "date updated atom:updated modified dcterms:modified lastbuilddate",
    "author": "dc:creator author atom:author dcterms:creator itunes:author dc:author",
    "category": "category dc:subject dcterms:subject atom:category itunes:category keywords media:category "
    "media:keywords itunes:keywords",
    "language": "dc:language language",
    "media": "media:content",
    "thumbnail": "media:thumbnail itunes:image googleplay:image",
    "enclosure": "enclosure",
    "image": "image",
    "group": "media:group",
    "source": "source atom:source",
    "ttl": "ttl",
}
"""What is read of an entry or a feed, and under which names, the surest first."""
_RANKS = {name: (field, rank) for field, names in _FIELDS.items() for rank, name in enumerate(names.split())}

Found = dict[str, list[Element]]


def names_of(root: Element) -> Names:
    """The names of a document's elements; RDF says in its children which vocabulary it holds."""
    own = root.tag
    if own.rpartition("}")[2].lower() == "rdf":
        own = next((c.tag for c in root if c.tag.rpartition("}")[2].lower() in ("channel", "item")), own)
    return Names(own, root.nsmap)


class _Tags(dict[str, str]):
    """Which field each tag of a document is; "" for a tag that is not read. Fills itself as it is asked."""

    def __init__(self, root: Element) -> None:
        super().__init__()
        self.names = names_of(root)
        self._ranks: dict[str, int] = {}

    def __missing__(self, tag: str) -> str:
        self[tag], self._ranks[tag] = _RANKS.get(self.names[tag], ("", 0))
        return self[tag]

    def find(self, element: Element) -> Found:
        """The children of an element by field, of each the surest first."""
        found: Found = {}
        mixed = False
        for child in element:
            tag = child.tag
            if field := self[tag]:
                if field not in found:
                    found[field] = [child]
                else:
                    mixed = mixed or found[field][-1].tag != tag
                    found[field].append(child)
        if mixed:
            for elements in found.values():
                elements.sort(key=lambda element: self._ranks[element.tag])
        return found

    def entries(self, top: Element) -> Iterator[Element]:
        """What is called an entry, and is one: not of another vocabulary, nor within an entry, nor quoted in a text."""
        around = None
        for element in top.iter(*_ITEMS):
            if self.names[element.tag] not in _ITEM_NAMES:
                continue
            parent = element.getparent()
            if parent is not around and parent is not None:  # as seldom as can be: it costs as much as all else here
                if self[parent.tag] in ("content", "summary", "title") or self._is_within_entry(element):
                    continue
                around = parent
            yield element

    def _is_within_entry(self, element: Element) -> bool:
        # Read on its own as well, an entry would cost its size once for every entry around it.
        return any(True for _ in element.iterancestors(*_ITEMS))


class _Feed(NamedTuple):
    """What the entries of a document share; it `has_own` bases or languages, if any are said within it."""

    tags: _Tags
    is_atom: bool
    url: str
    has_own: bool
    author: str


def read_xml_feed(root: Element, url: str) -> FeedDocument | None:
    """Read a document's tree.

    Args:
        root: its root element, without comments and processing instructions.
        url: where it was found; "" where that is not known, and its site counts.

    Returns:
        The feed, or None where the tree is no feed's.
    """
    top = _top(root)
    if top is None:
        return None
    tags = _Tags(top)
    items = list(islice(tags.entries(top), MAX_ENTRIES))
    head = _head(top, tags.names)
    found = tags.find(head)
    is_atom = tags.names[top.tag] in ("feed", "atom:feed", "entry", "atom:entry")
    feed = _Feed(tags, is_atom, url, bool(_HAS_OWN(root)), "")
    base = _base(found["link"][0] if "link" in found else head, feed)
    site = next((site for link in _links(found) if (site := absolute(link, base))), None)
    feed = feed._replace(url=url or site or "", author=_people(found, tags) if is_atom else "")
    language = language_of(_string(found, "language")) or _lang(head) or _lang(top)
    title = _text(found, "title", is_atom=is_atom)
    entries: list[Entry] = []
    for start in range(0, len(items), _AT_ONCE):
        raws = [_raw(item, feed) for item in items[start : start + _AT_ONCE]]
        entries += (entry for raw in raws if says_something(entry := to_entry(raw, language)))
    return FeedDocument(
        title=to_line(title.markup, kind=title.kind),
        site_url=site,
        language=language,
        ttl=_ttl(found),
        entries=tuple(entries),
    )


def _top(root: Element) -> Element | None:
    """The element that is the feed: the root, or the first below it that could be one."""
    if names_of(root)[root.tag] in _ROOTS:
        return root
    for element in root.iter("{*}rss", "{*}feed", "{*}RDF", "{*}channel", "{*}RSS"):
        if names_of(element)[element.tag] in _ROOTS:
            return element
    return None


def _head(top: Element, names: Names) -> Element:
    """The element that says what the feed is: the channel, or Atom's root."""
    if names[top.tag] in ("channel", "feed", "atom:feed"):
        return top
    return next((child for child in top if names[child.tag] == "channel"), top)


def _base(element: Element, feed: _Feed) -> str:
    """What links are relative to: the nearest `xml:base`, else where the document was found."""
    base = feed.url
    if feed.has_own:
        said = [e.get(f"{_XML}base") for e in (element, *element.iterancestors())]
        for relative in reversed([one for one in said if one][:20]):
            base = absolute(relative, base) or base
    return base


def _raw(item: Element, feed: _Feed) -> Raw:
    found = feed.tags.find(item)
    if "group" in found:
        for group in found["group"]:
            for field, elements in feed.tags.find(group).items():
                found.setdefault(field, []).extend(elements)
    guid, permalink = _guid(item, found)
    link = found.get("link")
    return Raw(
        base=_base(link[0] if link else item, feed) if feed.has_own else feed.url,
        guid=guid,
        links=tuple(_links(found)),
        title=_text(found, "title", is_atom=feed.is_atom),
        summary=_text(found, "summary", is_atom=feed.is_atom),
        content=_content(found, feed),
        published=_published(found),
        author=_authors(found, feed),
        categories=tuple(_categories(found["category"], feed.tags.names)) if "category" in found else (),
        language=_language(item, found) if feed.has_own or "language" in found else None,
        image=_image(found, feed.tags),
        permalink=permalink,
    )


# What an element holds


def _text_of(element: Element, *, is_atom: bool) -> Text:
    """An element's text, with how sure it is that it is markup (RFC 4287, 3.1 and 4.1.3.3)."""
    if len(element):
        return Text(_inside(element), Kind.XML)
    markup = element.text or ""
    if not is_atom and not element.keys():
        return Text(markup)
    said = (element.get("type") or "").strip().lower()
    mode = element.get("mode")
    if mode == "base64":
        markup = _from_base64(markup)
    if said.startswith(_NO_TEXT) and not said.startswith(("application/xhtml", "application/xml")):
        return NONE
    if said in ("text", "text/plain") or (is_atom and not said):
        return Text(markup, Kind.LOOSE if mode == "escaped" else Kind.PLAIN)
    return Text(markup)


def _inside(element: Element) -> str:
    """What stands between an element's tags, as markup."""
    text = element.text or ""
    return "".join((escape(text, quote=False), *(str(etree.tostring(child, encoding="unicode")) for child in element)))


def _from_base64(text: str) -> str:
    try:
        return base64.b64decode(text).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return text


def _text(found: Found, field: str, *, is_atom: bool) -> Text:
    for element in found.get(field, ()):
        text = _text_of(element, is_atom=is_atom)
        if text.markup and not text.markup.isspace():
            return text
    return NONE


def _content(found: Found, feed: _Feed) -> Text:
    """The longest of the contents: a feed may offer several, of different completeness."""
    elements = found.get("content")
    if elements is None:  # a description beside a summary is the longer text
        elements = [e for e in found.get("summary", ())[1:] if feed.tags.names[e.tag] == "description"]
    if not elements:
        return NONE
    if (elements[0].get("type") or "").startswith("multipart"):  # Atom 0.3
        elements = list(elements[0]) or elements
    texts = [_text_of(element, is_atom=feed.is_atom) for element in elements]
    return texts[0] if len(texts) == 1 else max(texts, key=lambda text: len(text.markup))


def _string(found: Found, field: str) -> str:
    for element in found.get(field, ()):
        text = element.text if not len(element) else "".join(map(str, element.itertext()))
        if text and (text := text.strip()):
            return text
    return ""


# What an entry says


def _guid(item: Element, found: Found) -> tuple[str, bool]:
    """The identifier, and whether it may be a page's address."""
    for element in found.get("guid", ()):
        if element.text and (text := element.text.strip()):
            said = next((str(value) for name, value in element.items() if str(name).lower() == "ispermalink"), "")
            return text, said.strip().lower() != "false"
    if said := _string(found, "id"):
        return said, True
    return (item.get(f"{_RDF}about") or item.get("about") or "").strip(), True


def _links(found: Found) -> Iterator[str]:
    """The pages that an entry or a feed may be about, the likeliest first."""
    if "origin" in found and (text := _string(found, "origin")):
        yield text
    others: list[str] = []
    for element in found.get("link", ()):
        if not element.keys() and element.text and (text := element.text.strip()):
            yield text
            continue
        address = (element.get("href") or element.get("HREF") or "").strip()
        if not address:
            if text := "".join(map(str, element.itertext())).strip():
                yield text
        elif (element.get("rel") or "alternate").strip().lower().rpartition("/")[2] != "alternate":
            continue
        elif (element.get("type") or "text/html").strip().lower() in ("text/html", "application/xhtml+xml"):
            yield address
        else:
            others.append(address)
    yield from others
    # Atom's content that stands elsewhere, where it is a page (RFC 4287, 4.1.3.2).
    for element in found.get("content", ()):
        if "html" in (element.get("type") or "") and (source := element.get("src")):
            yield source


def _published(found: Found) -> float | None:
    for element in found.get("published", ()):
        if element.text and (instant := instant_of(element.text.strip())) is not None:
            return instant
    return None


def _people(found: Found, tags: _Tags) -> str:
    """The names of the authors, of the first vocabulary that names any."""
    elements = found.get("author") or []
    people: list[str] = []
    for element in elements:
        if people and element.tag != elements[0].tag:
            break
        if person := _person(element, tags.names):
            people.append(person)
    return people[0] if len(people) == 1 else ", ".join(dict.fromkeys(people))


def _authors(found: Found, feed: _Feed) -> str:
    """The entry's authors, else those of the feed that it is taken from, else the feed's (RFC 4287, 4.2.1)."""
    people = _people(found, feed.tags) if "author" in found else ""
    if not people and feed.is_atom and "source" in found:
        people = _people(feed.tags.find(found["source"][0]), feed.tags)
    return people or feed.author


def _person(element: Element, names: Names) -> str:
    if len(element):
        parts = {names[child.tag].rpartition(":")[2]: (child.text or "").strip() for child in reversed(element)}
        return parts.get("name") or parts.get("email") or ""
    said = (element.text or "").strip()
    if "@" in said:  # in brackets of any kind, before or behind the name
        name = " ".join(_BRACKETS.sub(" ", _ADDRESS.sub(" ", said)).split()).strip(" \"',;:")
        return name or said.strip("<>() ").removeprefix("mailto:")
    return said.strip("()") and said


def _categories(elements: list[Element], names: Names) -> Iterator[str]:
    for element in elements:
        said = element.text
        if not said or said.isspace():
            said = element.get("label") or element.get("term") or element.get("text")
        if said:
            yield from said.split(",") if names[element.tag].endswith("keywords") else (said,)


def _lang(element: Element) -> str | None:
    said = element.get(f"{_XML}lang")
    return language_of(said) if said else None


def _language(item: Element, found: Found) -> str | None:
    """The entry's own language: of the element, as said in words, or of its texts."""
    if item.get(f"{_XML}lang") == "":
        return ""
    if language := _lang(item) or language_of(_string(found, "language")):
        return language
    texts = (element for field in ("title", "content", "summary") for element in found.get(field, ()))
    return next((language for element in texts if (language := _lang(element))), None)


def _image(found: Found, tags: _Tags) -> str:
    """The address of an entry's picture, as it is announced; none is looked for in its text."""
    for media in found.get("media", ()):
        address = media.get("url")
        said = media.get("type") or ""
        if address and (said.startswith("image") or media.get("medium") == "image" or names_image(address)):
            return address
        if len(media) and (thumbnails := tags.find(media).get("thumbnail")) and (address := thumbnails[0].get("url")):
            return address
    for thumbnail in found.get("thumbnail", ()):
        if address := thumbnail.get("url") or thumbnail.get("href") or (thumbnail.text or "").strip():
            return address
    for field in ("enclosure", "link"):
        for element in found.get(field, ()):
            said = (element.get("type") or "").lower()
            if said.startswith("image") or (not said and field == "enclosure"):
                address = element.get("url") or element.get("href") or ""
                if address and (said or names_image(address)):
                    return address
    for image in found.get("image", ()):
        named = next((child for child in image if child.tag.rpartition("}")[2] == "url"), image)
        if address := (named.text or "").strip():
            return address
    return ""


def _ttl(found: Found) -> float | None:
    said = _TTL_MINUTES.match(_string(found, "ttl"))
    return int(said[1]) * 60.0 if said and int(said[1]) else None
