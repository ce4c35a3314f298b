import logging
import os
from pathlib import Path

import pytest

from reasoned.errors import SettingsError
from service.opt_out_file import OptOutFile

TEXT = "# by letter\ntrain-000001\n\n  train-000002  # by mail\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "opted_out"
    found.write_text(TEXT, encoding="utf-8")
    return found


def test_a_line_is_an_id_and_the_rest_is_comment(path: Path) -> None:
    assert OptOutFile(path).examples == {"train-000001", "train-000002"}


def test_it_is_read_again_when_it_changes_alone(path: Path) -> None:
    found = OptOutFile(path)
    assert not found.look()

    path.write_text("train-000003\n", encoding="utf-8")
    assert found.look()
    assert found.examples == {"train-000003"}
    assert not found.look()


def test_a_file_that_takes_its_place_is_read(path: Path) -> None:
    found = OptOutFile(path)
    other = path.with_suffix(".new")
    other.write_text(TEXT.replace("1", "4"), encoding="utf-8")
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    os.utime(other, ns=times)  # of the same time and size
    other.rename(path)

    assert found.look()
    assert found.examples == {"train-000004", "train-000002"}


@pytest.mark.parametrize("what", ["gone", "folder", "bytes"])
def test_what_it_held_counts_on_where_it_cannot_be_read(
    path: Path, caplog: pytest.LogCaptureFixture, what: str
) -> None:
    found = OptOutFile(path)
    path.unlink()
    if what == "folder":
        path.mkdir()
    elif what == "bytes":
        path.write_bytes(b"\xff\xfe")
    with caplog.at_level(logging.ERROR):
        assert [found.look() for _ in range(3)] == [False] * 3

    assert found.examples == {"train-000001", "train-000002"}
    assert len(caplog.records) == 1  # once per spell
    assert "the images withheld stay as they were" in caplog.text


def test_it_is_read_when_it_comes_back(path: Path) -> None:
    found = OptOutFile(path)
    path.unlink()
    found.look()
    path.write_text("train-000009", encoding="utf-8")

    assert found.look()
    assert found.examples == {"train-000009"}


def test_a_file_that_is_not_there_refuses_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"REASONED_OPT_OUT_FILE: .*none cannot be read"):
        OptOutFile(tmp_path / "none")
