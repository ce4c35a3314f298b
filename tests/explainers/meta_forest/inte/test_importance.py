"""Which pixels a base learner goes by."""

import numpy as np
import pytest

from explainers.errors import FittingError
from explainers.meta_forest.fitting.inte.base_learners import BaseLearners, ForestSettings
from explainers.meta_forest.fitting.inte.importance import cluster_importance


@pytest.fixture(scope="module")
def learners() -> BaseLearners:
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 3, size=(400, 1)) * 2  # clusters 0, 2 and 4
    inputs = 0.3 * rng.normal(size=(400, 6))
    inputs[:, 1] += codes[:, 0] == 2
    inputs[:, 4] += codes[:, 0] == 4
    return BaseLearners.fit(inputs, codes, ForestSettings(40), rng)


def test_the_maps_of_all_clusters_add_up_to_the_forests_importance(learners: BaseLearners) -> None:
    maps = [cluster_importance(learners, 0, cluster) for cluster in (0, 2, 4)]

    wanted = learners.forests[0].feature_importances_
    np.testing.assert_allclose(np.sum(maps, axis=0), wanted, rtol=0, atol=1e-9)  # float64 sums


def test_a_cluster_is_recognised_by_its_own_pixel(learners: BaseLearners) -> None:
    assert cluster_importance(learners, 0, 2).argmax() == 1
    assert cluster_importance(learners, 0, 4).argmax() == 4


def test_a_cluster_without_images_is_refused(learners: BaseLearners) -> None:
    with pytest.raises(FittingError, match=r"cluster 1 of factor 0 .* one of \[0, 2, 4\]"):
        cluster_importance(learners, 0, 1)


def test_a_forest_with_nothing_to_tell_apart_goes_by_nothing() -> None:
    inputs = np.random.default_rng(0).normal(size=(20, 3))
    learners = BaseLearners.fit(
        inputs, np.zeros((20, 1), dtype=np.int64), ForestSettings(5), np.random.default_rng(0)
    )

    np.testing.assert_array_equal(cluster_importance(learners, 0, 0), np.zeros(3))
