import hashlib
from pathlib import Path

import pytest

from reasoned.errors import SettingsError
from service.api_keys import digest_of, key_digests
from service.settings import Settings

ONE = hashlib.sha256(b"one").hexdigest()
TWO = hashlib.sha256(b"two").hexdigest()


def test_environment_and_file_add_up(tmp_path: Path) -> None:
    listed = tmp_path / "keys"
    listed.write_text(f"# the phone's\n{TWO.upper()}  # until May\n\n", encoding="utf-8")

    found = key_digests(Settings(api_keys=(ONE,), api_keys_file=listed))

    assert found == (digest_of(b"one"), digest_of(b"two"))


def test_no_keys_are_no_digests() -> None:
    assert key_digests(Settings()) == ()


def test_a_key_in_clear_is_refused_and_not_repeated() -> None:
    with pytest.raises(SettingsError, match="entry 1: wanted the SHA-256") as raised:
        key_digests(Settings(api_keys=("secret",)))

    assert "secret" not in str(raised.value)


def test_a_file_without_keys_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "keys"
    empty.write_text("# none yet\n", encoding="utf-8")

    with pytest.raises(SettingsError, match="must hold the SHA-256 digest of a key"):
        key_digests(Settings(api_keys_file=empty))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="REASONED_API_KEYS_FILE cannot be read"):
        key_digests(Settings(api_keys_file=tmp_path / "none"))
