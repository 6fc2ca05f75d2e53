"""From a document's text to well-formed XML, whatever the text is.

A scanner that knows what is inside what: what stands in a title or a description is its text, markup and all; an
element that is left open ends with the one around it; a closing tag that closes nothing is dropped. Linear in time.
"""

import html
import re
from itertools import islice
from typing import Final

from bot.feeds.markup import clean

ROOT: Final = re.compile(r"<(?:[A-Za-z][\w.-]*:)?(?:rss|feed|rdf|channel)[\s>/]", re.IGNORECASE)
_SUBSET_END: Final = re.compile(r"\]\s*>")
_AMPERSAND: Final = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos);)"
    r"(#[0-9]{1,8}(?:;|(?!\w))|#[xX][0-9a-fA-F]{1,7}(?:;|(?!\w))|[A-Za-z][A-Za-z0-9]{1,31};|(?:amp|lt|gt|quot|nbsp)(?=\s))?"
)
_NOT_XML: Final = re.compile("[\x00-\x08\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_HALVES: Final = re.compile(
    r"&#([xX][dD][89abAB][0-9a-fA-F]{2}|5[56]\d{3});&#([xX][dD][c-fC-F][0-9a-fA-F]{2}|5[67]\d{3});"
)
_TOKEN: Final = re.compile(
    r"""<(?:(?P<special>!--|!\[CDATA\[|[?!])|(?P<close>/)?(?P<name>[A-Za-z_][\w.:-]*+)"""
    r"""(?P<rest>(?:[^<>"']++|"[^"<]*+"|'[^'<]*+'|"[^"]{0,999}+"(?=[\s/>])|'[^']{0,999}+'(?=[\s/>]))*+(?=>)|[^<>]*+)>?)"""
)
_ATTRIBUTE: Final = re.compile(r"""([A-Za-z_][\w.:-]*+)\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s"'<>]++)""")
_SECTION: Final = re.compile(r"<!\[cdata\[", re.IGNORECASE)
_ENTITY_SAYS: Final = re.compile(
    r"""<!ENTITY\s+([A-Za-z]\w{0,30})\s+["']((?:[^"'<&%]|&#x?[0-9a-fA-F]{1,7};){1,60})["']\s*>"""
)
_MOST_ENTITIES: Final = 1_000
_CLOSING_AT_END: Final = re.compile(r"</[A-Za-z][\w.:-]*+\s*+>\s*+\Z")
_BOUNDARY: Final = re.compile(r"</?(?:[A-Za-z][\w.-]*:)?(?:item|entry|channel|rss|feed|rdf)(?=[\s>/])", re.IGNORECASE)
_SIBLING: Final = re.compile(
    r"<(?:link|guid|pubdate|description|title|category|author|published|updated|id|summary|content|enclosure|comments"
    r"|source|dc:\w+|media:\w+|content:encoded)(?=[\s>])",
    re.IGNORECASE,
)
_TEXT_NAMES: Final = (
    "title description summary content content:encoded subtitle tagline dc:title dc:description media:title "
    "media:description itunes:summary itunes:subtitle atom:title atom:summary atom:content rss:title rss:description "
    "link guid pubdate id author name"
)
_TEXTS: Final = frozenset(_TEXT_NAMES.split())
_PREFIX: Final = re.compile(r"(?:</?|\s)([A-Za-z_][\w.-]{0,30}):(?=[A-Za-z_])")
_DECLARED: Final = re.compile(r"""\sxmlns:([A-Za-z_][\w.-]{0,30})\s*=\s*(?:"[^"]|'[^'])""")
_NAMESPACES: Final = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xhtml": "http://www.w3.org/1999/xhtml",
}
_CDATA: Final = "<![CDATA["
_DEEPEST: Final = 100  # below the parser's own limit
_LONGEST: Final = 4_000_000  # characters of a document: only a hostile one is as long and broken
_LONGEST_TEXT: Final = 500_000  # characters of one element's text
_MAX_ATTRIBUTES: Final = 50  # of one element
MAX_ELEMENTS: Final = 250_000
"""Elements that are kept of a document, its first ones: each takes more than a hundred bytes in a tree."""
_ENDS: Final = {"!--": "-->", "![CDATA[": "]]>", "?": "?>", "!": ">"}


def mend(text: str) -> str:
    """The same document, well-formed, without comments, document types and processing instructions.

    Entities that XML does not know become their characters; those that nobody knows stay as text.
    """
    text = _HALVES.sub(_whole, clean(text[:_LONGEST]).replace("\x0b", " ").replace("\x0c", " "))
    text = _NOT_XML.sub("", _with_entities(text))
    return _Scanner(_SECTION.sub(_CDATA, text)).run()


def with_entities_mended(text: str) -> str:
    """The same document with every "&" that means nothing in XML as what it is meant for, and all else as it is.

    That is all that ails most documents that are not well-formed, and costs a tenth of mending them whole. "" where it
    is in doubt: a comment or a document type might hold what looks like a section.
    """
    if "<!--" in text or "<!DOCTYPE" in text:
        return ""
    told, *sections = _HALVES.sub(_whole, text).split(_CDATA)
    parts = [_AMPERSAND.sub(_ampersand, told)]
    for section in sections:
        inside, end, told = section.partition("]]>")
        parts += (_CDATA, inside, end, _AMPERSAND.sub(_ampersand, told))
    return "".join(parts)


def _whole(match: re.Match[str]) -> str:
    """A character that is given as the two halves that UTF-16 has for it."""
    high, low = (int("0" + half, 0) if half[0] in "xX" else int(half) for half in match.groups())
    if not (0xD800 <= high < 0xDC00 <= low < 0xE000):
        return match.group()
    return chr(0x10000 + ((high - 0xD800) << 10) + low - 0xDC00)


def _with_entities(text: str) -> str:
    """Put what a document declares itself for a few of its entities, where that is a few plain words."""
    root = ROOT.search(text)
    declared = dict(_ENTITY_SAYS.findall(text, 0, root.start())) if root and "<!ENTITY" in text[: root.start()] else {}
    if not declared:
        return text
    said = re.compile("&(" + "|".join(map(re.escape, declared)) + ");")
    return said.sub(lambda match: declared[match[1]], text, count=_MOST_ENTITIES)


class _Scanner:
    """One pass over a text; what was looked for and lies ahead is not looked for again, which keeps it linear."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._out: list[str] = []
        self._open: list[str] = []
        self._ahead: dict[str, int] = {}
        self._boundary_at = -1
        self._elements = 0

    def run(self) -> str:
        text, position = self._text, _start_of_root(self._text)
        while self._elements < MAX_ELEMENTS and (token := _TOKEN.search(text, position)) is not None:
            self._say(text[position : token.start()])
            if token["special"]:
                position = self._skip(token)
            elif token["close"]:
                self._close(token["name"])
                position = token.end()
            else:
                position = self._start(token)
        if self._elements < MAX_ELEMENTS:
            self._say(text[position:])
        while self._open:
            self._out.append(f"</{self._open.pop()}>")
        return "".join(self._out)

    def _say(self, text: str) -> None:
        """Put out a stretch of text, in which there is no tag."""
        if text and self._open:
            self._out.append(_escaped(text[:_LONGEST_TEXT]))

    def _skip(self, token: re.Match[str]) -> int:
        """Put out a CDATA section as it is, and leave comments and instructions out; where it goes on behind them."""
        special = token["special"]
        end = self._find(_ENDS[special], token.end())
        if special == "![CDATA[" and self._open:
            self._out.append(html.escape(self._text[token.end() : min(end, token.end() + _LONGEST_TEXT)], quote=False))
        return min(end + len(_ENDS[special]), len(self._text))

    def _start(self, token: re.Match[str]) -> int:
        name, rest = token["name"], token["rest"]
        self._elements += 1
        empty = rest.endswith("/")
        if len(self._open) >= _DEEPEST and not empty:
            return token.end()
        lower = name.lower()
        if not empty and lower in ("item", "entry"):
            self._close_up_to(lower)
        if not self._open and self._out:
            return token.end()  # behind a root that is no feed's
        self._out.append(f"<{name}{_attributes(rest)}")
        if len(self._out) == 1:
            self._out.append(_declarations(self._text))
        if empty:
            self._out.append("/>")
            return token.end()
        self._out.append(">")
        if lower not in _TEXTS:
            self._open.append(name)
            return token.end()
        end, behind = self._end_of_text(name, token.end())
        self._out.append(self._inside(token.end(), end))
        self._out.append(f"</{name}>")
        return behind

    def _close(self, name: str) -> None:
        """Close an element, and with it those that were left open inside; nothing if it is not open.

        The feed itself ends with the document: real ones close it too early, or hold another one behind it.
        """
        lower = name.lower()
        if lower.rpartition(":")[2] in ("rss", "feed", "rdf", "channel"):
            return
        for depth in range(len(self._open) - 1, -1, -1):
            if self._open[depth].lower() == lower:
                while len(self._open) > depth:
                    self._out.append(f"</{self._open.pop()}>")
                return

    def _close_up_to(self, name: str) -> None:
        """An entry holds no entry: one that begins ends the one that was left open."""
        if any(open_name.lower() == name for open_name in self._open):
            self._close(name)

    def _end_of_text(self, name: str, start: int) -> tuple[int, int]:
        """Where the text of an element ends, and where it goes on behind its closing tag, or without one."""
        text = self._text
        closing = f"</{name}"
        position = start
        while True:
            end = self._find(closing, position)
            section = self._find(_CDATA, position)
            if section >= end:
                break
            if (section_end := self._find("]]>", section)) >= len(text):
                break
            position = section_end + 3
        boundary = self._boundary(position)
        if end < boundary:
            behind = text.find(">", end)
            return end, behind + 1 if behind >= 0 else len(text)
        sibling = _SIBLING.search(text, position, boundary)
        behind = sibling.start() if sibling else boundary
        misspelt = _CLOSING_AT_END.search(text, max(position, behind - 40), behind)
        return misspelt.start() if misspelt else behind, behind

    def _inside(self, start: int, end: int) -> str:
        """What stands in an element of text, markup and sections, as text."""
        text, parts, position = self._text, [], start
        end = min(end, start + _LONGEST_TEXT)
        while position < end:
            section = text.find(_CDATA, position, end)
            stretch = text[position : end if section < 0 else section]
            parts.append(_escaped(stretch))
            if section < 0:
                break
            closing = text.find("]]>", section, end)
            told = text[section + len(_CDATA) : end if closing < 0 else closing]
            parts.append(html.escape(told.removesuffix("]]") if closing < 0 else told, quote=False))
            position = end if closing < 0 else closing + 3
        return "".join(parts)

    def _find(self, what: str, start: int) -> int:
        """Where `what` stands next; the text's length where it does not."""
        known = self._ahead.get(what, -1)
        if known < start:
            known = self._text.find(what, start)
            self._ahead[what] = known = len(self._text) if known < 0 else known
        return known

    def _boundary(self, start: int) -> int:
        if self._boundary_at < start:
            found = _BOUNDARY.search(self._text, start)
            self._boundary_at = found.start() if found else len(self._text)
        return self._boundary_at


def _escaped(text: str) -> str:
    text = _AMPERSAND.sub(_ampersand, text) if "&" in text else text
    return text.replace("<", "&lt;") if "<" in text else text


def _attributes(rest: str) -> str:
    """A tag's attributes, each once and in quotes."""
    said: dict[str, str] = {}
    for attribute in islice(_ATTRIBUTE.finditer(rest), _MAX_ATTRIBUTES):
        name, value = attribute.groups()
        if name.startswith("xmlns:") and value in ('""', "''"):
            continue  # declares nothing, which XML does not allow
        quoted = value if value[0] in "\"'" else f'"{value.rstrip("/")}"'
        said.setdefault(name, _escaped(quoted))
    return "".join(f" {name}={value}" for name, value in said.items())


def _declarations(text: str) -> str:
    """Declarations of the prefixes that a document uses without: it means what everybody means by them."""
    used = set(_PREFIX.findall(text)) - set(_DECLARED.findall(text)) - {"xml", "xmlns"}
    return "".join(
        f' xmlns:{prefix}="{_NAMESPACES.get(prefix.lower(), "urn:" + prefix)}"' for prefix in sorted(used)[:200]
    )


def _start_of_root(text: str) -> int:
    """Behind the declaration, comments and document type, and whatever else stands before the root element."""
    position = 0
    subsets_end = True
    while position < len(text):
        if text.startswith("<?", position):
            end = text.find("?>", position) + 2
        elif text.startswith("<!--", position):
            end = text.find("-->", position) + 3
        elif text[position : position + 9].lower() == "<!doctype":
            end = text.find(">", position) + 1
            subset = text.find("[", position, end)
            closing = _SUBSET_END.search(text, subset) if subset >= 0 and subsets_end else None
            subsets_end = closing is not None or subset < 0  # not sought again: many left open would be quadratic
            end = closing.end() if closing else end
            root = ROOT.search(text, position, end)
            end = root.start() if root and not closing else end  # it is not closed
        elif text[position].isspace():
            end = position + 1
        else:
            break
        if end <= position:
            break
        position = end
    root = ROOT.search(text, position)
    return root.start() if root else position


def _ampersand(match: re.Match[str]) -> str:
    name = match[1]
    if name is None:
        return "&amp;"
    if name[0] == "#":
        digits = name.rstrip(";")
        code = int("0" + digits[1:], 0) if name[1] in "xX" else int(digits[1:])
        legal = code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF
        return f"&#{code};" if legal else ""
    character = html.unescape(f"&{name}" if name[-1] == ";" else f"&{name};")
    return "&amp;" + name if character == match.group() else html.escape(character)
