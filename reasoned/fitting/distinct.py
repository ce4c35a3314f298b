"""Tell images that were seen before."""

import hashlib
from collections.abc import Iterator

import numpy as np

from explainers.activations import ActivationTable
from explainers.arrays import BoolArray


def distinct_images(table: ActivationTable) -> BoolArray:
    """Tell, per image, whether no earlier image has the same pixels, shape (images)."""
    seen: set[bytes] = set()
    found = np.zeros(len(table), dtype=np.bool_)
    for i, key in enumerate(_keys(table)):
        found[i] = key not in seen
        seen.add(key)
    return found


def share_images(table: ActivationTable, others: ActivationTable) -> bool:
    """Tell whether any image of the one table has the same pixels as one of the other."""
    return not set(_keys(others)).isdisjoint(_keys(table))


def _keys(table: ActivationTable) -> Iterator[bytes]:
    for i in range(len(table)):
        content = np.ascontiguousarray(table.pixels[i]).tobytes()
        yield hashlib.blake2b(content, digest_size=16).digest()
