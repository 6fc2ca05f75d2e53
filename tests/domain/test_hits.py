"""What a feed is worth to those who follow it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.hits import Hits, weight_of


def brought(stories: int, wanted_by: int, of: int = 1) -> Hits:
    """A feed of whose stories every `of`th was wanted by so many chats."""
    hits = Hits()
    for number in range(stories):
        hits = hits.after(wanted_by if number % of == 0 else 0)
    return hits


def test_a_feed_that_has_shown_nothing_counts_its_readers() -> None:
    assert weight_of(7) == pytest.approx(7)
    assert weight_of(0) == pytest.approx(1)


@pytest.mark.parametrize(
    ("hits", "weight"),
    [
        pytest.param(brought(20, 0), 0.8, id="twenty stories for nobody"),
        pytest.param(brought(2_000, 0), 0.57, id="thousands for nobody"),
        pytest.param(brought(2_000, 1, of=20), 1.0, id="as many as usual"),
        pytest.param(brought(2_000, 1, of=4), 1.55, id="one in four"),
        pytest.param(brought(2_000, 1), 1.85, id="every one"),
    ],
)
def test_who_is_wanted_more_counts_for_more(hits: Hits, weight: float) -> None:
    assert weight_of(1, hits) == pytest.approx(weight, abs=0.03)
    assert weight_of(10, Hits(hits.stories, hits.wanted * 10)) == pytest.approx(10 * weight, abs=0.3)


def test_what_one_of_many_wants_counts_for_one_of_many() -> None:
    assert weight_of(100, brought(2_000, 1)) < 100 < weight_of(100, brought(2_000, 50))


def test_what_was_wanted_long_ago_is_forgotten() -> None:
    hits = brought(500, 1)
    for _ in range(2_000):
        hits = hits.after(0)
    assert weight_of(1, hits) < 0.6


@given(st.integers(0, 10_000), st.lists(st.integers(0, 20_000), max_size=50))
def test_a_weight_is_within_half_and_twice_the_readers(readers: int, told: list[int]) -> None:
    hits = Hits()
    for chats in told:
        hits = hits.after(chats)
    assert max(1, readers) / 2 <= weight_of(readers, hits) <= 2 * max(1, readers)
    assert weight_of(readers, hits.after(readers)) >= weight_of(readers, hits.after(0))
