import hashlib
import logging
import os
from pathlib import Path

import pytest

from service.caller import Caller
from service.key_ring import KeyRing
from service.settings import Settings


def line(key: str, rest: str = "") -> str:
    return f"{hashlib.sha256(key.encode()).hexdigest()} {rest}\n"


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "keys"
    path.write_text(line("old", "name=phone"), encoding="utf-8")
    return path


@pytest.fixture
def ring(listed: Path) -> KeyRing:
    return KeyRing(Settings(api_keys_file=listed))


def test_a_key_gives_whom_it_lets_in(ring: KeyRing) -> None:
    assert ring.find(b"old") == Caller("default", frozenset({"predict", "read"}), "phone")
    assert ring.find(b"wrong") is None
    assert ring.find(b"") is None


def test_a_line_more_opens_and_a_line_less_does_not(ring: KeyRing, listed: Path) -> None:
    listed.write_text(line("old") + line("new", "tenant=acme"), encoding="utf-8")
    ring.look()
    found = ring.find(b"new")
    assert found is not None
    assert found.tenant == "acme"

    listed.write_text(line("new", "tenant=acme"), encoding="utf-8")
    ring.look()
    assert ring.find(b"old") is None


def test_a_file_renamed_into_its_place_is_seen(ring: KeyRing, listed: Path) -> None:
    """The same length, the same time: only the inode tells."""
    other = listed.with_name("other")
    other.write_text(line("new", "name=phone"), encoding="utf-8")
    before = listed.stat()
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.rename(listed)

    ring.look()

    assert ring.find(b"new") is not None


@pytest.mark.parametrize("broken", ["no digest\n", "", None])
def test_a_file_that_breaks_keeps_the_last_good_keys_and_is_logged_once(
    ring: KeyRing, listed: Path, broken: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    if broken is None:
        listed.unlink()
    else:
        listed.write_text(broken, encoding="utf-8")

    for _ in range(3):
        ring.look()

    assert ring.find(b"old") is not None
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [record.message.partition(":")[0] for record in errors] == [
        "the API keys stay as they were"
    ]

    listed.write_text(line("new"), encoding="utf-8")
    ring.look()
    assert ring.find(b"old") is None
    assert ring.find(b"new") is not None


def test_a_file_as_it_was_is_not_read(ring: KeyRing, listed: Path) -> None:
    """What is written without a trace in its times cannot be seen, and shows that none is read."""
    before = listed.stat()
    listed.write_text(line("two", "name=phone"), encoding="utf-8")
    os.utime(listed, ns=(before.st_atime_ns, before.st_mtime_ns))

    ring.look()

    assert ring.find(b"two") is None


def test_keys_of_the_environment_stay(listed: Path) -> None:
    digest = hashlib.sha256(b"fixed").hexdigest()
    ring = KeyRing(Settings(api_keys=(digest,), api_keys_file=listed))
    listed.write_text(line("new"), encoding="utf-8")

    ring.look()

    assert ring.find(b"fixed") is not None
    assert ring.find(b"new") is not None
