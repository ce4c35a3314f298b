"""The digits as the model's own network sees them."""

from pathlib import Path

import pytest

from explainers.fitting_contract import silent
from reasoned.fitting.own_splits import open_own_splits
from reasoned.stability.own_data import OwnData, own_data


@pytest.fixture(scope="session")
def digits_data(digits_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> OwnData:
    own = open_own_splits(digits_folder, "digits")
    return own_data(own, digits_folder, tmp_path_factory.mktemp("own"), silent)
