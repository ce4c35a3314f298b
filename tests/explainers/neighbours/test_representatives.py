import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.activations import Activations
from explainers.arrays import AnyArray, DoubleArray, FloatArray
from explainers.errors import ArtefactError, ShapeError
from explainers.neighbours.served import Found, Representatives
from explainers.neighbours.served.representatives import MOST_IN_HEAD
from tests.explainers.graph_heads import numbers_of, reads


def _held(vectors: AnyArray, predicted: AnyArray) -> Representatives:
    count = len(vectors)
    order = np.argsort(predicted, kind="stable")
    return Representatives(
        vectors=vectors[order].astype(np.float32),
        rows=np.arange(count) + 50,
        ids=tuple(f"train-{i}" for i in range(count)),
        labels=np.zeros(count, dtype=np.int64),
        predicted=predicted[order].astype(np.int64),
        stands_for=np.full(count, 12),
        clusters=np.zeros(count, dtype=np.int64),
        cluster_names=("all",),
    )


def _brute(held: Representatives, hidden: AnyArray) -> DoubleArray:
    gaps = held.vectors.astype(np.float64) - hidden.astype(np.float64)
    found: DoubleArray = np.sqrt((gaps**2).sum(axis=1))
    return found


def _check(held: Representatives, hidden: FloatArray, predicted: int, count: int) -> Found:
    """What was found is what looking at every representative in float64 finds."""
    found, exact = held.search(hidden, predicted, count), _brute(held, hidden)
    assert len(found.positions) == len(set(found.positions)) == min(count, len(held))
    _close(found.distances, exact[found.positions])
    _close(found.distances, np.sort(exact)[: len(found.distances)])
    assert found.distances == sorted(found.distances)
    others = np.flatnonzero(held.predicted != predicted)
    if not len(others):
        assert (found.contrast, found.contrast_distance) == (None, None)
        return found
    assert found.contrast in others
    assert found.contrast_distance is not None
    _close(found.contrast_distance, exact[found.contrast])
    _close(found.contrast_distance, exact[others].min())
    return found


def _close(found: float | list[float], exact: AnyArray) -> None:
    np.testing.assert_allclose(found, exact, rtol=1e-5, atol=1e-6)  # float32 against float64


def test_the_search_worked_by_hand() -> None:
    held = _held(np.array([[0, 0], [3, 4], [6, 8], [0, 1]]), np.array([0, 0, 1, 2]))

    found = held.search(np.array([3, 4], dtype=np.float32), 0, 3)

    assert found.positions == [1, 3, 0]
    assert found.distances == pytest.approx([0, np.sqrt(18), 5])
    assert found.contrast == 3
    assert found.contrast_distance == pytest.approx(np.sqrt(18))


@given(
    seed=st.integers(0, 2**32 - 1),
    size=st.integers(1, 60),
    units=st.integers(1, 30),
    count=st.integers(0, 70),
    offset=st.sampled_from([0.0, 1.0, 300.0]),
)
def test_random_rows_find_what_brute_force_finds(
    seed: int, size: int, units: int, count: int, offset: float
) -> None:
    rng = np.random.default_rng(seed)
    held = _held(offset + rng.normal(size=(size, units)), rng.integers(0, 4, size))
    hidden = (offset + rng.normal(size=units)).astype(np.float32)

    for predicted in range(5):
        _check(held, hidden, predicted, count)


@given(
    seed=st.integers(0, 2**32 - 1),
    size=st.integers(1, 60),
    levels=st.integers(1, 3),
    count=st.integers(1, 20),
)
def test_tied_rows_find_what_brute_force_finds(
    seed: int, size: int, levels: int, count: int
) -> None:
    rng = np.random.default_rng(seed)
    held = _held(rng.integers(0, levels, size=(size, 2)), rng.integers(0, 3, size))
    hidden = rng.integers(0, levels, 2).astype(np.float32)

    found = _check(held, hidden, 1, count)

    pairs = list(zip(found.distances, found.positions, strict=True))
    assert pairs == sorted(pairs), "of the equally near the first comes first"
    assert held.search(hidden, 1, count) == found


def test_six_hundred_representatives_are_searched_exactly() -> None:
    rng = np.random.default_rng(0)
    held = _held(np.maximum(rng.normal(size=(600, 128)), 0), rng.integers(0, 10, 600))

    for hidden in np.maximum(rng.normal(size=(100, 128)), 0).astype(np.float32):
        found = _check(held, hidden, 3, 20)
        order = np.argsort(_brute(held, hidden), kind="stable")[:20]
        assert found.positions == order.tolist()


def test_a_representative_finds_itself_at_no_distance() -> None:
    rng = np.random.default_rng(0)
    held = _held(100 + rng.normal(size=(50, 8)), rng.integers(0, 3, 50))

    for position, vector in enumerate(held.vectors):
        found = held.search(vector, 0, 1)
        assert (found.positions, found.distances) == ([position], [0.0])


def test_with_one_class_only_there_is_no_contrast() -> None:
    held = _held(np.array([[0.0], [1.0]]), np.array([2, 2]))

    found = held.search(np.zeros(1, dtype=np.float32), 2, 5)

    assert (found.contrast, found.contrast_distance) == (None, None)
    assert found.positions == [0, 1]


def test_a_class_without_representatives_is_contrasted_with_the_nearest() -> None:
    held = _held(np.array([[0.0], [1.0]]), np.array([2, 4]))

    for predicted in (0, 3, 9):
        assert held.search(np.zeros(1, dtype=np.float32), predicted, 1).contrast == 0


@pytest.mark.parametrize("classes", [1, 4])
@pytest.mark.parametrize("size", [1, 3, 60])
def test_what_the_graph_found_is_what_numpy_finds(size: int, classes: int) -> None:
    rng = np.random.default_rng(0)
    held = _held(rng.normal(size=(size, 8)), rng.integers(0, classes, size))
    head = held.head()
    assert reads(head) == {"hidden", "logits"}

    for predicted in range(4):
        bare = Activations(
            logits=np.eye(4, dtype=np.float32)[predicted],
            hidden=rng.normal(size=8).astype(np.float32),
            predicted=predicted,
            pixels=np.zeros((1, 1, 1), dtype=np.float32),
        )
        told = dataclasses.replace(bare, heads={head.name: numbers_of(head, bare)})
        for count in (0, 1, MOST_IN_HEAD, MOST_IN_HEAD + 1, 20):
            found, expected = held.find(told, count), held.find(bare, count)
            assert expected == held.search(bare.hidden, predicted, count)
            assert (found.positions, found.contrast) == (expected.positions, expected.contrast)
            np.testing.assert_allclose(found.distances, expected.distances, rtol=1e-5)
            assert found.contrast_distance == (
                None if found.contrast is None else pytest.approx(expected.contrast_distance)
            )


def test_asking_for_none_still_contrasts() -> None:
    held = _held(np.array([[0.0], [1.0]]), np.array([2, 4]))

    found = held.search(np.zeros(1, dtype=np.float32), 2, 0)

    assert (found.positions, found.distances, found.contrast) == ([], [], 1)


def test_the_nearest_do_not_hang_on_the_networks_class() -> None:
    rng = np.random.default_rng(0)
    held = _held(rng.normal(size=(50, 8)), rng.integers(0, 3, 50))
    hidden = rng.normal(size=8).astype(np.float32)

    found = [held.search(hidden, predicted, 5) for predicted in range(3)]

    assert found[0].distances == found[1].distances == found[2].distances


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("vectors", np.array([[0], [np.inf], [2]], np.float32), "vectors must be finite"),
        ("rows", np.array([1, 2, 1]), "representatives must be 3 different images"),
        ("ids", ("a", "b", "a"), "representatives must be 3 different images"),
        ("ids", ("a", "b"), "representatives must be 3 different images"),
        ("predicted", np.array([1, 0, 1]), "representatives must be sorted by predicted class"),
        ("stands_for", np.array([1, 0, 1]), r"stands_for must lie in \[1, "),
        ("clusters", np.array([0, 1, 0]), r"clusters must lie in \[0, 0\], but runs from 0 to 1"),
    ],
)
def test_what_must_not_be_used_is_refused(field: str, value: object, told: str) -> None:
    held = _held(np.array([[0.0], [1.0], [2.0]]), np.array([0, 0, 1]))

    with pytest.raises(ArtefactError, match=told):
        dataclasses.replace(held, **{field: value})  # type: ignore[arg-type]  # any field


def test_no_representative_at_all_is_refused() -> None:
    with pytest.raises(ArtefactError, match=r"number of representatives must lie in \[1, "):
        _held(np.zeros((0, 2)), np.zeros(0))


def test_arrays_of_different_length_are_refused() -> None:
    held = _held(np.array([[0.0], [1.0], [2.0]]), np.array([0, 0, 1]))

    with pytest.raises(ShapeError, match=r"labels must have shape \(representatives=3\), not"):
        dataclasses.replace(held, labels=np.zeros(2, dtype=np.int64))


def test_they_survive_save_and_load_and_cannot_be_changed(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    held = _held(rng.normal(size=(50, 8)), rng.integers(0, 3, 50))
    held.save(tmp_path)

    loaded = Representatives.load(tmp_path)

    hidden = rng.normal(size=8).astype(np.float32)
    assert loaded.search(hidden, 1, 7) == held.search(hidden, 1, 7)
    for field in dataclasses.fields(loaded):
        value = getattr(loaded, field.name)
        assert not isinstance(value, np.ndarray) or not value.flags.writeable


@pytest.mark.parametrize(("place", "number"), [(-1, 4.0), (-1, -1.0), (3, 1e9), (0, -1.0)])
def test_a_graph_whose_numbers_cannot_be_is_not_believed(place: int, number: float) -> None:
    held = _held(np.array([[0, 0], [3, 4], [6, 8], [0, 1]]), np.array([0, 0, 1, 2]))
    row = Activations(
        logits=np.array([1, 0, 0], dtype=np.float32),
        hidden=np.array([3, 4], dtype=np.float32),
        predicted=0,
        pixels=np.zeros((1, 1, 1), dtype=np.float32),
    )
    numbers = [0.0, 18.0, 18.0, 1.0, 3.0, 3.0]
    numbers[place] = number

    lied = dataclasses.replace(row, heads={held.name: numbers})

    assert held.find(lied, 2) == held.find(row, 2)


@given(st.integers(0, 2**32 - 1), st.integers(1, 8), st.frozensets(st.integers(0, 29)))
def test_what_is_passed_over_is_as_if_it_were_not_there(
    seed: int, count: int, without: frozenset[int]
) -> None:
    rng = np.random.default_rng(seed)
    held = _held(rng.normal(size=(30, 4)), rng.integers(0, 3, 30))
    hidden, predicted = rng.normal(size=4).astype(np.float32), int(rng.integers(0, 4))

    found = held.search(hidden, predicted, count, without)

    exact = _brute(held, hidden)
    order = [i for i in np.argsort(exact).tolist() if i not in without]
    others = [i for i in order if held.predicted[i] != predicted]
    assert found.positions == order[:count]
    _close(found.distances, exact[order[:count]])
    assert found.contrast == (others[0] if others else None)
    assert held.search(hidden, predicted, count) == held.search(hidden, predicted, count, ())


def test_the_usual_gap_worked_by_hand() -> None:
    # Nearest others at 1, 1, 2, 4 and 8: a twentieth of the way from the first to the last of
    # five is a fifth of the way from the first to the second, which are equal.
    held = _held(np.array([[0.0], [1.0], [3.0], [7.0], [15.0]]), np.zeros(5))

    assert held.usual_gap == pytest.approx(1.0)
    assert _held(np.array([[0.0], [5.0]]), np.zeros(2)).usual_gap == pytest.approx(5.0)
    assert _held(np.array([[3.0]]), np.zeros(1)).usual_gap == 0.0


def test_the_usual_gap_of_many_is_near_that_of_all() -> None:
    rng = np.random.default_rng(5)
    held = _held(rng.normal(size=(3_000, 3)) + 1e3, np.zeros(3_000))
    away = np.linalg.norm(held.vectors[:, None, :2] - held.vectors[None, :, :2], axis=2)
    away = np.sqrt(away**2 + (held.vectors[:, None, 2] - held.vectors[None, :, 2]) ** 2)
    np.fill_diagonal(away, np.inf)
    every = np.quantile(away.min(axis=1), [0.01, 0.15])

    assert every[0] < held.usual_gap < every[1]
