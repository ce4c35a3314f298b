"""The test images, and their neighbours in the explained map."""

import numpy as np
import pytest

from reasoned.evaluation.image_polytope import Searching
from reasoned.evaluation.unseen import nearest_by_map


def test_what_is_kept_is_what_the_network_gives(digits: Searching) -> None:
    unseen = digits.unseen
    found = digits.network.run(unseen.pixels[130:140])

    np.testing.assert_allclose(unseen.psi[130:140], found.psi, atol=1e-5)
    np.testing.assert_allclose(unseen.boundary[130:140], found.boundary, atol=1e-4)
    np.testing.assert_array_equal(unseen.predicted, unseen.probabilities.argmax(axis=1))
    assert len(unseen) == len(unseen.pixels) == 597


@pytest.mark.parametrize("position", [0, 300])
def test_neighbours_are_the_nearest_without_the_image_itself(
    digits: Searching, position: int
) -> None:
    psi = digits.unseen.psi.astype(np.float64)
    apart = np.array([np.linalg.norm(one - psi[position]) for one in psi])

    found = nearest_by_map(digits.unseen, position, 10)

    np.testing.assert_array_equal(found, np.argsort(apart, kind="stable")[1:11])


def test_there_are_no_more_neighbours_than_images(patches: Searching) -> None:
    found = nearest_by_map(patches.unseen, 3, 500)

    assert sorted(found.tolist()) == [position for position in range(40) if position != 3]
