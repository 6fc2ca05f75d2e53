"""Who is entitled to an alert."""

import pytest

from bot.domain.entitlement import REGRET, StoryTimes, asks_since, is_entitled, is_late

HOUR = 3600.0


@pytest.mark.parametrize(
    ("published", "late"),
    [
        pytest.param(None, False, id="undated"),
        pytest.param(100 * HOUR, False, id="just published"),
        pytest.param(28 * HOUR, False, id="exactly as old as it may be"),
        pytest.param(28 * HOUR - 1, True, id="a second older"),
        pytest.param(0.0, True, id="of 1970"),
        pytest.param(-HOUR, True, id="before 1970"),
        pytest.param(200 * HOUR, False, id="of the future"),
    ],
)
def test_a_story_is_late_when_it_turns_up_too_old(published: float | None, late: bool) -> None:
    assert is_late(published, 100 * HOUR, 72 * HOUR) is late


def story(first_seen: float = 10, changed_at: float = 10, *, silent: bool = False, late: bool = False) -> StoryTimes:
    return StoryTimes(first_seen, changed_at, silent=silent, late=late)


@pytest.mark.parametrize(
    ("times", "asked_since", "fresh", "entitled"),
    [
        pytest.param(story(), 9, False, True, id="asked before it turned up"),
        pytest.param(story(), 10, False, False, id="asked as it turned up"),
        pytest.param(story(), 11, False, False, id="asked after it turned up"),
        pytest.param(story(silent=True), 9, False, False, id="it was no news"),
        pytest.param(story(late=True), 9, False, True, id="its edit is late, its first version was not"),
        pytest.param(story(changed_at=20), 15, False, False, id="edited since, but it matched before"),
        pytest.param(story(changed_at=20), 15, True, True, id="the edit is the news"),
        pytest.param(story(changed_at=20, silent=True), 15, True, True, id="the edit is news of a story that was none"),
        pytest.param(story(changed_at=20), 20, True, False, id="asked as it was edited"),
        pytest.param(story(changed_at=20), 21, True, False, id="asked after it was edited"),
        pytest.param(story(changed_at=20, late=True), 15, True, False, id="the edit is of an old story"),
        pytest.param(story(), 9, True, True, id="a new story"),
    ],
)
def test_a_chat_is_entitled_to_what_came_after_it_asked(
    times: StoryTimes, asked_since: float, fresh: bool, entitled: bool
) -> None:
    assert is_entitled(times, asked_since, fresh=fresh) is entitled


@pytest.mark.parametrize(
    ("after", "since"),
    [
        pytest.param(0.0, 5.0, id="at once: it had never gone"),
        pytest.param(REGRET - 1, 5.0, id="within the day"),
        pytest.param(REGRET, 100.0 + REGRET, id="later: as one that is new"),
    ],
)
def test_a_filter_that_is_brought_back_asks_as_before_if_it_was_removed_lately(after: float, since: float) -> None:
    assert asks_since(5.0, 100.0, 100.0 + after) == since
