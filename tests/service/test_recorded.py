"""What a worker records, begun and ended as its settings say."""

import dataclasses
import logging
import shutil
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select

from reasoned.errors import LedgerError
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.reading import Stored, read
from reasoned.ledger.tables import MONITOR
from reasoned.model import ExplainedModel
from service.arrival import Arrival
from service.errors import LedgerFullError
from service.recorded import Records
from service.served_model import ServedModel
from service.settings import Settings
from tests.reasoned.drift.planted import REFERENCE, decision, outcome
from tests.service.brightness import BrightnessModel
from tests.service.metrics.counted import ID, told

WATCHED = BrightnessModel(sha256=REFERENCE.model, reference=REFERENCE)
OTHER = f"{7:032x}"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "own" / "ledger.sqlite3"


def opened(path: Path, model: ServedModel = WATCHED, **settings: Any) -> Records:  # noqa: ANN401  any setting
    found = Records.open(model, Settings(ledger=str(path), **settings))
    assert found is not None
    return found


def kept(path: Path, name: str = ID) -> Stored | None:
    """Read a decision as somebody does who opens the file."""
    ledger = Ledger.open(str(path))
    try:
        return read(ledger, name, None)
    finally:
        ledger.close()


def standing(path: Path) -> tuple[int, int, str | None]:
    """Say which row the detectors came to, how many they counted, and who holds the lease."""
    ledger = Ledger.open(str(path))
    with ledger.engine.connect() as connection:
        row = connection.execute(select(MONITOR)).one()
    ledger.close()
    return row.seq, row.counted, row.owner


def lose(path: Path) -> None:
    """Take a ledger's folder away so that none can be made there."""
    shutil.rmtree(path.parent)
    path.parent.write_bytes(b"")


@pytest.mark.parametrize("word", ["off", " OFF "])
def test_nothing_is_recorded_where_the_ledger_is_off(word: str) -> None:
    assert Records.open(WATCHED, Settings(ledger=word)) is None


def test_a_ledger_that_cannot_be_opened_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="cannot be used: unable to open"):
        opened(tmp_path)


def test_what_waits_at_the_end_is_written_counted_and_the_lease_given_back(path: Path) -> None:
    records = opened(path)
    records.observe(told())
    records.start()
    records.stop()

    stored = kept(path)
    assert stored is not None
    assert (stored.decision.model, stored.decision.reply) == (WATCHED.sha256, b"{}")
    assert standing(path) == (1, 1, None)
    assert records.writer.written == 1


def test_a_model_without_a_reference_is_recorded_and_not_watched(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    records = opened(path, BrightnessModel(name="old"))
    records.observe(told())
    records.start()
    records.stop()

    assert records.monitor is None
    assert kept(path) is not None
    (said,) = [record.getMessage() for record in caplog.records]
    assert said == (
        "old has no drift reference, so its detectors are off; `reasoned drift reference` "
        "measures one"
    )


@pytest.mark.parametrize("model", [WATCHED, BrightnessModel()], ids=["reference", "none"])
def test_detectors_that_are_switched_off_are_no_warning(
    path: Path, model: BrightnessModel, caplog: pytest.LogCaptureFixture
) -> None:
    records = opened(path, model, run_length=0)

    assert records.monitor is None
    assert caplog.records == []
    records.stop()


@pytest.mark.parametrize("model", [WATCHED.sha256, "e" * 64], ids=["own", "another's"])
def test_the_detectors_pass_whosever_rows_by_several_steps_at_once(path: Path, model: str) -> None:
    records = opened(path)
    records.ledger.write([decision(i, outcome(), model=model) for i in range(2500)])
    records.observe(told())
    records.start()
    records.stop()

    assert standing(path)[:2] == (2501, 2501 if model == WATCHED.sha256 else 1)


def test_older_rows_go_as_the_settings_say(path: Path) -> None:
    records = opened(path, ledger_rows=20, ledger_days=1.0)
    fresh = [decision(i, outcome(), at=time.time() - 60.0) for i in range(50, 80)]
    records.ledger.write([decision(i, outcome()) for i in range(50)] + fresh)
    records.observe(told())
    records.start()
    records.stop()

    assert [kept(path, f"{i:032x}") is not None for i in (0, 50, 60, 61, 79)] == [
        *(False, False, False),
        *(True, True),
    ]
    assert kept(path) is not None


def test_without_a_place_a_row_is_lost_and_counted(path: Path) -> None:
    records = opened(path, ledger_queue=1)
    records.observe(told())
    records.observe(told(request_id=OTHER))
    records.start()
    records.stop()

    assert (records.writer.written, records.writer.dropped) == (1, 1)
    assert kept(path, OTHER) is None


def test_in_strict_mode_its_answer_is_refused(path: Path) -> None:
    records = opened(path, ledger_queue=1, ledger_strict=True)
    records.observe(told())
    with pytest.raises(LedgerFullError, match="has no place for this request"):
        records.observe(told(request_id=OTHER))
    records.stop()


def test_in_strict_mode_nothing_is_taken_in_while_the_database_is_gone(path: Path) -> None:
    records = opened(path, ledger_strict=True)
    lose(path)
    records.start()

    def insist() -> None:
        for number in range(600):  # far from full
            records.observe(told(request_id=f"{number:032x}"))
            records.writer.flush(0.1)

    with pytest.raises(LedgerFullError, match="cannot be written at present"):
        insist()
    records.stop()


def test_nothing_is_taken_in_after_the_end(path: Path) -> None:
    records = opened(path, ledger_strict=True)
    records.start()
    records.stop()
    with pytest.raises(LedgerFullError, match="is ending"):
        records.observe(told())


def test_the_settings_say_what_is_kept(path: Path) -> None:
    records = opened(path, ledger_replies=False, ledger_keep="thumbnail", ledger_sample=0.0)
    records.observe(told())
    weak = dataclasses.replace(told().answered.outcome, status="weak")
    records.observe(told(weak, OTHER))
    records.start()
    records.stop()

    stored = kept(path, OTHER)
    assert kept(path) is None
    assert stored is not None
    assert stored.decision.reply is None
    assert stored.decision.kept is not None
    assert stored.decision.kept.kind == "thumbnail"


def test_what_explainers_read_is_kept(path: Path, digits_model: ExplainedModel) -> None:
    image = digits_model.decode(next(iter(digits_model.thumbnails.values())))
    asked = told()
    answered = digits_model.answer(image, asked.options, request_id=ID, started=time.perf_counter())
    records = opened(path, digits_model, ledger_keep="activations")
    records.observe(dataclasses.replace(asked, image=np.asarray(image), answered=answered))
    records.start()
    records.stop()

    stored = kept(path)
    assert stored is not None
    assert stored.decision.kept is not None
    assert stored.decision.kept.kind == "activations"


def test_ending_twice_is_ending_once(path: Path) -> None:
    records = opened(path)
    records.observe(told())
    records.start()
    records.stop()
    records.stop()

    assert records.writer.written == 1
    assert standing(path) == (1, 1, None)


def test_one_that_never_began_can_be_ended(path: Path) -> None:
    opened(path).stop()
    assert path.is_file()


def test_it_ends_where_the_database_is_gone(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    records = opened(path)
    records.start()
    records.observe(told())
    assert records.writer.flush(30.0)
    lose(path)
    records.ledger.engine.dispose()  # as a database that is gone closes its connections
    records.observe(dataclasses.replace(told(), arrival=Arrival(OTHER, time.perf_counter())))
    records.stop()

    assert records.writer.failures == {"Closed": 1}
    said = [one for one in caplog.records if one.name == "reasoned.service"]
    assert [(one.levelno, one.getMessage()) for one in said] == [
        (logging.ERROR, "the detectors' lease could not be given back; it runs out")
    ]
