"""What might have been meant by a query that finds nothing: its words anywhere in a story, or spelled as stories do.

Whether an alternative finds anything is not known here.
"""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches

from bot.domain.query import And, Near, Node, Not, Or, Phrase, Query, Scoped, Word
from bot.domain.query.tree import all_of, any_of

_LIKE = 0.8  # of 1: about one letter in five to eight


def scattered(query: Query) -> Query | None:
    """The same words, anywhere in a story instead of side by side; None where no phrase has several."""
    made = _rebuilt(query.root, _scatter)
    return None if made == query.root else Query(made)


def respelled(query: Query, spellings: Mapping[Word, str]) -> Query | None:
    """The query with some of its words spelled otherwise; None where it holds none of these."""

    def respell(phrase: Phrase) -> Node:
        if spellings.keys().isdisjoint(phrase.words):
            return phrase
        words = tuple(Word(spellings[word]) if word in spellings else word for word in phrase.words)
        return Phrase(" ".join(word.form for word in words), words)

    made = _rebuilt(query.root, respell)
    return None if made == query.root else Query(made)


def closest(word: Word, written: Iterable[str]) -> str | None:
    """The word among these, folded ones, that is spelled most like a query's; None where none is."""
    return next(iter(get_close_matches(word.folded, written, n=1, cutoff=_LIKE)), None)


def _scatter(phrase: Phrase) -> Node:
    if len(phrase.words) == 1:
        return phrase
    return all_of([Phrase(word.form, (word,)) for word in phrase.words])


def _rebuilt(node: Node, change: Callable[[Phrase], Node]) -> Node:
    """The tree with its phrases changed; what is not to be there stays as it is, and so does what is to be near."""
    match node:
        case Phrase():
            return change(node)
        case And(parts):
            return all_of([_rebuilt(part, change) for part in parts])
        case Or(parts):
            return any_of([_rebuilt(part, change) for part in parts])
        case Scoped(scope, part):
            return Scoped(scope, _rebuilt(part, change))
        case Near(words, one, other):
            return Near(words, _kept(one, change), _kept(other, change))
        case Not():
            return node
        case _:
            return node


def _kept(node: Node, change: Callable[[Phrase], Node]) -> Node:
    made = _rebuilt(node, change)
    return made if isinstance(made, Phrase) else node
