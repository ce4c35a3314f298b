"""The heat map of a polytope on an image's feature map."""

import numpy as np

from explainers.arrays import DoubleArray, FloatArray, check_shape
from explainers.representative.served.search import (
    Boundaries,
    boundary_weights,
    heat_map,
    normalised,
)

MOST_CELLS = 1024


def facet_weights(
    facets: Boundaries, shape: tuple[int, ...], channel_map: FloatArray | None
) -> DoubleArray:
    """Give each boundary's channel weights, shape (facets, channels): W_h's spatial means.

    W_h points towards the image's class, also where the side test was turned.

    Parameters
    ----------
    facets
        In boundary space.
    shape
        (channels, rows, columns) of psi.
    channel_map
        Shape (units, channels). The spatial mean of the affine map from psi to boundary
        space, or None where that is psi itself.

    """
    normals = np.where(facets.flipped[:, None], -facets.normals, facets.normals)
    if channel_map is None:
        return boundary_weights(normals.reshape(-1, *shape))
    return normals @ channel_map


def heat_text(weights: DoubleArray, psi: FloatArray) -> str:
    """Write a heat map on psi(x) as JSON rows of shares.

    Larger maps are thinned evenly to no more than 1,024 shares, as 32 by 32 has.

    Raises
    ------
    ShapeError
        When psi has other channels than there are weights.

    """
    check_shape("psi", psi, "channels", "rows", "columns", channels=len(weights))
    rows = np.round(thinned(normalised(heat_map(weights, psi))), 3).tolist()
    return "[" + ",".join("[" + ",".join(f"{x:.3f}" for x in row) + "]" for row in rows) + "]"


def channel_heat(weights: FloatArray, polytope: int, psi: FloatArray | None) -> str:
    """Write a stored polytope's heat map as JSON, or ``null`` where there is no map."""
    if psi is None or not len(weights) or psi.ndim != 3:
        return "null"
    return heat_text(weights[polytope].astype(np.float64), psi)


def thinned(heat: DoubleArray) -> DoubleArray:
    """Thin a map evenly to no more than 1,024 numbers, as 32 by 32 has."""
    step = 1
    while heat[::step, ::step].size > MOST_CELLS:
        step += 1
    return heat[::step, ::step]
