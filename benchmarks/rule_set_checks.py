"""Stored polytopes counted again from the images, and the greedy choice beside the optimum."""

from typing import Any

import numpy as np

from explainers.arrays import BoolArray, DoubleArray, FloatArray
from explainers.representative.fitting.exact import exact_cover
from explainers.representative.served import Representative
from explainers.representative.served.search import (
    Found,
    References,
    SearchSettings,
    Seed,
    find_polytope,
    unpack,
)
from reasoned.evaluation.image_polytope import Searching, paper_search

ORACLE_IMAGES = 50
ROWS = 2_048


def held(rules: Representative, points: DoubleArray, least_depth: float) -> BoolArray:
    """Say which points lie in which polytope, in float64 and facet by facet."""
    found = np.ones((len(points), len(rules.polytopes)), dtype=np.bool_)
    for polytope in range(len(rules.polytopes)):
        facets = rules.polytopes.facets(polytope)
        normals = rules.normals[facets].astype(np.float64)
        for start in range(0, len(points), ROWS):
            part = points[start : start + ROWS]
            values = part @ normals.T + rules.offsets[facets]
            found[start : start + ROWS, polytope] = (values > least_depth).all(axis=1)
    return found


def recount(rules: Representative, references: References) -> dict[str, Any]:
    """Count what lies in each stored polytope, and compare with what is stored."""
    inside = held(rules, references.points.astype(np.float64), 0.0)
    other = references.predicted[:, None] != rules.polytope_classes[None, :]
    counts, wrong = inside.sum(axis=0), (inside & other).sum(axis=0)
    differs = (counts != rules.references) | (wrong != rules.others)
    return {
        "recount_mismatches": int(differs.sum()),
        "polytopes_with_tau_zero": int((rules.others == 0).sum()),
        "largest_tau": int(rules.others.max()),
        "facets": round(float(np.diff(rules.starts).mean()), 2),
    }


def coverage(rules: Representative, searching: Searching, validation: FloatArray) -> dict[str, Any]:
    """Say what the rule set covers of references and of unseen images, and how truly.

    `validation` are the validation images in boundary space, shape (images, units).
    """
    least = rules.least_depth
    seen = held(rules, searching.references.points.astype(np.float64), least)
    points = searching.unseen.boundary
    unseen = held(rules, points.astype(np.float64), least)
    covered = unseen.any(axis=1)
    depths = np.where(unseen, rules.polytopes.depths(points), -np.inf)
    named = rules.polytope_classes[depths.argmax(axis=1)]
    predicted = searching.unseen.predicted
    agrees = unseen & (rules.polytope_classes[None, :] == predicted[:, None])
    return {
        "polytopes": len(rules.polytopes),
        "least_depth": round(rules.least_depth, 6),
        "reference_coverage": round(float(seen.any(axis=1).mean()), 6),
        "unseen_coverage": round(float(covered.mean()), 6),
        "unseen_precision": round(float(agrees.sum() / unseen.sum()), 6),
        "unseen_precision_by_image": round(float((named == predicted)[covered].mean()), 6),
        "operating_points": operating_points(
            rules.polytopes.depths(validation).max(axis=1), depths.max(axis=1), named == predicted
        ),
    }


def operating_points(
    validation: FloatArray, depth: DoubleArray, agrees: BoolArray
) -> list[dict[str, float]]:
    """Give coverage and agreement of unseen images from a depth on that validation fixes.

    The depth is the one that 80, 90, 95, 96 or 97 % of the validation images reach.
    """
    found = []
    for wanted in (0.8, 0.9, 0.95, 0.96, 0.97):
        kept = depth > max(float(np.quantile(validation, 1.0 - wanted)), 0.0)
        found.append(
            {
                "validation_coverage": wanted,
                "coverage": round(float(kept.mean()), 6),
                "precision": round(float(agrees[kept].mean()), 6),
            }
        )
    return found


def oracle(searching: Searching) -> dict[str, Any]:
    """Give what greedy and pruned choices cover of the optimum, on random unseen images."""
    rng = np.random.default_rng(searching.seed)
    drawn = rng.choice(len(searching.unseen), ORACLE_IMAGES, replace=False)
    paper = paper_search(50)
    kinds = {
        "greedy": paper,
        "pruned": SearchSettings(boundaries=50, most_boundaries=50, enlarge=False),
        "exact": SearchSettings(
            boundaries=50, most_boundaries=50, enlarge=False, prune=False, solver=exact_cover
        ),
    }
    kept = np.array([[own(searching, int(i), kind) for kind in kinds.values()] for i in drawn])
    ratios = kept / kept[:, 2:]
    return {
        "greedy_over_exact": round(float(ratios[:, 0].mean()), 6),
        "greedy_over_exact_worst": round(float(ratios[:, 0].min()), 6),
        "pruned_over_exact": round(float(ratios[:, 1].mean()), 6),
        "pruned_over_exact_worst": round(float(ratios[:, 1].min()), 6),
        "oracle_images": ORACLE_IMAGES,
    }


def own(searching: Searching, position: int, settings: SearchSettings) -> int:
    """Count the references of the image's own class inside its polytope."""
    point = searching.unseen.boundary[position].astype(np.float64)
    label = int(searching.unseen.predicted[position])
    rng = np.random.default_rng([searching.seed, position])
    references = searching.references
    found: Found | None = find_polytope(
        searching.network.above, references, Seed(point, label), rng, settings
    )
    if found is None:
        raise RuntimeError("a search without a deadline was late")
    inside = unpack(found.members, len(references))
    return int((inside & (references.predicted == label)).sum())
