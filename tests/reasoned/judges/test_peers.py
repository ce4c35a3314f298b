"""Other methods' pictures, against what their definitions say."""

import numpy as np
import pytest
import torch

from explainers.arrays import FloatArray, IntArray
from reasoned.evaluation.lime_fidelity import cells_of, fit_lime
from reasoned.judges.network import JudgedNetwork
from reasoned.judges.peers import (
    GradCamMaps,
    IntegratedGradientMaps,
    RandomMaps,
    SaliencyMaps,
    gradient_peers,
)
from reasoned.judges.pictures import enlarged, scaled
from reasoned.judges.sampling_peers import KernelShapMaps, LimeMaps
from reasoned.judges.subject import JudgeSubject
from tests.reasoned.judges.judged_networks import image


@pytest.fixture
def some(digits_subject: JudgeSubject) -> tuple[JudgedNetwork, FloatArray, IntArray]:
    pixels = digits_subject.pixels[:9]
    return digits_subject.network, pixels, digits_subject.network.logits(pixels).argmax(axis=1)


def black_of(subject: JudgeSubject) -> FloatArray:
    return np.asarray(subject.pixels.min(axis=(0, 2, 3)))


def test_saliency_is_the_size_of_the_gradient(small: JudgedNetwork) -> None:
    pixels = np.repeat(image(1.0, 1.0), 2, axis=0)
    found = SaliencyMaps().attribute(small, pixels, np.array([1, 2]))
    expected = np.zeros((2, 4, 4))
    # Every quarter's last pixel counts three times for class 1; both count once against 2.
    expected[0, 1::2, 1::2] = 3.0
    expected[1, 1::2, 1::2] = expected[1, ::2, ::2] = 1.0
    np.testing.assert_allclose(found, expected)


def test_integrated_gradients_add_up_to_the_change_of_the_logit(
    some: tuple[JudgedNetwork, FloatArray, IntArray], digits_subject: JudgeSubject
) -> None:
    network, pixels, classes = some
    black = black_of(digits_subject)
    found = IntegratedGradientMaps(black).attribute(network, pixels, classes)
    dark = np.broadcast_to(black[None, :, None, None], pixels.shape)
    rows = np.arange(len(pixels))
    change = (network.logits(pixels) - network.logits(np.array(dark)))[rows, classes]
    # 32 steps of a piecewise linear function.
    np.testing.assert_allclose(found.sum(axis=(1, 2)), change, rtol=0.1, atol=0.3)


def test_grad_cam_weighs_channels_by_their_mean_gradient(
    some: tuple[JudgedNetwork, FloatArray, IntArray],
) -> None:
    network, pixels, classes = some
    psi = torch.from_numpy(network.run(pixels, "psi")["psi"]).requires_grad_()
    assert network.upper is not None
    network.upper(psi)[torch.arange(len(pixels)), torch.from_numpy(classes)].sum().backward()
    assert psi.grad is not None
    weights = psi.grad.mean(dim=(2, 3), keepdim=True)
    expected = (weights * psi.detach()).sum(dim=1).relu().double().numpy()
    found = GradCamMaps().attribute(network, pixels, classes)
    np.testing.assert_allclose(found, enlarged(expected, pixels), rtol=1e-3, atol=1e-4)


def test_random_pictures_are_the_same_again_and_others_for_other_images(
    some: tuple[JudgedNetwork, FloatArray, IntArray],
) -> None:
    network, pixels, classes = some
    found = RandomMaps(1).attribute(network, pixels, classes)
    again = RandomMaps(1).attribute(network, pixels[3:], classes[3:])
    np.testing.assert_array_equal(found[3:], again)
    assert len(np.unique(found.sum(axis=(1, 2)))) == len(pixels)
    assert not np.array_equal(found, RandomMaps(2).attribute(network, pixels, classes))


def test_a_network_without_a_map_has_no_grad_cam(small: JudgedNetwork) -> None:
    black = np.zeros(1, np.float32)
    names = ["saliency", "integrated_gradients", "grad_cam"]
    assert [peer.name for peer in gradient_peers(small, black)] == names
    small.lower = None
    assert [peer.name for peer in gradient_peers(small, black)] == names[:2]


def test_lime_paints_the_weights_of_cells(
    some: tuple[JudgedNetwork, FloatArray, IntArray], digits_subject: JudgeSubject
) -> None:
    network, pixels, classes = some
    black = black_of(digits_subject)
    found = LimeMaps(black, 60, 4).attribute(network, pixels[:2], classes[:2])
    fitted = fit_lime(pixels[1], network.logits, black, 60, 4).weights[classes[1]]
    np.testing.assert_array_equal(found[1], fitted[cells_of(8, 8)])


def test_kernel_shap_adds_up_to_the_change_of_the_probability(
    some: tuple[JudgedNetwork, FloatArray, IntArray], digits_subject: JudgeSubject
) -> None:
    network, pixels, classes = some
    black = black_of(digits_subject)
    before = torch.random.get_rng_state()
    found = KernelShapMaps(black, 150, 4).attribute(network, pixels[:2], classes[:2])
    assert torch.equal(before, torch.random.get_rng_state())
    cells = cells_of(8, 8)
    first = np.unique(cells, return_index=True)[1]
    dark = np.broadcast_to(black[None, :, None, None], pixels[:2].shape)
    chances = [
        torch.from_numpy(network.logits(np.array(given))).softmax(dim=1).numpy()
        for given in (pixels[:2], dark)
    ]
    change = (chances[0] - chances[1])[np.arange(2), classes[:2]]
    # Captum asks for it by a large weight, not by a constraint.
    np.testing.assert_allclose(found.reshape(2, -1)[:, first].sum(axis=1), change, atol=0.05)


def test_scaled_pictures_have_a_largest_number_of_one() -> None:
    pictures = np.array([[[1.0, -4.0]], [[0.0, 0.0]]])
    np.testing.assert_array_equal(scaled(pictures), [[[0.25, -1.0]], [[0.0, 0.0]]])
