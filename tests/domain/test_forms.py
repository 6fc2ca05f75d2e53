"""Words without rules are compared folded."""

import pytest

from bot.domain.forms import Folded, Forms


@pytest.mark.parametrize("language", ["uk", "zh", ""])
def test_without_rules_words_are_compared_folded(language: str) -> None:
    forms: Forms = Folded()
    assert forms.keys("Élysée", language) == ("elysee",)
