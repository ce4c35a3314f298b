"""Digits that a small network was trained on, and a network that reads one channel."""

from pathlib import Path

import numpy as np
import pytest

from explainers.fitting_contract import silent
from explainers.representative.served.search import References
from reasoned.datasets.digits import open_digits
from reasoned.evaluation.comparison import Scene
from reasoned.evaluation.image_polytope import Searching
from reasoned.evaluation.masking import Masking
from reasoned.evaluation.subject import Subject
from reasoned.evaluation.unseen import see
from reasoned.images.preprocessing import Preprocessing
from tests.reasoned.evaluation.cut_networks import (
    SIZE,
    one_channel,
    patched_images,
    trained_on_digits,
)

TRAINED = 1200


def grey(side: int) -> Preprocessing:
    return Preprocessing(height=side, width=side, channels=1, mean=(0.25,), std=(0.5,))


@pytest.fixture(scope="session")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Searching:
    dataset, as_input = open_digits(), grey(8)
    pixels = np.stack([as_input.apply(dataset.image(row)) for row in range(len(dataset))])
    train, test = pixels[:TRAINED], pixels[TRAINED:]
    network = trained_on_digits(train, dataset.labels[:TRAINED].copy())
    references = References(*network.boundary_values(train, silent, "training images"))
    unseen = see(network, test, as_input, tmp_path_factory.mktemp("digits"), silent)
    return Searching(network, references, unseen, seed=3)


@pytest.fixture(scope="session")
def digits_scene(digits: Searching) -> Scene:
    return Scene(digits.network, digits.unseen, Masking(), similar=10, seed=3)


@pytest.fixture(scope="session")
def digits_subject(digits: Searching) -> Subject:
    return Subject("digits", tuple("0123456789"), digits, None)


@pytest.fixture(scope="session")
def patches(tmp_path_factory: pytest.TempPathFactory) -> Searching:
    network = one_channel()
    pixels, _, _ = patched_images(200, np.random.default_rng(1))
    others, _, _ = patched_images(40, np.random.default_rng(2))
    references = References(*network.boundary_values(pixels, silent, "training images"))
    unseen = see(network, others, grey(SIZE), Path(tmp_path_factory.mktemp("patches")), silent)
    return Searching(network, references, unseen, seed=3)
