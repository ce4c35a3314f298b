"""Every setting that the report on FLINT trains, by name."""

import dataclasses
from typing import Final, Literal, final

from explainers.attributes.fitting.presets import MNIST_64, POOLED, Preset
from explainers.attributes.fitting.schedule import Schedule, Stage
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
    held_out
        Whether it is judged on 5,000 images held out of the training ones, as a setting
        that is yet to be chosen must be, instead of on the test images.

    """

    data: Data
    preset: Preset
    seeds: int = 1
    precision: Precision = "bfloat16"
    held_out: bool = False


_NO_ENTROPY = dataclasses.replace(
    MNIST_64, schedule=MNIST_64.schedule.with_weights(conciseness=0.0, diversity=0.0)
)


def _shared(
    attributes: int,
    *,
    epochs: int = 8,
    sparse: tuple[int, int] | None = None,
    slope: float = 0.01,
    **weights: float,
) -> Preset:
    """Give a setting on a halved map; l1 and entropies begin where `sparse` says."""
    l1, entropies = sparse or (1 + epochs // 3, 1 + epochs // 3)
    asked = {"beta": 1.0, "conciseness": 0.0, "diversity": 0.2, "l1": 0.02} | weights
    return dataclasses.replace(
        MNIST_64,
        architecture=dataclasses.replace(
            MNIST_64.architecture,
            attributes=attributes,
            pool=2,
            outer_slope=slope,
        ),
        schedule=Schedule(
            (
                Stage("output_fidelity", 1, asked["beta"]),
                Stage("input_fidelity", 1, 0.8),
                Stage("conciseness", entropies, asked["conciseness"]),
                Stage("diversity", entropies, asked["diversity"]),
                Stage("l1", l1, asked["l1"]),
            )
        ),
        epochs=epochs,
        batch=128,
        rate=2e-3,
        rates="one_cycle",
    )


SWEEP: Final[dict[str, Preset]] = {
    "10 attributes, diversity, beta 3": _shared(10, beta=3.0),
}
CHOICES: Final[dict[str, Preset]] = {
    "beta 2, delta 0.1": _shared(25, epochs=12, beta=2.0, conciseness=0.1, diversity=0.1),
    # What `reasoned train` takes for grey images.
    "beta 2, delta 0.2, l1 0.1": POOLED,
    "beta 2, delta 0.2, l1 0.1, early": _shared(
        25, epochs=12, beta=2.0, conciseness=0.2, l1=0.1, sparse=(2, 3)
    ),
    "ReLU, beta 2, delta 0.2, l1 0.1": _shared(
        25, epochs=12, slope=0.0, beta=2.0, conciseness=0.2, l1=0.1
    ),
    "ReLU, 40 attributes, beta 3, delta 0.3, l1 0.1": _shared(
        40, epochs=12, slope=0.0, beta=3.0, conciseness=0.3, diversity=0.3, l1=0.1
    ),
    "beta 2, delta 0.4, l1 0.15": _shared(
        25, epochs=12, beta=2.0, conciseness=0.4, diversity=0.4, l1=0.15
    ),
}

SETTINGS: Final[dict[str, Setting]] = {
    "mnist": Setting("mnist", MNIST_64, seeds=3),
    "fashion": Setting("fashion", MNIST_64, seeds=3),
    "mnist_no_entropy": Setting("mnist", _NO_ENTROPY),
    **{f"sweep: {name}": Setting("mnist", preset, held_out=True) for name, preset in SWEEP.items()},
    **{
        f"choice: {name}": Setting("fashion", preset, held_out=True)
        for name, preset in CHOICES.items()
    },
}
