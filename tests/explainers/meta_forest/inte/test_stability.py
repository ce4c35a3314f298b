"""How much a second seed finds again."""

import numpy as np

from explainers.meta_forest.fitting.inte.meta_learner import TreeSettings
from explainers.meta_forest.fitting.inte.pipeline import InteSettings
from explainers.meta_forest.fitting.inte.reading import ReadingSetting
from explainers.meta_forest.fitting.inte.stability import matched_ids, stability
from tests.explainers.meta_forest.inte.conftest import Planted


def test_factors_are_matched_whatever_their_order_and_numbers() -> None:
    codes = np.random.default_rng(0).integers(0, 4, size=(200, 3))

    assert matched_ids(codes, 3 - codes[:, [2, 0, 1]]) == 1.0


def test_unrelated_ids_do_not_match() -> None:
    rng = np.random.default_rng(0)
    one, other = rng.integers(0, 4, size=(2, 2_000, 3))

    assert abs(matched_ids(one, other)) < 0.01


def test_planted_clusters_are_found_by_every_seed(planted: Planted) -> None:
    settings = InteSettings(ReadingSetting(3, 4), tree=TreeSettings(pruning=0.002))

    found = stability(planted.train, planted.test, settings, np.random.default_rng(0), seeds=3)

    assert found.partition_agreement == (1.0, 1.0)
    assert min(found.id_agreement) > 0.99
    assert len(found.fidelities) == 3
    assert min(found.fidelities) > 0.98


def test_a_reading_without_factors_of_units_has_no_partition(planted: Planted) -> None:
    settings = InteSettings(ReadingSetting(3, 2), reading="rows")

    found = stability(planted.train, planted.test, settings, np.random.default_rng(0), seeds=2)

    assert found.partition_agreement == ()
    assert len(found.id_agreement) == 1
