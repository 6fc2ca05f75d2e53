"""Stories: by what an entry is known again, what is new, what was changed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.stories import (
    Entry,
    Known,
    Sighting,
    digest_of,
    event_key,
    identify,
    recognise,
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
    """The least that a store does with what was recognised."""

    def __init__(self) -> None:
        self.known: dict[str, Known | None] = {}
        self.stories = 0

    def take_in(self, entries: list[Entry]) -> list[Sighting]:
        spoiled = {key for key, known in self.known.items() if known is None}
        recognition = recognise(
            identify(entries).without(spoiled), {key: known for key, known in self.known.items() if known}
        )
        for sighting in recognition.sightings:
            story_id = sighting.story_id
            if story_id is None:
                self.stories += 1
                story_id = self.stories
            now = Known(story_id, sighting.digest, sighting.entry)
            for key, known in self.known.items():
                if known is not None and known.story_id == story_id:
                    self.known[key] = now
            for key in sighting.keys:
                self.known.setdefault(key, now)
        self.known.update(dict.fromkeys(recognition.spoiled))
        return list(recognition.sightings)

    def new(self, *entries: Entry) -> list[str]:
        """Take a document in; the titles of the entries that are new."""
        return [sighting.entry.title for sighting in self.take_in(list(entries)) if sighting.story_id is None]


def sure(entries: list[Entry]) -> list[list[str]]:
    """The keys that name one story each, by entry."""
    return [[key for key in (keys.link, keys.guid, keys.number) if key] for keys in identify(entries).keys]


@pytest.mark.parametrize(
    ("entries", "keys"),
    [
        pytest.param([], [], id="no entry"),
        pytest.param([Entry(guid="1", url=URL)], [["link:outlet.example/news/1", "guid:1"]], id="guid and link"),
        pytest.param([Entry(guid="1")], [["guid:1"]], id="guid alone"),
        pytest.param([Entry(url=URL)], [["link:outlet.example/news/1"]], id="link alone"),
        pytest.param(
            [Entry(guid="http://www.outlet.example/?p=7")], [["guid:outlet.example?p=7"]], id="guid of an address"
        ),
        pytest.param([Entry(guid=f"{URL}#n5")], [["guid:outlet.example/news/1#n5"]], id="a place on a page"),
        pytest.param(
            [Entry(url="https://o.example/a-7412345.html")],
            [["link:o.example/a-7412345.html", "number:o.example#7412345"]],
            id="the outlet's number",
        ),
        pytest.param(
            [Entry(guid="1", url="https://outlet.example/")], [["guid:1"]], id="a link to the front page names nothing"
        ),
        pytest.param(
            [Entry(guid="1", url="https://outlet.example/live")], [["guid:1"]], id="a link to the latest news neither"
        ),
        pytest.param(
            [Entry(guid="1", url=URL, title="a"), Entry(guid="1", url=URL + "2", title="b")],
            [["link:outlet.example/news/1"], ["link:outlet.example/news/12"]],
            id="a shared guid names nothing",
        ),
        pytest.param(
            [
                Entry(guid="1", url=URL, title="a"),
                Entry(guid="2", url=URL.replace("https", "http") + "?utm_source=rss", title="b"),
            ],
            [["guid:1"], ["guid:2"]],
            id="a shared link names nothing, however it is written",
        ),
        pytest.param(
            [Entry(guid="1", url=URL, title="a"), Entry(guid="2", url=URL, title="a")],
            [["link:outlet.example/news/1", "guid:1"]],
            id="one article in two sections is one entry",
        ),
    ],
)
def test_an_entry_is_known_by_its_link_its_guid_and_its_number(entries: list[Entry], keys: list[list[str]]) -> None:
    assert sure(entries) == keys


def test_an_entry_that_nothing_names_is_known_by_its_title_on_its_page() -> None:
    front = "https://outlet.example/"
    shelf = Shelf()
    assert shelf.new(Entry(url=front, title="One"), Entry(url=front, title="Other")) == ["Other", "One"]
    (edited,) = shelf.take_in([Entry(url=front, title="One", summary="new"), Entry(url=front, title="Other")])
    assert (edited.story_id, edited.changed) == (2, True)


@given(DOCUMENTS)
def test_no_sure_key_is_shared(entries: list[Entry]) -> None:
    found = [key for keys in sure(entries) for key in keys]
    assert len(found) == len(set(found))


# The same story, whatever changes

ARTICLE = Entry(
    guid="g-1", url="https://www.o.example/news/4012345-a-call-for-instructors", title="A call for instructors",
    summary="The lead.", published=1_000.0,
)  # fmt: skip
OTHER = Entry(guid="g-2", url="https://www.o.example/news/4012346-grain", title="Grain harvest begins", published=900.0)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"guid": "other"}, id="another guid"),
        pytest.param({"guid": None}, id="no guid any more"),
        pytest.param({"url": "https://www.o.example/elsewhere"}, id="another link"),
        pytest.param({"url": None}, id="no link any more"),
        pytest.param(
            {"url": "http://o.example/news/4012345-a-call-for-instructors/?utm_source=rss"}, id="http, tracking"
        ),
        pytest.param({"guid": "x", "url": "https://m.o.example/news/4012345-a-call-for-instructors"}, id="mobile"),
        pytest.param({"guid": "x", "url": "https://www.o.example/news/4012345-a-call-for-instructors/amp/"}, id="AMP"),
        pytest.param(
            {
                "guid": "x",
                "url": "https://www.o.example/war/4012345-instructors-called-for",
                "title": "Instructors wanted",
            },
            id="another slug, section, guid and headline, the number kept",
        ),
        pytest.param(
            {"guid": "https://new.example/?p=9", "url": "https://new.example/9"},
            id="another site, dated and titled alike",
        ),
        pytest.param({"title": "Something else", "summary": "Other words."}, id="another headline and text"),
        pytest.param({"published": 90_000.0}, id="another date"),
    ],
)
def test_a_story_is_the_same_story(change: dict[str, str]) -> None:
    shelf = Shelf()
    shelf.new(ARTICLE, OTHER)
    assert shelf.new(ARTICLE._replace(**change), OTHER) == []  # type: ignore[arg-type]  # the table names fields
    assert shelf.new(ARTICLE, OTHER) == [], "and back"


@pytest.mark.parametrize("published", [1_000.0, 5_000.0, None])
def test_a_feed_that_was_made_anew_tells_nothing_again(published: float | None) -> None:
    before = [Entry(guid=f"old-{n}", url=f"https://o.example/{n}x", title=f"T{n}", published=1_000.0) for n in range(5)]
    after = [
        entry._replace(guid=f"new-{n}", url=f"https://n.example/{n}y", published=published)
        for n, entry in enumerate(before)
    ]
    shelf = Shelf()
    shelf.new(*before)
    assert shelf.new(Entry(guid="new-9", title="News", published=6_000.0), *after) == ["News"]


def test_an_entry_whose_guid_changes_at_each_poll_is_one_story() -> None:
    shelf = Shelf()
    assert shelf.new(Entry(guid="a", title="One")) == ["One"]
    assert shelf.new(Entry(guid="b", title="One")) == []


# Two are two, whatever they share


def test_what_is_told_again_under_a_guid_of_its_own_is_another_story() -> None:
    page = "https://o.example/live"
    first, second = (Entry(guid=str(n), url=page, title="Air alert", published=60.0 * n) for n in (1, 2))
    shelf = Shelf()
    assert shelf.new(OTHER, first) == ["Air alert", "Grain harvest begins"]
    assert shelf.new(second, OTHER, first) == ["Air alert"]
    assert shelf.new(second._replace(guid="3", published=600.0), OTHER) == ["Air alert"]


def test_a_siren_s_warnings_are_each_news_although_they_share_page_and_words() -> None:
    def warning(number: int, *, guid: bool) -> Entry:
        title = ("Air raid alert: Kyiv", "All clear: Kyiv")[number % 2]
        given = f"w-{number}" if guid else None
        return Entry(guid=given, url="https://alarm.example/kyiv", title=title, published=3_600.0 * number)

    for guid in (True, False):
        shelf = Shelf()
        told = [shelf.new(*(warning(n, guid=guid) for n in range(newest, newest - 4, -1))) for newest in range(4, 12)]
        assert [len(titles) for titles in told] == [4] + [1] * 7


def test_an_entry_that_is_repeated_behind_another_is_one_story() -> None:
    first, second = (Entry(url="https://o.example/kyiv", title="Alert", published=float(n)) for n in (1, 2))
    assert len(Shelf().new(first, second, first, second)) == 2


def test_a_page_of_each_day_s_events_tells_each_day() -> None:
    shelf = Shelf()
    days = [
        Entry(
            guid=f"day-{n}",
            url="https://o.example/ukraine-updates",
            title=f"War in Ukraine, day {n}",
            published=n * 90_000.0,
        )
        for n in (1, 2)
    ]
    assert [shelf.new(day) for day in days] == [["War in Ukraine, day 1"], ["War in Ukraine, day 2"]]


def test_one_item_at_a_time_on_one_page_is_a_story_each() -> None:
    page = "https://o.example/world/newest.html"
    shelf = Shelf()
    assert shelf.new(Entry(guid="a", url=page, title="Floods recede", published=1.0)) == ["Floods recede"]
    assert shelf.new(Entry(guid="b", url=page, title="Harvest begins", published=2.0)) == ["Harvest begins"]
    assert shelf.new(Entry(guid="c", url=page, title="Floods return", published=3.0)) == ["Floods return"]
    assert shelf.new(Entry(guid="b", url=page, title="Harvest begins", published=2.0)) == []


@pytest.mark.parametrize("title", ["洪水退去", "Повені відступили"])
def test_a_headline_that_was_edited_under_a_new_guid_is_the_same_story(title: str) -> None:
    shelf = Shelf()
    shelf.new(Entry(guid="a", url=URL, title=title, published=1.0))
    assert shelf.new(Entry(guid="b", url=URL, title=f"{title[:5]}…", published=2.0)) == []


def test_guids_that_count_positions_name_nothing() -> None:
    def document(*titles: str) -> list[Entry]:
        return [
            Entry(guid=str(n), url=f"https://o.example/{t.lower()}", title=t, published=100_000.0 * ord(t[0]))
            for n, t in enumerate(titles, start=1)
        ]

    shelf = Shelf()
    assert shelf.new(*document("Bread", "Apples")) == ["Apples", "Bread"]
    assert shelf.new(*document("Cheese", "Bread")) == ["Cheese"]
    assert shelf.new(*document("Fish", "Eggs")) == ["Eggs", "Fish"], "all positions hold something new"


def test_a_guid_that_was_shared_once_names_nothing_any_more() -> None:
    one, two = (Entry(guid="0", url=f"https://o.example/{t}", title=t) for t in ("one", "two"))
    shelf = Shelf()
    assert shelf.new(one) == ["one"]
    assert shelf.new(two, one) == ["two"]
    assert shelf.new(two._replace(url="https://o.example/three", title="three")) == ["three"]


def test_a_link_that_came_to_be_shared_makes_nothing_new() -> None:
    one, two = (Entry(url="https://o.example/warnings-page", title=t) for t in ("one", "two"))
    shelf = Shelf()
    assert shelf.new(one) == ["one"]
    assert shelf.new(two, one) == ["two"]
    assert shelf.new(two) == []


def test_a_number_alone_makes_no_story_of_what_is_unlike_it() -> None:
    shelf = Shelf()
    shelf.new(Entry(guid="a", url="https://o.example/news/1234567-floods", title="Floods recede", published=1.0))
    video = Entry(guid="b", url="https://o.example/video/1234567-goats", title="Goats climb", published=900_000.0)
    assert shelf.new(video) == ["Goats climb"]


# What is taken in


def test_new_entries_come_oldest_first() -> None:
    newest, middle, oldest = (Entry(guid=str(number), title=f"T{number}") for number in (3, 2, 1))
    assert Shelf().new(newest, middle, oldest) == ["T1", "T2", "T3"]


@pytest.mark.parametrize(
    ("edit", "changed"),
    [
        pytest.param({"title": "Other"}, True, id="re-titled"),
        pytest.param({"summary": "more"}, True, id="another lead"),
        pytest.param({"content": "more"}, True, id="another text"),
        pytest.param({"author": "A", "categories": ("x",), "image": "https://x.example/i.png"}, None, id="re-tagged"),
        pytest.param({"url": URL + "?utm_source=rss"}, None, id="another tracking parameter"),
        pytest.param({"published": 9.0}, False, id="re-dated"),
        pytest.param({"url": URL + "2"}, False, id="another link"),
    ],
)
def test_an_edit_is_a_change_when_a_reader_would_see_it(edit: dict[str, str], changed: bool | None) -> None:
    entry = Entry(guid="1", url=URL, title="One", published=1.0)
    shelf = Shelf()
    shelf.new(entry)
    edited = entry._replace(**edit)  # type: ignore[arg-type]  # the table names fields
    planned = shelf.take_in([edited])
    if changed is None:
        assert planned == []
    else:
        (sighting,) = planned
        assert (sighting.story_id, sighting.changed, sighting.entry) == (1, changed, edited)
        assert sighting.digest == digest_of(edited)


def test_two_entries_that_are_one_story_count_once() -> None:
    first, second = Entry(guid="1", title="One"), Entry(url=URL, title="Two")
    known = {"guid:1": Known(7, ""), "link:outlet.example/news/1": Known(7, "")}
    (sighting,) = recognise(identify([first, second]), known).sightings
    assert sighting.entry == second, "the link is the surer"


def test_two_entries_with_pages_of_their_own_are_two_whatever_guid_they_share_with_a_story() -> None:
    old = Entry(guid="7", url="https://o.example/news/4012345-talks-begin", title="Talks begin", published=1e9)
    other = Entry(guid="7", url="https://o.example/news/4012399-talks-begin", title="Talks begin", published=2e9)
    shelf = Shelf()
    assert shelf.new(old) == ["Talks begin"]
    assert shelf.new(old._replace(guid="8"), other) == ["Talks begin"], "one is known by its link, the other is new"


def test_a_page_that_keeps_its_guid_and_tells_something_else_another_day_is_the_same_story() -> None:
    page = "https://o.example/live"
    one, other = (Entry(guid=f"s-{n}", url=page, title=t, published=1e9) for n, t in enumerate(["Floods", "Harvest"]))
    shelf = Shelf()
    assert len(shelf.new(one, other)) == 2
    (sighting,) = shelf.take_in([one._replace(title="Rain returns", published=2e9), other])
    assert sighting.changed
    assert sighting.entry.title == "Rain returns"


@pytest.mark.parametrize(
    ("later", "others", "told"),
    [
        pytest.param(1_800.0, 0, [], id="half an hour later"),
        pytest.param(7_200.0, 0, ["Air alert"], id="two hours later"),
        pytest.param(1_800.0, 1, ["Air alert"], id="half an hour later, among others"),
    ],
)
def test_a_headline_that_nothing_names_and_that_is_dated_anew_is_a_story_again_but_soon_and_alone(
    later: float, others: int, told: list[str]
) -> None:
    alert, rest = Entry(title="Air alert", published=1e9), [OTHER] * others
    shelf = Shelf()
    shelf.new(alert, *rest)
    assert shelf.new(alert._replace(published=1e9 + later), *rest) == told


def test_a_document_that_repeats_an_entry_brings_one_story() -> None:
    for entry in (Entry(title="One", summary="the same"), ARTICLE):
        shelf = Shelf()
        assert len(shelf.new(entry, entry)) == 1
        assert shelf.new(entry._replace(title="One, and more" if entry.guid else entry.title)) == []


def test_one_article_under_two_guids_is_known_by_both() -> None:
    shelf = Shelf()
    assert shelf.new(ARTICLE, ARTICLE._replace(guid="g-9")) == [ARTICLE.title]
    assert shelf.new(Entry(guid="g-9", title="Called for")) == []


@given(DOCUMENTS)
@settings(max_examples=200)
def test_planning_twice_yields_nothing_new(entries: list[Entry]) -> None:
    shelf = Shelf()
    first = shelf.take_in(entries)
    assert all(sighting.story_id is None and sighting.changed for sighting in first)
    assert [sighting for sighting in shelf.take_in(entries) if sighting.story_id is None] == []


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


@given(
    st.lists(ENTRIES, min_size=1, max_size=5, unique_by=lambda entry: (entry.guid, entry.url, entry.title)), st.data()
)
def test_a_documents_digest_changes_with_what_a_reader_sees(entries: list[Entry], data: st.DataObject) -> None:
    def digest(*found: Entry) -> str:
        return identify(found).digest

    number = data.draw(st.integers(0, len(entries) - 1))
    before, entry, after = entries[:number], entries[number], entries[number + 1 :]
    known = digest(entry)
    if identify([entry]).keys[0].names_itself:
        assert digest(entry._replace(published=99.0)) == known
    for edit in (
        {"title": "new"},
        {"summary": "new"},
        {"content": "new"},
        {"guid": "new"},
        {"url": "https://n.example/x"},
    ):
        assert digest(entry._replace(**edit)) != known  # type: ignore[arg-type]
    new = Entry(guid="new", url="https://n.example/x", title="New")
    assert digest(*before, new, *after) != digest(*entries)


def test_a_document_is_the_same_while_a_reader_sees_no_other_entry_in_it() -> None:
    document = [ARTICLE, Entry(title="Air alert", published=1e9)]
    known = identify(document).digest
    assert identify([ARTICLE._replace(published=5.0), document[1]]).digest == known, "a link tells it from the others"
    assert identify([ARTICLE, document[1]._replace(published=2e9)]).digest != known, "nothing but its date does"
    assert identify([ARTICLE]).digest != known
    assert identify(document[::-1]).digest != known


def test_the_keys_of_a_document_are_those_of_all_its_entries() -> None:
    one, two = Entry(guid="a", url=URL, title="One"), Entry(guid="b", title="Two")
    assert identify([one, two]).all_keys == {*identify([one]).all_keys, *identify([two]).all_keys}


def test_text_that_moves_from_one_field_to_the_next_changes_the_digest() -> None:
    assert digest_of(Entry(title="ab", summary="c")) != digest_of(Entry(title="a", summary="bc"))


def test_half_a_character_is_digested_too() -> None:
    assert digest_of(Entry(title="\ud83d")) != digest_of(Entry(title="\ud83e"))


@pytest.mark.parametrize(
    ("url", "own", "key"),
    [
        pytest.param(URL, True, "outlet.example/news/1", id="an article"),
        pytest.param("http://www.outlet.example/news/1/?utm_medium=rss#top", True, "outlet.example/news/1", id="same"),
        pytest.param("https://outlet.example/a/4012345-slug.html", True, "outlet.example#4012345", id="a number"),
        pytest.param("https://outlet.example/warnings", False, "story:14", id="a link that others have too"),
        pytest.param(None, False, "story:14", id="no link"),
    ],
)
def test_stories_are_one_event_when_they_link_to_one_article(url: str | None, own: bool, key: str) -> None:
    assert event_key(Entry(url=url), 14, own_link=own, own_number=own) == key


def test_a_number_that_others_share_makes_no_event() -> None:
    entry = Entry(url="https://outlet.example/4012345/a-headline")
    assert event_key(entry, 14, own_link=True, own_number=False) == "outlet.example/4012345/a-headline"
