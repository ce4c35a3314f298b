"""Level 2: images are told apart by their nearest centroid."""

import numpy as np
import pytest

from explainers.errors import FittingError
from explainers.meta_forest.fitting.inte.centroids import fit_centroids, squared_distances


def test_two_clusters_worked_by_hand() -> None:
    points = np.array([[0.0], [2.0], [10.0], [14.0]])

    found = fit_centroids(points, 2, np.random.default_rng(0))

    # Any other division of the four points has a larger sum of squares than 2 + 8.
    assert sorted(found.centroids[:, 0].tolist()) == [1.0, 12.0]
    assert found.labels[0] == found.labels[1] != found.labels[2] == found.labels[3]


@pytest.mark.parametrize("most_rows", [1_000, 100])
def test_labels_are_the_nearest_centroids(most_rows: int) -> None:
    points = np.random.default_rng(0).normal(size=(400, 5)).astype(np.float32)

    found = fit_centroids(points, 7, np.random.default_rng(1), most_rows=most_rows)

    nearest = squared_distances(points, found.centroids).argmin(axis=1)
    np.testing.assert_array_equal(found.labels, nearest)


def test_distances_are_those_of_the_definition() -> None:
    rng = np.random.default_rng(0)
    points, centroids = rng.normal(size=(6, 3)), rng.normal(size=(4, 3))

    found = squared_distances(points, centroids)

    wanted = ((points[:, None, :] - centroids[None, :, :]) ** 2).sum(axis=2)
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-12)  # float64 rounding


def test_fewer_distinct_points_give_fewer_clusters() -> None:
    points = np.repeat([[0.0, 1.0], [5.0, 5.0]], 10, axis=0)

    found = fit_centroids(points, 6, np.random.default_rng(0))

    assert len(found.centroids) == 2
    assert set(found.labels.tolist()) == {0, 1}


@pytest.mark.parametrize("count", [0, 5])
def test_more_clusters_than_images_are_refused(count: int) -> None:
    with pytest.raises(FittingError, match=f"clusters must be 1 to 4, .* not {count}; ask"):
        fit_centroids(np.zeros((4, 2)), count, np.random.default_rng(0))
