"""The API keys, from the environment and from a file: digests, and what each may."""

import collections
import dataclasses
import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final, final

from reasoned.errors import SettingsError
from service.arrival import DEFAULT_TENANT
from service.caller import PREDICT, READ, SCOPES, Caller
from service.settings import Settings

_DIGEST: Final = re.compile(r"[0-9a-fA-F]{64}")
_APART: Final = re.compile(r"[\s;]+")
_TOGETHER: Final = re.compile(r"[,+]")
NAME: Final = re.compile(r"[A-Za-z0-9._@-]{1,64}")  # no colon: `sub:` marks a token's subject
NAMED: Final = "1 to 64 letters, digits and . _ @ -"
_FIELDS: Final = ("tenant", "scopes", "name")
# What a key may that says nothing of it: all that there was before scopes.
DEFAULT_SCOPES: Final = frozenset({PREDICT, READ})
MOST_LIVE: Final = 2
_OF_NOTHING: Final = hashlib.sha256().hexdigest()


@final
@dataclasses.dataclass(frozen=True, slots=True)
class ApiKey:
    """A key that opens.

    Attributes
    ----------
    digest
        The SHA-256 of the key.
    caller
        Whom it lets in.
    named
        Whether the entry gives it a name; else the first digits of the digest are its name.

    """

    digest: bytes
    caller: Caller
    named: bool


def digest_of(key: bytes) -> bytes:
    """Hash a key as it is stored; keys are random, so one plain SHA-256 is enough."""
    return hashlib.sha256(key).digest()


def read_keys(settings: Settings) -> tuple[ApiKey, ...]:
    """Collect all keys.

    Raises
    ------
    SettingsError
        When the file cannot be read or holds no key, or something is not a key's entry, or
        more keys of one name are live than rotation needs.

    """
    keys = _parsed("REASONED_API_KEYS", enumerate(settings.api_keys, start=1))
    path = settings.api_keys_file
    if path is None:
        return _checked(keys)
    found = keys_of_file(path)
    if not found:
        raise SettingsError(f"{path} must hold the SHA-256 digest of a key, but holds none")
    return _checked((*keys, *found))


def keys_of_file(path: Path) -> tuple[ApiKey, ...]:
    """Read a file of keys, which may be empty.

    Raises
    ------
    SettingsError
        When it cannot be read, or holds a line that is no key's, or too many of one name.

    """
    return _checked(_parsed(str(path), _lines(path)))


def parse_scopes(text: str) -> frozenset[str]:
    """Read scopes, joined by commas or plus signs.

    Raises
    ------
    SettingsError
        When one is not known.

    """
    found = frozenset(_TOGETHER.split(text))
    if not found <= set(SCOPES):
        raise SettingsError(f"scopes must be some of {', '.join(SCOPES)}")
    return found


def _lines(path: Path) -> list[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"REASONED_API_KEYS_FILE cannot be read: {error}") from error
    stripped = (line.partition("#")[0].strip() for line in text.splitlines())
    return [(number, line) for number, line in enumerate(stripped, start=1) if line]


def _parsed(source: str, entries: Iterable[tuple[int, str]]) -> tuple[ApiKey, ...]:
    found = []
    for number, text in entries:
        try:
            found.append(_key(text))
        except SettingsError as error:
            raise SettingsError(f"{source}, entry {number}: {error}") from None
    return tuple(found)


def _key(text: str) -> ApiKey:
    """Read one entry. Any of it may be a key in clear, so that no message repeats it."""
    digest, *fields = _APART.split(text.strip())
    if not _DIGEST.fullmatch(digest):
        raise SettingsError(
            "wanted the SHA-256 of a key as 64 hexadecimal digits, got "
            f"{len(digest)} other characters; make one with `printf %s KEY | sha256sum`, or "
            "with `reasoned keys new`. In the environment a comma ends an entry: join scopes by +"
        )
    if digest.lower() == _OF_NOTHING:
        raise SettingsError(
            "this is the digest of an empty key, which would let everybody in; was $KEY set?"
        )
    said = _said(fields)
    name = said.get("name")
    caller = Caller(
        tenant=said.get("tenant", DEFAULT_TENANT),
        scopes=parse_scopes(said["scopes"]) if "scopes" in said else DEFAULT_SCOPES,
        name=name or digest[:8].lower(),
    )
    return ApiKey(bytes.fromhex(digest), caller, named=name is not None)


def _said(fields: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for field in fields:
        word, _, value = field.partition("=")
        if word not in _FIELDS or word in found:
            raise SettingsError(
                "behind the digest wanted tenant=NAME, scopes=SCOPE,SCOPE and name=LABEL, each "
                "once at the most, got something else"
            )
        if word != "scopes" and not NAME.fullmatch(value):
            raise SettingsError(f"{word} must be {NAMED}")
        found[word] = value
    return found


def _checked(keys: tuple[ApiKey, ...]) -> tuple[ApiKey, ...]:
    """Refuse what would be ambiguous, and take the same key twice as once."""
    unique: dict[bytes, ApiKey] = {}
    for key in keys:
        if unique.setdefault(key.digest, key) != key:
            raise SettingsError(
                f"the key whose digest begins with {key.digest.hex()[:8]} is there twice, with "
                "different tenants, scopes or names; keep one of the entries"
            )
    live = collections.Counter(
        (key.caller.tenant, key.caller.name) for key in unique.values() if key.named
    )
    for (tenant, name), count in live.items():
        if count > MOST_LIVE:
            raise SettingsError(
                f"{count} keys are live for name={name} of tenant={tenant}, and {MOST_LIVE} may "
                "be, the old and the new one of a rotation; delete the oldest, or give another name"
            )
    return tuple(unique.values())
