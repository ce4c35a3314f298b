"""Metrics, traces and the log of two real workers."""

import collections
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.service.brightness import png
from tests.service.collector import Collector, attributes, collecting
from tests.service.live_server import LiveServer, serving
from tests.service.metrics.counted import Series, samples, series
from tests.service.promtool import check_metrics

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
PREDICTED = series("reasoned_requests_total", route="/v1/predict", method="POST", code="200")
WORKERS = series("reasoned_workers")
PATIENCE = 60


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    with collecting() as found:
        yield found


@pytest.fixture(scope="module")
def live(digits_folder: Path, collector: Collector) -> Iterator[LiveServer]:
    settings = {
        "REASONED_MODEL": str(digits_folder),
        "REASONED_WORKERS": "2",
        "REASONED_LEDGER": "off",
        "REASONED_OTLP_ENDPOINT": collector.url,
        "OTEL_BSP_SCHEDULE_DELAY": "100",
    }
    with serving(settings) as server:
        yield server


def scraped(server: LiveServer) -> dict[Series, float]:
    # A connection of its own each time, so that either worker may answer.
    return samples(httpx2.get(f"{server.url}/metrics").text)


def until(server: LiveServer, one: Series, value: float) -> dict[Series, float]:
    """Scrape until a figure is as expected: the workers tell each other now and then."""
    end = time.monotonic() + PATIENCE
    while True:
        found = scraped(server)
        if found.get(one) == value:
            return found
        assert time.monotonic() < end, f"{one} is {found.get(one)}, not {value}"


def predict(server: LiveServer, **headers: str) -> httpx2.Response:
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return httpx2.post(f"{server.url}/v1/predict", files={"image": png()}, headers=named)


def test_the_sums_of_two_workers_are_right(live: LiveServer) -> None:
    until(live, WORKERS, 2.0)
    before = scraped(live)
    explained = [key for key in before if key[0] == "reasoned_explanations_total"]
    statuses = collections.Counter(predict(live).status_code for _ in range(40))
    found = until(live, PREDICTED, before.get(PREDICTED, 0.0) + 40)

    assert statuses == {200: 40}
    assert sum(found[key] - before[key] for key in explained) == 40
    for _ in range(10):  # whichever worker answers, once it has heard of the other
        until(live, PREDICTED, found[PREDICTED])
    check_metrics(httpx2.get(f"{live.url}/metrics").content)


def test_a_request_is_one_trace_with_its_steps(live: LiveServer, collector: Collector) -> None:
    before = len(collector.spans)
    answer = predict(live, traceparent=f"00-{TRACE}-{SPAN}-01")
    found = ours(collector, before)
    server = next(span for span in found if span.kind == Span.SPAN_KIND_SERVER)

    assert server.parent_span_id.hex() == SPAN
    assert attributes(server)["reasoned.request_id"] == answer.json()["id"]
    assert attributes(server)["reasoned.status"] == answer.json()["explanation"]["status"]
    named = {span.name for span in found if span.parent_span_id == server.span_id}
    assert {"decode", "infer", "neighbours", "explain"} <= named


def ours(collector: Collector, before: int) -> list[Span]:
    """Wait for the server span of the known trace; its steps come before it."""
    count = before
    while True:
        found = [span for span in collector.spans[before:] if span.trace_id.hex() == TRACE]
        if any(span.kind == Span.SPAN_KIND_SERVER for span in found):
            return found
        count += 1
        collector.wait_for(count)
