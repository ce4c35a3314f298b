import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from explainers.arrays import BoolArray, DoubleArray, FloatArray
from explainers.representative.fitting.sizing import (
    LEAST_COVERAGE,
    WIDE,
    Curves,
    choose_least_depth,
    measure_classes,
    measure_sizes,
    usual_depth,
)
from explainers.representative.served.polytopes import Polytopes


def intervals(*bounds: tuple[float, float]) -> Polytopes:
    """Polytopes on a line."""
    return Polytopes(
        np.array([[1], [-1]] * len(bounds), dtype=np.float32),
        np.array([[-low, high] for low, high in bounds], dtype=np.float32).ravel(),
        np.arange(0, 2 * len(bounds) + 1, 2),
    )


def line(*places: float) -> FloatArray:
    return np.array(places, dtype=np.float32)[:, None]


LABELS = np.array([0, 1, 2])
THREE = intervals((0, 10), (4, 12), (20, 21))
POINTS = line(1, 5, 8, 11, 30)


def test_the_curves_worked_by_hand() -> None:
    # Depths: 1, 5, 2, -1 and -20 in the first; -3, 1, 4, 1 and -18 in the second.
    curves = measure_sizes(THREE, LABELS, POINTS, np.array([0, 0, 1, 1, 0]))

    assert curves.coverage.tolist() == [3 / 5, 4 / 5, 4 / 5]
    # The first names the third image wrongly, until the second one holds it deeper.
    assert curves.agreement.tolist() == [2 / 3, 1.0, 1.0]


def test_the_curves_count_what_is_deep_enough_alone() -> None:
    curves = measure_sizes(THREE, LABELS, POINTS, np.array([0, 0, 1, 1, 0]), 1.5)

    assert curves.coverage.tolist() == [2 / 5, 2 / 5, 2 / 5]
    assert curves.agreement.tolist() == [1 / 2, 1.0, 1.0]


def test_of_nothing_inside_nothing_agrees() -> None:
    curves = measure_sizes(THREE, LABELS, line(-1, 40), np.array([0, 2]))

    assert curves.coverage.tolist() == curves.agreement.tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("least_depth", "coverage", "agreement"),
    [
        # The second image is of class 1, but deepest in the polytope of class 0.
        (0.0, [1 / 2, 1, 0, 0], [1, 2 / 3, 0, 0]),
        # The second and the third alone are deep enough.
        (1.5, [0, 2 / 3, 0, 0], [0, 1 / 2, 0, 0]),
    ],
)
def test_the_classes_worked_by_hand(
    least_depth: float, coverage: list[float], agreement: list[float]
) -> None:
    predicted = np.array([0, 1, 1, 1, 0])

    found = measure_classes(THREE, LABELS, POINTS, predicted, least_depth, classes=4)

    assert found.coverage.tolist() == coverage
    assert found.agreement.tolist() == agreement


@given(seed=st.integers(0, 10_000), least_depth=st.sampled_from([0.0, 0.5, 3.0]))
def test_the_classes_together_are_the_end_of_the_curves(seed: int, least_depth: float) -> None:
    rng = np.random.default_rng(seed)
    points, predicted = line(*rng.uniform(-5, 25, 80)), rng.integers(0, 3, 80)

    curves = measure_sizes(THREE, LABELS, points, predicted, least_depth)
    found = measure_classes(THREE, LABELS, points, predicted, least_depth, classes=3)

    held = found.coverage * np.bincount(predicted, minlength=3)
    assert held.sum() / 80 == pytest.approx(curves.coverage[-1])
    agreed = (held * found.agreement).sum() / max(held.sum(), 1)
    assert agreed == pytest.approx(curves.agreement[-1])


@pytest.mark.parametrize(
    ("coverage", "size"),
    [
        ([0.5, WIDE - 0.001, WIDE, 0.999], 3),
        ([1.0, 1.0], 1),
        ([0.5, 0.6, 0.7], 3),
    ],
)
def test_the_fewest_polytopes_that_cover_widely_are_kept(coverage: list[float], size: int) -> None:
    assert Curves(np.array(coverage), np.ones(len(coverage))).size() == size


def half_line(agrees: BoolArray) -> float:
    """Images 1, 2, 3, ... deep in one polytope of class 0, and whether it names them rightly."""
    points = line(*range(1, len(agrees) + 1))
    polytopes = intervals((0, 10_000))
    return choose_least_depth(polytopes, np.array([0]), points, np.where(agrees, 0, 1))


def test_where_all_agree_any_depth_will_do() -> None:
    assert half_line(np.ones(1000, dtype=np.bool_)) == 0.0


def test_the_shallowest_are_left_out_until_the_bound_is_high_enough() -> None:
    agrees = np.arange(1000) >= 10

    # Of 1,000 images the 10 shallowest are named wrongly. Without the first 6 there are 4
    # wrong of 994: so few come in fewer than 5 of 100 draws at 0.99; 5 of 995 in more.
    assert binom.cdf(4, 994, 0.01) < 0.05 < binom.cdf(5, 995, 0.01)
    assert half_line(agrees) == 6.5


def test_where_there_are_too_few_images_to_be_sure_none_is_left_out() -> None:
    # Even 298 of 298 leave a bound below 0.99, and 299 of 299 do not.
    assert 0.05 ** (1 / 298) < 0.99 < 0.05 ** (1 / 299)
    assert half_line(np.arange(298) >= 1) == 0.0
    assert half_line(np.arange(299) >= 1) > 0.0


def test_no_more_is_left_out_than_the_floor_of_coverage_allows() -> None:
    # The deepest are named wrongly, which no depth will mend.
    agrees = np.arange(1000) < 900

    assert half_line(agrees) == 1000 - round(1000 * LEAST_COVERAGE) + 0.5


def test_where_fewer_are_inside_than_the_floor_all_of_them_count() -> None:
    points = line(*range(1, 901), *range(-100, 0))
    predicted = (np.arange(1000) % 2).astype(np.int64)

    assert choose_least_depth(intervals((0, 10_000)), np.array([0]), points, predicted) == 0.0


def test_it_is_the_deepest_polytope_whose_class_is_compared() -> None:
    # All lie in both; the wide one is of class 1, and the deepest for each.
    both = intervals((400, 600), (0, 1000))
    points = line(*np.linspace(450, 550, 1000).tolist())
    labels = np.array([0, 1])

    assert choose_least_depth(both, labels, points, np.ones(1000, dtype=np.int64)) == 0.0
    assert choose_least_depth(both, labels, points, np.zeros(1000, dtype=np.int64)) > 0.0


@given(seed=st.integers(0, 10_000), share=st.sampled_from([0.0, 0.01, 0.03, 0.3]))
def test_it_is_the_least_depth_that_will_do(seed: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    # Whole numbers, some of them the same and some outside.
    depths: DoubleArray = rng.integers(-5, 600, 600).astype(np.float64)
    agrees = (rng.random(600) > share) | (depths > rng.uniform(0, 400))

    found = choose_least_depth(
        intervals((0, 10_000)), np.array([0]), line(*depths), np.where(agrees, 0, 1)
    )

    assert found == _least_depth(depths, agrees, round(LEAST_COVERAGE * len(depths)))


def _least_depth(depths: DoubleArray, agrees: BoolArray, floor: int) -> float:
    """Try 0 and all that lies halfway between two depths, the least first."""
    places = np.unique(depths[depths > 0])
    best = 0.0
    for tried in [0.0, *((places[1:] + places[:-1]) / 2)]:
        inside = depths > tried
        if tried > 0 and inside.sum() < floor:
            break
        best = float(tried)
        if binom.cdf(int((inside & ~agrees).sum()), inside.sum(), 0.01) <= 0.05:
            break
    return best


@pytest.mark.parametrize("seed", range(8))
def test_what_is_served_as_inside_is_what_was_chosen(seed: int) -> None:
    rng = np.random.default_rng(seed)
    normals = rng.normal(size=(8, 30))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    polytopes = Polytopes(
        normals.astype(np.float32), rng.uniform(2.2, 4, 8).astype(np.float32), np.array([0, 5, 8])
    )
    points = rng.normal(size=(400, 30)).astype(np.float32)

    least = choose_least_depth(polytopes, LABELS[:2], points, np.full(400, 2))

    # All are named wrongly: the floor alone decides, or the number inside where that is less.
    inside = polytopes.members(points).any(axis=1).sum()
    floor = min(inside, round(400 * LEAST_COVERAGE))
    assert inside > floor or seed > 5
    assert polytopes.members(points, least).any(axis=1).sum() == floor


def test_the_usual_depth_is_the_median_of_those_inside() -> None:
    # 1, 5, 4, 1 deep, and one outside.
    assert usual_depth(THREE, POINTS) == 2.5
    assert usual_depth(THREE, line(-3, 40)) == 1.0
