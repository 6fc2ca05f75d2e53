"""URLs of articles: when two of them lead to the same one."""

import re
from functools import lru_cache
from typing import Final
from urllib.parse import unquote, unquote_plus, urlsplit

_TRACKING: Final = re.compile(
    r"(?:utm_.*|at_(?:medium|campaign|custom\d|.*type)|mc_[ce]id|fbclid|gclid|gclsrc|[gw]braid|yclid|ysclid|dclid|"
    r"msclkid|twclid|igshid|ns_.*|cmp|cmpid|int_?cmp|icid|ncid|xtor|ref_src|smid|smtyp|emc|partner|ocid|"
    r"traffic_source|spm|_ga|_openstat|wt_mc|guccounter|ftag|ito|mkt_tok|(?:mtm|pk)_.*|feed(?:type|name)|rss|"
    r"__twitter_impression|output_?type|amp|mobile|is_?amp)",
    re.IGNORECASE,
)
_SOURCE: Final = re.compile(r"(?:ref|source|src|from|via|mod|medium|cid|f)", re.IGNORECASE)
_FROM_FEED: Final = re.compile(r"(?:^|[^a-z])(?:rss|feed|atom)|(?:rss|feed)$", re.IGNORECASE)
_URL: Final = re.compile(
    r"https?://(?P<host>[^/?#\s@:\[\]\\]+)(?::(?P<port>\d{1,5}))?(?P<path>/[^?#\s]*)?(?:\?(?P<query>[^#\s]*))?"
    r"(?:#(?P<fragment>\S*))?",
    re.IGNORECASE,
)
_SIMPLE: Final = re.compile(r"https?://([a-z0-9.-]+)(/[A-Za-z0-9_.~!$'()*+,;=@:/-]*+)?(?:\?([^#\s]*+))?")
"""What most articles have: without port, fragment and anything escaped but in a query."""
_OTHER_EDITION: Final = re.compile(r"(?:www\d?|m|mobile|amp|touch|wap)\.(?=[^.]+\.)")
_AMP_CACHE: Final = re.compile(
    r"(?:(?:www\.)?google\.[a-z.]{2,6}/amp/|[^/]+\.cdn\.ampproject\.org/[cvi]/|cdn\.ampproject\.org/[cvi]/)(?:s/)?(?=[^/]+\.[^/]+/)"
)
_AMP_PATH: Final = re.compile(r"^/amp(?=/)|/amp(?:\.html?)?$|\.amp(?=$|\.html?$)")
_INDEX: Final = re.compile(r"/index\.(?:html?|php)$")
_PAGE_ENDS: Final = ("html", "htm", "php")
_BROKEN_PASSWORD: Final = re.compile(r"[a-z]+://[^/?#@\s]*:(?!\d*[/?#])[^/?#@]*[/?#].*@", re.IGNORECASE)
_PLACE: Final = re.compile(r"[^=&]*\d[^=&]*")
_PAGE_NAMES: Final = "live news latest home blog updates alerts warnings map search archive rss feed feeds index main"
_PAGES: Final = frozenset(_PAGE_NAMES.split())

# What outlets number their articles with: a segment that is a number, begins or ends with one, or is a hash.
_DATE: Final = re.compile(
    r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])?|\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
)
_NUMBERED: Final = re.compile(
    r"(?P<whole>\d{5,})|(?P<head>\d{6,})[-_.].*|.*_(?P<middle>\d{6,})_\d*"
    r"|(?:article|art|story|news|id|doc|post|item|node|[acnps])-?(?P<named>\d{6,})|.*[-_.](?P<tail>\d{7,})"
    r"|(?:.*[-_.])?(?P<hash>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=[a-f]*\d)[0-9a-f]{24,40})"
    r"|(?:.*-20\d{6}-)?(?P<mixed>(?=\w{6,14}$)(?:[a-z]+\d+[a-z]+\w*|\d+[a-z]+\d+\w*))",
    re.IGNORECASE,
)
_DIGIT: Final = re.compile(r"\d")
_SIX_DIGITS: Final = re.compile(r"\d{6}")
_LONG_NUMBER: Final = re.compile(r"[\da-fA-F]{5}")
_GENERIC: Final = frozenset(("", "index", "story", "article", "content", "c", "html", "print"))
_SUFFIX: Final = re.compile(r"\.(?:s?html?|php|aspx?|cms|ece|story|article)$", re.IGNORECASE)
_ID_NAME: Final = re.compile(
    r"(?:(?:article|story|news|object|post|content|item|doc)_?)?id|p|article|story", re.IGNORECASE
)


def canonical(url: str) -> str:
    """The address without what varies between links to one article.

    That is the scheme, `www.`, the AMP or mobile edition, tracking, a fragment that only says where to look, the case
    of the host. For comparing only: the result is not meant to be fetched. A URL that cannot be read is its own form.
    """
    simple = _SIMPLE.fullmatch(url)
    if simple is not None and ("amp" not in url or ("/amp" not in url and ".amp" not in url)):
        host, path, query = simple.groups("")
        path = path.rstrip("/")
        if path.endswith(_PAGE_ENDS):
            path = _INDEX.sub("", path)
        return _edition(host) + path + (_telling(query) if query else "")
    url = url.strip()
    parts = _URL.fullmatch(url)
    if parts is None:
        return _without_credentials(url)
    host, port, path, query, fragment = parts.groups(default="")
    host = _edition(host.lower())
    path = path.rstrip("/")
    if port and port not in ("80", "443"):
        host += f":{port}"
    if "amp" in path or "amp" in host:
        inside = host + path
        while cached := _AMP_CACHE.match(inside):
            inside = inside[cached.end() :]
        if len(inside) < len(host + path):
            return canonical(f"https://{inside}{'?' + query if query else ''}")
        path = _AMP_PATH.sub("", path).rstrip("/")
    if "%" in path:
        path = _decoded(path).rstrip("/")
    if path.endswith(_PAGE_ENDS):
        path = _INDEX.sub("", path)
    place = f"#{fragment}" if fragment and _PLACE.fullmatch(fragment) else ""
    return f"{host}{path}{_telling(query)}{place}"


def _telling(query: str) -> str:
    """A query without what only says where a reader came from; with its question mark, if anything is left of it."""
    kept = "&".join([pair for pair in query.split("&") if pair and not _tracks(pair)])
    return "?" + kept if kept else ""


@lru_cache(maxsize=4_096)
def _edition(host: str) -> str:
    """The host that all editions of a site have in common."""
    other = _OTHER_EDITION.match(host)
    return host[other.end() :] if other else host


@lru_cache(maxsize=8_192)
def _tracks(pair: str) -> bool:
    """Whether a parameter only says where a reader came from."""
    name, _, value = pair.partition("=")
    name = unquote_plus(name)
    return bool(_TRACKING.fullmatch(name) or (_SOURCE.fullmatch(name) and _FROM_FEED.search(value)))


def _decoded(path: str) -> str:
    """A path in which letters are not escaped, where that is the same path without doubt."""
    decoded = unquote(path, errors="surrogateescape")
    if decoded.isprintable() and not any(mark in decoded for mark in "?#% \\"):
        return decoded
    return path


def _without_credentials(url: str) -> str:
    """The canonical form of what is no simple address: without a user, if it has one; else itself."""
    stripped = re.sub(r"(?<=://)[^/?#\s]*@", "", url, count=1)
    return canonical(stripped) if stripped != url and _URL.fullmatch(stripped) else url


def names_an_article(form: str) -> bool:
    """Whether a link can tell articles apart: one to a front page or to a page of latest news cannot.

    Args:
        form: its canonical form.
    """
    _, slash, rest = form.partition("/")
    if "?" in form or "#" in form:
        return True
    if not slash or not rest:
        return False
    page = rest.rpartition("/")[2].lower()
    return page not in _PAGES and not (len(rest) == 2 and rest.isalpha())


def article_id(form: str) -> str | None:
    """The outlet's own number of an article, with its host; None where there seems to be none.

    It stays while the rest of the address changes with the headline. Dates and round numbers are none.

    Args:
        form: the canonical form of the article's address.
    """
    address, _, query = form.partition("#")[0].partition("?")
    host, _, path = address.partition("/")
    for pair in query.split("&") if query else ():
        name, _, value = pair.partition("=")
        if _ID_NAME.fullmatch(name) and value.isascii() and value.isdigit() and len(value) > 4:
            return f"{host}?{value}"
    if not _DIGIT.search(path):
        return None
    last = True
    for segment in reversed(path.split("/")):
        if not last and (len(segment) < 6 or not _SIX_DIGITS.search(segment)):
            continue  # none that would count there, see below
        bare = segment.removesuffix(".html")
        if "." in bare:
            bare = _SUFFIX.sub("", segment)
        match = _NUMBERED.fullmatch(bare) if _may_be_numbered(bare) else None
        kind = (match.lastgroup or "") if match else ""
        number = match[kind] if match and kind else ""
        # Before the headline only a number by itself is the article's; others are a topic's or a section's.
        sure = last or (kind in ("whole", "named") and len(number) > 5)
        if number and sure and not number.endswith("000") and not _DATE.fullmatch(number):
            return f"{host}#{number.lower()}"
        last = last and bare.lower() in _GENERIC
    return None


def _may_be_numbered(segment: str) -> bool:
    """Whether `_NUMBERED` could match; it tries one thing after the other, and hardly a headline gets that far."""
    if len(segment) < 5 or not _DIGIT.search(segment):
        return False
    return len(segment) <= 14 or _LONG_NUMBER.search(segment) is not None


def tidied(url: str) -> str:
    """The same address as everybody would write it: two spellings of one feed are to be one feed.

    The scheme and host in lower case, no fragment, no port that goes without saying, no `.` and `..` (RFC 3986, 6.2.2).
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url
    user, at, _ = parts.netloc.rpartition("@")
    host = parts.netloc.rpartition("@")[2].lower()
    if port is not None and port == {"http": 80, "https": 443}.get(parts.scheme):
        host = host.rpartition(":")[0]
    segments: list[str] = []
    for segment in parts.path.split("/"):
        if segment == "..":
            segments = segments[:-1] or segments
        elif segment != ".":
            segments.append(segment)
    path = "/".join(segments)
    if parts.path.endswith(("/.", "/..")):
        path += "/"
    return parts._replace(netloc=user + at + host, path=path or "/", fragment="").geturl()


def site(url: str) -> str:
    """The host that a person would name: "ukrinform.net"; empty where the URL names none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def publisher(url: str) -> str:
    """Who publishes a feed: its site; where its host has no name of its own (a number, "localhost"), the feed alone."""
    host = site(url)
    return host if "." in host and not re.fullmatch(r"[\d.]+", host) else shown(url)


def is_below(host: str, other: str) -> bool:
    """Whether a host is another or stands below it ("rss.example.org" below "example.org"); "" is none."""
    return bool(host and other) and f".{host}".endswith(f".{other}")


def logged(url: str) -> str:
    """The address as it may be logged: neither a password nor a query, in which feeds carry their tokens."""
    head, question, _ = shown(url).partition("?")
    return head + ("?…" if question else "")


def shown(url: str) -> str:
    """The address as it may be logged and shown to others: without a user and password in it."""
    if _BROKEN_PASSWORD.match(url):
        return url.partition("://")[0] + "://" + url.rpartition("@")[2]
    return re.sub(r"(?<=://)[^/?#\\]*@", "", url, count=1)


def is_same_feed(url: str, other: str) -> bool:
    """Whether two addresses are one feed's: all of them counts but the scheme and a slash at the end."""
    return feed_key(url) == feed_key(other)


def feed_key(url: str) -> str:
    """What two spellings of a feed's address share: all of it but the scheme and a slash at the end."""
    return tidied(url).partition("://")[2].rstrip("/")
