"""The counts of all workers of one server, through a folder of small files.

Each worker writes its own counts there now and then, and reads those of the others when it
is asked for metrics. prometheus_client's own files for several processes cost several times
as much for each request (every single increment is a write), are chosen by an environment
variable when that library is first imported, and lie in the user's home under BentoML.
"""

import atexit
import contextlib
import fcntl
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, Self, final

import orjson

VARIABLE: Final = "REASONED_METRICS_FOLDER"
_COUNTS: Final = ".json"
_ALIVE: Final = ".alive"
_MOST_GONE: Final = 8
Counts = dict[str, Any]


def share_metrics() -> None:
    """Make an empty folder, and name it to the workers that this process will start.

    To be called once, in the process that starts the workers; the folder goes with it.
    """
    folder = tempfile.mkdtemp(prefix="reasoned-metrics-")
    os.environ[VARIABLE] = folder
    atexit.register(_remove, folder, os.getpid())


@final
class SharedFolder:
    """One worker's place in the folder.

    Parameters
    ----------
    folder
        Where the counts of all workers are.
    add_up
        Makes one of the counts of many workers that are gone.

    """

    def __init__(self, folder: Path, add_up: Callable[[list[Counts]], Counts]) -> None:
        self._folder = folder
        # Not the process's number: that of a dead worker may be given again.
        self._name = secrets.token_hex(8)
        # The lock falls when the process ends, however it ends.
        self._alive = (folder / f"{self._name}{_ALIVE}").open("wb")
        fcntl.flock(self._alive, fcntl.LOCK_EX)
        self._bury(add_up)

    @classmethod
    def of_server(cls, add_up: Callable[[list[Counts]], Counts]) -> Self | None:
        """Take a place beside the server's other workers; None where there is no folder."""
        folder = os.environ.get(VARIABLE)
        return cls(Path(folder), add_up) if folder and Path(folder).is_dir() else None

    def publish(self, counts: Counts) -> None:
        """Write this worker's counts, whole or not at all."""
        self._write(self._name, counts)
        os.utime(self._alive.fileno())  # what cleans temporary folders takes old files

    def others(self) -> list[tuple[Counts, bool]]:
        """Read the counts of the other workers, and whether each is alive."""
        with self._locked(fcntl.LOCK_SH):
            return [
                (orjson.loads(path.read_bytes()), _is_held(path.with_suffix(_ALIVE)))
                for path in sorted(self._folder.glob(f"*{_COUNTS}"))
                if path.stem != self._name
            ]

    def close(self) -> None:
        """Give up the place; the counts stay."""
        self._alive.close()

    def _bury(self, add_up: Callable[[list[Counts]], Counts]) -> None:
        """Keep the counts of all workers that are gone in one file: some die again and again."""
        with self._locked(fcntl.LOCK_EX):
            gone = [
                path
                for path in self._folder.glob(f"*{_COUNTS}")
                if not _is_held(path.with_suffix(_ALIVE))
            ]
            if len(gone) < _MOST_GONE:
                return
            counts = add_up([orjson.loads(path.read_bytes()) for path in gone])
            for path in gone:
                path.unlink()
                path.with_suffix(_ALIVE).unlink(missing_ok=True)
            self._write(secrets.token_hex(8), counts)

    def _write(self, name: str, counts: Counts) -> None:
        unfinished = self._folder / f"{name}.new"
        unfinished.write_bytes(orjson.dumps(counts))
        unfinished.replace(self._folder / f"{name}{_COUNTS}")

    @contextlib.contextmanager
    def _locked(self, how: int) -> Iterator[None]:
        with (self._folder / "lock").open("wb") as lock:
            fcntl.flock(lock, how)
            yield


def _is_held(path: Path) -> bool:
    try:
        with path.open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _remove(folder: str, owner: int) -> None:
    if os.getpid() == owner:  # not in a process that was forked off
        shutil.rmtree(folder, ignore_errors=True)
