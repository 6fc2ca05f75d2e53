"""Which articles are looked for, and when again."""

from random import Random

import pytest

from bot.domain.pages import next_try, wants_page
from bot.domain.stories import Entry

LEAD = Entry(url="https://outlet.example/a-story", summary="A lead.")


def test_an_article_is_looked_for_behind_a_lead_with_a_link_of_its_own() -> None:
    assert wants_page(LEAD, own_link=True)
    assert not wants_page(LEAD, own_link=False)
    assert not wants_page(Entry(summary="A lead."), own_link=True)
    assert not wants_page(Entry(url=LEAD.url, content="word " * 400), own_link=True)


@pytest.mark.parametrize(("attempts", "least", "most"), [(1, 120, 144), (2, 360, 432), (4, 3240, 3888)])
def test_pauses_grow(attempts: int, least: float, most: float) -> None:
    at = next_try(attempts, 0.0, Random(1))
    assert at is not None
    assert least <= at <= most


def test_a_servers_wish_counts_and_patience_ends() -> None:
    assert next_try(1, 0.0, Random(1), retry_after=900) == 900
    assert next_try(5, 0.0, Random(1)) is None
