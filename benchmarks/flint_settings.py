"""Every setting that the report on FLINT trains, by name."""

import dataclasses
from typing import Final, Literal, final

from explainers.attributes.fitting.presets import MNIST_64, Preset
from explainers.attributes.fitting.training import Precision

Data = Literal["mnist", "fashion"]


@final
@dataclasses.dataclass(frozen=True)
class Setting:
    """One row of the report.

    Attributes
    ----------
    data
        Which data set.
    preset
        How it is trained.
    seeds
        How many times.
    precision
        Of the forward passes.

    """

    data: Data
    preset: Preset
    seeds: int = 1
    precision: Precision = "bfloat16"


_NO_ENTROPY = dataclasses.replace(
    MNIST_64, schedule=MNIST_64.schedule.with_weights(conciseness=0.0, diversity=0.0)
)
_NO_INTERPRETER = dataclasses.replace(
    MNIST_64,
    schedule=MNIST_64.schedule.with_weights(
        output_fidelity=0.0, input_fidelity=0.0, conciseness=0.0, diversity=0.0, l1=0.0
    ),
)

_RELU = dataclasses.replace(
    MNIST_64, architecture=dataclasses.replace(MNIST_64.architecture, outer_slope=0.0)
)

SETTINGS: Final[dict[str, Setting]] = {
    "mnist": Setting("mnist", MNIST_64, seeds=3),
    "fashion": Setting("fashion", MNIST_64, seeds=3),
    "mnist_relu": Setting("mnist", _RELU),
    "mnist_no_entropy": Setting("mnist", _NO_ENTROPY),
    "fashion_no_entropy": Setting("fashion", _NO_ENTROPY),
    "mnist_base": Setting("mnist", _NO_INTERPRETER),
    "fashion_base": Setting("fashion", _NO_INTERPRETER),
}
