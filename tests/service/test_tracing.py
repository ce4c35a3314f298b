import dataclasses
import itertools
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from reasoned.errors import SettingsError
from service.arrival import Arrival
from service.finished import Finished
from service.metrics.part import Part
from service.otlp_endpoint import checked_endpoint
from service.settings import Settings
from service.trace_parent import TraceParent
from service.tracing import Tracing, open_tracing
from tests.service.brightness import BrightnessModel
from tests.service.collector import Collector, attributes, collecting
from tests.service.live_server import free_port
from tests.service.metrics.counted import ID, OUTCOME

MODEL = BrightnessModel()
PARENT = TraceParent("a" * 32, "b" * 16, sampled=True)
STEPS = ["decode", "infer", "neighbours", "explain", "store"]


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    with collecting() as found:
        yield found


def request(parts: int = 1, status: int = 200, parent: TraceParent | None = None) -> Finished:
    outcome = dataclasses.replace(OUTCOME, cited=(("example", "train-9"),))
    part = Part(outcome, 100, 20, time.perf_counter())
    arrival = Arrival(ID, time.perf_counter())
    return Finished(arrival, "/v1/predict", "POST", status, 0.25, (part,) * parts, parent)


def opened(endpoint: str) -> Tracing:
    tracing = open_tracing(MODEL, Settings(otlp_endpoint=endpoint))
    assert tracing is not None
    return tracing


def sent(collector: Collector, finished: Finished, count: int) -> list[Span]:
    tracing, before = opened(collector.url), len(collector.spans)
    tracing.finish(finished)
    tracing.close()
    return collector.wait_for(before + count)[before:]


def test_a_request_is_a_server_span_with_a_child_for_each_step(collector: Collector) -> None:
    *steps, server = sent(collector, request(), 6)

    assert collector.paths[-1] == "/v1/traces"
    assert [step.name for step in steps] == STEPS
    assert server.name == "POST /v1/predict"
    assert server.kind == Span.SPAN_KIND_SERVER
    assert server.trace_id.hex() == ID
    assert not server.parent_span_id
    assert {step.parent_span_id for step in steps} == {server.span_id}
    assert {step.trace_id for step in steps} == {server.trace_id}


def test_steps_lie_end_to_end_and_last_as_long_as_they_did(collector: Collector) -> None:
    *steps, server = sent(collector, request(), 6)
    lengths = [step.end_time_unix_nano - step.start_time_unix_nano for step in steps]

    assert lengths == [1000 * us for us in (100, 2_000, 300, 40, 20)]
    for one, following in itertools.pairwise(steps):
        assert one.end_time_unix_nano == following.start_time_unix_nano
    assert server.end_time_unix_nano - server.start_time_unix_nano == 250_000_000
    assert abs(server.end_time_unix_nano - time.time_ns()) < 60e9
    assert server.start_time_unix_nano <= steps[0].start_time_unix_nano


def test_a_span_says_what_was_asked_and_answered(collector: Collector) -> None:
    *steps, server = sent(collector, request(), 6)
    said = {"reasoned.status": "supported", "reasoned.carrier": "meta_forest"}
    said_all = {**said, "reasoned.agrees": True}

    assert attributes(server) == {
        "http.request.method": "POST",
        "http.route": "/v1/predict",
        "http.response.status_code": 200,
        "reasoned.model": "brightness",
        "reasoned.request_id": ID,
        **said_all,
    }
    assert attributes(steps[3]) == said_all
    assert not attributes(steps[0])
    assert "train-9" not in str(collector.requests[-1])


def test_the_service_is_named(collector: Collector) -> None:
    sent(collector, request(), 6)
    resource = collector.requests[-1].resource_spans[0].resource

    named = {one.key: one.value.string_value for one in resource.attributes}
    assert named["service.name"] == "reasoned"
    assert named["service.version"]


def test_a_callers_trace_goes_on(collector: Collector) -> None:
    *_, server = sent(collector, request(parent=PARENT), 6)

    assert server.trace_id.hex() == PARENT.trace_id
    assert server.parent_span_id.hex() == PARENT.span_id


def test_a_trace_that_the_caller_does_not_record_is_not_sent(collector: Collector) -> None:
    tracing, before = opened(collector.url), len(collector.spans)
    tracing.finish(request(parent=dataclasses.replace(PARENT, sampled=False)))
    tracing.close()

    assert len(collector.spans) == before


@pytest.mark.parametrize(("status", "failed"), [(404, False), (500, True), (504, True)])
def test_only_the_servers_own_failures_are_errors(
    collector: Collector,
    status: int,
    failed: bool,  # noqa: FBT001  a case
) -> None:
    (server,) = sent(collector, request(parts=0, status=status), 1)

    assert (server.status.code == Status.STATUS_CODE_ERROR) == failed
    assert attributes(server).get("error.type") == (str(status) if failed else None)


def test_a_batch_has_the_steps_of_every_image(collector: Collector) -> None:
    *steps, server = sent(collector, request(parts=3), 16)

    assert [step.name for step in steps] == STEPS * 3
    assert attributes(server)["reasoned.images"] == 3


def test_a_collector_that_is_gone_fails_nothing_and_is_not_waited_for_long() -> None:
    tracing = opened(f"http://127.0.0.1:{free_port()}")
    began = time.monotonic()
    for _ in range(50):
        tracing.finish(request())
    tracing.close()

    assert time.monotonic() - began < 30


@pytest.mark.parametrize(
    ("given", "whole"),
    [
        ("http://c:4318", "http://c:4318/v1/traces"),
        ("https://c:4318/", "https://c:4318/v1/traces"),
        ("http://c:4318/own/path", "http://c:4318/own/path"),
    ],
)
def test_the_endpoint_may_be_the_collectors_address(given: str, whole: str) -> None:
    assert checked_endpoint(Settings(otlp_endpoint=given)) == whole


@pytest.mark.parametrize("wrong", ["localhost:4318", "grpc://c:4317", "http://", "/v1/traces"])
def test_an_endpoint_that_is_no_url_is_refused(wrong: str) -> None:
    with pytest.raises(SettingsError, match="REASONED_OTLP_ENDPOINT must be a URL such as"):
        checked_endpoint(Settings(otlp_endpoint=wrong))


def test_a_password_is_not_repeated() -> None:
    with pytest.raises(SettingsError, match=r"not 'c:4317'$"):
        checked_endpoint(Settings(otlp_endpoint="grpc://anna:secret@c:4317"))


def test_without_an_endpoint_nothing_is_traced() -> None:
    assert open_tracing(MODEL, Settings()) is None


# In a process of its own, in which the extra cannot be imported.
WITHOUT = """
import sys
sys.modules["opentelemetry.exporter"] = None
from reasoned.errors import SettingsError
from service.settings import Settings
from service.otlp_endpoint import checked_endpoint
assert checked_endpoint(Settings()) is None
try:
    checked_endpoint(Settings(otlp_endpoint="http://c:4318"))
except SettingsError as error:
    print(error)
"""


def test_without_the_extra_the_setting_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )

    assert "pip install 'reasoned[otlp]'" in done.stdout
