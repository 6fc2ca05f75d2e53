"""A digest's words: every alert in it, by filter and event, newest first, within what a message holds."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alerts import alert_message
from bot.digests import UNITS, digest_message
from bot.domain.chats import Address, ChatKind
from bot.domain.filters import Match
from bot.domain.rich import bare, text_units, to_plain, utf16_length
from bot.domain.stories import Entry
from bot.ports.outbox import ClaimedAlert, ClaimedDigest, Missed
from bot.texts import Texts
from handlers.on_telegram.html import fit, to_html
from support.clocks import StillClock
from support.telegram_markup import parse

SAY = Texts(clock=StillClock(1_800_000_000))  # 15 January 2027


def alert(number: int, title: str, *queries: str, outlet: str = "Le Monde", event: int = 0) -> ClaimedAlert:
    return ClaimedAlert(
        alert_id=number,
        chat_id=1,
        address=Address("telegram", "1"),
        kind=ChatKind.PRIVATE,
        attempts=0,
        plain=False,
        story_id=number,
        entry=Entry(title=title, url=f"https://outlet.example/{number}", published=1_800_000_000.0 + 60 * number),
        outlet=outlet,
        first_seen=1_800_001_000.0,
        matches=tuple(Match(query, ()) for query in queries),
        everything=not queries,
        reply_to=None,
        event_id=event or number,
    )


def read(*alerts: ClaimedAlert, waiting: int = 0) -> list[str]:
    message, told = digest_message(SAY, ClaimedDigest(alerts, waiting or len(alerts)))
    assert told.alerts == alerts
    return to_plain(message.text).split("\n")


def test_a_digest_groups_by_filter_and_names_the_newest_first() -> None:
    lines = read(
        alert(5, "EUMAM moves on", "EUMAM"),
        alert(4, "A coalition grows", "coalition"),
        alert(3, "EUMAM moves", "EUMAM"),
        alert(2, "Both", "EUMAM", "coalition"),
        alert(1, "Anything"),
    )
    assert lines == [
        "🗞 5 alerts that waited, newest first",
        "",
        "▸ EUMAM",
        "• EUMAM moves on – Le Monde, 15 Jan, 08:05",
        "• EUMAM moves – Le Monde, 15 Jan, 08:03",
        "",
        "▸ coalition",
        "• A coalition grows – Le Monde, 15 Jan, 08:04",
        "",
        "▸ EUMAM · coalition",
        "• Both – Le Monde, 15 Jan, 08:02",
        "",
        "▸ every story of Le Monde",
        "• Anything – Le Monde, 15 Jan, 08:01",
    ]


def test_what_there_is_on_one_event_stands_together() -> None:
    lines = read(
        alert(3, "It grows", "EUMAM", event=1), alert(2, "Other", "EUMAM"), alert(1, "It begins", "EUMAM", event=1)
    )
    assert [line.partition(" – ")[0] for line in lines[3:]] == ["• It grows", "   • It begins", "• Other"]


@pytest.mark.parametrize(
    ("told", "waiting", "top"),
    [
        (1, 1, "🗞 One alert that waited, newest first"),
        (2, 3, "🗞 The newest 2 of the alerts that waited; one more follows"),
        (2, 5000, "🗞 The newest 2 of the alerts that waited; 4,998 more follow"),
    ],
)
def test_a_digest_says_whether_others_follow(told: int, waiting: int, top: str) -> None:
    assert read(*(alert(number, "EUMAM", "EUMAM") for number in range(told)), waiting=waiting)[0] == top


def test_headlines_are_links_and_what_is_long_is_cut() -> None:
    long = replace(alert(1, "EUMAM " * 100, "EUMAM", outlet="The Gazette " * 9), entry=Entry(title="EUMAM " * 100))
    message, _ = digest_message(SAY, ClaimedDigest((alert(2, "EUMAM moves", "EUMAM"), long), 2))
    (link,) = [piece for piece in message.text if piece.link]
    assert (link.text, link.link) == ("EUMAM moves", "https://outlet.example/2")
    assert len(to_plain(message.text).split("\n")[-1]) < 240


@pytest.mark.parametrize(
    ("entry", "shown"),
    [
        (Entry(title="", summary="A lead."), "• A lead."),
        (Entry(title="", url="https://outlet.example/a"), "• https://outlet.example/a"),
        (Entry(), "• —"),
        (Entry(title="Two\nlines"), "• Two lines"),
    ],
    ids=["no title", "an address only", "nothing", "a title of two lines"],
)
def test_whatever_a_story_holds_it_has_its_line(entry: Entry, shown: str) -> None:
    assert read(replace(alert(1, "", "EUMAM"), entry=entry))[3].startswith(shown)


def test_a_chat_that_returns_reads_above_the_first_digest_what_waited() -> None:
    first = replace(alert(2, "EUMAM", "EUMAM"), missed=Missed(1_800_000_000.0, 40))
    expected = (
        "While this chat took no messages, 40 alerts have waited, the first since 15 Jan, 08:00. "
        "They come now, or with your digest."
    )
    assert read(first, alert(1, "EUMAM", "EUMAM"))[:2] == [expected, ""]
    lines = to_plain(alert_message(SAY, first).text).split("\n")
    assert lines[:3] == [expected, "", "EUMAM"]


def test_a_digest_has_as_much_as_its_platform_takes() -> None:
    alerts = tuple(alert(number, f"EUMAM moves, part {number}: " + "and on " * 20, "EUMAM") for number in range(30))
    whole, all_told = digest_message(SAY, ClaimedDigest(alerts, 30))
    _, told = digest_message(SAY, ClaimedDigest(alerts, 30), lambda text: 3 * text_units(text))
    assert len(all_told.alerts) > len(told.alerts) > 1
    assert told.rest == tuple(one.alert_id for one in alerts[len(told.alerts) :])
    assert len(whole.key) <= 25


def test_a_plain_digest_names_the_addresses_of_as_many_alerts_as_then_have_room() -> None:
    alerts = tuple(
        replace(
            alert(number, "", "EUMAM"),
            plain=True,
            entry=Entry(title=f"EUMAM moves, part {number}", url=f"https://outlet.example/{number}/{'x' * 200}"),
        )
        for number in range(30)
    )
    message, told = digest_message(SAY, ClaimedDigest(alerts, 30))
    shown = to_plain(fit(bare(message.text)))
    assert 10 < len(told.alerts) < 30
    assert all(f"{one.entry.title} {one.entry.url} – " in shown for one in told.alerts)
    assert utf16_length(shown) <= UNITS


def test_what_tells_a_digest_from_all_others_is_of_which_alerts_it_is() -> None:
    alerts = tuple(alert(number, "EUMAM moves") for number in range(3))
    first, again, fewer = (digest_message(SAY, ClaimedDigest(told, 3))[0].key for told in (alerts, alerts, alerts[:2]))
    assert first == again != fewer


@pytest.mark.parametrize(("silent", "expected"), [((True, True), True), ((True, False), False)])
def test_a_digest_makes_no_sound_if_none_of_its_alerts_would(silent: tuple[bool, bool], expected: bool) -> None:
    alerts = tuple(replace(alert(number, "EUMAM", "EUMAM"), silent=quiet) for number, quiet in enumerate(silent))
    assert digest_message(SAY, ClaimedDigest(alerts, 2))[0].silent is expected
    assert digest_message(SAY, ClaimedDigest(tuple(replace(one, plain=True) for one in alerts), 2))[0].plain


TITLES = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
ALERTS = st.lists(
    st.builds(
        lambda title, query, outlet, event: alert(1, title, *([query] if query else []), outlet=outlet, event=event),
        TITLES,
        st.sampled_from(["", "EUMAM", "coalition", "x" * 500]),
        TITLES,
        st.integers(1, 5),
    ),
    min_size=1,
    max_size=40,
)


@given(ALERTS)
def test_whatever_it_tells_a_digest_is_within_the_limits_and_what_has_no_room_is_the_oldest(
    alerts: list[ClaimedAlert],
) -> None:
    alerts = [replace(one, alert_id=number) for number, one in enumerate(alerts)]
    message, told = digest_message(SAY, ClaimedDigest(tuple(alerts), len(alerts)))
    assert utf16_length(to_plain(message.text)) <= UNITS
    assert [one.alert_id for one in told.alerts] + list(told.rest) == list(range(len(alerts)))
    assert told.alerts
    assert to_plain(message.text).count("• ") >= len(told.alerts), "each has its line"
    text, entities = parse(to_html(message.text))
    assert text == to_plain(fit(message.text)), "and nothing of it was cut"
    assert len(entities) <= 100
