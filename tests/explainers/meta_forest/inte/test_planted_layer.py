"""A layer whose factors, states and classes are known, found again."""

from collections.abc import Callable

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from explainers.meta_forest.fitting.inte.base_learners import ForestSettings
from explainers.meta_forest.fitting.inte.column_factors import ColumnFactors
from explainers.meta_forest.fitting.inte.controls import label_shuffle
from explainers.meta_forest.fitting.inte.fidelity import agreement, id_accuracy
from explainers.meta_forest.fitting.inte.meta_learner import TreeSettings
from explainers.meta_forest.fitting.inte.pipeline import InteSettings, fit_cnn_inte
from explainers.meta_forest.fitting.inte.reading import ReadingSetting
from tests.explainers.meta_forest.inte.conftest import Planted

SETTINGS = InteSettings(
    ReadingSetting(3, 4), forests=ForestSettings(100), tree=TreeSettings(pruning=0.002)
)


@pytest.mark.parametrize("noise", [0.1, 0.3, 0.6])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_planted_structure_is_found(
    planting: Callable[[int, float], Planted], seed: int, noise: float
) -> None:
    data = planting(seed, noise)
    found = fit_cnn_inte(data.train, 3, SETTINGS, np.random.default_rng(seed))
    reading, tree = found.network.reading, found.network.meta.display
    assert isinstance(reading, ColumnFactors)
    network, forest = found.network_codes(data.test), found.forest_codes(data.test)

    partition = reading.factor_map.factor_of_unit
    assert adjusted_rand_score(data.block_of_unit, partition) == 1.0
    block_of_factor = [data.block_of_unit[reading.units(factor)][0] for factor in range(3)]
    for factor, block in enumerate(block_of_factor):
        states = adjusted_rand_score(data.test_states[:, block], network[:, factor])
        assert states >= (0.99 if noise <= 0.3 else 0.90)
    assert agreement(tree.predict(network), data.test.predicted).share >= 0.98
    assert agreement(tree.predict(forest), data.test.predicted).share >= 0.99
    assert id_accuracy(network, forest).min() >= 0.98
    assert len(tree.leaves) == 4
    assert block_of_factor.index(2) not in tree.factor.tolist()


@pytest.mark.parametrize("seed", range(5))
def test_a_tree_taught_shuffled_classes_falls_to_chance(planted: Planted, seed: int) -> None:
    reading = ColumnFactors.fit(planted.train.hidden, SETTINGS.sizes, np.random.default_rng(0))

    control = label_shuffle(
        (reading.fitted_codes, planted.train.predicted),
        (reading.codes(planted.test.hidden), planted.test.predicted),
        SETTINGS.tree,
        np.random.default_rng(seed),
    )

    assert control.majority == np.bincount(planted.test.predicted).max() / 1_000
    assert abs(control.fidelity.share - control.majority) <= 0.08
