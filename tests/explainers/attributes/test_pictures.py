"""The pictures of every pair that leads images."""

import dataclasses
import math

import numpy as np
import pytest
import torch

from explainers.arrays import IntArray
from explainers.attributes.fitting.architecture import Architecture
from explainers.attributes.fitting.interpreter import Psi
from explainers.attributes.fitting.maximisation_settings import SHORT, Phase
from explainers.attributes.fitting.observing import Scale
from explainers.attributes.fitting.picture_bytes import as_bytes, shown_size
from explainers.attributes.fitting.pictures import (
    Activated,
    Pictures,
    attributes_of,
    draw_pictures,
)
from explainers.fitting_contract import Lower, silent

FEW = dataclasses.replace(SHORT, phases=(Phase(1.0, rounds=2, steps=10),))
SIDE = 4
PAIRS = np.array([[0, 0], [1, 1], [0, 1]])


@pytest.fixture
def given() -> Activated:
    # An attribute is the mean of one half of the image; inputs run from -1 to 1.
    rng = np.random.default_rng(3)
    pixels = rng.uniform(-1, 1, (9, 1, SIDE, SIDE)).astype(np.float32)
    return Activated(
        pixels=pixels,
        scale=Scale(-np.ones(1, np.float32), np.ones(1, np.float32)),
        phi=halves(torch.from_numpy(pixels)).numpy(),
        classes=np.array([0, 0, 0, 0, 0, 1, 1, 1, 1]),
        leads=np.array([0, 0, 0, 0, 1, 1, 1, -1, -1]),
    )


def halves(images: torch.Tensor) -> torch.Tensor:
    return images.reshape(len(images), 2, -1).mean(dim=2) + 2.0


def drawn(given: Activated, pairs: IntArray = PAIRS) -> Pictures:
    return draw_pictures(given, pairs, halves, FEW, np.random.default_rng(0), silent)


def test_every_pair_has_its_pictures(given: Activated) -> None:
    found = drawn(given)

    assert found.samples.shape == (3, 3)
    assert (given.classes[found.samples] == found.pairs[:, :1]).all()
    assert found.sample_pictures.shape == (3, 3, SIDE, SIDE, 1)
    for one in (found.random_pictures, found.released_pictures, found.local_pictures):
        assert one.shape == (3, SIDE, SIDE, 1)
    assert found.released_ranges.shape == (3, 2)
    assert (found.tried, found.raised, found.above_original) == (9, 9, 9)
    assert found.reason == ""


def test_what_is_maximised_is_brighter_where_the_attribute_looks(given: Activated) -> None:
    found = drawn(given)
    # Attribute 0 reads the upper half, attribute 1 the lower.
    upper, lower = found.sample_pictures[:, 0, :2].mean(), found.sample_pictures[1, 0, 2:].mean()

    assert found.sample_pictures[0, 0, :2].mean() > found.sample_pictures[0, 0, 2:].mean()
    assert lower > found.sample_pictures[1, 0, :2].mean()
    assert upper > 0


def test_a_local_sample_is_led_by_the_pair_and_no_sample_of_it(given: Activated) -> None:
    found = drawn(given)

    for pair, local, samples in zip(found.pairs, found.local_samples, found.samples, strict=True):
        if local >= 0:
            assert (given.classes[local], given.leads[local]) == tuple(pair)
            assert local not in samples
    # One image alone is led by (0, 1): there is no other where it is a sample.
    alone = found.local_samples[2]
    assert alone == (-1 if 4 in found.samples[2] else 4)
    assert (alone >= 0) == bool(found.local_pictures[2].any())


def test_a_class_with_few_images_has_blank_pictures(given: Activated) -> None:
    few = dataclasses.replace(given, classes=np.array([0, 0, 2, 2, 2, 2, 2, 2, 2]))

    found = drawn(few, np.array([[0, 0], [1, 1]]))

    # Class 0 has two images, class 1 none.
    assert found.samples[:, 1:].tolist() == [[found.samples[0, 1], -1], [-1, -1]]
    assert not found.sample_pictures[0, 2].any()
    assert found.tried == 2
    assert found.random_pictures[0].any()
    assert not found.random_pictures[1].any()
    assert not found.released_ranges[1].any()


def test_without_a_gradient_there_are_samples_and_a_reason(given: Activated) -> None:
    blind = Lower(("hidden",), None, "the graph computes Erf")
    reason = attributes_of(blind, Psi(((1, 2, 2),), Architecture(attributes=2)))
    assert isinstance(reason, str)

    found = draw_pictures(given, PAIRS, reason, FEW, np.random.default_rng(0), silent)

    np.testing.assert_array_equal(found.samples, drawn(given).samples)
    assert found.sample_pictures.size == found.released_ranges.size == found.tried == 0
    assert found.reason == "the graph computes Erf"


def test_no_pair_has_no_pictures(given: Activated) -> None:
    found = drawn(given, PAIRS[:0])

    assert found.sample_pictures.shape[:2] == (0, 3)


def test_the_network_below_and_psi_are_joined(given: Activated) -> None:
    psi = Psi(((1, SIDE, SIDE), (1, SIDE, SIDE)), Architecture(attributes=8)).eval()
    phi_of = attributes_of(Lower(("a", "b"), lambda images: (images, 2 * images)), psi)
    assert not isinstance(phi_of, str)
    images = torch.from_numpy(given.pixels)

    with torch.no_grad():
        torch.testing.assert_close(phi_of(images), psi((images, 2 * images)), rtol=0, atol=0)


def test_an_attribute_that_is_off_has_a_gradient_all_the_same(given: Activated) -> None:
    psi = Psi(((1, SIDE, SIDE),), Architecture(attributes=2)).eval()
    with torch.no_grad():
        psi.attributes.bias.fill_(-9.0)
    phi_of = attributes_of(Lower(("a",), lambda images: (images,)), psi)
    assert not isinstance(phi_of, str)
    images = torch.from_numpy(given.pixels).requires_grad_()

    phi = phi_of(images)
    (gradient,) = torch.autograd.grad(phi.sum(), images)

    assert not phi.any()
    assert gradient.abs().sum() > 0
    assert psi.outer_slope == 0.0


def test_bounded_bytes_are_the_pixels() -> None:
    pictures = np.array([0.0, 1.0, 0.5, 2.0], np.float32).reshape(1, 1, 2, 2)

    assert as_bytes(pictures, "bounded")[0, :, :, 0].tolist() == [[0, 255], [128, 255]]
    # Scaled from 0 to 2 instead.
    assert as_bytes(pictures, "released")[0, :, :, 0].tolist() == [[0, 128], [64, 255]]
    assert not as_bytes(np.full((1, 1, 2, 2), 0.7, np.float32), "released").any()


def test_large_pictures_shrink_by_areas() -> None:
    pictures = np.zeros((2, 3, 224, 112), np.float32)
    pictures[:, 1, ::2] = 1.0

    found = as_bytes(pictures, "bounded")

    assert found.shape == (2, 112, 56, 3)
    assert (found[:, :, :, 1] == 128).all()
    assert not found[:, :, :, 0].any()
    assert shown_size(300, 2) == (112, 1)
    assert math.prod(as_bytes(pictures[:0], "released").shape) == 0
