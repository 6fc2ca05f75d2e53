"""From a document's bytes to its text, whatever encoding it is in and whatever it says that it is in."""

import codecs
import re

_WIDER = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "iso8859-9": "cp1254"}
"""What pages that name the first mean: the second holds it whole (as the WHATWG's encoding standard has it)."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_HIGH_RUN = re.compile(rb"[\xc0-\xff\xa8\xb8\xaf\xbf\xb2\xb3\xa5\xb4\xba\xaa]{3,}")
_HIGH = re.compile(rb"[\x80-\xff]+")


def decode(body: bytes, content_type: str) -> str:
    """Decode by byte order mark, by UTF-8 where it is valid, and else by what HTTP or the declaration says.

    Text in another encoding that happens to be valid UTF-8 hardly exists, while wrong declarations do.
    """
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body.decode(name, "replace").replace("\x00", "")
    http = _CHARSET.search(content_type)
    said = _DECLARED.search(body[:1_000])
    candidates = [_encoding(http[1] if http else ""), _encoding(said[1].decode("ascii") if said else "")]
    if candidates[0] == "cp1252":
        candidates.reverse()  # servers send their old default with whatever they serve
    if body[:2] in (b"\x00<", b"<\x00"):
        candidates.insert(0, "utf-16-be" if body[:1] == b"\x00" else "utf-16-le")
    if not _stateful(candidates):
        candidates.insert(0, "utf-8")
    for name in candidates:
        if name and not (name == "cp1252" and _seems_cyrillic(body)):
            try:
                return body.decode(name)
            except (UnicodeError, LookupError):
                continue
    return _decode_somehow(body, candidates)


def _encoding(name: str) -> str:
    """A Python codec for text by its declared name; "" where there is none."""
    try:
        info = codecs.lookup(name.strip())
        "".encode(info.name)
    except (LookupError, ValueError, TypeError):
        return ""
    found = _WIDER.get(info.name, info.name)
    # A declaration that could be read as ASCII is not in a wide encoding.
    return "" if found.startswith(("utf-16", "utf-32")) or found in ("idna", "punycode", "unicode_escape") else found


def _stateful(candidates: list[str]) -> bool:
    """Whether an encoding is named whose texts are all ASCII bytes, and so would pass for UTF-8."""
    return any(name.startswith(("iso2022", "hz", "utf-7", "utf-16")) for name in candidates)


def _decode_somehow(body: bytes, candidates: list[str]) -> str:
    """Read bytes that are wrong under every name given: mostly UTF-8 with a flaw, or a single-byte encoding."""
    multibyte = [name for name in candidates if name in ("gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "cp949")]
    if multibyte:
        return body.decode(multibyte[0], "replace")
    as_utf8 = body.decode("utf-8", "replace")
    flaws = as_utf8.count("\ufffd")
    if sum(not character.isascii() for character in as_utf8) > 4 * flaws:
        # Stray bytes of an older encoding (a quotation mark, an accent) among good text.
        return body.decode("utf-8", "tocsin-stray")
    name = "cp1251" if _seems_cyrillic(body) else "cp1252"
    return body.decode(name, "tocsin-stray")


def _stray(error: UnicodeError) -> tuple[str, int]:
    """A codecs error handler: bytes that do not fit are Windows-1252, where they are anything there."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", "replace"), error.end


codecs.register_error("tocsin-stray", _stray)


def _seems_cyrillic(body: bytes) -> bool:
    """Whether bytes are Windows-1251: its letters stand in runs, while the accents of Windows-1252 stand alone."""
    high = sum(map(len, _HIGH.findall(body)))
    return high > 0 and sum(map(len, _HIGH_RUN.findall(body))) > 0.6 * high
