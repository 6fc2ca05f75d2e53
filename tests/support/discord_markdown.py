"""Discord's markdown, read as its clients read it: simple-markdown's rules, in their order."""

import re
from dataclasses import dataclass, replace

# A rule's pattern is tried at each place, the first that holds takes its characters.
_ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])", re.ASCII)
_LINK = re.compile(
    r"\[((?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*)\]\(\s*<?((?:\([^)]*\)|[^\s\\]|\\.)*?)>?(?:\s+['\"](.*?)['\"])?\s*\)",
    re.DOTALL,
)
_ANGLE_LINK = re.compile(r"<(https?://[^\s<>]+)>")
_URL = re.compile(r"(?:https?|steam)://[^\s<]+[^<.,:;\"'\]\s]")
_OTHERS = {
    "mention": re.compile(r"<(?:@[!&]?|#)\d+>|@everyone|@here"),
    "special": re.compile(r"<(?:a?:\w+:\d+|t:-?\d+(?::[^f])?|/[^>]+:\d+|id:\w+)>"),
    "emoji": re.compile(r":[\w+-]+:", re.ASCII),
    "fence": re.compile(r"```.*?```", re.DOTALL),
    "spoiler": re.compile(r"\|\|.+?\|\|", re.DOTALL),
    "struck": re.compile(r"~~.+?~~", re.DOTALL),
    "underlined": re.compile(r"__((?:\\.|[^\\])+?)__(?!_)", re.DOTALL),
}
_TIME = re.compile(r"<t:(-?\d+):f>")
_CODE = re.compile(r"(`+)(.*?[^`])\1(?!`)", re.DOTALL)
_STRONG = re.compile(r"\*\*((?:\\.|[^\\])+?)\*\*(?!\*)", re.DOTALL)
_EMPHASIS = re.compile(
    r"\b_((?:__|\\.|[^\\_])+?)_\b|\*(?=\S)((?:\*\*|\\.|\s+(?:\\.|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)",
    re.DOTALL | re.ASCII,
)
_LINE = re.compile(r" *(?:#{1,3} |-# |>|[-*+] |\d+[.)] )", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shown:
    """Characters that are shown in one style."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    link: str | None = None
    at: int | None = None


def read(markdown: str) -> list[Shown]:
    """What a reader sees, neighbours of one style together.

    Raises:
        AssertionError: there is a mention, an emoji, a bare link, a heading, or another markup that we never write.
    """
    for line in markdown.split("\n"):
        assert not _LINE.match(line), f"a line that is more than text: {line!r}"
    shown: list[Shown] = []
    for one in _inline(markdown, Shown("")):
        if shown and replace(shown[-1], text="") == replace(one, text=""):
            shown[-1] = replace(one, text=shown[-1].text + one.text)
        else:
            shown.append(one)
    return shown


def _inline(source: str, style: Shown) -> list[Shown]:
    shown: list[Shown] = []
    at = 0
    while at < len(source):
        # As there, each rule sees only what is left.
        rest = source[at:]
        if match := _ESCAPE.match(rest):
            shown.append(replace(style, text=match[1]))
        elif match := _TIME.match(rest):
            shown.append(replace(style, text=match[0], at=int(match[1])))
        elif match := _ANGLE_LINK.match(rest):
            shown.append(replace(style, text=match[1], link=match[1]))
        elif (match := _LINK.match(rest)) and style.link is None:
            shown += _inline(match[1], replace(style, link=match[2]))
        elif match := _CODE.match(rest):
            shown.append(replace(style, text=match[2], code=True))
        elif match := _STRONG.match(rest):
            shown += _inline(match[1], replace(style, bold=True))
        elif match := _EMPHASIS.match(rest):
            shown += _inline(match[1] or match[2], replace(style, italic=True))
        else:
            assert not _URL.match(rest), f"a link that nobody wrote: {rest!r}"
            for name, pattern in _OTHERS.items():
                assert not pattern.match(rest), f"{name}: {rest!r}"
            shown.append(replace(style, text=rest[0]))
            at += 1
            continue
        at += match.end()
    return shown
