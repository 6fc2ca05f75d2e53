"""Where a site's feed usually lies, for sites that do not say where theirs does."""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

MOST: Final = 10
"""Places that are named for one address: each is a request that is probably for nothing."""

# What makes most sites, each with the place that it uses: WordPress and Substack, Ghost, Jekyll, Hugo, Drupal, others.
_EVERYWHERE: Final = ("feed", "rss", "feed.xml", "index.xml", "rss.xml", "atom.xml", "feed.json")
_DEEPER: Final = ("feed", "rss", "index.xml")
_A_PAGE: Final = re.compile(r"[^/]+\.(?:s?html?|php|aspx?)$|^\d{4,}|\d{4}/\d\d/", re.IGNORECASE)
_PLATFORMS: Final = (
    (re.compile(r"(?:www\.)?medium\.com(/(?:@[^/]+|[^/@]+))(?:/.*)?"), r"https://medium.com/feed\1"),
    (re.compile(r"([^/.]+\.medium\.com)(?:/.*)?"), r"https://\1/feed"),
    (re.compile(r"([^/.]+\.substack\.com)(?:/.*)?"), r"https://\1/feed"),
    (re.compile(r"([^/.]+\.blogspot\.[a-z.]+)(?:/.*)?"), r"https://\1/feeds/posts/default"),
    (re.compile(r"([^/.]+\.tumblr\.com)(?:/.*)?"), r"https://\1/rss"),
    (re.compile(r"(?:www\.)?youtube\.com/channel/([\w-]+)(?:/.*)?"), r"https://www.youtube.com/feeds/videos.xml?channel_id=\1"),
    (re.compile(r"(?:www\.|old\.)?reddit\.com(/(?:r|user)/[^/]+)(?:/.*)?"), r"https://www.reddit.com\1/.rss"),
    (re.compile(r"github\.com(/[^/]+/[^/]+)(?:/.*)?"), r"https://github.com\1/releases.atom"),
    (re.compile(r"(?:www\.)?t\.me/(?:s/)?([^/]+)"), ""),  # channels have no feed, whatever is asked for
)  # fmt: skip


def usual_places(url: str) -> tuple[str, ...]:
    """Where a feed may lie, by the address of a site or of a part of it; the likeliest first, `MOST` at most.

    Platforms that have their own places are asked there only. What looks like an article's address stands for its site.
    None where the address cannot be read.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return ()
    if parts.scheme not in ("http", "https") or not host:
        return ()
    for platform, place in _PLATFORMS:
        if found := platform.fullmatch(host + parts.path.rstrip("/")):
            return (found.expand(place),) if place else ()
    origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    places = dict.fromkeys(place for place in _below(origin, parts.path.strip("/")) if place != url)
    return tuple(places)[:MOST]


def _below(origin: str, path: str) -> Iterator[str]:
    if path and not _A_PAGE.search(path):
        for name in _DEEPER:
            yield f"{origin}/{path}/{name}"
    for name in _EVERYWHERE:
        yield f"{origin}/{name}"
