"""Which updates were taken and which are finished: it says what may be acknowledged, and does no I/O."""


class Ledger:
    """Acknowledging is asking for what comes after: the offset moves past an update once it and all before it are done.

    Identifiers grow, but after a week without updates Telegram begins anew anywhere: a smaller one is new as well.
    """

    def __init__(self) -> None:
        self._unfinished: dict[int, None] = {}
        self._finished: set[int] = set()
        self._last: int | None = None

    def __len__(self) -> int:
        return len(self._unfinished)

    @property
    def offset(self) -> int | None:
        """The first update that is not finished, or will be the next; None before any was taken."""
        if self._last is None:
            return None
        return next(iter(self._unfinished), self._last + 1)

    def ask(self) -> int | None:
        """The offset to ask with now; what it acknowledges is forgotten.

        Not before: the answer to an earlier request may still bring again what was finished meanwhile.
        """
        offset = self.offset
        if offset is not None:
            self._finished = {update_id for update_id in self._finished if update_id > offset}
        return offset

    def take(self, update_id: int) -> bool:
        """Whether the update is to be handled; False if it already was, or is being handled."""
        if update_id in self._unfinished or update_id in self._finished:
            return False
        self._unfinished[update_id] = None
        self._last = update_id
        return True

    def finish(self, update_id: int) -> None:
        """The update was handled, or may be acknowledged as if it were; to say so twice changes nothing."""
        if update_id in self._unfinished:
            del self._unfinished[update_id]
            self._finished.add(update_id)
