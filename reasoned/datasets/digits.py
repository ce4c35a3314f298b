"""The 1,797 handwritten digits that scikit-learn carries with it."""

import numpy as np
from sklearn.datasets import load_digits

from reasoned.datasets.array_dataset import ArrayDataset
from reasoned.datasets.class_order import class_positions

_BRIGHTEST = 16


def open_digits(classes: tuple[str, ...] | None = None) -> ArrayDataset:
    """Open the 8 x 8 digits, their values 0 to 16 spread over 0 to 255.

    Raises
    ------
    DataError
        When `classes` does not hold exactly the names 0 to 9.

    """
    bundled = load_digits()
    names, positions = class_positions("digits", tuple("0123456789"), classes)
    pixels = np.rint(bundled.images * 255 / _BRIGHTEST).astype(np.uint8)
    pixels.flags.writeable = False
    return ArrayDataset(
        name="digits",
        classes=names,
        labels=positions[bundled.target],
        official_test=np.zeros(len(pixels), np.bool_),
        groups=None,
        blocks=(pixels[..., np.newaxis],),
    )
