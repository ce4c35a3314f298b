"""Every route, with every kind of key."""

import hashlib
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from service.app import app
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
    settings = Settings(api_keys=digests, cors_origins=("https://page.example",))
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
