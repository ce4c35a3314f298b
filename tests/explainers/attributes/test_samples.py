"""The images of a class that activate an attribute the most."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.arrays import FloatArray, IntArray
from explainers.attributes.fitting.samples import maximum_activating_samples
from explainers.errors import ShapeError


def by_brute_force(
    phi: FloatArray, classes: IntArray, pairs: IntArray, count: int
) -> list[list[int]]:
    found = []
    for of_class, attribute in pairs.tolist():
        members = [i for i in range(len(phi)) if classes[i] == of_class]
        best = sorted(members, key=lambda i: (-phi[i, attribute], i))[:count]
        found.append(best + [-1] * (count - len(best)))
    return found


def test_three_images_worked_by_hand() -> None:
    phi = np.array([[1.0, 9.0], [3.0, 0.0], [2.0, 0.0], [8.0, 9.0]], np.float32)
    classes = np.array([0, 0, 0, 1])

    found = maximum_activating_samples(phi, classes, np.array([[0, 0], [0, 1], [1, 0], [2, 1]]), 2)

    # Images 1 and 2 tie on attribute 1, and image 0 leads; class 1 has one image, 2 none.
    assert found.tolist() == [[1, 2], [0, 1], [3, -1], [-1, -1]]


@given(st.integers(0, 2**32), st.integers(1, 30), st.integers(1, 4))
def test_it_is_a_sort_by_brute_force(seed: int, images: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    # Few values, so that there are ties.
    phi = rng.integers(0, 4, (images, 3)).astype(np.float32)
    classes, pairs = rng.integers(0, 3, images), np.argwhere(np.ones((3, 3)))

    found = maximum_activating_samples(phi, classes, pairs, count)

    assert found.tolist() == by_brute_force(phi, classes, pairs, count)


def test_classes_are_one_per_image() -> None:
    with pytest.raises(ShapeError, match=r"classes must have shape \(images=2\), not \(3,\)"):
        maximum_activating_samples(
            np.zeros((2, 1), np.float32), np.zeros(3, np.int64), np.zeros((1, 2), np.int64)
        )
