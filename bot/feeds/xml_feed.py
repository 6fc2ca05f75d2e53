"""RSS of every version, RDF and Atom: from a document's tree to its entries.

Sources: RFC 4287 (Atom), Atom 0.3's draft, RSS 2.0 (rssboard.org), RSS 1.0 and its modules (web.resource.org), RSS 0.90
to 0.94, Media RSS. The formats are read by one set of rules, because outlets mix them: what a feed means by a name
differs less between formats than between outlets.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple
from xml.etree.ElementTree import Element

from bot.domain.stories import Entry, FeedDocument
from bot.feeds.dates import instant_of
from bot.feeds.fields import Elements, Found, Tags
from bot.feeds.links import absolute
from bot.feeds.markup import Kind, to_line
from bot.feeds.raw import MAX_ENTRIES, NONE, Text, language_of, names_image, says_something, to_entry
from bot.feeds.tree import XML, Tree, inside
from bot.feeds.vocabulary import Names

_LOOSE, _PLAIN, _XML = Kind.LOOSE, Kind.PLAIN, Kind.XML  # looked up once, for Python 3.11 takes a call for each
_BASE = f"{XML}base"
_LANG = f"{XML}lang"
_ABOUT = "http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_FEEDS = frozenset(("rss", "feed", "rdf:rdf", "rdf", "channel", "atom:feed"))
_ENTRIES = frozenset(("entry", "atom:entry"))
_TTL_MINUTES = re.compile(r"\s*(\d{1,7})")
_ADDRESS = re.compile(r"[^\s()<>\[\]]+@[^\s()<>\[\]]+")
_BRACKETS = re.compile(r"[()<>\[\]]")
_NO_TEXT = ("image/", "audio/", "video/", "application/")


class _Feed(NamedTuple):
    """What the entries of a document share.

    `around` has the parent of every element in a document that says bases or languages of its own, and is empty
    for all others; `bases` are those that were found so far; `author` and `language` are the feed's.
    """

    tags: Tags
    is_atom: bool
    url: str
    around: dict[Element, Element]
    bases: dict[Element, str]
    author: str = ""
    language: str | None = None


def read_xml_feed(tree: Tree, url: str) -> FeedDocument | None:
    """Read a document's tree.

    Args:
        tree: of the document.
        url: where it was found; "" where that is not known, and its site counts.

    Returns:
        The feed, or None where the tree is no feed's.
    """
    top = _top(tree)
    if top is None:
        return None
    tags = Tags(_names_of(top, tree))
    head = _head(top, tags.names)
    found = tags.find(head)
    is_atom = tags.names[top.tag] in ("feed", "atom:feed", "entry", "atom:entry")
    has_own = _BASE in tree.names or _LANG in tree.names
    around = {child: parent for parent in tree.root.iter() for child in parent} if has_own else {}
    feed = _Feed(tags, is_atom, url, around, bases={})
    base = _base(found.link[0] if found.link else head, feed)
    site = next((site for link in _links(found) if (site := absolute(link, base))), None)
    feed = feed._replace(
        url=url or site or "",
        bases={},
        author=_people(found, tags) if is_atom else "",
        language=language_of(_string(found.language)) or _lang(head) or _lang(top),
    )
    title, kind = _text(found.title, is_atom)
    entries = [_entry(item, feed) for item in islice(tags.entries(top), MAX_ENTRIES)]
    return FeedDocument(
        title=to_line(title, kind=kind),
        site_url=site,
        language=feed.language,
        ttl=_ttl(found),
        entries=tuple(filter(says_something, entries)),
    )


def _names_of(element: Element, tree: Tree) -> Names:
    """The names below an element; RDF says in its children which vocabulary it holds."""
    own = element.tag
    if own.rpartition("}")[2].lower() == "rdf":
        own = next((c.tag for c in element if c.tag.rpartition("}")[2].lower() in ("channel", "item")), own)
    return Names(own, tree.prefixes)


def _top(tree: Tree) -> Element | None:
    """The element that is the feed: the root, or the first below it that could be one."""
    if _names_of(tree.root, tree)[tree.root.tag] in _FEEDS | _ENTRIES:
        return tree.root
    # Its own vocabulary hides no element's name: the tag alone rules out nearly all.
    for element in tree.root.iter():
        if element.tag.rpartition("}")[2].lower() in _FEEDS and _names_of(element, tree)[element.tag] in _FEEDS:
            return element
    return None


def _head(top: Element, names: Names) -> Element:
    """The element that says what the feed is: the channel, or Atom's root."""
    if names[top.tag] in ("channel", "feed", "atom:feed"):
        return top
    return next((child for child in top if names[child.tag] == "channel"), top)


def _base(element: Element, feed: _Feed) -> str:
    """What links are relative to: the nearest `xml:base`, else where the document was found."""
    line: list[Element] = []
    here: Element | None = element if feed.around else None
    while here is not None and here not in feed.bases:  # what is around many entries is looked at once
        line.append(here)
        here = feed.around.get(here)
    base = feed.url if here is None else feed.bases[here]
    for here in reversed(line):
        if relative := here.get(_BASE):
            base = absolute(relative, base) or base
        feed.bases[here] = base
    return base


def _entry(item: Element, feed: _Feed) -> Entry:
    tags, is_atom, url, around, _, _, language = feed
    found = tags.find(item)
    if found.group:
        found = _ungrouped(found, tags)
    guid, permalink = _guid(item, found)
    if (around or found.language) and (own := _language(item, found)) is not None:
        language = own
    return to_entry(
        base=_base(found.link[0] if found.link else item, feed) if around else url,
        guid=guid,
        links=_links(found),
        title=_text(found.title, is_atom),
        summary=_text(found.summary, is_atom),
        content=_content(found, feed) if found.content or len(found.summary) > 1 else NONE,
        published=_published(found.published),
        author=_authors(found, feed),
        categories=_categories(found.category, tags.names) if found.category else (),
        language=language,
        image=_image(found, tags),
        permalink=permalink,
    )


def _ungrouped(found: Found, tags: Tags) -> Found:
    """The same with what stands in groups, or in groups within them, beside all else."""
    parts = [found]
    groups = [*found.group]
    for group in groups:
        parts.append(tags.find(group))
        groups += parts[-1].group
    return Found.joined(parts)


# What an element holds


def _text_of(element: Element, is_atom: bool) -> Text:  # noqa: FBT001
    """An element's text, with how sure it is that it is markup (RFC 4287, 3.1 and 4.1.3.3)."""
    if len(element):
        return inside(element), _XML
    markup = element.text or ""
    if not is_atom and not element.keys():
        return markup, _LOOSE
    said = (element.get("type") or "").strip().lower()
    mode = element.get("mode")
    if mode == "base64":
        markup = _from_base64(markup)
    if said.startswith(_NO_TEXT) and not said.startswith(("application/xhtml", "application/xml")):
        return NONE
    if said in ("text", "text/plain") or (is_atom and not said):
        return markup, _LOOSE if mode == "escaped" else _PLAIN
    return markup, _LOOSE


def _from_base64(text: str) -> str:
    try:
        return base64.b64decode(text).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return text


def _text(elements: Elements, is_atom: bool) -> Text:  # noqa: FBT001 - a keyword takes as long as what is done
    for element in elements:
        text = _text_of(element, is_atom)
        if text[0] and not text[0].isspace():
            return text
    return NONE


def _content(found: Found, feed: _Feed) -> Text:
    """The longest of the contents: a feed may offer several, of different completeness."""
    elements = found.content
    if not elements:  # a description beside a summary is the longer text
        elements = [e for e in found.summary[1:] if feed.tags.names[e.tag] == "description"]
    if not elements:
        return NONE
    if (elements[0].get("type") or "").startswith("multipart"):  # Atom 0.3
        elements = list(elements[0]) or elements
    texts = [_text_of(element, feed.is_atom) for element in elements]
    return texts[0] if len(texts) == 1 else max(texts, key=lambda text: len(text[0]))


def _string(elements: Elements) -> str:
    for element in elements:
        text = element.text if not len(element) else "".join(element.itertext())
        if text and (text := text.strip()):
            return text
    return ""


# What an entry says


def _guid(item: Element, found: Found) -> tuple[str, bool]:
    """The identifier, and whether it may be a page's address."""
    for element in found.guid:
        if element.text and (text := element.text.strip()):
            if not element.keys():
                return text, True
            said = element.get("isPermaLink")
            if said is None:
                said = next((value for name, value in element.items() if name.lower() == "ispermalink"), "")
            return text, said.strip().lower() != "false"
    if said := _string(found.id):
        return said, True
    return (item.get(_ABOUT) or item.get("about") or "").strip(), True


def _links(found: Found) -> Iterator[str]:
    """The pages that an entry or a feed may be about, the likeliest first."""
    if found.origin and (text := _string(found.origin)):
        yield text
    others: list[str] = []
    for element in found.link:
        if not element.keys() and element.text and (text := element.text.strip()):
            yield text
            continue
        address = (element.get("href") or element.get("HREF") or "").strip()
        if not address:
            if text := "".join(element.itertext()).strip():
                yield text
        elif (element.get("rel") or "alternate").strip().lower().rpartition("/")[2] != "alternate":
            continue
        elif (element.get("type") or "text/html").strip().lower() in ("text/html", "application/xhtml+xml"):
            yield address
        else:
            others.append(address)
    yield from others
    # Atom's content that stands elsewhere, where it is a page (RFC 4287, 4.1.3.2).
    for element in found.content:
        if "html" in (element.get("type") or "") and (source := element.get("src")):
            yield source


def _published(elements: Elements) -> float | None:
    for element in elements:
        if element.text and (instant := instant_of(element.text.strip())) is not None:
            return instant
    return None


def _people(found: Found, tags: Tags) -> str:
    """The names of the authors, of the first vocabulary that names any."""
    elements = found.author
    people: list[str] = []
    for element in elements:
        if people and element.tag != elements[0].tag:
            break
        if person := _person(element, tags.names):
            people.append(person)
    return people[0] if len(people) == 1 else ", ".join(dict.fromkeys(people))


def _authors(found: Found, feed: _Feed) -> str:
    """The entry's authors, else those of the feed that it is taken from, else the feed's (RFC 4287, 4.2.1)."""
    people = _people(found, feed.tags) if found.author else ""
    if not people and feed.is_atom and found.source:
        people = _people(feed.tags.find(found.source[0]), feed.tags)
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


def _categories(elements: Elements, names: Names) -> Iterator[str]:
    for element in elements:
        said = element.text
        if not said or said.isspace():
            said = element.get("label") or element.get("term") or element.get("text")
        if said:
            yield from said.split(",") if "," in said and names[element.tag].endswith("keywords") else (said,)


def _lang(element: Element) -> str | None:
    said = element.get(_LANG)
    return language_of(said) if said else None


def _language(item: Element, found: Found) -> str | None:
    """The entry's own language: of the element, as said in words, or of its texts."""
    if item.get(_LANG) == "":
        return ""
    if language := _lang(item) or language_of(_string(found.language)):
        return language
    texts = (element for elements in (found.title, found.content, found.summary) for element in elements)
    return next((language for element in texts if (language := _lang(element))), None)


def _image(found: Found, tags: Tags) -> str:
    """The address of an entry's picture, as it is announced; none is looked for in its text."""
    for media in found.media:
        address = media.get("url")
        said = media.get("type") or ""
        if address and (said.startswith("image") or media.get("medium") == "image" or names_image(address)):
            return address
        if len(media) and (thumbnails := tags.find(media).thumbnail) and (address := thumbnails[0].get("url")):
            return address
    for thumbnail in found.thumbnail:
        if address := thumbnail.get("url") or thumbnail.get("href") or (thumbnail.text or "").strip():
            return address
    for elements in (found.enclosure, found.link):
        for element in elements:
            said = (element.get("type") or "").lower()
            if said.startswith("image") or (not said and elements is found.enclosure):
                address = element.get("url") or element.get("href") or ""
                if address and (said or names_image(address)):
                    return address
    for image in found.image:
        named = next((child for child in image if child.tag.rpartition("}")[2] == "url"), image)
        if address := (named.text or "").strip():
            return address
    return ""


def _ttl(found: Found) -> float | None:
    said = _TTL_MINUTES.match(_string(found.ttl))
    return int(said[1]) * 60.0 if said and int(said[1]) else None
