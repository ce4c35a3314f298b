"""Both halves of a network, and normals read in either space."""

import numpy as np
import pytest
from scipy import special
from torch import nn

from explainers.errors import NotApplicableError
from explainers.fitting_contract import silent
from reasoned.evaluation.image_polytope import Searching
from tests.reasoned.evaluation.cut_networks import cut


def test_the_halves_make_the_whole(digits: Searching) -> None:
    pixels = digits.unseen.pixels[:5]

    found = digits.network.run(pixels)

    assert found.psi.shape == (5, 12, 8, 8)
    tail = digits.network.above.logits(found.boundary.astype(np.float64))
    np.testing.assert_allclose(found.logits, tail, atol=1e-4)  # float32 below, float64 here
    probabilities = digits.network.probabilities(pixels)
    np.testing.assert_allclose(probabilities, special.softmax(found.logits, axis=1), atol=1e-6)


def test_all_images_are_run_in_batches(digits: Searching) -> None:
    pixels = digits.unseen.pixels[:300]

    boundary, predicted = digits.network.boundary_values(pixels, silent, "images")

    np.testing.assert_allclose(boundary, digits.unseen.boundary[:300], atol=1e-5)
    np.testing.assert_array_equal(predicted, digits.unseen.predicted[:300])


def test_a_normal_means_the_same_in_either_space(digits: Searching) -> None:
    unseen, rng = digits.unseen, np.random.default_rng(0)
    normals = rng.normal(size=(3, unseen.boundary.shape[1]))

    pulled = digits.network.pulled_back(normals, unseen.map_shape)

    # Differences, since the map from psi to boundary space is affine and not linear.
    apart = unseen.psi[0].astype(np.float64) - unseen.psi[1]
    expected = normals @ (unseen.boundary[0].astype(np.float64) - unseen.boundary[1])
    np.testing.assert_allclose((pulled * apart).sum(axis=(1, 2, 3)), expected, rtol=1e-4)
    assert digits.network.pulled_back(normals[:0], unseen.map_shape).shape == (0, 12, 8, 8)


def test_a_flat_layer_has_no_heat_maps() -> None:
    flat = cut(nn.Flatten(), nn.Linear(4, 3), [nn.Linear(3, 2)])

    with pytest.raises(NotApplicableError, match=r"explained layer has shape \(4,\); explain a"):
        flat.run(np.zeros((1, 1, 2, 2), np.float32))
