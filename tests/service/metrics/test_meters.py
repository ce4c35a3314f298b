import dataclasses
import sys
import threading

import pytest

from service.metrics.meters import Meters
from service.metrics.sources import Sources
from tests.service.brightness import BrightnessModel
from tests.service.metrics.counted import OUTCOME, Counts, finished, series, shown, told

MODEL = BrightnessModel()


def explanations(outcome: str, label: str = "bright") -> tuple[str, frozenset[tuple[str, str]]]:
    return series(
        "reasoned_explanations_total", model="brightness", predicted_class=label, outcome=outcome
    )


def test_an_answer_is_counted_once_everywhere() -> None:
    meters = Meters(MODEL, Sources(rank=lambda predicted, nearest: (predicted + nearest) / 2))
    meters.observe(told())
    found = shown(meters)

    assert found[explanations("supported")] == 1
    assert found[explanations("weak")] == 0
    assert found[series("reasoned_confidence_sum", model="brightness")] == 0.75
    assert found[series("reasoned_neighbour_distance_rank_sum", model="brightness")] == 0.75
    seconds = "reasoned_stage_duration_seconds_sum"
    assert found[series(seconds, stage="decode")] == pytest.approx(0.000_1)
    assert found[series(seconds, stage="infer")] == pytest.approx(0.002)
    assert found[series(seconds, stage="neighbours")] == pytest.approx(0.000_3)
    assert found[series(seconds, stage="explain")] == pytest.approx(0.000_04)
    assert found[series("reasoned_last_explanation_timestamp_seconds")] > 1.7e9


@pytest.mark.parametrize(
    ("change", "name", "counted"),
    [
        ({"agrees": True}, "disagreements", 0),
        ({"agrees": None}, "disagreements", 0),
        ({"agrees": False}, "disagreements", 1),
        ({"outside": True}, "uncovered", 1),
        ({"outside": None}, "uncovered", 0),
    ],
)
def test_what_is_watched_is_counted(
    change: dict[str, bool | None], name: str, counted: int
) -> None:
    meters = Meters(MODEL)
    # The names are those of the fields.
    meters.observe(told(dataclasses.replace(OUTCOME, **change)))  # type: ignore[arg-type]

    assert shown(meters)[series(f"reasoned_{name}_total", model="brightness")] == counted


def test_without_reasons_no_step_of_theirs_is_counted() -> None:
    meters = Meters(MODEL)
    meters.observe(told(dataclasses.replace(OUTCOME, status=None, nearest=None, agrees=None)))
    found = shown(meters)

    assert found[explanations("none")] == 1
    assert found[series("reasoned_stage_duration_seconds_count", stage="infer")] == 1
    assert found[series("reasoned_stage_duration_seconds_count", stage="explain")] == 0


def test_without_a_reference_there_are_no_ranks() -> None:
    meters = Meters(MODEL)
    meters.observe(told())

    assert not [name for name, _ in shown(meters) if "rank" in name]


def test_many_classes_are_not_told_apart() -> None:
    few = dataclasses.replace(MODEL, classes=tuple(f"class {i}" for i in range(50)))
    many = dataclasses.replace(MODEL, classes=tuple(f"class {i}" for i in range(51)))

    assert any("predicted_class" in dict(labels) for _, labels in shown(Meters(few)))
    assert not any("predicted_class" in dict(labels) for _, labels in shown(Meters(many)))


def test_a_request_is_counted_by_route_method_and_status() -> None:
    meters = Meters(MODEL)
    meters.begin()
    meters.begin()
    meters.finish(finished("/v1/model", 304))
    found = shown(meters)

    assert found[series("reasoned_requests_in_progress")] == 1
    labels = {"route": "/v1/model", "method": "GET"}
    assert found[series("reasoned_requests_total", code="304", **labels)] == 1
    duration = "reasoned_request_duration_seconds"
    assert found[series(f"{duration}_sum", status_class="3xx", **labels)] == 0.25
    assert found[series(f"{duration}_bucket", status_class="3xx", le="0.25", **labels)] == 1
    assert found[series(f"{duration}_bucket", status_class="3xx", le="0.1", **labels)] == 0


def test_threads_lose_nothing() -> None:
    meters = Meters(MODEL)

    def many() -> None:
        for _ in range(500):
            meters.observe(told())

    threads = [threading.Thread(target=many) for _ in range(4)]
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # so that they really come in between each other
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(usual)

    assert shown(meters)[explanations("supported")] == 2000


def test_the_model_and_the_release_are_named() -> None:
    found = shown(Meters(MODEL))

    about = series("reasoned_model_info", model="brightness", version="1", sha256="0" * 64)
    assert found[about] == 1
    assert sum(value for (name, _), value in found.items() if name == "reasoned_build_info") == 1
    assert found[series("reasoned_workers")] == 1
    assert found[series("reasoned_resident_memory_bytes")] > 1e6


def test_the_writers_own_counts_are_shown() -> None:
    writer = Counts()
    meters = Meters(MODEL, Sources(writer=writer))
    shown(meters)
    writer.dropped += 1
    found = shown(meters)

    assert found[series("reasoned_ledger_waiting")] == 3
    assert found[series("reasoned_ledger_written_total")] == 20
    assert found[series("reasoned_ledger_dropped_total", reason="full")] == 5
    assert found[series("reasoned_ledger_dropped_total", reason="failed")] == 5
    assert found[series("reasoned_ledger_errors_total")] == 2
