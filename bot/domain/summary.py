"""What an alert tells of a story: its lead, and the sentences that matched, in the story's own words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sentencex import get_sentence_boundaries

from bot.domain.filters import Field, Span, texts
from bot.domain.rich import Piece, Text, to_plain
from bot.domain.stories import Entry

MAX_CHARACTERS: Final = 500
MAX_SENTENCES: Final = 3
_GAP: Final = " … "
# Sentences are looked for where they can be told: at a field's start, and around the first matches. What finds them
# takes more than linear time, and a feed may put a book into an entry.
_LEAD: Final = 3_000
_AROUND: Final = 1_000
_MATCHES: Final = 4


@dataclass(frozen=True, slots=True)
class _Sentence:
    field: Field
    start: int
    end: int
    text: str

    def holds(self, span: Span) -> bool:
        return span.field is self.field and span.start < self.end and span.end > self.start


def summarise(entry: Entry, spans: Sequence[Span]) -> Text:
    """At most three sentences and 500 characters: the lead, and the first sentences that matched, matches in bold.

    Where there is no room for both, what matched goes first. The title is not repeated; a story with no text besides
    it has an empty summary.
    """
    language = entry.language or "en"
    sentences = [
        sentence
        for field, text in texts(entry).items()
        if field is not Field.TITLE
        for sentence in _sentences(field, text, language, spans)
        if sentence.text.casefold().rstrip(".") != entry.title.casefold().rstrip(".")
    ]
    chosen: list[_Sentence] = []
    room = MAX_CHARACTERS
    matched = _matched(sentences, spans)
    for sentence in [*matched[:1], *sentences[:1], *matched[1:], *sentences[1:2]]:
        if len(chosen) == MAX_SENTENCES or any(sentence.text == other.text for other in chosen):
            continue
        if chosen and len(sentence.text) > room:
            continue
        chosen.append(sentence)
        room -= len(sentence.text) + len(_GAP)
    chosen.sort(key=sentences.index)
    pieces: list[Piece] = []
    for number, sentence in enumerate(chosen):
        if number:
            pieces.append(Piece(" " if _follows(chosen[number - 1], sentence, entry) else _GAP))
        shown = _narrowed(sentence, spans)
        if shown is not sentence and not number:
            pieces.append(Piece("… "))
        pieces.extend(_marked(shown, spans))
    return _cut(tuple(pieces))


def emphasise(text: str, field: Field, spans: Iterable[Span]) -> Text:
    """`text`, which is the whole of `field`, with what matched in bold."""
    return tuple(_marked(_Sentence(field, 0, len(text), text), spans))


def _sentences(field: Field, text: str, language: str, spans: Iterable[Span]) -> list[_Sentence]:
    """The sentences of a field in order; of a long one, those of its first paragraphs and around its first matches."""
    found: dict[int, _Sentence] = {}
    for start, end in _regions(text, [span for span in spans if span.field is field][:_MATCHES]):
        for piece in get_sentence_boundaries(language, text[start:end]):
            raw = piece["text"]
            at = start + piece["start_index"] + len(raw) - len(raw.lstrip())
            if raw.strip():
                found.setdefault(at, _Sentence(field, at, at + len(raw.strip()), raw.strip()))
    return [found[at] for at in sorted(found)]


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


def _follows(first: _Sentence, second: _Sentence, entry: Entry) -> bool:
    """Whether nothing stands between two sentences."""
    between = texts(entry)[first.field][first.end : second.start] if first.field is second.field else "…"
    return not between.strip()


def _narrowed(sentence: _Sentence, spans: Sequence[Span]) -> _Sentence:
    """A sentence that is too long to be shown whole from the words before its first match on."""
    first = next((span for span in spans if sentence.holds(span)), None)
    if first is None or first.end - sentence.start < MAX_CHARACTERS:
        return sentence
    start = _after(sentence.text, first.start - sentence.start - MAX_CHARACTERS // 2, first.start - sentence.start)
    return replace(sentence, start=sentence.start + start, text=sentence.text[start:])


def _matched(sentences: Iterable[_Sentence], spans: Sequence[Span]) -> list[_Sentence]:
    return [sentence for sentence in sentences if any(sentence.holds(span) for span in spans)]


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
