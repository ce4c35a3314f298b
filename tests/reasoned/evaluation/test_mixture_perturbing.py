"""The harness on a network that is known: a sparse logistic model (acceptance test 6)."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explainers.arrays import FloatArray, IntArray
from explainers.errors import ShapeError
from reasoned.evaluation.mixture_perturbing import SIZES, Hits, areas, curves
from reasoned.evaluation.mixture_protocols import PROTOCOLS, TESTS, Scene

VALUES, IMAGES = 100, 60
# Scattered, so that an order read as scores, or the other way round, meets other pixels.
ACTIVE = np.random.default_rng(5).permutation(VALUES)[:12]
WEIGHTS = np.linspace(3.0, 1.0, len(ACTIVE))


def logits_of(values: FloatArray) -> FloatArray:
    """Give class 1 where the active pixels weigh more than a third of what they can."""
    score = values[:, ACTIVE] @ WEIGHTS - WEIGHTS.sum() / 3
    return np.column_stack([-score, score]).astype(np.float32)


def sparse_scene() -> Scene:
    rng = np.random.default_rng(1)
    drawn = rng.random((4000, VALUES), dtype=np.float32)
    drawn[:2000, ACTIVE] *= 0.4
    given = logits_of(drawn).argmax(axis=1)
    return Scene(
        images=drawn[given == 1][:IMAGES],
        others=drawn[given == 0][:IMAGES],
        null=np.zeros(VALUES, np.float32),
        cells=np.arange(VALUES),
        explained=1,
    )


def for_all(order: IntArray) -> IntArray:
    return np.tile(order, (IMAGES, 1))


@pytest.fixture(scope="module")
def hits() -> Hits:
    scene, rng = sparse_scene(), np.random.default_rng(2)
    rest = np.setdiff1d(np.arange(VALUES), ACTIVE)
    coefficients = np.zeros(VALUES)
    coefficients[ACTIVE] = WEIGHTS
    # What the defect of the authors' code does: places among coefficients, taken for pixels.
    by_place = np.argsort(np.argsort(-coefficients, kind="stable"), kind="stable")
    every = rng.permuted(np.tile(np.arange(VALUES), (IMAGES, 1)), axis=1)
    rankings = {
        # Contributions, image by image: what no ranking can beat under removal.
        "oracle": ACTIVE[np.argsort(-scene.images[:, ACTIVE] * WEIGHTS, axis=1)],
        "weights": for_all(np.concatenate([ACTIVE, rest])),
        "random": every,
        "misplaced": for_all(by_place),
        "reversed": for_all(np.concatenate([rest, ACTIVE])),
    }
    return curves(logits_of, scene, rankings, rng, sizes=(0, 2, 4, 6, 12, 15, 30, 45, 60))


def test_nothing_changed_is_nothing_lost_and_nothing_carried_over(hits: Hits) -> None:
    for ranking in hits["removal"]:
        assert hits["removal"][ranking][:, 0].all()
        assert not hits["insertion"][ranking][:, 0].any()


def test_removing_the_active_pixels_takes_the_class_away(hits: Hits) -> None:
    for ranking in ("oracle", "weights"):
        pcr = hits["removal"][ranking].mean(axis=0)
        assert np.all(np.diff(pcr) <= 0)
        # All twelve are gone.
        assert pcr[4] < 0.1
    assert hits["removal"]["random"].mean(axis=0)[4] > 0.8


def test_active_pixels_carry_the_class_over_and_keep_it_in_noise(hits: Hits) -> None:
    for ranking in ("oracle", "weights"):
        assert hits["insertion"][ranking][:, 4].all()
        assert hits["synthetic"][ranking][:, 4].all()
    assert hits["insertion"]["random"].mean(axis=0)[4] < 0.5


def test_the_oracle_bounds_every_ranking(hits: Hits) -> None:
    best = hits["removal"]["oracle"]
    for kept in hits["removal"].values():
        # Image by image and size by size, not on the mean alone.
        assert np.all(best <= kept)


def test_places_taken_for_pixels_are_no_better_than_chance(hits: Hits) -> None:
    misplaced = hits["removal"]["misplaced"].mean(axis=0)[4]
    assert misplaced > hits["removal"]["weights"].mean(axis=0)[4] + 0.5


def test_the_same_seed_gives_the_same_pictures() -> None:
    scene, ranking = sparse_scene(), {"some": for_all(np.arange(VALUES)[::-1])}
    found = [curves(logits_of, scene, ranking, np.random.default_rng(3)) for _ in range(2)]
    for test in TESTS:
        np.testing.assert_array_equal(found[0][test]["some"], found[1][test]["some"])


def test_every_ranking_meets_the_same_noise() -> None:
    ranking = for_all(np.arange(VALUES))
    both = {"one": ranking, "two": ranking.copy()}
    hits = curves(logits_of, sparse_scene(), both, np.random.default_rng(4))
    for test in TESTS:
        np.testing.assert_array_equal(hits[test]["one"], hits[test]["two"])


def test_the_amplified_protocol_leaves_the_range_of_pixels() -> None:
    seen: list[float] = []

    def watched(values: FloatArray) -> FloatArray:
        seen.append(float(values.max()))
        return logits_of(values)

    ranking = {"weights": for_all(ACTIVE)}
    rng = np.random.default_rng(6)
    hits = curves(watched, sparse_scene(), ranking, rng, PROTOCOLS["amplified"])
    assert max(seen) > 2.0
    assert hits["insertion"]["weights"][:, 1].all()
    assert hits["removal"]["weights"].mean(axis=0)[1] < 0.1


def test_broken_rankings_are_refused() -> None:
    scene, rng = sparse_scene(), np.random.default_rng(0)

    def judged(ranking: IntArray) -> None:
        curves(logits_of, scene, {"mine": ranking}, rng)

    with pytest.raises(ShapeError, match=r"ranking mine must have shape \(images=60, ranked\)"):
        judged(np.zeros((3, 2), np.int64))
    with pytest.raises(ShapeError, match=r"features from 0 to 99 or -1, but runs from 0 to 100"):
        judged(for_all(np.array([0, 100])))
    with pytest.raises(ShapeError, match="must name each feature once"):
        judged(for_all(np.array([4, 7, 4])))
    # Missing ones may be missing twice.
    judged(for_all(np.array([4, -1, -1])))


def test_an_area_is_worked_out_by_hand() -> None:
    # Kept up to 45 only: 15 to 45 whole, 45 to 60 half, then nothing; m = 5 does not count.
    kept = np.array([[False, True, True, True, False, False, False], [True] * 7])
    np.testing.assert_allclose(areas(kept, SIZES), [(30 + 7.5) / 135, 1.0], rtol=1e-12)
    with pytest.raises(ShapeError, match=r"an area needs two sizes from 15 to 150, not \(5, 15\)"):
        areas(kept[:, :2], (5, 15))


@settings(max_examples=50)
@given(st.integers(0, 2**31), st.integers(1, 20))
def test_the_mean_area_is_the_area_of_the_mean(seed: int, images: int) -> None:
    kept = np.random.default_rng(seed).random((images, len(SIZES))) < 0.5
    m, heights = np.array(SIZES[1:]), kept.mean(axis=0)[1:]
    by_hand = np.sum(np.diff(m) * (heights[1:] + heights[:-1]) / 2) / 135
    np.testing.assert_allclose(areas(kept).mean(), by_hand, rtol=1e-12)
