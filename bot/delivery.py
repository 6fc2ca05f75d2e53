"""From due alerts to commit 3, on one platform: claim | render | pace | send | mark.

What becomes of a try is decided in `bot.domain.delivery`; what is stored and sent is behind `bot.ports`.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from random import Random
from typing import Final, TypeVar

from bot.alerts import alert_message
from bot.digests import digest_message
from bot.domain.chats import Address, Message, Outcome, Rejected, Sent, Throttled, Unreachable
from bot.domain.delivery import Attempt, Decision, Done, GiveUp, Hold, Kind, Reach, Scatter, Wait, decide
from bot.ports.clock import Clock
from bot.ports.outbox import Claimed, ClaimedAlert, ClaimedDigest, ClaimedEdit, Outbox
from bot.ports.sending import Sender, Turns, Urgency
from bot.ports.store import StoreFailed
from bot.texts import Texts
from bot.zones import zone_named

log = logging.getLogger(__name__)

T = TypeVar("T")

SENDS_AT_ONCE: Final = 16
"""What is in flight at most, and so what a crash between sending and marking may repeat."""

_EDITS_AT_ONCE: Final = 4  # of those; an edit waits behind alerts, and must not keep their places meanwhile
_TURN_PATIENCE: Final = 3.0  # seconds that an alert in hand waits for its chat's turn before it makes room for another
_NEXT_TOPIC: Final = 0.5  # seconds before it is seen whether another send to the same chat has ended
_RECHECK: Final = 5.0  # seconds after which the outbox is looked at although nobody called
_STORE_PAUSE: Final = 1.0  # seconds before a failed store is tried again
_SAY_AGAIN: Final = 60.0  # seconds before a failure that lasts is named again


class Delivery:
    """Delivers what is due on one platform; no chat waits for another, and no platform for another."""

    def __init__(
        self,
        platform: str,
        outbox: Outbox,
        sender: Sender,
        turns: Turns,
        clock: Clock,
        random: Random,
        say: Texts,
        *,
        run_id: str,
    ) -> None:
        self._platform = platform
        self._outbox = outbox
        self._sender = sender
        self._turns = turns
        self._clock = clock
        self._random = random
        self._say = say
        self._id = run_id
        self._began = float("inf")
        self._runs = 0
        self._reach = Reach()
        self._trouble = _Trouble()
        self._called = asyncio.Event()
        self._in_hand: defaultdict[Address, list[Claimed]] = defaultdict(list)  # by lane, in the order of the claims
        self._edits_in_hand = 0
        self._unmarked = 0
        self._doubtful = False
        self._stopping = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    def call(self) -> None:
        """There are alerts to deliver."""
        self._called.set()

    async def run(self) -> None:
        """Deliver alerts as they come due, until cancelled; `stop` first lets those in hand finish."""
        self._began = self._clock.now()
        freed = await self._recover()
        if freed:
            log.info("%d alerts were in hand when the last run ended; they are sent (again) now", freed)
        async with asyncio.TaskGroup() as sends:
            while True:
                self._called.clear()
                for claimed in await self._claim():
                    self._take_in_hand(claimed)
                    sends.create_task(self._deliver_in_hand(claimed))
                await self._wait()

    async def stop(self) -> None:
        """Claim no more, and return when what is in hand was settled."""
        self._stopping.set()
        await self._idle.wait()

    # Claiming

    async def _claim(self) -> Sequence[Claimed]:
        room = self._room()
        if room <= 0:
            return []
        if self._doubtful:
            self._runs += 1
            await self._recover()
            self._doubtful = False
        try:
            alerts = await self._outbox.claim(self._platform, run=self._run_id, limit=room, now=self._clock.now())
        except StoreFailed as error:
            self._trouble.about("Alerts wait, the store fails", error)
            # Whether a commit that failed took place, only the file can say: claims that nobody has are freed first.
            self._doubtful = True
            await self._clock.sleep(_STORE_PAUSE)
            return []
        self._trouble.over()
        edits = await self._claim_edits(min(room - len(alerts), _EDITS_AT_ONCE - self._edits_in_hand))
        # Told to stop while the store was at it: what was claimed is free again at the next start.
        return [] if self._stopping.is_set() else [*alerts, *edits]

    async def _claim_edits(self, room: int) -> list[ClaimedEdit]:
        if room <= 0:
            return []
        try:
            return await self._outbox.claim_edits(self._platform, run=self._run_id, limit=room, now=self._clock.now())
        except StoreFailed as error:
            self._trouble.about("Edits wait, the store fails", error)
            self._doubtful = True
            return []

    @property
    def _run_id(self) -> str:
        """Who claims: another, where it is in doubt what was claimed."""
        return f"{self._id}-{self._runs}" if self._runs else self._id

    def _room(self) -> int:
        """How many sends may begin now."""
        # While an outcome cannot be written, nothing more is sent: else it would be sent for ever.
        if self._stopping.is_set() or self._unmarked or self._shut_for() > 0:
            return 0
        in_hand = sum(map(len, self._in_hand.values()))
        if self._doubtful or self._reach.is_out:  # one at a time looks whether the platform is back
            return 1 if not in_hand else 0
        return SENDS_AT_ONCE - in_hand

    def _shut_for(self) -> float:
        """Seconds for which the platform is to be left alone."""
        out = self._reach.look_at - asyncio.get_running_loop().time() if self._reach.is_out else 0.0
        closed = self._turns.closed()
        return max(out, closed if closed > _TURN_PATIENCE else 0.0)

    async def _recover(self) -> int:
        return await self._patiently(
            lambda: self._outbox.recover(self._platform, run=self._run_id, now=self._clock.now())
        )

    async def _wait(self) -> None:
        """Until somebody calls, or the next chat is ready."""
        room = self._room()
        if self._called.is_set() and room > 0:
            return
        pause = _RECHECK
        if shut_for := self._shut_for():
            pause = min(shut_for, _RECHECK)
        elif room > 0:
            try:
                ready_at = await self._outbox.next_ready(self._platform)
            except StoreFailed:
                ready_at = self._clock.now() + _STORE_PAUSE
            if ready_at is not None:
                pause = min(max(ready_at - self._clock.now(), 0.005), _RECHECK)
        try:
            async with asyncio.timeout(pause):
                await self._called.wait()
        except TimeoutError:
            pass

    # Delivering

    def _take_in_hand(self, claimed: Claimed) -> None:
        self._in_hand[self._turns.lane(claimed.address)].append(claimed)
        self._edits_in_hand += isinstance(claimed, ClaimedEdit)
        self._idle.clear()
        self._called.set()

    async def _deliver_in_hand(self, claimed: Claimed) -> None:
        try:
            await self.deliver(claimed)
        finally:
            lane = self._turns.lane(claimed.address)
            in_hand = self._in_hand[lane]
            in_hand.remove(claimed)
            if not in_hand:
                del self._in_hand[lane]
            self._edits_in_hand -= isinstance(claimed, ClaimedEdit)
            if not self._in_hand:
                self._idle.set()
            self._called.set()

    async def deliver(self, claimed: Claimed) -> Decision:
        """Send one thing in its turn, and store what became of it."""
        claimed, decision = await self._send(claimed)
        now = self._clock.now()
        next_at = now + self._turns.pause(claimed.address)
        self._unmarked += 1
        try:
            await self._patiently(lambda: self._outbox.mark(claimed, decision, now=now, next_at=next_at))
        finally:
            self._unmarked -= 1
        return decision

    async def _send(self, claimed: Claimed) -> tuple[Claimed, Decision]:
        """Try to send it; what of it was in the message, and what follows."""
        first = self._is_first(claimed)
        try:
            message, claimed = self._written(claimed)
        except Exception:
            log.exception("%s cannot be written", _name(claimed))
            return claimed, self._decide(claimed, Rejected("it cannot be written"))
        if not first or not await self._turn(claimed):
            at = self._clock.now() + max(self._turns.pause(claimed.address), self._turns.closed(), _NEXT_TOPIC)
            return claimed, Wait(at, claimed.attempts)
        try:
            if isinstance(claimed, ClaimedEdit):
                outcome = await self._sender.edit(claimed.address, claimed.message_id, message)
            else:
                outcome = await self._sender.send(claimed.address, message)
        except Exception:
            log.exception("%s cannot be sent", _name(claimed))
            outcome = Unreachable("unexpected", reached=True)
        self._reach.note(
            str(self._turns.lane(claimed.address)), outcome, asyncio.get_running_loop().time(), self._random
        )
        decision = self._decide(claimed, outcome)
        if isinstance(outcome, Throttled) and isinstance(decision, Wait):
            # What this one has failed before lengthens its own wait, not everybody's.
            pause = outcome.seconds if outcome.everybody else decision.at - self._clock.now()
            self._turns.hold(claimed.address, pause, everybody=outcome.everybody)
        elif isinstance(outcome, Sent) and outcome.pause:
            self._turns.hold(claimed.address, outcome.pause, everybody=False)
        self._log(claimed, outcome, decision)
        return claimed, decision

    def _written(self, claimed: Claimed) -> tuple[Message, Claimed]:
        match claimed:
            case ClaimedAlert():
                message = alert_message(self._in_zone(claimed), claimed)
                return replace(message, fresh=claimed.made_at > self._began), claimed
            case ClaimedDigest():
                return digest_message(self._in_zone(claimed.alerts[0]), claimed, self._sender.units)
            case ClaimedEdit(alert):
                return replace(alert_message(self._in_zone(alert), alert), plain=claimed.plain), claimed

    def _in_zone(self, alert: ClaimedAlert) -> Texts:
        return self._say.in_zone(zone_named(alert.zone, self._say.zone))

    def _is_first(self, claimed: Claimed) -> bool:
        """Whether it is next in its chat: edits come after all that is sent, and the topics of a forum share its turns.

        Of those in hand together one is always first; if each made room for the others, none of them would ever go.
        """
        in_hand = self._in_hand.get(self._turns.lane(claimed.address), [claimed])
        return next((sent for sent in in_hand if not isinstance(sent, ClaimedEdit)), in_hand[0]) is claimed

    async def _turn(self, claimed: Claimed) -> bool:
        """Wait for its turn; False where that takes too long."""
        urgency = Urgency.EDIT if isinstance(claimed, ClaimedEdit) else Urgency.ALERT
        try:
            async with asyncio.timeout(_TURN_PATIENCE):
                await self._turns.turn(claimed.address, urgency)
        except TimeoutError:
            return False
        return True

    def _decide(self, claimed: Claimed, outcome: Outcome) -> Decision:
        kinds = {ClaimedAlert: Kind.ALERT, ClaimedDigest: Kind.DIGEST, ClaimedEdit: Kind.EDIT}
        lane, at = str(self._turns.lane(claimed.address)), asyncio.get_running_loop().time()
        patience = self._reach.patience(lane, at, self._random)
        attempt = Attempt(kinds[type(claimed)], claimed.attempts, claimed.plain, patience)
        return decide(outcome, attempt, now=self._clock.now(), random=self._random)

    def _log(self, claimed: Claimed, outcome: Outcome, decision: Decision) -> None:
        name, address = _name(claimed), claimed.address
        match decision:
            case GiveUp(why) if isinstance(claimed, ClaimedEdit):
                log.warning("%s in %s is let go: %s", name, address, why)
            case GiveUp(why) if isinstance(outcome, Rejected):
                log.error("%s to %s is given up, the platform rejects it: %s", name, address, why)
            case GiveUp(why):
                log.error("%s to %s is given up: %s", name, address, why)
            case Scatter(why):
                log.warning("%s to %s is rejected, its alerts go one by one: %s", name, address, why)
            case Hold(why):
                log.warning("%s takes nothing any more (%s); its alerts are held", address, why)
            case Done():
                log.debug("%s reached %s", name, address)
            case _:
                log.info("%s to %s is tried again: %s", name, address, outcome)

    async def _patiently(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do it in the store, however often it takes: what was sent must not be forgotten."""
        while True:
            try:
                return await work()
            except StoreFailed as error:
                self._trouble.about("Nothing is sent until the store works again", error)
                await self._clock.sleep(_STORE_PAUSE)


def _name(claimed: Claimed) -> str:
    match claimed:
        case ClaimedAlert(alert_id):
            return f"Alert {alert_id}"
        case ClaimedDigest(alerts):
            return f"A digest of {len(alerts)} alerts"
        case ClaimedEdit(alert):
            return f"The edit of alert {alert.alert_id}"


class _Trouble:
    """Names a failure of the store that lasts: at once, then once a minute, and when it is over."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._said = float("-inf")

    def about(self, what: str, error: StoreFailed) -> None:
        now = asyncio.get_running_loop().time()
        self._since = now if self._since is None else self._since
        if now - self._said >= _SAY_AGAIN:
            self._said = now
            log.error("%s: %s", what, error)

    def over(self) -> None:
        if self._since is not None:
            log.info("The store works again, after %.0f s", asyncio.get_running_loop().time() - self._since)
            self._since = None
            self._said = float("-inf")
