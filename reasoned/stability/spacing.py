"""Take some of many, evenly spaced: sets are often sorted by class."""

import numpy as np


def evenly(count: int, most: int) -> list[int]:
    """Give no more than `most` of the places 0 to `count` - 1, evenly spaced, ascending."""
    if count <= most:
        return list(range(count))
    found: list[int] = (np.arange(most) * count // most).tolist()
    return found
