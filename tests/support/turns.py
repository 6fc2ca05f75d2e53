"""A limiter for tests that are not about limits."""

from bot.domain.chats import Address


class AtOnce:
    """A limiter that lets everything go."""

    async def turn(self, address: Address, urgency: object) -> None:
        """Now."""

    def hold(self, address: Address, seconds: float, *, everybody: bool | None = None) -> None:
        """Never."""

    def lane(self, address: Address) -> Address:
        """Its own."""
        return address

    def pause(self, address: Address) -> float:
        """None."""
        return 0.0

    def closed(self) -> float:
        """Never."""
        return 0.0
