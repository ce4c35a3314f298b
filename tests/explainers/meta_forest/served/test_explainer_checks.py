import re

import numpy as np
import pytest

from explainers.errors import ArtefactError, ShapeError
from tests.explainers.meta_forest.worked import ALL, fields, worked


def _changed(name: str, place: object, value: object) -> dict[str, object]:
    array = fields()[name].copy()
    array[place] = value
    return {name: array}


PARENTS = "every node but the root must be the child of one earlier node"
CHILDREN = r"a node must have two children or none \(-1\)"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (_changed("left", 1, 0), PARENTS),
        (_changed("left", 1, 1), PARENTS),
        (_changed("left", 0, 9), PARENTS),
        (_changed("left", 1, 4), PARENTS),
        (_changed("left", 2, 3) | _changed("right", 2, 3), PARENTS),
        # Every node but the root is once a child, but node 1 is its own.
        (
            {"left": np.array([-1, 1, -1]), "right": np.array([-1, 2, -1])}
            | {name: fields()[name][:3] for name in ("feature", "threshold", "histogram")},
            PARENTS,
        ),
        (_changed("left", 0, -1), CHILDREN),
        (_changed("right", 3, 4), CHILDREN),
        (_changed("right", 3, -2), CHILDREN),
        (_changed("feature", 1, 3), r"tree feature must lie in \[0, 2\], but runs from 1 to 3"),
        (_changed("feature", 1, -1), r"tree feature must lie in \[0, 2\], but runs from -1 to 1"),
        (_changed("threshold", 0, np.nan), "tree threshold must be finite, but holds NaN"),
        (_changed("threshold", 1, -np.inf), "tree threshold must be finite"),
        (_changed("threshold", 1, -6.95), "tree threshold must have at most 1 decimals"),
        (_changed("histogram", (2, 1), -1), r"tree histogram must lie in \[0, "),
        ({"decimals": 9}, r"decimals must lie in \[0, 8\], but runs from 9 to 9"),
        ({"decimals": -1}, r"decimals must lie in \[0, 8\]"),
        (_changed("centroids", (0, 1), np.nan), "centroids must be finite"),
        (_changed("cluster_classes", 0, 2), "cluster_classes must be sorted"),
        (_changed("cluster_classes", 5, 4), r"cluster_classes must lie in \[0, 3\]"),
        ({"cluster_names": ("one",)}, "cluster_names and cluster_meanings must hold 6 each"),
        (_changed("pair_first", 0, 3), r"pair_first must lie in \[0, 2\]"),
        (_changed("pair_second", 0, -1), r"pair_second must lie in \[0, 2\]"),
        (_changed("forest_features", (0, 1), 3), r"forest_features must lie in \[0, 2\]"),
        (_changed("forest_thresholds", (0, 0), np.nan), "forest_thresholds must not hold NaN"),
        (_changed("forest_masks", (1, 1), 1), "a tree's masks leave no leaf to reach"),
        (_changed("forest_masks", (1, 1), ALL ^ 5), "a mask of tree 1 clears no run of leaves"),
        (_changed("forest_masks", (1, 1), ALL ^ 12), "tree 1 leaves 1-2 unsplit"),
        (
            {
                "forest_features": np.zeros((1, 0), dtype=np.int64),
                "forest_thresholds": np.zeros((1, 0), dtype=np.float32),
                "forest_masks": np.zeros((1, 0), dtype=np.uint64),
                "forest_shares": np.zeros((0, 64, 4), dtype=np.uint8),
            },
            r"forest trees must lie in \[1, ",
        ),
        (
            {
                "centroids": np.zeros((0, 2), dtype=np.float32),
                "cluster_classes": np.zeros(0, dtype=np.int64),
            },
            r"number of clusters must lie in \[1, ",
        ),
        (
            {n: np.zeros(0, dtype=np.int64) for n in ("left", "right", "feature")}
            | {"threshold": np.zeros(0), "histogram": np.zeros((0, 4), dtype=np.int64)},
            "tree arrays must hold at least one node",
        ),
    ],
)
def test_what_must_not_be_used_is_refused(changes: dict[str, object], told: str) -> None:
    with pytest.raises(ArtefactError, match=told):
        worked(**changes)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"feature": np.zeros(4, np.int64)}, "tree feature must have shape (nodes=5), not (4,)"),
        (
            {"histogram": np.zeros((5, 3), np.int64)},
            "histogram must have shape (nodes, classes=4), not (5, 3)",
        ),
        (
            {"forest_shares": np.zeros((2, 63, 4), np.uint8)},
            "forest_shares must have shape (t=2, l=64, c=4), not (2, 63, 4)",
        ),
        (
            {"cluster_medoids": np.zeros((5, 2), np.int64)},
            "cluster_medoids must have shape (clusters=6, medoids), not (5, 2)",
        ),
        ({"pair_second": np.zeros(2, np.int64)}, "pair_second must have shape (pairs=3), not (2,)"),
    ],
)
def test_what_does_not_fit_together_is_refused(changes: dict[str, object], told: str) -> None:
    with pytest.raises(ShapeError, match=re.escape(told)):
        worked(**changes)
