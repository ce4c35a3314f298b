import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier

from explainers.errors import FittingError
from explainers.representative.fitting.exact import exact_cover
from explainers.representative.served.search import (
    Bits,
    DenseTail,
    References,
    SearchSettings,
    Seed,
    count,
    find_polytope,
    greedy_cover,
    prune,
)
from tests.explainers.representative.planted import random_sets, sets


def lost(cuts_s: Bits, chosen: list[int]) -> int:
    return int(count(np.bitwise_or.reduce(cuts_s[chosen], axis=0)))


def cuts_all(cuts_d: Bits, chosen: list[int], needed: Bits) -> bool:
    return not np.any(needed & ~np.bitwise_or.reduce(cuts_d[chosen], axis=0))


def least_lost(cuts_d: Bits, cuts_s: Bits, needed: Bits) -> int:
    """Look at every subset of the boundaries."""
    cut, gone = np.zeros_like(cuts_d[:1]), np.zeros_like(cuts_s[:1])
    for more_cut, more_gone in zip(cuts_d, cuts_s, strict=True):
        cut = np.concatenate([cut, cut | more_cut])
        gone = np.concatenate([gone, gone | more_gone])
    assert len(cut) == 2 ** len(cuts_d)
    enough = ~np.any(needed & ~cut, axis=1)
    return int(count(gone[enough]).min())


def test_it_finds_what_the_greedy_choice_misses() -> None:
    cuts_d, cuts_s, needed = sets("d1 d2 d3 s1", "d4 s4 s5", "d1 d2 d3 d4 s2 s3")

    assert exact_cover(cuts_d, cuts_s, needed) == [2]
    assert greedy_cover(cuts_d, cuts_s, needed) == [0, 1]


def test_the_instance_worked_by_hand() -> None:
    cuts_d, cuts_s, needed = sets("d1 d2 d3 s1 s2", "d1 d2", "d3 d4 s3", "d4")

    assert exact_cover(cuts_d, cuts_s, needed) == [1, 2]


def test_images_weigh_as_many_as_they_are() -> None:
    # One boundary loses a group of three, the other two groups of one.
    cuts_d, cuts_s, needed = sets("d1 s1 s2 s3", "d1 s4 s5", "d2 s4")

    assert exact_cover(cuts_d, cuts_s, needed) == [1, 2]


@pytest.mark.parametrize("seed", range(300))
def test_it_is_the_best_of_all_1024_subsets(seed: int) -> None:
    cuts_d, cuts_s, needed = random_sets(np.random.default_rng(seed), 10, 40)

    exact = exact_cover(cuts_d, cuts_s, needed)
    greedy = greedy_cover(cuts_d, cuts_s, needed)

    best = least_lost(cuts_d, cuts_s, needed)
    assert lost(cuts_s, exact) == best
    for chosen in (exact, greedy, prune(greedy, cuts_d, needed)):
        assert cuts_all(cuts_d, chosen, needed)
        assert lost(cuts_s, chosen) >= best


def test_nothing_needed_takes_nothing() -> None:
    cuts_d, cuts_s, needed = sets("d1 s1")

    assert exact_cover(cuts_d, cuts_s, np.zeros_like(needed)) == []
    assert exact_cover(cuts_d[:0], cuts_s[:0], np.zeros_like(needed)) == []


def test_no_own_image_lost_is_no_special_case() -> None:
    cuts_d, cuts_s, needed = sets("d1 d2", "d2")

    assert exact_cover(cuts_d, cuts_s, needed) == [0]


def test_what_nothing_cuts_cannot_be_asked_for() -> None:
    cuts_d, cuts_s, _ = sets("d1 s1")

    with pytest.raises(FittingError, match="no boundary cuts off an image that must be cut off"):
        exact_cover(cuts_d, cuts_s, sets("d1 d2")[2])


@pytest.fixture(scope="module")
def digits() -> tuple[DenseTail, References]:
    """A network with two hidden layers, trained on digits, and what it makes of them."""
    pixels, labels = load_digits(return_X_y=True)
    network = MLPClassifier((32, 24), tol=2e-3, random_state=0).fit(pixels / 16.0, labels)
    weights, biases = [w.T for w in network.coefs_], network.intercepts_
    tail = DenseTail(tuple(weights[1:]), tuple(biases[1:]), (0.0, 0.0))
    points = (pixels / 16.0 @ weights[0].T + biases[0]).astype(np.float32)
    return tail, References(points, tail.logits(points.astype(np.float64)).argmax(axis=1))


def test_on_digits_greed_is_nearly_best_and_pruned_greed_nearer(
    digits: tuple[DenseTail, References],
) -> None:
    tail, references = digits
    solvers = {
        "greedy": SearchSettings(50, 50, enlarge=False, prune=False),
        "pruned": SearchSettings(50, 50, enlarge=False),
        "exact": SearchSettings(50, 50, enlarge=False, solver=exact_cover),
    }
    covered = dict.fromkeys(solvers, 0)
    rows = np.random.default_rng(0).choice(len(references), 50, replace=False)
    for row in rows.tolist():
        seed = Seed(references.points[row].astype(np.float64), int(references.predicted[row]))
        sizes = {}
        for name, settings in solvers.items():
            found = find_polytope(tail, references, seed, np.random.default_rng(row), settings)
            assert found is not None
            sizes[name] = int(count(found.members)) - found.tau
            covered[name] += sizes[name]
        assert sizes["greedy"] <= sizes["pruned"] <= sizes["exact"]

    assert covered["greedy"] >= 0.97 * covered["exact"]
    assert covered["pruned"] >= 0.99 * covered["exact"]
