"""What a method is given to fit itself with."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol, TypeVar, final

import numpy as np

from explainers.activations import ActivationTable
from explainers.arrays import DoubleArray, FloatArray, IntArray
from explainers.contract import Explainer

Item = TypeVar("Item")
Progress = Callable[[Iterable[Item], str], Iterable[Item]]


def silent(items: Iterable[Item], _label: str) -> Iterable[Item]:
    """Go through the items and show nothing: the progress bar of a quiet run."""
    return items


@final
@dataclasses.dataclass(frozen=True, eq=False)
class AffineHead:
    """The network's last affine layer: ``logits = weights @ affine_input + bias``.

    Attributes
    ----------
    weights
        Shape (classes, features).
    bias
        Shape (classes).

    """

    weights: FloatArray
    bias: FloatArray


class Upper(Protocol):
    """The network above the explained map: G of Lam et al., read in boundary space.

    Boundary space is where the first linear layer above psi(x) leaves off: the
    pre-activations of the affine layer that reads psi, or psi itself where none does. The
    network above it is piecewise linear, or said not to be.
    """

    @property
    def approximate(self) -> str:
        """Why a boundary is only tangent to the network's own; empty where it is exact."""
        ...

    @property
    def single_piece(self) -> bool:
        """Whether it is one affine map, so that each class is one polytope."""
        ...

    def logits(self, points: DoubleArray) -> DoubleArray:
        """Give logits, shape (points, classes), for points (points, units)."""
        ...

    def local(
        self, points: DoubleArray, first: IntArray, second: IntArray
    ) -> tuple[DoubleArray, DoubleArray]:
        """Give the local affine form of ``G_first - G_second`` at each point.

        Returns
        -------
        normals
            Shape (points, units). The gradients.
        offsets
            Shape (points). So that ``normals @ point + offsets`` is the difference of
            logits there.

        """
        ...


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Companion:
    """What was trained together with the network, for a method to take over as it is.

    Attributes
    ----------
    arrays
        The weights, by name.
    settings
        What they are weights of, as JSON.

    """

    arrays: Mapping[str, FloatArray]
    settings: str


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Lower:
    """The network below the layers that attribute functions read: f_I.

    Attributes
    ----------
    layers
        What these layers are called, one or two.
    maps
        Gives f_I(x), one or two torch tensors with a leading axis (images), for a torch
        tensor of inputs (images, channels, rows, columns); differentiable. None where the
        network cannot be differentiated; `reason` then says why.
    reason
        Empty where there are maps.

    """

    layers: tuple[str, ...]
    maps: Callable[[Any], tuple[Any, ...]] | None
    reason: str = ""


@final
@dataclasses.dataclass(frozen=True, eq=False)
class FittingData:
    """The splits that a method may see, and the words for what is in them.

    Attributes
    ----------
    train
        For every fit.
    validation
        For every choice: sizes, thresholds, stopping.
    classes
        The class names, in the order of the logits.
    example_ids
        How the reply calls the image in a given row of the data set.
    head
        The last affine layer, or None; `head_reason` then says why.
    upper
        The network above the explained map, or None; `upper_reason` then says why.
    channel_map
        Shape (units, channels). The mean over psi's positions of the affine map from psi(x)
        to boundary space, or None where that is psi(x) itself.
    options
        What the user set for this method, by name, unchecked.
    input_range
        Shape (2, channels). What a black and a white pixel become in the network's input.
    lower
        The network below the tapped layers, or None where no method reads them.
    companion
        What was trained together with the network for this method, or None.
    kept
        A folder where long work may keep what is done, to go on from there when the same fit
        is run again; it need not exist. None where nothing is to be kept.
    threads
        How many cores may be used.

    """

    train: ActivationTable
    validation: ActivationTable
    classes: tuple[str, ...]
    example_ids: Callable[[int], str]
    head: AffineHead | None
    head_reason: str
    upper: Upper | None = None
    upper_reason: str = "no network was given"
    channel_map: FloatArray | None = None
    options: Mapping[str, str] = dataclasses.field(default_factory=dict)
    input_range: FloatArray | None = None
    lower: Lower | None = None
    companion: Companion | None = None
    kept: Path | None = None
    threads: int = 1


class Fitter(Protocol):
    """Turns data into a finished, frozen explainer."""

    def __call__(
        self,
        data: FittingData,
        rng: np.random.Generator,
        progress: Callable[..., Iterable[int]],
        /,
    ) -> Explainer:
        """Fit the method; raise `NotApplicableError` where it cannot explain the network."""
        ...
