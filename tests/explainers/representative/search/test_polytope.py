import dataclasses

import numpy as np
import pytest

from explainers.representative.served.search import (
    Bits,
    DenseTail,
    Found,
    References,
    SearchSettings,
    Seed,
    find_polytope,
    greedy_cover,
    pack,
    unpack,
)
from tests.explainers.representative.planted import (
    half_plane,
    pentagon_and_island,
    random_tail,
    references_of,
)

SETTINGS = {
    "paper": SearchSettings.paper(),
    "served": SearchSettings(),
    "few": SearchSettings(boundaries=5, enlarge=False),
}


def problem(seed: int, images: int = 3000) -> tuple[DenseTail, References]:
    rng = np.random.default_rng(seed)
    tail = random_tail(rng, (10, 16, 6))
    return tail, references_of(tail, rng, images)


def seed_of(references: References, row: int) -> Seed:
    return Seed(references.points[row].astype(np.float64), int(references.predicted[row]))


def find(
    tail: DenseTail, references: References, row: int, settings: SearchSettings, rng_seed: int = 0
) -> Found:
    rng = np.random.default_rng(rng_seed)
    found = find_polytope(tail, references, seed_of(references, row), rng, settings)
    assert found is not None
    return found


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=list(SETTINGS))
@pytest.mark.parametrize("row", range(8))
def test_the_count_on_the_references_is_true_when_it_is_made_again(
    settings: SearchSettings, row: int
) -> None:
    tail, references = problem(1)

    found = find(tail, references, row, settings)

    points = references.points.astype(np.float64)
    inside = np.array(
        [all(w @ u + b > 0 for w, b in zip(found.normals, found.offsets, strict=True))
         for u in points]
    )  # fmt: skip
    assert inside[row]
    np.testing.assert_array_equal(unpack(found.members, len(references)), inside)
    np.testing.assert_array_equal(found.inside(points), inside)
    assert (references.predicted[inside] != found.predicted).sum() == found.tau
    assert (found.guarded != found.predicted).all()
    assert len(found.facets) <= found.chosen <= found.gathered <= found.drawn
    assert (found.failed, found.violations) == (0, 0)


def test_enlarging_leaves_no_other_class_and_the_papers_mode_says_how_many_it_leaves() -> None:
    tail, references = problem(2, 6000)
    few = SearchSettings(boundaries=5, enlarge=False)

    small = [find(tail, references, row, few) for row in range(8)]
    served = [find(tail, references, row, SearchSettings()) for row in range(8)]

    assert max(found.tau for found in small) > 0
    assert max(found.tau for found in served) == 0


def test_pruning_changes_nothing_but_the_facets_that_are_not_needed() -> None:
    tail, references = problem(3)
    unpruned = dataclasses.replace(SearchSettings(), prune=False)
    dropped = 0
    for row in range(8):
        plain, pruned = (find(tail, references, row, s) for s in (unpruned, SearchSettings()))

        assert len(plain.facets) == plain.chosen == pruned.chosen
        assert set(map(bytes, pruned.normals)) <= set(map(bytes, plain.normals))
        assert not np.any(plain.members & ~pruned.members)
        assert plain.tau == pruned.tau
        dropped += pruned.chosen - len(pruned.facets)
    assert dropped > 0


def test_adding_a_boundary_never_brings_an_image_back() -> None:
    tail, references = problem(8)
    few = SearchSettings(boundaries=12, enlarge=False)
    all_of_q = dataclasses.replace(few, prune=False, solver=lambda q, _own, _: [*range(len(q))])
    points = references.points.astype(np.float64)
    lost = others_inside = 0
    for row in range(8):
        found, gathered = (find(tail, references, row, which) for which in (few, all_of_q))
        inside, other = found.inside(points), references.predicted != found.predicted
        assert len(gathered.facets) == gathered.gathered
        assert (inside & other).sum() == found.tau == gathered.tau
        others_inside += found.tau
        for boundary in range(gathered.gathered):
            facets = found.facets.joined(gathered.facets.take(np.array([boundary])))
            fewer = dataclasses.replace(found, facets=facets).inside(points)
            assert fewer[row]
            # No choice from Q has fewer of another class than all of Q has.
            assert (fewer & other).sum() == found.tau
            assert (fewer & ~other).sum() <= (inside & ~other).sum()
            assert not np.any(fewer & ~inside)
            lost += int((inside & ~fewer).sum())
    assert lost > 0
    assert others_inside > 0


def test_the_same_seed_gives_the_same_polytope_bit_for_bit() -> None:
    tail, references = problem(4)

    one, two, other = (find(tail, references, 0, SearchSettings(20), s) for s in (7, 7, 8))

    for field in dataclasses.fields(one.facets):
        left, right = getattr(one.facets, field.name), getattr(two.facets, field.name)
        assert left.tobytes() == right.tobytes()
    assert one.members.tobytes() == two.members.tobytes()
    assert one.normals.tobytes() != other.normals.tobytes()


@pytest.mark.parametrize(("rng_seed", "margin"), [(0, 0.0), *((seed, 0.02) for seed in range(5))])
def test_a_planted_pentagon_is_found_and_the_island_left_out(rng_seed: int, margin: float) -> None:
    rng = np.random.default_rng(rng_seed)
    tail, sides = pentagon_and_island()
    points = rng.uniform(-3.0, 3.0, (6000, 2)).astype(np.float32)
    points[0] = [0.1, -0.05]
    # Just off a corner two sides count at once, and the boundary there is parallel to neither.
    beyond = points @ sides.T - 0.8
    points = points[((beyond > 0.0) & (beyond < margin)).sum(axis=1) < 2]
    references = References(points, tail.logits(points.astype(np.float64)).argmax(axis=1))
    pentagon = (references.predicted == 0) & (np.linalg.norm(points, axis=1) < 1.5)
    island = (references.predicted == 0) & ~pentagon

    found = find(tail, references, 0, SearchSettings(200, enlarge=False), rng_seed)

    members = unpack(found.members, len(points))
    lengths = np.linalg.norm(found.normals, axis=1, keepdims=True)
    cosines = np.abs((found.normals / lengths) @ sides.T).max(axis=1)
    assert min(pentagon.sum(), island.sum()) > 30
    assert found.tau == 0
    np.testing.assert_array_equal(members, pentagon)
    assert (cosines > 0.99).all()
    assert 5 <= len(found.facets) <= 7


def test_references_of_no_other_class_leave_all_of_space() -> None:
    points = np.array([[1.0, 0.0], [2.0, 3.0], [0.5, -1.0]], dtype=np.float32)
    references = References(points, np.zeros(3, dtype=np.int64))

    found = find(half_plane(), references, 0, SearchSettings())

    assert (len(found.facets), found.tau, found.drawn, found.chosen) == (0, 0, 0, 0)
    assert unpack(found.members, 3).all()
    assert found.inside(np.array([[-9.0, 9.0]])).all()


def test_an_affine_head_gives_the_whole_region_of_the_class() -> None:
    rng = np.random.default_rng(0)
    tail = random_tail(rng, (4, 5), slope=1.0)
    references = references_of(tail, rng, 3000)

    found = find(tail, references, 0, SearchSettings())

    assert found.gathered <= 4
    np.testing.assert_array_equal(
        unpack(found.members, 3000), references.predicted == found.predicted
    )


def test_an_image_that_is_no_reference_is_explained_too() -> None:
    tail, references = problem(5)
    point = np.random.default_rng(9).normal(size=10)
    seed = Seed(point, int(tail.logits(point[None]).argmax()))

    found = find_polytope(tail, references, seed, np.random.default_rng(0), SearchSettings())

    assert found is not None
    assert found.inside(point[None]).all()


def test_it_stops_when_it_is_late_but_not_when_there_is_nothing_left_to_do() -> None:
    tail, references = problem(6)
    settings, seed = SearchSettings(boundaries=3), seed_of(references, 0)

    late = find_polytope(tail, references, seed, np.random.default_rng(0), settings, lambda: True)
    in_time = find_polytope(
        tail, references, seed, np.random.default_rng(0), settings, lambda: False
    )
    at_once = find_polytope(
        half_plane(),
        References(np.array([[1.0, 0.0], [-1.0, 0.0]], dtype=np.float32), np.array([0, 1])),
        Seed(np.array([1.0, 0.0]), 0),
        np.random.default_rng(0),
        settings,
        lambda: True,
    )

    assert late is None
    assert in_time is not None
    assert in_time.rounds > 1
    assert at_once is not None
    assert at_once.tau == 0


def test_another_solver_may_choose() -> None:
    tail, references = problem(7)
    asked = list[tuple[int, ...]]()

    def everything(cuts_d: Bits, cuts_s: Bits, needed: Bits) -> list[int]:
        other = pack(references.predicted != references.predicted[0])
        assert not np.any(cuts_d & ~other)
        assert not np.any(cuts_s & other)
        assert greedy_cover(cuts_d, cuts_s, needed)
        asked.append(cuts_d.shape)
        return list(range(len(cuts_d)))

    found = find(tail, references, 0, SearchSettings(20, prune=False, solver=everything))

    assert asked == [(found.gathered, len(found.members))]
    assert len(found.facets) == found.gathered
