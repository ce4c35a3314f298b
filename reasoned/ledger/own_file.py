"""The file of a SQLite ledger, which somebody may delete or replace while it is open."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final, final

from reasoned.errors import LedgerError

Mark = tuple[int, int]  # a device, and a number that no other file of it has


@final
class OwnFile:
    """A file that is known again, with the log that SQLite writes beside it.

    Parameters
    ----------
    path
        Of the file.

    """

    def __init__(self, path: Path) -> None:
        self.path: Final = path
        self._log: Final = path.with_name(f"{path.name}-wal")
        self._index: Final = path.with_name(f"{path.name}-shm")
        self._known: Mark | None = None
        self._known_log: Mark | None = None

    def make(self) -> Mark | None:
        """Make the file where there is none; give the mark of the one that is there then.

        A log that is left of another file goes: SQLite would take it for the new one's.

        Raises
        ------
        LedgerError
            When it cannot be made.

        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if self._known is not None or not self.path.exists():
                with _alone(self.path.parent):
                    self._renew()
            return _mark(self.path)
        except OSError as error:
            raise LedgerError(
                f"the ledger {self.path} cannot be written: {error.strerror}; set REASONED_LEDGER "
                "to a file in a folder that can be written, or to off"
            ) from error

    def know(self, mark: Mark | None) -> None:
        """Take the file with this mark for the ledger's own."""
        self._known, self._known_log = mark, None
        # The log's mark, too: whatever is put in the file's place from now on has another log.
        with contextlib.suppress(LedgerError):
            self.is_lost()

    def is_lost(self) -> bool:
        """Say whether the ledger's own file is no longer where it was; costs microseconds.

        Raises
        ------
        LedgerError
            When nobody can tell.

        """
        try:
            log = _mark(self._log)  # first: if the file is still the same, this is the file's
            if self._known is None or _mark(self.path) != self._known:
                return True
        except OSError as error:
            raise LedgerError(
                f"the ledger {self.path} cannot be found again: {error.strerror}; start again "
                "where its folder can be read and written"
            ) from error
        self._known_log = log
        return False

    def _renew(self) -> None:
        there = self.path.exists()
        log = _mark(self._log)
        if not there or (log is not None and log == self._known_log):
            self._log.unlink(missing_ok=True)
            self._index.unlink(missing_ok=True)
        if not there:
            # Replies may show what was sent: for nobody else on the machine. A file that is there
            # is not opened: to close it would let go of SQLite's locks in this process.
            with contextlib.suppress(FileExistsError):
                how = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC
                os.close(os.open(self.path, how, 0o600))
        elif self.path.stat().st_size == 0:  # as a reader makes it who comes first
            self.path.chmod(0o600)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other processes from doing the same: one could remove the log of another's file."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def _mark(path: Path) -> Mark | None:
    try:
        found = os.stat(path)  # noqa: PTH116  a third of the time of Path.stat
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
