"""The keys that open now: read again when their file changes."""

import hmac
import logging
from pathlib import Path
from typing import Final, final

from reasoned.errors import SettingsError
from service.api_keys import ApiKey, digest_of, read_keys
from service.caller import Caller
from service.settings import Settings

_LOGGER: Final = logging.getLogger("reasoned.service")
Stamp = tuple[int, int, int]


@final
class KeyRing:
    """Look a key up; keep the last good ones where the file cannot be read any more.

    Parameters
    ----------
    settings
        Where the keys are.

    Raises
    ------
    SettingsError
        When they cannot be read, or one is no key.

    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        # Taken before the file is read: what is written in between is seen at the next look.
        self._stamp = _stamp(settings.api_keys_file)
        self._keys: tuple[ApiKey, ...] = read_keys(settings)
        self._complaint = ""

    def __len__(self) -> int:
        """Count the keys."""
        return len(self._keys)

    def find(self, key: bytes) -> Caller | None:
        """Give whom this key lets in; every known one is compared, in constant time."""
        digest = digest_of(key)
        found: Caller | None = None
        for known in self._keys:
            if hmac.compare_digest(digest, known.digest):
                found = known.caller
        return found

    def look(self) -> None:
        """Read the file again if it has changed; blocks, and never raises for the file."""
        stamp = _stamp(self._settings.api_keys_file)
        if stamp == self._stamp and not self._complaint:
            return
        try:
            keys = read_keys(self._settings)
        except SettingsError as error:
            self._complain(str(error))
            return
        self._keys, self._stamp, self._complaint = keys, stamp, ""
        _LOGGER.info("%s: %d API keys open now", self._settings.api_keys_file, len(keys))

    def _complain(self, complaint: str) -> None:
        if complaint != self._complaint:
            _LOGGER.error("the API keys stay as they were: %s", complaint)
        self._complaint = complaint


def _stamp(path: Path | None) -> Stamp | None:
    """Tell one state of a file from the next; a renamed file has another inode."""
    if path is None:
        return None
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
