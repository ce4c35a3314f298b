"""Relevances: how much of a class's score each attribute brings, by Parekh et al."""

from typing import Final

import numpy as np

from explainers.arrays import BoolArray, DoubleArray, FloatArray, IntArray

TAUS: Final = (1.5, 2.0, 2.5, 3.0, 4.0, 5.0)


def contributions(phi: FloatArray, weights: FloatArray, classes: IntArray) -> DoubleArray:
    """Give ``alpha_jcx = phi_j(x) w_jc`` for one class per image.

    Parameters
    ----------
    phi
        Shape (images, attributes).
    weights
        Shape (classes, attributes). W transposed.
    classes
        Shape (images). c, the class that g gives each image.

    Returns
    -------
    DoubleArray
        Shape (images, attributes), in logits.

    """
    return phi.astype(np.float64) * weights[classes]


def relevances(alpha: DoubleArray) -> DoubleArray:
    """Give ``r_jx = alpha_jcx / max_i |alpha_icx|``, in [-1, 1].

    An image to whose class no attribute brings anything has relevances of 0. The released
    code divides by the signed maximum for the global table; here it is the largest
    absolute value everywhere.

    Parameters
    ----------
    alpha
        Shape (images, attributes).

    """
    largest = np.abs(alpha).max(axis=1, keepdims=True, initial=0.0)
    found: DoubleArray = np.divide(alpha, largest, out=np.zeros_like(alpha), where=largest > 0)
    return found


def conciseness(found: DoubleArray, tau: float, *, absolute: bool = False) -> float:
    """Give CNS(tau): the mean number of attributes with ``r > 1 / tau``.

    Parameters
    ----------
    found
        Shape (images, attributes). Relevances.
    tau
        Greater than 1.
    absolute
        Whether ``|r|`` is meant, as in the authors' notebook.

    """
    judged = np.abs(found) if absolute else found
    return float((judged > 1.0 / tau).sum(axis=1).mean())


def class_relevances(
    found: DoubleArray, classes: IntArray, counted: BoolArray, count: int
) -> DoubleArray:
    """Give ``r_jc``: the mean relevance of each attribute over the images of each class.

    Parameters
    ----------
    found
        Shape (images, attributes).
    classes
        Shape (images). The class that g gives each.
    counted
        Shape (images). Those where f and g agree.
    count
        C.

    Returns
    -------
    DoubleArray
        Shape (classes, attributes); zeros for a class without images.

    """
    sums = np.zeros((count, found.shape[1]))
    np.add.at(sums, classes[counted], found[counted])
    images = np.bincount(classes[counted], minlength=count)
    return sums / np.maximum(images, 1)[:, None]


def exclusivity(table: DoubleArray, threshold: float) -> tuple[DoubleArray, IntArray, IntArray]:
    """Say how near the attributes are to being class logits.

    Parameters
    ----------
    table
        Shape (classes, attributes). From `class_relevances`.
    threshold
        A class uses an attribute where ``r_jc`` is above it.

    Returns
    -------
    gaps
        Shape (classes). The first attribute's relevance less the second's: 1 where one
        attribute alone makes the class.
    used
        Shape (classes). How many attributes each class uses.
    served
        Shape (attributes). How many classes each attribute serves.

    """
    ordered = -np.sort(-table, axis=1)
    second = ordered[:, 1] if table.shape[1] > 1 else np.zeros(len(table))
    uses = table > threshold
    return (
        ordered[:, 0] - second,
        uses.sum(axis=1).astype(np.int64),
        uses.sum(axis=0).astype(np.int64),
    )
