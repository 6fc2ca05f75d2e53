"""What a document that is no feed seems to be, and which feeds it names if it is a page.

A page is told from a wall or a check by what else there is in it: half of all news pages load a consent dialogue, and
many carry the script of some guard against robots.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from bot.domain.errors import AdvertisedFeed, NotAFeed
from bot.feeds.links import absolute
from bot.feeds.markup import to_line, to_text, unescape

MAX_ADVERTISED: Final = 10
"""Feeds that are listed of those which a page declares."""
MAX_LINKED: Final = 5
"""Feeds that are listed of those which a page that declares none links to."""

_MAX_PAGE: Final = 500_000  # characters that are looked at
_MAX_TITLE: Final = 200
_MAX_FOUND: Final = 100  # feeds, with doubles
_BLANK: Final = "\ufeff \t\r\n\f\x00"

_JSON: Final = re.compile(r'\{\s*+["}]|\[\s*+(?:[\[{"\]\d-]|true|false|null)')
_PROLOG: Final = re.compile(r"\s*+(?:<\?[^>]*+>|(<!--)|<!doctype\s++([\w:.-]++)[^<>\[]*+)>?+", re.IGNORECASE)
_ROOT: Final = re.compile(r"\s*+<(?:[A-Za-z_][\w.-]*+:)?([A-Za-z_][\w.-]*+)(?=[\s/>])")
_PAGE_BEGINS: Final = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_HTML_NAMES: Final = (
    "a article aside b base big body br center div em font footer form frameset h1 h2 h3 h4 h5 h6 head header hr html "
    "i iframe img li link main meta nav noscript ol p pre script section small span strong style table title u ul"
)
_HTML: Final = frozenset(_HTML_NAMES.split())

# Each alternative stops at the next "<", so that the scan is linear however many tags and quotes are left open.
_TAG: Final = re.compile(
    r"""<!--|<([A-Za-z][A-Za-z0-9]*+)(?=[\s/>])((?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+|[^<>]*+)>""",
)
_ATTRIBUTE: Final = re.compile(r"""([^\s"'<>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>]++)))?+""")
_CLOSING: Final = {
    name: re.compile(f"</{name}(?=[\\s/>])", re.IGNORECASE) for name in ("script", "style", "textarea", "title")
}

_FEED_TYPES: Final = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json"})
_XML_TYPES: Final = frozenset({"application/rdf+xml", "application/xml", "text/xml"})
_NO_FEED: Final = re.compile(r"/wp-json/|oembed|opensearch|sitemap", re.IGNORECASE)
_FEED_ENDS: Final = (".rss", ".atom", ".rdf", "/feed", "/rss", "/feed.json", "/feed.php", "/rss.php")
_FEED_WORD: Final = re.compile(r"rss|feed|atom")


def _any_of(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(phrases), re.IGNORECASE)


_COMMENTS: Final = _any_of(
    r"\bcomments?\b", r"\bcommenti\b", "commentaires", "comentarios", "comentários", "kommentare", "komentarze",
    "komentáře", "reacties", "комент", "коммент",
)  # fmt: skip
_CONSENT_HOSTS: Final = frozenset({"consent", "cookiewall", "guce", "myprivacy"})
_CONSENT_TITLE: Final = _any_of(
    "before you continue", r"your (?:privacy|data|choices)\b", "privacy (?:gate|wall|settings)",
    "cookie.?(?:wall|consent)",
    "bevor sie (?:fortfahren|zu )", "zustimmung", "einwilligung", "cookies? akzeptieren",
    "avant (?:de continuer|d.accéder)", "consentement",
    "voordat (?:je|u) (?:verder|naar)", "toestemming",
    "prima di continuare", "consenso", "antes de (?:continuar|ir a)", "zanim (?:przejdziesz|zaczniesz)",
    "než budete pokračovat", "перш ніж (?:продовжити|перейти)", "прежде чем (?:продолжить|перейти)",
)  # fmt: skip
_CONSENT_WORDS: Final = _any_of(
    r"\bcookies?\b", r"\bconsent", "personal data", "datenschutz", "zustimm", "einwillig", "données personnelles",
    "toestemming", "persoonsgegevens", "ciasteczk", "файли cookie",
)  # fmt: skip
_CONSENT_ANSWERS: Final = _any_of(
    r"\b(?:accept|agree|allow|reject)\b", "akzeptieren", "ablehnen", "zustimmen", "accepter", "refuser", "akkoord",
    "weigeren", "accetta", "aceptar", "akceptuj", "souhlasím", "прийняти", "принять",
)  # fmt: skip
_CONSENT_MAKERS: Final = _any_of(
    "didomi", "onetrust", "cookielaw", "sourcepoint", "privacy-mgmt", "usercentrics", "quantcast", "qc-cmp",
    "consentmanager", "cookiebot", r"consensu\.org", "contentpass", "iubenda", "trustarc", "axeptio", "sirdata",
    "collectconsent", r"consent\.(?:google|youtube|yahoo)",
)  # fmt: skip
_CHALLENGE_TITLE: Final = _any_of(
    r"^(?:just a moment|one moment, please|please wait|einen moment|nur einen moment|un instant|un momento|один момент|"
    r"трохи зачекайте)\W*(?:\|.*)?$",
    "attention required", "ddos-guard", "access (?:to this page has been )?denied", "pardon our interruption",
    "robot check", r"not a (?:ro)?bot\b", r"\bbot (?:verification|protection)", "are you (?:a (?:ro)?bot|human)",
    "human verification", "verif(?:y|ying) (?:you are|your browser)", "security (?:check|verification)", "captcha",
    "checking your (?:browser|connection)", "client challenge", "you (?:have been|are being) blocked",
)  # fmt: skip
_CHALLENGERS: Final = _any_of(
    "_cf_chl_", "cf-(?:browser-verification|error-details|captcha-container)",  # Cloudflare
    "security of your connection before", "checking your browser before", "enable javascript and cookies",
    r"captcha-delivery\.com", "enable js and disable any ad",  # DataDome
    "_incapsula_resource", "incapsula incident",  # Imperva
    r"errors\.edgesuite\.net",  # Akamai
    r"awswaf\.com/[\w/.-]{1,200}challenge\.js", "gokuprops",  # AWS
    r"/\.well-known/ddos-guard/", r"ddos-guard\.net", "px-captcha", "anubis_challenge", r"within\.website",
    "sucuri_cloudproxy", "unusual traffic from your",
    "(?:verify|confirm) (?:that )?you are (?:a )?(?:human|not a robot)",
)  # fmt: skip
# How many characters and links a page may have that is nothing else. A wall has its notice and a list of languages, a
# check two sentences; a front page has tens of thousands of characters and hundreds of links.
_WALL: Final = (6_000, 60)
_BARE_WALL: Final = (2_500, 25)
_CHECK: Final = (2_500, 15)
_DOOR: Final = (1_500, 25)


@dataclass(slots=True)
class _Page:
    """What a scan of a page's tags found."""

    base: str
    title: str = ""
    links: int = 0
    asks_password: bool = False
    declared: list[AdvertisedFeed] = field(default_factory=list)
    linked: list[AdvertisedFeed] = field(default_factory=list)


def seems(text: str, url: str = "") -> NotAFeed:
    """Tell what a document that is no feed seems to be.

    Args:
        text: the document, decoded.
        url: where it was found, after redirects; what it links to is relative to it.

    Returns:
        The error to raise, with the feeds that a page declares or, where it declares none, plainly links to: each
        once, in their order, those of comments last.
    """
    text = text[:_MAX_PAGE].strip(_BLANK)
    if not text:
        return NotAFeed("empty")
    if _JSON.match(text):
        return NotAFeed("json")
    vocabulary = _vocabulary(text)
    if vocabulary != "html":
        return NotAFeed(vocabulary)
    page = _scan(text, url)
    advertised = _in_order(page.declared)[:MAX_ADVERTISED] or _in_order(page.linked)[:MAX_LINKED]
    return NotAFeed(_kind(page, text, url), tuple(advertised))


def _vocabulary(text: str) -> str:
    """Whose elements a document begins with: "html", "opml", "xml" for any other; "unknown" where with none."""
    position = 0
    while prolog := _PROLOG.match(text, position):
        comment, doctype = prolog.groups()
        if doctype and doctype.lower() == "html":
            return "html"
        position = prolog.end()
        if comment:
            position = text.find("-->", position) + 3
        elif text.startswith("[", position):
            position = text.find(">", text.find("]", position)) + 1
        if position < prolog.end():  # it is left open
            return "unknown"
    root = _ROOT.match(text, position)
    name = root[1].lower() if root else ""
    if name in _HTML or (not name and _PAGE_BEGINS.search(text, position)):
        return "html"
    if name in ("", "rss", "feed"):
        return "unknown"
    return "opml" if name == "opml" else "xml"


def _scan(text: str, url: str) -> _Page:
    """Go through a page's tags once, leaving out what stands in comments and scripts."""
    page = _Page(base=url)
    position = 0
    while tag := _TAG.search(text, position):
        position = tag.end()
        name = (tag[1] or "").lower()
        if not name:
            position = text.find("-->", position)
            if position < 0:
                break
        elif name in _CLOSING:
            closing = _CLOSING[name].search(text, position)
            if closing is None:
                break
            if name == "title" and not page.title:
                page.title = to_line(text[position : closing.start()], limit=_MAX_TITLE)
            position = closing.end()
        elif name in ("a", "base", "input", "link"):
            following = text.find("<", position)
            _note(page, name, _attributes(tag[2]), text[position : following if following >= 0 else None][:_MAX_TITLE])
    return page


def _attributes(source: str) -> dict[str, str]:
    """A tag's attributes by their names in small letters; of doubles the first counts."""
    attributes: dict[str, str] = {}
    for attribute in _ATTRIBUTE.finditer(source):
        attributes.setdefault(
            attribute[1].lower(), unescape(attribute[2] or attribute[3] or attribute[4] or "").strip()
        )
    return attributes


def _note(page: _Page, name: str, attributes: dict[str, str], text: str) -> None:
    """Put down what one tag says, with the text behind it."""
    href = attributes.get("href", "")
    title = attributes.get("title", "")
    if name == "input":
        page.asks_password = page.asks_password or attributes.get("type", "").lower() == "password"
    elif name == "base":
        page.base = absolute(href, page.base) or page.base
    elif name == "link" and len(page.declared) < _MAX_FOUND and _declares_feed(attributes):
        page.declared.extend(_advertised(href, title, page.base))
    elif name == "a" and href:
        page.links += 1
        if len(page.linked) < _MAX_FOUND and _is_plainly_feed(href):
            page.linked.extend(_advertised(href, text.strip() or title, page.base))


def _declares_feed(attributes: dict[str, str]) -> bool:
    """Whether a `<link>` names a feed: https://www.rssboard.org/rss-autodiscovery, and what is done besides."""
    rel = attributes.get("rel", "").lower().split()
    kind = attributes.get("type", "").partition(";")[0].strip().lower()
    name = attributes.get("href", "") + " " + attributes.get("title", "")
    if "alternate" not in rel:
        return "feed" in rel and kind != "text/html"
    if kind in _XML_TYPES:
        return not _NO_FEED.search(name)
    return kind in _FEED_TYPES or (kind == "application/json" and "feed" in name.lower() and not _NO_FEED.search(name))


def _is_plainly_feed(href: str) -> bool:
    path = "/" + re.split(r"[?#]", href, maxsplit=1)[0].rstrip("/").lower()
    if "http" in path[2:]:  # some service's link to subscribe with
        return False
    return path.endswith(_FEED_ENDS) or (path.endswith(".xml") and _FEED_WORD.search(path) is not None)


def _advertised(href: str, title: str, base: str) -> Iterable[AdvertisedFeed]:
    if href[:5].lower() == "feed:":  # feed:https://… and feed://…
        href = href[5:] if not href.startswith("//", 5) else "http:" + href[5:]
    url = absolute(href, base) if href else None
    if url:
        yield AdvertisedFeed(url.partition("#")[0], to_line(title, limit=_MAX_TITLE))


def _in_order(feeds: list[AdvertisedFeed]) -> list[AdvertisedFeed]:
    """Each feed once, those of comments last."""
    once: dict[str, AdvertisedFeed] = {}
    for feed in feeds:
        once.setdefault(feed.url.partition("://")[2].rstrip("/"), feed)
    return sorted(once.values(), key=lambda feed: _COMMENTS.search(f"{feed.url} {feed.title}") is not None)


def _kind(page: _Page, text: str, url: str) -> str:
    """What kind of page it is."""
    words = to_text(text, limit=2 * _WALL[0])

    def is_little_more(limits: tuple[int, int]) -> bool:
        return len(words) <= limits[0] and page.links <= limits[1]

    if _host(url).partition(".")[0] in _CONSENT_HOSTS:
        return "consent"
    if is_little_more(_CHECK) and (_CHALLENGE_TITLE.search(page.title) or _CHALLENGERS.search(text)):
        return "challenge"
    notices = len(_CONSENT_WORDS.findall(words))
    if is_little_more(_WALL) and notices >= max(1, len(words) / 1_000) and _CONSENT_TITLE.search(page.title):
        return "consent"
    is_about_consent = notices >= max(3, len(words) / 500) and _CONSENT_ANSWERS.search(words)
    if is_little_more(_BARE_WALL) and is_about_consent and _CONSENT_MAKERS.search(text):
        return "consent"
    return "login" if is_little_more(_DOOR) and page.asks_password else "html"


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
