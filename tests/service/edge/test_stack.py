"""CORS, and that the layers stand in their order."""

import pytest
from starlette.testclient import TestClient

from service.app import app
from service.settings import Settings
from tests.service.brightness import BrightnessModel
from tests.service.problem_shape import check_problem

PAGE = "https://page.example"


@pytest.fixture(scope="module")
def shared() -> TestClient:
    settings = Settings(cors_origins=(PAGE,), body_limit=100)
    return TestClient(app.application(BrightnessModel(), settings), base_url="http://127.0.0.1")


def test_without_the_setting_no_page_may_call(client: TestClient) -> None:
    response = client.get("/v1/model", headers={"Origin": PAGE})

    assert "access-control-allow-origin" not in response.headers


def test_a_named_page_may_call_and_read_the_id(shared: TestClient) -> None:
    response = shared.get("/v1/model", headers={"Origin": PAGE})

    assert response.headers["access-control-allow-origin"] == PAGE
    assert "X-Request-ID" in response.headers["access-control-expose-headers"]


def test_another_page_may_not(shared: TestClient) -> None:
    response = shared.get("/v1/model", headers={"Origin": "https://other.example"})

    assert "access-control-allow-origin" not in response.headers


def test_a_refused_preflight_is_a_problem_too(shared: TestClient) -> None:
    headers = {"Origin": "https://other.example", "Access-Control-Request-Method": "POST"}

    check_problem(shared.options("/v1/predict", headers=headers), 400)


@pytest.mark.parametrize(
    ("method", "path", "content", "status"),
    [
        ("GET", "/nowhere", b"", 404),
        ("GET", "/v1/predict", b"", 405),
        ("POST", "/v1/predict", b"x" * 101, 413),
        ("POST", "/v1/predict", b"x", 415),
    ],
)
def test_errors_of_every_layer_can_be_read_by_the_page(
    shared: TestClient, method: str, path: str, content: bytes, status: int
) -> None:
    response = shared.request(method, path, content=content, headers={"Origin": PAGE})

    check_problem(response, status)
    assert response.headers["access-control-allow-origin"] == PAGE
