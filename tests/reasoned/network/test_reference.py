"""The reference network and its training."""

import numpy as np
import pytest
import torch

from explainers.fitting_contract import silent
from reasoned.network.reference import LAYER, ReferenceNetwork, Training, train_reference


@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 32, 32), (1, 28, 30), (3, 48, 64), (3, 96, 96)])
def test_it_fits_images_of_any_usual_size(shape: tuple[int, int, int]) -> None:
    network = ReferenceNetwork(*shape, 7).eval()
    with torch.no_grad():
        logits = network(torch.zeros(2, *shape))

    assert logits.shape == (2, 7)
    assert network.get_submodule(LAYER) is network.hidden


@pytest.mark.parametrize(
    ("images", "epochs", "passes"), [(50_000, 0, 8), (1_150, 0, 60), (10**6, 0, 4), (50_000, 3, 3)]
)
def test_it_sees_about_400_000_images_unless_told_otherwise(
    images: int, epochs: int, passes: int
) -> None:
    assert Training(epochs=epochs).passes(images) == passes


@pytest.mark.parametrize("flip", [False, True])
def test_the_same_seed_gives_the_same_weights_and_it_learns(*, flip: bool) -> None:
    rng = np.random.default_rng(0)
    labels = np.arange(256, dtype=np.int64) % 2
    pixels = rng.normal(0, 0.3, (256, 1, 8, 8)).astype(np.float32)
    pixels[labels == 1, :, 2:6] += 1  # a bar that mirroring keeps
    training = Training(epochs=8, flip=flip, threads=1)
    first, again = (train_reference(pixels, labels, 2, training, silent) for _ in range(2))

    for one, other in zip(first.parameters(), again.parameters(), strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=0)
    assert not first.training
    with torch.no_grad():
        right = first(torch.from_numpy(pixels)).argmax(1).numpy() == labels
    assert right.mean() > 0.95
