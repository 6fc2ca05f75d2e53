"""Links as feeds write them, to absolute ones: relative, without a scheme, doubled, escaped twice, broken."""

import re
from urllib.parse import urljoin, urlsplit

from bot.feeds.markup import clean, unescape

_MAX_URL = 4_000
# What needs no look: nothing to mend, and nothing that could be read in two ways.
_SOUND = re.compile(
    r"https?://(?:[a-z0-9]++(?:-++[a-z0-9]++)*+\.)+[a-z]{2,24}(?::\d{1,5})?"
    r"(?:[/?#][!#-%'-;=?-Z_a-z~\w]*+(?:&(?!#?[A-Za-z0-9]{1,31};)[!#-%'-;=?-Z_a-z~\w]*+)*+)?"
)
_INSIDE_MARKUP = re.compile(r"https?://[^\s\"'<>]+", re.IGNORECASE)
_NOTHING = re.compile(r"https?:[/\\]*", re.IGNORECASE)
_DOUBLED = re.compile(r"https?://[^/?#\s]*?(https?://.+)", re.IGNORECASE | re.DOTALL)
_BARE_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}(?=/)", re.IGNORECASE)
_SLASHES = re.compile(r"(https?):(?:/|\\)*(?=[^/\\])", re.IGNORECASE)


def absolute(link: str, base: str = "") -> str | None:
    """An absolute http(s) URL without credentials; None where none can be made of it.

    Args:
        link: as the feed has it, perhaps relative, or escaped.
        base: an absolute URL that it is relative to.
    """
    link = link.strip()
    if _SOUND.fullmatch(link) and len(link) <= _MAX_URL:
        return link
    link = unescape("".join(clean(link).split()) if "\n" in link else clean(link).strip())
    if link.startswith("<") and (inside := _INSIDE_MARKUP.search(link)):
        link = inside.group()
    if not link or len(link) > _MAX_URL or _NOTHING.fullmatch(link):
        return None
    doubled = _DOUBLED.match(link)
    if doubled:
        link = doubled[1]
    try:
        if not urlsplit(link).scheme and _BARE_HOST.match(link):
            link = "https://" + link
        elif sloppy := _SLASHES.match(link):
            link = f"{sloppy[1].lower()}://{link[sloppy.end() :]}"
        link = urljoin(base, link)
        parts = urlsplit(link)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
        if "@" in parts.netloc:  # a feed's own user and password are not for its readers
            link = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    except ValueError:
        return None
    return link.replace(" ", "%20")
