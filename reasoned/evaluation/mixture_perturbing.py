"""The perturbation tests: which images keep a class when a ranking's first features change."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from explainers.arrays import BoolArray, DoubleArray, IntArray, check_shape
from explainers.errors import ShapeError
from reasoned.evaluation.mixture_protocols import (
    PROTOCOLS,
    TESTS,
    Construction,
    Logits,
    Scene,
    Test,
    places_of,
)

SIZES: Final = (5, 15, 30, 45, 60, 75, 150)
FIRST, LAST = 15, 150  # where the area under the curve begins and ends
Hits = dict[Test, dict[str, BoolArray]]
PLAIN: Final = PROTOCOLS["plain"]


def curves(
    logits_of: Logits,
    scene: Scene,
    rankings: Mapping[str, IntArray],
    rng: np.random.Generator,
    construction: Construction = PLAIN,
    sizes: tuple[int, ...] = SIZES,
) -> Hits:
    """Perturb the first m features of every ranking, and ask the network again.

    Parameters
    ----------
    logits_of
        The network, from (images, values), black 0 and white 1, to (images, classes).
    scene
        The images of one class, and what they are mixed with.
    rankings
        Shape (images, ranked) each. Positions of features, the most important first, -1 where
        there are fewer. All are judged on the same images, others and noise.
    rng
        Draws the noise.
    construction
        The protocol: an entry of `PROTOCOLS`.
    sizes
        m.

    Returns
    -------
    Hits
        By test and ranking, shape (images, sizes): whether the network still gives the class.

    Raises
    ------
    ShapeError
        When a ranking is not one row of features per image, or names a feature twice.

    """
    noise = construction.noise((len(scene.images), scene.images.shape[1]), rng)
    found: Hits = {test: {} for test in TESTS}
    for name, ranking in rankings.items():
        _check_ranking(name, ranking, scene)
        places = places_of(ranking, scene.features)
        parts: dict[Test, list[BoolArray]] = {test: [] for test in TESTS}
        for size in sizes:
            made = construction.pictures(scene, noise, places, size, logits_of)
            logits = logits_of(np.concatenate([made[test] for test in TESTS]))
            kept = (logits.argmax(axis=1) == scene.explained).reshape(len(TESTS), -1)
            for test, hits in zip(TESTS, kept, strict=True):
                parts[test].append(hits)
        for test in TESTS:
            found[test][name] = np.stack(parts[test], axis=1)
    return found


def _check_ranking(name: str, ranking: IntArray, scene: Scene) -> None:
    check_shape(f"ranking {name}", ranking, "images", "ranked", images=len(scene.images))
    if ranking.size and (ranking.max() >= scene.features or ranking.min() < -1):
        raise ShapeError(
            f"ranking {name} must name features from 0 to {scene.features - 1} or -1, but runs "
            f"from {ranking.min()} to {ranking.max()}"
        )
    ordered = np.sort(ranking, axis=1)
    if np.any((np.diff(ordered, axis=1) == 0) & (ordered[:, 1:] >= 0)):
        raise ShapeError(f"ranking {name} must name each feature once for an image, not twice")


def areas(hits: BoolArray, sizes: tuple[int, ...] = SIZES) -> DoubleArray:
    """Give each image's area under the curve from m = 15 to 150, divided by the width.

    Parameters
    ----------
    hits
        Shape (images, sizes).
    sizes
        m, ascending.

    Returns
    -------
    DoubleArray
        Shape (images), in [0, 1]; their mean is the area under the mean curve.

    Raises
    ------
    ShapeError
        When fewer than two sizes lie there.

    """
    m = np.array(sizes, np.float64)
    inside = (m >= FIRST) & (m <= LAST)
    if inside.sum() < 2:
        raise ShapeError(f"an area needs two sizes from {FIRST} to {LAST}, not {sizes}")
    heights = hits[:, inside].astype(np.float64)
    return np.asarray(np.trapezoid(heights, m[inside], axis=1) / np.ptp(m[inside]))
