"""Heat maps: which places of a feature map a polytope's boundaries look at."""

from typing import Any

import numpy as np
import numpy.typing as npt

from explainers.arrays import DoubleArray

Floats = npt.NDArray[np.floating[Any]]


def boundary_weights(normals: DoubleArray, *, unit_norm: bool = False) -> DoubleArray:
    """Give one weight per channel for each facet, shape (facets, channels).

    Parameters
    ----------
    normals
        Shape (facets, channels, rows, columns). In the space of the feature map psi.
    unit_norm
        Whether each normal counts alike, whatever its length; the paper's group does not
        say, and its code leaves the lengths as they are.

    """
    weights: DoubleArray = normals.mean(axis=(2, 3))
    if not unit_norm:
        return weights
    lengths = np.linalg.norm(normals.reshape(len(normals), -1), axis=1)
    scaled: DoubleArray = weights / np.where(lengths > 0.0, lengths, 1.0)[:, None]
    return scaled


def channel_weights(normals: DoubleArray, *, unit_norm: bool = False) -> DoubleArray:
    """Give one weight per channel for the polytope, shape (channels): the facets' mean.

    They belong to the polytope, not to an image: the same are used on every image inside.
    """
    if not len(normals):
        return np.zeros(normals.shape[1])
    weights: DoubleArray = boundary_weights(normals, unit_norm=unit_norm).mean(axis=0)
    return weights


def heat_map(weights: DoubleArray, psi: Floats) -> DoubleArray:
    """Give ``ReLU(sum over channels of weight * psi)``, shape (rows, columns).

    Parameters
    ----------
    weights
        Shape (channels).
    psi
        Shape (channels, rows, columns). The feature map of the image that is looked at.

    """
    return np.maximum(np.tensordot(weights, psi.astype(np.float64), axes=1), 0.0)


def normalised(heat: DoubleArray) -> DoubleArray:
    """Bring a map to [0, 1]: the least to 0, the most to 1; all 0 where it is flat."""
    above: DoubleArray = heat - heat.min()
    most = above.max()
    return above / most if most > 0.0 else above
