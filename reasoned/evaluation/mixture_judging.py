"""Curves and differences with their intervals, from which images kept the class."""

from collections.abc import Mapping, Sequence

import numpy as np

from explainers.arrays import BoolArray
from reasoned.evaluation.mixture_bootstrap import Bounds, bootstrap
from reasoned.evaluation.mixture_figures import CurveFigures, DifferenceFigures, Interval
from reasoned.evaluation.mixture_perturbing import SIZES, Hits, areas
from reasoned.evaluation.mixture_protocols import TESTS, Test
from reasoned.evaluation.mixture_rankings import OWN

Judged = tuple[tuple[CurveFigures, ...], tuple[DifferenceFigures, ...]]


def judge(
    hits: Hits, name: str, rng: np.random.Generator, sizes: tuple[int, ...] = SIZES
) -> Judged:
    """Give every curve, and how the mixture's differ from each rival's.

    Parameters
    ----------
    hits
        By test and ranking, shape (images, sizes).
    name
        The class, or empty for all together.
    rng
        Draws the images of the bootstrap.
    sizes
        m.

    """
    lines: list[CurveFigures] = []
    apart: list[DifferenceFigures] = []
    for test in TESTS:
        if hits[test]:
            lines += _curves(hits[test], test, name, rng, sizes)
            apart += _differences(hits[test], test, name, rng, sizes)
    return tuple(lines), tuple(apart)


def pooled(parts: Sequence[Hits]) -> Hits:
    """Put the images of several classes together."""
    return {
        test: {
            ranking: np.concatenate([part[test][ranking] for part in parts])
            for ranking in parts[0][test]
        }
        for test in TESTS
    }


def _curves(
    hits: Mapping[str, BoolArray],
    test: Test,
    name: str,
    rng: np.random.Generator,
    sizes: tuple[int, ...],
) -> list[CurveFigures]:
    found = []
    for ranking, kept in hits.items():
        columns = np.column_stack([kept, areas(kept, sizes)])
        intervals = _intervals(bootstrap(columns, rng))
        found.append(
            CurveFigures(
                test=test,
                name=name,
                ranking=ranking,
                images=len(kept),
                pcr=intervals[:-1],
                area=intervals[-1],
            )
        )
    return found


def _differences(
    hits: Mapping[str, BoolArray],
    test: Test,
    name: str,
    rng: np.random.Generator,
    sizes: tuple[int, ...],
) -> list[DifferenceFigures]:
    pairs = [(own, rival) for own in OWN if own in hits for rival in hits if rival not in OWN]
    if not pairs:
        return []
    each = {ranking: areas(kept, sizes) for ranking, kept in hits.items()}
    # One row is one image, so that a draw takes it under both rankings.
    beyond = np.column_stack([each[own] - each[rival] for own, rival in pairs])
    found = []
    for (own, rival), interval in zip(pairs, _intervals(bootstrap(beyond, rng)), strict=True):
        above, below = interval.low > 0, interval.high < 0
        found.append(
            DifferenceFigures(
                test=test,
                name=name,
                ranking=own,
                rival=rival,
                difference=interval,
                beats=below if test == "removal" else above,
                worse=above if test == "removal" else below,
            )
        )
    return found


def _intervals(bounds: Bounds) -> tuple[Interval, ...]:
    columns = zip(bounds.mean, bounds.low, bounds.high, strict=True)
    return tuple(
        Interval(mean=float(mean), low=float(low), high=float(high)) for mean, low, high in columns
    )
