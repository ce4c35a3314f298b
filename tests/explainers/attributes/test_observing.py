"""Training batches: scaling and shifting."""

import numpy as np
import torch

from explainers.attributes.fitting.observing import Scale, Training
from tests.explainers.attributes.small_training import SCALE, Predictor


def test_black_and_white_are_0_and_1_in_pixels() -> None:
    scale = Scale(np.array([-1, 0], np.float32), np.array([1, 4], np.float32))
    given = torch.tensor([-1.0, 1.0, 0.0]).view(3, 1, 1, 1) * torch.ones(3, 2, 1, 1)
    found = scale.to_pixels(given)

    np.testing.assert_allclose(found[:, 0, 0, 0], [0, 1, 0.5])
    np.testing.assert_allclose(found[:, 1, 0, 0], [-0.25, 0.25, 0])
    torch.testing.assert_close(scale.to_input(found), given)


def test_images_are_shifted_by_up_to_the_padding_and_rebuilt_as_shifted() -> None:
    pixels = np.zeros((64, 1, 6, 6), np.float32)
    pixels[:, 0, 3, 3] = 1
    source = Training(pixels, np.zeros(64, np.int64), Predictor().eval(), SCALE, padding=1)
    rng = np.random.default_rng(0)
    seen = source.observe(np.arange(64), rng)
    places = {tuple(np.argwhere(image[0].numpy())[0].tolist()) for image in seen.images}

    assert places == {(row, column) for row in (2, 3, 4) for column in (2, 3, 4)}
    still = Training(pixels, np.zeros(64, np.int64), Predictor().eval(), SCALE)
    np.testing.assert_array_equal(still.observe(np.arange(64), rng).images, pixels)
