"""From a page's bytes to a tree without what is not its article, and to the blocks of text in a tree.

The tree is pruned by what elements are called and by how they link, not by what they say; which of the rest is the
article is decided in `bot.feeds.article`.
"""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final
from urllib.parse import urljoin, urlsplit

from lxml import html

from bot.domain.urls import is_below, site
from bot.feeds.decode import decode
from bot.feeds.markup import clean
from bot.feeds.page_words import (
    BARRIERS,
    BLOCKS,
    COMMENTS,
    COMMENTS_HEAD,
    FOREIGN,
    FOREIGN_NAME,
    HEADINGS,
    LINKED,
    LIVE,
    NEUTRAL_NAME,
    ROLES,
    SILENT,
    TEASER_HEAD,
    TEASER_START,
    names,
)

MOST_BLOCKS: Final = 5_000

_META_CHARSET: Final = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:+-]{1,40})""", re.IGNORECASE)
_HEAD: Final = 4_096  # bytes in which a charset is looked for
_PART: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_SPACE: Final = re.compile(r"\s+")
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CODE: Final = names("script style template")
_NAMED: Final = names("div section aside ul ol li p table header figure article span form dl main h2 h3 h4")
_MOST_PRUNED: Final = 0.4  # of a page's prose that goes because of a name: more would be the article
_BARRIER: Final = 800  # characters of a notice that asks for money; what is longer may be the article behind it
_LEVELS: Final = 6
_CARD: Final = 400  # characters of a teaser with its headline
_HEAD_LINE: Final = 60  # characters of a heading above teasers or comments
_LEAD: Final = 40  # characters from which a paragraph is prose
_REST: Final = 250  # characters of prose that a page must keep when its comments go


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or the like: its text in one line, its element, and how many of its characters are links."""

    text: str
    element: html.HtmlElement
    linked: int

    @property
    def is_links(self) -> bool:
        """Whether it hardly says anything but what it links to."""
        return self.linked * 10 >= len(self.text) * 9

    @property
    def is_prose(self) -> bool:
        """Whether it reads like a sentence of a text."""
        return len(self.text) >= _LEAD and self.linked * 2 < len(self.text) and self.element.tag not in HEADINGS


def parse(body: bytes, content_type: str = "") -> tuple[html.HtmlElement | None, str]:
    """A page's tree (None where there is none), and its text as decoded."""
    charset = _META_CHARSET.search(body, 0, _HEAD)
    said = f"{content_type}; charset={charset[1].decode('ascii')}" if charset else content_type
    text = clean(decode(body, said))
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (ValueError, html.etree.LxmlError):
        return None, text
    return (root if isinstance(root, html.HtmlElement) else None), text


def prune(root: html.HtmlElement, url: str = "") -> None:
    """Take out, in place, what is not an article: scripts, navigation, teasers, comments, notices, forms."""
    own = _own_places(root, url)
    for head in root.findall("head"):
        root.remove(head)
    _drop_silent(root)
    sizes = _sizes(root)
    _drop_hidden(root, sizes)
    _drop_named(root, sizes, url)
    sizes = _sizes(root)
    parts = _drop_other_articles(root, sizes, url, own)
    _drop_cards(root, sizes, url, parts)
    _drop_below_headings(root, sizes)
    _drop_lists_of_links(root)


def blocks(root: html.HtmlElement) -> list[Block]:
    """The blocks of a tree in reading order; two line breaks part blocks as a paragraph does."""
    found: list[Block] = []
    pieces: list[str] = []
    linked = 0

    def flush(element: html.HtmlElement) -> None:
        nonlocal linked
        if pieces:
            text = _SPACE.sub(" ", "".join(pieces)).strip()
            if text and len(found) < MOST_BLOCKS:
                found.append(Block(text, element, min(linked, len(text))))
            pieces.clear()
            linked = 0

    def say(text: str | None, *, in_link: bool) -> None:
        nonlocal linked
        if text:
            pieces.append(text)
            if in_link:
                linked += len(text.strip())

    def walk(element: html.HtmlElement, owner: html.HtmlElement, *, in_link: bool) -> None:
        tag = element.tag
        if tag in _CODE:
            return
        is_block = tag in BLOCKS
        if is_block:
            flush(owner)
        inside = element if is_block else owner
        links = in_link or tag == "a"
        say(element.text, in_link=links)
        last = ""
        for child in element:
            if child.tag == "br":
                if last == "br" and not (pieces and pieces[-1].strip()):
                    flush(inside)
                pieces.append(" ")
                last = "br"
                say(child.tail, in_link=links)
                if child.tail and child.tail.strip():
                    last = ""
                continue
            last = ""
            walk(child, inside, in_link=links)
            say(child.tail, in_link=links)
        if is_block:
            flush(element)

    walk(root, root, in_link=False)
    flush(root)
    return found


@dataclass(slots=True)
class _Size:
    """What an element holds, in characters: text, text of links, prose; and how many links.

    `own` and `own_linked` are of the text that belongs to no block in it.
    """

    text: int = 0
    linked: int = 0
    links: int = 0
    prose: int = 0
    own: int = 0
    own_linked: int = 0


_Sizes = dict[html.HtmlElement, _Size]


def _sizes(root: html.HtmlElement) -> _Sizes:
    """The size of every element, in one pass from the leaves up. They grow old when something is taken out."""
    sizes: _Sizes = {}
    for element in reversed(list(root.iter(html.etree.Element))):
        size = _Size()
        size.text = size.own = len(element.text.strip()) if element.text else 0
        for child in element:
            inner = sizes.get(child)
            if inner is not None:
                size.text += inner.text
                size.linked += inner.linked
                size.links += inner.links
                size.prose += inner.prose
                size.own += inner.own
                size.own_linked += inner.own_linked
            if child.tail:
                tail = len(child.tail.strip())
                size.text += tail
                size.own += tail
        if element.tag == "a":
            size.linked, size.links, size.own_linked = size.text, 1, size.own
        elif element.tag in BLOCKS:
            if size.own >= _LEAD and size.own_linked * 2 < size.own:
                size.prose += size.own
            size.own = size.own_linked = 0
        sizes[element] = size
    return sizes


def _elements(root: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """All elements, in an order that stands while some are taken out."""
    return iter(list(root.iter(html.etree.Element)))


def _drop(element: html.HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _is_in(element: html.HtmlElement, root: html.HtmlElement) -> bool:
    """Whether an element still belongs to a tree: it goes with the first of those above it that was taken out."""
    return next(element.iterancestors(root.tag), None) is not None


def _encloser(element: html.HtmlElement, *tags: str) -> html.HtmlElement | None:
    return next(element.iterancestors(*tags), None)


def _text_of(element: html.HtmlElement) -> str:
    return _SPACE.sub(" ", "".join(element.itertext())).strip()


def _drop_silent(root: html.HtmlElement) -> None:
    for element in _elements(root):
        tag = element.tag
        if tag in SILENT or (element.get("role") or "").lower() in ROLES:
            if tag not in ("body", "html", "main", "article"):
                _drop(element)
        elif tag in ("figure", "picture", "figcaption"):
            if tag != "figure" or (element.find(".//table") is None and element.find(".//blockquote") is None):
                _drop(element)
        elif tag == "header" and element.find(".//h1") is None and _encloser(element, "article", "main") is None:
            _drop(element)


def _drop_hidden(root: html.HtmlElement, sizes: _Sizes) -> None:
    """Hidden is what a script shows later: a dialogue, which goes, or the rest of the article, which stays."""
    for element in root.xpath("//*[@hidden or @aria-hidden='true' or contains(@style, ':')]"):
        hidden = (
            element.get("hidden") is not None
            or element.get("aria-hidden") == "true"
            or _HIDDEN.search((element.get("style") or "")[:500])
        )
        if hidden and element.tag not in ("body", "html") and sizes[element].prose < _CARD:
            _drop(element)


@lru_cache(maxsize=8_192)
def _kind_of_name(name: str) -> str:
    """What a class or an id says of its element: "comments", "foreign", "linked", "barrier" or ""."""
    if NEUTRAL_NAME.match(name):
        return ""
    parts = {part.lower() for part in _PART.findall(name)}
    if parts & COMMENTS:
        return "comments"
    if parts & FOREIGN or FOREIGN_NAME.search(name):
        return "foreign"
    if parts & BARRIERS:
        return "barrier"
    return "linked" if parts & LINKED else ""


def _drop_named(root: html.HtmlElement, sizes: _Sizes, url: str) -> None:
    prose = sizes[root].prose
    for element in root.xpath("//*[@class or @id or @itemtype]"):
        if element.tag not in _NAMED and "-" not in element.tag:
            continue
        names = f"{element.get('class') or ''} {element.get('id') or ''}"[:1_000].split()
        kinds = {_kind_of_name(name[:100]) for name in names}
        if "Comment" in (element.get("itemtype") or ""):
            kinds.add("comments")
        if kinds <= {""} or not _is_in(element, root):
            continue
        size = sizes[element]
        if size.prose > _MOST_PRUNED * prose:
            # There may be more comments than article.
            if "comments" in kinds and prose - size.prose >= _REST and element.find(".//h1") is None:
                prose -= size.prose
                _drop(element)
        elif (
            kinds & {"comments", "foreign"}
            or ("linked" in kinds and size.links and _is_made_of_links(element, size, url))
            or ("barrier" in kinds and size.text <= _BARRIER)
        ):
            _drop(element)


def _is_made_of_links(element: html.HtmlElement, size: _Size, url: str) -> bool:
    """Whether half of an element, or a line of it, is a link to another page: a link in a sentence makes no teaser."""
    return size.linked * 2 >= size.text or any(
        block.is_links and any(_place(link.get("href") or "", url) for link in block.element.iter("a"))
        for block in blocks(element)
    )


def _own_places(root: html.HtmlElement, url: str) -> frozenset[str]:
    """Where the page itself is, by its address and by what it calls its own."""
    named = root.xpath("/html/head/link[@rel='canonical']/@href | /html/head/meta[@property='og:url']/@content")
    return frozenset(_place(str(href), url) for href in (url, *named[:4])) - {""}


def _drop_other_articles(root: html.HtmlElement, sizes: _Sizes, url: str, own: frozenset[str]) -> set[html.HtmlElement]:
    """Teasers that are `<article>` elements: each leads to an article of its own, by its headline or by a line below.

    What holds the page's headline, its declared text, another article, much of the prose or more of it than a teaser
    does is none, nor are the entries of what is called a live blog. Of those around it, half at least must lead
    elsewhere as well: "read more" may stand below an entry too. And where hardly anything would be left around the
    page's headline, they are what the article is made of. Those that lead elsewhere and are parts are returned.
    """
    families: dict[html.HtmlElement, list[html.HtmlElement]] = {}
    for article in root.iter("article"):
        above = article.getparent()
        if above is not None and article.find(".//article") is None and article.find(".//h1") is None:
            families.setdefault(above, []).append(article)
    most = min(_MOST_PRUNED * sizes[root].prose, _CARD)
    found: list[html.HtmlElement] = []
    parts: set[html.HtmlElement] = set()
    for articles in families.values():
        if LIVE.search(url) or _is_called_live(articles[0]):
            parts.update(articles)
            continue
        teasers = [each for each in articles if sizes[each].prose <= most and _leads_elsewhere(each, url, own)]
        if len(teasers) * 2 >= len(articles):
            found += [each for each in teasers if each.find(".//*[@itemprop='articleBody']") is None]
    parts |= _needed(root, sizes, found, "article", "main")
    for each in found:
        if each not in parts:
            _drop(each)
    return parts


def _needed(
    root: html.HtmlElement, sizes: _Sizes, teasers: Sequence[html.HtmlElement], *scopes: str
) -> set[html.HtmlElement]:
    """Those of a page's teasers without which hardly any prose would be left in the element around its headline.

    Where none would be, it is a section's page, of nothing but teasers.
    """
    headline = root.find(".//h1")
    scope = root if headline is None else _encloser(headline, *scopes)
    if scope is None:
        scope = root
    inside = {each for each in teasers if scope in each.iterancestors()}
    whole = {each for each in inside if not any(above in inside for above in each.iterancestors())}
    return inside if 0 < sizes[scope].prose - sum(sizes[each].prose for each in whole) < _REST else set()


def _is_called_live(element: html.HtmlElement) -> bool:
    """Whether an element, or one around it, is called what live blogs are."""
    return any(LIVE.search(_called(each)) for each in (element, *islice(element.iterancestors(), _LEVELS + 1)))


def _called(element: html.HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"[:500]


def _leads_elsewhere(article: html.HtmlElement, url: str, own: frozenset[str]) -> bool:
    """Whether a headline of an article, "read more" below it, or all of it, is a link to another page of the outlet.

    Below what is quoted stands who said it, and below a part what it is of: links as well, but no teasers.
    """
    around = article.getparent()
    links = [*article.iter("a"), *([around] if around is not None and around.tag == "a" else [])]
    outlet = site(url)
    elsewhere = {
        link
        for link in links
        if not _is_date(link)
        and (place := _place(link.get("href") or "", url))
        and _is_of_outlet(place, outlet)
        and not any(place == page or place.startswith(f"{page}/") for page in own)
    }
    if not elsewhere:
        return False
    if around in elsewhere:
        return True
    has_prose = False
    for block in blocks(article):
        leads = block.is_links and (
            any(link in elsewhere for link in block.element.iter("a")) or _is_in_one(block, elsewhere)
        )
        if leads and (not has_prose or block.element.tag in HEADINGS or TEASER_START.match(block.text)):
            return True
        has_prose = has_prose or block.is_prose
    return False


def _is_date(link: html.HtmlElement) -> bool:
    """Whether a link says when something was: it leads to an entry alone, as live blogs have it."""
    text = _text_of(link)
    return link.find(".//time") is not None or 2 * sum(map(str.isdigit, text)) > sum(map(str.isalnum, text))


def _is_in_one(block: Block, links: set[html.HtmlElement]) -> bool:
    return any(above in links for above in block.element.iterancestors("a"))


def _is_of_outlet(place: str, outlet: str) -> bool:
    """Whether what is there is of the same outlet: at its site, or at one below or above it."""
    there = site(f"//{place}")
    return is_below(there, outlet) or is_below(outlet, there)


def _drop_cards(root: html.HtmlElement, sizes: _Sizes, url: str, parts: AbstractSet[html.HtmlElement]) -> None:
    """Headlines that link elsewhere, each with as much around it as belongs to the same teaser.

    Not those of an article's parts, and not where hardly anything would be left of the `<article>` with the headline.
    """
    own = _place(url, url)
    cards: dict[html.HtmlElement, None] = {}
    for heading in root.xpath("//h2 | //h3 | //h4 | //h5 | //h6"):
        link = heading.find(".//a")
        if link is None:
            link = _encloser(heading, "a")
        if link is None or _place(link.get("href") or "", url) in (own, ""):
            continue
        if sizes[link].text * 10 < sizes[heading].text * 9 or not parts.isdisjoint(heading.iterancestors("article")):
            continue
        card = heading
        while (above := card.getparent()) is not None and above.tag not in ("body", "html", "main"):
            if sizes[above].text > _CARD or sizes[above].prose > _REST or above.find(".//h1") is not None:
                break
            card = above
        cards[card] = None
    needed = _needed(root, sizes, list(cards), "article") if root.find(".//article//h1") is not None else set()
    for card in cards:
        if card not in needed:
            _drop(card)


def _place(href: str, url: str) -> str:
    """Where a link leads: host and path; "" for nowhere, and for a part of the same page."""
    if not href or href.startswith(("#", "javascript:", "mailto:", "?")):
        return ""
    try:
        parts = urlsplit(urljoin(url, href.strip()[:2_000]))
    except ValueError:
        return ""
    return (parts.netloc.removeprefix("www.") + parts.path).rstrip("/")


def _drop_below_headings(root: html.HtmlElement, sizes: _Sizes) -> None:
    """What stands below "Related articles", as far as it is links, and what stands below "Comments"."""
    prose = sizes[root].prose
    for element in root.xpath("//h2 | //h3 | //h4 | //h5 | //h6 | //p | //div | //strong"):
        if not 0 < sizes[element].text < _HEAD_LINE or not _is_in(element, root):
            continue
        text = _text_of(element)
        if COMMENTS_HEAD.match(text) and element.tag != "strong":
            following = list(element.itersiblings())
            theirs = sum(sizes[each].prose for each in following if each in sizes)
            if theirs <= _MOST_PRUNED * prose or prose - theirs >= _REST:
                for each in (*following, element):
                    _drop(each)
        elif TEASER_HEAD.match(text):
            above = element.getparent()
            at = above if element.tag == "strong" and above is not None and _text_of(above) == text else element
            for sibling in list(at.itersiblings()):
                size = sizes.get(sibling)
                if size is None or size.linked * 10 < size.text * 6:
                    break
                _drop(sibling)
            _drop(at)


def _drop_lists_of_links(root: html.HtmlElement) -> None:
    sizes = _sizes(root)
    for element in root.xpath("//ul | //ol | //table | //div"):
        size = sizes[element]
        if (
            size.links >= 3
            and size.linked * 10 >= size.text * 8
            and _is_in(element, root)
            and element.find(".//h1") is None
        ):
            _drop(element)
