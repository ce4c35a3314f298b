import asyncio
import re

import pytest
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from service.answers import Answer, send_answer
from service.arrival import Arrival, arrival_of
from service.edge.identity import Identity
from service.trace_parent import TraceParent, parent_of
from tests.service.asgi_call import Call


def test_the_server_makes_an_id_for_body_and_header(client: TestClient) -> None:
    response = client.post("/v1/predict", json={"pixels": [[9]]})

    assert re.fullmatch("[0-9a-f]{32}", response.json()["id"])
    assert response.headers["x-request-id"] == response.json()["id"]


def test_two_requests_have_two_ids(client: TestClient) -> None:
    first, second = (client.get("/livez").headers["x-request-id"] for _ in range(2))

    assert first != second


def test_a_clients_id_comes_back_in_the_header_alone(client: TestClient) -> None:
    response = client.post(
        "/v1/predict", json={"pixels": [[9]]}, headers={"X-Request-ID": "order-66/a:b"}
    )

    assert response.headers["x-request-id"] == "order-66/a:b"
    assert response.json()["id"] != "order-66/a:b"


@pytest.mark.parametrize("sent", ["", "two words", "x" * 129, "<script>", "caf\xe9"])
def test_a_strange_id_is_not_repeated(client: TestClient, sent: str) -> None:
    headers = {b"X-Request-ID": sent.encode("latin-1")}
    response = client.post("/v1/predict", json={"pixels": [[9]]}, headers=headers)

    assert response.headers["x-request-id"] == response.json()["id"]


def test_of_two_ids_neither_is_taken(client: TestClient) -> None:
    headers = [("X-Request-ID", "one"), ("X-Request-ID", "two")]
    response = client.get("/livez", headers=headers)

    assert re.fullmatch("[0-9a-f]{32}", response.headers["x-request-id"])


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/v1/model", "/nowhere", "/schema.json"])
def test_every_answer_has_one(client: TestClient, path: str) -> None:
    assert client.get(path).headers["x-request-id"]


def registered(headers: dict[str, str]) -> tuple[Arrival, TraceParent | None]:
    found: list[tuple[Arrival, TraceParent | None]] = []

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        found.append((arrival_of(scope), parent_of(scope)))
        await send_answer(send, Answer(b""))

    async def run() -> None:
        await Call(Identity(app), headers=headers).task

    asyncio.run(run())
    return found[0]


def test_what_the_client_says_of_itself_is_noted() -> None:
    trace = f"00-{'a' * 32}-{'b' * 16}-01"
    arrival, parent = registered({"x-request-id": "order-66", "traceparent": trace})

    assert arrival.client_id == "order-66"
    assert arrival.trace_id == "a" * 32
    assert parent == TraceParent("a" * 32, "b" * 16, sampled=True)


@pytest.mark.parametrize(
    "headers", [{}, {"x-request-id": "two words", "traceparent": "00-nonsense-01"}]
)
def test_what_is_not_sane_is_not_noted(headers: dict[str, str]) -> None:
    arrival, parent = registered(headers)

    assert (arrival.client_id, arrival.trace_id, parent) == (None, None, None)
