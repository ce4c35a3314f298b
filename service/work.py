"""A bounded pool of threads whose places are held until the work really ends."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar, final

from service.errors import BusyError

Result = TypeVar("Result")


@final
class WorkPool:
    """Runs slow work off the event loop.

    A thread cannot be stopped. So a request that times out or whose client leaves keeps
    its place until its work is done, and never more than `slots` works run at a time.

    Parameters
    ----------
    slots
        Works that run at a time.
    queue
        Works that may wait for a slot; one more is refused.

    """

    def __init__(self, slots: int, queue: int) -> None:
        self._most = slots + queue
        self._held = 0
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(slots, thread_name_prefix="reasoned")

    @property
    def held(self) -> int:
        """How many works run or wait."""
        return self._held

    async def run(self, work: Callable[[], Result]) -> Result:
        """Run `work` in a thread and wait for it.

        Raises
        ------
        BusyError
            When every slot and every place in the queue is taken.

        """
        with self._lock:
            if self._held >= self._most:
                raise BusyError(f"{self._most} requests run or wait, which is all at a time.")
            self._held += 1
        future = self._threads.submit(work)
        future.add_done_callback(self._release)
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """Take no more work, and wait for what runs."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _release(self, _future: "Future[Result]") -> None:
        with self._lock:
            self._held -= 1
