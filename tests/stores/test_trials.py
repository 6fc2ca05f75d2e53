"""A query tried on what is stored holds for the same stories as one that is matched against each of them anew."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random

import pytest
import sqlite_utils
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.filters import Analysis, FilterIndex
from bot.domain.query import Query, QueryError, parse
from bot.domain.stories import Entry
from storage import questions, trials
from storage.entries import load_entry
from storage.trials import Found, Trial
from support.stored import ANALYST, EURACTIV, LE_MONDE, Stored

WORDS = ["eu", "EU", "Eu", "who", "WHO", "NATO", "nato", "alarm", "Alarm", "alarming", "harbour", "of", "the", "café"]
AUTHORS = ["Ann Bell", "Who Else", ""]
MOST = 500


@dataclass(frozen=True)
class Past:
    """What is stored: each story's id with its analysis, made anew, and when it was published."""

    db: sqlite_utils.Database
    chat_id: int
    now: float
    stories: dict[int, tuple[Analysis, float]]

    def expected(self, query: Query) -> set[int]:
        """The stories for which the query holds, each matched anew."""
        index = FilterIndex([query])
        return {story_id for story_id, (analysis, _) in self.stories.items() if index.match(analysis)}

    def tried(self, query: Query, *, clock: Callable[[], float] = lambda: 0.0, seconds: float = 1.0) -> Found:
        """What a trial finds, with the clock of this test."""
        return Trial(self.db, self.chat_id, query, ANALYST.forms).find(0.0, MOST, clock, seconds)


async def publish(path: Path) -> tuple[int, float]:
    random = Random(4)
    async with Stored.opened(path) as stored:
        chat = await stored.chat("alice", follows=[LE_MONDE, EURACTIV])
        for number in range(80):
            words = [random.choice(WORDS) + random.choice(["", "", "", ",", "-"]) for _ in range(random.randint(3, 9))]
            title, summary = " ".join(words[:3]), " ".join(words[3:])
            entry = Entry(
                guid=str(number),
                url=f"https://{random.choice(['lemonde.example', 'www.alarm.example'])}/{number}",
                title=title.upper() if random.random() < 0.2 else title,
                summary=summary,
                author=random.choice(AUTHORS) or None,
                language=random.choice(["en", "uk"]),
                published=stored.now - random.randint(0, 5_000),
            )
            await stored.publish(random.choice([LE_MONDE, EURACTIV]), entry)
        return chat.chat_id, stored.now


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Past]:
    folder = tmp_path_factory.mktemp("trials")
    chat_id, now = asyncio.run(publish(folder))
    db = sqlite_utils.Database(folder / "tocsin.db")
    sql = """SELECT s.id, s.entry, f.url, a.at FROM analyses a
             JOIN stories s ON s.id = a.story_id JOIN feeds f ON f.id = s.feed_id"""
    stories = {
        story_id: (ANALYST.analysis(load_entry(entry), outlet=url, feed_url=url), at)
        for story_id, entry, url, at in db.conn.execute(sql).fetchall()
    }
    yield Past(db, chat_id, now, stories)
    db.close()


@pytest.fixture(params=[False, True], ids=["few forms", "more forms than are asked for at once"])
def past_in_portions(request: pytest.FixtureRequest, past: Past, monkeypatch: pytest.MonkeyPatch) -> Past:
    if request.param:
        monkeypatch.setattr(questions, "_MOST_PHRASES", 3)
        monkeypatch.setattr(questions, "_MOST_WORDS", 1)
        monkeypatch.setattr(questions, "_PORTION", 2)
    return past


words = st.sampled_from([*WORDS, "alarm*", "absent", "ha*"])
phrases = st.lists(words, min_size=1, max_size=4).map(" ".join)
leaves = st.one_of(
    phrases,
    words,
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(lambda found: f'="{" ".join(found)}"'),
    st.sampled_from(
        ["source:lemonde.example", "source:alarm", "author:who", "author:(bell, else)", "lang:uk", "lang:en"]
    ),
    phrases.map(lambda found: f'title:"{found}"'),
)


def larger(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    one = part.map(lambda text: f"({text})")
    return st.one_of(
        st.tuples(one, one).map(" AND ".join),
        st.tuples(one, one).map(", ".join),
        st.tuples(one, one).map(" NOT ".join),
        st.tuples(one, st.integers(1, 4), one).map(lambda parts: f"{parts[0]} NEAR/{parts[1]} {parts[2]}"),
        st.tuples(phrases, phrases).map(lambda parts: f"title:({parts[0]} NEAR/2 {parts[1]})"),
    )


def read(text: str) -> Query | None:
    try:
        return parse(text)
    except QueryError:
        return None


queries = st.recursive(leaves, larger, max_leaves=5).map(read).filter(lambda query: query is not None)
fixed = settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


@fixed
@given(query=queries)
def test_a_query_is_found_to_hold_for_what_matching_each_story_anew_says(past_in_portions: Past, query: Query) -> None:
    found = past_in_portions.tried(query)
    assert {hit.story_id for hit in found.newest} == past_in_portions.expected(query)
    assert (found.events, found.whole, found.since) == (len(found.newest), True, 0.0)
    assert list(found.newest) == sorted(found.newest, key=lambda hit: (hit.at, hit.story_id), reverse=True)


@fixed
@given(query=queries, looks=st.integers(0, 400))
def test_what_takes_too_long_says_since_when_it_knows_all(past: Past, query: Query, looks: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(trials, "_STEPS", 3)
        looked = count()
        found = past.tried(query, clock=lambda: float(next(looked)), seconds=float(looks))
    expected = past.expected(query)
    told = {hit.story_id for hit in found.newest}
    assert told <= expected
    assert {story_id for story_id in expected if past.stories[story_id][1] > found.since} <= told
    assert found.events == len(told)
    if found.whole:
        assert told == expected


def test_without_any_time_nothing_is_claimed_to_be_known(past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, "_STEPS", 1)
    looked = count()
    found = past.tried(parse("alarm"), clock=lambda: float(next(looked)), seconds=0.0)
    assert (found.events, found.newest, found.whole) == (0, (), False)
    assert found.since > past.now
