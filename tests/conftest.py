"""What many tests share: one model, fitted once on the digits of scikit-learn."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from explainers.fitting_contract import silent
from reasoned.datasets.sources import open_dataset
from reasoned.fitting.pipeline import fit_model
from reasoned.fitting.settings import FitSettings
from reasoned.folder.writing import new_folder
from reasoned.model import ExplainedModel
from tests.postgres_server import PostgresServer, running

# The service records what it answers; not into the user's own ledger.
os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="reasoned-state-")

# The same examples in every run, and no deadline: the machine is shared.
settings.register_profile(
    "fixed",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
settings.load_profile("fixed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take long: no worker then runs alone at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def digits_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("models") / "digits"
    asked = FitSettings(dataset=open_dataset("digits"), spec="digits", name="digits", threads=1)
    with new_folder(target, replace=False) as folder:
        fit_model(asked, folder, silent)
    return target


@pytest.fixture(scope="session")
def digits_model(digits_folder: Path) -> ExplainedModel:
    return ExplainedModel.load(digits_folder)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with running() as server:
        yield server
