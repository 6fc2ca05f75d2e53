"""Stories: what a feed's document carries, which of it is new, and what an edit changed.

Fetching, parsing and storing are elsewhere: here are values and the decisions over them.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Final, NamedTuple
from zlib import crc32

from bot.domain.skips import NO_SKIPS, Skips
from bot.domain.urls import article_id, canonical, names_an_article

_HOUR: Final = 3_600.0
_WHENEVER: Final = "whenever"
_DAY: Final = 86_400.0
_WORD: Final = re.compile(r"[^\W_]+")
_UNSPACED: Final = "\u2e80"  # from here on scripts are written without spaces


class Entry(NamedTuple):
    """One entry as its feed's document carries it, markup already turned into plain text.

    Texts hold no markup and no control characters; paragraphs are separated by a blank line.
    `url` is absolute http(s) or None; `published` is in Unix seconds or None where the feed dates nothing;
    `language` is a lower-case primary subtag ("uk"), the entry's own or its feed's, or None.
    """

    guid: str | None = None
    url: str | None = None
    title: str = ""
    summary: str = ""
    content: str = ""
    published: float | None = None
    author: str | None = None
    categories: tuple[str, ...] = ()
    language: str | None = None
    image: str | None = None


_NONE: Final = Entry()


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """A feed's document as parsed: what it says of itself, and its entries in document order.

    `ttl` is in seconds, `skips` says when its outlet asks not to be asked. One that is not `whole` breaks off: its
    entries are true, but not all that there are.
    """

    title: str = ""
    site_url: str | None = None
    language: str | None = None
    ttl: float | None = None
    skips: Skips = NO_SKIPS
    entries: tuple[Entry, ...] = ()
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """What the store remembers of a story: enough to see whether an entry is it, and whether it was changed."""

    story_id: int
    digest: str
    entry: Entry = _NONE


_OWN: Final = 7  # the first of an entry's keys, which are not its repetitions'


class Keys(NamedTuple):
    """Under what an entry is known again within its feed; None where it has no such key.

    `link`, `guid` and `number` (the outlet's own of the article) each name one story. The others are for entries that
    have none of these, and for feeds that were made anew: `page` is the title with the page that it links to, `dated`
    the title with the date, `text` all that a reader would see. `exact` is all of an entry, which nothing shares.
    `also` are keys of the same entry's repetitions.
    """

    exact: str

    link: str | None
    guid: str | None
    number: str | None
    page: str | None
    dated: str | None
    text: str | None
    also: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Every key, the surest first."""
        return (*filter(None, self[1:_OWN]), self.exact, *self.also)

    @property
    def names_itself(self) -> bool:
        """Whether a link, a guid or a number names it."""
        return bool(self.link or self.guid or self.number)

    def without(self, keys: Collection[str]) -> "Keys":
        """The same without these."""

        def kept(key: str | None) -> str | None:
            return None if key in keys else key

        return Keys(
            self.exact,
            kept(self.link),
            kept(self.guid),
            kept(self.number),
            kept(self.page),
            kept(self.dated),
            kept(self.text),
            tuple(key for key in self.also if key not in keys),
        )


@dataclass(frozen=True, slots=True)
class Identified:
    """The entries of one document with their keys and digests; entries that are there twice are one.

    `shared` are keys that would name several of them, and so name none.
    """

    entries: tuple[Entry, ...]
    keys: tuple[Keys, ...]
    digests: tuple[str, ...]
    shared: frozenset[str]

    @property
    def all_keys(self) -> set[str]:
        """The keys of every entry."""
        return {key for keys in self.keys for key in keys.all}

    @property
    def digest(self) -> str:
        """Equal for two polls between which no entry changed, whatever else of the bytes did.

        Dates count only where nothing but a date tells an entry from the one before it.
        """
        parts: list[str] = []
        for keys, text in zip(self.keys, self.digests, strict=True):
            parts += (keys.link or "", keys.guid or "", text) if keys.names_itself else (keys.exact,)
        return _hash(*parts)

    def without(self, spoiled: Collection[str]) -> "Identified":
        """The same without keys that were found to name nothing.

        What was shared once is spoiled for good: when the others have left the document, it still says nothing.
        """
        if not spoiled:
            return self
        return replace(self, keys=tuple(keys.without(spoiled) for keys in self.keys))


@dataclass(frozen=True, slots=True)
class Sighting:
    """An entry that must be taken in: a new story (`story_id` None), or a known one.

    `keys` are all keys under which the story is to be known from now on; a known one that is not `changed` has
    only gained keys, or another date.
    """

    entry: Entry
    keys: tuple[str, ...]
    digest: str
    story_id: int | None = None
    changed: bool = True


def identify(entries: Sequence[Entry]) -> Identified:
    """The keys of the entries of one document.

    A link or guid that several entries share names none of them, for real feeds repeat guids and link every item to
    one page; nor does a link to a front page.
    """
    digests = [*map(digest_of, entries)]
    all_keys = [*map(_keys, entries, digests)]
    repeated = _repeated([key for keys in all_keys for key in keys[:_OWN] if key])
    if not repeated:
        return Identified(tuple(entries), tuple(all_keys), tuple(digests), frozenset())
    kept: list[Entry] = []
    found: list[Keys] = []
    digests_kept: list[str] = []
    seen: dict[tuple[str, str, str], int] = {}
    owners: dict[str, int] = {}
    shared: set[str] = set()
    for entry, keys, digest in zip(entries, all_keys, digests, strict=True):
        number = len(kept)
        if not repeated.isdisjoint(keys):
            looked_for, known_as = _repetition(entry, keys, digest)
            number = next((seen[one] for one in looked_for if one in seen), number)
            for one in known_as:
                seen.setdefault(one, number)
            shared.update(key for key in repeated.intersection(keys) if owners.setdefault(key, number) != number)
        if number < len(kept):  # the same article twice, as in two sections
            found[number] = _joined(found[number], keys)
        else:
            kept.append(entry)
            found.append(keys)
            digests_kept.append(digest)
    keys_found = (keys if shared.isdisjoint(keys.all) else keys.without(shared) for keys in found)
    return Identified(tuple(kept), tuple(keys_found), tuple(digests_kept), frozenset(shared))


def _repeated(keys: Sequence[str]) -> set[str]:
    """The keys that are there more than once: only entries that have one of these can be alike, and most have none."""
    if len(set(keys)) == len(keys):
        return set()
    return {key for key, count in Counter(keys).items() if count > 1}


def _repetition(entry: Entry, keys: Keys, digest: str) -> tuple[list[tuple[str, str, str]], list[tuple[str, str, str]]]:
    """As what an entry may be in its document already, and as what it is known there from now on.

    The same guid and headline, or the same page and headline of the same date, as in two sections. Where only the dates
    differ they are two: a siren's warnings share page and words, and are each news.
    """
    when = "" if entry.published is None else str(entry.published)
    looked_for, known_as = [], []
    if keys.guid:
        looked_for.append((keys.guid, entry.title, ""))
        known_as.append((keys.guid, entry.title, ""))
    if keys.link:
        looked_for += [(keys.link, entry.title, one) for one in ((when, "") if when else (_WHENEVER,))]
        known_as += [(keys.link, entry.title, one) for one in (when, _WHENEVER)]
    if not looked_for:
        looked_for = known_as = [(digest, "", when)]
    return looked_for, known_as


def _keys(entry: Entry, digest: str) -> Keys:
    form = canonical(entry.url) if entry.url else ""
    number = article_id(form) if form else None
    guid = entry.guid
    if guid and guid[:4].lower() == "http":
        guid = form if guid == entry.url and "#" not in guid else _canonical_guid(guid)
    title = entry.title or entry.summary
    headline = _hash(title)[:16]
    when = str(entry.published)
    around = crc32(f"{guid}\0{form}\0{when}".encode("utf-8", "surrogatepass"))
    return Keys(
        f"exact:{digest}-{around:x}",
        f"link:{form}" if form and names_an_article(form) else None,
        f"guid:{guid}" if guid else None,
        f"number:{number}" if number else None,
        f"page:{headline}-{crc32(form.encode('utf-8', 'surrogatepass')):x}",
        f"dated:{headline}-{when}" if title and entry.published is not None else None,
        f"text:{digest}",
    )


def _joined(keys: Keys, repetition: Keys) -> Keys:
    known = keys.all
    also = (key for key in (repetition.link, repetition.guid, repetition.number) if key and key not in known)
    return keys._replace(also=(*keys.also, *also))


def _canonical_guid(guid: str) -> str:
    """A guid that is an address, which may change as addresses do; but its fragment is part of it."""
    address, mark, fragment = guid.partition("#")
    return canonical(address) + mark + fragment


def digest_of(entry: Entry) -> str:
    """Changes when what a person would read does: a new date alone is no change worth a version."""
    return _hash(entry.title, entry.summary, entry.content)


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a document brings: entries to take in, oldest first, and keys that turned out to name nothing."""

    sightings: tuple[Sighting, ...]
    spoiled: frozenset[str]


def recognise(document: Identified, known: Mapping[str, Known]) -> Recognition:
    """Which entries of a document are new or changed (feeds list the newest first).

    Args:
        document: the entries, without the keys that are spoiled.
        known: the stories by key, as far as the document's keys go.
    """
    stories = _stories(document, known)
    found: list[Sighting] = []
    spoiled = set(document.shared)
    for entry, keys, digest, story in zip(document.entries, document.keys, document.digests, stories, strict=True):
        if story is _SEEN_TWICE:
            continue
        if story is None:
            # What was another's names none: the page of whatever is the latest, a guid that counts positions.
            spoiled.update(key for key in (keys.link, keys.guid) if key and key in known)
            found.append(Sighting(entry, keys.all, digest))
            continue
        if keys.guid and keys.guid in known and known[keys.guid].story_id != story.story_id:
            spoiled.add(keys.guid)
        changed = story.digest != digest
        if changed or entry.published != story.entry.published or any(key not in known for key in keys.all):
            found.append(Sighting(entry, keys.all, digest, story.story_id, changed=changed))
    found.reverse()
    return Recognition(tuple(found), frozenset(spoiled))


_SEEN_TWICE: Final = Known(0, "")  # stands for the story of an entry that another entry of the document is already


def _stories(document: Identified, known: Mapping[str, Known]) -> list[Known | None]:
    """The known story that each entry is, no story twice; None for a new one.

    The surest evidence is heard first, over the whole document: what holds its link is that story, whatever its guid.
    """
    entries, all_keys = document.entries, document.keys
    stories: list[Known | None] = [None] * len(entries)
    claimed: dict[int, int] = {}

    def claim(number: int, key: str | None, *, if_like: bool = False, sure: bool = False) -> None:
        story = known.get(key) if key else None
        if story is None or stories[number] is not None:
            return
        if if_like and _is_unlike(entries[number], story, sure=sure):
            return
        holder = claimed.setdefault(story.story_id, number)
        if holder == number:
            stories[number] = story
        elif not _are_two(entries[number], entries[holder]):
            stories[number] = _SEEN_TWICE

    for number, keys in enumerate(all_keys):
        if not _is_another(entries[number], known.get(keys.link or "")):
            claim(number, keys.link)
    for number, keys in enumerate(all_keys):
        claim(number, keys.guid, if_like=True, sure=not _counts(entries[number].guid))
    for number, keys in enumerate(all_keys):
        claim(number, keys.number, if_like=True)
        for key in keys.also:
            claim(number, key)
    for number, keys in enumerate(all_keys):
        claim(number, keys.exact)
        claim(number, keys.dated)
    made_anew = not any(stories) and sum(keys.text in known for keys in all_keys) > 1
    for number, keys in enumerate(all_keys):
        if not keys.names_itself and _may_be_redated(entries[number], known.get(keys.page or ""), len(entries)):
            claim(number, keys.page)
        if made_anew or _has_only_a_guid(entries[number], keys, len(entries)):
            claim(number, keys.text)
    return stories


def _may_be_redated(entry: Entry, story: Known | None, entries: int) -> bool:
    """Whether an entry that nothing names is a story of the same headline, and not the same thing happening again."""
    told = story.entry.published if story else None
    if entry.published is None or told is None:
        return True
    return entries == 1 and abs(entry.published - told) < _HOUR


def _has_only_a_guid(entry: Entry, keys: Keys, entries: int) -> bool:
    """Whether a guid that may be a mere number of the poll is all that a feed's one entry has."""
    return entries == 1 and not keys.link and not keys.number and entry.published is None


def _are_two(entry: Entry, other: Entry) -> bool:
    """Whether two entries that seem to be one story are two after all: each has a page of its own."""
    forms = [canonical(e.url) for e in (entry, other) if e.url]
    return len(forms) == 2 and forms[0] != forms[1] and all(map(names_an_article, forms))


def _is_another(entry: Entry, story: Known | None) -> bool:
    """Whether an entry that links to a story's page is another: guid and date are, and the headline or the day too.

    Some feeds hold one item at a time and link each to one page of latest news, or have a page for each day's events.
    """
    if story is None or not entry.guid or not story.entry.guid or entry.guid == story.entry.guid:
        return False
    dates = entry.published, story.entry.published
    if dates[0] == dates[1]:
        return False
    if None not in dates and abs((dates[0] or 0.0) - (dates[1] or 0.0)) >= _DAY:
        return True
    return _share_no_word(entry.title, story.entry.title)


def _counts(guid: str | None) -> bool:
    """Whether a guid may be a position in its document."""
    return guid is not None and len(guid) <= 3 and guid.isdecimal()


def _is_unlike(entry: Entry, story: Known, *, sure: bool) -> bool:
    """Whether nothing that a reader sees of an entry speaks for its being this story: no word, no day, no address.

    Against a key that is `sure`, the dates must speak as well.
    """
    told = story.entry
    if sure and (entry.published is None or told.published is None):
        return False
    if entry.published is not None and told.published is not None and abs(entry.published - told.published) < _DAY:
        return False
    if entry.url and told.url and canonical(entry.url) == canonical(told.url):
        return False
    return _share_no_word(entry.title, told.title)


def _share_no_word(title: str, other: str) -> bool:
    words, others = _stems_of(title), _stems_of(other)
    return bool(words and others) and words.isdisjoint(others)


def _stems_of(title: str) -> set[str]:
    """The beginnings of a title's longer words, whatever their endings; pairs of signs where words are not spaced."""
    stems: set[str] = set()
    for word in _WORD.findall(title.casefold()):
        if word[0] >= _UNSPACED:
            stems.update(word[at : at + 2] for at in range(len(word) - 1))
        elif len(word) > 3:
            stems.add(word[:5])
    return stems


def event_key(entry: Entry, story_id: int, *, own_link: bool, own_number: bool) -> str:
    """What makes stories one event: the article that they link to, whatever its address says of its headline.

    A story whose link does not tell it apart (not its `own_link`) is its own event, and the outlet's number counts
    where it does (`own_number`).
    """
    if not entry.url or not own_link:
        return f"story:{story_id}"
    form = canonical(entry.url)
    return (article_id(form) if own_number else None) or form


_HASH: Final = blake2b(digest_size=16)


def _hash(*parts: str) -> str:
    hashed = _HASH.copy()  # takes two thirds of the time that making one does
    hashed.update("\0".join(parts).encode("utf-8", "surrogatepass"))
    return hashed.hexdigest()
