"""Stories become events: what is joined, what is not, and what holds for every window."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.events import WINDOW, Decision, Events
from bot.domain.gist import Story

HOUR = 3_600.0
NOON = 1_800_000_000.0

# Made up, as everything here: what else is in the news, so that common words are common.
BACKGROUND = [
    ("Ministers to vote on ferry subsidies", "The vote on money for the ferries is due in the spring, officials said."),
    ("Orchard owners fear a late frost", "A cold night could cost the orchards of the lowlands half of their apples."),
    ("Rowers win three medals at regatta", "The club's rowers came home with three medals from the regatta in Lund."),
    ("Bank raises its rates again", "The central bank has raised its rates for the fourth time in a year, it said."),
    ("New tram line opens in Graz", "Thousands rode the new tram line for free on the first day, the city said."),
    ("Museum returns bronze heads", "The museum has returned two bronze heads that were taken in the war."),
    ("Police find missing cellist", "The cellist was found in a cabin on Saturday, tired but unharmed, police said."),
    ("Sappers clear Russian mines near Izium", "Twelve fields can be ploughed again this spring."),
    ("Court in Leipzig hears of Russian gas", "A contract of 2019 is argued over before the judges."),
    ("Chess title goes to Russian exile", "He drew the fourteenth game after six hours."),
    ("Glacier melts faster, Russian station finds", "Measurements go back eighty years."),
    (
        "Two killed in avalanche above Bivio",
        "Two people were killed when an avalanche hit a group of skiers, police said.",
    ),
]


def story(
    number: int, title: str, lead: str = "", *, at: float = NOON, outlet: str = "", language: str = "en"
) -> Story:
    return Story(number, outlet or f"Outlet {number}", language, title, lead, at)


def take_in(events: Events, told: Story) -> tuple[int, Decision]:
    """One story through the line; a new event has its first story's id."""
    decision = events.plan(told)
    event_id = told.story_id if decision.event_id is None else decision.event_id
    events.apply(decision, event_id)
    return event_id, decision


def window() -> Events:
    events = Events()
    for number, (title, lead) in enumerate(BACKGROUND, 1_000):
        take_in(events, story(number, title, lead, at=NOON - HOUR))
    return events


def joined(*told: Story) -> list[int]:
    """The events of some stories, one after the other, among what else is in the news."""
    events = window()
    return [take_in(events, one)[0] for one in told]


HARBOUR = story(
    1,
    "Barge hits harbour bridge in Kettering, traffic halted",
    "A barge loaded with gravel hit the harbour bridge in Kettering at dawn, and traffic was halted for hours.",
)
HARBOUR_AGAIN = story(
    2,
    "Traffic halted after barge hits Kettering harbour bridge",
    "The harbour bridge in Kettering was closed on Monday after a barge loaded with gravel had hit a pillar.",
    at=NOON + HOUR,
)
HARBOUR_ONCE_MORE = story(
    3,
    "Kettering harbour bridge closed: barge hits pillar",
    "Traffic in Kettering came to a halt when a barge with gravel hit the harbour bridge at dawn.",
    at=NOON + 2 * HOUR,
)


def test_the_same_report_by_three_outlets_is_one_event() -> None:
    assert joined(HARBOUR, HARBOUR_AGAIN, HARBOUR_ONCE_MORE) == [1, 1, 1]


LEAD = "Officials said that two people were killed and that the cause is not known yet."
APART = [
    pytest.param(
        story(1, "Fire in Ashford kills two", "A fire in a warehouse killed two people, police said."),
        story(2, "Fire in Bexley kills two", "A fire in a warehouse killed two people, police said."),
        id="the same fire in another town",
    ),
    pytest.param(
        story(1, "Two killed in Russian missile attack on Kremenchuk", "Two people were killed by a missile."),
        story(2, "Two killed in Russian missile attack on Pryluky", "Two people were killed by a missile."),
        id="the same attack on another town, by the same army",
    ),
    pytest.param(
        story(1, "Drones hit the port of Odesa, 5 injured", "Drones hit the port at night, the governor said."),
        story(
            2,
            "Drones hit the port of Odesa, 7 injured",
            "Drones hit the port at night, the governor said.",
            at=NOON + 24 * HOUR,
        ),
        id="the same attack a day later",
    ),
    pytest.param(
        story(1, "Lions beat Tigers 3-1", "The Lions beat the Tigers in the league."),
        story(2, "Lions beat Tigers 2-0", "The Lions beat the Tigers in the league.", at=NOON + 48 * HOUR),
        id="the same teams on another day",
    ),
    pytest.param(
        story(1, "Storm warning for Northern Highlands", "The weather service expects gusts.", outlet="Met"),
        story(2, "Storm warning for Southern Highlands", "The weather service expects gusts.", outlet="Met"),
        id="a warning for another region",
    ),
    pytest.param(
        story(1, "What we know on day 500 of the war", "The main events of the day."),
        story(2, "What we know on day 501 of the war", "The main events of the day.", at=NOON + 3 * HOUR),
        id="the digest of another day",
    ),
    pytest.param(
        story(1, "Strike at the port of Odesa kills five people", "A missile hit a block of flats, the mayor said."),
        story(
            2,
            "Strike at the port of Odesa kills two people",
            "A missile hit a post office, the mayor said.",
            at=NOON + 30 * HOUR,
        ),
        id="the next attack, its toll in words",
    ),
    pytest.param(
        story(1, "Norwood calls Petrova to discuss ferry plan", "The two spoke for an hour, her office said."),
        story(2, "Norwood calls Zelmann to discuss ferry plan", "He said that the call was useful.", at=NOON + HOUR),
        id="the same call to somebody else, both as well known",
    ),
    pytest.param(
        story(1, "Denmark to give ferries to Izium", "Copenhagen will send the first six, an official said."),
        story(2, "Norway to give ferries to Izium", "Oslo will send five, an official said.", at=NOON + HOUR),
        id="somebody else does the same, named by the first word",
    ),
    pytest.param(
        story(1, "Norland accuses Sudland of breaking the truce", "It counted thirty attacks on Sunday."),
        story(2, "Sudland accuses Norland of breaking the truce", "It counted many attacks.", at=NOON + HOUR),
        id="who says it of whom",
    ),
    pytest.param(
        HARBOUR,
        replace(HARBOUR_AGAIN, title="Why did a barge hit the harbour bridge in Kettering?"),
        id="a report and an explainer",
    ),
    pytest.param(HARBOUR, replace(HARBOUR_AGAIN, at=NOON + WINDOW + 1), id="what is beyond the window"),
    pytest.param(HARBOUR, replace(HARBOUR_AGAIN, language="de"), id="what claims to be of another language"),
    pytest.param(HARBOUR, story(2, "", "", at=NOON), id="a story without words"),
    pytest.param(
        HARBOUR,
        story(2, "Kettering mayor opens library", "The mayor opened a library in Kettering on Monday.", at=NOON),
        id="other news from the town",
    ),
]


@pytest.mark.parametrize(("one", "other"), APART)
def test_two_reports_stay_apart(one: Story, other: Story) -> None:
    assert joined(one, other) == [1, 2]


@pytest.mark.parametrize(("one", "other"), APART)
def test_two_reports_stay_apart_the_other_way_round(one: Story, other: Story) -> None:
    assert joined(replace(other, at=one.at), replace(one, at=other.at)) == [2, 1]


TOLL = (
    story(1, "Gas explosion in Ashford kills two", "A gas explosion in a bakery in Ashford killed two people."),
    story(
        2,
        "Ashford gas explosion: death toll rises to five",
        "The death toll of the gas explosion in a bakery in Ashford has risen to five people.",
        at=NOON + 3 * HOUR,
    ),
)


def test_a_toll_that_rises_joins_as_a_development() -> None:
    events = window()
    take_in(events, TOLL[0])
    event_id, decision = take_in(events, TOLL[1])

    assert event_id == 1
    assert decision.is_development


def test_a_denial_joins_as_a_development() -> None:
    lead = "The summit of the ferry towns was to be held in Kettering within two weeks, her office said."
    events = window()
    event, _ = take_in(events, story(1, "Norwood says she will attend ferry summit in Kettering", lead))
    denial = story(2, "Norwood says she will not attend ferry summit in Kettering", lead, at=NOON + 9 * HOUR)
    again, decision = take_in(events, denial)
    assert (again, decision.is_development) == (event, True)


def test_a_repetition_is_no_development() -> None:
    events = window()
    take_in(events, HARBOUR)

    assert not take_in(events, HARBOUR_AGAIN)[1].is_development


def test_what_is_told_late_is_no_development() -> None:
    events = window()
    take_in(events, TOLL[0])
    _, decision = take_in(events, replace(TOLL[1], at=NOON - HOUR))

    assert decision.event_id == 1
    assert not decision.is_development


def test_an_outlet_that_tells_it_again_joins_its_own_event() -> None:
    assert joined(replace(HARBOUR, outlet="Courier"), replace(HARBOUR_AGAIN, outlet="Courier")) == [1, 1]


def test_a_chain_of_likenesses_does_not_lead_away_from_the_anchor() -> None:
    first = story(1, "alpha bravo charlie delta echo foxtrot golf hotel")
    second = story(2, "charlie delta echo foxtrot golf hotel india juliet")
    third = story(3, "echo foxtrot golf hotel india juliet kilo lima")
    fourth = story(4, "golf hotel india juliet kilo lima mike november")
    events = Events()
    found = [take_in(events, one)[0] for one in (first, second, third, fourth)]

    assert found[:2] == [1, 1]
    assert found[3] != 1


ABROAD = [
    pytest.param("У Прилуках двоє загиблих, 25 поранених", "uk", HOUR, True, id="name and numbers"),
    pytest.param("В Прилуках двое погибших, 25 раненых", "ru", HOUR, True, id="another language yet"),
    pytest.param("У Прилуках двоє загиблих, 31 поранений", "uk", HOUR, True, id="another toll within two hours"),
    pytest.param("У Прилуках четверо загиблих", "uk", 3 * HOUR, False, id="another toll later"),
    pytest.param("У Прилуках зросла кількість загиблих до 4", "uk", 3 * HOUR, True, id="a toll that has risen"),
    pytest.param("У Прилуках зросла кількість загиблих до 4", "uk", 7 * HOUR, False, id="a day part later"),
    pytest.param(
        "У Прилуках зросла кількість загиблих: один", "uk", 3 * HOUR, False, id="it cannot have risen to that"
    ),
    pytest.param("У Прилуках двоє загиблих", "uk", 5 * HOUR, True, id="the same toll"),
    pytest.param("У Прилуках 25 затриманих", "uk", HOUR, False, id="a number of others"),
    pytest.param("У Прилуках є загиблі", "uk", HOUR, False, id="a name alone"),
    pytest.param("Двоє загиблих, 25 поранених", "uk", HOUR, False, id="numbers alone"),
    pytest.param("У Прилуках двоє загиблих, 25 поранених", "uk", 13 * HOUR, False, id="half a day later"),
    pytest.param("Чому у Прилуках двоє загиблих, 25 поранених?", "uk", HOUR, False, id="an explainer"),
    pytest.param("Прилуки, Варва, Срібне під ударом", "uk", HOUR, False, id="names alone"),
]


@pytest.mark.parametrize(("title", "language", "later", "is_one"), ABROAD)
def test_across_languages_names_and_numbers_have_to_agree(
    title: str, language: str, later: float, is_one: bool
) -> None:
    first = story(1, "Missile strike kills 2, injures 25 in Pryluky, near Varva and Sribne")
    second = story(2, title, at=NOON + later, language=language)

    assert joined(first, second) == [1, 1 if is_one else 2]


@pytest.mark.parametrize(
    ("title", "is_one"),
    [
        pytest.param("Баржа врізалася у міст 25 у Прилуках біля Варви", True, id="names and a number"),
        pytest.param("Баржа врізалася у міст 31 у Прилуках біля Варви", False, id="another number"),
        pytest.param("Баржа врізалася у міст у Прилуках біля Варви", False, id="no number"),
    ],
)
def test_across_languages_headlines_without_a_toll_have_to_agree_in_names_and_numbers(title: str, is_one: bool) -> None:
    first = story(1, "Barge hits bridge 25 in Pryluky, near Varva")

    assert joined(first, story(2, title, at=NOON + HOUR, language="uk")) == [1, 1 if is_one else 2]


def test_across_languages_a_toll_in_a_place_that_is_often_in_the_news_says_nothing() -> None:
    events = window()
    for number in range(100, 110):
        take_in(events, story(number, f"Cranes number {number} is built in Pryluky", at=NOON - 5 * HOUR))
    first = story(1, "Missile strike on Pryluky kills 2, injures 25")
    take_in(events, first)

    assert take_in(events, story(2, "У Прилуках 31 поранений", at=NOON + HOUR, language="uk"))[0] == 2


STRIKE = "Missile strike on Pryluky kills two, injures 25"
STRUCK = "The missile hit a block of flats in the middle of the town at night."


@pytest.mark.parametrize(
    ("title", "later", "is_one"),
    [
        pytest.param("Missile strike on Pryluky: death toll rises to five, 31 injured", 3, True, id="it has risen"),
        pytest.param("Missile strike on Pryluky kills five, injures 31", 3, False, id="nobody says that it has risen"),
        pytest.param("Missile strike on Pryluky: death toll rises to one", 3, False, id="it was higher before"),
        pytest.param("Missile strike on Pryluky: death toll rises to five, 31 injured", 13, False, id="half a day on"),
        pytest.param("Missile strike on Pryluky: prices rise, 31 held", 3, False, id="something else has risen"),
    ],
)
def test_an_outlet_s_own_story_with_other_numbers_joins_where_it_says_that_a_toll_has_risen(
    title: str, later: float, is_one: bool
) -> None:
    found = joined(
        story(1, STRIKE, STRUCK, outlet="Courier"), story(2, title, STRUCK, outlet="Courier", at=NOON + later * HOUR)
    )

    assert found == [1, 1 if is_one else 2]


def test_a_story_of_another_language_without_numbers_joins_nothing() -> None:
    first = story(1, "Missile strike on Pryluky, Varva and Sribne")

    assert joined(first, story(2, "Удар по містах Прилуки, Варва, Срібне", language="uk")) == [1, 2]


def test_once_an_event_knows_a_language_its_stories_are_compared_in_it() -> None:
    first = story(1, "Missile strike kills 2, injures 25 in Pryluky")
    second = story(2, "У Прилуках двоє загиблих, 25 поранених", language="uk")
    third = story(3, "Ракета влучила у Прилуки: 2 убитих, 25 травмованих", language="uk")

    assert joined(first, second, third) == [1, 1, 3]


def test_an_event_that_began_too_long_ago_is_joined_in_no_language() -> None:
    first = replace(HARBOUR, title="Barge hits bridge 25 in Pryluky, 7 held", at=NOON)
    later = replace(first, story_id=2, at=NOON + 60 * HOUR)
    events = window()
    events.restore(first, 1)
    events.restore(later, 1)
    decision = events.plan(story(3, "Міст 25: у Прилуках 7 затримано", language="uk", at=NOON + WINDOW + HOUR))

    assert decision.event_id is None


# What hypothesis plays with: a few events, each told in several ways, by several outlets, over two days.
TOLD = [
    (HARBOUR.title, HARBOUR.lead),
    (HARBOUR_AGAIN.title, HARBOUR_AGAIN.lead),
    (HARBOUR_ONCE_MORE.title, HARBOUR_ONCE_MORE.lead),
    *((one.title, one.lead) for one in TOLL),
    *BACKGROUND,
]
STORIES = st.lists(
    st.tuples(st.sampled_from(TOLD), st.floats(0, 2 * WINDOW), st.sampled_from(["en", "en", "de"])),
    min_size=1,
    max_size=25,
).map(
    lambda drawn: [
        story(number, title, lead, at=NOON + at, outlet=f"Outlet {number % 4}", language=language)
        for number, ((title, lead), at, language) in enumerate(drawn, 1)
    ]
)


def played(stories: Iterable[Story]) -> tuple[Events, list[tuple[Story, int]]]:
    events = Events()
    return events, [(one, take_in(events, one)[0]) for one in stories]


def state(events: Events) -> dict[int, tuple[int, ...]]:
    return {event_id: events.stories_of(event_id) for event_id in events}


PROBES: Sequence[Story] = [
    replace(one, story_id=9_000 + number, at=NOON + hours * HOUR)
    for number, (one, hours) in enumerate([(HARBOUR, 5), (HARBOUR_AGAIN, 40), (TOLL[1], 90), (HARBOUR_ONCE_MORE, 143)])
]


def test_a_story_that_was_taken_in_is_known_and_taking_it_in_again_changes_nothing() -> None:
    events = window()
    take_in(events, HARBOUR)
    take_in(events, HARBOUR_AGAIN)
    before = state(events)
    decision = events.plan(HARBOUR_AGAIN)
    assert (decision.event_id, decision.is_known) == (1, True)
    events.apply(decision, 1)
    assert state(events) == before


def test_what_an_earlier_run_decided_is_gone_on_from() -> None:
    events = Events()
    events.restore(HARBOUR, 77)
    assert events.plan(HARBOUR_AGAIN).event_id == 77
    assert events.stories_of(77) == (HARBOUR.story_id,)


def test_an_event_that_is_forgotten_goes_with_all_its_stories_and_no_other_does() -> None:
    events = Events()
    for one in (HARBOUR, HARBOUR_AGAIN, story(3, "Le port de Kettering est fermé", at=NOON, language="fr")):
        events.restore(one, 1)
    newer = story(4, "Museum returns bronze heads", at=NOON + 2 * HOUR)
    events.restore(newer, 4)
    events.forget(NOON)
    assert list(events) == [1, 4], "it began at noon, and not before"
    events.forget(NOON + HOUR)
    assert (list(events), len(events)) == ([4], 1)
    assert events.plan(HARBOUR_AGAIN).event_id is None
    assert events.plan(replace(newer, story_id=5, outlet="Another", at=newer.at + HOUR)).event_id == 4


@given(STORIES)
def test_planning_changes_nothing_and_planning_twice_yields_nothing_new(stories: list[Story]) -> None:
    events, _ = played(stories)
    before = state(events)
    for probe in PROBES:
        assert events.plan(probe) == events.plan(probe)
    for one in stories:
        known = events.plan(one)
        assert known.is_known
        assert known.event_id is not None
        events.apply(known, known.event_id)

    assert state(events) == before
    assert len(events) == len(stories)


@given(STORIES)
def test_restoring_is_what_was_played(stories: list[Story]) -> None:
    events, rows = played(stories)
    restored = Events()
    for one, event_id in rows:
        restored.restore(one, event_id)

    assert state(restored) == state(events)
    assert [restored.plan(probe) for probe in PROBES] == [events.plan(probe) for probe in PROBES]


@given(STORIES, st.floats(0, 2 * WINDOW))
def test_what_was_forgotten_is_as_if_it_had_never_been(stories: list[Story], later: float) -> None:
    events, rows = played(stories)
    began = {event_id: one.at for one, event_id in reversed(rows)}
    events.forget(NOON + later)
    rest = Events()
    for one, event_id in rows:
        if began[event_id] >= NOON + later:
            rest.restore(one, event_id)

    assert state(events) == state(rest)
    assert [events.plan(probe) for probe in PROBES] == [rest.plan(probe) for probe in PROBES]


@given(STORIES)
def test_every_story_of_an_event_is_near_its_anchor(stories: list[Story]) -> None:
    events, _ = played(stories)
    by_id = {one.story_id: one for one in stories}
    for event_id in events:
        anchor, *others = events.stories_of(event_id)
        for other in others:
            assert abs(by_id[other].at - by_id[anchor].at) <= WINDOW
            alone = Events()
            alone.restore(by_id[anchor], 1)
            shared = set(alone.plan(by_id[anchor]).gist.keys) & set(alone.plan(by_id[other]).gist.keys)
            assert len(shared) >= 3


@settings(max_examples=30)
@given(st.permutations(range(len(BACKGROUND))), st.integers(0, len(BACKGROUND)), st.integers(0, len(BACKGROUND)))
def test_the_order_of_unrelated_stories_does_not_matter_to_a_pair(order: list[int], first: int, second: int) -> None:
    events = Events()
    rest = [story(1_000 + place, *BACKGROUND[place]) for place in order]
    one, two = sorted((first, second))
    found = {}
    for told in [*rest[:one], HARBOUR, *rest[one:two], HARBOUR_AGAIN, *rest[two:]]:
        found[told.story_id], _ = take_in(events, told)

    assert found[1] == found[2] == 1
    assert len(set(found.values())) == len(BACKGROUND) + 1


def test_a_window_knows_its_events_and_stories() -> None:
    events, _ = played([HARBOUR, HARBOUR_AGAIN])

    assert list(events) == [1]
    assert events.stories_of(1) == (1, 2)
    assert events.stories_of(7) == ()
    assert len(events) == 2
