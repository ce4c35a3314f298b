import pytest

from service.metrics.exposition import exposition
from service.metrics.meters import Meters
from tests.service.brightness import BrightnessModel

METERS = Meters(BrightnessModel())


@pytest.mark.parametrize("accept", ["", "*/*", "text/plain;version=0.0.4", "nonsense,;;=,"])
def test_plain_text_is_the_default(accept: str) -> None:
    body, content_type = exposition(METERS, accept)

    assert content_type.startswith("text/plain; version=0.0.4")
    assert b"# EOF" not in body


def test_who_asks_for_openmetrics_gets_it() -> None:
    # What Prometheus 2.42 sends.
    accept = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;q=0.75,*/*"
    body, content_type = exposition(METERS, accept)

    assert content_type.startswith("application/openmetrics-text; version=1.0.0")
    assert body.endswith(b"# EOF\n")
    assert b"# TYPE reasoned_disagreements counter" in body
