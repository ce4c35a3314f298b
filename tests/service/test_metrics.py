"""``/metrics`` of the whole application."""

import random

import pytest
from starlette.testclient import TestClient

from tests.service.brightness import png
from tests.service.metrics.counted import Series, samples, series
from tests.service.promtool import check_metrics


def scraped(client: TestClient) -> dict[Series, float]:
    return samples(client.get("/metrics").text)


def moved(before: dict[Series, float], after: dict[Series, float], one: Series) -> float:
    return after[one] - before.get(one, 0.0)


def test_a_prediction_is_counted_by_class_outcome_and_route(client: TestClient) -> None:
    before = scraped(client)
    client.post("/v1/predict", files={"image": png(250)})
    client.post("/v1/predict/batch", files=[("image", png(250)), ("image", png(3))])
    after = scraped(client)

    explained = {"model": "brightness", "outcome": "weak"}
    name = "reasoned_explanations_total"
    assert moved(before, after, series(name, predicted_class="bright", **explained)) == 2
    assert moved(before, after, series(name, predicted_class="dark", **explained)) == 1
    for route in ("/v1/predict", "/v1/predict/batch"):
        labels = {"route": route, "method": "POST"}
        assert moved(before, after, series("reasoned_requests_total", code="200", **labels)) == 1
    assert after[series("reasoned_requests_in_progress")] == 1  # the scrape itself


def test_bentomls_own_route_is_counted_too(client: TestClient) -> None:
    before = scraped(client)
    client.post("/predict", json={"image_base64": "?"})
    refused = series("reasoned_requests_total", route="/predict", method="POST", code="422")

    assert moved(before, scraped(client), refused) == 1


@pytest.mark.parametrize(
    ("method", "path", "content", "status"),
    [
        ("GET", "/nowhere", b"", 404),
        ("GET", "/v1/predict", b"", 405),
        ("POST", "/v1/predict", b"x" * 100_001, 413),
    ],
)
def test_a_refusal_of_any_layer_is_counted(
    client: TestClient, method: str, path: str, content: bytes, status: int
) -> None:
    before = scraped(client)
    assert client.request(method, path, content=content).status_code == status
    route = "unmatched" if status == 404 else path
    refused = series("reasoned_requests_total", route=route, method=method, code=str(status))

    assert moved(before, scraped(client), refused) == 1


def test_a_scanner_makes_no_series(client: TestClient) -> None:
    chance = random.Random(7)  # noqa: S311  paths, not secrets
    ids = [f"{chance.getrandbits(128):032x}" for _ in range(2_000)]
    kinds = ("/{}", "/v1/{}", "/v1/explanations/{}", "/v1/examples/{}.png", "/v1/regions/{}/x.png")
    for kind in kinds:
        client.get(kind.format("first"))
    client.request("FIRST", "/first")
    before = set(scraped(client))

    for one in ids[:1_000]:
        client.get(f"/{one}")
    for number, one in enumerate(ids[1_000:]):
        client.get(kinds[2 + number % 3].format(one))
    for one in ids[:20]:
        client.request(f"X{one}", "/first", headers={"X-Request-ID": one})

    assert set(scraped(client)) == before


def test_it_is_what_promtool_wants(client: TestClient) -> None:
    check_metrics(client.get("/metrics").content)


def test_who_asks_for_openmetrics_gets_it(client: TestClient) -> None:
    response = client.get(
        "/metrics", headers={"Accept": "application/openmetrics-text;version=1.0.0"}
    )

    assert response.headers["content-type"].startswith("application/openmetrics-text")
    assert response.text.endswith("# EOF\n")


def test_nobody_keeps_a_copy(client: TestClient) -> None:
    assert client.get("/metrics").headers["cache-control"] == "no-store"
