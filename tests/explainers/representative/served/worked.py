"""A rule set small enough to be worked by hand: a square, a triangle and a half-plane.

The square is -2 < x, y < 2 and of class 0; the triangle x > 1, y > -1, 0.6 x + 0.8 y < 3 is
of class 1; the half-plane x < -1 is of class 0. `POINT` is 0.75 deep in the square, 0.25
deep in the triangle, and 2.25 outside the half-plane.
"""

from typing import Any

import numpy as np

from explainers.activations import Activations
from explainers.arrays import AnyArray, FloatArray
from explainers.representative.served import Representative
from explainers.representative.served.search import DenseTail, References

# Names that break careless formatting, JSON and XML.
CLASSES = ("ant 100 %", 'bee <"B">', "çat\\ %s & %%")
POINT = (1.25, 0.25)
EXAMPLES = ("seed", 'a "1"', "wrong class", "inner side", "5 % off", "left bee", "tip", "left")


def fields(**changes: object) -> dict[str, Any]:
    """The stored fields of the worked rule set, with some of them changed."""
    found: dict[str, Any] = {
        "class_names": CLASSES,
        "approximate": "",
        "normals": single(
            [[1, 0], [-1, 0], [0, 1], [0, -1], [1, 0], [0, 1], [-0.6, -0.8], [-1, 0]]
        ),
        "offsets": single([2, 2, 2, 2, -1, 1, 3, -1]),
        "norms": single([2, 4, 1, 0.5, 3, 1, 10, 5]),
        "guarded": np.array([1, 1, 2, 2, 0, 2, 0, 1]),
        "starts": np.array([0, 4, 7, 8]),
        "polytope_classes": np.array([0, 1, 0]),
        "references": np.array([5, 3, 2]),
        "others": np.array([2, 1, 1]),
        "least_depth": 0.0,
        "scale": 0.5,
        "example_ids": EXAMPLES,
        "example_rows": np.array([70, 71, 72, 73, 74, 75, 76, 77]),
        "example_points": single(
            [[0, 0], [1, 1], [2.5, 0.25], [1.25, 0.5], [4.25, 4.25], [-9, 0], [1.9, 0], [-1.5, 0]]
        ),
        "example_predicted": np.array([0, 0, 2, 1, 1, 1, 1, 0]),
        "similar": np.array([[0, 1, 3, 7, 6], [6, 3, 2, -1, -1], [7, 5, -1, -1, -1]]),
        "channel_weights": single([[1, -1], [0.5, 2], [-1, -1]]),
        "channel_map": np.zeros((0, 2), dtype=np.float32),
        "side_heats": np.arange(3 * 2 * 2 * 2, dtype=np.uint8).reshape(3, 2, 2, 2),
        "heats": np.arange(3 * 5 * 2 * 2, dtype=np.uint8).reshape(3, 5, 2, 2),
        "coverage": np.array([0.5, 0.75, 1.0]),
        "agreement": np.array([1.0, 0.875, 0.9375]),
        "class_coverage": np.array([0.5, 0.75, 0.0]),
        "class_agreement": np.array([1.0, 0.5, 0.0]),
        "searches": 100,
        "failed": 2,
        "violations": 1,
        "single_piece": False,
        "tail_shapes": (),
        "tail_slopes": (),
        "tail_weights": np.zeros(0),
        "tail_biases": np.zeros(0),
        "search_points": np.zeros((0, 2), dtype=np.float32),
        "search_predicted": np.zeros(0, dtype=np.int64),
    }
    return found | changes


def no_maps() -> dict[str, Any]:
    """The fields of the heat maps where psi is no map."""
    return {
        "channel_weights": np.zeros((0, 0), dtype=np.float32),
        "channel_map": np.zeros((0, 0), dtype=np.float32),
        "heats": np.zeros((0, 0, 0, 0), dtype=np.uint8),
        "side_heats": np.zeros((0, 0, 0, 0), dtype=np.uint8),
    }


def worked(**changes: object) -> Representative:
    return Representative(**fields(**changes))


def stored_tail(tail: DenseTail, references: References) -> dict[str, Any]:
    """The fields of what is searched at request time."""
    return {
        "tail_shapes": tuple(weight.shape for weight in tail.weights),
        "tail_slopes": tail.slopes,
        "tail_weights": np.concatenate([weight.ravel() for weight in tail.weights]),
        "tail_biases": np.concatenate(tail.biases),
        "search_points": references.points,
        "search_predicted": references.predicted,
    }


def seen(
    point: AnyArray | tuple[float, ...], predicted: int = 0, psi: FloatArray | None = None
) -> Activations:
    """An image of which nothing is known but its place in boundary space, and psi."""
    return Activations(
        logits=np.zeros(3, dtype=np.float32),
        hidden=np.zeros(1, dtype=np.float32),
        predicted=predicted,
        pixels=np.zeros((1, 1, 1), dtype=np.float32),
        psi=psi,
        boundary=np.asarray(point, dtype=np.float32),
    )


def random_rule_set(seed: int, units: int = 6, polytopes: int = 7) -> Representative:
    """Random polytopes around the origin, with as many facets as it comes, and examples."""
    rng = np.random.default_rng(seed)
    counts = rng.integers(2, 10, polytopes)
    facets, labels = int(counts.sum()), rng.integers(0, 3, polytopes)
    normals = rng.normal(size=(facets, units))
    owners = np.repeat(labels, counts)
    similar = rng.integers(-1, 30, (polytopes, 7))
    similar[:, 0] = np.maximum(similar[:, 0], 0)  # each has a seed
    return worked(
        normals=single(normals / np.linalg.norm(normals, axis=1, keepdims=True)),
        offsets=single(rng.uniform(0.2, 1.8, facets)),
        norms=single(rng.uniform(0.1, 20.0, facets)),
        guarded=(owners + rng.integers(1, 3, facets)) % 3,
        starts=np.concatenate([[0], np.cumsum(counts)]),
        polytope_classes=labels,
        references=rng.integers(1, 90, polytopes),
        others=np.zeros(polytopes, dtype=np.int64),
        scale=0.3,
        example_ids=tuple(f"image {number}" for number in range(30)),
        example_rows=np.arange(30),
        example_points=single(0.9 * rng.normal(size=(30, units))),
        example_predicted=rng.integers(0, 3, 30),
        similar=similar,
        coverage=np.ones(polytopes),
        agreement=np.ones(polytopes),
        search_points=np.zeros((0, units), dtype=np.float32),
        **no_maps(),
    )


def single(values: object) -> FloatArray:
    return np.array(values, dtype=np.float32)
