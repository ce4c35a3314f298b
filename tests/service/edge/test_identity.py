import re

import pytest
from starlette.testclient import TestClient


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
