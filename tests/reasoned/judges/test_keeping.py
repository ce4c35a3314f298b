"""Results that are kept: made once, told apart by what they depend on, and checked."""

from pathlib import Path

import pytest

from reasoned.errors import DataError
from reasoned.judges.figures import ShuffledFigures
from reasoned.judges.keeping import kept_folder, kept_or_made
from reasoned.judges.settings import JudgeSettings

SHA = "0" * 64


def made() -> ShuffledFigures:
    return ShuffledFigures(
        images=3, epochs=2, accuracy_on_shuffled=0.5, accuracy_on_unseen=0.1, chance=0.1
    )


def fails() -> ShuffledFigures:
    pytest.fail("what is kept must not be made again")


def test_a_result_is_made_once(tmp_path: Path) -> None:
    folder = kept_folder(tmp_path / "kept", SHA, JudgeSettings())
    assert kept_or_made(folder, "one", ShuffledFigures, made) == made()
    assert kept_or_made(folder, "one", ShuffledFigures, fails) == made()
    assert folder is not None
    assert [path.name for path in folder.iterdir()] == ["one.json"]


def test_nothing_is_kept_where_nobody_asked(tmp_path: Path) -> None:
    assert kept_folder(None, SHA, JudgeSettings()) is None
    assert kept_or_made(None, "one", ShuffledFigures, made) == made()
    assert list(tmp_path.iterdir()) == []


def test_other_parameters_and_models_have_other_folders(tmp_path: Path) -> None:
    own = kept_folder(tmp_path, SHA, JudgeSettings())
    assert own == kept_folder(tmp_path, SHA, JudgeSettings(sampling_peers=True, metrics=("road",)))
    others = {
        kept_folder(tmp_path, SHA, JudgeSettings(images=100)),
        kept_folder(tmp_path, SHA, JudgeSettings(noise=0.1)),
        kept_folder(tmp_path, "1" * 64, JudgeSettings()),
    }
    assert len(others | {own}) == 4


def test_a_broken_result_is_named(tmp_path: Path) -> None:
    (tmp_path / "one.json").write_text('{"images": 3', encoding="utf-8")
    with pytest.raises(DataError, match=r"one\.json must be a result that an earlier run kept"):
        kept_or_made(tmp_path, "one", ShuffledFigures, made)


def test_what_cannot_be_read_or_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "one.json").mkdir()
    (tmp_path / "two.part").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match=r"one\.json must be a result .* Is a directory"):
        kept_or_made(tmp_path, "one", ShuffledFigures, made)
    with pytest.raises(DataError, match=r"two\.json must be written to keep a result: .*directory"):
        kept_or_made(tmp_path, "two", ShuffledFigures, made)
    with pytest.raises(DataError, match=r"must be a folder to keep results in: .*Not a directory"):
        kept_folder(tmp_path / "file", SHA, JudgeSettings())
