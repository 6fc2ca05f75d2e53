"""A query said back in words: what it means is to be seen before it is saved."""

import pytest

from bot.domain.query import parse
from bot.domain.rich import to_plain
from bot.reading import in_words
from bot.texts import Texts


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        pytest.param(
            "military instructors, EUMAM",
            "military instructors (any form), or EUMAM (in capitals)",
            id="a phrase or an acronym",
        ),
        pytest.param("EUMAM mission", "EUMAM mission (any form, EUMAM in capitals)", id="an acronym in a phrase"),
        pytest.param("search and rescue", "search and rescue (any form)", id="a small and is a word"),
        pytest.param("SEARCH AND RESCUE", "SEARCH (in capitals), and RESCUE (in capitals)", id="a large one is none"),
        pytest.param("instruct*", "words that begin with instruct", id="a prefix"),
        pytest.param("military instruct*", "military instruct* (any form)", id="a prefix in a phrase"),
        pytest.param('="Le Monde"', "exactly “Le Monde”", id="exactly"),
        pytest.param("war, peace -sport", "(war (any form), or peace (any form)) not sport (any form)", id="a list"),
        pytest.param("war -a -b", "war (any form) not a (any form), or b (any form)", id="two exclusions"),
        pytest.param(
            "war AND (NOT aa AND NOT bb, cc)",
            "war (any form), and ((not aa (any form), or bb (any form)), or cc (any form))",
            id="only exclusions",
        ),
        pytest.param(
            "war AND (NOT aa OR cc)", "war (any form), and (not aa (any form), or cc (any form))", id="a negation"
        ),
        pytest.param("aa NEAR/3 bb", "aa (any form) and bb (any form) within 3 words of each other", id="near"),
        pytest.param("aa NEAR/1 bb", "aa (any form) and bb (any form) within one word of each other", id="beside"),
        pytest.param("title:war lang:fr", "war (any form) in the title, and in French", id="a title and a language"),
        pytest.param("source:lemonde.fr", "from lemonde.fr", id="a source"),
        pytest.param("author:Roe", "by Roe (any form)", id="an author"),
    ],
)  # fmt: skip
def test_a_query_is_said_back_in_words(typed: str, read: str) -> None:
    assert to_plain(in_words(Texts(), parse(typed))) == read
