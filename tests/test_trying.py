"""Filters in chat: the query language row by row, what it refuses, back-tests with their buttons, and why."""

import time
from collections.abc import AsyncIterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from storage import trials
from support.fronts import PLATFORMS, Talker, on_each
from support.world import World

STORIES = [
    ("Military instructors reach Lviv", "EUMAM sends forty of them, by Tuesday."),
    ("The instructor's memoirs", "A military man of old looks back."),
    ("WHO warns of heat", "Nobody is safe, doctors say."),
    ("Who is at risk", "Old people above all."),
    ("Eumam grows", "The mission takes more recruits for search and rescue."),
    ("Sport: EUMAM plays football", "A friendly match of soldiers."),
    ("Macron praises, as he does often, the work of an instructor", "He spoke in Paris."),
    ("Le Monde changes hands", "The paper's new owner is known."),
    ("le monde, a ballad", "A song of the world."),
]


TRIED = [
    pytest.param("EUMAM", {"Military", "Eumam", "Sport:"}, id="an acronym, also as outlets print it"),
    pytest.param("WHO", {"WHO"}, id="an acronym is never a lower-case word"),
    pytest.param("who", {"WHO", "Who"}, id="a word whatever its case"),
    pytest.param("Instructor's", {"The instructor's"}, id="a word with its ending"),
    pytest.param("military instructors", {"Military"}, id="a phrase"),
    pytest.param('"search and rescue"', {"Eumam"}, id="a phrase in quotes"),
    pytest.param("„search and rescue“", {"Eumam"}, id="a phrase in low quotes"),
    pytest.param("«search and rescue»", {"Eumam"}, id="a phrase in angle quotes"),
    pytest.param('="Le Monde"', {"Le Monde"}, id="exactly"),
    pytest.param("instruct*", {"Military", "The instructor's", "Macron"}, id="a prefix"),
    pytest.param("heat, football", {"WHO", "Sport:"}, id="either, by a comma"),
    pytest.param("heat OR football", {"WHO", "Sport:"}, id="either, by OR"),
    pytest.param("heat | football", {"WHO", "Sport:"}, id="either, by a bar"),
    pytest.param("Macron AND instructor", {"Macron"}, id="both, by AND"),
    pytest.param("Macron & instructor", {"Macron"}, id="both, by a sign"),
    pytest.param("Macron +instructor", {"Macron"}, id="both, by a plus"),
    pytest.param("EUMAM -sport", {"Military", "Eumam"}, id="without, by a hyphen"),
    pytest.param("EUMAM NOT sport", {"Military", "Eumam"}, id="without, by NOT"),
    pytest.param("heat, EUMAM -sport", {"WHO", "Military", "Eumam"}, id="without, for the whole list"),
    pytest.param("Macron NEAR/12 instructor", {"Macron"}, id="near"),
    pytest.param("(heat, football) AND (doctors, Paris)", {"WHO"}, id="grouped"),
    pytest.param("title:EUMAM", {"Eumam", "Sport:"}, id="in the title"),
    pytest.param("lang:en AND heat", {"WHO"}, id="in a language"),
    pytest.param("source:lowland AND heat", {"WHO"}, id="of a source"),
    pytest.param("source:Lowland Courier heat", {"WHO"}, id="of a source that is known by several words"),
]

REFUSED = [
    pytest.param("", "Say what to try", id="nothing"),
    pytest.param('"military', 'The quotation mark " at character 1 is not closed', id="an open quote"),
    pytest.param("(EUMAM", "The bracket at character 1 is not closed", id="an open bracket"),
    pytest.param("EUMAM)", "The bracket at character 6 closes none", id="a bracket that closes none"),
    pytest.param("-EUMAM", "This would match almost everything", id="only what not to match"),
    pytest.param("EUMAM AND", "“AND” at character 7 needs words on both sides", id="an operator without a word"),
    pytest.param("title:", "“title:” at character 1 needs a word behind it", id="a field without a word"),
    pytest.param("x" * 501, "may have 500 characters, this one has 501", id="too long"),
    pytest.param(", ".join(f"word{n}" for n in range(51)), "may have 50 keywords, this one has 51", id="too many"),
    pytest.param("(" * 11 + "a" + ")" * 11, "may be 10 deep", id="too deep"),
    pytest.param("Macron NEAR/0 Paris", "“NEAR/0” at character 8 needs a number", id="near how many"),
    pytest.param("lang:klingon", "no code of a language", id="no language"),
    pytest.param("https://outlet.example/nothing", "No stored story has the link", id="no such story"),
]

Chats = dict[str, Talker]


def typed(rows: Sequence[Any]) -> list[Any]:
    """Rows with what is tried, once for each platform."""
    return on_each([pytest.param(f"/try {row.values[0]}".strip(), *row.values[1:], id=row.id) for row in rows])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chats(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Chats]:
    """A chat on each platform whose feed holds the stories above; nobody changes anything in it."""
    async with World.opened(tmp_path_factory.mktemp("trying"), *PLATFORMS) as world:
        feed = world.outlets.feed("/news", language="en", title="The Lowland Courier")
        for title, summary in STORIES:
            feed.publish(title, summary)
        made = {platform: await world.reading("Alice", feed, platform=platform) for platform in PLATFORMS}
        await world.quiet(feed)
        yield made


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("platform", "said", "titles"), typed(TRIED))
async def test_each_row_of_the_query_language_is_tried_in_chat(
    chats: Chats, platform: str, said: str, titles: set[str]
) -> None:
    heard = await chats[platform].say(said)
    assert heard.startswith("Tried, not saved: ")
    count = "one event" if len(titles) == 1 else f"{len(titles)} events"
    assert f"it would have told you of {count}" in heard
    shown = [line.removeprefix("• ") for line in heard.splitlines() if line.startswith("• ")]
    assert len(shown) == len(titles)
    for line in shown:
        assert any(line.startswith(f"{title} ") for title in titles), line


HINTS = [
    pytest.param(
        "Macron and instructor",
        "“and” is read as a word. If it is to join or exclude, write it in capitals: /try Macron AND instructor",
        id="a small operator",
    ),
    pytest.param(
        "source:Highland Herald heat",
        "only “Highland” is the outlet, the rest is looked for in the text. If the name is longer, put it in quotes: "
        '/try source:"Highland Herald" heat',
        id="an outlet that is not known",
    ),
]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("platform", "said", "hint"), typed(HINTS))
async def test_what_may_be_meant_otherwise_than_it_is_read_is_hinted_at(
    chats: Chats, platform: str, said: str, hint: str
) -> None:
    heard = await chats[platform].say(said)
    assert heard.startswith("Tried, not saved: ")
    (line,) = [line for line in heard.splitlines() if "If " in line]
    assert line.endswith(hint)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("platform", "said", "answer"), typed(REFUSED))
async def test_what_cannot_be_tried_is_refused_in_one_line_with_an_example(
    chats: Chats, platform: str, said: str, answer: str
) -> None:
    heard = await chats[platform].say(said)
    assert answer in heard
    assert "\n" not in heard
    assert "There is no filter yet" in await chats[platform].say("/filters"), "nothing is saved"


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("platform", PLATFORMS)
async def test_a_query_that_finds_nothing_is_answered_with_others_that_do(chats: Chats, platform: str) -> None:
    chat = chats[platform]
    heard = await chat.say("/try instructors military")
    assert "None of the stories stored so far" in heard
    assert "One feed is watched, which brings about 9 stories a day" in heard
    assert "Watch: instructors AND military (2)" in chat.received[-1].labels
    await chat.say("/try footbal")
    assert "Watch: football (1)" in chat.received[-1].labels


async def test_a_filter_that_is_set_from_a_trial_by_its_button_is_back_tested_again(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        feed.publish("EUMAM counts its graduates")
        chat = await world.watching("Alice", feed)
        await world.settled()
        await chat.say("/try EUMAM")
        heard = await chat.press("Watch: EUMAM")
        assert "Filter #1 is set: EUMAM" in heard
        assert "it would have told you of one event" in heard
        assert "EUMAM counts its graduates" in heard
        assert "already" in await chat.say("/watch EUMAM")


async def test_on_the_first_day_a_trial_counts_the_days_that_the_feeds_document_covers(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed, now = world.outlets.feed("/news"), time.time()
        for number in range(60):
            feed.publish(f"Harbour report {number} of {number * 7 + 3} ships", published=now - (59.5 - number) * 43_200)
        chat = world.private("Alice")
        assert "about 2 a day" in await chat.say(f"/sub {feed.url}")
        await world.quiet(feed)
        heard = await chat.say("/try harbour")
        assert (
            "In the stored stories of the last 30 days, it would have told you of 60 events (about 14 a week)" in heard
        )
        assert "⚠" not in heard
        assert "which brings about 2 stories a day" in heard
        assert "over the last 30 days, none matches" in await chat.say("/try volcano")
        wire = world.outlets.feed("/wire")
        for number in range(60):
            wire.publish(f"Harbour wire {number} of {number * 7 + 3} cranes", published=now - (59.5 - number) * 180)
        await chat.say(f"/sub {wire.url}")
        await world.quiet(wire)
        heard = await chat.say("/try cranes")
        assert "of the last 30 days, it would have told you of 60 events" in heard
        assert "Not every feed's stories reach that far back" in heard
        assert "alerts a day" in heard


async def test_stories_that_are_too_old_to_be_tried_on_count_as_none(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.outlets.feed("/news")
        for number in range(9):
            feed.publish(f"Volcano report {number}", published=time.time() - (400 + number) * 86_400)
        chat = world.private("Alice")
        await chat.say(f"/sub {feed.url}")
        await world.quiet(feed)
        assert "No story of the last 30 days is stored yet" in await chat.say("/try volcano")


async def test_a_flood_is_warned_of(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        for number in range(25):
            feed.publish(f"EUMAM counts {number} graduates")
        chat = await world.watching("Alice", feed)
        await world.settled()
        assert "That is about 25 alerts a day" in await chat.say("/watch EUMAM")


async def test_what_takes_too_long_to_try_says_what_was_looked_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.outlets.feed("/news")
        for number in range(25):
            feed.publish(f"EUMAM counts {number} graduates")
        chat = await world.watching("Alice", feed)
        await world.quiet(feed)
        assert world.bot is not None
        archive, looks = world.bot.archive, count()
        monkeypatch.setattr(trials, "_STEPS", 20)
        monkeypatch.setattr(archive, "_clock", lambda: float(next(looks)))
        heard = []
        for seconds in range(-10, 200, 10):  # each look at the clock takes one
            monkeypatch.setattr(archive, "_seconds", float(seconds))
            heard.append(await chat.say("/try EUMAM"))
        assert "only the newest were looked through, those of the last minutes. Older ones may match" in heard[0]
        assert "None of the stories that were looked through matches." in heard[0]
        assert any("Among them, it would have told you of" in one for one in heard)
        assert "it would have told you of 25 events" in heard[-1]
        assert "looked through" not in heard[-1]


async def test_try_on_an_alert_or_a_link_says_why_each_filter_matched_or_not(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news")
        chat = await world.watching("Alice", feed, "EUMAM", "military nurses, graduates -sport")
        await world.quiet(feed)
        item = feed.publish("EUMAM counts its sport graduates", "The instructors are proud.")
        alert = await chat.next_message()
        await world.settled()
        heard = await chat.say("/try", reply_to=alert)
        assert "EUMAM counts its sport graduates" in heard
        assert "✓ #1 EUMAM matches: “EUMAM”, in the title – alerted " in heard
        assert "✗ #2 " in heard
        assert "“sport” is in it, which was excluded" in heard
        assert await chat.say(f"/try {item.url}") == heard
        await chat.say("/watch instructors")
        assert "✓ #3 instructors matches: “instructors”, in the lead – not pushed: it was first seen" in (
            await chat.say("/try", reply_to=alert)
        )
        heard = await chat.say("/try nurses", reply_to=alert)
        assert "✗ nurses does not match: no form of “nurses” is in it" in heard
        old = feed.channel.items[-1]
        await chat.say("/watch harbour")
        assert "it was no news when it turned up" in await chat.say(f"/try {old.url}")
        assert "That message is no alert" in await chat.say("/try", reply_to=chat.received[0])
        stranger = world.private("Bob")
        heard = await stranger.say(f"/try {item.url}")
        assert "does not follow the feed of this story" in heard
        assert "There is no filter yet" in heard


async def test_why_a_story_was_told_although_it_no_longer_matches(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed, other = world.feed("/news"), world.feed("/more")
        chat = await world.watching("Alice", feed, "EUMAM")
        await chat.say(f"/sub {other.url}")
        await world.quiet(feed)
        await world.quiet(other)
        item = feed.publish("EUMAM counts its graduates", url="https://outlet.example/graduates-4711")
        assert "EUMAM" in (await chat.next_message()).text
        other.publish("The mission counts its graduates", url=item.url)  # the same article: of one event
        await world.quiet(other)
        await chat.say(f"/unsub {feed.url}")
        heard = await chat.say(f"/try {item.url}")
        assert "✗ #1 EUMAM does not match: no form of “EUMAM” is in it – alerted " in heard
        assert heard.endswith(", for another story of its event")
        await chat.say(f"/sub {feed.url}")
        await chat.say(f"/unsub {other.url}")
        feed.edit(item, title="The mission counts its graduates")
        await world.quiet(feed)
        heard = await chat.say(f"/try {item.url}")
        assert "✗ #1 EUMAM does not match: no form of “EUMAM” is in it – alerted " in heard
        assert heard.endswith(", for an earlier version of it")


async def test_a_story_is_said_to_be_in_the_language_that_it_is_in(tmp_path: Path) -> None:
    async with World.opened(tmp_path) as world:
        feed = world.feed("/news", language="en")
        chat = await world.watching("Alice", feed, "lang:uk")
        await world.quiet(feed)
        item = feed.publish(
            "Міністри домовилися про нову допомогу", "Уряд України повідомив про це у вівторок увечері."
        )
        assert " · Ukrainian" in (await chat.next_message()).text
        await world.settled()
        for command in ("/try lang:uk", f"/try {item.url}", "/latest"):
            heard = await chat.say(command)
            assert " · Ukrainian" in heard, command
            assert " · English" not in heard, command
