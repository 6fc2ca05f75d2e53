"""What an alert tells of a story: its lead, and the sentences that matched, in the story's own words.

Which words matched is given; nothing is known here of how a story is stored, only its texts by field.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from bot.domain.boilerplate import dateline, is_attribution, is_boilerplate
from bot.domain.filters import Field, Span
from bot.domain.rich import Piece, Text, to_plain
from bot.domain.sentences import sentences

MAX_CHARACTERS: Final = 500
MAX_SENTENCES: Final = 3
_GAP: Final = " … "
# Sentences are looked for where they can be told: at a field's start, and around the first matches. A feed may put a
# book into an entry.
_LEAD: Final = 3_000
_AROUND: Final = 1_000
_MATCHES: Final = 4
_HEADING: Final = 120  # characters of a line without a full stop that may head what follows it
_WORDS: Final = 3  # of a sentence that says something
_FEW_WORDS: Final = 6
_REPEATED: Final = 0.75  # of a sentence's words that another has as well
_LEADS: Final = 3  # sentences at a story's beginning of which one is told, if the first is too long
_END: Final = re.compile(r"""[.!?…。！？]["'»”’“)\]]*$""")
_BROKEN_OFF: Final = re.compile(r"\s?(?:…|\.\.\.|\[(?:…|\.{3})\])\W*$")
_BULLET: Final = re.compile(r"[•●▪■◆‣]\s+")
_CLAUSE: Final = re.compile(r"[,;:—–]\s")
_PRONOUN: Final = {
    "en": r"(?:(?:But|And|So|Then|Yet)\s(?:he|she|it|they|this|that|these|those|his|her|their|its)|He|She|It|They|This|That|"
    r"These|Those|His|Her|Hers|Their|Its|Both|Such|Neither)",
    "fr": r"(?:(?:Mais|Et|Or)\s(?:il|elle|ils|elles|ce|cela)|Ils?|Elles?|Ce|Cela|Ceci|Cet|Cette|Ces|C['’](?=\w)|Celui|Celle|"
    r"Celles|Ceux|Son|Sa|Ses|Leurs?|Lui)",
    "uk": r"(?:(?:Але|Та|І|А)\s(?:він|вона|воно|вони|це|цей|ця|ці)|Він|Вона|Воно|Вони|Це|Цей|Ця|Ці|Цього|Цим|Його|Її|Їх|Їхн\w{1,3}|"
    r"Йому|Їй|Їм|Той|Ті|Так\w{2}|При цьому|Про це|(?:За|Згідно з) (?:його|її|їх)\w* словами)",
    "ru": r"(?:(?:Но|И|А)\s(?:он|она|оно|они|это|этот|эта|эти)|Он|Она|Оно|Они|Это|Этот|Эта|Эти|Этого|Этим|Его|Её|Ее|Их|Ему|Ей|Им|"
    r"Тот|Те|Так\w{2}|При этом|Об этом|По (?:его|её|ее|их) словам)",
    "de": r"(?:(?:Aber|Und|Doch)\s(?:er|sie|es|dies\w{0,2})|Er|Sie|Es|Dies\w{0,2}|Das\s(?:ist|sei|war|wäre|hat|habe|wird|würde|soll|"
    r"teilt\w{0,2}|sagt\w{0,2})|Sein\w{0,2}|Ihr\w{0,2}|Ihm|Ihn|Ihnen|Jene\w?|Beide|Damit|Dabei|Dazu|Dafür|Davon)",
    "pl": r"(?:(?:Ale|I|A)\s(?:on|ona|oni|one|to|ten|ta|te)|On|Ona|Ono|Oni|One|To|Ten|Ta|Te|Ci|Tego|Tym|Jego|Jej|Ich|Jemu|"
    r"Tak\w{1,2}|Obaj|Obie|Informuje o tym|O tym|O sprawie|(?:Jak|Według) (?:dodał|jego|jej)\w*)",
}  # fmt: skip
_PRONOUNS: Final = {
    language: re.compile(rf"[\"'«„“”‘—–-]?\s?{pattern}(?!\w)") for language, pattern in _PRONOUN.items()
}
_CYRILLIC: Final = re.compile("[а-яёіїєґ]", re.IGNORECASE)
_UKRAINIAN: Final = re.compile("[іїєґ]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Sentence:
    field: Field
    start: int
    end: int
    text: str

    def holds(self, span: Span) -> bool:
        return span.field is self.field and span.start < self.end and span.end > self.start

    @property
    def key(self) -> str:
        """By which two are the same, however they are punctuated."""
        return _key(self.text)


def summarise(texts: Mapping[Field, str], spans: Sequence[Span], language: str | None) -> Text:
    """At most three sentences and 500 characters: the lead, and the first sentences that matched, matches in bold.

    Where there is no room for both, what matched goes first, with the sentence before it if it begins with a pronoun.
    The title is not repeated, nor what the outlet says of itself; a story with no text besides has an empty summary.

    Args:
        texts: the story's texts in the order in which a reader meets them.
        spans: what matched.
        language: the story's, where it is known.
    """
    told = _told(texts, spans, _language(language, texts))
    matched = [sentence for sentence in told if any(sentence.holds(span) for span in spans)]
    if matched:
        fuller = _fuller(matched[0], told)
        matched.sort(key=lambda sentence: sentence not in fuller)
        told = [each for each in told if each == matched[0] or not _is_repeated(each, matched[0])]
        matched = [sentence for sentence in matched if sentence in told]
    antecedents = _antecedents(told, _PRONOUNS.get(_language(language, texts), _PRONOUNS["en"]))
    leads = _leads(told)
    further = [*matched[1:], *(told[told.index(leads[0]) + 1 :] if leads else [])[:1]]
    before = antecedents.get(matched[0]) if matched else None
    near = [before] if before is not None and _is_next(before, matched[0], texts) else []
    wanted = [*matched[:1], *near, *leads, *further]
    chosen: list[_Sentence] = []
    room = MAX_CHARACTERS
    for sentence in wanted:
        if len(chosen) == MAX_SENTENCES or any(_is_repeated(sentence, other) for other in chosen):
            continue
        if sentence in further and antecedents.get(sentence, sentence) not in (sentence, *chosen):
            continue  # nobody would know whom it means
        if len(sentence.text) <= room or not chosen:
            chosen.append(sentence)
            room -= len(sentence.text) + len(_GAP)
    chosen.sort(key=told.index)
    pieces: list[Piece] = []
    for number, sentence in enumerate(chosen):
        if number:
            last = chosen[number - 1]
            pieces.append(Piece(" " if _END.search(last.text) and _is_next(last, sentence, texts) else _GAP))
        shown = _narrowed(sentence, spans)
        if shown is not sentence and not number:
            pieces.append(Piece("… "))
        pieces.extend(_marked(shown, spans))
    return _cut(tuple(pieces))


def emphasise(text: str, field: Field, spans: Iterable[Span]) -> Text:
    """`text`, which is the whole of `field`, with what matched in bold."""
    return tuple(_marked(_Sentence(field, 0, len(text), text), spans))


def _told(texts: Mapping[Field, str], spans: Sequence[Span], language: str) -> list[_Sentence]:
    """The sentences that may be told, in order, each once."""
    title = _key(texts.get(Field.TITLE, ""))
    found: list[_Sentence] = []
    fragments: set[_Sentence] = set()
    for field, text in texts.items():
        if field is Field.TITLE:
            continue
        own = _sentences(field, text, language, spans)
        for number, sentence in enumerate(own):
            if _is_fragment(sentence, text, is_last=number == len(own) - 1):
                fragments.add(sentence)
        found.extend(own)
    own_voice = [sentence for sentence in found if is_boilerplate(sentence.text)]
    named = _needed(own_voice, found, texts, spans)
    once: dict[str, _Sentence] = {}
    for sentence in found:
        key = sentence.key
        if key and key != title and (sentence not in own_voice or sentence in named):
            once.setdefault(key, sentence)
    kept = [sentence for key, sentence in once.items() if not _is_completed(key, sentence, once)]
    whole = [sentence for sentence in kept if sentence not in fragments]
    holding = [sentence for sentence in kept if any(sentence.holds(span) for span in spans)]
    if not whole or any(sentence in whole for sentence in holding):
        return whole or kept
    return [sentence for sentence in kept if sentence in whole or sentence in holding]


def _needed(
    own_voice: Sequence[_Sentence], found: Sequence[_Sentence], texts: Mapping[Field, str], spans: Sequence[Span]
) -> list[_Sentence]:
    """Of the outlet's own words, those that name a source which matched, where no other sentence nor the title does."""
    named = [
        sentence
        for sentence in own_voice
        if is_attribution(sentence.text) and any(sentence.holds(span) for span in spans)
    ]
    if not named:
        return []
    others = [sentence for sentence in found if sentence not in own_voice]
    told = {
        _matched(span, texts)
        for span in spans
        if span.field is Field.TITLE or any(sentence.holds(span) for sentence in others)
    }
    return [
        sentence
        for sentence in named
        if any(sentence.holds(span) and _matched(span, texts) not in told for span in spans)
    ]


def _matched(span: Span, texts: Mapping[Field, str]) -> str:
    return texts[span.field][span.start : span.end].casefold()


def _sentences(field: Field, text: str, language: str, spans: Iterable[Span]) -> list[_Sentence]:
    """The sentences of a field in order; of a long one, those of its first paragraphs and around its first matches."""
    found: list[_Sentence] = []
    own = [span for span in spans if span.field is field]
    for region_start, region_end in _regions(text, own[:_MATCHES]):
        for first, last in sentences(text[region_start:region_end], language):
            start, end = region_start + first, region_start + last
            sentence = _Sentence(field, start, end, text[start:end])
            if not start or text[start - 1] == "\n":
                bullet = _BULLET.match(sentence.text)
                filed = bullet.end() if bullet else dateline(sentence.text)
                if filed and not any(span.start < start + filed and span.end > start for span in own):
                    sentence = replace(sentence, start=start + filed, text=sentence.text[filed:])
            found.append(sentence)
    return found


def _regions(text: str, spans: Iterable[Span]) -> list[tuple[int, int]]:
    """Stretches of a text, in order and apart, that begin and end where a paragraph, or at least a word, does."""
    if len(text) <= 2 * _LEAD:
        return [(0, len(text))]
    regions = [(0, _before(text, _LEAD, 0))]
    for span in sorted(spans):
        start = _after(text, max(span.start - _AROUND, 0), span.start)
        end = _before(text, min(span.end + _AROUND, len(text)), span.end)
        if start < regions[-1][1]:
            regions[-1] = (regions[-1][0], max(end, regions[-1][1]))
        else:
            regions.append((start, end))
    return regions


def _after(text: str, start: int, limit: int) -> int:
    """Where the first paragraph that begins behind `start` does, or the first word, but not behind `limit`."""
    found = text.find("\n", start, limit)
    found = text.find(" ", start, limit) if found < 0 else found
    return found + 1 if found >= 0 and start else start


def _before(text: str, end: int, limit: int) -> int:
    """Where the last paragraph that ends before `end` does, or the last word, but not before `limit`."""
    found = text.rfind("\n", limit, end)
    found = text.rfind(" ", limit, end) if found < 0 else found
    return found if found >= 0 and end < len(text) else end


def _is_fragment(sentence: _Sentence, text: str, *, is_last: bool) -> bool:
    """Whether this is a heading, a name or the like rather than a sentence."""
    words = len(sentence.text.split())
    if words < (2 if _END.search(sentence.text) else _WORDS) and len(sentence.text) < _HEADING // 4:
        return True
    ends_line = text[sentence.end : sentence.end + 1] in ("\n", "")
    if sentence.text.endswith(":") and ends_line:  # it leads on to a list
        return True
    if is_last or not ends_line or _END.search(sentence.text):
        return False
    return (
        len(sentence.text) < _HEADING or _BULLET.search(text[max(sentence.start - 2, 0) : sentence.start]) is not None
    )


def _is_completed(key: str, sentence: _Sentence, others: Mapping[str, _Sentence]) -> bool:
    """Whether a sentence that is broken off need not be told: another goes on with its words, or came before it."""
    if not _BROKEN_OFF.search(sentence.text):
        return False
    return any(
        other is not sentence and (other.field is sentence.field or (len(key) >= 20 and name.startswith(key)))
        for name, other in others.items()
        if name.startswith(key) or (other.field is sentence.field and other.start < sentence.start)
    )


def _leads(told: Sequence[_Sentence]) -> list[_Sentence]:
    """What may be told as the lead, the best first: the first sentence that can be told whole, of the first few.

    Where the story's text begins by saying the same, and more, that goes before it.
    """
    whole = [sentence for sentence in told[:_LEADS] if len(sentence.text) <= MAX_CHARACTERS]
    return [each for first in (whole or list(told))[:1] for each in (*_fuller(first, told), first)]


def _fuller(one: _Sentence, told: Sequence[_Sentence]) -> list[_Sentence]:
    """The first sentence of a later field, where it says all that this one says, and more."""
    return [
        sentence
        for before, sentence in pairwise(told[told.index(one) :])
        if before.field is not sentence.field
        and len(one.text) < len(sentence.text) <= MAX_CHARACTERS
        and _is_repeated(one, sentence)
    ]


def _antecedents(told: Sequence[_Sentence], pronoun: re.Pattern[str]) -> dict[_Sentence, _Sentence]:
    """Of each sentence that begins with a pronoun, the one before it."""
    return {sentence: before for before, sentence in pairwise(told) if pronoun.match(sentence.text)}


def _is_repeated(one: _Sentence, other: _Sentence) -> bool:
    """Whether one says hardly more than the other: nearly all words of the shorter, and no other number."""
    if one == other:
        return True
    words, others = ({_key(word) for word in sentence.text.split()} for sentence in (one, other))
    if min(len(words), len(others)) < _FEW_WORDS or not _numbers(words) <= _numbers(others):
        return False
    return len(words & others) >= _REPEATED * min(len(words), len(others))


def _numbers(words: Iterable[str]) -> set[str]:
    return {word for word in words if word[:1].isdigit()}


def _is_next(first: _Sentence, second: _Sentence, texts: Mapping[Field, str]) -> bool:
    """Whether nothing stands between two sentences."""
    return first.field is second.field and not texts[first.field][first.end : second.start].strip()


def _narrowed(sentence: _Sentence, spans: Sequence[Span]) -> _Sentence:
    """A sentence that is too long to be shown whole from a clause, or the words, before its first match on."""
    first = next((span for span in sorted(spans) if sentence.holds(span)), None)
    if first is None or first.end - sentence.start < MAX_CHARACTERS:
        return sentence
    limit = first.start - sentence.start
    clause = _CLAUSE.search(sentence.text, limit - MAX_CHARACTERS // 2, limit)
    start = clause.end() if clause else _after(sentence.text, limit - MAX_CHARACTERS // 2, limit)
    return replace(sentence, start=sentence.start + start, text=sentence.text[start:])


def _marked(sentence: _Sentence, spans: Iterable[Span]) -> Iterable[Piece]:
    at = 0
    for span in sorted(spans):
        if span.field is not sentence.field:
            continue
        start = max(span.start - sentence.start, at)
        end = min(span.end - sentence.start, len(sentence.text))
        if start >= end:
            continue
        if start > at:
            yield Piece(sentence.text[at:start])
        yield Piece(sentence.text[start:end], bold=True)
        at = end
    if at < len(sentence.text):
        yield Piece(sentence.text[at:])


def _cut(text: Text) -> Text:
    """At most 500 characters; only a single sentence that is longer is cut, after a word."""
    if len(to_plain(text)) <= MAX_CHARACTERS:
        return text
    left = MAX_CHARACTERS - 1
    kept: list[Piece] = []
    for piece in text:
        head = piece.text[: max(left, 0)]
        left -= len(piece.text)
        if left < 0 and " " in head:
            head = head.rsplit(" ", 1)[0]
        if head:
            kept.append(replace(piece, text=head))
    return (*kept, Piece("…"))


def _key(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _language(language: str | None, texts: Mapping[Field, str]) -> str:
    """The story's language, by its letters where nobody says; how English ends its sentences where they do not tell."""
    if language:
        return language.lower().partition("-")[0].partition("_")[0]
    sample = " ".join(text[:500] for text in texts.values())
    if len(_CYRILLIC.findall(sample)) * 2 < len(sample.replace(" ", "")):
        return "en"
    return "uk" if _UKRAINIAN.search(sample) else "ru"
