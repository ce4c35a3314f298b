"""The file of training images that must not be shown, read again when it changes."""

import logging
from pathlib import Path
from typing import Final, final

from reasoned.errors import SettingsError

_LOGGER: Final = logging.getLogger("reasoned.service")
Stamp = tuple[int, int, int]


@final
class OptOutFile:
    """A file with one id per line; ``#`` begins a comment.

    Where it cannot be read any more, what it held last counts on: an image that had to be
    withheld is not shown because a disk failed.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    SettingsError
        When it cannot be read to begin with.

    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp = _stamp(path)
        self._complaint = ""
        try:
            self.examples = _read(path)
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(
                f"REASONED_OPT_OUT_FILE: {path} cannot be read ({error}); wanted a text file with "
                "the id of one training image per line"
            ) from error

    def look(self) -> bool:
        """Read it again if it has changed; say whether it had, and never raise."""
        stamp = _stamp(self._path)
        if stamp == self._stamp and not self._complaint:
            return False
        try:
            examples = _read(self._path)
        except (OSError, UnicodeDecodeError) as error:
            self._complain(str(error))
            return False
        self.examples, self._stamp, self._complaint = examples, stamp, ""
        return True

    def _complain(self, complaint: str) -> None:
        if complaint != self._complaint:
            _LOGGER.error("the images withheld stay as they were: %s", complaint)
        self._complaint = complaint


def _read(path: Path) -> frozenset[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    ids = (line.partition("#")[0].strip() for line in lines)
    return frozenset(one for one in ids if one)


def _stamp(path: Path) -> Stamp | None:
    """Tell one state of the file from the next; a renamed file has another inode."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
