"""Progress, shown in one message that is edited as it goes, and becomes the answer in the end."""

from bot.domain.chats import Address, Message, Outcome, Sent
from bot.domain.rich import Text
from bot.ports.clock import Clock
from bot.ports.sending import Turns, Urgency
from handlers.on_telegram.sender import TelegramSender

_LEAST_PAUSE = 2.0  # seconds between two edits: Telegram counts them as messages


class Progress:
    """What one answer shows while it takes its time."""

    def __init__(
        self, sender: TelegramSender, turns: Turns, clock: Clock, address: Address, reply_to: str | None
    ) -> None:
        self._sender = sender
        self._turns = turns
        self._clock = clock
        self._address = address
        self._reply_to = reply_to
        self._message_id: str | None = None
        self._shown_at = float("-inf")

    async def show(self, text: Text) -> None:
        """Show how far it is; what fails, or comes too soon after the last, is not shown."""
        if self._clock.now() - self._shown_at < _LEAST_PAUSE or self._turns.pause(self._address) > 0:
            return
        self._shown_at = self._clock.now()
        await self._turns.turn(self._address, Urgency.ANSWER)
        message = Message(text, reply_to=self._reply_to)
        if self._message_id is not None:
            await self._sender.edit(self._address, self._message_id, message)
        elif isinstance(outcome := await self._sender.send(self._address, message), Sent):
            self._message_id = outcome.message_id

    async def finish(self, address: Address, message: Message) -> Outcome | None:
        """Let the message of the progress be the answer; None where there is none, or it cannot be."""
        if self._message_id is None:
            return None
        message_id, self._message_id = self._message_id, None
        outcome = await self._sender.edit(address, message_id, message)
        return outcome if isinstance(outcome, Sent) else None
