"""``reasoned drift``."""

import contextlib
import dataclasses
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, event, select

from reasoned.folder.checking import check_files, read_manifest
from reasoned.ledger.decision import Decision
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.tables import MONITOR
from reasoned.model import ExplainedModel
from tests.reasoned.cli.conftest import Run
from tests.reasoned.drift.planted import decision, outcome


def requests(model: ExplainedModel) -> list[Decision]:
    """Give requests of a model, the last of which disagree."""
    rng = np.random.default_rng(0)
    cluster = ("cluster", model.explaining.parts.representatives.cluster_names[0])
    usual = outcome(confidence=0.9, nearest=0.0, cited=(cluster,))
    return [
        decision(
            i,
            dataclasses.replace(usual, predicted=int(rng.integers(10)), agrees=i < 300),
            model=model.sha256,
        )
        for i in range(360)
    ]


def record(path: Path, model: ExplainedModel) -> None:
    ledger = Ledger.open(str(path))
    ledger.write(requests(model))
    ledger.close()


@pytest.fixture
def recorded(tmp_path: Path, digits_model: ExplainedModel) -> Path:
    path = tmp_path / "ledger.sqlite3"
    record(path, digits_model)
    return path


def test_what_is_recorded_is_counted_shown_and_acknowledged(
    run: Run, recorded: Path, digits_folder: Path
) -> None:
    at = ("--ledger", recorded)
    empty = run("drift", "status", digits_folder, *at)
    assert "0 requests counted, 360 rows to look at, last looked never" in empty.out

    counted = run("drift", "run", digits_folder, "--once", "--run-length", 1000, *at)
    assert (counted.code, counted.out) == (0, "360 requests counted.\n")
    assert run("drift", "run", digits_folder, "--once", *at).out == "0 requests counted.\n"

    status = run("drift", "status", digits_folder, *at)
    assert "360 requests counted, 0 rows" in status.out
    assert "at least 1,000 requests apart" in status.out
    assert "too few" in status.out  # PSI of 360 requests
    record = run("drift", "status", digits_folder, "--json", *at).record
    assert (record["counted"], record["run_length"], record["display"]["n"]) == (360, 1000, 360)

    alarms = run("drift", "alarms", digits_folder, "--check", *at)
    assert alarms.code == 1
    assert "disagreement: evidence 10^" in alarms.out
    assert "not acknowledged" in alarms.out
    assert "Evidence and shares are of when an alarm was raised" in alarms.err
    numbers = [line.split()[0] for line in alarms.out.splitlines() if line[0] != " "]
    for number in numbers:
        seen = run("drift", "acknowledge", number, "--by", "anna", *at)
        assert (seen.code, "  acknowledged" in seen.out.replace(", ", "  ")) == (0, True)
    assert run("drift", "alarms", digits_folder, "--check", *at).code == 0


@contextlib.contextmanager
def statements() -> Iterator[list[str]]:
    """Collect what is asked of databases."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def test_all_that_is_shown_is_of_as_many_as_were_asked_for(
    run: Run, recorded: Path, digits_folder: Path
) -> None:
    arguments = ("drift", "status", digits_folder, "--ledger", recorded, "--last", 50)
    with statements() as asked:
        record = run(*arguments, "--json").record

    assert record["display"]["n"] == 50
    assert record["shares"] == record["display"]["shares"]
    assert {share["n"] for share in record["shares"]} == {50}
    assert sum("confidence" in one for one in asked) == 1  # the last requests are read once
    assert "The last 50 requests:" in run(*arguments).out


def test_it_counts_on_where_the_file_was_deleted(
    recorded: Path, digits_folder: Path, digits_model: ExplainedModel
) -> None:
    command = [sys.executable, "-m", "reasoned", "drift", "run", str(digits_folder)]
    with subprocess.Popen(
        [*command, "--ledger", str(recorded)],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            wait_until(process, lambda: counted(recorded) == 360)
            recorded.unlink()
            wait_until(process, recorded.is_file)
            record(recorded, digits_model)
            wait_until(process, lambda: counted(recorded) == 360)
            process.terminate()
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()

    assert (process.returncode, out) == (0, "720 requests counted.\n")
    assert f"the ledger {recorded} was deleted or replaced while it was open" in err


def counted(path: Path) -> int | None:
    ledger = Ledger.open(str(path))
    try:
        with ledger.engine.connect() as connection:
            return connection.execute(select(MONITOR.c.counted)).scalar_one_or_none()
    finally:
        ledger.close()


def wait_until(process: subprocess.Popen[str], happened: Callable[[], bool]) -> None:
    for _ in range(600):
        if happened():
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = process.wait(timeout=0.1)
            raise RuntimeError(f"it ended with {code}")
    raise RuntimeError("it never happened")


def test_there_is_no_such_alarm_or_ledger(run: Run, recorded: Path, digits_folder: Path) -> None:
    found = run("drift", "acknowledge", 99, "--ledger", recorded)
    assert (found.code, found.out) == (2, "")
    assert "there is no alarm 99" in found.err
    gone = run("drift", "status", digits_folder, "--ledger", recorded.parent / "none")
    assert gone.code == 2
    assert "there is no ledger" in gone.err


def test_no_alarm_is_said(run: Run, recorded: Path, digits_folder: Path) -> None:
    found = run("drift", "alarms", digits_folder, "--ledger", recorded)
    assert (found.code, found.out) == (0, "No alarm was raised.\n")


def test_a_reference_is_measured_as_the_fit_did(
    run: Run, digits_folder: Path, digits_model: ExplainedModel, tmp_path: Path
) -> None:
    out = tmp_path / "again"
    found = run("drift", "reference", digits_folder, "--data", "digits", "--out", out, "--json")

    assert found.code == 0
    check_files(out, read_manifest(out)[0])
    model = ExplainedModel.load(out)
    assert digits_model.reference is not None
    assert model.reference is not None
    assert model.reference.record == digits_model.reference.record
    assert found.record["sha256"] == model.sha256
    again = run("drift", "reference", digits_folder, "--data", "digits", "--out", out)
    assert again.code == 2
    assert "pass --replace" in again.err


def test_own_traffic_is_halved(run: Run, digits_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "own"
    arguments = ("--data", "digits", "--traffic", "--out", out)
    found = run("drift", "reference", digits_folder, *arguments)

    assert "measured on 899 images of images given as traffic: digits" in found.out
    assert "limits of distances on 898 others" in found.out


def test_other_images_are_not_the_fits(run: Run, digits_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "own"
    found = run("drift", "reference", digits_folder, "--data", "nothing", "--out", out)
    assert found.code == 2
    assert not out.exists()


def test_help_names_every_command(run: Run) -> None:
    found = run("drift", "--help")
    for name in ("status", "alarms", "acknowledge", "run", "reference"):
        assert f"  {name} " in found.out
