"""What a fit is asked to do."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, final

from explainers.fitting_contract import Companion
from reasoned.datasets.dataset import Dataset
from reasoned.errors import OptionsError

Resize = Literal["stretch", "crop", "pad"]
Examples = Literal["representatives", "all"]
MOST_LAYERS = 2


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
    attribute_layers
        The one or two layers that attribute functions read; none for the last convolutional
        map, and the explained layer where there is none.
    epochs, flip
        For the reference network.

    """

    source: str = "reference"
    weights: Path | None = None
    layer: str | None = None
    boundary_layer: str | None = None
    attribute_layers: tuple[str, ...] = ()
    epochs: int = 0
    flip: bool | None = None

    def __post_init__(self) -> None:
        asked = self.attribute_layers
        if len(asked) > MOST_LAYERS or len(set(asked)) < len(asked):
            raise OptionsError(
                f"--attribute-layers must be one layer, or two that differ, not {', '.join(asked)}"
            )


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Trained:
    """A network that was trained on the fit's own training split, and on nothing else.

    `reasoned.fitting.pipeline.fit_splits` gives that split.

    Attributes
    ----------
    network
        A torch module in eval mode.
    layer
        The explained layer, a module of it.
    layers
        The one or two modules that attribute functions read.
    companions
        What was trained together with it, for each method that takes it over.
    source
        What the model card says of where the network is from.

    """

    network: Any
    layer: str
    layers: tuple[str, ...]
    companions: Mapping[str, Companion]
    source: str


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
    trained
        A network to be taken as it is instead of `network`, which then only settles the input
        and the layer whose boundaries are explained; or None.
    kept
        A folder where long work keeps what is done until the fit ends, or None.

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
    trained: Trained | None = None
    kept: Path | None = None

    def __post_init__(self) -> None:
        if not self.methods or len(set(self.methods)) != len(self.methods):
            raise OptionsError(f"methods must be given, each once, not {self.methods}")
        for name in self.options:
            if name not in self.methods:
                raise OptionsError(
                    f"--set {name}.NAME=VALUE is for a method that is packaged, which are "
                    f"{', '.join(self.methods)}; add {name} to --methods or leave it out"
                )
