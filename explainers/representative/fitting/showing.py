"""Which training images a polytope is shown by, and the heat maps on them."""

import dataclasses
from collections.abc import Sequence
from typing import final

import numpy as np
from sklearn.cluster import KMeans

from explainers.activations import ActivationTable
from explainers.arrays import ByteArray, DoubleArray, FloatArray, IntArray
from explainers.representative.fitting.candidates import Candidate
from explainers.representative.served.search import channel_weights, heat_map, normalised, unpack

SHOWN = 16
SAMPLED = 512


def spread_members(candidate: Candidate, points: FloatArray, rng: np.random.Generator) -> IntArray:
    """Choose up to 16 images inside a polytope, the seed first, spread over what is inside.

    The others are those nearest to the centres of a k-means over a sample of the members,
    by their margins to the facets, in which the semantic distance is measured.
    """
    inside = np.flatnonzero(unpack(candidate.found.members, len(points)))
    inside = inside[inside != candidate.seed]
    if len(inside) > SAMPLED:
        inside = np.sort(rng.choice(inside, SAMPLED, replace=False))
    if len(inside) < SHOWN:
        return np.concatenate([[candidate.seed], inside]).astype(np.int64)
    margins = candidate.found.facets.values(points[inside].astype(np.float64))
    state = int(rng.integers(2**31))
    # Data sets hold the same image more than once; rounding makes such margins equal again.
    different = len(np.unique(np.round(margins / margins.max(), 9), axis=0))
    centres = min(SHOWN - 1, different)
    means = KMeans(centres, n_init=1, max_iter=20, random_state=state).fit(margins)
    nearest = means.transform(margins).argmin(axis=0)
    return np.concatenate([[candidate.seed], inside[np.unique(nearest)]]).astype(np.int64)


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Maps:
    """Heat maps of the polytopes; see `Representative`."""

    channel_weights: FloatArray
    heats: ByteArray


def draw_maps(
    candidates: list[Candidate],
    shown: Sequence[IntArray],
    table: ActivationTable,
    channel_map: FloatArray | None,
) -> Maps:
    """Weigh the channels of psi for each polytope, and map them on the images shown.

    Parameters
    ----------
    candidates
        The polytopes.
    shown
        Per polytope the rows of the table that are shown.
    table
        Of the training split; `psi` may be a memory map.
    channel_map
        Shape (units, channels). The spatial mean of the affine map from psi to boundary
        space, or None where that is psi itself.

    """
    psi = table.psi
    if psi is None or psi.ndim != 4 or psi.shape[2] * psi.shape[3] == 1:
        return Maps(np.zeros((0, 0), np.float32), np.zeros((0, 0, 0, 0), np.uint8))
    weights = np.stack([_weights(c, psi.shape[1:], channel_map) for c in candidates])
    heats = np.zeros((len(candidates), SHOWN, *psi.shape[2:]), dtype=np.uint8)
    for place, rows in enumerate(shown):
        for column, row in enumerate(rows.tolist()):
            heat = normalised(heat_map(weights[place], np.array(psi[row])))
            heats[place, column] = np.round(255 * heat).astype(np.uint8)
    return Maps(weights.astype(np.float32), heats)


def _weights(
    candidate: Candidate, shape: tuple[int, ...], channel_map: FloatArray | None
) -> DoubleArray:
    """Give the mean over the facets of the spatial mean of the paper's W_h."""
    normals = candidate.found.normals
    if channel_map is None:
        return channel_weights(normals.reshape(-1, *shape))
    found: DoubleArray = (normals @ channel_map).mean(axis=0)
    return found
