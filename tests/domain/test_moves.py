"""When a redirect that says "for good" is believed."""

import pytest

from bot.domain.moves import Move, observe

HOUR = 3_600.0


def seen(*polls: tuple[float, str | None]) -> Move | None:
    """What is known after polls at these hours, with where each was led."""
    move = None
    for hours, moved_to in polls:
        move = observe(move, moved_to, hours * HOUR)
    return move


@pytest.mark.parametrize(
    ("polls", "settled"),
    [
        pytest.param([(0, "a")], False, id="seen once"),
        pytest.param([(0, "a"), (1, "a"), (2, "a"), (3, "a")], False, id="seen often within hours"),
        pytest.param([(0, "a"), (25, "a")], False, id="seen twice over a day"),
        pytest.param([(0, "a"), (12, "a"), (24, "a")], True, id="three polls over a day"),
        pytest.param([(0, "a"), (12, "b"), (24, "a"), (36, "a")], False, id="another place in between"),
        pytest.param([(0, "a"), (12, None), (24, "a"), (36, "a")], False, id="no redirect in between"),
        pytest.param([(0, "b"), (12, "a"), (24, "a"), (36, "a")], True, id="another place before"),
    ],
)
def test_a_move_is_believed_after_three_polls_over_a_day(polls: list[tuple[float, str | None]], settled: bool) -> None:
    move = seen(*polls)
    assert move is not None
    assert move.is_settled(polls[-1][0] * HOUR) is settled


def test_a_poll_that_is_not_redirected_ends_a_move() -> None:
    assert seen((0, "a"), (1, None)) is None
    assert seen((0, None)) is None
