import itertools
from collections.abc import Iterable

import numpy as np
import pytest

from explainers.arrays import BoolArray
from explainers.fitting_contract import silent
from explainers.representative.fitting.candidates import (
    Candidate,
    every_class,
    find_candidates,
    most_covering,
)
from explainers.representative.served.search import (
    Boundaries,
    DenseTail,
    Found,
    References,
    SearchSettings,
    pack,
    unpack,
)
from tests.explainers.representative.planted import half_plane, random_tail, references_of

SETTINGS = SearchSettings(boundaries=20, most_boundaries=200)


def problem(images: int = 1000) -> tuple[DenseTail, References]:
    rng = np.random.default_rng(0)
    tail = random_tail(rng, (4, 12, 3))
    return tail, references_of(tail, rng, images)


def find(
    tail: DenseTail, references: References, most: int, rng_seed: int = 0
) -> list[tuple[int, BoolArray]]:
    rng = np.random.default_rng(rng_seed)
    candidates = find_candidates(tail, references, SETTINGS, most, rng, silent)
    return [(one.seed, unpack(one.found.members, len(references))) for one in candidates]


def candidate(seed: int, members: list[int], images: int = 70, predicted: int = 0) -> Candidate:
    """A polytope of which nothing matters but what is inside."""
    flags = np.zeros(images, dtype=np.bool_)
    flags[members] = True
    return Candidate(seed, Found(predicted, Boundaries.none(2), pack(flags), *[0] * 7))


def test_seeds_are_drawn_among_what_none_covers_yet() -> None:
    tail, references = problem()
    covered = np.zeros(len(references), dtype=np.bool_)

    found = find(tail, references, 1000)

    for seed, members in found:
        assert not covered[seed]
        assert members[seed]
        covered |= members
    # It ends when 99.85 % are covered: of 1,000 images all but one.
    assert covered.sum() >= 999
    assert len(found) < 100
    before = np.any([members for _, members in found[:-1]], axis=0)
    assert before.sum() < 999


def test_of_many_seeds_it_tries_as_many_as_it_may() -> None:
    tail, references = problem()

    three, all_of_them = find(tail, references, 3), find(tail, references, 1000)

    assert len(three) == 3
    assert [seed for seed, _ in three] == [seed for seed, _ in all_of_them[:3]]


def test_each_is_of_the_class_that_its_seed_is_given() -> None:
    tail, references = problem()

    rng = np.random.default_rng(0)
    for one in find_candidates(tail, references, SETTINGS, 5, rng, silent):
        assert one.found.predicted == references.predicted[one.seed]
        members = unpack(one.found.members, len(references))
        wrong = references.predicted[members] != one.found.predicted
        assert wrong.sum() == one.found.tau


def test_the_same_draws_give_the_same_and_others_others() -> None:
    tail, references = problem()

    one, again, other = (find(tail, references, 4, seed) for seed in (0, 0, 1))

    assert [seed for seed, _ in one] == [seed for seed, _ in again]
    assert [seed for seed, _ in one] != [seed for seed, _ in other]


def test_progress_is_asked_for_the_seeds() -> None:
    tail, references = problem(50)
    asked = list[tuple[int, str]]()

    def shown(seeds: Iterable[int], label: str) -> Iterable[int]:
        seeds = list(seeds)
        asked.append((len(seeds), label))
        return seeds

    find_candidates(tail, references, SETTINGS, 9, np.random.default_rng(0), shown)

    assert asked == [(9, "polytopes")]


def test_references_of_one_class_alone_have_no_polytope() -> None:
    references = References(np.ones((5, 2), dtype=np.float32), np.zeros(5, dtype=np.int64))

    assert find(half_plane(), references, 10) == []


def test_the_one_that_adds_the_most_is_chosen_and_again() -> None:
    ten = list(range(10))
    candidates = [
        candidate(0, ten[:4]),
        candidate(1, ten[2:8]),  # 6 at first
        candidate(2, [*ten[2:8], 69]),  # 7: the first
        candidate(3, [0, 1, 8]),  # then 3, as many as the next one; the first of them
        candidate(4, [0, 1, 9]),
    ]

    chosen = most_covering(candidates, 10)

    assert [one.seed for one in chosen] == [2, 3, 4]
    assert [one.seed for one in most_covering(candidates, 2)] == [2, 3]


def test_what_adds_nothing_is_not_chosen() -> None:
    twice = [candidate(0, [1, 2]), candidate(1, [1, 2]), candidate(2, [2])]

    assert [one.seed for one in most_covering(twice, 3)] == [0]


@pytest.mark.parametrize("seed", range(20))
def test_the_choice_is_that_of_a_greedy_cover_of_plain_sets(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sets = [
        set(np.flatnonzero(rng.random(70) < rng.uniform(0.05, 0.4)).tolist()) for _ in range(25)
    ]
    expected, covered = list[int](), set[int]()
    for _ in itertools.repeat(None, 8):
        gains = [len(one - covered) for one in sets]
        if max(gains):
            expected.append(gains.index(max(gains)))  # ties to the lowest index
            covered |= sets[expected[-1]]

    chosen = most_covering([candidate(i, sorted(one)) for i, one in enumerate(sets)], 8)

    assert [one.seed for one in chosen] == expected


def of_class(seed: int, predicted: int, size: int) -> Candidate:
    return candidate(seed, list(range(size)), predicted=predicted)


@pytest.mark.parametrize(
    ("size", "most", "seeds"),
    [
        # Class 1 has a larger one than the one among the ordered; class 2 has two as large.
        (1, 10, [0, 3, 5]),
        (2, 10, [0, 1, 3, 5]),
        (3, 10, [0, 1, 2, 5]),
        # The largest of them has the last place.
        (1, 2, [0, 3]),
        (2, 3, [0, 1, 3]),
        (3, 3, [0, 1, 2]),
    ],
)
def test_a_class_without_a_polytope_gets_its_largest(
    size: int, most: int, seeds: list[int]
) -> None:
    ordered = [of_class(0, 0, 30), of_class(1, 0, 2), of_class(2, 1, 7)]
    others = [of_class(3, 1, 9), of_class(4, 2, 4), of_class(5, 2, 5), of_class(6, 2, 5)]

    chosen = every_class(ordered, [*others, *ordered], size, most)

    assert [one.seed for one in chosen] == seeds
    assert [one.seed for one in ordered] == [0, 1, 2]
