"""Texts for people: each that the code names exists, each that exists is named, and arguments stay arguments."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, timedelta, timezone
from functools import cache
from pathlib import Path

import pytest
from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import SEEMS, FetchKind
from bot.domain.explain import Why
from bot.domain.filters import Field
from bot.domain.health import EXPIRED
from bot.domain.rich import Piece, Text, to_plain
from bot.domain.telling import Mode
from bot.pipeline import CUT_OFF
from bot.texts import DEFAULT_LANGUAGE, Texts
from handlers.commands import COMMANDS
from support.clocks import StillClock

ROOT = Path(__file__).parents[1]
LOCALES = ROOT / "bot" / "locales"
LANGUAGES = sorted(path.stem for path in LOCALES.glob("*.ftl"))
SOURCES = sorted(path for layer in ("bot", "handlers", "storage") for path in (ROOT / layer).rglob("*.py"))

# Keys that are put together, by what stands before the part that varies.
TOLD_APART = (401, 403, 404, 410, 429)
"""Statuses that mean something of their own."""
FAMILIES: dict[str, set[str]] = {
    "menu-": {command.name for command in COMMANDS},
    "help-": {command.name for command in COMMANDS},
    "discord-right-": {"view", "send", "send-in-threads", "embed", "history"},
    "option-": {f"{command.name}-{option.name}" for command in COMMANDS for option in command.options},
    "field-": {field.value for field in Field},
    "fetch-": {*(kind.value for kind in FetchKind), *(f"status-{status}" for status in TOLD_APART)},
    "not-a-feed-": set(SEEMS),
    "try-": {"due", "held", "claimed", "sent", "muted"},  # states of an alert that names a filter
    "try-why-": {why.value for why in Why},
    "hint-": {"operator", "source"},
    "span-": {"seconds", "minutes", "hours", "days"},
    **{f"{what}-": set(Mode) for what in ("mode-done", "settings-mode", "button-mode")},
    "alert-held-": {"quiet", "digest", "pause"},
    "status-held-": {"quiet", "digest", "retry"},
    "status-gone-": {"rights", "hidden", "closed", "tag", "direct", "back", "since"},
    "button-mute-": {"word", "outlet", "event"},
    "health-": {
        "empty",
        "frozen",
        "ended",
        CUT_OFF,
        EXPIRED,
        *(kind.value for kind in FetchKind if kind is not FetchKind.HELD),  # one that is not asked has not failed
        *(f"status-{status}" for status in TOLD_APART),
        *(f"not-a-feed-{seems}" for seems in SEEMS),
    },
}
# Calls whose first argument is a key, and what stands before it.
CALLS = {"say": "", "_say": "", "UserError": "", "QueryError": "query-", "Fault": "query-", "_fault": "query-"}


def _named(call: ast.Call) -> str | None:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return None


def _keys(argument: ast.expr, before: str) -> Iterator[tuple[str, bool]]:
    """The keys, or beginnings of keys (True), that an expression may give."""
    match argument:
        case ast.Constant(value=str(key)):
            yield before + key, False
        case ast.IfExp(body=one, orelse=other):
            yield from _keys(one, before)
            yield from _keys(other, before)
        case (
            ast.JoinedStr(values=[ast.Constant(value=str(beginning)), *_])
            | ast.BinOp(left=ast.Constant(value=str(beginning)))
        ):
            yield before + beginning, True


@cache
def keys_in_code() -> tuple[frozenset[str], frozenset[str]]:
    """All keys, and all beginnings of keys, that the sources name."""
    found: set[tuple[str, bool]] = set()
    for path in SOURCES:
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _named(node) in CALLS and node.args:
                found.update(_keys(node.args[0], CALLS[str(_named(node))]))
            elif isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["key"]:
                found.update(_keys(node.value, ""))
    return frozenset(key for key, open_ in found if not open_), frozenset(key for key, open_ in found if open_)


def keys_wanted() -> set[str]:
    literal, beginnings = keys_in_code()
    return set(literal) | {beginning + end for beginning in beginnings for end in FAMILIES.get(beginning, ())}


class _Variables(Visitor):
    """The variables of a message, and which of them choose a variant."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.numbers: set[str] = set()

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:  # noqa: N802  # the visitor's convention
        self.names.add(node.id.name)

    def visit_SelectExpression(self, node: ftl.SelectExpression) -> None:  # noqa: N802  # the visitor's convention
        if isinstance(node.selector, ftl.VariableReference):
            self.numbers.add(node.selector.id.name)
        self.generic_visit(node)


@cache
def messages(language: str) -> dict[str, _Variables]:
    parsed = FluentParser().parse((LOCALES / f"{language}.ftl").read_text("utf-8"))
    junk = [entry for entry in parsed.body if isinstance(entry, ftl.Junk)]
    assert not junk, [entry.content for entry in junk]
    found: dict[str, _Variables] = {}
    for entry in parsed.body:
        if isinstance(entry, ftl.Message):
            assert entry.id.name not in found, f"{entry.id.name} stands there twice"
            variables = _Variables()
            variables.visit(entry)
            found[entry.id.name] = variables
    return found


EVERY_MESSAGE = [
    pytest.param(language, key, id=f"{language}: {key}") for language in LANGUAGES for key in messages(language)
]


@cache
def texts_in(language: str) -> Texts:
    return Texts(language)


def texts(source: str) -> Texts:
    """Texts of a file that a test wrote."""
    made = Texts()
    made._bundle = FluentBundle(["en"], use_isolating=False)
    made._bundle.add_resource(FluentResource(source))
    return made


def test_the_scan_of_the_sources_finds_keys_of_every_shape() -> None:
    literal, beginnings = keys_in_code()
    assert {"watch-done", "query-empty", "pause-already", "pause-done", "private-unclaimed", "alert-why"} <= literal
    assert {"menu-", "fetch-", "health-", "field-"} <= beginnings
    assert len(literal) > 70


def test_every_family_of_keys_in_the_code_is_one_that_this_test_knows() -> None:
    _, beginnings = keys_in_code()
    known = {*FAMILIES, "query-"}  # QueryError puts its own beginning before its keys
    assert {beginning for beginning in beginnings if not beginning.startswith(f"fetch-{FetchKind.ADDRESS}")} <= known


def test_every_key_that_the_code_names_has_its_text() -> None:
    assert keys_wanted() - set(messages(DEFAULT_LANGUAGE)) == set()


def test_every_text_is_named_by_the_code() -> None:
    assert set(messages(DEFAULT_LANGUAGE)) - keys_wanted() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_texts_with_the_same_variables(language: str) -> None:
    ours, first = messages(language), messages(DEFAULT_LANGUAGE)
    assert set(ours) == set(first)
    for key, variables in ours.items():
        assert variables.names == first[key].names, key


@pytest.mark.parametrize(("language", "key"), EVERY_MESSAGE)
def test_every_text_is_written_with_its_arguments_as_they_are(language: str, key: str) -> None:
    variables = messages(language)[key]
    say = texts_in(language)
    for count in (0, 1, 2, 5, 21):
        args: dict[str, str | float | Text] = {
            name: count if name in variables.numbers else f"<b>{name}</b>" for name in variables.names
        }
        pieces = say(key, **args)
        told = to_plain(pieces)
        assert told.strip()
        assert not re.search(r"[{}\ue000\ue001]|</?[bi]>|</?code>", re.sub(r"<b>\w+</b>", "", told))
        assert all(piece.text for piece in pieces)


@pytest.mark.parametrize(("language", "key"), EVERY_MESSAGE)
def test_every_texts_markup_is_balanced(language: str, key: str) -> None:
    source = (LOCALES / f"{language}.ftl").read_text("utf-8")
    (body,) = re.findall(
        rf"^{re.escape(key)} =(.*?)(?=^\S|\Z)", source.replace("\n}", "\n }"), re.MULTILINE | re.DOTALL
    )
    for variant in re.split(r"\n\s*\*?\[", body):
        open_: list[str] = []
        for slash, tag in re.findall(r"<(/?)(\w+)>", variant):
            assert tag in {"b", "i", "code"}
            if slash:
                assert open_.pop() == tag
            else:
                open_.append(tag)
        assert not open_


@pytest.mark.parametrize(("language", "key"), EVERY_MESSAGE)
def test_a_text_whose_argument_is_missing_says_so(language: str, key: str) -> None:
    say = texts_in(language)
    if messages(language)[key].names:
        with pytest.raises(ValueError, match=key):
            say(key)
    else:
        assert say(key)


def test_a_text_that_is_not_there_is_missing_loudly() -> None:
    say = Texts()
    with pytest.raises(KeyError, match="no-such-text"):
        say("no-such-text")
    assert not say.has("no-such-text")
    assert say.has("never")


def test_a_text_without_a_value_is_missing_loudly() -> None:
    say = texts("hollow =\n    .label = x\n")
    with pytest.raises(KeyError, match="hollow"):
        say("hollow")


def test_a_language_that_is_not_there_is_missing_loudly() -> None:
    with pytest.raises(FileNotFoundError):
        Texts("tlh")


@pytest.mark.parametrize(
    ("template", "pieces"),
    [
        pytest.param("plain", (Piece("plain"),), id="plain"),
        pytest.param("a <b>b</b> c", (Piece("a "), Piece("b", bold=True), Piece(" c")), id="bold"),
        pytest.param("<i>a</i><code>b</code>", (Piece("a", italic=True), Piece("b", code=True)), id="italic and code"),
        pytest.param(
            "<b>a <i>b</i></b>", (Piece("a ", bold=True), Piece("b", bold=True, italic=True)), id="one in the other"
        ),
        pytest.param("a < b <u>c</u>", (Piece("a < b <u>c</u>"),), id="what is no markup of ours"),
        pytest.param("<b>{ $x }</b>", (Piece("<i>&</i>", bold=True),), id="an argument takes the style around it"),
        pytest.param("{ $x }{ $x }", (Piece("<i>&</i>"), Piece("<i>&</i>")), id="an argument twice"),
        pytest.param("{ $n }%", (Piece("7%"),), id="a number"),
        pytest.param(
            "<code>{ $t }</code>",
            (Piece("<b>", italic=True, code=True, link="https://x.example"), Piece("y", bold=True, code=True)),
            id="a text keeps its own style and its link",
        ),
    ],
)
def test_a_template_becomes_pieces(template: str, pieces: Text) -> None:
    say = texts(f"key = {template}\n")
    styled = (Piece("<b>", italic=True, link="https://x.example"), Piece("y", bold=True))
    assert say("key", x="<i>&</i>", n=7, t=styled, unused="z") == pieces


HOSTILE = st.lists(
    st.sampled_from(
        [
            "<b>",
            "</b>",
            "<code>",
            "{ $y }",
            "{",
            "}",
            "\ue0000\ue001",
            "\ue0001\ue001",
            "\ue000",
            "\ue001",
            "0",
            "\n",
            "é",
        ]
    ),
    max_size=8,
).map("".join) | st.text(max_size=20)


@cache
def styled_template() -> Texts:
    return texts("key = <b>{ $x }</b>|{ $y }|<i>{ $x }</i>\n")


@given(HOSTILE, HOSTILE)
@settings(max_examples=200)
def test_no_argument_becomes_markup_or_another_argument(x: str, y: str) -> None:
    pieces = styled_template()("key", x=x, y=y)
    expected = (Piece(x, bold=True), Piece("|"), Piece(y), Piece("|"), Piece(x, italic=True))
    assert pieces == tuple(piece for piece in expected if piece.text)


@pytest.mark.parametrize(
    ("instant", "zone", "told"),
    [
        pytest.param(1_800_000_000.0, UTC, "15 Jan, 08:00", id="in UTC"),
        pytest.param(1_800_000_000.0, timezone(timedelta(hours=2)), "15 Jan, 10:00", id="in a zone"),
        pytest.param(1_798_759_800.0, UTC, "31 Dec 2026, 23:30", id="in another year"),
        pytest.param(1_798_759_800.0, timezone(timedelta(hours=1)), "1 Jan, 00:30", id="in another year in UTC only"),
        pytest.param(-62_135_596_800.0, timezone(timedelta(hours=-5)), "1 Jan 1, 19:00", id="the year 1, west of it"),
        pytest.param(
            253_402_300_799.0, timezone(timedelta(hours=14)), "31 Dec 9999, 14:00", id="the year 9999, east of it"
        ),
        pytest.param(float("inf"), UTC, "31 Dec 9999, 00:00", id="never"),
        pytest.param(-1e300, UTC, "2 Jan 1, 00:00", id="long ago"),
    ],
)
def test_any_instant_can_be_told(instant: float, zone: timezone, told: str) -> None:
    assert Texts(clock=StillClock(1_800_000_000)).in_zone(zone).when(instant) == told


def test_without_a_clock_no_year_goes_without_saying() -> None:
    assert Texts().when(1_800_000_000.0) == "15 Jan 2027, 08:00"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        pytest.param("uk", "Ukrainian", id="a language"),
        pytest.param("xx", "xx", id="none"),
        pytest.param("", "", id="nothing"),
        pytest.param("a_b_c_d_e", "a_b_c_d_e", id="nonsense"),
        pytest.param("и", "и", id="no letters of a code"),
    ],
)
def test_a_language_is_named_where_it_is_known(code: str, name: str) -> None:
    assert Texts().language_name(code) == name


@pytest.mark.parametrize(
    ("key", "arguments", "told"),
    [
        ("health-rhythm", {"stories": 1.0, "every": "hour"}, "about one story a day, asked every hour"),
        ("health-rhythm", {"stories": 0.0, "every": "day"}, "hardly a story these days, asked every day"),
        ("health-rhythm", {"stories": 1.5, "every": "hour"}, "about 1.5 stories a day, asked every hour"),
        ("tried-supply", {"feeds": 1, "stories": 1.0}, "One feed is watched, which brings about one story a day."),
        ("tried-supply", {"feeds": 2, "stories": 0.0}, "2 feeds are watched, which bring hardly a story these days."),
        ("status-stories", {"count": 1, "matches": 1, "filters": 1}, "Last 7 days: one story, 1 matched your filter."),
    ],
)
def test_one_and_none_are_said_as_people_say_them(key: str, arguments: dict[str, str | float], told: str) -> None:
    assert to_plain(Texts()(key, **arguments)) == told
