"""What is regressed: the network's log-odds of a class, on which images."""

import numpy as np
from scipy.special import logsumexp

from explainers.activations import ActivationTable
from explainers.arrays import AnyArray, DoubleArray, IntArray
from explainers.errors import NotApplicableError
from explainers.mixture.fitting.options import MixtureOptions

FEWEST_ROWS = 10


def log_odds(logits: AnyArray, limit: float) -> DoubleArray:
    """Give log p_c - log(1 - p_c) of every class, from logits and not from probabilities.

    Parameters
    ----------
    logits
        Shape (images, classes), two classes or more.
    limit
        Where the log-odds are cut off, on either side.

    Returns
    -------
    DoubleArray
        Shape (images, classes).

    """
    scores = np.asarray(logits, dtype=np.float64)
    others = np.empty_like(scores)
    for number in range(scores.shape[1]):
        others[:, number] = logsumexp(np.delete(scores, number, axis=1), axis=1)
    found: DoubleArray = np.clip(scores - others, -limit, limit)
    return found


def rows_of_class(
    table: ActivationTable, number: int, options: MixtureOptions, rng: np.random.Generator
) -> IntArray:
    """Choose the images of one class's regression, as positions in ascending order.

    With contrast one half is of images that the network puts into the class, the other of
    images that it does not, both drawn at random. Without, as in the authors' code, all are
    of the true class, whatever the network says.

    Raises
    ------
    NotApplicableError
        When there are too few.

    """
    if not options.contrast:
        return _drawn(np.flatnonzero(table.labels == number), options.rows, number, rng)
    inside = np.flatnonzero(table.predicted == number)
    own = _drawn(inside, options.rows // 2, number, rng)
    outside = np.flatnonzero(table.predicted != number)
    other = _drawn(outside, min(len(own), options.rows - len(own)), number, rng)
    return np.sort(np.concatenate([own, other]))


def _drawn(among: IntArray, most: int, number: int, rng: np.random.Generator) -> IntArray:
    if len(among) < FEWEST_ROWS:
        raise NotApplicableError(
            f"mixture needs {FEWEST_ROWS} training images or more inside class {number} and "
            f"outside it, but the network gives {len(among)}"
        )
    drawn: IntArray = rng.permutation(among)[:most].astype(np.int64)
    return np.sort(drawn)


def natural_weights(predicted: IntArray, rows: IntArray, number: int) -> DoubleArray:
    """Weigh the rows so that the class is as frequent among them as among all images.

    Parameters
    ----------
    predicted
        Shape (images). The network's classes of all training images.
    rows
        The images of the class's regression.
    number
        The class.

    """
    inside = predicted[rows] == number
    share, wanted = float(inside.mean()), float((predicted == number).mean())
    if share in (0.0, 1.0):
        return np.ones(len(rows))
    return np.where(inside, wanted / share, (1.0 - wanted) / (1.0 - share))
