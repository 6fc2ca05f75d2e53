"""Stories: what a feed's document carries, which of it is new, and what an edit changed.

Fetching, parsing and storing are elsewhere: here are values and the decisions over them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from bot.domain.urls import canonical, names_an_article


@dataclass(frozen=True, slots=True)
class Entry:
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


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """A feed's document as parsed: what it says of itself, and its entries in document order.

    `ttl` is in seconds.
    """

    title: str = ""
    site_url: str | None = None
    language: str | None = None
    ttl: float | None = None
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What the store remembers of a story: enough to see whether an entry is it, and whether it was changed."""

    story_id: int
    digest: str


@dataclass(frozen=True, slots=True)
class Sighting:
    """An entry that must be taken in: a new story (`story_id` None), or a known one.

    `keys` are all keys under which the story is to be known from now on; a known one that is not `changed` has
    only gained keys.
    """

    entry: Entry
    keys: tuple[str, ...]
    digest: str
    story_id: int | None = None
    changed: bool = True


def keys_of(entries: Sequence[Entry]) -> list[tuple[str, ...]]:
    """The keys of each entry of one document, the surest first; at least one each.

    A guid or link identifies unless several entries of the document share it, or the link leads to a front page:
    real feeds repeat guids, and link every item to the home page. What is left then is the title.
    """
    guids = Counter(entry.guid for entry in entries)
    links = Counter(canonical(entry.url) for entry in entries if entry.url)
    result = []
    for entry in entries:
        keys = []
        if entry.guid and guids[entry.guid] == 1:
            keys.append(f"guid:{entry.guid}")
        if entry.url and names_an_article(entry.url) and links[canonical(entry.url)] == 1:
            keys.append(f"link:{canonical(entry.url)}")
        if not keys:
            keys.append(f"text:{_hash(entry.guid or '', entry.url or '', entry.title or entry.summary)}")
        result.append(tuple(keys))
    return result


def digest_of(entry: Entry) -> str:
    """Changes when what a person would read does: a new date alone is no change worth a version."""
    return _hash(entry.title, entry.summary, entry.content)


def digest_of_document(entries: Iterable[Entry]) -> str:
    """Equal for two polls between which no entry changed, whatever else of the bytes did."""
    return _hash(*(part for entry in entries for part in (entry.guid or "", entry.url or "", digest_of(entry))))


def sightings(entries: Sequence[Entry], known: Mapping[str, Known]) -> list[Sighting]:
    """Which entries of a document are new or changed, oldest first (feeds list the newest first).

    A story is new when none of its keys is known. Two entries of one document that turn out to be one story count once.
    """
    found: list[Sighting] = []
    taken: set[int | str] = set()
    for entry, keys in zip(entries, keys_of(entries), strict=True):
        story = next((known[key] for key in keys if key in known), None)
        identity: int | str = story.story_id if story else keys[0]
        if identity in taken:
            continue
        taken.add(identity)
        digest = digest_of(entry)
        if story is None:
            found.append(Sighting(entry, keys, digest))
        elif story.digest != digest or any(key not in known for key in keys):
            found.append(Sighting(entry, keys, digest, story.story_id, changed=story.digest != digest))
    found.reverse()
    return found


def event_key(entry: Entry, story_id: int, *, own_link: bool) -> str:
    """What makes stories one event: the article that they link to.

    A story whose link does not tell it apart (not its `own_link`) is its own event.
    """
    return canonical(entry.url) if entry.url and own_link else f"story:{story_id}"


def _hash(*parts: str) -> str:
    digest = blake2b(digest_size=16)
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()
