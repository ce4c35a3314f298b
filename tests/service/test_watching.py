import dataclasses
import time

import orjson
import pytest

from service.arrival import Arrival
from service.errors import LedgerFullError
from service.finished import Finished
from service.metrics.meters import Meters
from service.request_log import RequestLog
from service.settings import Settings
from service.telling import Told
from service.watching import Watch
from tests.service.brightness import BrightnessModel
from tests.service.metrics.counted import ID, series, shown, told

MODEL = BrightnessModel()
ARRIVAL = Arrival(ID, time.perf_counter())
EXPLAINED = series("reasoned_confidence_count", model="brightness")
STORED = series("reasoned_stage_duration_seconds_count", stage="store")


def watch() -> Watch:
    return Watch(Meters(MODEL))


def test_an_answer_belongs_to_its_request() -> None:
    watching = watch()
    watching.begin(ARRIVAL)
    watching.begin(dataclasses.replace(ARRIVAL, request_id="f" * 32))
    watching.observe(told())

    assert len(watching.parts(ARRIVAL)) == 1
    assert watching.parts(ARRIVAL) == ()


def test_the_items_of_a_batch_belong_to_one_request() -> None:
    watching = watch()
    watching.begin(ARRIVAL)
    for index in range(3):
        watching.observe(told(request_id=f"{ID}-{index}"))

    assert len(watching.parts(ARRIVAL)) == 3
    assert shown(watching.meters)[EXPLAINED] == 3


def test_late_work_is_counted_and_belongs_to_none() -> None:
    watching = watch()
    watching.begin(ARRIVAL)
    watching.parts(ARRIVAL)
    watching.observe(told())

    assert shown(watching.meters)[EXPLAINED] == 1
    assert watching.parts(ARRIVAL) == ()


def test_recording_is_a_step_like_others() -> None:
    recorded: list[Told] = []
    watching = watch()
    watching.begin(ARRIVAL)
    watching.recording(recorded.append)(told())
    (part,) = watching.parts(ARRIVAL)

    assert len(recorded) == 1
    assert part.store_us is not None
    assert shown(watching.meters)[STORED] == 1


def test_without_a_ledger_there_is_no_such_step() -> None:
    watching = watch()
    watching.recording(None)(told())

    assert shown(watching.meters)[STORED] == 0
    assert shown(watching.meters)[EXPLAINED] == 1


def test_an_answer_that_may_not_go_out_is_not_counted_as_one() -> None:
    def full(_told: Told) -> None:
        raise LedgerFullError("no place")

    watching = watch()
    watching.begin(ARRIVAL)

    with pytest.raises(LedgerFullError, match="no place"):
        watching.recording(full)(told())

    assert shown(watching.meters)[EXPLAINED] == 0
    assert watching.parts(ARRIVAL) == ()


def test_everybody_hears_of_the_end() -> None:
    lines: list[bytes] = []
    watching = Watch(Meters(MODEL), RequestLog(MODEL, lines.append))
    watching.begin(ARRIVAL)
    watching.finish(Finished(ARRIVAL, "/v1/model", "GET", 200, 0.1))

    assert orjson.loads(lines[0])["route"] == "/v1/model"
    assert shown(watching.meters)[series("reasoned_requests_in_progress")] == 0


def test_the_settings_say_who_listens() -> None:
    silent = Watch.open(MODEL, Settings(request_log=False))
    talking = Watch.open(MODEL, Settings(otlp_endpoint="http://127.0.0.1:9"))

    assert (silent.log, silent.tracing) == (None, None)
    assert talking.log is not None
    assert talking.tracing is not None
    for one in (silent, talking):
        one.start()
        one.stop()
