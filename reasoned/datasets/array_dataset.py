"""A data set whose pixels lie in arrays or memory maps."""

import bisect
import dataclasses
import hashlib
import itertools
import json
from typing import final

import numpy as np

from explainers.arrays import ByteArray
from reasoned.datasets.dataset import Dataset

_AT_ONCE = 4096


@final
@dataclasses.dataclass(frozen=True, eq=False)
class ArrayDataset(Dataset):
    """Images of one size, in one or several blocks that follow each other.

    Attributes
    ----------
    blocks
        Each of shape (images, rows, columns, channels); may be views of memory maps, so
        that only what is looked at is read.

    """

    blocks: tuple[ByteArray, ...]

    def image(self, row: int) -> ByteArray:
        """Return one image, of shape (rows, columns, channels); raise `IndexError` beyond."""
        self.check_row(row)
        ends = list(itertools.accumulate(len(block) for block in self.blocks))
        position = bisect.bisect_right(ends, row)
        found = np.asarray(self.blocks[position][row - ends[position]])
        found.flags.writeable = False
        return found

    def checksum(self) -> str:
        """Compute the SHA-256 over the class order, the labels and the pixels."""
        digest = hashlib.sha256(json.dumps(self.classes).encode())
        digest.update(self.labels.astype("<i8").tobytes())
        digest.update(self.official_test.tobytes())
        for block in self.blocks:
            digest.update(repr(block.shape).encode())
            for start in range(0, len(block), _AT_ONCE):
                digest.update(np.ascontiguousarray(block[start : start + _AT_ONCE]).data)
        return digest.hexdigest()
