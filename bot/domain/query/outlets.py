"""Names of outlets, by which a name of several words is known behind `source:` although nobody has put it in quotes."""

from collections.abc import Iterable, Sequence

from bot.domain.words import tokens

_ARTICLE = "the"
_LONGEST = 8  # words of a name that are looked at


class Outlets:
    """Some outlets' names, in which neither case nor accents count."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = {_words(name) for name in names} - {""}

    def reach(self, words: Sequence[str]) -> int:
        """How many of these words name an outlet: the most that stand in a name side by side, one where it is a name.

        0 where neither is so.
        """
        for count in range(min(len(words), _LONGEST), 1, -1):
            asked = f" {_words(' '.join(words[:count]))} "
            if asked.strip() and any(asked in f" {name} " for name in self._names):
                return count
        name = _words(words[0]) if words else ""
        return int(name in self._names or f"{_ARTICLE} {name}" in self._names)


def _words(name: str) -> str:
    return " ".join(token.folded for token in tokens(name))
