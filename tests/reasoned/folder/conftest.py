"""A model folder that a test may spoil."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def copied(digits_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(digits_folder, tmp_path / "copied"))
