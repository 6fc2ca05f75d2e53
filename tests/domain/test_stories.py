"""Stories: by what an entry is known again, what is new, what was changed."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.stories import (
    Entry,
    Known,
    Sighting,
    digest_of,
    digest_of_document,
    event_key,
    keys_of,
    sightings,
)

URL = "https://outlet.example/news/1"
ENTRIES = st.builds(
    Entry,
    guid=st.sampled_from([None, "", "1", "2", "3", "4"]),
    url=st.sampled_from(
        [
            None,
            "https://o.example/",
            "https://o.example/a",
            "http://www.o.example/a?utm_source=x",
            "https://o.example/b",
        ]
    ),
    title=st.sampled_from(["", "One", "Two"]),
    summary=st.sampled_from(["", "lead"]),
    published=st.sampled_from([None, 1.0, 2.0]),
)
DOCUMENTS = st.lists(ENTRIES, max_size=7)


class Shelf:
    """The least that a store does with what was planned."""

    def __init__(self) -> None:
        self.known: dict[str, Known] = {}
        self.stories = 0

    def take_in(self, entries: list[Entry]) -> list[Sighting]:
        planned = sightings(entries, self.known)
        for sighting in planned:
            story_id = sighting.story_id
            if story_id is None:
                self.stories += 1
                story_id = self.stories
            for key, known in self.known.items():
                if known.story_id == story_id:
                    self.known[key] = Known(story_id, sighting.digest)
            self.known.update({key: Known(story_id, sighting.digest) for key in sighting.keys})
        return planned


@pytest.mark.parametrize(
    ("entries", "keys"),
    [
        pytest.param([], [], id="no entry"),
        pytest.param([Entry(guid="1", url=URL)], [["guid:1", "link:outlet.example/news/1"]], id="guid and link"),
        pytest.param([Entry(guid="1")], [["guid:1"]], id="guid alone"),
        pytest.param([Entry(url=URL)], [["link:outlet.example/news/1"]], id="link alone"),
        pytest.param(
            [Entry(guid="1", url="https://outlet.example/")], [["guid:1"]], id="a link to the front page names nothing"
        ),
        pytest.param(
            [Entry(guid="1", url=URL), Entry(guid="1", url=URL + "2")],
            [["link:outlet.example/news/1"], ["link:outlet.example/news/12"]],
            id="a shared guid names nothing",
        ),
        pytest.param(
            [Entry(guid="1", url=URL), Entry(guid="2", url=URL.replace("https", "http") + "?utm_source=rss")],
            [["guid:1"], ["guid:2"]],
            id="a shared link names nothing, however it is written",
        ),
    ],
)
def test_an_entry_is_known_by_its_guid_and_its_link(entries: list[Entry], keys: list[list[str]]) -> None:
    assert [list(found) for found in keys_of(entries)] == keys


def test_an_entry_that_nothing_else_names_is_known_by_its_title() -> None:
    front = "https://outlet.example/"
    (one,), (other,), (again,) = keys_of(
        [Entry(url=front, title="One"), Entry(url=front, title="Other"), Entry(url=front, title="One", summary="new")]
    )
    assert one.startswith("text:")
    assert one == again != other


def test_an_entry_without_a_title_is_known_by_its_text() -> None:
    (one,), (other,) = keys_of([Entry(summary="one"), Entry(summary="other")])
    assert one != other


@given(DOCUMENTS)
def test_every_entry_has_a_key_and_no_sure_key_is_shared(entries: list[Entry]) -> None:
    found = keys_of(entries)
    assert all(found)
    assert len(found) == len(entries)
    sure = [key for keys in found for key in keys if not key.startswith("text:")]
    assert len(sure) == len(set(sure))


def test_new_entries_come_oldest_first() -> None:
    newest, middle, oldest = (Entry(guid=str(number), title=f"T{number}") for number in (3, 2, 1))
    assert [sighting.entry for sighting in sightings([newest, middle, oldest], {})] == [oldest, middle, newest]


def test_a_new_entry_is_planned_whole() -> None:
    entry = Entry(guid="1", url=URL, title="One")
    assert sightings([entry], {}) == [
        Sighting(entry, ("guid:1", "link:outlet.example/news/1"), digest_of(entry), None, changed=True)
    ]


@pytest.mark.parametrize(
    ("edit", "changed"),
    [
        pytest.param({"title": "Other"}, True, id="re-titled"),
        pytest.param({"summary": "more"}, True, id="another lead"),
        pytest.param({"content": "more"}, True, id="another text"),
        pytest.param({"published": 9.0}, False, id="re-dated"),
        pytest.param({"author": "A", "categories": ("x",), "image": "https://x.example/i.png"}, False, id="re-tagged"),
        pytest.param({"url": URL + "?utm_source=rss"}, False, id="another tracking parameter"),
    ],
)
def test_an_edit_is_a_change_when_a_reader_would_see_it(edit: dict[str, str], changed: bool) -> None:
    entry = Entry(guid="1", url=URL, title="One", published=1.0)
    known = {key: Known(7, digest_of(entry)) for key in keys_of([entry])[0]}
    edited = replace(entry, **edit)  # type: ignore[arg-type]  # the table names fields
    planned = sightings([edited], known)
    if changed:
        (sighting,) = planned
        assert (sighting.story_id, sighting.changed, sighting.entry) == (7, True, edited)
        assert sighting.digest == digest_of(edited) != digest_of(entry)
    else:
        assert planned == []


def test_a_story_that_gained_a_key_is_taken_in_without_being_changed() -> None:
    entry = Entry(guid="1", url=URL, title="One")
    (sighting,) = sightings([entry], {"guid:1": Known(7, digest_of(entry))})
    assert (sighting.story_id, sighting.changed) == (7, False)
    assert sighting.keys == ("guid:1", "link:outlet.example/news/1")


def test_the_guid_is_surer_than_the_link() -> None:
    entry = Entry(guid="1", url=URL, title="One")
    known = {"guid:1": Known(1, "x"), "link:outlet.example/news/1": Known(2, "x")}
    assert sightings([entry], known)[0].story_id == 1


def test_two_entries_that_are_one_story_count_once() -> None:
    first, second = Entry(guid="1", title="One"), Entry(url=URL, title="Two")
    known = {"guid:1": Known(7, ""), "link:outlet.example/news/1": Known(7, "")}
    assert [sighting.entry for sighting in sightings([first, second], known)] == [first]


def test_a_document_that_repeats_an_entry_brings_one_story() -> None:
    entry = Entry(title="One", summary="the same")
    assert len(sightings([entry, entry], {})) == 1


@given(DOCUMENTS)
@settings(max_examples=200)
def test_planning_twice_yields_nothing_new(entries: list[Entry]) -> None:
    shelf = Shelf()
    first = shelf.take_in(entries)
    assert all(sighting.story_id is None and sighting.changed for sighting in first)
    assert shelf.take_in(entries) == []


@given(st.lists(DOCUMENTS, max_size=4))
@settings(max_examples=200)
def test_whatever_came_before_a_document_is_taken_in_once(documents: list[list[Entry]]) -> None:
    shelf = Shelf()
    for entries in documents:
        planned = shelf.take_in(entries)
        ids = [sighting.story_id for sighting in planned if sighting.story_id is not None]
        assert len(ids) == len(set(ids)), "no story is planned twice"
        positions = [entries.index(sighting.entry) for sighting in planned]
        assert positions == sorted(positions, reverse=True)
        again = shelf.take_in(entries)
        assert all(sighting.story_id is not None for sighting in again), "nothing is new twice"


@given(st.lists(ENTRIES, min_size=1, max_size=5), st.data())
def test_a_documents_digest_changes_with_what_a_reader_sees(entries: list[Entry], data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(entries) - 1))
    before, after = entries[:number], entries[number + 1 :]
    digest = digest_of_document(entries)
    assert digest_of_document([*before, replace(entries[number], published=99.0), *after]) == digest
    for edit in (
        {"title": "new"},
        {"summary": "new"},
        {"content": "new"},
        {"guid": "new"},
        {"url": "https://n.example/x"},
    ):
        assert digest_of_document([*before, replace(entries[number], **edit), *after]) != digest  # type: ignore[arg-type]
    assert digest_of_document(before + after) != digest


def test_text_that_moves_from_one_field_to_the_next_changes_the_digest() -> None:
    assert digest_of(Entry(title="ab", summary="c")) != digest_of(Entry(title="a", summary="bc"))


def test_half_a_character_is_digested_too() -> None:
    assert digest_of(Entry(title="\ud83d")) != digest_of(Entry(title="\ud83e"))


@pytest.mark.parametrize(
    ("url", "own", "key"),
    [
        pytest.param(URL, True, "outlet.example/news/1", id="an article"),
        pytest.param("http://www.outlet.example/news/1/?utm_medium=rss#top", True, "outlet.example/news/1", id="same"),
        pytest.param("https://outlet.example/warnings", False, "story:14", id="a link that others have too"),
        pytest.param(None, False, "story:14", id="no link"),
    ],
)
def test_stories_are_one_event_when_they_link_to_one_article(url: str | None, own: bool, key: str) -> None:
    assert event_key(Entry(url=url), 14, own_link=own) == key
