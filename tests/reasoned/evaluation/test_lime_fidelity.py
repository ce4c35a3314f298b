"""LIME by Captum on networks that are linear in the cells of an image."""

import numpy as np
import pytest
import torch

from explainers.arrays import FloatArray
from explainers.fitting_contract import silent
from reasoned.evaluation.lime_fidelity import (
    HELD_OUT,
    cell_count,
    cells_of,
    fit_lime,
    lime_agreement,
    without_cells,
)

SIDE = 14
BLACK = np.array([-1.0], np.float32)


@pytest.fixture(scope="module")
def images() -> FloatArray:
    return np.random.default_rng(4).uniform(0.2, 1, (6, 1, SIDE, SIDE)).astype(np.float32)


def halves(given: FloatArray) -> FloatArray:
    """Give a class to the brighter half, left or right; a third class never comes first."""
    left, right = given[..., : SIDE // 2].mean((1, 2, 3)), given[..., SIDE // 2 :].mean((1, 2, 3))
    return np.stack([4 * left, 4 * right, 0 * left - 9], axis=1)


def test_cells_are_a_grid_of_seven_by_seven() -> None:
    assert cells_of(28, 28)[3:5, 3:5].tolist() == [[0, 1], [7, 8]]
    assert cells_of(28, 28).max() + 1 == cell_count(28, 28) == 49
    assert cells_of(3, 30).max() + 1 == cell_count(3, 30) == 21
    assert len(np.unique(cells_of(30, 100))) == 49


def test_removed_cells_are_black(images: FloatArray) -> None:
    kept = np.ones((2, 49), np.bool_)
    kept[1, 8] = False

    found = without_cells(images[0], kept, cells_of(SIDE, SIDE), BLACK)

    np.testing.assert_array_equal(found[0], images[0])
    assert (found[1, 0, 2:4, 2:4] == -1.0).all()
    assert (found[1] != images[0]).sum() == 4


def test_it_finds_which_cells_a_class_rests_on(images: FloatArray) -> None:
    found = fit_lime(images[0], halves, BLACK, 400, 0)

    weights = found.weights.reshape(3, 7, 7)
    assert weights[0, :, :3].mean() > 0 > weights[0, :, 4:].mean()
    assert weights[1, :, 4:].mean() > 0 > weights[1, :, :3].mean()
    # Probabilities add up to 1, and so do the surrogates of all classes.
    np.testing.assert_allclose(found.weights.sum(axis=0), 0.0, rtol=0, atol=1e-5)
    np.testing.assert_allclose(found.bias.sum(), 1.0, rtol=0, atol=1e-5)


def test_all_classes_share_their_samples_and_the_seed_says_which(images: FloatArray) -> None:
    asked = []

    def counted(given: FloatArray) -> FloatArray:
        asked.append(len(given))
        return halves(given)

    state = torch.random.get_rng_state()
    first = fit_lime(images[1], counted, BLACK, 200, 5)

    # One image more, to learn what comes out.
    assert sum(asked) <= 201
    np.testing.assert_array_equal(first.weights, fit_lime(images[1], halves, BLACK, 200, 5).weights)
    assert (first.weights != fit_lime(images[1], halves, BLACK, 200, 6).weights).any()
    assert torch.equal(state, torch.random.get_rng_state())


def test_it_is_judged_on_the_image_and_on_cells_it_has_not_seen(images: FloatArray) -> None:
    found = lime_agreement(images, halves, BLACK, (400, 0), silent)

    assert found.variants.shape == (6, HELD_OUT, 1, SIDE, SIDE)
    truth = halves(found.variants.reshape(-1, 1, SIDE, SIDE)).argmax(axis=1)
    np.testing.assert_array_equal(found.classes.ravel(), truth)
    assert found.removed.shape == (6, HELD_OUT)
    # The network is nearly linear in the cells.
    assert found.removed.mean() > 0.85


def test_a_network_with_one_answer_is_followed(images: FloatArray) -> None:
    def constant(given: FloatArray) -> FloatArray:
        return np.tile(np.array([[0.0, 3.0]], np.float32), (len(given), 1))

    found = lime_agreement(images[:2], constant, BLACK, (50, 0), silent)

    assert found.itself.all()
    assert found.removed.all()
