"""What a fit is asked to do."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, final

from reasoned.datasets.dataset import Dataset
from reasoned.errors import OptionsError

Resize = Literal["stretch", "crop", "pad"]
Examples = Literal["representatives", "all"]


@final
@dataclasses.dataclass(frozen=True)
class InputSettings:
    """How images become the network's input; None leaves the choice to the network.

    Attributes
    ----------
    size
        (rows, columns).
    channels
        1 or 3.
    resize
        How the proportions are treated.
    mean, std
        One number per channel, on the scale from 0 to 1.

    """

    size: tuple[int, int] | None = None
    channels: int | None = None
    resize: Resize = "stretch"
    mean: tuple[float, ...] | None = None
    std: tuple[float, ...] | None = None


@final
@dataclasses.dataclass(frozen=True)
class NetworkSettings:
    """Which network, and at which layer; the rest is for training the reference.

    Attributes
    ----------
    source
        ``reference``, an ONNX file, or ``package.module:factory``.
    weights
        The factory's.
    layer
        The explained layer.
    boundary_layer
        The map whose decision boundaries are explained, or None for the last
        convolutional map, and the explained layer where there is none.
    epochs, flip
        For the reference network.

    """

    source: str = "reference"
    weights: Path | None = None
    layer: str | None = None
    boundary_layer: str | None = None
    epochs: int = 0
    flip: bool | None = None


@final
@dataclasses.dataclass(frozen=True, eq=False)
class FitSettings:
    """Everything that `fit_model` needs to know.

    Attributes
    ----------
    dataset
        The images.
    spec
        How the user named the data set.
    calibration
        Images for calibration only, or None to take a split of `dataset`.
    network, inputs
        See there.
    methods
        Which methods to package, in their order.
    options
        What was set for some of them, by method and name.
    examples
        Whether nearest examples come from the representatives or from all training
        images.
    name, version
        What replies call the model.
    seed
        Of everything that is random.
    threads
        How many cores to use.
    command
        The command line, for the manifest.
    scratch
        Where large intermediate arrays go; None for beside the model folder.

    """

    dataset: Dataset
    spec: str
    name: str
    calibration: Dataset | None = None
    calibration_source: str = ""
    network: NetworkSettings = NetworkSettings()
    inputs: InputSettings = InputSettings()
    methods: tuple[str, ...] = ("meta_forest", "additive")
    options: Mapping[str, Mapping[str, str]] = dataclasses.field(default_factory=dict)
    examples: Examples = "representatives"
    version: str = "1"
    seed: int = 0
    threads: int = 2
    command: str = ""
    scratch: Path | None = None

    def __post_init__(self) -> None:
        if not self.methods or len(set(self.methods)) != len(self.methods):
            raise OptionsError(f"methods must be given, each once, not {self.methods}")
        for name in self.options:
            if name not in self.methods:
                raise OptionsError(
                    f"--set {name}.NAME=VALUE is for a method that is packaged, which are "
                    f"{', '.join(self.methods)}; add {name} to --methods or leave it out"
                )
