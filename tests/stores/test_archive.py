"""What the archive answers: the same as matching every stored story anew would, and what became of one."""

import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.domain.delivery import Done, GiveUp
from bot.domain.filters import FilterIndex
from bot.domain.query import Word, parse
from bot.domain.stories import Entry
from storage import ArchiveStore
from support.stored import ANALYST, EURACTIV, LE_MONDE, Stored, story

_DAY = 86_400.0


@pytest_asyncio.fixture
async def stored(tmp_path: Path) -> AsyncIterator[Stored]:
    async with Stored.opened(tmp_path) as stored:
        yield stored


STORIES = [
    Entry(title="Military instructors reach Lviv", summary="EUMAM sends forty of them.", author="Ann Bell"),
    Entry(title="Instructors of the military meet", summary="No mission is named."),
    Entry(title="WHO warns of heat", summary="Who is at risk?"),
    Entry(title="PRESIDENT MEETS EUMAM AND WHO", summary="In capitals all."),
    Entry(title="Le Monde has a new editor", summary="le monde is large", language="fr"),
    Entry(title="Військові інструктори у Львові", summary="Місія EUMAM триває", language="uk"),
    Entry(title="Sport", summary="EUMAM beats NATO in a match of football."),
    Entry(title="A café reopens", summary="The Café of the instructor."),
    Entry(title="Macron praises, at length and in public, the work of instructors", summary="Macron spoke."),
    Entry(),
    Entry(title="東京で教官が会う", language="ja"),
]
QUERIES = [
    "EUMAM",
    "military instructors",
    "military AND instructors",
    "WHO",
    "who",
    "EUMAM -sport",
    "EUMAM NOT (football, NATO)",
    "instruct*",
    "mil*",
    '="Le Monde"',
    '="le monde"',
    "cafe",
    "Macron NEAR/8 instructors",
    "Macron NEAR/12 instructors",
    "title:EUMAM",
    "title:instructors AND EUMAM",
    "author:Bell",
    "author:bell AND lviv",
    "source:lemonde.example",
    "source:lemonde.example NOT EUMAM",
    "lang:uk",
    "lang:uk AND EUMAM",
    "EUMAM NOT (source:lemonde.example AND lang:uk)",
    "EUMAM NOT WHO",
    "lang:uk, author:bell, heat",
    "title:(military NEAR/2 instructors)",
    "(EUMAM, WHO) AND (heat, Lviv)",
    "інструктори",
    "教官",
    "nothing of it",
    "nothing, EUMAM",
]


@pytest.mark.parametrize("text", QUERIES)
async def test_a_back_test_finds_what_matching_each_story_anew_would_find(stored: Stored, text: str) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE])
    link = "https://lemonde.example/story-{}-of-the-day"
    told = [entry._replace(guid=str(n), url=link.format(n)) for n, entry in enumerate(STORIES)]
    for entry in told:
        await stored.publish(LE_MONDE, entry)
    query = parse(text)
    index = FilterIndex([query])
    expected = {}
    for entry in told:
        for match in index.match(ANALYST.analysis(entry, outlet=LE_MONDE, feed_url=LE_MONDE)):
            expected[entry.guid] = match.spans
    tried = await stored.archive.back_test(alice.chat_id, query, stored.now)
    found = {
        one.entry.guid: match.spans for one, match in tried.found if one.entry.guid in {entry.guid for entry in told}
    }
    assert found == expected
    assert tried.feeds == 1


async def test_a_back_test_counts_events_and_says_over_how_long(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE, EURACTIV])
    nobody = await stored.chat("bob")
    for slug in ("a", "b"):
        await stored.publish(LE_MONDE, story(slug))
        await stored.publish(EURACTIV, story(slug))
    stored.later(10 * _DAY)
    await stored.publish(EURACTIV, story("c", "Sport alone"))
    tried = await stored.archive.back_test(alice.chat_id, parse("EUMAM"), stored.now)
    assert (tried.events, len(tried.found), tried.feeds) == (2, 2, 2)
    assert tried.days == pytest.approx(10, abs=0.1)
    assert tried.stories_a_day == pytest.approx(0.7, abs=0.01)
    stored.later(25 * _DAY)
    assert (await stored.archive.back_test(alice.chat_id, parse("EUMAM"), stored.now)).events == 0, "too old by now"
    empty = await stored.archive.back_test(nobody.chat_id, parse("EUMAM"), stored.now)
    assert (empty.events, empty.feeds, empty.days, empty.found) == (0, 0, 0.0, ())


async def test_an_edited_story_is_tried_as_it_was_matched_last(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE])
    await stored.publish(LE_MONDE, story("a", "Graduates counted"))
    await stored.publish(LE_MONDE, story("a", "EUMAM counts its graduates"))
    for text, events in (("EUMAM", 1), ("counted", 0)):
        assert (await stored.archive.back_test(alice.chat_id, parse(text), stored.now)).events == events
    await stored.poll(LE_MONDE, story("a", "Nothing to be counted"))
    assert (await stored.archive.back_test(alice.chat_id, parse("EUMAM"), stored.now)).events == 1, "not matched yet"


async def test_a_word_that_no_story_has_is_told_with_the_nearest_one_that_one_has(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE])
    await stored.publish(LE_MONDE, story("a", "Instructors of EUMAM arrive"))
    tried = await stored.archive.back_test(alice.chat_id, parse("instuctors, EUMAN, xyzzy"), stored.now)
    assert tried.events == 0
    assert {word.folded: spelled for word, spelled in tried.unknown.items()} == {
        "instuctors": "instructors",
        "euman": "eumam",
    }
    assert all(isinstance(word, Word) for word in tried.unknown)


async def test_a_filter_that_is_set_as_of_earlier_has_stories_since_then_matched_again(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE])
    await stored.publish(LE_MONDE, story("early"))
    begun = stored.later()
    await stored.publish(LE_MONDE, story("meanwhile"))
    made, new = await stored.chats.watch(alice.chat_id, parse("EUMAM"), now=begun, most=9)
    assert (new, made.since) == (True, begun)
    assert await stored.settle() == 1
    (alert,) = await stored.deliver()
    assert alert.entry.guid == "meanwhile"


async def test_what_became_of_a_story_is_found_by_its_link_and_by_the_alert(stored: Stored) -> None:
    await stored.chat("bob", follows=[EURACTIV])
    alice = await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM", "graduates"])
    await stored.publish(LE_MONDE, story("a"))
    (alert,) = await stored.claim()
    await stored.mark(alert, Done("m7"))
    fate = await stored.archive.told_in(alice.chat_id, "m7")
    assert fate is not None
    assert fate.story.entry.guid == "a"
    assert [alert.state for alert in fate.alerts.values()] == ["sent", "sent"]
    assert not fate.silent
    assert await stored.archive.told_in(alice.chat_id, "m8") is None
    by_link = await stored.archive.story_at(alice.chat_id, "http://www.outlet.example/a-article?utm_source=x")
    assert by_link == fate
    assert await stored.archive.story_at(alice.chat_id, "https://outlet.example/nothing-article") is None
    await stored.publish(EURACTIV, story("elsewhere"))
    elsewhere = await stored.archive.story_at(alice.chat_id, "https://outlet.example/elsewhere-article")
    assert elsewhere is not None
    assert (elsewhere.followed_at, elsewhere.alerts) == (None, {})


async def test_an_alert_that_was_refused_is_told_as_such(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE], watches=["EUMAM"])
    await stored.publish(LE_MONDE, story("a"))
    (alert,) = await stored.claim()
    await stored.mark(alert, GiveUp("rejected"))
    fate = await stored.archive.story_at(alice.chat_id, "https://outlet.example/a-article")
    assert fate is not None
    assert fate.alerts == {}, "what was given up names no filter any more"


async def test_words_are_looked_up_anew_where_another_method_made_their_keys(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE])
    await stored.publish(LE_MONDE, story("a"))
    await stored.database.write(lambda db: db.execute("UPDATE term_keys SET key = 'x' || key"))
    await stored.database.write(lambda db: db.execute("UPDATE lexicons SET method = 'before'"))
    assert (await stored.archive.back_test(alice.chat_id, parse("EUMAM"), stored.now)).events == 0
    assert await stored.archive.renew("folded") > 3
    assert (await stored.archive.back_test(alice.chat_id, parse("EUMAM"), stored.now)).events == 1
    assert await stored.archive.renew("folded") == 0


class Watched:
    """Forms that note in whose thread each language was asked for first: there its dictionary is opened."""

    def __init__(self) -> None:
        self.opened: dict[str, str] = {}

    def keys(self, word: str, language: str) -> tuple[str, ...]:
        """See `bot.domain.forms.Forms`."""
        self.opened.setdefault(language, threading.current_thread().name)
        return ANALYST.forms.keys(word, language)


async def test_the_newest_are_parted_anew_first_and_no_write_waits_for_a_dictionary(stored: Stored) -> None:
    await stored.chat("alice", follows=[LE_MONDE])
    await stored.publish(LE_MONDE, *(story(f"number {number}", title="U.S.", language="en") for number in range(30)))
    await stored.database.write(lambda db: db.execute("UPDATE analyses SET parting = 1"))
    await stored.database.write(lambda db: db.execute("UPDATE terms SET written = 'U' WHERE written = 'US'"))
    await stored.database.write(lambda db: db.execute("CREATE TABLE parted (story_id)"))
    await stored.database.write(
        lambda db: db.execute(
            """CREATE TRIGGER noted AFTER UPDATE OF parting ON analyses
               BEGIN INSERT INTO parted VALUES (new.story_id); END"""
        )
    )
    forms = Watched()
    assert await ArchiveStore(stored.database, forms).part_anew() >= 30
    order = [story_id for (story_id,) in await stored.sql("SELECT story_id FROM parted ORDER BY rowid")]
    assert order == sorted(order, reverse=True)
    assert "sqlite-writer" not in forms.opened["en"]


async def test_stories_that_an_earlier_version_parted_otherwise_are_parted_anew(stored: Stored) -> None:
    alice = await stored.chat("alice", follows=[LE_MONDE])
    await stored.publish(
        LE_MONDE, story("as it is now", title="U.S. sends F-16s", content="U.S. pilots", language="en")
    )
    await stored.publish(LE_MONDE, story("as it was", title="U S sends F 16s", content="U S pilots", language="en"))
    await stored.publish(LE_MONDE, story("waiting", title="U.S. waits", language="en"))
    await stored.database.write(
        lambda db: db.execute(
            """UPDATE story_terms SET title = old.title, content = old.content, page = old.title
               FROM story_terms old WHERE old.story_id = 3 AND story_terms.story_id = 2"""
        )
    )
    await stored.database.write(lambda db: db.execute("UPDATE analyses SET parting = 1"))
    await stored.poll(LE_MONDE, story("waiting", title="U.S. waits no more", language="en"))

    async def hits(typed: str) -> list[tuple[str, int]]:
        """The stories that a query finds, each with how many of its places are known."""
        tried = await stored.archive.back_test(alice.chat_id, parse(typed), stored.now)
        return sorted((found.entry.guid or "", len(match.spans)) for found, match in tried.found)

    assert await hits("US") == [("waiting", 0)]
    assert await stored.archive.part_anew() == 4
    assert await hits("US") == [("as it is now", 2), ("waiting", 0)]
    assert await hits("F-16 NOT lang:fr") == [("as it is now", 1)]
    assert [one for one, _ in await hits("16")] == ["as it is now", "as it was"], (
        "the page's text is gone, its words are not"
    )
    assert await stored.archive.part_anew() == 0
