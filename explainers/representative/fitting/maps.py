"""The heat maps that are stored with a rule set."""

import dataclasses
from collections.abc import Sequence
from typing import final

import numpy as np

from explainers.activations import ActivationTable
from explainers.arrays import ByteArray, DoubleArray, FloatArray, IntArray
from explainers.representative.served.heat import facet_weights, thinned
from explainers.representative.served.search import Boundaries, heat_map, normalised
from explainers.representative.served.showcase import SHOWN

SIDES = 5


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Maps:
    """Heat maps of the polytopes; see `Representative`."""

    channel_weights: FloatArray
    heats: ByteArray
    side_heats: ByteArray


def draw_maps(
    facets: Sequence[Boundaries],
    shown: Sequence[IntArray],
    table: ActivationTable,
    channel_map: FloatArray | None,
) -> Maps:
    """Weigh the channels of psi for each polytope, and map them on the images shown.

    Parameters
    ----------
    facets
        Per polytope its boundaries, the most telling first.
    shown
        Per polytope the rows of the table that are shown, the seed first.
    table
        Of the training split; `psi` may be a memory map.
    channel_map
        Shape (units, channels). The spatial mean of the affine map from psi to boundary
        space, or None where that is psi itself.

    """
    psi, polytopes = table.psi, len(facets)
    if psi is None or psi.ndim != 4 or psi.shape[2] * psi.shape[3] == 1:
        none = np.zeros((0, 0, 0, 0), np.uint8)
        return Maps(np.zeros((0, 0), np.float32), none, none)
    each = [facet_weights(part, psi.shape[1:], channel_map) for part in facets]
    cells = thinned(np.zeros(psi.shape[2:])).shape
    heats = np.zeros((polytopes, SHOWN, *cells), dtype=np.uint8)
    sides = np.zeros((polytopes, SIDES, *cells), dtype=np.uint8)
    for place, rows in enumerate(shown):
        maps = [np.array(psi[row]) for row in rows[:SHOWN].tolist()]
        whole = each[place].mean(axis=0)
        for column, one in enumerate(maps):
            heats[place, column] = _bytes(whole, one)
        for column, weights in enumerate(each[place][:SIDES]):
            sides[place, column] = _bytes(weights, maps[0])
    means = np.stack([weights.mean(axis=0) for weights in each])
    return Maps(means.astype(np.float32), heats, sides)


def _bytes(weights: DoubleArray, psi: FloatArray) -> ByteArray:
    return np.round(255 * thinned(normalised(heat_map(weights, psi)))).astype(np.uint8)
