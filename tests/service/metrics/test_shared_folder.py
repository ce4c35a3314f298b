"""Several workers: each has its own place in one folder."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.metrics.meters import Meters, added_up
from service.metrics.shared_folder import SharedFolder
from service.metrics.sources import Sources
from tests.service.brightness import BrightnessModel
from tests.service.metrics.counted import Counts, finished, series, shown, told

MODEL = BrightnessModel()
EXPLAINED = series("reasoned_confidence_count", model="brightness")
LAST = series("reasoned_last_explanation_timestamp_seconds")


WRITTEN = series("reasoned_ledger_written_total")


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 5  # far less than it takes a worker that has nothing to tell
    while not true():
        assert time.monotonic() < end, "the other worker's counts never came"


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Callable[[], Meters]]:
    """Make workers that share a folder; each is stopped in the end."""
    with contextlib.ExitStack() as stack:

        def worker() -> Meters:
            meters = Meters(MODEL, None, SharedFolder(tmp_path, added_up))
            stack.callback(meters.stop)
            return meters

        yield worker


def test_any_worker_shows_the_counts_of_all(workers: Callable[[], Meters]) -> None:
    one, two = workers(), workers()
    for meters in (one, two, two):
        meters.begin()
        meters.observe(told())
    one.start()
    two.start()

    for meters in (one, two):
        found = shown(meters)
        assert found[EXPLAINED] == 3
        assert found[series("reasoned_requests_in_progress")] == 3
        assert found[series("reasoned_workers")] == 2


def test_of_a_worker_that_left_the_gauges_go_and_the_counts_stay(
    workers: Callable[[], Meters],
) -> None:
    one, two = workers(), workers()
    one.begin()
    one.observe(told())
    one.start()
    while_there = shown(two)

    one.stop()
    found = shown(two)

    assert while_there[series("reasoned_workers")] == 2
    assert found[EXPLAINED] == 1
    assert found[LAST] == while_there[LAST]
    assert found[series("reasoned_requests_in_progress")] == 0
    assert found[series("reasoned_workers")] == 1


def test_what_was_counted_after_the_start_is_told_in_the_end(
    workers: Callable[[], Meters],
) -> None:
    one, two = workers(), workers()
    one.start()
    one.observe(told())
    one.stop()

    assert shown(two)[EXPLAINED] == 1


def test_what_is_counted_is_told_without_asking(workers: Callable[[], Meters]) -> None:
    one, two = workers(), workers()
    one.start()
    one.observe(told())

    until(lambda: shown(two)[EXPLAINED] == 1)


def test_what_the_writer_does_later_is_told_without_asking(
    tmp_path: Path, workers: Callable[[], Meters]
) -> None:
    writer = Counts(written=0)
    one = Meters(MODEL, Sources(writer=writer), SharedFolder(tmp_path, added_up))
    two = workers()
    one.start()
    until(lambda: shown(two).get(WRITTEN) == 0)
    writer.written = 7

    until(lambda: shown(two)[WRITTEN] == 7)
    one.stop()


def test_a_worker_that_is_killed_lets_go_of_its_place(
    tmp_path: Path, workers: Callable[[], Meters]
) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from service.metrics.shared_folder import SharedFolder\n"
        "place = SharedFolder(Path(sys.argv[1]), lambda many: many[0])\n"
        "place.publish({'values': [['reasoned_workers', [[[], 1.0]]]], 'distributions': []})\n"
        "print('there', flush=True); sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    meters = workers()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"there\n"
        assert shown(meters)[series("reasoned_workers")] == 2
        process.kill()
        process.wait(timeout=30)

    assert shown(meters)[series("reasoned_workers")] == 1


def test_workers_that_die_again_and_again_leave_few_files(
    tmp_path: Path, workers: Callable[[], Meters]
) -> None:
    for _ in range(30):
        meters = workers()
        meters.observe(told())
        meters.finish(finished("/v1/model"))
        meters.start()
        meters.stop()
    found = shown(workers())

    assert found[EXPLAINED] == 30
    assert (
        found[series("reasoned_requests_total", route="/v1/model", method="GET", code="200")] == 30
    )
    assert len(list(tmp_path.iterdir())) < 25


def test_a_lost_folder_fails_no_worker(
    tmp_path: Path, workers: Callable[[], Meters], caplog: pytest.LogCaptureFixture
) -> None:
    meters = workers()
    for path in tmp_path.iterdir():
        path.unlink()
    tmp_path.rmdir()

    meters.start()
    found = shown(meters)
    meters.stop()

    assert found[series("reasoned_workers")] == 1
    assert "this worker's counts cannot be shared" in caplog.text
    assert "the other workers' counts cannot be read" in caplog.text


def test_the_server_names_a_fresh_folder_that_goes_with_it(tmp_path: Path) -> None:
    script = (
        "import os; from service.metrics.shared_folder import *\n"
        "share_metrics(); one = os.environ[VARIABLE]; share_metrics()\n"
        "print(one != os.environ[VARIABLE], os.path.isdir(one), one)\n"
        "print(SharedFolder.of_server(lambda many: many[0]) is not None)\n"
    )
    finished_well = subprocess.run(
        [sys.executable, "-c", script],
        env={"TMPDIR": str(tmp_path), "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    first, second = finished_well.stdout.splitlines()

    assert first.startswith(f"True True {tmp_path}")
    assert second == "True"
    assert not list(tmp_path.iterdir())
