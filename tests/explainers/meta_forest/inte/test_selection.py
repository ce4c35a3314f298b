"""The choice of sizes on validation images."""

import numpy as np
import pytest

from explainers.errors import FittingError
from explainers.meta_forest.fitting.inte.fidelity import Rate
from explainers.meta_forest.fitting.inte.meta_learner import TreeSettings
from explainers.meta_forest.fitting.inte.pipeline import InteSettings
from explainers.meta_forest.fitting.inte.reading import ReadingSetting
from explainers.meta_forest.fitting.inte.selection import Trial, choose, default_grid, select
from tests.explainers.meta_forest.inte.conftest import Planted


def trial(count: int, leaves: int) -> Trial:
    return Trial(ReadingSetting(1, leaves), Rate(count, 1_000, 0.0, 1.0), leaves)


def test_the_smallest_tree_within_one_point_of_the_best_is_taken() -> None:
    trials = [trial(970, 90), trial(960, 20), trial(959, 5), trial(965, 30)]

    assert choose(trials) is trials[1]


def test_of_equally_small_trees_the_more_faithful_is_taken() -> None:
    trials = [trial(965, 20), trial(968, 20), trial(970, 21)]

    assert choose(trials) is trials[1]


def test_the_default_grid_depends_on_the_number_of_classes() -> None:
    found = [(sizes.level_one, sizes.level_two) for sizes in default_grid(7)]

    assert found == [(2, 7), (2, 14), (5, 7), (5, 14), (10, 7), (10, 14)]


def test_the_planted_sizes_beat_one_cluster_for_all(planted: Planted) -> None:
    settings = InteSettings(ReadingSetting(1, 1), tree=TreeSettings(pruning=0.002))
    grid = [ReadingSetting(1, 1), ReadingSetting(3, 4)]

    found = select(planted.train, planted.test, settings, grid, np.random.default_rng(0))

    assert found.chosen.sizes == ReadingSetting(3, 4)
    assert [one.sizes for one in found.trials] == grid
    assert found.trials[0].leaves == 1


def test_an_empty_grid_is_refused(planted: Planted) -> None:
    with pytest.raises(FittingError, match="grid of settings is empty; give at least one"):
        select(
            planted.train,
            planted.test,
            InteSettings(ReadingSetting(1, 1)),
            [],
            np.random.default_rng(0),
        )
