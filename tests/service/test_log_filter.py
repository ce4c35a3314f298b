import logging

import pytest
from starlette.testclient import TestClient

from service.errors import BodyTooLargeError
from service.log_filter import is_our_fault


def record_of(error: Exception | None) -> logging.LogRecord:
    info = None if error is None else (type(error), error, None)
    return logging.LogRecord("x", logging.ERROR, "x", 1, "x", None, info)


def test_a_clients_mistake_is_no_fault_of_ours() -> None:
    assert not is_our_fault(record_of(BodyTooLargeError("too large")))
    assert is_our_fault(record_of(ZeroDivisionError("ours")))
    assert is_our_fault(record_of(None))


def test_wrong_json_leaves_no_traceback(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    assert client.post("/predict", content=b"{").status_code == 400
    assert client.post("/v1/predict", content=b"{").status_code == 415

    assert not caplog.records
