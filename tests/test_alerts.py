"""An alert's words: what a chat reads of a story, and why it reads it."""

from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts import alert_message, byline, headline, why
from bot.domain.chats import Address, ChatKind
from bot.domain.filters import Analysis, Field, FilterIndex, Match, Span
from bot.domain.query import parse
from bot.domain.rich import Piece, Text, to_plain
from bot.domain.stories import Entry
from bot.ports.outbox import ClaimedAlert
from bot.texts import Texts
from support.clocks import StillClock

URL = "https://www.lemonde.fr/a"
STORY = Entry(
    url=URL,
    title="EU calls for military instructors",
    summary="Ministers met in Paris. They agreed.",
    content="Ministers met in Paris. They agreed. The mission EUMAM would train them.",
    published=1_800_000_000.0,
    language="fr",
)


SAY = Texts(clock=StillClock(1_800_000_000))  # 15 January 2027


@pytest.fixture
def say() -> Texts:
    return SAY


def matched(entry: Entry, *queries: str) -> tuple[Match, ...]:
    return tuple(FilterIndex(map(parse, queries)).match(Analysis(entry)))


def alert(entry: Entry = STORY, *queries: str, everything: bool = False) -> ClaimedAlert:
    return ClaimedAlert(
        alert_id=1,
        chat_id=1,
        address=Address("console", "1"),
        kind=ChatKind.PRIVATE,
        attempts=0,
        plain=False,
        story_id=1,
        entry=entry,
        outlet="Le Monde",
        first_seen=1_800_000_100.0,
        matches=matched(entry, *queries),
        everything=everything,
        reply_to=None,
    )


def bold(text: Text) -> list[str]:
    return [piece.text for piece in text if piece.bold]


def test_an_alert_tells_what_where_from_and_why(say: Texts) -> None:
    message = alert_message(say, alert(STORY, "military instructors", "EUMAM"))
    assert to_plain(message.text).split("\n") == [
        "EU calls for military instructors",
        "Le Monde · 15 Jan, 08:00 · French",
        "",
        "Ministers met in Paris. They agreed. … The mission EUMAM would train them.",
        "",
        "▸ EUMAM, in the article's text",
        "▸ military instructors, in the title",
    ]


def test_an_alert_goes_out_as_it_was_claimed(say: Texts) -> None:
    message = alert_message(say, replace(alert(STORY, "EUMAM"), plain=True, reply_to="42"))
    assert (message.plain, message.reply_to, message.silent, message.buttons) == (True, "42", False, ())


def test_an_alert_is_given_in_parts_too(say: Texts) -> None:
    story = STORY._replace(image="https://lemonde.fr/a.jpg")
    claimed = replace(alert(story, "EUMAM"), also=("Euractiv", "AFP", "DW"), held="quiet", made_at=1_800_000_000.4)
    card = alert_message(say, claimed).card
    assert card is not None
    assert to_plain(card.title) == "EU calls for military instructors"
    assert (card.url, card.outlet, card.language) == (URL, "Le Monde", "French")
    assert (card.published, card.image) == (1_800_000_000.0, "https://lemonde.fr/a.jpg")
    assert "held since" in to_plain(card.notes)
    assert bold(card.summary) == ["EUMAM"]
    assert to_plain(card.why) == "▸ EUMAM, in the article's text"
    assert card.also == ("Also", "Euractiv, AFP +1")
    assert card.filters == ("EUMAM",)
    bare = alert_message(say, alert(Entry(title="x"))).card
    assert bare is not None
    assert (bare.also, bare.notes, bare.url, bare.language) == (None, (), None, "")


def test_what_tells_an_alert_from_all_others_is_the_same_at_each_try(say: Texts) -> None:
    claimed = replace(alert(), alert_id=12, made_at=1_800_000_000.4)
    again = replace(claimed, attempts=3, plain=True, also=("Euractiv",))
    assert alert_message(say, claimed).key == alert_message(say, again).key == "a12-1800000000"
    in_another_file = replace(claimed, made_at=1_900_000_000.0)
    assert alert_message(say, in_another_file).key != "a12-1800000000"


def test_an_alert_for_every_story_says_so(say: Texts) -> None:
    lines = to_plain(alert_message(say, alert(everything=True)).text).split("\n")
    assert lines[-2:] == ["", "▸ every story of Le Monde"]


def test_an_alert_may_be_both(say: Texts) -> None:
    lines = to_plain(alert_message(say, alert(STORY, "EUMAM", everything=True)).text).split("\n")
    assert lines[-2:] == ["▸ EUMAM, in the article's text", "▸ every story of Le Monde"]


def test_a_story_that_is_a_headline_has_no_summary(say: Texts) -> None:
    lines = to_plain(alert_message(say, alert(Entry(title="EUMAM begins", url=URL), "EUMAM")).text).split("\n")
    assert lines == ["EUMAM begins", "Le Monde · 15 Jan, 08:01", "", "▸ EUMAM, in the title"]


def test_the_headline_is_linked_and_its_matched_words_stand_out() -> None:
    spans = [span for match in matched(STORY, "military instructors", "EUMAM") for span in match.spans]
    assert headline(STORY, spans) == (
        Piece("EU calls for ", bold=True, link=URL),
        Piece("military instructors", bold=True, italic=True, link=URL),
    )


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        pytest.param(Entry(title="T", summary="S", url=URL), "T", id="a title"),
        pytest.param(Entry(summary="S", url=URL), "S", id="no title: the lead"),
        pytest.param(Entry(url=URL), URL, id="nothing but a link"),
        pytest.param(Entry(), "—", id="nothing at all"),
    ],
)
def test_a_story_without_a_title_has_a_headline_too(entry: Entry, told: str) -> None:
    pieces = headline(entry, [])
    assert to_plain(pieces) == told
    assert all(piece.bold and piece.link == entry.url for piece in pieces)


def test_what_matched_elsewhere_does_not_mark_a_lead_that_stands_for_the_title() -> None:
    assert headline(Entry(summary="abc"), [Span(Field.TITLE, 0, 1)]) == (Piece("abc", bold=True),)


@pytest.mark.parametrize(
    ("title", "query", "told"),
    [
        pytest.param("a" * 300, "x", "a" * 300, id="as long as it may be"),
        pytest.param("a" * 301, "x", "a" * 300 + "…", id="one character more"),
        pytest.param("a" * 294 + " EUMAM" + " b", "EUMAM", "a" * 294 + " EUMAM…", id="cut after a matched word"),
        pytest.param("a" * 296 + " EUMAM b", "EUMAM", "a" * 296 + " EUM…", id="cut in a matched word"),
        pytest.param(
            "EUMAM " + "a " * 5000 + "EUMAM", "EUMAM", "EUMAM " + "a " * 147 + "…", id="an article as a title"
        ),
    ],
)
def test_a_headline_that_is_too_long_is_cut_and_says_so(title: str, query: str, told: str) -> None:
    entry = Entry(title=title, url=URL)
    spans = [span for match in matched(entry, query) for span in match.spans]
    assert to_plain(headline(entry, spans)) == told


@given(st.lists(st.sampled_from(["EUMAM", "word", "😀", "x" * 99]), max_size=40).map(" ".join))
def test_no_headline_is_longer_than_it_may_be(title: str) -> None:
    entry = Entry(title=title, url=URL)
    told = to_plain(headline(entry, [span for match in matched(entry, "EUMAM") for span in match.spans]))
    assert told == (title or URL) if len(title) <= 300 else told == title[:300] + "…"


@pytest.mark.parametrize(
    ("entry", "outlet", "first_seen", "told"),
    [
        pytest.param(STORY, "Le Monde", None, "Le Monde · 15 Jan, 08:00 · French", id="all of it"),
        pytest.param(STORY, "", 2e9, "lemonde.fr · 15 Jan, 08:00 · French", id="a feed without a name"),
        pytest.param(Entry(), "Le Monde", 60.0, "Le Monde · 1 Jan 1970, 00:01", id="no date: when it was first seen"),
        pytest.param(
            STORY, "Le Monde", 60.0, "Le Monde · 1 Jan 1970, 00:01 · French", id="of the future when it was seen"
        ),
        pytest.param(Entry(), "Le Monde", None, "Le Monde", id="no date at all"),
        pytest.param(Entry(published=0.0), "X", 60.0, "X · 1 Jan 1970, 00:00", id="the first instant is a date"),
        pytest.param(Entry(language="xx"), "X", None, "X · xx", id="a language that is not known"),
        pytest.param(Entry(), "", None, "", id="nothing known"),
    ],
)
def test_the_byline_says_outlet_time_and_language(
    say: Texts, entry: Entry, outlet: str, first_seen: float | None, told: str
) -> None:
    assert byline(say, entry, outlet, first_seen) == told


def test_the_language_is_the_one_that_the_story_is_in_whatever_it_declares(say: Texts) -> None:
    found = replace(alert(), language="uk")
    message = alert_message(say, found)
    assert to_plain(message.text).split("\n")[1] == "Le Monde · 15 Jan, 08:00 · Ukrainian"
    assert message.card is not None
    assert message.card.language == "Ukrainian"


def test_the_time_is_the_chats() -> None:
    assert "15 Jan, 10:00" in byline(SAY.in_zone(timezone(timedelta(hours=2))), STORY, "X", None)


@pytest.mark.parametrize(
    ("entry", "query", "told"),
    [
        pytest.param(STORY, "EUMAM", "▸ EUMAM, in the article's text", id="the words of the query"),
        pytest.param(STORY, "Military Instructors", "▸ Military Instructors, in the title", id="in another case"),
        pytest.param(
            Entry(title="Armée", content="l'armee"), "armée",
            "▸ armée: “Armée, armee”, in the title, the article's text", id="two forms in two places",
        ),
        pytest.param(
            Entry(summary="War, peace, WAR, PEACE, war"), "peace, war",
            "▸ peace, war: “War, peace”, in the lead", id="each form once, in reading order",
        ),
        pytest.param(
            Entry(content="a b c d a"), "a, b, c, d", "▸ a, b, c, d: “a, b, c”, in the article's text",
            id="the first three forms",
        ),
    ],
)  # fmt: skip
def test_the_reason_names_the_filter_the_words_and_the_places(say: Texts, entry: Entry, query: str, told: str) -> None:
    (match,) = matched(entry, query)
    reason = why(say, entry, match)
    assert to_plain(reason) == told
    assert bold(reason) == [match.query]


def test_a_filter_that_matched_an_earlier_version_says_so(say: Texts) -> None:
    assert to_plain(why(say, STORY, Match("war", ()))) == "▸ war, in an earlier version"


def test_a_filter_that_held_by_no_word_is_named_alone(say: Texts) -> None:
    assert to_plain(why(say, STORY, Match("source:lemonde.fr", ()))) == "▸ source:lemonde.fr"
    assert to_plain(why(say, STORY, Match("lang:", ()))) == "▸ lang:, in an earlier version"


HOSTILE = ["<b>x</b>", "</b>", "{ $x }", "\ue0000\ue001", "\ue000", "<script>", "&amp;", "a\nb", "EUMAM"]
HOSTILES = st.lists(st.sampled_from(HOSTILE), min_size=1, max_size=5).map(" ".join)


@given(HOSTILES, HOSTILES, HOSTILES, HOSTILES)
def test_whatever_a_feed_holds_is_shown_as_it_is(title: str, summary: str, outlet: str, query: str) -> None:
    entry = Entry(title=title, summary=summary, url=URL)
    claimed = replace(
        alert(entry, "EUMAM", everything=True),
        outlet=outlet,
        matches=(*matched(entry, "EUMAM"), Match(query, (Span(Field.TITLE, 0, len(title)),))),
    )
    message = alert_message(SAY, claimed)
    told = to_plain(message.text)
    assert told.startswith(f"{title}\n{outlet} · ")
    assert told.endswith(f"every story of {outlet}")
    assert query in told
    assert {piece.link for piece in message.text} <= {None, URL}
    assert not any(piece.code for piece in message.text)
