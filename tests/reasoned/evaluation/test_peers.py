"""Our weights give the very maps of the libraries that they stand for."""

import numpy as np
import pytest
import torch
from captum.attr import LayerGradCam
from torchcam.methods import GradCAMpp, ScoreCAM

from explainers.arrays import DoubleArray, FloatArray, IntArray
from reasoned.evaluation.comparison import weighted_maps
from reasoned.evaluation.image_polytope import Searching
from reasoned.evaluation.peers import (
    PEERS,
    grad_cam,
    grad_cam_pp,
    grad_cam_pp_formula,
    score_cam,
)

Asked = tuple[FloatArray, IntArray]


@pytest.fixture
def asked(digits: Searching) -> Asked:
    # Each for a class of its own, and not only for the one that the network gives.
    return np.array(digits.unseen.pixels[:6]), np.array([0, 1, 2, 3, 4, 5], np.int64)


def test_grad_cam_is_captums(digits: Searching, asked: Asked) -> None:
    pixels, classes = asked
    cam = LayerGradCam(digits.network.whole, digits.network.lower)
    target = torch.from_numpy(classes)
    whole = cam.attribute(torch.from_numpy(pixels), target=target, relu_attributions=True)

    found = weighted_maps(grad_cam(digits.network, pixels, classes), digits.unseen.psi[:6])

    np.testing.assert_allclose(found, whole[:, 0].detach().numpy(), atol=1e-5)
    assert found.max() > 0


def test_grad_cam_pp_is_torchcams(digits: Searching, asked: Asked) -> None:
    pixels, classes = asked
    with GradCAMpp(digits.network.whole, digits.network.lower) as extractor:
        scores = digits.network.whole(torch.from_numpy(pixels).requires_grad_())
        (whole,) = extractor(classes.tolist(), scores, normalized=False)

    found = weighted_maps(grad_cam_pp(digits.network, pixels, classes), digits.unseen.psi[:6])

    np.testing.assert_allclose(found, whole.numpy(), rtol=1e-4, atol=1e-6)
    assert found.max() > 0


def test_score_cam_is_torchcams(digits: Searching, asked: Asked) -> None:
    pixels, classes = asked
    with ScoreCAM(digits.network.whole, digits.network.lower) as extractor, torch.no_grad():
        digits.network.whole(torch.from_numpy(pixels))
        (whole,) = extractor(classes.tolist(), normalized=False)

    weights = score_cam(digits.network, pixels, classes)

    found = weighted_maps(weights, digits.unseen.psi[:6])
    np.testing.assert_allclose(found, whole.numpy(), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(weights.sum(axis=1), 1.0, rtol=1e-5)


def test_the_formula_of_grad_cam_pp_by_loops(digits: Searching, asked: Asked) -> None:
    pixels, classes = asked[0][:2], asked[1][:2]
    psi = torch.from_numpy(np.array(digits.unseen.psi[:2])).requires_grad_()
    scores = digits.network.upper(psi).gather(1, torch.from_numpy(classes)[:, None])
    (gradient,) = torch.autograd.grad(scores.sum(), psi)

    found = grad_cam_pp_formula(digits.network, pixels, classes)

    maps, slopes = digits.unseen.psi[:2].astype(np.float64), gradient.double().numpy()
    expected = np.zeros((2, 12))
    for image, channel in np.ndindex(2, 12):
        total = maps[image, channel].sum()
        for row, column in np.ndindex(8, 8):
            slope = slopes[image, channel, row, column]
            below = 2 * slope**2 + total * slope**3
            expected[image, channel] += slope**2 / below * max(slope, 0.0) if below else 0.0
    np.testing.assert_allclose(found, expected, rtol=1e-3)


@pytest.mark.parametrize("name", list(PEERS))
def test_an_image_is_weighed_alike_alone_and_among_others(
    digits: Searching, asked: Asked, name: str
) -> None:
    pixels, classes = asked

    together: DoubleArray = PEERS[name](digits.network, pixels, classes)
    alone = PEERS[name](digits.network, pixels[2:3], classes[2:3])

    assert together.shape == (6, 12)
    np.testing.assert_allclose(together[2], alone[0], rtol=1e-3, atol=1e-6)
