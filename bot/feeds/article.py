"""From a page's bytes to its article's text, or to the reason why it has none.

    bytes -> tree -> without what is not the article -> strip: all words that are left, quickly
                                                     -> extract: the article's paragraphs

Everything here takes time that a hostile page can stretch, and trafilatura is imported: run it in `bot.feeds.worker`.
What `strip` says holds every word of what `extract` says.
"""

import logging
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

from lxml import html

from bot.domain.boilerplate import is_attribution, is_boilerplate
from bot.feeds.markup import MAX_TEXT
from bot.feeds.page_data import Declared, declared
from bot.feeds.page_tree import Block, blocks, parse, prune
from bot.feeds.page_words import (
    CONSENT,
    HASHTAGS,
    HEADINGS,
    LIVE,
    TAGS,
    TAGS_LABEL,
    TEASER,
    TEASER_START,
    TOPICS,
    Barrier,
    barrier,
)
from bot.feeds.pages import seems
from bot.ports.web import NoText, NoTextKind, PageText

_HTML_TYPES: Final = ("", "text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml")
_NO_MARKUP: Final = re.compile(rb"\s*(?:%PDF|\{|\[|GIF8|\x89PNG|\xff\xd8|PK\x03\x04|<\?xml[^>]*>\s*<(?:rss|feed)\b)")
_SENTENCE_END: Final = re.compile(r"""[.!?…:;][)"'»”’“]*$""")
_FULL_STOP: Final = re.compile(r"""[.][)"'»”’“]*$""")
_SPACE: Final = re.compile(r"\s+")
_BROKEN_OFF: Final = re.compile(r"""(?:…|\.\.\.|[\w,–—-])[»”"')\]]*$""")

_NOTICE: Final = 400  # characters of a notice at most
_LEAST: Final = 80  # characters of an article that its page declares
_LEAST_HEADED: Final = 120  # … and of one below a headline
_LEAST_UNDECLARED: Final = 250
_LEAD_ONLY: Final = 1_500  # characters below which a page that asks for money shows the beginning only
_BARE_LEAD: Final = 400
_LOCKED_LEAD: Final = 2_500  # … where it declares that not everybody may read it
_WHOLE: Final = 400  # characters from which a text is no wall
_CORE: Final = 0.75  # of what was found that the article's element holds
_LEVELS: Final = 6
_MOST_ELEMENTS: Final = 60_000  # of a page that is looked at, which takes seconds
_MOST_CHOSEN: Final = 20_000  # … and of what is left of it, for trafilatura

_WALLS: Final = {
    "consent": NoTextKind.CONSENT,
    "challenge": NoTextKind.CHALLENGE,
    "login": NoTextKind.LOGIN,
}

# It says in the log what it thinks of each page.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def strip(body: bytes, content_type: str = "", url: str = "") -> str:
    """All that may be of the article in a page, quickly: paragraphs separated by a blank line; "" for no page."""
    if _is_no_page(body, content_type):
        return ""
    root, _ = parse(body, content_type)
    if root is None or _is_too_large(root):
        return ""
    said = declared(root)
    prune(root, url)
    return "\n\n".join([*(block.text for block in blocks(root)), *said.bodies])


def extract(page: bytes, content_type: str = "", url: str = "") -> PageText | NoText:
    """The article in a page, or why there is none; `url` is where the page was found."""
    if _is_no_page(page, content_type):
        return NoText(NoTextKind.NOT_HTML)
    root, source = parse(page, content_type)
    if root is None:
        return NoText(NoTextKind.NO_ARTICLE)
    if _is_too_large(root):
        return NoText(NoTextKind.TOO_LARGE)
    said = declared(root)
    body = root.find("body")
    shown = [block for block in blocks(body) if not block.is_links] if body is not None else []
    signs = _Signs(said, _barrier(shown), _shows_locked(root, said.locked), _asks_for_consent(shown))
    prune(root, url)
    found = blocks(root)
    is_live = said.is_live or LIVE.search(url) is not None
    paragraphs = _paragraphs(_article(root, found, is_live=is_live))
    if said.is_free is not False or signs.is_open:
        paragraphs = _completed(paragraphs, said)
    kind = _verdict(paragraphs, signs, root, source, url)
    if kind is not None:
        return NoText(kind)
    return PageText(url, "\n\n".join(paragraphs)[:MAX_TEXT], said.language)


@dataclass(frozen=True, slots=True)
class _Signs:
    """What a page says of its text before it is pruned: whether it is locked, and whether it asks for consent."""

    said: Declared
    barrier: Barrier
    is_open: bool
    asks_for_consent: bool


def _is_no_page(body: bytes, content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind not in _HTML_TYPES or _NO_MARKUP.match(body) is not None


def _is_too_large(root: html.HtmlElement) -> bool:
    return sum(1 for _ in islice(root.iter(), _MOST_ELEMENTS)) == _MOST_ELEMENTS


def _barrier(shown: Iterable[Block]) -> Barrier:
    """The plainest of a page's notices to those who do not pay."""
    return max((barrier(block.text) for block in shown if len(block.text) <= _NOTICE), default=Barrier.NONE)


def _asks_for_consent(shown: Iterable[Block]) -> bool:
    """Whether a good part of what a page says is about cookies and the like."""
    texts = [block.text for block in shown]
    return sum(len(text) for text in texts if CONSENT.search(text)) * 3 >= sum(map(len, texts)) > 0


def _shows_locked(root: html.HtmlElement, names: Sequence[str]) -> bool:
    """Whether the parts that are declared to be locked are there all the same."""
    wanted = set(names)
    return bool(wanted) and any(
        sum(len(block.text) for block in blocks(element) if block.is_prose) >= _WHOLE
        for element in root.iter(html.etree.Element)
        if wanted & {*(element.get("class") or "").split(), element.get("id")}
    )


def _article(root: html.HtmlElement, found: Sequence[Block], *, is_live: bool) -> list[Block]:
    """The blocks that are the article's: those of the element that holds most of what trafilatura chose."""
    chosen = _chosen(root)
    core = [block for block in found if len(block.text) >= 30 and block.text in chosen and not block.is_links]
    core = core or [block for block in found if block.is_prose and _SENTENCE_END.search(block.text)]
    if not core:
        return []
    homes = _beside(_home(core), root, found, is_live=is_live)
    inside = {element for home in homes for element in home.iter(html.etree.Element)}
    before = []
    for block in found:
        if block.element in inside:
            break
        if block.is_prose and block in core:
            before.append(block)
    return [*before, *(block for block in found if block.element in inside)]


def _chosen(root: html.HtmlElement) -> str:
    """What trafilatura takes for the article, with its white space evened out."""
    from trafilatura import bare_extraction  # it takes half a second to load, and the worker alone needs it

    if sum(1 for _ in islice(root.iter(), _MOST_CHOSEN)) == _MOST_CHOSEN:
        return ""
    try:
        made = bare_extraction(root, fast=True, include_comments=False, with_metadata=False)
    except Exception:  # noqa: BLE001 - whatever trips it up, our own choice is still there
        return ""
    text = getattr(made, "text", None) or ""
    return " ".join(text.split())


def _home(core: Iterable[Block]) -> html.HtmlElement:
    """The innermost element that holds nearly all of these blocks, by their length."""
    weights: Counter[html.HtmlElement] = Counter()
    total = 0
    for block in core:
        total += len(block.text)
        for element in (block.element, *block.element.iterancestors()):
            weights[element] += len(block.text)
    able = [element for element, weight in weights.items() if weight >= _CORE * total]
    home = max(able, key=lambda element: sum(1 for _ in element.iterancestors()))
    above = home.getparent()
    return above if home.tag in ("p", "li", "blockquote") and above is not None else home


def _beside(
    home: html.HtmlElement, root: html.HtmlElement, found: Sequence[Block], *, is_live: bool
) -> list[html.HtmlElement]:
    """The element, and those around it in which the text goes on: it is cut up by advertisements, and into entries."""
    homes, branch = [home], home
    talkative = _talkative(found)
    for above in islice(home.iterancestors(), _LEVELS):
        if above is root:
            break
        is_within = above.tag == "article" or next(above.iterancestors("article"), None) is not None
        lives = is_live or _is_live(above)
        for child in above:
            if child is branch or child not in talkative:
                continue
            if child.tag == "article" or branch.tag == "article":
                accepted = lives and child.tag == branch.tag
            elif is_within or lives:
                accepted = True
            elif child.tag in ("p", "ul", "ol", "blockquote", "table"):
                accepted = above.tag != "body" and not child.get("class") and not child.get("id")
            else:
                accepted = _is_alike(child, branch, home)
            if accepted:
                homes.append(child)
        branch = above
    return homes


def _is_alike(child: html.HtmlElement, branch: html.HtmlElement, home: html.HtmlElement) -> bool:
    """Whether an element is made as its neighbour with the text is, or holds something that is."""
    name = home.get("class")
    if name and any(each.get("class") == name for each in child.iter(home.tag)):
        return True
    return (
        child.tag == branch.tag
        and child.get("class") == branch.get("class")
        and child.get("id") is None
        and next(child.iter("p"), None) is not None
    )


def _talkative(found: Sequence[Block]) -> set[html.HtmlElement]:
    """The elements that hold mostly prose."""
    prose: Counter[html.HtmlElement] = Counter()
    other: Counter[html.HtmlElement] = Counter()
    for block in found:
        if block.element.tag not in HEADINGS:
            is_other = block.is_links or not _SENTENCE_END.search(block.text)
            for element in (block.element, *block.element.iterancestors()):
                (other if is_other else prose)[element] += len(block.text)
    return {element for element, length in prose.items() if length >= 2 * other[element]}


def _is_live(element: html.HtmlElement) -> bool:
    """Whether an element is called what live blogs are, or has a time for each of its entries."""
    for each in (element, *element.iterchildren()):
        if LIVE.search(f"{each.get('class') or ''} {each.get('id') or ''}"[:500]):
            return True
    return sum(1 for child in element.iterchildren("article") if child.find(".//time") is not None) >= 3


def _paragraphs(found: Iterable[Block]) -> list[str]:
    """The texts of blocks, each once, without what points elsewhere, asks for something, or is the outlet's own."""
    texts: dict[str, None] = {}
    for block in found:
        text = block.text
        if block.element.tag == "h1" or block.element.tag in ("time", "address") or text in texts:
            continue
        if block.is_links and not _FULL_STOP.search(text):  # a headline: they have none
            continue
        if len(text) <= _NOTICE and (
            _points_elsewhere(block) or _is_line_of_tags(block) or _is_own_voice(text) or barrier(text)
        ):
            continue
        texts[text] = None
    return list(texts)


def _is_own_voice(text: str) -> bool:
    """Whether a paragraph is the outlet's own; who is named as a story's source may be watched, and is searched."""
    return is_boilerplate(text) and not is_attribution(text)


def _is_line_of_tags(block: Block) -> bool:
    """Whether a block lists what the article is filed under: a word for tags and no sentence, or nothing but links."""
    text = block.text
    if _SENTENCE_END.search(text):
        return False
    if TAGS.match(text) or HASHTAGS.fullmatch(text):
        return True
    if (topics := TOPICS.match(text)) and block.linked * 2 >= len(text) - topics.end():
        return True
    if _SPACE.sub(" ", "".join(block.element.itertext())).strip() != text:
        return False  # the element holds other blocks
    said = [str(piece).strip() for piece in block.element.xpath(".//text()") if str(piece).strip()]
    if len(said) > 1 and TAGS_LABEL.match(said[0]):
        return True
    links = block.element.xpath(".//a[not(.//a)]")
    between = block.element.xpath(".//text()[not(ancestor::a)]")
    return len(links) > 1 and not any(character.isalnum() for piece in between for character in str(piece))


def _points_elsewhere(block: Block) -> bool:
    if block.linked * 2 >= len(block.text) and TEASER_START.match(block.text):
        return True
    match = TEASER.match(block.text)
    if match is None:
        return False
    rest = len(block.text) - match.end()
    return block.linked * 2 >= rest or rest <= 3 or not _SENTENCE_END.search(block.text)


def _completed(paragraphs: list[str], said: Declared) -> list[str]:
    """With what is declared to be the text where the page shows much less of it, and with a live blog's entries."""
    shown = " ".join(paragraphs)
    length = len(shown)
    texts = [
        paragraph
        for body in said.bodies
        for paragraph in body.split("\n\n")
        if not (len(paragraph) <= _NOTICE and (_is_own_voice(paragraph) or barrier(paragraph)))
        and not TEASER.match(paragraph)
    ]
    if said.is_live:
        return [*paragraphs, *(text for text in dict.fromkeys(texts) if text not in shown)]
    return list(dict.fromkeys(texts)) if sum(map(len, texts)) > 1.5 * length else paragraphs


def _verdict(
    paragraphs: Sequence[str], signs: _Signs, root: html.HtmlElement, source: str, url: str
) -> NoTextKind | None:
    """Why this is no article's text; None where it is one."""
    length = sum(map(len, paragraphs))
    is_article = (
        signs.said.is_article or root.find(".//article") is not None or bool(root.xpath("//*[@itemprop='articleBody']"))
    )
    if not (is_article and length >= _WHOLE):
        wall = _WALLS.get(seems(source, url).seems)
        if wall is not None:
            return wall
        about_consent = sum(len(text) for text in paragraphs if CONSENT.search(text))
        if not signs.said.is_article and about_consent * 2 > length:
            return NoTextKind.CONSENT
    is_locked = signs.said.is_free is False and not signs.is_open
    if is_locked and (signs.barrier or length < _LOCKED_LEAD):
        return NoTextKind.PAYWALL
    if length < _LEAD_ONLY and signs.barrier:
        is_lead = length < _BARE_LEAD or _BROKEN_OFF.search(paragraphs[-1])
        if signs.barrier is Barrier.BREAK or is_lead:
            return NoTextKind.PAYWALL
    least = _LEAST if is_article else _LEAST_HEADED if root.find(".//h1") is not None else _LEAST_UNDECLARED
    if not paragraphs or _is_front(url) or length < least:
        return NoTextKind.CONSENT if signs.asks_for_consent else NoTextKind.NO_ARTICLE
    return None


def _is_front(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return (
        bool(parts.netloc)
        and parts.path.strip("/").lower() in ("", "index.html", "index.php", "en", "fr", "uk")
        and not parts.query
    )
