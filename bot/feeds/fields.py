"""Which children of an entry or a feed are which of its fields, under whatever names."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final, NamedTuple
from xml.etree.ElementTree import Element

from bot.feeds.vocabulary import Names

Elements = list[Element]

_ITEM_NAMES: Final = frozenset(("item", "entry", "atom:entry", "rdf:item"))
_NAMES: Final = {
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


class Found(NamedTuple):
    """The children of an entry or a feed by field, of each the surest first."""

    title: Elements
    summary: Elements
    content: Elements
    guid: Elements
    id: Elements
    origin: Elements
    link: Elements
    published: Elements
    author: Elements
    category: Elements
    language: Elements
    media: Elements
    thumbnail: Elements
    enclosure: Elements
    image: Elements
    group: Elements
    source: Elements
    ttl: Elements

    @classmethod
    def joined(cls, parts: Iterable["Found"]) -> "Found":
        """Those of several elements as if they were children of one."""
        return cls._make([list(chain.from_iterable(of_field)) for of_field in zip(*parts, strict=True)])


_UNREAD: Final = -1
_PLACES: Final = {field: place for place, field in enumerate(Found._fields)}
_RANKS: Final = {
    name: (_PLACES[field], rank) for field, names in _NAMES.items() for rank, name in enumerate(names.split())
}
_NOTHING: Final[list[list[Element]]] = [[]] * len(_PLACES)  # never added to: a field that is there has its own list
_TEXTS: Final = frozenset(_PLACES[field] for field in ("title", "summary", "content"))


class Tags(dict[str, int]):
    """Which field each tag of a document is, by its place in `Found`; `_UNREAD` for others. Fills itself as asked."""

    def __init__(self, names: Names) -> None:
        """Knows no tag yet; `names` are those of the document."""
        super().__init__()
        self.names = names

    def __missing__(self, tag: str) -> int:
        self[tag] = place = _RANKS.get(self.names[tag], (_UNREAD, 0))[0]
        return place

    def find(self, element: Element) -> Found:
        """The children of an element by field."""
        row = _NOTHING.copy()
        mixed: list[list[Element]] = []
        for child in element[:]:
            place = self[child.tag]
            if place == _UNREAD:
                continue
            if not (known := row[place]):
                row[place] = [child]
                continue
            if known[-1].tag != child.tag and known not in mixed:
                mixed.append(known)
            known.append(child)
        for known in mixed:
            known.sort(key=self._rank)
        return Found._make(row)

    def _rank(self, element: Element) -> int:
        return _RANKS[self.names[element.tag]][1]

    def entries(self, top: Element) -> Iterator[Element]:
        """What is called an entry, and is one: not of another vocabulary, nor within an entry, nor quoted in a text."""
        ahead = [iter((top,))]
        while ahead:
            for element in ahead[-1]:
                if self.names[element.tag] in _ITEM_NAMES:
                    yield element
                elif len(element) and self[element.tag] not in _TEXTS:
                    ahead.append(iter(element))
                    break
            else:
                ahead.pop()
