import numpy as np
import pytest

from explainers.errors import FittingError
from explainers.meta_forest.fitting.trace_clusters import cluster_by_class


def _hidden(images: int, seed: int = 0) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return np.random.default_rng(seed).normal(size=(images, 3)).astype(np.float32)


@pytest.mark.parametrize("predicted", [[2] * 30, [2] * 29 + [1]])
def test_one_class_alone_cannot_be_traced(predicted: list[int]) -> None:
    told = (
        "a trace needs a network that gives at least two classes on the training images, but it "
        "gives 1; check the weights, the class order and the normalisation"
    )

    with pytest.raises(FittingError, match=told):
        cluster_by_class(_hidden(30), np.array(predicted), np.random.default_rng(0))


def test_classes_of_few_images_have_few_clusters_and_single_images_none() -> None:
    sizes = {0: 200, 1: 1, 2: 2, 3: 60, 5: 19}
    predicted = np.repeat(list(sizes), list(sizes.values()))

    found = cluster_by_class(_hidden(len(predicted)), predicted, np.random.default_rng(0))

    assert found.groups.tolist() == [0, 2, 3, 5]
    assert np.bincount(found.classes).tolist() == [8, 0, 1, 3, 0, 1]
    assert found.starts.tolist() == [0, 8, 9, 12]
    assert found.centroids.dtype == np.float32


def test_many_classes_share_four_hundred_clusters() -> None:
    predicted = np.repeat(np.arange(60), 140)

    found = cluster_by_class(_hidden(len(predicted)), predicted, np.random.default_rng(0))

    assert np.bincount(found.classes).tolist() == [6] * 60


def test_the_planted_groups_are_the_clusters() -> None:
    rng = np.random.default_rng(0)
    centres = np.array([[0, 0, 0], [9, 0, 0], [0, 9, 0], [0, 0, 9]])
    groups = np.repeat(np.arange(4), 20)
    hidden = (centres[groups] + 0.01 * rng.normal(size=(80, 3))).astype(np.float32)

    found = cluster_by_class(hidden, groups // 2, rng)

    assert found.classes.tolist() == [0, 0, 1, 1]
    for centre in centres:
        gaps = np.abs(found.centroids - centre).max(axis=1)
        assert gaps.min() < 0.02
