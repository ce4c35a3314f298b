"""What a caller is told of his rate, and whom it does not hold."""

import asyncio
import hashlib
import time
from collections.abc import Iterator

import limits
import pytest
from limits.storage import MemoryStorage
from starlette.applications import Starlette
from starlette.testclient import TestClient

from service.app import app
from service.edge.rate_limit import RateLimit
from service.rate import Rate
from service.rate_store import RateStore
from service.settings import Settings
from tests.service.asgi_call import Call
from tests.service.brightness import BrightnessModel
from tests.service.live_server import free_port
from tests.service.problem_shape import check_problem

PAGE = "https://page.example"
BODY = {"pixels": [[9]]}


def entry(key: str, name: str) -> str:
    return f"{hashlib.sha256(key.encode()).hexdigest()} name={name}"


@pytest.fixture
def limited() -> Iterator[TestClient]:
    settings = Settings(
        api_keys=(entry("one", "phone"), entry("next", "phone"), entry("two", "board")),
        rate_limit="2/hour",
        cors_origins=(PAGE,),
        ledger="off",
    )
    with TestClient(app.application(BrightnessModel(), settings)) as found:
        yield found


def test_one_too_many_is_429_and_says_when_to_come_again(limited: TestClient) -> None:
    headers = {"X-API-Key": "one", "Origin": PAGE}
    answers = [limited.post("/v1/predict", json=BODY, headers=headers) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["x-ratelimit-remaining"] for answer in answers] == ["1", "0", "0"]
    refused = answers[2]
    problem = check_problem(refused, 429)
    assert problem.type == "urn:reasoned:problem:rate-limited"
    assert "2 requests may come in one window" in problem.detail
    wait, ends = (int(refused.headers[name]) for name in ("retry-after", "x-ratelimit-reset"))
    assert 3590 <= wait <= 3600
    assert abs(time.time() + wait - ends) <= 2
    assert refused.headers["x-ratelimit-limit"] == "2"
    exposed = refused.headers["access-control-expose-headers"]
    assert "X-RateLimit-Reset" in exposed
    assert "Retry-After" in exposed


def test_both_keys_of_a_rotation_count_as_one_and_others_alone(limited: TestClient) -> None:
    statuses = [
        limited.get("/v1/model", headers={"X-API-Key": key}).status_code
        for key in ("one", "next", "next", "two")
    ]

    assert statuses == [200, 200, 429, 200]


def test_errors_count_and_are_told_too(limited: TestClient) -> None:
    headers = {"X-API-Key": "two"}

    response = limited.post("/v1/predict", content=b"x", headers=headers)

    check_problem(response, 415)
    assert response.headers["x-ratelimit-remaining"] == "1"


def test_strangers_and_the_unauthorised_take_nothing_from_a_key(limited: TestClient) -> None:
    for key in ("wrong", "wrong", "wrong"):
        assert limited.get("/v1/model", headers={"X-API-Key": key}).status_code == 401
    assert limited.get("/v1/model", headers={"X-API-Key": "two"}).status_code == 200


def test_health_and_metrics_are_never_limited() -> None:
    settings = Settings(rate_limit="1/hour", ledger="off")
    with TestClient(
        app.application(BrightnessModel(), settings), base_url="http://127.0.0.1"
    ) as client:
        for path in ("/livez", "/readyz", "/metrics"):
            found = [client.get(path) for _ in range(3)]
            assert 429 not in {response.status_code for response in found}
            assert not any("x-ratelimit-limit" in response.headers for response in found)
        assert [client.get("/v1/model").status_code for _ in range(2)] == [200, 429]


def test_without_keys_each_address_is_limited() -> None:
    asgi = app.application(BrightnessModel(), Settings(rate_limit="1/hour", ledger="off"))

    async def run() -> list[int]:
        calls = []
        for host in ("127.0.0.1", "127.0.0.2", "127.0.0.1"):
            call = Call(asgi, "/v1/model", "GET", client=host)
            await call.task
            calls.append(call.status)
        return calls

    assert asyncio.run(run()) == [200, 200, 429]


def test_a_store_that_is_gone_holds_nobody_up() -> None:
    store = f"redis://127.0.0.1:{free_port()}/0"
    settings = Settings(rate_limit="1/hour", rate_limit_store=store, ledger="off")
    with TestClient(
        app.application(BrightnessModel(), settings), base_url="http://127.0.0.1"
    ) as client:
        assert [client.get("/v1/model").status_code for _ in range(3)] == [200] * 3


def test_the_store_is_let_go_when_the_service_ends() -> None:
    said = []

    async def close() -> None:
        said.append("closed")

    store = RateStore(MemoryStorage(), close)
    layer = RateLimit(Starlette(), Rate(limits.parse("1/hour"), store))
    with TestClient(layer):
        assert said == []

    assert said == ["closed"]
