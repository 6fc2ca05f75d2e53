"""URLs of articles: when two of them lead to the same one."""

import re
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

_TRACKING: Final = re.compile(
    r"(?:utm_.*|at_(?:medium|campaign|custom\d|.*type)|mc_[ce]id|fbclid|gclid|yclid|dclid|msclkid|igshid|ns_.*|cmpid|"
    r"xtor|ref_src|smid|smtyp|partner|ocid|traffic_source|spm|_ga|wt_mc|guccounter)",
    re.IGNORECASE,
)


def canonical(url: str) -> str:
    """The address without what varies between links to one article: scheme, `www.`, tracking, fragment, case of host.

    For comparing only: the result is not meant to be fetched. A URL that cannot be read is its own canonical form.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
        query = urlencode(
            [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(pair[0])]
        )
    except ValueError:
        return url.strip()
    host = (parts.hostname or "").removeprefix("www.")
    if port not in (None, 80, 443):
        host += f":{port}"
    path = parts.path.rstrip("/")
    return f"{host}{path}{'?' + query if query else ''}"


def names_an_article(url: str) -> bool:
    """Whether a link can tell articles apart: one to a site's front page cannot."""
    _, slash, rest = canonical(url).partition("/")
    return bool(slash and rest) or "?" in canonical(url)


def site(url: str) -> str:
    """The host that a person would name: "ukrinform.net"; empty where the URL names none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def logged(url: str) -> str:
    """The address as it may be logged: neither a password nor a query, in which feeds carry their tokens."""
    head, question, _ = shown(url).partition("?")
    return head + ("?…" if question else "")


def shown(url: str) -> str:
    """The address as it may be logged and shown to others: without a user and password in it."""
    return re.sub(r"(?<=://)[^/?#\\]*@", "", url, count=1)
