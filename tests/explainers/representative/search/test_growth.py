import numpy as np

from explainers.representative.served.search import (
    DenseTail,
    References,
    SearchSettings,
    Seed,
    unpack,
)
from explainers.representative.served.search.growth import Gathered, Growth
from tests.explainers.representative.planted import half_plane, random_tail, references_of

SEED = Seed(np.array([1.0, 0.0]), 0)


def mislabelled(wrong: int, right: int) -> References:
    """Give points said to be of class 1, of which the first lie where class 0 is."""
    places = np.concatenate([np.linspace(2.0, 3.0, wrong), np.linspace(-3.0, -2.0, right)])
    points = np.column_stack([places, np.zeros_like(places)]).astype(np.float32)
    return References(points, np.ones(wrong + right, dtype=np.int64))


def run(
    references: References,
    settings: SearchSettings,
    seed: Seed = SEED,
    tail: DenseTail | None = None,
) -> Gathered:
    growth = Growth(tail or half_plane(), references, seed, settings)
    grown = growth.run(np.random.default_rng(0), None)
    assert grown is not None
    return grown[0]


def test_searches_that_fail_are_drawn_anew_from_those_not_asked_yet() -> None:
    references = mislabelled(6, 6)
    settings = SearchSettings(boundaries=6, most_boundaries=50, enlarge=False)

    gathered = run(references, settings)
    stubborn = run(references, SearchSettings(6, 50, redraws=0, enlarge=False))

    assert stubborn.drawn == 6
    assert 0 < stubborn.failed < 6
    assert 6 < gathered.drawn <= 12
    assert gathered.failed > stubborn.failed
    assert gathered.drawn - gathered.failed <= 6


def test_what_no_boundary_can_cut_is_counted_and_the_search_gives_up() -> None:
    gathered = run(mislabelled(3, 20), SearchSettings(boundaries=5, most_boundaries=10_000))

    assert gathered.tau == 3
    np.testing.assert_array_equal(np.flatnonzero(unpack(gathered.wrong, 23)), [0, 1, 2])
    assert gathered.drawn < 500
    assert len(gathered.boundaries) == 1  # the same in every round


def test_the_number_of_searches_is_bounded() -> None:
    gathered = run(mislabelled(3, 20), SearchSettings(boundaries=5, most_boundaries=12))

    assert gathered.drawn == 12


def test_the_same_plane_is_kept_once() -> None:
    gathered = run(mislabelled(0, 20), SearchSettings(boundaries=20))

    assert gathered.drawn == 20
    assert len(gathered.boundaries) == 1
    assert gathered.cuts.shape == (1, 1)


def test_fewer_references_than_boundaries_wanted_are_all_used_once() -> None:
    gathered = run(mislabelled(0, 4), SearchSettings(boundaries=50))

    assert gathered.drawn == 4
    assert gathered.tau == 0


def test_enlarging_goes_on_until_nothing_of_another_class_is_inside() -> None:
    rng = np.random.default_rng(5)
    tail = random_tail(rng, (10, 16, 6))
    references = references_of(tail, rng, 4000)
    few, more = SearchSettings(3, enlarge=False), SearchSettings(3)
    before, after, rounds = list[int](), list[int](), list[int]()
    for row in range(12):
        seed = Seed(references.points[row].astype(np.float64), int(references.predicted[row]))
        for settings, taus in ((few, before), (more, after)):
            grown = Growth(tail, references, seed, settings).run(np.random.default_rng(row), None)
            assert grown is not None
            taus.append(grown[0].tau)
            rounds.append(grown[1])

    assert sum(before) > 12
    assert max(after) == 0
    assert max(rounds) > 1


def test_enlarging_aims_at_the_references_that_are_wrongly_inside() -> None:
    # Class 1 is the left half, class 2 far up: three of 20,003 are there, and no search
    # towards the others meets their boundary.
    tail = DenseTail((np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 10.0]]),), (np.zeros(3),), (1.0,))
    points = np.full((20_003, 2), [-2.0, -1.0], dtype=np.float32)
    points[:20_000, 0] -= np.linspace(0.0, 1.0, 20_000)
    points[20_000:] = [[1.0, 6.0], [1.5, 7.0], [2.0, 8.0]]
    references = References(points, tail.logits(points.astype(np.float64)).argmax(axis=1))
    assert references.predicted[20_000:].tolist() == [2, 2, 2]
    once, enlarged = SearchSettings(5, enlarge=False), SearchSettings(5)
    seed = Seed(np.array([1.0, -1.0]), 0)

    before, after = (run(references, which, seed, tail) for which in (once, enlarged))

    assert np.flatnonzero(unpack(before.wrong, 20_003)).tolist() == [20_000, 20_001, 20_002]
    assert (before.drawn, before.boundaries.second.tolist()) == (5, [1])
    assert (after.tau, after.drawn) == (0, 8)
    assert after.boundaries.second.tolist() == [1, 2]


def test_tau_is_recounted_from_all_that_was_gathered() -> None:
    rng = np.random.default_rng(6)
    tail = random_tail(rng, (10, 16, 6))
    references = references_of(tail, rng, 4000)
    seed = Seed(references.points[0].astype(np.float64), int(references.predicted[0]))

    settings = SearchSettings(5, enlarge=False)
    grown = Growth(tail, references, seed, settings).run(np.random.default_rng(0), None)

    assert grown is not None
    values = grown[0].boundaries.values(references.points.astype(np.float64))
    inside = (values > 0.0).all(axis=1) & (references.predicted != seed.predicted)
    assert grown[0].tau == inside.sum() > 0
