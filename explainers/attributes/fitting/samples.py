"""Maximum activating samples: the images that show what an attribute responds to."""

import numpy as np

from explainers.arrays import FloatArray, IntArray, check_shape

SAMPLES = 3
NONE = -1


def maximum_activating_samples(
    phi: FloatArray, classes: IntArray, pairs: IntArray, count: int = SAMPLES
) -> IntArray:
    """Give MAS(c, phi_j, l): the l images of class c with the largest phi_j.

    Parameters
    ----------
    phi
        Shape (images, attributes). Phi of every image.
    classes
        Shape (images). c of each: g's prediction, which explains the model, or the true
        label, as in the released code.
    pairs
        Shape (pairs, 2). (class, attribute) of each.
    count
        l.

    Returns
    -------
    IntArray
        Shape (pairs, count). Positions, the largest first; of equal ones the lower; -1
        where the class has fewer images.

    Raises
    ------
    ShapeError
        When the arrays do not fit together.

    """
    check_shape("phi", phi, "images", "attributes")
    check_shape("classes", classes, "images", images=len(phi))
    check_shape("pairs", pairs, "pairs", "2", **{"2": 2})
    found = np.full((len(pairs), count), NONE, np.int64)
    for row, (of_class, attribute) in enumerate(pairs.tolist()):
        members = np.flatnonzero(classes == of_class)
        order = np.argsort(-phi[members, attribute], kind="stable")[:count]
        found[row, : len(order)] = members[order]
    return found
