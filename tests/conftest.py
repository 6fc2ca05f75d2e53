"""What holds for every test: nothing leaves the machine, and none fails because the machine does much else."""

import sys
from typing import Any

from hypothesis import HealthCheck, settings

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
