"""From a document's bytes to its text, whatever encoding it is in and whatever it says that it is in.

A byte order mark settles it, and so does UTF-8 that is valid: other encodings hardly ever pass for it, while wrong
declarations are common. Else every encoding that is likely reads a sample, and the reading wins that looks most like
some language: by how often its letters occur there, and by what no language does (a capital behind a small letter, a
sign amid a word). What is declared counts as evidence, a server's usual default as little of it.
"""

import codecs
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache
from operator import itemgetter, mul
from typing import Final

_BOMS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED: Final = re.compile(rb"""<\?xml[^>]{0,200}?\sencoding\s*=\s*["']?\s*([\w.:+-]{1,40})""")
_CHARSET: Final = re.compile(r"""charset\s*=\s*["']?\s*([\w.:+-]{1,40})""", re.ASCII | re.IGNORECASE)
_LANGUAGE: Final = re.compile(rb"""<(?:dc:)?language>\s*([a-zA-Z]{2})\b|\sxml:lang\s*=\s*["']([a-zA-Z]{2})\b""")
_PAGE: Final = re.compile(r"(?:windows|win|cp|ms|ibm|dos|ansi)-?(\d{3,4})")
_MARKUP: Final = '<?xml version="1.0"?>&;\\'
_NICKNAMES: Final = {
    "utf8mb3": "utf-8",
    "utf8mb4": "utf-8",
    "koi8": "koi8-r",
    "koi": "koi8-r",
    "koi8-ru": "koi8-u",
    "windows-31j": "cp932",
}
_WIDER: Final = {
    "ascii": "cp1252",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso2022_jp": "iso2022_jp_ext",
    "iso8859-1": "cp1252",
    "iso8859-8": "cp1255",
    "iso8859-9": "cp1254",
    "koi8-r": "koi8-u",
    "iso8859-11": "cp874",
    "shift_jis": "cp932",
    "tis-620": "cp874",
    "utf-8-sig": "utf-8",
}
"""What pages that name the first mean: the second holds it whole (as the WHATWG's encoding standard has it)."""
_WINDOWS: Final = {"iso8859-2": "cp1250", "iso8859-6": "cp1256", "iso8859-7": "cp1253"}
"""What pages that name the first often mean, although it does not hold the first."""

_LETTERS: Final = {
    "ar": "المينرتوبةعدسفهكقحجأشصطىخإذئءثضزغظآؤ",
    "be": "анірыелктсядвопмзуьцоўчбэгйшхюжфё",
    "bg": "аоиентрсвлкдпмзъубгчяжцщйхшюфь",
    "cs": "eoantsilvrkdumpíyázchýbjřěéšžčgfúůťňxódwq",
    "da": "enrtdaislogmkvfuhbpåøyjæcxwzqé",
    "de": "enisratdhulcgmobwfkzpvüäößjyxqé",
    "el": "αοιετνσρπκμλυςίηάγόδύέήώωθχφβξζψϊϋΐΰ",
    "en": "etaoinsrhldcumfpgwybvkxjqzé",
    "es": "eaosrnidlctumpbgvyqhfzjóíáéñúxwkü",
    "et": "aeistlunkdmovrhgjpäõüböfcšzž",
    "fa": "ايرندهتمبشسکپخلفزصگعقجطحكچذآضوثغئ",
    "fi": "aintesloukämvrjhypdögbfcwåxzqšž",
    "fr": "esaitnrulodcpmévqfbghjàxèyêzçkwâîûôïëùœ",
    "he": "יוהלארתבמשםנכעחדקפצגטסןזךףץ",
    "hr": "aieonrsjtuvkdlmpgzbčcšžćhfđxyqw",
    "hu": "eatlnskoirzáméydvbgpujhúőcfíóöüűxwq",
    "is": "anreitsðuglkmdvfhþoáíjöpyébæóúýxcwzq",
    "it": "eaionlrtscdupmvghfbqzàèòùéìjkxyw",
    "lt": "iasoterunkmlpvdjgėbyųšžąįčūzfcęhxwq",
    "lv": "aiestruknlopmdvzājgīēcbšģņļūžķčfhŗ",
    "nl": "enatirodslgvhkmubpwjzcfyxëqéïöè",
    "pl": "aioeznrwsctykdpmłujlbgęhąóżśćfńźvxq",
    "pt": "aeosrindmutclpvgqbfhãçéíázêóxjâõúàôkwy",
    "ro": "eiaurntlocsdpmăvfţbîgşzhâjxkyw",
    "ru": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
    "sk": "aoeintrsvlkdmupázýchybíčéžšjťúľgďňôfóäxĺŕwq",
    "sl": "aeionrstvlkdjpmzubgčhšcžfxyqw",
    "sq": "eëtirnasujpkdomlhçvgqfbyzxcw",
    "sr": "аоиентрсјвкудмпзлгбчшцњћжхљђфџ",
    "sv": "eantrsildomkgväfhupåöbcjyxzwqé",
    "tr": "aeinrlıkdtmysuobşüzgğcçhvpöfjâxwqî",
    "uk": "онаивіетрслкудмпязьбгчйхцжюєїшщфґ",
}
"""The small letters of a language, from the most frequent to the rarest."""

_CYRILLIC: Final = ("ru", "uk", "bg", "be", "sr")
_CENTRAL: Final = ("pl", "cs", "sk", "hu", "ro", "hr", "sl")
_LANGUAGES: Final = {
    "cp1252": ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "fi", "is", "sq"),
    "cp1251": _CYRILLIC,
    "cp1250": _CENTRAL,
    "iso8859-2": _CENTRAL,
    "koi8-u": _CYRILLIC,
    "iso8859-5": _CYRILLIC,
    "cp866": _CYRILLIC,
    "cp1125": _CYRILLIC,
    "cp1253": ("el",),
    "iso8859-7": ("el",),
    "cp1254": ("tr",),
    "cp1255": ("he",),
    "cp1256": ("ar", "fa"),
    "iso8859-6": ("ar",),
    "cp1257": ("lt", "lv", "et"),
    "iso8859-15": ("fr", "fi"),
}
"""The encodings of a byte a letter that are looked for, each with the languages that it is used for."""

_EAST_ASIAN: Final = {
    "zh": (
        "的一是在了不和有大国中人年上为这个来会发行政成对部时生地出就分业经市方工日民关家于美新主要公开全动进与同本"
        "现高机前后世长多展以及说从将到道报合最体法加自由特者月电事总战军理建员力其产资南北东西京党华外交通信社议安"
        "作用制度情况问题第三二十五四六七八九万亿元网记名书视台海内天下过可也等被还已首次表示指提支持项目计划重点设"
        "立城区县村省州院学校警察案起诉火车路水能源环境俄乌朝韩欧盟联组织统选举投票",
        ("gb2312", 0xB0, 0xD7),
    ),
    "zh-Hant": (
        "的一是在了不和有大國中人年上為這個來會發行政成對部時生地出就分業經市方工日民關家於美新主要公開全動進與同本"
        "現高機前後世長多展以及說從將到道報合最體法加自由特者月電事總戰軍理建員力其產資南北東西京黨華外交通信社議安"
        "作用制度情況問題第三二十五四六七八九萬億元網記名書視臺台海內天下過可也等被還已首次表示指提支持項目計畫重點"
        "設立城區縣村省州院學校警察案起訴火車路水能源環境俄烏朝韓歐盟聯組織統選舉投票他她我們你",
        ("big5", 0xA4, 0xC6),
    ),
    "ja": (
        "日年本国人大会月一政事中社市民分出同地方東新時自者長上党生内後対京相部行合議選機業学定間開首米立手金発表高"
        "次戦前最全力以動経済関場見数理化作法治性体下明実現主当都県約百万円調",
        ("euc_jp", 0xB0, 0xCF),
    ),
    "ko": (
        "이다의에는을하고가한지로사를도은기대자인부정일서해시제전리나보구장과원으그상스수경어주들선비국안있미회했관"
        "동라여조계공차민년된단성무용방식유진결만와문위치발세통신속연금당산업중재교후군력개실화요할합체적양심명청법"
        "표검찰북러우크것면거까며소",
        ("euc_kr", 0xB0, 0xC8),
    ),
}
"""Characters that news is full of; and the encoding, with its rows, that tells which ones are in general use."""

_IDEOGRAPHS: Final = {
    "gb18030": ("zh", "zh-Hant"),
    "big5hkscs": ("zh-Hant",),
    "cp932": ("ja",),
    "euc_jp": ("ja",),
    "cp949": ("ko",),
}
"""The encodings of more bytes a character that are looked for."""

_KANA: Final = "".join(map(chr, (*range(0x3041, 0x3094), *range(0x30A1, 0x30FB), 0x30FC)))
_WIDE_SIGNS: Final = "，。、；：？！（）「」『』《》“”‘’…—－·・％／～０１２３４５６７８９【】〈〉"
_SIGNS: Final = frozenset("\xa0\xad«»“”„‘’‚–—…•·°№€£§©®™¿¡،؛؟")

# Logarithms of how likely something is, to be added up:
_FOREIGN: Final = -9.0  # a letter that the language has not got, a sign that no text has
_RARE: Final = -13.0  # an ideograph that is not in general use
_BROKEN: Final = -20.0  # a byte that means nothing, a control character
_SIGN: Final = -6.0
_LETTER: Final = -3.6  # a letter of whatever language
_CAPITAL: Final = -0.5
_LATIN_ABROAD: Final = -0.5  # a Latin letter in a text of another script
_LATIN_TOUCHES: Final = -3.0  # … right beside an ideograph
_USUAL: Final = 2.85  # what a Latin letter costs in its own language: taken off, to compare with other scripts
_UNUSUAL: Final = {
    # l, L: letters of the script; a, A: Latin letters amid another script; s: signs that no word has;
    # o: an opening mark.
    **dict.fromkeys((b"lL", b"la", b"al", b"La", b"aL", b"lA", b"Al"), -6.0),
    **dict.fromkeys((b"ls", b"sl", b"Ls", b"sL", b"LA", b"AL", b"as", b"sa", b"As", b"sA", b"lo", b"Lo"), -4.0),
}
_BY_CHOICE: Final = 12.0  # how much likelier an encoding is for being declared
_BY_DEFAULT: Final = 3.0  # … where servers and frameworks declare it of whatever they serve
_HINT: Final = 5.0  # how much likelier a language is for being declared

_LATIN_TOUCHING: Final = re.compile(r"[a-z](?=[\u3040-\uffef])|[\u3040-\uffef](?=[a-z])")
_ASCII_LETTERS: Final = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SAMPLE: Final = 3_000  # bytes that are looked at
_GLANCES: Final = (300, 1_000)  # … and before, one after the other, to leave out what is hopeless
_HOPELESS: Final = 60.0
_MOST_LATIN: Final = 400  # as many ASCII letters count at most: they tell languages apart, encodings only by the way
_MOST_LATIN_EACH: Final = 10  # … or as many for each byte that is not ASCII
_RUN: Final = re.compile(rb"[\x80-\xff][^<]{0,1000}+[\x80-\xbf]*+")
_PROSE: Final = re.compile(rb">\s*+([A-Za-z',.-]++(?: [A-Za-z',.-]++){3,20}+)")
_ENTITY: Final = re.compile(rb"&#?\w{1,10};")
_SURROGATES: Final = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")
_HALF: Final = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
_MOST_SURROGATES: Final = 10_000
_PATCHED: Final = 500_000  # bytes of a document in which stray bytes are looked at one by one
_WINDOW: Final = 1_024
_MISREAD: Final = ("cp1252", "cp1251")  # what UTF-8 is taken for
_MANGLED: Final = 3  # characters that must be misread for a document to be


def decode(body: bytes, content_type: str = "") -> str:
    """Decode a document; never raises, and what cannot be read comes out as U+FFFD.

    Args:
        body: the document, decompressed.
        content_type: the HTTP header; only its charset is looked at.

    Returns:
        Its text without byte order mark and NULs; line ends and the declaration stay as they are.
    """
    wide = _wide_encoding(body)
    if wide:
        text = body.decode(wide, "replace").removeprefix("\ufeff")
    elif body.isascii():
        text = _decode_ascii(body, content_type)
    else:
        body = body.removeprefix(codecs.BOM_UTF8)
        try:
            text = _unmangled(body.decode())
        except UnicodeError:
            text = _decode_other(body, _declared(body, content_type))
    return text.replace("\x00", "") if b"\x00" in body else text


def seems_utf8(body: bytes, content_type: str = "") -> bool:
    """Whether a document seems to be UTF-8, so that `decode` would change nothing; not whether all of it is valid."""
    if b"\x00" in body or body.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    if body.isascii():
        return _codec_of_ascii(body, content_type) == "ascii"
    start = 0
    while body[start : start + _WINDOW].isascii():
        start += _WINDOW
    try:
        sample = codecs.utf_8_decode(body[start : start + _WINDOW], "strict", False)[0]  # noqa: FBT003
    except UnicodeError:
        return False
    return not any(_reread(sample, name, whole=False) for name in _MISREAD)


def _wide_encoding(body: bytes) -> str | None:
    """UTF-16 or UTF-32, by the mark or by the NULs beside the ASCII that every feed begins with."""
    for bom, name in _BOMS:
        if body.startswith(bom):
            return name
    head = body[:40]
    if b"\x00" not in head or not head.isascii():
        return None
    places = tuple(place for place in range(4) if any(head[place::4]))
    return {(0,): "utf-32-le", (3,): "utf-32-be", (0, 2): "utf-16-le", (1, 3): "utf-16-be"}.get(places)


def _decode_ascii(body: bytes, content_type: str) -> str:
    try:
        return body.decode(_codec_of_ascii(body, content_type))
    except UnicodeError:
        return body.decode("ascii")


def _codec_of_ascii(body: bytes, content_type: str) -> str:
    """ASCII, or one of the encodings that switch to other characters and back within it."""
    if b"\x1b$" in body:
        return "iso2022_kr" if b"\x1b$)C" in body else "iso2022_jp_ext"
    if b"~" in body and "hz" in _declared(body, content_type):
        return "hz"
    return "ascii"


def _declared(body: bytes, content_type: str) -> dict[str, float]:
    """The encodings that are declared, each with how much likelier that makes it."""
    labels = _CHARSET.findall(content_type[:1_000])
    said = _DECLARED.search(body, 0, 1_000)
    if said:
        labels.append(said[1].decode("ascii"))
    names = [name for name in map(_codec, labels) if name]
    evidence = {name: _BY_DEFAULT if name in ("cp1252", "utf-8") else _BY_CHOICE for name in names}
    return {_WINDOWS[name]: evidence[name] - 1 for name in names if name in _WINDOWS} | evidence


@lru_cache(maxsize=256)
def _codec(label: str) -> str:
    """The Python codec that a label means, if it is one for text with ASCII's markup; "" where there is none."""
    name = label.lower().strip("._:+-").replace("_", "-").removeprefix("x-").removeprefix("x-")
    page = _PAGE.fullmatch(name)
    name = f"cp{page[1]}" if page else _NICKNAMES.get(name, name.removesuffix("-i").removesuffix("-e"))
    try:
        found = codecs.lookup(name).name
        # What declares UTF-16 or EBCDIC in ASCII is in neither; UTF-7 only smuggles markup past those who look for it.
        if found in ("utf-7", "idna", "punycode", "raw-unicode-escape") or _MARKUP.encode(found) != _MARKUP.encode():
            return ""
    except (LookupError, ValueError, TypeError):
        return ""
    return _WIDER.get(found, found)


def _decode_other(body: bytes, declared: Mapping[str, float]) -> str:
    """Read what is no valid UTF-8, or only in part."""
    body = _SURROGATES.sub(_joined, body, count=_MOST_SURROGATES)
    runs, prose = _runs(body), _PROSE.findall(body, 0, 20_000)[:10]
    language = _language(body)
    if not _mostly_utf8(b"".join(runs)):
        return body.decode(_likeliest([*prose, *runs], declared, language), "replace")
    body, rest = body[:_PATCHED], body[_PATCHED:]
    others = _runs(body, but=_mostly_utf8)
    other = _likeliest([*prose, *others], declared, language) if others else ""
    return (_RUN.sub(lambda run: _patched(run, other), body) + rest).decode("utf-8", "replace")


def _joined(surrogates: re.Match[bytes]) -> bytes:
    """Characters that were encoded half by half, as some databases do."""
    halves = surrogates[0].decode("utf-8", "surrogatepass")
    return halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le").encode()


def _runs(body: bytes, *, but: Callable[[bytes], bool] = lambda _: False) -> list[bytes]:
    """A sample of a document: runs of text with something in them that is not ASCII."""
    runs: list[bytes] = []
    size = 0
    for run in _RUN.finditer(body):
        if not but(run[0]):
            before = body[max(0, run.start() - 40) : run.start()].rpartition(b">")[2].rpartition(b"<")[2]
            runs.append(before + run[0])
            size += len(runs[-1])
            if size > _SAMPLE:
                break
    return runs


def _mostly_utf8(run: bytes) -> bool:
    """Whether more of what is not ASCII is valid UTF-8 than not, which hardly happens in other encodings."""
    text = run.decode("utf-8", "replace")
    return len(text) - len(text.encode("ascii", "ignore")) > 2 * text.count("\ufffd")


def _patched(match: re.Match[bytes], other: str) -> bytes:
    """A run of text as UTF-8, out of a document that is mostly UTF-8; `other` is what else there is in it."""
    run = match[0]
    try:
        run.decode()
    except UnicodeDecodeError:
        if not _mostly_utf8(run):
            return run.decode(other, "replace").encode()
        before = match.string[max(0, match.start() - 1) : match.start()]
        return (before + run).decode("utf-8", "tocsin-stray")[len(before) :].encode()
    return run


def _stray(error: UnicodeError) -> tuple[str, int]:
    """A codecs error handler for bytes that are no UTF-8 amid what is.

    A sign, or a letter between ASCII, is Windows-1252. What is left of a character that was cut in two, as where a
    lead is shortened by bytes, is dropped.
    """
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    before, after = error.object[max(0, error.start - 1) : error.start], error.object[error.end : error.end + 1]
    half = _HALF.match(error.object, error.start)
    if half:
        return "", half.end()
    character = wrong.decode("cp1252", "replace")
    alone = character.isupper() and not before.isupper() and not after.isalpha()
    cut = len(wrong) > 1 or alone or not before.isascii() or not after.isascii()
    return ("" if cut and character not in _SIGNS else character), error.end


codecs.register_error("tocsin-stray", _stray)


def _language(body: bytes) -> str:
    """The language that a feed says it is in; "" where it says none, or the one that software says by default."""
    said = _LANGUAGE.search(body, 0, 5_000)
    language = (said[1] or said[2]).decode("ascii").lower() if said else ""
    return "" if language == "en" else language


def _likeliest(runs: Iterable[bytes], declared: Mapping[str, float], language: str) -> str:
    """The encoding in which a sample of a document reads best."""
    sample = b"\n" + _ENTITY.sub(b" ", b"\n".join(runs))
    names = [name for name in {**_LANGUAGES, **_IDEOGRAPHS, **declared} if name != "utf-8"]  # it is not valid
    likelihoods: dict[str, float] = {}
    for glance in (*_GLANCES, len(sample)):
        likelihoods = _likelihoods(sample[:glance], names, declared, language)
        hopeful = max(likelihoods.values()) - _HOPELESS
        names = [name for name in names if likelihoods[name] > hopeful]
        if len(names) == 1 or len(sample) <= glance:
            break
    return max(likelihoods, key=likelihoods.__getitem__)


def _likelihoods(sample: bytes, names: Iterable[str], declared: Mapping[str, float], language: str) -> dict[str, float]:
    """The logarithm of how likely a sample is in each of these encodings."""
    counts: dict[int, float] = {**Counter(sample)}
    letters = [byte for byte in _ASCII_LETTERS if byte in counts]
    latin = sum(counts[byte] for byte in letters)
    most = max(_MOST_LATIN, _MOST_LATIN_EACH * sum(count for byte, count in counts.items() if byte > 127))
    for byte in letters:
        counts[byte] *= min(1.0, most / max(1.0, latin))
    abroad = _LATIN_ABROAD * min(latin, most)
    likelihoods: dict[str, float] = {}
    for name in names:
        if name in _IDEOGRAPHS or len(_table(name)) != 256:
            likelihood = _of_ideographs(sample, name, language) + abroad
        else:
            likelihood = _of_letters(sample, counts, name, language)
        likelihoods[name] = likelihood + declared.get(name, 0.0)
    return likelihoods


def _of_letters(sample: bytes, counts: Mapping[int, float], name: str, language: str) -> float:
    """The logarithm of how likely a sample is as a text in an encoding of a byte a letter."""
    kinds = sample.translate(_kinds(name))
    unusual: float = sum(map(mul, _UNUSUAL.values(), map(kinds.count, _UNUSUAL)))
    of_each = itemgetter(*counts, 0)  # a zeroth, for one alone would come without its tuple
    times = [*counts.values()]
    likelihood: float = max(
        [
            sum(map(mul, times, of_each(_costs(name, each)))) + (_HINT if each == language else 0.0)
            for each in _LANGUAGES.get(name, ("",))
        ]
    )
    return likelihood + unusual


def _of_ideographs(sample: bytes, name: str, language: str) -> float:
    """The same for an encoding of more bytes a character."""
    text = sample.decode(name, "replace")
    characters = [(character, count) for character, count in Counter(text).items() if not character.isascii()]
    unusual = _LATIN_TOUCHES * len(_LATIN_TOUCHING.findall(text))
    return unusual + max(
        sum(count * _of_characters(each).get(character, _RARE) for character, count in characters)
        + (_HINT if each[:2] == language else 0.0)
        for each in _IDEOGRAPHS.get(name, tuple(_EAST_ASIAN))
    )


@cache
def _table(name: str) -> str:
    """What each byte means in an encoding of a byte a letter; of any other the length is not 256."""
    return bytes(range(256)).decode(name, "replace")


@cache
def _is_latin(name: str) -> bool:
    letters = [letter for letter in _table(name)[128:] if letter.isalpha()]
    return sum(letter < "\u0250" for letter in letters) > len(letters) / 2


@cache
def _kinds(name: str) -> bytes:
    """For each byte the kind of its character, in the letters of `_UNUSUAL`."""
    kinds = bytearray(b" " * 256)
    small, capital = b"lL" if _is_latin(name) else b"aA"
    for byte, character in enumerate(_table(name)):
        if byte >= 128:
            small, capital = b"lL"
        if character.isalpha():
            kinds[byte] = capital if character.isupper() else small
        elif character in "¿¡":
            kinds[byte] = ord("o")
        elif byte >= 128 and (not _is_sign(character) or character in "€£§°№•"):
            kinds[byte] = ord("s")
    return bytes(kinds)


def _is_sign(character: str) -> bool:
    """Whether a character may well stand beside a letter; marks over letters are among them."""
    return character in _SIGNS or unicodedata.category(character) == "Mn"


@cache
def _costs(name: str, language: str) -> tuple[float, ...]:
    """For each byte the logarithm of how likely its character is in a language; "" is any language."""
    of_letter = _frequencies(language)
    latin = _is_latin(name)
    costs = []
    for byte, character in enumerate(_table(name)):
        small = character.lower()[:1]  # of a dotted capital I as well
        if byte >= 128 and (character.isalpha() or (not language and unicodedata.category(character) == "Mn")):
            cost = of_letter.get(small, _FOREIGN if language else _LETTER) + _CAPITAL * (small != character)
        elif character.isalpha() and latin:
            cost = of_letter.get(small, _FOREIGN) + _USUAL if language else 0.0
        elif character.isalpha():
            cost = _LATIN_ABROAD
        elif byte < 128:
            cost = 0.0
        elif _is_sign(character):
            cost = _SIGN
        else:
            cost = _BROKEN if character == "\ufffd" or character < "\xa0" else _FOREIGN
        costs.append(cost)
    return tuple(costs)


@cache
def _frequencies(language: str) -> dict[str, float]:
    """The logarithm of how frequent each letter of a language is, which falls with its rank."""
    letters = _LETTERS[language] if language else ""
    weights = [math.exp(-rank / 9) for rank in range(len(letters))]
    return {letter: math.log(weight / sum(weights)) for letter, weight in zip(letters, weights, strict=True)}


@cache
def _of_characters(language: str) -> dict[str, float]:
    """The logarithm of how frequent each character of an East Asian language is, by the kinds that it is of."""
    common, (encoding, first, last) = _EAST_ASIAN[language]
    kana = _KANA if language == "ja" else ""
    kinds = ((0.5, kana), (0.15 if kana else 0.5, common), (0.1, _WIDE_SIGNS), (0.3, _rows(encoding, first, last)))
    shares: dict[str, float] = {}
    for share, characters in kinds:
        for character in characters:
            shares[character] = shares.get(character, 0.0) + share / len(characters)
    return {character: math.log(share) for character, share in shares.items()}


def _rows(encoding: str, first: int, last: int) -> str:
    """The characters in general use, which an encoding has in rows of their own."""
    cells = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    pairs = bytes(byte for row in range(first, last + 1) for cell in cells for byte in (row, cell))
    return "".join(character for character in pairs.decode(encoding, "ignore") if not character.isascii())


def _unmangled(text: str) -> str:
    """Repair a text that was encoded as UTF-8, misread as Windows-1252 or -1251, and encoded once more.

    Only where all of it was, and there is enough of it: a document that quotes such a misreading stays.
    """
    if text.isascii():
        return text
    start = 0
    while text[start : start + _WINDOW].isascii():
        start += _WINDOW
    for name in _MISREAD:
        # Hardly a document passes the look at a part of it, which spares looking at all of it.
        again = _reread(text, name) if _reread(text[start : start + _WINDOW], name, whole=False) else None
        if again and len(text) - len(again) >= _MANGLED:
            again = _unmangled(again)  # it may have happened more than once
            if not any(map(_is_no_text, set(again))):
                return again
    return text


def _reread(text: str, name: str, *, whole: bool = True) -> str | None:
    """What a text says if it is UTF-8 that was taken for another encoding; None where it is not."""
    try:
        return codecs.utf_8_decode(text.encode(name, "tocsin-controls"), "strict", whole)[0]
    except UnicodeError:
        return None


def _is_no_text(character: str) -> bool:
    return character > "\x7f" and unicodedata.category(character) in ("Cc", "Cn", "Co")


def _controls(error: UnicodeError) -> tuple[bytes, int]:
    """A codecs error handler for the bytes that Windows leaves without a meaning, and that others read as controls."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return error.object[error.start : error.end].encode("latin-1"), error.end


codecs.register_error("tocsin-controls", _controls)
