"""What a stopped fit leaves behind, and what it says."""

import sys
from pathlib import Path

import pytest

from reasoned.cli.keeping import keeping


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Name a folder that holds a chain, as `FittingData.kept` would."""
    found = tmp_path / "model.fitting"
    (found / "mixture").mkdir(parents=True)
    (found / "mixture" / "chain.safetensors").write_bytes(b"half")
    return found


def test_what_was_kept_goes_once_the_fit_is_over(
    kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with keeping(kept):
        assert kept.is_dir()

    assert list(kept.parent.iterdir()) == []
    assert capsys.readouterr() == ("", "")


def test_what_others_put_there_stays(kept: Path) -> None:
    (kept / "notes.txt").write_text("mine")

    with keeping(kept):
        pass

    assert [path.name for path in kept.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("stopped", [KeyboardInterrupt, SystemExit, ZeroDivisionError])
def test_what_a_stopped_fit_kept_stays_and_is_said(
    kept: Path, capsys: pytest.CaptureFixture[str], stopped: type[BaseException]
) -> None:
    with pytest.raises(stopped), keeping(kept):
        raise stopped

    assert (kept / "mixture" / "chain.safetensors").read_bytes() == b"half"
    said = f"{kept} keeps what was done; the same command goes on from there.\n"
    assert capsys.readouterr() == ("", said)


def test_a_polite_kill_keeps_its_exit_code(kept: Path) -> None:
    with pytest.raises(SystemExit) as found, keeping(kept):
        sys.exit(143)

    assert found.value.code == 143


@pytest.mark.parametrize("stopped", [KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("named", [True, False])
def test_nothing_is_said_of_nothing(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    stopped: type[BaseException],
    named: bool,  # noqa: FBT001  a case
) -> None:
    with pytest.raises(stopped), keeping(tmp_path / "model.fitting" if named else None):
        raise stopped

    assert capsys.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("named", [True, False])
def test_a_fit_that_kept_nothing_ends_as_ever(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    named: bool,  # noqa: FBT001  a case
) -> None:
    with keeping(tmp_path / "model.fitting" if named else None):
        pass

    assert capsys.readouterr() == ("", "")
