"""What a method is given to fit itself with."""

import dataclasses
from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar, final

import numpy as np

from explainers.activations import ActivationTable
from explainers.arrays import FloatArray
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

    """

    train: ActivationTable
    validation: ActivationTable
    classes: tuple[str, ...]
    example_ids: Callable[[int], str]
    head: AffineHead | None
    head_reason: str


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
