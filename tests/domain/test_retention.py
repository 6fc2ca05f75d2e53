"""What may go when, and what is left of a story that went."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.retention import (
    DAY,
    LOOKED_OVER,
    TIDIED,
    UNSEEN,
    EventFacts,
    Keeping,
    as_it_was,
    event_may_go,
    face_of,
    is_forgotten,
    is_tidy,
    is_to_be_looked_over,
    text_may_go,
    version_may_go,
    without_text,
)
from bot.domain.stories import Entry, digest_of

NOW = 1_000 * DAY
KEEPING = Keeping(stories=60 * DAY, texts=14 * DAY)
OLD, YOUNG = NOW - 61 * DAY, NOW - 59 * DAY
ENTRY = Entry(
    "g", "https://a.example/1", "EUMAM", "A lead.", "A text.", 5.0, "Ann", ("war",), "en", "https://a.example/p"
)


@pytest.mark.parametrize(
    ("event", "goes"),
    [
        pytest.param(EventFacts(OLD, OLD, waiting=False), True, id="all of it is old"),
        pytest.param(EventFacts(OLD, None, waiting=False), True, id="nobody was alerted"),
        pytest.param(EventFacts(None, None, waiting=False), True, id="nothing is left of it"),
        pytest.param(EventFacts(YOUNG, OLD, waiting=False), False, id="a story has changed since"),
        pytest.param(EventFacts(OLD, YOUNG, waiting=False), False, id="an alert was sent late"),
        pytest.param(EventFacts(OLD, OLD, waiting=True), False, id="something waits"),
    ],
)
def test_an_event_goes_once_all_of_it_is_old(event: EventFacts, goes: bool) -> None:
    assert event_may_go(event, NOW, KEEPING) is goes


@pytest.mark.parametrize(
    ("age", "waiting", "text", "version"),
    [(13, False, False, False), (15, False, True, False), (15, True, False, False), (61, False, True, True)],
)
def test_texts_go_before_versions_and_neither_while_an_alert_needs_them(
    age: float, waiting: bool, text: bool, version: bool
) -> None:
    assert text_may_go(NOW - age * DAY, NOW, KEEPING, waiting=waiting) is text
    assert version_may_go(NOW - age * DAY, NOW, KEEPING, waiting=waiting) is version


def test_texts_are_not_kept_longer_than_their_stories() -> None:
    assert text_may_go(NOW - 8 * DAY, NOW, Keeping(stories=7 * DAY, texts=14 * DAY), waiting=False)


@pytest.mark.parametrize(
    ("seen", "read", "followed", "forgotten"),
    [
        pytest.param(NOW - UNSEEN - 1, NOW, True, True, id="not shown for long"),
        pytest.param(NOW - UNSEEN + 1, NOW, True, False, id="shown not so long ago"),
        pytest.param(NOW - 2 * UNSEEN, NOW - 2 * UNSEEN + DAY, True, False, id="its feed is down"),
        pytest.param(NOW - 2 * UNSEEN, None, True, False, id="its feed was never read"),
        pytest.param(NOW - 2 * UNSEEN, NOW - 2 * UNSEEN + DAY, False, True, id="nobody follows its feed"),
        pytest.param(NOW, NOW + 2 * UNSEEN, True, False, id="the clock was set back"),
    ],
)
def test_what_was_shown_is_forgotten_long_after_its_feed_has_ceased_to_show_it(
    seen: float, read: float | None, followed: bool, forgotten: bool
) -> None:
    assert is_forgotten(seen, read, NOW, followed=followed) is forgotten


@given(seen=st.floats(0, NOW), days=st.floats(0, 2_000))
def test_what_is_noted_as_shown_whenever_its_time_has_come_is_never_forgotten(seen: float, days: float) -> None:
    """A document that never changes is taken in once a month, plus the day that passes between two whole answers."""
    assert LOOKED_OVER + 2 * DAY < UNSEEN
    read = seen + min(days * DAY, LOOKED_OVER + DAY)
    assert not is_forgotten(seen, read, read + days * DAY, followed=True)


def test_a_document_is_looked_over_once_a_month_if_it_was_ever_taken_in() -> None:
    assert not is_to_be_looked_over(None, NOW)
    assert not is_to_be_looked_over(NOW - LOOKED_OVER + 1, NOW)
    assert is_to_be_looked_over(NOW - LOOKED_OVER - 1, NOW)


def test_upkeep_is_due_once_a_day_and_when_the_clock_was_set_back() -> None:
    assert not is_tidy(None, NOW)
    assert is_tidy(NOW, NOW)
    assert is_tidy(NOW - TIDIED + 1, NOW)
    assert not is_tidy(NOW - TIDIED, NOW)
    assert not is_tidy(NOW + 1, NOW)


def test_a_face_holds_what_a_story_is_recognised_by_and_nothing_else() -> None:
    assert face_of(ENTRY) == Entry(guid="g", url="https://a.example/1", title="EUMAM", published=5.0)


def test_a_story_without_its_text_has_its_headline_and_lead() -> None:
    stripped = without_text(ENTRY)
    assert (stripped.title, stripped.summary, stripped.content) == ("EUMAM", "A lead.", "")


def test_a_text_that_went_counts_as_having_said_what_the_newer_one_says() -> None:
    newer = Entry(title="EUMAM, corrected", summary="Another lead.", content="EUMAM and more.")
    digest = digest_of(ENTRY)
    assert as_it_was(ENTRY, digest, newer) == ENTRY, "nothing went"
    assert as_it_was(without_text(ENTRY), digest, newer).content == "EUMAM and more."
    assert as_it_was(without_text(ENTRY), digest, newer).summary == "A lead."
    face = as_it_was(face_of(ENTRY), digest, newer)
    assert (face.title, face.summary, face.content) == ("EUMAM", "Another lead.", "EUMAM and more.")
    without = Entry(title="EUMAM")
    assert as_it_was(without, digest_of(without), newer) == without, "there never was a text: what comes now is new"
