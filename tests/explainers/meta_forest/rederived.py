"""The served trace once more, slowly and in float64, without a line of the product's."""

import json
from typing import Any

import numpy as np

from explainers.arrays import AnyArray, DoubleArray
from explainers.meta_forest.served import MetaForest
from tests.explainers.meta_forest.worked import seen

HOLDS = {"<=": float.__le__, ">": float.__gt__}
Test = tuple[int, str, float]


def distances(model: MetaForest, hidden: AnyArray) -> DoubleArray:
    """Distances to every cluster, shape (clusters)."""
    gaps = model.centroids.astype(np.float64) - hidden.astype(np.float64)
    found: DoubleArray = np.sqrt((gaps**2).sum(axis=1))
    return found


def row(model: MetaForest, hidden: AnyArray) -> list[float]:
    """The margins, one by one."""
    to_cluster = distances(model, hidden)
    groups = sorted(set(model.cluster_classes.tolist()))
    least = [min(to_cluster[model.cluster_classes == group]) for group in groups]
    pairs = zip(model.pair_first.tolist(), model.pair_second.tolist(), strict=True)
    return [float(least[first] - least[second]) for first, second in pairs]


def walk(model: MetaForest, values: list[float]) -> tuple[int, list[Test]]:
    """The node that a row of margins ends in, and the tests on its way."""
    node, tests = 0, list[Test]()
    while model.left[node] != -1:
        feature, threshold = int(model.feature[node]), float(model.threshold[node])
        if values[feature] <= threshold:
            tests.append((feature, "<=", threshold))
            node = int(model.left[node])
        else:
            tests.append((feature, ">", threshold))
            node = int(model.right[node])
    return node, tests


def region_of(model: MetaForest, node: int) -> str:
    """How the trace calls a leaf: leaves are counted in the order of their nodes."""
    return f"leaf-{sum(1 for child in model.left[:node].tolist() if child == -1)}"


def check_path(model: MetaForest, hidden: AnyArray) -> None:
    """Every displayed step is true, as displayed and as computed, and leads to the leaf."""
    found = model.explain(seen(hidden))
    steps = json.loads(found.body)["steps"]
    near = model.distances.closest(hidden)[0]
    pairs = zip(model.pair_first.tolist(), model.pair_second.tolist(), strict=True)
    values = [near[first] - near[second] for first, second in pairs]
    node, tests = walk(model, values)
    assert found.region == region_of(model, node)
    assert found.names == int(model.histogram[node].argmax())
    displayed: dict[int, float] = {}
    for step, (feature, test, threshold) in zip(steps, tests, strict=True):
        _check_step(step, test, threshold, values[feature])
        _check_words(model, step, feature, hidden)
        assert displayed.setdefault(feature, step["value"]) == step["value"]
        assert abs(step["value"] - values[feature]) <= 1.0001 * 10.0**-model.decimals
    shown = [displayed.get(feature, value) for feature, value in enumerate(values)]
    assert walk(model, shown) == (node, tests)


def _check_step(step: dict[str, Any], test: str, threshold: float, value: float) -> None:
    assert (step["test"], step["threshold"], step["outcome"]) == (test, threshold, True)
    assert HOLDS[step["test"]](float(step["value"]), float(step["threshold"]))
    assert HOLDS[step["test"]](value, float(step["threshold"]))


def _check_words(model: MetaForest, step: dict[str, Any], feature: int, hidden: AnyArray) -> None:
    groups = sorted(set(model.cluster_classes.tolist()))
    pair = [groups[int(p[feature])] for p in (model.pair_first, model.pair_second)]
    first, second = (model.class_names[label] for label in pair)
    assert step["feature"] == f"distance to {first} minus distance to {second}"
    to_cluster = distances(model, hidden)
    for label, cluster in zip(pair, step["clusters"], strict=True):
        place = model.cluster_names.index(cluster)
        assert model.cluster_classes[place] == label
        least = to_cluster[model.cluster_classes == label].min()
        np.testing.assert_allclose(to_cluster[place], least, rtol=1e-4)  # float32 against 64
