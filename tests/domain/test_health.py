"""How a feed does, by its history."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.health import EXPIRED, Health, History, State, health_of, is_ended
from bot.domain.rhythm import DAY, HOUR, Rhythm, learn

NOW = 1_800_000_000.0


def brought(*ago: float, until: float = NOW) -> Rhythm:
    """A feed that has brought an event at each of these times ago, in seconds, and was polled up to now."""
    first = max(ago)
    return learn(learn(Rhythm(NOW - first - 1), NOW - min(ago) + 1, [NOW - past for past in ago]), until, [])


HOURLY = brought(*(number * HOUR for number in range(1, 200)))


def well(**facts: object) -> History:
    return History(**({"polled_at": NOW, "well_at": NOW, "entries": 20, "rhythm": HOURLY} | facts))  # type: ignore[arg-type] # a table's row


def failing(error: str, hours: float, failures: int = 3) -> History:
    """A feed that failed so, so many hours after it was well."""
    return well(error=error, failures=failures, well_at=NOW - hours * HOUR)


@pytest.mark.parametrize(
    ("history", "state", "matters"),
    [
        pytest.param(History(), State.NEW, False, id="never asked"),
        pytest.param(well(), State.WELL, False, id="well"),
        pytest.param(well(rhythm=None, entries=None), State.WELL, False, id="well, and nothing known"),
        pytest.param(well(entries=0), State.EMPTY, True, id="it holds nothing any more"),
        pytest.param(well(entries=0, rhythm=Rhythm(NOW)), State.EMPTY, False, id="it never held anything"),
        pytest.param(failing("timeout", 1), State.BLIP, False, id="a blip"),
        pytest.param(failing("timeout", 5), State.DOWN, False, id="an outage"),
        pytest.param(failing("timeout", 25), State.DOWN, True, id="an outage of a day"),
        pytest.param(failing("status-503", 25), State.DOWN, True, id="a server's own trouble"),
        pytest.param(failing("unexpected", 25), State.DOWN, True, id="our own trouble"),
        pytest.param(failing("tls", 25), State.DOWN, True, id="a certificate that is not valid"),
        pytest.param(failing(EXPIRED, 1), State.EXPIRED, False, id="a certificate that has run out just now"),
        pytest.param(failing(EXPIRED, 25), State.EXPIRED, True, id="a certificate that has run out"),
        pytest.param(failing("status-401", 7), State.REFUSED, True, id="a password wanted"),
        pytest.param(failing("status-403", 1), State.REFUSED, False, id="refused for an hour"),
        pytest.param(failing("status-403", 7), State.REFUSED, True, id="refused"),
        pytest.param(failing("status-429", 7), State.BUSY, False, id="asked too much"),
        pytest.param(failing("status-429", 25), State.BUSY, True, id="asked too much for a day"),
        pytest.param(failing("not-a-feed-html", 1), State.PAGE, False, id="a page for an hour"),
        pytest.param(failing("not-a-feed-consent", 7), State.PAGE, True, id="a wall in its place"),
        pytest.param(failing("cut-off", 7), State.CUT_OFF, False, id="half a feed"),
        pytest.param(failing("status-404", 7), State.MISSING, False, id="missing for hours"),
        pytest.param(failing("status-404", 25), State.MISSING, True, id="missing for a day"),
        pytest.param(failing("status-404", 8 * 24), State.ENDED, True, id="missing for a week"),
        pytest.param(failing("dns", 7), State.MISSING, False, id="a name that is not found"),
        pytest.param(failing("dns", 8 * 24), State.ENDED, True, id="a name that is not found for a week"),
        pytest.param(failing("status-410", 0), State.ENDED, True, id="gone"),
        pytest.param(well(error="dns", well_at=None), State.MISSING, False, id="it never answered"),
    ],
)
def test_what_is_amiss_is_told_apart(history: History, state: State, matters: bool) -> None:
    health = health_of(history, NOW)
    assert (health.state, health.matters) == (state, matters)
    assert is_ended(health) == (state is State.ENDED)


@pytest.mark.parametrize(
    ("rhythm", "days", "frozen"),
    [
        pytest.param(HOURLY, 2, False, id="an hourly one is silent over a weekend"),
        pytest.param(HOURLY, 4, True, id="an hourly one is silent for days"),
        pytest.param(HOURLY, 400, True, id="an hourly one is silent for a year"),
        pytest.param(brought(*(number * DAY for number in range(1, 30))), 2.5, False, id="a daily one, for days"),
        pytest.param(brought(*(number * DAY for number in range(1, 30))), 6, True, id="a daily one, for a week"),
        pytest.param(brought(*(number * 7 * DAY for number in range(1, 9))), 20, False, id="a weekly one, for weeks"),
        pytest.param(brought(HOUR, 2 * HOUR, 3 * HOUR), 30, False, id="one of which little is known"),
    ],
)
def test_a_feed_is_frozen_when_it_is_silent_for_far_longer_than_it_was_before(
    rhythm: Rhythm, days: float, frozen: bool
) -> None:
    later = NOW + days * DAY
    for _ in range(10):
        rhythm = learn(rhythm, rhythm.at + days * DAY / 10, [])
    health = health_of(well(rhythm=rhythm), later)
    assert (health.state is State.FROZEN) == frozen
    assert health == (Health(State.FROZEN, rhythm.last, matters=True) if frozen else Health(State.WELL))


@given(st.sampled_from(["dns", "status-404", "status-500", "timeout", "not-a-feed-html", EXPIRED]), st.floats(0, 1e7))
def test_what_matters_goes_on_mattering(error: str, seconds: float) -> None:
    history = well(error=error, failures=2, well_at=NOW)
    if health_of(history, NOW + seconds).matters:
        assert health_of(history, NOW + seconds + HOUR).matters
