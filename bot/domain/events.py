"""Which stories report the same thing: a window of stories in memory, and the events that they form.

    plan(story) -> Decision      what would be decided; changes nothing
    apply(decision, event_id)    after the store has committed it
    restore(story, event_id)     what the store says was decided, in the order in which it was; decides nothing
    forget(before)               let go what is too old to be joined

An event is anchored: a story joins it for its likeness to one of its stories, but only if it is like the first one of
its language too, and no more than `WINDOW` from the very first, so that no chain of likenesses leads an event away from
what it began with. A story that is like none of its own language joins one of another if their headlines agree in names
and numbers. In doubt a story is an event of its own: to hide a story is worse than to show one twice.

Nothing here is stored, and no chat is known.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Final

from bot.domain.developments import Facts, develops, facts_of
from bot.domain.gist import Gist, Stem, Story, folded, gist_of
from bot.domain.likeness import agree, contradict, has_risen, likeness
from bot.domain.rarity import Vocabulary

WINDOW: Final = 72 * 3_600.0
"""Seconds that a story may be from an event's first one."""

# See `benchmarks/train_events.py`: how like one of its stories, and how like its first, a story of an event must be.
_LIKE_A_STORY: Final = 0.6
_LIKE_THE_ANCHOR: Final = 0.45
_COMPARED: Final = 8
# What one outlet publishes at a time, or with other numbers, is to it as many things; but a toll may rise for so long.
_FOLLOWS: Final = 20 * 60.0
_RISES: Final = 12 * 3_600.0
# What agrees in names and numbers across languages agrees within hours, or is the next attack on the same town.
_ABROAD: Final = 12 * 3_600.0


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided on a story: the event that it joins, or None for an event of its own.

    `is_development`: it says that what is known has changed since the event's stories so far. `score` is how like the
    likeliest story of the event it is. `is_known`: it was applied before, and applying it again changes nothing.
    """

    story: Story
    gist: Gist
    facts: Facts
    event_id: int | None = None
    score: float = 0.0
    is_development: bool = False
    is_known: bool = False


@dataclass(slots=True)
class _Member:
    """A story in the window, without its texts."""

    gist: Gist
    outlet: str
    language: str
    at: float
    event_id: int


@dataclass(slots=True)
class _Event:
    """When it began; its stories' ids, and the first one of each language; the newest's time; all that they said."""

    began: float
    newest: float
    stories: list[int] = field(default_factory=list)
    anchors: dict[str, int] = field(default_factory=dict)
    facts: Facts = field(default_factory=Facts)


class Events:
    """The window; `stem` is asked for the key of each word."""

    def __init__(self, stem: Stem = folded) -> None:
        self._stem = stem
        self._vocabularies: dict[str, Vocabulary] = {}
        self._marks = Vocabulary()
        self._members: dict[int, _Member] = {}
        self._events: dict[int, _Event] = {}
        self._by_age: list[tuple[float, int]] = []

    def __len__(self) -> int:
        """How many stories are in the window."""
        return len(self._members)

    def __iter__(self) -> Iterator[int]:
        """The ids of the events in the window."""
        return iter(self._events)

    def stories_of(self, event_id: int) -> tuple[int, ...]:
        """The ids of an event's stories, its anchor first; empty where the window does not know it."""
        return tuple(self._events[event_id].stories) if event_id in self._events else ()

    def plan(self, story: Story) -> Decision:
        """Decide which event a story belongs to; the window stays as it is."""
        gist, facts = gist_of(story, self._stem), facts_of(story.title, story.lead)
        known = self._members.get(story.story_id)
        if known is not None:
            return Decision(story, gist, facts, known.event_id, is_known=True)
        event_id, score = self._likeliest(story, gist)
        if event_id is None:
            event_id = self._abroad(story, gist)
        if event_id is None:
            return Decision(story, gist, facts)
        event = self._events[event_id]
        is_development = story.at > event.newest and develops(facts, event.facts)
        return Decision(story, gist, facts, event_id, score, is_development=is_development)

    def _likeliest(self, story: Story, gist: Gist) -> tuple[int | None, float]:
        """The event of the story of the same language that a story is most like, and how like it is."""
        best: int | None = None
        best_score = 0.0
        vocabulary = self._vocabularies.get(story.language, Vocabulary())
        for story_id in vocabulary.near(gist.keys, _COMPARED):
            member = self._members[story_id]
            event = self._events[member.event_id]
            score = self._score(story, gist, member, vocabulary)
            if score < _LIKE_A_STORY or score <= best_score or abs(story.at - event.began) > WINDOW:
                continue
            anchor = self._members[event.anchors[story.language]]
            if anchor is member or self._score(story, gist, anchor, vocabulary) >= _LIKE_THE_ANCHOR:
                best, best_score = member.event_id, score
        return best, best_score

    def _score(self, story: Story, gist: Gist, member: _Member, vocabulary: Vocabulary) -> float:
        seconds = story.at - member.at
        same_outlet = story.outlet == member.outlet
        rarity = vocabulary.rarity
        if same_outlet and (abs(seconds) < _FOLLOWS or not _may_be_same(gist, member.gist, seconds)):
            return 0.0
        if contradict(gist, member.gist, rarity, seconds=seconds, same_outlet=same_outlet):
            return 0.0
        return likeness(gist, member.gist, rarity, rarest=vocabulary.rarest, seconds=seconds).score

    def _abroad(self, story: Story, gist: Gist) -> int | None:
        """The event of a story of another language that a headline agrees with."""
        for story_id in self._marks.near(gist.marks, _COMPARED):
            member = self._members[story_id]
            event = self._events[member.event_id]
            if (
                story.language not in event.anchors
                and gist.kind is member.gist.kind
                and abs(story.at - member.at) <= _ABROAD
                and abs(story.at - event.began) <= WINDOW
                and agree(
                    gist, member.gist, self._marks.rarity, rarest=self._marks.rarest, seconds=story.at - member.at
                )
            ):
                return member.event_id
        return None

    def apply(self, decision: Decision, event_id: int) -> None:
        """Take in what was decided and is stored; `event_id` is where the store has put it, which knows links too."""
        self._add(decision.story, decision.gist, decision.facts, event_id)

    def restore(self, story: Story, event_id: int) -> None:
        """Take in what was decided in an earlier run; the first story of an event is its anchor."""
        self._add(story, gist_of(story, self._stem), facts_of(story.title, story.lead), event_id)

    def _add(self, story: Story, gist: Gist, facts: Facts, event_id: int) -> None:
        if story.story_id in self._members:
            return
        self._members[story.story_id] = _Member(gist, story.outlet, story.language, story.at, event_id)
        self._vocabularies.setdefault(story.language, Vocabulary()).add(story.story_id, gist.keys)
        self._marks.add(story.story_id, gist.marks)
        event = self._events.get(event_id)
        if event is None:
            event = self._events[event_id] = _Event(story.at, story.at)
            heappush(self._by_age, (story.at, event_id))
        event.stories.append(story.story_id)
        event.anchors.setdefault(story.language, story.story_id)
        event.newest = max(event.newest, story.at)
        event.facts = event.facts | facts

    def forget(self, before: float) -> None:
        """Let go the events that began before an instant, with their stories: nothing can join them any more."""
        while self._by_age and self._by_age[0][0] < before:
            _, event_id = heappop(self._by_age)
            for story_id in self._events.pop(event_id).stories:
                member = self._members.pop(story_id)
                vocabulary = self._vocabularies[member.language]
                vocabulary.remove(story_id, member.gist.keys)
                self._marks.remove(story_id, member.gist.marks)
                if not vocabulary:
                    del self._vocabularies[member.language]


def _may_be_same(gist: Gist, other: Gist, seconds: float) -> bool:
    """Whether two headlines of one outlet have the same numbers, or the later one says why not."""
    return _numbers(gist) == _numbers(other) or (abs(seconds) <= _RISES and has_risen(gist, other, seconds=seconds))


def _numbers(gist: Gist) -> frozenset[str]:
    """The numbers of a headline."""
    return frozenset(filter(str.isdigit, gist.marks))
