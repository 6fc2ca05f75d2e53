"""Markup to plain text: what a feed's title or description says, without its HTML.

Not a sanitiser for HTML that is shown as HTML: what comes out is text, and is escaped again wherever it is rendered.
"""

import html
import re
from enum import Enum

MAX_TEXT = 100_000
"""Characters that are kept of a text."""

MAX_TITLE = 1_000
"""Characters that are kept of a title."""

_MAX_MARKUP = 4 * MAX_TEXT  # markup that is read for one text: beyond it there are only tags

_BLOCKS_NAMES = (
    "address article aside blockquote body center dd details dir div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hgroup hr html li listing main multicol nav ol p pre section summary table tbody tfoot "
    "thead tr ul xmp"
)
_SILENT_NAMES = (
    "applet audio canvas head iframe math noembed noframes noscript object script select style svg template "
    "textarea video"
)
_INLINE_NAMES = (
    "a abbr acronym area b base basefont bdi bdo bgsound big blink button caption cite code col colgroup data "
    "datalist del dfn em embed font frame i img input ins kbd label legend link map mark marquee menu meta "
    "meter nobr noindex optgroup option output param picture progress q rp rt ruby s samp slot small source spacer "
    "span strike strong sub sup td th time title track tt u var wbr"
)
_BLOCKS = frozenset(_BLOCKS_NAMES.split())
_SILENT = frozenset(_SILENT_NAMES.split())
_INLINE = frozenset(_INLINE_NAMES.split())
_NOT_SIMPLE = {"!--"} | {name[:3] for name in _SILENT}  # what comments begin with, and what may be a silent element
_KNOWN = _BLOCKS | _SILENT | _INLINE | {"br"}

# Each alternative stops at the next "<", so that the scan is linear however many tags are left open.
_TAG = re.compile(
    r"""<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9:_-]*+)"""
    r"""(?:(?:\s|/)(?:(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+|[^<>]*+))?>"""
    r"""|<!--(?P<comment>)|<!\[CDATA\[|\]\]>|<!(?:DOCTYPE|doctype)[^<>]*+>|<\?[^<>]*+\?>"""
)
_OPEN_TAG = re.compile(r"<([A-Za-z][A-Za-z0-9:_-]*+)[\s/]")
# A tag without its "<", on which there can be but one opinion: its attributes have values, and none holds a bracket.
_WHOLE_TAG = re.compile(r"""(/?[A-Za-z][A-Za-z0-9]*+)(?:\s*+/?|\s(?=[^=]*=)(?:[^"'>]++|"[^">]*+"|'[^'>]*+')*+)>""")
_ENTITY = re.compile(r"&(#[0-9]{1,8};|#[xX][0-9a-fA-F]{1,7};|[A-Za-z][A-Za-z0-9]{1,31};)")
_CLOSING = re.compile(r"</([A-Za-z][A-Za-z0-9]*)\s*>|<(?:p|br|hr|img)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_REMOVED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f\x80-\x84\x86-\x9f\u00ad\u200b\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
_WINDOWS_CODES = re.compile("[\x80-\x84\x86-\x9f]")
_WINDOWS = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0) if code != 0x85}
# A terminal's commands go whole: without its escape character one would stay behind as "[31m".
_ESCAPES = re.compile(r"\x1b\[[0-?]*+[ -/]*+[@-~]|\x1b[\]PX^_][^\x07\x1b]*+(?:\x07|\x1b\\)")
_PARAGRAPH = "\x01"  # our own marks while scanning: control characters, which no text keeps
_BREAK = "\x02"
_GREATER = "\x03"
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_MAX_ODD_TAGS = 100


class _Marks(dict[str, str]):
    """What takes a tag's place in a text, by the tag without its "<"; `KeyError` where it may be no tag."""

    _MOST = 10_000
    _LONGEST = 100  # characters of a tag that is remembered

    def __init__(self) -> None:
        marks = dict.fromkeys(_INLINE, "") | dict.fromkeys(_BLOCKS, _PARAGRAPH) | {"br": _BREAK, "td": " ", "th": " "}
        closing = dict.fromkeys(_SILENT, "") | marks
        super().__init__({f"{name}>": mark for name, mark in marks.items()})
        self.update({f"/{name}>": mark for name, mark in closing.items()})
        self._plain = len(self)

    def __missing__(self, tag: str) -> str:
        name = tag[: tag.find(" ")]
        # Most tags that are met for the first time; whether a pattern holds takes four times as long to see.
        if not (name.isalnum() and tag[-1] == ">" and "=" in tag and "'" not in tag and tag.count('"') % 2 == 0):
            whole = _WHOLE_TAG.fullmatch(tag)
            if whole is None:
                raise KeyError(tag)
            name = whole[1]
        plain = name.lower() + ">"
        if plain == tag:
            raise KeyError(tag)
        mark = self[plain]
        if len(tag) <= self._LONGEST:
            if len(self) >= self._MOST:  # begin anew: many tags hold a link, and never come again
                for seen in list(self)[self._plain :]:
                    self.pop(seen, None)
            self[tag] = mark
        return mark


_MARKS = _Marks()


def clean(text: str) -> str:
    """Remove what no text should hold: control characters, halves of surrogates, invisible and reordering marks.

    Codes that are Windows' characters by number (`&#146;`) are what they are meant for.
    """
    if _WINDOWS_CODES.search(text):
        text = text.translate(_WINDOWS)
    return _REMOVED.sub("", _ESCAPES.sub("", text) if "\x1b" in text else text)


class _Characters(dict[str, str]):
    """What an entity stands for, by what follows its "&"; the entity where it stands for nothing that is known."""

    _MOST = 10_000

    def __missing__(self, name: str) -> str:
        if len(self) >= self._MOST:
            self.clear()
        self[name] = character = _character(name)
        return character


_CHARACTERS = _Characters()


def unescape(text: str) -> str:
    """Replace entities that end in a semicolon; others are more often a URL's `&copy=` than meant."""
    if "&" not in text:
        return text
    pieces = _ENTITY.split(text)
    pieces[1::2] = map(_CHARACTERS.__getitem__, pieces[1::2])
    return "".join(pieces)


def _character(name: str) -> str:
    if name[0] == "#":
        code = int("0" + name[1:-1], 0) if name[1] in "xX" else int(name[1:-1])
        if code == 0 or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
            return ""
    return html.unescape(f"&{name}")


class Kind(Enum):
    """How sure it is that a text is markup."""

    PLAIN = "plain"
    """Its format says that it is none; it is read as markup only where it plainly is, as with many outlets."""
    LOOSE = "loose"
    """It may be, or not. Only elements that HTML knows are taken for tags: "a < b" and "<Foo>" stay."""
    XML = "xml"
    """It is the inside of an element, so that unknown elements are tags as well."""


_PLAIN, _LOOSE, _XML = Kind  # looked up once, for Python 3.11 takes a call for each


def to_text(markup: str, *, limit: int = MAX_TEXT, kind: Kind = Kind.LOOSE) -> str:
    """Turn markup, or what may as well be plain text, into plain text.

    Args:
        markup: as the feed has it.
        limit: characters at most.
        kind: how sure it is that it is markup.

    Returns:
        Paragraphs separated by a blank line, each without line breaks or doubled spaces; "" for no text.
    """
    if len(markup) < limit and "<" not in markup and "&" not in markup and ">" not in markup:
        text = markup.strip()
        if text.isprintable():
            return text if "  " not in text else " ".join(text.split())
    markup = markup[:_MAX_MARKUP]
    if _PARAGRAPH in markup or _BREAK in markup or _GREATER in markup or "\x1b" in markup:
        markup = clean(markup)
    if kind is _PLAIN and not ("<" in markup and _looks_like_markup(markup)):
        text, had_tags = _paragraphs_of_plain(markup), True
    else:
        text, had_tags = _strip(markup, kind)
    if "&" in text:
        text = unescape(text)
        if not had_tags and "<" in text and _looks_like_markup(text):
            text = _strip(text, _LOOSE)[0]
        if "&" in text:
            text = unescape(text)  # escaped once more than its format asks for, as many outlets do
    return _settle(text, limit)


def to_line(markup: str, *, limit: int = MAX_TITLE, kind: Kind = Kind.LOOSE) -> str:
    """Turn a title's markup into one line of plain text of at most `limit` characters."""
    text = to_text(markup, limit=4 * limit, kind=kind)
    if "\n" in text:
        text = text.replace("\n\n", " ")
    return text if len(text) <= limit else text[:limit].rstrip()


def lead(text: str, *, limit: int = 600) -> str:
    """The first paragraphs of a plain text up to about `limit` characters, at least one; cut where it is far longer."""
    if len(text) <= limit:
        return text
    taken: list[str] = []
    length = 0
    for paragraph in text[: 4 * limit].split("\n\n"):
        if taken and length + len(paragraph) > limit:
            break
        taken.append(paragraph)
        length += len(paragraph) + 2
    head = "\n\n".join(taken)
    if len(head) <= 2 * limit:
        return head
    return head[:limit].rsplit(None, 1)[0] + "…"


def _strip(markup: str, kind: Kind) -> tuple[str, bool]:
    """Take the tags out and put our marks in; the second value says whether there were any.

    Nearly all markup is plain enough for the quick way, which comes to the same as the careful one.
    """
    if "<" not in markup and "]]>" not in markup:
        return _paragraphs_of_plain(markup), False
    try:
        read, text = markup, _marked(markup)
    except KeyError:
        try:
            read = _simpler(markup)
            text = _marked(read).replace(_GREATER, ">")
        except KeyError:
            return _strip_carefully(markup, kind)
    if _PARAGRAPH not in text and _BREAK not in text:
        text = _paragraphs_of_plain(text)
    return text, "<" in read


def _marked(markup: str) -> str:
    """Put marks for tags.

    Raises:
        KeyError: one of them may be no tag, or not a whole one; or there is a ">" outside of them.
    """
    pieces = markup.replace(">", "><").split("<")
    pieces[1::2] = map(_MARKS.__getitem__, pieces[1::2])
    if ">" in (text := "".join(pieces)):  # then texts and tags did not take turns
        raise KeyError(">")
    return text


def _simpler(markup: str) -> str:
    """The same markup without comments, elements whose inside says nothing, and any ">" outside of tags.

    Raises:
        KeyError: it is in doubt where one of them begins or ends, or what is left of a CDATA section is among it.
    """
    if "]]>" in markup:
        raise KeyError("]]>")
    ahead = iter(markup.split("<"))
    simpler = [next(ahead).replace(">", _GREATER)]
    for piece in ahead:
        if piece.count(">") == 1 and piece[:3].lower() not in _NOT_SIMPLE:
            simpler += ("<", piece)
            continue
        if piece.startswith("!--"):
            comment = piece[3:]
            while "-->" not in comment:
                comment = next(ahead, "-->")
            simpler.append(comment.partition("-->")[2].replace(">", _GREATER))
            continue
        tag, bracket, text = piece.partition(">")
        name = tag.partition(" ")[0].lower()
        if name in _SILENT and _WHOLE_TAG.fullmatch(tag + bracket):
            closing = next((piece for piece in ahead if _closes(piece, name)), "")
            tag, bracket, text = closing.partition(">")
        if not bracket:
            raise KeyError(tag)
        simpler.append(f"<{tag}>{text.replace('>', _GREATER)}")
    return "".join(simpler)


def _closes(piece: str, name: str) -> bool:
    tag, bracket, _ = piece.partition(">")
    return tag.rstrip().lower() + bracket == f"/{name}>"


def _strip_carefully(markup: str, kind: Kind) -> tuple[str, bool]:
    """The same for markup of any kind, with unknown, broken or unclosed tags."""
    certain = kind is _XML
    out: list[str] = []
    position = 0
    seen_tag = seen_block = False
    odd_tags = 0
    left_open: set[str] = set()
    match = _TAG.search(markup)
    while True:
        if match is not None and match.start() < position:
            match = _TAG.search(markup, position)
        stretch = markup[position : match.start() if match else len(markup)]
        if "<" in stretch and odd_tags < _MAX_ODD_TAGS and (odd := _odd_tag(stretch)) is not None:
            odd_tags += 1
            out.append(stretch[:odd])
            position = _end_of_odd_tag(markup, position + odd)
            seen_tag = True
            continue
        out.append(stretch)
        if match is None:
            break
        position = match.end()
        name = (match["name"] or "").lower()
        if match["comment"] is not None:
            end = markup.find("-->", position)
            position = len(markup) if end < 0 else end + 3
        elif not name:
            pass  # a declaration, an instruction, or what is left of a CDATA section
        elif not certain and not _is_tag(name, match.group()):
            out.append(match.group())
        else:
            seen_tag = True
            name = name.rpartition(":")[2] if certain else name
            if name in _SILENT:
                if not match["close"] and name not in left_open:
                    behind = _end_of_silent(markup, position, name)
                    if behind is None:
                        left_open.add(name)  # not sought again: else many of them would be quadratic
                    else:
                        position = behind
            elif name == "br":
                out.append(_BREAK)
                seen_block = True
            elif name in _BLOCKS:
                out.append(_PARAGRAPH)
                seen_block = True
            elif name in ("td", "th"):
                out.append(" ")
    text = "".join(out)
    return (text if seen_block else _paragraphs_of_plain(text)), seen_tag


def _is_tag(name: str, tag: str) -> bool:
    """Tell elements from what only looks like them, as in "a<b and c>d"."""
    if name not in _KNOWN and "-" not in name and ":" not in name:
        return False
    return "=" in tag or len(tag.rstrip("/> ").split()) < 3


def _paragraphs_of_plain(text: str) -> str:
    """Mark blank lines as what they are where no element marks paragraphs."""
    if "\n" not in text and "\r" not in text:
        return text
    return _BLANK_LINE.sub(_PARAGRAPH, text.replace("\r\n", "\n").replace("\r", "\n"))


def _odd_tag(stretch: str) -> int | None:
    """Where, in a stretch without tags, a known element opens: one with a "<" in an attribute, or one cut off."""
    for match in _OPEN_TAG.finditer(stretch):
        if match[1].lower() in _KNOWN:
            return match.start()
    return None


def _end_of_odd_tag(markup: str, start: int) -> int:
    """Behind the ">" that closes a tag with "<" in its attributes; just behind its name where nothing does."""
    quote = ""
    end = min(len(markup), start + 4_000)
    for position in range(start + 1, end):
        character = markup[position]
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character == ">":
            return position + 1
    if end == len(markup):
        return end
    name = _OPEN_TAG.match(markup, start)
    return name.end() if name else start + 1


def _end_of_silent(markup: str, position: int, name: str) -> int | None:
    """Behind the closing tag of an element whose inside says nothing; None where it stays open."""
    closing = re.compile(f"</{name}\\s*>", re.IGNORECASE).search(markup, position)
    if closing:
        return closing.end()
    return len(markup) if name in ("script", "style") else None


def _looks_like_markup(text: str) -> bool:
    """Say whether text that was escaped once more than usual is markup, and not a story about markup."""
    return any(not match[1] or match[1].lower() in _KNOWN for match in _CLOSING.finditer(text))


def _settle(text: str, limit: int) -> str:
    """Resolve the marks, collapse whitespace, and cut."""
    text = text.replace("\n", " ").replace("\xa0", " ").replace("\t", " ")
    blocks = [*filter(None, map(str.strip, text.split(_PARAGRAPH)))]
    if _BREAK in text:
        blocks = [line for block in blocks for line in (_lines(block) if _BREAK in block else (block,))]
    together = "".join(blocks)
    if "  " in together or not together.isprintable():
        blocks = [*filter(None, map(_words, blocks))]
    text = "\n\n".join(blocks)
    return text if len(text) <= limit else text[:limit].rstrip()


def _lines(block: str) -> list[str]:
    """The paragraphs of a block with line breaks: one that begins in lower case goes on with its sentence."""
    paragraphs: list[list[str]] = []
    goes_on = False
    for line in block.split(_BREAK):
        words = _words(line)
        if not words:
            goes_on = False  # two line breaks make a paragraph
        elif goes_on and words[0].islower():
            paragraphs[-1].append(words)
        else:
            paragraphs.append([words])
            goes_on = True
    return [" ".join(lines) for lines in paragraphs]


def _words(text: str) -> str:
    text = text.strip()
    if "  " not in text and text.isprintable():
        return text
    return " ".join((text if text.isprintable() else clean(text)).split())
