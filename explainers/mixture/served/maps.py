"""Weights and contributions at their places in the image."""

from typing import Final

import numpy as np
import orjson

from explainers.activations import Activations
from explainers.arrays import AnyArray, ByteArray, DoubleArray, IntArray
from explainers.mixture.served.lines import Line, Lines
from explainers.mixture.served.places import HIDDEN, Places

MOST_SIDE: Final = 256  # rows and columns of a reply's maps; of larger images every second, ...
_DIGITS: Final = 6


def maps_of(places: Places, lines: Lines, line: Line, activations: Activations) -> bytes:
    """Encode the maps of one image as JSON; null where the features do not lie in it."""
    if places.kind == HIDDEN:
        return b"null"
    values = places.all(activations)
    features = len(values)
    numbers = (
        line.weights,
        line.weights * values[lines.chosen],
        lines.certain(line).astype(np.float64),
    )
    step = -(-max(places.shape[1:]) // MOST_SIDE)
    painted = [
        places.painted(_spread(lines.chosen, one, features))[::step, ::step] for one in numbers
    ]
    return orjson.dumps(
        {
            "weights": painted[0].round(_DIGITS).tolist(),
            "contributions": painted[1].round(_DIGITS).tolist(),
            "certain": (painted[2] > 0.0).tolist(),
        }
    )


def heat_of(places: Places, weights: DoubleArray) -> ByteArray:
    """Paint how large weights are, brightest where they are largest.

    Parameters
    ----------
    places
        Where features lie.
    weights
        Shape (features).

    Returns
    -------
    ByteArray
        Shape (rows, columns). 255 for the largest, in proportion to the absolute weight.

    """
    painted = places.painted(np.abs(weights))
    most = float(painted.max()) or 1.0
    return np.asarray((255.0 * painted / most).round(), dtype=np.uint8)


def _spread(chosen: IntArray, numbers: AnyArray, features: int) -> DoubleArray:
    found = np.zeros(features)
    found[chosen] = numbers
    return found
