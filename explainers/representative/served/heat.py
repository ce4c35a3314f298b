"""The heat map of a polytope on an image's feature map."""

import numpy as np

from explainers.arrays import FloatArray
from explainers.representative.served.search import heat_map, normalised

MOST_CELLS = 1024


def channel_heat(weights: FloatArray, polytope: int, psi: FloatArray | None) -> str:
    """Write a polytope's heat map on psi(x) as JSON rows of shares, or ``null``.

    Larger maps are thinned evenly to no more than 1,024 shares, as 32 by 32 has.
    """
    if psi is None or not len(weights) or psi.ndim != 3:
        return "null"
    found = normalised(heat_map(weights[polytope].astype(np.float64), psi))
    step = 1
    while found[::step, ::step].size > MOST_CELLS:
        step += 1
    rows = np.round(found[::step, ::step], 3).tolist()
    return "[" + ",".join("[" + ",".join(f"{x:.3f}" for x in row) + "]" for row in rows) + "]"
