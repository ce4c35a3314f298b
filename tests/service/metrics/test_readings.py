import threading

import pytest

from service.metrics.readings import Reading


def test_a_value_is_looked_up_once_while_it_is_fresh() -> None:
    values = iter([1, 2])
    reading = Reading("it", lambda: next(values), fresh=60.0)

    assert [reading.current(), reading.current()] == [1, 1]


def test_an_old_value_is_looked_up_again() -> None:
    values = iter([1, 2])
    reading = Reading("it", lambda: next(values), fresh=-1.0)

    assert [reading.current(), reading.current()] == [1, 2]


def test_a_failure_gives_nothing_and_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    broken = True

    def look() -> int:
        if broken:
            raise OSError("the disk is gone")
        return 3

    reading = Reading("the ledger's size", look)
    assert [reading.current(), reading.current()] == [None, None]
    assert reading.failing
    assert caplog.text.count("the ledger's size cannot be read for the metrics") == 1
    assert "the disk is gone" in caplog.text

    broken = False
    assert reading.current() == 3
    assert not reading.failing


def test_a_look_up_that_hangs_is_waited_for_by_one_thread() -> None:
    asked, go = [], threading.Event()

    def look() -> int:
        asked.append(1)
        go.wait(30)
        return 3

    hasty = Reading("it", look, patience=0.01)

    assert [hasty.current(), hasty.current()] == [None, None]
    assert hasty.failing
    assert len(asked) == 1
    go.set()


def test_a_slow_look_up_ends_in_time_for_those_who_come_later() -> None:
    go = threading.Event()

    def look() -> int:
        go.wait(30)
        return 3

    reading = Reading("it", look, patience=20.0)
    found: list[int | None] = []
    waiting = threading.Thread(target=lambda: found.append(reading.current()))
    waiting.start()
    go.set()
    waiting.join(timeout=20)

    assert found == [3]
