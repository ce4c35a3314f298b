"""Find, choose, count and keep the polytopes of a rule set."""

from collections.abc import Callable, Iterable

import numpy as np

from explainers.arrays import FloatArray
from explainers.errors import NotApplicableError
from explainers.fitting_contract import FittingData, Upper
from explainers.representative.fitting.candidates import (
    Candidate,
    every_class,
    find_candidates,
    most_covering,
)
from explainers.representative.fitting.options import RuleSetOptions
from explainers.representative.fitting.rule_set import points_of, rule_set
from explainers.representative.fitting.showing import kept_members
from explainers.representative.fitting.sizing import (
    choose_least_depth,
    measure_classes,
    measure_sizes,
    usual_depth,
)
from explainers.representative.fitting.storing import (
    stored_counts,
    stored_examples,
    stored_facets,
    stored_tail,
)
from explainers.representative.served import Representative
from explainers.representative.served.search import References

TELLING = 10_000  # images by which facets are ordered
MOST_NUMBERS = 50_000_000  # of all facets: 200 MB


def fit_representative(
    data: FittingData, rng: np.random.Generator, progress: Callable[..., Iterable[int]]
) -> Representative:
    """Build a rule set of polytopes that covers the training images.

    Parameters
    ----------
    data
        Training images are the references; validation images fix how many polytopes are
        kept.
    rng
        Draws seeds and boundaries.
    progress
        Shows the seeds.

    Raises
    ------
    NotApplicableError
        When the network above the explained map cannot be explained, with the reason.

    """
    upper = _upper(data)
    options = RuleSetOptions.read(data.options)
    points = points_of(data.train)
    references = References(points, data.train.predicted)
    searching, showing, storing = rng.spawn(3)
    candidates = find_candidates(
        upper, references, options.search_settings(), options.seeds, searching, progress
    )
    if not candidates:
        raise NotApplicableError(
            "representative found no boundary: the network gives all training images one class"
        )
    sample = points[:: -(-len(points) // TELLING)].astype(np.float64)
    wide = rule_set(_storable(most_covering(candidates, options.polytopes), points), sample)
    seen, classes = points_of(data.validation), data.validation.predicted
    size = measure_sizes(wide.polytopes, wide.labels, seen, classes).size()
    rules = rule_set(every_class(wide.candidates, candidates, size, options.polytopes), sample)
    judged = rules.polytopes, rules.labels, seen, classes
    least_depth = choose_least_depth(*judged)
    curves = measure_sizes(*judged, least_depth)
    by_class = measure_classes(*judged, least_depth, len(data.classes))
    shown = [kept_members(c, points, showing) for c in rules.candidates]
    return Representative(
        class_names=data.classes,
        approximate=upper.approximate,
        single_piece=upper.single_piece,
        least_depth=least_depth,
        scale=usual_depth(rules.polytopes, seen),
        coverage=curves.coverage,
        agreement=curves.agreement,
        class_coverage=by_class.coverage,
        class_agreement=by_class.agreement,
        searches=sum(c.found.drawn for c in candidates),
        failed=sum(c.found.failed for c in candidates),
        violations=sum(c.found.violations for c in candidates),
        **stored_facets(rules),
        **stored_counts(rules, data.train),
        **stored_examples(rules, data, shown),
        **stored_tail(upper, data.train, storing),
    )


def _storable(candidates: list[Candidate], points: FloatArray) -> list[Candidate]:
    """Keep as many as there is room for, but one at least."""
    numbers = np.cumsum([len(c.found.facets) * points.shape[1] for c in candidates])
    return candidates[: max(int((numbers <= MOST_NUMBERS).sum()), 1)]


def _upper(data: FittingData) -> Upper:
    if data.upper is None:
        raise NotApplicableError(
            "representative needs the network above the explained map; this one was refused: "
            f"{data.upper_reason}"
        )
    return data.upper
