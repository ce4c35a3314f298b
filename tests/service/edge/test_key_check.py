"""Every route, with every kind of key."""

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from service.access import Access
from service.app import app
from service.edge.identity import Identity
from service.edge.key_check import KeyCheck
from service.edge.open_paths import OPEN_PATHS
from service.settings import Settings
from tests.service.brightness import BrightnessModel
from tests.service.problem_shape import check_problem

KEYS = ("old key", "new-key_0123456789abcdef")
CLOSED = [
    ("POST", "/v1/predict"),
    ("POST", "/v1/predict/batch"),
    ("POST", "/predict"),
    ("GET", "/v1/model"),
    ("GET", "/v1/model/tree.svg"),
    ("GET", "/v1/examples/train-9.png"),
    ("GET", "/openapi.json"),
    ("GET", "/schema.json"),
    ("GET", "/"),
    ("GET", "/nowhere"),
    ("OPTIONS", "/v1/predict"),
    ("GET", "//livez"),
    ("GET", "/livez/"),
]
OPEN = ["/livez", "/readyz", "/healthz"]
WRONG = [
    {},
    {"Authorization": "Bearer wrong"},
    {"Authorization": "Bearer "},
    {"Authorization": "Basic b2xkIGtleTo="},
    {"Authorization": KEYS[1]},
    {"X-API-Key": "wrong"},
    {"X-API-Key": ""},
    {"X-API-Key": hashlib.sha256(KEYS[1].encode()).hexdigest()},
]


@pytest.fixture(scope="module")
def locked() -> Iterator[TestClient]:
    digests = tuple(hashlib.sha256(key.encode()).hexdigest() for key in KEYS)
    settings = Settings(api_keys=digests, cors_origins=("https://page.example",), ledger="off")
    with TestClient(app.application(BrightnessModel(), settings)) as found:
        yield found


@pytest.mark.parametrize(("method", "path"), CLOSED)
@pytest.mark.parametrize("headers", WRONG)
def test_no_route_opens_without_a_known_key(
    locked: TestClient, method: str, path: str, headers: dict[str, str]
) -> None:
    response = locked.request(method, f"http://testserver{path}", headers=headers)

    problem = check_problem(response, 401)
    assert response.headers["www-authenticate"] == 'Bearer realm="reasoned"'
    assert "Authorization: Bearer KEY" in problem.detail


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("form", ["Authorization", "X-API-Key"])
def test_every_known_key_opens(locked: TestClient, key: str, form: str) -> None:
    value = f"Bearer {key}" if form == "Authorization" else key

    response = locked.post("/v1/predict", json={"pixels": [[9]]}, headers={form: value})

    assert response.status_code == 200


def test_a_failed_login_is_logged_without_the_key(
    locked: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    locked.get("/v1/model?q=1", headers={"X-API-Key": "almost-right"})
    locked.get("/v1/model")  # which is no login

    (record,) = [r for r in caplog.records if "login failed" in r.message]
    assert record.message == (
        "login failed: GET '/v1/model' from testclient, 12 characters: This API key is not known "
        "here: send `Authorization: Bearer KEY` or `X-API-Key: KEY`."
    )


def test_what_the_table_does_not_name_is_never_reached() -> None:
    """Whatever an application would answer there, no scope stands before it."""
    access = Access.open(Settings(api_keys=(f"{hashlib.sha256(b'key').hexdigest()} scopes=admin",)))
    assert access is not None
    asgi = Identity(KeyCheck(PlainTextResponse("all is open"), access, OPEN_PATHS))
    client = TestClient(asgi, headers={"X-API-Key": "key"})

    check_problem(client.get("/v1/explanations/7/secrets"), 404)
    check_problem(client.get("/v1/explanations/7"), 403)
    assert client.patch("/v1/explanations/7").text == "all is open"  # a router answers 405
    assert client.get("/livez").text == "all is open"


def test_a_websocket_is_closed(locked: TestClient) -> None:
    with (
        pytest.raises(WebSocketDisconnect) as raised,
        locked.websocket_connect("/v1/predict", headers={"X-API-Key": KEYS[0]}),
    ):
        pass

    assert raised.value.code == 1008


@pytest.mark.parametrize("is_open", [True, False])
def test_metrics_may_be_left_open(*, is_open: bool) -> None:
    digest = hashlib.sha256(b"key").hexdigest()
    settings = Settings(api_keys=(digest,), metrics_open=is_open, ledger="off")
    asgi = app.application(BrightnessModel(), settings)

    assert (TestClient(asgi).get("/metrics").status_code != 401) == is_open
    assert TestClient(asgi).get("/metricsx").status_code == 401


def test_a_changed_file_counts_in_a_service_that_runs(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    path.write_text(hashlib.sha256(b"old").hexdigest(), encoding="utf-8")
    settings = Settings(api_keys_file=path, ledger="off")
    with TestClient(app.application(BrightnessModel(), settings)) as client:
        assert client.get("/v1/model", headers={"X-API-Key": "new"}).status_code == 401
        path.write_text(hashlib.sha256(b"new").hexdigest(), encoding="utf-8")

        end = time.monotonic() + 15
        while client.get("/v1/model", headers={"X-API-Key": "new"}).status_code != 200:
            assert time.monotonic() < end
        assert client.get("/v1/model", headers={"X-API-Key": "old"}).status_code == 401


@pytest.mark.parametrize("path", OPEN)
def test_health_needs_no_key(locked: TestClient, path: str) -> None:
    assert locked.get(path).status_code == 200


def test_a_preflight_needs_no_key(locked: TestClient) -> None:
    response = locked.options(
        "/v1/predict",
        headers={
            "Origin": "https://page.example",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization",
        },
    )

    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == "https://page.example"


def test_a_page_may_read_why_it_was_refused(locked: TestClient) -> None:
    response = locked.get("/v1/model", headers={"Origin": "https://page.example"})

    check_problem(response, 401)
    assert response.headers["access-control-allow-origin"] == "https://page.example"
