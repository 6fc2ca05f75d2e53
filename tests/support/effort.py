"""How much work something is, whatever else the machine does.

with Effort() as effort:
    ...
assert effort.seconds < 5
"""

import gc
import math
import time
from typing import Self


class Effort:
    """The seconds of its own thread's processor time that something took, once it is done.

    The collector rests meanwhile: how long it takes depends on what the tests before have left. Busy neighbours still
    cost a processor's caches, and coverage its part: what takes a second alone has taken six.
    """

    seconds = math.inf

    def __enter__(self) -> Self:
        gc.disable()
        self._began = time.thread_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.thread_time() - self._began
        gc.enable()
