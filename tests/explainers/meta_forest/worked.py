"""A trace small enough to be worked by hand: six clusters, five nodes, two trees.

From the row (3, 4) the clusters are 5, 13 | 12 | 10, 15, 15 away, so the classes ant, bee
and cat are 5, 12 and 10 away, and the margins are ant - bee = -7, ant - cat = -5 and
bee - cat = 2. The class dog has no cluster.
"""

import json
from typing import Any

import numpy as np

from explainers.activations import Activations
from explainers.arrays import AnyArray
from explainers.meta_forest.served import MetaForest

ALL = 2**64 - 1
ROW = (3.0, 4.0)
CENTROIDS = ((0, 0), (15, 9), (3, -8), (9, 12), (3, 19), (-9, -5))
NAMES = ("ant-1", "ant-2", "bee-1", "cat-1", "cat-2", "cat-3")


def fields(**changes: object) -> dict[str, Any]:
    """The stored fields of the worked trace, with some of them changed."""
    shares = np.zeros((2, 64, 4), dtype=np.uint8)
    shares[0, 0, :2] = 204, 51
    shares[0, 1, 2] = 255
    shares[1, 0, 1] = 255
    shares[1, 1, [0, 2]] = 102, 153
    shares[1, 2, 3] = 255
    found: dict[str, Any] = {
        "class_names": ("ant", "bee", "cat", "dog"),
        "centroids": np.array(CENTROIDS, dtype=np.float32),
        "cluster_classes": np.array([0, 0, 1, 2, 2, 2]),
        "cluster_names": NAMES,
        "cluster_meanings": tuple(meaning(size) for size in range(6)),
        "cluster_medoids": np.array([[7, -1], [3, 7], [5, 6], [2, 1], [0, 9], [9, 8]]),
        "pair_first": np.array([0, 0, 1]),
        "pair_second": np.array([1, 2, 2]),
        # ant - cat <= -5 ? (ant - bee <= -6.9 ? ant : bee) : cat
        "left": np.array([1, 2, -1, -1, -1]),
        "right": np.array([4, 3, -1, -1, -1]),
        "feature": np.array([1, 0, 0, 0, 0]),
        "threshold": np.array([-5.0, -6.9, 0, 0, 0]),
        "histogram": np.array(
            [[11, 9, 9, 0], [11, 9, 0, 0], [10, 1, 0, 0], [1, 8, 0, 0], [0, 0, 9, 0]]
        ),
        # ant - bee <= -6 ? leaf 0 : leaf 1;  bee - cat <= 1 ? 0 : (ant - cat <= 0 ? 1 : 2)
        "forest_features": np.array([[0, 2], [0, 1]]),
        "forest_thresholds": np.array([[-6, 1], [np.inf, 0]], dtype=np.float32),
        "forest_masks": np.array([[ALL ^ 1, ALL ^ 1], [ALL, ALL ^ 2]], dtype=np.uint64),
        "forest_shares": shares,
        "decimals": 1,
    }
    return found | changes


def worked(**changes: object) -> MetaForest:
    return MetaForest(**fields(**changes))


def meaning(size: int) -> str:
    return json.dumps({"size": size, "classes": {"ant": size}, "medoids": ["a"], "units": [0]})


def line(threshold: AnyArray, left: AnyArray, right: AnyArray, decimals: int = 1) -> MetaForest:
    """One unit, one cluster at 0 and one at 10: between them the margin is 2 h - 10."""
    nodes = len(left)
    histogram = np.zeros((nodes, 2), dtype=np.int64)
    histogram[np.arange(nodes), np.arange(nodes) % 2] = 1
    return worked(
        class_names=("low", "high"),
        centroids=np.array([[0], [10]], dtype=np.float32),
        cluster_classes=np.array([0, 1]),
        cluster_names=("low-1", "high-1"),
        cluster_meanings=(meaning(1), meaning(2)),
        cluster_medoids=np.array([[0], [1]]),
        pair_first=np.array([0]),
        pair_second=np.array([1]),
        left=left,
        right=right,
        feature=np.zeros(nodes, dtype=np.int64),
        threshold=threshold,
        histogram=histogram,
        decimals=decimals,
        forest_features=np.array([[0]]),
        forest_thresholds=np.array([[0]], dtype=np.float32),
        forest_masks=np.array([[ALL ^ 1]], dtype=np.uint64),
        forest_shares=np.full((1, 64, 2), 127, dtype=np.uint8),
    )


def seen(hidden: AnyArray | tuple[float, ...]) -> Activations:
    """An image of which nothing is known but its hidden activations."""
    return Activations(
        logits=np.zeros(4, dtype=np.float32),
        hidden=np.array(hidden, dtype=np.float32),
        predicted=0,
        pixels=np.zeros((1, 1, 1), dtype=np.float32),
    )
