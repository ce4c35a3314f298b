"""E-detectors: against plain loops, closed forms, and their promise."""

import itertools
import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.arrays import DoubleArray
from reasoned.drift.e_detector import BETS, Bank, Batch, Crossing, Detectors, bets_for

NONE = np.zeros(0, np.int64)


def bank(threshold: float = 50.0) -> Bank:
    """Lay out two families of one number, and one of three hits, the last at rest at 1."""
    return Bank(
        bounds=np.array([0.1, 0.6, 0.05, 0.5, 0.7]),
        rests=np.array([0.0, 0.0, 0.0, 0.0, 1.0]),
        starts=np.array([0, 1, 2]),
        measured=2,
        threshold=threshold,
    )


def lone(bound: float, threshold: float) -> Bank:
    return Bank(np.array([bound]), np.zeros(1), np.zeros(1, np.int64), 1, threshold)


def batch_of(values: DoubleArray, hits: Sequence[Sequence[int]]) -> Batch:
    flat = [member for one in hits for member in one]
    ends = np.cumsum([len(one) for one in hits]).astype(np.int64)
    return Batch(values, np.array(flat, np.int64), ends)


def numbers(values: Sequence[float]) -> Batch:
    return Batch(np.array(values)[:, None], NONE, np.zeros(len(values), np.int64))


def stream(rng: np.random.Generator, count: int) -> tuple[DoubleArray, list[list[int]]]:
    values: DoubleArray = rng.random((count, 2))
    values[:, 0] = values[:, 0] < 0.2
    values[rng.random(values.shape) < 0.1] = np.nan
    hits = [[m for m in (2, 3, 4) if rng.random() < 0.4] for _ in range(count)]
    return values, hits


def by_hand(
    laid: Bank, values: DoubleArray, hits: Sequence[Sequence[int]]
) -> list[tuple[int, int, float]]:
    """Do the same member by member and bet by bet, with whole factors."""
    bets = bets_for(laid.bounds)
    wealth = [[0.0] * BETS for _ in range(len(laid))]
    found = []
    for place, (row, hit) in enumerate(zip(values, hits, strict=True)):
        for member in range(len(laid)):
            rest = float(laid.rests[member])
            x = float(row[member]) if member < 2 else 1.0 - rest if member in hit else rest
            for b in range(BETS):
                factor = 1.0 + float(bets[member, b]) * (x - float(laid.bounds[member]))
                one = 1.0 if math.isnan(x) else factor
                wealth[member][b] = (wealth[member][b] + 1.0) * one
        for family in range(3):
            own = wealth[laid.members(family)]
            mean = sum(map(sum, own)) / (len(own) * BETS)
            if mean >= laid.threshold:
                found.append((place, family, mean))
                wealth[laid.members(family)] = [[0.0] * BETS for _ in own]
    return found


def told(crossings: Sequence[Crossing]) -> list[tuple[int, int, float]]:
    return [(one.request, one.family, one.evidence) for one in crossings]


def test_it_does_what_a_plain_loop_does() -> None:
    values, hits = stream(np.random.default_rng(3), 400)
    found = told(Detectors(bank()).count(batch_of(values, hits)))
    wanted = by_hand(bank(), values, hits)

    assert len(found) > 5
    assert {family for _, family, _ in found} == {0, 1, 2}
    assert [one[:2] for one in found] == [one[:2] for one in wanted]
    # The product of a resting factor and a ratio rounds otherwise than the factor itself.
    np.testing.assert_allclose([one[2] for one in found], [one[2] for one in wanted], rtol=1e-10)


@given(st.lists(st.integers(0, 60), max_size=6), st.integers(0, 2**32 - 1))
def test_it_is_the_same_however_the_stream_is_cut(cuts: list[int], seed: int) -> None:
    values, hits = stream(np.random.default_rng(seed), 60)
    whole = Detectors(bank(20.0))
    wanted = told(whole.count(batch_of(values, hits)))

    parts, found = Detectors(bank(20.0)), []
    edges = [0, *sorted(cuts), 60]
    for start, end in itertools.pairwise(edges):
        crossings = parts.count(batch_of(values[start:end], hits[start:end]))
        found += [(start + place, *rest) for place, *rest in told(crossings)]

    assert found == wanted
    assert parts.wealth.tobytes() == whole.wealth.tobytes()
    assert parts.started.tolist() == whole.started.tolist()
    assert parts.counted == whole.counted == 60


def test_a_number_on_its_bound_adds_one_each_time() -> None:
    # x = m makes each factor 1, so R counts the requests, and comes to 7 with the seventh.
    detectors = Detectors(lone(0.3, 7.0))
    assert told(detectors.count(numbers([0.3] * 20))) == [(6, 0, 7.0), (13, 0, 7.0)]
    np.testing.assert_allclose(detectors.evidence(), [6.0], rtol=1e-12)


def test_what_is_not_seen_counts_as_the_bound() -> None:
    detectors = Detectors(lone(0.3, 7.0))
    assert told(detectors.count(numbers([math.nan] * 7))) == [(6, 0, 7.0)]


def test_nothing_but_zeros_is_a_geometric_sum() -> None:
    # R after t requests is the sum of f, f^2, ..., f^t for f = 1 - b m.
    detectors = Detectors(lone(0.2, 1e6))
    detectors.count(numbers([0.0] * 30))
    f = 1.0 - bets_for(np.array([0.2]))[0] * 0.2
    np.testing.assert_allclose(detectors.wealth[0], f * (1 - f**30) / (1 - f), rtol=1e-10)


def test_two_requests_by_hand() -> None:
    # m = 1/4, so the largest bet is 2: 1 pays 1 + 2 * 3/4 = 5/2, 0 costs 1 - 2/4 = 1/2.
    # After 1 R is 5/2; after 0 it is (5/2 + 1)/2 = 7/4.
    detectors = Detectors(lone(0.25, 1e6))
    detectors.count(numbers([1.0]))
    assert detectors.wealth[0, -1] == pytest.approx(2.5, rel=1e-12)
    detectors.count(numbers([0.0]))
    assert detectors.wealth[0, -1] == pytest.approx(1.75, rel=1e-12)


def test_bets_rise_to_the_largest_safe_one() -> None:
    bounds = np.array([1e-6, 0.01, 0.5, 0.999])
    bets = bets_for(bounds)

    assert bets.shape == (4, BETS)
    assert (np.diff(bets) > 0).all()
    np.testing.assert_allclose(bets[:, -1], 0.5 / bounds, rtol=1e-12)
    assert (1.0 - bets * bounds[:, None] >= 0.5 - 1e-12).all()
    np.testing.assert_allclose(bets[:, 0], [0.25, 0.25, 0.05, 0.5 / 0.999 / 20], rtol=1e-9)


def test_the_mean_run_length_on_the_bound_is_as_promised() -> None:
    # 300 lone detectors at once; a mean of 300 run lengths has an error of a twentieth.
    count, promised = 300, 1000
    laid = Bank(
        np.full(count, 0.05), np.zeros(count), np.arange(count, dtype=np.int64), count, promised
    )
    rng, detectors, lengths = np.random.default_rng(5), Detectors(laid), dict[int, int]()
    while len(lengths) < count:
        values = (rng.random((100, count)) < 0.05).astype(np.float64)
        for one in detectors.count(Batch(values, NONE, np.zeros(100, np.int64))):
            lengths.setdefault(one.family, one.counted)

    assert sum(lengths.values()) / count >= promised


def test_alarms_stay_as_rare_however_often_a_family_began_anew() -> None:
    rng, families, threshold, requests = np.random.default_rng(3), 400, 100.0, 4_000
    bounds = np.full(families, 0.05)
    laid = Bank(bounds, np.zeros(families), np.arange(families), families, threshold)
    values = (rng.random((requests, families)) < 0.05).astype(np.float64)
    found = Detectors(laid).count(Batch(values, NONE, np.zeros(requests, np.int64)))

    alarms = np.bincount([one.family for one in found], minlength=families)
    error = alarms.std() / math.sqrt(families)
    assert alarms.min() > 1
    assert alarms.mean() <= requests / threshold + 3 * error


def test_a_change_is_found_soon_and_only_its_family_begins_anew() -> None:
    values = np.zeros((200, 2))
    values[:, 0] = 1.0
    detectors = Detectors(bank(1e6))
    found = detectors.count(batch_of(values, [[4]] * 200))

    assert {one.family for one in found} == {0}
    assert found[0].request < 20
    assert found[0].counted == found[0].request + 1
    assert found[1].counted == found[1].request - found[0].request
    assert detectors.started[1:].tolist() == [0, 0]


def test_no_number_overflows() -> None:
    # All that can be won at once, at the largest run length and the smallest bound.
    detectors = Detectors(lone(1e-9, 1e15))
    found = detectors.count(numbers([1.0] * 50))

    assert len(found) >= 20
    assert np.isfinite(detectors.wealth).all()


def test_a_member_is_read_back_from_a_batch() -> None:
    laid = bank()
    batch = batch_of(np.array([[0.0, 0.5], [1.0, 0.25], [1.0, 0.0]]), [[2, 4], [], [4]])

    assert batch.series(laid, 0).tolist() == [0.0, 1.0, 1.0]
    assert batch.series(laid, 2).tolist() == [1.0, 0.0, 0.0]
    assert batch.series(laid, 3).tolist() == [0.0, 0.0, 0.0]
    assert batch.series(laid, 4).tolist() == [0.0, 1.0, 0.0]
