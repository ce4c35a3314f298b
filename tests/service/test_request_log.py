import dataclasses
import re
import time
from datetime import datetime, timedelta

import orjson
import pytest

from service.arrival import Arrival
from service.finished import Finished
from service.metrics.part import Part
from service.request_log import RequestLog
from tests.service.brightness import BrightnessModel
from tests.service.metrics.counted import ID, OUTCOME

ARRIVAL = Arrival(ID, time.perf_counter(), "order-66", "a" * 32, "acme")
PART = Part(OUTCOME, 100, 20, 0.0)
ANSWERED = Finished(ARRIVAL, "/v1/predict", "POST", 200, 0.0123456, (PART,))
MODEL = BrightnessModel(sha256="c0ffee" + "0" * 58)


def lines(*finished: Finished) -> list[bytes]:
    found: list[bytes] = []
    log = RequestLog(MODEL, found.append)
    for one in finished:
        log.finish(one)
    return found


def line(finished: Finished) -> dict[str, object]:
    (found,) = lines(finished)
    said: dict[str, object] = orjson.loads(found)
    return said


def test_a_line_says_who_what_and_how_long() -> None:
    said = line(ANSWERED)
    at = said.pop("time")

    assert said == {
        "level": "info",
        "event": "request",
        "request_id": ID,
        "client_id": "order-66",
        "trace_id": "a" * 32,
        "tenant": "acme",
        "method": "POST",
        "route": "/v1/predict",
        "status": 200,
        "duration_ms": 12.346,
        "model": "c0ffee000000",
        "outcome": {
            "status": "supported",
            "agrees": True,
            "carrier": "meta_forest",
            "class": "bright",
        },
    }
    assert isinstance(at, str)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", at)
    passed = datetime.now().astimezone() - datetime.fromisoformat(at)
    assert timedelta(0) <= passed < timedelta(minutes=5)


@pytest.mark.parametrize(
    ("status", "level"),
    [(200, "info"), (304, "info"), (404, "warning"), (499, "warning"), (500, "error")],
)
def test_the_level_follows_the_status(status: int, level: str) -> None:
    assert line(dataclasses.replace(ANSWERED, status=status))["level"] == level


def test_a_batch_is_one_line_with_counts() -> None:
    weak = Part(dataclasses.replace(OUTCOME, status="weak", agrees=False), 1, None, 0.0)
    bare = Part(dataclasses.replace(OUTCOME, status=None, agrees=None), 1, None, 0.0)
    said = line(dataclasses.replace(ANSWERED, parts=(PART, weak, weak, bare)))

    assert said["outcome"] == {
        "images": 4,
        "status": {"supported": 1, "weak": 2, "none": 1},
        "disagreeing": 2,
    }


def test_a_request_without_an_image_has_no_outcome() -> None:
    assert line(dataclasses.replace(ANSWERED, parts=()))["outcome"] is None


def test_no_example_and_no_region_is_named() -> None:
    cited = (("example", "train-9"), ("leaf", "leaf-7"))
    part = dataclasses.replace(PART, outcome=dataclasses.replace(OUTCOME, cited=cited))
    (found,) = lines(dataclasses.replace(ANSWERED, parts=(part, part)))

    assert b"train-9" not in found
    assert b"leaf-7" not in found


def test_whatever_a_client_sends_a_line_is_one_line() -> None:
    arrival = dataclasses.replace(ARRIVAL, client_id='"\n{', tenant="\u2028\r\n")
    found = lines(dataclasses.replace(ANSWERED, arrival=arrival), ANSWERED)

    assert all(one.count(b"\n") == 1 and one.endswith(b"\n") for one in found)
    assert all(len(one) < 4096 for one in found)  # what a pipe takes in one piece


def test_a_broken_pipe_fails_no_request() -> None:
    def broken(_line: bytes) -> None:
        raise BrokenPipeError

    RequestLog(MODEL, broken).finish(ANSWERED)


def test_by_default_it_goes_to_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    RequestLog(MODEL).finish(ANSWERED)

    assert orjson.loads(capfd.readouterr().err)["request_id"] == ID
