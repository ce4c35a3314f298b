"""What stays the same as long as the model does."""

import pytest
from starlette.testclient import TestClient

from service.app import app
from service.settings import Settings
from tests.service.brightness import BrightnessModel, png
from tests.service.problem_shape import check_problem


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/v1/model", "application/json"),
        ("/v1/model/tree.svg", "image/svg+xml"),
        ("/v1/examples/train-9.png", "image/png"),
        ("/v1/regions/meta_forest/leaf-7.png", "image/png"),
        ("/openapi.json", "application/json"),
    ],
)
def test_a_document_is_cached_by_its_tag(client: TestClient, path: str, content_type: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    other = client.get(path, headers={"If-None-Match": '"other"'})

    assert first.headers["content-type"] == content_type
    assert first.headers["x-content-type-options"] == "nosniff"
    assert first.headers["cache-control"] == "private, no-cache"
    assert (again.status_code, again.content) == (304, b"")
    assert (other.status_code, other.content) == (200, first.content)


def test_a_thumbnail_is_the_models_own(client: TestClient) -> None:
    assert client.get("/v1/examples/train-9.png").content == png(9)


def test_the_picture_of_a_region_is_the_models_own(client: TestClient) -> None:
    assert client.get("/v1/regions/meta_forest/leaf-7.png").content == png(7)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/v1/regions/meta_forest/leaf-8.png", "region 'leaf-8' of method 'meta_forest'"),
        ("/v1/regions/lime/leaf-7.png", "region 'leaf-7' of method 'lime'"),
        (f"/v1/regions/{'m' * 200}/{'r' * 200}.png", f"'{'r' * 80}' of method '{'m' * 80}'"),
        ("/v1/regions/meta_forest/%2e%2e%2fleaf-7.png", "Nothing is served at this path"),
        ("/v1/regions/meta_forest/leaf-7", "Nothing is served at this path"),
    ],
)
def test_a_region_without_a_picture_is_not_found(client: TestClient, path: str, told: str) -> None:
    assert told in check_problem(client.get(path), 404).detail


def test_the_card_is_the_models_own(client: TestClient) -> None:
    assert client.get("/v1/model").json() == {"name": "brightness"}


def test_a_model_without_a_tree_says_so() -> None:
    asgi = app.application(BrightnessModel(tree_svg=None), Settings())
    response = TestClient(asgi, base_url="http://127.0.0.1").get("/v1/model/tree.svg")

    assert "This model has no tree" in check_problem(response, 404).detail


def test_head_is_get_without_a_body(client: TestClient) -> None:
    assert client.head("/v1/model").status_code == 200


def test_the_front_page_points_the_way_and_loads_nothing(client: TestClient) -> None:
    response = client.get("/")

    assert response.json()["predict"] == "/v1/predict"
    assert "google" not in response.text


@pytest.mark.parametrize("path", ["/docs.json", "/static_content/index.html", "/assets/index.js"])
def test_bentomls_own_pages_are_gone(client: TestClient, path: str) -> None:
    check_problem(client.get(path), 404)
