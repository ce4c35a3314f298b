"""The decoder's layers, as published and for other images."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from explainers.attributes.fitting.architecture import Architecture, Shape
from explainers.attributes.fitting.decoder import Cropped, decoder
from explainers.attributes.fitting.presets import CIFAR10, MNIST, QUICKDRAW, Preset


def listed(made: nn.Sequential) -> list[str]:
    found = []
    for layer in made:
        if isinstance(layer, nn.Linear):
            found.append(f"affine {layer.in_features}-{layer.out_features}")
        elif isinstance(layer, nn.ConvTranspose2d):
            assert (layer.kernel_size, layer.stride) == ((3, 3), (2, 2))
            assert (layer.padding, layer.output_padding) == ((1, 1), (1, 1))
            found.append(f"up {layer.in_channels}-{layer.out_channels}")
        elif isinstance(layer, nn.Unflatten):
            size = "x".join(str(side) for side in layer.unflattened_size)
            found.append(f"view {size}" if len(found) == 1 else "view")
        elif isinstance(layer, nn.ReLU):
            found.append("relu")
    return found


@pytest.mark.parametrize(
    ("preset", "image", "layers"),
    [
        (
            MNIST,
            (1, 28, 28),
            "affine 25-98, view 2x7x7, up 2-8, relu, up 8-1, relu",
        ),
        (
            QUICKDRAW,
            (1, 28, 28),
            "affine 24-98, view 2x7x7, up 2-4, relu, up 4-8, relu, affine 6272-784, relu, view",
        ),
        (
            CIFAR10,
            (3, 32, 32),
            "affine 36-640, view 10x8x8, up 10-24, relu, up 24-8, relu, affine 8192-3072, view",
        ),
    ],
    ids=["mnist", "quickdraw", "cifar10"],
)
def test_the_published_decoders(preset: Preset, image: Shape, layers: str) -> None:
    made = decoder(image, preset.architecture)

    assert ", ".join(listed(made)) == layers
    assert made(torch.zeros(2, preset.architecture.attributes)).shape == (2, *image)


@given(
    st.integers(1, 3),
    st.integers(1, 20),
    st.integers(1, 20),
    st.sampled_from(["transposed", "dense", "dense_linear"]),
)
def test_an_image_of_any_size_is_rebuilt(channels: int, rows: int, columns: int, kind: str) -> None:
    given_kind = {"transposed": MNIST, "dense": QUICKDRAW, "dense_linear": CIFAR10}[kind]
    made = decoder((channels, rows, columns), given_kind.architecture)
    j = given_kind.architecture.attributes

    assert made(torch.zeros(1, j)).shape == (1, channels, rows, columns)


def test_a_large_image_is_doubled_more_often() -> None:
    made = decoder((3, 224, 200), Architecture())

    # 224 / 2**4 = 14 rows and 200 / 2**4 = 12.5 columns, of which 13 are cropped after.
    assert listed(made)[1] == "view 2x14x13"
    assert sum("up" in layer for layer in listed(made)) == 4


def test_what_is_cropped_is_the_end() -> None:
    image = torch.arange(12.0).reshape(1, 1, 3, 4)

    assert Cropped(2, 3)(image).flatten().tolist() == [0, 1, 2, 4, 5, 6]
