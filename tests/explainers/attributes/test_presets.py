"""The published settings."""

import dataclasses

import pytest

from explainers.attributes.fitting.presets import PRESETS

#            J, epochs, batch, rate, relevance threshold, predictor
PUBLISHED = {
    "mnist": (25, 12, 16, 1e-4, 0.1, "lenet"),
    "mnist-64": (25, 12, 64, 3e-4, 0.1, "lenet"),
    "quickdraw": (24, 12, 64, 1e-4, 0.2, "resnet"),
    "cifar10": (36, 25, 64, 1e-4, 0.2, "resnet"),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_preset_is_as_published(name: str) -> None:
    preset = PRESETS[name]

    assert (
        preset.architecture.attributes,
        preset.epochs,
        preset.batch,
        preset.rate,
        preset.relevance,
        preset.predictor,
    ) == PUBLISHED[name]
    assert preset.rates == "constant"
    # The released MNIST model alone ends in a leaky ReLU.
    assert preset.architecture.outer_slope == (0.01 if name.startswith("mnist") else 0.0)


def test_every_preset_is_published_but_the_pooled_one() -> None:
    assert PRESETS.keys() == {"pooled", *PUBLISHED}


def test_the_pooled_preset_reads_a_map_of_a_quarter_of_the_size() -> None:
    preset = PRESETS["pooled"]

    assert preset.architecture == dataclasses.replace(PRESETS["mnist"].architecture, pool=2)
    assert (preset.rates, preset.predictor, preset.epochs) == ("one_cycle", "lenet", 12)


def test_only_cifar_slows_down_shifts_and_takes_absolute_errors() -> None:
    for name, preset in PRESETS.items():
        slowed = (preset.later_rate, preset.padding, preset.variant.absolute_error)
        colour = name == "cifar10"

        assert slowed == (((19, 4e-5), 2, True) if colour else ((0, 0.0), 0, False))
        assert preset.mean == ((0.4914, 0.4822, 0.4465) if colour else (0.0,))
        assert preset.std == ((0.247, 0.243, 0.261) if colour else (1.0,))
