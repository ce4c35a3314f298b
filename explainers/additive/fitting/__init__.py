"""The fitting part of the exact additive attribution: it only copies the last layer."""

from collections.abc import Callable, Iterable

import numpy as np

from explainers.additive.served import Additive
from explainers.errors import NotApplicableError
from explainers.fitting_contract import FittingData


def fit_additive(
    data: FittingData, _rng: np.random.Generator, _progress: Callable[..., Iterable[int]]
) -> Additive:
    """Take over the last affine layer's weights.

    Raises
    ------
    NotApplicableError
        When the network does not end in an affine layer.

    """
    if data.head is None:
        raise NotApplicableError(
            "additive needs a network whose logits come from an affine layer with constant "
            f"weights; this one was refused: {data.head_reason}"
        )
    return Additive(class_names=data.classes, weights=data.head.weights, bias=data.head.bias)
