"""What the polytopes of single images hold, how stable they are, and what |Q| changes."""

import itertools
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from explainers.arrays import IntArray
from explainers.representative.served.search import SearchSettings
from reasoned.evaluation.comparison import weighted_maps
from reasoned.evaluation.figures import CurvePoint, PolytopeFigures, StabilityFigures, spread
from reasoned.evaluation.image_polytope import ImagePolytope, Searching, paper_search
from reasoned.evaluation.measures import jaccard, rank_correlation
from reasoned.evaluation.unseen import UnseenImages

SIZES = (10, 25, 50, 100, 200)


def polytope_figures(
    mode: str, polytopes: Sequence[ImagePolytope], predicted: IntArray
) -> PolytopeFigures:
    """Count what the polytopes of some images hold.

    Parameters
    ----------
    mode
        What the figures are called.
    polytopes
        One for each image.
    predicted
        Shape (images). The network's classes of the unseen images.

    """
    right = [int((predicted[p.similar] == p.of_class).sum()) for p in polytopes]
    others = sum(len(p.similar) for p in polytopes)
    return PolytopeFigures(
        mode=mode,
        coverage=spread([float(p.inside.mean()) for p in polytopes]),
        class_coverage=spread([_class_coverage(p, predicted) for p in polytopes]),
        precision=spread([_precision(p, predicted) for p in polytopes]),
        pooled_precision=sum(right) / others if others else None,
        tau=spread([float(p.tau) for p in polytopes]),
        tau_zero=sum(p.tau == 0 for p in polytopes) / max(len(polytopes), 1),
        facets=spread([float(p.facets) for p in polytopes]),
        boundaries=spread([float(p.boundaries) for p in polytopes]),
        failed=sum(p.failed for p in polytopes),
    )


def stability(
    mode: str,
    searching: Searching,
    images: IntArray,
    settings: tuple[SearchSettings, int],
    progress: Callable[..., Iterable[int]],
) -> StabilityFigures:
    """Search around each image several times, and compare what was found in pairs.

    Parameters
    ----------
    mode
        What the figures are called.
    searching
        The network and its images.
    images
        Shape (images). Positions of the images to search around.
    settings
        Of the search, and how many seeds to try.
    progress
        Shows the images.

    """
    asked, seeds = settings
    alike = [
        _alike(
            [searching.find(int(images[i]), asked, repeat) for repeat in range(seeds)],
            searching.unseen,
        )
        for i in progress(range(len(images)), f"stability of {mode}")
    ]
    columns: tuple[tuple[float | None, ...], ...] = tuple(zip(*alike, strict=True)) or ((),) * 3
    return StabilityFigures(
        mode=mode,
        seeds=seeds,
        jaccard=spread(columns[0]),
        agreement=spread(columns[1]),
        rank_correlation=spread(columns[2]),
    )


def curves(
    searching: Searching, images: IntArray, progress: Callable[..., Iterable[int]]
) -> tuple[CurvePoint, ...]:
    """Search as the paper does, with more and more boundaries to choose from.

    Parameters
    ----------
    searching
        The network and its images.
    images
        Shape (images). Positions of the images to search around.
    progress
        Shows the sizes.

    """
    points = []
    for i in progress(range(len(SIZES)), "curves over |Q|"):
        asked = paper_search(SIZES[i])
        found = [searching.find(int(position), asked) for position in images]
        figures = polytope_figures(f"|Q| = {SIZES[i]}", found, searching.unseen.predicted)
        points.append(
            CurvePoint(
                boundaries=SIZES[i],
                tau=figures.tau,
                coverage=figures.coverage,
                precision=figures.precision,
                facets=figures.facets,
            )
        )
    return tuple(points)


def _alike(
    found: Sequence[ImagePolytope], unseen: UnseenImages
) -> tuple[float | None, float | None, float | None]:
    """Give the mean Jaccard index, agreement and rank correlation of all pairs."""
    own = unseen.psi[found[0].position][None]
    maps = [weighted_maps(polytope.weights, own)[0] for polytope in found]
    pairs = list(itertools.combinations(range(len(found)), 2))
    sets = [jaccard(found[i].inside, found[j].inside) for i, j in pairs]
    same = [float((found[i].inside == found[j].inside).mean()) for i, j in pairs]
    ranks = [rank_correlation(maps[i], maps[j]) for i, j in pairs]
    return spread(sets).mean, spread(same).mean, spread(ranks).mean


def _class_coverage(polytope: ImagePolytope, predicted: IntArray) -> float | None:
    alike = predicted == polytope.of_class
    return float(polytope.inside[alike].mean()) if alike.any() else None


def _precision(polytope: ImagePolytope, predicted: IntArray) -> float | None:
    if not len(polytope.similar):
        return None
    return float(np.mean(predicted[polytope.similar] == polytope.of_class))
