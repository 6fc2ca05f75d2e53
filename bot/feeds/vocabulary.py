"""The names of a document's elements, whatever prefixes, spellings and namespaces it uses for them."""

from collections.abc import Mapping

_NAMESPACES = {
    "": "purl.org/rss/1.0 purl.org/net/rss1.1 my.netscape.com/rdf/simple/0.9 channel.netscape.com/rdf/simple/0.9 "
    "backend.userland.com/rss backend.userland.com/rss2 backend.userland.com/rss091 backend.userland.com/rss092 "
    "blogs.law.harvard.edu/tech/rss cyber.law.harvard.edu/rss my.netscape.com/publish/formats/rss-0.91.dtd "
    "purl.org/rss/0.9 purl.org/rss/2.0 www.rssboard.org/rss-specification",
    "atom": "www.w3.org/2005/atom purl.org/atom/ns purl.org/atom www.w3.org/2005/atom.xml",
    "xhtml": "www.w3.org/1999/xhtml",
    "dc": "purl.org/dc/elements/1.1 purl.org/dc/elements/1.0 purl.org/dc",
    "dcterms": "purl.org/dc/terms",
    "content": "purl.org/rss/1.0/modules/content",
    "media": "search.yahoo.com/mrss video.search.yahoo.com/mrss api.search.yahoo.com/mrss tools.search.yahoo.com/mrss",
    "itunes": "www.itunes.com/dtds/podcast-1.0.dtd example.com/dtds/podcast-1.0.dtd",
    "feedburner": "rssnamespace.org/feedburner/ext/1.0",
    "rdf": "www.w3.org/1999/02/22-rdf-syntax-ns",
    "googleplay": "www.google.com/schemas/play-podcasts/1.0",
    "pheedo": "www.pheedo.com/namespace/pheedo",
    "yandex": "news.yandex.ru",
    "thr": "purl.org/syndication/thread/1.0",
}
_PREFIX_OF = {namespace: prefix for prefix, namespaces in _NAMESPACES.items() for namespace in namespaces.split()}
_PREFIXES = frozenset(_NAMESPACES) - {""}
_ALIASES = {
    "a10": "atom",
    "rss": "",
    "rss1": "",
    "dcterm": "dcterms",
    "feed": "atom",
    "yahoo": "media",
    "mrss": "media",
}


class Names(dict[str, str]):
    """What each tag of a document means: "title" in its own vocabulary, "dc:title", "media:title"; "" for others'.

    Tags are written "namespace}local", or "local" where they are in none. Fills itself as it is asked.
    """

    def __init__(self, root: str, prefixes: Mapping[str, str]) -> None:
        """A document's names; `root` is the tag of its root element, `prefixes` are those of its namespaces."""
        super().__init__()
        own = root.rpartition("}")[0]
        self._prefixes = prefixes
        self._own = "" if _prefix_of(own) == "rdf" else own

    def __missing__(self, tag: str) -> str:
        namespace, _, local = tag.rpartition("}")
        prefix = "" if namespace == self._own else _prefix_of(namespace)
        if prefix is None:
            said = (self._prefixes.get(namespace) or "?").lower() if namespace else ""
            prefix = _ALIASES.get(said, said)
        local = local.lower()
        name = f"{prefix}:{local}" if prefix else local
        self[tag] = name = name if not prefix or prefix in _PREFIXES else ""
        return name


def _prefix_of(namespace: str) -> str | None:
    bare = namespace.strip().lower().partition("://")[2] or namespace.strip().lower()
    return _PREFIX_OF.get(bare.rstrip("/#"))
