"""What waits to be told: alerts, digests, edits, and the instants at which held ones are let go."""

from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Protocol

from bot.domain.chats import Address, ChatKind
from bot.domain.delivery import Decision
from bot.domain.filters import Match
from bot.domain.stories import Entry


@dataclass(frozen=True, slots=True)
class Missed:
    """What waited while a chat took nothing: since when, and how many alerts."""

    since: float
    count: int


@dataclass(frozen=True, slots=True)
class ClaimedAlert:
    """An alert in hand, with all that it takes to write it.

    `matches` are those of the chat's filters, which still exist; `everything` says that the chat follows all of the
    feed's stories. `attempts` counts the failed tries before this one. `missed` is set where this is the first thing
    that a chat gets after its return, `held` where something held it back ("quiet", "digest" …) since `made_at`. `zone`
    is the chat's, as in `Chat`. `mutes` are what it offers to mute: of which kind, by what name, by which action.
    `language` is as in `FoundStory`.
    """

    alert_id: int
    chat_id: int
    address: Address
    kind: ChatKind
    attempts: int
    plain: bool
    story_id: int
    entry: Entry
    outlet: str
    first_seen: float
    matches: tuple[Match, ...]
    everything: bool
    reply_to: str | None
    page: str = ""
    also: tuple[str, ...] = ()
    event_id: int = 0
    silent: bool = False
    missed: Missed | None = None
    held: str = ""
    made_at: float = 0.0
    zone: str = ""
    mutes: tuple["MuteOffer", ...] = ()
    language: str = ""
    feed_url: str = ""


@dataclass(frozen=True, slots=True)
class MuteOffer:
    """A mute one tap away: of a "word", an "outlet" or the "event", what that is called, and the button's action."""

    kind: str
    name: str
    action: str


@dataclass(frozen=True, slots=True)
class ClaimedDigest:
    """Alerts of one chat in hand that are to be told in one message, newest first; at least one.

    `waiting` counts all that wait to be told so in this chat, these included; `rest` names those that the message has
    no room for: they wait as before. `known_as` is the key under which an earlier try may have arrived, with these
    alerts and no others.
    """

    alerts: tuple[ClaimedAlert, ...]
    waiting: int
    rest: tuple[int, ...] = ()
    known_as: str = ""

    @property
    def address(self) -> Address:
        """Where it goes."""
        return self.alerts[0].address

    @property
    def chat_id(self) -> int:
        """The chat that it goes to."""
        return self.alerts[0].chat_id

    @property
    def attempts(self) -> int:
        """How many tries have failed, at most, for any of its alerts."""
        return max(alert.attempts for alert in self.alerts)

    @property
    def plain(self) -> bool:
        """Whether it goes as plain text: one of its alerts does."""
        return any(alert.plain for alert in self.alerts)

    @property
    def key(self) -> str:
        """What tells its message from all others, at most 25 characters: which alerts it tells, or told at first."""
        if self.known_as:
            return self.known_as
        told = " ".join(f"{alert.alert_id}-{alert.made_at:.0f}" for alert in self.alerts)
        return "d" + blake2b(told.encode(), digest_size=8).hexdigest()

    def telling(self, number: int) -> "ClaimedDigest":
        """The digest of its first `number` alerts."""
        rest = tuple(alert.alert_id for alert in self.alerts[number:])
        return replace(self, alerts=self.alerts[:number], rest=self.rest + rest)


@dataclass(frozen=True, slots=True)
class ClaimedEdit:
    """An alert that was delivered as `message_id`, to be told anew there; `version` is what its edit has come to."""

    alert: ClaimedAlert
    message_id: str
    version: int
    attempts: int
    plain: bool

    @property
    def address(self) -> Address:
        """Where the message is."""
        return self.alert.address

    @property
    def chat_id(self) -> int:
        """The chat that it is in."""
        return self.alert.chat_id


Claimed = ClaimedAlert | ClaimedDigest | ClaimedEdit


class Outbox(Protocol):
    """What is still to be delivered: commit 3."""

    async def recover(self, platform: str, *, run: str, now: float) -> int:
        """At the start of `run`: free what other runs had claimed; how many alerts that were."""
        ...

    async def claim(self, platform: str, *, run: str, limit: int, now: float) -> list[ClaimedAlert | ClaimedDigest]:
        """Due alerts of at most `limit` chats: of most, those with the newest matter; of some, who waited longest.

        A chat's newest alert comes first; where too many wait in a chat, they come in digests. Entitlement is checked
        again: an alert whose filters are all gone is withdrawn instead.
        """
        ...

    async def claim_edits(self, platform: str, *, run: str, limit: int, now: float) -> list[ClaimedEdit]:
        """At most `limit` edits whose time has come; those that may not be made any more are let go."""
        ...

    async def want_edit(self, alert_id: int, *, now: float) -> None:
        """An alert is not what it was: bring its message up to date, if it was sent, as soon as that may be."""
        ...

    async def hold(self, chat_id: int, *, until: float, why: str) -> int:
        """Hold a chat's due alerts until an instant; how many. `why` is told with them ("quiet", "digest" …)."""
        ...

    async def next_ready(self, platform: str) -> float | None:
        """When the next chat is ready for an alert, or an edit due."""
        ...

    async def mark(self, claimed: Claimed, decision: Decision, *, now: float, next_at: float) -> None:
        """Store what became of a try; the chat's next alert is not before `next_at`."""
        ...


class Instants(Protocol):
    """What is stored of time, for a clock that was set."""

    async def latest(self) -> float | None:
        """The latest instant at which anything is stored to have happened."""
        ...

    async def clock_was_set(self, by: float, *, now: float) -> None:
        """The clock was set by so many seconds, to `now`: what waits for an instant waits no longer than before.

        Where it was set back, what is stored to have happened later than `now` happened, in its order, just before.
        """
        ...
