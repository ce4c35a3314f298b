"""AM+PI on attributes whose maxima are known, and on a small network."""

import dataclasses

import numpy as np
import pytest
import torch
from torch import nn

from explainers.arrays import DoubleArray, FloatArray
from explainers.attributes.fitting.activation_maximisation import (
    NOISE,
    Maximised,
    Maximiser,
    out_of_bounds,
    total_variation,
)
from explainers.attributes.fitting.maximisation_settings import (
    CIFAR10,
    CUB,
    GREY,
    SHORT,
    MaximisationSettings,
    Phase,
    settings_for,
)
from explainers.attributes.fitting.observing import Scale
from explainers.errors import ShapeError
from explainers.fitting_contract import silent

SIDE, ATTRIBUTES = 12, 6
UNIT = Scale(np.zeros(1, np.float32), np.ones(1, np.float32))
# The small network's attributes rise slowly: they need more weight than the paper's.
FEW = dataclasses.replace(SHORT, activation=60.0, phases=(Phase(6.0, rounds=4, steps=15),))


class Dictionary(nn.Module):
    """A small convolutional dictionary of non-negative attributes."""

    def __init__(self, channels: int = 1) -> None:
        super().__init__()
        torch.manual_seed(5)
        self.layers = nn.Sequential(
            nn.Conv2d(channels, 8, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(8, 8, 3, padding=1),
            nn.LeakyReLU(0.01),
            nn.AdaptiveAvgPool2d(3),
            nn.Flatten(),
            nn.Linear(72, ATTRIBUTES),
            nn.Softplus(),
        )

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        phi: torch.Tensor = self.layers(inputs)
        return phi


@pytest.fixture(scope="module")
def starts() -> FloatArray:
    drawn = np.random.default_rng(7).random((12, 1, SIDE, SIDE)).astype(np.float32)
    return np.round(drawn, 2)


def maximised(
    starts: FloatArray | DoubleArray,
    settings: MaximisationSettings,
    network: nn.Module | None = None,
) -> Maximised:
    phi_of = Dictionary() if network is None else network
    attributes = np.arange(len(starts)) % ATTRIBUTES
    maximiser = Maximiser(phi_of, UNIT, settings)
    return maximiser.maximise(starts, attributes, np.random.default_rng(1), silent, "pictures")


def test_the_numbers_are_those_of_the_released_code() -> None:
    grey = (GREY.start, GREY.activation, GREY.bounds, GREY.phases, GREY.rate, GREY.decay)
    assert grey == (0.3, 2.0, 10.0, (Phase(6.0, 12, 50),), 0.05, 0.5)
    assert (GREY.steps, SHORT.steps, GREY.mode) == (600, 150, "bounded")
    assert (CIFAR10.start, CIFAR10.bounds, CIFAR10.phases[0].variation) == (0.4, 20.0, 20.0)
    assert [(p.variation, p.rounds, p.steps) for p in CUB.phases] == [
        (80.0, 12, 200),
        (240.0, 12, 180),
    ]
    assert (settings_for(1), settings_for(3).start, settings_for(3).steps) == (SHORT, 0.4, 150)


def test_penalties_worked_by_hand() -> None:
    image = torch.tensor([[[[0.0, 1.0], [2.0, -1.0]]]], dtype=torch.float64)

    # Vertical: |2 - 0| and |-1 - 1|; horizontal: |1 - 0| and |-1 - 2|.
    assert total_variation(image).tolist() == [2.0 + 2.0]
    # Of four pixels 2 and -1 are outside; 0 and 1 are not.
    assert out_of_bounds(image).tolist() == [3.0 / 4.0]


def test_one_pixel_is_found_that_the_attribute_reads(starts: FloatArray) -> None:
    # phi is one pixel, so that it rises to 1 and the total variation flattens the others.
    found = maximised(starts[:1], FEW, Reading())

    np.testing.assert_allclose(found.pictures[0, 0, 5, 5], 1.0, rtol=0, atol=1e-3)
    np.testing.assert_allclose(found.original_phi, starts[0, 0, 5, 5], rtol=1e-6)
    np.testing.assert_allclose(found.start_phi, 0.3 * starts[0, 0, 5, 5], rtol=1e-5)
    np.testing.assert_allclose(found.final_phi, found.pictures[:, 0, 5, 5], rtol=0, atol=0)


class Reading(nn.Module):
    """Attributes that are all the same pixel."""

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return inputs[:, 0, 5, 5, None].expand(-1, ATTRIBUTES)


def test_it_raises_the_attribute_within_the_range_of_pixels(starts: FloatArray) -> None:
    found = maximised(starts, FEW)

    assert found.raised.all()
    assert found.pictures.min() >= 0.0
    assert found.pictures.max() <= 1.0
    np.testing.assert_array_equal(found.ranges[:, 0], found.pictures.min(axis=(1, 2, 3)))


def test_released_leaves_the_range_where_bounded_does_not(starts: FloatArray) -> None:
    strong = dataclasses.replace(FEW, activation=200.0)
    bounded = maximised(starts, strong)
    released = maximised(starts, dataclasses.replace(strong, mode="released"))

    assert released.ranges[:, 1].max() > 1.0
    assert (released.final_phi > bounded.final_phi).all()
    assert bounded.above_original.all()


def test_a_batch_is_what_its_images_are_one_by_one(starts: FloatArray) -> None:
    exact = starts.astype(np.float64)
    network = Dictionary().double()

    together = maximised(exact, FEW, network)
    chunked = maximised(exact, dataclasses.replace(FEW, batch=5), network)
    attributes = np.arange(len(exact)) % ATTRIBUTES
    rng, maximiser = np.random.default_rng(1), Maximiser(network, UNIT, FEW)
    alone = [
        maximiser.maximise(exact[i : i + 1], attributes[i : i + 1], rng, silent, "pictures")
        for i in range(len(exact))
    ]

    # float64 leaves rounding of products alone, which 60 steps of Adam do not blow up.
    for i, one in enumerate(alone):
        np.testing.assert_allclose(together.pictures[i], one.pictures[0], rtol=0, atol=1e-9)
        np.testing.assert_allclose(together.final_phi[i], one.final_phi[0], rtol=1e-9)
    np.testing.assert_allclose(together.pictures, chunked.pictures, rtol=0, atol=1e-9)
    assert together.pictures.dtype == np.float64


def test_in_float32_the_attributes_agree(starts: FloatArray) -> None:
    single = maximised(starts, FEW)
    double = maximised(starts.astype(np.float64), FEW, Dictionary().double())

    # Adam turns noise on flat pixels into whole steps, so pixels may differ; phi hardly does.
    np.testing.assert_allclose(single.final_phi, double.final_phi, rtol=0.05)


def test_noise_is_drawn_where_the_start_is_none_of_the_image(starts: FloatArray) -> None:
    still = dataclasses.replace(FEW, start=0.0, phases=(Phase(0.0, 1, 1),), rate=0.0)

    found = maximised(starts, still)

    assert found.pictures.max() <= NOISE
    assert len(np.unique(found.pictures[0])) > SIDE * SIDE // 2
    np.testing.assert_array_equal(found.pictures, maximised(starts, still).pictures)


def test_jitter_still_raises(starts: FloatArray) -> None:
    assert maximised(starts, dataclasses.replace(FEW, jitter=2)).raised.all()


def test_the_network_sees_its_own_units(starts: FloatArray) -> None:
    scale = Scale(np.array([-1.0], np.float32), np.array([3.0], np.float32))
    maximiser = Maximiser(Reading(), scale, dataclasses.replace(FEW, start=1.0, rate=0.0))

    found = maximiser.maximise(
        starts[:2], np.zeros(2, np.int64), np.random.default_rng(0), silent, "pictures"
    )

    np.testing.assert_allclose(found.start_phi, 4.0 * starts[:2, 0, 5, 5] - 1.0, rtol=1e-5)


def test_the_network_is_left_as_it_was(starts: FloatArray) -> None:
    network = Dictionary()
    before = {name: value.clone() for name, value in network.state_dict().items()}

    maximised(starts, FEW, network)

    assert all(torch.equal(before[name], now) for name, now in network.state_dict().items())
    assert all(parameter.grad is None for parameter in network.parameters())


def test_nothing_to_start_from_gives_nothing(starts: FloatArray) -> None:
    found = maximised(starts[:0], FEW)

    assert found.pictures.shape == (0, 1, SIDE, SIDE)
    assert found.ranges.shape == (0, 2)
    assert found.raised.shape == (0,)


def test_there_is_one_attribute_per_start(starts: FloatArray) -> None:
    with pytest.raises(ShapeError, match=r"attributes must have shape \(starts=12\), not \(3,\)"):
        Maximiser(Dictionary(), UNIT, FEW).maximise(
            starts, np.zeros(3, np.int64), np.random.default_rng(0), silent, "pictures"
        )


def test_settings_must_make_sense() -> None:
    with pytest.raises(ValueError, match=r"start must lie in \[0, 1\], not 1.5"):
        MaximisationSettings(start=1.5)
    with pytest.raises(ValueError, match="at least one phase and a batch of at least 1, not 0"):
        MaximisationSettings(phases=())
