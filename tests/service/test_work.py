import asyncio
import threading

import pytest

from service.errors import BusyError
from service.work import WorkPool


def test_work_gives_its_result_and_frees_its_place() -> None:
    pool = WorkPool(slots=1, queue=0)

    assert asyncio.run(pool.run(lambda: 5)) == 5
    pool.close()
    assert pool.held == 0


def test_an_error_comes_through_and_frees_its_place() -> None:
    pool = WorkPool(slots=1, queue=0)

    with pytest.raises(ZeroDivisionError, match="division"):
        asyncio.run(pool.run(lambda: 1 // 0))
    pool.close()
    assert pool.held == 0


def test_a_given_up_request_holds_its_slot_until_its_work_ends() -> None:
    pool = WorkPool(slots=1, queue=0)
    began, may_end = threading.Event(), threading.Event()

    def work() -> None:
        began.set()
        may_end.wait(10)

    async def give_up() -> None:
        task = asyncio.create_task(pool.run(work))
        await asyncio.to_thread(began.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert pool.held == 1
        with pytest.raises(BusyError, match="1 requests run or wait"):
            await pool.run(lambda: None)

    try:
        asyncio.run(give_up())
    finally:
        may_end.set()
    pool.close()
    assert pool.held == 0


def test_work_that_still_waits_is_dropped_when_given_up() -> None:
    pool = WorkPool(slots=1, queue=1)
    may_end = threading.Event()
    done: list[str] = []

    def first() -> None:
        may_end.wait(10)
        done.append("first")

    async def fill() -> None:
        running = asyncio.create_task(pool.run(first))
        waiting = asyncio.create_task(pool.run(lambda: done.append("second")))
        await asyncio.sleep(0)  # both have begun, the second in the queue
        assert pool.held == 2
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert pool.held == 1
        may_end.set()
        await running

    try:
        asyncio.run(fill())
    finally:
        may_end.set()
    pool.close()
    assert done == ["first"]


def test_never_more_run_than_there_are_slots() -> None:
    pool = WorkPool(slots=2, queue=30)
    lock = threading.Lock()
    running, most = 0, 0

    def work() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        sum(range(20_000))
        with lock:
            running -= 1

    async def storm() -> None:
        tasks = [asyncio.create_task(pool.run(work)) for _ in range(32)]
        await asyncio.sleep(0)
        for task in tasks[::3]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(storm())
    pool.close()
    assert 1 <= most <= 2
    assert pool.held == 0
