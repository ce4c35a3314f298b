"""Counting, in this process and in a real Redis."""

import asyncio
import logging
import time
from pathlib import Path

import limits
import pytest

from reasoned.errors import SettingsError
from service.arrival import register
from service.caller import Caller, admit
from service.rate import PAUSE, Rate, Window, subject_of
from service.rate_store import RateStore
from service.settings import Settings
from tests.service.live_server import free_port
from tests.service.redis_server import running_redis


def opened(limit: str, store: str = "memory://") -> Rate:
    found = Rate.open(Settings(rate_limit=limit, rate_limit_store=store))
    assert found is not None
    return found


def test_a_window_worked_by_hand() -> None:
    assert [Window(3, asked, 0.0).remaining for asked in (1, 2, 3, 4)] == [2, 1, 0, 0]
    assert [Window(3, asked, 0.0).is_over for asked in (3, 4)] == [False, True]


def test_each_subject_is_counted_alone() -> None:
    rate = opened("2/hour")

    async def run() -> list[Window | None]:
        return [await rate.count(subject) for subject in ("a", "a", "b", "a")]

    before = time.time()
    windows = asyncio.run(run())

    assert [window and window.asked for window in windows] == [1, 2, 1, 3]
    assert [window and window.is_over for window in windows] == [False, False, False, True]
    first = windows[0]
    assert first is not None
    assert before + 3600 <= first.ends <= time.time() + 3600


def test_nothing_is_limited_by_default() -> None:
    assert Rate.open(Settings()) is None


@pytest.mark.parametrize("limit", ["100/second", "5000 per hour", "10/2minutes"])
def test_a_rate_is_read_as_limits_reads_it(limit: str) -> None:
    opened(limit)


@pytest.mark.parametrize(
    "limit", ["100", "many/second", "100/fortnight", "0/second", "-1/second",
              "1/second;5/minute", "/second"],
)  # fmt: skip
def test_what_is_no_rate_refuses_to_start(limit: str) -> None:
    with pytest.raises(SettingsError, match="REASONED_RATE_LIMIT must be"):
        opened(limit)


@pytest.mark.parametrize(
    "store", ["memcached://127.0.0.1:1", "redis", "", "mongodb://u:secret@h", "async+redis://h"]
)
def test_another_store_refuses_to_start_and_its_password_is_not_told(store: str) -> None:
    with pytest.raises(SettingsError, match="REASONED_RATE_LIMIT_STORE must be") as raised:
        opened("1/second", store)

    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("rest", ["127.0.0.1:port", "127.0.0.1", "127.0.0.1:70000", ""])
def test_a_broken_url_of_a_redis_refuses_to_start(rest: str) -> None:
    with pytest.raises(SettingsError, match="must be like redis://HOST:PORT/DB") as raised:
        opened("1/second", f"redis://:secret@{rest}")

    assert "secret" not in str(raised.value)


def subject(client: tuple[str, int] | None, caller: Caller | None = None) -> str:
    scope = {"type": "http", "client": client}
    register(scope)
    if caller is not None:
        admit(scope, caller)
    return subject_of(scope)


def test_a_key_counts_by_its_name_whatever_its_address() -> None:
    phone = Caller("acme", frozenset(), "phone")

    assert subject(("10.0.0.1", 1), phone) == subject(("10.0.0.2", 1), phone) == "acme/phone"


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("10.0.0.1", "10.0.0.1", True),
        ("10.0.0.1", "10.0.0.2", False),
        ("2001:db8::1", "2001:db8::2", True),  # one customer has that many
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:10.0.0.1", "::ffff:10.0.0.2", False),
        ("testclient", "testclient", True),
    ],
)
def test_without_keys_an_address_counts(one: str, other: str, *, alike: bool) -> None:
    assert (subject((one, 1)) == subject((other, 2))) == alike


def test_without_an_address_all_count_as_one() -> None:
    assert subject(None) == "address unknown"


def test_two_workers_share_a_redis(tmp_path: Path) -> None:
    async def run(port: int) -> list[tuple[int, bool]]:
        first, second = (opened("2/minute", f"redis://127.0.0.1:{port}/0") for _ in range(2))
        found = [await rate.count("a") for rate in (first, second, first)]
        await first.close()
        await second.close()
        return [(w.asked, time.time() < w.ends <= time.time() + 61) for w in found if w]

    with running_redis(tmp_path) as port:
        assert asyncio.run(run(port)) == [(1, True), (2, True), (3, True)]


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_without_its_redis_everybody_is_let_through_until_it_is_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "reasoned.service")
    port, clock = free_port(), Clock()
    rate = Rate(limits.parse("1/minute"), RateStore.open(f"redis://127.0.0.1:{port}/0"), clock)

    async def run() -> None:
        for _ in range(3):
            assert await rate.count("a") is None
        clock.now += PAUSE
        assert await rate.count("a") is None
        with running_redis(tmp_path, port):
            assert await rate.count("a") is None  # it is not asked in the pause
            clock.now += PAUSE
            assert await rate.count("a") is not None
            await rate.close()

    asyncio.run(run())
    said = [record.message.partition(":")[0] for record in caplog.records]
    assert said == [
        "REASONED_RATE_LIMIT_STORE fails, everybody is let through",
        "REASONED_RATE_LIMIT_STORE answers again",
    ]
