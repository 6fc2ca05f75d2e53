"""Where a text's sentences begin and end.

A library finds them; what it takes for an end behind an abbreviation, a number or inside a quotation is joined again.
In doubt two sentences are one: a sentence too many is read over, half a sentence is not.
"""

import re
from collections.abc import Iterator
from typing import Final

from sentencex import get_sentence_boundaries

LONGEST: Final = 3_000
"""Characters of a paragraph that are looked at in one go; a longer one is parted at a space."""

_MOST_JOINED: Final = 400  # characters up to which a quotation is kept in one


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Never the end of a sentence: what they belong to follows. Single letters are initials in any language.
_OPEN: Final = {
    "en": _names(
        "mr mrs ms dr prof gen lt col maj sgt capt cmdr adm brig cpl pvt rep sen gov pres rev hon st mt ft messrs supt "
        "insp det nos vs sec dept est approx e.g i.e viz vol pp jan feb aug sept oct"
    ),
    "fr": _names("mm mme mmes mlle mlles me mgr gén dr pr st ste lieut cdt av bd env réf tél p.ex éd cf vol pp"),
    "de": _names(
        "z.b d.h u.a z.t bzw ca nr str hr fr frl dipl ing abs bd vgl sog inkl zzgl evtl ggf prof dr u.v.a max min mio mrd "
        "tsd jh hrsg dr.med geb gest verh v.a i.d.r o.ä st jan feb aug sept okt"
    ),
    "pl": _names(
        "gen płk ppłk mjr kpt por ppor kmdr adm im ul al pl os np tzn tj m.in ok dr hab inż mgr ks bp abp św wg tel nr art "
        "ust pkt poz str ww zob min sen pos śp prof red mec godz"
    ),
    "uk": _names(
        "ген полк підполк кап лейт серж ст адм гр пан тов ім вул пл просп просп-т бульв пров буд кв обл смт пос рис табл "
        "див напр наприкл т.зв т.н к.т.н ред прим проф акад доц інж канд зам заст нар засл в.о"
    ),
    "ru": _names(
        "ген полк подполк кап лейт серж ст адм гр тов им ул пл просп просп-т бульв пер обл пос рис табл см напр т.н к.т.н "
        "ред прим проф акад доц инж канд зам нар засл в.о и.о"
    ),
}
# Often the end as well: only what follows says whether the sentence goes on.
_EITHER: Final = {
    "en": _names("p.m a.m etc inc corp co ltd llc plc jr sr u.s u.k u.n e.u d.c ph.d b.c a.d nov dec"),
    "fr": _names("etc"),
    "de": _names("usw etc uvm dez nov"),
    "pl": _names("r w zł gr tys mln mld godz itd itp etc wiek"),
    "uk": _names("тис млн млрд трлн грн коп дол чол шт р рр ст н.е т.д т.п т.і ін др год хв сек"),
    "ru": _names("тыс млн млрд трлн руб коп долл чел шт г гг в вв н.э т.д т.п др час мин сек"),
}
# Behind which an English abbreviation has ended its sentence.
_STARTERS: Final = _names(
    "The A An He She It They We I You In On At But And Or So This That These Those His Her Their Its Our There Here "
    "However Meanwhile After Before When While If As For With By From To More Most Some Many Last Next Now Then What "
    "Who Why How Where No Not Both Each Earlier Later Since Until Although Despite Officials Police According"
)
_TIMES: Final = _names(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday EST EDT ET CET CEST GMT UTC BST PST PDT MST CDT Eastern "
    "Pacific Central local"
)
_ORDINAL_LANGUAGES: Final = _names("de da no nb nn fi cs sk hu sl hr sr lv et tr is pl")
_NUMBERED: Final = re.compile(
    r"(?:^|\W)(?:no|nos|nr|art|ст|п|ч|с|рис|pkt|ust|poz|str|p|pp|fig|ch|vol|№)\.?\s?$", re.IGNORECASE
)
_LAST_WORD: Final = re.compile(r"[^\s(\[«„“”\"'’]{1,20}$")
_INITIAL: Final = re.compile(r"(?:^|[\s(\[«„“\"'’.-])[^\W\d_][-.]?$")
_ORDINAL: Final = re.compile(r"(?:^|[\s(„])(?:\d{1,2}|[IVX]{1,5})$")
_GOES_ON: Final = re.compile(r"[^\w\s«„“\"'(\[]{0,3}\s{0,3}[)\]»”’\"']{0,2}\s{0,3}[–—-]?\s{0,3}(\w)")
_CLOSERS: Final = ")]»”’\"'"
_FIRST_WORD: Final = re.compile(r"\W{0,5}([\w'’.]{1,30})")
_QUOTES: Final = (("«", "»"), ("“", "”"), ("„", "“"))


def sentences(text: str, language: str) -> list[tuple[int, int]]:
    """The sentences of a text in order, as `text[start:end]` without white space around; line breaks part them too.

    Takes time in proportion to the text's length.
    """
    found: list[tuple[int, int]] = []
    for start, end in _paragraphs(text):
        pieces = [
            (
                start + piece["start_index"] + len(said) - len(said.lstrip()),
                start + piece["start_index"] + len(said.rstrip()),
            )
            for piece in get_sentence_boundaries(language, text[start:end])
            if (said := piece["text"]).strip()
        ]
        found.extend(_joined(text, pieces, language))
    return found


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if end - start > LONGEST:
            space = text.rfind(" ", start + 1, start + LONGEST)
            end = space if space > 0 else start + LONGEST
        if text[start:end].strip():
            yield start, end
        start = end + 1 if text[end : end + 1] in ("\n", " ") else max(end, start + 1)


def _joined(text: str, pieces: list[tuple[int, int]], language: str) -> list[tuple[int, int]]:
    """The pieces with those made one that are one sentence."""
    found: list[tuple[int, int]] = []
    for start, end in pieces:
        if found and end - found[-1][0] <= LONGEST and _is_one(text, found[-1], (start, end), language):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _is_one(text: str, first: tuple[int, int], second: tuple[int, int], language: str) -> bool:
    """Whether what stands between two pieces is no end of a sentence."""
    before, after = text[max(first[0], first[1] - 60) : first[1]], text[second[0] : second[0] + 40]
    if all(character in _CLOSERS or character in ".!?…" for character in text[second[0] : second[1]][:10]):
        return True
    following = _GOES_ON.match(after)
    if following and following[1].islower():
        return True
    if before.endswith("."):
        return _is_abbreviated(before[:-1], after, language)
    return second[1] - first[0] <= _MOST_JOINED and _is_quoting(text[first[0] : first[1]])


def _is_abbreviated(before: str, after: str, language: str) -> bool:
    """Whether the full stop between these belongs to a word."""
    last = _LAST_WORD.search(before)
    word = last[0].lower() if last else ""
    if _INITIAL.search(before) and word not in _EITHER.get(language, ()):
        return not _is_world_war(before, after)
    digit = after[:1].isdigit()
    if digit and _NUMBERED.search(before):
        return True
    if language in _ORDINAL_LANGUAGES and _ORDINAL.search(before):
        return True
    if word in _EITHER.get(language, _EITHER["en"]):
        first = _FIRST_WORD.match(after)
        start = first[1].rstrip(".") if first else ""
        if word in ("p.m", "a.m"):
            return digit or start in _TIMES
        if word in ("u.s", "u.k", "u.n", "e.u", "jr", "sr", "inc", "corp", "co", "ltd", "nov", "dec"):
            return start not in _STARTERS
        return digit
    return word in _OPEN.get(language, _OPEN["en"])


def _is_world_war(before: str, after: str) -> bool:
    """Whether "I." is a numeral, or "i", at the end of a sentence rather than an initial."""
    first = _FIRST_WORD.match(after)
    return before[-1:] in "IVXCD" and first is not None and first[1] in _STARTERS


def _is_quoting(text: str) -> bool:
    """Whether a quotation that began in here goes on behind it."""
    return any(text.count(opening) > text.count(closing) for opening, closing in _QUOTES)
