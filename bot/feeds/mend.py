"""From a document's text to XML that a parser can take at its word.

The fast parser skips what it does not understand, so its input is mended first: entities that XML does not know, stray
ampersands, comments, document types, other vocabularies' titles and links.
"""

import html
import re

_SUBSET_END = re.compile(r"\]\s*>")
ROOT = re.compile(r"<(?:[A-Za-z][\w.-]*:)?(?:rss|feed|rdf|channel)[\s>/]", re.IGNORECASE)
ITEM = re.compile(r"<(?:(?:rss|rss1|atom|a10|ns\d):)?(?:item|entry)(?=[\s>])[^<>]*(?<!/)>")
_AMPERSAND = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos);)(#[0-9]{1,8};|#[xX][0-9a-fA-F]{1,7};|[A-Za-z][A-Za-z0-9]{1,31};)?"
)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_OPENING = re.compile(r"<!--|<!\[CDATA\[")
_OURS = "dc:|content:|rss:"
_FOREIGN = re.compile(f"<(?!{_OURS})[A-Za-z][\\w.-]*:(title|link|description|summary|date|author|comments)(?=[\\s>/])")


def mend(text: str) -> tuple[str, str]:
    """Repair what is commonly wrong, and take out what could do harm.

    Returns:
        The document without comments and document types, its entities such as XML knows them; and the same without
        its CDATA sections (but for short words), in which tags can be looked for.
    """
    text = _NOT_XML.sub("", text)
    text = text[_start_of_root(text) :]
    mended: list[str] = ['<?xml version="1.0" encoding="utf-8"?>']
    skeleton: list[str] = []
    position = 0
    while True:
        opening = _OPENING.search(text, position)
        outside = _AMPERSAND.sub(_ampersand, text[position : opening.start() if opening else len(text)])
        mended.append(outside)
        skeleton.append(outside)
        if opening is None:
            break
        closing = "-->" if opening.group() == "<!--" else "]]>"
        end = text.find(closing, opening.end())
        position = len(text) if end < 0 else end + 3
        if closing == "]]>":
            mended.append(text[opening.start() : position])
            inside = text[opening.end() : position - 3]
            if len(inside) < 100 and "<" not in inside:
                skeleton.append(inside)
    return "".join(mended), "".join(skeleton)


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
        code = int(name[2:-1], 16) if name[1] in "xX" else int(name[1:-1])
        legal = code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF
        return match.group() if legal else ""
    character = html.unescape(match.group())
    return "&amp;" + name if character == match.group() else html.escape(character)


def without_foreign_names(mended: str, skeleton: str, items: list[re.Match[str]]) -> str:
    """Rename `media:title` and its like: the fast parser takes the first `title` of an item, whosever it is."""
    if not items:
        return mended
    own = skeleton[items[0].start() :]
    clashes = {name for name in set(_FOREIGN.findall(own)) if re.search(f"<{name}[\\s>]", own)}
    if not clashes:
        return mended
    names = "|".join(sorted(clashes))
    return re.sub(f"(</?(?!{_OURS})[A-Za-z][\\w.-]*:)({names})(?=[\\s>/])", r"\1other-\2", mended)
