"""What holds for every test: nothing leaves the machine, and none fails because the machine does much else."""

import sys
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from support.world import World

_LOOPBACK = ("127.", "::1", "localhost")


def _stay_on_loopback(event: str, args: tuple[Any, ...]) -> None:
    if event == "socket.connect" and isinstance(args[1], tuple) and not str(args[1][0]).startswith(_LOOPBACK):
        raise AssertionError(f"a test dials {args[1]}")
    if event == "socket.getaddrinfo" and args[0] is not None and not str(args[0]).startswith((*_LOOPBACK, "0.0.0.0")):
        raise AssertionError(f"a test looks up {args[0]}")


sys.addaudithook(_stay_on_loopback)

# How long an example takes says more of what else runs than of what is tested. What CI is given besides stays as it is.
settings.register_profile("unhurried", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def everywhere(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator["World"]:
    """A bot that serves every platform, for all the tests of a file that leave no trace in each other's chats."""
    from support.fronts import PLATFORMS  # the whole bot, which most tests need not wait for
    from support.world import World

    async with World.opened(tmp_path_factory.mktemp("everywhere"), *PLATFORMS) as world:
        yield world
