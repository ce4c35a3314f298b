"""The parts of one worker: what is on, what is off, and in which order they are told."""

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

from reasoned.errors import LedgerError, SettingsError
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.opt_outs import OptOut, withhold
from reasoned.ledger.reading import read
from reasoned.reply.options import ReplyOptions
from service.arrival import Arrival
from service.errors import LedgerFullError, NotFoundError
from service.pictures import EncodedPicture
from service.settings import Settings
from service.worker import Worker
from tests.reasoned.drift.planted import REFERENCE
from tests.service.brightness import BrightnessModel, png
from tests.service.metrics.counted import ID, series, shown

WATCHED = BrightnessModel(sha256=REFERENCE.model, reference=REFERENCE)
LIGHT = EncodedPicture(png(90))
OTHER = f"{7:032x}"
OF_THE_LEDGER = {
    "reasoned_ledger_rows",
    "reasoned_ledger_limit_rows",
    "reasoned_ledger_written_total",
}
OF_DETECTORS = {"reasoned_evidence_log10", "reasoned_monitor_lag_requests"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite3"


def opened(ledger: object, model: BrightnessModel = WATCHED, **settings: Any) -> Worker:  # noqa: ANN401  any setting
    return Worker.open(model, Settings(ledger=str(ledger), request_log=False, **settings))


def answered(worker: Worker, name: str = ID) -> bytes:
    """Have a worker answer on this thread."""
    arrival = Arrival(name, time.perf_counter())
    return asyncio.run(worker.desk.reply(LIGHT, ReplyOptions(), arrival))


def measured(worker: Worker) -> set[str]:
    return {name for name, _ in shown(worker.watch.meters)}


def explained(worker: Worker) -> float:
    found = shown(worker.watch.meters)
    return sum(v for (name, _), v in found.items() if name == "reasoned_explanations_total")


def test_with_the_ledger_off_it_answers_counts_and_records_nothing() -> None:
    worker = opened("off")
    worker.start()
    answered(worker)

    assert worker.records is None
    assert explained(worker) == 1
    assert not measured(worker) & (OF_THE_LEDGER | OF_DETECTORS)
    with pytest.raises(NotFoundError, match="REASONED_LEDGER=off"):
        worker.shelf.opened()
    worker.stop()


@pytest.mark.parametrize(
    ("model", "run_length", "watched"),
    [(WATCHED, 1000, True), (WATCHED, 0, False), (BrightnessModel(), 1000, False)],
    ids=["watched", "run length 0", "no reference"],
)
def test_it_measures_what_there_is(
    path: Path, model: BrightnessModel, run_length: int, *, watched: bool
) -> None:
    worker = opened(path, model, run_length=run_length)

    assert measured(worker) >= OF_THE_LEDGER
    assert measured(worker) & OF_DETECTORS == (OF_DETECTORS if watched else set())
    assert shown(worker.watch.meters)[series("reasoned_ledger_errors_total")] == 0
    assert worker.shelf.run_length == run_length
    worker.stop()


def test_the_shelf_is_of_the_model_that_is_served(path: Path) -> None:
    worker = opened(path)

    assert (worker.shelf.model, worker.shelf.classes) == (WATCHED.sha256, WATCHED.classes)
    worker.stop()


def test_an_answer_is_recorded_before_it_is_counted(path: Path) -> None:
    worker = opened(path, ledger_queue=1, ledger_strict=True)
    answered(worker)
    with pytest.raises(LedgerFullError):
        answered(worker, OTHER)

    assert explained(worker) == 1
    worker.stop()


def test_what_was_answered_until_the_end_is_found_again(path: Path) -> None:
    worker = opened(path)
    worker.start()
    reply = answered(worker)
    worker.stop()

    ledger = Ledger.open(str(path))
    found = read(ledger, ID, None)
    ledger.close()
    assert found is not None
    assert found.decision.reply == reply


@pytest.mark.parametrize("started", [True, False])
def test_it_may_be_stopped_twice(path: Path, *, started: bool) -> None:
    worker = opened(path)
    if started:
        worker.start()
    worker.stop()
    worker.stop()

    with pytest.raises(RuntimeError, match="after shutdown"):
        asyncio.run(worker.shelf.reading.run(lambda: None))


def test_what_the_ledger_withholds_is_not_in_the_first_reply(path: Path) -> None:
    ledger = Ledger.open(str(path))
    withhold(ledger, OptOut("train-9", 1.7e9, "anna", None))
    ledger.close()
    worker = opened(path)

    assert worker.desk.model.example_png("train-9") is None
    worker.stop()


def test_wrong_settings_are_told_before_anything_runs(path: Path, tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="cannot be used"):
        opened(tmp_path)
    with pytest.raises(SettingsError, match="REASONED_OPT_OUT_FILE"):
        opened(path, opt_out_file=tmp_path / "none")
