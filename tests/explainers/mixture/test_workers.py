"""Workers do not outlive the process that started them."""

import dataclasses
import os
import select
import subprocess
import sys
import threading
from pathlib import Path
from typing import final

from explainers.fitting_contract import silent
from explainers.mixture.fitting.workers import Tick, run_all


@final
@dataclasses.dataclass(frozen=True)
class Waiting:
    """A job that tells who does it, and may never end."""

    label: str
    pipe: str
    endless: bool
    steps: int = 1


def wait(job: Waiting, _tick: Tick) -> None:
    """Hold the pipe open for as long as the process lives."""
    os.write(os.open(job.pipe, os.O_WRONLY), f"{os.getpid()}\n".encode())
    if job.endless:
        threading.Event().wait()


def test_busy_and_idle_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    parent = subprocess.Popen([sys.executable, "-m", __name__, str(pipe)])
    reader = os.open(pipe, os.O_RDONLY)
    told = b""
    while told.count(b"\n") < 2:
        told += os.read(reader, 100)

    parent.kill()
    parent.wait()

    # The pipe ends when the last process that holds it open has ended.
    assert len(set(told.split())) == 2
    assert select.select([reader], [], [], 30.0)[0]
    assert os.read(reader, 100) == b""
    os.close(reader)


if __name__ == "__main__":
    # Imported by its name, as the workers import it.
    from tests.explainers.mixture import test_workers as same

    waiting = [same.Waiting(name, sys.argv[1], endless=name == "a") for name in ("a", "b")]
    run_all(same.wait, waiting, 2, silent, "waiting")
