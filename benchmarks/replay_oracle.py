"""What a replay's outlets really published, and how far the bot's stories agree. It imports nothing of the bot.

**Article.** The guid and the link of each item are read as they stand in the document. Items of one outlet that have
one or the other in common, over all polls, are one *raw set*, but for keys that connect nothing, because they are of
several articles: a guid or link is, when two of the items that carry it

- stand in one document, with different titles, and differ in the other of the two (both may be missing) or have no
  word of their titles in common: every item links to the home page, or a guid was given twice;
- follow each other over the polls, and everything else is another's: the other key, the date, every word of the title
  and the number in the link. A page that shows whatever came last.

An article is one raw set, or several that the rules on identity call one:

- the same *page*: their links (or guids that are URLs) differ at most in scheme, case of host, `www.`, what stands for
  a mobile or AMP variant, `utm_…`, fragment, a slash at the end, and, where the path itself names an article (by a
  number or a slug of three words), in the query: that holds tracking, whatever it is called;
- the same *number* of five digits or more in a link to the same host, the longest that is no date: the outlet's own
  id, whatever becomes of slug and section.

Pages and numbers can be of several articles as guids and links can, and then connect nothing either. What was joined
and what connects nothing is listed, to be looked at.

**Twins.** Two articles with the same title and the same slug of three words: one that has moved to another section,
most likely, but no rule says so. To know them as one or as two are both right; they are listed.

**Repeat.** A second story of an article that has one, or a second alert on it; also an alert on an article that was
in the outlet's first document. Several on one article are counted one by one.

**Miss.** An article with no story; also one without an alert, although it turned up after the first document with a
date that was surely no old one (or none).

**Wrong merge.** One story that was, in any of its versions, entries of two articles, unless they are twins.

**Stray.** A story of which some version is no item that the outlet had, or could be that of two articles alike.

What it cannot see: an item that was taken for another article's and left no version there. If that article has no
story of its own, it is a miss; if it has one, nobody was told anything wrong.
"""

import html
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import pairwise
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from lxml import etree

SURELY_NEW: Final = 48 * 3600.0
"""Seconds up to which an item's age is below every limit that the bot may be set to, in whatever zone it was dated."""

_TAG: Final = re.compile(r"<[^<>]*>")
_WORD: Final = re.compile(r"\w{4,}")
_NO_LETTER: Final = re.compile(r"[\W_]+")
_VARIANT_HOST: Final = re.compile(r"^(?:(?:www|m|mobile|amp)\.)+")
_VARIANT_PATH: Final = re.compile(r"^/amp(?=/)|/amp$|\.amp(?=\.html$)")
_TRACKING: Final = re.compile(r"(?:^|&)utm_[^&]*")
_SLUG: Final = re.compile(r"[^/-]+(?:-[^/-]+){2,}")
_NUMBER: Final = re.compile(r"(?<![a-z0-9])[0-9]{5,}(?![a-z0-9])", re.IGNORECASE)
_ABOUT: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_DATE: Final = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")

Key = tuple[str, str]


class Item(NamedTuple):
    """An item as it stands in a document; what is missing is "". One without a title is known by its text."""

    guid: str
    link: str
    title: str
    date: str = ""


class Poll(NamedTuple):
    """What an outlet's document held, and when that was, in Unix seconds."""

    at: float
    items: tuple[Item, ...]


class Told(NamedTuple):
    """A story as the bot stored it: the guid, link and title of each of its versions, and the alerts made on it."""

    story_id: int
    versions: tuple[Item, ...]
    alerts: int


@dataclass(frozen=True, slots=True)
class Article:
    """An article, and what it was at the polls."""

    items: tuple[Item, ...]
    raw_sets: int
    first_seen: float
    last_seen: float
    in_first_document: bool

    @property
    def is_due(self) -> bool:
        """Whether an alert must be made on it."""
        published = instant_of(self.items[0].date)
        return not self.in_first_document and (published is None or self.first_seen - published <= SURELY_NEW)


@dataclass(slots=True)
class Published:
    """What an outlet published: its articles, and the keys that connect nothing with the items that carry them."""

    articles: list[Article]
    article_of: dict[Item, int]
    shared: dict[Key, list[Item]]

    @property
    def raw_sets(self) -> int:
        """How many raw sets there were."""
        return sum(article.raw_sets for article in self.articles)

    @property
    def twins(self) -> set[frozenset[int]]:
        """Pairs of articles that may be one, by their places in the list."""
        alike: dict[tuple[str, str], list[int]] = {}
        for item, place in self.article_of.items():
            if slug := _slug(item.link):
                alike.setdefault((slug, letters(item.title)), []).append(place)
        return {frozenset((first, other)) for first, *others in alike.values() for other in others if other != first}


@dataclass(slots=True)
class Verdict:
    """What is to be said of the bot's stories; each exception with the articles and stories that it is about."""

    repeats: list[tuple[Article, list[Told]]] = field(default_factory=list)
    misses: list[tuple[Article, list[Told]]] = field(default_factory=list)
    merges: list[tuple[Told, list[Article]]] = field(default_factory=list)
    strays: list[Told] = field(default_factory=list)
    repeated: int = 0

    @property
    def is_clean(self) -> bool:
        """Whether there is no exception."""
        return not (self.repeats or self.misses or self.merges or self.strays)


def items_of(body: bytes) -> list[Item]:
    """A document's items as they stand there: RSS, RDF, Atom or JSON Feed; none where it is no feed.

    An item that says nothing is none.
    """
    body = body.removeprefix(b"\xef\xbb\xbf").strip()
    try:
        if body.startswith(b"{"):
            return list(filter(any, map(_json_item, json.loads(body)["items"])))
        parser = etree.XMLParser(recover=True, resolve_entities=False, remove_comments=True, remove_pis=True)
        root = etree.fromstring(body, parser)
    except (ValueError, LookupError, TypeError, AttributeError, etree.XMLSyntaxError):
        return []
    return list(filter(any, map(_xml_item, root.iter("{*}item", "{*}entry")))) if root is not None else []


def _json_item(item: Mapping[str, Any]) -> Item:
    guid, link, title, text, page, date = (
        str(item.get(name) or "") for name in ("id", "url", "title", "content_text", "content_html", "date_published")
    )
    return _item(guid, link, title or text or page, date)


def _xml_item(element: etree._Element) -> Item:
    texts: dict[str, str] = {}
    for child in element.iterchildren("*"):
        namespace, _, name = child.tag.rpartition("}")
        if name == "link" and child.get("rel", "alternate") != "alternate":
            continue
        if name == "date" or namespace == element.tag.rpartition("}")[0]:
            texts.setdefault(name.lower(), "".join(map(str, child.itertext())).strip() or child.get("href") or "")
    guid = texts.get("guid") or texts.get("id") or element.get(_ABOUT) or ""
    titles = filter(None, map(texts.get, ("title", "description", "summary", "content")))
    dates = filter(None, map(texts.get, ("pubdate", "published", "date", "updated")))
    return _item(guid, texts.get("link", ""), next(titles, ""), next(dates, ""))


def _item(guid: str, link: str, title: str, date: str) -> Item:
    guid, link = guid.strip(), link.strip()
    return Item(guid, link or (guid if guid.startswith(("http://", "https://")) else ""), title.strip(), date.strip())


def published(polls: Sequence[Poll]) -> Published:
    """What an outlet published, from all of its polls in the order of their times."""
    seen: dict[Item, list[float]] = {}
    first_document: set[Item] = set()
    for poll in polls:
        first_document = first_document or set(poll.items)
        for item in poll.items:
            seen.setdefault(item, []).append(poll.at)
    shared = _shared({poll.items for poll in polls}, seen)
    raw = _connected(seen, lambda item: [key for key in _raw_keys(item) if key not in shared])
    sets = _connected(seen, lambda item: [key for key in (*_raw_keys(item), *_rule_keys(item)) if key not in shared])
    members: dict[int, list[Item]] = defaultdict(list)
    for item, place in sets.items():
        members[place].append(item)
    articles = [
        Article(
            tuple(items),
            len({raw[item] for item in items}),
            min(seen[item][0] for item in items),
            max(seen[item][-1] for item in items),
            not first_document.isdisjoint(items),
        )
        for items in members.values()
    ]
    return Published(articles, sets, shared)


def judge(found: Published, stories: Iterable[Told]) -> Verdict:
    """Whether each article is one story and was told once."""
    verdict = Verdict()
    told: dict[int, list[Told]] = defaultdict(list)
    find, twins = _Finder(found.article_of), found.twins
    for story in stories:
        places = [find(version) for version in story.versions]
        known = sorted({place for each in places if len(each) == 1 for place in each})
        if any(len(each) != 1 for each in places):
            verdict.strays.append(story)
        if any(frozenset(pair) not in twins for pair in pairwise(known)):
            verdict.merges.append((story, [found.articles[place] for place in known]))
        for place in known:
            told[place].append(story)
    for place, article in enumerate(found.articles):
        of_it = told[place]
        alerts = sum(story.alerts for story in of_it)
        extra = max(len(of_it) - 1, alerts - (not article.in_first_document), 0)
        if extra:
            verdict.repeats.append((article, of_it))
            verdict.repeated += extra
        if not of_it or (article.is_due and not alerts):
            verdict.misses.append((article, of_it))
    return verdict


class _Finder:
    """From a stored version back to the item, hence the article, that it was made of."""

    def __init__(self, article_of: Mapping[Item, int]) -> None:
        self._by: dict[tuple[int, str], set[Item]] = defaultdict(set)
        self._article_of = article_of
        for item in article_of:
            for part, text in enumerate(_parts(item)):
                if text:
                    self._by[part, text].add(item)

    def __call__(self, version: Item) -> set[int]:
        """The articles to which the items belong that agree best with the version in guid, link and title."""
        agree: dict[Item, int] = defaultdict(int)
        for part, text in enumerate(_parts(version)):
            for item in self._by.get((part, text), ()):
                agree[item] += 1
        best = max(agree.values(), default=0)
        return {self._article_of[item] for item, agreeing in agree.items() if agreeing == best}


def _parts(item: Item) -> tuple[str, str, str]:
    # A link is compared by its letters: a parser may have mended it.
    return item.guid, letters(item.link), letters(item.title)


def _connected(items: Iterable[Item], keys_of: Callable[[Item], Iterable[Key]]) -> dict[Item, int]:
    """Items by number, equal for those that keys connect, directly or by others in between; from 0 on."""
    parents: dict[Key, Key] = {}

    def root_of(key: Key) -> Key:
        while (parent := parents.setdefault(key, key)) != key:
            parents[key] = key = parents[parent]
        return key

    first_keys: dict[Item, Key] = {}
    for item in items:
        # What no key tells from others is known by all that it has; its date may be changed.
        first, *others = *keys_of(item), ("item", "\n".join((item.guid, item.link, letters(item.title))))
        first_keys[item] = first
        for key in others[:-1]:
            parents[root_of(key)] = root_of(first)
    numbers: dict[Key, int] = {}
    return {item: numbers.setdefault(root_of(key), len(numbers)) for item, key in first_keys.items()}


def _shared(documents: Iterable[tuple[Item, ...]], seen: Iterable[Item]) -> dict[Key, list[Item]]:
    """The keys that are of several articles, with all that carry them."""
    carriers: dict[Key, list[Item]] = defaultdict(list)
    for item in seen:
        for key in _keys(item):
            carriers[key].append(item)
    shared = {key for key, items in carriers.items() if any(_follow_as_two(*pair) for pair in pairwise(items))}
    for items in documents:
        together: dict[Key, list[Item]] = defaultdict(list)
        for item in items:
            for key in _keys(item):
                together[key].append(item)
        shared |= {key for key, items in together.items() if any(_stand_as_two(*pair) for pair in pairwise(items))}
    return {key: items for key, items in carriers.items() if key in shared}


def _stand_as_two(one: Item, other: Item) -> bool:
    """Whether two items of one document that share a key are two articles."""
    if letters(one.title) == letters(other.title):
        return False
    same = one.guid and one.link and (one.guid, one.link) == (other.guid, other.link)
    return not (same and _words(one.title) & _words(other.title))


def _follow_as_two(one: Item, other: Item) -> bool:
    """Whether two items that share a key, and were not in one document, are two articles."""
    return (
        (one.guid, one.link) != (other.guid, other.link)
        and one.date != other.date
        and not _words(one.title) & _words(other.title)
        and (_number(one.link) is None or _number(one.link) != _number(other.link))
    )


def _keys(item: Item) -> Iterator[Key]:
    yield from _raw_keys(item)
    yield from _rule_keys(item)


def _raw_keys(item: Item) -> Iterator[Key]:
    if item.guid:
        yield "guid", item.guid
    if item.link:
        yield "link", item.link


def _rule_keys(item: Item) -> Iterator[Key]:
    for url in dict.fromkeys((item.link, item.guid)):
        if url.startswith(("http://", "https://")):
            yield "page", _page(url)
            if number := _number(url):
                yield "number", number


def _page(url: str) -> str:
    parts = _split(url)
    if parts is None:
        return url
    host, path, query = parts
    path = _VARIANT_PATH.sub("", path.rstrip("/"))
    if _SLUG.search(path) or _number_in(path):
        query = ""
    return f"{host}{path}?{_TRACKING.sub('', query).lstrip('&')}"


def _number(url: str) -> str | None:
    parts = _split(url)
    if parts is None:
        return None
    host, path, query = parts
    number = _number_in(path) or _number_in(query)
    return f"{host} {number}" if number else None


def _number_in(text: str) -> str | None:
    """The longest number that is no date; the first of equals: what follows an id is its section's."""
    numbers = [number for number in _NUMBER.findall(text) if not _DATE.match(number)]
    return max(numbers, key=len, default=None)


def _slug(url: str) -> str | None:
    parts = _split(url)
    last = parts[1].rstrip("/").rpartition("/")[2] if parts else ""
    return last if _SLUG.fullmatch(last) else None


def _split(url: str) -> tuple[str, str, str] | None:
    """Host without what stands for a variant, path and query."""
    try:
        parts = urlsplit(html.unescape(url))
        return _VARIANT_HOST.sub("", parts.hostname or ""), parts.path, parts.query
    except ValueError:
        return None


def letters(text: str) -> str:
    """A text without markup, spaces, punctuation and case, so that it can be compared with what a reader made of it."""
    return _NO_LETTER.sub("", _TAG.sub("", html.unescape(html.unescape(text)))).casefold()


def _words(title: str) -> set[str]:
    return set(_WORD.findall(html.unescape(html.unescape(title)).casefold()))


def instant_of(date: str) -> float | None:
    """A date in Unix seconds; None where there is none that can be read."""
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            found = read(date)
        except ValueError:
            continue
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    return None
