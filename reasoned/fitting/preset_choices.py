"""From what a user asks for to the preset of a training by design."""

import dataclasses
from collections.abc import Mapping
from typing import Final, Literal, final

from explainers.attributes.fitting.architecture import Architecture
from explainers.attributes.fitting.presets import PRESETS, Preset
from explainers.attributes.fitting.schedule import Schedule
from explainers.attributes.fitting.variants import VARIANTS, Variant
from reasoned.errors import OptionsError

GREY, COLOUR = "pooled", "cifar10"
LEAKY = 0.01  # the slope of the released MNIST model at the end of Psi
_BOTH = ("conciseness", "diversity")
# The paper's letters, and the terms by their own names.
TERMS: Final[Mapping[str, tuple[str, ...]]] = {
    "beta": ("output_fidelity",),
    "gamma": ("input_fidelity",),
    "delta": _BOTH,
    "conciseness": ("conciseness",),
    "diversity": ("diversity",),
    "l1": ("l1",),
}


@final
@dataclasses.dataclass(frozen=True)
class PresetChoices:
    """A preset, and what is to be otherwise; None leaves it as it is.

    Attributes
    ----------
    preset
        Its name, or None for the usual one of grey or of colour images.
    epochs, batch, rate
        Of the training.
    attributes
        J.
    weights
        Of the loss, by a name in `TERMS`.
    variant
        How the losses are read; None as the preset does.
    positive_head
        Whether W >= 0 is held.
    leaky
        Whether Psi ends in a leaky ReLU, as the released MNIST model does, or in a ReLU.

    """

    preset: str | None = None
    epochs: int | None = None
    batch: int | None = None
    rate: float | None = None
    attributes: int | None = None
    weights: Mapping[str, float] = dataclasses.field(default_factory=dict)
    variant: Literal["released", "printed"] | None = None
    positive_head: bool = False
    leaky: bool | None = None


def settle_preset(asked: PresetChoices, channels: int) -> tuple[str, Preset]:
    """Give the preset's name, and the preset as it was asked for.

    Parameters
    ----------
    asked
        The choices.
    channels
        Of the network's input.

    Raises
    ------
    OptionsError
        When there is no such preset, it is made for images of other channels, weights
        contradict each other, or the training ends before a term of the loss begins.

    """
    name = asked.preset or (GREY if channels == 1 else COLOUR)
    if name not in PRESETS:
        raise OptionsError(f"--preset must be one of {', '.join(PRESETS)}, not {name!r}")
    usual = PRESETS[name]
    epochs, rate = asked.epochs or usual.epochs, asked.rate or usual.rate
    epoch, later = usual.later_rate
    made = dataclasses.replace(
        usual,
        architecture=_architecture(asked, usual.architecture),
        schedule=usual.schedule.with_weights(**_weights(asked.weights)),
        variant=_variant(asked, usual),
        epochs=epochs,
        batch=asked.batch or usual.batch,
        rate=rate,
        # It keeps its proportion to the first.
        later_rate=(epoch, later * (rate / usual.rate)),
    )
    _check_begins(made.schedule, epochs)
    return name, made


def scaling(
    name: str, preset: Preset, channels: int
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Give the mean and the standard deviation that a preset takes for so many channels.

    Raises
    ------
    OptionsError
        When it is made for images of other channels.

    """
    if len(preset.mean) not in (1, channels):
        raise OptionsError(
            f"the preset {name} is made for images of {len(preset.mean)} channels, not "
            f"{channels}; give another --preset, or --mean and --std, or --channels"
        )
    times = channels if len(preset.mean) == 1 else 1
    return preset.mean * times, preset.std * times


def _architecture(asked: PresetChoices, usual: Architecture) -> Architecture:
    slopes = {None: usual.outer_slope, True: LEAKY, False: 0.0}
    return dataclasses.replace(
        usual,
        attributes=asked.attributes or usual.attributes,
        positive_head=asked.positive_head,
        outer_slope=slopes[asked.leaky],
    )


def _variant(asked: PresetChoices, usual: Preset) -> Variant:
    if asked.variant in (None, "released"):
        # What is released differs between data sets: CIFAR-10 has absolute errors.
        return usual.variant
    return VARIANTS[asked.variant]


def _weights(given: Mapping[str, float]) -> dict[str, float]:
    twice = [name for name in _BOTH if name in given and "delta" in given]
    if twice:
        raise OptionsError(
            f"--weight delta is the weight of both {' and '.join(_BOTH)}; leave it out where "
            f"--weight {twice[0]} is given"
        )
    return {term: weight for name, weight in given.items() for term in TERMS[name]}


def _check_begins(schedule: Schedule, epochs: int) -> None:
    late = [stage for stage in schedule.stages if stage.weight and stage.epoch > epochs]
    if late:
        stage = max(late, key=lambda one: one.epoch)
        raise OptionsError(
            f"--epochs {epochs} ends before every term of the loss has begun: {stage.term} begins "
            f"in epoch {stage.epoch}; give at least as many epochs, or a weight of 0"
        )
