import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.errors import FittingError
from explainers.representative.served.search import Bits, count, greedy_cover, pack, prune, unpack
from tests.explainers.representative.planted import random_sets, sets


def naive(cuts_d: Bits, cuts_s: Bits) -> list[int]:
    """Algorithm 1 with Python sets, from the printed ratio and the tie rule."""
    others = [set(np.flatnonzero(row).tolist()) for row in unpack(cuts_d, 64 * cuts_d.shape[1])]
    owns = [set(np.flatnonzero(row).tolist()) for row in unpack(cuts_s, 64 * cuts_s.shape[1])]
    cut, lost, chosen = set[int](), set[int](), list[int]()
    while cut != set.union(*others):
        ratios = {
            h: (len(owns[h] - lost) + 1e-5) / (len(others[h] - cut) + 1e-10)
            for h in range(len(others))
            if others[h] - cut
        }
        best = min(ratios, key=lambda h: (ratios[h], h))
        chosen.append(best)
        cut, lost = cut | others[best], lost | owns[best]
    return chosen


def union(cuts: Bits, chosen: list[int]) -> Bits:
    together: Bits = np.bitwise_or.reduce(cuts[chosen], axis=0)
    return together


def test_the_instance_worked_by_hand() -> None:
    cuts_d, cuts_s, needed = sets("d1 d2 d3 s1 s2", "d1 d2", "d3 d4 s3", "d4")

    chosen = greedy_cover(cuts_d, cuts_s, needed)

    assert chosen == [1, 3, 2]
    assert int(count(union(cuts_s, chosen))) == 1  # of four: three stay
    assert prune(chosen, cuts_d, needed) == [1, 2]
    assert int(count(union(cuts_s, [1, 2]))) == 1


def test_it_is_greedy_where_greed_is_not_best() -> None:
    cuts_d, cuts_s, needed = sets("d1 d2 d3 s1", "d4 s4 s5", "d1 d2 d3 d4 s2 s3")

    chosen = greedy_cover(cuts_d, cuts_s, needed)

    assert chosen == [0, 1]
    assert int(count(union(cuts_s, chosen))) == 3  # where the last alone loses two


def test_of_those_that_lose_nothing_the_one_that_cuts_most_comes_first() -> None:
    cuts_d, cuts_s, needed = sets("d1", "d1 d2 d3", "d2 d3 d4")

    assert greedy_cover(cuts_d, cuts_s, needed) == [1, 2]


def test_equal_ones_go_to_the_lowest_index() -> None:
    cuts_d, cuts_s, needed = sets("d1 s1", "d2 s2", "d1 s1")

    assert greedy_cover(cuts_d, cuts_s, needed) == [0, 1]


def test_only_what_is_needed_counts() -> None:
    cuts_d, cuts_s, _ = sets("d1 d2 d3", "d4 s1")
    needed = sets("d4")[2]

    assert greedy_cover(cuts_d, cuts_s, needed) == [1]
    assert greedy_cover(cuts_d, cuts_s, np.zeros_like(needed)) == []


def test_a_ratio_that_shrank_is_noticed() -> None:
    # After the first, the second loses nothing any more; a ratio from the start, 3, would
    # put it behind the third, 2. A queue of stale ratios chooses [0, 2, 1].
    cuts_d, cuts_s, needed = sets("d1 d2 d3 d4 s1 s2 s3", "d5 s1 s2 s3", "d6 s4 s5")

    assert greedy_cover(cuts_d, cuts_s, needed) == [0, 1, 2]


def test_what_cuts_nothing_is_passed_over_however_much_the_others_lose() -> None:
    images = 200_000
    flags = np.zeros((2, images), dtype=np.bool_)
    flags[1] = True
    cuts_d = pack(flags & (np.arange(images) < 1))

    assert greedy_cover(cuts_d, pack(flags), cuts_d[1]) == [1]


def test_what_nothing_cuts_cannot_be_asked_for() -> None:
    cuts_d, cuts_s, _ = sets("d1 s1")

    with pytest.raises(FittingError, match="no boundary cuts off 1 of the images"):
        greedy_cover(cuts_d, cuts_s, sets("d1 d2")[2])
    with pytest.raises(FittingError, match="no boundary cuts off 1 of the images"):
        greedy_cover(cuts_d[:0], cuts_s[:0], sets("d1")[2])


@given(st.integers(0, 10_000), st.integers(1, 12), st.integers(1, 150))
def test_every_step_is_that_of_the_algorithm_in_sets(
    seed: int, boundaries: int, images: int
) -> None:
    cuts_d, cuts_s, needed = random_sets(np.random.default_rng(seed), boundaries, images)

    assert greedy_cover(cuts_d, cuts_s, needed) == naive(cuts_d, cuts_s)


@given(st.integers(0, 10_000), st.integers(1, 12), st.integers(1, 150))
def test_pruning_keeps_what_is_cut_loses_no_more_and_leaves_nothing_to_drop(
    seed: int, boundaries: int, images: int
) -> None:
    cuts_d, cuts_s, needed = random_sets(np.random.default_rng(seed), boundaries, images)
    chosen = greedy_cover(cuts_d, cuts_s, needed)

    kept = prune(chosen, cuts_d, needed)

    assert [h for h in chosen if h in kept] == kept
    np.testing.assert_array_equal(union(cuts_d, kept), needed)
    assert count(union(cuts_s, kept)) <= count(union(cuts_s, chosen))
    for dropped in kept:
        rest = [h for h in kept if h != dropped]
        assert np.any(needed & ~union(cuts_d, rest))
