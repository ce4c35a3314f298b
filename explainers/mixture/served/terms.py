"""The largest terms of a regression, as JSON and by name."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from explainers.arrays import AnyArray
from explainers.mixture.served.lines import NORMAL_95, Line, Lines

TOLD: Final = 3
_TERM: Final = (
    b'{"name":"%b","value":%.6f,"weight":%.6f,"contribution":%.6f,"relevance":%.6f,'
    b'"interval":[%.6f,%.6f],"certain":%b}'
)
MOST_TERMS: Final = 20
# Filling in all terms at once is faster than one by one.
_TERMS: Final = tuple(b",".join([_TERM] * count) for count in range(MOST_TERMS + 1))


def largest_terms(
    lines: Lines, line: Line, values: AnyArray, names: Sequence[bytes], count: int
) -> tuple[bytes, list[tuple[str, float]], float]:
    """Find what adds most to a regression's prediction, or takes most from it.

    Parameters
    ----------
    lines
        Of the class.
    line
        The regression that answers.
    values
        Shape (chosen). The features that it reads.
    names
        Of those features, as text that JSON needs no escapes for.
    count
        How many terms to give at most, up to `MOST_TERMS`.

    Returns
    -------
    parts : bytes
        The terms as JSON, largest first.
    told : list of (str, float)
        The first of them: names and contributions.
    added : float
        What those in `parts` add, all together.

    """
    amounts = line.weights * values
    found = _largest(amounts, count)
    if not found:
        return b"", [], 0.0
    amount_of, value_of, weight_of = amounts.item, values.item, line.weights.item
    known, largest, added = line.known, abs(amount_of(found[0])), 0.0
    written = list[bytes | float]()
    for at, deviation in zip(found, lines.deviations(line, found), strict=True):
        amount, weight, reach = amount_of(at), weight_of(at), NORMAL_95 * deviation
        sure = b"true" if (abs(weight) > reach if known is None else known[at]) else b"false"
        share, low, high = amount / largest, weight - reach, weight + reach
        written += (names[at], value_of(at), weight, amount, share, low, high, sure)
        added += amount
    told = [(names[at].decode(), amount_of(at)) for at in found[:TOLD]]
    return _TERMS[len(found)] % tuple(written), told, added


def _largest(amounts: AnyArray, count: int) -> list[int]:
    """Place the largest amounts of either sign, largest first; what adds nothing is no term."""
    found, sizes = list[int](), np.abs(amounts)
    # For a few terms this is faster than a sort, and than a partition.
    furthest = sizes.argmax
    for _ in range(min(count, len(sizes))):
        at = int(furthest())
        if not sizes[at]:
            break
        sizes[at] = 0.0
        found.append(at)
    return found
