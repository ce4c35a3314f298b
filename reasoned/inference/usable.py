"""Whether what the network gave for an image can be reported at all."""

import math

import numpy as np

from explainers.activations import Activations
from explainers.arrays import LARGEST_SQUARE
from reasoned.errors import UnanswerableImageError


def check_usable(activations: Activations, classes: int) -> None:
    """Look for what JSON has no number for, and no explanation a meaning.

    A network may divide by the contrast of the image, and so by zero where it is blank.

    Raises
    ------
    UnanswerableImageError
        When there is not one finite logit per class, or a layer is not finite or so large
        that squared distances in it are not.

    """
    logits, affine, boundary = activations.logits, activations.affine_input, activations.boundary
    if logits.shape != (classes,):
        raise UnanswerableImageError(
            f"the network must give {classes} logits for an image, not {logits.shape}"
        )
    lengths = float(np.dot(activations.hidden, activations.hidden))
    if affine is not None and affine is not activations.hidden:
        lengths += float(np.dot(affine, affine))
    if boundary is not None:
        lengths += float(np.dot(boundary, boundary))
    if not (lengths <= LARGEST_SQUARE and math.isfinite(sum(logits.tolist()))):
        raise UnanswerableImageError(
            "the network gives no finite numbers for this image; is it blank, or of another kind "
            "than the training images?"
        )
