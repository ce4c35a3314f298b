"""What methods are fitted with again: as the first fit had it."""

from pathlib import Path

import numpy as np
import pytest

from explainers.fitting_contract import silent
from reasoned.datasets.sources import open_dataset
from reasoned.fitting.own_splits import OwnSplits, open_own_splits
from reasoned.fitting.pipeline import fit_model
from reasoned.fitting.settings import FitSettings, NetworkSettings
from reasoned.folder.writing import new_folder
from reasoned.stability.figures import SeedSettings
from reasoned.stability.own_data import OwnData, own_data
from reasoned.stability.seeds import SeedRequest, seed_stability

OPTIONS = {
    "attributes": {"epochs": "8", "pictures": "false", "attributes": "6"},
    "representative": {"seeds": "20", "boundaries": "30", "most_boundaries": "60"},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fit methods that read what lies above and below their taps."""
    target = tmp_path_factory.mktemp("models") / "tapped"
    asked = FitSettings(
        dataset=open_dataset("digits"),
        spec="digits",
        name="digits",
        network=NetworkSettings(epochs=6),
        methods=tuple(OPTIONS),
        options=OPTIONS,
        threads=1,
    )
    with new_folder(target, replace=False) as made:
        fit_model(asked, made, silent)
    return target


@pytest.fixture(scope="module")
def own(folder: Path) -> OwnSplits:
    return open_own_splits(folder, "digits")


@pytest.fixture(scope="module")
def data(own: OwnSplits, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> OwnData:
    return own_data(own, folder, tmp_path_factory.mktemp("own"), silent)


def test_the_splits_are_the_fits_own(own: OwnSplits, data: OwnData) -> None:
    np.testing.assert_array_equal(data.given.train.rows, own.splits.train)
    np.testing.assert_array_equal(data.given.validation.rows, own.splits.validation)
    np.testing.assert_array_equal(data.test.rows, own.splits.test)
    np.testing.assert_array_equal(data.test.labels, own.dataset.labels[own.splits.test])


def test_the_network_above_the_map_is_the_stored_one(data: OwnData) -> None:
    upper, points = data.given.upper, data.test.boundary

    assert upper is not None
    assert points is not None
    # float64 beside the graph's float32
    np.testing.assert_allclose(
        upper.logits(points[:50].astype(np.float64)), data.test.logits[:50], rtol=1e-3, atol=1e-3
    )
    assert data.given.channel_map is not None


def test_the_network_below_the_tapped_layer_is_there(data: OwnData) -> None:
    assert data.given.lower is not None
    assert data.given.lower.maps is not None


def test_methods_are_compared_by_what_they_have(data: OwnData) -> None:
    settings = SeedSettings(seeds=(0, 1), images=60)

    found = seed_stability(data, SeedRequest(tuple(OPTIONS), OPTIONS, settings), silent)
    of = {one.method: one for one in found.methods}

    assert not found.left_out
    assert found.options == OPTIONS
    regions, attributes = of["representative"], of["attributes"]
    assert regions.picture_correlation is not None
    assert 0.0 < regions.picture_correlation.mean < 1.0
    assert 0.0 < regions.coverage.mean <= 1.0
    assert regions.attribute_correlation is None
    assert attributes.attribute_correlation is not None
    assert 0.0 < attributes.attribute_correlation.mean < 1.0
    assert attributes.picture_correlation is None  # contributions are no picture
    assert attributes.shared_steps is None
