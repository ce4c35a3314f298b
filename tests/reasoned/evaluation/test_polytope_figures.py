"""What is counted of polytopes, on polytopes drawn by hand and on the digits."""

import dataclasses

import numpy as np
import pytest

from explainers.fitting_contract import silent
from reasoned.evaluation.figures import spread
from reasoned.evaluation.image_polytope import ImagePolytope, Searching, paper_search
from reasoned.evaluation.polytope_figures import SIZES, curves, polytope_figures, stability

PREDICTED = np.array([0, 0, 0, 1, 1, 1])


def polytope(position: int, inside: list[int], tau: int = 0) -> ImagePolytope:
    return ImagePolytope(
        position=position,
        of_class=int(PREDICTED[position]),
        tau=tau,
        facets=len(inside),
        boundaries=50,
        failed=1,
        weights=np.zeros(2),
        inside=np.isin(np.arange(6), inside),
        similar=np.array([other for other in inside if other != position], np.int64),
    )


def test_by_hand() -> None:
    drawn = [polytope(0, [0, 1, 3], tau=2), polytope(4, [3, 4, 5]), polytope(2, [2])]

    found = polytope_figures("hand", drawn, PREDICTED)

    assert found.coverage == spread([0.5, 0.5, 1 / 6])
    assert found.class_coverage == spread([2 / 3, 1.0, 1 / 3])
    assert found.precision == spread([0.5, 1.0, None])  # the last holds nothing but itself
    assert found.precision.of == 2
    assert found.pooled_precision == 3 / 4
    assert found.tau.mean == pytest.approx(2 / 3)
    assert found.tau_zero == pytest.approx(2 / 3)
    assert found.facets == spread([3.0, 3.0, 1.0])
    assert found.failed == 3


def test_the_mean_and_its_standard_error_by_hand() -> None:
    found = spread([1.0, None, 3.0])

    assert (found.mean, found.of) == (2.0, 2)
    assert found.standard_error == pytest.approx(1.0)  # sqrt(2) / sqrt(2)
    assert spread([4.0]).standard_error is None
    assert spread([None]).model_dump() == {"mean": None, "standard_error": None, "of": 0}


def test_what_does_not_depend_on_the_seed_is_stable(patches: Searching) -> None:
    # There is one boundary, and every search finds it.
    found = stability("one", patches, np.array([0, 1, 2]), (paper_search(10), 3), silent)

    assert (found.jaccard.mean, found.agreement.mean) == (1.0, 1.0)
    assert found.rank_correlation.mean == pytest.approx(1.0)
    assert (found.seeds, found.jaccard.of) == (3, 3)


def test_few_boundaries_make_unstable_polytopes(digits: Searching) -> None:
    images = np.arange(5)
    few = stability("few", digits, images, (paper_search(5), 3), silent)
    many = stability("many", digits, images, (paper_search(100), 3), silent)

    assert few.jaccard.mean is not None
    assert many.jaccard.mean is not None
    assert few.jaccard.mean < many.jaccard.mean < 1


def test_more_boundaries_leave_fewer_of_another_class_inside(digits: Searching) -> None:
    found = curves(digits, np.arange(12), silent)

    assert [point.boundaries for point in found] == list(SIZES)
    taus = [point.tau.mean or 0.0 for point in found]
    assert taus[0] > taus[1] > taus[2] >= taus[-1]
    precisions = [point.precision.mean or 0.0 for point in found]
    assert precisions[0] < precisions[-1]


def test_a_larger_polytope_covers_more() -> None:
    small = polytope(0, [0, 1])
    large = dataclasses.replace(small, inside=np.ones(6, np.bool_))

    found = [polytope_figures("", [one], PREDICTED).coverage.mean for one in (small, large)]

    assert found == [pytest.approx(1 / 3), 1.0]
