"""Rank the images inside a polytope by what its boundaries see of them."""

import numpy as np

from explainers.arrays import DoubleArray, IntArray


def semantic_distance(normals: DoubleArray, point: DoubleArray, others: DoubleArray) -> DoubleArray:
    """Give ``Dist(x, x') = sum over facets of |<W, u(x)> - <W, u(x')>|``.

    Parameters
    ----------
    normals
        Shape (facets, units). As they are, not of unit length, as in the paper.
    point
        Shape (units). The image compared with.
    others
        Shape (images, units).

    Returns
    -------
    Shape (images). 0 where an image differs in nothing that a facet looks at.

    """
    distances: DoubleArray = np.abs((others - point) @ normals.T).sum(axis=1)
    return distances


def rank_similar(
    normals: DoubleArray, offsets: DoubleArray, point: DoubleArray, others: DoubleArray
) -> tuple[IntArray, DoubleArray]:
    """Give the positions of the images inside, the most similar first, and their distances.

    Parameters
    ----------
    normals, offsets
        Shape (facets, units) and (facets). The polytope.
    point
        Shape (units). The image compared with.
    others
        Shape (images, units). Those outside the polytope are left out.

    """
    inside = np.flatnonzero((others @ normals.T + offsets > 0.0).all(axis=1))
    distances = semantic_distance(normals, point, others[inside])
    order = np.argsort(distances, kind="stable")
    return inside[order], distances[order]
