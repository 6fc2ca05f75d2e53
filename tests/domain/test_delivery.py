"""What becomes of an alert after each try to send it."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.chats import Gone, Missing, Moved, Outcome, Rejected, Sent, Throttled, Unreachable
from bot.domain.delivery import (
    Attempt,
    Decision,
    Done,
    GiveUp,
    Hold,
    Kind,
    Reach,
    Relocate,
    Retry,
    Scatter,
    State,
    Wait,
    backoff,
    decide,
    editable_at,
    is_backlog,
    next_of,
    state_after,
)

NOW = 1_800_000_000.0
ALERT, DIGEST, EDIT = Kind.ALERT, Kind.DIGEST, Kind.EDIT


class Fixed(Random):
    """Chance that always falls the same way."""

    def __init__(self, value: float = 0.0) -> None:
        super().__init__()
        self.value = value

    def random(self) -> float:
        return self.value


@pytest.mark.parametrize(
    ("outcome", "attempt", "decision"),
    [
        pytest.param(Sent("42"), Attempt(), Done("42"), id="sent"),
        pytest.param(Sent("42"), Attempt(attempts=5, plain=True), Done("42"), id="sent at last, as plain text"),
        pytest.param(Missing(), Attempt(EDIT), Done(""), id="nothing is there to edit"),
        pytest.param(Gone("blocked"), Attempt(), Hold("blocked"), id="its chat takes nothing"),
        pytest.param(Moved("-100"), Attempt(), Relocate("-100"), id="its chat moved"),
        pytest.param(Throttled(30), Attempt(), Wait(NOW + 30, 1), id="a pause is asked for"),
        pytest.param(Throttled(30), Attempt(attempts=1), Wait(NOW + 30, 2), id="a second pause in a row"),
        pytest.param(Throttled(30), Attempt(attempts=3), Wait(NOW + 120, 4), id="a fourth: longer than asked for"),
        pytest.param(Throttled(30), Attempt(attempts=99), Wait(NOW + 300, 100), id="no longer than five minutes"),
        pytest.param(Throttled(3600), Attempt(attempts=9), Wait(NOW + 3600, 10), id="but as long as is asked for"),
        pytest.param(Throttled(30, everybody=True), Attempt(EDIT), Wait(NOW + 30, 1), id="a pause of everybody"),
        pytest.param(Throttled(30, everybody=False), Attempt(), Wait(NOW + 30, 1), id="a pause of this chat"),
        pytest.param(Throttled(30, everybody=False), Attempt(EDIT), Retry(NOW + 30, 1), id="a pause of its edits"),
        pytest.param(
            Throttled(30, everybody=False), Attempt(EDIT, 4), GiveUp("too many edits"), id="a fifth pause of its edits"
        ),
        pytest.param(Throttled(-3), Attempt(), Wait(NOW + 1, 1), id="a pause of less than nothing"),
        pytest.param(Unreachable("dns"), Attempt(), Retry(NOW + 1, 1), id="unreachable"),
        pytest.param(Unreachable("dns"), Attempt(plain=True), Retry(NOW + 1, 1, plain=True), id="it stays plain"),
        pytest.param(Unreachable("dns"), Attempt(attempts=3), Retry(NOW + 8, 4), id="unreachable again"),
        pytest.param(Unreachable("dns"), Attempt(attempts=9), Retry(NOW + 300, 9), id="unreachable for days"),
        pytest.param(Unreachable("500", True), Attempt(attempts=8), Retry(NOW + 256, 9, doubtful=True), id="no answer"),
        pytest.param(
            Unreachable("500", True),
            Attempt(attempts=9),
            Retry(NOW + 300, 10, plain=True, doubtful=True),
            id="no answer: plain text",
        ),
        pytest.param(
            Unreachable("500", True),
            Attempt(attempts=29),
            GiveUp("no answer to 30 tries, it may have arrived: 500"),
            id="no answer, ever, although others get one",
        ),
        pytest.param(
            Unreachable("500", True),
            Attempt(attempts=29, patience=20),
            Retry(NOW + 20, 29, doubtful=True),
            id="nobody gets an answer",
        ),
        pytest.param(
            Unreachable("500", True),
            Attempt(attempts=9, patience=20),
            Retry(NOW + 20, 9, doubtful=True),
            id="nor does that make it plain",
        ),
        pytest.param(Unreachable("dns"), Attempt(patience=20), Retry(NOW + 20, 1), id="but that it was tried is kept"),
        pytest.param(Unreachable("dns"), Attempt(EDIT, 4, patience=20), Retry(NOW + 20, 4), id="nor end an edit"),
        pytest.param(Unreachable("dns"), Attempt(EDIT, 3), Retry(NOW + 8, 4), id="an edit is tried again"),
        pytest.param(Unreachable("dns"), Attempt(EDIT, 4), GiveUp("dns"), id="an edit is tried five times"),
        pytest.param(Rejected("bad"), Attempt(), Retry(NOW, plain=True), id="rejected: at once, as plain text"),
        pytest.param(Rejected("bad"), Attempt(attempts=2), Retry(NOW, 2, plain=True), id="which is no failed try"),
        pytest.param(Rejected("bad"), Attempt(plain=True), GiveUp("bad"), id="rejected as plain text too"),
        pytest.param(Rejected("bad"), Attempt(DIGEST), Retry(NOW, plain=True), id="a digest, as plain text"),
        pytest.param(Rejected("bad"), Attempt(DIGEST, plain=True), Scatter("bad"), id="a plain digest: one by one"),
    ],
)
def test_each_outcome_has_its_decision(outcome: Outcome, attempt: Attempt, decision: Decision) -> None:
    assert decide(outcome, attempt, now=NOW, random=Fixed()) == decision


@pytest.mark.parametrize(
    ("decision", "state"),
    [
        (Done("1"), State.SENT),
        (GiveUp("x"), State.FAILED),
        (Retry(NOW), State.HELD),
        (Wait(NOW), State.DUE),
        (Scatter("x"), State.DUE),
        (Hold("x"), State.DUE),
        (Relocate("2"), State.DUE),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_decision_leaves_an_alert_somewhere(decision: Decision, state: State) -> None:
    assert state_after(decision) is state


OUTCOMES = st.one_of(
    st.just(Sent("1")),
    st.just(Gone("gone")),
    st.just(Moved("2")),
    st.floats(0, 1e6).map(Throttled),
    st.builds(Unreachable, st.just("network"), st.booleans()),
    st.just(Rejected("content")),
)


PATIENCE = st.none() | st.floats(0, 400)


@given(OUTCOMES, st.builds(Attempt, st.sampled_from([ALERT, DIGEST]), st.integers(0, 28), st.booleans(), PATIENCE))
def test_nothing_is_dropped_but_what_a_platform_refuses_twice(outcome: Outcome, attempt: Attempt) -> None:
    decision = decide(outcome, attempt, now=NOW, random=Random(1))
    twice = isinstance(outcome, Rejected) and attempt.plain
    assert isinstance(decision, GiveUp) == (twice and attempt.kind is ALERT)
    assert isinstance(decision, Scatter) == (twice and attempt.kind is DIGEST)
    assert isinstance(decision, Done) == isinstance(outcome, Sent)
    if isinstance(decision, Retry | Wait):
        assert decision.at >= NOW
    if isinstance(decision, Retry):
        assert decision.plain >= (attempt.plain or isinstance(outcome, Rejected))
    if isinstance(decision, Wait) and isinstance(outcome, Throttled):
        assert decision.at >= NOW + outcome.seconds


@given(st.lists(st.just(Unreachable("timeout", True)), min_size=60, max_size=60), PATIENCE)
def test_what_never_gets_an_answer_is_not_sent_for_ever_unless_nobody_gets_one(
    outcomes: list[Outcome], patience: float | None
) -> None:
    attempts, plain = 0, False
    for number, outcome in enumerate(outcomes):
        decision = decide(outcome, Attempt(ALERT, attempts, plain, patience), now=NOW, random=Random(1))
        if isinstance(decision, GiveUp):
            assert number == 29
            assert patience is None
            return
        assert isinstance(decision, Retry)
        attempts, plain = decision.attempts, decision.plain
    assert patience is not None
    assert (attempts, plain) == (1, False), "nor is it told as plain text"


@given(st.integers(0, 1000))
def test_what_cannot_have_arrived_is_tried_for_as_long_as_it_takes(tries: int) -> None:
    attempts = 0
    for _ in range(tries % 100):
        decision = decide(Unreachable("dns"), Attempt(attempts=attempts), now=NOW, random=Random(1))
        assert isinstance(decision, Retry)
        attempts = decision.attempts
    after = decide(Unreachable("timeout", True), Attempt(attempts=attempts), now=NOW, random=Random(1))
    assert isinstance(after, Retry), "nor does one lost answer after an outage end it"


@given(st.integers(0, 100_000), st.floats(0, 0.999))
def test_the_pause_between_tries_grows_and_is_clamped(attempts: int, chance: float) -> None:
    one, next_ = backoff(attempts, Fixed(chance)), backoff(attempts + 1, Fixed(chance))
    assert 1.0 <= one <= next_ <= 360.0


def test_tries_are_spread() -> None:
    assert backoff(4, Fixed(0.9)) > backoff(4, Fixed(0.1)) > backoff(4, Fixed(0.0)) == 16.0


@pytest.mark.parametrize(
    ("sent", "edited", "at"),
    [
        pytest.param(NOW - 10, None, NOW, id="never edited: at once"),
        pytest.param(NOW - 500, NOW - 59, NOW + 1, id="edited within the minute: when it is over"),
        pytest.param(NOW - 500, NOW - 60, NOW, id="edited a minute ago"),
        pytest.param(NOW - 86_399, None, NOW, id="sent almost a day ago"),
        pytest.param(NOW - 86_400, None, None, id="sent a day ago"),
        pytest.param(NOW - 86_390, NOW - 10, None, id="a day ago by the time that it might"),
    ],
)
def test_an_alert_is_edited_once_a_minute_at_most_and_for_a_day(
    sent: float, edited: float | None, at: float | None
) -> None:
    assert editable_at(sent, edited, NOW) == at


def test_more_than_twenty_alerts_that_wait_are_a_backlog() -> None:
    assert [is_backlog(number) for number in (0, 20, 21)] == [False, False, True]


@pytest.mark.parametrize(
    ("made", "next_"),
    [
        pytest.param({1: 0}, 1, id="one"),
        pytest.param({1: 0, 2: 0, 3: 20}, 1, id="what came together comes in its order"),
        pytest.param({1: 0, 2: 60, 3: 61}, 2, id="what has waited longer comes later"),
        pytest.param({5: 1000, 6: 10}, 5, id="made later, whatever its number: a clock was set back"),
    ],
)
def test_the_newest_matter_goes_first(made: dict[int, float], next_: int) -> None:
    assert next_of(list(made.items())) == next_


def reach_after(*outcomes: tuple[str, Outcome], at: float = 0.0) -> Reach:
    reach = Reach()
    for chat, outcome in outcomes:
        reach.note(chat, outcome, at, Fixed())
    return reach


LOST = Unreachable("timeout", True)


@pytest.mark.parametrize(
    ("outcomes", "out"),
    [
        pytest.param([], False, id="nothing was sent"),
        pytest.param([("a", LOST), ("b", LOST)], False, id="two chats may be bad luck"),
        pytest.param([("a", LOST), ("a", LOST), ("a", LOST)], False, id="one chat may be its own trouble"),
        pytest.param([("a", LOST), ("b", LOST), ("c", LOST)], True, id="three chats in a row"),
        pytest.param([("a", LOST), ("b", LOST), ("x", Sent("1")), ("c", LOST)], False, id="somebody got it"),
        pytest.param([("a", LOST), ("b", LOST), ("x", Gone("blocked")), ("c", LOST)], False, id="it answers"),
        pytest.param([("a", LOST), ("b", LOST), ("c", LOST), ("d", Throttled(1))], False, id="it answers again"),
    ],
)
def test_a_platform_is_out_when_three_chats_in_a_row_get_no_answer(
    outcomes: list[tuple[str, Outcome]], out: bool
) -> None:
    assert reach_after(*outcomes).is_out == out


def test_a_platform_that_is_out_is_looked_for_less_and_less_often_but_twice_a_minute_at_least() -> None:
    failures = [(name, LOST) for name in "abcdefghij"]
    assert [reach_after(*failures[:number], at=100).look_at for number in (3, 4, 5, 8, 10)] == [101, 102, 104, 130, 130]
    assert reach_after(*failures, ("x", Sent("1")), *failures[:3]).look_at == 1


@pytest.mark.parametrize(
    ("outcomes", "patience"),
    [
        pytest.param([("a", LOST)], None, id="its first failure: it may be the message"),
        pytest.param([("a", LOST)] * 2, 2, id="its second, and nobody was answered"),
        pytest.param([("b", LOST), *[("a", LOST)] * 3], 4, id="nor was another"),
        pytest.param([("a", LOST)] * 99, 300, id="for hours"),
        pytest.param([("a", LOST), ("b", Sent("1")), ("a", LOST)], None, id="another was answered meanwhile"),
        pytest.param([("a", LOST), ("a", Gone("blocked")), ("a", LOST)], None, id="so was the chat itself"),
        pytest.param([("a", LOST), ("b", LOST), ("c", LOST)], 1, id="the platform is out: until the next look"),
    ],
)
def test_a_failure_counts_against_a_message_where_somebody_was_answered_since_the_one_before(
    outcomes: list[tuple[str, Outcome]], patience: float | None
) -> None:
    chat, _ = outcomes[-1]
    assert reach_after(*outcomes, at=50).patience(chat, 50, Fixed()) == patience


def test_once_its_time_has_come_a_look_at_a_platform_that_is_out_waits_no_longer() -> None:
    assert reach_after(("a", LOST), ("b", LOST), ("c", LOST)).patience("c", 99, Fixed()) == 0
