import json

import numpy as np

from explainers.activations import ActivationTable
from explainers.arrays import FloatArray
from explainers.meta_forest.fitting.trace_meanings import meanings, medoids, nearest_cluster


def _table(hidden: FloatArray, labels: list[int]) -> ActivationTable:
    images = len(hidden)
    return ActivationTable(
        rows=100 + np.arange(images),
        labels=np.array(labels),
        predicted=np.zeros(images, dtype=np.int64),
        logits=np.zeros((images, 2), dtype=np.float32),
        hidden=hidden,
        pixels=np.zeros((images, 1, 1, 1), dtype=np.float32),
    )


def test_meanings_worked_by_hand() -> None:
    hidden = np.array([[0, 1], [0, 2], [0, 9], [8, 0], [6, 0]], dtype=np.float32)
    centroids = np.array([[0, 1], [7, 0]], dtype=np.float32)
    squared = ((hidden[:, None] - centroids) ** 2).sum(axis=2)
    table = _table(hidden, [1, 0, 1, 0, 0])

    texts, rows = meanings(table, centroids, squared, ("ant", "bée"), lambda row: f"e{row}")

    assert nearest_cluster(squared).tolist() == [0, 0, 0, 1, 1]
    assert rows.tolist() == [[100, 101, 104], [103, 104, 100]]
    # The most frequent class first; the unit that is most above its mean first.
    assert texts[0] == (
        '{"size":3,"classes":{"bée":2,"ant":1},"medoids":["e100","e101","e104"],"units":[1,0]}'
    )
    assert json.loads(texts[1]) == {
        "size": 2,
        "classes": {"ant": 2},
        "medoids": ["e103", "e104", "e100"],
        "units": [0, 1],
    }


def test_fewer_images_than_medoids_leave_places_empty() -> None:
    found = medoids(np.array([[4.0, 1.0], [2.0, 3.0]], dtype=np.float32), np.array([7, 9]))

    assert found.tolist() == [[9, 7, -1], [7, 9, -1]]


def test_at_most_five_classes_and_five_units_are_told() -> None:
    rng = np.random.default_rng(0)
    hidden = rng.normal(size=(28, 9)).astype(np.float32)
    labels = np.repeat(np.arange(7), np.arange(1, 8)).tolist()
    table, centroid = _table(hidden, labels), hidden[:1]
    squared = ((hidden[:, None] - centroid) ** 2).sum(axis=2)

    texts, _ = meanings(table, centroid, squared, tuple("abcdefg"), str)

    found = json.loads(texts[0])
    assert found["classes"] == {"g": 7, "f": 6, "e": 5, "d": 4, "c": 3}
    assert len(found["units"]) == 5
    assert found["size"] == 28
