"""English words, by the SPECIALIST Lexicon of the National Library of Medicine, as lemminflect carries it.

A form stands there with its lemmas in every part of speech: "left" is an adjective, a noun, and leave's past. How
likely each of them is, it does not say.
"""

from collections.abc import Iterator

from lemminflect import config
from lemminflect.codecs.LemmaLUCodec import LemmaLUCodec


def readings() -> Iterator[tuple[str, str]]:
    """Pairs of a form and a lemma that it is a form of, as they are written: the lemmas themselves among the forms."""
    for form, by_part_of_speech in LemmaLUCodec.load(config.lemma_lu_fn).items():
        for lemmas in by_part_of_speech.values():
            for lemma in lemmas:
                yield form, lemma
