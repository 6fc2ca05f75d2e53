"""What becomes of an alert after each try to send it."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.chats import Gone, Moved, Outcome, Rejected, Sent, Throttled, Unreachable
from bot.domain.delivery import Decision, Done, GiveUp, Hold, Relocate, Retry, backoff, decide

NOW = 1_800_000_000.0


class Fixed(Random):
    """Chance that always falls the same way."""

    def __init__(self, value: float = 0.0) -> None:
        super().__init__()
        self.value = value

    def random(self) -> float:
        return self.value


@pytest.mark.parametrize(
    ("outcome", "plain", "attempts", "decision"),
    [
        pytest.param(Sent("42"), False, 0, Done("42"), id="sent"),
        pytest.param(Sent("42"), True, 5, Done("42"), id="sent at last, as plain text"),
        pytest.param(Gone("blocked"), False, 0, Hold("blocked"), id="its chat takes nothing"),
        pytest.param(Moved("-100"), False, 0, Relocate("-100"), id="its chat moved"),
        pytest.param(Throttled(30), False, 0, Retry(NOW + 30), id="the platform asks for a pause"),
        pytest.param(Throttled(30), True, 9, Retry(NOW + 30, plain=True), id="a pause, and it stays plain text"),
        pytest.param(Throttled(-3), False, 0, Retry(NOW), id="a pause of less than nothing"),
        pytest.param(Unreachable("timeout"), False, 0, Retry(NOW + 1), id="unreachable"),
        pytest.param(Unreachable("timeout"), True, 0, Retry(NOW + 1, plain=True), id="unreachable, and it stays plain"),
        pytest.param(Unreachable("timeout"), False, 3, Retry(NOW + 8), id="unreachable again"),
        pytest.param(Unreachable("timeout"), False, 5000, Retry(NOW + 300), id="unreachable for days"),
        pytest.param(Rejected("bad"), False, 0, Retry(NOW, plain=True), id="rejected: at once, as plain text"),
        pytest.param(Rejected("bad"), True, 0, GiveUp("bad"), id="rejected at once, and it was plain"),
        pytest.param(Rejected("bad"), True, 1, GiveUp("bad"), id="rejected as plain text too"),
    ],
)
def test_each_outcome_has_its_decision(outcome: Outcome, plain: bool, attempts: int, decision: Decision) -> None:
    assert decide(outcome, attempts=attempts, plain=plain, now=NOW, random=Fixed()) == decision


OUTCOMES = st.one_of(
    st.just(Sent("1")),
    st.just(Gone("gone")),
    st.just(Moved("2")),
    st.floats(0, 1e6).map(Throttled),
    st.just(Unreachable("network")),
    st.just(Rejected("content")),
)


@given(OUTCOMES, st.integers(0, 10_000), st.booleans(), st.integers().map(Random))
def test_nothing_is_dropped_but_what_a_platform_refuses_twice(
    outcome: Outcome, attempts: int, plain: bool, random: Random
) -> None:
    decision = decide(outcome, attempts=attempts, plain=plain, now=NOW, random=random)
    assert isinstance(decision, GiveUp) == (isinstance(outcome, Rejected) and plain)
    assert isinstance(decision, Done) == isinstance(outcome, Sent)
    if isinstance(decision, Retry):
        assert decision.at >= NOW
        assert decision.plain == (plain or isinstance(outcome, Rejected))
        if isinstance(outcome, Throttled):
            assert NOW + outcome.seconds <= decision.at <= NOW + outcome.seconds + 0.2 + 1e-6


@given(st.integers(0, 100_000), st.floats(0, 0.999))
def test_the_pause_between_tries_grows_and_is_clamped(attempts: int, chance: float) -> None:
    one, next_ = backoff(attempts, Fixed(chance)), backoff(attempts + 1, Fixed(chance))
    assert 1.0 <= one <= next_ <= 360.0


def test_tries_are_spread() -> None:
    assert backoff(4, Fixed(0.9)) > backoff(4, Fixed(0.1)) > backoff(4, Fixed(0.0)) == 16.0
