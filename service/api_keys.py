"""The digests of the API keys, from the environment and from a file."""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from reasoned.errors import SettingsError
from service.settings import Settings

_DIGEST: Final = re.compile(r"[0-9a-fA-F]{64}")


def digest_of(key: bytes) -> bytes:
    """Hash a key as it is stored; keys are random, so one plain SHA-256 is enough."""
    return hashlib.sha256(key).digest()


def key_digests(settings: Settings) -> tuple[bytes, ...]:
    """Collect the digests of all keys.

    Raises
    ------
    SettingsError
        When the file cannot be read or holds no digest, or something is not a digest.

    """
    digests = _parsed("REASONED_API_KEYS", enumerate(settings.api_keys, start=1))
    if settings.api_keys_file is None:
        return digests
    found = _parsed(str(settings.api_keys_file), _lines(settings.api_keys_file))
    if not found:
        raise SettingsError(
            f"{settings.api_keys_file} must hold the SHA-256 digest of a key, but holds none"
        )
    return (*digests, *found)


def _lines(path: Path) -> list[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"REASONED_API_KEYS_FILE cannot be read: {error}") from error
    stripped = (line.partition("#")[0].strip() for line in text.splitlines())
    return [(number, line) for number, line in enumerate(stripped, start=1) if line]


def _parsed(source: str, entries: Iterable[tuple[int, str]]) -> tuple[bytes, ...]:
    digests = []
    for number, text in entries:
        if not _DIGEST.fullmatch(text):
            # The text may be a key in clear, so the message does not repeat it.
            raise SettingsError(
                f"{source}, entry {number}: wanted the SHA-256 of a key as 64 hexadecimal "
                f"digits, got {len(text)} other characters; make one with "
                "`printf %s KEY | sha256sum`"
            )
        digests.append(bytes.fromhex(text))
    return tuple(digests)
