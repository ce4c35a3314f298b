import numpy as np
import pytest

from explainers.arrays import DoubleArray, FloatArray, IntArray
from explainers.fitting_contract import silent
from explainers.meta_forest.fitting.trace_clusters import Clusters, cluster_by_class
from explainers.meta_forest.fitting.trace_refinement import (
    ANCHORS,
    MOST_QUANTISATION,
    Split,
    _Adam,
    _slopes,
    quantisation_error,
    refine,
)

STARTS = np.array([0, 2, 3])


def _overlapping(seed: int, images: int) -> Split:
    """Classes that are neighbours on a line, of which k-means knows no border."""
    rng = np.random.default_rng(seed)
    hidden = rng.normal(size=(images, 6)).astype(np.float32)
    hidden[:, 0] *= 3.0
    borders = np.array([-1.3, 2.1])
    return Split(hidden, np.searchsorted(borders, hidden[:, 0]).astype(np.int64))


def _nearest_names_the_class(clusters: Clusters, split: Split) -> float:
    gaps = split.hidden[:, None].astype(np.float64) - clusters.centroids
    named = clusters.classes[(gaps**2).sum(axis=2).argmin(axis=1)]
    return float((named == split.predicted).mean())


def test_quantisation_worked_by_hand() -> None:
    clusters = Clusters(np.array([[0, 0], [6, 8], [3, 0]], np.float32), np.array([0, 0, 2]))
    # 4 away from (0, 0), 2 from (6, 8), 5 from (3, 0); the class without clusters is left out.
    hidden = np.array([[0, 4], [6, 6], [3, 5], [3, 0]], dtype=np.float32)

    error = quantisation_error(clusters, Split(hidden, np.array([0, 0, 2, 1])))

    assert error == pytest.approx((16 + 4 + 25) / 3)


def _loss(
    centroids: DoubleArray, log_scale: float, hidden: FloatArray, own: IntArray, pull: float
) -> float:
    """The documented loss, image by image."""
    total = 0.0
    for row, label in zip(hidden.astype(np.float64), own.tolist(), strict=True):
        squared = ((centroids - row) ** 2).sum(axis=1)
        least = np.array([squared[:2].min(), squared[2], squared[3:].min()])
        scores = -np.exp(log_scale) * least
        total += float(np.log(np.exp(scores).sum()) - scores[label] + pull * least[label])
    return total / len(hidden)


@pytest.mark.parametrize("pull", [0.0, 0.7])
def test_the_slopes_are_those_of_finite_differences(pull: float) -> None:
    rng = np.random.default_rng(0)
    hidden, own = rng.normal(size=(9, 4)).astype(np.float32), rng.integers(0, 3, 9)
    state = _Adam(rng.normal(size=(6, 4)).astype(np.float32), -0.4)
    slope, scale_slope = _slopes(state, STARTS, hidden, own, pull)
    small = 1e-5

    for place in np.ndindex(6, 4):
        step = np.zeros((6, 4))
        step[place] = small
        up = _loss(state.centroids + step, state.log_scale, hidden, own, pull)
        down = _loss(state.centroids - step, state.log_scale, hidden, own, pull)
        # Central differences of a smooth function: good to the square of the step.
        np.testing.assert_allclose(slope[place], (up - down) / (2 * small), rtol=0, atol=1e-7)
    up = _loss(state.centroids, state.log_scale + small, hidden, own, pull)
    down = _loss(state.centroids, state.log_scale - small, hidden, own, pull)
    np.testing.assert_allclose(scale_slope, (up - down) / (2 * small), rtol=0, atol=1e-7)


def test_steps_go_down() -> None:
    rng = np.random.default_rng(0)
    hidden, own = rng.normal(size=(30, 4)).astype(np.float32), rng.integers(0, 3, 30)
    state = _Adam(rng.normal(size=(6, 4)).astype(np.float32), 0.0)
    before = _loss(state.centroids, state.log_scale, hidden, own, 0.3)

    for _ in range(40):
        state.step(*_slopes(state, STARTS, hidden, own, 0.3), 0.01)

    assert _loss(state.centroids, state.log_scale, hidden, own, 0.3) < 0.9 * before


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_refined_clusters_name_the_class_more_often_and_stay_clusters(seed: int) -> None:
    train, held = _overlapping(seed, 1500), _overlapping(seed + 10, 500)
    kmeans = cluster_by_class(train.hidden, train.predicted, np.random.default_rng(seed))

    found = refine(kmeans, train, held, np.random.default_rng(seed), silent)

    assert found.anchor in ANCHORS
    assert found.quantisation <= MOST_QUANTISATION == 1.1
    moved = quantisation_error(found.clusters, held) / quantisation_error(kmeans, held)
    assert moved == pytest.approx(found.quantisation)
    np.testing.assert_array_equal(found.clusters.classes, kmeans.classes)
    before, after = (_nearest_names_the_class(c, held) for c in (kmeans, found.clusters))
    assert after > before


def test_where_every_anchor_costs_too_much_k_means_is_kept() -> None:
    train = _overlapping(0, 600)
    kmeans = cluster_by_class(train.hidden, train.predicted, np.random.default_rng(0))
    # Validation images on the very centroids: every move is too far.
    held = Split(kmeans.centroids, kmeans.classes)

    found = refine(kmeans, train, held, np.random.default_rng(0), silent)

    assert found.clusters is kmeans
    assert (found.anchor, found.quantisation) == (None, 1.0)
