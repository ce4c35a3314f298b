"""Where to look for a citation or an image: blocks of decisions, the newest first."""

from collections.abc import Iterator
from typing import Final

SHIFT: Final = 10  # a block holds 1,024 decisions
_FIRST: Final = 16  # blocks that are looked through at once, to begin with
_MOST: Final = 1024


def block_of(seq: int) -> int:
    """Give the block of one decision."""
    return seq >> SHIFT


def windows(newest: int, oldest: int) -> Iterator[range]:
    """Part the blocks between two decisions into windows that grow.

    Each window is to be looked through by ``citation.block IN (...) AND citation.cited = ?``,
    which the primary key answers with one probe per block; for images `tables.BLOCK` and the
    index of images do the same. What is there often is found in the first window; what is not
    there takes one probe for each 1,024 decisions.

    Parameters
    ----------
    newest, oldest
        The `seq` of the decisions, both counted in.

    """
    size, end, last = _FIRST, block_of(newest) + 1, block_of(oldest)
    while end > last:
        start = max(last, end - size)
        yield range(start, end)
        size, end = min(4 * size, _MOST), start
