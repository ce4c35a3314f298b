"""From options to a preset."""

import dataclasses

import pytest

from explainers.attributes.fitting.presets import CIFAR10, MNIST, POOLED, QUICKDRAW
from explainers.attributes.fitting.schedule import StageWeights
from explainers.attributes.fitting.variants import PRINTED
from reasoned.errors import OptionsError
from reasoned.fitting.preset_choices import PresetChoices, scaling, settle_preset


@pytest.mark.parametrize(
    ("channels", "usual"), [(1, ("pooled", POOLED)), (3, ("cifar10", CIFAR10))]
)
def test_nothing_asked_is_the_usual_preset(channels: int, usual: object) -> None:
    assert settle_preset(PresetChoices(), channels) == usual


def test_a_preset_may_be_named_for_any_channels() -> None:
    assert settle_preset(PresetChoices("quickdraw"), 3) == ("quickdraw", QUICKDRAW)


def test_what_was_asked_is_changed_and_nothing_else() -> None:
    asked = PresetChoices(
        "mnist", epochs=20, batch=32, rate=1e-3, attributes=40, positive_head=True, leaky=False
    )
    _, found = settle_preset(asked, 1)

    architecture = dataclasses.replace(
        MNIST.architecture, attributes=40, positive_head=True, outer_slope=0.0
    )
    assert found == dataclasses.replace(
        MNIST, epochs=20, batch=32, rate=1e-3, architecture=architecture
    )


@pytest.mark.parametrize(("leaky", "slope"), [(None, 0.0), (True, 0.01), (False, 0.0)])
def test_psi_may_end_in_a_leaky_relu(leaky: bool | None, slope: float) -> None:  # noqa: FBT001  parametrised
    _, found = settle_preset(PresetChoices("quickdraw", leaky=leaky), 1)

    assert found.architecture.outer_slope == slope


def test_a_later_rate_keeps_its_proportion() -> None:
    _, found = settle_preset(PresetChoices("cifar10", rate=1e-3), 3)

    assert found.later_rate[0] == 19
    assert found.later_rate[1] == pytest.approx(4e-4)


def test_the_paper_s_letters_stand_for_terms() -> None:
    _, found = settle_preset(
        PresetChoices("mnist-64", weights={"beta": 2, "gamma": 3, "delta": 4, "l1": 5}), 1
    )

    assert found.schedule.weights(12) == StageWeights(2, 3, 4, 4, 5)
    assert found.schedule.weights(1) == StageWeights(0, 3, 0, 0, 0)
    _, found = settle_preset(
        PresetChoices("mnist-64", weights={"conciseness": 0, "diversity": 1}), 1
    )
    assert found.schedule.weights(12) == StageWeights(0.5, 0.8, 0, 1, 0.1)


def test_both_entropies_at_once_and_apart_is_refused() -> None:
    with pytest.raises(OptionsError, match=r"delta is the weight of both.*--weight diversity"):
        settle_preset(PresetChoices(weights={"delta": 0.1, "diversity": 0.1}), 1)


def test_the_variant_is_the_preset_s_unless_it_is_asked_for() -> None:
    found = [
        settle_preset(PresetChoices("cifar10", variant=variant), 3)[1].variant
        for variant in (None, "released", "printed")
    ]

    assert found == [CIFAR10.variant, CIFAR10.variant, PRINTED]


def test_a_training_that_ends_before_a_term_begins_is_refused() -> None:
    with pytest.raises(
        OptionsError,
        match=r"--epochs 3 ends before every term of the loss has begun: conciseness begins in "
        "epoch 5; give at least as many epochs, or a weight of 0",
    ):
        settle_preset(PresetChoices("mnist-64", epochs=3), 1)
    _, found = settle_preset(PresetChoices("mnist-64", epochs=3, weights={"delta": 0}), 1)
    assert found.epochs == 3


def test_an_unknown_preset_is_refused() -> None:
    with pytest.raises(
        OptionsError, match=r"--preset must be one of pooled, mnist, mnist-64.*'cub'"
    ):
        settle_preset(PresetChoices("cub"), 3)


def test_the_scaling_is_per_channel() -> None:
    assert scaling("mnist", MNIST, 3) == ((0.0,) * 3, (1.0,) * 3)
    assert scaling("cifar10", CIFAR10, 3) == (CIFAR10.mean, CIFAR10.std)


def test_a_scaling_of_other_channels_is_refused() -> None:
    with pytest.raises(OptionsError, match=r"cifar10 is made for images of 3 channels, not 1"):
        scaling("cifar10", CIFAR10, 1)
