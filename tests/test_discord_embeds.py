"""An alert as Discord gets it: each part in its place, whatever a feed holds, within Discord's limits."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.digests import UNITS, digest_message
from bot.domain.chats import Address, Button, Card, ChatKind, Message
from bot.domain.filters import Match
from bot.domain.rich import Piece, Text, plain, to_plain, utf16_length
from bot.domain.stories import Entry
from bot.ports.outbox import ClaimedAlert, ClaimedDigest
from bot.texts import Texts
from handlers.on_discord.embeds import (
    TooLong,
    flags,
    is_the_same,
    marker,
    payload,
    post_name,
    post_tags,
    units,
)
from support.discord_markdown import read
from support.discord_schema import embed_size, load, message_errors

SAY = Texts()
CARD = Card(
    title=(Piece("EU calls for ", bold=True), Piece("instructors", bold=True, italic=True)),
    url="https://lemonde.example/a",
    outlet="Le Monde",
    language="French",
    published=1_800_000_000.0,
    summary=(Piece("Ministers met. "), Piece("EUMAM", bold=True), Piece(" would train them.")),
    why=plain("▸ EUMAM, in the text"),
    also=("Also", "Euractiv, AFP +1"),
    image="https://lemonde.example/a.jpg",
    filters=("EUMAM",),
)
MUTES = ((Button("🔇 EUMAM", "11"), Button("🔇 this event", "12")),)
ALERT = Message(plain("EU calls for instructors"), MUTES, card=CARD, key="a1-1800000000")

characters = st.text(
    st.characters() | st.sampled_from("*_~`|<>[]()@#-:\\ \n\x00\ud800\u202e\u200b🇺ж"), max_size=60
) | st.builds(
    lambda one, times: one * times, st.sampled_from(["*", "a", "🇺", "é ", "\u200b", "]("]), st.integers(0, 2500)
)
texts = st.lists(st.builds(Piece, characters, st.booleans(), link=st.none() | st.just("https://a.b/c")), max_size=3)
urls = (
    st.none()
    | characters
    | st.sampled_from(
        [
            "https://a.b/c",
            "http://ä.example/ö?x=ü#y",
            "ftp://a.b",
            "https://",
            "https://a.b:99999/",
            "http://[::1]:8080/x",
            "//a",
        ]
    )
)
cards = st.builds(
    Card,
    title=texts.map(tuple),
    url=urls,
    outlet=characters,
    language=characters,
    published=st.none() | st.floats(allow_nan=False),
    notes=texts.map(tuple),
    summary=texts.map(tuple),
    why=texts.map(tuple),
    also=st.none() | st.tuples(characters, characters),
    image=urls,
)
buttons = st.lists(
    st.lists(st.builds(Button, characters, st.integers(0, 40).map(str)), max_size=7).map(tuple), max_size=7
)
messages = st.builds(
    Message,
    text=texts.map(tuple),
    buttons=buttons.map(tuple),
    plain=st.booleans(),
    card=st.none() | cards,
    key=st.sampled_from(["", "a1-1800000000"]),
)


def alert(number: int, entry: Entry) -> ClaimedAlert:
    return ClaimedAlert(
        alert_id=number,
        chat_id=1,
        address=Address("discord", "1"),
        kind=ChatKind.CHANNEL,
        attempts=0,
        plain=False,
        story_id=number,
        entry=entry,
        outlet="Le Monde",
        first_seen=0.0,
        matches=(Match("EUMAM", ()),),
        everything=False,
        reply_to=None,
    )


@settings(max_examples=50)
@given(messages)
def test_whatever_it_holds_discord_takes_it(message: Message) -> None:
    try:
        body = payload(message)
    except TooLong:
        assert message.plain
        assert message.card is None
        return
    assert message_errors(body) == {}
    assert load().faults("POST", "/channels/{channel_id}/messages", {}, body) == []
    assert body["allowed_mentions"] == {"parse": []}
    assert body["content"] or body["embeds"]
    assert not (message.plain and body["embeds"])
    assert sum(embed_size(embed) for embed in body["embeds"]) <= 6000
    read(body["content"])
    for embed in body["embeds"]:
        read(embed.get("title", ""))
        read(embed.get("description", ""))
        for field in embed.get("fields", []):
            read(field["value"])
    assert 0 < utf16_length(post_name(message)) <= 100


def test_each_part_of_an_alert_has_its_place() -> None:
    body = payload(ALERT)
    assert body["content"] == ""
    assert body["embeds"] == [
        {
            "title": "EU calls for instructors",
            "url": "https://lemonde.example/a",
            "author": {"name": "Le Monde · French"},
            "timestamp": "2027-01-15T08:00:00+00:00",
            "description": "Ministers met. **EUMAM** would train them.",
            "fields": [{"name": "Also", "value": "Euractiv, AFP +1"}],
            "footer": {"text": "▸ EUMAM, in the text"},
            "image": {"url": "https://lemonde.example/a.jpg"},
        }
    ]
    (row,) = body["components"]
    assert [(one["label"], one["custom_id"]) for one in row["components"]] == [
        ("🔇 EUMAM", "11"),
        ("🔇 this event", "12"),
    ]


def test_a_card_with_nothing_but_a_headline_has_nothing_else() -> None:
    assert payload(Message((), card=Card(plain("a * b"))))["embeds"] == [{"title": "a \\* b"}]


def test_why_it_comes_now_stands_above() -> None:
    message = replace(ALERT, card=replace(CARD, notes=plain("held since 8:00")))
    assert payload(message)["content"] == "held since 8:00"


@pytest.mark.parametrize(
    ("image", "shown"),
    [
        pytest.param("https://a.b/c.jpg", "https://a.b/c.jpg", id="https"),
        pytest.param("HTTP://a.b/c d.jpg", "http://a.b/c%20d.jpg", id="a blank"),
        pytest.param("https://bücher.example/ü?ä", "https://xn--bcher-kva.example/%C3%BC?%C3%A4", id="not ASCII"),
        pytest.param("https://a.b/%C3%BC", "https://a.b/%C3%BC", id="escaped already"),
        pytest.param("http://[::1]:8080/x", "http://[::1]:8080/x", id="an address of IPv6"),
        pytest.param("http://a.b", "http://a.b/", id="no path"),
        pytest.param("data:image/png;base64,AAAA", None, id="not of the web"),
        pytest.param("https://me:secret@a.b/", None, id="a password"),
        pytest.param("https://a.b:99999/", None, id="no port"),
        pytest.param("https:///x", None, id="no host"),
        pytest.param("https://a.b/" + "c" * 3000, None, id="endless"),
        pytest.param("https://a.b/\x00", None, id="control characters"),
    ],
)
def test_a_picture_is_shown_where_its_address_is_one(image: str, shown: str | None) -> None:
    (embed,) = payload(Message((), card=replace(CARD, image=image)))["embeds"]
    assert embed.get("image") == (shown and {"url": shown})


def test_plain_is_content_alone() -> None:
    body = payload(replace(ALERT, text=(Piece("EU * calls", bold=True, link="https://a.b/"),), plain=True))
    assert (body["content"], body["embeds"]) == ("EU \\* calls <https://a.b/>", [])
    assert body["components"] == payload(ALERT)["components"]


def test_a_long_text_goes_into_an_embed_and_plain_it_does_not_go() -> None:
    long: Text = (Piece("x" * 3000),)
    body = payload(Message(long))
    assert (body["content"], body["embeds"]) == ("", [{"description": "x" * 3000}])
    with pytest.raises(TooLong):
        payload(Message(long, plain=True))


def test_buttons_are_as_many_as_discord_takes_and_none_does_the_same_as_another() -> None:
    wide = (tuple(Button(str(number), str(number)) for number in range(7)), (Button("again", "0"), Button("x", "7")))
    rows = payload(Message(plain("x"), wide))["components"]
    assert [[one["custom_id"] for one in row["components"]] for row in rows] == [list("01234"), list("56"), ["7"]]


def test_buttons_in_a_post_say_that_they_are_about_its_forum() -> None:
    (row,) = payload(ALERT, about="77")["components"]
    assert [one["custom_id"] for one in row["components"]] == ["11@77", "12@77"]


def test_silence_is_a_flag() -> None:
    assert flags(ALERT) == 0
    assert flags(replace(ALERT, silent=True)) == 4096


@pytest.mark.parametrize(
    ("posted", "same"),
    [
        pytest.param({"components": [{"type": 1, "id": marker("a1-1800000000")}]}, True, id="the same"),
        pytest.param({"components": [{"type": 1, "id": marker("a2-1800000000")}]}, False, id="another"),
        pytest.param({"components": []}, False, id="somebody's"),
    ],
)
def test_an_alert_is_known_again_by_its_key(posted: dict[str, Any], same: bool) -> None:
    assert is_the_same(posted, payload(ALERT), ALERT.key) is same


def test_what_has_no_buttons_is_known_again_by_its_text() -> None:
    sent = payload(Message(plain("Two alerts"), key="d1"))
    assert is_the_same({"content": "Two alerts", "embeds": [], "components": []}, sent, "d1")
    assert not is_the_same({"content": "Three alerts"}, sent, "d1")
    assert not is_the_same(payload(ALERT) | {"content": "Two alerts"}, sent, "d1")


def test_posts_are_called_after_the_headline() -> None:
    assert post_name(ALERT) == "EU calls for instructors"
    assert post_name(Message(plain("One\nTwo"))) == "One"
    assert post_name(Message(plain("\u200b"))) == "…"
    assert post_name(Message((), card=Card(plain("🇺" * 300)))) == "🇺" * 49 + "…"


@pytest.mark.parametrize(
    ("filters", "flagged", "chosen"),
    [
        pytest.param(("EUMAM",), 0, ["1"], id="a tag that is called as the filter"),
        pytest.param(('"search and rescue"', "eumam"), 0, ["1", "2"], id="whatever its case and quotes"),
        pytest.param(("of the moderators",), 0, [], id="not a moderators' tag"),
        pytest.param(("Macron",), 0, [], id="none is made"),
        pytest.param(("Macron",), 1 << 4, ["1"], id="the first one, where one is required"),
        pytest.param(tuple("abcdefgh"), 0, list("abcde"), id="five at most"),
    ],
)
def test_posts_get_the_forums_tags(filters: tuple[str, ...], flagged: int, chosen: list[str]) -> None:
    tags = [
        {"id": "0", "name": "of the moderators", "moderated": True},
        {"id": "1", "name": "EUMAM"},
        {"id": "2", "name": "Search and rescue"},
        *({"id": name, "name": name.upper()} for name in "abcdefgh"),
    ]
    message = replace(ALERT, card=replace(CARD, filters=filters))
    assert post_tags(message, {"available_tags": tags, "flags": flagged}) == chosen


@settings(max_examples=25)
@given(
    st.lists(
        st.builds(alert, st.integers(1, 99), st.builds(lambda title, url: Entry(title, url), characters, urls)),
        min_size=1,
        max_size=30,
    )
)
def test_a_digest_tells_as_many_alerts_as_an_embed_holds_whole(alerts: list[ClaimedAlert]) -> None:
    message, told = digest_message(SAY, ClaimedDigest(tuple(alerts), len(alerts)), units)
    assert len(told.alerts) == 1 or units(message.text) <= UNITS
    body = payload(message)
    shown = read(body["content"] or body["embeds"][0]["description"])
    assert "".join(one.text for one in shown).count("•") >= len(told.alerts)
    assert to_plain(message.text)
