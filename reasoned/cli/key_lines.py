"""The lines of a file of API keys: made, and written at its end."""

import os
import secrets
from pathlib import Path

from reasoned.errors import SettingsError
from service.api_keys import MOST_LIVE, ApiKey, digest_of, keys_of_file
from service.caller import SCOPES


def new_key() -> str:
    """Make a key, which nobody can guess."""
    return f"reasoned_{secrets.token_urlsafe(32)}"


def line_of(key: str, tenant: str, scopes: frozenset[str], name: str | None) -> str:
    """Write the line of a key, which does not tell the key."""
    words = [digest_of(key.encode()).hex(), f"tenant={tenant}"]
    words.append(f"scopes={','.join(scope for scope in SCOPES if scope in scopes)}")
    return " ".join(words if name is None else [*words, f"name={name}"])


def check_name(path: Path, tenant: str, name: str | None) -> None:
    """Refuse a name that another tenant has in a file, or that has as many keys as may be live.

    Raises
    ------
    SettingsError
        When it is refused, or the file is there and is none of keys.

    """
    keys = keys_of_file(path) if path.exists() else ()
    live = [key for key in keys if key.named and key.caller.name == name]
    others = sorted({key.caller.tenant for key in live} - {tenant})
    if others:
        raise SettingsError(
            f"{path} has name={name} under tenant={', '.join(others)}, and this key would be of "
            f"tenant={tenant}; for a second key of that one use `reasoned keys rotate`, else give "
            "another name"
        )
    if len(live) >= MOST_LIVE:
        raise SettingsError(_as_many(path, tenant, str(name)))


def rotated(path: Path, name: str, tenant: str | None) -> ApiKey:
    """Find the one live key of a name that is to get a second one.

    Raises
    ------
    SettingsError
        When there is none, or more tenants than one have such a name, or it has two keys.

    """
    keys = [key for key in keys_of_file(path) if key.named and key.caller.name == name]
    found = [key for key in keys if tenant in (None, key.caller.tenant)]
    tenants = sorted({key.caller.tenant for key in found})
    if not found:
        of = "" if tenant is None else f" of tenant={tenant}"
        raise SettingsError(f"{path} has no key of name={name}{of}; `reasoned keys list` shows all")
    if len(tenants) > 1:
        raise SettingsError(
            f"{path} has name={name} under more than one tenant: {', '.join(tenants)}; say which "
            "with --tenant"
        )
    if len(found) >= MOST_LIVE:
        raise SettingsError(_as_many(path, tenants[0], name))
    return found[0]


def append(path: Path, line: str) -> None:
    """Add a line in one write, so that a service that reads meanwhile finds all or nothing.

    Raises
    ------
    SettingsError
        When the file cannot be written.

    """
    try:
        held = path.read_bytes() if path.exists() else b""
        between = b"\n" if held and not held.endswith(b"\n") else b""
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with open(descriptor, "ab", buffering=0) as file:  # noqa: PTH123  with its own mode
            file.write(between + line.encode() + b"\n")
    except OSError as error:
        raise SettingsError(f"{path} cannot be written: {error.strerror}") from error


def _as_many(path: Path, tenant: str, name: str) -> str:
    return (
        f"{path} has {MOST_LIVE} keys of name={name} of tenant={tenant}, as many as may be "
        "live; delete the oldest line first"
    )
